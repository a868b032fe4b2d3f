/* look_sheet.c - every component once, with invented people, codes and figures. */
#include "look.h"

#define N(a) (sizeof(a) / sizeof *(a))
#define LIST(field, a) .field = (a), .field##_n = N(a)

/* clang-format off */
static const struct look_colour colours[] = {
    {S("ink"), S("#171B26"), S("17,2:1")},     {S("ink-2"), S("#3A4254"), S("10,1:1")},
    {S("mute"), S("#576073"), S("6,3:1")},     {S("line-strong"), S("#858EA0"), S("3,3:1")},
    {S("cham-9"), S("#13235A"), S("14,8:1")},  {S("cham-7"), S("#213D93"), S("9,8:1")},
    {S("cham-6"), S("#2F52BC"), S("6,9:1")},   {S("do"), S("#B3121D"), S("7,0:1")},
    {S("err"), S("#B3261E"), S("6,5:1")},      {S("ok"), S("#0F6B43"), S("6,6:1")},
    {S("warn"), S("#8A5200"), S("6,4:1")},     {S("info"), S("#0B5A86"), S("7,4:1")},
    {S("tim"), S("#5A379E"), S("8,5:1")},      {S("vang"), S("#FFC628"), S("1,6:1")},
};
static const struct str icons[] = {
    S("search"), S("home"), S("user"), S("users"), S("baby"), S("rings"), S("land"), S("shop"), S("heart"), S("grad"),
    S("car"), S("candle"), S("build"), S("shield"), S("file"), S("filec"), S("upload"), S("download"), S("camera"),
    S("clock"), S("cal"), S("check"), S("checkc"), S("tri"), S("oct"), S("info"), S("x"), S("right"), S("left"),
    S("down"), S("up"), S("arrow"), S("menu"), S("bell"), S("inbox"), S("list"), S("filter"), S("sort"), S("dots"),
    S("print"), S("qr"), S("id"), S("sign"), S("stamp"), S("send"), S("share"), S("lock"), S("key"), S("eye"), S("db"),
    S("chart"), S("phone"), S("mail"), S("chat"), S("globe"), S("gear"), S("grid"), S("play"), S("pause"), S("plus"),
    S("minus"), S("edit"), S("trash"), S("star"), S("org"), S("flow"), S("code"), S("server"), S("refresh"),
    S("wallet"), S("flag"), S("money"), S("pin"), S("law"), S("cols"), S("cpu"), S("water"), S("leaf"),
};
_Static_assert(N(icons) == 78, "the sprite has 78 icons");
static const struct look_badge_view badges[] = {
    {S(""), S("inbox"), S("Mới đến"), S("")},          {S("cham"), S("play"), S("Đang xử lý"), S("")},
    {S("tim"), S("user"), S("Chờ người dân"), S("")},  {S("tim"), S("pause"), S("Tạm dừng"), S("")},
    {S("ok"), S("check"), S("Đã nộp"), S("")},         {S("info"), S("db"), S("Lấy từ CSDL"), S("")},
    {S("err"), S("flag"), S("Hỏa tốc"), S("")},        {S(""), S("minus"), S("Không áp dụng"), S("")},
    {S("ok"), S("checkc"), S("Chữ ký hợp lệ"), S("")}, {S("warn"), S("tri"), S("Chưa đạt"), S("")},
};
static const struct look_option sexes[] = {
    {.value = S("nam"), .label = S("Nam"), .on = true},
    {.value = S("nu"), .label = S("Nữ")},
};
static const struct look_option peoples[] = {
    {.value = S("tay"), .label = S("Tày")}, {.value = S("nung"), .label = S("Nùng")}, {.value = S("kinh"), .label = S("Kinh")},
};
static const struct look_option ways[] = {
    {.value = S("dien_tu"), .label = S("Bản điện tử vào Kho giấy tờ của bạn"), .hint = S("Nhận ngay khi có kết quả"), .on = true},
    {.value = S("buu_chinh"), .label = S("Bản giấy qua bưu điện"), .hint = S("26.000 ₫, trong tỉnh 2 ngày")},
};
static const struct look_field_view fields[] = {
    {.name = S("ho_ten"), .label = S("Họ, chữ đệm, tên"), .hint = S("Viết đúng như bạn muốn in trên Giấy khai sinh, có dấu."), .placeholder = S("Ví dụ: Nông Hoàng Gia Bảo"), .missing = S("Nhập họ, chữ đệm, tên."), .check = S("name"), .bad = S("Họ, chữ đệm, tên chỉ gồm chữ cái và dấu cách.")},
    {.name = S("so_dinh_danh"), .kind = LOOK_ID_NO, .label = S("Số định danh cá nhân"), .hint = S("12 chữ số trên thẻ căn cước"), .wrong = S("Nhập đủ 12 chữ số"), .check = S("id-no"), .bad = S("Nhập đủ 12 chữ số"), .value = S("0201920"), .width = S("12")},
    {.name = S("noi_sinh"), .kind = LOOK_PREFILLED, .label = S("Cơ sở y tế"), .value = S("Bệnh viện Đa khoa tỉnh Lạng Sơn"), .source = S("Giấy chứng sinh điện tử"), .source_title = S("Lấy lúc 09:14, 23/11/2026"), .report = S("#bao-sai")},
    {.name = S("ngay_sinh"), .kind = LOOK_DATE, .label = S("Ngày sinh"), .hint = S("Ngày/tháng/năm, ví dụ 12/11/2026"), .wrong = S("Ngày sinh của trẻ không được sau hôm nay (23/11/2026)"), .check = S("date"), .bad = S("Ngày sinh phải đủ ngày, tháng, năm, ví dụ 12/11/2026."), .day = S("12"), .month = S("12"), .year = S("2026")},
    {.name = S("gioi_tinh"), .kind = LOOK_RADIO, .label = S("Giới tính"), LIST(options, sexes)},
    {.name = S("dan_toc"), .kind = LOOK_SELECT, .label = S("Dân tộc"), .hint = S("Theo cha hoặc theo mẹ."), .placeholder = S("Chọn dân tộc"), .missing = S("Chọn dân tộc."), LIST(options, peoples)},
    {.name = S("nhan"), .kind = LOOK_CHECKS, .label = S("Nhận kết quả"), LIST(options, ways)},
    {.name = S("le_phi"), .kind = LOOK_MONEY, .label = S("Lệ phí"), .value = S("1.284.000"), .unit = S("đồng"), .width = S("12")},
    {.name = S("ly_do"), .kind = LOOK_AREA, .label = S("Lý do"), .optional = true, .value = S("Đủ điều kiện. Chiều cao 11,4 m, dưới mức 12 m của khu vực.")},
    {.name = S("the"), .kind = LOOK_QR, .label = S("Người nộp"), .placeholder = S("Quét QR thẻ căn cước, hoặc gõ số"), .key = S("F3")},
    {.name = S("chung_sinh"), .kind = LOOK_FILE, .label = S("Giấy chứng sinh"), .hint = S("Chụp đủ bốn góc, đọc rõ chữ. JPG, PNG hoặc PDF, tối đa 10 MB mỗi tệp."), .accept = S("image/jpeg,image/png,application/pdf"), .several = true, .camera = true},
    {.name = S("cam_doan"), .kind = LOOK_CHECK, .label = S("Tôi cam đoan điều khai ở trên là đúng và chịu trách nhiệm trước pháp luật.")},
};
static const struct look_error_item errors[] = {
    {S("so_dinh_danh"), S("Nhập đủ 12 chữ số")},
    {S("ngay_sinh"), S("Ngày sinh của trẻ không được sau hôm nay (23/11/2026)")},
};
#define DAY(w, d, n, k) {.weekday = S(w), .day = S(d), .what = S(n), .kind = S(k)}
static const struct look_day days[] = {
    {.weekday = S("T2"), .day = S("9"), .icon = S("inbox"), .kind = S("first"), .words = S("Thứ Hai 09/11/2026: nhận hồ sơ")},
    DAY("T3", "10", "1", "counted"), DAY("T4", "11", "2", "counted"), DAY("T5", "12", "3", "counted"), DAY("T6", "13", "4", "counted"),
    DAY("T7", "14", "", "rest"), DAY("CN", "15", "", "rest"), DAY("T2", "16", "5", "counted"), DAY("T3", "17", "6", "counted"),
    DAY("T4", "18", "‖", "paused"), DAY("T5", "19", "‖", "paused"), DAY("T6", "20", "‖", "paused"), DAY("T7", "21", "", "rest"),
    DAY("CN", "22", "", "rest"), DAY("T2", "23", "nay", "today"), DAY("T3", "24", "lễ", "rest"), DAY("T4", "25", "7", "left"),
    DAY("T5", "26", "8", "left"), DAY("T6", "27", "9", "left"), DAY("T7", "28", "", "rest"), DAY("CN", "29", "", "rest"), DAY("T2", "30", "10", "due"),
};
static const struct look_step steps[] = {
    {S("Người nộp"), S("#1"), true, false},  {S("Trẻ và cha mẹ"), S("#2"), true, false}, {S("Thông tin khai sinh"), S(""), false, true},
    {S("Giấy tờ"), S(""), false, false},     {S("Kiểm tra, gửi"), S(""), false, false},
};
static const struct look_node nodes[] = {
    {S("Tiếp nhận"), S("09/11 08:42"), true, false}, {S("Thực địa"), S("12/11 14:02"), true, false}, {S("Thẩm định"), S("Đàm Thu Hà"), false, true},
    {S("Trình ký"), S("Trưởng phòng"), false, false}, {S("Ký duyệt"), S("Phó Chủ tịch"), false, false}, {S("Trả kết quả"), S("Quầy 3"), false, false},
};
static const struct look_moment machine[] = {
    {.day = S("09/11"), .time = S("08:42"), .at = S("2026-11-09T08:42:10+07:00"), .title = S("Cấp mã hồ sơ")},
    {.day = S("09/11"), .time = S("08:42"), .at = S("2026-11-09T08:42:11+07:00"), .title = S("Tính hạn trả")},
};
static const struct look_moment moments[] = {
    {.day = S("18/11"), .time = S("10:15"), .at = S("2026-11-18T10:15:00+07:00"), .title = S("Yêu cầu bổ sung giấy tờ"), .text = S("Đàm Thu Hà, Phòng Kinh tế, Hạ tầng và Đô thị phường Kỳ Lừa. Thời hạn tạm dừng."), .kind = S("now tim")},
    {.day = S("12/11"), .time = S("14:02"), .at = S("2026-11-12T14:02:00+07:00"), .title = S("Kiểm tra thực địa xong"), .text = S("Biên bản 31/BB-KTHT. Không vi phạm chỉ giới.")},
    {.day = S("09/11"), .time = S("08:42"), .at = S("2026-11-09T08:42:00+07:00"), .title = S("Đã tiếp nhận, hẹn trả 23/11/2026"), .text = S("Lương Thị Hồng Nhung, Trung tâm Phục vụ hành chính công phường Kỳ Lừa"), .document = {S("Giấy tiếp nhận và hẹn trả (PDF, 212 kB)"), S("#giay"), S(""), false}, LIST(folded, machine)},
    {.day = S("09/11"), .time = S("08:31"), .at = S("2026-11-09T08:31:00+07:00"), .title = S("Bạn gửi hồ sơ"), .text = S("6 giấy tờ, 2 lấy từ cơ sở dữ liệu."), .kind = S("first")},
};
static const struct look_row facts[] = {
    {.key = S("Người nộp"), .value = S("Hoàng Thị Mai Anh")},
    {.key = S("Nơi giải quyết"), .value = S("UBND phường Kỳ Lừa")},
    {.key = S("Lệ phí"), .value = S("75.000 ₫"), .badge = {S("ok"), S("check"), S("Đã nộp"), S("")}},
    {.key = S("Nhận kết quả"), .value = S("Bản điện tử, và bưu điện đến nhà")},
};
static const struct look_row answers[] = {
    {.key = S("Họ, chữ đệm, tên"), .value = S("Nông Hoàng Gia Bảo"), .action = S("Sửa"), .href = S("#sua")},
    {.key = S("Ngày sinh"), .value = S("12/11/2026, thứ Năm"), .action = S("Sửa"), .href = S("#sua")},
    {.key = S("Nơi sinh"), .value = S("Bệnh viện Đa khoa tỉnh Lạng Sơn, phường Kỳ Lừa"), .badge = {S("info"), S("db"), S("Lấy từ cơ sở dữ liệu"), S("")}, .action = S("Báo sai"), .href = S("#sai")},
};
static const struct look_tab tabs[] = {
    {S("Phải làm"), S("27"), S("#1"), true}, {S("Chờ người khác"), S("11"), S("#2"), false}, {S("Theo dõi"), S("43"), S("#3"), false}, {S("Đã xong hôm nay"), S("8"), S("#4"), false},
};
static const struct look_link due_options[] = {
    {.label = S("Mọi hạn"), .href = S("?#ds"), .current = true}, {.label = S("Quá hạn"), .href = S("?han=qua#ds")}, {.label = S("Hôm nay"), .href = S("?han=nay#ds")},
};
static const struct look_chip chips[] = {
    {.label = S("Nơi: Kỳ Lừa"), .on = true, .clear = S("#bo")}, {.label = S("Hạn"), LIST(options, due_options)}, {.label = S("Lĩnh vực"), LIST(options, due_options)},
};
static const struct look_column columns[] = {
    {.title = S("Việc"), .css = S("c-title flex-cell")},
    {.title = S("Mã hồ sơ"), .css = S("c-break code"), .sort = S("#xep")},
    {.title = S("Bước"), .css = S("nowrap")},
    {.title = S("Hạn"), .css = S("c-due nowrap"), .sort = S("#xep"), .dir = S("ascending")},
};
static const struct look_file_row files[] = {
    {.name = S("giay-chung-sinh-trang-1.jpg"), .note = S("2,4 MB · đã quét mã độc"), .href = S("#tep"), .remove = S("1"), .badge = {S("ok"), S("check"), S("Đã tải lên"), S("")}},
    {.name = S("anh-mo.heic"), .wrong = S("Tệp HEIC chưa đọc được. Chụp lại bằng nút “Chụp ảnh”, hoặc lưu thành JPG rồi tải lên."), .remove = S("2")},
};
static const struct look_component_view components[] = {
    {.icon = S("checkc"), .icon_kind = S("ok"), .title = S("Thông tin cha, mẹ"), .text = S("Nông Văn Thắng · Hoàng Thị Mai Anh. Lấy lúc 09:14, 23/11/2026."), .badge = {S("info"), S("db"), S("Lấy từ CSDL dân cư"), S("")}},
    {.icon = S("upload"), .title = S("Giấy chứng sinh"), .need = S("Bắt buộc"), .text = S("Chưa thấy bản điện tử của bệnh viện. Chụp đủ bốn góc, đọc rõ chữ."), .open = true,
     LIST(files, files),
     .field = {.kind = LOOK_FILE, .name = S("giay_chung_sinh"), .label = S("Chọn tệp Giấy chứng sinh"), .no_label = true, .accept = S("image/jpeg,image/png,application/pdf"), .several = true, .camera = true}},
    {.icon = S("file"), .title = S("Văn bản ủy quyền"), .text = S("Không cần, vì bạn là mẹ của trẻ."), .badge = {S(""), S("minus"), S("Không áp dụng"), S("")}},
};
static const struct look_stat_view stats[] = {
    {.what = S("Hồ sơ đúng hạn"), .figure = S("98,6%"), .badge = {S("ok"), S("check"), S("Đạt"), S("")}, .target = S("Mục tiêu 98%"), .change = S("▲ 0,4 đ so với 2025"), .source = S("Nhật ký hồ sơ · 09:10"), .href = S("#so")},
    {.what = S("Nộp trực tuyến"), .figure = S("87,2%"), .badge = {S("warn"), S("tri"), S("Chưa đạt"), S("")}, .target = S("Mục tiêu 90%"), .change = S("▲ 6,1 đ so với 2025"), .source = S("Nhật ký hồ sơ · 09:10")},
    {.what = S("Văn bản quá hạn"), .figure = S("14"), .badge = {S("ok"), S("check"), S("Trong ngưỡng"), S("")}, .target = S("Ngưỡng 20"), .change = S("▼ 9 so với tuần trước"), .source = S("Nhật ký văn bản · 09:10")},
};
static const struct look_row signed_rows[] = {
    {.key = S("Ký lúc"), .value = S("14:31:08, 30/11/2026 (dấu thời gian)")}, {.key = S("Chứng thư"), .value = S("Còn đến 15/6/2028")},
    {.key = S("Thu hồi"), .value = S("Không, theo OCSP 14:31:09")}, {.key = S("Mức"), .value = S("PAdES-B")},
};
static const struct look_signer signers[] = {
    {.initials = S("QH"), .name = S("Triệu Quang Huy"), .office = S("Phó Chủ tịch UBND phường Kỳ Lừa"), .badge = {S("ok"), S("check"), S("Hợp lệ"), S("")}, LIST(rows, signed_rows)},
};
/* clang-format on */

