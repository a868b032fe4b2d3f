/* view_pages.c - keeping what a list shows; the page where kept views are renamed and dropped. */
#include "view_pages.h"

#include "list/list.h"
#include "view.h"
#include "view_views.h"

#define MINE_MAX 200

static struct str address_of(struct cx *cx, const struct view *v)
{
    return str_fmt(cx->arena, "%.*s?%.*s", F(v->path), F(v->query));
}

static struct view_row row_of(struct cx *cx, struct web_req *rq, const struct view *v)
{
    const bool refused = web_again(rq) && str_eq(web_path(rq, "ma"), v->code);
    return (struct view_row){
        .title = refused ? web_form(rq, "ten") : v->title,
        .href = address_of(cx, v),
        .shows = address_of(cx, v),
        .field = str_fmt(cx->arena, "ten-%.*s", F(v->code)),
        .rename = str_fmt(cx->arena, LIST_SAVED_PATH "/%.*s/ten", F(v->code)),
        .drop = str_fmt(cx->arena, LIST_SAVED_PATH "/%.*s/xoa", F(v->code)),
        .wrong = refused ? cx->why : S(""),
    };
}

static enum err show_list(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct view *mine = NEW_N(cx->arena, struct view, MINE_MAX);
    struct view_row *rows = NEW_N(cx->arena, struct view_row, MINE_MAX);
    struct str why = cx->why, field = cx->field; /* of the refusal that is drawn again */
    size_t n;
    TRY(view_mine(cx, S(""), mine, MINE_MAX, &n));
    cx->why = why;
    cx->field = field;
    struct view_list_view v = {
        .rows = rows,
        .rows_n = n,
        .again = web_again(rq) && web_form(rq, "ds").n,
        .save_list = web_form(rq, "ds"),
        .save_address = web_return_path(rq, S("")),
        .name = {.kind = LOOK_TEXT,
                 .name = S("ten"),
                 .label = tr(cx, S(T("Tên khung nhìn"))),
                 .value = web_form(rq, "ten"),
                 .wrong = web_error_of(rq, S("ten")),
                 .max = VIEW_TITLE_MAX},
        .empty = {tr(cx, S(T("Bạn chưa lưu khung nhìn nào"))),
                  tr(cx, S(T("Lọc một danh sách rồi bấm Lưu khung nhìn, khung nhìn hiện ở đây."))),
                  S(""), S("")},
    };
    if (v.again)
        v.errors = look_errors_of(cx, rq);
    for (size_t i = 0; i < n; i++)
        rows[i] = row_of(cx, rq, &mine[i]);
    view_list_html(&rs->body, &v);
    return OK;
}

static enum err check([[maybe_unused]] struct cx *cx, struct web_req *rq,
                      [[maybe_unused]] struct web_res *rs)
{
    web_on_refusal(rq, show_list);
    return OK;
}

static enum err write_save(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct view v = {.title = web_form(rq, "ten"), .list = web_form(rq, "ds")};
    struct str address = web_return_path(rq, S(""));
    if (!str_cut(address, '?', &v.path, &v.query))
        v.path = address;
    TRY(view_save(cx, &v));
    rs->see_other = address_of(cx, &v);
    rs->toast = tr_fmt(cx, T("Đã lưu khung nhìn “%.*s”."), F(v.title));
    return OK;
}

static enum err write_rename(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    TRY(view_rename(cx, web_path(rq, "ma"), web_form(rq, "ten")));
    rs->see_other = S(LIST_SAVED_PATH);
    rs->toast = tr(cx, S(T("Đã đổi tên.")));
    return OK;
}

static enum err write_drop(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    TRY(view_drop(cx, web_path(rq, "ma")));
    rs->see_other = S(LIST_SAVED_PATH);
    rs->toast = tr(cx, S(T("Đã xóa khung nhìn.")));
    return OK;
}

/* clang-format off */
const struct route view_routes[] = {
    {GET,  LIST_SAVED_PATH,            "Khung nhìn đã lưu",  &signed_in, READ,  .show = show_list, .frame = WEB_FRAME_OFFICER},
    {POST, LIST_SAVED_PATH,            "Lưu khung nhìn",     &signed_in, WRITE, .prepare = check, .write = write_save, .frame = WEB_FRAME_OFFICER},
    {POST, LIST_SAVED_PATH "/{ma}/ten", "Đổi tên khung nhìn", &signed_in, WRITE, .prepare = check, .write = write_rename, .frame = WEB_FRAME_OFFICER},
    {POST, LIST_SAVED_PATH "/{ma}/xoa", "Xóa khung nhìn",     &signed_in, WRITE, .write = write_drop, .frame = WEB_FRAME_OFFICER},
    {0},
};
/* clang-format on */
