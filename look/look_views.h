/*
 * look_views.h - what the views of this folder are drawn from: one struct a component.
 *
 * A page writes {{> look_note kind="ok" icon="checkc" title="Đã gửi"}} or holds the struct as a
 * field of its own view and writes {{> look_note done}}. All strings are plain text: the view
 * escapes. An empty string leaves its part out. README.md shows each with an example.
 */
#pragma once
#include "base/base.h"
#include "html/html.h"
#include "web/web.h"

/* ---- atoms ---- */

/* {{> look_icon "check"}}: one of the 78 of assets/icons.svg; hidden from screen readers. */
void look_icon_html(struct html *out, struct str name);

/* kind: "" neutral, "ok", "warn", "err", "info", "tim" (waits for the person), "cham" (in work). */
struct look_badge_view {
    struct str kind, icon, text, title;
};
void look_badge_html(struct html *out, const struct look_badge_view *v);

/* Made by look_due: words, and the exact instant in title and datetime. */
struct look_due_badge_view {
    struct str kind, icon, text, title, at;
};
void look_due_badge_html(struct html *out, const struct look_due_badge_view *v);

/* kind: "" primary (one a view), "2" second, "q" quiet, "d" danger, "dd" danger inside the page
 * that confirms. With href it is a link that looks so. key: what an officer presses. */
struct look_button_view {
    struct str kind, label, icon, icon_after, href, name, value, key, form;
    bool wide, large, small;
};
void look_button_html(struct html *out, const struct look_button_view *v);

struct look_link {
    struct str label, href, icon;
    bool current;
};

/* ---- notes ---- */

struct look_note_view {
    struct str kind, icon, title, text;
    struct markup more; /* drawn by the page: links, buttons */
    bool alert;         /* role=alert: something just went wrong */
};
void look_note_html(struct html *out, const struct look_note_view *v);

struct look_error_item {
    struct str field, sentence;
};
/* First in main; takes the focus. Each line leads to its field and repeats its sentence. */
struct look_errors_view {
    const struct look_error_item *items;
    size_t items_n;
};
void look_errors_html(struct html *out, const struct look_errors_view *v);

struct look_empty_view {
    struct str title, text, label, href;
};
void look_empty_html(struct html *out, const struct look_empty_view *v);

/* ---- fields ---- */

enum look_field_kind {
    LOOK_TEXT = 0,
    LOOK_AREA,
    LOOK_NUMBER,
    LOOK_MONEY,
    LOOK_PHONE,
    LOOK_EMAIL,
    LOOK_ID_NO, /* personal number: digits, blanks allowed */
    LOOK_PASSWORD,
    LOOK_DATE,   /* three boxes NAME-ngay, NAME-thang, NAME-nam */
    LOOK_RADIO,  /* cards; more than seven become a select */
    LOOK_CHECKS, /* cards, several answers under one NAME */
    LOOK_CHECK,  /* one box: label is the sentence */
    LOOK_SELECT,
    LOOK_PREFILLED, /* shown, not asked */
    LOOK_QR,        /* a scanner types into it */
    LOOK_FILE,
    LOOK_HIDDEN,
};
struct look_option {
    struct str value, label, hint;
    bool on;
};
/* One question. Order on the page: label, hint, error, control. The id is "f-NAME", so that the
 * error summary and links from the check page find it. */
struct look_field_view {
    enum look_field_kind kind;
    struct str name, label, hint;
    struct str wrong; /* the error's sentence; empty: none */
    struct str value; /* as typed */
    bool optional;    /* says "(không bắt buộc)"; required ones say nothing */
    bool no_label;    /* the page's h1 is the question: label for screen readers only */
    struct str placeholder, autocomplete, mode; /* mode: inputmode; by kind when empty */
    struct str width;            /* "2" "4" "8" "12" "20": letters, about; empty: full */
    struct str unit;             /* behind the value: "đồng", "m²" */
    struct str key;              /* the officer's key that leads here: "F3" */
    struct str access;           /* accesskey, the same jump without scripts */
    int max;                     /* characters; 0: none stated */
    struct str day, month, year; /* LOOK_DATE */
    const struct look_option *options;
    size_t options_n;
    struct str source, source_title,
        report;           /* LOOK_PREFILLED: "CSDL dân cư", when, link "Báo sai" */
    struct str accept;    /* LOOK_FILE: ".pdf,image/jpeg" */
    bool several, camera; /* LOOK_FILE */
    bool focus;           /* autofocus: only where the page is one question */
    /* The same check before sending, where scripts run; the sentences are the server's. */
    struct str missing; /* said when nothing is answered; empty: it may be */
    struct str check;   /* "date" "date-or-year" "number" "id-no" "phone" "email" "name" */
    struct str bad;     /* said when the check fails */
    struct str show;    /* "NAME=A|B": where scripts run, seen only with one of these answers */
};
void look_field_html(struct html *out, const struct look_field_view *v);

