/* codelist.c - reading lists: on a day, a code, what became of it, what changed between two days.
 */
#include "codelist_inside.h"

#define DEPTH_MAX 12 /* levels of a classification, and successions of one code */
#define STEPS_MAX 200

enum err codelist_lists(struct cx *cx, struct str words, int64_t day, struct codelist *out,
                        size_t max, size_t *n)
{
    TRY(codelist_store_lists(cx, str_trim(text_fold(cx->arena, words)), out, max, n));
    for (size_t i = 0; i < *n; i++)
        TRY(codelist_store_state(cx, day, &out[i]));
    return OK;
}

enum err codelist_find(struct cx *cx, struct str code, int64_t day, struct codelist *out)
{
    TRY(codelist_store_list(cx, code, out));
    return codelist_store_state(cx, day, out);
}

enum err codelist_codes(struct cx *cx, const struct codelist *l, const struct codelist_query *q,
                        struct codelist_code *out, size_t max, size_t *n)
{
    struct str folded = str_trim(text_fold(cx->arena, q->words));
    *n = 0;
    if (q->words.n && folded.n == 0)
        return OK; /* signs alone are no word */
    return codelist_store_codes(cx, l->id, q, folded, out, max, n);
}

enum err codelist_code(struct cx *cx, const struct codelist *l, struct str code, int64_t day,
                       struct codelist_code *out)
{
    struct codelist_row row;
    enum err e = codelist_store_code(cx, l->id, code, day, &row);
    if (e == ERR_NOT_FOUND)
        return fail(cx, e, T("Danh mục này không có mã ấy vào ngày được hỏi. Thử ngày khác."));
    TRY(e);
    *out = row.c;
    return OK;
}

enum err codelist_ancestors(struct cx *cx, const struct codelist *l, const struct codelist_code *c,
                            int64_t day, struct codelist_code *out, size_t max, size_t *n)
{
    struct codelist_row up[DEPTH_MAX];
    struct str parent = c->parent;
    size_t depth = 0;
    *n = 0;
    while (parent.n && depth < DEPTH_MAX && depth < max) {
        enum err e = codelist_store_code(cx, l->id, parent, day, &up[depth]);
        if (e == ERR_NOT_FOUND)
            break;
        TRY(e);
        parent = up[depth++].c.parent;
    }
    while (depth > 0)
        out[(*n)++] = up[--depth].c;
    return OK;
}

enum err codelist_changes(struct cx *cx, const struct codelist *l, struct str code,
                          struct codelist_change *out, size_t max, size_t *n)
{
    return codelist_store_changes(cx, l->id, code, out, max, n);
}

enum err codelist_diff(struct cx *cx, const struct codelist *l, int64_t from, int64_t to,
                       int64_t *after, struct codelist_change *out, size_t max, size_t *n)
{
    return codelist_store_diff(cx, l->id, from, to, after, out, max, n);
}

/* ---- what became of a code ---- */

struct became {
    const struct codelist *l;
    int64_t day;
    struct codelist_code *out;
    size_t max, n;
};

static enum err take(struct cx *cx, struct became *b, struct str code)
{
    struct codelist_row row;
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(b->out[i].code, code))
            return OK;
    enum err e = codelist_store_code(cx, b->l->id, code, b->day, &row);
    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    if (b->n < b->max)
        b->out[b->n++] = row.c;
    return OK;
}

static bool goes_on(const struct codelist_change *c)
{
    return str_eq(c->kind, S("merge")) || str_eq(c->kind, S("split"));
}

/* The first day on which it went into others decides; a new name or place is still itself. */
static enum err follow(struct cx *cx, struct became *b, struct str code, int64_t from, int depth)
{
    struct codelist_change *steps = NEW_N(cx->arena, struct codelist_change, STEPS_MAX);
    size_t n, first = 0;
    if (depth == DEPTH_MAX)
        return OK;
    TRY(codelist_store_steps(cx, b->l->id, code, from, b->day, steps, STEPS_MAX, &n));
    while (first < n && !goes_on(&steps[first]))
        first++;
    if (first == n)
        return take(cx, b, code); /* itself, unless it ended: then nothing has the code */
    for (size_t i = first; i < n && steps[i].on_day == steps[first].on_day; i++)
        if (goes_on(&steps[i]))
            TRY(follow(cx, b, steps[i].to_code, steps[i].on_day, depth + 1));
    return OK;
}

enum err codelist_became(struct cx *cx, const struct codelist *l, struct str code, int64_t then,
                         int64_t day, struct codelist_code *out, size_t max, size_t *n)
{
    struct became b = {.l = l, .day = day, .out = out, .max = max};
    TRY(follow(cx, &b, code, then, 0));
    *n = b.n;
    return OK;
}

/* ---- versions, subscriptions ---- */

enum err codelist_versions(struct cx *cx, const struct codelist *l, struct codelist_version *out,
                           size_t max, size_t *n)
{
    return codelist_store_versions(cx, l->id, out, max, n);
}

enum err codelist_drafts(struct cx *cx, struct codelist_version *out, size_t max, size_t *n)
{
    return codelist_store_drafts(cx, out, max, n);
}

enum err codelist_version_find(struct cx *cx, int64_t id, struct codelist_version *out)
{
    struct str body;
    return codelist_store_version(cx, id, out, &body);
}

enum err codelist_subscribe(struct cx *cx, const struct codelist *l, bool on)
{
    MUST(cx->actor->account);
    return codelist_store_subscribe(cx, l->id, cx->actor->account, on);
}

enum err codelist_subscribed(struct cx *cx, const struct codelist *l, bool *yes)
{
    int64_t account = 0;
    size_t n = 0;
    if (cx->actor->account)
        TRY(codelist_store_subscribers(cx, l->id, cx->actor->account - 1, &account, 1, &n));
    *yes = n == 1 && account == cx->actor->account;
    return OK;
}
