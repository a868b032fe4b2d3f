/* identity_admin_pages.c - for whoever manages roles: the matrix, the people, giving and taking
 * back. */
#include "identity_inside.h"
#include "identity_store.h"

#include "identity_views.h"
#include "module/module.h"
#include "org/org.h"

#define USERS_A_PAGE 100

const struct right identity_admin = {
    .name = "identity.admin", .title = "Quản lý người dùng và vai trò", .step_up = true};

/* ---- roles × rights ---- */

static struct identity_cell cell_of(struct cx *cx, const struct role_right *rights, size_t n,
                                    const struct right *r)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(rights[i].right, str_c(r->name)))
            return (struct identity_cell){tr(cx, identity_scope_title(rights[i].scope)), true};
    return (struct identity_cell){tr(cx, S(T("Không"))), false};
}

struct matrix {
    struct role roles[ROLES_MAX];
    size_t roles_n;
    struct role_right *rights[ROLES_MAX];
    size_t rights_n[ROLES_MAX];
};

static enum err load_matrix(struct cx *cx, struct matrix *m)
{
    TRY(identity_roles(cx, m->roles, ROLES_MAX, &m->roles_n));
    for (size_t i = 0; i < m->roles_n; i++) {
        m->rights[i] = NEW_N(cx->arena, struct role_right, RIGHTS_MAX);
        TRY(identity_role_rights(cx, m->roles[i].code, m->rights[i], RIGHTS_MAX, &m->rights_n[i]));
    }
    return OK;
}

enum err identity_show_matrix(struct cx *cx, [[maybe_unused]] struct web_req *rq,
                              struct web_res *rs)
{
    struct matrix *m = NEW(cx->arena, struct matrix);
    TRY(load_matrix(cx, m));
    VEC(struct identity_matrix_row) rows = {0};
    for (const struct module *const *mod = cx->env->modules; mod && *mod; mod++)
        for (const struct right *const *r = (*mod)->rights; r && *r; r++) {
            struct identity_cell *cells = NEW_N(cx->arena, struct identity_cell, m->roles_n);
            for (size_t i = 0; i < m->roles_n; i++)
                cells[i] = cell_of(cx, m->rights[i], m->rights_n[i], *r);
            *vec_add(cx->arena, &rows) = (struct identity_matrix_row){
                tr(cx, str_c((*r)->title)), str_c((*r)->name), cells, m->roles_n};
        }
    struct identity_cell *titles = NEW_N(cx->arena, struct identity_cell, m->roles_n);
    for (size_t i = 0; i < m->roles_n; i++)
        titles[i].title = tr(cx, m->roles[i].title);
    const struct identity_matrix_view view = {titles, m->roles_n, rows.p, rows.n};
    identity_matrix_html(&rs->body, &view);
    return OK;
}

/* ---- people ---- */

/* Whether the actor's right reaches this unit. */
static bool reaches(struct cx *cx, int64_t unit)
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

static enum err posts_in_reach(struct cx *cx, int64_t account, struct post *out, size_t *n)
{
    struct post *all = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t all_n;
    *n = 0;
    TRY(identity_posts(cx, account, all, POSTS_MAX, &all_n));
    for (size_t i = 0; i < all_n; i++)
        if (reaches(cx, all[i].unit))
            out[(*n)++] = all[i];
    return OK;
}

static struct str post_words(struct cx *cx, const struct post *p)
{
    struct org_unit u;
    struct str where = org_unit_find(cx, p->unit, &u) == OK ? u.short_name : S("?");
    return str_fmt(cx->arena, "%.*s, %.*s", F(p->role_title), F(where));
}

static enum err user_row(struct cx *cx, int64_t account, struct identity_user_row *out, bool *shown)
{
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    struct str words[POSTS_MAX];
    struct account a;
    size_t n;
    TRY(posts_in_reach(cx, account, posts, &n));
    *shown = n > 0;
    if (n == 0)
        return OK;
    TRY(account_find(cx, account, &a));
    for (size_t i = 0; i < n; i++)
        words[i] = post_words(cx, &posts[i]);
    *out = (struct identity_user_row){
        .id = str_fmt(cx->arena, "%lld", (long long)account),
        .name = a.name,
        .login = a.login,
        .posts = str_join(cx->arena, words, n, S("; ")),
        .closed = a.closed,
    };
    return OK;
}

