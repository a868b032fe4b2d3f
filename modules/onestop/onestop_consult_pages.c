/* onestop_consult_pages.c - questions to other agencies: the list, one question, the tab. */
#include "journal/journal.h"
#include "onestop_desk_work.h"
#include "onestop_officer_views.h"
#include "onestop_pages.h"

#define CONSULTS_MAX 40

/* ---- words ---- */

static struct str opinion_words(struct cx *cx, struct str opinion)
{
    if (str_eq(opinion, S("dong_y")))
        return tr(cx, S(T("Đồng ý")));
    if (str_eq(opinion, S("khong_dong_y")))
        return tr(cx, S(T("Không đồng ý")));
    return opinion.n ? tr(cx, S(T("Ý kiến khác"))) : S("");
}

static struct look_badge_view state_badge(struct cx *cx, const struct consult *c)
{
    if (c->state == CONSULT_TAKEN_BACK)
        return (struct look_badge_view){S(""), S("minus"), tr(cx, S(T("Đã thu hồi"))), S("")};
    if (c->state == CONSULT_ANSWERED)
        return (struct look_badge_view){str_eq(c->opinion, S("dong_y")) ? S("ok") : S("warn"),
                                        str_eq(c->opinion, S("dong_y")) ? S("check") : S("tri"),
                                        opinion_words(cx, c->opinion), S("")};
    if (c->silent_at)
        return (struct look_badge_view){
            S("err"), S("oct"), tr(cx, S(T("Quá hạn chưa trả lời, đã báo"))),
            tr_fmt(cx, T("Báo đơn vị hỏi và phụ trách một cửa lúc %.*s"),
                   F(time_vi(cx->arena, c->silent_at)))};
    return (struct look_badge_view){S("info"), S("chat"), tr(cx, S(T("Chờ trả lời"))), S("")};
}

static struct look_due_badge_view due_badge(struct cx *cx, const struct consult *c)
{
    if (c->state == CONSULT_TAKEN_BACK)
        return (struct look_due_badge_view){0};
    return look_due(cx, c->state == CONSULT_ANSWERED ? LOOK_DUE_DONE : LOOK_DUE_RUNNING, c->due_at,
                    c->answered_at);
}

/* ---- the list ---- */

static void cell_title(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct consult *q = row;
    *c = (struct look_cell){.text = q->procedure_name,
                            .title = q->procedure_name,
                            .sub = q->dossier_code,
                            .below = true,
                            .href = str_fmt(cx->arena, "/xin-y-kien/%.*s", F(q->code))};
}
static void cell_from(struct cx *, const void *row, struct look_cell *c)
{
    const struct consult *q = row;
    *c = (struct look_cell){.text = q->asker_name, .sub = q->asked_by_name, .below = true};
}
static void cell_to(struct cx *, const void *row, struct look_cell *c)
{
    const struct consult *q = row;
    *c = (struct look_cell){.text = q->asked_name, .sub = q->answered_by_name, .below = true};
}
static void cell_state(struct cx *cx, const void *row, struct look_cell *c)
{
    c->badge = state_badge(cx, row);
}
static void cell_asked(struct cx *cx, const void *row, struct look_cell *c)
{
    c->text = time_vi(cx->arena, ((const struct consult *)row)->asked_at);
}
static void cell_due(struct cx *cx, const void *row, struct look_cell *c)
{
    c->due = due_badge(cx, row);
}
static struct list_value value_code(struct cx *, const void *row)
{
    return (struct list_value){.text = ((const struct consult *)row)->dossier_code};
}
static struct list_value value_procedure(struct cx *, const void *row)
{
    return (struct list_value){.text = ((const struct consult *)row)->procedure_name};
}
static struct list_value value_from(struct cx *, const void *row)
{
    return (struct list_value){.text = ((const struct consult *)row)->asker_name};
}
static struct list_value value_to(struct cx *, const void *row)
{
    return (struct list_value){.text = ((const struct consult *)row)->asked_name};
}
static struct list_value value_state(struct cx *cx, const void *row)
{
    return (struct list_value){.text = state_badge(cx, row).text};
}
static struct list_value value_asked(struct cx *, const void *row)
{
    return (struct list_value){.kind = LIST_INSTANT,
                               .number = ((const struct consult *)row)->asked_at};
}
static struct list_value value_due(struct cx *, const void *row)
{
    return (struct list_value){.kind = LIST_INSTANT,
                               .number = ((const struct consult *)row)->due_at};
}
static struct list_value value_answered(struct cx *, const void *row)
{
    return (struct list_value){.kind = LIST_INSTANT,
                               .number = ((const struct consult *)row)->answered_at};
}

