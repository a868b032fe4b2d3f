/* identity_demo.c - invented people of the demo: two citizens, officers of two communes and the
 * province. */
#include "identity_inside.h"

#include "crypto/crypto.h"
#include "org/org.h"
#include "vault/vault.h"

/* Invented; the numbers follow the rule of other-systems.md 1.3 and belong to nobody we know of. */
/* clang-format off */
const struct demo_account identity_demo_accounts[] = {
    {"020192999101", "Hoàng Thị Mai",     "cong_dan",          "",           "người dân, nộp hồ sơ trực tuyến"},
    {"020090999102", "Nông Văn Thành",    "cong_dan",          "",           "người dân"},
    {"motcua.kylua", "Lương Thị Hạnh",    "can_bo_mot_cua",    "H37.114.01", "tiếp nhận và trả kết quả, phường Kỳ Lừa"},
    {"truongmotcua.kylua", "Lã Thị Nhung", "truong_mot_cua",   "H37.114.01", "phụ trách bộ phận một cửa, phường Kỳ Lừa"},
    {"hotich.kylua", "Đàm Thu Hà",        "chuyen_vien",       "H37.114",    "công chức tư pháp - hộ tịch, phường Kỳ Lừa"},
    {"chutich.kylua", "Bế Văn Lâm",       "lanh_dao",          "H37.114",    "chủ tịch, ký kết quả, phường Kỳ Lừa"},
    {"vanthu.kylua", "Hà Văn Quyết",      "van_thu",           "H37.114",    "văn thư, phường Kỳ Lừa"},
    {"motcua.tamthanh", "Lộc Thị Yến",    "can_bo_mot_cua",    "H37.115.01", "tiếp nhận và trả kết quả, phường Tam Thanh"},
    {"hotich.tamthanh", "Triệu Văn Sơn",  "chuyen_vien",       "H37.115",    "công chức tư pháp - hộ tịch, phường Tam Thanh"},
    {"chutich.tamthanh", "Triệu Quang Huy", "lanh_dao",        "H37.115",    "chủ tịch, ký kết quả, phường Tam Thanh"},
    {"congan.kylua", "Hứa Văn Tuân",      "chuyen_vien",       "H37.114.02", "đăng ký cư trú, Công an phường Kỳ Lừa"},
    {"truongca.kylua", "Phùng Đức Thịnh", "lanh_dao",          "H37.114.02", "trưởng Công an phường Kỳ Lừa"},
    {"motcua.tinh",  "Chu Thị Lan",       "can_bo_mot_cua",    "H37.01",     "tiếp nhận và trả kết quả, trung tâm của tỉnh"},
    {"doanhnghiep.stc", "Nông Đức Anh",   "chuyen_vien",       "H37.12",     "đăng ký doanh nghiệp, Sở Tài chính"},
    {"giamdoc.stc",  "Vy Hoàng Sơn",      "lanh_dao",          "H37.12",     "giám đốc Sở Tài chính"},
    {"laodong.snv",  "Lành Thị Thu",      "chuyen_vien",       "H37.09",     "lao động, tiền lương, Sở Nội vụ"},
    {"giamdoc.snv",  "Mông Văn Khải",     "lanh_dao",          "H37.09",     "giám đốc Sở Nội vụ"},
    {"quantri",      "Vi Văn Đức",        "quan_tri",          "H37",        "quản trị người dùng của tỉnh"},
    {"hethong",      "Chu Thị Loan",      "quan_tri_he_thong", "H37",        "quản trị hệ thống, thiết đặt của tỉnh"},
    {"kiemsoat",     "Chu Văn Tài",       "kiem_soat_tthc",    "H37",        "kiểm soát thủ tục hành chính, lịch làm việc"},
    {"thanhtra",     "Dương Minh Châu",   "thanh_tra",         "H37",        "thanh tra, xem hồ sơ cả tỉnh"},
    {0},
};
/* clang-format on */

static enum err add_one(struct cx *cx, const struct demo_account *d, struct str encoded)
{
    struct account known;
    enum err e = account_by_login(cx, str_c(d->login), &known);
    if (e != ERR_NOT_FOUND)
        return e; /* made before, or a fault */
    struct id_no id;
    struct person p = {.kind = S("cong_dan"), .name = str_c(d->name), .born_on = INT64_MIN};
    if (id_no_parse(cx->arena, str_c(d->login), &id)) {
        p.id_no = id.digits;
        p.sex = id.female ? S("nu") : S("nam");
        p.born_on = civil_day(id.birth_year, 4, 21);
        p.phone = S("0900000000");
        p.address = S("Tổ 1, phường Kỳ Lừa, tỉnh Lạng Sơn");
    }
    TRY(person_put(cx, &p));
    int64_t account;
    TRY(account_add(cx, str_c(d->login), encoded, p.id, p.name, &account));
    if (*d->unit_code == 0)
        return OK;
    struct org_unit u;
    TRY(org_unit_by_code(cx, str_c(d->unit_code), day_of(cx->now), &u));
    TRY(role_grant(cx, account, str_c(d->role), u.id, 0, 0));
    return identity_signer_make(cx, account);
}

enum err identity_demo(struct cx *cx)
{
    struct str encoded;
    TRY(identity_authority_make(cx));
    TRY(password_hash(cx, S(IDENTITY_DEMO_PASSWORD), &encoded));
    for (const struct demo_account *d = identity_demo_accounts; d->login; d++)
        TRY(add_one(cx, d, encoded));
    return OK;
}
