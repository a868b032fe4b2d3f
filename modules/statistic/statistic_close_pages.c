/* statistic_close_pages.c - periods that can be closed, one period with its figures, what changed
 * since it was closed, its signed paper. */
#include "statistic_close.h"
#include "statistic_pages.h"

#define MONTHS_LISTED 18
#define QUARTERS_LISTED 8
#define YEARS_LISTED 4
#define PERIODS_MAX 400

#define HERE "/dieu-hanh/chot-ky"

static struct str address(struct cx *cx, const struct place *p, const struct closing *c,
                          const char *tail)
{
    return str_fmt(cx->arena, HERE "/%.*s%s%s%.*s", F(c->name), tail, p->narrowed ? "?don-vi=" : "",
                   F(p->narrowed ? p->unit.code : S("")));
}

/* Closed figures are of a unit with all below it. */
static enum err whole_place(struct cx *cx, struct web_req *rq, struct place *p)
{
    TRY(statistic_place(cx, rq, p));
    return p->alone ? fail(cx, ERR_DENIED,
                           T("Số liệu chốt gồm cả cấp dưới; quyền của bạn chỉ gồm riêng đơn vị."))
                    : OK;
}

static struct look_badge_view state_badge(struct cx *cx, const struct closed_period *p)
{
    if (!p)
        return (struct look_badge_view){S(""), S("minus"), tr(cx, S(T("Chưa chốt"))), S("")};
    if (p->signed_at == 0)
        return (struct look_badge_view){S("cham"), S("sign"), tr(cx, S(T("Đã chốt, đang ký"))),
                                        S("")};
    return (struct look_badge_view){S("ok"), S("sign"), tr(cx, S(T("Đã chốt, đã ký"))), S("")};
}

/* ---- the list ---- */

static const struct look_column period_columns[] = {
    {.title = S("Kỳ"), .css = S("c-title")},
    {.title = S("Trạng thái"), .css = S("c-due")},
    {.title = S("Chốt lúc"), .css = S("nowrap"), .label = S("Chốt lúc")},
    {.title = S("Người chốt"), .css = S("c-break")},
};

static const struct closed_period *closed_among(const struct closed_period *all, size_t n,
                                                const struct closing *c)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].from == c->from && all[i].to == c->to)
            return &all[i];
    return NULL;
}

static struct look_line period_line(struct cx *cx, const struct place *place,
                                    const struct closing *c, const struct closed_period *p)
{
    struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 4);
    cells[0] = (struct look_cell){.text = c->label, .href = address(cx, place, c, "")};
    cells[1].badge = state_badge(cx, p);
    cells[2].text = p ? time_vi(cx->arena, p->closed_at) : S("");
    cells[3].text = p ? p->closed_by_name : S("");
    return (struct look_line){.cells = cells, .cells_n = 4};
}

static const struct {
    const char *kind, *label;
    int n;
} kinds[] = {{"thang", T("Theo tháng"), MONTHS_LISTED},
             {"quy", T("Theo quý"), QUARTERS_LISTED},
             {"nam", T("Theo năm"), YEARS_LISTED}};
#define KINDS (sizeof kinds / sizeof *kinds)

enum err statistic_show_periods(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct place place;
    struct closed_period *closed = NEW_N(cx->arena, struct closed_period, PERIODS_MAX);
    struct look_tab tabs[KINDS];
    size_t closed_n, at = 0;
    TRY(whole_place(cx, rq, &place));
    TRY(statistic_store_periods(cx, place.unit.id, closed, PERIODS_MAX, &closed_n));
    for (size_t i = 0; i < KINDS; i++)
        at = str_eq(web_query(rq, "loai"), str_c(kinds[i].kind)) ? i : at;
    for (size_t i = 0; i < KINDS; i++)
        tabs[i] = (struct look_tab){
            .label = tr(cx, str_c(kinds[i].label)),
            .href = str_fmt(
                cx->arena, "%.*sloai=%s",
                F(statistic_address(cx, HERE, place.narrowed ? place.unit.code : S(""), NULL)),
                kinds[i].kind),
            .current = i == at};
    struct look_line *lines = NEW_N(cx->arena, struct look_line, MONTHS_LISTED);
    for (int i = 0; i < kinds[at].n; i++) {
        const struct closing c = statistic_closing_before(cx, str_c(kinds[at].kind), i);
        lines[i] = period_line(cx, &place, &c, closed_among(closed, closed_n, &c));
    }
    const struct statistic_periods_view v = {
        .unit = place.unit.short_name,
        .tabs = {tr(cx, S(T("Loại kỳ"))), tabs, KINDS},
        .table = {.caption = tr(cx, S(T("Các kỳ đã hết"))),
                  .columns = statistic_columns(cx, period_columns, 4),
                  .columns_n = 4,
                  .lines = lines,
                  .lines_n = (size_t)kinds[at].n},
    };
    statistic_periods_html(&rs->body, &v);
    return OK;
}

