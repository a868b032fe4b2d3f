/* keyd.c - `tinhso keyd`, and how the other verbs come to one: keyd/keyd.h. */
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

#include "app.h"

#include "identity/identity.h"
#include "keyd/keyd.h"
#include "lane/lane.h"
#include "log/log.h"
#include "vault/vault.h"

static struct str own_folder(struct app *a)
{
    return str_fmt(a->arena, "%.*s/keys", F(a->data_dir));
}

/* ---- as a child of the server, or of a verb that writes ---- */

struct str app_keyd_address(struct app *a)
{
    return setting(a->settings, S("keyd.socket"),
                   str_fmt(a->arena, "%.*s/keyd.sock", F(a->data_dir)));
}

int app_keyd(struct app *a, bool quiet)
{
    a->signs = true;
    if (setting(a->settings, S("keyd.socket"), S("")).n)
        return EX_OK; /* a unit of its own */
    const struct keyd_config c = {
        .folder = own_folder(a),
        .allowed = geteuid(),
        .rate = setting_int(a->settings, S("keyd.rate"), KEYD_RATE),
        .quiet = quiet,
    };
    enum err e = keyd_child(&a->cx, app_keyd_address(a), c);
    return e == OK ? EX_OK : app_failed(a, e);
}

/* ---- is it there ---- */

static enum err check_signing(struct cx *cx, void *arg)
{
    (void)arg;
    return vault_key_usable(cx, S("journal"));
}

static enum err adopt(struct cx *cx, void *more)
{
    TRY(vault_keys_adopt(cx));
    return identity_signers_adopt(cx, more);
}

/* Without it people are served, only nothing is signed: jobs wait and try again. */
void app_keyd_check(struct app *a)
{
    struct cx *cx = &a->cx;
    enum err e = OK;
    if (!a->signs)
        return; /* a restore signs nothing; its sign.key may lie elsewhere */
    for (bool more = true; more && e == OK;)
        e = lane_call(a->env.lanes, LANE_WRITE, cx, adopt, &more);
    if (e == OK)
        e = lane_call(a->env.lanes, LANE_SLOW, cx, check_signing, NULL);
    if (e == OK || e == ERR_NOT_FOUND)
        return;
    log_event(LOG_ERROR, "keyd.unusable", K("why", cx->why));
    fprintf(stderr,
            "tinhso: chưa ký được gì: tiến trình giữ khóa ký không trả lời hoặc giữ khóa khác.\n"
            "  %.*s\n  -> systemctl start tinhso-keyd; tinhso doctor\n",
            F(cx->why));
}

/* ---- as a process of its own ---- */

static int listen_at(struct app *a, struct str where, int *fd)
{
    int64_t n;
    if (str_starts(where, S("fd:")) && str_int(str_from(where, 3), &n) && n > 2 && n < 1024) {
        *fd = (int)n;
        return EX_OK;
    }
    struct str path = str_starts(where, S("unix:")) ? str_from(where, 5) : where;
    /* Whose uid asks is looked at anyway; the folder may be open to a group. */
    enum err e = keyd_listen(&a->cx, path, 0660, fd);
    return e == OK ? EX_OK : app_failed(a, e);
}

int verb_keyd(struct app *a)
{
    const struct str user = setting(a->settings, S("keyd.user"), S(""));
    const struct passwd *who = user.n ? getpwnam(str_z(a->arena, user)) : NULL;
    if (user.n && !who)
        return app_stop(a, EX_CONFIG, "keyd.user = %.*s: không có người dùng này trên máy.",
                        F(user));
    if (a->options.listen_n > 1)
        return app_stop(a, EX_USAGE, "tinhso keyd nghe ở một chỗ.");
    struct keyd_config c = {
        .folder = a->options.keys ? str_c(a->options.keys) : own_folder(a),
        .lifeline_fd = -1,
        .allowed = who ? who->pw_uid : geteuid(),
        .rate = setting_int(a->settings, S("keyd.rate"), KEYD_RATE),
    };
    int code = listen_at(a, a->options.listen_n ? str_c(a->options.listen[0]) : app_keyd_address(a),
                         &c.listen_fd);
    return code == EX_OK ? keyd_serve(&c) : code;
}
