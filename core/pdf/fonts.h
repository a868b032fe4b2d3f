/* fonts.h - the fonts pages are set in; for this room only. */
#pragma once
#include "base/base.h"

#include <pango/pangocairo.h>

#define PDF_SERIF "Liberation Serif"
#define PDF_SANS "Inter"

/* This thread's font map, which knows the embedded fonts and no others. ERR_IO: they could not
 * be loaded. Owned by the thread. */
enum err pdf_fonts(struct cx *cx, PangoFontMap **out);
