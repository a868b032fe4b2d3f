/* web_test.c - the way of a request: routes, sessions, form tokens, errors, on the real lanes. */
#include "testing/testing.h"

#include "html/html.h"
#include "module/module.h"
#include "vault/vault.h"
#include "web/web.h"

/* ---- a small module: a guest book with a right ---- */

static const struct right write_right = {.name = "guest.write", .title = "Ghi sổ"};
static const struct right safe_right = {.name = "guest.safe", .title = "Mở két", .step_up = true};

static int writes;

static enum err show_hello(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    html_lit(&rs->body, "<p>xin chào ");
    html_text(&rs->body, web_query(rq, "ten"));
    html_lit(&rs->body, "</p>");
    return OK;
}

static enum err show_named(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    html_lit(&rs->body, "<p>trang ");
    html_text(&rs->body, web_path(rq, "ten"));
    html_lit(&rs->body, "</p>");
    return OK;
}

static enum err show_form(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    html_lit(&rs->body, "<form>");
    web_token_html(&rs->body);
    html_lit(&rs->body, "<input name=\"chu\" value=\"");
    html_text(&rs->body, web_form(rq, "chu"));
    html_lit(&rs->body, "\">");
    if (web_again(rq)) {
        html_lit(&rs->body, "<p class=\"error\">");
        html_text(&rs->body, cx->why);
        html_lit(&rs->body, "</p>");
    }
    html_lit(&rs->body, "</form>");
    return OK;
}

static enum err check_form(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)rs;
    web_on_refusal(rq, show_form);
    if (web_form(rq, "chu").n == 0)
        return fail_field(cx, ERR_INVALID, S("chu"), T("Nhập chữ."));
    return OK;
}

static enum err write_form(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    writes++;
    if (str_eq(web_form(rq, "chu"), S("xung đột")))
        return fail(cx, ERR_CONFLICT, T("Có người vừa ghi trước."));
    MUST(!str_eq(web_form(rq, "chu"), S("hỏng")));
    TRY(web_draft_drop(cx, S("none")));
    rs->see_other = str_fmt(cx->arena, "/so/%d", writes);
    rs->toast = S("Đã ghi.");
    return OK;
}

static enum err show_must(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    (void)rs;
    MUST(web_query(rq, "x").n == 1000);
    return OK;
}

static enum err show_missing(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)rq;
    (void)rs;
    return fail(cx, ERR_NOT_FOUND, T("Không tìm thấy hồ sơ có mã này."));
}

static enum err enter_write(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t account;
    (void)str_int(web_form(rq, "account"), &account);
    rs->see_other = S("/");
    return web_session_start(cx, rq, rs, &(struct session_start){.account = account, .assurance = 1});
}

static enum err leave_write(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    rs->see_other = S("/");
    return web_session_end(cx, rq, rs);
}

static enum err show_api(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)rq;
    rs->bytes = str_fmt(cx->arena, "{\"account\":%lld}", (long long)cx->actor->account);
    rs->etag = S("v1");
    return OK;
}

static enum err write_api(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    writes++;
    rs->bytes = str_fmt(cx->arena, "{\"n\":%d,\"ten\":\"%.*s\"}", writes,
                        F(json_text(json_get(web_json(rq), S("ten")))));
    return OK;
}

static const struct web_schema name_schema = {
    "Ten", false, (const struct web_field[]){{"ten", "string", "tên", true}, {0}}};

