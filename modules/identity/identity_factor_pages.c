/* identity_factor_pages.c - the second factor of one's own account: on, recovery codes, off. */
#include "identity_factor.h"
#include "identity_views.h"

#include "crypto/crypto.h"
#include "pdf/pdf.h"

#define HOME "/tai-khoan/ma-xac-thuc"
#define FEW 3 /* recovery codes: it is said that there are few */

static enum err to_home(struct web_res *rs)
{
    rs->see_other = S(HOME);
    return OK;
}

enum err identity_show_factor(struct cx *cx, struct web_req *, struct web_res *rs)
{
    struct factor_row f = {0};
    struct identity_factor_view view = {0};
    int64_t left;
    const enum err e = factor_store_find(cx, cx->actor->account, &f);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    TRY(recovery_store_left(cx, cx->actor->account, &left));
    TRY(factor_wanted(cx, cx->actor->account, &view.wanted));
    view.on = f.on_at != 0;
    view.owed = view.wanted && !view.on;
    view.since = view.on ? time_vi(cx->arena, f.on_at) : S("");
    view.left = left;
    view.few = left <= FEW;
    identity_factor_html(&rs->body, &view);
    return OK;
}

/* ---- on ---- */

enum err identity_begin_factor(struct cx *cx, struct web_req *, struct web_res *rs)
{
    TRY(factor_begin(cx, cx->actor->account));
    rs->see_other = S(HOME "/bat");
    return OK;
}

/* A personal number does not belong into an app that may keep its entries elsewhere. */
static struct str label_of(struct cx *cx, const struct account *a)
{
    struct id_no id;
    return id_no_parse(cx->arena, a->login, &id)
               ? str_fmt(cx->arena, "...%.*s", F(str_from(id.digits, id.digits.n - 3)))
               : a->login;
}

/* The rest is what every app takes when nothing is said: SHA-1, six digits, 30 seconds. */
static enum err address_of(struct cx *cx, struct str secret, struct str *out)
{
    struct account a;
    TRY(account_find(cx, cx->actor->account, &a));
    *out = str_fmt(cx->arena, "otpauth://totp/%.*s?secret=%.*s&issuer=%.*s",
                   F(url_encode(cx->arena, label_of(cx, &a))), F(secret),
                   F(url_encode(cx->arena, look_site_name(cx))));
    return OK;
}

static struct str in_groups(struct cx *cx, struct str s)
{
    struct buf b = {.arena = cx->arena, .limit = 2 * s.n + 8};
    for (size_t i = 0; i < s.n; i++) {
        if (i && i % 4 == 0)
            buf_byte(&b, ' ');
        buf_byte(&b, s.p[i]);
    }
    return buf_str(&b);
}

/* A link of a kind that no other page has: on the phone itself it opens the app. */
static struct markup open_link(struct cx *cx, struct str address)
{
    struct html h = html_start(cx);
    html_lit(&h, "<a class=\"btn btn-2\" href=\"");
    html_text(&h, address);
    html_lit(&h, "\">");
    html_text(&h, tr(cx, S(T("Mở trong ứng dụng xác thực"))));
    html_lit(&h, "</a>");
    return html_done(&h);
}

enum err identity_show_begun(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct str secret, address;
    const enum err e = factor_begun(cx, cx->actor->account, &secret);
    if (e == ERR_NOT_FOUND && web_again(rq))
        return fail(cx, ERR_CONFLICT, T("Khóa này đã được thay. Mở lại trang rồi bật từ đầu."));
    if (e == ERR_NOT_FOUND)
        return to_home(rs);
    TRY(e);
    secret = totp_secret_text(cx->arena, secret);
    TRY(address_of(cx, secret, &address));
    struct look_field_view code = identity_code_field(cx, web_error_of(rq, S("ma")), false);
    code.hint = tr(cx, S(T("6 chữ số trong ứng dụng")));
    const struct identity_factor_begun_view view = {
        .errors = look_errors_of(cx, rq),
        .qr = {qr_svg(cx->arena, address, tr(cx, S(T("Mã QR của khóa xác thực"))))},
        .open = open_link(cx, address),
        .secret = in_groups(cx, secret),
        .address = address,
        .code = code,
        .save = {.label = tr(cx, S(T("Bật mã xác thực")))},
    };
    identity_factor_begun_html(&rs->body, &view);
    return OK;
}

struct begun {
    int64_t step;
    struct recovery_codes codes;
};

enum err identity_check_begun(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct begun *b = NEW(cx->arena, struct begun);
    web_on_refusal(rq, identity_show_begun);
    TRY(factor_first_code(cx, cx->actor->account, web_form(rq, "ma"), &b->step));
    TRY(recovery_make(cx, &b->codes));
    web_keep(rq, b);
    return OK;
}

static enum err show_codes(struct cx *cx, struct web_res *rs, const struct recovery_codes *r,
                           struct str done)
{
    struct str *codes = NEW_N(cx->arena, struct str, RECOVERY_CODES);
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        codes[i] = in_groups(cx, r->plain[i]);
    const struct identity_factor_codes_view view = {
        .done = done, .codes = codes, .codes_n = RECOVERY_CODES};
    rs->title = tr(cx, S(T("Mã dự phòng")));
    rs->instead = S(HOME);
    identity_factor_codes_html(&rs->body, &view);
    return OK;
}

