/* identity_invite.c - one-time links: a person sets a password without anybody else knowing it. */
#include "identity_inside.h"
#include "identity_store.h"

#include "crypto/crypto.h"
#include "identity_views.h"

#define TOKEN_BYTES 32

static struct str hash_of(struct cx *cx, struct str token)
{
    const struct hash h = sha256(token);
    return str_dup(cx->arena, (struct str){(const char *)h.b, HASH_BYTES});
}

enum err identity_invite(struct cx *cx, int64_t account, struct invite *out)
{
    struct account a;
    TRY(account_find(cx, account, &a));
    if (a.closed)
        return fail(cx, ERR_CONFLICT, T("Tài khoản này đã đóng nên không cấp đường dẫn được."));
    const struct str token = str_base64url(cx->arena, random_bytes(cx, TOKEN_BYTES));
    const struct invite_row row = {
        .account = account,
        .token_hash = hash_of(cx, token),
        .expires_at = cx->now + IDENTITY_INVITE_HOURS * HOUR_MS,
    };
    TRY(invite_store_end_all(cx, account));
    TRY(invite_store_add(cx, &row));
    *out = (struct invite){
        .path = str_fmt(cx->arena, "/kich-hoat/%.*s", F(token)),
        .expires_at = row.expires_at,
    };
    return identity_note(cx, S("identity.invite.made"), account);
}

enum err identity_invited(struct cx *cx, int64_t account, int64_t *expires_at)
{
    TRY(invite_store_waiting(cx, account, expires_at));
    if (*expires_at <= cx->now)
        *expires_at = 0;
    return OK;
}

enum err identity_invite_find(struct cx *cx, struct str token, struct invite_row *out)
{
    enum err e = token.n <= 64 ? invite_store_find(cx, hash_of(cx, token), out) : ERR_NOT_FOUND;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || out->used_at != 0 || out->expires_at <= cx->now)
        return fail(cx, ERR_NOT_FOUND,
                    T("Đường dẫn này đã dùng, đã hết hạn hoặc không đúng. Nhờ người quản trị cấp "
                      "đường dẫn mới."));
    return OK;
}

enum err identity_invite_use(struct cx *cx, const struct invite_row *i, struct str encoded)
{
    const enum err e = invite_store_use(cx, i->id);
    if (e == ERR_CONFLICT)
        return fail(cx, e, T("Đường dẫn này vừa được dùng. Đăng nhập bằng mật khẩu đã đặt."));
    TRY(e);
    TRY(invite_store_end_all(cx, i->account));
    TRY(account_set_password(cx, i->account, encoded));
    return identity_note(cx, S("identity.invite.used"), i->account);
}

/* ---- the page of the link ---- */

static struct look_field_view password_field(struct cx *cx, struct web_req *rq, const char *name,
                                             struct str label)
{
    return (struct look_field_view){.kind = LOOK_PASSWORD,
                                    .name = str_c(name),
                                    .label = tr(cx, label),
                                    .wrong = web_error_of(rq, str_c(name)),
                                    .autocomplete = S("new-password"),
                                    .max = 200};
}

enum err identity_show_activate(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct invite_row row;
    struct account a;
    TRY(identity_invite_find(cx, web_path(rq, "token"), &row));
    TRY(account_find(cx, row.account, &a));
    struct identity_activate_view view = {
        .name = a.name,
        .login = a.login,
        .token = web_path(rq, "token"),
        .until = time_vi(cx->arena, row.expires_at),
        .errors = look_errors_of(cx, rq),
        .fresh = password_field(cx, rq, "mat_khau_moi", S(T("Mật khẩu mới"))),
        .again = password_field(cx, rq, "mat_khau_lai", S(T("Nhập lại mật khẩu mới"))),
        .save = {.label = tr(cx, S(T("Đặt mật khẩu và đăng nhập")))},
    };
    view.fresh.hint = tr(cx, S(T("Ít nhất 10 ký tự, ví dụ bốn từ ghép lại")));
    identity_activate_html(&rs->body, &view);
    return OK;
}

struct activation {
    struct invite_row invite;
    struct str encoded;
    int64_t unit;
};

enum err identity_check_activate(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct activation *v = NEW(cx->arena, struct activation);
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    struct account a;
    size_t n;
    TRY(identity_invite_find(cx, web_path(rq, "token"), &v->invite));
    web_on_refusal(rq, identity_show_activate);
    TRY(account_find(cx, v->invite.account, &a));
    const struct str fresh = web_form_exact(rq, "mat_khau_moi");
    const char *fault =
        identity_password_fault(cx, fresh, a.login, identity_password_about(cx, &a));
    if (fault)
        web_error_add(cx, rq, S("mat_khau_moi"), tr(cx, str_c(fault)));
    if (!str_eq(fresh, web_form_exact(rq, "mat_khau_lai")))
        web_error_add(cx, rq, S("mat_khau_lai"),
                      tr(cx, S(T("Hai lần nhập mật khẩu mới khác nhau. Nhập lại cả hai."))));
    TRY(web_refuse(cx, rq));
    TRY(identity_posts(cx, a.id, posts, POSTS_MAX, &n));
    v->unit = n ? posts[0].unit : 0;
    TRY(password_hash(cx, fresh, &v->encoded));
    web_keep(rq, v);
    return OK;
}

enum err identity_activate(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct activation *v = web_kept(rq);
    const struct sign_in entered = {
        .verdict = SIGN_IN_RIGHT, .account = v->invite.account, .unit = v->unit};
    TRY(identity_invite_use(cx, &v->invite, v->encoded));
    TRY(sign_in_finish(cx, rq, rs, &entered, S("/vao")));
    rs->toast = tr(cx, S(T("Đã đặt mật khẩu. Lần sau bạn đăng nhập bằng mật khẩu này.")));
    return OK;
}
