/* verbs_test.c - the command line, with the program itself as a child process. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "app.h"
#include "http/http.h"
#include "testing/port.h"

#include <cmocka.h>

/* Each test has a folder of its own; the program runs as a child of this one. */
static char folder[64];
static struct arena *arena;
static struct env env = {.clock = clock_system, .random = random_system};
static struct cx cx;

static int start(void **t)
{
    (void)t;
    snprintf(folder, sizeof folder, "/tmp/tinhso-verbs.XXXXXX");
    arena = arena_new((size_t)64 << 20);
    cx = (struct cx){.arena = arena, .env = &env, .actor = &actor_program};
    return mkdtemp(folder) ? 0 : -1;
}

static int end(void **t)
{
    (void)t;
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-rf", folder, NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
    arena_free(arena);
    return 0;
}
#define TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

struct ran {
    int code;
    struct str said; /* both streams */
};

/* Runs the verb in a child; "DATA" in the words stands for this test's data folder. */
static pid_t begin(const char *const *words, int out)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    char *argv[32] = {(char *)"tinhso"};
    int n = 1;
    for (; words[n - 1] && n < 31; n++)
        argv[n] = (char *)words[n - 1];
    dup2(out, 1);
    dup2(out, 2);
    struct app_options o;
    int code = app_parse(n, argv, &o);
    fflush(NULL);
    code = code == EX_OK ? app_run(&o, NULL) : code;
    fflush(NULL);
    _exit(code);
}

static struct ran run_words(const char *const *words)
{
    int p[2];
    assert_int_equal(pipe(p), 0);
    pid_t pid = begin(words, p[1]);
    close(p[1]);
    struct buf b = {.arena = arena, .limit = 1 << 20};
    char piece[4096];
    ssize_t n;
    while ((n = read(p[0], piece, sizeof piece)) > 0)
        buf_add(&b, (struct str){piece, (size_t)n});
    close(p[0]);
    int status;
    waitpid(pid, &status, 0);
    return (struct ran){WIFEXITED(status) ? WEXITSTATUS(status) : -1, buf_str(&b)};
}
#define RUN(...) run_words((const char *const[]){__VA_ARGS__, NULL})

static const char *in(const char *name)
{
    return str_fmt(arena, "%s/%s", folder, name).p;
}

static void says(struct ran r, int code, const char *words)
{
    if (r.code != code || !str_find(r.said, str_c(words), NULL))
        fail_msg("%d instead of %d, or not \"%s\": %.*s", r.code, code, words, F(r.said));
}

