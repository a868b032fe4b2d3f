/* statistic_drill_test.c - every number of the dashboard and of the table leads to the dossiers it
 * counts: as many, no other. */
#include "statistic_fixture.h"

/* Of everything something: states, channels, units, this month and the last; ends of terms on all
 * sides of the release and of now. */
static void put_many(struct cx *cx)
{
    for (int i = 0; i < 44; i++) {
        struct put p = {.unit = i % 3 ? KY_LUA : TAM_THANH,
                        .state = (enum dossier_state)(1 + i % DOSSIER_CANCELLED),
                        .channel = (enum channel)(1 + i % 3)};
        const bool accepted = p.state >= DOSSIER_ACCEPTED && p.state != DOSSIER_CANCELLED;
        if (accepted || (onestop_given_up(p.state) && i > 12)) {
            p.accepted_at = cx->now - (2 + i) * DAY;
            p.due_at = i % 7 ? p.accepted_at + (i % 11) * DAY : cx->now + HOUR_MS;
        }
        if (p.state == DOSSIER_RELEASED || p.state == DOSSIER_RETURNED)
            p.released_at = p.due_at + (i % 5 - 2) * 5 * HOUR_MS;
        if (p.state == DOSSIER_RETURNED)
            p.returned_at = p.released_at + HOUR_MS;
        if (p.released_at > cx->now)
            p.released_at = cx->now;
        if (onestop_given_up(p.state) &&
            p.accepted_at) /* this month, the last, the instant between */
            p.given_up_at = i % 5 % 2 == 0 ? p.accepted_at + HOUR_MS
                            : i % 5 == 1   ? on(11, 1) - 10 * HOUR_MS
                                           : cx->now;
        put(cx, &p);
    }
    count_all(cx);
    assert_ok(test_write(cx, onestop_module.rebuild(cx))); /* the lists */
}

static int64_t listed(struct browser *b, struct str href)
{
    int64_t rows = 0;
    size_t at;
    browser_open(b, str_z(browser_cx(b)->arena, href));
    if (browser_page(b)->status != 200)
        fail_msg("%.*s answers %d", F(href), browser_page(b)->status);
    for (struct str rest = browser_page(b)->body; str_find(rest, S("href=\"/viec/YC-"), &at);
         rows++)
        rest = str_from(rest, at + 1);
    assert_true(rows < 50); /* all on one page */
    return rows;
}

static bool number_of(struct str text, int64_t *n)
{
    *n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9')
            return false;
        *n = *n * 10 + text.p[i] - '0';
    }
    return text.n > 0;
}

/* A bar says its number behind its link. */
static int64_t number_behind(struct str body, const struct page_link *l)
{
    int64_t n;
    size_t at;
    assert_true(str_find(body, l->text, &at));
    for (struct str rest = body; str_find(rest, S("<span class=\"name\"><a"), &at);) {
        rest = str_from(rest, at + 1);
        size_t label, value, end;
        assert_true(str_find(rest, S("</a>"), &label));
        if (!str_find(str_until(rest, label), l->text, NULL))
            continue;
        assert_true(str_find(rest, S("<b class=\"num\">"), &value));
        struct str number = str_from(rest, value + 15);
        assert_true(str_find(number, S("</b>"), &end));
        assert_true(number_of(str_until(number, end), &n));
        return n;
    }
    fail_msg("no number behind %.*s", F(l->text));
    return -1;
}

/* How many numbers of this page lead to lists; each is compared with its list. */
static size_t follow_numbers(struct browser *b, const char *address)
{
    browser_open(b, address);
    assert_int_equal(browser_page(b)->status, 200);
    const struct page page = *browser_page(b);
    size_t followed = 0;
    for (size_t i = 0; i < page.links_n; i++) {
        const struct page_link *l = &page.links[i];
        int64_t n;
        if (!str_starts(l->href, S("/ho-so-mot-cua?")))
            continue;
        if (!number_of(l->text, &n))
            n = number_behind(page.body, l);
        int64_t rows = listed(b, l->href);
        if (rows != n)
            fail_msg("%s: %lld leads to %lld rows at %.*s", address, (long long)n, (long long)rows,
                     F(l->href));
        followed++;
    }
    return followed;
}

static void every_number_of_the_dashboard_leads_to_as_many_dossiers(void **t)
{
    struct cx *cx = test_cx(t);
    put_many(cx);
    struct browser *b = sign_in(cx, "thanhtra");
    /* overdue, due today; states; late by field; the tables under the trends of weeks and months */
    assert_true(follow_numbers(b, "/dieu-hanh") >= 2 + 6 + 1);
    assert_true(follow_numbers(b, "/dieu-hanh?ky=thang") >= 2 + 6 + 1);
    assert_true(follow_numbers(b, "/dieu-hanh?don-vi=H37.114") >= 2 + 4 + 1);
    assert_true(follow_numbers(b, "/dieu-hanh?don-vi=H37.115&ky=quy") >= 2 + 2);
    struct browser *leader = sign_in(cx, "chutich.kylua");
    assert_true(follow_numbers(leader, "/dieu-hanh?ky=thang-truoc") >= 2 + 4 + 8);
}

static void every_number_of_the_table_leads_to_as_many_dossiers(void **t)
{
    struct cx *cx = test_cx(t);
    put_many(cx);
    struct browser *b = sign_in(cx, "thanhtra");
    assert_true(follow_numbers(b, "/dieu-hanh/thong-ke?theo=don-vi") >= 20);
    assert_true(follow_numbers(b, "/dieu-hanh/thong-ke?theo=thu-tuc&ky=thang") >= 15);
    assert_true(follow_numbers(b, "/dieu-hanh/thong-ke?theo=don-vi&ky=thang-truoc") >= 10);
    struct browser *leader = sign_in(cx, "chutich.kylua");
    assert_true(follow_numbers(leader, "/dieu-hanh/thong-ke?theo=thu-tuc") >= 10);
}

