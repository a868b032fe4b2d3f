/* list_ask.c - the whole view is in the address: words, filters, order, and the key of a page. */
#include "list.h"

#include "http/http.h"

#define QUERY_MAX 4096

struct asker {
    struct str (*value)(void *of, const char *name);
    void *of;
};

static bool sort_named(const struct list_source *s, struct str name, struct list_ask *out)
{
    const bool minus = str_starts(name, S("-"));
    struct str bare = minus ? str_from(name, 1) : name;
    for (size_t i = 0; i < s->sorts_n; i++)
        if (str_eq(str_c(s->sorts[i].name), bare)) {
            out->sort = i;
            out->down = minus;
            return true;
        }
    return false;
}

/* Cuts what stands after the last "~" off. */
static bool cut_number(struct str *s, int64_t *n)
{
    size_t cut = s->n;
    for (size_t i = 0; i < s->n; i++)
        if (s->p[i] == '~')
            cut = i;
    if (cut == s->n || !str_int(str_from(*s, cut + 1), n))
        return false;
    *s = str_until(*s, cut);
    return true;
}

/* "NUMBER~ID" or "TEXT~ID", with what comes between where there is such; anything else is no key.
 */
static struct list_key key_from(const struct list_sort *by, struct str s)
{
    struct list_key k = {0};
    if (!cut_number(&s, &k.id) || (by->then && !cut_number(&s, &k.then)))
        return (struct list_key){0};
    k.text = s;
    k.set = by->text || str_int(k.text, &k.number);
    return k;
}

static struct str or_usual(struct str value, const struct list_filter *f)
{
    return value.n || !f->usual ? value : str_c(f->usual);
}

bool list_unusual(const struct list_filter *f, struct str value)
{
    return value.n && !(f->usual && str_eq(value, str_c(f->usual)));
}

/* "noi.nhan": the names of columns that are otherwise than usual. */
static unsigned columns_from(const struct list_def *d, struct str names)
{
    unsigned bits = 0;
    for (struct str name, rest = names; rest.n;) {
        str_cut(rest, '.', &name, &rest);
        for (size_t i = 0; i < d->choosable_n && i < LIST_CHOOSABLE_MAX; i++)
            if (str_eq(name, str_c(d->choosable[i].name)))
                bits |= 1u << i;
    }
    return bits;
}

static struct str columns_to(struct cx *cx, const struct list_def *d, unsigned bits)
{
    struct buf b = {.arena = cx->arena, .limit = 400};
    for (size_t i = 0; i < d->choosable_n; i++)
        if (bits & 1u << i)
            buf_fmt(&b, "%s%s", b.n ? "." : "", d->choosable[i].name);
    return buf_str(&b);
}

static void ask_by(const struct asker *a, const struct list_def *d, struct list_ask *out)
{
    const struct list_source *s = d->source;
    *out = (struct list_ask){.words = a->value(a->of, "q"), .down = s->sorts[0].down, .from = 1};
    for (size_t i = 0; i < s->filters_n && i < LIST_FILTERS_MAX; i++)
        out->values[i] = or_usual(a->value(a->of, s->filters[i].name), &s->filters[i]);
    (void)sort_named(s, a->value(a->of, "xep"), out);
    if (d->choosable_n)
        out->columns = columns_from(d, a->value(a->of, "cot"));
    const struct list_sort *by = &s->sorts[out->sort];
    out->after = key_from(by, a->value(a->of, "sau"));
    if (!out->after.set)
        out->before = key_from(by, a->value(a->of, "truoc"));
    int64_t from;
    if ((out->after.set || out->before.set) && str_int(a->value(a->of, "tu"), &from) && from > 0 &&
        from < 100'000'000)
        out->from = from;
}

static struct str of_request(void *of, const char *name)
{
    return web_query(of, name);
}

void list_ask_of(struct web_req *rq, const struct list_def *d, struct list_ask *out)
{
    ask_by(&(const struct asker){of_request, rq}, d, out);
}

struct pairs {
    struct cx *cx;
    struct str query;
};

static struct str of_query(void *of, const char *name)
{
    struct pairs *p = of;
    for (struct str rest = p->query, pair, key, value; rest.n;) {
        str_cut(rest, '&', &pair, &rest);
        str_cut(pair, '=', &key, &value);
        if (str_eq(key, str_c(name)) && url_decode(p->cx->arena, value, true, &value))
            return value;
    }
    return S("");
}

void list_ask_from(struct cx *cx, const struct list_def *d, struct str query, struct list_ask *out)
{
    struct pairs p = {cx, query};
    ask_by(&(const struct asker){of_query, &p}, d, out);
}

/* ---- addresses ---- */

static void put(struct cx *cx, struct buf *b, const char *name, struct str value)
{
    if (value.n)
        buf_fmt(b, "%s%s=%.*s", b->n ? "&" : "", name, F(url_encode(cx->arena, value)));
}

struct str list_query(struct cx *cx, const struct list_def *d, const struct list_ask *ask)
{
    struct buf b = {.arena = cx->arena, .limit = QUERY_MAX};
    const struct list_source *s = d->source;
    put(cx, &b, "q", ask->words);
    for (size_t i = 0; i < s->filters_n; i++)
        if (list_unusual(&s->filters[i], ask->values[i]))
            put(cx, &b, s->filters[i].name, ask->values[i]);
    if (ask->sort || ask->down != s->sorts[0].down)
        buf_fmt(&b, "%sxep=%s%s", b.n ? "&" : "", ask->down ? "-" : "", s->sorts[ask->sort].name);
    put(cx, &b, "cot", columns_to(cx, d, ask->columns));
    return buf_str(&b);
}

struct str list_href(struct cx *cx, const struct list_def *d, const struct list_ask *ask,
                     const char *filter, struct str value)
{
    struct list_ask next = *ask;
    for (size_t i = 0; filter && i < d->source->filters_n; i++)
        if (strcmp(d->source->filters[i].name, filter) == 0)
            next.values[i] = value;
    struct str query = list_query(cx, d, &next);
    return query.n ? str_fmt(cx->arena, "%s?%.*s", d->path, F(query)) : str_c(d->path);
}

struct str list_value_of(const struct list_def *d, const struct list_ask *ask, const char *filter)
{
    for (size_t i = 0; i < d->source->filters_n; i++)
        if (strcmp(d->source->filters[i].name, filter) == 0)
            return ask->values[i];
    return S("");
}
