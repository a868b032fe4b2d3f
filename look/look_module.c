/* look_module.c - the component sheet as pages of the demo: /giao-dien and /giao-dien/can-bo. */
#include "look.h"

#include "module/module.h"

/* For whoever writes pages; an installation that is no demo does not show it. */
static enum err show_sheet(struct cx *cx, struct web_req *, struct web_res *rs)
{
    if (!cx->env->demo)
        return fail(cx, ERR_NOT_FOUND, T("Trang này chỉ có ở bản thử."));
    const struct look_sheet_view sheet = look_sheet_sample(cx);
    look_sheet_html(&rs->body, &sheet);
    return OK;
}

/* clang-format off */
static const struct route routes[] = {
    {GET, "/giao-dien",        "Mẫu giao diện",         &anyone, READ, .show = show_sheet},
    {GET, "/giao-dien/can-bo", "Mẫu giao diện, cán bộ", &anyone, READ, .show = show_sheet, .frame = WEB_FRAME_OFFICER},
    {0},
};
/* clang-format on */

const struct module look_module = {
    .name = "look",
    .title = "Mẫu giao diện",
    .routes = routes,
};
