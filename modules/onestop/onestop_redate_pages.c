/* onestop_redate_pages.c - appointments counted anew: the form with its legal basis, what was
 * tried, letting it be done. */
#include "onestop_officer_views.h"
#include "onestop_pages.h"
#include "onestop_redate.h"
#include "work/work.h"

#define ORDERS_MAX 50
#define HERE "/quan-tri/tinh-lai-hen"

static const struct {
    const char *kind, *icon, *word;
} states[] = {
    [REDATE_TRYING] = {"cham", "play", T("Đang tính thử")},
    [REDATE_TRIED] = {"warn", "clock", T("Chờ quyết định")},
    [REDATE_MOVING] = {"cham", "play", T("Đang dời ngày hẹn")},
    [REDATE_DONE] = {"ok", "check", T("Đã dời xong")},
    [REDATE_DROPPED] = {"", "minus", T("Đã bỏ")},
};

static struct look_badge_view badge_of(struct cx *cx, const struct redate *r)
{
    if (r->state == REDATE_TRIED && r->later + r->sooner == 0)
        return (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Không phải dời gì"))),
                                        S("")};
    return (struct look_badge_view){str_c(states[r->state].kind), str_c(states[r->state].icon),
                                    tr(cx, str_c(states[r->state].word)), S("")};
}

static struct str basis_of(struct cx *cx, const struct redate *r)
{
    return tr_fmt(cx, T("văn bản số %.*s ngày %.*s của %.*s"), F(r->basis_no),
                  F(date_vi(cx->arena, r->basis_on)), F(r->basis_by));
}

static struct str days_of(struct cx *cx, const struct redate *r)
{
    return str_fmt(cx->arena, "%.*s – %.*s", F(date_vi(cx->arena, r->from_day)),
                   F(date_vi(cx->arena, r->to_day)));
}

/* ---- the form and what was ordered before ---- */

static struct look_field_view text(struct cx *cx, struct web_req *rq, const char *name,
                                   const char *label, const char *hint, const char *width)
{
    return (struct look_field_view){.kind = LOOK_TEXT,
                                    .name = str_c(name),
                                    .label = tr(cx, str_c(label)),
                                    .hint = tr(cx, str_c(hint)),
                                    .value = web_form(rq, name),
                                    .wrong = web_error_of(rq, str_c(name)),
                                    .width = str_c(width),
                                    .max = 200};
}

static void set_fields(struct cx *cx, struct web_req *rq, struct onestop_redates_view *v)
{
    v->number = text(cx, rq, "so_van_ban", T("Số, ký hiệu văn bản"), T("ví dụ 12/QĐ-UBND"), "20");
    v->day = text(cx, rq, "ngay_van_ban", T("Ngày ký"), T("ngày/tháng/năm"), "12");
    v->issuer = text(cx, rq, "co_quan", T("Cơ quan ban hành"), "", "");
    v->unit = text(cx, rq, "don_vi", T("Mã đơn vị giải quyết"),
                   T("để trống: mọi đơn vị bạn quản lý; gồm cả đơn vị cấp dưới"), "12");
    v->from = text(cx, rq, "tu_ngay", T("Thời hạn chạy qua từ ngày"),
                   T("ngày đầu tiên mà lịch đã đổi"), "12");
    v->to = text(cx, rq, "den_ngay", T("đến ngày"), T("ngày cuối cùng mà lịch đã đổi"), "12");
    v->earlier = (struct look_field_view){
        .kind = LOOK_CHECK,
        .name = S("som_hon"),
        .label = tr(cx, S(T("Văn bản cho phép hẹn sớm hơn"))),
        .hint = tr(cx, S(T("Không chọn: hồ sơ nào tính ra sớm hơn thì giữ nguyên ngày đã hẹn."))),
        .value = web_form(rq, "som_hon")};
}

static struct look_line line_of(struct cx *cx, const struct redate *r)
{
    struct look_cell *c = NEW_N(cx->arena, struct look_cell, 5);
    c[0] = (struct look_cell){.text = basis_of(cx, r),
                              .href = str_fmt(cx->arena, HERE "/%.*s", F(r->code))};
    c[1].text = r->unit_name;
    c[2].text = days_of(cx, r);
    c[3].text = look_number(cx, r->state >= REDATE_MOVING ? r->moved : r->later + r->sooner);
    c[4].badge = badge_of(cx, r);
    return (struct look_line){.cells = c, .cells_n = 5};
}

