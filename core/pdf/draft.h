/* draft.h - what making and signing share: a PDF as cairo leaves it; for this room only. */
#pragma once
#include "flow.h"
#include "pdf_read.h"

/* Lays out and draws; t's sheet is set. Notes the places of signatures in t. */
enum err draft_typeset(struct typeset *t, const struct pdf_block *blocks, size_t n, int *pages,
                       struct str *pdf);

/* The object number of page `index`, from 0. ERR_INVALID: there is none. */
enum err draft_page(struct cx *cx, const struct pdf_doc *d, int index, uint32_t *number);
