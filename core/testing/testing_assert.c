/* testing_assert.c - assertions that say what came instead. */
#include "testing/testing.h"

void testing_ok_(enum err e, const char *what, const char *file, int line)
{
    if (e == OK)
        return;
    print_error("%s came to %s\n", what, err_name(e));
    _fail(file, line);
}

void testing_err_(enum err e, enum err expected, const char *what, const char *file, int line)
{
    if (e == expected)
        return;
    print_error("%s came to %s instead of %s\n", what, err_name(e), err_name(expected));
    _fail(file, line);
}

/* As much of a text as helps to see what it is. */
static void print_text(struct str text)
{
    print_error("---\n%.*s%s\n---\n", F(str_until(text, 4000)), text.n > 4000 ? " ..." : "");
}

void testing_contains_(struct str text, struct str part, bool expected, const char *file, int line)
{
    if (str_find(text, part, NULL) == expected)
        return;
    print_error("this text %s \"%.*s\":\n", expected ? "lacks" : "contains", F(part));
    print_text(text);
    _fail(file, line);
}

void testing_equal_(struct str text, struct str expected, const char *file, int line)
{
    if (str_eq(text, expected))
        return;
    print_error("expected \"%.*s\" instead of:\n", F(expected));
    print_text(text);
    _fail(file, line);
}
