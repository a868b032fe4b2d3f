/* calendar_module.c - what calendar brings: the pack kind "calendar". */
#include "calendar.h"

#include "calendar_inside.h"
#include "calendar_store.h"
#include "json/json.h"
#include "module/module.h"
#include "org/org.h"

static void refuse(struct pack_report *report, struct str what)
{
    report->refused++;
    buf_fmt(&report->lines, "%.*s\n", F(what));
}

static enum err put_sessions(struct cx *cx, const struct json *list, int64_t unit,
                             struct pack_report *report)
{
    if (list->n)
        TRY(calendar_store_drop_sessions(cx, unit));
    for (uint32_t i = 0; i < list->n; i++) {
        struct session_row s;
        bool good = calendar_session_read(json_at(list, i), &s);
        s.unit = unit;
        if (!good) {
            refuse(report, str_fmt(cx->arena, "buổi làm việc thứ %u: thiếu hoặc sai giờ", i + 1));
            continue;
        }
        TRY(calendar_store_session_add(cx, &s));
        report->added++;
    }
    return OK;
}

static enum err put_days(struct cx *cx, const struct json *list, int64_t unit, int64_t first,
                         int64_t last, struct pack_report *report)
{
    TRY(calendar_store_drop_days(cx, unit, first, last));
    for (uint32_t i = 0; i < list->n; i++) {
        struct day_row d;
        bool good = calendar_day_read(json_at(list, i), &d);
        d.unit = unit;
        if (!good || d.day < first || d.day > last) {
            refuse(report, str_fmt(cx->arena, "ngày %.*s: sai ngày, ngoài năm hoặc sai loại",
                                   F(json_text(json_get(json_at(list, i), S("on"))))));
            continue;
        }
        TRY(calendar_store_day_add(cx, &d));
        report->added++;
    }
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

const struct module calendar_module = {
    .name = "calendar",
    .title = "Lịch làm việc",
    .needs = (const char *const[]){"org", NULL},
    .packs = packs,
};
