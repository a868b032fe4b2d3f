/* onestop_work_pages.c - one dossier on an officer's desk: papers, draft, my step. */
#include "identity/identity.h"
#include "onestop_acts.h"
#include "onestop_officer_views.h"
#include "org/org.h"

#define BUTTONS_MAX 20
#define VALUES_MAX 600 /* answers of one form */

/* What every part of the page is drawn from. */
struct work {
    struct dossier d;
    const struct procedure *p;
    const struct form *f;
    struct result_view r;
    bool has_result;
    struct paper papers[PAPERS_MAX];
    size_t papers_n;
    struct str tab, path;
};

static struct str shown_code(const struct dossier *d)
{
    return d->code.n ? d->code : d->request_code;
}

static bool drafting(struct cx *cx, const struct work *w)
{
    return onestop_may(cx, &w->d, MOVE_SUBMIT, NULL) && (size_t)w->d.step < w->p->steps_n &&
           str_eq(w->p->steps[w->d.step].kind, S("tham_tra"));
}

static enum err load(struct cx *cx, struct web_req *rq, struct work *w)
{
    TRY(onestop_of_path(cx, rq, &w->d));
    cx->purpose = tr_fmt(cx, T("Giải quyết hồ sơ %.*s"), F(shown_code(&w->d)));
    TRY(onestop_procedure(cx, &w->d, &w->p));
    TRY(form_version(cx, w->d.form_version, &w->f));
    TRY(onestop_papers(cx, &w->d, w->papers, PAPERS_MAX, &w->papers_n));
    enum err e = onestop_result(cx, &w->d, &w->r);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    w->has_result = e == OK;
    w->path = str_fmt(cx->arena, "/viec/%.*s", F(shown_code(&w->d)));
    w->tab = web_form_has(rq, "ghi_chu") ? S("ghi-chu")
             : web_again(rq)             ? S("du-thao")
                                         : web_query(rq, "xem");
    if (w->tab.n == 0)
        w->tab = w->has_result || drafting(cx, w) ? S("du-thao") : S("to-khai");
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
            .href = str_fmt(cx->arena, "%.*s?xem=giay-to&giay=%.*s", F(w->path), F(id)),
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
        items[i] =
            (struct look_tab){.label = tr(cx, str_c(tabs[i].label)),
                              .href = str_fmt(cx->arena, "%.*s?xem=%s", F(w->path), tabs[i].name),
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
            if (value.n)
                rows[n++] = (struct look_row){.key = section->fields[i].label, .value = value};
        }
        if (n)
            parts[v->parts_n++] = (struct look_rows_view){section->title, rows, n};
    }
    v->parts = parts;
    return OK;
}

/* The fields of the form as the specialist may correct them for the paper. */
static enum err set_editor(struct cx *cx, struct web_req *rq, const struct work *w,
                           struct onestop_work_view *v)
{
    const struct json *data, *draft = NULL;
    struct json_error error;
    struct web_value *values = NEW_N(cx->arena, struct web_value, VALUES_MAX);
    size_t values_n = 0;
    TRY(onestop_form_data(cx, &w->d, &data));
    if (w->has_result && json_read(cx->arena, w->r.data_json, &draft, &error) != OK)
        return fail(cx, ERR_IO, "onestop_result %lld: %s", (long long)w->r.id, error.what);
    for (size_t s = 0; s < w->f->sections_n; s++)
        for (size_t i = 0; i < w->f->sections[s].fields_n; i++) {
            const struct form_field *f = &w->f->sections[s].fields[i];
            const struct json *from = draft && json_has(draft, f->id) ? draft : data;
            form_typed_again(cx, f, json_get(from, f->id), values, VALUES_MAX, &values_n);
        }
    struct form_values typed = {.v = values, .n = values_n, .by_officer = true};
    if (web_again(rq))
        typed.v = web_form_values(rq, &typed.n);
    struct onestop_counter_part *parts =
        NEW_N(cx->arena, struct onestop_counter_part, w->f->sections_n);
    for (size_t s = 0; s < w->f->sections_n; s++) {
        const struct form_section *section = &w->f->sections[s];
        struct look_field_view *fields =
            NEW_N(cx->arena, struct look_field_view, section->fields_n);
        for (size_t i = 0; i < section->fields_n; i++) {
            fields[i] = form_look_field(cx, &section->fields[i], &typed,
                                        web_error_of(rq, section->fields[i].id));
            fields[i].hint = S("");
            fields[i].optional = false; /* said to the person; here all may be mended */
        }
        parts[s] = (struct onestop_counter_part){section->title, fields, section->fields_n};
    }
    v->edits = true;
    v->draft_version = str_fmt(cx->arena, "%lld", (long long)w->d.version);
    v->draft_action = str_fmt(cx->arena, "%.*s/du-thao", F(w->path));
    v->edit_parts = parts;
    v->edit_parts_n = w->f->sections_n;
    v->proposal = (struct look_field_view){.kind = LOOK_AREA,
                                           .name = S("de_xuat"),
                                           .label = tr(cx, S(T("Đề xuất gửi lãnh đạo"))),
                                           .optional = true,
                                           .value = web_again(rq)   ? web_form(rq, "de_xuat")
                                                    : w->has_result ? w->r.proposal
                                                                    : S(""),
                                           .max = REASON_MAX};
    return OK;
}

