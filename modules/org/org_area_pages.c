/* org_area_pages.c - where an old address lies now; one area through time. */
#include "look/look.h"
#include "org_pages.h"
#include "org_views.h"

#define FOUND_MAX 30
#define STEPS_MAX 400
#define INSIDE_A_PAGE 120

/* ---- the day ---- */

static bool three_boxes(struct web_req *rq, struct str *iso, struct arena *a)
{
    int64_t d, m, y;
    struct str day = web_query(rq, "ngay-ngay"), month = web_query(rq, "ngay-thang"),
               year = web_query(rq, "ngay-nam");
    if (day.n + month.n + year.n == 0)
        return false;
    *iso = S("-");
    if (str_int(day, &d) && str_int(month, &m) && str_int(year, &y) && d > 0 && d < 32 && m > 0 &&
        m < 13 && y > 0 && y < 10000)
        *iso = str_fmt(a, "%04d-%02d-%02d", (int)y, (int)m, (int)d);
    return true;
}

enum err org_day_asked(struct cx *cx, struct web_req *rq, int64_t *day)
{
    struct str typed = web_query(rq, "ngay"), iso = typed;
    *day = day_of(cx->now);
    if (typed.n == 0 && !three_boxes(rq, &iso, cx->arena))
        return OK;
    if (date_parse(iso, day))
        return OK;
    return fail_field(cx, ERR_INVALID, S("ngay"),
                      T("Ngày phải có thật, ví dụ 30 tháng 6 năm 2025 (2025-06-30)."));
}

/* A page says what is wrong and shows today; only JSON answers 422. */
static struct look_errors_view day_or_today(struct cx *cx, struct web_req *rq, int64_t *day)
{
    if (org_day_asked(cx, rq, day) == OK)
        return (struct look_errors_view){0};
    struct look_error_item *item = NEW(cx->arena, struct look_error_item);
    *item = (struct look_error_item){S("ngay"), cx->why};
    *day = day_of(cx->now);
    return (struct look_errors_view){item, 1};
}

/* ---- addresses ---- */

/* A code alone may be another place's: the day tells which. */
static struct str href_on(struct cx *cx, struct str base, const struct org_area *a, int64_t day)
{
    int64_t on = day < a->valid_from ? a->valid_from : day;
    if (a->valid_to && on > a->valid_to)
        on = a->valid_to;
    if (on == day_of(cx->now))
        return str_fmt(cx->arena, "%.*s/%.*s", F(base), F(a->code));
    return str_fmt(cx->arena, "%.*s/%.*s?ngay=%.*s", F(base), F(a->code),
                   F(date_iso(cx->arena, on)));
}

static struct look_link link_to(struct cx *cx, struct str base, const struct org_area *a,
                                int64_t day)
{
    return (struct look_link){.label = a->name, .href = href_on(cx, base, a, day)};
}

static struct org_found found_of(struct cx *cx, struct str base, const struct org_address *f,
                                 int64_t day)
{
    struct look_link *now = NEW_N(cx->arena, struct look_link, f->now_n);
    size_t n = 0;
    for (size_t i = 0; i < f->now_n; i++)
        if (f->now[i].area.id != f->named.id)
            now[n++] = link_to(cx, base, &f->now[i].area, day);
    struct org_found out = {
        .name = f->named.name,
        .href = href_on(cx, base, &f->named, day),
        .province = f->province,
        .now = now,
        .now_n = n,
        .lead = n > 1 ? tr(cx, S(T("đã chia, nay thuộc"))) : tr(cx, S(T("nay thuộc"))),
    };
    if (f->named.valid_to)
        out.ended = str_fmt(cx->arena, "%.*s %.*s", F(tr(cx, S(T("đến hết ngày")))),
                            F(date_vi(cx->arena, f->named.valid_to)));
    return out;
}

