/* make_test.c - typeset pages, read back with poppler's programs. */
#include "sample.h"

#include <pthread.h>

#define WORDS "Nguyễn Văn Ưởng, Ẳ Ễ Ộ, đường Ỷ Lan, 150.000 ₫, “thuở ấy” – Đặng Thị Nhuỵ"

static struct str make(struct desk *s, struct pdf_page_spec spec, const struct pdf_block *blocks,
                       size_t n)
{
    struct str pdf;
    assert_ok(pdf_make(&s->cx, &spec, blocks, n, &pdf));
    return pdf;
}

static struct str text_of(struct desk *s, struct str pdf)
{
    spill(s, "page.pdf", pdf);
    assert_true(runs(
        s,
        "pdftotext -layout page.pdf text && ! pdffonts page.pdf | tail -n +3 | grep -v ' yes yes yes '"));
    return slurp(s, "text");
}

static int pages_of(struct desk *s, struct str pdf)
{
    spill(s, "page.pdf", pdf);
    assert_true(runs(s, "pdfinfo page.pdf | sed -n 's/^Pages: *//p'"));
    int64_t n;
    assert_true(str_int(str_trim(slurp(s, "out")), &n));
    return (int)n;
}

/* Faces of page.pdf; cairo embeds a face in two subsets, Latin-1 and the rest. */
static int faces_of(struct desk *s, const char *family)
{
    assert_true(runs(
        s, str_fmt(s->cx.arena,
                   "pdffonts page.pdf | sed -n 's/^[A-Z]*+\\(%s[^ ]*\\).*/\\1/p' | sort -u | wc -l",
                   family)
               .p));
    int64_t n;
    assert_true(str_int(str_trim(slurp(s, "out")), &n));
    return (int)n;
}

static bool has(struct str text, struct str what)
{
    return str_find(text, what, NULL);
}