enum err identity_show_users(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t after;
    if (!str_int(web_query(rq, "sau"), &after))
        after = 0;
    struct account_row *accounts = NEW_N(cx->arena, struct account_row, USERS_A_PAGE);
    struct identity_user_row *rows = NEW_N(cx->arena, struct identity_user_row, USERS_A_PAGE);
    size_t n, shown_n = 0;
    TRY(account_store_list(cx, after, accounts, USERS_A_PAGE, &n));
    for (size_t i = 0; i < n; i++) {
        bool shown;
        TRY(user_row(cx, accounts[i].id, &rows[shown_n], &shown));
        shown_n += shown;
    }
    const struct identity_users_view view = {
        .rows = rows,
        .rows_n = shown_n,
        .more = n == USERS_A_PAGE ? str_fmt(cx->arena, "/quan-tri/nguoi-dung?sau=%lld",
                                            (long long)accounts[n - 1].id)
                                  : S(""),
    };
    identity_users_html(&rs->body, &view);
    return OK;
}

/* The account of the path, if one of its posts is in reach. */
static enum err user_of(struct cx *cx, struct web_req *rq, struct account *a, struct post *posts,
                        size_t *n)
{
    int64_t id;
    if (!str_int(web_path(rq, "id"), &id))
        return fail(cx, ERR_NOT_FOUND, T("Không tìm thấy người dùng này."));
    TRY(account_find(cx, id, a));
    TRY(posts_in_reach(cx, id, posts, n));
    if (*n == 0)
        return fail(cx, ERR_NOT_FOUND,
                    T("Không tìm thấy người dùng này trong phạm vi quản lý của bạn."));
    return OK;
}

static struct look_field_view role_field(struct cx *cx, struct web_req *rq, struct matrix *m)
{
    struct look_option *options = NEW_N(cx->arena, struct look_option, ROLES_MAX);
    struct str chosen = web_form(rq, "vai_tro");
    size_t n = 0;
    for (size_t i = 0; i < m->roles_n; i++)
        if (!str_eq(m->roles[i].code, S("cong_dan")))
            options[n++] = (struct look_option){.value = m->roles[i].code,
                                                .label = tr(cx, m->roles[i].title),
                                                .on = str_eq(chosen, m->roles[i].code)};
    return (struct look_field_view){.kind = LOOK_SELECT,
                                    .name = S("vai_tro"),
                                    .label = tr(cx, S(T("Vai trò"))),
                                    .wrong = web_error_of(rq, S("vai_tro")),
                                    .options = options,
                                    .options_n = n};
}

static struct look_field_view text_field(struct cx *cx, struct web_req *rq, const char *name,
                                         struct str label, struct str hint)
{
    return (struct look_field_view){.kind = LOOK_TEXT,
                                    .name = str_c(name),
                                    .label = tr(cx, label),
                                    .hint = tr(cx, hint),
                                    .value = web_form(rq, name),
                                    .wrong = web_error_of(rq, str_c(name)),
                                    .width = S("12"),
                                    .max = 40};
}

enum err identity_show_user(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    struct matrix *m = NEW(cx->arena, struct matrix);
    size_t n, errors_n;
    TRY(user_of(cx, rq, &a, posts, &n));
    TRY(load_matrix(cx, m));
    struct identity_post_row *rows = NEW_N(cx->arena, struct identity_post_row, n);
    for (size_t i = 0; i < n; i++) {
        struct org_unit u;
        TRY(org_unit_find(cx, posts[i].unit, &u));
        rows[i] = (struct identity_post_row){
            .id = str_fmt(cx->arena, "%lld", (long long)posts[i].id),
            .role = tr(cx, posts[i].role_title),
            .unit = u.name,
            .from_label = date_vi(cx->arena, posts[i].from_day),
            .to_label = posts[i].to_day ? date_vi(cx->arena, posts[i].to_day)
                                        : tr(cx, S(T("khi thay đổi"))),
            .order = posts[i].order_no,
        };
    }
    const struct web_error *errors = web_errors(rq, &errors_n);
    struct look_error_item *items = NEW_N(cx->arena, struct look_error_item, errors_n + 1);
    for (size_t i = 0; i < errors_n; i++)
        items[i] = (struct look_error_item){errors[i].field, errors[i].sentence};
    if (web_again(rq) && errors_n == 0)
        items[errors_n++] =
            (struct look_error_item){cx->field.n ? cx->field : S("vai_tro"), cx->why};
    int64_t until;
    bool has;
    TRY(identity_invited(cx, a.id, &until));
    TRY(identity_has_password(cx, a.id, &has));
    const struct identity_user_view view = {
        .waiting = until ? time_vi(cx->arena, until) : S(""),
        .has_password = has,
        .id = web_path(rq, "id"),
        .name = a.name,
        .login = a.login,
        .closed = a.closed,
        .errors = {items, errors_n},
        .posts = rows,
        .posts_n = n,
        .role = role_field(cx, rq, m),
        .unit = text_field(cx, rq, "don_vi", S(T("Mã đơn vị")), S(T("ví dụ H37.114"))),
        .from_day = text_field(cx, rq, "tu_ngay", S(T("Từ ngày")),
                               S(T("ngày/tháng/năm; để trống: hôm nay"))),
        .to_day = text_field(cx, rq, "den_ngay", S(T("Đến ngày")),
                             S(T("ngày/tháng/năm; để trống: khi thay đổi"))),
        .give = {.label = tr(cx, S(T("Giao vai trò")))},
    };
    rs->title = a.name;
    identity_user_html(&rs->body, &view);
    return OK;
}

