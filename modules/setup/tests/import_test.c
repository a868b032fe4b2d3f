/* import_test.c - spreadsheets of units and officers: judged row by row, brought in once, within
 * reach; the template is right itself. */
#include "../setup_import.h"

#include "calendar/calendar.h"
#include "form/form.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "onestop/onestop.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "testing/browser.h"
#include "testing/world.h"

static const struct module *const modules[] = {
    &journal_module,   &org_module,    &calendar_module, &identity_module, &form_module,
    &procedure_module, &notify_module, &onestop_module,  &setup_module,    NULL};
static const char *const packs[] = {"roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = modules, .packs = packs, .demo = true, .frame = look_frame};

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

#define SHEET_MEMORY_MOST ((size_t)16 << 20)

/* ---- spreadsheets by hand ---- */

#define WIDE 8
typedef const char *const line[WIDE];

static struct str sheet_of(struct cx *cx, const char *const (*lines)[WIDE], size_t n)
{
    static const struct xlsx_plan plan = {.name = S("Trang 1")};
    struct buf *b = NEW(cx->arena, struct buf);
    *b = (struct buf){.arena = cx->arena, .limit = (size_t)4 << 20};
    struct xlsx_out *o = xlsx_out_start(cx, zip_to_buf, b);
    assert_ok(xlsx_out_sheet(o, &plan));
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < WIDE; k++)
            xlsx_put_text(o, str_c(lines[i][k] ? lines[i][k] : ""));
        assert_ok(xlsx_end_row(o));
    }
    assert_ok(xlsx_out_end(o));
    return buf_str(b);
}

static struct import_sheet *judged(struct cx *cx, const struct import_table *t, struct str bytes,
                                   const char *reach)
{
    struct import_sheet *s = NEW(cx->arena, struct import_sheet);
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, str_c(reach), day_of(cx->now), &u));
    assert_ok(import_read(cx, t, bytes, s));
    assert_ok(import_judge(cx, s, u.path));
    return s;
}

static int64_t bring(struct cx *cx, struct import_sheet *s)
{
    int64_t applied = 0;
    for (size_t next = 0; next < s->n;)
        assert_ok(test_write(cx, import_bring_some(cx, s, &next, &applied)));
    return applied;
}

static void assert_fault(struct import_sheet *s, size_t row, const char *column,
                         const char *sentence)
{
    for (size_t i = 0; i < s->faults.n; i++)
        if (s->faults.p[i].row == row && str_find(s->faults.p[i].column, str_c(column), NULL) &&
            str_find(s->faults.p[i].sentence, str_c(sentence), NULL))
            return;
    for (size_t i = 0; i < s->faults.n; i++)
        print_error("%zu %.*s %.*s\n", s->faults.p[i].row, F(s->faults.p[i].column),
                    F(s->faults.p[i].sentence));
    fail_msg("row %zu, %s: not said: %s", row, column, sentence);
}

#define UNIT_HEAD                                                                                  \
    {                                                                                              \
        "Mã đơn vị", "TÊN ĐƠN VỊ", "Loại đơn vị", "Mã đơn vị cấp trên", "Địa chỉ", "Từ ngày",      \
            "Thư điện tử"                                                                    \
    }
#define OFFICER_HEAD                                                                               \
    {                                                                                              \
        "Họ và tên", "Tên đăng nhập", "Mã đơn vị", "Vai trò", "Thư điện tử", "Từ ngày"          \
    }
#define ROWS(...) ((const char *const[][WIDE]){__VA_ARGS__})
#define SHEET(cx, ...) sheet_of((cx), ROWS(__VA_ARGS__), sizeof(ROWS(__VA_ARGS__)) / sizeof(line))

/* ---- units ---- */

