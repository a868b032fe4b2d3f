/* due_test.c - the verb due: every worked example of section 8.4 of the procedures reference, its
 * edges, and what is said of bad arguments. */
#include <sys/wait.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app.h"
#include "json/json.h"

#include <cmocka.h>

static struct arena *arena;

static int start(void **t)
{
    (void)t;
    arena = arena_new((size_t)64 << 20);
    return 0;
}

static int end(void **t)
{
    (void)t;
    arena_free(arena);
    return 0;
}

struct ran {
    int code;
    struct str said, wrong; /* the two streams */
};

static struct str all_of(int fd)
{
    struct buf b = {.arena = arena, .limit = (size_t)1 << 20};
    char piece[4096];
    for (ssize_t n; (n = read(fd, piece, sizeof piece)) > 0;)
        buf_add(&b, (struct str){piece, (size_t)n});
    close(fd);
    return buf_str(&b);
}

/* "tinhso due" and these words, blank between them. */
static struct ran run(const char *words)
{
    char *argv[64] = {(char *)"tinhso", (char *)"due"};
    int n = 2, out[2], bad[2], status;
    for (struct str word, rest = str_c(words); rest.n && n < 64;) {
        str_cut(rest, ' ', &word, &rest);
        argv[n++] = (char *)str_z(arena, word);
    }
    assert_int_equal(pipe(out) + pipe(bad), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        struct app_options o;
        dup2(out[1], 1);
        dup2(bad[1], 2);
        int code = app_parse(n, argv, &o);
        code = code == EX_OK ? app_run(&o, NULL) : code;
        fflush(NULL);
        _exit(code);
    }
    close(out[1]);
    close(bad[1]);
    struct ran r = {.said = all_of(out[0]), .wrong = all_of(bad[0])};
    waitpid(pid, &status, 0);
    r.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return r;
}

static void expect(const char *words, const char *due)
{
    struct ran r = run(words);
    if (r.code != EX_OK || !str_eq(str_trim(r.said), str_c(due)))
        fail_msg("due %s: wanted %s, got %d %.*s%.*s", words, due, r.code, F(r.said), F(r.wrong));
}

struct row {
    const char *words, *due;
};

static void expect_all(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        expect(rows[i].words, rows[i].due);
}
#define EXPECT(rows) expect_all(rows, sizeof(rows) / sizeof *(rows))
#define WAITING "--pause 2026-10-07T10:00/2026-10-13T09:00 "

static void the_thirteen_worked_examples_hold_in_both_modes(void **t)
{
    (void)t;
    static const struct row rows[] = {
        {"--from 2026-04-22T09:00 --days 3 --mode day", "2026-04-28T17:30"},
        {"--from 2026-04-22T09:00 --days 3 --mode hour", "2026-04-28T09:00"},
        {"--from 2026-04-28T16:00 --days 5 --mode day", "2026-05-07T17:30"},
        {"--from 2026-04-28T16:00 --days 5 --mode hour", "2026-05-07T16:00"},
        {"--from 2026-08-20T10:00 --days 5 --mode day", "2026-08-26T17:30"},
        {"--from 2026-08-20T10:00 --days 5 --mode hour", "2026-08-26T10:00"},
        {"--from 2026-08-27T10:00 --days 5 --mode day", "2026-09-08T17:30"},
        {"--from 2026-08-27T10:00 --days 5 --mode hour", "2026-09-08T10:00"},
        {"--from 2026-02-12T14:00 --days 7 --mode day", "2026-03-02T17:30"},
        {"--from 2026-02-12T14:00 --days 7 --mode hour", "2026-03-02T14:00"},
        {"--from 2026-11-23T10:00 --days 2 --mode day", "2026-11-26T17:30"},
        {"--from 2026-11-23T10:00 --days 2 --mode hour", "2026-11-26T10:00"},
        {"--from 2026-01-08T08:00 --days 3 --mode day", "2026-01-12T17:30"},
        {"--from 2026-01-08T08:00 --days 3 --mode hour", "2026-01-12T08:00"},
        {"--from 2026-10-02T15:30 --hours 8", "2026-10-05T15:30"},
        {"--from 2026-10-06T08:00 --days 3 --mode day", "2026-10-09T17:30"},
        {"--from 2026-10-06T08:00 --days 3 --mode hour", "2026-10-09T08:00"},
        {"--from 2026-10-03T20:00 --days 1 --mode day", "2026-10-05T17:30"},
        {"--from 2026-10-03T20:00 --days 1 --mode hour", "2026-10-05T17:30"},
        {"--from 2026-10-05T08:00 --days 10 " WAITING "--policy continue --mode hour",
         "2026-10-22T17:00"},
        {"--from 2026-10-05T08:00 --days 10 " WAITING "--policy reset --mode day",
         "2026-10-27T17:30"},
        {"--from 2026-10-05T08:00 --days 10 " WAITING "--policy reset --mode hour",
         "2026-10-27T09:00"},
        {"--from 2026-10-05T08:00 --days 10 --mode day", "2026-10-19T17:30"},
        {"--from 2026-10-05T08:00 --days 10 --mode hour", "2026-10-19T08:00"},
    };
    EXPECT(rows);
}

