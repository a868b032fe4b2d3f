/* onestop_status_pages.c - one dossier as its person sees it: where it stands, what to do, what
 * came of it. */
#include "file/file.h"
#include "onestop_inside.h"
#include "onestop_pages.h"
#include "onestop_views.h"
#include "org/org.h"

static enum err set_ask(struct cx *cx, const struct dossier *d, struct onestop_status_view *v)
{
    struct supplement list[16];
    const struct procedure *p;
    size_t n;
    if (d->state != DOSSIER_SUPPLEMENT && d->state != DOSSIER_SUPPLEMENT_FIRST)
        return OK;
    TRY(onestop_supplements(cx, d, list, 16, &n));
    TRY(onestop_procedure(cx, d, &p));
    if (n == 0)
        return OK;
    struct onestop_need *needs = NEW_N(cx->arena, struct onestop_need, list[0].items_n);
    for (size_t i = 0; i < list[0].items_n; i++)
        needs[i] = (struct onestop_need){onestop_component_name(p, list[0].items[i].component),
                                         list[0].items[i].what};
    v->asks = true;
    v->ask_title = tr_fmt(cx, T("Bạn cần bổ sung %zu giấy tờ"), list[0].items_n);
    v->ask_reason = list[0].reason;
    v->ask_by = tr_fmt(cx, T("Phiếu số %.*s · trả lời trước %.*s"), F(list[0].no),
                       F(time_long_vi(cx->arena, list[0].answer_by)));
    v->ask_paper = onestop_person_path(cx, d, "/mau/2");
    v->answer_href = onestop_person_path(cx, d, "/bo-sung");
    v->needs = needs;
    v->needs_n = list[0].items_n;
    return OK;
}

/* What is owed, and how it is paid: at the counter. */
static enum err set_owed(struct cx *cx, const struct dossier *d, struct onestop_status_view *v)
{
    struct obligation o;
    struct org_unit u;
    if (d->state != DOSSIER_PAYMENT)
        return OK;
    TRY(onestop_store_obligation(cx, d, &o));
    TRY(org_unit_find(cx, d->receiving_unit, &u));
    v->owes = true;
    v->owed_title = tr_fmt(cx, T("Bạn cần nộp %.*s"), F(look_money(cx, o.amount)));
    v->owed_reason = o.reason;
    v->owed_basis = tr_fmt(cx, T("Thông báo số %.*s · Căn cứ: %.*s"), F(o.no), F(o.basis));
    v->owed_place = tr_fmt(
        cx,
        T("Nộp tiền mặt tại %.*s, %.*s, trong giờ làm việc. Mang theo mã hồ sơ %.*s; cán bộ đưa bạn biên lai có số."),
        F(u.name), F(u.address), F(d->code));
    return OK;
}

static enum err set_correction(struct cx *cx, const struct dossier *d,
                               struct onestop_status_view *v)
{
    struct correction c;
    bool yes;
    TRY(onestop_correcting(cx, d, &c, &yes));
    if (yes && v->outcome.title.n == 0)
        v->outcome = (struct look_note_view){
            .kind = S("warn"),
            .icon = S("tri"),
            .title = tr(cx, S(T("Kết quả đang được đính chính"))),
            .text = tr_fmt(cx, T("%.*s Bản đã trả vẫn dùng được đến khi bạn nhận bản mới."),
                           F(c.reason)),
        };
    return OK;
}

static enum err set_outcome(struct cx *cx, const struct dossier *d, struct onestop_status_view *v)
{
    static const struct {
        enum dossier_state state;
        const char *kind, *note, *icon, *title;
    } outcomes[] = {
        {DOSSIER_REFUSED, "tu_choi", "err", "oct", "Hồ sơ không được tiếp nhận"},
        {DOSSIER_STOPPED, "dung", "warn", "pause", "Hồ sơ tạm dừng giải quyết"},
        {DOSSIER_WITHDRAWN, "rut", "info", "info", "Bạn đã rút hồ sơ này"},
    };
    struct decision x;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        if (outcomes[i].state != d->state)
            continue;
        TRY(onestop_store_decision(cx, d, str_c(outcomes[i].kind), &x));
        v->outcome = (struct look_note_view){
            .kind = str_c(outcomes[i].note),
            .icon = str_c(outcomes[i].icon),
            .title = tr(cx, str_c(outcomes[i].title)),
            .text = str_fmt(cx->arena, "%.*s %.*s", F(x.reason), F(x.basis)),
        };
    }
    if (d->state == DOSSIER_CANCELLED)
        v->outcome = (struct look_note_view){
            .kind = S("err"),
            .icon = S("oct"),
            .title = tr(cx, S(T("Hồ sơ đã hủy vì quá hạn bổ sung"))),
            .text = tr(cx, S(T("Bạn có thể nộp hồ sơ mới bất cứ lúc nào.")))};
    if (v->outcome.title.n || d->apologised_at == 0 || d->released_at)
        return OK;
    TRY(onestop_store_decision(cx, d, S("gia_han"), &x));
    v->outcome = (struct look_note_view){
        .kind = S("warn"),
        .icon = S("tri"),
        .title = tr(cx, S(T("Chúng tôi xin lỗi vì trả kết quả chậm"))),
        .text = tr_fmt(cx, T("Hẹn trả mới %.*s. %.*s"), F(time_long_vi(cx->arena, x.new_due)),
                       F(x.reason)),
    };
    return OK;
}