enum err identity_turn_on(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct begun *b = web_kept(rq);
    const struct session_start start = {.account = cx->actor->account, .assurance = 2};
    TRY(factor_turn_on(cx, start.account, b->step, &b->codes));
    TRY(web_session_end_others(cx, rq));
    TRY(web_session_start(cx, rq, rs, &start));
    return show_codes(cx, rs, &b->codes,
                      tr(cx, S(T("Mã xác thực đã bật. Các thiết bị khác phải đăng nhập lại."))));
}

/* ---- off, new recovery codes: password and code ---- */

struct sure {
    struct sign_in sign_in;
    struct code_check code;
    struct recovery_codes codes;
};

static enum err draw_sure(struct cx *cx, struct web_res *rs, bool off, struct str password_wrong,
                          struct str code_wrong)
{
    const bool of_password = password_wrong.n != 0;
    const struct identity_factor_sure_view view = {
        .title = tr(cx, off ? S(T("Tắt mã xác thực")) : S(T("Tạo mã dự phòng mới"))),
        .text = tr(cx, off ? S(T("Sau khi tắt, ai biết mật khẩu của bạn đều đăng nhập được."))
                           : S(T("Mười mã mới thay cho các mã cũ; mã cũ hết dùng."))),
        .action = off ? S(HOME "/tat") : S(HOME "/du-phong"),
        .errors = identity_one_error(cx, of_password ? S("mat_khau") : S("ma"),
                                     of_password ? password_wrong : code_wrong),
        .password = identity_password_field(cx, password_wrong),
        .code = identity_code_field(cx, code_wrong, false),
        .enter = {.label = tr(cx, off ? S(T("Tắt mã xác thực")) : S(T("Tạo mã mới"))),
                  .kind = off ? S("dd") : S("")},
    };
    identity_factor_sure_html(&rs->body, &view);
    return OK;
}

static enum err show_sure(struct cx *cx, struct web_res *rs, bool off)
{
    bool on;
    TRY(factor_is_on(cx, cx->actor->account, &on));
    return on ? draw_sure(cx, rs, off, S(""), S("")) : to_home(rs);
}

enum err identity_show_off(struct cx *cx, struct web_req *, struct web_res *rs)
{
    return show_sure(cx, rs, true);
}

enum err identity_show_new_codes(struct cx *cx, struct web_req *, struct web_res *rs)
{
    return show_sure(cx, rs, false);
}

static enum err check_sure(struct cx *cx, struct web_req *rq, bool codes)
{
    struct sure *s = NEW(cx->arena, struct sure);
    const int64_t account = cx->actor->account;
    web_keep(rq, s);
    TRY(sign_in_check_account(cx, account, web_form_exact(rq, "mat_khau"), &s->sign_in));
    if (s->sign_in.verdict == SIGN_IN_RIGHT)
        TRY(factor_check(cx, account, web_form(rq, "ma"), &s->code));
    return codes && s->code.verdict == CODE_RIGHT ? recovery_make(cx, &s->codes) : OK;
}

enum err identity_check_off(struct cx *cx, struct web_req *rq, struct web_res *)
{
    return check_sure(cx, rq, false);
}

enum err identity_check_new_codes(struct cx *cx, struct web_req *rq, struct web_res *)
{
    return check_sure(cx, rq, true);
}

/* Both right; else what was wrong is counted and the page drawn again. */
static enum err is_sure(struct cx *cx, struct web_res *rs, const struct sure *s, bool off,
                        bool *sure)
{
    struct code_check code = s->code; /* this may run again */
    *sure = false;
    if (s->sign_in.verdict != SIGN_IN_RIGHT) {
        rs->status = 422;
        TRY(sign_in_wrong(cx, &s->sign_in));
        return draw_sure(cx, rs, off, sign_in_sentence(cx, &s->sign_in), S(""));
    }
    TRY(factor_take(cx, &code));
    *sure = code.verdict == CODE_RIGHT;
    if (*sure)
        return OK;
    rs->status = 422;
    return draw_sure(cx, rs, off, S(""), code_sentence(cx, &code));
}

enum err identity_turn_off(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    bool sure;
    TRY(is_sure(cx, rs, web_kept(rq), true, &sure));
    if (!sure)
        return OK;
    TRY(factor_turn_off(cx, cx->actor->account));
    rs->toast = tr(cx, S(T("Đã tắt mã xác thực.")));
    return to_home(rs);
}

enum err identity_renew_codes(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct sure *s = web_kept(rq);
    bool sure;
    TRY(is_sure(cx, rs, s, false, &sure));
    if (!sure)
        return OK;
    TRY(factor_new_codes(cx, cx->actor->account, &s->codes));
    return show_codes(cx, rs, &s->codes, tr(cx, S(T("Các mã dự phòng cũ không còn dùng được."))));
}
