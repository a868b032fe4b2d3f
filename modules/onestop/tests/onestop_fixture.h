/* onestop_fixture.h - the demo's people, a birth to be registered, and each step of its way. */
#pragma once
#include "calendar/calendar.h"
#include "form/form.h"
#include "identity/identity.h"
#include "job/job.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "onestop/onestop.h"
#include "onestop/onestop_inside.h" /* what no door shows: counters, numbers, the table of moves */
#include "org/org.h"
#include "testing/browser.h"
#include "testing/world.h"
#include "vault/vault.h"
#include "view/view.h"
#include "work/work.h"

#define MAI "020192999101" /* citizens */
#define THANH "020090999102"
#define COUNTER "motcua.kylua" /* officers of Kỳ Lừa */
#define CLERK "hotich.kylua"
#define LEADER "chutich.kylua"
#define OTHER_COUNTER "motcua.tamthanh"
#define OTHER_CLERK "hotich.tamthanh"
#define OTHER_LEADER "chutich.tamthanh"
#define BIRTH "1.001193"
#define BORN_PAPER "000.00.00.G15-KQ004389" /* Giấy chứng sinh */
#define PROXY_PAPER "000.00.00.G15-KQ003159"
#define CHILD "Lương Bảo Khôi"
#define SMALL_PDF                                                                                  \
    "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

static const struct module *const world_modules[] = {
    &journal_module,  &org_module,  &calendar_module,
    &identity_module, &form_module, &procedure_module,
    &notify_module,   &work_module, &view_module,
    &onestop_module,  NULL};
static const char *const world_packs[] = {"quoc-gia", "roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = world_modules, .packs = world_packs, .demo = true, .frame = look_frame};

static inline enum err open_world(struct cx *cx)
{
    cx->env->base_url = S("http://localhost:8080");
    cx->env->demo = true;
    return testing_open_world(cx, &world);
}

static inline int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(world_modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

/* ---- who acts ---- */

static inline int64_t account_of(struct cx *cx, const char *login)
{
    struct account a;
    assert_ok(account_by_login(cx, str_c(login), &a));
    return a.id;
}

static inline int64_t unit_of(struct cx *cx, const char *code)
{
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, str_c(code), day_of(cx->now), &u));
    return u.id;
}

/* From here on this person acts, in their own unit, with what their roles give. */
static inline void act_as(struct cx *cx, const char *login)
{
    struct actor *a = NEW(cx->arena, struct actor);
    struct post posts[4];
    size_t n;
    int64_t account = account_of(cx, login);
    assert_ok(identity_posts(cx, account, posts, 4, &n));
    assert_ok(identity_load_actor(cx, account, n ? posts[0].unit : 0, a));
    cx->actor = a;
    (void)identity_grant(cx, a, a->unit ? &onestop_watch : &onestop_file, &cx->scope, NULL);
    cx->purpose = S("Giải quyết hồ sơ");
}

static inline void act_as_program(struct cx *cx)
{
    cx->actor = &actor_program;
    cx->scope = (struct scope){.kind = SCOPE_ALL};
}

/* ---- what is sent ---- */

static const char birth_form[] =
    "{\"ho_ten_nguoi_yeu_cau\":\"Hoàng Thị Mai\",\"ngay_sinh_nguoi_yeu_cau\":\"1992-04-21\","
    "\"giay_to_tuy_than_so\":\"020192999101\",\"quan_he_voi_nguoi_duoc_khai_sinh\":\"Mẹ\","
    "\"ho_ten_nguoi_duoc_khai_sinh\":\"" CHILD
    "\",\"ngay_sinh_nguoi_duoc_khai_sinh\":\"2026-11-12\","
    "\"gioi_tinh\":\"Nam\",\"dan_toc\":\"Tày\",\"quoc_tich\":\"Việt Nam\",\"noi_sinh\":\"Bệnh viện Đa khoa tỉnh Lạng Sơn\","
    "\"que_quan\":\"Phường Kỳ Lừa, tỉnh Lạng Sơn\",\"ho_ten_me\":\"Hoàng Thị Mai\",\"nam_sinh_me\":\"1992\","
    "\"dan_toc_me\":\"Tày\",\"quoc_tich_me\":\"Việt Nam\",\"so_dinh_danh_ca_nhan_me\":\"020192999101\","
    "\"de_nghi_cap_ban_sao\":\"Có\",\"so_luong_ban_sao\":3}";

