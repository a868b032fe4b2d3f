/*
 * object_route_test.c - every route that names an object, and everybody whose object it is not.
 *
 * A story (object_world.story) makes one of each kind there is: dossier, paper, hand-over,
 * question, long work, kept view, calculation, reorganisation, wish for a role, import, list,
 * closed month. Then every route with a {piece} is asked by people of every role, once for the real
 * thing and once for one that does not exist. Whose it is must get another answer; whose it is not
 * must get the very same. A route of a kind that the table below does not know fails, so that a new
 * route has to say whose its objects are.
 */
#include "object_world.h"

/* ---- whose is what ---- */

#define COUNTER " motcua.kylua truongmotcua.kylua "
#define OFFICE " hotich.kylua vanthu.kylua chutich.kylua thanhtra "
#define POLICE " congan.kylua "
#define CITIZEN " 020192999101 "
#define PROVINCE_PEOPLE " quantri hethong "
#define PIECES_MAX 2

struct object {
    const char *path; /* every route that begins so */
    const char *real[PIECES_MAX], *none[PIECES_MAX];
    const char *own; /* logins, with blanks around each */
};
/* "@name" stands for what the story made (find_all). */
#define NO_DOSSIER "H37.114-261123-9999"
#define NO_CODE "ABCDEFGHKM"

/* clang-format off */
static const struct object objects[] = {
    {"/ho-so/{code}/giay-to/{giay}",    {"@dossier", "@paper"},   {NO_DOSSIER, "@paper"},  CITIZEN},
    {"/ho-so/{code}/mau/{so}",          {"@dossier", "1"},        {NO_DOSSIER, "1"},       CITIZEN},
    {"/ho-so/{code}",                   {"@dossier"},             {NO_DOSSIER},            CITIZEN},
    {"/viec/{code}/giay-to/{giay}",     {"@dossier", "@paper"},   {NO_DOSSIER, "@paper"},  COUNTER OFFICE},
    {"/viec/{code}/mau/{so}",           {"@dossier", "1"},        {NO_DOSSIER, "1"},       COUNTER OFFICE},
    {"/viec/{code}/ky/{viec}",          {"@dossier", "dinh-chinh"}, {NO_DOSSIER, "dinh-chinh"}, OFFICE},
    {"/viec/{code}/mot-cua/{viec}",     {"@dossier", "tra"},      {NO_DOSSIER, "tra"},     COUNTER},
    {"/viec/{code}/xu-ly/{viec}",       {"@dossier", "trinh"},    {NO_DOSSIER, "trinh"},   OFFICE},
    {"/viec/{code}",                    {"@dossier"},             {NO_DOSSIER},            COUNTER OFFICE},
    {"/quay/xong/{code}",               {"@dossier"},             {NO_DOSSIER},            COUNTER},
    {"/ban-giao/{so}",                  {"@batch"},               {"9999"},                COUNTER OFFICE},
    {"/xin-y-kien/{ma}/giay-to/{giay}", {"@question", "@paper"},  {NO_CODE, "@paper"},     OFFICE POLICE},
    {"/xin-y-kien/{ma}",                {"@question"},            {NO_CODE},               OFFICE POLICE},
    {"/viec-dai/{ma}",                  {"@work"},                {NO_CODE},               " hotich.kylua "},
    {"/khung-nhin/{ma}",                {"@view"},                {NO_CODE},               " hotich.kylua "},
    {"/quan-tri/nguoi-dung/{id}/thu-hoi/{so}", {"@user", "@post"}, {"9999", "@post"},      PROVINCE_PEOPLE},
    {"/quan-tri/nguoi-dung/{id}",       {"@user"},                {"9999"},                PROVINCE_PEOPLE},
    {"/quan-tri/duyet-vai-tro/{id}",    {"@wish"},                {"9999"},                PROVINCE_PEOPLE},
    {"/quan-tri/danh-muc/{id}",         {"@draft"},               {"9999"},                " quantri "},
    {"/quan-tri/tep-nhap/{id}",         {"@import"},              {"9999"},                " hethong "},
    {"/quan-tri/thu-tuc/{code}",        {"1.001193"},             {"9.999999"},            " hethong kiemsoat "},
    {"/quan-tri/ban-moi/{so}/{code}",   {"@crawl", "9.000003"},   {"9999", "9.000003"},    " hethong kiemsoat "},
    {"/quan-tri/ban-moi/{so}",          {"@crawl"},               {"9999"},                " hethong kiemsoat "},
    {"/quan-tri/quyet-dinh/{id}",       {"@order"},               {"9999"},                " quantri "},
    {"/quan-tri/tinh-lai-hen/{dot}",    {"@redate"},              {NO_CODE},               " kiemsoat "},
};

