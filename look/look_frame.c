/* look_frame.c - the page around a handler's part: what core/web knows, put into a frame. */
#include "look_inside.h"

#define FOOT_MAX 8
#define BOTTOM_MAX 4
#define BELL "/thong-bao"

struct place {
    const char *path, *label, *icon;
};
/* A link stands in a frame only while some module has its route. */
/* clang-format off */
static const struct place account_places[] = {
    {"/ho-so",                T("Hồ sơ của tôi"), "filec"},
    {BELL,                    T("Thông báo"), "bell"},
    {"/tai-khoan",            T("Tài khoản"), "user"},
    {"/tai-khoan/ai-da-doc",  T("Ai đã xem dữ liệu của tôi"), "eye"},
};
static const struct place help_places[] = {
    {"/huong-dan",       T("Hướng dẫn"), ""},
    {"/diem-tiep-nhan",  T("Điểm tiếp nhận gần tôi"), ""},
    {"/phan-anh",        T("Phản ánh, góp ý"), ""},
    {"/kiem-tra",        T("Kiểm tra văn bản đã ký"), ""},
};
static const struct place about_places[] = {
    {"/kha-nang-tiep-can", T("Khả năng tiếp cận"), ""},
    {"/quyen-rieng-tu",    T("Quyền riêng tư"), ""},
};
/* clang-format on */

static bool has_route(struct cx *cx, enum web_method method, const char *path)
{
    return cx->env->web && web_has(cx->env->web, method, str_c(path));
}

static struct str if_route(struct cx *cx, enum web_method method, const char *path)
{
    return has_route(cx, method, path) ? str_c(path) : S("");
}

static size_t links_to(struct cx *cx, const struct place *places, size_t n, struct look_link *out)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        if (has_route(cx, GET, places[i].path))
            out[found++] = (struct look_link){
                .label = tr(cx, str_c(places[i].label)),
                .href = str_c(places[i].path),
                .icon = str_c(places[i].icon),
            };
    return found;
}

/* ---- parts of the frame ---- */

static void fill_menu(struct cx *cx, const struct web_page *page, const struct str *values,
                      struct look_frame *f)
{
    struct look_menu_item *items = NEW_N(cx->arena, struct look_menu_item, page->menu_n + 1);
    for (size_t i = 0; i < page->menu_n; i++) {
        const struct web_menu_entry *e = &page->menu[i];
        items[i] = (struct look_menu_item){
            .title = e->title,
            .path = e->path,
            .icon = e->icon.n ? e->icon : S("file"),
            .current = e->current,
            .count = values[LOOK_COUNTS + i],
            .hot = e->hot,
        };
    }
    f->menu = f->bottom = items;
    f->menu_n = page->menu_n;
    f->bottom_n = page->menu_n < BOTTOM_MAX ? page->menu_n : BOTTOM_MAX;
    f->more = page->menu_n > BOTTOM_MAX ? S("/") : S("");
}

static void fill_foot(struct cx *cx, const struct web_page *page, struct look_frame *f)
{
    struct look_footer_column *columns = NEW_N(cx->arena, struct look_footer_column, 3);
    struct look_link *services = NEW_N(cx->arena, struct look_link, page->menu_n + 1);
    for (size_t i = 0; i < page->menu_n; i++)
        services[i] = (struct look_link){.label = page->menu[i].title, .href = page->menu[i].path};
    struct look_link *help = NEW_N(cx->arena, struct look_link, FOOT_MAX),
                     *about = NEW_N(cx->arena, struct look_link, FOOT_MAX);
    const struct look_footer_column all[] = {
        {tr(cx, S(T("Dịch vụ"))), services, page->menu_n},
        {tr(cx, S(T("Hỗ trợ"))), help,
         links_to(cx, help_places, sizeof help_places / sizeof *help_places, help)},
        {tr(cx, S(T("Trang này"))), about,
         links_to(cx, about_places, sizeof about_places / sizeof *about_places, about)},
    };
    for (size_t i = 0; i < 3; i++)
        if (all[i].links_n)
            columns[f->footer_n++] = all[i];
    f->footer = columns;
}

/* The page of settings says where and when; the demo speaks for itself; of another province the
 * program knows neither hours nor places. */
