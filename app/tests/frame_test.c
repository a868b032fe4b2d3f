/*
 * frame_test.c - what is kept of a page's frame and of who acts is never drawn for another.
 *
 * Officers of one role at different units, citizens, a reader of English, one of large letters and
 * a visitor are served by the same threads, turn by turn. In every page the name, unit, number of
 * notices, language and size must be the asker's, and each form token one that nobody was ever
 * given and that is good for nobody else. Meanwhile a role is taken back, a unit changed, a session
 * ended, an account closed: the first page asked for afterwards says so.
 */
#include "app_fixture.h"
#include "identity/identity.h"
#include "notify/notify.h"
#include "org/org.h"
#include "testing/browser.h"
#include "vault/vault.h"

#include <pthread.h>
#include <stdatomic.h>

#define THREADS 6
#define ROUNDS 40 /* of each stage: pages of each thread */
#define TOKENS_MAX 40'000

enum stage { AS_THEY_ARE, ROLE_TAKEN, UNIT_CHANGED, SESSION_ENDED, ACCOUNT_CLOSED, ALL_OVER };

struct reader {
    const char *login, *name, *unit; /* unit: its code, then what its chip says; NULL: none */
    const char *lang;
    bool large;
    enum stage changes; /* from then on: `then` */
    const char *unit_then;
    bool gone_then, refused_then;
    struct str cookie;
    int notices;
};
enum { HA, TUAN, LAM, HANH, MAI, THANH, NOBODY, PEOPLE };
static const struct reader as_they_are[PEOPLE] = {
    [HA] = {"hotich.kylua", "Đàm Thu Hà", "H37.114", "vi", .changes = UNIT_CHANGED,
            .unit_then = "H37.115"},
    [TUAN] = {"congan.kylua", "Hứa Văn Tuân", "H37.114.02", "vi", .large = false},
    [LAM] = {"chutich.kylua", "Bế Văn Lâm", "H37.114", "vi", .changes = ROLE_TAKEN,
             .refused_then = true},
    [HANH] = {"motcua.kylua", "Lương Thị Hạnh", "H37.114.01", "en", .large = false},
    [MAI] = {"020192999101", "Hoàng Thị Mai", NULL, "vi", .changes = SESSION_ENDED,
             .gone_then = true},
    [THANH] = {"020090999102", "Nông Văn Thành", NULL, "vi", true, .changes = ACCOUNT_CLOSED,
               .gone_then = true},
    [NOBODY] = {NULL, NULL, NULL, "vi", .large = false},
};
static struct reader people[PEOPLE];
static const char *const officer_paths[] = {"/viec", "/tai-khoan", "/thong-bao", "/khong-co"};
static const char *const citizen_paths[] = {"/", "/ho-so", "/tai-khoan", "/thu-tuc"};

static struct {
    struct web *web;
    _Atomic int stage, pages;
    pthread_mutex_t lock;
    uint64_t tokens[TOKENS_MAX]; /* of each page its random bytes; under the lock */
    size_t tokens_n;
    char token_of[PEOPLE][64]; /* the last one drawn for each */
    char wrong[600];           /* the first thing found */
} run;

/* ---- what is wrong with a page ---- */

static void wrong(const struct reader *p, const char *path, const char *what, struct str body)
{
    pthread_mutex_lock(&run.lock);
    if (!run.wrong[0])
        snprintf(run.wrong, sizeof run.wrong, "%s asks %s: %s: %.*s",
                 p->login ? p->login : "nobody", path, what, (int)(body.n < 300 ? body.n : 300),
                 body.p);
    pthread_mutex_unlock(&run.lock);
}

/* What stands between the first `before` and the next '<' or '"'; false: there is none. */
static bool after(struct str *page, struct str before, struct str *out)
{
    size_t at, n = 0;
    if (!str_find(*page, before, &at))
        return false;
    *page = str_from(*page, at + before.n);
    if (str_starts(*page, S("<span lang=\"vi\">"))) /* a name in an English page */
        *page = str_from(*page, sizeof "<span lang=\"vi\">" - 1);
    while (n < page->n && page->p[n] != '<' && page->p[n] != '"')
        n++;
    *out = str_until(*page, n);
    return true;
}

/* Each place that `before` announces says this, and there is one if there is something to say. */
static bool says(struct str page, struct str before, const char *expected)
{
    struct str found, rest = page;
    size_t n = 0;
    for (; after(&rest, before, &found); n++)
        if (!expected || !str_eq(found, str_c(expected)))
            return false;
    return n > 0 || !expected;
}

