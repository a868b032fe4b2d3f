/* tls_test.c - the server's certificate brought on a page: judged, kept as files of the server's
 * user alone, taken into use by the running server, undone when it cannot be, never told. */
#include "../setup_tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calendar/calendar.h"
#include "form/form.h"
#include "http/http.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "onestop/onestop.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "setup/setup.h"
#include "testing/browser.h"
#include "testing/world.h"

#define HOST "dichvucong.langson.test"

static const struct module *const modules[] = {
    &journal_module,   &org_module,    &calendar_module, &identity_module, &form_module,
    &procedure_module, &notify_module, &onestop_module,  &setup_module,    NULL};
static const char *const packs[] = {"roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = modules, .packs = packs, .demo = true, .frame = look_frame};
static struct web *closed_web, *serving; /* without and with a socket */

static enum err open_world(struct cx *cx)
{
    cx->env->settings = settings_new();
    cx->env->base_url = S("https://" HOST);
    return testing_open_world(cx, &world);
}

static void close_world(struct cx *cx)
{
    testing_close_world(cx);
    settings_free(cx->env->settings);
    cx->env->settings = NULL;
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = close_world});
}

static struct str in_data(struct cx *cx, const char *name)
{
    return str_fmt(cx->arena, "%.*s/%s", F(cx->env->data_dir), name);
}

/* As app/serve.c starts it: clear text until there is a certificate. */
static void begin_server(struct cx *cx)
{
    size_t n;
    static const struct str listen[] = {{"127.0.0.1:0", 11}};
    struct web_config c = {.parts = module_web_parts(cx->arena, modules, &n)};
    c.parts_n = n;
    c.http = (struct http_config){.listen = listen,
                                  .listen_n = 1,
                                  .loops = 1,
                                  .tls_cert_path = in_data(cx, SETUP_TLS_CHAIN),
                                  .tls_key_path = in_data(cx, SETUP_TLS_KEY),
                                  .tls_later = true};
    closed_web = cx->env->web;
    assert_ok(web_start(cx, &c, &serving));
}

static void end_server(struct cx *cx)
{
    web_stop(serving, 1000);
    serving = NULL;
    cx->env->web = closed_web;
}

/* Answers over TLS, with this certificate alone trusted? */
static enum err call(struct cx *cx, const char *ca)
{
    struct http_reply r;
    const struct http_call c = {
        .url = str_fmt(cx->arena, "%s://127.0.0.1:%d/dang-nhap", ca ? "https" : "http",
                       web_port(serving, 0)),
        .method = S("GET"),
        .timeout_ms = 10000,
        .tls_ca_path = ca ? in_data(cx, ca) : S(""),
    };
    testing_let_go(cx);
    const enum err e = http_do(cx, &c, &r);
    testing_hold(cx);
    assert_true(e != OK || r.status == 200);
    return e;
}

static void keep(struct cx *cx, const char *name, struct str bytes)
{
    FILE *f = fopen(in_data(cx, name).p, "w");
    assert_true(f && fwrite(bytes.p, 1, bytes.n, f) == bytes.n);
    fclose(f);
}

struct pair {
    struct str cert, key;
};

static struct str certificate(struct cx *cx, const struct key *k, const char *host, int64_t days)
{
    struct str der;
    const struct cert_request rq = {
        .common_name = str_c(host),
        .country = S("VN"),
        .valid_from = 0, /* whoever calls the server goes by the clock of the machine */
        .valid_to = cx->now + days * DAY_MS,
        .use = CERT_TLS,
        .dns_names = str_fmt(cx->arena, "%s, 127.0.0.1", host),
    };
    assert_ok(cert_make(cx, &rq, k, k, S(""), &der));
    return pem(cx->arena, "CERTIFICATE", der);
}

static struct pair made(struct cx *cx, const char *host, int64_t days)
{
    struct key *k;
    struct str der;
    struct pair p;
    assert_ok(key_generate(cx, &k));
    p.cert = certificate(cx, k, host, days);
    assert_ok(key_private_der(cx, k, &der));
    p.key = pem(cx->arena, "PRIVATE KEY", der);
    key_free(k);
    return p;
}

static struct browser *administrator(struct cx *cx)
{
    struct browser *b = testing_person(cx, "hethong", IDENTITY_DEMO_PASSWORD);
    assert_opens(b, "/quan-tri/chung-thu", 200);
    return b;
}

