/* text_fold.c - what a search compares, and what makes two spellings of a name equal. */
#include "base/base.h"

#include "text_tables.h"

/* Text whose words stand apart by single blanks, without any at the ends. */
struct words {
    struct buf to;
    bool gap; /* something that is no word came after the last one */
};

static void begin_char(struct words *w)
{
    if (w->gap && w->to.n)
        buf_byte(&w->to, ' ');
    w->gap = false;
}

static bool is_ascii_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static void add_ascii(struct words *w, char c)
{
    if (!is_ascii_word(c)) {
        w->gap = true;
        return;
    }
    begin_char(w);
    buf_byte(&w->to, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
}

/* ---- fold ---- */

static void add_folded(struct words *w, uint32_t c, const struct text_record *r)
{
    begin_char(w);
    if (!(r->flags & TEXT_FOLD_MORE)) {
        utf8_add(&w->to, c + (uint32_t)r->fold);
        return;
    }
    const uint32_t *parts = &text_pool[r->fold];
    for (uint32_t i = 1; i <= parts[0]; i++)
        utf8_add(&w->to, parts[i]);
}

struct str text_fold(struct arena *a, struct str s)
{
    text_nfc(a, s, &s); /* stays as it is when it is not UTF-8: that falls away below */
    struct words w = {.to = {.arena = a, .limit = size_mul(s.n, 4)}};
    bool loose = false; /* marks that stay may stand in another order, or side by side, now */
    for (size_t i = 0; i < s.n;) {
        if ((unsigned char)s.p[i] < 0x80) {
            add_ascii(&w, s.p[i++]);
            continue;
        }
        uint32_t c = utf8_next(s, &i);
        const struct text_record *r = text_record_of(c);
        if (r->flags & TEXT_DROP)
            continue;
        loose = loose || r->ccc || (r->flags & TEXT_QC_MAYBE);
        if (r->flags & TEXT_WORD)
            add_folded(&w, c, r);
        else
            w.gap = true;
    }
    struct str folded = buf_str(&w.to);
    if (loose)
        text_nfc(a, folded, &folded);
    return folded;
}

/* ---- comparing ---- */

static bool is_tone(uint32_t c)
{
    return c == 0x300 || c == 0x301 || c == 0x303 || c == 0x309 || c == 0x323;
}

/* The character in lower case and taken apart; how many parts. */
static size_t parts_of(uint32_t c, uint32_t out[8])
{
    c += (uint32_t)text_record_of(c)->lower;
    const uint32_t *parts = &text_pool[text_record_of(c)->decomposition];
    size_t n = text_record_of(c)->decomposition ? parts[0] : 0;
    if (n == 0 || n > 8) {
        out[0] = c;
        return 1;
    }
    memcpy(out, parts + 1, n * sizeof *out);
    return n;
}

/* Ends of the word at s.p[from]; *tone is its only tone mark, 0 when it has none or several. */
static size_t word_end(struct str s, size_t from, uint32_t *tone)
{
    size_t i = from, end = from, tones = 0;
    while (i < s.n) {
        uint32_t c = utf8_next(s, &i), parts[8];
        if (!(text_record_of(c)->flags & (TEXT_WORD | TEXT_DROP)))
            break;
        end = i;
        for (size_t k = 0, n = parts_of(c, parts); k < n; k++) {
            if (!is_tone(parts[k]))
                continue;
            *tone = parts[k];
            tones++;
        }
    }
    if (tones != 1)
        *tone = 0;
    return end;
}

static bool is_format(const struct text_record *r)
{
    return (r->flags & TEXT_DROP) && !(r->flags & TEXT_WORD);
}

/* The tone goes behind the word, wherever it stood: "hoà" and "hòa" are both "hoa" + huyền. */
static void add_word(struct words *w, struct str word, uint32_t tone)
{
    size_t before = w->to.n;
    begin_char(w);
    for (size_t i = 0; i < word.n;) {
        uint32_t c = utf8_next(word, &i), parts[8];
        if (is_format(text_record_of(c)))
            continue;
        for (size_t k = 0, n = parts_of(c, parts); k < n; k++)
            if (!tone || parts[k] != tone)
                utf8_add(&w->to, parts[k]);
    }
    if (tone && w->to.n > before)
        utf8_add(&w->to, tone);
}

struct str text_compare_key(struct arena *a, struct str s)
{
    text_nfc(a, s, &s);
    struct words w = {.to = {.arena = a, .limit = size_mul(s.n, 4) + 4}};
    for (size_t i = 0; i < s.n;) {
        size_t next = i;
        const struct text_record *r = text_record_of(utf8_next(s, &next));
        uint32_t tone = 0;
        size_t end = word_end(s, i, &tone);
        if (end > i && !is_format(r))
            add_word(&w, str_until(str_from(s, i), end - i), tone);
        else if (!is_format(r))
            w.gap = true;
        i = end > i && !is_format(r) ? end : next;
    }
    struct str key = buf_str(&w.to);
    text_nfc(a, key, &key);
    return key;
}
