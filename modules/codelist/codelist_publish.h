/* codelist_publish.h - a version on its way into force: from a pack, or from a draft. */
#pragma once
#include "codelist_store.h"
#include "job/job.h"
#include "json/json.h"
#include "module/module.h"

struct codelist_loading {
    const struct json *root, *codes;
    struct codelist l;
    struct codelist_version v;
    bool first; /* the list has no version before: nothing is "new" */
    int64_t added, changed, ended, same;
};

/* The list, the version and its codes, as a file says them. ERR_INVALID, ERR_LIMIT. */
enum err codelist_read(struct cx *cx, struct str bytes, struct codelist_loading *m);
struct codelist_code codelist_code_at(struct cx *cx, const struct codelist_loading *m, size_t i);
/* In words and in place; the day apart. */
bool codelist_same_code(const struct codelist_code *a, const struct codelist_code *b);
/* All that hold on the day of the version, whichever version they came with. */
enum err codelist_in_force(struct cx *cx, struct codelist_loading *m, struct codelist_code **out,
                           size_t *n);
/* ERR_CONFLICT: the list has a newer version already. */
enum err codelist_not_before(struct cx *cx, const struct codelist_loading *m);
/* Some codes; *next is 0 when the version is whole. */
enum err codelist_apply(struct cx *cx, struct codelist_loading *m, size_t *next,
                        struct pack_report *report);
enum err codelist_payload(struct cx *cx, const struct job *j, const struct json **v);
