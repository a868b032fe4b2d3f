/*
 * json.h - strict JSON (RFC 8259): a bounded reader and a writer.
 *
 * The reader takes UTF-8 only, refuses duplicate keys, depth over the limit, anything after the
 * value, and keeps integers that fit int64 exact; every other number keeps its source text, so
 * decimals stay exact. The tree lives in the arena; strings without escapes point into the input.
 */
#pragma once
#include "base/base.h"

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_INT,
    JSON_DECIMAL,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json {
    enum json_kind kind;
    uint32_t n;     /* members or elements; 0 for other kinds */
    struct str key; /* inside an object */
    union {
        int64_t integer;          /* JSON_INT */
        struct str text;          /* JSON_STRING: value; JSON_DECIMAL: source text */
        const struct json *child; /* JSON_ARRAY, JSON_OBJECT: the first of n, in one run */
    };
};

#define JSON_DEPTH_MAX 64

struct json_error {
    const char *what;    /* English, for developers: "duplicate key" */
    size_t line, column; /* from 1; column in bytes */
};

/* ERR_INVALID: not JSON as above, *error says where. ERR_LIMIT: the tree does not fit into the
 * arena (of up to 40 times the text, usually 2 to 4 times). The input must outlive it. */
enum err json_read(struct arena *a, struct str text, const struct json **out,
                   struct json_error *error);
/* The same question without the tree, for texts of any size. */
enum err json_check(struct str text, struct json_error *error);
/* Of a file, for `tinhso json check`. ERR_NOT_FOUND, ERR_IO: it cannot be read; *error says why. */
enum err json_check_file(const char *path, struct json_error *error);

/* Look-ups answer with an absent value (JSON_NULL, n = 0) rather than NULL, so that they chain. */
const struct json *json_get(const struct json *object, struct str key);
const struct json *json_at(const struct json *array, size_t i);
bool json_has(const struct json *object, struct str key);
struct str json_text(const struct json *v);                /* empty unless a string */
int64_t json_int(const struct json *v, int64_t otherwise); /* unless an integer */
bool json_true(const struct json *v);

/* The writer adds to a buf; commas and escapes are its business. Keys come in calling order. */
struct json_out {
    struct buf *to;
    int depth;
    bool comma;
};
void json_open_object(struct json_out *o);
void json_close_object(struct json_out *o);
void json_open_array(struct json_out *o);
void json_close_array(struct json_out *o);
void json_key(struct json_out *o, struct str key);
void json_put_str(struct json_out *o,
                  struct str v); /* escapes; also < > & U+2028/9 as \u, safe inside <script> */
void json_put_int(struct json_out *o, int64_t v);
void json_put_bool(struct json_out *o, bool v);
void json_put_null(struct json_out *o);
void json_put_decimal(struct json_out *o, struct str digits); /* MUST be a JSON number */
void json_put(struct json_out *o, const struct json *v);      /* a whole tree */
/* key and value in one line */
void json_str(struct json_out *o, struct str key, struct str v);
void json_num(struct json_out *o, struct str key, int64_t v);
void json_flag(struct json_out *o, struct str key, bool v);