/* clang-format off */
static const struct list_column columns[] = {
    {"Hồ sơ", "c-title flex-cell", NULL, NULL, false, cell_title, value_procedure},
    {"Mã hồ sơ", "", NULL, NULL, false, NULL, value_code},
    {"Cơ quan hỏi", "c-break", "Hỏi", NULL, false, cell_from, value_from},
    {"Cơ quan được hỏi", "", "Được hỏi", NULL, false, cell_to, value_to},
    {"Tình trạng", "", NULL, NULL, false, cell_state, value_state},
    {"Hỏi lúc", "nowrap", "Hỏi lúc", NULL, false, cell_asked, value_asked},
    {"Hạn trả lời", "c-due", NULL, "han", false, cell_due, value_due},
    {"Trả lời lúc", "", NULL, NULL, false, NULL, value_answered},
};
static const struct list_choice states[] = {
    {{"cho", 3}, {"Chờ trả lời", sizeof "Chờ trả lời" - 1}},
    {{"qua", 3}, {"Quá hạn", sizeof "Quá hạn" - 1}},
    {{"xong", 4}, {"Đã xong", sizeof "Đã xong" - 1}},
};
/* clang-format on */
static const struct list_offer offers[] = {{0}, {"Tình trạng", states, 3}};
const struct list_def onestop_consult_list = {
    .name = "xin-y-kien",
    .title = "Xin ý kiến",
    .path = "/xin-y-kien",
    .placeholder = "Tìm mã hồ sơ",
    .source = &onestop_consult_source,
    .columns = columns,
    .columns_n = sizeof columns / sizeof *columns,
    .offers = offers,
    .empty = "Không có việc xin ý kiến nào",
    .empty_text = "Câu hỏi của cơ quan khác, và câu hỏi của đơn vị bạn, sẽ hiện ở đây.",
    .exports = true,
    .views = true,
};

enum err onestop_show_consults(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    static const struct {
        const char *value, *label;
    } sides[] = {{"tra-loi", "Phải trả lời"}, {"hoi", "Đã hỏi"}};
    struct list_ask ask;
    struct onestop_inbox_view v = {.title = tr(cx, S(T("Xin ý kiến"))),
                                   .subtitle = cx->actor->unit_name};
    struct look_tab *tabs = NEW_N(cx->arena, struct look_tab, 2);
    TRY(list_show(cx, rq, &onestop_consult_list, &v.list, &ask));
    for (size_t i = 0; i < 2; i++) {
        int64_t n;
        bool more;
        const struct list_ask open = {.values = {str_c(sides[i].value), S("cho")}};
        TRY(list_count(cx, &onestop_consult_source, &open, &n, &more));
        tabs[i] = (struct look_tab){
            .label = tr(cx, str_c(sides[i].label)),
            .count = list_number(cx, n, more),
            .href = list_href(cx, &onestop_consult_list, &ask, "ben", str_c(sides[i].value)),
            .current = str_eq(ask.values[0], str_c(sides[i].value))};
    }
    v.tabs = (struct look_tabs_view){tr(cx, S(T("Bên"))), tabs, 2};
    onestop_inbox_html(&rs->body, &v);
    return OK;
}

/* ---- one question ---- */

static enum err of_path(struct cx *cx, struct web_req *rq, struct consult *c)
{
    cx->purpose = S("Xin ý kiến, phối hợp giải quyết hồ sơ");
    TRY(onestop_consult_find(cx, web_path(rq, "ma"), c));
    return journal_note_read(cx, &(struct personal_read){.data_subject = c->subject_key,
                                                         .subject_kind = SUBJECT_KIND,
                                                         .subject_code = c->dossier_code,
                                                         .subject_id = c->dossier,
                                                         .fields = S("consult_question")});
}

