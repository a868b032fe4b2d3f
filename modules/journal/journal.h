/*
 * journal.h - every change of the province, once, provable (nhật ký; decisions 4 and 5).
 *
 * Whoever changes something writes one event in the same transaction: what happened to which
 * record, who acted where and why, and a commitment to its payload, which lies apart, sealed
 * under the key of the person it is about. A sequencer gives every committed event its position
 * in a Merkle log (RFC 9162); signed heads go to a witness file every hour. So nobody, not even an
 * administrator with the database in hand, can change, drop or insert an event unseen, and a
 * person's payload can still be erased by law: the proof stands without it.
 *
 * Positions start at 1 and have no gaps; the leaf of position p has index p - 1. An event that is
 * written but not yet sequenced has position 0 (on PostgreSQL for about a second).
 */
#pragma once
#include "base/base.h"
#include "crypto/crypto.h"
#include "db/db.h"

/* ---- writing: WRITE lane, in the caller's transaction ---- */

struct event {
    struct str kind;         /* "onestop.dossier.accepted": module.record.what, [a-z0-9._] */
    struct str subject_kind; /* "onestop.dossier": the record's table or room */
    struct str subject_code; /* public code of the record; never a personal number */
    int64_t subject_id;
    int64_t unit; /* unit in whose hands it is; 0: none */
    struct str from_state, to_state;
    int64_t payload_subject; /* vault subject whose key seals payload; 0: payload is free of
                              * personal data and lies open */
    struct str payload;      /* JSON, at most 64 KiB; empty: none */
    struct str note_public;  /* one sentence the person the record is about may read */
};
#define EVENT_PAYLOAD_MAX ((size_t)64 * 1024)

/* Actor, unit, purpose, request id and time come from cx. A malformed event is a MUST. */
enum err journal_write(struct cx *cx, const struct event *e);

/* "A personal field of another person was read": decision 6, section 6. Needs cx->purpose:
 * ERR_DENIED without one. The page is answered after this is committed. */
struct personal_read {
    int64_t data_subject;    /* vault subject of the person whose data it is */
    struct str subject_kind; /* the record it was read from */
    struct str subject_code;
    int64_t subject_id;
    struct str fields; /* names of fields, comma separated: "id_no,born_on" */
};
enum err journal_read_event(struct cx *cx, const struct personal_read *r);
/* The same asked for by whoever only reads, in any lane: it is written by WRITE before the answer
 * leaves (cx_before_answer). ERR_DENIED without a purpose. What *r points to is copied. */
enum err journal_note_read(struct cx *cx, const struct personal_read *r);

/* Erases a subject by a legal order: destroys the key (vault_erase), removes the sealed bodies,
 * writes "journal.subject.erased". `verify` then says "erased by order N". */
enum err journal_erase(struct cx *cx, int64_t vault_subject, struct str order_no);
/* After a restore: destroys again what tombstones name, writes "journal.restored" with what it
 * did. *erased: how many keys. To be called once, before serving. */
enum err journal_restored(struct cx *cx, int64_t *erased);

/* ---- reading ---- */

struct event_record {
    int64_t id, position, at;
    struct str kind, subject_kind, subject_code;
    int64_t subject_id, unit;
    struct str from_state, to_state;
    int64_t actor_account; /* 0: nobody signed in, or the program itself */
    int64_t actor_unit;
    bool actor_system; /* the program itself */
    struct str purpose, request_id, note_public;
    int64_t payload_subject;
    int64_t tx;             /* transaction on PostgreSQL, 0 on SQLite */
    struct hash commitment; /* all zero: the event has no payload */
    bool has_payload;
    struct str payload;   /* opened by journal_payload or journal_of(.., true, ..) */
    struct str erased_by; /* order that destroyed it; then payload is empty */
};

/* Events after *position in order, at most `max` (and at most 4096 looked at); kind_prefix empty:
 * all. *position moves past all that was looked at, so a sparse kind needs several calls; the
 * end is reached when it stands still. */
enum err journal_after(struct cx *cx, int64_t *position, struct str kind_prefix,
                       struct event_record *out, size_t max, size_t *n);
/* The timeline of one record, oldest first, after event id `after`; also events not yet
 * sequenced. open: the caller has checked that the actor may see payloads. */
enum err journal_of(struct cx *cx, struct str subject_kind, int64_t subject_id, int64_t after,
                    bool open, struct event_record *out, size_t max, size_t *n);
/* Events about one data subject whose kind has this prefix, newest first, before event id
 * `before` (0: from the newest): journal_about(cx, s, S("personal.read"), ...) is "who read my
 * data". */
enum err journal_about(struct cx *cx, int64_t vault_subject, struct str kind_prefix, int64_t before,
                       struct event_record *out, size_t max, size_t *n);
