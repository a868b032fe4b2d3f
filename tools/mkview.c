/* mkview.c - compiles a view into C: mkview modules/M/views/V.html OUT.c
 *
 *     mkview IN.html OUT.c   writes void M_V_html(struct html *, const struct M_V_view *)
 *     mkview --texts IN.html prints the texts people read, one a line, for the catalogues
 *
 * The C carries #line, so that a misspelt field is an error at its line of the .html. The
 * language and its rules: core/html/README.md. */
#include "html/template.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define VIEW_BYTES_MAX ((size_t)1 << 20)
#define DEPTH_MAX 64

struct view {
    struct arena *arena;
    FILE *out;
    const char *source;    /* path of the .html */
    struct str room, name; /* "feedback", "case" */
    int line;              /* of the #line in force */
    int depth;             /* {{#each}} around */
    int messages;          /* made so far: their C names */
};

[[gnu::format(printf, 1, 2)]] _Noreturn static void stop(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    exit(1);
}

static struct str read_file(struct arena *a, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        stop("mkview: %s: %s", path, strerror(errno));
    char *p = arena_alloc(a, VIEW_BYTES_MAX + 1);
    size_t n = fread(p, 1, VIEW_BYTES_MAX + 1, f);
    if (ferror(f) || n > VIEW_BYTES_MAX)
        stop("mkview: %s: cannot be read, or over 1 MiB", path);
    fclose(f);
    return (struct str){p, n};
}

/* ---- writing C ---- */

static void write_c_string(struct view *v, struct str s)
{
    fputc('"', v->out);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            fprintf(v->out, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", v->out);
        else if (c < ' ' || c == '?') /* "??" would be a trigraph */
            fprintf(v->out, "\\%03o", c);
        else
            fputc(c, v->out);
    }
    fputc('"', v->out);
}

static struct str escaped(struct view *v, struct str s, bool in_attr)
{
    struct buf b = {.arena = v->arena, .limit = s.n * 6 + 1};
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '&')
            buf_add(&b, S("&amp;"));
        else if (c == '<')
            buf_add(&b, S("&lt;"));
        else if (c == '>')
            buf_add(&b, S("&gt;"));
        else if (c == '"' && in_attr)
            buf_add(&b, S("&quot;"));
        else if (c == '\'' && in_attr)
            buf_add(&b, S("&#39;"));
        else
            buf_byte(&b, c);
    }
    return buf_str(&b);
}

/* Begins a statement that stands for line `line` of the view. */
static void begin(struct view *v, int line)
{
    if (line != v->line)
        fprintf(v->out, "#line %d \"%s\"\n", line, v->source);
    v->line = line + 1;
    fputs("    ", v->out);
}

static void write_path(struct view *v, const struct path *path)
{
    int level = v->depth - path->up;
    switch (path->kind) {
    case PATH_THIS:
        fprintf(v->out, "(*e%d)", level);
        return;
    case PATH_INDEX:
        fprintf(v->out, "i%d", level);
        return;
    case PATH_NUMBER:
        fprintf(v->out, "(i%d + 1)", level);
        return;
    case PATH_FIRST:
        fprintf(v->out, "(i%d == 0)", level);
        return;
    case PATH_LAST:
        fprintf(v->out, "(i%d + 1 == n%d)", level, level);
        return;
    case PATH_FIELD:
        break;
    }
    for (size_t i = 1; i < path->n; i++)
        fputs("HTML_IN(", v->out);
    fprintf(v->out, "e%d->%.*s", level, F(path->names[0]));
    for (size_t i = 1; i < path->n; i++)
        fprintf(v->out, ")->%.*s", F(path->names[i]));
}

static void write_list(struct view *v, const struct node_list *list);

static const char *put_of(enum value_how how)
{
    switch (how) {
    case VALUE_ATTR:
        return "html_put_attr";
    case VALUE_URL:
        return "html_put_url";
    case VALUE_LINK:
        return "html_put_link";
    case VALUE_LABEL:
        return "html_put_label";
    default:
        return "html_put";
    }
}

static void write_value(struct view *v, const struct node *n)
{
    begin(v, n->line);
    fprintf(v->out, "%s(out, ", put_of(n->how));
    write_path(v, &n->path);
    fputs(");\n", v->out);
}

