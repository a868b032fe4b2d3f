/* codelist_api.c - lists of codes as JSON and CSV; each answer says its version and has an ETag. */
#include "codelist_inside.h"
#include "csv/csv.h"

#define ANSWER_MAX ((size_t)1 << 20)
#define FILE_MAX ((size_t)24 << 20)
#define CODES_A_PAGE 500

enum err codelist_day(struct cx *cx, struct web_req *rq, const char *name, int64_t *day)
{
    struct str typed = web_query(rq, name);
    *day = day_of(cx->now);
    if (typed.n == 0 || date_parse(typed, day))
        return OK;
    return fail_field(cx, ERR_INVALID, str_c(name), T("%s phải là một ngày, ví dụ 2026-11-23."),
                      name);
}

static void put_day(struct cx *cx, struct json_out *o, struct str key, int64_t day)
{
    if (day)
        json_str(o, key, date_iso(cx->arena, day));
}

static void put_list(struct cx *cx, struct json_out *o, const struct codelist *l)
{
    json_str(o, S("list"), l->code);
    json_str(o, S("title"), l->title);
    json_str(o, S("uri"), l->uri);
    json_str(o, S("owner"), l->owner);
    json_str(o, S("version"), l->version);
    put_day(cx, o, S("version_from"), l->version_from);
    json_num(o, S("codes_in_force"), l->codes);
}

static void put_code(struct cx *cx, struct json_out *o, const struct codelist_code *c)
{
    const struct json *attrs;
    struct json_error bad;
    json_str(o, S("code"), c->code);
    json_str(o, S("name"), c->name);
    if (c->name_en.n)
        json_str(o, S("name_en"), c->name_en);
    if (c->parent.n)
        json_str(o, S("parent"), c->parent);
    json_num(o, S("order"), c->sort);
    put_day(cx, o, S("valid_from"), c->valid_from);
    put_day(cx, o, S("valid_to"), c->valid_to);
    if (json_read(cx->arena, c->attrs, &attrs, &bad) == OK && attrs->n) {
        json_key(o, S("attrs"));
        json_put(o, attrs);
    }
}

static void put_codes(struct cx *cx, struct json_out *o, const char *key,
                      const struct codelist_code *c, size_t n)
{
    json_key(o, str_c(key));
    json_open_array(o);
    for (size_t i = 0; i < n; i++) {
        json_open_object(o);
        put_code(cx, o, &c[i]);
        json_close_object(o);
    }
    json_close_array(o);
}

enum err codelist_api_lists(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist *all = NEW_N(cx->arena, struct codelist, 500);
    struct buf b;
    int64_t day;
    size_t n;
    TRY(codelist_day(cx, rq, "ngay", &day));
    TRY(codelist_lists(cx, web_query(rq, "q"), day, all, 500, &n));
    struct json_out o = web_json_begin(cx, &b, ANSWER_MAX);
    put_day(cx, &o, S("day"), day);
    json_key(&o, S("lists"));
    json_open_array(&o);
    for (size_t i = 0; i < n; i++) {
        json_open_object(&o);
        put_list(cx, &o, &all[i]);
        json_close_object(&o);
    }
    json_close_array(&o);
    return web_json_end(cx, &o, rs);
}

static enum err asked(struct cx *cx, struct web_req *rq, int64_t *day, struct codelist *l)
{
    TRY(codelist_day(cx, rq, "ngay", day));
    return codelist_find(cx, web_path(rq, "ds"), *day, l);
}

enum err codelist_api_codes(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist l;
    struct codelist_query q = {.words = web_query(rq, "q"), .after = -1};
    struct codelist_code *codes = NEW_N(cx->arena, struct codelist_code, CODES_A_PAGE);
    struct buf b;
    size_t n;
    TRY(asked(cx, rq, &q.day, &l));
    if (web_query(rq, "cha").n)
        q.parent = web_query(rq, "cha");
    if (web_query(rq, "sau").n && !str_int(web_query(rq, "sau"), &q.after))
        return fail_field(cx, ERR_INVALID, S("sau"), T("sau là order của mã cuối trang trước."));
    TRY(codelist_codes(cx, &l, &q, codes, CODES_A_PAGE, &n));
    struct json_out o = web_json_begin(cx, &b, ANSWER_MAX);
    put_day(cx, &o, S("day"), q.day);
    put_list(cx, &o, &l);
    json_flag(&o, S("more"), n == CODES_A_PAGE);
    put_codes(cx, &o, "codes", codes, n);
    return web_json_end(cx, &o, rs);
}

