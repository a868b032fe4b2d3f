/* journal_store.c - the SQL about journal_event, journal_payload, journal_cursor. */
#include "journal_store.h"

#include "db/db.h"

/* The column list and its reader stand side by side: neither changes alone. */
#define EVENT_COLUMNS                                                                              \
    "e.id, e.at, e.kind, e.subject_kind, e.subject_id, e.subject_code, e.unit, e.from_state,"      \
    " e.to_state, e.actor_account, e.actor_unit, e.actor_system, e.purpose, e.request_id,"         \
    " e.note_public, e.payload_subject, e.commitment, e.tx"
#define EVENT_COLUMNS_N 18

static struct event_record event_from(struct db_rows *r, int at)
{
    struct event_record e = {
        .id = db_int(r, at),
        .at = db_int(r, at + 1),
        .kind = db_str(r, at + 2),
        .subject_kind = db_str(r, at + 3),
        .subject_id = db_int(r, at + 4),
        .subject_code = db_str(r, at + 5),
        .unit = db_int(r, at + 6),
        .from_state = db_str(r, at + 7),
        .to_state = db_str(r, at + 8),
        .actor_account = db_int(r, at + 9),
        .actor_unit = db_int(r, at + 10),
        .actor_system = db_int(r, at + 11) != 0,
        .purpose = db_str(r, at + 12),
        .request_id = db_str(r, at + 13),
        .note_public = db_str(r, at + 14),
        .payload_subject = db_int(r, at + 15),
        .has_payload = !db_null(r, at + 16),
        .tx = db_int(r, at + 17),
    };
    struct str commitment = db_bytes(r, at + 16);
    if (commitment.n == HASH_BYTES)
        memcpy(e.commitment.b, commitment.p, HASH_BYTES);
    return e;
}

/* Reads up to max rows of EVENT_COLUMNS followed by a position, and closes them. */
static enum err read_events(struct db_rows *r, struct event_record *out, size_t max, size_t *n)
{
    for (*n = 0; *n < max && db_next(r); ++*n) {
        out[*n] = event_from(r, 0);
        out[*n].position = db_int(r, EVENT_COLUMNS_N);
    }
    return r->err;
}

/* ---- writing ---- */

enum err journal_store_add(struct cx *cx, struct event_record *e, int64_t tx)
{
    e->tx = tx;
    return db_insert(
        cx, &e->id,
        "insert into journal_event (at, tx, kind, subject_kind, subject_id, subject_code, unit,"
        " from_state, to_state, actor_account, actor_unit, actor_system, purpose, request_id,"
        " note_public, payload_subject, commitment)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
        " returning id",
        V(e->at), V(tx), V(e->kind), V(e->subject_kind), V(e->subject_id), V(e->subject_code),
        V(e->unit), V(e->from_state), V(e->to_state), V(e->actor_account), V(e->actor_unit),
        V(e->actor_system), V(e->purpose), V(e->request_id), V(e->note_public),
        V(e->payload_subject), e->has_payload ? VB(HASH_STR(e->commitment)) : V_NULL);
}

enum err journal_store_add_body(struct cx *cx, int64_t event_id, const struct body *b)
{
    if (b->subject)
        return db_exec(
            cx, "insert into journal_payload (event_id, subject, sealed) values ($1, $2, $3)",
            V(event_id), V(b->subject), VB(b->sealed));
    return db_exec(
        cx, "insert into journal_payload (event_id, subject, salt, body) values ($1, 0, $2, $3)",
        V(event_id), VB(b->salt), V(b->text));
}

enum err journal_store_drop_bodies(struct cx *cx, int64_t vault_subject)
{
    return db_exec(cx, "delete from journal_payload where subject = $1 and subject > 0",
                   V(vault_subject));
}

/* ---- payloads ---- */

static struct body body_from(struct db_rows *r, int at)
{
    return (struct body){
        .present = !db_null(r, at),
        .subject = db_int(r, at),
        .sealed = db_bytes(r, at + 1),
        .salt = db_bytes(r, at + 2),
        .text = db_str(r, at + 3),
    };
}

