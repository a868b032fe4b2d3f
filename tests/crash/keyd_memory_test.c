/* keyd_memory_test.c - the server signs papers, and its memory holds no private key.
 *
 * A whole walk at the counter goes through the real program, with the leader's signature in a PDF.
 * Then every readable page of every process of the server is searched for every private key of the
 * installation, in each form it could have: the number in both byte orders, also half of it, DER,
 * hexadecimal, base64 as in PEM. The same search finds them in keyd, and in this test. */
#include "inside.h"
#include "keyd/keyd.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define PATTERNS_MAX 512
#define SCALAR_N 32
#define PIECE ((size_t)1 << 20)

/* ---- what is searched for ---- */

struct pattern {
    const char *form;
    struct str bytes;
};
static struct pattern patterns[PATTERNS_MAX];
static size_t patterns_n;
static unsigned char begins[8192]; /* a bit for each first two bytes */

static void look_for(const char *form, struct str bytes)
{
    assert_true(patterns_n < PATTERNS_MAX && bytes.n >= 12);
    patterns[patterns_n++] = (struct pattern){form, bytes};
    size_t at = (size_t)(unsigned char)bytes.p[0] << 8 | (unsigned char)bytes.p[1];
    begins[at / 8] |= (unsigned char)(1 << at % 8);
}

static struct str upper(struct arena *a, struct str s)
{
    struct str u = str_dup(a, s);
    for (size_t i = 0; i < u.n; i++)
        if (u.p[i] >= 'a' && u.p[i] <= 'f')
            ((char *)(uintptr_t)u.p)[i] -= 'a' - 'A';
    return u;
}

static void look_for_secret(struct arena *a, struct str secret)
{
    char *back = arena_alloc(a, secret.n);
    for (size_t i = 0; i < secret.n; i++)
        back[i] = secret.p[secret.n - 1 - i];
    const size_t half = secret.n / 2;
    look_for("number, first half", str_until(secret, half));
    look_for("number, second half", str_from(secret, half));
    look_for("reversed, first half", (struct str){back, half});
    look_for("reversed, second half", (struct str){back + half, half});
    struct str hex = str_hex(a, secret);
    look_for("hexadecimal", str_until(hex, 32));
    look_for("hexadecimal, capitals", str_until(upper(a, hex), 32));
}

/* PKCS#8 of P-256: the number begins at byte 36, which is sign 48 of its base64. */
static void look_for_key(struct arena *a, struct str der)
{
    assert_true(der.n > 68 && der.p[34] == 4 && der.p[35] == SCALAR_N);
    look_for_secret(a, (struct str){der.p + 36, SCALAR_N});
    look_for("PEM", str_until(str_from(str_base64(a, der), 48), 16));
}

/* ---- the keys, opened as only whoever holds sign.key can ---- */

static struct str sign_key(struct cx *cx, const struct server *s)
{
    char line[200], path[200];
    struct str key;
    snprintf(path, sizeof path, "%s/keys/sign.key", s->data);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    assert_non_null(fgets(line, sizeof line, f));
    fclose(f);
    assert_true(
        str_unhex(cx->arena, str_trim(str_from(str_c(line), strlen("tinhso-sign-1 "))), &key));
    return key;
}

static void take_keys(struct cx *cx, sqlite3 *db, struct str sealing, const char *sql,
                      struct str about, int *n)
{
    sqlite3_stmt *st;
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) {
        struct str handle = {sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0)}, der;
        assert_true(keyd_is_handle(handle));
        assert_int_equal(unseal(cx, sealing, about, str_from(handle, 2), &der), OK);
        look_for_key(cx->arena, der);
        (*n)++;
    }
    sqlite3_finalize(st);
}

static void look_for_all(struct cx *cx, const struct server *s)
{
    sqlite3 *db;
    char path[200];
    int n = 0;
    struct str sealing = sign_key(cx, s);
    look_for_secret(cx->arena, sealing);
    snprintf(path, sizeof path, "%s/core.db", s->data);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    sqlite3_busy_timeout(db, 5000);
    take_keys(cx, db, sealing, "select sealed from vault_key where name = 'journal'",
              S("tinhso keyd 1: journal"), &n);
    take_keys(cx, db, sealing, "select sealed from vault_key where name = 'ca'",
              S("tinhso keyd 1: authority"), &n);
    take_keys(cx, db, sealing, "select private from identity_signer", S("tinhso keyd 1: paper"),
              &n);
    sqlite3_close(db);
    assert_true(n > 10);
}

/* ---- searching a process ---- */

static size_t search_piece(const char *p, size_t n, const char **form)
{
    size_t found = 0;
    for (size_t i = 0; i + 2 <= n; i++) {
        size_t at = (size_t)(unsigned char)p[i] << 8 | (unsigned char)p[i + 1];
        if (!(begins[at / 8] & 1 << at % 8))
            continue;
        for (size_t k = 0; k < patterns_n; k++) {
            const struct pattern *x = &patterns[k];
            if (i + x->bytes.n <= n && memcmp(p + i, x->bytes.p, x->bytes.n) == 0) {
                *form = x->form;
                found++;
            }
        }
    }
    return found;
}

/* Pieces overlap by more than the longest pattern. */
static size_t search_range(int mem, uint64_t from, uint64_t to, char *piece, const char **form)
{
    size_t found = 0;
    for (uint64_t at = from; at < to; at += PIECE - 64) {
        size_t want = to - at < PIECE ? (size_t)(to - at) : PIECE;
        ssize_t n = pread(mem, piece, want, (off_t)at);
        if (n > 0)
            found += search_piece(piece, (size_t)n, form);
        if (want < PIECE)
            break;
    }
    return found;
}