static struct str about_usual(struct cx *cx, const struct settings *s)
{
    const bool demo = cx->env->demo;
    const struct str contact =
        setting_or(s, S("site.contact"),
                   demo ? tr(cx, S(T("Trung tâm Phục vụ hành chính công tỉnh"))) : S(""));
    const struct str hours =
        setting_or(s, S("site.hours"),
                   demo ? str_fmt(cx->arena, "%.*s | %.*s",
                                  F(tr(cx, S(T("Giờ làm việc: 07:30–11:30, 13:30–17:30")))),
                                  F(tr(cx, S(T("Thứ Hai đến thứ Sáu")))))
                        : S(""));
    const struct str phone =
        tr_fmt(cx, T("Tổng đài %.*s"), F(setting_or(s, S("help.phone"), S("1022"))));
    return str_fmt(cx->arena, "%.*s%s%.*s%s%.*s", F(contact), contact.n ? " | " : "", F(hours),
                   hours.n ? " | " : "", F(phone));
}

struct str look_site_name(struct cx *cx)
{
    return setting_or(cx->env->settings, S("site.name"),
                      cx->env->demo ? S("Dịch vụ công Lạng Sơn") : S("Cổng dịch vụ công"));
}

/* site.about is one line of text with " | " between the lines of the foot. */
static void fill_site(struct cx *cx, struct look_frame *f)
{
    bool demo = cx->env->demo;
    const struct settings *s = cx->env->settings;
    f->site = look_site_name(cx);
    f->tagline = setting(s, S("site.tagline"), S("Một nơi cho mọi thủ tục"));
    f->owner =
        setting(s, S("site.owner"), demo ? S("UBND tỉnh Lạng Sơn") : S("Ủy ban nhân dân tỉnh"));
    struct str rest = setting(s, S("site.about"), S(""));
    if (rest.n == 0)
        rest = about_usual(cx, s);
    struct str *lines = NEW_N(cx->arena, struct str, FOOT_MAX);
    while (rest.n && f->about_n < FOOT_MAX) {
        str_cut(rest, '|', &lines[f->about_n], &rest);
        lines[f->about_n] = str_trim(lines[f->about_n]);
        f->about_n++;
    }
    f->about = lines;
}

static void fill_account(struct cx *cx, struct look_frame *f)
{
    struct look_link *links = NEW_N(cx->arena, struct look_link, FOOT_MAX);
    size_t n = sizeof account_places / sizeof *account_places, first = 0;
    bool officer = cx->actor->unit != 0;
    if (officer && has_route(cx, GET, "/vao")) {
        f->home = S("/vao"); /* their own first page */
        links[first++] =
            (struct look_link){tr(cx, S(T("Nơi làm việc"))), S("/vao"), S("inbox"), false};
    }
    f->account = links;
    /* An officer's menu has no "my dossiers": that is the first place. */
    f->account_n = first + links_to(cx, account_places + officer, n - officer, links + first);
    f->sign_in = if_route(cx, GET, "/dang-nhap");
    f->sign_out = if_route(cx, POST, "/dang-xuat");
    f->lock = officer ? if_route(cx, POST, "/khoa-lai") : S("");
    f->unit_href = if_route(cx, GET, "/don-vi");
    f->bell = if_route(cx, GET, BELL);
    for (size_t i = 0; f->bell_count.n && i < f->account_n; i++)
        if (str_eq(links[i].href, f->bell))
            links[i].label = str_fmt(cx->arena, "%.*s (%.*s)", F(links[i].label), F(f->bell_count));
}

/* ---- what differs between two pages of one kind ---- */

/* "&a=b" of the address but for an earlier choice of language and size, which counts for nothing:
 * the first one is read. */
static struct str rest_of_query(struct cx *cx, struct str query)
{
    struct str one;
    struct buf b = {.arena = cx->arena, .limit = query.n + 1};
    while (query.n) {
        str_cut(query, '&', &one, &query);
        if (str_starts(one, S("lang=")) || str_starts(one, S("chu=")))
            continue;
        buf_byte(&b, '&');
        buf_add(&b, one);
    }
    return buf_str(&b);
}

