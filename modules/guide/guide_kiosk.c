/* guide_kiosk.c - the kiosk of a centre: large, for fingers; nobody signs in, nothing stays. */
#include "guide_pages.h"

#include "http/http.h"
#include "onestop/onestop.h"
#include "pdf/pdf.h"
#include "procedure/procedure.h"

#define HITS_MAX 8

static struct guide_kiosk_bar_view bar(struct cx *cx, bool home)
{
    return (struct guide_kiosk_bar_view){
        .script = look_asset(cx, S("look/assets/kiosk.js")),
        .place = setting(cx->env->settings, S("site.owner"),
                         cx->env->demo ? S("UBND tỉnh Lạng Sơn") : S("Ủy ban nhân dân tỉnh")),
        .home = home};
}

enum err guide_show_kiosk(struct cx *cx, struct web_req *, struct web_res *rs)
{
    const struct guide_card tiles[] = {
        {S("filec"), tr(cx, S(T("Hồ sơ của tôi đến đâu?"))), tr(cx, S(T("Gõ mã trên giấy hẹn"))),
         S("/ki-ot/tra-cuu")},
        {S("search"), tr(cx, S(T("Tìm thủ tục"))),
         tr(cx, S(T("Cần giấy tờ gì, bao lâu, bao nhiêu tiền"))), S("/ki-ot/tim")},
        {S("baby"), tr(cx, S(T("Theo việc trong đời"))),
         tr(cx, S(T("Sinh con, kết hôn, làm nhà, mở quán"))), S("/ki-ot/su-kien")},
    };
    guide_kiosk_html(&rs->body,
                     &(const struct guide_kiosk_view){.bar = bar(cx, true),
                                                      .tiles = tiles,
                                                      .tiles_n = sizeof tiles / sizeof *tiles});
    return OK;
}

/* Progress only, and what was typed is not shown again. */
enum err guide_show_kiosk_track(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct str code = str_trim(web_query(rq, "ma"));
    struct guide_kiosk_track_view v = {.bar = bar(cx, false)};
    struct progress p;
    enum err e = code.n ? onestop_progress(cx, code, &p) : ERR_NOT_FOUND;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    v.missing = e == ERR_NOT_FOUND && code.n > 0;
    if (e == OK) {
        const struct state_info *s = onestop_state(p.state);
        v.found = true;
        v.name = p.procedure_name;
        v.unit = p.unit_name;
        v.due = p.due_at && !p.released_at ? time_long(cx, p.due_at) : S("");
        v.state =
            (struct look_badge_view){S("cham"), S("info"), tr(cx, str_c(s->public_words)), S("")};
    }
    rs->status = v.missing ? 404 : 0;
    guide_kiosk_track_html(&rs->body, &v);
    return OK;
}

enum err guide_show_kiosk_find(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct procedure_hit hits[HITS_MAX];
    struct guide_card cards[HITS_MAX];
    struct guide_kiosk_find_view v = {.bar = bar(cx, false),
                                      .title = tr(cx, S(T("Tìm thủ tục"))),
                                      .words = str_until(web_query(rq, "q"), 200),
                                      .hits = cards};
    size_t total;
    TRY(procedure_search(cx, v.words, hits, HITS_MAX, &v.hits_n, &total));
    if (total == 0)
        TRY(procedure_search_near(cx, v.words, hits, HITS_MAX, &v.hits_n));
    v.asked = v.words.n > 0;
    for (size_t i = 0; i < v.hits_n; i++)
        cards[i] = (struct guide_card){
            S("file"), hits[i].name, hits[i].subjects,
            str_fmt(cx->arena, "/ki-ot/thu-tuc/%.*s", F(url_encode(cx->arena, hits[i].code)))};
    guide_kiosk_find_html(&rs->body, &v);
    return OK;
}

enum err guide_show_kiosk_events(struct cx *cx, struct web_req *, struct web_res *rs)
{
    struct guide_card cards[EVENTS_MAX];
    struct guide_kiosk_find_view v = {
        .bar = bar(cx, false), .title = tr(cx, S(T("Theo việc trong đời"))), .hits = cards};
    TRY(guide_cards(cx, "/ki-ot/su-kien/", cards, EVENTS_MAX, &v.hits_n));
    guide_kiosk_find_html(&rs->body, &v);
    return OK;
}

enum err guide_show_kiosk_event(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct guide_event e;
    struct guide_event_view event;
    TRY(guide_store_find(cx, web_path(rq, "ma"), &e));
    TRY(guide_steps(cx, &e, "/ki-ot/thu-tuc/", "/ki-ot/tim?q=", &event));
    struct guide_card *cards = NEW_N(cx->arena, struct guide_card, EVENTS_MAX);
    struct guide_kiosk_find_view v = {.bar = bar(cx, false), .title = event.title, .hits = cards};
    for (size_t i = 0; i < event.steps_n; i++)
        for (size_t k = 0; k < event.steps[i].procedures_n && v.hits_n < EVENTS_MAX; k++)
            cards[v.hits_n++] =
                (struct guide_card){S("file"), event.steps[i].procedures[k].name,
                                    event.steps[i].title, event.steps[i].procedures[k].href};
    rs->title = v.title;
    guide_kiosk_find_html(&rs->body, &v);
    return OK;
}

/* The way home is a picture for the own phone: the rest is done there. */
enum err guide_show_kiosk_procedure(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct procedure *p;
    TRY(procedure_find(cx, web_path(rq, "ma"), &p));
    struct look_row *papers = NEW_N(cx->arena, struct look_row, p->components_n + 1);
    struct guide_kiosk_procedure_view v = {
        .bar = bar(cx, false),
        .name = p->name,
        .code = p->code,
        .time = p->open && p->term_words.n ? procedure_term_said(cx, p->term_words)
                                           : tr(cx, S(T("Hỏi quầy hướng dẫn"))),
        .place = p->executors_n ? p->executors[0] : S(""),
        .papers = papers,
    };
    int64_t once = 0;
    for (size_t i = 0; i < p->fees_n; i++)
        once += p->fees[i].amount_dong;
    v.fee = guide_fee(cx, p->open && (p->fees_n == 0 || once == 0), once);
    for (size_t i = 0; i < p->components_n && v.papers_n < 12; i++)
        papers[v.papers_n++] =
            (struct look_row){.key = p->components[i].name,
                              .value = p->components[i].required ? tr(cx, S(T("Cần có")))
                                                                 : tr(cx, S(T("Tùy trường hợp")))};
    v.qr.bytes = qr_svg(cx->arena,
                        str_fmt(cx->arena, "%.*s/thu-tuc/%.*s", F(cx->env->base_url),
                                F(url_encode(cx->arena, p->code))),
                        tr(cx, S(T("Mã QR mở thủ tục này trên điện thoại"))));
    rs->title = p->name;
    guide_kiosk_procedure_html(&rs->body, &v);
    return OK;
}
