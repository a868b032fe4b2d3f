/* procedure_import_pages.c - new crawls of the national list: what is new, changed, ended, and
 * taking it over. */
#include "procedure_desk_pages.h"
#include "procedure_inside.h"
#include "procedure_lists.h"

/* ---- the crawls ---- */

static const struct look_column import_columns[] = {
    {.title = S("Nạp lúc"), .css = S("nowrap")},
    {.title = S("Tệp"), .css = S("c-title flex-cell")},
    {.title = S("Đọc"), .css = S("num"), .label = S("Đọc")},
    {.title = S("Mới"), .css = S("num"), .label = S("Mới")},
    {.title = S("Đổi"), .css = S("num"), .label = S("Đổi")},
    {.title = S("Hết"), .css = S("num"), .label = S("Hết")},
    {.title = S("Chờ xem"), .css = S("num"), .label = S("Chờ xem")},
};

#define IMPORTS_MAX 50
#define CHANGES "/quan-tri/ban-moi/thay-doi"

static struct str changes_href(struct cx *cx, int64_t import, struct str kind)
{
    return str_fmt(cx->arena, CHANGES "?ban=%lld&loai=%.*s", (long long)import, F(kind));
}

enum err procedure_show_imports(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct import_row *rows = NEW_N(cx->arena, struct import_row, IMPORTS_MAX);
    size_t n;
    (void)rq;
    TRY(procedure_imports(cx, rows, IMPORTS_MAX, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n + 1);
    for (size_t i = 0; i < n; i++) {
        const int64_t counts[] = {rows[i].seen, rows[i].added, rows[i].changed, rows[i].ended,
                                  rows[i].waiting};
        struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 7);
        cells[0].text = time_vi(cx->arena, rows[i].at);
        cells[1].text = rows[i].name;
        cells[1].href = changes_href(cx, rows[i].id, S("moi"));
        for (int k = 0; k < 5; k++)
            cells[2 + k].text = look_number(cx, counts[k]);
        lines[i] = (struct look_line){.cells = cells, .cells_n = 7};
    }
    const struct procedure_imports_view v = {
        .table = {.caption = tr(cx, S(T("Các lần nạp bản mới"))),
                  .columns = import_columns,
                  .columns_n = 7,
                  .lines = lines,
                  .lines_n = n,
                  .empty = {.title = tr(cx, S(T("Chưa nạp bản mới nào")))}}};
    procedure_imports_html(&rs->body, &v);
    return OK;
}

/* ---- one crawl: its rows ---- */

static struct look_badge_view decided_badge(struct str state)
{
    if (str_eq(state, S("cho")))
        return (struct look_badge_view){S("tim"), S("clock"), S("Chờ xem"), S("")};
    return str_eq(state, S("nhan"))
               ? (struct look_badge_view){S("ok"), S("check"), S("Đã nhận"), S("")}
               : (struct look_badge_view){S(""), S("minus"), S("Không nhận"), S("")};
}

static void cell_name(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct change_row *r = row;
    c->text = r->name;
    c->href = str_fmt(cx->arena, "/quan-tri/ban-moi/%lld/%.*s", (long long)r->import, F(r->code));
}

static void cell_code(struct cx *cx, const void *row, struct look_cell *c)
{
    (void)cx;
    c->text = ((const struct change_row *)row)->code;
}

static void cell_state(struct cx *cx, const void *row, struct look_cell *c)
{
    (void)cx;
    c->badge = decided_badge(((const struct change_row *)row)->state);
}

static void pick_of(struct cx *cx, const void *row, struct str *value, struct str *label)
{
    const struct change_row *r = row;
    (void)cx;
    if (!str_eq(r->state, S("cho")))
        return;
    *value = r->code;
    *label = r->name;
}

static const struct list_column columns[] = {
    {.title = "Thủ tục", .css = "c-title flex-cell", .sort = "ten", .cell = cell_name},
    {.title = "Mã", .css = "code nowrap", .cell = cell_code},
    {.title = "Quyết định", .css = "nowrap", .cell = cell_state},
};
static const struct list_offer offers[] = {{0}, {0}};

