/* setup_import_units.c - rows of units: one a line, its parent above it or in the province already.
 */
#include "setup_import.h"

#include "journal/journal.h"
#include "org/org.h"

enum { CODE, NAME, SHORT, KIND, PARENT, AREA, DOSSIER, ADDRESS, PHONE, MAIL, FROM, COLUMNS };

static const struct import_column columns[COLUMNS] = {
    [CODE] = {"Mã đơn vị", "Mã định danh, ví dụ H37.114 (Quyết định 20/2020/QĐ-TTg)", 14, true},
    [NAME] = {"Tên đơn vị", "Tên đầy đủ", 48, true},
    [SHORT] = {"Tên gọi tắt", "Để trống: như tên đầy đủ", 26, false},
    [KIND] = {"Loại đơn vị",
              "Một trong: Sở, ban, ngành; Phòng; UBND xã; Trung tâm PVHCC tỉnh; Trung tâm PVHCC "
              "xã; Công an xã; hoặc mã loại (so, phong, ubnd_xa, ttpvhcc_tinh, ttpvhcc_xa, "
              "cong_an_xa)",
              24, true},
    [PARENT] = {"Mã đơn vị cấp trên", "Đơn vị đã có, hoặc ở một dòng phía trên", 20, true},
    [AREA] = {"Mã địa bàn", "Mã tỉnh hoặc mã xã của danh mục; để trống: như đơn vị cấp trên", 12,
              false},
    [DOSSIER] = {"Mã hồ sơ",
                 "Phần đầu của mã hồ sơ đơn vị cấp ra; để trống: mã đơn vị. Trung tâm "
                 "ở xã thường dùng mã của UBND xã",
                 14, false},
    [ADDRESS] = {"Địa chỉ", "Nơi người dân đến", 40, false},
    [PHONE] = {"Điện thoại", "Của cơ quan", 14, false},
    [MAIL] = {"Thư điện tử", "Của cơ quan", 28, false},
    [FROM] = {"Từ ngày", "Ngày đơn vị bắt đầu, ngày/tháng/năm; để trống: 01/7/2025", 14, false},
};

static const char *const examples[][IMPORT_COLUMNS_MAX] = {
    {"H37.114", "Ủy ban nhân dân phường Kỳ Lừa", "UBND phường Kỳ Lừa", "UBND xã", "H37", "06187",
     "", "Phường Kỳ Lừa, tỉnh Lạng Sơn", "", "", "01/7/2025", ""},
    {"H37.114.01", "Trung tâm Phục vụ hành chính công phường Kỳ Lừa", "TTPVHCC phường Kỳ Lừa",
     "Trung tâm PVHCC xã", "H37.114", "06187", "H37.114", "Phường Kỳ Lừa, tỉnh Lạng Sơn", "", "",
     "01/7/2025", ""},
};

static struct str kind_of(struct cx *cx, struct str typed)
{
    static const char *const kinds[][2] = {
        {"so", "Sở, ban, ngành"},
        {"so", "Sở"},
        {"phong", "Phòng"},
        {"ubnd_xa", "UBND xã"},
        {"ubnd_xa", "UBND phường"},
        {"ubnd_xa", "UBND cấp xã"},
        {"ttpvhcc_tinh", "Trung tâm PVHCC tỉnh"},
        {"ttpvhcc_xa", "Trung tâm PVHCC xã"},
        {"cong_an_xa", "Công an xã"},
    };
    const struct str wanted = text_compare_key(cx->arena, typed);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(typed, str_c(kinds[i][0])) ||
            str_eq(wanted, text_compare_key(cx->arena, str_c(kinds[i][1]))))
            return str_c(kinds[i][0]);
    return S("");
}

static bool code_good(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              s.p[i] == '.' || s.p[i] == '-'))
            return false;
    return s.n > 0 && s.n <= 40;
}

/* The unit as this row tells it; what is missing in the database leaves ids 0. */
static enum err unit_of(struct cx *cx, const struct import_row *row, struct org_unit *u,
                        struct org_unit *known, bool *is_known)
{
    struct org_unit above;
    struct org_area area;
    const int64_t today = day_of(cx->now);
    enum err e = org_unit_by_code(cx, row->values[CODE], today, known);
    *is_known = e == OK;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    *u = (struct org_unit){
        .code = row->values[CODE],
        .dossier_code = import_value(row, DOSSIER, row->values[CODE]),
        .kind = kind_of(cx, row->values[KIND]),
        .name = row->values[NAME],
        .short_name = import_value(row, SHORT, row->values[NAME]),
        .address = import_value(row, ADDRESS, S("")),
        .phone = import_value(row, PHONE, S("")),
        .email = import_value(row, MAIL, S("")),
    };
    if (!import_day(row->values[FROM], civil_day(2025, 7, 1), &u->valid_from))
        u->valid_from = INT64_MIN;
    if (*is_known) {
        u->valid_from = row->values[FROM].n ? u->valid_from : known->valid_from;
        u->valid_to = known->valid_to;
    }
    e = org_unit_by_code(cx, row->values[PARENT], today, &above);
    if (e == OK) {
        u->parent = above.id;
        u->path = above.path; /* of the parent: where it will lie */
        u->area = above.area;
    } else if (e != ERR_NOT_FOUND) {
        return e;
    }
    if (row->values[AREA].n == 0)
        return OK;
    e = org_area_by_code(cx, row->values[AREA], today, &area);
    u->area = e == OK ? area.id : 0;
    return e == ERR_NOT_FOUND ? OK : e;
}

