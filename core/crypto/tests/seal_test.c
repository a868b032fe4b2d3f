/* seal_test.c - sealed values and files open only where and as they were sealed. */
#include "seeded.h"

#include <sys/mman.h>
#include <unistd.h>

#define CHUNK ((size_t)64 * 1024)
#define HEADER 17
#define TAG 16

static void a_sealed_value_opens_with_its_key_and_place([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(1);
    struct str key = random_bytes(&s->cx, SEAL_KEY_BYTES), plain;
    const struct str values[] = {S(""), S("x"), S("Nguyễn Văn Ưởng"), random_bytes(&s->cx, 5000)};
    for (size_t i = 0; i < 4; i++) {
        struct str sealed = seal(&s->cx, key, S("person.name 7"), values[i]);
        assert_int_equal(sealed.n, values[i].n + SEAL_OVERHEAD);
        assert_ok(unseal(&s->cx, key, S("person.name 7"), sealed, &plain));
        assert_str(plain, values[i]);
    }
    seeded_free(s);
}

static void the_same_value_is_never_sealed_to_the_same_bytes([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(2);
    struct str key = random_bytes(&s->cx, SEAL_KEY_BYTES);
    struct str a = seal(&s->cx, key, S("x"), S("same")), b = seal(&s->cx, key, S("x"), S("same"));
    assert_false(str_eq(a, b));
    seeded_free(s);
}

static void a_changed_moved_or_cut_value_does_not_open([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(3);
    struct str key = random_bytes(&s->cx, SEAL_KEY_BYTES), plain;
    struct str sealed = seal(&s->cx, key, S("person.name 7"), S("Trần Thị Bưởi"));
    for (size_t i = 0; i < sealed.n; i++) {
        char *copy = (char *)str_z(s->cx.arena, sealed);
        copy[i] ^= 1;
        assert_int_equal(
            unseal(&s->cx, key, S("person.name 7"), (struct str){copy, sealed.n}, &plain), ERR_IO);
        assert_int_equal(plain.n, 0);
        assert_int_equal(unseal(&s->cx, key, S("person.name 7"), str_until(sealed, i), &plain),
                         ERR_IO);
    }
    assert_int_equal(unseal(&s->cx, key, S("person.name 8"), sealed, &plain), ERR_IO);
    struct str other = random_bytes(&s->cx, SEAL_KEY_BYTES);
    assert_int_equal(unseal(&s->cx, other, S("person.name 7"), sealed, &plain), ERR_IO);
    seeded_free(s);
}

/* Writes in pieces of `step` bytes; the descriptor stands at the beginning of the file. */
static int sealed_file(struct seeded *s, struct str key, struct str plain, size_t step)
{
    int fd = memfd_create("sealed", MFD_CLOEXEC);
    assert_true(fd >= 0);
    struct seal_writer *w = seal_writer_new(&s->env, key, fd);
    for (size_t at = 0; at < plain.n; at += step)
        assert_ok(seal_writer_add(w, str_until(str_from(plain, at), step)));
    assert_ok(seal_writer_end(w));
    seal_writer_free(w);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static enum err read_file(struct seeded *s, struct str key, int fd, struct str *plain)
{
    struct buf b = {.arena = s->cx.arena, .limit = 1 << 20};
    struct seal_reader *r = seal_reader_new(key, fd);
    struct str part = S("");
    enum err e;
    while ((e = seal_reader_next(r, &part)) == OK && part.n)
        buf_add(&b, part);
    enum err again = seal_reader_next(r, &part);
    assert_int_equal(again, e); /* the end and an error both stay */
    assert_int_equal(part.n, 0);
    seal_reader_free(r);
    *plain = buf_str(&b);
    return e;
}

static void a_sealed_file_of_any_length_reads_back([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(4);
    struct str key = random_bytes(&s->cx, SEAL_KEY_BYTES), all = random_bytes(&s->cx, 3 * CHUNK);
    const size_t sizes[] = {0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5};
    const size_t steps[] = {1021, CHUNK, 3 * CHUNK};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (size_t k = 0; k < 3; k++) {
            struct str plain = str_until(all, sizes[i]), back;
            int fd = sealed_file(s, key, plain, steps[k]);
            size_t chunks = sizes[i] == 0 ? 1 : (sizes[i] + CHUNK - 1) / CHUNK;
            assert_int_equal(lseek(fd, 0, SEEK_END), HEADER + sizes[i] + chunks * TAG);
            lseek(fd, 0, SEEK_SET);
            assert_ok(read_file(s, key, fd, &back));
            assert_true(str_eq(back, plain));
            close(fd);
        }
    seeded_free(s);
}

static void a_cut_or_longer_sealed_file_is_refused([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(5);
    struct str key = random_bytes(&s->cx, SEAL_KEY_BYTES), back;
    struct str plain = random_bytes(&s->cx, 2 * CHUNK + 100);
    off_t whole = (off_t)(HEADER + plain.n + 3 * TAG);
    const off_t cuts[] = {0,
                          5,
                          HEADER,
                          HEADER + 10,
                          HEADER + CHUNK + TAG,
                          HEADER + 2 * (CHUNK + TAG),
                          whole - 1,
                          whole + 1,
                          whole + (off_t)CHUNK};
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        int fd = sealed_file(s, key, plain, CHUNK);
        assert_int_equal(ftruncate(fd, cuts[i]), 0);
        assert_int_equal(read_file(s, key, fd, &back), ERR_IO);
        close(fd);
    }
    seeded_free(s);
}

static void a_changed_byte_anywhere_in_a_sealed_file_is_found([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(6);
    struct str key = random_bytes(&s->cx, SEAL_KEY_BYTES), back;
    struct str plain = random_bytes(&s->cx, CHUNK + 50);
    int fd = sealed_file(s, key, plain, CHUNK);
    off_t whole = lseek(fd, 0, SEEK_END);
    for (off_t at = 0; at < whole; at += at < HEADER || at > whole - 90 ? 1 : 4999) {
        char c, changed;
        assert_int_equal(pread(fd, &c, 1, at), 1);
        changed = c ^ 0x10;
        assert_int_equal(pwrite(fd, &changed, 1, at), 1);
        lseek(fd, 0, SEEK_SET);
        assert_int_equal(read_file(s, key, fd, &back), ERR_IO);
        assert_int_equal(pwrite(fd, &c, 1, at), 1);
    }
    lseek(fd, 0, SEEK_SET);
    assert_ok(read_file(s, key, fd, &back));
    close(fd);
    seeded_free(s);
}

static void chunks_of_a_sealed_file_may_not_change_places([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(7);
    struct str key = random_bytes(&s->cx, SEAL_KEY_BYTES), back;
    int fd = sealed_file(s, key, random_bytes(&s->cx, 2 * CHUNK + 100), CHUNK);
    char *first = arena_alloc(s->cx.arena, CHUNK + TAG),
         *second = arena_alloc(s->cx.arena, CHUNK + TAG);
    assert_int_equal(pread(fd, first, CHUNK + TAG, HEADER), CHUNK + TAG);
    assert_int_equal(pread(fd, second, CHUNK + TAG, HEADER + CHUNK + TAG), CHUNK + TAG);
    assert_int_equal(pwrite(fd, second, CHUNK + TAG, HEADER), CHUNK + TAG);
    assert_int_equal(pwrite(fd, first, CHUNK + TAG, HEADER + CHUNK + TAG), CHUNK + TAG);
    assert_int_equal(read_file(s, key, fd, &back), ERR_IO);
    close(fd);
    seeded_free(s);
}

static void a_failed_write_is_told_and_stays([[maybe_unused]] void **t)
{
    struct seeded *s = seeded_new(8);
    struct str key = random_bytes(&s->cx, SEAL_KEY_BYTES), big = random_bytes(&s->cx, 3 * CHUNK);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct seal_writer *w = seal_writer_new(&s->env, key, ends[0]); /* the reading end */
    assert_int_equal(seal_writer_add(w, big), ERR_IO);
    assert_int_equal(seal_writer_add(w, S("x")), ERR_IO);
    assert_int_equal(seal_writer_end(w), ERR_IO);
    seal_writer_free(w);
    close(ends[0]);
    close(ends[1]);
    seeded_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_value_opens_with_its_key_and_place),
        cmocka_unit_test(the_same_value_is_never_sealed_to_the_same_bytes),
        cmocka_unit_test(a_changed_moved_or_cut_value_does_not_open),
        cmocka_unit_test(a_sealed_file_of_any_length_reads_back),
        cmocka_unit_test(a_cut_or_longer_sealed_file_is_refused),
        cmocka_unit_test(a_changed_byte_anywhere_in_a_sealed_file_is_found),
        cmocka_unit_test(chunks_of_a_sealed_file_may_not_change_places),
        cmocka_unit_test(a_failed_write_is_told_and_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