static bool names_unit(struct str head, const char *unit)
{
    struct str found;
    return after(&head, S("class=\"chip unit\""), &found) &&
           after(&head, S("<span class=\"word\">"), &found) && str_eq(found, str_c(unit));
}

static bool was_given(uint64_t token)
{
    for (size_t i = 0; i < run.tokens_n; i++)
        if (run.tokens[i] == token)
            return true;
    return false;
}

/* The forms of one page share the random bytes of the page and differ in one that counts them; no
 * two pages share any. */
static bool take_tokens(struct cx *cx, int who, struct str page)
{
    struct str token, raw, before = S("");
    bool good = true;
    uint64_t random, of_page = 0;
    while (good && after(&page, S("name=\"_token\" value=\""), &token)) {
        if (!str_unbase64url(cx->arena, token, &raw) || raw.n != 32 || token.n >= 64)
            return false;
        memcpy(&random, raw.p, sizeof random);
        pthread_mutex_lock(&run.lock);
        good = random == of_page ? !str_eq(token, before)
                                 : !was_given(random) && run.tokens_n < TOKENS_MAX;
        if (good && random != of_page)
            run.tokens[run.tokens_n++] = random;
        memcpy(run.token_of[who], token.p, token.n);
        run.token_of[who][token.n] = 0;
        pthread_mutex_unlock(&run.lock);
        of_page = random;
        before = token;
    }
    return good;
}

static const char *fault_of(struct cx *cx, int who, bool then, const struct web_reply *r)
{
    const struct reader *p = &people[who];
    const bool gone = !p->name || (then && p->gone_then);
    const char *const unit = !then ? p->unit : p->unit_then;
    const struct str body = r->body;
    struct str head = body;
    size_t end;
    if (str_find(body, S("</header>"), &end))
        head = str_until(body, end);
    if (!says(head, S("<span class=\"name\">"), gone ? NULL : p->name) ||
        !says(head, S("<p class=\"menu-title\">"), gone ? NULL : p->name))
        return "the name is another's";
    if (str_find(body, S("class=\"chip unit\""), NULL) != (unit && !gone))
        return "a unit where there is none, or none where there is one";
    if (unit && !gone && !names_unit(head, unit))
        return "the unit is another's";
    if (!gone && !str_find(body, str_fmt(cx->arena, " (%d)</a>", p->notices), NULL))
        return "the number of notices is another's";
    if (!str_find(
            body,
            str_fmt(cx->arena, "<html lang=\"%s\"%s>", p->lang, p->large ? " class=\"big\"" : ""),
            NULL))
        return "the language or the size is another's";
    if (!gone && !str_find(head, S("name=\"_token\""), NULL))
        return "the frame has no form token";
    if (!gone && !str_find(head, S("action=\"/dang-xuat\""), NULL))
        return "the frame has no way out";
    if (!take_tokens(cx, who, body))
        return "a form token was given before";
    return NULL;
}

static const char *fault_of_headers(const struct web_reply *r, bool has_session)
{
    bool no_store = false;
    for (size_t i = 0; i < r->headers_n; i++) {
        const struct http_header *h = &r->headers[i];
        no_store =
            no_store || (str_eq(h->name, S("Cache-Control")) && str_eq(h->value, S("no-store")));
        if (str_eq(h->name, S("ETag")) && has_session)
            return "a page of a session has an ETag";
    }
    return no_store || !has_session ? NULL : "a page of a session may be kept by others";
}

static int status_of_page(const struct reader *p, const char *path, bool then)
{
    const bool gone = !p->name || (then && p->gone_then);
    if (strcmp(path, "/khong-co") == 0)
        return 404;
    if (gone && (strcmp(path, "/ho-so") == 0 || strcmp(path, "/tai-khoan") == 0))
        return 303;
    return then && p->refused_then && strcmp(path, "/viec") == 0 ? 403 : 200;
}

static const char *fault_of_answer(struct cx *cx, int who, const char *path, bool then,
                                   const struct web_reply *r)
{
    const struct reader *p = &people[who];
    const int expected = status_of_page(p, path, then);
    if (r->status != expected)
        return str_fmt(cx->arena, "%d instead of %d", r->status, expected).p;
    if (expected == 303)
        return NULL;
    const char *fault = fault_of_headers(r, p->name && !(then && p->gone_then));
    return fault ? fault : fault_of(cx, who, then, r);
}

