/* onestop_print.c - the printed forms 01 to 06: data for their templates.
 *
 * Forms: TT 03/2025/TT-VPCP, Phụ lục I. The templates are data (packs/quoc-gia/templates); numbers
 * in a printed form come from the stored rows. */
#include "identity/identity.h"
#include "journal/journal.h"
#include "onestop_ledger.h"
#include "org/org.h"

#define DATA_MAX ((size_t)256 * 1024)

/* "Kỳ Lừa": where a paper is signed, as its head says it. */
static enum err put_place(struct cx *cx, struct json_out *o, const struct org_unit *u)
{
    static const char *const kinds[] = {"Phường ", "Xã ", "Đặc khu ", "Tỉnh ", "Thành phố "};
    struct org_area a = {.name = {"", 0}};
    if (u->area)
        TRY(org_area_find(cx, u->area, &a));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_starts(a.name, str_c(kinds[i])))
            a.name = str_from(a.name, strlen(kinds[i]));
    json_str(o, S("dia_danh"), a.name);
    return OK;
}

enum err onestop_put_unit(struct cx *cx, struct json_out *o, int64_t id)
{
    struct org_unit u, above = {.name = {"", 0}};
    TRY(org_unit_find(cx, id, &u));
    if (u.parent)
        TRY(org_unit_find(cx, u.parent, &above));
    json_str(o, S("co_quan"), u.name);
    json_str(o, S("co_quan_cap_tren"), above.name);
    TRY(put_place(cx, o, &u));
    json_str(o, S("dia_chi_co_quan"), u.address);
    json_str(o, S("dien_thoai_co_quan"), u.phone);
    return OK;
}

static void put_moment(struct cx *cx, struct json_out *o, const char *key, int64_t at)
{
    json_str(o, str_c(key), at ? time_long_vi(cx->arena, at) : S(""));
}

/* "Ngày 21 tháng 11 năm 2026" */
struct str onestop_long_date(struct cx *cx, int64_t at)
{
    struct civil c = civil_at(at);
    return str_fmt(cx->arena, "ngày %02d tháng %02d năm %d", c.day, c.month, c.year);
}

static enum err put_common(struct cx *cx, struct json_out *o, const struct dossier *d, int64_t unit)
{
    struct person who;
    TRY(person_find(cx, d->submitter, &who));
    TRY(onestop_put_unit(cx, o, unit));
    json_str(o, S("ma_ho_so"), d->code.n ? d->code : d->request_code);
    json_str(o, S("thu_tuc"), d->procedure_name);
    json_str(o, S("ma_thu_tuc"), d->procedure_code);
    json_str(o, S("nguoi_nop"), d->submitter_name);
    json_str(o, S("chu_ho_so"), d->subject_name);
    json_key(o, S("khac_nguoi"));
    json_put_bool(o, d->subject != d->submitter);
    json_str(o, S("dia_chi"), who.address);
    json_str(o, S("dien_thoai"), who.phone);
    json_str(o, S("email"), who.email);
    put_moment(cx, o, "nhan_luc", d->accepted_at);
    put_moment(cx, o, "hen_tra", d->due_shown_at);
    json_str(o, S("tra_cuu"),
             str_fmt(cx->arena, "%.*s/tra-cuu/%.*s", F(cx->env->base_url), F(d->track_token)));
    return OK;
}

static enum err put_papers(struct cx *cx, struct json_out *o, const struct dossier *d)
{
    struct paper_row rows[PAPERS_MAX];
    size_t n;
    TRY(onestop_store_papers(cx, d->id, rows, PAPERS_MAX, &n));
    json_key(o, S("giay_to"));
    json_open_array(o);
    for (size_t i = 0; i < n; i++) {
        json_open_object(o);
        json_num(o, S("stt"), (int64_t)i + 1);
        json_str(o, S("ten"), rows[i].name);
        json_num(o, S("ban_chinh"), rows[i].originals);
        json_num(o, S("ban_sao"), rows[i].copies);
        json_close_object(o);
    }
    json_close_array(o);
    return OK;
}

