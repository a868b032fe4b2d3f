/* web_head.c - the first look at a request: which route, which method, how often, how big. */
#include "web_inside.h"

#define SEGMENTS_MAX 16
#define GENERAL_PER_MINUTE 6000 /* a whole office behind one address */

static struct str allow_of(const struct route *get, const struct route *post)
{
    if (get && post)
        return S("GET, HEAD, OPTIONS, POST");
    return get ? S("GET, HEAD, OPTIONS") : S("OPTIONS, POST");
}

/* "/x/" where "/x" is a page: there, with the query. */
static bool without_slash(struct web_req *rq)
{
    struct str path = rq->http.path, segments[SEGMENTS_MAX], captured[PATH_VALUES_MAX];
    if (path.n < 2 || path.p[path.n - 1] != '/' || rq->http.method != HTTP_GET)
        return false;
    path.n--;
    int n = path_segments(&rq->cx, path, segments, SEGMENTS_MAX);
    if (n < 0 || !local_path(path) || !route_find(rq->web, GET, segments, (size_t)n, captured))
        return false;
    answer_redirect(
        rq, rq->http.query.n ? str_fmt(rq->arena, "%.*s?%.*s", F(path), F(rq->http.query)) : path);
    rq->out.status = 308;
    answer_send(rq);
    return true;
}

static bool too_often(struct web_req *rq)
{
    struct str peer = rq->http.peer;
    if (peer.n == 0 || str_eq(peer, S("unix")))
        return false;
    const struct route *r = rq->route;
    if (r && r->rate_per_minute && (!r->rate_asks || str_trim(web_query(rq, r->rate_asks)).n))
        return !rate_take(rq->web->rates, peer, (uint64_t)(uintptr_t)r, r->rate_per_minute,
                          rq->cx.now);
    return !rate_take(rq->web->rates, peer, 0, rq->web->rate_general, rq->cx.now);
}

/* 0, or the status that refuses. Sets rq->route. */
static int choose(struct web_req *rq)
{
    struct str segments[SEGMENTS_MAX], other[PATH_VALUES_MAX];
    int n = path_segments(&rq->cx, rq->http.path, segments, SEGMENTS_MAX);
    if (n < 0)
        return rq->http.path.n && utf8_valid(rq->http.path) ? 404 : 400;
    enum http_method m = rq->http.method;
    rq->is_post = m == HTTP_POST;
    bool reads = m == HTTP_GET || m == HTTP_HEAD;
    const struct route *get =
        route_find(rq->web, GET, segments, (size_t)n, reads ? rq->captured : other);
    const struct route *post =
        route_find(rq->web, POST, segments, (size_t)n, rq->is_post ? rq->captured : other);
    rq->route = reads ? get : rq->is_post ? post : NULL;
    if (rq->route)
        return 0;
    if (!get && !post)
        return 404;
    rq->allow = allow_of(get, post);
    return 405;
}

/* A program has no cookie: it names its language in a header. The first that we speak is taken,
 * whatever weight it has: they are written in the order of liking. Pages do not ask: the browsers
 * of the province are set to English by their makers more often than by their people. */
static void read_accept_language(struct web_req *rq)
{
    struct str rest = http_header(&rq->http, S("Accept-Language")), one;
    while (!rq->new_lang.n && !str_eq(rq->cx.lang, S("en")) && rest.n) {
        str_cut(rest, ',', &one, &rest);
        one = str_trim(one);
        bool english = str_starts(one, S("en"));
        if (english || str_starts(one, S("vi"))) {
            rq->cx.lang = english ? S("en") : S("vi");
            return;
        }
    }
}

static void answer_options(struct web_req *rq)
{
    answer_plain(rq, 204, S("text/plain"), S(""));
    answer_header(rq, S("Allow"), rq->allow);
    answer_send(rq);
}

/* A browser says where a form came from; another site's has no business here. */
static bool from_another_site(struct web_req *rq)
{
    struct str site = http_header(&rq->http, S("Sec-Fetch-Site"));
    return str_eq(site, S("cross-site")) || str_eq(site, S("same-site"));
}

static enum step refuse(struct web_req *rq, int status, struct str sentence)
{
    run_refuse(rq, status, sentence);
    return STEP_ANSWERED;
}

static enum step take_post(struct web_req *rq)
{
    rq->content_type = http_header(&rq->http, S("Content-Type"));
    rq->body_limit = rq->route->body_max ? rq->route->body_max : BODY_MAX_DEFAULT;
    if (from_another_site(rq))
        return refuse(rq, 403,
                      tr(&rq->cx, S(T("Biểu mẫu này được gửi từ một trang khác. Mở trang của "
                                      "chúng tôi rồi gửi lại."))));
    /* Pages and forms guard against lost updates by versions of their own; no tag is of what a POST
     * changes, so that a condition on one is not met. */
    if (http_condition(&rq->http, S("")) != 200)
        return refuse(rq, 412, S(""));
    if (rq->http.body_bytes > rq->body_limit)
        return refuse(rq, 413,
                      tr_fmt(&rq->cx, T("Trang này nhận nhiều nhất %lld kB mỗi lần gửi."),
                             (long long)(rq->body_limit / 1024)));
    if (body_start(rq) != OK)
        return refuse(rq, rq->refusal.status, rq->refusal.sentence);
    return STEP_BODY;
}

enum step run_head(struct web_req *rq)
{
    atomic_fetch_add(&rq->web->requests, 1);
    if (request_read_head(rq) != OK)
        return refuse(rq, 400, S(""));
    if (asset_answer(rq) || live_answer(rq)) {
        answer_send(rq);
        return STEP_ANSWERED;
    }
    int status = choose(rq);
    rq->is_api = rq->route ? rq->route->kind == WEB_API : str_starts(rq->http.path, S("/api/"));
    if (rq->is_api)
        read_accept_language(rq);
    if (too_often(rq))
        return refuse(rq, 429, S(""));
    if (status == 405 && rq->http.method == HTTP_OPTIONS) {
        answer_options(rq);
        return STEP_ANSWERED;
    }
    if (status && without_slash(rq))
        return STEP_ANSWERED;
    if (status)
        return refuse(rq, status, S(""));
    if (rq->is_post)
        return take_post(rq);
    run_get_start(rq);
    return STEP_ANSWERED;
}
