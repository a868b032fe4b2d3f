/* onestop_list_test.c - the inbox and the list of all dossiers: scope, search, order, pages, plans.
 */
#include <sqlite3.h>

#include "onestop/onestop_lists.h"
#include "onestop_fixture.h"

static struct list_rows read_rows(struct cx *cx, const struct list_source *s, struct list_ask ask)
{
    struct list_rows p;
    assert_ok(list_read(cx, s, &ask, 50, &p));
    return p;
}

static int64_t count_of(struct cx *cx, const struct list_source *s, struct list_ask ask)
{
    int64_t n;
    bool more;
    assert_ok(list_count(cx, s, &ask, &n, &more));
    assert_false(more);
    return n;
}

#define WORK(...) ((struct list_ask){.values = {S("viec")}, ##__VA_ARGS__})
#define ASK(...) ((struct list_ask){__VA_ARGS__})

static int64_t id_at(const struct list_rows *p, size_t i)
{
    return ((const struct inbox_row *)p->rows[i])->d.id;
}

static void the_inbox_finds_by_code_by_name_without_marks_and_by_state(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, waiting;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    send_one(cx, &waiting);
    act_as(cx, COUNTER);
    const struct list_source *s = &onestop_work_source;
    assert_int_equal(count_of(cx, s, WORK()), 2);
    assert_int_equal(count_of(cx, s, WORK(.words = S("hoang thi mai"))), 2);
    assert_int_equal(count_of(cx, s, WORK(.words = S("nong van thanh"))), 0);
    assert_int_equal(count_of(cx, s, WORK(.words = S("khai sinh"))), 2);
    assert_int_equal(count_of(cx, s, WORK(.words = S("h37.114-2611"))), 1);
    assert_int_equal(count_of(cx, s, WORK(.words = waiting.request_code)), 1);
    assert_int_equal(count_of(cx, s, WORK(.words = S("%"))), 0);
    struct list_rows p =
        read_rows(cx, s, (struct list_ask){.values = {S("viec"), S("cho_tiep_nhan")}});
    assert_int_equal(p.n, 1);
    assert_int_equal(id_at(&p, 0), waiting.id);
    assert_str(((const struct inbox_row *)p.rows[0])->person_name, "Hoàng Thị Mai");
    act_as(cx, OTHER_COUNTER);
    assert_int_equal(count_of(cx, s, WORK()), 0);
    assert_int_equal(count_of(cx, &onestop_all_source, ASK(.words = S("hoang thi mai"))), 0);
}

static void what_waits_for_somebody_else_is_not_to_be_done(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_SUPPLEMENT);
    act_as(cx, COUNTER); /* in whose hands it lies meanwhile */
    assert_int_equal(count_of(cx, &onestop_work_source, WORK()), 0);
    assert_int_equal(count_of(cx, &onestop_work_source, (struct list_ask){.values = {S("cho")}}),
                     1);
}

static int64_t badge_of(struct cx *cx)
{
    int64_t n;
    bool late;
    assert_ok(onestop_store_desk_count(cx, 100, &n, &late));
    return n;
}

/* The leader stands above the counter and reads all it has; taking in and returning are its work.
 */
static void what_only_the_counter_may_do_is_no_work_of_the_leader(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier waiting, processing, released;
    send_one(cx, &waiting);
    bring_to(cx, &processing, DOSSIER_PROCESSING);
    bring_to(cx, &released, DOSSIER_RELEASED);
    act_as(cx, COUNTER);
    assert_int_equal(count_of(cx, &onestop_work_source, WORK()), 2);
    assert_int_equal(badge_of(cx), 2);
    act_as(cx, LEADER);
    assert_int_equal(count_of(cx, &onestop_work_source, WORK()), 0); /* nothing to sign yet */
    assert_int_equal(badge_of(cx), 0);
    assert_int_equal(count_of(cx, &onestop_work_source, ASK(.values = {S("don-vi")})), 1);
    assert_int_equal(count_of(cx, &onestop_all_source, ASK(0)), 3);
    act_as(cx, "thanhtra"); /* who only watches sees what is in work */
    assert_int_equal(count_of(cx, &onestop_work_source, WORK()), 3);
}

