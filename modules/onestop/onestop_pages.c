/* onestop_pages.c - what the pages of dossiers share: badges, the day strip, the timeline. */
#include "onestop_pages.h"

enum err onestop_of_path(struct cx *cx, struct web_req *rq, struct dossier *out)
{
    return onestop_by_code(cx, web_path(rq, "code"), out);
}

struct str onestop_person_path(struct cx *cx, const struct dossier *d, const char *rest)
{
    return str_fmt(cx->arena, "/ho-so/%.*s%s", F(d->request_code), rest);
}

struct str onestop_component_name(const struct procedure *p, struct str code)
{
    for (size_t i = 0; i < p->components_n; i++)
        if (str_eq(p->components[i].code, code))
            return p->components[i].name;
    return code;
}

struct look_badge_view onestop_state_badge(struct cx *cx, const struct dossier *d, bool for_person)
{
    const struct state_info *s = onestop_state(d->state);
    struct look_badge_view b = {S("cham"), S("play"),
                                tr(cx, str_c(for_person ? s->public_words : s->title)), S("")};
    switch (d->state) {
    case DOSSIER_WAITING:
        b.kind = S("info");
        b.icon = S("inbox");
        break;
    case DOSSIER_SUPPLEMENT_FIRST:
    case DOSSIER_SUPPLEMENT:
    case DOSSIER_PAYMENT:
        b.kind = S("tim");
        b.icon = S("user");
        break;
    case DOSSIER_REFUSED:
    case DOSSIER_CANCELLED:
        b.kind = S("err");
        b.icon = S("oct");
        break;
    case DOSSIER_STOPPED:
        b.kind = S("warn");
        b.icon = S("pause");
        break;
    case DOSSIER_WITHDRAWN:
        b.kind = S("");
        b.icon = S("minus");
        break;
    case DOSSIER_RELEASED:
    case DOSSIER_RETURNED:
        b.kind = S("ok");
        b.icon = S("check");
        break;
    case DOSSIER_ACCEPTED:
    case DOSSIER_PROCESSING:
        break;
    }
    return b;
}

struct look_due_badge_view onestop_due_badge(struct cx *cx, const struct dossier *d)
{
    static const enum look_due_state states[] = {
        [DUE_NONE] = LOOK_DUE_NONE,      [DUE_OPEN] = LOOK_DUE_RUNNING,
        [DUE_SOON] = LOOK_DUE_RUNNING,   [DUE_LATE] = LOOK_DUE_RUNNING,
        [DUE_PAUSED] = LOOK_DUE_PAUSED,  [DUE_DONE_IN_TIME] = LOOK_DUE_DONE,
        [DUE_DONE_LATE] = LOOK_DUE_DONE,
    };
    return look_due(cx, states[onestop_due_class(d, cx->now)], d->due_at, d->released_at);
}

struct look_errors_view onestop_errors(struct cx *cx, struct web_req *rq)
{
    size_t n;
    const struct web_error *errors = web_errors(rq, &n);
    struct look_error_item *items = NEW_N(cx->arena, struct look_error_item, n + 1);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct look_error_item){errors[i].field, errors[i].sentence};
    if (n == 0 && web_again(rq) && cx->why.n)
        items[n++] = (struct look_error_item){cx->field, cx->why};
    return (struct look_errors_view){items, n};
}

/* ---- the day strip ---- */

static struct look_day day_cell(struct cx *cx, const struct dossier *d, const struct clock_day *c)
{
    bool past = c->day <= day_of(cx->now);
    struct look_day cell = {
        .weekday = look_weekday_short(cx, (int)(((c->day + 4) % 7 + 7) % 7)),
        .day = str_fmt(cx->arena, "%d", civil_at(c->day * DAY_MS).day),
        .words = str_fmt(cx->arena, "%.*s%s%.*s", F(date_vi(cx->arena, c->day)),
                         c->note.n ? ": " : "", F(c->note)),
        .kind = c->rest     ? S("rest")
                : c->paused ? S("paused")
                : past      ? S("counted")
                            : S("left"),
    };
    if (c->number)
        cell.what = str_fmt(cx->arena, "%d", c->number);
    if (c->rest && c->note.n)
        cell.what = tr(cx, S(T("lễ")));
    if (c->paused)
        cell.what = S("‖");
    if (c->day == day_of(d->clock_from) && c->number == 0) {
        cell.kind = S("first");
        cell.icon = S("inbox");
    }
    if (c->due)
        cell.kind = !d->released_at && cx->now > d->due_at ? S("late") : S("due");
    if (c->today)
        cell.kind = str_fmt(cx->arena, "%.*s today", F(cell.kind));
    return cell;
}

enum err onestop_days(struct cx *cx, const struct dossier *d, struct look_days_view *out)
{
    struct clock_day days[92];
    size_t n;
    *out = (struct look_days_view){0};
    if (onestop_state(d->state)->ended && d->state != DOSSIER_RELEASED)
        return OK;
    TRY(onestop_clock(cx, d, days, sizeof days / sizeof *days, &n));
    struct look_day *cells = NEW_N(cx->arena, struct look_day, n);
    for (size_t i = 0; i < n; i++) {
        cells[i] = day_cell(cx, d, &days[i]);
        out->rest = out->rest || days[i].rest;
        out->paused += days[i].paused && !days[i].rest;
        *(days[i].day <= day_of(cx->now) ? &out->counted : &out->left) += days[i].counted;
    }
    out->days = cells;
    out->days_n = n;
    out->sentence =
        n ? tr_fmt(cx, T("Từ %.*s đến %.*s: đã tính %d ngày, còn %d ngày, tạm dừng %d ngày."),
                   F(date_vi(cx->arena, days[0].day)), F(date_vi(cx->arena, days[n - 1].day)),
                   out->counted, out->left, out->paused)
          : S("");
    return OK;
}

/* ---- the timeline ---- */

enum err onestop_moments(struct cx *cx, const struct dossier *d, struct look_timeline_view *out)
{
    struct moment moments[100];
    size_t n;
    TRY(onestop_timeline(cx, d, moments, sizeof moments / sizeof *moments, &n));
    struct look_moment *items = NEW_N(cx->arena, struct look_moment, n);
    for (size_t i = 0; i < n; i++) {
        struct civil at = civil_at(moments[i].at);
        items[i] = (struct look_moment){
            .day = str_fmt(cx->arena, "%02d/%02d", at.day, at.month),
            .time = str_fmt(cx->arena, "%02d:%02d", at.hour, at.minute),
            .at = time_iso(cx->arena, moments[i].at),
            .title = moments[i].title,
            .text = str_fmt(cx->arena, "%.*s%s%.*s", F(moments[i].who),
                            moments[i].who.n && moments[i].unit.n ? ", " : "", F(moments[i].unit)),
            .kind = i == 0       ? S("now")
                    : i + 1 == n ? S("first")
                                 : S(""),
        };
    }
    *out = (struct look_timeline_view){items, n};
    return OK;
}

void onestop_give_pdf(struct web_res *rs, struct str bytes)
{
    rs->content_type = S("application/pdf");
    rs->bytes = bytes;
    rs->allow_frame_self = true;
}
