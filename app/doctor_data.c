/* doctor_data.c - what is in the database: is it sound, and is there enough to serve with. */
#include "app.h"

#include "calendar/calendar.h"
#include "db/db.h"
#include "file/file.h"
#include "job/job.h"
#include "journal/journal.h"
#include "lane/lane.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "setup/setup.h"
#include "vault/vault.h"

#define JOBS_MAX 100
#define PEOPLE_MAX 8
#define HOSTS_MAX 8
#define SQLITE_LEAST 3040001 /* what the tests run on */
#define POSTGRES_LEAST 150000
#define KEY_DAYS 730      /* a master key older than this should be replaced */
#define YEAR_END_MONTH 11 /* from here on next year's calendar must be there */

struct health {
    struct job_stat jobs[JOBS_MAX];
    size_t jobs_n;
    int64_t dead, waiting, oldest_at;
    struct journal_head head;
    bool head_there, postgres;
    int version;
    int64_t root; /* unit; 0: none */
    size_t administrators, open;
    bool this_year, next_year; /* the country's calendar is loaded */
    struct vault_generation keys[VAULT_GENERATIONS_MAX];
    size_t keys_n;
    int64_t under_old; /* keys that an older master key wraps */
};

static enum err ask_people(struct cx *cx, struct health *h)
{
    struct org_unit roots[2];
    int64_t accounts[PEOPLE_MAX];
    size_t n;
    TRY(org_units_of_kind(cx, S("ubnd_tinh"), 0, roots, 2, &n));
    h->root = n > 0 ? roots[0].id : 0;
    if (h->root)
        TRY(identity_who_may(cx, &setup_manage, h->root, accounts, PEOPLE_MAX, &h->administrators));
    return OK;
}

static enum err ask_calendars(struct cx *cx, struct health *h)
{
    struct calendar *c;
    const int year = civil_at(cx->now).year;
    TRY(calendar_load(cx, h->root, civil_day(year, 1, 1), civil_day(year + 1, 12, 31), &c));
    h->this_year = !calendar_is_expected(c, year);
    h->next_year = !calendar_is_expected(c, year + 1);
    return OK;
}

static enum err ask_keys(struct cx *cx, struct health *h)
{
    int64_t keys;
    TRY(vault_generations(cx, h->keys, &h->keys_n));
    for (size_t i = 0; i + 1 < h->keys_n; i++) {
        TRY(vault_wrapped_by(cx, h->keys[i].n, &keys));
        h->under_old += keys;
    }
    return OK;
}

static enum err ask(struct cx *cx, void *arg)
{
    struct health *h = arg;
    struct procedure_hit open[1];
    h->postgres = db_is_postgres(cx);
    h->version = db_version(cx);
    TRY(job_stats(cx, h->jobs, JOBS_MAX, &h->jobs_n));
    for (size_t i = 0; i < h->jobs_n; i++)
        h->dead += h->jobs[i].dead;
    TRY(file_waiting(cx, &h->waiting, &h->oldest_at));
    const enum err e = journal_head_last(cx, &h->head);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    h->head_there = e == OK;
    TRY(ask_keys(cx, h));
    TRY(ask_people(cx, h));
    TRY(ask_calendars(cx, h));
    return procedure_open_list(cx, open, 1, &h->open);
}

/* Which of them is not as the database wants it; NULL: none. */
static const struct vault_generation *bad_key(const struct health *h)
{
    for (size_t i = 0; i < h->keys_n; i++)
        if (h->keys[i].state != VAULT_KEY_HERE)
            return &h->keys[i];
    return NULL;
}

/* Files that retired, of which only older backups have need. */
static struct str retired_files(struct app *a, const struct health *h)
{
    struct buf b = {.arena = a->arena, .limit = 4096};
    const char *folder = str_fmt(a->arena, "%.*s/keys", F(a->data_dir)).p;
    for (int64_t n = 1; h->keys_n && n < h->keys[0].n; n++) {
        enum vault_key_state state;
        if (vault_file_state(&a->cx, folder, n, S(""), &state) != OK || state == VAULT_KEY_HERE)
            buf_fmt(&b, "%skeys/%s", b.n ? ", " : "", vault_master_file(&a->cx, n));
    }
    return buf_str(&b);
}

static struct str say_key(struct app *a, const struct health *h, struct str retired)
{
    struct buf b = {.arena = a->arena, .limit = 4096};
    const struct vault_generation *g = h->keys_n ? &h->keys[h->keys_n - 1] : NULL;
    if (!g)
        return S("");
    buf_fmt(&b, "keys/%s, %lld ngày", vault_master_file(&a->cx, g->n),
            (long long)((a->cx.now - g->made_at) / DAY_MS));
    if (h->keys_n > 1)
        buf_fmt(&b, "; đang đổi dở, %lld khóa còn dưới khóa cũ", (long long)h->under_old);
    if (retired.n)
        buf_fmt(&b, "; khóa đã nghỉ còn trên máy: %.*s", F(retired));
    return buf_str(&b);
}

