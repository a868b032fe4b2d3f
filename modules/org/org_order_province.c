/* org_order_province.c - a province that ends by a merger: its communes keep code and name and go
 * to the heir; whoever works there hears that the area lies elsewhere, one commune a job. */
#include "org_order.h"

#include "job/job.h"
#include "journal/journal.h"
#include "json/json.h"
#include "org_store.h"

#define COMMUNES_MAX 1000
#define UNITS_MAX 200

/* What ended before stays in the old province: that is what was. */
enum err org_order_move_communes(struct cx *cx, const struct org_area *from,
                                 const struct org_area *to)
{
    struct org_area *all = NEW_N(cx->arena, struct org_area, COMMUNES_MAX);
    size_t n;
    TRY(org_store_areas_below(cx, from->id, all, COMMUNES_MAX, &n));
    if (n == COMMUNES_MAX)
        return fail(cx, ERR_LIMIT, T("%.*s có quá nhiều xã, phường để chuyển một lần."),
                    F(from->name));
    TRY(org_store_areas_move(cx, from, to));
    for (size_t i = 0; i < n; i++) {
        const struct str id = str_fmt(cx->arena, "%lld", (long long)all[i].id);
        TRY(journal_write(cx, &(struct event){.kind = S("org.area.moved"),
                                              .subject_kind = S("org.area"),
                                              .subject_id = all[i].id,
                                              .subject_code = all[i].code}));
        TRY(job_add(cx, "org.area_moved", id, S(""), str_fmt(cx->arena, "{\"area\":%.*s}", F(id)),
                    0));
    }
    return OK;
}

/* The units of one commune have another path of areas: who keeps it beside dossiers follows. */
static enum err after_moved(struct cx *cx, const struct job *j, enum err, void *)
{
    const struct json *v;
    struct json_error bad;
    struct org_unit *there = NEW_N(cx->arena, struct org_unit, UNITS_MAX);
    size_t n;
    if (json_read(cx->arena, j->payload, &v, &bad) != OK)
        return fail(cx, ERR_IO, "job %lld: %s", (long long)j->id, bad.what);
    TRY(org_store_units_of_area(cx, json_int(json_get(v, S("area")), 0), there, UNITS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        TRY(journal_write(cx, &(struct event){.kind = S("org.unit.moved"),
                                              .subject_kind = S("org.unit"),
                                              .subject_id = there[i].id,
                                              .subject_code = there[i].code,
                                              .unit = there[i].id}));
    return OK;
}

const struct job_kind org_area_moved_job = {.name = "org.area_moved",
                                            .title = "Báo cơ quan của xã, phường đã sang tỉnh khác",
                                            .after = after_moved};
