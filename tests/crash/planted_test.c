/* planted_test.c - secrets and personal data are planted in a walk, and looked for afterwards.
 *
 * A citizen of invented, unmistakable data comes to the counter; people sign in, a one-time link is
 * made, opened and used. Then every byte of logs, access log, database with its log and of a backup
 * is searched, in UTF-8, in UTF-16, folded, in capitals, as it stands in an address and in base64.
 * The search is shown to find: what is meant to lie open (dossier codes) is searched the same way.
 */
#include "http/http.h"
#include "inside.h"

#include <ftw.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define PROCEDURE "1.001193"
#define NUMBER "020190847361"
#define CHILD "Quách Tĩnh Nhiên Khuê"
#define NAME "Lục Vân Tiên Thử"
#define MOTHER "Kiều Nguyệt Nga Thử"
#define ADDRESS "Ngõ 7749 phố Chưa Có"
#define PHONE "0987650123"
#define NEW_PASSWORD "Rồng-leo-cây-khế-2741"

/* ---- what is searched for, where ---- */

struct planted {
    const char *what;
    struct str form;
    bool open; /* it does lie open: shows that the search finds */
};
#define PLANTED_MAX 200
static struct planted planted[PLANTED_MAX];
static size_t planted_n;
static int64_t found_open, found_closed, files_seen;
static char first_found[600];

static void add_form(const char *what, struct str form, bool open)
{
    assert_true(planted_n < PLANTED_MAX && form.n >= 6);
    planted[planted_n++] = (struct planted){what, form, open};
}

static struct str utf16(struct arena *a, struct str s, int high)
{
    struct buf b = {.arena = a, .limit = 4 * s.n + 4};
    for (size_t i = 0; i < s.n;) {
        const uint32_t c = utf8_next(s, &i);
        buf_byte(&b, (char)(high ? c >> 8 : c & 0xff));
        buf_byte(&b, (char)(high ? c & 0xff : c >> 8));
    }
    return buf_str(&b);
}

static void plant(struct arena *a, const char *what, struct str s, bool open)
{
    add_form(what, s, open);
    if (open)
        return;
    const struct str others[] = {text_upper(a, s),
                                 text_lower(a, s),
                                 text_fold(a, s),
                                 url_encode(a, s),
                                 utf16(a, s, 0),
                                 utf16(a, s, 1),
                                 str_until(str_base64(a, s), s.n / 3 * 4),
                                 str_hex(a, s)};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!str_eq(others[i], s))
            add_form(what, others[i], false);
}

static void search(const char *path, struct str bytes)
{
    for (size_t i = 0; i < planted_n; i++) {
        if (!memmem(bytes.p, bytes.n, planted[i].form.p, planted[i].form.n))
            continue;
        int64_t *n = planted[i].open ? &found_open : &found_closed;
        if (!planted[i].open && *n == 0)
            snprintf(first_found, sizeof first_found, "%s lies open in %s", planted[i].what, path);
        (*n)++;
    }
}

static int search_file(const char *path, const struct stat *st, int kind, struct FTW *)
{
    /* The clients' own ledger is outside of the server. */
    if (kind != FTW_F || !S_ISREG(st->st_mode) || strstr(path, "/ledger.tsv") ||
        strstr(path, "/keys/"))
        return 0;
    char *bytes = malloc((size_t)st->st_size + 1);
    FILE *f = fopen(path, "re");
    assert_true(bytes && f);
    search(path, (struct str){bytes, fread(bytes, 1, (size_t)st->st_size, f)});
    fclose(f);
    free(bytes);
    files_seen++;
    return 0;
}

static void search_all(const struct server *s)
{
    assert_int_equal(nftw(s->root, search_file, 16, FTW_PHYS), 0);
}

/* ---- the walk ---- */

struct run {
    struct crash_config config;
    struct crash_findings findings;
    struct server server;
    struct load load;
    struct client client;
    struct session sessions[4];
};

