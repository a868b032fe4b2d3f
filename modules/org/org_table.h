/* org_table.h - what the loaders of the country's tables share: lines, cells, what is known. */
#pragma once
#include "org_load.h"
#include "org_store.h"

#define LINES_A_TURN 400
#define COLUMNS_MAX 6
#define PROVINCES_MAX 100
#define COMMUNES_MAX 12000 /* of the country on one day */

struct table {
    struct str bytes;
    size_t at;
    int64_t day;
    struct str basis, cities;
};
struct cells {
    struct str cell[COLUMNS_MAX];
    size_t n;
};
struct known {
    struct org_area_row *rows;
    size_t n;
};

void org_table_refuse(struct pack_report *report, struct str code, const char *why);
/* The notes and the titles, then where this turn begins. ERR_INVALID: no day is stated. */
enum err org_table_open(struct cx *cx, struct str bytes, size_t next, struct table *t);
struct str org_table_line(struct str bytes, size_t *at);
struct cells org_table_cells(struct str line);
struct str org_table_neat(struct cx *cx, struct str name); /* one blank, "Thị trấn" */
struct str org_table_kind(struct cx *cx, struct str name);

/* Areas of the codes first..last that began on the day `from`, or before it is known: 0. */
enum err org_table_known(struct cx *cx, struct str first, struct str last, int64_t from, size_t max,
                         struct known *k);
enum err org_table_provinces(struct cx *cx, int64_t from, struct known *k);
struct org_area_row *org_table_find(const struct known *k, struct str code); /* NULL: none */
bool org_table_province(struct str code);                                    /* or a commune */
void org_table_widen(struct str *first, struct str *last, struct str code);
/* Writes what the list says otherwise, unless a decision here changed it since; counts. */
enum err org_table_compare(struct cx *cx, const struct org_area_row *known,
                           const struct org_area_row *said, struct pack_report *report);
