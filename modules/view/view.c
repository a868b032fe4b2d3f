/* view.c - the rules of kept views. No SQL and no HTML in this file. */
#include "view.h"

#include "identity/identity.h"
#include "journal/journal.h"
#include "json/json.h"
#include "list/list.h"
#include "view_store.h"

#define QUERY_MAX 2000
#define NAME_MAX 40

static enum err write_event(struct cx *cx, const struct view *v, const char *kind)
{
    struct buf b = {.arena = cx->arena, .limit = 400};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("list"), v->list);
    json_close_object(&o);
    return journal_write(cx, &(struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = S("view.item"),
                                 .subject_code = v->code,
                                 .subject_id = v->id,
                                 .unit = cx->actor->unit,
                                 .payload = buf_str(&b),
                             });
}

static enum err subject_of(struct cx *cx, int64_t *subject)
{
    return account_subject(cx, cx->actor->account, subject);
}

/* One key opens all of them; without any there is nothing to ask. */
enum err view_mine(struct cx *cx, struct str list, struct view *out, size_t max, size_t *n)
{
    int64_t subject;
    TRY(view_store_mine(cx, list, out, max, n));
    if (*n == 0)
        return OK;
    TRY(subject_of(cx, &subject));
    for (size_t i = 0; i < *n; i++)
        TRY(view_store_open(cx, subject, &out[i]));
    return OK;
}

static enum err check_title(struct cx *cx, const struct view *v, size_t *n)
{
    struct view mine[LIST_SAVED_MAX];
    if (v->title.n == 0)
        return fail_field(cx, ERR_INVALID, S("ten"), T("Đặt tên cho khung nhìn."));
    if (utf8_count(v->title) > VIEW_TITLE_MAX)
        return fail_field(cx, ERR_LIMIT, S("ten"), T("Tên dài quá %d ký tự. Đặt ngắn lại."),
                          VIEW_TITLE_MAX);
    TRY(view_mine(cx, v->list, mine, LIST_SAVED_MAX, n));
    for (size_t i = 0; i < *n; i++)
        if (mine[i].id != v->id &&
            str_eq(text_fold(cx->arena, mine[i].title), text_fold(cx->arena, v->title)))
            return fail_field(cx, ERR_CONFLICT, S("ten"),
                              T("Bạn đã có khung nhìn tên này. Đặt tên khác."));
    return OK;
}

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '-')
            return false;
    return s.n > 0 && s.n <= NAME_MAX;
}

enum err view_save(struct cx *cx, struct view *v)
{
    int64_t subject;
    size_t n;
    if (!is_name(v->list) || v->path.n < 2 || v->path.p[0] != '/' || v->path.p[1] == '/' ||
        v->query.n == 0)
        return fail(cx, ERR_INVALID,
                    T("Chưa có gì để lưu. Lọc hoặc sắp danh sách rồi bấm Lưu khung nhìn."));
    if (v->query.n > QUERY_MAX)
        return fail(cx, ERR_LIMIT, T("Bộ lọc này dài quá. Bỏ bớt điều kiện rồi lưu."));
    TRY(check_title(cx, v, &n));
    if (n >= LIST_SAVED_MAX)
        return fail_field(cx, ERR_LIMIT, S("ten"),
                          T("Mỗi danh sách giữ được %d khung nhìn. Xóa bớt rồi lưu."),
                          LIST_SAVED_MAX);
    v->code = random_code(cx, 10);
    TRY(subject_of(cx, &subject));
    TRY(view_store_add(cx, subject, v));
    return write_event(cx, v, "view.saved");
}

enum err view_rename(struct cx *cx, struct str code, struct str title)
{
    struct view v;
    int64_t subject;
    size_t n;
    TRY(view_store_find(cx, code, &v));
    v.title = title;
    TRY(check_title(cx, &v, &n));
    TRY(subject_of(cx, &subject));
    TRY(view_store_rename(cx, subject, &v));
    return write_event(cx, &v, "view.renamed");
}

enum err view_drop(struct cx *cx, struct str code)
{
    struct view v;
    TRY(view_store_find(cx, code, &v));
    TRY(view_store_drop(cx, &v));
    return write_event(cx, &v, "view.dropped");
}
