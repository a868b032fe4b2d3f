/* web_server.c - the room's life, and requests from sockets. */
#include "web_inside.h"

#include <stdlib.h>

#define WEB_ARENA ((size_t)16 << 20)
#define RATE_GENERAL 6000 /* a minute: a whole office may stand behind one address */

/* ---- answering ---- */

static enum err pull_file(void *state, char *p, size_t cap, size_t *n)
{
    struct web_req *rq = state;
    if (rq->file_rest.n == 0)
        TRY(file_read(rq->out.file, &rq->file_rest));
    *n = rq->file_rest.n < cap ? rq->file_rest.n : cap;
    if (*n)
        memcpy(p, rq->file_rest.p, *n);
    rq->file_rest = str_from(rq->file_rest, *n);
    return OK;
}

static void pull_done(void *state)
{
    request_drop(state);
}

struct seen {
    struct lane_task task;
    struct cx cx;
    int64_t session, at;
};

static enum err seen_run(struct lane_task *t, struct cx *cx)
{
    struct seen *s = (struct seen *)t;
    return session_seen_at(cx, s->session, s->at);
}

static void seen_done(struct lane_task *t, enum err came)
{
    (void)came; /* the next request says it again */
    struct seen *s = (struct seen *)t;
    arena_free(s->cx.arena);
    free(s);
}

/* The session was used: said once a minute, behind people's requests. */
static void note_seen(struct web_req *rq)
{
    struct seen *s = rq->session_touch ? calloc(1, sizeof *s) : NULL;
    struct arena *a = s ? arena_new((size_t)1 << 20) : NULL;
    if (!a) {
        free(s);
        return;
    }
    *s = (struct seen){
        .task = {.run = seen_run, .done = seen_done, .bulk = true},
        .cx = {.arena = a, .env = rq->web->env, .actor = &actor_program, .now = rq->cx.now},
        .session = rq->session.id,
        .at = rq->session_touch,
    };
    s->task.cx = &s->cx;
    if (lane_submit(rq->web->env->lanes, LANE_WRITE, &s->task) != OK)
        seen_done(&s->task, ERR_BUSY);
}

static void send_to_socket(struct web_req *rq)
{
    struct http_answer a = {
        .status = rq->out.status,
        .headers = rq->out.headers,
        .headers_n = rq->out.headers_n,
        .body = rq->out.body,
        .pull_length = -1,
        .close = rq->out.close,
    };
    if (rq->out.file) {
        request_hold(rq);
        a.pull = pull_file;
        a.pull_state = rq;
        a.pull_done = pull_done;
        a.pull_length = rq->out.file_size;
    }
    if (rq->out.news)
        (void)news_open(rq, &a);
    http_answer(rq->x, &a);
}

void answer_send(struct web_req *rq)
{
    MUST(!atomic_exchange(&rq->answered, true));
    int class = rq->out.status / 100;
    atomic_fetch_add(&rq->web->answers[class >= 1 && class <= 5 ? class : 0], 1);
    if (rq->x) {
        note_seen(rq);
        send_to_socket(rq);
        return;
    }
    pthread_mutex_lock(&rq->waiter->lock);
    rq->waiter->done = true;
    pthread_cond_signal(&rq->waiter->answered);
    pthread_mutex_unlock(&rq->waiter->lock);
}

/* ---- sockets ---- */

static enum err head_guarded(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    (void)cx;
    rq->step = run_head(rq);
    return OK;
}

/* The head met a fault of ours outside of any lane. */
static void give_up(struct web_req *rq)
{
    log_event(LOG_ERROR, "web.fault", K("request", rq->cx.request_id), K("why", rq->cx.why));
    if (rq->answered)
        return;
    rq->out = (struct answer){.status = 500, .file_size = -1, .close = true};
    answer_send(rq);
}

bool request_begin(struct web_req *rq)
{
    if (cx_guard(&rq->cx, head_guarded, rq) == OK)
        return rq->step == STEP_BODY;
    give_up(rq);
    return false;
}

struct piece {
    struct web_req *rq;
    struct str bytes;
};

static enum err add_guarded(struct cx *cx, void *arg)
{
    struct piece *p = arg;
    (void)cx;
    return body_add(p->rq, p->bytes);
}

bool request_piece(struct web_req *rq, struct str bytes)
{
    struct piece p = {rq, bytes};
    const enum err e = cx_guard(&rq->cx, add_guarded, &p);
    if (e == OK)
        return true;
    if (rq->refusal.status)
        run_refuse(rq, rq->refusal.status, rq->refusal.sentence);
    else
        run_broken(rq, e); /* the disk does not take a file, or a fault of ours */
    return false;
}

/* The body was taken in the loop and stood still until its key was there. */
static void socket_ready(struct web_req *rq)
{
    http_resume_body(rq->x);
}

static void take_body(struct web_req *rq)
{
    if (rq->parts)
        http_pause_body(rq->x);
    run_gate(rq, socket_ready);
    if (!rq->answered)
        http_take_body(rq->x, rq->body_limit);
}

