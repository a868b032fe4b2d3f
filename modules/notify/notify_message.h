/* notify_message.h - a mail's text as RFC 5322 wants it. */
#pragma once
#include "notify_store.h"

/* Always the same for one notice: a server that has it already may know it again. */
struct str message_id_of(struct cx *cx, int64_t notice_id);
struct str message_text(struct cx *cx, const struct mail *m, struct str to);
/* RFC 2047: words of at most 75 signs, cut between characters, on lines of their own. */
struct str message_words(struct cx *cx, struct str text);
/* A letter that tells of no notice: its whole text, as it is. */
struct str message_letter(struct cx *cx, const struct letter *l);
