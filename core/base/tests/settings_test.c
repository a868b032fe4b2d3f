/* settings_test.c - names and values from a file, the environment and the command line. */
#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct settings *settings;
static char path[] = "/tmp/settings-test-XXXXXX";

static int setup(void **)
{
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    int fd = mkstemp(path);
    close(fd);
    settings = settings_new();
    return fd < 0;
}

static int teardown(void **)
{
    settings_free(settings);
    unlink(path);
    return 0;
}

static enum err read_text(const char *text, int *bad_line)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    return settings_read_file(settings, path, bad_line);
}

#define assert_setting(name, expected)                                                             \
    assert_true(str_eq(setting(settings, S(name), S("-")), S(expected)))

static void a_file_gives_names_and_values(void **)
{
    int bad;
    assert_int_equal(
        read_text("# note\n\nsmtp.url = smtp://127.0.0.1 \nname=Lạng Sơn\nempty=\nlast = a=b",
                  &bad),
        OK);
    assert_setting("smtp.url", "smtp://127.0.0.1");
    assert_setting("name", "Lạng Sơn");
    assert_setting("empty", "");
    assert_setting("last", "a=b");
    assert_setting("absent", "-");
}

static void a_line_that_cannot_be_read_is_named(void **)
{
    int bad = 0;
    assert_int_equal(read_text("a = 1\n\nb\n", &bad), ERR_INVALID);
    assert_int_equal(bad, 3);
    assert_int_equal(read_text(" = 1\n", &bad), ERR_INVALID);
    assert_int_equal(bad, 1);
    unlink(path);
    assert_int_equal(settings_read_file(settings, path, &bad), ERR_NOT_FOUND);
}

static void later_ones_win(void **)
{
    int bad;
    assert_int_equal(read_text("smtp.url = file\nport = 1\n", &bad), OK);
    char *const variables[] = {(char *)"TINHSO_SMTP_URL=environment", (char *)"PATH=/bin",
                               (char *)"TINHSO_X", NULL};
    settings_read_environ(settings, variables);
    assert_setting("smtp.url", "environment");
    settings_set(settings, S("smtp.url"), S("command line"));
    assert_setting("smtp.url", "command line");
    assert_setting("port", "1");
    assert_setting("path", "-");
}

static void numbers_are_read_or_the_other_value_stands(void **)
{
    settings_set(settings, S("n"), S("-42"));
    settings_set(settings, S("bad"), S("4x"));
    assert_int_equal(setting_int(settings, S("n"), 7), -42);
    assert_int_equal(setting_int(settings, S("bad"), 7), 7);
    assert_int_equal(setting_int(settings, S("absent"), 7), 7);
    assert_true(str_eq(setting(NULL, S("n"), S("x")), S("x")));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_file_gives_names_and_values),
        TEST(a_line_that_cannot_be_read_is_named),
        TEST(later_ones_win),
        TEST(numbers_are_read_or_the_other_value_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
