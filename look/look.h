/*
 * look.h - the appearance of every page: frames, components, words for states and instants.
 *
 * A page's view names components as partials, {{> look_note kind="ok" title="Đã gửi"}}; their
 * structs are in look_views.h, examples in README.md. This header adds what code fills them with.
 * The rules (which colour means what, heights, wording) are kept in docs/look.md.
 */
#pragma once
#include "base/base.h"
#include "html/html.h"
#include "web/web.h"

#include "look_views.h"

/* ---- words for instants ---- */

enum look_due_state {
    LOOK_DUE_NONE = 0, /* no term: an empty badge */
    LOOK_DUE_RUNNING,
    LOOK_DUE_PAUSED,
    LOOK_DUE_DONE,
};
/* The due badge of look.md section 5: "Quá 2 ngày", "Trước 17:30", "Còn 5 giờ", "T4, 25/11",
 * "Tạm dừng", "Đúng hạn", "Sớm 1 ngày". Whole calendar days; at: when it was done, or 0. */
struct look_due_badge_view look_due(struct cx *cx, enum look_due_state state, int64_t due_at,
                                    int64_t at);
struct str look_weekday(int weekday);                      /* 1: "thứ Hai" */
struct str look_weekday_short(struct cx *cx, int weekday); /* 1: "T2", "Mon" */
struct str look_day_short(struct cx *cx,
                          int64_t utc_ms);        /* "T4, 25/11"; with the year if it is another */
struct str look_number(struct cx *cx, int64_t n); /* "1.284" */
struct str look_money(struct cx *cx, int64_t dong); /* "75.000 ₫", a no-break space between */
struct str look_size(struct cx *cx, int64_t bytes); /* "212 kB", "2,4 MB" */
struct str look_site_name(struct cx *cx); /* of the province's site, as its head says it */
struct str look_initials(struct cx *cx, struct str name); /* "Hoàng Thị Mai Anh": "MA" */
/* "020301001234" as "020 301 00x xxx" for those without the right to see it. */
struct str look_id_masked(struct cx *cx, struct str digits);
struct str look_id_grouped(struct cx *cx, struct str digits);

struct str look_percent(struct cx *cx, int tenths); /* 986: "98,6%"; below 0: "–" */

/* ---- charts: drawn here as SVG, look.md section 5; each page gives the same as a table ---- */

/* The way of a figure without axes, beside it. One value draws nothing. */
struct markup look_spark(struct cx *cx, const int64_t *values, size_t n);
struct look_series {
    struct str label; /* stands at the end of its line */
    const int64_t *values;
};
struct look_lines {
    struct str label;        /* of the picture, for screen readers */
    const struct str *ticks; /* one a point; every few are drawn */
    size_t n;
    const struct look_series *series; /* the second is dashed; at most 4 */
    size_t series_n;
};
struct markup look_line_chart(struct cx *cx, const struct look_lines *l);

/* ---- pages ---- */

/* Numbers of a citizen's pager: first, last, two around the current, gaps between. href is the
 * list's address up to the number: "/tim?q=khai+sinh&trang=". */
struct look_pager_view look_pages(struct cx *cx, struct str href, int64_t page, int64_t per_page,
                                  int64_t total, bool numbers);

/* The page around a handler's part; app gives it to web_set_frame. Names come from the settings
 * site.name, site.tagline, site.owner, site.about ("line | line"). A link to a place (sign in,
 * help, notices) is drawn only while some module has the route. */
web_draw_frame look_frame;
/* Errors of a form, for {{> look_errors errors}} at the top of main. */
struct look_errors_view look_errors_of(struct cx *cx, struct web_req *rq);
/* The address of a file under look/assets/ or another assets/ folder; web_asset under another name.
 */
struct str look_asset(struct cx *cx, struct str path);

/* ---- the component sheet, /giao-dien of the demo ---- */

/* Every component with invented contents. */
struct look_sheet_view look_sheet_sample(struct cx *cx);
/* Its pages, for app/modules.c; only in the demo they show anything. */
extern const struct module look_module;
