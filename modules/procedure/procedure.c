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
        .intake_kind = p->intake_kind,
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

enum err procedure_at_counter(struct cx *cx, struct str intake_kind, struct procedure_hit *out,
                              size_t max, size_t *n)
{
    struct str *codes = NEW_N(cx->arena, struct str, max);
    size_t found;
    *n = 0;
    TRY(procedure_store_at_counter(cx, intake_kind, codes, max, &found));
    for (size_t i = 0; i < found; i++) {
        const struct procedure *p;
        TRY(procedure_find(cx, codes[i], &p));
        if (p->open) /* an opening may lie ahead */
            out[(*n)++] = hit_of(cx, p, 0);
    }
    return OK;
}

/* ---- search: candidates by words, one ranking for both databases ---- */

#define WORDS_MAX 12

static int by_score(const void *a, const void *b)
{
    const struct search_row *x = a, *y = b;
    return x->score != y->score ? y->score - x->score : str_cmp(x->code, y->code);
}

/* Name and alias before body: a whole alias, then the phrase in the name, then shorter names. */
static int score_of(const struct search_row *row, struct str query, struct str whole_alias)
{
    int score = (int)row->weight * 10;
    size_t at;
    struct str name = str_starts(row->name, S("thu tuc ")) ? str_from(row->name, 8) : row->name;
    if (str_find(row->aliases, whole_alias, NULL))
        score += 400;
    if (str_find(name, query, &at))
        score += at == 0 ? 300 : 200;
    else if (str_find(row->aliases, query, NULL))
        score += 150;
    int length = (int)(name.n < 400 ? name.n : 400);
    return score + (400 - length) / 4;
}

enum err procedure_search(struct cx *cx, struct str words, struct procedure_hit *out, size_t max,
                          size_t *n, size_t *total)
{
    struct str folded = text_fold(cx->arena, str_until(words, 200));
    struct str list[WORDS_MAX], rest = folded;
    struct search_row *rows;
    size_t words_n = 0;
    *n = *total = 0;
    while (rest.n && words_n < WORDS_MAX)
        str_cut(rest, ' ', &list[words_n++], &rest);
    if (words_n == 0)
        return OK;
    TRY(procedure_store_candidates(cx, list, words_n, &rows, total));
    struct str whole_alias = str_fmt(cx->arena, "|%.*s|", F(folded));
    for (size_t i = 0; i < *total; i++)
        rows[i].score = score_of(&rows[i], folded, whole_alias);
    if (*total)
        qsort(rows, *total, sizeof *rows, by_score);
    for (; *n < max && *n < *total; ++*n) {
        const struct procedure *p;
        TRY(procedure_find(cx, rows[*n].code, &p));
        out[*n] = hit_of(cx, p, rows[*n].score);
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
    if (p->open)
        TRY(procedure_store_counter_add(cx, p->id, p->intake_kind, p->counter_place));
    return procedure_store_search_add(cx, p->id, text_fold(cx->arena, p->name), buf_str(&all));
}
