/* onestop_follow_pages.c - a person follows a dossier: status, supplement, withdrawal, rating. */
#include "file/file.h"
#include "onestop_draft.h"
#include "onestop_inside.h"
#include "onestop_pages.h"
#include "onestop_views.h"
#include "org/org.h"

#define MINE_MAX 100
#define ACCEPT S(".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png")

static struct str path_of(struct cx *cx, const struct dossier *d, const char *rest)
{
    return str_fmt(cx->arena, "/ho-so/%.*s%s", F(d->request_code), rest);
}

static struct str shown_code(const struct dossier *d)
{
    return d->code.n ? d->code : d->request_code;
}

/* ---- my dossiers ---- */

/* What was begun and kept by "Lưu, làm sau". */
static enum err set_drafts(struct cx *cx, struct onestop_mine_view *v)
{
    struct procedure_hit *open = NEW_N(cx->arena, struct procedure_hit, MINE_MAX);
    struct onestop_draft_row *rows = NEW_N(cx->arena, struct onestop_draft_row, MINE_MAX);
    size_t n;
    TRY(procedure_open_list(cx, open, MINE_MAX, &n));
    for (size_t i = 0; i < n; i++) {
        struct draft d;
        TRY(draft_load(cx, open[i].code, &d));
        if (d.saved_at)
            rows[v->drafts_n++] = (struct onestop_draft_row){
                open[i].name,
                str_fmt(cx->arena, T("Chưa gửi. Lưu lúc %.*s."), F(time_vi(cx->arena, d.saved_at))),
                str_fmt(cx->arena, "/nop-ho-so/%.*s", F(open[i].code))};
    }
    v->drafts = rows;
    return OK;
}

enum err onestop_show_mine(struct cx *cx, [[maybe_unused]] struct web_req *rq, struct web_res *rs)
{
    static const struct look_column columns[] = {
        {.title = {"Hồ sơ", 8}, .css = {"c-title", 7}},
        {.title = {"Gửi lúc", 10}, .css = {"c-break", 7}, .label = {"Gửi", 5}},
        {.title = {"Trạng thái", 13}, .css = {"c-break", 7}},
        {.title = {"Hạn", 5}, .css = {"c-due", 5}},
    };
    struct inbox_row *rows = NEW_N(cx->arena, struct inbox_row, MINE_MAX);
    size_t n;
    TRY(onestop_mine(cx, rows, MINE_MAX, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++) {
        const struct dossier *d = &rows[i].d;
        struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 4);
        cells[0] = (struct look_cell){.text = d->procedure_name,
                                      .sub = shown_code(d),
                                      .below = true,
                                      .href = path_of(cx, d, "")};
        cells[1] = (struct look_cell){.text = time_vi(cx->arena, d->sent_at)};
        cells[2] = (struct look_cell){.badge = onestop_state_badge(d, true)};
        cells[3] = (struct look_cell){.due = onestop_due_badge(cx, d)};
        lines[i] = (struct look_line){.cells = cells, .cells_n = 4};
    }
    struct onestop_mine_view v = {
        .table = {.caption = S("Hồ sơ bạn đã nộp"),
                  .columns = columns,
                  .columns_n = 4,
                  .lines = lines,
                  .lines_n = n,
                  .empty = {S("Bạn chưa nộp hồ sơ nào"),
                            S("Tìm thủ tục bạn cần, rồi bấm Bắt đầu nộp hồ sơ."), S("Tìm thủ tục"),
                            S("/thu-tuc")}}};
    TRY(set_drafts(cx, &v));
    onestop_mine_html(&rs->body, &v);
    return OK;
}

/* ---- one dossier ---- */

