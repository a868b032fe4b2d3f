/* read.c - giving stored files out: decrypted piece by piece, checked against their hash. */
#include "file_inside.h"

#include "vault/vault.h"

#include <stdlib.h>
#include <unistd.h>

struct file_reader {
    int fd;
    struct seal_reader *sealed;
    struct hash_stream *hashing; /* NULL once the end was checked */
    struct hash expected;
    int64_t left;
    enum err err; /* sticks */
};

/* A blob of the same owner put in this one's place would open: the hash tells. */
static struct file_reader *reader_new(struct str key, int fd, int64_t size, struct str sha256)
{
    struct file_reader *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->fd = fd;
    r->left = size;
    r->sealed = seal_reader_new(key, fd);
    r->hashing = hash_stream_new();
    MUST(sha256.n == HASH_BYTES);
    memcpy(r->expected.b, sha256.p, HASH_BYTES);
    if (r->sealed && r->hashing)
        return r;
    r->fd = -1; /* still the caller's */
    file_reader_free(r);
    return NULL;
}

static enum err at_end(struct file_reader *r)
{
    struct hash h = hash_stream_end(r->hashing);
    r->hashing = NULL;
    return r->left == 0 && memcmp(h.b, r->expected.b, HASH_BYTES) == 0 ? OK : ERR_IO;
}

static enum err read_piece(struct file_reader *r, struct str *piece)
{
    TRY(seal_reader_next(r->sealed, piece));
    if (piece->n == 0)
        return at_end(r);
    hash_stream_add(r->hashing, *piece);
    r->left -= (int64_t)piece->n;
    return r->left < 0 ? ERR_IO : OK;
}

enum err file_read(struct file_reader *r, struct str *piece)
{
    *piece = S("");
    if (r->err == OK && r->hashing)
        r->err = read_piece(r, piece);
    return r->err;
}

void file_reader_free(struct file_reader *r)
{
    if (!r)
        return;
    seal_reader_free(r->sealed);
    if (r->hashing)
        (void)hash_stream_end(r->hashing);
    if (r->fd >= 0)
        close(r->fd);
    free(r);
}

enum err reader_open(struct cx *cx, const struct stored_file *f, struct file_reader **out)
{
    struct str key, sha256;
    int fd;
    TRY(vault_subject_key(cx, f->owner, &key));
    MUST(str_unhex(cx->arena, f->sha256_hex, &sha256));
    TRY(blob_open(cx, f->blob, &fd));
    *out = reader_new(key, fd, f->size_bytes, sha256);
    wipe((void *)(uintptr_t)key.p, key.n);
    if (*out)
        return OK;
    close(fd);
    return fail(cx, ERR_IO, "no memory for a reader");
}

enum err file_open(struct cx *cx, const struct stored_file *f, struct file_reader **out)
{
    if (f->state == FILE_QUARANTINE)
        return fail(cx, ERR_BUSY, T("Tệp %.*s đang chờ quét mã độc. Mở lại sau vài phút."),
                    F(f->name));
    if (f->state == FILE_INFECTED)
        return fail(cx, ERR_DENIED,
                    T("Tệp %.*s có mã độc nên không mở được. Yêu cầu người nộp gửi tệp khác."),
                    F(f->name));
    if (f->state == FILE_ERASED) {
        struct str order;
        TRY(vault_erased_by(cx, f->owner, &order));
        return fail(cx, ERR_NOT_FOUND, T("Tệp này đã xóa theo quyết định %.*s."), F(order));
    }
    return reader_open(cx, f, out);
}

enum err file_read_all(struct cx *cx, const struct stored_file *f, size_t limit, struct str *bytes)
{
    if (f->size_bytes > (int64_t)limit)
        return fail(cx, ERR_LIMIT, T("Tệp %.*s lớn hơn %zu byte."), F(f->name), limit);
    struct file_reader *r;
    TRY(file_open(cx, f, &r));
    struct buf b = {.arena = cx->arena, .limit = limit};
    struct str piece;
    enum err e;
    do {
        e = file_read(r, &piece);
        buf_add(&b, piece);
    } while (e == OK && piece.n);
    file_reader_free(r);
    *bytes = buf_str(&b);
    return e == OK ? OK : fail(cx, ERR_IO, "file %lld was changed or cut", (long long)f->id);
}
