/* calendar_lunar.c - days of the Vietnamese lunar calendar, computed at UTC+7, and the public
 * holidays that the law itself fixes.
 *
 * A lunar month begins on the local day of the new moon; the month in which the sun stands at the
 * winter solstice is the 11th; of two 11th months with thirteen between them, the first month
 * without a major solar term is the leap one. New moons and the sun's longitude: series of
 * J. Meeus, Astronomical Algorithms, good to about two minutes. Chinese tables (UTC+8) are wrong
 * here in some years: Tết 1985, 2007, 2030.
 */
#include <math.h>

#include "calendar.h"

#define DAY_OF_JULIAN 2440588      /* the Julian day number of 1970-01-01 */
#define FIRST_MOON 2415021.0769987 /* new moon of 1 January 1900 */
#define MONTH 29.530588853
#define ZONE (7.0 / 24.0)

static double sine(double degrees)
{
    return sin(fmod(degrees, 360.0) * (M_PI / 180.0));
}

static int64_t whole(double x)
{
    return (int64_t)floor(x);
}

/* The Julian day number of the local day of the k-th new moon since 1900. */
static int64_t moon_day(int64_t number)
{
    double k = (double)number, t = k / 1236.85, t2 = t * t, t3 = t2 * t;
    double mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t2 - 0.000000155 * t3 +
                  0.00033 * sine(166.56 + 132.87 * t - 0.009173 * t2);
    double sun = 359.2242 + 29.10535608 * k - 0.0000333 * t2 - 0.00000347 * t3;
    double moon = 306.0253 + 385.81691806 * k + 0.0107306 * t2 + 0.00001236 * t3;
    double node = 2 * (21.2964 + 390.67050646 * k - 0.0016528 * t2 - 0.00000239 * t3);
    double phase = (0.1734 - 0.000393 * t) * sine(sun) + 0.0021 * sine(2 * sun) -
                   0.4068 * sine(moon) + 0.0161 * sine(2 * moon) - 0.0004 * sine(3 * moon) +
                   0.0104 * sine(node) - 0.0051 * sine(sun + moon) - 0.0074 * sine(sun - moon) +
                   0.0004 * sine(node + sun) - 0.0004 * sine(node - sun) -
                   0.0006 * sine(node + moon) + 0.0010 * sine(node - moon) +
                   0.0005 * sine(2 * moon + sun);
    double clock = -0.000278 + 0.000265 * t + 0.000262 * t2; /* dynamical to universal time */
    return whole(mean + phase - clock + 0.5 + ZONE);
}

/* In which twelfth of its way the sun stands at the beginning of that local day: 9 from the winter
 * solstice on. */
static int64_t sun_sector(int64_t julian)
{
    double t = ((double)julian - 2451545.5 - ZONE) / 36525.0;
    double anomaly = 357.52910 + 35999.05030 * t - 0.0001559 * t * t;
    double longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t * t +
                       (1.914600 - 0.004817 * t) * sine(anomaly) +
                       (0.019993 - 0.000101 * t) * sine(2 * anomaly) + 0.000290 * sine(3 * anomaly);
    longitude = fmod(longitude, 360.0);
    return whole((longitude < 0 ? longitude + 360.0 : longitude) / 30.0);
}

/* The first day of the 11th lunar month of a solar year. */
static int64_t month_11(int year)
{
    int64_t k = whole((double)(civil_day(year, 12, 31) + DAY_OF_JULIAN - 2415021) / MONTH);
    int64_t day = moon_day(k);
    return sun_sector(day) >= 9 ? moon_day(k - 1) : day;
}

static int64_t moon_of(int64_t first_day)
{
    return whole(((double)first_day - FIRST_MOON) / MONTH + 0.5);
}

/* Which month after this 11th one has no major term; only asked of years with thirteen. */
static int leap_after(int64_t k)
{
    int i = 1;
    int64_t last = sun_sector(moon_day(k + 1));
    for (; i < 14; i++) {
        int64_t next = sun_sector(moon_day(k + i + 1));
        if (next == last)
            break;
        last = next;
    }
    return i;
}

int64_t calendar_lunar_day(int year, int month, int day)
{
    MUST(year >= CALENDAR_YEAR_MIN && year <= CALENDAR_YEAR_MAX && month >= 1 && month <= 12);
    int64_t from = month_11(month < 11 ? year - 1 : year);
    int64_t to = month_11(month < 11 ? year : year + 1);
    int64_t k = moon_of(from);
    int after = (month + 1) % 12; /* months after the 11th */
    if (to - from > 365 && after >= leap_after(k))
        after++;
    return moon_day(k + after) - DAY_OF_JULIAN + day - 1;
}

/* ---- holidays that need no notice ---- */

static int weekday_of(int64_t day)
{
    return (int)(((day + 4) % 7 + 7) % 7);
}

static bool is_rest(int64_t day)
{
    return weekday_of(day) == 0 || weekday_of(day) == 6;
}

struct holidays {
    struct calendar_holiday *out;
    size_t n;
};

static bool has(const struct holidays *h, int64_t day)
{
    for (size_t i = 0; i < h->n; i++)
        if (h->out[i].day == day)
            return true;
    return false;
}

static void add(struct holidays *h, int64_t day, struct str note)
{
    MUST(h->n < CALENDAR_HOLIDAYS_MAX);
    h->out[h->n++] = (struct calendar_holiday){day, note};
}

/* 2 September has its neighbour before or after, as the Prime Minister decides: the one that makes
 * the longer rest, as it has been decided since 2021. */
static int64_t beside_independence(int64_t day)
{
    int weekday = weekday_of(day);
    return weekday == 0 || weekday == 1 || weekday == 4 ? day + 1 : day - 1;
}

/* Bộ luật Lao động 2019 điều 111 khoản 3: a holiday on a weekly rest day is compensated on the next
 * working day. */
static void compensate(struct holidays *h)
{
    size_t n = h->n;
    for (size_t i = 0; i < n; i++) {
        if (!is_rest(h->out[i].day))
            continue;
        int64_t day = h->out[i].day + 1;
        while (is_rest(day) || has(h, day))
            day++;
        add(h, day, S("Nghỉ bù (dự kiến)"));
    }
}

size_t calendar_statutory(int year, struct calendar_holiday out[static CALENDAR_HOLIDAYS_MAX])
{
    struct holidays h = {.out = out};
    int64_t tet = calendar_lunar_day(year, 1, 1), national = civil_day(year, 9, 2);
    add(&h, civil_day(year, 1, 1), S("Tết Dương lịch"));
    for (int64_t day = tet - 1; day < tet + 4; day++)
        add(&h, day, S("Tết Nguyên đán (dự kiến)"));
    add(&h, calendar_lunar_day(year, 3, 10), S("Giỗ Tổ Hùng Vương"));
    add(&h, civil_day(year, 4, 30), S("Ngày Chiến thắng"));
    add(&h, civil_day(year, 5, 1), S("Quốc tế Lao động"));
    if (year >= 2021)
        add(&h, beside_independence(national), S("Quốc khánh (dự kiến)"));
    add(&h, national, S("Quốc khánh"));
    if (year >= 2026) /* Nghị quyết 28/2026/QH16 */
        add(&h, civil_day(year, 11, 24), S("Ngày Văn hóa Việt Nam"));
    compensate(&h);
    return h.n;
}
