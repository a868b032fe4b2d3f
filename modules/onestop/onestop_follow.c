/* onestop_follow.c - running dossiers follow their units: to the heir of one that ended, to the new
 * place of one that moved in the tree. Ended ones stay where they were decided; the heir reads
 * them.
 *
 * The journal says what happened to a unit, in the transaction of the decision. A standing task
 * reads it and leaves one job a unit; the job takes some dossiers a turn until there is none left.
 */
#include "identity/identity.h"
#include "job/job.h"
#include "journal/journal.h"
#include "onestop_inside.h"
#include "org/org.h"

#define DOSSIERS_A_TURN 40
#define POSTS_MAX 32
#define CURSOR S("onestop.follow")

static enum err add_job(struct cx *cx, int64_t unit, int64_t round, int64_t at)
{
    return job_add(
        cx, "onestop.follow", str_fmt(cx->arena, "%lld.%lld", (long long)unit, (long long)round),
        S(""),
        str_fmt(cx->arena, "{\"unit\":%lld,\"round\":%lld}", (long long)unit, (long long)round),
        at);
}

static enum err add_reach(struct cx *cx, int64_t unit, const struct reach_cursor *at, int64_t round)
{
    return job_add(
        cx, "onestop.reach", str_fmt(cx->arena, "%lld.%lld", (long long)unit, (long long)round),
        S(""),
        str_fmt(cx->arena, "{\"unit\":%lld,\"sent_at\":%lld,\"dossier\":%lld,\"round\":%lld}",
                (long long)unit, (long long)at->sent_at, (long long)at->dossier, (long long)round),
        0);
}

/* What runs goes to the heir; what ended the heir may read. */
static enum err add_both(struct cx *cx, int64_t unit, int64_t round)
{
    TRY(add_job(cx, unit, round, 0));
    return add_reach(cx, unit, &(const struct reach_cursor){0}, round);
}

static enum err take(struct cx *cx, const struct event_record *e, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(e[i].kind, S("org.unit.ended")) || str_eq(e[i].kind, S("org.unit.moved")))
            TRY(add_both(cx, e[i].subject_id, e[i].id));
    return OK;
}

static enum err feed_ready(struct cx *cx, bool *ready)
{
    return journal_behind(cx, CURSOR, ready);
}

static enum err feed_turn(struct cx *cx, bool *more)
{
    return journal_feed(cx, CURSOR, S("org.unit."), take, more);
}

const struct job_kind onestop_follow_feed = {.name = "onestop.follow_feed",
                                             .title = "Đọc việc sắp xếp cơ quan từ nhật ký",
                                             .ready = feed_ready,
                                             .turn = feed_turn};

/* ---- one dossier ---- */

static enum err to_heir(struct cx *cx, int64_t *unit, struct str *path, struct str *area_path)
{
    struct org_unit u;
    TRY(org_unit_heir(cx, *unit, &u));
    *unit = u.id;
    if (path)
        *path = u.path;
    if (area_path)
        *area_path = u.area_path;
    return OK;
}

/* Whoever had it keeps it if they work there now; their post may follow a moment after or before.
 */
