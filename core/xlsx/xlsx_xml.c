/* xlsx_xml.c - the scanner: one byte at a time, each token copied into a fixed room. */
#include "xlsx_xml.h"

#define PASSED_MAX (64 * 1024) /* bytes of one comment or instruction */

void xml_start(struct xml *x, xml_more *more, void *state)
{
    x->more = more;
    x->state = state;
    x->piece = S("");
    x->at = x->depth = x->attributes_n = x->n = 0;
    x->held = -1;
    x->begun = x->empty = x->cdata = false;
    x->kind = XML_END;
}

static enum err refuse(struct cx *cx)
{
    return fail(cx, ERR_INVALID,
                T("Nội dung bảng tính bị hỏng nên không đọc được. Mở tệp, lưu lại rồi chọn lại."));
}

/* *ch is -1 at the end of the document. */
static enum err next_byte(struct cx *cx, struct xml *x, int *ch)
{
    if (x->held >= 0) {
        *ch = x->held;
        x->held = -1;
        return OK;
    }
    if (x->at >= x->piece.n) {
        TRY(x->more(cx, x->state, &x->piece));
        x->at = 0;
    }
    *ch = x->at < x->piece.n ? (unsigned char)x->piece.p[x->at++] : -1;
    return OK;
}

/* A byte that must be there. */
static enum err need_byte(struct cx *cx, struct xml *x, int *ch)
{
    TRY(next_byte(cx, x, ch));
    return *ch >= 0 ? OK : refuse(cx);
}

static bool is_space(int ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

/* Office formats name everything in ASCII. */
static bool in_name(int ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') ||
           ch == '_' || ch == '-' || ch == '.' || ch == ':';
}

static bool keep(struct xml *x, char c)
{
    if (x->n >= XML_TAG_BYTES)
        return false;
    x->bytes[x->n++] = c;
    return true;
}

static bool keep_codepoint(struct xml *x, uint32_t c)
{
    const bool allowed = c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0xd800) ||
                         (c >= 0xe000 && c < 0xfffe) || (c >= 0x10000 && c <= 0x10ffff);
    if (!allowed)
        return false;
    if (c < 0x80)
        return keep(x, (char)c);
    if (c < 0x800)
        return keep(x, (char)(0xc0 | c >> 6)) && keep(x, (char)(0x80 | (c & 0x3f)));
    if (c < 0x10000)
        return keep(x, (char)(0xe0 | c >> 12)) && keep(x, (char)(0x80 | (c >> 6 & 0x3f))) &&
               keep(x, (char)(0x80 | (c & 0x3f)));
    return keep(x, (char)(0xf0 | c >> 18)) && keep(x, (char)(0x80 | (c >> 12 & 0x3f))) &&
           keep(x, (char)(0x80 | (c >> 6 & 0x3f))) && keep(x, (char)(0x80 | (c & 0x3f)));
}

/* "#10", "#x1F4D6" */
static bool by_number(struct str s, uint32_t *c)
{
    const bool hex = s.n > 1 && s.p[1] == 'x';
    uint32_t v = 0;
    if (s.n < (hex ? 3u : 2u) || s.n > 9)
        return false;
    for (size_t i = hex ? 2 : 1; i < s.n; i++) {
        const char d = s.p[i];
        const int digit = d >= '0' && d <= '9'          ? d - '0'
                          : hex && d >= 'a' && d <= 'f' ? d - 'a' + 10
                          : hex && d >= 'A' && d <= 'F' ? d - 'A' + 10
                                                        : -1;
        if (digit < 0)
            return false;
        v = v * (hex ? 16 : 10) + (uint32_t)digit;
    }
    *c = v;
    return true;
}

/* Behind '&', up to its ';'. */
static enum err reference(struct cx *cx, struct xml *x)
{
    static const struct {
        const char *name;
        char is;
    } known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    char name[12];
    struct str s = {name, 0};
    for (int ch;;) {
        TRY(need_byte(cx, x, &ch));
        if (ch == ';')
            break;
        if (s.n >= sizeof name)
            return refuse(cx);
        name[s.n++] = (char)ch;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(s, str_c(known[i].name)))
            return keep(x, known[i].is) ? OK : refuse(cx);
    uint32_t c = 0;
    return s.n > 0 && s.p[0] == '#' && by_number(s, &c) && keep_codepoint(x, c) ? OK : refuse(cx);
}

