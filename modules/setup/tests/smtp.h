/* smtp.h - a real SMTP server (Debian: python3-aiosmtpd) beside a test, and what it took. */
#pragma once
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json/json.h"
#include "testing/testing.h"

#define PYTHON "/usr/bin/python3" /* Debian's, whose aiosmtpd this is */
#define SCRIPT "modules/notify/tests/smtp_server.py"

static pid_t server;
static char port[16], received_at[64];

static inline void begin_server(void)
{
    int ends[2];
    snprintf(received_at, sizeof received_at, "/tmp/tinhso-witness.XXXXXX");
    close(mkstemp(received_at));
    assert_int_equal(pipe(ends), 0);
    server = fork();
    if (server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], 1);
        close(ends[0]);
        execl(PYTHON, "python3", SCRIPT, received_at, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *f = fdopen(ends[0], "r");
    const bool good = fgets(port, sizeof port, f) != NULL;
    fclose(f);
    if (!good)
        fail_msg("no SMTP server answers (Debian: python3-aiosmtpd): make deps");
}

static inline void end_server(void)
{
    if (server <= 0)
        return;
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    unlink(received_at);
    server = 0;
}

/* The n-th mail the server took, and how many there are. */
static inline int received(struct cx *cx, int which, const struct json **out)
{
    char *line = arena_alloc(cx->arena, 65536);
    int n = 0;
    FILE *f = fopen(received_at, "r");
    while (f && fgets(line, 65536, f))
        if (n++ == which) {
            struct json_error error;
            assert_ok(json_read(cx->arena, str_dup(cx->arena, str_trim(str_c(line))), out, &error));
        }
    if (f)
        fclose(f);
    return n;
}

static inline int mails(struct cx *cx)
{
    const struct json *none;
    return received(cx, -1, &none);
}
