/*
 * kinds_world.c - a folder in which every kind of background job has something left to do.
 *
 * Made in this process, on the virtual clock, by the doors and pages of the modules. A job kind
 * that is new gets its lines here; until then kinds_test is red.
 */
#include "kinds.h"
#include "place.h"

#include <sys/wait.h>
#include <unistd.h>

/* Its people, its birth to be registered. */
#include "../../modules/onestop/tests/onestop_fixture.h"
#include "codelist/codelist_inside.h"
#include "crypto/crypto.h"
#include "onestop/onestop_desk_work.h"
#include "onestop/onestop_redate.h"
#include "procedure/procedure_import.h"
#include "setup/setup_settings.h"
#include "setup/setup_tls.h"
#include "xlsx/xlsx.h"

static const char *const packs_of_all[] = {"quoc-gia", "roles", "lang-son", NULL};
static const struct testing_world world_of_all = {
    .modules = app_modules, .packs = packs_of_all, .demo = true, .frame = look_frame};

static enum err open_all(struct cx *cx)
{
    TRY(testing_open_world(cx, &world_of_all));
    notify_set_address(background_address);
    return OK;
}

static void run_jobs(struct cx *cx)
{
    int ran;
    act_as_program(cx);
    assert_ok(jobs_run_due(cx, &ran));
}

static void next_day(struct cx *cx, int64_t day, int hour)
{
    testing_set_now(cx, day * DAY_MS + hour * HOUR_MS - 7 * HOUR_MS);
    run_jobs(cx);
}

/* ---- dossiers: onestop.*, notify.mail ---- */

/* Approved, nothing of it signed: onestop.sign, onestop.form. */
static void approved(struct cx *cx, struct dossier *d)
{
    bring_to(cx, d, DOSSIER_PROCESSING);
    draft_one(cx, d);
    submit_one(cx, d);
    approve_one(cx, d);
}

/* A number that a fault left with a result that is not approved: onestop.void_numbers. */
static void keep_number(struct cx *cx)
{
    struct dossier d;
    approved(cx, &d);
    act_as_program(cx);
    assert_ok(test_write(
        cx, db_exec(cx, "update onestop_result set state = 'huy' where dossier = $1", V(d.id))));
}

/* A dossier that moves, as its day became a day off: onestop.redate. */
static void redate(struct cx *cx, int64_t today)
{
    struct dossier d;
    struct redate r;
    struct pack_report report = {.lines = {.arena = cx->arena, .limit = 4096}};
    size_t next = 0;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    const struct str day = date_iso(cx->arena, day_of(d.due_at));
    const struct str json =
        str_fmt(cx->arena,
                "{\"unit\":\"H37.114\",\"year\":2026,\"sessions\":[],\"days\":[{\"on\":\"%.*s\","
                "\"kind\":\"holiday\",\"note\":\"Bão\",\"basis\":\"QĐ 1\"}]}",
                F(day));
    act_as_program(cx);
    assert_ok(test_write(cx, calendar_module.packs[0].load(cx, S("x.json"), json, &next, &report)));
    act_as(cx, "kiemsoat");
    assert_true(identity_grant(cx, cx->actor, &onestop_redate_right, &cx->scope, NULL));
    const struct redate_new n = {.from_day = today,
                                 .to_day = day_of(d.due_at),
                                 .basis_on = today,
                                 .basis_no = S("12/QĐ-UBND"),
                                 .basis_by = S("UBND tỉnh Lạng Sơn")};
    assert_ok(test_write(cx, onestop_redate_start(cx, &n, &r)));
    run_jobs(cx);
    assert_ok(onestop_store_redate_any(cx, r.id, &r));
    assert_true(r.later >= 1);
    act_as(cx, "kiemsoat");
    assert_true(identity_grant(cx, cx->actor, &onestop_redate_right, &cx->scope, NULL));
    assert_ok(test_write(cx, onestop_redate_go(cx, &r)));
}

static void ask_police(struct cx *cx)
{
    struct dossier d;
    struct consult c;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    const struct consult_new n = {
        .unit = unit_of(cx, "H37.114.02"), .days = 3, .question = S("Cha ở đâu?")};
    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_consult_ask(cx, &d, &n, &c)));
}

static void ask_export(struct cx *cx)
{
    struct browser *b = signed_in_as(cx, CLERK);
    assert_opens(b, "/ho-so-mot-cua", 200);
    assert_true(browser_press(b, "CSV"));
    assert_sees(b, "Chờ đến lượt");
}

/* ---- files, people: file.sweep, web.sweep, identity.*, journal.tombstones ---- */

static void leave_file(struct cx *cx)
{
    const int64_t file = file_of(cx, MAI);
    act_as_program(cx);
    assert_ok(test_write(cx, file_remove(cx, file)));
}

