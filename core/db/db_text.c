/* db_text.c - searches with optional filters, and the reader's scope as a predicate. */
#include "db_driver.h"

#define TEXT_MAX ((size_t)16 * 1024)

void db_text_start(struct cx *cx, struct db_text *q)
{
    q->sql = (struct buf){.arena = cx->arena, .limit = TEXT_MAX};
    q->n = 0;
}

/* The next bare $ outside of quotes; NULL: there is none. */
static const char *next_mark(const char *at)
{
    bool quoted = false;
    for (; *at; at++) {
        at += strcspn(at, "'$");
        if (*at == '$' && !quoted)
            return at;
        if (*at == '\'')
            quoted = !quoted;
        if (!*at)
            break;
    }
    return NULL;
}

/* Each bare $ outside of quotes becomes the number of the next value. */
void db_add_(struct db_text *q, const char *sql, size_t n, const struct db_value *v)
{
    size_t used = 0;
    const char *from = sql, *at;
    while ((at = next_mark(from))) {
        buf_add(&q->sql, (struct str){from, (size_t)(at + 1 - from)});
        from = at + 1;
        MUST(used < n && q->n < sizeof q->values / sizeof *q->values);
        q->values[q->n++] = v[used++];
        buf_int(&q->sql, (int64_t)q->n);
    }
    buf_add(&q->sql, str_c(from));
    MUST(used == n); /* as many values as the piece has marks */
}

static void add_column(struct db_text *q, const char *column)
{
    buf_add(&q->sql, str_c(column));
}

static void add_equal(struct db_text *q, const char *column, int64_t value)
{
    add_column(q, column);
    DB_ADD(q, " = $", V(value));
}

/* The path itself and all that starts so: a range, which an index by bytes answers, and in which
 * no character of the path can act as a pattern. */
static bool add_under(struct cx *cx, struct db_text *q, const char *column, struct str path)
{
    if (!column || path.n == 0)
        return false; /* an empty path would be everything */
    const struct str end = str_dup(cx->arena, path);
    char *last = (char *)end.p + end.n - 1;
    MUST((unsigned char)*last < 0x7f); /* paths are "/1/7/": plain ASCII */
    ++*last;
    add_column(q, column);
    DB_ADD(q, " >= $ and ", V(path));
    add_column(q, column);
    DB_ADD(q, " < $", V(end));
    return true;
}

static bool add_own(struct db_text *q, const struct scope *s, const struct db_scope_columns *c)
{
    const bool account = c->owner_account && s->account;
    const bool person = c->owner_person && s->person;
    if (account)
        add_equal(q, c->owner_account, s->account);
    if (account && person)
        DB_ADD(q, " or ");
    if (person)
        add_equal(q, c->owner_person, s->person);
    return account || person;
}

static bool add_one(struct db_text *q, const char *column, int64_t value)
{
    if (!column || !value)
        return false;
    add_equal(q, column, value);
    return true;
}

static bool add_predicate(struct cx *cx, struct db_text *q, const struct db_scope_columns *c)
{
    const struct scope *s = &cx->scope;
    switch (s->kind) {
    case SCOPE_ALL:
        DB_ADD(q, "1 = 1");
        return true;
    case SCOPE_OWN:
        return add_own(q, s, c);
    case SCOPE_ASSIGNED:
        return add_one(q, c->assignee, s->account);
    case SCOPE_UNIT:
        return add_one(q, c->unit, s->unit);
    case SCOPE_UNIT_TREE:
        return add_under(cx, q, c->unit_path, s->unit_path);
    case SCOPE_AREA_TREE:
        return add_under(cx, q, c->area_path, s->area_path);
    case SCOPE_PUBLIC:
        return add_one(q, c->is_public, 1);
    case SCOPE_NONE:
        break;
    }
    return false;
}

void db_scope(struct cx *cx, struct db_text *q, const struct db_scope_columns *columns)
{
    DB_ADD(q, " and (");
    if (!add_predicate(cx, q, columns))
        DB_ADD(q, "1 = 0"); /* what is not known to be allowed is not shown */
    DB_ADD(q, ")");
}
