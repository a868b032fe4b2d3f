/* statistic_board.c - the leader's dashboard: figures with source and time, each a way to the list.
 */
#include "statistic_map.h"
#include "statistic_pages.h"

#include "http/http.h"

#define SPARK_MONTHS 8
#define FIELDS_SHOWN 5
#define ATTENTION_MAX 5
#define PROCEDURES_MAX 1000

struct board {
    struct place place;
    struct period period;
    struct statistic_line now;
    struct statistic_flows before; /* of the period before */
    struct statistic_flows months[SPARK_MONTHS];
    struct str source;
};

/* The officers' list of what a figure counts. */
static struct str list_of(struct cx *cx, const struct board *b, const char *filter)
{
    return str_fmt(cx->arena, "/ho-so-mot-cua?%s&don-vi=%.*s", filter,
                   F(url_encode(cx->arena, b->place.unit.code)));
}

/* ---- the figures on top ---- */

static struct markup spark_of(struct cx *cx, const struct board *b,
                              int (*share)(const struct statistic_flows *))
{
    int64_t values[SPARK_MONTHS];
    size_t n = 0;
    for (size_t i = 0; i < SPARK_MONTHS; i++) {
        int v = share(&b->months[i]);
        if (v >= 0)
            values[n++] = v;
    }
    return look_spark(cx, values, n);
}

static int online_share(const struct statistic_flows *f)
{
    return statistic_share(f->n[FLOW_ONLINE], statistic_received(f));
}

static struct str before_words(struct cx *cx, const struct period *p)
{
    return p->from % 100 == 1 && p->from != p->to && p->before_to % 100 == 12
               ? tr_fmt(cx, T("năm %d"), p->before_from / 100)
               : tr(cx, S(T("kỳ trước")));
}

