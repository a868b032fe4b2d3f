/* page.c - a page as a person reads it: words, links, forms and the labels of their fields. */
#include "browser.h"

/* Our own pages are well formed (mkview sees to that): quoted attributes, closed elements. */
struct reader {
    struct arena *a;
    struct str src;
    size_t at;
    struct page *page;
    struct buf words;
    VEC(struct page_form) forms;
    VEC(struct page_field) fields; /* of all forms, in order */
    VEC(struct page_button) buttons;
    VEC(struct page_link) links;
    VEC(size_t) field_form, button_form; /* index of the form around it; SIZE_MAX: none */
    VEC(struct page_field) labels;       /* id (for) and label */
    size_t form;                         /* the open one; SIZE_MAX: none */
    /* What is open and where its words began. */
    size_t link_from, button_from, label_from, option_from, title_from, h1_from;
    bool in_link, in_button, in_label, in_option, in_title, in_h1;
    struct str label_for;
    struct page_field *select;
    size_t select_index;
    VEC(struct page_option) options;
    bool label_has_field;
};

struct tag {
    struct str name, attributes;
    bool closing;
};

/* ---- text ---- */

static const struct {
    const char *name;
    const char *text;
} entities[] = {
    {"amp", "&"}, {"lt", "<"},   {"gt", ">"},          {"quot", "\""},
    {"#39", "'"}, {"#x27", "'"}, {"nbsp", "\302\240"}, {"apos", "'"},
};

static void add_entity(struct buf *b, struct str name)
{
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (str_eq(name, str_c(entities[i].name))) {
            buf_add(b, str_c(entities[i].text));
            return;
        }
    int64_t code;
    if (name.n > 1 && name.p[0] == '#' && str_int(str_from(name, 1), &code) && code > 0 &&
        code < 0x110000)
        utf8_add(b, (uint32_t)code);
}

static struct str unescape(struct arena *a, struct str s)
{
    struct buf b = {.arena = a, .limit = s.n * 4 + 1};
    for (size_t i = 0; i < s.n; i++) {
        size_t end;
        if (s.p[i] != '&' || !str_find(str_until(str_from(s, i), 12), S(";"), &end)) {
            buf_byte(&b, s.p[i]);
            continue;
        }
        add_entity(&b, (struct str){s.p + i + 1, end - 1});
        i += end;
    }
    return buf_str(&b);
}

/* Runs of white space are one blank. */
static void add_words(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        bool blank = s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\t' || s.p[i] == '\r';
        if (!blank)
            buf_byte(b, s.p[i]);
        else if (b->n && b->p[b->n - 1] != ' ')
            buf_byte(b, ' ');
    }
}

/* Words since `from`. */
static struct str since(struct reader *r, size_t from)
{
    return str_trim(str_dup(r->a, str_from(buf_str(&r->words), from)));
}

/* ---- tags ---- */

static bool attribute(struct reader *r, const struct tag *t, const char *name, struct str *out)
{
    struct str rest = t->attributes;
    size_t at, name_n = strlen(name);
    *out = S("");
    while (str_find(rest, str_c(name), &at)) {
        bool starts = at == 0 || rest.p[at - 1] == ' ' || rest.p[at - 1] == '\n';
        struct str after = str_from(rest, at + name_n);
        rest = after;
        if (!starts)
            continue;
        if (str_starts(after, S("=\""))) {
            struct str value, tail;
            str_cut(str_from(after, 2), '"', &value, &tail);
            *out = unescape(r->a, value);
            return true;
        }
        if (after.n == 0 || after.p[0] == ' ' || after.p[0] == '/' || after.p[0] == '\n')
            return true;
    }
    return false;
}

static struct str attr(struct reader *r, const struct tag *t, const char *name)
{
    struct str v;
    attribute(r, t, name, &v);
    return v;
}

static bool has(struct reader *r, const struct tag *t, const char *name)
{
    struct str v;
    return attribute(r, t, name, &v);
}

static bool is(const struct tag *t, const char *name)
{
    return str_eq(t->name, str_c(name));
}

static struct page_field *add_field(struct reader *r, struct page_field f)
{
    *vec_add(r->a, &r->field_form) = r->form;
    struct page_field *added = vec_add(r->a, &r->fields);
    *added = f;
    if (r->in_label && f.id.n == 0)
        added->id = r->label_for = str_fmt(r->a, "inside-label-%zu", r->fields.n);
    else if (r->in_label)
        r->label_for = f.id;
    return added;
}

