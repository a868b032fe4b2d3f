/* web_head_fuzz.c - the query, cookies and an urlencoded form of a request, as the web room reads
 * them; cookies beside a second reader. The input's lines are: query, Cookie, Cookie again; what
 * follows is the form, or JSON when it begins with a brace. */
#include "web/web_inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever came in, what handlers get is text: UTF-8 in NFC, no NUL. */
static void must_be_text(struct arena *a, const struct web_value *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str nfc;
        MUST(utf8_valid(v[i].name) && utf8_valid(v[i].value));
        MUST(memchr(v[i].value.p ? v[i].value.p : "", 0, v[i].value.n) == NULL);
        MUST(!text_nfc(a, v[i].value, &nfc) || str_eq(nfc, v[i].value));
    }
}

/* A second reader of cookies: wherever NAME= stands behind nothing but blanks, up to the next
 * semicolon. */
static bool cookie_in(struct str header, struct str name, struct str *value)
{
    const struct str h = str_until(header, 4096);
    for (size_t i = 0, empty = true; i + name.n < h.n; i++) {
        if (empty && memcmp(h.p + i, name.p, name.n) == 0 && h.p[i + name.n] == '=') {
            const char *from = h.p + i + name.n + 1;
            const char *end = memchr(from, ';', (size_t)(h.p + h.n - from));
            const size_t n = (size_t)((end ? end : h.p + h.n) - from);
            *value = (struct str){from, n};
            while (value->n && strchr(" \t\r\n\v\f", value->p[value->n - 1]) &&
                   value->p[value->n - 1])
                value->n--;
            return true;
        }
        empty = h.p[i] == ';' || (empty && h.p[i] && strchr(" \t\r\n\v\f", h.p[i]));
    }
    return false;
}

static void must_be_cookie(struct str cookie, struct str name, struct str first, struct str second)
{
    struct str wanted = S("");
    if (!cookie_in(first, name, &wanted))
        (void)cookie_in(second, name, &wanted);
    MUST(str_eq(cookie, wanted));
    MUST(memchr(cookie.p ? cookie.p : "", ';', cookie.n) == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size}, query, one, two;
    if (size > 65536)
        return 0;
    str_cut(rest, '\n', &query, &rest);
    str_cut(rest, '\n', &one, &rest);
    str_cut(rest, '\n', &two, &rest);
    const bool tls = size % 2, json = rest.n && rest.p[0] == '{';
    struct env env = {.clock = clock_system, .random = random_system};
    struct arena *a = arena_new((size_t)16 << 20);
    struct http_header headers[] = {
        {S("Cookie"), one},
        {S("Content-Type"),
         json ? S("application/json; charset=utf-8") : S("application/x-www-form-urlencoded")},
        {S("cookie"), two}};
    struct web_req rq = {
        .arena = a,
        .cx = {.arena = a, .env = &env, .actor = &actor_anonymous, .lang = S("vi")},
        .is_post = true,
        .body_limit = 65536,
    };
    rq.http.headers = headers;
    rq.http.headers_n = 3;
    rq.http.query = query;
    rq.http.tls = tls;
    rq.http.body_bytes = (int64_t)rest.n;
    if (request_read_head(&rq) == OK)
        must_be_text(a, rq.query, rq.query_n);
    must_be_cookie(rq.session_cookie, tls ? S("__Host-tinhso") : S("tinhso"), one, two);
    must_be_cookie(rq.form_cookie_sent, tls ? S("__Host-tinhso-form") : S("tinhso-form"), one, two);
    must_be_cookie(rq.toast_cookie, S("tinhso-toast"), one, two);
    if (body_start(&rq) == OK && body_add(&rq, rest) == OK && body_end(&rq) == OK)
        must_be_text(a, rq.form.p, rq.form.n);
    arena_free(a);
    return 0;
}