/* ---- one period ---- */

/* clang-format off */
static const struct {
    const char *title, *label;
} sheet_columns[] = {
    {"Tồn kỳ trước", "Tồn kỳ trước"}, {"Tiếp nhận", "Tiếp nhận"}, {"trực tuyến", "Trực tuyến"}, {"trực tiếp", "Trực tiếp"},
    {"bưu chính", "Bưu chính"}, {"phi địa giới", "Phi địa giới"}, {"Đã giải quyết", "Đã giải quyết"}, {"sớm", "Sớm"},
    {"đúng hạn", "Đúng hạn"}, {"trễ", "Trễ"}, {"Đang giải quyết, trong hạn", "Trong hạn"}, {"sắp hạn", "Sắp hạn"},
    {"quá hạn", "Quá hạn"}, {"Tạm dừng", "Tạm dừng"}, {"Từ chối", "Từ chối"}, {"Rút", "Rút"}, {"Chờ trả", "Chờ trả"},
    {"Đã trả", "Đã trả"},
};
/* clang-format on */
#define COLUMNS (sizeof sheet_columns / sizeof *sheet_columns)

static int64_t value_of(const struct frozen_line *l, size_t column)
{
    const int64_t *n = l->n;
    const int64_t values[COLUMNS] = {n[FROZEN_CARRIED],
                                     statistic_frozen_received(l),
                                     n[FROZEN_ONLINE],
                                     n[FROZEN_COUNTER],
                                     n[FROZEN_POST],
                                     n[FROZEN_AWAY],
                                     statistic_frozen_resolved(l),
                                     n[FROZEN_EARLY],
                                     n[FROZEN_ON_TIME],
                                     n[FROZEN_LATE],
                                     n[FROZEN_OPEN],
                                     n[FROZEN_SOON],
                                     n[FROZEN_OVERDUE],
                                     n[FROZEN_PAUSED],
                                     n[FROZEN_REFUSED],
                                     n[FROZEN_WITHDRAWN],
                                     n[FROZEN_TO_RETURN],
                                     n[FROZEN_RETURNED]};
    return values[column];
}

struct period_page {
    struct place place;
    struct closing c;
    bool closed, counted; /* counted: now is known */
    struct closed_period p;
    struct frozen_sheet frozen, now; /* now: what the counts say at this moment */
    struct str why;                  /* not */
    int64_t differences;
};

static const struct frozen_line *same_line(const struct frozen_sheet *s,
                                           const struct frozen_line *l)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->lines[i].kind, l->kind) && str_eq(s->lines[i].code, l->code))
            return &s->lines[i];
    return NULL;
}

static struct look_line sheet_line(struct cx *cx, struct period_page *page,
                                   const struct frozen_line *shown, const struct frozen_line *now)
{
    struct look_cell *cells = NEW_N(cx->arena, struct look_cell, COLUMNS + 1);
    cells[0] = statistic_name_cell(cx, shown->name, shown->code);
    for (size_t i = 0; i < COLUMNS; i++) {
        const int64_t n = value_of(shown, i), by = (now ? value_of(now, i) : 0) - n;
        cells[i + 1].text = look_number(cx, n);
        if (!page->closed || !page->counted || by == 0)
            continue;
        page->differences++;
        cells[i + 1].sub =
            str_fmt(cx->arena, "%s%.*s", by > 0 ? "+" : "−", F(look_number(cx, by > 0 ? by : -by)));
        cells[i + 1].below = true;
        cells[i + 1].title = tr_fmt(cx, T("Nay đếm được %.*s"), F(look_number(cx, n + by)));
    }
    return (struct look_line){.cells = cells, .cells_n = COLUMNS + 1};
}

