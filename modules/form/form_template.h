/* form_template.h - the rows of print templates; the only SQL about form_template is beside it. */
#pragma once
#include "form/form.h"
#include "module/module.h"

enum err form_template_load(struct cx *cx, struct str name, struct str bytes, size_t *next,
                            struct pack_report *report);