/* A stored file of this person; its id. */
static inline int64_t file_of(struct cx *cx, const char *login)
{
    int64_t owner;
    struct str key;
    struct file_upload *u;
    struct stored_file f;
    assert_ok(account_subject(cx, account_of(cx, login), &owner));
    assert_ok(vault_subject_key(cx, owner, &key));
    assert_ok(file_put(cx, owner, key, S("giay-chung-sinh.pdf"), S(SMALL_PDF), &u));
    assert_ok(test_write(cx, file_add(cx, u, owner, S("giay-chung-sinh.pdf"), &f)));
    file_upload_drop(u);
    return f.id;
}

static inline struct dossier_new new_of(struct cx *cx, const char *login,
                                        struct dossier_paper *paper)
{
    struct account a;
    assert_ok(account_by_login(cx, str_c(login), &a));
    *paper = (struct dossier_paper){
        .component = S(BORN_PAPER), .file = file_of(cx, login), .originals = 1};
    return (struct dossier_new){
        .procedure_code = S(BIRTH),
        .form_json = str_c(birth_form),
        .delivery = S("dien_tu"),
        .receiving_unit = unit_of(cx, "H37.114.01"),
        .channel = CHANNEL_ONLINE,
        .submitter = a.person,
        .account = a.id,
        .papers = paper,
        .papers_n = 1,
    };
}

/* Each makes one step and leaves *d as it is after it. */
static inline void send_one(struct cx *cx, struct dossier *d)
{
    struct dossier_paper paper;
    act_as(cx, MAI);
    struct dossier_new n = new_of(cx, MAI, &paper);
    assert_ok(test_write(cx, onestop_send(cx, &n, d)));
}

static inline void accept_one(struct cx *cx, struct dossier *d)
{
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_accept(cx, d, S(""))));
}

static inline void hand_over_one(struct cx *cx, struct dossier *d)
{
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_hand_over(cx, d)));
}

static inline void draft_one(struct cx *cx, struct dossier *d)
{
    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_take(cx, d)));
    assert_ok(test_write(cx, onestop_draft(cx, d, S("{\"noi_dang_ky\":\"UBND phường Kỳ Lừa\"}"),
                                           S("Đủ điều kiện."))));
}

static inline void submit_one(struct cx *cx, struct dossier *d)
{
    act_as(cx, CLERK);
    assert_ok(test_write(cx, onestop_submit(cx, d)));
}

static inline void approve_one(struct cx *cx, struct dossier *d)
{
    act_as(cx, LEADER);
    assert_ok(test_write(cx, onestop_sign_result(cx, d)));
}

static inline void read_again(struct cx *cx, struct dossier *d)
{
    assert_ok(onestop_store_any(cx, d->id, d));
}

/* What was to happen until now happens; the dossier is read again. */
static inline void let_jobs_run(struct cx *cx, struct dossier *d)
{
    int ran;
    act_as_program(cx);
    assert_ok(jobs_run_due(cx, &ran));
    read_again(cx, d);
}

static inline void sign_one(struct cx *cx, struct dossier *d)
{
    approve_one(cx, d);
    let_jobs_run(cx, d);
    assert_int_equal(d->state, DOSSIER_RELEASED);
}

static inline void return_one(struct cx *cx, struct dossier *d)
{
    act_as(cx, COUNTER);
    struct receipt paid;
    int64_t n;
    if (d->fee_dong && onestop_store_receipt(cx, d->id, &paid) == ERR_NOT_FOUND)
        assert_ok(test_write(cx, onestop_take_fee(cx, d, &n)));
    assert_ok(test_write(cx, onestop_return(cx, d,
                                            &(struct handed){.to_name = S("Hoàng Thị Mai"),
                                                             .evidence = S("thẻ căn cước")})));
}