static void the_edges_hold(void **t)
{
    (void)t;
    static const struct row rows[] = {
        /* by day with a pause: the last session of the day on which the hour count falls */
        {"--from 2026-10-05T08:00 --days 10 " WAITING "--policy continue", "2026-10-22T17:30"},
        /* said twice or over one another, pauses count once */
        {"--from 2026-10-05T08:00 --days 10 --mode hour --policy continue"
         " --pause 2026-10-07T10:00/2026-10-12T17:30 --pause 2026-10-09T08:00/2026-10-13T09:00",
         "2026-10-22T17:00"},
        /* a pause of no working minute takes nothing away */
        {"--from 2026-10-05T07:30 --days 10 --policy continue"
         " --pause 2026-10-10T08:00/2026-10-11T08:00",
         "2026-10-19T17:30"},
        /* at the very end of a session */
        {"--from 2026-10-05T11:30 --days 1 --mode hour", "2026-10-06T11:30"},
        {"--from 2026-10-05T17:30 --days 1 --mode hour", "2026-10-06T17:30"},
        {"--from 2026-10-05T17:30 --hours 1", "2026-10-06T08:30"},
        /* over the end of the year */
        {"--from 2025-12-29T10:00 --days 3", "2026-01-05T17:30"},
        {"--from 2026-12-29T10:00 --days 3", "2027-01-04T17:30"},
        /* on the same day, before and after the hour */
        {"--from 2026-10-05T15:00 --days 0 --cutoff 15:00", "2026-10-05T17:30"},
        {"--from 2026-10-05T15:01 --days 0 --cutoff 15:00", "2026-10-06T17:30"},
        {"--from 2026-10-10T09:00 --days 0 --cutoff 15:00", "2026-10-12T17:30"},
        {"--from 2026-10-09T15:01 --days 1 --cutoff 15:00", "2026-10-13T17:30"},
        {"--from 2026-10-10T09:00 --days 1 --cutoff 15:00", "2026-10-13T17:30"},
        /* half days, in hours and by day */
        {"--from 2026-10-05T08:00 --days 0.5 --mode hour", "2026-10-05T14:00"},
        {"--from 2026-10-05T08:00 --days 1.5 --mode hour", "2026-10-06T14:00"},
        {"--from 2026-10-05T15:30 --days 0.5", "2026-10-06T17:30"},
        /* the civil calendar */
        {"--from 2026-10-01T08:00 --days 2 --unit calendar", "2026-10-05T17:30"},
        {"--from 2026-01-31T08:00 --months 1", "2026-03-02T17:30"},
        {"--from 2026-04-10T08:00 --months 0.5", "2026-04-28T17:30"},
        {"--from 2026-01-08T08:00 --years 0.5", "2026-07-08T17:30"},
        {"--from 2028-02-29T08:00 --years 1", "2029-02-28T17:30"},
        {"--from 2026-10-05T08:00 --days 10 --unit calendar --policy continue"
         " --pause 2026-10-07T10:00/2026-10-13T09:00",
         "2026-10-21T17:30"},
        /* years without a loaded calendar rest by the law: Giỗ Tổ 2028 is 4 April */
        {"--from 2028-04-03T08:00 --days 1", "2028-04-05T17:30"},
        {"--from 2030-01-31T08:00 --days 1", "2030-02-08T17:30"},
    };
    EXPECT(rows);
}

static void the_answer_is_one_object_with_due_and_mode(void **t)
{
    (void)t;
    const struct json *v;
    struct json_error bad;
    struct ran r = run("--from 2026-10-02T15:30 --hours 8 --json --explain");
    assert_int_equal(r.code, EX_OK);
    assert_true(json_read(arena, r.said, &v, &bad) == OK);
    assert_true(str_eq(json_text(json_get(v, S("due"))), S("2026-10-05T15:30")));
    assert_true(str_eq(json_text(json_get(v, S("mode"))), S("hour")));
    int64_t minutes = 0;
    const struct json *counted = json_get(v, S("counted"));
    for (uint32_t i = 0; i < counted->n; i++)
        minutes += json_int(json_get(json_at(counted, i), S("minutes")), 0);
    assert_int_equal(counted->n, 3);
    assert_int_equal(minutes, 480);
    r = run("--from 2026-04-22T09:00 --days 3 --json");
    assert_true(json_read(arena, r.said, &v, &bad) == OK);
    assert_true(str_eq(json_text(json_get(v, S("mode"))), S("day")));
}

