/* web_page.c - the page around a handler's part, and the pages that say what went wrong. */
#include "web_inside.h"

#include "html/html.h"
#include "web_views.h"

#define MENU_MAX 64
#define FRAME_BYTES 12'000 /* more or less: a page that is larger grows */

static web_draw_frame *frame_draw;

void web_set_frame(web_draw_frame *draw)
{
    frame_draw = draw;
}

bool web_token_mark(struct cx *cx, struct str mark)
{
    struct web_req *rq = web_current(cx);
    if (rq)
        rq->token_mark = mark;
    return rq != NULL;
}

void web_token_html(struct html *out)
{
    const struct web_req *rq = web_current(out->cx);
    if (rq && rq->token_mark.n) {
        html_text(out, rq->token_mark);
        return;
    }
    html_lit(out, "<input type=\"hidden\" name=\"_token\" value=\"");
    html_text(out, web_token(out->cx));
    html_lit(out, "\">");
}

/* ---- the frame ---- */

static bool on_path(struct str here, struct str item)
{
    return str_eq(here, item) ||
           (item.n > 1 && str_starts(here, item) && here.n > item.n && here.p[item.n] == '/');
}

/* A count that fails is not shown; where it is only slow, the lane draws the page again. */
static struct web_count count_of(struct cx *cx, const struct place_count *p)
{
    struct web_count c = {0};
    const struct scope scope = cx->scope;
    const enum err err = cx->err;
    const struct str why = cx->why, field = cx->field;
    if (!cx->db || db_doomed(cx))
        return c;
    if (!right_granted(cx, p->right, &cx->scope, NULL) || p->count(cx, &c) != OK)
        c = (struct web_count){0};
    cx->scope = scope;
    cx->err = err;
    cx->why = why;
    cx->field = field;
    return c;
}

struct str web_waiting(struct cx *cx, struct str path, bool *hot)
{
    const struct web_req *rq = web_current(cx);
    const struct place_count *p = rq ? map_get(&rq->web->counts, path) : NULL;
    *hot = false;
    if (!p)
        return S("");
    struct web_count c = count_of(cx, p);
    *hot = c.hot;
    return c.n ? str_fmt(cx->arena, "%lld%s", (long long)c.n, c.more ? "+" : "") : S("");
}

/* Pages of one's own account belong to no frame: an officer sees them, and errors, at the desk. */
static enum web_frame frame_of(struct web_req *rq)
{
    enum web_frame frame = rq->route ? rq->route->frame : WEB_FRAME_CITIZEN;
    bool ones_own =
        !rq->route || rq->route->right == &signed_in || rq->route->right == &signed_in_again;
    return frame == WEB_FRAME_CITIZEN && ones_own && rq->cx.actor->unit ? WEB_FRAME_OFFICER : frame;
}

static size_t menu_room(const struct web *w, enum web_frame frame)
{
    size_t n = 0;
    for (size_t p = 0; p < w->parts_n; p++)
        for (const struct menu_item *i = w->parts[p].menu; i && i->title; i++)
            n += i->frame == frame;
    return n;
}

/* What the actor may open, in the modules' order; the longest path that fits is where we are. */
static size_t menu_of(struct web_req *rq, enum web_frame frame, struct web_menu_entry *out)
{
    size_t n = 0, best = MENU_MAX, best_n = 0;
    for (size_t p = 0; p < rq->web->parts_n; p++) {
        for (const struct menu_item *i = rq->web->parts[p].menu; i && i->title; i++) {
            if (i->frame != frame || n == MENU_MAX || !web_may(&rq->cx, i->right))
                continue;
            struct str path = str_c(i->path);
            if (on_path(rq->http.path, path) && path.n > best_n) {
                best = n;
                best_n = path.n;
            }
            out[n] = (struct web_menu_entry){
                .title = tr(&rq->cx, str_c(i->title)), .path = path, .icon = str_c(i->icon)};
            out[n].count = web_waiting(&rq->cx, path, &out[n].hot);
            n++;
        }
    }
    if (best < n)
        out[best].current = true;
    return n;
}

struct str web_home(struct web_req *rq)
{
    if (rq->cx.actor->unit == 0)
        return S("/");
    for (size_t p = 0; p < rq->web->parts_n; p++)
        for (const struct menu_item *i = rq->web->parts[p].menu; i && i->title; i++)
            if (i->frame != WEB_FRAME_CITIZEN && web_may(&rq->cx, i->right))
                return str_c(i->path);
    return S("/");
}

struct str page_frame(struct web_req *rq, struct markup main, struct str title)
{
    struct cx *cx = &rq->cx;
    enum web_frame frame = frame_of(rq);
    struct web_menu_entry *menu =
        NEW_N(cx->arena, struct web_menu_entry, menu_room(rq->web, frame) + 1);
    bool failed_form = rq->again && rq->res.status >= 400;
    struct web_page page = {
        .frame = frame,
        .title = failed_form ? tr_fmt(cx, T("Lỗi: %.*s"), F(title)) : title,
        .main = main,
        .toast = answer_take_toast(rq),
        .lang = cx->lang,
        .path = rq->http.path,
        .return_to = local_path(rq->http.target) && !rq->is_post ? rq->http.target : S("/"),
        .signed_in = cx->actor->account != 0,
        .locked = web_session_locked(rq),
        .demo = cx->env->demo,
        .large = rq->large,
        .person = cx->actor->name,
        .unit = cx->actor->unit_name,
        .menu = menu,
        .menu_n = menu_of(rq, frame, menu),
    };
    struct html out = html_start(cx);
    buf_room(&out.to, main.bytes.n + FRAME_BYTES);
    if (frame_draw)
        frame_draw(cx, &out, &page);
    else
        web_bare_html(&out, &(const struct web_bare_view){cx->lang, page.title, main, page.toast});
    MUST(!out.to.full);
    return buf_str(&out.to);
}

