/* setup.c - init and demo: a data folder from nothing. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "app.h"

#include "identity/identity.h"
#include "lane/lane.h"
#include "setup/setup.h"

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

static struct str typed(struct cx *cx, const char *text)
{
    struct str nfc;
    return text_nfc(cx->arena, str_trim(str_c(text)), &nfc) ? nfc : S("");
}

/* "Tỉnh Lạng Sơn": what citizens read at the head and foot of every page. */
static void add_site(struct app *a, struct buf *b)
{
    static const char *const kinds[][2] = {{"Tỉnh ", "tỉnh"}, {"Thành phố ", "thành phố"}};
    const struct str province = typed(&a->cx, a->options.province);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct str kind = str_c(kinds[i][0]), name = str_from(province, kind.n);
        if (!str_starts(province, kind) || str_find(name, S("\n"), NULL))
            continue;
        buf_fmt(b, "site.name = Dịch vụ công %.*s\n", F(name));
        buf_fmt(b, "site.owner = UBND %s %.*s\n", kinds[i][1], F(name));
    }
    buf_fmt(b, "# Dưới chân mọi trang của người dân, mỗi dòng cách nhau bằng dấu |:\n"
               "# site.about = Trung tâm Phục vụ hành chính công tỉnh | ĐỊA CHỈ | GIỜ LÀM VIỆC\n"
               "# help.phone = 1022\n");
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
    struct buf b = {.arena = a->arena, .limit = 8192};
    buf_fmt(&b, "# Thiết đặt của thư mục dữ liệu này; TINHSO_* và dòng lệnh thắng tệp này.\n");
    if (demo)
        buf_fmt(&b, "demo = true\n");
    else if (a->options.province)
        add_site(a, &b);
    if (a->options.database)
        buf_fmt(&b, "database = %s\n", a->options.database);
    bool good = !b.full && write(fd, b.p, b.n) == (ssize_t)b.n && fsync(fd) == 0;
    good = close(fd) == 0 && good && folder_sync(str_z(a->arena, a->data_dir));
    return good ? EX_OK : app_stop(a, EX_IOERR, "%s: không ghi được.", path);
}

static enum err fill(struct app *a)
{
    TRY(load(a, S("quoc-gia")));
    TRY(load(a, S("roles")));
    TRY(load(a, S("dia-ban")));
    TRY(load(a, S("danh-muc")));
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
    if (code == EX_OK)
        code = app_keyd(a, true);
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

/* ---- the province ---- */

struct question {
    const char *option, *text;
    const char **answer;
};

#define QUESTIONS 5
static void questions_of(struct app_options *o, struct question out[QUESTIONS])
{
    const struct question all[QUESTIONS] = {
        {"--province", "Tên tỉnh, ví dụ Tỉnh Lạng Sơn", &o->province},
        {"--area", "Mã địa bàn của tỉnh, ví dụ 20", &o->area},
        {"--code", "Mã của Ủy ban nhân dân tỉnh, ví dụ H37", &o->code},
        {"--admin", "Tên đăng nhập của người quản trị", &o->admin},
        {"--name", "Họ và tên người quản trị", &o->name},
    };
    memcpy(out, all, sizeof all);
}

/* Asks at a keyboard for what the command line leaves out. An empty answer to the first question:
 * no province yet. */
static int ask(struct app *a)
{
    struct question q[QUESTIONS];
    char line[512];
    questions_of(&a->options, q);
    const bool keyboard = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    for (int i = 0; i < QUESTIONS; i++) {
        if (*q[i].answer)
            continue;
        if (!keyboard && !a->options.province)
            return EX_OK;
        if (!keyboard)
            return app_stop(a, EX_USAGE, "cần %s: %s.", q[i].option, q[i].text);
        app_say(a, "%s: ", q[i].text);
        struct str typed = fgets(line, sizeof line, stdin) ? str_trim(str_c(line)) : S("");
        if (typed.n == 0 && i == 0)
            return EX_OK;
        if (typed.n == 0)
            return app_stop(a, EX_USAGE, "cần %s: %s.", q[i].option, q[i].text);
        *q[i].answer = str_z(a->arena, typed);
    }
    return EX_OK;
}

struct founding {
    struct setup_founding f;
    struct invite link;
};

static enum err found(struct cx *cx, void *arg)
{
    struct founding *f = arg;
    return setup_found(cx, &f->f, &f->link);
}

static struct setup_founding founding_of(struct app *a)
{
    const struct app_options *o = &a->options;
    return (struct setup_founding){.province = typed(&a->cx, o->province),
                                   .area = typed(&a->cx, o->area),
                                   .code = typed(&a->cx, o->code),
                                   .login = typed(&a->cx, o->admin),
                                   .name = typed(&a->cx, o->name)};
}

static int found_province(struct app *a)
{
    struct founding f = {.f = founding_of(a)};
    a->cx.now = a->env.clock(&a->env);
    enum err e = lane_call(a->env.lanes, LANE_WRITE, &a->cx, found, &f);
    if (e != OK)
        return app_stop(a, app_code(e), "%.*s\nXóa thư mục %.*s rồi chạy lại.", F(a->cx.why),
                        F(a->data_dir));
    app_say(a,
            "\nNgười quản trị mở đường dẫn này để đặt mật khẩu. Dùng một lần, đến %.*s:\n"
            "  %.*s%.*s\n\n",
            F(time_vi(a->arena, f.link.expires_at)), F(a->env.base_url), F(f.link.path));
    return EX_OK;
}

int verb_init(struct app *a)
{
    int code = ask(a);
    const bool province = a->options.province != NULL;
    const struct setup_founding f = province ? founding_of(a) : (struct setup_founding){0};
    if (code == EX_OK && province && setup_founding_check(&a->cx, &f) != OK)
        return app_stop(a, EX_DATAERR, "%.*s", F(a->cx.why)); /* nothing is made yet */
    if (code == EX_OK)
        code = make(a, false);
    if (code == EX_OK && province)
        code = found_province(a);
    if (code == EX_OK)
        app_say(a,
                "Đã tạo %.*s.\nTiếp theo: %stinhso serve --data %.*s\n"
                "Cất riêng một bản của %.*s/keys: mất khóa là mất dữ liệu.\n",
                F(a->data_dir), province ? "" : "tinhso pack load TÊN, rồi ", F(a->data_dir),
                F(a->data_dir));
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
