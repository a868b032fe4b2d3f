/* log_test.c - a log line is one line, whatever a stranger sends. */
#include "log/log.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <cmocka.h>

static int64_t fixed_clock(struct env *)
{
    return INT64_C(1795400045120); /* 2026-11-23T09:14:05.120 in Vietnam */
}

/* Everything the log writes goes into a pipe; a test reads it back. */
static int pipe_ends[2];
static struct env env = {.clock = fixed_clock};

static int open_pipe(void **)
{
    assert_int_equal(pipe(pipe_ends), 0);
    log_to_fd(pipe_ends[1]);
    log_clock(&env);
    log_from(LOG_INFO);
    return 0;
}

static int close_pipe(void **)
{
    log_to_fd(2);
    log_clock(NULL);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    return 0;
}

static const char *written(void)
{
    static char text[65536];
    ssize_t n = read(pipe_ends[0], text, sizeof text - 1);
    assert_true(n > 0);
    text[n] = 0;
    return text;
}

#define HEAD "time=2026-11-23T09:14:05.120+07:00 level=info event=test"

static void a_line_carries_time_level_event_and_pairs(void **)
{
    log_event(LOG_INFO, "test", K("address", S("127.0.0.1:8080")), KN("port", -8080));
    assert_string_equal(written(), HEAD " address=127.0.0.1:8080 port=-8080\n");
}

static void an_event_without_pairs_is_a_line(void **)
{
    log_event(LOG_WARN, "test");
    assert_string_equal(written(), "time=2026-11-23T09:14:05.120+07:00 level=warn event=test\n");
}

static void vietnamese_stays_readable(void **)
{
    log_event(LOG_INFO, "test", K("unit", S("Sở Tư pháp")));
    assert_string_equal(written(), HEAD " unit=\"Sở Tư pháp\"\n");
}

static void a_value_cannot_forge_a_line_or_a_pair(void **)
{
    log_event(LOG_INFO, "test", K("agent", S("a\nlevel=error x=\"1\" \\ \r\t\x01\x7f")));
    assert_string_equal(written(),
                        HEAD " agent=\"a\\nlevel=error x=\\\"1\\\" \\\\ \\r\\t\\x01\\x7f\"\n");
}

static void broken_and_tricky_utf8_is_escaped(void **)
{
    log_event(LOG_INFO, "test", K("a", S("\xff\xc3")), K("b", S("\xe2\x80\xae")),
              K("c", S("\xc2\x9b")), K("d", S("\xed\xa0\x80")), K("e", S("\xc0\xaf")));
    assert_string_equal(written(), HEAD " a=\"\\xff\\xc3\" b=\"\\xe2\\x80\\xae\" c=\"\\xc2\\x9b\""
                                        " d=\"\\xed\\xa0\\x80\" e=\"\\xc0\\xaf\"\n");
}

static void an_empty_value_is_seen_as_empty(void **)
{
    log_event(LOG_INFO, "test", K("a", S("")), KN("b", 1));
    assert_string_equal(written(), HEAD " a=\"\" b=1\n");
}

static void what_is_below_the_level_is_silent(void **)
{
    log_from(LOG_WARN);
    log_event(LOG_INFO, "quiet");
    log_event(LOG_ERROR, "loud");
    assert_string_equal(written(), "time=2026-11-23T09:14:05.120+07:00 level=error event=loud\n");
}

static void a_huge_value_is_cut_and_the_line_stays_whole(void **)
{
    static char big[100000];
    memset(big, '\n', sizeof big);
    struct str s = {big, sizeof big};
    log_event(LOG_INFO, "test", K("a", s), K("b", s), K("c", s), K("d", s), K("e", s), KN("f", 1));
    const char *line = written();
    assert_true(strlen(line) <= 8192);
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    int quotes = 0;
    for (const char *p = line; *p; p++)
        quotes += *p == '"';
    assert_int_equal(quotes % 2, 0);
    assert_non_null(strstr(line, "\\n…\" b="));
}

static void *write_many(void *)
{
    for (int i = 0; i < 200; i++)
        log_event(LOG_INFO, "thread", K("text", S("a quite ordinary sentence")));
    return NULL;
}

static void lines_of_two_threads_do_not_mix(void **)
{
    pthread_t a, b;
    assert_int_equal(pthread_create(&a, NULL, write_many, NULL), 0);
    assert_int_equal(pthread_create(&b, NULL, write_many, NULL), 0);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    static const char want[] = "time=2026-11-23T09:14:05.120+07:00 level=info event=thread "
                               "text=\"a quite ordinary sentence\"\n";
    char got[sizeof want];
    for (int i = 0; i < 400; i++) {
        assert_int_equal(read(pipe_ends[0], got, sizeof want - 1), (int)sizeof want - 1);
        assert_memory_equal(got, want, sizeof want - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T_(f) cmocka_unit_test_setup_teardown(f, open_pipe, close_pipe)
        T_(a_line_carries_time_level_event_and_pairs),
        T_(an_event_without_pairs_is_a_line),
        T_(vietnamese_stays_readable),
        T_(a_value_cannot_forge_a_line_or_a_pair),
        T_(broken_and_tricky_utf8_is_escaped),
        T_(an_empty_value_is_seen_as_empty),
        T_(what_is_below_the_level_is_silent),
        T_(a_huge_value_is_cut_and_the_line_stays_whole),
        T_(lines_of_two_threads_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