static void check_key(struct findings *f, const struct health *h)
{
    struct app *a = f->app;
    const struct vault_generation *g = h->keys_n ? &h->keys[h->keys_n - 1] : NULL,
                                  *bad = bad_key(h);
    const int64_t days = setting_int(a->settings, S("doctor.key.days"), KEY_DAYS);
    const bool old = g && a->cx.now - g->made_at > days * DAY_MS;
    const struct str retired = retired_files(a, h);
    finding_add(
        f,
        &(const struct finding){
            .state = bad                                 ? FINDING_BROKEN
                     : old || h->keys_n > 1 || retired.n ? FINDING_NOTE
                                                         : FINDING_GOOD,
            .name = "master_key",
            .what = "khóa chủ",
            .detail = say_key(a, h, retired),
            .mend = bad ? str_fmt(a->arena, "chép keys/%s (dấu %.*s) từ máy khác hoặc nơi cất khóa",
                                  vault_master_file(&a->cx, bad->n), F(bad->print))
                              .p
                    : old || h->keys_n > 1
                        ? "tinhso key rotate"
                        : "chuyển khóa đã nghỉ sang nơi cất khóa: các bản chép cũ còn cần nó",
        });
}

static void check_version(struct findings *f, const struct health *h)
{
    const int v = h->version;
    const bool old = v < (h->postgres ? POSTGRES_LEAST : SQLITE_LEAST);
    finding_add(f, &(const struct finding){
                       .state = old ? FINDING_BROKEN : FINDING_GOOD,
                       .name = "database_version",
                       .what = "phiên bản cơ sở dữ liệu",
                       .detail = h->postgres ? str_fmt(f->app->arena, "PostgreSQL %d.%d", v / 10000,
                                                       v % 10000)
                                             : str_fmt(f->app->arena, "SQLite %d.%d.%d",
                                                       v / 1000000, v / 1000 % 1000, v % 1000),
                       .mend = "nâng lên SQLite 3.40.1 hoặc PostgreSQL 15 trở lên",
                   });
}

/* Two that take writes: half of the province would work on papers that the other never sees. */
static void check_servers(struct findings *f)
{
    struct app *a = f->app;
    struct db_host hosts[HOSTS_MAX];
    static const char *const states[] = {"không trả lời", "dự phòng", "máy chính", "máy chính CŨ"};
    const size_t n = db_hosts(&a->cx, a->store, hosts, HOSTS_MAX);
    size_t of[DB_HOST_LEFT + 1] = {0};
    struct buf said = {.arena = a->arena, .limit = 4096};
    for (size_t i = 0; i < n; i++) {
        of[hosts[i].state]++;
        buf_fmt(&said, "%s%.*s: %s", i ? "; " : "", F(hosts[i].name), states[hosts[i].state]);
    }
    if (n < 2)
        return;
    const bool two = of[DB_HOST_LEFT] > 0 || of[DB_HOST_PRIMARY] > 1;
    finding_add(f, &(const struct finding){
                       .state = two                                        ? FINDING_BROKEN
                                : of[DB_HOST_AWAY] || !of[DB_HOST_STANDBY] ? FINDING_NOTE
                                                                           : FINDING_GOOD,
                       .name = "database_servers",
                       .what = "các máy chủ cơ sở dữ liệu",
                       .detail = buf_str(&said),
                       .mend = two ? "hai máy cùng nhận ghi: tắt máy chính cũ ngay, dựng lại nó "
                                     "làm dự phòng (pg_rewind hoặc pg_basebackup)"
                                   : "dựng lại máy dự phòng để khi máy chính hỏng còn máy thay",
                   });
}

/* "2: onestop.sign 1, notify.mail 1" */
static struct str dead_jobs(struct app *a, const struct health *h)
{
    struct buf b = {.arena = a->arena, .limit = 4096};
    buf_int(&b, h->dead);
    for (size_t i = 0; i < h->jobs_n; i++)
        if (h->jobs[i].dead)
            buf_fmt(&b, "%s %.*s %lld", str_find(buf_str(&b), S(":"), NULL) ? "," : ":",
                    F(h->jobs[i].kind), (long long)h->jobs[i].dead);
    return buf_str(&b);
}

