/* pattern_views.h - the page kinds of the pictures, drawn with invented contents; see README.md. */
#pragma once
#include "look/look.h"

#define PATTERN(name)                                                                              \
    struct pattern_##name##_view {                                                                 \
        const struct look_sheet_view *s;                                                           \
    };                                                                                             \
    void pattern_##name##_html(struct html *out, const struct pattern_##name##_view *v)
PATTERN(home);
PATTERN(results);
PATTERN(procedure);
PATTERN(question);
PATTERN(section);
PATTERN(check);
PATTERN(sent);
PATTERN(upload);
PATTERN(status);
PATTERN(counter);
PATTERN(inbox);
PATTERN(workspace);
PATTERN(signed);
PATTERN(signin);
PATTERN(lost);