/* Inside of look_field_html: what it computes for the views field-*.html. */
struct look_field_parts {
    struct str described; /* ids of hint and error */
    struct str type, mode, autocomplete, css, wrap, icon, kind;
    struct str name_day, name_month, name_year;
    struct str value;
    bool on, two_columns;
};
#define LOOK_FIELD_INNER(name)                                                                     \
    struct look_field_##name##_view {                                                              \
        const struct look_field_view *f;                                                           \
        struct look_field_parts p;                                                                 \
    };                                                                                             \
    void look_field_##name##_html(struct html *out, const struct look_field_##name##_view *v)
LOOK_FIELD_INNER(text);
LOOK_FIELD_INNER(area);
LOOK_FIELD_INNER(date);
LOOK_FIELD_INNER(radio);
LOOK_FIELD_INNER(checks);
LOOK_FIELD_INNER(check);
LOOK_FIELD_INNER(select);
LOOK_FIELD_INNER(prefilled);
LOOK_FIELD_INNER(file);
LOOK_FIELD_INNER(hidden);
struct look_field_top_view {
    const struct look_field_view *f;
    bool group; /* a legend, not a label */
};
void look_field_top_html(struct html *out, const struct look_field_top_view *v);

/* The big search box of citizens. size: "", "l", "xl". */
struct look_search_view {
    struct str action, name, value, placeholder, label, button, size;
    bool focus;
};
void look_search_html(struct html *out, const struct look_search_view *v);

/* A unit among many without a script: search, then radios; the form around it is the page's. */
struct look_unit_row {
    struct str value, name, note; /* note: "gồm thị trấn Cao Lộc cũ, trước 01/7/2025" */
    bool on;
};
struct look_units_view {
    struct str name, label, hint, wrong, words;
    const struct look_unit_row *rows;
    size_t rows_n;
    struct str more; /* "còn 12 nơi khác, gõ thêm chữ" */
};
void look_units_html(struct html *out, const struct look_units_view *v);

/* ---- what was answered, facts ---- */

struct look_row {
    struct str key, value;
    struct look_badge_view badge; /* no text: none */
    struct str action, href;      /* "Sửa", "Báo sai" */
};
struct look_rows_view {
    struct str title;
    const struct look_row *rows;
    size_t rows_n;
};
void look_rows_html(struct html *out, const struct look_rows_view *v); /* check answers */
struct look_facts_view {
    struct str title;
    const struct look_row *rows;
    size_t rows_n;
};
void look_facts_html(struct html *out,
                     const struct look_facts_view *v); /* summary beside a record */

/* One component of a dossier: what is needed, where it comes from, its files. */
struct look_file_row {
    struct str name, note, wrong, href, remove; /* remove: value of the button "bo" */
    struct look_badge_view badge;
};
struct look_component_view {
    struct str icon, icon_kind; /* icon_kind: "ok", "err", "" */
    struct str title, need, text;
    struct look_badge_view badge;
    bool open; /* still needed: framed, with its field */
    const struct look_file_row *files;
    size_t files_n;
    struct look_field_view field; /* LOOK_FILE; no name: none */
};
void look_component_html(struct html *out, const struct look_component_view *v);

/* ---- lists ---- */

struct look_tabs_view {
    struct str label;
    const struct look_tab {
        struct str label, count, href;
        bool current;
    } * items;
    size_t items_n;
};
void look_tabs_html(struct html *out, const struct look_tabs_view *v);

/* A chip holds links, each the whole address of the list with that choice. */
struct look_chip {
    struct str label;
    bool on;
    struct str clear; /* address without this choice; the chip is then one link with × */
    const struct look_link *options;
    size_t options_n;
};
struct look_filter_view {
    struct str action, name, value, placeholder; /* the search box, GET */
    const struct look_hidden {
        struct str name, value;
    } * kept; /* the other choices, kept while searching */
    size_t kept_n;
    const struct look_chip *chips;
    size_t chips_n;
    struct str clear_all;
    struct str count; /* "1.284 hồ sơ khớp" */
};
void look_filter_html(struct html *out, const struct look_filter_view *v);

struct look_pager_view {
    struct str label;      /* of the landmark: "Trang"; others where a page has two pagers */
    struct str shown;      /* "1–50 trong 1.284" */
    struct str prev, next; /* addresses; empty: none */
    struct str page, pages;
    const struct look_link *numbers; /* citizens; label empty: a gap */
    size_t numbers_n;
};
void look_pager_html(struct html *out, const struct look_pager_view *v);

