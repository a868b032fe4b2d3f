/* procedure_pages.c - home, search, and the page of one procedure. */
#include "calendar/calendar.h"
#include "org/org.h"
#include "procedure_desk_pages.h"
#include "procedure_inside.h"
#include "procedure_views.h"
#include "web/web.h"

#define A_PAGE 20
#define LEGAL_SHOWN 4

static struct look_badge_view level_badge(const struct procedure_hit *h)
{
    if (h->ended)
        return (struct look_badge_view){S("err"), S("x"), S("Không còn trong danh mục"), S("")};
    if (!h->open)
        return (struct look_badge_view){S(""), S("minus"), S("Chưa mở nộp tại tỉnh"), S("")};
    if (str_eq(h->level, S("khong_truc_tuyen")))
        return (struct look_badge_view){S("info"), S("org"), S("Nhận tại quầy"), S("")};
    if (str_eq(h->level, S("toan_trinh")))
        return (struct look_badge_view){S("ok"), S("globe"), S("Toàn trình"),
                                        S("Làm trọn vẹn trên mạng")};
    return (struct look_badge_view){S("info"), S("globe"), S("Một phần"),
                                    S("Có bước phải đến nơi")};
}

static struct str fee_words(struct cx *cx, bool known, int64_t dong)
{
    if (!known)
        return S("Xem chi tiết");
    return dong ? look_money(cx, dong) : S("Miễn phí");
}

/* "Trong ngày; nhận sau 15 giờ …" stands as the term and its note. */
static struct str term_short(struct str words)
{
    struct str head, tail;
    return str_cut(words, ';', &head, &tail) ? head : words;
}

static struct str term_note(struct cx *cx, struct str words)
{
    struct str head, tail;
    if (!str_cut(words, ';', &head, &tail))
        return S("");
    tail = str_trim(tail);
    bool small = tail.n && tail.p[0] >= 'a' && tail.p[0] <= 'z';
    return small ? str_fmt(cx->arena, "%c%.*s", tail.p[0] - 'a' + 'A', F(str_from(tail, 1))) : tail;
}

/* ---- home ---- */

/* clang-format off */
static const struct home_event {
    const char *icon, *title, *text;
    const char *words; /* looked for where no guide leads */
    const char *guide; /* its page there */
} home_events[] = {
    {"baby", "Sinh con, nuôi con nhỏ", "Khai sinh, thường trú cho trẻ", "khai+sinh", "sinh-con"},
    {"rings", "Kết hôn, gia đình", "Kết hôn, tình trạng hôn nhân, giám hộ", "ket+hon", "ket-hon"},
    {"home", "Cư trú, căn cước", "Thường trú, tạm trú, thẻ căn cước", "thuong+tru", "cu-tru"},
    {"land", "Đất đai, nhà ở", "Giấy chứng nhận, tách thửa, biến động", "dat+dai", "dat-dai"},
    {"build", "Xây dựng", "Giấy phép xây nhà, sửa chữa", "xay+dung", "lam-nha"},
    {"shop", "Mở cửa hàng, kinh doanh", "Hộ kinh doanh, an toàn thực phẩm", "ho+kinh+doanh", "mo-quan"},
    {"heart", "Trợ cấp, bảo trợ", "Hưu trí xã hội, khuyết tật, hộ nghèo", "tro+cap", "tro-cap"},
    {"candle", "Khi người thân qua đời", "Khai tử, mai táng, thừa kế", "khai+tu", "qua-doi"},
};
/* clang-format on */
#define HOME_EVENTS (sizeof home_events / sizeof *home_events)

static void fill_events(struct cx *cx, struct procedure_home_event *out)
{
    bool guided = web_has(cx->env->web, GET, S("/su-kien/{ma}"));
    for (size_t i = 0; i < HOME_EVENTS; i++) {
        const struct home_event *e = &home_events[i];
        out[i] = (struct procedure_home_event){str_c(e->icon), tr(cx, str_c(e->title)),
                                               tr(cx, str_c(e->text)),
                                               guided ? str_fmt(cx->arena, "/su-kien/%s", e->guide)
                                                      : str_fmt(cx->arena, "/tim?q=%s", e->words)};
    }
}

