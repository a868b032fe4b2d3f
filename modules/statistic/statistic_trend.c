/* statistic_trend.c - what came and went by month and by week: a chart, the same as a table, each
 * number of which leads to its list. */
#include "statistic_pages.h"

#include "http/http.h"

#define MONTHS_SHOWN 12
#define WEEKS 12

/* ---- months ---- */

static const struct look_column month_columns[] = {
    {.title = S("Tháng")},
    {.title = S("Tiếp nhận"), .css = S("num")},
    {.title = S("Giải quyết xong"), .css = S("num")},
    {.title = S("Đúng hạn"), .css = S("num")},
};

struct str statistic_list_of(struct cx *cx, const char *figure, int64_t n, int64_t from, int64_t to,
                             struct str unit_code)
{
    if (n == 0 || unit_code.n == 0)
        return S("");
    return str_fmt(cx->arena, "/ho-so-mot-cua?so=%s.%lld.%lld&don-vi=%.*s", figure, (long long)from,
                   (long long)to, F(url_encode(cx->arena, unit_code)));
}

enum err statistic_months_figure(struct cx *cx, int64_t unit, bool alone, struct str unit_code,
                                 struct str source, struct look_figure_view *out)
{
    const struct civil c = civil_at(cx->now);
    const int last = c.year * 100 + c.month;
    struct statistic_flows flows[MONTHS_SHOWN];
    struct str *ticks = NEW_N(cx->arena, struct str, MONTHS_SHOWN);
    int64_t *in = NEW_N(cx->arena, int64_t, MONTHS_SHOWN);
    int64_t *done = NEW_N(cx->arena, int64_t, MONTHS_SHOWN);
    struct look_line *lines = NEW_N(cx->arena, struct look_line, MONTHS_SHOWN);
    TRY(statistic_months(cx, unit, alone, last, MONTHS_SHOWN, flows));
    for (size_t i = 0; i < MONTHS_SHOWN; i++) {
        const int month = statistic_months_back(last, (int)(MONTHS_SHOWN - 1 - i));
        struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 4);
        ticks[i] = str_fmt(cx->arena, "%d/%02d", month % 100, month / 100 % 100);
        in[i] = statistic_received(&flows[i]);
        done[i] = statistic_resolved(&flows[i]);
        cells[0].text = str_fmt(cx->arena, "%02d/%d", month % 100, month / 100);
        cells[1].text = look_number(cx, in[i]);
        cells[2].text = look_number(cx, done[i]);
        cells[1].href = statistic_list_of(cx, "tiep-nhan", in[i], month, month, unit_code);
        cells[2].href = statistic_list_of(cx, "giai-quyet", done[i], month, month, unit_code);
        cells[3].text = look_percent(cx, statistic_in_time(&flows[i]));
        lines[MONTHS_SHOWN - 1 - i] = (struct look_line){.cells = cells, .cells_n = 4};
    }
    const struct look_series series[] = {{tr(cx, S(T("nhận"))), in}, {tr(cx, S(T("xong"))), done}};
    *out = (struct look_figure_view){
        .id = S("h-months"),
        .title = tr(cx, S(T("Hồ sơ nhận và xong mỗi tháng"))),
        .unit = tr(cx, S(T("hồ sơ"))),
        .chart = look_line_chart(
            cx, &(const struct look_lines){.label = tr(cx, S(T("Hồ sơ nhận và xong mỗi tháng"))),
                                           .ticks = ticks,
                                           .n = MONTHS_SHOWN,
                                           .series = series,
                                           .series_n = 2}),
        .table = {.caption = tr(cx, S(T("Hồ sơ nhận và xong mỗi tháng"))),
                  .columns = statistic_columns(cx, month_columns, 4),
                  .columns_n = 4,
                  .lines = lines,
                  .lines_n = MONTHS_SHOWN},
        .source = source,
    };
    return OK;
}

/* ---- weeks ---- */

static const struct look_column week_columns[] = {
    {.title = S("Tuần")},
    {.title = S("Từ ngày")},
    {.title = S("Tiếp nhận"), .css = S("num")},
    {.title = S("Giải quyết xong"), .css = S("num")},
};

/* Week of the year as ISO 8601 counts: that of its Thursday. */
static int week_of(int64_t monday)
{
    int year, month, date;
    civil_from_day(monday + 3, &year, &month, &date);
    return (int)((monday + 3 - civil_day(year, 1, 1)) / 7) + 1;
}

/* "T2, 23/11 · tuần 48" */
struct str statistic_today_words(struct cx *cx)
{
    const int64_t today = day_of(cx->now);
    return tr_fmt(cx, T("%.*s · tuần %d"), F(look_day_short(cx, cx->now)),
                  week_of(today - (today + 3) % 7));
}

static int64_t day_digits(int64_t day)
{
    int year, month, date;
    civil_from_day(day, &year, &month, &date);
    return year * INT64_C(10'000) + month * 100 + date;
}

enum err statistic_weeks_figure(struct cx *cx, int64_t unit, bool alone, struct str unit_code,
                                struct str source, struct look_figure_view *out)
{
    const int64_t today = day_of(cx->now), monday = today - (today + 3) % 7;
    struct statistic_flows flows[WEEKS];
    struct str *ticks = NEW_N(cx->arena, struct str, WEEKS);
    int64_t *in = NEW_N(cx->arena, int64_t, WEEKS), *done = NEW_N(cx->arena, int64_t, WEEKS);
    struct look_line *lines = NEW_N(cx->arena, struct look_line, WEEKS);
    TRY(statistic_weeks(cx, unit, alone, today, WEEKS, flows));
    for (size_t i = 0; i < WEEKS; i++) {
        const int64_t from = monday - 7 * (int64_t)(WEEKS - 1 - i);
        struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 4);
        ticks[i] = tr_fmt(cx, T("T%d"), week_of(from));
        in[i] = statistic_received(&flows[i]);
        done[i] = statistic_resolved(&flows[i]);
        cells[0].text = ticks[i];
        cells[1].text = date_vi(cx->arena, from);
        cells[2].text = look_number(cx, in[i]);
        cells[3].text = look_number(cx, done[i]);
        cells[2].href = statistic_list_of(cx, "tiep-nhan", in[i], day_digits(from),
                                          day_digits(from + 6), unit_code);
        cells[3].href = statistic_list_of(cx, "giai-quyet", done[i], day_digits(from),
                                          day_digits(from + 6), unit_code);
        lines[WEEKS - 1 - i] = (struct look_line){.cells = cells, .cells_n = 4};
    }
    const struct look_series series[] = {{tr(cx, S(T("nhận"))), in}, {tr(cx, S(T("xong"))), done}};
    const struct str title = tr(cx, S(T("Hồ sơ nhận và xong mỗi tuần")));
    *out = (struct look_figure_view){
        .id = S("h-weeks"),
        .title = title,
        .unit = tr(cx, S(T("hồ sơ"))),
        .chart = look_line_chart(cx, &(const struct look_lines){title, ticks, WEEKS, series, 2}),
        .table = {.caption = title,
                  .columns = statistic_columns(cx, week_columns, 4),
                  .columns_n = 4,
                  .lines = lines,
                  .lines_n = WEEKS},
        .source = source,
    };
    return OK;
}
