/* org_pages.h - what the pages of areas and units share; the routes. */
#pragma once
#include "org_inside.h"
#include "web/web.h"

extern const struct right org_read, org_change;
extern const struct route org_routes[];

/* Day of the query "ngay": 2026-11-23, 23/11/2026, or the three boxes of a date field; today when
 * nothing is said. ERR_INVALID about the field "ngay". */
enum err org_day_asked(struct cx *cx, struct web_req *rq, int64_t *day);

web_handler org_show_units, org_show_unit, org_api_unit;
extern const struct web_schema org_schema_unit;
web_handler org_show_areas, org_show_area, org_show_areas_officer, org_show_area_officer;
web_handler org_show_orders, org_show_order_form, org_check_order, org_write_order, org_show_order,
    org_check_cancel, org_write_cancel;
web_handler org_api_areas, org_api_area, org_api_became, org_api_address;
extern const struct web_schema org_schema_area, org_schema_areas, org_schema_became,
    org_schema_address;
