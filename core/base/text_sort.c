/* text_sort.c - keys whose byte order is the Vietnamese dictionary order, as CLDR has it:
 * letters of the whole text first, then tones, then case. */
#include "base/base.h"

#include "text_tables.h"

/* Signs of a key: ' ' between the parts of a name, '!' between levels, weights from '"' on. */
#define NAME_MARK ' '
#define LEVEL_MARK '!'
#define FIRST_WEIGHT '"'
#define OTHER_MARK '~' /* before the number of a character outside of the table */

/* Letters in order; what stands before them comes before all letters. */
static const char before_letters[] = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";
enum letter_kind { PLAIN, BREVE, CIRCUMFLEX, HORN, STROKE };
static const struct letter {
    char base;
    enum letter_kind kind;
} letters[] = {
    {'a', PLAIN},  {'a', BREVE},      {'a', CIRCUMFLEX}, {'b', PLAIN}, {'c', PLAIN}, {'d', PLAIN},
    {'d', STROKE}, {'e', PLAIN},      {'e', CIRCUMFLEX}, {'f', PLAIN}, {'g', PLAIN}, {'h', PLAIN},
    {'i', PLAIN},  {'j', PLAIN},      {'k', PLAIN},      {'l', PLAIN}, {'m', PLAIN}, {'n', PLAIN},
    {'o', PLAIN},  {'o', CIRCUMFLEX}, {'o', HORN},       {'p', PLAIN}, {'q', PLAIN}, {'r', PLAIN},
    {'s', PLAIN},  {'t', PLAIN},      {'u', PLAIN},      {'u', HORN},  {'v', PLAIN}, {'w', PLAIN},
    {'x', PLAIN},  {'y', PLAIN},      {'z', PLAIN},
};

/* '0' for no tone, then in dictionary order; 0: no tone mark. */
static char tone_weight(uint32_t mark)
{
    switch (mark) {
    case 0x300:
        return '1';
    case 0x309:
        return '2';
    case 0x303:
        return '3';
    case 0x301:
        return '4';
    case 0x323:
        return '5';
    default:
        return 0;
    }
}

static enum letter_kind kind_of_mark(uint32_t mark)
{
    return mark == 0x306 ? BREVE : mark == 0x302 ? CIRCUMFLEX : mark == 0x31B ? HORN : PLAIN;
}

static int letter_index(char base, enum letter_kind kind)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].base == base && letters[i].kind == kind)
            return (int)i;
    return -1;
}

struct key {
    struct buf letters, tones, cases;
    uint32_t base; /* the letter in hand, not yet written; 0: none */
    enum letter_kind kind;
    bool upper;
    uint32_t marks[8]; /* that are no part of the letter */
    size_t marks_n;
};

static void end_letter(struct key *k)
{
    if (k->base == 0)
        return;
    int at = k->base < 0x80 ? letter_index((char)k->base, k->kind) : -1;
    const char *sign = k->base < 0x80 && at < 0 ? strchr(before_letters, (int)k->base) : NULL;
    if (at >= 0)
        buf_byte(&k->letters, (char)(FIRST_WEIGHT + (int)sizeof before_letters - 1 + at));
    else if (sign)
        buf_byte(&k->letters, (char)(FIRST_WEIGHT + (sign - before_letters)));
    else
        buf_fmt(&k->letters, "%c%06x", OTHER_MARK, k->base);
    bool toneless = true;
    for (size_t i = 0; i < k->marks_n; i++) {
        char tone = tone_weight(k->marks[i]);
        toneless = false;
        if (tone)
            buf_byte(&k->tones, tone);
        else
            buf_fmt(&k->tones, "9%05x", k->marks[i]);
    }
    if (toneless)
        buf_byte(&k->tones, '0');
    buf_byte(&k->cases, k->upper ? 'b' : 'a');
    k->base = 0;
}

static void begin_letter(struct key *k, uint32_t base, bool upper)
{
    end_letter(k);
    k->base = base == 0x111 ? 'd' : base;
    k->kind = base == 0x111 ? STROKE : PLAIN;
    k->upper = upper;
    k->marks_n = 0;
}

static void add_mark(struct key *k, uint32_t mark)
{
    enum letter_kind kind = kind_of_mark(mark);
    if (kind != PLAIN && k->kind == PLAIN && k->base < 0x80 &&
        letter_index((char)k->base, kind) >= 0)
        k->kind = kind;
    else if (k->marks_n < sizeof k->marks / sizeof *k->marks)
        k->marks[k->marks_n++] = mark;
}

/* Signs people type in several forms sort as the plain one. */
static uint32_t plain_sign(uint32_t c)
{
    if (c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) ||
        c == 0x202F || c == 0x3000)
        return ' ';
    if (c >= 0x2010 && c <= 0x2015)
        return '-';
    if (c == 0x2018 || c == 0x2019)
        return '\'';
    if (c == 0x201C || c == 0x201D)
        return '"';
    return c == 0x2026 ? '.' : c;
}

static void add_char(struct key *k, uint32_t c)
{
    const struct text_record *r = text_record_of(c);
    bool upper = r->lower != 0;
    c = plain_sign(c + (uint32_t)r->lower);
    if (c < ' ' || c == 127 || ((r->flags & TEXT_DROP) && r->ccc == 0))
        return; /* controls and format characters do not sort */
    uint16_t place = text_record_of(c)->decomposition;
    const uint32_t one[] = {1, c}, *parts = place ? &text_pool[place] : one;
    for (uint32_t i = 1; i <= parts[0]; i++) {
        if (text_record_of(parts[i])->ccc && k->base)
            add_mark(k, parts[i]);
        else
            begin_letter(k, parts[i], upper);
    }
}

static struct str without_tail(struct str s, char c)
{
    while (s.n && s.p[s.n - 1] == c)
        s.n--;
    return s;
}

struct str text_sort_key(struct arena *a, struct str s)
{
    text_nfc(a, s, &s);
    size_t limit = size_mul(s.n, 16) + 16;
    struct key k = {.letters = {.arena = a, .limit = limit},
                    .tones = {.arena = a, .limit = limit},
                    .cases = {.arena = a, .limit = limit}};
    for (size_t i = 0; i < s.n;)
        add_char(&k, utf8_next(s, &i));
    end_letter(&k);
    /* What is the same in most texts is left out: shorter sorts first, as it should. */
    struct str tones = without_tail(buf_str(&k.tones), '0'),
               cases = without_tail(buf_str(&k.cases), 'a');
    if (tones.n || cases.n) {
        buf_byte(&k.letters, LEVEL_MARK);
        buf_add(&k.letters, tones);
    }
    if (cases.n) {
        buf_byte(&k.letters, LEVEL_MARK);
        buf_add(&k.letters, cases);
    }
    return buf_str(&k.letters);
}

struct str text_name_key(struct arena *a, struct str full_name)
{
    struct str name = str_trim(text_lower(a, full_name));
    size_t last = name.n;
    while (last > 0 && name.p[last - 1] != ' ')
        last--;
    const struct str parts[] = {text_sort_key(a, str_from(name, last)),
                                text_sort_key(a, str_trim(str_until(name, last)))};
    static const char mark[] = {NAME_MARK};
    return str_join(a, parts, 2, (struct str){mark, 1});
}
