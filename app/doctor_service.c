/* doctor_service.c - what stands between the program and the people: demo, address, TLS, mail,
 * scanner, backup, witness. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "app.h"

#include "crypto/crypto.h"
#include "identity/identity.h"
#include "lane/lane.h"
#include "setup/setup.h"
#include "vault/vault.h"

#define CERT_FILE_MAX ((size_t)1 << 20)
#define CERT_SOON_DAYS 30
#define BACKUP_DAYS 7

static struct str set(struct findings *f, const char *name)
{
    return str_trim(setting(f->app->settings, str_c(name), S("")));
}

/* ---- demo ---- */

static enum err find_demo_people(struct cx *cx, void *arg)
{
    struct account a;
    const enum err e = account_by_login(cx, str_c(identity_demo_accounts[2].login), &a);
    *(bool *)arg = e == OK && !a.closed && str_eq(a.name, str_c(identity_demo_accounts[2].name));
    return e == ERR_NOT_FOUND ? OK : e;
}

static void check_demo(struct findings *f)
{
    struct app *a = f->app;
    bool people = false;
    IGNORE(lane_call(a->env.lanes, LANE_SLOW, &a->cx, find_demo_people, &people));
    const bool demo = a->env.demo;
    finding_add(f, &(const struct finding){
                       .state = demo || people ? FINDING_MISSING : FINDING_GOOD,
                       .name = "demo",
                       .what = "dữ liệu thật, không phải bản thử",
                       .detail = demo ? S("bản thử: khóa, người và hồ sơ đều bịa")
                                 : people ? S("người bịa của bản thử còn trong dữ liệu")
                                          : S(""),
                       .mend = "tạo thư mục dữ liệu mới: tinhso init --data THƯ_MỤC_KHÁC",
                   });
}

/* ---- address and TLS ---- */

static void check_address(struct findings *f)
{
    const struct str url = f->app->env.base_url;
    const bool local = str_find(url, S("//localhost"), NULL) || str_find(url, S("//127."), NULL) ||
                       str_find(url, S("//[::1]"), NULL);
    const bool good = str_starts(url, S("https://")) && !local;
    finding_add(f, &(const struct finding){
                       .state = good ? FINDING_GOOD : FINDING_MISSING,
                       .name = "address",
                       .what = "địa chỉ người dân gõ (base.url)",
                       .detail = url,
                       .mend = "base.url = https://dichvucong.TỈNH.gov.vn trong tinhso.conf",
                   });
}

/* The first certificate of a PEM file; empty: none. */
static struct str first_cert(struct app *a, struct str path)
{
    FILE *file = fopen(str_z(a->arena, path), "re");
    if (!file)
        return S("");
    char *p = arena_alloc(a->arena, CERT_FILE_MAX);
    struct str text = {p, fread(p, 1, CERT_FILE_MAX, file)}, der;
    fclose(file);
    size_t from, to;
    if (!str_find(text, S("-----BEGIN CERTIFICATE-----"), &from))
        return S("");
    text = str_from(text, from + 27);
    if (!str_find(text, S("-----END"), &to))
        return S("");
    struct buf b = {.arena = a->arena, .limit = CERT_FILE_MAX};
    for (size_t i = 0; i < to; i++)
        if ((unsigned char)text.p[i] > ' ')
            buf_byte(&b, text.p[i]);
    return str_unbase64(a->arena, buf_str(&b), &der) ? der : S("");
}

static void judge_cert(struct findings *f, struct finding *x, struct str path)
{
    struct app *a = f->app;
    struct cert_info info;
    const struct str der = first_cert(a, path);
    if (der.n == 0 || cert_read(&a->cx, der, &info) != OK) {
        x->state = FINDING_BROKEN;
        x->detail = str_fmt(a->arena, "%.*s không phải chứng thư PEM đọc được", F(path));
        return;
    }
    const int64_t days = (info.valid_to - a->cx.now) / DAY_MS;
    x->detail = str_fmt(a->arena, "%.*s, đến %.*s", F(info.common_name),
                        F(date_vi(a->arena, day_of(info.valid_to))));
    if (info.valid_to <= a->cx.now || info.valid_from > a->cx.now)
        x->state = FINDING_BROKEN;
    else if (days < CERT_SOON_DAYS)
        x->state = FINDING_NOTE;
}

