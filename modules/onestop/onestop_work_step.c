/* onestop_work_step.c - my step on the officer's desk: where the dossier stands, what may be done
 * with it now, what can be printed, what those before said, who is who. */
#include "identity/identity.h"
#include "onestop_work.h"
#include "org/org.h"

#define BUTTONS_MAX 20

/* The step that drafts has no button of its own until something is drafted: say the way to it. */
static const char *step_words(struct cx *cx, const struct work *w, size_t buttons)
{
    const struct dossier *d = &w->d;
    const bool drafts = onestop_step_is(d, w->p, "tham_tra", NULL) && web_may(cx, &onestop_process);
    if (drafts && !w->has_result && d->assignee == 0)
        return T(
            "Bấm Nhận xử lý, soạn ở phần Dự thảo kết quả rồi lưu: lưu xong thì trình duyệt được.");
    if (drafts && !w->has_result)
        return T("Soạn ở phần Dự thảo kết quả rồi bấm Lưu dự thảo: lưu xong thì trình duyệt được.");
    return buttons ? T("Chọn một việc. Việc có dấu … hỏi thêm trước khi làm.")
                   : T("Lúc này không có việc gì phải làm với hồ sơ này.");
}

static void set_buttons(struct cx *cx, const struct work *w, struct onestop_work_view *v)
{
    struct onestop_work_button *b = NEW_N(cx->arena, struct onestop_work_button, BUTTONS_MAX);
    size_t n = 0;
    for (const struct act *a = onestop_acts; a->path && n < BUTTONS_MAX; a++) {
        if (!onestop_act_offered(cx, a, &w->d, w->p, w->has_result ? &w->r : NULL))
            continue;
        bool second = (n > 0 || v->next.name.n) && str_c(a->kind).n == 0; /* one primary button */
        b[n++] = (struct onestop_work_button){
            .label = tr(cx, str_c(a->label)),
            .href = onestop_queue_href(
                cx, &w->queue, str_fmt(cx->arena, "%.*s/%s/%s", F(w->path), a->group, a->path),
                S("")),
            .kind = second ? S("2") : str_c(a->kind),
        };
    }
    v->buttons = b;
    v->buttons_n = n;
    v->step_title = tr(cx, S(T("Việc của bạn")));
    v->step_text = tr(cx, str_c(step_words(cx, w, n)));
}

static void set_prints(struct cx *cx, const struct work *w, struct onestop_work_view *v)
{
    static const struct {
        const char *kind, *label;
        int no;
    } forms[] = {{"tu_choi", "Phiếu từ chối (mẫu 03)", 3},
                 {"gia_han", "Xin lỗi, hẹn lại (mẫu 04)", 4},
                 {"dung", "Thông báo dừng (mẫu 05)", 5}};
    struct look_link *links = NEW_N(cx->arena, struct look_link, 12);
    struct supplement one[1];
    struct decision x;
    size_t n = 0, asked;
    if (w->d.accepted_at)
        links[n++] =
            (struct look_link){tr(cx, S(T("Giấy tiếp nhận (mẫu 01)"))),
                               str_fmt(cx->arena, "%.*s/mau/1", F(w->path)), S("print"), false};
    if (w->d.accepted_at)
        links[n++] =
            (struct look_link){S("Phiếu kiểm soát (mẫu 06)"),
                               str_fmt(cx->arena, "%.*s/mau/6", F(w->path)), S("print"), false};
    if (onestop_store_supplements(cx, &w->d, one, 1, &asked) == OK && asked)
        links[n++] =
            (struct look_link){tr(cx, S(T("Phiếu bổ sung (mẫu 02)"))),
                               str_fmt(cx->arena, "%.*s/mau/2", F(w->path)), S("print"), false};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (onestop_store_decision(cx, &w->d, str_c(forms[i].kind), &x) == OK)
            links[n++] = (struct look_link){
                tr(cx, str_c(forms[i].label)),
                str_fmt(cx->arena, "%.*s/mau/%d", F(w->path), forms[i].no), S("print"), false};
    if (w->has_result && w->r.file)
        links[n++] =
            (struct look_link){tr(cx, S(T("Kết quả đã ký (PDF)"))),
                               str_fmt(cx->arena, "%.*s/ket-qua", F(w->path)), S("sign"), false};
    v->prints = links;
    v->prints_n = n;
    cx->err = OK;
}

