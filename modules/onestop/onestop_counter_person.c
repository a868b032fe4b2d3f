/* onestop_counter_person.c - who stands at the counter: read from a card or a number, found on
 * record, shown or asked for. */
#include "onestop_counter.h"

bool onestop_counter_looks_up(struct web_req *rq)
{
    return str_eq(web_form(rq, "di"), S("tra"));
}

static bool typed_date(struct web_req *rq, int64_t *day)
{
    static const char *const boxes[] = {"ngay_sinh-ngay", "ngay_sinh-thang", "ngay_sinh-nam"};
    int64_t v[3];
    for (int i = 0; i < 3; i++)
        if (!str_int(web_form(rq, boxes[i]), &v[i]) || v[i] < 1 || v[i] > 9999)
            return false;
    if (!civil_valid((int)v[2], (int)v[1], (int)v[0]))
        return false;
    *day = civil_day((int)v[2], (int)v[1], (int)v[0]);
    return true;
}

/* The card or the number as typed. False: it is neither. */
static bool parse_typed(struct cx *cx, struct web_req *rq, struct walk_in *w)
{
    struct card card;
    struct id_no id;
    struct str typed = web_form(rq, "dinh_danh");
    w->who = (struct person){.kind = S("cong_dan"),
                             .born_on = INT64_MIN,
                             .phone = web_form(rq, "dien_thoai"),
                             .address = web_form(rq, "dia_chi"),
                             .name = web_form(rq, "ho_ten")};
    if (card_parse(cx->arena, typed, &card)) {
        w->card = true;
        w->who.id_no = card.id_no;
        w->who.name = card.name;
        w->who.born_on = card.born_on;
        w->who.sex = str_eq(card.sex, S("nữ")) ? S("nu") : S("nam");
        w->who.address = card.address;
        return true;
    }
    if (!id_no_parse(cx->arena, typed, &id))
        return false;
    w->who.id_no = id.digits;
    w->who.sex = id.female ? S("nu") : S("nam");
    return true;
}

/* From what is on record under the number, else from the card. */
static enum err find_person(struct cx *cx, struct walk_in *w)
{
    struct person known;
    enum err e = person_by_id_no(cx, w->who.id_no, &known);
    if (e == OK) {
        w->known = true;
        w->who = known;
    }
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err onestop_counter_read_person(struct cx *cx, struct web_req *rq, struct walk_in *w)
{
    if (!parse_typed(cx, rq, w)) {
        web_error_add(
            cx, rq, S("dinh_danh"),
            tr(cx, S(T("Số định danh phải có đúng 12 chữ số, hoặc quét lại QR trên thẻ."))));
        return OK;
    }
    TRY(find_person(cx, w));
    if (w->known || onestop_counter_looks_up(rq))
        return OK;
    if (w->who.born_on == INT64_MIN && !typed_date(rq, &w->who.born_on))
        web_error_add(cx, rq, S("ngay_sinh"),
                      tr(cx, S(T("Ngày sinh phải đủ ngày, tháng, năm, ví dụ 14/05/1998."))));
    if (w->who.name.n == 0)
        web_error_add(cx, rq, S("ho_ten"), tr(cx, S(T("Nhập họ, chữ đệm, tên."))));
    return OK;
}

/* ---- the panel ---- */

static struct look_field_view text_field(struct cx *cx, struct web_req *rq, const char *name,
                                         const char *label, const char *hint)
{
    return (struct look_field_view){.kind = LOOK_TEXT,
                                    .name = str_c(name),
                                    .label = tr(cx, str_c(label)),
                                    .hint = tr(cx, str_c(hint)),
                                    .value = web_form(rq, name),
                                    .wrong = web_error_of(rq, str_c(name)),
                                    .max = 200};
}

static void show_found(struct cx *cx, const struct walk_in *w, struct onestop_counter_view *v)
{
    v->found = (struct onestop_found){
        .name = w->who.name,
        .id_no = look_id_grouped(cx, w->who.id_no),
        .born = w->who.born_on == INT64_MIN ? S("") : date_vi(cx->arena, w->who.born_on),
        .sex = str_eq(w->who.sex, S("nu")) ? tr(cx, S(T("Nữ"))) : tr(cx, S(T("Nam"))),
        .address = w->who.address,
        .badge = w->known ? (struct look_badge_view){S("ok"), S("check"),
                                                     tr(cx, S(T("Đã có trong hệ thống"))), S("")}
                          : (struct look_badge_view){S("info"), S("qr"),
                                                     tr(cx, S(T("Đọc từ thẻ căn cước"))), S("")},
    };
}

enum err onestop_counter_set_person(struct cx *cx, struct web_req *rq, struct walk_in *w,
                                    struct onestop_counter_view *v)
{
    struct look_field_view *f = NEW_N(cx->arena, struct look_field_view, 4);
    v->person_box =
        text_field(cx, rq, "dinh_danh", "Quét QR thẻ căn cước, hoặc gõ 12 số rồi Enter", "");
    v->person_box.kind = LOOK_QR;
    v->person_box.key = S("F3");
    v->person_box.access = S("3");
    v->person_box.focus = !web_again(rq);
    v->person_box.max = 2000;
    v->person = f;
    if (web_again(rq) && parse_typed(cx, rq, w)) {
        TRY(find_person(cx, w));
        if (w->known || w->card)
            show_found(cx, w, v);
        else if (onestop_counter_looks_up(rq))
            v->person_box.hint =
                tr(cx, S(T("Chưa có người này. Nhập họ tên, ngày sinh bên dưới.")));
    }
    if (v->found.name.n == 0) {
        f[v->person_n++] = text_field(cx, rq, "ho_ten", "Họ, chữ đệm, tên", "");
        f[v->person_n++] = (struct look_field_view){.kind = LOOK_DATE,
                                                    .name = S("ngay_sinh"),
                                                    .label = tr(cx, S(T("Ngày sinh"))),
                                                    .day = web_form(rq, "ngay_sinh-ngay"),
                                                    .month = web_form(rq, "ngay_sinh-thang"),
                                                    .year = web_form(rq, "ngay_sinh-nam"),
                                                    .wrong = web_error_of(rq, S("ngay_sinh"))};
        f[v->person_n++] = text_field(cx, rq, "dia_chi", "Nơi cư trú", "");
    }
    if (!w->known)
        f[v->person_n++] = text_field(cx, rq, "dien_thoai", "Điện thoại", "");
    for (size_t i = 0; i < v->person_n; i++) {
        f[i].optional = str_eq(f[i].name, S("dia_chi")) || str_eq(f[i].name, S("dien_thoai"));
        if (str_eq(f[i].name, S("dien_thoai")))
            f[i].kind = LOOK_PHONE;
    }
    return OK;
}
