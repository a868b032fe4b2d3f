/* codelist_identifier.c - identifiers with their checks (other-systems.md 1.3, 1.4). */
#include "codelist.h"

#include "identity/identity.h"

#define PLAIN_MAX 64

/* ---- what is typed, without blanks and signs between ---- */

static struct str squeeze(struct arena *a, struct str typed, const char *drop)
{
    struct buf b = {.arena = a, .limit = PLAIN_MAX};
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (!strchr(drop, c) || c == 0)
            buf_byte(&b, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    return b.full ? S("") : buf_str(&b);
}

static bool digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* 'd' a digit, 'L' a capital letter, 'X' either; anything else itself. */
static bool looks(struct str s, const char *form)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i], f = form[i];
        bool digit = c >= '0' && c <= '9', letter = c >= 'A' && c <= 'Z';
        if (f == 0 || (f == 'd' && !digit) || (f == 'L' && !letter) ||
            (f == 'X' && !digit && !letter) || (f != 'd' && f != 'L' && f != 'X' && f != c))
            return false;
    }
    return form[s.n] == 0;
}

static bool good(struct identifier *out, const char *kind, struct str plain, struct str words)
{
    *out = (struct identifier){kind, plain, words};
    return true;
}

static bool bad(struct identifier *out, struct str why)
{
    *out = (struct identifier){.plain = S(""), .words = why};
    return false;
}

/* ---- persons ---- */

/* The 63 codes of before 01/07/2025: they stay inside personal numbers and are never given anew. */
static const char provinces[] =
    " 01 02 04 06 08 10 11 12 14 15 17 19 20 22 24 25 26 27 30 31 33 34 35 36 37 38 40 42 44 45 46"
    " 48 49 51 52 54 56 58 60 62 64 66 67 68 70 72 74 75 77 79 80 82 83 84 86 87 89 91 92 93 94 95"
    " 96 ";

static bool is_province(struct str two)
{
    char word[5] = {' ', two.p[0], two.p[1], ' ', 0};
    return strstr(provinces, word) != NULL;
}

static bool person(struct arena *a, struct str typed, struct identifier *out)
{
    struct str plain = squeeze(a, typed, " .-");
    struct id_no id;
    if (plain.n == 9 && digits(plain))
        return good(out, "cmnd_9", plain, S(T("Chứng minh nhân dân 9 số, đã hết giá trị sử dụng")));
    if (!id_no_parse(a, plain, &id))
        return bad(out, S(T("Số định danh cá nhân có 12 chữ số.")));
    if (plain.p[0] == '0' && !is_province(id.province))
        return bad(
            out, str_fmt(a, T("Không có tỉnh mang mã 0%.*s trong số định danh."), F(id.province)));
    return good(out, "so_dinh_danh", id.digits,
                str_fmt(a, T("%s, sinh năm %d, mã nơi đăng ký khai sinh %.*s"),
                        id.female ? "Nữ" : "Nam", id.birth_year, F(str_until(plain, 3))));
}

struct str identifier_doubts(struct arena *a, struct str id_no, int64_t born_on, struct str sex)
{
    struct id_no id;
    int y, m, d;
    struct buf b = {.arena = a, .limit = 600};
    if (!id_no_parse(a, id_no, &id))
        return S("");
    civil_from_day(born_on, &y, &m, &d);
    if (y != id.birth_year)
        buf_fmt(&b, T("Số định danh ghi năm sinh %d, tờ khai ghi %d."), id.birth_year, y);
    struct str said = text_lower(a, sex);
    bool female = str_eq(said, S("nữ")) || str_eq(said, S("nu"));
    if (said.n && female != id.female)
        buf_fmt(&b, T("%sSố định danh ghi giới tính %s, tờ khai ghi %.*s."), b.n ? " " : "",
                id.female ? "nữ" : "nam", F(sex));
    return buf_str(&b);
}

static bool insurance(struct arena *a, struct str typed, struct identifier *out)
{
    struct str plain = squeeze(a, typed, " .-");
    if (plain.n == 10 && digits(plain))
        return good(out, "bhxh", plain, S(T("Mã số bảo hiểm xã hội; đang thay bằng số định danh")));
    return bad(out, S(T("Mã số bảo hiểm xã hội có 10 chữ số.")));
}

