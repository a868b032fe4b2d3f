/* identity_session_pages.c - one's own sessions: where they run, and the end of one. */
#include "identity_inside.h"

#include "identity_views.h"
#include "org/org.h"

#define SHOWN_MAX 50 /* the ones used last; "on all devices" ends them all */

static struct str unit_of(struct cx *cx, int64_t unit)
{
    struct org_unit u;
    return unit && org_unit_find(cx, unit, &u) == OK ? u.name : S("");
}

enum err identity_show_sessions(struct cx *cx, [[maybe_unused]] struct web_req *rq,
                                struct web_res *rs)
{
    struct web_session_row *all = NEW_N(cx->arena, struct web_session_row, SHOWN_MAX);
    struct identity_session_row *rows = NEW_N(cx->arena, struct identity_session_row, SHOWN_MAX);
    size_t n;
    TRY(web_sessions_mine(cx, all, SHOWN_MAX, &n));
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct identity_session_row){
            .id = str_fmt(cx->arena, "%lld", (long long)all[i].id),
            .device = all[i].device,
            .unit = unit_of(cx, all[i].unit),
            .began = time_iso(cx->arena, all[i].created_at),
            .began_label = time_vi(cx->arena, all[i].created_at),
            .seen = time_iso(cx->arena, all[i].seen_at),
            .seen_label = time_vi(cx->arena, all[i].seen_at),
            .current = all[i].current,
        };
    const struct identity_sessions_view view = {.rows = rows, .rows_n = n, .others = n > 1};
    identity_sessions_html(&rs->body, &view);
    return OK;
}

enum err identity_end_session(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t id;
    if (!str_int(web_form(rq, "phien"), &id))
        return fail(cx, ERR_INVALID, T("Chọn phiên muốn kết thúc."));
    const bool this_one = id == cx->actor->session;
    TRY(this_one ? web_session_end(cx, rq, rs) : web_session_end_mine(cx, id));
    rs->see_other = this_one ? S("/") : S("/tai-khoan/phien");
    rs->toast = tr(cx, S(T("Đã kết thúc phiên đăng nhập.")));
    return identity_note(cx, S("identity.session.ended"), cx->actor->account);
}
