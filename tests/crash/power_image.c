/* power_image.c - the folder as a power cut leaves it: what is certain, and some of the rest. */
#include "power_model.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096

/* ---- luck: what was written back in time though nobody had asked ---- */

static enum err keep_some(struct image *m, struct disk_file *f)
{
    for (size_t i = 0; i < f->waiting.n; i++) {
        const struct change *c = &f->waiting.p[i];
        uint32_t side = model_roll(m, 3);
        if (side == 1)
            TRY(model_keep(m, f, c));
        if (side == 2 && !c->size)
            TRY(model_keep_torn(m, f, c));
    }
    return OK;
}

/* Names come back in their order, up to some point: file systems keep a log of them. */
static enum err luck(struct image *m)
{
    size_t n = m->waiting.n ? model_roll(m, (uint32_t)m->waiting.n + 1) : 0;
    for (size_t i = 0; i < n; i++)
        model_keep_name(m, &m->waiting.p[i]);
    for (size_t i = 0; i < m->files.n; i++)
        TRY(keep_some(m, m->files.p[i]));
    return OK;
}

/* ---- the folder after ---- */

static enum err write_file(struct image *m, const char *to, struct disk_file *f)
{
    TRY(model_load(m, f));
    if (f->link)
        return symlink(f->p, to) == 0 ? OK : fail(m->cx, ERR_IO, "cannot link %s", to);
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
enum err model_write(struct image *m, const char *to)
{
    if (mkdir(to, 0700) != 0)
        return fail(m->cx, ERR_IO, "cannot make %s: %s", to, strerror(errno));
    for (size_t length = 1; length < PATH_BYTES; length++)
        for (size_t i = 0; i < m->kept.all.n; i++) {
            const struct name *n = m->kept.all.p[i];
            if (n->path.n == length && !n->file && model_is_there(m, n))
                TRY(write_one(m, to, n));
        }
    for (size_t i = 0; i < m->kept.all.n; i++) {
        const struct name *n = m->kept.all.p[i];
        if (n->file && model_is_there(m, n))
            TRY(write_one(m, to, n));
    }
    return OK;
}

static enum err make(struct image *m, uint64_t place, uint64_t seed, const char *to)
{
    struct power_entry e;
    enum err end = OK;
    while (end == OK && (!place || m->at < place))
        end = model_step(m, &e);
    if (end != OK && end != ERR_NOT_FOUND)
        return end;
    m->luck = seed;
    if (seed)
        TRY(luck(m));
    return model_write(m, to);
}

enum err power_image(struct cx *cx, const char *before, const char *record, uint64_t place,
                     uint64_t seed, const char *to)
{
    struct image m;
    enum err e = model_open(&m, cx, before, record);
    if (e == OK)
        e = make(&m, place, seed, to);
    model_close(&m);
    return e;
}
