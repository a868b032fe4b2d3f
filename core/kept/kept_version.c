/* kept_version.c - the only SQL about kept_moves: the numbers of a snapshot, read once in it. */
#include "kept_inside.h"

#define NAMES_MAX 16
#define NAME_BYTES 24

/* What this thread read last. A snapshot's number is the program's own and never used again. */
struct numbers {
    int64_t snapshot;
    size_t n;
    struct {
        char name[NAME_BYTES];
        int64_t n;
    } v[NAMES_MAX];
};
static _Thread_local struct numbers last;

/* In a writer the numbers move while it works: it reads them each time. */
static enum err read_numbers(struct cx *cx, struct numbers *all)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select name, n from kept_moves order by name"));
    all->n = 0;
    all->snapshot = 0;
    while (db_next(&r)) {
        struct str name = db_str(&r, 0);
        MUST(all->n < NAMES_MAX && name.n < NAME_BYTES);
        memcpy(all->v[all->n].name, name.p, name.n);
        all->v[all->n].name[name.n] = 0;
        all->v[all->n++].n = db_int(&r, 1);
    }
    if (r.err)
        return r.err;
    all->snapshot = db_is_reader(cx) ? db_snapshot(cx) : 0;
    return OK;
}

static bool number_of(const struct numbers *all, const char *name, int64_t *n)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->v[i].name, name) == 0) {
            *n = all->v[i].n;
            return true;
        }
    return false;
}

static enum err numbers_now(struct cx *cx)
{
    if (last.snapshot == 0 || last.snapshot != db_snapshot(cx) || !db_is_reader(cx))
        return read_numbers(cx, &last);
    return OK;
}

enum err kept_number(struct cx *cx, const char *name, int64_t *n)
{
    *n = 0;
    if (!cx->env->kept || !db_is_reader(cx))
        return OK;
    TRY(numbers_now(cx));
    MUST(number_of(&last, name, n));
    return OK;
}

enum err kept_version(struct cx *cx, const char *const *of, struct str *out)
{
    if (!*of) { /* of the program alone: it never moves */
        *out = S("");
        return OK;
    }
    TRY(numbers_now(cx));
    struct buf b = {.arena = cx->arena, .limit = 400};
    for (; *of; of++) {
        int64_t n;
        MUST(number_of(&last, *of, &n)); /* a name that no schema moves would never move */
        buf_int(&b, n);
        buf_byte(&b, ' ');
    }
    *out = buf_str(&b);
    return OK;
}
