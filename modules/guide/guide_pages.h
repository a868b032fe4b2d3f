/* guide_pages.h - routes, and what pages and kiosk share. */
#pragma once
#include "guide_store.h"
#include "guide_views.h"
#include "web/web.h"

#define EVENTS_MAX 40

/* The life events as cards; base: the address up to a code. */
enum err guide_cards(struct cx *cx, const char *base, struct guide_card *out, size_t max,
                     size_t *n);
/* The steps of one; base: the address up to a procedure's code. */
enum err guide_steps(struct cx *cx, const struct guide_event *e, const char *base,
                     const char *search, struct guide_event_view *out);
struct str guide_fee(struct cx *cx, bool known, int64_t dong);

web_handler guide_show_events, guide_show_event, guide_show_help, guide_show_kiosk,
    guide_show_kiosk_track, guide_show_kiosk_find, guide_show_kiosk_events, guide_show_kiosk_event,
    guide_show_kiosk_procedure;
