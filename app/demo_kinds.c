/* demo_kinds.c - the procedures of the demo and what people answer; all of it invented. */
#include "demo.h"

#include "identity/identity.h"

const struct demo_kind demo_birth = {
    .procedure = "1.001193",
    .papers = {"000.00.00.G15-KQ004389"},
    .answers =
        "{\"ho_ten_nguoi_yeu_cau\":\"{ten}\",\"ngay_sinh_nguoi_yeu_cau\":\"{sinh}\",\"giay_to_tuy_than_so\":\"{so}\","
        "\"quan_he_voi_nguoi_duoc_khai_sinh\":\"{cha_me}\",\"ho_ten_nguoi_duoc_khai_sinh\":\"{ai}\","
        "\"ngay_sinh_nguoi_duoc_khai_sinh\":\"{hom_nay-9}\",\"gioi_tinh\":\"{gioi_con}\",\"dan_toc\":\"{dan_toc}\","
        "\"quoc_tich\":\"Việt Nam\",\"noi_sinh\":\"Bệnh viện Đa khoa tỉnh Lạng Sơn\",\"que_quan\":\"{noi}, tỉnh Lạng Sơn\","
        "\"ho_ten_{bo_me}\":\"{ten}\",\"nam_sinh_{bo_me}\":\"{nam}\",\"dan_toc_{bo_me}\":\"{dan_toc}\","
        "\"quoc_tich_{bo_me}\":\"Việt Nam\",\"de_nghi_cap_ban_sao\":\"Không\"}",
    .draft = "{\"noi_dang_ky\":\"UBND {noi}\"}",
    .note = "Đủ điều kiện, đề nghị ký Giấy khai sinh.",
    .refused = "Trẻ đã được đăng ký khai sinh tại nơi khác.",
    .basis = "khoản 1 Điều 16 Luật Hộ tịch",
    .unclear_short = "Giấy chứng sinh chưa đọc được.",
    .unclear = "Ảnh mờ phần họ tên mẹ. Chụp lại rõ bốn góc.",
};

const struct demo_kind demo_death = {
    .procedure = "1.000656",
    .papers = {"000.00.00.G15-KQ004376"},
    .answers =
        "{\"loai_dang_ky\":\"Đăng ký đúng hạn\",\"nyc_ho_ten\":\"{ten}\",\"nyc_noi_cu_tru\":\"{noi}, tỉnh Lạng Sơn\","
        "\"quan_he\":\"Con\",\"nguoi_chet_ho_ten\":\"{ai}\",\"nguoi_chet_ngay_sinh\":\"1941\",\"nguoi_chet_gioi_tinh\":\"{gioi_con}\","
        "\"nguoi_chet_dan_toc\":\"{dan_toc}\",\"nguoi_chet_quoc_tich\":\"Việt Nam\","
        "\"nguoi_chet_noi_cu_tru\":\"{noi}, tỉnh Lạng Sơn\",\"ngay_chet\":\"{hom_nay-2}\","
        "\"noi_chet\":\"Bệnh viện Đa khoa tỉnh Lạng Sơn\",\"gbt_loai\":\"Giấy báo tử\",\"cap_ban_sao\":\"Không\"}",
    .draft = "{\"ket_luan\":\"Đăng ký khai tử cho {ai}.\"}",
    .note = "Giấy báo tử hợp lệ, đề nghị ký Trích lục khai tử.",
};

const struct demo_kind demo_single = {
    .procedure = "1.004873",
    .answers =
        "{\"nyc_ho_ten\":\"{ten}\",\"nyc_noi_cu_tru\":\"{noi}, tỉnh Lạng Sơn\",\"quan_he\":\"Bản thân\",\"nxn_ho_ten\":\"{ten}\","
        "\"nxn_ngay_sinh\":\"{sinh}\",\"nxn_gioi_tinh\":\"{gioi}\",\"nxn_dan_toc\":\"{dan_toc}\",\"nxn_quoc_tich\":\"Việt Nam\","
        "\"nxn_loai_giay_to\":\"Thẻ căn cước\",\"nxn_so_giay_to\":\"{so}\",\"nxn_noi_cu_tru\":\"{noi}, tỉnh Lạng Sơn\","
        "\"tinh_trang\":\"Chưa đăng ký kết hôn với ai\",\"muc_dich\":\"Kết hôn\"}",
    .draft = "{\"ket_luan\":\"{ten} hiện tại chưa đăng ký kết hôn với ai.\"}",
    .note = "Đã tra cơ sở dữ liệu hộ tịch, đề nghị ký Giấy xác nhận.",
};

