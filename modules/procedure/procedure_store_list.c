/* procedure_store_list.c - SQL of the officers' lists. */
#include "db/db.h"
#include "procedure_lists.h"

/* The catalogue is public: whoever has the right of the page sees all of it. */
static void all_of_it(struct cx *cx, struct db_text *q)
{
    (void)cx;
    DB_ADD(q, " and 1 = 1");
}

static void add_state(struct cx *cx, struct db_text *q, struct str value)
{
    if (str_eq(value, S("mo")))
        DB_ADD(q, " and c.open_from between 1 and $ and c.ended = 0", V(day_of(cx->now)));
    else if (str_eq(value, S("thoi-han")))
        DB_ADD(q, " and c.free_term = 1 and c.ended = 0");
    else if (str_eq(value, S("chua-doi-chieu")))
        DB_ADD(q, " and c.open_from > 0 and c.proofread = 0 and c.ended = 0");
    else if (str_eq(value, S("het")))
        DB_ADD(q, " and c.ended = 1");
}

static void add_level(struct cx *cx, struct db_text *q, struct str value)
{
    if (str_eq(value, S("bo")) || str_eq(value, S("tinh")) || str_eq(value, S("xa")))
        DB_ADD(q, " and c.levels like $", V(str_fmt(cx->arena, "%% %.*s %%", F(value))));
}

#define WORDS_MAX 8

static enum err add_words(struct cx *cx, struct db_text *q, struct str words)
{
    struct str word, rest = text_fold(cx->arena, str_until(words, 200));
    for (int i = 0; i < WORDS_MAX && rest.n; i++) {
        str_cut(rest, ' ', &word, &rest);
        DB_ADD(q,
               " and exists (select 1 from procedure_word w where w.procedure = c.procedure"
               " and w.word >= $ and w.word < $)",
               V(word), V(str_fmt(cx->arena, "%.*s~", F(word))));
    }
    return OK;
}

static void *card_of(struct cx *cx, struct db_rows *r, int at)
{
    struct card_row *c = NEW(cx->arena, struct card_row);
    *c = (struct card_row){
        .procedure = db_int(r, at),
        .code = db_str(r, at + 1),
        .name = db_str(r, at + 2),
        .field_name = db_str(r, at + 3),
        .publisher = db_str(r, at + 4),
        .open_from = db_int(r, at + 5),
        .level = db_str(r, at + 6),
        .term_words = db_str(r, at + 7),
        .free_term = db_int(r, at + 8) != 0,
        .proofread = db_int(r, at + 9) != 0,
        .ended = db_int(r, at + 10) != 0,
    };
    return c;
}

static const struct list_filter card_filters[] = {{"loai", NULL, add_state},
                                                  {"cap", NULL, add_level}};
static const struct list_sort card_sorts[] = {{"ten", "c.sort_key", true, false, NULL}};

const struct list_source procedure_card_source = {
    .columns = "c.procedure, c.code, c.name, c.field_name, c.publisher, c.open_from, c.level,"
               " c.term_words, c.free_term, c.proofread, c.ended",
    .from = " from procedure_card c where 1 = 1",
    .id = "c.procedure",
    .scope = all_of_it,
    .words = add_words,
    .filters = card_filters,
    .filters_n = 2,
    .sorts = card_sorts,
    .sorts_n = 1,
    .row = card_of,
};

/* ---- what a crawl would change ---- */

static void add_import(struct cx *cx, struct db_text *q, struct str value)
{
    int64_t id;
    (void)cx;
    DB_ADD(q, " and r.import = $", V(str_int(value, &id) ? id : 0));
}

static void add_change(struct cx *cx, struct db_text *q, struct str value)
{
    (void)cx;
    DB_ADD(q, " and r.change = $", V(value));
}

static enum err add_typed(struct cx *cx, struct db_text *q, struct str words)
{
    struct str typed = str_fmt(cx->arena, "%%%.*s%%", F(str_until(words, 100)));
    DB_ADD(q, " and (r.code like $ or r.name like $)", V(typed), V(typed));
    return OK;
}

static void *change_of(struct cx *cx, struct db_rows *r, int at)
{
    struct change_row *c = NEW(cx->arena, struct change_row);
    *c = (struct change_row){
        .id = db_int(r, at),
        .import = db_int(r, at + 1),
        .at = db_int(r, at + 2),
        .code = db_str(r, at + 3),
        .name = db_str(r, at + 4),
        .change = db_str(r, at + 5),
        .state = db_str(r, at + 6),
    };
    return c;
}

static const struct list_filter change_filters[] = {{"ban", "0", add_import},
                                                    {"loai", "moi", add_change}};
static const struct list_sort change_sorts[] = {{"ten", "r.sort_key", true, false, NULL}};

const struct list_source procedure_change_source = {
    .columns = "r.id, r.import, r.at, r.code, r.name, r.change, r.state",
    .from = " from procedure_import_row r where 1 = 1",
    .id = "r.id",
    .scope = all_of_it,
    .words = add_typed,
    .filters = change_filters,
    .filters_n = 2,
    .sorts = change_sorts,
    .sorts_n = 1,
    .row = change_of,
};
