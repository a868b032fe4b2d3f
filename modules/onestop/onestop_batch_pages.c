/* onestop_batch_pages.c - several dossiers at once from the inbox; lists of hand-over. */
#include "onestop_desk_work.h"
#include "onestop_officer_views.h"
#include "onestop_pages.h"

/* ---- several at once ---- */

/* Boxes "hs" carry "id.version": what was on the screen must still be so. */
static enum err chosen(struct cx *cx, struct web_req *rq, struct dossier *out, size_t *n,
                       int64_t *changed)
{
    struct str boxes[BULK_MAX], id_text, version_text;
    size_t found = web_form_all(rq, "hs", boxes, BULK_MAX);
    *n = 0;
    *changed = 0;
    if (found == 0)
        return fail(cx, ERR_INVALID, T("Chọn ít nhất một hồ sơ trong danh sách rồi bấm lại."));
    for (size_t i = 0; i < found && i < BULK_MAX; i++) {
        int64_t id, version;
        str_cut(boxes[i], '.', &id_text, &version_text);
        if (!str_int(id_text, &id) || !str_int(version_text, &version))
            return fail(cx, ERR_INVALID,
                        T("Danh sách chọn bị hỏng khi gửi. Tải lại trang rồi chọn lại."));
        TRY(onestop_find(cx, id, &out[*n]));
        if (out[*n].version == version)
            ++*n;
        else
            ++*changed;
    }
    return OK;
}

static struct str outcome(struct cx *cx, const char *done, const struct bulk_result *r,
                          int64_t changed)
{
    struct buf b = {.arena = cx->arena, .limit = 2000};
    buf_fmt(&b, "%.*s %lld %.*s.", F(tr(cx, str_c(done))), (long long)r->done,
            F(tr(cx, S(T("hồ sơ")))));
    if (r->refused)
        buf_fmt(&b, " %lld %.*s: %.*s", (long long)r->refused, F(tr(cx, S(T("hồ sơ giữ nguyên")))),
                F(r->why));
    if (changed)
        buf_fmt(&b, " %lld %.*s", (long long)changed,
                F(tr(cx, S(T("hồ sơ vừa được người khác cập nhật, giữ nguyên.")))));
    return buf_str(&b);
}

enum err onestop_write_many_counter(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier *all = NEW_N(cx->arena, struct dossier, BULK_MAX);
    struct bulk_result r;
    size_t n;
    int64_t changed;
    TRY(chosen(cx, rq, all, &n, &changed));
    TRY(onestop_hand_over_many(cx, all, n, &r));
    rs->see_other = r.done ? S("/ban-giao?ben=giao") : S("/viec");
    rs->toast = outcome(cx, T("Đã bàn giao"), &r, changed);
    return OK;
}

enum err onestop_write_many_process(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier *all = NEW_N(cx->arena, struct dossier, BULK_MAX);
    struct bulk_result r;
    size_t n;
    int64_t changed;
    TRY(chosen(cx, rq, all, &n, &changed));
    TRY(onestop_take_many(cx, all, n, &r));
    rs->see_other = S("/viec?cua=toi");
    rs->toast = outcome(cx, T("Đã nhận xử lý"), &r, changed);
    return OK;
}

/* ---- the lists ---- */