/* clang-format off */
static const struct route routes[] = {
    {GET,  "/",              "Trang chủ",   &anyone,      READ,  .show = show_hello},
    {GET,  "/so/moi",        "Trang mới",   &anyone,      READ,  .show = show_hello},
    {GET,  "/so/{ten}",      "Một trang",   &anyone,      READ,  .show = show_named},
    {GET,  "/so/{ten}/xem",  "Xem trang",   &anyone,      SLOW,  .show = show_named},
    {GET,  "/ghi",           "Ghi sổ",      &anyone,      READ,  .show = show_form},
    {POST, "/ghi",           "Ghi sổ",      &anyone,      WRITE, .prepare = check_form, .write = write_form},
    {GET,  "/kin",           "Trang kín",   &write_right, READ,  .show = show_form},
    {POST, "/kin",           "Trang kín",   &write_right, WRITE, .write = write_form},
    {GET,  "/ket",           "Két",         &safe_right,  READ,  .show = show_hello},
    {POST, "/ket",           "Két",         &safe_right,  WRITE, .write = write_form},
    {GET,  "/cua-toi",       "Của tôi",     &signed_in,   READ,  .show = show_form},
    {GET,  "/hong",          "Hỏng",        &anyone,      READ,  .show = show_must},
    {GET,  "/khong-co",      "Không có",    &anyone,      READ,  .show = show_missing},
    {POST, "/vao",           "Vào",         &anyone,      WRITE, .write = enter_write},
    {POST, "/ra",            "Ra",          &anyone,      WRITE, .write = leave_write},
    {GET,  "/api/toi",       "Tôi",         &signed_in,   READ,  .show = show_api, .kind = WEB_API},
    {POST, "/api/ten",       "Đặt tên",     &signed_in,   WRITE, .write = write_api, .kind = WEB_API, .takes = &name_schema, .gives = &name_schema},
    {GET,  "/it",            "Ít",          &anyone,      READ,  .show = show_hello, .rate_per_minute = 2},
    {0},
};
static const struct menu_item menu[] = {
    {"Sổ", "/so/moi", "gear", &anyone, WEB_FRAME_CITIZEN},
    {"Kín", "/kin", "key", &write_right, WEB_FRAME_CITIZEN},
    {0},
};
/* clang-format on */
static const struct module guest = {.name = "guest", .title = "Sổ khách", .routes = routes, .menu = menu};
static const struct module *const modules[] = {&guest, NULL};

/* Account 7 may write, 8 has no right, 9 is closed. */
static bool grant(struct cx *cx, const struct actor *a, const struct right *r, struct scope *scope, struct str *why)
{
    (void)cx;
    (void)r;
    scope->kind = SCOPE_UNIT;
    if (a->account == 7)
        return true;
    *why = S("Bạn chưa có quyền ghi sổ. Hỏi chị Mai.");
    return false;
}

static enum err load_actor(struct cx *cx, int64_t account, int64_t unit, struct actor *out)
{
    (void)cx;
    if (account == 9)
        return ERR_NOT_FOUND;
    *out = (struct actor){.account = account, .unit = unit, .name = S("Mai")};
    return OK;
}

static const struct web_doors doors = {"/dang-nhap", "/khoa", "/xac-nhan-lai", "/tim", NULL};

static enum err open_web(struct cx *cx)
{
    struct web *w;
    TRY(vault_open(cx, true, &cx->env->vault));
    web_set_identity(grant, load_actor);
    web_set_doors(&doors);
    writes = 0;
    return web_open(cx, modules, &w);
}

static void close_web(struct cx *cx)
{
    web_close(cx->env->web);
    vault_close(cx->env->vault);
    cx->env->vault = NULL;
}

static int start(void **t)
{
    static const char *const roots[] = {"core/vault", "core/web", NULL};
    return testing_start(t, &(struct testing_config){.roots = roots, .start = open_web, .stop = close_web});
}

/* ---- asking ---- */

struct asked {
    const char *method, *target, *body, *type;
    struct str cookie;
    const struct http_header *headers;
    size_t headers_n;
    const char *peer;
    bool tls;
};

static struct web_reply ask(struct cx *cx, struct asked a)
{
    struct web_reply r;
    struct web_call c = {
        .method = str_c(a.method ? a.method : "GET"),
        .target = str_c(a.target),
        .cookie = a.cookie,
        .content_type = str_c(a.type ? a.type : a.body ? "application/x-www-form-urlencoded" : ""),
        .body = str_c(a.body),
        .headers = a.headers,
        .headers_n = a.headers_n,
        .peer = str_c(a.peer),
        .tls = a.tls,
    };
    assert_ok(web_do(cx, cx->env->web, &c, &r));
    return r;
}
#define ASK(cx, ...) ask((cx), (struct asked){__VA_ARGS__})
#define GET_(cx, path) ASK(cx, .target = (path))

