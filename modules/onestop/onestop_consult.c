/* onestop_consult.c - asking another agency about a dossier: the question, the answer, the events.
 */
#include "calendar/calendar.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "notify/notify.h"
#include "onestop_desk_work.h"
#include "org/org.h"

#define TELL_MAX 20

static enum err write_event(struct cx *cx, const struct consult *c, const char *kind,
                            struct str note, const char *from, const char *to)
{
    struct dossier d;
    TRY(onestop_store_any(cx, c->dossier, &d));
    return journal_write(cx, &(struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = SUBJECT_KIND,
                                 .subject_code = d.code,
                                 .subject_id = d.id,
                                 .unit = c->asked_unit,
                                 .from_state = str_c(from),
                                 .to_state = str_c(to),
                                 .note_public = note,
                             });
}

enum err onestop_consult_tell(struct cx *cx, const struct consult *c, const struct right *right,
                              int64_t unit, const struct notice *what, size_t *told)
{
    int64_t accounts[TELL_MAX];
    TRY(identity_who_may(cx, right, unit, accounts, TELL_MAX, told));
    for (size_t i = 0; i < *told; i++) {
        struct notice n = *what;
        n.account = accounts[i];
        n.kind = S("onestop.consult");
        n.key = str_fmt(cx->arena, "%.*s.%.*s", F(what->key), F(c->code));
        TRY(notify_send(cx, &n));
    }
    return OK;
}

/* Officers who may act on it at a unit hear that there is news. */
static enum err tell_unit(struct cx *cx, const struct consult *c, int64_t unit, const char *key,
                          struct str title)
{
    size_t told;
    return onestop_consult_tell(
        cx, c, &onestop_process, unit,
        &(const struct notice){.key = str_c(key),
                               .title = title,
                               .body = S("Xem nội dung trên trang xin ý kiến."),
                               .link = str_fmt(cx->arena, "/xin-y-kien/%.*s", F(c->code))},
        &told);
}

static enum err due_of(struct cx *cx, int64_t unit, int days, int64_t *due)
{
    struct calendar *c;
    const struct term t = {TERM_WORKING_DAYS, (int64_t)days * 2, 0};
    TRY(calendar_load(cx, unit, day_of(cx->now), day_of(cx->now) + 120, &c));
    return calendar_due(cx, c, cx->now, &t, TERM_BY_DAY, NULL, 0, RESUME_RESET, due);
}

static enum err check_new(struct cx *cx, const struct dossier *d, const struct consult_new *n)
{
    int64_t open;
    TRY(onestop_allowed(cx, d, MOVE_SUBMIT));
    if (str_trim(n->question).n == 0)
        return fail_field(
            cx, ERR_INVALID, S("noi_dung_hoi"),
            T("Nhập nội dung cần xin ý kiến, để cơ quan được hỏi biết phải trả lời gì."));
    if (utf8_count(n->question) > REASON_MAX)
        return fail_field(cx, ERR_LIMIT, S("noi_dung_hoi"),
                          T("Nội dung dài quá %d ký tự. Viết ngắn lại."), REASON_MAX);
    if (n->days < 1 || n->days > 30)
        return fail_field(cx, ERR_INVALID, S("so_ngay"),
                          T("Số ngày phải từ 1 đến 30 ngày làm việc."));
    if (n->unit == d->competent_unit)
        return fail_field(cx, ERR_INVALID, S("co_quan"),
                          T("Chọn cơ quan khác với nơi đang giải quyết hồ sơ."));
    TRY(onestop_store_consult_open(cx, d->id, &open));
    if (open >= CONSULT_OPEN_MAX)
        return fail(cx, ERR_LIMIT,
                    T("Hồ sơ này đang chờ %d ý kiến. Chờ trả lời hoặc thu hồi bớt rồi hỏi tiếp."),
                    CONSULT_OPEN_MAX);
    return OK;
}

/* Only papers of this dossier can be shown to the other side. */
static enum err own_papers(struct cx *cx, const struct dossier *d, const struct consult_new *n)
{
    struct paper_row rows[PAPERS_MAX];
    size_t have;
    TRY(onestop_store_papers(cx, d->id, rows, PAPERS_MAX, &have));
    for (size_t i = 0; i < n->papers_n; i++) {
        bool found = false;
        for (size_t k = 0; k < have; k++)
            found = found || rows[k].id == n->papers[i];
        if (!found)
            return fail_field(
                cx, ERR_INVALID, S("giay_kem"),
                T("Giấy tờ được chọn không thuộc hồ sơ này. Tải lại trang rồi chọn lại."));
    }
    return OK;
}

