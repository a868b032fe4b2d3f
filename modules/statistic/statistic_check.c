/* statistic_check.c - do the counts agree with each other and with the dossiers? */
#include "statistic_inside.h"

#define UNITS_MAX 4096
#define PAGE 500

struct tally {
    int64_t unit[UNITS_MAX];
    int64_t n[UNITS_MAX][STANDING_REFUSED + 1];
    size_t units;
};

static void tally_case(struct tally *t, const struct counted_case *c)
{
    for (struct str id, rest = str_from(c->path, 1); rest.n;) {
        int64_t unit;
        size_t at = 0;
        str_cut(rest, '/', &id, &rest);
        if (!str_int(id, &unit))
            continue;
        while (at < t->units && t->unit[at] != unit)
            at++;
        MUST(at < UNITS_MAX);
        t->unit[at] = unit;
        t->units += at == t->units;
        t->n[at][statistic_standing_of(c)]++;
    }
}

/* Every dossier is counted as it is; none is counted that is not there. */
static enum err compare_cases(struct cx *cx, struct tally *t, struct str *finding)
{
    struct dossier_facts *facts = NEW_N(cx->arena, struct dossier_facts, PAGE);
    struct counted_case *cases = NEW_N(cx->arena, struct counted_case, PAGE);
    int64_t after = 0;
    for (size_t n = PAGE, cases_n; n == PAGE && finding->n == 0;) {
        struct arena_mark here = arena_here(cx->arena);
        TRY(onestop_facts_after(cx, after, facts, PAGE, &n));
        TRY(statistic_store_cases(cx, after, cases, PAGE, &cases_n));
        int64_t wrong = n == cases_n ? 0 : -1;
        for (size_t i = 0; i < n && wrong == 0; i++) {
            const struct counted_case as_is = statistic_case_of(&facts[i]);
            if (cases[i].dossier != facts[i].id || !statistic_same_case(&as_is, &cases[i]))
                wrong = facts[i].id;
            tally_case(t, &cases[i]);
            after = facts[i].id;
        }
        arena_back(cx->arena, here);
        if (wrong)
            *finding = wrong < 0 ? S("there are not as many cases as dossiers")
                                 : str_fmt(cx->arena, "dossier %lld is not counted as it is",
                                           (long long)wrong);
    }
    return OK;
}

static size_t unit_at(const struct tally *t, int64_t unit)
{
    size_t at = 0;
    while (at < t->units && t->unit[at] != unit)
        at++;
    return at;
}

/* A unit with all below it is the sum of its cases. */
static enum err compare_units(struct cx *cx, struct tally *t, struct str *finding)
{
    struct now_row *rows = NEW_N(cx->arena, struct now_row, UNITS_MAX);
    size_t n;
    TRY(statistic_store_now_of_units(cx, rows, UNITS_MAX, &n));
    for (size_t i = 0; i < n; i++) {
        size_t at = unit_at(t, rows[i].unit);
        if (at < t->units)
            t->n[at][rows[i].standing] -= rows[i].n;
        else
            *finding = S("a unit has counts and no case");
    }
    for (size_t i = 0; i < t->units && finding->n == 0; i++)
        for (int s = 0; s <= STANDING_REFUSED; s++)
            if (t->n[i][s])
                *finding = str_fmt(cx->arena, "unit %lld, standing %d: %lld cases are not counted",
                                   (long long)t->unit[i], s, (long long)t->n[i][s]);
    return OK;
}

enum err statistic_check(struct cx *cx, struct str *finding)
{
    TRY(statistic_store_contradiction(cx, finding));
    if (finding->n)
        return OK;
    struct tally *t = NEW(cx->arena, struct tally);
    TRY(compare_cases(cx, t, finding));
    return finding->n ? OK : compare_units(cx, t, finding);
}
