/* rotate_test.c - a new master key: who may use it when, what stays, what is refused. */
#include "testing/testing.h"
#include "db/db.h"
#include "vault/vault_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static enum err open_vault(struct cx *cx)
{
    TRY(testing_keyd(cx));
    TRY(vault_open(cx, true, &cx->env->vault));
    return vault_start(cx);
}

static void close_vault(struct cx *cx)
{
    vault_close(cx->env->vault);
    cx->env->vault = NULL;
}

static int start(void **t)
{
    static const char *const roots[] = {"core/kept", "core/vault", NULL};
    return testing_start(
        t, &(struct testing_config){.roots = roots, .start = open_vault, .stop = close_vault});
}

#define ABOUT S("test_table.column")

static int64_t new_subject(struct cx *cx)
{
    int64_t subject = 0;
    assert_ok(test_write(cx, vault_subject_new(cx, &subject)));
    return subject;
}

static struct str seal_for(struct cx *cx, int64_t subject, struct str plain)
{
    struct str sealed;
    assert_ok(vault_seal(cx, subject, ABOUT, plain, &sealed));
    return sealed;
}

static void opens(struct cx *cx, int64_t subject, struct str sealed, const char *plain)
{
    struct str got;
    cache_drop(vault_of(cx), subject);
    assert_ok(vault_open_sealed(cx, subject, ABOUT, sealed, &got));
    assert_true(str_eq(got, str_c(plain)));
}

static const char *in_keys(struct cx *cx, const char *name)
{
    return str_fmt(cx->arena, "%.*s/keys/%s", F(cx->env->data_dir), name).p;
}

static int64_t under(struct cx *cx, int64_t generation)
{
    int64_t n;
    assert_ok(vault_wrapped_by(cx, generation, &n));
    return n;
}

/* ---- the steps, as the verb takes them ---- */

static void begin_new(struct cx *cx, int64_t generation)
{
    struct str print;
    assert_ok(vault_master_make(cx, generation, &print));
    assert_ok(test_write(cx, vault_master_state(cx, generation, print)));
    assert_ok(test_write(cx, vault_master_use(cx, generation)));
    assert_ok(vault_check(cx));
}

static int64_t rewrap_all(struct cx *cx, int64_t to)
{
    struct vault_rewrap r = {.to = to};
    while (!r.end)
        assert_ok(test_write(cx, vault_rewrap_some(cx, &r)));
    return r.done;
}

static void new_keys_lie_under_the_new_one_and_all_open_meanwhile(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t lan = new_subject(cx);
    struct str of_lan = seal_for(cx, lan, S("x"));
    begin_new(cx, 2);
    const int64_t nam = new_subject(cx);
    struct str of_nam = seal_for(cx, nam, S("y"));
    assert_int_equal(under(cx, 1), 1);
    assert_int_equal(under(cx, 2), 1);
    opens(cx, lan, of_lan, "x");
    opens(cx, nam, of_nam, "y");
    assert_int_equal(rewrap_all(cx, 2), 1);
    assert_ok(test_write(cx, vault_master_retire(cx, 1)));
    assert_int_equal(unlink(in_keys(cx, "master.key")), 0);
    testing_restart(cx); /* the old one is in no memory and in no file */
    opens(cx, lan, of_lan, "x");
    opens(cx, nam, of_nam, "y");
    begin_new(cx, 3);
    assert_int_equal(rewrap_all(cx, 3), 2);
    assert_ok(test_write(cx, vault_master_retire(cx, 2)));
    opens(cx, lan, of_lan, "x");
}

/* More than two turns, some of it from before there were generations. */
static void keys_are_wrapped_anew_in_turns_and_a_turn_undone_is_done_again(void **t)
{
    enum { N = 2 * VAULT_REWRAP_MAX + 20 };
    struct cx *cx = test_cx(t);
    int64_t subject[N];
    struct str sealed[N];
    for (int i = 0; i < N; i++) {
        subject[i] = new_subject(cx);
        sealed[i] = seal_for(cx, subject[i], S("x"));
    }
    assert_ok(db_exec(cx, "update vault_subject set generation = null where id % 2 = 0"));
    begin_new(cx, 2);
    struct vault_rewrap r = {.to = 2}, undone = r;
    assert_ok(db_begin(cx));
    assert_ok(vault_rewrap_some(cx, &undone));
    assert_int_equal(undone.done, VAULT_REWRAP_MAX);
    db_rollback(cx);
    assert_int_equal(under(cx, 1), N);
    int turns = 0;
    for (; !r.end; turns++)
        assert_ok(test_write(cx, vault_rewrap_some(cx, &r)));
    assert_true(turns >= 4 && r.done == N);
    assert_int_equal(under(cx, 1), 0);
    assert_int_equal(rewrap_all(cx, 2), 0);
    for (int i = 0; i < N; i++)
        opens(cx, subject[i], sealed[i], "x");
}

