/* story_expect.c - what a line expects: -> 200 /path/{code} có "..." không có "..." kiểu T. */
#include "story_inside.h"

#include "testing.h"

static bool is_status(struct str s)
{
    int64_t n;
    return s.n == 3 && str_int(s, &n) && n >= 100 && n < 600;
}

static void expect_status(struct story *s, struct str wanted)
{
    int64_t n = 0;
    (void)str_int(wanted, &n);
    int got = browser_page(s->now)->status;
    if (got != n)
        story_fail(s, "được %d, không phải %lld", got, (long long)n);
}

/* Where the answer leads, or where we are. */
static void expect_path(struct story *s, struct str pattern)
{
    const struct page *p = browser_page(s->now);
    struct str got = p->reply.location.n ? p->reply.location : p->target;
    if (!story_match(s, pattern, got))
        story_fail(s, "tới %.*s, không phải %.*s", F(got), F(story_fill(s, pattern)));
}

static void expect_text(struct story *s, struct str text, bool there)
{
    struct str wanted = story_fill(s, text);
    if (browser_sees(s->now, wanted) != there)
        story_fail(s, "trang %s “%.*s”", there ? "không có" : "có", F(wanted));
}

static void expect_type(struct story *s, struct str wanted)
{
    struct str got = browser_page(s->now)->content_type;
    if (!str_starts(got, wanted))
        story_fail(s, "kiểu %.*s, không phải %.*s", F(got), F(wanted));
}

void story_expect(struct story *s)
{
    for (size_t i = s->arrow; i < s->words_n; i++) {
        const struct word *w = &s->words[i];
        const struct word *next = i + 1 < s->words_n ? &s->words[i + 1] : NULL;
        const struct word *third = i + 2 < s->words_n ? &s->words[i + 2] : NULL;
        if (is_status(w->text)) {
            expect_status(s, w->text);
        } else if (w->text.n && w->text.p[0] == '/') {
            expect_path(s, w->text);
        } else if (str_eq(w->text, S("có")) && next) {
            expect_text(s, next->text, true);
            i++;
        } else if (str_eq(w->text, S("không")) && next && third && str_eq(next->text, S("có"))) {
            expect_text(s, third->text, false);
            i += 2;
        } else if (str_eq(w->text, S("kiểu")) && next) {
            expect_type(s, next->text);
            i++;
        } else {
            story_fail(s, "không hiểu “%.*s” sau ->", F(w->text));
        }
    }
    /* Without a stated status the page must at least have come. */
    if (s->arrow == s->words_n && browser_page(s->now)->status >= 400)
        story_fail(s, "được %d", browser_page(s->now)->status);
}
