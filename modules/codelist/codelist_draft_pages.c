/* codelist_draft_pages.c - drafts of lists, for whoever decides on them. */
#include "codelist_inside.h"
#include "codelist_views.h"
#include "look/look.h"

enum err codelist_show_drafts(struct cx *cx, struct web_req *, struct web_res *rs)
{
    static const struct look_column columns[] = {
        {.title = S("Danh mục"), .css = S("c-title flex-cell")},
        {.title = S("Bản"), .css = S("nowrap")},
        {.title = S("Từ ngày"), .css = S("nowrap")},
        {.title = S("Căn cứ"), .css = S("c-break")},
    };
    struct codelist_version *all = NEW_N(cx->arena, struct codelist_version, 100);
    size_t n;
    TRY(codelist_drafts(cx, all, 100, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++) {
        struct look_cell *c = NEW_N(cx->arena, struct look_cell, 4);
        c[0] = (struct look_cell){
            .text = all[i].list_code,
            .href = str_fmt(cx->arena, "/quan-tri/danh-muc/%lld", (long long)all[i].id)};
        c[1].text = all[i].name;
        c[2].text = date_vi(cx->arena, all[i].valid_from);
        c[3].text = all[i].basis;
        lines[i] = (struct look_line){.cells = c, .cells_n = 4};
    }
    const struct codelist_drafts_view v = {
        .table = {.caption = tr(cx, S(T("Danh mục chờ duyệt"))),
                  .columns = columns,
                  .columns_n = 4,
                  .lines = lines,
                  .lines_n = n,
                  .empty = {.title = S("Không có bản nào chờ duyệt"),
                            .text = S("Nạp dự thảo: tinhso pack load TỆP --kind codelist-draft")}}};
    codelist_drafts_html(&rs->body, &v);
    return OK;
}

static enum err draft_asked(struct cx *cx, struct web_req *rq, struct codelist_version *v)
{
    int64_t id;
    if (!str_int(web_path(rq, "id"), &id))
        id = 0;
    return codelist_version_find(cx, id, v);
}

enum err codelist_show_draft(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist_version d;
    struct codelist_preview *p = NEW(cx->arena, struct codelist_preview);
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 4);
    TRY(draft_asked(cx, rq, &d));
    bool waits = str_eq(d.state, S("du_thao"));
    *p = (struct codelist_preview){.added = d.added, .changed = d.changed, .ended = d.ended};
    if (waits)
        TRY(codelist_draft_preview(cx, &d, p));
    rows[0] = (struct look_row){.key = tr(cx, S(T("Bản"))), .value = d.name};
    rows[1] = (struct look_row){.key = tr(cx, S(T("Từ ngày"))),
                                .value = date_vi(cx->arena, d.valid_from)};
    rows[2] = (struct look_row){.key = tr(cx, S(T("Căn cứ"))), .value = d.basis};
    rows[3] = (struct look_row){.key = tr(cx, S(T("Nguồn"))), .value = d.source};
    const struct codelist_draft_view v = {
        .id = str_fmt(cx->arena, "%lld", (long long)d.id),
        .title = tr_fmt(cx, T("Danh mục %.*s, bản %.*s"), F(d.list_code), F(d.name)),
        .counts = tr_fmt(cx, T("Thêm %lld, đổi %lld, bỏ %lld mã."), (long long)p->added,
                         (long long)p->changed, (long long)p->ended),
        .facts = {.title = tr(cx, S(T("Về bản này"))), .rows = rows, .rows_n = 4},
        .lines = p->lines,
        .lines_n = p->lines_n,
        .waits = waits,
    };
    rs->title = v.title;
    codelist_draft_html(&rs->body, &v);
    return OK;
}

enum err codelist_write_decision(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist_version d;
    TRY(draft_asked(cx, rq, &d));
    bool yes = str_eq(web_form(rq, "viec"), S("duyet"));
    if (!yes && !str_eq(web_form(rq, "viec"), S("bac")))
        return fail(cx, ERR_INVALID, T("Chọn duyệt hoặc bác."));
    TRY(yes ? codelist_approve(cx, &d) : codelist_reject(cx, &d));
    rs->see_other = S("/quan-tri/danh-muc");
    rs->toast = yes ? tr(cx, S(T("Đã duyệt. Bản mới đang được áp dụng.")))
                    : tr(cx, S(T("Đã bác bản này.")));
    return OK;
}
