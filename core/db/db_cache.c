/* db_cache.c - prepared statements of a connection: literals for ever, built texts the last 64. */
#include "db_driver.h"

/* The linker's borders of the section that DB_SITE_ fills; absent in a program without SQL. */
extern const struct db_site *const __start_db_sites[] __attribute__((weak));
extern const struct db_site *const __stop_db_sites[] __attribute__((weak));

static size_t bucket_of(const struct db_site *site)
{
    return (size_t)(((uintptr_t)site >> 3) * UINT64_C(0x9E3779B97F4A7C15) >> 32) % DB_BUCKETS;
}

/* A literal may be open twice (a query within the loop over its own rows): then it gets a second
 * statement. On PostgreSQL it also has one for each pattern of types. */
enum err db_take_site(struct cx *cx, const struct db_site *site, size_t n, const struct db_value *v,
                      struct db_stmt **out)
{
    struct db *d = cx->db;
    struct db_stmt **bucket = &d->sites[bucket_of(site)];
    for (struct db_stmt *st = *bucket; st; st = st->next) {
        if (st->site == site && !st->busy && d->driver->fits(st, n, v)) {
            *out = st;
            return OK;
        }
    }
    TRY(d->driver->prepare(cx, d, site->sql, n, v, out));
    (*out)->db = d;
    (*out)->site = site;
    (*out)->next = *bucket;
    *bucket = *out;
    return OK;
}

static void drop(struct db_stmt *st)
{
    free(st->text);
    st->db->driver->finalize(st);
}

/* Forgets the built text that was used longest ago. */
static void drop_oldest(struct db *d)
{
    struct db_stmt **oldest = NULL;
    for (struct db_stmt **at = &d->built; *at; at = &(*at)->next)
        if (!(*at)->busy)
            oldest = at;
    if (!oldest)
        return;
    struct db_stmt *st = *oldest;
    *oldest = st->next;
    d->built_n--;
    drop(st);
}

static struct db_stmt *find_built(struct db *d, struct str text, uint64_t hash, size_t n,
                                  const struct db_value *v)
{
    for (struct db_stmt **at = &d->built; *at; at = &(*at)->next) {
        struct db_stmt *st = *at;
        if (st->hash != hash || st->busy || !str_eq((struct str){st->text, st->text_n}, text) ||
            !d->driver->fits(st, n, v))
            continue;
        *at = st->next;
        st->next = d->built;
        d->built = st;
        return st;
    }
    return NULL;
}

enum err db_take_text(struct cx *cx, struct str text, size_t n, const struct db_value *v,
                      struct db_stmt **out)
{
    struct db *d = cx->db;
    const uint64_t hash = str_hash(text);
    *out = find_built(d, text, hash, n, v);
    if (*out)
        return OK;
    if (d->built_n >= DB_BUILT_MAX)
        drop_oldest(d);

    char *own = malloc(text.n + 1);
    MUST(own != NULL);
    memcpy(own, text.p, text.n);
    own[text.n] = 0;
    enum err e = d->driver->prepare(cx, d, own, n, v, out);
    if (e != OK) {
        free(own);
        return e;
    }
    (*out)->db = d;
    (*out)->text = own;
    (*out)->text_n = text.n;
    (*out)->hash = hash;
    (*out)->next = d->built;
    d->built = *out;
    d->built_n++;
    return OK;
}

void db_forget_statements(struct db *d)
{
    for (size_t i = 0; i < DB_BUCKETS; i++) {
        while (d->sites[i]) {
            struct db_stmt *st = d->sites[i];
            d->sites[i] = st->next;
            drop(st);
        }
    }
    while (d->built) {
        struct db_stmt *st = d->built;
        d->built = st->next;
        drop(st);
    }
    d->built_n = 0;
}

/* Text that says at its beginning that it is for one database only. */
static bool is_for(const char *sql, bool postgres)
{
    const struct str text = str_trim(str_c(sql));
    if (str_starts(text, S("/* sqlite */")))
        return !postgres;
    if (str_starts(text, S("/* postgresql */")))
        return postgres;
    return true;
}

enum err db_each_sql(struct cx *cx, db_sql_fn *fn, void *state)
{
    struct db *d = cx->db;
    /* Through a volatile: the compiler otherwise takes an array's address to be never null. */
    const struct db_site *const *volatile first = __start_db_sites;
    const struct db_site *const *volatile end = __stop_db_sites;
    for (const struct db_site *const *at = first; at && at < end; at++) {
        if (!is_for((*at)->sql, db_is_postgres(cx)))
            continue;
        struct db_stmt *st;
        const enum err e = d->driver->prepare(cx, d, (*at)->sql, 0, NULL, &st);
        if (e == OK)
            d->driver->finalize(st);
        TRY(fn(state, *at, e == OK ? NULL : str_z(cx->arena, cx->why)));
    }
    return OK;
}
