/* statistic_close_test.c - a period that is over is closed once, signed, never changed; what is
 * mended later shows beside it; where dossiers stood is told as of its end. */
#include "../statistic_close.h"
#include "crypto/crypto.h"
#include "pdf/pdf.h"
#include "statistic_fixture.h"

#define NOVEMBER "/dieu-hanh/chot-ky/2026-11"

static int64_t frozen(struct cx *cx, const char *column)
{
    static const char *const known[] = {"carried", "online", "open",      "soon",    "overdue",
                                        "paused",  "early",  "withdrawn", "returned"};
    int64_t n = -1;
    auto_rows r = {0};
    assert_ok(db_query(cx, &r,
                       "select carried, online, open, soon, overdue, paused, early, withdrawn,"
                       " returned from statistic_frozen where line = 0"));
    assert_true(db_next(&r));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], column) == 0)
            n = db_int(&r, (int)i);
    assert_true(n >= 0);
    return n;
}

/* November of Kỳ Lừa: one of each kind; then it is the second of December. */
struct november {
    int64_t overdue, paused, done;
    struct put as_overdue, as_paused, as_done;
};
static void put_november(struct cx *cx, struct november *m)
{
    const int64_t at = cx->now;
    struct put p = {.unit = KY_LUA, .state = DOSSIER_PROCESSING, .channel = CHANNEL_ONLINE};
    p.accepted_at = at;
    p.due_at = on(12, 1); /* ten hours after the end */
    put(cx, &p);
    p.due_at = on(12, 20);
    put(cx, &p);
    p.due_at = on(11, 25);
    m->as_overdue = p;
    m->overdue = put(cx, &p);
    p.state = DOSSIER_SUPPLEMENT;
    m->as_paused = p;
    m->paused = put(cx, &p);
    p.state = DOSSIER_WITHDRAWN;
    put(cx, &p);
    p.state = DOSSIER_RETURNED;
    p.released_at = p.returned_at = at;
    m->as_done = p;
    m->done = put(cx, &p);
    p.accepted_at = on(10, 20); /* carried over */
    m->as_done = p;
    m->done = put(cx, &p);
    testing_advance(cx, 9 * DAY);
    count_all(cx);
    /* What happens in December: the overdue one is released, the paused one goes on. */
    struct put next = m->as_overdue;
    next.state = DOSSIER_RELEASED;
    next.released_at = cx->now;
    move(cx, m->overdue, DOSSIER_PROCESSING, &next);
    next = m->as_paused;
    next.state = DOSSIER_PROCESSING;
    move(cx, m->paused, DOSSIER_SUPPLEMENT, &next);
    count_all(cx);
}

static struct browser *close_november(struct cx *cx)
{
    struct browser *b = sign_in(cx, "chutich.kylua");
    assert_opens(b, NOVEMBER, 200);
    assert_sees(b, "Số liệu chưa chốt");
    assert_true(browser_press(b, "Chốt và ký số liệu"));
    assert_int_equal(browser_page(b)->status, 200);
    assert_sees(b, "Đã chốt số liệu Tháng 11/2026");
    return b;
}

static void open_dossiers_are_told_by_their_clock_at_the_end_of_the_period(void **t)
{
    struct cx *cx = test_cx(t);
    struct november m;
    put_november(cx, &m);
    close_november(cx);
    assert_int_equal(frozen(cx, "carried"), 1);
    assert_int_equal(frozen(cx, "online"), 6);
    assert_int_equal(frozen(cx, "open"), 1);
    assert_int_equal(frozen(cx, "soon"), 1);
    assert_int_equal(frozen(cx, "overdue"), 1); /* released in December, and late at the end */
    assert_int_equal(frozen(cx, "paused"), 1);  /* goes on since December */
    assert_int_equal(frozen(cx, "withdrawn"), 1);
    assert_int_equal(frozen(cx, "early"), 2);
    assert_int_equal(frozen(cx, "returned"), 2);
}

static struct str all_frozen(struct cx *cx)
{
    struct buf b = {.arena = cx->arena, .limit = 65536};
    auto_rows r = {0};
    assert_ok(
        db_query(cx, &r,
                 "select period, line, kind, code, carried, online, counter, post, away, early,"
                 " on_time, late, open, soon, overdue, paused, refused, withdrawn, to_return,"
                 " returned from statistic_frozen order by period, line"));
    while (db_next(&r))
        for (int c = 0; c < 20; c++)
            buf_fmt(&b, "%.*s,", F(db_str(&r, c)));
    assert_ok(r.err);
    return buf_str(&b);
}

