/* draw.c - draws the component sheet and the page kinds as files, for tests/look/run.
 *
 *     draw DIR    writes DIR/NAME.html and DIR/assets/HASH/look/... as the server would give them
 */
#include "embed/embed.h"
#include "pattern_views.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define NOW INT64_C(1795400047000) /* 09:14:07, 23/11/2026 */

static int64_t fixed_clock(struct env *env)
{
    (void)env;
    return NOW;
}

static void write_file(struct arena *a, struct str path, struct str bytes)
{
    char *z = (char *)str_fmt(a, "%.*s", F(path)).p;
    for (char *p = z + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        if (mkdir(z, 0755) != 0 && errno != EEXIST)
            exit(1);
        *p = '/';
    }
    FILE *f = fopen(z, "w");
    if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0) {
        fprintf(stderr, "draw: cannot write %s\n", z);
        exit(1);
    }
}

static const struct look_menu_item citizen_menu[] = {
    {.title = S("Thủ tục"), .path = S("/thu-tuc"), .current = true},
    {.title = S("Tra cứu hồ sơ"), .path = S("/tra-cuu")},
    {.title = S("Phản ánh 1022"), .path = S("/phan-anh")},
    {.title = S("Dữ liệu mở"), .path = S("/du-lieu")},
};
static const struct look_menu_item officer_menu[] = {
    {.title = S("Việc của tôi"),
     .path = S("/viec"),
     .icon = S("inbox"),
     .count = S("27"),
     .hot = true,
     .current = true},
    {.title = S("Hồ sơ một cửa"), .path = S("/mot-cua"), .icon = S("filec"), .count = S("184")},
    {.title = S("Văn bản"), .path = S("/van-ban"), .icon = S("file"), .count = S("36")},
    {.title = S("Nhiệm vụ"), .path = S("/nhiem-vu"), .icon = S("flag"), .count = S("12")},
    {.title = S("Phản ánh 1022"), .path = S("/pa"), .icon = S("chat"), .count = S("9")},
    {.heading = S("Tra cứu"), .title = S("Lịch, phòng họp"), .path = S("/lich"), .icon = S("cal")},
    {.title = S("Danh bạ dữ liệu"), .path = S("/danh-ba"), .icon = S("db")},
};
static const struct look_link account[] = {
    {.label = S("Hồ sơ của tôi"), .href = S("/ho-so"), .icon = S("filec")},
};
static const struct str about[] = {
    S("Trung tâm Phục vụ hành chính công tỉnh"),
    S("Giờ làm việc: 07:30–11:30, 13:30–17:30"),
    S("Thứ Hai đến thứ Sáu"),
    S("Tổng đài 1022 (miễn phí, 24/7)"),
};
static const struct look_link services[] = {
    {.label = S("Mọi thủ tục"), .href = S("/thu-tuc")},
    {.label = S("Tra cứu hồ sơ"), .href = S("/tra-cuu")},
    {.label = S("Thanh toán"), .href = S("/thanh-toan")},
};
static const struct look_footer_column footer[] = {
    {.title = S("Dịch vụ"), .links = services, .links_n = 3},
    {.title = S("Hỗ trợ"), .links = services, .links_n = 3},
    {.title = S("Trang này"), .links = services, .links_n = 3},
};

static struct look_frame frame_of(struct cx *cx, bool officer)
{
    return (struct look_frame){
        .lang = S("vi"),
        .vi = true,
        .site = officer ? S("Tỉnh Số") : S("Dịch vụ công Lạng Sơn"),
        .tagline = S("Một nơi cho mọi thủ tục"),
        .owner = S("UBND tỉnh Lạng Sơn"),
        .css =
            look_asset(cx, officer ? S("look/assets/officer.css") : S("look/assets/citizen.css")),
        .script =
            look_asset(cx, officer ? S("look/assets/officer.js") : S("look/assets/citizen.js")),
        .mark = look_asset(cx, S("look/assets/mark.svg")),
        .font = look_asset(cx, S("look/assets/inter-400.woff2")),
        .font_bold = look_asset(cx, S("look/assets/inter-600.woff2")),
        .body_class = S("officer"),
        .normal_href = S("?chu=thuong"),
        .big_href = S("?chu=lon"),
        .vi_href = S("?lang=vi"),
        .en_href = S("?lang=en"),
        .know_href = S("/nhan-biet"),
        .signed_in = officer,
        .person = officer ? S("Hồng Nhung") : S("Mai Anh"),
        .initials = officer ? S("HN") : S("MA"),
        .unit = S("UBND phường Kỳ Lừa"),
        .menu = officer ? officer_menu : citizen_menu,
        .menu_n = officer ? 7 : 4,
        .bottom = officer_menu,
        .bottom_n = officer ? 4 : 0,
        .account = account,
        .account_n = 1,
        .home = S("/"),
        .sign_in = S("/dang-nhap"),
        .sign_out = S("/dang-xuat"),
        .search_action = S("/tim"),
        .bell = S("/thong-bao"),
        .bell_count = S("3"),
        .more = S("/them"),
        .rail = true,
        .about = about,
        .about_n = 4,
        .footer = footer,
        .footer_n = 3,
    };
}

