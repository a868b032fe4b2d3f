/*
 * web_kept.c - pages whose main part is kept until the tables it was drawn from move (route.kept).
 *
 * What else it may depend on stands in its key: the address, the language, what the actor may and
 * where, and the minute, so that "09:14" on the page is when it was true. A form token is not drawn
 * on such a page: it is of one person and used once.
 */
#include "web_inside.h"

#include "html/html.h"
#include "kept/kept.h"

/* All that a handler may leave on such a route. */
struct kept_page {
    struct str body, title, bytes, content_type, download_name;
    int cache_seconds;
};

static void add_key(struct web_req *rq, struct buf *key)
{
    const struct scope *s = &rq->cx.scope;
    const struct actor *a = rq->cx.actor;
    const struct str parts[] = {S("page "), rq->http.path, S("?"), rq->http.query,
                                S(" "),     rq->cx.lang,   S(" "), s->unit_path,
                                S(" "),     s->area_path,  S(" ")};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        buf_add(key, parts[i]);
    /* What reaches one's own, or what is given to one, is another page for each. */
    const bool ones_own = s->kind == SCOPE_OWN || s->kind == SCOPE_ASSIGNED;
    buf_fmt(key, "%d %lld %lld %llx %lld %lld ", (int)s->kind, (long long)s->unit,
            (long long)a->unit, (unsigned long long)a->grants_key,
            (long long)(ones_own ? a->account : 0), (long long)(rq->cx.now / MINUTE_MS));
}

static enum err draw(struct cx *cx, struct web_req *rq)
{
    rq->keeping = true;
    enum err e = rq->route->show(cx, rq, &rq->res);
    rq->keeping = false;
    return e;
}

/* Drawn in the request's memory: what is kept of it is the text alone. */
static enum err make(struct cx *cx, void *arg, const void **out)
{
    struct web_req *rq = arg;
    const struct web_res *rs = &rq->res;
    struct arena *const own = cx->arena;
    cx->arena = rq->arena;
    TRY(draw(cx, rq));
    MUST(!rs->file && !rs->news && rs->see_other.n == 0 && rs->toast.n == 0 && rs->status == 0);
    cx->arena = own;
    struct kept_page *p = NEW(own, struct kept_page);
    *p = (struct kept_page){
        .title = str_dup(own, rs->title),
        .content_type = str_dup(own, rs->content_type),
        .download_name = str_dup(own, rs->download_name),
        .bytes = rs->bytes.n ? str_dup(own, rs->bytes) : S(""),
        .body = str_dup(own, html_done(&rs->body).bytes),
        .cache_seconds = rs->cache_seconds,
    };
    *out = p;
    return OK;
}

/* In tests whatever is given out is drawn once more: a table that was forgotten shows. */
static enum err check(struct cx *cx, struct web_req *rq, const struct kept_page *p)
{
    if (!cx->env->testing)
        return OK;
    rq->res = (struct web_res){.body = html_start(cx)};
    TRY(draw(cx, rq));
    MUST(str_eq(p->body, html_done(&rq->res.body).bytes) && str_eq(p->bytes, rq->res.bytes));
    return OK;
}

enum err run_kept(struct cx *cx, struct web_req *rq)
{
    const struct web_kept *k = rq->route->kept;
    struct buf key = {.arena = cx->arena, .limit = 8192};
    const void *found;
    add_key(rq, &key);
    if (k->also)
        TRY(k->also(cx, &key));
    MUST(!key.full);
    TRY(kept_find(
        cx,
        &(struct kept_wish){
            .key = buf_str(&key), .of = k->of, .make = make, .arg = rq, .about_bytes = 1024},
        &found));
    const struct kept_page *p = found;
    TRY(check(cx, rq, p));
    rq->res = (struct web_res){.body = html_start(cx),
                               .title = p->title,
                               .content_type = p->content_type,
                               .download_name = p->download_name,
                               .bytes = p->bytes,
                               .cache_seconds = p->cache_seconds};
    rq->res.body.to.p = (char *)(uintptr_t)p->body.p; /* read, not written, from here on */
    rq->res.body.to.n = p->body.n;
    return OK;
}
