/* setup_store.c - the only file that speaks SQL about setup_* tables. */
#include "setup_store.h"

#include "db/db.h"

#define IMPORT_COLUMNS "id, version, kind, file, made_at, made_by, unit, state, wanted, applied"

static struct import_record import_from(struct db_rows *r)
{
    return (struct import_record){
        .id = db_int(r, 0),
        .version = db_int(r, 1),
        .kind = db_str(r, 2),
        .file = db_int(r, 3),
        .made_at = db_int(r, 4),
        .made_by = db_int(r, 5),
        .unit = db_int(r, 6),
        .state = db_str(r, 7),
        .wanted = db_int(r, 8),
        .applied = db_int(r, 9),
    };
}

enum err setup_store_import_add(struct cx *cx, struct import_record *r)
{
    r->version = 1;
    return db_insert(cx, &r->id,
                     "insert into setup_import (version, kind, file, made_at, made_by, unit, state)"
                     " values (1, $1, $2, $3, $4, $5, $6) returning id",
                     V(r->kind), V(r->file), V(r->made_at), V(r->made_by), V(r->unit), V(r->state));
}

enum err setup_store_import_find(struct cx *cx, int64_t id, struct import_record *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select " IMPORT_COLUMNS " from setup_import"
                 " where id = $1 and (made_by = $2 or $3 = 1)",
                 V(id), V(cx->actor->account), V(cx->actor->system)));
    if (!db_next(&rows))
        return rows.err ? rows.err
                        : fail(cx, ERR_NOT_FOUND, T("Không tìm thấy tệp bạn đã đưa vào."));
    *out = import_from(&rows);
    return OK;
}

enum err setup_store_import_move(struct cx *cx, struct import_record *r, struct str state,
                                 int64_t wanted)
{
    TRY(db_exec(cx,
                "update setup_import set version = version + 1, state = $1, wanted = $2"
                " where id = $3 and version = $4",
                V(state), V(wanted), V(r->id), V(r->version)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT, T("Tệp này vừa được nhập. Tải lại trang để xem."));
    r->version++;
    r->state = state;
    return OK;
}

enum err setup_store_import_applied(struct cx *cx, int64_t id, int64_t applied)
{
    return db_exec(cx, "update setup_import set applied = $1 where id = $2", V(applied), V(id));
}

enum err setup_store_witness(struct cx *cx, int64_t *sent_at)
{
    return db_one_int(cx, sent_at, "select coalesce(max(sent_at), 0) from setup_witness");
}

enum err setup_store_witness_sent(struct cx *cx, int64_t sent_at)
{
    return db_exec(cx,
                   "insert into setup_witness (id, sent_at) values (1, $1)"
                   " on conflict (id) do update set sent_at = excluded.sent_at",
                   V(sent_at));
}

/* unscoped: of the program itself; only its own jobs and the page of who manages it ask */
enum err setup_store_setting(struct cx *cx, struct str name, struct str *sealed)
{
    auto_rows rows = {0};
    *sealed = S("");
    TRY(db_query(cx, &rows, "select value from setup_setting where name = $1", V(name)));
    if (db_next(&rows))
        *sealed = db_bytes(&rows, 0);
    return rows.err;
}

enum err setup_store_setting_put(struct cx *cx, struct str name, struct str sealed)
{
    return db_exec(cx,
                   "insert into setup_setting (name, value, set_at, set_by) values ($1, $2, $3, $4)"
                   " on conflict (name) do update set value = excluded.value,"
                   " set_at = excluded.set_at, set_by = excluded.set_by",
                   V(name), VB(sealed), V(cx->now), V_OR_NULL(cx->actor->account));
}
