/* view_pages.h - routes. */
#pragma once
#include "web/web.h"

extern const struct route view_routes[];
