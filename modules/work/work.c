/* work.c - the life of long work: asked for, done step by step, ended; its file. */
#include "work.h"

#include "identity/identity.h"
#include "journal/journal.h"
#include "json/json.h"
#include "lane/lane.h"
#include "notify/notify.h"
#include "vault/vault.h"
#include "work_store.h"

#define OPEN_MAX 5
#define FILE_MAX (INT64_C(512) << 20)
#define SAY_MS 500   /* real time between two words about how far it is */
#define SAY_STEP 500 /* or so many rows */
#define KEPT_MS (3 * DAY_MS)
#define SWEEP_MAX 100

static enum err write_event(struct cx *cx, const struct work_item *w, const char *kind,
                            const char *from, const char *to)
{
    struct buf b = {.arena = cx->arena, .limit = 2000};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("job"), w->job);
    json_num(&o, S("done"), w->done);
    json_close_object(&o);
    return journal_write(cx, &(struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = S("work.item"),
                                 .subject_code = w->code,
                                 .subject_id = w->id,
                                 .unit = w->unit,
                                 .from_state = str_c(from),
                                 .to_state = str_c(to),
                                 .payload = buf_str(&b),
                             });
}

static struct str key_of(struct cx *cx, int64_t id)
{
    return str_fmt(cx->arena, "%lld", (long long)id);
}

enum err work_start(struct cx *cx, const struct work_new *n, struct str *path)
{
    int64_t open;
    TRY(work_store_open(cx, cx->actor->account, &open));
    if (open >= OPEN_MAX)
        return fail(
            cx, ERR_LIMIT,
            T("Bạn đang có %d việc chạy lâu chưa xong. Chờ xong hoặc dừng bớt rồi làm tiếp."),
            OPEN_MAX);
    struct work_item w = {
        .code = random_code(cx, 12),
        .account = cx->actor->account,
        .unit = cx->actor->unit,
        .job = str_c(n->job),
        .title = n->title,
        .ask = n->ask,
        .link = n->link,
        .lang = cx->lang.n ? cx->lang : S("vi"),
    };
    TRY(work_store_add(cx, &w));
    TRY(job_add(cx, n->job, key_of(cx, w.id), S(""),
                str_fmt(cx->arena, "{\"work\":%lld}", (long long)w.id), 0));
    *path = str_fmt(cx->arena, "/viec-dai/%.*s", F(w.code));
    return write_event(cx, &w, "work.started", "", "cho");
}

enum err work_state_at(struct cx *cx, struct str path, enum work_state *out)
{
    const struct str head = S("/viec-dai/");
    if (!str_starts(path, head))
        return ERR_NOT_FOUND;
    return work_store_state(cx, str_from(path, head.n), out);
}

/* ---- while it is done ---- */

struct step {
    struct work *w;
    bool stop;
};

static enum err say_progress(struct cx *cx, void *arg)
{
    struct step *s = arg;
    struct work_item now;
    TRY(work_store_find(cx, s->w->id, &now));
    s->stop = now.stop || now.state > WORK_RUNNING;
    return s->stop ? OK : work_store_progress(cx, s->w->id, s->w->done, s->w->total);
}

enum err work_progress(struct cx *cx, struct work *w, int64_t done, int64_t total)
{
    struct step s = {.w = w};
    const int64_t now = cx->env->clock(cx->env);
    w->done = done;
    w->total = total;
    if (w->said_at && now - w->said_at < SAY_MS && done - w->said_done < SAY_STEP)
        return OK;
    TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, say_progress, &s));
    w->said_at = now;
    w->said_done = done;
    w->stopped = s.stop;
    return s.stop ? fail(cx, ERR_CONFLICT, T("Đã dừng theo yêu cầu.")) : OK;
}

struct keyed {
    struct work *w;
    struct str key;
};

static enum err find_key(struct cx *cx, void *arg)
{
    struct keyed *k = arg;
    TRY(account_subject(cx, k->w->account, &k->w->owner));
    return vault_subject_key(cx, k->w->owner, &k->key);
}

static void drop_upload(void *upload)
{
    file_upload_drop(upload);
}

enum err work_file(struct cx *cx, struct work *w, struct str name, struct str type)
{
    struct keyed k = {.w = w};
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, find_key, &k));
    TRY(file_upload_start(cx, k.key, FILE_MAX, &w->upload));
    cx_register(cx, &w->upload_closer, drop_upload, w->upload);
    w->file_name = name;
    w->file_type = type;
    return OK;
}

static enum err load(struct cx *cx, void *arg)
{
    struct work *w = arg;
    struct work_item now;
    enum err e = work_store_find(cx, w->id, &now);
    w->nothing = e == ERR_NOT_FOUND || (e == OK && now.state > WORK_RUNNING);
    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    w->account = now.account;
    w->unit = now.unit;
    w->ask = now.ask;
    w->title = now.title;
    w->lang = now.lang;
    w->stopped = now.stop;
    return OK;
}

static enum err id_of(struct cx *cx, const struct job *j, int64_t *id)
{
    const struct json *v;
    struct json_error error;
    if (json_read(cx->arena, j->payload, &v, &error) != OK)
        return fail(cx, ERR_IO, "job %lld: payload: %s", (long long)j->id, error.what);
    *id = json_int(json_get(v, S("work")), 0);
    return OK;
}

