/* web_routes.c - the few routes of this room itself, and its housekeeping. */
#include "web_inside.h"

#include "job/job.h"
#include "web_store.h"

#define ANSWERS_KEPT_MS (7 * DAY_MS)
#define DRAFTS_KEPT_MS (90 * DAY_MS)

static enum err show_ready(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t one;
    (void)rq;
    TRY(web_store_ping(cx, &one));
    rs->content_type = S("text/plain; charset=utf-8");
    rs->bytes = S("ready\n");
    return OK;
}

static enum err show_openapi(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    rs->bytes = web_openapi(cx, rq->web);
    rs->cache_seconds = 300;
    return OK;
}

/* The language itself was set when the head was read. */
static enum err set_language(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    struct str lang = web_form(rq, "lang");
    if (str_eq(lang, S("vi")) || str_eq(lang, S("en")))
        rq->new_lang = lang;
    rs->see_other = web_return_path(rq, S("/"));
    return OK;
}

static enum err sweep(struct cx *cx, const struct job *j, enum err acted, void *result)
{
    (void)j;
    (void)result;
    TRY(acted);
    return web_store_sweep(cx, cx->now - ANSWERS_KEPT_MS, cx->now - DRAFTS_KEPT_MS);
}

const struct job_kind web_sweep = {
    .name = "web.sweep",
    .title = "Dọn phiên đã kết thúc, biểu mẫu đã trả lời, bản nháp bỏ quên",
    .after = sweep,
    .every_ms = HOUR_MS,
};

/* clang-format off */
const struct route web_routes[] = {
    {GET,  "/readyz",           "Sẵn sàng phục vụ",        &anyone,    READ,  .show = show_ready, .kind = WEB_FILE, .quiet = true},
    {GET,  "/api/openapi.json", "Mô tả giao diện lập trình", &anyone,  SLOW,  .show = show_openapi, .kind = WEB_API},
    {GET,  "/gui-tiep",         "Gửi tiếp việc đang dở",   &signed_in, SLOW,  .show = pending_show},
    {POST, "/ngon-ngu",         "Đổi ngôn ngữ",            &anyone,    WRITE, .write = set_language},
    {0},
};
/* clang-format on */
