/* crash_load.c - clients that do not give up, and the ledger of what they were told. */
#include "inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define PATIENCE_MS 180000 /* with a server that is there */
#define AGAIN_US 20000
#define EASY_US 100000
#define DOSSIER_BYTES ((size_t)1 << 30) /* a limit, not a need */

static const char *const clerks[] = {"motcua.kylua", "motcua.tamthanh"};
static const char *const registrars[] = {"hotich.kylua", "hotich.tamthanh"};
static const char *const chairs[] = {"chutich.kylua", "chutich.tamthanh"};
static const char *const citizens[] = {"020192999101", "020090999102"};
#define PLACES 2
#define PASSWORD "tinhso-2026"

/* ---- the ledger ---- */

/* On disk before the client goes on: what it says was acknowledged, was. */
static void write_down(struct load *l, const struct ack *a)
{
    char line[512];
    int n = snprintf(line, sizeof line, "%lld\t%s\t%.*s\t%.*s\n", (long long)clock_system(NULL),
                     a->kind ? a->kind : "-", F(a->code), F(a->location));
    if (write(l->ledger, line, (size_t)n) != n || fdatasync(l->ledger) != 0)
        crash_found(l->findings, "the ledger cannot be written: %s", strerror(errno));
}

static void acknowledge(struct load *l, const struct ack *a)
{
    pthread_mutex_lock(&l->lock);
    struct arena *m = l->arena;
    *vec_add(m, &l->acks) = (struct ack){
        .kind = a->kind,
        .code = str_dup(m, a->code),
        .session = a->session,
        .target = str_dup(m, a->target),
        .type = str_dup(m, a->type),
        .body = str_dup(m, a->body),
        .location = str_dup(m, a->location),
        .paper = str_dup(m, a->paper),
        .digest = a->digest,
        .place = server_recorded(l->server),
    };
    write_down(l, a);
    pthread_mutex_unlock(&l->lock);
}

/* ---- asking ---- */

struct browser *client_browser(struct client *c, struct session *s)
{
    struct browser *b = browser_new(&c->cx);
    browser_over(b, str_c(c->load->server->origin));
    browser_follow(b, false);
    browser_set_cookies(b, s->cookies);
    return b;
}

bool client_goes_on(const struct client *c)
{
    return !atomic_load(&c->load->stop);
}

/* While it is gone nobody gives up: the disk of a long run is made anew for minutes. */
static bool has_patience(struct client *c, int64_t asked_at)
{
    const int64_t back_at = atomic_load(&c->load->server->back_at);
    return back_at == INT64_MAX ||
           crash_now_ms() - (back_at > asked_at ? back_at : asked_at) < PATIENCE_MS;
}

static bool is_answer(struct client *c, int status)
{
    if (status == 503)
        atomic_fetch_add(&c->load->busy, 1);
    return status != 0 && status != 503 && !(status == 500 && c->load->after);
}

static void before(struct client *c, bool post, struct str target)
{
    if (atomic_load(&c->load->easy))
        crash_sleep_us(EASY_US);
    if (c->load->before)
        c->load->before(c, post, target);
}

static void after(struct client *c, struct browser *b)
{
    if (c->load->after)
        c->load->after(c, b);
}

static int open_once(struct client *c, struct browser *b, struct str target)
{
    before(c, false, target);
    int status = browser_open(b, target.p);
    after(c, b);
    return status;
}

int client_open(struct client *c, struct browser *b, struct str target)
{
    const int64_t asked_at = crash_now_ms();
    int status;
    struct arena_mark here = arena_here(c->cx.arena);
    while (!is_answer(c, status = open_once(c, b, target))) {
        if (!has_patience(c, asked_at)) {
            crash_found(c->load->findings, "GET %.*s: no answer", F(target));
            return 0;
        }
        if (status == 0)
            arena_back(c->cx.arena, here); /* of a long absence nothing is kept */
        crash_sleep_us(AGAIN_US);
        here = arena_here(c->cx.arena);
    }
    return status;
}

static const struct page_button *button_of(const struct page_form *f, const char *value)
{
    for (size_t i = 0; value && i < f->buttons_n; i++)
        if (str_eq(f->buttons[i].value, str_c(value)))
            return &f->buttons[i];
    return NULL;
}

/* "/quay/xong/H37.114-261122-0001", "/ho-so/YC-7F3K-92QDM4/da-gui" */
static struct str code_in(struct str location)
{
    if (str_ends(location, S("/da-gui")))
        location = str_until(location, location.n - S("/da-gui").n);
    size_t n = location.n;
    while (n > 0 && location.p[n - 1] != '/')
        n--;
    return str_from(location, n);
}

static void refused(struct client *c, const struct page *p, struct str action)
{
    size_t at = 0;
    if (!str_find(p->words, S("cần sửa"), &at)) /* the list of what is wrong with a form */
        (void)str_find(p->words, p->h1, &at);
    crash_found(c->load->findings, "POST %.*s: %d: %.*s", F(action), p->status,
                F(str_until(str_from(p->words, at), 600)));
}