static void bring(struct browser *b, struct str cert, struct str between, struct str key)
{
    assert_opens(b, "/quan-tri/chung-thu", 200);
    if (cert.n)
        assert_true(browser_attach(b, "chung_thu", "may-chu.crt", cert));
    if (between.n)
        assert_true(browser_attach(b, "trung_gian", "ca-bundle.crt", between));
    if (key.n)
        assert_true(browser_attach(b, "khoa", "khoa.pem", key));
    assert_true(browser_press(b, "Kiểm tra và dùng"));
}

static void run_jobs(struct cx *cx)
{
    int ran;
    assert_ok(jobs_run_due(cx, &ran));
}

static int64_t events(struct cx *cx, const char *kind)
{
    int64_t n = 0;
    assert_ok(
        db_one_int(cx, &n, "select count(*) from journal_event where kind = $1", V(str_c(kind))));
    return n;
}

static unsigned mode(struct cx *cx, const char *name)
{
    struct stat st;
    assert_int_equal(stat(in_data(cx, name).p, &st), 0);
    assert_int_equal(st.st_uid, geteuid());
    return st.st_mode & 0777;
}

static void a_certificate_is_taken_into_use_while_the_server_runs(void **t)
{
    struct cx *cx = test_cx(t);
    const struct pair first = made(cx, HOST, 36500), second = made(cx, HOST, 36600);
    begin_server(cx);
    struct browser *b = administrator(cx);
    assert_sees(b, "Chưa có chứng thư");
    assert_ok(call(cx, NULL));
    bring(b, first.cert, S(""), first.key);
    assert_sees(b, "Đang đưa chứng thư vào dùng");
    run_jobs(cx);
    assert_opens(b, "/quan-tri/chung-thu", 200);
    assert_sees(b, "Máy chủ đã dùng chứng thư vừa đưa vào");
    assert_sees(b, "Còn 36500 ngày");
    assert_not_sees(b, "Dùng lại chứng thư trước");
    keep(cx, "first.pem", first.cert);
    assert_ok(call(cx, "first.pem"));
    assert_int_equal(mode(cx, "tls"), 0700);
    assert_int_equal(mode(cx, SETUP_TLS_KEY), 0600);

    bring(b, second.cert, S(""), second.key);
    run_jobs(cx);
    keep(cx, "second.pem", second.cert);
    assert_ok(call(cx, "second.pem"));
    assert_err(call(cx, "first.pem"), ERR_BUSY);
    assert_opens(b, "/quan-tri/chung-thu", 200);
    assert_sees(b, "Còn 36600 ngày");
    assert_true(browser_press(b, "Dùng lại chứng thư trước"));
    run_jobs(cx);
    assert_ok(call(cx, "first.pem"));
    assert_int_equal(events(cx, "setup.tls.brought"), 2);
    assert_int_equal(events(cx, "setup.tls.taken"), 3);
    assert_int_equal(events(cx, "setup.tls.going_back"), 1);
    end_server(cx);
}

static void what_the_server_cannot_load_is_undone(void **t)
{
    struct cx *cx = test_cx(t);
    const struct pair good = made(cx, HOST, 36500), other = made(cx, HOST, 90);
    begin_server(cx);
    struct browser *b = administrator(cx);
    bring(b, good.cert, S(""), good.key);
    run_jobs(cx);
    const struct str name = tls_files_current(cx);
    /* A pair that the page would have refused, as if a file had gone bad on the way. */
    const struct tls_pair bad = {
        .name = str_fmt(cx->arena, "%064d", 7), .chain = other.cert, .key = good.key};
    assert_ok(test_write(cx, setup_tls_bring(cx, &bad)));
    run_jobs(cx);
    assert_true(str_eq(tls_files_current(cx), name));
    keep(cx, "good.pem", good.cert);
    assert_ok(call(cx, "good.pem"));
    assert_int_equal(events(cx, "setup.tls.refused"), 1);
    assert_opens(b, "/quan-tri/chung-thu", 200);
    assert_sees(b, "chứng thư trước vẫn dùng");
    end_server(cx);
}

static void without_any_before_it_a_bad_pair_leaves_nothing_in_use(void **t)
{
    struct cx *cx = test_cx(t);
    const struct pair one = made(cx, HOST, 90), two = made(cx, HOST, 90);
    begin_server(cx);
    const struct tls_pair bad = {
        .name = str_fmt(cx->arena, "%064d", 7), .chain = one.cert, .key = two.key};
    assert_ok(test_write(cx, setup_tls_bring(cx, &bad)));
    run_jobs(cx);
    assert_int_equal(tls_files_current(cx).n, 0);
    assert_ok(call(cx, NULL)); /* still in clear text */
    end_server(cx);
}

