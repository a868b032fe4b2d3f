/* procedure_search.c - finding procedures: cards, the words of the index, one ranking in C. */
#include "procedure_inside.h"

static struct procedure_hit hit_of(const struct cx *cx, const struct card_row *c, int rank)
{
    return (struct procedure_hit){
        .code = c->code,
        .name = c->name,
        .field_name = c->field_name,
        .level = c->level,
        .intake_kind = c->intake_kind,
        .term_words = c->term_words,
        .subjects = c->subjects,
        .place = c->place,
        .open = c->open_from && c->open_from <= day_of(cx->now) && !c->ended,
        .ended = c->ended,
        .fee_dong = c->fee_dong,
        .fee_known = c->fee_known,
        .rank = rank,
    };
}

enum err procedure_list(struct cx *cx, const struct procedure_filter *f, int64_t skip,
                        struct procedure_hit *out, size_t max, size_t *n, int64_t *total)
{
    struct card_row *rows = NEW_N(cx->arena, struct card_row, max);
    TRY(procedure_store_cards(cx, f, skip, rows, max, n));
    for (size_t i = 0; i < *n; i++)
        out[i] = hit_of(cx, &rows[i], 0);
    return procedure_store_card_count(cx, f, total);
}

enum err procedure_open_list(struct cx *cx, struct procedure_hit *out, size_t max, size_t *n)
{
    int64_t total;
    return procedure_list(cx, &(struct procedure_filter){.open = true}, 0, out, max, n, &total);
}

enum err procedure_at_counter(struct cx *cx, struct str intake_kind, struct procedure_hit *out,
                              size_t max, size_t *n)
{
    struct card_row *rows = NEW_N(cx->arena, struct card_row, max);
    TRY(procedure_store_at_counter(cx, intake_kind, rows, max, n));
    for (size_t i = 0; i < *n; i++)
        out[i] = hit_of(cx, &rows[i], 0);
    return OK;
}

/* ---- candidates by words, one ranking for both databases ---- */

#define WORDS_MAX 12

static int by_score(const void *a, const void *b)
{
    const struct search_row *x = a, *y = b;
    return x->score != y->score ? y->score - x->score : str_cmp(x->code, y->code);
}

struct places {
    struct str name, aliases, about, rest;
};

static struct places places_of(struct str body)
{
    struct places p;
    str_cut(body, '\n', &p.name, &body);
    str_cut(body, '\n', &p.aliases, &body);
    str_cut(body, '\n', &p.about, &p.rest);
    return p;
}

static bool word_ends(struct str text, size_t at)
{
    return at >= text.n || text.p[at] == ' ' || text.p[at] == '|';
}

/* At the beginning of a word; *whole: and to the end of one. */
static bool has_phrase(struct str text, struct str phrase, size_t *at, bool *whole)
{
    for (size_t from = 0, i; str_find(str_from(text, from), phrase, &i); from += i + 1)
        if (from + i == 0 || word_ends(text, from + i - 1)) {
            *at = from + i;
            *whole = word_ends(text, *at + phrase.n);
            return true;
        }
    return false;
}

/* What half of all names begin with says nothing of what they are about. */
static struct str core_of(struct str name)
{
    static const char *const leads[] = {"thu tuc ", "thuc hien ", "giai quyet ", "cap ",
                                        "dang ky "};
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
        if (str_starts(name, str_c(leads[i])))
            name = str_from(name, strlen(leads[i]));
    return name;
}

/* All words of the query, in their order, others between them. */
static bool in_order(struct str name, struct str query)
{
    struct str word, rest = query;
    for (size_t at; rest.n;) {
        bool whole;
        str_cut(rest, ' ', &word, &rest);
        if (!has_phrase(name, word, &at, &whole) || (!whole && rest.n))
            return false;
        name = str_from(name, at + word.n);
    }
    return true;
}

