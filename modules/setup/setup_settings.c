/* setup_settings.c - settings stated on a page. The database keeps them; after the commit each node
 * takes them, so nothing has to be started again. */
#include "setup_settings.h"

#include "crypto/crypto.h"
#include "kept/kept.h"
#include "lane/lane.h"
#include "notify/notify.h"
#include "setup_store.h"
#include "vault/vault.h"

static const char *const names[] = {"smtp.url",     "smtp.from",    "smtp.user", "smtp.password",
                                    "smtp.tls",     "witness.mail", "site.name", "site.hours",
                                    "site.contact", "help.phone"};
#define NAMES_N (sizeof names / sizeof *names)
static const struct str about = {"setup_setting.value", 19};

static struct str fixed_name(struct cx *cx, const char *name)
{
    return str_fmt(cx->arena, "setup.fixed.%s", name);
}

/* What people read of the place is the administrator's to say: the page wins over the file. */
static bool page_wins(const char *name)
{
    return str_starts(str_c(name), S("site.")) || strcmp(name, "help.phone") == 0;
}

struct str setup_setting_stated(struct cx *cx, const char *name)
{
    if (!cx->env->settings || !page_wins(name))
        return S("");
    return setting(cx->env->settings, str_fmt(cx->arena, "setup.file.%s", name), S(""));
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

#define TAKEN "setup.taken" /* the number of the rows that this process has */

/* From a snapshot, when they have moved since the last time. */
static enum err take(struct cx *cx, [[maybe_unused]] void *arg)
{
    static const char *const of[] = {"setup", NULL};
    struct str values[NAMES_N], version;
    TRY(kept_version(cx, of, &version));
    if (str_eq(setting(cx->env->settings, S(TAKEN), S("")), version))
        return OK;
    for (size_t i = 0; i < NAMES_N; i++)
        TRY(setup_setting_kept(cx, names[i], &values[i]));
    for (size_t i = 0; i < NAMES_N; i++)
        if (!setup_setting_fixed(cx, names[i]))
            settings_set(cx->env->settings, str_c(names[i]),
                         values[i].n ? values[i] : setup_setting_stated(cx, names[i]));
    settings_set(cx->env->settings, S(TAKEN), version);
    return OK;
}

enum err setup_settings_start(struct cx *cx)
{
    for (size_t i = 0; cx->env->settings && i < NAMES_N; i++) {
        const struct str now = setup_setting_now(cx, names[i]);
        if (now.n > 0 && page_wins(names[i]))
            settings_set(cx->env->settings, str_fmt(cx->arena, "setup.file.%s", names[i]), now);
        else if (now.n > 0)
            settings_set(cx->env->settings, fixed_name(cx, names[i]), S("1"));
    }
    return cx->env->settings ? lane_call(cx->env->lanes, LANE_SLOW, cx, take, NULL) : OK;
}

static enum err take_on_each_node(struct cx *cx)
{
    return cx->env->settings ? take(cx, NULL) : OK;
}

const struct job_kind settings_job = {
    .name = "setup.settings",
    .title = "Áp dụng thiết đặt vừa đổi",
    .every_ms = 500, /* a neighbour's are in force here within a second */
    .on_each_node = take_on_each_node,
};

/* ---- does the mail server take a letter? ---- */

struct tried {
    enum err outcome;
    struct str said;
};

static enum err test_act(struct cx *cx, const struct job *j, void **result)
{
    struct tried *t = NEW(cx->arena, struct tried);
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, take, NULL)); /* stated at another node just now */
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
