/* setup.c - init and demo: a data folder from nothing. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "app.h"

#include "identity/identity.h"
#include "lane/lane.h"

static void say(void *state, struct str line)
{
    app_say(state, "  %.*s\n", F(line));
}

static enum err load(struct app *a, struct str name)
{
    struct pack p;
    TRY(pack_open(&a->cx, name, &p));
    return pack_load(&a->cx, &p, say, a);
}

static enum err make_authority(struct cx *cx, void *arg)
{
    (void)arg;
    return identity_authority_make(cx);
}

/* The settings that belong to this folder. Fails when there is a data folder already. */
static int write_conf(struct app *a, bool demo)
{
    const char *path = str_fmt(a->arena, "%.*s/tinhso.conf", F(a->data_dir)).p;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return app_stop(
            a, EX_CANTCREAT,
            "%.*s đã là thư mục dữ liệu. Chọn thư mục khác, hoặc chạy: tinhso serve --data %.*s",
            F(a->data_dir), F(a->data_dir));
    FILE *f = fdopen(fd, "w");
    fprintf(f, "# Thiết đặt của thư mục dữ liệu này; TINHSO_* và dòng lệnh thắng tệp này.\n");
    if (demo)
        fprintf(f, "demo = true\n");
    if (a->options.database)
        fprintf(f, "database = %s\n", a->options.database);
    bool good = fflush(f) == 0 && fsync(fd) == 0;
    good = fclose(f) == 0 && good && folder_sync(str_z(a->arena, a->data_dir));
    return good ? EX_OK : app_stop(a, EX_IOERR, "%s: không ghi được.", path);
}

static enum err fill(struct app *a)
{
    TRY(load(a, S("quoc-gia")));
    TRY(load(a, S("roles")));
    TRY(load(a, S("dia-ban")));
    return lane_call(a->env.lanes, LANE_WRITE, &a->cx, make_authority, NULL);
}

static int64_t demo_now; /* outlives the environment that reads it */

static int make(struct app *a, bool demo)
{
    int code = app_lock(a, true);
    if (code == EX_TEMPFAIL)
        return app_stop(a, code, "%.*s đang được một máy chủ dùng.", F(a->data_dir));
    if (code == EX_OK)
        code = write_conf(a, demo);
    if (code != EX_OK)
        return code;
    a->env.demo = demo;
    if (demo && !a->options.empty)
        demo_begin(a, &demo_now);
    enum err e = app_open(a, true);
    if (e == OK)
        e = fill(a);
    return e == OK ? EX_OK : app_failed(a, e);
}

int verb_init(struct app *a)
{
    int code = make(a, false);
    if (code == EX_OK)
        app_say(a,
                "Đã tạo %.*s.\nTiếp theo: tinhso pack load TÊN, rồi tinhso serve --data %.*s\n"
                "Cất riêng một bản của %.*s/keys: mất khóa là mất dữ liệu.\n",
                F(a->data_dir), F(a->data_dir), F(a->data_dir));
    app_close(a);
    return code;
}

/* ---- the demo ---- */

struct demo_step {
    const struct module *module;
};

static enum err run_demo(struct cx *cx, void *arg)
{
    return ((struct demo_step *)arg)->module->demo(cx);
}

static enum err fill_demo(struct app *a)
{
    TRY(load(a, S("lang-son")));
    for (const struct module *const *m = app_modules; *m; m++) {
        if (!(*m)->demo)
            continue;
        struct demo_step step = {*m};
        a->cx.now = a->env.clock(&a->env);
        TRY(lane_call(a->env.lanes, LANE_WRITE, &a->cx, run_demo, &step));
    }
    return OK;
}

static void say_accounts(struct app *a)
{
    app_say(a, "\nTài khoản thử (mật khẩu chung: %s)\n", IDENTITY_DEMO_PASSWORD);
    for (const struct demo_account *d = identity_demo_accounts; d->login; d++)
        app_say(a, "  %-18s %s: %s\n", d->login, d->name, d->does);
    app_say(a, "\nNgười, hồ sơ và chữ ký ở đây đều là bịa; giấy tờ in ra mang chữ BẢN THỬ.\n");
}

int verb_demo(struct app *a)
{
    int code = make(a, true);
    if (code == EX_OK) {
        enum err e = fill_demo(a);
        if (e == OK && !a->options.empty)
            e = demo_play(a);
        code = e == OK ? EX_OK : app_failed(a, e);
    }
    if (code == EX_OK)
        say_accounts(a);
    app_close(a);
    return code;
}
