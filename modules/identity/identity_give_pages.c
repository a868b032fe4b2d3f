/* identity_give_pages.c - giving a role and taking it back: what it changes is shown before it is
 * done; what wants two persons waits for the other. */
#include "identity_inside.h"
#include "identity_store.h"
#include "identity_views.h"

#include "org/org.h"

#define EFFECTS_MAX 100
#define ASKED_MAX 100
#define ORDER_MAX 100

/* "01/12/2026" or nothing. */
static bool day_typed(struct str s, int64_t *day)
{
    struct str d, m, y, rest;
    int64_t date, month, year;
    *day = 0;
    if (s.n == 0)
        return true;
    if (!str_cut(s, '/', &d, &rest) || !str_cut(rest, '/', &m, &y) || !str_int(d, &date) ||
        !str_int(m, &month) || !str_int(y, &year) || year > 9999 || month > 12 || date > 31 ||
        !civil_valid((int)year, (int)month, (int)date))
        return false;
    *day = civil_day((int)year, (int)month, (int)date);
    return true;
}

/* Of the address while it is looked at, of the form once it is sent. */
static struct str typed(struct web_req *rq, const char *name)
{
    return web_form_has(rq, name) ? web_form(rq, name) : str_trim(web_query(rq, name));
}

/* Errors of single answers go to rq; ERR_DENIED: the unit is out of reach. */
static enum err read_wish(struct cx *cx, struct web_req *rq, struct post *p, struct org_unit *u)
{
    bool known = false;
    p->role = typed(rq, "vai_tro");
    p->order_no = typed(rq, "can_cu");
    const struct look_field_view roles = identity_role_field(cx, rq, p->role);
    for (size_t i = 0; i < roles.options_n; i++)
        known = known || roles.options[i].on;
    if (!known)
        web_error_add(cx, rq, S("vai_tro"), tr(cx, S(T("Chọn vai trò."))));
    const enum err e = org_unit_by_code(cx, typed(rq, "don_vi"), day_of(cx->now), u);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND)
        web_error_add(cx, rq, S("don_vi"),
                      tr(cx, S(T("Không có đơn vị nào mang mã này hôm nay."))));
    else if (!identity_reaches(cx, u->id))
        return fail(cx, ERR_DENIED,
                    T("Bạn không quản lý đơn vị này. Hỏi người quản trị của tỉnh."));
    p->unit = u->id;
    if (!day_typed(typed(rq, "tu_ngay"), &p->from_day))
        web_error_add(cx, rq, S("tu_ngay"),
                      tr(cx, S(T("Từ ngày phải có dạng ngày/tháng/năm, ví dụ 01/12/2026."))));
    if (!day_typed(typed(rq, "den_ngay"), &p->to_day))
        web_error_add(cx, rq, S("den_ngay"),
                      tr(cx, S(T("Đến ngày phải có dạng ngày/tháng/năm, ví dụ 31/12/2026."))));
    else if (p->to_day && p->to_day < (p->from_day ? p->from_day : day_of(cx->now)))
        web_error_add(cx, rq, S("den_ngay"),
                      tr(cx, S(T("Ngày kết thúc không được trước ngày bắt đầu."))));
    if (p->order_no.n > ORDER_MAX)
        web_error_add(cx, rq, S("can_cu"), tr(cx, S(T("Căn cứ dài quá. Viết ngắn lại."))));
    return OK;
}

static struct look_field_view text_field(struct cx *cx, struct web_req *rq, const char *name,
                                         const char *label, const char *hint, bool optional)
{
    return (struct look_field_view){.kind = LOOK_TEXT,
                                    .name = str_c(name),
                                    .label = tr(cx, str_c(label)),
                                    .hint = tr(cx, str_c(hint)),
                                    .value = typed(rq, name),
                                    .wrong = web_error_of(rq, str_c(name)),
                                    .optional = optional,
                                    .width = S("20"),
                                    .max = ORDER_MAX};
}

/* ---- what it changes ---- */

static struct str scope_words(struct cx *cx, struct str scope)
{
    return scope.n ? tr(cx, identity_scope_title(scope)) : tr(cx, S(T("Không")));
}

static enum err effects_of(struct cx *cx, const struct post *p, bool giving,
                           struct identity_effects_view *out)
{
    struct effect *all = NEW_N(cx->arena, struct effect, EFFECTS_MAX);
    size_t n;
    TRY(identity_effect(cx, p, giving, all, EFFECTS_MAX, &n));
    struct identity_effect_row *rows = NEW_N(cx->arena, struct identity_effect_row, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct identity_effect_row){tr(cx, str_c(all[i].right->title)),
                                               scope_words(cx, all[i].before),
                                               scope_words(cx, all[i].after)};
    *out = (struct identity_effects_view){rows, n};
    return OK;
}

static struct look_note_view note_of(struct cx *cx, bool two, size_t effects)
{
    if (two)
        return (struct look_note_view){
            .kind = S("info"),
            .icon = S("users"),
            .title = tr(cx, S(T("Vai trò này cần hai người"))),
            .text = tr(cx, S(T("Đề nghị của bạn chờ một người quản trị khác duyệt; đến lúc ấy chưa "
                               "có gì thay đổi.")))};
    if (effects == 0)
        return (struct look_note_view){
            .kind = S("warn"),
            .icon = S("tri"),
            .title = tr(cx, S(T("Không thay đổi quyền nào của người này tại đơn vị")))};
    return (struct look_note_view){0};
}