static const struct list_def change_list = {
    .name = "ban-moi",
    .title = "Thay đổi của bản mới",
    .path = CHANGES,
    .placeholder = "Tìm theo mã, hoặc tên viết đúng dấu",
    .source = &procedure_change_source,
    .columns = columns,
    .columns_n = sizeof columns / sizeof *columns,
    .offers = offers,
    .pick = "chon",
    .pick_of = pick_of,
    .empty = "Không có thay đổi loại này",
};

static enum err import_of(struct cx *cx, struct str number, struct import_row *out)
{
    int64_t id;
    if (!str_int(number, &id))
        return fail(cx, ERR_NOT_FOUND,
                    T("Không có lần nạp này. Chọn ở trang Bản mới của danh mục."));
    return procedure_import(cx, id, out);
}

static const struct list_button bulk[] = {
    {.label = S("Nhận vào danh mục"), .name = S("viec"), .value = S("nhan")},
    {.label = S("Không nhận"), .name = S("viec"), .value = S("bo"), .kind = S("2")},
};

enum err procedure_show_changes(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    static const char *const kinds[] = {"moi", "doi", "het"};
    static const char *const labels[] = {"Mới", "Đổi", "Không còn"};
    struct import_row i;
    TRY(import_of(cx, web_query(rq, "ban"), &i));
    const int64_t counts[] = {i.added, i.changed, i.ended};
    int64_t waiting;
    struct procedure_changes_view v = {
        .name = i.name,
        .summary = tr_fmt(cx, T("Đọc %lld thủ tục, %lld như đang có; còn %lld thay đổi chờ xem."),
                          (long long)i.seen, (long long)i.same, (long long)i.waiting),
    };
    struct list_ask ask;
    TRY(list_show(cx, rq, &change_list, &v.list, &ask));
    struct look_tab *tabs = NEW_N(cx->arena, struct look_tab, 3);
    for (int k = 0; k < 3; k++)
        tabs[k] = (struct look_tab){
            .label = tr(cx, str_c(labels[k])),
            .count = look_number(cx, counts[k]),
            .href = changes_href(cx, i.id, str_c(kinds[k])),
            .current = str_eq(list_value_of(&change_list, &ask, "loai"), str_c(kinds[k])),
        };
    v.tabs = (struct look_tabs_view){tr(cx, S(T("Loại thay đổi"))), tabs, 3};
    v.list.bulk_action = str_fmt(cx->arena, "/quan-tri/ban-moi/%lld", (long long)i.id);
    v.list.buttons = bulk;
    v.list.buttons_n = 2;
    v.id = str_fmt(cx->arena, "%lld", (long long)i.id);
    v.kind = list_value_of(&change_list, &ask, "loai");
    TRY(import_store_waiting_count(cx, i.id, v.kind, &waiting));
    if (waiting)
        v.take_all = (struct look_button_view){
            .kind = S("2"),
            .label = tr_fmt(cx, T("Nhận cả %lld thủ tục loại này"), (long long)waiting)};
    rs->title = i.name;
    procedure_changes_html(&rs->body, &v);
    return OK;
}

/* ---- one change, field by field ---- */

static const struct {
    const char *key, *title;
} fields[] = {
    {"name", "Tên"},
    {"field", "Lĩnh vực"},
    {"kind", "Loại"},
    {"law_class", "Thẩm quyền quy định"},
    {"levels", "Cấp thực hiện"},
    {"publisher", "Cơ quan công bố"},
    {"executors", "Cơ quan thực hiện"},
    {"steps", "Trình tự thực hiện"},
    {"channels", "Cách nộp, thời hạn, lệ phí"},
    {"cases", "Thành phần hồ sơ"},
    {"subjects", "Đối tượng"},
    {"results", "Kết quả"},
    {"legal_basis", "Căn cứ pháp lý"},
    {"conditions", "Yêu cầu, điều kiện"},
    {"decision", "Quyết định công bố"},
    {"description", "Mô tả"},
    {"services", "Dịch vụ công"},
};

static struct str field_title(struct cx *cx, struct str key)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (str_eq(key, str_c(fields[i].key)))
            return tr(cx, str_c(fields[i].title));
    return key;
}

static const struct procedure_change_line *lines_of(struct cx *cx, const struct str *from, size_t n)
{
    struct procedure_change_line *out = NEW_N(cx->arena, struct procedure_change_line, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i].text = from[i];
    return out;
}