/* Reads a name that begins with ch; *ch becomes the byte behind it. */
static enum err name(struct cx *cx, struct xml *x, int *ch, struct str *out)
{
    const size_t from = x->n;
    while (in_name(*ch) && x->n - from < XML_NAME_BYTES) {
        if (!keep(x, (char)*ch))
            return refuse(cx);
        TRY(need_byte(cx, x, ch));
    }
    *out = (struct str){x->bytes + from, x->n - from};
    const bool good = out->n > 0 && !in_name(*ch) && out->p[0] != '-' && out->p[0] != '.' &&
                      out->p[0] != ':' && (out->p[0] < '0' || out->p[0] > '9');
    return good ? OK : refuse(cx);
}

static struct str without_prefix(struct str s)
{
    struct str head, rest;
    return str_cut(s, ':', &head, &rest) ? rest : s;
}

static enum err skip_space(struct cx *cx, struct xml *x, int *ch)
{
    while (is_space(*ch))
        TRY(need_byte(cx, x, ch));
    return OK;
}

static enum err attribute_value(struct cx *cx, struct xml *x, struct str *out)
{
    int quote, ch;
    TRY(need_byte(cx, x, &quote));
    TRY(skip_space(cx, x, &quote));
    if (quote != '"' && quote != '\'')
        return refuse(cx);
    const size_t from = x->n;
    for (;;) {
        TRY(need_byte(cx, x, &ch));
        if (ch == quote)
            break;
        if (ch == '&')
            TRY(reference(cx, x));
        else if (ch == '<' || (ch < 0x20 && !is_space(ch)) ||
                 !keep(x, is_space(ch) ? ' ' : (char)ch))
            return refuse(cx);
    }
    *out = (struct str){x->bytes + from, x->n - from};
    return utf8_valid(*out) ? OK : refuse(cx);
}

static enum err attribute(struct cx *cx, struct xml *x, int *ch)
{
    if (x->attributes_n >= XML_ATTRIBUTES)
        return refuse(cx);
    struct xml_attribute *a = &x->attributes[x->attributes_n];
    TRY(name(cx, x, ch, &a->name));
    TRY(skip_space(cx, x, ch));
    if (*ch != '=')
        return refuse(cx);
    TRY(attribute_value(cx, x, &a->value));
    for (size_t i = 0; i < x->attributes_n; i++)
        if (str_eq(x->attributes[i].name, a->name))
            return refuse(cx);
    x->attributes_n++;
    return need_byte(cx, x, ch);
}

static enum err attributes(struct cx *cx, struct xml *x, int *ch)
{
    while (*ch != '>' && *ch != '/') {
        if (!is_space(*ch))
            return refuse(cx);
        TRY(skip_space(cx, x, ch));
        if (*ch != '>' && *ch != '/')
            TRY(attribute(cx, x, ch));
    }
    for (size_t i = 0; i < x->attributes_n; i++)
        x->attributes[i].name = without_prefix(x->attributes[i].name);
    return OK;
}

static enum err open_tag(struct cx *cx, struct xml *x, int ch)
{
    struct str whole;
    TRY(name(cx, x, &ch, &whole));
    if (x->depth >= XML_DEPTH || whole.n >= XML_NAME_BYTES || (x->depth == 0 && x->begun))
        return refuse(cx);
    memcpy(x->open[x->depth], whole.p, whole.n);
    x->open[x->depth][whole.n] = 0;
    x->depth++;
    x->begun = true;
    TRY(attributes(cx, x, &ch));
    if (ch == '/') {
        x->empty = true;
        TRY(need_byte(cx, x, &ch));
        if (ch != '>')
            return refuse(cx);
    }
    x->kind = XML_OPEN;
    x->name = without_prefix(whole);
    return OK;
}

static void close_innermost(struct xml *x)
{
    x->kind = XML_CLOSE;
    x->depth--;
    x->name = without_prefix(str_c(x->open[x->depth]));
}

static enum err close_tag(struct cx *cx, struct xml *x)
{
    struct str whole;
    int ch;
    TRY(need_byte(cx, x, &ch));
    TRY(name(cx, x, &ch, &whole));
    TRY(skip_space(cx, x, &ch));
    if (ch != '>' || x->depth == 0 || !str_eq(whole, str_c(x->open[x->depth - 1])))
        return refuse(cx);
    close_innermost(x);
    return OK;
}

/* Passes over everything up to and with `end`, which has two or three bytes. */
static enum err pass_until(struct cx *cx, struct xml *x, struct str end)
{
    size_t fits = 0;
    for (size_t n = 0; n < PASSED_MAX; n++) {
        int ch;
        TRY(need_byte(cx, x, &ch));
        const char c = (char)ch;
        if (c == end.p[fits])
            fits++;
        else if (!(end.n == 3 && fits == 2 && c == end.p[0])) /* "--->": still two dashes */
            fits = c == end.p[0];
        if (fits == end.n)
            return OK;
    }
    return refuse(cx);
}

