/* journal.c - the rules of the journal: what an event must carry, how payloads are sealed. */
#include "journal.h"

#include "job/job.h"
#include "journal_store.h"
#include "journal_store_log.h"
#include "json/json.h"
#include "vault/vault.h"

#define KIND_MAX 80
#define CODE_MAX 200
#define NOTE_MAX 1000
#define PURPOSE_MAX 300

static bool kind_valid(struct str kind)
{
    for (size_t i = 0; i < kind.n; i++) {
        char c = kind.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_'))
            return false;
    }
    return kind.n > 0 && kind.n <= KIND_MAX;
}

/* Columns are not null: an absent text is an empty one. */
static struct str text_of(struct str s)
{
    return s.p ? s : S("");
}

static struct event_record record_from(struct cx *cx, const struct event *e)
{
    MUST(kind_valid(e->kind) && kind_valid(e->subject_kind));
    MUST(e->subject_code.n <= CODE_MAX && e->note_public.n <= NOTE_MAX);
    MUST(e->from_state.n <= KIND_MAX && e->to_state.n <= KIND_MAX);
    MUST(e->payload.n <= EVENT_PAYLOAD_MAX);
    return (struct event_record){
        .at = cx->now,
        .kind = e->kind,
        .subject_kind = e->subject_kind,
        .subject_code = text_of(e->subject_code),
        .subject_id = e->subject_id,
        .unit = e->unit,
        .from_state = text_of(e->from_state),
        .to_state = text_of(e->to_state),
        .actor_account = cx->actor->account,
        .actor_unit = cx->actor->unit,
        .actor_system = cx->actor->system,
        .purpose = text_of(str_until(cx->purpose, PURPOSE_MAX)),
        .request_id = text_of(cx->request_id),
        .note_public = text_of(e->note_public),
        .payload_subject = e->payload_subject,
        .has_payload = e->payload.n > 0,
    };
}

/* The salt travels inside the seal: with the key gone nobody can try guesses on the commitment. */
static enum err body_make(struct cx *cx, const struct event *e, struct hash *commitment,
                          struct body *b)
{
    struct str salt = random_bytes(cx, SALT_BYTES);
    *commitment = vault_commit(salt, e->payload);
    *b = (struct body){
        .present = true, .subject = e->payload_subject, .salt = salt, .text = e->payload};
    if (e->payload_subject == 0)
        return OK;
    struct str salted = str_join(cx->arena, (struct str[]){salt, e->payload}, 2, S(""));
    return vault_seal(cx, e->payload_subject, BODY_ABOUT, salted, &b->sealed);
}

enum err journal_write(struct cx *cx, const struct event *e)
{
    struct event_record r = record_from(cx, e);
    struct body b = {0};
    int64_t tx;
    if (r.has_payload)
        TRY(body_make(cx, e, &r.commitment, &b));
    TRY(db_transaction_id(cx, &tx));
    TRY(journal_store_add(cx, &r, tx));
    return b.present ? journal_store_add_body(cx, r.id, &b) : OK;
}

enum err journal_read_event(struct cx *cx, const struct personal_read *read)
{
    if (str_trim(cx->purpose).n == 0)
        return fail(cx, ERR_DENIED, T("Chọn mục đích xem thông tin cá nhân trước khi mở."));
    struct buf text = {.arena = cx->arena, .limit = 4096};
    struct json_out o = {.to = &text};
    json_open_object(&o);
    json_str(&o, S("fields"), read->fields);
    json_close_object(&o);
    MUST(!text.full && read->data_subject > 0);
    return journal_write(cx, &(struct event){
                                 .kind = S("personal.read"),
                                 .subject_kind = read->subject_kind,
                                 .subject_code = read->subject_code,
                                 .subject_id = read->subject_id,
                                 .unit = cx->actor->unit,
                                 .payload_subject = read->data_subject,
                                 .payload = buf_str(&text),
                             });
}

struct noted {
    struct personal_read read;
    struct str purpose;
};

static enum err write_noted(struct cx *cx, void *arg)
{
    const struct noted *n = arg;
    struct str before = cx->purpose;
    cx->purpose = n->purpose;
    enum err e = journal_read_event(cx, &n->read);
    cx->purpose = before;
    return e;
}

enum err journal_note_read(struct cx *cx, const struct personal_read *read)
{
    if (str_trim(cx->purpose).n == 0)
        return fail(cx, ERR_DENIED, T("Chọn mục đích xem thông tin cá nhân trước khi mở."));
    struct noted *n = NEW(cx->arena, struct noted);
    *n = (struct noted){*read, str_dup(cx->arena, cx->purpose)};
    n->read.subject_kind = str_dup(cx->arena, read->subject_kind);
    n->read.subject_code = str_dup(cx->arena, read->subject_code);
    n->read.fields = str_dup(cx->arena, read->fields);
    cx_before_answer(cx, write_noted, n);
    return OK;
}

