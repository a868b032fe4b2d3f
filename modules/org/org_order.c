/* org_order.c - decisions: entered, done when their day has come, listed, cancelled. */
#include "org_order.h"

#include "job/job.h"
#include "journal/journal.h"
#include "json/json.h"
#include "org_store.h"

/* ---- a decision as stored ---- */

static struct str detail_of(struct cx *cx, const struct org_order *o)
{
    struct buf b = {.arena = cx->arena, .limit = (size_t)64 << 10};
    struct json_out j = {.to = &b};
    json_open_object(&j);
    json_key(&j, S("from"));
    json_open_array(&j);
    for (size_t i = 0; i < o->from_n; i++)
        json_put_str(&j, o->from[i]);
    json_close_array(&j);
    json_key(&j, S("into"));
    json_open_array(&j);
    for (size_t i = 0; i < o->into_n; i++) {
        json_open_object(&j);
        json_str(&j, S("code"), o->into[i].code);
        json_str(&j, S("name"), o->into[i].name);
        json_str(&j, S("short_name"), o->into[i].short_name);
        json_str(&j, S("area"), o->into[i].area);
        json_close_object(&j);
    }
    json_close_array(&j);
    json_str(&j, S("takes_over"), o->takes_over);
    json_close_object(&j);
    MUST(!b.full);
    return buf_str(&b);
}

static enum err read_detail(struct cx *cx, struct str detail, struct org_order *o)
{
    const struct json *v;
    struct json_error bad;
    if (json_read(cx->arena, detail, &v, &bad) != OK)
        return fail(cx, ERR_IO, "org_order %lld: %s", (long long)o->id, bad.what);
    const struct json *from = json_get(v, S("from")), *into = json_get(v, S("into"));
    for (; o->from_n < from->n && o->from_n < ORG_ORDER_MAX; o->from_n++)
        o->from[o->from_n] = json_text(json_at(from, o->from_n));
    for (; o->into_n < into->n && o->into_n < ORG_ORDER_MAX; o->into_n++) {
        const struct json *one = json_at(into, o->into_n);
        o->into[o->into_n] = (struct org_into){
            .code = json_text(json_get(one, S("code"))),
            .name = json_text(json_get(one, S("name"))),
            .short_name = json_text(json_get(one, S("short_name"))),
            .area = json_text(json_get(one, S("area"))),
        };
    }
    o->takes_over = json_text(json_get(v, S("takes_over")));
    return OK;
}

static enum err list(struct cx *cx, int64_t id, int64_t before, struct org_order *out, size_t max,
                     size_t *n)
{
    struct str *details = NEW_N(cx->arena, struct str, max);
    TRY(org_store_orders(cx, id, before, out, details, max, n));
    for (size_t i = 0; i < *n; i++)
        TRY(read_detail(cx, details[i], &out[i]));
    return OK;
}

enum err org_orders(struct cx *cx, int64_t before, struct org_order *out, size_t max, size_t *n)
{
    return list(cx, 0, before, out, max, n);
}

enum err org_order_find(struct cx *cx, int64_t id, struct org_order *out)
{
    size_t n = 0;
    if (id > 0)
        TRY(list(cx, id, 0, out, 1, &n));
    return n ? OK
             : fail(cx, ERR_NOT_FOUND,
                    T("Không có quyết định sắp xếp này. Chọn ở trang Quyết định sắp xếp."));
}

/* ---- entering and doing ---- */

static enum err note(struct cx *cx, const struct org_order *o, const char *kind)
{
    return journal_write(cx, &(struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = S("org.order"),
                                 .subject_id = o->id,
                                 .subject_code = str_fmt(cx->arena, "%lld", (long long)o->id),
                                 .payload = detail_of(cx, o),
                             });
}

static enum err carry_out(struct cx *cx, struct org_order *o, struct org_parties *p)
{
    TRY(o->of_areas ? org_order_do_areas(cx, o, p) : org_order_do_units(cx, o, p));
    TRY(org_store_order_state(cx, o, S("xong"), S("")));
    o->state = S("xong");
    return note(cx, o, "org.order.done");
}

enum err org_order_check(struct cx *cx, const struct org_order *o)
{
    return org_parties(cx, o, NEW(cx->arena, struct org_parties));
}

static int64_t first_moment(int64_t day)
{
    struct civil c = {0};
    civil_from_day(day, &c.year, &c.month, &c.day);
    return civil_ms(&c);
}

enum err org_order_make(struct cx *cx, struct org_order *o)
{
    struct org_parties *p = NEW(cx->arena, struct org_parties);
    TRY(org_parties(cx, o, p));
    struct str place = o->of_areas ? cx->actor->unit_path : p->from[0].path;
    TRY(org_store_order_add(cx, o, place.n ? place : S("/"), detail_of(cx, o)));
    o->state = S("cho");
    TRY(note(cx, o, "org.order.made"));
    if (o->on_day <= day_of(cx->now))
        return carry_out(cx, o, p);
    return job_add(cx, "org.order", str_fmt(cx->arena, "%lld", (long long)o->id), S("org.order"),
                   str_fmt(cx->arena, "{\"order\":%lld}", (long long)o->id),
                   first_moment(o->on_day));
}

enum err org_order_cancel(struct cx *cx, const struct org_order *o, struct str why)
{
    TRY(org_store_order_state(cx, o, S("huy"), why));
    TRY(job_cancel(cx, "org.order", str_fmt(cx->arena, "%lld", (long long)o->id)));
    return note(cx, o, "org.order.cancelled");
}

/* ---- the day has come ---- */

/* What cannot be done any more, because things changed meanwhile, is cancelled and says why; the
 * administrator enters it anew. */
static enum err after_order(struct cx *cx, const struct job *j, enum err, void *)
{
    const struct json *v;
    struct json_error bad;
    struct org_order *o = NEW(cx->arena, struct org_order);
    struct org_parties *p = NEW(cx->arena, struct org_parties);
    if (json_read(cx->arena, j->payload, &v, &bad) != OK)
        return fail(cx, ERR_IO, "job %lld: %s", (long long)j->id, bad.what);
    TRY(org_order_find(cx, json_int(json_get(v, S("order")), 0), o));
    if (!str_eq(o->state, S("cho")))
        return OK;
    enum err e = org_parties(cx, o, p);
    if (e == OK)
        return carry_out(cx, o, p);
    if (e >= ERR_LIMIT)
        return e;
    TRY(org_store_order_state(cx, o, S("huy"), text_cut(cx->arena, cx->why, 300)));
    return note(cx, o, "org.order.cancelled");
}

const struct job_kind org_order_job = {
    .name = "org.order", .title = "Thực hiện quyết định sắp xếp đến ngày", .after = after_order};