static void put_changes(struct cx *cx, struct json_out *o, const struct codelist_change *c,
                        size_t n)
{
    json_key(o, S("changes"));
    json_open_array(o);
    for (size_t i = 0; i < n; i++) {
        json_open_object(o);
        put_day(cx, o, S("on"), c[i].on_day);
        json_str(o, S("kind"), c[i].kind);
        json_str(o, S("from_code"), c[i].from_code);
        json_str(o, S("from_name"), c[i].from_name);
        json_str(o, S("to_code"), c[i].to_code);
        json_str(o, S("to_name"), c[i].to_name);
        json_str(o, S("legal_basis"), c[i].basis);
        json_close_object(o);
    }
    json_close_array(o);
}

enum err codelist_api_code(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist l;
    struct codelist_code c, *up = NEW_N(cx->arena, struct codelist_code, 12);
    struct codelist_change *changes = NEW_N(cx->arena, struct codelist_change, 200);
    struct buf b;
    int64_t day;
    size_t up_n, n;
    TRY(asked(cx, rq, &day, &l));
    TRY(codelist_code(cx, &l, web_path(rq, "ma"), day, &c));
    TRY(codelist_ancestors(cx, &l, &c, day, up, 12, &up_n));
    TRY(codelist_changes(cx, &l, c.code, changes, 200, &n));
    struct json_out o = web_json_begin(cx, &b, ANSWER_MAX);
    put_day(cx, &o, S("day"), day);
    json_str(&o, S("list"), l.code);
    json_str(&o, S("version"), l.version);
    put_code(cx, &o, &c);
    put_codes(cx, &o, "ancestors", up, up_n);
    put_changes(cx, &o, changes, n);
    return web_json_end(cx, &o, rs);
}

/* What the code of the day `ngay` is on the day `den`. */
enum err codelist_api_became(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist l;
    struct codelist_code was, *now = NEW_N(cx->arena, struct codelist_code, 100);
    struct buf b;
    int64_t day, to;
    size_t n;
    TRY(asked(cx, rq, &day, &l));
    TRY(codelist_day(cx, rq, "den", &to));
    TRY(codelist_code(cx, &l, web_path(rq, "ma"), day, &was));
    TRY(codelist_became(cx, &l, was.code, day, to, now, 100, &n));
    struct json_out o = web_json_begin(cx, &b, ANSWER_MAX);
    json_str(&o, S("list"), l.code);
    json_str(&o, S("code"), was.code);
    json_str(&o, S("name"), was.name);
    put_day(cx, &o, S("day"), to);
    put_codes(cx, &o, "codes", now, n);
    return web_json_end(cx, &o, rs);
}

/* What happened after the day `tu`, up to `den`; sau: "next" of the page before. */
enum err codelist_api_diff(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist l;
    struct codelist_change *c = NEW_N(cx->arena, struct codelist_change, CODES_A_PAGE);
    struct buf b;
    int64_t from, to, after = 0;
    size_t n;
    TRY(codelist_day(cx, rq, "tu", &from));
    TRY(codelist_day(cx, rq, "den", &to));
    TRY(codelist_find(cx, web_path(rq, "ds"), to, &l));
    if (web_query(rq, "sau").n && !str_int(web_query(rq, "sau"), &after))
        return fail_field(cx, ERR_INVALID, S("sau"), T("sau là số next của trang trước."));
    TRY(codelist_diff(cx, &l, from, to, &after, c, CODES_A_PAGE, &n));
    struct json_out o = web_json_begin(cx, &b, ANSWER_MAX);
    put_day(cx, &o, S("after"), from);
    put_day(cx, &o, S("day"), to);
    json_str(&o, S("list"), l.code);
    json_str(&o, S("version"), l.version);
    json_num(&o, S("next"), n == CODES_A_PAGE ? after : 0);
    put_changes(cx, &o, c, n);
    return web_json_end(cx, &o, rs);
}

