/* notify_pages.h - the routes of this folder, for the module's table. */
#pragma once
#include "web/web.h"

extern const struct route notify_routes[]; /* {0}-ended */
