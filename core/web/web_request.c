/* web_request.c - a request's life and what handlers read from it: path, query, headers, cookies.
 */
#include "web_inside.h"

#include <stdlib.h>

#define ARENA_LIMIT ((size_t)32 << 20)
#define ARENA_FIRST ((size_t)48 << 10)
#define QUERY_MAX 100
#define COOKIE_MAX 4096

static _Thread_local struct web_req *current;

struct web_req *web_enter(struct web_req *rq)
{
    struct web_req *before = current;
    current = rq;
    return before;
}

void web_leave(struct web_req *before)
{
    current = before;
}

struct web_req *web_current(const struct cx *cx)
{
    return current && cx == &current->cx ? current : NULL;
}

/* As a rule the first block is enough for a page; given back and taken again it costs nothing. */
static struct arena *take_arena(struct web *w)
{
    pthread_mutex_lock(&w->spares_lock);
    struct arena *a = w->spares_n ? w->spares[--w->spares_n] : NULL;
    pthread_mutex_unlock(&w->spares_lock);
    return a ? a : arena_new_sized(ARENA_LIMIT, ARENA_FIRST);
}

static void give_arena(struct web *w, struct arena *a)
{
    arena_reset(a);
    pthread_mutex_lock(&w->spares_lock);
    const bool kept = w->spares_n < SPARES_MAX;
    if (kept)
        w->spares[w->spares_n++] = a;
    pthread_mutex_unlock(&w->spares_lock);
    if (!kept)
        arena_free(a);
}

struct web_req *request_new(struct web *w, const struct http_request *http)
{
    struct arena *a = take_arena(w);
    if (!a || !arena_ready(a, sizeof(struct web_req) + 1024)) {
        arena_free(a);
        return NULL;
    }
    struct web_req *rq = NEW(a, struct web_req);
    rq->web = w;
    rq->arena = a;
    rq->http = *http;
    rq->cx = (struct cx){
        .arena = a,
        .env = w->env,
        .actor = &actor_anonymous,
        .now = w->env->clock(w->env),
        .lang = S("vi"),
    };
    rq->cx.request_id = str_hex(a, random_bytes(&rq->cx, 8));
    atomic_init(&rq->refs, 1);
    atomic_fetch_add(&w->in_flight, 1);
    return rq;
}

void request_hold(struct web_req *rq)
{
    atomic_fetch_add(&rq->refs, 1);
}

void request_drop(struct web_req *rq)
{
    if (atomic_fetch_sub(&rq->refs, 1) != 1)
        return;
    cx_close_all(&rq->cx);
    body_drop(rq);
    if (rq->out.file)
        file_reader_free(rq->out.file);
    struct web *w = rq->web;
    struct http_exchange *x = rq->x;
    arena_free(rq->spare);
    give_arena(w, rq->arena); /* rq lies in it */
    if (x)
        http_drop(x);
    atomic_fetch_sub(&w->in_flight, 1);
}

/* ---- the head ---- */

static enum err read_query(struct web_req *rq)
{
    struct str rest = rq->http.query, pair, name, value;
    if (rest.n)
        rq->query = NEW_N(rq->arena, struct web_value, QUERY_MAX);
    while (rest.n) {
        str_cut(rest, '&', &pair, &rest);
        if (pair.n == 0)
            continue;
        str_cut(pair, '=', &name, &value);
        struct web_value *v = &rq->query[rq->query_n];
        if (rq->query_n == QUERY_MAX || !url_decode(rq->arena, name, true, &v->name) ||
            !url_decode(rq->arena, value, true, &v->value) ||
            !text_nfc(rq->arena, v->value, &v->value))
            return ERR_INVALID;
        v->value = str_trim(v->value);
        rq->query_n++;
    }
    return OK;
}

/* Of all Cookie headers, read once: the first of each that is asked for, however many others are
 * before it. */
static const struct str cookie_names[] = {
    S("tinhso"),       S("__Host-tinhso"), S("tinhso-form"), S("__Host-tinhso-form"),
    S("tinhso-toast"), S("tinhso-lang"),   S("tinhso-chu")};
#define COOKIES_N (sizeof cookie_names / sizeof *cookie_names)

struct cookies {
    struct str values[COOKIES_N];
    bool seen[COOKIES_N];
};

static size_t cookie_index(struct str name)
{
    size_t i = 0;
    while (i < COOKIES_N && !str_eq(cookie_names[i], name))
        i++;
    return i;
}

static void read_cookies(const struct web_req *rq, struct cookies *c)
{
    *c = (struct cookies){0};
    for (size_t i = 0; i < rq->http.headers_n; i++) {
        const struct http_header *h = &rq->http.headers[i];
        if (!str_eq_ascii_case(h->name, S("Cookie")))
            continue;
        struct str rest = str_until(h->value, COOKIE_MAX), pair, name, value;
        while (rest.n) {
            str_cut(rest, ';', &pair, &rest);
            const size_t k =
                str_cut(str_trim(pair), '=', &name, &value) ? cookie_index(name) : COOKIES_N;
            if (k == COOKIES_N || c->seen[k])
                continue;
            c->seen[k] = true;
            c->values[k] = value;
        }
    }
}

static struct str cookie_of(const struct cookies *c, struct str name)
{
    const size_t k = cookie_index(name);
    return k < COOKIES_N && c->seen[k] ? c->values[k] : S("");
}

