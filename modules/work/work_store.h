/* work_store.h - rows of long work; reads for people apply cx->scope. */
#pragma once
#include "work.h"

struct work_item {
    int64_t id, account, unit, done, total, file, asked_at, ended_at;
    enum work_state state;
    bool stop;
    struct str code, job, title, ask, lang, why, file_name, file_type, link;
};
enum err work_store_add(struct cx *cx, struct work_item *w);
enum err work_store_by_code(struct cx *cx, struct str code, struct work_item *out);    /* scoped */
enum err work_store_list(struct cx *cx, struct work_item *out, size_t max, size_t *n); /* scoped */
enum err work_store_find(struct cx *cx, int64_t id, struct work_item *out);      /* not scoped */
enum err work_store_state(struct cx *cx, struct str code, enum work_state *out); /* not scoped */
/* How many of this account's are not ended. */
enum err work_store_open(struct cx *cx, int64_t account, int64_t *n);
enum err work_store_progress(struct cx *cx, int64_t id, int64_t done, int64_t total);
enum err work_store_stop(struct cx *cx, int64_t id);
enum err work_store_end(struct cx *cx, const struct work_item *w);
/* The person wants it to end; what has not begun ends now. */
enum err work_stop(struct cx *cx, struct work_item *w);
/* What ended before this instant. */
enum err work_store_old(struct cx *cx, int64_t before, struct work_item *out, size_t max,
                        size_t *n);
enum err work_store_drop(struct cx *cx, int64_t id);
