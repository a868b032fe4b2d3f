/* notify_pages.c - the list behind the bell. */
#include "notify_pages.h"

#include "notify.h"
#include "notify_views.h"

#define A_PAGE 30

static struct notify_list_row row_from(struct cx *cx, const struct notice_row *n)
{
    struct str time, day, label = time_vi(cx->arena, n->at); /* "09:14, 23/11/2026" */
    str_cut(label, ',', &time, &day);
    day = str_trim(day);
    if (civil_at(n->at).year == civil_at(cx->now).year)
        day = str_until(day, 5); /* "23/11" */
    return (struct notify_list_row){
        .at = time_iso(cx->arena, n->at),
        .day = day,
        .time = time,
        .title = tr_kept(cx, n->title),
        .body = tr_kept(cx, n->body),
        .link = n->link,
        .read = n->read,
    };
}

static enum err show_list(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t before;
    size_t n;
    struct notice_row *notices = NEW_N(cx->arena, struct notice_row, A_PAGE);
    struct notify_list_row *rows = NEW_N(cx->arena, struct notify_list_row, A_PAGE);
    struct notify_list_view view = {.rows = rows};
    if (!str_int(web_query(rq, "truoc"), &before))
        before = 0;
    TRY(notify_mine(cx, before, notices, A_PAGE, &n));
    TRY(notify_unread(cx, 1000, &view.unread));
    for (size_t i = 0; i < n; i++)
        rows[i] = row_from(cx, &notices[i]);
    view.rows_n = n;
    if (n)
        view.newest = str_fmt(cx->arena, "%lld", (long long)notices[0].id);
    if (n == A_PAGE)
        view.more = str_fmt(cx->arena, "/thong-bao?truoc=%lld", (long long)notices[n - 1].id);
    notify_list_html(&rs->body, &view);
    return OK;
}

/* Up to the newest that the page showed: what came since stays unread. */
static enum err mark_read(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t up_to;
    if (!str_int(web_form(rq, "den"), &up_to))
        return fail(cx, ERR_INVALID, T("Mở lại trang thông báo rồi đánh dấu lần nữa."));
    TRY(notify_mark_read(cx, up_to));
    rs->see_other = S("/thong-bao");
    return OK;
}

/* clang-format off */
const struct route notify_routes[] = {
    {GET,  "/thong-bao",        "Thông báo",                  &signed_in, READ,  .show = show_list},
    {POST, "/thong-bao/da-doc", "Đánh dấu thông báo đã đọc",  &signed_in, WRITE, .write = mark_read},
    {0},
};
/* clang-format on */
