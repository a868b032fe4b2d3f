/* identity_users_pages.c - for whoever manages roles: the people in reach, one of them, links. */
#include "identity_factor.h"
#include "identity_lists.h"
#include "identity_store.h"
#include "identity_views.h"

#include "org/org.h"

const struct right identity_admin = {
    .name = "identity.admin", .title = "Quản lý người dùng và vai trò", .step_up = true};

#define ASKED_MAX 100

/* ---- what the pages of this kind share ---- */

bool identity_reaches(struct cx *cx, int64_t unit)
{
    struct org_unit u;
    if (cx->scope.kind == SCOPE_ALL)
        return true;
    if (org_unit_find(cx, unit, &u) != OK)
        return false;
    if (cx->scope.kind == SCOPE_UNIT_TREE)
        return cx->scope.unit_path.n && str_starts(u.path, cx->scope.unit_path);
    return cx->scope.kind == SCOPE_UNIT && u.id == cx->scope.unit;
}

enum err identity_user_of(struct cx *cx, struct web_req *rq, struct account *a, struct post *posts,
                          size_t *n)
{
    int64_t id;
    if (!str_int(web_path(rq, "id"), &id))
        return fail(cx, ERR_NOT_FOUND, T("Không tìm thấy người dùng này."));
    TRY(post_store_history(cx, id, posts, POSTS_MAX, n));
    if (*n == 0) /* the same whether there is such an account or not */
        return fail(cx, ERR_NOT_FOUND,
                    T("Không tìm thấy người dùng này trong phạm vi quản lý của bạn."));
    return account_find(cx, id, a);
}

struct str identity_unit_name(struct cx *cx, int64_t unit)
{
    struct org_unit u;
    return org_unit_find(cx, unit, &u) == OK ? u.name : S("?");
}

struct str identity_name_of(struct cx *cx, int64_t account)
{
    struct str name;
    if (account == 0)
        return tr(cx, S(T("Hệ thống")));
    return account_name(cx, account, &name) == OK ? name : S("?");
}

struct look_field_view identity_role_field(struct cx *cx, struct web_req *rq, struct str chosen)
{
    struct role *roles = NEW_N(cx->arena, struct role, ROLES_MAX);
    struct look_option *options = NEW_N(cx->arena, struct look_option, ROLES_MAX);
    size_t roles_n = 0, n = 0;
    if (identity_roles(cx, roles, ROLES_MAX, &roles_n) != OK)
        roles_n = 0;
    for (size_t i = 0; i < roles_n; i++)
        if (!str_eq(roles[i].code, S("cong_dan")))
            options[n++] = (struct look_option){.value = roles[i].code,
                                                .label = tr(cx, roles[i].title),
                                                .on = str_eq(chosen, roles[i].code)};
    return (struct look_field_view){.kind = LOOK_SELECT,
                                    .name = S("vai_tro"),
                                    .label = tr(cx, S(T("Vai trò"))),
                                    .wrong = web_error_of(rq, S("vai_tro")),
                                    .value = chosen,
                                    .options = options,
                                    .options_n = n};
}

/* ---- the list ---- */

static void cell_name(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct user_row *u = row;
    c->text = u->name;
    c->href = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)u->id);
    if (u->closed)
        c->badge = (struct look_badge_view){.text = tr(cx, S(T("Đã đóng")))};
}

static void cell_login(struct cx *cx, const void *row, struct look_cell *c)
{
    (void)cx;
    c->text = ((const struct user_row *)row)->login;
}

static void cell_posts(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct user_row *u = row;
    c->text = u->posts.n ? u->posts : tr(cx, S(T("Không còn vai trò nào")));
}

static const struct list_column columns[] = {
    {.title = "Họ và tên", .css = "c-title", .cell = cell_name},
    {.title = "Tên đăng nhập", .css = "c-break", .label = "Tên đăng nhập", .cell = cell_login},
    {.title = "Vai trò", .css = "flex-cell wraps", .cell = cell_posts},
};
static const struct list_choice states[] = {
    {S("dang"), S("Đang có vai trò")}, {S("thoi"), S("Đã thôi")}, {S("tat-ca"), S("Tất cả")}};

static const struct list_def user_list = {
    .name = "nguoi-dung",
    .title = "Người dùng",
    .path = "/quan-tri/nguoi-dung",
    .placeholder = "Tìm theo họ tên, tên đăng nhập",
    .source = &identity_user_source,
    .columns = columns,
    .columns_n = sizeof columns / sizeof *columns,
    .empty = "Không có người nào",
    .empty_text = "Nhập cán bộ từ bảng tính ở trang Bắt đầu.",
};

