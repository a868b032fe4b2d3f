/* doctor_machine.c - the machine: folder, disk, clock, limits, who runs the program. */
#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <unistd.h>

#include "app.h"

#include "guard/guard.h"

#define DISK_BROKEN_MB 1000 /* less: writing will stop soon */
#define DISK_NOTE_MB 20'000
#define FILES_WANTED 8192 /* 10,000 connections would like more; fewer than this is too few */

static void check_closed(struct findings *f, const char *name, mode_t wanted)
{
    struct app *a = f->app;
    struct stat st;
    const struct str path = str_fmt(a->arena, "%.*s/%s", F(a->data_dir), name);
    const bool there = stat(path.p, &st) == 0;
    const bool closed = there && (st.st_mode & 0777 & ~wanted) == 0;
    finding_add(
        f, &(const struct finding){
               .state = closed ? FINDING_GOOD : FINDING_BROKEN,
               .name = "folder",
               .what = path.p,
               .detail = !there   ? S("không có")
                         : closed ? S("")
                                  : str_fmt(a->arena, "mở cho người khác (%o)", st.st_mode & 0777),
               .mend = there ? str_fmt(a->arena, "chmod %o %s", wanted, path.p).p
                             : "dựng lại từ bản chép: tinhso restore",
           });
}

static void check_disk(struct findings *f)
{
    struct app *a = f->app;
    struct statvfs v;
    struct finding x = {
        .name = "disk", .what = "đĩa còn trống", .mend = "dọn hoặc thêm đĩa cho thư mục dữ liệu"};
    if (statvfs(str_z(a->arena, a->data_dir), &v) != 0) {
        x.state = FINDING_BROKEN;
        x.detail = str_c(strerror(errno));
    } else {
        const long long mb = (long long)((double)v.f_bavail * (double)v.f_frsize / 1e6);
        x.state = mb < DISK_BROKEN_MB ? FINDING_BROKEN
                  : mb < DISK_NOTE_MB ? FINDING_NOTE
                                      : FINDING_GOOD;
        x.detail = str_fmt(a->arena, "%lld MB", mb);
    }
    finding_add(f, &x);
}

/* What the kernel knows of its clock: does somebody keep it right? */
static void check_clock(struct findings *f)
{
    struct timex t = {0};
    const int state = adjtimex(&t);
    const bool kept = state >= 0 && state != TIME_ERROR && !(t.status & STA_UNSYNC);
    finding_add(f, &(const struct finding){
                       .state = kept ? FINDING_GOOD : FINDING_NOTE,
                       .name = "clock",
                       .what = "đồng hồ được đồng bộ",
                       .detail = kept ? S("") : S("nhân hệ điều hành nói là chưa"),
                       .mend = "apt install chrony; hạn giải quyết và chữ ký tính theo đồng hồ này",
                   });
}

static void check_files(struct findings *f)
{
    struct rlimit r = {0};
    const bool enough = getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur >= FILES_WANTED;
    finding_add(f, &(const struct finding){
                       .state = enough ? FINDING_GOOD : FINDING_NOTE,
                       .name = "files",
                       .what = "số tệp được mở cùng lúc",
                       .detail = str_fmt(f->app->arena, "%llu", (unsigned long long)r.rlim_cur),
                       .mend = "LimitNOFILE=65536 trong tệp dịch vụ systemd, hoặc ulimit -n 65536",
                   });
}

static void check_user(struct findings *f)
{
    const bool root = geteuid() == 0;
    finding_add(f, &(const struct finding){
                       .state = root ? FINDING_NOTE : FINDING_GOOD,
                       .name = "user",
                       .what = "chạy bằng người dùng riêng",
                       .detail = root ? S("đang chạy bằng root") : S(""),
                       .mend = "adduser --system --group tinhso; chown -R tinhso thư mục dữ liệu",
                   });
}

static void check_guard(struct findings *f)
{
    const struct guard_state g = guard_now();
    const bool running = f->app->env.web != NULL;
    finding_add(f, &(const struct finding){
                       .state = !running || (g.seccomp && g.landlock) ? FINDING_GOOD : FINDING_NOTE,
                       .name = "guard",
                       .what = "máy chủ tự giới hạn (seccomp, landlock)",
                       .detail = !running            ? S("bật khi máy chủ chạy")
                                 : g.why_not != NULL ? str_c(g.why_not)
                                                     : S("chỉ ghi trong thư mục của mình, không "
                                                         "chạy được chương trình nào"),
                       .mend = "bỏ guard = off trong tinhso.conf; nhân Linux từ 5.13 có landlock",
                   });
}

void doctor_machine(struct findings *f)
{
    check_closed(f, ".", 0700);
    check_closed(f, "keys", 0700);
    check_closed(f, "keys/derive.key", 0600); /* master keys: doctor_data */
    check_closed(f, "tinhso.conf", 0600);
    check_disk(f);
    check_clock(f);
    check_files(f);
    check_user(f);
    check_guard(f);
}
