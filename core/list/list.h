/*
 * list.h - one way to show many rows: searched, filtered, sorted, paged by key, exported.
 *
 * A module states a list as data. Where its rows come from is a `struct list_source` beside the
 * other SQL of the module; what people see of each row is a `struct list_def` beside its pages.
 * This room makes one SQL of it with the reader's scope bound, the same on both databases; asks
 * for one page at a time by the key of the last row seen, so that the thousandth page costs what
 * the first does; keeps the whole view in the address; counts no further than LIST_COUNT_MAX.
 */
#pragma once
#include "base/base.h"
#include "db/db.h"
#include "look/look.h"
#include "web/web.h"

#define LIST_FILTERS_MAX 8
#define LIST_CHOOSABLE_MAX 12
#define LIST_PAGE_MAX 500
#define LIST_COUNT_MAX 1000 /* beyond it a page says "more than" */

/* ---- what is asked ---- */

/* Where a page begins: what the row is sorted by, and its id. */
struct list_key {
    bool set;
    int64_t number, then, id;
    struct str text;
};
struct list_ask {
    struct str words;                    /* as typed */
    struct str values[LIST_FILTERS_MAX]; /* as the filters of the source stand; empty: any */
    size_t sort;
    bool down;
    struct list_key after, before; /* one of them, or neither: the first page */
    int64_t from;                  /* number of the first row, for people to read only */
    unsigned columns;              /* bit i: the i-th choosable column is otherwise than usual */
    bool many; /* something was asked that very many fit: they are met soon on a walk in order */
};

/* ---- where rows come from: in a _store.c ---- */

struct list_sort {
    const char *name; /* in the address: "han" */
    const char *sql;  /* a column that is never null, with an index that ends in the id */
    bool text;
    bool down; /* the other way round at first */
    /* A number, never null: the order among those that are the same; the index has it between. */
    const char *then;
};
struct list_filter {
    const char *name;  /* in the address */
    const char *usual; /* its value when the address says none; NULL: any */
    /* Adds " and ..." for a value it knows, nothing for another. */
    void (*add)(struct cx *cx, struct db_text *q, struct str value);
};
struct list_source {
    const char *columns; /* "d.id, d.code, ..." */
    const char *from;    /* " from a_table d where 1 = 1" */
    const char *id;      /* "d.id": unique among the rows of one list */
    /* Adds " and ..." for the reader's scope; a list without one does not run. */
    void (*scope)(struct cx *cx, struct db_text *q);
    /* Adds " and (...)" for words somebody typed; may look up people first. NULL: no search. */
    enum err (*words)(struct cx *cx, struct db_text *q, struct str words);
    /* The same for words that fit many rows, such that no index of theirs is used. May be NULL. */
    enum err (*words_many)(struct cx *cx, struct db_text *q, struct str words);
    /* May these words fit a great many rows, which their index counts for little? Then they are
     * counted before any is read. May be NULL. */
    bool (*words_weak)(struct str words);
    const struct list_filter *filters;
    size_t filters_n;
    const struct list_sort *sorts; /* the first is the usual one */
    size_t sorts_n;
    /* One row, its columns beginning at `at`; lives in cx->arena. */
    void *(*row)(struct cx *cx, struct db_rows *r, int at);
    /* All rows of a page once reading has ended: names opened, other doors asked. May be NULL. */
    enum err (*finish)(struct cx *cx, void **rows, size_t n);
};

struct list_rows {
    void **rows;
    size_t n;
    bool more_after, more_before;
    struct list_key first, last;
};
/* One page of at most `max` rows. */
enum err list_read(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                   size_t max, struct list_rows *out);
/* Something was asked that the order does not serve: how many match, and when they are no more than
 * LIST_COUNT_MAX (*more is false), the page of them. */
enum err list_few(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                  size_t max, struct list_rows *out, int64_t *n, bool *more);
/* One or the other, as what is asked is served, and how many match. */
enum err list_page(struct cx *cx, const struct list_source *s, struct list_ask *ask, size_t max,
                   struct list_rows *out, int64_t *n, bool *more);
/* For whoever goes through a list one by one. */
struct list_follow {
    void *row; /* NULL: there is no other one */
    int64_t row_id;
    int64_t left;    /* how many others there are; more: more than LIST_COUNT_MAX */
    bool more, here; /* here: the row itself is still in the list */
};
/* What follows the row `id` in this view: the row `wish` while it stands in it, else the one after
 * `id` in its order, else the first. */
enum err list_next(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                   int64_t id, int64_t wish, struct list_follow *out);
/* How many match, counted up to LIST_COUNT_MAX; *more: there are more than that. */
enum err list_count(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                    int64_t *n, bool *more);
/* The text of a page's SQL: for tests that look at the plan. */
enum err list_sql(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                  size_t max, struct db_text *q);

/* ---- what people see: beside the pages ---- */

