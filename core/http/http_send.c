/* http_send.c - answers on their way out: one buffer and one write where they fit, pieces else. */
#include "http_inside.h"

#include "log/log.h"

#include <stdlib.h>

/* Room that the core's own header lines need at most, status line included. */
#define CORE_LINES 512

void http_send_continue(struct conn *c)
{
    http_write(c, S("HTTP/1.1 100 Continue\r\n\r\n"), S(""));
}

/* ---- the head of an answer ---- */

struct out {
    char *p;
    size_t n;
};

static void put(struct out *o, const char *p, size_t n)
{
    if (n)
        memcpy(o->p + o->n, p, n);
    o->n += n;
}
#define PUT(o, literal) put((o), "" literal "", sizeof(literal) - 1)

static void put_number(struct out *o, uint64_t v)
{
    o->n += http_digits(o->p + o->n, v);
}

static void put_status(struct out *o, int status)
{
    PUT(o, "HTTP/1.1 ");
    put_number(o, (uint64_t)status);
    PUT(o, " ");
    const char *reason = http_reason(status);
    put(o, reason, strlen(reason));
    PUT(o, "\r\n");
}

/* The core's own lines: whoever answers may not say them too. */
static bool ours(struct str name)
{
    switch (name.n) {
    case 4:
        return str_eq_ascii_case(name, S("Date"));
    case 6:
        return str_eq_ascii_case(name, S("Server"));
    case 10:
        return str_eq_ascii_case(name, S("Connection"));
    case 14:
        return str_eq_ascii_case(name, S("Content-Length"));
    case 17:
        return str_eq_ascii_case(name, S("Transfer-Encoding"));
    default:
        return false;
    }
}

/* False: a header that would break the message apart, or too much of them. */
static bool put_headers(struct out *o, const struct http_answer *a)
{
    for (size_t i = 0; i < a->headers_n; i++) {
        struct http_header h = a->headers[i];
        if (!http_token(h.name) || !http_header_value(h.value))
            return false;
        if (ours(h.name))
            continue;
        if (h.name.n + h.value.n + 4 > OUT_BYTES - CORE_LINES - o->n)
            return false;
        put(o, h.name.p, h.name.n);
        PUT(o, ": ");
        put(o, h.value.p, h.value.n);
        PUT(o, "\r\n");
    }
    return true;
}

/* How the end of the body is told. */
enum ending { NO_BODY, BY_LENGTH, BY_CHUNKS, BY_CLOSE };

static enum ending ending_of(const struct http_exchange *x)
{
    const struct http_answer *a = &x->answer;
    if (a->status < 200 || a->status == 204 || a->status == 304)
        return NO_BODY;
    if (!a->pull || a->pull_length >= 0)
        return BY_LENGTH;
    return x->old ? BY_CLOSE : BY_CHUNKS;
}

/* The rest of the request's body, when it is answered before all came. */
static void decide_on_body(struct conn *c)
{
    struct http_exchange *x = c->x;
    if (c->in != IN_BODY)
        return;
    c->in = IN_DROP;
    c->drop_left = DROP_BYTES;
    /* It was told neither to go on nor to stop: whether it sends the body is its choice. */
    if (x->expect || c->body_left > DROP_BYTES || c->close_after)
        c->close_after = true;
    if (c->close_after) {
        c->linger = true;
        c->in = IN_WAIT;
    }
}

static bool must_close(const struct conn *c)
{
    const struct http_exchange *x = c->x;
    return x->close || x->answer.close || c->loop->stop_at ||
           c->requests >= c->loop->server->config.limits.requests_per_connection;
}

/* Everything before the body, into the loop's scratch. False: not fit to be sent. */
static bool put_head(struct conn *c, struct out *o, enum ending ending)
{
    const struct http_answer *a = &c->x->answer;
    put_status(o, a->status);
    put(o, c->loop->fixed, c->loop->fixed_n);
    if (!put_headers(o, a))
        return false;
    if (ending == BY_LENGTH) {
        PUT(o, "Content-Length: ");
        put_number(o, a->pull ? (uint64_t)a->pull_length : a->body.n);
        PUT(o, "\r\n");
    } else if (ending == BY_CHUNKS) {
        PUT(o, "Transfer-Encoding: chunked\r\n");
    }
    if (c->close_after)
        PUT(o, "Connection: close\r\n");
    PUT(o, "\r\n");
    return true;
}

static void give_up_pull(struct http_exchange *x)
{
    if (x->answer.pull && x->answer.pull_done)
        x->answer.pull_done(x->answer.pull_state);
    x->answer.pull = NULL;
}

/* What was answered cannot be said in HTTP: a 500, and a line for the operator. */
static void replace_answer(struct http_exchange *x)
{
    log_event(LOG_ERROR, "http.answer_unfit", K("path", x->request.path),
              KN("status", x->answer.status));
    give_up_pull(x);
    x->answer = (struct http_answer){.status = 500, .body = http_core_text(500)};
}

