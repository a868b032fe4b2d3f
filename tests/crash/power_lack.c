/* power_lack.c - what one fsync alone made last: what is missing when it is left out. */
#include "power_model.h"

#include <stdio.h>

static struct disk_file *file_of(const struct image *m, const struct power_entry *e)
{
    return map_get(&m->by_number, (struct str){(const char *)&e->file, sizeof e->file});
}

bool model_next_sync(struct image *m, struct lack *out)
{
    struct power_entry e;
    struct str left = str_from(m->record, m->at);
    if (left.n < sizeof e)
        return false;
    memcpy(&e, left.p, sizeof e);
    if (left.n - sizeof e < e.n)
        return false;
    *out = (struct lack){.until = e.until, .folder = {left.p + sizeof e, e.n}};
    if (e.call == POWER_SYNCED)
        out->file = file_of(m, &e);
    return e.call == POWER_FOLDER_SYNCED || out->file;
}

bool model_lacks_change(const struct lack *l, const struct disk_file *f, const struct change *c)
{
    return l->file == f && c->place < l->until;
}

static struct str folder_of(struct str path)
{
    size_t n = path.n;
    while (n > 0 && path.p[n - 1] != '/')
        n--;
    return str_until(path, n ? n - 1 : 0);
}

bool model_lacks_name(const struct lack *l, const struct renaming *r)
{
    if (l->file || !r->call || r->place >= l->until)
        return false;
    return str_eq(folder_of(r->path), l->folder) ||
           (r->call == POWER_RENAMED && str_eq(folder_of(r->to), l->folder));
}

size_t model_lacking(const struct image *m, const struct lack *l)
{
    size_t n = 0;
    for (size_t i = 0; l->file && i < l->file->waiting.n; i++)
        n += model_lacks_change(l, l->file, &l->file->waiting.p[i]);
    for (size_t i = 0; !l->file && i < m->waiting.n; i++)
        n += model_lacks_name(l, &m->waiting.p[i]);
    return n;
}

static const char *sign_of(const struct renaming *r)
{
    return r->call == POWER_REMOVED ? "-" : r->call == POWER_RENAMED ? ">" : "+";
}

void model_lack_says(const struct image *m, const struct lack *l, char *out, size_t room)
{
    size_t bytes = 0, n = 0;
    out[0] = 0;
    for (size_t i = 0; l->file && i < l->file->waiting.n; i++)
        if (model_lacks_change(l, l->file, &l->file->waiting.p[i]))
            bytes += l->file->waiting.p[i].bytes.n;
    if (l->file)
        snprintf(out, room, "%zu writes, %zu bytes", model_lacking(m, l), bytes);
    for (size_t i = 0; i < m->waiting.n && n < room; i++) {
        const struct renaming *r = &m->waiting.p[i];
        if (model_lacks_name(l, r))
            n += (size_t)snprintf(out + n, room - n, "%s%s%.*s", n ? " " : "", sign_of(r),
                                  F(r->call == POWER_RENAMED ? r->to : r->path));
    }
}

static bool has_name(struct image *m, struct str path, const struct disk_file *f)
{
    const struct name *n = map_get(&m->seen.by_path, path);
    return n && n->there && n->file == f;
}

/* A name that came and went, or a removal of what is not there under any name of it now. */
static bool name_is_gone(struct image *m, const struct renaming *r)
{
    struct str path = r->call == POWER_RENAMED ? r->to : r->path;
    return !has_name(m, path, r->file);
}

bool model_lack_is_gone(struct image *m, const struct lack *l)
{
    if (l->file)
        return !has_name(m, l->file->path, l->file);
    for (size_t i = 0; i < m->waiting.n; i++)
        if (model_lacks_name(l, &m->waiting.p[i]) && !name_is_gone(m, &m->waiting.p[i]))
            return false;
    return true;
}
