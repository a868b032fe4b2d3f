/*
 * key_test.c - `tinhso key rotate`: killed at every step it goes on; copies from before want the
 * old key and say so; nothing of a key is said or written anywhere else. On SQLite and PostgreSQL.
 */
#include "restore_world.h"

static struct cluster *server; /* PostgreSQL */
static const char *world;      /* the folder that all begin with, and "copy" of it */

static bool beside_postgresql(void)
{
    const char *url = getenv("TINHSO_TEST_DATABASE");
    return url && *url;
}

static int make_world([[maybe_unused]] void **state)
{
    arena = arena_new((size_t)512 << 20);
    snprintf(root, sizeof root, "%s/tinhso-key.XXXXXX",
             access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(root))
        return -1;
    world = in("world");
    int code;
    if (beside_postgresql()) {
        server = cluster_new(NULL);
        const char *url = server ? str_fmt(arena, "postgresql://tinhso@/tinhso?host=%%2Ftmp%%2F%s",
                                           cluster_folder(server) + 5)
                                       .p
                                 : "";
        code = RUN("demo", "--empty", "--data", world, "--database", url).code;
    } else {
        code = RUN("demo", "--empty", "--data", world).code;
    }
    if (code == EX_OK)
        code = in_child(erase_one, (void *)(uintptr_t)world).code;
    if (code == EX_OK)
        code = RUN("backup", in("copy"), "--data", world).code;
    return code == EX_OK ? 0 : -1;
}

static int end_world([[maybe_unused]] void **state)
{
    const int code = shell(str_fmt(arena, "rm -rf %s", root).p);
    cluster_end(server);
    arena_free(arena);
    return code;
}

static bool there(const char *folder, const char *name)
{
    return access(str_fmt(arena, "%s/%s", folder, name).p, F_OK) == 0;
}

static struct said rotate(int dies_at, const char *data)
{
    return verb(dies_at, (const char *const[]){"tinhso", "key", "rotate", "--data", data, NULL});
}

static int64_t events(const char *data, const char *kind)
{
    return ask(data,
               str_fmt(arena, "select count(*) from journal_event where kind = '%s'", kind).p);
}

static const char masters[] = "select count(*) from vault_master",
                  newest[] = "select max(id) from vault_master",
                  others[] = "select count(*) from vault_subject where wrapped is not null"
                             " and coalesce(generation, 1) <> (select max(id) from vault_master)";

/* Retired for good: nobody needs its file any more. */
static void forget(const char *data, int64_t generation)
{
    const char *name =
        generation == 1 ? "master.key" : str_fmt(arena, "master-%lld.key", (long long)generation).p;
    assert_int_equal(unlink(str_fmt(arena, "%s/keys/%s", data, name).p), 0);
    says(RUN("verify", "--data", data), EX_OK, "ĐÚNG");
}

/* Each step of one rotation in turn: what is there opens, and the next try makes an end of it. On
 * PostgreSQL one rotation follows the other in one database; SQLite's folder is a copy each time.
 */
static void killed_at_each_step_it_goes_on([[maybe_unused]] void **t)
{
    const char *data = beside_postgresql() ? world : in("work");
    int64_t was = 1;
    int n = 1, begun = 0;
    for (;; n++) {
        const struct arena_mark here = arena_here(arena);
        if (!beside_postgresql())
            assert_int_equal(shell(str_fmt(arena, "rm -rf %s && cp -a %s %s", data, world, data).p),
                             0);
        was = ask(data, newest);
        const int64_t retired = events(data, "vault.master.retired");
        struct said s = rotate(n, data);
        if (s.code == EX_OK)
            break;
        if (s.code != 137)
            fail_msg("step %d: %d, %.*s", n, s.code, F(s.out));
        says(RUN("verify", "--data", data), EX_OK, "ĐÚNG");
        if (ask(data, masters) == 2) {
            says(RUN("doctor", "--data", data), EX_CONFIG, "đang đổi dở");
            begun++;
        }
        s = rotate(0, data);
        says(s, EX_OK, "không còn bọc khóa nào");
        assert_int_equal(ask(data, masters), 1);
        assert_int_equal(ask(data, newest), was + 1);
        assert_int_equal(ask(data, others), 0);
        assert_int_equal(events(data, "vault.master.retired"), retired + 1);
        assert_int_equal(events(data, "vault.master.made"), retired + 1);
        assert_int_equal(events(data, "vault.master.used"), retired + 1);
        if (beside_postgresql()) /* the copies below want the first */
            assert_true(was == 1 ||
                        unlink(str_fmt(arena, "%s/keys/master-%lld.key", data, (long long)was).p) ==
                            0);
        else
            forget(data, was);
        arena_back(arena, here);
    }
    print_message("killed at each of %d steps, %d of them with two keys\n", n - 1, begun);
    assert_true(n > 8 && begun > 4);
    assert_int_equal(ask(data, citizens), 1); /* erased before, and stays so */
}

/* ---- copies ---- */

