/*
 * restore_test.c - a copy comes back whole or not at all: killed at every step, spoilt, over data
 * that is there; whom a legal order erased since stays erased; on SQLite and PostgreSQL.
 */
#include "restore_world.h"

/* ---- the folder that all begin with ---- */

/* Run once: the run beside PostgreSQL is for the last tests. */
static bool beside_postgresql(void)
{
    const char *url = getenv("TINHSO_TEST_DATABASE");
    return url && *url;
}

static struct cluster *source, *target; /* PostgreSQL */

static const char *url_of(const struct cluster *c)
{
    return str_fmt(arena, "postgresql://tinhso@/tinhso?host=%%2Ftmp%%2F%s", cluster_folder(c) + 5)
        .p;
}

/* The folder "pg" and its copy; "pg-copy" is of before, "pg" goes on likewise. */
static int make_servers(void)
{
    const char *data = in("pg");
    source = cluster_new(NULL);
    target = source ? cluster_new(NULL) : NULL;
    if (!target)
        return -1;
    /* The source has seen more transactions than the target. */
    bool good = cluster_ask(source, "create table spent (n int)", NULL);
    for (int i = 0; i < 400; i++)
        good = cluster_ask(source, "insert into spent values (1)", NULL) && good;
    good = cluster_ask(source, "drop table spent", NULL) && good;
    return good &&
                   RUN("demo", "--empty", "--data", data, "--database", url_of(source)).code ==
                       EX_OK &&
                   RUN("backup", in("pg-copy"), "--data", data).code == EX_OK &&
                   in_child(erase_one, (void *)(uintptr_t)data).code == 0
               ? 0
               : -1;
}

/* "copy" is of before, "old" goes on: one account more, one person erased. */
static int make_world([[maybe_unused]] void **state)
{
    arena = arena_new((size_t)512 << 20);
    snprintf(root, sizeof root, "%s/tinhso-restore.XXXXXX",
             access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(root))
        return -1;
    if (beside_postgresql())
        return make_servers();
    int code = RUN("demo", "--empty", "--data", in("old")).code;
    if (code == EX_OK)
        code = RUN("backup", in("copy"), "--data", in("old")).code;
    if (code == EX_OK)
        code = in_child(erase_one, (void *)(uintptr_t)in("old")).code;
    if (code != EX_OK)
        return -1;
    return 0;
}

static int end_world([[maybe_unused]] void **state)
{
    const int code = shell(str_fmt(arena, "rm -rf %s", root).p);
    cluster_end(source);
    cluster_end(target);
    arena_free(arena);
    return code;
}

static void copy_world(const char *to)
{
    assert_int_equal(shell(str_fmt(arena, "rm -rf %s && cp -a %s %s", to, in("old"), to).p), 0);
}

static bool there(const char *folder, const char *name)
{
    return access(str_fmt(arena, "%s/%s", folder, name).p, F_OK) == 0;
}

static struct str digest(const char *folder)
{
    const char *command =
        str_fmt(arena,
                "cd %s && (sha256sum core.db; find files -type f | sort | xargs -r"
                " sha256sum) | sha256sum > %s/digest",
                folder, root)
            .p;
    assert_int_equal(shell(command), 0);
    char *text = arena_alloc(arena, 64);
    const int fd = open(in("digest"), O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(fd, text, 64), 64);
    close(fd);
    return (struct str){text, 64};
}

/* ---- SQLite ---- */

static void an_interrupted_restore_leaves_the_old_data_or_the_new([[maybe_unused]] void **t)
{
    if (beside_postgresql())
        skip();
    const char *data = in("work");
    const struct str old = digest(in("old"));
    const int64_t events = ask(in("old"), "select count(*) from journal_event");
    int n = 1, decided = 0;
    for (;; n++) {
        struct arena_mark here = arena_here(arena);
        copy_world(data);
        struct said s = verb(n, (const char *const[]){"tinhso", "restore", in("copy"), "--data",
                                                      data, "--force", NULL});
        if (s.code == EX_OK)
            break;
        if (s.code != 137)
            fail_msg("step %d: %d, %.*s", n, s.code, F(s.out));
        const bool pending = there(data, "restore.pending");
        decided += pending;
        if (pending) {
            says(RUN("verify", "--data", data), EX_TEMPFAIL, "chưa xong");
        } else {
            assert_true(decided == 0 || there(data, "before-restore/core.db"));
            if (decided == 0)
                assert_true(str_eq(digest(data), old));
        }
        /* Whoever opens it next finishes what was decided. */
        says(RUN("pack", "list", "--data", data), EX_OK, "");
        says(RUN("verify", "--quick", "--data", data), EX_OK, "ĐÚNG");
        assert_false(there(data, "restore.pending"));
        assert_int_equal(ask(data, citizens), 1); /* old or new: erased */
        const bool is_new = there(data, "before-restore/core.db");
        assert_int_equal(is_new, decided > 0);
        /* Twice when it was killed between that event and the end. */
        assert_in_range(
            ask(data, "select count(*) from journal_event where kind = 'journal.restored'"), is_new,
            is_new ? 2 : 0);
        if (!is_new)
            assert_int_equal(ask(data, "select count(*) from journal_event"), events);
        arena_back(arena, here);
    }
    print_message("killed at each of %d steps, %d of them after the decision\n", n - 1, decided);
    assert_true(n > 15 && decided > 4);
    assert_int_equal(ask(data, citizens), 1);
    assert_true(there(data, "before-restore/core.db"));
}

