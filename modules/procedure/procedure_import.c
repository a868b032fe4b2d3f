/* procedure_import.c - a new crawl of the national list: what is new, changed, ended; taking it
 * over record by record. No SQL and no HTML in this file. */
#include "procedure_import.h"

#include "journal/journal.h"
#include "procedure_inside.h"

#define LINES_A_TURN 50

/* ---- reading a crawl ---- */

static enum err compare(struct cx *cx, int64_t import, const struct json *record,
                        struct pack_report *report, int64_t *same)
{
    struct change_row r = {.import = import,
                           .code = json_text(json_get(record, S("code"))),
                           .name = json_text(json_get(record, S("name")))};
    struct str sha256, known;
    if (r.code.n == 0 || r.code.n > 60 || r.name.n == 0) {
        report->refused++;
        buf_fmt(&report->lines, "%.*s: thiếu mã hoặc tên thủ tục\n", F(r.code));
        return OK;
    }
    TRY(import_store_see(cx, import, r.code));
    r.record = procedure_canonical(cx, record, &sha256);
    enum err e = procedure_store_sha256_of(cx, r.code, &known);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    bool off = false;
    if (e == OK)
        TRY(procedure_store_is_off_of(cx, r.code, &off));
    if (e == OK && !off && str_eq(known, sha256)) {
        report->same++;
        ++*same;
        return OK;
    }
    r.change = e == OK ? S("doi") : S("moi");
    *(e == OK ? &report->changed : &report->added) += 1;
    return import_store_put(cx, &r, str_until(text_sort_key(cx->arena, r.name), 200));
}

enum err procedure_load_crawl(struct cx *cx, struct str name, struct str bytes, size_t *next,
                              struct pack_report *report)
{
    struct str line, rest = str_from(bytes, *next);
    int64_t import, seen = 0, same = 0, ended;
    TRY(*next == 0 ? import_store_begin(cx, name, &import)
                   : import_store_going_on(cx, name, &import));
    for (int i = 0; i < LINES_A_TURN && rest.n; i++) {
        const struct json *record;
        struct json_error error;
        str_cut(rest, '\n', &line, &rest);
        if (str_trim(line).n == 0)
            continue;
        if (json_read(cx->arena, line, &record, &error) != OK) {
            report->refused++;
            buf_fmt(&report->lines, "byte %zu: %s\n", (size_t)(line.p - bytes.p), error.what);
            continue;
        }
        seen++;
        TRY(compare(cx, import, record, report, &same));
    }
    TRY(import_store_count(cx, import, seen, same));
    *next = rest.n ? bytes.n - rest.n : 0;
    if (*next)
        return OK;
    TRY(import_store_end(cx, import, &ended));
    buf_fmt(&report->lines,
            "%lld thủ tục không còn trong bản mới; xem và nhận ở /quan-tri/ban-moi/%lld\n",
            (long long)ended, (long long)import);
    return OK;
}

/* ---- deciding ---- */

static enum err note(struct cx *cx, const char *kind, const struct change_row *r)
{
    return journal_write(cx, &(const struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = S("procedure.import"),
                                 .subject_id = r->import,
                                 .subject_code = r->code,
                                 .unit = cx->actor->unit,
                                 .from_state = S("cho"),
                                 .to_state = r->change,
                             });
}

enum err procedure_accept(struct cx *cx, const struct change_row *r)
{
    static const struct json none = {.kind = JSON_NULL};
    struct pack_report report = {.lines = {.arena = cx->arena, .limit = 4096}};
    const struct json *record;
    struct json_error error;
    TRY(import_store_decide(cx, r->id, S("nhan")));
    TRY(note(cx, "procedure.import.taken", r));
    if (str_eq(r->change, S("het")))
        return procedure_switch_off(cx, r->code, true);
    if (json_read(cx->arena, r->record, &record, &error) != OK)
        return fail(cx, ERR_IO, "import row %lld: %s", (long long)r->id, error.what);
    TRY(procedure_put_record(cx, record, &none, &report));
    return procedure_switch_off(cx, r->code, false);
}

enum err procedure_leave(struct cx *cx, const struct change_row *r)
{
    TRY(import_store_decide(cx, r->id, S("bo")));
    return note(cx, "procedure.import.left", r);
}

/* ---- differences, field by field ---- */

#define LINES_MAX 400

