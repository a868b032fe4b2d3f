/* onestop_store_desk.c - SQL about onestop_desk: lists of dossiers, what is asked of them. */
#include "identity/identity.h"
#include "onestop_lists.h"
#include "onestop_store.h"
#include "org/org.h"

#define PERSONS_MAX 40
#define PROCEDURES_MAX 12

/* ---- the scope ---- */

int64_t onestop_last_of(struct str path)
{
    int64_t id = 0;
    for (struct str rest = path, piece; rest.n;) {
        str_cut(rest, '/', &piece, &rest);
        if (piece.n && !str_int(piece, &id))
            return 0;
    }
    return id;
}

/* A unit or a tree of units reads its own rows; the rare other scopes look at the dossier. */
static void add_reader_scope(struct cx *cx, struct db_text *q)
{
    const struct scope *s = &cx->scope;
    if (s->kind == SCOPE_UNIT) {
        DB_ADD(q, " and k.reader = $ and k.reach = 1", V(s->unit));
        return;
    }
    if (s->kind == SCOPE_UNIT_TREE) {
        DB_ADD(q, " and k.reader = $ and k.reach = 2", V(onestop_last_of(s->unit_path)));
        return;
    }
    DB_ADD(q, " and k.reach = 1 and k.hand = 1"); /* one row a dossier */
    db_scope(cx, q,
             &(struct db_scope_columns){.owner_account = "d.account",
                                        .owner_person = "d.submitter",
                                        .assignee = "k.assignee",
                                        .area_path = "d.area_path"});
}

/* Whoever works on dossiers has those in the hands of the own unit; who only watches, all that are
 * in work. What stands below a leader's unit is in its lists of all dossiers and of late ones. */
static void add_work_scope(struct cx *cx, struct db_text *q)
{
    const struct scope *s = &cx->scope;
    if (s->kind == SCOPE_UNIT_TREE && onestop_works_on_steps(cx))
        DB_ADD(q, " and k.reader = $ and k.reach = 1", V(onestop_last_of(s->unit_path)));
    else
        add_reader_scope(cx, q);
    if (s->kind == SCOPE_UNIT || s->kind == SCOPE_UNIT_TREE)
        DB_ADD(q, " and k.hand = 1");
}

/* Of what is to be done in the unit, what this reader's own rights are asked for; who has none of
 * them watches, and sees all. One right is served by its index; more of them are most of the unit.
 */
static void add_hands(struct cx *cx, struct db_text *q)
{
    static const struct right *const rights[] = {&onestop_intake, &onestop_process, &onestop_sign};
    int mine[3], n = 0;
    for (int i = 0; i < 3; i++)
        if (web_may(cx, rights[i]))
            mine[n++] = NEED_COUNTER + i;
    if (n == 1)
        DB_ADD(q, " and k.need = $", V(mine[0]));
    if (n == 2)
        DB_ADD(q, " and +k.need in ($, $)", V(mine[0]), V(mine[1]));
}

/* ---- words ---- */

static bool is_code(struct str words)
{
    bool digit = false, space = false;
    for (size_t i = 0; i < words.n; i++) {
        digit = digit || (words.p[i] >= '0' && words.p[i] <= '9');
        space = space || words.p[i] == ' ';
    }
    return digit && !space;
}

/* A code is typed by its beginning. Whose name has the words; else of what procedure it is. */
/* unscoped: a condition within a list of its own scope */
static enum err add_words(struct cx *cx, struct db_text *q, struct str words)
{
    if (is_code(words)) {
        struct str upper = text_upper(cx->arena, words);
        struct str end = str_fmt(cx->arena, "%.*s~", F(upper));
        if (str_starts(upper, S("YC-"))) /* what the person was given first finds it for good */
            DB_ADD(q, " and k.dossier in (select id from onestop_dossier where request_code = $)",
                   V(upper));
        else
            DB_ADD(q, " and k.code >= $ and k.code < $", V(upper), V(end));
        return OK;
    }
    int64_t persons[PERSONS_MAX];
    struct procedure_hit hits[PROCEDURES_MAX];
    size_t n, total;
    TRY(person_search(cx, words, persons, PERSONS_MAX, &n));
    if (n) {
        DB_ADD(q, " and k.dossier in (select id from onestop_dossier where submitter in ($",
               V(persons[0]));
        for (size_t i = 1; i < n; i++)
            DB_ADD(q, ", $", V(persons[i]));
        DB_ADD(q, "))");
        return OK;
    }
    TRY(procedure_search(cx, words, hits, PROCEDURES_MAX, &n, &total));
    DB_ADD(q, " and k.procedure_code in (''");
    for (size_t i = 0; i < n; i++)
        DB_ADD(q, ", $", V(hits[i].code));
    DB_ADD(q, ")");
    return OK;
}

