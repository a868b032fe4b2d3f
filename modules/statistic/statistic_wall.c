/* statistic_wall.c - the large screen of a hall or a duty room: figures of the province that
 * anybody may read from six metres. No person, no dossier. */
#include "statistic_map.h"
#include "statistic_pages.h"

#define DAYS 14
#define PLACES_SHOWN 6
#define FIELDS_SHOWN 4
#define REFRESH_SECONDS 30
#define STALE_MS (3 * REFRESH_SECONDS * 1000)
#define CHART_HIGH 96 /* of the tallest bar */

struct wall {
    struct org_unit root;
    struct statistic_line year; /* this year until now */
    struct statistic_flows days[DAYS];
    struct statistic_line *lines; /* of units, this year */
    size_t n;
};

static enum err load(struct cx *cx, struct wall *w)
{
    const struct civil c = civil_at(cx->now);
    const struct statistic_query q = {w->root.id, false, c.year * 100 + 1, c.year * 100 + c.month};
    TRY(statistic_total(cx, &q, &w->year));
    TRY(statistic_days(cx, w->root.id, false, day_of(cx->now), DAYS, w->days));
    w->lines = NEW_N(cx->arena, struct statistic_line, UNITS_MAX);
    TRY(statistic_units_brief(cx, q.from, q.to, w->lines, UNITS_MAX, &w->n));
    return statistic_name_units(cx, &w->root, w->lines, &w->n);
}

/* ---- the five figures ---- */

static struct look_badge_view calm(struct cx *cx, int64_t n, const char *kind, const char *icon,
                                   struct str words, const char *none)
{
    if (n == 0)
        return (struct look_badge_view){S("ok"), S("check"), tr(cx, str_c(none)), S("")};
    return (struct look_badge_view){str_c(kind), str_c(icon), words, S("")};
}

static struct look_stat_view received_today(struct cx *cx, const struct wall *w)
{
    const struct statistic_flows *today = &w->days[DAYS - 1];
    const int64_t n = statistic_received(today), then = statistic_received(&w->days[DAYS - 8]);
    struct look_stat_view s = {
        .what = tr(cx, S(T("Hồ sơ nhận hôm nay"))),
        .figure = look_number(cx, n),
        .target = tr_fmt(cx, T("trực tuyến %.*s"), F(look_number(cx, today->n[FLOW_ONLINE]))),
    };
    s.badge = (struct look_badge_view){
        S("info"), S("info"), tr_fmt(cx, T("%.*s cùng ngày tuần trước"), F(look_number(cx, then))),
        S("")};
    return s;
}

static struct look_stat_view done_today(struct cx *cx, const struct wall *w)
{
    const struct statistic_flows *today = &w->days[DAYS - 1];
    const int64_t late = today->n[FLOW_LATE];
    return (struct look_stat_view){
        .what = tr(cx, S(T("Giải quyết xong hôm nay"))),
        .figure = look_number(cx, statistic_resolved(today)),
        .target = tr_fmt(cx, T("đã trả %.*s"), F(look_number(cx, today->n[FLOW_RETURNED]))),
        .badge = late
                     ? (struct look_badge_view){S("warn"), S("tri"),
                                                tr_fmt(cx, T("%.*s trễ"), F(look_number(cx, late))),
                                                S("")}
                     : (struct look_badge_view){S("ok"), S("check"),
                                                tr(cx, S(T("Không hồ sơ nào trễ"))), S("")},
    };
}

static struct look_stat_view open_now(struct cx *cx, const struct wall *w)
{
    const struct statistic_now *now = &w->year.now;
    return (struct look_stat_view){
        .what = tr(cx, S(T("Đang giải quyết"))),
        .figure = look_number(cx, now->open),
        .target = tr_fmt(cx, T("%.*s đang tạm dừng"), F(look_number(cx, now->paused))),
        .badge = calm(cx, now->soon, "warn", "clock",
                      tr_fmt(cx, T("%.*s hạn hôm nay"), F(look_number(cx, now->soon))),
                      T("Không có hạn hôm nay")),
    };
}

static struct look_stat_view overdue_now(struct cx *cx, const struct wall *w)
{
    const struct statistic_now *now = &w->year.now;
    return (struct look_stat_view){
        .what = tr(cx, S(T("Đang quá hạn"))),
        .figure = look_number(cx, now->late),
        .target = tr_fmt(cx, T("trong %.*s đang giải quyết"), F(look_number(cx, now->open))),
        .badge = calm(cx, now->late, "err", "oct", tr(cx, S(T("Quá hạn"))), T("Không có")),
    };
}

