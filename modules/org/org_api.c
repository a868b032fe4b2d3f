/* org_api.c - areas as JSON: lists, one, what became of it, where an address lies. */
#include "json/json.h"
#include "org_pages.h"

#define ANSWER_MAX ((size_t)256 * 1024)
#define LIST_MAX 500
#define STEPS_MAX 400

static void put_day(struct cx *cx, struct json_out *o, struct str key, int64_t day)
{
    if (day)
        json_str(o, key, date_iso(cx->arena, day));
}

static void put_area(struct cx *cx, struct json_out *o, const struct org_area *a)
{
    json_str(o, S("code"), a->code);
    json_str(o, S("kind"), a->kind);
    json_str(o, S("name"), a->name);
    put_day(cx, o, S("valid_from"), a->valid_from);
    put_day(cx, o, S("valid_to"), a->valid_to);
}

static void put_object(struct cx *cx, struct json_out *o, const struct org_area *a)
{
    json_open_object(o);
    put_area(cx, o, a);
    json_close_object(o);
}

enum err org_api_areas(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct org_area parent = {0}, *all = NEW_N(cx->arena, struct org_area, LIST_MAX);
    struct str in = web_query(rq, "trong");
    struct buf b;
    int64_t day;
    size_t n;
    TRY(org_day_asked(cx, rq, &day));
    if (in.n)
        TRY(org_area_of_code(cx, in, day, &parent));
    TRY(org_areas_on(cx, parent.id, day, web_query(rq, "sau"), all, LIST_MAX, &n));
    struct json_out o = web_json_begin(cx, &b, ANSWER_MAX);
    put_day(cx, &o, S("day"), day);
    json_flag(&o, S("more"), n == LIST_MAX);
    json_key(&o, S("areas"));
    json_open_array(&o);
    for (size_t i = 0; i < n; i++)
        put_object(cx, &o, &all[i]);
    json_close_array(&o);
    return web_json_end(cx, &o, rs);
}

static void put_change(struct cx *cx, struct json_out *o, const struct org_change *c)
{
    json_open_object(o);
    put_day(cx, o, S("on"), c->on_day);
    json_str(o, S("kind"), c->kind);
    json_str(o, S("from_code"), c->was_code.n ? c->was_code : c->from.code);
    json_str(o, S("from_name"), c->was_name.n ? c->was_name : c->from.name);
    json_str(o, S("to_code"), c->to.code);
    json_str(o, S("to_name"), c->to.name);
    json_str(o, S("legal_basis"), c->basis);
    json_close_object(o);
}

enum err org_api_area(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct org_area a, above = {0};
    struct org_change *steps = NEW_N(cx->arena, struct org_change, STEPS_MAX);
    struct buf b;
    int64_t day;
    size_t n;
    TRY(org_day_asked(cx, rq, &day));
    TRY(org_area_of_code(cx, web_path(rq, "ma"), day, &a));
    if (a.parent)
        TRY(org_area_find(cx, a.parent, &above));
    TRY(org_area_changes(cx, a.id, steps, STEPS_MAX, &n));
    struct json_out o = web_json_begin(cx, &b, ANSWER_MAX);
    put_day(cx, &o, S("day"), day);
    put_area(cx, &o, &a);
    json_str(&o, S("parent"), above.code);
    json_key(&o, S("changes"));
    json_open_array(&o);
    for (size_t i = 0; i < n; i++)
        put_change(cx, &o, &steps[i]);
    json_close_array(&o);
    return web_json_end(cx, &o, rs);
}

static void put_steads(struct cx *cx, struct json_out *o, const struct org_stead *s, size_t n)
{
    json_open_array(o);
    for (size_t i = 0; i < n; i++) {
        json_open_object(o);
        put_area(cx, o, &s[i].area);
        json_flag(o, S("whole"), s[i].whole);
        json_close_object(o);
    }
    json_close_array(o);
}

/* What stands on the day `den` where this code stood on the day `ngay`. */
enum err org_api_became(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct org_area a;
    struct org_stead *on = NEW_N(cx->arena, struct org_stead, ORG_STEADS_MAX);
    struct str until = web_query(rq, "den");
    struct buf b;
    int64_t day, to = day_of(cx->now);
    size_t n;
    TRY(org_day_asked(cx, rq, &day));
    if (until.n && !date_parse(until, &to))
        return fail_field(cx, ERR_INVALID, S("den"), T("den phải là một ngày, ví dụ 2025-07-01."));
    TRY(org_area_of_code(cx, web_path(rq, "ma"), day, &a));
    TRY(org_area_on(cx, a.id, to, on, ORG_STEADS_MAX, &n));
    struct json_out o = web_json_begin(cx, &b, ANSWER_MAX);
    json_str(&o, S("code"), a.code);
    json_str(&o, S("name"), a.name);
    put_day(cx, &o, S("day"), to);
    json_key(&o, S("areas"));
    put_steads(cx, &o, on, n);
    return web_json_end(cx, &o, rs);
}

enum err org_api_address(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct org_address *found = NEW_N(cx->arena, struct org_address, 30);
    struct buf b;
    int64_t day;
    size_t n;
    TRY(org_day_asked(cx, rq, &day));
    TRY(org_address_on(cx, web_query(rq, "q"), day, found, 30, &n));
    struct json_out o = web_json_begin(cx, &b, ANSWER_MAX);
    put_day(cx, &o, S("day"), day);
    json_key(&o, S("found"));
    json_open_array(&o);
    for (size_t i = 0; i < n; i++) {
        json_open_object(&o);
        put_area(cx, &o, &found[i].named);
        json_str(&o, S("province"), found[i].province);
        json_key(&o, S("now"));
        put_steads(cx, &o, found[i].now, found[i].now_n);
        json_close_object(&o);
    }
    json_close_array(&o);
    return web_json_end(cx, &o, rs);
}

/* clang-format off */
const struct web_schema org_schema_area = {"Area", false, (const struct web_field[]){
    {"day",        "string", "ngày được hỏi", true},
    {"code",       "string", "mã đơn vị hành chính", true},
    {"kind",       "string", "tinh, thanh_pho, phuong, xa, dac_khu, thi_tran", true},
    {"name",       "string", "tên theo ngày được hỏi", true},
    {"valid_from", "string", "ngày đầu; không có: trước khi danh mục biết", false},
    {"valid_to",   "string", "ngày cuối; không có: đang hiệu lực", false},
    {"parent",     "string", "mã đơn vị cấp trên; rỗng: không có", true},
    {"changes",    "array",  "từ đâu mà có, đã thành gì, căn cứ", true}, {0}}};
const struct web_schema org_schema_areas = {"Areas", false, (const struct web_field[]){
    {"day",   "string",  "ngày được hỏi", true},
    {"more",  "boolean", "còn nữa: hỏi tiếp với sau=MÃ CUỐI", true},
    {"areas", "array",   "code, kind, name, valid_from, valid_to", true}, {0}}};
const struct web_schema org_schema_became = {"AreaBecame", false, (const struct web_field[]){
    {"code",  "string", "mã được hỏi", true},
    {"name",  "string", "tên khi mang mã ấy", true},
    {"day",   "string", "ngày trả lời", true},
    {"areas", "array",  "những đơn vị ở chỗ ấy; whole: trọn vẹn", true}, {0}}};
const struct web_schema org_schema_address = {"AddressFound", false, (const struct web_field[]){
    {"day",   "string", "ngày trả lời", true},
    {"found", "array",  "xã, phường địa chỉ có thể nói tới, và nay là đâu", true}, {0}}};
/* clang-format on */