static void each_wrong_file_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    const struct pair good = made(cx, HOST, 90), other = made(cx, "khac.langson.test", 90),
                      old = made(cx, HOST, -1 + 1);
    struct browser *b = administrator(cx);
    bring(b, S(""), S(""), S(""));
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Chọn tệp chứng thư của máy chủ.");
    bring(b, good.cert, S(""), S(""));
    assert_sees(b, "Chọn tệp khóa riêng của chứng thư này.");
    bring(b, good.cert, S(""), other.key);
    assert_sees(b, "Khóa không phải của chứng thư này.");
    bring(b, other.cert, S(""), other.key);
    assert_sees(b, "địa chỉ của hệ thống là " HOST);
    bring(b, good.cert, other.cert, good.key);
    assert_sees(b, "Chứng thư thứ 2 không phải của nơi ký chứng thư thứ 1.");
    bring(b, old.cert, S(""), old.key);
    assert_sees(b, "đã hết hạn");
    EVP_PKEY *rsa = EVP_RSA_gen(2048);
    BIO *bio = BIO_new(BIO_s_mem());
    char *p;
    assert_int_equal(
        PEM_write_bio_PKCS8PrivateKey(bio, rsa, EVP_aes_256_cbc(), "mk", 2, NULL, NULL), 1);
    const long n = BIO_get_mem_data(bio, &p);
    bring(b, good.cert, S(""), (struct str){p, (size_t)n});
    BIO_free(bio);
    EVP_PKEY_free(rsa);
    assert_sees(b, "Bỏ mật khẩu trên máy của bạn: openssl pkey");
    assert_lacks(browser_page(b)->body, "PRIVATE KEY");
    assert_int_equal(rows_of(cx, "setup_setting"), 0);
    assert_int_equal(rows_of(cx, "file_stored"), 0);
    assert_int_equal(events(cx, "setup.tls.brought"), 0);
}

static void where_the_address_is_not_https_nothing_is_taken(void **t)
{
    struct cx *cx = test_cx(t);
    const struct pair good = made(cx, HOST, 90);
    cx->env->base_url = S("http://" HOST);
    struct browser *b = administrator(cx);
    assert_sees(b, "Đặt base.url = https://TÊN-MIỀN");
    bring(b, good.cert, S(""), good.key);
    assert_int_equal(browser_page(b)->status, 409);
    cx->env->base_url = S("https://" HOST);
    settings_set(cx->env->settings, S("front"), S("127.0.0.1"));
    bring(b, good.cert, S(""), good.key);
    assert_sees(b, "Máy đón phía trước (front)");
    settings_set(cx->env->settings, S("front"), S(""));
    settings_set(cx->env->settings, S("tls.cert"), S("/etc/tinhso/cert.pem"));
    bring(b, good.cert, S(""), good.key);
    assert_sees(b, "Chứng thư đặt trong tinhso.conf");
    assert_int_equal(events(cx, "setup.tls.brought"), 0);
}

/* Every value of every row that setting up or a job or the journal keeps, as its bytes. */
static void assert_nowhere(struct cx *cx, struct str secret)
{
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows, "select value from setup_setting"));
    while (db_next(&rows))
        assert_false(str_find(db_bytes(&rows, 0), secret, NULL));
    assert_ok(rows.err);
    auto_rows more = {0};
    assert_ok(db_query(cx, &more,
                       "select payload from job union all select coalesce(note_public, '')"
                       " from journal_event"));
    while (db_next(&more))
        assert_false(str_find(db_str(&more, 0), secret, NULL));
    assert_ok(more.err);
}

static void the_key_is_told_nowhere(void **t)
{
    struct cx *cx = test_cx(t);
    const struct pair good = made(cx, HOST, 90);
    struct browser *b = administrator(cx);
    bring(b, good.cert, S(""), good.key);
    const struct str inside = str_until(str_from(good.key, 40), 60);
    assert_nowhere(cx, inside); /* waiting, and ... */
    run_jobs(cx);
    assert_nowhere(cx, inside); /* ... taken */
    struct str pending;
    assert_ok(setup_setting_kept(cx, "tls.pending", &pending));
    assert_int_equal(pending.n, 0);
    struct event_record e[4];
    size_t n;
    assert_ok(journal_of(cx, S("setup.tls"), 1, 0, true, e, 4, &n));
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        assert_true(str_find(e[i].payload, tls_files_current(cx), NULL));
        assert_false(str_find(e[i].payload, inside, NULL));
        assert_true(e[i].payload.n < 100);
    }
    assert_opens(b, "/quan-tri/chung-thu", 200);
    assert_false(str_find(browser_page(b)->body, inside, NULL));
}