static void group_of(struct cx *cx, struct look_line *l, struct str kind, struct str *before)
{
    if (str_eq(kind, *before))
        return;
    *before = kind;
    l->group = str_eq(kind, S("don-vi"))    ? tr(cx, S(T("Theo đơn vị")))
               : str_eq(kind, S("thu-tuc")) ? tr(cx, S(T("Theo thủ tục")))
                                            : tr(cx, S(T("Cả đơn vị và cấp dưới")));
}

static struct look_table_view sheet_table(struct cx *cx, struct period_page *page)
{
    const struct frozen_sheet *s = &page->frozen;
    struct look_column *columns = NEW_N(cx->arena, struct look_column, COLUMNS + 1);
    struct look_line *lines = NEW_N(cx->arena, struct look_line, s->n + page->now.n);
    struct str kind = S("");
    size_t n = 0;
    columns[0] =
        (struct look_column){.title = tr(cx, S(T("Đơn vị, thủ tục"))), .css = S("c-title")};
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i + 1] = (struct look_column){.title = tr(cx, str_c(sheet_columns[i].title)),
                                              .label = tr(cx, str_c(sheet_columns[i].label)),
                                              .css = S("num")};
    for (size_t i = 0; i < s->n; i++, n++) {
        lines[n] = sheet_line(cx, page, &s->lines[i], same_line(&page->now, &s->lines[i]));
        group_of(cx, &lines[n], s->lines[i].kind, &kind);
    }
    kind = S("tong");
    for (size_t i = 0; page->closed && page->counted && i < page->now.n;
         i++) { /* had nothing when it was closed */
        struct frozen_line none = page->now.lines[i];
        if (same_line(s, &none))
            continue;
        for (int k = 0; k < FROZEN_NUMBERS; k++)
            none.n[k] = 0;
        lines[n] = sheet_line(cx, page, &none, &page->now.lines[i]);
        group_of(cx, &lines[n++], none.kind, &kind);
    }
    return (struct look_table_view){.caption = tr(cx, S(T("Số liệu của kỳ"))),
                                    .columns = columns,
                                    .columns_n = COLUMNS + 1,
                                    .lines = lines,
                                    .lines_n = n,
                                    .empty = {.title = tr(cx, S(T("Chưa có số liệu của kỳ này")))}};
}

static enum err load(struct cx *cx, struct web_req *rq, struct period_page *page)
{
    TRY(whole_place(cx, rq, &page->place));
    if (!statistic_closing_named(cx, web_path(rq, "ky"), &page->c))
        return fail(cx, ERR_NOT_FOUND,
                    T("Không có kỳ này. Kỳ ghi như 2026-10, 2026-Q3 hoặc 2026."));
    const struct org_unit *unit = &page->place.unit;
    enum err e = statistic_closed(cx, unit->id, &page->c, &page->p, &page->frozen);
    page->closed = e == OK;
    return e == ERR_NOT_FOUND ? OK : e;
}

static struct look_note_view note_of(struct cx *cx, const struct period_page *page, bool sound)
{
    if (!page->closed && !page->counted)
        return (struct look_note_view){.kind = S("warn"), .icon = S("clock"), .title = page->why};
    if (!page->closed)
        return (struct look_note_view){
            .kind = S("info"),
            .icon = S("info"),
            .title = tr(cx, S(T("Số liệu chưa chốt"))),
            .text = tr(cx, S(T("Khi chốt, các con số dưới đây được giữ nguyên, ghi vào nhật ký và "
                               "ký số bằng tên người chốt. Sau đó không ai sửa được; hồ sơ được "
                               "sửa sau thì phần chênh hiện cạnh con số đã chốt.")))};
    if (!sound)
        return (struct look_note_view){
            .kind = S("err"),
            .icon = S("oct"),
            .title = tr(cx, S(T("Các con số không còn khớp với nhật ký"))),
            .text = tr(cx, S(T("Dữ liệu đã bị đổi ngoài chương trình. Dùng bản đã ký và báo người "
                               "quản trị hệ thống.")))};
    if (!page->counted)
        return (struct look_note_view){
            .kind = S("info"),
            .icon = S("info"),
            .title = tr(cx, S(T("Hồ sơ đang được đếm lại"))),
            .text = tr(cx, S(T("Các con số đã chốt vẫn giữ nguyên. Phần chênh so với nay hiện ra "
                               "khi đếm xong.")))};
    if (page->differences)
        return (struct look_note_view){
            .kind = S("warn"),
            .icon = S("tri"),
            .title = tr_fmt(cx, T("Từ lúc chốt đến nay %lld con số đã khác"),
                            (long long)page->differences),
            .text = tr(cx, S(T("Hồ sơ được sửa sau khi chốt. Con số đã chốt giữ nguyên; phần chênh "
                               "so với nay ghi ngay dưới nó.")))};
    return (struct look_note_view){
        .kind = S("ok"),
        .icon = S("checkc"),
        .title = tr(cx, S(T("Đến nay không có gì khác"))),
        .text = tr(cx, S(T("Các con số khớp với nhật ký và với hồ sơ lúc này.")))};
}

