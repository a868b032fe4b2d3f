/* notify_smtp.h - one mail over SMTP, with an exact answer to "may it have arrived?". */
#pragma once
#include "base/base.h"

enum smtp_outcome {
    SMTP_SENT = 1,
    SMTP_NOT_SENT,  /* certainly not; try later */
    SMTP_REFUSED,   /* certainly not, and will not be: unknown recipient, content refused */
    SMTP_UNCERTAIN, /* the last dot went out, no answer came */
};

struct smtp_mail {
    struct str to;
    struct str text; /* RFC 5322, CRLF */
    /* Called when every line is out and only the last dot is missing: OK lets it go. Anything else
     * breaks the connection, and the mail is certainly not sent. */
    enum err (*before_end)(struct cx *cx, void *state);
    void *state;
};

void smtp_start(void); /* once, before any thread */
/* *answer: step and code of the server's last answer, for operators; no address in it. */
enum smtp_outcome smtp_send(struct cx *cx, const struct smtp_mail *m, struct str *answer);
bool smtp_configured(struct cx *cx);
/* One plain address of ASCII, as SMTP takes it: nothing that could begin another command. */
bool smtp_address_valid(struct str address);
