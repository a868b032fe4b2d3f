/* http_multipart.c - multipart/form-data (RFC 7578) as it arrives; only part headers are kept. */
#include "http_inside.h"

#define BOUNDARY_MAX 70
#define PART_HEAD_BYTES 4096
#define PARTS_MAX 1000

enum where { AT_START, AT_BOUNDARY, IN_PART_HEAD, IN_DATA, AT_END };

struct multipart {
    struct multipart_hooks hooks;
    enum where where;
    enum err err;   /* sticky */
    size_t matched; /* bytes of `mark` seen in a row */
    bool fresh;     /* its first two bytes, the line end, were taken for granted */
    size_t parts;
    char mark[BOUNDARY_MAX + 4]; /* "\r\n--boundary" */
    size_t mark_n;
    char after[2]; /* what follows a boundary */
    size_t after_n;
    char head[PART_HEAD_BYTES];
    size_t head_n;
};

/* ---- parameters: ;name=token or ;name="quoted" ---- */

static struct str trim_left(struct str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = str_from(s, 1);
    return s;
}

/* A quoted string at s, its closing quote included in *rest. The text is unescaped in place:
 * \" and \\ only, as old browsers send "C:\file". */
static bool quoted(struct str s, struct str *value, struct str *rest)
{
    char *p = (char *)(uintptr_t)s.p;
    size_t n = 0;
    for (size_t i = 1; i < s.n; i++) {
        char c = s.p[i];
        if (c == '"') {
            *value = (struct str){s.p, n};
            *rest = str_from(s, i + 1);
            return true;
        }
        if (c == '\\' && i + 1 < s.n && (s.p[i + 1] == '"' || s.p[i + 1] == '\\'))
            c = s.p[++i];
        p[n++] = c;
    }
    return false;
}

/* The next parameter of *rest; false: malformed. At the end *name is empty. */
static bool next_parameter(struct str *rest, struct str *name, struct str *value)
{
    struct str s = trim_left(*rest);
    *name = *value = S("");
    *rest = s;
    if (s.n == 0)
        return true;
    if (s.p[0] != ';')
        return false;
    s = trim_left(str_from(s, 1));
    *rest = s;
    if (s.n == 0)
        return true; /* a trailing semicolon */
    if (!str_cut(s, '=', name, &s) || !http_token(*name))
        return false;
    if (s.n && s.p[0] == '"')
        return quoted(s, value, rest);
    size_t n = 0;
    while (n < s.n && s.p[n] != ';' && s.p[n] != ' ' && s.p[n] != '\t')
        n++;
    *value = str_until(s, n);
    *rest = str_from(s, n);
    return http_token(*value);
}

static bool boundary_valid(struct str b)
{
    static const char others[] = "'()+_,-./:=? ";
    if (b.n == 0 || b.n > BOUNDARY_MAX || b.p[b.n - 1] == ' ')
        return false;
    for (size_t i = 0; i < b.n; i++) {
        char c = b.p[i];
        bool letter = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !memchr(others, c, sizeof others - 1))
            return false;
    }
    return true;
}

struct multipart *multipart_new(struct arena *a, struct str content_type,
                                const struct multipart_hooks *h)
{
    struct str text = str_dup(a, content_type), rest = S(""), name, value, boundary = S("");
    size_t at = text.n;
    str_find(text, S(";"), &at);
    if (!str_eq_ascii_case(str_trim(str_until(text, at)), S("multipart/form-data")))
        return NULL;
    rest = str_from(text, at);
    do {
        if (!next_parameter(&rest, &name, &value))
            return NULL;
        if (!str_eq_ascii_case(name, S("boundary")))
            continue;
        if (boundary.n)
            return NULL;
        boundary = value;
    } while (name.n);
    if (!boundary_valid(boundary))
        return NULL;
    struct multipart *m = NEW(a, struct multipart);
    m->hooks = *h;
    memcpy(m->mark, "\r\n--", 4);
    memcpy(m->mark + 4, boundary.p, boundary.n);
    m->mark_n = 4 + boundary.n;
    m->matched = 2; /* the first boundary may stand without a line end before it */
    m->fresh = true;
    return m;
}

/* ---- the head of a part ---- */

struct part_head {
    struct str name, filename, type;
    bool disposition;
};

static bool text_valid(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return utf8_valid(s);
}

/* form-data; name="..."; filename="..." */
static bool disposition(struct str v, struct part_head *h)
{
    size_t at = v.n;
    str_find(v, S(";"), &at);
    if (h->disposition || !str_eq_ascii_case(str_trim(str_until(v, at)), S("form-data")))
        return false;
    h->disposition = true;
    struct str rest = str_from(v, at), name, value;
    do {
        if (!next_parameter(&rest, &name, &value))
            return false;
        /* filename* is not for forms: RFC 7578 4.2. */
        struct str *to = str_eq_ascii_case(name, S("name"))       ? &h->name
                         : str_eq_ascii_case(name, S("filename")) ? &h->filename
                                                                  : NULL;
        if (to && to->p)
            return false;
        if (to)
            *to = value.p ? value : S("");
    } while (name.n);
    return h->name.p && text_valid(h->name) && text_valid(h->filename);
}