static struct str header_of(const struct web_reply *r, const char *name)
{
    for (size_t i = 0; i < r->headers_n; i++)
        if (str_eq_ascii_case(r->headers[i].name, str_c(name)))
            return r->headers[i].value;
    return S("");
}

/* "name=value" of a Set-Cookie with this name; empty: not set. */
static struct str cookie_of(const struct web_reply *r, const char *name)
{
    for (size_t i = 0; i < r->headers_n; i++) {
        struct str pair, rest, key, value;
        if (!str_eq(r->headers[i].name, S("Set-Cookie")))
            continue;
        str_cut(r->headers[i].value, ';', &pair, &rest);
        str_cut(pair, '=', &key, &value);
        if (str_eq(key, str_c(name)))
            return pair;
    }
    return S("");
}

static struct str token_in(struct cx *cx, struct str page)
{
    size_t at, end;
    struct str mark = S("name=\"_token\" value=\"");
    assert_true(str_find(page, mark, &at));
    struct str rest = str_from(page, at + mark.n);
    assert_true(str_find(rest, S("\""), &end));
    return str_dup(cx->arena, str_until(rest, end));
}

/* A visitor's form: its cookie and its token. */
struct form {
    struct str cookie, token;
};
static struct form open_form(struct cx *cx, const char *path, struct str cookie)
{
    struct web_reply r = ASK(cx, .target = path, .cookie = cookie);
    assert_int_equal(r.status, 200);
    struct str set = cookie_of(&r, "tinhso-form");
    if (set.n)
        cookie = cookie.n ? str_fmt(cx->arena, "%.*s; %.*s", F(cookie), F(set)) : set;
    return (struct form){cookie, token_in(cx, r.body)};
}

static struct web_reply post(struct cx *cx, const char *path, struct form f, const char *fields)
{
    return ASK(cx, .method = "POST", .target = path, .cookie = f.cookie,
               .body = str_fmt(cx->arena, "_token=%.*s&%s", F(f.token), fields).p);
}

/* Signs in; gives the Cookie header of the session. */
static struct str enter(struct cx *cx, int account)
{
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply r = post(cx, "/vao", f, str_fmt(cx->arena, "account=%d", account).p);
    assert_int_equal(r.status, 303);
    struct str session = cookie_of(&r, "tinhso");
    assert_true(session.n > 40);
    return str_fmt(cx->arena, "%.*s; %.*s", F(f.cookie), F(session));
}

/* ---- routes ---- */

static void a_page_shows_what_was_asked_as_text(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/?ten=%3Cb%3EMai");
    assert_int_equal(r.status, 200);
    assert_contains(r.body, "xin chào &lt;b&gt;Mai");
    assert_str(r.content_type, "text/html; charset=utf-8");
}

static void a_literal_segment_wins_over_a_name(void **t)
{
    struct cx *cx = test_cx(t);
    assert_contains(GET_(cx, "/so/moi").body, "xin chào");
    assert_contains(GET_(cx, "/so/c%C5%A9").body, "trang cũ");
    assert_contains(GET_(cx, "/so/moi/xem").body, "trang moi");
    assert_contains(GET_(cx, "/so/a%2Fb").body, "trang a/b");
}

static void what_is_not_there_is_404_with_an_incident_and_a_way_on(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/nowhere");
    assert_int_equal(r.status, 404);
    assert_contains(r.body, "Không tìm thấy trang này");
    assert_contains(r.body, "404-");
    assert_contains(r.body, "action=\"/tim\"");
    r = GET_(cx, "/khong-co");
    assert_int_equal(r.status, 404);
    assert_contains(r.body, "Không tìm thấy hồ sơ có mã này.");
}

static void malformed_paths_and_queries_are_refused(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const bad[] = {"/so/%zz", "/so/%00", "/so/..", "/so//x", "/so/%ff", "/?a=%ff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int status = GET_(cx, bad[i]).status;
        assert_true(status == 400 || status == 404);
    }
}

static void a_slash_at_the_end_leads_to_the_page(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/so/moi/?ten=x");
    assert_int_equal(r.status, 308);
    assert_str(r.location, "/so/moi?ten=x");
}

