/* lane_read.c - READ: in the caller's thread, one snapshot for a turn of its loop. */
#include "lane_inside.h"

#include <time.h>

/* A thread's own connection. */
struct reader {
    struct reader *next;
    struct lanes *lanes;
    struct cx cx;
    bool turn;              /* its snapshot is open */
    int64_t turn_began_ns;  /* of the thread's own time */
    int64_t reads, busy_ns; /* of the turn */
};

static int64_t thread_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void reader_free(struct reader *r)
{
    db_disconnect(r->cx.db);
    arena_free(r->cx.arena);
    free(r);
}

void lane_reader_gone(void *reader)
{
    struct reader *r = reader;
    struct lanes *l = r->lanes;
    pthread_mutex_lock(&l->lock);
    struct reader **at = &l->readers;
    while (*at && *at != r)
        at = &(*at)->next;
    if (*at)
        *at = r->next;
    pthread_mutex_unlock(&l->lock);
    reader_free(r);
}

void lane_readers_close(struct lanes *l)
{
    while (l->readers) {
        struct reader *r = l->readers;
        l->readers = r->next;
        reader_free(r);
    }
}

static enum err open_reader(struct lanes *l, struct cx *cx, struct reader **out)
{
    *out = pthread_getspecific(l->reader_key);
    if (*out)
        return OK;
    struct db *d;
    TRY(db_connect(cx, l->store, DB_READER, &d));
    struct reader *r = calloc(1, sizeof *r);
    MUST(r != NULL);
    r->lanes = l;
    r->cx = (struct cx){
        .arena = arena_new((size_t)1 << 20), .env = l->env, .db = d, .actor = &actor_program};
    MUST(r->cx.arena != NULL);
    pthread_setspecific(l->reader_key, r);
    pthread_mutex_lock(&l->lock);
    r->next = l->readers;
    l->readers = r;
    pthread_mutex_unlock(&l->lock);
    *out = r;
    return OK;
}

/* Once a turn: all loops and lanes share the lock. */
static void count_turn(struct reader *r, bool again)
{
    struct lanes *l = r->lanes;
    pthread_mutex_lock(&l->lock);
    l->count.tasks[LANE_READ] += r->reads;
    l->count.busy_ns[LANE_READ] += r->busy_ns;
    l->count.again += again;
    pthread_mutex_unlock(&l->lock);
    r->reads = r->busy_ns = 0;
}

/* Beginning and ending take no time of a read: the last one may have used up its own. */
static void end_turn(struct reader *r)
{
    count_turn(r, false);
    db_set_budget_ms(r->cx.db, 0);
    db_rollback(&r->cx);
    r->turn = false;
}

static enum err begin_turn(struct reader *r)
{
    if (r->turn)
        return OK;
    arena_reset(r->cx.arena);
    db_set_budget_ms(r->cx.db, 0);
    TRY(db_begin(&r->cx));
    r->turn = true;
    r->turn_began_ns = thread_ns();
    return OK;
}

static enum err read_on(struct reader *r, struct cx *cx, enum err (*fn)(struct cx *cx, void *arg),
                        void *arg, bool *again)
{
    const int64_t began = lane_now_ns();
    const struct lane_start from = lane_start_of(cx);
    struct db *const before = cx->db;
    cx->db = r->cx.db;
    db_set_budget_ms(cx->db, r->lanes->read_ms);
    enum err e = cx_guard(cx, fn, arg);
    *again = db_interrupted(cx);
    if (e == OK && db_doomed(cx)) {
        e = cx->err = ERR_IO;
        cx->why = S("a failed statement was passed over");
    }
    if (*again)
        lane_rewind(cx, from);
    else if (e == ERR_IO)
        lane_keep_sentence(cx);
    r->reads++;
    r->busy_ns += lane_now_ns() - began;
    if (*again)
        count_turn(r, true);
    if (db_doomed(cx))
        end_turn(r);
    cx->db = before;
    return *again ? OK : e;
}

enum err lane_read(struct lanes *l, struct cx *cx, enum err (*fn)(struct cx *cx, void *arg),
                   void *arg, bool *again)
{
    *again = l->postgres;
    if (l->postgres)
        return OK;
    struct reader *r;
    TRY(open_reader(l, cx, &r));
    if (begin_turn(r) != OK)
        return fail(cx, ERR_BUSY, "%.*s", F(r->cx.why));
    return read_on(r, cx, fn, arg, again);
}

/* Stopped, and by its own work: a thread that had to wait for a processor says nothing of its kind,
 * and all of a busy machine would go on in SLOW, for two more switches of threads each. */
static bool worked_long(struct lanes *l)
{
    const struct reader *r = pthread_getspecific(l->reader_key);
    return l->env->testing || !r || thread_ns() - r->turn_began_ns >= l->read_ms * INT64_C(500000);
}

enum err lane_read_kind(struct lanes *l, struct cx *cx, uint64_t kind,
                        enum err (*fn)(struct cx *cx, void *arg), void *arg, bool *again)
{
    const int64_t now = cx->now;
    if (!l->postgres && lane_habit_slow(l, kind, now)) {
        pthread_mutex_lock(&l->lock);
        l->count.straight++;
        pthread_mutex_unlock(&l->lock);
        *again = true;
        return OK;
    }
    enum err e = lane_read(l, cx, fn, arg, again);
    if (!l->postgres && (!*again || worked_long(l)))
        lane_habit_note(l, kind, now, *again);
    return e;
}

void lane_turn_end(struct lanes *l)
{
    struct reader *r = l->postgres ? NULL : pthread_getspecific(l->reader_key);
    if (r && r->turn)
        end_turn(r);
}

void lane_thread_end(struct lanes *l)
{
    struct reader *r = l->postgres ? NULL : pthread_getspecific(l->reader_key);
    if (!r)
        return;
    pthread_setspecific(l->reader_key, NULL);
    lane_reader_gone(r);
}