static struct list_offer *offers_of(struct cx *cx, struct web_req *rq)
{
    struct list_offer *offers = NEW_N(cx->arena, struct list_offer, 2);
    const struct look_field_view roles = identity_role_field(cx, rq, S(""));
    struct list_choice *choices = NEW_N(cx->arena, struct list_choice, roles.options_n);
    for (size_t i = 0; i < roles.options_n; i++)
        choices[i] = (struct list_choice){roles.options[i].value, roles.options[i].label};
    offers[0] = (struct list_offer){"Tình trạng", states, sizeof states / sizeof *states};
    offers[1] = (struct list_offer){"Vai trò", choices, roles.options_n};
    return offers;
}

enum err identity_show_users(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct identity_users_view view = {0};
    struct list_def d = user_list;
    struct list_ask ask;
    struct asked_row *asked = NEW_N(cx->arena, struct asked_row, ASKED_MAX);
    size_t n;
    d.offers = offers_of(cx, rq);
    TRY(list_show(cx, rq, &d, &view.list, &ask));
    TRY(asked_store_list(cx, asked, ASKED_MAX, &n));
    if (n)
        view.asked = tr_fmt(cx, T("%zu đề nghị chờ duyệt"), n);
    identity_users_html(&rs->body, &view);
    return OK;
}

/* ---- one person ---- */

static bool is_current(struct cx *cx, const struct post *p)
{
    return p->ended_at == 0 && (p->to_day == 0 || p->to_day >= day_of(cx->now));
}

static struct str state_of(struct cx *cx, const struct post *p)
{
    if (p->ended_at)
        return tr_fmt(cx, T("Thu hồi lúc %.*s, bởi %.*s."), F(time_vi(cx->arena, p->ended_at)),
                      F(identity_name_of(cx, p->ended_by)));
    if (p->from_day > day_of(cx->now))
        return tr(cx, S(T("chưa đến ngày")));
    return is_current(cx, p) ? S("") : tr(cx, S(T("Hết thời hạn.")));
}

static struct identity_post_row row_of(struct cx *cx, const struct post *p)
{
    return (struct identity_post_row){
        .id = str_fmt(cx->arena, "%lld", (long long)p->id),
        .role = tr(cx, p->role_title),
        .unit = identity_unit_name(cx, p->unit),
        .from_label = date_vi(cx->arena, p->from_day),
        .to_label = p->to_day ? date_vi(cx->arena, p->to_day) : tr(cx, S(T("khi thay đổi"))),
        .order = p->order_no,
        .by = p->given_at
                  ? tr_fmt(cx, T("%.*s giao lúc %.*s"), F(identity_name_of(cx, p->given_by)),
                           F(time_vi(cx->arena, p->given_at)))
                  : S(""),
        .state = state_of(cx, p),
        .delegated = p->acting_for != 0,
        .may_take = is_current(cx, p),
    };
}

/* The sentence of a mail has somewhere to go. */
static bool may_mail(struct cx *cx, int64_t account)
{
    struct str mail, name;
    const bool server = cx->env->settings && setting(cx->env->settings, S("smtp.url"), S("")).n;
    return server && identity_has_mail(cx, account, &mail, &name) == OK && mail.n > 0;
}

enum err identity_show_user(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    int64_t until;
    bool has;
    TRY(identity_user_of(cx, rq, &a, posts, &n));
    struct identity_post_row *now = NEW_N(cx->arena, struct identity_post_row, n),
                             *past = NEW_N(cx->arena, struct identity_post_row, n);
    TRY(identity_invited(cx, a.id, &until));
    TRY(identity_has_password(cx, a.id, &has));
    struct factor_row factor = {0};
    const enum err e = factor_store_find(cx, a.id, &factor);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    struct identity_user_view view = {
        .waiting = until ? time_vi(cx->arena, until) : S(""),
        .has_password = has,
        .may_mail = may_mail(cx, a.id),
        .factor_since = factor.on_at ? time_vi(cx->arena, factor.on_at) : S(""),
        .id = web_path(rq, "id"),
        .name = a.name,
        .login = a.login,
        .closed = a.closed,
        .posts = now,
        .past = past,
    };
    for (size_t i = 0; i < n; i++)
        if (is_current(cx, &posts[i]))
            now[view.posts_n++] = row_of(cx, &posts[i]);
        else
            past[view.past_n++] = row_of(cx, &posts[i]);
    rs->title = a.name;
    identity_user_html(&rs->body, &view);
    return OK;
}

/* ---- the one-time link again ---- */

/* Whoever sets a password becomes that person everywhere: there must be a post now, and every one
 * in reach. */