/* The beginning of so many codes: they are met soon on a walk in the order of the list. */
static enum err add_words_many(struct cx *cx, struct db_text *q, struct str words)
{
    struct str upper = text_upper(cx->arena, words);
    if (!is_code(words) || str_starts(upper, S("YC-")))
        return add_words(cx, q, words);
    struct str end = str_fmt(cx->arena, "%.*s~", F(upper));
    DB_ADD(q, " and coalesce(k.code, '') >= $ and coalesce(k.code, '') < $", V(upper), V(end));
    return OK;
}

/* ---- filters ---- */

static int64_t end_of_today(const struct cx *cx)
{
    return (day_of(cx->now) + 1) * DAY_MS - 7 * HOUR_MS;
}

static void add_due(struct cx *cx, struct db_text *q, struct str value)
{
    if (str_eq(value, S("qua")))
        DB_ADD(q, " and k.turn = 1 and k.due_key >= 0 and k.due_key < $", V(cx->now));
    else if (str_eq(value, S("hom-nay")))
        DB_ADD(q, " and k.turn = 1 and k.due_key >= $ and k.due_key < $", V(cx->now),
               V(end_of_today(cx)));
    else if (str_eq(value, S("cho")))
        DB_ADD(q, " and k.turn = 2");
}

/* Without a choice the inbox is what the reader has to do; "don-vi" is what the whole unit has.
 * Who signs answers for what is late at any step, and apologises for it. */
static void add_due_work(struct cx *cx, struct db_text *q, struct str value)
{
    add_due(cx, q, value);
    if (str_eq(value, S("viec")) || str_eq(value, S("don-vi")))
        DB_ADD(q, " and k.turn = 1");
    const bool late = str_eq(value, S("qua")) || str_eq(value, S("hom-nay"));
    if (str_eq(value, S("viec")) || (late && !web_may(cx, &onestop_sign)))
        add_hands(cx, q);
}

static void add_state(struct cx *cx, struct db_text *q, struct str value)
{
    (void)cx;
    for (int s = DOSSIER_WAITING; s <= DOSSIER_CANCELLED; s++)
        if (str_eq(str_c(onestop_state((enum dossier_state)s)->name), value))
            DB_ADD(q, " and k.state = $", V(s));
}

/* A state, or whom the step asks while it is worked on. */
static void add_step(struct cx *cx, struct db_text *q, struct str value)
{
    add_state(cx, q, value);
    if (str_eq(value, S("tham_tra")))
        DB_ADD(q, " and k.need = $", V(NEED_CHECK));
    if (str_eq(value, S("ky")))
        DB_ADD(q, " and k.need = $", V(NEED_SIGN));
}

static void add_mine(struct cx *cx, struct db_text *q, struct str value)
{
    if (str_eq(value, S("toi")))
        DB_ADD(q, " and k.assignee = $", V(cx->actor->account));
    if (str_eq(value, S("chua-ai")))
        DB_ADD(q, " and k.assignee = 0");
}

/* One code, or several with commas. */
static void add_procedure(struct cx *cx, struct db_text *q, struct str value)
{
    (void)cx;
    struct str code, rest;
    str_cut(value, ',', &code, &rest);
    DB_ADD(q, " and k.procedure_code in ($", V(code));
    for (int n = 1; rest.n && n < ONESTOP_CODES_MAX; n++) {
        str_cut(rest, ',', &code, &rest);
        DB_ADD(q, ", $", V(code));
    }
    DB_ADD(q, ")");
}

/* "tuan", "thang", "nam": sent in the last so many days. */
static void add_sent(struct cx *cx, struct db_text *q, struct str value)
{
    const int64_t days = str_eq(value, S("tuan"))    ? 7
                         : str_eq(value, S("thang")) ? 31
                         : str_eq(value, S("nam"))   ? 366
                                                     : 0;
    if (days)
        DB_ADD(q, " and k.sent_at >= $", V(cx->now - days * DAY_MS));
}

