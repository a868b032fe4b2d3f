/* upload_test.c - files in a form: streamed to the store under their owner's key, refused one by
 * one. */
#include "web_fixture.h"

#include "file/file.h"

static int64_t file_added;
static size_t seen_n;
static int64_t seen_bytes;
static struct str seen_mime;

static int64_t owner;

static enum err own_upload(struct cx *cx, struct web_req *rq, int64_t *subject)
{
    (void)cx;
    (void)rq;
    *subject = owner;
    return OK;
}

static enum err make_owner(struct cx *cx, void *arg)
{
    return vault_subject_new(cx, arg);
}

static enum err draw_upload(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    size_t n;
    (void)cx;
    const struct web_error *e = web_errors(rq, &n);
    html_lit(&rs->body, "<form>");
    web_token_html(&rs->body);
    html_lit(&rs->body, "<p>chữ ");
    html_text(&rs->body, web_form(rq, "chu"));
    html_lit(&rs->body, "</p>");
    for (size_t i = 0; i < n; i++) {
        html_lit(&rs->body, "<p class=\"error\">");
        html_text(&rs->body, e[i].field);
        html_lit(&rs->body, ": ");
        html_text(&rs->body, e[i].sentence);
        html_lit(&rs->body, "</p>");
    }
    html_lit(&rs->body, "</form>");
    return OK;
}

static enum err check_upload(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    (void)rs;
    web_on_refusal(rq, draw_upload);
    return OK;
}

static enum err write_upload(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct web_upload *u = web_uploads(rq, &seen_n);
    struct stored_file f;
    for (size_t i = 0; i < seen_n; i++) {
        TRY(file_add(cx, u[i].upload, u[i].owner, u[i].name, &f));
        file_added = f.id;
        seen_bytes = u[i].size_bytes;
        seen_mime = u[i].mime;
    }
    rs->see_other = S("/tep");
    return OK;
}

static enum err show_file(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct stored_file f;
    (void)rq;
    TRY(file_find(cx, file_added, &f));
    TRY(file_open(cx, &f, &rs->file));
    rs->file_size = f.size_bytes;
    rs->content_type = f.mime;
    rs->download_name = S("Giấy chứng sinh \"1\".pdf");
    return OK;
}

/* clang-format off */
static const struct route upload_routes[] = {
    {GET,  "/tep",      "Tệp",     &anyone,    SLOW,  .show = draw_upload},
    {POST, "/tep",      "Gửi tệp", &anyone,    WRITE, .prepare = check_upload, .write = write_upload, .files_max = 2, .body_max = 200000, .upload_owner = own_upload},
    {POST, "/tep-kin",  "Gửi tệp", &signed_in, WRITE, .prepare = check_upload, .write = write_upload, .files_max = 2, .body_max = 200000},
    {GET,  "/tep/mo",   "Mở tệp",  &anyone,    SLOW,  .show = show_file, .kind = WEB_FILE},
    {0},
};
/* clang-format on */
static const struct module uploads = {.name = "uploads", .title = "Tệp", .routes = upload_routes};
static const struct module *const both[] = {&guest, &uploads, NULL};

static enum err open_uploads(struct cx *cx)
{
    TRY(open_web(cx));
    web_close(cx->env->web);
    struct web *w;
    TRY(file_store_open(cx, &cx->env->files));
    TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, make_owner, &owner));
    return web_open(cx, both, &w);
}

static void close_uploads(struct cx *cx)
{
    web_close(cx->env->web);
    file_store_close(cx->env->files);
    cx->env->files = NULL;
    vault_close(cx->env->vault);
    cx->env->vault = NULL;
}

static int start_uploads(void **t)
{
    static const char *const roots[] = {"core/kept", "core/vault", "core/file",
                                        "core/job",  "core/web",   NULL};
    file_added = 0;
    return testing_start(
        t, &(struct testing_config){.roots = roots, .start = open_uploads, .stop = close_uploads});
}
#undef TEST
#define TEST(f) cmocka_unit_test_setup_teardown(f, start_uploads, testing_end)

/* ---- a multipart body ---- */

#define BOUNDARY "xx7"
static const char pdf[] = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

static void add_part(struct buf *b, const char *name, const char *file_name, struct str bytes)
{
    buf_fmt(b, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"", name);
    if (file_name)
        buf_fmt(b, "; filename=\"%s\"\r\nContent-Type: application/pdf", file_name);
    buf_fmt(b, "\r\n\r\n");
    buf_add(b, bytes);
    buf_fmt(b, "\r\n");
}

static struct buf body_of(struct cx *cx, struct form f, const char *chu)
{
    struct buf b = {.arena = cx->arena, .limit = 1 << 20};
    add_part(&b, "chu", NULL, str_c(chu));
    add_part(&b, "_token", NULL, f.token);
    return b;
}

