/* notify.c - the rules of telling people, and the outbox that sends each mail at most once. */
#include "notify.h"

#include "job/job.h"
#include "journal/journal.h"
#include "json/json.h"
#include "lane/lane.h"
#include "log/log.h"
#include "notify_mailing.h"
#include "notify_message.h"
#include "notify_smtp.h"
#include "notify_store.h"

#define KIND_MAX 80
#define KEY_MAX 200
#define TITLE_MAX 300
#define BODY_MAX 4000
#define LINK_MAX 1000

static notify_address *address_of; /* identity's; set once at start */

void notify_set_address(notify_address *fn)
{
    address_of = fn;
}

/* A notice is made by our own code: what breaks these is a mistake of ours. */
static void check(const struct notice *n)
{
    MUST(n->account > 0 && n->kind.n > 0 && n->kind.n <= KIND_MAX && n->key.n <= KEY_MAX);
    MUST(n->title.n > 0 && n->title.n <= TITLE_MAX && n->body.n <= BODY_MAX &&
         n->link.n <= LINK_MAX);
    MUST(n->link.n == 0 || n->link.p[0] == '/');
}

enum err notify_send(struct cx *cx, const struct notice *n)
{
    check(n);
    int64_t id = 0;
    bool added;
    TRY(notify_store_add(cx, n, &id, &added));
    if (!added || !smtp_configured(cx))
        return OK;
    TRY(notify_store_add_mail(cx, id, message_id_of(cx, id)));
    struct str number = str_fmt(cx->arena, "%lld", (long long)id);
    struct str payload = str_fmt(cx->arena, "{\"notice\":%lld}", (long long)id);
    return job_add(cx, "notify.mail", number, S(""), payload, 0);
}

/* ---- the outbox ---- */

/* One attempt: what was found, what it came to. */
struct mailing {
    int64_t notice_id;
    struct mail mail;
    struct str to, answer;
    enum mail_state from, to_state; /* to_state 0: nothing to record */
};

static enum err load(struct cx *cx, void *arg)
{
    struct mailing *m = arg;
    struct str name;
    TRY(notify_store_mail(cx, m->notice_id, &m->mail));
    if (m->mail.state != MAIL_WAITING)
        return OK;
    enum err e = address_of ? address_of(cx, m->mail.account, &m->to, &name) : OK;
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err mark_ending(struct cx *cx, void *arg)
{
    struct mailing *m = arg;
    return notify_store_move(cx, m->notice_id, MAIL_WAITING, MAIL_ENDING, S(""));
}

/* Committed before the last dot goes out: whoever finds this state later knows not to send again.
 */
static enum err before_end(struct cx *cx, void *state)
{
    return lane_call(cx->env->lanes, LANE_WRITE, cx, mark_ending, state);
}

static enum err mark_waiting(struct cx *cx, void *arg)
{
    struct mailing *m = arg;
    return notify_store_move(cx, m->notice_id, MAIL_ENDING, MAIL_WAITING, m->answer);
}

/* The server said no to the whole: certainly not sent, so it may be tried again. */
static enum err not_sent(struct cx *cx, struct mailing *m, enum mail_state reached)
{
    if (reached == MAIL_ENDING)
        TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, mark_waiting, m));
    return fail(cx, ERR_BUSY, "smtp: %.*s", F(m->answer));
}

static enum err reload(struct cx *cx, void *arg)
{
    struct mailing *m = arg;
    return notify_store_mail(cx, m->notice_id, &m->mail);
}

static enum err send_it(struct cx *cx, struct mailing *m)
{
    const struct smtp_mail mail = {
        .to = m->to,
        .text = message_text(cx, &m->mail, m->to),
        .before_end = before_end,
        .state = m,
    };
    enum smtp_outcome outcome = smtp_send(cx, &mail, &m->answer);
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, reload, m));
    m->from = m->mail.state;
    if (outcome == SMTP_NOT_SENT)
        return not_sent(cx, m, m->from);
    m->to_state = outcome == SMTP_SENT      ? MAIL_SENT
                  : outcome == SMTP_REFUSED ? MAIL_REFUSED
                                            : MAIL_UNCERTAIN;
    return OK;
}

static enum err mail_act(struct cx *cx, const struct job *j, void **result)
{
    struct mailing *m = NEW(cx->arena, struct mailing);
    const struct json *payload;
    *result = m;
    TRY(json_read(cx->arena, j->payload, &payload, &(struct json_error){0}));
    m->notice_id = json_int(json_get(payload, S("notice")), 0);
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, load, m));
    m->from = m->mail.state;
    if (m->mail.state == MAIL_ENDING) { /* an attempt ended without telling us how */
        m->to_state = MAIL_UNCERTAIN;
        m->answer = S("an attempt was cut off at its end");
        return OK;
    }
    if (m->mail.state != MAIL_WAITING)
        return OK;
    if (!smtp_address_valid(m->to)) {
        m->to_state = MAIL_NO_ADDRESS;
        m->answer = S("");
        return OK;
    }
    if (!smtp_configured(cx))
        return fail(cx, ERR_BUSY, "smtp.url or smtp.from is not set");
    return send_it(cx, m);
}

static struct str state_name(enum mail_state s)
{
    static const char *const names[] = {"",          "waiting", "ending",    "sent",
                                        "uncertain", "refused", "no_address"};
    return str_c(names[s]);
}

static enum err mail_after(struct cx *cx, const struct job *, enum err acted, void *result)
{
    struct mailing *m = result;
    if (acted != OK)
        return acted;
    if (m->to_state == 0)
        return OK;
    TRY(notify_store_move(cx, m->notice_id, m->from, m->to_state, m->answer));
    if (m->to_state != MAIL_SENT)
        log_event(LOG_WARN, "notify.mail", KN("notice", m->notice_id),
                  K("state", state_name(m->to_state)), K("answer", m->answer));
    return journal_write(cx, &(struct event){
                                 .kind = S("notify.mail.ended"),
                                 .subject_kind = S("notify.notice"),
                                 .subject_id = m->notice_id,
                                 .from_state = S("waiting"),
                                 .to_state = state_name(m->to_state),
                             });
}

const struct job_kind notify_mail_kind = {
    .name = "notify.mail",
    .title = "Gửi thư báo",
    .act = mail_act,
    .after = mail_after,
    .tries_max = 24, /* about four days */
};

/* ---- letters of the program ---- */

static enum err let_go(struct cx *, void *)
{
    return OK;
}

enum err notify_letter(struct cx *cx, const struct letter *l, struct str *answer)
{
    struct str said = S("");
    MUST(l->text.n <= LETTER_MAX && l->subject.n > 0 && l->key.n > 0);
    if (!smtp_address_valid(l->to))
        return fail(cx, ERR_INVALID, T("“%.*s” không phải là địa chỉ thư."), F(l->to));
    if (!smtp_configured(cx))
        return fail(cx, ERR_BUSY, "smtp.url or smtp.from is not set");
    const struct smtp_mail mail = {
        .to = l->to, .text = message_letter(cx, l), .before_end = let_go};
    const enum smtp_outcome outcome = smtp_send(cx, &mail, &said);
    if (answer)
        *answer = said;
    if (outcome == SMTP_SENT)
        return OK;
    if (outcome == SMTP_REFUSED)
        return fail(cx, ERR_INVALID, T("Máy chủ thư không nhận: %.*s"), F(said));
    return fail(cx, outcome == SMTP_UNCERTAIN ? ERR_IO : ERR_BUSY, "smtp: %.*s", F(said));
}
