/* procedure.c - the rules of the catalogue. No SQL and no HTML in this file. */
#include "procedure.h"

#include "procedure_inside.h"

enum err procedure_find(struct cx *cx, struct str code, const struct procedure **out)
{
    struct version_row v;
    struct opening_row o;
    TRY(procedure_store_version(cx, code, day_of(cx->now), &v));
    enum err e = procedure_store_opening(cx, v.procedure, day_of(cx->now), &o);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    return procedure_from_rows(cx, &v, e == OK ? &o : NULL, out);
}

enum err procedure_pinned(struct cx *cx, int64_t version_id, int64_t opening_id,
                          const struct procedure **out)
{
    struct version_row v;
    struct opening_row o;
    TRY(procedure_store_version_by_id(cx, version_id, &v));
    TRY(procedure_store_opening_by_id(cx, opening_id, &o));
    return procedure_from_rows(cx, &v, &o, out);
}

/* How often a fee is due in this case; 0: not at all. */
static int64_t times(const struct procedure_fee *f, const struct json *data)
{
    if (f->when_field.n && !str_eq(json_text(json_get(data, f->when_field)), f->when_value))
        return 0;
    return f->per_field.n ? json_int(json_get(data, f->per_field), 0) : 1;
}

enum err procedure_charges(struct cx *cx, const struct procedure *p, const struct json *form_data,
                           struct procedure_charge *out, size_t max, size_t *n, int64_t *total_dong)
{
    *n = 0;
    *total_dong = 0;
    for (size_t i = 0; i < p->fees_n; i++) {
        const struct procedure_fee *f = &p->fees[i];
        int64_t count = times(f, form_data), sum;
        if (count <= 0)
            continue;
        if (*n == max || __builtin_mul_overflow(count, f->amount_dong, &sum) ||
            __builtin_add_overflow(*total_dong, sum, total_dong))
            return fail(cx, ERR_LIMIT, T("Số tiền vượt giới hạn. Kiểm tra lại số lượng."));
        out[(*n)++] = (struct procedure_charge){f->code,        f->name, f->kind, count,
                                                f->amount_dong, sum,     f->basis};
    }
    return OK;
}

static struct procedure_hit hit_of(struct cx *cx, const struct procedure *p, int rank)
{
    int64_t once = 0;
    for (size_t i = 0; i < p->fees_n; i++)
        if (p->fees[i].when_field.n == 0)
            once += p->fees[i].amount_dong;
    return (struct procedure_hit){
        .code = p->code,
        .name = p->name,
        .field_name = p->field_name,
        .level = p->level,
        .term_words = p->term_words,
        .subjects = str_join(cx->arena, p->subjects, p->subjects_n, S(", ")),
        .place = p->executors_n ? p->executors[0] : S(""),
        .open = p->open,
        .fee_dong = once,
        .fee_known = p->fees_n > 0,
        .rank = rank,
    };
}

enum err procedure_open_list(struct cx *cx, struct procedure_hit *out, size_t max, size_t *n)
{
    struct str *codes = NEW_N(cx->arena, struct str, max);
    size_t found;
    TRY(procedure_store_open_codes(cx, day_of(cx->now), codes, max, &found));
    for (*n = 0; *n < found; ++*n) {
        const struct procedure *p;
        TRY(procedure_find(cx, codes[*n], &p));
        out[*n] = hit_of(cx, p, 0);
    }
    return OK;
}

/* ---- search: candidates by words, one ranking for both databases ---- */

#define WORDS_MAX 12
#define POSTINGS_MAX 20000

struct candidate {
    int64_t procedure;
    int words;  /* bits: which words of the query it has */
    int weight; /* the sum of each word's heaviest place */
    int best;   /* of the word at hand */
    int score;
    struct str code;
};

static int by_procedure(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return (x->procedure > y->procedure) - (x->procedure < y->procedure);
}

static int by_posting(const void *a, const void *b)
{
    const struct posting *x = a, *y = b;
    return (x->procedure > y->procedure) - (x->procedure < y->procedure);
}

static int by_score(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->score != y->score ? y->score - x->score : str_cmp(x->code, y->code);
}

