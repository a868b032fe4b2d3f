/* statistic_views.h - what the pages of this folder are drawn from. */
#pragma once
#include "look/look.h"

/* The leader's dashboard. */
struct statistic_attention {
    struct str name, href, list_href;
    struct look_badge_view badge;
};
struct statistic_board_view {
    struct str title, subtitle, source;
    const struct look_chip *chips;
    size_t chips_n;
    const struct look_stat_view *stats;
    size_t stats_n;
    struct look_map_view map; /* areas_n 0: months instead */
    struct str map_source, units_href, table_href;
    struct look_figure_view months, weeks;
    struct look_bars_view late, states;
    const struct statistic_attention *attention;
    size_t attention_n;
    struct look_badge_view attention_badge;
};
void statistic_board_html(struct html *out, const struct statistic_board_view *v);

/* The table of section 14, by unit, field or procedure. */
struct statistic_table_view {
    struct str title, subtitle, source, csv_href;
    const struct look_chip *chips;
    size_t chips_n;
    struct look_tabs_view tabs;
    struct look_table_view table;
};
void statistic_table_html(struct html *out, const struct statistic_table_view *v);

/* The public page. */
struct statistic_public_view {
    struct str title, source;
    const struct look_chip *chips;
    size_t chips_n;
    const struct look_stat_view *stats;
    size_t stats_n;
    struct look_map_view map;
    struct str map_source;
    struct look_figure_view months;
    struct look_table_view table;
    struct str csv_href;
};
void statistic_public_html(struct html *out, const struct statistic_public_view *v);

/* Periods that are over, and one of them. */
struct statistic_periods_view {
    struct str unit;
    struct look_tabs_view tabs;
    struct look_table_view table;
};
void statistic_periods_html(struct html *out, const struct statistic_periods_view *v);
struct statistic_period_view {
    struct look_errors_view errors;
    struct str title, unit, back_href, source, sha256;
    struct str pdf_href; /* empty: not signed yet */
    struct str action;   /* empty: closed, or not by this reader */
    struct look_badge_view badge;
    struct look_note_view note;
    struct look_table_view table;
};
void statistic_period_html(struct html *out, const struct statistic_period_view *v);

/* The large screen. */
struct statistic_wall_place {
    struct str name, icon, kind, words, more;
};
struct statistic_wall_day {
    int x, middle, y, high, above; /* of the bar, its middle, the number above it */
    struct str value, label;
    bool today;
};
struct statistic_wall_view {
    struct str css, script, mark, owner, source, clock, day, stale_words, places_all;
    int refresh; /* seconds */
    bool stale;
    const struct look_stat_view *stats;
    size_t stats_n;
    const struct statistic_wall_place *places;
    size_t places_n;
    struct look_map_view map;
    const struct statistic_wall_day *days;
    size_t days_n;
    struct look_bars_view ways, late;
};
void statistic_wall_html(struct html *out, const struct statistic_wall_view *v);
