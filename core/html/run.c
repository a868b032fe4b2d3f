/* run.c - templates as data: the tree of template.h walked over a JSON value. */
#include "html/html.h"

#include "template.h"

#include <stdio.h>

#define LOOPS_MAX 33
/* Nodes one run may visit: far more than any page, so that loops in loops end. */
#define STEPS_MAX 2000000

struct html_template {
    enum html_kind kind;
    struct node_list tree;
};

/* One {{#each}}, or the whole data at the bottom. */
struct scope_of {
    const struct json *this;
    uint32_t index, n;
};

struct run {
    struct html to;
    enum html_kind kind;
    struct scope_of loops[LOOPS_MAX];
    int depth;
    long steps;
    enum err err;
    struct html_error *error;
    struct json counted; /* the answer to @index, xs_n and the like */
};

/* ---- loading ---- */

static enum template_mode mode_of(enum html_kind kind)
{
    return kind == HTML_PLAIN   ? TEMPLATE_PLAIN
           : kind == HTML_PRINT ? TEMPLATE_PRINT
                                : TEMPLATE_PAGE;
}

static const struct node *find_partial(const struct node_list *list)
{
    for (const struct node *n = list->first; n; n = n->next) {
        const struct node *found = n->kind == NODE_PARTIAL ? n : find_partial(&n->body);
        found = found ? found : find_partial(&n->otherwise);
        if (found)
            return found;
    }
    return NULL;
}

enum err html_template_load(struct arena *a, enum html_kind kind, struct str text,
                            const struct html_template **out, struct html_error *error)
{
    struct html_template *t = NEW(a, struct html_template);
    struct template_error mistake = {0};
    t->kind = kind;
    enum err e = template_parse(a, text, mode_of(kind), &t->tree, &mistake);
    *error = (struct html_error){mistake.what, mistake.line, mistake.column};
    TRY(e);
    const struct node *partial = find_partial(&t->tree);
    if (partial) {
        *error = (struct html_error){S("a template of a pack has no partials"), partial->line,
                                     partial->column};
        return ERR_INVALID;
    }
    *out = t;
    return OK;
}

/* ---- finding values ---- */

[[gnu::format(printf, 3, 4)]] static const struct json *stop(struct run *r, const struct node *n,
                                                             const char *format, ...)
{
    static const struct json nothing;
    if (r->err != OK)
        return &nothing;
    r->err = ERR_INVALID;
    va_list args;
    va_start(args, format);
    *r->error = (struct html_error){str_vfmt(r->to.to.arena, format, args), n->line, n->column};
    va_end(args);
    return &nothing;
}

static const struct json *counted(struct run *r, int64_t n)
{
    r->counted = (struct json){.kind = JSON_INT, .integer = n};
    return &r->counted;
}

/* xs_n where the data has only xs. */
static const struct json *count_of(struct run *r, const struct json *in, struct str name)
{
    if (!str_ends(name, S("_n")))
        return NULL;
    const struct json *list = json_get(in, str_until(name, name.n - 2));
    return list->kind == JSON_ARRAY ? counted(r, list->n) : NULL;
}

static const struct json *find(struct run *r, const struct node *n)
{
    const struct path *path = &n->path;
    const struct scope_of *scope = &r->loops[r->depth - path->up];
    const struct json *v = scope->this;
    MUST(v != NULL);
    switch (path->kind) {
    case PATH_THIS:
        return v;
    case PATH_INDEX:
        return counted(r, scope->index);
    case PATH_NUMBER:
        return counted(r, (int64_t)scope->index + 1);
    case PATH_FIRST:
        return counted(r, scope->index == 0);
    case PATH_LAST:
        return counted(r, scope->index + 1 == scope->n);
    case PATH_FIELD:
        break;
    }
    for (size_t i = 0; i < path->n; i++) {
        const struct json *in = v;
        if (in->kind != JSON_OBJECT)
            return stop(r, n, "%.*s: what %.*s is asked of is no object", F(path->source),
                        F(path->names[i]));
        v = json_has(in, path->names[i]) ? json_get(in, path->names[i])
                                         : count_of(r, in, path->names[i]);
        if (!v)
            return stop(r, n, "%.*s: the data has no field %.*s", F(path->source),
                        F(path->names[i]));
    }
    return v;
}

/* ---- writing ---- */

