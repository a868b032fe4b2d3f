/* web_session.c - sessions: the cookie, the row, the actor; drafts that outlive them. */
#include "web_store.h"

#include "kept/kept.h"

#define TOKEN_BYTES 32
#define TOKEN_CHARS 43
#define PREV_MS MINUTE_MS /* an answer that was lost on the way must not sign a person out */
#define DRAFT_MAX ((size_t)256 * 1024)
#define DRAFTS_MAX 50

struct str web_session_cookie_name(const struct web_req *rq)
{
    return rq->http.tls ? S("__Host-tinhso") : S("tinhso");
}

static struct str hash_of_token(struct cx *cx, struct str token)
{
    struct hash h = sha256(token);
    return str_dup(cx->arena, HASH_STR(h));
}

/* The row, as long as nobody has committed anything since this thread read it: who ends a session
 * commits. One found by the token before is good for a time only, and is read each time. */
static enum err find_session(struct cx *cx, struct str token_hash, struct web_session *out)
{
    char about[8 + sizeof(struct hash)] = "session ";
    struct str known;
    MUST(token_hash.n == sizeof(struct hash));
    memcpy(about + 8, token_hash.p, token_hash.n);
    const struct str key = {about, sizeof about};
    if (kept_lately(cx, key, &known)) {
        memcpy(out, known.p, sizeof *out);
        return OK;
    }
    TRY(session_store_find(cx, token_hash, out));
    MUST(out->device.n == 0); /* what is kept points nowhere */
    if (!out->by_previous)
        kept_for_now(cx, key, (struct str){(const char *)out, sizeof *out});
    return OK;
}

/* Who the request is from. A token that is unknown, ended, or of a closed account is a visitor's.
 */
enum err session_load(struct web_req *rq)
{
    struct cx *cx = &rq->cx;
    rq->has_session = rq->unready = false;
    rq->waiting = (struct web_session){0};
    rq->actor = actor_anonymous;
    cx->actor = &rq->actor;
    if (rq->session_cookie.n != TOKEN_CHARS)
        return OK;
    enum err e = find_session(cx, hash_of_token(cx, rq->session_cookie), &rq->session);
    if (e == ERR_NOT_FOUND || (e == OK && rq->session.ends_at <= cx->now)) {
        rq->session_change = COOKIE_CLEAR;
        return OK;
    }
    TRY(e);
    if (rq->session.assurance == ASSURANCE_WAITING) { /* still a visitor */
        rq->waiting = rq->session;
        return OK;
    }
    struct web_session *s = &rq->session;
    struct actor loaded = actor_anonymous;
    e = web_identity_load ? web_identity_load(cx, s->account, s->unit, &loaded) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND) {
        rq->session_change = COOKIE_CLEAR;
        return OK;
    }
    TRY(e);
    rq->has_session = true;
    s->locked = s->locked || cx->now - s->seen_at > IDLE_LOCK_MS;
    /* A locked session is nobody's until the password is given again. */
    if (s->locked)
        return OK;
    rq->unready = loaded.unready;
    if (rq->unready && !(rq->route && rq->route->first))
        return OK;
    rq->actor = loaded;
    rq->actor.session = s->id;
    rq->actor.assurance = s->assurance;
    if (cx->now - s->seen_at >= SEEN_EVERY_MS && !(rq->route && rq->route->quiet))
        rq->session_touch = cx->now;
    return OK;
}

int64_t web_session_account(const struct web_req *rq)
{
    return rq->has_session ? rq->session.account : 0;
}

bool web_session_locked(const struct web_req *rq)
{
    return rq->has_session && rq->session.locked;
}

enum err session_seen_at(struct cx *cx, int64_t session, int64_t at)
{
    return session_store_seen(cx, session, at);
}

/* ---- beginning and ending ---- */

static struct str new_token(struct web_req *rq)
{
    struct cx *cx = &rq->cx;
    rq->session_change = COOKIE_SET;
    rq->new_session = str_base64url(cx->arena, random_bytes(cx, TOKEN_BYTES));
    return hash_of_token(cx, rq->new_session);
}

/* The same account gave its password again: the row stays, so forms that are open stay good. */
static enum err renew(struct cx *cx, struct web_req *rq, const struct session_start *start)
{
    struct web_session *s = &rq->session;
    s->seen_at = cx->now;
    if (!start->unlocks)
        s->password_at = cx->now;
    s->locked = false;
    s->assurance = start->assurance > s->assurance ? start->assurance : s->assurance;
    if (start->unit)
        s->unit = start->unit;
    return session_store_rotate(cx, s, new_token(rq), cx->now + PREV_MS);
}

