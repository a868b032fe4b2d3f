/* calendar_files_test.c - the shipped calendars give the due instants of the worked examples. */
#include "calendar/calendar.h"

#include "embed/embed.h"

#include <cmocka.h>

static struct env test_env = {.clock = clock_system, .random = random_system};
static struct cx context;

static int64_t at(const char *local)
{
    int64_t ms = 0;
    assert_true(local_time_parse(str_c(local), &ms));
    return ms;
}

static void the_shipped_calendar_counts_as_the_law_does(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        int64_t days;
        const char *due;
    } rows[] = {
        {"2026-04-22T09:00", 3, "2026-04-28T17:30"}, {"2026-04-28T16:00", 5, "2026-05-07T17:30"},
        {"2026-08-20T10:00", 5, "2026-08-26T17:30"}, {"2026-08-27T10:00", 5, "2026-09-08T17:30"},
        {"2026-02-12T14:00", 7, "2026-03-02T17:30"}, {"2026-11-23T10:00", 2, "2026-11-26T17:30"},
        {"2026-01-08T08:00", 3, "2026-01-12T17:30"}, {"2026-12-29T10:00", 3, "2027-01-04T17:30"},
    };
    size_t n;
    struct str texts[16];
    const struct embed_file *f = embed_under(S("packs/quoc-gia/calendar-"), &n);
    assert_in_range(n, 3, 16);
    for (size_t i = 0; i < n; i++)
        texts[i] = f[i].bytes;
    struct calendar *c;
    assert_int_equal(
        calendar_of_files(&context, texts, n, civil_day(2025, 12, 1), civil_day(2027, 3, 1), &c),
        OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct term t = {TERM_WORKING_DAYS, rows[i].days * 2, 0};
        int64_t due = 0;
        assert_int_equal(calendar_due(&context, c, at(rows[i].start), &t, TERM_BY_DAY, NULL, 0,
                                      RESUME_CONTINUE, &due),
                         OK);
        assert_int_equal(due, at(rows[i].due));
    }
}

static void a_broken_calendar_file_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{", "{\"year\":2026,\"days\":[{\"on\":\"2026-13-01\",\"kind\":\"holiday\"}]}",
        "{\"year\":2026,\"days\":[{\"on\":\"2026-01-01\",\"kind\":\"party\"}]}",
        "{\"year\":2026,\"sessions\":[{\"weekday\":1,\"from\":\"11:30\",\"to\":\"07:30\",\"valid_from\":\"2020-01-01\"}]}",
        "{\"year\":2026,\"sessions\":[{\"weekday\":7,\"from\":\"07:30\",\"to\":\"11:30\",\"valid_from\":\"2020-01-01\"}]}"};
    struct calendar *c;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str text = str_c(bad[i]);
        assert_int_equal(calendar_of_files(&context, &text, 1, 0, 10, &c), ERR_INVALID);
    }
}

static int set_up(void **state)
{
    (void)state;
    context =
        (struct cx){.arena = arena_new((size_t)1 << 24), .env = &test_env, .actor = &actor_program};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(context.arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_shipped_calendar_counts_as_the_law_does, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_broken_calendar_file_is_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