static void other_methods_are_405_and_options_lists_them(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = ASK(cx, .method = "DELETE", .target = "/ghi");
    assert_int_equal(r.status, 405);
    assert_str(header_of(&r, "Allow"), "GET, HEAD, OPTIONS, POST");
    r = ASK(cx, .method = "OPTIONS", .target = "/so/1");
    assert_int_equal(r.status, 204);
    assert_str(header_of(&r, "Allow"), "GET, HEAD, OPTIONS");
    r = ASK(cx, .method = "POST", .target = "/so/1", .body = "a=b");
    assert_int_equal(r.status, 405);
    r = ASK(cx, .method = "HEAD", .target = "/so/1");
    assert_int_equal(r.status, 200);
}

static void every_page_carries_the_security_headers(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/");
    assert_contains(header_of(&r, "Content-Security-Policy"), "default-src 'none'; script-src 'self'");
    assert_contains(header_of(&r, "Content-Security-Policy"), "frame-ancestors 'none'");
    assert_str(header_of(&r, "X-Content-Type-Options"), "nosniff");
    assert_str(header_of(&r, "Referrer-Policy"), "same-origin");
    assert_str(header_of(&r, "Cache-Control"), "no-store");
    r = ASK(cx, .target = "/", .tls = true);
    assert_contains(header_of(&r, "Strict-Transport-Security"), "max-age=");
}

static void a_table_with_a_fault_does_not_start(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct route no_right[] = {{GET, "/x", "X", NULL, READ, .show = show_hello}, {0}};
    static const struct route twice[] = {{GET, "/x/{a}", "X", &anyone, READ, .show = show_hello},
                                         {GET, "/x/{b}", "X", &anyone, READ, .show = show_hello}, {0}};
    static const struct route no_write[] = {{POST, "/x", "X", &anyone, WRITE, .prepare = check_form}, {0}};
    const struct route *const tables[] = {no_right, twice, no_write};
    for (size_t i = 0; i < 3; i++) {
        struct web *w, *before = cx->env->web;
        const struct web_part part = {"x", tables[i], NULL};
        assert_err(web_open_parts(cx, &part, 1, &w), ERR_IO);
        cx->env->web = before;
    }
}

/* ---- faults ---- */

static void a_broken_promise_is_a_500_with_a_number_and_the_next_request_works(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/hong");
    assert_int_equal(r.status, 500);
    assert_contains(r.body, "500-");
    assert_lacks(r.body, "MUST");
    assert_int_equal(GET_(cx, "/").status, 200);
}

static void a_broken_promise_in_a_write_undoes_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply r = post(cx, "/ghi", f, "chu=h%E1%BB%8Fng");
    assert_int_equal(r.status, 500);
    assert_int_equal(rows_of(cx, "web_answer"), 0);
    r = post(cx, "/ghi", f, "chu=ok"); /* the token is still good */
    assert_int_equal(r.status, 303);
}

/* ---- form tokens ---- */

static void a_form_sent_twice_is_written_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply first = post(cx, "/ghi", f, "chu=a");
    struct web_reply second = post(cx, "/ghi", f, "chu=khac");
    assert_int_equal(first.status, 303);
    assert_str(first.location, "/so/1");
    assert_int_equal(second.status, 303);
    assert_str(second.location, "/so/1");
    assert_int_equal(writes, 1);
    assert_int_equal(rows_of(cx, "web_answer"), 1);
}

static void a_form_without_a_good_token_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct form other = open_form(cx, "/ghi", S(""));
    struct form none = {f.cookie, S("")}, crossed = {other.cookie, f.token}, cut = {f.cookie, str_until(f.token, 40)};
    struct form no_cookie = {S(""), f.token};
    const struct form bad[] = {none, crossed, cut, no_cookie};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct web_reply r = post(cx, "/ghi", bad[i], "chu=a");
        assert_int_equal(r.status, 403);
        assert_contains(r.body, "Mở lại trang rồi gửi lại");
    }
    assert_int_equal(writes, 0);
}

