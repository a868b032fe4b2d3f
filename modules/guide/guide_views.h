/* guide_views.h - what the pages of this folder are drawn from. */
#pragma once
#include "look/look.h"

struct guide_card {
    struct str icon, title, text, href;
};
struct guide_events_view {
    const struct guide_card *events;
    size_t events_n;
};
void guide_events_html(struct html *out, const struct guide_events_view *v);

struct guide_procedure {
    struct str name, href, code, time, fee;
    struct look_badge_view level; /* no text: it is not in the catalogue here */
};
struct guide_step {
    struct str title, text;
    const struct guide_procedure *procedures;
    size_t procedures_n;
};
struct guide_event_view {
    struct str title, about, icon;
    const struct guide_step *steps;
    size_t steps_n;
};
void guide_event_html(struct html *out, const struct guide_event_view *v);

struct guide_help_view {
    struct str phone;
};
void guide_help_html(struct html *out, const struct guide_help_view *v);

/* The kiosk: every page has the same bar and goes home when nobody touches it. */
struct guide_kiosk_bar_view {
    struct str script, place;
    bool home;
};
void guide_kiosk_bar_html(struct html *out, const struct guide_kiosk_bar_view *v);
struct guide_kiosk_view {
    struct guide_kiosk_bar_view bar;
    const struct guide_card *tiles;
    size_t tiles_n;
};
void guide_kiosk_html(struct html *out, const struct guide_kiosk_view *v);
struct guide_kiosk_track_view {
    struct guide_kiosk_bar_view bar;
    bool found, missing;
    struct str name, unit, due;
    struct look_badge_view state;
};
void guide_kiosk_track_html(struct html *out, const struct guide_kiosk_track_view *v);
struct guide_kiosk_find_view {
    struct guide_kiosk_bar_view bar;
    struct str title, words;
    bool asked;
    const struct guide_card *hits;
    size_t hits_n;
};
void guide_kiosk_find_html(struct html *out, const struct guide_kiosk_find_view *v);
struct guide_kiosk_procedure_view {
    struct guide_kiosk_bar_view bar;
    struct str name, code, time, fee, place;
    const struct look_row *papers;
    size_t papers_n;
    struct markup qr;
};
void guide_kiosk_procedure_html(struct html *out, const struct guide_kiosk_procedure_view *v);
