/*
 * web_run.c - the way of a request: head, lanes, answer.
 *
 *   GET   run_get in READ, or in SLOW; what it owes is committed first; answer
 *   POST  run_prepare in SLOW, then run_write in WRITE, the answer after the commit.
 *         A refusal draws the form again, in SLOW.
 *
 * Each run function may run twice (the lanes retry), so it begins by forgetting what it left.
 */
#include "web_inside.h"

#include "html/html.h"

#define BODY_IN_LOOP_MAX ((size_t)64 * 1024)
#define RECHECK_MS 500 /* a right revoked while a POST waited is asked again */
#define SPARE_ARENA ((size_t)4 << 20)

static void forget_run(struct web_req *rq)
{
    if (rq->res.file)
        file_reader_free(rq->res.file);
    rq->res = (struct web_res){.body = html_start(&rq->cx)};
    rq->errors = rq->body_errors;
    rq->errors.cap = rq->errors.n; /* what is added goes to memory of this run */
    rq->session_change = rq->form_change = rq->toast_change = COOKIE_KEEP;
    rq->form_cookie = rq->form_cookie_sent;
    rq->again = false;
    rq->session_touch = 0;
    rq->cx.before_answer = NULL;
    rq->cx.err = OK;
    rq->cx.why = rq->cx.field = S("");
}

/* The sentence of a refusal, if it is for the person. */
static struct str sentence_for(struct web_req *rq, enum err e)
{
    return e <= ERR_LIMIT && rq->cx.err == e ? rq->cx.why : S("");
}

/* ---- lanes ---- */

static enum err task_run(struct lane_task *t, struct cx *cx)
{
    struct web_req *rq = (struct web_req *)((char *)t - offsetof(struct web_req, task));
    (void)cx; /* it is &rq->cx */
    struct web_req *before = web_enter(rq);
    enum err e = rq->run(&rq->cx, rq);
    web_leave(before);
    return e;
}

static void task_done(struct lane_task *t, enum err came)
{
    struct web_req *rq = (struct web_req *)((char *)t - offsetof(struct web_req, task));
    rq->after(rq, came);
    request_drop(rq);
}

static void submit(struct web_req *rq, enum lane lane, enum err (*run)(struct cx *cx, void *arg),
                   void (*after)(struct web_req *rq, enum err came))
{
    rq->run = run;
    rq->after = after;
    rq->task = (struct lane_task){.cx = &rq->cx, .run = task_run, .done = task_done};
    request_hold(rq);
    enum err e = lane_submit(rq->web->env->lanes, lane, &rq->task);
    if (e == OK)
        return;
    after(rq, e);
    request_drop(rq);
}

static enum err in_thread(struct cx *cx, void *arg)
{
    struct web_req *rq = arg, *before = web_enter(rq);
    enum err e = rq->run(cx, rq);
    web_leave(before);
    return e;
}

/* READ in this thread if it can be, else SLOW. */
static void read_lane(struct web_req *rq, bool slow, enum err (*run)(struct cx *cx, void *arg),
                      void (*after)(struct web_req *rq, enum err came))
{
    bool again = slow;
    rq->run = run;
    enum err e = OK;
    if (!again)
        e = lane_read(rq->web->env->lanes, &rq->cx, in_thread, rq, &again);
    if (again)
        submit(rq, LANE_SLOW, run, after);
    else
        after(rq, e);
}

/* ---- the end ---- */

static enum err draw_sorry(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    (void)cx;
    struct web_req *before = web_enter(rq);
    answer_error(rq, status_of(rq->outcome), S(""));
    web_leave(before);
    return OK;
}