static bool health(struct arena *a, struct str typed, struct identifier *out)
{
    struct str plain = squeeze(a, typed, " .-");
    if (plain.n == 10 && digits(plain))
        return good(out, "bhyt_10", plain, S(T("Mười số cuối của thẻ bảo hiểm y tế")));
    if (!looks(plain, "LLddddddddddddd") || plain.p[2] < '1' || plain.p[2] > '5')
        return bad(out, S(T("Thẻ bảo hiểm y tế có hai chữ, một số từ 1 đến 5, rồi 12 số.")));
    return good(out, "bhyt_15", plain,
                str_fmt(a, T("Nhóm %.*s, mức hưởng %c, mã tỉnh %.*s"), F(str_until(plain, 2)),
                        plain.p[2], F(str_until(str_from(plain, 3), 2))));
}

/* ---- tax ---- */

static bool tax_sound(struct str ten)
{
    static const int weights[9] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    int sum = 0, zeros = 0;
    for (int i = 0; i < 9; i++) {
        sum += weights[i] * (ten.p[i] - '0');
        zeros += i >= 2 && ten.p[i] == '0';
    }
    return zeros < 7 && sum % 11 != 0 && 10 - sum % 11 == ten.p[9] - '0';
}

static bool tax(struct arena *a, struct str typed, struct identifier *out)
{
    struct str plain = squeeze(a, typed, " .-");
    struct identifier id;
    if (plain.n == 12 && digits(plain)) {
        bool fine = person(a, plain, &id);
        return fine ? good(out, "ma_so_thue_ca_nhan", plain,
                           S(T("Cá nhân, hộ kinh doanh: số định danh là mã số thuế")))
                    : bad(out, id.words);
    }
    if ((plain.n != 10 && plain.n != 13) || !digits(plain))
        return bad(out, S(T("Mã số thuế có 10, 12 hoặc 13 chữ số.")));
    if (!tax_sound(plain))
        return bad(out, S(T("Chữ số kiểm tra của mã số thuế không đúng. Xem lại từng chữ số.")));
    if (plain.n == 10)
        return good(out, "ma_so_thue_10", plain, S(T("Doanh nghiệp, tổ chức")));
    if (str_eq(str_from(plain, 10), S("000")))
        return bad(out, S(T("Ba số cuối của đơn vị phụ thuộc không thể là 000.")));
    return good(out, "ma_so_thue_13",
                str_fmt(a, "%.*s-%.*s", F(str_until(plain, 10)), F(str_from(plain, 10))),
                S(T("Đơn vị phụ thuộc")));
}

/* ---- telephone ---- */

static bool one_of(struct str s, const char *words)
{
    char word[16];
    return s.n < 14 && snprintf(word, sizeof word, " %.*s ", F(s)) > 0 && strstr(words, word);
}

static bool phone(struct arena *a, struct str typed, struct identifier *out)
{
    struct str plain = squeeze(a, typed, " .-()");
    if (str_starts(plain, S("+84")))
        plain = str_fmt(a, "0%.*s", F(str_from(plain, 3)));
    if (!digits(plain))
        return bad(out, S(T("Số điện thoại chỉ có chữ số, có thể có +84 ở đầu.")));
    struct str abroad = str_fmt(a, "+84%.*s", F(str_from(plain, 1)));
    if (plain.n == 10 && plain.p[0] == '0' && strchr("35789", plain.p[1]))
        return good(out, "di_dong", abroad, S(T("Số di động")));
    if ((plain.n == 10 || plain.n == 11) && str_starts(plain, S("02")))
        return good(out, "co_dinh", abroad, S(T("Số cố định")));
    if (one_of(plain, " 1022 113 114 115 111 112 ") ||
        ((str_starts(plain, S("1800")) || str_starts(plain, S("1900"))) && plain.n >= 8 &&
         plain.n <= 10))
        return good(out, "dich_vu", plain, S(T("Số ngắn, số dịch vụ")));
    return bad(out, S(T("Số di động có 10 chữ số, bắt đầu bằng 03, 05, 07, 08 hoặc 09.")));
}

/* ---- plates, parcels, archives ---- */

static bool plate(struct arena *a, struct str typed, struct identifier *out)
{
    struct str plain = squeeze(a, typed, " .-");
    if (looks(plain, "ddLddddd") || looks(plain, "ddLdddd"))
        return good(out, "bien_so_o_to",
                    str_fmt(a, "%.*s-%.*s", F(str_until(plain, 3)), F(str_from(plain, 3))),
                    str_fmt(a, T("Ô tô, mã nơi đăng ký %.*s"), F(str_until(plain, 2))));
    if (looks(plain, "ddLXddddd") || looks(plain, "ddLXdddd"))
        return good(out, "bien_so_xe_may",
                    str_fmt(a, "%.*s-%.*s %.*s", F(str_until(plain, 2)),
                            F(str_until(str_from(plain, 2), 2)), F(str_from(plain, 4))),
                    str_fmt(a, T("Xe máy, mã nơi đăng ký %.*s"), F(str_until(plain, 2))));
    return bad(out, S(T("Biển số ô tô như 12A-123.45, xe máy như 12-B1 123.45.")));
}

