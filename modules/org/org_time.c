/* org_time.c - what areas became, what they came from, and what stood where on a day. */
#include "org_inside.h"
#include "org_store.h"

#define STEPS_MAX 400 /* of one area: the largest merger took some 30 communes */

/* ---- names without their kind ---- */

static const struct {
    const char *folded, *kind;
} kinds[] = {
    {"thanh pho ", "thanh_pho"}, {"thi tran ", "thi_tran"}, {"dac khu ", "dac_khu"},
    {"phuong ", "phuong"},       {"tinh ", "tinh"},         {"xa ", "xa"},
};

const char *org_kind_of_name(struct str folded, struct str *rest)
{
    *rest = folded;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(folded, str_c(kinds[i].folded))) {
            *rest = str_from(folded, strlen(kinds[i].folded));
            return kinds[i].kind;
        }
    return "";
}

struct str org_bare_name(struct cx *cx, struct str name)
{
    struct str rest;
    org_kind_of_name(text_fold(cx->arena, name), &rest);
    return rest;
}

/* ---- steps ---- */

enum err org_area_changes(struct cx *cx, int64_t id, struct org_change *out, size_t max, size_t *n)
{
    struct org_area self;
    size_t came, went;
    TRY(org_store_area(cx, id, &self));
    TRY(org_store_changes_to(cx, id, out, max, &came));
    for (size_t i = 0; i < came; i++)
        out[i].to = self;
    TRY(org_store_changes_from(cx, id, out + came, max - came, &went));
    for (size_t i = came; i < came + went; i++)
        out[i].from = self;
    *n = came + went;
    return OK;
}

static bool is_same(const struct org_change *c)
{
    return c->from.id == c->to.id;
}

enum err org_area_as_on(struct cx *cx, int64_t day, struct org_area *a)
{
    struct org_change *steps = NEW_N(cx->arena, struct org_change, 32);
    size_t n;
    TRY(org_store_changes_from(cx, a->id, steps, 32, &n));
    for (size_t i = n; i-- > 0;) { /* backwards from how it stands now */
        if (!is_same(&steps[i]) || steps[i].on_day <= day)
            continue;
        a->name = steps[i].was_name.n ? steps[i].was_name : a->name;
        a->kind = steps[i].was_kind.n ? steps[i].was_kind : a->kind;
        a->code = steps[i].was_code.n ? steps[i].was_code : a->code;
    }
    return OK;
}

/* ---- what stood where ---- */

static bool stands(const struct org_area *a, int64_t day)
{
    return a->valid_from <= day && (a->valid_to == 0 || a->valid_to >= day);
}

struct walk {
    int64_t day;
    struct place {
        struct org_area area;
        bool whole;
    } seen[ORG_STEADS_MAX * 2];
    size_t n;
    struct org_change *steps;
};

static void reach(struct walk *w, const struct org_area *a, bool whole)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->seen[i].area.id == a->id) {
            w->seen[i].whole = w->seen[i].whole || whole;
            return;
        }
    if (w->n < sizeof w->seen / sizeof *w->seen)
        w->seen[w->n++] = (struct place){*a, whole};
}

static enum err step_on(struct cx *cx, struct walk *w, const struct place *from, bool later)
{
    size_t n;
    TRY(later ? org_store_changes_from(cx, from->area.id, w->steps, STEPS_MAX, &n)
              : org_store_changes_to(cx, from->area.id, w->steps, STEPS_MAX, &n));
    for (size_t i = 0; i < n; i++) {
        const struct org_change *c = &w->steps[i];
        const struct org_area *next = later ? &c->to : &c->from;
        if (next->id && !is_same(c))
            reach(w, next, from->whole && str_eq(c->kind, S("nhap")));
    }
    return OK;
}

enum err org_area_on(struct cx *cx, int64_t id, int64_t day, struct org_stead *out, size_t max,
                     size_t *n)
{
    struct org_area start;
    struct walk *w = NEW(cx->arena, struct walk);
    *n = 0;
    TRY(org_store_area(cx, id, &start));
    w->steps = NEW_N(cx->arena, struct org_change, STEPS_MAX);
    reach(w, &start, true);
    for (size_t i = 0; i < w->n; i++) {
        struct place p = w->seen[i];
        if (!stands(&p.area, day)) {
            TRY(step_on(cx, w, &p, day > p.area.valid_from));
            continue;
        }
        if (*n == max)
            break;
        TRY(org_area_as_on(cx, day, &p.area));
        out[(*n)++] = (struct org_stead){p.area, p.whole};
    }
    return OK;
}

/* ---- by code, and inside ---- */

/* A code may have been another place's: whoever has it that day comes before who had it last. */
enum err org_area_of_code(struct cx *cx, struct str code, int64_t day, struct org_area *out)
{
    struct org_area renamed;
    enum err e = org_store_area_of_code(cx, code, day, out);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND || !stands(out, day)) {
        enum err other = org_store_area_of_old_code(cx, code, day, &renamed);
        if (other != OK && other != ERR_NOT_FOUND)
            return other;
        if (other == OK && (e == ERR_NOT_FOUND || stands(&renamed, day))) {
            *out = renamed;
            e = OK;
        }
    }
    if (e == ERR_NOT_FOUND)
        return fail(cx, e, T("Không có địa bàn mang mã này."));
    return org_area_as_on(cx, day, out);
}

enum err org_areas_on(struct cx *cx, int64_t parent, int64_t day, struct str after,
                      struct org_area *out, size_t max, size_t *n)
{
    return org_store_areas_on(cx, parent, day, after, out, max, n);
}
