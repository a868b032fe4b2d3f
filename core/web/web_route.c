/* web_route.c - which route has a path: a tree of segments, a literal before a {name}. */
#include "web_inside.h"

#include "html/html.h"

#define SEGMENTS_MAX 16

struct route_node {
    struct map literals;      /* to struct route_node */
    struct route_node *named; /* the {name} below, if any */
    const struct route *get, *post;
};

/* As most are: read where it stands. */
static bool is_plain(struct str piece)
{
    for (size_t i = 0; i < piece.n; i++) {
        const unsigned char c = (unsigned char)piece.p[i];
        if (c <= ' ' || c == '%' || c >= 127)
            return false;
    }
    return true;
}

static bool decode(struct cx *cx, struct str piece, struct str *out)
{
    if (is_plain(piece)) {
        *out = piece;
        return true;
    }
    return url_decode(cx->arena, piece, false, out) && text_nfc(cx->arena, *out, out);
}

int path_segments(struct cx *cx, struct str path, struct str *out, size_t max)
{
    if (path.n == 0 || path.p[0] != '/')
        return -1;
    struct str rest = str_from(path, 1), piece;
    size_t n = 0;
    while (rest.n) {
        bool more = str_cut(rest, '/', &piece, &rest);
        if (n == max || !decode(cx, piece, &out[n]))
            return -1;
        if (out[n].n == 0 || str_eq(out[n], S(".")) || str_eq(out[n], S("..")))
            return -1;
        n++;
        if (more && rest.n == 0)
            return -1; /* a slash at the end names nothing */
    }
    return (int)n;
}

static const struct route *find_below(const struct route_node *node, enum web_method method,
                                      const struct str *segments, size_t n, struct str *captured,
                                      size_t depth)
{
    if (n == 0)
        return method == GET ? node->get : node->post;
    const struct route_node *literal = map_get(&node->literals, segments[0]);
    if (literal) {
        const struct route *r = find_below(literal, method, segments + 1, n - 1, captured, depth);
        if (r)
            return r;
    }
    if (!node->named || depth == PATH_VALUES_MAX)
        return NULL;
    captured[depth] = segments[0];
    return find_below(node->named, method, segments + 1, n - 1, captured, depth + 1);
}

const struct route *route_find(const struct web *w, enum web_method method,
                               const struct str *segments, size_t n,
                               struct str captured[PATH_VALUES_MAX])
{
    return find_below(w->root, method, segments, n, captured, 0);
}

/* ---- building, once ---- */

static bool is_name(struct str s)
{
    return s.n > 2 && s.p[0] == '{' && s.p[s.n - 1] == '}';
}

static bool is_literal(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_';
        if (!ok)
            return false;
    }
    return s.n > 0;
}

/* The node of a path, made where it is missing; NULL: the path is not written as it must. */
static struct route_node *node_of(struct web *w, struct str path)
{
    struct route_node *node = w->root;
    if (path.n == 0 || path.p[0] != '/')
        return NULL;
    struct str rest = str_from(path, 1), piece;
    size_t depth = 0, names = 0;
    while (rest.n) {
        str_cut(rest, '/', &piece, &rest);
        if (++depth > SEGMENTS_MAX)
            return NULL;
        if (is_name(piece)) {
            if (++names > PATH_VALUES_MAX)
                return NULL;
            if (!node->named)
                node->named = NEW(w->arena, struct route_node);
            node = node->named;
            continue;
        }
        if (!is_literal(piece))
            return NULL;
        struct route_node *next = map_get(&node->literals, piece);
        if (!next) {
            next = NEW(w->arena, struct route_node);
            map_put(w->arena, &node->literals, piece, next);
        }
        node = next;
    }
    return node;
}

/* What a row lacks, or NULL. A page that forgets its right must not start. */
static const char *row_fault(const struct route *r)
{
    if (!r->title || !*r->title)
        return "has no title";
    if (!r->right || !r->right->name)
        return "has no right";
    if (r->method == GET && (!r->show || r->lane == LANE_WRITE))
        return "is a GET without show, or in the WRITE lane";
    if (r->method == POST && (!r->write || r->lane != LANE_WRITE || r->show))
        return "is a POST without write, or not in the WRITE lane";
    if (r->method != GET && r->method != POST)
        return "has no method";
    if (r->method == GET && (r->files_max || r->prepare || r->write))
        return "is a GET that takes what only a POST may";
    if (r->files_max > UPLOADS_MAX)
        return "takes too many files";
    return NULL;
}

static enum err add_route(struct cx *cx, struct web *w, const struct route *r)
{
    const char *fault = row_fault(r);
    struct route_node *node = fault ? NULL : node_of(w, str_c(r->path));
    if (!fault && !node)
        fault = "has a path that is not written /like/{this}";
    const struct route **slot = !node ? NULL : r->method == GET ? &node->get : &node->post;
    if (slot && *slot)
        fault = "stands twice in the tables";
    if (fault)
        return fail(cx, ERR_IO, "route %s %s %s", r->method == POST ? "POST" : "GET", r->path,
                    fault);
    *slot = r;
    w->routes[w->routes_n++] = r;
    map_put(w->arena, &w->by_path, str_c(r->path), node);
    return OK;
}

enum err routes_build(struct cx *cx, struct web *w)
{
    w->root = NEW(w->arena, struct route_node);
    size_t n = 0;
    for (const struct route *r = web_routes; r->path; r++)
        n++;
    for (size_t p = 0; p < w->parts_n; p++)
        for (const struct route *r = w->parts[p].routes; r && r->path; r++)
            n++;
    w->routes = NEW_N(w->arena, const struct route *, n + 1);
    for (const struct route *r = web_routes; r->path; r++)
        TRY(add_route(cx, w, r));
    for (size_t p = 0; p < w->parts_n; p++)
        for (const struct route *r = w->parts[p].routes; r && r->path; r++)
            TRY(add_route(cx, w, r));
    return OK;
}

const struct route *web_route_at(struct web *w, size_t i)
{
    return i < w->routes_n ? w->routes[i] : NULL;
}

bool web_has(const struct web *w, enum web_method method, struct str path)
{
    const struct route_node *node = map_get(&w->by_path, path);
    return node && (method == GET ? node->get : node->post);
}

struct str web_path(struct web_req *rq, const char *name)
{
    /* The row's path names the captured segments in order. */
    struct str rest = str_from(str_c(rq->route->path), 1), piece;
    for (size_t i = 0; rest.n;) {
        str_cut(rest, '/', &piece, &rest);
        if (!is_name(piece))
            continue;
        if (str_eq((struct str){piece.p + 1, piece.n - 2}, str_c(name)))
            return rq->captured[i];
        i++;
    }
    MUST_NOT_HAPPEN("the route has a {name} like this");
}
