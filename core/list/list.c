/* list.c - one SQL from a list's data and what is asked of it: a page by key, a bounded count. */
#include "list.h"

#include <stdlib.h>

/* All text here comes from const tables of the program, never from a request. */
static void add(struct db_text *q, const char *sql)
{
    db_add_(q, sql, 0, NULL);
}

static struct db_value key_value(const struct list_sort *s, const struct list_key *k)
{
    return s->text ? db_v_str(k->text) : db_v_int(k->number);
}

static enum err add_matching(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                             struct db_text *q)
{
    add(q, s->from);
    MUST(s->scope); /* a list without a scope would show everything to everybody */
    s->scope(cx, q);
    for (size_t i = 0; i < s->filters_n; i++)
        if (ask->values[i].n)
            s->filters[i].add(cx, q, ask->values[i]);
    struct str words = str_trim(ask->words);
    if (!s->words || words.n == 0)
        return OK;
    return (ask->many && s->words_many ? s->words_many : s->words)(cx, q, words);
}

/* What a row is ordered by, as key_of reads it. */
static void add_columns(struct db_text *q, const struct list_source *s, const struct list_sort *by)
{
    add(q, by->sql);
    add(q, ", ");
    add(q, by->then ? by->then : "");
    add(q, by->then ? ", " : "");
    add(q, s->id);
}

static int key_columns(const struct list_sort *by)
{
    return by->then ? 3 : 2;
}

/* Both databases compare (a, b) > (x, y) with one step into the index. */
static void add_key(struct db_text *q, const struct list_source *s, const struct list_sort *by,
                    const struct list_key *k, bool down)
{
    struct db_value v[] = {key_value(by, k), db_v_int(by->then ? k->then : k->id), db_v_int(k->id)};
    add(q, " and (");
    add_columns(q, s, by);
    if (by->then)
        db_add_(q, down ? ") < ($, $, $)" : ") > ($, $, $)", 3, v);
    else
        db_add_(q, down ? ") < ($, $)" : ") > ($, $)", 2, v);
}

/* keys_only: what a sort has to carry is small; the rows follow by their ids. */
static enum err page_sql(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                         size_t max, bool keys_only, struct db_text *q)
{
    const struct list_sort *by = &s->sorts[ask->sort < s->sorts_n ? ask->sort : 0];
    const bool down = ask->before.set ? !ask->down : ask->down;
    db_text_start(cx, q);
    add(q, "select ");
    add_columns(q, s, by);
    add(q, keys_only ? "" : ", ");
    add(q, keys_only ? "" : s->columns);
    TRY(add_matching(cx, s, ask, q));
    if (ask->before.set || ask->after.set)
        add_key(q, s, by, ask->before.set ? &ask->before : &ask->after, down);
    add(q, " order by ");
    add(q, by->sql);
    add(q, down ? " desc, " : ", ");
    if (by->then) {
        add(q, by->then);
        add(q, down ? " desc, " : ", ");
    }
    add(q, s->id);
    add(q, down ? " desc" : "");
    DB_ADD(q, " limit $", V(max));
    return OK;
}

enum err list_sql(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                  size_t max, struct db_text *q)
{
    return page_sql(cx, s, ask, max, false, q);
}

static struct list_key key_of(struct db_rows *r, const struct list_sort *by)
{
    return (struct list_key){
        .set = true,
        .number = by->text ? 0 : db_int(r, 0),
        .text = by->text ? db_str(r, 0) : S(""),
        .then = by->then ? db_int(r, 1) : 0,
        .id = db_int(r, by->then ? 2 : 1),
    };
}

/* A page before a key is read backwards. */
static void turn_round(struct list_rows *p, struct list_key *keys)
{
    for (size_t i = 0; i < p->n / 2; i++) {
        void *row = p->rows[i];
        struct list_key key = keys[i];
        p->rows[i] = p->rows[p->n - 1 - i];
        keys[i] = keys[p->n - 1 - i];
        p->rows[p->n - 1 - i] = row;
        keys[p->n - 1 - i] = key;
    }
}

/* Some rows by their ids, put where their keys stand. */
static enum err rows_of(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                        const struct list_key *keys, size_t n, void **rows)
{
    struct db_text q;
    struct list_ask bare = *ask;
    auto_rows r = {0};
    bare.words = S(""); /* the ids say it */
    db_text_start(cx, &q);
    add(&q, "select ");
    add(&q, s->id);
    add(&q, ", ");
    add(&q, s->columns);
    TRY(add_matching(cx, s, &bare, &q));
    add(&q, " and ");
    add(&q, s->id);
    add(&q, " in (");
    for (size_t i = 0; i < n; i++)
        db_add_(&q, i ? ", $" : "$", 1, &(struct db_value){.kind = DB_INT, .i = keys[i].id});
    add(&q, ")");
    TRY(db_query_text(cx, &r, &q));
    while (db_next(&r)) {
        const int64_t id = db_int(&r, 0);
        for (size_t i = 0; i < n; i++)
            if (keys[i].id == id && !rows[i])
                rows[i] = s->row(cx, &r, 1);
    }
    return r.err;
}

