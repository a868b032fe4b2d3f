/* identity_matrix_pages.c - roles and rights, who holds a role where, what changed of late; and the
 * question whether somebody may do something, answered by the rules that run. */
#include "identity_inside.h"
#include "identity_store.h"
#include "identity_views.h"

#include "module/module.h"
#include "org/org.h"

#define HOLDERS_MAX 200
#define CHANGES_MAX 10
#define OTHERS_MAX 20

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

static enum err add_table(struct cx *cx, struct identity_matrix_view *v)
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
    v->roles = titles;
    v->roles_n = m->roles_n;
    v->rows = rows.p;
    v->rows_n = rows.n;
    return OK;
}

/* ---- who holds a role ---- */

static struct look_field_view unit_field(struct cx *cx, struct web_req *rq)
{
    return (struct look_field_view){.kind = LOOK_TEXT,
                                    .name = S("don_vi"),
                                    .label = tr(cx, S(T("Mã đơn vị"))),
                                    .hint = tr(cx, S(T("ví dụ H37.114"))),
                                    .value = str_trim(web_query(rq, "don_vi")),
                                    .wrong = web_error_of(rq, S("don_vi")),
                                    .width = S("20"),
                                    .max = 40};
}

/* ERR_NOT_FOUND without a unit; a unit out of reach is told as such. */
static enum err unit_asked(struct cx *cx, struct web_req *rq, struct org_unit *u, bool *there)
{
    const struct str code = str_trim(web_query(rq, "don_vi"));
    const enum err e = org_unit_by_code(cx, code, day_of(cx->now), u);
    *there = e == OK && identity_reaches(cx, u->id);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (!*there)
        web_error_add(cx, rq, S("don_vi"),
                      tr(cx, S(T("Không có đơn vị mang mã này trong phạm vi quản lý của bạn."))));
    return OK;
}

static enum err add_holders(struct cx *cx, struct web_req *rq, struct identity_matrix_view *v)
{
    struct org_unit u;
    struct post *all = NEW_N(cx->arena, struct post, HOLDERS_MAX);
    size_t n;
    bool there;
    const struct str role = web_query(rq, "vai_tro");
    if (role.n == 0)
        return OK;
    TRY(unit_asked(cx, rq, &u, &there));
    if (!there)
        return OK;
    TRY(post_store_holders(cx, role, u.id, all, HOLDERS_MAX, &n));
    struct identity_holder_row *people = NEW_N(cx->arena, struct identity_holder_row, n);
    for (size_t i = 0; i < n; i++)
        people[i] = (struct identity_holder_row){
            .id = str_fmt(cx->arena, "%lld", (long long)all[i].account),
            .name = identity_name_of(cx, all[i].account),
            .from_label = date_vi(cx->arena, all[i].from_day),
            .to_label =
                all[i].to_day ? date_vi(cx->arena, all[i].to_day) : tr(cx, S(T("khi thay đổi"))),
        };
    v->people = people;
    v->people_n = n;
    v->holders = n ? tr_fmt(cx, T("%zu người giữ vai trò này tại %.*s"), n, F(u.name))
                   : tr_fmt(cx, T("Không ai giữ vai trò này tại %.*s"), F(u.name));
    return OK;
}

/* ---- what changed ---- */

static struct str change_text(struct cx *cx, const struct post *p)
{
    const bool ended = p->ended_at > 0;
    return tr_fmt(cx,
                  ended ? T("%.*s thu hồi vai trò %.*s của %.*s tại %.*s")
                        : T("%.*s giao vai trò %.*s cho %.*s tại %.*s"),
                  F(identity_name_of(cx, ended ? p->ended_by : p->given_by)),
                  F(tr(cx, p->role_title)), F(identity_name_of(cx, p->account)),
                  F(identity_unit_name(cx, p->unit)));
}

static enum err add_changes(struct cx *cx, struct identity_matrix_view *v)
{
    struct post *all = NEW_N(cx->arena, struct post, CHANGES_MAX);
    TRY(post_store_changes(cx, all, CHANGES_MAX, &v->changes_n));
    struct identity_change_row *rows = NEW_N(cx->arena, struct identity_change_row, CHANGES_MAX);
    for (size_t i = 0; i < v->changes_n; i++)
        rows[i] = (struct identity_change_row){
            time_vi(cx->arena, all[i].ended_at ? all[i].ended_at : all[i].given_at),
            change_text(cx, &all[i])};
    v->changes = rows;
    return OK;
}