/* On its way to this state, from sending on. */
static inline void bring_to(struct cx *cx, struct dossier *d, enum dossier_state s)
{
    const struct supplement_item item = {S(BORN_PAPER), S("Ảnh mờ, chụp lại.")};
    send_one(cx, d);
    if (s == DOSSIER_SUPPLEMENT_FIRST || s == DOSSIER_CANCELLED) {
        act_as(cx, COUNTER);
        assert_ok(test_write(cx, onestop_ask(cx, d, S("Ảnh mờ."), &item, 1)));
    }
    if (s == DOSSIER_CANCELLED) {
        testing_advance(cx, 30 * DAY_MS);
        let_jobs_run(cx, d);
    }
    if (s == DOSSIER_REFUSED) {
        act_as(cx, COUNTER);
        assert_ok(test_write(cx, onestop_refuse(cx, d, S("Trẻ đã được khai sinh."),
                                                S("khoản 1 Điều 16 Luật Hộ tịch"))));
    }
    if (s == DOSSIER_WITHDRAWN) {
        act_as(cx, MAI);
        assert_ok(test_write(cx, onestop_withdraw(cx, d, S("Khai nhầm tên."))));
    }
    if (s == DOSSIER_WAITING || d->state != DOSSIER_WAITING)
        return;
    accept_one(cx, d);
    if (s == DOSSIER_ACCEPTED)
        return;
    hand_over_one(cx, d);
    if (s == DOSSIER_SUPPLEMENT) {
        act_as(cx, CLERK);
        assert_ok(test_write(cx, onestop_ask(cx, d, S("Thiếu xác nhận."), &item, 1)));
    }
    if (s == DOSSIER_PAYMENT) {
        act_as(cx, CLERK);
        assert_ok(test_write(cx, onestop_ask_payment(cx, d, 1250000, S("Lệ phí cấp bản sao."),
                                                     S("Thông báo 21/TB"))));
    }
    if (s == DOSSIER_STOPPED) {
        act_as(cx, LEADER);
        assert_ok(
            test_write(cx, onestop_stop(cx, d, S("Có tranh chấp."), S("Quyết định 15/QĐ-UBND"))));
    }
    if (s != DOSSIER_RELEASED && s != DOSSIER_RETURNED)
        return;
    draft_one(cx, d);
    submit_one(cx, d);
    sign_one(cx, d);
    if (s == DOSSIER_RELEASED)
        return;
    return_one(cx, d);
}

/* The kinds of the journal's events about this dossier, oldest first, "a b c". */
static inline struct str events_of(struct cx *cx, const struct dossier *d)
{
    struct event_record e[60];
    struct buf b = {.arena = cx->arena, .limit = 8000};
    size_t n;
    assert_ok(journal_of(cx, SUBJECT_KIND, d->id, 0, false, e, 60, &n));
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_byte(&b, ' ');
        buf_add(&b, str_starts(e[i].kind, S("onestop.")) ? str_from(e[i].kind, 8) : e[i].kind);
    }
    return buf_str(&b);
}

/* Local time of 2026 as an instant. */
static inline int64_t at(int day, int month, int hour, int minute)
{
    return civil_day(2026, month, day) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS - 7 * HOUR_MS;
}

/* ---- papers as others read them ---- */

/* What `command FILE rest` says of these bytes. */
static inline struct str told_by(struct cx *cx, struct str bytes, const char *command,
                                 const char *rest)
{
    struct buf out = {.arena = cx->arena, .limit = 400000};
    char path[] = "/tmp/tinhso-paper.XXXXXX", chunk[4096];
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *f = fdopen(fd, "w");
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
    fclose(f);
    FILE *p = popen(str_fmt(cx->arena, "%s %s %s 2>&1", command, path, rest).p, "r");
    assert_non_null(p);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, p)) > 0;)
        buf_add(&out, (struct str){chunk, n});
    pclose(p);
    remove(path);
    return buf_str(&out);
}
#define text_of_pdf(cx, pdf) told_by((cx), (pdf), "pdftotext -layout", "-")

/* ---- browsers ---- */

static inline struct browser *signed_in_as(struct cx *cx, const char *login)
{
    struct browser *b = browser_new(cx);
    assert_opens(b, "/dang-nhap", 200);
    assert_true(browser_fill(b, "tai_khoan", login));
    assert_true(browser_fill(b, "Mật khẩu", IDENTITY_DEMO_PASSWORD));
    assert_true(browser_press(b, "Đăng nhập"));
    assert_int_equal(browser_page(b)->status, 200);
    return b;
}

static inline struct browser *officer_of(struct cx *cx, const char *login)
{
    return testing_person(cx, login, IDENTITY_DEMO_PASSWORD);
}