static bool there(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

/* ---- a server beside ---- */

struct server {
    pid_t pid;
    int port;
};

static bool answers(int port, struct str *body)
{
    struct http_reply r;
    struct http_call c = {.url = str_fmt(arena, "http://127.0.0.1:%d/readyz", port),
                          .method = S("GET"),
                          .timeout_ms = 1000,
                          .answer_limit = 4096};
    bool ok = http_do(&cx, &c, &r) == OK && r.status == 200;
    *body = ok ? r.body : S("");
    return ok;
}

static void nap(int ms)
{
    struct timespec t = {.tv_nsec = ms * 1000000L};
    nanosleep(&t, NULL);
}

static bool wait_ready(int port)
{
    struct str body;
    for (int i = 0; i < 3000; i++) {
        if (answers(port, &body))
            return true;
        nap(10);
    }
    return false;
}

static struct server serve(const char *data)
{
    struct server s = {.port = testing_free_port()};
    const char *listen = str_fmt(arena, "127.0.0.1:%d", s.port).p;
    int out = open(in("serve.log"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    s.pid = begin((const char *const[]){"serve", "--data", data, "--listen", listen, NULL}, out);
    close(out);
    assert_true(wait_ready(s.port));
    return s;
}

static int finish(struct server s)
{
    int status;
    kill(s.pid, SIGTERM);
    waitpid(s.pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The process that serves: the only child of the parent that watches. */
static pid_t child_of(pid_t parent)
{
    DIR *d = opendir("/proc");
    pid_t found = 0;
    for (struct dirent *e; d && !found && (e = readdir(d)) != NULL;) {
        char stat_path[64], text[512];
        int64_t pid;
        if (!str_int(str_c(e->d_name), &pid))
            continue;
        snprintf(stat_path, sizeof stat_path, "/proc/%lld/stat", (long long)pid);
        int fd = open(stat_path, O_RDONLY);
        ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
        if (fd >= 0)
            close(fd);
        if (n <= 0)
            continue;
        text[n] = 0;
        const char *after = strrchr(text, ')');
        int ppid = 0;
        if (after && sscanf(after + 1, " %*c %d", &ppid) == 1 && ppid == parent)
            found = (pid_t)pid;
    }
    if (d)
        closedir(d);
    return found;
}

/* ---- without a server ---- */

static void help_lists_every_verb_and_each_has_its_own(void **t)
{
    (void)t;
    struct ran all = RUN("--help");
    assert_int_equal(all.code, EX_OK);
    for (const struct app_verb *v = app_verbs; v->name; v++) {
        assert_true(str_find(all.said, str_c(v->name), NULL));
        says(RUN(v->name, "--help"), EX_OK, v->summary);
    }
    says(RUN("fly"), EX_USAGE, "không có lệnh");
    says(RUN("serve", "--fly"), EX_USAGE, "không có tùy chọn --fly");
    says(RUN("serve", "--data"), EX_USAGE, "cần một giá trị");
}

static int links_in(struct str said)
{
    int n = 0;
    size_t at;
    for (; str_find(said, S("/kich-hoat/"), &at); said = str_from(said, at + 11))
        n++;
    return n;
}

static void init_founds_the_province_and_prints_one_link(void **t)
{
    (void)t;
    const char *data = in("data");
    says(RUN("init", "--data", data, "--province", "Lạng Sơn", "--area", "20", "--code", "H37",
             "--admin", "quantri", "--name", "Vi Văn Đức"),
         EX_DATAERR, "phải bắt đầu bằng “Tỉnh”");
    says(RUN("init", "--data", data, "--province", "Tỉnh Lạng Sơn", "--area", "20"), EX_USAGE,
         "cần --code");
    assert_false(there(data));
    struct ran r = RUN("init", "--data", data, "--province", "Tỉnh Lạng Sơn", "--area", "20",
                       "--code", "H37", "--admin", "quantri", "--name", "Vi Văn Đức");
    says(r, EX_OK, "Dùng một lần, đến");
    assert_int_equal(links_in(r.said), 1);
    /* what citizens read at the head and foot of every page */
    char conf[1024] = "";
    FILE *file = fopen(in("data/tinhso.conf"), "re");
    assert_non_null(file);
    assert_true(fread(conf, 1, sizeof conf - 1, file) > 0);
    fclose(file);
    assert_non_null(strstr(conf, "site.name = Dịch vụ công Lạng Sơn\n"));
    assert_non_null(strstr(conf, "site.owner = UBND tỉnh Lạng Sơn\n"));
    size_t at;
    assert_true(str_find(r.said, S("/kich-hoat/"), &at));
    const struct str token = str_until(str_from(r.said, at + 11), 43);
    struct ran rows =
        RUN("sql", "select used_at, hex(token_hash) from identity_invite", "--data", data);
    says(rows, EX_OK, "0");
    assert_false(str_find(rows.said, token, NULL));
    says(RUN("sql", "select code, name from org_unit", "--data", data), EX_OK,
         "Ủy ban nhân dân tỉnh Lạng Sơn");
}

static void init_makes_a_closed_folder_once(void **t)
{
    (void)t;
    const char *data = in("a/b/data");
    says(RUN("init", "--data", data), EX_OK, "Đã tạo");
    struct stat st;
    assert_int_equal(stat(data, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_true(there(in("a/b/data/keys/master.key")) && there(in("a/b/data/core.db")));
    says(RUN("init", "--data", data), EX_CANTCREAT, "đã là thư mục dữ liệu");
    says(RUN("verify", "--data", data), EX_OK, "ĐÚNG");
    says(RUN("doctor", "--data", data), EX_CONFIG, "cơ sở dữ liệu trả lời");
    says(RUN("pack", "list", "--data", data), EX_OK, "roles/co-so.json");
    says(RUN("pack", "diff", "lang-son", "--data", data), EX_OK, "areas.json: chưa nạp");
    says(RUN("pack", "load", "lang-son", "--data", data), EX_OK, "units.json: thêm 5");
    says(RUN("pack", "diff", "lang-son", "--data", data), EX_OK, "areas.json: như đã nạp");
    says(RUN("pack", "load", in("nothing"), "--data", data), EX_NOINPUT, "Không có tệp");
    says(RUN("pack", "load", "/dev/null", "--kind", "nope", "--data", data), EX_USAGE,
         "không có loại “nope”");
    says(RUN("verify", "--data", in("nowhere")), EX_NOINPUT, "");
    says(RUN("serve", "--data", in("nowhere")), EX_NOINPUT, "tinhso init");
}

static void doctor_finds_an_open_key_folder(void **t)
{
    (void)t;
    says(RUN("init", "--data", in("data")), EX_OK, "");
    assert_int_equal(chmod(in("data/keys"), 0755), 0);
    struct ran r = RUN("doctor", "--data", in("data"));
    assert_true(r.code != EX_OK);
    assert_true(str_find(r.said, S("mở cho người khác"), NULL));
}

/* With a line on standard input. */
static struct ran run_typing(const char *typed, const char *const *words)
{
    int p[2], saved = dup(0);
    assert_int_equal(pipe(p), 0);
    assert_true(write(p[1], typed, strlen(typed)) > 0);
    close(p[1]);
    dup2(p[0], 0);
    close(p[0]);
    struct ran r = run_words(words);
    dup2(saved, 0);
    close(saved);
    return r;
}

static void the_first_user_is_made_by_hand(void **t)
{
    (void)t;
    says(RUN("init", "--data", in("data")), EX_OK, "");
    const char *const words[] = {"account",  "add",    "admin", "--name", "Vi Văn Đức", "--role",
                                 "quan_tri", "--unit", "H37",   "--data", in("data"),   NULL};
    says(run_typing("bốn từ ghép lại\n", words), EX_NOINPUT, "Nạp gói đơn vị trước");
    says(RUN("pack", "load", "lang-son", "--data", in("data")), EX_OK, "");
    says(run_typing("ngắn\n", words), EX_DATAERR, "ít nhất 10 ký tự");
    says(run_typing("bốn từ ghép lại\n", words), EX_OK, "Đã tạo admin");
    says(run_typing("bốn từ ghép lại\n", words), EX_DATAERR, "đã có người dùng");
    struct server s = serve(in("data"));
    const char *const more[] = {"account",  "add",    "admin2", "--name", "Vi Văn Đức", "--role",
                                "quan_tri", "--unit", "H37",    "--data", in("data"),   NULL};
    says(run_typing("bốn từ ghép lại\n", more), EX_OK, "Đã tạo admin2");
    assert_int_equal(finish(s), EX_OK);
}

static void sql_only_reads(void **t)
{
    (void)t;
    says(RUN("init", "--data", in("data")), EX_OK, "");
    says(RUN("sql", "--data", in("data"), "select code from identity_role order by code limit 1"),
         EX_OK, "code\ncan_bo_mot_cua");
    says(RUN("sql", "--data", in("data"), "delete from identity_role"), EX_DATAERR, "readonly");
    says(RUN("sql", "--data", in("data"), "select * from nowhere"), EX_DATAERR, "nowhere");
}

static void json_check_names_line_and_column(void **t)
{
    (void)t;
    int fd = open(in("bad.json"), O_WRONLY | O_CREAT, 0600);
    assert_true(write(fd, "{\n  \"a\": 1,\n  \"a\": 2\n}", 22) > 0);
    close(fd);
    says(RUN("json", "check", in("bad.json")), EX_DATAERR, "bad.json:3:");
    says(RUN("json", "check", in("none.json")), EX_NOINPUT, "không mở được");
    says(RUN("json"), EX_USAGE, "json check");
}

static void what_the_program_has_is_listed(void **t)
{
    (void)t;
    says(RUN("version"), EX_OK, TINHSO_VERSION);
    says(RUN("modules"), EX_OK, "identity: Đăng nhập và phân quyền");
    says(RUN("routes"), EX_OK, "/dang-nhap");
}

static void verify_finds_a_changed_row(void **t)
{
    (void)t;
    says(RUN("init", "--data", in("data")), EX_OK, "");
    /* Somebody with the file in hand, past all triggers. */
    sqlite3 *db;
    assert_int_equal(sqlite3_open(in("data/core.db"), &db), SQLITE_OK);
    char *drop = sqlite3_mprintf(
        "%s", "select 'drop trigger ' || name from sqlite_schema where type = 'trigger'");
    sqlite3_stmt *st;
    struct str drops[64];
    size_t n = 0;
    assert_int_equal(sqlite3_prepare_v2(db, drop, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW && n < 64)
        drops[n++] = str_dup(arena, str_c((const char *)sqlite3_column_text(st, 0)));
    sqlite3_finalize(st);
    sqlite3_free(drop);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(sqlite3_exec(db, drops[i].p, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "update journal_event set to_state = 'x' where id = 1", NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
    says(RUN("verify", "--data", in("data")), EX_DATAERR, "SAI:");
}

/* ---- with a server ---- */

static void a_server_holds_the_folder_and_does_what_others_ask(void **t)
{
    (void)t;
    says(RUN("init", "--data", in("data")), EX_OK, "");
    struct server s = serve(in("data"));
    says(RUN("serve", "--data", in("data"), "--listen", "127.0.0.1:1"), EX_TEMPFAIL,
         "máy chủ khác");
    says(RUN("pack", "load", "lang-son", "--data", in("data")), EX_OK, "units.json: thêm 5");
    says(RUN("pack", "list", "--data", in("data")), EX_OK, "lang-son/units.json");
    says(RUN("pack", "fly", "--data", in("data")), EX_USAGE, "cần: tinhso pack");
    says(RUN("doctor", "--data", in("data")), EX_CONFIG, "cơ sở dữ liệu trả lời");
    says(RUN("verify", "--data", in("data")), EX_OK, "ĐÚNG");
    struct stat st;
    assert_int_equal(stat(in("data/admin.sock"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(finish(s), EX_OK);
    assert_false(there(in("data/admin.sock")));
}

static void a_server_that_dies_is_started_again(void **t)
{
    (void)t;
    says(RUN("init", "--data", in("data")), EX_OK, "");
    struct server s = serve(in("data"));
    pid_t child = child_of(s.pid);
    assert_true(child > 0);
    kill(child, SIGKILL);
    nap(50);
    assert_true(wait_ready(s.port));
    assert_true(child_of(s.pid) != child);
    assert_int_equal(finish(s), EX_OK);
}

static void a_start_that_cannot_work_says_so_and_ends(void **t)
{
    (void)t;
    says(RUN("init", "--data", in("data")), EX_OK, "");
    says(RUN("init", "--data", in("other")), EX_OK, "");
    struct server s = serve(in("data"));
    const char *taken = str_fmt(arena, "127.0.0.1:%d", s.port).p;
    struct ran r = RUN("serve", "--data", in("other"), "--listen", taken);
    assert_int_equal(r.code, EX_TEMPFAIL);
    assert_true(str_find(r.said, str_c(taken), NULL));
    assert_int_equal(finish(s), EX_OK);
}

static void the_demo_serves_this_machine_only(void **t)
{
    (void)t;
    says(RUN("demo", "--data", in("data")), EX_OK, "020192999101");
    says(RUN("serve", "--data", in("data"), "--listen", "0.0.0.0:8080"), EX_CONFIG,
         "chỉ nghe 127.0.0.1");
    says(RUN("serve", "--data", in("data"), "--listen", "127.0.0.1:1", "--listen", "[::]:8080"),
         EX_CONFIG, "bản thử");
    assert_true(app_is_loopback(S("[::1]:8080")));
    assert_false(app_is_loopback(S("10.0.0.1:8080")));
}

/* What the demo shows went the way that people's requests go. */
static void the_demo_has_dossiers_in_every_stage(void **t)
{
    (void)t;
    says(RUN("demo", "--data", in("data")), EX_OK, "");
    says(RUN("sql", "select 'stages>7:' || (count(distinct state) > 7) from onestop_dossier",
             "--data", in("data")),
         EX_OK, "stages>7:1");
    says(RUN("sql", "select 'signed=' || count(*) from onestop_result where verify_code <> ''",
             "--data", in("data")),
         EX_OK, "signed=16");
    says(RUN("verify", "--data", in("data")), EX_OK, "ĐÚNG");
    says(RUN("demo", "--empty", "--data", in("bare")), EX_OK, "");
    says(RUN("sql", "select 'all=' || count(*) from onestop_dossier", "--data", in("bare")), EX_OK,
         "all=0");
}

static void a_backup_of_a_running_server_is_restored(void **t)
{
    (void)t;
    says(RUN("demo", "--empty", "--data", in("data")), EX_OK, "");
    struct server s = serve(in("data"));
    says(RUN("backup", in("copy"), "--data", in("data")), EX_OK, "Đã chép");
    says(RUN("backup", in("copy"), "--data", in("data")), EX_CANTCREAT, "copy");
    assert_int_equal(finish(s), EX_OK);
    assert_false(there(in("copy/keys")));
    says(RUN("restore", in("copy"), "--data", in("again")), EX_NOINPUT, "không có khóa");
    says(RUN("restore", in("copy"), "--data", in("again"), "--keys", in("data/keys")), EX_OK,
         "Đã dựng lại");
    says(RUN("verify", "--data", in("again")), EX_OK, "ĐÚNG");
    says(RUN("restore", in("copy"), "--data", in("again")), EX_CANTCREAT, "đã có dữ liệu");
    struct server back = serve(in("again"));
    assert_int_equal(finish(back), EX_OK);
}

/* ---- the other database ---- */

/* A schema of its own in the test's cluster. */
static const char *schema_url(const char *cluster)
{
    char statement[128];
    snprintf(statement, sizeof statement, "create schema verbs_%d", (int)getpid());
    PGconn *pg = PQconnectdb(cluster);
    PGresult *r = PQexec(pg, statement);
    bool made = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    PQfinish(pg);
    assert_true(made);
    return str_fmt(arena, "%s%coptions=-csearch_path%%3Dverbs_%d", cluster,
                   strchr(cluster, '?') ? '&' : '?', (int)getpid())
        .p;
}

static struct http_reply ask_page(int port, const char *method, const char *path, struct str cookie,
                                  struct str body)
{
    const struct http_header h[] = {{S("Content-Type"), S("application/x-www-form-urlencoded")},
                                    {S("Cookie"), cookie}};
    struct http_reply r = {0};
    struct http_call c = {.url = str_fmt(arena, "http://127.0.0.1:%d%s", port, path),
                          .method = str_c(method),
                          .headers = h,
                          .headers_n = cookie.n ? 2 : 1,
                          .body = body,
                          .timeout_ms = 5000,
                          .answer_limit = 1 << 20};
    if (http_do(&cx, &c, &r) != OK)
        fail_msg("%s %s: %.*s", method, path, F(cx.why));
    return r;
}

static struct str first_cookie(const struct http_reply *r)
{
    for (size_t i = 0; i < r->headers_n; i++) {
        struct str pair, rest;
        if (!str_eq_ascii_case(r->headers[i].name, S("Set-Cookie")))
            continue;
        str_cut(r->headers[i].value, ';', &pair, &rest);
        return pair;
    }
    return S("");
}

static void pages_are_served_from_postgresql(void **t)
{
    (void)t;
    const char *cluster = getenv("TINHSO_TEST_DATABASE");
    if (!cluster || !*cluster)
        skip(); /* tools/pg-cluster runs it again with one */
    says(RUN("demo", "--data", in("data"), "--database", schema_url(cluster)), EX_OK,
         "020192999101");
    struct server s = serve(in("data")); /* the folder remembers its database */
    struct http_reply form = ask_page(s.port, "GET", "/dang-nhap", S(""), S(""));
    assert_int_equal(form.status, 200);
    size_t at;
    assert_true(str_find(form.body, S("name=\"_token\" value=\""), &at));
    struct str token, rest;
    str_cut(str_from(form.body, at + 21), '"', &token, &rest);
    struct str body =
        str_fmt(arena, "_token=%.*s&tai_khoan=hotich.kylua&mat_khau=%s", F(token), "tinhso-2026");
    struct http_reply in_now = ask_page(s.port, "POST", "/dang-nhap", first_cookie(&form), body);
    assert_int_equal(in_now.status, 303);
    struct http_reply own = ask_page(s.port, "GET", "/tai-khoan", first_cookie(&in_now), S(""));
    assert_int_equal(own.status, 200);
    assert_true(str_find(own.body, S("Đàm Thu Hà"), NULL));
    assert_int_equal(finish(s), EX_OK);
    says(RUN("verify", "--data", in("data")), EX_OK, "ĐÚNG");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(help_lists_every_verb_and_each_has_its_own),
        TEST(init_founds_the_province_and_prints_one_link),
        TEST(init_makes_a_closed_folder_once),
        TEST(doctor_finds_an_open_key_folder),
        TEST(the_first_user_is_made_by_hand),
        TEST(sql_only_reads),
        TEST(json_check_names_line_and_column),
        TEST(what_the_program_has_is_listed),
        TEST(verify_finds_a_changed_row),
        TEST(a_server_holds_the_folder_and_does_what_others_ask),
        TEST(a_server_that_dies_is_started_again),
        TEST(a_start_that_cannot_work_says_so_and_ends),
        TEST(the_demo_serves_this_machine_only),
        TEST(the_demo_has_dossiers_in_every_stage),
        TEST(a_backup_of_a_running_server_is_restored),
        TEST(pages_are_served_from_postgresql),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
