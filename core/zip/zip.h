/*
 * zip.h - ZIP archives: a strict bounded reader and a streaming writer.
 *
 * The reader takes what office programs write: one disk, stored or deflated entries, no encryption,
 * no zip64. Everything is checked against the central directory, local headers must say the same,
 * entries may not overlap, and what comes out is bounded by entries, bytes and ratio before a byte
 * is unpacked. Names are only compared, never used as paths. The writer needs to know no size
 * beforehand and keeps only the directory in memory.
 */
#pragma once
#include "base/base.h"

struct zip_limits {
    size_t entries;         /* 4096 */
    int64_t unpacked_bytes; /* 256 MiB, of all entries together */
    int ratio;              /* 200: unpacked to packed, of each entry over 1 MiB */
};
extern const struct zip_limits zip_limits_default;

struct zip_entry {
    struct str name;      /* UTF-8, '/' between folders; points into the archive */
    int64_t packed, size; /* bytes */
    int64_t at;           /* of its local header */
    uint32_t crc;
    bool deflated;
};

struct zip {
    struct str bytes;
    const struct zip_entry *entries; /* in the order of the directory */
    size_t n;
};

/* The bytes must outlive it; the directory is in cx->arena. limits NULL: the default.
 * ERR_INVALID: no ZIP archive of the kind above, or cut off. ERR_LIMIT: over a limit. */
enum err zip_open(struct cx *cx, struct str bytes, const struct zip_limits *limits,
                  struct zip *out);
const struct zip_entry *zip_find(const struct zip *z, struct str name); /* NULL: none */

/* One entry, piece by piece, in memory of `a` (some 50 KiB) and of nobody else. */
struct zip_reader;
struct zip_reader *zip_read_start(struct arena *a, const struct zip *z, const struct zip_entry *e);
/* *piece is valid until the next call, empty at the end. ERR_INVALID: damaged, or longer or shorter
 * than the directory says. */
enum err zip_read(struct cx *cx, struct zip_reader *r, struct str *piece);
/* A small entry whole, in cx->arena. ERR_LIMIT: over max bytes. */
enum err zip_read_all(struct cx *cx, const struct zip *z, const struct zip_entry *e, size_t max,
                      struct str *out);

/* Where written bytes go: each piece once, in order. An error stops the writer. */
typedef enum err zip_sink(struct cx *cx, void *state, struct str piece);

/* All in cx->arena (some 300 KiB); the same cx for all calls. Dates of entries are cx->now. */
struct zip_out;
struct zip_out *zip_out_start(struct cx *cx, zip_sink *sink, void *state);
/* Ends the entry before and begins another; the name is copied. */
enum err zip_out_entry(struct zip_out *z, struct str name);
enum err zip_out_add(struct zip_out *z, struct str piece);
/* ERR_LIMIT: over 65,000 entries or 4 GiB. */
enum err zip_out_end(struct zip_out *z);
/* A sink that adds to a struct buf; ERR_LIMIT when it is full. */
enum err zip_to_buf(struct cx *cx, void *buf, struct str piece);