static void units_come_in_once_and_again_changes_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    const struct str bytes =
        SHEET(cx, UNIT_HEAD, {"H37.02", "Sở Tư pháp", "Sở, ban, ngành", "H37", "Số 1", "01/7/2025"},
              {"H37.02.01", "Phòng Hộ tịch", "phong", "H37.02", "", "2025-07-01"});
    struct import_sheet *s = judged(cx, &import_units, bytes, "H37");
    assert_int_equal(s->faults.n, 0);
    assert_int_equal(s->count[ROW_NEW], 2);
    assert_int_equal(bring(cx, s), 2);
    struct org_unit u, above;
    assert_ok(org_unit_by_code(cx, S("H37.02.01"), day_of(cx->now), &u));
    assert_ok(org_unit_find(cx, u.parent, &above));
    assert_str(above.name, "Sở Tư pháp");
    assert_str(u.kind, "phong");
    const int64_t events = rows_of(cx, "journal_event");
    s = judged(cx, &import_units, bytes, "H37");
    assert_int_equal(s->count[ROW_SAME], 2);
    assert_int_equal(bring(cx, s), 2);
    assert_int_equal(rows_of(cx, "journal_event"), events);
    s = judged(cx, &import_units,
               SHEET(cx, UNIT_HEAD, {"H37.02", "Sở Tư pháp", "so", "H37", "Số 2", ""}), "H37");
    assert_int_equal(s->count[ROW_CHANGED], 1);
    assert_int_equal(bring(cx, s), 1);
    assert_ok(org_unit_by_code(cx, S("H37.02"), day_of(cx->now), &u));
    assert_str(u.address, "Số 2");
}

static void each_wrong_cell_of_a_unit_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct import_sheet *s = judged(
        cx, &import_units,
        SHEET(cx, UNIT_HEAD, {"h37 02", "", "Trạm", "H99", "", "31/02/2026", "không phải thư"},
              {"H37.114", "UBND phường Kỳ Lừa", "ubnd_xa", "H37.115", "", "", ""},
              {"H37.03", "Sở Y tế", "so", "H37", "", "", ""},
              {"H37.03", "Sở Y tế", "so", "H37", "", "", ""}),
        "H37");
    assert_fault(s, 2, "A: Mã đơn vị", "chữ hoa không dấu");
    assert_fault(s, 2, "B: Tên đơn vị", "Chưa điền Tên đơn vị.");
    assert_fault(s, 2, "C: Loại đơn vị", "Không có loại đơn vị này");
    assert_fault(s, 2, "D: Mã đơn vị cấp trên", "Không có đơn vị cấp trên");
    assert_fault(s, 2, "F: Từ ngày", "ngày/tháng/năm");
    assert_fault(s, 2, "G: Thư điện tử", "ten@tinh.gov.vn");
    assert_fault(s, 3, "D: Mã đơn vị cấp trên", "không chuyển đơn vị");
    assert_fault(s, 5, "A: Mã đơn vị", "đã có ở một dòng phía trên");
    assert_int_equal(s->count[ROW_WRONG], 3);
    assert_int_equal(bring(cx, s), 1);
}

static void nothing_comes_in_above_ones_own_unit(void **t)
{
    struct cx *cx = test_cx(t);
    struct import_sheet *s =
        judged(cx, &import_units,
               SHEET(cx, UNIT_HEAD, {"H37.04", "Sở Tài chính", "so", "H37", "", "", ""},
                     {"H37.114.09", "Phòng Kinh tế", "phong", "H37.114", "", "", ""}),
               "H37.114");
    assert_fault(s, 2, "D: Mã đơn vị cấp trên", "ngoài phạm vi");
    assert_int_equal(s->count[ROW_NEW], 1);
    s = judged(cx, &import_officers,
               SHEET(cx, OFFICER_HEAD, {"Hứa Văn Mới", "moi.stc", "H37", "Chuyên viên"}),
               "H37.114");
    assert_fault(s, 2, "C: Mã đơn vị", "ngoài phạm vi");
}

/* The longest table that is taken, in a part of the memory that a request has. */
static void five_thousand_rows_are_read_and_judged_in_bounded_memory(void **t)
{
    enum { ROWS_N = IMPORT_ROWS_MAX };
    struct cx *cx = test_cx(t);
    line *lines = (line *)NEW_N(cx->arena, line, ROWS_N + 1);
    const char *(*rows)[WIDE] = (const char *(*)[WIDE])(uintptr_t)lines;
    memcpy(rows[0], (const char *const[WIDE])UNIT_HEAD, sizeof rows[0]);
    for (int i = 1; i <= ROWS_N; i++) {
        rows[i][0] = str_fmt(cx->arena, "H37.9.%d", i).p;
        rows[i][1] = "Phòng Đăng ký, thống kê và lưu trữ hồ sơ";
        rows[i][2] = "phong";
        rows[i][3] = "H37";
    }
    const struct str bytes = sheet_of(cx, lines, ROWS_N + 1);
    const size_t before = arena_used(cx->arena);
    const struct import_sheet *s = judged(cx, &import_units, bytes, "H37");
    assert_int_equal(s->count[ROW_NEW], ROWS_N);
    assert_in_range(arena_used(cx->arena) - before, 1, SHEET_MEMORY_MOST);
}

