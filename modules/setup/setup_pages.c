/* setup_pages.c - the page "Bắt đầu", and the routes of this folder. */
#include "setup_pages.h"

#include "onestop/onestop.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "setup_tls.h"
#include "setup_views.h"

#define MANY 200

struct steps {
    struct look_row rows[8];
    size_t n, left;
};

static void add(struct cx *cx, struct steps *s, const char *title, bool done, struct str value,
                const char *action, const char *href)
{
    s->left += !done;
    s->rows[s->n++] = (struct look_row){
        .key = tr(cx, str_c(title)),
        .value = value,
        .badge = done ? (struct look_badge_view){.kind = S("ok"),
                                                 .icon = S("check"),
                                                 .text = tr(cx, S(T("Xong")))}
                      : (struct look_badge_view){.kind = S("warn"),
                                                 .icon = S("clock"),
                                                 .text = tr(cx, S(T("Chưa làm")))},
        .action = tr(cx, str_c(action)),
        .href = str_c(href),
    };
}

static struct str set(struct cx *cx, const char *name)
{
    return cx->env->settings ? setting(cx->env->settings, str_c(name), S("")) : S("");
}

/* The unit at the root of the tree in which the actor works. */
static enum err root_of(struct cx *cx, struct org_unit *u)
{
    TRY(org_unit_find(cx, cx->actor->unit, u));
    for (int depth = 0; u->parent && depth < 32; depth++)
        TRY(org_unit_find(cx, u->parent, u));
    return OK;
}

static enum err add_people_steps(struct cx *cx, struct steps *s)
{
    struct org_unit root, *below = NEW_N(cx->arena, struct org_unit, MANY);
    size_t units;
    int64_t officers;
    TRY(root_of(cx, &root));
    TRY(org_children(cx, root.id, below, MANY, &units));
    TRY(identity_officers(cx, &officers));
    add(cx, s, T("Tỉnh và người quản trị"), true, root.name, T("Xem người dùng"),
        "/quan-tri/nguoi-dung");
    add(cx, s, T("Đơn vị"), units > 0,
        units > 0 ? tr_fmt(cx, T("%zu đơn vị ngay dưới cấp tỉnh"), units)
                  : tr(cx, S(T("Nhập sở, xã và trung tâm phục vụ hành chính công từ bảng tính."))),
        T("Nhập từ bảng tính"), "/quan-tri/nhap/don-vi");
    add(cx, s, T("Cán bộ"), officers > 1,
        officers > 1
            ? tr_fmt(cx, T("%lld người đang giữ vai trò"), (long long)officers)
            : tr(cx, S(T("Nhập người ở một cửa, người thẩm tra, người ký, rồi đưa mỗi người một "
                         "đường dẫn đặt mật khẩu."))),
        T("Nhập từ bảng tính"), "/quan-tri/nhap/can-bo");
    return OK;
}

static void add_machine_steps(struct cx *cx, struct steps *s)
{
    const bool mail = set(cx, "smtp.url").n && set(cx, "smtp.from").n;
    const bool tls = str_starts(cx->env->base_url, S("https://")) &&
                     (set(cx, "tls.cert").n || set(cx, "front").n || tls_files_current(cx).n);
    add(cx, s, T("Máy chủ thư"), mail,
        mail ? set(cx, "smtp.from") : tr(cx, S(T("Chưa có thì không ai nhận được thư báo."))),
        T("Thiết đặt"), "/quan-tri/thiet-dat");
    add(cx, s, T("Kết nối mã hóa (TLS)"), tls,
        tls ? cx->env->base_url
            : tr(cx,
                 S(T("Đặt base.url bắt đầu bằng https trong tinhso.conf, rồi đưa chứng thư vào; "
                     "hoặc đặt một máy đón phía trước (front)."))),
        T("Chứng thư TLS"), "/quan-tri/chung-thu");
}

static enum err add_work_steps(struct cx *cx, struct steps *s)
{
    struct procedure_hit *open = NEW_N(cx->arena, struct procedure_hit, MANY);
    struct dossier_facts first;
    size_t open_n, dossiers;
    TRY(procedure_open_list(cx, open, MANY, &open_n));
    TRY(onestop_facts_after(cx, 0, &first, 1, &dossiers));
    add(cx, s, T("Mở một thủ tục"), open_n > 0,
        open_n > 0 ? tr_fmt(cx, T("%zu thủ tục nhận hồ sơ"), open_n)
                   : tr(cx, S(T("Chọn thủ tục trong danh mục và quyết định ai tiếp nhận, ai ký."))),
        T("Danh mục thủ tục"), "/quan-tri/thu-tuc");
    add(cx, s, T("Hồ sơ đầu tiên"), dossiers > 0,
        dossiers > 0
            ? tr(cx, S(T("Đã có hồ sơ.")))
            : tr(cx, S(T("Cán bộ một cửa tiếp nhận tại quầy, hoặc người dân nộp trực tuyến."))),
        "", "");
    return OK;
}