static int phrase_score(const struct places *p, struct str query)
{
    bool bare = str_starts(p->name, S("thu tuc "));
    struct str name = bare ? str_from(p->name, 8) : p->name;
    size_t at;
    bool whole;
    if (!has_phrase(name, query, &at, &whole)) {
        if (has_phrase(p->aliases, query, &at, &whole))
            return 150;
        struct str first;
        str_cut(query, ' ', &first, &(struct str){0});
        if (!str_starts(name, first) || !in_order(name, query))
            return 0;
        return name.n <= query.n * 8 / 5 ? 265 : 120; /* little more than what was asked */
    }
    int score = at == 0 || str_starts(core_of(name), query) ? 280 : 200;
    return score + (at == 0 ? 20 : 0) + (whole ? 60 : 0);
}

/* The heaviest place that has the word; a whole word weighs twice its beginning. 0: none. */
static int weight_of(const struct places *p, struct str word)
{
    const struct str texts[] = {p->name, p->aliases, p->about, p->rest};
    int best = 0;
    for (int i = 0; i < 4; i++) {
        bool whole = false;
        size_t from = 0, at;
        bool found = false;
        while (!whole && has_phrase(str_from(texts[i], from), word, &at, &whole)) {
            found = true;
            from += at + word.n;
        }
        int weight = found ? (4 - i) * (whole ? 2 : 1) : 0;
        best = weight > best ? weight : best;
    }
    return best;
}

struct query {
    struct str folded, whole_alias;
    struct str words[WORDS_MAX];
    size_t words_n;
};

/* Name and alias before body: a whole alias, then the phrase in the name, then shorter names.
 * False: a word is missing. */
static bool score(const struct query *q, struct search_row *row, int64_t today)
{
    struct places p = places_of(row->body);
    int sum = 0;
    for (size_t i = 0; i < q->words_n; i++) {
        int weight = weight_of(&p, q->words[i]);
        if (weight == 0)
            return false;
        sum += weight;
    }
    int length = (int)(p.name.n < 400 ? p.name.n : 400);
    row->score = 10 * sum + phrase_score(&p, q->folded) + (400 - length) / 4;
    if (str_find(p.aliases, q->whole_alias, NULL))
        row->score += 400;
    if (row->open_from && row->open_from <= today) /* what can be done here, of what is alike */
        row->score += 30;
    if (row->ended)
        row->score -= 500;
    return true;
}

/* The rarest word chooses the candidates, the others are looked for in their texts. */
static enum err find(struct cx *cx, const struct query *q, struct search_row **rows, size_t *n)
{
    struct str rarest = q->words[0];
    int64_t least = INT64_MAX, many;
    for (size_t i = 0; i < q->words_n && q->words_n > 1; i++) {
        TRY(procedure_store_how_many(cx, q->words[i], &many));
        if (many < least) {
            least = many;
            rarest = q->words[i];
        }
    }
    size_t all, kept = 0;
    TRY(procedure_store_candidates(cx, rarest, rows, &all));
    for (size_t i = 0; i < all; i++)
        if (score(q, &(*rows)[i], day_of(cx->now)))
            (*rows)[kept++] = (*rows)[i];
    if (kept)
        qsort(*rows, kept, sizeof **rows, by_score);
    *n = kept;
    return OK;
}

static struct query query_of(struct cx *cx, struct str words)
{
    struct query q = {.folded = text_fold(cx->arena, str_until(words, 200))};
    for (struct str rest = q.folded; rest.n && q.words_n < WORDS_MAX;)
        str_cut(rest, ' ', &q.words[q.words_n++], &rest);
    return q;
}

enum err procedure_search_from(struct cx *cx, struct str words, size_t skip,
                               struct procedure_hit *out, size_t max, size_t *n, size_t *total)
{
    struct query q = query_of(cx, words);
    struct search_row *rows;
    *n = *total = 0;
    if (q.words_n == 0)
        return OK;
    q.whole_alias = str_fmt(cx->arena, "|%.*s|", F(q.folded));
    TRY(find(cx, &q, &rows, total));
    for (; *n < max && skip + *n < *total; ++*n) {
        struct card_row c;
        TRY(procedure_store_card(cx, rows[skip + *n].procedure, &c));
        out[*n] = hit_of(cx, &c, rows[skip + *n].score);
    }
    return OK;
}