static struct look_stat_view in_time(struct cx *cx, const struct wall *w)
{
    const struct statistic_flows *f = &w->year.in;
    return (struct look_stat_view){
        .what = tr(cx, S(T("Đúng hạn từ đầu năm"))),
        .figure = look_percent(cx, statistic_in_time(f)),
        .target = tr_fmt(cx, T("%.*s đã giải quyết"), F(look_number(cx, statistic_resolved(f)))),
        .badge = calm(cx, f->n[FLOW_LATE], "warn", "tri",
                      tr_fmt(cx, T("%.*s trễ"), F(look_number(cx, f->n[FLOW_LATE]))),
                      T("Không hồ sơ nào trễ")),
    };
}

/* ---- who is late ---- */

static int by_overdue(const void *a, const void *b)
{
    const struct statistic_line *x = *(const struct statistic_line *const *)a;
    const struct statistic_line *y = *(const struct statistic_line *const *)b;
    int64_t d = y->now.late != x->now.late ? y->now.late - x->now.late : y->now.soon - x->now.soon;
    return d ? (d > 0) - (d < 0) : str_cmp(x->code, y->code);
}

static void set_places(struct cx *cx, const struct wall *w, struct statistic_wall_view *v)
{
    const struct statistic_line **order = NEW_N(cx->arena, const struct statistic_line *, w->n + 1);
    struct statistic_wall_place *out = NEW_N(cx->arena, struct statistic_wall_place, PLACES_SHOWN);
    size_t found = 0;
    for (size_t i = 0; i < w->n; i++)
        if (statistic_right_below(&w->root, &w->lines[i]) &&
            w->lines[i].now.late + w->lines[i].now.soon > 0)
            order[found++] = &w->lines[i];
    qsort(order, found, sizeof *order, by_overdue);
    v->places = out;
    v->places_all = look_number(cx, (int64_t)found);
    for (; v->places_n < found && v->places_n < PLACES_SHOWN; v->places_n++) {
        const struct statistic_now *now = &order[v->places_n]->now;
        out[v->places_n] = (struct statistic_wall_place){
            .name = order[v->places_n]->name,
            .icon = now->late ? S("oct") : S("clock"),
            .kind = now->late ? S("err") : S("warn"),
            .words = now->late ? tr_fmt(cx, T("%.*s quá hạn"), F(look_number(cx, now->late)))
                               : tr_fmt(cx, T("%.*s hạn hôm nay"), F(look_number(cx, now->soon))),
            .more = now->late && now->soon
                        ? tr_fmt(cx, T("%.*s hạn hôm nay"), F(look_number(cx, now->soon)))
                        : S(""),
        };
    }
}

/* ---- the last days, the ways in ---- */

static void set_days(struct cx *cx, const struct wall *w, struct statistic_wall_view *v)
{
    struct statistic_wall_day *days = NEW_N(cx->arena, struct statistic_wall_day, DAYS);
    const int64_t today = day_of(cx->now);
    int64_t most = 1;
    for (size_t i = 0; i < DAYS; i++)
        most = statistic_received(&w->days[i]) > most ? statistic_received(&w->days[i]) : most;
    for (size_t i = 0; i < DAYS; i++) {
        const int64_t n = statistic_received(&w->days[i]), day = today - (DAYS - 1 - (int64_t)i);
        int year, month, date;
        civil_from_day(day, &year, &month, &date);
        const int high = (int)(n * CHART_HIGH / most);
        days[i] = (struct statistic_wall_day){
            .x = (int)i * 30 + 3,
            .middle = (int)i * 30 + 15,
            .y = 18 + CHART_HIGH - high,
            .high = high,
            .above = 13 + CHART_HIGH - high,
            .value = look_number(cx, n),
            .label = str_fmt(cx->arena, "%d", date),
            .today = i + 1 == DAYS,
        };
    }
    v->days = days;
    v->days_n = DAYS;
}

static void set_ways(struct cx *cx, const struct wall *w, struct statistic_wall_view *v)
{
    static const struct {
        enum statistic_flow flow;
        const char *label;
    } ways[] = {{FLOW_ONLINE, T("Trực tuyến")},
                {FLOW_COUNTER, T("Trực tiếp")},
                {FLOW_POST, T("Bưu chính")}};
    const int64_t all = statistic_received(&w->year.in);
    struct look_bar *bars = NEW_N(cx->arena, struct look_bar, 3);
    for (size_t i = 0; i < 3; i++) {
        const int64_t n = w->year.in.n[ways[i].flow];
        bars[i] = (struct look_bar){.label = tr(cx, str_c(ways[i].label)),
                                    .value = look_number(cx, n),
                                    .share = look_percent(cx, statistic_share(n, all)),
                                    .width = all ? (int)(n * 1000 / all) : 0};
    }
    v->ways = (struct look_bars_view){
        .bars = bars, .bars_n = all ? 3 : 0, .empty = tr(cx, S(T("Chưa có hồ sơ nào trong năm.")))};
}