enum err journal_find(struct cx *cx, int64_t id, struct event_record *out); /* ERR_NOT_FOUND */
/* Opens e->payload; an erased one leaves it empty, sets erased_by and is OK. */
enum err journal_payload(struct cx *cx, struct event_record *e);

/* Derived tables (indicators, search, dashboards) follow the log by a named cursor. One call takes
 * the next batch and moves the cursor in the same WRITE transaction, so each event is taken
 * exactly once; a job_kind's `turn` is the place to call it from. *more: call again. */
typedef enum err journal_take(struct cx *cx, const struct event_record *events, size_t n);
enum err journal_feed(struct cx *cx, struct str cursor, struct str kind_prefix, journal_take *take,
                      bool *more);
/* For the job_kind's `ready`: is there anything this cursor has not seen? */
enum err journal_behind(struct cx *cx, struct str cursor, bool *behind);
/* When the next event that this cursor has not seen was written; 0: it has seen all. */
enum err journal_next_at(struct cx *cx, struct str cursor, int64_t *at);
/* `rebuild`: the derived table was dropped; the next feed starts from the first event. */
enum err journal_rewind(struct cx *cx, struct str cursor);

/* ---- the log ---- */

/* Gives positions to committed events. On SQLite a lane_before_commit hook; on PostgreSQL the
 * standing job "journal.sequence" of the lease holder calls it. */
enum err journal_sequence(struct cx *cx);

struct journal_tree {
    int64_t size;
    struct hash root;
};
enum err journal_tree_now(struct cx *cx, struct journal_tree *out);
enum err journal_tree_at(struct cx *cx, int64_t size, struct journal_tree *out); /* ERR_NOT_FOUND */
/* Proofs of RFC 9162. ERR_NOT_FOUND: no such position or size in the log. */
enum err journal_inclusion(struct cx *cx, int64_t position, int64_t size, struct hash *leaf,
                           struct merkle_proof *out);
enum err journal_consistency(struct cx *cx, int64_t old_size, int64_t size,
                             struct merkle_proof *out);
/* The bytes whose merkle_leaf is the event's leaf; README gives the layout for outside verifiers.
 */
struct str journal_leaf_bytes(struct cx *cx, const struct event_record *e);

struct journal_head {
    int64_t size, at;
    struct hash root;
    struct str key_id;    /* SHA-256 of the public key, hex */
    struct str signature; /* ECDSA P-256, DER, over journal_head_text */
};
/* "tinhso journal head\n<key id>\n<size>\n<root hex>\n<at>\n" */
struct str journal_head_text(struct cx *cx, const struct journal_head *h);
/* Signs the head of now into journal_head. WRITE lane; nothing when the log has not grown. */
enum err journal_sign_head(struct cx *cx);
enum err journal_head_last(struct cx *cx, struct journal_head *out); /* ERR_NOT_FOUND: none yet */
/* Appends to the witness file the heads it lacks (setting "witness.path", else
 * data_dir/witness/heads.log), fsynced. Reads the database; not in WRITE. */
enum err journal_witness(struct cx *cx);
struct str journal_witness_path(struct cx *cx);
/* The lines of such a file about heads signed after `since` (at most 50), for a witness elsewhere:
 * mails put one behind the other are a witness file. *last_at: of the last; 0: there is none. */
enum err journal_witness_text(struct cx *cx, int64_t since, struct str *text, int64_t *last_at);

/* ---- proving ---- */

struct journal_report {
    int64_t size;                      /* positions checked */
    int64_t payloads, erased, waiting; /* opened and compared; erased by order; not yet sequenced */
    int64_t heads, witnessed;          /* signed heads checked: in the database; in the file */
    bool sound;
    int64_t bad_position, bad_event; /* the first bad record; 0: not about one event */
    struct str what;                 /* the finding, Vietnamese, names table and record */
};
/* Called for what is lawful but worth saying: erased payloads, a restored log. */
typedef void journal_note(void *state, struct str line);
struct journal_check {
    struct str head_file; /* witness file to compare with; empty: only the database's heads */
    bool skip_payloads;   /* quick: leaves, nodes and heads only */
    journal_note *note;
    void *state;
};
/* Recomputes every leaf, node and root from the rows, checks signatures and commitments. Bounded
 * memory: reads in pages. OK also when the log is not sound: read report. Needs cx->db. */
enum err journal_verify(struct cx *cx, const struct journal_check *c, struct journal_report *out);

/* ---- the module ---- */
struct job_kind;
struct module;
extern const struct module journal_module;
extern const struct job_kind *const journal_jobs[]; /* NULL-ended: sequence, head, witness */
/* After migrations: makes the signing key if there is none, hooks the sequencer into the lanes. */
enum err journal_start(struct cx *cx);
/* Before lanes_stop: signs the last head, exports it. */
enum err journal_stop(struct cx *cx);
