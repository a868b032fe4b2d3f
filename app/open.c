/* open.c - from a data folder to a running environment, and back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app.h"

#include "crypto/crypto.h"
#include "file/file.h"
#include "html/html.h"
#include "job/job.h"
#include "kept/kept.h"
#include "keyd/keyd.h"
#include "lane/lane.h"
#include "log/log.h"
#include "vault/vault.h"

#define KEPT_MB 24
#define APP_ARENA ((size_t)1 << 30) /* a limit, not a need */

static struct str at(struct app *a, const char *name)
{
    return str_fmt(a->arena, "%.*s/%s", F(a->data_dir), name);
}

static const char *z(struct app *a, struct str s)
{
    return str_z(a->arena, s);
}

/* ---- settings ---- */

static int read_file(struct app *a, const char *path, bool wanted)
{
    int line = 0;
    enum err e = settings_read_file(a->settings, path, &line);
    if (e == OK || (e == ERR_NOT_FOUND && !wanted))
        return EX_OK;
    if (e == ERR_INVALID)
        return app_stop(a, EX_CONFIG, "%s, dòng %d: mỗi dòng có dạng tên = giá trị.", path, line);
    return app_stop(a, EX_NOINPUT, "%s: %s", path, strerror(errno));
}

static int read_command_line(struct app *a)
{
    for (int i = 0; i < a->options.set_n; i++) {
        struct str name, value;
        if (!str_cut(str_c(a->options.set[i]), '=', &name, &value) || name.n == 0)
            return app_stop(a, EX_USAGE, "--set %s: cần tên=giá_trị.", a->options.set[i]);
        settings_set(a->settings, name, value);
    }
    if (a->options.database)
        settings_set(a->settings, S("database"), str_c(a->options.database));
    return EX_OK;
}

static struct str absolute(struct app *a, struct str path)
{
    char here[4096];
    if (path.n && path.p[0] == '/')
        return str_dup(a->arena, path);
    if (!getcwd(here, sizeof here))
        return path;
    return str_fmt(a->arena, "%s/%.*s", here, F(path));
}

/* The data folder is known before its own settings file can be read. */
static struct str choose_data(struct app *a, char **names)
{
    struct settings *first = settings_new();
    int line;
    if (a->options.settings)
        IGNORE(settings_read_file(first, a->options.settings, &line));
    settings_read_environ(first, names);
    struct str chosen =
        a->options.data ? str_c(a->options.data) : setting(first, S("data"), S("var/data"));
    chosen = absolute(a, chosen);
    settings_free(first);
    while (chosen.n > 1 && chosen.p[chosen.n - 1] == '/')
        chosen.n--;
    return chosen;
}

int app_begin(struct app *a, const struct app_options *o, char **names)
{
    *a = (struct app){.options = *o, .lock_fd = -1, .out_fd = STDOUT_FILENO};
    a->arena = arena_new(APP_ARENA);
    a->settings = settings_new();
    MUST(a->arena != NULL);
    a->env = (struct env){.english = html_english,
                          .clock = clock_system,
                          .random = random_system,
                          .settings = a->settings,
                          .modules = app_modules};
    a->cx = (struct cx){.arena = a->arena,
                        .env = &a->env,
                        .actor = &actor_program,
                        .scope = {.kind = SCOPE_ALL},
                        .now = clock_system(&a->env),
                        .lang = S("vi"),
                        .request_id = S("")};
    a->data_dir = choose_data(a, names);
    a->env.data_dir = a->data_dir;
    int code = read_file(a, z(a, at(a, "tinhso.conf")), false);
    if (code == EX_OK && o->settings)
        code = read_file(a, o->settings, true);
    settings_read_environ(a->settings, names);
    if (code == EX_OK)
        code = read_command_line(a);
    a->env.demo = str_eq(setting(a->settings, S("demo"), S("")), S("true"));
    a->env.base_url = setting(a->settings, S("base.url"), S("http://localhost:8080"));
    a->env.source_dir = setting(a->settings, S("source.dir"), S(""));
    a->env.assets_on_disk = a->env.source_dir.n > 0;
    return code;
}

void app_end(struct app *a)
{
    if (a->lock_fd >= 0)
        close(a->lock_fd);
    settings_free(a->settings);
    arena_free(a->arena);
}

/* ---- the folder ---- */

