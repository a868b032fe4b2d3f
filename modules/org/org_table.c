/* org_table.c - the country's tables: their lines and notes, and what is known of their codes. */
#include "org_table.h"

#include "org_inside.h"

void org_table_refuse(struct pack_report *report, struct str code, const char *why)
{
    report->refused++;
    buf_fmt(&report->lines, "%.*s: %s\n", F(code), why);
}

/* ---- reading ---- */

struct str org_table_line(struct str bytes, size_t *at)
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
enum err org_table_open(struct cx *cx, struct str bytes, size_t next, struct table *t)
{
    size_t at = 0;
    *t = (struct table){.bytes = bytes};
    struct str line;
    do {
        line = org_table_line(bytes, &at);
        if (str_starts(line, S("#")))
            read_note(t, line);
    } while (str_starts(line, S("#")) && at < bytes.n);
    t->at = next > at ? next : at;
    return t->day ? OK : fail(cx, ERR_INVALID, T("Bảng thiếu dòng “# day: NĂM-THÁNG-NGÀY”."));
}

struct cells org_table_cells(struct str line)
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
struct str org_table_neat(struct cx *cx, struct str name)
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

struct str org_table_kind(struct cx *cx, struct str name)
{
    struct str rest;
    return str_c(org_kind_of_name(text_fold(cx->arena, name), &rest));
}

/* ---- what is known ---- */

enum err org_table_known(struct cx *cx, struct str first, struct str last, int64_t from, size_t max,
                         struct known *k)
{
    k->rows = NEW_N(cx->arena, struct org_area_row, max);
    return org_store_load_known(cx, first, last, from, k->rows, max, &k->n);
}

enum err org_table_provinces(struct cx *cx, int64_t from, struct known *k)
{
    k->rows = NEW_N(cx->arena, struct org_area_row, PROVINCES_MAX);
    return org_store_load_provinces(cx, from, k->rows, PROVINCES_MAX, &k->n);
}

struct org_area_row *org_table_find(const struct known *k, struct str code)
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

bool org_table_province(struct str code)
{
    return code.n == 2;
}

void org_table_widen(struct str *first, struct str *last, struct str code)
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

enum err org_table_compare(struct cx *cx, const struct org_area_row *known,
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