static enum err show_home(struct cx *cx, [[maybe_unused]] struct web_req *rq, struct web_res *rs)
{
    const struct look_link often[] = {
        {S("Đăng ký khai sinh"), S("/thu-tuc/1.001193"), S(""), false}};
    struct procedure_home_event events[HOME_EVENTS];
    fill_events(cx, events);
    procedure_home_html(&rs->body, &(struct procedure_home_view){
                                       .search = {.action = S("/tim"),
                                                  .name = S("q"),
                                                  .placeholder = S("Ví dụ: khai sinh, tách thửa"),
                                                  .label = S("Tìm thủ tục"),
                                                  .button = S("Tìm"),
                                                  .size = S("xl"),
                                                  .focus = true},
                                       .often = often,
                                       .often_n = sizeof often / sizeof *often,
                                       .events = events,
                                       .events_n = HOME_EVENTS,
                                       .all_label = tr(cx, S("Xem các thủ tục đã mở")),
                                   });
    return OK;
}

/* ---- search ---- */

struct procedure_result procedure_result_of(struct cx *cx, const struct procedure_hit *h)
{
    return (struct procedure_result){
        .name = h->name,
        .href = str_fmt(cx->arena, "/thu-tuc/%.*s", F(h->code)),
        .code = h->code,
        .field = h->field_name,
        .subjects = procedure_subjects_said(cx, h->subjects),
        .time = h->term_words.n ? term_short(procedure_term_said(cx, h->term_words))
                                : S("Xem chi tiết"),
        .fee = fee_words(cx, h->fee_known, h->fee_dong),
        .place = h->place.n ? h->place : S("Xem chi tiết"),
        .level = level_badge(h),
    };
}

#define NEAR_MAX 10

struct found {
    struct str heading, words, href; /* href: of the list, up to the number of the page */
    struct procedure_hit hits[A_PAGE];
    size_t n, total;
    int64_t page;
    bool near;
};

static struct found *found_of(struct cx *cx, struct web_req *rq)
{
    struct found *f = NEW(cx->arena, struct found);
    if (!str_int(web_query(rq, "trang"), &f->page) || f->page < 1 || f->page > 1000)
        f->page = 1;
    return f;
}

static void draw_results(struct cx *cx, struct web_res *rs, const struct found *f)
{
    const struct procedure_hit *hits = f->hits;
    size_t n = f->n;
    struct procedure_result *results = NEW_N(cx->arena, struct procedure_result, n);
    for (size_t i = 0; i < n; i++)
        results[i] = procedure_result_of(cx, &hits[i]);
    procedure_search_html(
        &rs->body,
        &(struct procedure_search_view){
            .heading = f->heading,
            .count = tr_fmt(cx, T("%.*s thủ tục"), F(look_number(cx, (int64_t)f->total))),
            .words = f->words,
            .near = f->near,
            .pager = look_pages(cx, f->href, f->page, A_PAGE, (int64_t)f->total, true),
            .search = {.action = S("/tim"),
                       .name = S("q"),
                       .value = f->words,
                       .placeholder = S("Ví dụ: khai sinh, tách thửa"),
                       .label = S("Tìm thủ tục"),
                       .button = S("Tìm"),
                       .size = S("l")},
            .results = results,
            .results_n = n,
            .empty =
                {S("Không tìm thấy thủ tục nào"),
                 S("Thử từ ngắn hơn, ví dụ \"khai sinh\". Không cần gõ dấu. Hoặc gọi 1022 để được chỉ dẫn."),
                 S("Xem các thủ tục đã mở"), S("/thu-tuc")},
        });
}

