/* org_address.c - which commune an address names, and what stands there now.
 *
 * Addresses come as people write them: with or without marks, commas, "xã", districts that are no
 * more. The words after "xã", "phường", "thị trấn" are tried first, the longest run first; without
 * such a word every run of words is. A province named in the address decides between namesakes. */
#include "org_inside.h"
#include "org_store.h"

#define WORDS_MAX 40  /* of the address; what stands before is house and street */
#define RUN_MAX 5     /* words in a name: "Nông trường Việt Lâm" has four */
#define NAMESAKES 100 /* "Tân Thành" is found some forty times */

struct address {
    struct str folded;
    struct str word[WORDS_MAX];
    size_t words_n;
    struct org_area provinces[4];
    size_t provinces_n;
    struct org_address *out;
    size_t max, n;
    int64_t day;
};

static void split(struct address *a, struct str folded)
{
    struct str all[400], rest = folded, word;
    size_t n = 0;
    while (rest.n && n < 400) {
        str_cut(rest, ' ', &word, &rest);
        all[n++] = word;
    }
    size_t from = n > WORDS_MAX ? n - WORDS_MAX : 0; /* the place stands at the end */
    while (from < n)
        a->word[a->words_n++] = all[from++];
}

static struct str run_of(const struct address *a, size_t from, size_t n)
{
    const struct str *last = &a->word[from + n - 1];
    return (struct str){a->word[from].p, (size_t)(last->p + last->n - a->word[from].p)};
}

static bool is_province(const struct org_area *a)
{
    return a->code.n == 2;
}

/* ---- the province, from the end ---- */

static bool says_province(const struct address *a, size_t at)
{
    return (at >= 1 && (str_eq(a->word[at - 1], S("tinh")) || str_eq(a->word[at - 1], S("tp")))) ||
           (at >= 2 && str_eq(a->word[at - 2], S("thanh")) && str_eq(a->word[at - 1], S("pho")));
}

/* A name at the very end, or one that "tỉnh" or "thành phố" stands before. */
static enum err find_provinces(struct cx *cx, struct address *a)
{
    struct org_area *found = NEW_N(cx->arena, struct org_area, NAMESAKES);
    for (size_t from = a->words_n; from-- > 0 && a->provinces_n == 0;)
        for (size_t n = 1; n <= RUN_MAX && from + n <= a->words_n; n++) {
            size_t found_n;
            if (from + n < a->words_n && !says_province(a, from))
                continue;
            TRY(org_store_areas_named(cx, run_of(a, from, n), false, found, NAMESAKES, &found_n));
            for (size_t i = 0; i < found_n && a->provinces_n < 4; i++)
                if (is_province(&found[i]))
                    a->provinces[a->provinces_n++] = found[i];
        }
    return OK;
}

/* ---- the commune ---- */

static enum err province_of(struct cx *cx, const struct org_area *commune, struct org_area *out)
{
    return org_store_area(cx, commune->parent, out);
}

/* In the province that is named, as it was or as it is. */
static enum err fits(struct cx *cx, const struct address *a, const struct org_area *province,
                     bool *yes)
{
    struct org_stead now[8];
    size_t n;
    *yes = a->provinces_n == 0;
    for (size_t i = 0; i < a->provinces_n && !*yes; i++)
        *yes = a->provinces[i].id == province->id;
    if (*yes)
        return OK;
    TRY(org_area_on(cx, province->id, a->day, now, 8, &n));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < a->provinces_n; k++)
            *yes = *yes || a->provinces[k].id == now[i].area.id;
    return OK;
}

static bool is_found(const struct address *a, int64_t id)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->out[i].named.id == id)
            return true;
    return false;
}

static enum err take(struct cx *cx, struct address *a, const struct org_area *commune)
{
    struct org_area province;
    bool yes;
    if (a->n == a->max || is_found(a, commune->id))
        return OK;
    TRY(province_of(cx, commune, &province));
    TRY(fits(cx, a, &province, &yes));
    if (!yes)
        return OK;
    struct org_address *o = &a->out[a->n++];
    *o = (struct org_address){.named = *commune, .province = province.name};
    return org_area_on(cx, commune->id, a->day, o->now, 8, &o->now_n);
}

/* kind: what stands before the name, or empty for any. */
static enum err take_named(struct cx *cx, struct address *a, struct str bare, struct str kind)
{
    struct org_area *found = NEW_N(cx->arena, struct org_area, NAMESAKES);
    size_t n;
    TRY(org_store_areas_named(cx, bare, false, found, NAMESAKES, &n));
    for (size_t i = 0; i < n; i++)
        if (!is_province(&found[i]) && (kind.n == 0 || str_eq(kind, found[i].kind)))
            TRY(take(cx, a, &found[i]));
    return OK;
}

/* "xã" 1 word, "thị trấn" 2: how many words, and which kind. */
static size_t kind_at(const struct address *a, size_t at, struct str *kind)
{
    static const struct {
        const char *word, *next, *kind;
    } signs[] = {
        {"xa", NULL, "xa"},        {"phuong", NULL, "phuong"}, {"thi", "tran", "thi_tran"},
        {"tt", NULL, "thi_tran"},  {"x", NULL, "xa"},          {"p", NULL, "phuong"},
        {"dac", "khu", "dac_khu"},
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (!str_eq(a->word[at], str_c(signs[i].word)))
            continue;
        if (signs[i].next &&
            (at + 1 >= a->words_n || !str_eq(a->word[at + 1], str_c(signs[i].next))))
            continue;
        *kind = str_c(signs[i].kind);
        return signs[i].next ? 2 : 1;
    }
    return 0;
}

static enum err longest_run(struct cx *cx, struct address *a, size_t from, struct str kind)
{
    size_t before = a->n;
    for (size_t n = RUN_MAX; n > 0 && a->n == before; n--)
        if (from + n <= a->words_n)
            TRY(take_named(cx, a, run_of(a, from, n), kind));
    return OK;
}

/* "12" alone is a house, not Phường 12. */
static bool is_number(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < '0' || word.p[i] > '9')
            return false;
    return true;
}

static enum err find_communes(struct cx *cx, struct address *a)
{
    for (size_t at = 0; at < a->words_n; at++) {
        struct str kind;
        size_t sign = kind_at(a, at, &kind);
        if (sign)
            TRY(longest_run(cx, a, at + sign, kind));
    }
    for (size_t at = 0; at < a->words_n && a->n == 0; at++)
        if (!is_number(a->word[at]))
            TRY(longest_run(cx, a, at, S("")));
    return OK;
}

enum err org_address_on(struct cx *cx, struct str address, int64_t day, struct org_address *out,
                        size_t max, size_t *n)
{
    struct address *a = NEW(cx->arena, struct address);
    *a = (struct address){.out = out, .max = max, .day = day};
    *n = 0;
    if (utf8_count(address) > ORG_ADDRESS_MAX)
        return fail_field(cx, ERR_LIMIT, S("q"), T("Địa chỉ dài quá %d ký tự. Rút gọn lại."),
                          ORG_ADDRESS_MAX);
    split(a, text_fold(cx->arena, address));
    TRY(find_provinces(cx, a));
    TRY(find_communes(cx, a));
    *n = a->n;
    return OK;
}
