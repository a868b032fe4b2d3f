/* org_unit_pages.c - agencies for anybody: who is where, what is below, what became of one. */
#include "json/json.h"
#include "look/look.h"
#include "org_pages.h"
#include "org_store.h"
#include "org_views.h"

#define BELOW_MAX 300
#define STEPS_MAX 100

static struct look_link link_to(struct cx *cx, const struct org_unit *u)
{
    int64_t today = day_of(cx->now);
    bool ended = u->valid_to && u->valid_to < today;
    struct str path = str_fmt(cx->arena, "/co-quan/%.*s", F(u->code));
    return (struct look_link){.label = u->name,
                              .href = ended ? str_fmt(cx->arena, "%.*s?ngay=%.*s", F(path),
                                                      F(date_iso(cx->arena, u->valid_to)))
                                            : path};
}

/* The unit that has the code that day, else the last that had it. */
static enum err unit_asked(struct cx *cx, struct web_req *rq, int64_t day, struct org_unit *u)
{
    enum err e = org_store_unit_of_code(cx, web_path(rq, "ma"), day, u);
    return e == ERR_NOT_FOUND
               ? fail(cx, e, T("Không có cơ quan nào mang mã này. Tìm theo tên ở trang Cơ quan."))
               : e;
}

/* Its name as on that day. */
static void name_on(int64_t day, const struct org_unit_change *c, size_t n, struct org_unit *u)
{
    for (size_t i = n; i-- > 0;)
        if (str_eq(c[i].kind, S("doi_ten")) && c[i].on_day > day) {
            u->name = c[i].was_name;
            u->short_name = c[i].was_short;
        }
}

static struct str how(struct cx *cx, const struct org_unit_change *c, bool later)
{
    if (str_eq(c->kind, S("doi_ten")))
        return tr(cx, S(T("đổi tên, trước là")));
    if (str_eq(c->kind, S("giai_the")))
        return later ? tr(cx, S(T("giải thể, việc đang làm chuyển cho")))
                     : tr(cx, S(T("nhận việc đang làm của")));
    if (str_eq(c->kind, S("chia")))
        return later ? tr(cx, S(T("chia, một phần là"))) : tr(cx, S(T("tách ra từ")));
    return later ? tr(cx, S(T("nhập vào"))) : tr(cx, S(T("gồm")));
}

static struct org_step_view step_of(struct cx *cx, const struct org_unit_change *c, bool later)
{
    const struct org_unit *other = later ? &c->to : &c->from;
    struct org_step_view v = {
        .day = date_vi(cx->arena, c->on_day), .how = how(cx, c, later), .basis = c->basis};
    struct look_link l = link_to(cx, other);
    v.name = c->was_name.n ? c->was_name : l.label;
    v.href = c->was_name.n ? S("") : l.href;
    return v;
}

static void set_steps(struct cx *cx, const struct org_unit *u, const struct org_unit_change *c,
                      size_t n, struct org_unit_view *v)
{
    struct org_step_view *came = NEW_N(cx->arena, struct org_step_view, n),
                         *went = NEW_N(cx->arena, struct org_step_view, n);
    for (size_t i = 0; i < n; i++) {
        bool later = c[i].from.id == u->id && c[i].to.id != u->id;
        *(later ? &went[v->went_n++] : &came[v->came_n++]) = step_of(cx, &c[i], later);
    }
    v->came = came;
    v->went = went;
}

static enum err set_below(struct cx *cx, int64_t parent, struct org_unit_view *v)
{
    struct org_unit *below = NEW_N(cx->arena, struct org_unit, BELOW_MAX);
    size_t n;
    TRY(parent ? org_children(cx, parent, below, BELOW_MAX, &n)
               : org_store_roots(cx, below, BELOW_MAX, &n));
    struct look_link *links = NEW_N(cx->arena, struct look_link, n);
    for (size_t i = 0; i < n; i++)
        links[i] = link_to(cx, &below[i]);
    v->below = links;
    v->below_n = n;
    return OK;
}

static enum err set_facts(struct cx *cx, const struct org_unit *u, struct org_unit_view *v)
{
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 7);
    size_t n = 0;
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Mã"))), .value = u->code};
    if (u->address.n)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Địa chỉ"))), .value = u->address};
    if (u->phone.n)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Điện thoại"))), .value = u->phone};
    if (u->email.n)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Thư điện tử"))), .value = u->email};
    if (u->area) {
        struct org_area a;
        TRY(org_area_find(cx, u->area, &a));
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Địa bàn"))), .value = a.name};
    }
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Từ ngày"))),
                                  .value = date_vi(cx->arena, u->valid_from)};
    if (u->valid_to)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Đến ngày"))),
                                      .value = date_vi(cx->arena, u->valid_to)};
    v->facts =
        (struct look_facts_view){.title = tr(cx, S(T("Liên hệ"))), .rows = rows, .rows_n = n};
    return OK;
}