/* Tồn, từ chối, rút: what is gone too; and what a past month left. */
static void what_was_carried_over_refused_and_withdrawn_is_listed(void **t)
{
    struct cx *cx = test_cx(t);
    put_many(cx);
    struct browser *b = sign_in(cx, "thanhtra");
    static const char *const pages[] = {"/dieu-hanh/thong-ke?theo=don-vi&ky=thang",
                                        "/dieu-hanh/thong-ke?theo=thu-tuc&ky=thang",
                                        "/dieu-hanh/thong-ke?theo=don-vi&ky=thang-truoc"};
    static const char *const figures[][3] = {
        {"?so=ton.202611.202611&", "?so=tu-choi.202611.202611&", "?so=rut.202611.202611&"},
        {"?so=ton.202611.202611&", "?so=tu-choi.202611.202611&", "?so=rut.202611.202611&"},
        {"?so=con-lai.202610.202610&", "?so=tu-choi.202610.202610&", "?so=rut.202610.202610&"}};
    for (size_t i = 0; i < 3; i++) {
        browser_open(b, pages[i]);
        const struct page page = *browser_page(b);
        assert_sees(b, "Tồn kỳ trước"); /* one word for what stays open, wherever it stands */
        assert_not_sees(b, "Còn lại");
        for (size_t k = 0; k < 3; k++) {
            int64_t most = 0;
            for (size_t l = 0; l < page.links_n; l++) {
                int64_t n;
                if (!str_find(page.links[l].href, str_c(figures[i][k]), NULL))
                    continue;
                assert_true(number_of(page.links[l].text, &n));
                assert_int_equal(listed(b, page.links[l].href), n);
                most = n > most ? n : most;
            }
            if (most == 0)
                fail_msg("%s: no number leads to %s", pages[i], figures[i][k]);
        }
    }
    assert_opens(b, "/ho-so-mot-cua?so=rut.202611.202611&don-vi=H37", 200);
    assert_sees(b, "Rút sau tiếp nhận, 11/2026");
    /* Of the month, of a unit: no other. */
    int64_t here = listed(b, S("/ho-so-mot-cua?so=ton.202611.202611&don-vi=H37.114")),
            there = listed(b, S("/ho-so-mot-cua?so=ton.202611.202611&don-vi=H37.115")),
            all = listed(b, S("/ho-so-mot-cua?so=ton.202611.202611&don-vi=H37"));
    assert_true(here > 0 && there > 0);
    assert_int_equal(here + there, all);
}

static size_t times(struct str text, const char *what)
{
    size_t n = 0, at;
    for (; str_find(text, str_c(what), &at); n++)
        text = str_from(text, at + 1);
    return n;
}

static void every_card_of_the_dashboard_says_source_and_time_and_every_figure_is_a_link(void **t)
{
    struct cx *cx = test_cx(t);
    put_many(cx);
    struct browser *b = sign_in(cx, "thanhtra");
    assert_opens(b, "/dieu-hanh", 200);
    struct str body = browser_page(b)->body;
    assert_int_equal(times(body, "class=\"card"), 4 + 5);
    assert_int_equal(times(body, "Nhật ký hồ sơ · số liệu lúc 09:00, 23/11/2026"), 4 + 5);
    assert_int_equal(times(body, "<p class=\"figure\"><a "), 4);
    assert_int_equal(times(body, "<p class=\"figure\">"), 4);
    assert_int_equal(times(body, "<li><span class=\"name\"><a "),
                     times(body, "<li><span class=\"name\">"));
    /* A share is of two lists. */
    int64_t in_time = listed(b, S("/ho-so-mot-cua?so=khong-tre.202601.202611&don-vi=H37")),
            all = listed(b, S("/ho-so-mot-cua?so=giai-quyet.202601.202611&don-vi=H37"));
    assert_true(in_time > 0 && in_time < all);
    const int tenths = (int)(in_time * 1000 / all);
    struct str share = tenths % 10 ? str_fmt(cx->arena, ">%d,%d%%<", tenths / 10, tenths % 10)
                                   : str_fmt(cx->arena, ">%d%%<", tenths / 10);
    assert_true(str_find(body, share, NULL));
}

static void a_figure_nobody_counts_lists_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    put_many(cx);
    struct browser *b = sign_in(cx, "thanhtra");
    static const char *const wrong[] = {"x",
                                        "tre",
                                        "tre.202613.202611",
                                        "tre.202601",
                                        "tre.0.9999999999999999999",
                                        "tre.202601.202611.1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(listed(b, str_fmt(cx->arena, "/ho-so-mot-cua?so=%s", wrong[i])), 0);
    browser_open(b, "/ho-so-mot-cua?so=tre.202601.202611&don-vi=H37");
    assert_sees(b, "UBND tỉnh giải quyết · Giải quyết trễ, 01/2026 – 11/2026");
    browser_open(b, "/ho-so-mot-cua?so=giai-quyet.20261116.20261122&don-vi=H37");
    assert_sees(b, "Đã giải quyết, 16/11/2026 – 22/11/2026");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_number_of_the_dashboard_leads_to_as_many_dossiers),
        TEST(every_number_of_the_table_leads_to_as_many_dossiers),
        TEST(what_was_carried_over_refused_and_withdrawn_is_listed),
        TEST(every_card_of_the_dashboard_says_source_and_time_and_every_figure_is_a_link),
        TEST(a_figure_nobody_counts_lists_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
