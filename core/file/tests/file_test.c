/* file_test.c - receiving, keeping and giving out files. */
#include "file_fixture.h"
#include "testing/testing.h"

static struct str noise(struct cx *cx, size_t n)
{
    struct str bytes = random_bytes(cx, n);
    return joined(cx, S(PNG), bytes);
}

static void a_stored_file_comes_back_as_it_was(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_owner(cx);
    static const size_t sizes[] = {1, 65'503, 65'504, 65'505, 131'040, 1'000'000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct str bytes = noise(cx, sizes[i]), read;
        struct stored_file f = stored(cx, lan, S("Ảnh thẻ.png"), bytes), found;
        assert_ok(file_find(cx, f.id, &found));
        assert_str(found.name, "Ảnh thẻ.png");
        assert_str(found.mime, "image/png");
        assert_int_equal(found.size_bytes, bytes.n);
        assert_int_equal(found.state, FILE_CLEAN);
        assert_int_equal(found.stored_at, cx->now);
        struct hash h = sha256(bytes);
        assert_true(str_eq(found.sha256_hex, str_hex(cx->arena, HASH_STR(h))));
        assert_ok(file_read_all(cx, &found, MAX_BYTES, &read));
        assert_true(str_eq(read, bytes));
    }
}

static void a_file_is_read_in_pieces(void **t)
{
    struct cx *cx = test_cx(t);
    struct str bytes = noise(cx, 200'000), piece;
    struct stored_file f = stored(cx, new_owner(cx), S("a.png"), bytes);
    struct file_reader *r;
    assert_ok(file_open(cx, &f, &r));
    size_t at = 0;
    int pieces = 0;
    for (;; pieces++) {
        assert_ok(file_read(r, &piece));
        if (piece.n == 0)
            break;
        assert_memory_equal(piece.p, bytes.p + at, piece.n);
        at += piece.n;
    }
    assert_int_equal(at, bytes.n);
    assert_true(pieces >= 4);
    assert_ok(file_read(r, &piece));
    assert_int_equal(piece.n, 0);
    file_reader_free(r);
    assert_err(file_read_all(cx, &f, 1000, &piece), ERR_LIMIT);
}

static void nothing_on_the_disk_or_in_the_row_is_in_clear(void **t)
{
    struct cx *cx = test_cx(t);
    struct stored_file f = stored(cx, new_owner(cx), S("Nguyễn Thị Lan.pdf"), S(PDF));
    char bytes[4096];
    FILE *file = fopen(path_of(cx, &f), "r");
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(n > sizeof PDF);
    assert_lacks(((struct str){bytes, n}), "Catalog");
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows, "select name, digest, blob from file_stored"));
    assert_true(db_next(&rows));
    assert_lacks(db_bytes(&rows, 0), "Lan");
    struct hash h = sha256(S(PDF));
    assert_false(str_find(db_bytes(&rows, 1), HASH_STR(h), NULL));
    assert_false(str_eq(db_str(&rows, 2), str_hex(cx->arena, HASH_STR(h))));
}

static int blobs(struct cx *cx)
{
    int n = 0;
    for (int i = 0; i < 256; i++)
        n += entries_in(cx, str_fmt(cx->arena, "%02x", (unsigned)i).p);
    return n;
}