enum err onestop_consult_ask(struct cx *cx, const struct dossier *d, const struct consult_new *n,
                             struct consult *out)
{
    struct org_unit asker, asked;
    TRY(check_new(cx, d, n));
    TRY(own_papers(cx, d, n));
    if (n->unit == 0 || org_unit_find(cx, n->unit, &asked) != OK)
        return fail_field(cx, ERR_INVALID, S("co_quan"), T("Chọn cơ quan cần xin ý kiến."));
    TRY(org_unit_find(cx, d->competent_unit, &asker));
    *out = (struct consult){
        .version = 1,
        .code = random_code(cx, 10),
        .dossier = d->id,
        .subject_key = d->subject_key,
        .procedure_name = d->procedure_name,
        .asker_unit = asker.id,
        .asked_unit = asked.id,
        .state = CONSULT_ASKED,
        .question = str_trim(n->question),
        .asked_by = cx->actor->account,
        .asked_at = cx->now,
    };
    TRY(due_of(cx, asked.id, n->days, &out->due_at));
    TRY(onestop_store_consult_add(cx, out, asker.path, asked.path, n->papers, n->papers_n));
    TRY(tell_unit(cx, out, asked.id, "hoi",
                  tr_keep(cx->arena, T("%.*s xin ý kiến"), F(asker.short_name))));
    return write_event(cx, out, "onestop.consult.asked",
                       tr_keep(cx->arena, T("Đã xin ý kiến %.*s"), F(asked.short_name)), "", "cho");
}

bool onestop_consult_may_answer(struct cx *cx, const struct consult *c)
{
    return c->state == CONSULT_ASKED && cx->actor->unit == c->asked_unit &&
           web_may(cx, &onestop_process);
}

bool onestop_consult_may_take_back(struct cx *cx, const struct consult *c)
{
    return c->state == CONSULT_ASKED && cx->actor->unit == c->asker_unit &&
           web_may(cx, &onestop_process);
}

static enum err must_be_open(struct cx *cx, const struct consult *c)
{
    if (c->state == CONSULT_ASKED)
        return OK;
    return fail(cx, ERR_CONFLICT,
                c->state == CONSULT_ANSWERED
                    ? T("Việc xin ý kiến này đã được trả lời. Tải lại trang để xem.")
                    : T("Việc xin ý kiến này đã được thu hồi, không cần trả lời nữa."));
}

static bool known_opinion(struct str s)
{
    return str_eq(s, S("dong_y")) || str_eq(s, S("khong_dong_y")) || str_eq(s, S("khac"));
}

enum err onestop_consult_answer(struct cx *cx, struct consult *c, struct str opinion,
                                struct str words)
{
    struct org_unit asked;
    TRY(must_be_open(cx, c));
    if (!onestop_consult_may_answer(cx, c))
        return fail(
            cx, ERR_DENIED,
            T("Bạn chưa thể trả lời, vì câu hỏi gửi cho đơn vị khác. Chọn đúng đơn vị ở góc trên."));
    if (!known_opinion(opinion))
        return fail_field(cx, ERR_INVALID, S("y_kien"), T("Chọn một ý kiến."));
    if (str_trim(words).n == 0 && !str_eq(opinion, S("dong_y")))
        return fail_field(cx, ERR_INVALID, S("tra_loi"),
                          T("Nhập nội dung trả lời, để cơ quan hỏi biết vì sao."));
    if (utf8_count(words) > REASON_MAX)
        return fail_field(cx, ERR_LIMIT, S("tra_loi"),
                          T("Trả lời dài quá %d ký tự. Viết ngắn lại."), REASON_MAX);
    TRY(org_unit_find(cx, c->asked_unit, &asked));
    c->state = CONSULT_ANSWERED;
    c->opinion = opinion;
    c->answer = str_trim(words);
    c->answered_by = cx->actor->account;
    c->answered_at = cx->now;
    TRY(onestop_store_consult_end(cx, c));
    TRY(tell_unit(cx, c, c->asker_unit, "tra-loi",
                  tr_keep(cx->arena, T("%.*s đã trả lời xin ý kiến"), F(asked.short_name))));
    return write_event(cx, c, "onestop.consult.answered",
                       tr_keep(cx->arena, T("%.*s đã cho ý kiến"), F(asked.short_name)), "cho",
                       "da_tra_loi");
}

enum err onestop_consult_take_back(struct cx *cx, struct consult *c)
{
    TRY(must_be_open(cx, c));
    if (!onestop_consult_may_take_back(cx, c))
        return fail(cx, ERR_DENIED, T("Chỉ đơn vị đã hỏi thu hồi được việc xin ý kiến này."));
    c->state = CONSULT_TAKEN_BACK;
    c->answered_at = cx->now;
    TRY(onestop_store_consult_end(cx, c));
    return write_event(cx, c, "onestop.consult.taken_back", S("Đã thu hồi việc xin ý kiến"), "cho",
                       "thu_hoi");
}

/* Names of units and people, read once each. */
enum err onestop_consult_finish(struct cx *cx, void **rows, size_t n)
{
    struct org_unit u;
    struct dossier d;
    for (size_t i = 0; i < n; i++) {
        struct consult *c = rows[i];
        TRY(org_unit_find(cx, c->asker_unit, &u));
        c->asker_name = u.short_name;
        TRY(org_unit_find(cx, c->asked_unit, &u));
        c->asked_name = u.short_name;
        TRY(account_name(cx, c->asked_by, &c->asked_by_name));
        if (c->answered_by)
            TRY(account_name(cx, c->answered_by, &c->answered_by_name));
        TRY(onestop_store_any(cx, c->dossier, &d));
        c->dossier_code = d.code;
    }
    return OK;
}
