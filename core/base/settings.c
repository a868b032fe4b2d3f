/* settings.c - names and values from a file, the environment and the command line. */
#include "base/base.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define SETTINGS_LIMIT ((size_t)1 << 20)
#define LINE_LIMIT 4096

/* Read by every thread, now and then set while they run. What was given out stays valid: the arena
 * only grows. */
struct settings {
    struct arena *arena;
    struct map values; /* to struct str * */
    pthread_rwlock_t lock;
    atomic_ullong number; /* drawn from the program's own with each change */
};
static atomic_ullong numbers;

struct settings *settings_new(void)
{
    struct settings *s = calloc(1, sizeof *s);
    if (!s)
        abort(); /* at start-up, before anything is served */
    s->arena = arena_new(SETTINGS_LIMIT);
    MUST(s->arena != NULL && pthread_rwlock_init(&s->lock, NULL) == 0);
    atomic_init(&s->number, atomic_fetch_add(&numbers, 1) + 1);
    return s;
}

void settings_free(struct settings *s)
{
    if (!s)
        return;
    pthread_rwlock_destroy(&s->lock);
    arena_free(s->arena);
    free(s);
}

void settings_set(struct settings *s, struct str name, struct str value)
{
    pthread_rwlock_wrlock(&s->lock);
    const struct str *known = map_get(&s->values, name);
    if (!known || !str_eq(*known, value)) {
        struct str *kept = NEW(s->arena, struct str);
        *kept = str_dup(s->arena, value);
        map_put(s->arena, &s->values, str_dup(s->arena, name), kept);
        atomic_store(&s->number, atomic_fetch_add(&numbers, 1) + 1);
    }
    pthread_rwlock_unlock(&s->lock);
}

static bool take_line(struct settings *s, struct str line)
{
    line = str_trim(line);
    if (line.n == 0 || line.p[0] == '#')
        return true;
    struct str name, value;
    if (!str_cut(line, '=', &name, &value) || str_trim(name).n == 0)
        return false;
    settings_set(s, str_trim(name), str_trim(value));
    return true;
}

enum err settings_read_file(struct settings *s, const char *path, int *bad_line)
{
    FILE *f = fopen(path, "re");
    if (!f)
        return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
    char line[LINE_LIMIT];
    enum err e = OK;
    for (*bad_line = 1; e == OK && fgets(line, sizeof line, f); ++*bad_line)
        if (strlen(line) == LINE_LIMIT - 1 ||
            !take_line(s, str_c(line))) /* a longer line would be cut in two */
            e = ERR_INVALID;
    if (e == ERR_INVALID)
        --*bad_line;
    fclose(f);
    return e;
}

void settings_read_environ(struct settings *s, char *const *names)
{
    for (; names && *names; names++) {
        struct str entry = str_c(*names), name, value;
        if (!str_starts(entry, S("TINHSO_")) || !str_cut(entry, '=', &name, &value))
            continue;
        char key[128];
        name = str_until(str_from(name, 7), sizeof key);
        struct arena_mark here = arena_here(s->arena);
        struct str low = str_ascii_lower(s->arena, name);
        memcpy(key, low.p, low.n);
        arena_back(s->arena, here);
        for (size_t i = 0; i < low.n; i++)
            if (key[i] == '_')
                key[i] = '.';
        settings_set(s, (struct str){key, low.n}, value);
    }
}

uint64_t settings_number(const struct settings *s)
{
    return s ? atomic_load(&s->number) : 0;
}

struct str setting(const struct settings *s, struct str name, struct str otherwise)
{
    if (!s)
        return otherwise;
    pthread_rwlock_t *lock = (pthread_rwlock_t *)(uintptr_t)&s->lock;
    pthread_rwlock_rdlock(lock);
    const struct str *v = map_get(&s->values, name);
    const struct str found = v ? *v : otherwise;
    pthread_rwlock_unlock(lock);
    return found;
}

struct str setting_or(const struct settings *s, struct str name, struct str otherwise)
{
    const struct str v = setting(s, name, otherwise);
    return v.n ? v : otherwise;
}

int64_t setting_int(const struct settings *s, struct str name, int64_t otherwise)
{
    int64_t v;
    return str_int(setting(s, name, S("")), &v) ? v : otherwise;
}