/* Something of ours failed: an error page from fresh memory, and if that fails too, one line. */
static void finish_broken(struct web_req *rq, enum err came)
{
    rq->outcome = came == ERR_BUSY ? ERR_BUSY : ERR_IO;
    rq->res.toast = S("");
    if (rq->res.file)
        file_reader_free(rq->res.file);
    rq->res.file = NULL;
    if (!rq->spare)
        rq->spare = arena_new(SPARE_ARENA);
    struct str why = rq->cx.why;
    if (rq->spare)
        rq->cx.arena = rq->spare;
    rq->cx.why = str_dup(rq->cx.arena, why);
    rq->session_change = rq->form_change = rq->toast_change = COOKIE_KEEP;
    if (cx_guard(&rq->cx, draw_sorry, rq) != OK)
        rq->out = (struct answer){.status = 500, .file_size = -1, .close = true};
    answer_send(rq);
}

static enum err draw_answer(struct cx *cx, void *arg)
{
    struct web_req *rq = arg, *before = web_enter(rq);
    (void)cx;
    answer_page(rq);
    web_leave(before);
    return OK;
}

static enum err run_list(struct cx *cx, const struct cx_before *b)
{
    for (; b; b = b->next)
        TRY(b->fn(cx, b->arg));
    return OK;
}

static enum err run_owed(struct cx *cx, void *arg)
{
    return run_list(cx, ((struct web_req *)arg)->owed);
}

static void after_owed(struct web_req *rq, enum err came)
{
    if (came == OK)
        answer_send(rq);
    else
        finish_broken(rq, came);
}

/* Oldest first. */
static struct cx_before *turned(struct cx_before *newest)
{
    struct cx_before *list = NULL;
    while (newest) {
        struct cx_before *next = newest->next;
        newest->next = list;
        list = newest;
        newest = next;
    }
    return list;
}

static void after_read(struct web_req *rq, enum err came)
{
    if (came != OK) {
        finish_broken(rq, came);
        return;
    }
    rq->owed = turned(rq->cx.before_answer);
    rq->cx.before_answer = NULL;
    if (rq->owed)
        submit(rq, LANE_WRITE, run_owed, after_owed);
    else
        answer_send(rq);
}

/* ---- GET ---- */

static enum err run_get(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    forget_run(rq);
    TRY(session_load(rq));
    if (gate_pass(rq) != GATE_OPEN)
        return OK;
    enum err e = rq->route->show(cx, rq, &rq->res);
    if (e == ERR_BUSY || (e == ERR_IO && db_doomed(cx)))
        return e; /* the lane may run it again, in SLOW */
    if (e != OK)
        answer_error(rq, status_of(e), sentence_for(rq, e));
    else
        answer_page(rq);
    return OK;
}

static enum err run_refused(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    (void)cx;
    forget_run(rq);
    TRY(session_load(rq));
    answer_error(rq, rq->refusal.status, rq->refusal.sentence);
    return OK;
}

void run_refuse(struct web_req *rq, int status, struct str sentence)
{
    rq->refusal = (struct refusal){status, sentence};
    read_lane(rq, false, run_refused, after_read);
}

void run_get_start(struct web_req *rq)
{
    read_lane(rq, rq->route->lane == LANE_SLOW, run_get, after_read);
}

/* ---- POST ---- */

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
        answer_error(rq, status_of(e), sentence_for(rq, e));
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
    rq->outcome_why = sentence_for(rq, e);
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

enum { NEXT_ANSWER, NEXT_WRITE, NEXT_LATER };

static enum err run_prepare(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    forget_run(rq);
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
    rq->owed = turned(cx->before_answer);
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
    forget_run(rq);
    rq->session_touch = rq->touch_before;
    rq->has_session = rq->had_session;
    rq->session = rq->session_before;
    rq->in_write = true;
    rq->answered_early = false;
    TRY(ask_again(rq, &open));
    if (!open) {
        rq->answered_early = true;
        return OK;
    }
    TRY(once_claim(cx, rq, &first));
    if (!first)
        return once_replay(cx, rq);
    if (rq->known)
        return fail(cx, ERR_BUSY, "the kept answer of a form was swept while it was sent again");
    TRY(run_owed(cx, rq));
    cx->before_answer = NULL;
    TRY(rq->route->write(cx, rq, &rq->res));
    rq->owed_by_write = turned(cx->before_answer);
    TRY(run_list(cx, rq->owed_by_write));
    if (rq->session_touch && rq->session_change == COOKIE_KEEP)
        TRY(session_seen_at(cx, rq->session.id, rq->session_touch));
    rq->session_touch = 0;
    return once_keep(cx, rq);
}

