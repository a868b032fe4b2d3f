/* guide_store.h - rows of life events. */
#pragma once
#include "db/db.h"
#include "guide.h"

struct guide_event {
    struct str code, icon, title, about, steps; /* steps: JSON */
    int64_t sort;
};
enum err guide_store_put(struct cx *cx, const struct guide_event *e, bool *changed);
enum err guide_store_all(struct cx *cx, struct guide_event *out, size_t max, size_t *n);
enum err guide_store_find(struct cx *cx, struct str code, struct guide_event *out);
