/*
 * power_model.h - a record of file calls, taken entry by entry, and what the disk holds of it.
 *
 * Kept is what an fsync covered; waiting is what none has covered yet, of which a cut keeps
 * anything: power_image.c throws dice, states.c walks through what there is.
 */
#pragma once
#include "power.h"
#include "power_record.h"

#include <sys/types.h>

/* One change of a file that no fsync has covered yet. */
struct change {
    uint64_t place; /* in the record */
    bool size;
    uint64_t at;
    struct str bytes;
};
struct disk_file {
    const char *from; /* unchanged so far: its bytes lie there; NULL: in p */
    char *p;
    size_t n, cap;
    mode_t mode;
    bool link;       /* symbolic: p is where it points, there with its name */
    struct str path; /* by which the program knew it last */
    VEC(struct change) waiting;
};
/* A name in the folder; file NULL: a folder. */
struct name {
    struct str path;
    struct disk_file *file;
    bool there;
    mode_t mode;
};
/* One change of names that no fsync of its folder has covered yet. */
struct renaming {
    uint64_t place;
    enum power_call call;
    struct str path, to;
    struct disk_file *file;
    mode_t mode;
};
struct names {
    struct map by_path;
    VEC(struct name *) all;
};
struct image {
    struct cx *cx;
    struct arena *arena;
    struct names seen; /* as the program saw it */
    struct names kept; /* as the disk holds it for certain */
    struct map by_number;
    VEC(struct renaming) waiting;
    VEC(struct disk_file *) files;
    struct str record;   /* mapped */
    uint64_t at;         /* how much of it is taken */
    const char *dropped; /* fsyncs of such paths keep nothing (fnmatch); NULL: none */
    uint64_t skipped;    /* the one fsync at this place keeps nothing; 0: none */
    uint64_t luck;       /* of the dice */
};

/* The folder as it was, the record about to be taken. */
enum err model_open(struct image *m, struct cx *cx, const char *before, const char *record);
void model_close(struct image *m);
/* Takes the next entry. ERR_NOT_FOUND: the end, or the last one was cut by the kill. */
enum err model_step(struct image *m, struct power_entry *taken);
/* The path of a synced file or folder; empty: none of ours. "." is the folder itself. */
struct str model_synced(struct image *m, const struct power_entry *e);

/* What the one fsync that is left out would have made last, and no other has since. */
struct lack {
    struct disk_file *file; /* NULL: names, in the folder */
    struct str folder;
    uint64_t until;
};
/* Of the sync that comes next; false: it is none. */
bool model_next_sync(struct image *m, struct lack *out);
bool model_lacks_change(const struct lack *l, const struct disk_file *f, const struct change *c);
bool model_lacks_name(const struct lack *l, const struct renaming *r);
size_t model_lacking(const struct image *m, const struct lack *l);
/* What that is, in words: "3 writes, 12288 bytes", "+tls +tls/a". */
void model_lack_says(const struct image *m, const struct lack *l, char *out, size_t room);
/* Nothing of it has a name any more. */
bool model_lack_is_gone(struct image *m, const struct lack *l);

/* For certain from now on: one change of bytes, some sectors of it, one change of names. */
enum err model_keep(struct image *m, struct disk_file *f, const struct change *c);
enum err model_keep_torn(struct image *m, struct disk_file *f, const struct change *c);
void model_keep_name(struct image *m, const struct renaming *r);
uint32_t model_roll(struct image *m, uint32_t sides);
enum err model_load(struct image *m, struct disk_file *f);  /* its bytes are in p */
bool model_is_there(struct image *m, const struct name *n); /* kept, and its folders too */
/* Makes the new folder `to` of all that is kept. */
enum err model_write(struct image *m, const char *to);
