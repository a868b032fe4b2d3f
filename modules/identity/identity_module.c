/* identity_module.c - what identity brings: sign-in, accounts, roles, the packs of roles. */
#include "identity_inside.h"

#include "module/module.h"
#include "notify/notify.h"

static const struct pack_kind packs[] = {
    {"role", "Vai trò và quyền", identity_load_roles},
    {0},
};

static const struct menu_item menu[] = {
    {"Người dùng", "/quan-tri/nguoi-dung", "users", &identity_admin, WEB_FRAME_OFFICER},
    {"Quyền và vai trò", "/quan-tri/vai-tro", "key", &identity_admin, WEB_FRAME_OFFICER},
    {"Xóa dữ liệu cá nhân", "/quan-tri/xoa-du-lieu", "tri", &identity_eraser, WEB_FRAME_OFFICER},
    {0},
};

static const struct web_doors doors = {
    .sign_in = "/dang-nhap",
    .lock = "/khoa",
    .step_up = "/xac-nhan-lai",
    .search = "/tim",
    .set_up = "/tai-khoan/ma-xac-thuc",
    .subject = identity_actor_subject,
};

static enum err start([[maybe_unused]] struct cx *cx)
{
    static const char *const of[] = {"identity", "org", NULL};
    web_set_identity(identity_grant, identity_load_actor);
    web_set_identity_of(of);
    web_set_doors(&doors);
    notify_set_address(identity_address);
    return OK;
}

static const char *const needs[] = {"journal", "org", "notify", NULL};

static const struct right *const rights[] = {&identity_admin, &identity_eraser, NULL};

const struct module identity_module = {
    .name = "identity",
    .title = "Đăng nhập và phân quyền",
    .needs = needs,
    .routes = identity_routes,
    .rights = rights,
    .jobs = (const struct job_kind *const[]){&identity_follow_feed, &identity_follow_job,
                                             &identity_forget_feed, &identity_forget_job,
                                             &identity_invite_mail_job, NULL},
    .packs = packs,
    .menu = menu,
    .start = start,
    .demo = identity_demo,
};
