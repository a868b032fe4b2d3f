/*
 * web_device.c - what kind of browser a session began in, and one's own sessions as a list.
 *
 * People know a session again by the kind of program and system it runs in. Words of our own are
 * kept, never the header's: it may say anything, and in full it tells one device from all others.
 */
#include "web_store.h"

struct word {
    const char *sign, *name; /* the first sign found */
};
/* Many name others for the sake of old sites: the particular ones stand first. */
static const struct word browsers[] = {{"coc_coc_browser/", "Cốc Cốc"},
                                       {"Edg/", "Edge"},
                                       {"EdgA/", "Edge"},
                                       {"EdgiOS/", "Edge"},
                                       {"OPR/", "Opera"},
                                       {"SamsungBrowser/", "Samsung Internet"},
                                       {"Firefox/", "Firefox"},
                                       {"FxiOS/", "Firefox"},
                                       {"CriOS/", "Chrome"},
                                       {"Chrome/", "Chrome"},
                                       {"Safari/", "Safari"},
                                       {NULL, NULL}};
static const struct word systems[] = {
    {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},   {"Windows", "Windows"},
    {"Mac OS X", "macOS"},  {"CrOS", "ChromeOS"}, {"Linux", "Linux"}, {NULL, NULL}};

static const char *name_in(struct str header, const struct word *w)
{
    while (w->sign && !str_find(header, str_c(w->sign), NULL))
        w++;
    return w->name;
}

struct str session_device(struct web_req *rq)
{
    const struct str header = http_header(&rq->http, S("User-Agent"));
    const char *browser = name_in(header, browsers), *system = name_in(header, systems);
    if (browser && system)
        return str_fmt(rq->cx.arena, "%s, %s", browser, system);
    return browser ? str_c(browser) : system ? str_c(system) : S("");
}

enum err web_sessions_mine(struct cx *cx, struct web_session_row *out, size_t max, size_t *n)
{
    MUST(cx->actor->account != 0);
    TRY(session_store_mine(cx, out, max, n));
    for (size_t i = 0; i < *n; i++)
        out[i].current = out[i].id == cx->actor->session;
    return OK;
}

enum err web_session_end_mine(struct cx *cx, int64_t id)
{
    MUST(cx->actor->account != 0);
    TRY(session_store_end_mine(cx, id));
    if (db_changed(cx) == 1)
        return OK;
    return fail(cx, ERR_NOT_FOUND, T("Phiên này đã kết thúc. Tải lại trang để xem."));
}
