/* look_inside.h - between the files of this folder. */
#pragma once
#include "look.h"

typedef void look_draw_frame(struct html *out, const struct look_frame *f);

/* look_kept.c: draws the frame from what was kept of it, or by `draw`. `name` tells the draws
 * apart. */
void look_kept_frame(struct cx *cx, struct html *out, const struct look_frame *f, struct str name,
                     look_draw_frame *draw);
