/* json_fuzz.c - any bytes as JSON: judged the same with and without a tree, and what was read and
 * written again is the same value. */
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_same(const struct json *a, const struct json *b)
{
    MUST(a->kind == b->kind && a->n == b->n && str_eq(a->key, b->key));
    if (a->kind == JSON_INT)
        MUST(a->integer == b->integer);
    if (a->kind == JSON_STRING || a->kind == JSON_DECIMAL)
        MUST(str_eq(a->text, b->text));
    for (uint32_t i = 0; i < a->n; i++)
        must_be_same(&a->child[i], &b->child[i]);
}

static void read_and_write(struct arena *a, struct str text)
{
    const struct json *v, *again;
    struct json_error read_error = {0}, check_error = {0};
    enum err read = json_read(a, text, &v, &read_error), check = json_check(text, &check_error);
    MUST(read == check || read == ERR_LIMIT);
    if (read == ERR_INVALID)
        MUST(read_error.what == check_error.what && read_error.line >= 1 &&
             read_error.column >= 1 && read_error.line == check_error.line &&
             read_error.column == check_error.column);
    if (read != OK)
        return;
    struct buf b = {.arena = a, .limit = text.n * 6 + 64};
    json_put(&(struct json_out){.to = &b}, v);
    MUST(!b.full && !str_find(buf_str(&b), S("<"), NULL));
    MUST(json_read(a, buf_str(&b), &again, &read_error) == OK);
    must_be_same(v, again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct arena *a = arena_new(size * 200 + 65536), *small = arena_new(size * 2);
    const struct json *v;
    struct json_error error;
    read_and_write(a, text);
    IGNORE(json_read(small, text, &v, &error)); /* too little memory is an answer, never a MUST */
    arena_free(small);
    arena_free(a);
    return 0;
}