static enum err show_search(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct found *f = found_of(cx, rq);
    f->words = str_trim(web_query(rq, "q"));
    f->heading = f->words.n ? S("Kết quả tìm kiếm") : S("Tìm thủ tục");
    f->href = str_fmt(cx->arena, "/tim?q=%.*s&trang=", F(url_encode(cx->arena, f->words)));
    TRY(procedure_search_from(cx, f->words, (size_t)(f->page - 1) * A_PAGE, f->hits, A_PAGE, &f->n,
                              &f->total));
    if (f->total == 0 && f->words.n) {
        TRY(procedure_search_near(cx, f->words, f->hits, NEAR_MAX, &f->n));
        f->total = f->n;
        f->near = f->n > 0;
    }
    draw_results(cx, rs, f);
    return OK;
}

static enum err show_open(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct procedure_filter open = {.open = true};
    struct found *f = found_of(cx, rq);
    int64_t total;
    f->heading = S("Thủ tục nộp được tại tỉnh");
    f->href = S("/thu-tuc?trang=");
    TRY(procedure_list(cx, &open, (f->page - 1) * A_PAGE, f->hits, A_PAGE, &f->n, &total));
    f->total = (size_t)total;
    draw_results(cx, rs, f);
    return OK;
}

/* ---- one procedure ---- */

/* Today's promise: computed from term, calendar and the clock of a unit that takes it in. */
static enum err promise(struct cx *cx, const struct procedure *p, struct procedure_page_view *v)
{
    struct org_unit u;
    struct calendar *c;
    size_t n;
    int64_t due;
    TRY(org_units_of_kind(cx, p->deciding_kind, 0, &u, 1, &n));
    if (n == 0)
        return OK;
    int64_t today = day_of(cx->now);
    int64_t each = p->term.unit == TERM_YEARS ? 185 : p->term.unit == TERM_MONTHS ? 16 : 2;
    TRY(calendar_load(cx, u.id, today, today + 60 + p->term.n_half * each, &c));
    enum err e = calendar_due(cx, c, cx->now, &p->term, TERM_BY_HOUR, NULL, 0, RESUME_RESET, &due);
    if (e != OK)
        return e == ERR_LIMIT ? OK : e;
    v->promise = S("Gửi bây giờ, có kết quả trước");
    v->promise_at = time_long(cx, due);
    const struct calendar_day *tomorrow = calendar_at(c, today + 1);
    if (tomorrow && tomorrow->note.n)
        v->promise_note =
            str_fmt(cx->arena, "%.*s: %.*s", F(date_vi(cx->arena, today + 1)), F(tomorrow->note));
    return OK;
}

static struct procedure_need need_of(const struct procedure_component *c)
{
    bool shown = str_eq(c->source, S("xuat_trinh"));
    struct look_badge_view badge = {S(""), S("file"), S("Tùy trường hợp"), S("")};
    if (c->required)
        badge = (struct look_badge_view){S("cham"), S("upload"), S("Cần nộp"), S("")};
    else if (shown)
        badge = (struct look_badge_view){S(""), S("eye"), S("Xuất trình"), S("")};
    return (struct procedure_need){c->required ? S("filec") : S("file"), c->name,
                                   c->hint.n ? c->hint : c->when, badge};
}

static void set_needs(struct cx *cx, const struct procedure *p, struct procedure_page_view *v)
{
    struct procedure_need *needs = NEW_N(cx->arena, struct procedure_need, p->components_n);
    struct procedure_need *others = NEW_N(cx->arena, struct procedure_need, p->components_n);
    v->channels = procedure_channels(cx, p, p->term_words, &v->channels_n);
    if (!p->open) {
        v->cases = procedure_cases(cx, p, &v->cases_n);
        return;
    }
    for (size_t i = 0; i < p->components_n; i++) {
        struct procedure_need n = need_of(&p->components[i]);
        if (p->components[i].required) {
            needs[v->needs_n++] = n;
            continue;
        }
        n.text = procedure_component_said(cx, &p->components[i]);
        others[v->others_n++] = n;
    }
    v->needs = needs;
    v->others = others;
}

