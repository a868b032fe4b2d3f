/*
 * testing.h - a context for tests: an empty database with real schemas, time and randomness that
 * the test decides, everything else as in the program.
 *
 *   static const char *const roots[] = {"core/vault", "modules/org", NULL};
 *   static int start(void **t)
 *   {
 *       return testing_start(t, &(struct testing_config){.roots = roots});
 *   }
 *   static void a_case_is_received(void **t)
 *   {
 *       struct cx *cx = test_cx(t);
 *       assert_ok(test_write(cx, feedback_receive(cx, S("Nước yếu"), &c)));
 *       assert_contains(c.code, "PA-");
 *   }
 *   int main(void)
 *   {
 *       const struct CMUnitTest tests[] = {TEST(a_case_is_received)};
 *       return cmocka_run_group_tests(tests, NULL, NULL);
 *   }
 *
 * Each test has a database of its own: SQLite files in the machine's memory or, when
 * TINHSO_TEST_DATABASE is a postgresql:// URL, a database of its own there. The lanes run; the test
 * holds the writer's place (lane_hold), so it may call rules and stores directly: outside of
 * test_write each statement stands alone. lane_call lets the lanes go while it waits; who only
 * submits says testing_let_go and testing_hold.
 */
#pragma once
#include "base/base.h"
#include "db/db.h"
#include "lane/lane.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#undef fail /* cmocka's; ours says why */
#undef fail_msg
#define fail_msg(text, ...) (print_error(text "\n", ##__VA_ARGS__), _fail(__FILE__, __LINE__))

struct testing_config {
    const char *const *roots;  /* whose schemas the database gets, as for db_migrate; may be NULL */
    int64_t now;               /* 0: Monday 23/11/2026, 09:00 */
    uint64_t seed;             /* of randomness; 0: 1 */
    size_t arena_bytes;        /* 0: 64 MiB */
    struct lanes_config lanes; /* .store is filled in */
    bool on_disk;              /* files under /tmp instead of memory: for what is measured */
    /* On PostgreSQL a schema in the database that the address names: for tests whose servers part
     * ways, which must have the same databases. */
    bool schema;
    /* After the migrations, while the test holds the writer's place: opens what the test needs
     * (vault, jobs ...) and puts it into cx->env. */
    enum err (*start)(struct cx *cx);
    void (*stop)(struct cx *cx);
};

/* For cmocka: *state becomes what test_cx reads. -1 and a sentence on stderr when it cannot. */
int testing_start(void **state, const struct testing_config *c);
int testing_end(void **state);
/* A test with the `start` of its file before and testing_end after it. */
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, testing_end)

/* The test's context: the program as actor, scope ALL, arena, cx->db the writer's connection. */
struct cx *test_cx(void **state);
/* Another context over the same environment: its own arena, another request; freed at the end. */
struct cx *testing_another(struct cx *cx);

/* Evaluates the call in one write transaction, with the lanes' hooks before its commit. */
#define test_write(cx, call)                                                                       \
    ({                                                                                             \
        enum err test_write_err_ = db_begin(cx);                                                   \
        if (test_write_err_ == OK)                                                                 \
            test_write_err_ = lane_end_held((cx)->env->lanes, (cx), (call));                       \
        test_write_err_;                                                                           \
    })

void testing_hold(struct cx *cx);
void testing_let_go(struct cx *cx);

/* Private keys in this process, for what makes or uses some; ends with the test. */
enum err testing_keyd(struct cx *cx);

/* The database itself, for further connections. */
struct db_store *testing_store(struct cx *cx);
/* Its address. */
struct str testing_url(struct cx *cx);

/* The clock stands still until the test moves it; cx->now follows. */
void testing_set_now(struct cx *cx, int64_t utc_ms);
void testing_advance(struct cx *cx, int64_t ms);

/* The database ends and begins again on the same files, as after a restart (SQLite and
 * PostgreSQL); stop and start of the configuration are called around it. */
void testing_restart(struct cx *cx);

/* Rows of a table (a literal). */
#define rows_of(cx, table)                                                                         \
    ({                                                                                             \
        int64_t rows_of_n_ = -1;                                                                   \
        assert_ok(db_one_int(cx, &rows_of_n_, "select count(*) from " table));                     \
        rows_of_n_;                                                                                \
    })

/* Assertions that say what came instead. */
#define assert_ok(call) testing_ok_((call), #call, __FILE__, __LINE__)
#define assert_err(call, expected) testing_err_((call), (expected), #call, __FILE__, __LINE__)
#define assert_contains(text, literal)                                                             \
    testing_contains_((text), S(literal), true, __FILE__, __LINE__)
#define assert_lacks(text, literal) testing_contains_((text), S(literal), false, __FILE__, __LINE__)
#define assert_str(text, literal) testing_equal_((text), S(literal), __FILE__, __LINE__)
/* The sentence of the last fail(). */
#define assert_why(cx, literal) testing_contains_((cx)->why, S(literal), true, __FILE__, __LINE__)
void testing_ok_(enum err e, const char *what, const char *file, int line);
void testing_err_(enum err e, enum err expected, const char *what, const char *file, int line);
void testing_contains_(struct str text, struct str part, bool expected, const char *file, int line);
void testing_equal_(struct str text, struct str expected, const char *file, int line);