/* Their own thing first, another's second: as if the second did not exist. */
static const struct object crossed[] = {
    {"/viec/{code}/giay-to/{giay}",     {"@other", "@paper"},     {"@other", "9999"},      " hotich.kylua "},
    {"/xin-y-kien/{ma}/giay-to/{giay}", {"@bare", "@paper"},      {"@bare", "9999"},       " giamdoc.stc "},
    {"/quan-tri/nguoi-dung/{id}/thu-hoi/{so}", {"@mighty", "@post"}, {"@mighty", "9999"},  " " MIGHTY " "},
};

/* What anybody may read, or whoever has the right at whatever unit: nothing behind it is one
 * unit's or one person's. Closed months and the book of the year are the reader's own unit's. */
static const char *const of_nobody[] = {
    "/api/danh-muc/{ds}", "/api/co-quan/{ma}", "/api/dia-ban/{ma}", "/danh-muc/{ds}",
    "/co-quan/{ma}", "/dia-ban/{ma}", "/tra-dia-ban/{ma}", "/thu-tuc/{code}", "/su-kien/{ma}",
    "/ki-ot/su-kien/{ma}", "/ki-ot/thu-tuc/{ma}", "/ban-do/{ma}", "/quan-tri/sap-xep/{viec}",
    "/quan-tri/nhap/{kind}", "/quan-tri/mau-nhap/{kind}",
    /* by a secret in the address: own_foreign_test counts its bits */
    "/tra-cuu/{ma}", "/xac-minh/{ma}", "/kich-hoat/{token}",
    /* of whoever asks: a_page_without_an_object_tells_nothing_of_others */
    "/nop-ho-so/{code}", "/dieu-hanh/chot-ky/{ky}", "/so-theo-doi/{nam}",
};
/* clang-format on */

static bool begins(const char *path, const char *with)
{
    const size_t n = strlen(with);
    return strncmp(path, with, n) == 0 && (path[n] == 0 || path[n] == '/' || path[n] == '.');
}

static const struct object *object_of(const struct route *r)
{
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (begins(r->path, objects[i].path))
            return &objects[i];
    return NULL;
}

static bool is_of_nobody(const struct route *r)
{
    for (size_t i = 0; i < sizeof of_nobody / sizeof *of_nobody; i++)
        if (begins(r->path, of_nobody[i]))
            return true;
    return false;
}

static struct str path_with(struct cx *cx, const struct route *r, const struct found *f,
                            const char *const *pieces)
{
    struct buf b = {.arena = cx->arena, .limit = 1000};
    struct str rest = str_from(str_c(r->path), 1), piece;
    size_t n = 0;
    while (rest.n) {
        str_cut(rest, '/', &piece, &rest);
        buf_byte(&b, '/');
        if (piece.n && piece.p[0] == '{') {
            assert_true(n < PIECES_MAX && pieces[n]);
            buf_add(&b, value_of(f, pieces[n++]));
        } else {
            buf_add(&b, piece);
        }
    }
    return buf_str(&b);
}

/* ---- asking ---- */

struct asker {
    const char *login; /* NULL: a visitor */
    struct browser *b;
};
struct answer {
    int status;
    struct str location, text;
};

static struct str token_of(const struct page *p)
{
    for (size_t i = 0; i < p->forms_n; i++)
        for (size_t k = 0; k < p->forms[i].fields_n; k++)
            if (str_eq(p->forms[i].fields[k].name, S("_token")))
                return p->forms[i].fields[k].value;
    return S("");
}

/* All "from" of s become "to". */
static struct str with(struct cx *cx, struct str s, struct str from, struct str to)
{
    struct buf b = {.arena = cx->arena, .limit = s.n * 4 + 1000};
    size_t at;
    if (str_eq(from, to))
        return s;
    while (str_find(s, from, &at)) {
        buf_add(&b, str_until(s, at));
        buf_add(&b, to);
        s = str_from(s, at + from.n);
    }
    buf_add(&b, s);
    return buf_str(&b);
}

/* "mã lỗi 404-7PR6KX": each answer has its own, of chance. */
static struct str without_number(struct cx *cx, struct str text)
{
    static const size_t number = sizeof "404-7PR6KX" - 1;
    const struct str before = S("mã lỗi ");
    size_t at;
    if (!str_find(text, before, &at) || at + before.n + number > text.n)
        return text;
    return str_fmt(cx->arena, "%.*s%.*s", F(str_until(text, at)),
                   F(str_from(text, at + before.n + number)));
}

