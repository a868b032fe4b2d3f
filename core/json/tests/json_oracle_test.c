/* json_oracle_test.c - random JSON, read by us and by jansson. */
#include "json/json.h"

#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

/* What is needed of jansson 2.14, written out: its header and ours use the same names. */
struct oracle {
    int type;
};
struct oracle_error {
    int line, column, position;
    char source[80];
    char text[160];
};
enum {
    ORACLE_OBJECT,
    ORACLE_ARRAY,
    ORACLE_STRING,
    ORACLE_INTEGER,
    ORACLE_REAL,
    ORACLE_TRUE,
    ORACLE_FALSE,
    ORACLE_NULL
};
#define ORACLE_FLAGS (0x1 | 0x4 | 0x10) /* reject duplicates, any value, allow \u0000 */
struct oracle *json_loadb(const char *text, size_t n, size_t flags, struct oracle_error *error);
void json_delete(struct oracle *v);
size_t json_object_size(const struct oracle *v);
struct oracle *json_object_get(const struct oracle *v, const char *key);
size_t json_array_size(const struct oracle *v);
struct oracle *json_array_get(const struct oracle *v, size_t i);
const char *json_string_value(const struct oracle *v);
size_t json_string_length(const struct oracle *v);
long long json_integer_value(const struct oracle *v);
double json_real_value(const struct oracle *v);

static struct arena *arena;
static uint64_t seed = 8259;

static uint32_t dice(uint32_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % sides);
}

/* ---- the same value? ---- */

static bool same(const struct json *a, const struct oracle *b);

static bool same_members(const struct json *a, const struct oracle *b)
{
    if (json_object_size(b) != a->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++) {
        const struct json *v = &a->child[i];
        if (memchr(v->key.p, 0, v->key.n))
            continue; /* jansson finds members by C strings */
        const struct oracle *found = json_object_get(b, str_z(arena, v->key));
        if (!found || !same(v, found))
            return false;
    }
    return true;
}

