/* onestop_work_pages.c - one dossier on an officer's desk: papers, draft, my step. */
#include "onestop_work.h"

static struct str shown_code(const struct dossier *d)
{
    return d->code.n ? d->code : d->request_code;
}

bool onestop_work_drafting(struct cx *cx, const struct work *w)
{
    return onestop_may(cx, &w->d, MOVE_SUBMIT, NULL) && (size_t)w->d.step < w->p->steps_n &&
           str_eq(w->p->steps[w->d.step].kind, S("tham_tra"));
}

struct str onestop_work_href(struct cx *cx, const struct work *w, struct str question)
{
    return onestop_queue_href(cx, &w->queue, w->path, question);
}

enum err onestop_work_load(struct cx *cx, struct web_req *rq, struct work *w)
{
    TRY(onestop_of_path(cx, rq, &w->d));
    cx->purpose = tr_fmt(cx, T("Giải quyết hồ sơ %.*s"), F(shown_code(&w->d)));
    TRY(onestop_procedure(cx, &w->d, &w->p));
    TRY(form_version(cx, w->d.form_version, &w->f));
    w->f = form_for_officer(cx, w->f);
    TRY(onestop_papers(cx, &w->d, w->papers, PAPERS_MAX, &w->papers_n));
    enum err e = onestop_result(cx, &w->d, &w->r);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    w->has_result = e == OK;
    w->path = str_fmt(cx->arena, "/viec/%.*s", F(shown_code(&w->d)));
    onestop_queue_of(cx, rq, &w->queue);
    w->tab = web_form_has(rq, "ghi_chu") ? S("ghi-chu")
             : web_again(rq)             ? S("du-thao")
                                         : web_query(rq, "xem");
    if (w->tab.n == 0)
        w->tab = w->has_result || onestop_work_drafting(cx, w) ? S("du-thao") : S("to-khai");
    return OK;
}

/* ---- left: papers ---- */

static void set_papers(struct cx *cx, struct web_req *rq, const struct work *w,
                       struct onestop_work_view *v)
{
    struct onestop_work_paper *list = NEW_N(cx->arena, struct onestop_work_paper, w->papers_n);
    struct str at = web_query(rq, "giay");
    for (size_t i = 0; i < w->papers_n; i++) {
        const struct paper *p = &w->papers[i];
        struct str id = str_fmt(cx->arena, "%lld", (long long)p->id);
        list[i] = (struct onestop_work_paper){
            .name = p->name,
            .icon = p->file ? S("filec") : S("eye"),
            .href = onestop_work_href(cx, w, str_fmt(cx->arena, "xem=giay-to&giay=%.*s", F(id))),
            .note = p->file ? p->file_name : tr(cx, S(T("Đã xem tại quầy"))),
            .note_kind = S("ok"),
            .note_icon = S("check"),
            .current = str_eq(w->tab, S("giay-to")) && str_eq(at, id),
        };
        if (p->file && p->file_state == FILE_QUARANTINE) {
            list[i].note = tr(cx, S(T("Đang quét mã độc")));
            list[i].note_kind = S("warn");
            list[i].note_icon = S("clock");
        }
    }
    v->papers = list;
    v->papers_n = w->papers_n;
}

/* ---- middle: tabs ---- */

static void set_tabs(struct cx *cx, const struct work *w, struct onestop_work_view *v)
{
    static const struct {
        const char *name, *label;
    } tabs[] = {{"to-khai", "Tờ khai"},   {"du-thao", "Dự thảo kết quả"}, {"giay-to", "Giấy tờ"},
                {"y-kien", "Xin ý kiến"}, {"ghi-chu", "Ghi chú"},         {"nhat-ky", "Nhật ký"}};
    size_t n = sizeof tabs / sizeof *tabs;
    struct look_tab *items = NEW_N(cx->arena, struct look_tab, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct look_tab){
            .label = tr(cx, str_c(tabs[i].label)),
            .href = onestop_work_href(cx, w, str_fmt(cx->arena, "xem=%s", tabs[i].name)),
            .current = str_eq(w->tab, str_c(tabs[i].name))};
    v->tabs = (struct look_tabs_view){tr(cx, S(T("Nội dung"))), items, n};
}

static enum err set_answers(struct cx *cx, const struct work *w, struct onestop_work_view *v)
{
    const struct json *data;
    TRY(onestop_form_data(cx, &w->d, &data));
    struct look_rows_view *parts = NEW_N(cx->arena, struct look_rows_view, w->f->sections_n);
    for (size_t s = 0; s < w->f->sections_n; s++) {
        const struct form_section *section = &w->f->sections[s];
        struct look_row *rows = NEW_N(cx->arena, struct look_row, section->fields_n);
        size_t n = 0;
        for (size_t i = 0; i < section->fields_n; i++) {
            struct str value =
                form_shown_json(cx, &section->fields[i], json_get(data, section->fields[i].id));
            value = form_said(cx, &section->fields[i], value);
            if (value.n)
                rows[n++] = (struct look_row){.key = section->fields[i].label, .value = value};
        }
        if (n)
            parts[v->parts_n++] = (struct look_rows_view){section->title, rows, n};
    }
    v->parts = parts;
    return OK;
}

