/* form_store.h - the only SQL about form_* tables. */
#pragma once
#include "form/form.h"

struct form_row {
    int64_t id;
    struct str code, version, definition, sha256;
    int64_t valid_from;
};
enum err form_store_in_force(struct cx *cx, struct str code, int64_t on_day,
                             struct form_row *out); /* ERR_NOT_FOUND */
enum err form_store_codes(struct cx *cx, int64_t on_day, struct str *out, size_t max, size_t *n);
enum err form_store_in_force_id(struct cx *cx, struct str code, int64_t on_day, int64_t *id);
enum err form_store_by_id(struct cx *cx, int64_t id, struct form_row *out);
enum err form_store_by_version(struct cx *cx, struct str code, struct str version,
                               struct form_row *out);
enum err form_store_add(struct cx *cx, struct form_row *row);

/* Print templates. ERR_NOT_FOUND without a sentence: no such version. */
enum err form_store_template(struct cx *cx, struct str code, struct str version,
                             struct template_row *out);
enum err form_store_template_add(struct cx *cx, const struct template_row *t);