static void read_lang(struct web_req *rq, const struct cookies *c)
{
    struct str asked = web_query(rq, "lang"), kept = cookie_of(c, S("tinhso-lang"));
    if (str_eq(asked, S("vi")) || str_eq(asked, S("en")))
        rq->new_lang = rq->cx.lang = asked;
    else if (str_eq(kept, S("en")))
        rq->cx.lang = S("en");
}

/* ?chu=lon or thuong: the size of text, kept like the language. */
static void read_size(struct web_req *rq, const struct cookies *c)
{
    struct str asked = web_query(rq, "chu"), kept = cookie_of(c, S("tinhso-chu"));
    if (str_eq(asked, S("lon")) || str_eq(asked, S("thuong")))
        rq->new_size = kept = asked;
    rq->large = str_eq(kept, S("lon"));
}

enum err request_read_head(struct web_req *rq)
{
    struct cookies c;
    read_cookies(rq, &c);
    rq->session_cookie = cookie_of(&c, web_session_cookie_name(rq));
    rq->form_cookie_sent = cookie_of(&c, rq->http.tls ? S("__Host-tinhso-form") : S("tinhso-form"));
    rq->toast_cookie = cookie_of(&c, S("tinhso-toast"));
    TRY(read_query(rq));
    read_lang(rq, &c);
    read_size(rq, &c);
    return OK;
}

/* ---- what handlers read ---- */

static struct str first_of(const struct web_value *v, size_t n, const char *name)
{
    struct str wanted = str_c(name);
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].name, wanted))
            return v[i].value;
    return S("");
}

struct str web_query(struct web_req *rq, const char *name)
{
    return first_of(rq->query, rq->query_n, name);
}

struct str web_form(struct web_req *rq, const char *name)
{
    return first_of(rq->form.p, rq->form.n, name);
}

struct str web_form_exact(struct web_req *rq, const char *name)
{
    struct str wanted = str_c(name);
    for (size_t i = 0; i < rq->form.n; i++)
        if (str_eq(rq->form.p[i].name, wanted))
            return rq->exact.p[i];
    return S("");
}

bool web_form_has(struct web_req *rq, const char *name)
{
    struct str wanted = str_c(name);
    for (size_t i = 0; i < rq->form.n; i++)
        if (str_eq(rq->form.p[i].name, wanted))
            return true;
    return false;
}

size_t web_form_all(struct web_req *rq, const char *name, struct str *out, size_t max)
{
    struct str wanted = str_c(name);
    size_t n = 0;
    for (size_t i = 0; i < rq->form.n && n < max; i++)
        if (str_eq(rq->form.p[i].name, wanted))
            out[n++] = rq->form.p[i].value;
    return n;
}

const struct web_value *web_form_values(struct web_req *rq, size_t *n)
{
    *n = rq->form.n;
    return rq->form.p;
}

const struct json *web_json(struct web_req *rq)
{
    static const struct json absent = {.kind = JSON_OBJECT};
    return rq->json ? rq->json : &absent;
}

struct str web_header(struct web_req *rq, const char *name)
{
    return http_header(&rq->http, str_c(name));
}

struct str web_peer(struct web_req *rq)
{
    return rq->http.peer;
}

struct str web_target(struct web_req *rq)
{
    return rq->http.target;
}

struct web_upload *web_uploads(struct web_req *rq, size_t *n)
{
    *n = rq->uploads.n;
    return rq->uploads.p;
}

/* A path on this server and nothing else: "//host" and "/\host" lead elsewhere in browsers. */
bool local_path(struct str s)
{
    if (s.n == 0 || s.n > 1000 || s.p[0] != '/')
        return false;
    if (s.n > 1 && (s.p[1] == '/' || s.p[1] == '\\'))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f || s.p[i] == '\\')
            return false;
    return true;
}

struct str web_return_path(struct web_req *rq, struct str otherwise)
{
    struct str typed = rq->is_post ? web_form(rq, "ve") : S("");
    if (typed.n == 0)
        typed = web_query(rq, "ve");
    return local_path(typed) ? typed : otherwise;
}

/* ---- between the phases ---- */

void web_keep(struct web_req *rq, void *kept)
{
    rq->kept = kept;
}

void *web_kept(struct web_req *rq)
{
    return rq->kept;
}

void web_on_refusal(struct web_req *rq, web_handler *draw)
{
    rq->draw = draw;
}

bool web_again(const struct web_req *rq)
{
    return rq->again;
}

void web_error_add(struct cx *cx, struct web_req *rq, struct str field, struct str sentence)
{
    *vec_add(cx->arena, &rq->errors) = (struct web_error){field, sentence};
}

const struct web_error *web_errors(struct web_req *rq, size_t *n)
{
    *n = rq->errors.n;
    return rq->errors.p;
}

struct str web_error_of(struct web_req *rq, struct str field)
{
    for (size_t i = 0; i < rq->errors.n; i++)
        if (str_eq(rq->errors.p[i].field, field))
            return rq->errors.p[i].sentence;
    if (rq->again && rq->cx.field.n && str_eq(rq->cx.field, field))
        return rq->cx.why;
    return S("");
}

enum err web_refuse(struct cx *cx, struct web_req *rq)
{
    if (rq->errors.n == 0)
        return OK;
    const struct web_error *first = &rq->errors.p[0];
    return fail_field(cx, ERR_INVALID, first->field, "%.*s", F(first->sentence));
}