static void set_paper_frame(struct cx *cx, struct web_req *rq, const struct work *w,
                            struct onestop_work_view *v)
{
    struct str at = web_query(rq, "giay");
    for (size_t i = 0; i < w->papers_n; i++)
        if (w->papers[i].file &&
            (at.n == 0 || str_eq(at, str_fmt(cx->arena, "%lld", (long long)w->papers[i].id)))) {
            v->frame_title = w->papers[i].name;
            v->frame_href =
                str_fmt(cx->arena, "%.*s/giay-to/%lld", F(w->path), (long long)w->papers[i].id);
            v->picture = str_starts(w->papers[i].mime, S("image/"));
            return;
        }
    v->empty = (struct look_empty_view){
        tr(cx, S(T("Không có tệp nào"))),
        tr(cx, S(T("Giấy tờ của hồ sơ này được xem bản giấy tại quầy."))), S(""), S("")};
}

/* Among officers: the person does not read these. */
static enum err set_notes(struct cx *cx, struct web_req *rq, const struct work *w,
                          struct onestop_work_view *v)
{
    struct str about = web_again(rq) ? cx->field : S(""), why = cx->why;
    TRY(onestop_notes_tab(cx, &w->d, &v->timeline));
    v->note_action = str_fmt(cx->arena, "%.*s/ghi-chu", F(w->path));
    v->note_field = (struct look_field_view){
        .kind = LOOK_AREA,
        .name = S("ghi_chu"),
        .label = tr(cx, S(T("Ghi chú nội bộ"))),
        .hint = tr(cx, S(T("Cán bộ xử lý hồ sơ đọc được; người nộp không đọc được."))),
        .wrong = str_eq(about, S("ghi_chu")) ? why : S(""),
        .value = web_form(rq, "ghi_chu"),
        .max = REASON_MAX};
    return OK;
}

static enum err set_middle(struct cx *cx, struct web_req *rq, const struct work *w,
                           struct onestop_work_view *v)
{
    if (str_eq(w->tab, S("nhat-ky")))
        return onestop_moments(cx, &w->d, &v->timeline);
    if (str_eq(w->tab, S("y-kien")))
        return onestop_consult_tab(cx, &w->d, &v->consults);
    if (str_eq(w->tab, S("ghi-chu")))
        return set_notes(cx, rq, w, v);
    if (str_eq(w->tab, S("du-thao")))
        return onestop_work_set_draft(cx, rq, w, v);
    if (str_eq(w->tab, S("giay-to"))) {
        set_paper_frame(cx, rq, w, v);
        return OK;
    }
    return set_answers(cx, w, v);
}

enum err onestop_show_work(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct work *w = NEW(cx->arena, struct work);
    const struct str why = cx->why, field = cx->field;
    TRY(onestop_work_load(cx, rq, w));
    cx->why = why; /* of the form that is drawn again; looking for a draft says its own */
    cx->field = field;
    const struct dossier *d = &w->d;
    struct onestop_work_view v = {
        .errors = onestop_errors(cx, rq),
        .here = onestop_work_href(cx, w, S("")),
        .list_href = onestop_queue_list(cx, &w->queue),
        .queue_view = w->queue.view,
        .procedure_name = d->procedure_name,
        .code = d->code,
        .request_code = d->request_code,
        .person = d->submitter_name,
        .acts = d->acts == ACTS_FOR_CHILD ? tr_fmt(cx, T("cho %.*s"), F(d->subject_name)) : S(""),
        .state = onestop_state_badge(cx, d, false),
        .due = onestop_due_badge(cx, d),
        .purpose =
            S("Bạn đang xem dữ liệu cá nhân, mục đích: giải quyết hồ sơ. Lượt xem được ghi lại."),
    };
    int64_t answer_by;
    TRY(onestop_answer_by(cx, d, NULL, &answer_by));
    if (answer_by) {
        v.due = look_due(cx, LOOK_DUE_RUNNING, answer_by, 0);
        v.clock_words = tr_fmt(cx, T("Trả lời người nộp trước %.*s"), F(time_long(cx, answer_by)));
    }
    if (d->due_at)
        v.clock_words = tr_fmt(cx, T("Hẹn trả %.*s"), F(time_long(cx, d->due_shown_at)));
    set_papers(cx, rq, w, &v);
    set_tabs(cx, w, &v);
    TRY(set_middle(cx, rq, w, &v));
    TRY(onestop_queue_set(cx, &w->queue, d, &v.next));
    TRY(onestop_work_set_step(cx, w, &v));
    rs->title = str_fmt(cx->arena, "%.*s %.*s", F(shown_code(d)), F(d->procedure_name));
    onestop_work_html(&rs->body, &v);
    return OK;
}