static struct answer ask(struct cx *cx, const struct asker *p, const struct route *r,
                         struct str path)
{
    if (r->method == GET) {
        browser_open(p->b, path.p);
    } else {
        browser_open(p->b, p->login ? "/khung-nhin" : "/dang-nhap");
        const struct str token = url_encode(cx->arena, token_of(browser_page(p->b)));
        browser_send(p->b, path, S("application/x-www-form-urlencoded"),
                     str_fmt(cx->arena, "_token=%.*s&quyet_dinh=tu-choi", F(token)));
    }
    const struct page *page = browser_page(p->b);
    const bool html = str_starts(page->content_type, S("text/html"));
    return (struct answer){page->status, page->reply.location,
                           html ? without_number(cx, page->words) : page->body};
}

/* Asked for the object and for one that is not there: is there a difference to be seen? */
#define CODE_MIN 8
struct twice {
    struct answer real, none;
    bool differ;
};

static struct twice ask_twice(struct cx *cx, const struct asker *p, const struct route *r,
                              const struct object *o, const struct found *f)
{
    const struct str there = path_with(cx, r, f, o->real), nowhere = path_with(cx, r, f, o->none);
    struct twice t = {.real = ask(cx, p, r, there), .none = ask(cx, p, r, nowhere)};
    const struct str location =
        with(cx, t.real.location, url_encode(cx->arena, there), url_encode(cx->arena, nowhere));
    struct str text = t.real.text;
    for (size_t i = 0; i < PIECES_MAX && o->real[i]; i++) {
        const struct str piece = value_of(f, o->real[i]);
        if (piece.n >= CODE_MIN) /* the page may say what was asked for */
            text = with(cx, text, piece, value_of(f, o->none[i]));
    }
    t.differ = t.real.status != t.none.status || !str_eq(text, t.none.text) ||
               !str_eq(location, t.none.location);
    return t;
}

static bool is_own(const struct asker *p, const struct object *o)
{
    char login[64];
    snprintf(login, sizeof login, " %s ", p->login ? p->login : "-");
    return strstr(o->own, login) != NULL;
}

/* Sent to sign in, or the right is not theirs: whatever the object. */
static bool is_shut(const struct answer *a)
{
    return a->status == 403 || a->status == 401 ||
           (a->status == 303 && str_starts(a->location, S("/dang-nhap")));
}

static int say(const struct asker *p, const struct route *r, const struct twice *t,
               const char *what)
{
    size_t at = 0;
    while (at < t->real.text.n && at < t->none.text.n && t->real.text.p[at] == t->none.text.p[at])
        at++;
    at = at < 40 ? 0 : at - 40;
    print_error("%s at %s %s: %s: %d and %d\n  %.*s\n  %.*s\n", p->login ? p->login : "visitor",
                r->method == GET ? "GET" : "POST", r->path, what, t->real.status, t->none.status,
                F(str_until(str_from(t->real.text, at), 160)),
                F(str_until(str_from(t->none.text, at), 160)));
    return 1;
}

/* ---- the walk ---- */

#define ROUTES_MAX 400
struct walk {
    struct cx *cx;
    const struct found *found;
    bool met[ROUTES_MAX]; /* somebody whose it is got another answer */
    bool told[16];        /* which of `words` a list showed to whose it is */
    int wrong, asked, crossed;
};

static void strangers(struct walk *w, const struct asker *p)
{
    const struct route *r;
    for (size_t i = 0; (r = web_route_at(w->cx->env->web, i)) != NULL; i++) {
        const struct object *o = object_of(r);
        if (!o || is_own(p, o))
            continue;
        const struct twice t = ask_twice(w->cx, p, r, o, w->found);
        w->asked++;
        if (t.differ)
            w->wrong += say(p, r, &t, "not theirs, but they can tell");
    }
}

static void crossing(struct walk *w, const struct asker *p)
{
    const struct route *r;
    for (size_t i = 0; (r = web_route_at(w->cx->env->web, i)) != NULL; i++)
        for (size_t k = 0; k < sizeof crossed / sizeof *crossed; k++) {
            if (strcmp(r->path, crossed[k].path) != 0 || !is_own(p, &crossed[k]))
                continue;
            const struct twice t = ask_twice(w->cx, p, r, &crossed[k], w->found);
            w->crossed++;
            if (t.differ || t.real.status < 400)
                w->wrong += say(p, r, &t, "the second is not theirs, but they can tell");
        }
}

/* What the story's people wrote, and the lists of whose it is show. */
static const char *const words[] = {"Quách Tĩnh Nhiên Khuê", "Lục Vân Tiên Thử",
                                    "Việc nhà họ Quách"};

