/* module.c - what the rooms want to know of all modules together. */
#include "module/module.h"

#include "file/file.h"

static size_t count(const struct module *const *modules)
{
    size_t n = 0;
    while (modules && modules[n])
        n++;
    return n;
}

const struct web_part *module_web_parts(struct arena *a, const struct module *const *modules,
                                        size_t *n)
{
    *n = count(modules);
    struct web_part *parts = NEW_N(a, struct web_part, *n);
    size_t at = 0;
    for (int rank = -1; rank <= 1; rank++)
        for (size_t i = 0; i < *n; i++)
            if ((int)modules[i]->menu_behind - (int)modules[i]->menu_first == rank)
                parts[at++] = (struct web_part){modules[i]->name, modules[i]->routes,
                                                modules[i]->menu, modules[i]->counts};
    return parts;
}

static enum err sweep_files(struct cx *cx, const struct job *j, void **result)
{
    (void)j;
    (void)result;
    return file_sweep(cx);
}

static const struct job_kind file_sweep_kind = {
    .name = "file.sweep",
    .title = "Quét mã độc tệp đang chờ, dọn tệp không còn hồ sơ",
    .act = sweep_files,
    .every_ms = 5 * MINUTE_MS,
};

const struct job_kind *const *module_jobs(struct arena *a, const struct module *const *modules)
{
    size_t n = 2;
    for (size_t m = 0; modules && modules[m]; m++)
        for (size_t i = 0; modules[m]->jobs && modules[m]->jobs[i]; i++)
            n++;
    const struct job_kind **all = NEW_N(a, const struct job_kind *, n + 1);
    size_t at = 0;
    all[at++] = &web_sweep;
    all[at++] = &file_sweep_kind;
    for (size_t m = 0; modules && modules[m]; m++)
        for (size_t i = 0; modules[m]->jobs && modules[m]->jobs[i]; i++)
            all[at++] = modules[m]->jobs[i];
    return all;
}

/* ---- schemas ---- */

/* Core's rooms that keep rows, in the order of docs/map.md. */
static const char *const core_roots[] = {"core/kept", "core/vault", "core/file",
                                         "core/job",  "core/web",   "core/module"};
#define CORE_ROOTS (sizeof core_roots / sizeof *core_roots)

struct order {
    struct arena *arena;
    const struct module *const *modules;
    size_t n;
    bool *taken;
    const char **roots;
    size_t roots_n;
};

/* A module after those it needs; a circle is a mistake in the tables. */
static void take(struct order *o, size_t i, int depth)
{
    MUST(depth < 64);
    if (o->taken[i])
        return;
    for (size_t k = 0; o->modules[i]->needs && o->modules[i]->needs[k]; k++)
        for (size_t m = 0; m < o->n; m++)
            if (strcmp(o->modules[m]->name, o->modules[i]->needs[k]) == 0)
                take(o, m, depth + 1);
    o->taken[i] = true;
    o->roots[o->roots_n++] = str_fmt(o->arena, "modules/%s", o->modules[i]->name).p;
}

const char *const *module_schema_roots(struct arena *a, const struct module *const *modules)
{
    struct order o = {.arena = a, .modules = modules, .n = count(modules)};
    o.taken = NEW_N(a, bool, o.n);
    o.roots = NEW_N(a, const char *, CORE_ROOTS + o.n + 1);
    for (size_t i = 0; i < CORE_ROOTS; i++)
        o.roots[o.roots_n++] = core_roots[i];
    for (size_t i = 0; i < o.n; i++)
        take(&o, i, 0);
    return o.roots;
}

enum err module_start_all(struct cx *cx, const struct module *const *modules)
{
    for (size_t m = 0; modules && modules[m]; m++)
        if (modules[m]->start)
            TRY(modules[m]->start(cx));
    return OK;
}

enum err web_open(struct cx *cx, const struct module *const *modules, struct web **out)
{
    size_t n;
    const struct web_part *parts = module_web_parts(cx->arena, modules, &n);
    cx->env->modules = modules;
    return web_open_parts(cx, parts, n, out);
}