static bool part_line(struct str line, struct part_head *h)
{
    struct str name, value;
    if (!str_cut(line, ':', &name, &value) || !http_token(name) || !http_header_value(value))
        return false;
    value = str_trim(value);
    if (str_eq_ascii_case(name, S("Content-Disposition")))
        return disposition(value, h);
    if (str_eq_ascii_case(name, S("Content-Type")))
        h->type = value;
    /* Deprecated, and any coding but these would have to be undone. */
    if (str_eq_ascii_case(name, S("Content-Transfer-Encoding")))
        return str_eq_ascii_case(value, S("binary")) || str_eq_ascii_case(value, S("8bit")) ||
               str_eq_ascii_case(value, S("7bit"));
    return true;
}

static enum err head_ended(struct multipart *m)
{
    struct part_head h = {.type = S("")};
    struct str rest = {m->head, m->head_n - 2};
    while (rest.n) {
        size_t at;
        if (!str_find(rest, S("\r\n"), &at) || !part_line(str_until(rest, at), &h))
            return ERR_INVALID;
        rest = str_from(rest, at + 2);
    }
    if (!h.disposition)
        return ERR_INVALID;
    if (++m->parts > PARTS_MAX)
        return ERR_LIMIT;
    m->head_n = 0;
    m->where = IN_DATA;
    /* An empty part ends with the line end of its own head. */
    m->matched = 2;
    m->fresh = true;
    return m->hooks.part ? m->hooks.part(m->hooks.user, h.name, h.filename, h.type) : OK;
}

static enum err head_byte(struct multipart *m, char c)
{
    if (m->head_n == sizeof m->head)
        return ERR_LIMIT;
    if (m->head_n && m->head[m->head_n - 1] == '\r' && c != '\n')
        return ERR_INVALID;
    if (c == '\n' && (m->head_n == 0 || m->head[m->head_n - 1] != '\r'))
        return ERR_INVALID;
    m->head[m->head_n++] = c;
    bool blank =
        c == '\n' && (m->head_n == 2 || (m->head_n >= 4 && m->head[m->head_n - 3] == '\n'));
    return blank ? head_ended(m) : OK;
}

/* ---- boundaries and data ---- */

static enum err give(struct multipart *m, const char *p, size_t n)
{
    return n && m->hooks.data ? m->hooks.data(m->hooks.user, (struct str){p, n}) : OK;
}

/* Two bytes after a boundary: a line end, or the dashes of the last one. */
static enum err after_byte(struct multipart *m, char c)
{
    m->after[m->after_n++] = c;
    if (m->after_n < 2)
        return OK;
    m->after_n = 0;
    if (memcmp(m->after, "--", 2) == 0)
        m->where = AT_END;
    else if (memcmp(m->after, "\r\n", 2) == 0)
        m->where = IN_PART_HEAD;
    else
        return ERR_INVALID;
    return OK;
}

static enum err boundary_seen(struct multipart *m)
{
    bool data = m->where == IN_DATA;
    m->where = AT_BOUNDARY;
    m->matched = 0;
    return data && m->hooks.part_end ? m->hooks.part_end(m->hooks.user) : OK;
}

/* Data up to the next boundary or the end of the piece; *used bytes of it. The mark begins with
 * its only CR, so a mismatch can only begin anew at a CR and never inside what matched. */
static enum err data_bytes(struct multipart *m, struct str s, size_t *used)
{
    size_t at = 0;
    if (m->matched) {
        while (at < s.n && m->matched < m->mark_n && s.p[at] == m->mark[m->matched]) {
            at++;
            m->matched++;
        }
        *used = at;
        if (m->matched == m->mark_n)
            return boundary_seen(m);
        if (at == s.n)
            return OK;
        /* No boundary after all: what matched was data, but for the head's own line end. */
        size_t n = m->matched, from = m->fresh ? 2 : 0;
        m->matched = 0;
        m->fresh = false;
        return give(m, m->mark + from, n - from);
    }
    const char *cr = memchr(s.p, '\r', s.n);
    at = cr ? (size_t)(cr - s.p) : s.n;
    m->matched = cr != NULL;
    m->fresh = false;
    *used = at + m->matched;
    return give(m, s.p, at);
}

/* Before the first boundary nothing may stand but one line end. */
static enum err start_byte(struct multipart *m, char c)
{
    if (m->fresh && c == '\r')
        m->matched = 0;
    m->fresh = false;
    if (c != m->mark[m->matched])
        return ERR_INVALID;
    return ++m->matched == m->mark_n ? boundary_seen(m) : OK;
}

static enum err feed_some(struct multipart *m, struct str s, size_t *used)
{
    *used = 1;
    switch (m->where) {
    case AT_START:
        return start_byte(m, s.p[0]);
    case AT_BOUNDARY:
        return after_byte(m, s.p[0]);
    case IN_PART_HEAD:
        return head_byte(m, s.p[0]);
    case IN_DATA:
        return data_bytes(m, s, used);
    case AT_END:
        *used = s.n; /* an epilogue is nobody's */
        break;
    }
    return OK;
}

enum err multipart_feed(struct multipart *m, struct str piece)
{
    while (piece.n && m->err == OK) {
        size_t used = 0;
        m->err = feed_some(m, piece, &used);
        piece = str_from(piece, used);
    }
    return m->err;
}

enum err multipart_end(struct multipart *m)
{
    if (m->err == OK && m->where != AT_END)
        m->err = ERR_INVALID;
    return m->err;
}