/* Resolved late this year, and overdue now. */
static enum err set_late(struct cx *cx, const struct wall *w, struct statistic_wall_view *v)
{
    const struct civil c = civil_at(cx->now);
    const struct statistic_query q = {w->root.id, false, c.year * 100 + 1, c.year * 100 + c.month};
    struct statistic_line *lines = NEW_N(cx->arena, struct statistic_line, UNITS_MAX);
    struct look_bar *bars = NEW_N(cx->arena, struct look_bar, FIELDS_SHOWN);
    int64_t total = 0;
    size_t n, shown;
    TRY(statistic_late(cx, &q, lines, UNITS_MAX, &n));
    qsort(lines, n, sizeof *lines, statistic_by_late);
    for (size_t i = 0; i < n; i++)
        total += statistic_late_of(&lines[i]);
    for (shown = 0; shown < n && shown < FIELDS_SHOWN; shown++) {
        const int64_t late = statistic_late_of(&lines[shown]);
        bars[shown] = (struct look_bar){
            .label = statistic_name_cell(cx, lines[shown].name, S("")).text,
            .value = look_number(cx, late),
            .share = look_percent(cx, (int)(late * 100 / (total ? total : 1)) * 10),
            .width = (int)(late * 1000 / statistic_late_of(&lines[0]))};
    }
    v->late = (struct look_bars_view){.bars = bars,
                                      .bars_n = total ? shown : 0,
                                      .empty = tr(cx, S(T("Không có hồ sơ trễ hạn.")))};
    return OK;
}

/* ---- the page ---- */

static enum err set_stale(struct cx *cx, struct statistic_wall_view *v)
{
    int64_t at;
    TRY(statistic_as_of(cx, &at));
    v->source = at ? tr_fmt(cx, T("Nhật ký hồ sơ · số liệu lúc %.*s · làm mới %d giây"),
                            F(time_vi(cx->arena, at)), REFRESH_SECONDS)
                   : tr(cx, S(T("Nhật ký hồ sơ · chưa đếm xong")));
    v->stale_words = tr_fmt(cx, T("Số liệu cũ từ %.*s"), F(time_vi(cx->arena, at)));
    v->stale = at + STALE_MS < cx->now;
    return OK;
}

enum err statistic_show_wall(struct cx *cx, struct web_req *, struct web_res *rs)
{
    struct wall w = {0};
    struct org_area area;
    size_t n;
    const struct civil c = civil_at(cx->now);
    struct statistic_wall_view v = {
        .css = look_asset(cx, S("look/assets/wall.css")),
        .script = look_asset(cx, S("look/assets/wall.js")),
        .mark = look_asset(cx, S("look/assets/mark.svg")),
        .owner = setting(cx->env->settings, S("site.owner"),
                         cx->env->demo ? S("UBND tỉnh Lạng Sơn") : S("Ủy ban nhân dân tỉnh")),
        .clock = str_fmt(cx->arena, "%02d:%02d", c.hour, c.minute),
        .day = look_day_short(cx, cx->now),
        .refresh = REFRESH_SECONDS,
    };
    TRY(org_units_of_kind(cx, S("ubnd_tinh"), 0, &w.root, 1, &n));
    if (n == 0)
        return fail(cx, ERR_NOT_FOUND, T("Chưa có cơ quan nào, nên chưa có số liệu."));
    TRY(load(cx, &w));
    const struct look_stat_view stats[] = {received_today(cx, &w), done_today(cx, &w),
                                           open_now(cx, &w), overdue_now(cx, &w), in_time(cx, &w)};
    v.stats = stats;
    v.stats_n = sizeof stats / sizeof *stats;
    set_places(cx, &w, &v);
    set_days(cx, &w, &v);
    set_ways(cx, &w, &v);
    TRY(set_late(cx, &w, &v));
    TRY(set_stale(cx, &v));
    TRY(org_area_find(cx, w.root.area, &area));
    statistic_one_an_area(w.lines, w.n);
    struct str unused;
    TRY(statistic_map_view(cx, area.code, w.lines, w.n, "", &v.map, &unused));
    statistic_wall_html(&rs->body, &v);
    return OK;
}