static struct str term_words(struct cx *cx, const struct post *p)
{
    return p->to_day ? date_vi(cx->arena, p->to_day) : tr(cx, S(T("khi thay đổi")));
}

/* ---- giving ---- */

static struct str title_of(const struct look_field_view *roles)
{
    for (size_t i = 0; i < roles->options_n; i++)
        if (roles->options[i].on)
            return roles->options[i].label;
    return S("");
}

static enum err preview(struct cx *cx, struct web_req *rq, const struct account *a,
                        struct identity_give_view *v)
{
    struct post p = {.account = a->id};
    struct org_unit u = {0};
    size_t errors;
    bool two;
    TRY(read_wish(cx, rq, &p, &u));
    (void)web_errors(rq, &errors);
    if (errors)
        return OK;
    TRY(identity_wants_two(cx, p.role, &two));
    TRY(effects_of(cx, &p, true, &v->effects));
    const struct look_field_view roles = identity_role_field(cx, rq, p.role);
    v->ready = true;
    v->note = note_of(cx, two, v->effects.rows_n);
    v->sentence = tr_fmt(cx, T("%.*s tại %.*s, từ %.*s đến %.*s"), F(title_of(&roles)), F(u.name),
                         F(date_vi(cx->arena, p.from_day ? p.from_day : day_of(cx->now))),
                         F(term_words(cx, &p)));
    v->confirm.label = two ? tr(cx, S(T("Gửi đề nghị"))) : tr(cx, S(T("Giao vai trò")));
    return OK;
}

enum err identity_show_give(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    size_t n;
    struct identity_give_view v = {.id = web_path(rq, "id")};
    TRY(identity_user_of(cx, rq, &a, NEW_N(cx->arena, struct post, POSTS_MAX), &n));
    v.name = a.name;
    if (!web_again(rq) && web_query(rq, "xem").n)
        TRY(preview(cx, rq, &a, &v));
    v.errors = look_errors_of(cx, rq);
    v.role_code = typed(rq, "vai_tro");
    v.unit_code = typed(rq, "don_vi");
    v.from_typed = typed(rq, "tu_ngay");
    v.to_typed = typed(rq, "den_ngay");
    v.order_typed = typed(rq, "can_cu");
    v.role = identity_role_field(cx, rq, v.role_code);
    v.unit = text_field(cx, rq, "don_vi", T("Mã đơn vị"), T("ví dụ H37.114"), false);
    v.from_day =
        text_field(cx, rq, "tu_ngay", T("Từ ngày"), T("ngày/tháng/năm; để trống: hôm nay"), true);
    v.to_day = text_field(cx, rq, "den_ngay", T("Đến ngày"),
                          T("ngày/tháng/năm; để trống: khi thay đổi"), true);
    v.order = text_field(cx, rq, "can_cu", T("Căn cứ"),
                         T("Số quyết định phân công, ví dụ 214/QĐ-UBND"), true);
    rs->title = tr_fmt(cx, T("Giao vai trò cho %.*s"), F(a.name));
    identity_give_html(&rs->body, &v);
    return OK;
}

enum err identity_check_give(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct account a;
    struct org_unit u = {0};
    size_t n;
    struct post *p = NEW(cx->arena, struct post);
    web_on_refusal(rq, identity_show_give);
    TRY(identity_user_of(cx, rq, &a, NEW_N(cx->arena, struct post, POSTS_MAX), &n));
    p->account = a.id;
    TRY(read_wish(cx, rq, p, &u));
    TRY(web_refuse(cx, rq));
    web_keep(rq, p);
    return OK;
}

enum err identity_do_give(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct post *p = web_kept(rq);
    bool waits;
    TRY(role_give(cx, p, &waits));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)p->account);
    rs->toast = waits ? tr(cx, S(T("Đã gửi đề nghị. Một người quản trị khác cần duyệt.")))
                      : tr(cx, S(T("Đã giao vai trò. Có hiệu lực ngay.")));
    return OK;
}

/* ---- taking back ---- */

/* The post named, which must be in reach and not ended. */
static enum err post_of(struct cx *cx, struct web_req *rq, struct str named, struct account *a,
                        struct post *out)
{
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    int64_t id = 0;
    TRY(identity_user_of(cx, rq, a, posts, &n));
    if (str_int(named, &id))
        for (size_t i = 0; i < n; i++)
            if (posts[i].id == id && posts[i].ended_at == 0) {
                *out = posts[i];
                return OK;
            }
    return fail(cx, ERR_CONFLICT,
                T("Vai trò này đã được thu hồi, hoặc không thuộc phạm vi quản lý của bạn."));
}

