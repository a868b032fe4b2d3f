/*
 * web_asset.c - style sheets, scripts, fonts and pictures: /assets/HASH/name.
 *
 * The hash is of the content, so a browser keeps the file for good and a new one has another
 * address. In development they are read from the source tree at each request, under /assets/-/.
 */
#include "web_inside.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HASH_CHARS 16
#define DISK_MAX ((size_t)8 << 20)

struct asset {
    struct str name; /* what follows the hash: the path without ".../assets/" in it */
    struct str address;
    const struct embed_file *file;
};

/* "look/assets/base.css" is "look/base.css"; not an asset: false. */
static bool name_of(struct arena *a, struct str path, struct str *name)
{
    size_t at;
    if (str_starts(path, S("assets/"))) {
        *name = str_from(path, 7);
        return true;
    }
    if (!str_find(path, S("/assets/"), &at) || str_find(path, S("/tests/"), NULL))
        return false;
    *name = str_fmt(a, "%.*s/%.*s", F(str_until(path, at)), F(str_from(path, at + 8)));
    return true;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct asset *)a)->name, ((const struct asset *)b)->name);
}

static struct str address_of(struct arena *a, struct str hash, struct str name)
{
    return str_fmt(a, "/assets/%.*s/%.*s", F(hash), F(name));
}

enum err assets_build(struct cx *cx, struct web *w)
{
    (void)cx;
    size_t n;
    const struct embed_file *files = embed_under(S(""), &n);
    w->assets = NEW_N(w->arena, struct asset, n);
    for (size_t i = 0; i < n; i++) {
        struct asset *a = &w->assets[w->assets_n];
        if (name_of(w->arena, files[i].path, &a->name)) {
            a->file = &files[i];
            w->assets_n++;
        }
    }
    qsort(w->assets, w->assets_n, sizeof *w->assets, by_name);
    for (size_t i = 0; i < w->assets_n; i++) {
        struct asset *a = &w->assets[i];
        a->address = address_of(w->arena, str_until(a->file->sha256_hex, HASH_CHARS), a->name);
        map_put(w->arena, &w->asset_paths, a->file->path, a);
    }
    return OK;
}

static const struct asset *find(const struct web *w, struct str name)
{
    const struct asset wanted = {.name = name};
    return bsearch(&wanted, w->assets, w->assets_n, sizeof *w->assets, by_name);
}

/* A page has dozens of them, so they are made once. Without a web (tests of views) as it comes. */
struct str web_asset(struct cx *cx, struct str path)
{
    const bool on_disk = cx->env->assets_on_disk;
    const struct asset *known = cx->env->web ? map_get(&cx->env->web->asset_paths, path) : NULL;
    if (known && !on_disk)
        return known->address;
    struct str name = path;
    const struct embed_file *file = embed_find(path);
    bool ours = name_of(cx->arena, path, &name) && file;
    return address_of(cx->arena,
                      ours && !on_disk ? str_until(file->sha256_hex, HASH_CHARS) : S("-"), name);
}

/* ---- answering ---- */

static bool accepts(struct web_req *rq, struct str coding)
{
    struct str rest = http_header(&rq->http, S("Accept-Encoding")), item, name, params;
    while (rest.n) {
        str_cut(rest, ',', &item, &rest);
        str_cut(item, ';', &name, &params);
        if (str_eq_ascii_case(str_trim(name), coding))
            return !str_eq(str_trim(params), S("q=0"));
    }
    return false;
}

static void asset_headers(struct web_req *rq, const struct embed_file *f, bool own_hash)
{
    answer_header(rq, S("ETag"), str_fmt(rq->arena, "\"%.*s\"", F(str_until(f->sha256_hex, 32))));
    answer_header(rq, S("Cache-Control"),
                  own_hash ? S("public, max-age=31536000, immutable") : S("public, max-age=3600"));
    answer_header(rq, S("X-Content-Type-Options"), S("nosniff"));
    answer_header(rq, S("Cross-Origin-Resource-Policy"), S("same-origin"));
    if (f->gzip.n || f->brotli.n)
        answer_header(rq, S("Vary"), S("Accept-Encoding"));
}

static void from_binary(struct web_req *rq, const struct embed_file *f, struct str hash)
{
    bool own_hash = str_eq(hash, str_until(f->sha256_hex, HASH_CHARS));
    const int condition = http_condition(&rq->http, str_until(f->sha256_hex, 32));
    rq->out = (struct answer){.status = condition, .file_size = -1, .body = f->bytes};
    if (condition != 200) {
        rq->out.body = S("");
        asset_headers(rq, f, own_hash);
        return;
    }
    answer_header(rq, S("Content-Type"), f->mime);
    if (f->brotli.n && accepts(rq, S("br"))) {
        rq->out.body = f->brotli;
        answer_header(rq, S("Content-Encoding"), S("br"));
    } else if (f->gzip.n && accepts(rq, S("gzip"))) {
        rq->out.body = f->gzip;
        answer_header(rq, S("Content-Encoding"), S("gzip"));
    }
    asset_headers(rq, f, own_hash);
}

/* The file as it lies in the source tree now; false: it is not there. */
static bool from_disk(struct web_req *rq, const struct embed_file *f)
{
    const char *path =
        str_z(rq->arena, str_fmt(rq->arena, "%.*s/%.*s", F(rq->web->env->source_dir), F(f->path)));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0)
        return false;
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size <= DISK_MAX;
    char *p = ok ? arena_alloc(rq->arena, (size_t)st.st_size + 1) : NULL;
    ssize_t n = ok ? read(fd, p, (size_t)st.st_size) : -1;
    close(fd);
    if (n < 0)
        return false;
    rq->out = (struct answer){.status = 200, .file_size = -1, .body = {p, (size_t)n}};
    answer_header(rq, S("Content-Type"), f->mime);
    answer_header(rq, S("Cache-Control"), S("no-store"));
    return true;
}

bool asset_answer(struct web_req *rq)
{
    struct str hash, name;
    if (!str_starts(rq->http.path, S("/assets/")))
        return false;
    str_cut(str_from(rq->http.path, 8), '/', &hash, &name);
    const struct asset *a = find(rq->web, name);
    /* A style sheet names its fonts beside it: /assets/HASH/look/inter.woff2. */
    if (!a)
        return false;
    if (!rq->web->env->assets_on_disk || !from_disk(rq, a->file))
        from_binary(rq, a->file, hash);
    return true;
}
