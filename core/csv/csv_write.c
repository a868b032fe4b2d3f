/* csv_write.c - rows that a spreadsheet opens as text and numbers, never as formulas. */
#include "csv/csv.h"

void csv_put_bom(struct csv_out *o)
{
    buf_add(o->to, S("\xEF\xBB\xBF"));
}

bool csv_is_formula(struct str s)
{
    static const struct str wide[] = {S("＝"), S("＋"), S("－"), S("＠")};
    while (str_starts(s, S("\xEF\xBB\xBF")))
        s = str_from(s, 3); /* some readers drop it */
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (str_starts(s, wide[i]))
            return true;
    return s.n > 0 && memchr("=+-@\t\r\n", s.p[0], 7) != NULL;
}

static char separator_of(const struct csv_out *o)
{
    return o->separator ? o->separator : ',';
}

static void before_field(struct csv_out *o)
{
    if (o->inside)
        buf_byte(o->to, separator_of(o));
    o->inside = true;
}

/* All three separators count: whoever opens the file may take another for the separator, and what
 * stands behind it would be a field of its own. */
static bool needs_quotes(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (memchr("\",;\t\r\n'", s.p[i], 7))
            return true;
    return s.n > 0 && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

static void put_quoted(struct buf *b, struct str s, bool formula)
{
    buf_add(b, formula ? S("\"'") : S("\""));
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_byte(b, '"');
        buf_byte(b, s.p[i]);
    }
    buf_byte(b, '"');
}

void csv_put_text(struct csv_out *o, struct str s)
{
    before_field(o);
    const bool formula = csv_is_formula(s);
    if (formula || needs_quotes(s))
        put_quoted(o->to, s, formula);
    else
        buf_add(o->to, s);
}

void csv_put_int(struct csv_out *o, int64_t v)
{
    before_field(o);
    buf_int(o->to, v);
}

static bool is_decimal(struct str s)
{
    size_t i = s.n > 0 && s.p[0] == '-', digits = 0, points = 0;
    for (; i < s.n; i++) {
        points += s.p[i] == '.';
        digits += s.p[i] >= '0' && s.p[i] <= '9';
    }
    return digits > 0 && points <= 1 && digits + points + (s.p[0] == '-') == s.n;
}

void csv_put_decimal(struct csv_out *o, struct str digits)
{
    MUST(is_decimal(digits));
    before_field(o);
    buf_add(o->to, digits);
}

void csv_end_row(struct csv_out *o)
{
    buf_add(o->to, S("\r\n"));
    o->inside = false;
}
