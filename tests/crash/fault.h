/*
 * fault.h - calls of the server that fail on demand: the disk's, the memory's, the clock's.
 *
 * fault.c is loaded into the server by LD_PRELOAD; the test and the server share this struct in a
 * mapped file. The test arms one fault, sends one request, and sees whether the fault was met.
 */
#pragma once
#include <stdatomic.h>
#include <stdint.h>

enum fault_kind {
    FAULT_NONE = 0,
    FAULT_WRITE,  /* write, truncate: EIO */
    FAULT_SHORT,  /* half of it is written */
    FAULT_FULL,   /* ENOSPC from the n-th on, until it is disarmed */
    FAULT_FSYNC,  /* EIO */
    FAULT_NAME,   /* rename, unlink, mkdir, a new file: EIO */
    FAULT_MEMORY, /* malloc of our own code: NULL */
    FAULT_MEMORY_OF_DATABASE,
    FAULT_KINDS,                 /* of requests; the others are of jobs only */
    FAULT_NETWORK = FAULT_KINDS, /* connect, send, recv: the connection was reset */
    FAULT_KEYD_GONE,  /* keyd dies before the question is sent, or after it answered unheard */
    FAULT_KEYD_SHORT, /* half of its answer */
    FAULT_KEYD_LATE,  /* its answer does not come in time, but later */
    FAULT_KILL,       /* the process dies before the n-th write, fsync, name */
    FAULT_DATABASE,   /* a step of a statement: SQLITE_IOERR */
    FAULT_GIVEN_UP,   /* the job itself fails until it is a dead letter */
    FAULT_READ_ONLY,  /* EROFS from the n-th on, as on a disk that the kernel holds for broken */
    FAULT_ALL_KINDS,
};
struct fault_control {
    _Atomic int32_t kind;
    _Atomic int64_t in;       /* the in-th such call from now on fails; 0 and below: it was met */
    _Atomic int64_t met;      /* how many failed since it was armed */
    _Atomic int64_t seen;     /* all such calls since it was armed */
    _Atomic int64_t clock_ms; /* added to what the clock says */
    _Atomic int32_t pid;      /* only in this process; 0: in all */
    _Atomic int32_t keyd;     /* its process */
    _Atomic int64_t waits;    /* jobs that say that they wait for keyd */
};
#define FAULT_CONTROL "FAULT_CONTROL" /* environment: the mapped file */
#define FAULT_FOLDER "FAULT_FOLDER"   /* calls on files below it fail, others never */
