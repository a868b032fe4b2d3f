/*
 * work.h - long work that somebody asked for: done by a job, followed on a page, ended by a press.
 *
 * A module that has something long to do (an export of many rows) calls work_start inside its
 * `write` and sends the person to work_path. Its job kind hands `act` to work_act and `after` to
 * work_after. Meanwhile work_progress says how far it is; it refuses to go on once the person has
 * ended it. What comes of it is a file of that person alone, kept for three days.
 */
#pragma once
#include "base/base.h"
#include "file/file.h"
#include "job/job.h"
#include "module/module.h"

enum work_state { WORK_WAITING = 1, WORK_RUNNING, WORK_DONE, WORK_STOPPED, WORK_FAILED };

struct work_new {
    const char *job;  /* name of the job kind */
    struct str title; /* in the person's language */
    struct str ask;   /* JSON; no personal data */
    struct str link;  /* where what came of it is read; empty: a file on its own page */
};
/* WRITE. The row, the event and the job; *path is where the person follows it. ERR_LIMIT: five of
 * theirs are waiting or running already. */
enum err work_start(struct cx *cx, const struct work_new *n, struct str *path);
/* How one stands that work_start gave this path; for whoever started it. ERR_NOT_FOUND: it was long
 * ago. Not scoped: says nothing but the state. */
enum err work_state_at(struct cx *cx, struct str path, enum work_state *out);

/* One piece of work being done, in `act` of its job. */
struct work {
    int64_t id, account, unit;
    struct str ask, title, lang;
    int64_t done, total;
    /* What comes of it; begun by work_file. */
    struct file_upload *upload;
    struct closer upload_closer;
    struct str file_name, file_type;
    /* inside */
    int64_t owner, said_done, said_at;
    bool stopped, nothing;
};
/* Outside of any lane. ERR_CONFLICT: the person wants it to end. */
enum err work_progress(struct cx *cx, struct work *w, int64_t done, int64_t total);
/* Begins the file: then file_upload_add(cx, w->upload, piece). */
enum err work_file(struct cx *cx, struct work *w, struct str name, struct str type);

/* Work that changes many rows: one bounded turn of the WRITE lane after another, each in memory of
 * its own, until *more is false or the person ends it; between two turns others write. A turn adds
 * what it did to *done. arg must not keep what the turn made. What earlier turns did stays when one
 * fails, so a turn begins with what is left, not with what it remembers. */
typedef enum err work_turn(struct cx *cx, void *arg, int64_t *done, bool *more);
enum err work_turns(struct cx *cx, struct work *w, work_turn *turn, void *arg, int64_t total);

/* From here on it is done in the name of whoever asked, with the reach they have now (cx->actor,
 * cx->scope). ERR_DENIED: they no longer have the right. Outside of any lane. */
enum err work_as(struct cx *cx, struct work *w, const struct right *r);

typedef enum err work_fn(struct cx *cx, struct work *w);
/* Afterwards cx is the job's again. */
enum err work_act(struct cx *cx, const struct job *j, work_fn *fn, void **result);
enum err work_after(struct cx *cx, const struct job *j, enum err acted, void *result);
#define WORK_TRIES 3 /* tries_max of the job kind */

extern const struct module work_module;
