/* xlsx_test.c - openpyxl's workbooks are read as they are meant, ours by openpyxl; what is broken
 * or too much is refused. */
#include "xlsx/xlsx.h"

#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3 core/xlsx/tests/xlsx_oracle.py "

static struct env env;
static struct cx cx;

static int setup(void **)
{
    cx = (struct cx){.arena = arena_new((size_t)64 << 20), .env = &env, .actor = &actor_anonymous};
    cx.now = INT64_C(1'795'399'200'000);
    return 0;
}

static int teardown(void **)
{
    cx_close_all(&cx);
    arena_free(cx.arena);
    return 0;
}

static struct str oracle(const char *what, const char *path)
{
    struct buf b = {.arena = cx.arena, .limit = (size_t)16 << 20};
    char piece[4096];
    FILE *f = popen(str_fmt(cx.arena, PYTHON "%s %s", what, path).p, "r");
    assert_non_null(f);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&b, (struct str){piece, n});
    if (pclose(f) != 0)
        fail_msg("openpyxl refuses (Debian: python3-openpyxl)");
    return buf_str(&b);
}

static struct xlsx *open_oracle(void)
{
    struct xlsx *x;
    assert_int_equal(xlsx_open(&cx, oracle("write", "-"), NULL, &x), OK);
    return x;
}

static struct xlsx_row next(struct xlsx *x)
{
    struct xlsx_row row;
    assert_int_equal(xlsx_next(&cx, x, &row), OK);
    return row;
}

#define assert_cell(row, i, k, t)                                                                  \
    do {                                                                                           \
        assert_true((i) < (row).n);                                                                \
        assert_int_equal((row).cells[i].kind, (k));                                                \
        assert_string_equal(str_z(cx.arena, (row).cells[i].text), (t));                            \
    } while (0)

/* ---- reading ---- */

static void every_kind_of_cell_is_read(void **)
{
    struct xlsx *x = open_oracle();
    assert_int_equal(xlsx_sheets(x), 3);
    assert_string_equal(str_z(cx.arena, xlsx_sheet_name(x, 1)), "Cán bộ");
    assert_int_equal(xlsx_sheet(&cx, x, 0), OK);
    struct xlsx_row row = next(x);
    assert_int_equal(row.number, 1);
    assert_int_equal(row.n, 7);
    assert_cell(row, 0, XLSX_TEXT, "Mã");
    row = next(x);
    assert_cell(row, 0, XLSX_TEXT, "06001");
    assert_cell(row, 1, XLSX_TEXT, "Xã <Tân Đoàn> & “Hòa”");
    assert_cell(row, 2, XLSX_DATE, "2026-11-23");
    assert_int_equal(row.cells[2].day, civil_day(2026, 11, 23));
    assert_cell(row, 3, XLSX_DATE, "2026-11-23T09:14");
    assert_int_equal(row.cells[3].ms, 9 * HOUR_MS + 14 * MINUTE_MS);
    assert_cell(row, 4, XLSX_NUMBER, "0.1");
    assert_cell(row, 5, XLSX_BOOL, "1");
    assert_int_equal(row.n, 6); /* the formula was never calculated: it holds nothing */
    row = next(x);
    assert_int_equal(row.number, 4);
    assert_cell(row, 0, XLSX_NUMBER, "6001");
    assert_cell(row, 1, XLSX_EMPTY, "");
    assert_cell(row, 2, XLSX_DATE, "1985-07-01");
    assert_cell(row, 4, XLSX_NUMBER, "-12.5");
    assert_cell(row, 5, XLSX_BOOL, "0");
    row = next(x);
    assert_cell(row, 1, XLSX_TEXT, "dòng 1\ndòng 2");
    assert_int_equal(row.n, 2); /* the format in column XFD is no content */
    row = next(x);
    assert_cell(row, 4, XLSX_NUMBER, "60000");
    assert_int_equal(next(x).n, 0);
    assert_int_equal(next(x).n, 0);
    xlsx_close(x);
}

