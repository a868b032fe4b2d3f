/* work_pages.c - how far it is, as a page and as events; ending it; its file. */
#include "work_pages.h"

#include "json/json.h"
#include "work_store.h"
#include "work_views.h"

#define LIST_MAX 50

static const struct {
    const char *kind, *icon, *word;
} states[] = {
    [WORK_WAITING] = {"", "clock", "Chờ đến lượt"},
    [WORK_RUNNING] = {"cham", "play", "Đang chạy"},
    [WORK_DONE] = {"ok", "check", "Đã xong"},
    [WORK_STOPPED] = {"warn", "pause", "Đã dừng"},
    [WORK_FAILED] = {"err", "oct", "Không làm được"},
};

static struct look_badge_view badge_of(struct cx *cx, const struct work_item *w)
{
    return (struct look_badge_view){str_c(states[w->state].kind), str_c(states[w->state].icon),
                                    tr(cx, str_c(states[w->state].word)), S("")};
}

static struct str words_of(struct cx *cx, const struct work_item *w)
{
    if (w->total == 0 && w->done == 0)
        return w->state == WORK_WAITING ? tr(cx, S(T("Sắp bắt đầu"))) : S("");
    if (w->total == 0 || w->state == WORK_DONE)
        return str_fmt(cx->arena, "%.*s %.*s", F(look_number(cx, w->done)),
                       F(tr(cx, S(T("dòng")))));
    return str_fmt(cx->arena, "%.*s / %.*s %.*s", F(look_number(cx, w->done)),
                   F(look_number(cx, w->total)), F(tr(cx, S(T("dòng")))));
}

static bool running(const struct work_item *w)
{
    return w->state == WORK_WAITING || w->state == WORK_RUNNING;
}

static enum err of_path(struct cx *cx, struct web_req *rq, struct work_item *w)
{
    return work_store_by_code(cx, web_path(rq, "ma"), w);
}

static struct str path_of(struct cx *cx, const struct work_item *w, const char *tail)
{
    return str_fmt(cx->arena, "/viec-dai/%.*s%s", F(w->code), tail);
}

static struct look_note_view note_of(struct cx *cx, const struct work_item *w)
{
    if (w->state == WORK_FAILED)
        return (struct look_note_view){
            .kind = S("err"),
            .icon = S("oct"),
            .title = tr(cx, S(T("Chưa làm được việc này"))),
            .text =
                w->why.n
                    ? w->why
                    : tr(cx,
                         S(T("Hệ thống đã thử ba lần. Làm lại từ danh sách; nếu vẫn không được, báo người quản trị.")))};
    if (w->state == WORK_STOPPED)
        return (struct look_note_view){
            .kind = S("warn"),
            .icon = S("pause"),
            .title = tr(cx, S(T("Đã dừng theo yêu cầu"))),
            .text = w->link.n ? S("") : tr(cx, S(T("Không có tệp nào được giữ lại.")))};
    if (running(w) && w->stop)
        return (struct look_note_view){.kind = S("info"),
                                       .icon = S("pause"),
                                       .title = tr(cx, S(T("Đang dừng"))),
                                       .text = S("")};
    return (struct look_note_view){0};
}

static enum err show_page(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct work_item w;
    TRY(of_path(cx, rq, &w));
    struct work_page_view v = {
        .title = w.title,
        .asked = time_vi(cx->arena, w.asked_at),
        .live = running(&w) ? path_of(cx, &w, "/dien-bien") : S(""),
        .words = words_of(cx, &w),
        .badge = badge_of(cx, &w),
        .running = running(&w),
        .note = note_of(cx, &w),
        .here = path_of(cx, &w, ""),
        .stop = path_of(cx, &w, "/dung"),
        .link = running(&w) ? S("") : w.link,
    };
    if (w.total) {
        v.value = str_fmt(cx->arena, "%lld", (long long)w.done);
        v.max = str_fmt(cx->arena, "%lld", (long long)w.total);
    }
    if (w.file) {
        v.file = path_of(cx, &w, "/tep");
        v.file_label = str_fmt(cx->arena, "%.*s %.*s", F(tr(cx, S(T("Tải")))), F(w.file_name));
    }
    rs->title = w.title;
    work_page_html(&rs->body, &v);
    return OK;
}

