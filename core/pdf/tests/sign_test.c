/* sign_test.c - PAdES baseline B, judged by us, by pdfsig and by openssl. */
#include "sample.h"

static struct str sign(struct desk *s, struct str pdf, const struct officer *o, struct str caption)
{
    struct pdf_signer who = o->signer;
    struct str out;
    who.caption = caption;
    assert_ok(pdf_sign(&s->cx, pdf, &who, &out));
    assert_true(str_starts(out, pdf)); /* what was there stays as it is */
    return out;
}

static size_t judge(struct desk *s, struct str pdf, const struct officer *o,
                    struct pdf_signature_report r[PDF_SIGNATURES_MAX])
{
    size_t n;
    assert_ok(pdf_signatures(&s->cx, pdf, &o->ca, 1, r, &n));
    return n;
}

static bool has(struct str text, struct str what)
{
    return str_find(text, what, NULL);
}

/* An NSS data base that trusts the officer's CA, for pdfsig. */
static void trust(struct desk *s, const struct officer *o, const char *nick)
{
    spill(s, "ca.pem", pem(s->cx.arena, "CERTIFICATE", o->ca));
    spill(s, "ca.der", o->ca);
    assert_true(
        runs(s, "test -d nss || { mkdir nss && certutil -N -d sql:nss --empty-password; }"));
    assert_true(
        runs(s, str_fmt(s->cx.arena, "certutil -A -d sql:nss -n %s -t CT,C,C -i ca.der", nick).p));
}

static struct str pdfsig(struct desk *s, struct str pdf)
{
    spill(s, "signed.pdf", pdf);
    assert_true(runs(s, "pdfsig -nssdir sql:nss signed.pdf"));
    return slurp(s, "out");
}

static int times(struct str text, struct str what)
{
    int n = 0;
    for (size_t at = 0; str_find(text, what, &at); text = str_from(text, at + 1))
        n++;
    return n;
}

/* ---- what holds ---- */

