/*
 * web_run.c - a request in its lanes, up to the answer: GET, refusals, the gate of uploads.
 *
 * A GET runs in READ, or in SLOW; what it owes is committed first; then the answer. Each run
 * function may run twice (the lanes retry), so it begins by forgetting what it left.
 */
#include "web_inside.h"

#include "html/html.h"

#define SPARE_ARENA ((size_t)4 << 20)

void run_forget(struct web_req *rq)
{
    if (rq->res.file)
        file_reader_free(rq->res.file);
    rq->res = (struct web_res){.body = html_start(&rq->cx)};
    rq->errors = rq->body_errors;
    rq->errors.cap = rq->errors.n; /* what is added goes to memory of this run */
    rq->session_change = rq->form_change = rq->toast_change = COOKIE_KEEP;
    rq->form_cookie = rq->form_cookie_sent;
    rq->again = rq->keeping = false;
    rq->token_mark = S("");
    rq->page_token.forms = 0;
    rq->session_touch = 0;
    rq->cx.before_answer = NULL;
    rq->cx.err = OK;
    rq->cx.why = rq->cx.field = S("");
}

/* The sentence of a refusal, if it is for the person. */
struct str run_sentence(struct web_req *rq, enum err e)
{
    return e <= ERR_LIMIT && rq->cx.err == e ? rq->cx.why : S("");
}

/* What this run owes joins what earlier runs of the request owe; newest first. It stays owed until
 * a transaction that wrote it is committed, however the request goes on. */
static void run_collect(struct web_req *rq)
{
    struct cx_before **end = &rq->cx.before_answer;
    while (*end)
        end = &(*end)->next;
    *end = rq->owed;
    rq->owed = rq->cx.before_answer;
    rq->cx.before_answer = NULL;
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
    run_collect(rq);
    rq->after(rq, came);
    request_drop(rq);
}

void run_submit(struct web_req *rq, enum lane lane, enum err (*run)(struct cx *cx, void *arg),
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

static uint64_t mixed(uint64_t h, uint64_t more)
{
    h = (h ^ more) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ h >> 29;
}

/* What a value asks of the database, roughly: a code by how much of it was typed, a choice by its
 * length and first letter, several words alike. */
static uint64_t shape_of(struct str value)
{
    bool digit = false, space = false;
    for (size_t i = 0; i < value.n; i++) {
        digit |= value.p[i] >= '0' && value.p[i] <= '9';
        space |= value.p[i] == ' ';
    }
    if (space || value.n == 0)
        return space;
    return 2 + digit + (uint64_t)(unsigned char)value.p[0] * 4 +
           (value.n < 64 ? value.n : 64) * 1024;
}

/* Requests of one kind take about as long: the route, what is asked of it. */
static uint64_t kind_of(const struct web_req *rq)
{
    uint64_t h = mixed(0, (uint64_t)(uintptr_t)rq->route);
    for (size_t i = 0; i < rq->query_n; i++) {
        const struct web_value *v = &rq->query[i];
        for (size_t k = 0; k < v->name.n; k++)
            h = mixed(h, (unsigned char)v->name.p[k]);
        h = mixed(h, shape_of(v->value));
    }
    return h;
}

/* READ in this thread if it can be, else SLOW. */
static void run_read_lane(struct web_req *rq, bool slow, enum err (*run)(struct cx *cx, void *arg),
                          void (*after)(struct web_req *rq, enum err came))
{
    bool again = slow;
    rq->run = run;
    enum err e = OK;
    if (!again)
        e = lane_read_kind(rq->web->env->lanes, &rq->cx, kind_of(rq), in_thread, rq, &again);
    if (again) {
        run_submit(rq, LANE_SLOW, run, after);
        return;
    }
    run_collect(rq);
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
void run_broken(struct web_req *rq, enum err came)
{
    rq->outcome = came == ERR_BUSY ? ERR_BUSY : ERR_IO;
    rq->res.toast = rq->token_mark = S("");
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

enum err run_draw_answer(struct cx *cx, void *arg)
{
    struct web_req *rq = arg, *before = web_enter(rq);
    (void)cx;
    answer_page(rq);
    web_leave(before);
    return OK;
}

/* Oldest first. */
enum err run_all_owed(struct cx *cx, const struct cx_before *newest)
{
    if (!newest)
        return OK;
    TRY(run_all_owed(cx, newest->next));
    const struct actor *now = cx->actor;
    cx->actor = newest->actor;
    enum err e = newest->fn(cx, newest->arg);
    cx->actor = now;
    return e;
}

static enum err run_owed(struct cx *cx, void *arg)
{
    return run_all_owed(cx, ((struct web_req *)arg)->owed);
}

static void after_owed(struct web_req *rq, enum err came)
{
    if (came == OK)
        answer_send(rq);
    else
        run_broken(rq, came);
}

void run_after_read(struct web_req *rq, enum err came)
{
    if (came != OK) {
        run_broken(rq, came);
        return;
    }
    if (rq->owed)
        run_submit(rq, LANE_WRITE, run_owed, after_owed);
    else
        answer_send(rq);
}

/* ---- GET ---- */

static enum err run_get(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    run_forget(rq);
    TRY(session_load(rq));
    if (gate_pass(rq) != GATE_OPEN)
        return OK;
    enum err e = rq->route->kept ? run_kept(cx, rq) : rq->route->show(cx, rq, &rq->res);
    if (e == ERR_BUSY || (e == ERR_IO && db_doomed(cx)))
        return e; /* the lane may run it again, in SLOW */
    if (e != OK)
        answer_error(rq, status_of(e), run_sentence(rq, e));
    else
        answer_page(rq);
    return db_doomed(cx) ? ERR_IO : OK; /* a count of the frame took too long for this lane */
}

enum err run_refused(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    (void)cx;
    run_forget(rq);
    TRY(session_load(rq));
    answer_error(rq, rq->refusal.status, rq->refusal.sentence);
    return OK;
}

void run_refuse(struct web_req *rq, int status, struct str sentence)
{
    rq->refusal = (struct refusal){status, sentence};
    run_read_lane(rq, false, run_refused, run_after_read);
}

void run_get_start(struct web_req *rq)
{
    run_read_lane(rq, rq->route->lane == LANE_SLOW, run_get, run_after_read);
}

/* ---- before an upload's body ---- */

static enum err run_gate_read(struct cx *cx, void *arg)
{
    struct web_req *rq = arg;
    run_forget(rq);
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
        rq->refusal = (struct refusal){status_of(came), run_sentence(rq, came)};
        run_submit(rq, LANE_SLOW, run_refused, run_after_read);
    } else if (came != OK || rq->next == NEXT_ANSWER) {
        run_after_read(rq, came);
    }
    rq->gate_ready(rq);
}

void run_gate(struct web_req *rq, void (*ready)(struct web_req *rq))
{
    rq->gate_ready = ready;
    if (rq->parts)
        run_read_lane(rq, false, run_gate_read, after_gate);
    else
        ready(rq);
}
