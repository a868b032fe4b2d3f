/* look_words.c - instants, amounts and names in words, as look.md sections 5 and 7 say them. */
#include "look.h"

#define NBSP "\xc2\xa0"

struct str look_number(struct cx *cx, int64_t n)
{
    struct str digits =
        str_fmt(cx->arena, "%llu", n < 0 ? 0ULL - (unsigned long long)n : (unsigned long long)n);
    struct buf b = {.arena = cx->arena, .limit = 32};
    if (n < 0)
        buf_add(&b, S("−"));
    for (size_t i = 0; i < digits.n; i++) {
        if (i > 0 && (digits.n - i) % 3 == 0)
            buf_byte(&b, '.');
        buf_byte(&b, digits.p[i]);
    }
    return buf_str(&b);
}

struct str look_money(struct cx *cx, int64_t dong)
{
    return str_fmt(cx->arena, "%.*s" NBSP "₫", F(look_number(cx, dong)));
}

struct str look_size(struct cx *cx, int64_t bytes)
{
    if (bytes < 1000)
        return str_fmt(cx->arena, "%lld" NBSP "byte", (long long)bytes);
    if (bytes < 1000 * 1000)
        return str_fmt(cx->arena, "%lld" NBSP "kB", (long long)((bytes + 500) / 1000));
    int64_t tenths = (bytes + 50'000) / 100'000;
    return str_fmt(cx->arena, "%.*s,%d" NBSP "MB", F(look_number(cx, tenths / 10)),
                   (int)(tenths % 10));
}

struct str look_weekday(int weekday)
{
    static const char *const names[] = {T("Chủ nhật"), T("thứ Hai"), T("thứ Ba"), T("thứ Tư"),
                                        T("thứ Năm"),  T("thứ Sáu"), T("thứ Bảy")};
    MUST(weekday >= 0 && weekday <= 6);
    return str_c(names[weekday]);
}

struct str look_weekday_short(struct cx *cx, int weekday)
{
    static const char *const letters[] = {"CN", "T2", "T3", "T4", "T5", "T6", "T7"},
                             *const english[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    MUST(weekday >= 0 && weekday <= 6);
    return str_c((str_eq(cx->lang, S("en")) ? english : letters)[weekday]);
}

struct str look_day_short(struct cx *cx, int64_t utc_ms)
{
    struct civil c = civil_at(utc_ms), now = civil_at(cx->now);
    struct str weekday = look_weekday_short(cx, c.weekday);
    if (c.year == now.year)
        return str_fmt(cx->arena, "%.*s, %02d/%02d", F(weekday), c.day, c.month);
    return str_fmt(cx->arena, "%.*s, %02d/%02d/%04d", F(weekday), c.day, c.month, c.year);
}

/* ---- the due badge ---- */

/* "Quá {1} ngày", in the language of the page. */
static struct str sentence(struct cx *cx, const char *vietnamese, struct str value)
{
    struct str whole = tr(cx, str_c(vietnamese));
    size_t at;
    if (!str_find(whole, S("{1}"), &at))
        return whole;
    return str_fmt(cx->arena, "%.*s%.*s%.*s", F(str_until(whole, at)), F(value),
                   F(str_from(whole, at + 3)));
}

#define SOON_MS (8 * HOUR_MS)

static struct look_due_badge_view badge(const char *kind, const char *icon, struct str text)
{
    return (struct look_due_badge_view){.kind = str_c(kind), .icon = str_c(icon), .text = text};
}

static struct look_due_badge_view late(struct cx *cx, int64_t due_at)
{
    int64_t days = day_of(cx->now) - day_of(due_at), ms = cx->now - due_at;
    if (days > 0)
        return badge("err", "oct", sentence(cx, T("Quá {1} ngày"), look_number(cx, days)));
    if (ms >= HOUR_MS)
        return badge("err", "oct", sentence(cx, T("Quá {1} giờ"), look_number(cx, ms / HOUR_MS)));
    return badge(
        "err", "oct",
        sentence(cx, T("Quá {1} phút"), look_number(cx, (ms + MINUTE_MS - 1) / MINUTE_MS)));
}

static struct look_due_badge_view running(struct cx *cx, int64_t due_at)
{
    if (cx->now > due_at)
        return late(cx, due_at);
    struct civil c = civil_at(due_at);
    if (day_of(cx->now) == day_of(due_at))
        return badge(
            "warn", "clock",
            sentence(cx, T("Trước {1}"), str_fmt(cx->arena, "%02d:%02d", c.hour, c.minute)));
    int64_t left = due_at - cx->now;
    if (left < HOUR_MS)
        return badge("warn", "clock",
                     sentence(cx, T("Còn {1} phút"), look_number(cx, left / MINUTE_MS)));
    if (left < SOON_MS)
        return badge("warn", "clock",
                     sentence(cx, T("Còn {1} giờ"), look_number(cx, left / HOUR_MS)));
    return badge("", "cal", look_day_short(cx, due_at));
}

static struct look_due_badge_view done(struct cx *cx, int64_t due_at, int64_t at)
{
    int64_t days = day_of(due_at) - day_of(at);
    if (at > due_at && days < 0)
        return badge("err", "oct", sentence(cx, T("Xong trễ {1} ngày"), look_number(cx, -days)));
    if (at > due_at)
        return badge("err", "oct", tr(cx, S(T("Xong trễ"))));
    if (days > 0)
        return badge("ok", "check", sentence(cx, T("Sớm {1} ngày"), look_number(cx, days)));
    return badge("ok", "check", tr(cx, S(T("Đúng hạn"))));
}

struct look_due_badge_view look_due(struct cx *cx, enum look_due_state state, int64_t due_at,
                                    int64_t at)
{
    if (state == LOOK_DUE_NONE || (due_at == 0 && state != LOOK_DUE_PAUSED))
        return (struct look_due_badge_view){0};
    struct look_due_badge_view v;
    if (state == LOOK_DUE_PAUSED)
        v = badge("tim", "pause", tr(cx, S(T("Tạm dừng"))));
    else
        v = state == LOOK_DUE_DONE ? done(cx, due_at, at) : running(cx, due_at);
    if (due_at == 0)
        return v;
    v.title = time_long(cx, due_at);
    v.at = time_iso(cx->arena, due_at);
    return v;
}

/* ---- people ---- */

static struct str first_letter(struct str word)
{
    size_t at = 0;
    if (word.n)
        (void)utf8_next(word, &at);
    return str_until(word, at);
}

/* Of the last two words: in Vietnamese the given name stands last. */
struct str look_initials(struct cx *cx, struct str name)
{
    struct str rest = str_trim(name), word, last = S(""), before = S("");
    while (rest.n) {
        str_cut(rest, ' ', &word, &rest);
        if (word.n == 0)
            continue;
        before = last;
        last = word;
    }
    return text_upper(
        cx->arena, str_fmt(cx->arena, "%.*s%.*s", F(first_letter(before)), F(first_letter(last))));
}

struct str look_id_grouped(struct cx *cx, struct str digits)
{
    if (digits.n != 12)
        return digits;
    return str_fmt(cx->arena, "%.*s" NBSP "%.*s" NBSP "%.*s" NBSP "%.*s", 3, digits.p, 3,
                   digits.p + 3, 3, digits.p + 6, 3, digits.p + 9);
}

struct str look_id_masked(struct cx *cx, struct str digits)
{
    if (digits.n != 12)
        return digits.n ? S("xxx") : S("");
    return str_fmt(cx->arena, "%.*s" NBSP "%.*s" NBSP "%.*sx" NBSP "xxx", 3, digits.p, 3,
                   digits.p + 3, 2, digits.p + 6);
}
