/* org_module.c - what org brings: packs of areas and units, pages, the API. */
#include "org.h"

#include "json/json.h"
#include "module/module.h"
#include "org_load.h"
#include "org_order.h"
#include "org_pages.h"
#include "org_store.h"

static void refuse(struct pack_report *report, struct str code, struct str why)
{
    report->refused++;
    buf_fmt(&report->lines, "%.*s: %.*s\n", F(code), F(why));
}

static int64_t day_field(const struct json *v, struct str key)
{
    int64_t day = 0;
    return date_parse(json_text(json_get(v, key)), &day) ? day : 0;
}

/* What is as it was is left alone: true. */
static bool count(struct pack_report *report, bool known, bool same)
{
    *(same ? &report->same : known ? &report->changed : &report->added) += 1;
    return same;
}

static bool same_area(const struct org_area *a, const struct org_area *b)
{
    return a->parent == b->parent && a->valid_to == b->valid_to && str_eq(a->kind, b->kind) &&
           str_eq(a->name, b->name);
}

static bool same_unit(const struct org_unit *a, const struct org_unit *b)
{
    return a->parent == b->parent && a->area == b->area && a->valid_to == b->valid_to &&
           str_eq(a->dossier_code, b->dossier_code) && str_eq(a->kind, b->kind) &&
           str_eq(a->name, b->name) && str_eq(a->short_name, b->short_name) &&
           str_eq(a->address, b->address) && str_eq(a->phone, b->phone) &&
           str_eq(a->email, b->email);
}

static enum err put_area(struct cx *cx, const struct json *v, struct pack_report *report)
{
    struct org_area a = {
        .code = json_text(json_get(v, S("code"))),
        .kind = json_text(json_get(v, S("kind"))),
        .name = json_text(json_get(v, S("name"))),
        .valid_from = day_field(v, S("from")),
        .valid_to = day_field(v, S("to")),
    };
    if (a.code.n == 0 || a.name.n == 0 || a.valid_from == 0) {
        refuse(report, a.code, S("thiếu code, name hoặc from"));
        return OK;
    }
    struct str parent = json_text(json_get(v, S("parent")));
    struct org_area above;
    if (parent.n) {
        enum err e = org_store_area_by_code(cx, parent, a.valid_from, &above);
        if (e == ERR_NOT_FOUND) {
            refuse(report, a.code, S("không có địa bàn cha"));
            return OK;
        }
        TRY(e);
        a.parent = above.id;
    }
    struct org_area known = {0};
    enum err e = org_area_by_code(cx, a.code, a.valid_from, &known);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    bool known_one = e == OK && known.valid_from == a.valid_from;
    int64_t id = known.id;
    if (!count(report, known_one, known_one && same_area(&known, &a)))
        TRY(org_area_put(cx, &a, &id));
    const struct json *was = json_get(v, S("was"));
    for (uint32_t i = 0; i < was->n; i++)
        TRY(org_store_alias_add(cx, id, json_text(json_at(was, i))));
    return OK;
}

static enum err put_unit(struct cx *cx, const struct json *v, struct pack_report *report)
{
    struct org_unit u = {
        .code = json_text(json_get(v, S("code"))),
        .dossier_code = json_text(json_get(v, S("dossier_code"))),
        .kind = json_text(json_get(v, S("kind"))),
        .name = json_text(json_get(v, S("name"))),
        .short_name = json_text(json_get(v, S("short_name"))),
        .address = json_text(json_get(v, S("address"))),
        .phone = json_text(json_get(v, S("phone"))),
        .email = json_text(json_get(v, S("email"))),
        .valid_from = day_field(v, S("from")),
        .valid_to = day_field(v, S("to")),
    };
    if (u.dossier_code.n == 0)
        u.dossier_code = u.code;
    if (u.short_name.n == 0)
        u.short_name = u.name;
    struct str parent = json_text(json_get(v, S("parent")));
    struct org_unit above;
    if (parent.n) {
        if (org_store_unit_by_code(cx, parent, u.valid_from, &above) != OK) {
            refuse(report, u.code, S("không có đơn vị cha"));
            return OK;
        }
        u.parent = above.id;
    }
    struct org_area area;
    if (org_store_area_by_code(cx, json_text(json_get(v, S("area"))), u.valid_from, &area) != OK) {
        refuse(report, u.code, S("không có địa bàn"));
        return OK;
    }
    u.area = area.id;
    struct org_unit known;
    enum err e = org_unit_by_code(cx, u.code, u.valid_from, &known);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    bool known_one = e == OK && known.valid_from == u.valid_from;
    int64_t id;
    return count(report, known_one, known_one && same_unit(&known, &u)) ? OK
                                                                        : org_unit_put(cx, &u, &id);
}

/* A writer turn stays short: this many records a call. */
#define RECORDS_A_TURN 200

static enum err load(struct cx *cx, struct str bytes, struct str list_name, size_t *next,
                     struct pack_report *report,
                     enum err (*put)(struct cx *, const struct json *, struct pack_report *))
{
    const struct json *root;
    struct json_error error;
    if (json_read(cx->arena, bytes, &root, &error) != OK)
        return fail(cx, ERR_INVALID, T("Gói dữ liệu hỏng ở dòng %zu: %s."), error.line, error.what);
    const struct json *list = json_get(root, list_name);
    size_t at = *next;
    size_t end = at + RECORDS_A_TURN < list->n ? at + RECORDS_A_TURN : list->n;
    for (; at < end; at++)
        TRY(put(cx, json_at(list, at), report));
    *next = end < list->n ? end : 0;
    return OK;
}

