/* guide_pages.c - life events with their procedures; how filing goes. */
#include "guide_pages.h"

#include "http/http.h"
#include "json/json.h"
#include "procedure/procedure.h"

#define STEPS_MAX 12
#define PROCEDURES_MAX 12

struct str guide_fee(struct cx *cx, bool known, int64_t dong)
{
    if (!known)
        return tr(cx, S(T("Tùy trường hợp")));
    return dong ? look_money(cx, dong) : tr(cx, S(T("Miễn phí")));
}

enum err guide_cards(struct cx *cx, const char *base, struct guide_card *out, size_t max, size_t *n)
{
    struct guide_event *events = NEW_N(cx->arena, struct guide_event, max);
    TRY(guide_store_all(cx, events, max, n));
    for (size_t i = 0; i < *n; i++)
        out[i] =
            (struct guide_card){events[i].icon, tr(cx, events[i].title), tr(cx, events[i].about),
                                str_fmt(cx->arena, "%s%.*s", base, F(events[i].code))};
    return OK;
}

enum err guide_show_events(struct cx *cx, struct web_req *, struct web_res *rs)
{
    struct guide_card cards[EVENTS_MAX];
    struct guide_events_view v = {.events = cards};
    TRY(guide_cards(cx, "/su-kien/", cards, EVENTS_MAX, &v.events_n));
    guide_events_html(&rs->body, &v);
    return OK;
}

static struct look_badge_view level_of(struct cx *cx, const struct procedure *p)
{
    if (!p->open)
        return (struct look_badge_view){S(""), S("minus"), tr(cx, S(T("Chưa mở nộp tại tỉnh"))),
                                        S("")};
    if (str_eq(p->level, S("toan_trinh")))
        return (struct look_badge_view){S("ok"), S("globe"), tr(cx, S(T("Nộp trực tuyến"))), S("")};
    return (struct look_badge_view){S("info"), S("home"), tr(cx, S(T("Có bước phải đến nơi"))),
                                    S("")};
}

/* A procedure that the catalogue has not here is looked for by its name. */
static enum err procedure_of(struct cx *cx, const struct json *v, const char *base,
                             const char *search, struct guide_procedure *out)
{
    const struct procedure *p;
    struct str code = json_text(json_get(v, S("code")));
    struct str name = json_text(json_get(v, S("name")));
    enum err e = procedure_find(cx, code, &p);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND) {
        *out = (struct guide_procedure){
            .name = name,
            .href = str_fmt(cx->arena, "%s%.*s", search, F(url_encode(cx->arena, name)))};
        return OK;
    }
    *out = (struct guide_procedure){
        .name = p->name,
        .href = str_fmt(cx->arena, "%s%.*s", base, F(url_encode(cx->arena, p->code))),
        .code = p->code,
        .time = p->open ? procedure_term_said(cx, p->term_words) : S(""),
        .level = level_of(cx, p),
    };
    return OK;
}

enum err guide_steps(struct cx *cx, const struct guide_event *e, const char *base,
                     const char *search, struct guide_event_view *out)
{
    const struct json *root;
    struct json_error error;
    TRY(json_read(cx->arena, e->steps, &root, &error));
    struct guide_step *steps = NEW_N(cx->arena, struct guide_step, STEPS_MAX);
    *out = (struct guide_event_view){
        .title = tr(cx, e->title), .about = tr(cx, e->about), .icon = e->icon, .steps = steps};
    for (uint32_t i = 0; i < root->n && out->steps_n < STEPS_MAX; i++) {
        const struct json *step = json_at(root, i), *list = json_get(step, S("procedures"));
        struct guide_procedure *procedures =
            NEW_N(cx->arena, struct guide_procedure, PROCEDURES_MAX);
        size_t n = 0;
        for (uint32_t k = 0; k < list->n && n < PROCEDURES_MAX; k++)
            TRY(procedure_of(cx, json_at(list, k), base, search, &procedures[n++]));
        steps[out->steps_n++] = (struct guide_step){.title = json_text(json_get(step, S("title"))),
                                                    .text = json_text(json_get(step, S("text"))),
                                                    .procedures = procedures,
                                                    .procedures_n = n};
    }
    return OK;
}

enum err guide_show_event(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct guide_event e;
    struct guide_event_view v;
    TRY(guide_store_find(cx, web_path(rq, "ma"), &e));
    TRY(guide_steps(cx, &e, "/thu-tuc/", "/tim?q=", &v));
    rs->title = v.title;
    guide_event_html(&rs->body, &v);
    return OK;
}

enum err guide_show_help(struct cx *cx, struct web_req *, struct web_res *rs)
{
    guide_help_html(&rs->body,
                    &(const struct guide_help_view){
                        .phone = setting_or(cx->env->settings, S("help.phone"), S("1022"))});
    return OK;
}