/* ---- officers ---- */

static void officers_come_in_without_a_password(void **t)
{
    struct cx *cx = test_cx(t);
    const struct str bytes =
        SHEET(cx, OFFICER_HEAD, {"Hứa Thị Mới", "moi.kylua", "H37.114", "CHUYÊN VIÊN", "m@x.vn"},
              {"Hứa Thị Mới", "moi.kylua", "H37.114.01", "can_bo_mot_cua"},
              {"Bế Văn Lâm", "chutich.kylua", "H37.115", "Lãnh đạo"});
    struct import_sheet *s = judged(cx, &import_officers, bytes, "H37");
    assert_int_equal(s->faults.n, 0);
    assert_int_equal(bring(cx, s), 3);
    struct account a;
    struct post posts[8];
    size_t n;
    bool has = true;
    assert_ok(account_by_login(cx, S("moi.kylua"), &a));
    assert_ok(identity_has_password(cx, a.id, &has));
    assert_false(has);
    assert_ok(identity_posts(cx, a.id, posts, 8, &n));
    assert_int_equal(n, 2);
    assert_ok(account_by_login(cx, S("chutich.kylua"), &a));
    assert_ok(identity_posts(cx, a.id, posts, 8, &n));
    assert_int_equal(n, 2); /* the other one he had */
    const int64_t events = rows_of(cx, "journal_event");
    s = judged(cx, &import_officers, bytes, "H37");
    assert_int_equal(s->count[ROW_SAME], 3);
    bring(cx, s);
    assert_int_equal(rows_of(cx, "journal_event"), events);
}

/* A spreadsheet is no way around the second administrator. */
static void a_role_of_two_persons_waits_though_it_came_by_spreadsheet(void **t)
{
    struct cx *cx = test_cx(t);
    const struct str bytes =
        SHEET(cx, OFFICER_HEAD, {"Hứa Thị Mới", "moi.kylua", "H37.114", "Quản trị"});
    struct account a;
    struct post post;
    const struct actor *program = cx->actor;
    size_t n;
    assert_ok(account_by_login(cx, S("hethong"), &a));
    const struct actor who = {.account = a.id};
    for (int again = 0; again < 2; again++) {
        struct import_sheet *s = judged(cx, &import_officers, bytes, "H37");
        cx->actor = &who;
        bring(cx, s);
        cx->actor = program;
    }
    assert_ok(account_by_login(cx, S("moi.kylua"), &a));
    assert_ok(identity_posts(cx, a.id, &post, 1, &n));
    assert_int_equal(n, 0);
    assert_int_equal(rows_of(cx, "identity_asked"), 1);
}

static void each_wrong_cell_of_an_officer_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct import_sheet *s =
        judged(cx, &import_officers,
               SHEET(cx, OFFICER_HEAD, {"", "Mới Kỳ Lừa", "H99", "Thị trưởng", "m@", "31/02/2026"},
                     {"Người Khác", "motcua.kylua", "H37.114.01", "Văn thư"},
                     {"Một Người", "mot.nguoi", "H37.114", "Công dân, tổ chức"},
                     {"Hai Người", "hai.nguoi", "H37.114", "Văn thư"},
                     {"Ba Người", "hai.nguoi", "H37.114", "Văn thư"},
                     {"Mai Sau", "mai.sau", "H37.114", "Văn thư", "", "01/01/2030"}),
               "H37");
    assert_fault(s, 2, "A: Họ và tên", "Chưa điền");
    assert_fault(s, 2, "B: Tên đăng nhập", "chữ thường không dấu");
    assert_fault(s, 2, "C: Mã đơn vị", "Nhập đơn vị trước");
    assert_fault(s, 2, "D: Vai trò", "Không có vai trò này");
    assert_fault(s, 2, "E: Thư điện tử", "ten@tinh.gov.vn");
    assert_fault(s, 2, "F: Từ ngày", "ngày/tháng/năm");
    assert_fault(s, 3, "B: Tên đăng nhập", "là của người khác");
    assert_fault(s, 4, "D: Vai trò", "Không có vai trò này");
    assert_fault(s, 6, "B: Tên đăng nhập", "là của người khác");
    assert_fault(s, 7, "F: Từ ngày", "không được sau hôm nay");
    assert_int_equal(s->count[ROW_NEW], 1);
}