const struct demo_kind demo_copy = {
    .procedure = "2.000635",
    .answers =
        "{\"nyc_ho_ten\":\"{ten}\",\"nyc_noi_cu_tru\":\"{noi}, tỉnh Lạng Sơn\",\"ndk_ho_ten\":\"{ai}\","
        "\"loai_yeu_cau\":\"Khai sinh\",\"co_quan\":\"UBND {noi}\",\"so_luong\":\"2\"}",
    .draft = "{\"ket_luan\":\"Cấp 2 bản sao Trích lục khai sinh của {ai}.\"}",
    .note = "Có trong Sổ đăng ký khai sinh, đề nghị ký bản sao.",
};

const struct demo_kind demo_business = {
    .procedure = "1.001612",
    .answers =
        "{\"ho_ten\":\"{ten}\",\"ngay_sinh\":\"{sinh}\",\"gioi_tinh\":\"{gioi}\",\"so_dinh_danh\":\"{so}\",\"ten\":\"{ai}\","
        "\"tru_so_chi_tiet\":\"Số 12, đường Bắc Sơn\",\"tru_so_xa\":\"{noi}\",\"tru_so_tinh\":\"Lạng Sơn\","
        "\"tru_so_dien_thoai\":\"0900000000\",\"nganh_nghe_so\":\"1\",\"nganh_nghe_1_ten\":\"Bán lẻ lương thực, thực phẩm\","
        "\"von_so\":\"80000000\",\"lao_dong\":\"2\",\"pp_thue\":\"Phương pháp kê khai\",\"chu_the\":\"Cá nhân\"}",
    .draft = "{\"ket_luan\":\"Đăng ký {ai}, chủ hộ {ten}.\"}",
    .note = "Tên không trùng, ngành nghề không cấm, đề nghị ký Giấy chứng nhận.",
};

const struct demo_kind demo_house = {
    .procedure = "1.013225",
    .papers = {"000.00.00.G17-KQ002712", "G17-KQ003215"},
    .answers =
        "{\"ten_chu_dau_tu\":\"{ten}\",\"so_dinh_danh_ca_nhan\":\"{so}\",\"so_dien_thoai\":\"0900000000\",\"lo_dat_so\":\"{ai}\","
        "\"dien_tich\":\"120\",\"tai_so_nha_duong_pho\":\"Khối 5\",\"phuong_xa\":\"{noi}\",\"tinh_thanh_pho\":\"Lạng Sơn\","
        "\"ten_to_chuc_lap_thiet_ke\":\"Công ty Thiết kế Mẫu Sơn\",\"cap_cong_trinh\":\"Cấp IV\",\"cot_xay_dung\":\"0.45\","
        "\"dien_tich_xay_dung_tang_1\":\"85\",\"tong_dien_tich_san\":\"170\",\"chieu_cao_cong_trinh\":\"7.5\",\"so_tang\":\"2\","
        "\"du_kien_hoan_thanh_thang\":\"8\"}",
    .draft = "{\"ket_luan\":\"Cấp phép xây nhà hai tầng, lô {ai}.\"}",
    .note = "Đúng quy hoạch, đề nghị ký Giấy phép xây dựng.",
    .stopped = "Chờ Tòa án giải quyết tranh chấp ranh giới thửa đất.",
    .wrong_short = "Hồ sơ thiết kế chưa đủ.",
    .wrong = "Bản vẽ mặt cắt thiếu cao độ. Nộp lại bản vẽ đủ cao độ.",
};

const struct demo_kind demo_certified = {
    .procedure = "2.000815",
    .answers = "{\"nguoi_nop\":\"{ten}\",\"so_dinh_danh\":\"{so}\",\"nop_cho\":\"Chính người nộp\","
               "\"noi_dung_de_nghi\":\"Chứng thực bản sao {ai}.\",\"so_luong\":\"3\"}",
    .draft = "{\"ket_luan\":\"Chứng thực 3 trang bản sao {ai} đúng với bản chính.\"}",
    .note = "Đã đối chiếu bản chính.",
};

