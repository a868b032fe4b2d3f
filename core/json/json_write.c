/* json_write.c - JSON text, safe also inside of a <script> element. */
#include "json/json.h"

#include "json_parse.h"

static void begin_value(struct json_out *o)
{
    if (o->comma)
        buf_byte(o->to, ',');
    o->comma = true;
}

static void open_with(struct json_out *o, char c)
{
    begin_value(o);
    buf_byte(o->to, c);
    o->comma = false;
    o->depth++;
}

static void close_with(struct json_out *o, char c)
{
    MUST(o->depth > 0);
    buf_byte(o->to, c);
    o->comma = true;
    o->depth--;
}

void json_open_object(struct json_out *o)
{
    open_with(o, '{');
}

void json_close_object(struct json_out *o)
{
    close_with(o, '}');
}

void json_open_array(struct json_out *o)
{
    open_with(o, '[');
}

void json_close_array(struct json_out *o)
{
    close_with(o, ']');
}

/* ---- strings ---- */

static bool is_safe_ascii(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\' && c != '<' && c != '>' && c != '&';
}

static void put_ascii(struct buf *b, unsigned char c)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *at = c ? strchr(from, c) : NULL;
    if (!at) {
        buf_fmt(b, "\\u%04x", c);
        return;
    }
    buf_byte(b, '\\');
    buf_byte(b, to[at - from]);
}

/* A character beyond ASCII at s.p[i]: as it is, but what ends a line in JavaScript, and what is
 * no UTF-8 (a log of foreign bytes), becomes an escape. */
static size_t put_wide(struct buf *b, struct str s, size_t i)
{
    size_t next = i;
    uint32_t c = utf8_next(s, &next);
    if (c == 0xFFFD || c == 0x2028 || c == 0x2029)
        buf_fmt(b, "\\u%04x", c);
    else
        buf_add(b, (struct str){s.p + i, next - i});
    return next;
}

/* Up to where s can be copied: safe ASCII, and characters of two bytes or of three, other than
 * those that put_wide minds, which all begin with E2 or EF. */
static size_t safe_run(struct str s, size_t i)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (;;) {
        while (i < s.n && is_safe_ascii(p[i]))
            i++;
        if (i + 1 < s.n && p[i] >= 0xC2 && p[i] < 0xE0 && (p[i + 1] & 0xC0) == 0x80)
            i += 2;
        else if (i + 2 < s.n && p[i] == 0xE1 && (p[i + 1] & 0xC0) == 0x80 &&
                 (p[i + 2] & 0xC0) == 0x80)
            i += 3;
        else
            return i;
    }
}

static void put_string(struct buf *b, struct str s)
{
    buf_byte(b, '"');
    for (size_t i = 0; i < s.n;) {
        size_t end = safe_run(s, i);
        buf_add(b, (struct str){s.p + i, end - i});
        i = end;
        if (i == s.n)
            break;
        if ((unsigned char)s.p[i] < 0x80)
            put_ascii(b, (unsigned char)s.p[i++]);
        else
            i = put_wide(b, s, i);
    }
    buf_byte(b, '"');
}

/* ---- values ---- */

void json_key(struct json_out *o, struct str key)
{
    begin_value(o);
    put_string(o->to, key);
    buf_byte(o->to, ':');
    o->comma = false;
}

void json_put_str(struct json_out *o, struct str v)
{
    begin_value(o);
    put_string(o->to, v);
}

void json_put_int(struct json_out *o, int64_t v)
{
    begin_value(o);
    buf_int(o->to, v);
}

void json_put_bool(struct json_out *o, bool v)
{
    begin_value(o);
    buf_add(o->to, v ? S("true") : S("false"));
}

void json_put_null(struct json_out *o)
{
    begin_value(o);
    buf_add(o->to, S("null"));
}

void json_put_decimal(struct json_out *o, struct str digits)
{
    MUST(json_is_number(digits));
    begin_value(o);
    buf_add(o->to, digits);
}

void json_put(struct json_out *o, const struct json *v)
{
    switch (v->kind) {
    case JSON_NULL:
        json_put_null(o);
        return;
    case JSON_FALSE:
    case JSON_TRUE:
        json_put_bool(o, v->kind == JSON_TRUE);
        return;
    case JSON_INT:
        json_put_int(o, v->integer);
        return;
    case JSON_DECIMAL:
        json_put_decimal(o, v->text);
        return;
    case JSON_STRING:
        json_put_str(o, v->text);
        return;
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    bool object = v->kind == JSON_OBJECT;
    open_with(o, object ? '{' : '[');
    for (uint32_t i = 0; i < v->n; i++) {
        if (object)
            json_key(o, v->child[i].key);
        json_put(o, &v->child[i]);
    }
    close_with(o, object ? '}' : ']');
}

void json_str(struct json_out *o, struct str key, struct str v)
{
    json_key(o, key);
    json_put_str(o, v);
}

void json_num(struct json_out *o, struct str key, int64_t v)
{
    json_key(o, key);
    json_put_int(o, v);
}

void json_flag(struct json_out *o, struct str key, bool v)
{
    json_key(o, key);
    json_put_bool(o, v);
}
