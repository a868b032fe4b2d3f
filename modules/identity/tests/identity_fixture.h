/* identity_fixture.h - the demo's people, with a browser for each. */
#pragma once
#include "identity/identity.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "org/org.h"
#include "testing/browser.h"
#include "testing/world.h"

static const struct right note_write = {.name = "note.write", .title = "Ghi sổ"};
static const struct right note_sign = {.name = "note.sign", .title = "Ký sổ", .step_up = true};

static inline enum err show_note(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)rq;
    html_lit(&rs->body, "<h1>Sổ của ");
    html_text(&rs->body, cx->actor->unit_name);
    html_lit(&rs->body, "</h1><form method=\"post\" action=\"/so\">");
    web_token_html(&rs->body);
    html_lit(
        &rs->body,
        "<label for=\"f-chu\">Chữ</label><input id=\"f-chu\" name=\"chu\"><button>Ghi</button></form>");
    return OK;
}

static inline enum err write_note(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    (void)rq;
    rs->see_other = S("/so");
    rs->toast = S("Đã ghi.");
    return OK;
}

/* Tells how far the right reaches for whoever asks. */
static inline enum err show_scope(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)rq;
    rs->bytes = str_fmt(cx->arena, "kind=%d unit=%lld path=%.*s", (int)cx->scope.kind,
                        (long long)cx->scope.unit, F(cx->scope.unit_path));
    return OK;
}

/* Opens the record of another person. */
static inline enum err show_person(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t id;
    struct person p;
    (void)str_int(web_path(rq, "id"), &id);
    cx->purpose = web_query(rq, "de");
    TRY(person_find(cx, id, &p));
    html_lit(&rs->body, "<p>");
    html_text(&rs->body, p.name);
    html_lit(&rs->body, "</p>");
    return OK;
}

/* clang-format off */
static const struct route note_routes[] = {
    {GET,  "/",               "Trang chủ", &anyone,     READ,  .show = show_note},
    {GET,  "/so",             "Sổ",        &note_write, READ,  .show = show_note, .frame = WEB_FRAME_OFFICER},
    {POST, "/so",             "Ghi sổ",    &note_write, WRITE, .write = write_note},
    {GET,  "/so/pham-vi",     "Phạm vi",   &note_write, READ,  .show = show_scope, .kind = WEB_FILE},
    {GET,  "/ky",             "Ký sổ",     &note_sign,  READ,  .show = show_note},
    {GET,  "/nguoi/{id}",     "Một người", &note_write, READ,  .show = show_person},
    {0},
};
static const struct menu_item note_menu[] = {{"Sổ", "/so", "list", &note_write, WEB_FRAME_OFFICER}, {0}};
/* clang-format on */
static const struct right *const note_rights[] = {&note_write, &note_sign, NULL};
static const struct module note_module = {
    .name = "note", .title = "Sổ", .routes = note_routes, .rights = note_rights, .menu = note_menu};

static const struct module *const world_modules[] = {&journal_module,  &notify_module, &org_module,
                                                     &identity_module, &note_module,   NULL};
static const char *const world_packs[] = {"roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = world_modules, .packs = world_packs, .demo = true, .frame = look_frame};

static const char test_roles[] =
    "{\"roles\": [{\"code\": \"chuyen_vien\", \"title\": \"Chuyên viên\", \"rights\": {\"note.write\": \"unit\"}},"
    " {\"code\": \"lanh_dao\", \"title\": \"Lãnh đạo\", \"rights\": {\"note.write\": \"unit_tree\", \"note.sign\": \"unit\"}}]}";

static inline enum err load_test_roles(struct cx *cx, void *arg)
{
    size_t next = 0;
    (void)arg;
    struct pack_report report = {.lines = {.arena = cx->arena, .limit = 4096}};
    return identity_module.packs[0].load(cx, S("test.json"), str_c(test_roles), &next, &report);
}

static inline enum err open_world(struct cx *cx)
{
    TRY(testing_open_world(cx, &world));
    return lane_call(cx->env->lanes, LANE_WRITE, cx, load_test_roles, NULL);
}

static inline int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(world_modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

/* A browser in which this person has signed in. */
static inline struct browser *signed_in_as(struct cx *cx, const char *login)
{
    struct browser *b = browser_new(cx);
    assert_opens(b, "/dang-nhap", 200);
    assert_true(browser_fill(b, "tai_khoan", login));
    assert_true(browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD));
    assert_true(browser_press(b, "Đăng nhập"));
    assert_int_equal(browser_page(b)->status, 200);
    return b;
}

static inline int64_t account_of(struct cx *cx, const char *login)
{
    struct account a;
    assert_ok(account_by_login(cx, str_c(login), &a));
    return a.id;
}

static inline int64_t unit_of(struct cx *cx, const char *code)
{
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, str_c(code), day_of(cx->now), &u));
    return u.id;
}
