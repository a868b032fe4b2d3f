/* tombstone.c - erasures outlive a restore: a file beside the database, one signed line each. */
#include "vault_inside.h"

#include "db/db.h"
#include "log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* "1 <subject> <tag hex> <erased at> <order, base64url> <hmac hex>\n". The HMAC keeps a damaged or
 * foreign line from destroying a key. */
#define LINE_MAX_BYTES 1024
/* Times come from when requests began: a later commit may carry an earlier one. */
#define OVERLAP_MS DAY_MS

struct tombstone {
    int64_t subject, at;
    struct str tag, order_no;
};

static const char *log_path(struct cx *cx)
{
    return str_fmt(cx->arena, "%.*s/tombstones.log", F(cx->env->data_dir)).p;
}

static struct str body_of(struct cx *cx, const struct tombstone *t)
{
    return str_fmt(cx->arena, "1 %lld %.*s %lld %.*s", (long long)t->subject,
                   F(str_hex(cx->arena, t->tag)), (long long)t->at,
                   F(str_base64url(cx->arena, t->order_no)));
}

static struct str mark_of(struct cx *cx, struct str body)
{
    struct hash h;
    return str_hex(cx->arena, vault_derived(vault_of(cx), S("tombstone"), body, &h));
}

static bool line_read(struct cx *cx, struct str line, struct tombstone *t)
{
    struct str version, subject, tag, at, order, mark, rest = line;
    bool cut = str_cut(rest, ' ', &version, &rest) && str_cut(rest, ' ', &subject, &rest) &&
               str_cut(rest, ' ', &tag, &rest) && str_cut(rest, ' ', &at, &rest) &&
               str_cut(rest, ' ', &order, &mark);
    if (!cut || !str_eq(version, S("1")) || mark.n + 1 >= line.n)
        return false;
    struct str body = str_until(line, line.n - mark.n - 1);
    return equal_in_constant_time(mark, mark_of(cx, body)) && str_int(subject, &t->subject) &&
           str_int(at, &t->at) && str_unhex(cx->arena, tag, &t->tag) &&
           str_unbase64url(cx->arena, order, &t->order_no);
}

typedef enum err each_tombstone(struct cx *cx, void *state, const struct tombstone *t);

/* Calls fn for every line. *whole: where the last whole line ends (a crash may tear the last). */
static enum err read_lines(struct cx *cx, FILE *f, off_t *whole, each_tombstone *fn, void *state)
{
    char line[LINE_MAX_BYTES];
    int number = 0;
    *whole = 0;
    while (fgets(line, sizeof line, f)) {
        struct str s = str_c(line);
        number++;
        if (s.n == 0 || s.p[s.n - 1] != '\n') {
            if (!feof(f))
                return fail(cx, ERR_IO, "%s line %d is damaged", log_path(cx), number);
            log_event(LOG_WARN, "vault.tombstone.torn", KN("line", number));
            break;
        }
        struct arena_mark here = arena_here(cx->arena);
        struct tombstone t;
        if (!line_read(cx, str_until(s, s.n - 1), &t))
            return fail(cx, ERR_IO, "%s line %d is damaged", log_path(cx), number);
        *whole += (off_t)s.n;
        TRY(fn(cx, state, &t));
        arena_back(cx->arena, here);
    }
    return ferror(f) ? fail(cx, ERR_IO, "cannot read %s", log_path(cx)) : OK;
}

/* ---- writing: rows that the file lacks ---- */

struct present {
    int64_t last_at;
    int64_t from; /* lines from then on are remembered */
    struct map tags;
    struct arena *arena;
};

static enum err find_last(struct cx *, void *state, const struct tombstone *t)
{
    struct present *p = state;
    if (t->at > p->last_at)
        p->last_at = t->at;
    return OK;
}

static enum err remember(struct cx *, void *state, const struct tombstone *t)
{
    struct present *p = state;
    if (t->at >= p->from)
        map_put(p->arena, &p->tags, str_dup(p->arena, t->tag), p);
    return OK;
}

