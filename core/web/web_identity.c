/* web_identity.c - who may: the hooks that identity fills, and the two rights everybody knows. */
#include "web_inside.h"

web_grant *web_identity_grant;
web_load_actor *web_identity_load;
const char *const *web_identity_of;
static const struct web_doors no_doors = {"/", "/", "/", NULL, "/", NULL};
const struct web_doors *web_doors = &no_doors;

const struct right anyone = {.name = "anyone", .title = "Mọi người"};
const struct right signed_in = {.name = "signed_in", .title = "Người đã đăng nhập"};
const struct right signed_in_again = {
    .name = "signed_in_again", .title = "Người vừa nhập mật khẩu", .step_up = true};

void web_set_identity(web_grant *grant, web_load_actor *load)
{
    web_identity_grant = grant;
    web_identity_load = load;
}

void web_set_identity_of(const char *const *of)
{
    web_identity_of = of;
}

void web_set_doors(const struct web_doors *d)
{
    web_doors = d;
}

bool right_granted(struct cx *cx, const struct right *r, struct scope *scope, struct str *why)
{
    const struct actor *a = cx->actor;
    *scope = (struct scope){.account = a->account, .person = a->person, .unit = a->unit};
    if (why)
        *why = S("");
    if (r == &anyone) {
        scope->kind = SCOPE_PUBLIC;
        return true;
    }
    if (a->account == 0 && !a->system)
        return false;
    if (r == &signed_in || r == &signed_in_again) {
        scope->kind = SCOPE_OWN;
        return true;
    }
    if (a->system) {
        scope->kind = SCOPE_ALL;
        return true;
    }
    return web_identity_grant && web_identity_grant(cx, a, r, scope, why);
}

bool web_may(struct cx *cx, const struct right *r)
{
    struct scope scope;
    return right_granted(cx, r, &scope, NULL); /* no sentence: menus ask often */
}

enum err web_subject(struct cx *cx, int64_t *subject)
{
    *subject = 0;
    return web_doors->subject ? web_doors->subject(cx, cx->actor, subject) : OK;
}
