/*
 * own_foreign_test.c - one dossier, every route that can name it, everybody it is not for.
 *
 * A clerk of Kỳ Lừa takes in a dossier; its specialist takes it up. Then people of other units and
 * another citizen ask every address of a dossier for this very one, and send every form
 * that its own officers were offered, with their own form token. None may see a word of it, and
 * nothing may change. Its own officers meet the same routes and do see it: otherwise the refusals
 * would show nothing.
 */
#include "app_fixture.h"
#include "db/db.h"
#include "identity/identity.h"
#include "testing/browser.h"

#define PROCEDURE "1.001193"
#define NUMBER "020190847361"
#define NAME "Lục Vân Tiên Thử"
#define CHILD "Quách Tĩnh Nhiên Khuê"

/* ---- the dossier ---- */

static void sign_in(struct browser *b, const char *login)
{
    browser_forget(b);
    browser_follow(b, true);
    assert_true(!login || testing_sign_in(b, login, IDENTITY_DEMO_PASSWORD));
}

static void take_in(struct browser *b)
{
    static const char *const own[][2] = {
        {"ho_ten_nguoi_duoc_khai_sinh", CHILD}, {"dinh_danh", NUMBER}, {"ho_ten", NAME}};
    assert_opens(b, "/quay?thu-tuc=" PROCEDURE, 200);
    assert_true(browser_fill_from(b, "tests/answers/birth.tsv") &&
                browser_fill_from(b, "tests/answers/counter.tsv"));
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        assert_true(browser_fill(b, own[i][0], own[i][1]));
    struct page_form *f = browser_form(b, S("/quay?thu-tuc=" PROCEDURE));
    assert_non_null(f);
    for (size_t i = 0; i < f->buttons_n; i++)
        if (str_eq(f->buttons[i].value, S("tiep-nhan")))
            browser_submit(b, f, &f->buttons[i]);
    if (browser_page(b)->status != 200)
        fail_msg("intake: %d: %.*s", browser_page(b)->status, F(browser_page(b)->words));
}

static struct str newest_code(struct cx *cx)
{
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows, "select code from onestop_dossier order by id desc limit 1"));
    assert_true(db_next(&rows));
    return str_dup(cx->arena, db_str(&rows, 0));
}

/* All that a change would move: the row and every event of the room. */
static struct str state_of(struct cx *cx, struct str code)
{
    auto_rows rows = {0};
    int64_t events;
    assert_ok(
        db_one_int(cx, &events, "select count(*) from journal_event where kind like 'onestop.%'"));
    assert_ok(
        db_query(cx, &rows, "select version, state from onestop_dossier where code = $1", V(code)));
    assert_true(db_next(&rows));
    return str_fmt(cx->arena, "version %lld, %.*s, %lld events", (long long)db_int(&rows, 0),
                   F(db_str(&rows, 1)), (long long)events);
}

/* ---- every address that can name it ---- */

static const char *const acts[] = {"nhan",    "trinh",   "duyet",     "tra", "chuyen",
                                   "bo-sung", "tu-choi", "phan-cong", "rut", "du-thao"};

static struct str path_for(struct cx *cx, const struct route *r, struct str code, const char *act)
{
    struct buf b = {.arena = cx->arena, .limit = 1000};
    struct str rest = str_from(str_c(r->path), 1), piece;
    while (rest.n) {
        str_cut(rest, '/', &piece, &rest);
        buf_byte(&b, '/');
        if (str_eq(piece, S("{code}")) || str_eq(piece, S("{ma}")))
            buf_add(&b, code);
        else if (str_eq(piece, S("{viec}")))
            buf_add(&b, str_c(act));
        else
            buf_add(&b, piece.n && piece.p[0] == '{' ? S("1") : piece);
    }
    return buf_str(&b);
}

