/* index.c - the blind index of names: keyed tokens of words and of their beginnings. */
#include "vault_inside.h"

struct tokens {
    struct cx *cx;
    struct hash key; /* of this use */
    struct str *v;
    size_t n, max;
};

static void add_token(struct tokens *t, struct str beginning)
{
    struct hash h = hmac_sha256(HASH_STR(t->key), beginning);
    const struct str token = str_until(HASH_STR(h), VAULT_TOKEN_BYTES);
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->v[i], token))
            return;
    if (t->n < t->max)
        t->v[t->n++] = str_dup(t->cx->arena, token);
}

/* The word and what begins it, from two letters on. */
static void add_word(struct tokens *t, struct str word)
{
    if (utf8_count(word) == 1) {
        add_token(t, word);
        return;
    }
    size_t at = 0;
    utf8_next(word, &at);
    while (at < word.n) {
        utf8_next(word, &at);
        add_token(t, str_until(word, at));
    }
}

static size_t tokens_of(struct cx *cx, struct str words, void (*add)(struct tokens *, struct str),
                        struct str *tokens, size_t max)
{
    struct tokens t = {cx, vault_use_key(vault_of(cx), S("name")), tokens, 0, max};
    struct str word, rest = text_fold(cx->arena, words);
    while (rest.n) {
        str_cut(rest, ' ', &word, &rest);
        if (word.n)
            add(&t, word);
    }
    wipe(&t.key, sizeof t.key);
    return t.n;
}

size_t vault_name_tokens(struct cx *cx, struct str name, struct str *tokens, size_t max)
{
    return tokens_of(cx, name, add_word, tokens, max);
}

size_t vault_name_query(struct cx *cx, struct str words, struct str *tokens, size_t max)
{
    return tokens_of(cx, words, add_token, tokens, max);
}
