/* web_fixture.h - a guest book with a right, and helps for asking it. */
#pragma once
#include "testing/testing.h"

#include "html/html.h"
#include "module/module.h"
#include "vault/vault.h"
#include "web/web.h"

/* ---- a small module: a guest book with a right ---- */

static const struct right write_right = {.name = "guest.write", .title = "Ghi sổ"};
static const struct right safe_right = {.name = "guest.safe", .title = "Mở két", .step_up = true};

[[maybe_unused]] static int writes;

static inline enum err show_hello(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    html_lit(&rs->body, "<p>xin chào ");
    html_text(&rs->body, web_query(rq, "ten"));
    html_lit(&rs->body, "</p>");
    return OK;
}

static inline enum err show_named(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    html_lit(&rs->body, "<p>trang ");
    html_text(&rs->body, web_path(rq, "ten"));
    html_lit(&rs->body, "</p>");
    return OK;
}

/* "q" steps of the database: some tens of thousands are more than READ has time for. */
static inline enum err show_count(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t n = 0;
    (void)str_int(web_query(rq, "q"), &n);
    TRY(db_one_int(
        cx, &n,
        "with recursive up (i) as (select cast(1 as bigint) union all select i + 1 from up where i < $1)"
        " select count(*) from up",
        V(n)));
    html_int(&rs->body, n);
    return OK;
}

static inline enum err show_form(struct cx *cx, struct web_req *rq, struct web_res *rs)
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
    int64_t more = 0; /* forms on one page */
    (void)str_int(web_query(rq, "them"), &more);
    while (more-- > 0)
        web_token_html(&rs->body);
    return OK;
}

static inline enum err check_form(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)rs;
    web_on_refusal(rq, show_form);
    if (web_form(rq, "chu").n == 0)
        return fail_field(cx, ERR_INVALID, S("chu"), T("Nhập chữ."));
    return OK;
}

static inline enum err write_form(struct cx *cx, struct web_req *rq, struct web_res *rs)
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

static inline enum err show_must(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    (void)rs;
    MUST(web_query(rq, "x").n == 1000);
    return OK;
}

static inline enum err show_missing(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)rq;
    (void)rs;
    return fail(cx, ERR_NOT_FOUND, T("Không tìm thấy hồ sơ có mã này."));
}

static inline enum err enter_write(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t account;
    (void)str_int(web_form(rq, "account"), &account);
    rs->see_other = S("/");
    return web_session_start(cx, rq, rs,
                             &(struct session_start){.account = account, .assurance = 1});
}

static inline enum err leave_write(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    rs->see_other = S("/");
    return web_session_end(cx, rq, rs);
}

static inline enum err show_api(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)rq;
    rs->bytes = str_fmt(cx->arena, "{\"account\":%lld}", (long long)cx->actor->account);
    rs->etag = S("v1");
    return OK;
}

static inline enum err write_api(struct cx *cx, struct web_req *rq, struct web_res *rs)
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
    {GET,  "/dem",           "Đếm",         &anyone,      READ,  .show = show_count},
    {GET,  "/it",            "Ít",          &anyone,      READ,  .show = show_hello, .rate_per_minute = 2},
    {0},
};
static const struct menu_item menu[] = {
    {"Sổ", "/so/moi", "gear", &anyone, WEB_FRAME_CITIZEN},
    {"Kín", "/kin", "key", &write_right, WEB_FRAME_CITIZEN},
    {0},
};
/* clang-format on */
static const struct module guest = {
    .name = "guest", .title = "Sổ khách", .routes = routes, .menu = menu};
static const struct module *const modules[] = {&guest, NULL};

/* Account 7 may write, 8 has no right, 9 is closed. */
static inline bool grant(struct cx *cx, const struct actor *a, const struct right *r,
                         struct scope *scope, struct str *why)
{
    (void)cx;
    (void)r;
    scope->kind = SCOPE_UNIT;
    if (a->account == 7)
        return true;
    if (why)
        *why = S("Bạn chưa có quyền ghi sổ. Hỏi chị Mai.");
    return false;
}

static inline enum err load_actor(struct cx *cx, int64_t account, int64_t unit, struct actor *out)
{
    (void)cx;
    if (account == 9)
        return ERR_NOT_FOUND;
    *out = (struct actor){.account = account, .unit = unit, .name = S("Mai")};
    return OK;
}

static const struct web_doors doors = {"/dang-nhap", "/khoa", "/xac-nhan-lai", "/tim", "/", NULL};

static inline enum err open_web(struct cx *cx)
{
    struct web *w;
    TRY(vault_open(cx, true, &cx->env->vault));
    web_set_identity(grant, load_actor);
    web_set_doors(&doors);
    writes = 0;
    return web_open(cx, modules, &w);
}

static inline void close_web(struct cx *cx)
{
    web_close(cx->env->web);
    vault_close(cx->env->vault);
    cx->env->vault = NULL;
}

static inline int start(void **t)
{
    static const char *const roots[] = {"core/kept", "core/vault", "core/web", NULL};
    return testing_start(
        t, &(struct testing_config){.roots = roots, .start = open_web, .stop = close_web});
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

static inline struct web_reply ask(struct cx *cx, struct asked a)
{
    struct web_reply r;
    struct web_call c = {
        .method = str_c(a.method ? a.method : "GET"),
        .target = str_c(a.target),
        .cookie = a.cookie,
        .content_type = str_c(a.type   ? a.type
                              : a.body ? "application/x-www-form-urlencoded"
                                       : ""),
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

static inline struct str header_of(const struct web_reply *r, const char *name)
{
    for (size_t i = 0; i < r->headers_n; i++)
        if (str_eq_ascii_case(r->headers[i].name, str_c(name)))
            return r->headers[i].value;
    return S("");
}

/* "name=value" of a Set-Cookie with this name; empty: not set. */
static inline struct str cookie_of(const struct web_reply *r, const char *name)
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

static inline struct str token_in(struct cx *cx, struct str page)
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
static inline struct form open_form(struct cx *cx, const char *path, struct str cookie)
{
    struct web_reply r = ASK(cx, .target = path, .cookie = cookie);
    assert_int_equal(r.status, 200);
    struct str set = cookie_of(&r, "tinhso-form");
    if (set.n)
        cookie = cookie.n ? str_fmt(cx->arena, "%.*s; %.*s", F(cookie), F(set)) : set;
    return (struct form){cookie, token_in(cx, r.body)};
}

static inline struct web_reply post(struct cx *cx, const char *path, struct form f,
                                    const char *fields)
{
    return ASK(cx, .method = "POST", .target = path, .cookie = f.cookie,
               .body = str_fmt(cx->arena, "_token=%.*s&%s", F(f.token), fields).p);
}

/* Signs in; gives the Cookie header of the session. */
static inline struct str enter(struct cx *cx, int account)
{
    struct form f = open_form(cx, "/ghi", S(""));
    struct web_reply r = post(cx, "/vao", f, str_fmt(cx->arena, "account=%d", account).p);
    assert_int_equal(r.status, 303);
    struct str session = cookie_of(&r, "tinhso");
    assert_true(session.n > 40);
    return str_fmt(cx->arena, "%.*s; %.*s", F(f.cookie), F(session));
}
