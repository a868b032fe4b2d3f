/*
 * copies.h - backups of a server under load, each the source at one instant; restored and used.
 *
 * Each table of the source gets triggers that write every change of a row into barrier_log, in the
 * same transaction. The log is a table as others and so in the copy: there each table must be what
 * it was plus the log, row by row, and the log itself whole transactions of the source, all that
 * were committed before the backup began and none that began after its end.
 */
#pragma once
#include "place.h"

bool log_install(struct place *source); /* while nobody writes */
bool log_expect(struct place *target);  /* PostgreSQL: before a copy with such a log comes back */
/* Where the source stands: units below are in a later copy, units from `next` on not in one made.
 */
struct log_point {
    int64_t below, next;
};
struct log_point log_here(struct place *source);
/* False: findings say which table or transaction. */
void log_check(struct place *copy, struct place *source, int64_t must, int64_t must_not);
