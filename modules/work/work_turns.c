/* work_turns.c - long work that changes rows, a bounded turn at a time. */
#include "lane/lane.h"
#include "work.h"

#define TURN_ARENA ((size_t)24 << 20)

struct turn {
    work_turn *fn;
    void *arg;
    int64_t before, done;
    bool more;
};

static enum err take_turn(struct cx *cx, void *arg)
{
    struct turn *t = arg;
    t->done = t->before; /* a turn that the lane begins again counts once */
    t->more = false;
    return t->fn(cx, t->arg, &t->done, &t->more);
}

static void free_arena(void *arena)
{
    arena_free(arena);
}

enum err work_turns(struct cx *cx, struct work *w, work_turn *turn, void *arg, int64_t total)
{
    struct turn t = {.fn = turn, .arg = arg, .more = true};
    struct closer closer;
    struct cx own = *cx; /* the same actor and scope, memory of its own */
    enum err e = OK;
    own.arena = arena_new(TURN_ARENA);
    MUST(own.arena != NULL);
    own.closers = NULL;
    own.before_answer = NULL;
    cx_register(cx, &closer, free_arena, own.arena);
    while (e == OK && t.more) {
        arena_reset(own.arena);
        e = lane_call(cx->env->lanes, LANE_WRITE, &own, take_turn, &t);
        t.before = t.done;
        if (e != OK)
            e = fail(cx, e, "%.*s", F(own.why));
        cx_close_all(&own);
        if (e == OK)
            e = work_progress(cx, w, t.done, total > t.done ? total : t.done);
    }
    cx_release(cx, &closer);
    arena_free(own.arena);
    return e;
}