/* What this unit and those below it decide: the figures of statistics lead here. */
/* unscoped: a condition within a list of its own scope */
static void add_deciding(struct cx *cx, struct db_text *q, struct str value)
{
    struct org_unit u;
    if (org_unit_by_code(cx, value, day_of(cx->now), &u) != OK) {
        DB_ADD(q, " and 1 = 0");
        return;
    }
    struct str end = str_fmt(cx->arena, "%.*s0", F(str_until(u.path, u.path.n - 1)));
    DB_ADD(q, " and d.competent_path >= $ and d.competent_path < $", V(u.path), V(end));
}

/* A left join to a unique key: a count that needs nothing of the dossier does not look at it. */
#define FROM_DESK " from onestop_desk k left join onestop_dossier d on d.id = k.dossier where 1 = 1"

/* ---- the count beside the place in the menu ---- */

/* To be done in the hands of the reader's units, counted up to max; and whether any is late. */
enum err onestop_store_desk_count(struct cx *cx, int64_t max, int64_t *n, bool *late)
{
    struct db_text q;
    auto_rows r = {0};
    db_text_start(cx, &q);
    DB_ADD(&q, "select (select count(*) from (select 1" FROM_DESK " and k.turn = 1");
    add_hands(cx, &q);
    add_work_scope(cx, &q);
    DB_ADD(&q, " limit $) as few), (select count(*) from (select 1" FROM_DESK, V(max));
    DB_ADD(&q, " and k.turn = 1 and k.due_key >= 0 and k.due_key < $", V(cx->now));
    add_hands(cx, &q);
    add_work_scope(cx, &q);
    DB_ADD(&q, " limit 1) as one)");
    TRY(db_query_text(cx, &r, &q));
    if (!db_next(&r))
        return r.err ? r.err : ERR_IO;
    *n = db_int(&r, 0);
    *late = db_int(&r, 1) > 0;
    return OK;
}

/* ---- the sources ---- */

static void *row_of(struct cx *cx, struct db_rows *r, int at)
{
    struct inbox_row *row = NEW(cx->arena, struct inbox_row);
    row->d = onestop_store_row(r, at);
    return row;
}

static void *work_row_of(struct cx *cx, struct db_rows *r, int at)
{
    struct inbox_row *row = row_of(cx, r, at + 1);
    row->need = (int)db_int(r, at);
    return row;
}

static const struct list_filter work_filters[] = {{"han", "viec", add_due_work},
                                                  {"trang-thai", NULL, add_step},
                                                  {"cua", NULL, add_mine},
                                                  {"thu-tuc", NULL, add_procedure}};
/* The last three are grouped by; most urgent first in each. */
static const struct list_sort work_sorts[] = {
    {"han", "k.due_key", false, false, NULL},
    {"nhan", "k.sent_at", false, true, NULL},
    {"thu-tuc", "k.procedure_code", true, false, "k.due_key"},
    {"nguoi-giu", "k.assignee", false, false, "k.due_key"},
    {"buoc", "k.need", false, false, "k.due_key"}};
const struct list_source onestop_work_source = {
    .columns = "k.need, " ONESTOP_DOSSIER_COLUMNS,
    .from = FROM_DESK,
    .id = "k.dossier",
    .scope = add_work_scope,
    .words = add_words,
    .words_many = add_words_many,
    .words_weak = is_code,
    .filters = work_filters,
    .filters_n = sizeof work_filters / sizeof *work_filters,
    .sorts = work_sorts,
    .sorts_n = sizeof work_sorts / sizeof *work_sorts,
    .row = work_row_of,
    .finish = onestop_fill_rows,
};

static const struct list_filter all_filters[] = {
    {"han", NULL, add_due},         {"trang-thai", NULL, add_state},
    {"nhan", NULL, add_sent},       {"thu-tuc", NULL, add_procedure},
    {"don-vi", NULL, add_deciding}, {"so", NULL, onestop_add_figure}};
static const struct list_sort all_sorts[] = {{"nhan", "k.sent_at", false, true, NULL},
                                             {"ma", "k.code", true, false, NULL}};
const struct list_source onestop_all_source = {
    .columns = ONESTOP_DOSSIER_COLUMNS,
    .from = FROM_DESK,
    .id = "k.dossier",
    .scope = add_reader_scope,
    .words = add_words,
    .words_many = add_words_many,
    .words_weak = is_code,
    .filters = all_filters,
    .filters_n = sizeof all_filters / sizeof *all_filters,
    .sorts = all_sorts,
    .sorts_n = sizeof all_sorts / sizeof *all_sorts,
    .row = row_of,
    .finish = onestop_fill_rows,
};