static void write_text(struct run *r, const struct node *n, struct str s)
{
    switch (n->how) {
    case VALUE_URL:
        html_url(&r->to, s);
        return;
    case VALUE_LINK:
        html_link(&r->to, s);
        return;
    case VALUE_PLAIN:
        buf_add(&r->to.to, s);
        return;
    case VALUE_TEXT:
    case VALUE_ATTR:
    case VALUE_LABEL:
        html_text(&r->to, s);
        return;
    }
}

static void write_value(struct run *r, const struct node *n)
{
    const struct json *v = find(r, n);
    if (r->err != OK)
        return;
    if (v->kind == JSON_STRING || v->kind == JSON_DECIMAL)
        write_text(r, n, v->text);
    else if (v->kind == JSON_INT && n->how != VALUE_LINK)
        html_int(&r->to, v->integer);
    else
        stop(r, n, "%.*s: a %s cannot be written", F(n->path.source),
             (const char *const[]){"null", "yes or no", "yes or no", "number", "", "", "list",
                                   "group of fields"}[v->kind]);
}

static void write_list(struct run *r, const struct node_list *list);

/* "Quá hạn {1} ngày.": the text of the template, then its values in turn. */
static void write_message(struct run *r, const struct node *n)
{
    const struct node *value = n->body.first;
    struct str rest = n->text;
    size_t at;
    while (value && str_find(rest, S("{"), &at)) {
        bool hole = at + 2 < rest.n && rest.p[at + 1] >= '1' && rest.p[at + 1] <= '9' &&
                    rest.p[at + 2] == '}';
        html_text(&r->to, str_until(rest, hole ? at : at + 1));
        rest = str_from(rest, hole ? at + 3 : at + 1);
        if (!hole)
            continue;
        write_value(r, value);
        value = value->next;
    }
    html_text(&r->to, rest);
}

static bool is_true(const struct json *v)
{
    switch (v->kind) {
    case JSON_NULL:
    case JSON_FALSE:
        return false;
    case JSON_TRUE:
    case JSON_DECIMAL:
    case JSON_OBJECT:
        return true;
    case JSON_INT:
        return v->integer != 0;
    case JSON_STRING:
        return v->text.n != 0;
    case JSON_ARRAY:
        return v->n != 0;
    }
    return false;
}

static void write_each(struct run *r, const struct node *n)
{
    const struct json *list = find(r, n);
    if (r->err == OK && list->kind != JSON_ARRAY && list->kind != JSON_NULL)
        stop(r, n, "%.*s: is no list", F(n->path.source));
    if (r->err != OK)
        return;
    if (list->n == 0) {
        write_list(r, &n->otherwise);
        return;
    }
    struct scope_of *scope = &r->loops[++r->depth];
    for (uint32_t i = 0; i < list->n && r->err == OK; i++) {
        *scope = (struct scope_of){&list->child[i], i, list->n};
        write_list(r, &n->body);
    }
    r->depth--;
}

static void write_node(struct run *r, const struct node *n)
{
    switch (n->kind) {
    case NODE_LITERAL:
        buf_add(&r->to.to, n->text);
        return;
    case NODE_MESSAGE:
        write_message(r, n);
        return;
    case NODE_VALUE:
        write_value(r, n);
        return;
    case NODE_IF:
    case NODE_UNLESS:
        write_list(r, is_true(find(r, n)) == (n->kind == NODE_IF) ? &n->body : &n->otherwise);
        return;
    case NODE_EACH:
        write_each(r, n);
        return;
    case NODE_LANG: /* templates of packs are Vietnamese */
        return;
    case NODE_PARTIAL:
        return; /* refused at loading */
    }
}

static void write_list(struct run *r, const struct node_list *list)
{
    for (const struct node *n = list->first; n && r->err == OK; n = n->next) {
        if (++r->steps > STEPS_MAX || r->to.to.full) {
            r->err = ERR_LIMIT;
            *r->error = (struct html_error){S("the page grows too long"), n->line, n->column};
            return;
        }
        write_node(r, n);
    }
}

enum err html_template_run(struct arena *a, const struct html_template *t, const struct json *data,
                           struct str *out, struct html_error *error)
{
    struct run *r = NEW(a, struct run);
    *r = (struct run){.to = {.to = {.arena = a, .limit = HTML_LIMIT}, .lang = S("vi")},
                      .kind = t->kind,
                      .error = error};
    r->loops[0] = (struct scope_of){.this = data, .n = 1};
    write_list(r, &t->tree);
    if (r->err == OK && r->to.to.full) {
        *error = (struct html_error){S("the page grows too long"), 0, 0};
        return ERR_LIMIT;
    }
    TRY(r->err);
    *out = buf_str(&r->to.to);
    return OK;
}
