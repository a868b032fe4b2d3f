/* onestop_receipt_test.c - the QR of the receipt leads to the progress, by a token that says
 * nothing. */
#include "onestop_fixture.h"

/* The receipt as a scanner at the counter sees it: drawn, then read. */
static struct str scanned(struct cx *cx, struct str pdf)
{
    return told_by(
        cx, pdf,
        "sh -c 'pdftoppm -r 150 -png \"$0\" \"$0\" && zbarimg -q --raw \"$0\"*.png; rm -f \"$0\"*.png'",
        "");
}

static void the_qr_of_the_receipt_is_a_random_token_and_not_the_code(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, other;
    struct str pdf;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    assert_ok(onestop_form_pdf(cx, &d, 1, 0, &pdf));
    struct str qr = str_trim(scanned(cx, pdf));
    assert_true(str_find(qr, str_fmt(cx->arena, "/tra-cuu/%.*s", F(d.track_token)), NULL));
    assert_lacks(qr, "H37");
    assert_false(str_find(qr, d.request_code, NULL));
    assert_true(d.track_token.n >= 16);
    bring_to(cx, &other, DOSSIER_ACCEPTED);
    assert_false(str_eq(d.track_token, other.track_token));
}

static void whoever_scans_it_sees_the_progress_and_no_names(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    struct browser *b = browser_new(cx);
    assert_opens(b, str_fmt(cx->arena, "/tra-cuu/%.*s", F(d.track_token)).p, 200);
    assert_sees(b, "Hẹn trả 17:30 thứ Hai, 23/11/2026");
    assert_not_sees(b, "Hoàng Thị Mai");
    assert_not_sees(b, CHILD);
    assert_opens(b, "/tra-cuu/ABCDEFGHJKMNPQRS", 404);
    assert_opens(
        b, str_fmt(cx->arena, "/tra-cuu/%.*s", F(str_until(d.track_token, d.track_token.n - 1))).p,
        404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_qr_of_the_receipt_is_a_random_token_and_not_the_code),
        TEST(whoever_scans_it_sees_the_progress_and_no_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
