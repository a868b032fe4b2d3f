/* form_value.c - what was typed in one field: its canonical value, or the sentence beside it. */
#include "form_inside.h"

#include <regex.h>

#include "identity/identity.h"

static struct str value_of(const struct form_values *v, struct str name)
{
    for (size_t i = 0; i < v->n; i++)
        if (str_eq(v->v[i].name, name))
            return str_trim(v->v[i].value);
    return S("");
}

struct str form_typed(struct cx *cx, const struct form_values *v, const struct form_field *f)
{
    struct str whole = value_of(v, f->id);
    if (whole.n || (f->type != FORM_DATE && f->type != FORM_DATE_OR_YEAR))
        return whole;
    struct str day = value_of(v, str_fmt(cx->arena, "%.*s-ngay", F(f->id)));
    struct str month = value_of(v, str_fmt(cx->arena, "%.*s-thang", F(f->id)));
    struct str year = value_of(v, str_fmt(cx->arena, "%.*s-nam", F(f->id)));
    if (day.n + month.n + year.n == 0)
        return S("");
    /* A whole date pasted into the first box. */
    if (month.n == 0 && year.n == 0 && str_find(day, S("/"), NULL))
        return day;
    if (day.n == 0 && month.n == 0 && f->type == FORM_DATE_OR_YEAR)
        return year;
    return str_fmt(cx->arena, "%.*s/%.*s/%.*s", F(day), F(month), F(year));
}

static bool small_int(struct str s, int *out)
{
    int64_t v;
    if (s.n == 0 || s.n > 4 || !str_int(s, &v) || v < 0)
        return false;
    *out = (int)v;
    return true;
}

bool form_date_typed(struct str s, int64_t *day)
{
    struct str d, m, y, rest;
    int dn, mn, yn;
    if (date_parse(s, day))
        return true;
    if (!str_cut(s, '/', &d, &rest) || !str_cut(rest, '/', &m, &y))
        return false;
    if (!small_int(str_trim(d), &dn) || !small_int(str_trim(m), &mn) ||
        !small_int(str_trim(y), &yn) || y.n != 4)
        return false;
    if (yn < 1850 || !civil_valid(yn, mn, dn))
        return false;
    *day = civil_day(yn, mn, dn);
    return true;
}

/* Digits with the blanks and dots people put between them. */
static struct str digits_only(struct cx *cx, struct str s)
{
    struct buf b = {.arena = cx->arena, .limit = s.n};
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' && s.p[i] != '.' && s.p[i] != '-' && s.p[i] != '\t')
            buf_byte(&b, s.p[i]);
    return buf_str(&b);
}

static struct checked wrong(struct cx *cx, const char *format, struct str label)
{
    struct checked c = {.sentence = S("")};
    struct buf b = {.arena = cx->arena, .limit = 600};
    label = tr(cx, label);
    bool foreign = str_eq(cx->lang, S("en")) && text_is_vietnamese(label);
    for (const char *p = str_z(cx->arena, tr(cx, str_c(format))); *p; p++) {
        if (strncmp(p, "{1}", 3) != 0) {
            buf_byte(&b, *p);
            continue;
        }
        buf_add(&b, foreign ? str_fmt(cx->arena, TR_VALUE "%.*s" TR_END, F(label)) : label);
        p += 2;
    }
    c.sentence = buf_str(&b);
    return c;
}

static struct checked check_date(struct cx *cx, const struct form_field *f, struct str typed)
{
    int64_t day;
    int year;
    if (f->type == FORM_DATE_OR_YEAR && typed.n == 4 && small_int(typed, &year) && year >= 1850)
        return (struct checked){.canonical = typed};
    if (!form_date_typed(typed, &day))
        return wrong(cx, T("{1} phải đủ ngày, tháng, năm, ví dụ 12/11/2026."), f->label);
    if (f->not_after_today && day > day_of(cx->now))
        return wrong(cx, T("{1} không được sau hôm nay."), f->label);
    return (struct checked){.canonical = date_iso(cx->arena, day)};
}

