/* states_look.c - opens what a cut left, as the program does, and looks for what was acknowledged.
 */
#include "states.h"

#include "app.h"
#include "file/file.h"
#include "journal/journal.h"
#include "lane/lane.h"
#include "log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define FILE_BYTES_MAX ((size_t)16 << 20)
#define FILES_MAX 4096

struct looking {
    const struct walked *w;
    uint64_t place;
    struct str folder; /* below the recorded one */
    struct hash files[FILES_MAX];
    size_t files_n;
};

/* ---- inside the database ---- */

static enum err whole_database(struct cx *cx)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "/* only sqlite */ pragma integrity_check"));
    if (!db_next(&rows))
        return rows.err ? rows.err : fail(cx, ERR_IO, "no integrity check");
    struct str said = db_str(&rows, 0);
    return str_eq(said, S("ok")) ? OK : fail(cx, ERR_IO, "%.*s", F(said));
}

/* A row of a file means its bytes are there, whoever was told so or not. */
static enum err read_file(struct cx *cx, struct looking *l, int64_t id)
{
    struct stored_file f;
    struct str bytes;
    struct arena_mark here = arena_here(cx->arena);
    TRY(file_find(cx, id, &f));
    TRY(file_read_all(cx, &f, FILE_BYTES_MAX, &bytes));
    if (l->files_n < FILES_MAX)
        l->files[l->files_n++] = sha256(bytes);
    arena_back(cx->arena, here);
    return OK;
}

static enum err read_files(struct cx *cx, struct looking *l)
{
    VEC(int64_t) ids = {0};
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select id from file_stored where state <> 4 order by id"));
    while (db_next(&rows))
        *vec_add(cx->arena, &ids) = db_int(&rows, 0);
    TRY(rows.err);
    for (size_t i = 0; i < ids.n; i++)
        TRY(read_file(cx, l, ids.p[i]));
    return OK;
}

static bool has_file(const struct looking *l, const struct hash *h)
{
    for (size_t i = 0; i < l->files_n; i++)
        if (memcmp(&l->files[i], h, sizeof *h) == 0)
            return true;
    return false;
}

static enum err is_once(struct cx *cx, const struct held *h)
{
    int64_t n = 0;
    TRY(db_one_int(
        cx, &n,
        "select count(*) from journal_event where kind = $1 and ($2 = '' or subject_code = $2)",
        V(str_c(h->name)), V(h->text)));
    return n == 1 ? OK
                  : fail(cx, ERR_NOT_FOUND, "%s of %.*s is there %lld times", h->name, F(h->text),
                         (long long)n);
}

static enum err has_answers(struct cx *cx, const struct held *h)
{
    int64_t n = 0;
    TRY(db_one_int(cx, &n, "select count(*) from web_answer where status = 303"));
    return n >= h->n ? OK
                     : fail(cx, ERR_NOT_FOUND, "%lld of %lld answers are kept", (long long)n,
                            (long long)h->n);
}

static enum err is_held(struct cx *cx, const struct looking *l, const struct held *h)
{
    if (h->kind == HELD_EVENT)
        return is_once(cx, h);
    if (h->kind == HELD_ANSWERS)
        return has_answers(cx, h);
    if (h->kind == HELD_PAPER && !has_file(l, &h->digest))
        return fail(cx, ERR_NOT_FOUND, "the paper %.*s is gone", F(h->text));
    return OK;
}

static bool is_of(const struct held *h, struct str folder)
{
    return !h->only || str_eq(folder, str_c(h->only));
}

static enum err look_inside(struct cx *cx, void *arg)
{
    struct looking *l = arg;
    struct journal_check check = {0};
    struct journal_report report;
    TRY(whole_database(cx));
    TRY(read_files(cx, l));
    for (size_t i = 0; i < l->w->held.n; i++)
        if (l->w->held.p[i].place <= l->place && is_of(&l->w->held.p[i], l->folder))
            TRY(is_held(cx, l, &l->w->held.p[i]));
    struct str heads = str_fmt(cx->arena, "%.*s/witness/heads.log", F(cx->env->data_dir));
    if (access(heads.p, R_OK) == 0)
        check.head_file = heads;
    TRY(journal_verify(cx, &check, &report));
    return report.sound ? OK : fail(cx, ERR_IO, "verify: %.*s", F(report.what));
}

static enum err write_once(struct cx *cx, void *)
{
    struct event e = {.kind = S("test.state.opened"), .subject_kind = S("test.state")};
    return journal_write(cx, &e);
}

/* ---- opening it ---- */

static enum err open_and_look(struct app *a, struct looking *l)
{
    struct cx *cx = &a->cx;
    TRY(app_open(a, false));
    TRY(lane_call(a->env.lanes, LANE_SLOW, cx, look_inside, l));
    return lane_call(a->env.lanes, LANE_WRITE, cx, write_once, NULL);
}

static bool folder_is_good(const struct walked *w, const char *folder, const struct held *h,
                           uint64_t place, char why[512])
{
    static struct app a; /* one check in a process */
    static struct looking l;
    static char *none[] = {NULL};
    const struct app_options o = {.verb = "serve", .data = folder};
    l = (struct looking){.w = w, .place = place, .folder = h->text};
    int code = app_begin(&a, &o, none);
    if (code == 0)
        code = app_lock(&a, false);
    enum err e = code == 0 ? open_and_look(&a, &l) : ERR_IO;
    snprintf(why, 512, "%.*s", F(code == 0 ? a.cx.why : S("it does not open")));
    app_close(&a);
    app_end(&a);
    return e == OK;
}

/* ---- beside the database ---- */

static bool file_is_good(const char *path, const struct hash *wanted)
{
    static char piece[1 << 16];
    struct hash_stream *s = hash_stream_new();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? 1 : -1;
    while (n > 0) {
        n = read(fd, piece, sizeof piece);
        if (n > 0)
            hash_stream_add(s, (struct str){piece, (size_t)n});
    }
    if (fd >= 0)
        close(fd);
    struct hash h = hash_stream_end(s);
    return n == 0 && memcmp(&h, wanted, sizeof h) == 0;
}

static bool files_are_good(const struct walked *w, const char *folder, uint64_t place,
                           char why[512])
{
    char path[4096];
    for (size_t i = 0; i < w->held.n; i++) {
        const struct held *h = &w->held.p[i];
        if (h->kind != HELD_FILE || h->place > place)
            continue;
        snprintf(path, sizeof path, "%s/%.*s", folder, F(h->text));
        if (!file_is_good(path, &h->digest)) {
            snprintf(why, 512, "the file %.400s is not there whole", h->text.p);
            return false;
        }
    }
    return true;
}

bool state_is_good(const struct walked *w, const char *folder, uint64_t place, char why[512])
{
    char path[4096];
    log_from((enum log_level)(LOG_ERROR + 1));
    if (!files_are_good(w, folder, place, why))
        return false;
    for (size_t i = 0; i < w->held.n; i++) {
        const struct held *h = &w->held.p[i];
        if (h->kind != HELD_FOLDER || h->place > place)
            continue;
        snprintf(path, sizeof path, "%s/%.*s", folder, F(h->text));
        if (!folder_is_good(w, path, h, place, why))
            return false;
    }
    return true;
}