static struct str money(struct cx *cx, int64_t dong)
{
    struct str digits = str_fmt(cx->arena, "%lld", (long long)dong);
    struct buf b = {.arena = cx->arena, .limit = 64};
    for (size_t i = 0; i < digits.n; i++) {
        if (i && (digits.n - i) % 3 == 0)
            buf_byte(&b, '.');
        buf_byte(&b, digits.p[i]);
    }
    buf_add(&b, S("\xC2\xA0₫"));
    return buf_str(&b);
}

/* ---- each form's own rows ---- */

/* Its line in the register of the year. */
static enum err put_ledger(struct cx *cx, struct json_out *o, const struct dossier *d)
{
    int64_t n = 0;
    int year = 0;
    enum err e = onestop_store_ledger(cx, d->id, &n, &year);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    json_str(o, S("so_thu_tu"), n ? str_fmt(cx->arena, "%lld", (long long)n) : S(""));
    json_num(o, S("nam_so"), year);
    return OK;
}

/* Whoever took it in, whoever prints it. */
static enum err accepted_by(struct cx *cx, const struct dossier *d, struct str *name)
{
    struct event_record events[32];
    size_t n;
    *name = S("");
    TRY(journal_of(cx, SUBJECT_KIND, d->id, 0, false, events, 32, &n));
    for (size_t i = 0; i < n; i++)
        if (str_eq(events[i].kind, S("onestop.dossier.accepted")) && events[i].actor_account)
            return account_name(cx, events[i].actor_account, name);
    return OK;
}

static enum err put_form_01(struct cx *cx, struct json_out *o, const struct dossier *d)
{
    const struct procedure *p;
    struct receipt r;
    struct str officer;
    TRY(accepted_by(cx, d, &officer));
    TRY(onestop_procedure(cx, d, &p));
    TRY(put_papers(cx, o, d));
    TRY(put_ledger(cx, o, d));
    json_str(o, S("thoi_han"), p->term_words);
    json_str(o, S("noi_tra"),
             str_eq(d->delivery, S("dien_tu")) ? S("Điện tử, trên trang hồ sơ") : S("Tại quầy"));
    json_str(o, S("le_phi"), money(cx, d->fee_dong));
    enum err e = onestop_store_receipt(cx, d->id, &r);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    json_str(o, S("bien_lai"),
             e == OK ? str_fmt(cx->arena, "%lld/%lld", (long long)r.n, (long long)r.year) : S(""));
    json_str(o, S("ngay"), onestop_long_date(cx, d->accepted_at));
    json_str(o, S("can_bo"), officer);
    return OK;
}

static const struct procedure_component *component_of(const struct procedure *p, struct str code)
{
    for (size_t i = 0; i < p->components_n; i++)
        if (str_eq(p->components[i].code, code))
            return &p->components[i];
    return NULL;
}

static enum err put_form_02(struct cx *cx, struct json_out *o, const struct dossier *d, int64_t row)
{
    struct supplement list[SUPPLEMENTS_MAX];
    size_t n, at = 0;
    const struct procedure *p;
    TRY(onestop_procedure(cx, d, &p));
    TRY(onestop_store_supplements(cx, d, list, SUPPLEMENTS_MAX, &n));
    while (at < n && row && list[at].id != row)
        at++;
    if (at >= n)
        return fail(cx, ERR_NOT_FOUND, T("Hồ sơ này không có phiếu yêu cầu bổ sung đó."));
    struct str officer = S("");
    if (list[at].asked_by)
        TRY(account_name(cx, list[at].asked_by, &officer));
    json_str(o, S("can_bo"), officer);
    json_str(o, S("so"), list[at].no);
    json_str(o, S("ly_do"), list[at].reason);
    put_moment(cx, o, "tra_loi_truoc", list[at].answer_by);
    json_str(o, S("ngay"), onestop_long_date(cx, list[at].asked_at));
    json_key(o, S("bo_sung"));
    json_open_array(o);
    for (size_t i = 0; i < list[at].items_n; i++) {
        const struct procedure_component *c = component_of(p, list[at].items[i].component);
        json_open_object(o);
        json_num(o, S("stt"), (int64_t)i + 1);
        json_str(o, S("ten"), c ? c->name : list[at].items[i].component);
        json_num(o, S("ban_chinh"), c ? c->originals : 1);
        json_num(o, S("ban_sao"), c ? c->copies : 0);
        json_str(o, S("noi_dung"), list[at].items[i].what);
        json_close_object(o);
    }
    json_close_array(o);
    return OK;
}