static void closed_figures_stay_and_what_is_mended_later_shows_beside_them(void **t)
{
    struct cx *cx = test_cx(t);
    struct november m;
    put_november(cx, &m);
    struct browser *b = close_november(cx);
    assert_sees(b, "Đến nay không có gì khác");
    assert_not_sees(b, "−1");
    struct str before = all_frozen(cx);

    struct put mended = m.as_done; /* its result is corrected: not resolved in November any more */
    mended.state = DOSSIER_PROCESSING;
    mended.released_at = mended.returned_at = 0;
    move(cx, m.done, DOSSIER_RETURNED, &mended);
    count_all(cx);
    assert_true(str_eq(before, all_frozen(cx)));
    assert_opens(b, NOVEMBER, 200);
    assert_sees(b, "con số đã khác");
    assert_sees(b, "−1");
    assert_sees(b, "+1");
    assert_contains(browser_page(b)->body, "title=\"Nay đếm được 1\"");

    assert_ok(test_write(cx, statistic_module.rebuild(cx))); /* counted anew: kept as it was */
    assert_opens(b, NOVEMBER, 200);
    assert_sees(b, "Hồ sơ đang được đếm lại");
    count_all(cx);
    assert_true(str_eq(before, all_frozen(cx)));
}

static void the_figures_are_signed_by_whoever_closed_them(void **t)
{
    struct cx *cx = test_cx(t);
    struct november m;
    struct pdf_signature_report reports[PDF_SIGNATURES_MAX];
    struct str ca;
    size_t n;
    put_november(cx, &m);
    struct browser *b = close_november(cx);
    assert_sees(b, "Đã chốt, đang ký");
    assert_opens(b, NOVEMBER "/ban-ky", 404);
    count_all(cx); /* the job runs */
    assert_opens(b, NOVEMBER, 200);
    assert_sees(b, "Đã chốt, đã ký");
    assert_sees(b, "Bế Văn Lâm");
    assert_opens(b, NOVEMBER "/ban-ky", 200);
    struct str file = browser_page(b)->body;
    assert_ok(identity_authority(cx, &ca));
    assert_ok(pdf_signatures(cx, file, &ca, 1, reports, &n));
    assert_int_equal(n, 1);
    assert_int_equal(reports[0].cms.verdict, CMS_VALID);
    assert_true(reports[0].covers_whole_file && reports[0].cms.is_pades);
    assert_true(str_eq(reports[0].name, S("Bế Văn Lâm")));
    const struct hash h = sha256(file);
    struct str sum = str_hex(cx->arena, HASH_STR(h));
    auto_rows r = {0};
    assert_ok(db_query(cx, &r, "select file_sha256 from statistic_period"));
    assert_true(db_next(&r) && str_eq(db_str(&r, 0), sum));
    db_rows_close(&r);
    assert_int_equal(rows_of(cx, "journal_event where kind = 'statistic.period.closed'"), 1);
    assert_int_equal(rows_of(cx, "journal_event where kind = 'statistic.period.signed'"), 1);
}

static void a_period_is_closed_once_by_whoever_may_and_only_when_it_is_over(void **t)
{
    struct cx *cx = test_cx(t);
    struct november m;
    put_november(cx, &m);
    struct browser *clerk = sign_in(cx, "hotich.kylua");
    assert_opens(clerk, NOVEMBER, 403);
    struct browser *watches = sign_in(cx, "thanhtra");
    assert_opens(watches, NOVEMBER "?don-vi=H37.114", 200);
    assert_false(browser_press(watches, "Chốt và ký số liệu"));
    struct browser *other = sign_in(cx, "chutich.tamthanh");
    assert_opens(other, NOVEMBER "?don-vi=H37.114", 403);

    struct browser *b = sign_in(cx, "chutich.kylua"), *late = sign_in(cx, "chutich.kylua");
    assert_opens(late, NOVEMBER, 200);
    assert_opens(b, "/dieu-hanh/chot-ky/2026-12", 200);
    assert_sees(b, "Kỳ này chưa hết");
    assert_false(browser_press(b, "Chốt và ký số liệu"));
    assert_opens(b, "/dieu-hanh/chot-ky/2026-13", 404);
    assert_opens(b, "/dieu-hanh/chot-ky/2026-Q5", 404);
    assert_opens(b, "/dieu-hanh/chot-ky/0", 404);
    assert_opens(b, "/dieu-hanh/chot-ky/2026-Q3", 200);
    assert_sees(b, "Quý 3/2026");
    assert_opens(b, NOVEMBER, 200);
    assert_true(browser_press(b, "Chốt và ký số liệu"));
    assert_int_equal(browser_page(b)->status, 200);
    assert_true(browser_press(late, "Chốt và ký số liệu"));
    assert_int_equal(browser_page(late)->status, 409);
    assert_sees(late, "đã được chốt");
    assert_int_equal(rows_of(cx, "statistic_period"), 1);
    assert_opens(b, "/dieu-hanh/chot-ky", 200);
    assert_sees(b, "Tháng 11/2026 Đã chốt, đang ký");
    assert_sees(b, "Tháng 10/2026 Chưa chốt");
    assert_not_sees(b, "Tháng 12/2026");
}

