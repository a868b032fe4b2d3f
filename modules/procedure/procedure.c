/* procedure.c - the rules of the catalogue. No SQL and no HTML in this file. */
#include "procedure.h"

#include "kept/kept.h"
#include "procedure_inside.h"

/* What officers decided beside the published record. */
static enum err decide(struct cx *cx, struct procedure *p)
{
    struct proof_row proof;
    struct term_row term;
    enum err e = procedure_store_proof(cx, p->version_id, &proof);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    p->proofread |= e == OK;
    TRY(procedure_store_is_off(cx, p->id, &p->ended));
    if (p->open)
        return OK;
    e = procedure_store_term(cx, p->id, &term);
    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    p->term = procedure_term_of(&term);
    p->term_words = term.words;
    return OK;
}

static enum err on_day(struct cx *cx, struct str code, int64_t day, struct procedure **out)
{
    struct version_row v;
    struct opening_row o;
    TRY(procedure_store_version(cx, code, day, &v));
    enum err e = procedure_store_opening(cx, v.procedure, day, &o);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    TRY(procedure_from_rows(cx, &v, e == OK ? &o : NULL, out));
    return decide(cx, *out);
}

/* A record is up to 124 kB of JSON: read once, until the catalogue moves. */
static const char *const moves[] = {"procedure", NULL};
#define ABOUT_BYTES ((size_t)32 * 1024)

struct wanted {
    struct str code;
    int64_t version, opening;
};

static enum err make_of_today(struct cx *cx, void *arg, const void **out)
{
    const struct wanted *w = arg;
    struct procedure *p;
    TRY(on_day(cx, str_dup(cx->arena, w->code), day_of(cx->now), &p));
    if (p->ended)
        p->open = false;
    *out = p;
    return OK;
}

enum err procedure_find(struct cx *cx, struct str code, const struct procedure **out)
{
    struct wanted w = {.code = code};
    const void *found;
    TRY(kept_find(cx,
                  &(struct kept_wish){.key = str_fmt(cx->arena, "procedure.of_day %lld %.*s",
                                                     (long long)day_of(cx->now), F(code)),
                                      .of = moves,
                                      .make = make_of_today,
                                      .arg = &w,
                                      .about_bytes = ABOUT_BYTES},
                  &found));
    *out = found;
    return OK;
}

enum err procedure_newest(struct cx *cx, struct str code, struct procedure **out)
{
    return on_day(cx, code, INT64_C(4000000), out);
}

static enum err make_pinned(struct cx *cx, void *arg, const void **out)
{
    const struct wanted *w = arg;
    struct version_row v;
    struct opening_row o;
    struct procedure *p;
    TRY(procedure_store_version_by_id(cx, w->version, &v));
    TRY(procedure_store_opening_by_id(cx, w->opening, &o));
    TRY(procedure_from_rows(cx, &v, &o, &p));
    *out = p;
    return OK;
}

enum err procedure_pinned(struct cx *cx, int64_t version_id, int64_t opening_id,
                          const struct procedure **out)
{
    struct wanted w = {.version = version_id, .opening = opening_id};
    const void *found;
    TRY(kept_find(cx,
                  &(struct kept_wish){.key = str_fmt(cx->arena, "procedure.pinned %lld %lld",
                                                     (long long)version_id, (long long)opening_id),
                                      .of = moves,
                                      .make = make_pinned,
                                      .arg = &w,
                                      .about_bytes = ABOUT_BYTES},
                  &found));
    *out = found;
    return OK;
}

/* ---- terms as published ---- */

static const struct {
    const char *name;
    enum term_unit unit;
} units[] = {{"ngay_lam_viec", TERM_WORKING_DAYS},
             {"ngay", TERM_DAYS},
             {"gio", TERM_HOURS},
             {"thang", TERM_MONTHS},
             {"nam", TERM_YEARS},
             {"trong_ngay", TERM_SAME_DAY}};

enum term_unit procedure_unit_of(struct str name)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq(name, str_c(units[i].name)))
            return units[i].unit;
    return 0;
}

struct term procedure_term_of(const struct term_row *t)
{
    struct term out = {.unit = procedure_unit_of(t->unit), .n_half = t->n_half};
    struct str hour, minute;
    int64_t h, m;
    if (str_cut(t->cutoff, ':', &hour, &minute) && str_int(hour, &h) && str_int(minute, &m))
        out.cutoff_minute = (int)(h * 60 + m);
    return out;
}

/* What can be counted: a unit of ours and a number. */
static bool is_countable(const struct json *duration)
{
    return procedure_unit_of(json_text(json_get(duration, S("unit")))) &&
           json_int(json_get(duration, S("n")), 0) > 0;
}

bool procedure_has_free_term(const struct procedure *p)
{
    const struct json *channels = json_get(p->record, S("channels"));
    for (uint32_t i = 0; i < channels->n; i++)
        if (is_countable(json_get(json_at(channels, i), S("duration"))))
            return false;
    return true;
}

struct str procedure_published_term(struct cx *cx, const struct procedure *p)
{
    const struct json *channels = json_get(p->record, S("channels"));
    struct str words = p->term_words;
    for (uint32_t i = 0; i < channels->n; i++) {
        const struct json *d = json_get(json_at(channels, i), S("duration"));
        struct str text = str_trim(json_text(json_get(d, S("text"))));
        if (!is_countable(d) || str_eq(text, words))
            continue;
        if (words.n)
            return S(T("Tùy trường hợp"));
        words = text;
    }
    return text_cut(cx->arena, words, 60);
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