static void set_answer_form(struct cx *cx, struct web_req *rq, const struct consult *c,
                            struct onestop_consult_view *v)
{
    static const char *const values[] = {"dong_y", "khong_dong_y", "khac"};
    struct look_option *o = NEW_N(cx->arena, struct look_option, 3);
    for (size_t i = 0; i < 3; i++)
        o[i] = (struct look_option){str_c(values[i]), opinion_words(cx, str_c(values[i])), S(""),
                                    str_eq(web_form(rq, "y_kien"), str_c(values[i]))};
    struct str about = web_again(rq) ? cx->field : S("");
    v->answer_action = str_fmt(cx->arena, "/xin-y-kien/%.*s/tra-loi", F(c->code));
    v->opinion = (struct look_field_view){.kind = LOOK_RADIO,
                                          .name = S("y_kien"),
                                          .label = tr(cx, S(T("Ý kiến"))),
                                          .wrong = str_eq(about, S("y_kien")) ? cx->why : S(""),
                                          .options = o,
                                          .options_n = 3};
    v->words = (struct look_field_view){.kind = LOOK_AREA,
                                        .name = S("tra_loi"),
                                        .label = tr(cx, S(T("Nội dung trả lời"))),
                                        .hint = tr(cx, S(T("Đồng ý thì có thể để trống."))),
                                        .wrong = str_eq(about, S("tra_loi")) ? cx->why : S(""),
                                        .value = web_form(rq, "tra_loi"),
                                        .max = REASON_MAX};
}

static enum err set_papers(struct cx *cx, const struct consult *c, struct onestop_consult_view *v)
{
    struct consult_paper *p = NEW_N(cx->arena, struct consult_paper, CONSULT_PAPERS_MAX);
    struct look_link *links = NEW_N(cx->arena, struct look_link, CONSULT_PAPERS_MAX);
    TRY(onestop_consult_papers(cx, c, p, CONSULT_PAPERS_MAX, &v->papers_n));
    for (size_t i = 0; i < v->papers_n; i++)
        links[i] = (struct look_link){
            p[i].name,
            str_fmt(cx->arena, "/xin-y-kien/%.*s/giay-to/%lld", F(c->code), (long long)p[i].id),
            S("filec"), false};
    v->papers = links;
    return OK;
}

enum err onestop_show_consult(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct consult c;
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 5);
    size_t n = 0;
    struct str why = cx->why, field = cx->field;
    TRY(of_path(cx, rq, &c));
    cx->why = why;
    cx->field = field;
    struct onestop_consult_view v = {
        .errors = onestop_errors(cx, rq),
        .title = c.procedure_name,
        .code = c.dossier_code,
        .question = c.question,
        .answer = c.answer,
        .state = state_badge(cx, &c),
        .due = due_badge(cx, &c),
        .work_href = cx->actor->unit == c.asker_unit
                         ? str_fmt(cx->arena, "/viec/%.*s", F(c.dossier_code))
                         : S(""),
    };
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Cơ quan hỏi"))), .value = c.asker_name};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Người hỏi"))), .value = c.asked_by_name};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Cơ quan được hỏi"))), .value = c.asked_name};
    rows[n++] =
        (struct look_row){.key = tr(cx, S(T("Hỏi lúc"))), .value = time_vi(cx->arena, c.asked_at)};
    if (c.answered_by)
        rows[n++] =
            (struct look_row){.key = tr(cx, S(T("Người trả lời"))),
                              .value = str_fmt(cx->arena, "%.*s, %.*s", F(c.answered_by_name),
                                               F(time_vi(cx->arena, c.answered_at)))};
    v.facts = (struct look_facts_view){tr(cx, S(T("Thông tin"))), rows, n};
    TRY(set_papers(cx, &c, &v));
    if (onestop_consult_may_answer(cx, &c))
        set_answer_form(cx, rq, &c, &v);
    if (onestop_consult_may_take_back(cx, &c))
        v.back_action = str_fmt(cx->arena, "/xin-y-kien/%.*s/thu-hoi", F(c.code));
    rs->title = str_fmt(cx->arena, "%.*s: %.*s", F(tr(cx, S(T("Xin ý kiến")))), F(c.dossier_code));
    onestop_consult_html(&rs->body, &v);
    return OK;
}

