/* identity_erase_pages.c - erasing a person by a legal order. Who does it types number and name
 * from the order and is shown nothing of the person. */
#include "identity_inside.h"
#include "identity_store.h"
#include "identity_views.h"

#define ORDER_MAX 200

const struct right identity_eraser = {.name = "identity.erase",
                                      .title = "Xóa dữ liệu cá nhân theo quyết định",
                                      .step_up = true,
                                      .whole = true};

static struct look_field_view field(struct cx *cx, struct web_req *rq, enum look_field_kind kind,
                                    const char *name, const char *label, const char *hint)
{
    return (struct look_field_view){.kind = kind,
                                    .name = str_c(name),
                                    .label = tr(cx, str_c(label)),
                                    .hint = tr(cx, str_c(hint)),
                                    .value = web_form(rq, name),
                                    .wrong = web_error_of(rq, str_c(name)),
                                    .width = S("20"),
                                    .max = ORDER_MAX};
}

enum err identity_show_erase(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct identity_erase_view v = {
        .errors = look_errors_of(cx, rq),
        .number = field(cx, rq, LOOK_ID_NO, "so_dinh_danh", T("Số định danh cá nhân"),
                        T("12 chữ số như trong quyết định")),
        .name = field(cx, rq, LOOK_TEXT, "ho_ten", T("Họ và tên"), T("Như trong quyết định")),
        .order = field(cx, rq, LOOK_TEXT, "quyet_dinh", T("Số quyết định"),
                       T("ví dụ 214/QĐ-UBND ngày 10/11/2026")),
        .sure = field(
            cx, rq, LOOK_CHECK, "xac_nhan",
            T("Tôi đã đối chiếu quyết định và hiểu rằng dữ liệu đã xóa không lấy lại được"), ""),
        .erase = {.label = tr(cx, S(T("Xóa dữ liệu của người này"))), .kind = S("dd")},
    };
    identity_erase_html(&rs->body, &v);
    return OK;
}

struct to_erase {
    int64_t person;
    struct str order;
};

static void wants(struct cx *cx, struct web_req *rq, const char *name, const char *sentence)
{
    if (web_form(rq, name).n == 0)
        web_error_add(cx, rq, str_c(name), tr(cx, str_c(sentence)));
}

/* The same sentence for a number nobody has and for another name: nobody is looked up here. */
static enum err person_of(struct cx *cx, struct web_req *rq, int64_t *id)
{
    struct id_no parsed;
    struct str name = {0};
    *id = 0;
    if (id_no_parse(cx->arena, web_form(rq, "so_dinh_danh"), &parsed))
        TRY(person_id_of_number(cx, parsed.digits, id));
    if (*id)
        TRY(person_name(cx, *id, &name));
    if (*id == 0 ||
        !str_eq(text_fold(cx->arena, name), text_fold(cx->arena, web_form(rq, "ho_ten"))))
        web_error_add(
            cx, rq, S("so_dinh_danh"),
            tr(cx, S(T("Không có người nào mang số và họ tên này. Đối chiếu lại với quyết "
                       "định."))));
    return OK;
}

enum err identity_check_erase(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct to_erase *e = NEW(cx->arena, struct to_erase);
    web_on_refusal(rq, identity_show_erase);
    wants(cx, rq, "so_dinh_danh", T("Nhập số định danh cá nhân."));
    wants(cx, rq, "ho_ten", T("Nhập họ và tên."));
    wants(cx, rq, "quyet_dinh", T("Nhập số quyết định xóa dữ liệu."));
    wants(cx, rq, "xac_nhan", T("Đánh dấu xác nhận thì mới xóa được."));
    TRY(web_refuse(cx, rq));
    TRY(person_of(cx, rq, &e->person));
    e->order = web_form(rq, "quyet_dinh");
    if (e->order.n > ORDER_MAX)
        web_error_add(cx, rq, S("quyet_dinh"),
                      tr(cx, S(T("Số quyết định dài quá. Viết ngắn lại."))));
    TRY(web_refuse(cx, rq));
    web_keep(rq, e);
    return OK;
}

enum err identity_do_erase(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct to_erase *e = web_kept(rq);
    TRY(identity_erase(cx, e->person, e->order));
    rs->see_other = S("/quan-tri/xoa-du-lieu");
    rs->toast = tr_fmt(cx, T("Đã xóa dữ liệu theo quyết định %.*s."), F(e->order));
    return OK;
}
