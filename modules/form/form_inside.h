/* form_inside.h - what the files of this folder share. */
#pragma once
#include "form/form.h"

/* ERR_INVALID with a sentence for whoever writes packs. */
enum err form_from_json(struct cx *cx, const struct json *v, struct form *f);