static bool same(const struct org_unit *a, const struct org_unit *b)
{
    return a->parent == b->parent && a->area == b->area && a->valid_from == b->valid_from &&
           str_eq(a->dossier_code, b->dossier_code) && str_eq(a->kind, b->kind) &&
           str_eq(a->name, b->name) && str_eq(a->short_name, b->short_name) &&
           str_eq(a->address, b->address) && str_eq(a->phone, b->phone) &&
           str_eq(a->email, b->email);
}

static void judge_cells(struct cx *cx, struct import_sheet *s, struct import_row *row,
                        const struct org_unit *u)
{
    if (!code_good(row->values[CODE]))
        import_fault_add(cx, s, row, CODE,
                         S(T("Mã đơn vị chỉ gồm chữ hoa không dấu, chữ số, dấu chấm, ví dụ "
                             "H37.114.")));
    if (row->values[DOSSIER].n && !code_good(row->values[DOSSIER]))
        import_fault_add(cx, s, row, DOSSIER,
                         S(T("Mã hồ sơ chỉ gồm chữ hoa không dấu, chữ số, dấu chấm.")));
    if (u->kind.n == 0)
        import_fault_add(cx, s, row, KIND,
                         S(T("Không có loại đơn vị này. Xem trang Hướng dẫn của tệp mẫu.")));
    if (row->values[AREA].n && u->area == 0)
        import_fault_add(cx, s, row, AREA, S(T("Không có địa bàn mang mã này hôm nay.")));
    if (row->values[MAIL].n && !import_mail_good(row->values[MAIL]))
        import_fault_add(cx, s, row, MAIL, S(T("Thư điện tử phải có dạng ten@tinh.gov.vn.")));
    if (u->valid_from == INT64_MIN)
        import_fault_add(cx, s, row, FROM,
                         S(T("Từ ngày phải có dạng ngày/tháng/năm, ví dụ 01/7/2025.")));
}

static void judge_parent(struct cx *cx, struct import_sheet *s, struct import_row *row,
                         const struct org_unit *u)
{
    if (u->parent == 0 && !map_get(&s->keys, row->values[PARENT]))
        import_fault_add(cx, s, row, PARENT,
                         S(T("Không có đơn vị cấp trên mang mã này, cũng không có dòng đúng nào "
                             "phía trên nêu mã ấy.")));
    else if (u->parent && !str_starts(u->path, s->reach))
        import_fault_add(cx, s, row, PARENT,
                         S(T("Đơn vị cấp trên nằm ngoài phạm vi quản lý của bạn.")));
}

static enum err judge(struct cx *cx, struct import_sheet *s, struct import_row *row)
{
    struct org_unit u, known;
    bool is_known;
    TRY(unit_of(cx, row, &u, &known, &is_known));
    judge_cells(cx, s, row, &u);
    judge_parent(cx, s, row, &u);
    const struct import_row *before = map_get(&s->keys, row->values[CODE]);
    if (before && before->number != row->number)
        import_fault_add(cx, s, row, CODE, S(T("Mã này đã có ở một dòng phía trên.")));
    if (is_known && (u.valid_from != known.valid_from || u.parent != known.parent))
        import_fault_add(cx, s, row, u.parent != known.parent ? PARENT : FROM,
                         S(T("Đơn vị này đã có với cấp trên hoặc ngày bắt đầu khác. Nhập tệp không "
                             "chuyển đơn vị; dùng thao tác sắp xếp đơn vị.")));
    if (row->verdict == ROW_WRONG)
        return OK;
    if (!s->bringing)
        map_put(cx->arena, &s->keys, row->values[CODE], row);
    row->verdict = !is_known ? ROW_NEW : same(&u, &known) ? ROW_SAME : ROW_CHANGED;
    return OK;
}

static enum err bring(struct cx *cx, const struct import_row *row)
{
    struct org_unit u, known;
    bool is_known;
    int64_t id;
    TRY(unit_of(cx, row, &u, &known, &is_known));
    if (u.parent == 0)
        return OK; /* the row above it did not come in */
    TRY(org_unit_put(cx, &u, &id));
    return journal_write(
        cx, &(struct event){.kind = is_known ? S("setup.unit.changed") : S("setup.unit.added"),
                            .subject_kind = S("org.unit"),
                            .subject_id = id,
                            .subject_code = u.code,
                            .unit = u.parent});
}

const struct import_table import_units = {
    .kind = "don-vi",
    .title = "Đơn vị",
    .sheet = "Đơn vị",
    .columns = columns,
    .columns_n = COLUMNS,
    .examples = examples,
    .examples_n = sizeof examples / sizeof *examples,
    .judge = judge,
    .bring = bring,
};