static void each_counted_session_is_named(void **t)
{
    (void)t;
    struct ran r = run("--from 2026-04-22T09:00 --days 3 --explain");
    assert_true(str_find(r.said, S("2026-04-27  nghỉ: Nghỉ bù Giỗ Tổ Hùng Vương\n"), NULL));
    assert_true(str_find(r.said, S("2026-04-28  13:30–17:30  ngày thứ 3\n"), NULL));
    r = run("--from 2026-10-05T08:00 --days 10 " WAITING "--policy continue --mode hour --explain");
    assert_true(str_find(r.said, S("2026-10-07  07:30–11:30  150 phút\n"), NULL));
    assert_true(str_find(r.said, S("2026-10-12  07:30–11:30  0 phút\n"), NULL));
    assert_true(str_find(r.said, S("2026-10-22  13:30–17:30  210 phút\n"), NULL));
}

static void a_calendar_of_ones_own_stands_over_the_shipped_one(void **t)
{
    (void)t;
    char path[] = "/tmp/tinhso-due.XXXXXX", words[200];
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    fputs("{\"unit\":\"\",\"year\":2026,\"days\":[{\"on\":\"2026-10-06\",\"kind\":\"holiday\"},"
          "{\"on\":\"2026-10-10\",\"kind\":\"makeup\"}]}",
          f);
    fclose(f);
    snprintf(words, sizeof words, "--calendar %s --from 2026-10-05T08:00 --days 5", path);
    expect(words, "2026-10-12T17:30"); /* the 6th rests, Saturday the 10th works */
    snprintf(words, sizeof words, "--calendar %s --from 2026-11-23T08:00 --days 1", path);
    expect(words, "2026-11-24T17:30"); /* it says all of 2026: the 24th is not among its days */
    snprintf(words, sizeof words, "--calendar %s --from 2026-12-31T08:00 --days 1", path);
    expect(words, "2027-01-04T17:30"); /* 2027 is the country's */
    f = fopen(path, "w");
    fputs("{\"sessions\":[{\"weekday\":6,\"from\":\"08:00\",\"to\":\"12:00\"}]}", f);
    fclose(f);
    snprintf(words, sizeof words, "--calendar %s --from 2026-10-05T08:00 --days 1", path);
    expect(words, "2026-10-10T12:00"); /* open on Saturdays only */
    f = fopen(path, "w");
    fputs("[1]", f);
    fclose(f);
    assert_int_equal(run(words).code, EX_DATAERR);
    unlink(path);
    assert_int_equal(run(words).code, EX_NOINPUT);
}

static void what_cannot_be_understood_is_said_plainly(void **t)
{
    (void)t;
    static const struct row rows[] = {
        {"", "cần --from"},
        {"extra", "extra"},
        {"--bogus 1", "--bogus"},
        {"--days 3", "cần --from"},
        {"--from 2026-04-22T09:00", "--days, --hours"},
        {"--from x --days 3", "“x”"},
        {"--from 2026-02-30T09:00 --days 1", "2026-02-30T09:00"},
        {"--from 9999-12-31T09:00 --days 1", "9999-12-31T09:00"},
        {"--from 2026-04-22T09:00 --days -1", "“-1”"},
        {"--from 2026-04-22T09:00 --days 1.3", "“1.3”"},
        {"--from 2026-04-22T09:00 --days", "--days"},
        {"--from 2026-04-22T09:00 --days 3 --hours 4", "chỉ một thời hạn"},
        {"--from 2026-04-22T09:00 --days 3 --mode week", "day hoặc hour"},
        {"--from 2026-04-22T09:00 --days 3 --unit week", "working hoặc calendar"},
        {"--from 2026-04-22T09:00 --days 3 --policy never", "reset hoặc continue"},
        {"--from 2026-04-22T09:00 --days 3 --cutoff 25:00", "15:00"},
        {"--from 2026-04-22T09:00 --hours 3 --unit calendar", "giờ làm việc"},
        {"--from 2026-04-22T09:00 --years 500", "100 năm"},
        {"--from 2026-04-22T09:00 --days 3 --pause 2026-04-23T09:00", "TỪ/ĐẾN"},
        {"--from 2026-04-22T09:00 --days 3 --pause 2026-04-24T09:00/2026-04-23T09:00", "TỪ/ĐẾN"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ran r = run(rows[i].words);
        if (r.code != EX_USAGE || !str_find(r.wrong, str_c(rows[i].due), NULL))
            fail_msg("due %s: %d %.*s", rows[i].words, r.code, F(r.wrong));
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_thirteen_worked_examples_hold_in_both_modes),
        TEST(the_edges_hold),
        TEST(the_answer_is_one_object_with_due_and_mode),
        TEST(each_counted_session_is_named),
        TEST(a_calendar_of_ones_own_stands_over_the_shipped_one),
        TEST(what_cannot_be_understood_is_said_plainly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