static void a_figure_changed_behind_the_program_is_found(void **t)
{
    struct cx *cx = test_cx(t);
    struct november m;
    put_november(cx, &m);
    struct browser *b = close_november(cx);
    assert_ok(test_write(cx, db_exec(cx, "update statistic_frozen set overdue = 0, open = open + 1"
                                         " where line = 0")));
    assert_opens(b, NOVEMBER, 200);
    assert_sees(b, "không còn khớp với nhật ký");
    assert_not_sees(b, "Đến nay không có gì khác");
}

/* ---- nothing half done; any history balances ---- */

static enum err close_directly(struct cx *cx, const struct org_unit *u)
{
    struct closing c;
    struct frozen_sheet s;
    struct closed_period p;
    MUST(statistic_closing_named(cx, S("2026-11"), &c));
    TRY(statistic_figures(cx, u, &c, &s));
    return statistic_close(cx, u, &c, &s, &p);
}

static void a_failed_call_leaves_nothing_closed(void **t)
{
    struct cx *cx = test_cx(t);
    struct november m;
    enum err e = ERR_IO;
    put_november(cx, &m);
    const struct org_unit u = unit_named(cx, KY_LUA);
    for (int call = 1; e != OK; call++) {
        assert_int_equal(rows_of(cx, "statistic_period"), 0);
        assert_int_equal(rows_of(cx, "statistic_frozen"), 0);
        assert_true(call < 400);
        struct arena_mark here = arena_here(cx->arena);
        db_fail_at(cx, call);
        e = test_write(cx, close_directly(cx, &u));
        arena_back(cx->arena, here);
    }
    db_fail_at(cx, 0);
    assert_int_equal(rows_of(cx, "statistic_period"), 1);
    assert_true(rows_of(cx, "statistic_frozen") >= 2);
}

static uint32_t luck(uint32_t *seed, uint32_t of)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % of;
}

static void figures_of_any_history_balance(void **t)
{
    struct cx *cx = test_cx(t);
    uint32_t seed = 23;
    for (int i = 0; i < 60; i++) {
        struct put p = {.unit = luck(&seed, 2) ? KY_LUA : TAM_THANH,
                        .state = (enum dossier_state)(DOSSIER_ACCEPTED + luck(&seed, 9)),
                        .channel = (enum channel)(1 + luck(&seed, 3))};
        p.accepted_at = cx->now - (int64_t)luck(&seed, 120) * DAY;
        p.due_at = p.accepted_at + (int64_t)luck(&seed, 60) * DAY;
        if (p.state == DOSSIER_RELEASED || p.state == DOSSIER_RETURNED)
            p.released_at = p.accepted_at + (int64_t)luck(&seed, 40) * DAY;
        if (p.state == DOSSIER_RETURNED)
            p.returned_at = p.released_at + DAY;
        put(cx, &p);
    }
    testing_advance(cx, 60 * DAY);
    count_all(cx);
    struct org_unit province = unit_named(cx, PROVINCE);
    static const char *const names[] = {"2026-08", "2026-09", "2026-10", "2026-11",
                                        "2026-12", "2026-Q3", "2026-Q4", "2026"};
    int64_t received = 0; /* at last, of the year */
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct closing c;
        struct frozen_sheet s;
        assert_true(statistic_closing_named(cx, str_c(names[i]), &c));
        assert_ok(test_write(cx, statistic_figures(cx, &province, &c, &s)));
        assert_true(s.n >= 1);
        received = statistic_frozen_received(&s.lines[0]);
        int64_t units = 0, procedures = 0; /* the whole is the sum of either */
        for (size_t k = 1; k < s.n; k++) {
            int64_t n =
                statistic_frozen_received(&s.lines[k]) + s.lines[k].n[FROZEN_OVERDUE] * 1000;
            units += str_eq(s.lines[k].kind, S("don-vi")) ? n : 0;
            procedures += str_eq(s.lines[k].kind, S("thu-tuc")) ? n : 0;
        }
        const int64_t whole =
            statistic_frozen_received(&s.lines[0]) + s.lines[0].n[FROZEN_OVERDUE] * 1000;
        assert_int_equal(units, whole);
        assert_int_equal(procedures, whole);
    }
    assert_int_equal(received, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(open_dossiers_are_told_by_their_clock_at_the_end_of_the_period),
        TEST(closed_figures_stay_and_what_is_mended_later_shows_beside_them),
        TEST(the_figures_are_signed_by_whoever_closed_them),
        TEST(a_period_is_closed_once_by_whoever_may_and_only_when_it_is_over),
        TEST(a_figure_changed_behind_the_program_is_found),
        TEST(a_failed_call_leaves_nothing_closed),
        TEST(figures_of_any_history_balance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
