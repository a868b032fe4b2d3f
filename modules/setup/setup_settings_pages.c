/* setup_settings_pages.c - the page of settings: name and hours, mail server, witness, a letter to
 * try. */
#include "journal/journal.h"
#include "setup_import.h"
#include "setup_pages.h"
#include "setup_settings.h"
#include "setup_views.h"

struct field {
    const char *name, *setting, *label, *hint;
    enum look_field_kind kind;
    bool optional;
    int max; /* characters; 0: 300 */
};
static const struct field fields[] = {
    {"ten_trang", "site.name", T("Tên trang"),
     T("Ở đầu mỗi trang người dân mở, ví dụ Dịch vụ công Lạng Sơn"), LOOK_TEXT, true, 60},
    {"gio_lam_viec", "site.hours", T("Giờ làm việc"),
     T("Ở chân trang, ví dụ: Thứ Hai đến thứ Sáu, 07:30–11:30 và 13:30–17:30"), LOOK_TEXT, true,
     120},
    {"lien_he", "site.contact", T("Nơi liên hệ"),
     T("Ở chân trang: tên và địa chỉ bộ phận tiếp người dân"), LOOK_TEXT, true, 160},
    {"tong_dai", "help.phone", T("Số tổng đài"), T("Để trống: 1022"), LOOK_PHONE, true, 30},
    {"may_chu", "smtp.url", T("Máy chủ thư"),
     T("smtp://MÁY:587, hoặc smtps://MÁY:465. Để trống: không gửi thư"), LOOK_TEXT, true, 0},
    {"nguoi_gui", "smtp.from", T("Địa chỉ gửi"), T("Ví dụ khong-tra-loi@tinh.gov.vn"), LOOK_EMAIL,
     true, 0},
    {"tai_khoan_thu", "smtp.user", T("Tài khoản thư"), T("Để trống nếu máy chủ không hỏi"),
     LOOK_TEXT, true, 0},
    {"mat_khau_thu", "smtp.password", T("Mật khẩu thư"),
     T("Để trống: giữ như đang có. Được niêm phong trong cơ sở dữ liệu"), LOOK_PASSWORD, true, 0},
    {"ma_hoa", "smtp.tls", T("Mã hóa đường gửi"), "", LOOK_SELECT, false, 0},
    {"nhan_chung", "witness.mail", T("Thư của nhân chứng"),
     T("Nơi nhận đầu nhật ký đã ký mỗi giờ, ngoài tầm tay người quản trị: thanh tra, tỉnh khác"),
     LOOK_EMAIL, true, 0},
};
#define FIELDS_N (sizeof fields / sizeof *fields)

static struct look_field_view field_of(struct cx *cx, struct web_req *rq, const struct field *f)
{
    const bool fixed = setup_setting_fixed(cx, f->setting);
    const struct str now = setup_setting_now(cx, f->setting);
    struct look_field_view v = {
        .kind = fixed ? LOOK_PREFILLED : f->kind,
        .name = str_c(f->name),
        .label = tr(cx, str_c(f->label)),
        .hint = tr(cx, str_c(f->hint)),
        .value = web_again(rq) ? web_form(rq, f->name) : now,
        .wrong = web_error_of(rq, str_c(f->name)),
        .optional = f->optional,
        .max = f->max ? f->max : 300,
    };
    if (fixed) {
        v.value = f->kind == LOOK_PASSWORD ? S("••••") : now;
        v.source = tr(cx, S(T("đặt trong tinhso.conf hoặc biến môi trường")));
        return v;
    }
    if (f->kind == LOOK_PASSWORD) {
        v.value = S("");
        v.autocomplete = S("new-password");
    }
    if (f->kind == LOOK_SELECT) {
        struct look_option *options = NEW_N(cx->arena, struct look_option, 2);
        options[0] =
            (struct look_option){.value = S("required"), .label = tr(cx, S(T("Bắt buộc TLS")))};
        options[1] = (struct look_option){
            .value = S("none"), .label = tr(cx, S(T("Không, máy chủ thư ở chính máy này")))};
        options[str_eq(v.value, S("none"))].on = true;
        v.options = options;
        v.options_n = 2;
    }
    return v;
}

/* "ok 09:14, 23/11/2026 end 250" or "no ..."; empty: not tried, or under way. */
static struct look_note_view tried_note(struct cx *cx, struct str kept)
{
    const bool good = str_starts(kept, S("ok "));
    if (kept.n < 3)
        return (struct look_note_view){0};
    return (struct look_note_view){
        .kind = good ? S("ok") : S("err"),
        .icon = good ? S("checkc") : S("oct"),
        .title = good ? tr(cx, S(T("Máy chủ thư đã nhận thư thử")))
                      : tr(cx, S(T("Máy chủ thư không nhận thư thử"))),
        .text = str_from(kept, 3),
    };
}

enum err setup_show_settings(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct look_field_view *all = NEW_N(cx->arena, struct look_field_view, FIELDS_N);
    struct str tried;
    for (size_t i = 0; i < FIELDS_N; i++)
        all[i] = field_of(cx, rq, &fields[i]);
    TRY(setup_setting_kept(cx, "smtp.test", &tried));
    const struct setup_settings_view view = {
        .errors = look_errors_of(cx, rq),
        .tried = tried_note(cx, tried),
        .fields = all,
        .fields_n = FIELDS_N,
        .may_try = setup_setting_now(cx, "smtp.url").n && setup_setting_now(cx, "smtp.from").n,
    };
    setup_settings_html(&rs->body, &view);
    return OK;
}