static void a_form_of_another_site_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    const struct http_header h[] = {{S("Sec-Fetch-Site"), S("cross-site")}};
    struct web_reply r = ASK(cx, .method = "POST", .target = "/ghi", .cookie = f.cookie, .headers = h, .headers_n = 1,
                             .body = str_fmt(cx->arena, "_token=%.*s&chu=a", F(f.token)).p);
    assert_int_equal(r.status, 403);
    assert_int_equal(writes, 0);
}

static void a_refused_form_is_drawn_again_with_what_was_typed(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply r = post(cx, "/ghi", f, "chu=");
    assert_int_equal(r.status, 422);
    assert_contains(r.body, "Nhập chữ.");
    r = post(cx, "/ghi", f, "chu=xung+%C4%91%E1%BB%99t");
    assert_int_equal(r.status, 409);
    assert_contains(r.body, "value=\"xung đột\"");
    assert_contains(r.body, "Có người vừa ghi trước.");
    /* The corrected form carries a fresh token and goes through. */
    struct form again = {f.cookie, token_in(cx, r.body)};
    assert_int_equal(post(cx, "/ghi", again, "chu=xong").status, 303);
}

static void bodies_of_a_wrong_kind_or_size_are_refused(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(ASK(cx, .method = "POST", .target = "/ghi", .body = "<x/>", .type = "text/xml").status, 415);
    assert_int_equal(ASK(cx, .method = "POST", .target = "/ghi", .body = "a=%ff").status, 400);
    assert_int_equal(ASK(cx, .method = "POST", .target = "/ghi", .body = "--x", .type = "multipart/form-data").status, 400);
    char *big = arena_alloc(cx->arena, 300 * 1024);
    memset(big, 'a', 300 * 1024 - 1);
    struct web_reply r = ASK(cx, .method = "POST", .target = "/ghi", .body = big);
    assert_int_equal(r.status, 413);
    assert_contains(r.body, "256 kB");
}

static void a_toast_is_shown_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply r = post(cx, "/ghi", f, "chu=a");
    struct str toast = cookie_of(&r, "tinhso-toast");
    assert_true(toast.n > 20);
    assert_lacks(toast, "ghi");
    r = ASK(cx, .target = "/", .cookie = toast);
    assert_contains(r.body, "Đã ghi.");
    assert_str(cookie_of(&r, "tinhso-toast"), "tinhso-toast=");
    assert_lacks(GET_(cx, "/").body, "Đã ghi.");
}

/* ---- sessions and rights ---- */

static void a_page_that_needs_a_sign_in_leads_there_and_back(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/cua-toi?x=1");
    assert_int_equal(r.status, 303);
    assert_str(r.location, "/dang-nhap?ve=%2Fcua-toi%3Fx%3D1");
    assert_int_equal(GET_(cx, "/api/toi").status, 401);
}

static void only_the_hash_of_a_session_token_is_stored(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 200);
    assert_int_equal(rows_of(cx, "web_session"), 1);
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows, "select token_hash from web_session"));
    assert_true(db_next(&rows));
    assert_int_equal(db_bytes(&rows, 0).n, 32);
}

static void who_lacks_the_right_is_told_whom_to_ask(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = ASK(cx, .target = "/kin", .cookie = enter(cx, 8));
    assert_int_equal(r.status, 403);
    assert_contains(r.body, "Hỏi chị Mai.");
    assert_int_equal(ASK(cx, .target = "/kin", .cookie = enter(cx, 7)).status, 200);
}

static void a_closed_account_is_nobody(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 9);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 303);
}

static void signing_in_again_rotates_the_token_and_keeps_open_forms_good(void **t)
{
    struct cx *cx = test_cx(t);
    struct str old = enter(cx, 7);
    struct form open = open_form(cx, "/kin", old);
    struct web_reply r = post(cx, "/vao", open_form(cx, "/ghi", old), "account=7");
    struct str fresh = str_fmt(cx->arena, "%.*s", F(cookie_of(&r, "tinhso")));
    assert_true(fresh.n > 40);
    assert_int_equal(rows_of(cx, "web_session"), 1);
    assert_int_equal(post(cx, "/kin", (struct form){fresh, open.token}, "chu=a").status, 303);
    /* The token before lives for one more minute, for answers that were lost on the way. */
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = old).status, 200);
    testing_advance(cx, 61 * SECOND_MS);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = old).status, 303);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = fresh).status, 200);
}

