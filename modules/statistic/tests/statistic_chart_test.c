/* statistic_chart_test.c - what a chart draws is what the dossiers are: points are read back from
 * the picture by its own rules and compared with what was put in. */
#include "statistic_fixture.h"

#define WEEKS 12
#define MONTHS 12
#define POINTS_MAX 16

static struct browser *leader(struct cx *cx)
{
    struct browser *b = testing_person(cx, "chutich.kylua", IDENTITY_DEMO_PASSWORD);
    assert_opens(b, "/dieu-hanh", 200);
    return b;
}

/* ---- what was put in ---- */

struct expected {
    int64_t week_in[WEEKS], week_done[WEEKS], month_in[MONTHS], month_done[MONTHS];
};

static void expect(const struct cx *cx, int64_t at, int64_t *weeks, int64_t *months)
{
    const struct civil now = civil_at(cx->now), then = civil_at(at);
    const int64_t monday = day_of(cx->now) - (day_of(cx->now) + 3) % 7;
    const int64_t back = day_of(at) >= monday ? 0 : (monday - day_of(at) + 6) / 7;
    const int months_back = (now.year - then.year) * 12 + now.month - then.month;
    if (back < WEEKS)
        weeks[WEEKS - 1 - back]++;
    if (months_back < MONTHS)
        months[MONTHS - 1 - months_back]++;
}

/* Some every few days of the last year, more lately; two in three were resolved four days later. */
static void put_year(struct cx *cx, struct expected *e)
{
    *e = (struct expected){0};
    for (int days = 1, i = 0; days < 330; days += 1 + days / 9, i++) {
        struct put p = {.unit = KY_LUA,
                        .state = i % 3 ? DOSSIER_RETURNED : DOSSIER_PROCESSING,
                        .channel = CHANNEL_ONLINE,
                        .accepted_at = cx->now - days * 24 * HOUR_MS};
        p.due_at = p.accepted_at + 96 * HOUR_MS;
        if (i % 3 && days > 4)
            p.released_at = p.returned_at = p.due_at;
        else
            p.state = DOSSIER_PROCESSING;
        put(cx, &p);
        expect(cx, p.accepted_at, e->week_in, e->month_in);
        if (p.released_at)
            expect(cx, p.released_at, e->week_done, e->month_done);
    }
    count_all(cx);
}

/* ---- what is drawn ---- */

static struct str after(struct str text, const char *mark)
{
    size_t at;
    assert_true(str_find(text, str_c(mark), &at));
    return str_from(text, at + strlen(mark));
}

static int64_t number_at(struct str *text)
{
    int64_t n = 0;
    while (text->n && (text->p[0] < '0' || text->p[0] > '9'))
        *text = str_from(*text, 1);
    for (; text->n && ((text->p[0] >= '0' && text->p[0] <= '9') || text->p[0] == '.');
         *text = str_from(*text, 1))
        n = text->p[0] == '.' ? n : n * 10 + text->p[0] - '0';
    return n;
}

/* Where nothing is, where the highest rule is, and what stands beside it. */
struct scale {
    int64_t zero_y, top_y, top;
};

static struct scale scale_of(struct str svg)
{
    struct scale s = {0};
    size_t rules = 0, at;
    for (; str_find(svg, S("class=\"rule\" d=\"M"), &at); rules++) {
        svg = str_from(svg, at + 16);
        number_at(&svg); /* x */
        s.top_y = number_at(&svg);
        s.zero_y = rules ? s.zero_y : s.top_y;
        svg = after(svg, "text-anchor=\"end\">");
        struct str label = svg;
        s.top = number_at(&label);
    }
    assert_true(rules > 2 && s.top > 0 && s.zero_y > s.top_y);
    return s;
}

static void assert_drawn(struct str body, const char *figure, const char *line,
                         const int64_t *wanted, size_t n)
{
    struct str svg = after(after(body, figure), "<svg class=\"lines\"");
    size_t end;
    assert_true(str_find(svg, S("</svg>"), &end));
    svg = str_until(svg, end);
    const struct scale s = scale_of(svg);
    struct str path = after(svg, line);
    assert_true(str_find(path, S("\""), &end));
    path = str_until(path, end);
    for (size_t i = 0; i < n; i++) {
        assert_true(path.n > 0);
        number_at(&path); /* x */
        int64_t y = number_at(&path);
        int64_t value = ((s.zero_y - y) * s.top * 2 + (s.zero_y - s.top_y)) /
                        ((s.zero_y - s.top_y) * 2); /* to the nearest whole */
        if (value != wanted[i])
            fail_msg("%s, point %zu: %lld is drawn, not %lld", figure, i, (long long)value,
                     (long long)wanted[i]);
    }
    assert_true(path.n == 0); /* no point more */
}

/* The table under the picture, newest first: its numbers in columns `in` and `done`. */
static void assert_listed(struct cx *cx, struct str body, const char *figure, size_t skip,
                          const int64_t *in, const int64_t *done, size_t n)
{
    struct str table = after(after(body, figure), "<tbody");
    size_t end;
    assert_true(str_find(table, S("</table>"), &end));
    struct page p = {.body = str_until(table, end)};
    page_read(cx->arena, &p);
    struct str rest = p.words, word;
    for (size_t i = 0; i < n; i++) {
        int64_t numbers[2];
        for (size_t k = 0; k < skip; k++)
            str_cut(rest, ' ', &word, &rest);
        for (size_t k = 0; k < 2; k++) {
            do
                str_cut(rest, ' ', &word, &rest);
            while (rest.n && !str_int(word, &numbers[k]));
            assert_true(str_int(word, &numbers[k]));
        }
        assert_int_equal(numbers[0], in[n - 1 - i]);
        assert_int_equal(numbers[1], done[n - 1 - i]);
        if (skip == 1) /* months: the share in time ends the line */
            str_cut(rest, ' ', &word, &rest);
    }
}

static void the_trend_by_week_and_month_draws_the_rows(void **t)
{
    struct cx *cx = test_cx(t);
    struct expected e;
    put_year(cx, &e);
    assert_true(e.week_in[WEEKS - 1] + e.week_in[WEEKS - 2] > 4 && e.month_in[0] + e.month_in[1]);
    struct str body = browser_page(leader(cx))->body;
    assert_drawn(body, "id=\"h-weeks\"", "class=\"line s0\" d=\"", e.week_in, WEEKS);
    assert_drawn(body, "id=\"h-weeks\"", "class=\"line s1\" d=\"", e.week_done, WEEKS);
    assert_drawn(body, "id=\"h-months\"", "class=\"line s0\" d=\"", e.month_in, MONTHS);
    assert_drawn(body, "id=\"h-months\"", "class=\"line s1\" d=\"", e.month_done, MONTHS);
    assert_listed(cx, body, "id=\"h-weeks\"", 2, e.week_in, e.week_done, WEEKS);
    assert_listed(cx, body, "id=\"h-months\"", 1, e.month_in, e.month_done, MONTHS);
}

static void before_the_first_dossier_the_lines_lie_on_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t none[MONTHS] = {0};
    struct str body = browser_page(leader(cx))->body;
    assert_drawn(body, "id=\"h-weeks\"", "class=\"line s0\" d=\"", none, WEEKS);
    assert_drawn(body, "id=\"h-months\"", "class=\"line s1\" d=\"", none, MONTHS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_trend_by_week_and_month_draws_the_rows),
        TEST(before_the_first_dossier_the_lines_lie_on_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