/* ---- saving ---- */

static struct str host_of(struct str url)
{
    struct str scheme, rest, host, after;
    str_cut(url, ':', &scheme, &rest);
    rest = str_from(rest, str_starts(rest, S("//")) ? 2 : 0);
    if (!str_cut(rest, '/', &host, &after))
        host = rest;
    str_cut(host, ':', &host, &after);
    return host;
}

static bool url_good(struct str url)
{
    for (size_t i = 0; i < url.n; i++)
        if (url.p[i] <= ' ' || url.p[i] >= 0x7f || url.p[i] == '@')
            return false;
    return (str_starts(url, S("smtp://")) || str_starts(url, S("smtps://"))) && host_of(url).n > 0;
}

static bool on_this_machine(struct str url)
{
    const struct str host = host_of(url);
    return str_eq(host, S("localhost")) || str_starts(host, S("127."));
}

static bool phone_good(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("0123456789 .+()-", s.p[i]))
            return false;
    return true;
}

/* What stands at the head and the foot of each page: one line, not too long. */
static void check_site(struct cx *cx, struct web_req *rq)
{
    for (size_t i = 0; i < FIELDS_N; i++) {
        const struct str typed = web_form(rq, fields[i].name);
        if (fields[i].max && (utf8_count(typed) > (size_t)fields[i].max ||
                              str_find(typed, S("\n"), NULL) || str_find(typed, S("|"), NULL)))
            web_error_add(cx, rq, str_c(fields[i].name),
                          tr_fmt(cx, T("%.*s chỉ một dòng, dài nhất %d ký tự, không có dấu |."),
                                 F(tr(cx, str_c(fields[i].label))), fields[i].max));
    }
    if (!phone_good(web_form(rq, "tong_dai")))
        web_error_add(cx, rq, S("tong_dai"),
                      tr(cx, S(T("Số tổng đài chỉ gồm chữ số, ví dụ 1022 hoặc 0205 3812 345."))));
}

enum err setup_check_settings(struct cx *cx, struct web_req *rq, struct web_res *)
{
    web_on_refusal(rq, setup_show_settings);
    check_site(cx, rq);
    const struct str url = web_form(rq, "may_chu"), from = web_form(rq, "nguoi_gui"),
                     to = web_form(rq, "nhan_chung");
    if (url.n && !url_good(url))
        web_error_add(
            cx, rq, S("may_chu"),
            tr(cx, S(T("Máy chủ thư phải có dạng smtp://MÁY:587 hoặc smtps://MÁY:465."))));
    if (from.n && !import_mail_good(from))
        web_error_add(cx, rq, S("nguoi_gui"),
                      tr(cx, S(T("Địa chỉ gửi phải có dạng ten@tinh.gov.vn."))));
    if (url.n && from.n == 0 && !setup_setting_fixed(cx, "smtp.from"))
        web_error_add(cx, rq, S("nguoi_gui"), tr(cx, S(T("Nhập địa chỉ gửi."))));
    if (to.n && !import_mail_good(to))
        web_error_add(cx, rq, S("nhan_chung"),
                      tr(cx, S(T("Thư của nhân chứng phải có dạng ten@noi-khac.gov.vn."))));
    if (str_eq(web_form(rq, "ma_hoa"), S("none")) && url.n && !on_this_machine(url))
        web_error_add(cx, rq, S("ma_hoa"),
                      tr(cx, S(T("Chỉ bỏ mã hóa khi máy chủ thư ở chính máy này."))));
    return web_refuse(cx, rq);
}

enum err setup_save_settings(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    for (size_t i = 0; i < FIELDS_N; i++) {
        struct str typed = web_form(rq, fields[i].name);
        const bool keep = fields[i].kind == LOOK_PASSWORD && typed.n == 0;
        if (str_eq(typed, setup_setting_stated(cx, fields[i].setting)))
            typed = S(""); /* as the file says: it goes on saying it */
        if (!setup_setting_fixed(cx, fields[i].setting) && !keep)
            TRY(setup_setting_keep(cx, fields[i].setting, typed));
    }
    TRY(journal_write(cx, &(struct event){.kind = S("setup.settings.changed"),
                                          .subject_kind = S("setup.settings"),
                                          .subject_id = 1,
                                          .unit = cx->actor->unit}));
    rs->see_other = S("/quan-tri/thiet-dat");
    rs->toast = tr(cx, S(T("Đã lưu thiết đặt. Có hiệu lực trong giây lát.")));
    return OK;
}

enum err setup_try_mail(struct cx *cx, struct web_req *, struct web_res *rs)
{
    if (setup_setting_now(cx, "smtp.url").n == 0 || setup_setting_now(cx, "smtp.from").n == 0)
        return fail(cx, ERR_CONFLICT,
                    T("Chưa có máy chủ thư và địa chỉ gửi. Lưu thiết đặt trước."));
    TRY(setup_mail_test(cx));
    TRY(journal_write(cx, &(struct event){.kind = S("setup.mail.tried"),
                                          .subject_kind = S("setup.settings"),
                                          .subject_id = 1,
                                          .unit = cx->actor->unit}));
    rs->see_other = S("/quan-tri/thiet-dat");
    rs->toast = tr(cx, S(T("Đang gửi thư thử đến địa chỉ gửi. Tải lại trang để xem kết quả.")));
    return OK;
}
