/*
 * kinds.h - each registered kind of background job alone under faults.
 *
 * A folder is made in which every kind has something left to do (kinds_world.c). For each kind all
 * others do their work first, without it; then it does its work with the n-th call failing, or is
 * killed there; then everybody goes on. What came of it must be what comes of it undisturbed, row
 * counts and all (background.h). A kind that has nothing to do there, or whose work nobody sees, is
 * a finding: so a new one cannot be forgotten.
 */
#pragma once
#include "app.h"
#include "background_inside.h"

struct kinds_asked {
    struct background_asked of; /* its kinds of fault, its n */
    const char *const *only;    /* these kinds of job, NULL-ended; NULL: all */
};
struct kinds_report {
    struct background_report of;
    int64_t registered, walked;
};
/* Whether each registered kind has work in the folder, and the faults of those that are wanted.
 * False: it could not run. */
bool kinds_run(const struct kinds_asked *asked, struct kinds_report *out);
int kinds_make(const char *folder); /* an exit code */