/* The folder and those above it. */
static int make_folder(struct app *a)
{
    for (size_t i = 1; i <= a->data_dir.n; i++) {
        bool whole = i == a->data_dir.n;
        if (!whole && a->data_dir.p[i] != '/')
            continue;
        const char *path = z(a, str_until(a->data_dir, i));
        if (!whole && access(path, F_OK) == 0)
            continue;
        if (!folder_make(path, whole ? 0700 : 0755))
            return app_stop(a, EX_CANTCREAT, "%s: %s", path, strerror(errno));
    }
    return EX_OK;
}

int app_lock(struct app *a, bool make)
{
    int code = make ? make_folder(a) : EX_OK;
    if (code != EX_OK)
        return code;
    const char *path = z(a, at(a, "lock"));
    int fd = open(path, O_RDWR | O_CLOEXEC | (make ? O_CREAT : 0), 0600);
    if (fd < 0 && errno == ENOENT)
        return app_stop(a, EX_NOINPUT,
                        "%.*s chưa phải là thư mục dữ liệu. Chạy: tinhso init --data %.*s",
                        F(a->data_dir), F(a->data_dir));
    if (fd < 0 && errno == EROFS)
        return app_stop(a, EX_NOPERM,
                        "%.*s nằm trên ổ đĩa chỉ đọc được. Xem vì sao (dmesg), gắn lại để ghi "
                        "được (mount -o remount,rw), rồi chạy lại.",
                        F(a->data_dir));
    if (fd < 0)
        return app_stop(a, EX_NOPERM, "%s: %s", path, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return EX_TEMPFAIL;
    }
    a->lock_fd = fd;
    return EX_OK;
}

/* ---- the environment ---- */

struct str app_database(struct app *a)
{
    return setting(a->settings, S("database"),
                   str_fmt(a->arena, "sqlite:%.*s", F(at(a, "core.db"))));
}

static enum err migrate(struct app *a)
{
    TRY(lane_hold(a->env.lanes, &a->cx));
    enum err e = db_migrate(&a->cx, module_schema_roots(a->arena, app_modules));
    lane_let_go(a->env.lanes, &a->cx);
    return e;
}

enum err app_open(struct app *a, bool make)
{
    struct cx *cx = &a->cx;
    int64_t erased;
    log_clock(&a->env);
    TRY(restore_place(a));
    TRY(db_open(cx, &(struct db_config){.url = app_database(a), .may_create = make}, &a->store));
    const struct lanes_config lanes = {
        .store = a->store,
        .read_ms = (int)setting_int(a->settings, S("lane.read_ms"), 0),
        .slow_ms = (int)setting_int(a->settings, S("lane.slow_ms"), 0)};
    TRY(lanes_start(cx, &lanes, &a->env.lanes));
    const int64_t kept_mb = setting_int(a->settings, S("kept.mb"), KEPT_MB);
    a->env.kept = kept_mb > 0 ? kept_new((size_t)kept_mb << 20) : NULL;
    TRY(migrate(a));
    TRY(keyd_at(cx, app_keyd_address(a), &a->env.keyd));
    TRY(vault_open(cx, make, &a->env.vault));
    TRY(vault_start(cx));
    TRY(file_store_open(cx, &a->env.files));
    TRY(module_start_all(cx, app_modules));
    app_keyd_check(a);
    return restore_pending(a) ? restore_finish(a, &erased) : OK;
}

enum err app_open_reading(struct app *a)
{
    struct cx *cx = &a->cx;
    log_from(LOG_WARN);
    if (restore_pending(a))
        return fail(
            cx, ERR_BUSY,
            T("Một lần dựng lại chưa xong. Chạy tinhso serve hoặc tinhso doctor để làm nốt."));
    TRY(db_open(cx, &(struct db_config){.url = app_database(a)}, &a->store));
    TRY(vault_open(cx, false, &a->env.vault));
    TRY(db_connect(cx, a->store, DB_READER, &cx->db));
    return db_begin(cx);
}

void app_close(struct app *a)
{
    if (a->env.lanes) {
        lanes_stop(a->env.lanes);
    } else if (a->cx.db) {
        db_rollback(&a->cx);
        db_disconnect(a->cx.db);
    }
    a->cx.db = NULL;
    a->env.lanes = NULL;
    cx_close_all(&a->cx);
    kept_free(a->env.kept);
    a->env.kept = NULL;
    if (a->env.files)
        file_store_close(a->env.files);
    if (a->env.vault)
        vault_close(a->env.vault);
    keyd_close(a->env.keyd);
    if (a->store)
        db_close(a->store);
    a->env.files = NULL;
    a->env.vault = NULL;
    a->env.keyd = NULL;
    a->store = NULL;
}
