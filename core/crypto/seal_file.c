/* seal_file.c - files sealed in chunks of 64 KiB.
 *
 * Header: 0x02, 16 random bytes. The file's own key is HMAC(key, label header), so chunk nonces
 * may count from 0 without ever meeting those of another file. Then chunks: ciphertext, tag.
 * Nonce: 8 bytes chunk number (big endian), 3 zeros, 1 when the chunk is the last, else 0. Every
 * chunk but the last is full; the last may be empty. */
#include "crypto/crypto.h"

#include <errno.h>
#include <unistd.h>

#include "ossl.h"

#define VERSION 0x02
#define HEADER_N 17
#define CHUNK_N ((size_t)64 * 1024)
#define TAG_N 16
#define NONCE_N 12

/* What writer and reader have in common. */
struct chunks {
    struct hash key;
    uint64_t number;
    EVP_CIPHER_CTX *cipher;
};

struct seal_writer {
    struct chunks chunks;
    int fd;
    bool header_written, ended;
    enum err err; /* sticks: after a failed write the file is useless */
    unsigned char header[HEADER_N];
    size_t n;
    unsigned char plain[CHUNK_N];
    unsigned char out[CHUNK_N + TAG_N];
};

struct seal_reader {
    struct chunks chunks;
    int fd;
    char key_copy[SEAL_KEY_BYTES];
    bool begun, ended;
    enum err err;
    size_t n; /* bytes in `in`: one more than a chunk tells that more follows */
    unsigned char in[CHUNK_N + TAG_N + 1];
    unsigned char plain[CHUNK_N + TAG_N];
};

static struct hash file_key(struct str key, const unsigned char header[HEADER_N])
{
    static const char label[] = "tinhso sealed file";
    unsigned char message[sizeof label + HEADER_N];
    memcpy(message, label, sizeof label);
    memcpy(message + sizeof label, header, HEADER_N);
    return hmac_sha256(key, (struct str){(const char *)message, sizeof message});
}

static void nonce_of(uint64_t number, bool last, unsigned char nonce[NONCE_N])
{
    memset(nonce, 0, NONCE_N);
    for (int i = 0; i < 8; i++)
        nonce[i] = (unsigned char)(number >> (56 - 8 * i));
    nonce[NONCE_N - 1] = last;
}

static bool chunk_begin(struct chunks *c, bool encrypt, bool last)
{
    unsigned char nonce[NONCE_N];
    nonce_of(c->number++, last, nonce);
    return EVP_CipherInit_ex2(c->cipher, ossl_aes256gcm(), c->key.b, nonce, encrypt, NULL) == 1;
}

static enum err write_whole(int fd, const unsigned char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return ERR_IO;
        p += done;
        n -= (size_t)done;
    }
    return OK;
}

/* Reads until n bytes or the end of the file. */
static enum err read_whole(int fd, unsigned char *p, size_t n, size_t *got)
{
    *got = 0;
    while (*got < n) {
        ssize_t more = read(fd, p + *got, n - *got);
        if (more < 0 && errno == EINTR)
            continue;
        if (more < 0)
            return ERR_IO;
        if (more == 0)
            return OK;
        *got += (size_t)more;
    }
    return OK;
}

/* ---- writing ---- */

struct seal_writer *seal_writer_new(struct env *env, struct str key, int fd)
{
    MUST(key.n == SEAL_KEY_BYTES);
    struct seal_writer *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->fd = fd;
    w->chunks.cipher = EVP_CIPHER_CTX_new();
    if (!w->chunks.cipher) {
        free(w);
        return NULL;
    }
    w->header[0] = VERSION;
    env->random(env, w->header + 1, HEADER_N - 1);
    w->chunks.key = file_key(key, w->header);
    return w;
}

