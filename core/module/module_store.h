/* module_store.h - the rows of loaded packs. */
#pragma once
#include "module/module.h"

enum err pack_store_put(struct cx *cx, const struct pack_loaded *p);
enum err pack_store_list(struct cx *cx, struct pack_loaded *out, size_t max, size_t *n);