static enum err keep_assignee(struct cx *cx, struct dossier *d, int64_t old_unit)
{
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    if (d->assignee == 0)
        return OK;
    TRY(identity_posts(cx, d->assignee, posts, POSTS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if (posts[i].unit == d->unit || posts[i].unit == old_unit)
            return OK;
    d->assignee = 0;
    return OK;
}

/* What the person may read: who goes on with it. A new place in the tree changes nothing for them.
 */
static enum err say(struct cx *cx, const struct dossier *d, int64_t old_unit)
{
    struct org_unit was, now;
    TRY(org_unit_find(cx, old_unit, &was));
    TRY(org_unit_find(cx, d->unit, &now));
    struct str note =
        old_unit == d->unit
            ? S("")
            : tr_keep(cx->arena, T("%.*s tiếp tục giải quyết, thay %.*s đã sắp xếp lại"),
                      F(now.name), F(was.name));
    TRY(journal_write(cx, &(struct event){
                              .kind = S("onestop.dossier.followed"),
                              .subject_kind = SUBJECT_KIND,
                              .subject_code = d->code.n ? d->code : d->request_code,
                              .subject_id = d->id,
                              .unit = d->unit,
                              .from_state = str_c(onestop_state(d->state)->name),
                              .to_state = str_c(onestop_state(d->state)->name),
                              .note_public = text_cut(cx->arena, note, 250),
                          }));
    if (note.n == 0)
        return OK;
    return onestop_tell(
        cx, d, S("Cơ quan khác tiếp tục giải quyết hồ sơ của bạn"),
        tr_keep(
            cx->arena,
            T("%.*s tiếp tục hồ sơ. Mã hồ sơ, giấy tờ và ngày hẹn giữ nguyên; bạn không phải nộp lại."),
            F(now.name)));
}

static enum err follow(struct cx *cx, struct dossier *d)
{
    const int64_t old_unit = d->unit;
    TRY(to_heir(cx, &d->unit, &d->unit_path, &d->area_path));
    TRY(to_heir(cx, &d->helping_unit, NULL, NULL));
    TRY(to_heir(cx, &d->receiving_unit, &d->receiving_path, NULL));
    TRY(to_heir(cx, &d->competent_unit, &d->competent_path, NULL));
    TRY(to_heir(cx, &d->returning_unit, NULL, NULL));
    TRY(keep_assignee(cx, d, old_unit));
    TRY(onestop_store_follow(cx, d));
    return say(cx, d, old_unit);
}

/* ---- some of a unit's ---- */

static enum err next_of(struct cx *cx, int64_t unit, int64_t *ids, size_t *n)
{
    struct org_unit heir;
    TRY(org_unit_heir(cx, unit, &heir));
    return heir.id == unit ? onestop_store_astray(cx, &heir, ids, DOSSIERS_A_TURN, n)
                           : onestop_store_running_of(cx, unit, ids, DOSSIERS_A_TURN, n);
}

/* A result that is being signed stays where it was approved until the signature is on it. */
static enum err is_signing(struct cx *cx, const struct dossier *d, bool *yes)
{
    struct result_view r;
    enum err e = onestop_store_result(cx, d, &r);
    *yes = e == OK && str_eq(r.state, S("da_duyet"));
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err after_follow(struct cx *cx, const struct job *j, enum err, void *)
{
    const struct json *v;
    struct json_error bad;
    int64_t ids[DOSSIERS_A_TURN];
    size_t n, moved = 0;
    if (json_read(cx->arena, j->payload, &v, &bad) != OK)
        return fail(cx, ERR_IO, "job %lld: payload: %s", (long long)j->id, bad.what);
    int64_t unit = json_int(json_get(v, S("unit")), 0);
    TRY(next_of(cx, unit, ids, &n));
    for (size_t i = 0; i < n; i++) {
        struct dossier d;
        bool signing;
        TRY(onestop_store_any(cx, ids[i], &d));
        TRY(is_signing(cx, &d, &signing));
        if (signing)
            continue;
        TRY(follow(cx, &d));
        moved++;
    }
    if (n == 0)
        return OK;
    bool waits = moved < n;
    return add_job(cx, unit, j->id + INT64_C(1'000'000'000), waits ? cx->now + MINUTE_MS : 0);
}

const struct job_kind onestop_follow_job = {
    .name = "onestop.follow", .title = "Chuyển hồ sơ sang cơ quan kế tiếp", .after = after_follow};

static enum err after_reach(struct cx *cx, const struct job *j, enum err, void *)
{
    const struct json *v;
    struct json_error bad;
    size_t n;
    if (json_read(cx->arena, j->payload, &v, &bad) != OK)
        return fail(cx, ERR_IO, "job %lld: payload: %s", (long long)j->id, bad.what);
    const int64_t unit = json_int(json_get(v, S("unit")), 0);
    struct reach_cursor at = {json_int(json_get(v, S("sent_at")), 0),
                              json_int(json_get(v, S("dossier")), 0)};
    TRY(onestop_store_reach(cx, unit, &at, DOSSIERS_A_TURN, &n));
    return n ? add_reach(cx, unit, &at, j->id + INT64_C(1'000'000'000)) : OK;
}

const struct job_kind onestop_reach_job = {.name = "onestop.reach",
                                           .title = "Cho cơ quan kế tiếp đọc hồ sơ đã xong",
                                           .after = after_reach};