/* ---- payloads ---- */

static bool committed(const struct event_record *e, struct str salt, struct str payload)
{
    struct hash h = vault_commit(salt, payload);
    return equal_in_constant_time(HASH_STR(h), HASH_STR(e->commitment));
}

enum err journal_body_open(struct cx *cx, const struct event_record *e, const struct body *b,
                           struct str *payload)
{
    *payload = S("");
    if (!b->present)
        return ERR_NOT_FOUND;
    struct str salt = b->salt, text = b->text;
    if (b->subject != e->payload_subject)
        return fail(cx, ERR_IO, "payload of event %lld names another subject", (long long)e->id);
    if (b->subject) {
        struct str plain;
        TRY(vault_open_sealed(cx, b->subject, BODY_ABOUT, b->sealed, &plain));
        salt = str_until(plain, SALT_BYTES);
        text = str_from(plain, SALT_BYTES);
    }
    if (!committed(e, salt, text))
        return fail(cx, ERR_IO, "payload of event %lld was changed", (long long)e->id);
    *payload = text;
    return OK;
}

enum err journal_payload(struct cx *cx, struct event_record *e)
{
    struct body b;
    e->payload = S("");
    if (!e->has_payload)
        return OK;
    TRY(journal_store_body(cx, e->id, &b));
    enum err err = journal_body_open(cx, e, &b, &e->payload);
    if (err != ERR_NOT_FOUND)
        return err;
    TRY(journal_store_order(cx, e->payload_subject, &e->erased_by));
    return e->erased_by.n ? OK
                          : fail(cx, ERR_IO, "payload of event %lld is gone without an order",
                                 (long long)e->id);
}

/* ---- erasing ---- */

static enum err tell_erased(struct cx *cx, int64_t subject, struct str order_no)
{
    TRY(journal_write(cx, &(struct event){
                              .kind = ERASED_KIND,
                              .subject_kind = S("vault.subject"),
                              .subject_id = subject,
                              .subject_code = order_no,
                              .to_state = S("erased"),
                          }));
    return journal_store_drop_bodies(cx, subject);
}

enum err journal_erase(struct cx *cx, int64_t vault_subject, struct str order_no)
{
    struct str number = str_trim(order_no);
    if (number.n > CODE_MAX)
        return fail(cx, ERR_LIMIT, T("Số quyết định dài quá %d byte."), CODE_MAX);
    TRY(vault_erase(cx, vault_subject, number));
    TRY(tell_erased(cx, vault_subject, number));
    return job_add(cx, "journal.tombstones", S(""), S("tombstones"), S("{}"), 0);
}

static enum err erased_again(struct cx *cx, void *, int64_t subject, struct str order_no)
{
    return tell_erased(cx, subject, order_no);
}

enum err journal_restored(struct cx *cx, int64_t *erased)
{
    TRY(vault_apply_tombstones(cx, erased_again, NULL, erased));
    return journal_write(cx,
                         &(struct event){
                             .kind = RESTORED_KIND,
                             .subject_kind = S("journal"),
                             .payload = str_fmt(cx->arena, "{\"erased\":%lld}", (long long)*erased),
                         });
}

/* ---- readers that keep derived tables ---- */

#define FEED_MAX 100 /* a writer turn stays under 20 ms */

enum err journal_feed(struct cx *cx, struct str cursor, struct str kind_prefix, journal_take *take,
                      bool *more)
{
    int64_t from;
    TRY(journal_store_cursor(cx, cursor, &from));
    int64_t to = from;
    size_t n;
    struct event_record *events = NEW_N(cx->arena, struct event_record, FEED_MAX);
    TRY(journal_after(cx, &to, kind_prefix, events, FEED_MAX, &n));
    *more = to != from;
    if (n)
        TRY(take(cx, events, n));
    return to == from ? OK : journal_store_move(cx, cursor, to);
}

enum err journal_behind(struct cx *cx, struct str cursor, bool *behind)
{
    int64_t position, size;
    TRY(journal_store_cursor(cx, cursor, &position));
    TRY(journal_store_log_size(cx, &size));
    *behind = position < size;
    return OK;
}

enum err journal_next_at(struct cx *cx, struct str cursor, int64_t *at)
{
    struct event_record next;
    int64_t position;
    size_t n;
    TRY(journal_store_cursor(cx, cursor, &position));
    TRY(journal_after(cx, &position, S(""), &next, 1, &n));
    *at = n ? next.at : 0;
    return OK;
}
