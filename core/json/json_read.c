/* json_read.c - the values of JSON: a descent as deep as the text, at most JSON_DEPTH_MAX. */
#include "json_parse.h"

#include <stdlib.h>

#define STACK_LOCAL 64

void json_stop(struct json_parse *j, enum err err, const char *where, const char *what)
{
    if (j->err != OK)
        return;
    j->err = err;
    j->what = what;
    j->where = where;
    j->p = j->end; /* nothing more is read */
}

bool json_fits(struct json_parse *j, size_t bytes)
{
    if (bytes + 64 < arena_room(j->arena))
        return true;
    json_stop(j, ERR_LIMIT, j->p, "too many values for the memory given");
    return false;
}

/* Behind blanks; 0 at the end (a raw 0 is no JSON either). */
static char next_after_blanks(struct json_parse *j)
{
    const char *p = j->p;
    while (p < j->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    j->p = p;
    return p < j->end ? *p : 0;
}

/* The next byte that is no blank. */
static inline char next(struct json_parse *j)
{
    return j->p < j->end && (unsigned char)*j->p > ' ' ? *j->p : next_after_blanks(j);
}

/* ---- the stack ---- */

/* Twice the room: out of the program's stack first, then in place where the system can. */
static bool widen(struct json_parse *j)
{
    size_t cap = j->cap * 2;
    struct json *wider =
        cap > UINT32_MAX ? NULL : realloc(j->grown ? j->stack : NULL, cap * sizeof *wider);
    if (!wider)
        return false;
    if (!j->grown)
        memcpy(wider, j->stack, j->n * sizeof *wider);
    j->grown = true;
    j->stack = wider;
    j->cap = cap;
    return true;
}

static void push(struct json_parse *j, const struct json *v)
{
    if (j->n == j->cap && !widen(j)) {
        json_stop(j, ERR_LIMIT, j->p, "too many values");
        return;
    }
    j->stack[j->n++] = *v;
}

static int by_key(const void *a, const void *b)
{
    const struct json *const *x = a, *const *y = b;
    return str_cmp((*x)->key, (*y)->key);
}

/* Many members: their keys in order, so that equal ones stand side by side. An enemy who
 * chooses the keys cannot make this slow, as he could with a hash. */
static const struct json *equal_of_many(struct json_parse *j, const struct json *members, size_t n)
{
    const struct json **order = malloc(n * sizeof *order);
    if (!order) {
        json_stop(j, ERR_LIMIT, j->p, "too many values");
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        order[i] = &members[i];
    qsort(order, n, sizeof *order, by_key);
    const struct json *equal = NULL;
    for (size_t i = 1; i < n && !equal; i++)
        if (str_eq(order[i - 1]->key, order[i]->key))
            equal = order[i - 1] > order[i] ? order[i - 1] : order[i];
    free(order);
    return equal;
}

static bool is_same_key(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

/* A member whose key another before it has; NULL: none. */
static const struct json *equal_key(struct json_parse *j, const struct json *members, size_t n)
{
    if (n > 24)
        return equal_of_many(j, members, n);
    for (size_t i = 1; i < n; i++)
        for (size_t k = 0; k < i; k++)
            if (is_same_key(members[i].key, members[k].key))
                return &members[i];
    return NULL;
}

static void check_keys(struct json_parse *j, const struct json *members, size_t n, const char *open)
{
    const struct json *equal = j->err == OK ? equal_key(j, members, n) : NULL;
    if (!equal)
        return;
    bool in_text = equal->key.p > j->from && equal->key.p < j->end; /* else it had escapes */
    json_stop(j, ERR_INVALID, in_text ? equal->key.p - 1 : open, "duplicate key");
}

/* The members from `base` up become the children of *v. */
static void collect(struct json_parse *j, struct json *v, size_t base, const char *open)
{
    size_t n = j->n - base;
    if (v->kind == JSON_OBJECT)
        check_keys(j, j->stack + base, n, open);
    if (j->keep && n && j->err == OK && json_fits(j, n * sizeof *v)) {
        struct json *run = arena_alloc(j->arena, n * sizeof *run);
        memcpy(run, j->stack + base, n * sizeof *run);
        v->child = run;
        v->n = (uint32_t)n;
    }
    j->n = base;
}

/* ---- values ---- */

static void read_value(struct json_parse *j, struct json *v);

static void read_word(struct json_parse *j, struct json *v, struct str word, enum json_kind kind)
{
    if (str_starts((struct str){j->p, (size_t)(j->end - j->p)}, word)) {
        j->p += word.n;
        v->kind = kind;
        return;
    }
    json_stop(j, ERR_INVALID, j->p, "a value is expected");
}

/* After a member: true when another follows. */
static bool continues(struct json_parse *j, char close)
{
    char c = next(j);
    if (c == ',' || c == close) {
        j->p++;
        return c == ',';
    }
    json_stop(j, ERR_INVALID, j->p,
              close == ']' ? "\",\" or \"]\" is expected" : "\",\" or \"}\" is expected");
    return false;
}

static bool enter(struct json_parse *j, char close)
{
    if (++j->depth > JSON_DEPTH_MAX) {
        json_stop(j, ERR_INVALID, j->p, "nested deeper than 64");
        return false;
    }
    j->p++;
    if (next(j) != close)
        return true;
    j->p++;
    return false;
}

static void read_array(struct json_parse *j, struct json *v)
{
    const char *open = j->p;
    size_t base = j->n;
    v->kind = JSON_ARRAY;
    bool more = enter(j, ']');
    while (more && j->err == OK) {
        struct json element = {0};
        read_value(j, &element);
        if (j->keep)
            push(j, &element);
        more = continues(j, ']');
    }
    collect(j, v, base, open);
    j->depth--;
}

static struct str read_key(struct json_parse *j)
{
    if (next(j) != '"') {
        json_stop(j, ERR_INVALID, j->p, "a key in quotes is expected");
        return S("");
    }
    j->p++;
    struct str key = json_scan_string(j, true);
    if (next(j) != ':')
        json_stop(j, ERR_INVALID, j->p, "\":\" is expected");
    else
        j->p++;
    return key;
}

static void read_object(struct json_parse *j, struct json *v)
{
    const char *open = j->p;
    size_t base = j->n;
    v->kind = JSON_OBJECT;
    bool more = enter(j, '}');
    while (more && j->err == OK) {
        struct json member = {.key = read_key(j)};
        read_value(j, &member);
        push(j, &member);
        more = continues(j, '}');
    }
    collect(j, v, base, open);
    j->depth--;
}

static void read_value(struct json_parse *j, struct json *v)
{
    switch (next(j)) {
    case '{':
        read_object(j, v);
        return;
    case '[':
        read_array(j, v);
        return;
    case '"':
        j->p++;
        v->kind = JSON_STRING;
        v->text = json_scan_string(j, j->keep);
        return;
    case 't':
        read_word(j, v, S("true"), JSON_TRUE);
        return;
    case 'f':
        read_word(j, v, S("false"), JSON_FALSE);
        return;
    case 'n':
        read_word(j, v, S("null"), JSON_NULL);
        return;
    case '-':
    case '0' ... '9':
        json_scan_number(j, v);
        return;
    default:
        json_stop(j, ERR_INVALID, j->p,
                  j->p < j->end ? "a value is expected"
                                : "the text ends where a value is expected");
    }
}

static void read_text(struct json_parse *j, struct json *v)
{
    read_value(j, v);
    if (j->err == OK && next(j) != 0)
        json_stop(j, ERR_INVALID, j->p, "something follows the value");
    else if (j->err == OK && j->p < j->end)
        json_stop(j, ERR_INVALID, j->p, "a control character");
}

/* ---- the door ---- */

static struct json_error error_at(struct str text, size_t at, const char *what)
{
    struct json_error e = {.what = what, .line = 1, .column = 1};
    for (size_t i = 0; i < at; i++) {
        e.column = text.p[i] == '\n' ? 1 : e.column + 1;
        e.line += text.p[i] == '\n';
    }
    return e;
}

static size_t first_malformed(struct str text)
{
    for (size_t i = 0, at = 0; i < text.n; at = i) {
        bool real = str_starts(str_from(text, i), S("\xEF\xBF\xBD"));
        if (utf8_next(text, &i) == 0xFFFD && !real)
            return at;
    }
    return text.n;
}

static enum err read_all(struct arena *a, struct str text, bool keep, struct json *v,
                         struct json_error *error)
{
    if (!utf8_valid(text)) {
        *error = error_at(text, first_malformed(text), "not UTF-8");
        return ERR_INVALID;
    }
    struct json local[STACK_LOCAL]; /* enough for most texts */
    struct json_parse j = {.arena = a,
                           .p = text.p,
                           .end = text.p + text.n,
                           .from = text.p,
                           .keep = keep,
                           .stack = local,
                           .cap = STACK_LOCAL};
    read_text(&j, v);
    if (j.grown)
        free(j.stack);
    if (j.err != OK)
        *error = error_at(text, (size_t)(j.where - text.p), j.what);
    return j.err;
}

enum err json_read(struct arena *a, struct str text, const struct json **out,
                   struct json_error *error)
{
    struct json_parse room = {.arena = a, .err = OK};
    if (!json_fits(&room, sizeof **out)) {
        *error = (struct json_error){room.what, 1, 1};
        return ERR_LIMIT;
    }
    struct json *v = NEW(a, struct json);
    TRY(read_all(a, text, true, v, error));
    *out = v;
    return OK;
}

enum err json_check(struct str text, struct json_error *error)
{
    struct arena *a = arena_new(text.n + ((size_t)1 << 20)); /* keys with escapes only */
    if (!a) {
        *error = (struct json_error){"no memory", 1, 1};
        return ERR_LIMIT;
    }
    struct json v = {0};
    enum err e = read_all(a, text, false, &v, error);
    arena_free(a);
    return e;
}