/* unscoped: of an event the caller was let read */
enum err journal_store_body(struct cx *cx, int64_t event_id, struct body *out)
{
    auto_rows rows = {0};
    *out = (struct body){0};
    TRY(db_query(cx, &rows,
                 "select subject, sealed, salt, body from journal_payload where event_id = $1",
                 V(event_id)));
    if (db_next(&rows))
        *out = body_from(&rows, 0);
    return rows.err;
}

/* unscoped: the number of the order that erased a subject */
enum err journal_store_order(struct cx *cx, int64_t vault_subject, struct str *order_no)
{
    auto_rows rows = {0};
    *order_no = S("");
    TRY(db_query(
        cx, &rows,
        "select subject_code from journal_event"
        " where subject_kind = 'vault.subject' and subject_id = $1 and kind = $2 order by id limit 1",
        V(vault_subject), V(ERASED_KIND)));
    if (db_next(&rows))
        *order_no = db_str(&rows, 0);
    return rows.err;
}

/* ---- reading ---- */

/* unscoped: the door says who may: its caller asks */
enum err journal_find(struct cx *cx, int64_t id, struct event_record *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select " EVENT_COLUMNS ", p.position from journal_event e"
                 " left join journal_position p on p.event_id = e.id where e.id = $1",
                 V(id)));
    size_t n;
    TRY(read_events(&rows, out, 1, &n));
    return n ? OK : fail(cx, ERR_NOT_FOUND, T("Không có sự kiện số %lld."), (long long)id);
}

/* How many rows one call looks at: a kind that is rare must not hold the snapshot. */
#define LOOK_MAX 4096

/* unscoped: positions alone */
static enum err last_position_within(struct cx *cx, int64_t after, int64_t *last)
{
    return db_one_int(
        cx, last,
        "select coalesce(max(position), 0) from journal_position where position > $1 and position <= $2",
        V(after), V(after + LOOK_MAX));
}

/* The first text after every text with this prefix: '.' is followed by '/' in ASCII, and kinds
 * are [a-z0-9._] only; 0x7f is after all of them. */
static struct str after_prefix(struct cx *cx, struct str prefix)
{
    return str_fmt(cx->arena, "%.*s\x7f", F(prefix));
}

/* unscoped: readers of the whole log: indicators, search, notices */
enum err journal_after(struct cx *cx, int64_t *position, struct str kind_prefix,
                       struct event_record *out, size_t max, size_t *n)
{
    int64_t last;
    *n = 0;
    TRY(last_position_within(cx, *position, &last));
    if (last == 0 || max == 0)
        return OK;
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select " EVENT_COLUMNS
                 ", p.position from journal_position p join journal_event e on e.id = p.event_id"
                 " where p.position > $1 and p.position <= $2 and e.kind >= $3 and e.kind < $4"
                 " order by p.position limit $5",
                 V(*position), V(last), V(kind_prefix), V(after_prefix(cx, kind_prefix)), V(max)));
    TRY(read_events(&rows, out, max, n));
    *position = *n == max ? out[*n - 1].position : last;
    return OK;
}

/* unscoped: of a record the caller found within the scope */
enum err journal_of(struct cx *cx, struct str subject_kind, int64_t subject_id, int64_t after,
                    bool open, struct event_record *out, size_t max, size_t *n)
{
    {
        auto_rows rows = {0};
        TRY(db_query(
            cx, &rows,
            "select " EVENT_COLUMNS ", p.position from journal_event e"
            " left join journal_position p on p.event_id = e.id"
            " where e.subject_kind = $1 and e.subject_id = $2 and e.id > $3 order by e.id limit $4",
            V(subject_kind), V(subject_id), V(after), V(max)));
        TRY(read_events(&rows, out, max, n));
    }
    for (size_t i = 0; open && i < *n; i++)
        TRY(journal_payload(cx, &out[i]));
    return OK;
}

/* unscoped: of the subject whose data it is, asked for by that person */
enum err journal_about(struct cx *cx, int64_t vault_subject, struct str kind_prefix, int64_t before,
                       struct event_record *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(
        cx, &rows,
        "select " EVENT_COLUMNS ", p.position from journal_event e"
        " left join journal_position p on p.event_id = e.id"
        " where e.payload_subject = $1 and e.payload_subject > 0 and e.id < $2 and e.kind >= $3 and e.kind < $4"
        " order by e.id desc limit $5",
        V(vault_subject), V(before ? before : INT64_MAX), V(kind_prefix),
        V(after_prefix(cx, kind_prefix)), V(max)));
    return read_events(&rows, out, max, n);
}

