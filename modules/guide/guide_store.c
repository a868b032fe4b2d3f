/* guide_store.c - the only file that speaks SQL about guide_* tables. */
#include "guide_store.h"

#define COLUMNS "code, icon, title, about, steps, sort"

static struct guide_event event_from(struct db_rows *r)
{
    return (struct guide_event){.code = db_str(r, 0),
                                .icon = db_str(r, 1),
                                .title = db_str(r, 2),
                                .about = db_str(r, 3),
                                .steps = db_str(r, 4),
                                .sort = db_int(r, 5)};
}

enum err guide_store_put(struct cx *cx, const struct guide_event *e, bool *changed)
{
    TRY(db_exec(cx,
                "insert into guide_event (" COLUMNS ") values ($1, $2, $3, $4, $5, $6)"
                " on conflict (code) do update set icon = excluded.icon, title = excluded.title,"
                " about = excluded.about, steps = excluded.steps, sort = excluded.sort"
                " where guide_event.icon <> excluded.icon or guide_event.title <> excluded.title"
                " or guide_event.about <> excluded.about or guide_event.steps <> excluded.steps"
                " or guide_event.sort <> excluded.sort",
                V(e->code), V(e->icon), V(e->title), V(e->about), V(e->steps), V(e->sort)));
    *changed = db_changed(cx) > 0;
    return OK;
}

enum err guide_store_all(struct cx *cx, struct guide_event *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " COLUMNS " from guide_event order by sort, code limit $1",
                 V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = event_from(&r);
    return r.err;
}

enum err guide_store_find(struct cx *cx, struct str code, struct guide_event *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " COLUMNS " from guide_event where code = $1", V(code)));
    if (!db_next(&r))
        return r.err ? r.err
                     : fail(cx, ERR_NOT_FOUND, T("Không có trang này. Chọn lại việc của bạn."));
    *out = event_from(&r);
    return OK;
}
