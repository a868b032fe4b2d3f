/* org_load.c - loads the country: today's list, the provinces and the communes before 2025.
 *
 * Tables of values between tabs. Lines that begin with # name the source, and as "# day:",
 * "# basis:", "# thanh_pho:" what holds for the whole table. One turn of the writer takes some
 * hundred lines, asks once what is known of them, and adds what is not. */
#include "org_load.h"

#include "json/json.h"
#include "org_inside.h"
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

static void refuse(struct pack_report *report, struct str code, const char *why)
{
    report->refused++;
    buf_fmt(&report->lines, "%.*s: %s\n", F(code), why);
}

/* ---- reading ---- */

static struct str line_at(struct str bytes, size_t *at)
{
    struct str line, rest;
    if (!str_cut(str_from(bytes, *at), '\n', &line, &rest))
        line = str_from(bytes, *at);
    *at = bytes.n - rest.n;
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static void read_note(struct table *t, struct str line)
{
    struct str key, value;
    if (!str_cut(str_from(line, 1), ':', &key, &value))
        return;
    key = str_trim(key);
    value = str_trim(value);
    if (str_eq(key, S("day")) && !date_parse(value, &t->day))
        t->day = 0;
    if (str_eq(key, S("basis")))
        t->basis = value;
    if (str_eq(key, S("thanh_pho")))
        t->cities = value;
}

/* The notes and the line of titles are read in each turn: they stand at the beginning. */
static enum err open_table(struct cx *cx, struct str bytes, size_t next, struct table *t)
{
    size_t at = 0;
    *t = (struct table){.bytes = bytes};
    struct str line;
    do {
        line = line_at(bytes, &at);
        if (str_starts(line, S("#")))
            read_note(t, line);
    } while (str_starts(line, S("#")) && at < bytes.n);
    t->at = next > at ? next : at;
    return t->day ? OK : fail(cx, ERR_INVALID, T("Bảng thiếu dòng “# day: NĂM-THÁNG-NGÀY”."));
}

static struct cells cells_of(struct str line)
{
    struct cells c = {0};
    struct str rest = line;
    bool more = true;
    while (more && c.n < COLUMNS_MAX) {
        struct str from = rest;
        more = str_cut(from, '\t', &c.cell[c.n], &rest);
        if (!more)
            c.cell[c.n] = from;
        c.n++;
    }
    return c;
}

/* "Thị Trấn  Tây Sơn " is "Thị trấn Tây Sơn". */
static struct str neat(struct cx *cx, struct str name)
{
    struct buf b = {.arena = cx->arena, .limit = 1000};
    struct str rest = str_trim(name), word;
    while (rest.n) {
        str_cut(rest, ' ', &word, &rest);
        if (word.n == 0)
            continue;
        if (b.n)
            buf_byte(&b, ' ');
        buf_add(&b, str_eq(word, S("Trấn")) && str_eq(buf_str(&b), S("Thị ")) ? S("trấn") : word);
    }
    return buf_str(&b);
}

static struct str kind_of(struct cx *cx, struct str name)
{
    struct str rest;
    return str_c(org_kind_of_name(text_fold(cx->arena, name), &rest));
}

/* ---- what is known ---- */

struct known {
    struct org_area_row *rows;
    size_t n;
};

static enum err read_known(struct cx *cx, struct str first, struct str last, int64_t from,
                           size_t max, struct known *k)
{
    k->rows = NEW_N(cx->arena, struct org_area_row, max);
    return org_store_load_known(cx, first, last, from, k->rows, max, &k->n);
}

static enum err read_provinces(struct cx *cx, int64_t from, struct known *k)
{
    k->rows = NEW_N(cx->arena, struct org_area_row, PROVINCES_MAX);
    return org_store_load_provinces(cx, from, k->rows, PROVINCES_MAX, &k->n);
}

static struct org_area_row *find_known(const struct known *k, struct str code)
{
    size_t lo = 0, hi = k->n; /* in order of code */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int c = str_cmp(k->rows[mid].code, code);
        if (c == 0)
            return &k->rows[mid];
        *(c < 0 ? &lo : &hi) = c < 0 ? mid + 1 : mid;
    }
    return NULL;
}

static bool is_province(struct str code)
{
    return code.n == 2;
}

static void widen(struct str *first, struct str *last, struct str code)
{
    *first = str_cmp(code, *first) < 0 ? code : *first;
    *last = str_cmp(code, *last) > 0 ? code : *last;
}

/* What a decision here has ended or renamed since is not undone by an older list. */
static enum err differs(struct cx *cx, const struct org_area_row *known,
                        const struct org_area_row *said, bool *yes)
{
    struct org_change c;
    size_t n;
    *yes = false;
    if (str_eq(known->kind, said->kind) && str_eq(known->name, said->name))
        return OK;
    TRY(org_store_changes_from(cx, known->id, &c, 1, &n));
    *yes = n == 0 && known->valid_to == 0;
    return OK;
}

static enum err compare(struct cx *cx, const struct org_area_row *known,
                        const struct org_area_row *said, struct pack_report *report)
{
    bool other;
    TRY(differs(cx, known, said, &other));
    *(other ? &report->changed : &report->same) += 1;
    if (!other)
        return OK;
    const struct org_area a = {
        .id = known->id, .kind = said->kind, .name = said->name, .valid_to = known->valid_to};
    return org_store_area_update(cx, &a);
}

/* ---- the list of today ---- */