/* Not even for a page: a sentence that lies ready, and the others go on. */
static void no_memory(struct http_exchange *x)
{
    static const struct http_header type = {S("Content-Type"), S("text/html; charset=utf-8")};
    log_event(LOG_ERROR, "web.no_memory");
    http_answer(x, &(struct http_answer){
                       .status = 503,
                       .headers = &type,
                       .headers_n = 1,
                       .body = S("<!doctype html><html lang=\"vi\"><title>Máy chủ đang bận</title>"
                                 "<h1>Máy chủ đang bận</h1><p>Gửi lại sau vài giây: cùng một biểu "
                                 "mẫu không bao giờ được ghi hai lần.</p></html>"),
                       .pull_length = -1,
                       .close = true});
}

static void on_head(void *user, struct http_exchange *x)
{
    struct web_req *rq = request_new(user, http_request(x));
    if (!rq) {
        no_memory(x);
        return;
    }
    rq->x = x;
    http_hold(x); /* as long as rq lives: its head lies in x */
    http_set_state(x, rq);
    if (request_begin(rq))
        take_body(rq);
}

static void on_body(void *user, struct http_exchange *x, struct str bytes)
{
    (void)user;
    struct web_req *rq = http_state(x);
    if (!rq || rq->answered || rq->body_failed)
        return;
    rq->body_failed = !request_piece(rq, bytes);
}

static void on_complete(void *user, struct http_exchange *x)
{
    (void)user;
    struct web_req *rq = http_state(x);
    if (rq && !rq->answered && !rq->body_failed && rq->step == STEP_BODY)
        run_post(rq);
}

static void on_end(void *user, struct http_exchange *x, bool sent)
{
    (void)user;
    (void)sent;
    struct web_req *rq = http_state(x);
    http_set_state(x, NULL);
    if (rq)
        request_drop(rq);
}

static void loop_turn(void *user, int loop)
{
    (void)loop;
    lane_turn_end(((struct web *)user)->env->lanes);
}

static void loop_end(void *user, int loop)
{
    (void)loop;
    lane_thread_end(((struct web *)user)->env->lanes);
}

/* ---- the room's life ---- */

static struct str key_for(struct cx *cx, struct web *w, struct str purpose)
{
    return str_dup(w->arena, vault_secret(cx, purpose));
}

/* Where two count the same place, the first does. */
static void collect_counts(struct web *w)
{
    for (size_t i = 0; i < w->parts_n; i++)
        for (const struct place_count *p = w->parts[i].counts; p && p->path; p++)
            if (!map_get(&w->counts, str_c(p->path)))
                map_put(w->arena, &w->counts, str_c(p->path), (void *)(uintptr_t)p);
}

enum err web_open_parts(struct cx *cx, const struct web_part *parts, size_t parts_n,
                        struct web **out)
{
    struct web *w = calloc(1, sizeof *w);
    MUST(w != NULL);
    w->env = cx->env;
    pthread_mutex_init(&w->spares_lock, NULL);
    w->arena = arena_new(WEB_ARENA);
    w->rates = rates_new();
    w->news = news_new(w);
    MUST(w->arena && w->rates);
    w->parts = parts;
    w->parts_n = parts_n;
    collect_counts(w);
    w->rate_general = (int)setting_int(cx->env->settings, S("web.rate"), RATE_GENERAL);
    w->hsts_subdomains = str_eq(setting(cx->env->settings, S("web.hsts"), S("")), S("subdomains"));
    w->form_key = key_for(cx, w, S("web.form"));
    w->cookie_key = key_for(cx, w, S("web.cookie"));
    w->answer_key = key_for(cx, w, S("web.answer"));
    enum err e = routes_build(cx, w);
    if (e == OK)
        e = assets_build(cx, w);
    if (e != OK) {
        web_close(w);
        return e;
    }
    cx->env->web = w;
    *out = w;
    return OK;
}

void web_close(struct web *w)
{
    if (!w)
        return;
    /* Requests that were answered, or whose peers have gone, may still be in a lane. */
    const struct timespec tick = {.tv_nsec = 1'000'000};
    while (atomic_load(&w->in_flight) > 0)
        nanosleep(&tick, NULL);
    if (w->env->web == w)
        w->env->web = NULL;
    rates_free(w->rates);
    news_free(w->news);
    for (size_t i = 0; i < w->spares_n; i++)
        arena_free(w->spares[i]);
    pthread_mutex_destroy(&w->spares_lock);
    arena_free(w->arena);
    free(w);
}

enum err web_start(struct cx *cx, const struct web_config *c, struct web **out)
{
    struct web *w;
    TRY(web_open_parts(cx, c->parts, c->parts_n, &w));
    struct http_config http = c->http;
    http.hooks = (struct http_hooks){
        .head = on_head, .body = on_body, .complete = on_complete, .end = on_end, .user = w};
    http.loop_turn = loop_turn;
    http.loop_end = loop_end;
    enum err e = http_serve(cx, &http, &w->server);
    if (e != OK) {
        web_close(w);
        return e;
    }
    *out = w;
    return OK;
}

void web_stop(struct web *w, int wait_ms)
{
    news_stop(w->news);
    http_stop(w->server, wait_ms);
    web_close(w);
}

int web_port(const struct web *w, size_t i)
{
    return http_port(w->server, i);
}

enum err web_reload(struct cx *cx, struct web *w)
{
    TRY(http_reopen_log(cx, w->server));
    return web_reload_tls(cx, w);
}

enum err web_reload_tls(struct cx *cx, struct web *w)
{
    return w && w->server ? http_reload_tls(cx, w->server) : OK;
}