/* The whole list of a day, for spreadsheets. */
enum err codelist_api_csv(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist l;
    struct codelist_query q = {.after = -1};
    struct codelist_code *c = NEW_N(cx->arena, struct codelist_code, CODES_A_PAGE);
    struct buf b = {.arena = cx->arena, .limit = FILE_MAX};
    struct csv_out o = {.to = &b};
    size_t n;
    TRY(asked(cx, rq, &q.day, &l));
    csv_put_bom(&o);
    static const char *const titles[] = {"code",    "parent",     "name",
                                         "name_en", "valid_from", "valid_to"};
    for (size_t i = 0; i < 6; i++)
        csv_put_text(&o, str_c(titles[i]));
    csv_end_row(&o);
    do {
        TRY(codelist_codes(cx, &l, &q, c, CODES_A_PAGE, &n));
        for (size_t i = 0; i < n; i++) {
            csv_put_text(&o, c[i].code);
            csv_put_text(&o, c[i].parent);
            csv_put_text(&o, c[i].name);
            csv_put_text(&o, c[i].name_en);
            csv_put_text(&o, date_iso(cx->arena, c[i].valid_from));
            csv_put_text(&o, c[i].valid_to ? date_iso(cx->arena, c[i].valid_to) : S(""));
            csv_end_row(&o);
            q.after = c[i].sort;
        }
    } while (n == CODES_A_PAGE);
    MUST(!b.full);
    rs->bytes = buf_str(&b);
    rs->content_type = S("text/csv; charset=utf-8");
    rs->download_name =
        str_fmt(cx->arena, "%.*s-%.*s.csv", F(l.code), F(date_iso(cx->arena, q.day)));
    rs->etag = web_etag(cx, rs->bytes);
    return OK;
}

/* clang-format off */
const struct web_schema codelist_schema_lists = {"CodeLists", false, (const struct web_field[]){
    {"day",   "string", "ngày được hỏi", true},
    {"lists", "array",  "list, title, uri, owner, version, version_from, codes_in_force", true}, {0}}};
const struct web_schema codelist_schema_codes = {"CodeListCodes", false, (const struct web_field[]){
    {"day",     "string",  "ngày được hỏi", true},
    {"list",    "string",  "danh mục", true},
    {"version", "string",  "bản có hiệu lực ngày ấy; rỗng: chưa có", true},
    {"more",    "boolean", "còn nữa: hỏi tiếp với sau=ORDER CUỐI", true},
    {"codes",   "array",   "code, name, name_en, parent, order, valid_from, valid_to, attrs", true}, {0}}};
const struct web_schema codelist_schema_code = {"CodeListCode", false, (const struct web_field[]){
    {"day",       "string", "ngày được hỏi", true},
    {"list",      "string", "danh mục", true},
    {"version",   "string", "bản có hiệu lực ngày ấy", true},
    {"code",      "string", "mã", true},
    {"name",      "string", "tên ngày ấy", true},
    {"ancestors", "array",  "các mã phía trên, từ trên xuống", true},
    {"changes",   "array",  "on, kind, from_code, to_code, legal_basis", true}, {0}}};
const struct web_schema codelist_schema_became = {"CodeListBecame", false, (const struct web_field[]){
    {"list",  "string", "danh mục", true},
    {"code",  "string", "mã được hỏi", true},
    {"name",  "string", "tên khi ấy", true},
    {"day",   "string", "ngày trả lời", true},
    {"codes", "array",  "mã thay cho nó ngày ấy; rỗng: đã bỏ", true}, {0}}};
const struct web_schema codelist_schema_diff = {"CodeListDiff", false, (const struct web_field[]){
    {"after",   "string",  "sau ngày này", true},
    {"day",     "string",  "đến hết ngày này", true},
    {"list",    "string",  "danh mục", true},
    {"version", "string",  "bản có hiệu lực ngày cuối", true},
    {"next",    "integer", "khác 0: còn nữa, hỏi tiếp với sau=", true},
    {"changes", "array",   "on, kind, from_code, from_name, to_code, to_name, legal_basis", true}, {0}}};
/* clang-format on */