static enum err run_redraw(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    (void)cx;
    forget_run(rq);
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
        rq->cx.before_answer = NULL;
        if (!rq->answered_early && cx_guard(&rq->cx, draw_answer, rq) != OK)
            finish_broken(rq, ERR_IO);
        else
            answer_send(rq);
        return;
    }
    if (came == ERR_BUSY || came == ERR_IO) {
        finish_broken(rq, came);
        return;
    }
    keep_outcome(rq, came);
    rq->res.toast = S("");
    if (may_redraw(rq, came)) {
        submit(rq, LANE_SLOW, run_redraw, after_read);
        return;
    }
    rq->refusal = (struct refusal){status_of(came), rq->outcome_why};
    submit(rq, LANE_SLOW, run_refused, after_read);
}

static enum err run_later(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    forget_run(rq);
    TRY(session_load(rq));
    return pending_save(cx, rq);
}

static void after_prepared(struct web_req *rq, enum err came)
{
    if (came != OK)
        finish_broken(rq, came);
    else if (rq->next == NEXT_WRITE)
        submit(rq, LANE_WRITE, run_write, after_written);
    else if (rq->next == NEXT_LATER)
        submit(rq, LANE_WRITE, run_later, after_read);
    else
        after_read(rq, OK);
}

static enum err run_body(struct cx *cx, void *arg)
{
    (void)cx;
    return body_end(arg);
}

static void after_body(struct web_req *rq, enum err came)
{
    if (rq->refusal.status)
        submit(rq, LANE_SLOW, run_refused, after_read);
    else if (came != OK)
        finish_broken(rq, came);
    else
        submit(rq, LANE_SLOW, run_prepare, after_prepared);
}

void run_post(struct web_req *rq)
{
    /* A small form is read here; files and long bodies wait for the disk or take their time. */
    if (rq->parts || rq->body.n > BODY_IN_LOOP_MAX)
        submit(rq, LANE_SLOW, run_body, after_body);
    else
        after_body(rq, cx_guard(&rq->cx, run_body, rq));
}

/* ---- before an upload's body ---- */

static enum err run_gate_read(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    forget_run(rq);
    rq->next = NEXT_ANSWER;
    TRY(session_load(rq));
    enum gate gate = gate_pass(rq);
    if (gate == GATE_ANSWERED)
        return OK;
    rq->next = NEXT_WRITE;
    rq->upload_key = random_bytes(cx, SEAL_KEY_BYTES); /* of a locked session: dropped anyway */
    if (gate == GATE_LATER)
        return OK;
    if (rq->route->upload_owner)
        TRY(rq->route->upload_owner(cx, rq, &rq->upload_owner));
    else
        TRY(web_subject(cx, &rq->upload_owner));
    if (rq->upload_owner)
        return vault_subject_key(cx, rq->upload_owner, &rq->upload_key);
    rq->upload_key = vault_secret(cx, S("web.upload"));
    return OK;
}

static void after_gate(struct web_req *rq, enum err came)
{
    if (came != OK && came != ERR_BUSY && came != ERR_IO) {
        rq->refusal = (struct refusal){status_of(came), sentence_for(rq, came)};
        submit(rq, LANE_SLOW, run_refused, after_read);
    } else if (came != OK || rq->next == NEXT_ANSWER) {
        after_read(rq, came);
    }
    rq->gate_ready(rq);
}

void run_gate(struct web_req *rq, void (*ready)(struct web_req *rq))
{
    rq->gate_ready = ready;
    if (rq->parts)
        read_lane(rq, false, run_gate_read, after_gate);
    else
        ready(rq);
}
