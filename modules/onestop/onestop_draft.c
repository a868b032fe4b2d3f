/* onestop_draft.c - drafts of dossiers as JSON in core/web's sealed drafts. */
#include "onestop_draft.h"

static struct str key_of(struct cx *cx, struct str procedure)
{
    return str_fmt(cx->arena, "onestop/%.*s", F(procedure));
}

static void read_values(struct cx *cx, const struct json *list, struct draft *d)
{
    for (uint32_t i = 0; i < list->n; i++)
        *vec_add(cx->arena, &d->values) = (struct web_value){
            json_text(json_at(json_at(list, i), 0)), json_text(json_at(json_at(list, i), 1))};
}

static void read_files(struct cx *cx, const struct json *list, struct draft *d)
{
    for (uint32_t i = 0; i < list->n; i++) {
        const struct json *v = json_at(list, i);
        *vec_add(cx->arena, &d->files) = (struct draft_file){
            json_int(json_get(v, S("id")), 0), json_text(json_get(v, S("component"))),
            json_text(json_get(v, S("name"))), json_int(json_get(v, S("size")), 0)};
    }
}

enum err draft_load(struct cx *cx, struct str procedure, struct draft *out)
{
    struct str text;
    const struct json *v;
    struct json_error error;
    *out = (struct draft){0};
    enum err e = web_draft_load(cx, key_of(cx, procedure), &text);
    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    if (json_read(cx->arena, text, &v, &error) != OK)
        return fail(cx, ERR_IO, "draft of %.*s: %s", F(procedure), error.what);
    read_values(cx, json_get(v, S("values")), out);
    read_files(cx, json_get(v, S("files")), out);
    out->unit = json_text(json_get(v, S("unit")));
    out->delivery = json_text(json_get(v, S("delivery")));
    out->saved_at = json_int(json_get(v, S("saved_at")), 0);
    return OK;
}

enum err draft_save(struct cx *cx, struct str procedure, const struct draft *d)
{
    struct buf b = {.arena = cx->arena, .limit = (size_t)256 * 1024};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_key(&o, S("values"));
    json_open_array(&o);
    for (size_t i = 0; i < d->values.n; i++) {
        json_open_array(&o);
        json_put_str(&o, d->values.p[i].name);
        json_put_str(&o, d->values.p[i].value);
        json_close_array(&o);
    }
    json_close_array(&o);
    json_key(&o, S("files"));
    json_open_array(&o);
    for (size_t i = 0; i < d->files.n; i++) {
        json_open_object(&o);
        json_num(&o, S("id"), d->files.p[i].id);
        json_str(&o, S("component"), d->files.p[i].component);
        json_str(&o, S("name"), d->files.p[i].name);
        json_num(&o, S("size"), d->files.p[i].size_bytes);
        json_close_object(&o);
    }
    json_close_array(&o);
    json_str(&o, S("unit"), d->unit);
    json_str(&o, S("delivery"), d->delivery);
    json_num(&o, S("saved_at"), cx->now);
    json_close_object(&o);
    if (b.full)
        return fail(cx, ERR_LIMIT, T("Bản nháp dài quá. Viết ngắn lại các mục ghi tự do."));
    return web_draft_save(cx, key_of(cx, procedure), buf_str(&b));
}

enum err draft_drop(struct cx *cx, struct str procedure)
{
    enum err e = web_draft_drop(cx, key_of(cx, procedure));
    return e == ERR_NOT_FOUND ? OK : e;
}

static bool named(const struct web_value *v, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(v[i].name, name))
            return true;
    return false;
}

void draft_set(struct cx *cx, struct draft *d, const struct web_value *v, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->values.n; i++)
        if (!named(v, n, d->values.p[i].name))
            d->values.p[kept++] = d->values.p[i];
    d->values.n = kept;
    for (size_t i = 0; i < n; i++)
        *vec_add(cx->arena, &d->values) = v[i];
}

struct form_values draft_values(const struct draft *d)
{
    return (struct form_values){.v = d->values.p, .n = d->values.n};
}
