/*
 * key.c - `tinhso key rotate`: a new master key while the program serves.
 *
 * Each step is a transaction or a file of its own, and says in the database how far it is: whoever
 * runs the verb again after a kill goes on there. core/vault/README.md has the order and why.
 */
#include <stdio.h>
#include <time.h>

#include "app.h"

#include "journal/journal.h"
#include "lane/lane.h"
#include "vault/vault.h"

#define NODES_WAIT_MS 2000 /* they look every second */
#define NODES_LOOK_MS 100
#define PROGRESS 10'000 /* keys between two lines of progress */
#define RETIRED 0       /* in place of a state: its row is gone */
#define ROUNDS_MAX 10   /* another node may still wrap one by the old: its transaction was older */

struct rotation {
    struct app *app;
    struct vault_generation g[VAULT_GENERATIONS_MAX];
    size_t n;
    struct vault_generation *to; /* the newest */
    int64_t keys, lacking, rewrapped;
};

static enum err in_lane(struct rotation *r, enum lane lane, enum err (*fn)(struct cx *, void *),
                        void *arg)
{
    struct cx *cx = &r->app->cx;
    app_step();
    cx->now = cx->env->clock(cx->env);
    return lane_call(cx->env->lanes, lane, cx, fn, arg);
}

static enum err tell(struct cx *cx, const struct vault_generation *g, struct str kind,
                     struct str state)
{
    return journal_write(cx, &(struct event){.kind = kind,
                                             .subject_kind = S("vault.master"),
                                             .subject_id = g->n,
                                             .subject_code = g->print,
                                             .to_state = state});
}

/* ---- the list ---- */

static enum err look(struct cx *cx, void *arg)
{
    struct rotation *r = arg;
    TRY(vault_generations(cx, r->g, &r->n));
    MUST(r->n > 0);
    r->to = &r->g[r->n - 1];
    return OK;
}

struct counted {
    int64_t generation, keys;
};

static enum err count(struct cx *cx, void *arg)
{
    struct counted *c = arg;
    return vault_wrapped_by(cx, c->generation, &c->keys);
}

static int list(struct app *a)
{
    static const char *const states[] = {[VAULT_KEY_HERE] = "",
                                         [VAULT_KEY_MISSING] = "; THIẾU TỆP",
                                         [VAULT_KEY_OTHER] = "; SAI TỆP"};
    struct rotation r = {.app = a};
    enum err e = in_lane(&r, LANE_SLOW, look, &r);
    for (size_t i = 0; e == OK && i < r.n; i++) {
        struct counted c = {.generation = r.g[i].n};
        e = in_lane(&r, LANE_SLOW, count, &c);
        if (e == OK)
            app_say(a, "%lld  keys/%s, dấu %.*s, tạo %.*s, %s: bọc %lld khóa%s\n",
                    (long long)r.g[i].n, vault_master_file(&a->cx, r.g[i].n), F(r.g[i].print),
                    F(time_vi(a->arena, r.g[i].made_at)),
                    r.g[i].used_at ? "đang dùng" : "chưa dùng", (long long)c.keys,
                    states[r.g[i].state]);
    }
    if (e == OK && r.n > 1)
        app_say(a, "Đang đổi dở. Làm nốt: tinhso key rotate\n");
    return e == OK ? EX_OK : app_failed(a, e);
}

/* ---- a new one ---- */

static enum err state_new(struct cx *cx, void *arg)
{
    const struct vault_generation *g = arg;
    TRY(vault_master_state(cx, g->n, g->print));
    return tell(cx, g, S("vault.master.made"), S("made"));
}

static enum err make_new(struct rotation *r)
{
    struct vault_generation *g = &r->g[r->n];
    *g = (struct vault_generation){.n = r->to->n + 1, .state = VAULT_KEY_HERE};
    app_step();
    TRY(vault_master_make(&r->app->cx, g->n, &g->print));
    TRY(in_lane(r, LANE_WRITE, state_new, g));
    r->to = g;
    r->n++;
    return OK;
}

static enum err ask_nodes(struct cx *cx, void *arg)
{
    struct rotation *r = arg;
    return vault_nodes_lacking(cx, r->to->n, &r->lacking);
}

static enum err tell_ours(struct cx *cx, void *)
{
    return vault_keys_tell(cx);
}

/* Nothing may be wrapped by what a node that lives cannot unwrap. */
static enum err wait_for_nodes(struct rotation *r)
{
    if (r->app->env.jobs) /* this process is one */
        TRY(in_lane(r, LANE_WRITE, tell_ours, NULL));
    for (int ms = 0;; ms += NODES_LOOK_MS) {
        TRY(in_lane(r, LANE_SLOW, ask_nodes, r));
        if (r->lacking == 0 || ms >= NODES_WAIT_MS)
            return OK;
        nanosleep(&(struct timespec){.tv_nsec = NODES_LOOK_MS * 1'000'000L}, NULL);
    }
}

static enum err use_new(struct cx *cx, void *arg)
{
    const struct vault_generation *g = arg;
    TRY(vault_master_use(cx, g->n));
    return tell(cx, g, S("vault.master.used"), S("used"));
}

static int say_lacking(const struct rotation *r)
{
    return app_stop(
        r->app, EX_TEMPFAIL,
        "%lld máy chủ khác chưa có keys/%s. Khóa mới chưa dùng đến, dữ liệu không đổi.\n"
        "Chép tệp này (quyền 600) vào thư mục keys của từng máy, rồi chạy lại: tinhso key rotate\n"
        "Máy nào vừa bị tắt ngang thì chờ 2 phút.",
        (long long)r->lacking, vault_master_file(&r->app->cx, r->to->n));
}

