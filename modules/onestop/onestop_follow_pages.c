/* onestop_follow_pages.c - what a person does with a dossier they follow: the list, a supplement,
 * withdrawing, rating, receiving. */
#include "file/file.h"
#include "onestop_draft.h"
#include "onestop_inside.h"
#include "onestop_pages.h"
#include "onestop_store.h"
#include "onestop_views.h"
#include "org/org.h"

#define MINE_MAX 100
#define ACCEPT S(".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png")

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
                tr_fmt(cx, T("Chưa gửi. Lưu lúc %.*s."), F(time_vi(cx->arena, d.saved_at))),
                str_fmt(cx->arena, "/nop-ho-so/%.*s", F(open[i].code))};
    }
    v->drafts = rows;
    return OK;
}

static bool waits_for_me(const struct dossier *d)
{
    return d->state == DOSSIER_SUPPLEMENT_FIRST || d->state == DOSSIER_SUPPLEMENT ||
           d->state == DOSSIER_PAYMENT;
}

/* What the person has to do comes first; gives how many these are. */
static size_t mine_first(struct inbox_row *rows, size_t n)
{
    size_t first = 0;
    for (size_t i = 0; i < n; i++) {
        if (!waits_for_me(&rows[i].d))
            continue;
        const struct inbox_row row = rows[i];
        memmove(rows + first + 1, rows + first, (i - first) * sizeof *rows);
        rows[first++] = row;
    }
    return first;
}

/* Whom it is for stands beside the code: a mother may have filed the same for two children. */
static struct str mine_sub(struct cx *cx, const struct dossier *d)
{
    if (d->acts == ACTS_FOR_SELF || d->subject_name.n == 0)
        return shown_code(d);
    return tr_fmt(cx, T("%.*s, cho %.*s"), F(shown_code(d)), F(d->subject_name));
}

/* Until when the papers are waited for; all else has its due day. */
static enum err mine_due(struct cx *cx, const struct dossier *d, struct look_cell *out)
{
    int64_t by;
    *out = (struct look_cell){.due = onestop_due_badge(cx, d)};
    if (d->state != DOSSIER_SUPPLEMENT_FIRST && d->state != DOSSIER_SUPPLEMENT)
        return OK;
    TRY(onestop_store_answer_by(cx, d, &by));
    if (by)
        *out = (struct look_cell){
            .text = tr_fmt(cx, T("Bổ sung trước %.*s"), F(time_vi(cx->arena, by)))};
    return OK;
}

enum err onestop_show_mine(struct cx *cx, [[maybe_unused]] struct web_req *rq, struct web_res *rs)
{
    const struct look_column columns[] = {
        {.title = tr(cx, S(T("Hồ sơ"))), .css = S("c-title")},
        {.title = tr(cx, S(T("Gửi lúc"))), .css = S("c-break"), .label = tr(cx, S(T("Gửi")))},
        {.title = tr(cx, S(T("Trạng thái"))), .css = S("c-break")},
        {.title = tr(cx, S(T("Hạn"))), .css = S("c-due")},
    };
    struct inbox_row *rows = NEW_N(cx->arena, struct inbox_row, MINE_MAX);
    size_t n;
    TRY(onestop_mine(cx, rows, MINE_MAX, &n));
    const size_t to_do = mine_first(rows, n);
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++) {
        const struct dossier *d = &rows[i].d;
        struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 4);
        cells[0] = (struct look_cell){.text = d->procedure_name,
                                      .sub = mine_sub(cx, d),
                                      .below = true,
                                      .href = onestop_person_path(cx, d, "")};
        cells[1] = (struct look_cell){.text = time_vi(cx->arena, d->sent_at)};
        cells[2] = (struct look_cell){.badge = onestop_state_badge(cx, d, true)};
        TRY(mine_due(cx, d, &cells[3]));
        lines[i] = (struct look_line){.cells = cells, .cells_n = 4};
        if (to_do && i == 0)
            lines[i].group = tr(cx, S(T("Bạn cần làm"))), lines[i].group_icon = S("tri");
        if (to_do && i == to_do)
            lines[i].group = tr(cx, S(T("Hồ sơ khác"))), lines[i].group_icon = S("inbox");
    }
    struct onestop_mine_view v = {
        .table = {.caption = tr(cx, S(T("Hồ sơ bạn đã nộp"))),
                  .columns = columns,
                  .columns_n = 4,
                  .lines = lines,
                  .lines_n = n,
                  .empty = {tr(cx, S(T("Bạn chưa nộp hồ sơ nào"))),
                            tr(cx, S(T("Tìm thủ tục bạn cần, rồi bấm Bắt đầu nộp hồ sơ."))),
                            tr(cx, S(T("Tìm thủ tục"))), S("/thu-tuc")}}};
    TRY(set_drafts(cx, &v));
    onestop_mine_html(&rs->body, &v);
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
            .title = onestop_component_name(p, item->component),
            .text = item->what,
            .badge = {S("tim"), S("user"), tr(cx, S(T("Cần bổ sung"))), S("")},
            .open = true,
            .field = {.kind = LOOK_FILE,
                      .name = name,
                      .label = tr(cx, S(T("Chọn tệp hoặc chụp ảnh"))),
                      .no_label = true,
                      .accept = ACCEPT,
                      .camera = true,
                      .wrong = web_error_of(rq, name)},
        };
    }
    rs->title = tr(cx, S(T("Bổ sung giấy tờ")));
    onestop_answer_html(&rs->body, &(struct onestop_answer_view){
                                       .errors = onestop_errors(cx, rq),
                                       .back = onestop_person_path(cx, &d, ""),
                                       .action = onestop_person_path(cx, &d, "/bo-sung"),
                                       .reason = list[0].reason,
                                       .by = tr_fmt(cx, T("Trả lời trước %.*s"),
                                                    F(time_long_vi(cx->arena, list[0].answer_by))),
                                       .components = boxes,
                                       .components_n = list[0].items_n,
                                       .note = {.kind = LOOK_AREA,
                                                .name = S("ghi_chu"),
                                                .label = tr(cx, S(T("Lời nhắn cho cán bộ"))),
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
    rs->see_other = onestop_person_path(cx, &d, "");
    rs->toast = tr(cx, S(T("Đã gửi bổ sung. Cán bộ sẽ xem tiếp hồ sơ.")));
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
            .question = tr(cx, S(T("Rút hồ sơ này?"))),
            .text = tr(
                cx,
                S(T("Hồ sơ sẽ dừng lại và không mở lại được. Muốn làm tiếp, bạn nộp hồ sơ mới."))),
            .action = onestop_person_path(cx, &d, "/rut"),
            .confirm = tr(cx, S(T("Rút hồ sơ"))),
            .keep = tr(cx, S(T("Giữ lại"))),
            .keep_href = onestop_person_path(cx, &d, ""),
            .danger = true,
            .field = {.kind = LOOK_AREA,
                      .name = S("ly_do"),
                      .label = tr(cx, S(T("Lý do rút"))),
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
    rs->see_other = onestop_person_path(cx, &d, "");
    rs->toast = tr(cx, S(T("Đã rút hồ sơ.")));
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
    rs->see_other = onestop_person_path(cx, &d, "");
    rs->toast = tr(cx, S(T("Cảm ơn bạn đã đánh giá.")));
    return OK;
}

enum err onestop_write_fetch(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    web_on_refusal(rq, onestop_show_status);
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_return(cx, &d, &(struct handed){0}));
    rs->see_other = onestop_person_path(cx, &d, "");
    rs->toast = tr(cx, S(T("Đã ghi nhận bạn nhận kết quả điện tử.")));
    return OK;
}