bool http_send_answer(struct conn *c)
{
    struct http_exchange *x = c->x;
    c->sending = true;
    c->close_after |= must_close(c);
    /* With requests still in the socket a plain close could reset the connection. */
    c->linger |= c->close_after && !x->close;
    if (x->answer.status < 200 || x->answer.status > 599)
        replace_answer(x);
    enum ending ending = ending_of(x);
    c->close_after |= ending == BY_CLOSE;
    decide_on_body(c);
    struct out o = {c->loop->out, 0};
    if (!put_head(c, &o, ending)) {
        replace_answer(x);
        ending = BY_LENGTH;
        o.n = 0;
        put_head(c, &o, ending);
    }
    bool body = ending != NO_BODY && !x->request.head_only;
    if (!body)
        give_up_pull(x);
    c->pull_waiting = c->pull_ended = false;
    c->chunked_out = ending == BY_CHUNKS;
    c->pull_left = ending == BY_LENGTH ? x->answer.pull_length : -1;
    struct str rest = body && !x->answer.pull ? x->answer.body : S("");
    if (rest.n <= SMALL_BODY_BYTES && rest.n <= OUT_BYTES - o.n) {
        put(&o, rest.p, rest.n);
        rest = S("");
    }
    http_write(c, (struct str){o.p, o.n}, rest);
    return true;
}

/* ---- streamed bodies ---- */

/* The next piece, with its chunk frame, from o->p + 16 on. ERR_BUSY: not now. */
static enum err pull_piece(struct conn *c, struct str *piece)
{
    struct http_exchange *x = c->x;
    char *p = c->loop->out + 16;
    size_t cap = PIECE_BYTES, n = 0;
    if (c->pull_left >= 0 && (int64_t)cap > c->pull_left)
        cap = (size_t)c->pull_left;
    if (cap) {
        TRY(x->answer.pull(x->answer.pull_state, p, cap, &n));
        MUST(n <= cap);
    }
    c->pull_ended = n == 0;
    if (c->pull_left >= 0) {
        if (n == 0 && c->pull_left > 0)
            return ERR_IO; /* fewer bytes than promised: the peer must not take it for whole */
        c->pull_left -= (int64_t)n;
        c->pull_ended = c->pull_left == 0;
    }
    *piece = (struct str){p, n};
    if (!c->chunked_out)
        return OK;
    if (n == 0) {
        *piece = S("0\r\n\r\n");
        return OK;
    }
    p[n] = '\r';
    p[n + 1] = '\n';
    char *start = p;
    *--start = '\n';
    *--start = '\r';
    for (size_t v = n; v; v >>= 4)
        *--start = "0123456789abcdef"[v & 15];
    *piece = (struct str){start, (size_t)(p - start) + n + 2};
    return OK;
}

static bool step_pull(struct conn *c)
{
    struct str piece = S("");
    enum err e = pull_piece(c, &piece);
    if (e == ERR_BUSY) {
        c->pull_waiting = true;
        return false;
    }
    if (e != OK) {
        log_event(LOG_WARN, "http.stream_cut", K("path", c->x->request.path),
                  K("why", str_c(err_name(e))));
        http_conn_abort(c);
        return true;
    }
    http_write(c, piece, S(""));
    return true;
}

/* ---- going on ---- */

static void answer_sent(struct conn *c)
{
    struct http_exchange *x = c->x;
    c->sending = false;
    c->refresh = true;
    if (c->in == IN_WAIT)
        c->in = IN_HEAD;
    http_exchange_end(x, true);
}

bool http_flush(struct conn *c)
{
    if (http_send_pending(c)) {
        if (!c->can_write)
            return false;
        return http_write_pending(c);
    }
    if (!c->sending)
        return false;
    if (c->x->answer.pull && !c->pull_ended)
        return !c->pull_waiting && c->can_write && step_pull(c);
    answer_sent(c);
    return true;
}

/* ---- the core's own answers ---- */

void http_refuse(struct conn *c, int status)
{
    struct str text = http_core_text(status);
    struct out o = {c->loop->out, 0};
    put_status(&o, status);
    put(&o, c->loop->fixed, c->loop->fixed_n);
    PUT(&o, "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\nContent-Length: ");
    put_number(&o, text.n);
    PUT(&o, "\r\n\r\n");
    put(&o, text.p, text.n);
    c->close_after = c->linger = true;
    c->in = IN_WAIT;
    http_count_answer(c->loop, status, 0);
    http_access_line(c->loop, NULL, c, status, 0);
    http_write(c, (struct str){o.p, o.n}, S(""));
}

void http_answer_core(struct http_exchange *x, int status, bool close)
{
    static const struct http_header plain[] = {
        {{"Content-Type", 12}, {"text/plain; charset=utf-8", 25}},
    };
    if (atomic_exchange(&x->answer_taken, true))
        return;
    x->answer = (struct http_answer){.status = status,
                                     .headers = plain,
                                     .headers_n = 1,
                                     .body = http_core_text(status),
                                     .close = close};
    x->answered = true;
}
