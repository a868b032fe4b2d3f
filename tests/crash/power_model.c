/* power_model.c - from a record of file calls to what the disk holds for certain, and what waits.
 */
#include "power_model.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define SECTOR 512
#define IMAGE_LIMIT ((size_t)4 << 30)

/* ---- names ---- */

static struct name *name_at(struct names *n, struct str path)
{
    struct name *found = map_get(&n->by_path, path);
    return found && found->there ? found : NULL;
}

static void put_name(struct image *m, struct names *n, struct str path, struct disk_file *f,
                     mode_t mode)
{
    struct name *it = map_get(&n->by_path, path);
    if (!it) {
        it = NEW(m->arena, struct name);
        map_put(m->arena, &n->by_path, path, it);
        *vec_add(m->arena, &n->all) = it;
    }
    *it = (struct name){path, f, true, mode};
}

static void change_names(struct image *m, struct names *n, const struct renaming *r)
{
    struct name *old = map_get(&n->by_path, r->path);
    if (r->call == POWER_REMOVED || r->call == POWER_RENAMED)
        if (old)
            old->there = false;
    if (r->call == POWER_RENAMED)
        put_name(m, n, r->to, r->file, r->mode);
    else if (r->call != POWER_REMOVED)
        put_name(m, n, r->path, r->file, r->mode);
}

static struct str parent_of(struct str path)
{
    size_t n = path.n;
    while (n > 0 && path.p[n - 1] != '/')
        n--;
    return str_until(path, n ? n - 1 : 0);
}

static void rename_now(struct image *m, struct renaming r)
{
    if (r.file)
        r.file->path = r.call == POWER_RENAMED ? r.to : r.path;
    change_names(m, &m->seen, &r);
    *vec_add(m->arena, &m->waiting) = r;
}

void model_keep_name(struct image *m, const struct renaming *r)
{
    change_names(m, &m->kept, r);
}

/* A file that is under its new name was made before. */
static void forget_making(struct image *m, const struct renaming *renamed)
{
    for (size_t i = 0; i < m->waiting.n; i++) {
        struct renaming *r = &m->waiting.p[i];
        if (r->place < renamed->place && (r->call == POWER_MADE || r->call == POWER_LINKED) &&
            r->file == renamed->file)
            r->call = 0;
    }
}

/* All changes in this folder that came before its fsync began; a rename is one step. */
static void keep_names(struct image *m, struct str folder, uint64_t until)
{
    size_t left = 0;
    for (size_t i = 0; i < m->waiting.n; i++) {
        struct renaming *r = &m->waiting.p[i];
        bool here = str_eq(parent_of(r->path), folder) ||
                    (r->call == POWER_RENAMED && str_eq(parent_of(r->to), folder));
        if (!here || r->place >= until)
            continue;
        if (r->call)
            change_names(m, &m->kept, r);
        if (r->call == POWER_RENAMED)
            forget_making(m, r);
        r->call = 0;
    }
    for (size_t i = 0; i < m->waiting.n; i++)
        if (m->waiting.p[i].call)
            m->waiting.p[left++] = m->waiting.p[i];
    m->waiting.n = left;
}

/* ---- bytes ---- */