static bool names_a_dossier(const struct route *r)
{
    static const char *const begins[] = {"/viec/{code}", "/ho-so/{code}", "/nop-ho-so/{code}",
                                         "/quay/xong/{code}"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(r->path, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

static bool tells(const struct browser *b)
{
    const struct page *p = browser_page(b);
    return str_find(p->body, S(NAME), NULL) || str_find(p->body, S(NUMBER), NULL) ||
           str_find(p->body, S(CHILD), NULL);
}

/* ---- what its own people are offered ---- */

struct offer {
    struct str action, body;
};
#define OFFERS_MAX 64
struct offers {
    struct offer all[OFFERS_MAX];
    size_t n, seen; /* seen: pages that showed it */
};

static struct str body_of(struct cx *cx, const struct page_form *f)
{
    struct buf b = {.arena = cx->arena, .limit = 100'000};
    for (size_t i = 0; i < f->fields_n; i++) {
        const struct page_field *x = &f->fields[i];
        if (str_eq(x->name, S("_token")) || x->name.n == 0)
            continue;
        const struct str value = x->value.n ? x->value : S("Thử");
        buf_fmt(&b, "&%.*s=%.*s", F(url_encode(cx->arena, x->name)),
                F(url_encode(cx->arena, value)));
    }
    return buf_str(&b);
}

static void collect(struct cx *cx, struct browser *b, struct str code, struct offers *o)
{
    const struct page *p = browser_page(b);
    for (size_t i = 0; i < p->forms_n; i++) {
        const struct page_form *f = &p->forms[i];
        bool known = !str_find(f->action, code, NULL) || !str_eq(f->method, S("post"));
        for (size_t k = 0; k < o->n; k++)
            known = known || str_eq(o->all[k].action, f->action);
        if (!known && o->n < OFFERS_MAX)
            o->all[o->n++] = (struct offer){str_dup(cx->arena, f->action), body_of(cx, f)};
    }
}

static void look_as_own(struct cx *cx, struct browser *b, const char *login, struct str code,
                        struct offers *o)
{
    const struct route *r;
    sign_in(b, login);
    browser_follow(b, false);
    for (size_t i = 0; (r = web_route_at(cx->env->web, i)) != NULL; i++) {
        if (r->method != GET || !names_a_dossier(r))
            continue;
        for (size_t k = 0; k < (strstr(r->path, "{viec}") ? sizeof acts / sizeof *acts : 1); k++) {
            browser_open(b, path_for(cx, r, code, acts[k]).p);
            o->seen += tells(b);
            collect(cx, b, code, o);
        }
    }
}

/* ---- strangers ---- */

static struct str token_of(struct browser *b)
{
    const struct page *p = browser_page(b);
    for (size_t i = 0; i < p->forms_n; i++)
        for (size_t k = 0; k < p->forms[i].fields_n; k++)
            if (str_eq(p->forms[i].fields[k].name, S("_token")))
                return p->forms[i].fields[k].value;
    return S("");
}

static int judge(const struct browser *b, const char *login, struct str path)
{
    const struct page *p = browser_page(b);
    if (!tells(b) && p->status != 200 && p->status < 500)
        return 0;
    print_error("%s at %.*s: %d%s\n", login ? login : "visitor", F(path), p->status,
                tells(b) ? ", and it tells" : "");
    return 1;
}

static int try_all(struct cx *cx, struct browser *b, const char *login, struct str code,
                   const struct offers *o)
{
    int wrong = 0, asked = 0;
    const struct route *r;
    const struct str type = S("application/x-www-form-urlencoded");
    for (size_t i = 0; (r = web_route_at(cx->env->web, i)) != NULL; i++) {
        if (!names_a_dossier(r))
            continue;
        for (size_t k = 0; k < (strstr(r->path, "{viec}") ? sizeof acts / sizeof *acts : 1); k++) {
            const struct str path = path_for(cx, r, code, acts[k]);
            if (r->method == GET) {
                browser_open(b, path.p);
                wrong += judge(b, login, path);
            } else {
                browser_open(b, login ? "/tai-khoan" : "/dang-nhap");
                browser_send(
                    b, path, type,
                    str_fmt(cx->arena, "_token=%.*s", F(url_encode(cx->arena, token_of(b)))));
                wrong += judge(b, login, path);
            }
            asked++;
        }
    }
    for (size_t i = 0; i < o->n; i++) {
        browser_open(b, login ? "/tai-khoan" : "/dang-nhap");
        browser_send(b, o->all[i].action, type,
                     str_fmt(cx->arena, "_token=%.*s%.*s", F(url_encode(cx->arena, token_of(b))),
                             F(o->all[i].body)));
        wrong += judge(b, login, o->all[i].action);
    }
    assert_true(asked > 40);
    return wrong;
}

static void nobody_else_sees_or_moves_a_dossier(void **t)
{
    /* Another commune, the police of the same one, two departments, the administrators, a citizen
     * whose it is not, nobody. */
    static const char *const strangers[] = {"motcua.tamthanh",
                                            "hotich.tamthanh",
                                            "chutich.tamthanh",
                                            "congan.kylua",
                                            "truongca.kylua",
                                            "laodong.snv",
                                            "giamdoc.stc",
                                            "quantri",
                                            "hethong",
                                            "020090999102",
                                            NULL};
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    struct offers o = {.n = 0};
    sign_in(b, "motcua.kylua");
    take_in(b);
    const struct str code = newest_code(cx);
    look_as_own(cx, b, "motcua.kylua", code, &o);
    look_as_own(cx, b, "hotich.kylua", code, &o);
    print_message("%zu pages of its own officers show it, with %zu forms\n", o.seen, o.n);
    assert_true(o.seen >= 3 && o.n >= 3);

    const struct str before = state_of(cx, code);
    int wrong = 0;
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        sign_in(b, strangers[i]);
        browser_follow(b, false);
        wrong += try_all(cx, b, strangers[i], code, &o);
        const struct str after = state_of(cx, code);
        if (!str_eq(after, before))
            fail_msg("%s moved it: from %.*s to %.*s", strangers[i] ? strangers[i] : "a visitor",
                     F(before), F(after));
    }
    assert_int_equal(wrong, 0);
}

/* ---- guessing ---- */

static const struct route *route_of(struct cx *cx, const char *path, int method)
{
    const struct route *r;
    for (size_t i = 0; (r = web_route_at(cx->env->web, i)) != NULL; i++)
        if (strcmp(r->path, path) == 0 && (int)r->method == method)
            return r;
    fail_msg("no route %s", path);
    return NULL;
}

/* 29 letters and digits a place: 12 places are 58 bits, at 30 a minute and address for ever. */
static void what_opens_something_by_its_code_cannot_be_guessed(void **t)
{
    static const struct {
        const char *path;
        int method;
    } by_code[] = {{"/tra-cuu", GET},           {"/tra-cuu/{ma}", GET},
                   {"/xac-minh", GET},          {"/xac-minh/{ma}", GET},
                   {"/kich-hoat/{token}", GET}, {"/kich-hoat/{token}", POST},
                   {"/dang-nhap", POST}};
    struct cx *cx = test_cx(t);
    struct browser *b = browser_new(cx);
    for (size_t i = 0; i < sizeof by_code / sizeof *by_code; i++)
        assert_in_range(route_of(cx, by_code[i].path, by_code[i].method)->rate_per_minute, 1, 60);

    struct str tokens[2];
    sign_in(b, "motcua.kylua");
    for (int i = 0; i < 2; i++) {
        take_in(b);
        auto_rows rows = {0};
        assert_ok(db_query(cx, &rows,
                           "select track_token from onestop_dossier order by id desc limit 1"));
        assert_true(db_next(&rows));
        tokens[i] = str_dup(cx->arena, db_str(&rows, 0));
        assert_true(tokens[i].n >= 20);
    }
    size_t alike = 0;
    for (size_t i = 0; i < 20; i++)
        alike += tokens[0].p[i] == tokens[1].p[i];
    assert_true(alike < 8); /* nothing counts up */

    /* Whoever guesses hears the same of what is not there and of what is not theirs. */
    sign_in(b, "hotich.tamthanh");
    browser_follow(b, false);
    const struct str code = newest_code(cx);
    browser_open(b, str_fmt(cx->arena, "/viec/%.*s", F(code)).p);
    const struct page foreign = *browser_page(b);
    struct str other = str_dup(cx->arena, code);
    ((char *)(uintptr_t)other.p)[other.n - 1] = '9';
    browser_open(b, str_fmt(cx->arena, "/viec/%.*s", F(other)).p);
    const struct page none = *browser_page(b);
    assert_int_equal(foreign.status, none.status);
    assert_true(str_eq(foreign.h1, none.h1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nobody_else_sees_or_moves_a_dossier),
        TEST(what_opens_something_by_its_code_cannot_be_guessed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
