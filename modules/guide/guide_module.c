/* guide_module.c - what guide brings: pages, the kiosk, packs of life events. */
#include "module/module.h"

#include "guide.h"
#include "guide_pages.h"
#include "json/json.h"

static enum err put(struct cx *cx, const struct json *v, int64_t sort, struct pack_report *report)
{
    struct buf steps = {.arena = cx->arena, .limit = 65536};
    struct json_out o = {.to = &steps};
    json_put(&o, json_get(v, S("steps")));
    const struct guide_event e = {.code = json_text(json_get(v, S("code"))),
                                  .icon = json_text(json_get(v, S("icon"))),
                                  .title = json_text(json_get(v, S("title"))),
                                  .about = json_text(json_get(v, S("about"))),
                                  .steps = buf_str(&steps),
                                  .sort = sort};
    bool changed;
    if (e.code.n == 0 || e.title.n == 0 || json_get(v, S("steps"))->n == 0) {
        report->refused++;
        buf_fmt(&report->lines, "%.*s: thiếu code, title hoặc steps\n", F(e.code));
        return OK;
    }
    TRY(guide_store_put(cx, &e, &changed));
    *(changed ? &report->changed : &report->same) += 1;
    return OK;
}

static enum err load(struct cx *cx, struct str, struct str bytes, size_t *,
                     struct pack_report *report)
{
    const struct json *root;
    struct json_error error;
    if (json_read(cx->arena, bytes, &root, &error) != OK)
        return fail(cx, ERR_INVALID, T("Gói dữ liệu hỏng ở dòng %zu: %s."), error.line, error.what);
    const struct json *list = json_get(root, S("events"));
    if (list->n > EVENTS_MAX)
        return fail(cx, ERR_LIMIT, T("Nhiều hơn %d sự kiện."), EVENTS_MAX);
    for (uint32_t i = 0; i < list->n; i++)
        TRY(put(cx, json_at(list, i), i, report));
    return OK;
}

static const struct pack_kind packs[] = {
    {"life_event", "Sự kiện cuộc đời", load},
    {0},
};

/* clang-format off */
static const struct route routes[] = {
    {GET, "/su-kien",             "Theo việc trong đời",   &anyone, READ, .show = guide_show_events},
    {GET, "/su-kien/{ma}",        "Theo việc trong đời",   &anyone, READ, .show = guide_show_event},
    {GET, "/huong-dan",           "Hướng dẫn",             &anyone, READ, .show = guide_show_help},
    {GET, "/ki-ot",               "Ki-ốt",                 &anyone, READ, .show = guide_show_kiosk, .frame = WEB_FRAME_BARE},
    {GET, "/ki-ot/tra-cuu",       "Tra cứu hồ sơ",         &anyone, READ, .show = guide_show_kiosk_track, .frame = WEB_FRAME_BARE, .rate_per_minute = 30, .rate_asks = "ma"},
    {GET, "/ki-ot/tim",           "Tìm thủ tục",           &anyone, READ, .show = guide_show_kiosk_find, .frame = WEB_FRAME_BARE},
    {GET, "/ki-ot/su-kien",       "Theo việc trong đời",   &anyone, READ, .show = guide_show_kiosk_events, .frame = WEB_FRAME_BARE},
    {GET, "/ki-ot/su-kien/{ma}",  "Theo việc trong đời",   &anyone, READ, .show = guide_show_kiosk_event, .frame = WEB_FRAME_BARE},
    {GET, "/ki-ot/thu-tuc/{ma}",  "Thủ tục",               &anyone, READ, .show = guide_show_kiosk_procedure, .frame = WEB_FRAME_BARE},
    {0},
};
/* clang-format on */

const struct module guide_module = {
    .name = "guide",
    .title = "Hướng dẫn, ki-ốt",
    .needs = (const char *const[]){"procedure", "onestop", NULL},
    .routes = routes,
    .packs = packs,
};
