/* onestop_module.c - what onestop brings: routes, rights, jobs, menus. */
#include "module/module.h"
#include "onestop_desk_work.h"
#include "onestop_lists.h"
#include "onestop_pages.h"
#include "onestop_redate.h"

static const struct right *const rights[] = {
    &onestop_file, &onestop_intake, &onestop_process,      &onestop_sign, &onestop_watch,
    &onestop_book, &onestop_export, &onestop_redate_right, &onestop_lead, NULL};
static const struct job_kind *const jobs[] = {&onestop_sign_job,
                                              &onestop_expire_job,
                                              &onestop_void_job,
                                              &onestop_form_job,
                                              &onestop_export_job,
                                              &onestop_follow_feed,
                                              &onestop_follow_job,
                                              &onestop_reach_job,
                                              &onestop_redate_job,
                                              &onestop_silence_job,
                                              NULL};

/* clang-format off */
const struct route onestop_routes[] = {
    {GET,  "/nop-ho-so/{code}",               "Nộp hồ sơ",                 &onestop_file, READ,  .show = onestop_show_start},
    {GET,  "/nop-ho-so/{code}/khai/{phan}",   "Tờ khai",                   &onestop_file, READ,  .show = onestop_show_section},
    {POST, "/nop-ho-so/{code}/khai/{phan}",   "Lưu tờ khai",               &onestop_file, WRITE, .prepare = onestop_check_section, .write = onestop_save_section},
    {GET,  "/nop-ho-so/{code}/giay-to",       "Giấy tờ của hồ sơ",         &onestop_file, READ,  .show = onestop_show_papers},
    {POST, "/nop-ho-so/{code}/giay-to",       "Tải giấy tờ lên",           &onestop_file, WRITE, .prepare = onestop_check_papers, .write = onestop_save_papers, .body_max = 64 << 20, .files_max = 12, .file_max = PAPER_MAX_BYTES},
    {GET,  "/nop-ho-so/{code}/kiem-tra",      "Kiểm tra trước khi gửi",    &onestop_file, READ,  .show = onestop_show_check},
    {POST, "/nop-ho-so/{code}/gui",           "Gửi hồ sơ",                 &onestop_file, WRITE, .prepare = onestop_check_send, .write = onestop_write_send},

    {GET,  "/ho-so",                          "Hồ sơ của tôi",             &onestop_file, READ,  .show = onestop_show_mine},
    {GET,  "/ho-so/{code}",                   "Theo dõi hồ sơ",            &onestop_file, READ,  .show = onestop_show_status},
    {GET,  "/ho-so/{code}/da-gui",            "Đã gửi hồ sơ",              &onestop_file, READ,  .show = onestop_show_sent},
    {GET,  "/ho-so/{code}/bo-sung",           "Bổ sung giấy tờ",           &onestop_file, READ,  .show = onestop_show_answer},
    {POST, "/ho-so/{code}/bo-sung",           "Gửi bổ sung",               &onestop_file, WRITE, .prepare = onestop_check_answer, .write = onestop_write_answer, .body_max = 64 << 20, .files_max = 12, .file_max = PAPER_MAX_BYTES},
    {GET,  "/ho-so/{code}/rut",               "Rút hồ sơ",                 &onestop_file, READ,  .show = onestop_show_withdraw},
    {POST, "/ho-so/{code}/rut",               "Rút hồ sơ",                 &onestop_file, WRITE, .write = onestop_write_withdraw},
    {POST, "/ho-so/{code}/danh-gia",          "Đánh giá",                  &onestop_file, WRITE, .write = onestop_write_rate},
    {POST, "/ho-so/{code}/nhan-ket-qua",      "Nhận kết quả điện tử",      &onestop_file, WRITE, .write = onestop_write_fetch},
    {GET,  "/ho-so/{code}/giay-to/{giay}",    "Tệp của hồ sơ",             &onestop_file, SLOW,  .show = onestop_get_paper, .kind = WEB_FILE},
    {GET,  "/ho-so/{code}/mau/{so}",          "Phiếu, giấy hẹn",           &onestop_file, SLOW,  .show = onestop_get_form, .kind = WEB_FILE},
    {GET,  "/ho-so/{code}/ket-qua",           "Kết quả đã ký",             &onestop_file, SLOW,  .show = onestop_get_result, .kind = WEB_FILE},

    {GET,  "/tra-cuu",                        "Tra cứu hồ sơ",             &anyone,       READ,  .show = onestop_show_track, .rate_per_minute = 30, .rate_asks = "ma"},
    {GET,  "/tra-cuu/{ma}",                   "Tiến độ hồ sơ",             &anyone,       READ,  .show = onestop_show_track_token, .rate_per_minute = 30},
    {GET,  "/xac-minh",                       "Kiểm tra văn bản",          &anyone,       READ,  .show = onestop_show_verify, .rate_per_minute = 30, .rate_asks = "ma"},
    {GET,  "/xac-minh/{ma}",                  "Kiểm tra văn bản",          &anyone,       READ,  .show = onestop_show_verify_code, .rate_per_minute = 30},

    {GET,  "/quay",                             "Tiếp nhận tại quầy",    &onestop_intake,  READ,  .show = onestop_show_counter, .frame = WEB_FRAME_COUNTER},
    {POST, "/quay",                             "Tiếp nhận tại quầy",    &onestop_intake,  WRITE, .prepare = onestop_check_counter, .write = onestop_write_counter, .frame = WEB_FRAME_COUNTER},
    {GET,  "/quay/xong/{code}",                 "Đã tiếp nhận",          &onestop_intake,  READ,  .show = onestop_show_taken, .frame = WEB_FRAME_COUNTER},
    {GET,  "/viec",                             "Việc của tôi",          &onestop_watch,   READ,  .show = onestop_show_inbox, .frame = WEB_FRAME_OFFICER},
    {GET,  "/ho-so-mot-cua",                    "Hồ sơ một cửa",         &onestop_watch,   READ,  .show = onestop_show_all, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quay/so-ngay",                     "Sổ cuối ngày",          &onestop_intake,  READ,  .show = onestop_show_day, .frame = WEB_FRAME_OFFICER},
    {POST, "/quay/so-ngay/khoa",                "Khóa sổ ngày",          &onestop_intake,  WRITE, .write = onestop_write_day_close, .frame = WEB_FRAME_OFFICER},
    {POST, "/quay/so-ngay/mo-lai",              "Mở lại sổ ngày",        &onestop_lead,    WRITE, .write = onestop_write_day_reopen, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quay/so-ngay/in",                  "In sổ cuối ngày",       &onestop_intake,  SLOW,  .show = onestop_get_day, .kind = WEB_FILE},
    {GET,  "/so-theo-doi",                      "Sổ theo dõi hồ sơ",     &onestop_watch,   READ,  .show = onestop_show_ledger, .frame = WEB_FRAME_OFFICER},
    {POST, "/so-theo-doi/xuat",                 "Xuất sổ theo dõi",      &onestop_watch,   WRITE, .write = onestop_write_export_ledger, .frame = WEB_FRAME_OFFICER},
    {GET,  "/so-theo-doi/{nam}/in",             "In sổ theo dõi hồ sơ",  &onestop_watch,   SLOW,  .show = onestop_get_ledger, .kind = WEB_FILE},
    {GET,  "/so-cap-so",                        "Sổ cấp số kết quả",     &onestop_book,    READ,  .show = onestop_show_register, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/tinh-lai-hen",            "Tính lại ngày hẹn",     &onestop_redate_right, READ,  .show = onestop_show_redates, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/tinh-lai-hen",            "Tính thử ngày hẹn",     &onestop_redate_right, WRITE, .prepare = onestop_check_redate, .write = onestop_write_redate, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/tinh-lai-hen/{dot}",      "Đợt tính lại ngày hẹn", &onestop_redate_right, READ,  .show = onestop_show_redate, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/tinh-lai-hen/{dot}/doi",  "Dời ngày hẹn",          &onestop_redate_right, WRITE, .write = onestop_write_redate_go, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/tinh-lai-hen/{dot}/bo",   "Bỏ đợt tính lại",       &onestop_redate_right, WRITE, .write = onestop_write_redate_drop, .frame = WEB_FRAME_OFFICER},
    {POST, "/ho-so-mot-cua/xuat",               "Xuất danh sách hồ sơ",  &onestop_watch,   WRITE, .write = onestop_write_export_all, .frame = WEB_FRAME_OFFICER},
    {POST, "/viec/nhieu/mot-cua",               "Bàn giao nhiều hồ sơ",  &onestop_intake,  WRITE, .write = onestop_write_many_counter, .frame = WEB_FRAME_OFFICER},
    {POST, "/viec/nhieu/xu-ly",                 "Nhận xử lý nhiều hồ sơ", &onestop_process, WRITE, .write = onestop_write_many_process, .frame = WEB_FRAME_OFFICER},
    {GET,  "/ban-giao",                         "Bàn giao hồ sơ",        &onestop_watch,   READ,  .show = onestop_show_batches, .frame = WEB_FRAME_OFFICER},
    {POST, "/ban-giao/xuat",                    "Xuất danh sách bàn giao", &onestop_watch, WRITE, .write = onestop_write_export_batch, .frame = WEB_FRAME_OFFICER},
    {GET,  "/ban-giao/{so}",                    "Danh sách bàn giao",    &onestop_watch,   READ,  .show = onestop_show_batch, .frame = WEB_FRAME_OFFICER},
    {POST, "/ban-giao/{so}/nhan",               "Xác nhận bàn giao",     &onestop_process, WRITE, .write = onestop_write_batch, .frame = WEB_FRAME_OFFICER},
    {GET,  "/tre-han",                          "Hồ sơ trễ hạn",         &onestop_watch,   READ,  .show = onestop_show_late, .frame = WEB_FRAME_OFFICER},
    {POST, "/tre-han/xuat",                     "Xuất hồ sơ trễ hạn",    &onestop_watch,   WRITE, .write = onestop_write_export_late, .frame = WEB_FRAME_OFFICER},
    {GET,  "/xin-y-kien",                       "Xin ý kiến",            &onestop_watch,   READ,  .show = onestop_show_consults, .frame = WEB_FRAME_OFFICER},
    {POST, "/xin-y-kien/xuat",                  "Xuất việc xin ý kiến",  &onestop_watch,   WRITE, .write = onestop_write_export_consult, .frame = WEB_FRAME_OFFICER},
    {GET,  "/xin-y-kien/{ma}",                  "Xin ý kiến",            &onestop_watch,   READ,  .show = onestop_show_consult, .frame = WEB_FRAME_OFFICER},
    {POST, "/xin-y-kien/{ma}/tra-loi",          "Trả lời xin ý kiến",    &onestop_process, WRITE, .write = onestop_write_consult_answer, .frame = WEB_FRAME_OFFICER},
    {POST, "/xin-y-kien/{ma}/thu-hoi",          "Thu hồi xin ý kiến",    &onestop_process, WRITE, .write = onestop_write_consult_back, .frame = WEB_FRAME_OFFICER},
    {GET,  "/xin-y-kien/{ma}/giay-to/{giay}",   "Giấy tờ gửi kèm",       &onestop_watch,   SLOW,  .show = onestop_get_consult_paper, .kind = WEB_FILE},
    {POST, "/viec/{code}/ghi-chu",              "Ghi chú nội bộ",        &onestop_watch,   WRITE, .write = onestop_write_note, .frame = WEB_FRAME_OFFICER},
    {POST, "/viec/xuat",                        "Xuất danh sách việc",   &onestop_watch,   WRITE, .write = onestop_write_export_work, .frame = WEB_FRAME_OFFICER},
    {GET,  "/viec/{code}",                      "Hồ sơ",                 &onestop_watch,   READ,  .show = onestop_show_work, .frame = WEB_FRAME_OFFICER},
    {GET,  "/viec/{code}/mot-cua/{viec}",       "Việc của một cửa",      &onestop_intake,  READ,  .show = onestop_show_act_counter, .frame = WEB_FRAME_OFFICER},
    {POST, "/viec/{code}/mot-cua/{viec}",       "Làm việc của một cửa",  &onestop_intake,  WRITE, .write = onestop_write_act_counter, .frame = WEB_FRAME_OFFICER},
    {GET,  "/viec/{code}/xu-ly/{viec}",         "Việc thẩm tra",         &onestop_process, READ,  .show = onestop_show_act_process, .frame = WEB_FRAME_OFFICER},
    {POST, "/viec/{code}/xu-ly/{viec}",         "Làm việc thẩm tra",     &onestop_process, WRITE, .write = onestop_write_act_process, .frame = WEB_FRAME_OFFICER},
    {GET,  "/viec/{code}/ky/{viec}",            "Việc phê duyệt",        &onestop_sign,    READ,  .show = onestop_show_act_sign, .frame = WEB_FRAME_OFFICER},
    {POST, "/viec/{code}/ky/{viec}",            "Phê duyệt, ký",         &onestop_sign,    WRITE, .write = onestop_write_act_sign, .frame = WEB_FRAME_OFFICER},
    {POST, "/viec/{code}/du-thao",              "Lưu dự thảo",           &onestop_process, WRITE, .prepare = onestop_check_draft, .write = onestop_write_draft, .frame = WEB_FRAME_OFFICER},
    {GET,  "/viec/{code}/du-thao.pdf",          "Dự thảo kết quả",       &onestop_watch,   SLOW,  .show = onestop_get_draft, .kind = WEB_FILE},
    {GET,  "/viec/{code}/giay-to/{giay}",       "Tệp của hồ sơ",         &onestop_watch,   SLOW,  .show = onestop_get_paper, .kind = WEB_FILE},
    {GET,  "/viec/{code}/mau/{so}",             "Phiếu, giấy hẹn",       &onestop_watch,   SLOW,  .show = onestop_get_form, .kind = WEB_FILE},
    {GET,  "/viec/{code}/ket-qua",              "Kết quả đã ký",         &onestop_watch,   SLOW,  .show = onestop_get_result, .kind = WEB_FILE},
    {0},
};
static const struct menu_item menu[] = {
    {"Việc của tôi",  "/viec",     "inbox",  &onestop_watch, WEB_FRAME_OFFICER},
    {"Hồ sơ một cửa", "/ho-so-mot-cua", "filec", &onestop_watch, WEB_FRAME_OFFICER},
    {"Sổ theo dõi hồ sơ", "/so-theo-doi", "list", &onestop_watch, WEB_FRAME_OFFICER},
    {"Sổ cuối ngày", "/quay/so-ngay", "cal", &onestop_intake, WEB_FRAME_OFFICER},
    {"Xin ý kiến",    "/xin-y-kien", "chat", &onestop_watch, WEB_FRAME_OFFICER},
    {"Hồ sơ trễ hạn", "/tre-han", "oct", &onestop_watch, WEB_FRAME_OFFICER},
    {"Bàn giao hồ sơ", "/ban-giao", "list", &onestop_watch, WEB_FRAME_OFFICER},
    {"Sổ cấp số kết quả", "/so-cap-so", "stamp", &onestop_book, WEB_FRAME_OFFICER},
    {"Tính lại ngày hẹn", "/quan-tri/tinh-lai-hen", "refresh", &onestop_redate_right, WEB_FRAME_OFFICER},
    {"Tra cứu hồ sơ", "/tra-cuu",  "filec",  &anyone,       WEB_FRAME_CITIZEN},
    {"Hồ sơ của tôi", "/ho-so",    "inbox",  &onestop_file, WEB_FRAME_CITIZEN},
    {"Kiểm tra văn bản", "/xac-minh", "checkc", &anyone,    WEB_FRAME_CITIZEN},
    {0},
};
/* clang-format on */

#define WORK_MAX 99

static enum err count_work(struct cx *cx, struct web_count *out)
{
    TRY(onestop_store_desk_count(cx, WORK_MAX + 1, &out->n, &out->hot));
    out->more = out->n > WORK_MAX;
    out->n = out->more ? WORK_MAX : out->n;
    return OK;
}

static enum err count_consults(struct cx *cx, struct web_count *out)
{
    TRY(onestop_store_consult_count(cx, WORK_MAX + 1, &out->n, &out->hot));
    out->more = out->n > WORK_MAX;
    out->n = out->more ? WORK_MAX : out->n;
    return OK;
}

static const struct place_count counts[] = {
    {"/viec", &onestop_watch, count_work}, {"/xin-y-kien", &onestop_watch, count_consults}, {0}};

const struct module onestop_module = {
    .name = "onestop",
    .title = "Một cửa, dịch vụ công",
    .needs = (const char *const[]){"journal", "org", "identity", "calendar", "form", "procedure",
                                   "notify", "work", NULL},
    .routes = onestop_routes,
    .rights = rights,
    .jobs = jobs,
    .menu = menu,
    .counts = counts,
    .rebuild = onestop_desk_rebuild,
};
