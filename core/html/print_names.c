/* print_names.c - the elements of print markup. */
#include "print_names.h"

/* clang-format off */
static const struct print_element elements[] = {
    {"p",         PRINT_TEXT,   "align size bold italic indent width"},
    {"b",         PRINT_TEXT,   ""},
    {"i",         PRINT_TEXT,   ""},
    {"br",        PRINT_EMPTY,  ""},
    {"columns",   PRINT_BLOCKS, "width"},
    {"stack",     PRINT_BLOCKS, "width indent border keep"},
    {"table",     PRINT_ROWS,   "widths border head"},
    {"tr",        PRINT_CELLS,  "bold"},
    {"td",        PRINT_EITHER, "align size bold italic width"},
    {"space",     PRINT_EMPTY,  "height width"},
    {"rule",      PRINT_EMPTY,  "width align"},
    {"qr",        PRINT_EMPTY,  "text height align width"},
    {"signature", PRINT_EMPTY,  "height width"},
};
/* clang-format on */

const struct print_element *print_element_of(struct str name)
{
    for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
        if (str_eq(name, str_c(elements[i].name)))
            return &elements[i];
    return NULL;
}

static bool is(const struct print_element *e, const char *name)
{
    return strcmp(e->name, name) == 0;
}

bool print_can_hold(const struct print_element *outer, const struct print_element *inner)
{
    bool inside_text = is(inner, "b") || is(inner, "i") || is(inner, "br");
    if (is(inner, "tr"))
        return outer && outer->holds == PRINT_ROWS;
    if (is(inner, "td"))
        return outer && outer->holds == PRINT_CELLS;
    if (inside_text)
        return outer && (outer->holds == PRINT_TEXT || outer->holds == PRINT_EITHER) &&
               !is(outer, inner->name);
    return !outer || outer->holds == PRINT_BLOCKS || outer->holds == PRINT_EITHER;
}

bool print_can_hold_text(const struct print_element *outer)
{
    return outer && (outer->holds == PRINT_TEXT || outer->holds == PRINT_EITHER);
}

bool print_has_attribute(const struct print_element *e, struct str name)
{
    struct str rest = str_c(e->attributes), word;
    while (rest.n) {
        str_cut(rest, ' ', &word, &rest);
        if (str_eq(word, name))
            return true;
    }
    return false;
}