/* Behind "<!": a comment, or a text as it stands. A document type is refused. */
static enum err declaration(struct cx *cx, struct xml *x)
{
    static const struct str comment = {"--", 2}, cdata = {"[CDATA[", 7};
    int ch;
    TRY(need_byte(cx, x, &ch));
    const struct str want = ch == '-' ? comment : cdata;
    for (size_t i = 0; i < want.n; i++) {
        if (ch != want.p[i])
            return refuse(cx);
        if (i + 1 < want.n)
            TRY(need_byte(cx, x, &ch));
    }
    if (want.p == comment.p)
        return pass_until(cx, x, S("-->"));
    x->cdata = x->depth > 0;
    return x->cdata ? OK : refuse(cx);
}

/* ---- text ---- */

/* Text up to the next tag, or up to the room and there to the end of a character. */
static enum err text_piece(struct cx *cx, struct xml *x, int ch)
{
    while (x->n < XML_TEXT_BYTES || (ch & 0xc0) == 0x80) {
        if (ch == '&')
            TRY(reference(cx, x));
        else if ((ch < 0x20 && !is_space(ch)) || !keep(x, (char)ch))
            return refuse(cx);
        TRY(need_byte(cx, x, &ch));
        if (ch == '<')
            break;
    }
    x->held = ch;
    x->kind = XML_TEXT;
    x->text = (struct str){x->bytes, x->n};
    return utf8_valid(x->text) ? OK : refuse(cx);
}

/* Inside of <![CDATA[ ... ]]>, whole: it must fit the room of a tag. */
static enum err cdata_piece(struct cx *cx, struct xml *x)
{
    for (int ch;;) {
        TRY(need_byte(cx, x, &ch));
        if ((ch < 0x20 && !is_space(ch)) || !keep(x, (char)ch))
            return refuse(cx);
        if (x->n >= 3 && memcmp(x->bytes + x->n - 3, "]]>", 3) == 0)
            break;
    }
    x->cdata = false;
    x->kind = XML_TEXT;
    x->text = (struct str){x->bytes, x->n - 3};
    return utf8_valid(x->text) ? OK : refuse(cx);
}

/* ---- tokens ---- */

/* Behind '<'. *given: there is a token. */
static enum err markup(struct cx *cx, struct xml *x, bool *given)
{
    int ch;
    TRY(need_byte(cx, x, &ch));
    *given = ch != '?' && ch != '!';
    if (ch == '?')
        return pass_until(cx, x, S("?>"));
    if (ch == '!')
        return declaration(cx, x);
    return ch == '/' ? close_tag(cx, x) : open_tag(cx, x, ch);
}

/* Between tags outside of the root only white space may stand; a BOM before everything. */
static enum err outside(struct cx *cx, struct xml *x, int ch)
{
    if (is_space(ch))
        return OK;
    int second, third;
    if (ch != 0xef || x->begun)
        return refuse(cx);
    TRY(need_byte(cx, x, &second));
    TRY(need_byte(cx, x, &third));
    return second == 0xbb && third == 0xbf ? OK : refuse(cx);
}

enum err xml_next(struct cx *cx, struct xml *x)
{
    x->n = x->attributes_n = 0;
    if (x->empty) {
        x->empty = false;
        close_innermost(x);
        return OK;
    }
    for (;;) {
        if (x->cdata)
            return cdata_piece(cx, x);
        int ch;
        TRY(next_byte(cx, x, &ch));
        if (ch < 0) {
            x->kind = XML_END;
            return x->begun && x->depth == 0 ? OK : refuse(cx);
        }
        bool given = false;
        if (ch == '<')
            TRY(markup(cx, x, &given));
        else if (x->depth > 0)
            return text_piece(cx, x, ch);
        else
            TRY(outside(cx, x, ch));
        if (given)
            return OK;
    }
}

struct str xml_attribute(const struct xml *x, struct str wanted)
{
    for (size_t i = 0; i < x->attributes_n; i++)
        if (str_eq(x->attributes[i].name, wanted))
            return x->attributes[i].value;
    return S("");
}

enum err xml_skip(struct cx *cx, struct xml *x)
{
    const size_t until = x->depth - 1;
    while (x->depth > until)
        TRY(xml_next(cx, x));
    return OK;
}
