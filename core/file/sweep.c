/* sweep.c - quarantine, erased owners, blobs that no row names. Runs as a job. */
#include "file_inside.h"

#include "db/db.h"
#include "lane/lane.h"
#include "log/log.h"
#include "vault/vault.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCAN_PAGE 50
#define OWNERS_PAGE 100
#define NAMES_MAX 2000 /* of one folder in one sweep; the rest tomorrow */

static enum err slow(struct cx *cx, enum err (*fn)(struct cx *cx, void *arg), void *arg)
{
    return lane_call(cx->env->lanes, LANE_SLOW, cx, fn, arg);
}

static enum err writing(struct cx *cx, enum err (*fn)(struct cx *cx, void *arg), void *arg)
{
    return lane_call(cx->env->lanes, LANE_WRITE, cx, fn, arg);
}

/* ---- quarantine ---- */

struct waiting {
    int64_t ids[SCAN_PAGE], after;
    size_t n;
};

/* unscoped: the sweeper looks at all */
static enum err list_waiting(struct cx *cx, void *arg)
{
    struct waiting *w = arg;
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select id from file_stored where state = 2 and id > $1 order by id limit $2",
                 V(w->after), V(SCAN_PAGE)));
    for (w->n = 0; w->n < SCAN_PAGE && db_next(&rows); w->n++)
        w->ids[w->n] = db_int(&rows, 0);
    return rows.err;
}

struct verdict {
    int64_t id;
    struct file_reader *reader;
    enum file_state state;
    struct str finding;
};

static enum err open_waiting(struct cx *cx, void *arg)
{
    struct verdict *v = arg;
    struct stored_file f;
    TRY(file_find(cx, v->id, &f));
    return f.state == FILE_QUARANTINE ? reader_open(cx, &f, &v->reader) : ERR_CONFLICT;
}

static enum err store_verdict(struct cx *cx, void *arg)
{
    const struct verdict *v = arg;
    return file_store_state(cx, v->id, FILE_QUARANTINE, v->state, v->finding);
}

static enum err next_piece(void *state, struct str *piece)
{
    return file_read(state, piece);
}

enum err file_scan(struct cx *cx, const struct stored_file *f, struct str *infected)
{
    struct file_reader *r;
    TRY(reader_open(cx, f, &r));
    enum err e = scan_stream(cx, next_piece, r, infected);
    file_reader_free(r);
    return e;
}

static enum err scan_one(struct cx *cx, int64_t id)
{
    struct verdict v = {.id = id, .state = FILE_CLEAN};
    enum err e = slow(cx, open_waiting, &v);
    if (e == OK && clamd_socket(cx).n) /* scanning was switched off: nothing to wait for */
        e = scan_stream(cx, next_piece, v.reader, &v.finding);
    file_reader_free(v.reader);
    if (e == ERR_BUSY)
        return e;
    if (e != OK) {
        log_event(LOG_ERROR, "file.scan.unreadable", KN("file", id), K("why", cx->why));
        return OK; /* stays where it is; the others need not wait for it */
    }
    if (v.finding.n) {
        v.state = FILE_INFECTED;
        log_event(LOG_WARN, "file.infected", KN("file", id), K("finding", v.finding));
    }
    return writing(cx, store_verdict, &v);
}

static enum err scan_waiting(struct cx *cx)
{
    struct waiting *w = NEW(cx->arena, struct waiting);
    do {
        TRY(slow(cx, list_waiting, w));
        for (size_t i = 0; i < w->n; i++) {
            struct arena_mark here = arena_here(cx->arena);
            TRY(scan_one(cx, w->ids[i]));
            w->after = w->ids[i];
            arena_back(cx->arena, here);
        }
    } while (w->n == SCAN_PAGE);
    return OK;
}

/* ---- erased owners ---- */

struct owners {
    int64_t ids[OWNERS_PAGE], after;
    size_t n;
};

static enum err list_owners(struct cx *cx, void *arg)
{
    struct owners *o = arg;
    return vault_erased_after(cx, o->after, o->ids, OWNERS_PAGE, &o->n);
}

/* unscoped: the sweeper looks at all */
static enum err has_files(struct cx *cx, void *arg)
{
    int64_t *owner = arg, n;
    TRY(db_one_int(cx, &n, "select count(*) from file_stored where owner = $1 and state <> 4",
                   V(*owner)));
    return n ? OK : ERR_NOT_FOUND;
}

static enum err forget_blobs(struct cx *cx, void *arg)
{
    return db_exec(cx,
                   "update file_stored set state = 4, blob = '' where owner = $1 and state <> 4",
                   V(*(int64_t *)arg));
}

