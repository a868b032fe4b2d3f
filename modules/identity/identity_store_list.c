/* identity_store_list.c - SQL of the list of people: those with a post in the reader's reach. */
#include "identity_lists.h"
#include "identity_store.h"

#include "db/db.h"
#include "org/org.h"
#include "vault/vault.h"

#define TOKENS_MAX 12
#define POSTS_SHOWN 8

static const struct db_scope_columns reach = {.unit = "p.unit", .unit_path = "p.unit_path"};

static void in_reach(struct cx *cx, struct db_text *q)
{
    DB_ADD(q, " and exists (select 1 from identity_post p where p.account = a.id");
    db_scope(cx, q, &reach);
    DB_ADD(q, ")");
}

/* With a role now, or one that begins later; or with none any more. */
static void add_state(struct cx *cx, struct db_text *q, struct str value)
{
    if (str_eq(value, S("dang")))
        DB_ADD(q, " and exists");
    else if (str_eq(value, S("thoi")))
        DB_ADD(q, " and not exists");
    else
        return;
    DB_ADD(q,
           " (select 1 from identity_post p where p.account = a.id and p.ended_at = 0"
           " and (p.to_day = 0 or p.to_day >= $)",
           V(day_of(cx->now)));
    db_scope(cx, q, &reach);
    DB_ADD(q, ")");
}

static void add_role(struct cx *cx, struct db_text *q, struct str value)
{
    if (value.n == 0)
        return;
    DB_ADD(q,
           " and exists (select 1 from identity_post p where p.account = a.id and p.role = $"
           " and p.ended_at = 0 and (p.to_day = 0 or p.to_day >= $)",
           V(value), V(day_of(cx->now)));
    db_scope(cx, q, &reach);
    DB_ADD(q, ")");
}

/* A whole login, or words of a name. unscoped: narrows a list that in_reach has scoped */
static enum err add_words(struct cx *cx, struct db_text *q, struct str words)
{
    struct str tokens[TOKENS_MAX];
    const size_t n = vault_name_query(cx, words, tokens, TOKENS_MAX);
    DB_ADD(q, " and (a.login_lookup = $", VB(identity_login_lookup(cx, words)));
    for (size_t i = 0; i < n; i++) {
        if (i == 0)
            DB_ADD(q, " or (1 = 1");
        DB_ADD(q,
               " and exists (select 1 from identity_name_token t where t.token = $"
               " and t.person = a.person)",
               VB(tokens[i]));
    }
    if (n)
        DB_ADD(q, ")");
    DB_ADD(q, ")");
    return OK;
}

static void *user_from(struct cx *cx, struct db_rows *r, int at)
{
    struct user_row *u = NEW(cx->arena, struct user_row);
    *u = (struct user_row){.id = db_int(r, at), .closed = db_int(r, at + 1) != 0};
    return u;
}

static enum err posts_words(struct cx *cx, int64_t account, struct str *out)
{
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_SHOWN);
    struct str words[POSTS_SHOWN];
    struct org_unit u;
    size_t n;
    TRY(post_store_current(cx, account, posts, POSTS_SHOWN, &n));
    for (size_t i = 0; i < n; i++) {
        TRY(org_unit_find(cx, posts[i].unit, &u));
        words[i] =
            str_fmt(cx->arena, "%.*s, %.*s", F(tr(cx, posts[i].role_title)), F(u.short_name));
    }
    *out = str_join(cx->arena, words, n, S("; "));
    return OK;
}

static enum err finish(struct cx *cx, void **rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct user_row *u = rows[i];
        struct account a;
        TRY(account_find(cx, u->id, &a));
        u->name = a.name;
        u->login = a.login;
        TRY(posts_words(cx, u->id, &u->posts));
    }
    return OK;
}

static const struct list_filter filters[] = {{"con", "dang", add_state},
                                             {"vai-tro", NULL, add_role}};
static const struct list_sort sorts[] = {{"moi", "a.id", false, true, NULL}};

const struct list_source identity_user_source = {
    .columns = "a.id, a.closed",
    .from = " from identity_account a where 1 = 1",
    .id = "a.id",
    .scope = in_reach,
    .words = add_words,
    .filters = filters,
    .filters_n = 2,
    .sorts = sorts,
    .sorts_n = 1,
    .row = user_from,
    .finish = finish,
};
