/* scan_test.c - quarantine and scanning, against a real clamd with one signature of its own. */
#include "file_fixture.h"
#include "testing/testing.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#define CLAMD "/usr/sbin/clamd"

/* The harmless text that every scanner knows, in two halves: no scanner shall take this file. */
static const char *const eicar[] = {"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-",
                                    "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"};

static struct str infected(struct cx *cx)
{
    return joined(cx, str_c(eicar[0]), str_c(eicar[1]));
}

struct clamd {
    pid_t pid;
    const char *socket;
};

static void write_text(const char *path, struct str text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fwrite(text.p, 1, text.n, f);
    fclose(f);
}

static bool answers(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool good = connect(fd, (struct sockaddr *)&to, sizeof to) == 0;
    close(fd);
    return good;
}

static void configure(struct cx *cx, struct clamd *c)
{
    const char *dir = str_fmt(cx->arena, "%.*s/clamd", F(cx->env->data_dir)).p;
    assert_int_equal(mkdir(dir, 0755), 0);
    c->socket = str_fmt(cx->arena, "%s/s", dir).p;
    write_text(str_fmt(cx->arena, "%s/ours.hdb", dir).p,
               S("44d88612fea8a8f36de82e1278abb02f:68:Tinhso.Test\n"));
    write_text(str_fmt(cx->arena, "%s/clamd.conf", dir).p,
               str_fmt(cx->arena,
                       "LocalSocket %s\nDatabaseDirectory %s\nForeground yes\nBytecode no\n",
                       c->socket, dir));
    settings_set(cx->env->settings, S("clamd.socket"), str_c(c->socket));
}

static void begin(struct cx *cx, struct clamd *c)
{
    const char *conf =
        str_fmt(cx->arena, "--config-file=%.*s/clamd/clamd.conf", F(cx->env->data_dir)).p;
    c->pid = fork();
    assert_true(c->pid >= 0);
    if (c->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(126);
        execl(CLAMD, "clamd", conf, (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 3000 && !answers(c->socket); i++)
        nanosleep(&(struct timespec){.tv_nsec = 10'000'000}, NULL);
    assert_true(answers(c->socket));
}

static void end(struct clamd *c)
{
    kill(c->pid, SIGTERM);
    waitpid(c->pid, NULL, 0);
}

static void need_clamd(void)
{
    if (!exists(CLAMD))
        fail_msg("clamd is not installed (Debian: clamav-daemon): make deps");
}

static enum err sweep(struct cx *cx)
{
    testing_let_go(cx);
    enum err e = file_sweep(cx);
    testing_hold(cx);
    return e;
}

static enum file_state state_of(struct cx *cx, int64_t id)
{
    struct stored_file f;
    assert_ok(file_find(cx, id, &f));
    return f.state;
}

/* ---- without an answer ---- */

static void while_the_scanner_is_away_files_wait_and_nothing_is_lost(void **t)
{
    struct cx *cx = test_cx(t);
    settings_set(cx->env->settings, S("clamd.socket"), S("/nowhere/clamd.sock"));
    struct file_upload *u = NULL;
    struct stored_file f;
    struct file_reader *r;
    int64_t owner = new_owner(cx), n, oldest;
    assert_ok(try_upload(cx, owner, S(PDF), 100, &u));
    assert_ok(file_upload_scan(cx, u)); /* no answer is no refusal */
    assert_ok(test_write(cx, file_add(cx, u, owner, S("a.pdf"), &f)));
    file_upload_drop(u);
    assert_int_equal(f.state, FILE_QUARANTINE);
    assert_err(file_open(cx, &f, &r), ERR_BUSY);
    assert_why(cx, "chờ quét");
    assert_ok(file_waiting(cx, &n, &oldest));
    assert_int_equal(n, 1);
    assert_int_equal(oldest, cx->now);
    testing_advance(cx, HOUR_MS);
    assert_err(sweep(cx), ERR_BUSY);
    assert_int_equal(state_of(cx, f.id), FILE_QUARANTINE);

    settings_set(cx->env->settings, S("clamd.socket"), S("")); /* somebody decides to do without */
    assert_ok(sweep(cx));
    assert_int_equal(state_of(cx, f.id), FILE_CLEAN);
}

/* ---- with one ---- */

static void an_infected_upload_is_refused_at_once(void **t)
{
    struct cx *cx = test_cx(t);
    need_clamd();
    struct clamd c;
    configure(cx, &c);
    begin(cx, &c);
    int64_t owner = new_owner(cx);
    struct file_upload *u = NULL;
    struct stored_file f;
    assert_ok(try_upload(cx, owner, infected(cx), 7, &u));
    assert_err(file_upload_scan(cx, u), ERR_INVALID);
    assert_why(cx, "Tinhso.Test");
    file_upload_drop(u);

    assert_ok(try_upload(cx, owner, S(PDF), 7, &u));
    assert_ok(file_upload_scan(cx, u));
    assert_ok(test_write(cx, file_add(cx, u, owner, S("a.pdf"), &f)));
    file_upload_drop(u);
    assert_int_equal(f.state, FILE_CLEAN);
    end(&c);
}

static void what_waited_is_scanned_when_the_scanner_comes_back(void **t)
{
    struct cx *cx = test_cx(t);
    need_clamd();
    struct clamd c;
    configure(cx, &c);
    int64_t owner = new_owner(cx);
    struct stored_file bad = stored(cx, owner, S("thư.txt"), infected(cx)),
                       good = stored(cx, owner, S("a.pdf"), S(PDF)),
                       big = stored(cx, owner, S("b.png"),
                                    joined(cx, S(PNG), random_bytes(cx, 3'000'000)));
    struct file_reader *r;
    struct str finding, bytes;
    assert_err(sweep(cx), ERR_BUSY);
    begin(cx, &c);
    assert_ok(sweep(cx));
    assert_int_equal(state_of(cx, good.id), FILE_CLEAN);
    assert_int_equal(state_of(cx, big.id), FILE_CLEAN);
    assert_int_equal(state_of(cx, bad.id), FILE_INFECTED);
    assert_ok(file_find(cx, bad.id, &bad));
    assert_err(file_open(cx, &bad, &r), ERR_DENIED);
    assert_why(cx, "mã độc");
    assert_ok(file_scan(cx, &bad, &finding));
    assert_contains(finding, "Tinhso.Test");
    assert_ok(file_scan(cx, &good, &finding));
    assert_int_equal(finding.n, 0);
    assert_ok(file_find(cx, good.id, &good));
    assert_ok(file_read_all(cx, &good, MAX_BYTES, &bytes));
    end(&c);
}

static void an_unreadable_file_does_not_hold_up_the_others(void **t)
{
    struct cx *cx = test_cx(t);
    need_clamd();
    struct clamd c;
    configure(cx, &c);
    int64_t owner = new_owner(cx);
    struct stored_file lost = stored(cx, owner, S("a.pdf"), S(PDF)),
                       good = stored(cx, owner, S("b.png"), S(PNG));
    unlink(path_of(cx, &lost));
    begin(cx, &c);
    assert_ok(sweep(cx));
    assert_int_equal(state_of(cx, lost.id), FILE_QUARANTINE);
    assert_int_equal(state_of(cx, good.id), FILE_CLEAN);
    end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(while_the_scanner_is_away_files_wait_and_nothing_is_lost),
        TEST(an_infected_upload_is_refused_at_once),
        TEST(what_waited_is_scanned_when_the_scanner_comes_back),
        TEST(an_unreadable_file_does_not_hold_up_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
