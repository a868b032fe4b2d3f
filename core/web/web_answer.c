/* web_answer.c - from what a handler left to bytes on the wire: headers, cookies, errors. */
#include "web_inside.h"

#include "html/html.h"

#define TOAST_MAX 1000

int status_of(enum err e)
{
    static const int statuses[] = {200, 422, 403, 404, 409, 413, 503, 500};
    return (size_t)e < sizeof statuses / sizeof *statuses ? statuses[e] : 500;
}

void answer_header(struct web_req *rq, struct str name, struct str value)
{
    MUST(rq->out.headers_n < HEADERS_OUT_MAX);
    rq->out.headers[rq->out.headers_n++] = (struct http_header){name, value};
}

/* ---- cookies ---- */

static void set_cookie(struct web_req *rq, struct str name, struct str value, const char *more)
{
    answer_header(rq, S("Set-Cookie"),
                  str_fmt(rq->cx.arena, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%s", F(name),
                          F(value), more, rq->http.tls ? "; Secure" : ""));
}

static void toast_cookie(struct web_req *rq)
{
    struct cx *cx = &rq->cx;
    if (rq->toast_change == COOKIE_CLEAR)
        set_cookie(rq, S("tinhso-toast"), S(""), "; Max-Age=0");
    if (rq->toast_change != COOKIE_SET)
        return;
    struct str sealed =
        seal(cx, rq->web->cookie_key, S("toast"), str_until(rq->new_toast, TOAST_MAX));
    set_cookie(rq, S("tinhso-toast"), str_base64url(cx->arena, sealed), "; Max-Age=120");
}

static void cookies(struct web_req *rq)
{
    struct str session = web_session_cookie_name(rq);
    if (rq->session_change == COOKIE_SET)
        set_cookie(rq, session, rq->new_session, "");
    else if (rq->session_change == COOKIE_CLEAR) {
        set_cookie(rq, session, S(""), "; Max-Age=0");
        answer_header(rq, S("Clear-Site-Data"), S("\"cache\", \"storage\""));
    }
    if (rq->form_change == COOKIE_SET)
        set_cookie(rq, rq->http.tls ? S("__Host-tinhso-form") : S("tinhso-form"), rq->new_form, "");
    if (rq->new_lang.n)
        set_cookie(rq, S("tinhso-lang"), rq->new_lang, "; Max-Age=31536000");
    if (rq->new_size.n)
        set_cookie(rq, S("tinhso-chu"), rq->new_size, "; Max-Age=31536000");
    toast_cookie(rq);
}

/* The sentence left for the next page; taken by the page that shows it. */
struct str answer_take_toast(struct web_req *rq)
{
    struct str sealed, text;
    if (rq->toast_cookie.n == 0)
        return S("");
    rq->toast_change = COOKIE_CLEAR;
    if (!str_unbase64url(rq->cx.arena, rq->toast_cookie, &sealed) ||
        unseal(&rq->cx, rq->web->cookie_key, S("toast"), sealed, &text) != OK)
        return S("");
    return text;
}

/* ---- headers of every answer ---- */

static void security_headers(struct web_req *rq, bool frame_self)
{
    answer_header(
        rq, S("Content-Security-Policy"),
        frame_self
            ? S("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
                "base-uri 'none'; frame-ancestors 'self'")
            : S("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
                "base-uri 'none'; frame-ancestors 'none'"));
    answer_header(rq, S("X-Content-Type-Options"), S("nosniff"));
    answer_header(rq, S("X-Frame-Options"), frame_self ? S("SAMEORIGIN") : S("DENY"));
    answer_header(rq, S("Referrer-Policy"), S("same-origin"));
    answer_header(rq, S("Cross-Origin-Opener-Policy"), S("same-origin"));
    answer_header(rq, S("Cross-Origin-Resource-Policy"), S("same-origin"));
    answer_header(rq, S("Permissions-Policy"),
                  S("camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"));
    if (rq->http.tls)
        answer_header(rq, S("Strict-Transport-Security"),
                      rq->web->hsts_subdomains ? S("max-age=31536000; includeSubDomains")
                                               : S("max-age=31536000"));
}

