/* breached_test.c - a list of breached passwords is searched where it lies, and believed only as
 * far as it is what it says. */
#include "seeded.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY 3000

static char path[64];

static int start(void **)
{
    snprintf(path, sizeof path, "/tmp/tinhso-breached.XXXXXX");
    const int fd = mkstemp(path);
    return fd >= 0 ? close(fd) : -1;
}

static int end(void **)
{
    return unlink(path);
}
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

static void write_list(struct str text)
{
    const int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
    assert_true(fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n);
    close(fd);
}

static struct str sha1_hex(struct seeded *s, struct str text)
{
    unsigned char h[20];
    assert_int_equal(EVP_Digest(text.p, text.n, h, NULL, EVP_sha1(), NULL), 1);
    return str_hex(s->cx.arena, (struct str){(const char *)h, sizeof h});
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct str word(struct seeded *s, int i)
{
    return str_fmt(s->cx.arena, "mật khẩu số %d", i);
}

/* The hashes of so many words, sorted. */
static struct str *hashes(struct seeded *s, int n)
{
    struct str *all = NEW_N(s->cx.arena, struct str, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        all[i] = sha1_hex(s, word(s, i));
    qsort(all, (size_t)n, sizeof *all, by_text);
    return all;
}

static struct str lines(struct seeded *s, const struct str *all, int n, const char *behind)
{
    struct buf b = {.arena = s->cx.arena, .limit = 1 << 20};
    for (int i = 0; i < n; i++) {
        buf_add(&b, all[i]);
        buf_add(&b, str_c(behind));
    }
    return buf_str(&b);
}

static bool is_on_it(struct seeded *s, struct str password)
{
    bool found;
    if (password_breached(&s->cx, path, password, &found) != OK)
        fail_msg("%.*s", F(s->cx.why));
    return found;
}

static void every_password_of_the_list_is_found_and_no_other(void **)
{
    static const char *const ends[] = {"\n", ":7\n", ":1234567890\r\n", "\r\n"};
    static const int lengths[] = {1, 2, 3, 4, MANY};
    for (size_t of = 0; of < 5; of++)
        for (size_t e = 0; e < 4; e++) {
            const int n = lengths[of];
            struct seeded *s = seeded_new(1);
            int64_t bytes;
            struct str text = lines(s, hashes(s, n), n, ends[e]);
            text = e == 1 ? str_until(text, text.n - 1) : text; /* the last line has no end */
            write_list(text);
            for (int i = 0; i<n; i += n> 100 ? 7 : 1)
                if (!is_on_it(s, word(s, i)))
                    fail_msg("%d of %d is not found", i, n);
            for (int i = MANY; i < MANY + 200; i++)
                assert_false(is_on_it(s, word(s, i)));
            assert_ok(password_breached_judge(&s->cx, path, &bytes));
            assert_int_equal(bytes, text.n);
            seeded_free(s);
        }
}

static void capital_letters_are_the_same_hash(void **)
{
    struct seeded *s = seeded_new(2);
    /* RFC 3174: "abc" */
    write_list(S("A9993E364706816ABA3E25717850C26C9CD0D89D:3\n"));
    assert_true(is_on_it(s, S("abc")));
    write_list(S("a9993e364706816aba3e25717850c26c9cd0d89d\n"));
    assert_true(is_on_it(s, S("abc")));
    assert_false(is_on_it(s, S("abd")));
    seeded_free(s);
}

static void is_refused(struct str text, const char *why)
{
    struct seeded *s = seeded_new(3);
    bool found;
    int64_t bytes;
    write_list(text);
    assert_int_equal(password_breached_judge(&s->cx, path, &bytes), ERR_IO);
    assert_true(str_find(s->cx.why, str_c(why), NULL));
    assert_int_equal(password_breached(&s->cx, path, S("abc"), &found), ERR_IO);
    assert_true(str_find(s->cx.why, str_c(why), NULL));
    assert_false(found);
    seeded_free(s);
}

static void bad_lines_are_no_list(void **)
{
    is_refused(S(""), "empty");
    is_refused(S("\n"), "no SHA-1");
    is_refused(S("A9993E364706816ABA3E25717850C26C9CD0D89"), "no SHA-1");
    is_refused(S("G9993E364706816ABA3E25717850C26C9CD0D89D\n"), "no SHA-1");
    is_refused(S("A9993E364706816ABA3E25717850C26C9CD0D89D:\n"), "more than");
    is_refused(S("A9993E364706816ABA3E25717850C26C9CD0D89D:x\n"), "more than");
    is_refused(S("A9993E364706816ABA3E25717850C26C9CD0D89D 3\n"), "more than");
    is_refused(S("8846F7EAEE8FB117AD06BDD830B7586C\n"), "no SHA-1"); /* the other kind given out */
    is_refused(
        S("A9993E364706816ABA3E25717850C26C9CD0D89DA9993E364706816ABA3E25717850C26C9CD0D89D"
          "A9993E364706816ABA3E25717850C26C9CD0D89DA9993E364706816ABA3E25717850C26C9CD0D89D"),
        "too long");
}

static void a_list_out_of_order_is_no_list(void **)
{
    struct seeded *s = seeded_new(4);
    struct str *all = hashes(s, MANY), text;
    const struct str last = all[MANY - 1];
    int64_t bytes;
    bool found;
    all[MANY - 1] = all[0];
    all[0] = last;
    text = lines(s, all, MANY, "\n");
    write_list(text);
    assert_int_equal(password_breached_judge(&s->cx, path, &bytes), ERR_IO);
    for (int i = 0; i < MANY / 2; i++) { /* turned round as a whole: each look-up meets it */
        const struct str one = all[i];
        all[i] = all[MANY - 1 - i];
        all[MANY - 1 - i] = one;
    }
    all[0] = all[1];
    write_list(lines(s, all, MANY, "\n"));
    assert_int_equal(password_breached(&s->cx, path, S("abc"), &found), ERR_IO);
    assert_true(str_find(s->cx.why, S("not in order"), NULL));
    seeded_free(s);
}

static void what_cannot_be_read_is_no_list(void **)
{
    struct seeded *s = seeded_new(5);
    bool found;
    int64_t bytes;
    assert_int_equal(password_breached(&s->cx, "/nowhere/list", S("abc"), &found), ERR_IO);
    assert_int_equal(password_breached(&s->cx, "/tmp", S("abc"), &found), ERR_IO);
    assert_int_equal(password_breached_judge(&s->cx, "/nowhere/list", &bytes), ERR_IO);
    char fifo[80]; /* nobody writes into it: it must not be waited for */
    snprintf(fifo, sizeof fifo, "%s.fifo", path);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(password_breached(&s->cx, fifo, S("abc"), &found), ERR_IO);
    unlink(fifo);
    seeded_free(s);
}

/* 60 GB that take no room: mostly hole, so a look-up that read on would find zeros for an hour. */
static void a_huge_list_costs_no_more_than_its_lines(void **)
{
    struct seeded *s = seeded_new(6);
    bool found;
    int64_t bytes;
    if (truncate(path, (off_t)60'000'000'000) != 0)
        return; /* a file system without such files */
    assert_int_equal(password_breached(&s->cx, path, S("abc"), &found), ERR_IO);
    assert_true(str_find(s->cx.why, S("too long"), NULL));
    assert_int_equal(password_breached_judge(&s->cx, path, &bytes), ERR_IO);
    seeded_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_password_of_the_list_is_found_and_no_other),
        TEST(capital_letters_are_the_same_hash),
        TEST(bad_lines_are_no_list),
        TEST(a_list_out_of_order_is_no_list),
        TEST(what_cannot_be_read_is_no_list),
        TEST(a_huge_list_costs_no_more_than_its_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