/* Of the page of certificates; empty: none was brought. */
static struct str of_page(struct findings *f, const char *name)
{
    const struct str path = str_fmt(f->app->arena, "%.*s/%s", F(f->app->data_dir), name);
    return access(path.p, F_OK) == 0 ? path : S("");
}

static void check_tls(struct findings *f)
{
    struct str cert = set(f, "tls.cert"), key = set(f, "tls.key");
    const struct str front = set(f, "front");
    struct finding x = {
        .name = "tls",
        .what = "kết nối mã hóa (TLS)",
        .mend = "đưa chứng thư mới vào ở trang Chứng thư TLS (/quan-tri/chung-thu), hoặc tls.cert "
                "và tls.key trong tinhso.conf rồi gửi SIGHUP, hoặc front = địa chỉ máy đón có TLS",
    };
    if (cert.n == 0 && front.n == 0) {
        cert = of_page(f, SETUP_TLS_CHAIN);
        key = of_page(f, SETUP_TLS_KEY);
    }
    if (cert.n && key.n) {
        judge_cert(f, &x, cert);
    } else if (front.n) {
        x.detail = str_fmt(f->app->arena, "máy đón %.*s lo", F(front));
    } else {
        x.state = FINDING_MISSING;
        x.detail = S("chưa có");
    }
    finding_add(f, &x);
    struct stat st;
    if (key.n && stat(str_z(f->app->arena, key), &st) == 0 && (st.st_mode & 0077) != 0)
        finding_add(f, &(const struct finding){
                           .state = FINDING_BROKEN,
                           .name = "tls_key",
                           .what = "khóa TLS đóng với người khác",
                           .detail = key,
                           .mend = str_fmt(f->app->arena, "chmod 600 %.*s", F(key)).p,
                       });
}

/* ---- mail, scanner ---- */

static void check_mail(struct findings *f)
{
    const bool there = set(f, "smtp.url").n && set(f, "smtp.from").n;
    finding_add(
        f,
        &(const struct finding){
            .state = there ? FINDING_GOOD : FINDING_MISSING,
            .name = "smtp",
            .what = "máy chủ thư",
            .detail = there ? set(f, "smtp.from") : S("chưa có: không ai nhận được thư báo"),
            .mend =
                "đặt ở trang Thiết đặt (/quan-tri/thiet-dat), hoặc smtp.url và smtp.from trong tinhso.conf",
        });
}

/* PING over its socket; PONG. */
static bool clamd_answers(struct str path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (path.n >= sizeof to.sun_path)
        return false;
    memcpy(to.sun_path, path.p, path.n);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval wait = {.tv_sec = 3};
    char answer[5] = "";
    if (fd < 0)
        return false;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    const bool good = connect(fd, (const struct sockaddr *)&to, sizeof to) == 0 &&
                      send(fd, "zPING", 6, MSG_NOSIGNAL) == 6 && read(fd, answer, 4) == 4 &&
                      memcmp(answer, "PONG", 4) == 0;
    close(fd);
    return good;
}

static void check_scanner(struct findings *f)
{
    const struct str path = set(f, "clamd.socket");
    const bool answers = path.n > 0 && clamd_answers(path);
    finding_add(f,
                &(const struct finding){
                    .state = answers  ? FINDING_GOOD
                             : path.n ? FINDING_BROKEN
                                      : FINDING_MISSING,
                    .name = "clamd",
                    .what = "quét mã độc tệp người dân gửi",
                    .detail = path.n ? path : S("chưa có"),
                    .mend = path.n ? "systemctl status clamav-daemon; tệp mới nằm chờ cho đến khi "
                                     "máy quét trả lời"
                                   : "apt install clamav-daemon; clamd.socket = "
                                     "/run/clamav/clamd.ctl trong tinhso.conf",
                });
}

/* ---- passwords ---- */