/* ---- errors ---- */

struct words {
    int status;
    const char *title, *sentence, *todo;
};
/* clang-format off */
static const struct words words[] = {
    {400, T("Máy chủ không đọc được yêu cầu này"), T("Địa chỉ hoặc biểu mẫu gửi lên bị cắt hoặc có ký tự lạ."),
          T("Mở lại trang từ trang chủ rồi làm lại.")},
    {401, T("Cần đăng nhập"), T("Việc này cần biết bạn là ai."), T("Đăng nhập rồi làm lại.")},
    {403, T("Bạn chưa có quyền làm việc này"), T("Tài khoản của bạn chưa được giao việc này."),
          T("Hỏi người quản trị của cơ quan bạn.")},
    {404, T("Không tìm thấy trang này"), T("Có thể địa chỉ gõ thiếu, hoặc trang đã chuyển chỗ."),
          T("Bạn thử một trong các cách sau:")},
    {405, T("Trang này không làm được việc đó"), T("Địa chỉ này có, nhưng không nhận cách gọi này."),
          T("Mở lại trang từ trang chủ.")},
    {409, T("Có người vừa sửa trước"), T("Dữ liệu đã thay đổi từ lúc bạn mở trang."),
          T("Quay lại, xem thay đổi rồi gửi lại.")},
    {412, T("Điều kiện của yêu cầu không còn đúng"),
          T("Yêu cầu đặt điều kiện về phiên bản, và phiên bản hiện có không khớp."),
          T("Đọc lại nội dung hiện có rồi gửi lại.")},
    {413, T("Nội dung gửi lên quá lớn"), T("Tệp hoặc biểu mẫu vượt quá giới hạn của trang này."),
          T("Quay lại, chọn tệp nhỏ hơn hoặc chia thành nhiều tệp.")},
    {415, T("Máy chủ không nhận kiểu nội dung này"), T("Trang này nhận biểu mẫu gửi từ trình duyệt."),
          T("Mở lại trang rồi gửi lại biểu mẫu.")},
    {422, T("Có chỗ cần sửa"), T("Nội dung gửi lên chưa đúng."), T("Quay lại, sửa rồi gửi lại.")},
    {429, T("Có quá nhiều yêu cầu từ mạng của bạn"), T("Máy chủ tạm dừng nhận thêm trong một phút."),
          T("Chờ một phút rồi làm tiếp. Những gì đã gửi không bị mất.")},
    {500, T("Chưa làm được việc này"), T("Máy chủ gặp lỗi. Chưa có gì bị thay đổi."),
          T("Thử lại sau vài phút. Nếu vẫn lỗi, gọi và đọc mã lỗi dưới đây.")},
    {503, T("Máy chủ đang bận"), T("Chưa chắc yêu cầu vừa rồi đã được ghi."),
          T("Gửi lại sau vài giây: cùng một biểu mẫu không bao giờ được ghi hai lần.")},
};
/* clang-format on */

static const struct words *words_of(int status)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].status == status)
            return &words[i];
    return words_of(status >= 500 ? 500 : 400);
}

struct str page_sentence(struct web_req *rq, int status, struct str sentence)
{
    if (sentence.n)
        return sentence;
    bool page_only = status == 503 && !rq->is_post;
    return tr(&rq->cx,
              page_only ? S(T("Chưa mở được trang này.")) : str_c(words_of(status)->sentence));
}

/* All that was typed, so that it can be sent again: not files, not passwords. */
size_t page_hidden_fields(struct web_req *rq, struct web_hidden *out, bool with_token)
{
    size_t n = 0;
    for (size_t i = 0; i < rq->form.n; i++) {
        const struct web_value *v = &rq->form.p[i];
        bool token = str_eq(v->name, S("_token"));
        if ((token && !with_token) || str_starts(v->name, S("mat_khau")))
            continue;
        out[n++] = (struct web_hidden){v->name, v->value};
    }
    return n;
}

struct str page_error(struct web_req *rq, int status, struct str sentence, struct str incident)
{
    struct cx *cx = &rq->cx;
    const struct words *w = words_of(status);
    struct web_hidden *fields = NEW_N(cx->arena, struct web_hidden, rq->form.n + 1);
    bool resend = status == 503 && rq->is_post && rq->form.n && rq->uploads.n == 0 &&
                  local_path(rq->http.target) && !web_form_has(rq, "mat_khau");
    struct web_error_view view = {
        .title = tr(cx, str_c(w->title)),
        .sentence = page_sentence(rq, status, sentence),
        .todo =
            tr(cx, status == 503 && !rq->is_post ? S(T("Mở lại sau vài giây.")) : str_c(w->todo)),
        .incident = incident,
        .at_label = time_vi(cx->arena, cx->now),
        .search = status == 404 && web_doors->search ? str_c(web_doors->search) : S(""),
        .help = setting_or(cx->env->settings, S("help.phone"), S("1022")),
        .resend = resend,
        .path = rq->http.target,
        .fields = fields,
        .fields_n = resend ? page_hidden_fields(rq, fields, true) : 0,
    };
    struct html out = html_start(cx);
    web_error_html(&out, &view);
    return page_frame(rq, html_done(&out), view.title);
}