/* Only where the province has set what it wants; no law gives the number. */
static void set_target(struct cx *cx, struct look_stat_view *s, const char *name, int share)
{
    int64_t wanted = setting_int(cx->env->settings, str_c(name), -1); /* percent */
    if (wanted < 0 || share < 0)
        return;
    s->target = tr_fmt(cx, T("Mục tiêu %lld%%"), (long long)wanted);
    s->badge = share >= wanted * 10
                   ? (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Đạt"))), S("")}
                   : (struct look_badge_view){S("warn"), S("tri"), tr(cx, S(T("Chưa đạt"))), S("")};
}

static struct look_stat_view in_time_stat(struct cx *cx, const struct board *b)
{
    int share = statistic_in_time(&b->now.in);
    struct look_stat_view s = {
        .what = tr(cx, S(T("Giải quyết đúng hạn"))),
        .figure = look_percent(cx, share),
        .change = statistic_tenths_change(cx, share, statistic_in_time(&b->before),
                                          before_words(cx, &b->period)),
        .source = b->source,
        .href = statistic_address(cx, "/dieu-hanh/thong-ke", b->place.unit.code, &b->period),
        .spark = spark_of(cx, b, statistic_in_time),
    };
    set_target(cx, &s, "statistic.target.on_time", share);
    return s;
}

static struct look_stat_view online_stat(struct cx *cx, const struct board *b)
{
    int share = online_share(&b->now.in);
    struct look_stat_view s = {
        .what = tr(cx, S(T("Nộp trực tuyến"))),
        .figure = look_percent(cx, share),
        .change = statistic_tenths_change(cx, share, online_share(&b->before),
                                          before_words(cx, &b->period)),
        .source = b->source,
        .href = statistic_address(cx, "/dieu-hanh/thong-ke", b->place.unit.code, &b->period),
        .spark = spark_of(cx, b, online_share),
    };
    set_target(cx, &s, "statistic.target.online", share);
    return s;
}

static struct look_stat_view late_stat(struct cx *cx, const struct board *b)
{
    const struct statistic_now *w = &b->now.now;
    return (struct look_stat_view){
        .what = tr(cx, S(T("Đang quá hạn"))),
        .figure = look_number(cx, w->late),
        .badge =
            w->late
                ? (struct look_badge_view){S("err"), S("oct"), tr(cx, S(T("Quá hạn"))), S("")}
                : (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Không có"))), S("")},
        .target = tr_fmt(cx, T("trong %.*s đang giải quyết"), F(look_number(cx, w->open))),
        .source = b->source,
        .href = list_of(cx, b, "han=qua"),
    };
}

static struct look_stat_view soon_stat(struct cx *cx, const struct board *b)
{
    const struct statistic_now *w = &b->now.now;
    return (struct look_stat_view){
        .what = tr(cx, S(T("Hết hạn hôm nay"))),
        .figure = look_number(cx, w->soon),
        .badge =
            w->soon
                ? (struct look_badge_view){S("warn"), S("clock"), tr(cx, S(T("Hôm nay"))), S("")}
                : (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Không có"))), S("")},
        .target = tr_fmt(cx, T("%.*s đang tạm dừng"), F(look_number(cx, w->paused))),
        .source = b->source,
        .href = list_of(cx, b, "han=hom-nay"),
    };
}

/* Of the unit whose lists count the same; of a unit alone none does. */
static struct str code_of(const struct board *b)
{
    return b->place.alone ? S("") : b->place.unit.code;
}

/* ---- bars ---- */

int64_t statistic_late_of(const struct statistic_line *l)
{
    return l->in.n[FLOW_LATE] + l->now.late;
}

int statistic_by_late(const void *a, const void *b)
{
    const struct statistic_line *x = a, *y = b;
    int64_t d = statistic_late_of(y) - statistic_late_of(x);
    return d ? (d > 0) - (d < 0) : str_cmp(x->code, y->code);
}

/* The list of what a field was late with; of too many procedures the table says it. */
static struct str late_list(struct cx *cx, const struct board *b, const struct statistic_line *l)
{
    if (l->procedures.n == 0)
        return str_fmt(
            cx->arena, "%.*stheo=linh-vuc",
            F(statistic_address(cx, "/dieu-hanh/thong-ke", b->place.unit.code, &b->period)));
    struct str filter = str_fmt(cx->arena, "so=tre-va-qua.%d.%d&thu-tuc=%.*s", b->period.from,
                                b->period.to, F(url_encode(cx->arena, l->procedures)));
    return list_of(cx, b, filter.p);
}

/* Of a whole whose parts stand under each other: rounded, so that they add up as they should. */
static struct str share_of(struct cx *cx, int64_t n, int64_t total)
{
    return look_percent(cx, (int)((200 * n + total) / (2 * total)) * 10);
}

/* Late in the period, by field: resolved late, and overdue now. */
static enum err set_late(struct cx *cx, const struct board *b, struct look_bars_view *out)
{
    const struct statistic_query q = {b->place.unit.id, b->place.alone, b->period.from,
                                      b->period.to};
    struct statistic_line *lines = NEW_N(cx->arena, struct statistic_line, PROCEDURES_MAX);
    struct look_bar *bars = NEW_N(cx->arena, struct look_bar, FIELDS_SHOWN + 1);
    int64_t total = 0, most = 1, rest = 0;
    size_t n, others = 0;
    TRY(statistic_late(cx, &q, lines, PROCEDURES_MAX, &n));
    qsort(lines, n, sizeof *lines, statistic_by_late);
    for (size_t i = 0; i < n; i++)
        total += statistic_late_of(&lines[i]);
    *out = (struct look_bars_view){.bars = bars,
                                   .empty = tr(cx, S(T("Không có hồ sơ trễ hạn trong kỳ.")))};
    for (size_t i = 0; i < n && statistic_late_of(&lines[i]) > 0; i++) {
        int64_t late = statistic_late_of(&lines[i]);
        most = late > most ? late : most;
        if (out->bars_n == FIELDS_SHOWN) {
            rest += late;
            others++;
            continue;
        }
        bars[out->bars_n++] = (struct look_bar){.label = lines[i].name,
                                                .href = late_list(cx, b, &lines[i]),
                                                .value = look_number(cx, late),
                                                .share = share_of(cx, late, total),
                                                .width = (int)(late * 1000 / most)};
    }
    if (others)
        bars[out->bars_n++] =
            (struct look_bar){.label = tr_fmt(cx, T("Lĩnh vực khác (%zu)"), others),
                              .href = late_list(cx, b, &(const struct statistic_line){0}),
                              .value = look_number(cx, rest),
                              .share = share_of(cx, rest, total),
                              .width = rest < most ? (int)(rest * 1000 / most) : 1000};
    return OK;
}

static enum err set_states(struct cx *cx, const struct board *b, struct look_bars_view *out)
{
    static const enum dossier_state shown[] = {
        DOSSIER_WAITING,    DOSSIER_SUPPLEMENT_FIRST, DOSSIER_ACCEPTED, DOSSIER_PROCESSING,
        DOSSIER_SUPPLEMENT, DOSSIER_PAYMENT,          DOSSIER_STOPPED,  DOSSIER_RELEASED};
    const size_t n = sizeof shown / sizeof *shown;
    struct look_bar *bars = NEW_N(cx->arena, struct look_bar, n);
    int64_t counts[DOSSIER_CANCELLED + 1], total = 0, most = 1;
    TRY(statistic_states(cx, b->place.unit.id, b->place.alone, counts));
    for (size_t i = 0; i < n; i++) {
        total += counts[shown[i]];
        most = counts[shown[i]] > most ? counts[shown[i]] : most;
    }
    *out =
        (struct look_bars_view){.bars = bars, .empty = tr(cx, S(T("Không có hồ sơ nào đang mở.")))};
    for (size_t i = 0; i < n && total; i++) {
        if (counts[shown[i]] == 0)
            continue;
        const struct state_info *s = onestop_state(shown[i]);
        int64_t count = counts[shown[i]];
        struct str filter = str_fmt(cx->arena, "trang-thai=%s", s->name);
        bars[out->bars_n++] = (struct look_bar){.label = tr(cx, str_c(s->title)),
                                                .href = list_of(cx, b, filter.p),
                                                .value = look_number(cx, count),
                                                .share = share_of(cx, count, total),
                                                .width = (int)(count * 1000 / most)};
    }
    return OK;
}

/* ---- what needs a word ---- */

static int by_overdue(const void *a, const void *b)
{
    const struct statistic_line *x = *(const struct statistic_line *const *)a;
    const struct statistic_line *y = *(const struct statistic_line *const *)b;
    int64_t d = y->now.late != x->now.late ? y->now.late - x->now.late : y->now.soon - x->now.soon;
    return d ? (d > 0) - (d < 0) : str_cmp(x->code, y->code);
}

static struct look_badge_view overdue_badge(struct cx *cx, const struct statistic_line *l)
{
    if (l->now.late)
        return (struct look_badge_view){
            S("err"), S("oct"), tr_fmt(cx, T("%.*s quá hạn"), F(look_number(cx, l->now.late))),
            S("")};
    return (struct look_badge_view){
        S("warn"), S("clock"), tr_fmt(cx, T("%.*s hạn hôm nay"), F(look_number(cx, l->now.soon))),
        S("")};
}

/* The units with most that is overdue; not those above them, whose sums hold the same. */
static void set_attention(struct cx *cx, const struct board *b, const struct statistic_line *lines,
                          size_t n, struct statistic_board_view *v)
{
    const struct statistic_line **order = NEW_N(cx->arena, const struct statistic_line *, n);
    struct statistic_attention *out = NEW_N(cx->arena, struct statistic_attention, ATTENTION_MAX);
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        if (lines[i].unit != b->place.unit.id &&
            (!b->place.whole || statistic_right_below(&b->place.unit, &lines[i])) &&
            lines[i].now.late + lines[i].now.soon > 0)
            order[found++] = &lines[i];
    qsort(order, found, sizeof *order, by_overdue);
    v->attention = out;
    v->attention_n = found < ATTENTION_MAX ? found : ATTENTION_MAX;
    for (size_t i = 0; i < v->attention_n; i++)
        out[i] = (struct statistic_attention){
            .name = order[i]->name,
            .href = statistic_address(cx, "/dieu-hanh", order[i]->code, &b->period),
            .badge = overdue_badge(cx, order[i]),
        };
    if (b->now.now.late)
        v->attention_badge = overdue_badge(cx, &b->now);
}

/* ---- the page ---- */

static enum err load(struct cx *cx, struct web_req *rq, struct board *b)
{
    const struct civil c = civil_at(cx->now);
    b->period = statistic_period(cx, rq);
    TRY(statistic_place(cx, rq, &b->place));
    const struct period *p = &b->period;
    const struct statistic_query now = {b->place.unit.id, b->place.alone, p->from, p->to};
    const struct statistic_query before = {b->place.unit.id, b->place.alone, p->before_from,
                                           p->before_to};
    TRY(statistic_total(cx, &now, &b->now));
    TRY(statistic_in(cx, &before, &b->before));
    TRY(statistic_months(cx, b->place.unit.id, b->place.alone, c.year * 100 + c.month, SPARK_MONTHS,
                         b->months));
    return statistic_source(cx, &b->source);
}

static enum err set_units(struct cx *cx, const struct board *b, struct statistic_board_view *v)
{
    struct statistic_line *lines = NEW_N(cx->arena, struct statistic_line, UNITS_MAX);
    struct org_area area;
    size_t n;
    if (b->place.alone)
        return OK;
    TRY(statistic_units_brief(cx, b->period.from, b->period.to, lines, UNITS_MAX, &n));
    TRY(statistic_name_units(cx, &b->place.unit, lines, &n));
    statistic_one_an_area(lines, n);
    set_attention(cx, b, lines, n, v);
    if (!b->place.whole)
        return OK;
    TRY(org_area_find(cx, b->place.unit.area, &area));
    struct str href = statistic_address(cx, "/dieu-hanh", S(""), &b->period);
    href = str_fmt(cx->arena, "%.*sdon-vi=", F(href));
    return statistic_map_view(cx, area.code, lines, n, href.p, &v->map, &v->map_source);
}

static void set_chips(struct cx *cx, const struct board *b, struct statistic_board_view *v)
{
    struct look_chip *chips = NEW_N(cx->arena, struct look_chip, 2);
    struct str code = b->place.narrowed ? b->place.unit.code : S("");
    chips[0] = statistic_period_chip(cx, "/dieu-hanh", code, &b->period);
    v->chips = chips;
    v->chips_n = 1;
    if (b->place.narrowed)
        chips[v->chips_n++] =
            (struct look_chip){.label = b->place.unit.short_name,
                               .on = true,
                               .clear = statistic_address(cx, "/dieu-hanh", S(""), &b->period)};
}

enum err statistic_show_board(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct board b = {0};
    TRY(load(cx, rq, &b));
    const struct look_stat_view stats[] = {in_time_stat(cx, &b), online_stat(cx, &b),
                                           late_stat(cx, &b), soon_stat(cx, &b)};
    struct statistic_board_view v = {
        .title = b.place.whole ? tr(cx, S(T("Tình hình tỉnh")))
                               : tr_fmt(cx, T("Tình hình %.*s"), F(b.place.unit.short_name)),
        .subtitle = statistic_today_words(cx),
        .source = b.source,
        .stats = stats,
        .stats_n = sizeof stats / sizeof *stats,
        .table_href = statistic_address(cx, "/dieu-hanh/thong-ke", b.place.unit.code, &b.period),
        .units_href =
            str_fmt(cx->arena, "%.*stheo=don-vi",
                    F(statistic_address(cx, "/dieu-hanh/thong-ke", b.place.unit.code, &b.period))),
    };
    set_chips(cx, &b, &v);
    TRY(set_units(cx, &b, &v));
    TRY(statistic_weeks_figure(cx, b.place.unit.id, b.place.alone, code_of(&b), b.source,
                               &v.weeks));
    TRY(set_late(cx, &b, &v.late));
    TRY(set_states(cx, &b, &v.states));
    if (v.map.areas_n == 0)
        TRY(statistic_months_figure(cx, b.place.unit.id, b.place.alone, code_of(&b), b.source,
                                    &v.months));
    rs->title = v.title;
    statistic_board_html(&rs->body, &v);
    return OK;
}
