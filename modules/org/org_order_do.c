/* org_order_do.c - carries out a decision: ends, begins, renames, and says who takes over. */
#include "org_order.h"

#include "journal/journal.h"
#include "org_store.h"

#define CHILDREN_MAX 200
#define DEPTH_MAX 6 /* of agencies below one that ends */

static const char *kind_of_act(enum org_act act)
{
    return act == ORG_MERGE ? "nhap" : act == ORG_SPLIT ? "chia" : "giai_the";
}

static enum err tell(struct cx *cx, const char *kind, const struct org_unit *u)
{
    return journal_write(cx, &(struct event){.kind = str_c(kind),
                                             .subject_kind = S("org.unit"),
                                             .subject_id = u->id,
                                             .subject_code = u->code,
                                             .unit = u->id});
}

/* ---- units ---- */

static enum err end_unit(struct cx *cx, const struct org_order *o, const struct org_unit *u,
                         const struct org_unit *heir, int depth);

/* Everybody below has another path from here on. */
static enum err move_unit(struct cx *cx, const struct org_unit *u, const struct org_unit *to)
{
    struct org_unit moved, *all = NEW_N(cx->arena, struct org_unit, CHILDREN_MAX);
    size_t n;
    TRY(org_store_unit_move(cx, u, to));
    TRY(org_store_unit(cx, u->id, &moved));
    TRY(org_store_units_below(cx, moved.path, all, CHILDREN_MAX, &n));
    if (n == CHILDREN_MAX)
        return fail(cx, ERR_LIMIT, T("%.*s có quá nhiều đơn vị bên trong."), F(u->name));
    for (size_t i = 0; i < n; i++)
        TRY(tell(cx, "org.unit.moved", &all[i]));
    return OK;
}

/* An agency with an area of its own, a commune's committee below a province's, joins nobody. */
static bool joins(const struct org_unit *below, const struct org_unit *there,
                  const struct org_unit *ends)
{
    return str_eq(there->kind, below->kind) && there->id != ends->id &&
           (below->area == 0 || below->area == ends->area);
}

/* Its agencies go to the agency of the same kind at the heir; where there is none the agency
 * itself goes there, with its name and code, until another decision renames it. */
static enum err end_children(struct cx *cx, const struct org_order *o, const struct org_unit *u,
                             const struct org_unit *heir, int depth)
{
    struct org_unit *below = NEW_N(cx->arena, struct org_unit, CHILDREN_MAX),
                    *there = NEW_N(cx->arena, struct org_unit, CHILDREN_MAX);
    size_t below_n, there_n;
    if (depth == DEPTH_MAX)
        return fail(cx, ERR_LIMIT, T("Cây đơn vị dưới %.*s sâu quá."), F(u->name));
    TRY(org_store_children(cx, u->id, below, CHILDREN_MAX, &below_n));
    TRY(org_store_children(cx, heir->id, there, CHILDREN_MAX, &there_n));
    for (size_t i = 0; i < below_n; i++) {
        const struct org_unit *same = NULL;
        for (size_t k = 0; k < there_n && !same; k++)
            if (joins(&below[i], &there[k], u))
                same = &there[k];
        if (below[i].id == heir->id)
            continue;
        if (same) {
            TRY(end_unit(cx, o, &below[i], same, depth + 1));
            continue;
        }
        TRY(move_unit(cx, &below[i], heir));
        if (there_n < CHILDREN_MAX)
            there[there_n++] = below[i];
    }
    return OK;
}

static enum err end_unit(struct cx *cx, const struct org_order *o, const struct org_unit *u,
                         const struct org_unit *heir, int depth)
{
    TRY(end_children(cx, o, u, heir, depth));
    TRY(org_store_unit_end(cx, u->id, o->on_day - 1));
    const struct org_unit_change c = {.on_day = o->on_day,
                                      .kind = str_c(kind_of_act(o->act)),
                                      .takes_over = true,
                                      .basis = o->basis,
                                      .from = *u,
                                      .to = *heir};
    TRY(org_store_unit_change_add(cx, &c, o->id));
    return tell(cx, "org.unit.ended", u);
}

/* A new one stands where the first of the old ones stood. */
static enum err make_unit(struct cx *cx, const struct org_order *o, const struct org_into *i,
                          const struct org_unit *like, struct org_unit *u)
{
    int64_t area = u->area ? u->area : like->area;
    *u = (struct org_unit){
        .parent = like->parent,
        .area = area,
        .code = i->code,
        .dossier_code = i->code,
        .kind = like->kind,
        .name = i->name,
        .short_name = i->short_name.n ? i->short_name : i->name,
        .address = like->address,
        .phone = like->phone,
        .email = like->email,
        .valid_from = o->on_day,
    };
    TRY(org_store_unit_add(cx, u));
    return tell(cx, "org.unit.added", u);
}

static enum err make_new(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    for (size_t i = 0; i < o->into_n; i++)
        if (p->into[i].id == 0)
            TRY(make_unit(cx, o, &o->into[i], &p->from[0], &p->into[i]));
    return OK;
}

static enum err merge(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    TRY(make_new(cx, o, p));
    for (size_t i = 0; i < o->from_n; i++)
        if (p->from[i].id != p->into[0].id)
            TRY(end_unit(cx, o, &p->from[i], &p->into[0], 0));
    return OK;
}

