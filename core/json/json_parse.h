/* json_parse.h - between json_read.c (values) and json_scan.c (strings and numbers). */
#pragma once
#include "json/json.h"

/* One text being read. The stack holds the members of all open arrays and objects; when one
 * closes, its members move to the arena as one run. */
struct json_parse {
    struct arena *arena;
    const char *p, *end; /* what is left */
    const char *from;
    bool keep; /* false: only checked, no tree is made */
    int depth;
    struct json *stack;
    size_t n, cap;
    bool grown;   /* it was on the stack of the program, and is no longer */
    enum err err; /* OK while all is well */
    const char *what, *where;
};

void json_stop(struct json_parse *j, enum err err, const char *where, const char *what);
/* Whether the arena has room for so many bytes more; stops with ERR_LIMIT otherwise. */
bool json_fits(struct json_parse *j, size_t bytes);
/* A string: j->p stands behind its first quote. keep: the value is wanted. */
struct str json_scan_string(struct json_parse *j, bool keep);
/* A number at j->p, into v. */
void json_scan_number(struct json_parse *j, struct json *v);
/* The whole text is a number of JSON. */
bool json_is_number(struct str s);
