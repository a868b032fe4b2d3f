/* cx_test.c - memory of a request, errors with their sentences, unwinding. */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>
#undef fail /* cmocka's, not ours */
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena *arena;
static struct cx cx;
static struct env env;

static int setup(void **)
{
    arena = arena_new((size_t)1 << 20);
    env = (struct env){.clock = clock_system, .random = random_system};
    cx = (struct cx){.arena = arena, .env = &env, .actor = &actor_anonymous, .lang = S("vi")};
    return 0;
}

static int teardown(void **)
{
    arena_free(arena);
    return 0;
}

#define assert_text(s, expected) assert_string_equal(str_z(arena, (s)), (expected))

/* ---- the arena ---- */

static void memory_is_zeroed_and_aligned(void **)
{
    for (size_t n = 0; n < 3000; n += 7) {
        char *p = arena_alloc(arena, n);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, n);
        if (n % 5 == 0)
            arena_reset(arena);
    }
}

static void going_back_frees_what_came_after(void **)
{
    char *kept = arena_alloc(arena, 10);
    memset(kept, 'k', 10);
    struct arena_mark mark = arena_here(arena);
    size_t used = arena_used(arena), room = arena_room(arena);
    for (int i = 0; i < 100; i++)
        memset(arena_alloc(arena, 5000), 'x', 5000);
    assert_true(arena_used(arena) > used);
    arena_back(arena, mark);
    assert_int_equal(arena_used(arena), used);
    assert_int_equal(arena_room(arena), room);
    assert_memory_equal(kept, "kkkkkkkkkk", 10);
    assert_int_equal(*(char *)arena_alloc(arena, 1), 0);
}

static enum err take_too_much(struct cx *c, void *)
{
    for (int i = 0; i < 10000; i++)
        arena_alloc(c->arena, 1000);
    return OK;
}

static enum err take_the_impossible(struct cx *c, void *)
{
    arena_alloc(c->arena, SIZE_MAX - 4);
    return OK;
}

static enum err multiply_too_far(struct cx *c, void *)
{
    (void)NEW_N(c->arena, int64_t, SIZE_MAX / 4);
    return OK;
}

static void a_full_arena_unwinds(void **)
{
    assert_int_equal(cx_guard(&cx, take_too_much, NULL), ERR_IO);
    assert_true(str_find(cx.why, S("arena.c"), NULL));
    assert_true(arena_used(arena) <= (1 << 20) + 16);
    arena_reset(arena);
    assert_int_equal(cx_guard(&cx, take_the_impossible, NULL), ERR_IO);
    assert_int_equal(cx_guard(&cx, multiply_too_far, NULL), ERR_IO);
}

