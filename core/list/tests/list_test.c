/* list_test.c - a list of invented rows: exported whole over many pages, formulas made text, ended.
 */
#include "csv/csv.h"
#include "list/list.h"
#include "testing/testing.h"
#include "xlsx/xlsx.h"

struct row {
    int64_t id, n;
    struct str name;
};

static void *row_of(struct cx *cx, struct db_rows *r, int at)
{
    struct row *row = NEW(cx->arena, struct row);
    *row = (struct row){db_int(r, at), db_int(r, at + 1), db_str(r, at + 2)};
    return row;
}

static void scope(struct cx *cx, struct db_text *q)
{
    db_scope(cx, q, &(struct db_scope_columns){.unit = "l.unit"});
}

static void add_even(struct cx *cx, struct db_text *q, struct str value)
{
    (void)cx;
    if (str_eq(value, S("co")))
        DB_ADD(q, " and l.n % 2 = 0");
}

static const struct list_filter filters[] = {{"chan", NULL, add_even}};
static const struct list_sort sorts[] = {{"so", "l.n", false, false, NULL},
                                         {"ten", "l.name", true, true, NULL}};
static const struct list_source source = {
    .columns = "l.id, l.n, l.name",
    .from = " from list_line l where 1 = 1",
    .id = "l.id",
    .scope = scope,
    .filters = filters,
    .filters_n = 1,
    .sorts = sorts,
    .sorts_n = 2,
    .row = row_of,
};

static struct list_value value_n(struct cx *, const void *row)
{
    return (struct list_value){.kind = LIST_NUMBER, .number = ((const struct row *)row)->n};
}

static struct list_value value_name(struct cx *, const void *row)
{
    return (struct list_value){.text = ((const struct row *)row)->name};
}

static const struct list_column columns[] = {
    {"Số", "", NULL, "so", false, NULL, value_n},
    {"Tên", "", NULL, "ten", false, NULL, value_name},
    {"Ai", "", NULL, NULL, true, NULL, value_name},
};
static const struct list_offer offers[] = {{"Chẵn", NULL, 0}};
static const struct list_def def = {.name = "dong",
                                    .title = "Dòng",
                                    .path = "/dong",
                                    .source = &source,
                                    .columns = columns,
                                    .columns_n = 3,
                                    .offers = offers};

static enum err fill(struct cx *cx)
{
    static const char *const names[] = {"=1+1", "Ẳng, \"Ễ\"", "+84", "-5", "@SUM(A1)", "\tx", "Vi"};
    TRY(db_exec(
        cx, "create table list_line (id integer primary key, unit integer, n integer, name text)"));
    for (int i = 1; i <= 1000; i++)
        TRY(db_exec(cx, "insert into list_line (id, unit, n, name) values ($1, $2, $3, $4)", V(i),
                    V(i <= 700 ? 1 : 2), V(i / 3), V(str_c(names[i % 7]))));
    return OK;
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){0});
}

static void reader(struct cx *cx, int64_t unit)
{
    cx->scope = (struct scope){.kind = SCOPE_UNIT, .unit = unit};
}

struct out {
    struct buf bytes;
    int pages, end_at;
};

static enum err sink(struct cx *, void *state, struct str piece)
{
    buf_add(&((struct out *)state)->bytes, piece);
    return OK;
}

static enum err progress(struct cx *cx, void *state, int64_t)
{
    struct out *o = state;
    return ++o->pages == o->end_at ? fail(cx, ERR_CONFLICT, "dừng") : OK;
}

static enum err run(struct cx *cx, struct out *o, enum list_format format, bool personal,
                    struct list_ask ask, int64_t *n)
{
    const struct list_export e = {.def = &def,
                                  .ask = ask,
                                  .format = format,
                                  .personal = personal,
                                  .sink = sink,
                                  .progress = progress,
                                  .state = o};
    o->bytes = (struct buf){.arena = cx->arena, .limit = 8 << 20};
    testing_let_go(cx);
    enum err came = list_export_run(cx, &e, n);
    testing_hold(cx);
    return came;
}