/* The sentence of a refused rating, at the field it is about. */
static struct str rate_wrong(const struct onestop_status_view *v, const char *field)
{
    for (size_t i = 0; i < v->errors.items_n; i++)
        if (str_eq(v->errors.items[i].field, str_c(field)))
            return v->errors.items[i].sentence;
    return S("");
}

static bool procedure_signs(const struct procedure *p)
{
    return onestop_step_of(p, "ky", 0, 1) >= 0;
}

/* Nothing to do for the person: who has it, what comes next. */
static enum err set_next(struct cx *cx, const struct dossier *d, const struct procedure *p,
                         struct onestop_status_view *v)
{
    struct org_unit intake, decides;
    TRY(org_unit_find(cx, d->receiving_unit, &intake));
    TRY(org_unit_find(cx, d->competent_unit, &decides));
    struct str title = S(""), text = S("");
    if (d->state == DOSSIER_WAITING) {
        title = tr_fmt(cx, T("%.*s đang giữ hồ sơ"), F(intake.name));
        text = tr(
            cx,
            S(T("Cán bộ kiểm tra trong giờ làm việc. Đủ giấy tờ thì bạn có mã hồ sơ và ngày hẹn trả; thiếu thì bạn được báo một lần, đủ mọi mục.")));
    } else if (d->state == DOSSIER_ACCEPTED || d->state == DOSSIER_PROCESSING) {
        title = tr_fmt(cx, T("%.*s đang giải quyết"), F(decides.name));
        text = tr(cx, S(T("Bạn không phải làm gì lúc này. Có kết quả thì trang này báo ngay.")));
    } else if (d->state == DOSSIER_RELEASED && !procedure_signs(p)) {
        title = tr(cx, S(T("Hồ sơ đã giải quyết xong")));
        text = tr_fmt(cx, T("Mời bạn nhận kết quả tại %.*s."), F(intake.name));
    }
    if (title.n)
        v->next = (struct look_note_view){
            .kind = S("info"), .icon = S("info"), .title = title, .text = text};
    return OK;
}

/* Shown again with what was chosen. */
static struct look_field_view grade_field(struct cx *cx, struct web_req *rq,
                                          const struct onestop_status_view *v)
{
    struct str chosen = web_form(rq, "muc");
    struct look_option *o = NEW_N(cx->arena, struct look_option, 3);
    o[0] =
        (struct look_option){S("3"), tr(cx, S(T("Rất hài lòng"))), S(""), str_eq(chosen, S("3"))};
    o[1] = (struct look_option){S("2"), tr(cx, S(T("Hài lòng"))), S(""), str_eq(chosen, S("2"))};
    o[2] =
        (struct look_option){S("1"), tr(cx, S(T("Chưa hài lòng"))), S(""), str_eq(chosen, S("1"))};
    return (struct look_field_view){.kind = LOOK_RADIO,
                                    .name = S("muc"),
                                    .label = tr(cx, S(T("Mức hài lòng"))),
                                    .wrong = rate_wrong(v, "muc"),
                                    .options = o,
                                    .options_n = 3};
}

static enum err set_result(struct cx *cx, const struct dossier *d, const struct procedure *p,
                           struct onestop_status_view *v)
{
    struct result_view r;
    struct stored_file f;
    if (d->accepted_at == 0)
        return OK;
    enum err e = onestop_store_result_signed(cx, d, &r); /* while it is mended: the one before */
    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    TRY(file_find(cx, r.file, &f));
    v->has_result = true;
    v->result_name = r.negative ? tr(cx, S(T("thông báo không giải quyết hồ sơ"))) : p->result_name;
    v->result_href = onestop_person_path(cx, d, "/ket-qua");
    v->result_size = look_size(cx, f.size_bytes);
    v->verify_href = str_fmt(cx->arena, "/xac-minh/%.*s", F(r.verify_code));
    v->may_fetch = onestop_may(cx, d, MOVE_FETCH, NULL);
    v->fetch_action = onestop_person_path(cx, d, "/nhan-ket-qua");
    return OK;
}