struct lines {
    struct cx *cx;
    VEC(struct str) all;
};

/* Values of one object in one line, " · " between; arrays inside, and lines of a text, go to lines
 * of their own. */
static void add_value(struct lines *l, const struct json *v, struct buf *line)
{
    struct str text = S("");
    if (v->kind == JSON_STRING || v->kind == JSON_DECIMAL)
        text = str_trim(v->text);
    else if (v->kind == JSON_INT)
        text = str_fmt(l->cx->arena, "%lld", (long long)v->integer);
    if (text.n)
        buf_fmt(line, "%s%.*s", line->n ? " · " : "", F(text));
}

static void add_lines(struct lines *l, const struct json *v)
{
    struct buf line = {.arena = l->cx->arena, .limit = (size_t)1 << 20};
    if (v->kind == JSON_ARRAY) {
        for (uint32_t i = 0; i < v->n; i++)
            add_lines(l, &v->child[i]);
        return;
    }
    add_value(l, v, &line);
    for (uint32_t i = 0; v->kind == JSON_OBJECT && i < v->n; i++) {
        const struct json *m = &v->child[i];
        if (m->kind == JSON_OBJECT)
            for (uint32_t k = 0; k < m->n; k++)
                add_value(l, &m->child[k], &line);
        else if (m->kind != JSON_ARRAY)
            add_value(l, m, &line);
    }
    for (struct str piece, rest = buf_str(&line); rest.n;) {
        str_cut(rest, '\n', &piece, &rest);
        if (str_trim(piece).n)
            *vec_add(l->cx->arena, &l->all) = str_trim(piece);
    }
    for (uint32_t i = 0; v->kind == JSON_OBJECT && i < v->n; i++)
        if (v->child[i].kind == JSON_ARRAY)
            add_lines(l, &v->child[i]);
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* Lines of a that b has not, in their order; bounded. */
static const struct str *without(struct cx *cx, const struct lines *a, const struct lines *b,
                                 size_t *n)
{
    struct str *sorted = NEW_N(cx->arena, struct str, b->all.n + 1);
    struct str *out = NEW_N(cx->arena, struct str, a->all.n + 1);
    *n = 0;
    if (b->all.n) {
        memcpy(sorted, b->all.p, b->all.n * sizeof *sorted);
        qsort(sorted, b->all.n, sizeof *sorted, by_text);
    }
    for (size_t i = 0; i < a->all.n && *n < LINES_MAX; i++)
        if (b->all.n == 0 || !bsearch(&a->all.p[i], sorted, b->all.n, sizeof *sorted, by_text))
            out[(*n)++] = text_cut(cx->arena, a->all.p[i], 2000);
    return out;
}

static bool same_value(struct cx *cx, const struct json *a, const struct json *b)
{
    struct str x, y;
    (void)procedure_canonical(cx, a, &x);
    (void)procedure_canonical(cx, b, &y);
    return str_eq(x, y);
}

static void diff_field(struct cx *cx, struct str key, const struct json *before,
                       const struct json *after, struct field_diff *out)
{
    struct lines old = {.cx = cx}, fresh = {.cx = cx};
    add_lines(&old, before);
    add_lines(&fresh, after);
    *out = (struct field_diff){.field = key};
    out->gone = without(cx, &old, &fresh, &out->gone_n);
    out->come = without(cx, &fresh, &old, &out->come_n);
}

enum err procedure_diff(struct cx *cx, const struct json *before, const struct json *after,
                        const struct field_diff **out, size_t *n)
{
    struct field_diff *all = NEW_N(cx->arena, struct field_diff, before->n + after->n + 1);
    *n = 0;
    for (uint32_t i = 0; i < after->n; i++) {
        const struct json *old = json_get(before, after->child[i].key);
        if (str_eq(after->child[i].key, S("source")) || same_value(cx, old, &after->child[i]))
            continue; /* where it was crawled is not what it says */
        diff_field(cx, after->child[i].key, old, &after->child[i], &all[(*n)++]);
    }
    for (uint32_t i = 0; i < before->n; i++) {
        static const struct json none = {.kind = JSON_NULL};
        if (!json_has(after, before->child[i].key))
            diff_field(cx, before->child[i].key, &before->child[i], &none, &all[(*n)++]);
    }
    *out = all;
    return OK;
}
