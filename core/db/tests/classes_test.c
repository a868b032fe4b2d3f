/* classes_test.c - every column of the program says what kind of data it holds. */
#include "testing/testing.h"

static void check(const char *text, const char *column, const char *type, const char *class_name)
{
    struct db_column found[16];
    const size_t n = db_columns_in(str_c(text), found, 16);
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(found[i].column, str_c(column)))
            continue;
        assert_true(str_eq(found[i].type, str_c(type)));
        assert_true(str_eq(found[i].class_name, str_c(class_name)));
        return;
    }
    fail_msg("no column %s", column);
}

static const char example[] =
    "-- personal: a comment above says nothing about columns\n"
    "create table a ( -- internal\n"
    "    id   $id,\n"
    "    name text not null check (name in ('x', 'y, z')), -- public: as shown\n"
    "    -- secret: on a line of its own it says nothing\n"
    "    kind integer not null\n"
    "         check (kind in (1, 2)),\n"
    "    number $sealed, -- personal\n"
    "    primary key (id), -- secret\n"
    "    unique (name, kind)\n"
    ");\n"
    "create table b (\n"
    "    plain text\n"
    ");\n"
    "alter table a add column late bigint not null default 0; -- sensitive\n"
    "create index a_by_name on a (name, kind);\n";

static void a_class_is_read_from_the_line_of_its_column([[maybe_unused]] void **t)
{
    struct db_column found[16];
    assert_int_equal(db_columns_in(str_c(example), found, 16), 6);
    check(example, "id", "$id", "internal");
    check(example, "name", "text", "public");
    check(example, "kind", "integer", "internal");
    check(example, "number", "$sealed", "personal");
    check(example, "plain", "text", "");
    check(example, "late", "bigint", "sensitive");
}

static void every_column_of_the_program_states_its_class([[maybe_unused]] void **t)
{
    size_t n, missing = 0;
    const struct db_column *c = db_columns(&n);
    for (size_t i = 0; i < n; i++) {
        if (c[i].class_name.n > 0)
            continue;
        missing++;
        print_error(
            "%.*s.%.*s states no class: -- public | internal | personal | sensitive | secret\n",
            F(c[i].table), F(c[i].column));
    }
    assert_true(n > 20);
    assert_int_equal(missing, 0);
}

/* A secret that is only a hash or a salt opens nothing, so it may stand in the open. */
static bool is_kept_safe(const struct db_column *c)
{
    return str_eq(c->type, S("$sealed")) || str_eq(c->type, S("$lookup")) ||
           (str_eq(c->class_name, S("secret")) &&
            (str_ends(c->column, S("_hash")) || str_ends(c->column, S("salt"))));
}

static void personal_data_is_never_in_the_open([[maybe_unused]] void **t)
{
    size_t n, open = 0;
    const struct db_column *c = db_columns(&n);
    for (size_t i = 0; i < n; i++) {
        const struct str k = c[i].class_name;
        if (!(str_eq(k, S("personal")) || str_eq(k, S("sensitive")) || str_eq(k, S("secret"))) ||
            is_kept_safe(&c[i]))
            continue;
        open++;
        print_error(
            "%.*s.%.*s is %.*s but of type %.*s: use $sealed, or $lookup for a keyed hash\n",
            F(c[i].table), F(c[i].column), F(k), F(c[i].type));
    }
    assert_int_equal(open, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_is_read_from_the_line_of_its_column),
        cmocka_unit_test(every_column_of_the_program_states_its_class),
        cmocka_unit_test(personal_data_is_never_in_the_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