static enum err load_present(struct cx *cx, FILE *f, off_t *whole, struct present *p)
{
    TRY(read_lines(cx, f, whole, find_last, p));
    p->from = p->last_at - OVERLAP_MS;
    rewind(f);
    return read_lines(cx, f, whole, remember, p);
}

static enum err append_missing(struct cx *cx, int fd, const struct present *p, bool *grew)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select id, tag, erased_at, erased_by from vault_subject"
                 " where erased_at > 0 and erased_at >= $1 order by erased_at, id",
                 V(p->from)));
    while (db_next(&rows)) {
        struct arena_mark here = arena_here(cx->arena);
        struct tombstone t = {.subject = db_int(&rows, 0),
                              .tag = db_bytes(&rows, 1),
                              .at = db_int(&rows, 2),
                              .order_no = db_str(&rows, 3)};
        if (!map_get(&p->tags, t.tag)) {
            struct str body = body_of(cx, &t);
            struct str line = str_fmt(cx->arena, "%.*s %.*s\n", F(body), F(mark_of(cx, body)));
            if (write(fd, line.p, line.n) != (ssize_t)line.n)
                return fail(cx, ERR_IO, "cannot write %s: %s", log_path(cx), strerror(errno));
            *grew = true;
        }
        arena_back(cx->arena, here);
    }
    return rows.err;
}

static enum err write_missing(struct cx *cx, FILE *f)
{
    struct present p = {.arena = arena_new((size_t)256 << 20)};
    if (!p.arena)
        return fail(cx, ERR_IO, "no memory");
    off_t whole;
    bool grew = false;
    enum err e = load_present(cx, f, &whole, &p);
    int fd = fileno(f);
    if (e == OK && (ftruncate(fd, whole) != 0 || lseek(fd, 0, SEEK_END) < 0))
        e = fail(cx, ERR_IO, "cannot write %s: %s", log_path(cx), strerror(errno));
    if (e == OK)
        e = append_missing(cx, fd, &p, &grew);
    if (e == OK && grew && fsync(fd) != 0)
        e = fail(cx, ERR_IO, "cannot fsync %s: %s", log_path(cx), strerror(errno));
    arena_free(p.arena);
    if (e == OK && grew && !folder_sync(str_z(cx->arena, cx->env->data_dir)))
        e = fail(cx, ERR_IO, "cannot fsync the data folder: %s", strerror(errno));
    return e;
}

enum err vault_tombstones(struct cx *cx)
{
    int fd = open(log_path(cx), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    FILE *f = fd < 0 ? NULL : fdopen(fd, "r+");
    if (!f || flock(fd, LOCK_EX) != 0) {
        if (f)
            fclose(f);
        else if (fd >= 0)
            close(fd);
        return fail(cx, ERR_IO, "cannot open %s: %s", log_path(cx), strerror(errno));
    }
    enum err e = write_missing(cx, f);
    fclose(f);
    return e;
}

/* ---- after a restore ---- */

struct again {
    vault_erased_again *each;
    void *state;
    int64_t erased;
};

static enum err look_only(struct cx *, void *, const struct tombstone *)
{
    return OK;
}

static enum err erase_again(struct cx *cx, void *state, const struct tombstone *t)
{
    struct again *a = state;
    TRY(destroy_key(cx, t->subject, t->tag, t->order_no, t->at));
    if (db_changed(cx) == 0)
        return OK; /* the backup is younger than the erasure, or older than the subject */
    a->erased++;
    return a->each ? a->each(cx, a->state, t->subject, t->order_no) : OK;
}

enum err vault_apply_tombstones(struct cx *cx, vault_erased_again *each, void *state,
                                int64_t *erased)
{
    *erased = 0;
    FILE *f = fopen(log_path(cx), "re");
    if (!f)
        return errno == ENOENT
                   ? OK
                   : fail(cx, ERR_IO, "cannot open %s: %s", log_path(cx), strerror(errno));
    struct again a = {each, state, 0};
    off_t whole;
    enum err e = read_lines(cx, f, &whole, look_only, NULL); /* damaged: touch nothing */
    rewind(f);
    if (e == OK)
        e = read_lines(cx, f, &whole, erase_again, &a);
    fclose(f);
    *erased = a.erased;
    return e;
}