static struct web_reply send(struct cx *cx, const char *path, struct form f, struct buf *b)
{
    buf_fmt(b, "--" BOUNDARY "--\r\n");
    struct web_reply r;
    const struct web_call c = {.method = S("POST"),
                               .target = str_c(path),
                               .cookie = f.cookie,
                               .content_type = S("multipart/form-data; boundary=" BOUNDARY),
                               .body = buf_str(b)};
    assert_ok(web_do(cx, cx->env->web, &c, &r));
    return r;
}

static void a_file_comes_in_and_goes_out_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/tep", S(""));
    struct buf b = body_of(cx, f, "kèm");
    add_part(&b, "giay", "C:\\\\giấy chứng sinh.pdf", str_c(pdf));
    struct web_reply r = send(cx, "/tep", f, &b);
    assert_int_equal(r.status, 303);
    assert_int_equal(seen_n, 1);
    assert_int_equal(seen_bytes, strlen(pdf));
    r = GET_(cx, "/tep/mo");
    assert_int_equal(r.status, 200);
    assert_str(r.content_type, "application/pdf");
    assert_true(str_eq(r.body, str_c(pdf)));
    assert_str(
        header_of(&r, "Content-Disposition"),
        "attachment; filename=\"giay-chung-sinh-1-pdf.pdf\"; filename*=UTF-8''Gi%E1%BA%A5y%20ch%E1%BB%A9ng%20sinh%20%221%22.pdf");
}

static void a_file_of_a_wrong_kind_is_refused_and_the_rest_kept(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/tep", S(""));
    struct buf b = body_of(cx, f, "kèm chương trình");
    add_part(&b, "giay", "virus.pdf", S("MZ\220\0\3\0\0\0this is a program"));
    struct web_reply r = send(cx, "/tep", f, &b);
    assert_int_equal(r.status, 422);
    assert_contains(r.body, "giay: ");
    assert_contains(r.body, "chữ kèm chương trình");
    assert_int_equal(rows_of(cx, "file_stored"), 0);
}

static void more_files_than_stated_are_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/tep", S(""));
    struct buf b = body_of(cx, f, "");
    for (int i = 0; i < 3; i++)
        add_part(&b, "giay", "a.pdf", str_c(pdf));
    assert_int_equal(send(cx, "/tep", f, &b).status, 413);
    f = open_form(cx, "/ghi", S(""));
    b = body_of(cx, f, "chữ");
    add_part(&b, "giay", "a.pdf", str_c(pdf));
    assert_int_equal(send(cx, "/ghi", f, &b).status, 413);
}

static void an_empty_file_field_is_no_file(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/tep", S(""));
    struct buf b = body_of(cx, f, "");
    add_part(&b, "giay", "", S(""));
    assert_int_equal(send(cx, "/tep", f, &b).status, 303);
    assert_int_equal(seen_n, 0);
}

static void a_cut_body_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/tep", S(""));
    struct buf b = body_of(cx, f, "");
    struct web_reply r;
    buf_fmt(
        &b,
        "--" BOUNDARY
        "\r\nContent-Disposition: form-data; name=\"giay\"; filename=\"a.pdf\"\r\n\r\n%%PDF-1.4");
    const struct web_call c = {.method = S("POST"),
                               .target = S("/tep"),
                               .cookie = f.cookie,
                               .content_type = S("multipart/form-data; boundary=" BOUNDARY),
                               .body = buf_str(&b)};
    assert_ok(web_do(cx, cx->env->web, &c, &r));
    assert_int_equal(r.status, 400);
    assert_contains(r.body, "cắt giữa chừng");
}

static void files_for_a_page_that_needs_a_sign_in_are_not_taken(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/tep", S(""));
    struct buf b = body_of(cx, f, "");
    add_part(&b, "giay", "a.pdf", str_c(pdf));
    struct web_reply r = send(cx, "/tep-kin", f, &b);
    assert_int_equal(r.status, 303);
    assert_contains(r.location, "/dang-nhap");
}

static void a_form_with_files_that_met_a_lock_keeps_its_fields(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    struct form f = open_form(cx, "/tep", cookie);
    testing_advance(cx, 31 * MINUTE_MS);
    struct buf b = body_of(cx, f, "dở dang");
    add_part(&b, "giay", "a.pdf", str_c(pdf));
    struct web_reply r = send(cx, "/tep-kin", f, &b);
    assert_str(r.location, "/khoa?ve=%2Fgui-tiep");
    r = post(cx, "/vao", open_form(cx, "/ghi", cookie), "account=7");
    r = ASK(cx, .target = "/gui-tiep", .cookie = cookie_of(&r, "tinhso"));
    assert_contains(r.body, "dở dang");
    assert_contains(r.body, "Tệp đính kèm không giữ lại được");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_comes_in_and_goes_out_again),
        TEST(a_file_of_a_wrong_kind_is_refused_and_the_rest_kept),
        TEST(more_files_than_stated_are_refused),
        TEST(an_empty_file_field_is_no_file),
        TEST(a_cut_body_is_refused),
        TEST(files_for_a_page_that_needs_a_sign_in_are_not_taken),
        TEST(a_form_with_files_that_met_a_lock_keeps_its_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