static struct look_badge_view badge_of(struct cx *cx, const struct batch *h)
{
    if (h->received_at)
        return (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Đã nhận"))), S("")};
    return (struct look_badge_view){S("info"), S("clock"), tr(cx, S(T("Chờ xác nhận"))), S("")};
}

static void cell_no(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct batch *h = row;
    c->text = str_fmt(cx->arena, "%.*s %.*s", F(tr(cx, S(T("Danh sách")))), F(h->no));
    c->href = str_fmt(cx->arena, "/ban-giao/%lld", (long long)h->id);
}
static void cell_from(struct cx *, const void *row, struct look_cell *c)
{
    const struct batch *h = row;
    *c = (struct look_cell){.text = h->from_name, .sub = h->made_by_name, .below = true};
}
static void cell_to(struct cx *, const void *row, struct look_cell *c)
{
    const struct batch *h = row;
    *c = (struct look_cell){.text = h->to_name, .sub = h->received_by_name, .below = true};
}
static void cell_size(struct cx *cx, const void *row, struct look_cell *c)
{
    c->text = look_number(cx, ((const struct batch *)row)->size);
}
static void cell_made(struct cx *cx, const void *row, struct look_cell *c)
{
    c->text = time_vi(cx->arena, ((const struct batch *)row)->made_at);
}
static void cell_state(struct cx *cx, const void *row, struct look_cell *c)
{
    c->badge = badge_of(cx, row);
}
static struct list_value value_no(struct cx *, const void *row)
{
    return (struct list_value){.text = ((const struct batch *)row)->no};
}
static struct list_value value_from(struct cx *, const void *row)
{
    return (struct list_value){.text = ((const struct batch *)row)->from_name};
}
static struct list_value value_to(struct cx *, const void *row)
{
    return (struct list_value){.text = ((const struct batch *)row)->to_name};
}
static struct list_value value_size(struct cx *, const void *row)
{
    return (struct list_value){.kind = LIST_NUMBER, .number = ((const struct batch *)row)->size};
}
static struct list_value value_made(struct cx *, const void *row)
{
    return (struct list_value){.kind = LIST_INSTANT,
                               .number = ((const struct batch *)row)->made_at};
}
static struct list_value value_received(struct cx *, const void *row)
{
    return (struct list_value){.kind = LIST_INSTANT,
                               .number = ((const struct batch *)row)->received_at};
}

/* clang-format off */
#define CHOICE(value, label) {{value, sizeof value - 1}, {label, sizeof label - 1}}
static const struct list_column columns[] = {
    {"Danh sách", "c-title", NULL, NULL, false, cell_no, value_no},
    {"Bên giao", "c-break", "Giao", NULL, false, cell_from, value_from},
    {"Bên nhận", "", "Nhận", NULL, false, cell_to, value_to},
    {"Số hồ sơ", "num", "Số hồ sơ", NULL, false, cell_size, value_size},
    {"Giao lúc", "nowrap", "Giao lúc", "luc", false, cell_made, value_made},
    {"Tình trạng", "c-due", NULL, NULL, false, cell_state, NULL},
    {"Nhận lúc", "", NULL, NULL, false, NULL, value_received},
};
static const struct list_choice sides[] = {CHOICE("giao", "Đơn vị tôi giao"), CHOICE("nhan", "Đơn vị tôi nhận")};
static const struct list_choice states[] = {CHOICE("cho", "Chờ xác nhận"), CHOICE("xong", "Đã nhận")};
/* clang-format on */
static const struct list_offer offers[] = {{"Bên", sides, 2}, {"Tình trạng", states, 2}};
const struct list_def onestop_batch_list = {
    .name = "ban-giao",
    .title = "Danh sách bàn giao",
    .path = "/ban-giao",
    .placeholder = "Tìm số danh sách, mã hồ sơ",
    .source = &onestop_batch_source,
    .columns = columns,
    .columns_n = sizeof columns / sizeof *columns,
    .offers = offers,
    .empty = "Chưa có danh sách bàn giao nào",
    .empty_text = "Chọn nhiều hồ sơ ở Việc của tôi rồi bấm Bàn giao, danh sách hiện ở đây.",
    .exports = true,
    .views = true,
};

enum err onestop_show_batches(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct list_ask ask;
    struct onestop_inbox_view v = {.title = tr(cx, S(T("Bàn giao hồ sơ"))),
                                   .subtitle = cx->actor->unit_name};
    TRY(list_show(cx, rq, &onestop_batch_list, &v.list, &ask));
    onestop_inbox_html(&rs->body, &v);
    return OK;
}

/* ---- one list ---- */

static enum err of_path(struct cx *cx, struct web_req *rq, struct batch *h)
{
    int64_t id;
    if (!str_int(web_path(rq, "so"), &id))
        id = 0;
    return onestop_batch_find(cx, id, h);
}

enum err onestop_show_batch(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct batch h;
    struct inbox_row *rows;
    size_t n;
    cx->purpose = S("Bàn giao hồ sơ");
    TRY(of_path(cx, rq, &h));
    TRY(onestop_batch_rows(cx, &h, &rows, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++) {
        struct look_cell *c = NEW_N(cx->arena, struct look_cell, 5);
        c[0].text = look_number(cx, (int64_t)i + 1);
        onestop_cell_dossier(cx, &rows[i], &c[1]);
        onestop_cell_person(cx, &rows[i], &c[2]);
        c[3].text = rows[i].d.accepted_at ? time_vi(cx->arena, rows[i].d.accepted_at) : S("");
        onestop_cell_due(cx, &rows[i], &c[4]);
        lines[i] = (struct look_line){.cells = c, .cells_n = 5};
    }
    const struct look_column heads[] = {
        {.title = tr(cx, S(T("STT"))), .css = S("num")},
        {.title = tr(cx, S(T("Hồ sơ"))), .css = S("c-title flex-cell")},
        {.title = tr(cx, S(T("Người nộp"))), .css = S("c-break")},
        {.title = tr(cx, S(T("Tiếp nhận lúc"))), .css = S("nowrap")},
        {.title = tr(cx, S(T("Hạn"))), .css = S("c-due")},
    };
    struct onestop_batch_view v = {
        .title = str_fmt(cx->arena, "%.*s %.*s", F(tr(cx, S(T("Danh sách bàn giao")))), F(h.no)),
        .from = h.from_name,
        .from_by = h.made_by_name,
        .to = h.to_name,
        .to_by = h.received_by_name,
        .made = time_vi(cx->arena, h.made_at),
        .received = h.received_at ? time_vi(cx->arena, h.received_at) : S(""),
        .state = badge_of(cx, &h),
        .receive_action = onestop_batch_may_receive(cx, &h)
                              ? str_fmt(cx->arena, "/ban-giao/%lld/nhan", (long long)h.id)
                              : S(""),
        .table = {.caption = tr(cx, S(T("Hồ sơ bàn giao"))),
                  .columns = heads,
                  .columns_n = 5,
                  .lines = lines,
                  .lines_n = n},
    };
    rs->title = v.title;
    onestop_batch_html(&rs->body, &v);
    return OK;
}

enum err onestop_write_batch(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct batch h;
    TRY(of_path(cx, rq, &h));
    TRY(onestop_batch_receive(cx, &h));
    rs->see_other = str_fmt(cx->arena, "/ban-giao/%lld", (long long)h.id);
    rs->toast = tr(cx, S(T("Đã xác nhận nhận đủ hồ sơ.")));
    return OK;
}
