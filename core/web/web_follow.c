/*
 * web_follow.c - may whoever follows a stream still do so?
 *
 * A stream is of one session, and goes on as long as that gives what it gave when the stream was
 * opened: the same account in the same unit, not locked, with the same rights and reach. Anything
 * else ends it, and the browser's next request is asked anew. The rows of sessions are read at
 * each look, many in a statement; rights only when what they are made from has moved
 * (web_set_identity_of) or a day has begun.
 */
#include "kept/kept.h"
#include "web_store.h"

#define AT_ONCE 50 /* sessions in a statement */

/* What this actor may by this right, as one hash. */
static struct hash may_of(struct cx *cx, const struct actor *a, const struct scope *s)
{
    return sha256(str_fmt(cx->arena, "%lld %lld %lld %llx %d %lld %lld %lld %.*s %.*s",
                          (long long)a->account, (long long)a->person, (long long)a->unit,
                          (unsigned long long)a->grants_key, (int)s->kind, (long long)s->account,
                          (long long)s->person, (long long)s->unit, F(s->unit_path),
                          F(s->area_path)));
}

struct follower follow_begin(struct web_req *rq)
{
    const struct actor *a = rq->cx.actor;
    if (a->session == 0)
        return (struct follower){0}; /* a visitor sees what anyone may */
    return (struct follower){.right = rq->route->right,
                             .session = a->session,
                             .unit = rq->session.unit,
                             .may = may_of(&rq->cx, a, &rq->cx.scope)};
}

/* ---- the session ---- */

static bool stands(const struct cx *cx, const struct web_session *s, const struct follower *f)
{
    return s->id == f->session && s->ends_at > cx->now && !s->locked &&
           cx->now - s->seen_at <= IDLE_LOCK_MS && s->unit == f->unit;
}

static enum err check_sessions(struct cx *cx, struct follower *const *f, size_t n)
{
    struct web_session found[AT_ONCE];
    int64_t ids[AT_ONCE];
    size_t found_n;
    for (size_t i = 0; i < n; i++)
        ids[i] = f[i]->session;
    TRY(session_store_many(cx, ids, n, found, &found_n));
    for (size_t i = 0; i < n; i++) {
        const struct web_session *s = NULL;
        for (size_t k = 0; k < found_n && !s; k++)
            s = found[k].id == f[i]->session ? &found[k] : NULL;
        f[i]->account = s ? s->account : 0;
        f[i]->ended = f[i]->session && (!s || !stands(cx, s, f[i]));
    }
    return OK;
}

/* ---- the right ---- */

/* What stands for everything that rights are made from; empty: nobody says what that is. */
static enum err version_now(struct cx *cx, struct str *out)
{
    *out = S("");
    if (!web_identity_of)
        return OK;
    TRY(kept_version(cx, web_identity_of, out));
    *out = str_fmt(cx->arena, "%lld %.*s", (long long)day_of(cx->now), F(*out));
    MUST(out->n < sizeof((struct follower *)NULL)->version);
    return OK;
}

static enum err still_may(struct cx *cx, const struct follower *f, bool *may)
{
    struct actor a = actor_anonymous;
    struct scope scope;
    *may = false;
    enum err e = web_identity_load ? web_identity_load(cx, f->account, f->unit, &a) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND)
        return OK; /* closed */
    TRY(e);
    const struct actor *const program = cx->actor;
    cx->actor = &a;
    *may = !a.unready && right_granted(cx, f->right, &scope, NULL);
    cx->actor = program;
    if (!*may)
        return OK;
    const struct hash now = may_of(cx, &a, &scope);
    *may = memcmp(&now, &f->may, sizeof now) == 0;
    return OK;
}

static enum err check_right(struct cx *cx, struct follower *f, struct str version)
{
    bool may;
    if (version.n && str_eq(version, (struct str){f->version, f->version_n}))
        return OK;
    const struct arena_mark here = arena_here(cx->arena);
    TRY(still_may(cx, f, &may));
    arena_back(cx->arena, here);
    f->ended = !may;
    memcpy(f->version, version.p, f->version_n = version.n);
    return OK;
}

enum err follow_check(struct cx *cx, struct follower *const *f, size_t n)
{
    struct str version;
    TRY(version_now(cx, &version));
    for (size_t i = 0; i < n; i += AT_ONCE)
        TRY(check_sessions(cx, f + i, n - i < AT_ONCE ? n - i : AT_ONCE));
    for (size_t i = 0; i < n; i++)
        if (f[i]->session && !f[i]->ended)
            TRY(check_right(cx, f[i], version));
    return OK;
}
