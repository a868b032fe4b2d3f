/* people.h - people who write without pause, and whether what they were told is what is there. */
#pragma once
#include "work.h"

#include <stdatomic.h>
#include <stdlib.h>

#define CLIENTS 4
#define SENT_MAX 20000

struct people {
    struct cx *cx;
    pthread_t threads[CLIENTS];
    atomic_int next, acknowledged, refused;
    atomic_bool stop;
    _Atomic signed char told[SENT_MAX]; /* 1: done; 2: not done, or not known: sent no more */
};
struct person {
    struct people *all;
    struct cx *cx;
};

static inline enum err pay(struct cx *cx, void *arg)
{
    return db_exec(cx, "insert into parts_event (text) values ($1)", V(*(struct str *)arg));
}

static inline void *send(void *arg)
{
    struct person *p = arg;
    struct people *all = p->all;
    while (!atomic_load(&all->stop)) {
        const int n = atomic_fetch_add(&all->next, 1);
        if (n >= SENT_MAX)
            break;
        struct str text = str_fmt(p->cx->arena, "payment %d", n);
        const enum err e = lane_call(p->cx->env->lanes, LANE_WRITE, p->cx, pay, &text);
        if (e == OK)
            atomic_fetch_add(&all->acknowledged, 1);
        else
            atomic_fetch_add(&all->refused, 1);
        const bool unknown = e != OK && str_find(p->cx->why, S("unknown"), NULL);
        atomic_store(&all->told[n], e == OK ? 1 : unknown ? 3 : 2);
        if (e != OK)
            nanosleep(&(struct timespec){.tv_nsec = 5'000'000}, NULL);
    }
    return NULL;
}

static inline struct people *people_start(struct cx *cx)
{
    static struct person persons[CLIENTS];
    struct people *all = calloc(1, sizeof *all);
    MUST(all != NULL);
    all->cx = cx;
    for (int i = 0; i < CLIENTS; i++) {
        persons[i] = (struct person){all, testing_another(cx)};
        MUST(pthread_create(&all->threads[i], NULL, send, &persons[i]) == 0);
    }
    return all;
}

static inline void wait_for(const atomic_int *n, int least)
{
    for (int i = 0; atomic_load(n) < least; i++) {
        if (i > 6000)
            fail_msg("only %d of %d", atomic_load(n), least);
        nanosleep(&(struct timespec){.tv_nsec = 5'000'000}, NULL);
    }
}

static inline enum err count_payments(struct cx *cx, void *arg)
{
    signed char *times = arg;
    memset(times, 0, SENT_MAX);
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select text from parts_event where text like 'payment %'"));
    while (db_next(&rows))
        times[strtol(str_z(cx->arena, str_from(db_str(&rows, 0), 8)), NULL, 10)]++;
    return rows.err;
}

static inline enum err count_events(struct cx *cx, void *arg)
{
    struct work *w = arg;
    return db_one_int(cx, (int64_t *)w->more, "select count(*) from parts_event where text = $1",
                      V(str_c(w->name)));
}

/* In a lane: its connection is made anew when it was lost. */
static inline int64_t times_of(struct cx *cx, const char *text)
{
    int64_t n = -1;
    struct work w = {.name = text, .more = &n};
    assert_ok(lane_call(cx->env->lanes, LANE_SLOW, cx, count_events, &w));
    return n;
}

/* Everything they were told, against what is there. */
static inline void people_end(struct people *all)
{
    struct cx *cx = all->cx;
    int wrong = 0, unknown = 0;
    atomic_store(&all->stop, true);
    for (int i = 0; i < CLIENTS; i++)
        pthread_join(all->threads[i], NULL);
    signed char *times = calloc(SENT_MAX, 1);
    MUST(times != NULL);
    assert_ok(lane_call(cx->env->lanes, LANE_SLOW, cx, count_payments, times));
    for (int i = 0; i < SENT_MAX; i++) {
        const int told = atomic_load(&all->told[i]);
        unknown += told == 3;
        wrong += told == 1 ? times[i] != 1 : told == 3 ? times[i] > 1 : times[i] != 0;
    }
    print_message("%d acknowledged, %d refused, %d of them unknown; %d wrong\n",
                  atomic_load(&all->acknowledged), atomic_load(&all->refused), unknown, wrong);
    free(times);
    free(all);
    assert_int_equal(wrong, 0);
}