static void caching(struct web_req *rq)
{
    const struct web_res *rs = &rq->res;
    if (rs->cache_seconds > 0 && !rq->has_session && rq->form_change != COOKIE_SET)
        answer_header(rq, S("Cache-Control"),
                      str_fmt(rq->cx.arena, "public, max-age=%d", rs->cache_seconds));
    else if (rs->cache_seconds > 0 || rs->etag.n)
        answer_header(rq, S("Cache-Control"), S("private, no-cache"));
    else
        answer_header(rq, S("Cache-Control"), S("no-store"));
    if (rs->etag.n)
        answer_header(rq, S("ETag"), str_fmt(rq->cx.arena, "\"%.*s\"", F(rs->etag)));
    if (rs->cache_seconds > 0 || rs->etag.n)
        answer_header(rq, S("Vary"), S("Cookie"));
}

static void begin(struct web_req *rq, int status)
{
    if (rq->out.file)
        file_reader_free(rq->out.file);
    rq->out = (struct answer){.status = status, .file_size = -1};
}

/* What has no tag is not asked: nobody can have one of it. */
static int condition_of(struct web_req *rq)
{
    const struct web_res *rs = &rq->res;
    const bool found = rs->status == 0 || rs->status == 200;
    return rq->is_post || rs->etag.n == 0 || !found ? 200 : http_condition(&rq->http, rs->etag);
}

/* ---- the kinds of answers ---- */

void answer_plain(struct web_req *rq, int status, struct str content_type, struct str body)
{
    begin(rq, status);
    rq->out.body = body;
    answer_header(rq, S("Content-Type"), content_type);
    security_headers(rq, false);
    answer_header(rq, S("Cache-Control"), S("no-store"));
}

void answer_redirect(struct web_req *rq, struct str where)
{
    MUST(local_path(where)); /* our own code never sends people to another host */
    begin(rq, 303);
    answer_header(rq, S("Location"), where);
    security_headers(rq, false);
    answer_header(rq, S("Cache-Control"), S("no-store"));
    if (rq->res.toast.n) {
        rq->toast_change = COOKIE_SET;
        rq->new_toast = rq->res.toast;
    }
    cookies(rq);
}

/* RFC 6266: what old programs read, and the true name in UTF-8. */
static struct str disposition(struct cx *cx, struct str name)
{
    struct buf plain = {.arena = cx->arena, .limit = name.n + 1};
    struct str folded = text_fold(cx->arena, name);
    for (size_t i = 0; i < folded.n; i++)
        buf_byte(&plain, folded.p[i] == ' ' ? '-' : folded.p[i]);
    struct str tail = S("");
    for (size_t i = name.n; i > 0 && name.n - i < 6; i--)
        if (name.p[i - 1] == '.')
            tail = str_from(name, i - 1);
    for (size_t i = 0; i < tail.n; i++)
        if ((unsigned char)tail.p[i] <= ' ' || tail.p[i] == '"' || (unsigned char)tail.p[i] > '~')
            tail = S("");
    return str_fmt(cx->arena, "attachment; filename=\"%.*s%.*s\"; filename*=UTF-8''%.*s",
                   F(buf_str(&plain)), F(tail), F(url_encode(cx->arena, name)));
}

/* The first event is asked here, in the handler's own lane. */
static void answer_news(struct web_req *rq)
{
    const struct web_res *rs = &rq->res;
    struct str data = S("");
    bool last = false;
    begin(rq, 200);
    if (rs->news(&rq->cx, rs->news_id, &data, &last) != OK)
        last = true;
    rq->out.body = news_event(&rq->cx, data);
    rq->out.news = last ? NULL : rs->news;
    rq->out.news_id = rs->news_id;
    rq->out.follower = follow_begin(rq);
    answer_header(rq, S("Content-Type"), S("text/event-stream"));
    security_headers(rq, false);
    answer_header(rq, S("Cache-Control"), S("no-store"));
    cookies(rq);
}