static struct str component_name(const struct procedure *p, struct str code)
{
    for (size_t i = 0; i < p->components_n; i++)
        if (str_eq(p->components[i].code, code))
            return p->components[i].name;
    return code;
}

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
        needs[i] = (struct onestop_need){component_name(p, list[0].items[i].component),
                                         list[0].items[i].what};
    v->asks = true;
    v->ask_title = str_fmt(cx->arena, T("Bạn cần bổ sung %zu giấy tờ"), list[0].items_n);
    v->ask_reason = list[0].reason;
    v->ask_by = str_fmt(cx->arena, T("Phiếu số %.*s · trả lời trước %.*s"), F(list[0].no),
                        F(time_long_vi(cx->arena, list[0].answer_by)));
    v->ask_paper = path_of(cx, d, "/mau/2");
    v->answer_href = path_of(cx, d, "/bo-sung");
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
    v->owed_title = str_fmt(cx->arena, T("Bạn cần nộp %.*s"), F(look_money(cx, o.amount)));
    v->owed_reason = o.reason;
    v->owed_basis = str_fmt(cx->arena, T("Thông báo số %.*s · Căn cứ: %.*s"), F(o.no), F(o.basis));
    v->owed_place = str_fmt(
        cx->arena,
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
            .text = str_fmt(cx->arena, T("%.*s Bản đã trả vẫn dùng được đến khi bạn nhận bản mới."),
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
            .title = str_c(outcomes[i].title),
            .text = str_fmt(cx->arena, "%.*s %.*s", F(x.reason), F(x.basis)),
        };
    }
    if (d->state == DOSSIER_CANCELLED)
        v->outcome = (struct look_note_view){.kind = S("err"),
                                             .icon = S("oct"),
                                             .title = S("Hồ sơ đã hủy vì quá hạn bổ sung"),
                                             .text = S("Bạn có thể nộp hồ sơ mới bất cứ lúc nào.")};
    if (v->outcome.title.n || d->apologised_at == 0 || d->released_at)
        return OK;
    TRY(onestop_store_decision(cx, d, S("gia_han"), &x));
    v->outcome = (struct look_note_view){
        .kind = S("warn"),
        .icon = S("tri"),
        .title = S("Chúng tôi xin lỗi vì trả kết quả chậm"),
        .text = str_fmt(cx->arena, T("Hẹn trả mới %.*s. %.*s"),
                        F(time_long_vi(cx->arena, x.new_due)), F(x.reason)),
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
        title = str_fmt(cx->arena, T("%.*s đang giữ hồ sơ"), F(intake.name));
        text = S(
            "Cán bộ kiểm tra trong giờ làm việc. Đủ giấy tờ thì bạn có mã hồ sơ và ngày hẹn trả; thiếu thì bạn được báo một lần, đủ mọi mục.");
    } else if (d->state == DOSSIER_ACCEPTED || d->state == DOSSIER_PROCESSING) {
        title = str_fmt(cx->arena, T("%.*s đang giải quyết"), F(decides.name));
        text = S("Bạn không phải làm gì lúc này. Có kết quả thì trang này báo ngay.");
    } else if (d->state == DOSSIER_RELEASED && !procedure_signs(p)) {
        title = tr(cx, S(T("Hồ sơ đã giải quyết xong")));
        text = str_fmt(cx->arena, T("Mời bạn nhận kết quả tại %.*s."), F(intake.name));
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
    o[0] = (struct look_option){S("3"), S("Rất hài lòng"), S(""), str_eq(chosen, S("3"))};
    o[1] = (struct look_option){S("2"), S("Hài lòng"), S(""), str_eq(chosen, S("2"))};
    o[2] = (struct look_option){S("1"), S("Chưa hài lòng"), S(""), str_eq(chosen, S("1"))};
    return (struct look_field_view){.kind = LOOK_RADIO,
                                    .name = S("muc"),
                                    .label = S("Mức hài lòng"),
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
    v->result_name = r.negative ? S("thông báo không giải quyết hồ sơ") : p->result_name;
    v->result_href = path_of(cx, d, "/ket-qua");
    v->result_size = look_size(cx, f.size_bytes);
    v->verify_href = str_fmt(cx->arena, "/xac-minh/%.*s", F(r.verify_code));
    v->may_fetch = onestop_may(cx, d, MOVE_FETCH, NULL);
    v->fetch_action = path_of(cx, d, "/nhan-ket-qua");
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
    v->rate_action = path_of(cx, d, "/danh-gia");
    v->rate_grade = grade_field(cx, rq, v);
    v->rate_words = (struct look_field_view){.kind = LOOK_AREA,
                                             .name = S("y_kien"),
                                             .label = S("Ý kiến của bạn"),
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
    rows[n++] = (struct look_row){.key = S("Người nộp"), .value = d->submitter_name};
    if (d->acts == ACTS_FOR_CHILD)
        rows[n++] = (struct look_row){.key = S("Nộp cho"), .value = d->subject_name};
    rows[n++] = (struct look_row){.key = S("Nơi nhận hồ sơ"), .value = unit.name};
    rows[n++] = (struct look_row){.key = S("Nơi giải quyết"), .value = decides.name};
    rows[n++] =
        (struct look_row){.key = S("Phí, lệ phí"),
                          .value = d->fee_dong ? look_money(cx, d->fee_dong) : S("Miễn phí")};
    rows[n++] = (struct look_row){.key = S("Nhận kết quả"),
                                  .value = str_eq(d->delivery, S("quay"))
                                               ? S("Bản điện tử và bản giấy tại quầy")
                                               : S("Bản điện tử")};
    v->facts = (struct look_facts_view){S("Tóm tắt"), rows, n};
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
            .href = papers[i].file ? path_of(cx, d,
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
        .sent = str_fmt(
            cx->arena, "%.*s %.*s",
            F(tr(cx, d.channel == CHANNEL_ONLINE ? S("nộp trực tuyến") : S("nộp tại quầy"))),
            F(time_vi(cx->arena, d.sent_at))),
        .state = onestop_state_badge(&d, true),
        .receipt_href = d.accepted_at ? path_of(cx, &d, "/mau/1") : S(""),
        .withdraw_href = onestop_may(cx, &d, MOVE_WITHDRAW, NULL) ? path_of(cx, &d, "/rut") : S(""),
    };
    if (d.due_shown_at)
        v.promise_at = time_long_vi(cx->arena, d.due_shown_at);
    v.promise = d.state == DOSSIER_PAYMENT ? S("Nếu bạn nộp tiền xong hôm nay: trước")
                : d.state == DOSSIER_SUPPLEMENT ? S("Nếu bạn bổ sung xong hôm nay: trước")
                : d.state == DOSSIER_STOPPED ? S("Thời hạn đang dừng. Hẹn trả trước khi dừng:")
                                             : S("Hẹn trả trước");
    v.term = p->term_words;
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

/* ---- answering a supplement ---- */

enum err onestop_show_answer(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    struct supplement list[16];
    const struct procedure *p;
    size_t n;
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_supplements(cx, &d, list, 16, &n));
    TRY(onestop_procedure(cx, &d, &p));
    if (n == 0 || list[0].answered_at)
        return fail(cx, ERR_CONFLICT,
                    T("Hồ sơ này không còn chờ bổ sung. Quay lại trang hồ sơ để xem tiến độ."));
    struct look_component_view *boxes =
        NEW_N(cx->arena, struct look_component_view, list[0].items_n);
    for (size_t i = 0; i < list[0].items_n; i++) {
        const struct supplement_item *item = &list[0].items[i];
        struct str name = str_fmt(cx->arena, "giay_to.%.*s", F(item->component));
        boxes[i] = (struct look_component_view){
            .icon = S("file"),
            .title = component_name(p, item->component),
            .text = item->what,
            .badge = {S("tim"), S("user"), S("Cần bổ sung"), S("")},
            .open = true,
            .field = {.kind = LOOK_FILE,
                      .name = name,
                      .label = S("Chọn tệp hoặc chụp ảnh"),
                      .no_label = true,
                      .accept = ACCEPT,
                      .camera = true,
                      .wrong = web_error_of(rq, name)},
        };
    }
    rs->title = S("Bổ sung giấy tờ");
    onestop_answer_html(&rs->body, &(struct onestop_answer_view){
                                       .errors = onestop_errors(cx, rq),
                                       .back = path_of(cx, &d, ""),
                                       .action = path_of(cx, &d, "/bo-sung"),
                                       .reason = list[0].reason,
                                       .by = str_fmt(cx->arena, T("Trả lời trước %.*s"),
                                                     F(time_long_vi(cx->arena, list[0].answer_by))),
                                       .components = boxes,
                                       .components_n = list[0].items_n,
                                       .note = {.kind = LOOK_AREA,
                                                .name = S("ghi_chu"),
                                                .label = S("Lời nhắn cho cán bộ"),
                                                .optional = true,
                                                .value = web_form(rq, "ghi_chu"),
                                                .max = REASON_MAX},
                                   });
    return OK;
}

/* A file that could not be taken is told on the page it was chosen on. */
enum err onestop_check_answer([[maybe_unused]] struct cx *cx, struct web_req *rq,
                              [[maybe_unused]] struct web_res *rs)
{
    web_on_refusal(rq, onestop_show_answer);
    return OK;
}

enum err onestop_write_answer(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    size_t n, papers_n = 0;
    web_on_refusal(rq, onestop_show_answer);
    TRY(onestop_of_path(cx, rq, &d));
    struct web_upload *up = web_uploads(rq, &n);
    struct dossier_paper *papers = NEW_N(cx->arena, struct dossier_paper, n);
    for (size_t i = 0; i < n; i++)
        if (up[i].upload && str_starts(up[i].field, S("giay_to.")))
            papers[papers_n++] = (struct dossier_paper){
                .component = str_from(up[i].field, 8), .upload = &up[i], .originals = 1};
    TRY(onestop_answer(cx, &d, web_form(rq, "ghi_chu"), papers, papers_n));
    rs->see_other = path_of(cx, &d, "");
    rs->toast = S("Đã gửi bổ sung. Cán bộ sẽ xem tiếp hồ sơ.");
    return OK;
}

/* ---- withdrawing, rating, receiving ---- */

enum err onestop_show_withdraw(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_allowed(cx, &d, MOVE_WITHDRAW));
    look_confirm_html(
        &rs->body,
        &(struct look_confirm_view){
            .question = S("Rút hồ sơ này?"),
            .text = S("Hồ sơ sẽ dừng lại và không mở lại được. Muốn làm tiếp, bạn nộp hồ sơ mới."),
            .action = path_of(cx, &d, "/rut"),
            .confirm = S("Rút hồ sơ"),
            .keep = S("Giữ lại"),
            .keep_href = path_of(cx, &d, ""),
            .danger = true,
            .field = {.kind = LOOK_AREA,
                      .name = S("ly_do"),
                      .label = S("Lý do rút"),
                      .value = web_form(rq, "ly_do"),
                      .wrong = web_again(rq) ? cx->why : S(""),
                      .max = REASON_MAX},
        });
    return OK;
}

enum err onestop_write_withdraw(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    web_on_refusal(rq, onestop_show_withdraw);
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_withdraw(cx, &d, web_form(rq, "ly_do")));
    rs->see_other = path_of(cx, &d, "");
    rs->toast = S("Đã rút hồ sơ.");
    return OK;
}