static enum err load_areas(struct cx *cx, [[maybe_unused]] struct str name, struct str bytes,
                           size_t *next, struct pack_report *report)
{
    return load(cx, bytes, S("areas"), next, report, put_area);
}

static enum err load_units(struct cx *cx, [[maybe_unused]] struct str name, struct str bytes,
                           size_t *next, struct pack_report *report)
{
    return load(cx, bytes, S("units"), next, report, put_unit);
}

static const struct pack_kind packs[] = {
    {"area", "Địa bàn", load_areas},
    {"area-list", "Danh mục đơn vị hành chính", org_load_list},
    {"area-province-change", "Tỉnh trước và sau sắp xếp", org_load_provinces},
    {"area-commune-change", "Xã trước và sau sắp xếp", org_load_communes},
    {"area-change", "Địa bàn đổi tên, đổi mã", org_load_changes},
    {"unit", "Cơ quan, đơn vị", load_units},
    {0},
};

const struct right org_read = {.name = "org.read", .title = "Tra cứu cơ quan, địa bàn"};

const struct right org_change = {
    .name = "org.change", .title = "Sắp xếp cơ quan, địa bàn", .step_up = true};

static const struct right *const rights[] = {&org_read, &org_change, NULL};

/* clang-format off */
const struct route org_routes[] = {
    {GET, "/dia-ban",                    "Xã, phường cũ nay là đâu", &anyone,   READ, .show = org_show_areas},
    {GET, "/dia-ban/{ma}",               "Địa bàn",                  &anyone,   READ, .show = org_show_area},
    {GET, "/co-quan",                    "Cơ quan",                  &anyone,   READ, .show = org_show_units},
    {GET, "/co-quan/{ma}",               "Cơ quan",                  &anyone,   READ, .show = org_show_unit},
    {GET, "/api/co-quan/{ma}",           "Một cơ quan, theo ngày",   &anyone,   READ, .show = org_api_unit,    .kind = WEB_API, .gives = &org_schema_unit},
    {GET, "/tra-dia-ban",                "Tra cứu địa bàn",          &org_read, READ, .show = org_show_areas_officer, .frame = WEB_FRAME_OFFICER},
    {GET, "/tra-dia-ban/{ma}",           "Địa bàn",                  &org_read, READ, .show = org_show_area_officer, .frame = WEB_FRAME_OFFICER},
    {GET, "/quan-tri/sap-xep",           "Sắp xếp cơ quan, địa bàn", &org_change, READ, .show = org_show_orders, .frame = WEB_FRAME_OFFICER},
    {GET, "/quan-tri/sap-xep/{viec}",    "Sắp xếp cơ quan, địa bàn", &org_change, READ, .show = org_show_order_form, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/sap-xep/{viec}",   "Sắp xếp cơ quan, địa bàn", &org_change, WRITE, .prepare = org_check_order, .write = org_write_order, .frame = WEB_FRAME_OFFICER},
    {GET, "/quan-tri/quyet-dinh/{id}",   "Quyết định sắp xếp",       &org_change, READ, .show = org_show_order, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/quyet-dinh/{id}/huy", "Hủy quyết định sắp xếp", &org_change, WRITE, .prepare = org_check_cancel, .write = org_write_cancel, .frame = WEB_FRAME_OFFICER},
    {GET, "/api/dia-ban",                "Địa bàn trong một địa bàn, theo ngày", &anyone, READ, .show = org_api_areas,   .kind = WEB_API, .gives = &org_schema_areas},
    {GET, "/api/dia-ban/{ma}",           "Một địa bàn, theo ngày",   &anyone,   READ, .show = org_api_area,    .kind = WEB_API, .gives = &org_schema_area},
    {GET, "/api/dia-ban/{ma}/tro-thanh", "Địa bàn đã thành gì",      &anyone,   READ, .show = org_api_became,  .kind = WEB_API, .gives = &org_schema_became},
    {GET, "/api/dia-chi",                "Địa chỉ cũ nay là đâu",    &anyone,   READ, .show = org_api_address, .kind = WEB_API, .gives = &org_schema_address, .rate_per_minute = 120},
    {0},
};
static const struct menu_item menu[] = {
    {"Tra địa bàn", "/tra-dia-ban", "org", &org_read, WEB_FRAME_OFFICER},
    {"Sắp xếp cơ quan", "/quan-tri/sap-xep", "org", &org_change, WEB_FRAME_OFFICER},
    {0},
};
/* clang-format on */

const struct module org_module = {
    .name = "org",
    .title = "Cơ quan và địa bàn",
    .needs = (const char *const[]){"journal", NULL},
    .routes = org_routes,
    .rights = rights,
    .jobs = (const struct job_kind *const[]){&org_order_job, &org_area_moved_job, NULL},
    .packs = packs,
    .menu = menu,
    .menu_behind = true,
};