/* Whom the step asks is written with every move: checking, signing, being signed, sent back. */
static void what_waits_for_the_signature_is_the_work_of_who_signs(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier checked, drafted;
    const struct list_ask unit = {.values = {S("don-vi")}},
                          unit_check = {.values = {S("don-vi"), S("tham_tra")}},
                          sign = {.values = {S("viec"), S("ky")}};
    bring_to(cx, &checked, DOSSIER_PROCESSING);
    bring_to(cx, &drafted, DOSSIER_PROCESSING);
    draft_one(cx, &drafted);
    submit_one(cx, &drafted);
    act_as(cx, CLERK);
    assert_int_equal(count_of(cx, &onestop_work_source, WORK()), 1);
    assert_int_equal(count_of(cx, &onestop_work_source, unit), 2);
    act_as(cx, LEADER);
    assert_int_equal(count_of(cx, &onestop_work_source, WORK()), 1);
    assert_int_equal(count_of(cx, &onestop_work_source, sign), 1);
    assert_int_equal(count_of(cx, &onestop_work_source, unit_check), 1);
    assert_int_equal(badge_of(cx), 1);
    approve_one(cx, &drafted);
    act_as(cx, LEADER);
    assert_int_equal(count_of(cx, &onestop_work_source, WORK()), 0);
    assert_int_equal(count_of(cx, &onestop_work_source, unit), 2); /* it is being signed */
    assert_ok(test_write(cx, onestop_send_back(cx, &drafted, S("Sửa ngày."))));
    assert_int_equal(count_of(cx, &onestop_work_source, unit_check), 2);
    act_as(cx, CLERK);
    assert_int_equal(count_of(cx, &onestop_work_source, WORK()), 2);
}

static void a_dossier_is_due_today_then_late_by_the_clock_alone(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    const struct list_ask today = {.values = {S("hom-nay")}}, late = {.values = {S("qua")}};
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    testing_set_now(cx, d.due_at - MINUTE_MS);
    assert_int_equal(count_of(cx, &onestop_work_source, today), 1);
    assert_int_equal(count_of(cx, &onestop_work_source, late), 0);
    testing_set_now(cx, d.due_at + MINUTE_MS);
    assert_int_equal(count_of(cx, &onestop_work_source, today), 0);
    assert_int_equal(count_of(cx, &onestop_work_source, late), 1);
}

static void the_unit_that_took_it_in_still_sees_what_it_handed_over(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, COUNTER);
    assert_int_equal(count_of(cx, &onestop_work_source, WORK()), 0);
    assert_int_equal(count_of(cx, &onestop_all_source, ASK(0)), 1);
    act_as(cx, LEADER); /* the unit and all below it */
    assert_int_equal(count_of(cx, &onestop_all_source, ASK(0)), 1);
    act_as(cx, OTHER_LEADER);
    assert_int_equal(count_of(cx, &onestop_all_source, ASK(0)), 0);
}

/* Every order, both ways, forwards to the end and back: no row twice, none left out. */
static void pages_by_key_show_every_row_once_in_both_directions(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    for (int i = 0; i < 7; i++) {
        send_one(cx, &d);
        if (i % 2)
            accept_one(cx, &d);
        testing_advance(cx, MINUTE_MS);
    }
    act_as(cx, COUNTER);
    const struct list_source *all = &onestop_all_source, *work = &onestop_work_source;
    for (size_t order = 0; order < (all->sorts_n + work->sorts_n) * 2; order++) {
        const bool mine = order / 2 >= all->sorts_n;
        const struct list_source *s = mine ? work : all;
        struct list_ask ask = {.sort = order / 2 - (mine ? all->sorts_n : 0), .down = order % 2};
        struct list_rows p, back;
        int64_t seen[8], seen_n = 0;
        do {
            assert_ok(list_read(cx, s, &ask, 3, &p));
            for (size_t i = 0; i < p.n; i++) {
                for (int64_t k = 0; k < seen_n; k++)
                    assert_int_not_equal(seen[k], id_at(&p, i));
                seen[seen_n++] = id_at(&p, i);
            }
            ask.after = p.last;
        } while (p.more_after);
        assert_int_equal(seen_n, 7);
        ask.after = (struct list_key){0};
        ask.before = p.first;
        assert_ok(list_read(cx, s, &ask, 3, &back));
        assert_int_equal(back.n, 3);
        for (size_t i = 0; i < 3; i++)
            assert_int_equal(id_at(&back, i), seen[3 + i]);
    }
}