static void vietnamese_comes_back_whole_from_both_faces([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(1);
    for (int sans = 0; sans < 2; sans++) {
        const struct pdf_block blocks[] = {
            TEXT(.text = S(WORDS)), TEXT(.text = S(WORDS), .bold = true),
            TEXT(.text = S(WORDS), .italic = true), TEXT(.text = S("**//" WORDS "//**"))};
        struct str text =
            text_of(s, make(s, (struct pdf_page_spec){.paper = PDF_A4, .sans = sans, .size = 9},
                            blocks, 4));
        int times = 0;
        for (size_t at = 0; str_find(text, S(WORDS), &at); text = str_from(text, at + 1))
            times++;
        assert_int_equal(times, 4);
        assert_int_equal(faces_of(s, sans ? "Inter" : "Liberation"), 4);
        assert_int_equal(faces_of(s, ""), 4);
    }
    desk_free(s);
}

static void the_same_blocks_at_the_same_time_give_the_same_bytes([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(2), *other = desk_new(3);
    struct str a = sample_paper(s), b = sample_paper(s), c = sample_paper(other);
    assert_true(str_eq(a, b) && str_eq(a, c));
    s->cx.now += SECOND_MS;
    assert_false(str_eq(a, sample_paper(s)));
    desk_free(other);
    desk_free(s);
}

static void the_document_tells_its_title_language_and_time([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(4);
    spill(s, "page.pdf", sample_paper(s));
    assert_true(runs(s, "pdfinfo -isodates page.pdf && qpdf --check page.pdf"));
    struct str out = slurp(s, "out");
    assert_true(has(out, S("Quyết định")) && has(out, S("UBND xã thử")) && has(out, S("Tỉnh Số")));
    assert_true(has(out, S("CreationDate:    2026-11-23T09:14:05+07")));
    assert_true(has(out, S("ModDate:         2026-11-23T09:14:05+07")));
    assert_true(has(out, S("419.528 x 595.276 pts")));
    assert_true(runs(s, "qpdf --qdf --object-streams=disable page.pdf - | grep -a '/Lang'"));
    desk_free(s);
}

static void a_table_repeats_its_head_and_pages_are_numbered([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(5);
    struct pdf_block rows[91], cells[91][2];
    for (int i = 0; i < 91; i++) {
        cells[i][0] = TEXT(.text = i ? str_fmt(s->cx.arena, "Dòng %d.", i) : S("Số thứ tự"));
        cells[i][1] = TEXT(.text = i ? S("Giấy chứng sinh (bản chính)") : S("Tên giấy tờ"));
        rows[i] = (struct pdf_block){.kind = PDF_COLUMNS, .children = cells[i], .children_n = 2};
    }
    const struct pdf_block table = {
        .kind = PDF_ROWS, .head = true, .border = true, .children = rows, .children_n = 91};
    struct str pdf = make(
        s, (struct pdf_page_spec){.paper = PDF_A4, .foot = S("In lúc 09:14. Trang {page}/{pages}")},
        &table, 1);
    int pages = pages_of(s, pdf);
    assert_in_range(pages, 3, 4);
    struct str text = text_of(s, pdf);
    for (int i = 1; i <= 90; i++)
        assert_true(has(text, str_fmt(s->cx.arena, "Dòng %d.", i)));
    for (int page = 1; page <= pages; page++) {
        assert_true(runs(
            s, str_fmt(s->cx.arena, "pdftotext -f %d -l %d -layout page.pdf -", page, page).p));
        assert_true(has(slurp(s, "out"), S("Tên giấy tờ")));
        assert_true(has(slurp(s, "out"), str_fmt(s->cx.arena, "Trang %d/%d", page, pages)));
    }
    desk_free(s);
}

static void a_row_taller_than_a_page_goes_over_several([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(6);
    struct buf b = {.arena = s->cx.arena, .limit = 1 << 20};
    for (int i = 1; i <= 200; i++)
        buf_fmt(&b, "câu %d.\n", i);
    const struct pdf_block rows[] = {COLUMNS(TEXT(.text = S("Ngắn")), TEXT(.text = buf_str(&b)))};
    const struct pdf_block table = {
        .kind = PDF_ROWS, .border = true, .children = rows, .children_n = 1};
    struct str pdf = make(s, (struct pdf_page_spec){.paper = PDF_A4}, &table, 1),
               text = text_of(s, pdf);
    assert_in_range(pages_of(s, pdf), 4, 6);
    for (int i = 1; i <= 200; i++)
        assert_true(has(text, str_fmt(s->cx.arena, "câu %d.", i)));
    desk_free(s);
}

static void what_is_kept_together_stands_on_one_page([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(7);
    struct pdf_block kept =
        STACK(TEXT(.text = S("CHỦ TỊCH")), SPACE(100), TEXT(.text = S("Lý Thị Mơ")));
    for (double before = 500; before < 760; before += 20) {
        kept.keep = true;
        const struct pdf_block blocks[] = {SPACE(before), TEXT(.text = S("Đầu")), kept};
        struct str pdf = make(s, (struct pdf_page_spec){.paper = PDF_A4}, blocks, 3);
        spill(s, "page.pdf", pdf);
        assert_true(runs(
            s,
            "for p in 1 2; do pdftotext -f $p -l $p page.pdf - 2>/dev/null | grep -c -e CHỦ -e Mơ; done; true"));
        struct str out = slurp(s, "out");
        assert_true(str_starts(out, S("2")) || str_starts(out, S("0\n2")));
    }
    desk_free(s);
}

static void a_watermark_is_seen_and_not_read([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(8);
    const struct pdf_block blocks[] = {TEXT(.text = S("Chữ thật"))};
    struct str pdf =
        make(s, (struct pdf_page_spec){.paper = PDF_A5, .watermark = S("BẢN THỬ")}, blocks, 1);
    struct str text = text_of(s, pdf);
    assert_true(has(text, S("Chữ thật")));
    assert_false(has(text, S("THỬ")));
    struct str plain = make(s, (struct pdf_page_spec){.paper = PDF_A5}, blocks, 1);
    assert_true(runs(s, "pdftoppm -r 20 -gray page.pdf marked"));
    spill(s, "page.pdf", plain);
    assert_true(runs(s, "pdftoppm -r 20 -gray page.pdf plain && ! cmp marked-1.pgm plain-1.pgm"));
    desk_free(s);
}

static void marks_in_the_text_of_people_do_not_act([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(9);
    struct str theirs = S("a**b**c //d// \\e http://x/y ** //");
    const struct pdf_block blocks[] = {TEXT(.text = S("**//Nơi nhận://** trên")),
                                       TEXT(.text = pdf_plain(s->cx.arena, theirs)),
                                       TEXT(.text = S("xem https://thu.vn//tep// và 5 ** 3 hết"))};
    struct str pdf = make(s, (struct pdf_page_spec){.paper = PDF_A4}, blocks, 3),
               text = text_of(s, pdf);
    assert_true(has(text, theirs));
    assert_true(has(text, S("5 ** 3 hết")) && has(text, S("Nơi nhận: trên")));
    assert_int_equal(faces_of(s, ""), 3); /* upright, bold italic, and the end of the address */
    desk_free(s);
}

static void a_qr_code_reads_back([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(10);
    const struct pdf_block blocks[] = {{.kind = PDF_QR,
                                        .text = S("https://thu.example/tra-cuu/7F3K92QD"),
                                        .height = 90,
                                        .align = PDF_CENTRE}};
    spill(s, "page.pdf", make(s, (struct pdf_page_spec){.paper = PDF_A5}, blocks, 1));
    assert_true(
        runs(s, "pdftoppm -r 150 -png page.pdf page && zbarimg -q --raw page-1.png 2>/dev/null"));
    assert_str(str_trim(slurp(s, "out")), S("https://thu.example/tra-cuu/7F3K92QD"));
    desk_free(s);
}

static void a_qr_code_for_a_page_is_one_path_with_its_label([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(11);
    struct qr q;
    assert_ok(qr_make(s->cx.arena, S("x"), &q));
    assert_int_equal(q.side, 21);
    assert_true(q.dark[0] && q.dark[6] && !q.dark[7]); /* the corner's square and its white edge */
    struct str svg = qr_svg(s->cx.arena, S("x"), S("Mã \"QR\" <hồ sơ>"));
    assert_true(has(svg, S("viewBox=\"0 0 29 29\"")));
    assert_true(has(svg, S("aria-label=\"Mã &quot;QR&quot; &lt;hồ sơ>\"")));
    assert_true(has(svg, S("M4 4h7v1h-7z")));
    assert_int_equal(qr_make(s->cx.arena, S(""), &q), ERR_LIMIT);
    assert_ok(qr_make(s->cx.arena, random_bytes(&s->cx, 2331), &q));
    assert_int_equal(qr_make(s->cx.arena, random_bytes(&s->cx, 2332), &q), ERR_LIMIT);
    desk_free(s);
}

static void what_cannot_be_set_is_refused_in_words([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(12);
    struct str pdf;
    const struct pdf_page_spec spec = {.paper = PDF_A4};
    const struct pdf_block bad_text = TEXT(.text = S("a\xff"));
    assert_int_equal(pdf_make(&s->cx, &spec, &bad_text, 1, &pdf), ERR_INVALID);
    const struct pdf_block bad_rows = {.kind = PDF_ROWS, .children = &bad_text, .children_n = 1};
    assert_int_equal(pdf_make(&s->cx, &spec, &bad_rows, 1, &pdf), ERR_INVALID);
    struct pdf_block deep[20];
    for (int i = 0; i < 20; i++)
        deep[i] =
            (struct pdf_block){.kind = PDF_STACK, .children = &deep[i + 1], .children_n = i < 19};
    assert_int_equal(pdf_make(&s->cx, &spec, deep, 1, &pdf), ERR_LIMIT);
    struct pdf_block *many = NEW_N(s->cx.arena, struct pdf_block, 401);
    for (int i = 0; i < 401; i++)
        many[i] = (struct pdf_block){.kind = PDF_RULE, .height = 360};
    assert_int_equal(pdf_make(&s->cx, &spec, many, 401, &pdf), ERR_LIMIT);
    assert_ok(pdf_make(&s->cx, &spec, many, 400, &pdf));
    const struct pdf_page_spec narrow = {.paper = PDF_A5, .margin_left = 200, .margin_right = 200};
    assert_int_equal(pdf_make(&s->cx, &narrow, many, 1, &pdf), ERR_INVALID);
    assert_ok(pdf_make(&s->cx, &spec, NULL, 0, &pdf));
    assert_int_equal(pages_of(s, pdf), 1);
    assert_null(s->cx.closers);
    desk_free(s);
}

/* The machine's fonts, its settings and its home folder play no part. */
static void the_fonts_of_the_machine_are_not_used([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(13);
    const struct pdf_block blocks[] = {TEXT(.text = S("有り ☃ một"))}; /* not in our fonts */
    struct str pdf = make(s, (struct pdf_page_spec){.paper = PDF_A5}, blocks, 1);
    spill(s, "page.pdf", pdf);
    assert_int_equal(faces_of(s, ""), faces_of(s, "Liberation") + faces_of(s, "Inter"));
    desk_free(s);
}

static void *make_many(void *)
{
    struct desk *s = desk_new(14);
    struct str first = sample_paper(s);
    for (int i = 0; i < 10; i++)
        assert_true(str_eq(first, sample_paper(s)));
    desk_free(s);
    return NULL;
}

static void pages_are_made_in_several_threads_at_once([[maybe_unused]] void **t)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, make_many, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vietnamese_comes_back_whole_from_both_faces),
        cmocka_unit_test(the_same_blocks_at_the_same_time_give_the_same_bytes),
        cmocka_unit_test(the_document_tells_its_title_language_and_time),
        cmocka_unit_test(a_table_repeats_its_head_and_pages_are_numbered),
        cmocka_unit_test(a_row_taller_than_a_page_goes_over_several),
        cmocka_unit_test(what_is_kept_together_stands_on_one_page),
        cmocka_unit_test(a_watermark_is_seen_and_not_read),
        cmocka_unit_test(marks_in_the_text_of_people_do_not_act),
        cmocka_unit_test(a_qr_code_reads_back),
        cmocka_unit_test(a_qr_code_for_a_page_is_one_path_with_its_label),
        cmocka_unit_test(what_cannot_be_set_is_refused_in_words),
        cmocka_unit_test(the_fonts_of_the_machine_are_not_used),
        cmocka_unit_test(pages_are_made_in_several_threads_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
