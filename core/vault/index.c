/* index.c - the blind index of names: keyed tokens of words and of their beginnings. */
#include "vault_inside.h"

static struct str token_of(struct cx *cx, struct str beginning)
{
    struct hash h;
    vault_derived(vault_of(cx), S("name"), beginning, &h);
    return str_dup(cx->arena, str_until(HASH_STR(h), VAULT_TOKEN_BYTES));
}

static size_t add_token(struct cx *cx, struct str beginning, struct str *tokens, size_t n,
                        size_t max)
{
    struct str token = token_of(cx, beginning);
    for (size_t i = 0; i < n; i++)
        if (str_eq(tokens[i], token))
            return n;
    if (n < max)
        tokens[n++] = token;
    return n;
}

static size_t add_word(struct cx *cx, struct str word, struct str *tokens, size_t n, size_t max)
{
    if (utf8_count(word) == 1)
        return add_token(cx, word, tokens, n, max);
    size_t at = 0;
    utf8_next(word, &at);
    while (at < word.n) {
        utf8_next(word, &at);
        n = add_token(cx, str_until(word, at), tokens, n, max);
    }
    return n;
}

size_t vault_name_tokens(struct cx *cx, struct str name, struct str *tokens, size_t max)
{
    size_t n = 0;
    struct str word, rest = text_fold(cx->arena, name);
    while (rest.n) {
        str_cut(rest, ' ', &word, &rest);
        if (word.n)
            n = add_word(cx, word, tokens, n, max);
    }
    return n;
}

size_t vault_name_query(struct cx *cx, struct str words, struct str *tokens, size_t max)
{
    size_t n = 0;
    struct str word, rest = text_fold(cx->arena, words);
    while (rest.n) {
        str_cut(rest, ' ', &word, &rest);
        if (word.n)
            n = add_token(cx, word, tokens, n, max);
    }
    return n;
}