/* The same pages, whether the database walks in order or few are found and sorted here. */
static void few_that_are_sorted_are_the_same_pages(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    for (int i = 0; i < 7; i++) {
        send_one(cx, &d);
        if (i % 2)
            accept_one(cx, &d);
        if (i % 3)
            testing_advance(cx, MINUTE_MS); /* some arrive in the same instant */
    }
    act_as(cx, COUNTER);
    const struct list_source *all = &onestop_all_source, *work = &onestop_work_source;
    for (size_t order = 0; order < (all->sorts_n + work->sorts_n) * 4; order++) {
        struct arena_mark here = arena_here(cx->arena); /* each page is a request of its own */
        const bool mine = order / 4 >= all->sorts_n;
        const struct list_source *s = mine ? work : all;
        struct list_ask ask = {.sort = order / 4 - (mine ? all->sorts_n : 0),
                               .down = order % 2,
                               .many = order / 2 % 2};
        struct list_rows p, few;
        int64_t n;
        bool more;
        for (int page = 0; page < 5; page++) { /* to the end, and two pages back */
            assert_ok(list_read(cx, s, &ask, 3, &p));
            assert_ok(list_few(cx, s, &ask, 3, &few, &n, &more));
            assert_int_equal(n, 7);
            assert_false(more);
            assert_int_equal(p.n, few.n);
            assert_int_equal(p.more_after, few.more_after);
            assert_int_equal(p.more_before, few.more_before);
            for (size_t i = 0; i < p.n; i++)
                assert_int_equal(id_at(&p, i), id_at(&few, i));
            ask.after = page < 2 ? few.last : (struct list_key){0};
            ask.before = page < 2 ? (struct list_key){0} : few.first;
        }
        arena_back(cx->arena, here);
    }
}

static void the_desk_made_again_is_the_desk_that_was_kept(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    int64_t before, after;
    bring_to(cx, &d, DOSSIER_WAITING);
    bring_to(cx, &d, DOSSIER_SUPPLEMENT);
    bring_to(cx, &d, DOSSIER_RELEASED);
    bring_to(cx, &d, DOSSIER_PROCESSING);
    bring_to(cx, &d, DOSSIER_PROCESSING);
    draft_one(cx, &d);
    submit_one(cx, &d);
    act_as_program(cx);
#define SUM                                                                                        \
    "select sum(reader * 31 + reach * 7 + hand * 5 + turn * 3 + state + need * 11 + due_key % 1000003 + assignee) from onestop_desk"
    assert_ok(db_one_int(cx, &before, SUM));
    int64_t rows = rows_of(cx, "onestop_desk");
    assert_ok(test_write(cx, onestop_desk_rebuild(cx)));
    assert_ok(db_one_int(cx, &after, SUM));
    assert_int_equal(before, after);
    assert_int_equal(rows, rows_of(cx, "onestop_desk"));
}

/* What a list asks is answered by an index, in its order. What is due in an order of arrival is
 * found by when it is due: few of them are sorted by list_few, many by their keys alone. */
