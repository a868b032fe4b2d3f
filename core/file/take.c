/* take.c - a small upload that is read and leaves nothing behind: a private key. */
#include "file_inside.h"

#include "db/db.h"

#include <errno.h>
#include <unistd.h>

/* unscoped: whether the same bytes of the same owner are kept as a file */
static enum err has_row(struct cx *cx, struct str blob, bool *has)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select 1 from file_stored where blob = $1 limit 1", V(blob)));
    *has = db_next(&rows);
    return rows.err;
}

enum err file_upload_take(struct cx *cx, struct file_upload *u, struct str *bytes)
{
    const struct str blob = {u->blob, BLOB_HEX};
    bool kept = false;
    MUST(u->stage == IN_PLACE || u->stage == TAKEN);
    if (u->size > (int64_t)TAIL_BYTES)
        return fail(cx, ERR_LIMIT, T("Tệp dài quá 128 kB. Chọn tệp khác."));
    *bytes = str_dup(cx->arena, upload_tail(u));
    TRY(has_row(cx, blob, &kept));
    const char *path = blob_path(cx->arena, blob).p;
    u->stage = TAKEN;
    if (!kept && unlinkat(u->store->dir, path, 0) != 0 && errno != ENOENT)
        return fail(cx, ERR_IO, "cannot remove files/%s: %s", path, strerror(errno));
    return OK;
}