static void sheets_are_found_by_name_and_streamed(void **)
{
    struct xlsx *x = open_oracle();
    assert_int_equal(xlsx_sheet_named(&cx, x, S("CÁN BỘ")), OK);
    size_t n = 0;
    for (struct xlsx_row row;; n++) {
        const struct arena_mark here = arena_here(cx.arena);
        row = next(x);
        if (row.n == 0)
            break;
        assert_int_equal(row.cells[0].number, (double)(n + 1));
        arena_back(cx.arena, here);
    }
    assert_int_equal(n, 3000);
    assert_int_equal(xlsx_sheet_named(&cx, x, S("Trống")), OK);
    assert_int_equal(next(x).n, 0);
    assert_int_equal(xlsx_sheet_named(&cx, x, S("Khác")), ERR_NOT_FOUND);
    xlsx_close(x);
}

/* A workbook of one sheet with this inside of its rows. */
static enum err open_rows(const char *rows, const struct xlsx_limits *limits, struct xlsx **x)
{
    static const char *const parts[][2] = {
        {"_rels/.rels", "<?xml version=\"1.0\"?><!-- - -- --><R><Relationship Id='1' "
                        "Type='http://x/officeDocument' Target='/xl/workbook.xml'/></R>"},
        {"xl/workbook.xml", "<x:w xmlns:r='r'><x:sheets><x:sheet name='A &amp; B' r:id='k'/>"
                            "</x:sheets></x:w>"},
        {"xl/_rels/workbook.xml.rels", "<R><Relationship Id='k' Type='http://x/worksheet' "
                                       "Target='../xl/s.xml'/></R>"},
    };
    struct buf *b = NEW(cx.arena, struct buf);
    *b = (struct buf){.arena = cx.arena, .limit = (size_t)16 << 20};
    struct zip_out *o = zip_out_start(&cx, zip_to_buf, b);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(zip_out_entry(o, str_c(parts[i][0])), OK);
        assert_int_equal(zip_out_add(o, str_c(parts[i][1])), OK);
    }
    assert_int_equal(zip_out_entry(o, S("xl/s.xml")), OK);
    assert_int_equal(zip_out_add(o, str_fmt(cx.arena, "<s><sheetData>%s</sheetData></s>", rows)),
                     OK);
    assert_int_equal(zip_out_end(o), OK);
    return xlsx_open(&cx, buf_str(b), limits, x);
}

static enum err read_rows(const char *rows, const struct xlsx_limits *limits)
{
    struct xlsx *x;
    struct xlsx_row row = {.n = 1};
    enum err e = open_rows(rows, limits, &x);
    if (e != OK)
        return e;
    e = xlsx_sheet(&cx, x, 0);
    while (e == OK && row.n > 0)
        e = xlsx_next(&cx, x, &row);
    xlsx_close(x);
    return e;
}

static void what_others_write_differently_is_read_too(void **)
{
    struct xlsx *x;
    assert_int_equal(
        open_rows("<row><c t='inlineStr'><is><r><t>Xã </t></r><r><t>Tân</t></r>"
                  "<rPh><t>tan</t></rPh></is></c><c t='str'><f>A1</f><v>c&#224;</v></c>"
                  "<c t='e'><v>#N/A</v></c><c><v><![CDATA[12]]></v></c></row>"
                  "<row r='9'><c r='AB9' t='inlineStr'><is><t>_x000D_x_x005F_</t></is>"
                  "</c></row>",
                  NULL, &x),
        OK);
    assert_string_equal(str_z(cx.arena, xlsx_sheet_name(x, 0)), "A & B");
    assert_int_equal(xlsx_sheet(&cx, x, 0), OK);
    struct xlsx_row row = next(x);
    assert_cell(row, 0, XLSX_TEXT, "Xã Tân");
    assert_cell(row, 1, XLSX_TEXT, "cà");
    assert_cell(row, 2, XLSX_ERROR, "#N/A");
    assert_cell(row, 3, XLSX_NUMBER, "12");
    row = next(x);
    assert_int_equal(row.number, 9);
    assert_int_equal(row.n, 28);
    assert_cell(row, 27, XLSX_TEXT, "x_");
    xlsx_close(x);
}