static enum err read_page(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                          size_t max, bool keys_only, struct list_key *keys, struct list_rows *out,
                          bool *more)
{
    struct db_text q;
    const struct list_sort *by = &s->sorts[ask->sort < s->sorts_n ? ask->sort : 0];
    auto_rows r = {0};
    TRY(page_sql(cx, s, ask, max + 1, keys_only, &q));
    TRY(db_query_text(cx, &r, &q));
    while (db_next(&r)) {
        if (out->n == max) {
            *more = true;
            break;
        }
        keys[out->n] = key_of(&r, by);
        out->rows[out->n++] = keys_only ? NULL : s->row(cx, &r, key_columns(by));
    }
    return r.err;
}

#define IDS_AT_ONCE 40 /* a statement has 64 values */

static enum err all_rows_of(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                            const struct list_key *keys, struct list_rows *out)
{
    for (size_t i = 0; i < out->n; i += IDS_AT_ONCE) {
        const size_t n = out->n - i < IDS_AT_ONCE ? out->n - i : IDS_AT_ONCE;
        TRY(rows_of(cx, s, ask, keys + i, n, out->rows + i));
        for (size_t k = i; k < i + n; k++)
            MUST(out->rows[k] != NULL);
    }
    return OK;
}

enum err list_read(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                   size_t max, struct list_rows *out)
{
    MUST(max >= 1 && max <= LIST_PAGE_MAX);
    struct list_key *keys = NEW_N(cx->arena, struct list_key, max);
    bool more = false;
    *out = (struct list_rows){.rows = NEW_N(cx->arena, void *, max)};
    TRY(read_page(cx, s, ask, max, ask->many, keys, out, &more));
    if (ask->many)
        TRY(all_rows_of(cx, s, ask, keys, out));
    if (ask->before.set)
        turn_round(out, keys);
    out->more_after = ask->before.set ? true : more;
    out->more_before = ask->before.set ? more : ask->after.set;
    if (out->n) {
        out->first = keys[0];
        out->last = keys[out->n - 1];
    }
    return s->finish ? s->finish(cx, out->rows, out->n) : OK;
}

/* ---- few: found by what was asked, sorted here ---- */

static int by_key(const void *a, const void *b)
{
    const struct list_key *x = a, *y = b;
    int c = str_cmp(x->text, y->text);
    if (c == 0)
        c = (x->number > y->number) - (x->number < y->number);
    if (c == 0)
        c = (x->then > y->then) - (x->then < y->then);
    return c ? c : (x->id > y->id) - (x->id < y->id);
}

/* Every key that matches, if they are few: no order is asked of the database, so it begins with
 * what was asked. */
static enum err gather(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                       struct list_key *keys, size_t *n)
{
    struct db_text q;
    auto_rows r = {0};
    const struct list_sort *by = &s->sorts[ask->sort < s->sorts_n ? ask->sort : 0];
    db_text_start(cx, &q);
    add(&q, "select ");
    add_columns(&q, s, by);
    TRY(add_matching(cx, s, ask, &q));
    DB_ADD(&q, " limit $", V(LIST_COUNT_MAX + 1));
    TRY(db_query_text(cx, &r, &q));
    for (*n = 0; *n <= LIST_COUNT_MAX && db_next(&r); ++*n)
        keys[*n] = key_of(&r, by);
    return r.err;
}

/* The page that was asked for, as a piece of all keys in order. */
static void cut(const struct list_ask *ask, bool text, const struct list_key *keys, size_t n,
                size_t max, size_t *from, size_t *to)
{
    struct list_key edge = ask->after.set ? ask->after : ask->before;
    size_t at = 0;
    edge.text = text ? edge.text : S("");
    while (at < n && edge.set &&
           (ask->down ? by_key(&keys[at], &edge) > 0 : by_key(&keys[at], &edge) < 0))
        at++; /* keys[at] is the edge itself, or stands where it was */
    if (ask->after.set) {
        *from = at < n && by_key(&keys[at], &edge) == 0 ? at + 1 : at;
        *to = n - *from < max ? n : *from + max;
        return;
    }
    *to = ask->before.set ? at : n < max ? n : max;
    *from = *to < max ? 0 : *to - max;
}

