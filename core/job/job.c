/* job.c - rows of jobs: adding, cancelling, dead letters, figures. */
#include "job_inside.h"

#include "db/db.h"

#define NULL_IF_EMPTY(s) ((s).n ? V(s) : V_NULL)

static enum err lane_is_taken(struct cx *cx, struct str lane_key, bool *taken)
{
    *taken = false;
    if (lane_key.n == 0)
        return OK;
    int64_t n;
    TRY(db_one_int(
        cx, &n,
        "select count(*) from (select 1 from job where lane_key = $1 and state in (1, 2, 4) limit 1) as first",
        V(lane_key)));
    *taken = n > 0;
    return OK;
}

enum err job_add(struct cx *cx, const char *kind, struct str key, struct str lane_key,
                 struct str payload, int64_t due_at)
{
    bool taken;
    TRY(lane_is_taken(cx, lane_key, &taken));
    return db_exec(
        cx,
        "insert into job (kind, job_key, lane_key, payload, state, due_at, made_at)"
        " values ($1, $2, $3, $4, $5, $6, $7)"
        " on conflict (kind, job_key) where job_key is not null and state <> 3 do nothing",
        V(str_c(kind)), NULL_IF_EMPTY(key), NULL_IF_EMPTY(lane_key),
        V(payload.n ? payload : S("{}")), V((int)(taken ? JOB_BEHIND : JOB_WAITING)),
        V(due_at ? due_at : cx->now), V(cx->now));
}

/* The first of those that wait behind becomes the head; nothing when the lane still has one. */
enum err lane_next(struct cx *cx, struct str lane_key)
{
    if (lane_key.n == 0)
        return OK;
    return db_exec(cx,
                   "update job set state = 1"
                   " where id = (select min(id) from job where lane_key = $1 and state = 4)"
                   " and not exists (select 1 from job where lane_key = $1 and state in (1, 2))",
                   V(lane_key));
}

/* "state <> 3" says to SQLite that the index of living keys will do. */
enum err job_cancel(struct cx *cx, const char *kind, struct str key)
{
    struct str lane_key;
    {
        auto_rows rows = {0};
        TRY(db_query(
            cx, &rows,
            "select lane_key from job where kind = $1 and job_key = $2 and state <> 3 and state in (1, 4)",
            V(str_c(kind)), V(key)));
        if (!db_next(&rows))
            return rows.err;
        lane_key = db_str(&rows, 0);
    }
    TRY(db_exec(
        cx, "delete from job where kind = $1 and job_key = $2 and state <> 3 and state in (1, 4)",
        V(str_c(kind)), V(key)));
    return lane_next(cx, lane_key);
}

/* ---- for operators ---- */

enum err job_stats(struct cx *cx, struct job_stat *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(
        cx, &rows,
        "select kind, sum(case when state <> 3 then 1 else 0 end), sum(case when state = 3 then 1 else 0 end),"
        " coalesce(min(case when state <> 3 then due_at end), 0) from job group by kind order by kind limit $1",
        V((int64_t)max)));
    for (*n = 0; *n < max && db_next(&rows); ++*n)
        out[*n] = (struct job_stat){db_str(&rows, 0), db_int(&rows, 1), db_int(&rows, 2),
                                    db_int(&rows, 3)};
    return rows.err;
}

enum err job_dead_letters(struct cx *cx, struct job *out, size_t max, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select id, kind, job_key, lane_key, payload, due_at, tries, last_error from job"
                 " where state = 3 order by id desc limit $1",
                 V((int64_t)max)));
    for (*n = 0; *n < max && db_next(&rows); ++*n)
        out[*n] = (struct job){
            .id = db_int(&rows, 0),
            .kind = db_str(&rows, 1),
            .key = db_str(&rows, 2),
            .lane_key = db_str(&rows, 3),
            .payload = db_str(&rows, 4),
            .due_at = db_int(&rows, 5),
            .tries = (int)db_int(&rows, 6),
            .last_error = db_str(&rows, 7),
        };
    return rows.err;
}

static enum err dead_letter(struct cx *cx, int64_t id, struct str *kind, struct str *key,
                            struct str *lane_key)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select kind, job_key, lane_key from job where id = $1 and state = 3",
                 V(id)));
    if (!db_next(&rows))
        return rows.err
                   ? rows.err
                   : fail(cx, ERR_NOT_FOUND, T("Không có việc dừng hẳn số %lld."), (long long)id);
    *kind = db_str(&rows, 0);
    *key = db_str(&rows, 1);
    *lane_key = db_str(&rows, 2);
    return OK;
}

enum err job_retry(struct cx *cx, int64_t id)
{
    struct str kind, key, lane_key;
    TRY(dead_letter(cx, id, &kind, &key, &lane_key));
    int64_t alive = 0;
    if (key.n)
        TRY(db_one_int(cx, &alive,
                       "select count(*) from job where kind = $1 and job_key = $2 and state <> 3",
                       V(kind), V(key)));
    if (alive)
        return fail(cx, ERR_CONFLICT, T("Việc này đã được giao lại, đang chờ chạy."));
    TRY(db_exec(
        cx,
        "update job set state = $1, tries = 0, deaths = 0, due_at = $2 where id = $3 and state = 3",
        V((int)(lane_key.n ? JOB_BEHIND : JOB_WAITING)), V(cx->now), V(id)));
    return lane_next(cx, lane_key);
}
