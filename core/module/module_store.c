/* module_store.c - the only file that speaks SQL about module_pack. */
#include "module_store.h"

enum err pack_store_put(struct cx *cx, const struct pack_loaded *p)
{
    return db_exec(
        cx,
        "insert into module_pack (pack, file, kind, sha256, pack_date, loaded_at, added, changed, same, refused)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " on conflict (pack, file) do update set kind = excluded.kind, sha256 = excluded.sha256,"
        " pack_date = excluded.pack_date, loaded_at = excluded.loaded_at, added = excluded.added,"
        " changed = excluded.changed, same = excluded.same, refused = excluded.refused",
        V(p->pack), V(p->file), V(p->kind), V(p->sha256_hex), V(p->date), V(cx->now), V(p->added),
        V(p->changed), V(p->same), V(p->refused));
}

enum err pack_store_list(struct cx *cx, struct pack_loaded *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    *n = 0;
    TRY(db_query(
        cx, &rows,
        "select pack, file, kind, sha256, pack_date, loaded_at, added, changed, same, refused"
        " from module_pack order by loaded_at, pack, file"));
    while (*n < max && db_next(&rows))
        out[(*n)++] = (struct pack_loaded){
            .pack = db_str(&rows, 0),
            .file = db_str(&rows, 1),
            .kind = db_str(&rows, 2),
            .sha256_hex = db_str(&rows, 3),
            .date = db_str(&rows, 4),
            .loaded_at = db_int(&rows, 5),
            .added = db_int(&rows, 6),
            .changed = db_int(&rows, 7),
            .same = db_int(&rows, 8),
            .refused = db_int(&rows, 9),
        };
    return rows.err;
}
