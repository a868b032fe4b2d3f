/* template.c - reads the template language ({{ }}) into a tree; follow.c minds the HTML. */
#include "parser.h"

#include "names.h"

#include <stdio.h>

#define BLOCKS_MAX 32

static int line_of(const struct parser *p, size_t at, int *column)
{
    size_t low = 0, high = p->lines.n; /* the last line that starts at or before `at` */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (p->lines.p[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    *column = (int)(at - p->lines.p[low]) + 1;
    return (int)low + 1;
}

int parse_line(const struct parser *p, size_t at)
{
    int column;
    return line_of(p, at, &column);
}

void parse_fail(struct parser *p, size_t at, const char *format, ...)
{
    if (p->failed)
        return;
    p->failed = true;
    int column, line = line_of(p, at, &column);
    va_list args;
    va_start(args, format);
    *p->error = (struct template_error){str_vfmt(p->arena, format, args), line, column};
    va_end(args);
}

struct node *parse_node(struct parser *p, enum node_kind kind, size_t at)
{
    struct node *n = NEW(p->arena, struct node);
    n->kind = kind;
    n->line = line_of(p, at, &n->column);
    return n;
}

void parse_append(struct node_list *list, struct node *n)
{
    if (list->last)
        list->last->next = n;
    else
        list->first = n;
    list->last = n;
}

void parse_flush_literal(struct parser *p)
{
    if (p->literal.n == 0)
        return;
    struct node *n = parse_node(p, NODE_LITERAL, p->literal_at);
    n->text = buf_str(&p->literal);
    p->literal = (struct buf){.arena = p->arena, .limit = SIZE_MAX / 2};
    parse_append(p->into, n);
}

void parse_add(struct parser *p, struct node *n)
{
    parse_flush_literal(p);
    parse_append(p->into, n);
}

/* ---- blocks ---- */

struct block {
    struct node *node;
    struct node_list *outer;
    struct place start, then_end;
    size_t start_depth, outer_floor, at;
    bool has_else;
};
struct blocks {
    struct block items[BLOCKS_MAX];
    size_t n;
};

static const char *block_name(const struct node *n)
{
    return n->kind == NODE_IF ? "if" : n->kind == NODE_UNLESS ? "unless" : "each";
}

static void open_block(struct parser *p, struct blocks *b, enum node_kind kind, struct words *w,
                       size_t at)
{
    follow_break(p);
    if (b->n == BLOCKS_MAX) {
        parse_fail(p, at, "blocks are nested deeper than %d", BLOCKS_MAX);
        return;
    }
    struct node *n = parse_node(p, kind, at);
    n->path = words_path(w);
    parse_add(p, n);
    b->items[b->n++] = (struct block){.node = n,
                                      .outer = p->into,
                                      .start = p->place,
                                      .start_depth = p->depth,
                                      .outer_floor = p->floor,
                                      .at = at};
    p->floor = p->depth;
    p->into = &n->body;
    if (kind != NODE_EACH)
        return;
    p->loops++;
    if (p->place.in == PLACE_TAG)
        parse_fail(p, at, "{{#each}} cannot stand between attributes");
    /* From the second round on something stands before. */
    p->place.tight = false;
    p->place.started = true;
}

/* The elements opened in a branch are closed in it. */
static void check_balance(struct parser *p, const struct block *b, size_t at)
{
    if (p->depth <= b->start_depth)
        return;
    const struct element *e = &p->open[p->depth - 1];
    parse_fail(p, at, "<%.*s> of line %d is not closed inside {{#%s}}", F(e->name), e->line,
               block_name(b->node));
}

static void read_else(struct parser *p, struct blocks *b, size_t at)
{
    follow_break(p);
    parse_flush_literal(p);
    struct block *top = b->n ? &b->items[b->n - 1] : NULL;
    if (!top || top->has_else) {
        parse_fail(p, at, "{{else}} belongs to no block");
        return;
    }
    check_balance(p, top, at);
    top->has_else = true;
    top->then_end = p->place;
    p->place = top->start;
    p->into = &top->node->otherwise;
    if (top->node->kind == NODE_EACH)
        p->loops--;
}

static void close_block(struct parser *p, struct blocks *b, struct words *w, size_t at)
{
    follow_break(p);
    parse_flush_literal(p);
    struct str name = words_name(w);
    if (b->n == 0) {
        parse_fail(p, at, "{{/%.*s}} closes nothing", F(name));
        return;
    }
    struct block *top = &b->items[--b->n];
    if (!str_eq(name, str_c(block_name(top->node))))
        parse_fail(p, at, "{{/%.*s}} cannot close {{#%s}} of line %d", F(name),
                   block_name(top->node), top->node->line);
    check_balance(p, top, at);
    follow_meet(p, at, p->place, top->has_else ? top->then_end : top->start);
    p->into = top->outer;
    p->floor = top->outer_floor;
    if (top->node->kind == NODE_EACH && !top->has_else)
        p->loops--;
}

/* ---- the loop ---- */

static void read_value(struct parser *p, struct words *w, size_t at)
{
    struct node *n = parse_node(p, NODE_VALUE, at);
    struct words ahead = *w;
    struct str word = words_name(&ahead);
    bool spaced = names_is_space(words_peek(&ahead));
    if (spaced && str_eq(word, S("url")))
        n->how = VALUE_URL;
    else if (spaced && str_eq(word, S("link")))
        n->how = VALUE_LINK;
    if (n->how != VALUE_TEXT)
        *w = ahead;
    n->path = words_path(w);
    follow_value(p, n, at);
}

static bool take_else(struct words *w)
{
    struct words ahead = *w;
    if (!str_eq(words_name(&ahead), S("else")))
        return false;
    *w = ahead;
    return true;
}

/* One {{...}}: src[at] is the first brace, w its inside. */
static void read_tag(struct parser *p, struct blocks *b, struct words w, size_t at)
{
    if (words_take(&w, S("!")))
        return;
    words_skip(&w);
    if (words_take(&w, S("#if ")))
        open_block(p, b, NODE_IF, &w, at);
    else if (words_take(&w, S("#unless ")))
        open_block(p, b, NODE_UNLESS, &w, at);
    else if (words_take(&w, S("#each ")))
        open_block(p, b, NODE_EACH, &w, at);
    else if (words_take(&w, S("/")))
        close_block(p, b, &w, at);
    else if (words_take(&w, S(">")))
        words_partial(p, &w, at);
    else if (take_else(&w))
        read_else(p, b, at);
    else if (words_peek(&w) == '#' || words_peek(&w) == '{' || words_peek(&w) == '&')
        parse_fail(p, at, "there are {{#if}}, {{#unless}} and {{#each}}; no raw values");
    else
        read_value(p, &w, at);
    words_end(&w);
}

/* In plain text a line with nothing but a block tag leaves no empty line behind: the literal
 * before ends at the line's start, the one after begins past its end. */
static bool stands_alone(const struct parser *p, size_t from, size_t at, size_t *end,
                         size_t *trimmed)
{
    char first = at + 2 < p->src.n ? p->src.p[at + 2] : 0;
    bool is_else = str_starts(str_from(p->src, at), S("{{else}}"));
    if (first != '#' && first != '/' && first != '!' && !is_else)
        return false;
    size_t start = at, after = *end;
    while (start > from && (p->src.p[start - 1] == ' ' || p->src.p[start - 1] == '\t'))
        start--;
    if (start > 0 && p->src.p[start - 1] != '\n')
        return false;
    while (after < p->src.n &&
           (p->src.p[after] == ' ' || p->src.p[after] == '\t' || p->src.p[after] == '\r'))
        after++;
    if (after < p->src.n && p->src.p[after] != '\n')
        return false;
    *trimmed = start;
    *end = after < p->src.n ? after + 1 : after;
    return true;
}

static void parse_all(struct parser *p, struct blocks *b)
{
    size_t from = 0, open, close;
    while (!p->failed && str_find(str_from(p->src, from), S("{{"), &open)) {
        open += from;
        if (!str_find(str_from(p->src, open), S("}}"), &close)) {
            parse_fail(p, open, "{{ is not closed by }}");
            return;
        }
        close += open;
        size_t next = close + 2, until = open;
        if (p->mode == TEMPLATE_PLAIN)
            stands_alone(p, from, open, &next, &until);
        follow_literal(p, from, until);
        if (!p->failed)
            read_tag(p, b, (struct words){p, open + 2, close}, open);
        from = next;
    }
    follow_literal(p, from, p->src.n);
}

enum err template_parse(struct arena *a, struct str src, enum template_mode mode,
                        struct node_list *out, struct template_error *error)
{
    *out = (struct node_list){0};
    struct parser *p = NEW(a, struct parser);
    *p = (struct parser){.arena = a,
                         .src = src,
                         .mode = mode,
                         .into = out,
                         .error = error,
                         .place = {.tight = true},
                         .literal = {.arena = a, .limit = SIZE_MAX / 2}};
    for (size_t i = 0; i <= src.n; i++)
        if (i == 0 || src.p[i - 1] == '\n')
            *vec_add(a, &p->lines) = i;
    struct blocks *b = NEW(a, struct blocks);
    parse_all(p, b);
    if (!p->failed && b->n)
        parse_fail(p, b->items[b->n - 1].at, "{{#%s}} is not closed",
                   block_name(b->items[b->n - 1].node));
    if (!p->failed)
        follow_end(p);
    parse_flush_literal(p);
    return p->failed ? ERR_INVALID : OK;
}