enum err onestop_write_rate(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    int64_t grade;
    web_on_refusal(rq, onestop_show_status);
    TRY(onestop_of_path(cx, rq, &d));
    if (!str_int(web_form(rq, "muc"), &grade))
        grade = 0;
    TRY(onestop_rate(cx, &d, grade < 1 || grade > 3 ? 0 : (int)grade, web_form(rq, "y_kien")));
    rs->see_other = path_of(cx, &d, "");
    rs->toast = S("Cảm ơn bạn đã đánh giá.");
    return OK;
}

enum err onestop_write_fetch(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    web_on_refusal(rq, onestop_show_status);
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_return(cx, &d, &(struct handed){0}));
    rs->see_other = path_of(cx, &d, "");
    rs->toast = S("Đã ghi nhận bạn nhận kết quả điện tử.");
    return OK;
}

/* ---- without signing in: progress only ---- */

static struct look_stepper_view progress_steps(struct cx *cx, const struct progress *p)
{
    struct look_step *steps = NEW_N(cx->arena, struct look_step, (size_t)p->of);
    for (int i = 0; i < p->of; i++)
        steps[i] = (struct look_step){
            .label = i == 0           ? S("Đã gửi")
                     : i == 1         ? S("Tiếp nhận")
                     : i + 1 == p->of ? S("Có kết quả")
                                      : S("Giải quyết"),
            .done = i < p->done,
            .now = i == p->done,
        };
    return (struct look_stepper_view){
        .label = S("Tiến độ"),
        .where = str_fmt(cx->arena, T("Đã xong %d trong %d bước"), p->done, p->of),
        .at = p->done < p->of ? p->done + 1 : p->of,
        .of = p->of,
        .steps = steps,
        .steps_n = (size_t)p->of};
}

