/*
 * web_once.c - once only: the answer of each POST is kept under its form token, in the same
 * transaction as what it did. Whoever sends the form again gets that answer and nothing is done.
 */
#include "web_store.h"

#define BODY_KEPT_MAX ((size_t)256 * 1024)
#define REISSUE_MS (10 * MINUTE_MS)

static const struct str about = {"web_answer.answer", 17};

enum err once_claim(struct cx *cx, struct web_req *rq, bool *first)
{
    *first = true;
    if (rq->token_hash.n == 0)
        return OK;
    return answer_store_claim(cx, rq->token_hash, str_c(rq->route->path), first);
}

enum err once_known(struct cx *cx, struct web_req *rq, bool *known)
{
    struct kept_answer kept;
    *known = false;
    if (rq->token_hash.n == 0)
        return OK;
    enum err e = answer_store_find(cx, rq->token_hash, &kept);
    *known = e == OK;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err once_keep(struct cx *cx, struct web_req *rq)
{
    if (rq->token_hash.n == 0)
        return OK;
    const struct web_res *rs = &rq->res;
    struct buf b = {.arena = cx->arena, .limit = BODY_KEPT_MAX * 2};
    struct json_out o = {.to = &b};
    MUST(rs->bytes.n <= BODY_KEPT_MAX && rs->file == NULL); /* what a POST answers is short */
    json_open_object(&o);
    json_str(&o, S("see_other"), rs->instead.n ? rs->instead : rs->see_other);
    json_str(&o, S("toast"), rs->toast);
    json_str(&o, S("title"), rs->title);
    json_str(&o, S("content_type"), rs->content_type);
    json_str(&o, S("bytes"), str_base64url(cx->arena, rs->bytes));
    json_str(&o, S("body"), rs->instead.n ? S("") : buf_str(&rs->body.to));
    json_close_object(&o);
    MUST(!b.full);
    bool began = rq->session_change == COOKIE_SET;
    const struct kept_answer kept = {
        .status = rs->instead.n     ? 303
                  : rs->status      ? rs->status
                  : rs->see_other.n ? 303
                                    : 200,
        .session = began ? rq->session.id : 0,
        .sealed = seal(cx, rq->web->answer_key, about, buf_str(&b)),
    };
    return answer_store_keep(cx, rq->token_hash, &kept);
}

enum err once_replay(struct cx *cx, struct web_req *rq)
{
    struct kept_answer kept;
    struct str plain;
    const struct json *j;
    struct json_error bad;
    TRY(answer_store_find(cx, rq->token_hash, &kept));
    TRY(unseal(cx, rq->web->answer_key, about, kept.sealed, &plain));
    if (json_read(cx->arena, plain, &j, &bad) != OK)
        return fail(cx, ERR_IO, "a kept answer is not JSON");
    struct web_res *rs = &rq->res;
    rs->status = kept.status;
    rs->see_other = json_text(json_get(j, S("see_other")));
    rs->toast = json_text(json_get(j, S("toast")));
    rs->title = json_text(json_get(j, S("title")));
    rs->content_type = json_text(json_get(j, S("content_type")));
    if (!str_unbase64url(cx->arena, json_text(json_get(j, S("bytes"))), &rs->bytes))
        return fail(cx, ERR_IO, "a kept answer is not base64url");
    buf_add(&rs->body.to, json_text(json_get(j, S("body"))));
    rq->replayed = true;
    atomic_fetch_add(&rq->web->replays, 1);
    /* The token itself was never kept: a browser that lost the first answer gets a new one. */
    const bool lost =
        !rq->has_session || (rq->session.id == kept.session && rq->session.by_previous);
    if (kept.session && lost && cx->now - kept.kept_at < REISSUE_MS)
        return session_reissue(cx, rq, kept.session);
    return OK;
}