enum err onestop_write_consult_answer(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct consult c;
    web_on_refusal(rq, onestop_show_consult);
    TRY(onestop_consult_find(cx, web_path(rq, "ma"), &c));
    TRY(onestop_consult_answer(cx, &c, web_form(rq, "y_kien"), web_form(rq, "tra_loi")));
    rs->see_other = str_fmt(cx->arena, "/xin-y-kien/%.*s", F(c.code));
    rs->toast = tr(cx, S(T("Đã gửi trả lời.")));
    return OK;
}

enum err onestop_write_consult_back(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct consult c;
    web_on_refusal(rq, onestop_show_consult);
    TRY(onestop_consult_find(cx, web_path(rq, "ma"), &c));
    TRY(onestop_consult_take_back(cx, &c));
    rs->see_other = str_fmt(cx->arena, "/xin-y-kien/%.*s", F(c.code));
    rs->toast = tr(cx, S(T("Đã thu hồi việc xin ý kiến.")));
    return OK;
}

/* A paper the question names, and no other of the dossier. */
enum err onestop_get_consult_paper(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct consult c;
    struct consult_paper p[CONSULT_PAPERS_MAX];
    struct stored_file f;
    int64_t id = 0;
    size_t n;
    TRY(of_path(cx, rq, &c));
    (void)str_int(web_path(rq, "giay"), &id);
    TRY(onestop_consult_papers(cx, &c, p, CONSULT_PAPERS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if (p[i].id == id && p[i].file) {
            TRY(file_find(cx, p[i].file, &f));
            TRY(file_open(cx, &f, &rs->file));
            rs->file_size = f.size_bytes;
            rs->content_type = f.mime;
            rs->allow_frame_self = true;
            return OK;
        }
    return fail(cx, ERR_NOT_FOUND, T("Câu hỏi này không kèm tệp đó."));
}

/* ---- the tab of a dossier's workspace ---- */

enum err onestop_consult_tab(struct cx *cx, const struct dossier *d, struct look_table_view *out)
{
    struct consult *all = NEW_N(cx->arena, struct consult, CONSULTS_MAX);
    size_t n;
    TRY(onestop_consults(cx, d, all, CONSULTS_MAX, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++) {
        struct look_cell *c = NEW_N(cx->arena, struct look_cell, 3);
        c[0] = (struct look_cell){.text = all[i].asked_name,
                                  .sub = text_cut(cx->arena, all[i].question, 80),
                                  .below = true,
                                  .href = str_fmt(cx->arena, "/xin-y-kien/%.*s", F(all[i].code))};
        c[1].badge = state_badge(cx, &all[i]);
        c[2].due = due_badge(cx, &all[i]);
        lines[i] = (struct look_line){.cells = c, .cells_n = 3};
    }
    struct look_column *columns_of = NEW_N(cx->arena, struct look_column, 3);
    columns_of[0] = (struct look_column){.title = tr(cx, S(T("Cơ quan được hỏi"))),
                                         .css = S("c-title flex-cell")};
    columns_of[1] = (struct look_column){.title = tr(cx, S(T("Tình trạng")))};
    columns_of[2] = (struct look_column){.title = tr(cx, S(T("Hạn trả lời"))), .css = S("c-due")};
    *out = (struct look_table_view){
        .caption = tr(cx, S(T("Xin ý kiến"))),
        .columns = columns_of,
        .columns_n = 3,
        .lines = lines,
        .lines_n = n,
        .empty = {tr(cx, S(T("Chưa hỏi cơ quan nào"))),
                  tr(cx, S(T("Câu hỏi và trả lời của cơ quan khác về hồ sơ này hiện ở đây."))),
                  S(""), S("")}};
    return OK;
}