static void answer_bytes(struct web_req *rq)
{
    struct web_res *rs = &rq->res;
    begin(rq, rs->status ? rs->status : 200);
    struct str type = rs->content_type.n ? rs->content_type
                      : rq->is_api       ? S("application/json")
                                         : S("application/octet-stream");
    answer_header(rq, S("Content-Type"), type);
    if (rs->download_name.n)
        answer_header(rq, S("Content-Disposition"), disposition(&rq->cx, rs->download_name));
    rq->out.body = rs->bytes;
    rq->out.file = rs->file;
    rq->out.file_size = rs->file ? rs->file_size : -1;
    rs->file = NULL; /* the answer's now */
    security_headers(rq, rs->allow_frame_self);
    caching(rq);
    cookies(rq);
}

void answer_page(struct web_req *rq)
{
    struct web_res *rs = &rq->res;
    if (rs->see_other.n && !rs->status)
        rs->status = 303;
    if (rs->status == 303) {
        answer_redirect(rq, rs->see_other);
        return;
    }
    const int condition = condition_of(rq);
    if (condition == 304) {
        begin(rq, 304);
        caching(rq);
        return;
    }
    if (condition != 200) {
        answer_error(rq, condition, S(""));
        return;
    }
    if (rs->news) {
        answer_news(rq);
        return;
    }
    if (rq->route->kind != WEB_PAGE || rs->bytes.n || rs->file) {
        answer_bytes(rq);
        return;
    }
    struct str page = page_frame(rq, html_done(&rs->body),
                                 rs->title.n ? rs->title : tr(&rq->cx, str_c(rq->route->title)));
    begin(rq, rs->status ? rs->status : 200);
    rq->out.body = page;
    answer_header(rq, S("Content-Type"), S("text/html; charset=utf-8"));
    answer_header(rq, S("Content-Language"), rq->cx.lang);
    security_headers(rq, false);
    caching(rq);
    cookies(rq);
}

/* ---- errors ---- */

static struct str problem_json(struct web_req *rq, int status, struct str sentence,
                               struct str incident)
{
    struct buf b = {.arena = rq->cx.arena, .limit = 65536};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_num(&o, S("status"), status);
    json_str(&o, S("title"), str_c(http_reason(status)));
    json_str(&o, S("detail"), tr_plain(rq->cx.arena, sentence));
    json_str(&o, S("incident"), incident);
    if (rq->errors.n) {
        json_key(&o, S("errors"));
        json_open_array(&o);
        for (size_t i = 0; i < rq->errors.n; i++) {
            json_open_object(&o);
            json_str(&o, S("field"), rq->errors.p[i].field);
            json_str(&o, S("detail"), tr_plain(rq->cx.arena, rq->errors.p[i].sentence));
            json_close_object(&o);
        }
        json_close_array(&o);
    }
    json_close_object(&o);
    return buf_str(&b);
}

static void log_error(struct web_req *rq, int status, struct str incident)
{
    enum log_level level = status >= 500 ? LOG_ERROR : LOG_INFO;
    bool ours = status >= 500;
    log_event(level, "web.error", K("incident", incident), KN("status", status),
              K("request", rq->cx.request_id),
              K("route", rq->route ? str_c(rq->route->path) : S("-")),
              KN("account", rq->cx.actor->account),
              /* Sentences for people may name them; only ours go to the log. */
              K("why", ours ? rq->cx.why : S("")));
}

void answer_error(struct web_req *rq, int status, struct str sentence)
{
    struct cx *cx = &rq->cx;
    struct str incident = str_fmt(cx->arena, "%d-%.*s", status, F(random_code(cx, 6)));
    log_error(rq, status, incident);
    if (status >= 500)
        atomic_fetch_add(&rq->web->handler_errors, 1);
    bool json = rq->is_api;
    struct str body = json ? problem_json(rq, status, page_sentence(rq, status, sentence), incident)
                           : page_error(rq, status, sentence, incident);
    begin(rq, status);
    rq->out.body = body;
    answer_header(rq, S("Content-Type"),
                  json ? S("application/problem+json") : S("text/html; charset=utf-8"));
    if (status == 429 || status == 503)
        answer_header(rq, S("Retry-After"), status == 429 ? S("60") : S("5"));
    if (status == 405)
        answer_header(rq, S("Allow"), rq->allow);
    security_headers(rq, false);
    answer_header(rq, S("Cache-Control"), S("no-store"));
    cookies(rq);
}
