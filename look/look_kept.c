/*
 * look_kept.c - the frame of a page is kept with holes in it.
 *
 * Of 30 kB and more around a handler's part only its title, the person, the unit, some addresses,
 * numbers and form tokens differ between two pages of one kind. The frame is drawn once with marks
 * in their places and cut there; from then on the pieces are copied and the holes filled. The key
 * holds every other field, so what a view may look at is the same, or it is another frame.
 */
#include "look_inside.h"

#include "kept/kept.h"

#define MARK "~hole~"
#define MARK_BYTES 9 /* "~hole~07~" */
#define HOLES_MAX 40
#define PIECES_MAX 160
#define KEY_LIMIT ((size_t)16 * 1024)

enum hole_kind { HOLE_TEXT = 1, HOLE_LINK, HOLE_MAIN, HOLE_TOKEN };
struct hole {
    enum hole_kind kind;
    struct str value;
};
struct holes {
    struct hole v[HOLES_MAX];
    size_t n;
    bool full;
};
struct piece {
    struct str literal; /* before the hole */
    int hole;           /* -1: none, the end */
};
struct kept_frame {
    struct piece *pieces;
    size_t n;
};

/* ---- the frame with marks instead of what differs ---- */

/* The mark of a hole. An address is one only with a slash before it: the hole takes that away. */
static struct str mark_of(struct cx *cx, size_t number, bool link)
{
    char *p = arena_alloc(cx->arena, MARK_BYTES + 1);
    memcpy(p, "/" MARK, sizeof MARK);
    p[MARK_BYTES - 2] = (char)('0' + number / 10);
    p[MARK_BYTES - 1] = (char)('0' + number % 10);
    p[MARK_BYTES] = '~';
    return (struct str){p + !link, MARK_BYTES + link};
}

static struct str mark(struct cx *cx, struct holes *h, enum hole_kind kind, struct str value)
{
    if (value.n == 0 && kind != HOLE_TOKEN)
        return S("");
    if (h->n == HOLES_MAX) {
        h->full = true;
        return S("");
    }
    h->v[h->n++] = (struct hole){kind, value};
    return mark_of(cx, h->n - 1, kind == HOLE_LINK);
}

static const struct look_menu_item *mark_menu(struct cx *cx, struct holes *h,
                                              const struct look_frame *f)
{
    struct look_menu_item *menu = NEW_N(cx->arena, struct look_menu_item, f->menu_n + 1);
    for (size_t i = 0; i < f->menu_n; i++) {
        menu[i] = f->menu[i];
        menu[i].count = mark(cx, h, HOLE_TEXT, menu[i].count);
    }
    return menu;
}

static const struct look_link *mark_account(struct cx *cx, struct holes *h,
                                            const struct look_frame *f)
{
    struct look_link *links = NEW_N(cx->arena, struct look_link, f->account_n + 1);
    for (size_t i = 0; i < f->account_n; i++) {
        links[i] = f->account[i];
        if (f->bell_count.n && str_eq(links[i].href, f->bell)) /* "Thông báo (12)" */
            links[i].label = mark(cx, h, HOLE_TEXT, links[i].label);
    }
    return links;
}

/* The order of the holes is that of these lines, the same for each page of one key. */
static struct look_frame marked(struct cx *cx, struct holes *h, const struct look_frame *f)
{
    struct look_frame m = *f;
    m.title = mark(cx, h, HOLE_TEXT, f->title);
    m.person = mark(cx, h, HOLE_TEXT, f->person);
    m.initials = mark(cx, h, HOLE_TEXT, f->initials);
    m.unit = mark(cx, h, HOLE_TEXT, f->unit);
    m.normal_href = mark(cx, h, HOLE_LINK, f->normal_href);
    m.big_href = mark(cx, h, HOLE_LINK, f->big_href);
    m.vi_href = mark(cx, h, HOLE_LINK, f->vi_href);
    m.en_href = mark(cx, h, HOLE_LINK, f->en_href);
    m.bell_count = mark(cx, h, HOLE_TEXT, f->bell_count);
    m.main = (struct markup){mark(cx, h, HOLE_MAIN, f->main.bytes)};
    m.menu = m.bottom = mark_menu(cx, h, f);
    m.account = mark_account(cx, h, f);
    m.return_to = S("");
    return m;
}

/* ---- the key ---- */

static void add(struct buf *key, struct str s)
{
    buf_add(key, s);
    buf_byte(key, '\x1f');
}

static void add_links(struct buf *key, const struct look_link *links, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        add(key, links[i].label);
        add(key, links[i].href);
        add(key, links[i].icon);
        buf_byte(key, links[i].current ? '1' : '0');
    }
}

static struct str key_of(struct cx *cx, const struct look_frame *m, struct str name)
{
    struct buf key = {.arena = cx->arena, .limit = KEY_LIMIT};
    buf_room(&key, KEY_LIMIT / 4);
    const struct str texts[] = {
        S("look.frame"), name,        m->lang,        m->title,      m->site,
        m->tagline,      m->owner,    m->css,         m->script,     m->mark,
        m->icons,        m->font,     m->font_bold,   m->html_class, m->body_class,
        m->normal_href,  m->big_href, m->vi_href,     m->en_href,    m->know_href,
        m->person,       m->initials, m->unit,        m->home,       m->sign_in,
        m->sign_out,     m->lock,     m->unit_action, m->unit_href,  m->search_action,
        m->bell,         m->more,     m->bell_count,  m->main.bytes};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        add(&key, texts[i]);
    add(&key, look_asset(cx, S("look/assets/icons.svg")));
    const bool flags[] = {m->big, m->vi, m->signed_in, m->demo, m->rail};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        buf_byte(&key, flags[i] ? '1' : '0');
    for (size_t i = 0; i < m->menu_n; i++) {
        const struct look_menu_item *e = &m->menu[i];
        const struct str words[] = {e->heading, e->title, e->path, e->icon, e->count};
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            add(&key, words[k]);
        buf_byte(&key, (char)('0' + e->hot + 2 * e->current));
    }
    buf_fmt(&key, "%zu", m->bottom_n);
    add_links(&key, m->account, m->account_n);
    for (size_t i = 0; i < m->about_n; i++)
        add(&key, m->about[i]);
    for (size_t i = 0; i < m->footer_n; i++) {
        add(&key, m->footer[i].title);
        add_links(&key, m->footer[i].links, m->footer[i].links_n);
    }
    return key.full ? S("") : buf_str(&key);
}