static void invite(struct cx *cx)
{
    struct account a;
    struct person p;
    act_as_program(cx);
    cx->purpose = S("Cấp tài khoản");
    assert_ok(account_by_login(cx, S(CLERK), &a));
    assert_ok(test_write(cx, person_find(cx, a.person, &p)));
    p.email = S("ha@example.vn");
    assert_ok(test_write(cx, person_update(cx, &p)));
    assert_ok(test_write(cx, identity_invite_by_mail(cx, a.id)));
}

static void erase(struct cx *cx)
{
    int64_t subject;
    act_as_program(cx);
    assert_ok(account_subject(cx, account_of(cx, THANH), &subject));
    assert_ok(test_write(cx, journal_erase(cx, subject, S("12/QĐ-UBND"))));
}

/* ---- lists, catalogue, units: codelist.*, procedure.import, org.*, setup.import ---- */

#define LIST(version, from, codes)                                                                 \
    "{\"list\":\"nghe\",\"title\":\"Nghề thử\",\"owner\":\"Tỉnh\",\"version\":\"" version          \
    "\",\"from\":\"" from "\",\"basis\":\"Quyết định " version "\",\"codes\":[" codes "]}"

static void load_list(struct cx *cx, bool draft, const char *text)
{
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 10000}};
    size_t next = 0;
    act_as_program(cx);
    do
        assert_ok(test_write(cx, (draft ? codelist_load_draft : codelist_load)(
                                     cx, S("nghe.json"), str_c(text), &next, &r)));
    while (next);
}

static void follow_list(struct cx *cx)
{
    load_list(cx, false, LIST("1", "2026-01-01", "{\"code\":\"A\",\"name\":\"Nông nghiệp\"}"));
    struct browser *b = signed_in_as(cx, COUNTER);
    assert_opens(b, "/danh-muc/nghe", 200);
    assert_true(browser_press(b, "Báo tôi khi có bản mới"));
}

static void approve_list(struct cx *cx)
{
    struct browser *admin = signed_in_as(cx, "quantri");
    load_list(
        cx, true,
        LIST("2", "2027-01-01",
             "{\"code\":\"A\",\"name\":\"Nông, lâm nghiệp\"},{\"code\":\"B\",\"name\":\"Số\"}"));
    assert_opens(admin, "/quan-tri/danh-muc", 200);
    assert_true(browser_click(admin, "nghe"));
    assert_true(browser_press(admin, "Duyệt"));
    assert_sees(admin, "Đã duyệt");
}

static void accept_catalogue(struct cx *cx)
{
    struct buf lines = {.arena = cx->arena, .limit = 65536};
    for (int i = 0; i < 20; i++)
        buf_fmt(&lines, "{\"code\":\"9.1%05d\",\"name\":\"Thủ tục mới số %d\"}\n", i, i);
    act_as_program(cx);
    for (const struct pack_kind *k = procedure_module.packs; k->name; k++) {
        struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
        size_t next = 0;
        if (strcmp(k->name, "procedure-crawl") != 0)
            continue;
        do
            assert_ok(test_write(cx, k->load(cx, S("ban-thang-12"), buf_str(&lines), &next, &r)));
        while (next);
    }
    struct browser *b = signed_in_as(cx, "kiemsoat");
    assert_opens(b, "/quan-tri/ban-moi", 200);
    assert_true(browser_click(b, "ban-thang-12"));
    assert_true(browser_press(b, "Nhận cả 20 thủ tục loại này"));
}

static void decide_order(struct cx *cx, bool of_areas, const char *from, struct org_into into,
                         int64_t on_day)
{
    struct org_order o = {.act = ORG_MERGE,
                          .of_areas = of_areas,
                          .on_day = on_day,
                          .basis = S("Nghị quyết 01/NQ-HĐND ngày 20/11/2026"),
                          .from = {str_c(from)},
                          .from_n = 1,
                          .into = {into},
                          .into_n = 1};
    act_as_program(cx);
    assert_ok(test_write(cx, org_order_make(cx, &o)));
}

#define WIDE 4
static struct str sheet(struct cx *cx)
{
    static const char *const lines[][WIDE] = {
        {"Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Mã đơn vị cấp trên"},
        {"H37.82", "Sở Thử nghiệm", "so", "H37"},
        {"H37.82.01", "Phòng Thử nghiệm", "phong", "H37.82"},
    };
    static const struct xlsx_plan plan = {.name = S("Trang 1")};
    struct buf *b = NEW(cx->arena, struct buf);
    *b = (struct buf){.arena = cx->arena, .limit = (size_t)1 << 20};
    struct xlsx_out *o = xlsx_out_start(cx, zip_to_buf, b);
    assert_ok(xlsx_out_sheet(o, &plan));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        for (size_t k = 0; k < WIDE; k++)
            xlsx_put_text(o, str_c(lines[i][k]));
        assert_ok(xlsx_end_row(o));
    }
    assert_ok(xlsx_out_end(o));
    return buf_str(b);
}

