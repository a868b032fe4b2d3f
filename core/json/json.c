/* json.c - looking into a tree; checking a file. */
#include "json/json.h"

#include "json_parse.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_BYTES_MAX ((size_t)2 << 30)

static const struct json absent;

const struct json *json_get(const struct json *object, struct str key)
{
    for (uint32_t i = 0; object->kind == JSON_OBJECT && i < object->n; i++)
        if (object->child[i].key.n == key.n && str_eq(object->child[i].key, key))
            return &object->child[i];
    return &absent;
}

const struct json *json_at(const struct json *array, size_t i)
{
    return array->kind == JSON_ARRAY && i < array->n ? &array->child[i] : &absent;
}

bool json_has(const struct json *object, struct str key)
{
    return json_get(object, key) != &absent;
}

struct str json_text(const struct json *v)
{
    return v->kind == JSON_STRING ? v->text : S("");
}

int64_t json_int(const struct json *v, int64_t otherwise)
{
    return v->kind == JSON_INT ? v->integer : otherwise;
}

bool json_true(const struct json *v)
{
    return v->kind == JSON_TRUE;
}

/* ---- a file ---- */

/* The whole file in memory of malloc; NULL and errno: it cannot be read. */
static char *read_file(FILE *f, size_t *n)
{
    size_t cap = 1 << 20;
    char *p = malloc(cap);
    *n = 0;
    while (p) {
        *n += fread(p + *n, 1, cap - *n, f);
        if (*n < cap)
            break;
        char *wider = cap < FILE_BYTES_MAX ? realloc(p, cap *= 2) : NULL;
        if (!wider)
            free(p);
        p = wider;
    }
    if (p && !ferror(f))
        return p;
    free(p);
    return NULL;
}

enum err json_check_file(const char *path, struct json_error *error)
{
    *error = (struct json_error){"the file cannot be opened", 0, 0};
    FILE *f = fopen(path, "rb");
    if (!f)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    size_t n;
    char *p = read_file(f, &n);
    fclose(f);
    if (!p) {
        error->what = "the file cannot be read, or is over 2 GiB";
        return ERR_IO;
    }
    enum err e = json_check((struct str){p, n}, error);
    free(p);
    return e;
}