enum err procedure_search(struct cx *cx, struct str words, struct procedure_hit *out, size_t max,
                          size_t *n, size_t *total)
{
    return procedure_search_from(cx, words, 0, out, max, n, total);
}

/* ---- no procedure has every word ---- */

#define NEAR_ROWS_MAX 3000

static bool has_whole(struct str text, struct str phrase)
{
    bool whole = false;
    for (size_t at; !whole && has_phrase(text, phrase, &at, &whole);)
        text = str_from(text, at + phrase.n);
    return whole;
}

/* Half of a pair only by chance. */
static bool is_filler(struct str word)
{
    static const char *const fillers[] = {"cho", "toi", "cua", "thi", "va", "muon"};
    bool is = false;
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        is |= str_eq(word, str_c(fillers[i]));
    return is;
}

/* Two words that stand side by side are most often one word of Vietnamese ("khai sinh"): a
 * procedure is near when its name or what people call it has such a pair of the question. */
static bool score_near(const struct query *q, struct search_row *row, int64_t today)
{
    struct places p = places_of(row->body);
    int pairs = 0, words = 0, first = 0;
    for (size_t i = 0; i < q->words_n; i++) {
        words += weight_of(&p, q->words[i]);
        if (i + 1 == q->words_n || is_filler(q->words[i]) || is_filler(q->words[i + 1]))
            continue;
        struct str pair = {q->words[i].p, q->words[i].n + 1 + q->words[i + 1].n};
        pairs += has_whole(p.name, pair) ? 2 : has_whole(p.aliases, pair) ? 1 : 0;
        first = str_starts(core_of(p.name), pair) ? 6 : first;
    }
    int length = (int)(p.name.n < 400 ? p.name.n : 400);
    row->score = 100 * pairs + first + words + (400 - length) / 4;
    if (row->open_from && row->open_from <= today)
        row->score += 60;
    return pairs > 0 && !row->ended;
}

struct rare {
    struct str word;
    int64_t many;
};

static int by_many(const void *a, const void *b)
{
    const struct rare *x = a, *y = b;
    return x->many < y->many ? -1 : x->many > y->many;
}

/* Candidates: of each rare word in turn, until there are many; the best ones are kept. */
static enum err find_near(struct cx *cx, const struct query *q, struct search_row *best, size_t max,
                          size_t *n)
{
    struct rare rare[WORDS_MAX];
    size_t read = 0;
    for (size_t i = 0; i < q->words_n; i++) {
        rare[i].word = q->words[i];
        TRY(procedure_store_how_many(cx, q->words[i], &rare[i].many));
    }
    qsort(rare, q->words_n, sizeof *rare, by_many);
    for (size_t i = 0; i < q->words_n && read < NEAR_ROWS_MAX; i++) {
        struct search_row *rows;
        size_t all;
        TRY(procedure_store_candidates(cx, rare[i].word, &rows, &all));
        read += all;
        for (size_t k = 0; k < all; k++) {
            bool not_new = !score_near(q, &rows[k], day_of(cx->now));
            for (size_t b = 0; b < *n; b++)
                not_new |= best[b].procedure == rows[k].procedure;
            if (not_new || (*n == max && by_score(&best[max - 1], &rows[k]) <= 0))
                continue;
            best[*n < max ? (*n)++ : max - 1] = rows[k];
            qsort(best, *n, sizeof *best, by_score);
        }
    }
    return OK;
}