static void import_units_of(struct cx *cx)
{
    struct browser *b = signed_in_as(cx, "hethong");
    assert_opens(b, "/quan-tri/nhap/don-vi", 200);
    assert_true(browser_attach(b, "tep", "don-vi.xlsx", sheet(cx)));
    assert_true(browser_press(b, "Kiểm tra tệp"));
    assert_true(browser_press(b, "Nhập 2 dòng"));
    assert_sees(b, "Đang nhập");
}

/* ---- statistic.sign, setup.* ---- */

static void close_november(struct cx *cx)
{
    struct browser *b = signed_in_as(cx, LEADER);
    assert_opens(b, "/dieu-hanh/chot-ky/2026-11", 200);
    assert_true(browser_press(b, "Chốt và ký số liệu"));
    assert_sees(b, "Đã chốt số liệu Tháng 11/2026");
}

static void bring_certificate(struct cx *cx)
{
    struct key *k;
    struct str der, key_der;
    const struct cert_request rq = {.common_name = S("localhost"),
                                    .country = S("VN"),
                                    .valid_to = cx->now + 365 * DAY_MS,
                                    .use = CERT_TLS,
                                    .dns_names = S("localhost")};
    assert_ok(key_generate(cx, &k));
    assert_ok(cert_make(cx, &rq, k, k, S(""), &der));
    assert_ok(key_private_der(cx, k, &key_der));
    const struct tls_pair p = {.name = str_fmt(cx->arena, "%064d", 7),
                               .chain = pem(cx->arena, "CERTIFICATE", der),
                               .key = pem(cx->arena, "PRIVATE KEY", key_der)};
    key_free(k);
    act_as_program(cx);
    assert_ok(test_write(cx, setup_tls_bring(cx, &p)));
}

static void ask_mail_test(struct cx *cx)
{
    act_as_program(cx);
    assert_ok(test_write(cx, setup_mail_test(cx)));
}

/* ---- the folder ---- */

static void make_world(struct cx *cx)
{
    const int64_t november = day_of(cx->now), december = civil_day(2026, 12, 1);
    struct dossier d;
    run_jobs(cx); /* schedules count from here on */
    bring_to(cx, &d, DOSSIER_RETURNED);
    bring_to(cx, &d, DOSSIER_SUPPLEMENT_FIRST); /* onestop.expire, in 30 days */
    ask_police(cx);                             /* onestop.consult_silence */
    ask_export(cx);                             /* work.sweep takes its file away */
    leave_file(cx);
    next_day(cx, november + 1, 9);
    next_day(cx, december, 8);
    follow_list(cx);
    keep_number(cx);
    redate(cx, december);
    /* From here on nobody does what is left to do. */
    close_november(cx);
    accept_catalogue(cx);
    approve_list(cx);
    approved(cx, &d);
    ask_export(cx);
    invite(cx);
    erase(cx);
    import_units_of(cx);
    bring_certificate(cx);
    ask_mail_test(cx);
    decide_order(cx, false, "H37.115", (struct org_into){.code = S("H37.114")}, december + 2);
    decide_order(cx, true, "20", (struct org_into){.code = S("97"), .name = S("Tỉnh Bắc Mới")},
                 december + 3);
}

static const char *wanted; /* the folder to make */

/* On PostgreSQL a database of the same name, from that of this test. */
static void copy_base(struct cx *cx)
{
    struct crash_findings none = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct place p = {.findings = &none};
    const char *cluster = getenv("TINHSO_TEST_DATABASE"), *slash = strrchr(wanted, '/');
    struct str address, rest;
    if (!cluster)
        return;
    str_cut(testing_url(cx), '?', &address, &rest);
    const struct str base = str_c(strrchr(str_z(cx->arena, address), '/') + 1);
    assert_true(place_open(&p, cluster, true));
    assert_true(place_run(&p, str_fmt(cx->arena,
                                      "select pg_terminate_backend(pid) from pg_stat_activity"
                                      " where datname = '%.*s'",
                                      F(base))
                                  .p));
    assert_true(
        place_run(&p, str_fmt(cx->arena, "create database %s template %.*s strategy file_copy",
                              slash ? slash + 1 : wanted, F(base))
                          .p));
    place_close(&p);
}

static void make(void **t)
{
    struct cx *cx = test_cx(t);
    int status = -1;
    make_world(cx);
    const pid_t pid = fork(); /* nobody writes now */
    if (pid == 0) {
        execlp("cp", "cp", "-a", str_z(cx->arena, cx->env->data_dir), wanted, (char *)NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    copy_base(cx);
    /* What the program knows a data folder by. */
    FILE *lock = fopen(str_fmt(cx->arena, "%s/lock", wanted).p, "we");
    assert_non_null(lock);
    fclose(lock);
}

static int start_all(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(app_modules),
                                                     .start = open_all,
                                                     .stop = testing_close_world,
                                                     .arena_bytes = (size_t)1 << 30});
}

/* As a test, so that what fails is said. */
int kinds_make(const char *folder)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(make, start_all, testing_end)};
    wanted = folder;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
