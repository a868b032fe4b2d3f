/* cx.c - errors with their sentences, unwinding to the lane, what closes itself. */
#include "base/base.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#define FEW 16 /* bytes that are drawn from a small store */

/* The innermost guard of this thread: where a failed MUST goes. */
struct guard {
    struct guard *outer;
    struct cx *cx;
    struct closer *before; /* what was registered outside of it stays open */
    jmp_buf back;
    const char *file, *what; /* of the first MUST; NULL: none failed */
    int line;
};
static _Thread_local struct guard *innermost;

const struct actor actor_anonymous = {.name = {"", 0}, .unit_name = {"", 0}};
const struct actor actor_program = {.name = {"Tỉnh Số", 11}, .unit_name = {"", 0}, .system = true};

const char *err_name(enum err e)
{
    static const char *const names[] = {
        "OK",           "ERR_INVALID", "ERR_DENIED", "ERR_NOT_FOUND",
        "ERR_CONFLICT", "ERR_LIMIT",   "ERR_BUSY",   "ERR_IO"};
    return (size_t)e < sizeof names / sizeof *names ? names[e] : "?";
}

void must_failed(const char *file, int line, const char *what)
{
    struct guard *g = innermost;
    if (!g) {
        fprintf(stderr, "tinhso: %s:%d: MUST(%s) failed outside of a lane\n", file, line, what);
        abort();
    }
    if (!g->file) {
        g->file = file;
        g->line = line;
        g->what = what;
    }
    /* Before the jump: what closes itself may live in the frames that the jump throws away. A
     * closer that fails comes back here, and the rest are closed. */
    while (g->cx->closers && g->cx->closers != g->before) {
        struct closer *c = g->cx->closers;
        g->cx->closers = c->next;
        c->close(c->thing);
    }
    longjmp(g->back, 1);
}

enum err cx_guard(struct cx *cx, enum err (*fn)(struct cx *cx, void *arg), void *arg)
{
    struct guard g = {.outer = innermost, .cx = cx, .before = cx->closers};
    innermost = &g;
    if (setjmp(g.back) == 0) {
        enum err e = fn(cx, arg);
        innermost = g.outer;
        return e;
    }
    innermost = g.outer;
    /* The arena may be full: this sentence must not need it. */
    static _Thread_local char sentence[256];
    int n = snprintf(sentence, sizeof sentence, "%s:%d: MUST(%s) failed", g.file, g.line, g.what);
    cx->err = ERR_IO;
    cx->why = (struct str){sentence, n < (int)sizeof sentence ? (size_t)n : sizeof sentence - 1};
    return ERR_IO;
}

void cx_register(struct cx *cx, struct closer *c, void (*close)(void *), void *thing)
{
    *c = (struct closer){cx->closers, close, thing};
    cx->closers = c;
}

void cx_release(struct cx *cx, struct closer *c)
{
    struct closer **at = &cx->closers;
    while (*at && *at != c)
        at = &(*at)->next;
    if (*at)
        *at = c->next;
}

void cx_close_all(struct cx *cx)
{
    while (cx->closers) {
        struct closer *c = cx->closers;
        cx->closers = c->next;
        c->close(c->thing);
    }
}

static void note(struct cx *cx, enum err e, struct str field, const char *format, va_list args)
{
    cx->err = e;
    cx->field = field;
    if (e > ERR_LIMIT) { /* for the log: never translated */
        cx->why = cx->kept = str_vfmt(cx->arena, format, args);
        return;
    }
    va_list again;
    va_copy(again, args);
    cx->why = tr_vfmt(cx, format, args);
    cx->kept = tr_vkeep(cx->arena, format, again);
    va_end(again);
}

#undef fail /* as an analyzer sees them */
#undef fail_field
enum err fail(struct cx *cx, enum err e, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    note(cx, e, S(""), format, args);
    va_end(args);
    return e;
}

enum err fail_field(struct cx *cx, enum err e, struct str field, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    note(cx, e, field, format, args);
    va_end(args);
    return e;
}

int64_t clock_system([[maybe_unused]] struct env *env)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Codes are drawn letter by letter: a call of the system for each would cost more than the letter.
 * What was given out is wiped; a child process has none of its parent's. */
static _Thread_local struct {
    char left[256];
    size_t n; /* still there, at the beginning */
    int of;   /* the process it was drawn in */
} few;
static atomic_int forks;

static void count_fork(void)
{
    atomic_fetch_add(&forks, 1);
}

static void hear_forks(void)
{
    pthread_atfork(NULL, NULL, count_fork);
}

static void draw(char *at, size_t n)
{
    while (n) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0)
            abort(); /* without randomness no key or token may be made */
        at += got;
        n -= (size_t)got;
    }
}

void random_system([[maybe_unused]] struct env *env, void *p, size_t n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    if (n > FEW) { /* keys come from the system alone */
        draw(p, n);
        return;
    }
    pthread_once(&once, hear_forks);
    const int now = atomic_load(&forks);
    if (few.n < n || few.of != now) {
        draw(few.left, sizeof few.left);
        few.n = sizeof few.left;
        few.of = now;
    }
    few.n -= n;
    memcpy(p, few.left + few.n, n);
    wipe(few.left + few.n, n);
}

struct str random_bytes(struct cx *cx, size_t n)
{
    char *p = arena_alloc(cx->arena, n + 1);
    cx->env->random(cx->env, p, n);
    return (struct str){p, n};
}

struct str random_code(struct cx *cx, size_t n)
{
    /* 30 signs: no 0 O 1 I L U, so that a spoken code is heard right. */
    static const char signs[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    char *p = arena_alloc(cx->arena, n + 1);
    for (size_t i = 0; i < n;) {
        unsigned char c;
        cx->env->random(cx->env, &c, 1);
        if (c < 240) /* 8 * 30: each sign equally likely */
            p[i++] = signs[c % 30];
    }
    return (struct str){p, n};
}

void cx_before_answer(struct cx *cx, enum err (*fn)(struct cx *cx, void *arg), void *arg)
{
    struct actor *who = NEW(cx->arena, struct actor);
    struct cx_before *b = NEW(cx->arena, struct cx_before);
    *who = *cx->actor;
    *b = (struct cx_before){cx->before_answer, fn, arg, who};
    cx->before_answer = b;
}
