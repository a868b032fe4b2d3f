/* onestop_inbox_pages.c - the work in hand, most urgent first; and every dossier of the unit. */
#include "onestop_desk_work.h"
#include "onestop_officer_views.h"
#include "onestop_pages.h"
#include "onestop_queue.h"

#include "org/org.h"

/* ---- the definitions ---- */

/* clang-format off */
#define CHOICE(value, label) {{value, sizeof value - 1}, {label, sizeof label - 1}}

static const struct list_choice work_states[] = {
    CHOICE("cho_tiep_nhan", "Chờ tiếp nhận"), CHOICE("da_tiep_nhan", "Đã tiếp nhận"),
    CHOICE("dang_xu_ly", "Đang xử lý"), CHOICE("tham_tra", "Chờ thẩm tra"),
    CHOICE("ky", "Chờ phê duyệt, ký"), CHOICE("da_xu_ly_xong", "Đã xử lý xong"),
};
static const struct list_choice holders[] = {
    CHOICE("toi", "Của tôi"), CHOICE("chua-ai", "Chưa ai nhận"),
};
static const struct list_choice all_states[] = {
    CHOICE("cho_tiep_nhan", "Chờ tiếp nhận"), CHOICE("bo_sung_truoc", "Chờ bổ sung trước tiếp nhận"),
    CHOICE("khong_tiep_nhan", "Không tiếp nhận"), CHOICE("da_tiep_nhan", "Đã tiếp nhận"),
    CHOICE("dang_xu_ly", "Đang xử lý"), CHOICE("cho_bo_sung", "Chờ bổ sung"),
    CHOICE("cho_nvtc", "Chờ nghĩa vụ tài chính"), CHOICE("dung", "Dừng xử lý"),
    CHOICE("da_xu_ly_xong", "Đã xử lý xong"), CHOICE("da_tra", "Đã trả kết quả"),
    CHOICE("da_rut", "Đã rút"), CHOICE("da_huy", "Đã hủy"),
};
static const struct list_choice dues[] = {
    CHOICE("qua", "Quá hạn"), CHOICE("hom-nay", "Hết hạn hôm nay"), CHOICE("cho", "Chờ người khác"),
};
static const struct list_choice arrivals[] = {
    CHOICE("tuan", "7 ngày qua"), CHOICE("thang", "31 ngày qua"), CHOICE("nam", "12 tháng qua"),
};

static const struct list_column work_columns[] = {
    {"Hồ sơ", "c-title flex-cell", NULL, NULL, false, onestop_cell_dossier, NULL},
    {"Mã hồ sơ", "", NULL, NULL, false, NULL, onestop_value_code},
    {"Thủ tục", "", NULL, NULL, false, NULL, onestop_value_procedure},
    {"Người nộp", "c-break", NULL, NULL, true, onestop_cell_person, onestop_value_person},
    {"Bước, người giữ", "c-step", NULL, NULL, false, onestop_cell_step, onestop_value_step},
    {"Người giữ", "", NULL, NULL, false, NULL, onestop_value_assignee},
    {"Nơi giữ", "", NULL, NULL, false, onestop_cell_unit, onestop_value_unit},
    {"Nhận lúc", "nowrap", "Nhận", "nhan", false, onestop_cell_sent, onestop_value_sent},
    {"Hạn", "c-due", NULL, "han", false, onestop_cell_due, onestop_value_due},
};
static const struct list_column all_columns[] = {
    {"Hồ sơ", "c-title flex-cell", NULL, "ma", false, onestop_cell_dossier, NULL},
    {"Mã hồ sơ", "", NULL, NULL, false, NULL, onestop_value_code},
    {"Thủ tục", "", NULL, NULL, false, NULL, onestop_value_procedure},
    {"Người nộp", "c-break", NULL, NULL, true, onestop_cell_person, onestop_value_person},
    {"Nơi giữ", "", NULL, NULL, false, onestop_cell_unit, onestop_value_unit},
    {"Bước, người giữ", "c-step", NULL, NULL, false, onestop_cell_step, onestop_value_step},
    {"Nhận lúc", "nowrap", "Nhận", "nhan", false, onestop_cell_sent, onestop_value_sent},
    {"Hạn", "c-due", NULL, NULL, false, onestop_cell_due, onestop_value_due},
};
/* clang-format on */

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define OFFER(label, choices)                                                                      \
    {                                                                                              \
        label, choices, COUNT(choices)                                                             \
    }

static const struct list_offer work_offers[] = {
    {0}, OFFER("Bước", work_states), OFFER("Người giữ", holders), {0}};
static const struct list_offer all_offers[] = {
    OFFER("Hạn", dues), OFFER("Trạng thái", all_states), OFFER("Nhận", arrivals), {0}, {0}, {0}};

static const struct list_choosable work_choosable[] = {{"nguoi", "Người nộp", false},
                                                       {"buoc", "Bước, người giữ", false},
                                                       {"noi", "Nơi giữ", true},
                                                       {"luc", "Nhận lúc", false}};
