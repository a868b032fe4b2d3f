/* keyd_test.c - a process that holds private keys, asked over its socket. */
#include "keyd/keyd.h"

#include "keyd/keyd_inside.h"
#include "log/log.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static struct env env = {.clock = clock_system, .random = random_system};
static struct cx cx;

static struct str in(const char *name)
{
    return str_fmt(cx.arena, "%s/%s", folder, name);
}

static int start(void **)
{
    snprintf(folder, sizeof folder, "/tmp/tinhso-keyd.XXXXXX");
    env.keyd = NULL;
    cx = (struct cx){.arena = arena_new((size_t)16 << 20), .env = &env, .actor = &actor_program};
    log_from(LOG_ERROR);
    return mkdtemp(folder) ? 0 : -1;
}

static int end(void **)
{
    keyd_close(env.keyd);
    env.keyd = NULL;
    static const char *const left[] = {"keys/sign.key", "keys", "keyd.sock", "log", ""};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        (void)remove(in(left[i]).p);
    arena_free(cx.arena);
    return 0;
}
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

static void ok(enum err e)
{
    if (e != OK)
        fail_msg("%s: %.*s", err_name(e), F(cx.why));
}

/* ---- a process beside this one ---- */

static pid_t run_keyd(struct keyd_config c, int log)
{
    int life[2];
    ok(keyd_listen(&cx, in("keyd.sock"), 0600, &c.listen_fd));
    assert_int_equal(pipe2(life, O_CLOEXEC), 0);
    c.folder = in("keys");
    c.lifeline_fd = life[0];
    c.rate = c.rate ? c.rate : 1000;
    pid_t pid = fork();
    if (pid == 0) {
        close(life[1]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (log >= 0) {
            log_to_fd(log);
            log_from(LOG_INFO);
        }
        _exit(keyd_serve(&c));
    }
    close(c.listen_fd);
    close(life[0]);
    ok(keyd_at(&cx, in("keyd.sock"), &env.keyd));
    return pid;
}

static void stop(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static const struct keyd_config ours = {.allowed = 4242};

static bool signs(struct key *k)
{
    struct str signature;
    return key_sign(&cx, k, S("giấy"), &signature) == OK && key_verify(k, S("giấy"), signature);
}

static void a_handle_signs_and_another_process_with_the_same_sign_key_knows_it(void **)
{
    struct str handle, public_der, again;
    struct key *k, *known;
    pid_t pid = run_keyd(ours, -1);
    ok(keyd_make(&cx, KEYD_PAPER, &handle, &k));
    assert_true(keyd_is_handle(handle));
    assert_true(signs(k));
    ok(key_public_der(&cx, k, &public_der));
    stop(pid);
    keyd_close(env.keyd);

    pid = run_keyd(ours, -1);
    ok(keyd_public(&cx, KEYD_PAPER, handle, &again));
    assert_true(str_eq(again, public_der));
    ok(keyd_key(&cx, KEYD_PAPER, handle, public_der, &known));
    assert_true(signs(known));
    key_free(known);
    key_free(k);
    stop(pid);
}

static void a_key_signs_only_what_it_is_for(void **)
{
    struct str handle, public_der, signature;
    struct key *k, *other;
    pid_t pid = run_keyd(ours, -1);
    ok(keyd_make(&cx, KEYD_JOURNAL, &handle, &k));
    ok(key_public_der(&cx, k, &public_der));
    ok(keyd_key(&cx, KEYD_PAPER, handle, public_der, &other));
    assert_true(signs(k)); /* it is open in there now: even so */
    assert_int_equal(key_sign(&cx, other, S("giấy"), &signature), ERR_DENIED);
    assert_int_equal(keyd_public(&cx, KEYD_AUTHORITY, handle, &public_der), ERR_DENIED);
    key_free(other);
    key_free(k);
    stop(pid);
}

static void a_handle_of_another_sign_key_or_a_changed_one_is_refused(void **)
{
    struct str handle, public_der;
    struct key *k;
    pid_t pid = run_keyd(ours, -1);
    ok(keyd_make(&cx, KEYD_PAPER, &handle, &k));
    key_free(k);
    for (size_t i = 0; i < handle.n; i++) {
        struct str changed = str_dup(cx.arena, handle);
        ((char *)(uintptr_t)changed.p)[i] ^= 1;
        assert_int_equal(keyd_public(&cx, KEYD_PAPER, changed, &public_der), ERR_DENIED);
    }
    stop(pid);
    keyd_close(env.keyd);
    assert_int_equal(unlink(in("keys/sign.key").p), 0);
    pid = run_keyd(ours, -1);
    assert_int_equal(keyd_public(&cx, KEYD_PAPER, handle, &public_der), ERR_DENIED);
    stop(pid);
}

static void it_killed_and_started_again_the_next_signature_comes(void **)
{
    struct str handle, signature;
    struct key *k;
    pid_t pid = run_keyd(ours, -1);
    ok(keyd_make(&cx, KEYD_PAPER, &handle, &k));
    stop(pid);
    assert_int_equal(key_sign(&cx, k, S("giấy"), &signature), ERR_BUSY);
    assert_non_null(strstr(cx.why.p, "tinhso-keyd")); /* it says what to do */
    struct keyd *link = env.keyd;
    pid = run_keyd(ours, -1);
    keyd_close(env.keyd);
    env.keyd = link;
    assert_true(signs(k));
    key_free(k);
    stop(pid);
}

/* The keyd of this process group. */
static pid_t find_keyd(void)
{
    char path[300], line[300];
    DIR *d = opendir("/proc");
    pid_t found = 0;
    for (struct dirent *e; d && found == 0 && (e = readdir(d)) != NULL;) {
        int pid, parent, group;
        char state;
        snprintf(path, sizeof path, "/proc/%s/stat", e->d_name);
        FILE *f = fopen(path, "re");
        if (f && fgets(line, sizeof line, f) &&
            sscanf(line, "%d (tinhso-keyd) %c %d %d", &pid, &state, &parent, &group) == 4 &&
            group == getpgrp() && state != 'Z')
            found = pid;
        if (f)
            fclose(f);
    }
    if (d)
        closedir(d);
    return found;
}

static void a_child_that_is_killed_is_started_again(void **)
{
    struct str handle;
    struct key *k;
    (void)setpgid(0, 0);
    ok(keyd_child(&cx, in("keyd.sock"),
                  (struct keyd_config){.folder = in("keys"), .rate = 100, .quiet = true}));
    ok(keyd_at(&cx, in("keyd.sock"), &env.keyd));
    ok(keyd_make(&cx, KEYD_PAPER, &handle, &k));
    const pid_t first = find_keyd();
    assert_true(first > 0);
    assert_int_equal(kill(first, SIGKILL), 0);
    assert_true(signs(k)); /* waits in the socket for the next one */
    assert_int_not_equal(find_keyd(), first);
    key_free(k);
}

static void a_key_from_before_goes_to_it(void **)
{
    struct str der, handle, public_der, theirs;
    struct key *k, *adopted;
    pid_t pid = run_keyd(ours, -1);
    ok(key_generate(&cx, &k));
    ok(key_private_der(&cx, k, &der));
    ok(key_public_der(&cx, k, &public_der));
    ok(keyd_adopt(&cx, KEYD_JOURNAL, der, &handle, &adopted));
    assert_true(signs(adopted));
    ok(keyd_public(&cx, KEYD_JOURNAL, handle, &theirs));
    assert_true(str_eq(theirs, public_der));
    assert_false(str_find(handle, str_from(der, der.n - 32), NULL));
    assert_int_equal(keyd_adopt(&cx, KEYD_JOURNAL, S("no key"), &handle, &adopted), ERR_DENIED);
    key_free(adopted);
    key_free(k);
    stop(pid);
}

/* ---- who may ask, how, how often ---- */

static int connect_raw(void)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    memcpy(at.sun_path, in("keyd.sock").p, in("keyd.sock").n);
    int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

static void another_user_is_not_answered(void **)
{
    if (geteuid() != 0)
        skip(); /* only root can become somebody else */
    pid_t pid = run_keyd(ours, -1);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(chmod(in("keyd.sock").p, 0666), 0); /* were the mode forgotten */
    for (int i = 0; i < 2; i++) {
        const unsigned uid = i == 0 ? 4242 : 4243;
        pid_t asker = fork();
        if (asker == 0) {
            char answer[64];
            if (setuid(uid) != 0)
                _exit(9);
            int fd = connect_raw();
            (void)!send(fd, "K\x01\x03\x03", 4, MSG_NOSIGNAL);
            _exit(recv(fd, answer, sizeof answer, 0) > 2 ? 1 : 0);
        }
        int status;
        waitpid(asker, &status, 0);
        assert_int_equal(WEXITSTATUS(status), i == 0 ? 1 : 0);
    }
    stop(pid);
}

static void what_is_malformed_is_refused_and_the_connection_ends(void **)
{
    static const char big[KEYD_PACKET_MAX + 1] = "K\x01\x04\x03";
    static const struct str bad[] = {
        {"", 1},
        {"K\x01\x01", 3},
        {"X\x01\x03\x03", 4},
        {"K\x02\x03\x03", 4},
        {"K\x01\x00\x03", 4},
        {"K\x01\x05\x03", 4},
        {"K\x01\x03\x00", 4},
        {"K\x01\x03\x04", 4},
        {"K\x01\x03\x03x", 5},                                 /* MAKE with something behind */
        {"K\x01\x01\x03", 4},                                  /* PUBLIC of nothing */
        {"K\x01\x02\x03k1aaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 35},  /* SIGN, the hash cut */
        {"K\x01\x02\x03k1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 36}, /* SIGN without a handle */
        {big, KEYD_HEAD + KEYD_HANDLE_MAX + 1},
        {big, sizeof big},
    };
    char answer[64];
    pid_t pid = run_keyd(ours, -1);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int fd = connect_raw();
        assert_int_equal(send(fd, bad[i].p, bad[i].n, MSG_NOSIGNAL), bad[i].n);
        assert_int_equal(recv(fd, answer, sizeof answer, 0), KEYD_HEAD + 2);
        assert_int_equal(answer[2], KEYD_MALFORMED);
        assert_true(recv(fd, answer, sizeof answer, 0) <= 0);
        close(fd);
    }
    struct str handle;
    struct key *k;
    ok(keyd_make(&cx, KEYD_PAPER, &handle, &k)); /* nobody else notices */
    key_free(k);
    stop(pid);
}

static void too_many_signatures_are_put_off(void **)
{
    struct str handle, signature;
    struct key *k, *journal;
    pid_t pid = run_keyd((struct keyd_config){.rate = 1}, -1);
    ok(keyd_make(&cx, KEYD_PAPER, &handle, &k));
    enum err e = OK;
    int n = 0;
    for (; e == OK && n < 100; n++)
        e = key_sign(&cx, k, S("x"), &signature);
    assert_int_equal(e, ERR_BUSY);
    assert_in_range(n, 19, 40); /* twenty at once, and what the seconds meanwhile allow */
    ok(keyd_make(&cx, KEYD_JOURNAL, &handle, &journal)); /* another use has its own */
    assert_true(signs(journal));
    key_free(journal);
    key_free(k);
    stop(pid);
}

static void each_signature_is_a_line_of_the_log(void **)
{
    struct str handle, signature, public_der;
    struct key *k;
    char text[8192];
    int log = open(in("log").p, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    pid_t pid = run_keyd(ours, log);
    ok(keyd_make(&cx, KEYD_PAPER, &handle, &k));
    ok(key_sign(&cx, k, S("giấy"), &signature));
    ok(key_public_der(&cx, k, &public_der));
    struct hash of = sha256(public_der), what = sha256(S("giấy"));
    stop(pid);
    ssize_t n = pread(log, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = 0;
    close(log);
    assert_non_null(strstr(
        text, str_fmt(cx.arena, "event=keyd.signed use=paper key=%.*s digest=%.*s status=done",
                      F(str_hex(cx.arena, (struct str){(char *)of.b, 8})),
                      F(str_hex(cx.arena, HASH_STR(what))))
                  .p));
    key_free(k);
}

static void a_sign_key_that_others_may_read_is_not_used(void **)
{
    struct keyd *link;
    ok(keyd_here(&cx, in("keys"), &link));
    keyd_close(link);
    assert_int_equal(chmod(in("keys/sign.key").p, 0640), 0);
    assert_int_equal(keyd_here(&cx, in("keys"), &link), ERR_IO);
    assert_int_equal(chmod(in("keys/sign.key").p, 0600), 0);
    assert_int_equal(truncate(in("keys/sign.key").p, 40), 0);
    assert_int_equal(keyd_here(&cx, in("keys"), &link), ERR_IO);
}

static void without_it_nothing_is_signed_and_it_is_said(void **)
{
    struct str handle;
    struct key *k;
    assert_int_equal(keyd_make(&cx, KEYD_PAPER, &handle, &k), ERR_IO);
    ok(keyd_at(&cx, in("keyd.sock"), &env.keyd));
    assert_int_equal(keyd_make(&cx, KEYD_PAPER, &handle, &k), ERR_BUSY);
    assert_non_null(strstr(cx.why.p, "systemctl start tinhso-keyd"));
}

static void a_certificate_is_signed_by_a_key_kept_elsewhere(void **)
{
    struct str handle, ca, cert;
    struct key *ca_key, *k;
    struct cert_info info;
    ok(keyd_here(&cx, in("keys"), &env.keyd));
    ok(keyd_make(&cx, KEYD_AUTHORITY, &handle, &ca_key));
    ok(keyd_make(&cx, KEYD_PAPER, &handle, &k));
    struct cert_request rq = {.common_name = S("CA thử"),
                              .country = S("VN"),
                              .valid_from = DAY_MS,
                              .valid_to = 40000 * DAY_MS,
                              .use = CERT_CA};
    ok(cert_make(&cx, &rq, ca_key, ca_key, S(""), &ca));
    rq.common_name = S("Người ký thử");
    rq.use = CERT_SIGNER;
    ok(cert_make(&cx, &rq, k, ca_key, ca, &cert));
    ok(cert_read(&cx, cert, &info));
    assert_true(str_eq(info.issuer_name, S("CA thử")));
    struct str cms;
    struct cms_report report;
    struct hash content = sha256(S("giấy"));
    ok(cms_sign(&cx, k, cert, &ca, 1, content, &cms));
    ok(cms_verify(&cx, cms, content, &ca, 1, 20000 * DAY_MS, &report));
    assert_int_equal(report.verdict, CMS_VALID); /* OpenSSL followed the chain */
    content.b[0] ^= 1;
    ok(cms_verify(&cx, cms, content, &ca, 1, 20000 * DAY_MS, &report));
    assert_int_equal(report.verdict, CMS_BROKEN);
    key_free(k);
    key_free(ca_key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_handle_signs_and_another_process_with_the_same_sign_key_knows_it),
        TEST(a_key_signs_only_what_it_is_for),
        TEST(a_handle_of_another_sign_key_or_a_changed_one_is_refused),
        TEST(it_killed_and_started_again_the_next_signature_comes),
        TEST(a_child_that_is_killed_is_started_again),
        TEST(a_key_from_before_goes_to_it),
        TEST(another_user_is_not_answered),
        TEST(what_is_malformed_is_refused_and_the_connection_ends),
        TEST(too_many_signatures_are_put_off),
        TEST(each_signature_is_a_line_of_the_log),
        TEST(a_sign_key_that_others_may_read_is_not_used),
        TEST(without_it_nothing_is_signed_and_it_is_said),
        TEST(a_certificate_is_signed_by_a_key_kept_elsewhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