/* Laws before decrees before the rest. */
static int law_rank(struct str no)
{
    if (str_find(no, S("/QH"), NULL))
        return 0;
    return str_find(no, S("NĐ-CP"), NULL) ? 1 : 2;
}

static void set_lists(struct cx *cx, const struct procedure *p, struct procedure_page_view *v)
{
    struct procedure_order *order = NEW_N(cx->arena, struct procedure_order, p->order_n);
    struct look_row *legal = NEW_N(cx->arena, struct look_row, p->legal_n);
    for (size_t i = 0; i < p->order_n; i++)
        order[i] =
            (struct procedure_order){p->order[i].heading, procedure_text_of(cx, p->order[i].text)};
    size_t n = 0;
    for (int rank = 0; rank < 3; rank++)
        for (size_t i = 0; i < p->legal_n; i++)
            if (law_rank(p->legal[i].no) == rank)
                legal[n++] = (struct look_row){
                    .key =
                        str_find(p->legal[i].title, p->legal[i].no, NULL) ? S("") : p->legal[i].no,
                    .value = p->legal[i].title};
    v->order = order;
    v->order_n = p->order_n;
    v->legal = legal;
    v->legal_n = n > LEGAL_SHOWN + 1 ? LEGAL_SHOWN : n;
    v->more_legal = legal + v->legal_n;
    v->more_legal_n = n - v->legal_n;
}

static enum err set_facts(struct cx *cx, const struct procedure *p, struct procedure_page_view *v)
{
    struct str published = procedure_published_term(cx, p),
               term = procedure_term_said(cx, p->open ? p->term_words : published);
    v->time = p->open ? term_short(term) : term.n ? term : S("Xem chi tiết");
    v->time_note = p->open ? term_note(cx, term) : S("");
    int64_t fixed = 0, later = 0;
    for (size_t i = 0; i < p->fees_n; i++)
        *(p->fees[i].when_field.n ? &later : &fixed) += p->fees[i].amount_dong;
    v->fee = fee_words(cx, p->fees_n > 0, fixed);
    if (later)
        v->fee_note = str_fmt(cx->arena, "%.*s: %.*s", F(tr(cx, S(T("Bản sao, mỗi bản")))),
                              F(look_money(cx, later)));
    else if (p->fees_n)
        v->fee_note = p->fees[0].note;
    v->place = p->executors_n ? p->executors[0] : S("Xem chi tiết");
    v->place_note = p->open ? S("Nộp ở đâu trong tỉnh cũng được") : S("");
    return p->open ? promise(cx, p, v) : OK;
}

static enum err show_procedure(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct procedure *p;
    TRY(procedure_find(cx, web_path(rq, "code"), &p));
    struct procedure_hit h = {.open = p->open, .ended = p->ended, .level = p->level};
    struct procedure_page_view v = {
        .name = p->name,
        .summary = p->summary,
        .start_href = p->open && !str_eq(p->level, S("khong_truc_tuyen"))
                          ? str_fmt(cx->arena, "/nop-ho-so/%.*s", F(p->code))
                          : S(""),
        .level = level_badge(&h),
        .field = {S(""), S(""), p->field_name, S("")},
        .conditions = procedure_text_of(cx, p->conditions),
        .code = p->code,
        .publisher = p->publisher,
        .decision = p->decision,
        .closed =
            {.kind = S("info"),
             .icon = S("info"),
             .title = S("Tỉnh chưa mở nộp trực tuyến"),
             .text = S(
                 "Đến Trung tâm Phục vụ hành chính công gần nhất, hoặc gọi 1022 để hỏi nơi nộp.")},
    };
    if (p->open && v.start_href.n == 0)
        v.closed = (struct look_note_view){
            .kind = S("info"),
            .icon = S("org"),
            .title = S("Nộp tại quầy"),
            .text =
                S("Thủ tục này nhận tại Trung tâm Phục vụ hành chính công, chưa nộp qua mạng.")};
    if (p->ended)
        v.closed = (struct look_note_view){
            .kind = S("info"),
            .icon = S("info"),
            .title = S("Thủ tục không còn trong danh mục quốc gia"),
            .text = S("Không nhận hồ sơ mới. Gọi 1022 để hỏi thủ tục thay thế.")};
    if (!p->proofread)
        v.unchecked = (struct look_badge_view){
            S("warn"), S("tri"), S("Chưa đối chiếu"),
            S("Nội dung lấy từ Cổng quốc gia, chưa được cán bộ đối chiếu")};
    set_needs(cx, p, &v);
    set_lists(cx, p, &v);
    TRY(set_facts(cx, p, &v));
    rs->title = p->name;
    procedure_page_html(&rs->body, &v);
    return OK;
}

