/* onestop_store_batch.c - SQL about lists of what one unit handed over to another. */
#include "db/db.h"
#include "onestop_desk_work.h"

#define COLUMNS                                                                                    \
    "h.id, h.no, h.from_unit, h.to_unit, h.size, h.made_by, h.made_at, h.received_by, h.received_at"

static struct batch row_from(struct db_rows *r, int at)
{
    return (struct batch){
        .id = db_int(r, at + 0),
        .no = db_str(r, at + 1),
        .from_unit = db_int(r, at + 2),
        .to_unit = db_int(r, at + 3),
        .size = db_int(r, at + 4),
        .made_by = db_int(r, at + 5),
        .made_at = db_int(r, at + 6),
        .received_by = db_int(r, at + 7),
        .received_at = db_int(r, at + 8),
    };
}

enum err onestop_store_batch_add(struct cx *cx, struct batch *h, struct str from_path,
                                 struct str to_path, const int64_t *dossiers, size_t n)
{
    TRY(db_insert(cx, &h->id,
                  "insert into onestop_batch (no, from_unit, from_path, to_unit, to_path, size,"
                  " made_by, made_at, received_by, received_at)"
                  " values ($1, $2, $3, $4, $5, $6, $7, $8, null, 0) returning id",
                  V(h->no), V(h->from_unit), V(from_path), V(h->to_unit), V(to_path), V(h->size),
                  V(h->made_by), V(h->made_at)));
    for (size_t i = 0; i < n; i++)
        TRY(db_exec(cx, "insert into onestop_batch_item (batch, dossier) values ($1, $2)", V(h->id),
                    V(dossiers[i])));
    return OK;
}

enum err onestop_store_batch_receive(struct cx *cx, const struct batch *h)
{
    TRY(db_exec(cx,
                "update onestop_batch set received_by = $1, received_at = $2"
                " where id = $3 and received_at = 0",
                V(h->received_by), V(h->received_at), V(h->id)));
    return db_changed(cx) == 1
               ? OK
               : fail(cx, ERR_CONFLICT,
                      T("Danh sách này vừa được người khác xác nhận. Tải lại trang để xem."));
}

/* Both sides, as far as the reader's scope reaches. */
static void add_scope(struct cx *cx, struct db_text *q)
{
    static const struct db_scope_columns to = {.unit = "h.to_unit", .unit_path = "h.to_path"},
                                         from = {.unit = "h.from_unit", .unit_path = "h.from_path"};
    DB_ADD(q, " and ((1 = 1");
    db_scope(cx, q, &to);
    DB_ADD(q, ") or (1 = 1");
    db_scope(cx, q, &from);
    DB_ADD(q, "))");
}

enum err onestop_batch_find(struct cx *cx, int64_t id, struct batch *out)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " COLUMNS " from onestop_batch h where h.id = $", V(id));
    add_scope(cx, &q);
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    if (!db_next(&r))
        return r.err ? r.err
                     : fail(cx, ERR_NOT_FOUND,
                            T("Không tìm thấy danh sách bàn giao này ở đơn vị bạn."));
    *out = row_from(&r, 0);
    db_rows_close(&r);
    void *one[] = {out};
    return onestop_batch_source.finish(cx, one, 1);
}

/* unscoped: the caller found the list by scope; names were opened for both sides when it was made
 */
enum err onestop_store_batch_dossiers(struct cx *cx, int64_t batch, struct dossier *out, size_t max,
                                      size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " ONESTOP_DOSSIER_COLUMNS
                 " from onestop_batch_item i join onestop_dossier d on d.id = i.dossier"
                 " where i.batch = $1 order by d.code limit $2",
                 V(batch), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = onestop_store_row(&r, 0);
    return r.err;
}

/* ---- the list ---- */

static void add_side(struct cx *cx, struct db_text *q, struct str value)
{
    if (str_eq(value, S("nhan")))
        DB_ADD(q, " and h.to_unit = $", V(cx->actor->unit));
    else if (str_eq(value, S("giao")))
        DB_ADD(q, " and h.from_unit = $", V(cx->actor->unit));
}

static void add_state(struct cx *cx, struct db_text *q, struct str value)
{
    (void)cx;
    if (str_eq(value, S("cho")))
        DB_ADD(q, " and h.received_at = 0");
    else if (str_eq(value, S("xong")))
        DB_ADD(q, " and h.received_at > 0");
}

/* unscoped: narrows a list whose scope is bound */
static enum err add_words(struct cx *cx, struct db_text *q, struct str words)
{
    struct str upper = text_upper(cx->arena, words);
    DB_ADD(q,
           " and (h.no = $ or h.id in (select i.batch from onestop_batch_item i"
           " join onestop_dossier d on d.id = i.dossier where d.code >= $ and d.code < $))",
           V(upper), V(upper), V(str_fmt(cx->arena, "%.*s~", F(upper))));
    return OK;
}

static void *row_of(struct cx *cx, struct db_rows *r, int at)
{
    struct batch *h = NEW(cx->arena, struct batch);
    *h = row_from(r, at);
    return h;
}

static const struct list_filter filters[] = {{"ben", NULL, add_side},
                                             {"tinh-trang", NULL, add_state}};
static const struct list_sort sorts[] = {{"luc", "h.made_at", false, true, NULL}};
const struct list_source onestop_batch_source = {
    .columns = COLUMNS,
    .from = " from onestop_batch h where 1 = 1",
    .id = "h.id",
    .scope = add_scope,
    .words = add_words,
    .filters = filters,
    .filters_n = 2,
    .sorts = sorts,
    .sorts_n = 1,
    .row = row_of,
    .finish = onestop_batch_finish,
};
