/* notify_store.h - rows of notices and mails, for the files of this folder. */
#pragma once
#include "notify.h"

enum mail_state {
    MAIL_WAITING = 1, /* certainly not sent yet */
    MAIL_ENDING, /* all lines are out, the last dot follows: from here on it may have arrived */
    MAIL_SENT,
    MAIL_UNCERTAIN, /* no answer came to the last dot: never sent again */
    MAIL_REFUSED,   /* the server will not have it */
    MAIL_NO_ADDRESS,
};

struct mail {
    int64_t notice_id, account, at;
    enum mail_state state;
    struct str message_id, title, body, link;
};

/* *added false: the same kind and key was told this account before. */
enum err notify_store_add(struct cx *cx, const struct notice *n, int64_t *id, bool *added);
enum err notify_store_add_mail(struct cx *cx, int64_t notice_id, struct str message_id);
enum err notify_store_mail(struct cx *cx, int64_t notice_id, struct mail *out); /* ERR_NOT_FOUND */
/* ERR_CONFLICT: it is not (any more) in state `from`. */
enum err notify_store_move(struct cx *cx, int64_t notice_id, enum mail_state from,
                           enum mail_state to, struct str answer);