static void a_restore_into_an_empty_folder_goes_on_where_it_was_killed([[maybe_unused]] void **t)
{
    if (beside_postgresql())
        skip();
    const char *data = in("fresh");
    const char *keys = in("old/keys"), *stones = in("old/tombstones.log");
    int n = 1;
    for (;; n += 2) {
        struct arena_mark here = arena_here(arena);
        assert_int_equal(
            shell(
                str_fmt(arena, "rm -rf %s; mkdir -m 700 %s; cp %s %s", data, data, stones, data).p),
            0);
        const char *const words[] = {"tinhso", "restore", in("copy"), "--data",
                                     data,     "--keys",  keys,       NULL};
        struct said s = verb(n, words);
        if (s.code == EX_OK)
            break;
        assert_int_equal(s.code, 137);
        if (there(data, "restore.pending") || !there(data, "core.db")) /* else it was just done */
            says(verb(0, words), EX_OK, "Đã dựng lại");
        says(RUN("verify", "--data", data), EX_OK, "ĐÚNG");
        assert_int_equal(ask(data, citizens), 1);
        arena_back(arena, here);
    }
    assert_true(n > 10);
}

static void a_spoilt_copy_is_refused_and_touches_nothing([[maybe_unused]] void **t)
{
    if (beside_postgresql())
        skip();
    const char *data = in("work");
    copy_world(data);
    const struct str old = digest(data);
    assert_int_equal(shell(str_fmt(arena,
                                   "rm -rf %s; cp -a %s %s; printf X | dd of=%s/core.db bs=1"
                                   " seek=100000 conv=notrunc status=none",
                                   in("spoilt"), in("copy"), in("spoilt"), in("spoilt"))
                               .p),
                     0);
    says(RUN("restore", in("spoilt"), "--data", data, "--force"), EX_DATAERR, "hỏng");
    assert_true(str_eq(digest(data), old));
    assert_false(there(data, "restore.pending"));
    says(RUN("restore", in("copy"), "--data", data), EX_CANTCREAT, "đã có dữ liệu");
    assert_true(str_eq(digest(data), old));
}

/* ---- PostgreSQL ---- */

static int64_t number(struct cluster *c, const char *sql)
{
    long long n = -1;
    assert_true(cluster_ask(c, sql, &n));
    return n;
}

static bool is_empty(struct cluster *c)
{
    return number(c, "select count(*) from pg_class where relkind = 'r'"
                     " and relnamespace = 'public'::regnamespace") == 0;
}

/* An empty database, and a folder that has what outlives a backup: who was erased. */
static const char *begin_anew(const char *name)
{
    const char *data = in(name);
    assert_true(
        cluster_ask(target, "set client_min_messages = warning; drop schema public cascade", NULL));
    assert_true(cluster_ask(target, "create schema public", NULL));
    assert_int_equal(shell(str_fmt(arena, "rm -rf %s; mkdir -m 700 %s; cp %s %s", data, data,
                                   in("pg/tombstones.log"), data)
                               .p),
                     0);
    return data;
}

static struct said restore(int dies_at, const char *data, const char *to)
{
    return verb(dies_at, (const char *const[]){"tinhso", "restore", in("pg-copy"), "--data", data,
                                               "--keys", in("pg/keys"), "--database", to, NULL});
}

/* Rows, files and the journal come back into another server, whose transactions count anew. */
static void a_copy_of_postgresql_is_restored_into_another_server([[maybe_unused]] void **t)
{
    if (!beside_postgresql())
        skip();
    const char *again = begin_anew("pg-again"), *to = url_of(target);
    says(restore(0, again, url_of(source)), EX_CANTCREAT, "trống");
    /* Killed before the decision, around the import, before the end. */
    int n = 1, killed = 0;
    for (struct said s; (s = restore(n, again, to)).code != EX_OK; n = killed < 4 ? n + 4 : n + 1) {
        if (s.code != 137)
            fail_msg("step %d: %d, %.*s", n, s.code, F(s.out));
        killed++;
        if (!there(again, "restore.pending"))
            assert_true(is_empty(target));
    }
    print_message("killed %d times on its way\n", killed);
    assert_true(killed >= 4);
    says(RUN("verify", "--data", again), EX_OK, "ĐÚNG");
    assert_int_equal(ask(again, citizens), 1);
    /* What is written from now on follows what was there. */
    assert_int_equal(in_child(erase_one, (void *)(uintptr_t)again).code, 0);
    says(RUN("verify", "--data", again), EX_OK, "ĐÚNG");
    assert_int_equal(number(target,
                            "select count(*) from (select tx < lag(tx) over (order by id) as"
                            " back from journal_event) e where back"),
                     0);
    assert_true(number(target, "select added from db_era") > 400);
}