static void no_list_walks_through_a_table_or_sorts(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return; /* its planner looks at how many rows there are: none */
    static const char *const dues[] = {"viec", "qua", "hom-nay", "cho"};
    const struct list_source *sources[] = {&onestop_work_source, &onestop_all_source};
    static const char *const people[] = {COUNTER, LEADER};
    sqlite3 *file;
    const char *path = str_fmt(cx->arena, "%.*s/core.db", F(cx->env->data_dir)).p;
    assert_int_equal(sqlite3_open_v2(path, &file, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    int looked = 0;
    for (size_t i = 0; i < 2 * 2 * 4 * 4 + 2 * 3; i++) {
        const bool grouped = i >= 2 * 2 * 4 * 4; /* what is to be done, by each of the groups */
        const struct list_source *s = sources[grouped ? 0 : i % 2];
        struct list_ask ask = {.sort = grouped ? 2 + i % 3 : i / 4 % 2,
                               .down = !grouped && i / 8 % 2,
                               .values = {str_c(dues[grouped ? 0 : i / 16])}};
        struct db_text q;
        sqlite3_stmt *st;
        act_as(cx, people[grouped ? (i - 64) / 3 : i / 2 % 2]);
        if (s == &onestop_all_source)
            ask.values[0] = S("");
        ask.after = (struct list_key){.set = true, .number = 1, .text = S("H"), .id = 1};
        assert_ok(list_sql(cx, s, &ask, 51, &q));
        struct str sql = str_fmt(cx->arena, "explain query plan %.*s", F(buf_str(&q.sql)));
        assert_int_equal(sqlite3_prepare_v2(file, sql.p, -1, &st, NULL), SQLITE_OK);
        while (sqlite3_step(st) == SQLITE_ROW) {
            const char *step = (const char *)sqlite3_column_text(st, 3);
            const bool due_by_arrival =
                s == &onestop_work_source && ask.sort == 1 && (i / 16 == 1 || i / 16 == 2);
            if (strncmp(step, "SCAN ", 5) == 0 || (strstr(step, "TEMP B-TREE") && !due_by_arrival))
                fail_msg("%s\n%s", step, sql.p);
            looked++;
        }
        sqlite3_finalize(st);
    }
    sqlite3_close(file);
    assert_true(looked > 60);
}

/* ---- the page ---- */

static void the_page_groups_by_urgency_counts_and_keeps_its_view_in_the_address(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, waiting;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    send_one(cx, &waiting);
    act_as_program(cx);
    struct browser *b = officer_of(cx, COUNTER);
    assert_opens(b, "/viec", 200);
    assert_sees(b, "2 việc · 0 quá hạn");
    assert_sees(b, "Phải làm 2");
    assert_sees(b, "2 dòng khớp");
    assert_sees(b, "Chờ tiếp nhận");
    assert_opens(b, "/viec?trang-thai=cho_tiep_nhan", 200);
    assert_sees(b, "Bước: Chờ tiếp nhận");
    assert_sees(b, "1 dòng khớp");
    assert_opens(b, "/viec?q=khong+co+ai&xep=nhan&sau=hong&tu=-5", 200);
    assert_sees(b, "Không có dòng nào khớp");
    assert_opens(b, "/ho-so-mot-cua?xep=-ma", 200);
    assert_sees(b, "1–2 trong 2");
    assert_opens(b, "/viec?han=qua&lang=en", 200);
    assert_sees(b, "To do 2");
}

/* How many headings the page has, and where each of these words first stands. */
static size_t headings(struct browser *b)
{
    size_t n = 0, at;
    for (struct str rest = browser_page(b)->body; str_find(rest, S("class=\"group\""), &at); n++)
        rest = str_from(rest, at + 1);
    return n;
}

static size_t place_of(struct browser *b, const char *words)
{
    size_t at = 0;
    if (!str_find(browser_page(b)->body, str_c(words), &at))
        fail_msg("the page does not say %s", words);
    return at;
}

static void the_inbox_is_grouped_by_procedure_holder_or_step_and_a_view_keeps_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier first, second, waits;
    bring_to(cx, &first, DOSSIER_PROCESSING);
    testing_advance(cx, MINUTE_MS);
    bring_to(cx, &second, DOSSIER_PROCESSING);
    bring_to(cx, &waits, DOSSIER_STOPPED);
    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_take(cx, &first)));
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, CLERK);
    assert_opens(b, "/viec", 200);
    assert_true(browser_click(b, "Thủ tục"));
    assert_sees(b, "Nhóm: Thủ tục");
    assert_int_equal(headings(b), 1); /* both are births */
    assert_true(place_of(b, first.code.p) < place_of(b, second.code.p));
    assert_true(browser_click(b, "Người giữ"));
    assert_sees(b, "Nhóm: Người giữ");
    assert_int_equal(headings(b), 2);
    assert_true(place_of(b, second.code.p) < place_of(b, first.code.p)); /* nobody's come first */
    assert_opens(b, "/viec?xep=buoc&han=cho", 200);                      /* other tabs keep it */
    assert_int_equal(headings(b), 1);
    assert_sees(b, "Dừng xử lý");
    assert_opens(b, "/viec?xep=buoc", 200);
    assert_sees(b, "Đang xử lý");
    assert_contains(browser_page(b)->body, "/viec?han=qua&amp;xep=buoc");
    assert_true(browser_fill(b, "ten", "Theo bước"));
    assert_true(browser_press(b, "Lưu"));
    assert_opens(b, "/viec", 200);
    assert_true(browser_click(b, "Theo bước"));
    assert_sees(b, "Nhóm: Bước");
    assert_opens(b, "/viec?xep=-buoc", 200); /* the other way round: no headings */
    assert_int_equal(headings(b), 0);
    assert_opens(b, "/viec?xep=thu-tuc&sau=x~y~z", 200);
    assert_sees(b, "1–2 trong 2");
}

