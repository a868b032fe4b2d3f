/* web_metrics.c - for those who watch the machine: /livez, /metrics. */
#include "web_inside.h"

static bool is_loopback(struct str peer)
{
    return str_starts(peer, S("127.")) || str_eq(peer, S("::1")) || str_eq(peer, S("unix"));
}

static bool has_token(struct web_req *rq)
{
    struct str wanted = setting(rq->web->env->settings, S("metrics.token"), S(""));
    struct str given = http_header(&rq->http, S("Authorization"));
    if (wanted.n == 0 || !str_starts(given, S("Bearer ")))
        return false;
    return equal_in_constant_time(wanted, str_from(given, 7));
}

static void metrics(struct web_req *rq)
{
    struct web *w = rq->web;
    struct buf b = {.arena = rq->arena, .limit = (size_t)1 << 20};
    buf_fmt(&b, "# TYPE tinhso_web_requests_total counter\ntinhso_web_requests_total %lld\n",
            atomic_load(&w->requests));
    buf_add(&b, S("# TYPE tinhso_web_answers_total counter\n"));
    for (int class = 1; class <= 5; class ++)
        buf_fmt(&b, "tinhso_web_answers_total{class=\"%dxx\"} %lld\n", class,
                atomic_load(&w->answers[class]));
    buf_fmt(&b, "# TYPE tinhso_web_faults_total counter\ntinhso_web_faults_total %lld\n",
            atomic_load(&w->handler_errors));
    buf_fmt(&b, "# TYPE tinhso_web_replays_total counter\ntinhso_web_replays_total %lld\n",
            atomic_load(&w->replays));
    buf_fmt(&b, "# TYPE tinhso_web_in_flight gauge\ntinhso_web_in_flight %lld\n",
            atomic_load(&w->in_flight));
    if (w->server)
        http_metrics(w->server, &b);
    lanes_metrics(w->env->lanes, &b);
    answer_plain(rq, 200, S("text/plain; version=0.0.4; charset=utf-8"), buf_str(&b));
}

bool live_answer(struct web_req *rq)
{
    bool reads = rq->http.method == HTTP_GET || rq->http.method == HTTP_HEAD;
    if (reads && str_eq(rq->http.path, S("/livez"))) {
        answer_plain(rq, 200, S("text/plain; charset=utf-8"), S("alive\n"));
        return true;
    }
    if (!reads || !str_eq(rq->http.path, S("/metrics")))
        return false;
    /* Whoever may not see the figures does not learn that they are here. */
    if (!is_loopback(rq->http.peer) && !has_token(rq))
        return false;
    metrics(rq);
    return true;
}