static void lists(struct walk *w, const struct asker *p, bool own)
{
    static const char *const with_a_piece[] = {
        "/nop-ho-so/1.001193/khai/1", "/nop-ho-so/1.001193/khai/2", "/nop-ho-so/1.001193/kiem-tra",
        "/dieu-hanh/chot-ky/2026-11", "/dieu-hanh/chot-ky/2026-11?don-vi=H37.114"};
    const struct route *r;
    const size_t pieces = sizeof with_a_piece / sizeof *with_a_piece;
    for (size_t i = 0; i < pieces || (r = web_route_at(w->cx->env->web, i - pieces)) != NULL; i++) {
        const char *path = i < pieces ? with_a_piece[i] : r->path;
        if (i >= pieces && (r->method != GET || strchr(r->path, '{')))
            continue;
        browser_open(p->b, path);
        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            const bool there = str_find(browser_page(p->b)->body, str_c(words[k]), NULL);
            w->told[k] = w->told[k] || there;
            if (there && !own) {
                print_error("%s at %s reads %s\n", p->login ? p->login : "visitor", path, words[k]);
                w->wrong++;
            }
        }
    }
}

static void owners(struct walk *w, const struct asker *p, enum web_method method)
{
    const struct route *r;
    for (size_t i = 0; (r = web_route_at(w->cx->env->web, i)) != NULL; i++) {
        const struct object *o = object_of(r);
        if (!o || !is_own(p, o) || r->method != method)
            continue;
        const struct twice t = ask_twice(w->cx, p, r, o, w->found);
        if (t.differ)
            w->met[i] = true;
        else if (method == GET && !is_shut(&t.none))
            w->wrong += say(p, r, &t, "theirs, but as if it were not there");
    }
}

/* Nothing that the story made is theirs. */
static bool is_far(const struct asker *p)
{
    static const struct object far = {.own = " motcua.tamthanh " MIGHTY
                                             " kiemsoat hethong 020090999102 - "};
    return is_own(p, &far);
}

static int64_t events(struct cx *cx)
{
    int64_t n;
    assert_ok(db_one_int(cx, &n, "select count(*) from journal_event"));
    return n;
}

static void what_is_not_yours_answers_as_if_it_did_not_exist(void **t)
{
    static const char *const logins[] = {"motcua.kylua",    "truongmotcua.kylua",
                                         "hotich.kylua",    "chutich.kylua",
                                         "vanthu.kylua",    "congan.kylua",
                                         "motcua.tamthanh", MIGHTY,
                                         "giamdoc.stc",     "quantri",
                                         "hethong",         "kiemsoat",
                                         "thanhtra",        "020192999101",
                                         "020090999102",    NULL};
    enum { PEOPLE = sizeof logins / sizeof *logins };
    struct cx *cx = test_cx(t);
    struct walk *w = NEW(cx->arena, struct walk);
    struct asker people[PEOPLE];
    const struct route *r;
    make_all(cx);
    *w = (struct walk){.cx = cx, .found = find_all(cx)};
    for (size_t i = 0; i < PEOPLE; i++) {
        people[i] = (struct asker){logins[i], browser_new(cx)};
        assert_true(!logins[i] || sign_in(people[i].b, logins[i]));
        browser_follow(people[i].b, false);
    }
    const int64_t before = events(cx);
    for (size_t i = 0; i < PEOPLE; i++)
        strangers(w, &people[i]);
    assert_int_equal(events(cx), before); /* nothing was written */
    for (size_t i = 0; i < PEOPLE; i++)
        crossing(w, &people[i]);
    assert_int_equal(w->crossed, sizeof crossed / sizeof *crossed);
    for (size_t i = 0; i < PEOPLE; i++)
        lists(w, &people[i], !is_far(&people[i]));
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        assert_true(w->told[k]);
    for (int m = GET; m <= POST; m++)
        for (size_t i = 0; i < PEOPLE; i++)
            owners(w, &people[i], (enum web_method)m);
    for (size_t i = 0; (r = web_route_at(cx->env->web, i)) != NULL; i++)
        if (object_of(r) && !w->met[i]) {
            print_error("%s %s: nobody met the object\n", r->method == GET ? "GET" : "POST",
                        r->path);
            w->wrong++;
        }
    print_message("%d questions of strangers\n", w->asked);
    assert_int_equal(w->wrong, 0);
}

static void every_route_with_an_object_says_whose_it_is(void **t)
{
    struct cx *cx = test_cx(t);
    const struct route *r;
    size_t n = 0;
    for (size_t i = 0; (r = web_route_at(cx->env->web, i)) != NULL; i++) {
        if (!strchr(r->path, '{'))
            continue;
        n++;
        if ((object_of(r) != NULL) == is_of_nobody(r))
            fail_msg("%s stands in neither or both of the tables of this test", r->path);
    }
    assert_true(n > 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_route_with_an_object_says_whose_it_is),
        TEST(what_is_not_yours_answers_as_if_it_did_not_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