/* Their rows let go of the blobs, which the next part then removes. */
static enum err empty_erased(struct cx *cx)
{
    struct owners *o = NEW(cx->arena, struct owners);
    do {
        TRY(slow(cx, list_owners, o));
        for (size_t i = 0; i < o->n; i++) {
            o->after = o->ids[i];
            enum err e = slow(cx, has_files, &o->ids[i]);
            if (e == OK)
                e = writing(cx, forget_blobs, &o->ids[i]);
            if (e != OK && e != ERR_NOT_FOUND)
                return e;
        }
    } while (o->n == OWNERS_PAGE);
    return OK;
}

/* ---- blobs without rows ---- */

struct old_blob {
    char name[BLOB_HEX + 1];
    bool kept;
};
struct folder {
    char path[4];
    int fd;
    struct old_blob *blobs;
    size_t n;
};

static bool is_old(struct cx *cx, int dir, const char *name)
{
    struct stat st;
    return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
           (int64_t)st.st_mtim.tv_sec * 1000 + ORPHAN_MS < cx->env->clock(cx->env);
}

/* Calls fn for every old regular file of a folder. */
static enum err each_old(struct cx *cx, const char *folder,
                         bool (*fn)(void *state, int dir, const char *name), void *state)
{
    int fd = openat(store_of(cx)->dir, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (!d) {
        if (fd >= 0)
            close(fd);
        return fail(cx, ERR_IO, "cannot read files/%s", folder);
    }
    for (const struct dirent *e = readdir(d); e; e = readdir(d))
        if (is_old(cx, fd, e->d_name) && !fn(state, fd, e->d_name))
            break;
    closedir(d);
    return OK;
}

static bool collect(void *state, int, const char *name)
{
    struct folder *f = state;
    if (strlen(name) == BLOB_HEX - 2) {
        struct old_blob *b = &f->blobs[f->n++];
        snprintf(b->name, sizeof b->name, "%.2s%s", f->path, name);
        b->kept = false;
    }
    return f->n < NAMES_MAX;
}

/* unscoped: the sweeper looks at all */
static enum err look_up(struct cx *cx, void *arg)
{
    struct folder *f = arg;
    for (size_t i = 0; i < f->n; i++) {
        int64_t rows;
        TRY(db_one_int(cx, &rows, "select count(*) from file_stored where blob = $1",
                       V(str_c(f->blobs[i].name))));
        f->blobs[i].kept = rows > 0;
    }
    return OK;
}

/* An upload of the same content may have come back in between: then the file is new again. */
static void remove_orphan(struct cx *cx, const char *blob)
{
    struct file_store *s = store_of(cx);
    const char *path = blob_path(cx->arena, str_c(blob)).p;
    pthread_mutex_lock(&s->moving);
    bool removed = is_old(cx, s->dir, path) && unlinkat(s->dir, path, 0) == 0;
    pthread_mutex_unlock(&s->moving);
    if (removed)
        log_event(LOG_INFO, "file.orphan.removed", K("blob", str_until(str_c(blob), 8)));
}

static enum err sweep_folder(struct cx *cx, int number)
{
    struct folder f = {.blobs = NEW_N(cx->arena, struct old_blob, NAMES_MAX)};
    snprintf(f.path, sizeof f.path, "%02x", (unsigned)number & 0xff);
    TRY(each_old(cx, f.path, collect, &f));
    if (f.n == 0)
        return OK;
    TRY(slow(cx, look_up, &f));
    for (size_t i = 0; i < f.n; i++)
        if (!f.blobs[i].kept)
            remove_orphan(cx, f.blobs[i].name);
    return OK;
}

static bool remove_left(void *, int dir, const char *name)
{
    (void)unlinkat(dir, name, 0);
    return true;
}

/* Each hour its share of the folders: every folder once a day. */
static enum err remove_orphans(struct cx *cx)
{
    TRY(each_old(cx, "tmp", remove_left, NULL));
    int hour = civil_at(cx->now).hour;
    for (int i = hour; i < FOLDERS; i += 24) {
        struct arena_mark here = arena_here(cx->arena);
        TRY(sweep_folder(cx, i));
        arena_back(cx->arena, here);
    }
    return OK;
}

enum err file_sweep(struct cx *cx)
{
    enum err scanned = scan_waiting(cx); /* clamd being away must not stop the rest */
    TRY(empty_erased(cx));
    TRY(remove_orphans(cx));
    return scanned;
}
