/* text_words.c - numbers in Vietnamese words, as papers write dates and amounts. */
#include "base/base.h"

static const char *const digit_words[] = {"không", "một", "hai", "ba",  "bốn",
                                          "năm",   "sáu", "bảy", "tám", "chín"};

static void word(struct buf *b, const char *w)
{
    if (b->n)
        buf_byte(b, ' ');
    buf_add(b, str_c(w));
}

/* The last digit changes its sound after tens: mốt, lăm. */
static void units(struct buf *b, int tens, int unit)
{
    if (unit == 0)
        return;
    if (unit == 1 && tens > 1)
        word(b, "mốt");
    else if (unit == 5 && tens > 0)
        word(b, "lăm");
    else
        word(b, digit_words[unit]);
}

/* 0..999; `whole`: say "không trăm" and "linh", because greater groups stand before. */
static void group(struct buf *b, int n, bool whole)
{
    int hundreds = n / 100, tens = n / 10 % 10, unit = n % 10;
    if (hundreds || whole) {
        word(b, digit_words[hundreds]);
        word(b, "trăm");
    }
    if (tens == 0 && unit && (hundreds || whole))
        word(b, "linh");
    if (tens == 1)
        word(b, "mười");
    if (tens > 1) {
        word(b, digit_words[tens]);
        word(b, "mươi");
    }
    units(b, tens, unit);
}

struct str text_number_vi(struct arena *a, int64_t n)
{
    static const char *const scales[] = {"", "nghìn", "triệu", "tỷ", "nghìn tỷ", "triệu tỷ"};
    int groups[7], count = 0;
    struct buf b = {.arena = a, .limit = 512};
    if (n == 0)
        return S("không");
    if (n < 0)
        word(&b, "âm");
    for (uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n; rest; rest /= 1000)
        groups[count++] = (int)(rest % 1000);
    MUST(count <= 6); /* under a billion billions: amounts and years are far below */
    for (int i = count - 1; i >= 0; i--) {
        if (groups[i] == 0)
            continue;
        group(&b, groups[i], i < count - 1);
        if (i)
            word(&b, scales[i]);
    }
    return buf_str(&b);
}

struct str text_date_vi(struct arena *a, int64_t day)
{
    int y, m, d;
    civil_from_day(day, &y, &m, &d);
    return str_fmt(a, "ngày %.*s, tháng %.*s, năm %.*s", F(text_number_vi(a, d)),
                   F(text_number_vi(a, m)), F(text_number_vi(a, y)));
}