/* ---- many at once ---- */

static struct web_reply ask(struct cx *cx, const struct reader *p, const char *method,
                            const char *path, struct str body)
{
    struct web_reply r = {0};
    const struct str cookie = str_fmt(cx->arena, "%.*s; tinhso-lang=%s; tinhso-chu=%s",
                                      F(p->cookie), p->lang, p->large ? "lon" : "thuong");
    const struct web_call c = {.method = str_c(method),
                               .target = str_c(path),
                               .cookie = cookie,
                               .content_type = S("application/x-www-form-urlencoded"),
                               .body = body};
    if (web_do(cx, run.web, &c, &r) != OK)
        r.status = 0;
    return r;
}

/* While something changes, either may be true; before and afterwards only one. */
static void look_at(struct cx *cx, int who, const char *path)
{
    const struct reader *p = &people[who];
    const int before = atomic_load(&run.stage);
    const struct web_reply r = ask(cx, p, "GET", path, S(""));
    const bool then = p->changes && before >= (int)p->changes;
    const char *fault = fault_of_answer(cx, who, path, then, &r);
    /* The change is committed before the stage is told. */
    if (fault && p->changes && !then && fault_of_answer(cx, who, path, true, &r) == NULL)
        fault = NULL;
    if (fault)
        wrong(p, path, fault, r.body);
    atomic_fetch_add(&run.pages, 1);
}

static void *serve(void *arg)
{
    struct cx *cx = arg;
    const struct arena_mark here = arena_here(cx->arena);
    for (unsigned i = (unsigned)(cx->now % 100); atomic_load(&run.stage) != ALL_OVER; i++) {
        const int who = (int)(i % PEOPLE);
        const char *const *paths = people[who].unit ? officer_paths : citizen_paths;
        look_at(cx, who, paths[i / PEOPLE % 4]);
        arena_back(cx->arena, here);
    }
    lane_thread_end(cx->env->lanes);
    return NULL;
}

/* ---- what changes meanwhile ---- */

static void wait_for_pages(int n)
{
    const int until = atomic_load(&run.pages) + n;
    while (atomic_load(&run.pages) < until)
        nanosleep(&(struct timespec){.tv_nsec = 1'000'000}, NULL);
}

static enum err take_role(struct cx *cx, void *)
{
    struct account a;
    struct post post;
    size_t n;
    TRY(account_by_login(cx, str_c(people[LAM].login), &a));
    TRY(identity_posts(cx, a.id, &post, 1, &n));
    return role_revoke(cx, post.id);
}

static enum err close_account(struct cx *cx, void *)
{
    struct account a;
    TRY(account_by_login(cx, str_c(people[THANH].login), &a));
    return account_close(cx, a.id);
}

static void press(struct cx *cx, int who, const char *path, const char *page, struct str fields)
{
    struct str token, body = ask(cx, &people[who], "GET", page, S("")).body;
    assert_true(after(&body, S("name=\"_token\" value=\""), &token));
    const struct web_reply r = ask(cx, &people[who], "POST", path,
                                   str_fmt(cx->arena, "_token=%.*s&%.*s", F(token), F(fields)));
    assert_int_equal(r.status, 303);
}

/* Another's token, drawn a moment ago from the same kept frame, sends nothing. */
static void tokens_are_ones_own(struct cx *cx)
{
    for (int who = 0; who < NOBODY; who++)
        for (int other = 0; other < NOBODY; other++) {
            char token[64];
            pthread_mutex_lock(&run.lock);
            memcpy(token, run.token_of[other], sizeof token);
            pthread_mutex_unlock(&run.lock);
            if (who != other && token[0])
                assert_int_not_equal(ask(cx, &people[who], "POST", "/dang-xuat",
                                         str_fmt(cx->arena, "_token=%s", token))
                                         .status,
                                     303);
        }
}

static void change_all(struct cx *cx, struct str other_unit)
{
    struct lanes *const lanes = cx->env->lanes;
    const int some = ROUNDS * THREADS;
    wait_for_pages(some);
    tokens_are_ones_own(cx);
    assert_ok(lane_call(lanes, LANE_WRITE, cx, take_role, NULL));
    atomic_store(&run.stage, ROLE_TAKEN);
    wait_for_pages(some);
    press(cx, HA, "/don-vi", "/don-vi", str_fmt(cx->arena, "don_vi=%.*s", F(other_unit)));
    atomic_store(&run.stage, UNIT_CHANGED);
    wait_for_pages(some);
    press(cx, MAI, "/dang-xuat", "/tai-khoan", S(""));
    atomic_store(&run.stage, SESSION_ENDED);
    wait_for_pages(some);
    assert_ok(lane_call(lanes, LANE_WRITE, cx, close_account, NULL));
    atomic_store(&run.stage, ACCOUNT_CLOSED);
    wait_for_pages(some);
}