static void begin(struct run *r)
{
    r->config = (struct crash_config){.program = CRASH_PROGRAM, .seed = 1};
    pthread_mutex_init(&r->findings.lock, NULL);
    r->server = (struct server){.config = &r->config, .findings = &r->findings, .luck = 1};
    if (!server_make(&r->server))
        fail_msg("%s", r->findings.first);
    char access[128];
    snprintf(access, sizeof access, "%s/access.log", r->server.root);
    setenv("TINHSO_ACCESS_LOG", access, 1);
    if (!server_start(&r->server) || !server_ready(&r->server) || !load_start(&r->load, &r->server))
        fail_msg("%s", r->findings.first);
    r->client = (struct client){.load = &r->load, .sessions = r->sessions};
    r->client.cx = (struct cx){.arena = arena_new((size_t)256 << 20),
                               .env = &r->load.env,
                               .actor = &actor_anonymous,
                               .lang = S("vi")};
    r->sessions[0].login = "motcua.kylua";
    r->sessions[1].login = "quantri";
    r->sessions[2].login = "020192999101";
}

static void good(const struct run *r, bool it_is, const char *what)
{
    if (!it_is)
        fail_msg("%s: %s", what, r->findings.first);
}

static struct str at_the_counter(struct run *r)
{
    static const char *const own[][2] = {{"ho_ten_nguoi_duoc_khai_sinh", CHILD},
                                         {"ho_ten_me", MOTHER},
                                         {"noi_cu_tru_me", ADDRESS},
                                         {"dinh_danh", NUMBER},
                                         {"ho_ten", NAME},
                                         {"dia_chi", ADDRESS},
                                         {"dien_thoai", PHONE}};
    struct client *c = &r->client;
    struct str code = S("");
    struct browser *b = client_browser(c, &r->sessions[0]);
    good(r, client_open(c, b, S("/quay?thu-tuc=" PROCEDURE)) == 200, "the counter");
    good(r,
         browser_fill_from(b, "tests/answers/birth.tsv") &&
             browser_fill_from(b, "tests/answers/counter.tsv"),
         "the answers");
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        good(r, browser_fill(b, own[i][0], own[i][1]), own[i][0]);
    good(r,
         client_send(c, &r->sessions[0], b, S("/quay?thu-tuc=" PROCEDURE), "tiep-nhan",
                     "onestop.dossier.accepted", &code),
         "intake");
    return code;
}

/* Looked for by number, name and code, as people do: what is typed must not stay in a log. */
static void looked_for(struct run *r, struct str code)
{
    struct client *c = &r->client;
    struct arena *a = c->cx.arena;
    const struct str words[] = {S(NUMBER), S(NAME), S(CHILD), S(PHONE), code};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct str q = url_encode(a, words[i]);
        const struct str asked[] = {str_fmt(a, "/viec?q=%.*s", F(q)),
                                    str_fmt(a, "/tim?q=%.*s", F(q)),
                                    str_fmt(a, "/tra-cuu?ma=%.*s", F(q)),
                                    str_fmt(a, "/quay?thu-tuc=" PROCEDURE "&dinh_danh=%.*s", F(q)),
                                    str_fmt(a, "/khong-co/%.*s?x=%.*s", F(q), F(q))};
        for (size_t k = 0; k < sizeof asked / sizeof *asked; k++) {
            struct browser *b = client_browser(c, &r->sessions[0]);
            if (k == 4 && i < 4)
                continue; /* nobody's page has a number in its address */
            (void)client_open(c, b, asked[k]);
        }
    }
}

