/*
 * role_route_test.c - every route of the program, asked by every role.
 *
 * The table is made from the pack of roles, not from identity's own reckoning: role by role, right
 * by right. Each route is then asked over the web room: whoever the table allows must get past
 * the gate, everybody else must be refused, and nobody may meet a 500.
 */
#include <unistd.h>

#include "app_fixture.h"
#include "embed/embed.h"
#include "identity/identity.h"
#include "json/json.h"
#include "testing/browser.h"

/* ---- the table ---- */

static const struct json *roles_of_pack(struct cx *cx)
{
    const struct embed_file *f = embed_find(S("packs/roles/co-so.json"));
    const struct json *root;
    struct json_error bad;
    assert_non_null(f);
    assert_ok(json_read(cx->arena, f->bytes, &root, &bad));
    return json_get(root, S("roles"));
}

static bool role_has(const struct json *roles, struct str role, struct str right)
{
    for (uint32_t i = 0; i < roles->n; i++)
        if (str_eq(json_text(json_get(json_at(roles, i), S("code"))), role))
            return json_has(json_get(json_at(roles, i), S("rights")), right);
    return false;
}

/* role empty: a visitor. */
static bool allowed(const struct json *roles, struct str role, const struct right *r)
{
    if (r == &anyone)
        return true;
    if (role.n == 0)
        return false;
    if (r == &signed_in || r == &signed_in_again)
        return true;
    return role_has(roles, role, str_c(r->name)) || role_has(roles, S("cong_dan"), str_c(r->name));
}

/* ---- asking ---- */

static struct str path_for(struct cx *cx, const struct route *r)
{
    struct buf b = {.arena = cx->arena, .limit = 1000};
    struct str rest = str_from(str_c(r->path), 1), piece;
    while (rest.n) {
        str_cut(rest, '/', &piece, &rest);
        buf_byte(&b, '/');
        buf_add(&b, piece.n && piece.p[0] == '{' ? S("1") : piece);
    }
    return b.n ? buf_str(&b) : S("/");
}

static void sign_in(struct browser *b, const char *login)
{
    browser_forget(b);
    browser_follow(b, true);
    if (login)
        assert_true(testing_sign_in(b, login, IDENTITY_DEMO_PASSWORD));
    else
        browser_open(b, "/dang-nhap");
    browser_follow(b, false);
}

static struct str token(const struct browser *b)
{
    const struct page *p = browser_page(b);
    for (size_t i = 0; i < p->forms_n; i++)
        for (size_t k = 0; k < p->forms[i].fields_n; k++)
            if (str_eq(p->forms[i].fields[k].name, S("_token")))
                return p->forms[i].fields[k].value;
    return S("");
}

static int ask(struct browser *b, struct cx *cx, const struct route *r, const char *login)
{
    struct str path = path_for(cx, r);
    if (r->method == GET)
        return browser_open(b, path.p);
    if (r->kind == WEB_API)
        return browser_send(b, path, S("application/json"), S("{}"));
    browser_open(b, login ? "/tai-khoan" : "/dang-nhap");
    struct str body = str_fmt(cx->arena, "_token=%.*s", F(url_encode(cx->arena, token(b))));
    return browser_send(b, path, S("application/x-www-form-urlencoded"), body);
}

/* 401, 403, or sent to the sign-in page: the gate was shut. */
static bool shut(const struct browser *b, const struct route *r, const char *login)
{
    const struct page *p = browser_page(b);
    if (p->status == 401 || p->status == 403)
        return true;
    bool to_sign_in = p->status == 303 && str_starts(p->reply.location, S("/dang-nhap?ve="));
    return to_sign_in && !login && r->right != &anyone;
}

/* The gate's own words, so that a handler's finer refusal is not taken for it. */
static bool is_gate(const struct browser *b, const struct route *r)
{
    const struct page *p = browser_page(b);
    return p->status != 403 ||
           str_find(p->words,
                    str_fmt(browser_cx((struct browser *)b)->arena, "“%s”", r->right->title), NULL);
}

static void say(const struct route *r, const char *login, const struct browser *b, const char *what)
{
    print_error("%s %s (%s) as %s: %s: %d %.*s\n", r->method == GET ? "GET" : "POST", r->path,
                r->right->name, login ? login : "visitor", what, browser_page(b)->status,
                F(str_until(browser_page(b)->words, 300)));
}

static int walk(struct cx *cx, const struct json *roles, const char *login, struct str role)
{
    struct browser *b = browser_new(cx);
    int wrong = 0, asked = 0;
    sign_in(b, login);
    const struct route *r;
    for (size_t i = 0; (r = web_route_at(cx->env->web, i)) != NULL; i++) {
        int status = ask(b, cx, r, login);
        bool may = allowed(roles, role, r->right), closed = shut(b, r, login) && is_gate(b, r);
        if (status >= 500)
            say(r, login, b, "a fault"), wrong++;
        else if (may && closed)
            say(r, login, b, "refused, though the table allows it"), wrong++;
        else if (!may && !closed)
            say(r, login, b, "let in, though the table does not allow it"), wrong++;
        asked++;
        if (login) { /* some routes end the session or move the actor */
            browser_open(b, "/tai-khoan");
            if (browser_page(b)->status != 200)
                sign_in(b, login);
        }
    }
    assert_true(asked > 30);
    return wrong;
}

static void every_role_meets_every_route_as_the_table_says(void **t)
{
    struct cx *cx = test_cx(t);
    const struct json *roles = roles_of_pack(cx);
    int wrong = walk(cx, roles, NULL, S(""));
    static const char *seen[32];
    size_t seen_n = 0;
    for (const struct demo_account *d = identity_demo_accounts; d->login; d++) {
        bool known = false;
        for (size_t i = 0; i < seen_n; i++)
            known = known || strcmp(seen[i], d->role) == 0;
        if (known)
            continue;
        seen[seen_n++] = d->role;
        wrong += walk(cx, roles, d->login, str_c(d->role));
    }
    assert_int_equal(seen_n, roles->n); /* no role of the pack goes unwalked */
    assert_int_equal(wrong, 0);
}

static void every_right_of_the_pack_is_a_right_of_the_program(void **t)
{
    struct cx *cx = test_cx(t);
    const struct json *roles = roles_of_pack(cx);
    for (uint32_t i = 0; i < roles->n; i++) {
        const struct json *rights = json_get(json_at(roles, i), S("rights"));
        for (uint32_t k = 0; k < rights->n; k++) {
            bool known = false;
            for (const struct module *const *m = app_modules; *m; m++)
                for (const struct right *const *r = (*m)->rights; r && *r; r++)
                    known = known || str_eq(str_c((*r)->name), rights->child[k].key);
            if (!known)
                fail_msg("no module has the right %.*s", F(rights->child[k].key));
        }
    }
}

static void every_right_of_a_route_stands_in_its_modules_table(void **t)
{
    struct cx *cx = test_cx(t);
    (void)cx;
    for (const struct module *const *m = app_modules; *m; m++)
        for (const struct route *r = (*m)->routes; r && r->path; r++) {
            bool known =
                r->right == &anyone || r->right == &signed_in || r->right == &signed_in_again;
            for (const struct module *const *o = app_modules; *o; o++)
                for (const struct right *const *x = (*o)->rights; x && *x; x++)
                    known = known || *x == r->right;
            if (!known)
                fail_msg("%s: the right %s stands in no module's table", r->path, r->right->name);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_role_meets_every_route_as_the_table_says),
        TEST(every_right_of_the_pack_is_a_right_of_the_program),
        TEST(every_right_of_a_route_stands_in_its_modules_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