static void a_sign_in_whose_answer_was_lost_gets_a_session_from_the_same_form(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply lost = post(cx, "/vao", f, "account=7"), again = post(cx, "/vao", f, "account=7");
    struct str a = cookie_of(&lost, "tinhso"), b = cookie_of(&again, "tinhso");
    assert_true(a.n > 40 && b.n > 40);
    assert_false(str_eq(a, b));
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = b).status, 200);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = a).status, 303);
    assert_int_equal(rows_of(cx, "web_session"), 1);
    /* Not for ever. */
    testing_advance(cx, 11 * MINUTE_MS);
    struct web_reply late = post(cx, "/vao", f, "account=7");
    assert_int_equal(late.status, 303);
    assert_int_equal(cookie_of(&late, "tinhso").n, 0);
}

static void thirty_idle_minutes_lock_and_a_post_is_kept_for_after_the_password(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    struct form f = open_form(cx, "/kin", cookie);
    testing_advance(cx, 31 * MINUTE_MS);
    struct web_reply r = ASK(cx, .target = "/kin", .cookie = cookie);
    assert_int_equal(r.status, 303);
    assert_str(r.location, "/khoa?ve=%2Fkin");
    assert_contains(ASK(cx, .target = "/", .cookie = cookie).body, "xin chào");
    r = post(cx, "/kin", f, "chu=d%E1%BB%9F+dang");
    assert_int_equal(r.status, 303);
    assert_str(r.location, "/khoa?ve=%2Fgui-tiep");
    assert_int_equal(writes, 0);
    /* The password again (the test's route stands for identity's page). */
    struct form lock = open_form(cx, "/ghi", cookie);
    r = post(cx, "/vao", lock, "account=7");
    struct str open = cookie_of(&r, "tinhso");
    r = ASK(cx, .target = "/gui-tiep", .cookie = open);
    assert_int_equal(r.status, 200);
    assert_contains(r.body, "value=\"dở dang\"");
    assert_contains(r.body, "action=\"/kin\"");
    struct form resend = {open, token_in(cx, r.body)};
    assert_int_equal(post(cx, "/kin", resend, "chu=d%E1%BB%9F+dang").status, 303);
    assert_int_equal(writes, 1);
}

static void use_keeps_a_session_awake_and_is_written_once_a_minute(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    for (int i = 0; i < 8; i++) {
        testing_advance(cx, 10 * MINUTE_MS);
        assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 200);
    }
    testing_advance(cx, 20 * HOUR_MS);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 303);
}

static void a_right_may_ask_for_the_password_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    assert_int_equal(ASK(cx, .target = "/ket", .cookie = cookie).status, 200);
    struct form f = open_form(cx, "/kin", cookie);
    testing_advance(cx, 11 * MINUTE_MS);
    struct web_reply r = ASK(cx, .target = "/ket", .cookie = cookie);
    assert_str(r.location, "/xac-nhan-lai?ve=%2Fket");
    r = post(cx, "/ket", f, "chu=a");
    assert_str(r.location, "/xac-nhan-lai?ve=%2Fgui-tiep");
    assert_int_equal(writes, 0);
}

static void signing_out_ends_the_session(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    struct web_reply r = post(cx, "/ra", open_form(cx, "/ghi", cookie), "");
    assert_str(cookie_of(&r, "tinhso"), "tinhso=");
    assert_int_equal(rows_of(cx, "web_session"), 0);
    assert_int_equal(ASK(cx, .target = "/cua-toi", .cookie = cookie).status, 303);
}

static void over_tls_cookies_are_bound_to_this_host(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = ASK(cx, .target = "/ghi", .tls = true);
    assert_contains(r.set_cookie, "__Host-tinhso-form=");
    assert_contains(r.set_cookie, "; Secure");
    assert_contains(r.set_cookie, "HttpOnly");
    assert_contains(r.set_cookie, "SameSite=Lax");
}

/* ---- APIs, language, rates, health ---- */