static void every_row_within_the_scope_is_written_once_over_several_pages(void **t)
{
    struct cx *cx = test_cx(t);
    struct out o = {0};
    int64_t n, sum = 0, v;
    struct csv c;
    struct str *fields;
    size_t fields_n, rows = 0;
    assert_ok(test_write(cx, fill(cx)));
    reader(cx, 1);
    assert_ok(run(cx, &o, LIST_CSV, true, (struct list_ask){0}, &n));
    assert_int_equal(n, 700);
    assert_true(o.pages >= 3);
    assert_ok(csv_open(cx, buf_str(&o.bytes), CSV_COMMA, NULL, &c));
    for (;; rows++) {
        assert_ok(csv_next(cx, &c, &fields, &fields_n));
        if (fields_n == 0)
            break;
        if (rows && str_int(fields[0], &v))
            sum += v;
        assert_false(csv_is_formula(fields[1])); /* = + - @ and tab became text */
    }
    assert_int_equal(rows, 701);
    int64_t expected;
    assert_ok(db_one_int(cx, &expected, "select sum(n) from list_line where unit = 1"));
    assert_int_equal(sum, expected);
}

static void the_same_rows_stand_in_a_spreadsheet_with_personal_columns_masked(void **t)
{
    struct cx *cx = test_cx(t);
    struct out o = {0};
    int64_t n;
    struct xlsx *x;
    struct xlsx_row row;
    size_t rows = 0;
    assert_ok(test_write(cx, fill(cx)));
    reader(cx, 2);
    assert_ok(run(cx, &o, LIST_XLSX, false, (struct list_ask){.sort = 1, .down = true}, &n));
    assert_int_equal(n, 300);
    assert_ok(xlsx_open(cx, buf_str(&o.bytes), NULL, &x));
    assert_ok(xlsx_sheet(cx, x, 0));
    for (;; rows++) {
        assert_ok(xlsx_next(cx, x, &row));
        if (row.n == 0)
            break;
        if (rows == 1)
            assert_str(row.cells[2].text, "Ẳ*** \"***");
    }
    assert_int_equal(rows, 301);
    xlsx_close(x);
}

static void an_export_ends_between_two_pages_when_it_is_not_wanted_any_more(void **t)
{
    struct cx *cx = test_cx(t);
    struct out o = {.end_at = 2};
    int64_t n;
    assert_ok(test_write(cx, fill(cx)));
    reader(cx, 1);
    assert_err(run(cx, &o, LIST_CSV, true, (struct list_ask){0}, &n), ERR_CONFLICT);
    assert_int_equal(o.pages, 2);
    assert_true(n < 700);
}

static void pages_go_on_where_equal_keys_were_cut(void **t)
{
    struct cx *cx = test_cx(t);
    struct list_ask ask = {.values = {S("co")}};
    struct list_rows p;
    int64_t seen = 0, all, last = 0;
    assert_ok(test_write(cx, fill(cx)));
    reader(cx, 1);
    do {
        assert_ok(list_read(cx, &source, &ask, 7, &p));
        for (size_t i = 0; i < p.n; i++) {
            const struct row *r = p.rows[i];
            assert_true(r->id > last); /* ids grow with n here */
            last = r->id;
        }
        seen += (int64_t)p.n;
        ask.after = p.last;
    } while (p.more_after);
    assert_ok(db_one_int(cx, &all, "select count(*) from list_line where unit = 1 and n % 2 = 0"));
    assert_int_equal(seen, all);
}

static void a_count_stops_where_people_stop_caring(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t n;
    bool more;
    assert_ok(test_write(cx, fill(cx)));
    cx->scope = (struct scope){.kind = SCOPE_ALL};
    assert_ok(list_count(cx, &source, &(struct list_ask){0}, &n, &more));
    assert_int_equal(n, 1000);
    assert_false(more);
    assert_ok(test_write(
        cx, db_exec(cx, "insert into list_line (id, unit, n, name) values (1001, 1, 1, 'x')")));
    assert_ok(list_count(cx, &source, &(struct list_ask){0}, &n, &more));
    assert_true(more);
    assert_str(list_number(cx, n, more), "hơn 1.000");
    cx->scope = (struct scope){0};
    assert_ok(list_count(cx, &source, &(struct list_ask){0}, &n, &more));
    assert_int_equal(n, 0);
}

