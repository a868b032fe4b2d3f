/* org_order_pages.c - for whoever may change the order of agencies and areas: what was decided, and
 * a form for each of the four acts. */
#include "look/look.h"
#include "org_order.h"
#include "org_pages.h"
#include "org_store.h"
#include "org_views.h"

#define ORDERS_A_PAGE 50

/* clang-format off */
static const struct way {
    enum org_act act;
    const char *path, *title, *icon, *lead, *button;
} ways[] = {
    {ORG_MERGE,    "sap-nhap", T("Sáp nhập"), "org",   T("Một hoặc nhiều nơi nhập vào một nơi đã có hay lập mới. Đơn vị bên trong nhập vào đơn vị cùng loại ở nơi nhận."), T("Sáp nhập")},
    {ORG_SPLIT,    "chia",     T("Chia, tách"), "list", T("Một nơi chia thành nhiều nơi. Ghi cả mã của chính nơi ấy nếu nó còn hoạt động."), T("Chia, tách")},
    {ORG_RENAME,   "doi-ten",  T("Đổi tên"), "edit",   T("Mã giữ nguyên. Tên cũ vẫn tìm được và hiện theo ngày."), T("Đổi tên")},
    {ORG_DISSOLVE, "giai-the", T("Giải thể"), "minus", T("Nơi ấy kết thúc. Việc đang làm chuyển cho nơi nhận việc."), T("Giải thể")},
};
/* clang-format on */
#define WAYS (sizeof ways / sizeof *ways)

static const struct way *way_of(enum org_act act)
{
    for (size_t i = 0; i < WAYS; i++)
        if (ways[i].act == act)
            return &ways[i];
    MUST_NOT_HAPPEN("an act is one of four");
}

/* ---- the list ---- */

static struct str codes_of(struct cx *cx, const struct org_order *o)
{
    struct buf b = {.arena = cx->arena, .limit = 4000};
    for (size_t i = 0; i < o->from_n; i++)
        buf_fmt(&b, "%s%.*s", i ? ", " : "", F(o->from[i]));
    for (size_t i = 0; i < o->into_n; i++)
        buf_fmt(&b, "%s%.*s%s%.*s", i ? ", " : " → ", F(o->into[i].code),
                o->into[i].name.n && o->into[i].code.n ? " " : "", F(o->into[i].name));
    return buf_str(&b);
}