/* A table whose rows become cards below 720 px. */
struct look_column {
    struct str title;
    struct str css;  /* "c-title" the link, "c-due" at the card's side, "c-break" a line of its own,
                      * "num" a number, "flex-cell" the one that may be cut; several with blanks */
    struct str sort; /* address of the list sorted by it; empty: cannot be */
    struct str dir;  /* aria-sort: "ascending", "descending", "" */
    struct str label; /* before the value on the card: "Nhận"; empty: none */
};
struct look_cell {
    struct str text, sub, href, title;
    bool below;                     /* sub stands on a line of its own */
    struct look_badge_view badge;   /* no text: none */
    struct look_due_badge_view due; /* no text: none */
};
struct look_line {
    struct str group, group_icon, group_count; /* a heading before this line */
    struct str pick, pick_label;               /* value and name of its box; empty: none */
    const struct look_cell *cells;             /* as many as columns */
    size_t cells_n;
    bool picked;
};
struct look_table_view {
    struct str caption; /* for screen readers */
    struct str pick;    /* name of the boxes; empty: no boxes */
    struct str form;    /* id of the form they belong to */
    const struct look_column *columns;
    size_t columns_n;
    const struct look_line *lines;
    size_t lines_n;
    struct look_pager_view pager; /* shown: none when empty */
    struct look_empty_view empty; /* instead, when there are no lines */
};
void look_table_html(struct html *out, const struct look_table_view *v);

/* Inside of look_table_html. */
struct look_table_cell {
    struct look_cell c;
    struct str css, label;
};
struct look_table_line {
    struct look_line l;
    const struct look_table_cell *cells;
    size_t cells_n;
    size_t width;
    struct str pick, form;
};
struct look_table_head {
    struct look_column c;
    struct str sort_icon;
};
struct look_table_body_view {
    const struct look_table_view *t;
    const struct look_table_head *head;
    size_t head_n;
    const struct look_table_line *lines;
    size_t lines_n;
};
void look_table_body_html(struct html *out, const struct look_table_body_view *v);

/* ---- where things stand ---- */

struct look_day {
    struct str weekday, day, what; /* "T2", "9", the number counted or "nay", "lễ" */
    struct str icon;
    struct str kind;  /* "counted" "rest" "paused" "left" "due" "late" "first", with " today" */
    struct str words; /* for title: "Thứ Hai 09/11/2026: ngày tính thứ 1" */
};
struct look_days_view {
    const struct look_day *days;
    size_t days_n;
    int counted, paused, left; /* legend */
    bool rest;
    struct str sentence; /* the same in one sentence */
};
void look_days_html(struct html *out, const struct look_days_view *v);

struct look_moment {
    struct str day, time, at; /* "18/11", "10:15", ISO */
    struct str title, text;
    struct str kind;                  /* "now", "now tim", "now ok", "first", "" */
    struct look_link document;        /* no href: none */
    const struct look_moment *folded; /* steps made by the machine */
    size_t folded_n;
};
struct look_timeline_view {
    const struct look_moment *items;
    size_t items_n;
};
void look_timeline_html(struct html *out, const struct look_timeline_view *v);

struct look_stepper_view {
    struct str label; /* "Các bước nộp hồ sơ" */
    struct str where; /* phones: "Đăng ký khai sinh · Bước 4 trong 5" */
    int at, of;       /* from 1 */
    const struct look_step {
        struct str label, href; /* href: done, may go back */
        bool done, now;
    } * steps;
    size_t steps_n;
};
void look_stepper_html(struct html *out, const struct look_stepper_view *v);

struct look_node {
    struct str title, text;
    bool done, now;
};
struct look_process_view {
    struct str label; /* "Quy trình" */
    const struct look_node *nodes;
    size_t nodes_n;
    bool ended;
};
void look_process_html(struct html *out, const struct look_process_view *v);

/* A figure without a source is not shown. */
struct look_stat_view {
    struct str what, figure, change, target, source, href;
    struct look_badge_view badge;
    struct markup spark;
};
void look_stat_html(struct html *out, const struct look_stat_view *v);

/* A card with a chart or a map: its title, unit, the same as a table, source and time. */
struct look_figure_view {
    struct str id, title, unit;
    struct markup chart;
    struct look_table_view table; /* "Xem bảng"; no columns: the page has the table elsewhere */
    struct str source;
};
void look_figure_html(struct html *out, const struct look_figure_view *v);

/* Horizontal bars from 0, with words and figures. */
struct look_bar {
    struct str label, href, value, share; /* "62", "41%" */
    int width;                            /* of 1000 */
};
struct look_bars_view {
    const struct look_bar *bars;
    size_t bars_n;
    struct str empty; /* the sentence when there are none */
};
void look_bars_html(struct html *out, const struct look_bars_view *v);