static const struct list_choosable all_choosable[] = {{"nguoi", "Người nộp", false},
                                                      {"noi", "Nơi giữ", false},
                                                      {"buoc", "Bước, người giữ", false},
                                                      {"luc", "Nhận lúc", false},
                                                      {"han", "Hạn", false}};

static void pick_of(struct cx *cx, const void *row, struct str *value, struct str *label)
{
    const struct dossier *d = &((const struct inbox_row *)row)->d;
    *value = str_fmt(cx->arena, "%lld.%lld", (long long)d->id, (long long)d->version);
    *label = str_fmt(cx->arena, "%.*s %.*s", F(tr(cx, S(T("Chọn")))),
                     F(d->code.n ? d->code : d->request_code));
}

/* The order of urgency, in words. */
static void group_by_due(struct cx *cx, const void *row, struct str *title, struct str *icon)
{
    const struct dossier *d = &((const struct inbox_row *)row)->d;
    const int64_t key = onestop_due_key(d), days = day_of(key) - day_of(cx->now);
    if (onestop_turn(d->state) != TURN_TO_DO)
        return;
    *icon = S("cal");
    if (d->state == DOSSIER_WAITING) {
        *title = tr(cx, S(T("Chờ tiếp nhận")));
        *icon = S("inbox");
    } else if (d->state == DOSSIER_RELEASED) {
        *title = tr(cx, S(T("Chờ trả kết quả")));
        *icon = S("check");
    } else if (key == DESK_NO_TERM) {
        *title = tr(cx, S(T("Chưa có hạn")));
    } else if (key < cx->now) {
        *title = tr(cx, S(T("Quá hạn")));
        *icon = S("oct");
    } else if (days <= 0) {
        *title = tr(cx, S(T("Hôm nay")));
        *icon = S("clock");
    } else {
        *title = days < 7 ? tr(cx, S(T("Trong 7 ngày tới"))) : tr(cx, S(T("Sau đó")));
    }
}

static void group_by_procedure(struct cx *, const void *row, struct str *title, struct str *icon)
{
    *title = ((const struct inbox_row *)row)->d.procedure_name;
    *icon = S("file");
}

static void group_by_holder(struct cx *cx, const void *row, struct str *title, struct str *icon)
{
    const struct inbox_row *r = row;
    *title = r->assignee_name.n ? r->assignee_name : tr(cx, S(T("Chưa ai nhận")));
    *icon = S("user");
}

/* In this order the counter's work stands as taken in, handed on, returned. */
static void group_by_step(struct cx *cx, const void *row, struct str *title, struct str *icon)
{
    const struct inbox_row *r = row;
    *icon = S("list");
    if (r->need == NEED_SIGN)
        *title = tr(cx, S(T("Chờ phê duyệt, ký")));
    else if (r->need == NEED_CHECK)
        *title = tr(cx, S(T("Chờ thẩm tra")));
    else if (r->need == NEED_NOBODY + DOSSIER_PROCESSING)
        *title = tr(cx, S(T("Đang ký kết quả")));
    else if (r->d.state == DOSSIER_ACCEPTED || r->d.state == DOSSIER_PROCESSING)
        *title = tr(cx, S(T("Chờ chuyển xử lý")));
    else
        *title = tr(cx, str_c(onestop_state(r->d.state)->title));
}

static const struct list_group work_groups[] = {{"han", "Hạn", group_by_due},
                                                {"thu-tuc", "Thủ tục", group_by_procedure},
                                                {"nguoi-giu", "Người giữ", group_by_holder},
                                                {"buoc", "Bước", group_by_step}};

const struct list_def onestop_work_list = {
    .name = "viec",
    .title = "Hồ sơ đang ở đơn vị",
    .path = "/viec",
    .placeholder = "Tìm mã hồ sơ, tên người, thủ tục",
    .source = &onestop_work_source,
    .columns = work_columns,
    .columns_n = COUNT(work_columns),
    .offers = work_offers,
    .pick = "hs",
    .pick_of = pick_of,
    .groups = work_groups,
    .groups_n = COUNT(work_groups),
    .choosable = work_choosable,
    .choosable_n = COUNT(work_choosable),
    .within = QUEUE_VIEW,
    .views = true,
    .empty = "Không còn việc nào đang chờ",
    .empty_text = "Hồ sơ mới đến sẽ hiện ở đây.",
    .exports = true,
};
const struct list_def onestop_all_list = {
    .name = "ho-so",
    .title = "Hồ sơ một cửa",
    .path = "/ho-so-mot-cua",
    .placeholder = "Tìm mã hồ sơ, tên người, thủ tục",
    .source = &onestop_all_source,
    .columns = all_columns,
    .columns_n = COUNT(all_columns),
    .offers = all_offers,
    .choosable = all_choosable,
    .choosable_n = COUNT(all_choosable),
    .views = true,
    .empty = "Chưa có hồ sơ nào",
    .empty_text = "Hồ sơ mà đơn vị nhận, giải quyết hay trả sẽ hiện ở đây.",
    .exports = true,
};

