/* identity_give.c - giving roles and taking them back; where a role wants two persons, one asks and
 * another administrator decides. */
#include "identity_inside.h"
#include "identity_store.h"

#include "journal/journal.h"
#include "org/org.h"

static enum err check_post(struct cx *cx, struct post *p)
{
    struct role *roles = NEW_N(cx->arena, struct role, ROLES_MAX);
    size_t n;
    struct account a;
    struct org_unit u;
    bool known = false;
    TRY(role_store_list(cx, roles, ROLES_MAX, &n));
    for (size_t i = 0; i < n; i++)
        known = known || str_eq(roles[i].code, p->role);
    if (!known)
        return fail(cx, ERR_INVALID, T("Không có vai trò “%.*s”."), F(p->role));
    if (p->to_day && p->to_day < p->from_day)
        return fail(cx, ERR_INVALID, T("Ngày kết thúc không được trước ngày bắt đầu."));
    TRY(account_find(cx, p->account, &a));
    if (a.closed)
        return fail(cx, ERR_CONFLICT, T("Tài khoản này đã đóng."));
    TRY(org_unit_find(cx, p->unit, &u));
    p->unit_path = u.path;
    return OK;
}

static enum err grant(struct cx *cx, struct post *p)
{
    if (p->from_day == 0)
        p->from_day = day_of(cx->now);
    TRY(check_post(cx, p));
    TRY(post_store_add(cx, p));
    return journal_write(cx, &(struct event){.kind = S("identity.role.granted"),
                                             .subject_kind = S("identity.account"),
                                             .subject_id = p->account,
                                             .subject_code = p->role,
                                             .unit = p->unit});
}

enum err role_grant(struct cx *cx, int64_t account, struct str role, int64_t unit, int64_t from_day,
                    int64_t to_day)
{
    struct post p = {
        .account = account, .role = role, .unit = unit, .from_day = from_day, .to_day = to_day};
    return grant(cx, &p);
}

enum err role_delegate(struct cx *cx, int64_t from, int64_t to, struct str role, int64_t unit,
                       int64_t from_day, int64_t to_day, struct str order_no)
{
    struct post *own = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    bool holds = false;
    TRY(post_store_of(cx, from, unit, own, POSTS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        holds = holds || (str_eq(own[i].role, role) && own[i].acting_for == 0);
    if (!holds)
        return fail(cx, ERR_DENIED,
                    T("Người ủy quyền không giữ vai trò này tại đơn vị, nên không ủy quyền được."));
    if (order_no.n == 0 || to_day == 0)
        return fail(cx, ERR_INVALID, T("Ủy quyền cần số quyết định và ngày kết thúc."));
    struct post p = {.account = to,
                     .role = role,
                     .unit = unit,
                     .from_day = from_day,
                     .to_day = to_day,
                     .acting_for = from,
                     .order_no = order_no};
    return grant(cx, &p);
}

enum err role_revoke(struct cx *cx, int64_t post)
{
    TRY(post_store_end(cx, post));
    return journal_write(cx, &(struct event){.kind = S("identity.role.revoked"),
                                             .subject_kind = S("identity.post"),
                                             .subject_id = post});
}

/* ---- two persons ---- */

enum err identity_wants_two(struct cx *cx, struct str role, bool *two)
{
    struct role *roles = NEW_N(cx->arena, struct role, ROLES_MAX);
    size_t n;
    *two = false;
    TRY(role_store_list(cx, roles, ROLES_MAX, &n));
    for (size_t i = 0; i < n; i++)
        *two = *two || (roles[i].two_persons && str_eq(roles[i].code, role));
    return OK;
}

static enum err note(struct cx *cx, const char *kind, const struct post *p)
{
    return journal_write(cx, &(struct event){.kind = str_c(kind),
                                             .subject_kind = S("identity.account"),
                                             .subject_id = p->account,
                                             .subject_code = p->role,
                                             .unit = p->unit});
}

static enum err ask(struct cx *cx, const struct post *p)
{
    bool fresh;
    TRY(asked_store_add(cx, p, &fresh));
    return fresh ? note(cx, p->id ? "identity.role.end_asked" : "identity.role.asked", p) : OK;
}

enum err role_give(struct cx *cx, const struct post *p, bool *waits)
{
    struct post own = *p;
    own.id = 0;
    own.order_no = p->order_no.n ? p->order_no : S("");
    TRY(identity_wants_two(cx, p->role, waits));
    if (!*waits)
        return grant(cx, &own);
    TRY(check_post(cx, &own));
    return ask(cx, &own);
}

enum err identity_take(struct cx *cx, const struct post *p, bool *waits)
{
    TRY(identity_wants_two(cx, p->role, waits));
    struct post own = *p;
    own.order_no = p->order_no.n ? p->order_no : S("");
    return *waits ? ask(cx, &own) : role_revoke(cx, p->id);
}

/* Neither who asked nor whom it is about. */
static enum err check_decider(struct cx *cx, const struct asked_row *a)
{
    if (a->state != 1)
        return fail(cx, ERR_CONFLICT, T("Đề nghị này đã có người quyết định. Tải lại trang."));
    if (cx->actor->account == a->asked_by)
        return fail(cx, ERR_DENIED,
                    T("Bạn là người đề nghị; việc này cần một người quản trị khác duyệt."));
    if (cx->actor->account == a->post.account)
        return fail(cx, ERR_DENIED,
                    T("Đề nghị này về chính bạn; việc này cần một người quản trị khác duyệt."));
    return OK;
}

enum err identity_approve(struct cx *cx, int64_t id)
{
    struct asked_row a;
    TRY(asked_store_find(cx, id, &a));
    TRY(check_decider(cx, &a));
    TRY(asked_store_decide(cx, &a, 2));
    TRY(note(cx, "identity.role.approved", &a.post));
    if (a.post.id)
        return role_revoke(cx, a.post.id);
    return grant(cx, &a.post);
}

enum err identity_refuse(struct cx *cx, int64_t id)
{
    struct asked_row a;
    TRY(asked_store_find(cx, id, &a));
    if (a.state == 1 && cx->actor->account == a.asked_by) {
        TRY(asked_store_decide(cx, &a, 4));
        return note(cx, "identity.role.withdrawn", &a.post);
    }
    TRY(check_decider(cx, &a));
    TRY(asked_store_decide(cx, &a, 3));
    return note(cx, "identity.role.refused", &a.post);
}