/* The same page in the other language or size: core/web takes ?lang= and ?chu= and remembers. */
static void fill_choices(struct cx *cx, struct str address, struct str *values)
{
    static const struct {
        size_t at;
        struct str pair;
    } choices[] = {{LOOK_NORMAL, {"?chu=thuong", 11}},
                   {LOOK_BIG, {"?chu=lon", 8}},
                   {LOOK_VI, {"?lang=vi", 8}},
                   {LOOK_EN, {"?lang=en", 8}}};
    struct str path, query;
    str_cut(address, '?', &path, &query);
    const struct str rest = rest_of_query(cx, query);
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        const struct str parts[] = {path, choices[i].pair, rest};
        values[choices[i].at] = str_join(cx->arena, parts, 3, S(""));
    }
}

static const struct str *values_of(struct cx *cx, const struct web_page *page)
{
    struct str *values = NEW_N(cx->arena, struct str, LOOK_COUNTS + page->menu_n);
    bool hot;
    values[LOOK_TITLE] = page->title;
    values[LOOK_PERSON] = page->person;
    values[LOOK_INITIALS] = look_initials(cx, page->person);
    values[LOOK_UNIT] = page->unit;
    fill_choices(cx, page->return_to, values);
    if (page->signed_in)
        values[LOOK_BELL] = web_waiting(cx, if_route(cx, GET, BELL), &hot);
    values[LOOK_MAIN] = page->main.bytes;
    for (size_t i = 0; i < page->menu_n; i++)
        values[LOOK_COUNTS + i] = page->menu[i].count;
    return values;
}

/* ---- the frame ---- */

static struct look_frame frame_of(struct cx *cx, const struct web_page *page,
                                  const struct str *values, bool officer)
{
    struct look_frame f = {
        .lang = page->lang,
        .vi = !str_eq(page->lang, S("en")),
        .title = values[LOOK_TITLE],
        .css =
            look_asset(cx, officer ? S("look/assets/officer.css") : S("look/assets/citizen.css")),
        .script =
            look_asset(cx, officer ? S("look/assets/officer.js") : S("look/assets/citizen.js")),
        .mark = look_asset(cx, S("look/assets/mark.svg")),
        .font = look_asset(cx, S("look/assets/inter-400.woff2")),
        .font_bold = look_asset(cx, S("look/assets/inter-600.woff2")),
        .body_class = !officer                           ? S("citizen")
                      : page->frame == WEB_FRAME_COUNTER ? S("officer counter")
                                                         : S("officer"),
        .vi_href = values[LOOK_VI],
        .en_href = values[LOOK_EN],
        .home = S("/"),
        .big = page->large,
        .normal_href = values[LOOK_NORMAL],
        .big_href = values[LOOK_BIG],
        .signed_in = page->signed_in,
        .demo = page->demo,
        .person = values[LOOK_PERSON],
        .initials = values[LOOK_INITIALS],
        .unit = values[LOOK_UNIT],
        .bell_count = values[LOOK_BELL],
        .rail = page->frame == WEB_FRAME_OFFICER && page->menu_n > 0,
        .toast = page->toast,
        .main = {values[LOOK_MAIN]},
    };
    fill_site(cx, &f);
    fill_menu(cx, page, values, &f);
    fill_account(cx, &f);
    return f;
}

void look_draw_frame(struct cx *cx, struct html *out, const struct web_page *page,
                     const struct str *values)
{
    const bool officer = page->frame == WEB_FRAME_OFFICER || page->frame == WEB_FRAME_COUNTER;
    struct look_frame f = frame_of(cx, page, values, officer);
    if (officer) {
        f.site = S("Tỉnh Số");
        f.search_action = if_route(cx, GET, "/tim-kiem");
        if (page->frame == WEB_FRAME_COUNTER)
            f.bottom_n = 0;
        look_officer_html(out, &(const struct look_officer_view){&f});
        return;
    }
    fill_foot(cx, page, &f);
    f.know_href = if_route(cx, GET, "/nhan-biet");
    if (page->frame == WEB_FRAME_BARE)
        look_bare_html(out, &(const struct look_bare_view){&f});
    else
        look_citizen_html(out, &(const struct look_citizen_view){&f});
}

void look_frame(struct cx *cx, struct html *out, const struct web_page *page)
{
    const struct str *values = values_of(cx, page);
    if (!look_kept_frame(cx, out, page, values))
        look_draw_frame(cx, out, page, values);
}

struct str look_asset(struct cx *cx, struct str path)
{
    return web_asset(cx, path);
}