static void what_is_taken_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_owner(cx);
    struct file_upload *u;
    struct str bytes;
    assert_ok(try_upload(cx, lan, S("-----BEGIN PRIVATE KEY-----\n"), 7, &u));
    assert_int_equal(blobs(cx), 1);
    assert_ok(file_upload_take(cx, u, &bytes));
    assert_str(bytes, "-----BEGIN PRIVATE KEY-----\n");
    assert_int_equal(blobs(cx), 0);
    assert_ok(file_upload_take(cx, u, &bytes)); /* a lane may run twice */
    assert_str(bytes, "-----BEGIN PRIVATE KEY-----\n");
    file_upload_drop(u);
    /* The same bytes kept as a file stay. */
    struct stored_file f = stored(cx, lan, S("a.pdf"), S(PDF));
    assert_ok(try_upload(cx, lan, S(PDF), 70'000, &u));
    assert_ok(file_upload_take(cx, u, &bytes));
    file_upload_drop(u);
    assert_ok(file_read_all(cx, &f, MAX_BYTES, &bytes));
    assert_ok(try_upload(cx, lan, noise(cx, 140'000), 70'000, &u));
    assert_err(file_upload_take(cx, u, &bytes), ERR_LIMIT);
    file_upload_drop(u);
}

static void equal_files_lie_once_for_one_owner_and_apart_for_two(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_owner(cx), nam = new_owner(cx);
    struct stored_file a = stored(cx, lan, S("a.pdf"), S(PDF)),
                       b = stored(cx, lan, S("b.pdf"), S(PDF)),
                       c = stored(cx, nam, S("a.pdf"), S(PDF));
    struct str read;
    assert_true(str_eq(a.blob, b.blob));
    assert_false(str_eq(a.blob, c.blob));
    assert_ok(file_read_all(cx, &a, MAX_BYTES, &read));
    assert_ok(file_read_all(cx, &b, MAX_BYTES, &read));
    assert_ok(file_read_all(cx, &c, MAX_BYTES, &read));
}

static void a_file_over_the_limit_is_refused_while_it_comes(void **t)
{
    struct cx *cx = test_cx(t);
    struct str key;
    struct file_upload *u;
    assert_ok(vault_subject_key(cx, new_owner(cx), &key));
    assert_ok(file_upload_start(cx, key, 2 << 20, &u));
    assert_ok(file_upload_add(cx, u, noise(cx, (2 << 20) - sizeof PNG)));
    assert_err(file_upload_add(cx, u, S("one too many")), ERR_LIMIT);
    assert_why(cx, "2 MB");
    file_upload_drop(u);
    assert_int_equal(entries_in(cx, "tmp"), 0);
}

static void a_dropped_upload_leaves_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct str key;
    struct file_upload *u;
    assert_ok(vault_subject_key(cx, new_owner(cx), &key));
    assert_ok(file_upload_start(cx, key, MAX_BYTES, &u));
    assert_ok(file_upload_add(cx, u, S(PDF)));
    assert_int_equal(entries_in(cx, "tmp"), 1);
    file_upload_drop(u);
    assert_int_equal(entries_in(cx, "tmp"), 0);
    file_upload_drop(NULL);
}

static void a_refused_row_can_be_written_again(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_owner(cx);
    struct file_upload *u = NULL;
    struct stored_file f;
    assert_ok(try_upload(cx, lan, S(PDF), 10, &u));
    int calls = 0;
    do {
        assert_int_equal(rows_of(cx, "file_stored"), 0);
        db_fail_at(cx, ++calls);
    } while (test_write(cx, file_add(cx, u, lan, S("a.pdf"), &f)) != OK);
    db_fail_at(cx, 0);
    assert_true(calls >= 4); /* begin, key, insert, commit */
    struct str read;
    assert_ok(file_read_all(cx, &f, MAX_BYTES, &read));
    assert_str(read, PDF);
    file_upload_drop(u);
}

static void what_we_made_ourselves_is_clean_at_once(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_owner(cx);
    struct str key, read;
    struct file_upload *u;
    struct stored_file f;
    settings_set(cx->env->settings, S("clamd.socket"), S("/nowhere/clamd.sock"));
    assert_ok(vault_subject_key(cx, lan, &key));
    assert_ok(file_put(cx, lan, key, S("Giấy khai sinh.pdf"), S(PDF), &u));
    assert_ok(test_write(cx, file_add(cx, u, lan, S(""), &f)));
    file_upload_drop(u);
    assert_str(f.name, "Giấy khai sinh.pdf");
    assert_int_equal(f.state, FILE_CLEAN);
    assert_ok(file_read_all(cx, &f, MAX_BYTES, &read));
    assert_err(file_put(cx, lan, key, S("x"), S("\x7f\x45LF"), &u), ERR_INVALID);
}

/* ---- changed behind our back ---- */

static void a_changed_or_cut_blob_is_never_given_out_as_whole(void **t)
{
    struct cx *cx = test_cx(t);
    struct stored_file f = stored(cx, new_owner(cx), S("a.png"), noise(cx, 150'000));
    const char *path = path_of(cx, &f);
    struct str read;
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    int fd = open(path, O_RDWR);
    char c;
    assert_int_equal(pread(fd, &c, 1, 100'000), 1);
    c ^= 1;
    assert_int_equal(pwrite(fd, &c, 1, 100'000), 1);
    assert_err(file_read_all(cx, &f, MAX_BYTES, &read), ERR_IO);
    c ^= 1;
    assert_int_equal(pwrite(fd, &c, 1, 100'000), 1);
    assert_ok(file_read_all(cx, &f, MAX_BYTES, &read));
    assert_int_equal(ftruncate(fd, st.st_size - 30'000), 0);
    assert_err(file_read_all(cx, &f, MAX_BYTES, &read), ERR_IO);
    close(fd);
    unlink(path);
    assert_err(file_read_all(cx, &f, MAX_BYTES, &read), ERR_IO);
}

static void another_file_of_the_same_owner_in_its_place_is_noticed(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_owner(cx);
    struct stored_file f = stored(cx, lan, S("a.png"), noise(cx, 1000)),
                       g = stored(cx, lan, S("b.png"), noise(cx, 1000));
    struct str read;
    assert_int_equal(rename(path_of(cx, &g), path_of(cx, &f)), 0);
    assert_err(file_read_all(cx, &f, MAX_BYTES, &read), ERR_IO);
}

/* ---- the sweep ---- */

static void bytes_without_a_row_go_after_a_day(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_owner(cx);
    struct stored_file kept = stored(cx, lan, S("a.pdf"), S(PDF)),
                       gone = stored(cx, lan, S("b.png"), noise(cx, 10)),
                       fresh = stored(cx, lan, S("c.png"), noise(cx, 11));
    set_age(cx, path_of(cx, &kept), 3 * DAY_MS);
    set_age(cx, path_of(cx, &gone), 3 * DAY_MS);
    set_age(cx, path_of(cx, &fresh), -DAY_MS); /* still young when the sweep's day is over */
    assert_ok(test_write(cx, file_remove(cx, gone.id)));
    assert_ok(test_write(cx, file_remove(cx, fresh.id)));
    assert_err(test_write(cx, file_remove(cx, gone.id)), ERR_NOT_FOUND);
    assert_ok(sweep_a_day(cx));
    assert_true(exists(path_of(cx, &kept)));
    assert_false(exists(path_of(cx, &gone)));
    assert_true(exists(path_of(cx, &fresh)));
}

static void bytes_that_another_row_names_stay(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_owner(cx);
    struct stored_file a = stored(cx, lan, S("a.pdf"), S(PDF)),
                       b = stored(cx, lan, S("b.pdf"), S(PDF));
    assert_ok(test_write(cx, file_remove(cx, a.id)));
    set_age(cx, path_of(cx, &b), 3 * DAY_MS);
    assert_ok(sweep_a_day(cx));
    struct str read;
    assert_ok(file_read_all(cx, &b, MAX_BYTES, &read));
}

static void what_a_crash_left_half_received_goes_after_a_day(void **t)
{
    struct cx *cx = test_cx(t);
    const char *left = str_fmt(cx->arena, "%.*s/files/tmp/left", F(cx->env->data_dir)).p;
    close(open(left, O_CREAT | O_WRONLY, 0600));
    set_age(cx, left, -DAY_MS);
    assert_ok(sweep_a_day(cx));
    assert_true(exists(left));
    set_age(cx, left, 2 * DAY_MS);
    assert_ok(sweep_a_day(cx));
    assert_false(exists(left));
}

static void files_of_an_erased_owner_are_gone_and_say_why(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_owner(cx), nam = new_owner(cx);
    struct stored_file a = stored(cx, lan, S("a.pdf"), S(PDF)),
                       b = stored(cx, nam, S("a.pdf"), S(PDF)), found;
    struct file_reader *r;
    struct str read;
    assert_ok(test_write(cx, vault_erase(cx, lan, S("12/QĐ-UBND"))));
    assert_ok(file_find(cx, a.id, &found));
    assert_int_equal(found.state, FILE_ERASED);
    assert_int_equal(found.name.n, 0);
    assert_err(file_open(cx, &found, &r), ERR_NOT_FOUND);
    assert_why(cx, "12/QĐ-UBND");

    set_age(cx, path_of(cx, &a), 2 * DAY_MS);
    set_age(cx, path_of(cx, &b), 2 * DAY_MS);
    assert_ok(sweep_a_day(cx));
    assert_false(exists(path_of(cx, &a)));
    assert_ok(file_find(cx, a.id, &found));
    assert_err(file_open(cx, &found, &r), ERR_NOT_FOUND);
    assert_ok(file_read_all(cx, &b, MAX_BYTES, &read));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_stored_file_comes_back_as_it_was),
        TEST(a_file_is_read_in_pieces),
        TEST(nothing_on_the_disk_or_in_the_row_is_in_clear),
        TEST(what_is_taken_leaves_nothing_behind),
        TEST(equal_files_lie_once_for_one_owner_and_apart_for_two),
        TEST(a_file_over_the_limit_is_refused_while_it_comes),
        TEST(a_dropped_upload_leaves_nothing),
        TEST(a_refused_row_can_be_written_again),
        TEST(what_we_made_ourselves_is_clean_at_once),
        TEST(a_changed_or_cut_blob_is_never_given_out_as_whole),
        TEST(another_file_of_the_same_owner_in_its_place_is_noticed),
        TEST(bytes_without_a_row_go_after_a_day),
        TEST(bytes_that_another_row_names_stay),
        TEST(what_a_crash_left_half_received_goes_after_a_day),
        TEST(files_of_an_erased_owner_are_gone_and_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