/* What this browser waited with is used up: for whom it was, and once. */
static enum err end_waiting(struct cx *cx, const struct web_req *rq,
                            const struct session_start *start)
{
    bool used;
    MUST(!start->waited || rq->waiting.account == start->account);
    if (rq->waiting.id == 0)
        return OK;
    TRY(session_store_use_waiting(cx, rq->waiting.id, &used));
    return used || !start->waited
               ? OK
               : fail(cx, ERR_CONFLICT, T("Lần đăng nhập này đã hết hạn. Đăng nhập lại từ đầu."));
}

static enum err begin(struct cx *cx, struct web_req *rq, const struct session_start *start,
                      int64_t lasts)
{
    rq->session = (struct web_session){
        .account = start->account,
        .unit = start->unit,
        .assurance = start->assurance,
        .created_at = cx->now,
        .seen_at = cx->now,
        .password_at = cx->now,
        .ends_at = cx->now + lasts,
        .device = session_device(rq),
    };
    return session_store_add(cx, &rq->session, new_token(rq));
}

enum err web_session_start(struct cx *cx, struct web_req *rq, struct web_res *rs,
                           const struct session_start *start)
{
    (void)rs; /* the cookie is set with the answer */
    MUST(start->assurance > ASSURANCE_WAITING);
    if (rq->has_session && rq->session.account == start->account)
        return renew(cx, rq, start);
    if (rq->has_session)
        TRY(session_store_end(cx, rq->session.id));
    TRY(end_waiting(cx, rq, start));
    return begin(cx, rq, start, SESSION_MS);
}

enum err web_session_wait(struct cx *cx, struct web_req *rq, struct web_res *rs,
                          const struct session_start *start)
{
    struct session_start waits = *start;
    (void)rs;
    waits.assurance = ASSURANCE_WAITING;
    if (rq->has_session)
        TRY(session_store_end(cx, rq->session.id));
    TRY(end_waiting(cx, rq, &waits));
    return begin(cx, rq, &waits, WAITING_MS);
}

int64_t web_session_waiting(const struct web_req *rq, int64_t *unit)
{
    *unit = rq->waiting.unit;
    return rq->waiting.id ? rq->waiting.account : 0;
}

enum err session_reissue(struct cx *cx, struct web_req *rq, int64_t session)
{
    if (rq->has_session)
        return session_store_replace(cx, session, new_token(rq), cx->now + PREV_MS);
    rq->session = (struct web_session){.id = session};
    return session_store_reissue(cx, session, new_token(rq));
}

enum err web_session_end(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)rs;
    if (rq->waiting.id) {
        rq->session_change = COOKIE_CLEAR;
        return session_store_end(cx, rq->waiting.id);
    }
    if (!rq->has_session)
        return OK;
    rq->session_change = COOKIE_CLEAR;
    rq->has_session = false; /* a web_session_start after this begins a new one */
    return session_store_end(cx, rq->session.id);
}

enum err web_session_end_all(struct cx *cx, int64_t account)
{
    return session_store_end_all(cx, account);
}

enum err web_session_end_others(struct cx *cx, struct web_req *rq)
{
    MUST(rq->has_session);
    return session_store_end_others(cx, rq->session.account, rq->session.id);
}

enum err web_session_unit(struct cx *cx, struct web_req *rq, int64_t unit)
{
    MUST(rq->has_session);
    return session_store_unit(cx, rq->session.id, unit);
}

enum err web_session_lock(struct cx *cx, struct web_req *rq)
{
    return rq->has_session ? session_store_lock(cx, rq->session.id) : OK;
}

/* ---- drafts ---- */

enum err web_draft_save(struct cx *cx, struct str form_key, struct str json)
{
    MUST(cx->actor->account != 0 && form_key.n > 0 && form_key.n <= 200);
    if (json.n > DRAFT_MAX)
        return fail(cx, ERR_LIMIT, T("Bản nháp quá dài. Bạn rút ngắn rồi lưu lại."));
    int64_t subject;
    struct str sealed;
    TRY(web_subject(cx, &subject));
    if (subject)
        TRY(vault_seal(cx, subject, S("web_draft.content"), json, &sealed));
    else
        sealed = seal(cx, vault_secret(cx, S("web.draft")), S("web_draft.content"), json);
    TRY(draft_store_put(cx, form_key, subject, sealed));
    return draft_store_trim(cx, DRAFTS_MAX);
}

enum err web_draft_load(struct cx *cx, struct str form_key, struct str *json)
{
    int64_t subject;
    struct str sealed;
    if (cx->actor->account == 0)
        return ERR_NOT_FOUND;
    TRY(draft_store_find(cx, form_key, &subject, &sealed));
    if (subject)
        return vault_open_sealed(cx, subject, S("web_draft.content"), sealed, json);
    return unseal(cx, vault_secret(cx, S("web.draft")), S("web_draft.content"), sealed, json);
}

enum err web_draft_drop(struct cx *cx, struct str form_key)
{
    return cx->actor->account ? draft_store_drop(cx, form_key) : OK;
}