enum err setup_show_start(struct cx *cx, struct web_req *, struct web_res *rs)
{
    struct steps s = {0};
    TRY(add_people_steps(cx, &s));
    add_machine_steps(cx, &s);
    TRY(add_work_steps(cx, &s));
    const struct setup_start_view view = {
        .steps = {.title = tr(cx, S(T("Các bước"))), .rows = s.rows, .rows_n = s.n},
        .note = s.left == 0 ? (struct look_note_view){.kind = S("ok"),
                                                      .icon = S("checkc"),
                                                      .title = tr(cx, S(T("Mọi việc đã xong")))}
                            : (struct look_note_view){0},
        .left = s.left ? tr_fmt(cx, T("Còn %zu việc"), s.left) : S(""),
    };
    setup_start_html(&rs->body, &view);
    return OK;
}

/* clang-format off */
const struct route setup_routes[] = {
    {GET,  "/quan-tri/bat-dau",                 "Bắt đầu",             &setup_manage, SLOW,  .show = setup_show_start, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/nhap/{kind}",             "Nhập từ bảng tính",   &setup_manage, SLOW,  .show = setup_show_upload, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/nhap/{kind}",             "Kiểm tra bảng tính",  &setup_manage, WRITE, .prepare = setup_check_upload, .write = setup_upload, .frame = WEB_FRAME_OFFICER, .body_max = IMPORT_FILE_BYTES + 65536, .files_max = 1, .file_max = IMPORT_FILE_BYTES},
    {GET,  "/quan-tri/mau-nhap/{kind}",         "Tệp mẫu",             &setup_manage, SLOW,  .show = setup_get_template, .kind = WEB_FILE},
    {GET,  "/quan-tri/tep-nhap/{id}",           "Kết quả kiểm tra",    &setup_manage, SLOW,  .show = setup_show_import, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/tep-nhap/{id}",           "Nhập các dòng đúng",  &setup_manage, WRITE, .prepare = setup_check_bring_in, .write = setup_bring_in, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/tep-nhap/{id}/duong-dan", "Cấp đường dẫn đặt mật khẩu", &setup_manage, WRITE, .prepare = setup_check_links, .write = setup_make_links, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/tep-nhap/{id}/gui-duong-dan", "Gửi đường dẫn đặt mật khẩu qua thư", &setup_manage, WRITE, .prepare = setup_check_links, .write = setup_mail_links, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/thiet-dat",               "Thiết đặt",           &setup_manage, SLOW,  .show = setup_show_settings, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/thiet-dat",               "Lưu thiết đặt",       &setup_manage, WRITE, .prepare = setup_check_settings, .write = setup_save_settings, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/thiet-dat/thu",           "Gửi thư thử",         &setup_manage, WRITE, .write = setup_try_mail, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/chung-thu",               "Chứng thư TLS",       &setup_manage, SLOW,  .show = setup_show_tls, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/chung-thu",               "Đưa chứng thư TLS vào dùng", &setup_manage, WRITE, .prepare = setup_check_tls, .write = setup_bring_tls, .frame = WEB_FRAME_OFFICER, .body_max = 512 * 1024, .files_max = 3, .file_max = 128 * 1024},
    {POST, "/quan-tri/chung-thu/truoc",         "Dùng lại chứng thư trước", &setup_manage, WRITE, .write = setup_back_tls, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/chung-thu/yeu-cau",       "Yêu cầu cấp chứng thư", &setup_manage, SLOW, .show = setup_show_ask, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/chung-thu/yeu-cau",       "Làm yêu cầu cấp chứng thư", &setup_manage, WRITE, .prepare = setup_check_ask, .write = setup_ask_tls, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/chung-thu/yeu-cau.csr",   "Tải yêu cầu cấp chứng thư", &setup_manage, SLOW, .show = setup_get_ask, .kind = WEB_FILE},
    {0},
};
/* clang-format on */
