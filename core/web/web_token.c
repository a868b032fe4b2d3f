/*
 * web_token.c - form tokens: a random number and a MAC that ties it to who was shown the form.
 *
 * The random half makes each drawn form its own, so that it is the idempotency key of one POST.
 * The MAC half binds it to the session (its row, which a new password check does not change), or
 * for visitors to a random cookie: another site knows neither.
 */
#include "web_inside.h"

#define RANDOM_BYTES 16
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

struct str token_new(struct web_req *rq)
{
    struct cx *cx = &rq->cx;
    struct str binding;
    if (rq->has_session) {
        binding = session_binding(rq);
    } else {
        if (!good_cookie(rq->form_cookie)) {
            /* Lives with the request, not with a run that may be cut back. */
            char raw[FORM_COOKIE_BYTES];
            cx->env->random(cx->env, raw, sizeof raw);
            rq->form_cookie = rq->new_form =
                str_base64url(cx->arena, (struct str){raw, sizeof raw});
            rq->form_change = COOKIE_SET;
        }
        binding = visitor_binding(rq, rq->form_cookie);
    }
    struct str random = random_bytes(cx, RANDOM_BYTES), mac = mac_of(rq, binding, random);
    struct str both[] = {random, mac};
    return str_base64url(cx->arena, str_join(cx->arena, both, 2, S("")));
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
    bool ok = false;
    if (rq->has_session)
        ok = equal_in_constant_time(mac, mac_of(rq, session_binding(rq), random));
    /* A form drawn before signing in is still this browser's. */
    if (!ok && good_cookie(rq->form_cookie))
        ok = equal_in_constant_time(mac, mac_of(rq, visitor_binding(rq, rq->form_cookie), random));
    if (!ok)
        return false;
    struct hash h = sha256_2(S("form:"), random);
    rq->token_hash = str_dup(cx->arena, HASH_STR(h));
    return true;
}
