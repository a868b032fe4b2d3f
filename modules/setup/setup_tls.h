/* setup_tls.h - the server's certificate: brought on a page, kept as files, taken into use. */
#pragma once
#include "crypto/crypto.h"
#include "job/job.h"
#include "setup_settings.h"

/* ---- files (setup_tls_files.c): DATA/tls/current.pem and before.pem, of mode 0600, each chain and
 * key together, so that both change in one step ---- */

struct tls_pair {
    struct str name; /* the certificate's fingerprint, hex */
    struct str chain, key;
};
/* Makes it current; what was current becomes before. Again: nothing. */
enum err tls_files_take(struct cx *cx, const struct tls_pair *p);
/* What was before, `name`, is current again; again: nothing. ERR_CONFLICT: it is not there. */
enum err tls_files_back(struct cx *cx, struct str name);
/* After a failed tls_files_take: `name` is current as it was; empty: none was. */
enum err tls_files_undo(struct cx *cx, struct str name);
void tls_files_forget_older(struct cx *cx);  /* than current and before */
struct str tls_files_current(struct cx *cx); /* its name; empty: none */
struct str tls_files_before(struct cx *cx);
/* A file of certificates, at most 512 kB; empty: it cannot be read. */
struct str tls_file_read(struct cx *cx, struct str path);

/* ---- rules (setup_tls.c) ---- */

struct str setup_tls_host(struct cx *cx); /* of base.url */
/* Why no certificate may be brought here: empty, or the sentence. */
struct str setup_tls_closed(struct cx *cx);
/* The certificate in use; ERR_NOT_FOUND: none. *path: where it lies. */
enum err setup_tls_now(struct cx *cx, struct tls_chain *out, struct str *path);

struct tls_ask {
    struct str names, organisation, locality;
    struct str csr, key;    /* PEM */
    struct str fingerprint; /* of the public key, hex */
};
/* SLOW. A new key and its request. */
enum err setup_tls_ask_make(struct cx *cx, struct tls_ask *ask);
/* WRITE. Keeps both sealed; an earlier one is forgotten. */
enum err setup_tls_ask_keep(struct cx *cx, const struct tls_ask *ask);
enum err setup_tls_asked(struct cx *cx, struct str *csr, struct str *key); /* empty: none waits */
/* WRITE. A judged pair: sealed until the job has put it into use. */
enum err setup_tls_bring(struct cx *cx, const struct tls_pair *p);
enum err setup_tls_go_back(struct cx *cx); /* WRITE */
/* "ok ..." or "no ...": how the last one went; "wait": under way; empty: none was. */
enum err setup_tls_said(struct cx *cx, struct str *said);

extern const struct job_kind tls_job;
