/* identity_code_pages.c - signing in, second page: the code, after the right password. Until it is
 * given the browser has a session that gives nothing (web_session_wait). */
#include "identity_factor.h"
#include "identity_store.h"
#include "identity_views.h"

struct look_field_view identity_code_field(struct cx *cx, struct str wrong, bool focus)
{
    return (struct look_field_view){
        .kind = LOOK_TEXT,
        .name = S("ma"),
        .label = tr(cx, S(T("Mã xác thực"))),
        .hint = tr(cx, S(T("6 chữ số trong ứng dụng, hoặc một mã dự phòng"))),
        .wrong = wrong,
        .mode = S("numeric"),
        .autocomplete = S("one-time-code"),
        .width = S("20"),
        .max = 40,
        .focus = focus,
    };
}

static enum err draw(struct cx *cx, struct web_req *rq, struct web_res *rs, struct str wrong)
{
    const struct identity_code_view view = {
        .errors = identity_one_error(cx, S("ma"), wrong),
        .code = identity_code_field(cx, wrong, true),
        .enter = {.label = tr(cx, S(T("Đăng nhập"))), .large = true},
        .return_to = web_return_path(rq, S("/vao")),
    };
    identity_code_html(&rs->body, &view);
    return OK;
}

static enum err begin_again(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    rs->see_other = str_fmt(cx->arena, "/dang-nhap?ve=%.*s",
                            F(url_encode(cx->arena, web_return_path(rq, S("/vao")))));
    rs->toast = tr(cx, S(T("Lần đăng nhập trước đã hết hạn. Đăng nhập lại từ đầu.")));
    return OK;
}

enum err identity_show_code(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t unit;
    if (cx->actor->account) {
        rs->see_other = web_return_path(rq, S("/vao"));
        return OK;
    }
    if (web_session_waiting(rq, &unit) == 0)
        return begin_again(cx, rq, rs);
    return draw(cx, rq, rs, web_again(rq) ? cx->why : S(""));
}

enum err identity_check_code(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct code_check *c = NEW(cx->arena, struct code_check);
    int64_t unit;
    const int64_t account = web_session_waiting(rq, &unit);
    web_keep(rq, c);
    if (account == 0)
        return OK;
    if (web_form(rq, "ma").n == 0) {
        web_on_refusal(rq, identity_show_code);
        return fail_field(cx, ERR_INVALID, S("ma"),
                          T("Nhập mã 6 chữ số đang hiện trong ứng dụng xác thực."));
    }
    return factor_check(cx, account, web_form(rq, "ma"), c);
}

/* A wrong code is an answer, not an error: what it counts must be committed. */
enum err identity_take_code(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct code_check c = *(const struct code_check *)web_kept(rq); /* this may run again */
    struct session_start start = {.assurance = 2, .waited = true};
    start.account = web_session_waiting(rq, &start.unit);
    if (start.account == 0 || start.account != c.account)
        return begin_again(cx, rq, rs);
    TRY(factor_take(cx, &c));
    if (c.verdict != CODE_RIGHT) {
        rs->status = 422;
        return draw(cx, rq, rs, code_sentence(cx, &c));
    }
    TRY(account_store_entered(cx, start.account, start.unit));
    TRY(web_session_start(cx, rq, rs, &start));
    rs->see_other = web_return_path(rq, S("/vao"));
    return identity_note(cx, S("identity.session.started"), start.account);
}
