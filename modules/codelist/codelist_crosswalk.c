/* codelist_crosswalk.c - pack kind "codelist-crosswalk": which code of one list stands for which of
 * another. Loading again changes nothing; pairs that the file no longer has are taken away. */
#include "codelist_inside.h"

#include "journal/journal.h"

#define PAIRS_A_TURN 200
#define PAIRS_MAX 20000

struct crossing {
    struct codelist a, b;
    struct str basis;
    const struct json *pairs;
};

static enum err read_file(struct cx *cx, struct str bytes, struct crossing *x)
{
    const struct json *root;
    struct json_error bad;
    if (json_read(cx->arena, bytes, &root, &bad) != OK)
        return fail(cx, ERR_INVALID, T("Gói dữ liệu hỏng ở dòng %zu: %s."), bad.line, bad.what);
    x->basis = json_text(json_get(root, S("basis")));
    x->pairs = json_get(root, S("pairs"));
    TRY(codelist_find(cx, json_text(json_get(root, S("from"))), day_of(cx->now), &x->a));
    TRY(codelist_find(cx, json_text(json_get(root, S("to"))), day_of(cx->now), &x->b));
    if (x->a.id == x->b.id || x->basis.n == 0 || x->pairs->n == 0)
        return fail(cx, ERR_INVALID,
                    T("Bảng tương ứng cần hai danh mục khác nhau, căn cứ và các cặp mã."));
    if (x->pairs->n > PAIRS_MAX)
        return fail(cx, ERR_LIMIT, T("Bảng tương ứng quá %d cặp."), PAIRS_MAX);
    return OK;
}

static struct codelist_pair pair_at(const struct crossing *x, size_t i)
{
    const struct json *v = json_at(x->pairs, i);
    return (struct codelist_pair){.from = json_text(json_get(v, S("from"))),
                                  .to = json_text(json_get(v, S("to"))),
                                  .relation = json_text(json_get(v, S("relation"))),
                                  .basis = x->basis};
}

static bool relation_good(struct str word)
{
    return str_eq(word, S("exact")) || str_eq(word, S("broader")) || str_eq(word, S("narrower")) ||
           str_eq(word, S("related"));
}

static enum err put_pair(struct cx *cx, const struct crossing *x, const struct codelist_pair *p,
                         struct pack_report *report)
{
    struct codelist_code c;
    bool changed;
    enum err e = codelist_code(cx, &x->a, p->from, day_of(cx->now), &c);
    if (e == OK)
        e = codelist_code(cx, &x->b, p->to, day_of(cx->now), &c);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || !relation_good(p->relation)) {
        report->refused++;
        buf_fmt(&report->lines, "%.*s → %.*s: %s\n", F(p->from), F(p->to),
                e ? T("một trong hai mã không có trong danh mục")
                  : T("relation phải là exact, broader, narrower hoặc related"));
        return OK;
    }
    TRY(codelist_store_pair_put(cx, x->a.id, x->b.id, p, &changed));
    *(changed ? &report->changed : &report->same) += 1;
    return OK;
}

static struct str key_of(struct cx *cx, const struct codelist_pair *p)
{
    return str_fmt(cx->arena, "%.*s\t%.*s", F(p->from), F(p->to));
}

static enum err drop_others(struct cx *cx, const struct crossing *x, struct pack_report *report)
{
    struct codelist_pair *had = NEW_N(cx->arena, struct codelist_pair, PAIRS_MAX);
    struct map said = {0};
    size_t n;
    for (size_t i = 0; i < x->pairs->n; i++) {
        const struct codelist_pair p = pair_at(x, i);
        map_put(cx->arena, &said, key_of(cx, &p), report);
    }
    TRY(codelist_store_pairs_between(cx, x->a.id, x->b.id, had, PAIRS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if (!map_get(&said, key_of(cx, &had[i]))) {
            TRY(codelist_store_pair_drop(cx, had[i].id));
            report->changed++;
        }
    return OK;
}

enum err codelist_load_crosswalk(struct cx *cx, struct str, struct str bytes, size_t *next,
                                 struct pack_report *report)
{
    struct crossing x = {0};
    TRY(read_file(cx, bytes, &x));
    const size_t end = *next + PAIRS_A_TURN < x.pairs->n ? *next + PAIRS_A_TURN : x.pairs->n;
    for (size_t i = *next; i < end; i++) {
        const struct codelist_pair p = pair_at(&x, i);
        TRY(put_pair(cx, &x, &p, report));
    }
    *next = end < x.pairs->n ? end : 0;
    if (*next)
        return OK;
    TRY(drop_others(cx, &x, report));
    if (report->changed == 0)
        return OK;
    return journal_write(cx, &(struct event){.kind = S("codelist.crosswalk.loaded"),
                                             .subject_kind = S("codelist.list"),
                                             .subject_id = x.a.id,
                                             .subject_code = x.a.code});
}

enum err codelist_pairs(struct cx *cx, const struct codelist *l, struct str code,
                        struct codelist_pair *out, size_t max, size_t *n)
{
    return codelist_store_pairs_of(cx, l->id, code, out, max, n);
}