static enum err set_rating(struct cx *cx, struct web_req *rq, const struct dossier *d,
                           struct onestop_status_view *v)
{
    int grade;
    if (!d->released_at)
        return OK;
    enum err e = onestop_store_rating(cx, d->id, &grade);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    v->may_rate = e == ERR_NOT_FOUND;
    v->rate_action = onestop_person_path(cx, d, "/danh-gia");
    v->rate_grade = grade_field(cx, rq, v);
    v->rate_words = (struct look_field_view){.kind = LOOK_AREA,
                                             .name = S("y_kien"),
                                             .label = tr(cx, S(T("Ý kiến của bạn"))),
                                             .optional = true,
                                             .value = web_form(rq, "y_kien"),
                                             .wrong = rate_wrong(v, "y_kien"),
                                             .max = REASON_MAX};
    return OK;
}

static enum err set_facts(struct cx *cx, const struct dossier *d, struct onestop_status_view *v)
{
    struct org_unit unit, decides;
    TRY(org_unit_find(cx, d->receiving_unit, &unit));
    TRY(org_unit_find(cx, d->competent_unit, &decides));
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 6);
    size_t n = 0;
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Người nộp"))), .value = d->submitter_name};
    if (d->acts == ACTS_FOR_CHILD)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Nộp cho"))), .value = d->subject_name};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Nơi nhận hồ sơ"))), .value = unit.name};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Nơi giải quyết"))), .value = decides.name};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Phí, lệ phí"))),
                                  .value = d->fee_dong ? look_money(cx, d->fee_dong)
                                                       : tr(cx, S(T("Miễn phí")))};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Nhận kết quả"))),
                                  .value = str_eq(d->delivery, S("quay"))
                                               ? tr(cx, S(T("Bản điện tử và bản giấy tại quầy")))
                                               : tr(cx, S(T("Bản điện tử")))};
    v->facts = (struct look_facts_view){tr(cx, S(T("Tóm tắt"))), rows, n};
    return OK;
}

static enum err set_papers(struct cx *cx, const struct dossier *d, struct onestop_status_view *v)
{
    struct paper papers[PAPERS_MAX];
    size_t n;
    TRY(onestop_papers(cx, d, papers, PAPERS_MAX, &n));
    struct look_link *links = NEW_N(cx->arena, struct look_link, n);
    for (size_t i = 0; i < n; i++)
        links[i] = (struct look_link){
            .label = papers[i].name,
            .icon = papers[i].file ? S("filec") : S("eye"),
            .href = papers[i].file
                        ? onestop_person_path(cx, d,
                                              str_z(cx->arena, str_fmt(cx->arena, "/giay-to/%lld",
                                                                       (long long)papers[i].id)))
                        : S(""),
        };
    v->papers = links;
    v->papers_n = n;
    return OK;
}

enum err onestop_show_status(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    const struct procedure *p;
    const struct look_errors_view errors =
        onestop_errors(cx, rq); /* before anything else is asked */
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_procedure(cx, &d, &p));
    struct onestop_status_view v = {
        .errors = errors,
        .code = d.code,
        .request_code = d.request_code,
        .procedure_name = d.procedure_name,
        .sent = str_fmt(cx->arena, "%.*s %.*s",
                        F(tr(cx, d.channel == CHANNEL_ONLINE ? tr(cx, S(T("nộp trực tuyến")))
                                                             : tr(cx, S(T("nộp tại quầy"))))),
                        F(time_vi(cx->arena, d.sent_at))),
        .state = onestop_state_badge(cx, &d, true),
        .receipt_href = d.accepted_at ? onestop_person_path(cx, &d, "/mau/1") : S(""),
        .withdraw_href =
            onestop_may(cx, &d, MOVE_WITHDRAW, NULL) ? onestop_person_path(cx, &d, "/rut") : S(""),
    };
    if (d.due_shown_at)
        v.promise_at = time_long(cx, d.due_shown_at);
    v.promise =
        d.state == DOSSIER_PAYMENT ? tr(cx, S(T("Nếu bạn nộp tiền xong hôm nay: trước")))
        : d.state == DOSSIER_SUPPLEMENT ? tr(cx, S(T("Nếu bạn bổ sung xong hôm nay: trước")))
        : d.state == DOSSIER_STOPPED ? tr(cx, S(T("Thời hạn đang dừng. Hẹn trả trước khi dừng:")))
                                     : tr(cx, S(T("Hẹn trả trước")));
    v.term = procedure_term_said(cx, p->term_words);
    TRY(set_next(cx, &d, p, &v));
    TRY(set_ask(cx, &d, &v));
    TRY(set_outcome(cx, &d, &v));
    TRY(set_owed(cx, &d, &v));
    TRY(set_correction(cx, &d, &v));
    TRY(set_result(cx, &d, p, &v));
    TRY(set_rating(cx, rq, &d, &v));
    TRY(set_facts(cx, &d, &v));
    TRY(set_papers(cx, &d, &v));
    if (!d.released_at) /* then the timeline says when it came */
        TRY(onestop_days(cx, &d, &v.days));
    TRY(onestop_moments(cx, &d, &v.timeline));
    rs->title = d.procedure_name;
    onestop_status_html(&rs->body, &v);
    return OK;
}
