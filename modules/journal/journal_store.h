/* journal_store.h - rows of events and payloads, for the files of this folder. */
#pragma once
#include "journal.h"

/* The stored body: what commitment and payload are made of. */
struct body {
    bool present;
    int64_t subject;
    struct str sealed, salt, text;
};
#define SALT_BYTES 16
#define BODY_ABOUT S("journal_payload.sealed")
#define ERASED_KIND S("journal.subject.erased")
#define RESTORED_KIND S("journal.restored")

enum err journal_store_add(struct cx *cx, struct event_record *e, int64_t tx);
enum err journal_store_add_body(struct cx *cx, int64_t event_id, const struct body *b);
enum err journal_store_body(struct cx *cx, int64_t event_id, struct body *out);
enum err journal_store_drop_bodies(struct cx *cx, int64_t vault_subject);
/* The order in the log that erased a subject; empty: none. */
enum err journal_store_order(struct cx *cx, int64_t vault_subject, struct str *order_no);

/* Committed events in the order (tx, id) after the given one, whose transactions ended. */
struct event_mark {
    int64_t tx, id;
};
enum err journal_store_last_mark(struct cx *cx, struct event_mark *out, int64_t *size);
enum err journal_store_unsequenced(struct cx *cx, struct event_mark after, int64_t horizon,
                                   struct event_record *out, size_t max, size_t *n);

/* How far a reader has read; 0: not begun. */
enum err journal_store_cursor(struct cx *cx, struct str name, int64_t *position);
enum err journal_store_move(struct cx *cx, struct str name, int64_t position);

/* Events without a position, and the first of them that stands before the given mark (0: none):
 * slipped in, since everything before it was sequenced. */
enum err journal_store_waiting(struct cx *cx, struct event_mark last, int64_t *n,
                               int64_t *slipped_in);

/* Rows of the log as they stand, for verifying: whatever is missing is told, not hidden. */
struct log_row {
    int64_t position, event_id;
    struct str leaf;
    bool has_event;
    struct event_record event;
    struct body body;
};
enum err journal_store_log(struct cx *cx, int64_t after, struct log_row *out, size_t max,
                           size_t *n);

/* Opens a body and checks it against the event's commitment.
 * ERR_NOT_FOUND: key or body are gone. ERR_IO: it was changed. */
enum err journal_body_open(struct cx *cx, const struct event_record *e, const struct body *b,
                           struct str *payload);