/* Each mark stands in the key once: one more was typed by somebody (a site's name, a title). */
static bool only_our_marks(struct str key, size_t ours)
{
    size_t at, n = 0;
    for (; str_find(key, S(MARK), &at); n++)
        key = str_from(key, at + sizeof MARK - 1);
    return n == ours;
}

/* ---- cutting and filling ---- */

struct wanted {
    const struct look_frame *marked;
    look_draw_frame *draw;
    struct holes *holes;
    struct str token; /* the mark of all tokens */
    struct arena *arena;
};

/* Where the next mark begins, and which it is; false: there is none. */
static bool next_mark(struct str s, size_t *at, int *number)
{
    if (!str_find(s, S(MARK), at) || s.n - *at < MARK_BYTES)
        return false;
    const char *p = s.p + *at + sizeof MARK - 1;
    *number = (p[0] - '0') * 10 + (p[1] - '0');
    return true;
}

static void cut(struct arena *a, const struct holes *h, struct str page, struct kept_frame *k)
{
    size_t at;
    int number;
    k->pieces = NEW_N(a, struct piece, PIECES_MAX);
    while (next_mark(page, &at, &number)) {
        MUST(k->n < PIECES_MAX - 1 && number >= 0 && (size_t)number < h->n);
        const size_t slash = h->v[number].kind == HOLE_LINK ? 1 : 0;
        k->pieces[k->n++] = (struct piece){{page.p, at - slash}, number};
        page = str_from(page, at + MARK_BYTES);
    }
    k->pieces[k->n++] = (struct piece){page, -1};
}

/* Drawn in the request's memory, kept as one text and its pieces. */
static enum err make(struct cx *cx, void *arg, const void **out)
{
    const struct wanted *w = arg;
    struct arena *const own = cx->arena;
    cx->arena = w->arena;
    struct html page = html_start(cx);
    web_token_mark(cx, w->token);
    w->draw(&page, w->marked);
    web_token_mark(cx, S(""));
    MUST(!page.to.full);
    cx->arena = own;
    struct kept_frame *k = NEW(own, struct kept_frame);
    cut(own, w->holes, str_dup(own, html_done(&page).bytes), k);
    *out = k;
    return OK;
}

static void fill(struct html *out, const struct kept_frame *k, const struct holes *h)
{
    for (size_t i = 0; i < k->n; i++) {
        const struct piece *p = &k->pieces[i];
        buf_add(&out->to, p->literal);
        if (p->hole < 0)
            continue;
        const struct hole *hole = &h->v[p->hole];
        if (hole->kind == HOLE_MAIN)
            html_markup(out, (struct markup){hole->value});
        else if (hole->kind == HOLE_TOKEN)
            web_token_html(out);
        else if (hole->kind == HOLE_LINK)
            html_link(out, hole->value);
        else
            html_text(out, hole->value);
    }
}

/* In tests the frame is drawn as ever too: both are the same but for the tokens. */
static void check(struct cx *cx, const struct look_frame *f, look_draw_frame *draw,
                  const struct kept_frame *k, const struct holes *h)
{
    if (!cx->env->testing)
        return;
    struct html plain = html_start(cx), filled = html_start(cx);
    web_token_mark(cx, S("token"));
    draw(&plain, f);
    fill(&filled, k, h);
    web_token_mark(cx, S(""));
    MUST(str_eq(html_done(&plain).bytes, html_done(&filled).bytes));
}

/* English looks words up in the catalogue; a note or a toast is rare and of one page. */
static bool may_be_kept(struct cx *cx, const struct look_frame *f)
{
    return cx->env->kept && cx->db && f->vi && f->toast.n == 0 && f->banner.text.n == 0 &&
           f->units_n == 0 && web_token_mark(cx, S(""));
}

void look_kept_frame(struct cx *cx, struct html *out, const struct look_frame *f, struct str name,
                     look_draw_frame *draw)
{
    static const char *const nothing_moves[] = {NULL};
    struct holes holes = {.n = 0};
    if (!may_be_kept(cx, f)) {
        draw(out, f);
        return;
    }
    const struct look_frame m = marked(cx, &holes, f);
    struct str key = key_of(cx, &m, name);
    const bool ours = only_our_marks(key, holes.n);
    struct str token = mark(cx, &holes, HOLE_TOKEN, S(""));
    struct wanted w = {&m, draw, &holes, token, cx->arena};
    const void *found;
    if (holes.full || key.n == 0 || !ours ||
        kept_find(
            cx,
            &(struct kept_wish){
                .key = key, .of = nothing_moves, .make = make, .arg = &w, .about_bytes = 1024},
            &found) != OK) {
        draw(out, f);
        return;
    }
    check(cx, f, draw, found, &holes);
    fill(out, found, &holes);
}
