/*
 * guard.h - what the process may ask of the kernel from now on: seccomp and landlock.
 *
 * Taken on once, for the process and all it starts, never given back. A call that is not on the
 * list of the program gets EPERM; a file can be written only below the folders that are named, and
 * nothing can be executed. Where the kernel has one of the two only, the other is left out;
 * sanitizers and a kernel with neither: nothing happens, and guard_now says so.
 */
#pragma once
#include "base/base.h"

enum guard_program {
    GUARD_SERVER = 1, /* files, sockets, threads; no program, no child, no other process */
    GUARD_KEYD,       /* answers on sockets that are open; no file at all, no new socket */
};
#define GUARD_FOLDERS_MAX 32
struct guard_folders {
    const char *write[GUARD_FOLDERS_MAX]; /* NULL-ended; what is not there is passed over */
    bool read_all;                        /* files may be read as far as the user may */
};
struct guard_state {
    bool seccomp, landlock;
    const char *why_not; /* when one of them is missing */
};
/* Before threads are started. ERR_IO: the kernel has it and refused. */
enum err guard_begin(struct cx *cx, enum guard_program program, const struct guard_folders *f);
struct guard_state guard_now(void);
