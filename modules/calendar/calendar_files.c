/* calendar_files.c - reading the pack files of calendars: for loading, and for counting without a
 * database. */
#include "calendar_inside.h"

#define ROWS_MAX 4096

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
    *out = (struct session_row){.weekday = (int)json_int(json_get(v, S("weekday")), -1)};
    return minute_parse(json_text(json_get(v, S("from"))), &out->from_minute) &&
           minute_parse(json_text(json_get(v, S("to"))), &out->to_minute) &&
           out->from_minute < out->to_minute && out->weekday >= 0 && out->weekday <= 6 &&
           date_parse(json_text(json_get(v, S("valid_from"))), &out->valid_from);
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

static enum err add_file(struct cx *cx, struct str text, struct calendar_rows *rows)
{
    const struct json *root;
    struct json_error error;
    if (json_read(cx->arena, text, &root, &error) != OK)
        return fail(cx, ERR_INVALID, T("Lịch làm việc hỏng ở dòng %zu: %s."), error.line,
                    error.what);
    const struct json *sessions = json_get(root, S("sessions")), *days = json_get(root, S("days"));
    for (uint32_t i = 0; i < sessions->n && rows->sessions_n < ROWS_MAX; i++)
        if (!calendar_session_read(json_at(sessions, i), &rows->sessions[rows->sessions_n++]))
            return fail(cx, ERR_INVALID, T("Buổi làm việc thứ %u thiếu hoặc sai giờ."), i + 1);
    for (uint32_t i = 0; i < days->n && rows->days_n < ROWS_MAX; i++)
        if (!calendar_day_read(json_at(days, i), &rows->days[rows->days_n++]))
            return fail(cx, ERR_INVALID, T("Ngày thứ %u của lịch sai ngày hoặc sai loại."), i + 1);
    return OK;
}

enum err calendar_of_files(struct cx *cx, const struct str *texts, size_t n, int64_t from_day,
                           int64_t to_day, struct calendar **out)
{
    struct calendar_rows rows = {.sessions = NEW_N(cx->arena, struct session_row, ROWS_MAX),
                                 .days = NEW_N(cx->arena, struct day_row, ROWS_MAX)};
    for (size_t i = 0; i < n; i++)
        TRY(add_file(cx, texts[i], &rows));
    return calendar_assemble(cx, S("/"), &rows, from_day, to_day, out);
}
