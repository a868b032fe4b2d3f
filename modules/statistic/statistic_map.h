/* statistic_map.h - the map of a province: its shapes, and units in the colour of their share. */
#pragma once
#include "module/module.h"
#include "statistic_store.h"
#include "statistic_views.h"

extern const struct pack_kind statistic_packs[];

/* The whole picture as an SVG file whose paths have the ids a05977, ... */
web_handler statistic_show_map;

/* The units among these lines that answer for an area of the map, drawn by their share in time.
 * href: the address up to a unit's code. Empty areas_n: there is no map of this area. */
enum err statistic_map_view(struct cx *cx, struct str province, const struct statistic_line *lines,
                            size_t n, const char *href, struct look_map_view *out,
                            struct str *source);