static struct checked out_of_range(struct cx *cx, const struct form_field *f)
{
    if (f->max == INT64_MAX)
        return (struct checked){.sentence = tr_fmt(cx, T("%.*s phải từ %lld trở lên."),
                                                   F(tr(cx, f->label)), (long long)f->min)};
    return (struct checked){.sentence =
                                tr_fmt(cx, T("%.*s phải từ %lld đến %lld."), F(tr(cx, f->label)),
                                       (long long)f->min, (long long)f->max)};
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* "1.284,5": dots between thousands, a comma before the decimals. */
static struct checked check_number(struct cx *cx, const struct form_field *f, struct str typed)
{
    int64_t v;
    struct str whole = typed, rest = S(""), digits;
    bool comma = f->decimals > 0 && str_cut(typed, ',', &whole, &rest);
    digits = digits_only(cx, whole);
    if (!str_int(digits, &v) || (comma && (!all_digits(rest) || rest.n > (size_t)f->decimals)))
        return wrong(cx,
                     f->decimals ? T("{1} phải là số, ví dụ 2 hoặc 2,5.")
                                 : T("{1} phải là số, ví dụ 2."),
                     f->label);
    if (v < f->min || v > f->max || (v == f->max && comma))
        return out_of_range(cx, f);
    if (comma)
        return (struct checked){.canonical = str_fmt(cx->arena, "%lld.%.*s", (long long)v, F(rest)),
                                .number = true};
    return (struct checked){.canonical = str_fmt(cx->arena, "%lld", (long long)v), .number = true};
}

static struct checked check_option(struct cx *cx, const struct form_field *f, struct str typed)
{
    for (size_t i = 0; i < f->options_n; i++)
        if (str_eq(f->options[i].value, typed))
            return (struct checked){.canonical = typed};
    return wrong(cx, T("Chọn {1} trong danh sách."), f->label);
}

static struct checked check_id_no(struct cx *cx, const struct form_field *f, struct str typed)
{
    struct id_no id;
    if (!id_no_parse(cx->arena, typed, &id))
        return wrong(cx, T("{1} phải có đúng 12 chữ số, ví dụ 020 301 001 234."), f->label);
    return (struct checked){.canonical = id.digits};
}

static struct checked check_phone(struct cx *cx, const struct form_field *f, struct str typed)
{
    struct str d = digits_only(cx, typed);
    if (str_starts(d, S("+84")))
        d = str_fmt(cx->arena, "0%.*s", F(str_from(d, 3)));
    if (!all_digits(d) || d.p[0] != '0' || d.n < 10 || d.n > 11)
        return wrong(cx, T("{1} phải có 10 hoặc 11 chữ số và bắt đầu bằng 0, ví dụ 0987 654 321."),
                     f->label);
    return (struct checked){.canonical = d};
}

static struct checked check_email(struct cx *cx, const struct form_field *f, struct str typed)
{
    struct str user, host;
    bool good = str_cut(typed, '@', &user, &host) && user.n && host.n > 2 &&
                str_find(host, S("."), NULL) && !str_find(typed, S(" "), NULL) &&
                !str_find(host, S("@"), NULL);
    if (!good)
        return wrong(cx, T("{1} phải có dạng ten@vidu.vn."), f->label);
    return (struct checked){.canonical = typed};
}

/* A name is written with letters; digits and signs in it are slips of the hand. */
static struct checked check_name(struct cx *cx, const struct form_field *f, struct str typed)
{
    for (size_t at = 0; at < typed.n;) {
        uint32_t c = utf8_next(typed, &at);
        bool plain = c == ' ' || c == '-' || c == '\'' || c == '.' || (c >= 'A' && c <= 'Z') ||
                     (c >= 'a' && c <= 'z');
        if (!plain && c < 0xC0)
            return wrong(cx, T("{1} chỉ gồm chữ cái và dấu cách, ví dụ Hoàng Minh An."), f->label);
    }
    return (struct checked){.canonical = typed};
}

static struct checked check_pattern(struct cx *cx, const struct form_field *f, struct str typed)
{
    regex_t re;
    if (f->pattern.n == 0 ||
        regcomp(&re, str_z(cx->arena, f->pattern), REG_EXTENDED | REG_NOSUB) != 0)
        return (struct checked){.canonical = typed};
    bool matches = regexec(&re, str_z(cx->arena, typed), 0, NULL, 0) == 0;
    regfree(&re);
    if (matches)
        return (struct checked){.canonical = typed};
    if (f->pattern_hint.n)
        return (struct checked){.sentence = f->pattern_hint};
    return wrong(cx, T("{1} chưa đúng mẫu. Xem ví dụ ở trên rồi nhập lại."), f->label);
}

struct checked form_check_value(struct cx *cx, const struct form_field *f, struct str typed)
{
    if (utf8_count(typed) > (size_t)f->max_length)
        return (struct checked){.sentence = tr_fmt(cx, T("%.*s dài quá %d ký tự. Viết ngắn lại."),
                                                   F(tr(cx, f->label)), f->max_length)};
    switch (f->type) {
    case FORM_DATE:
    case FORM_DATE_OR_YEAR:
        return check_date(cx, f, typed);
    case FORM_NUMBER:
    case FORM_MONEY:
        return check_number(cx, f, typed);
    case FORM_SELECT:
    case FORM_RADIO:
        return check_option(cx, f, typed);
    case FORM_ID_NO:
        return check_id_no(cx, f, typed);
    case FORM_PHONE:
        return check_phone(cx, f, typed);
    case FORM_EMAIL:
        return check_email(cx, f, typed);
    case FORM_PERSON_NAME:
        return check_name(cx, f, typed);
    case FORM_TEXT:
    case FORM_TEXTAREA:
    case FORM_ADDRESS:
    case FORM_CHECKBOX:
    case FORM_CHECKBOX_GROUP:
        break;
    }
    return check_pattern(cx, f, typed);
}

/* A label within a sentence; in an English one names keep their capitals. */
static struct str within(struct cx *cx, struct str label)
{
    if (!str_eq(cx->lang, S("en")) || label.n == 0)
        return text_lower(cx->arena, label);
    struct str first = text_lower(cx->arena, str_until(label, 1));
    return str_fmt(cx->arena, "%.*s%.*s", F(first), F(str_from(label, 1)));
}

struct str form_missing(struct cx *cx, const struct form_field *f)
{
    if (str_ends(f->label, S("?")))
        return tr_fmt(cx, T("Chọn một câu trả lời cho: %.*s"), F(tr(cx, f->label)));
    bool choose = f->type == FORM_SELECT || f->type == FORM_RADIO || f->type == FORM_CHECKBOX_GROUP;
    struct str label = within(cx, tr(cx, f->label));
    return choose                     ? tr_fmt(cx, T("Chọn %.*s."), F(label))
           : f->type == FORM_CHECKBOX ? tr_fmt(cx, T("Đánh dấu %.*s."), F(label))
                                      : tr_fmt(cx, T("Nhập %.*s."), F(label));
}

/* The sentences come from the checks themselves: each is asked about something that cannot be. */
struct form_words form_words_of(struct cx *cx, const struct form_field *f)
{
    static const char *const checks[] = {
        [FORM_DATE] = "date",     [FORM_DATE_OR_YEAR] = "date-or-year",
        [FORM_NUMBER] = "number", [FORM_MONEY] = "number",
        [FORM_ID_NO] = "id-no",   [FORM_PHONE] = "phone",
        [FORM_EMAIL] = "email",   [FORM_PERSON_NAME] = "name",
    };
    struct form_words w = {0};
    /* What is shown only sometimes may be empty at other times: that the server knows. */
    if (f->required && f->show_field.n == 0)
        w.missing = form_missing(cx, f);
    const char *check = (size_t)f->type < sizeof checks / sizeof *checks ? checks[f->type] : NULL;
    if (check) {
        w.check = str_c(check);
        w.bad = form_check_value(cx, f, S("1?")).sentence;
    }
    return w;
}

/* "1284000.5" as people write it: "1.284.000,5" */
static struct str number_vi(struct cx *cx, struct str stored)
{
    struct str whole = stored, rest = S("");
    bool point = str_cut(stored, '.', &whole, &rest);
    struct buf b = {.arena = cx->arena, .limit = 64};
    for (size_t i = 0; i < whole.n; i++) {
        if (i && (whole.n - i) % 3 == 0)
            buf_byte(&b, '.');
        buf_byte(&b, whole.p[i]);
    }
    if (point) {
        buf_byte(&b, ',');
        buf_add(&b, rest);
    }
    return buf_str(&b);
}

struct str form_shown(struct cx *cx, const struct form_field *f, struct str stored)
{
    int64_t day;
    if ((f->type == FORM_DATE || f->type == FORM_DATE_OR_YEAR) && date_parse(stored, &day))
        return date_vi(cx->arena, day);
    if (f->type == FORM_CHECKBOX && f->options_n == 0)
        return stored.n ? S("Có") : S("");
    for (size_t i = 0; i < f->options_n; i++)
        if (str_eq(f->options[i].value, stored))
            return f->options[i].label;
    if ((f->type == FORM_NUMBER || f->type == FORM_MONEY) && all_digits(digits_only(cx, stored)))
        stored = number_vi(cx, stored);
    if (f->suffix.n && stored.n)
        return str_fmt(cx->arena, "%.*s %.*s", F(stored), F(f->suffix));
    return stored;
}

static struct str stored_text(struct cx *cx, const struct json *v)
{
    if (v->kind == JSON_INT)
        return str_fmt(cx->arena, "%lld", (long long)v->integer);
    return v->kind == JSON_DECIMAL ? v->text : json_text(v);
}

struct str form_shown_json(struct cx *cx, const struct form_field *f, const struct json *stored)
{
    struct buf b = {.arena = cx->arena, .limit = 16384};
    if (stored->kind != JSON_ARRAY)
        return form_shown(cx, f, stored_text(cx, stored));
    for (uint32_t i = 0; i < stored->n; i++) {
        if (i)
            buf_add(&b, S("; "));
        buf_add(&b, form_shown(cx, f, stored_text(cx, json_at(stored, i))));
    }
    return buf_str(&b);
}

void form_typed_again(struct cx *cx, const struct form_field *f, const struct json *stored,
                      struct web_value *out, size_t max, size_t *n)
{
    if (stored->kind != JSON_ARRAY) {
        struct str text = stored_text(cx, stored);
        if (f->decimals && stored->kind == JSON_DECIMAL)
            text = number_vi(cx, text);
        if (*n < max)
            out[(*n)++] = (struct web_value){f->id, text};
        return;
    }
    for (uint32_t i = 0; i < stored->n && *n < max; i++)
        out[(*n)++] = (struct web_value){f->id, stored_text(cx, json_at(stored, i))};
}

struct str form_typed_shown(struct cx *cx, const struct form_values *v, const struct form_field *f)
{
    struct buf b = {.arena = cx->arena, .limit = 16384};
    if (f->type != FORM_CHECKBOX_GROUP)
        return form_shown(cx, f, form_typed(cx, v, f));
    for (size_t i = 0; i < v->n; i++) {
        if (!str_eq(v->v[i].name, f->id) || v->v[i].value.n == 0)
            continue;
        if (b.n)
            buf_add(&b, S("; "));
        buf_add(&b, form_shown(cx, f, v->v[i].value));
    }
    return buf_str(&b);
}