/* clang-format off */
const struct route procedure_routes[] = {
    {GET, "/",               "Trang chủ",     &anyone, READ, .show = show_home},
    {GET, "/tim",            "Tìm thủ tục",   &anyone, READ, .show = show_search},
    {GET, "/thu-tuc",        "Thủ tục",       &anyone, READ, .show = show_open},
    {GET, "/thu-tuc/{code}", "Thủ tục",       &anyone, READ, .show = show_procedure},
    {GET, "/cong-khai/thu-tuc",           "Công khai thủ tục", &anyone, READ, .show = procedure_show_public},
    {GET, "/cong-khai/thu-tuc/danh-sach", "Công khai thủ tục", &anyone, READ, .show = procedure_show_public_list},

    {GET,  "/quan-tri/thu-tuc",                  "Danh mục thủ tục",         &procedure_manage, READ,  .show = procedure_show_desk_list, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/thu-tuc/{code}",           "Thủ tục trong danh mục",   &procedure_manage, READ,  .show = procedure_show_desk, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/thu-tuc/{code}/thoi-han",  "Xác định thời hạn",        &procedure_manage, WRITE, .prepare = procedure_check_act, .write = procedure_write_term, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/thu-tuc/{code}/doi-chieu", "Đánh dấu đã đối chiếu",    &procedure_manage, WRITE, .prepare = procedure_check_act, .write = procedure_write_read, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/thu-tuc/{code}/mo",        "Mở tiếp nhận",             &procedure_manage, WRITE, .prepare = procedure_check_act, .write = procedure_write_open, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/thu-tuc/{code}/dong",      "Đóng tiếp nhận",           &procedure_manage, WRITE, .prepare = procedure_check_act, .write = procedure_write_close, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/ban-moi",                  "Bản mới của danh mục",     &procedure_manage, READ,  .show = procedure_show_imports, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/ban-moi/thay-doi",         "Thay đổi của bản mới",     &procedure_manage, READ,  .show = procedure_show_changes, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/ban-moi/{so}/{code}",      "Thay đổi của một thủ tục", &procedure_manage, READ,  .show = procedure_show_change, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/ban-moi/{so}",             "Nhận thay đổi",            &procedure_manage, WRITE, .write = procedure_write_changes, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/ban-moi/{so}/ca-loai",     "Nhận cả loại thay đổi",    &procedure_manage, WRITE, .write = procedure_write_all_changes, .frame = WEB_FRAME_OFFICER},
    {0},
};
const struct menu_item procedure_menu[] = {
    {"Thủ tục", "/thu-tuc", "list", &anyone, WEB_FRAME_CITIZEN},
    {"Danh mục thủ tục", "/quan-tri/thu-tuc", "list", &procedure_manage, WEB_FRAME_OFFICER},
    {0},
};
/* clang-format on */