enum kind { CITIZEN, SIGNED_IN, OFFICER, COUNTER };

static void page(struct cx *cx, const char *dir, const char *name, const char *title,
                 enum kind kind, const struct html *main)
{
    struct look_frame f = frame_of(cx, kind >= OFFICER);
    f.title = str_c(title);
    f.main = html_done(main);
    if (kind == SIGNED_IN)
        f.signed_in = true;
    if (kind == COUNTER) {
        f.rail = false;
        f.body_class = S("officer counter");
        f.bottom_n = 0;
    }
    struct html out = html_start(cx);
    if (kind >= OFFICER)
        look_officer_html(&out, &(const struct look_officer_view){&f});
    else
        look_citizen_html(&out, &(const struct look_citizen_view){&f});
    write_file(cx->arena, str_fmt(cx->arena, "%s/%s.html", dir, name), html_done(&out).bytes);
}

#define DRAW(name, title, kind)                                                                    \
    do {                                                                                           \
        struct html main_ = html_start(&cx);                                                       \
        pattern_##name##_html(&main_, &(const struct pattern_##name##_view){&sheet});              \
        page(&cx, dir, #name, title, kind, &main_);                                                \
    } while (0)

int main(int argc, char **argv)
{
    if (argc != 2)
        return 64;
    const char *dir = argv[1];
    struct env env = {.clock = fixed_clock, .random = random_system, .english = html_english};
    struct cx cx = {.arena = arena_new((size_t)256 << 20),
                    .env = &env,
                    .actor = &actor_anonymous,
                    .now = NOW,
                    .lang = S("vi")};
    struct look_sheet_view sheet = look_sheet_sample(&cx);
    for (int officer = 0; officer < 2; officer++) {
        struct html main = html_start(&cx);
        look_sheet_html(&main, &sheet);
        page(&cx, dir, officer ? "sheet-officer" : "sheet", "Mẫu thành phần",
             officer ? OFFICER : CITIZEN, &main);
    }
    DRAW(home, "Dịch vụ công", CITIZEN);
    DRAW(results, "Tìm thủ tục", CITIZEN);
    DRAW(procedure, "Đăng ký khai sinh", CITIZEN);
    DRAW(question, "Lỗi: Trẻ sinh ngày nào?", SIGNED_IN);
    DRAW(section, "Lỗi: Thông tin khai sinh", SIGNED_IN);
    DRAW(check, "Kiểm tra rồi gửi", SIGNED_IN);
    DRAW(sent, "Đã gửi hồ sơ", SIGNED_IN);
    DRAW(upload, "Giấy tờ kèm theo", SIGNED_IN);
    DRAW(status, "Hồ sơ H37.114-261109-0007", SIGNED_IN);
    DRAW(signin, "Đăng nhập", CITIZEN);
    DRAW(lost, "Không tìm thấy trang này", CITIZEN);
    DRAW(inbox, "Việc của tôi", OFFICER);
    DRAW(workspace, "Giấy phép xây dựng nhà ở riêng lẻ", OFFICER);
    DRAW(signed, "187/GPXD-UBND", OFFICER);
    DRAW(counter, "Tiếp nhận tại quầy", COUNTER);
    size_t n;
    const struct embed_file *files = embed_under(S("look/assets/"), &n);
    for (size_t i = 0; i < n; i++) {
        struct str address = look_asset(&cx, files[i].path);
        write_file(cx.arena, str_fmt(cx.arena, "%s%.*s", dir, F(address)), files[i].bytes);
    }
    arena_free(cx.arena);
    return 0;
}