/* ---- giving and taking back ---- */

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

enum err identity_check_give(struct cx *cx, struct web_req *rq, [[maybe_unused]] struct web_res *rs)
{
    struct account a;
    struct org_unit u = {0};
    size_t n;
    struct post *p = NEW(cx->arena, struct post);
    web_on_refusal(rq, identity_show_user);
    TRY(user_of(cx, rq, &a, NEW_N(cx->arena, struct post, POSTS_MAX), &n));
    *p = (struct post){.account = a.id, .role = web_form(rq, "vai_tro")};
    if (p->role.n == 0 || str_eq(p->role, S("cong_dan")))
        web_error_add(cx, rq, S("vai_tro"), tr(cx, S(T("Chọn vai trò."))));
    enum err e = org_unit_by_code(cx, web_form(rq, "don_vi"), day_of(cx->now), &u);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND)
        web_error_add(cx, rq, S("don_vi"),
                      tr(cx, S(T("Không có đơn vị nào mang mã này hôm nay."))));
    else if (!reaches(cx, u.id))
        return fail(cx, ERR_DENIED,
                    T("Bạn không quản lý đơn vị này. Hỏi người quản trị của tỉnh."));
    p->unit = u.id;
    if (!day_typed(web_form(rq, "tu_ngay"), &p->from_day))
        web_error_add(cx, rq, S("tu_ngay"),
                      tr(cx, S(T("Từ ngày phải có dạng ngày/tháng/năm, ví dụ 01/12/2026."))));
    if (!day_typed(web_form(rq, "den_ngay"), &p->to_day))
        web_error_add(cx, rq, S("den_ngay"),
                      tr(cx, S(T("Đến ngày phải có dạng ngày/tháng/năm, ví dụ 31/12/2026."))));
    TRY(web_refuse(cx, rq));
    web_keep(rq, p);
    return OK;
}

enum err identity_give(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct post *p = web_kept(rq);
    TRY(role_grant(cx, p->account, p->role, p->unit, p->from_day, p->to_day));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)p->account);
    rs->toast = tr(cx, S(T("Đã giao vai trò. Có hiệu lực ngay.")));
    return OK;
}

enum err identity_take_back(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    int64_t post;
    TRY(user_of(cx, rq, &a, posts, &n));
    bool found = false;
    if (str_int(web_form(rq, "vai_tro_so"), &post))
        for (size_t i = 0; i < n; i++)
            found = found || posts[i].id == post;
    if (!found)
        return fail(cx, ERR_CONFLICT,
                    T("Vai trò này đã được thu hồi, hoặc không thuộc phạm vi quản lý của bạn."));
    TRY(role_revoke(cx, post));
    rs->see_other = n > 1 ? str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)a.id)
                          : S("/quan-tri/nguoi-dung");
    rs->toast = tr(cx, S(T("Đã thu hồi vai trò. Có hiệu lực ngay.")));
    return OK;
}

/* ---- the one-time link again ---- */

/* Whoever sets a password becomes that person everywhere: every post must be in reach. */
static enum err all_in_reach(struct cx *cx, int64_t account)
{
    struct post *all = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    TRY(identity_posts(cx, account, all, POSTS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if (!reaches(cx, all[i].unit))
            return fail(cx, ERR_DENIED,
                        T("Người này còn vai trò ở đơn vị ngoài phạm vi quản lý của bạn. Hỏi người "
                          "quản trị của tỉnh."));
    return OK;
}

enum err identity_make_invite(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct account a;
    struct invite made;
    size_t n;
    TRY(user_of(cx, rq, &a, NEW_N(cx->arena, struct post, POSTS_MAX), &n));
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