/* ---- cursors ---- */

enum err journal_store_cursor(struct cx *cx, struct str name, int64_t *position)
{
    *position = 0;
    enum err e =
        db_one_int(cx, position, "select position from journal_cursor where name = $1", V(name));
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err journal_store_move(struct cx *cx, struct str name, int64_t position)
{
    return db_exec(cx,
                   "insert into journal_cursor (name, position) values ($1, $2)"
                   " on conflict (name) do update set position = excluded.position",
                   V(name), V(position));
}

enum err journal_rewind(struct cx *cx, struct str cursor)
{
    return db_exec(cx, "delete from journal_cursor where name = $1", V(cursor));
}

/* ---- for the sequencer and for verifying ---- */

/* unscoped: the sequencer looks at all */
enum err journal_store_last_mark(struct cx *cx, struct event_mark *out, int64_t *size)
{
    auto_rows rows = {0};
    *out = (struct event_mark){.tx = -1};
    *size = 0;
    TRY(db_query(
        cx, &rows,
        "select p.position, e.tx, e.id from journal_position p join journal_event e on e.id = p.event_id"
        " order by p.position desc limit 1"));
    if (db_next(&rows)) {
        *size = db_int(&rows, 0);
        *out = (struct event_mark){db_int(&rows, 1), db_int(&rows, 2)};
    }
    return rows.err;
}

/* unscoped: the sequencer looks at all */
enum err journal_store_unsequenced(struct cx *cx, struct event_mark after, int64_t horizon,
                                   struct event_record *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    /* SQLite has no transaction numbers, and would walk the whole index for the pair of them: this
     * runs before each commit. */
    if (!db_is_postgres(cx))
        TRY(db_query(cx, &rows,
                     "select " EVENT_COLUMNS ", 0 from journal_event e"
                     " where e.id > $1 order by e.id limit $2",
                     V(after.id), V(max)));
    else
        TRY(db_query(cx, &rows,
                     "select " EVENT_COLUMNS ", 0 from journal_event e"
                     " where (e.tx, e.id) > ($1, $2) and e.tx < $3 order by e.tx, e.id limit $4",
                     V(after.tx), V(after.id), V(horizon), V(max)));
    return read_events(&rows, out, max, n);
}

/* unscoped: verify walks through the whole log */
enum err journal_store_log(struct cx *cx, int64_t after, struct log_row *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select " EVENT_COLUMNS
                 ", b.subject, b.sealed, b.salt, b.body, p.position, p.event_id, p.leaf"
                 " from journal_position p left join journal_event e on e.id = p.event_id"
                 " left join journal_payload b on b.event_id = e.id"
                 " where p.position > $1 order by p.position limit $2",
                 V(after), V(max)));
    for (*n = 0; *n < max && db_next(&rows); ++*n)
        out[*n] = (struct log_row){
            .has_event = !db_null(&rows, 0),
            .event = event_from(&rows, 0),
            .body = body_from(&rows, EVENT_COLUMNS_N),
            .position = db_int(&rows, EVENT_COLUMNS_N + 4),
            .event_id = db_int(&rows, EVENT_COLUMNS_N + 5),
            .leaf = db_bytes(&rows, EVENT_COLUMNS_N + 6),
        };
    return rows.err;
}

/* unscoped: the sequencer looks at all */
enum err journal_store_waiting(struct cx *cx, struct event_mark last, int64_t *n,
                               int64_t *slipped_in)
{
    auto_rows rows = {0};
    *n = *slipped_in = 0;
    TRY(db_query(
        cx, &rows,
        "select count(*), coalesce(min(case when (e.tx, e.id) < ($1, $2) then e.id end), 0) from journal_event e"
        " where not exists (select 1 from journal_position p where p.event_id = e.id)",
        V(last.tx), V(last.id)));
    if (db_next(&rows)) {
        *n = db_int(&rows, 0);
        *slipped_in = db_int(&rows, 1);
    }
    return rows.err;
}
