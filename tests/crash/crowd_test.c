/* crowd_test.c - streams followed and uploads that stand still cost little memory each. */
#include "crowd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* With 2,000 of the one and 1,000 of the other that is 128 and 640 MB at most; `make crash` has so
 * many. An upload keeps the last 128 KiB of its file, twice. */
#define STREAM_BYTES_MOST (64 << 10)
#define UPLOAD_BYTES_MOST (640 << 10)

static void many_at_once_cost_little_memory_each(void **)
{
    struct crowd_report r;
    const struct crowd_asked asked = {.program = CRASH_PROGRAM, .streams = 100, .uploads = 40};
    assert_true(crowd_run(&asked, &r));
    if (r.what[0])
        print_error("%s\n", r.what);
    assert_true(r.what[0] == 0 && r.served);
    assert_int_equal(r.streams, asked.streams);
    assert_int_equal(r.uploads, asked.uploads);
    assert_in_range(r.stream_bytes, 0, STREAM_BYTES_MOST);
    assert_in_range(r.upload_bytes, 128 << 10, UPLOAD_BYTES_MOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_at_once_cost_little_memory_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