/* Keeps the candidates that also have this word; the first word makes them. */
static size_t narrow(struct candidate *c, size_t n, bool first, struct posting *p, size_t postings)
{
    qsort(p, postings, sizeof *p, by_posting);
    size_t kept = 0, at = 0;
    for (size_t i = 0; i < postings;) {
        int64_t id = p[i].procedure;
        int weight = 0;
        for (; i < postings && p[i].procedure == id; i++)
            weight = p[i].weight > weight ? p[i].weight : weight;
        while (!first && at < n && c[at].procedure < id)
            at++;
        if (first)
            c[kept++] = (struct candidate){.procedure = id, .weight = weight};
        else if (at < n && c[at].procedure == id) {
            c[at].weight += weight;
            c[kept++] = c[at++];
        }
    }
    qsort(c, kept, sizeof *c, by_procedure);
    return kept;
}

/* Name and alias before body: a whole alias, then the phrase in the name, then shorter names. */
static int score_of(struct cx *cx, const struct search_row *row, struct str query, int weight)
{
    int score = weight * 10;
    if (str_find(row->aliases, str_fmt(cx->arena, "|%.*s|", F(query)), NULL))
        score += 400;
    size_t at;
    struct str name = str_starts(row->name, S("thu tuc ")) ? str_from(row->name, 8) : row->name;
    if (str_find(name, query, &at))
        score += at == 0 ? 300 : 200;
    else if (str_find(row->aliases, query, NULL))
        score += 150;
    int length = (int)(row->name.n < 400 ? row->name.n : 400);
    return score + (400 - length) / 4;
}

static enum err candidates(struct cx *cx, struct str folded, struct candidate **out, size_t *n)
{
    struct posting *postings = NEW_N(cx->arena, struct posting, POSTINGS_MAX);
    struct candidate *c = NEW_N(cx->arena, struct candidate, POSTINGS_MAX);
    struct str word, rest = folded;
    *n = 0;
    for (int i = 0; i < WORDS_MAX && rest.n; i++) {
        str_cut(rest, ' ', &word, &rest);
        size_t found;
        TRY(procedure_store_postings(cx, word, postings, POSTINGS_MAX, &found));
        *n = narrow(c, *n, i == 0, postings, found);
    }
    *out = c;
    return OK;
}

enum err procedure_search(struct cx *cx, struct str words, struct procedure_hit *out, size_t max,
                          size_t *n, size_t *total)
{
    struct str folded = text_fold(cx->arena, str_until(words, 200));
    struct candidate *c;
    *n = *total = 0;
    if (folded.n == 0)
        return OK;
    TRY(candidates(cx, folded, &c, total));
    for (size_t i = 0; i < *total; i++) {
        struct search_row row;
        TRY(procedure_store_search_row(cx, c[i].procedure, &row));
        c[i].code = row.code;
        c[i].score = score_of(cx, &row, folded, c[i].weight);
    }
    qsort(c, *total, sizeof *c, by_score);
    for (; *n < max && *n < *total; ++*n) {
        const struct procedure *p;
        TRY(procedure_find(cx, c[*n].code, &p));
        out[*n] = hit_of(cx, p, c[*n].score);
    }
    return OK;
}

/* ---- the index ---- */

static enum err add_words(struct cx *cx, int64_t procedure, struct str text, int weight)
{
    for (struct str word, rest = text_fold(cx->arena, text); rest.n;) {
        str_cut(rest, ' ', &word, &rest);
        TRY(procedure_store_word_add(cx, word, procedure, weight));
    }
    return OK;
}

enum err procedure_index(struct cx *cx, const struct procedure *p, const struct json *aliases)
{
    TRY(procedure_store_index_drop(cx, p->id));
    TRY(add_words(cx, p->id, p->name, 4));
    struct buf all = {.arena = cx->arena, .limit = 16384};
    buf_byte(&all, '|');
    for (uint32_t i = 0; i < aliases->n; i++) {
        TRY(add_words(cx, p->id, json_text(json_at(aliases, i)), 3));
        buf_add(&all, text_fold(cx->arena, json_text(json_at(aliases, i))));
        buf_byte(&all, '|');
    }
    TRY(add_words(cx, p->id, p->field_name, 2));
    TRY(add_words(cx, p->id, p->code, 2));
    TRY(add_words(cx, p->id, p->result_name, 1));
    TRY(add_words(cx, p->id, p->summary, 1));
    return procedure_store_search_add(cx, p->id, text_fold(cx->arena, p->name), buf_str(&all));
}
