/* form_kept_test.c - a form is read once and kept, until another version comes or its day does. */
#include "form/form.h"

#include "../form_store.h"
#include "testing/testing.h"

static const char *const roots[] = {"core/kept", "modules/form", NULL};

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = roots});
}

static int64_t add(struct cx *cx, const char *version, int64_t from)
{
    struct form_row row = {
        .code = S("thu"), .version = str_c(version), .valid_from = from, .sha256 = str_c(version)};
    row.definition = str_fmt(
        cx->arena,
        "{\"code\":\"thu\",\"version\":\"%s\",\"valid_from\":\"2026-01-01\",\"title\":\"Thử\","
        "\"sections\":[{\"title\":\"Một\",\"fields\":[{\"id\":\"ten\",\"label\":\"Tên\",\"type\":\"text\"}]}]}",
        version);
    assert_ok(test_write(cx, form_store_add(cx, &row)));
    return row.id;
}

/* As a page does: in a snapshot of its own. */
static const struct form *found(struct cx *cx, int64_t day)
{
    const struct form *f;
    cx->now = day * DAY_MS;
    db_rollback(cx);
    assert_ok(db_begin(cx));
    assert_ok(form_find(cx, S("thu"), &f));
    return f;
}

static void a_form_is_read_once_until_another_version_comes(void **t)
{
    struct cx *writer = test_cx(t), *reader = testing_another(writer);
    const struct form *pinned;
    const int64_t day = day_of(writer->now), first = add(writer, "1", day - 10);
    assert_ok(db_connect(reader, testing_store(writer), DB_READER, &reader->db));
    const struct form *f = found(reader, day);
    assert_int_equal(f->version_id, first);
    assert_ptr_equal(found(reader, day), f);
    const int64_t second = add(writer, "2", day - 1), later = add(writer, "3", day + 1);
    f = found(reader, day);
    assert_int_equal(f->version_id, second);
    assert_str(f->version, "2");
    assert_int_equal(found(reader, day + 1)->version_id, later);
    assert_int_equal(found(reader, day - 5)->version_id, first);
    assert_ok(form_version(reader, first, &pinned));
    assert_str(pinned->version, "1");
    db_rollback(reader);
    cx_close_all(reader);
    db_disconnect(reader->db);
}

static void the_number_in_force_is_that_of_the_form(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t id;
    const int64_t day = day_of(cx->now), first = add(cx, "1", day - 10), last = add(cx, "2", day);
    assert_ok(form_in_force(cx, S("thu"), &id));
    assert_int_equal(id, last);
    cx->now = (day - 1) * DAY_MS;
    assert_ok(form_in_force(cx, S("thu"), &id));
    assert_int_equal(id, first);
    cx->now = (day - 11) * DAY_MS;
    assert_err(form_in_force(cx, S("thu"), &id), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_form_is_read_once_until_another_version_comes),
        TEST(the_number_in_force_is_that_of_the_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