static void an_api_answers_json_also_when_it_refuses(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    struct web_reply r = ASK(cx, .target = "/api/toi", .cookie = cookie);
    assert_str(r.body, "{\"account\":7}");
    r = ASK(cx, .method = "POST", .target = "/api/ten", .cookie = cookie, .type = "application/json", .body = "{\"ten\":");
    assert_int_equal(r.status, 400);
    assert_str(r.content_type, "application/problem+json");
    assert_contains(r.body, "\"incident\":\"400-");
    r = ASK(cx, .method = "POST", .target = "/api/ten", .cookie = cookie, .body = "ten=x");
    assert_int_equal(r.status, 415);
    assert_int_equal(GET_(cx, "/api/nothing").status, 404);
    assert_str(GET_(cx, "/api/nothing").content_type, "application/problem+json");
}

static void an_idempotency_key_makes_an_api_call_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    const struct http_header key[] = {{S("Idempotency-Key"), S("k1")}};
    struct asked a = {.method = "POST", .target = "/api/ten", .cookie = cookie, .type = "application/json",
                      .body = "{\"ten\":\"Mai\"}", .headers = key, .headers_n = 1};
    assert_str(ask(cx, a).body, "{\"n\":1,\"ten\":\"Mai\"}");
    assert_str(ask(cx, a).body, "{\"n\":1,\"ten\":\"Mai\"}");
    a.headers_n = 0;
    assert_str(ask(cx, a).body, "{\"n\":2,\"ten\":\"Mai\"}");
}

static void a_page_that_did_not_change_is_not_sent_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct str cookie = enter(cx, 7);
    const struct http_header h[] = {{S("If-None-Match"), S("\"v1\"")}};
    struct web_reply r = ASK(cx, .target = "/api/toi", .cookie = cookie, .headers = h, .headers_n = 1);
    assert_int_equal(r.status, 304);
    assert_int_equal(r.body.n, 0);
}

static void openapi_lists_the_api_routes_with_their_schemas(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/api/openapi.json");
    const struct json *j;
    struct json_error bad;
    assert_int_equal(r.status, 200);
    assert_ok(json_read(cx->arena, r.body, &j, &bad));
    assert_true(json_has(json_get(json_get(j, S("paths")), S("/api/ten")), S("post")));
    assert_true(json_has(json_get(json_get(j, S("components")), S("schemas")), S("Ten")));
    assert_lacks(r.body, "/ghi");
}

static void the_language_is_kept_in_a_cookie(void **t)
{
    struct cx *cx = test_cx(t);
    struct web_reply r = GET_(cx, "/?lang=en");
    assert_contains(r.body, "lang=\"en\"");
    assert_str(cookie_of(&r, "tinhso-lang"), "tinhso-lang=en");
    r = ASK(cx, .target = "/", .cookie = S("tinhso-lang=en"));
    assert_contains(r.body, "lang=\"en\"");
    assert_contains(GET_(cx, "/").body, "lang=\"vi\"");
}

static void return_paths_never_lead_to_another_host(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const away[] = {"//evil.vn", "https://evil.vn", "/%5Cevil.vn", "evil", "/a%0d%0aX:1", "/%09/x"};
    for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
        struct form f = open_form(cx, "/ghi", S(""));
        struct web_reply r = post(cx, "/ngon-ngu", f, str_fmt(cx->arena, "lang=en&ve=%s", away[i]).p);
        assert_int_equal(r.status, 303);
        assert_str(r.location, "/");
    }
    struct form f = open_form(cx, "/ghi", S(""));
    assert_str(post(cx, "/ngon-ngu", f, "lang=en&ve=%2Fso%2F1%3Fx").location, "/so/1?x");
}

static void too_many_requests_of_one_address_wait_a_minute(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(ASK(cx, .target = "/it", .peer = "203.0.113.9").status, 200);
    assert_int_equal(ASK(cx, .target = "/it", .peer = "203.0.113.9").status, 200);
    struct web_reply r = ASK(cx, .target = "/it", .peer = "203.0.113.9");
    assert_int_equal(r.status, 429);
    assert_str(header_of(&r, "Retry-After"), "60");
    assert_int_equal(ASK(cx, .target = "/it", .peer = "203.0.113.10").status, 200);
    testing_advance(cx, MINUTE_MS);
    assert_int_equal(ASK(cx, .target = "/it", .peer = "203.0.113.9").status, 200);
}