/* The administrator makes a link for the counter's officer; it is opened and used. */
static struct str one_time_link(struct run *r)
{
    struct client *c = &r->client;
    struct str nothing = S("-"), token = S(""), rest;
    struct browser *b = client_browser(c, &r->sessions[1]);
    good(r, client_open(c, b, S("/quan-tri/nguoi-dung?q=motcua.tamthanh")) == 200, "people");
    size_t at;
    good(r, str_find(browser_page(b)->body, S("/quan-tri/nguoi-dung/"), &at), "a person");
    struct str page = str_from(browser_page(b)->body, at);
    for (size_t n = 0; n < page.n; n++)
        if (page.p[n] == '"' || page.p[n] == '?') {
            page = str_dup(c->cx.arena, str_until(page, n));
            break;
        }
    b = client_browser(c, &r->sessions[1]);
    good(r, client_open(c, b, page) == 200, "the person's page");
    const struct str action = str_fmt(c->cx.arena, "%.*s/duong-dan", F(page));
    browser_follow(b, true);
    (void)client_send(c, &r->sessions[1], b, action, NULL, NULL, &nothing);
    good(r, str_find(browser_page(b)->body, S("/kich-hoat/"), &at), "the link is shown once");
    rest = str_from(browser_page(b)->body, at + strlen("/kich-hoat/"));
    size_t n = 0;
    while (n < rest.n && (unsigned char)rest.p[n] > ' ' && rest.p[n] != '"' && rest.p[n] != '<')
        n++;
    token = str_dup(c->cx.arena, str_until(rest, n));
    assert_int_equal(token.n, 43);

    struct session none = {.login = "-"};
    b = client_browser(c, &none);
    const struct str link = str_fmt(c->cx.arena, "/kich-hoat/%.*s", F(token));
    good(r, client_open(c, b, link) == 200, "the link opens");
    browser_fill(b, "mat_khau_moi", NEW_PASSWORD);
    browser_fill(b, "mat_khau_lai", NEW_PASSWORD);
    good(r, client_send(c, &none, b, link, NULL, NULL, &nothing), "the link is used");
    free((char *)(uintptr_t)none.cookies.p); /* its session ends here */
    return token;
}

/* Each value that the server gave as a cookie and that is long enough to be a secret. */
static void plant_cookies(struct arena *a, struct str cookies)
{
    struct str one, name, value;
    while (cookies.n) {
        str_cut(cookies, ';', &one, &cookies);
        if (str_cut(str_trim(one), '=', &name, &value) && value.n >= 20)
            plant(a, "a session or form cookie", value, false);
    }
}

static void nothing_planted_lies_open_in_logs_database_or_backup(void **)
{
    static struct run r;
    begin(&r);
    struct arena *a = r.client.cx.arena;
    for (int i = 0; i < 3; i++)
        good(&r, client_enter(&r.client, &r.sessions[i]), "signing in");
    struct str code = at_the_counter(&r);
    looked_for(&r, code);
    struct str token = one_time_link(&r);

    plant(a, "the citizen's number", S(NUMBER), false);
    plant(a, "the citizen's name", S(NAME), false);
    plant(a, "the child's name", S(CHILD), false);
    plant(a, "the mother's name", S(MOTHER), false);
    plant(a, "the address", S(ADDRESS), false);
    plant(a, "the phone number", S(PHONE), false);
    plant(a, "the demo's citizen", S("020192999101"), false);
    plant(a, "the demo's phone number", S("0900000000"), false);
    plant(a, "the password", S("tinhso-2026"), false);
    plant(a, "the new password", S(NEW_PASSWORD), false);
    plant(a, "the one-time link", token, false);
    for (int i = 0; i < 3; i++)
        plant_cookies(a, r.sessions[i].cookies);
    plant(a, "the dossier's code", code, true);

    char backup[128], said[2000];
    snprintf(backup, sizeof backup, "%s/backup", r.server.root);
    assert_int_equal(
        server_run(&r.server,
                   (const char *const[]){"backup", backup, "--data", r.server.data, NULL}, said,
                   sizeof said),
        0);
    crash_sleep_us(1'200'000); /* the access log is written once a second */
    search_all(&r.server);     /* with the database's log beside it */
    assert_true(server_stop(&r.server));
    search_all(&r.server);
    print_message("%lld files searched for %zu forms; what lies open was found %lld times\n",
                  (long long)files_seen, planted_n, (long long)found_open);
    if (found_closed)
        fail_msg("%lld found: %s", (long long)found_closed, first_found);
    assert_true(found_open >= 3); /* database, its backup, access log */
    load_stop(&r.load);
    load_free(&r.load);
    server_remove(&r.server);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_planted_lies_open_in_logs_database_or_backup)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
