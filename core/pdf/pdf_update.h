/* pdf_update.h - changing a PDF by appending a revision; for this room only.
 *
 * The old bytes stay as they are, which is what keeps earlier signatures valid. */
#pragma once
#include "pdf_read.h"

struct pdf_changed {
    uint32_t number, generation;
    size_t offset;
};
struct pdf_update {
    const struct pdf_doc *doc;
    struct arena *arena;
    struct buf out;
    uint32_t next; /* number of the next new object */
    VEC(struct pdf_changed) changed;
};
struct pdf_update pdf_update_begin(struct arena *a, const struct pdf_doc *d, size_t room);
uint32_t pdf_update_new(struct pdf_update *u); /* a fresh number */
/* Writes "number g obj value endobj". A stream's value is its dictionary with /Length. */
void pdf_update_put(struct pdf_update *u, uint32_t number, struct str value);
void pdf_update_put_stream(struct pdf_update *u, uint32_t number, struct str dict, struct str body);
/* `more` goes into the trailer: "/ID [...]", or empty to keep the old /ID. */
struct str pdf_update_end(struct pdf_update *u, struct str more);

/* The dictionary with these keys set; an empty value takes the key away. */
struct pdf_entry {
    const char *key;
    struct str value;
};
struct str pdf_with(struct arena *a, struct str dict, const struct pdf_entry *entries, size_t n);
struct str pdf_ref_to(struct arena *a, uint32_t number); /* "12 0 R", of a new object */
/* The array with one more item; [item] when it is none. */
struct str pdf_array_with(struct arena *a, struct str array, struct str item);
