/*
 * keyd.h - private keys live in a process of their own (`tinhso keyd`); others hold handles.
 *
 * A handle is a private key sealed under the key of that process, folder/sign.key, together with
 * what it may sign. It lies in the database, goes with its transaction and its backup, and tells
 * whoever reads it nothing. A signature is asked for over a Unix socket: handle, use, hash; the
 * process opens the handle, signs, and writes a line to its log. The server never has the bytes of
 * a private key, so a leak of its memory gives away none.
 */
#pragma once
#include "base/base.h"
#include "crypto/crypto.h"

/* What a key may sign. A handle of one use is refused under another. */
enum keyd_use {
    KEYD_JOURNAL = 1, /* heads of the journal */
    KEYD_AUTHORITY,   /* certificates of officers */
    KEYD_PAPER,       /* papers, as an officer */
};
#define KEYD_HANDLE_MAX 512
bool keyd_is_handle(struct str sealed); /* or sealed by the vault, as before keyd */

/* ---- asking: cx->env->keyd ---- */

struct keyd;
/* Connects when first asked, and again after the other side ended. ERR_LIMIT: path over 107. */
enum err keyd_at(struct cx *cx, struct str socket_path, struct keyd **out);
void keyd_close(struct keyd *k);
/* Each: ERR_BUSY: it does not answer, or too many were asked (try again); ERR_DENIED: no handle of
 * this use and this sign.key; ERR_IO: no keyd was set. The caller frees the key; it signs over the
 * link and lives in cx->arena. */
enum err keyd_make(struct cx *cx, enum keyd_use use, struct str *handle, struct key **out);
/* A key made before keyd: from now on it is a handle. */
enum err keyd_adopt(struct cx *cx, enum keyd_use use, struct str private_der, struct str *handle,
                    struct key **out);
/* Asks nobody: its first signature does. */
enum err keyd_key(struct cx *cx, enum keyd_use use, struct str handle, struct str public_der,
                  struct key **out);
enum err keyd_public(struct cx *cx, enum keyd_use use, struct str handle, struct str *public_der);

/* ---- the process ---- */

struct keyd_config {
    struct str folder; /* of sign.key, which is made when it is not there */
    int listen_fd;     /* SOCK_SEQPACKET, listening */
    int lifeline_fd;   /* its end means the end; -1: only SIGTERM does */
    unsigned allowed;  /* uid that may ask, besides its own and root */
    int64_t rate;      /* signatures a second and use; twenty times as many at once */
    bool quiet;        /* no line for each signature (while a demo is filled) */
};
#define KEYD_RATE 100
/* Serves until told to end. Not dumpable, no core, keys in locked memory. A sysexits code. */
int keyd_serve(const struct keyd_config *c);
/* Binds and listens; the socket is `mode`, a socket left by a dead process is replaced. */
enum err keyd_listen(struct cx *cx, struct str path, unsigned mode, int *fd);
/* A keyd of our own: a child that is started again when it dies, and ends with the last process
 * that was forked here. Call it before any thread is started and any key is read. */
enum err keyd_child(struct cx *cx, struct str socket_path, struct keyd_config c);

/* ---- tests: the same without a process ---- */
enum err keyd_here(struct cx *cx, struct str folder, struct keyd **out);