static void check_work(struct findings *f, const struct health *h)
{
    struct app *a = f->app;
    const bool stuck = h->waiting > 0 && a->cx.now - h->oldest_at >= HOUR_MS;
    finding_add(f, &(const struct finding){
                       .state = h->dead ? FINDING_BROKEN : FINDING_GOOD,
                       .name = "jobs",
                       .what = "việc nền hỏng hẳn",
                       .detail = dead_jobs(a, h),
                       .mend = "tinhso jobs, sửa nguyên nhân, rồi tinhso jobs retry SỐ",
                   });
    finding_add(f, &(const struct finding){
                       .state = stuck ? FINDING_BROKEN : FINDING_GOOD,
                       .name = "quarantine",
                       .what = "tệp chờ quét mã độc",
                       .detail = str_fmt(a->arena, "%lld", (long long)h->waiting),
                       .mend = "systemctl restart clamav-daemon",
                   });
}

static void check_journal(struct findings *f, const struct health *h)
{
    struct app *a = f->app;
    const bool future = h->head_there && h->head.at > a->cx.now + HOUR_MS;
    const bool old = h->head_there && a->cx.now - h->head.at >= DAY_MS;
    finding_add(
        f, &(const struct finding){
               .state = future ? FINDING_BROKEN
                        : old  ? FINDING_NOTE
                               : FINDING_GOOD,
               .name = "journal",
               .what = "đầu sổ nhật ký ký gần nhất",
               .detail = h->head_there ? time_vi(a->arena, h->head.at) : S("chưa có"),
               .mend = future ? "đồng hồ máy chậm hơn nhật ký: chỉnh đồng hồ trước khi phục vụ"
                              : "máy chủ ký mỗi giờ khi chạy: tinhso serve; kiểm: tinhso verify",
           });
}

static void check_people(struct findings *f, const struct health *h)
{
    finding_add(f, &(const struct finding){
                       .state = h->root ? FINDING_GOOD : FINDING_MISSING,
                       .name = "province",
                       .what = "Ủy ban nhân dân tỉnh",
                       .detail = h->root ? S("") : S("chưa có"),
                       .mend = "tinhso init --province … hoặc tinhso pack load GÓI_ĐƠN_VỊ",
                   });
    finding_add(f, &(const struct finding){
                       .state = h->administrators > 1 ? FINDING_GOOD : FINDING_MISSING,
                       .name = "administrators",
                       .what = "quản trị hệ thống",
                       .detail = str_fmt(f->app->arena, "%zu người", h->administrators),
                       .mend = "cần ít nhất hai người: giao vai trò Quản trị hệ thống ở "
                               "/quan-tri/nguoi-dung",
                   });
}

static void check_content(struct findings *f, const struct health *h)
{
    struct app *a = f->app;
    const struct civil now = civil_at(a->cx.now);
    const bool must = now.month >= YEAR_END_MONTH;
    finding_add(f, &(const struct finding){
                       .state = h->this_year ? FINDING_GOOD : FINDING_MISSING,
                       .name = "calendar",
                       .what = str_fmt(a->arena, "lịch nghỉ năm %d", now.year).p,
                       .mend = "tinhso pack load quoc-gia, hoặc gói lịch của năm",
                   });
    finding_add(f, &(const struct finding){
                       .state = h->next_year ? FINDING_GOOD
                                : must       ? FINDING_MISSING
                                             : FINDING_NOTE,
                       .name = "calendar_next",
                       .what = str_fmt(a->arena, "lịch nghỉ năm %d", now.year + 1).p,
                       .detail = h->next_year ? S("") : S("đang tính theo ngày nghỉ luật định"),
                       .mend = "khi có thông báo nghỉ lễ: tinhso pack load gói lịch của năm sau",
                   });
    finding_add(f, &(const struct finding){
                       .state = h->open > 0 ? FINDING_GOOD : FINDING_MISSING,
                       .name = "procedures",
                       .what = "thủ tục đang nhận hồ sơ",
                       .detail = h->open > 0 ? S("") : S("chưa mở thủ tục nào"),
                       .mend = "mở ở trang Bắt đầu: /quan-tri/bat-dau",
                   });
}

void doctor_data(struct findings *f)
{
    struct app *a = f->app;
    struct health *h = NEW(a->arena, struct health);
    const enum err e = lane_call(a->env.lanes, LANE_SLOW, &a->cx, ask, h);
    finding_add(f, &(const struct finding){
                       .state = e == OK ? FINDING_GOOD : FINDING_BROKEN,
                       .name = "database",
                       .what = "cơ sở dữ liệu trả lời",
                       .detail = e == OK ? S("") : a->cx.why,
                       .mend = "xem nhật ký của máy chủ; tinhso verify",
                   });
    if (e != OK)
        return;
    check_version(f, h);
    check_key(f, h);
    check_servers(f);
    check_work(f, h);
    check_journal(f, h);
    check_people(f, h);
    check_content(f, h);
}