/* A map: areas by classes, "below threshold" hatched. Each area is a link with its words. */
struct look_area {
    struct str shape; /* address of its path: "/ban-do/20.svg?v=1a2b#a05977" */
    struct str words; /* "Xã Mẫu Sơn: 91,2% đúng hạn, 18 trễ trong 205" */
    struct str href;  /* empty: it leads nowhere */
    int class_no;     /* 1..4 darker is more, 5 below threshold, 0 without figures */
};
struct look_map_view {
    struct str label, box; /* box: the view box of the shapes */
    const struct look_area *areas;
    size_t areas_n;
    const struct look_class {
        int class_no;
        struct str label;
    } * legend;
    size_t legend_n;
};
void look_map_html(struct html *out, const struct look_map_view *v);

/* ---- papers ---- */

struct look_signer {
    struct str initials, icon, name, office;
    struct look_badge_view badge;
    const struct look_row *rows; /* "Ký lúc", "Chứng thư", "Thu hồi", "Mức" */
    size_t rows_n;
};
struct look_signature_view {
    struct str kind, icon, verdict, text; /* of the note: state sentence first */
    const struct look_signer *signers;
    size_t signers_n;
    struct markup qr;
    struct str code, sha256, journal, check_href;
};
void look_signature_html(struct html *out, const struct look_signature_view *v);

/* The page that asks before what cannot be undone. Buttons repeat the verb. */
struct look_confirm_view {
    struct str question, text, action, confirm, keep, keep_href;
    struct look_note_view note;
    struct look_field_view field; /* a reason, perhaps; no name: none */
    const struct look_hidden *hidden;
    size_t hidden_n;
    bool danger;
};
void look_confirm_html(struct html *out, const struct look_confirm_view *v);

/* ---- frames ---- */

struct look_menu_item {
    struct str heading; /* begins a group */
    struct str title, path, icon, count;
    bool hot, current;
};
struct look_unit_choice {
    struct str id, name;
    bool current;
};
struct look_footer_column {
    struct str title;
    const struct look_link *links;
    size_t links_n;
};
/* What every frame is drawn from; filled by look_frame. */
struct look_frame {
    struct str lang, title;
    struct str site, tagline, owner; /* "Dịch vụ công Lạng Sơn", "Một nơi cho mọi thủ tục", ... */
    struct str css, script, mark, icons, font, font_bold; /* addresses */
    struct str html_class, body_class;
    bool big;
    struct str normal_href, big_href, vi_href, en_href;
    struct str know_href; /* "Cách nhận biết" */
    bool vi;
    bool signed_in, demo;
    struct str person, initials;
    struct str unit;
    const struct look_unit_choice *units; /* to act in another; several, or none */
    size_t units_n;
    struct str return_to;
    const struct look_menu_item *menu;
    size_t menu_n;
    const struct look_menu_item *bottom; /* the first four, for phones */
    size_t bottom_n;
    const struct look_link *account; /* menu of the person */
    size_t account_n;
    struct str home;                                            /* of the brand */
    struct str sign_in, sign_out, lock, unit_action, unit_href; /* addresses; empty: not there */
    struct str search_action, bell, more;
    struct str bell_count; /* how many are new; empty: none */
    bool rail;
    struct look_note_view banner; /* no text: none */
    struct str toast;
    const struct str *about; /* lines under the owner's name in the foot */
    size_t about_n;
    const struct look_footer_column *footer;
    size_t footer_n;
    struct markup main;
};
struct look_citizen_view {
    const struct look_frame *f;
};
struct look_officer_view {
    const struct look_frame *f;
};
struct look_bare_view {
    const struct look_frame *f;
};
struct look_toast_view {
    struct str text;
};
void look_citizen_html(struct html *out, const struct look_citizen_view *v);
void look_officer_html(struct html *out, const struct look_officer_view *v);
void look_bare_html(struct html *out, const struct look_bare_view *v);
void look_toast_html(struct html *out, const struct look_toast_view *v);

/* ---- the component sheet ---- */

struct look_colour {
    struct str name, hex, ratio;
};
struct look_sheet_view {
    struct str citizen_href, officer_href; /* the sheet in each density */
    const struct look_colour *colours;
    size_t colours_n;
    const struct str *icons;
    size_t icons_n;
    const struct look_badge_view *badges;
    size_t badges_n;
    const struct look_due_badge_view *dues;
    size_t dues_n;
    const struct look_field_view *fields;
    size_t fields_n;
    struct look_errors_view errors;
    struct look_pager_view pager, numbers;
    struct look_days_view days;
    struct look_stepper_view stepper;
    struct look_process_view process;
    struct look_timeline_view timeline;
    struct look_facts_view facts;
    struct look_tabs_view tabs;
    struct look_filter_view filter;
    struct look_table_view table;
    struct look_rows_view rows;
    const struct look_component_view *components;
    size_t components_n;
    const struct look_stat_view *stats;
    size_t stats_n;
    struct look_signature_view signature;
    struct look_empty_view empty;
};
void look_sheet_html(struct html *out, const struct look_sheet_view *v);