/* The leader goes through what waits for the signature without going back to the list. */
static void after_an_act_the_next_one_of_the_same_view_is_offered(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d[3], checked;
    for (int i = 0; i < 3; i++) {
        bring_to(cx, &d[i], DOSSIER_PROCESSING);
        draft_one(cx, &d[i]);
        submit_one(cx, &d[i]);
        testing_advance(cx, MINUTE_MS);
    }
    bring_to(cx, &checked, DOSSIER_PROCESSING);
    act_as_program(cx);
    struct browser *b = officer_of(cx, LEADER);
    assert_opens(b, "/viec?xep=-nhan&trang-thai=ky", 200); /* the last to arrive first */
    struct str first =
        str_fmt(cx->arena, "/viec/%.*s?trong=trang-thai%%3Dky%%26xep%%3D-nhan", F(d[2].code));
    assert_true(str_find(browser_page(b)->body, first, NULL));
    assert_opens(b, first.p, 200);
    assert_not_sees(b, "Hồ sơ tiếp theo"); /* this one is at hand */
    assert_true(browser_click(b, "Trả lại…"));
    assert_true(browser_fill(b, "ly_do", "Sửa ngày sinh."));
    assert_true(browser_press(b, "Trả lại"));
    assert_sees(b, "Hồ sơ tiếp theo");
    assert_sees(b, "Còn 2 hồ sơ trong danh sách này.");
    assert_true(browser_click(b, "Mở hồ sơ tiếp theo"));
    assert_true(browser_sees(b, d[1].code));
    assert_true(browser_click(b, "Phê duyệt và ký…"));
    assert_true(browser_press(b, "Phê duyệt và ký"));
    assert_sees(b, "Còn 1 hồ sơ trong danh sách này.");
    assert_true(browser_click(b, "Nhật ký")); /* it stays while one looks around */
    assert_true(browser_click(b, "Mở hồ sơ tiếp theo"));
    assert_true(browser_sees(b, d[0].code));
    assert_true(browser_click(b, "Phê duyệt và ký…"));
    assert_true(browser_press(b, "Phê duyệt và ký"));
    assert_sees(b, "Không còn hồ sơ nào trong danh sách này.");
    assert_true(browser_click(b, "Về Việc của tôi"));
    assert_sees(b, "Bước: Chờ phê duyệt, ký");
    assert_sees(b, "Không có dòng nào khớp");
    assert_opens(b, str_fmt(cx->arena, "/viec/%.*s?trong=%%26%%3D&tiep=x", F(d[0].code)).p, 200);
}

/* Rows keep their two lines: what is done stands there, the whole name of the step in its title. */
static void a_step_is_short_in_a_list_and_whole_in_its_title(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as_program(cx);
    struct browser *b = signed_in_as(cx, CLERK);
    assert_opens(b, "/viec", 200);
    assert_sees(b, "Thẩm tra");
    assert_not_sees(b, "Thẩm tra, soạn");
    assert_contains(browser_page(b)->body, "title=\"Thẩm tra, soạn");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_inbox_finds_by_code_by_name_without_marks_and_by_state),
        TEST(what_waits_for_somebody_else_is_not_to_be_done),
        TEST(what_only_the_counter_may_do_is_no_work_of_the_leader),
        TEST(what_waits_for_the_signature_is_the_work_of_who_signs),
        TEST(a_dossier_is_due_today_then_late_by_the_clock_alone),
        TEST(the_unit_that_took_it_in_still_sees_what_it_handed_over),
        TEST(pages_by_key_show_every_row_once_in_both_directions),
        TEST(few_that_are_sorted_are_the_same_pages),
        TEST(the_desk_made_again_is_the_desk_that_was_kept),
        TEST(no_list_walks_through_a_table_or_sorts),
        TEST(the_page_groups_by_urgency_counts_and_keeps_its_view_in_the_address),
        TEST(the_inbox_is_grouped_by_procedure_holder_or_step_and_a_view_keeps_it),
        TEST(after_an_act_the_next_one_of_the_same_view_is_offered),
        TEST(a_step_is_short_in_a_list_and_whole_in_its_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