enum err list_few(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                  size_t max, struct list_rows *out, int64_t *n, bool *more)
{
    size_t all, from, to;
    *out = (struct list_rows){.rows = NEW_N(cx->arena, void *, max)};
    *more = false;
    if (ask->words.n && s->words_weak && s->words_weak(ask->words))
        TRY(list_count(cx, s, ask, n, more));
    if (*more)
        return OK;
    struct list_key *keys = NEW_N(cx->arena, struct list_key, LIST_COUNT_MAX + 1);
    TRY(gather(cx, s, ask, keys, &all));
    *more = all > LIST_COUNT_MAX;
    *n = *more ? LIST_COUNT_MAX : (int64_t)all;
    if (*more)
        return OK;
    qsort(keys, all, sizeof *keys, by_key);
    for (size_t i = 0; ask->down && i < all / 2; i++) {
        struct list_key k = keys[i];
        keys[i] = keys[all - 1 - i];
        keys[all - 1 - i] = k;
    }
    cut(ask, s->sorts[ask->sort < s->sorts_n ? ask->sort : 0].text, keys, all, max, &from, &to);
    out->n = to - from;
    out->more_before = from > 0;
    out->more_after = to < all;
    TRY(all_rows_of(cx, s, ask, keys + from, out));
    if (out->n) {
        out->first = keys[from];
        out->last = keys[to - 1];
    }
    return s->finish ? s->finish(cx, out->rows, out->n) : OK;
}

static enum err count_to(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                         int64_t limit, int64_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    add(&q, "select count(*) from (select 1 as one");
    TRY(add_matching(cx, s, ask, &q));
    DB_ADD(&q, " limit $) as found", V(limit));
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    if (!db_next(&r))
        return r.err ? r.err : ERR_IO;
    *n = db_int(&r, 0);
    return OK;
}

enum err list_total(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                    int64_t *n)
{
    return count_to(cx, s, ask, LIST_EXPORT_MAX + 1, n);
}

enum err list_count(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                    int64_t *n, bool *more)
{
    TRY(count_to(cx, s, ask, LIST_COUNT_MAX + 1, n));
    *more = *n > LIST_COUNT_MAX;
    if (*more)
        *n = LIST_COUNT_MAX;
    return OK;
}

/* With nothing asked beside the order, the order's own index serves both. */
enum err list_page(struct cx *cx, const struct list_source *s, struct list_ask *ask, size_t max,
                   struct list_rows *out, int64_t *n, bool *more)
{
    bool narrow = ask->words.n > 0;
    for (size_t i = 0; i < s->filters_n; i++)
        narrow = narrow || list_unusual(&s->filters[i], ask->values[i]);
    if (!narrow) {
        TRY(list_read(cx, s, ask, max, out));
        return list_count(cx, s, ask, n, more);
    }
    TRY(list_few(cx, s, ask, max, out, n, more));
    ask->many = *more;
    return *more ? list_read(cx, s, ask, max, out) : OK;
}

/* ---- one by one ---- */

/* Where the row with this id stands; not set: it is not in what is asked. */
static enum err key_of_id(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                          int64_t id, struct list_key *k)
{
    struct db_text q;
    auto_rows r = {0};
    const struct list_sort *by = &s->sorts[ask->sort < s->sorts_n ? ask->sort : 0];
    *k = (struct list_key){0};
    db_text_start(cx, &q);
    add(&q, "select ");
    add_columns(&q, s, by);
    TRY(add_matching(cx, s, ask, &q));
    add(&q, " and ");
    add(&q, s->id);
    DB_ADD(&q, " = $", V(id));
    TRY(db_query_text(cx, &r, &q));
    if (db_next(&r))
        *k = key_of(&r, by);
    return r.err;
}

static enum err one_at(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                       const struct list_key *k, void **row)
{
    TRY(rows_of(cx, s, ask, k, 1, row));
    return *row && s->finish ? s->finish(cx, row, 1) : OK;
}

enum err list_next(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                   int64_t id, int64_t wish, struct list_follow *out)
{
    struct list_ask a = *ask;
    struct list_key here, wished = {0};
    struct list_rows p;
    int64_t n;
    bool many;
    a.before = a.after = (struct list_key){0};
    TRY(key_of_id(cx, s, &a, id, &here));
    if (wish && wish != id)
        TRY(key_of_id(cx, s, &a, wish, &wished));
    *out = (struct list_follow){.row_id = wished.id, .here = here.set};
    TRY(list_count(cx, s, &a, &out->left, &out->more));
    out->left -= here.set && !out->more;
    if (wished.set)
        return one_at(cx, s, &a, &wished, &out->row);
    a.after = here;
    TRY(list_page(cx, s, &a, 1, &p, &n, &many));
    a.after = (struct list_key){0};
    if (p.n == 0 && here.set) /* it was the last: begin anew */
        TRY(list_page(cx, s, &a, 1, &p, &n, &many));
    if (p.n == 0 || p.first.id == id)
        return OK;
    out->row = p.rows[0];
    out->row_id = p.first.id;
    return OK;
}
