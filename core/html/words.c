/* words.c - the inside of one {{ }}: paths, partials with their arguments. */
#include "parser.h"

#include "names.h"

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_' || (c >= 'A' && c <= 'Z');
}

static bool is_name(char c)
{
    return is_name_start(c) || (c >= '0' && c <= '9');
}

void words_skip(struct words *w)
{
    while (w->at < w->end && names_is_space(w->p->src.p[w->at]))
        w->at++;
}

char words_peek(const struct words *w)
{
    return w->at < w->end ? w->p->src.p[w->at] : 0;
}

struct str words_name(struct words *w)
{
    size_t from = w->at;
    if (is_name_start(words_peek(w)))
        while (is_name(words_peek(w)))
            w->at++;
    return str_until(str_from(w->p->src, from), w->at - from);
}

bool words_take(struct words *w, struct str what)
{
    struct str left = str_until(str_from(w->p->src, w->at), w->end - w->at);
    if (!str_starts(left, what))
        return false;
    w->at += what.n;
    return true;
}

void words_end(struct words *w)
{
    words_skip(w);
    if (w->at < w->end)
        parse_fail(w->p, w->at, "what is after the expression cannot be read");
}

static bool take_special(struct words *w, struct path *path)
{
    static const struct {
        const char *name;
        enum path_kind kind;
    } specials[] = {{"@index", PATH_INDEX},
                    {"@number", PATH_NUMBER},
                    {"@first", PATH_FIRST},
                    {"@last", PATH_LAST}};
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (!words_take(w, str_c(specials[i].name)))
            continue;
        path->kind = specials[i].kind;
        return true;
    }
    return false;
}

static void take_fields(struct words *w, struct path *path)
{
    VEC(struct str) names = {0};
    do {
        struct str name = words_name(w);
        if (name.n == 0)
            parse_fail(w->p, w->at, "a field name is expected");
        *vec_add(w->p->arena, &names) = name;
    } while (words_take(w, S(".")));
    path->kind = PATH_FIELD;
    path->names = names.p;
    path->n = names.n;
    if (names.n == 1 && str_eq(names.p[0], S("this")))
        path->kind = PATH_THIS;
}

struct path words_path(struct words *w)
{
    struct path path = {0};
    words_skip(w);
    size_t from = w->at;
    while (words_take(w, S("../")))
        path.up++;
    if (path.up > w->p->loops)
        parse_fail(w->p, from, "\"../\" leads out of the template: %d {{#each}} around",
                   w->p->loops);
    if (!take_special(w, &path))
        take_fields(w, &path);
    else if (path.up >= w->p->loops)
        parse_fail(w->p, from, "\"@...\" means something only inside {{#each}}");
    path.source = str_until(str_from(w->p->src, from), w->at - from);
    return path;
}

/* ---- partials ---- */

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') &&
            !memchr("-_./:#", s.p[i], 6))
            return false;
    return true;
}

static void take_quoted(struct words *w, struct arg *arg)
{
    size_t from = ++w->at;
    while (w->at < w->end && words_peek(w) != '"')
        w->at++;
    arg->text = str_until(str_from(w->p->src, from), w->at - from);
    if (!words_take(w, S("\"")))
        parse_fail(w->p, from - 1, "a quote is not closed");
    arg->kind = is_code(arg->text) ? ARG_CODE : ARG_TEXT;
}

static void take_number(struct words *w, struct arg *arg)
{
    size_t from = w->at;
    while (words_peek(w) >= '0' && words_peek(w) <= '9')
        w->at++;
    arg->text = str_until(str_from(w->p->src, from), w->at - from);
    arg->kind = ARG_NUMBER;
}

/* One of: path, "text", 12, name=path, name="text", name=12, name (a flag, after named ones). */
static struct arg take_arg(struct words *w, bool named)
{
    struct arg arg = {0};
    arg.line = parse_line(w->p, w->at);
    struct words ahead = *w;
    arg.name = words_name(&ahead);
    bool is_named = arg.name.n && words_take(&ahead, S("="));
    if (!is_named && named && arg.name.n) {
        *w = ahead;
        arg.kind = ARG_FLAG;
        return arg;
    }
    if (is_named)
        *w = ahead;
    else
        arg.name = S("");
    if (words_peek(w) == '"')
        take_quoted(w, &arg);
    else if (words_peek(w) >= '0' && words_peek(w) <= '9')
        take_number(w, &arg);
    else
        arg.path = words_path(w);
    return arg;
}

void words_partial(struct parser *p, struct words *w, size_t at)
{
    follow_break(p);
    if (!follow_is_partial_place(p))
        parse_fail(p, at, "a partial can stand only between elements, not in a tag or attribute");
    struct node *n = parse_node(p, NODE_PARTIAL, at);
    words_skip(w);
    n->text = words_name(w);
    if (n->text.n == 0)
        parse_fail(p, w->at, "the name of a partial is expected");
    VEC(struct arg) args = {0};
    bool named = false;
    for (words_skip(w); w->at < w->end && !p->failed; words_skip(w)) {
        struct arg arg = take_arg(w, named);
        if (named && arg.name.n == 0)
            parse_fail(p, w->at, "an argument without a name cannot follow named ones");
        named = arg.name.n != 0;
        *vec_add(p->arena, &args) = arg;
    }
    n->args = args.p;
    n->args_n = args.n;
    parse_add(p, n);
}
