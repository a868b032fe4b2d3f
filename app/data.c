/* data.c - verbs about the data: pack, rebuild, verify, doctor. */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app.h"

#include "file/file.h"
#include "job/job.h"
#include "journal/journal.h"
#include "lane/lane.h"

#define PACKS_MAX 500

static void say(void *state, struct str line)
{
    app_say(state, "%.*s\n", F(line));
}

/* ---- packs ---- */

struct loaded {
    struct pack_loaded rows[PACKS_MAX];
    size_t n;
};

static enum err list_loaded(struct cx *cx, void *arg)
{
    struct loaded *l = arg;
    return pack_list(cx, l->rows, PACKS_MAX, &l->n);
}

static enum err loaded_packs(struct app *a, struct loaded **out)
{
    *out = NEW(a->arena, struct loaded);
    return lane_call(a->env.lanes, LANE_SLOW, &a->cx, list_loaded, *out);
}

static int show_loaded(struct app *a)
{
    struct loaded *l;
    enum err e = loaded_packs(a, &l);
    for (size_t i = 0; e == OK && i < l->n; i++) {
        const struct pack_loaded *p = &l->rows[i];
        app_say(a, "%.*s/%.*s  bản %.*s  nạp %.*s  %lld mới, %lld đổi, %lld bị từ chối\n",
                F(p->pack), F(p->file), F(p->date), F(time_vi(a->arena, p->loaded_at)),
                (long long)p->added, (long long)p->changed, (long long)p->refused);
    }
    return e == OK ? EX_OK : app_failed(a, e);
}

static const char *difference(const struct loaded *l, const struct pack *p,
                              const struct pack_file *f)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->rows[i].pack, p->name) && str_eq(l->rows[i].file, f->name))
            return str_eq(l->rows[i].sha256_hex, f->sha256_hex) ? "như đã nạp" : "khác bản đã nạp";
    return "chưa nạp";
}

static int show_difference(struct app *a, const struct pack *p)
{
    struct loaded *l;
    enum err e = loaded_packs(a, &l);
    for (size_t i = 0; e == OK && i < p->files_n; i++)
        app_say(a, "%.*s/%.*s: %s\n", F(p->name), F(p->files[i].name),
                difference(l, p, &p->files[i]));
    return e == OK ? EX_OK : app_failed(a, e);
}

/* A word that no module has is a slip of the hand: nothing is loaded. */
static int refuse_kind(struct app *a, const char *kind)
{
    struct buf known = {.arena = a->arena, .limit = 4096};
    for (const struct module *const *m = app_modules; *m; m++)
        for (const struct pack_kind *k = (*m)->packs; k && k->name; k++)
            buf_fmt(&known, "%s%s", known.n ? ", " : "", k->name);
    return app_stop(a, EX_USAGE, "pack: không có loại “%s”. Các loại: %.*s.", kind,
                    F(buf_str(&known)));
}

static bool knows_all(struct app *a, const struct pack *p)
{
    for (size_t i = 0; i < p->files_n; i++)
        if (!pack_knows(&a->cx, p->files[i].kind))
            return false;
    return true;
}

int verb_pack(struct app *a)
{
    const struct app_options *o = &a->options;
    const char *what = o->words_n ? o->words[0] : "";
    struct pack p;
    if (strcmp(what, "list") == 0)
        return show_loaded(a);
    bool load = strcmp(what, "load") == 0;
    if ((!load && strcmp(what, "diff") != 0) || o->words_n != 2)
        return app_stop(a, EX_USAGE, "cần: tinhso pack load|diff THƯ_MỤC, hoặc tinhso pack list");
    if (o->kind && !pack_knows(&a->cx, str_c(o->kind)))
        return refuse_kind(a, o->kind);
    enum err e = o->kind ? pack_open_file(&a->cx, str_c(o->words[1]), str_c(o->kind), &p)
                         : pack_open(&a->cx, str_c(o->words[1]), &p);
    if (e != OK)
        return app_failed(a, e);
    if (!load)
        return show_difference(a, &p);
    e = pack_load(&a->cx, &p, say, a);
    if (e == OK && !knows_all(a, &p))
        return app_stop(a, EX_DATAERR,
                        "gói có tệp thuộc loại mà chương trình này chưa biết; các tệp khác đã nạp");
    return e == OK ? EX_OK : app_code(e);
}

/* ---- rebuild ---- */

static enum err run_rebuild(struct cx *cx, void *arg)
{
    return ((const struct module *)arg)->rebuild(cx);
}

static bool is_asked(const struct app_options *o, const char *name)
{
    for (int i = 0; i < o->words_n; i++)
        if (strcmp(o->words[i], name) == 0)
            return true;
    return o->words_n == 0;
}

