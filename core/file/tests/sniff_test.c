/* sniff_test.c - kinds by content, files that are two things, names. */
#include "file_fixture.h"
#include "testing/testing.h"

static void every_kind_we_take_is_known_by_its_content(void **t)
{
    struct cx *cx = test_cx(t);
    assert_str(judged(cx, S(PDF)), "application/pdf");
    assert_str(judged(cx, S(PNG)), "image/png");
    assert_str(judged(cx, S(JPEG)), "image/jpeg");
    assert_str(judged(cx, S(WEBP)), "image/webp");
    assert_str(judged(cx, S(HEIC)), "image/heic");
    assert_str(judged(cx, S("Kính gửi: Ủy ban nhân dân\r\n")), "text/plain");
    assert_str(judged(cx, docx(cx)),
               "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    assert_str(judged(cx, xlsx(cx)),
               "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    assert_str(judged(cx, odt(cx)), "application/vnd.oasis.opendocument.text");
}

static void other_kinds_are_refused_with_what_is_taken(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct str others[] = {
        {"\x7f"
         "ELF\2\1\1\0\0\0",
         10},
        {"MZ\x90\0\3\0\0\0", 8},
        {"GIF89a\1\0\1\0", 10},
        {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8},
        {"<html><body>x</body></html>", 27},
        {"  <svg onload=x>", 16},
        {"\xef\xbb\xbf<?xml version=\"1.0\"?>", 24},
        {"text with a \0 zero", 18},
        {"text with \x1b[31m", 16},
        {"latin \xe1\xba text", 13},
        {"cut \xe1\xba", 6},
        {"overlong \xc0\xaf", 11},
        {"surrogate \xed\xa0\x80", 13},
        {"over \xf4\x90\x80\x80", 9},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_contains(judged(cx, others[i]), "Chỉ nhận PDF");
    static const struct zip_entry jar[] = {{"META-INF/MANIFEST.MF", "x", 0}};
    assert_contains(judged(cx, zip_of(cx, jar, 1)), "Chỉ nhận PDF");
    assert_contains(judged(cx, S("")), "rỗng");
}

static void text_is_text_however_it_is_cut_into_pieces(void **t)
{
    struct cx *cx = test_cx(t);
    struct str text = S("Độc lập – Tự do – Hạnh phúc 😀\n");
    int64_t owner = new_owner(cx);
    for (size_t piece = 1; piece < 8; piece++) {
        struct file_upload *u = NULL;
        assert_ok(try_upload(cx, owner, text, piece, &u));
        assert_str(file_upload_mime(u), "text/plain");
        file_upload_drop(u);
    }
}

static void a_file_that_is_two_things_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    assert_contains(judged(cx, joined(cx, S(JPEG), docx(cx))), "lồng nhau");
    assert_contains(judged(cx, joined(cx, S(PNG), S(PDF))), "lồng nhau");
    assert_contains(judged(cx, joined(cx, S(PDF), docx(cx))), "lồng nhau");
    assert_contains(judged(cx, joined(cx, S(WEBP), S("<script>alert(1)</script>"))), "lồng nhau");
    assert_contains(judged(cx, joined(cx, docx(cx), S(PDF))), "lồng nhau");
    struct str far = joined(cx, joined(cx, S(JPEG), random_bytes(cx, 300'000)), docx(cx));
    assert_contains(judged(cx, far), "lồng nhau");
    struct str named = joined(cx, S(PNG), S(" PK\5\6 in the middle of a picture means nothing"));
    assert_str(judged(cx, named), "image/png");
}

static void a_pdf_begins_at_its_first_byte_and_has_its_end(void **t)
{
    struct cx *cx = test_cx(t);
    assert_contains(judged(cx, joined(cx, S("\n\n"), S(PDF))), "lồng nhau");
    assert_contains(judged(cx, str_until(S(PDF), sizeof PDF - 8)), "cụt");
}

static void archives_with_macros_or_bombs_are_refused(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct zip_entry macro[] = {{"word/document.xml", "x", 0},
                                             {"word/vbaProject.bin", "x", 0}};
    static const struct zip_entry big[] = {{"word/document.xml", "x", 2'000'000'000}};
    static const struct zip_entry ratio[] = {{"word/document.xml", "x", 1'000'000}};
    static const struct zip_entry both[] = {{"word/document.xml", "x", 0},
                                            {"xl/workbook.xml", "x", 0}};
    static const struct zip_entry false_odt[] = {
        {"content.xml", "x", 0}, {"mimetype", "application/vnd.oasis.opendocument.text", 0}};
    assert_contains(judged(cx, zip_of(cx, macro, 2)), "macro");
    assert_contains(judged(cx, zip_of(cx, big, 1)), "quá lớn");
    assert_contains(judged(cx, zip_of(cx, ratio, 1)), "quá lớn");
    assert_contains(judged(cx, zip_of(cx, both, 2)), "Chỉ nhận");
    assert_contains(judged(cx, zip_of(cx, false_odt, 2)), "Chỉ nhận");
    struct str whole = docx(cx);
    assert_contains(judged(cx, str_until(whole, whole.n - 1)), "cụt");
}

/* Every byte of the directory changed: refused or another kind, never read past its end. */
static void a_damaged_archive_is_never_followed_out_of_bounds(void **t)
{
    struct cx *cx = test_cx(t);
    struct str whole = docx(cx);
    for (size_t i = 0; i < whole.n; i++) {
        struct arena_mark here = arena_here(cx->arena);
        struct str copy = str_dup(cx->arena, whole);
        ((char *)(uintptr_t)copy.p)[i] ^= (char)0xff;
        judged(cx, copy);
        arena_back(cx->arena, here);
    }
}

static void a_first_look_tells_the_kind_while_it_still_comes(void **t)
{
    struct cx *cx = test_cx(t);
    assert_str(file_sniff(S(PDF), S("a")), "application/pdf");
    assert_str(file_sniff(docx(cx), S("a.docx")),
               "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    assert_str(file_sniff(docx(cx), S("a.bin")), "application/zip");
    assert_str(file_sniff(S(""), S("a.pdf")), "");
}

static void names_are_made_safe_and_fit_their_kind(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct {
        const char *given, *mime, *clean;
    } names[] = {
        {"Đơn xin.pdf", "application/pdf", "Đơn xin.pdf"},
        {"Đơn xin.PDF", "application/pdf", "Đơn xin.PDF"},
        {"C:\\Users\\lan\\a.jpeg", "image/jpeg", "a.jpeg"},
        {"../../etc/passwd", "text/plain", "passwd.txt"},
        {"virus.exe", "application/pdf", "virus.exe.pdf"},
        {"trang.html", "text/plain", "trang.html.txt"},
        {"anh\xe2\x80\xaegpj.exe", "image/png", "anhgpj.exe.png"},
        {"a\r\nSet-Cookie: x.png", "image/png", "aSet-Cookie_ x.png"},
        {"..", "image/png", "tep.png"},
        {"", "application/pdf", "tep.pdf"},
        {".pdf", "application/pdf", "pdf.pdf"},
        {"a.pdf. . ", "application/pdf", "a.pdf"},
        {"x<y>|z?.png", "image/png", "x_y__z_.png"},
        {"xấu \xff.png", "image/png", "tep.png"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str clean = file_name_clean(cx, str_c(names[i].given), str_c(names[i].mime));
        if (!str_eq(clean, str_c(names[i].clean)))
            fail_msg("\"%s\" became \"%.*s\"", names[i].given, F(clean));
    }
}

static void a_long_name_keeps_its_ending(void **t)
{
    struct cx *cx = test_cx(t);
    struct buf b = {.arena = cx->arena, .limit = 4096};
    for (int i = 0; i < 300; i++)
        buf_add(&b, S("ệ"));
    buf_add(&b, S(".pdf"));
    struct str clean = file_name_clean(cx, buf_str(&b), S("application/pdf"));
    assert_true(str_ends(clean, S(".pdf")));
    assert_true(utf8_count(clean) <= 125);
    assert_true(utf8_valid(clean));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_we_take_is_known_by_its_content),
        TEST(other_kinds_are_refused_with_what_is_taken),
        TEST(text_is_text_however_it_is_cut_into_pieces),
        TEST(a_file_that_is_two_things_is_refused),
        TEST(a_pdf_begins_at_its_first_byte_and_has_its_end),
        TEST(archives_with_macros_or_bombs_are_refused),
        TEST(a_damaged_archive_is_never_followed_out_of_bounds),
        TEST(a_first_look_tells_the_kind_while_it_still_comes),
        TEST(names_are_made_safe_and_fit_their_kind),
        TEST(a_long_name_keeps_its_ending),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
