/* web_do.c - one request without a socket: the same way, the same lanes; waits for the answer. */
#include "web_inside.h"

static void make_head(struct cx *cx, const struct web_call *call, struct http_request *out)
{
    static const struct {
        const char *name;
        enum http_method method;
    } methods[] = {{"GET", HTTP_GET},        {"HEAD", HTTP_HEAD},   {"POST", HTTP_POST},
                   {"PUT", HTTP_PUT},        {"PATCH", HTTP_PATCH}, {"DELETE", HTTP_DELETE},
                   {"OPTIONS", HTTP_OPTIONS}};
    *out = (struct http_request){
        .method = HTTP_OTHER,
        .method_text = call->method,
        .target = call->target,
        .host = call->host.n ? call->host : S("localhost"),
        .body_bytes = (int64_t)call->body.n,
        .peer = call->peer,
        .tls = call->tls,
        .head_only = str_eq(call->method, S("HEAD")),
    };
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (str_eq(call->method, str_c(methods[i].name)))
            out->method = methods[i].method;
    str_cut(call->target, '?', &out->path, &out->query);
    struct http_header *h = NEW_N(cx->arena, struct http_header, call->headers_n + 2);
    if (call->headers_n)
        memcpy(h, call->headers, call->headers_n * sizeof *h);
    size_t n = call->headers_n;
    if (call->cookie.n)
        h[n++] = (struct http_header){S("Cookie"), call->cookie};
    if (call->content_type.n)
        h[n++] = (struct http_header){S("Content-Type"), call->content_type};
    out->headers = h;
    out->headers_n = n;
}

/* The whole answer, in cx->arena: rq is about to go. */
static enum err copy_reply(struct cx *cx, struct web_req *rq, struct web_reply *out)
{
    struct http_header *h = NEW_N(cx->arena, struct http_header, rq->out.headers_n);
    *out =
        (struct web_reply){.status = rq->out.status, .headers = h, .headers_n = rq->out.headers_n};
    for (size_t i = 0; i < rq->out.headers_n; i++) {
        h[i].name = str_dup(cx->arena, rq->out.headers[i].name);
        h[i].value = str_dup(cx->arena, rq->out.headers[i].value);
        if (str_eq(h[i].name, S("Location")))
            out->location = h[i].value;
        else if (str_eq(h[i].name, S("Content-Type")))
            out->content_type = h[i].value;
        else if (str_eq(h[i].name, S("Set-Cookie")) && out->set_cookie.n == 0)
            out->set_cookie = h[i].value;
    }
    if (!rq->out.file) {
        out->body = str_dup(cx->arena, rq->out.body);
        return OK;
    }
    struct buf b = {.arena = cx->arena, .limit = arena_room(cx->arena) / 4};
    struct str piece;
    do {
        TRY(file_read(rq->out.file, &piece));
        buf_add(&b, piece);
    } while (piece.n);
    out->body = buf_str(&b);
    return OK;
}

static void body_for_test(struct web_req *rq)
{
    if (rq->answered)
        return;
    if (rq->whole_body.n == 0 || request_piece(rq, rq->whole_body))
        run_post(rq);
}

static enum err seen_now(struct cx *cx, void *arg)
{
    const struct web_req *rq = arg;
    return session_seen_at(cx, rq->session.id, rq->session_touch);
}

enum err web_do(struct cx *cx, struct web *w, const struct web_call *call, struct web_reply *out)
{
    struct http_request head;
    /* A test holds the writer's place: the lanes go on while it waits here. */
    const bool held = cx->db != NULL;
    if (held)
        lane_let_go(w->env->lanes, cx);
    make_head(cx, call, &head);
    struct web_req *rq = request_new(w, &head);
    MUST(rq != NULL);
    struct waiter *waiter = rq->waiter = NEW(rq->arena, struct waiter);
    *waiter = (struct waiter){PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    rq->whole_body = call->body;
    if (request_begin(rq))
        run_gate(rq, body_for_test);
    pthread_mutex_lock(&waiter->lock);
    while (!waiter->done)
        pthread_cond_wait(&waiter->answered, &waiter->lock);
    pthread_mutex_unlock(&waiter->lock);
    enum err e = copy_reply(cx, rq, out);
    lane_turn_end(w->env->lanes);
    if (e == OK && rq->session_touch) {
        struct cx own = {
            .arena = cx->arena, .env = w->env, .actor = &actor_program, .now = rq->cx.now};
        e = lane_call(w->env->lanes, LANE_WRITE, &own, seen_now, rq);
    }
    request_drop(rq);
    if (held)
        TRY(lane_hold(w->env->lanes, cx));
    return e;
}
