/* identity_account_pages.c - one's own account: password, who read my data. */
#include "identity_inside.h"

#include "crypto/crypto.h"
#include "identity_views.h"
#include "journal/journal.h"
#include "org/org.h"

#define READS_A_PAGE 50

enum err identity_show_account(struct cx *cx, [[maybe_unused]] struct web_req *rq,
                               struct web_res *rs)
{
    struct account a;
    TRY(account_find(cx, cx->actor->account, &a));
    struct identity_unit_row *rows = NEW_N(cx->arena, struct identity_unit_row, POSTS_MAX);
    const struct identity_account_view view = {
        .name = a.name,
        .login = a.login,
        .units = rows,
        .units_n = identity_unit_rows(cx, rows, POSTS_MAX),
        .has_person = a.person != 0,
    };
    identity_account_html(&rs->body, &view);
    return OK;
}

/* ---- the password ---- */

static struct look_field_view password_field(struct cx *cx, struct web_req *rq, struct str name,
                                             struct str label, struct str autocomplete)
{
    return (struct look_field_view){.kind = LOOK_PASSWORD,
                                    .name = name,
                                    .label = tr(cx, label),
                                    .wrong = web_error_of(rq, name),
                                    .autocomplete = autocomplete,
                                    .max = 200};
}

enum err identity_show_change(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    size_t n;
    const struct web_error *errors = web_errors(rq, &n);
    struct look_error_item *items = NEW_N(cx->arena, struct look_error_item, n);
    for (size_t i = 0; i < n; i++)
        items[i] = (struct look_error_item){errors[i].field, errors[i].sentence};
    struct identity_change_view view = {
        .errors = {items, n},
        .old = password_field(cx, rq, S("mat_khau_cu"), S(T("Mật khẩu đang dùng")),
                              S("current-password")),
        .fresh = password_field(cx, rq, S("mat_khau_moi"), S(T("Mật khẩu mới")), S("new-password")),
        .again = password_field(cx, rq, S("mat_khau_lai"), S(T("Nhập lại mật khẩu mới")),
                                S("new-password")),
        .save = {.label = tr(cx, S(T("Đổi mật khẩu")))},
    };
    view.fresh.hint = tr(cx, S(T("Ít nhất 10 ký tự, ví dụ bốn từ ghép lại")));
    identity_change_html(&rs->body, &view);
    return OK;
}

enum err identity_check_change(struct cx *cx, struct web_req *rq,
                               [[maybe_unused]] struct web_res *rs)
{
    struct account a;
    struct sign_in s;
    struct str fresh = web_form_exact(rq, "mat_khau_moi"), *encoded = NEW(cx->arena, struct str);
    web_on_refusal(rq, identity_show_change);
    TRY(account_find(cx, cx->actor->account, &a));
    const char *fault =
        identity_password_fault(cx, fresh, a.login, identity_password_about(cx, &a));
    if (fault)
        web_error_add(cx, rq, S("mat_khau_moi"), tr(cx, str_c(fault)));
    if (!str_eq(fresh, web_form_exact(rq, "mat_khau_lai")))
        web_error_add(cx, rq, S("mat_khau_lai"),
                      tr(cx, S(T("Hai lần nhập mật khẩu mới khác nhau. Nhập lại cả hai."))));
    TRY(sign_in_check_account(cx, a.id, web_form_exact(rq, "mat_khau_cu"), &s));
    if (s.verdict != SIGN_IN_RIGHT)
        web_error_add(cx, rq, S("mat_khau_cu"),
                      s.verdict == SIGN_IN_WAIT
                          ? sign_in_sentence(cx, &s)
                          : tr(cx, S(T("Mật khẩu đang dùng không đúng. Nhập lại."))));
    TRY(web_refuse(cx, rq));
    TRY(password_hash(cx, fresh, encoded));
    web_keep(rq, encoded);
    return OK;
}

enum err identity_change(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct str *encoded = web_kept(rq);
    int64_t account = cx->actor->account, unit = cx->actor->unit;
    TRY(account_set_password(cx, account, *encoded));
    /* All sessions ended, this one too: a fresh one begins. */
    TRY(web_session_end(cx, rq, rs));
    TRY(web_session_start(
        cx, rq, rs, &(struct session_start){.account = account, .unit = unit, .assurance = 1}));
    rs->see_other = S("/tai-khoan");
    rs->toast = tr(cx, S(T("Đã đổi mật khẩu. Các thiết bị khác phải đăng nhập lại.")));
    return OK;
}

/* ---- who read my data ---- */

static struct str name_or(struct cx *cx, int64_t account, struct str otherwise)
{
    struct str name;
    return account && account_name(cx, account, &name) == OK ? name : otherwise;
}

static struct str unit_name(struct cx *cx, int64_t unit)
{
    struct org_unit u;
    return unit && org_unit_find(cx, unit, &u) == OK ? u.name : S("");
}

enum err identity_show_reads(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t subject, before = 0;
    size_t n;
    struct event_record *events = NEW_N(cx->arena, struct event_record, READS_A_PAGE);
    struct identity_read_row *rows = NEW_N(cx->arena, struct identity_read_row, READS_A_PAGE);
    if (!str_int(web_query(rq, "truoc"), &before))
        before = 0;
    TRY(account_subject(cx, cx->actor->account, &subject));
    TRY(journal_about(cx, subject, S("personal.read"), before, events, READS_A_PAGE, &n));
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct identity_read_row){
            .at = time_iso(cx->arena, events[i].at),
            .at_label = time_vi(cx->arena, events[i].at),
            .who = name_or(cx, events[i].actor_account, tr(cx, S(T("Hệ thống")))),
            .unit = unit_name(cx, events[i].actor_unit),
            .purpose = events[i].purpose,
            .record = events[i].subject_code,
        };
    const struct identity_reads_view view = {
        .rows = rows,
        .rows_n = n,
        .more = n == READS_A_PAGE ? str_fmt(cx->arena, "/tai-khoan/ai-da-doc?truoc=%lld",
                                            (long long)events[n - 1].id)
                                  : S(""),
    };
    identity_reads_html(&rs->body, &view);
    return OK;
}
