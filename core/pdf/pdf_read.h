/* pdf_read.h - reading the objects of a PDF file, bounded, for this room only.
 *
 * A value is a slice of the file's own bytes ("<< /Type /Page >>", "12 0 R", "(text)"); nothing
 * is built. Only classic cross-reference tables are followed: what cairo writes and what we
 * append. A dictionary key that stands twice is as good as absent, so that no two readers can
 * be shown two different things. */
#pragma once
#include "base/base.h"

#define PDF_FILE_MAX ((size_t)64 << 20)
#define PDF_OBJECTS_MAX 200'000
#define PDF_VALUE_MAX ((size_t)512 * 1024) /* of one object without its stream */
#define PDF_REVISIONS_MAX 64
#define PDF_DEPTH_MAX 32

struct pdf_xref {
    uint32_t offset; /* 0: free or unknown */
    uint32_t generation;
    bool seen; /* a newer section already told */
};
struct pdf_doc {
    struct str bytes;
    struct pdf_xref *xref;
    size_t xref_n; /* one more than the highest number */
    size_t xref_room;
    size_t entries_left; /* of tables, over all revisions: a file may point back at itself */
    size_t last_xref;    /* where the newest section begins */
    struct str trailer;  /* the newest */
    struct str root_ref; /* "1 0 R" */
};

/* ERR_INVALID: no PDF, encrypted, or of a kind that is not followed. The doc points into pdf. */
enum err pdf_open(struct cx *cx, struct str pdf, struct pdf_doc *out);

/* The value that begins at s.p[*at] after blanks and comments; moves *at behind it. Empty: there
 * is none that could be read. */
struct str pdf_value(struct str s, size_t *at);
/* The value of a key of this dictionary; empty when absent or no dictionary. Not resolved. */
struct str pdf_get(struct str dict, const char *key);
/* Each pair in turn: false at the end. Start with *at = 0. */
bool pdf_pair(struct str dict, size_t *at, struct str *key, struct str *value);
/* Each element of an array in turn: false at the end. Start with *at = 0. */
bool pdf_item(struct str array, size_t *at, struct str *item);

bool pdf_ref(struct str value, uint32_t *number); /* "12 0 R" */
bool pdf_number(struct str value, double *out);
bool pdf_int(struct str value, int64_t *out);
bool pdf_is_name(struct str value, const char *name); /* "/Sig" */
bool pdf_is_dict(struct str value);
bool pdf_is_array(struct str value);

/* The object of this number; for a stream, its dictionary, and *body (may be NULL) its bytes as
 * they stand. Empty: there is none. */
struct str pdf_object(const struct pdf_doc *d, uint32_t number, struct str *body);
/* Follows references, at most a few. */
struct str pdf_follow(const struct pdf_doc *d, struct str value);
struct str pdf_get_followed(const struct pdf_doc *d, struct str dict, const char *key);

/* A string value, literal or hexadecimal, as bytes; false: no string. */
bool pdf_string_bytes(struct arena *a, struct str value, struct str *bytes);
/* As UTF-8 without control characters, at most 500 characters. Empty: no string. */
struct str pdf_string_text(struct arena *a, struct str value);

/* OK: with one signature more pdf_signatures still reads the file. ERR_LIMIT: its fields are too
 * many, or in a circle. */
enum err pdf_signature_fits(struct cx *cx, const struct pdf_doc *d);
