/* zip.c - the directory of an archive: everything is checked here, before anything is unpacked. */
#include "zip_inside.h"

#include <stdlib.h>

#define NAME_MAX_BYTES 512
#define RATIO_FROM (INT64_C(1) << 20) /* small entries of blanks pack any ratio */

const struct zip_limits zip_limits_default = {
    .entries = 4096, .unpacked_bytes = INT64_C(256) << 20, .ratio = 200};

void *zip_alloc(void *arena, unsigned n, unsigned size)
{
    return arena_alloc(arena, size_mul(n, size));
}

void zip_no_free(void *, void *)
{
}

static enum err broken(struct cx *cx)
{
    return fail(cx, ERR_INVALID, T("Tệp nén bị hỏng hoặc bị cụt. Lưu lại tệp rồi chọn lại."));
}

static enum err foreign(struct cx *cx)
{
    return fail(cx, ERR_INVALID,
                T("Tệp nén dùng cách nén hoặc mã hóa không nhận được. Lưu lại tệp ở dạng thường."));
}

static enum err too_large(struct cx *cx)
{
    return fail(cx, ERR_LIMIT,
                T("Tệp nén bung ra quá lớn nên không nhận được. Chia thành nhiều tệp nhỏ hơn."));
}

/* The end record carries a comment that must reach exactly the end of the file. */
static bool end_record(struct str s, size_t *at)
{
    if (s.n < END_BYTES)
        return false;
    const size_t lowest = s.n > END_BYTES + 65535 ? s.n - END_BYTES - 65535 : 0;
    for (size_t i = s.n - END_BYTES + 1; i-- > lowest;)
        if (memcmp(s.p + i, "PK\x05\x06", 4) == 0 && i + END_BYTES + le16(s, i + 20) == s.n) {
            *at = i;
            return true;
        }
    return false;
}

static bool name_good(struct str name)
{
    if (name.n == 0 || name.n > NAME_MAX_BYTES || name.p[0] == '/' || !utf8_valid(name))
        return false;
    for (size_t i = 0; i < name.n; i++)
        if ((unsigned char)name.p[i] < 0x20 || name.p[i] == '\\' || name.p[i] == ':')
            return false;
    for (struct str part, rest = name; rest.n;) {
        str_cut(rest, '/', &part, &rest);
        if (str_eq(part, S("..")) || str_eq(part, S(".")))
            return false;
    }
    return true;
}

/* One record of the directory at s[i]; *next is where the following begins. */
static enum err directory_entry(struct cx *cx, struct str s, size_t i, size_t end,
                                struct zip_entry *e, size_t *next)
{
    if (end - i < CENTRAL_BYTES || memcmp(s.p + i, "PK\x01\x02", 4) != 0)
        return broken(cx);
    const uint32_t flags = le16(s, i + 8), method = le16(s, i + 10);
    const size_t name_n = le16(s, i + 28),
                 whole = CENTRAL_BYTES + name_n + le16(s, i + 30) + le16(s, i + 32);
    if (end - i < whole)
        return broken(cx);
    *e = (struct zip_entry){
        .name = {s.p + i + CENTRAL_BYTES, name_n},
        .packed = le32(s, i + 20),
        .size = le32(s, i + 24),
        .at = le32(s, i + 42),
        .crc = le32(s, i + 16),
        .deflated = method == Z_DEFLATED,
    };
    *next = i + whole;
    if (flags & ~(uint32_t)FLAGS_KNOWN || (method != 0 && method != Z_DEFLATED) ||
        le16(s, i + 34) != 0 || e->packed == UINT32_MAX || e->size == UINT32_MAX ||
        e->at == UINT32_MAX)
        return foreign(cx);
    return name_good(e->name) && (e->deflated || e->packed == e->size) ? OK : broken(cx);
}

