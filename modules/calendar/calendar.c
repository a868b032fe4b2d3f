/* calendar.c - loads one unit's calendar: sessions by weekday, days that differ, inherited. */
#include "calendar.h"

#include "calendar_inside.h"
#include "calendar_store.h"
#include "org/org.h"

#define SESSIONS_MAX 512
#define DAYS_MAX 4096
#define RANGE_MAX 40000 /* days: a century */

/* How near a row's unit is: the length of its path prefix; the country is farthest. */
static size_t nearness(struct str path, int64_t unit)
{
    char text[24];
    struct str needle = {text, 0};
    if (unit == 0)
        return 0;
    struct buf b = {.p = text, .cap = sizeof text, .limit = sizeof text};
    buf_byte(&b, '/');
    buf_int(&b, unit);
    buf_byte(&b, '/');
    needle.n = b.n;
    size_t at = 0;
    return str_find(path, needle, &at) ? at + 1 : 0;
}

/* Sessions of the nearest unit that has any for that day; a unit without rows inherits all. */
static void set_sessions(struct calendar_day *d, int weekday, struct str path,
                         const struct session_row *rows, size_t n)
{
    size_t nearest = 0;
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        bool in_force =
            rows[i].valid_from <= d->day && (rows[i].valid_to == 0 || rows[i].valid_to >= d->day);
        if (in_force && (!found || nearness(path, rows[i].unit) > nearest)) {
            nearest = nearness(path, rows[i].unit);
            found = true;
        }
    }
    for (size_t i = 0; i < n && d->sessions_n < 4; i++) {
        bool in_force =
            rows[i].valid_from <= d->day && (rows[i].valid_to == 0 || rows[i].valid_to >= d->day);
        if (!in_force || rows[i].weekday != weekday || nearness(path, rows[i].unit) != nearest)
            continue;
        d->sessions[2 * d->sessions_n] = rows[i].from_minute;
        d->sessions[2 * d->sessions_n + 1] = rows[i].to_minute;
        d->sessions_n++;
    }
}

static int weekday_of(int64_t day)
{
    return (int)(((day + 4) % 7 + 7) % 7);
}

/* A make-up day works as its weekday does, or with Friday's sessions where that one rests. */
static void apply(struct calendar *c, const struct day_row *r, struct str path,
                  const struct session_row *rows, size_t n)
{
    struct calendar_day *d = &c->days[r->day - c->first];
    d->note = r->note;
    if (str_eq(r->kind, S("holiday"))) {
        d->sessions_n = 0;
    } else if (str_eq(r->kind, S("makeup")) && d->sessions_n == 0) {
        set_sessions(d, weekday_of(d->day), path, rows, n);
        if (d->sessions_n == 0)
            set_sessions(d, 5, path, rows, n);
    }
    /* extra_open: the counter takes dossiers in, but the day does not count (8.2). */
}

static int year_of(int64_t day)
{
    int y, m, d;
    civil_from_day(day, &y, &m, &d);
    return y;
}

/* Years of which the country's rows say nothing rest as the law says. */
static void rest_by_law(struct calendar *c, const struct calendar_rows *rows)
{
    struct calendar_holiday off[CALENDAR_HOLIDAYS_MAX];
    for (int year = year_of(c->first); year <= year_of(c->last); year++) {
        bool known = year < CALENDAR_YEAR_MIN || year > CALENDAR_YEAR_MAX;
        for (size_t i = 0; i < rows->days_n && !known; i++)
            known = rows->days[i].unit == 0 && year_of(rows->days[i].day) == year;
        for (size_t i = 0; i < rows->years_n && !known; i++)
            known = rows->years[i] == year;
        if (known)
            continue;
        c->expected[c->expected_n++] = year;
        size_t n = calendar_statutory(year, off);
        for (size_t i = 0; i < n; i++) {
            if (off[i].day < c->first || off[i].day > c->last)
                continue;
            c->days[off[i].day - c->first].sessions_n = 0;
            c->days[off[i].day - c->first].note = off[i].note;
        }
    }
}

bool calendar_is_expected(const struct calendar *c, int year)
{
    for (size_t i = 0; i < c->expected_n; i++)
        if (c->expected[i] == year)
            return true;
    return false;
}

enum err calendar_assemble(struct cx *cx, struct str path, const struct calendar_rows *rows,
                           int64_t from_day, int64_t to_day, struct calendar **out)
{
    MUST(from_day <= to_day && to_day - from_day < RANGE_MAX);
    struct calendar *c = NEW(cx->arena, struct calendar);
    size_t range = (size_t)(to_day - from_day + 1);
    *c = (struct calendar){from_day, to_day, NEW_N(cx->arena, struct calendar_day, range),
                           NEW_N(cx->arena, int, range / 365 + 2), 0};
    for (size_t i = 0; i < range; i++) {
        c->days[i].day = from_day + (int64_t)i;
        set_sessions(&c->days[i], weekday_of(c->days[i].day), path, rows->sessions,
                     rows->sessions_n);
    }
    rest_by_law(c, rows);
    /* The nearest unit's word about a day is the last one said. */
    for (size_t near = 0; near <= path.n; near++)
        for (size_t i = 0; i < rows->days_n; i++)
            if (rows->days[i].day >= from_day && rows->days[i].day <= to_day &&
                nearness(path, rows->days[i].unit) == near)
                apply(c, &rows->days[i], path, rows->sessions, rows->sessions_n);
    *out = c;
    return OK;
}

enum err calendar_load(struct cx *cx, int64_t unit, int64_t from_day, int64_t to_day,
                       struct calendar **out)
{
    struct str path = S("/");
    if (unit) {
        struct org_unit u;
        TRY(org_unit_find(cx, unit, &u));
        path = u.path;
    }
    struct calendar_rows rows = {.sessions = NEW_N(cx->arena, struct session_row, SESSIONS_MAX),
                                 .days = NEW_N(cx->arena, struct day_row, DAYS_MAX)};
    TRY(calendar_store_sessions(cx, path, rows.sessions, SESSIONS_MAX, &rows.sessions_n));
    /* Whole years: a year without a row is one whose calendar is not loaded. */
    TRY(calendar_store_days(cx, path, civil_day(year_of(from_day), 1, 1),
                            civil_day(year_of(to_day), 12, 31), rows.days, DAYS_MAX, &rows.days_n));
    return calendar_assemble(cx, path, &rows, from_day, to_day, out);
}

const struct calendar_day *calendar_at(const struct calendar *c, int64_t day)
{
    return day < c->first || day > c->last ? NULL : &c->days[day - c->first];
}

bool calendar_is_working(const struct calendar *c, int64_t day)
{
    const struct calendar_day *d = calendar_at(c, day);
    return d && d->sessions_n > 0;
}