static void an_array_grows(void **)
{
    VEC(int) v = {0};
    for (int i = 0; i < 1000; i++)
        *vec_add(arena, &v) = i * i;
    assert_int_equal(v.n, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(v.p[i], i * i);
}

/* ---- errors ---- */

static void a_failure_records_why_and_where(void **)
{
    assert_int_equal(fail_field(&cx, ERR_INVALID, S("ngay_sinh"), "Ngày %d không có.", 31),
                     ERR_INVALID);
    assert_int_equal(cx.err, ERR_INVALID);
    assert_text(cx.why, "Ngày 31 không có.");
    assert_text(cx.field, "ngay_sinh");
    assert_int_equal(fail(&cx, ERR_BUSY, "peer down"), ERR_BUSY);
    assert_int_equal(cx.field.n, 0); /* of the last failure only */
    assert_string_equal(err_name(ERR_LIMIT), "ERR_LIMIT");
    assert_string_equal(err_name((enum err)99), "?");
}

/* ---- unwinding ---- */

static char closed[32];

static void note_closing(void *name)
{
    size_t n = strlen(closed);
    closed[n] = *(const char *)name;
    closed[n + 1] = 0;
}

static enum err hold_and_break(struct cx *c, void *)
{
    struct closer a, b, gone;
    cx_register(c, &a, note_closing, (void *)"a");
    cx_register(c, &gone, note_closing, (void *)"g");
    cx_register(c, &b, note_closing, (void *)"b");
    cx_release(c, &gone);
    MUST(c == NULL);
    return OK;
}

static void unwinding_closes_newest_first_and_leaves_what_was_before(void **)
{
    struct closer outer;
    closed[0] = 0;
    cx_register(&cx, &outer, note_closing, (void *)"o");
    assert_int_equal(cx_guard(&cx, hold_and_break, NULL), ERR_IO);
    assert_string_equal(closed, "ba");
    assert_true(str_find(cx.why, S("c == NULL"), NULL));
    cx_close_all(&cx);
    assert_string_equal(closed, "bao");
    assert_null(cx.closers);
}

static void fail_to_close(void *name)
{
    note_closing(name);
    MUST(name == NULL);
}

static enum err hold_what_breaks(struct cx *c, void *)
{
    struct closer a, bad, b;
    cx_register(c, &a, note_closing, (void *)"a");
    cx_register(c, &bad, fail_to_close, (void *)"!");
    cx_register(c, &b, note_closing, (void *)"b");
    MUST(c == NULL);
    return OK;
}

static void a_closer_that_fails_does_not_leave_the_others_open(void **)
{
    closed[0] = 0;
    assert_int_equal(cx_guard(&cx, hold_what_breaks, NULL), ERR_IO);
    assert_string_equal(closed, "b!a");
    assert_true(str_find(cx.why, S("c == NULL"), NULL)); /* what failed first */
    assert_null(cx.closers);
}

static enum err guard_inside(struct cx *c, void *)
{
    enum err e = cx_guard(c, hold_and_break, NULL);
    return e == ERR_IO ? ERR_CONFLICT : OK;
}

static void guards_nest(void **)
{
    closed[0] = 0;
    assert_int_equal(cx_guard(&cx, guard_inside, NULL), ERR_CONFLICT);
    assert_string_equal(closed, "ba");
    assert_int_equal(cx_guard(&cx, hold_and_break, NULL), ERR_IO);
}

static void outside_of_a_lane_the_process_stops(void **)
{
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        (void)!freopen("/dev/null", "w", stderr);
        signal(SIGABRT, SIG_DFL);
        MUST(child != 0);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

/* ---- randomness ---- */

static void codes_use_signs_that_are_heard_right(void **)
{
    int count[128] = {0};
    for (int i = 0; i < 2000; i++) {
        struct str code = random_code(&cx, 15);
        assert_int_equal(code.n, 15);
        for (size_t k = 0; k < code.n; k++)
            count[(int)code.p[k]]++;
        arena_reset(arena);
    }
    static const char signs[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    int total = 0;
    for (const char *s = signs; *s; s++) {
        assert_in_range(count[(int)*s], 800, 1200); /* of 1000 each: 6 standard deviations */
        total += count[(int)*s];
    }
    assert_int_equal(total, 30000);
}

static void secrets_are_wiped(void **)
{
    char secret[] = "mật khẩu";
    wipe(secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret; i++)
        assert_int_equal(secret[i], 0);
}

static void a_full_arena_says_so_before_it_must(void **t)
{
    struct arena *a = arena_new(100'000);
    (void)t;
    assert_true(arena_ready(a, 60'000));
    char *p = arena_alloc(a, 60'000);
    p[59'999] = 1;
    assert_false(arena_ready(a, 60'000)); /* over the limit */
    assert_true(arena_ready(a, 30'000));
    assert_int_equal(arena_used(a), 60'000);
    arena_free(a);
}

/* The last bytes of a block take a text whole or not at all, whatever the size of the block. */
static void a_text_at_the_end_of_an_odd_block_is_whole(void **)
{
    for (size_t first = 33; first < 66; first++) {
        struct arena *a = arena_new_sized(1000, first);
        (void)arena_alloc(a, 32);
        assert_string_equal(str_fmt(a, "%s", "1234567").p, "1234567");
        arena_free(a);
    }
}

#if defined(__has_feature) && !defined(__SANITIZE_ADDRESS__)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
static void must_be_open(const char *p, size_t n)
{
    assert_null(__asan_region_is_poisoned((void *)(uintptr_t)p, n));
    assert_true(__asan_address_is_poisoned(p + n));
}

static void the_sanitizer_knows_the_pieces_of_an_arena(void **)
{
    for (size_t n = 1; n < 700; n += 7) {
        const char *first = arena_alloc(arena, n);
        const struct arena_mark here = arena_here(arena);
        const struct str text = str_fmt(arena, "%zu %s", n, "x");
        must_be_open(text.p, text.n + 1);
        (void)str_fmt(arena, "%.*s", (int)n, first); /* longer than what it tried in */
        const char *second = arena_alloc(arena, n);
        must_be_open(first, n);
        must_be_open(second, n);
        arena_back(arena, here);
        assert_true(__asan_address_is_poisoned(text.p) && __asan_address_is_poisoned(second));
        must_be_open(first, n);
    }
    const char *last = arena_alloc(arena, 10);
    arena_reset(arena);
    assert_true(__asan_address_is_poisoned(last));
}
#endif

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_arena_says_so_before_it_must),
        TEST(a_text_at_the_end_of_an_odd_block_is_whole),
#ifdef __SANITIZE_ADDRESS__
        TEST(the_sanitizer_knows_the_pieces_of_an_arena),
#endif
        TEST(memory_is_zeroed_and_aligned),
        TEST(going_back_frees_what_came_after),
        TEST(a_full_arena_unwinds),
        TEST(an_array_grows),
        TEST(a_failure_records_why_and_where),
        TEST(unwinding_closes_newest_first_and_leaves_what_was_before),
        TEST(a_closer_that_fails_does_not_leave_the_others_open),
        TEST(guards_nest),
        TEST(outside_of_a_lane_the_process_stops),
        TEST(codes_use_signs_that_are_heard_right),
        TEST(secrets_are_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
