/* web_openapi.c - /api/openapi.json, written from the same rows that serve. */
#include "web_inside.h"

#define OPENAPI_MAX ((size_t)4 << 20)

static void schema_ref(struct json_out *o, struct cx *cx, const struct web_schema *s)
{
    struct str ref = str_fmt(cx->arena, "#/components/schemas/%s", s->name);
    json_open_object(o);
    if (s->array) {
        json_str(o, S("type"), S("array"));
        json_key(o, S("items"));
        json_open_object(o);
        json_str(o, S("$ref"), ref);
        json_close_object(o);
    } else {
        json_str(o, S("$ref"), ref);
    }
    json_close_object(o);
}

static void json_content(struct json_out *o, struct cx *cx, const struct web_schema *s)
{
    json_key(o, S("content"));
    json_open_object(o);
    json_key(o, S("application/json"));
    json_open_object(o);
    json_key(o, S("schema"));
    schema_ref(o, cx, s);
    json_close_object(o);
    json_close_object(o);
}

static void parameters(struct json_out *o, const struct route *r)
{
    struct str rest = str_from(str_c(r->path), 1), piece;
    json_key(o, S("parameters"));
    json_open_array(o);
    while (rest.n) {
        str_cut(rest, '/', &piece, &rest);
        if (piece.n < 2 || piece.p[0] != '{')
            continue;
        json_open_object(o);
        json_str(o, S("name"), (struct str){piece.p + 1, piece.n - 2});
        json_str(o, S("in"), S("path"));
        json_flag(o, S("required"), true);
        json_key(o, S("schema"));
        json_open_object(o);
        json_str(o, S("type"), S("string"));
        json_close_object(o);
        json_close_object(o);
    }
    json_close_array(o);
}

static void operation(struct json_out *o, struct cx *cx, const struct route *r)
{
    json_key(o, r->method == GET ? S("get") : S("post"));
    json_open_object(o);
    json_str(o, S("summary"), str_c(r->title));
    json_str(o, S("x-right"), str_c(r->right->name));
    parameters(o, r);
    if (r->takes) {
        json_key(o, S("requestBody"));
        json_open_object(o);
        json_flag(o, S("required"), true);
        json_content(o, cx, r->takes);
        json_close_object(o);
    }
    json_key(o, S("responses"));
    json_open_object(o);
    json_key(o, S("200"));
    json_open_object(o);
    json_str(o, S("description"), str_c(r->title));
    if (r->gives)
        json_content(o, cx, r->gives);
    json_close_object(o);
    json_key(o, S("default"));
    json_open_object(o);
    json_str(o, S("description"), S("application/problem+json (RFC 9457)"));
    json_close_object(o);
    json_close_object(o);
    json_close_object(o);
}

static void schema(struct json_out *o, const struct web_schema *s)
{
    json_key(o, str_c(s->name));
    json_open_object(o);
    json_str(o, S("type"), S("object"));
    json_key(o, S("properties"));
    json_open_object(o);
    for (const struct web_field *f = s->fields; f->name; f++) {
        json_key(o, str_c(f->name));
        json_open_object(o);
        json_str(o, S("type"), str_c(f->type));
        json_str(o, S("description"), str_c(f->about));
        json_close_object(o);
    }
    json_close_object(o);
    json_key(o, S("required"));
    json_open_array(o);
    for (const struct web_field *f = s->fields; f->name; f++)
        if (f->required)
            json_put_str(o, str_c(f->name));
    json_close_array(o);
    json_close_object(o);
}

static void schemas(struct json_out *o, struct cx *cx, struct web *w)
{
    struct map said = {0};
    for (size_t i = 0; i < w->routes_n; i++) {
        const struct web_schema *two[] = {w->routes[i]->takes, w->routes[i]->gives};
        for (size_t k = 0; k < 2; k++) {
            if (!two[k] || map_get(&said, str_c(two[k]->name)))
                continue;
            map_put(cx->arena, &said, str_c(two[k]->name), (void *)two[k]);
            schema(o, two[k]);
        }
    }
}

static bool first_of_path(const struct web *w, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (w->routes[k]->kind == WEB_API && strcmp(w->routes[k]->path, w->routes[i]->path) == 0)
            return false;
    return true;
}

struct str web_openapi(struct cx *cx, struct web *w)
{
    struct buf b = {.arena = cx->arena, .limit = OPENAPI_MAX};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("openapi"), S("3.1.0"));
    json_key(&o, S("info"));
    json_open_object(&o);
    json_str(&o, S("title"), S("Tỉnh Số"));
    json_str(&o, S("version"), S("1"));
    json_close_object(&o);
    json_key(&o, S("paths"));
    json_open_object(&o);
    for (size_t i = 0; i < w->routes_n; i++) {
        const struct route *r = w->routes[i];
        if (r->kind != WEB_API || !first_of_path(w, i))
            continue;
        json_key(&o, str_c(r->path));
        json_open_object(&o);
        for (size_t k = i; k < w->routes_n; k++)
            if (w->routes[k]->kind == WEB_API && strcmp(w->routes[k]->path, r->path) == 0)
                operation(&o, cx, w->routes[k]);
        json_close_object(&o);
    }
    json_close_object(&o);
    json_key(&o, S("components"));
    json_open_object(&o);
    json_key(&o, S("schemas"));
    json_open_object(&o);
    schemas(&o, cx, w);
    json_close_object(&o);
    json_close_object(&o);
    json_close_object(&o);
    MUST(!b.full);
    return buf_str(&b);
}
