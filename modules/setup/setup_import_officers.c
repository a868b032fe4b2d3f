/* setup_import_officers.c - rows of officers: an account and one role at one unit a line. */
#include "setup_import.h"

#include "org/org.h"

#define ROLES_MAX 64
#define POSTS_MAX 64

enum { LOGIN, NAME, UNIT, ROLE, MAIL, PHONE, FROM, COLUMNS };

static const struct import_column columns[COLUMNS] = {
    [LOGIN] = {"Tên đăng nhập", "Chữ thường không dấu, chữ số, dấu chấm, gạch; từ 3 đến 40 ký tự",
               22, true},
    [NAME] = {"Họ và tên", "Đầy đủ", 30, true},
    [UNIT] = {"Mã đơn vị", "Đơn vị đã có", 14, true},
    [ROLE] = {"Vai trò",
              "Tên hoặc mã vai trò, ví dụ Cán bộ một cửa, Chuyên viên, Lãnh đạo, Văn thư. "
              "Người có nhiều vai trò: mỗi vai trò một dòng",
              24, true},
    [MAIL] = {"Thư điện tử", "Nơi nhận đường dẫn đặt mật khẩu và thư báo", 30, false},
    [PHONE] = {"Điện thoại", "", 14, false},
    [FROM] = {"Từ ngày", "Ngày bắt đầu giữ vai trò, ngày/tháng/năm; để trống: hôm nay", 14, false},
};

static const char *const examples[][IMPORT_COLUMNS_MAX] = {
    {"motcua.kylua", "Nguyễn Văn A", "H37.114.01", "Cán bộ một cửa", "a.nv@tinh.gov.vn", "", "", "",
     "", "", "", ""},
    {"hotich.kylua", "Trần Thị B", "H37.114", "Chuyên viên", "", "", "", "", "", "", "", ""},
};

static bool login_good(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              memchr(".-_", s.p[i], 3)))
            return false;
    return s.n >= 3 && s.n <= 40;
}

