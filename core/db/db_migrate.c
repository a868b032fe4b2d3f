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
    "create or replace function db_append_only() returns trigger language plpgsql as $$\n"
    "begin\n"
    "    raise exception 'append only' using errcode = 'TS001';\n"
    "end $$;\n"
    "-- end\n";

static enum err run(struct cx *cx, [[maybe_unused]] void *state, struct str statement)
{
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

static enum err make_own(struct cx *cx, [[maybe_unused]] void *arg)
{
    return run_all(cx, str_c(own_schema));
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
            T("Tệp %.*s/schema/%.*s khác với bản đã áp dụng vào cơ sở dữ liệu này. Hãy dùng lại đúng bản phát hành."),
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

static enum err apply_root(struct cx *cx, const char *root)
{
    const struct str prefix = str_fmt(cx->arena, "%s/schema/", root);
    size_t n;
    const struct embed_file *files = embed_under(prefix, &n);
    for (size_t i = 0; i < n; i++) {
        if (!str_ends(files[i].path, S(".sql")))
            continue;
        const struct arena_mark mark = arena_here(cx->arena);
        struct migration m = {str_c(root), str_from(files[i].path, prefix.n), &files[i]};
        TRY(in_transaction(cx, apply, &m));
        arena_back(cx->arena, mark);
    }
    return OK;
}

static enum err migrate(struct cx *cx, const char *const *roots)
{
    TRY(in_transaction(cx, make_own, NULL));
    for (; *roots; roots++)
        TRY(apply_root(cx, *roots));
    return OK;
}

enum err db_migrate(struct cx *cx, const char *const *roots)
{
    MUST(cx->db->use == DB_WRITER);
    TRY(cx->db->driver->migration_lock(cx, cx->db, true));
    const enum err e = migrate(cx, roots);
    const enum err unlocked = cx->db->driver->migration_lock(cx, cx->db, false);
    return e != OK ? e : unlocked;
}
