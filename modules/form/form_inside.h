/* form_inside.h - what the files of this folder share. */
#pragma once
#include "form/form.h"

/* What is said beside a field before it is sent, where scripts run: the same sentences. */
struct form_words {
    struct str missing, check, bad; /* look_field_view has them */
};
struct form_words form_words_of(struct cx *cx, const struct form_field *f);

/* One field: its canonical value, or the sentence beside it. */
struct checked {
    struct str canonical;
    bool number;
    struct str sentence; /* empty: right */
};
struct checked form_check_value(struct cx *cx, const struct form_field *f, struct str typed);
struct str form_missing(struct cx *cx, const struct form_field *f); /* "Nhập họ tên." */
/* "5/11/2026", "05/11/2026", "2026-11-05" */
bool form_date_typed(struct str s, int64_t *day);

/* ERR_INVALID with a sentence for whoever writes packs. */
enum err form_from_json(struct cx *cx, const struct json *v, struct form *f);
