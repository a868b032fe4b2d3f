/* file.c - receiving files, their rows, and giving them out again. */
#include "file_inside.h"

#include "db/db.h"
#include "log/log.h"
#include "vault/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- the folder ---- */

struct file_store *store_of(struct cx *cx)
{
    MUST(cx->env->files != NULL);
    return cx->env->files;
}

static bool make_folder(int dir, const char *name)
{
    return mkdirat(dir, name, 0700) == 0 || errno == EEXIST;
}

static bool make_folders(int dir)
{
    char name[3];
    for (int i = 0; i < FOLDERS; i++) {
        snprintf(name, sizeof name, "%02x", (unsigned)i & 0xff);
        if (!make_folder(dir, name))
            return false;
    }
    return make_folder(dir, "tmp") && fsync(dir) == 0;
}

enum err file_store_open(struct cx *cx, struct file_store **out)
{
    struct str path = str_fmt(cx->arena, "%.*s/files", F(cx->env->data_dir));
    int dir = folder_make(path.p, 0700) ? open(path.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (dir < 0 || !make_folders(dir)) {
        enum err e = fail(cx, ERR_IO, "cannot make %.*s: %s", F(path), strerror(errno));
        if (dir >= 0)
            close(dir);
        return e;
    }
    struct file_store *s = calloc(1, sizeof *s);
    char *copy = strndup(path.p, path.n);
    MUST(s && copy);
    s->path = (struct str){copy, path.n};
    s->dir = dir;
    pthread_mutex_init(&s->moving, NULL);
    *out = s;
    return OK;
}

void file_store_close(struct file_store *s)
{
    if (!s)
        return;
    close(s->dir);
    pthread_mutex_destroy(&s->moving);
    free((char *)(uintptr_t)s->path.p);
    free(s);
}

struct str blob_path(struct arena *a, struct str blob)
{
    MUST(blob.n == BLOB_HEX);
    return str_fmt(a, "%.2s/%.*s", blob.p, F(str_from(blob, 2)));
}

enum err blob_open(struct cx *cx, struct str blob, int *fd)
{
    struct str path = blob_path(cx->arena, blob);
    *fd = openat(store_of(cx)->dir, path.p, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return *fd < 0 ? fail(cx, ERR_IO, "cannot open files/%.*s: %s", F(path), strerror(errno)) : OK;
}

/* ---- rows ---- */

#define NAME_ABOUT S("file_stored.name")
#define DIGEST_ABOUT S("file_stored.digest")

/* unscoped: whose a file is, for whoever checks that */
enum err file_owner(struct cx *cx, int64_t id, int64_t *owner)
{
    const enum err e = db_one_int(cx, owner, "select owner from file_stored where id = $1", V(id));
    return e == ERR_NOT_FOUND ? fail(cx, e, T("Không có tệp này.")) : e;
}

/* unscoped: one row by an id that a record of the caller names; who may see that record was asked
 * there */
enum err file_find(struct cx *cx, int64_t id, struct stored_file *out)
{
    struct str name, digest;
    {
        auto_rows rows = {0};
        TRY(db_query(
            cx, &rows,
            "select id, owner, blob, mime, size_bytes, stored_at, state, name, digest from file_stored where id = $1",
            V(id)));
        if (!db_next(&rows))
            return rows.err ? rows.err : fail(cx, ERR_NOT_FOUND, T("Không có tệp này."));
        *out = (struct stored_file){
            .id = db_int(&rows, 0),
            .owner = db_int(&rows, 1),
            .blob = db_str(&rows, 2),
            .mime = db_str(&rows, 3),
            .size_bytes = db_int(&rows, 4),
            .stored_at = db_int(&rows, 5),
            .state = (enum file_state)db_int(&rows, 6),
        };
        name = db_bytes(&rows, 7);
        digest = db_bytes(&rows, 8);
    }
    enum err e = vault_open_sealed(cx, out->owner, NAME_ABOUT, name, &out->name);
    if (e == ERR_NOT_FOUND) { /* erased: the row says that there was a file, no more */
        out->state = FILE_ERASED;
        return OK;
    }
    TRY(e);
    TRY(vault_open_sealed(cx, out->owner, DIGEST_ABOUT, digest, &digest));
    out->sha256_hex = str_hex(cx->arena, digest);
    return OK;
}

static enum err seal_row(struct cx *cx, int64_t owner, struct stored_file *f, struct str digest,
                         struct str *name, struct str *sealed_digest)
{
    TRY(vault_seal(cx, owner, NAME_ABOUT, f->name, name));
    return vault_seal(cx, owner, DIGEST_ABOUT, digest, sealed_digest);
}

enum err file_remove(struct cx *cx, int64_t id)
{
    TRY(db_exec(cx, "delete from file_stored where id = $1", V(id)));
    return db_changed(cx) == 1 ? OK : fail(cx, ERR_NOT_FOUND, T("Không có tệp này."));
}

enum err file_store_state(struct cx *cx, int64_t id, enum file_state from, enum file_state to,
                          struct str finding)
{
    return db_exec(
        cx,
        "update file_stored set state = $1, finding = $2, scanned_at = $3 where id = $4 and state = $5",
        V((int)to), finding.n ? V(finding) : V_NULL, V(cx->now), V(id), V((int)from));
}

/* unscoped: a count of what waits for the scanner */
enum err file_waiting(struct cx *cx, int64_t *n, int64_t *oldest_at)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select count(*), coalesce(min(stored_at), 0) from file_stored where state = 2"));
    if (db_next(&rows)) {
        *n = db_int(&rows, 0);
        *oldest_at = db_int(&rows, 1);
    }
    return rows.err;
}

/* ---- receiving ---- */

/* A disk without room is given some: the same may be sent again later. The rest is the machine's.
 */
static enum err failed(struct cx *cx, const char *what, const char *path)
{
    const bool room = errno == ENOSPC || errno == EDQUOT || errno == EROFS;
    return fail(cx, room ? ERR_BUSY : ERR_IO, "cannot %s files/%s: %s", what, path,
                strerror(errno));
}

static enum err upload_open(struct cx *cx, struct file_upload *u)
{
    struct str name = str_hex(cx->arena, random_bytes(cx, 16));
    snprintf(u->tmp, sizeof u->tmp, "tmp/%.*s", F(name));
    u->fd = openat(u->store->dir, u->tmp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (u->fd < 0)
        return failed(cx, "make", u->tmp);
    u->head = malloc(HEAD_BYTES);
    u->tail = malloc(2 * TAIL_BYTES);
    u->hashing = hash_stream_new();
    u->writer = seal_writer_new(cx->env, (struct str){(char *)u->key, sizeof u->key}, u->fd);
    return u->head && u->tail && u->hashing && u->writer
               ? OK
               : fail(cx, ERR_IO, "no memory for an upload");
}

enum err file_upload_start(struct cx *cx, struct str subject_key, int64_t max_bytes,
                           struct file_upload **out)
{
    MUST(subject_key.n == SEAL_KEY_BYTES);
    struct file_upload *u = calloc(1, sizeof *u);
    if (!u)
        return fail(cx, ERR_IO, "no memory for an upload");
    u->store = store_of(cx);
    u->fd = -1;
    u->size_max = max_bytes;
    memcpy(u->key, subject_key.p, sizeof u->key);
    enum err e = upload_open(cx, u);
    if (e != OK) {
        file_upload_drop(u);
        return e;
    }
    *out = u;
    return OK;
}

static void keep_ends(struct file_upload *u, struct str piece)
{
    struct str head = str_until(piece, HEAD_BYTES - u->head_n);
    memcpy(u->head + u->head_n, head.p, head.n);
    u->head_n += head.n;
    if (piece.n > TAIL_BYTES)
        piece = str_from(piece, piece.n - TAIL_BYTES);
    if (u->tail_n + piece.n > 2 * TAIL_BYTES) {
        memmove(u->tail, u->tail + u->tail_n - TAIL_BYTES, TAIL_BYTES);
        u->tail_n = TAIL_BYTES;
    }
    memcpy(u->tail + u->tail_n, piece.p, piece.n);
    u->tail_n += piece.n;
}

struct str upload_tail(const struct file_upload *u)
{
    size_t n = u->tail_n < TAIL_BYTES ? u->tail_n : TAIL_BYTES;
    return (struct str){u->tail + u->tail_n - n, n};
}

static enum err spoil(struct file_upload *u, enum err e)
{
    u->stage = BROKEN;
    return e;
}

enum err file_upload_add(struct cx *cx, struct file_upload *u, struct str piece)
{
    MUST(u->stage == RECEIVING);
    if (piece.n == 0)
        return OK;
    if ((int64_t)piece.n > u->size_max - u->size)
        return spoil(u, fail(cx, ERR_LIMIT, T("Tệp lớn hơn %lld MB. Giảm kích thước rồi chọn lại."),
                             (long long)(u->size_max / (1024 * 1024))));
    u->size += (int64_t)piece.n;
    hash_stream_add(u->hashing, piece);
    text_check_add(&u->text, piece);
    keep_ends(u, piece);
    if (seal_writer_add(u->writer, piece) != OK)
        return spoil(u, failed(cx, "write", u->tmp));
    return OK;
}

/* Literals live as long as the program; what zip_kind and sniff give are literals. */
static enum err sniff(struct cx *cx, struct file_upload *u)
{
    const struct sniffed s = {
        .head = {u->head, u->head_n},
        .tail = upload_tail(u),
        .size = u->size,
        .text = text_check_end(&u->text),
    };
    return sniff_whole(cx, &s, &u->mime);
}

static bool sync_folder(int dir, const char *path)
{
    char folder[3] = {path[0], path[1], 0};
    int fd = openat(dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

/* File, then name, then folder: when the row comes, the bytes are on the disk for sure. An equal
 * file of the same owner is replaced by its equal, so that its age starts anew for the sweep. */
static enum err move_into_place(struct cx *cx, struct file_upload *u)
{
    const char *path = blob_path(cx->arena, (struct str){u->blob, BLOB_HEX}).p;
    if (seal_writer_end(u->writer) != OK || fsync(u->fd) != 0)
        return failed(cx, "write", u->tmp);
    pthread_mutex_lock(&u->store->moving);
    bool good = renameat(u->store->dir, u->tmp, u->store->dir, path) == 0;
    pthread_mutex_unlock(&u->store->moving);
    if (!good || !sync_folder(u->store->dir, path))
        return failed(cx, "move into", path);
    u->tmp[0] = 0;
    return OK;
}

/* Named by a keyed hash: equal files of two people have nothing in common. */
static void name_blob(struct cx *cx, struct file_upload *u)
{
    u->digest = hash_stream_end(u->hashing);
    u->hashing = NULL;
    struct hash h = hmac_sha256((struct str){(char *)u->key, sizeof u->key}, HASH_STR(u->digest));
    memcpy(u->blob, str_hex(cx->arena, HASH_STR(h)).p, BLOB_HEX);
}

enum err file_upload_end(struct cx *cx, struct file_upload *u)
{
    MUST(u->stage == RECEIVING);
    u->stage = BROKEN; /* until all below is done */
    TRY(sniff(cx, u));
    name_blob(cx, u);
    TRY(move_into_place(cx, u));
    close(u->fd);
    u->fd = -1;
    u->stage = IN_PLACE;
    return OK;
}

struct str file_upload_mime(const struct file_upload *u)
{
    return u->mime;
}

int64_t file_upload_size(const struct file_upload *u)
{
    return u->size;
}

void file_upload_drop(struct file_upload *u)
{
    if (!u)
        return;
    if (u->tmp[0] && u->fd >= 0)
        unlinkat(u->store->dir, u->tmp, 0);
    if (u->fd >= 0)
        close(u->fd);
    if (u->hashing)
        (void)hash_stream_end(u->hashing);
    seal_writer_free(u->writer);
    if (u->head)
        wipe(u->head, HEAD_BYTES);
    if (u->tail)
        wipe(u->tail, 2 * TAIL_BYTES);
    free(u->head);
    free(u->tail);
    free(u->name);
    wipe(u, sizeof *u);
    free(u);
}

static enum err next_piece(void *state, struct str *piece)
{
    return seal_reader_next(state, piece);
}

enum err file_upload_scan(struct cx *cx, struct file_upload *u)
{
    MUST(u->stage == IN_PLACE);
    if (clamd_socket(cx).n == 0)
        return OK;
    int fd;
    struct str infected;
    TRY(blob_open(cx, (struct str){u->blob, BLOB_HEX}, &fd));
    struct seal_reader *r = seal_reader_new((struct str){(char *)u->key, sizeof u->key}, fd);
    enum err e = r ? scan_stream(cx, next_piece, r, &infected) : fail(cx, ERR_IO, "no memory");
    seal_reader_free(r);
    close(fd);
    if (e == ERR_BUSY) {
        log_event(LOG_WARN, "file.scan.no_answer", K("why", cx->why));
        return OK; /* the row will say quarantine */
    }
    TRY(e);
    if (infected.n) {
        log_event(LOG_WARN, "file.infected", K("finding", infected),
                  KN("account", cx->actor->account), KN("size", u->size));
        return fail(cx, ERR_INVALID, T("Tệp có mã độc (%.*s) nên không nhận được. Chọn tệp khác."),
                    F(infected));
    }
    u->scanned = true;
    return OK;
}

enum err file_add(struct cx *cx, struct file_upload *u, int64_t owner, struct str name,
                  struct stored_file *out)
{
    MUST(u->stage == IN_PLACE && (!u->ours || u->owner == owner));
    bool trusted = u->ours || u->scanned || clamd_socket(cx).n == 0;
    struct stored_file f = {
        .owner = owner,
        .name = file_name_clean(cx, name.n || !u->name ? name : str_c(u->name), u->mime),
        .mime = u->mime,
        .size_bytes = u->size,
        .stored_at = cx->now,
        .state = trusted ? FILE_CLEAN : FILE_QUARANTINE,
        .sha256_hex = str_hex(cx->arena, HASH_STR(u->digest)),
        .blob = str_dup(cx->arena, (struct str){u->blob, BLOB_HEX}),
    };
    struct str sealed_name, sealed_digest;
    TRY(seal_row(cx, owner, &f, HASH_STR(u->digest), &sealed_name, &sealed_digest));
    TRY(db_insert(
        cx, &f.id,
        "insert into file_stored (owner, blob, name, digest, mime, size_bytes, stored_at, state, scanned_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id",
        V(owner), V(f.blob), VB(sealed_name), VB(sealed_digest), V(f.mime), V(f.size_bytes),
        V(f.stored_at), V((int)f.state), V(u->scanned ? cx->now : 0)));
    *out = f;
    return OK;
}

enum err file_put(struct cx *cx, int64_t owner, struct str subject_key, struct str name,
                  struct str bytes, struct file_upload **out)
{
    struct file_upload *u;
    TRY(file_upload_start(cx, subject_key, (int64_t)bytes.n, &u));
    u->ours = true;
    u->owner = owner;
    u->name = strndup(name.p ? name.p : "", name.n);
    enum err e = file_upload_add(cx, u, bytes);
    if (e == OK)
        e = file_upload_end(cx, u);
    if (e != OK) {
        file_upload_drop(u);
        return e;
    }
    *out = u;
    return OK;
}
