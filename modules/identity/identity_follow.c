/* identity_follow.c - posts follow their unit: whoever had a role at a unit that ended has it at
 * the unit that took its work over, until an administrator decides otherwise.
 *
 * The journal says which unit ended; a standing task reads it and leaves one job a unit. */
#include "identity_inside.h"
#include "identity_store.h"

#include "job/job.h"
#include "journal/journal.h"
#include "json/json.h"
#include "org/org.h"

#define POSTS_A_TURN 50
#define CURSOR S("identity.follow")

static enum err add_job(struct cx *cx, int64_t unit, int64_t round)
{
    return job_add(cx, "identity.follow",
                   str_fmt(cx->arena, "%lld.%lld", (long long)unit, (long long)round), S(""),
                   str_fmt(cx->arena, "{\"unit\":%lld}", (long long)unit), 0);
}

static enum err take(struct cx *cx, const struct event_record *e, size_t n)
{
    struct org_unit u;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(e[i].kind, S("org.unit.ended")))
            TRY(add_job(cx, e[i].subject_id, e[i].id));
        if (!str_eq(e[i].kind, S("org.unit.moved")))
            continue;
        TRY(org_unit_find(cx, e[i].subject_id, &u));
        TRY(post_store_moved(cx, u.id, u.path));
    }
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

const struct job_kind identity_follow_feed = {.name = "identity.follow_feed",
                                              .title = "Đọc việc sắp xếp cơ quan từ nhật ký",
                                              .ready = feed_ready,
                                              .turn = feed_turn};

static enum err has_it(struct cx *cx, const struct post *p, int64_t unit, bool *yes)
{
    struct post *there = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    TRY(post_store_of(cx, p->account, unit, there, POSTS_MAX, &n));
    *yes = false;
    for (size_t i = 0; i < n; i++)
        *yes = *yes || (str_eq(there[i].role, p->role) && there[i].acting_for == p->acting_for);
    return OK;
}

static enum err follow(struct cx *cx, struct post p, const struct org_unit *heir)
{
    bool known;
    TRY(post_store_end(cx, p.id));
    TRY(has_it(cx, &p, heir->id, &known));
    if (known)
        return OK;
    p.unit = heir->id;
    p.unit_path = heir->path;
    p.from_day = p.from_day > day_of(cx->now) ? p.from_day : day_of(cx->now);
    TRY(post_store_add(cx, &p));
    return journal_write(cx, &(struct event){.kind = S("identity.role.followed"),
                                             .subject_kind = S("identity.account"),
                                             .subject_id = p.account,
                                             .subject_code = p.role,
                                             .unit = heir->id});
}

static enum err after_follow(struct cx *cx, const struct job *j, enum err, void *)
{
    const struct json *v;
    struct json_error bad;
    struct org_unit heir;
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_A_TURN);
    size_t n;
    if (json_read(cx->arena, j->payload, &v, &bad) != OK)
        return fail(cx, ERR_IO, "job %lld: payload: %s", (long long)j->id, bad.what);
    int64_t unit = json_int(json_get(v, S("unit")), 0);
    TRY(org_unit_heir(cx, unit, &heir));
    if (heir.id == unit)
        return OK; /* nobody took over: the posts end with nothing to do */
    TRY(post_store_at(cx, unit, posts, POSTS_A_TURN, &n));
    for (size_t i = 0; i < n; i++)
        TRY(follow(cx, posts[i], &heir));
    return n == POSTS_A_TURN ? add_job(cx, unit, j->id + INT64_C(1'000'000'000)) : OK;
}

const struct job_kind identity_follow_job = {.name = "identity.follow",
                                             .title = "Chuyển vai trò sang cơ quan kế tiếp",
                                             .after = after_follow};
