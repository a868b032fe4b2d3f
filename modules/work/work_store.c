/* work_store.c - the only SQL about work_item. */
#include "work_store.h"

#include "db/db.h"

#define COLUMNS                                                                                    \
    "w.id, w.code, w.account, w.unit, w.job, w.title, w.ask, w.lang, w.state, w.done, w.total,"    \
    " w.stop, w.why, w.file, w.file_name, w.file_type, w.asked_at, w.ended_at, w.link"

static struct work_item row_from(struct db_rows *r)
{
    return (struct work_item){
        .id = db_int(r, 0),
        .code = db_str(r, 1),
        .account = db_int(r, 2),
        .unit = db_int(r, 3),
        .job = db_str(r, 4),
        .title = db_str(r, 5),
        .ask = db_str(r, 6),
        .lang = db_str(r, 7),
        .state = (enum work_state)db_int(r, 8),
        .done = db_int(r, 9),
        .total = db_int(r, 10),
        .stop = db_int(r, 11) != 0,
        .why = db_str(r, 12),
        .file = db_int(r, 13),
        .file_name = db_str(r, 14),
        .file_type = db_str(r, 15),
        .asked_at = db_int(r, 16),
        .ended_at = db_int(r, 17),
        .link = db_str(r, 18),
    };
}

static enum err one(struct cx *cx, struct db_rows *r, struct work_item *out)
{
    if (!db_next(r))
        return r->err ? r->err
                      : fail(cx, ERR_NOT_FOUND,
                             T("Không tìm thấy việc này. Việc đã xong được giữ ba ngày."));
    *out = row_from(r);
    return OK;
}

static enum err many(struct db_rows *r, struct work_item *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n)
        out[*n] = row_from(r);
    return r->err;
}

enum err work_store_add(struct cx *cx, struct work_item *w)
{
    return db_insert(
        cx, &w->id,
        "insert into work_item (code, account, unit, job, title, ask, lang, state, done, total, stop,"
        " why, file, file_name, file_type, asked_at, ended_at, link)"
        " values ($1, $2, $3, $4, $5, $6, $7, 1, 0, 0, 0, '', null, '', '', $8, 0, $9) returning id",
        V(w->code), V(w->account), V(w->unit), V(w->job), V(w->title), V(w->ask), V(w->lang),
        V(cx->now), V(w->link.p ? w->link : S("")));
}

static void add_scope(struct cx *cx, struct db_text *q)
{
    db_scope(cx, q, &(struct db_scope_columns){.owner_account = "w.account"});
}

enum err work_store_by_code(struct cx *cx, struct str code, struct work_item *out)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " COLUMNS " from work_item w where w.code = $", V(code));
    add_scope(cx, &q);
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    return one(cx, &r, out);
}

enum err work_store_list(struct cx *cx, struct work_item *out, size_t max, size_t *n)
{
    struct db_text q;
    db_text_start(cx, &q);
    DB_ADD(&q, "select " COLUMNS " from work_item w where 1 = 1");
    add_scope(cx, &q);
    DB_ADD(&q, " order by w.id desc limit $", V(max));
    auto_rows r = {0};
    TRY(db_query_text(cx, &r, &q));
    return many(&r, out, max, n);
}

/* unscoped: the job itself, and a page that found the item as its owner's */
enum err work_store_find(struct cx *cx, int64_t id, struct work_item *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " COLUMNS " from work_item w where w.id = $1", V(id)));
    return one(cx, &r, out);
}

/* unscoped: a state and nothing else, for the module that started it */
enum err work_store_state(struct cx *cx, struct str code, enum work_state *out)
{
    int64_t state;
    TRY(db_one_int(cx, &state, "select state from work_item where code = $1", V(code)));
    *out = (enum work_state)state;
    return OK;
}

/* unscoped: a count, of the account that asks */
enum err work_store_open(struct cx *cx, int64_t account, int64_t *n)
{
    return db_one_int(
        cx, n, "select count(*) from work_item where account = $1 and state in (1, 2)", V(account));
}

enum err work_store_progress(struct cx *cx, int64_t id, int64_t done, int64_t total)
{
    return db_exec(cx,
                   "update work_item set state = 2, done = $1, total = $2"
                   " where id = $3 and state in (1, 2)",
                   V(done), V(total), V(id));
}

enum err work_store_stop(struct cx *cx, int64_t id)
{
    return db_exec(cx, "update work_item set stop = 1 where id = $1 and state in (1, 2)", V(id));
}

enum err work_store_end(struct cx *cx, const struct work_item *w)
{
    TRY(db_exec(cx,
                "update work_item set state = $1, done = $2, total = $3, why = $4, file = $5,"
                " file_name = $6, file_type = $7, ended_at = $8 where id = $9 and state in (1, 2)",
                V(w->state), V(w->done), V(w->total), V(w->why.p ? w->why : S("")),
                V_OR_NULL(w->file), V(w->file_name.p ? w->file_name : S("")),
                V(w->file_type.p ? w->file_type : S("")), V(cx->now), V(w->id)));
    return OK;
}

/* unscoped: the sweeper looks at all */
enum err work_store_old(struct cx *cx, int64_t before, struct work_item *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " COLUMNS
                 " from work_item w where w.ended_at > 0 and w.ended_at < $1 order by w.ended_at"
                 " limit $2",
                 V(before), V(max)));
    return many(&r, out, max, n);
}

enum err work_store_drop(struct cx *cx, int64_t id)
{
    return db_exec(cx, "delete from work_item where id = $1", V(id));
}
