/* onestop_consult_silence.c - an asked agency that did not answer in time: whoever asked and the
 * head of the one-stop are told, once (procedures reference 8.1 rule 6). The clock does not stop.
 */
#include "job/job.h"
#include "journal/journal.h"
#include "onestop_desk_work.h"
#include "org/org.h"

const struct right onestop_lead = {.name = "onestop.lead", .title = T("Phụ trách bộ phận một cửa")};

#define A_TURN 20
#define LEVELS_MAX 6

/* Whoever heads the one-stop that took it in; where nobody does, the unit above it. */
static enum err tell_head(struct cx *cx, const struct consult *c, const struct dossier *d,
                          const struct notice *what)
{
    size_t told = 0;
    int64_t unit = d->receiving_unit;
    for (int level = 0; level < LEVELS_MAX && unit && told == 0; level++) {
        struct org_unit u;
        TRY(onestop_consult_tell(cx, c, &onestop_lead, unit, what, &told));
        TRY(org_unit_find(cx, unit, &u));
        unit = u.parent;
    }
    return OK;
}

static enum err report(struct cx *cx, const struct consult *c)
{
    struct org_unit asked;
    struct dossier d;
    size_t told;
    TRY(org_unit_find(cx, c->asked_unit, &asked));
    TRY(onestop_store_any(cx, c->dossier, &d));
    struct notice what = {
        .key = S("im-lang"),
        .title =
            tr_keep(cx->arena, T("%.*s chưa trả lời xin ý kiến, đã quá hạn"), F(asked.short_name)),
        .body = S("Thời hạn của hồ sơ vẫn chạy. Nhắc cơ quan được hỏi, hoặc giải quyết tiếp."),
        .link = str_fmt(cx->arena, "/xin-y-kien/%.*s", F(c->code)),
    };
    TRY(onestop_store_consult_silence(cx, c));
    TRY(onestop_consult_tell(cx, c, &onestop_process, c->asker_unit, &what, &told));
    /* The head is no side of the question, but sees the dossier. */
    what.link = str_fmt(cx->arena, "/viec/%.*s?xem=y-kien", F(d.code));
    TRY(tell_head(cx, c, &d, &what));
    return journal_write(cx, &(struct event){
                                 .kind = S("onestop.consult.silent"),
                                 .subject_kind = SUBJECT_KIND,
                                 .subject_code = d.code,
                                 .subject_id = d.id,
                                 .unit = c->asked_unit,
                                 .from_state = S("cho"),
                                 .to_state = S("im_lang"),
                             });
}

/* Terms end with a working day, so whole hours are soon enough; many at once take several turns. */
static enum err after_silence(struct cx *cx, const struct job *j, enum err, void *)
{
    struct consult *all = NEW_N(cx->arena, struct consult, A_TURN);
    size_t n;
    TRY(onestop_store_consults_silent(cx, all, A_TURN, &n));
    for (size_t i = 0; i < n; i++)
        TRY(report(cx, &all[i]));
    if (n < A_TURN)
        return OK;
    return job_add(cx, "onestop.consult_silence", str_fmt(cx->arena, "more.%lld", (long long)j->id),
                   S(""), S("{}"), 0);
}

const struct job_kind onestop_silence_job = {
    .name = "onestop.consult_silence",
    .title = "Báo cơ quan được hỏi chưa trả lời",
    .after = after_silence,
    .every_ms = HOUR_MS,
};