static enum err draw_track(struct cx *cx, struct web_res *rs, struct str typed)
{
    struct progress p;
    struct onestop_track_view v = {.code = typed};
    enum err e = typed.n ? onestop_progress(cx, typed, &p) : ERR_NOT_FOUND;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK) {
        struct dossier d = {.state = p.state};
        v.found = true;
        v.procedure_name = p.procedure_name;
        v.unit = p.unit_name;
        v.due = p.due_at && !p.released_at ? time_long_vi(cx->arena, p.due_at) : S("");
        v.state = onestop_state_badge(&d, true);
        v.stepper = progress_steps(cx, &p);
    } else if (typed.n) {
        v.wrong = (struct look_note_view){
            .kind = S("err"),
            .icon = S("oct"),
            .title = S("Không tìm thấy hồ sơ có mã này"),
            .text = S(
                "Kiểm tra lại mã trên giấy tiếp nhận, ví dụ H37.114-261109-0007. Vẫn không thấy, gọi 1022.")};
        rs->status = 404;
    }
    onestop_track_html(&rs->body, &v);
    return OK;
}

/* By hand: "?ma=". */
enum err onestop_show_track(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_track(cx, rs, str_trim(web_query(rq, "ma")));
}

/* By the QR of the receipt: a random token, not shown again in the box. */
enum err onestop_show_track_token(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_track(cx, rs, web_path(rq, "ma"));
}

