/*
 * web_post.c - a POST: prepare in SLOW, write in WRITE, the answer after the commit. A refusal
 * draws the form again, in SLOW.
 */
#include "web_inside.h"

#include "html/html.h"

#define BODY_IN_LOOP_MAX ((size_t)64 * 1024)
#define RECHECK_MS 500 /* a right revoked while a POST waited is asked again */

static enum err redraw(struct web_req *rq)
{
    struct cx *cx = &rq->cx;
    rq->res = (struct web_res){.body = html_start(cx), .status = status_of(rq->outcome)};
    rq->again = true;
    cx->err = rq->outcome;
    cx->why = rq->outcome_why;
    cx->field = rq->outcome_field;
    enum err e = rq->draw(cx, rq, &rq->res);
    if (e == OK)
        answer_page(rq);
    else
        answer_error(rq, status_of(e), run_sentence(rq, e));
    return OK;
}

static bool may_redraw(struct web_req *rq, enum err e)
{
    return rq->draw && (e == ERR_INVALID || e == ERR_CONFLICT || e == ERR_LIMIT);
}

/* Keeps what a handler refused with: the next run forgets cx's. */
static void keep_outcome(struct web_req *rq, enum err e)
{
    rq->outcome = e;
    rq->outcome_why = run_sentence(rq, e);
    rq->outcome_field = rq->cx.err == e ? rq->cx.field : S("");
    rq->outcome_errors = rq->errors;
}

static enum err refused(struct web_req *rq, enum err e)
{
    keep_outcome(rq, e);
    if (may_redraw(rq, e))
        return redraw(rq);
    answer_error(rq, status_of(e), rq->outcome_why);
    return OK;
}

/* An API call may bring a key of its own; forms always carry their token. */
static bool take_token(struct web_req *rq)
{
    rq->token_hash = S("");
    if (!rq->is_api)
        return token_check(rq, web_form(rq, "_token"));
    struct str key = http_header(&rq->http, S("Idempotency-Key"));
    if (key.n == 0)
        return true;
    struct hash h = sha256(str_fmt(rq->cx.arena, "api:%lld:%s:%.*s", (long long)rq->actor.account,
                                   rq->route->path, F(str_until(key, 200))));
    rq->token_hash = str_dup(rq->cx.arena, HASH_STR(h));
    return true;
}

static enum err run_prepare(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    run_forget(rq);
    rq->next = NEXT_ANSWER;
    rq->draw = NULL;
    rq->kept = NULL;
    TRY(session_load(rq));
    if (!take_token(rq)) {
        answer_error(rq, 403,
                     tr(cx, S(T("Biểu mẫu này đã hết hạn hoặc không được gửi từ trang của "
                                "chúng tôi. Mở lại trang rồi gửi lại."))));
        return OK;
    }
    TRY(once_known(cx, rq, &rq->known));
    enum gate gate = gate_pass(rq);
    if (gate != GATE_OPEN) {
        rq->next = gate == GATE_LATER ? NEXT_LATER : NEXT_ANSWER;
        return OK;
    }
    enum err e = OK;
    if (!rq->known && rq->route->prepare)
        e = rq->route->prepare(cx, rq, &rq->res);
    if (e == OK && !rq->known)
        e = web_refuse(cx, rq); /* a file that could not be taken, an error nobody returned */
    if (e == ERR_BUSY || e == ERR_IO)
        return e;
    if (e != OK)
        return refused(rq, e);
    rq->had_session = rq->has_session;
    rq->session_before = rq->session;
    rq->touch_before = rq->session_touch;
    rq->prepared_at = cx->env->clock(cx->env);
    rq->next = NEXT_WRITE;
    return OK;
}

/* Nothing that was asked before the wait may have changed. */
static enum err ask_again(struct web_req *rq, bool *open)
{
    struct cx *cx = &rq->cx;
    *open = true;
    if (cx->env->clock(cx->env) - rq->prepared_at < RECHECK_MS)
        return OK;
    TRY(session_load(rq));
    *open = gate_pass(rq) == GATE_OPEN;
    return OK;
}

static enum err run_write(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    bool open, first;
    run_forget(rq);
    rq->session_touch = rq->touch_before;
    rq->has_session = rq->had_session;
    rq->session = rq->session_before;
    rq->in_write = true;
    rq->answered_early = false;
    TRY(ask_again(rq, &open));
    TRY(run_all_owed(cx, rq->owed));
    if (!open) {
        rq->answered_early = true;
        return OK;
    }
    TRY(once_claim(cx, rq, &first));
    if (!first)
        return once_replay(cx, rq);
    if (rq->known)
        return fail(cx, ERR_BUSY, "the kept answer of a form was swept while it was sent again");
    TRY(rq->route->write(cx, rq, &rq->res));
    TRY(run_all_owed(cx, cx->before_answer));
    if (rq->session_touch && rq->session_change == COOKIE_KEEP)
        TRY(session_seen_at(cx, rq->session.id, rq->session_touch));
    rq->session_touch = 0;
    return once_keep(cx, rq);
}

static enum err run_redraw(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    (void)cx;
    run_forget(rq);
    TRY(session_load(rq));
    rq->errors = rq->outcome_errors;
    if (gate_pass(rq) != GATE_OPEN)
        return OK;
    return redraw(rq);
}

static void after_written(struct web_req *rq, enum err came)
{
    rq->in_write = false;
    if (came == OK) {
        rq->owed = NULL; /* committed with the write */
        if (!rq->answered_early && cx_guard(&rq->cx, run_draw_answer, rq) != OK)
            run_broken(rq, ERR_IO);
        else
            answer_send(rq);
        return;
    }
    if (came == ERR_BUSY || came == ERR_IO) {
        run_broken(rq, came);
        return;
    }
    keep_outcome(rq, came);
    rq->res.toast = S("");
    if (may_redraw(rq, came)) {
        run_submit(rq, LANE_SLOW, run_redraw, run_after_read);
        return;
    }
    rq->refusal = (struct refusal){status_of(came), rq->outcome_why};
    run_submit(rq, LANE_SLOW, run_refused, run_after_read);
}

static enum err run_later(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    run_forget(rq);
    TRY(session_load(rq));
    return pending_save(cx, rq);
}

static void after_prepared(struct web_req *rq, enum err came)
{
    if (came != OK)
        run_broken(rq, came);
    else if (rq->next == NEXT_WRITE)
        run_submit(rq, LANE_WRITE, run_write, after_written);
    else if (rq->next == NEXT_LATER)
        run_submit(rq, LANE_WRITE, run_later, run_after_read);
    else
        run_after_read(rq, OK);
}

static enum err run_body(struct cx *cx, void *arg)
{
    (void)cx;
    return body_end(arg);
}

static void after_body(struct web_req *rq, enum err came)
{
    if (rq->refusal.status)
        run_submit(rq, LANE_SLOW, run_refused, run_after_read);
    else if (came != OK)
        run_broken(rq, came);
    else
        run_submit(rq, LANE_SLOW, run_prepare, after_prepared);
}

void run_post(struct web_req *rq)
{
    /* A small form is read here; files and long bodies wait for the disk or take their time. */
    if (rq->parts || rq->body.n > BODY_IN_LOOP_MAX)
        run_submit(rq, LANE_SLOW, run_body, after_body);
    else
        after_body(rq, cx_guard(&rq->cx, run_body, rq));
}
