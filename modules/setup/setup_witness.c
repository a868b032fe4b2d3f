/* setup_witness.c - signed heads of the journal go by mail to whom the setting witness.mail names:
 * the inspectorate, another province. What has left cannot be rewritten with the log.
 *
 * A head is sent at least once: a mail whose fate is unknown goes again with the same Message-ID.
 * No event is written of it: each would be a new head, and a new mail. */
#include "setup_witness.h"

#include "journal/journal.h"
#include "lane/lane.h"
#include "log/log.h"
#include "notify/notify.h"
#include "setup_store.h"

struct sending {
    int64_t since, last_at;
    struct str text;
    bool sent;
};

static struct str witness(struct cx *cx)
{
    return cx->env->settings ? str_trim(setting(cx->env->settings, S("witness.mail"), S("")))
                             : S("");
}

static enum err load(struct cx *cx, void *arg)
{
    struct sending *s = arg;
    TRY(setup_store_witness(cx, &s->since));
    return journal_witness_text(cx, s->since, &s->text, &s->last_at);
}

static enum err act(struct cx *cx, const struct job *, void **result)
{
    struct sending *s = NEW(cx->arena, struct sending);
    *result = s;
    if (witness(cx).n == 0)
        return OK;
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, load, s));
    if (s->last_at == 0)
        return OK;
    const struct letter l = {
        .to = witness(cx),
        .subject = str_fmt(cx->arena, "Đầu nhật ký Tỉnh Số ký đến %.*s",
                           F(time_vi(cx->arena, s->last_at))),
        .text = s->text,
        .key = str_fmt(cx->arena, "witness-%lld", (long long)s->last_at),
    };
    TRY(notify_letter(cx, &l, NULL));
    s->sent = true;
    return OK;
}

static enum err after(struct cx *cx, const struct job *, enum err acted, void *result)
{
    const struct sending *s = result;
    if (acted != OK || !s->sent)
        return acted;
    log_event(LOG_INFO, "setup.witness.sent", KN("signed_at", s->last_at));
    return setup_store_witness_sent(cx, s->last_at);
}

const struct job_kind witness_job = {
    .name = "setup.witness",
    .title = "Gửi đầu nhật ký tới nhân chứng",
    .act = act,
    .after = after,
    .every_ms = HOUR_MS,
    .tries_max = 1000, /* a mail server that is down must not end it */
};