static struct look_line line(struct cx *cx, const char *title, const char *who, const char *code,
                             const char *step, struct look_due_badge_view due, bool picked)
{
    struct look_cell *cells = NEW_N(cx->arena, struct look_cell, N(columns));
    cells[0] = (struct look_cell){.text = str_c(title), .sub = str_c(who), .href = S("#viec")};
    cells[1] = (struct look_cell){.text = str_c(code)};
    cells[2] = (struct look_cell){.text = str_c(step)};
    cells[3] = (struct look_cell){.due = due};
    return (struct look_line){
        .pick = str_c(code),
        .pick_label = str_fmt(cx->arena, "Chọn %s", code),
        .cells = cells,
        .cells_n = N(columns),
        .picked = picked,
    };
}

static struct look_table_view sample_table(struct cx *cx)
{
    int64_t now = cx->now;
    struct look_line *lines = NEW_N(cx->arena, struct look_line, 5);
    lines[0] =
        line(cx, "Chuyển mục đích sử dụng đất, thửa 112", "Nông Văn Toản", "H37.114-261102-0011",
             "Thẩm định", look_due(cx, LOOK_DUE_RUNNING, now - 2 * DAY_MS, 0), false);
    lines[0].group = S("Quá hạn");
    lines[0].group_icon = S("oct");
    lines[0].group_count = S("1");
    lines[1] = line(cx, "Đăng ký khai sinh", "Vi Thị Thảo", "H37.114-261123-0004", "Mới đến",
                    look_due(cx, LOOK_DUE_RUNNING, now + 3 * HOUR_MS, 0), true);
    lines[1].group = S("Hôm nay");
    lines[1].group_icon = S("clock");
    lines[1].group_count = S("1");
    lines[2] = line(
        cx,
        "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ của hộ gia đình, cá nhân tại khu vực đô thị",
        "Hoàng Thị Mai Anh", "H37.114-261109-0007", "Chờ bổ sung",
        look_due(cx, LOOK_DUE_PAUSED, now + 7 * DAY_MS, 0), false);
    lines[2].group = S("Tuần này");
    lines[2].group_icon = S("cal");
    lines[2].group_count = S("3");
    lines[3] = line(cx, "Tách thửa đất số 58, tờ 12", "Lộc Văn Tài", "H37.20-261116-0102",
                    "Xin ý kiến", look_due(cx, LOOK_DUE_RUNNING, now + 2 * DAY_MS, 0), false);
    lines[4] = line(cx, "Xác nhận tình trạng hôn nhân", "Phan Thị Diệu Linh", "H37.114-261123-0009",
                    "Đã trả", look_due(cx, LOOK_DUE_DONE, now, now - DAY_MS), false);
    return (struct look_table_view){
        .caption = S("Việc phải làm"),
        .pick = S("chon"),
        .form = S("sheet-form"),
        LIST(columns, columns),
        .lines = lines,
        .lines_n = 5,
        .pager = look_pages(cx, S("?trang="), 2, 50, 1284, false),
    };
}