enum err procedure_search_near(struct cx *cx, struct str words, struct procedure_hit *out,
                               size_t max, size_t *n)
{
    struct query q = query_of(cx, words);
    struct search_row *best = NEW_N(cx->arena, struct search_row, max);
    *n = 0;
    TRY(find_near(cx, &q, best, max, n));
    for (size_t i = 0; i < *n; i++) {
        struct card_row c;
        TRY(procedure_store_card(cx, best[i].procedure, &c));
        out[i] = hit_of(cx, &c, best[i].score);
    }
    return OK;
}

/* ---- the index ---- */

/* A text that is absent is empty in the row, not null. */
static struct str said(struct str s)
{
    return s.p ? s : S("");
}

/* The card of a procedure as it stands; what an officer decided is in p already. */
static enum err put_card(struct cx *cx, const struct procedure *p)
{
    int64_t once = 0;
    for (size_t i = 0; i < p->fees_n; i++)
        if (p->fees[i].when_field.n == 0)
            once += p->fees[i].amount_dong;
    struct buf levels = {.arena = cx->arena, .limit = 200};
    for (uint32_t i = 0; i < json_get(p->record, S("levels"))->n; i++)
        buf_fmt(&levels, " %.*s", F(json_text(json_at(json_get(p->record, S("levels")), i))));
    buf_byte(&levels, ' ');
    const struct card_row c = {
        .procedure = p->id,
        .code = p->code,
        .name = p->name,
        .sort_key = str_until(text_sort_key(cx->arena, p->name), 200),
        .field_name = said(p->field_name),
        .publisher = said(p->publisher),
        .kind = said(p->kind),
        .levels = buf_str(&levels),
        .subjects = said(str_join(cx->arena, p->subjects, p->subjects_n, S(", "))),
        .place = said(p->executors_n ? p->executors[0] : S("")),
        .open_from = p->open ? p->open_from : 0,
        .level = said(p->level),
        .intake_kind = said(p->intake_kind),
        .term_words = said(p->open ? p->term_words : procedure_published_term(cx, p)),
        .fee_dong = once,
        .fee_known = p->fees_n > 0,
        .free_term = p->term.unit == 0 && procedure_has_free_term(p),
        .proofread = p->proofread,
        .ended = p->ended,
    };
    return procedure_store_card_put(cx, &c);
}

enum err procedure_index(struct cx *cx, const struct procedure *p, const struct json *aliases)
{
    struct buf all = {.arena = cx->arena, .limit = 16384}, said = all;
    buf_byte(&all, '|');
    for (uint32_t i = 0; i < aliases->n; i++) {
        struct str alias = text_fold(cx->arena, json_text(json_at(aliases, i)));
        buf_fmt(&all, "%.*s|", F(alias));
        buf_fmt(&said, "%.*s ", F(alias));
    }
    struct str name = text_fold(cx->arena, p->name);
    struct str about = str_fmt(cx->arena, "%.*s %.*s", F(p->field_name), F(p->code));
    struct str rest = str_fmt(cx->arena, "%.*s %.*s", F(p->result_name), F(p->summary));
    about = text_fold(cx->arena, about);
    rest = text_fold(cx->arena, rest);
    TRY(procedure_store_index_drop(cx, p->id));
    TRY(procedure_store_words_add(cx, name, p->id, 4)); /* a word's heaviest place comes first */
    TRY(procedure_store_words_add(cx, buf_str(&said), p->id, 3));
    TRY(procedure_store_words_add(cx, about, p->id, 2));
    TRY(procedure_store_words_add(cx, rest, p->id, 1));
    const struct search_row text = {
        .procedure = p->id,
        .code = p->code,
        .body = str_fmt(cx->arena, "%.*s\n%.*s\n%.*s\n%.*s", F(name), F(buf_str(&all)), F(about),
                        F(rest)),
        .open_from = p->open ? p->open_from : 0,
        .ended = p->ended,
    };
    TRY(procedure_store_text_add(cx, &text));
    if (p->open)
        TRY(procedure_store_counter_add(cx, p->id, p->intake_kind, p->counter_place));
    return put_card(cx, p);
}