static struct str source_of(struct cx *cx, const struct period_page *page)
{
    if (!page->closed && !page->counted)
        return tr(cx, S(T("Nhật ký hồ sơ · chưa đếm xong")));
    if (!page->closed)
        return tr_fmt(cx, T("Nhật ký hồ sơ · số liệu lúc %.*s"),
                      F(time_vi(cx->arena, page->frozen.counted_at)));
    return tr_fmt(cx, T("Nhật ký hồ sơ · số liệu lúc %.*s · chốt lúc %.*s, %.*s"),
                  F(time_vi(cx->arena, page->p.counted_at)),
                  F(time_vi(cx->arena, page->p.closed_at)), F(page->p.closed_by_name));
}

enum err statistic_show_period(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct period_page page = {0};
    bool sound = true;
    TRY(load(cx, rq, &page));
    enum err e = statistic_figures(cx, &page.place.unit, &page.c, &page.now);
    if (e != OK && e != ERR_CONFLICT)
        return e;
    page.counted = e == OK;
    page.why = cx->why;
    if (page.closed)
        TRY(statistic_closed_sound(cx, &page.p, &page.c, &page.frozen, &sound));
    else
        page.frozen = page.now;
    struct statistic_period_view v = {
        .errors = look_errors_of(cx, rq),
        .title = page.c.label,
        .unit = page.place.unit.short_name,
        .back_href =
            statistic_address(cx, HERE, page.place.narrowed ? page.place.unit.code : S(""), NULL),
        .badge = state_badge(cx, page.closed ? &page.p : NULL),
        .table = sheet_table(cx, &page),
        .source = source_of(cx, &page),
        .sha256 = page.closed ? page.p.sha256 : S(""),
        .pdf_href =
            page.closed && page.p.signed_at ? address(cx, &page.place, &page.c, "/ban-ky") : S(""),
        .action = !page.closed && page.counted && web_may(cx, &statistic_close_right)
                      ? address(cx, &page.place, &page.c, "")
                      : S(""),
    };
    v.note = note_of(cx, &page, sound);
    rs->title = tr_fmt(cx, T("Chốt số liệu, %.*s"), F(page.c.label));
    statistic_period_html(&rs->body, &v);
    return OK;
}

enum err statistic_check_close(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct period_page *page = NEW(cx->arena, struct period_page);
    web_on_refusal(rq, statistic_show_period);
    TRY(load(cx, rq, page));
    TRY(statistic_may_sign(cx));
    TRY(statistic_figures(cx, &page->place.unit, &page->c, &page->now));
    web_keep(rq, page);
    return OK;
}

enum err statistic_write_close(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct period_page *page = web_kept(rq);
    struct closed_period p;
    TRY(statistic_close(cx, &page->place.unit, &page->c, &page->now, &p));
    rs->see_other = address(cx, &page->place, &page->c, "");
    rs->toast = tr_fmt(cx, T("Đã chốt số liệu %.*s. Bản ký có sau ít giây."), F(page->c.label));
    return OK;
}

enum err statistic_get_period(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct period_page page = {0};
    TRY(load(cx, rq, &page));
    if (!page.closed)
        return fail(cx, ERR_NOT_FOUND, T("Số liệu của kỳ này chưa chốt."));
    TRY(statistic_store_period_file(cx, page.p.id, &rs->bytes));
    rs->content_type = S("application/pdf");
    rs->download_name =
        str_fmt(cx->arena, "so-lieu-%.*s-%.*s.pdf", F(page.p.unit_code), F(page.c.name));
    return OK;
}