static void read_input(struct reader *r, const struct tag *t)
{
    struct str type = attr(r, t, "type");
    if (str_eq(type, S("submit"))) {
        *vec_add(r->a, &r->button_form) = r->form;
        *vec_add(r->a, &r->buttons) =
            (struct page_button){attr(r, t, "name"), attr(r, t, "value"), attr(r, t, "value"),
                                 attr(r, t, "form"), attr(r, t, "formaction")};
        return;
    }
    bool box = str_eq(type, S("radio")) || str_eq(type, S("checkbox"));
    struct str value = attr(r, t, "value");
    add_field(r, (struct page_field){
                     .name = attr(r, t, "name"),
                     .value = box && !has(r, t, "value") ? S("on") : value,
                     .type = type.n ? type : S("text"),
                     .id = attr(r, t, "id"),
                     .form = attr(r, t, "form"),
                     .on = has(r, t, "checked"),
                 });
}

static void end_select(struct reader *r)
{
    MUST(r->fields.p != NULL);
    struct page_field *f = &r->fields.p[r->select_index];
    f->options = r->options.p;
    f->options_n = r->options.n;
    if (f->options_n)
        f->value = f->options[0].value;
    for (size_t i = 0; i < f->options_n; i++)
        if (f->options[i].on)
            f->value = f->options[i].value;
    r->options.p = NULL;
    r->options.n = r->options.cap = 0;
}

static void open_form(struct reader *r, const struct tag *t)
{
    r->form = r->forms.n;
    *vec_add(r->a, &r->forms) = (struct page_form){
        .action = attr(r, t, "action"),
        .method = attr(r, t, "method"),
        .enctype = attr(r, t, "enctype"),
        .id = attr(r, t, "id"),
    };
}

static void end_option(struct reader *r)
{
    if (!r->in_option)
        return;
    struct page_option *o = &r->options.p[r->options.n - 1];
    o->label = since(r, r->option_from);
    if (o->value.p == NULL)
        o->value = o->label;
    r->in_option = false;
}

static void open_tag(struct reader *r, const struct tag *t)
{
    if (is(t, "form")) {
        open_form(r, t);
    } else if (is(t, "input")) {
        read_input(r, t);
    } else if (is(t, "select")) {
        add_field(r, (struct page_field){.name = attr(r, t, "name"),
                                         .type = S("select"),
                                         .id = attr(r, t, "id"),
                                         .form = attr(r, t, "form")});
        r->select_index = r->fields.n - 1;
    } else if (is(t, "option")) {
        end_option(r);
        struct str value;
        bool stated = attribute(r, t, "value", &value);
        *vec_add(r->a, &r->options) =
            (struct page_option){stated ? value : (struct str){0}, S(""), has(r, t, "selected")};
        r->in_option = true;
        r->option_from = r->words.n;
    } else if (is(t, "button")) {
        struct str type = attr(r, t, "type");
        r->in_button = type.n == 0 || str_eq(type, S("submit"));
        r->button_from = r->words.n;
        if (r->in_button) {
            *vec_add(r->a, &r->button_form) = r->form;
            *vec_add(r->a, &r->buttons) =
                (struct page_button){attr(r, t, "name"), attr(r, t, "value"), S(""),
                                     attr(r, t, "form"), attr(r, t, "formaction")};
        }
    } else if (is(t, "a")) {
        r->in_link = true;
        r->link_from = r->words.n;
        *vec_add(r->a, &r->links) = (struct page_link){S(""), attr(r, t, "href")};
    } else if (is(t, "label") || is(t, "legend")) {
        r->in_label = true;
        r->label_from = r->words.n;
        r->label_for = attr(r, t, "for");
    } else if (is(t, "title")) {
        r->in_title = true;
        r->title_from = r->words.n;
    } else if (is(t, "h1")) {
        r->in_h1 = true;
        r->h1_from = r->words.n;
    }
}

static void close_tag(struct reader *r, const struct tag *t)
{
    if (is(t, "form")) {
        r->form = SIZE_MAX;
    } else if (is(t, "select")) {
        end_option(r);
        end_select(r);
    } else if (is(t, "option")) {
        end_option(r);
    } else if (is(t, "button") && r->in_button) {
        r->buttons.p[r->buttons.n - 1].text = since(r, r->button_from);
        r->in_button = false;
    } else if (is(t, "a") && r->in_link) {
        r->links.p[r->links.n - 1].text = since(r, r->link_from);
        r->in_link = false;
    } else if ((is(t, "label") || is(t, "legend")) && r->in_label) {
        *vec_add(r->a, &r->labels) =
            (struct page_field){.id = r->label_for, .label = since(r, r->label_from)};
        r->in_label = false;
    } else if (is(t, "title") && r->in_title) {
        r->page->title = since(r, r->title_from);
        r->in_title = false;
    } else if (is(t, "h1") && r->in_h1) {
        r->page->h1 = since(r, r->h1_from);
        r->in_h1 = false;
    }
}

