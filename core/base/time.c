/* time.c - instants and local calendar days; Vietnam is UTC+7 all year. */
#include "base/base.h"

#define OFFSET_MS (7 * HOUR_MS)

int64_t civil_day(int year, int month, int day)
{
    /* Days from 1970-01-01 of the proleptic Gregorian calendar; the year begins in March. */
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void civil_from_day(int64_t day, int *year, int *month, int *date)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *date = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t day_of(int64_t utc_ms)
{
    return floor_div(utc_ms + OFFSET_MS, DAY_MS);
}

struct civil civil_at(int64_t utc_ms)
{
    int64_t local = utc_ms + OFFSET_MS;
    int64_t day = floor_div(local, DAY_MS);
    int64_t rest = local - day * DAY_MS;
    struct civil c = {
        .hour = (int)(rest / HOUR_MS),
        .minute = (int)(rest / MINUTE_MS % 60),
        .second = (int)(rest / SECOND_MS % 60),
        .ms = (int)(rest % 1000),
        .weekday = (int)(((day + 4) % 7 + 7) % 7), /* 1970-01-01 was a Thursday */
    };
    civil_from_day(day, &c.year, &c.month, &c.day);
    return c;
}

int64_t civil_ms(const struct civil *c)
{
    return civil_day(c->year, c->month, c->day) * DAY_MS + c->hour * HOUR_MS +
           c->minute * MINUTE_MS + c->second * SECOND_MS + c->ms - OFFSET_MS;
}

bool civil_valid(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= days[month - 1] + (month == 2 && leap);
}

/* Exactly n digits at s.p[at]. */
static bool digits(struct str s, size_t at, size_t n, int *out)
{
    if (at + n > s.n)
        return false;
    int v = 0;
    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (s.p[i] - '0');
    }
    *out = v;
    return true;
}

bool date_parse(struct str s, int64_t *day)
{
    int y, m, d;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-')
        return false;
    if (!digits(s, 0, 4, &y) || !digits(s, 5, 2, &m) || !digits(s, 8, 2, &d))
        return false;
    if (!civil_valid(y, m, d))
        return false;
    *day = civil_day(y, m, d);
    return true;
}

bool local_time_parse(struct str s, int64_t *utc_ms)
{
    int64_t day;
    int h, min;
    if (s.n != 16 || s.p[10] != 'T' || s.p[13] != ':' || !date_parse(str_until(s, 10), &day))
        return false;
    if (!digits(s, 11, 2, &h) || !digits(s, 14, 2, &min) || h > 23 || min > 59)
        return false;
    *utc_ms = day * DAY_MS + h * HOUR_MS + min * MINUTE_MS - OFFSET_MS;
    return true;
}

bool date_typed(struct str s, int64_t *day)
{
    struct str d, m, y, rest;
    int64_t date, month, year;
    if (!str_cut(s, '/', &d, &rest) || !str_cut(rest, '/', &m, &y) || y.n != 4 || d.n > 2 ||
        m.n > 2 || !str_int(d, &date) || !str_int(m, &month) || !str_int(y, &year) || date < 1 ||
        month < 1 || year < 1 || !civil_valid((int)year, (int)month, (int)date))
        return false;
    *day = civil_day((int)year, (int)month, (int)date);
    return true;
}

static char *two_digits(char *p, int v)
{
    *p++ = (char)('0' + v / 10 % 10);
    *p++ = (char)('0' + v % 10);
    return p;
}

/* A list writes three of these in each row. Y, m, d, H, M, S stand for their digits, every other
 * sign for itself. */
static struct str stamp(struct arena *a, const char *pattern, const struct civil *c)
{
    char text[48], *p = text;
    for (; *pattern; pattern++) {
        const char what = *pattern;
        int v = what == 'm'   ? c->month
                : what == 'd' ? c->day
                : what == 'H' ? c->hour
                : what == 'M' ? c->minute
                : what == 'S' ? c->second
                              : -1;
        if (what == 'Y' && c->year >= 0 && c->year <= 9999) {
            p = two_digits(p, c->year / 100);
            v = c->year % 100;
        } else if (what == 'Y') { /* of an instant that nobody meant */
            const struct str year = str_fmt(a, "%04d", c->year);
            memcpy(p, year.p, year.n);
            p += year.n;
            continue;
        }
        if (v < 0)
            *p++ = what;
        else
            p = two_digits(p, v);
    }
    return str_dup(a, (struct str){text, (size_t)(p - text)});
}

static struct civil civil_of_day(int64_t day)
{
    struct civil c = {0};
    civil_from_day(day, &c.year, &c.month, &c.day);
    return c;
}

struct str date_iso(struct arena *a, int64_t day)
{
    const struct civil c = civil_of_day(day);
    return stamp(a, "Y-m-d", &c);
}

struct str date_vi(struct arena *a, int64_t day)
{
    const struct civil c = civil_of_day(day);
    return stamp(a, "d/m/Y", &c);
}

struct str time_iso(struct arena *a, int64_t utc_ms)
{
    const struct civil c = civil_at(utc_ms);
    return stamp(a, "Y-m-dTH:M:S+07:00", &c);
}

struct str time_vi(struct arena *a, int64_t utc_ms)
{
    const struct civil c = civil_at(utc_ms);
    return stamp(a, "H:M, d/m/Y", &c);
}

struct str time_long_vi(struct arena *a, int64_t utc_ms)
{
    static const char *const weekdays[] = {"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư",
                                           "thứ Năm",  "thứ Sáu", "thứ Bảy"};
    struct civil c = civil_at(utc_ms);
    struct str parts[] = {stamp(a, "H:M", &c), str_c(weekdays[c.weekday]), stamp(a, "d/m/Y", &c)};
    return str_fmt(a, "%.*s %.*s, %.*s", F(parts[0]), F(parts[1]), F(parts[2]));
}
