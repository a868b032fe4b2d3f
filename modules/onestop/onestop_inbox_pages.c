/* onestop_inbox_pages.c - the work in hand: counts, filters, most urgent first. */
#include "onestop_officer_views.h"
#include "onestop_pages.h"

#include "http/http.h"

#define PER_PAGE 50

struct choice {
    struct str words, state, due, sort;
    bool mine;
    int64_t page;
};

static struct choice choice_of(struct web_req *rq)
{
    struct choice c = {
        .words = web_query(rq, "q"),
        .state = web_query(rq, "trang-thai"),
        .due = web_query(rq, "han"),
        .sort = web_query(rq, "xep"),
        .mine = str_eq(web_query(rq, "cua"), S("toi")),
    };
    if (!str_int(web_query(rq, "trang"), &c.page) || c.page < 1 || c.page > 100000)
        c.page = 1;
    return c;
}

/* The whole view is in the address. */
static struct str address(struct cx *cx, const struct choice *c)
{
    struct buf b = {.arena = cx->arena, .limit = 4096};
    buf_add(&b, S("/viec?"));
    const struct {
        const char *name;
        struct str value;
    } parts[] = {{"q", c->words},
                 {"trang-thai", c->state},
                 {"han", c->due},
                 {"xep", c->sort},
                 {"cua", c->mine ? S("toi") : S("")}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].value.n)
            buf_fmt(&b, "%s=%.*s&", parts[i].name, F(url_encode(cx->arena, parts[i].value)));
    return buf_str(&b);
}

static enum dossier_state state_named(struct str name)
{
    for (int s = DOSSIER_WAITING; s <= DOSSIER_CANCELLED; s++)
        if (str_eq(str_c(onestop_state((enum dossier_state)s)->name), name))
            return (enum dossier_state)s;
    return 0;
}

static enum due_class due_named(struct str name)
{
    if (str_eq(name, S("qua")))
        return DUE_LATE;
    if (str_eq(name, S("hom-nay")))
        return DUE_SOON;
    return str_eq(name, S("dung")) ? DUE_PAUSED : DUE_NONE;
}

/* ---- chips ---- */

static struct look_chip state_chip(struct cx *cx, struct choice c)
{
    static const enum dossier_state offered[] = {
        DOSSIER_WAITING,    DOSSIER_SUPPLEMENT_FIRST, DOSSIER_ACCEPTED,
        DOSSIER_PROCESSING, DOSSIER_SUPPLEMENT,       DOSSIER_STOPPED,
        DOSSIER_RELEASED,   DOSSIER_RETURNED,         DOSSIER_WITHDRAWN};
    size_t n = sizeof offered / sizeof *offered;
    struct look_link *links = NEW_N(cx->arena, struct look_link, n);
    struct look_chip chip = {.label = S("Trạng thái"), .options = links, .options_n = n};
    for (size_t i = 0; i < n; i++) {
        struct choice next = c;
        const struct state_info *s = onestop_state(offered[i]);
        next.state = str_c(s->name);
        links[i] = (struct look_link){str_c(s->title), address(cx, &next), S(""),
                                      str_eq(c.state, next.state)};
        if (links[i].current)
            chip.label = links[i].label;
    }
    if (state_named(c.state)) {
        chip.on = true;
        c.state = S("");
        chip.clear = address(cx, &c);
    }
    return chip;
}

static struct look_chip mine_chip(struct cx *cx, struct choice c)
{
    struct look_link *link = NEW(cx->arena, struct look_link);
    struct look_chip chip = {.label = S("Của tôi"), .on = c.mine, .options = link, .options_n = 1};
    c.mine = !c.mine;
    *link = (struct look_link){S("Chỉ việc của tôi"), address(cx, &c), S(""), false};
    if (chip.on)
        chip.clear = link->href;
    return chip;
}

