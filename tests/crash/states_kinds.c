/* states_kinds.c - which fsyncs the walk stands on, by the path of what they make last. */
#include "states.h"
#include "power_model.h"

/* SQLite's own, none of them followed by an answer: what comes after makes the same last. */
static const struct {
    const char *pattern, *why;
} needless[] = {
    {"data/core.db-journal", "of the empty database, before init has said anything"},
    {"backup/core.db-journal", "of the copy, which is fsynced whole before backup says anything"},
    {"restored/restore.new/core.db", "cut off, a restore stands on it (app/tests/restore_test); "
                                     "answered, it has made the same file last by its checkpoint"},
    {"restored/restore.new", "cut off, a restore stands on it; answered, its files have moved on"},
    {"restored/restore.pending", "cut off, a restore stands on it; answered, it is gone"},
    {"restored/core.db", "the log that holds the same may still be there; where it is gone, a "
                         "single one shows the loss"},
    {"restored/core.db-wal", "restore ends with a checkpoint, which fsyncs the database itself"},
};

const char *states_needless(const char *pattern)
{
    for (size_t i = 0; i < sizeof needless / sizeof *needless; i++)
        if (strcmp(needless[i].pattern, pattern) == 0)
            return needless[i].why;
    return NULL;
}

/* Of single ones that lie before an acknowledgement and that nothing acknowledged stands on. */
static const struct {
    const char *pattern, *why;
} untold[] = {
    {"data", "folders that are made again when they are not there, sockets, an empty list"},
    {"data/files", "folders that are made again when they are not there"},
    {"data/core.db-wal", "work in the background, done again: its jobs lie before it in the log"},
    {"data/core.db", "what opening and closing wrote for itself"},
    {"restored/files", "folders that are made again when they are not there"},
};

const char *states_untold(const char *pattern)
{
    for (size_t i = 0; i < sizeof untold / sizeof *untold; i++)
        if (strcmp(untold[i].pattern, pattern) == 0)
            return untold[i].why;
    return NULL;
}

static bool is_hex(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789abcdef", s.p[i]))
            return false;
    return true;
}

/* data/files/3f/0c9a... becomes data/files/??/ *: one kind, however many of them there are. */
void states_pattern(struct str path, char out[200])
{
    struct str rest = path, piece;
    size_t n = 0;
    while (rest.n && n < 190) {
        str_cut(rest, '/', &piece, &rest);
        bool passing = piece.n >= 16 && is_hex(piece);
        struct str word = piece.n == 2 && is_hex(piece) ? S("??") : passing ? S("*") : piece;
        n += (size_t)snprintf(out + n, 200 - n, "%s%.*s", n ? "/" : "", F(word));
    }
}

static void count_kind(struct fsync_kind *kinds, size_t *n, struct str path)
{
    char pattern[200] = "";
    states_pattern(path, pattern);
    for (size_t i = 0; i < *n; i++)
        if (strcmp(kinds[i].pattern, pattern) == 0) {
            kinds[i].fsyncs++;
            return;
        }
    if (*n == KINDS_MAX)
        return;
    snprintf(kinds[*n].pattern, sizeof kinds[*n].pattern, "%s", pattern);
    kinds[(*n)++].fsyncs = 1;
}

size_t states_kinds(struct walked *w, struct fsync_kind out[KINDS_MAX])
{
    struct cx cx = {.arena = arena_new((size_t)64 << 20)};
    struct image m;
    struct power_entry e;
    size_t n = 0;
    enum err opened = model_open(&m, &cx, w->server.before, w->server.record);
    if (opened != OK)
        crash_found(&w->findings, "%.*s", F(cx.why));
    while (opened == OK && model_step(&m, &e) == OK) {
        struct str path = model_synced(&m, &e);
        if (path.n)
            count_kind(out, &n, path);
    }
    model_close(&m);
    arena_free(cx.arena);
    return n;
}
