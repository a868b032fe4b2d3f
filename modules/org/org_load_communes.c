/* org_load_communes.c - loads the communes before 2025 with what became of them, and other names
 * and codes of the same area. */
#include "org_table.h"

#include "json/json.h"
#include "org_inside.h"

/* ---- the communes before ---- */

struct communes {
    struct table t;
    struct known old, new, old_provinces;
    struct org_step_row *province_steps, *known_steps, *steps;
    size_t province_steps_n, known_steps_n, steps_n;
    struct org_area_row *rows; /* not known yet */
    size_t rows_n;
    struct line {
        struct cells c;
        struct org_area_row *row;
    } * lines;
    size_t lines_n;
};

/* Whole groups of one old code; the next turn begins where this one ends. */
static void take_lines(struct cx *cx, struct communes *m)
{
    struct table *t = &m->t;
    m->lines = NEW_N(cx->arena, struct line, LINES_A_TURN + 64);
    while (t->at < t->bytes.n && m->lines_n < LINES_A_TURN + 64) {
        size_t before = t->at;
        struct cells c = org_table_cells(org_table_line(t->bytes, &t->at));
        bool same = m->lines_n && str_eq(c.cell[0], m->lines[m->lines_n - 1].c.cell[0]);
        if (m->lines_n >= LINES_A_TURN && !same) {
            t->at = before;
            return;
        }
        m->lines[m->lines_n++].c = c;
    }
}

static enum err read_world(struct cx *cx, struct communes *m)
{
    struct str first = m->lines[0].c.cell[0], last = first;
    int64_t day = m->t.day;
    for (size_t i = 1; i < m->lines_n; i++)
        org_table_widen(&first, &last, m->lines[i].c.cell[0]);
    TRY(org_table_known(cx, first, last, 0, COMMUNES_MAX, &m->old));
    TRY(org_table_known(cx, S("00000"), S("99999"), day, COMMUNES_MAX, &m->new));
    TRY(org_table_provinces(cx, 0, &m->old_provinces));
    m->province_steps = NEW_N(cx->arena, struct org_step_row, PROVINCES_MAX);
    m->known_steps = NEW_N(cx->arena, struct org_step_row, COMMUNES_MAX);
    TRY(org_store_load_province_steps(cx, day, m->province_steps, PROVINCES_MAX,
                                      &m->province_steps_n));
    return org_store_load_known_steps(cx, first, last, day, m->known_steps, COMMUNES_MAX,
                                      &m->known_steps_n);
}

static bool is_step(const struct org_step_row *steps, size_t n, int64_t from, int64_t to)
{
    for (size_t i = 0; i < n; i++)
        if (steps[i].from == from && steps[i].to == to)
            return true;
    return false;
}

static struct org_area_row *row_of(struct cx *cx, struct communes *m, size_t i,
                                   const struct org_area_row *province)
{
    const struct cells *c = &m->lines[i].c;
    struct org_area_row *known = org_table_find(&m->old, c->cell[0]);
    if (known)
        return known;
    if (i && m->lines[i - 1].row && str_eq(m->lines[i - 1].row->code, c->cell[0]))
        return m->lines[i - 1].row;
    struct org_area_row *row = &m->rows[m->rows_n++];
    *row = (struct org_area_row){
        .code = c->cell[0],
        .name = org_table_neat(cx, c->cell[1]),
        .parent = province->id,
        .valid_to = m->t.day - 1,
    };
    row->kind = org_table_kind(cx, row->name);
    return row;
}

/* Known defects of the table are refused by name: a successor in a province that did not take the
 * old one over. */
static const struct org_area_row *heir_of(struct communes *m, const struct cells *c,
                                          const struct org_area_row *province,
                                          struct pack_report *report)
{
    const struct org_area_row *heir = org_table_find(&m->new, c->cell[3]);
    if (!heir)
        org_table_refuse(report, c->cell[0], T("không có xã kế tiếp trong danh mục"));
    else if (!is_step(m->province_steps, m->province_steps_n, province->id, heir->parent)) {
        org_table_refuse(report, c->cell[0],
                         T("xã kế tiếp nằm ở tỉnh khác, cần đối chiếu nghị quyết"));
        return NULL;
    }
    return heir;
}