static void check_breached(struct findings *f)
{
    struct app *a = f->app;
    const struct str path = set(f, "password.breached");
    int64_t bytes = 0;
    const enum err e = path.n ? password_breached_judge(&a->cx, str_z(a->arena, path), &bytes) : OK;
    finding_add(
        f, &(const struct finding){
               .state = e != OK  ? FINDING_BROKEN
                        : path.n ? FINDING_GOOD
                                 : FINDING_NOTE,
               .name = "breached",
               .what = "danh sách mật khẩu đã lộ",
               .detail = e != OK  ? a->cx.why
                         : path.n ? str_fmt(a->arena, "%.*s, %lld MB", F(path),
                                            (long long)(bytes / 1'000'000))
                                  : S("chưa có: mật khẩu mới chỉ được so với từ ngữ hay dùng"),
               .mend = e != OK
                           ? "chưa ai đặt được mật khẩu mới: để lại tệp SHA-1 xếp theo thứ tự, mỗi "
                             "dòng một mã băm, người dùng tinhso đọc được"
                           : "tải danh sách SHA-1 xếp theo mã băm về máy, rồi password.breached = "
                             "TỆP trong tinhso.conf",
           });
}

/* ---- backup, witness ---- */

static void check_backup(struct findings *f)
{
    struct app *a = f->app;
    struct stat st;
    const int64_t days = setting_int(a->settings, S("doctor.backup.days"), BACKUP_DAYS);
    const struct str mark = str_fmt(a->arena, "%.*s/" APP_BACKUP_MARK, F(a->data_dir));
    const bool there = stat(mark.p, &st) == 0;
    const int64_t at = there ? (int64_t)st.st_mtime * SECOND_MS : 0;
    const bool fresh = there && a->cx.now - at < days * DAY_MS;
    finding_add(f, &(const struct finding){
                       .state = fresh ? FINDING_GOOD : FINDING_MISSING,
                       .name = "backup",
                       .what = "bản chép gần nhất",
                       .detail = there ? time_vi(a->arena, at) : S("chưa có"),
                       .mend = str_eq(db_store_kind(a->store), S("postgresql"))
                                   ? "chép PostgreSQL và thư mục files bằng công cụ của bạn, rồi "
                                     "touch " APP_BACKUP_MARK " trong thư mục dữ liệu"
                                   : "tinhso backup THƯ_MỤC_MỚI hằng ngày, cất ở máy khác; khóa "
                                     "(keys/) cất riêng",
                   });
}

/* ---- signatures ---- */

static enum err ask_keyd(struct cx *cx, void *arg)
{
    (void)arg;
    return vault_key_usable(cx, S("journal"));
}

static void check_keyd(struct findings *f)
{
    struct app *a = f->app;
    const struct str path = set(f, "keyd.socket");
    const enum err e = lane_call(a->env.lanes, LANE_SLOW, &a->cx, ask_keyd, NULL);
    finding_add(f,
                &(const struct finding){
                    .state = e != OK  ? FINDING_BROKEN
                             : path.n ? FINDING_GOOD
                                      : FINDING_NOTE,
                    .name = "keyd",
                    .what = "tiến trình giữ khóa ký",
                    .detail = e != OK  ? a->cx.why
                              : path.n ? path
                                       : S("chạy cùng người dùng với máy chủ"),
                    .mend = e != OK ? "systemctl start tinhso-keyd; sign.key phải là khóa của "
                                      "dữ liệu này"
                                    : "chạy tinhso keyd dưới người dùng riêng, keyd.socket trong "
                                      "tinhso.conf (gói Debian làm sẵn)",
                });
}

/* In the data folder the administrator of the machine can rewrite it together with the log. */
static void check_witness(struct findings *f)
{
    const struct str path = set(f, "witness.path"), mail = set(f, "witness.mail");
    const bool outside = mail.n > 0 || (path.n > 0 && !str_starts(path, f->app->data_dir));
    finding_add(f, &(const struct finding){
                       .state = outside ? FINDING_GOOD : FINDING_MISSING,
                       .name = "witness",
                       .what = "nhân chứng của nhật ký ở ngoài tầm tay quản trị",
                       .detail = mail.n    ? mail
                                 : outside ? path
                                           : S("chỉ có tệp trong thư mục dữ liệu"),
                       .mend = "đặt hộp thư của thanh tra ở trang Thiết đặt "
                               "(/quan-tri/thiet-dat), hoặc witness.path trên máy khác",
                   });
}

void doctor_service(struct findings *f)
{
    check_demo(f);
    check_address(f);
    check_tls(f);
    check_mail(f);
    check_scanner(f);
    check_breached(f);
    check_backup(f);
    check_witness(f);
    check_keyd(f);
}
