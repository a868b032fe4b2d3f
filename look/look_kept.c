/*
 * look_kept.c - the frame of a page is kept with holes in it.
 *
 * Of 30 kB and more around a handler's part only its title, the person, the unit, some addresses,
 * numbers and form tokens differ between two pages of one kind. The frame is drawn once with marks
 * in their places and cut there; from then on the pieces are copied and the holes filled. The key
 * holds all else that the frame is drawn from, so that a page that is found costs neither the look
 * at settings, routes and links nor their comparison.
 */
#include "look_inside.h"

#include "kept/kept.h"

#define MARK "~hole~"
#define MARK_BYTES 9 /* "~hole~07~" */
#define TOKEN 99     /* the hole of all form tokens */
#define PIECES_MAX 160
#define KEY_LIMIT ((size_t)16 * 1024)

struct piece {
    struct str literal; /* before the hole */
    int hole;           /* -1: none, the end */
};
struct kept_frame {
    struct piece *pieces;
    size_t n;
};

/* ---- the key ---- */

static void add(struct buf *key, struct str s)
{
    buf_add(key, s);
    buf_byte(key, '\x1f');
}

/* What look_draw_frame looks at but for the values, of which it may ask whether they are there. */
static struct str key_of(struct cx *cx, const struct web_page *page, const struct str *values)
{
    struct buf key = {.arena = cx->arena, .limit = KEY_LIMIT};
    buf_room(&key, 1024);
    buf_add(&key, S("look.frame "));
    const uint64_t program[] = {(uint64_t)(uintptr_t)cx->env->web,
                                settings_number(cx->env->settings), (uint64_t)page->frame};
    buf_add(&key, (struct str){(const char *)program, sizeof program});
    const bool flags[] = {page->signed_in, page->locked, page->demo, page->large,
                          cx->actor->unit != 0};
    buf_add(&key, (struct str){(const char *)flags, sizeof flags});
    bool there[TOKEN];
    for (size_t i = 0; i < LOOK_COUNTS + page->menu_n; i++)
        there[i] = values[i].n > 0;
    buf_add(&key, (struct str){(const char *)there, LOOK_COUNTS + page->menu_n});
    for (size_t i = 0; i < page->menu_n; i++) {
        const struct web_menu_entry *e = &page->menu[i];
        add(&key, e->title);
        add(&key, e->path);
        add(&key, e->icon);
        buf_byte(&key, (char)('0' + e->hot + 2 * e->current));
    }
    return key.full ? S("") : buf_str(&key);
}

/* ---- the frame with marks instead of what differs ---- */

static bool is_address(size_t i)
{
    return i >= LOOK_NORMAL && i <= LOOK_EN;
}

/* The mark of a hole. An address is one only with a slash before it: the hole takes that away. */
static struct str mark_of(struct cx *cx, size_t number)
{
    const bool link = is_address(number);
    char *p = arena_alloc(cx->arena, MARK_BYTES + 1);
    memcpy(p, "/" MARK, sizeof MARK);
    p[MARK_BYTES - 2] = (char)('0' + number / 10);
    p[MARK_BYTES - 1] = (char)('0' + number % 10);
    p[MARK_BYTES] = '~';
    return (struct str){p + !link, MARK_BYTES + link};
}

static const struct str *marked(struct cx *cx, const struct str *values, size_t n)
{
    struct str *marks = NEW_N(cx->arena, struct str, n);
    for (size_t i = 0; i < n; i++)
        marks[i] = values[i].n ? mark_of(cx, i) : S("");
    return marks;
}

/* Where the next mark begins, and which it is; false: there is none. */
static bool next_mark(struct str s, size_t *at, int *number)
{
    if (!str_find(s, S(MARK), at) || s.n - *at < MARK_BYTES)
        return false;
    const char *p = s.p + *at + sizeof MARK - 1;
    *number = (p[0] - '0') * 10 + (p[1] - '0');
    return true;
}