bool client_send(struct client *c, struct session *s, struct browser *b, struct str action,
                 const char *button, const char *kind, struct str *code)
{
    struct page_form *f = browser_form(b, action);
    if (!f) {
        crash_found(c->load->findings, "no form %.*s on %.*s (%d): %.*s", F(action),
                    F(browser_page(b)->target), browser_page(b)->status,
                    F(str_until(browser_page(b)->words, 600)));
        return false;
    }
    const int64_t asked_at = crash_now_ms();
    before(c, true, action);
    browser_submit(b, f, button_of(f, button));
    after(c, b);
    while (!is_answer(c, browser_page(b)->status) && has_patience(c, asked_at)) {
        atomic_fetch_add(&c->load->sent_again, 1);
        crash_sleep_us(AGAIN_US);
        struct arena_mark here = arena_here(c->cx.arena);
        before(c, true, action);
        int status = browser_again(b);
        after(c, b);
        if (status == 0)
            arena_back(c->cx.arena, here);
    }
    const struct page *p = browser_page(b);
    if (p->status != 303) {
        refused(c, p, action);
        return false;
    }
    if (code->n == 0)
        *code = code_in(p->reply.location);
    struct ack a = {.kind = kind, .code = *code, .session = s, .location = p->reply.location};
    browser_last(b, &a.target, &a.type, &a.body);
    acknowledge(c->load, &a);
    free((char *)(uintptr_t)s->cookies.p);
    struct str cookies = browser_cookies(b);
    s->cookies = (struct str){strndup(cookies.p ? cookies.p : "", cookies.n), cookies.n};
    return true;
}

void client_keep_paper(struct client *c, const struct session *s, struct str paper,
                       struct hash digest)
{
    acknowledge(
        c->load,
        &(struct ack){
            .session = s, .paper = paper, .digest = digest, .code = S("paper"), .location = paper});
}

bool client_enter(struct client *c, struct session *s)
{
    struct browser *b = client_browser(c, s);
    struct str nothing = S("-");
    if (client_open(c, b, S("/dang-nhap")) != 200)
        return false;
    browser_fill(b, "tai_khoan", s->login);
    browser_fill(b, "mat_khau", PASSWORD);
    return client_send(c, s, b, S("/dang-nhap"), NULL, NULL, &nothing);
}

/* ---- threads ---- */

static void *counter_works(void *arg)
{
    struct client *c = arg;
    bool good = client_enter(c, &c->sessions[0]) && client_enter(c, &c->sessions[1]) &&
                client_enter(c, &c->sessions[2]);
    while (good && client_goes_on(c)) {
        struct arena_mark here = arena_here(c->cx.arena);
        good = walk_at_the_counter(c);
        arena_back(c->cx.arena, here);
        c->dossiers++;
    }
    return NULL;
}

static void *citizen_works(void *arg)
{
    struct client *c = arg;
    bool good = client_enter(c, &c->sessions[0]);
    while (good && client_goes_on(c)) {
        struct arena_mark here = arena_here(c->cx.arena);
        good = walk_online(c);
        arena_back(c->cx.arena, here);
        c->dossiers++;
    }
    return NULL;
}

static void set_client(struct load *l, int i)
{
    const bool counter = i < l->server->config->counters;
    struct client *c = &l->clients[i];
    c->load = l;
    c->number = i;
    c->cx = (struct cx){.arena = arena_new(DOSSIER_BYTES),
                        .env = &l->env,
                        .actor = &actor_anonymous,
                        .lang = S("vi")};
    c->sessions = calloc(3, sizeof *c->sessions);
    MUST(c->cx.arena && c->sessions);
    if (counter) {
        c->sessions[0].login = clerks[i % PLACES];
        c->sessions[1].login = registrars[i % PLACES];
        c->sessions[2].login = chairs[i % PLACES];
    } else {
        c->sessions[0].login = citizens[(i - l->server->config->counters) % PLACES];
    }
}

bool load_prepare(struct load *l, struct server *s)
{
    const struct crash_config *config = s->config;
    char path[128];
    snprintf(path, sizeof path, "%s/ledger.tsv", s->root);
    *l = (struct load){.server = s,
                       .findings = s->findings,
                       .env = {.clock = clock_system, .random = random_system},
                       .arena = arena_new((size_t)2 << 30)};
    l->ledger = open(config->ledger ? config->ledger : path,
                     O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (l->ledger < 0) {
        crash_found(s->findings, "the ledger: %s", strerror(errno));
        return false;
    }
    pthread_mutex_init(&l->lock, NULL);
    l->clients_n = config->counters + config->citizens;
    l->clients = calloc((size_t)l->clients_n, sizeof *l->clients);
    MUST(l->clients && l->arena);
    for (int i = 0; i < l->clients_n; i++)
        set_client(l, i);
    return true;
}

void load_go(struct load *l)
{
    for (int i = 0; i < l->clients_n; i++)
        pthread_create(&l->clients[i].thread, NULL,
                       i < l->server->config->counters ? counter_works : citizen_works,
                       &l->clients[i]);
}

bool load_start(struct load *l, struct server *s)
{
    if (!load_prepare(l, s))
        return false;
    load_go(l);
    return true;
}

void load_stop(struct load *l)
{
    atomic_store(&l->stop, true);
    for (int i = 0; i < l->clients_n; i++)
        pthread_join(l->clients[i].thread, NULL);
}

void load_free(struct load *l)
{
    for (int i = 0; i < l->clients_n; i++) {
        for (int k = 0; k < 3; k++)
            free((char *)(uintptr_t)l->clients[i].sessions[k].cookies.p);
        free(l->clients[i].sessions);
        arena_free(l->clients[i].cx.arena);
    }
    free(l->clients);
    close(l->ledger);
    arena_free(l->arena);
}