/* -1: it may not be looked at. *bytes: how much was. */
static int64_t search_process(pid_t pid, uint64_t *bytes, const char **form)
{
    char path[64], line[1024], *piece = malloc(PIECE);
    int64_t found = 0;
    snprintf(path, sizeof path, "/proc/%d/mem", pid);
    int mem = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    FILE *maps = fopen(path, "re");
    *bytes = 0;
    while (mem >= 0 && maps && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        char may[5];
        if (sscanf(line, "%lx-%lx %4s", &from, &to, may) != 3 || may[0] != 'r' ||
            to - from > UINT64_C(4) << 30)
            continue;
        found += (int64_t)search_range(mem, from, to, piece, form);
        *bytes += to - from;
    }
    if (maps)
        fclose(maps);
    if (mem >= 0)
        close(mem);
    free(piece);
    return mem >= 0 && *bytes ? found : -1;
}

/* ---- the processes of the server's group ---- */

struct group {
    pid_t server[8], keyd;
    int n;
};

static struct group processes_of(pid_t leader)
{
    struct group g = {0};
    DIR *d = opendir("/proc");
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        char path[300], line[300], name[64], state;
        int pid, parent, group;
        snprintf(path, sizeof path, "/proc/%s/stat", e->d_name);
        FILE *f = fopen(path, "re");
        if (f && fgets(line, sizeof line, f) &&
            sscanf(line, "%d (%60[^)]) %c %d %d", &pid, name, &state, &parent, &group) == 5 &&
            group == leader && state != 'Z') {
            if (strcmp(name, "tinhso-keyd") == 0)
                g.keyd = pid;
            else if (g.n < 8)
                g.server[g.n++] = pid;
        }
        if (f)
            fclose(f);
    }
    if (d)
        closedir(d);
    return g;
}

/* ---- the walk ---- */

struct run {
    struct crash_config config;
    struct crash_findings findings;
    struct server server;
    struct load load;
    struct cx cx;
    struct env env;
};

static int returned(struct load *l)
{
    int n = 0;
    pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < l->acks.n; i++)
        if (l->acks.p[i].kind && strcmp(l->acks.p[i].kind, "onestop.dossier.returned") == 0)
            n++;
    pthread_mutex_unlock(&l->lock);
    return n;
}

/* A result is handed over only when its PDF is signed. */
static void wait_returned(struct run *r, int n)
{
    const int64_t end = crash_now_ms() + 120'000;
    while (returned(&r->load) < n && crash_now_ms() < end && r->findings.n == 0)
        crash_sleep_us(20'000);
    if (returned(&r->load) < n)
        fail_msg("only %d of %d results were signed and handed over: %s", returned(&r->load), n,
                 r->findings.first);
}

static void begin(struct run *r)
{
    r->config = (struct crash_config){.program = CRASH_PROGRAM, .counters = 1, .seed = 1};
    pthread_mutex_init(&r->findings.lock, NULL);
    r->server = (struct server){.config = &r->config, .findings = &r->findings, .luck = 1};
    r->env = (struct env){.clock = clock_system, .random = random_system};
    r->cx = (struct cx){.arena = arena_new((size_t)16 << 20), .env = &r->env};
    if (!server_make(&r->server) || !server_start(&r->server) || !server_ready(&r->server) ||
        !load_start(&r->load, &r->server))
        fail_msg("%s", r->findings.first);
}

static void find_nothing(const struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        uint64_t bytes;
        const char *form = "";
        const int64_t found = search_process(g->server[i], &bytes, &form);
        print_message("process %d of the server: %llu MB searched, %lld found\n", i,
                      (unsigned long long)(bytes >> 20), (long long)found);
        assert_true(bytes > (uint64_t)1 << 20);
        if (found != 0)
            fail_msg("a private key is in the server's memory %lld times: %s", (long long)found,
                     form);
    }
}

/* The search must be able to find. */
static void find_all(const struct group *g)
{
    uint64_t bytes;
    const char *form;
    assert_true(search_process(getpid(), &bytes, &form) >= (int64_t)patterns_n);
    assert_true(g->keyd > 0);
    const int64_t found = search_process(g->keyd, &bytes, &form);
    print_message("keyd: %llu MB searched, %lld found\n", (unsigned long long)(bytes >> 20),
                  (long long)found);
    if (geteuid() == 0)
        assert_true(found >= 4); /* sign.key in two halves, and the leader's number */
    else
        assert_int_equal(found, -1); /* nobody may look, though it runs as we do */
}

static void no_private_key_is_in_the_memory_of_a_server_that_signs(void **)
{
    static struct run r;
    begin(&r);
    wait_returned(&r, 1);
    look_for_all(&r.cx, &r.server);
    struct group g = processes_of(r.server.pid);
    assert_true(g.n >= 2);
    find_nothing(&g);
    find_all(&g);

    /* keyd dies; the server asks the next one, and nobody at the counter notices. */
    const int before = returned(&r.load);
    assert_int_equal(kill(g.keyd, SIGKILL), 0);
    wait_returned(&r, before + 1);
    g = processes_of(r.server.pid);
    find_nothing(&g);
    load_stop(&r.load);
    assert_true(server_stop(&r.server));
    load_free(&r.load);
    server_remove(&r.server);
    arena_free(r.cx.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_private_key_is_in_the_memory_of_a_server_that_signs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