/* False: somebody typed what looks like a mark. */
static bool cut(struct arena *a, size_t holes, struct str page, struct kept_frame *k)
{
    size_t at;
    int number;
    k->pieces = NEW_N(a, struct piece, PIECES_MAX);
    while (next_mark(page, &at, &number)) {
        if (k->n == PIECES_MAX - 1 || number < 0 || ((size_t)number >= holes && number != TOKEN))
            return false;
        const size_t slash = is_address((size_t)number) && at > 0 ? 1 : 0;
        k->pieces[k->n++] = (struct piece){{page.p, at - slash}, number};
        page = str_from(page, at + MARK_BYTES);
    }
    k->pieces[k->n++] = (struct piece){page, -1};
    return true;
}

/* ---- filling ---- */

static void fill(struct html *out, const struct kept_frame *k, const struct str *values)
{
    for (size_t i = 0; i < k->n; i++) {
        const struct piece *p = &k->pieces[i];
        buf_add(&out->to, p->literal);
        if (p->hole < 0)
            continue;
        if (p->hole == TOKEN)
            web_token_html(out);
        else if (p->hole == LOOK_MAIN)
            html_markup(out, (struct markup){values[LOOK_MAIN]});
        else if (is_address((size_t)p->hole))
            html_link(out, values[p->hole]);
        else
            html_text(out, values[p->hole]);
    }
}

static struct str drawn(struct cx *cx, const struct web_page *page, const struct str *values,
                        struct str token)
{
    struct html out = html_start(cx);
    web_token_mark(cx, token);
    look_draw_frame(cx, &out, page, values);
    web_token_mark(cx, S(""));
    MUST(!out.to.full);
    return html_done(&out).bytes;
}

/* Filled with the values of a page it is the page as it is drawn without all this. */
static bool is_same(struct cx *cx, const struct web_page *page, const struct str *values,
                    const struct kept_frame *k)
{
    struct html filled = html_start(cx);
    web_token_mark(cx, S("token"));
    fill(&filled, k, values);
    web_token_mark(cx, S(""));
    return str_eq(drawn(cx, page, values, S("token")), html_done(&filled).bytes);
}

/* ---- made once ---- */

struct wanted {
    const struct web_page *page;
    const struct str *values;
    struct arena *arena;
};

/* Drawn in the request's memory, kept as one text and its pieces. What somebody typed (a site's
 * name) may look like a mark: then the frame is not the page, and it is not kept. */
static enum err make(struct cx *cx, void *arg, const void **out)
{
    const struct wanted *w = arg;
    const size_t n = LOOK_COUNTS + w->page->menu_n;
    struct arena *const own = cx->arena;
    cx->arena = w->arena;
    const struct str text = drawn(cx, w->page, marked(cx, w->values, n), mark_of(cx, TOKEN));
    cx->arena = own;
    struct kept_frame *k = NEW(own, struct kept_frame);
    bool good = cut(own, n, str_dup(own, text), k);
    cx->arena = w->arena;
    good = good && is_same(cx, w->page, w->values, k);
    cx->arena = own;
    *out = k;
    return good ? OK : ERR_INVALID;
}

/* English looks words up in the catalogue; a toast is rare and of one page. */
static bool may_be_kept(struct cx *cx, const struct web_page *page)
{
    return cx->env->kept && cx->db && !str_eq(page->lang, S("en")) && page->toast.n == 0 &&
           LOOK_COUNTS + page->menu_n < TOKEN && web_token_mark(cx, S(""));
}

bool look_kept_frame(struct cx *cx, struct html *out, const struct web_page *page,
                     const struct str *values)
{
    static const char *const nothing_moves[] = {NULL};
    struct wanted w = {page, values, cx->arena};
    const void *found;
    if (!may_be_kept(cx, page))
        return false;
    const struct kept_wish wish = {.key = key_of(cx, page, values),
                                   .of = nothing_moves,
                                   .make = make,
                                   .arg = &w,
                                   .about_bytes = 1024};
    if (wish.key.n == 0 || kept_find(cx, &wish, &found) != OK)
        return false;
    /* In tests each page is drawn as ever too: what the key forgot shows. */
    MUST(!cx->env->testing || is_same(cx, page, values, found));
    fill(out, found, values);
    return true;
}