/* Where there may be other nodes the database itself refuses. */
static void the_old_one_stays_while_anything_is_wrapped_by_it(void **t)
{
    struct cx *cx = test_cx(t);
    if (!db_is_postgres(cx))
        skip();
    new_subject(cx);
    begin_new(cx, 2);
    assert_err(test_write(cx, vault_master_retire(cx, 1)), ERR_CONFLICT);
    rewrap_all(cx, 2);
    assert_ok(test_write(cx, vault_master_retire(cx, 1)));
    assert_int_equal(rows_of(cx, "vault_master"), 1);
}

static void what_is_derived_stays(void **t)
{
    struct cx *cx = test_cx(t);
    struct str token[8], again[8];
    const struct str id = vault_lookup(cx, S("id_no"), S("020196000001")),
                     secret = vault_secret(cx, S("form"));
    const size_t n = vault_name_tokens(cx, S("Lan"), token, 8);
    new_subject(cx);
    begin_new(cx, 2);
    rewrap_all(cx, 2);
    assert_ok(test_write(cx, vault_master_retire(cx, 1)));
    testing_restart(cx);
    assert_true(str_eq(id, vault_lookup(cx, S("id_no"), S("020196000001"))));
    assert_true(str_eq(secret, vault_secret(cx, S("form"))));
    assert_int_equal(vault_name_tokens(cx, S("Lan"), again, 8), n);
    for (size_t i = 0; i < n; i++)
        assert_true(str_eq(token[i], again[i]));
}

static void who_was_erased_stays_erased_and_holds_nothing_up(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t lan = new_subject(cx), nam = new_subject(cx), ly = new_subject(cx);
    struct str plain, sealed = seal_for(cx, lan, S("x"));
    assert_ok(test_write(cx, vault_erase(cx, lan, S("1/QĐ"))));
    begin_new(cx, 2);
    assert_ok(test_write(cx, vault_erase(cx, nam, S("2/QĐ"))));
    /* As a program from before generations erases. */
    assert_ok(test_write(cx, db_exec(cx,
                                     "update vault_subject set wrapped = null, erased_at = 1,"
                                     " erased_by = '3/QĐ' where id = $1",
                                     V(ly))));
    assert_int_equal(rewrap_all(cx, 2), 0);
    assert_ok(test_write(cx, vault_master_retire(cx, 1)));
    cache_drop(vault_of(cx), lan);
    assert_err(vault_open_sealed(cx, lan, ABOUT, sealed, &plain), ERR_NOT_FOUND);
    assert_int_equal(under(cx, 2), 0);
}

/* A node that was busy elsewhere when the new one was taken into use. */
static void a_new_key_lies_under_what_the_database_says_not_what_we_believed(void **t)
{
    struct cx *cx = test_cx(t);
    if (!db_is_postgres(cx))
        skip(); /* one process has the file */
    begin_new(cx, 2);
    vault_of(cx)->current = 1;
    const int64_t lan = new_subject(cx);
    struct str sealed = seal_for(cx, lan, S("x"));
    assert_int_equal(under(cx, 1), 0);
    assert_int_equal(under(cx, 2), 1);
    assert_int_equal(vault_of(cx)->current, 2);
    testing_restart(cx);
    opens(cx, lan, sealed, "x");
}

/* Its snapshot is older than the new wrapping; the old key has left the memory meanwhile. */
static void a_reader_that_began_before_goes_on(void **t)
{
    struct cx *cx = test_cx(t), *reader = testing_another(cx);
    const int64_t lan = new_subject(cx);
    struct str sealed = seal_for(cx, lan, S("x"));
    int64_t n;
    assert_ok(db_connect(reader, testing_store(cx), DB_READER, &reader->db));
    assert_ok(db_begin(reader));
    assert_ok(db_one_int(reader, &n, "select count(*) from vault_subject"));
    begin_new(cx, 2);
    opens(reader, lan, sealed, "x");
    rewrap_all(cx, 2);
    opens(reader, lan, sealed, "x");
    assert_ok(test_write(cx, vault_master_retire(cx, 1)));
    vault_forget_before(cx, 2);
    opens(reader, lan, sealed, "x");
    assert_ok(db_one_int(reader, &n, "select count(*) from vault_subject where generation = 2"));
    assert_int_equal(n, 0);
    db_rollback(reader);
    db_disconnect(reader->db);
    reader->db = NULL;
    opens(cx, lan, sealed, "x");
}

/* ---- files ---- */

