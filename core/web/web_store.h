/* web_store.h - the rows of sessions, answers and drafts. */
#pragma once
#include "web_inside.h"

/* ERR_NOT_FOUND without a sentence where nothing is. */
enum err session_store_find(struct cx *cx, struct str token_hash, struct web_session *out);
/* Of these at most 60 ids, those that there are. */
enum err session_store_many(struct cx *cx, const int64_t *ids, size_t n, struct web_session *out,
                            size_t *found);
enum err session_store_add(struct cx *cx, struct web_session *s, struct str token_hash);
enum err session_store_rotate(struct cx *cx, const struct web_session *s, struct str token_hash,
                              int64_t prev_until);
enum err session_store_reissue(struct cx *cx, int64_t id, struct str token_hash);
enum err session_store_replace(struct cx *cx, int64_t id, struct str token_hash,
                               int64_t prev_until);
enum err session_store_end(struct cx *cx, int64_t id);
enum err session_store_end_all(struct cx *cx, int64_t account);
enum err session_store_end_others(struct cx *cx, int64_t account, int64_t but);
/* False: it is no longer there. */
enum err session_store_use_waiting(struct cx *cx, int64_t id, bool *used);
enum err session_store_mine(struct cx *cx, struct web_session_row *out, size_t max, size_t *n);
enum err session_store_end_mine(struct cx *cx, int64_t id);
enum err session_store_unit(struct cx *cx, int64_t id, int64_t unit);
enum err session_store_lock(struct cx *cx, int64_t id);
enum err session_store_seen(struct cx *cx, int64_t id, int64_t seen_at);

struct kept_answer {
    int status;
    int64_t session, kept_at;
    struct str sealed;
};
enum err answer_store_claim(struct cx *cx, struct str token_hash, struct str route, bool *first);
enum err answer_store_keep(struct cx *cx, struct str token_hash, const struct kept_answer *a);
enum err answer_store_find(struct cx *cx, struct str token_hash, struct kept_answer *out);
/* Drops what is older: ended sessions, old answers, forgotten drafts. */
enum err web_store_ping(struct cx *cx, int64_t *one);
enum err web_store_sweep(struct cx *cx, int64_t answers_before, int64_t drafts_before);

enum err draft_store_put(struct cx *cx, struct str form_key, int64_t subject, struct str sealed);
enum err draft_store_find(struct cx *cx, struct str form_key, int64_t *subject, struct str *sealed);
enum err draft_store_drop(struct cx *cx, struct str form_key);
enum err draft_store_trim(struct cx *cx, int keep);
