/*
 * module.h - what a system of the province brings to the program: one const struct a folder.
 *
 * app/modules.c lists them, one line each. Everything the program shows about itself (routes,
 * rights, schedules, packs, the map) comes from these tables.
 */
#pragma once
#include "base/base.h"
#include "db/db.h"
#include "job/job.h"
#include "web/web.h"

struct pack_report;
/* A kind of pack file a module loads: packs/<folder>/... */
struct pack_kind {
    const char *name; /* "procedure": "kind" in the pack's manifest */
    const char *title;
    /* WRITE lane, once per chunk: called with the file's bytes; must be idempotent, and cut long
     * work: *next is where to go on (0 at first, stays 0 when done). */
    enum err (*load)(struct cx *cx, struct str file_name, struct str bytes, size_t *next,
                     struct pack_report *report);
};
struct pack_report {
    int64_t added, changed, same, refused;
    struct buf lines; /* one line a refused record: place and reason */
};

struct module {
    const char *name;                   /* folder; its schema is modules/NAME/schema */
    const char *title;                  /* Vietnamese, for menus and `tinhso modules` */
    const char *const *needs;           /* doors it includes; NULL-ended */
    const struct route *routes;         /* {0}-ended; may be NULL */
    const struct right *const *rights;  /* NULL-ended */
    const struct job_kind *const *jobs; /* NULL-ended */
    const struct pack_kind *packs;      /* {0}-ended */
    const struct menu_item *menu;       /* {0}-ended */
    const struct place_count *counts;   /* {0}-ended */
    bool menu_first;  /* its menu stands before the others': where whoever may begins */
    bool menu_behind; /* its menu stands behind the others': nobody's first screen */
    enum err (*start)(struct cx *cx);   /* once, after migrations, before serving; no heavy work */
    enum err (*demo)(struct cx *cx);    /* WRITE lane: invented people and cases for the demo */
    enum err (*rebuild)(struct cx *cx); /* drops and makes its derived tables again */
};

/* The web room over these modules (NULL-ended), without listening: tests, stories. */
enum err web_open(struct cx *cx, const struct module *const *modules, struct web **out);
/* What the rooms want to know of all modules together; all in `a`. */
const struct web_part *module_web_parts(struct arena *a, const struct module *const *modules,
                                        size_t *n);
const struct job_kind *const *
module_jobs(struct arena *a, const struct module *const *modules); /* with core's own; NULL-ended */
/* Folders of migrations in order: core's rooms, then modules after those they need; NULL-ended. */
const char *const *module_schema_roots(struct arena *a, const struct module *const *modules);
/* Calls every start, in order. */
enum err module_start_all(struct cx *cx, const struct module *const *modules);

/* ---- packs: content as data (packs/README.md) ---- */

struct pack_loaded {
    struct str pack, file, kind, sha256_hex, date;
    int64_t loaded_at, added, changed, same, refused;
};
/* One file of a pack as it lies: a manifest names them in the order in which they are loaded. */
struct pack_file {
    struct str kind, name, bytes, sha256_hex;
};
struct pack {
    struct str name, title, date;
    struct pack_file *files;
    size_t files_n;
};
/* One file alone, of a stated kind; a name that ends in .gz is unpacked (at most 64 MiB). */
enum err pack_open_file(struct cx *cx, struct str path, struct str kind, struct pack *out);
/* A pack of the binary ("quoc-gia"), a folder with pack.json, or one pack.json; files that end in
 * .gz are unpacked. ERR_NOT_FOUND,
 * ERR_INVALID: the manifest or a file is missing or broken (the sentence names it). */
enum err pack_open(struct cx *cx, struct str name_or_path, struct pack *out);
/* Loads every file through the WRITE lane, in turns; `said` hears one line a file and one a refused
 * record. Not inside a lane. */
typedef void pack_say(void *state, struct str line);
enum err pack_load(struct cx *cx, const struct pack *p, pack_say *said, void *state);
/* Does a module load this kind? pack_load passes over files of others, saying so. */
bool pack_knows(const struct cx *cx, struct str kind);
enum err pack_list(struct cx *cx, struct pack_loaded *out, size_t max, size_t *n); /* in a lane */
