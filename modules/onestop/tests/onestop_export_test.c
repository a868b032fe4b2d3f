/* onestop_export_test.c - lists as files: whole, safe to open, masked, followed, ended by a press.
 */
#include "csv/csv.h"
#include "onestop_fixture.h"
#include "xlsx/xlsx.h"

static void run_jobs(struct cx *cx)
{
    int ran;
    act_as_program(cx);
    assert_ok(jobs_run_due(cx, &ran));
}

/* Asked for on the list, made, and the bytes of its file. */
static struct str exported(struct cx *cx, struct browser *b, const char *list, const char *button)
{
    assert_opens(b, list, 200);
    assert_true(browser_press(b, button));
    assert_int_equal(browser_page(b)->status, 200);
    assert_sees(b, "Chờ đến lượt");
    struct str path = str_dup(cx->arena, browser_page(b)->target);
    run_jobs(cx);
    assert_opens(b, path.p, 200);
    assert_sees(b, "Đã xong");
    assert_opens(b, str_fmt(cx->arena, "%.*s/tep", F(path)).p, 200);
    return str_dup(cx->arena, browser_page(b)->body);
}

static size_t read_csv(struct cx *cx, struct str text, struct str *cells, size_t columns, size_t at)
{
    struct csv c;
    struct str *fields;
    size_t n, rows = 0;
    assert_ok(csv_open(cx, text, CSV_COMMA, NULL, &c));
    for (;;) {
        assert_ok(csv_next(cx, &c, &fields, &n));
        if (n == 0)
            return rows;
        if (rows++ == at)
            for (size_t i = 0; i < columns && i < n; i++)
                cells[i] = fields[i];
    }
}

static void a_list_becomes_csv_with_every_row_and_names_masked(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, waiting;
    struct str row[8];
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    send_one(cx, &waiting);
    act_as_program(cx);
    struct browser *b = officer_of(cx, COUNTER); /* has no right to names in files */
    struct str csv = exported(cx, b, "/ho-so-mot-cua?xep=ma", "CSV");
    assert_int_equal(read_csv(cx, csv, row, 3, 1), 3);
    assert_true(str_eq(row[0], d.code));
    assert_contains(row[1], "khai sinh");
    assert_str(row[2], "H*** T*** M***");
    assert_int_equal(rows_of(cx, "work_item"), 1);
    assert_opens(b, "/thong-bao", 200); /* the bell, for who left the page */
    assert_sees(b, "Đã xong: Xuất: Hồ sơ một cửa");
    act_as(cx, COUNTER);
    int64_t news;
    assert_ok(notify_unread(cx, 9, &news));
    assert_int_equal(news, 1);
}

static void a_leader_gets_names_and_a_spreadsheet_that_opens(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct xlsx *x;
    struct xlsx_row row;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as_program(cx);
    struct browser *b = officer_of(cx, LEADER);
    struct str bytes = exported(cx, b, "/viec?han=don-vi", "Excel (.xlsx)");
    assert_ok(xlsx_open(cx, bytes, NULL, &x));
    assert_ok(xlsx_sheet(cx, x, 0));
    assert_ok(xlsx_next(cx, x, &row));
    assert_str(row.cells[0].text, "Mã hồ sơ");
    assert_ok(xlsx_next(cx, x, &row));
    assert_true(str_eq(row.cells[0].text, d.code));
    assert_str(row.cells[2].text, "Hoàng Thị Mai");
    assert_ok(xlsx_next(cx, x, &row));
    assert_int_equal(row.n, 0);
    xlsx_close(x);
}

static void what_another_exported_is_not_found(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as_program(cx);
    struct browser *b = officer_of(cx, COUNTER), *other = officer_of(cx, LEADER);
    (void)exported(cx, b, "/ho-so-mot-cua", "CSV");
    struct str file = str_dup(cx->arena, browser_page(b)->target);
    assert_opens(other, file.p, 404);
    assert_opens(other, str_until(file, file.n - 4).p, 404);
    assert_opens(other, "/viec-dai", 200);
    assert_sees(other, "Chưa có việc nào");
    assert_opens(b, "/viec-dai", 200);
    assert_sees(b, "Xuất: Hồ sơ một cửa");
}

static void an_export_that_was_ended_leaves_no_file(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as_program(cx);
    struct browser *b = officer_of(cx, COUNTER);
    assert_opens(b, "/ho-so-mot-cua", 200);
    assert_true(browser_press(b, "CSV"));
    const int64_t told = rows_of(cx, "notify_notice");
    struct str path = str_dup(cx->arena, browser_page(b)->target);
    assert_true(browser_press(b, "Dừng việc này"));
    assert_sees(b, "Đã dừng theo yêu cầu");
    run_jobs(cx);
    assert_opens(b, path.p, 200);
    assert_sees(b, "Không có tệp nào được giữ lại");
    assert_opens(b, str_fmt(cx->arena, "%.*s/tep", F(path)).p, 404);
    assert_int_equal(rows_of(cx, "job where kind = 'onestop.export'"), 0);
    assert_int_equal(rows_of(cx, "notify_notice"), told); /* they ended it: nothing to tell */
}

static void what_was_made_goes_after_three_days(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as_program(cx);
    struct browser *b = officer_of(cx, COUNTER);
    (void)exported(cx, b, "/ho-so-mot-cua", "CSV");
    testing_advance(cx, 2 * DAY_MS);
    run_jobs(cx);
    assert_int_equal(rows_of(cx, "work_item"), 1);
    testing_advance(cx, 2 * DAY_MS);
    run_jobs(cx);
    assert_int_equal(rows_of(cx, "work_item"), 0);
}

static void five_at_a_time_are_enough_for_one_person(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    act_as_program(cx);
    struct browser *b = officer_of(cx, COUNTER);
    for (int i = 0; i < 6; i++) {
        assert_opens(b, "/ho-so-mot-cua", 200);
        assert_true(browser_press(b, "CSV"));
    }
    assert_int_equal(browser_page(b)->status, 413);
    assert_sees(b, "5 việc chạy lâu chưa xong");
}

static void the_register_of_a_year_becomes_csv_in_the_order_asked_for(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct str row[8];
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    struct str csv = exported(cx, officer_of(cx, COUNTER), "/so-theo-doi?nam=2026", "CSV");
    assert_int_equal(read_csv(cx, csv, row, 7, 0), 3); /* the heading and two lines */
    assert_str(row[0], "Số");
    (void)read_csv(cx, csv, row, 7, 1);
    assert_str(row[0], "2"); /* the newest first, as on the page */
    assert_str(row[1], "H37.114-261123-0002");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_list_becomes_csv_with_every_row_and_names_masked),
        TEST(a_leader_gets_names_and_a_spreadsheet_that_opens),
        TEST(what_another_exported_is_not_found),
        TEST(an_export_that_was_ended_leaves_no_file),
        TEST(what_was_made_goes_after_three_days),
        TEST(five_at_a_time_are_enough_for_one_person),
        TEST(the_register_of_a_year_becomes_csv_in_the_order_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
