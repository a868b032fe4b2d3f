/* view_module.c - what kept views bring: the page, and the hook of core/list. */
#include "list/list.h"
#include "module/module.h"
#include "view.h"
#include "view_pages.h"

static enum err saved_of(struct cx *cx, struct str list, struct list_saved *out, size_t max,
                         size_t *n)
{
    struct view *mine = NEW_N(cx->arena, struct view, max);
    TRY(view_mine(cx, list, mine, max, n));
    for (size_t i = 0; i < *n; i++)
        out[i] = (struct list_saved){mine[i].title, mine[i].query};
    return OK;
}

static enum err start(struct cx *)
{
    list_set_saved(saved_of);
    return OK;
}

const struct module view_module = {
    .name = "view",
    .title = "Khung nhìn",
    .needs = (const char *const[]){"journal", "identity", NULL},
    .routes = view_routes,
    .start = start,
};