/* The local header must tell the same; then its data must end before `end`. */
static bool local_agrees(struct str s, const struct zip_entry *e, int64_t end)
{
    const size_t at = (size_t)e->at;
    if (e->at + LOCAL_BYTES > end || memcmp(s.p + at, "PK\x03\x04", 4) != 0)
        return false;
    const size_t name_n = le16(s, at + 26), extra_n = le16(s, at + 28);
    if (e->at + (int64_t)(LOCAL_BYTES + name_n + extra_n) + e->packed > end)
        return false;
    if (!str_eq((struct str){s.p + at + LOCAL_BYTES, name_n}, e->name) ||
        le16(s, at + 8) != (e->deflated ? Z_DEFLATED : 0))
        return false;
    return le16(s, at + 6) & FLAG_LATER ||
           (le32(s, at + 18) == e->packed && le32(s, at + 22) == e->size);
}

static int by_place(const void *a, const void *b)
{
    const struct zip_entry *x = *(const struct zip_entry *const *)a,
                           *y = *(const struct zip_entry *const *)b;
    return x->at < y->at ? -1 : x->at > y->at;
}

static int by_name(const void *a, const void *b)
{
    const struct zip_entry *x = *(const struct zip_entry *const *)a,
                           *y = *(const struct zip_entry *const *)b;
    return str_cmp(x->name, y->name);
}

/* Each entry has its own bytes (a bomb lets many share them) and its own name. */
static bool apart(struct cx *cx, const struct zip *z, size_t directory_at)
{
    const struct zip_entry **sorted = NEW_N(cx->arena, const struct zip_entry *, z->n);
    for (size_t i = 0; i < z->n; i++)
        sorted[i] = &z->entries[i];
    qsort(sorted, z->n, sizeof(struct zip_entry *), by_place);
    int64_t end = (int64_t)directory_at;
    for (size_t i = z->n; i-- > 0; end = sorted[i]->at)
        if (!local_agrees(z->bytes, sorted[i], end))
            return false;
    qsort(sorted, z->n, sizeof(struct zip_entry *), by_name);
    for (size_t i = 1; i < z->n; i++)
        if (str_eq(sorted[i - 1]->name, sorted[i]->name))
            return false;
    return true;
}

static bool within(const struct zip *z, const struct zip_limits *l)
{
    int64_t unpacked = 0;
    for (size_t i = 0; i < z->n; i++) {
        const struct zip_entry *e = &z->entries[i];
        unpacked += e->size;
        if (e->size > RATIO_FROM && e->size / l->ratio > e->packed)
            return false;
    }
    return unpacked <= l->unpacked_bytes;
}

enum err zip_open(struct cx *cx, struct str bytes, const struct zip_limits *limits, struct zip *out)
{
    const struct zip_limits *l = limits ? limits : &zip_limits_default;
    size_t end;
    *out = (struct zip){.bytes = bytes};
    if (!end_record(bytes, &end))
        return broken(cx);
    const size_t n = le16(bytes, end + 10), size = le32(bytes, end + 12),
                 at = le32(bytes, end + 16);
    if (le32(bytes, end + 4) != 0 || le16(bytes, end + 8) != n || n == UINT16_MAX)
        return foreign(cx);
    if (n > l->entries)
        return too_large(cx);
    if (n == 0 || at > end || size != end - at)
        return broken(cx);
    struct zip_entry *entries = NEW_N(cx->arena, struct zip_entry, n);
    size_t here = at;
    for (size_t i = 0; i < n; i++)
        TRY(directory_entry(cx, bytes, here, end, &entries[i], &here));
    out->entries = entries;
    out->n = n;
    if (here != end || !apart(cx, out, at))
        return broken(cx);
    return within(out, l) ? OK : too_large(cx);
}

const struct zip_entry *zip_find(const struct zip *z, struct str name)
{
    for (size_t i = 0; i < z->n; i++)
        if (str_eq(z->entries[i].name, name))
            return &z->entries[i];
    return NULL;
}