static bool same_elements(const struct json *a, const struct oracle *b)
{
    if (json_array_size(b) != a->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (!same(&a->child[i], json_array_get(b, i)))
            return false;
    return true;
}

static bool same(const struct json *a, const struct oracle *b)
{
    switch (a->kind) {
    case JSON_NULL:
        return b->type == ORACLE_NULL;
    case JSON_FALSE:
        return b->type == ORACLE_FALSE;
    case JSON_TRUE:
        return b->type == ORACLE_TRUE;
    case JSON_INT:
        return b->type == ORACLE_INTEGER && json_integer_value(b) == a->integer;
    case JSON_DECIMAL:
        return b->type == ORACLE_REAL && json_real_value(b) == strtod(str_z(arena, a->text), NULL);
    case JSON_STRING:
        return b->type == ORACLE_STRING &&
               str_eq(a->text, (struct str){json_string_value(b), json_string_length(b)});
    case JSON_ARRAY:
        return b->type == ORACLE_ARRAY && same_elements(a, b);
    case JSON_OBJECT:
        return b->type == ORACLE_OBJECT && same_members(a, b);
    }
    return false;
}

/* ---- texts ---- */

static void blank(struct buf *b)
{
    static const char blanks[] = " \n\r\t";
    while (dice(4) == 0)
        buf_byte(b, blanks[dice(4)]);
}

static void random_string(struct buf *b, uint32_t most)
{
    static const char *const parts[] = {"a",
                                        "xyz",
                                        " ",
                                        "đ",
                                        "Nguyễn",
                                        "ệ",
                                        "😀",
                                        "\\n",
                                        "\\\"",
                                        "\\\\",
                                        "\\/",
                                        "\\u0000",
                                        "\\u0110",
                                        "\\uD83d\\ude00",
                                        "0123456789abcdef",
                                        "\x7F",
                                        "\\b\\f\\r\\t",
                                        "\xE2\x80\xA8"};
    buf_byte(b, '"');
    for (uint32_t n = dice(most); n; n--)
        buf_add(b, str_c(parts[dice(sizeof parts / sizeof *parts)]));
    buf_byte(b, '"');
}

static void random_number(struct buf *b)
{
    if (dice(3) == 0)
        buf_byte(b, '-');
    buf_fmt(b, "%u", dice(2) ? dice(10) : dice(1u << 31));
    if (dice(3) == 0)
        buf_fmt(b, ".%0*u", (int)(1 + dice(8)), dice(1000));
    if (dice(4) == 0)
        buf_fmt(b, "%c%s%u", "eE"[dice(2)], dice(3) ? (dice(2) ? "-" : "+") : "", dice(20));
}

static void random_value(struct buf *b, int depth)
{
    static const char *const words[] = {"true", "false", "null"};
    uint32_t kind = dice(depth > 6 ? 4 : 8);
    blank(b);
    if (kind == 0) {
        buf_add(b, str_c(words[dice(3)]));
    } else if (kind == 1) {
        random_number(b);
    } else if (kind < 4) {
        random_string(b, 6);
    } else {
        bool object = kind > 5;
        buf_byte(b, object ? '{' : '[');
        for (uint32_t i = 0, n = dice(depth == 0 ? 40 : 5); i < n; i++) {
            if (i)
                buf_byte(b, ',');
            blank(b);
            if (object) {
                random_string(b, 4);
                blank(b);
                buf_byte(b, ':');
            }
            random_value(b, depth + 1);
        }
        blank(b);
        buf_byte(b, object ? '}' : ']');
    }
    blank(b);
}

/* No raw zero: jansson takes it for the end of the text. */
static void spoil(struct buf *b)
{
    static const char bytes[] = "{}[]\",:\\0123456789.eE+-truefalsn u\x1F\x80\xC3\xE1\xED\xF4\xFF";
    for (uint32_t n = 1 + dice(3); n && b->n; n--) {
        size_t at = dice((uint32_t)b->n);
        uint32_t how = dice(3);
        if (how == 0)
            b->p[at] = bytes[dice(sizeof bytes - 1)];
        else if (how == 1)
            memmove(b->p + at, b->p + at + 1, --b->n - at);
        else
            b->n = at;
    }
}

/* jansson refuses numbers beyond long long and double, and takes deeper texts. */
static bool differs_by_design(const struct oracle_error *e)
{
    return strstr(e->text, "too big") || strstr(e->text, "too small") ||
           strstr(e->text, "overflow") || strstr(e->text, "NUL byte in object key");
}

static void check(struct str text)
{
    struct oracle_error theirs = {0};
    struct oracle *b = json_loadb(text.p, text.n, ORACLE_FLAGS, &theirs);
    const struct json *a = NULL;
    struct json_error ours = {0};
    bool taken = json_read(arena, text, &a, &ours) == OK;
    if (!b && differs_by_design(&theirs))
        return;
    if (taken != (b != NULL))
        fail_msg("we %s it (%s), jansson does not (%s): %s", taken ? "take" : "refuse",
                 ours.what ? ours.what : "", theirs.text, str_hex(arena, text).p);
    if (b && !same(a, b))
        fail_msg("read differently: %.*s", F(text));
    if (b)
        json_delete(b);
}

/* ---- tests ---- */

static int setup(void **)
{
    arena = arena_new((size_t)64 << 20);
    return 0;
}

static int teardown(void **)
{
    arena_free(arena);
    return 0;
}

static void random_texts_are_read_as_jansson_reads_them(void **)
{
    for (int round = 0; round < 20000; round++) {
        struct buf b = {.arena = arena, .limit = (size_t)1 << 20};
        random_value(&b, 0);
        check(buf_str(&b));
        arena_reset(arena);
    }
}

static void spoiled_texts_are_refused_as_jansson_refuses_them(void **)
{
    for (int round = 0; round < 60000; round++) {
        struct buf b = {.arena = arena, .limit = (size_t)1 << 20};
        random_value(&b, 2);
        spoil(&b);
        check(buf_str(&b));
        arena_reset(arena);
    }
}

static void what_we_write_jansson_reads(void **)
{
    for (int round = 0; round < 5000; round++) {
        struct buf b = {.arena = arena, .limit = (size_t)1 << 20}, out = b;
        random_value(&b, 0);
        const struct json *v, *again;
        struct json_error e;
        if (json_read(arena, buf_str(&b), &v, &e) != OK)
            continue; /* equal keys came up */
        json_put(&(struct json_out){.to = &out}, v);
        check(buf_str(&out));
        assert_int_equal(json_read(arena, buf_str(&out), &again, &e), OK);
        struct oracle_error error;
        struct oracle *first = json_loadb(b.p, b.n, ORACLE_FLAGS, &error);
        assert_true(first ? same(again, first) : differs_by_design(&error));
        if (first)
            json_delete(first);
        arena_reset(arena);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(random_texts_are_read_as_jansson_reads_them),
        TEST(spoiled_texts_are_refused_as_jansson_refuses_them),
        TEST(what_we_write_jansson_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