static enum err all_in_reach(struct cx *cx, int64_t account)
{
    struct post *all = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    TRY(identity_posts(cx, account, all, POSTS_MAX, &n));
    if (n == 0)
        return fail(cx, ERR_DENIED,
                    T("Người này không còn vai trò nào, nên không cấp đường dẫn được."));
    for (size_t i = 0; i < n; i++)
        if (!identity_reaches(cx, all[i].unit))
            return fail(cx, ERR_DENIED,
                        T("Người này còn vai trò ở đơn vị ngoài phạm vi quản lý của bạn. Hỏi người "
                          "quản trị của tỉnh."));
    return OK;
}

/* A lost laptop, a person who left the room: whoever manages the person ends what is open. */
enum err identity_end_sessions(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    size_t n;
    TRY(identity_user_of(cx, rq, &a, NEW_N(cx->arena, struct post, POSTS_MAX), &n));
    TRY(web_session_end_all(cx, a.id));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)a.id);
    rs->toast = tr(cx, S(T("Đã kết thúc mọi phiên đăng nhập của người này.")));
    return identity_note(cx, S("identity.session.all_ended"), a.id);
}

enum err identity_make_invite(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    struct invite made;
    size_t n;
    TRY(identity_user_of(cx, rq, &a, NEW_N(cx->arena, struct post, POSTS_MAX), &n));
    TRY(all_in_reach(cx, a.id));
    TRY(identity_invite(cx, a.id, &made));
    const struct identity_invite_view view = {
        .id = web_path(rq, "id"),
        .name = a.name,
        .link = str_fmt(cx->arena, "%.*s%.*s", F(cx->env->base_url), F(made.path)),
        .until = time_vi(cx->arena, made.expires_at),
    };
    rs->title = tr(cx, S(T("Đường dẫn đặt mật khẩu")));
    identity_invite_html(&rs->body, &view);
    return OK;
}

enum err identity_mail_invite(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    size_t n;
    TRY(identity_user_of(cx, rq, &a, NEW_N(cx->arena, struct post, POSTS_MAX), &n));
    TRY(all_in_reach(cx, a.id));
    TRY(identity_invite_by_mail(cx, a.id));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)a.id);
    rs->toast = tr(cx, S(T("Đang gửi đường dẫn đến hộp thư của người này.")));
    return OK;
}

/* ---- a lost second factor ---- */

/* Whoever takes it away makes the password enough: the same reach as for a new password. */
static enum err may_take_factor(struct cx *cx, struct web_req *rq, struct account *a)
{
    size_t n;
    TRY(identity_user_of(cx, rq, a, NEW_N(cx->arena, struct post, POSTS_MAX), &n));
    if (a->id == cx->actor->account)
        return fail(cx, ERR_DENIED,
                    T("Không tự bỏ mã xác thực ở đây được. Tắt ở trang tài khoản của mình."));
    return all_in_reach(cx, a->id);
}

enum err identity_show_take_factor(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    bool on;
    TRY(may_take_factor(cx, rq, &a));
    TRY(factor_is_on(cx, a.id, &on));
    struct identity_factor_take_view view = {.id = web_path(rq, "id"), .name = a.name};
    const struct str back = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)a.id);
    if (on)
        view.confirm = (struct look_confirm_view){
            .question = tr_fmt(cx, T("Bỏ mã xác thực của %.*s?"), F(a.name)),
            .text = tr(cx, S(T("Chỉ bỏ khi chắc chắn là người này xin: gặp tận mặt hoặc gọi lại số "
                               "đã biết. Mọi phiên đăng nhập của người này kết thúc; lần sau chỉ "
                               "cần mật khẩu."))),
            .action = str_fmt(cx->arena, "%.*s/ma-xac-thuc", F(back)),
            .confirm = tr(cx, S(T("Bỏ mã xác thực"))),
            .keep = tr(cx, S(T("Giữ nguyên"))),
            .keep_href = back,
            .danger = true,
            .field = {.kind = LOOK_AREA,
                      .name = S("ly_do"),
                      .label = tr(cx, S(T("Lý do"))),
                      .value = web_form(rq, "ly_do"),
                      .wrong = web_error_of(rq, S("ly_do")),
                      .max = 500},
        };
    identity_factor_take_html(&rs->body, &view);
    return OK;
}

enum err identity_check_take_factor(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct account a;
    TRY(may_take_factor(cx, rq, &a));
    web_on_refusal(rq, identity_show_take_factor);
    return OK;
}

enum err identity_take_factor(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    TRY(may_take_factor(cx, rq, &a));
    TRY(factor_take_away(cx, a.id, web_form(rq, "ly_do")));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)a.id);
    rs->toast = tr(cx, S(T("Đã bỏ mã xác thực. Người này đã được báo.")));
    return OK;
}
