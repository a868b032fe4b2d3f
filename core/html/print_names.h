/* print_names.h - the elements of print markup: which stand where, with which attributes. */
#pragma once
#include "base/base.h"

enum print_holds { PRINT_EMPTY, PRINT_TEXT, PRINT_BLOCKS, PRINT_EITHER, PRINT_ROWS, PRINT_CELLS };
struct print_element {
    const char *name;
    enum print_holds holds;
    const char *attributes; /* names between blanks */
};

const struct print_element *print_element_of(struct str name); /* NULL: none */
/* Whether `inner` can stand in `outer` (NULL: at the top). */
bool print_can_hold(const struct print_element *outer, const struct print_element *inner);
bool print_can_hold_text(const struct print_element *outer);
bool print_has_attribute(const struct print_element *e, struct str name);