struct asker {
    struct work *w;
    const struct right *right;
    bool may;
};

static enum err become(struct cx *cx, void *arg)
{
    struct asker *as = arg;
    struct actor *a = NEW(cx->arena, struct actor);
    TRY(identity_load_actor(cx, as->w->account, as->w->unit, a));
    as->may = identity_grant(cx, a, as->right, &cx->scope, NULL);
    cx->actor = a;
    return OK;
}

enum err work_as(struct cx *cx, struct work *w, const struct right *r)
{
    struct asker as = {.w = w, .right = r};
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, become, &as));
    return as.may ? OK
                  : fail(cx, ERR_DENIED, T("Bạn không còn quyền “%s” ở đơn vị đã chọn."), r->title);
}

enum err work_act(struct cx *cx, const struct job *j, work_fn *fn, void **result)
{
    struct work *w = NEW(cx->arena, struct work);
    const struct actor *program = cx->actor;
    const struct scope all = cx->scope;
    const struct str lang = cx->lang;
    TRY(id_of(cx, j, &w->id));
    *result = w;
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, load, w));
    if (w->nothing || w->stopped)
        return OK;
    cx->lang = w->lang;
    enum err e = fn(cx, w);
    cx->actor = program;
    cx->scope = all;
    cx->lang = lang;
    return e == OK && w->upload ? file_upload_end(cx, w->upload) : e;
}

static enum err keep_file(struct cx *cx, struct work *w, struct work_item *now)
{
    struct stored_file f;
    if (!w->upload)
        return OK;
    TRY(file_add(cx, w->upload, w->owner, w->file_name, &f));
    now->file = f.id;
    now->file_name = w->file_name;
    now->file_type = w->file_type;
    return OK;
}

static const char *state_word(enum work_state s)
{
    return s == WORK_DONE ? "xong" : s == WORK_STOPPED ? "dung" : "hong";
}

/* The person may have left the page: the bell says that it is there, or that it could not be done.
 */
static enum err tell_end(struct cx *cx, const struct work_item *w)
{
    if (w->state == WORK_STOPPED)
        return OK; /* they ended it themselves */
    const bool done = w->state == WORK_DONE;
    return notify_send(
        cx,
        &(const struct notice){
            .account = w->account,
            .kind = S("work.item"),
            .key = w->code,
            .title =
                str_fmt(cx->arena, "%.*s: %.*s",
                        F(tr(cx, done ? S(T("Đã xong")) : S(T("Không làm được")))), F(w->title)),
            .body = w->file ? tr(cx, S(T("Tệp được giữ ba ngày."))) : S(""),
            .link = w->link.n && done ? w->link : str_fmt(cx->arena, "/viec-dai/%.*s", F(w->code)),
        });
}

/* A failure is tried again; the last one is the person's to know. */
enum err work_after(struct cx *cx, const struct job *j, enum err acted, void *result)
{
    struct work *w = result;
    struct work_item now;
    struct str why = acted != OK && acted <= ERR_LIMIT ? cx->why : S("");
    if (!w || w->nothing)
        return w ? OK : acted;
    if (acted != OK && !w->stopped && j->tries < WORK_TRIES)
        return acted;
    TRY(work_store_find(cx, w->id, &now));
    if (now.state > WORK_RUNNING)
        return OK; /* ended by a press before it began */
    now.done = w->done;
    now.total = w->total;
    now.state = w->stopped || now.stop ? WORK_STOPPED : acted == OK ? WORK_DONE : WORK_FAILED;
    now.why = why;
    if (now.state == WORK_DONE)
        TRY(keep_file(cx, w, &now));
    TRY(work_store_end(cx, &now));
    cx->lang = now.lang;
    TRY(tell_end(cx, &now));
    return write_event(cx, &now, "work.ended", "dang_chay", state_word(now.state));
}

enum err work_stop(struct cx *cx, struct work_item *w)
{
    if (w->state == WORK_RUNNING)
        return work_store_stop(cx, w->id);
    w->state = WORK_STOPPED;
    TRY(job_cancel(cx, str_z(cx->arena, w->job), key_of(cx, w->id)));
    TRY(work_store_end(cx, w));
    return write_event(cx, w, "work.ended", "cho", "dung");
}

/* ---- afterwards ---- */

static enum err sweep(struct cx *cx, const struct job *, enum err, void *)
{
    struct work_item *old = NEW_N(cx->arena, struct work_item, SWEEP_MAX);
    size_t n;
    TRY(work_store_old(cx, cx->now - KEPT_MS, old, SWEEP_MAX, &n));
    for (size_t i = 0; i < n; i++) {
        if (old[i].file)
            TRY(file_remove(cx, old[i].file));
        TRY(work_store_drop(cx, old[i].id));
    }
    return OK;
}

extern const struct job_kind work_sweep;
const struct job_kind work_sweep = {
    .name = "work.sweep",
    .title = "Dọn tệp của việc chạy lâu",
    .after = sweep,
    .every_ms = HOUR_MS,
};
