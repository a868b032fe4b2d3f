/* log_test.c - SQLite's write-ahead log: when it goes into the file, and when it begins anew. */
#include "testing/testing.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const roots[] = {"core/db/tests", NULL};

static int start(void **state)
{
    return testing_start(state, &(struct testing_config){.roots = roots});
}

static struct cx *reader_of(struct cx *cx)
{
    struct cx *reader = testing_another(cx);
    assert_ok(db_connect(reader, testing_store(cx), DB_READER, &reader->db));
    return reader;
}

static enum err add(struct cx *cx, const char *text)
{
    return db_exec(cx, "insert into parts_event (text) values ($1)", V(str_c(text)));
}

static void the_log_goes_into_the_file_when_asked(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return;
    assert_ok(test_write(cx, add(cx, "x")));
    assert_true(db_wal_pages(cx) > 0);
    assert_ok(db_checkpoint(cx, true));
    assert_int_equal(db_wal_pages(cx), 0);
    struct stat st;
    assert_int_equal(stat(str_fmt(cx->arena, "%.*s/core.db-wal", F(cx->env->data_dir)).p, &st), 0);
    assert_int_equal(st.st_size, 0);
}

static int64_t size_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_size;
}

/* More pages than SQLite would by itself keep in a log; readers come, read all of it, and go, the
 * last of them when no writer is there any more, which is when SQLite checkpoints by itself. */
static void readers_leave_the_log_as_it_is(void **t)
{
    struct cx *writer = testing_another(test_cx(t)), *reader = testing_another(writer);
    const char *path = str_fmt(writer->arena, "%.*s/own.db", F(writer->env->data_dir)).p,
               *log = str_fmt(writer->arena, "%s-wal", path).p;
    const struct str url = str_fmt(writer->arena, "sqlite:%s", path);
    struct db_store *s;
    int64_t n;
    assert_ok(db_open(writer, &(struct db_config){.url = url, .may_create = true}, &s));
    assert_ok(db_connect(writer, s, DB_WRITER, &writer->db));
    assert_ok(db_migrate(writer, roots));
    assert_ok(db_checkpoint(writer, true));
    char *text = arena_alloc(writer->arena, 200'001);
    memset(text, 'x', 200'000);
    for (int i = 0; i < 40; i++)
        assert_ok(test_write(writer, add(writer, text)));
    assert_true(db_wal_pages(writer) > 1500);
    const int64_t in_file = size_of(path), in_log = size_of(log);
    for (int i = 0; i < 6; i++) {
        assert_ok(db_connect(reader, s, DB_READER, &reader->db));
        assert_ok(db_begin(reader));
        assert_ok(db_one_int(reader, &n, "select sum(length(text)) from parts_event"));
        assert_true(n >= 40 * INT64_C(200'000));
        db_rollback(reader);
        if (i == 5)
            db_disconnect(writer->db);
        db_disconnect(reader->db);
        assert_int_equal(size_of(path), in_file);
        assert_int_equal(size_of(log), in_log);
    }
    assert_ok(db_connect(writer, s, DB_WRITER, &writer->db));
    assert_ok(db_checkpoint(writer, true));
    assert_true(size_of(path) > in_file + 1500 * 4096); /* what a checkpoint would have done */
    assert_int_equal(size_of(log), 0);
    db_disconnect(writer->db);
    db_close(s);
}

/* ---- a reader who is at work when the log goes into the file, and soon done ---- */

struct soon_done {
    struct cx *cx;
    sem_t begun, go;
};

static void *reads_a_moment_longer(void *arg)
{
    struct soon_done *r = arg;
    int64_t n;
    IGNORE(db_begin(r->cx));
    IGNORE(db_one_int(r->cx, &n, "select count(*) from parts_event"));
    sem_post(&r->begun);
    sem_wait(&r->go);
    usleep(5000);
    db_rollback(r->cx);
    return NULL;
}

static bool begins_anew_beside(struct cx *cx, struct soon_done *r)
{
    pthread_t reader;
    assert_ok(test_write(cx, add(cx, "x")));
    pthread_create(&reader, NULL, reads_a_moment_longer, r);
    sem_wait(&r->begun);
    const int64_t before = db_wal_pages(cx);
    sem_post(&r->go);
    assert_ok(db_checkpoint(cx, false));
    assert_ok(test_write(cx, add(cx, "x")));
    const bool anew = db_wal_pages(cx) <= before;
    pthread_join(reader, NULL);
    return anew;
}

/* Else readers without a pause between them keep it growing. A machine may hold the reader up for
 * longer than a checkpoint waits: hence a few of many. */
static void the_log_begins_anew_when_its_readers_are_soon_done(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return;
    struct soon_done r = {.cx = reader_of(cx)};
    sem_init(&r.begun, 0, 0);
    sem_init(&r.go, 0, 0);
    int anew = 0;
    for (int i = 0; i < 20; i++)
        anew += begins_anew_beside(cx, &r);
    assert_true(anew >= 3);
    db_disconnect(r.cx->db);
}

static void a_long_snapshot_keeps_the_log_and_is_not_waited_for_without_end(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return;
    struct cx *reader = reader_of(cx);
    int64_t n;
    assert_ok(test_write(cx, add(cx, "x")));
    assert_ok(db_begin(reader));
    assert_ok(db_one_int(reader, &n, "select count(*) from parts_event"));
    assert_ok(test_write(cx, add(cx, "y")));
    const int64_t pages = db_wal_pages(cx);
    assert_ok(db_checkpoint(cx, false));
    assert_int_equal(db_wal_pages(cx), pages);
    assert_ok(db_one_int(reader, &n, "select count(*) from parts_event where text = 'y'"));
    assert_int_equal(n, 0);
    db_rollback(reader);
    assert_ok(db_checkpoint(cx, false));
    assert_int_equal(db_wal_pages(cx), 0);
    db_disconnect(reader->db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_log_goes_into_the_file_when_asked),
        TEST(readers_leave_the_log_as_it_is),
        TEST(the_log_begins_anew_when_its_readers_are_soon_done),
        TEST(a_long_snapshot_keeps_the_log_and_is_not_waited_for_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
