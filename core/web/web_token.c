/*
 * web_token.c - form tokens: a random number and a MAC that ties it to who was shown the form.
 *
 * The random half makes each drawn form its own, so that it is the idempotency key of one POST: the
 * page has drawn it at random, its last byte counts the forms of the page. The MAC half, which is
 * one for all forms of a page, binds it to the session (its row, which a new password check does
 * not change), or for visitors to a random cookie: another site knows neither.
 */
#include "web_inside.h"

#define RANDOM_BYTES 16
#define PAGE_BYTES (RANDOM_BYTES - 1) /* what the MAC is of */
#define FORMS_MAX 256
#define MAC_BYTES 16
#define FORM_COOKIE_BYTES 16

static struct str mac_of(struct web_req *rq, struct str binding, struct str random)
{
    struct buf b = {.arena = rq->cx.arena, .limit = 256};
    buf_add(&b, binding);
    buf_byte(&b, 0);
    buf_add(&b, random);
    struct hash h = hmac_sha256(rq->web->form_key, buf_str(&b));
    return str_dup(rq->cx.arena, (struct str){(const char *)h.b, MAC_BYTES});
}

static struct str session_binding(struct web_req *rq)
{
    return str_fmt(rq->cx.arena, "s:%lld:%lld", (long long)rq->session.id,
                   (long long)rq->session.created_at);
}

static struct str visitor_binding(struct web_req *rq, struct str cookie)
{
    return str_fmt(rq->cx.arena, "v:%.*s", F(cookie));
}

static bool good_cookie(struct str c)
{
    if (c.n != (FORM_COOKIE_BYTES * 8 + 5) / 6)
        return false;
    for (size_t i = 0; i < c.n; i++) {
        char x = c.p[i];
        if (!((x >= 'A' && x <= 'Z') || (x >= 'a' && x <= 'z') || (x >= '0' && x <= '9') ||
              x == '-' || x == '_'))
            return false;
    }
    return true;
}

static struct str binding_of(struct web_req *rq)
{
    struct cx *cx = &rq->cx;
    if (rq->has_session)
        return session_binding(rq);
    if (!good_cookie(rq->form_cookie)) {
        /* Lives with the request, not with a run that may be cut back. */
        char raw[FORM_COOKIE_BYTES];
        cx->env->random(cx->env, raw, sizeof raw);
        rq->form_cookie = rq->new_form = str_base64url(cx->arena, (struct str){raw, sizeof raw});
        rq->form_change = COOKIE_SET;
    }
    return visitor_binding(rq, rq->form_cookie);
}

/* The session may begin or end between two forms of one answer. */
static bool same_page(const struct web_req *rq, const struct page_token *p)
{
    return p->forms > 0 && p->forms < FORMS_MAX &&
           p->session == (rq->has_session ? rq->session.id : 0) &&
           (rq->has_session || p->cookie.p == rq->form_cookie.p);
}

static void begin_page(struct web_req *rq, struct page_token *p)
{
    struct str binding = binding_of(rq);
    struct str random = random_bytes(&rq->cx, RANDOM_BYTES);
    struct str mac = mac_of(rq, binding, str_until(random, PAGE_BYTES));
    *p = (struct page_token){.session = rq->has_session ? rq->session.id : 0,
                             .cookie = rq->form_cookie};
    memcpy(p->bytes, random.p, RANDOM_BYTES);
    memcpy(p->bytes + RANDOM_BYTES, mac.p, MAC_BYTES);
}

struct str token_new(struct web_req *rq)
{
    struct page_token *p = &rq->page_token;
    if (!same_page(rq, p))
        begin_page(rq, p);
    p->bytes[PAGE_BYTES]++; /* from wherever it began, around */
    p->forms++;
    return str_base64url(rq->cx.arena, (struct str){p->bytes, sizeof p->bytes});
}

struct str web_token(struct cx *cx)
{
    struct web_req *rq = web_current(cx);
    MUST(!rq || !rq->keeping); /* a token is one person's, used once */
    return rq ? token_new(rq) : S("");
}

bool token_check(struct web_req *rq, struct str token)
{
    struct cx *cx = &rq->cx;
    struct str raw;
    if (token.n > 64 || !str_unbase64url(cx->arena, token, &raw) ||
        raw.n != RANDOM_BYTES + MAC_BYTES)
        return false;
    struct str random = str_until(raw, RANDOM_BYTES), mac = str_from(raw, RANDOM_BYTES);
    struct str page = str_until(random, PAGE_BYTES);
    bool ok = false;
    if (rq->has_session)
        ok = equal_in_constant_time(mac, mac_of(rq, session_binding(rq), page));
    /* A form drawn before signing in is still this browser's. */
    if (!ok && good_cookie(rq->form_cookie))
        ok = equal_in_constant_time(mac, mac_of(rq, visitor_binding(rq, rq->form_cookie), page));
    if (!ok)
        return false;
    struct hash h = sha256_2(S("form:"), random);
    rq->token_hash = str_dup(cx->arena, HASH_STR(h));
    return true;
}
