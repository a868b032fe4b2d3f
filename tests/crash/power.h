/*
 * power.h - a double of the disk that can lose its power.
 *
 * A killed process loses nothing that it wrote: the machine still has it. A machine that loses its
 * power keeps only what was fsynced, and of the rest whatever happened to be written back. Here the
 * calls that change files below one folder are recorded, in order, with every fsync; from the
 * record and a copy of the folder as it was before, the folder after the cut is made.
 *
 * What counts as kept for certain: bytes that were in a file when an fsync of it began; names that
 * were in a folder when an fsync of it began (strict POSIX: fsync of a file keeps its bytes, not
 * its name). Everything later is lost, or some of it kept, in torn pieces of 512 bytes.
 *
 * power.c stands in for the calls themselves (open, write, fsync, rename ...): in a test program by
 * being linked into it, in the server by LD_PRELOAD. A call that it does not know, such as stdio's
 * inner ones, is not recorded, so what it wrote counts as lost: the error is on the strict side.
 * Memory maps are SQLite's index of its log only (NAME-shm), which no power cut keeps.
 */
#pragma once
#include "base/base.h"

/* Records from now on into a new file `record`, which must lie elsewhere; files that are open
 * already are not followed. One folder at a time. False: errno says why. */
bool power_record(const char *folder, const char *record);
/* The cut: what happens from now on is in no record. */
void power_cut(void);
/* How far the record has come: whatever is acknowledged now was done before this place. */
uint64_t power_place(void);

/* What the tests of the tests need: fsyncs of files or folders with such a path below the folder
 * (fnmatch; the folder itself is ".") are passed over, though they report success: the next `n` of
 * them, -1: all. "": none. */
void power_drop_fsyncs(const char *pattern, int n);
int power_dropped(void); /* how many were passed over so far */

/* In a program run with LD_PRELOAD the same is said by its environment. */
#define POWER_FOLDER "POWER_FOLDER"
#define POWER_RECORD "POWER_RECORD"
#define POWER_DROP "POWER_DROP" /* a pattern; all of them */
#define POWER_MORE "POWER_MORE" /* the record goes on where it is */

/* ---- power_image.c ---- */

/* Makes the new folder `to` as the disk holds it after a cut at this place of the record (0: at its
 * end); `before` is the folder as it was when recording began. seed 0: nothing is kept that was not
 * fsynced; else some of it, at random.
 * ERR_IO: cannot read or write; the record and the folder do not belong together. */
enum err power_image(struct cx *cx, const char *before, const char *record, uint64_t place,
                     uint64_t seed, const char *to);