static struct look_tabs_view due_tabs(struct cx *cx, struct choice c, const struct inbox *in)
{
    static const struct {
        const char *name, *label;
    } tabs[] = {{"", "Tất cả"}, {"qua", "Quá hạn"}, {"hom-nay", "Sắp hạn"}, {"dung", "Tạm dừng"}};
    size_t n = sizeof tabs / sizeof *tabs;
    struct look_tab *items = NEW_N(cx->arena, struct look_tab, n);
    for (size_t i = 0; i < n; i++) {
        struct choice next = c;
        next.due = str_c(tabs[i].name);
        items[i] = (struct look_tab){.label = str_c(tabs[i].label),
                                     .href = address(cx, &next),
                                     .current = str_eq(c.due, next.due)};
    }
    if (c.due.n == 0) { /* counts are of what is shown */
        items[0].count = look_number(cx, in->total);
        items[1].count = look_number(cx, in->late);
        items[2].count = look_number(cx, in->soon);
    }
    return (struct look_tabs_view){S("Theo hạn"), items, n};
}

/* ---- rows ---- */

static struct look_line line_of(struct cx *cx, const struct inbox_row *r)
{
    struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 5);
    const struct dossier *d = &r->d;
    struct str code = d->code.n ? d->code : d->request_code;
    cells[0] = (struct look_cell){.text = d->procedure_name,
                                  .sub = code,
                                  .below = true,
                                  .href = str_fmt(cx->arena, "/viec/%.*s", F(code))};
    cells[1] = (struct look_cell){.text = r->person_name};
    cells[2] = (struct look_cell){
        .badge = onestop_state_badge(d, false), .sub = r->assignee_name, .below = true};
    if (d->state == DOSSIER_PROCESSING)
        cells[2].badge.text = r->step_title;
    cells[3] = (struct look_cell){.text = time_vi(cx->arena, d->sent_at)};
    cells[4] = (struct look_cell){.due = onestop_due_badge(cx, d)};
    return (struct look_line){.cells = cells, .cells_n = 5};
}

enum err onestop_show_inbox(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    static const struct look_column columns[] = {
        {.title = {"Hồ sơ", 8}, .css = {"c-title", 7}},
        {.title = {"Người nộp", 14}},
        {.title = {"Bước, người giữ", 23}},
        {.title = {"Nhận lúc", 11}, .label = {"Nhận", 6}},
        {.title = {"Hạn", 5}, .css = {"c-due", 5}},
    };
    struct choice c = choice_of(rq);
    struct inbox in;
    struct inbox_filter f = {.words = c.words,
                             .state = state_named(c.state),
                             .due = due_named(c.due),
                             .mine = c.mine,
                             .sort = c.sort,
                             .page = c.page,
                             .per_page = PER_PAGE};
    TRY(onestop_inbox(cx, &f, &in));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, in.n);
    for (size_t i = 0; i < in.n; i++)
        lines[i] = line_of(cx, &in.rows[i]);
    struct look_chip chips[] = {state_chip(cx, c), mine_chip(cx, c)};
    bool narrowed = c.words.n || c.state.n || c.due.n || c.mine;
    struct look_empty_view empty = {S("Không còn việc nào đang chờ"),
                                    S("Hồ sơ mới đến sẽ hiện ở đây."), S(""), S("")};
    if (narrowed)
        empty = (struct look_empty_view){S("Không có hồ sơ nào khớp"),
                                         S("Bỏ bớt điều kiện lọc, hoặc tìm bằng mã hồ sơ."),
                                         S("Xóa lọc"), S("/viec")};
    struct str number_href = str_fmt(cx->arena, "%.*strang=", F(address(cx, &c)));
    onestop_inbox_html(
        &rs->body,
        &(struct onestop_inbox_view){
            .title = S("Việc của tôi"),
            .subtitle = cx->actor->unit_name,
            .counter_href = web_may(cx, &onestop_intake) ? S("/quay") : S(""),
            .tabs = due_tabs(cx, c, &in),
            .filter = {.action = S("/viec"),
                       .name = S("q"),
                       .value = c.words,
                       .placeholder = S("Tìm mã hồ sơ, tên người"),
                       .chips = chips,
                       .chips_n = 2,
                       .clear_all = narrowed ? S("/viec") : S(""),
                       .count =
                           str_fmt(cx->arena, T("%.*s hồ sơ khớp"), F(look_number(cx, in.total)))},
            .table = {.caption = S("Hồ sơ đang ở đơn vị"),
                      .columns = columns,
                      .columns_n = 5,
                      .lines = lines,
                      .lines_n = in.n,
                      .pager = look_pages(cx, number_href, c.page, PER_PAGE, in.total, false),
                      .empty = empty},
        });
    return OK;
}