enum err onestop_show_redates(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct redate *all = NEW_N(cx->arena, struct redate, ORDERS_MAX);
    struct look_column *columns = NEW_N(cx->arena, struct look_column, 5);
    size_t n;
    struct onestop_redates_view v = {.errors = look_errors_of(cx, rq)};
    set_fields(cx, rq, &v);
    TRY(onestop_redates(cx, all, ORDERS_MAX, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++)
        lines[i] = line_of(cx, &all[i]);
    columns[0] =
        (struct look_column){.title = tr(cx, S(T("Căn cứ"))), .css = S("c-title flex-cell")};
    columns[1] = (struct look_column){.title = tr(cx, S(T("Đơn vị"))), .css = S("c-break")};
    columns[2] = (struct look_column){.title = tr(cx, S(T("Các ngày"))), .css = S("nowrap")};
    columns[3] = (struct look_column){
        .title = tr(cx, S(T("Ngày hẹn"))), .css = S("num"), .label = tr(cx, S(T("Ngày hẹn")))};
    columns[4] = (struct look_column){.title = tr(cx, S(T("Tình trạng"))), .css = S("c-due")};
    v.table = (struct look_table_view){
        .caption = tr(cx, S(T("Các đợt tính lại ngày hẹn"))),
        .columns = columns,
        .columns_n = 5,
        .lines = lines,
        .lines_n = n,
        .empty = {.title = tr(cx, S(T("Chưa lập đợt nào")))},
    };
    onestop_redates_html(&rs->body, &v);
    return OK;
}

enum err onestop_check_redate([[maybe_unused]] struct cx *cx, struct web_req *rq,
                              [[maybe_unused]] struct web_res *rs)
{
    web_on_refusal(rq, onestop_show_redates);
    return OK;
}

static int64_t day_of_field(struct web_req *rq, const char *name)
{
    int64_t day;
    return date_typed(web_form(rq, name), &day) ? day : 0;
}

static enum err go_to(struct cx *cx, const struct redate *r, struct web_res *rs)
{
    rs->see_other = str_fmt(cx->arena, HERE "/%.*s", F(r->code));
    return OK;
}

enum err onestop_write_redate(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct redate r;
    const struct redate_new n = {
        .unit_code = text_upper(cx->arena, web_form(rq, "don_vi")),
        .from_day = day_of_field(rq, "tu_ngay"),
        .to_day = day_of_field(rq, "den_ngay"),
        .basis_on = day_of_field(rq, "ngay_van_ban"),
        .earlier = web_form_has(rq, "som_hon"),
        .basis_no = web_form(rq, "so_van_ban"),
        .basis_by = web_form(rq, "co_quan"),
    };
    TRY(onestop_redate_start(cx, &n, &r));
    return go_to(cx, &r, rs);
}

/* ---- one of them: what would move ---- */

static void cell_dossier(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct redate_item *i = row;
    *c = (struct look_cell){
        .text = i->procedure_name, .title = i->procedure_name, .sub = i->code, .below = true};
    if (web_may(cx, &onestop_watch))
        c->href = str_fmt(cx->arena, "/viec/%.*s", F(i->code));
}

static void cell_old(struct cx *cx, const void *row, struct look_cell *c)
{
    c->text = time_vi(cx->arena, ((const struct redate_item *)row)->old_shown);
}

static void cell_new(struct cx *cx, const void *row, struct look_cell *c)
{
    c->text = time_vi(cx->arena, ((const struct redate_item *)row)->new_shown);
}

static void cell_way(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct redate_item *i = row;
    c->badge =
        i->state == REDATE_ITEM_MOVED
            ? (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Đã dời"))), S("")}
        : i->state == REDATE_ITEM_LEFT
            ? (struct look_badge_view){S(""), S("minus"),
                                       tr(cx, S(T("Đã khác lúc tính thử, giữ nguyên"))), S("")}
        : i->way == REDATE_LATER
            ? (struct look_badge_view){S("cham"), S("right"), tr(cx, S(T("Muộn hơn"))), S("")}
        : i->way == REDATE_EARLIER
            ? (struct look_badge_view){S("warn"), S("left"), tr(cx, S(T("Sớm hơn"))), S("")}
            : (struct look_badge_view){S(""), S("pause"), tr(cx, S(T("Giữ nguyên"))), S("")};
}

/* clang-format off */
#define CHOICE(value, label) {{value, sizeof value - 1}, {label, sizeof label - 1}}
static const struct list_column columns[] = {
    {T("Hồ sơ"), "c-title flex-cell", NULL, NULL, false, cell_dossier, NULL},
    {T("Đã hẹn"), "nowrap", T("Đã hẹn"), NULL, false, cell_old, NULL},
    {T("Tính lại"), "nowrap", T("Tính lại"), "hen", false, cell_new, NULL},
    {T("Kết quả"), "c-due", NULL, NULL, false, cell_way, NULL},
};
static const struct list_choice ways[] = {CHOICE("muon", T("Muộn hơn")), CHOICE("som", T("Sớm hơn")), CHOICE("giu", T("Giữ nguyên"))};
/* clang-format on */
static const struct list_offer offers[] = {{0}, {T("Ngày hẹn"), ways, 3}};
static const struct list_def item_list = {
    .name = "tinh-lai-hen",
    .title = T("Ngày hẹn tính lại"),
    .placeholder = T("Tìm mã hồ sơ"),
    .source = &onestop_redate_source,
    .columns = columns,
    .columns_n = sizeof columns / sizeof *columns,
    .offers = offers,
    .empty = T("Không có ngày hẹn nào thay đổi"),
    .empty_text = T("Theo lịch bây giờ, mọi hồ sơ đang chạy vẫn hẹn như cũ."),
};

static struct look_stat_view stat(struct cx *cx, const struct redate *r, const char *what,
                                  int64_t n, struct str more)
{
    return (struct look_stat_view){
        .what = tr(cx, str_c(what)),
        .figure = look_number(cx, n),
        .change = more,
        .source = tr_fmt(cx, T("Tính thử từ %.*s"), F(time_vi(cx->arena, r->asked_at))),
    };
}

static void set_stats(struct cx *cx, const struct redate *r, struct onestop_redate_view *v)
{
    struct look_stat_view *s = NEW_N(cx->arena, struct look_stat_view, 5);
    struct str unlate =
        r->unlate ? tr_fmt(cx, T("%.*s đang trễ sẽ không còn trễ"), F(look_number(cx, r->unlate)))
                  : S("");
    s[v->stats_n++] = stat(cx, r, T("Hồ sơ đã xem"), r->seen, S(""));
    s[v->stats_n++] = stat(cx, r, T("Hẹn muộn hơn"), r->later, unlate);
    s[v->stats_n++] = stat(cx, r, T("Hẹn sớm hơn"), r->sooner, S(""));
    s[v->stats_n++] = stat(cx, r, T("Giữ nguyên dù tính khác"), r->kept, S(""));
    if (r->state >= REDATE_MOVING && r->state != REDATE_DROPPED)
        s[v->stats_n++] = stat(cx, r, T("Đã dời"), r->moved,
                               r->left_out ? tr_fmt(cx, T("%.*s đã khác lúc tính thử, giữ nguyên"),
                                                    F(look_number(cx, r->left_out)))
                                           : S(""));
    v->stats = s;
}

static void set_facts(struct cx *cx, const struct redate *r, struct onestop_redate_view *v)
{
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 5);
    rows[0] = (struct look_row){.key = tr(cx, S(T("Căn cứ"))), .value = basis_of(cx, r)};
    rows[1] = (struct look_row){.key = tr(cx, S(T("Đơn vị giải quyết"))), .value = r->unit_name};
    rows[2] = (struct look_row){.key = tr(cx, S(T("Thời hạn chạy qua"))), .value = days_of(cx, r)};
    rows[3] = (struct look_row){.key = tr(cx, S(T("Hẹn sớm hơn"))),
                                .value = r->earlier ? tr(cx, S(T("văn bản cho phép")))
                                                    : tr(cx, S(T("không, giữ ngày đã hẹn")))};
    rows[4] = (struct look_row){.key = tr(cx, S(T("Người lập"))),
                                .value = str_fmt(cx->arena, "%.*s, %.*s", F(r->asked_by_name),
                                                 F(time_vi(cx->arena, r->asked_at)))};
    v->facts = (struct look_facts_view){.rows = rows, .rows_n = 5};
}

/* What may be done now; work that was ended or failed may go on. */
static void set_acts(struct cx *cx, const struct redate *r, struct onestop_redate_view *v)
{
    enum work_state w = WORK_DONE;
    const bool known = work_state_at(cx, r->work, &w) == OK;
    const bool runs = known && (w == WORK_WAITING || w == WORK_RUNNING);
    struct str here = str_fmt(cx->arena, HERE "/%.*s", F(r->code));
    if (runs) {
        v->work_href = r->work;
        return;
    }
    if (r->state == REDATE_TRYING || r->state == REDATE_MOVING) {
        v->note = (struct look_note_view){
            .kind = S("warn"),
            .icon = S("pause"),
            .title = tr(cx, S(T("Đợt này đã dừng giữa chừng"))),
            .text = tr(cx, S(T("Những gì đã làm được giữ lại. Chạy tiếp sẽ làm phần còn lại.")))};
        v->go = tr(cx, S(T("Chạy tiếp")));
    } else if (r->state == REDATE_TRIED && r->later + r->sooner > 0) {
        v->note = (struct look_note_view){
            .kind = S("info"),
            .icon = S("info"),
            .title = tr(cx, S(T("Chưa dời ngày hẹn nào"))),
            .text = tr(
                cx,
                S(T("Xem danh sách dưới đây. Khi bạn bấm dời, mỗi hồ sơ được ghi nhật ký và người nộp được báo ngày hẹn mới; hồ sơ nào đã khác lúc tính thử thì giữ nguyên.")))};
        v->go = tr_fmt(cx, T("Dời %.*s ngày hẹn"), F(look_number(cx, r->later + r->sooner)));
    }
    if (v->go.n)
        v->go_action = str_fmt(cx->arena, "%.*s/doi", F(here));
    if (r->state == REDATE_TRYING || r->state == REDATE_TRIED)
        v->drop_action = str_fmt(cx->arena, "%.*s/bo", F(here));
}

enum err onestop_show_redate(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct redate r;
    struct list_ask ask;
    struct list_def def = item_list;
    struct list_source source = onestop_redate_source;
    TRY(onestop_redate_find(cx, web_path(rq, "dot"), &r));
    struct onestop_redate_view v = {.title = tr(cx, S(T("Đợt tính lại ngày hẹn"))),
                                    .state = badge_of(cx, &r)};
    set_facts(cx, &r, &v);
    set_stats(cx, &r, &v);
    set_acts(cx, &r, &v);
    def.path = str_z(cx->arena, str_fmt(cx->arena, HERE "/%.*s", F(r.code)));
    /* The path says which order already, so that addresses need not. */
    const struct list_filter filters[] = {{"dot", str_z(cx->arena, r.code), source.filters[0].add},
                                          source.filters[1]};
    source.filters = filters;
    def.source = &source;
    TRY(list_show(cx, rq, &def, &v.list, &ask));
    onestop_redate_html(&rs->body, &v);
    return OK;
}

enum err onestop_write_redate_go(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct redate r;
    TRY(onestop_redate_find(cx, web_path(rq, "dot"), &r));
    TRY(onestop_redate_go(cx, &r));
    return go_to(cx, &r, rs);
}

enum err onestop_write_redate_drop(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct redate r;
    TRY(onestop_redate_find(cx, web_path(rq, "dot"), &r));
    TRY(onestop_redate_drop(cx, &r));
    rs->toast = tr(cx, S(T("Đã bỏ đợt này, không ngày hẹn nào bị dời.")));
    return go_to(cx, &r, rs);
}