static void health_and_figures_are_for_those_who_watch(void **t)
{
    struct cx *cx = test_cx(t);
    assert_str(GET_(cx, "/livez").body, "alive\n");
    assert_str(GET_(cx, "/readyz").body, "ready\n");
    assert_contains(ASK(cx, .target = "/metrics", .peer = "127.0.0.1").body, "tinhso_web_requests_total");
    assert_int_equal(ASK(cx, .target = "/metrics", .peer = "203.0.113.9").status, 404);
}

static void assets_are_kept_by_browsers_for_good(void **t)
{
    struct cx *cx = test_cx(t);
    struct str path = web_asset(cx, S("look/assets/icons.svg"));
    struct web_reply r = GET_(cx, path.p);
    assert_int_equal(r.status, 200);
    assert_contains(header_of(&r, "Cache-Control"), "immutable");
    struct str etag = header_of(&r, "ETag");
    const struct http_header h[] = {{S("If-None-Match"), etag}, {S("Accept-Encoding"), S("gzip, br;q=0.9")}};
    assert_int_equal(ASK(cx, .target = path.p, .headers = h, .headers_n = 1).status, 304);
    struct web_reply packed = ASK(cx, .target = path.p, .headers = h + 1, .headers_n = 1);
    assert_str(header_of(&packed, "Content-Encoding"), "br");
    assert_true(packed.body.n < r.body.n);
    assert_int_equal(GET_(cx, "/assets/0000000000000000/look/no.css").status, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_page_shows_what_was_asked_as_text),
        TEST(a_literal_segment_wins_over_a_name),
        TEST(what_is_not_there_is_404_with_an_incident_and_a_way_on),
        TEST(malformed_paths_and_queries_are_refused),
        TEST(a_slash_at_the_end_leads_to_the_page),
        TEST(other_methods_are_405_and_options_lists_them),
        TEST(every_page_carries_the_security_headers),
        TEST(a_table_with_a_fault_does_not_start),
        TEST(a_broken_promise_is_a_500_with_a_number_and_the_next_request_works),
        TEST(a_broken_promise_in_a_write_undoes_it),
        TEST(a_form_sent_twice_is_written_once),
        TEST(a_form_without_a_good_token_is_refused),
        TEST(a_form_of_another_site_is_refused),
        TEST(a_refused_form_is_drawn_again_with_what_was_typed),
        TEST(bodies_of_a_wrong_kind_or_size_are_refused),
        TEST(a_toast_is_shown_once),
        TEST(a_page_that_needs_a_sign_in_leads_there_and_back),
        TEST(only_the_hash_of_a_session_token_is_stored),
        TEST(who_lacks_the_right_is_told_whom_to_ask),
        TEST(a_closed_account_is_nobody),
        TEST(signing_in_again_rotates_the_token_and_keeps_open_forms_good),
        TEST(a_sign_in_whose_answer_was_lost_gets_a_session_from_the_same_form),
        TEST(thirty_idle_minutes_lock_and_a_post_is_kept_for_after_the_password),
        TEST(use_keeps_a_session_awake_and_is_written_once_a_minute),
        TEST(a_right_may_ask_for_the_password_again),
        TEST(signing_out_ends_the_session),
        TEST(over_tls_cookies_are_bound_to_this_host),
        TEST(an_api_answers_json_also_when_it_refuses),
        TEST(an_idempotency_key_makes_an_api_call_once),
        TEST(a_page_that_did_not_change_is_not_sent_again),
        TEST(openapi_lists_the_api_routes_with_their_schemas),
        TEST(the_language_is_kept_in_a_cookie),
        TEST(return_paths_never_lead_to_another_host),
        TEST(too_many_requests_of_one_address_wait_a_minute),
        TEST(health_and_figures_are_for_those_who_watch),
        TEST(assets_are_kept_by_browsers_for_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
