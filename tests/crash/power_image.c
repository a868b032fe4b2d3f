/* power_image.c - from a record of file calls to the folder as a power cut leaves it. */
#include "power.h"
#include "power_record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define SECTOR 512
#define IMAGE_LIMIT ((size_t)4 << 30)

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
    struct str record; /* mapped */
    uint64_t until;    /* where the power goes; 0: at the end of the record */
    uint64_t luck;     /* 0: nothing beyond what is certain */
};

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
    change_names(m, &m->seen, &r);
    *vec_add(m->arena, &m->waiting) = r;
}

/* All changes in this folder that came before its fsync began; a rename is one step. */
static void keep_names(struct image *m, struct str folder, uint64_t until)
{
    size_t left = 0;
    for (size_t i = 0; i < m->waiting.n; i++) {
        struct renaming *r = &m->waiting.p[i];
        bool here = str_eq(parent_of(r->path), folder) ||
                    (r->call == POWER_RENAMED && str_eq(parent_of(r->to), folder));
        if (here && r->place < until)
            change_names(m, &m->kept, r);
        else
            m->waiting.p[left++] = *r;
    }
    m->waiting.n = left;
}

/* ---- bytes ---- */

static enum err load(struct image *m, struct disk_file *f)
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

static enum err change_bytes(struct image *m, struct disk_file *f, const struct change *c)
{
    TRY(load(m, f));
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
            TRY(change_bytes(m, f, &f->waiting.p[i]));
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
    case POWER_FOLDER_SYNCED:
        keep_names(m, text, e->until);
        return OK;
    case POWER_WROTE:
    case POWER_SIZED:
        if (f)
            *vec_add(m->arena, &f->waiting) =
                (struct change){place, e->call == POWER_SIZED, e->at, text};
        return OK;
    case POWER_SYNCED:
        return f ? keep_bytes(m, f, e->until) : OK;
    }
    return fail(m->cx, ERR_IO, "the record holds an unknown call %u", e->call);
}

static enum err replay(struct image *m, struct str record)
{
    uint64_t place = 0;
    struct power_entry e;
    while (record.n >= sizeof e) {
        memcpy(&e, record.p, sizeof e);
        if (record.n - sizeof e < e.n)
            break; /* the last one, cut by the kill: its call was never answered */
        TRY(take(m, &e, (struct str){record.p + sizeof e, e.n}, place));
        record = str_from(record, sizeof e + e.n);
        place += sizeof e + e.n;
    }
    return OK;
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

/* ---- luck: what was written back in time though nobody had asked ---- */

static uint32_t roll(struct image *m, uint32_t sides)
{
    m->luck ^= m->luck << 13;
    m->luck ^= m->luck >> 7;
    m->luck ^= m->luck << 17;
    return (uint32_t)(m->luck >> 33) % sides;
}

static enum err keep_torn(struct image *m, struct disk_file *f, const struct change *c)
{
    TRY(load(m, f));
    for (size_t at = 0; at < c->bytes.n;) {
        size_t n = SECTOR - (c->at + at) % SECTOR;
        struct str piece = str_until(str_from(c->bytes, at), n);
        if (roll(m, 2))
            put_bytes(m, f, c->at + at, piece);
        at += piece.n;
    }
    return OK;
}

static enum err keep_some(struct image *m, struct disk_file *f)
{
    for (size_t i = 0; i < f->waiting.n; i++) {
        const struct change *c = &f->waiting.p[i];
        uint32_t side = roll(m, 3);
        if (side == 1)
            TRY(change_bytes(m, f, c));
        if (side == 2 && !c->size)
            TRY(keep_torn(m, f, c));
    }
    return OK;
}

/* Names come back in their order, up to some point: file systems keep a log of them. */
static enum err luck(struct image *m)
{
    size_t n = m->waiting.n ? roll(m, (uint32_t)m->waiting.n + 1) : 0;
    for (size_t i = 0; i < n; i++)
        change_names(m, &m->kept, &m->waiting.p[i]);
    for (size_t i = 0; i < m->files.n; i++)
        TRY(keep_some(m, m->files.p[i]));
    return OK;
}

/* ---- the folder after ---- */

static bool has_folder(struct image *m, struct str path)
{
    for (struct str p = parent_of(path); p.n; p = parent_of(p)) {
        struct name *n = name_at(&m->kept, p);
        if (!n || n->file)
            return false;
    }
    return true;
}

static enum err write_file(struct image *m, const char *to, struct disk_file *f)
{
    TRY(load(m, f));
    int fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, f->mode);
    bool good = fd >= 0;
    for (size_t at = 0; good && at < f->n;) {
        ssize_t n = write(fd, f->p + at, f->n - at);
        good = n > 0;
        at += good ? (size_t)n : 0;
    }
    if (fd >= 0)
        close(fd);
    return good ? OK : fail(m->cx, ERR_IO, "cannot write %s: %s", to, strerror(errno));
}

static enum err write_one(struct image *m, const char *to, const struct name *n)
{
    struct arena_mark here = arena_here(m->cx->arena);
    struct str path = str_fmt(m->cx->arena, "%s/%.*s", to, F(n->path));
    enum err e = OK;
    if (n->file)
        e = write_file(m, path.p, n->file);
    else if (mkdir(path.p, n->mode) != 0)
        e = fail(m->cx, ERR_IO, "cannot make %s: %s", path.p, strerror(errno));
    if (e == OK)
        arena_back(m->cx->arena, here);
    return e;
}

/* Folders first, outer before inner: by depth. */
static enum err write_folder(struct image *m, const char *to)
{
    if (mkdir(to, 0700) != 0)
        return fail(m->cx, ERR_IO, "cannot make %s: %s", to, strerror(errno));
    for (size_t length = 1; length < PATH_BYTES; length++)
        for (size_t i = 0; i < m->kept.all.n; i++) {
            const struct name *n = m->kept.all.p[i];
            if (n->path.n == length && n->there && !n->file && has_folder(m, n->path))
                TRY(write_one(m, to, n));
        }
    for (size_t i = 0; i < m->kept.all.n; i++) {
        const struct name *n = m->kept.all.p[i];
        if (n->there && n->file && has_folder(m, n->path))
            TRY(write_one(m, to, n));
    }
    return OK;
}

static enum err make(struct image *m, const char *before, const char *record, const char *to)
{
    TRY(read_folder(m, before, S("")));
    TRY(map_record(m, record));
    TRY(replay(m, m->until ? str_until(m->record, m->until) : m->record));
    if (m->luck)
        TRY(luck(m));
    return write_folder(m, to);
}

enum err power_image(struct cx *cx, const char *before, const char *record, uint64_t place,
                     uint64_t seed, const char *to)
{
    struct image m = {.cx = cx, .arena = arena_new(IMAGE_LIMIT), .until = place, .luck = seed};
    MUST(m.arena != NULL);
    enum err e = make(&m, before, record, to);
    if (m.record.n)
        munmap((void *)(uintptr_t)m.record.p, m.record.n);
    arena_free(m.arena);
    return e;
}
