/* setup_settings.c - settings stated on a page. The database keeps them; a job after the commit
 * gives them to the running program, so nothing has to be started again. On PostgreSQL other nodes
 * take them when they start. */
#include "setup_settings.h"

#include "crypto/crypto.h"
#include "lane/lane.h"
#include "notify/notify.h"
#include "setup_store.h"
#include "vault/vault.h"

static const char *const names[] = {"smtp.url",      "smtp.from", "smtp.user",
                                    "smtp.password", "smtp.tls",  "witness.mail"};
#define NAMES_N (sizeof names / sizeof *names)
static const struct str about = {"setup_setting.value", 19};

static struct str fixed_name(struct cx *cx, const char *name)
{
    return str_fmt(cx->arena, "setup.fixed.%s", name);
}

struct str setup_setting_now(struct cx *cx, const char *name)
{
    return cx->env->settings ? str_trim(setting(cx->env->settings, str_c(name), S(""))) : S("");
}

bool setup_setting_fixed(struct cx *cx, const char *name)
{
    return cx->env->settings && setting(cx->env->settings, fixed_name(cx, name), S("")).n > 0;
}

enum err setup_setting_keep(struct cx *cx, const char *name, struct str value)
{
    const struct str key = vault_secret(cx, S("setup.setting"));
    return setup_store_setting_put(cx, str_c(name), seal(cx, key, about, value));
}

enum err setup_setting_kept(struct cx *cx, const char *name, struct str *value)
{
    struct str sealed;
    *value = S("");
    TRY(setup_store_setting(cx, str_c(name), &sealed));
    return sealed.n ? unseal(cx, vault_secret(cx, S("setup.setting")), about, sealed, value) : OK;
}

/* ---- giving them to the program ---- */

struct kept {
    struct str values[NAMES_N];
};

static enum err read_kept(struct cx *cx, void *arg)
{
    struct kept *k = arg;
    for (size_t i = 0; i < NAMES_N; i++)
        TRY(setup_setting_kept(cx, names[i], &k->values[i]));
    return OK;
}

static enum err apply(struct cx *cx)
{
    struct kept *k = NEW(cx->arena, struct kept);
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, read_kept, k));
    for (size_t i = 0; cx->env->settings && i < NAMES_N; i++)
        if (!setup_setting_fixed(cx, names[i]))
            settings_set(cx->env->settings, str_c(names[i]), k->values[i]);
    return OK;
}

enum err setup_settings_start(struct cx *cx)
{
    for (size_t i = 0; cx->env->settings && i < NAMES_N; i++)
        if (setup_setting_now(cx, names[i]).n > 0)
            settings_set(cx->env->settings, fixed_name(cx, names[i]), S("1"));
    return cx->env->settings ? apply(cx) : OK;
}

static enum err apply_act(struct cx *cx, const struct job *, void **)
{
    return apply(cx);
}

const struct job_kind settings_job = {
    .name = "setup.settings",
    .title = "Áp dụng thiết đặt vừa đổi",
    .act = apply_act,
};

enum err setup_settings_changed(struct cx *cx)
{
    return job_add(cx, settings_job.name, S(""), S("setup.settings"), S("{}"), 0);
}

/* ---- does the mail server take a letter? ---- */

struct tried {
    enum err outcome;
    struct str said;
};

static enum err test_act(struct cx *cx, const struct job *j, void **result)
{
    struct tried *t = NEW(cx->arena, struct tried);
    const struct letter l = {
        .to = setup_setting_now(cx, "smtp.from"),
        .subject = S("Thư thử của Tỉnh Số"),
        .text = S("Máy chủ thư đã nhận thư này, vậy thiết đặt thư đúng.\r\n"),
        .key = str_fmt(cx->arena, "test-%lld", (long long)j->id),
    };
    *result = t;
    t->outcome = notify_letter(cx, &l, &t->said);
    if (t->outcome != OK && t->said.n == 0)
        t->said = cx->why;
    return OK; /* how it went is what was asked for */
}

static enum err test_after(struct cx *cx, const struct job *, enum err acted, void *result)
{
    const struct tried *t = result;
    if (acted != OK)
        return acted;
    return setup_setting_keep(cx, "smtp.test",
                              str_fmt(cx->arena, "%s %.*s %.*s", t->outcome == OK ? "ok" : "no",
                                      F(time_vi(cx->arena, cx->now)), F(str_until(t->said, 300))));
}

const struct job_kind mail_test_job = {
    .name = "setup.mail_test",
    .title = "Gửi thư thử",
    .act = test_act,
    .after = test_after,
};

enum err setup_mail_test(struct cx *cx)
{
    TRY(setup_setting_keep(cx, "smtp.test", S("")));
    return job_add(cx, mail_test_job.name, S(""), S("setup.settings"), S("{}"), 0);
}
