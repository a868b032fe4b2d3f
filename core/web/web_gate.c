/* web_gate.c - before any handler: signed in, not locked, has the right, gave the password lately.
 */
#include "web_inside.h"

/* The page a person comes back to: this one, or for a POST the one its form stood on. */
static struct str come_back(struct web_req *rq)
{
    if (!rq->is_post)
        return local_path(rq->http.target) ? rq->http.target : S("/");
    struct str from = http_header(&rq->http, S("Referer")), scheme, rest, host, path;
    if (!str_cut(from, '/', &scheme, &rest) || rest.n == 0 || rest.p[0] != '/')
        return S("/");
    str_cut(str_from(rest, 1), '/', &host, &path);
    path = str_fmt(rq->cx.arena, "/%.*s", F(path));
    return str_eq_ascii_case(host, rq->http.host) && local_path(path) ? path : S("/");
}

static enum gate to_page(struct web_req *rq, const char *page, struct str back)
{
    struct cx *cx = &rq->cx;
    rq->res.toast = S("");
    answer_redirect(rq, str_fmt(cx->arena, "%s?ve=%.*s", page, F(url_encode(cx->arena, back))));
    return GATE_ANSWERED;
}

/* A POST is kept and sent again after the password, so that nothing typed is lost. */
static enum gate ask_password(struct web_req *rq, const char *page)
{
    if (rq->is_post && !rq->is_api)
        return GATE_LATER;
    if (rq->is_api) {
        answer_error(rq, 401,
                     tr(&rq->cx, S(T("Cần nhập lại mật khẩu trên trang web rồi gọi lại."))));
        return GATE_ANSWERED;
    }
    return to_page(rq, page, come_back(rq));
}

/* A form sent from before is not kept: whoever has to set something up has only just begun. */
static enum gate ask_set_up(struct web_req *rq)
{
    if (!rq->is_api)
        return to_page(rq, web_doors->set_up, rq->is_post ? S("/") : come_back(rq));
    answer_error(rq, 403, tr(&rq->cx, S(T("Cần hoàn tất tài khoản trên trang web rồi gọi lại."))));
    return GATE_ANSWERED;
}

enum gate gate_pass(struct web_req *rq)
{
    struct cx *cx = &rq->cx;
    const struct right *right = rq->route->right;
    struct str why = S("");
    if (right != &anyone && web_session_locked(rq))
        return ask_password(rq, web_doors->lock);
    if (right != &anyone && rq->unready && cx->actor->account == 0)
        return ask_set_up(rq);
    bool granted = right_granted(cx, right, &cx->scope, &why);
    if (!granted && cx->actor->account == 0) {
        if (!rq->is_api)
            return to_page(rq, web_doors->sign_in, come_back(rq));
        answer_error(rq, 401, S(""));
        return GATE_ANSWERED;
    }
    if (!granted) {
        answer_error(rq, 403, why);
        return GATE_ANSWERED;
    }
    if (right->step_up && cx->now - rq->session.password_at > STEP_UP_MS)
        return ask_password(rq, web_doors->step_up);
    return GATE_OPEN;
}
