/* work_pages.h - routes of long work. */
#pragma once
#include "web/web.h"

extern const struct route work_routes[];
