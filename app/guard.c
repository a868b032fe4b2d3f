/* guard.c - which folders the server may write; the rest of guard/guard.h is the room's. */
#include <libgen.h>
#include <stdlib.h>

#include "app.h"

#include "guard/guard.h"
#include "log/log.h"

struct list {
    struct app *app;
    struct guard_folders folders;
    size_t n;
};

static void add(struct list *l, struct str path)
{
    if (path.n && l->n + 1 < GUARD_FOLDERS_MAX)
        l->folders.write[l->n++] = str_z(l->app->arena, path);
}

static void add_folder_of(struct list *l, struct str file)
{
    if (file.n)
        add(l, str_c(dirname((char *)(uintptr_t)str_dup(l->app->arena, file).p)));
}

/* Also where a log turned away and a witness that is to come lie: their folder, not only they. */
static void add_all(struct list *l, const struct str *listen, size_t n)
{
    struct app *a = l->app;
    struct str database = setting(a->settings, S("database"), S(""));
    const char *temporary = getenv("TMPDIR");
    add(l, a->data_dir);
    add_folder_of(l, setting(a->settings, S("access.log"), S("")));
    add_folder_of(l, setting(a->settings, S("witness.path"), S("")));
    if (str_starts(database, S("sqlite:")))
        add_folder_of(l, str_from(database, 7));
    for (size_t i = 0; i < n; i++)
        if (str_starts(listen[i], S("unix:")))
            add_folder_of(l, str_from(listen[i], 5));
    add(l, temporary ? str_c(temporary) : S("/tmp"));
    add(l, S("/var/tmp"));
    add(l, S("/dev/null"));
}

int app_guard(struct app *a, const struct str *listen, size_t n)
{
    struct list l = {.app = a, .folders = {.read_all = true}};
    if (str_eq(setting(a->settings, S("guard"), S("on")), S("off"))) {
        log_event(LOG_WARN, "guard.off");
        return EX_OK;
    }
    add_all(&l, listen, n);
    const enum err e = guard_begin(&a->cx, GUARD_SERVER, &l.folders);
    return e == OK ? EX_OK : app_failed(a, e);
}