static const struct look_due_badge_view *sample_dues(struct cx *cx, size_t *n)
{
    int64_t now = cx->now;
    const struct look_due_badge_view all[] = {
        look_due(cx, LOOK_DUE_RUNNING, now + 2 * DAY_MS, 0),
        look_due(cx, LOOK_DUE_RUNNING, now + 3 * HOUR_MS, 0),
        look_due(cx, LOOK_DUE_RUNNING, now - 2 * DAY_MS, 0),
        look_due(cx, LOOK_DUE_PAUSED, now + DAY_MS, 0),
        look_due(cx, LOOK_DUE_DONE, now, now - DAY_MS),
        look_due(cx, LOOK_DUE_DONE, now, now),
    };
    struct look_due_badge_view *out = NEW_N(cx->arena, struct look_due_badge_view, N(all));
    memcpy(out, all, sizeof all);
    *n = N(all);
    return out;
}

struct look_sheet_view look_sheet_sample(struct cx *cx)
{
    struct look_sheet_view v = {
        .citizen_href = S("/giao-dien"),
        .officer_href = S("/giao-dien/can-bo"),
        LIST(colours, colours),
        LIST(icons, icons),
        LIST(badges, badges),
        LIST(fields, fields),
        .errors = {LIST(items, errors)},
        .pager = look_pages(cx, S("?trang="), 2, 50, 1284, false),
        .numbers = look_pages(cx, S("?trang="), 4, 10, 118, true),
        .days =
            {LIST(days, days), .counted = 6, .paused = 3, .left = 4, .rest = true,
             .sentence = S(
                 "Đã tính 6 ngày, tạm dừng 3 ngày chờ bạn bổ sung, còn 4 ngày làm việc: hẹn trả 17:30 thứ Hai, 30/11/2026.")},
        .stepper = {.label = S("Các bước nộp hồ sơ"),
                    .where = S("Đăng ký khai sinh · Bước 3 trong 5"),
                    .at = 3,
                    .of = 5,
                    LIST(steps, steps)},
        .process = {.label = S("Quy trình QT-XD-07, bản 3"), LIST(nodes, nodes)},
        .timeline = {LIST(items, moments)},
        .facts = {.title = S("Tóm tắt"), LIST(rows, facts)},
        .tabs = {.label = S("Việc của tôi"), LIST(items, tabs)},
        .filter = {.action = S("/giao-dien"),
                   .name = S("tu"),
                   .placeholder = S("Lọc trong danh sách"),
                   LIST(chips, chips),
                   .clear_all = S("#bo-het"),
                   .count = S("1.284 hồ sơ khớp")},
        .table = sample_table(cx),
        .rows = {.title = S("Trẻ em"), LIST(rows, answers)},
        LIST(components, components),
        LIST(stats, stats),
        .signature =
            {.kind = S("ok"),
             .icon = S("checkc"),
             .verdict = S("Văn bản nguyên vẹn, chữ ký có giá trị"),
             .text = S(
                 "Không thay đổi sau khi ký. Chứng thư còn hiệu lực lúc ký. Kiểm tra lúc 09:14:22, 01/12/2026."),
             LIST(signers, signers),
             .code = S("7F3K-92QD"),
             .sha256 = S("9c41a0c2f1d35b7788aa0d21c4e7e7b0"),
             .journal = S("lá 10.482.117"),
             .check_href = S("#kiem-tra")},
        .empty = {.title = S("Bạn chưa nộp hồ sơ nào"),
                  .text = S("Hồ sơ bạn nộp ở đây hoặc ở quầy sẽ hiện tại trang này."),
                  .label = S("Tìm thủ tục"),
                  .href = S("#tim")},
    };
    v.numbers.label = S("Trang, cho người dân");
    v.table.pager.label = S("Trang của danh sách");
    v.dues = sample_dues(cx, &v.dues_n);
    return v;
}