/* The draft as it would be signed; its fields only to make or to mend it. */
static enum err set_draft(struct cx *cx, struct web_req *rq, const struct work *w,
                          struct onestop_work_view *v)
{
    bool may_edit = drafting(cx, w) && !(w->has_result && w->r.negative);
    if (may_edit && (!w->has_result || web_again(rq) || web_query(rq, "sua").n))
        return set_editor(cx, rq, w, v);
    if (w->has_result) {
        v->frame_title = tr(cx, S(T("Dự thảo kết quả")));
        v->frame_href =
            str_fmt(cx->arena, "%.*s/%s", F(w->path), w->r.file ? "ket-qua" : "du-thao.pdf");
        v->edit_href = may_edit ? str_fmt(cx->arena, "%.*s?xem=du-thao&sua=1", F(w->path)) : S("");
    }
    if (!w->has_result)
        v->empty = (struct look_empty_view){
            tr(cx, S(T("Chưa có dự thảo"))),
            tr(cx, S(T("Dự thảo hiện ở đây khi chuyên viên soạn xong."))), S(""), S("")};
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
        return set_draft(cx, rq, w, v);
    if (str_eq(w->tab, S("giay-to"))) {
        set_paper_frame(cx, rq, w, v);
        return OK;
    }
    return set_answers(cx, w, v);
}

/* ---- right: my step ---- */

static void set_buttons(struct cx *cx, const struct work *w, struct onestop_work_view *v)
{
    struct onestop_work_button *b = NEW_N(cx->arena, struct onestop_work_button, BUTTONS_MAX);
    size_t n = 0;
    for (const struct act *a = onestop_acts; a->path && n < BUTTONS_MAX; a++) {
        if (!onestop_act_offered(cx, a, &w->d, w->p, w->has_result ? &w->r : NULL))
            continue;
        bool second = n > 0 && str_c(a->kind).n == 0; /* one primary button a view */
        b[n++] = (struct onestop_work_button){
            .label = tr(cx, str_c(a->label)),
            .href = str_fmt(cx->arena, "%.*s/%s/%s", F(w->path), a->group, a->path),
            .kind = second ? S("2") : str_c(a->kind),
        };
    }
    v->buttons = b;
    v->buttons_n = n;
    v->step_title = tr(cx, S(T("Việc của bạn")));
    v->step_text = n ? tr(cx, S(T("Chọn một việc. Việc có dấu … hỏi thêm trước khi làm.")))
                     : tr(cx, S(T("Bạn không có việc gì phải làm với hồ sơ này lúc này.")));
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

enum err onestop_show_work(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct work *w = NEW(cx->arena, struct work);
    const struct str why = cx->why, field = cx->field;
    TRY(load(cx, rq, w));
    cx->why = why; /* of the form that is drawn again; looking for a draft says its own */
    cx->field = field;
    const struct dossier *d = &w->d;
    struct onestop_work_view v = {
        .errors = onestop_errors(cx, rq),
        .here = w->path,
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
    if (d->due_at)
        v.clock_words = tr_fmt(cx, T("Hẹn trả %.*s"), F(time_long_vi(cx->arena, d->due_shown_at)));
    set_process(cx, w, &v);
    set_papers(cx, rq, w, &v);
    set_tabs(cx, w, &v);
    TRY(set_middle(cx, rq, w, &v));
    set_buttons(cx, w, &v);
    set_prints(cx, w, &v);
    set_note(cx, w, &v);
    TRY(set_before(cx, w, &v));
    TRY(set_people(cx, w, &v));
    rs->title = str_fmt(cx->arena, "%.*s %.*s", F(shown_code(d)), F(d->procedure_name));
    onestop_work_html(&rs->body, &v);
    return OK;
}

/* ---- saving the draft ---- */

struct drafting {
    struct str data;
};

/* The pinned form checks the specialist's corrections like the person's own answers. */
enum err onestop_check_draft(struct cx *cx, struct web_req *rq, [[maybe_unused]] struct web_res *rs)
{
    struct work *w = NEW(cx->arena, struct work);
    struct form_check check;
    size_t n;
    web_on_refusal(rq, onestop_show_work);
    TRY(load(cx, rq, w));
    struct form_values typed = {.v = web_form_values(rq, &n), .by_officer = true};
    typed.n = n;
    TRY(form_check(cx, w->f, &typed, -1, &check));
    for (size_t i = 0; i < check.n; i++)
        web_error_add(cx, rq, check.errors[i].field, check.errors[i].sentence);
    struct drafting *d = NEW(cx->arena, struct drafting);
    d->data = check.json;
    web_keep(rq, d);
    return web_refuse(cx, rq);
}

enum err onestop_write_draft(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct drafting *w = web_kept(rq);
    struct dossier d;
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_same_version(cx, rq, &d));
    TRY(onestop_draft(cx, &d, w->data, web_form(rq, "de_xuat")));
    rs->see_other = str_fmt(cx->arena, "/viec/%.*s?xem=du-thao", F(shown_code(&d)));
    rs->toast = tr(cx, S(T("Đã lưu dự thảo.")));
    return OK;
}