static enum err set_fields(struct cx *cx, const struct change_row *r,
                           struct procedure_change_view *v)
{
    static const struct json none = {.kind = JSON_OBJECT};
    const struct json *before = &none, *after = &none;
    const struct field_diff *diff;
    struct json_error error;
    struct procedure *p;
    size_t n;
    enum err e = procedure_newest(cx, r->code, &p);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK)
        before = p->record;
    if (r->record.n && json_read(cx->arena, r->record, &after, &error) != OK)
        return fail(cx, ERR_IO, "import row %lld: %s", (long long)r->id, error.what);
    if (e == OK && p->proofread)
        v->note = (struct look_note_view){
            .kind = S("warn"),
            .icon = S("tri"),
            .title = S("Bản đang dùng đã được đối chiếu với luật"),
            .text = S("Nhận bản mới thì phải đối chiếu lại: nhãn “Chưa đối chiếu” trở lại.")};
    if (str_eq(r->change, S("het")) || !str_eq(r->state, S("cho")))
        return OK;
    TRY(procedure_diff(cx, before, after, &diff, &n));
    struct procedure_change_field *out = NEW_N(cx->arena, struct procedure_change_field, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (struct procedure_change_field){
            .title = field_title(cx, diff[i].field),
            .gone = lines_of(cx, diff[i].gone, diff[i].gone_n),
            .come = lines_of(cx, diff[i].come, diff[i].come_n),
            .gone_n = diff[i].gone_n,
            .come_n = diff[i].come_n,
        };
    v->fields = out;
    v->fields_n = n;
    return OK;
}

enum err procedure_show_change(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct import_row i;
    struct change_row r;
    TRY(import_of(cx, web_path(rq, "so"), &i));
    TRY(procedure_change(cx, i.id, web_path(rq, "code"), &r));
    struct procedure_change_view v = {
        .id = str_fmt(cx->arena, "%lld", (long long)i.id),
        .code = r.code,
        .name = r.name,
        .back = changes_href(cx, i.id, r.change),
        .import_name = i.name,
        .kind = r.change,
        .badge = decided_badge(r.state),
        .can_take = str_eq(r.state, S("cho")),
        .take = {.label = tr(cx, S(T("Nhận vào danh mục"))), .name = S("viec"), .value = S("nhan")},
        .leave = {.kind = S("2"),
                  .label = tr(cx, S(T("Không nhận"))),
                  .name = S("viec"),
                  .value = S("bo")},
    };
    if (str_eq(r.change, S("het")))
        v.note = (struct look_note_view){
            .kind = S("info"),
            .icon = S("info"),
            .title = S("Bản mới không còn thủ tục này"),
            .text = S(
                "Nhận thì thủ tục ngừng trên cổng, không nhận hồ sơ mới. Hồ sơ đã nhận vẫn được giải quyết.")};
    TRY(set_fields(cx, &r, &v));
    rs->title = r.name;
    procedure_change_html(&rs->body, &v);
    return OK;
}

enum err procedure_write_all_changes(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct import_row i;
    TRY(import_of(cx, web_path(rq, "so"), &i));
    return procedure_accept_all(cx, &i, web_form(rq, "loai"), &rs->see_other);
}

#define PICKED_MAX 100

enum err procedure_write_changes(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct import_row i;
    struct str picked[PICKED_MAX];
    bool take = str_eq(web_form(rq, "viec"), S("nhan"));
    TRY(import_of(cx, web_path(rq, "so"), &i));
    size_t n = web_form_all(rq, "chon", picked, PICKED_MAX);
    if (n == 0)
        return fail(cx, ERR_INVALID, T("Chọn ít nhất một thủ tục."));
    for (size_t k = 0; k < n; k++) {
        struct change_row r;
        TRY(procedure_change(cx, i.id, picked[k], &r));
        TRY(take ? procedure_accept(cx, &r) : procedure_leave(cx, &r));
    }
    rs->see_other = changes_href(cx, i.id, S("moi"));
    rs->toast = take ? tr_fmt(cx, T("Đã nhận %zu thủ tục vào danh mục."), n)
                     : tr_fmt(cx, T("Đã để lại %zu thủ tục, không nhận."), n);
    return OK;
}
