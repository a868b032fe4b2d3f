/* onestop_late_pages.c - what is late or will be: causes, apologies; notes of a dossier. */
#include "onestop_acts.h"
#include "onestop_desk_work.h"
#include "onestop_officer_views.h"
#include "onestop_queue.h"

#define NOTES_MAX 50
#define CAUSES_MAX 16

/* ---- the act "nguyen-nhan" ---- */

enum err onestop_cause_fields(struct cx *cx, struct web_req *rq, const struct dossier *d,
                              struct look_field_view *fields, size_t *n)
{
    struct look_option *o = NEW_N(cx->arena, struct look_option, CAUSES_MAX);
    struct str cause = S(""), words = S("");
    size_t o_n = 0;
    enum err e = onestop_store_cause(cx, d, &cause, &words);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (web_again(rq)) {
        cause = web_form(rq, "nguyen_nhan");
        words = web_form(rq, "giai_thich");
    }
    for (const struct late_cause *c = onestop_causes; c->code; c++)
        o[o_n++] = (struct look_option){str_c(c->code), tr(cx, str_c(c->title)), S(""),
                                        str_eq(cause, str_c(c->code))};
    fields[(*n)++] = (struct look_field_view){.kind = LOOK_RADIO,
                                              .name = S("nguyen_nhan"),
                                              .label = tr(cx, S(T("Vì sao quá hạn"))),
                                              .options = o,
                                              .options_n = o_n};
    fields[(*n)++] = (struct look_field_view){.kind = LOOK_AREA,
                                              .name = S("giai_thich"),
                                              .label = tr(cx, S(T("Giải thích"))),
                                              .optional = true,
                                              .value = words,
                                              .max = REASON_MAX};
    return OK;
}

enum err onestop_act_cause(struct cx *cx, struct web_req *rq, struct dossier *d,
                           [[maybe_unused]] struct str *toast)
{
    return onestop_name_cause(cx, d, web_form(rq, "nguyen_nhan"), web_form(rq, "giai_thich"));
}

/* ---- the list ---- */

static struct str code_of(const void *row)
{
    const struct dossier *d = &((const struct late_row *)row)->r.d;
    return d->code.n ? d->code : d->request_code;
}

static void cell_cause(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct late_row *l = row;
    if (l->cause.n) {
        c->text = tr(cx, str_c(onestop_cause_title(l->cause)));
        return;
    }
    if (l->r.due != DUE_LATE || !onestop_may(cx, &l->r.d, MOVE_SUBMIT, NULL)) {
        c->text = l->r.due == DUE_LATE ? tr(cx, S(T("Chưa ghi"))) : S("");
        return;
    }
    c->text = tr(cx, S(T("Ghi nguyên nhân…")));
    c->href = str_fmt(cx->arena, "/viec/%.*s/xu-ly/nguyen-nhan", F(code_of(row)));
}

