/* calendar_desk.c - working time as an officer says it: sessions of a unit from a day on, days that
 * differ, each with its legal basis and its event. No SQL and no HTML in this file. */
#include "calendar_desk.h"

#include "calendar_inside.h"
#include "journal/journal.h"
#include "org/org.h"

const struct right calendar_manage = {.name = "calendar.manage",
                                      .title = T("Quản lý lịch làm việc")};

#define TEXT_MAX 300

enum err calendar_may(struct cx *cx, int64_t unit)
{
    struct org_unit u = {.path = S("")}, own;
    if (cx->scope.kind == SCOPE_ALL)
        return OK;
    if (unit)
        TRY(org_unit_find(cx, unit, &u));
    bool tree = cx->scope.kind == SCOPE_UNIT_TREE && cx->scope.unit_path.n;
    if (unit && tree && str_starts(u.path, cx->scope.unit_path))
        return OK;
    if (unit && cx->scope.kind == SCOPE_UNIT && unit == cx->scope.unit)
        return OK;
    if (!unit && tree && cx->actor->unit && org_unit_find(cx, cx->actor->unit, &own) == OK &&
        own.parent == 0)
        return OK;
    return fail(cx, ERR_DENIED,
                T("Bạn không quản lý lịch của nơi này. Hỏi người kiểm soát thủ tục của tỉnh."));
}

static enum err note(struct cx *cx, const char *kind, int64_t unit, struct str what,
                     struct str basis)
{
    struct buf b = {.arena = cx->arena, .limit = 16384};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("what"), what);
    json_str(&o, S("basis"), basis);
    json_close_object(&o);
    return journal_write(cx, &(const struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = S("calendar"),
                                 .subject_id = unit,
                                 .unit = unit,
                                 .payload = buf_str(&b),
                             });
}

static enum err check_text(struct cx *cx, struct str text, struct str field, const char *missing)
{
    if (text.n == 0 || utf8_count(text) > TEXT_MAX)
        return fail_field(cx, ERR_INVALID, field, "%s", missing);
    return OK;
}

enum err calendar_say_day(struct cx *cx, const struct day_row *d)
{
    bool known = str_eq(d->kind, S("holiday")) || str_eq(d->kind, S("makeup")) ||
                 str_eq(d->kind, S("extra_open"));
    TRY(calendar_may(cx, d->unit));
    if (!known)
        return fail_field(cx, ERR_INVALID, S("loai"), T("Chọn nghỉ, làm bù hay mở thêm."));
    TRY(check_text(cx, d->note, S("ten"), T("Ghi ngày gì, ví dụ Giỗ Tổ Hùng Vương.")));
    TRY(check_text(cx, d->basis, S("can_cu"), T("Ghi văn bản quy định ngày này.")));
    TRY(calendar_store_drop_days(cx, d->unit, d->day, d->day));
    TRY(calendar_store_day_add(cx, d));
    return note(cx, "calendar.day.said", d->unit,
                str_fmt(cx->arena, "%.*s %.*s %.*s", F(date_iso(cx->arena, d->day)), F(d->kind),
                        F(d->note)),
                d->basis);
}

enum err calendar_unsay_day(struct cx *cx, int64_t unit, int64_t day)
{
    struct day_row d;
    size_t n;
    TRY(calendar_may(cx, unit));
    TRY(calendar_store_own_days(cx, unit, day, day, &d, 1, &n));
    if (n == 0)
        return fail(cx, ERR_NOT_FOUND, T("Ngày này không có trong lịch của nơi này."));
    TRY(calendar_store_drop_days(cx, unit, day, day));
    return note(cx, "calendar.day.unsaid", unit,
                str_fmt(cx->arena, "%.*s %.*s", F(date_iso(cx->arena, day)), F(d.note)), d.basis);
}

enum err calendar_say_sessions(struct cx *cx, const struct sessions_act *act)
{
    struct buf words = {.arena = cx->arena, .limit = 8192};
    TRY(calendar_may(cx, act->unit));
    TRY(check_text(cx, act->basis, S("can_cu_buoi"), T("Ghi văn bản quy định giờ làm việc này.")));
    if (act->n == 0 && act->unit == 0)
        return fail_field(cx, ERR_INVALID, S("thu"), T("Cả nước phải có ngày làm việc."));
    for (size_t i = 0; i < act->n; i++) {
        const struct session_row *s = &act->rows[i];
        if (s->from_minute >= s->to_minute || (i > 0 && s->weekday == act->rows[i - 1].weekday &&
                                               s->from_minute < act->rows[i - 1].to_minute))
            return fail_field(cx, ERR_INVALID, S("sang_tu"),
                              T("Giờ bắt đầu phải trước giờ kết thúc, các buổi không chồng nhau."));
        buf_fmt(&words, "%d %02d:%02d-%02d:%02d; ", s->weekday, s->from_minute / 60,
                s->from_minute % 60, s->to_minute / 60, s->to_minute % 60);
    }
    TRY(calendar_store_end_sessions(cx, act->unit, act->from_day));
    for (size_t i = 0; i < act->n; i++) {
        struct session_row s = act->rows[i];
        s.unit = act->unit;
        s.valid_from = act->from_day;
        s.valid_to = 0;
        TRY(calendar_store_session_add(cx, &s));
    }
    return note(
        cx, "calendar.sessions.said", act->unit,
        str_fmt(cx->arena, "%.*s: %.*s", F(date_iso(cx->arena, act->from_day)), F(buf_str(&words))),
        act->basis);
}

enum err calendar_say_year(struct cx *cx, int year)
{
    struct calendar_holiday off[CALENDAR_HOLIDAYS_MAX];
    const struct str basis = S("Bộ luật Lao động 2019 điều 111, 112; chờ thông báo của năm");
    struct day_row known;
    size_t had;
    TRY(calendar_may(cx, 0));
    TRY(calendar_store_own_days(cx, 0, civil_day(year, 1, 1), civil_day(year, 12, 31), &known, 1,
                                &had));
    if (had)
        return fail(cx, ERR_CONFLICT, T("Năm này đã có lịch. Sửa từng ngày."));
    size_t n = calendar_statutory(year, off);
    for (size_t i = 0; i < n; i++)
        TRY(calendar_store_day_add(
            cx, &(const struct day_row){
                    .day = off[i].day, .kind = S("holiday"), .note = off[i].note, .basis = basis}));
    return note(cx, "calendar.year.said", 0, str_fmt(cx->arena, "%d", year), basis);
}