/* ---- before it begins ---- */

static const char *chip_of(struct cx *cx, const char *code, struct org_unit *u)
{
    assert_ok(org_unit_by_code(cx, str_c(code), day_of(cx->now), u));
    return str_z(cx->arena, u->short_name.n ? u->short_name : u->name);
}

static void prepare(struct cx *cx, struct org_unit *other)
{
    struct browser *b = browser_new(cx);
    struct account a;
    struct org_unit u;
    memcpy(people, as_they_are, sizeof people);
    memset(&run, 0, sizeof run);
    people[HA].unit_then = chip_of(cx, people[HA].unit_then, other);
    assert_ok(account_by_login(cx, str_c(people[HA].login), &a));
    assert_ok(test_write(cx, role_grant(cx, a.id, S("chuyen_vien"), other->id, 0, 0)));
    for (int i = 0; i < NOBODY; i++) {
        struct reader *p = &people[i];
        assert_ok(account_by_login(cx, str_c(p->login), &a));
        p->notices = 2 + i;
        if (p->unit)
            p->unit = chip_of(cx, p->unit, &u);
        for (int k = 0; k < p->notices; k++)
            assert_ok(test_write(cx, notify_send(cx, &(struct notice){.account = a.id,
                                                                      .kind = S("test"),
                                                                      .title = S("Có tin"),
                                                                      .body = S("Có tin"),
                                                                      .link = S("/")})));
        browser_forget(b);
        assert_opens(b, "/dang-nhap", 200);
        browser_fill(b, "tai_khoan", p->login);
        browser_fill(b, "mat_khau", IDENTITY_DEMO_PASSWORD);
        assert_true(browser_press(b, "Đăng nhập"));
        p->cookie = str_dup(cx->arena, browser_cookies(b));
    }
}

static int64_t began_at;
static int64_t still_clock([[maybe_unused]] struct env *env)
{
    return began_at;
}

/* As in production: otherwise each room compares what it kept with what it would draw anew, and
 * this test would show nothing of its own. */
static void without_the_rooms_own_checks(struct cx *cx, bool without)
{
    static struct testing *kept;
    static struct env before;
    struct env *env = cx->env;
    if (without) {
        before = *env;
        kept = env->testing;
        began_at = cx->now;
        env->clock = still_clock;
        env->random = random_system;
        env->testing = NULL;
    } else {
        env->clock = before.clock;
        env->random = before.random;
        env->testing = kept;
    }
}

static void serve_all(struct cx *cx, bool as_in_production)
{
    struct org_unit other;
    struct cx *own[THREADS];
    pthread_t threads[THREADS];
    prepare(cx, &other);
    run.web = cx->env->web;
    atomic_store(&run.stage, AS_THEY_ARE);
    pthread_mutex_init(&run.lock, NULL);
    for (int i = 0; i < THREADS; i++) {
        own[i] = testing_another(cx);
        own[i]->now += i; /* each begins with another person */
    }
    testing_let_go(cx);
    if (as_in_production)
        without_the_rooms_own_checks(cx, true);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, serve, own[i]), 0);
    change_all(cx, str_fmt(cx->arena, "%lld", (long long)other.id));
    atomic_store(&run.stage, ALL_OVER);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    if (as_in_production)
        without_the_rooms_own_checks(cx, false);
    testing_hold(cx);
    print_message("%d pages, %zu with tokens\n", atomic_load(&run.pages), run.tokens_n);
    if (run.wrong[0])
        fail_msg("%s", run.wrong);
    assert_true(run.tokens_n > 100);
}

static void nothing_kept_is_drawn_for_another_whoever_asks_between(void **t)
{
    serve_all(test_cx(t), true);
}

static void what_is_kept_is_what_would_be_drawn_anew(void **t)
{
    serve_all(test_cx(t), false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_kept_is_drawn_for_another_whoever_asks_between),
        TEST(what_is_kept_is_what_would_be_drawn_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