/* ---- what is no such spreadsheet ---- */

static void a_sheet_without_its_columns_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct import_sheet s;
    assert_err(import_read(cx, &import_units, SHEET(cx, {"a", "b"}, {"1", "2"}), &s), ERR_INVALID);
    assert_why(cx, "Không thấy dòng tên cột");
    assert_err(
        import_read(cx, &import_units, SHEET(cx, {"Mã đơn vị", "Tên đơn vị"}, {"H37.9", "x"}), &s),
        ERR_INVALID);
    assert_why(cx, "thiếu cột “Loại đơn vị”");
    assert_err(import_read(cx, &import_units, SHEET(cx, UNIT_HEAD), &s), ERR_INVALID);
    assert_why(cx, "chưa có dòng nào");
    assert_err(import_read(cx, &import_units, S("Mã,Tên"), &s), ERR_INVALID);
}

/* The page of the file that was brought says what is wrong with it, and leads to the next try. */
static void a_sheet_that_cannot_be_read_says_why_on_its_page(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *b = testing_person(cx, "hethong", IDENTITY_DEMO_PASSWORD);
    assert_opens(b, "/quan-tri/nhap/don-vi", 200);
    assert_true(browser_attach(b, "tep", "sai.xlsx", SHEET(cx, {"a", "b"}, {"1", "2"})));
    assert_true(browser_press(b, "Kiểm tra tệp"));
    assert_sees(b, "Chưa đọc được bảng tính");
    assert_sees(b, "Không thấy dòng tên cột");
    assert_sees(b, "Chọn tệp khác");
    assert_not_sees(b, "1022");
}

/* Its columns are the table's and its examples are right where their units exist. */
static void the_template_is_right_itself(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct import_table *const tables[] = {&import_units, &import_officers};
    for (size_t i = 0; i < 2; i++) {
        struct str bytes;
        assert_ok(import_template(cx, tables[i], &bytes));
        struct import_sheet *s = judged(cx, tables[i], bytes, "H37");
        assert_int_equal(s->n, 2);
        for (size_t k = 0; k < tables[i]->columns_n; k++)
            assert_int_equal(s->at[k], k + 1);
        if (i == 0)
            assert_int_equal(s->faults.n, 0);
    }
}

static void a_failed_row_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    struct import_sheet *s = judged(
        cx, &import_officers,
        SHEET(cx, OFFICER_HEAD, {"Hứa Thị Mới", "moi.kylua", "H37.114", "Chuyên viên"}), "H37");
    const int64_t before = rows_of(cx, "identity_account");
    enum err e = ERR_IO;
    int calls = 0;
    while (e != OK) {
        size_t next = 0;
        int64_t applied = 0;
        assert_int_equal(rows_of(cx, "identity_account"), before);
        db_fail_at(cx, ++calls);
        e = test_write(cx, import_bring_some(cx, s, &next, &applied));
    }
    db_fail_at(cx, 0);
    assert_int_equal(rows_of(cx, "identity_account"), before + 1);
    assert_true(calls >= 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(units_come_in_once_and_again_changes_nothing),
        TEST(each_wrong_cell_of_a_unit_is_named),
        TEST(nothing_comes_in_above_ones_own_unit),
        TEST(five_thousand_rows_are_read_and_judged_in_bounded_memory),
        TEST(officers_come_in_without_a_password),
        TEST(a_role_of_two_persons_waits_though_it_came_by_spreadsheet),
        TEST(each_wrong_cell_of_an_officer_is_named),
        TEST(a_sheet_without_its_columns_is_refused),
        TEST(a_sheet_that_cannot_be_read_says_why_on_its_page),
        TEST(the_template_is_right_itself),
        TEST(a_failed_row_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
