/* web_head_fuzz.c - the query, cookies and an urlencoded form of a request, as the web room reads
 * them. The input's lines are: query, Cookie, Cookie again; what follows is the form. */
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

/* A cookie's value is a piece of the header and holds no separator. */
static void must_be_cookie(struct str cookie, struct str first, struct str second)
{
    struct str whole = str_find(first, cookie, NULL) ? first : second;
    MUST(cookie.n == 0 || str_find(whole, cookie, NULL));
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
    struct env env = {.clock = clock_system, .random = random_system};
    struct arena *a = arena_new((size_t)16 << 20);
    struct http_header headers[] = {{S("Cookie"), one},
                                    {S("Content-Type"), S("application/x-www-form-urlencoded")},
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
    rq.http.body_bytes = (int64_t)rest.n;
    if (request_read_head(&rq) == OK)
        must_be_text(a, rq.query, rq.query_n);
    must_be_cookie(rq.session_cookie, one, two);
    must_be_cookie(rq.form_cookie_sent, one, two);
    must_be_cookie(rq.toast_cookie, one, two);
    if (body_start(&rq) == OK && body_add(&rq, rest) == OK && body_end(&rq) == OK)
        must_be_text(a, rq.form.p, rq.form.n);
    arena_free(a);
    return 0;
}
