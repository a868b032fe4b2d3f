/* look_chart.c - charts as SVG: whole numbers in, whole coordinates out. */
#include "look.h"

#define SPARK_W 104
#define SPARK_H 34

struct str look_percent(struct cx *cx, int tenths)
{
    if (tenths < 0)
        return S("–");
    return tenths % 10 ? str_fmt(cx->arena, "%d,%d%%", tenths / 10, tenths % 10)
                       : str_fmt(cx->arena, "%d%%", tenths / 10);
}

static void point(struct html *out, char command, int64_t x, int64_t y)
{
    char c[2] = {command, 0};
    buf_add(&out->to, str_c(c));
    html_int(out, x);
    html_lit(out, " ");
    html_int(out, y);
}

struct markup look_spark(struct cx *cx, const int64_t *values, size_t n)
{
    if (n < 2)
        return (struct markup){0};
    int64_t low = values[0], high = values[0];
    for (size_t i = 1; i < n; i++) {
        low = values[i] < low ? values[i] : low;
        high = values[i] > high ? values[i] : high;
    }
    const int64_t span = high > low ? high - low : 1;
    struct html out = html_start(cx);
    int64_t x = 0, y = 0;
    html_lit(&out,
             "<svg class=\"spark-line\" viewBox=\"0 0 104 34\" aria-hidden=\"true\"><path d=\"");
    for (size_t i = 0; i < n; i++) {
        x = 2 + (SPARK_W - 8) * (int64_t)i / (int64_t)(n - 1);
        y = high > low ? SPARK_H - 4 - (SPARK_H - 8) * (values[i] - low) / span : SPARK_H / 2;
        point(&out, i ? 'L' : 'M', x, y);
    }
    html_lit(&out, "\"/><circle r=\"4\" cx=\"");
    html_int(&out, x);
    html_lit(&out, "\" cy=\"");
    html_int(&out, y);
    html_lit(&out, "\"/></svg>");
    return html_done(&out);
}

/* ---- lines ---- */

#define W 420
#define H 210
#define LEFT 44
#define RIGHT 64
#define TOP 12
#define BOTTOM 26
#define RULES 4

/* The smallest of 1, 2, 5 times a power of ten of which RULES reach the value. */
static int64_t step_of(int64_t high)
{
    static const int64_t of[] = {1, 2, 5};
    for (int64_t power = 1; power < INT64_C(1'000'000'000'000); power *= 10)
        for (size_t i = 0; i < 3; i++)
            if (of[i] * power * RULES >= high)
                return of[i] * power;
    return high;
}

static int64_t x_at(size_t i, size_t n)
{
    return LEFT + (W - LEFT - RIGHT) * (int64_t)i / (n > 1 ? (int64_t)(n - 1) : 1);
}

static int64_t y_at(int64_t value, int64_t top)
{
    return H - BOTTOM - (H - TOP - BOTTOM) * value / top;
}

static void text_at(struct html *out, int64_t x, int64_t y, const char *anchor, struct str text)
{
    html_lit(out, "<text x=\"");
    html_int(out, x);
    html_lit(out, "\" y=\"");
    html_int(out, y);
    html_lit(out, "\" text-anchor=\"");
    html_text_z(out, anchor);
    html_lit(out, "\">");
    html_text(out, text);
    html_lit(out, "</text>");
}

static void rules(struct cx *cx, struct html *out, int64_t step)
{
    for (int64_t i = 0; i <= RULES; i++) {
        int64_t y = y_at(i * step, RULES * step);
        html_lit(out, "<path class=\"rule\" d=\"");
        point(out, 'M', LEFT, y);
        html_lit(out, "h");
        html_int(out, W - RIGHT - LEFT);
        html_lit(out, "\"/>");
        text_at(out, LEFT - 8, y + 4, "end", look_number(cx, i * step));
    }
}

static void ticks(struct html *out, const struct look_lines *l)
{
    size_t every = (l->n + 5) / 6;
    for (size_t i = 0; i < l->n; i++)
        if ((l->n - 1 - i) % every == 0) /* the last one always */
            text_at(out, x_at(i, l->n), H - 6, "middle", l->ticks[i]);
}

static void series(struct html *out, const struct look_lines *l, size_t s, int64_t top,
                   int64_t *label_y)
{
    const struct look_series *it = &l->series[s];
    int64_t y = 0;
    html_lit(out, "<path class=\"line s");
    html_uint(out, s);
    html_lit(out, "\" d=\"");
    for (size_t i = 0; i < l->n; i++) {
        y = y_at(it->values[i], top);
        point(out, i ? 'L' : 'M', x_at(i, l->n), y);
    }
    html_lit(out, "\"/><circle class=\"s");
    html_uint(out, s);
    html_lit(out, "\" r=\"4\" cx=\"");
    html_int(out, x_at(l->n - 1, l->n));
    html_lit(out, "\" cy=\"");
    html_int(out, y);
    html_lit(out, "\"/><text class=\"end s");
    html_uint(out, s);
    /* Two labels do not lie on each other, nor on the ticks. */
    int64_t at = y + 4;
    if (s > 0 && at - *label_y < 16 && *label_y - at < 16)
        at = at >= *label_y && *label_y + 16 <= H - BOTTOM + 6 ? *label_y + 16 : *label_y - 16;
    *label_y = at;
    html_lit(out, "\" x=\"");
    html_int(out, W - RIGHT + 10);
    html_lit(out, "\" y=\"");
    html_int(out, at);
    html_lit(out, "\">");
    html_text(out, it->label);
    html_lit(out, "</text>");
}

struct markup look_line_chart(struct cx *cx, const struct look_lines *l)
{
    if (l->n == 0)
        return (struct markup){0};
    int64_t high = 1, label_y = 0;
    for (size_t s = 0; s < l->series_n; s++)
        for (size_t i = 0; i < l->n; i++)
            high = l->series[s].values[i] > high ? l->series[s].values[i] : high;
    const int64_t step = step_of(high);
    struct html out = html_start(cx);
    html_lit(&out, "<svg class=\"lines\" viewBox=\"0 0 420 210\" role=\"img\" aria-label=\"");
    html_text(&out, l->label);
    html_lit(&out, "\">");
    rules(cx, &out, step);
    ticks(&out, l);
    for (size_t s = 0; s < l->series_n; s++)
        series(&out, l, s, RULES * step, &label_y);
    html_lit(&out, "</svg>");
    return html_done(&out);
}
