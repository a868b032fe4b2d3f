/* org_load.c - loads the country: today's list, and the provinces before 2025.
 *
 * Tables of values between tabs. Lines that begin with # name the source, and as "# day:",
 * "# basis:", "# thanh_pho:" what holds for the whole table. One turn of the writer takes some
 * hundred lines, asks once what is known of them, and adds what is not. */
#include "org_table.h"

#include "org_inside.h"

/* ---- the list of today ---- */

/* A city or province of one turn is added before what lies in it. */
static enum err put_province(struct cx *cx, struct org_area_row *row, struct known *provinces,
                             struct pack_report *report)
{
    struct org_area_row *known = org_table_find(provinces, row->code);
    if (known)
        return org_table_compare(cx, known, row, report);
    TRY(org_store_load_areas(cx, row, 1));
    TRY(org_store_load_paths(cx));
    report->added++;
    return org_table_provinces(cx, row->valid_from, provinces);
}

static enum err put_communes(struct cx *cx, struct org_area_row *rows, size_t n, int64_t day,
                             struct pack_report *report)
{
    struct known k;
    size_t new_n = 0;
    if (n == 0)
        return OK;
    struct str first = rows[0].code, last = rows[0].code;
    for (size_t i = 1; i < n; i++)
        org_table_widen(&first, &last, rows[i].code);
    TRY(org_table_known(cx, first, last, day, COMMUNES_MAX, &k));
    for (size_t i = 0; i < n; i++) {
        const struct org_area_row *known = org_table_find(&k, rows[i].code);
        if (known)
            TRY(org_table_compare(cx, known, &rows[i], report));
        else
            rows[new_n++] = rows[i];
    }
    report->added += (int64_t)new_n;
    TRY(org_store_load_areas(cx, rows, new_n));
    return org_store_load_paths(cx);
}

enum err org_load_list(struct cx *cx, struct str, struct str bytes, size_t *next,
                       struct pack_report *report)
{
    struct table t;
    struct known provinces;
    struct org_area_row *communes = NEW_N(cx->arena, struct org_area_row, LINES_A_TURN);
    size_t n = 0;
    TRY(org_table_open(cx, bytes, *next, &t));
    TRY(org_table_provinces(cx, t.day, &provinces));
    for (size_t i = 0; i < LINES_A_TURN && t.at < bytes.n; i++) {
        struct cells c = org_table_cells(org_table_line(bytes, &t.at));
        if (c.n < 5 || c.cell[0].n == 0) {
            org_table_refuse(report, c.cell[0], T("dòng không đủ 5 cột"));
            continue;
        }
        struct str name = str_fmt(cx->arena, "%.*s %.*s", F(c.cell[3]), F(c.cell[4]));
        struct org_area_row row = {
            .code = c.cell[0], .name = org_table_neat(cx, name), .valid_from = t.day};
        row.kind = org_table_kind(cx, row.name);
        if (org_table_province(row.code)) {
            TRY(put_province(cx, &row, &provinces, report));
            continue;
        }
        const struct org_area_row *above = org_table_find(&provinces, c.cell[1]);
        if (!above) {
            org_table_refuse(report, row.code, T("không có địa bàn cha"));
            continue;
        }
        row.parent = above->id;
        communes[n++] = row;
    }
    *next = t.at < bytes.n ? t.at : 0;
    return put_communes(cx, communes, n, t.day, report);
}

/* ---- the provinces before ---- */

static bool is_city(const struct table *t, struct str code)
{
    struct str word, rest = t->cities;
    while (rest.n) {
        str_cut(rest, ' ', &word, &rest);
        if (str_eq(word, code))
            return true;
    }
    return false;
}

static enum err put_old_province(struct cx *cx, const struct table *t, const struct cells *c,
                                 const struct known *old, const struct known *new,
                                 struct pack_report *report)
{
    const struct org_area_row *heir = org_table_find(new, c->cell[2]);
    const struct org_area_row *known = org_table_find(old, c->cell[0]);
    bool city = is_city(t, c->cell[0]);
    if (!heir) {
        org_table_refuse(report, c->cell[0], T("không có tỉnh kế tiếp"));
        return OK;
    }
    *(known ? &report->same : &report->added) += 1;
    if (known)
        return OK;
    struct org_area_row row = {
        .code = c->cell[0],
        .kind = city ? S("thanh_pho") : S("tinh"),
        .name = str_fmt(cx->arena, "%s %.*s", city ? "Thành phố" : "Tỉnh",
                        F(org_table_neat(cx, c->cell[1]))),
        .valid_to = t->day - 1,
    };
    TRY(org_store_load_areas(cx, &row, 1));
    return org_store_load_steps(cx, &(struct org_step_row){row.id, heir->id, true}, 1, t->day,
                                t->basis);
}

enum err org_load_provinces(struct cx *cx, struct str, struct str bytes, size_t *next,
                            struct pack_report *report)
{
    struct table t;
    struct known old, new;
    TRY(org_table_open(cx, bytes, *next, &t));
    TRY(org_table_provinces(cx, 0, &old));
    TRY(org_table_provinces(cx, t.day, &new));
    for (size_t i = 0; i < PROVINCES_MAX && t.at < bytes.n; i++) {
        struct cells c = org_table_cells(org_table_line(bytes, &t.at));
        if (c.n < 3)
            org_table_refuse(report, c.cell[0], T("dòng không đủ 3 cột"));
        else
            TRY(put_old_province(cx, &t, &c, &old, &new, report));
    }
    *next = t.at < bytes.n ? t.at : 0;
    return org_store_load_paths(cx);
}
