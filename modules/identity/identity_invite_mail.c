/* identity_invite_mail.c - a one-time link by mail. The link is made when the letter goes: no row
 * and no job ever holds it; a letter that goes again carries a new link, and the old one ends. */
#include "identity_inside.h"

#include "job/job.h"
#include "json/json.h"
#include "lane/lane.h"
#include "notify/notify.h"

#define TRIES_MAX 5

struct mailing {
    int64_t account;
    struct str to, name, login;
    struct invite link;
    bool skip; /* no address, closed, or a password is there by now */
};

enum err identity_has_mail(struct cx *cx, int64_t account, struct str *mail, struct str *name)
{
    const struct actor *reader = cx->actor;
    cx->actor = &actor_program; /* whether there is one; nobody is shown it */
    const enum err e = identity_address(cx, account, mail, name);
    cx->actor = reader;
    return e;
}

enum err identity_invite_by_mail(struct cx *cx, int64_t account)
{
    struct str mail, name;
    TRY(identity_has_mail(cx, account, &mail, &name));
    if (mail.n == 0)
        return fail(cx, ERR_CONFLICT,
                    T("Người này chưa có hộp thư. Cấp đường dẫn rồi đưa tận tay."));
    const struct str id = str_fmt(cx->arena, "%lld", (long long)account);
    TRY(job_add(cx, identity_invite_mail_job.name, id, S("identity.invite"),
                str_fmt(cx->arena, "{\"account\":%.*s}", F(id)), 0));
    return identity_note(cx, S("identity.invite.mailing"), account);
}

static enum err load(struct cx *cx, void *arg)
{
    struct mailing *m = arg;
    struct account a;
    TRY(account_find(cx, m->account, &a));
    TRY(identity_address(cx, m->account, &m->to, &m->name));
    m->login = a.login;
    m->skip = a.closed || m->to.n == 0;
    return OK;
}

static enum err make_link(struct cx *cx, void *arg)
{
    struct mailing *m = arg;
    return identity_invite(cx, m->account, &m->link);
}

static enum err act(struct cx *cx, const struct job *j, void **result)
{
    struct mailing *m = NEW(cx->arena, struct mailing);
    const struct json *v;
    struct json_error error;
    *result = m;
    TRY(json_read(cx->arena, j->payload, &v, &error));
    m->account = json_int(json_get(v, S("account")), 0);
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, load, m));
    if (m->skip)
        return OK;
    TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, make_link, m));
    const struct letter l = {
        .to = m->to,
        .subject = S("Đặt mật khẩu để vào hệ thống của tỉnh"),
        .text = str_fmt(cx->arena,
                        "Chào %.*s,\r\n\r\nTên đăng nhập của bạn là %.*s. Mở đường dẫn dưới đây "
                        "để đặt mật khẩu:\r\n\r\n%.*s%.*s\r\n\r\nĐường dẫn dùng được một lần, "
                        "đến %.*s. Đừng chuyển thư này cho người khác. Nếu bạn không chờ thư "
                        "này, báo người quản trị của cơ quan bạn.\r\n",
                        F(m->name), F(m->login), F(cx->env->base_url), F(m->link.path),
                        F(time_vi(cx->arena, m->link.expires_at))),
        .key = str_fmt(cx->arena, "invite-%lld-%d", (long long)j->id, j->tries),
    };
    return notify_letter(cx, &l, NULL);
}

static enum err after(struct cx *cx, const struct job *, enum err acted, void *result)
{
    const struct mailing *m = result;
    if (acted == ERR_INVALID) /* no such mailbox: said in the journal, not tried for ever */
        return identity_note(cx, S("identity.invite.not_mailed"), m->account);
    if (acted != OK || m->skip)
        return acted;
    return identity_note(cx, S("identity.invite.mailed"), m->account);
}

const struct job_kind identity_invite_mail_job = {
    .name = "identity.invite_mail",
    .title = "Gửi đường dẫn đặt mật khẩu qua thư",
    .act = act,
    .after = after,
    .tries_max = TRIES_MAX,
};
