/* procedure_inside.h - what the files of this folder share. */
#pragma once
#include "module/module.h"
#include "procedure/procedure.h"
#include "procedure_store.h"

/* From stored rows to what others see; opening may be NULL. */
enum err procedure_from_rows(struct cx *cx, const struct version_row *v,
                             const struct opening_row *o, const struct procedure **out);
/* Makes the words of one procedure anew. WRITE. */
enum err procedure_index(struct cx *cx, const struct procedure *p, const struct json *aliases);

extern const struct pack_kind procedure_packs[];
extern const struct route procedure_routes[];
extern const struct menu_item procedure_menu[];
/* Makes all words anew. WRITE. */
enum err procedure_rebuild(struct cx *cx);
