/*
 * embed.h - files that the build put into the binary: schemas, assets, packs, fonts, templates.
 *
 * tools/mkembed writes the table (build/.../gen/embed.c) from the source tree, sorted by path.
 * Assets (CSS, scripts, fonts, pictures) also carry gzip and brotli forms and a content hash.
 */
#pragma once
#include "base/base.h"

struct embed_file {
    struct str path; /* as in the source tree: "modules/org/schema/0001_org.sql" */
    struct str bytes;
    struct str gzip, brotli; /* empty: not worth it */
    struct str mime;
    struct str sha256_hex;
};
const struct embed_file *embed_find(struct str path); /* NULL: none */
/* The run of files whose path starts so: *n of them from the returned one on. */
const struct embed_file *embed_under(struct str prefix, size_t *n);
