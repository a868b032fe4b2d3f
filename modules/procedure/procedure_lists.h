/* procedure_lists.h - lists of this folder: where their rows come from. Inside of this folder. */
#pragma once
#include "list/list.h"
#include "procedure_import.h"

/* Rows are struct card_row. Filters: loai (mo, thoi-han, chua-doi-chieu, het), cap. */
extern const struct list_source procedure_card_source;
/* Rows are struct change_row; filters: ban (the import), loai (moi, doi, het). */
extern const struct list_source procedure_change_source;