/* ---- the public check of a result ---- */

static enum err draw_verify(struct cx *cx, struct web_res *rs, struct str code)
{
    struct verified r;
    struct onestop_verify_view v = {.code = code};
    enum err e = code.n ? onestop_verify(cx, code, &r) : ERR_NOT_FOUND;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK) {
        struct look_row *rows = NEW_N(cx->arena, struct look_row, 7);
        rows[0] = (struct look_row){.key = S("Văn bản"), .value = r.document};
        rows[1] = (struct look_row){.key = S("Số"), .value = r.number};
        rows[2] = (struct look_row){.key = S("Cơ quan ký"), .value = r.unit_name};
        rows[3] = (struct look_row){.key = S("Người ký"), .value = r.signer_name};
        rows[4] = (struct look_row){.key = S("Cấp cho"), .value = r.holder_masked};
        rows[5] = (struct look_row){.key = S("Ký lúc"), .value = time_vi(cx->arena, r.signed_at)};
        rows[6] = (struct look_row){.key = S("Mã băm SHA-256 của tệp"), .value = r.sha256_hex};
        v.verdict = (struct look_note_view){
            .kind = S("ok"),
            .icon = S("checkc"),
            .title = S("Văn bản hợp lệ"),
            .text = S(
                "Văn bản mang mã này đã được ký số và chưa bị thu hồi. So các dòng dưới với bản bạn đang cầm.")};
        if (r.replaced_by.n)
            v.verdict = (struct look_note_view){
                .kind = S("warn"),
                .icon = S("tri"),
                .title = tr(cx, S(T("Văn bản đã được thay thế"))),
                .text = str_fmt(
                    cx->arena,
                    T("Văn bản này là thật, nhưng đã được đính chính bằng văn bản số %.*s. Dùng bản mới."),
                    F(r.replaced_by))};
        v.facts = (struct look_facts_view){S("Văn bản"), rows, 7};
    } else if (code.n) {
        v.verdict = (struct look_note_view){
            .kind = S("err"),
            .icon = S("oct"),
            .title = S("Không có văn bản nào mang mã này"),
            .text = S(
                "Kiểm tra lại 12 ký tự in cạnh mã QR. Nếu đúng mà vẫn không thấy, văn bản có thể là giả: gọi 1022.")};
        rs->status = 404;
    }
    onestop_verify_html(&rs->body, &v);
    return OK;
}

enum err onestop_show_verify(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_verify(cx, rs, str_trim(web_query(rq, "ma")));
}

enum err onestop_show_verify_code(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_verify(cx, rs, web_path(rq, "ma"));
}
