/* calendar_files.c - reading the pack files of calendars: for loading, and for counting without a
 * database. */
#include "calendar_inside.h"

#define ROWS_MAX 4096
#define FILE_UNIT 1 /* the unit of whom a file speaks, whichever it is */

static bool minute_parse(struct str s, int *out)
{
    int64_t h, m;
    struct str hour, minute;
    if (!str_cut(s, ':', &hour, &minute) || !str_int(hour, &h) || !str_int(minute, &m))
        return false;
    if (h < 0 || h > 24 || m < 0 || m > 59)
        return false;
    *out = (int)(h * 60 + m);
    return *out <= 24 * 60;
}

bool calendar_session_read(const struct json *v, struct session_row *out)
{
    const struct json *from = json_get(v, S("valid_from")), *to = json_get(v, S("valid_to"));
    *out = (struct session_row){.weekday = (int)json_int(json_get(v, S("weekday")), -1),
                                .valid_from = civil_day(CALENDAR_YEAR_MIN, 1, 1)};
    if ((from->kind != JSON_NULL && !date_parse(json_text(from), &out->valid_from)) ||
        (to->kind != JSON_NULL && !date_parse(json_text(to), &out->valid_to)))
        return false;
    return minute_parse(json_text(json_get(v, S("from"))), &out->from_minute) &&
           minute_parse(json_text(json_get(v, S("to"))), &out->to_minute) &&
           out->from_minute < out->to_minute && out->weekday >= 0 && out->weekday <= 6;
}

bool calendar_day_read(const struct json *v, struct day_row *out)
{
    *out = (struct day_row){
        .kind = json_text(json_get(v, S("kind"))),
        .note = json_text(json_get(v, S("note"))),
        .basis = json_text(json_get(v, S("basis"))),
    };
    bool known = str_eq(out->kind, S("holiday")) || str_eq(out->kind, S("makeup")) ||
                 str_eq(out->kind, S("extra_open"));
    return known && date_parse(json_text(json_get(v, S("on"))), &out->day);
}

static bool is_said(const struct calendar_rows *rows, int64_t year)
{
    for (size_t i = 0; i < rows->years_n; i++)
        if (rows->years[i] == year)
            return true;
    return false;
}

static void say(struct calendar_rows *rows, int64_t year)
{
    if (!is_said(rows, year) && rows->years_n < sizeof rows->years / sizeof *rows->years)
        rows->years[rows->years_n++] = (int)year;
}

static int64_t year_of(int64_t day)
{
    int y, m, d;
    civil_from_day(day, &y, &m, &d);
    return y;
}

static enum err add_sessions(struct cx *cx, const struct json *list, int64_t unit,
                             struct calendar_rows *rows)
{
    for (uint32_t i = 0; i < list->n && rows->sessions_n < ROWS_MAX; i++) {
        struct session_row *s = &rows->sessions[rows->sessions_n++];
        if (!calendar_session_read(json_at(list, i), s))
            return fail(cx, ERR_INVALID, T("Buổi làm việc thứ %u thiếu hoặc sai giờ."), i + 1);
        s->unit = unit;
    }
    return OK;
}

static enum err add_days(struct cx *cx, const struct json *list, int64_t unit,
                         struct calendar_rows *rows)
{
    const struct calendar_rows before = *rows;
    for (uint32_t i = 0; i < list->n && rows->days_n < ROWS_MAX; i++) {
        struct day_row *d = &rows->days[rows->days_n];
        if (!calendar_day_read(json_at(list, i), d))
            return fail(cx, ERR_INVALID, T("Ngày thứ %u của lịch sai ngày hoặc sai loại."), i + 1);
        d->unit = unit;
        if (unit == 0 && is_said(&before, year_of(d->day)))
            continue; /* an earlier file has spoken */
        if (unit == 0)
            say(rows, year_of(d->day));
        rows->days_n++;
    }
    return OK;
}

static enum err add_file(struct cx *cx, struct str text, struct calendar_rows *rows)
{
    const struct json *root;
    struct json_error error;
    if (json_read(cx->arena, text, &root, &error) != OK)
        return fail(cx, ERR_INVALID, T("Lịch làm việc hỏng ở dòng %zu: %s."), error.line,
                    error.what);
    if (root->kind != JSON_OBJECT || (!json_has(root, S("days")) && !json_has(root, S("sessions"))))
        return fail(cx, ERR_INVALID, T("Lịch làm việc phải có \"days\" hoặc \"sessions\"."));
    int64_t unit = json_text(json_get(root, S("unit"))).n ? FILE_UNIT : 0;
    bool spoken = false;
    for (size_t i = 0; i < rows->sessions_n; i++)
        spoken |= rows->sessions[i].unit == unit;
    if (!spoken)
        TRY(add_sessions(cx, json_get(root, S("sessions")), unit, rows));
    TRY(add_days(cx, json_get(root, S("days")), unit, rows));
    if (unit == 0 && json_has(root, S("days")) && json_has(root, S("year")))
        say(rows, json_int(json_get(root, S("year")), 0));
    return OK;
}

enum err calendar_of_files(struct cx *cx, const struct str *texts, size_t n, int64_t from_day,
                           int64_t to_day, struct calendar **out)
{
    struct calendar_rows rows = {.sessions = NEW_N(cx->arena, struct session_row, ROWS_MAX),
                                 .days = NEW_N(cx->arena, struct day_row, ROWS_MAX)};
    for (size_t i = 0; i < n; i++)
        TRY(add_file(cx, texts[i], &rows));
    return calendar_assemble(cx, S("/1/"), &rows, from_day, to_day, out);
}
