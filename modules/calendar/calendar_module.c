/* calendar_module.c - what calendar brings: the pack kind "calendar". */
#include "calendar.h"

#include "calendar_desk.h"
#include "calendar_inside.h"
#include "calendar_store.h"
#include "json/json.h"
#include "module/module.h"
#include "org/org.h"

#define ROWS_MAX 512

static void refuse(struct pack_report *report, struct str what)
{
    report->refused++;
    buf_fmt(&report->lines, "%.*s\n", F(what));
}

static bool same_session(const struct session_row *a, const struct session_row *b)
{
    return a->weekday == b->weekday && a->from_minute == b->from_minute &&
           a->to_minute == b->to_minute && a->valid_from == b->valid_from &&
           a->valid_to == b->valid_to;
}

/* The sessions of a unit are said as a whole: what is not said again ends. */
static enum err put_sessions(struct cx *cx, const struct json *list, int64_t unit,
                             struct pack_report *report)
{
    struct session_row *known = NEW_N(cx->arena, struct session_row, ROWS_MAX), s;
    size_t known_n, same;
    if (list->n == 0)
        return OK;
    TRY(calendar_store_own_sessions(cx, unit, known, ROWS_MAX, &known_n));
    TRY(calendar_store_drop_sessions(cx, unit));
    int64_t kept = 0;
    for (uint32_t i = 0; i < list->n; i++) {
        if (!calendar_session_read(json_at(list, i), &s)) {
            refuse(report, str_fmt(cx->arena, "buổi làm việc thứ %u: thiếu hoặc sai giờ", i + 1));
            continue;
        }
        s.unit = unit;
        for (same = 0; same < known_n && !same_session(&known[same], &s);)
            same++;
        *(same < known_n ? &report->same : &report->added) += 1;
        kept += same < known_n;
        TRY(calendar_store_session_add(cx, &s));
    }
    report->changed += (int64_t)known_n - kept; /* ended */
    return OK;
}

enum kept { NEW_DAY, SAME_DAY, CHANGED_DAY };
static enum kept compare(const struct day_row *known, size_t n, const struct day_row *d)
{
    for (size_t i = 0; i < n; i++)
        if (known[i].day == d->day)
            return str_eq(known[i].kind, d->kind) && str_eq(known[i].note, d->note) &&
                           str_eq(known[i].basis, d->basis)
                       ? SAME_DAY
                       : CHANGED_DAY;
    return NEW_DAY;
}

/* The days of a unit's year likewise. */
static enum err put_days(struct cx *cx, const struct json *list, int64_t unit, int64_t first,
                         int64_t last, struct pack_report *report)
{
    struct day_row *known = NEW_N(cx->arena, struct day_row, ROWS_MAX), d;
    size_t known_n;
    int64_t met = 0;
    TRY(calendar_store_own_days(cx, unit, first, last, known, ROWS_MAX, &known_n));
    TRY(calendar_store_drop_days(cx, unit, first, last));
    for (uint32_t i = 0; i < list->n; i++) {
        bool good = calendar_day_read(json_at(list, i), &d);
        d.unit = unit;
        if (!good || d.day < first || d.day > last) {
            refuse(report, str_fmt(cx->arena, "ngày %.*s: sai ngày, ngoài năm hoặc sai loại",
                                   F(json_text(json_get(json_at(list, i), S("on"))))));
            continue;
        }
        enum kept k = compare(known, known_n, &d);
        int64_t *const counts[] = {&report->added, &report->same, &report->changed};
        *counts[k] += 1;
        met += k != NEW_DAY;
        TRY(calendar_store_day_add(cx, &d));
    }
    report->changed += (int64_t)known_n - met; /* taken out */
    return OK;
}

/* {"unit": "H37" or "", "year": 2026, "sessions": [...], "days": [...]}: one year, one writer turn.
 */
static enum err load_calendar(struct cx *cx, [[maybe_unused]] struct str name, struct str bytes,
                              [[maybe_unused]] size_t *next, struct pack_report *report)
{
    const struct json *root;
    struct json_error error;
    if (json_read(cx->arena, bytes, &root, &error) != OK)
        return fail(cx, ERR_INVALID, T("Lịch làm việc hỏng ở dòng %zu: %s."), error.line,
                    error.what);
    int64_t year = json_int(json_get(root, S("year")), 0);
    if (!civil_valid((int)year, 1, 1))
        return fail(cx, ERR_INVALID, T("Lịch làm việc phải ghi năm, ví dụ \"year\": 2026."));
    int64_t unit = 0;
    struct str code = json_text(json_get(root, S("unit")));
    if (code.n) {
        struct org_unit u;
        TRY(org_unit_by_code(cx, code, day_of(cx->now), &u));
        unit = u.id;
    }
    TRY(put_sessions(cx, json_get(root, S("sessions")), unit, report));
    return put_days(cx, json_get(root, S("days")), unit, civil_day((int)year, 1, 1),
                    civil_day((int)year, 12, 31), report);
}

static const struct pack_kind packs[] = {{"calendar", "Lịch làm việc", load_calendar}, {0}};

static const struct right *const rights[] = {&calendar_manage, NULL};

const struct module calendar_module = {
    .name = "calendar",
    .title = "Lịch làm việc",
    .needs = (const char *const[]){"journal", "org", NULL},
    .routes = calendar_routes,
    .rights = rights,
    .menu = calendar_menu,
    .packs = packs,
};