enum err identity_show_matrix(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct identity_matrix_view v = {0};
    TRY(add_table(cx, &v));
    TRY(add_holders(cx, rq, &v));
    TRY(add_changes(cx, &v));
    v.errors = look_errors_of(cx, rq);
    v.role = identity_role_field(cx, rq, web_query(rq, "vai_tro"));
    v.unit = unit_field(cx, rq);
    identity_matrix_html(&rs->body, &v);
    return OK;
}

/* ---- may this person do this there? ---- */

struct question {
    struct account who;
    const struct right *what;
    struct org_unit where;
    VEC(struct look_link) reasons, others;
    bool yes;
};

static const struct right *right_of(struct cx *cx, struct str name)
{
    for (const struct module *const *m = cx->env->modules; m && *m; m++)
        for (const struct right *const *r = (*m)->rights; r && *r; r++)
            if (str_eq(str_c((*r)->name), name))
                return *r;
    return NULL;
}

static void say(struct cx *cx, struct question *q, struct str sentence)
{
    *vec_add(cx->arena, &q->reasons) = (struct look_link){.label = sentence};
}

/* Empty: the role does not give the right. */
static enum err scope_by_role(struct cx *cx, struct str role, const struct right *r,
                              struct str *scope)
{
    struct role_right *rights = NEW_N(cx->arena, struct role_right, RIGHTS_MAX);
    size_t n;
    *scope = S("");
    TRY(identity_role_rights(cx, role, rights, RIGHTS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(rights[i].right, str_c(r->name)))
            *scope = rights[i].scope;
    return OK;
}

/* One post at the unit: does it give the right, or why not. */
static enum err weigh_post(struct cx *cx, struct question *q, const struct post *p)
{
    struct str scope;
    const int64_t today = day_of(cx->now);
    const struct str role = tr(cx, p->role_title);
    if (p->unit != q->where.id)
        return OK;
    TRY(scope_by_role(cx, p->role, q->what, &scope));
    if (scope.n == 0)
        say(cx, q, tr_fmt(cx, T("Vai trò %.*s không có quyền này."), F(role)));
    else if (!identity_counts_at(q->what, q->where.path))
        say(cx, q,
            tr_fmt(
                cx,
                T("Vai trò %.*s có quyền này, nhưng việc này của cả tỉnh: chỉ có hiệu lực khi giữ tại cơ quan đứng đầu tỉnh."),
                F(role)));
    else if (p->ended_at)
        say(cx, q,
            tr_fmt(cx, T("Vai trò %.*s có quyền này, nhưng đã thu hồi lúc %.*s."), F(role),
                   F(time_vi(cx->arena, p->ended_at))));
    else if (p->from_day > today)
        say(cx, q,
            tr_fmt(cx, T("Vai trò %.*s có quyền này, nhưng từ ngày %.*s mới có hiệu lực."), F(role),
                   F(date_vi(cx->arena, p->from_day))));
    else if (p->to_day && p->to_day < today)
        say(cx, q,
            tr_fmt(cx, T("Vai trò %.*s có quyền này, nhưng hết hạn ngày %.*s."), F(role),
                   F(date_vi(cx->arena, p->to_day))));
    else {
        q->yes = true;
        say(cx, q,
            tr_fmt(cx, T("Vai trò %.*s, từ %.*s, cho quyền này trong phạm vi: %.*s."), F(role),
                   F(date_vi(cx->arena, p->from_day)), F(tr(cx, identity_scope_title(scope)))));
    }
    return OK;
}

static enum err add_others(struct cx *cx, struct question *q)
{
    int64_t accounts[OTHERS_MAX];
    size_t n;
    TRY(identity_who_may(cx, q->what, q->where.id, accounts, OTHERS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        *vec_add(cx->arena, &q->others) = (struct look_link){
            .label = identity_name_of(cx, accounts[i]),
            .href = str_fmt(cx->arena, "/quan-tri/nguoi-dung/%lld", (long long)accounts[i]),
            .current = i + 1 == n};
    return OK;
}

static enum err weigh(struct cx *cx, struct question *q)
{
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    struct str everybody;
    TRY(post_store_history(cx, q->who.id, posts, POSTS_MAX, &n));
    TRY(scope_by_role(cx, S("cong_dan"), q->what, &everybody));
    for (size_t i = 0; i < n; i++)
        TRY(weigh_post(cx, q, &posts[i]));
    if (everybody.n) {
        q->yes = true;
        say(cx, q, tr(cx, S(T("Ai có tài khoản cũng có quyền này, với việc của chính mình."))));
    }
    if (q->reasons.n == 0)
        say(cx, q, tr_fmt(cx, T("Người này không giữ vai trò nào tại %.*s."), F(q->where.name)));
    if (q->yes && q->what->step_up)
        say(cx, q, tr(cx, S(T("Trước khi làm phải gõ lại mật khẩu."))));
    if (q->who.closed) {
        q->yes = false;
        say(cx, q, tr(cx, S(T("Tài khoản đã đóng nên không làm được gì."))));
    }
    return add_others(cx, q);
}

/* Errors of single answers go to rq. */
static enum err read_question(struct cx *cx, struct web_req *rq, struct question *q)
{
    struct post first;
    size_t n = 0;
    bool there;
    enum err e = account_by_login(cx, str_trim(web_query(rq, "ai")), &q->who);
    if (e == OK)
        e = post_store_history(cx, q->who.id, &first, 1, &n);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (n == 0)
        web_error_add(cx, rq, S("ai"),
                      tr(cx, S(T("Không có người mang tên đăng nhập này trong phạm vi quản lý của "
                                 "bạn."))));
    q->what = right_of(cx, web_query(rq, "lam"));
    if (!q->what)
        web_error_add(cx, rq, S("lam"), tr(cx, S(T("Chọn việc."))));
    return unit_asked(cx, rq, &q->where, &there);
}

static struct look_field_view what_field(struct cx *cx, struct web_req *rq)
{
    struct look_option *options = NEW_N(cx->arena, struct look_option, RIGHTS_MAX);
    const struct str chosen = web_query(rq, "lam");
    size_t n = 0;
    for (const struct module *const *m = cx->env->modules; m && *m; m++)
        for (const struct right *const *r = (*m)->rights; r && *r && n < RIGHTS_MAX; r++)
            options[n++] = (struct look_option){.value = str_c((*r)->name),
                                                .label = tr(cx, str_c((*r)->title)),
                                                .on = str_eq(chosen, str_c((*r)->name))};
    return (struct look_field_view){.kind = LOOK_SELECT,
                                    .name = S("lam"),
                                    .label = tr(cx, S(T("Làm gì"))),
                                    .wrong = web_error_of(rq, S("lam")),
                                    .value = chosen,
                                    .options = options,
                                    .options_n = n};
}

enum err identity_show_question(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct question q = {0};
    size_t errors = 0;
    const bool asked = web_query(rq, "hoi").n > 0;
    if (asked)
        TRY(read_question(cx, rq, &q));
    (void)web_errors(rq, &errors);
    if (asked && errors == 0)
        TRY(weigh(cx, &q));
    const bool answered = asked && errors == 0;
    const struct identity_question_view view = {
        .errors = look_errors_of(cx, rq),
        .who = {.kind = LOOK_TEXT,
                .name = S("ai"),
                .label = tr(cx, S(T("Ai"))),
                .hint = tr(cx, S(T("Tên đăng nhập"))),
                .value = web_query(rq, "ai"),
                .wrong = web_error_of(rq, S("ai")),
                .width = S("20"),
                .max = 100},
        .what = what_field(cx, rq),
        .where = unit_field(cx, rq),
        .answered = answered,
        .yes = q.yes,
        .answer = answered ? tr_fmt(cx,
                                    q.yes ? T("%.*s được “%.*s” tại %.*s")
                                          : T("%.*s không được “%.*s” tại %.*s"),
                                    F(q.who.name), F(tr(cx, str_c(q.what->title))), F(q.where.name))
                           : S(""),
        .reasons = q.reasons.p,
        .reasons_n = q.reasons.n,
        .others = q.others.p,
        .others_n = q.others.n,
    };
    identity_question_html(&rs->body, &view);
    return OK;
}
