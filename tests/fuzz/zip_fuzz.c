/* zip_fuzz.c - any bytes as an archive: opened or refused, and what is read is what was promised.
 */
#include "zip/zip.h"

#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_entry(struct cx *cx, const struct zip *z, const struct zip_entry *e)
{
    struct arena *a = arena_new((size_t)1 << 20);
    struct zip_reader *r = zip_read_start(a, z, e);
    int64_t n = 0;
    uLong crc = crc32(0, NULL, 0);
    for (struct str piece = S("-"); piece.n > 0;) {
        const enum err got = zip_read(cx, r, &piece);
        if (got != OK) {
            MUST(got == ERR_INVALID);
            arena_free(a);
            return;
        }
        n += (int64_t)piece.n;
        crc = crc32(crc, (const Bytef *)piece.p, (uInt)piece.n);
        MUST(n <= e->size);
    }
    MUST(n == e->size && crc == e->crc);
    arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct zip_limits limits = {
        .entries = 64, .unpacked_bytes = INT64_C(4) << 20, .ratio = 200};
    struct env env = {0};
    struct cx cx = {
        .arena = arena_new(size * 4 + ((size_t)1 << 20)), .env = &env, .actor = &actor_anonymous};
    struct zip z;
    const enum err e = zip_open(&cx, (struct str){(const char *)data, size}, &limits, &z);
    MUST(e == OK || ((e == ERR_INVALID || e == ERR_LIMIT) && cx.why.n > 0));
    int64_t unpacked = 0;
    for (size_t i = 0; e == OK && i < z.n; i++) {
        MUST(zip_find(&z, z.entries[i].name) == &z.entries[i]);
        unpacked += z.entries[i].size;
        read_entry(&cx, &z, &z.entries[i]);
    }
    MUST(unpacked <= limits.unpacked_bytes);
    arena_free(cx.arena);
    return 0;
}
