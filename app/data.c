/* data.c - verbs about the data: pack, rebuild, verify. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "app.h"

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

#define TURNS_A_COMMIT 50

static enum err some_turns(struct cx *cx, const struct job_kind *k, bool *more)
{
    for (int i = 0; *more && i < TURNS_A_COMMIT; i++) {
        struct arena_mark here = arena_here(cx->arena);
        TRY(k->turn(cx, more));
        arena_back(cx->arena, here);
    }
    return OK;
}

/* Readers of the journal catch up here, where nobody waits for the writer; a server's jobs do it
 * in their own short turns. */
static enum err catch_up(struct app *a, const struct module *m)
{
    enum err e = OK;
    if (a->env.jobs || !m->jobs)
        return OK;
    TRY(lane_hold(a->env.lanes, &a->cx));
    for (const struct job_kind *const *k = m->jobs; *k && e == OK; k++)
        for (bool more = (*k)->turn != NULL; more && e == OK;) {
            e = db_begin(&a->cx);
            if (e == OK)
                e = lane_end_held(a->env.lanes, &a->cx, some_turns(&a->cx, *k, &more));
            if (e == OK)
                e = db_checkpoint(&a->cx, false); /* the log does not grow over all of it */
        }
    lane_let_go(a->env.lanes, &a->cx);
    return e;
}

enum err app_rebuild(struct app *a, const struct module *m)
{
    a->cx.now = a->env.clock(&a->env);
    TRY(lane_call(a->env.lanes, LANE_WRITE, &a->cx, run_rebuild, (void *)m));
    return catch_up(a, m);
}

int verb_rebuild(struct app *a)
{
    for (const struct module *const *m = app_modules; *m; m++) {
        if (!(*m)->rebuild || !is_asked(&a->options, (*m)->name))
            continue;
        enum err e = app_rebuild(a, *m);
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
