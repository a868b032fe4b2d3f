/* onestop_store_register.c - SQL about the register of numbers: every one that was reserved, with
 * what became of it. */
#include "onestop_lists.h"
#include "onestop_store.h"

enum err onestop_store_number_void(struct cx *cx, int64_t result, struct str why)
{
    TRY(db_exec(cx,
                "insert into onestop_number_void (number, why, by_account, at)"
                " select id, $1, $2, $3 from onestop_number where result = $4 and state = 'giu'",
                V(why), V_OR_NULL(cx->actor->account), V(cx->now), V(result)));
    return onestop_store_number_state(cx, result, S("huy"));
}

/* The register is the deciding unit's. */
static void add_scope(struct cx *cx, struct db_text *q)
{
    db_scope(cx, q,
             &(struct db_scope_columns){
                 .unit = "k.unit", .unit_path = "k.unit_path", .area_path = "k.area_path"});
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] >= '0' && s.p[i] <= '9')
            return true;
    return false;
}

/* "07", "07/2026", "07/2026/KS" as a number is written; "KS" a register; with a digit the beginning
 * of a dossier code. One or the other: both at once no index answers. */
static enum err add_words(struct cx *cx, struct db_text *q, struct str words)
{
    struct str upper = text_upper(cx->arena, str_trim(words)), n, year, reg;
    int64_t number, of_year;
    str_cut(upper, '/', &n, &year);
    str_cut(year, '/', &year, &reg);
    if (all_digits(n) && str_int(n, &number)) {
        DB_ADD(q, " and k.n = $", V(number));
        if (str_int(year, &of_year))
            DB_ADD(q, " and k.year = $", V(of_year));
        if (reg.n)
            DB_ADD(q, " and k.register = $", V(reg));
        return OK;
    }
    if (!has_digit(upper)) {
        DB_ADD(q, " and k.register = $", V(upper));
        return OK;
    }
    struct str end = str_fmt(cx->arena, "%.*s~", F(upper));
    DB_ADD(q, " and k.code >= $ and k.code < $", V(upper), V(end));
    return OK;
}

static void add_state(struct cx *cx, struct db_text *q, struct str value)
{
    (void)cx;
    if (str_eq(value, S("giu")) || str_eq(value, S("dung")) || str_eq(value, S("huy")))
        DB_ADD(q, " and k.state = $", V(value));
}

static void add_year(struct cx *cx, struct db_text *q, struct str value)
{
    int64_t year;
    (void)cx;
    if (str_int(value, &year))
        DB_ADD(q, " and k.year = $", V(year));
}

static void add_register(struct cx *cx, struct db_text *q, struct str value)
{
    DB_ADD(q, " and k.register = $", V(text_upper(cx->arena, value)));
}

static void *row_of(struct cx *cx, struct db_rows *r, int at)
{
    struct register_row *row = NEW(cx->arena, struct register_row);
    *row = (struct register_row){
        .id = db_int(r, at),
        .unit = db_int(r, at + 1),
        .reg = db_str(r, at + 2),
        .year = (int)db_int(r, at + 3),
        .n = db_int(r, at + 4),
        .state = db_str(r, at + 5),
        .reserved_at = db_int(r, at + 6),
        .why = db_str(r, at + 7),
        .void_at = db_int(r, at + 8),
        .signed_at = db_int(r, at + 9),
        .code = db_str(r, at + 10),
        .procedure_name = db_str(r, at + 11),
    };
    return row;
}

static const struct list_filter filters[] = {
    {"tinh-trang", NULL, add_state}, {"nam", NULL, add_year}, {"so", NULL, add_register}};
static const struct list_sort sorts[] = {{"cap", "k.id", false, true, NULL}};
const struct list_source onestop_register_source = {
    .columns = "k.id, k.unit, k.register, k.year, k.n, k.state, k.at, coalesce(x.why, ''),"
               " coalesce(x.at, 0), r.signed_at, k.code, d.procedure_name",
    /* Left: where only keys are asked or counted, neither database reads them. */
    .from = " from onestop_number k left join onestop_result r on r.id = k.result"
            " left join onestop_dossier d on d.id = r.dossier"
            " left join onestop_number_void x on x.number = k.id where 1 = 1",
    .id = "k.id",
    .scope = add_scope,
    .words = add_words,
    .filters = filters,
    .filters_n = sizeof filters / sizeof *filters,
    .sorts = sorts,
    .sorts_n = sizeof sorts / sizeof *sorts,
    .row = row_of,
};