static void a_key_that_is_missing_or_another_is_named_with_what_to_do(void **t)
{
    struct cx *cx = test_cx(t);
    new_subject(cx);
    begin_new(cx, 2);
    const char *file = in_keys(cx, "master-2.key"), *apart = in_keys(cx, "apart");
    close_vault(cx);
    assert_int_equal(rename(file, apart), 0);
    assert_err(open_vault(cx), ERR_CONFLICT);
    assert_why(cx, "Thiếu khóa chủ keys/master-2.key (dấu ");
    assert_why(cx, "từ nơi cất khóa");
    close_vault(cx);
    assert_int_equal(link(in_keys(cx, "master.key"), file), 0);
    assert_err(open_vault(cx), ERR_CONFLICT);
    assert_why(cx, "keys/master-2.key không phải khóa chủ của cơ sở dữ liệu này");
    close_vault(cx);
    assert_int_equal(rename(apart, file), 0);
    assert_ok(open_vault(cx));
    /* The old one is wanted as long as it did not retire. */
    close_vault(cx);
    assert_int_equal(rename(in_keys(cx, "master.key"), apart), 0);
    assert_err(open_vault(cx), ERR_CONFLICT);
    assert_why(cx, "Thiếu khóa chủ keys/master.key (dấu ");
    close_vault(cx);
    assert_int_equal(rename(apart, in_keys(cx, "master.key")), 0);
    assert_ok(open_vault(cx));
}

/* A database from before generations, opened beside the wrong keys, hears nothing of them. */
static void a_wrong_key_is_never_stated(void **t)
{
    struct cx *cx = test_cx(t);
    new_subject(cx);
    assert_ok(db_exec(cx, "update vault_subject set generation = null"));
    assert_ok(db_exec(cx, "delete from vault_master"));
    close_vault(cx);
    assert_int_equal(rename(in_keys(cx, "master.key"), in_keys(cx, "apart")), 0);
    assert_err(open_vault(cx), ERR_CONFLICT); /* a new one was made */
    assert_int_equal(rows_of(cx, "vault_master"), 0);
    close_vault(cx);
    assert_int_equal(rename(in_keys(cx, "master.key"), in_keys(cx, "master-2.key")), 0);
    assert_err(open_vault(cx), ERR_CONFLICT);
    assert_why(cx, "Thiếu khóa chủ keys/master.key");
    assert_int_equal(rows_of(cx, "vault_master"), 0);
    close_vault(cx);
    assert_int_equal(rename(in_keys(cx, "apart"), in_keys(cx, "master.key")), 0);
    assert_ok(open_vault(cx));
    assert_int_equal(rows_of(cx, "vault_master"), 1);
}