/* A blank where a browser would break the line. */
static bool is_block(const struct tag *t)
{
    static const char *const inline_names[] = {"a",   "b",     "span", "strong", "em",
                                               "i",   "code",  "time", "abbr",   "svg",
                                               "use", "small", "sup",  "sub",    "kbd"};
    for (size_t i = 0; i < sizeof inline_names / sizeof *inline_names; i++)
        if (is(t, inline_names[i]))
            return false;
    return true;
}

/* The raw text of script, style and textarea ends only at its own closing tag. */
static struct str raw_until(struct reader *r, struct str name)
{
    size_t end, from = r->at;
    if (!str_find(str_from(r->src, from), str_fmt(r->a, "</%.*s", F(name)), &end))
        end = r->src.n - from;
    r->at = from + end;
    return str_until(str_from(r->src, from), end);
}

static void read_tag(struct reader *r)
{
    struct str inside;
    struct tag t = {0};
    struct str rest = str_from(r->src, r->at + 1), tail;
    str_cut(rest, '>', &inside, &tail);
    r->at += inside.n + 2;
    t.closing = str_starts(inside, S("/"));
    inside = str_from(inside, t.closing ? 1 : 0);
    size_t n = 0;
    while (n < inside.n && inside.p[n] != ' ' && inside.p[n] != '\n' && inside.p[n] != '/')
        n++;
    t.name = str_until(inside, n);
    t.attributes = str_from(inside, n);
    if (is_block(&t))
        add_words(&r->words, S(" "));
    if (t.closing) {
        close_tag(r, &t);
    } else if (is(&t, "script") || is(&t, "style")) {
        (void)raw_until(r, t.name);
    } else if (is(&t, "textarea")) {
        struct str text = unescape(r->a, raw_until(r, t.name));
        if (str_starts(text, S("\n")))
            text = str_from(text, 1); /* one line end behind the tag is not part of it */
        add_field(r, (struct page_field){.name = attr(r, &t, "name"),
                                         .value = text,
                                         .type = S("textarea"),
                                         .id = attr(r, &t, "id"),
                                         .form = attr(r, &t, "form")});
    } else {
        open_tag(r, &t);
    }
}

/* ---- the whole ---- */

static void give_labels(struct reader *r)
{
    for (size_t i = 0; i < r->fields.n; i++)
        for (size_t k = 0; k < r->labels.n; k++)
            if (r->labels.p[k].id.n && str_eq(r->labels.p[k].id, r->fields.p[i].id))
                r->fields.p[i].label = r->labels.p[k].label;
}

static bool belongs(const struct page_form *f, size_t index, size_t around, struct str by_id)
{
    return by_id.n ? str_eq(by_id, f->id) : around == index;
}

static void give_fields(struct reader *r)
{
    for (size_t i = 0; i < r->forms.n; i++) {
        struct page_form *f = &r->forms.p[i];
        f->fields = NEW_N(r->a, struct page_field, r->fields.n);
        f->buttons = NEW_N(r->a, struct page_button, r->buttons.n);
        for (size_t k = 0; k < r->fields.n; k++)
            if (belongs(f, i, r->field_form.p[k], r->fields.p[k].form))
                f->fields[f->fields_n++] = r->fields.p[k];
        for (size_t k = 0; k < r->buttons.n; k++)
            if (belongs(f, i, r->button_form.p[k], r->buttons.p[k].form))
                f->buttons[f->buttons_n++] = r->buttons.p[k];
    }
}

void page_read(struct arena *a, struct page *p)
{
    struct reader *r = NEW(a, struct reader);
    *r = (struct reader){.a = a,
                         .src = p->body,
                         .page = p,
                         .form = SIZE_MAX,
                         .words = {.arena = a, .limit = p->body.n + 16}};
    while (r->at < r->src.n) {
        if (r->src.p[r->at] == '<') {
            read_tag(r);
            continue;
        }
        struct str text, tail;
        str_cut(str_from(r->src, r->at), '<', &text, &tail);
        r->at += text.n;
        add_words(&r->words, unescape(a, text));
    }
    give_labels(r);
    give_fields(r);
    p->words = str_trim(buf_str(&r->words));
    p->forms = r->forms.p;
    p->forms_n = r->forms.n;
    p->links = r->links.p;
    p->links_n = r->links.n;
}