static void what_breaks_the_rules_is_refused(void **)
{
    static const char *const bad[] = {
        "<row r='2'/><row r='1'/>",
        "<row r='1'><c r='B1'/><c r='A1'/></row>",
        "<row r='1'><c r='A2'/></row>",
        "<row r='1'><c r='1A'/></row>",
        "<row><c t='s'><v>0</v></c></row>",
        "<row><c><v>1</v><v>2</v></c></row>",
        "<row><c><v>một</v></c></row>",
        "<row><c><v>0x10</v></c></row>",
        "<row><c><v>1e999</v></c></row>",
        "<row><c t='inlineStr'><is><t>&xxe;</t></is></c></row>",
        "<row><c t='inlineStr'><is><t>&#0;</t></is></c></row>",
        "<row><c></row></c>",
        "<row><c a='1' a='2'/></row>",
        "<other/>",
        "<!DOCTYPE s><row/>",
        "<row",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (read_rows(bad[i], NULL) != ERR_INVALID)
            fail_msg("taken: %s", bad[i]);
    assert_int_equal(read_rows("<row><c/></row>", NULL), OK);
}

static void limits_hold(void **)
{
    const struct xlsx_limits limits = {
        .rows = 5, .columns = 2, .cell_bytes = 4, .shared_bytes = 10, .zip = zip_limits_default};
    assert_int_equal(read_rows("<row r='5'><c r='B5'><v>1234</v></c><c r='C5'/></row>", &limits),
                     OK);
    assert_int_equal(read_rows("<row r='6'/>", &limits), ERR_LIMIT);
    assert_int_equal(read_rows("<row r='5'><c r='C5'><v>1</v></c></row>", &limits), ERR_LIMIT);
    assert_int_equal(read_rows("<row><c><v>12345</v></c></row>", &limits), ERR_LIMIT);
}

static void what_is_no_workbook_is_refused(void **)
{
    struct xlsx *x;
    assert_int_equal(xlsx_open(&cx, S("Mã,Tên\n1,2\n"), NULL, &x), ERR_INVALID);
    struct buf b = {.arena = cx.arena, .limit = 1 << 20};
    struct zip_out *o = zip_out_start(&cx, zip_to_buf, &b);
    assert_int_equal(zip_out_entry(o, S("word/document.xml")), OK);
    assert_int_equal(zip_out_end(o), OK);
    assert_int_equal(xlsx_open(&cx, buf_str(&b), NULL, &x), ERR_INVALID);
    assert_true(str_find(cx.why, S("không phải là bảng tính"), NULL));
}

/* ---- writing ---- */

static struct str made(void)
{
    static const struct xlsx_column columns[] = {
        {S("Mã"), 12, true}, {S("Tên"), 40, false}, {S("Ngày"), 0, false}};
    static const struct xlsx_plan plan = {
        .name = S("Cán bộ / 2026"), .columns = columns, .columns_n = 3, .filter = true};
    static const struct xlsx_plan plain = {.name = S("Hướng dẫn")};
    struct buf *b = NEW(cx.arena, struct buf);
    *b = (struct buf){.arena = cx.arena, .limit = (size_t)16 << 20};
    struct xlsx_out *o = xlsx_out_start(&cx, zip_to_buf, b);
    assert_int_equal(xlsx_out_sheet(o, &plan), OK);
    xlsx_put_text(o, S("06001"));
    xlsx_put_text(o, S("=HYPERLINK(\"http://x\") <&> _x0041_\x01"));
    xlsx_put_day(o, civil_day(2026, 11, 23));
    xlsx_put_instant(o, cx.now);
    xlsx_put_money(o, 1'234'567);
    assert_int_equal(xlsx_end_row(o), OK);
    xlsx_put_int(o, -5);
    xlsx_put_empty(o);
    xlsx_put_decimal(o, S("0.25"));
    xlsx_put_bool(o, true);
    xlsx_put_day(o, civil_day(1890, 5, 19));
    assert_int_equal(xlsx_end_row(o), OK);
    assert_int_equal(xlsx_out_sheet(o, &plain), OK);
    xlsx_put_bold(o, S("Cách điền"));
    assert_int_equal(xlsx_end_row(o), OK);
    assert_int_equal(xlsx_out_end(o), OK);
    return buf_str(b);
}

static void openpyxl_reads_what_we_write(void **)
{
    char path[] = "/tmp/tinhso-xlsx-XXXXXX";
    const int fd = mkstemp(path);
    const struct str bytes = made();
    assert_int_equal(write(fd, bytes.p, bytes.n), bytes.n);
    close(fd);
    char *named = (char *)(uintptr_t)str_fmt(cx.arena, "%s.xlsx", path).p;
    assert_int_equal(rename(path, named), 0);
    const struct str said = oracle("read", named);
    unlink(named);
    static const char *const lines[] = {
        "== Cán bộ   2026 A2 A1:C3 12\n",
        "A1 text 'Mã' @\n",
        "A2 text '06001' @\n",
        "B2 text '=HYPERLINK(\"http://x\") <&> _x005F_x0041__x0001_' @ quoted\n",
        "C2 date '2026-11-23T00:00' dd/mm/yyyy\n",
        "D2 date '2026-11-23T09:00' dd/mm/yyyy\\ hh:mm\n",
        "E2 number 1234567 #,##0\n",
        "A3 number -5 General\n",
        "C3 number 0.25 General\n",
        "D3 bool True General\n",
        "E3 text '19/05/1890' General\n",
        "== Hướng dẫn None None 13\n",
        "A1 text 'Cách điền' General\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!str_find(said, str_c(lines[i]), NULL))
            fail_msg("not there: %s in:\n%s", lines[i], said.p);
}

static void we_read_what_we_write(void **)
{
    struct xlsx *x;
    assert_int_equal(xlsx_open(&cx, made(), NULL, &x), OK);
    assert_int_equal(xlsx_sheet(&cx, x, 0), OK);
    struct xlsx_row row = next(x);
    assert_cell(row, 2, XLSX_TEXT, "Ngày");
    row = next(x);
    assert_cell(row, 1, XLSX_TEXT, "=HYPERLINK(\"http://x\") <&> _x0041_\x01");
    assert_cell(row, 2, XLSX_DATE, "2026-11-23");
    assert_cell(row, 3, XLSX_DATE, "2026-11-23T09:00");
    xlsx_close(x);
}

/* Two hundred thousand cells go through in little memory. */
static enum err count_bytes(struct cx *, void *state, struct str piece)
{
    *(size_t *)state += piece.n;
    return OK;
}

static void a_long_sheet_is_written_in_little_memory(void **)
{
    static const struct xlsx_plan plan = {.name = S("Dài")};
    size_t bytes = 0;
    struct xlsx_out *o = xlsx_out_start(&cx, count_bytes, &bytes);
    assert_int_equal(xlsx_out_sheet(o, &plan), OK);
    const size_t before = arena_used(cx.arena);
    for (int i = 0; i < 20'000; i++) {
        for (int k = 0; k < 10; k++)
            xlsx_put_text(o, S("Cấp bản sao trích lục hộ tịch"));
        assert_int_equal(xlsx_end_row(o), OK);
    }
    assert_true(arena_used(cx.arena) - before < 200'000);
    assert_int_equal(xlsx_out_end(o), OK);
    assert_true(bytes > 10'000);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_of_cell_is_read),
        TEST(sheets_are_found_by_name_and_streamed),
        TEST(what_others_write_differently_is_read_too),
        TEST(what_breaks_the_rules_is_refused),
        TEST(limits_hold),
        TEST(what_is_no_workbook_is_refused),
        TEST(openpyxl_reads_what_we_write),
        TEST(we_read_what_we_write),
        TEST(a_long_sheet_is_written_in_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