static enum err put_decision(struct cx *cx, struct json_out *o, const struct dossier *d,
                             const char *kind)
{
    const struct procedure *p;
    struct decision x;
    struct str signer = S("");
    TRY(onestop_procedure(cx, d, &p));
    json_str(o, S("giai_doan"),
             (size_t)d->step < p->steps_n ? p->steps[d->step].title : S("Giải quyết hồ sơ"));
    TRY(onestop_store_decision(cx, d, str_c(kind), &x));
    if (x.by_account)
        TRY(account_name(cx, x.by_account, &signer));
    json_str(o, S("so"), x.no);
    json_str(o, S("ly_do"), x.reason);
    json_str(o, S("can_cu"), x.basis);
    json_str(o, S("ngay"), onestop_long_date(cx, x.at));
    json_str(o, S("nguoi_ky"), signer);
    put_moment(cx, o, "hen_cu", x.old_due);
    put_moment(cx, o, "hen_moi", x.new_due);
    return OK;
}

static enum err put_form(struct cx *cx, struct json_out *o, const struct dossier *d, int form_no,
                         int64_t row)
{
    switch (form_no) {
    case 1:
        return put_form_01(cx, o, d);
    case 2:
        return put_form_02(cx, o, d, row);
    case 3:
        return put_decision(cx, o, d, "tu_choi");
    case 4:
        return put_decision(cx, o, d, "gia_han");
    case 5:
        return put_decision(cx, o, d, "dung");
    case 6:
        return onestop_put_form_06(cx, o, d);
    default:
        return fail(cx, ERR_NOT_FOUND, T("Không có mẫu này. Quay lại trang hồ sơ."));
    }
}

enum err onestop_print(struct cx *cx, struct str template, struct str data, struct str *pdf)
{
    struct template_row t;
    const struct json *v;
    struct json_error error;
    TRY(form_template_in_force(cx, template, day_of(cx->now), &t));
    if (json_read(cx->arena, data, &v, &error) != OK)
        return fail(cx, ERR_IO, "data of %.*s: %s", F(template), error.what);
    return form_print(cx, &t, v, pdf);
}

enum err onestop_form_pdf(struct cx *cx, const struct dossier *d, int form_no, int64_t row,
                          struct str *pdf)
{
    struct buf b = {.arena = cx->arena, .limit = DATA_MAX};
    struct json_out o = {.to = &b};
    if (form_no == 1 && d->accepted_at == 0)
        return fail(cx, ERR_NOT_FOUND, T("Hồ sơ chưa được tiếp nhận, chưa có giấy tiếp nhận."));
    json_open_object(&o);
    if (form_no == 6 && cx->actor->unit == 0)
        return fail(cx, ERR_DENIED,
                    T("Phiếu kiểm soát là giấy của cơ quan. Xem tiến độ trên trang hồ sơ."));
    TRY(put_common(cx, &o, d, form_no <= 3 ? d->receiving_unit : d->competent_unit));
    TRY(put_form(cx, &o, d, form_no, row));
    json_close_object(&o);
    return onestop_print(cx, str_fmt(cx->arena, "mau-%02d", form_no), buf_str(&b), pdf);
}