static enum err set_found(struct cx *cx, struct str words, int64_t day, struct org_areas_view *v)
{
    struct org_address *found = NEW_N(cx->arena, struct org_address, FOUND_MAX);
    size_t n;
    TRY(org_address_on(cx, words, day, found, FOUND_MAX, &n));
    struct org_found *rows = NEW_N(cx->arena, struct org_found, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = found_of(cx, v->base, &found[i], day);
    v->found = rows;
    v->found_n = n;
    return OK;
}

static enum err set_provinces(struct cx *cx, int64_t day, struct org_areas_view *v)
{
    struct org_area *all = NEW_N(cx->arena, struct org_area, 100);
    size_t n;
    TRY(org_areas_on(cx, 0, day, S(""), all, 100, &n));
    struct look_link *links = NEW_N(cx->arena, struct look_link, n);
    for (size_t i = 0; i < n; i++)
        links[i] = link_to(cx, v->base, &all[i], day);
    v->provinces = links;
    v->provinces_n = n;
    return OK;
}

static enum err draw_areas(struct cx *cx, struct web_req *rq, struct web_res *rs, struct str base,
                           bool officer)
{
    struct str words = str_trim(web_query(rq, "q"));
    int64_t day;
    struct org_areas_view v = {
        .officer = officer,
        .base = base,
        .words = words,
        .asked = words.n > 0,
        .search = {.action = base,
                   .name = S("q"),
                   .value = words,
                   .placeholder = S("xã Mai Pha, thành phố Lạng Sơn"),
                   .label = S("Tìm xã, phường theo địa chỉ"),
                   .button = S("Tìm"),
                   .size = S("l")},
        .empty = {S("Không thấy xã, phường nào"),
                  S("Thử chỉ gõ tên xã và tên tỉnh, ví dụ \"Mai Pha, Lạng Sơn\"."), S(""), S("")},
    };
    v.errors = day_or_today(cx, rq, &day);
    enum err e = v.asked ? set_found(cx, words, day, &v) : set_provinces(cx, day, &v);
    if (e == ERR_LIMIT) { /* a whole letter was pasted: said beside the box */
        struct look_error_item *item = NEW(cx->arena, struct look_error_item);
        *item = (struct look_error_item){S("q"), cx->why};
        v.errors = (struct look_errors_view){item, 1};
        e = OK;
    }
    TRY(e);
    org_areas_html(&rs->body, &v);
    return OK;
}

enum err org_show_areas(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_areas(cx, rq, rs, S("/dia-ban"), false);
}

enum err org_show_areas_officer(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_areas(cx, rq, rs, S("/tra-dia-ban"), true);
}

/* ---- one area ---- */

static struct str how_words(struct cx *cx, const struct org_change *c, bool later)
{
    if (str_eq(c->kind, S("doi_ten")))
        return tr(cx, S(T("đổi tên, trước là")));
    if (str_eq(c->kind, S("doi_ma")))
        return tr(cx, S(T("đổi mã, trước là")));
    if (str_eq(c->kind, S("giai_the")))
        return tr(cx, S(T("kết thúc, không đơn vị nào thay")));
    if (str_eq(c->kind, S("chia")))
        return later ? tr(cx, S(T("một phần nhập vào"))) : tr(cx, S(T("gồm một phần của")));
    return later ? tr(cx, S(T("nhập vào"))) : tr(cx, S(T("gồm")));
}

static struct org_step_view step_of(struct cx *cx, struct str base, const struct org_change *c,
                                    bool later)
{
    const struct org_area *other = later ? &c->to : &c->from;
    struct org_step_view v = {
        .day = date_vi(cx->arena, c->on_day), .how = how_words(cx, c, later), .basis = c->basis};
    if (c->was_name.n || c->was_code.n) {
        v.name = c->was_name;
        v.code = c->was_code;
        v.href = href_on(cx, base, &c->from, c->on_day - 1);
        v.name = v.name.n ? v.name : c->from.name;
    } else if (other->id) {
        v.name = other->name;
        v.code = other->code;
        v.href = href_on(cx, base, other, later ? c->on_day : c->on_day - 1);
    }
    return v;
}

static enum err set_steps(struct cx *cx, const struct org_area *a, struct org_area_view *v)
{
    struct org_change *all = NEW_N(cx->arena, struct org_change, STEPS_MAX);
    size_t n;
    TRY(org_area_changes(cx, a->id, all, STEPS_MAX, &n));
    struct org_step_view *came = NEW_N(cx->arena, struct org_step_view, n),
                         *went = NEW_N(cx->arena, struct org_step_view, n);
    for (size_t i = 0; i < n; i++) {
        bool later = all[i].from.id == a->id && all[i].to.id != a->id;
        struct org_step_view s = step_of(cx, v->base, &all[i], later);
        if (later)
            went[v->went_n++] = s;
        else
            came[v->came_n++] = s;
    }
    v->came = came;
    v->went = went;
    return OK;
}

static enum err set_standing(struct cx *cx, const struct org_area *a, int64_t day,
                             struct org_area_view *v)
{
    struct org_stead *on = NEW_N(cx->arena, struct org_stead, 60);
    size_t n;
    TRY(org_area_on(cx, a->id, day, on, 60, &n));
    struct look_link *links = NEW_N(cx->arena, struct look_link, n);
    for (size_t i = 0; i < n; i++)
        links[i] = link_to(cx, v->base, &on[i].area, day);
    v->standing = links;
    v->standing_n = n;
    return OK;
}

static enum err set_inside(struct cx *cx, struct web_req *rq, const struct org_area *a, int64_t day,
                           struct org_area_view *v)
{
    struct org_area *in = NEW_N(cx->arena, struct org_area, INSIDE_A_PAGE + 1);
    size_t n;
    TRY(org_areas_on(cx, a->id, day, web_query(rq, "sau"), in, INSIDE_A_PAGE + 1, &n));
    bool more = n > INSIDE_A_PAGE;
    n -= more;
    struct look_link *links = NEW_N(cx->arena, struct look_link, n);
    for (size_t i = 0; i < n; i++)
        links[i] = link_to(cx, v->base, &in[i], day);
    v->inside = links;
    v->inside_n = n;
    v->inside_count = tr_fmt(cx, T("%.*s xã, phường, đặc khu"), F(look_number(cx, (int64_t)n)));
    if (more) {
        v->inside_count = tr(cx, S(T("nhiều xã, phường")));
        v->inside_next = str_fmt(cx->arena, "%.*s/%.*s?ngay=%.*s&sau=%.*s", F(v->base), F(a->code),
                                 F(date_iso(cx->arena, day)), F(in[n - 1].code));
    }
    return OK;
}

static struct look_facts_view facts_of(struct cx *cx, const struct org_area *a)
{
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 3);
    rows[0] = (struct look_row){.key = tr(cx, S(T("Mã"))), .value = a->code};
    rows[1] = (struct look_row){.key = tr(cx, S(T("Từ ngày"))),
                                .value = a->valid_from ? date_vi(cx->arena, a->valid_from)
                                                       : tr(cx, S(T("trước 01/07/2025")))};
    rows[2] = (struct look_row){.key = tr(cx, S(T("Đến ngày"))),
                                .value = a->valid_to ? date_vi(cx->arena, a->valid_to)
                                                     : tr(cx, S(T("nay")))};
    return (struct look_facts_view){
        .title = tr(cx, S(T("Trong danh mục"))), .rows = rows, .rows_n = 3};
}