static bool parcel(struct arena *a, struct str typed, struct identifier *out)
{
    struct str sheet, no;
    if (!str_cut(str_trim(typed), '/', &sheet, &no) || !digits(str_trim(sheet)) ||
        !digits(str_trim(no)) || typed.n > 20)
        return bad(out, S(T("Ghi tờ bản đồ và số thửa, ví dụ 12/345.")));
    return good(out, "thua_dat", str_fmt(a, "%.*s/%.*s", F(str_trim(sheet)), F(str_trim(no))),
                S(T("Chỉ là một thửa khi biết cả xã và lần đo vẽ")));
}

/* Agency . year . number . sign, "H60.02.2026.05.TH". */
static bool archive(struct arena *a, struct str typed, struct identifier *out)
{
    struct str plain = squeeze(a, typed, " "), piece, rest = plain;
    size_t n = 0, year_at = 0;
    while (rest.n && n < 20) {
        str_cut(rest, '.', &piece, &rest);
        n++;
        bool year = piece.n == 4 && digits(piece) &&
                    (str_starts(piece, S("19")) || str_starts(piece, S("20")));
        if (piece.n == 0 || (n == 1 && !looks(piece, "Hdd") && !looks(piece, "Gdd")))
            return bad(out, S(T("Mã hồ sơ lưu trữ bắt đầu bằng mã cơ quan, ví dụ H60.02.")));
        year_at = year && n > 1 ? n : year_at;
    }
    if (year_at == 0 || n < year_at + 1)
        return bad(out,
                   S(T("Mã hồ sơ lưu trữ có mã cơ quan, năm, số và ký hiệu: H60.02.2026.05.TH.")));
    return good(out, "ho_so_luu_tru", plain, S(T("Hồ sơ lưu trữ")));
}

bool identifier_check(struct arena *a, struct str what, struct str typed, struct identifier *out)
{
    static const struct {
        const char *what;
        bool (*check)(struct arena *a, struct str typed, struct identifier *out);
    } checks[] = {
        {"dinh-danh", person}, {"ma-so-thue", tax},        {"bhxh", insurance},
        {"bhyt", health},      {"dien-thoai", phone},      {"bien-so", plate},
        {"thua-dat", parcel},  {"ho-so-luu-tru", archive},
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (str_eq(what, str_c(checks[i].what)))
            return typed.n <= 200 ? checks[i].check(a, typed, out) : bad(out, S(T("Dài quá.")));
    return bad(out, S(T("Không biết loại số này.")));
}

/* ---- the QR of a health insurance card ---- */

static struct str text_of_hex(struct arena *a, struct str hex)
{
    struct str bytes, text;
    return str_unhex(a, hex, &bytes) && text_nfc(a, bytes, &text) ? text : S("");
}

/* "12/05/1990", "12051990", or the year alone. */
static int64_t day_of_card(struct str s)
{
    char d[9] = {0};
    size_t n = 0;
    for (size_t i = 0; i < s.n && n < 8; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            d[n++] = s.p[i];
    if (n != 8)
        return INT64_MIN;
    int day = (d[0] - '0') * 10 + d[1] - '0', month = (d[2] - '0') * 10 + d[3] - '0',
        year = (d[4] - '0') * 1000 + (d[5] - '0') * 100 + (d[6] - '0') * 10 + d[7] - '0';
    return civil_valid(year, month, day) ? civil_day(year, month, day) : INT64_MIN;
}

bool health_card_parse(struct arena *a, struct str pasted, struct health_card *out)
{
    struct str field[8] = {0}, rest = str_trim(pasted);
    struct identifier id;
    size_t n = 0;
    if (pasted.n > 2000)
        return false;
    for (size_t i = 0; i < rest.n; i++)
        if ((unsigned char)rest.p[i] < ' ' || rest.p[i] == 0x7f)
            return false;
    for (bool more = true; more && n < 8; n++)
        more = str_cut(rest, '|', &field[n], &rest);
    if (n < 6 || !health(a, field[0], &id))
        return false;
    *out = (struct health_card){
        .number = id.plain,
        .name = text_of_hex(a, str_trim(field[1])),
        .sex = str_eq(str_trim(field[3]), S("1")) ? S("nam") : S("nữ"),
        .address = text_of_hex(a, str_trim(field[4])),
        .clinic = str_trim(field[5]),
        .born_on = day_of_card(field[2]),
        .from_day = day_of_card(field[6]),
        .to_day = day_of_card(field[7]),
    };
    return out->name.n > 0;
}
