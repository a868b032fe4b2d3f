/* caption.h - what is seen in the place of a signature; for this room only. */
#pragma once
#include "pdf_update.h"

#define CAPTION_ROOM ((size_t)1 << 20) /* bytes it may add to the file */

/* Adds a form object of w by h points that shows these lines; *form is its number. */
enum err caption_add(struct cx *cx, struct pdf_update *u, struct str caption, double w, double h,
                     uint32_t *form);
