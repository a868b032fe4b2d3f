/* file_inside.h - what the files of this room share; nobody else includes it. */
#pragma once
#include "file.h"

#include <pthread.h>

#define FOLDERS 256
#define BLOB_HEX (2 * HASH_BYTES)
#define HEAD_BYTES ((size_t)4096)
#define TAIL_BYTES ((size_t)128 * 1024) /* central directories of office archives fit */
#define ORPHAN_MS DAY_MS

struct file_store {
    struct str path; /* data_dir/files */
    int dir;
    pthread_mutex_t moving; /* moving into place and sweeping exclude each other */
};

/* Whether all bytes so far are UTF-8 text without control characters. */
struct text_check {
    bool broken;
    unsigned char need, low, high; /* continuation bytes still due; bounds of the next one */
};
void text_check_add(struct text_check *t, struct str piece);
bool text_check_end(const struct text_check *t);

/* What is known of a file when all its bytes came. */
struct sniffed {
    struct str head, tail; /* the whole file when it is short */
    int64_t size;
    bool text;
};
struct str sniff_head(struct str head); /* "application/zip" for any archive */
/* ERR_INVALID with a sentence, or *mime. */
enum err sniff_whole(struct cx *cx, const struct sniffed *s, struct str *mime);
#define MIME_DOCX S("application/vnd.openxmlformats-officedocument.wordprocessingml.document")
#define MIME_XLSX S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
#define MIME_ODT S("application/vnd.oasis.opendocument.text")
/* The kind of an office archive by its central directory; empty: none we take. */
enum err zip_kind(struct cx *cx, const struct sniffed *s, struct str *mime);
/* A ZIP directory ends exactly where the file ends. */
bool zip_at_end(struct str tail, size_t *eocd);

/* A file while it is received. */
enum stage { RECEIVING = 0, IN_PLACE, TAKEN, BROKEN };

struct file_upload {
    struct file_store *store;
    enum stage stage;
    bool ours;     /* made by the program: needs no scan */
    int64_t owner; /* of ours */
    char *name;    /* of ours */
    bool scanned;  /* clamd found nothing */
    int fd;
    char tmp[64];
    struct seal_writer *writer;
    struct hash_stream *hashing;
    unsigned char key[SEAL_KEY_BYTES];
    int64_t size, size_max;
    struct text_check text;
    char *head, *tail; /* tail: the last TAIL_BYTES, kept in a buffer of twice that */
    size_t head_n, tail_n;
    struct hash digest;
    char blob[BLOB_HEX + 1];
    struct str mime; /* a literal */
};
/* Its last bytes: the whole of a small one. */
struct str upload_tail(const struct file_upload *u);

struct file_store *store_of(struct cx *cx);
/* "ab/cdef..." below data_dir/files. */
struct str blob_path(struct arena *a, struct str blob);
enum err blob_open(struct cx *cx, struct str blob, int *fd);
struct str clamd_socket(struct cx *cx); /* empty: not configured */
/* Streams what `next` gives to clamd. */
typedef enum err scan_next(void *state, struct str *piece);
enum err scan_stream(struct cx *cx, scan_next *next, void *state, struct str *infected);

/* Opens whatever the state is. */
enum err reader_open(struct cx *cx, const struct stored_file *f, struct file_reader **out);
enum err file_store_state(struct cx *cx, int64_t id, enum file_state from, enum file_state to,
                          struct str finding);