static enum err flush(struct seal_writer *w, bool last)
{
    int n = 0;
    EVP_CIPHER_CTX *c = w->chunks.cipher;
    MUST(chunk_begin(&w->chunks, true, last));
    MUST(w->n == 0 || EVP_EncryptUpdate(c, w->out, &n, w->plain, (int)w->n) == 1);
    MUST(EVP_EncryptFinal_ex(c, w->out + w->n, &n) == 1);
    MUST(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG_N, w->out + w->n) == 1);
    if (!w->header_written)
        TRY(write_whole(w->fd, w->header, HEADER_N));
    w->header_written = true;
    TRY(write_whole(w->fd, w->out, w->n + TAG_N));
    w->n = 0;
    return OK;
}

enum err seal_writer_add(struct seal_writer *w, struct str plain)
{
    MUST(!w->ended);
    while (plain.n && w->err == OK) {
        if (w->n == CHUNK_N) /* only now is it known that this chunk is not the last */
            w->err = flush(w, false);
        size_t take = plain.n < CHUNK_N - w->n ? plain.n : CHUNK_N - w->n;
        memcpy(w->plain + w->n, plain.p, take);
        w->n += take;
        plain = str_from(plain, take);
    }
    return w->err;
}

enum err seal_writer_end(struct seal_writer *w)
{
    MUST(!w->ended);
    w->ended = true;
    if (w->err == OK)
        w->err = flush(w, true);
    return w->err;
}

void seal_writer_free(struct seal_writer *w)
{
    if (!w)
        return;
    EVP_CIPHER_CTX_free(w->chunks.cipher);
    wipe(w, sizeof *w);
    free(w);
}

/* ---- reading ---- */

struct seal_reader *seal_reader_new(struct str key, int fd)
{
    MUST(key.n == SEAL_KEY_BYTES);
    struct seal_reader *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->fd = fd;
    memcpy(r->key_copy, key.p, key.n);
    r->chunks.cipher = EVP_CIPHER_CTX_new();
    if (r->chunks.cipher)
        return r;
    free(r);
    return NULL;
}

static enum err read_header(struct seal_reader *r)
{
    unsigned char header[HEADER_N];
    size_t got;
    TRY(read_whole(r->fd, header, HEADER_N, &got));
    if (got != HEADER_N || header[0] != VERSION)
        return ERR_IO;
    r->chunks.key = file_key((struct str){r->key_copy, SEAL_KEY_BYTES}, header);
    wipe(r->key_copy, sizeof r->key_copy);
    r->begun = true;
    return OK;
}

static bool open_chunk(struct seal_reader *r, size_t body_n, bool last)
{
    int n = 0;
    EVP_CIPHER_CTX *c = r->chunks.cipher;
    MUST(chunk_begin(&r->chunks, false, last));
    MUST(body_n == 0 || EVP_DecryptUpdate(c, r->plain, &n, r->in, (int)body_n) == 1);
    MUST(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG_N, r->in + body_n) == 1);
    bool good = EVP_DecryptFinal_ex(c, r->plain + body_n, &n) == 1;
    ERR_clear_error();
    return good;
}

static enum err next_chunk(struct seal_reader *r, struct str *out)
{
    if (!r->begun)
        TRY(read_header(r));
    size_t got;
    TRY(read_whole(r->fd, r->in + r->n, sizeof r->in - r->n, &got));
    r->n += got;
    bool last = r->n < sizeof r->in;
    size_t chunk_n = last ? r->n : CHUNK_N + TAG_N;
    if (chunk_n < TAG_N || !open_chunk(r, chunk_n - TAG_N, last))
        return ERR_IO;
    r->ended = last;
    r->n -= chunk_n;
    if (r->n)
        r->in[0] = r->in[chunk_n];
    *out = (struct str){(const char *)r->plain, chunk_n - TAG_N};
    return OK;
}

enum err seal_reader_next(struct seal_reader *r, struct str *out)
{
    *out = S("");
    if (r->err == OK && !r->ended)
        r->err = next_chunk(r, out);
    return r->err;
}

void seal_reader_free(struct seal_reader *r)
{
    if (!r)
        return;
    EVP_CIPHER_CTX_free(r->chunks.cipher);
    wipe(r, sizeof *r);
    free(r);
}
