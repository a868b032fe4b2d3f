/* identity_role.c - roles at units, and how far a right reaches for an actor. */
#include "identity_inside.h"
#include "identity_store.h"

#include "org/org.h"

static const struct {
    const char *word;
    enum scope_kind kind;
    const char *title;
} scopes[] = {
    {"public", SCOPE_PUBLIC, T("Công khai")},
    {"own", SCOPE_OWN, T("Của mình")},
    {"assigned", SCOPE_ASSIGNED, T("Được giao")},
    {"unit", SCOPE_UNIT, T("Đơn vị")},
    {"unit_tree", SCOPE_UNIT_TREE, T("Đơn vị và cấp dưới")},
    {"area_tree", SCOPE_AREA_TREE, T("Địa bàn")},
};
#define SCOPES (sizeof scopes / sizeof *scopes)

/* Their order above is how far they reach; -1: no such word. */
int identity_reach(struct str word)
{
    for (size_t i = 0; i < SCOPES; i++)
        if (str_eq(word, str_c(scopes[i].word)))
            return (int)i;
    return -1;
}

struct str identity_scope_title(struct str word)
{
    int i = identity_reach(word);
    return i < 0 ? S("") : str_c(scopes[i].title);
}

enum err identity_actor_subject(struct cx *cx, const struct actor *actor, int64_t *subject)
{
    *subject = 0;
    return actor->account ? account_subject(cx, actor->account, subject) : OK;
}

/* ---- asking ---- */

/* Another unit in which this account has the right; empty: none. */
static struct str other_unit(struct cx *cx, const struct actor *a, struct str right)
{
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n = 0;
    if (post_store_of(cx, a->account, 0, posts, POSTS_MAX, &n) != OK)
        return S("");
    for (size_t i = 0; i < n; i++) {
        struct role_right *rights = NEW_N(cx->arena, struct role_right, RIGHTS_MAX);
        size_t rights_n = 0;
        struct org_unit u;
        if (role_store_rights(cx, posts[i].role, rights, RIGHTS_MAX, &rights_n) != OK)
            return S("");
        for (size_t k = 0; k < rights_n; k++)
            if (str_eq(rights[k].right, right) && posts[i].unit != a->unit &&
                org_unit_find(cx, posts[i].unit, &u) == OK)
                return u.short_name;
    }
    return S("");
}

/* Who gives roles at the actor's unit, or at the nearest one above it. */
static struct str whom_to_ask(struct cx *cx, const struct actor *a)
{
    struct str path = a->unit_path;
    while (path.n > 1) {
        path.n--; /* the slash at the end */
        size_t from = path.n;
        while (from > 0 && path.p[from - 1] != '/')
            from--;
        int64_t unit, account;
        size_t n = 0;
        struct str name;
        struct org_unit u;
        if (str_int(str_from(path, from), &unit) &&
            post_store_with_role(cx, S("quan_tri"), unit, &account, 1, &n) == OK && n &&
            account_name(cx, account, &name) == OK && org_unit_find(cx, unit, &u) == OK)
            return str_fmt(cx->arena, "%.*s (%.*s)", F(name), F(u.short_name));
        path.n = from;
    }
    return tr(cx, S(T("người quản trị của cơ quan bạn")));
}

bool identity_counts_at(const struct right *r, struct str unit_path)
{
    size_t slashes = 0;
    for (size_t i = 0; i < unit_path.n; i++)
        slashes += unit_path.p[i] == '/';
    return !r->whole || slashes == 2; /* "/1/" */
}

static bool has(const struct identity_grants *g, const struct right *r)
{
    for (size_t i = 0; g && i < g->n; i++)
        if (str_eq(g->rights[i].right, str_c(r->name)))
            return true;
    return false;
}

static struct str refusal(struct cx *cx, const struct actor *a, const struct right *r)
{
    struct str elsewhere = other_unit(cx, a, str_c(r->name));
    if (elsewhere.n)
        return tr_fmt(
            cx, T("Bạn có quyền “%s” khi làm việc tại %.*s. Đổi đơn vị đang làm việc rồi mở lại."),
            r->title, F(elsewhere));
    if (r->whole && has(a->grants, r))
        return tr_fmt(
            cx,
            T("Bạn chưa có quyền “%s” tại %.*s, vì việc này của cả tỉnh. Hỏi người quản trị của tỉnh."),
            r->title, F(a->unit_name));
    if (a->unit == 0)
        return tr_fmt(cx, T("Bạn chưa có quyền “%s”, vì việc này dành cho cán bộ được giao."),
                      r->title);
    return tr_fmt(
        cx, T("Bạn chưa có quyền “%s”, vì vai trò của bạn tại %.*s không gồm việc này. Hỏi %.*s."),
        r->title, F(a->unit_name), F(whom_to_ask(cx, a)));
}

bool identity_grant(struct cx *cx, const struct actor *a, const struct right *r,
                    struct scope *scope, struct str *why_not)
{
    const struct identity_grants *g = a->grants;
    int best = -1;
    for (size_t i = 0; g && i < g->n && identity_counts_at(r, a->unit_path); i++)
        if (str_eq(g->rights[i].right, str_c(r->name))) {
            int reach = identity_reach(g->rights[i].scope);
            best = reach > best ? reach : best;
        }
    *scope = (struct scope){.account = a->account, .person = a->person, .unit = a->unit};
    if (best < 0) {
        if (why_not)
            *why_not = refusal(cx, a, r);
        return false;
    }
    scope->kind = scopes[best].kind;
    if (scope->kind == SCOPE_UNIT_TREE)
        scope->unit_path = a->unit_path;
    if (scope->kind == SCOPE_AREA_TREE)
        scope->area_path = a->area_path;
    return true;
}

enum err identity_who_may(struct cx *cx, const struct right *r, int64_t unit, int64_t *accounts,
                          size_t max, size_t *n)
{
    return post_store_who_may(cx, str_c(r->name), unit, accounts, max, n);
}

enum err identity_posts(struct cx *cx, int64_t account, struct post *out, size_t max, size_t *n)
{
    return post_store_of(cx, account, 0, out, max, n);
}

enum err identity_roles(struct cx *cx, struct role *out, size_t max, size_t *n)
{
    return role_store_list(cx, out, max, n);
}

enum err identity_role_rights(struct cx *cx, struct str role, struct role_right *out, size_t max,
                              size_t *n)
{
    return role_store_rights(cx, role, out, max, n);
}
