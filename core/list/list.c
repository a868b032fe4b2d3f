/* list.c - one SQL from a list's data and what is asked of it: a page by key, a bounded count. */
#include "list.h"

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
    return s->words && words.n ? s->words(cx, q, words) : OK;
}

/* Both databases compare (a, b) > (x, y) with one step into the index. */
static void add_key(struct db_text *q, const struct list_source *s, const struct list_sort *by,
                    const struct list_key *k, bool down)
{
    struct db_value v[] = {key_value(by, k), db_v_int(k->id)};
    add(q, " and (");
    add(q, by->sql);
    add(q, ", ");
    add(q, s->id);
    db_add_(q, down ? ") < ($, $)" : ") > ($, $)", 2, v);
}

enum err list_sql(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                  size_t max, struct db_text *q)
{
    const struct list_sort *by = &s->sorts[ask->sort < s->sorts_n ? ask->sort : 0];
    const bool down = ask->before.set ? !ask->down : ask->down;
    db_text_start(cx, q);
    add(q, "select ");
    add(q, by->sql);
    add(q, ", ");
    add(q, s->id);
    add(q, ", ");
    add(q, s->columns);
    TRY(add_matching(cx, s, ask, q));
    if (ask->before.set || ask->after.set)
        add_key(q, s, by, ask->before.set ? &ask->before : &ask->after, down);
    add(q, " order by ");
    add(q, by->sql);
    add(q, down ? " desc, " : ", ");
    add(q, s->id);
    add(q, down ? " desc" : "");
    DB_ADD(q, " limit $", V(max));
    return OK;
}

static struct list_key key_of(struct db_rows *r, bool text)
{
    return (struct list_key){
        .set = true,
        .number = text ? 0 : db_int(r, 0),
        .text = text ? db_str(r, 0) : S(""),
        .id = db_int(r, 1),
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

enum err list_read(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                   size_t max, struct list_rows *out)
{
    MUST(max >= 1 && max <= LIST_PAGE_MAX);
    struct db_text q;
    const bool text = s->sorts[ask->sort < s->sorts_n ? ask->sort : 0].text;
    struct list_key *keys = NEW_N(cx->arena, struct list_key, max);
    *out = (struct list_rows){.rows = NEW_N(cx->arena, void *, max)};
    TRY(list_sql(cx, s, ask, max + 1, &q));
    auto_rows r = {0};
    bool more = false;
    TRY(db_query_text(cx, &r, &q));
    while (db_next(&r)) {
        if (out->n == max) {
            more = true;
            break;
        }
        keys[out->n] = key_of(&r, text);
        out->rows[out->n++] = s->row(cx, &r, 2);
    }
    if (r.err)
        return r.err;
    db_rows_close(&r);
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
