/* power_world.h - database, lanes, vault, files and journal on a folder whose disk can lose power.
 */
#pragma once
#include "power.h"

#include "file/file.h"
#include "journal/journal.h"
#include "keyd/keyd.h"
#include "lane/lane.h"
#include "testing/testing.h"
#include "vault/vault.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- opening a folder, as the program does ---- */

struct world {
    struct env env;
    struct cx cx;
    struct db_store *store;
};

static enum err world_open(struct world *w, struct str folder, bool make)
{
    static const char *const roots[] = {"core/kept", "core/vault",      "core/file",
                                        "core/job",  "modules/journal", NULL};
    struct cx *cx = &w->cx;
    w->env = (struct env){.clock = clock_system, .random = random_system, .data_dir = folder};
    *cx = (struct cx){.arena = arena_new((size_t)256 << 20),
                      .env = &w->env,
                      .actor = &actor_program,
                      .scope = {.kind = SCOPE_ALL},
                      .now = clock_system(&w->env),
                      .lang = S("vi")};
    w->env.settings = settings_new();
    struct str url = str_fmt(cx->arena, "sqlite:%.*s/core.db", F(folder));
    TRY(db_open(cx, &(struct db_config){.url = url, .may_create = make}, &w->store));
    TRY(lanes_start(cx, &(struct lanes_config){.store = w->store}, &w->env.lanes));
    TRY(lane_hold(w->env.lanes, cx));
    enum err e = db_migrate(cx, roots);
    lane_let_go(w->env.lanes, cx);
    TRY(e);
    TRY(keyd_here(cx, str_fmt(cx->arena, "%.*s/keys", F(folder)), &w->env.keyd));
    TRY(vault_open(cx, make, &w->env.vault));
    TRY(file_store_open(cx, &w->env.files));
    return journal_start(cx);
}

static void world_close(struct world *w)
{
    if (w->env.lanes)
        lanes_stop(w->env.lanes);
    if (w->env.files)
        file_store_close(w->env.files);
    if (w->env.vault)
        vault_close(w->env.vault);
    keyd_close(w->env.keyd);
    if (w->store)
        db_close(w->store);
    settings_free(w->env.settings);
    arena_free(w->cx.arena);
    *w = (struct world){0};
}

/* ---- effects: a file and an event about it, in one transaction ---- */

#define EFFECTS_MAX 4096
#define FILE_BYTES_MAX 200'000

struct effect {
    int64_t number, file;
    uint64_t place; /* in the record, when it was acknowledged */
    struct hash digest;
};
/* What the other side was told is done; it outlives every world. */
struct acknowledged {
    pthread_mutex_t lock;
    struct effect effects[EFFECTS_MAX];
    size_t n;
    int64_t owner;
    _Atomic int64_t tried;
    atomic_bool dark; /* nobody hears answers any more */
};

static enum err new_owner(struct cx *cx, void *owner)
{
    return vault_subject_new(cx, owner);
}

static struct str paper(struct cx *cx, int64_t number)
{
    struct buf b = {.arena = cx->arena, .limit = FILE_BYTES_MAX + 100};
    size_t n = (size_t)(number * 7919 % FILE_BYTES_MAX);
    do
        buf_fmt(&b, "Trang của việc %lld, %zu.\n", (long long)number, b.n);
    while (b.n < n);
    return buf_str(&b);
}

struct doing {
    struct file_upload *upload;
    int64_t owner;
    struct effect effect;
};

static enum err write_effect(struct cx *cx, void *arg)
{
    struct doing *d = arg;
    struct stored_file f;
    TRY(file_add(cx, d->upload, d->owner, S("giấy tờ.txt"), &f));
    d->effect.file = f.id;
    struct event e = {.kind = S("test.paper.stored"),
                      .subject_kind = S("test.paper"),
                      .subject_id = d->effect.number,
                      .payload_subject = d->owner,
                      .payload = S("{\"note\":\"đã nhận\"}")};
    return journal_write(cx, &e);
}

struct asked_key {
    int64_t owner;
    struct str key;
};

static enum err owner_key(struct cx *cx, void *arg)
{
    struct asked_key *a = arg;
    return vault_subject_key(cx, a->owner, &a->key);
}

/* One request: the file first, as uploads come, then the transaction. */
static enum err do_effect(struct cx *cx, struct acknowledged *k)
{
    struct doing d = {.owner = k->owner, .effect.number = atomic_fetch_add(&k->tried, 1) + 1};
    struct asked_key asked = {.owner = k->owner};
    struct str bytes = paper(cx, d.effect.number);
    struct lanes *l = cx->env->lanes;
    TRY(lane_call(l, LANE_SLOW, cx, owner_key, &asked));
    TRY(file_put(cx, k->owner, asked.key, S(""), bytes, &d.upload));
    enum err e = lane_call(l, LANE_WRITE, cx, write_effect, &d);
    file_upload_drop(d.upload);
    d.effect.digest = sha256(bytes);
    d.effect.place = power_place();
    pthread_mutex_lock(&k->lock);
    if (e == OK && !atomic_load(&k->dark) && k->n < EFFECTS_MAX)
        k->effects[k->n++] = d.effect;
    pthread_mutex_unlock(&k->lock);
    return e;
}

/* ---- what is there ---- */

struct found {
    const struct acknowledged *k;
    uint64_t place;  /* what was acknowledged later is not looked for; 0: all */
    int lost;        /* acknowledged, and not there whole */
    struct str what; /* the first thing wrong */
    struct journal_report report;
};

static enum err find_effect(struct cx *cx, const struct acknowledged *k, const struct effect *e)
{
    struct event_record events[2];
    struct stored_file f;
    struct str bytes;
    size_t n;
    TRY(journal_of(cx, S("test.paper"), e->number, 0, true, events, 2, &n));
    if (n != 1)
        return fail(cx, ERR_NOT_FOUND, "%zu events", n);
    TRY(file_find(cx, e->file, &f));
    TRY(file_read_all(cx, &f, FILE_BYTES_MAX + 200, &bytes));
    struct hash h = sha256(bytes);
    return f.owner == k->owner && memcmp(&h, &e->digest, sizeof h) == 0
               ? OK
               : fail(cx, ERR_NOT_FOUND, "another file");
}

static enum err whole_database(struct cx *cx)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "/* only sqlite */ pragma integrity_check"));
    if (!db_next(&rows))
        return rows.err ? rows.err : fail(cx, ERR_IO, "no integrity check");
    struct str said = db_str(&rows, 0);
    return str_eq(said, S("ok")) ? OK : fail(cx, ERR_IO, "%.*s", F(said));
}

static enum err look(struct cx *cx, void *arg)
{
    struct found *f = arg;
    TRY(whole_database(cx));
    for (size_t i = 0; i < f->k->n; i++) {
        struct arena_mark here = arena_here(cx->arena);
        if (f->place && f->k->effects[i].place > f->place)
            continue;
        if (find_effect(cx, f->k, &f->k->effects[i]) == OK) {
            arena_back(cx->arena, here);
            continue;
        }
        if (f->lost++ == 0)
            f->what = str_fmt(cx->arena, "việc %lld: %.*s", (long long)f->k->effects[i].number,
                              F(cx->why));
    }
    return journal_verify(cx, &(struct journal_check){0}, &f->report);
}

/* ---- folders ---- */

static void remove_folder(const char *path)
{
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        char inner[4096];
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, e->d_name);
        if (unlink(inner) != 0)
            remove_folder(inner);
    }
    if (d)
        closedir(d);
    rmdir(path);
}