static void write_message(struct view *v, const struct node *n)
{
    bool in_attr = n->how == VALUE_ATTR;
    begin(v, n->line);
    if (!n->body.first) {
        fputs("html_tr(out, S(", v->out);
        write_c_string(v, escaped(v, n->text, in_attr));
        fputs("));\n", v->out);
        return;
    }
    int m = ++v->messages;
    fprintf(v->out, "for (struct html_message m%d = html_message(out, S(", m);
    write_c_string(v, escaped(v, n->text, in_attr));
    fprintf(v->out, ")); html_message_next(&m%d);) switch (m%d.hole) {\n", m, m);
    int hole = 0;
    for (const struct node *value = n->body.first; value; value = value->next) {
        begin(v, value->line);
        fprintf(v->out, "case %d:\n", ++hole);
        write_value(v, value);
        begin(v, value->line);
        fputs("break;\n", v->out);
    }
    begin(v, n->line);
    fputs("}\n", v->out);
}

static void write_if(struct view *v, const struct node *n)
{
    begin(v, n->line);
    bool answer = n->path.kind == PATH_FIRST || n->path.kind == PATH_LAST; /* an int, in brackets */
    fprintf(v->out, "if (%s%s(", n->kind == NODE_UNLESS ? "!" : "",
            answer ? "html_is_int" : "html_is");
    write_path(v, &n->path);
    fputs(")) {\n", v->out);
    write_list(v, &n->body);
    if (n->otherwise.first) {
        begin(v, n->line);
        fputs("} else {\n", v->out);
        write_list(v, &n->otherwise);
    }
    begin(v, n->line);
    fputs("}\n", v->out);
}

static void write_each(struct view *v, const struct node *n)
{
    int d = v->depth + 1;
    begin(v, n->line);
    fprintf(v->out, "for (size_t i%d = 0, n%d = (size_t)", d, d);
    write_path(v, &n->path);
    fprintf(v->out, "_n; i%d < n%d; i%d++) {\n", d, d, d);
    begin(v, n->line);
    fprintf(v->out, "[[maybe_unused]] const __typeof__(*");
    write_path(v, &n->path);
    fprintf(v->out, ") *e%d = &", d);
    write_path(v, &n->path);
    fprintf(v->out, "[i%d];\n", d);
    v->depth = d;
    write_list(v, &n->body);
    v->depth = d - 1;
    begin(v, n->line);
    fputs("}\n", v->out);
    if (!n->otherwise.first)
        return;
    begin(v, n->line);
    fputs("if (", v->out);
    write_path(v, &n->path);
    fputs("_n == 0) {\n", v->out);
    write_list(v, &n->otherwise);
    begin(v, n->line);
    fputs("}\n", v->out);
}

static void write_arg(struct view *v, const struct arg *arg)
{
    switch (arg->kind) {
    case ARG_PATH:
        fputs(arg->name.n ? "(" : "HTML_ARG(", v->out);
        write_path(v, &arg->path);
        fputs(")", v->out);
        return;
    case ARG_TEXT:
        fputs("html_tr_arg(out, S(", v->out);
        write_c_string(v, arg->text);
        fputs("))", v->out);
        return;
    case ARG_CODE:
        fputs("S(", v->out);
        write_c_string(v, arg->text);
        fputs(")", v->out);
        return;
    case ARG_NUMBER:
        fprintf(v->out, "%.*s", F(arg->text));
        return;
    case ARG_FLAG:
        fputs("true", v->out);
        return;
    }
}

/* By position: room_name_html(out, &a, b). By name: one struct room_name_view made here. */
static void write_partial(struct view *v, const struct node *n)
{
    begin(v, n->line);
    fprintf(v->out, "%.*s_html(out", F(n->text));
    bool named = false;
    for (size_t i = 0; i < n->args_n; i++) {
        const struct arg *arg = &n->args[i];
        fputs(", ", v->out);
        if (arg->name.n && !named)
            fprintf(v->out, "&(const struct %.*s_view){", F(n->text));
        named = named || arg->name.n;
        if (named)
            fprintf(v->out, ".%.*s = ", F(arg->name));
        write_arg(v, arg);
    }
    fputs(named ? "});\n" : ");\n", v->out);
}