/* A city or province of one turn is added before what lies in it. */
static enum err put_province(struct cx *cx, struct org_area_row *row, struct known *provinces,
                             struct pack_report *report)
{
    struct org_area_row *known = find_known(provinces, row->code);
    if (known)
        return compare(cx, known, row, report);
    TRY(org_store_load_areas(cx, row, 1));
    TRY(org_store_load_paths(cx));
    report->added++;
    return read_provinces(cx, row->valid_from, provinces);
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
        widen(&first, &last, rows[i].code);
    TRY(read_known(cx, first, last, day, COMMUNES_MAX, &k));
    for (size_t i = 0; i < n; i++) {
        const struct org_area_row *known = find_known(&k, rows[i].code);
        if (known)
            TRY(compare(cx, known, &rows[i], report));
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
    TRY(open_table(cx, bytes, *next, &t));
    TRY(read_provinces(cx, t.day, &provinces));
    for (size_t i = 0; i < LINES_A_TURN && t.at < bytes.n; i++) {
        struct cells c = cells_of(line_at(bytes, &t.at));
        if (c.n < 5 || c.cell[0].n == 0) {
            refuse(report, c.cell[0], T("dòng không đủ 5 cột"));
            continue;
        }
        struct str name = str_fmt(cx->arena, "%.*s %.*s", F(c.cell[3]), F(c.cell[4]));
        struct org_area_row row = {.code = c.cell[0], .name = neat(cx, name), .valid_from = t.day};
        row.kind = kind_of(cx, row.name);
        if (is_province(row.code)) {
            TRY(put_province(cx, &row, &provinces, report));
            continue;
        }
        const struct org_area_row *above = find_known(&provinces, c.cell[1]);
        if (!above) {
            refuse(report, row.code, T("không có địa bàn cha"));
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
    const struct org_area_row *heir = find_known(new, c->cell[2]);
    const struct org_area_row *known = find_known(old, c->cell[0]);
    bool city = is_city(t, c->cell[0]);
    if (!heir) {
        refuse(report, c->cell[0], T("không có tỉnh kế tiếp"));
        return OK;
    }
    *(known ? &report->same : &report->added) += 1;
    if (known)
        return OK;
    struct org_area_row row = {
        .code = c->cell[0],
        .kind = city ? S("thanh_pho") : S("tinh"),
        .name = str_fmt(cx->arena, "%s %.*s", city ? "Thành phố" : "Tỉnh", F(neat(cx, c->cell[1]))),
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
    TRY(open_table(cx, bytes, *next, &t));
    TRY(read_provinces(cx, 0, &old));
    TRY(read_provinces(cx, t.day, &new));
    for (size_t i = 0; i < PROVINCES_MAX && t.at < bytes.n; i++) {
        struct cells c = cells_of(line_at(bytes, &t.at));
        if (c.n < 3)
            refuse(report, c.cell[0], T("dòng không đủ 3 cột"));
        else
            TRY(put_old_province(cx, &t, &c, &old, &new, report));
    }
    *next = t.at < bytes.n ? t.at : 0;
    return org_store_load_paths(cx);
}

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
        struct cells c = cells_of(line_at(t->bytes, &t->at));
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
        widen(&first, &last, m->lines[i].c.cell[0]);
    TRY(read_known(cx, first, last, 0, COMMUNES_MAX, &m->old));
    TRY(read_known(cx, S("00000"), S("99999"), day, COMMUNES_MAX, &m->new));
    TRY(read_provinces(cx, 0, &m->old_provinces));
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
    struct org_area_row *known = find_known(&m->old, c->cell[0]);
    if (known)
        return known;
    if (i && m->lines[i - 1].row && str_eq(m->lines[i - 1].row->code, c->cell[0]))
        return m->lines[i - 1].row;
    struct org_area_row *row = &m->rows[m->rows_n++];
    *row = (struct org_area_row){
        .code = c->cell[0],
        .name = neat(cx, c->cell[1]),
        .parent = province->id,
        .valid_to = m->t.day - 1,
    };
    row->kind = kind_of(cx, row->name);
    return row;
}

/* Known defects of the table are refused by name: a successor in a province that did not take the
 * old one over. */
static const struct org_area_row *heir_of(struct communes *m, const struct cells *c,
                                          const struct org_area_row *province,
                                          struct pack_report *report)
{
    const struct org_area_row *heir = find_known(&m->new, c->cell[3]);
    if (!heir)
        refuse(report, c->cell[0], T("không có xã kế tiếp trong danh mục"));
    else if (!is_step(m->province_steps, m->province_steps_n, province->id, heir->parent)) {
        refuse(report, c->cell[0], T("xã kế tiếp nằm ở tỉnh khác, cần đối chiếu nghị quyết"));
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
            c->n < 6 ? NULL : find_known(&m->old_provinces, c->cell[2]);
        if (!province)
            refuse(report, c->cell[0], T("không có tỉnh cũ, hoặc dòng không đủ 6 cột"));
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
        const struct org_area_row *province = find_known(&m->old_provinces, l->c.cell[2]);
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
    TRY(open_table(cx, bytes, *next, &m->t));
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
        refuse(report, code, T("thiếu on, kind hoặc tên, mã trước đó"));
        return OK;
    }
    enum err e = org_store_area_by_code(cx, code, c.on_day, &c.from);
    if (e == ERR_NOT_FOUND) {
        refuse(report, code, T("không có địa bàn mang mã này"));
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
