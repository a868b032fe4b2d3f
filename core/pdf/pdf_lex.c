/* pdf_lex.c - the values of PDF syntax as slices: where each begins and ends. */
#include "pdf_read.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0;
}

static bool is_delimiter(char c)
{
    return c != 0 && strchr("()<>[]{}/%", c);
}

static bool is_regular(char c)
{
    return !is_space(c) && !is_delimiter(c);
}

static void skip_space(struct str s, size_t *at)
{
    while (*at < s.n) {
        if (s.p[*at] == '%') {
            while (*at < s.n && s.p[*at] != '\n' && s.p[*at] != '\r')
                ++*at;
        } else if (is_space(s.p[*at])) {
            ++*at;
        } else {
            return;
        }
    }
}

static size_t regular_end(struct str s, size_t at)
{
    while (at < s.n && is_regular(s.p[at]))
        at++;
    return at;
}

/* "(...)" with balanced brackets and backslashes; 0: it does not end. */
static size_t literal_end(struct str s, size_t at)
{
    int depth = 0;
    for (; at < s.n; at++) {
        if (s.p[at] == '\\')
            at++;
        else if (s.p[at] == '(')
            depth++;
        else if (s.p[at] == ')' && --depth == 0)
            return at + 1;
    }
    return 0;
}

/* "<48 65>". A signature has twenty thousand digits, passed whenever its dictionary is read. */
static size_t hex_end(struct str s, size_t at)
{
    static const bool inside[256] = {
        ['0' ... '9'] = true, ['a' ... 'f'] = true, ['A' ... 'F'] = true,
        [' '] = true,         ['\n'] = true,        ['\r'] = true,
        ['\t'] = true,        ['\f'] = true,        [0] = true};
    at++;
    while (at < s.n && inside[(unsigned char)s.p[at]])
        at++;
    return at < s.n && s.p[at] == '>' ? at + 1 : 0;
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* "12 0 R" is one value: the end of it, or 0 when the number stands for itself. */
static size_t reference_end(struct str s, size_t first_end, size_t at)
{
    if (!all_digits((struct str){s.p + at, first_end - at}))
        return 0;
    size_t second = first_end;
    skip_space(s, &second);
    size_t second_end = regular_end(s, second);
    if (second == first_end || !all_digits((struct str){s.p + second, second_end - second}))
        return 0;
    size_t third = second_end;
    skip_space(s, &third);
    bool is_r = third > second_end && third < s.n && s.p[third] == 'R' &&
                regular_end(s, third) == third + 1;
    return is_r ? third + 1 : 0;
}

/* The end of the value that begins at `at`, 0 when there is none. Arrays and dictionaries are
 * walked with an explicit stack of what must close, so that depth is bounded by it. */
static size_t simple_end(struct str s, size_t at)
{
    char c = s.p[at];
    if (c == '(')
        return literal_end(s, at);
    if (c == '<')
        return hex_end(s, at);
    if (c == '/')
        return regular_end(s, at + 1);
    size_t end = regular_end(s, at);
    if (end == at)
        return 0;
    size_t ref = reference_end(s, end, at);
    return ref ? ref : end;
}

static bool begins(struct str s, size_t at, const char *two)
{
    return at + 1 < s.n && s.p[at] == two[0] && s.p[at + 1] == two[1];
}

static size_t value_end(struct str s, size_t at)
{
    char closing[PDF_DEPTH_MAX];
    int depth = 0;
    do {
        skip_space(s, &at);
        if (at >= s.n)
            return 0;
        bool opens = begins(s, at, "<<") || s.p[at] == '[';
        if (opens && depth == PDF_DEPTH_MAX)
            return 0;
        if (begins(s, at, "<<")) {
            closing[depth++] = '>';
            at += 2;
        } else if (s.p[at] == '[') {
            closing[depth++] = ']';
            at++;
        } else if (depth && closing[depth - 1] == '>' && begins(s, at, ">>")) {
            depth--;
            at += 2;
        } else if (depth && closing[depth - 1] == ']' && s.p[at] == ']') {
            depth--;
            at++;
        } else {
            at = simple_end(s, at);
        }
    } while (at && depth);
    return at;
}

struct str pdf_value(struct str s, size_t *at)
{
    skip_space(s, at);
    size_t end = *at < s.n ? value_end(s, *at) : 0;
    if (!end)
        return S("");
    struct str value = {s.p + *at, end - *at};
    *at = end;
    return value;
}

bool pdf_is_dict(struct str v)
{
    return v.n >= 4 && begins(v, 0, "<<");
}

bool pdf_is_array(struct str v)
{
    return v.n >= 2 && v.p[0] == '[';
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "/Byte#52ange" is /ByteRange too. */
bool pdf_is_name(struct str v, const char *name)
{
    if (v.n == 0 || v.p[0] != '/')
        return false;
    size_t at = 1;
    for (; at < v.n && *name; name++) {
        char c = v.p[at++];
        int high = c == '#' && at + 1 < v.n ? nibble(v.p[at]) : -1;
        int low = high >= 0 ? nibble(v.p[at + 1]) : -1;
        if (low >= 0) {
            c = (char)(high * 16 + low);
            at += 2;
        }
        if (c != *name)
            return false;
    }
    return at == v.n && *name == 0;
}

bool pdf_item(struct str array, size_t *at, struct str *item)
{
    if (!pdf_is_array(array))
        return false;
    if (*at == 0)
        *at = 1;
    struct str inside = str_until(array, array.n - 1);
    *item = pdf_value(inside, at);
    return item->n > 0;
}

bool pdf_pair(struct str dict, size_t *at, struct str *key, struct str *value)
{
    if (!pdf_is_dict(dict))
        return false;
    if (*at == 0)
        *at = 2;
    struct str inside = str_until(dict, dict.n - 2);
    *key = pdf_value(inside, at);
    if (key->n == 0 || key->p[0] != '/')
        return false;
    *value = pdf_value(inside, at);
    return value->n > 0;
}

struct str pdf_get(struct str dict, const char *key)
{
    struct str k, v, found = S("");
    int times = 0;
    for (size_t at = 0; pdf_pair(dict, &at, &k, &v);)
        if (pdf_is_name(k, key)) {
            found = v;
            times++;
        }
    return times == 1 ? found : S("");
}

bool pdf_ref(struct str v, uint32_t *number)
{
    if (v.n < 5 || v.p[v.n - 1] != 'R')
        return false;
    int64_t n;
    if (!str_int(str_until(v, regular_end(v, 0)), &n) || n <= 0 || n >= PDF_OBJECTS_MAX)
        return false;
    *number = (uint32_t)n;
    return true;
}

bool pdf_int(struct str v, int64_t *out)
{
    if (v.n && v.p[0] == '+')
        v = str_from(v, 1);
    return v.n <= 15 && str_int(v, out);
}

bool pdf_number(struct str v, double *out)
{
    double sign = v.n && v.p[0] == '-' ? -1 : 1, value = 0, place = 0;
    if (v.n && (v.p[0] == '-' || v.p[0] == '+'))
        v = str_from(v, 1);
    if (v.n == 0 || v.n > 20)
        return false;
    for (size_t i = 0; i < v.n; i++) {
        if (v.p[i] == '.' && place == 0) {
            place = 1;
            continue;
        }
        if (v.p[i] < '0' || v.p[i] > '9')
            return false;
        value = place > 0 ? value + (v.p[i] - '0') * (place /= 10) : value * 10 + (v.p[i] - '0');
    }
    *out = sign * value;
    return true;
}
