/* pack.c - opening and loading packs: from the binary or from a folder, in turns of the writer. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "crypto/crypto.h"
#include "embed/embed.h"
#include "json/json.h"
#include "module_store.h"

#define PACK_FILE_MAX ((size_t)64 << 20)
#define REPORT_MAX ((size_t)256 * 1024)
#define TURN_ARENA ((size_t)64 << 20)

/* ---- opening ---- */

static enum err read_disk(struct cx *cx, struct str path, struct str *out)
{
    int fd = open(str_z(cx->arena, path), O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? fail(cx, ERR_NOT_FOUND, T("Không có tệp %.*s."), F(path))
                   : fail(cx, ERR_IO, "%.*s: %m", F(path));
    enum err e = OK;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        e = fail(cx, ERR_INVALID, T("%.*s không phải là tệp."), F(path));
    else if ((size_t)st.st_size > PACK_FILE_MAX)
        e = fail(cx, ERR_LIMIT, T("Tệp %.*s lớn quá 64 MiB."), F(path));
    size_t at = 0;
    char *p = e == OK ? arena_alloc(cx->arena, (size_t)st.st_size + 1) : NULL;
    while (e == OK && at < (size_t)st.st_size) {
        ssize_t n = read(fd, p + at, (size_t)st.st_size - at);
        if (n <= 0)
            e = fail(cx, ERR_IO, "%.*s: %m", F(path));
        else
            at += (size_t)n;
    }
    close(fd);
    *out = (struct str){p, at};
    return e;
}

/* A file of the pack: beside the manifest on the disk, or in the binary. */
static enum err read_file(struct cx *cx, struct str folder, bool embedded, struct str name,
                          struct str *out)
{
    struct str path = str_fmt(cx->arena, "%.*s/%.*s", F(folder), F(name));
    if (!embedded)
        return read_disk(cx, path, out);
    const struct embed_file *f = embed_find(path);
    if (!f)
        return fail(cx, ERR_NOT_FOUND, T("Không có tệp %.*s."), F(path));
    *out = f->bytes;
    return OK;
}

/* Bounded by what comes out, whatever the file claims. */
static enum err unpack(struct cx *cx, struct str path, struct str packed, struct str *out)
{
    z_stream z = {.next_in = (Bytef *)packed.p, .avail_in = (uInt)packed.n};
    struct buf b = {.arena = cx->arena, .limit = PACK_FILE_MAX};
    char piece[65536];
    int state = Z_OK;
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return fail(cx, ERR_IO, "%.*s: inflateInit", F(path));
    while (state == Z_OK && !b.full) {
        z.next_out = (Bytef *)piece;
        z.avail_out = sizeof piece;
        state = inflate(&z, Z_NO_FLUSH);
        buf_add(&b, (struct str){piece, sizeof piece - z.avail_out});
    }
    inflateEnd(&z);
    if (b.full)
        return fail(cx, ERR_LIMIT, T("Tệp %.*s mở ra lớn quá 64 MiB."), F(path));
    if (state != Z_STREAM_END)
        return fail(cx, ERR_INVALID, T("Tệp nén %.*s bị hỏng hoặc bị cắt."), F(path));
    *out = buf_str(&b);
    return OK;
}

/* Inside the pack's folder only. */
static bool safe_name(struct str name)
{
    return name.n > 0 && name.p[0] != '/' && !str_find(name, S(".."), NULL);
}

static enum err open_files(struct cx *cx, struct str folder, bool embedded, const struct json *list,
                           struct pack *out)
{
    out->files = NEW_N(cx->arena, struct pack_file, list->n);
    for (uint32_t i = 0; i < list->n; i++) {
        struct pack_file *f = &out->files[out->files_n++];
        f->kind = json_text(json_get(json_at(list, i), S("kind")));
        f->name = json_text(json_get(json_at(list, i), S("file")));
        if (f->kind.n == 0 || !safe_name(f->name))
            return fail(cx, ERR_INVALID, T("%.*s/pack.json: mục %u thiếu kind hoặc file."),
                        F(folder), i + 1);
        TRY(read_file(cx, folder, embedded, f->name, &f->bytes));
        struct hash h = sha256(f->bytes);
        f->sha256_hex = str_hex(cx->arena, HASH_STR(h));
        if (str_ends(f->name, S(".gz")))
            TRY(unpack(cx, f->name, f->bytes, &f->bytes));
    }
    return OK;
}

enum err pack_open(struct cx *cx, struct str name_or_path, struct pack *out)
{
    struct str folder = name_or_path, text;
    struct stat st;
    const struct json *manifest;
    struct json_error bad;
    if (str_ends(folder, S("/pack.json")))
        folder = str_until(folder, folder.n - 10);
    while (folder.n > 1 && folder.p[folder.n - 1] == '/')
        folder.n--;
    bool embedded = stat(str_z(cx->arena, folder), &st) != 0;
    if (embedded)
        folder = str_fmt(cx->arena, "packs/%.*s", F(folder));
    *out = (struct pack){0};
    TRY(read_file(cx, folder, embedded, S("pack.json"), &text));
    if (json_read(cx->arena, text, &manifest, &bad) != OK)
        return fail(cx, ERR_INVALID, T("%.*s/pack.json hỏng ở dòng %zu, cột %zu: %s."), F(folder),
                    bad.line, bad.column, bad.what);
    out->name = json_text(json_get(manifest, S("name")));
    out->title = json_text(json_get(manifest, S("title")));
    out->date = json_text(json_get(manifest, S("date")));
    if (out->name.n == 0)
        return fail(cx, ERR_INVALID, T("%.*s/pack.json thiếu name."), F(folder));
    return open_files(cx, folder, embedded, json_get(manifest, S("files")), out);
}

enum err pack_open_file(struct cx *cx, struct str path, struct str kind, struct pack *out)
{
    struct pack_file *f = NEW(cx->arena, struct pack_file);
    struct str name = path;
    for (size_t i = path.n; i > 0; i--)
        if (path.p[i - 1] == '/') {
            name = str_from(path, i);
            break;
        }
    *f = (struct pack_file){.kind = kind, .name = name};
    TRY(read_disk(cx, path, &f->bytes));
    struct hash h = sha256(f->bytes);
    f->sha256_hex = str_hex(cx->arena, HASH_STR(h));
    if (str_ends(name, S(".gz")))
        TRY(unpack(cx, path, f->bytes, &f->bytes));
    *out = (struct pack){.name = S("-"),
                         .title = name,
                         .date = date_iso(cx->arena, day_of(cx->now)),
                         .files = f,
                         .files_n = 1};
    return OK;
}

/* ---- loading ---- */

static const struct pack_kind *kind_of(const struct cx *cx, struct str name)
{
    for (const struct module *const *m = cx->env->modules; m && *m; m++)
        for (const struct pack_kind *k = (*m)->packs; k && k->name; k++)
            if (str_eq(str_c(k->name), name))
                return k;
    return NULL;
}

bool pack_knows(const struct cx *cx, struct str kind)
{
    return kind_of(cx, kind) != NULL;
}

#define SMALL_FILE ((size_t)64 * 1024)
#define RECORDS_A_TURN 8

struct turn {
    const struct pack_kind *kind;
    const struct pack_file *file;
    struct pack_report before, report; /* a turn that runs twice begins from `before` */
    size_t at, next;
};

static enum err load_turn(struct cx *cx, void *arg)
{
    struct turn *t = arg;
    t->report = t->before;
    t->report.lines = (struct buf){.arena = cx->arena, .limit = REPORT_MAX};
    t->next = t->at;
    /* Small records share a turn: each waits for the disk once, not each for itself. */
    bool small = t->file->bytes.n <= SMALL_FILE;
    for (int i = 0; i < (small ? RECORDS_A_TURN : 1); i++) {
        TRY(t->kind->load(cx, t->file->name, t->file->bytes, &t->next, &t->report));
        if (t->next == 0)
            break;
    }
    return OK;
}

static void say_lines(struct str lines, pack_say *said, void *state)
{
    struct str line;
    while (lines.n) {
        str_cut(lines, '\n', &line, &lines);
        if (line.n)
            said(state, line);
    }
}

static enum err load_file(struct cx *cx, const struct pack_file *f, struct pack_report *report,
                          pack_say *said, void *state)
{
    struct turn t = {.kind = kind_of(cx, f->kind), .file = f};
    if (!t.kind) {
        /* A pack of a newer release: what this program knows of it is still good. */
        said(state, str_fmt(cx->arena, T("%.*s: chương trình này chưa có loại gói “%.*s”, bỏ qua"),
                            F(f->name), F(f->kind)));
        report->refused = 1;
        return OK;
    }
    struct arena *a = arena_new(TURN_ARENA);
    MUST(a != NULL);
    enum err e;
    do {
        struct cx own = *cx;
        arena_reset(a);
        own.arena = a;
        own.closers = NULL;
        own.before_answer = NULL;
        own.now = cx->env->clock(cx->env);
        e = lane_call(cx->env->lanes, LANE_WRITE, &own, load_turn, &t);
        if (e == OK)
            say_lines(buf_str(&t.report.lines), said, state);
        else
            cx->why = str_dup(cx->arena, own.why);
        cx->err = own.err;
        cx_close_all(&own);
        t.before = t.report;
        t.at = t.next;
    } while (e == OK && t.next != 0);
    arena_free(a);
    *report = t.report;
    return e;
}

static enum err note_loaded(struct cx *cx, void *arg)
{
    return pack_store_put(cx, arg);
}

enum err pack_load(struct cx *cx, const struct pack *p, pack_say *said, void *state)
{
    for (size_t i = 0; i < p->files_n; i++) {
        const struct pack_file *f = &p->files[i];
        struct pack_report r = {0};
        enum err e = load_file(cx, f, &r, said, state);
        if (e != OK) {
            said(state, str_fmt(cx->arena, "%.*s/%.*s: %.*s", F(p->name), F(f->name), F(cx->why)));
            return e;
        }
        struct pack_loaded loaded = {
            .pack = p->name,
            .file = f->name,
            .kind = f->kind,
            .sha256_hex = f->sha256_hex,
            .date = p->date,
            .added = r.added,
            .changed = r.changed,
            .same = r.same,
            .refused = r.refused,
        };
        TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, note_loaded, &loaded));
        said(state,
             str_fmt(cx->arena, "%.*s/%.*s: thêm %lld, đổi %lld, giữ nguyên %lld, từ chối %lld",
                     F(p->name), F(f->name), (long long)r.added, (long long)r.changed,
                     (long long)r.same, (long long)r.refused));
    }
    return OK;
}

enum err pack_list(struct cx *cx, struct pack_loaded *out, size_t max, size_t *n)
{
    return pack_store_list(cx, out, max, n);
}