enum err org_show_units(struct cx *cx, struct web_req *, struct web_res *rs)
{
    struct org_unit_view v = {.top = true, .name = tr(cx, S(T("Cơ quan")))};
    TRY(set_below(cx, 0, &v));
    org_unit_html(&rs->body, &v);
    return OK;
}

enum err org_show_unit(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct org_unit u, above, heir;
    struct org_unit_change *c = NEW_N(cx->arena, struct org_unit_change, STEPS_MAX);
    struct org_unit_view v = {0};
    int64_t day;
    size_t n;
    if (org_day_asked(cx, rq, &day) != OK)
        day = day_of(cx->now);
    TRY(unit_asked(cx, rq, day, &u));
    TRY(org_unit_changes(cx, u.id, c, STEPS_MAX, &n));
    TRY(org_unit_heir(cx, u.id, &heir));
    name_on(day, c, n, &u);
    v.name = u.name;
    v.ended = heir.id != u.id;
    v.heir = link_to(cx, &heir);
    if (u.parent) {
        TRY(org_unit_find(cx, u.parent, &above));
        v.above = link_to(cx, &above);
    }
    set_steps(cx, &u, c, n, &v);
    TRY(set_facts(cx, &u, &v));
    TRY(set_below(cx, u.id, &v));
    rs->title = u.name;
    org_unit_html(&rs->body, &v);
    return OK;
}

/* ---- the same as JSON ---- */

static void put_unit(struct cx *cx, struct json_out *o, const struct org_unit *u)
{
    json_str(o, S("code"), u->code);
    json_str(o, S("name"), u->name);
    json_str(o, S("short_name"), u->short_name);
    json_str(o, S("kind"), u->kind);
    json_str(o, S("valid_from"), date_iso(cx->arena, u->valid_from));
    if (u->valid_to)
        json_str(o, S("valid_to"), date_iso(cx->arena, u->valid_to));
}

static void put_changes(struct cx *cx, struct json_out *o, const struct org_unit_change *c,
                        size_t n)
{
    json_key(o, S("changes"));
    json_open_array(o);
    for (size_t i = 0; i < n; i++) {
        json_open_object(o);
        json_str(o, S("on"), date_iso(cx->arena, c[i].on_day));
        json_str(o, S("kind"), c[i].kind);
        json_str(o, S("from_code"), c[i].from.code);
        json_str(o, S("from_name"), c[i].was_name.n ? c[i].was_name : c[i].from.name);
        json_str(o, S("to_code"), c[i].to.code);
        json_str(o, S("to_name"), c[i].to.name);
        json_flag(o, S("takes_over"), c[i].takes_over);
        json_str(o, S("legal_basis"), c[i].basis);
        json_close_object(o);
    }
    json_close_array(o);
}

enum err org_api_unit(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct org_unit u, heir, above = {0};
    struct org_unit_change *c = NEW_N(cx->arena, struct org_unit_change, STEPS_MAX);
    struct buf b;
    int64_t day;
    size_t n;
    TRY(org_day_asked(cx, rq, &day));
    TRY(unit_asked(cx, rq, day, &u));
    TRY(org_unit_changes(cx, u.id, c, STEPS_MAX, &n));
    TRY(org_unit_heir(cx, u.id, &heir));
    if (u.parent)
        TRY(org_unit_find(cx, u.parent, &above));
    name_on(day, c, n, &u);
    struct json_out o = web_json_begin(cx, &b, (size_t)256 << 10);
    json_str(&o, S("day"), date_iso(cx->arena, day));
    put_unit(cx, &o, &u);
    json_str(&o, S("parent"), above.code);
    json_str(&o, S("heir"), heir.code);
    put_changes(cx, &o, c, n);
    return web_json_end(cx, &o, rs);
}

/* clang-format off */
const struct web_schema org_schema_unit = {"Unit", false, (const struct web_field[]){
    {"day",        "string", "ngày được hỏi", true},
    {"code",       "string", "mã định danh cơ quan", true},
    {"name",       "string", "tên theo ngày được hỏi", true},
    {"short_name", "string", "tên ngắn", true},
    {"kind",       "string", "loại cơ quan", true},
    {"valid_from", "string", "ngày đầu", true},
    {"valid_to",   "string", "ngày cuối; không có: đang hoạt động", false},
    {"parent",     "string", "mã cơ quan cấp trên; rỗng: không có", true},
    {"heir",       "string", "mã cơ quan nay giữ việc của nó", true},
    {"changes",    "array",  "từ đâu mà có, đã thành gì, căn cứ", true}, {0}}};
/* clang-format on */