enum list_value_kind { LIST_TEXT = 0, LIST_NUMBER, LIST_INSTANT, LIST_DAY };
struct list_value {
    enum list_value_kind kind;
    struct str text;
    int64_t number; /* or instant, or day; 0 of an instant is empty */
};
struct list_column {
    const char *title;
    const char *css, *label; /* of look_column */
    const char *sort;        /* name of a sort; NULL: none */
    bool personal;           /* masked in an export for whoever has no right to it */
    /* On the page; NULL: only in exports. */
    void (*cell)(struct cx *cx, const void *row, struct look_cell *c);
    /* In an export; NULL: only on the page. */
    struct list_value (*value)(struct cx *cx, const void *row);
};
struct list_choice {
    struct str value, label;
};
/* How a filter of the source is offered: a chip with choices. label NULL: not as a chip (a tab). */
struct list_offer {
    const char *label;
    const struct list_choice *choices;
    size_t choices_n;
};
/* The headings that rows stand under in one of the orders of the source. */
struct list_group {
    const char *sort, *label; /* of the order; what people choose it by */
    /* The heading this row belongs under; an empty title: none. */
    void (*of)(struct cx *cx, const void *row, struct str *title, struct str *icon);
};
/* A column the reader may show or hide, by its title. */
struct list_choosable {
    const char *name; /* in the address: "noi" */
    const char *column;
    bool off; /* not shown until it is chosen */
};
struct list_def {
    const char *name;  /* of exported files: "viec" */
    const char *title; /* caption of the table, and the sheet of an export */
    const char *path;  /* "/viec" */
    const char *placeholder;
    const struct list_source *source;
    const struct list_column *columns;
    size_t columns_n;
    const struct list_offer *offers; /* as many as the source has filters */
    size_t per_page;                 /* 0: 50 */
    const char *pick;                /* name of the boxes before the rows; NULL: none */
    /* Value and name of a row's box; an empty value: this row cannot be chosen. */
    void (*pick_of)(struct cx *cx, const void *row, struct str *value, struct str *label);
    /* The first is of the usual order; with more of them the reader chooses. */
    const struct list_group *groups;
    size_t groups_n;
    const char *empty, *empty_text; /* when nothing is there at all */
    bool exports;                   /* offers path/xuat */
    const struct list_choosable *choosable;
    size_t choosable_n;
    /* The links of rows carry the view (list_query) under this name, unless it is the usual one;
     * NULL: they do not. */
    const char *within;
    bool views; /* a reader may keep views of it under a name (see list_set_saved) */
};

/* What the address asks of this list. A broken key is the first page. */
void list_ask_of(struct web_req *rq, const struct list_def *d, struct list_ask *out);
/* The same from a query string, for exports that run later. */
void list_ask_from(struct cx *cx, const struct list_def *d, struct str query, struct list_ask *out);
/* The query string of a view without its page: "q=...&han=qua". */
struct str list_query(struct cx *cx, const struct list_def *d, const struct list_ask *ask);
/* Its address with one filter set otherwise (by name; empty value: taken away), first page. */
struct str list_href(struct cx *cx, const struct list_def *d, const struct list_ask *ask,
                     const char *filter, struct str value);
/* The value of a filter; empty: none. */
struct str list_value_of(const struct list_def *d, const struct list_ask *ask, const char *filter);
/* Is it something else than what the address means by saying nothing? */
bool list_unusual(const struct list_filter *f, struct str value);
/* "1.284", "hơn 1.000" */
struct str list_number(struct cx *cx, int64_t n, bool more);

/* "H*** M*** A***": enough for the holder to know it is theirs. */
struct str list_masked(struct cx *cx, struct str name);

/* ---- an export: every row that matches, page by page, nothing held but one page ---- */

enum list_format { LIST_XLSX = 1, LIST_CSV };
struct list_export {
    const struct list_def *def;
    struct list_ask ask;
    enum list_format format;
    bool personal; /* columns marked so are written out; else masked */
    enum err (*sink)(struct cx *cx, void *state, struct str piece);
    /* After each page: how many rows are out. An error ends the export. */
    enum err (*progress)(struct cx *cx, void *state, int64_t done);
    void *state;
};
#define LIST_EXPORT_MAX 500000
/* Outside of a lane; each page is a read of its own in SLOW. *n: rows written. ERR_LIMIT: there are
 * more than LIST_EXPORT_MAX. What a spreadsheet would take for a formula becomes text. */
enum err list_export_run(struct cx *cx, const struct list_export *e, int64_t *n);
/* How many rows an export will have, at most LIST_EXPORT_MAX + 1; in a lane. */
enum err list_total(struct cx *cx, const struct list_source *s, const struct list_ask *ask,
                    int64_t *n);

/* ---- views kept under a name, the reader's own ---- */

#define LIST_SAVED_MAX 12 /* of one list */
struct list_saved {
    struct str title, query; /* as list_query writes it */
};
/* What the reader keeps of this list, in their order. The module that keeps them sets the hook once
 * at start; without one nothing is offered. Saving is a POST to LIST_SAVED_PATH with ds (name of
 * the list), ve (the address) and ten. */
typedef enum err list_saved_fn(struct cx *cx, struct str list, struct list_saved *out, size_t max,
                               size_t *n);
void list_set_saved(list_saved_fn *fn);
#define LIST_SAVED_PATH "/khung-nhin"

/* The list as a component: {{> list_box list}}. */
struct list_button {
    struct str label, name, value, kind, key;
    struct str action; /* where the chosen rows go, if elsewhere than bulk_action */
};
struct list_box_view {
    const struct look_link *views; /* kept ones; current: what is shown is this */
    size_t views_n;
    struct str save_list, save_address; /* empty: nothing to save */
    bool has_views;                     /* one of both */
    struct look_filter_view filter;
    struct look_table_view table;
    struct str export_action; /* empty: not offered */
    const struct look_hidden *kept;
    size_t kept_n;
    struct str export_note;
    bool export_masked;     /* the page says that this reader gets no names */
    struct str bulk_action; /* of the form around the buttons; the bar is there with a button */
    const struct list_button *buttons;
    size_t buttons_n;
};
void list_box_html(struct html *out, const struct list_box_view *v);
/* Reads the page that was asked for and fills *v. The caller may add bulk buttons. */
enum err list_show(struct cx *cx, struct web_req *rq, const struct list_def *d,
                   struct list_box_view *v, struct list_ask *ask);