static void a_signed_paper_is_valid_and_tells_who_when_why_where([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(1);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    struct str pdf = sign(s, sample_paper(s), &o, S(""));
    assert_int_equal(judge(s, pdf, &o, r), 1);
    assert_int_equal(r[0].cms.verdict, CMS_VALID);
    assert_true(r[0].cms.is_pades && r[0].covers_whole_file && r[0].trusted_when_claimed);
    assert_str(r[0].cms.signer.common_name, S("Lý Thị Mơ"));
    assert_str(r[0].name, S("Lý Thị Mơ"));
    assert_str(r[0].reason, S("Phê duyệt"));
    assert_str(r[0].place, S("Lạng Sơn"));
    assert_int_equal(r[0].claimed_at, SEEDED_NOW - MINUTE_MS);
    assert_int_equal(judge(s, sample_paper(s), &o, r), 0);
    officer_free(&o);
    desk_free(s);
}

static void pdfsig_finds_it_valid_and_trusted([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(2);
    struct officer o = officer_new(s, S("Nguyễn Văn Ưởng"));
    struct str pdf = sign(s, sample_paper(s), &o, S("Ký bởi: Nguyễn Văn Ưởng"));
    trust(s, &o, "ca");
    struct str told = pdfsig(s, pdf);
    assert_true(has(told, S("Signature Type: ETSI.CAdES.detached")));
    assert_true(has(told, S("Signature Validation: Signature is Valid.")));
    assert_true(has(told, S("Certificate Validation: Certificate is Trusted.")));
    assert_true(has(told, S("Total document signed")));
    assert_true(has(told, S("Signer Certificate Common Name: Nguyễn Văn Ưởng")));
    assert_true(runs(s, "qpdf --check signed.pdf"));
    officer_free(&o);
    desk_free(s);
}

/* The two parts and the hole's bytes as files, as any other program would cut them. */
static void extract(struct desk *s, struct str pdf, size_t skip)
{
    int64_t v[4];
    size_t at;
    struct str rest = pdf;
    for (size_t i = 0; i <= skip; i++) {
        assert_true(str_find(rest, S("/ByteRange ["), &at));
        rest = str_from(rest, at + 12);
    }
    for (int i = 0; i < 4; i++) {
        struct str word;
        rest = str_trim(str_until(rest, 60));
        for (at = 0; rest.p[at] >= '0' && rest.p[at] <= '9';)
            at++;
        word = str_until(rest, at);
        rest = str_from(rest, at);
        assert_true(str_int(word, &v[i]));
    }
    struct str parts[] = {str_until(pdf, (size_t)v[1]),
                          str_until(str_from(pdf, (size_t)v[2]), (size_t)v[3])};
    struct str hex = {pdf.p + v[1] + 1, (size_t)(v[2] - v[1] - 2)}, cms;
    assert_true(str_unhex(s->cx.arena, hex, &cms));
    spill(s, "content", str_join(s->cx.arena, parts, 2, S("")));
    spill(s, "cms.der", cms);
}

static void openssl_finds_the_bytes_of_the_range_signed([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(3);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct str pdf = sign(s, sample_paper(s), &o, S(""));
    trust(s, &o, "ca");
    extract(s, pdf, 0);
    const char *verify =
        "openssl cms -verify -cades -binary -inform DER -in cms.der -content content "
        "-CAfile ca.pem -attime 1795400045 -out /dev/null";
    assert_true(runs(s, verify));
    assert_true(runs(s, "printf x >> content"));
    assert_false(runs(s, verify));
    officer_free(&o);
    desk_free(s);
}

static void two_people_sign_one_after_the_other([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(4);
    struct officer a = officer_new(s, S("Lý Thị Mơ")), b = officer_new(s, S("Hoàng Văn Thụ"));
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    struct str once = sign(s, sample_paper(s), &a, S("Mơ ký"));
    struct str twice = sign(s, once, &b, S("Thụ ký")), thrice = sign(s, twice, &a, S("không thấy"));
    const struct str trusted[] = {a.ca, b.ca};
    size_t n;
    assert_ok(pdf_signatures(&s->cx, thrice, trusted, 2, r, &n));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(r[i].cms.verdict, CMS_VALID);
        assert_int_equal(r[i].covers_whole_file, i == 2);
    }
    assert_str(r[1].cms.signer.common_name, S("Hoàng Văn Thụ"));
    trust(s, &a, "a");
    trust(s, &b, "b");
    struct str told = pdfsig(s, thrice);
    assert_int_equal(times(told, S("Signature Validation: Signature is Valid.")), 3);
    assert_int_equal(times(told, S("Certificate Validation: Certificate is Trusted.")), 3);
    assert_true(runs(s, "qpdf --check signed.pdf && pdftotext signed.pdf -"));
    struct str text = slurp(s, "out");
    assert_true(has(text, S("Mơ ký")) && has(text, S("Thụ ký")) && !has(text, S("không thấy")));
    officer_free(&a);
    officer_free(&b);
    desk_free(s);
}

static void a_token_signs_a_hash_and_gives_back_a_cms([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(5);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    struct pdf_to_sign prepared;
    struct str cms, pdf;
    assert_ok(pdf_sign_prepare(&s->cx, sample_paper(s), &o.signer, &prepared));
    assert_ok(cms_sign(&s->cx, o.key, o.cert, &o.ca, 1, prepared.digest, &cms));
    assert_ok(pdf_sign_finish(&s->cx, &prepared, cms, &pdf));
    assert_int_equal(judge(s, pdf, &o, r), 1);
    assert_int_equal(r[0].cms.verdict, CMS_VALID);
    struct str long_cms = random_bytes(&s->cx, prepared.hole_n / 2);
    assert_int_equal(pdf_sign_finish(&s->cx, &prepared, long_cms, &pdf), ERR_LIMIT);
    officer_free(&o);
    desk_free(s);
}

static void a_caption_is_set_in_its_place_and_shrinks_to_fit([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(6);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct str caption =
        S("Người ký: Lý Thị Mơ\nCơ quan: UBND xã thử\nThời gian: 09:13, 23/11/2026\n"
          "Lý do: phê duyệt kết quả giải quyết thủ tục hành chính số 1.001193\n"
          "Kiểm tra tại trang tra cứu của tỉnh\nĐịa điểm: Lạng Sơn");
    struct str pdf = sign(s, sample_paper(s), &o, caption), line, rest = caption;
    spill(s, "signed.pdf", pdf);
    assert_true(runs(s, "pdftotext -layout signed.pdf - && pdffonts signed.pdf"));
    struct str text = slurp(s, "out");
    while (rest.n) {
        str_cut(rest, '\n', &line, &rest);
        assert_true(has(text, line));
    }
    officer_free(&o);
    desk_free(s);
}

/* ---- what breaks it ---- */

static void any_changed_byte_outside_of_the_hole_breaks_it([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(7);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct pdf_to_sign prepared;
    struct str pdf = sample_paper(s);
    assert_ok(pdf_sign_prepare(&s->cx, pdf, &o.signer, &prepared)); /* for the place of the hole */
    pdf = sign(s, pdf, &o, S(""));
    char *bytes = (char *)str_z(s->cx.arena, pdf);
    struct str changed = {bytes, pdf.n};
    struct pdf_signature_report *r =
        NEW_N(s->cx.arena, struct pdf_signature_report, PDF_SIGNATURES_MAX);
    struct arena_mark mark = arena_here(s->cx.arena);
    for (size_t i = 0; i < pdf.n; i += i < pdf.n - 1500 ? 41 : 3) {
        if (i >= prepared.hole_at && i < prepared.hole_at + prepared.hole_n)
            i = prepared.hole_at + prepared.hole_n;
        for (int bit = 0; bit < 8; bit += 5) {
            size_t n = 0;
            bytes[i] = (char)(pdf.p[i] ^ 1 << bit);
            enum err e = pdf_signatures(&s->cx, changed, &o.ca, 1, r, &n);
            assert_true(e != OK || n == 0 || r[0].cms.verdict == CMS_BROKEN);
            bytes[i] = pdf.p[i];
            arena_back(s->cx.arena, mark);
        }
    }
    size_t n;
    assert_ok(pdf_signatures(&s->cx, changed, &o.ca, 1, r, &n)); /* all was put back */
    assert_int_equal(r[0].cms.verdict, CMS_VALID);
    officer_free(&o);
    desk_free(s);
}

static void what_is_appended_is_not_covered([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(8);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    struct str pdf = sign(s, sample_paper(s), &o, S(""));
    struct str more = str_join(s->cx.arena, (struct str[]){pdf, S("% thêm\n")}, 2, S(""));
    assert_int_equal(judge(s, more, &o, r), 1);
    assert_int_equal(r[0].cms.verdict, CMS_VALID);
    assert_false(r[0].covers_whole_file);
    officer_free(&o);
    desk_free(s);
}

/* Somebody widens the hole in the range to slip bytes in, or begins it later: the numbers are in
 * the signed part, but a forger could sign anew; the shape itself must be refused. */
static void a_range_of_another_shape_is_broken([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(9);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    struct pdf_to_sign p;
    assert_ok(pdf_sign_prepare(&s->cx, sample_paper(s), &o.signer, &p));
    size_t after = p.hole_at + p.hole_n, rest = p.bytes.n - after, at;
    assert_true(str_find(p.bytes, S("/ByteRange [0 "), &at));
    const struct {
        size_t first, hole, after, rest;
        bool valid;
    } cases[] = {
        {0, p.hole_at, after, rest, true},          {0, p.hole_at - 1, after, rest, false},
        {0, p.hole_at, after + 1, rest - 1, false}, {1, p.hole_at - 1, after, rest, false},
        {0, p.hole_at, after, rest + 1, false},     {0, 0, 0, p.bytes.n, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str bytes = str_dup(s->cx.arena, p.bytes), cms, pdf;
        char text[64];
        snprintf(text, sizeof text, "%zu %zu %zu %zu", cases[i].first, cases[i].hole,
                 cases[i].after, cases[i].rest);
        memset((char *)bytes.p + at + 12, ' ', 38);
        memcpy((char *)bytes.p + at + 12, text, strlen(text));
        struct pdf_to_sign forged = p;
        forged.bytes = bytes;
        size_t end =
            cases[i].after + cases[i].rest < bytes.n ? cases[i].after + cases[i].rest : bytes.n;
        struct str one = {bytes.p + cases[i].first, cases[i].hole};
        struct str two = {bytes.p + cases[i].after, end - cases[i].after};
        assert_ok(cms_sign(&s->cx, o.key, o.cert, NULL, 0, sha256_2(one, two), &cms));
        assert_ok(pdf_sign_finish(&s->cx, &forged, cms, &pdf));
        assert_int_equal(judge(s, pdf, &o, r), 1);
        assert_int_equal(r[0].cms.verdict, cases[i].valid ? CMS_VALID : CMS_BROKEN);
    }
    officer_free(&o);
    desk_free(s);
}

static void trust_is_a_matter_of_time([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(10);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    struct str pdf = sign(s, sample_paper(s), &o, S(""));
    s->cx.now += 9001 * DAY_MS; /* the certificate has expired since */
    assert_int_equal(judge(s, pdf, &o, r), 1);
    assert_int_equal(r[0].cms.verdict, CMS_UNTRUSTED);
    assert_true(r[0].trusted_when_claimed);
    s->cx.now = SEEDED_NOW - DAY_MS; /* signed in the future: no proof of anything */
    assert_int_equal(judge(s, pdf, &o, r), 1);
    assert_int_equal(r[0].cms.verdict, CMS_VALID);
    assert_false(r[0].trusted_when_claimed);
    officer_free(&o);
    desk_free(s);
}

/* ---- strangers ---- */

/* pdfsig signs as Acrobat does, adbe.pkcs7.detached, and in this version only with RSA. */
static void signatures_of_pdfsig_itself_are_understood([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(11);
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    size_t n;
    struct str paper;
    const struct pdf_block block = TEXT(.text = S("Công văn"));
    assert_ok(pdf_make(&s->cx, &(struct pdf_page_spec){.paper = PDF_A4}, &block, 1, &paper));
    spill(s, "paper.pdf", paper);
    assert_true(runs(
        s,
        "openssl req -x509 -newkey rsa:2048 -nodes -days 9000 -utf8 -subj '/CN=Lý Thị Mơ' "
        "-addext keyUsage=digitalSignature -keyout key.pem -out cert.pem && "
        "openssl x509 -in cert.pem -outform DER -out cert.der && "
        "openssl pkcs12 -export -name me -in cert.pem -inkey key.pem -passout pass: -out me.p12 && "
        "mkdir nss && certutil -N -d sql:nss --empty-password && "
        "pk12util -i me.p12 -d sql:nss -W ''"));
    assert_true(runs(s, "pdfsig -nssdir sql:nss -add-signature -nick me paper.pdf theirs.pdf"));
    struct str cert = slurp(s, "cert.der"), pdf = slurp(s, "theirs.pdf");
    s->cx.now += 365 * DAY_MS; /* the certificate is as young as this run */
    assert_ok(pdf_signatures(&s->cx, pdf, &cert, 1, r, &n));
    assert_int_equal(n, 1);
    assert_int_equal(r[0].cms.verdict, CMS_VALID);
    assert_true(r[0].covers_whole_file);
    assert_str(r[0].cms.signer.common_name, S("Lý Thị Mơ"));
    assert_ok(pdf_signatures(&s->cx, pdf, NULL, 0, r, &n));
    assert_int_equal(r[0].cms.verdict, CMS_UNTRUSTED);
    desk_free(s);
}

/* Titles in UTF-16 and file identifiers hold zero bytes; what a revision takes over stays whole. */
static void strings_with_zero_bytes_stay_whole([[maybe_unused]] void **t)
{
    static const char head[] =
        "%PDF-1.7\n1 0 obj << /Pages 2 0 R /Lang (\0v\0i) /AcroForm << /DA (\0x) /Fields [] >> >> "
        "endobj\n2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n"
        "3 0 obj << /Type /Page /Parent 2 0 R /Annots [(\0y)] /Note (\0z) >> endobj\n";
    static const char tail[] = "trailer << /Size 4 /Root 1 0 R /ID [(a\0b) (\0)] >>\nstartxref\n";
    struct desk *s = desk_new(15);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    struct buf b = {.arena = s->cx.arena, .limit = 4096};
    size_t at[3] = {0};
    buf_add(&b, (struct str){head, sizeof head - 1});
    for (size_t i = 0; i < 3; i++)
        assert_true(str_find(buf_str(&b), str_fmt(s->cx.arena, "%zu 0 obj", i + 1), &at[i]));
    const size_t table = b.n;
    buf_add(&b, S("xref\n0 4\n0000000000 65535 f \n"));
    for (size_t i = 0; i < 3; i++)
        buf_fmt(&b, "%010zu 00000 n \n", at[i]);
    buf_add(&b, (struct str){tail, sizeof tail - 1});
    buf_fmt(&b, "%zu\n%%%%EOF\n", table);
    const struct str pdf = sign(s, buf_str(&b), &o, S(""));
    assert_int_equal(judge(s, pdf, &o, r), 1);
    assert_true(r[0].cms.verdict == CMS_VALID && r[0].covers_whole_file);
    static const struct {
        const char *p;
        size_t n;
    } kept[] = {{"(\0v\0i)", 6}, {"(\0x)", 4}, {"(\0y)", 4}, {"(\0z)", 4}, {"[(a\0b) (\0)]", 11}};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        assert_true(has(str_from(pdf, b.n), (struct str){kept[i].p, kept[i].n}));
    officer_free(&o);
    desk_free(s);
}

static void files_that_cannot_be_followed_are_refused_in_words([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(12);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    struct str out;
    size_t n;
    spill(s, "paper.pdf", sample_paper(s));
    assert_true(runs(s, "qpdf --object-streams=generate paper.pdf packed.pdf"));
    assert_true(runs(s, "qpdf --encrypt a a 256 -- paper.pdf locked.pdf"));
    assert_true(runs(
        s, "qpdf --encrypt a a 128 --use-aes=y -- --object-streams=disable paper.pdf locked2.pdf"));
    const struct str bad[] = {
        S(""),
        S("x"),
        S("%PDF-1.7\n"),
        S("%PDF-1.7\nstartxref\n0\n%%EOF"),
        S("%PDF-1.7\nxref\n0 0\ntrailer << /Prev 9 >>\nstartxref\n9\n%%EOF"),
        S("%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF"),
        slurp(s, "packed.pdf"),
        slurp(s, "locked.pdf"),
        slurp(s, "locked2.pdf")};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(pdf_signatures(&s->cx, bad[i], NULL, 0, r, &n), ERR_INVALID);
        assert_int_equal(n, 0);
        assert_true(has(s->cx.why, S("Không đọc được tệp PDF")));
        assert_int_equal(pdf_sign(&s->cx, bad[i], &o.signer, &out), ERR_INVALID);
    }
    officer_free(&o);
    desk_free(s);
}

static void a_file_cut_anywhere_does_no_harm([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(13);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct pdf_signature_report *r =
        NEW_N(s->cx.arena, struct pdf_signature_report, PDF_SIGNATURES_MAX);
    struct str pdf = sign(s, sample_paper(s), &o, S("Mơ"));
    struct arena_mark mark = arena_here(s->cx.arena);
    for (size_t cut = 0; cut < pdf.n; cut += cut % 5 ? 1 : 211) {
        size_t n = 0;
        char *exact = malloc(cut + 1); /* so that a sanitizer sees one byte too far */
        memcpy(exact, pdf.p, cut);
        IGNORE(pdf_signatures(&s->cx, (struct str){exact, cut}, &o.ca, 1, r, &n));
        for (size_t i = 0; i < n; i++)
            assert_true(r[i].cms.verdict == CMS_BROKEN);
        free(exact);
        arena_back(s->cx.arena, mark);
    }
    officer_free(&o);
    desk_free(s);
}

static void adds_one_more(struct desk *s, const struct pdf_signer *who, size_t fields,
                          enum err expected)
{
    struct buf body = {.arena = s->cx.arena, .limit = 100'000};
    struct str out;
    buf_add(&body, S("%PDF-1.7\n1 0 obj\n<< /Pages 2 0 R /AcroForm << /Fields ["));
    for (size_t i = 0; i < fields; i++)
        buf_add(&body, S("<< /FT /Tx >> "));
    buf_add(&body, S("] >> >>\nendobj\n"));
    const size_t pages = body.n;
    buf_add(&body, S("2 0 obj\n<< /Kids [3 0 R] >>\nendobj\n"));
    const size_t page = body.n;
    buf_add(&body, S("3 0 obj\n<< /Type /Page >>\nendobj\n"));
    const size_t xref = body.n;
    buf_fmt(&body,
            "xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n%010zu 00000 n \n"
            "%010zu 00000 n \ntrailer << /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
            pages, page, xref);
    assert_false(body.full);
    assert_int_equal(pdf_sign(&s->cx, buf_str(&body), who, &out), expected);
}

/* What we sign must be read by us afterwards. */
static void a_file_with_no_field_left_is_not_signed([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(15);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    adds_one_more(s, &o.signer, 3, OK);
    adds_one_more(s, &o.signer, 255, OK);
    adds_one_more(s, &o.signer, 256, ERR_LIMIT);
    officer_free(&o);
    desk_free(s);
}

/* Ten thousand fields, circles of fields, pages within themselves. */
static void endless_structures_come_to_an_end([[maybe_unused]] void **t)
{
    struct desk *s = desk_new(14);
    struct officer o = officer_new(s, S("Lý Thị Mơ"));
    struct pdf_signature_report r[PDF_SIGNATURES_MAX];
    size_t n;
    struct str out;
    const struct str bodies[] = {
        S("<< /Pages 1 0 R /Kids [1 0 R 1 0 R] /AcroForm << /Fields [1 0 R] >> >>"),
        S("<< /Pages 1 0 R /AcroForm 1 0 R /Fields 1 0 R /Kids 1 0 R >>"),
        S("1 0 R"),
    };
    for (size_t i = 0; i < 3; i++) {
        struct str head = str_fmt(s->cx.arena, "%%PDF-1.7\n1 0 obj\n%.*s\nendobj\n", F(bodies[i]));
        struct str pdf = str_fmt(s->cx.arena,
                                 "%.*sxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \n"
                                 "trailer << /Root 1 0 R >>\nstartxref\n%zu\n%%%%EOF\n",
                                 F(head), head.n);
        enum err e = pdf_signatures(&s->cx, pdf, NULL, 0, r, &n);
        assert_true(e == ERR_LIMIT || e == ERR_INVALID || (e == OK && n == 0));
        e = pdf_sign(&s->cx, pdf, &o.signer, &out);
        assert_true(e == ERR_INVALID || e == ERR_LIMIT);
    }
    officer_free(&o);
    desk_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signed_paper_is_valid_and_tells_who_when_why_where),
        cmocka_unit_test(pdfsig_finds_it_valid_and_trusted),
        cmocka_unit_test(openssl_finds_the_bytes_of_the_range_signed),
        cmocka_unit_test(two_people_sign_one_after_the_other),
        cmocka_unit_test(a_token_signs_a_hash_and_gives_back_a_cms),
        cmocka_unit_test(a_caption_is_set_in_its_place_and_shrinks_to_fit),
        cmocka_unit_test(any_changed_byte_outside_of_the_hole_breaks_it),
        cmocka_unit_test(what_is_appended_is_not_covered),
        cmocka_unit_test(a_range_of_another_shape_is_broken),
        cmocka_unit_test(trust_is_a_matter_of_time),
        cmocka_unit_test(signatures_of_pdfsig_itself_are_understood),
        cmocka_unit_test(strings_with_zero_bytes_stay_whole),
        cmocka_unit_test(files_that_cannot_be_followed_are_refused_in_words),
        cmocka_unit_test(a_file_cut_anywhere_does_no_harm),
        cmocka_unit_test(a_file_with_no_field_left_is_not_signed),
        cmocka_unit_test(endless_structures_come_to_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