enum err identity_show_take(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    struct post p, holders[2];
    size_t holders_n;
    bool two;
    TRY(post_of(cx, rq, web_path(rq, "so"), &a, &p));
    TRY(identity_wants_two(cx, p.role, &two));
    TRY(post_store_holders(cx, p.role, p.unit, holders, 2, &holders_n));
    struct identity_take_view v = {
        .id = web_path(rq, "id"),
        .name = a.name,
        .post = str_fmt(cx->arena, "%lld", (long long)p.id),
        .sentence = tr_fmt(cx, T("%.*s tại %.*s, từ %.*s đến %.*s"), F(tr(cx, p.role_title)),
                           F(identity_unit_name(cx, p.unit)), F(date_vi(cx->arena, p.from_day)),
                           F(term_words(cx, &p))),
    };
    TRY(effects_of(cx, &p, false, &v.effects));
    v.note = note_of(cx, two, v.effects.rows_n);
    if (holders_n == 1 && holders[0].id == p.id)
        v.last = (struct look_note_view){
            .kind = S("warn"),
            .icon = S("tri"),
            .title = tr(cx, S(T("Sau khi thu hồi, không còn ai giữ vai trò này tại đơn vị")))};
    rs->title = tr_fmt(cx, T("Thu hồi vai trò của %.*s"), F(a.name));
    identity_take_html(&rs->body, &v);
    return OK;
}

enum err identity_take_back(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    struct post p;
    bool waits;
    TRY(post_of(cx, rq, web_form(rq, "vai_tro_so"), &a, &p));
    TRY(identity_take(cx, &p, &waits));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)a.id);
    rs->toast = waits ? tr(cx, S(T("Đã gửi đề nghị. Một người quản trị khác cần duyệt.")))
                      : tr(cx, S(T("Đã thu hồi vai trò. Có hiệu lực ngay.")));
    return OK;
}

/* ---- the second person ---- */

static struct str why_not(struct cx *cx, const struct asked_row *a)
{
    if (cx->actor->account == a->asked_by)
        return tr(cx, S(T("Bạn là người đề nghị: một người quản trị khác cần duyệt.")));
    if (cx->actor->account == a->post.account)
        return tr(cx, S(T("Đề nghị này về chính bạn: một người quản trị khác cần duyệt.")));
    return S("");
}

static struct identity_asked_row asked_row_of(struct cx *cx, const struct asked_row *a)
{
    const struct post *p = &a->post;
    const int64_t from = p->from_day ? p->from_day : day_of(cx->now);
    return (struct identity_asked_row){
        .id = str_fmt(cx->arena, "%lld", (long long)a->id),
        .account = str_fmt(cx->arena, "%lld", (long long)p->account),
        .name = identity_name_of(cx, p->account),
        .what = tr_fmt(cx,
                       p->id ? T("Thu hồi vai trò %.*s tại %.*s, từ %.*s đến %.*s")
                             : T("Giao vai trò %.*s tại %.*s, từ %.*s đến %.*s"),
                       F(tr(cx, p->role_title)), F(identity_unit_name(cx, p->unit)),
                       F(date_vi(cx->arena, from)), F(term_words(cx, p))),
        .ground = p->order_no,
        .by = tr_fmt(cx, T("%.*s đề nghị lúc %.*s"), F(identity_name_of(cx, a->asked_by)),
                     F(time_vi(cx->arena, a->asked_at))),
        .why_not = why_not(cx, a),
        .own = cx->actor->account == a->asked_by,
    };
}

enum err identity_show_asked(struct cx *cx, struct web_req *, struct web_res *rs)
{
    struct asked_row *all = NEW_N(cx->arena, struct asked_row, ASKED_MAX);
    size_t n;
    TRY(asked_store_list(cx, all, ASKED_MAX, &n));
    struct identity_asked_row *rows = NEW_N(cx->arena, struct identity_asked_row, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = asked_row_of(cx, &all[i]);
    const struct identity_asked_view view = {
        .rows = rows,
        .rows_n = n,
        .empty = {.title = tr(cx, S(T("Không có đề nghị nào chờ duyệt"))),
                  .label = tr(cx, S(T("Về trang người dùng"))),
                  .href = S("/quan-tri/nguoi-dung")},
    };
    identity_asked_html(&rs->body, &view);
    return OK;
}

enum err identity_decide(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t id;
    const struct str wish = web_form(rq, "quyet_dinh");
    if (!str_int(web_path(rq, "id"), &id))
        return fail(cx, ERR_NOT_FOUND, T("Không tìm thấy đề nghị này. Tải lại trang để xem."));
    if (str_eq(wish, S("duyet")))
        TRY(identity_approve(cx, id));
    else if (str_eq(wish, S("tu-choi")) || str_eq(wish, S("rut")))
        TRY(identity_refuse(cx, id));
    else
        return fail(cx, ERR_INVALID, T("Chọn duyệt hoặc không duyệt."));
    rs->see_other = S("/quan-tri/duyet-vai-tro");
    rs->toast = str_eq(wish, S("duyet")) ? tr(cx, S(T("Đã duyệt. Có hiệu lực ngay.")))
                : str_eq(wish, S("rut")) ? tr(cx, S(T("Đã rút đề nghị.")))
                                         : tr(cx, S(T("Đã ghi là không duyệt.")));
    return OK;
}
