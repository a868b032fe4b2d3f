/*
 * file.h - stored files: by content hash within one owner, encrypted under the owner's key.
 *
 * Bytes stream to a temporary file (sealed in chunks as they come), are hashed and sniffed, then
 * renamed to their place: fsync of file and folder come before the row. With clamd configured a
 * file is scanned first; while it is down files wait in quarantine and are scanned later: nothing
 * is lost, nothing unscanned is opened by officers. Kinds allowed by content, not by name.
 */
#pragma once
#include "base/base.h"
#include "crypto/crypto.h"

enum file_state { FILE_CLEAN = 1, FILE_QUARANTINE, FILE_INFECTED, FILE_ERASED };

struct stored_file {
    int64_t id;
    int64_t owner;   /* vault subject */
    struct str name; /* as the person named it, cleaned, its ending fits its kind */
    struct str mime; /* sniffed: application/pdf, image/jpeg, image/png, image/webp, ... */
    int64_t size_bytes;
    int64_t stored_at;
    enum file_state state;
    struct str sha256_hex;
    struct str blob; /* where its bytes lie; this room's */
};

enum err file_store_open(struct cx *cx, struct file_store **out); /* data_dir/files */
void file_store_close(struct file_store *s);

/* Receiving: any thread that may wait on the disk a little (a loop may: chunks are small). */
struct file_upload;
/* max_bytes: declared limit. subject_key: of vault_subject_key. */
enum err file_upload_start(struct cx *cx, struct str subject_key, int64_t max_bytes,
                           struct file_upload **out);
/* ERR_LIMIT, ERR_IO: the upload is spoilt, only drop is left. */
enum err file_upload_add(struct cx *cx, struct file_upload *u, struct str piece);
/* All bytes came: sniffs, fsyncs, moves into place. ERR_INVALID: empty, cut off, or a kind that is
 * not allowed (the sentence says which are). The blob is there; the row is not. */
enum err file_upload_end(struct cx *cx, struct file_upload *u);
/* After end, in SLOW (`prepare`): asks clamd, when configured, so that the person hears at once.
 * ERR_INVALID: infected. OK: clean, or no answer; then file_add puts it in quarantine. */
enum err file_upload_scan(struct cx *cx, struct file_upload *u);
struct str file_upload_mime(const struct file_upload *u); /* after end */
int64_t file_upload_size(const struct file_upload *u);
/* After end, in `prepare`: all bytes of a small file (at most 128 KiB, else ERR_LIMIT) that must
 * leave nothing behind, a private key: its blob is gone, file_add is no longer possible. */
enum err file_upload_take(struct cx *cx, struct file_upload *u, struct str *bytes);
/* Always, at last. Without a row a later sweep removes the blob. */
void file_upload_drop(struct file_upload *u);

/* WRITE lane: the row of an ended upload. May be called again after a rollback. */
enum err file_add(struct cx *cx, struct file_upload *u, int64_t owner, struct str name,
                  struct stored_file *out);
/* A file we made ourselves (a signed PDF): whole bytes, clean; file_add of the same owner makes its
 * row (an empty name there means this one). */
enum err file_put(struct cx *cx, int64_t owner, struct str subject_key, struct str name,
                  struct str bytes, struct file_upload **out);
/* The caller has checked that the actor may see it. ERR_NOT_FOUND. */
enum err file_find(struct cx *cx, int64_t id, struct stored_file *out);
enum err file_owner(struct cx *cx, int64_t id, int64_t *owner); /* likewise, opening nothing */
/* Forgets the row; the bytes go with a later sweep when no other row of the owner has them. */
enum err file_remove(struct cx *cx, int64_t id);
/* Streaming out, decrypted. ERR_BUSY: in quarantine (sentence); ERR_DENIED: infected;
 * ERR_NOT_FOUND: erased by an order. Opening needs cx->db; reading does not. */
struct file_reader;
enum err file_open(struct cx *cx, const struct stored_file *f, struct file_reader **out);
/* Empty at the end. ERR_IO: changed or cut. */
enum err file_read(struct file_reader *r, struct str *piece);
void file_reader_free(struct file_reader *r);
enum err file_read_all(struct cx *cx, const struct stored_file *f, size_t limit, struct str *bytes);

/* MIME type by the first bytes (4 KiB are enough), for showing while it still comes; empty:
 * unknown. Archives of office programs show what they are only at the end: until then the ending
 * of their name is believed. file_upload_mime is the truth. */
struct str file_sniff(struct str head, struct str name);
/* "đơn\..\x.exe" with application/pdf → "x.exe.pdf": no folders, no control or direction marks. */
struct str file_name_clean(struct cx *cx, struct str name, struct str mime);

/* Asks clamd (INSTREAM, setting "clamd.socket"). ERR_BUSY: no answer. *infected names the
 * finding, empty: clean. */
enum err file_scan(struct cx *cx, const struct stored_file *f, struct str *infected);
/* For a job, outside of a transaction: scans what waits in quarantine, empties what was erased,
 * removes blobs without rows older than a day (each folder of blobs once a day). */
enum err file_sweep(struct cx *cx);
/* How many wait in quarantine, and since when the oldest (0: none). */
enum err file_waiting(struct cx *cx, int64_t *n, int64_t *oldest_at);
