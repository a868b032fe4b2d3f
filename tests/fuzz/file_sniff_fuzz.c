/*
 * file_sniff_fuzz.c - uploads: kinds by content, archives by their directory, names.
 *
 * The bytes are taken as a whole small file; text is checked twice, in one piece and byte by byte,
 * and beside the reader of core/base; the bytes are also a file name, which must come out safe.
 */
#include "file/file_inside.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_text(struct str s, size_t step)
{
    struct text_check t = {0};
    for (; s.n; s = str_from(s, step))
        text_check_add(&t, str_until(s, step));
    return text_check_end(&t);
}

static void check_name(struct cx *cx, struct str given)
{
    struct str name = file_name_clean(cx, given, S("application/pdf"));
    if (name.n == 0 || name.n > 600 || !utf8_valid(name) || name.p[0] == '.')
        abort();
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == '/' || name.p[i] == '\\')
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 64 * 1024)
        return 0;
    struct env env = {0};
    struct cx cx = {.arena = arena_new((size_t)16 << 20), .env = &env, .actor = &actor_anonymous};
    if (!cx.arena)
        return 0;
    struct str whole = {(const char *)data, size}, mime;
    const bool text = is_text(whole, size);
    if (text != is_text(whole, 1) || (text && !utf8_valid(whole)))
        abort();
    const struct sniffed s = {
        .head = str_until(whole, HEAD_BYTES),
        .tail = whole,
        .size = (int64_t)size,
        .text = text,
    };
    enum err e = sniff_whole(&cx, &s, &mime);
    if (e == OK ? mime.n == 0 || str_eq(mime, S("application/zip")) : e != ERR_INVALID)
        abort();
    check_name(&cx, whole);
    arena_free(cx.arena);
    return 0;
}