/* Whoever opens the folder next would go on in the database that its settings name. */
static void a_folder_of_another_database_is_left_alone([[maybe_unused]] void **t)
{
    if (!beside_postgresql())
        skip();
    (void)begin_anew("pg-none");
    const int64_t events = ask(in("pg"), "select count(*) from journal_event");
    says(restore(0, in("pg"), url_of(target)), EX_CANTCREAT, "khác với --database");
    assert_true(is_empty(target));
    assert_false(there(in("pg"), "restore.pending"));
    assert_int_equal(ask(in("pg"), "select count(*) from journal_event"), events);
    says(RUN("verify", "--data", in("pg")), EX_OK, "ĐÚNG");
    /* Settings that name none get its address: the next who opens it finds the rows. */
    const char *data = begin_anew("pg-named");
    assert_int_equal(shell(str_fmt(arena, "echo '# của đơn vị' >%s/tinhso.conf", data).p), 0);
    says(restore(0, data, url_of(target)), EX_OK, "Đã dựng lại");
    assert_int_equal(ask(data, citizens), 1);
    assert_int_equal(shell(str_fmt(arena, "grep -q 'của đơn vị' %s/tinhso.conf", data).p), 0);
}

/* From now on the server ends the connection in the n-th change of the schema. */
static void cut_at(int n)
{
    assert_true(cluster_ask(
        target,
        str_fmt(
            arena,
            "set client_min_messages = warning; drop schema if exists cut cascade; create schema cut; create sequence cut.seen;"
            "create function cut.now() returns event_trigger language plpgsql as $$ begin"
            " if nextval('cut.seen') = %d then perform pg_terminate_backend(pg_backend_pid());"
            " end if; end $$;"
            "create event trigger cut on ddl_command_end execute function cut.now()",
            n)
            .p,
        NULL));
}

/* Inside the one transaction of the import: while tables are made, between the rows and the end. */
static void an_import_that_the_server_cuts_leaves_nothing_and_goes_on([[maybe_unused]] void **t)
{
    static const int at[] = {1, 150, 700};
    if (!beside_postgresql())
        skip();
    const char *data = begin_anew("pg-cut");
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        cut_at(at[i]);
        const struct said s = restore(0, data, url_of(target));
        if (s.code == EX_OK)
            fail_msg("there is no change %d of the schema", at[i]);
        assert_true(is_empty(target) && there(data, "restore.pending"));
        says(RUN("verify", "--data", data), EX_TEMPFAIL, "chưa xong");
    }
    assert_true(
        cluster_ask(target, "set client_min_messages = warning; drop schema cut cascade", NULL));
    says(RUN("pack", "list", "--data", data), EX_OK, ""); /* whoever opens it next */
    says(RUN("verify", "--data", data), EX_OK, "ĐÚNG");
    assert_int_equal(ask(data, citizens), 1);
}

/* In `make crash`: each time an empty folder and an empty database. */
static void a_restore_into_postgresql_goes_on_where_it_was_killed([[maybe_unused]] void **t)
{
    if (!beside_postgresql() || !getenv("TINHSO_EVERY_STEP"))
        skip();
    const int64_t events = ask(in("pg"), "select count(*) from journal_event");
    int n = 1, decided = 0;
    for (;; n++) {
        const struct arena_mark here = arena_here(arena);
        const char *data = begin_anew("pg-each");
        const struct said s = restore(n, data, url_of(target));
        if (s.code == EX_OK)
            break;
        assert_int_equal(s.code, 137);
        const bool pending = there(data, "restore.pending");
        decided += pending;
        if (!pending && decided == 0) /* nothing has begun: the next begins anew */
            assert_true(is_empty(target));
        if (!pending && decided == 0)
            says(restore(0, data, url_of(target)), EX_OK, "Đã dựng lại");
        else /* whoever opens it next finishes what was decided */
            says(RUN("pack", "list", "--data", data), EX_OK, "");
        assert_false(there(data, "restore.pending"));
        says(RUN("verify", "--data", data), EX_OK, "ĐÚNG");
        assert_int_equal(ask(data, citizens), 1);
        arena_back(arena, here);
    }
    print_message("killed at each of %d steps, %d of them after the decision\n", n - 1, decided);
    assert_true(n > 15 && decided > 3);
    /* The source was never touched. */
    assert_int_equal(ask(in("pg"), "select count(*) from journal_event"), events);
    says(RUN("verify", "--data", in("pg")), EX_OK, "ĐÚNG");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interrupted_restore_leaves_the_old_data_or_the_new),
        cmocka_unit_test(a_restore_into_an_empty_folder_goes_on_where_it_was_killed),
        cmocka_unit_test(a_spoilt_copy_is_refused_and_touches_nothing),
        cmocka_unit_test(a_copy_of_postgresql_is_restored_into_another_server),
        cmocka_unit_test(a_folder_of_another_database_is_left_alone),
        cmocka_unit_test(an_import_that_the_server_cuts_leaves_nothing_and_goes_on),
        cmocka_unit_test(a_restore_into_postgresql_goes_on_where_it_was_killed),
    };
    return cmocka_run_group_tests(tests, make_world, end_world);
}
