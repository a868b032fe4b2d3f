/* lane_metrics.c - the lanes as Prometheus text. */
#include "lane_inside.h"

static const char *const names[] = {
    [LANE_READ] = "read", [LANE_SLOW] = "slow", [LANE_WRITE] = "write"};

static void line(struct buf *out, const struct lanes *l, const char *metric, int64_t value)
{
    buf_fmt(out, "%s{store=\"%s\"} %lld\n", metric, l->name, (long long)value);
}

static void per_lane(struct buf *out, const struct lanes *l, const char *metric, enum lane lane,
                     double value)
{
    buf_fmt(out, "%s{store=\"%s\",lane=\"%s\"} %.6g\n", metric, l->name, names[lane], value);
}

static void type(struct buf *out, const char *metric, const char *kind, const char *help)
{
    buf_fmt(out, "# HELP %s %s\n# TYPE %s %s\n", metric, help, metric, kind);
}

static void add_lanes(struct buf *out, const struct lanes *l, const struct counters *c,
                      const int depth[LANE_WRITE + 1])
{
    type(out, "tinhso_lane_depth", "gauge", "tasks that wait");
    per_lane(out, l, "tinhso_lane_depth", LANE_SLOW, depth[LANE_SLOW]);
    per_lane(out, l, "tinhso_lane_depth", LANE_WRITE, depth[LANE_WRITE]);
    type(out, "tinhso_lane_tasks_total", "counter", "tasks that ended");
    for (enum lane i = LANE_READ; i <= LANE_WRITE; i++)
        per_lane(out, l, "tinhso_lane_tasks_total", i, (double)c->tasks[i]);
    type(out, "tinhso_lane_busy_seconds_total", "counter", "time spent on tasks, of all threads");
    for (enum lane i = LANE_READ; i <= LANE_WRITE; i++)
        per_lane(out, l, "tinhso_lane_busy_seconds_total", i, (double)c->busy_ns[i] / 1e9);
    const double elapsed = (double)(lane_now_ns() - l->started_ns);
    type(out, "tinhso_lane_busy_share", "gauge", "since the start, of the threads' time");
    per_lane(out, l, "tinhso_lane_busy_share", LANE_SLOW,
             (double)c->busy_ns[LANE_SLOW] / elapsed / l->slows_n);
    per_lane(out, l, "tinhso_lane_busy_share", LANE_WRITE,
             (double)c->busy_ns[LANE_WRITE] / elapsed / l->writers_n);
}

void lanes_metrics(const struct lanes *l, struct buf *out)
{
    pthread_mutex_t *lock = (pthread_mutex_t *)&l->lock;
    pthread_mutex_lock(lock);
    const struct counters c = l->count;
    const int depth[LANE_WRITE + 1] = {
        [LANE_SLOW] = l->slow.n, [LANE_WRITE] = l->write.n + l->bulk.n};
    pthread_mutex_unlock(lock);

    add_lanes(out, l, &c, depth);
    const struct {
        const char *metric, *kind, *help;
        int64_t value;
    } lines[] = {
        {"tinhso_write_batches_total", "counter", "group commits tried", c.batches},
        {"tinhso_write_batch_max", "gauge", "tasks in the largest batch", c.batch_max},
        {"tinhso_write_commits_total", "counter", "group commits that became durable", c.commits},
        {"tinhso_write_unknown_total", "counter", "commits whose outcome is unknown", c.unknown},
        {"tinhso_write_lost_total", "counter", "batches that one task took down", c.lost},
        {"tinhso_write_retries_total", "counter", "runs after a serialisation failure", c.retries},
        {"tinhso_read_again_total", "counter", "reads over their time that went on in SLOW",
         c.again},
        {"tinhso_read_straight_total", "counter",
         "reads that went to SLOW at once: their kind was lately over its time", c.straight},
        {"tinhso_lane_refused_total", "counter", "tasks refused because a queue was full",
         c.refused},
        {"tinhso_db_checkpoints_total", "counter", "checkpoints by the writer", c.checkpoints},
        {"tinhso_db_wal_pages", "gauge", "pages of the write-ahead log", c.wal_pages},
        {"tinhso_db_fsyncs_total", "counter", "fsyncs of SQLite in this process", db_fsyncs()},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        type(out, lines[i].metric, lines[i].kind, lines[i].help);
        line(out, l, lines[i].metric, lines[i].value);
    }
}