/* ---- pages ---- */

/* The counts stand on the same predicate as the rows; each is bounded: *n is then the bound + 1. */
static enum err tab(struct cx *cx, const struct list_ask *ask, const char *value, const char *label,
                    struct look_tab *out, int64_t *count)
{
    int64_t n;
    bool more;
    struct list_ask only = {.values = {str_c(value)}};
    struct list_ask kept = *ask;
    TRY(list_count(cx, &onestop_work_source, &only, &n, &more));
    *count = n + more;
    *out = (struct look_tab){
        .label = tr(cx, str_c(label)),
        .count = list_number(cx, n, more),
        .href = list_href(cx, &onestop_work_list, &kept, "han", str_c(value)),
        .current = str_eq(ask->values[0], str_c(value)),
    };
    return OK;
}

/* Questions of other agencies are work too. */
static enum err consult_tab(struct cx *cx, struct look_tab *out)
{
    const struct list_ask open = {.values = {S("tra-loi"), S("cho")}};
    int64_t n;
    bool more;
    TRY(list_count(cx, &onestop_consult_source, &open, &n, &more));
    *out = (struct look_tab){.label = tr(cx, S(T("Xin ý kiến"))),
                             .count = list_number(cx, n, more),
                             .href = S("/xin-y-kien")};
    return OK;
}

static enum err set_tabs(struct cx *cx, const struct list_ask *ask, struct onestop_inbox_view *v)
{
    static const struct {
        const char *value, *label;
    } tabs[] = {{"viec", "Phải làm"},
                {"qua", "Quá hạn"},
                {"hom-nay", "Hết hạn hôm nay"},
                {"cho", "Chờ người khác"},
                {"don-vi", "Cả đơn vị"}};
    struct look_tab *items = NEW_N(cx->arena, struct look_tab, COUNT(tabs) + 1);
    size_t n = COUNT(tabs);
    int64_t counts[COUNT(tabs)];
    for (size_t i = 0; i < n; i++)
        TRY(tab(cx, ask, tabs[i].value, tabs[i].label, &items[i], &counts[i]));
    if (!items[n - 1].current && counts[n - 1] == counts[0] && counts[0] <= LIST_COUNT_MAX)
        n--; /* all that the unit has is the reader's own */
    TRY(consult_tab(cx, &items[n]));
    v->tabs = (struct look_tabs_view){tr(cx, S(T("Theo hạn"))), items, n + 1};
    v->subtitle = str_fmt(cx->arena, "%.*s %.*s · %.*s %.*s", F(items[0].count),
                          F(tr(cx, S(T("việc")))), F(items[1].count), F(tr(cx, S(T("quá hạn")))));
    return OK;
}

/* What may be done with several at once, by right. */
static void set_bulk(struct cx *cx, struct list_box_view *v)
{
    struct list_button *b = NEW_N(cx->arena, struct list_button, 2);
    size_t n = 0;
    if (web_may(cx, &onestop_process))
        b[n++] = (struct list_button){
            .label = tr(cx, S(T("Nhận xử lý"))), .action = S("/viec/nhieu/xu-ly"), .key = S("E")};
    if (web_may(cx, &onestop_intake)) {
        b[n] = (struct list_button){.label = tr(cx, S(T("Bàn giao"))),
                                    .action = S("/viec/nhieu/mot-cua"),
                                    .kind = n ? S("2") : S(""),
                                    .key = S("M")};
        n++;
    }
    v->buttons_n = n;
    v->buttons = b;
}

enum err onestop_show_inbox(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct list_ask ask;
    struct onestop_inbox_view v = {
        .title = tr(cx, S(T("Việc của tôi"))),
        .counter_href = web_may(cx, &onestop_intake) ? S("/quay") : S(""),
    };
    TRY(list_show(cx, rq, &onestop_work_list, &v.list, &ask));
    TRY(set_tabs(cx, &ask, &v));
    set_bulk(cx, &v.list);
    v.list.export_masked = !web_may(cx, &onestop_export);
    onestop_inbox_html(&rs->body, &v);
    return OK;
}

enum err onestop_show_all(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct list_ask ask;
    struct onestop_inbox_view v = {.title = tr(cx, S(T("Hồ sơ một cửa"))),
                                   .subtitle = cx->actor->unit_name};
    struct org_unit deciding;
    TRY(list_show(cx, rq, &onestop_all_list, &v.list, &ask));
    if (ask.values[4].n && org_unit_by_code(cx, ask.values[4], day_of(cx->now), &deciding) == OK)
        v.subtitle = tr_fmt(cx, T("%.*s giải quyết"), F(deciding.short_name));
    struct str figure = onestop_figure_words(cx, ask.values[5]);
    if (figure.n)
        v.subtitle = str_fmt(cx->arena, "%.*s · %.*s", F(v.subtitle), F(figure));
    v.list.export_masked = !web_may(cx, &onestop_export);
    onestop_inbox_html(&rs->body, &v);
    return OK;
}