/* By code or title; empty: none, or not one that is given to officers. */
static enum err role_of(struct cx *cx, struct str typed, struct str *code)
{
    struct role *roles = NEW_N(cx->arena, struct role, ROLES_MAX);
    size_t n;
    const struct str wanted = text_compare_key(cx->arena, typed);
    *code = S("");
    TRY(identity_roles(cx, roles, ROLES_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if (!str_eq(roles[i].code, S("cong_dan")) &&
            (str_eq(typed, roles[i].code) ||
             str_eq(wanted, text_compare_key(cx->arena, roles[i].title))))
            *code = roles[i].code;
    return OK;
}

struct officer {
    struct account account; /* id 0: new */
    struct org_unit unit;   /* id 0: there is none */
    struct str role;
    int64_t from_day;
    bool has_post;
};

static enum err officer_of(struct cx *cx, const struct import_row *row, struct officer *o)
{
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    *o = (struct officer){0};
    enum err e = account_by_login(cx, row->values[LOGIN], &o->account);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND)
        o->account = (struct account){0};
    e = org_unit_by_code(cx, row->values[UNIT], day_of(cx->now), &o->unit);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND)
        o->unit = (struct org_unit){0};
    TRY(role_of(cx, row->values[ROLE], &o->role));
    if (!import_day(row->values[FROM], 0, &o->from_day))
        o->from_day = INT64_MIN;
    if (o->account.id == 0)
        return OK;
    TRY(identity_posts(cx, o->account.id, posts, POSTS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        o->has_post =
            o->has_post || (posts[i].unit == o->unit.id && str_eq(posts[i].role, o->role));
    return OK;
}

static void judge_cells(struct cx *cx, struct import_sheet *s, struct import_row *row,
                        const struct officer *o)
{
    if (!login_good(row->values[LOGIN]))
        import_fault_add(cx, s, row, LOGIN,
                         S(T("Tên đăng nhập gồm 3 đến 40 chữ thường không dấu, chữ số, dấu chấm "
                             "hoặc gạch, ví dụ motcua.kylua.")));
    if (row->values[NAME].n > 300)
        import_fault_add(cx, s, row, NAME, S(T("Họ và tên dài quá. Viết gọn lại.")));
    if (o->unit.id == 0)
        import_fault_add(cx, s, row, UNIT,
                         S(T("Không có đơn vị mang mã này hôm nay. Nhập đơn vị trước.")));
    else if (!str_starts(o->unit.path, s->reach))
        import_fault_add(cx, s, row, UNIT, S(T("Đơn vị này nằm ngoài phạm vi quản lý của bạn.")));
    if (o->role.n == 0)
        import_fault_add(cx, s, row, ROLE,
                         S(T("Không có vai trò này. Xem trang Quyền và vai trò.")));
    if (row->values[MAIL].n && !import_mail_good(row->values[MAIL]))
        import_fault_add(cx, s, row, MAIL, S(T("Thư điện tử phải có dạng ten@tinh.gov.vn.")));
    if (o->from_day == INT64_MIN)
        import_fault_add(cx, s, row, FROM,
                         S(T("Từ ngày phải có dạng ngày/tháng/năm, ví dụ 01/7/2025.")));
    else if (o->from_day > day_of(cx->now))
        import_fault_add(cx, s, row, FROM, S(T("Từ ngày không được sau hôm nay.")));
}

/* A login of the same file or of the program belongs to one person. */
static void judge_person(struct cx *cx, struct import_sheet *s, struct import_row *row,
                         const struct officer *o)
{
    const struct import_row *before = map_get(&s->keys, row->values[LOGIN]);
    const bool other = before && before->number != row->number;
    const struct str name = o->account.id ? o->account.name
                            : other       ? before->values[NAME]
                                          : row->values[NAME];
    if (!str_eq(text_compare_key(cx->arena, name), text_compare_key(cx->arena, row->values[NAME])))
        import_fault_add(cx, s, row, LOGIN,
                         S(T("Tên đăng nhập này là của người khác. Chọn tên khác.")));
    else if (o->account.closed)
        import_fault_add(cx, s, row, LOGIN, S(T("Tài khoản này đã đóng.")));
}

static enum err judge(struct cx *cx, struct import_sheet *s, struct import_row *row)
{
    struct officer o;
    TRY(officer_of(cx, row, &o));
    judge_cells(cx, s, row, &o);
    judge_person(cx, s, row, &o);
    if (row->verdict == ROW_WRONG)
        return OK;
    if (!s->bringing && !map_get(&s->keys, row->values[LOGIN]))
        map_put(cx->arena, &s->keys, row->values[LOGIN], row);
    row->verdict = o.account.id == 0 ? ROW_NEW : o.has_post ? ROW_SAME : ROW_CHANGED;
    return OK;
}

static enum err bring(struct cx *cx, const struct import_row *row)
{
    struct officer o;
    TRY(officer_of(cx, row, &o));
    int64_t account = o.account.id;
    if (account == 0) {
        struct person p = {.kind = S("cong_dan"),
                           .name = row->values[NAME],
                           .born_on = INT64_MIN,
                           .email = import_value(row, MAIL, S("")),
                           .phone = import_value(row, PHONE, S(""))};
        TRY(person_put(cx, &p));
        TRY(account_add(cx, row->values[LOGIN], IDENTITY_NO_PASSWORD, p.id, p.name, &account));
        TRY(identity_signer_make(cx, account));
    }
    if (o.has_post)
        return OK;
    /* A role of two persons waits for the other administrator, as on the page. */
    bool waits;
    return role_give(
        cx,
        &(struct post){
            .account = account, .role = o.role, .unit = o.unit.id, .from_day = o.from_day},
        &waits);
}

const struct import_table import_officers = {
    .kind = "can-bo",
    .title = "Cán bộ",
    .sheet = "Cán bộ",
    .columns = columns,
    .columns_n = COLUMNS,
    .examples = examples,
    .examples_n = sizeof examples / sizeof *examples,
    .judge = judge,
    .bring = bring,
};
