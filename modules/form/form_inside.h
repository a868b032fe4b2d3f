/* form_inside.h - what the files of this folder share. */
#pragma once
#include "form/form.h"

/* What is said beside a field before it is sent, where scripts run: the same sentences. */
struct form_words {
    struct str missing, check, bad; /* look_field_view has them */
};
struct form_words form_words_of(struct cx *cx, const struct form_field *f);

/* ERR_INVALID with a sentence for whoever writes packs. */
enum err form_from_json(struct cx *cx, const struct json *v, struct form *f);
