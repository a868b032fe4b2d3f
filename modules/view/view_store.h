/* view_store.h - rows of kept views; each call is about the reader's own alone. */
#pragma once
#include "view.h"

enum err view_store_add(struct cx *cx, int64_t subject, struct view *v);
enum err view_store_find(struct cx *cx, struct str code, struct view *out); /* ERR_NOT_FOUND */
enum err view_store_rename(struct cx *cx, int64_t subject, const struct view *v);
enum err view_store_drop(struct cx *cx, const struct view *v);
/* Titles and queries are still sealed. */
enum err view_store_mine(struct cx *cx, struct str list, struct view *out, size_t max, size_t *n);
enum err view_store_open(struct cx *cx, int64_t subject, struct view *v);
