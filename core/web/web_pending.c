/*
 * web_pending.c - a POST that met a locked session, or a right that asks for the password again:
 * its fields are kept (sealed, as a draft), the password is asked, and the form is offered again.
 */
#include "web_inside.h"

#include "html/html.h"
#include "web_views.h"

#define PENDING_KEY "web.pending"
#define PENDING_MAX ((size_t)256 * 1024)
#define RESEND_PATH "/gui-tiep"

static struct str as_json(struct web_req *rq, bool *fits)
{
    struct buf b = {.arena = rq->cx.arena, .limit = PENDING_MAX};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("path"), rq->http.target);
    json_str(&o, S("title"), str_c(rq->route->title));
    json_flag(&o, S("lost_files"), rq->uploads.n > 0);
    json_key(&o, S("fields"));
    json_open_array(&o);
    struct web_hidden *fields = NEW_N(rq->cx.arena, struct web_hidden, rq->form.n + 1);
    size_t n = page_hidden_fields(rq, fields, false);
    for (size_t i = 0; i < n; i++) {
        json_open_object(&o);
        json_str(&o, S("name"), fields[i].name);
        json_str(&o, S("value"), fields[i].value);
        json_close_object(&o);
    }
    json_close_array(&o);
    json_close_object(&o);
    *fits = !b.full;
    return buf_str(&b);
}

/* The session's own account, also while it is locked and the request is nobody's. */
static enum err as_account(struct cx *cx, struct web_req *rq, struct actor *out)
{
    *out = actor_anonymous;
    return web_identity_load(cx, rq->session.account, rq->session.unit, out);
}

enum err pending_save(struct cx *cx, struct web_req *rq)
{
    bool fits;
    struct actor *account = NEW(cx->arena, struct actor);
    struct str json = as_json(rq, &fits);
    const char *page = web_session_locked(rq) ? web_doors->lock : web_doors->step_up;
    if (fits) {
        TRY(as_account(cx, rq, account));
        cx->actor = account;
        enum err e = web_draft_save(cx, S(PENDING_KEY), json);
        cx->actor = &rq->actor;
        TRY(e);
    }
    answer_redirect(rq, str_fmt(cx->arena, "%s?ve=%s", page, fits ? "%2Fgui-tiep" : "%2F"));
    return OK;
}

/* Shows what waits, for one more press. */
enum err pending_show(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)rq;
    struct str text;
    const struct json *j;
    struct json_error bad;
    enum err e = web_draft_load(cx, S(PENDING_KEY), &text);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, T("Không có việc nào đang chờ gửi tiếp."));
    TRY(e);
    if (json_read(cx->arena, text, &j, &bad) != OK)
        return fail(cx, ERR_IO, "a pending form is not JSON");
    const struct json *list = json_get(j, S("fields"));
    struct web_hidden *fields = NEW_N(cx->arena, struct web_hidden, list->n);
    for (size_t i = 0; i < list->n; i++)
        fields[i] = (struct web_hidden){json_text(json_get(json_at(list, i), S("name"))),
                                        json_text(json_get(json_at(list, i), S("value")))};
    const struct web_resend_view view = {
        .title = json_text(json_get(j, S("title"))),
        .path = json_text(json_get(j, S("path"))),
        .lost_files = json_true(json_get(j, S("lost_files"))),
        .fields = fields,
        .fields_n = list->n,
    };
    web_resend_html(&rs->body, &view);
    return OK;
}