/* ---- keys wrapped anew, the old one retired ---- */

static enum err some(struct cx *cx, void *arg)
{
    return vault_rewrap_some(cx, arg);
}

static void say_progress(struct rotation *r, int64_t before)
{
    if (r->keys > PROGRESS && before / PROGRESS != r->rewrapped / PROGRESS)
        app_say(r->app, "đã bọc lại %lld/%lld khóa\n", (long long)r->rewrapped, (long long)r->keys);
}

static enum err rewrap(struct rotation *r)
{
    struct vault_rewrap so_far = {.to = r->to->n};
    while (!so_far.end) {
        const struct arena_mark here = arena_here(r->app->cx.arena);
        struct vault_rewrap turn = so_far; /* a turn that is undone changed nothing */
        TRY(in_lane(r, LANE_WRITE, some, &turn));
        const int64_t before = r->rewrapped;
        r->rewrapped += turn.done - so_far.done;
        say_progress(r, before);
        so_far = turn;
        arena_back(r->app->cx.arena, here);
    }
    return OK;
}

static enum err retire(struct cx *cx, void *arg)
{
    const struct vault_generation *g = arg;
    TRY(vault_master_retire(cx, g->n));
    return tell(cx, g, S("vault.master.retired"), S("retired"));
}

/* *left: keys that are wrapped by older ones. */
static enum err count_old(struct rotation *r, int64_t *left)
{
    *left = 0;
    for (size_t i = 0; i + 1 < r->n; i++) {
        struct counted c = {.generation = r->g[i].n};
        TRY(in_lane(r, LANE_SLOW, count, &c));
        *left += c.keys;
    }
    return OK;
}

/* Another node's transaction that was older may still wrap one by the old while we go: then we go
 * round again. */
static enum err rewrap_all(struct rotation *r)
{
    int64_t left;
    TRY(count_old(r, &left));
    r->keys = r->rewrapped + left;
    for (int round = 0; round == 0 || left; round++) {
        if (round == ROUNDS_MAX)
            return fail(&r->app->cx, ERR_BUSY, "%lld keys stay under the old one", (long long)left);
        TRY(rewrap(r));
        TRY(count_old(r, &left));
    }
    return OK;
}

static enum err retire_one(struct rotation *r, struct vault_generation *old)
{
    if (old->state == RETIRED)
        return OK;
    TRY(in_lane(r, LANE_WRITE, retire, old));
    old->state = RETIRED;
    return OK;
}

static enum err replace_all(struct rotation *r)
{
    for (int round = 0;; round++) {
        enum err e = rewrap_all(r);
        for (size_t i = 0; e == OK && i + 1 < r->n; i++)
            e = retire_one(r, &r->g[i]);
        if (e == OK)
            vault_forget_before(&r->app->cx, r->to->n);
        if (e != ERR_CONFLICT || round == ROUNDS_MAX)
            return e;
    }
}

static void say_done(const struct rotation *r)
{
    struct app *a = r->app;
    const char *file = vault_master_file(&a->cx, r->to->n);
    app_say(a, "Khóa chủ mới: keys/%s, dấu %.*s. Đã bọc lại %lld khóa.\n", file, F(r->to->print),
            (long long)r->rewrapped);
    for (size_t i = 0; i + 1 < r->n; i++)
        app_say(a,
                "keys/%s (dấu %.*s) không còn bọc khóa nào: chỉ các bản chép làm trước lúc này cần "
                "nó.\n  Cất nó ở nơi cất khóa, rồi xóa khỏi thư mục keys của mọi máy chủ.\n",
                vault_master_file(&a->cx, r->g[i].n), F(r->g[i].print));
    app_say(a, "Cất ngay một bản của keys/%s ở nơi cất khóa.\n", file);
}

static enum err check(struct cx *cx, void *)
{
    return vault_check(cx);
}

/* Up to where new keys are wrapped by the new one; or some node lacks it. */
static enum err begin(struct rotation *r)
{
    TRY(in_lane(r, LANE_SLOW, look, r));
    for (size_t i = 0; i < r->n; i++)
        if (r->g[i].state != VAULT_KEY_HERE)
            return in_lane(r, LANE_SLOW, check, NULL);
    if (r->n == 1 && r->to->used_at)
        TRY(make_new(r));
    if (r->to->used_at)
        return OK;
    TRY(wait_for_nodes(r));
    if (r->lacking)
        return OK;
    TRY(in_lane(r, LANE_WRITE, use_new, r->to));
    return in_lane(r, LANE_SLOW, check, NULL); /* from here on this process wraps by it */
}

static int rotate(struct app *a)
{
    struct rotation r = {.app = a};
    enum err e = begin(&r);
    if (e == OK && r.lacking)
        return say_lacking(&r);
    if (e == OK)
        e = replace_all(&r);
    if (e != OK)
        return app_failed(a, e);
    say_done(&r);
    return EX_OK;
}

int verb_key(struct app *a)
{
    const struct app_options *o = &a->options;
    if (o->words_n == 0)
        return list(a);
    if (o->words_n == 1 && strcmp(o->words[0], "rotate") == 0)
        return rotate(a);
    return app_stop(a, EX_USAGE, "cần: tinhso key, hoặc tinhso key rotate");
}