static struct look_badge_view state_badge(struct cx *cx, const struct org_order *o)
{
    if (str_eq(o->state, S("xong")))
        return (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Đã thực hiện"))), S("")};
    if (str_eq(o->state, S("huy")))
        return (struct look_badge_view){S(""), S("minus"), tr(cx, S(T("Đã hủy"))), S("")};
    return (struct look_badge_view){S("warn"), S("clock"), tr(cx, S(T("Chờ đến ngày"))), S("")};
}

static struct look_line line_of(struct cx *cx, const struct org_order *o)
{
    struct look_cell *c = NEW_N(cx->arena, struct look_cell, 4);
    c[0] = (struct look_cell){
        .text = str_fmt(cx->arena, "%.*s: %.*s", F(tr(cx, str_c(way_of(o->act)->title))),
                        F(codes_of(cx, o))),
        .href = str_fmt(cx->arena, "/quan-tri/quyet-dinh/%lld", (long long)o->id)};
    c[1].text = o->basis;
    c[2].text = date_vi(cx->arena, o->on_day);
    c[3].badge = state_badge(cx, o);
    return (struct look_line){.cells = c, .cells_n = 4};
}

enum err org_show_orders(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    static const struct look_column columns[] = {
        {.title = S("Việc"), .css = S("c-title flex-cell")},
        {.title = S("Căn cứ"), .css = S("c-break")},
        {.title = S("Từ ngày"), .css = S("nowrap")},
        {.title = S("Trạng thái"), .css = S("c-due")},
    };
    struct org_order *all = NEW_N(cx->arena, struct org_order, ORDERS_A_PAGE);
    int64_t before;
    size_t n;
    if (!str_int(web_query(rq, "truoc"), &before))
        before = 0;
    TRY(org_orders(cx, before, all, ORDERS_A_PAGE, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++)
        lines[i] = line_of(cx, &all[i]);
    struct org_orders_view v = {
        .table = {.caption = tr(cx, S(T("Quyết định sắp xếp"))),
                  .columns = columns,
                  .columns_n = 4,
                  .lines = lines,
                  .lines_n = n,
                  .empty = {.title = S("Chưa có quyết định nào")}},
    };
    struct look_link *links = NEW_N(cx->arena, struct look_link, WAYS);
    v.ways = links;
    v.ways_n = WAYS;
    for (size_t i = 0; i < WAYS; i++)
        links[i] =
            (struct look_link){.label = tr(cx, str_c(ways[i].title)),
                               .icon = str_c(ways[i].icon),
                               .href = str_fmt(cx->arena, "/quan-tri/sap-xep/%s", ways[i].path)};
    if (n == ORDERS_A_PAGE)
        v.older = str_fmt(cx->arena, "/quan-tri/sap-xep?truoc=%lld", (long long)all[n - 1].id);
    org_orders_html(&rs->body, &v);
    return OK;
}

/* ---- a form ---- */

static enum err way_asked(struct cx *cx, struct web_req *rq, const struct way **w)
{
    for (size_t i = 0; i < WAYS; i++)
        if (str_eq(web_path(rq, "viec"), str_c(ways[i].path))) {
            *w = &ways[i];
            return OK;
        }
    return fail(cx, ERR_NOT_FOUND, T("Không có việc sắp xếp này."));
}

static struct look_field_view field(struct cx *cx, struct web_req *rq, enum look_field_kind kind,
                                    const char *name, struct str label, struct str hint)
{
    return (struct look_field_view){.kind = kind,
                                    .name = str_c(name),
                                    .label = tr(cx, label),
                                    .hint = tr(cx, hint),
                                    .value = web_form(rq, name),
                                    .wrong = web_error_of(rq, str_c(name))};
}

static struct look_field_view of_field(struct cx *cx, struct web_req *rq)
{
    struct look_option *o = NEW_N(cx->arena, struct look_option, 2);
    bool areas = str_eq(web_form(rq, "loai"), S("dia_ban"));
    o[0] = (struct look_option){S("co_quan"), tr(cx, S(T("Cơ quan, đơn vị"))), S(""), !areas};
    o[1] = (struct look_option){S("dia_ban"), tr(cx, S(T("Địa bàn (tỉnh, xã, phường)"))), S(""),
                                areas};
    struct look_field_view f = field(cx, rq, LOOK_RADIO, "loai", S(T("Sắp xếp gì")), S(""));
    f.options = o;
    f.options_n = 2;
    return f;
}

static struct look_field_view into_field(struct cx *cx, struct web_req *rq, enum org_act act)
{
    if (act == ORG_RENAME)
        return field(cx, rq, LOOK_TEXT, "vao", S(T("Tên mới")),
                     S(T("tên đầy đủ; muốn có tên ngắn thì ghi sau dấu chấm phẩy")));
    return field(
        cx, rq, LOOK_AREA, "vao", S(T("Nơi kế tiếp")),
        S(T("Mỗi nơi một dòng. Nơi đã có: chỉ ghi mã. Nơi lập mới: mã; tên; tên ngắn; mã địa bàn")));
}

static struct look_field_view sure_field(struct cx *cx, struct web_req *rq)
{
    struct look_field_view f =
        field(cx, rq, LOOK_CHECK, "doi_chieu",
              S(T("Tôi đã đối chiếu mã và tên với văn bản. Việc này không quay lại được.")), S(""));
    f.value = S("1");
    return f;
}

static struct look_field_view date_field(struct cx *cx, struct web_req *rq)
{
    struct look_field_view f = field(cx, rq, LOOK_DATE, "ngay", S(T("Có hiệu lực từ ngày")),
                                     S(T("Ngày chưa tới: chương trình tự làm khi đến ngày.")));
    f.day = web_form(rq, "ngay-ngay");
    f.month = web_form(rq, "ngay-thang");
    f.year = web_form(rq, "ngay-nam");
    return f;
}

enum err org_show_order_form(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct way *w;
    TRY(way_asked(cx, rq, &w));
    const struct org_order_form_view v = {
        .title = tr(cx, str_c(w->title)),
        .lead = tr(cx, str_c(w->lead)),
        .action = str_fmt(cx->arena, "/quan-tri/sap-xep/%s", w->path),
        .errors = look_errors_of(cx, rq),
        .of = of_field(cx, rq),
        .from = field(cx, rq, LOOK_TEXT, "tu", S(T("Mã của nơi được sắp xếp")),
                      w->act == ORG_MERGE ? S(T("nhiều mã thì cách nhau bằng dấu phẩy"))
                                          : S(T("ví dụ H37.114"))),
        .into = into_field(cx, rq, w->act),
        .takes = field(cx, rq, LOOK_TEXT, "nhan_viec", S(T("Mã nơi nhận việc đang làm")),
                       w->act == ORG_SPLIT ? S(T("để trống: nơi ghi đầu tiên"))
                                           : S(T("để trống: cấp trên"))),
        .basis = field(cx, rq, LOOK_TEXT, "can_cu", S(T("Căn cứ")),
                       S(T("số, ngày, cơ quan ban hành nghị quyết hoặc quyết định"))),
        .day = date_field(cx, rq),
        .sure = sure_field(cx, rq),
        .asks_into = w->act != ORG_DISSOLVE,
        .asks_takes = w->act == ORG_SPLIT || w->act == ORG_DISSOLVE,
        .button = {.label = tr(cx, str_c(w->button))},
    };
    rs->title = v.title;
    org_order_form_html(&rs->body, &v);
    return OK;
}

/* ---- reading the form ---- */

static struct str piece(struct str *rest, char sep)
{
    struct str head, tail;
    if (str_cut(*rest, sep, &head, &tail)) {
        *rest = tail;
        return str_trim(head);
    }
    head = *rest;
    *rest = S("");
    return str_trim(head);
}

static void read_from(struct str typed, struct org_order *o)
{
    while (typed.n && o->from_n < ORG_ORDER_MAX) {
        struct str code = piece(&typed, ',');
        if (code.n)
            o->from[o->from_n++] = code;
    }
}

static void read_into(struct str typed, struct org_order *o)
{
    while (typed.n && o->into_n < ORG_ORDER_MAX) {
        struct str line = piece(&typed, '\n');
        struct org_into *i = &o->into[o->into_n];
        if (line.n == 0)
            continue;
        if (o->act == ORG_RENAME)
            *i = (struct org_into){.name = piece(&line, ';'), .short_name = str_trim(line)};
        else
            *i = (struct org_into){.code = piece(&line, ';'),
                                   .name = piece(&line, ';'),
                                   .short_name = piece(&line, ';'),
                                   .area = str_trim(line)};
        o->into_n++;
    }
}

static bool read_day(struct web_req *rq, int64_t *day)
{
    int64_t d, m, y;
    if (!str_int(web_form(rq, "ngay-ngay"), &d) || !str_int(web_form(rq, "ngay-thang"), &m) ||
        !str_int(web_form(rq, "ngay-nam"), &y) || d < 1 || d > 31 || m < 1 || m > 12 || y < 1 ||
        y > 9999 || !civil_valid((int)y, (int)m, (int)d))
        return false;
    *day = civil_day((int)y, (int)m, (int)d);
    return true;
}

/* What is missing is said all at once; what the rules find, one by one. */
enum err org_check_order(struct cx *cx, struct web_req *rq, struct web_res *)
{
    const struct way *w;
    struct org_order *o = NEW(cx->arena, struct org_order);
    TRY(way_asked(cx, rq, &w));
    web_on_refusal(rq, org_show_order_form);
    *o = (struct org_order){.act = w->act,
                            .of_areas = str_eq(web_form(rq, "loai"), S("dia_ban")),
                            .basis = web_form(rq, "can_cu"),
                            .takes_over = web_form(rq, "nhan_viec")};
    read_from(web_form(rq, "tu"), o);
    read_into(web_form(rq, "vao"), o);
    if (o->from_n == 0)
        web_error_add(cx, rq, S("tu"), tr(cx, S(T("Nhập mã của nơi được sắp xếp."))));
    if (o->into_n == 0 && w->act != ORG_DISSOLVE)
        web_error_add(cx, rq, S("vao"),
                      w->act == ORG_RENAME ? tr(cx, S(T("Nhập tên mới.")))
                                           : tr(cx, S(T("Nhập nơi kế tiếp."))));
    if (o->basis.n == 0)
        web_error_add(cx, rq, S("can_cu"),
                      tr(cx, S(T("Nhập căn cứ: số, ngày nghị quyết hoặc quyết định."))));
    if (!read_day(rq, &o->on_day))
        web_error_add(cx, rq, S("ngay"), tr(cx, S(T("Nhập ngày có thật, ví dụ 01/12/2026."))));
    if (!web_form_has(rq, "doi_chieu"))
        web_error_add(cx, rq, S("doi_chieu"),
                      tr(cx, S(T("Đối chiếu với văn bản rồi đánh dấu vào ô này."))));
    TRY(web_refuse(cx, rq));
    TRY(org_order_check(cx, o));
    web_keep(rq, o);
    return OK;
}

enum err org_write_order(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct org_order o = *(const struct org_order *)web_kept(rq);
    TRY(org_order_make(cx, &o));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/quyet-dinh/%lld", (long long)o.id);
    rs->toast = str_eq(o.state, S("xong"))
                    ? tr(cx, S(T("Đã thực hiện. Hồ sơ đang giải quyết chuyển sang nơi kế tiếp.")))
                    : tr(cx, S(T("Đã ghi. Chương trình thực hiện khi đến ngày.")));
    return OK;
}

/* ---- one decision ---- */

static enum err order_asked(struct cx *cx, struct web_req *rq, struct org_order *o)
{
    int64_t id;
    if (!str_int(web_path(rq, "id"), &id))
        id = 0;
    return org_order_find(cx, id, o);
}

enum err org_show_order(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct org_order *o = NEW(cx->arena, struct org_order);
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 6);
    size_t n = 0;
    TRY(order_asked(cx, rq, o));
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Mã"))), .value = codes_of(cx, o)};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Căn cứ"))), .value = o->basis};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Có hiệu lực từ ngày"))),
                                  .value = date_vi(cx->arena, o->on_day)};
    rows[n++] =
        (struct look_row){.key = tr(cx, S(T("Nhập lúc"))), .value = time_vi(cx->arena, o->at)};
    if (o->takes_over.n)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Nơi nhận việc đang làm"))),
                                      .value = o->takes_over};
    if (o->note.n)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Lý do hủy"))), .value = o->note};
    const struct org_order_view v = {
        .title = tr(cx, str_c(way_of(o->act)->title)),
        .id = str_fmt(cx->arena, "%lld", (long long)o->id),
        .state = state_badge(cx, o),
        .rows = {.title = tr(cx, S(T("Nội dung"))), .rows = rows, .rows_n = n},
        .waits = str_eq(o->state, S("cho")),
        .errors = look_errors_of(cx, rq),
        .why = field(cx, rq, LOOK_TEXT, "ly_do", S(T("Lý do hủy")), S("")),
    };
    rs->title = v.title;
    org_order_html(&rs->body, &v);
    return OK;
}

enum err org_check_cancel(struct cx *cx, struct web_req *rq, struct web_res *)
{
    web_on_refusal(rq, org_show_order);
    if (web_form(rq, "ly_do").n == 0)
        web_error_add(cx, rq, S("ly_do"), tr(cx, S(T("Nhập lý do hủy."))));
    return web_refuse(cx, rq);
}

enum err org_write_cancel(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct org_order *o = NEW(cx->arena, struct org_order);
    TRY(order_asked(cx, rq, o));
    TRY(org_order_cancel(cx, o, text_cut(cx->arena, web_form(rq, "ly_do"), 300)));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/quyet-dinh/%lld", (long long)o->id);
    rs->toast = tr(cx, S(T("Đã hủy.")));
    return OK;
}