static struct look_field_view day_field(struct cx *cx, struct web_req *rq, int64_t day)
{
    int y, m, d;
    civil_from_day(day, &y, &m, &d);
    bool typed = web_query(rq, "ngay-ngay").n > 0;
    return (struct look_field_view){
        .kind = LOOK_DATE,
        .name = S("ngay"),
        .label = tr(cx, S(T("Xem theo ngày"))),
        .day = typed ? web_query(rq, "ngay-ngay") : str_fmt(cx->arena, "%02d", d),
        .month = typed ? web_query(rq, "ngay-thang") : str_fmt(cx->arena, "%02d", m),
        .year = typed ? web_query(rq, "ngay-nam") : str_fmt(cx->arena, "%d", y),
    };
}

static struct look_badge_view state_of(struct cx *cx, const struct org_area *a)
{
    if (a->valid_to)
        return (struct look_badge_view){
            S("warn"), S("clock"),
            tr_fmt(cx, T("Đến hết %.*s"), F(date_vi(cx->arena, a->valid_to))), S("")};
    return (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Đang hiệu lực"))), S("")};
}

static enum err draw_area(struct cx *cx, struct web_req *rq, struct web_res *rs, struct str base,
                          bool officer)
{
    struct org_area a, above;
    int64_t day;
    struct org_area_view v = {.officer = officer, .base = base};
    v.errors = day_or_today(cx, rq, &day);
    TRY(org_area_of_code(cx, web_path(rq, "ma"), day, &a));
    v.name = a.name;
    v.code = a.code;
    v.on = date_vi(cx->arena, day);
    v.there = a.valid_from <= day && (a.valid_to == 0 || a.valid_to >= day);
    v.state = state_of(cx, &a);
    v.facts = facts_of(cx, &a);
    v.day = day_field(cx, rq, day);
    v.before_href = str_fmt(cx->arena, "%.*s/%.*s?ngay=2025-06-30", F(base), F(a.code));
    v.today_href = str_fmt(cx->arena, "%.*s/%.*s", F(base), F(a.code));
    if (a.parent) {
        TRY(org_area_find(cx, a.parent, &above));
        v.above = link_to(cx, base, &above, day);
    }
    TRY(set_steps(cx, &a, &v));
    if (!v.there)
        TRY(set_standing(cx, &a, day, &v));
    TRY(set_inside(cx, rq, &a, v.there ? day : a.valid_to ? a.valid_to : a.valid_from, &v));
    rs->title = a.name;
    org_area_html(&rs->body, &v);
    return OK;
}

enum err org_show_area(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_area(cx, rq, rs, S("/dia-ban"), false);
}

enum err org_show_area_officer(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_area(cx, rq, rs, S("/tra-dia-ban"), true);
}