static void cell_apology(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct dossier *d = &((const struct late_row *)row)->r.d;
    if (d->apologised_at) {
        c->badge = (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Đã xin lỗi"))), S("")};
        c->sub = date_vi(cx->arena, day_of(d->apologised_at));
        c->below = true;
        return;
    }
    c->text = tr(cx, S(T("Chưa")));
    if (onestop_may(cx, d, MOVE_EXTEND, NULL)) {
        c->text = tr(cx, S(T("Xin lỗi, hẹn lại…")));
        c->href = str_fmt(cx->arena, "/viec/%.*s/ky/hen-lai", F(code_of(row)));
    }
}

static struct list_value value_cause(struct cx *cx, const void *row)
{
    return (struct list_value){
        .text = tr(cx, str_c(onestop_cause_title(((const struct late_row *)row)->cause)))};
}

static struct list_value value_apology(struct cx *, const void *row)
{
    return (struct list_value){.kind = LIST_INSTANT,
                               .number = ((const struct late_row *)row)->r.d.apologised_at};
}

/* clang-format off */
#define CHOICE(value, label) {{value, sizeof value - 1}, {label, sizeof label - 1}}
static const struct list_choice causes[] = {
    CHOICE("chua", "Chưa ghi"), CHOICE("khoi_luong", "Quá nhiều hồ sơ cùng lúc"),
    CHOICE("phoi_hop", "Chờ ý kiến, phối hợp của cơ quan khác"), CHOICE("phuc_tap", "Hồ sơ phức tạp, phải xác minh thêm"),
    CHOICE("he_thong", "Hệ thống, đường truyền gián đoạn"), CHOICE("nguoi_nop", "Người nộp chưa phối hợp"),
    CHOICE("can_bo", "Cán bộ xử lý chậm"), CHOICE("khac", "Nguyên nhân khác"),
};
static const struct list_choice apologies[] = {CHOICE("chua", "Chưa xin lỗi"), CHOICE("roi", "Đã xin lỗi")};
static const struct list_column columns[] = {
    {"Hồ sơ", "c-title flex-cell", NULL, NULL, false, onestop_cell_dossier, NULL},
    {"Mã hồ sơ", "", NULL, NULL, false, NULL, onestop_value_code},
    {"Thủ tục", "", NULL, NULL, false, NULL, onestop_value_procedure},
    {"Người nộp", "c-break", NULL, NULL, true, onestop_cell_person, onestop_value_person},
    {"Bước, người giữ", "c-step", NULL, NULL, false, onestop_cell_step, onestop_value_step},
    {"Người giữ", "", NULL, NULL, false, NULL, onestop_value_assignee},
    {"Nơi giữ", "", NULL, NULL, false, NULL, onestop_value_unit},
    {"Nguyên nhân", "", "Nguyên nhân", NULL, false, cell_cause, value_cause},
    {"Xin lỗi", "", "Xin lỗi", NULL, false, cell_apology, value_apology},
    {"Hạn", "c-due", NULL, "han", false, onestop_cell_due, onestop_value_due},
};
/* clang-format on */
static const struct list_offer offers[] = {
    {0}, {"Nguyên nhân", causes, sizeof causes / sizeof *causes}, {"Xin lỗi", apologies, 2}};
const struct list_def onestop_late_list = {
    .name = "tre-han",
    .title = "Hồ sơ trễ hạn",
    .path = "/tre-han",
    .placeholder = "Tìm mã hồ sơ, tên người, thủ tục",
    .source = &onestop_late_source,
    .columns = columns,
    .columns_n = sizeof columns / sizeof *columns,
    .offers = offers,
    .empty = "Không có hồ sơ nào trễ",
    .empty_text = "Hồ sơ quá hạn, hay sắp hết hạn, sẽ hiện ở đây.",
    .exports = true,
    .views = true,
};

enum err onestop_show_late(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    static const struct {
        const char *value, *label;
    } tabs[] = {{"qua", "Đã quá hạn"}, {"sap", "Hết hạn trong 2 ngày"}};
    struct list_ask ask;
    struct onestop_inbox_view v = {.title = tr(cx, S(T("Hồ sơ trễ hạn"))),
                                   .subtitle = cx->actor->unit_name};
    struct look_tab *items = NEW_N(cx->arena, struct look_tab, 2);
    TRY(list_show(cx, rq, &onestop_late_list, &v.list, &ask));
    for (size_t i = 0; i < 2; i++) {
        int64_t n;
        bool more;
        const struct list_ask only = {.values = {str_c(tabs[i].value)}};
        TRY(list_count(cx, &onestop_late_source, &only, &n, &more));
        items[i] = (struct look_tab){
            .label = tr(cx, str_c(tabs[i].label)),
            .count = list_number(cx, n, more),
            .href = list_href(cx, &onestop_late_list, &ask, "luc", str_c(tabs[i].value)),
            .current = str_eq(ask.values[0], str_c(tabs[i].value))};
    }
    v.tabs = (struct look_tabs_view){tr(cx, S(T("Theo hạn"))), items, 2};
    v.list.export_masked = !web_may(cx, &onestop_export);
    onestop_inbox_html(&rs->body, &v);
    return OK;
}

/* ---- notes in the workspace ---- */

enum err onestop_notes_tab(struct cx *cx, const struct dossier *d, struct look_timeline_view *out)
{
    struct note *all = NEW_N(cx->arena, struct note, NOTES_MAX);
    size_t n;
    TRY(onestop_notes(cx, d, all, NOTES_MAX, &n));
    struct look_moment *items = NEW_N(cx->arena, struct look_moment, n);
    for (size_t i = 0; i < n; i++) {
        struct civil at = civil_at(all[i].at);
        items[i] = (struct look_moment){
            .day = str_fmt(cx->arena, "%02d/%02d", at.day, at.month),
            .time = str_fmt(cx->arena, "%02d:%02d", at.hour, at.minute),
            .at = time_iso(cx->arena, all[i].at),
            .title = all[i].words,
            .text = str_fmt(cx->arena, "%.*s, %.*s", F(all[i].by_name), F(all[i].unit_name)),
        };
    }
    *out = (struct look_timeline_view){items, n};
    return OK;
}

enum err onestop_write_note(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    struct queue queue;
    web_on_refusal(rq, onestop_show_work);
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_note_add(cx, &d, web_form(rq, "ghi_chu")));
    onestop_queue_of(cx, rq, &queue);
    rs->see_other = onestop_queue_href(
        cx, &queue, str_fmt(cx->arena, "/viec/%.*s", F(d.code.n ? d.code : d.request_code)),
        S("xem=ghi-chu"));
    rs->toast = tr(cx, S(T("Đã ghi chú.")));
    return OK;
}