/* An authority outside signs what the page asked for; only its answer comes back. */
static void a_request_made_here_needs_no_key_file(void **t)
{
    struct cx *cx = test_cx(t);
    struct str csr, key, der;
    struct key *k;
    struct browser *b = administrator(cx);
    assert_opens(b, "/quan-tri/chung-thu/yeu-cau.csr", 404);
    assert_opens(b, "/quan-tri/chung-thu/yeu-cau", 200);
    assert_true(browser_fill(b, "ten_mien", "Đường dẫn"));
    assert_true(browser_press(b, "Làm yêu cầu"));
    assert_int_equal(browser_page(b)->status, 422);
    assert_sees(b, "Tên miền phải có dạng");
    assert_true(browser_fill(b, "ten_mien", HOST));
    assert_true(browser_press(b, "Làm yêu cầu"));
    assert_sees(b, "Yêu cầu đang chờ");
    assert_opens(b, "/quan-tri/chung-thu/yeu-cau.csr", 200);
    assert_contains(browser_page(b)->body, "-----BEGIN CERTIFICATE REQUEST-----");
    assert_ok(setup_tls_asked(cx, &csr, &key));
    assert_nowhere(cx, str_until(str_from(key, 40), 60));
    struct str body = str_from(key, 28);
    size_t stop;
    assert_true(str_find(body, S("-----END"), &stop));
    struct buf packed = {.arena = cx->arena, .limit = 4000};
    for (size_t i = 0; i < stop; i++)
        if (body.p[i] > ' ')
            buf_byte(&packed, body.p[i]);
    assert_true(str_unbase64(cx->arena, buf_str(&packed), &der));
    assert_ok(key_from_private_der(cx, der, &k));
    const struct str cert = certificate(cx, k, HOST, 90);
    key_free(k);
    bring(b, cert, S(""), S(""));
    run_jobs(cx);
    assert_true(tls_files_current(cx).n > 0);
    assert_ok(setup_tls_asked(cx, &csr, &key));
    assert_int_equal(key.n + csr.n, 0); /* it is answered */
}

/* Killed at any point the job does the same again, and what was current stays findable. */
static void an_attempt_that_died_is_done_again(void **t)
{
    struct cx *cx = test_cx(t);
    const struct pair one = made(cx, HOST, 90), two = made(cx, HOST, 91);
    struct tls_pair p = {.name = str_fmt(cx->arena, "%064d", 1), .chain = one.cert, .key = one.key};
    assert_ok(tls_files_take(cx, &p));
    const struct tls_pair q = {
        .name = str_fmt(cx->arena, "%064d", 2), .chain = two.cert, .key = two.key};
    for (int again = 0; again < 3; again++) {
        assert_ok(tls_files_take(cx, &q));
        assert_true(str_eq(tls_files_current(cx), q.name));
        assert_true(str_eq(tls_files_before(cx), p.name));
    }
    for (int again = 0; again < 2; again++) {
        assert_ok(tls_files_back(cx, p.name));
        assert_true(str_eq(tls_files_current(cx), p.name));
        assert_true(str_eq(tls_files_before(cx), q.name));
    }
    assert_err(tls_files_back(cx, S("khác")), ERR_CONFLICT);
    const struct tls_pair r = {
        .name = str_fmt(cx->arena, "%064d", 3), .chain = two.cert, .key = two.key};
    assert_ok(tls_files_take(cx, &r));
    assert_int_equal(access(in_data(cx, SETUP_TLS_KEY).p, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_certificate_is_taken_into_use_while_the_server_runs),
        TEST(what_the_server_cannot_load_is_undone),
        TEST(without_any_before_it_a_bad_pair_leaves_nothing_in_use),
        TEST(each_wrong_file_is_named),
        TEST(where_the_address_is_not_https_nothing_is_taken),
        TEST(the_key_is_told_nowhere),
        TEST(a_request_made_here_needs_no_key_file),
        TEST(an_attempt_that_died_is_done_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