/* What whoever is at this step must know from before: why it is mended, what the last one said. */
static enum err set_before(struct cx *cx, const struct work *w, struct onestop_work_view *v)
{
    struct correction c;
    struct opinion o = {0};
    bool correcting;
    if (v->note.title.n || w->d.state != DOSSIER_PROCESSING)
        return OK;
    TRY(onestop_correcting(cx, &w->d, &c, &correcting));
    enum err e = onestop_store_opinion(cx, &w->d, &o);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (correcting)
        v->note = (struct look_note_view){.kind = S("warn"),
                                          .icon = S("tri"),
                                          .title = tr(cx, S(T("Đính chính kết quả đã trả"))),
                                          .text = c.reason};
    else if (o.words.n)
        v->note = (struct look_note_view){.kind = S("info"),
                                          .icon = S("chat"),
                                          .title = tr(cx, S(T("Ý kiến của bước trước"))),
                                          .text = o.words};
    return OK;
}

static void set_note(struct cx *cx, const struct work *w, struct onestop_work_view *v)
{
    if (w->has_result && w->r.send_back_reason.n && str_eq(w->r.state, S("du_thao")))
        v->note = (struct look_note_view){.kind = S("warn"),
                                          .icon = S("tri"),
                                          .title = tr(cx, S(T("Lãnh đạo trả lại dự thảo"))),
                                          .text = w->r.send_back_reason};
    else if (w->has_result && str_eq(w->r.state, S("trinh")) && w->r.proposal.n)
        v->note = (struct look_note_view){.kind = S("info"),
                                          .icon = S("chat"),
                                          .title = tr(cx, S(T("Đề xuất của chuyên viên"))),
                                          .text = w->r.proposal};
    v->refresh = w->has_result && str_eq(w->r.state, S("da_duyet"));
}

static void set_process(struct cx *cx, const struct work *w, struct onestop_work_view *v)
{
    size_t n = w->p->steps_n + 2;
    struct look_node *nodes = NEW_N(cx->arena, struct look_node, n);
    const struct dossier *d = &w->d;
    bool working = d->state == DOSSIER_PROCESSING || d->state == DOSSIER_SUPPLEMENT ||
                   d->state == DOSSIER_STOPPED || d->state == DOSSIER_PAYMENT;
    nodes[0] = (struct look_node){
        tr(cx, S(T("Tiếp nhận"))), d->accepted_at ? time_vi(cx->arena, d->accepted_at) : S(""),
        d->accepted_at > 0, d->accepted_at == 0 && !onestop_state(d->state)->ended};
    for (size_t i = 0; i < w->p->steps_n; i++)
        nodes[i + 1] = (struct look_node){w->p->steps[i].title, S(""),
                                          d->released_at > 0 || (working && (int)i < d->step),
                                          working && (int)i == d->step};
    nodes[n - 1] = (struct look_node){tr(cx, S(T("Trả kết quả"))),
                                      d->returned_at ? time_vi(cx->arena, d->returned_at) : S(""),
                                      d->returned_at > 0, d->state == DOSSIER_RELEASED};
    v->process =
        (struct look_process_view){tr(cx, S(T("Quy trình"))), nodes, n, d->returned_at > 0};
}

static enum err set_people(struct cx *cx, const struct work *w, struct onestop_work_view *v)
{
    struct person who;
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 5);
    size_t n = 0;
    TRY(person_find(cx, w->d.submitter, &who));
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Họ tên"))), .value = who.name};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Số định danh"))),
                                  .value = look_id_masked(cx, who.id_no)};
    if (who.phone.n)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Điện thoại"))), .value = who.phone};
    if (w->d.fee_dong)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Phí, lệ phí"))),
                                      .value = look_money(cx, w->d.fee_dong)};
    v->people = (struct look_facts_view){tr(cx, S(T("Người nộp"))), rows, n};
    return OK;
}

enum err onestop_work_set_step(struct cx *cx, const struct work *w, struct onestop_work_view *v)
{
    set_process(cx, w, v);
    set_buttons(cx, w, v);
    set_prints(cx, w, v);
    set_note(cx, w, v);
    TRY(set_before(cx, w, v));
    return set_people(cx, w, v);
}