const struct demo_kind demo_stay = {
    .procedure = "1.004194",
    .answers =
        "{\"ho_ten_khai_sinh\":\"{ten}\",\"ngay_sinh\":\"{sinh}\",\"gioi_tinh\":\"{gioi}\",\"so_dinh_danh_ca_nhan\":\"{so}\","
        "\"noi_dung_de_nghi\":\"Đăng ký tạm trú tại {ai}.\"}",
    .draft = "{\"ket_luan\":\"Đã cập nhật nơi tạm trú của {ten}: {ai}.\"}",
    .note = "Chủ nhà đồng ý, đề nghị duyệt.",
};

const struct demo_kind demo_rules = {
    .procedure = "2.001955",
    .papers = {"000.00.00.G09-KQ002548"},
    .answers =
        "{\"ten_doanh_nghiep\":\"{ai}\",\"ma_so_doanh_nghiep\":\"0100233488\",\"dia_chi_tru_so\":\"{noi}, tỉnh Lạng Sơn\","
        "\"linh_vuc_hoat_dong\":\"Chế biến nông sản\",\"tong_so_lao_dong\":\"36\",\"co_to_chuc_dai_dien\":\"Có\","
        "\"ho_ten_nguoi_dai_dien\":\"{ten}\",\"chuc_vu_nguoi_dai_dien\":\"Giám đốc\",\"dien_thoai_lien_he\":\"0900000000\","
        "\"email_lien_he\":\"lienhe@example.vn\",\"ngay_ban_hanh_noi_quy\":\"{hom_nay-9}\"}",
    .draft = "{\"ket_luan\":\"Nội quy lao động của {ai} đúng quy định.\"}",
    .note = "Nội quy không trái pháp luật, đề nghị ký văn bản xác nhận.",
    .wrong_short = "Nội quy lao động chưa đủ nội dung.",
    .wrong = "Nội quy thiếu phần trách nhiệm vật chất. Bổ sung rồi nộp lại.",
};

/* ---- filling in ---- */

/* The value of a mark; empty: there is no such mark. */
static struct str value_of(struct cx *cx, const struct demo_case *c, struct str mark)
{
    struct id_no id;
    const bool woman = id_no_parse(cx->arena, str_c(c->id_no), &id) && id.female;
    const struct {
        struct str mark, value;
    } all[] = {
        {S("ten"), str_c(c->name)},
        {S("so"), str_c(c->id_no)},
        {S("sinh"), str_c(c->born)},
        {S("nam"), str_until(str_c(c->born), 4)},
        {S("gioi"), woman ? S("Nữ") : S("Nam")},
        {S("cha_me"), woman ? S("Mẹ") : S("Cha")},
        {S("bo_me"), woman ? S("me") : S("cha")},
        {S("ai"), str_c(c->about)},
        {S("gioi_con"), str_c(c->sex)},
        {S("dan_toc"), str_c(c->people)},
        {S("noi"), str_c(c->office->place)},
        {S("hom_nay-2"), date_iso(cx->arena, day_of(cx->now) - 2)},
        {S("hom_nay-9"), date_iso(cx->arena, day_of(cx->now) - 9)},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(all[i].mark, mark))
            return all[i].value;
    return S("");
}

struct str demo_fill(struct cx *cx, const struct demo_case *c, const char *text)
{
    struct buf b = {.arena = cx->arena, .limit = 8000};
    struct str piece, mark, rest = str_c(text);
    while (rest.n) {
        str_cut(rest, '{', &piece, &rest);
        buf_add(&b, piece);
        if (rest.p == NULL || rest.n == 0)
            break;
        const struct str from_here = rest;
        str_cut(rest, '}', &mark, &rest);
        struct str value = value_of(cx, c, mark);
        if (value.n)
            buf_add(&b, value);
        else { /* a brace of the JSON itself */
            buf_byte(&b, '{');
            rest = from_here;
        }
    }
    return buf_str(&b);
}