static void a_copy_from_before_wants_the_old_key_and_says_which([[maybe_unused]] void **t)
{
    if (beside_postgresql())
        skip();
    const char *data = in("work"), *kept = in("kept"), *away = in("away");
    assert_int_equal(shell(str_fmt(arena, "rm -rf %s %s; cp -a %s %s; cp -a %s/keys %s", data, kept,
                                   world, data, data, kept)
                               .p),
                     0);
    says(rotate(0, data), EX_OK, "keys/master-2.key");
    says(RUN("backup", away, "--data", data), EX_OK, "");
    forget(data, 1);
    const int64_t written = ask(data, "select count(*) from journal_event");
    says(RUN("restore", in("copy"), "--data", data, "--force"), EX_NOINPUT,
         "thiếu keys/master.key");
    /* A key of that name that is another one. */
    const char *wrong = in("wrong");
    assert_int_equal(shell(str_fmt(arena, "mkdir -m 700 %s; cp %s/keys/master-2.key %s/master.key",
                                   wrong, data, wrong)
                               .p),
                     0);
    says(RUN("restore", in("copy"), "--data", data, "--force", "--keys", wrong), EX_NOINPUT,
         "keys/master.key là khóa khác");
    assert_int_equal(ask(data, "select count(*) from journal_event"), written); /* untouched */
    says(RUN("restore", in("copy"), "--data", data, "--force", "--keys", kept), EX_OK,
         "Đã dựng lại");
    says(RUN("verify", "--data", data), EX_OK, "ĐÚNG");
    assert_int_equal(ask(data, newest), 1);
    /* Older than generations: it names none, and wants the first. */
    assert_int_equal(
        shell(str_fmt(arena,
                      "cp -a %s %s; sed -i 's/,\"master_keys\":.*\\]//' %s/backup.json;"
                      " ! grep -q master_keys %s/backup.json",
                      in("copy"), in("older"), in("older"), in("older"))
                  .p),
        0);
    says(RUN("restore", in("older"), "--data", in("empty"), "--keys", kept), EX_OK, "Đã dựng lại");
    /* And one from after: the keys from before are refused, those of the folder are not. */
    says(RUN("restore", away, "--data", in("none"), "--keys", kept), EX_NOINPUT,
         "thiếu keys/master-2.key");
    says(RUN("restore", away, "--data", in("after"), "--keys", str_fmt(arena, "%s/keys", data).p),
         EX_OK, "Đã dựng lại");
    says(RUN("verify", "--data", in("after")), EX_OK, "ĐÚNG");
}

/* ---- who asks, and what is said ---- */

static void what_is_there_is_listed_and_a_missing_key_is_named([[maybe_unused]] void **t)
{
    const char *data = in("work");
    if (beside_postgresql())
        skip();
    assert_int_equal(shell(str_fmt(arena, "rm -rf %s; cp -a %s %s", data, world, data).p), 0);
    says(RUN("key", "--data", data), EX_OK, "1  keys/master.key, dấu ");
    says(RUN("key", "turn", "--data", data), EX_USAGE, "cần: tinhso key");
    says(rotate(0, data), EX_OK, "Đã bọc lại ");
    says(RUN("key", "--data", data), EX_OK, "2  keys/master-2.key, dấu ");
    says(RUN("doctor", "--data", data), EX_CONFIG, "khóa đã nghỉ còn trên máy: keys/master.key");
    says(RUN("doctor", "--data", data, "--set", "doctor.key.days=-1"), EX_CONFIG,
         "-> tinhso key rotate");
    assert_int_equal(shell(str_fmt(arena, "mv %s/keys/master-2.key %s", data, root).p), 0);
    says(RUN("key", "rotate", "--data", data), EX_DATAERR,
         "Thiếu khóa chủ keys/master-2.key (dấu ");
    says(RUN("serve", "--data", data, "--single"), EX_DATAERR, "từ nơi cất khóa");
    assert_false(there(data, "keys/master-3.key"));
}

/* Its bytes and its hex: in keys/ only, not in the database, its log, what was said or logged. */
static void nothing_of_a_key_is_found_outside_of_its_file([[maybe_unused]] void **t)
{
    const char *data = in("work");
    if (beside_postgresql())
        skip();
    assert_int_equal(shell(str_fmt(arena, "rm -rf %s; cp -a %s %s", data, world, data).p), 0);
    says(rotate(0, data), EX_OK, "Đã bọc lại ");
    const int said = open(in("work/said"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    const struct str words = rotate(0, data).out; /* once more: what it says lies there too */
    assert_int_equal(write(said, words.p, words.n), words.n);
    close(said);
    const char *script = "cd %s && for f in keys/master*.key; do hex=$(cut -d' ' -f2 $f);"
                         " test ${#hex} = 64 || exit 3;"
                         " raw=$(echo $hex | sed 's/../\\\\x&/g');"
                         " test $(grep -rlai $hex . | wc -l) = 1 || exit 4;"
                         " ! LC_ALL=C grep -rlaP \"$raw\" . || exit 5; done;"
                         " test $(ls keys/master*.key | wc -l) = 3";
    assert_int_equal(shell(str_fmt(arena, script, data).p), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_each_step_it_goes_on),
        cmocka_unit_test(a_copy_from_before_wants_the_old_key_and_says_which),
        cmocka_unit_test(what_is_there_is_listed_and_a_missing_key_is_named),
        cmocka_unit_test(nothing_of_a_key_is_found_outside_of_its_file),
    };
    return cmocka_run_group_tests(tests, make_world, end_world);
}
