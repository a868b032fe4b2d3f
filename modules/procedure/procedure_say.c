/* procedure_say.c - what records say in a few words (a term, for whom), in the reader's language. A
 * Vietnamese reader reads them as they stand. */
#include "procedure.h"

static bool is_english(const struct cx *cx)
{
    return str_eq(cx->lang, S("en"));
}

/* ---- terms ---- */

/* "10 ngày làm việc", "2,5 ngày": the number stays, its unit is a word of the catalogue. */
static struct str counted(struct cx *cx, struct str words)
{
    struct str number, unit;
    if (!str_cut(words, ' ', &number, &unit) || number.p[0] < '0' || number.p[0] > '9')
        return words;
    struct str english = tr(cx, unit);
    if (str_eq(english, unit))
        return words;
    if (str_eq(number, S("1")) && str_ends(english, S("s")))
        english = str_until(english, english.n - 1); /* 1 working day */
    return str_fmt(cx->arena, "%.*s %.*s", F(number), F(english));
}

struct str procedure_term_said(struct cx *cx, struct str words)
{
    const struct str begins = S("Trong ngày; nhận sau "),
                     ends = S(" thì trả vào ngày làm việc tiếp theo");
    if (!is_english(cx))
        return words;
    if (!str_starts(words, begins) || !str_ends(words, ends) || words.n <= begins.n + ends.n)
        return counted(cx, tr(cx, words));
    struct str hour = str_from(str_until(words, words.n - ends.n), begins.n), whole, rest;
    if (str_cut(hour, ' ', &whole, &rest)) /* "15 giờ" */
        hour = str_fmt(cx->arena, "%.*s:00", F(whole));
    return tr_fmt(cx, T("Trong ngày; nhận sau %.*s thì trả vào ngày làm việc tiếp theo"), F(hour));
}

/* ---- for whom ---- */

/* The next of a list with commas; those within brackets do not part it. */
static struct str next_of(struct str *rest)
{
    size_t n = 0;
    int depth = 0;
    for (; n < rest->n && (rest->p[n] != ',' || depth > 0); n++)
        depth += (rest->p[n] == '(') - (rest->p[n] == ')');
    struct str one = str_trim(str_until(*rest, n));
    *rest = str_from(*rest, n + 1);
    return one;
}

struct str procedure_subjects_said(struct cx *cx, struct str list)
{
    if (!is_english(cx))
        return list;
    struct buf b = {.arena = cx->arena, .limit = 4 * list.n + 256};
    for (struct str rest = list; rest.n;) {
        struct str one = next_of(&rest), english = tr(cx, one);
        if (text_is_vietnamese(english))
            return list; /* in one language, not in two */
        if (b.n)
            buf_add(&b, S(", "));
        buf_add(&b, english);
    }
    return buf_str(&b);
}

/* ---- papers ---- */

struct str procedure_component_said(struct cx *cx, const struct procedure_component *c)
{
    struct str when = tr(cx, c->when), hint = tr(cx, c->hint);
    return str_fmt(cx->arena, "%.*s. %.*s", F(when), F(hint));
}
