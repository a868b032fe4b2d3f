/* statistic_pages.h - what the pages share: the unit and the period of an address, common parts. */
#pragma once
#include "org/org.h"
#include "statistic_inside.h"
#include "statistic_views.h"
#include "web/web.h"

#define UNITS_MAX 600

struct period {
    const char *name, *label;
    int from, to;               /* months, both count */
    int before_from, before_to; /* what it is compared with */
};
/* "ky" of the address; the year when it says nothing we know. */
struct period statistic_period(struct cx *cx, struct web_req *rq);

struct place {
    struct org_unit unit;
    bool alone;    /* the reader's right does not reach below */
    bool whole;    /* a whole province: has a map */
    bool narrowed; /* the address names a unit */
};
/* "don-vi" of the address, else the actor's own. ERR_DENIED: out of the reader's scope. */
enum err statistic_place(struct cx *cx, struct web_req *rq, struct place *out);

/* "/dieu-hanh?don-vi=H37.114&ky=thang&" */
struct str statistic_address(struct cx *cx, const char *path, struct str unit_code,
                             const struct period *p);
struct look_chip statistic_period_chip(struct cx *cx, const char *path, struct str unit_code,
                                       const struct period *p);
/* "Nhật ký hồ sơ · số liệu lúc 09:10, 23/11/2026" */
enum err statistic_source(struct cx *cx, struct str *out);
/* Code, name and area of each line's unit; lines whose unit is not `root` or below it go. */
enum err statistic_name_units(struct cx *cx, const struct org_unit *root,
                              struct statistic_line *lines, size_t *n);
/* Of units of one area the highest speaks for it; the others' area becomes 0. */
void statistic_one_an_area(struct statistic_line *lines, size_t n);
/* The first column of a wide table: a long name is cut, the whole is its title. */
struct look_cell statistic_name_cell(struct cx *cx, struct str name, struct str code);
/* Late in a period and overdue now; for qsort, the most first. */
int64_t statistic_late_of(const struct statistic_line *l);
int statistic_by_late(const void *a, const void *b);
/* Is this unit a child of the root, not deeper? */
bool statistic_right_below(const struct org_unit *root, const struct statistic_line *l);
/* Headings in the reader's language. */
const struct look_column *statistic_columns(struct cx *cx, const struct look_column *columns,
                                            size_t n);
int statistic_in_time(const struct statistic_flows *f); /* share, tenths of a percent */
struct str statistic_tenths_change(struct cx *cx, int now, int before, struct str against);
/* Received and resolved of each month, as a figure with its table; its numbers lead to lists of the
 * unit of this code, empty: to none. */
enum err statistic_months_figure(struct cx *cx, int64_t unit, bool alone, struct str unit_code,
                                 struct str source, struct look_figure_view *out);
/* The same of weeks. */
enum err statistic_weeks_figure(struct cx *cx, int64_t unit, bool alone, struct str unit_code,
                                struct str source, struct look_figure_view *out);
struct str statistic_today_words(struct cx *cx); /* "T2, 23/11 · tuần 48" */
int statistic_months_back(int month, int n);     /* 202601, 2: 202511 */
/* The list of a figure between two months or days, both counted; empty when n is 0. */
struct str statistic_list_of(struct cx *cx, const char *figure, int64_t n, int64_t from, int64_t to,
                             struct str unit_code);

web_handler statistic_show_board, statistic_show_table, statistic_get_csv, statistic_show_public,
    statistic_get_public_csv, statistic_show_periods, statistic_show_period, statistic_check_close,
    statistic_write_close, statistic_get_period, statistic_show_wall;