/* Who takes the running work over comes last: end_unit writes that row. */
static enum err split(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    size_t taker = 0;
    bool stays = false;
    TRY(make_new(cx, o, p));
    for (size_t i = 0; i < o->into_n; i++) {
        if (str_eq(o->into[i].code, o->takes_over))
            taker = i;
        stays = stays || p->into[i].id == p->from[0].id;
    }
    for (size_t i = 0; i < o->into_n; i++) {
        const struct org_unit_change c = {.on_day = o->on_day,
                                          .kind = S("chia"),
                                          .basis = o->basis,
                                          .from = p->from[0],
                                          .to = p->into[i]};
        if (p->into[i].id != p->from[0].id && (stays || i != taker))
            TRY(org_store_unit_change_add(cx, &c, o->id));
    }
    return stays ? OK : end_unit(cx, o, &p->from[0], &p->into[taker], 0);
}

static enum err rename_unit(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    struct org_unit u = p->from[0];
    const struct org_unit_change c = {.on_day = o->on_day,
                                      .kind = S("doi_ten"),
                                      .was_name = u.name,
                                      .was_short = u.short_name,
                                      .basis = o->basis,
                                      .from = u,
                                      .to = u};
    TRY(org_store_unit_change_add(cx, &c, o->id));
    u.name = o->into[0].name;
    u.short_name = o->into[0].short_name.n ? o->into[0].short_name : o->into[0].name;
    TRY(org_store_unit_update(cx, &u));
    return tell(cx, "org.unit.renamed", &u);
}

enum err org_order_do_units(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    switch (o->act) {
    case ORG_MERGE:
        return merge(cx, o, p);
    case ORG_SPLIT:
        return split(cx, o, p);
    case ORG_RENAME:
        return rename_unit(cx, o, p);
    case ORG_DISSOLVE:
        return end_unit(cx, o, &p->from[0], &p->takes, 0);
    }
    MUST_NOT_HAPPEN("an act is one of four");
}

/* ---- areas ---- */

static enum err tell_area(struct cx *cx, const char *kind, const struct org_area *a)
{
    return journal_write(cx, &(struct event){.kind = str_c(kind),
                                             .subject_kind = S("org.area"),
                                             .subject_id = a->id,
                                             .subject_code = a->code});
}

/* Agencies that stay while their area is another: they work in the heir. */
static enum err units_follow(struct cx *cx, const struct org_area *a, const struct org_area *heir)
{
    struct org_unit *there = NEW_N(cx->arena, struct org_unit, CHILDREN_MAX);
    size_t n;
    TRY(org_store_units_of_area(cx, a->id, there, CHILDREN_MAX, &n));
    if (n == CHILDREN_MAX)
        return fail(cx, ERR_LIMIT, T("%.*s có quá nhiều cơ quan để chuyển một lần."), F(a->name));
    for (size_t i = 0; i < n; i++) {
        TRY(org_store_unit_area(cx, there[i].id, heir->id));
        TRY(tell(cx, "org.unit.moved", &there[i]));
    }
    return OK;
}

static enum err make_areas(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    for (size_t i = 0; i < o->into_n; i++) {
        struct org_area *a = &p->into_area[i];
        struct str rest;
        if (a->id)
            continue;
        *a = (struct org_area){
            .parent = p->from_area[0].parent,
            .code = o->into[i].code,
            .name = o->into[i].name,
            .valid_from = o->on_day,
        };
        a->kind = str_c(org_kind_of_name(text_fold(cx->arena, a->name), &rest));
        TRY(org_store_area_add(cx, a));
        TRY(tell_area(cx, "org.area.added", a));
    }
    return OK;
}

static enum err end_area(struct cx *cx, const struct org_order *o, const struct org_area *a)
{
    struct org_area ended = *a;
    ended.valid_to = o->on_day - 1;
    TRY(org_store_area_update(cx, &ended));
    return tell_area(cx, "org.area.ended", a);
}

static enum err regroup(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    TRY(make_areas(cx, o, p));
    for (size_t i = 0; i < o->from_n; i++) {
        const struct org_area *from = &p->from_area[i];
        bool stays = false;
        for (size_t k = 0; k < o->into_n; k++) {
            const struct org_area *to = &p->into_area[k];
            stays = stays || to->id == from->id;
            if (to->id != from->id)
                TRY(org_store_change_add(cx, from->id, to->id, o->on_day,
                                         str_c(kind_of_act(o->act)), o->basis));
        }
        if (stays)
            continue;
        TRY(units_follow(cx, from, &p->into_area[0]));
        if (o->act == ORG_MERGE)
            TRY(org_order_move_communes(cx, from, &p->into_area[0]));
        TRY(end_area(cx, o, from));
    }
    return OK;
}

static enum err rename_area(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    struct org_area a = p->from_area[0];
    struct str rest;
    bool added;
    const struct org_change c = {.on_day = o->on_day,
                                 .kind = S("doi_ten"),
                                 .was_code = S(""),
                                 .was_kind = a.kind,
                                 .was_name = a.name,
                                 .basis = o->basis,
                                 .from = a};
    TRY(org_store_rename_note(cx, &c, &added));
    if (!added)
        return fail_field(cx, ERR_CONFLICT, S("ngay"),
                          T("Đã có một lần đổi tên trong ngày ấy. Chọn ngày khác."));
    a.name = o->into[0].name;
    const char *kind = org_kind_of_name(text_fold(cx->arena, a.name), &rest);
    a.kind = *kind ? str_c(kind) : a.kind;
    TRY(org_store_area_update(cx, &a));
    return tell_area(cx, "org.area.renamed", &a);
}

enum err org_order_do_areas(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    switch (o->act) {
    case ORG_MERGE:
    case ORG_SPLIT:
        return regroup(cx, o, p);
    case ORG_RENAME:
        return rename_area(cx, o, p);
    case ORG_DISSOLVE:
        TRY(org_store_change_add(cx, p->from_area[0].id, 0, o->on_day, S("giai_the"), o->basis));
        return end_area(cx, o, &p->from_area[0]);
    }
    MUST_NOT_HAPPEN("an act is one of four");
}
