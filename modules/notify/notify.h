/*
 * notify.h - telling people: inside the program, and by mail when they left an address (thông báo).
 *
 * A notice is a row written in the transaction of what it tells of; the mail goes out by a job of
 * the outbox. Nothing is sent twice: `key` is unique within `kind` and account, a Message-ID is
 * stable, and a mail whose fate is unknown is not sent again. A mail says that there is news and
 * where to read it, never what it is about in person (administrative-procedures.md section 15).
 */
#pragma once
#include "base/base.h"

struct notice {
    int64_t account;  /* whom; their mail address is identity's */
    struct str kind;  /* "onestop.dossier" */
    struct str key;   /* the same kind and key is one notice; empty: always a new one */
    struct str title; /* a sentence without personal data: also the mail's subject */
    struct str body;  /* a short paragraph without personal data */
    struct str link;  /* path of the page to read, "/ho-so/YC-7F3K-92QDM4" */
};
/* WRITE lane. */
enum err notify_send(struct cx *cx, const struct notice *n);

struct notice_row {
    int64_t id, at;
    struct str kind, title, body, link;
    bool read;
};
/* Of cx->actor, newest first, before id `before` (0: from the newest). */
enum err notify_mine(struct cx *cx, int64_t before, struct notice_row *out, size_t max, size_t *n);
/* How many are new, counted up to max. */
enum err notify_unread(struct cx *cx, int64_t max, int64_t *n);
enum err notify_mark_read(struct cx *cx, int64_t up_to_id); /* WRITE; own ones only */
/* Where mail for an account goes; empty: none. identity sets the hook at start. */
typedef enum err notify_address(struct cx *cx, int64_t account, struct str *email,
                                struct str *name);
void notify_set_address(notify_address *fn);

/* A letter of the program itself to an address that a setting names: a witness, a test of the mail
 * server. For the act of a job, outside of any lane; the job is its outbox. */
struct letter {
    struct str to, subject, text; /* text of at most LETTER_MAX bytes, sent as it is */
    struct str key;               /* [a-z0-9-]: the same key is the same Message-ID */
};
#define LETTER_MAX 32'000
/* ERR_BUSY: certainly not sent, try later (also: no mail server is set). ERR_INVALID: no address,
 * or the server refuses it for good. ERR_IO: it may have arrived. *answer (may be NULL): the
 * server's last answer, for operators. */
enum err notify_letter(struct cx *cx, const struct letter *l, struct str *answer);

struct module;
extern const struct module notify_module;