static void write_lang(struct view *v, const struct node *n)
{
    if (!n->body.first)
        return;
    begin(v, n->line);
    fputs("if (out->english && (", v->out);
    for (const struct node *value = n->body.first; value; value = value->next) {
        fputs("html_is_foreign(", v->out);
        write_path(v, &value->path);
        fputs(value->next ? ") || " : ")", v->out);
    }
    fputs("))\n", v->out);
    begin(v, n->line);
    fputs("    html_lit(out, \" lang=\\\"vi\\\"\");\n", v->out);
}

static void write_node(struct view *v, const struct node *n)
{
    switch (n->kind) {
    case NODE_LITERAL:
        begin(v, n->line);
        fputs("html_lit(out, ", v->out);
        write_c_string(v, n->text);
        fputs(");\n", v->out);
        return;
    case NODE_MESSAGE:
        write_message(v, n);
        return;
    case NODE_VALUE:
        write_value(v, n);
        return;
    case NODE_IF:
    case NODE_UNLESS:
        write_if(v, n);
        return;
    case NODE_EACH:
        write_each(v, n);
        return;
    case NODE_LANG:
        write_lang(v, n);
        return;
    case NODE_PARTIAL:
        write_partial(v, n);
        return;
    }
}

static void write_list(struct view *v, const struct node_list *list)
{
    for (const struct node *n = list->first; n; n = n->next)
        write_node(v, n);
}

/* ---- the file ---- */

/* "modules/feedback/views/case.html" is room feedback, view case. */
static void name_view(struct view *v)
{
    struct str parts[4] = {0}, rest = str_c(v->source);
    do {
        memmove(parts, parts + 1, sizeof parts - sizeof *parts);
    } while (str_cut(rest, '/', &parts[3], &rest));
    struct str room = parts[1], views = parts[2], file = parts[3];
    if (!str_eq(views, S("views")) || room.n == 0 || !str_ends(file, S(".html")))
        stop("mkview: %s: a view lies at ROOM/views/NAME.html", v->source);
    v->room = room;
    v->name = str_dup(v->arena, str_until(file, file.n - 5));
    for (size_t i = 0; i < v->name.n; i++)
        if (v->name.p[i] == '-')
            ((char *)v->name.p)[i] = '_';
}

static void write_view(struct view *v, const struct node_list *tree)
{
    fprintf(v->out,
            "/* Made by tools/mkview from %s. Do not edit. */\n"
            "#include \"html/html.h\"\n"
            "#include \"%.*s/%.*s_views.h\"\n\n"
            "void %.*s_%.*s_html([[maybe_unused]] struct html *out, "
            "[[maybe_unused]] const struct %.*s_%.*s_view *e0)\n{\n",
            v->source, F(v->room), F(v->room), F(v->room), F(v->name), F(v->room), F(v->name));
    write_list(v, tree);
    fputs("}\n", v->out);
}

static void print_texts(struct view *v, const struct node_list *list)
{
    for (const struct node *n = list->first; n; n = n->next) {
        if (n->kind == NODE_MESSAGE)
            printf("%.*s\n", F(n->text));
        for (size_t i = 0; i < n->args_n; i++)
            if (n->args[i].kind == ARG_TEXT)
                printf("%.*s\n", F(n->args[i].text));
        print_texts(v, &n->body);
        print_texts(v, &n->otherwise);
    }
}

int main(int argc, char **argv)
{
    bool texts = argc == 3 && strcmp(argv[1], "--texts") == 0;
    if (argc != 3)
        stop("usage: mkview IN.html OUT.c | mkview --texts IN.html");
    struct view v = {
        .arena = arena_new((size_t)256 << 20), .source = argv[texts ? 2 : 1], .out = stdout};
    if (!v.arena)
        stop("mkview: the machine has no memory left");
    name_view(&v);
    struct node_list tree;
    struct template_error error;
    if (template_parse(v.arena, read_file(v.arena, v.source), TEMPLATE_PAGE, &tree, &error) != OK)
        stop("%s:%d:%d: error: %.*s", v.source, error.line, error.column, F(error.what));
    if (texts) {
        print_texts(&v, &tree);
        return 0;
    }
    char *part = (char *)str_fmt(v.arena, "%s.part", argv[2]).p;
    v.out = fopen(part, "w");
    if (!v.out)
        stop("mkview: %s: %s", part, strerror(errno));
    write_view(&v, &tree);
    if (fclose(v.out) != 0 || rename(part, argv[2]) != 0)
        stop("mkview: %s: %s", argv[2], strerror(errno));
    arena_free(v.arena);
    return 0;
}
