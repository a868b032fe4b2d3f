/* id_no.c - personal numbers and the QR of a chip card, as people type, scan and paste them. */
#include "identity.h"

#define CARD_FIELDS 7

/* 12 digits PPP G YY NNNNNN (other-systems.md 1.3): G = 2 x (century - 20) + sex, male even. */
bool id_no_parse(struct arena *a, struct str typed, struct id_no *out)
{
    char *p = arena_alloc(a, 13);
    size_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == ' ' || c == '.' || c == '-')
            continue;
        if (c < '0' || c > '9' || n == 12)
            return false;
        p[n++] = c;
    }
    if (n != 12)
        return false;
    int g = p[3] - '0';
    int yy = (p[4] - '0') * 10 + (p[5] - '0');
    *out = (struct id_no){
        .digits = {p, 12},
        .female = g % 2 == 1,
        .birth_year = 1900 + g / 2 * 100 + yy,
        .province = {p + 1, 2},
    };
    return true;
}

/* "ddmmyyyy"; some scanners send "dd/mm/yyyy". */
static bool day_of_card(struct str s, int64_t *day)
{
    char digits[8];
    size_t n = 0;
    int64_t v;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '/')
            continue;
        if (n == sizeof digits)
            return false;
        digits[n++] = s.p[i];
    }
    if (n != sizeof digits || !str_int((struct str){digits, n}, &v) || v < 0)
        return false;
    int d = (int)(v / 1000000), m = (int)(v / 10000 % 100), y = (int)(v % 10000);
    if (!civil_valid(y, m, d))
        return false;
    *day = civil_day(y, m, d);
    return true;
}

/* number|old number|name|ddmmyyyy|sex|address|issued ddmmyyyy; newer cards append more fields. */
bool card_parse(struct arena *a, struct str pasted, struct card *out)
{
    struct str field[CARD_FIELDS], rest = str_trim(pasted);
    size_t n = 0;
    if (pasted.n > 2000)
        return false;
    for (size_t i = 0; i < rest.n; i++)
        if ((unsigned char)rest.p[i] < ' ' || rest.p[i] == 0x7f)
            return false; /* a text, not keys pressed */
    for (bool more = true; more && n < CARD_FIELDS; n++)
        more = str_cut(rest, '|', &field[n], &rest);
    struct id_no id;
    if (n < 6 || !id_no_parse(a, field[0], &id) || !day_of_card(field[3], &out->born_on))
        return false;
    struct str name, address;
    if (!text_nfc(a, str_trim(field[2]), &name) || !text_nfc(a, str_trim(field[5]), &address) ||
        name.n == 0)
        return false;
    out->id_no = id.digits;
    out->name = name;
    out->sex = text_lower(a, str_trim(field[4]));
    out->address = address;
    return true;
}
