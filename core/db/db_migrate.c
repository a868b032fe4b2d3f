/* db_migrate.c - brings a data base to the schema of this program: every file once, in order. */
#include "db_driver.h"

#include "embed/embed.h"
#include "log/log.h"

/* The hash is kept because a landed file never changes: a correction is the next file. */
static const char own_schema[] =
    "create table if not exists db_migration ("
    "    root text not null,"
    "    name text not null,"
    "    sha256 text not null,"
    "    applied_at bigint not null,"
    "    primary key (root, name));\n"
    "-- if postgresql\n"
    /* Emptied by a crash, absent on a standby: db_postgres_outcome.c. */
    "create unlogged table if not exists db_life (one integer primary key, id text not null);\n"
    /* What is added to the numbers of this server's transactions: db_postgres_copy.c. */
    "create table if not exists db_era (one integer primary key, added bigint not null);\n"
    "create or replace function db_append_only() returns trigger language plpgsql as $$\n"
    "begin\n"
    "    raise exception 'append only' using errcode = 'TS001';\n"
    "end $$;\n"
    "-- end\n";

static enum err run(struct cx *cx, [[maybe_unused]] void *state, struct str statement)
{
    TRY(db_may_run(cx, cx->db)); /* db_fail_at counts these too */
    return cx->db->driver->script(cx, cx->db, str_z(cx->arena, statement));
}

static enum err run_all(struct cx *cx, struct str text)
{
    return db_schema_each(cx, text, db_is_postgres(cx), run, NULL);
}

/* One transaction around fn; what fails is undone. */
static enum err in_transaction(struct cx *cx, enum err (*fn)(struct cx *cx, void *arg), void *arg)
{
    TRY(db_begin(cx));
    enum err e = fn(cx, arg);
    if (e == OK)
        e = db_commit(cx);
    db_rollback(cx); /* nothing, after a commit that went well */
    return e;
}

enum err db_migrate_own(struct cx *cx)
{
    return run_all(cx, str_c(own_schema));
}

static enum err make_own(struct cx *cx, [[maybe_unused]] void *arg)
{
    TRY(db_migrate_own(cx));
    return db_is_postgres(cx) ? OK : db_checks_put_right(cx);
}

struct migration {
    struct str root, name;
    const struct embed_file *file;
};

/* *recorded is empty when the file has not been applied yet. */
static enum err find_recorded(struct cx *cx, const struct migration *m, struct str *recorded)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select sha256 from db_migration where root = $1 and name = $2",
                 V(m->root), V(m->name)));
    *recorded = db_next(&rows) ? db_str(&rows, 0) : S("");
    return rows.err;
}

static enum err apply(struct cx *cx, void *arg)
{
    const struct migration *m = arg;
    struct str recorded;
    TRY(find_recorded(cx, m, &recorded));
    if (recorded.n > 0 && str_eq(recorded, m->file->sha256_hex))
        return OK;
    if (recorded.n > 0)
        return fail(
            cx, ERR_CONFLICT,
            T("Tệp %.*s/schema/%.*s khác với bản đã áp dụng vào cơ sở dữ liệu này. Dùng lại đúng bản phát hành."),
            F(m->root), F(m->name));
    const enum err e = run_all(cx, m->file->bytes);
    if (e != OK)
        return fail(cx, e, "%.*s/schema/%.*s: %.*s", F(m->root), F(m->name), F(cx->why));
    TRY(db_exec(cx,
                "insert into db_migration (root, name, sha256, applied_at) values ($1, $2, $3, $4)",
                V(m->root), V(m->name), V(m->file->sha256_hex), V(cx->now)));
    log_event(LOG_DEBUG, "db.migrated", K("root", m->root), K("name", m->name));
    return OK;
}

/* Every file in order, the first `left` of them. */
struct files {
    enum err (*take)(struct cx *cx, void *state, struct migration *m);
    void *state;
    size_t n, left;
};

static enum err each_of(struct cx *cx, const char *root, struct files *f)
{
    const struct str prefix = str_fmt(cx->arena, "%s/schema/", root);
    size_t n;
    const struct embed_file *files = embed_under(prefix, &n);
    for (size_t i = 0; i < n; i++) {
        if (!str_ends(files[i].path, S(".sql")) || f->n++ >= f->left)
            continue;
        const struct arena_mark mark = arena_here(cx->arena);
        struct migration m = {str_c(root), str_from(files[i].path, prefix.n), &files[i]};
        TRY(f->take(cx, f->state, &m));
        arena_back(cx->arena, mark);
    }
    return OK;
}

static enum err each_file(struct cx *cx, const char *const *roots, struct files *f)
{
    for (; *roots; roots++)
        TRY(each_of(cx, *roots, f));
    return OK;
}

static enum err take_alone(struct cx *cx, [[maybe_unused]] void *state, struct migration *m)
{
    return in_transaction(cx, apply, m);
}

struct again {
    const struct map *hashes;
    size_t found;
};

static enum err take_again(struct cx *cx, void *state, struct migration *m)
{
    struct again *a = state;
    const struct str *sha256 = map_get(a->hashes, m->file->path);
    if (!sha256)
        return OK; /* newer than the copy */
    a->found += str_eq(*sha256, m->file->sha256_hex);
    return apply(cx, m);
}

enum err db_migrate_again(struct cx *cx, const char *const *roots, const struct map *hashes,
                          size_t hashes_n)
{
    struct again a = {.hashes = hashes};
    TRY(each_file(cx, roots, &(struct files){take_again, &a, 0, SIZE_MAX}));
    if (a.found != hashes_n)
        return fail(
            cx, ERR_CONFLICT,
            T("Bản chép là của một bản phát hành khác mà chương trình này không biết. Dùng bản phát hành mới hơn."));
    return OK;
}

static enum err migrate_first(struct cx *cx, const char *const *roots, size_t n, size_t *all)
{
    struct files f = {take_alone, NULL, 0, n};
    TRY(in_transaction(cx, make_own, NULL));
    TRY(each_file(cx, roots, &f));
    *all = f.n;
    return OK;
}

enum err db_migrate_first(struct cx *cx, const char *const *roots, size_t n, size_t *all)
{
    MUST(cx->db->use == DB_WRITER);
    TRY(cx->db->driver->migration_lock(cx, cx->db, true));
    const enum err e = migrate_first(cx, roots, n, all);
    const enum err unlocked = cx->db->driver->migration_lock(cx, cx->db, false);
    return e != OK ? e : unlocked;
}

enum err db_migrate(struct cx *cx, const char *const *roots)
{
    size_t all;
    return db_migrate_first(cx, roots, SIZE_MAX, &all);
}