static enum err match_lines(struct cx *cx, struct communes *m, struct pack_report *report)
{
    m->rows = NEW_N(cx->arena, struct org_area_row, m->lines_n);
    for (size_t i = 0; i < m->lines_n; i++) {
        const struct cells *c = &m->lines[i].c;
        const struct org_area_row *province =
            c->n < 6 ? NULL : org_table_find(&m->old_provinces, c->cell[2]);
        if (!province)
            org_table_refuse(report, c->cell[0], T("không có tỉnh cũ, hoặc dòng không đủ 6 cột"));
        else
            m->lines[i].row = row_of(cx, m, i, province);
    }
    report->added += (int64_t)m->rows_n;
    TRY(org_store_load_areas(cx, m->rows, m->rows_n));
    m->steps = NEW_N(cx->arena, struct org_step_row, m->lines_n);
    for (size_t i = 0; i < m->lines_n; i++) {
        const struct line *l = &m->lines[i];
        if (!l->row)
            continue;
        const struct org_area_row *province = org_table_find(&m->old_provinces, l->c.cell[2]);
        const struct org_area_row *heir = heir_of(m, &l->c, province, report);
        if (!heir)
            continue;
        if (is_step(m->known_steps, m->known_steps_n, l->row->id, heir->id))
            report->same++;
        else
            m->steps[m->steps_n++] =
                (struct org_step_row){l->row->id, heir->id, str_eq(l->c.cell[5], S("whole"))};
    }
    report->added += (int64_t)m->steps_n;
    return org_store_load_steps(cx, m->steps, m->steps_n, m->t.day, m->t.basis);
}

enum err org_load_communes(struct cx *cx, struct str, struct str bytes, size_t *next,
                           struct pack_report *report)
{
    struct communes *m = NEW(cx->arena, struct communes);
    TRY(org_table_open(cx, bytes, *next, &m->t));
    take_lines(cx, m);
    *next = m->t.at < bytes.n ? m->t.at : 0;
    if (m->lines_n == 0)
        return OK;
    TRY(read_world(cx, m));
    TRY(match_lines(cx, m, report));
    return org_store_load_paths(cx);
}

/* ---- other names and codes of the same area ---- */

static enum err put_change(struct cx *cx, const struct json *v, struct pack_report *report)
{
    struct str code = json_text(json_get(v, S("code")));
    struct org_change c = {
        .kind = json_text(json_get(v, S("kind"))),
        .was_code = json_text(json_get(v, S("was_code"))),
        .was_kind = json_text(json_get(v, S("was_kind"))),
        .was_name = json_text(json_get(v, S("was_name"))),
        .basis = json_text(json_get(v, S("basis"))),
    };
    bool added;
    bool dated = date_parse(json_text(json_get(v, S("on"))), &c.on_day);
    bool told = (str_eq(c.kind, S("doi_ten")) && c.was_name.n) ||
                (str_eq(c.kind, S("doi_ma")) && c.was_code.n);
    if (!dated || !told) {
        org_table_refuse(report, code, T("thiếu on, kind hoặc tên, mã trước đó"));
        return OK;
    }
    enum err e = org_store_area_by_code(cx, code, c.on_day, &c.from);
    if (e == ERR_NOT_FOUND) {
        org_table_refuse(report, code, T("không có địa bàn mang mã này"));
        return OK;
    }
    TRY(e);
    TRY(org_store_rename_note(cx, &c, &added));
    *(added ? &report->added : &report->same) += 1;
    return OK;
}

enum err org_load_changes(struct cx *cx, struct str, struct str bytes, size_t *,
                          struct pack_report *report)
{
    const struct json *root;
    struct json_error bad;
    if (json_read(cx->arena, bytes, &root, &bad) != OK)
        return fail(cx, ERR_INVALID, T("Gói dữ liệu hỏng ở dòng %zu: %s."), bad.line, bad.what);
    const struct json *list = json_get(root, S("changes"));
    for (uint32_t i = 0; i < list->n && i < 1000; i++)
        TRY(put_change(cx, json_at(list, i), report));
    return OK;
}