static void a_key_file_that_is_there_is_taken_and_never_written_over(void **t)
{
    struct cx *cx = test_cx(t);
    struct str first, again;
    int dir;
    assert_ok(vault_master_make(cx, 2, &first)); /* and then the power went */
    assert_ok(vault_master_make(cx, 2, &again));
    assert_true(str_eq(first, again));
    assert_ok(key_dir(cx, false, &dir));
    assert_err(key_write(cx, dir, "master-2.key"), ERR_IO);
    assert_why(cx, "there already");
    close(dir);
    struct stat st;
    assert_int_equal(stat(in_keys(cx, "master-2.key"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(chmod(in_keys(cx, "master-2.key"), 0640), 0);
    assert_err(vault_master_make(cx, 2, &again), ERR_IO);
    assert_why(cx, "chmod 600");
}

/* A disk that takes part of the line and no more. */
static void a_full_disk_leaves_no_key_and_the_old_state(void **t)
{
    struct cx *cx = test_cx(t);
    struct rlimit was, full;
    struct str print;
    struct stat st;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    full = was;
    full.rlim_cur = 40;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
    const enum err e = vault_master_make(cx, 2, &print);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    assert_err(e, ERR_IO);
    assert_why(cx, "cannot write keys/master-2.key");
    assert_int_equal(stat(in_keys(cx, "master-2.key"), &st), -1);
    assert_int_equal(stat(in_keys(cx, "master-2.key.new"), &st), -1);
    testing_restart(cx);
    new_subject(cx);
    begin_new(cx, 2); /* with room again */
}

/* From before keyd: with the first master key gone they would be gone. */
static void signing_keys_under_the_first_hold_it(void **t)
{
    struct cx *cx = test_cx(t);
    begin_new(cx, 2);
    assert_ok(db_exec(cx, "insert into vault_key values ('journal', $1, $2, 1)", VB(S("x")),
                      VB(S("\x01 sealed"))));
    assert_err(test_write(cx, vault_master_retire(cx, 1)), ERR_CONFLICT);
    assert_why(cx, "Khóa ký");
}

/* ---- several nodes ---- */

static int64_t lacking(struct cx *cx, int64_t generation)
{
    int64_t n;
    assert_ok(vault_nodes_lacking(cx, generation, &n));
    return n;
}

static void a_node_without_the_new_key_is_waited_for_while_it_lives(void **t)
{
    struct cx *cx = test_cx(t);
    struct str print;
    bool to_tell;
    if (!db_is_postgres(cx))
        skip();
    assert_ok(test_write(cx, vault_keys_tell(cx)));
    assert_int_equal(lacking(cx, 1), 0);
    assert_ok(db_exec(cx, "insert into vault_node (node, holds, seen_at) values ('b', 1, $1)",
                      V(cx->now)));
    assert_ok(vault_master_make(cx, 2, &print));
    assert_ok(test_write(cx, vault_master_state(cx, 2, print)));
    assert_int_equal(lacking(cx, 2), 2); /* we too: nobody said so yet */
    assert_ok(vault_keys_follow(cx, &to_tell));
    assert_true(to_tell);
    assert_ok(test_write(cx, vault_keys_tell(cx)));
    assert_ok(vault_keys_follow(cx, &to_tell));
    assert_false(to_tell);
    assert_int_equal(lacking(cx, 2), 1);
    assert_ok(db_exec(cx, "update vault_node set holds = 2 where node = 'b'"));
    assert_int_equal(lacking(cx, 2), 0);
    assert_ok(db_exec(cx, "update vault_node set holds = 1 where node = 'b'"));
    testing_advance(cx, 2 * MINUTE_MS + 1);
    assert_ok(vault_keys_follow(cx, &to_tell));
    assert_true(to_tell);
    assert_ok(test_write(cx, vault_keys_tell(cx)));
    assert_int_equal(lacking(cx, 2), 0); /* b has ended */
}

/* Another node began its transaction before the new one was taken into use, and ends it when the
 * old one is to retire. */
struct late {
    struct cx *cx;
    enum err outcome;
};

static void *retire_there(void *arg)
{
    struct late *l = arg;
    l->outcome = db_begin(l->cx);
    if (l->outcome == OK)
        l->outcome = vault_master_retire(l->cx, 1);
    if (l->outcome == OK)
        l->outcome = db_commit(l->cx);
    else
        db_rollback(l->cx);
    return NULL;
}

static void a_key_of_a_transaction_that_ends_late_holds_the_old_one(void **t)
{
    struct cx *cx = test_cx(t), *other = testing_another(cx);
    struct late l = {.cx = testing_another(cx)};
    pthread_t thread;
    int64_t lan, waits = 0;
    if (!db_is_postgres(cx))
        skip();
    assert_ok(db_connect(other, testing_store(cx), DB_WRITER, &other->db));
    assert_ok(db_connect(l.cx, testing_store(cx), DB_WRITER, &l.cx->db));
    assert_ok(db_begin(other));
    assert_ok(vault_subject_new(other, &lan));
    begin_new(cx, 2);
    rewrap_all(cx, 2);
    assert_int_equal(under(cx, 1), 0);
    assert_int_equal(pthread_create(&thread, NULL, retire_there, &l), 0);
    for (int i = 0; i < 3000 && !waits; i++) {
        assert_ok(db_one_int(cx, &waits,
                             "/* postgresql */ select count(*) from pg_locks where not granted"));
        nanosleep(&(struct timespec){.tv_nsec = 10'000'000}, NULL);
    }
    assert_ok(db_commit(other));
    pthread_join(thread, NULL);
    assert_true(l.outcome == ERR_CONFLICT || l.outcome == ERR_BUSY);
    assert_true(waits > 0);
    struct str sealed = seal_for(cx, lan, S("x"));
    assert_int_equal(rewrap_all(cx, 2), 1);
    assert_ok(test_write(cx, vault_master_retire(cx, 1)));
    opens(cx, lan, sealed, "x");
    db_disconnect(other->db);
    db_disconnect(l.cx->db);
    other->db = l.cx->db = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(new_keys_lie_under_the_new_one_and_all_open_meanwhile),
        TEST(keys_are_wrapped_anew_in_turns_and_a_turn_undone_is_done_again),
        TEST(the_old_one_stays_while_anything_is_wrapped_by_it),
        TEST(what_is_derived_stays),
        TEST(who_was_erased_stays_erased_and_holds_nothing_up),
        TEST(a_new_key_lies_under_what_the_database_says_not_what_we_believed),
        TEST(a_reader_that_began_before_goes_on),
        TEST(a_key_that_is_missing_or_another_is_named_with_what_to_do),
        TEST(a_wrong_key_is_never_stated),
        TEST(a_key_file_that_is_there_is_taken_and_never_written_over),
        TEST(a_full_disk_leaves_no_key_and_the_old_state),
        TEST(signing_keys_under_the_first_hold_it),
        TEST(a_node_without_the_new_key_is_waited_for_while_it_lives),
        TEST(a_key_of_a_transaction_that_ends_late_holds_the_old_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