enum err model_load(struct image *m, struct disk_file *f)
{
    struct stat st;
    if (!f->from)
        return OK;
    int fd = open(f->from, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fstat(fd, &st) == 0;
    if (good) {
        f->n = f->cap = (size_t)st.st_size;
        f->p = arena_alloc(m->arena, f->cap);
    }
    for (size_t got = 0; good && got < f->n;) {
        ssize_t n = read(fd, f->p + got, f->n - got);
        good = n > 0;
        got += good ? (size_t)n : 0;
    }
    if (fd >= 0)
        close(fd);
    if (!good)
        return fail(m->cx, ERR_IO, "cannot read %s: %s", f->from, strerror(errno));
    f->from = NULL;
    return OK;
}

static void resize(struct image *m, struct disk_file *f, size_t n)
{
    if (n > f->cap) {
        char *old = f->p;
        f->cap = n < 4096 ? 4096 : n + n / 2;
        f->p = arena_alloc(m->arena, f->cap);
        if (f->n)
            memcpy(f->p, old, f->n);
    }
    if (n > f->n)
        memset(f->p + f->n, 0, n - f->n); /* what a later, smaller file left in the memory */
    f->n = n;
}

static void put_bytes(struct image *m, struct disk_file *f, uint64_t at, struct str bytes)
{
    if (at + bytes.n > f->n)
        resize(m, f, at + bytes.n);
    memcpy(f->p + at, bytes.p, bytes.n);
}

enum err model_keep(struct image *m, struct disk_file *f, const struct change *c)
{
    TRY(model_load(m, f));
    if (c->size)
        resize(m, f, c->at);
    else
        put_bytes(m, f, c->at, c->bytes);
    return OK;
}

static enum err keep_bytes(struct image *m, struct disk_file *f, uint64_t until)
{
    size_t left = 0;
    for (size_t i = 0; i < f->waiting.n; i++) {
        if (f->waiting.p[i].place >= until)
            f->waiting.p[left++] = f->waiting.p[i];
        else
            TRY(model_keep(m, f, &f->waiting.p[i]));
    }
    f->waiting.n = left;
    return OK;
}

/* ---- the folder before ---- */

static struct disk_file *new_file(struct image *m, mode_t mode)
{
    struct disk_file *f = NEW(m->arena, struct disk_file);
    f->mode = mode;
    *vec_add(m->arena, &m->files) = f;
    return f;
}

static enum err read_folder(struct image *m, const char *whole, struct str path)
{
    enum err e = OK;
    DIR *d = opendir(whole);
    if (!d)
        return fail(m->cx, ERR_IO, "cannot read %s: %s", whole, strerror(errno));
    for (struct dirent *entry; e == OK && (entry = readdir(d)) != NULL;) {
        struct stat st;
        struct str name = str_c(entry->d_name);
        struct str inner = str_fmt(m->arena, "%s/%.*s", whole, F(name));
        struct str at =
            path.n ? str_fmt(m->arena, "%.*s/%.*s", F(path), F(name)) : str_dup(m->arena, name);
        if (str_eq(name, S(".")) || str_eq(name, S("..")) || str_ends(name, S("-shm")))
            continue;
        if (lstat(inner.p, &st) != 0 || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
            continue;
        struct disk_file *f = NULL;
        if (S_ISREG(st.st_mode)) {
            f = new_file(m, st.st_mode & 0777);
            f->from = inner.p;
            f->path = at;
        }
        put_name(m, &m->seen, at, f, st.st_mode & 0777);
        put_name(m, &m->kept, at, f, st.st_mode & 0777);
        if (!f)
            e = read_folder(m, inner.p, at);
    }
    closedir(d);
    return e;
}

/* ---- the record ---- */

static struct disk_file *numbered(struct image *m, const struct power_entry *e)
{
    return map_get(&m->by_number, (struct str){(const char *)&e->file, sizeof e->file});
}

static void give_number(struct image *m, const struct power_entry *e, struct disk_file *f)
{
    struct str key = {(const char *)&e->file, sizeof e->file};
    map_put(m->arena, &m->by_number, str_dup(m->arena, key), f);
}

static void opened(struct image *m, const struct power_entry *e, struct str path, uint64_t place)
{
    struct name *old = e->call == POWER_OPENED ? name_at(&m->seen, path) : NULL;
    if (!old) { /* made just now; or behind our back, then nothing of it counts as kept */
        struct disk_file *f = new_file(m, (mode_t)e->at);
        rename_now(
            m, (struct renaming){
                   .place = place, .call = POWER_MADE, .path = path, .file = f, .mode = f->mode});
        old = name_at(&m->seen, path);
    }
    give_number(m, e, old->file);
}

static void linked(struct image *m, struct str text, uint64_t place)
{
    struct renaming r = {.place = place, .call = POWER_LINKED};
    struct str to;
    str_cut(text, 0, &r.path, &to);
    to = str_dup(m->arena, to); /* ended by a zero */
    r.file = new_file(m, 0);
    *r.file = (struct disk_file){
        .p = (char *)(uintptr_t)to.p, .n = to.n, .cap = to.n, .link = true, .path = r.path};
    rename_now(m, r);
}

static void renamed(struct image *m, const struct power_entry *e, struct str text, uint64_t place)
{
    struct renaming r = {.place = place, .call = (enum power_call)e->call, .mode = (mode_t)e->at};
    str_cut(text, 0, &r.path, &r.to);
    struct name *old = name_at(&m->seen, r.path);
    if (old && r.call == POWER_RENAMED) {
        r.file = old->file;
        r.mode = old->mode;
    }
    rename_now(m, r);
}

struct str model_synced(struct image *m, const struct power_entry *e)
{
    if (e->call == POWER_FOLDER_SYNCED)
        return e->n ? (struct str){m->record.p + m->at - e->n, e->n} : S(".");
    struct disk_file *f = e->call == POWER_SYNCED ? numbered(m, e) : NULL;
    return f ? f->path : S("");
}

static bool is_dropped(struct image *m, struct str path)
{
    char z[PATH_BYTES];
    snprintf(z, sizeof z, "%.*s", F(path.n ? path : S(".")));
    return m->dropped && fnmatch(m->dropped, z, FNM_PATHNAME) == 0;
}

static enum err take(struct image *m, const struct power_entry *e, struct str text, uint64_t place)
{
    struct disk_file *f = numbered(m, e);
    switch ((enum power_call)e->call) {
    case POWER_OPENED:
    case POWER_MADE:
        opened(m, e, text, place);
        return OK;
    case POWER_FOLDER_MADE:
    case POWER_RENAMED:
    case POWER_REMOVED:
        renamed(m, e, text, place);
        return OK;
    case POWER_LINKED:
        linked(m, text, place);
        return OK;
    case POWER_SAID:
        return OK;
    case POWER_FOLDER_SYNCED:
        if (!is_dropped(m, text) && place != m->skipped)
            keep_names(m, text, e->until);
        return OK;
    case POWER_WROTE:
    case POWER_SIZED:
        if (f)
            *vec_add(m->arena, &f->waiting) =
                (struct change){place, e->call == POWER_SIZED, e->at, text};
        return OK;
    case POWER_SYNCED:
        return f && !is_dropped(m, f->path) && place != m->skipped ? keep_bytes(m, f, e->until)
                                                                   : OK;
    }
    return fail(m->cx, ERR_IO, "the record holds an unknown call %u", e->call);
}

enum err model_step(struct image *m, struct power_entry *e)
{
    struct str left = str_from(m->record, m->at);
    if (left.n < sizeof *e)
        return ERR_NOT_FOUND;
    memcpy(e, left.p, sizeof *e);
    if (left.n - sizeof *e < e->n)
        return ERR_NOT_FOUND; /* cut by the kill: its call was never answered */
    uint64_t place = m->at;
    m->at += sizeof *e + e->n;
    return take(m, e, (struct str){left.p + sizeof *e, e->n}, place);
}

/* Paths and bytes are used where they lie, until the image is written. */
static enum err map_record(struct image *m, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0)
        return fail(m->cx, ERR_IO, "cannot read %s: %s", path, strerror(errno));
    void *p = st.st_size ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    close(fd);
    if (p == MAP_FAILED)
        return fail(m->cx, ERR_IO, "cannot map %s: %s", path, strerror(errno));
    m->record = (struct str){p, (size_t)st.st_size};
    return OK;
}

enum err model_open(struct image *m, struct cx *cx, const char *before, const char *record)
{
    *m = (struct image){.cx = cx, .arena = arena_new(IMAGE_LIMIT)};
    MUST(m->arena != NULL);
    TRY(read_folder(m, before, S("")));
    return map_record(m, record);
}

void model_close(struct image *m)
{
    if (m->record.n)
        munmap((void *)(uintptr_t)m->record.p, m->record.n);
    arena_free(m->arena);
}

/* ---- what is kept ---- */

bool model_is_there(struct image *m, const struct name *it)
{
    if (!it->there)
        return false;
    for (struct str p = parent_of(it->path); p.n; p = parent_of(p)) {
        struct name *n = name_at(&m->kept, p);
        if (!n || n->file)
            return false;
    }
    return true;
}

uint32_t model_roll(struct image *m, uint32_t sides)
{
    m->luck ^= m->luck << 13;
    m->luck ^= m->luck >> 7;
    m->luck ^= m->luck << 17;
    return (uint32_t)(m->luck >> 33) % sides;
}

enum err model_keep_torn(struct image *m, struct disk_file *f, const struct change *c)
{
    TRY(model_load(m, f));
    for (size_t at = 0; at < c->bytes.n;) {
        size_t n = SECTOR - (c->at + at) % SECTOR;
        struct str piece = str_until(str_from(c->bytes, at), n);
        if (model_roll(m, 2))
            put_bytes(m, f, c->at + at, piece);
        at += piece.n;
    }
    return OK;
}