static void an_address_says_the_whole_view_and_nothing_broken(void **t)
{
    struct cx *cx = test_cx(t);
    struct list_ask ask;
    list_ask_from(cx, &def, S("q=h%E1%BB%93+s%C6%A1&chan=co&xep=-ten&sau=Vi~12&tu=51"), &ask);
    assert_str(ask.words, "hồ sơ");
    assert_int_equal(ask.sort, 1);
    assert_true(ask.down && ask.after.set);
    assert_str(ask.after.text, "Vi");
    assert_int_equal(ask.after.id, 12);
    assert_int_equal(ask.from, 51);
    struct list_ask again;
    list_ask_from(cx, &def, list_query(cx, &def, &ask), &again);
    assert_str(again.words, "hồ sơ");
    assert_str(again.values[0], "co");
    assert_true(again.sort == 1 && again.down && !again.after.set);
    list_ask_from(cx, &def, S("xep=khong-co&sau=12&tu=-3&chan="), &ask);
    assert_true(ask.sort == 0 && !ask.down && !ask.after.set && ask.from == 1);
    list_ask_from(cx, &def, S("sau=abc~1"), &ask); /* a key of numbers */
    assert_false(ask.after.set);
}

/* From each row to the next in every order, to the last and round to the first again. */
static void what_follows_a_row_is_the_next_of_the_same_view(void **t)
{
    struct cx *cx = test_cx(t);
    struct list_follow f;
    assert_ok(test_write(cx, fill(cx)));
    reader(cx, 2);
    for (size_t order = 0; order < 4; order++) {
        struct list_ask ask = {.sort = order / 2, .down = order % 2, .values = {S("co")}};
        struct list_rows all;
        assert_ok(list_read(cx, &source, &ask, 400, &all));
        for (size_t i = 0; i < all.n; i++) {
            const struct row *at = all.rows[i], *then = all.rows[(i + 1) % all.n];
            assert_ok(list_next(cx, &source, &ask, at->id, 0, &f));
            assert_true(f.here && !f.more);
            assert_int_equal(f.row_id, then->id);
            assert_int_equal(((const struct row *)f.row)->id, then->id);
            assert_int_equal(f.left, (int64_t)all.n - 1);
        }
    }
}

static void a_row_that_left_the_list_is_followed_by_what_was_next_before(void **t)
{
    struct cx *cx = test_cx(t);
    struct list_ask ask = {0};
    struct list_follow f;
    assert_ok(test_write(cx, fill(cx)));
    reader(cx, 2);
    assert_ok(list_next(cx, &source, &ask, 800, 0, &f));
    assert_int_equal(f.row_id, 801);
    assert_ok(db_exec(cx, "update list_line set unit = 3 where id = 800"));
    assert_ok(list_next(cx, &source, &ask, 800, 801, &f));
    assert_false(f.here);
    assert_int_equal(f.row_id, 801);
    assert_int_equal(f.left, 299);
    assert_ok(list_next(cx, &source, &ask, 800, 5, &f)); /* of another unit: the first one */
    assert_int_equal(f.row_id, 701);
    assert_ok(db_exec(cx, "update list_line set unit = 3 where id <> 900"));
    assert_ok(list_next(cx, &source, &ask, 900, 900, &f));
    assert_true(f.here && !f.row);
    assert_int_equal(f.left, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_follows_a_row_is_the_next_of_the_same_view),
        TEST(a_row_that_left_the_list_is_followed_by_what_was_next_before),
        TEST(every_row_within_the_scope_is_written_once_over_several_pages),
        TEST(the_same_rows_stand_in_a_spreadsheet_with_personal_columns_masked),
        TEST(an_export_ends_between_two_pages_when_it_is_not_wanted_any_more),
        TEST(pages_go_on_where_equal_keys_were_cut),
        TEST(a_count_stops_where_people_stop_caring),
        TEST(an_address_says_the_whole_view_and_nothing_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
