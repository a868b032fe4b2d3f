/* story_send.c - sending forms as a browser does: what stands in them, and what the story types. */
#include "story_inside.h"

#include <stdio.h>

#include "testing.h"

#define FILE_MAX ((size_t)32 << 20)

static struct str read_attached(struct story *s, struct str name)
{
    const char *path = str_fmt(s->cx->arena, "%s/%.*s", s->config->files, F(name)).p;
    FILE *f = fopen(path, "rbe");
    if (!f)
        story_fail(s, "không có tệp %s", path);
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    if (n < 0 || (size_t)n > FILE_MAX)
        story_fail(s, "tệp %s quá lớn", path);
    char *p = arena_alloc(s->cx->arena, (size_t)n + 1);
    size_t got = fread(p, 1, (size_t)n, f);
    fclose(f);
    return (struct str){p, got};
}

static struct page_field *add_field(struct story *s, struct page_form *f, struct str name)
{
    struct page_field *wider = NEW_N(s->cx->arena, struct page_field, f->fields_n + 1);
    if (f->fields_n)
        memcpy(wider, f->fields, f->fields_n * sizeof *wider);
    f->fields = wider;
    wider[f->fields_n] = (struct page_field){.name = name, .type = S("text")};
    return &wider[f->fields_n++];
}

static bool is_box(const struct page_field *x)
{
    return str_eq(x->type, S("radio")) || str_eq(x->type, S("checkbox"));
}

static bool named(const struct page_field *x, struct str name)
{
    return str_eq(x->name, name);
}

/* A box is ticked by its value; the same name again ticks another. What the form does not have is
 * added: a story may send what no page offers. */
static void type_value(struct story *s, struct page_form *f, struct str name, struct str value)
{
    struct page_field *plain = NULL;
    bool boxes = false;
    for (size_t i = 0; i < f->fields_n; i++) {
        struct page_field *x = &f->fields[i];
        if (!named(x, name))
            continue;
        if (!is_box(x)) {
            plain = plain ? plain : x;
            continue;
        }
        boxes = true;
        if (str_eq(x->type, S("radio")) || value.n == 0)
            x->on = str_eq(x->value, value);
        else if (str_eq(x->value, value))
            x->on = true;
    }
    bool ticked = value.n == 0;
    for (size_t i = 0; boxes && i < f->fields_n; i++)
        ticked = ticked || (named(&f->fields[i], name) && f->fields[i].on &&
                            str_eq(f->fields[i].value, value));
    if (boxes && ticked)
        return;
    if (!plain)
        plain = add_field(s, f, name);
    plain->value = value;
    if (is_box(plain))
        plain->on = true;
}

static void attach(struct story *s, struct page_form *f, struct str name, struct str file)
{
    struct page_field *x = NULL;
    for (size_t i = 0; i < f->fields_n && !x; i++)
        if (named(&f->fields[i], name))
            x = &f->fields[i];
    if (!x)
        x = add_field(s, f, name);
    x->type = S("file");
    x->file_name = file;
    x->file_bytes = read_attached(s, file);
    f->enctype = S("multipart/form-data");
}

static void type_all(struct story *s, struct page_form *f, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct word *w = &s->words[i];
        if (!w->is_pair)
            story_fail(s, "cần tên=giá trị, không phải “%.*s”", F(w->text));
        if (w->is_file)
            attach(s, f, w->name, w->text);
        else
            type_value(s, f, w->name, story_fill(s, w->text));
    }
}

/* ---- POST /path ---- */

static struct str token_of(const struct page *p)
{
    for (size_t i = 0; i < p->forms_n; i++)
        for (size_t k = 0; k < p->forms[i].fields_n; k++)
            if (named(&p->forms[i].fields[k], S("_token")))
                return p->forms[i].fields[k].value;
    return S("");
}

/* The form of this path on the page at hand, or on the path's own page; else an empty one. */
static struct page_form *form_for(struct story *s, struct str path)
{
    struct page_form *f = browser_form(s->now, path);
    if (f)
        return f;
    f = NEW(s->cx->arena, struct page_form);
    *f = (struct page_form){.action = path, .method = S("post")};
    struct str token = token_of(browser_page(s->now));
    static const char *const pages[] = {NULL, "/", "/dang-nhap"};
    for (size_t i = 0; token.n == 0 && i < sizeof pages / sizeof *pages; i++) {
        browser_open(s->now, pages[i] ? pages[i] : path.p);
        struct page_form *own = browser_form(s->now, path);
        if (own)
            return own;
        token = token_of(browser_page(s->now));
    }
    type_value(s, f, S("_token"), token);
    return f;
}

void story_post(struct story *s, struct str path, size_t from, size_t to)
{
    struct page_form *f = form_for(s, path);
    type_all(s, f, from, to);
    browser_follow(s->now, false);
    browser_submit(s->now, f, NULL);
    browser_follow(s->now, true);
}

/* ---- bấm "nút" ---- */

void story_press(struct story *s, struct str button, size_t from, size_t to)
{
    const struct page *p = browser_page(s->now);
    for (int exact = 1; exact >= 0; exact--)
        for (size_t i = 0; i < p->forms_n; i++)
            for (size_t k = 0; k < p->forms[i].buttons_n; k++) {
                const struct page_button *b = &p->forms[i].buttons[k];
                if (!(exact ? str_eq(b->text, button) : str_starts(b->text, button)))
                    continue;
                type_all(s, &p->forms[i], from, to);
                browser_submit(s->now, &p->forms[i], b);
                return;
            }
    story_fail(s, "trang không có nút “%.*s”", F(button));
}