int verb_rebuild(struct app *a)
{
    for (const struct module *const *m = app_modules; *m; m++) {
        if (!(*m)->rebuild || !is_asked(&a->options, (*m)->name))
            continue;
        a->cx.now = a->env.clock(&a->env);
        enum err e = lane_call(a->env.lanes, LANE_WRITE, &a->cx, run_rebuild, (void *)*m);
        if (e != OK)
            return app_failed(a, e);
        app_say(a, "%s: đã làm lại\n", (*m)->name);
    }
    return EX_OK;
}

/* ---- verify ---- */

int verb_verify(struct app *a)
{
    struct journal_report r;
    struct journal_check c = {
        .head_file = str_c(a->options.head),
        .skip_payloads = a->options.quick,
        .note = say,
        .state = a,
    };
    if (a->options.head && access(a->options.head, R_OK) != 0)
        return app_stop(a, EX_NOINPUT, "%s: %s", a->options.head, strerror(errno));
    enum err e = journal_verify(&a->cx, &c, &r);
    if (e != OK)
        return app_failed(a, e);
    if (!r.sound) {
        app_say(a, "SAI: %.*s\n", F(r.what));
        return EX_DATAERR;
    }
    app_say(
        a,
        "ĐÚNG: %lld sự kiện liền nhau; %lld nội dung khớp, %lld đã xóa theo quyết định, %lld chờ vào sổ; "
        "%lld đầu sổ có chữ ký đúng, %lld có trong tệp nhân chứng\n",
        (long long)r.size, (long long)r.payloads, (long long)r.erased, (long long)r.waiting,
        (long long)r.heads, (long long)r.witnessed);
    return EX_OK;
}

/* ---- doctor ---- */

struct findings {
    struct app *app;
    int bad;
};

static void finding(struct findings *f, bool good, const char *what, struct str detail)
{
    app_say(f->app, "%s  %s%s%.*s\n", good ? "được " : "HỎNG ", what, detail.n ? ": " : "",
            F(detail));
    f->bad += !good;
}

static void check_folder(struct findings *f, const char *name, mode_t wanted)
{
    struct app *a = f->app;
    struct stat st;
    struct str path = str_fmt(a->arena, "%.*s/%s", F(a->data_dir), name);
    bool there = stat(path.p, &st) == 0;
    bool closed = there && (st.st_mode & 0777 & ~wanted) == 0;
    finding(f, closed, path.p,
            there ? closed ? S("")
                           : str_fmt(a->arena, "mở cho người khác (%o), chạy: chmod %o %s",
                                     st.st_mode & 0777, wanted, path.p)
                  : S("không có"));
}

static void check_disk(struct findings *f)
{
    struct app *a = f->app;
    struct statvfs v;
    if (statvfs(str_z(a->arena, a->data_dir), &v) != 0) {
        finding(f, false, "đĩa", str_c(strerror(errno)));
        return;
    }
    long long free_mb = (long long)((double)v.f_bavail * (double)v.f_frsize / 1e6);
    finding(f, free_mb > 1000, "đĩa còn trống", str_fmt(a->arena, "%lld MB", free_mb));
}

struct health {
    struct job_stat jobs[100];
    size_t jobs_n;
    int64_t waiting, oldest_at;
    struct journal_head head;
    enum err head_err;
};

static enum err ask_health(struct cx *cx, void *arg)
{
    struct health *h = arg;
    TRY(job_stats(cx, h->jobs, 100, &h->jobs_n));
    TRY(file_waiting(cx, &h->waiting, &h->oldest_at));
    h->head_err = journal_head_last(cx, &h->head);
    return h->head_err == ERR_NOT_FOUND ? OK : h->head_err;
}

static void check_database(struct findings *f)
{
    struct app *a = f->app;
    struct health *h = NEW(a->arena, struct health);
    enum err e = lane_call(a->env.lanes, LANE_SLOW, &a->cx, ask_health, h);
    finding(f, e == OK, "cơ sở dữ liệu trả lời", e == OK ? S("") : a->cx.why);
    if (e != OK)
        return;
    int64_t dead = 0;
    for (size_t i = 0; i < h->jobs_n; i++)
        dead += h->jobs[i].dead;
    finding(f, dead == 0, "việc nền hỏng hẳn", str_fmt(a->arena, "%lld", (long long)dead));
    finding(f, h->waiting == 0 || a->cx.now - h->oldest_at < HOUR_MS, "tệp chờ quét mã độc",
            str_fmt(a->arena, "%lld", (long long)h->waiting));
    bool fresh = h->head_err == OK && a->cx.now - h->head.at < DAY_MS;
    finding(f, fresh || h->head_err == ERR_NOT_FOUND, "đầu sổ nhật ký ký gần nhất",
            h->head_err == OK ? time_vi(a->arena, h->head.at) : S("chưa có"));
}

int verb_doctor(struct app *a)
{
    struct findings f = {.app = a};
    check_folder(&f, ".", 0700);
    check_folder(&f, "keys", 0700);
    check_folder(&f, "keys/master.key", 0600);
    check_disk(&f);
    check_database(&f);
    return f.bad ? EX_UNAVAILABLE : EX_OK;
}
