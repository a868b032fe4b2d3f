/* csv.c - reading rows, strictly. */
#include "csv/csv.h"

const struct csv_limits csv_limits_default = {
    .rows = 100'000, .columns = 256, .field_bytes = 32'768};

static size_t count_outside_quotes(struct str line, char c)
{
    size_t n = 0;
    bool inside = false;
    for (size_t i = 0; i < line.n; i++) {
        inside ^= line.p[i] == '"';
        n += !inside && line.p[i] == c;
    }
    return n;
}

static char most_of(struct str line)
{
    static const char candidates[] = {',', ';', '\t'};
    char best = ',';
    size_t most = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        const size_t n = count_outside_quotes(line, candidates[i]);
        if (n > most) {
            most = n;
            best = candidates[i];
        }
    }
    return best;
}

static struct str first_line(struct str text)
{
    bool inside = false;
    for (size_t i = 0; i < text.n; i++) {
        inside ^= text.p[i] == '"';
        if (!inside && (text.p[i] == '\n' || text.p[i] == '\r'))
            return str_until(text, i);
    }
    return text;
}

/* "sep=;" is how Excel says it; then the line is no row. */
static char detect(struct csv *c)
{
    struct str line = first_line(c->text);
    if (line.n != 5 || !str_starts(line, S("sep=")))
        return most_of(line);
    struct str rest = str_from(c->text, 5);
    c->at = 5 + (str_starts(rest, S("\r\n")) ? 2 : str_starts(rest, S("\n")) ? 1 : 0);
    c->line_next = 2;
    return line.p[4];
}

enum err csv_open(struct cx *cx, struct str text, enum csv_separator separator,
                  const struct csv_limits *limits, struct csv *out)
{
    static const char separators[] = {',', ';', '\t'};
    *out = (struct csv){.limits = limits ? *limits : csv_limits_default, .line_next = 1};
    out->text = str_from(text, str_starts(text, S("\xEF\xBB\xBF")) ? 3 : 0);
    if (!utf8_valid(out->text))
        return fail(cx, ERR_INVALID,
                    T("Tệp không ở bảng mã UTF-8. Lưu lại với mục CSV UTF-8 rồi chọn lại."));
    out->separator = separator == CSV_DETECT ? detect(out) : separators[separator];
    if (out->separator != ',' && out->separator != ';' && out->separator != '\t')
        return fail(cx, ERR_INVALID, T("Dòng sep= của tệp nêu dấu ngăn cách không nhận được."));
    return OK;
}

/* ---- one field ---- */

static int peek(const struct csv *c)
{
    return c->at < c->text.n ? (unsigned char)c->text.p[c->at] : -1;
}

/* Takes the end of a line if it stands here. */
static bool line_end(struct csv *c)
{
    if (peek(c) == '\n')
        c->at++;
    else if (peek(c) == '\r' && c->at + 1 < c->text.n && c->text.p[c->at + 1] == '\n')
        c->at += 2;
    else
        return false;
    c->line_next++;
    return true;
}

static enum err refuse(struct cx *cx, const struct csv *c, size_t column, const char *why)
{
    return fail(cx, ERR_INVALID, T("Dòng %zu, cột %zu: %s."), c->line, column, why);
}

static bool control(int ch)
{
    return (ch >= 0 && ch < 0x20 && ch != '\t') || ch == 0x7f;
}

static enum err plain_field(struct cx *cx, struct csv *c, size_t column, struct str *out)
{
    const size_t from = c->at;
    for (int ch = peek(c); ch >= 0 && ch != c->separator && ch != '\n'; ch = peek(c)) {
        if (ch == '\r' && c->at + 1 < c->text.n && c->text.p[c->at + 1] == '\n')
            break;
        if (ch == '"')
            return refuse(cx, c, column, T("dấu nháy kép nằm giữa ô không có nháy bao ngoài"));
        if (control(ch))
            return refuse(cx, c, column, T("có ký tự điều khiển"));
        c->at++;
    }
    *out = (struct str){c->text.p + from, c->at - from};
    return OK;
}

/* The opening quote is taken already. A doubled quote is one. */
static enum err quoted_field(struct cx *cx, struct csv *c, size_t column, struct str *out)
{
    struct buf b = {.arena = cx->arena, .limit = c->limits.field_bytes + 1};
    for (size_t from = c->at;; c->at++) {
        const int ch = peek(c);
        if (ch < 0)
            return refuse(cx, c, column, T("dấu nháy kép mở ra mà không đóng lại"));
        if (ch == '\n')
            c->line_next++;
        if (control(ch) && ch != '\n' && ch != '\r')
            return refuse(cx, c, column, T("có ký tự điều khiển"));
        if (ch != '"')
            continue;
        buf_add(&b, (struct str){c->text.p + from, c->at - from});
        c->at++;
        if (peek(c) != '"')
            break;
        from = c->at; /* the second quote of the pair is text */
    }
    *out = buf_str(&b);
    const int next = peek(c);
    if (next >= 0 && next != c->separator && next != '\n' && next != '\r')
        return refuse(cx, c, column, T("có chữ đứng sau dấu nháy kép đóng"));
    return OK;
}

static enum err field(struct cx *cx, struct csv *c, size_t column, struct str *out)
{
    struct str raw;
    if (peek(c) == '"') {
        c->at++;
        TRY(quoted_field(cx, c, column, &raw));
    } else {
        TRY(plain_field(cx, c, column, &raw));
    }
    if (raw.n > c->limits.field_bytes)
        return fail(cx, ERR_LIMIT, T("Dòng %zu, cột %zu: ô dài quá %zu byte."), c->line, column,
                    c->limits.field_bytes);
    if (str_find(raw, S("\xEF\xBB\xBF"), NULL))
        return refuse(cx, c, column, T("có ký tự điều khiển")); /* a BOM in the middle */
    return text_nfc(cx->arena, raw, out) ? OK
                                         : refuse(cx, c, column, T("chữ trong ô không đọc được"));
}

/* ---- one row ---- */

static enum err of_one_length(struct cx *cx, struct csv *c, size_t n)
{
    if (c->columns == 0)
        c->columns = n;
    return n == c->columns
               ? OK
               : fail(cx, ERR_INVALID, T("Dòng %zu có %zu ô, trong khi dòng đầu có %zu ô."),
                      c->line, n, c->columns);
}

static enum err row(struct cx *cx, struct csv *c, struct str **fields, size_t *n)
{
    VEC(struct str) all = {0};
    for (bool more = true; more;) {
        if (all.n >= c->limits.columns)
            return fail(cx, ERR_LIMIT, T("Dòng %zu có quá %zu cột."), c->line, c->limits.columns);
        struct str one;
        TRY(field(cx, c, all.n + 1, &one));
        *vec_add(cx->arena, &all) = one;
        more = peek(c) == c->separator;
        if (more)
            c->at++;
        else if (!line_end(c) && c->at < c->text.n)
            return refuse(cx, c, all.n, T("có ký tự điều khiển"));
    }
    *fields = all.p;
    *n = all.n;
    return of_one_length(cx, c, all.n);
}

enum err csv_next(struct cx *cx, struct csv *c, struct str **fields, size_t *n)
{
    *n = 0;
    while (line_end(c))
        ;
    if (c->at >= c->text.n)
        return OK;
    if (c->row >= c->limits.rows)
        return fail(cx, ERR_LIMIT, T("Tệp có quá %zu dòng. Chia thành nhiều tệp."), c->limits.rows);
    c->row++;
    c->line = c->line_next;
    return row(cx, c, fields, n);
}