/* One line of JSON: what the page's script puts into the page. */
static enum err news_of(struct cx *cx, int64_t id, struct str *data, bool *last)
{
    struct work_item w;
    TRY(work_store_find(cx, id, &w));
    struct buf b = {.arena = cx->arena, .limit = 1000};
    struct json_out o = {.to = &b};
    cx->lang = w.lang;
    json_open_object(&o);
    json_str(&o, S("chu"), words_of(cx, &w));
    json_num(&o, S("da"), w.done);
    json_num(&o, S("tong"), w.total);
    json_flag(&o, S("xong"), !running(&w));
    json_close_object(&o);
    *data = buf_str(&b);
    *last = !running(&w);
    return OK;
}

static enum err show_news(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct work_item w;
    TRY(of_path(cx, rq, &w));
    rs->news = news_of;
    rs->news_id = w.id;
    return OK;
}

static enum err write_stop(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct work_item w;
    TRY(of_path(cx, rq, &w));
    rs->see_other = path_of(cx, &w, "");
    if (!running(&w))
        return fail(cx, ERR_CONFLICT, T("Việc này đã kết thúc. Tải lại trang để xem."));
    rs->toast = tr(cx, S(T("Đã yêu cầu dừng.")));
    return work_stop(cx, &w);
}

static enum err show_file(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct work_item w;
    struct stored_file f;
    TRY(of_path(cx, rq, &w));
    if (!w.file)
        return fail(cx, ERR_NOT_FOUND, T("Việc này chưa có tệp. Tải lại trang để xem."));
    TRY(file_find(cx, w.file, &f));
    TRY(file_open(cx, &f, &rs->file));
    rs->file_size = f.size_bytes;
    rs->content_type = w.file_type;
    rs->download_name = w.file_name;
    return OK;
}

static struct look_line line_of(struct cx *cx, const struct work_item *w)
{
    struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 4);
    cells[0] = (struct look_cell){.text = w->title, .href = path_of(cx, w, "")};
    cells[1] = (struct look_cell){.text = words_of(cx, w)};
    cells[2] = (struct look_cell){.badge = badge_of(cx, w)};
    cells[3] = (struct look_cell){.text = time_vi(cx->arena, w->asked_at)};
    return (struct look_line){.cells = cells, .cells_n = 4};
}

static enum err show_list(struct cx *cx, struct web_req *, struct web_res *rs)
{
    struct work_item *all = NEW_N(cx->arena, struct work_item, LIST_MAX);
    size_t n;
    TRY(work_store_list(cx, all, LIST_MAX, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++)
        lines[i] = line_of(cx, &all[i]);
    const struct look_column columns[] = {
        {.title = tr(cx, S(T("Việc"))), .css = S("c-title flex-cell")},
        {.title = tr(cx, S(T("Đã làm"))), .css = S("c-break")},
        {.title = tr(cx, S(T("Tình trạng")))},
        {.title = tr(cx, S(T("Yêu cầu lúc"))), .css = S("nowrap")},
    };
    work_list_html(
        &rs->body,
        &(struct work_list_view){
            .table = {.caption = tr(cx, S(T("Việc chạy lâu"))),
                      .columns = columns,
                      .columns_n = 4,
                      .lines = lines,
                      .lines_n = n,
                      .empty = {tr(cx, S(T("Chưa có việc nào"))),
                                tr(cx, S(T("Khi bạn xuất một danh sách, việc đó hiện ở đây."))),
                                S(""), S("")}}});
    return OK;
}

/* clang-format off */
const struct route work_routes[] = {
    {GET,  "/viec-dai",                "Việc chạy lâu",     &signed_in, READ,  .show = show_list, .frame = WEB_FRAME_OFFICER},
    {GET,  "/viec-dai/{ma}",           "Việc chạy lâu",     &signed_in, READ,  .show = show_page, .frame = WEB_FRAME_OFFICER},
    {GET,  "/viec-dai/{ma}/dien-bien", "Diễn biến",         &signed_in, READ,  .show = show_news, .kind = WEB_FILE, .quiet = true},
    {POST, "/viec-dai/{ma}/dung",      "Dừng việc",         &signed_in, WRITE, .write = write_stop, .frame = WEB_FRAME_OFFICER},
    {GET,  "/viec-dai/{ma}/tep",       "Tệp đã làm xong",   &signed_in, SLOW,  .show = show_file, .kind = WEB_FILE},
    {0},
};
/* clang-format on */
