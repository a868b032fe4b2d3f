/* org_unit_search.c - a unit among many by what people type: parts of its name, or its code. */
#include "org.h"
#include "org_store.h"

#define UNITS_MAX 4000 /* of one province, with what hangs below its communes */

enum fit { FIT_NONE = 0, FIT_WORDS, FIT_BEGINS, FIT_WHOLE };

/* A word typed begins a word of the text. */
static bool has_word(struct str text, struct str typed)
{
    for (size_t at = 0; at < text.n;) {
        if (str_starts(str_from(text, at), typed))
            return true;
        while (at < text.n && text.p[at] != ' ')
            at++;
        at += at < text.n;
    }
    return false;
}

static bool has_all(struct str folded, struct str words)
{
    for (struct str word, rest = words; rest.n;) {
        str_cut(rest, ' ', &word, &rest);
        if (word.n && !has_word(folded, word))
            return false;
    }
    return true;
}

static enum fit fit_of(struct cx *cx, const struct org_unit *u, struct str words)
{
    struct str name = text_fold(cx->arena, u->name),
               short_name = text_fold(cx->arena, u->short_name),
               code = text_fold(cx->arena, u->code);
    if (str_eq(name, words) || str_eq(short_name, words) || str_eq(code, words))
        return FIT_WHOLE;
    if (str_starts(name, words) || str_starts(short_name, words) || str_starts(code, words))
        return FIT_BEGINS;
    struct str all = str_fmt(cx->arena, "%.*s %.*s %.*s", F(name), F(short_name), F(code));
    return has_all(all, words) ? FIT_WORDS : FIT_NONE;
}

enum err org_unit_search(struct cx *cx, struct str words, struct str path, struct org_unit *out,
                         size_t max, size_t *n, size_t *total)
{
    struct org_unit *all = NEW_N(cx->arena, struct org_unit, UNITS_MAX);
    struct str folded = str_trim(text_fold(cx->arena, words));
    size_t found;
    *n = *total = 0;
    if (folded.n == 0)
        return OK;
    TRY(org_store_units_below(cx, path, all, UNITS_MAX, &found));
    enum fit *fits = NEW_N(cx->arena, enum fit, found + 1);
    for (size_t i = 0; i < found; i++) {
        fits[i] = fit_of(cx, &all[i], folded);
        *total += fits[i] != FIT_NONE;
    }
    for (int fit = FIT_WHOLE; fit > FIT_NONE; fit--)
        for (size_t i = 0; i < found && *n < max; i++)
            if ((int)fits[i] == fit)
                out[(*n)++] = all[i];
    return OK;
}
