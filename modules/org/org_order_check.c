/* org_order_check.c - may this decision be carried out, as things stand? Reads only. */
#include "org_order.h"
#include "org_store.h"

#define AHEAD_DAYS_MAX 3660

static enum err wrong(struct cx *cx, const char *field, const char *why)
{
    return fail_field(cx, ERR_INVALID, str_c(field), "%s", why);
}

static enum err check_words(struct cx *cx, const struct org_order *o)
{
    if (str_trim(o->basis).n == 0)
        return wrong(cx, "can_cu", T("Nhập căn cứ: số, ngày nghị quyết hoặc quyết định."));
    if (utf8_count(o->basis) > ORG_BASIS_MAX)
        return wrong(cx, "can_cu", T("Căn cứ dài quá. Chỉ ghi số, ngày và cơ quan ban hành."));
    if (o->on_day <= 0 || o->on_day > day_of(cx->now) + AHEAD_DAYS_MAX)
        return wrong(cx, "ngay", T("Nhập ngày có hiệu lực, không quá mười năm nữa."));
    if (o->from_n == 0)
        return wrong(cx, "tu", T("Nhập mã của nơi được sắp xếp."));
    if (o->act != ORG_MERGE && o->from_n > 1)
        return wrong(cx, "tu", T("Việc này làm với từng nơi một: nhập một mã."));
    if (o->act != ORG_DISSOLVE && o->into_n == 0)
        return wrong(cx, "vao", o->act == ORG_RENAME ? T("Nhập tên mới.") : T("Nhập nơi kế tiếp."));
    if ((o->act == ORG_MERGE || o->act == ORG_RENAME) && o->into_n > 1)
        return wrong(cx, "vao", T("Chỉ nhập một dòng."));
    if (o->act == ORG_SPLIT && o->into_n < 2)
        return wrong(cx, "vao", T("Chia thì có ít nhất hai nơi kế tiếp, mỗi nơi một dòng."));
    for (size_t i = 0; i < o->into_n; i++)
        if (utf8_count(o->into[i].name) > ORG_NAME_MAX || o->into[i].code.n > 40)
            return wrong(cx, "vao", T("Mã hoặc tên dài quá. Viết gọn lại."));
    return OK;
}

static bool named_before(const struct org_order *o, size_t at, bool into)
{
    for (size_t i = 0; i < at; i++)
        if (into ? str_eq(o->into[i].code, o->into[at].code) : str_eq(o->from[i], o->from[at]))
            return true;
    return false;
}

static enum err not_twice(struct cx *cx, const struct org_order *o)
{
    for (size_t i = 0; i < o->from_n; i++)
        if (named_before(o, i, false))
            return fail_field(cx, ERR_INVALID, S("tu"), T("Mã %.*s nhập hai lần."), F(o->from[i]));
    for (size_t i = 0; i < o->into_n && o->act != ORG_RENAME; i++)
        if (named_before(o, i, true))
            return fail_field(cx, ERR_INVALID, S("vao"), T("Mã %.*s nhập hai lần."),
                              F(o->into[i].code));
    return OK;
}

/* ---- units ---- */

static bool reaches(const struct cx *cx, const struct org_unit *u)
{
    if (cx->scope.kind == SCOPE_ALL)
        return true;
    if (cx->scope.kind == SCOPE_UNIT_TREE)
        return cx->scope.unit_path.n && str_starts(u->path, cx->scope.unit_path);
    return cx->scope.kind == SCOPE_UNIT && u->id == cx->scope.unit;
}

/* In force now and until the day, and begun before it. */
static enum err unit_of(struct cx *cx, const struct org_order *o, struct str code,
                        const char *field, struct org_unit *u)
{
    enum err e = org_store_unit_by_code(cx, code, day_of(cx->now), u);
    if (e == ERR_NOT_FOUND)
        return fail_field(cx, ERR_INVALID, str_c(field),
                          T("Không có đơn vị nào đang hoạt động mang mã %.*s."), F(code));
    TRY(e);
    if (!reaches(cx, u))
        return fail(cx, ERR_DENIED, T("Bạn không quản lý %.*s. Hỏi người quản trị của tỉnh."),
                    F(u->name));
    if (u->valid_to)
        return fail_field(cx, ERR_CONFLICT, str_c(field), T("%.*s đã có quyết định kết thúc."),
                          F(u->name));
    if (u->valid_from >= o->on_day)
        return fail_field(cx, ERR_INVALID, S("ngay"),
                          T("%.*s hoạt động từ %.*s: ngày có hiệu lực phải sau ngày ấy."),
                          F(u->name), F(date_vi(cx->arena, u->valid_from)));
    return OK;
}

/* An existing unit is named by its code; with a name, the code must be free. */
static enum err into_unit(struct cx *cx, const struct org_order *o, const struct org_into *i,
                          struct org_unit *u)
{
    if (i->name.n == 0)
        return unit_of(cx, o, i->code, "vao", u);
    *u = (struct org_unit){.code = i->code};
    struct org_unit holder;
    enum err e =
        i->code.n == 0 ? OK : org_store_unit_by_code(cx, i->code, day_of(cx->now), &holder);
    if (i->code.n == 0 || e == OK)
        return fail_field(cx, ERR_INVALID, S("vao"),
                          T("Nơi lập mới cần một mã chưa ai dùng; nơi đã có thì chỉ ghi mã."));
    if (e != ERR_NOT_FOUND)
        return e;
    struct org_area area;
    if (i->area.n == 0)
        return OK;
    e = org_store_area_by_code(cx, i->area, day_of(cx->now), &area);
    if (e == ERR_NOT_FOUND)
        return fail_field(cx, ERR_INVALID, S("vao"), T("Không có địa bàn mang mã %.*s."),
                          F(i->area));
    u->area = area.id;
    return e;
}

/* Not into what lies below, nor where running work would go round in a circle. */
static enum err sound_tree(struct cx *cx, const struct org_order *o, const struct org_parties *p)
{
    for (size_t i = 0; i < o->from_n; i++)
        for (size_t k = 0; k < o->into_n; k++)
            if (p->into[k].id && p->into[k].id != p->from[i].id &&
                str_starts(p->into[k].path, p->from[i].path))
                return fail_field(cx, ERR_INVALID, S("vao"), T("%.*s là đơn vị con của %.*s."),
                                  F(p->into[k].name), F(p->from[i].name));
    if (p->takes.id && str_starts(p->takes.path, p->from[0].path) &&
        !(o->act == ORG_SPLIT && p->takes.id == p->from[0].id))
        return wrong(cx, "nhan_viec", T("Nơi nhận việc phải ở ngoài đơn vị được sắp xếp."));
    return OK;
}

static enum err takes_over(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    if (o->act == ORG_SPLIT) {
        bool among = o->takes_over.n == 0;
        for (size_t i = 0; i < o->into_n; i++)
            among = among || str_eq(o->into[i].code, o->takes_over);
        return among ? OK
                     : wrong(cx, "nhan_viec",
                             T("Nơi nhận việc đang làm phải là một trong các nơi kế tiếp."));
    }
    if (o->act != ORG_DISSOLVE)
        return OK;
    if (o->takes_over.n)
        return unit_of(cx, o, o->takes_over, "nhan_viec", &p->takes);
    if (p->from[0].parent == 0)
        return wrong(cx, "nhan_viec", T("Nhập mã đơn vị nhận việc đang làm."));
    return org_store_unit(cx, p->from[0].parent, &p->takes);
}

static enum err units(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    for (size_t i = 0; i < o->from_n; i++)
        TRY(unit_of(cx, o, o->from[i], "tu", &p->from[i]));
    for (size_t i = 0; i < o->into_n && o->act != ORG_RENAME; i++)
        TRY(into_unit(cx, o, &o->into[i], &p->into[i]));
    TRY(takes_over(cx, o, p));
    return sound_tree(cx, o, p);
}

/* ---- areas ---- */

static enum err area_of(struct cx *cx, const struct org_order *o, struct str code,
                        const char *field, struct org_area *a)
{
    enum err e = org_store_area_by_code(cx, code, day_of(cx->now), a);
    if (e == ERR_NOT_FOUND || (e == OK && a->valid_to))
        return fail_field(cx, ERR_INVALID, str_c(field),
                          T("Không có địa bàn nào đang hiệu lực mang mã %.*s."), F(code));
    TRY(e);
    if (a->valid_from >= o->on_day)
        return fail_field(cx, ERR_INVALID, S("ngay"),
                          T("%.*s có từ %.*s: ngày có hiệu lực phải sau ngày ấy."), F(a->name),
                          F(date_vi(cx->arena, a->valid_from)));
    return OK;
}

/* With communes inside it can be merged, into another of its kind: they go along. */
static enum err check_inside(struct cx *cx, const struct org_order *o, const struct org_area *a)
{
    struct org_area one;
    size_t n;
    TRY(org_store_areas_below(cx, a->id, &one, 1, &n));
    if (n && o->act != ORG_MERGE)
        return fail_field(
            cx, ERR_CONFLICT, S("tu"),
            T("%.*s còn xã, phường bên trong: chỉ sáp nhập được; chia hoặc giải thể thì "
              "nạp danh mục mới của cả nước."),
            F(a->name));
    return OK;
}

/* A province goes into a province, a commune into a commune. */
static enum err same_tier(struct cx *cx, const struct org_order *o, const struct org_parties *p)
{
    struct str rest;
    for (size_t i = 0; i < o->from_n; i++)
        for (size_t k = 0; k < o->into_n; k++) {
            const struct org_area *to = &p->into_area[k];
            const char *kind =
                to->id ? NULL : org_kind_of_name(text_fold(cx->arena, o->into[k].name), &rest);
            const bool province =
                to->id ? to->parent == 0
                       : str_eq(str_c(kind), S("tinh")) || str_eq(str_c(kind), S("thanh_pho"));
            if (province != (p->from_area[i].parent == 0))
                return fail_field(
                    cx, ERR_INVALID, S("vao"),
                    T("Tỉnh chỉ nhập vào tỉnh, thành phố; xã, phường chỉ nhập vào xã, "
                      "phường."));
        }
    return OK;
}

static enum err into_area(struct cx *cx, const struct org_order *o, const struct org_into *i,
                          struct org_area *a)
{
    struct org_area holder;
    struct str rest;
    if (i->name.n == 0)
        return area_of(cx, o, i->code, "vao", a);
    if (i->code.n == 0 || org_store_area_of_code(cx, i->code, o->on_day, &holder) == OK)
        return fail_field(cx, ERR_INVALID, S("vao"),
                          T("Nơi lập mới cần một mã chưa ai dùng; nơi đã có thì chỉ ghi mã."));
    if (!*org_kind_of_name(text_fold(cx->arena, i->name), &rest))
        return fail_field(cx, ERR_INVALID, S("vao"),
                          T("Tên bắt đầu bằng loại, ví dụ “Phường Kỳ Lừa”."));
    return OK;
}

static enum err areas(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    if (cx->scope.kind != SCOPE_ALL && cx->scope.kind != SCOPE_UNIT_TREE)
        return fail(cx, ERR_DENIED, T("Bạn không quản lý địa bàn. Hỏi người quản trị của tỉnh."));
    for (size_t i = 0; i < o->from_n; i++) {
        TRY(area_of(cx, o, o->from[i], "tu", &p->from_area[i]));
        if (cx->scope.kind != SCOPE_ALL &&
            !str_starts(p->from_area[i].path,
                        cx->actor->area_path.n ? cx->actor->area_path : S("?")))
            return fail(cx, ERR_DENIED, T("%.*s ở ngoài địa bàn bạn quản lý."),
                        F(p->from_area[i].name));
        if (o->act != ORG_RENAME)
            TRY(check_inside(cx, o, &p->from_area[i]));
    }
    for (size_t i = 0; i < o->into_n && o->act != ORG_RENAME; i++)
        TRY(into_area(cx, o, &o->into[i], &p->into_area[i]));
    if (o->act == ORG_MERGE)
        TRY(same_tier(cx, o, p));
    struct org_unit one;
    size_t n = 0;
    if (o->act == ORG_DISSOLVE)
        TRY(org_store_units_of_area(cx, p->from_area[0].id, &one, 1, &n));
    return n == 0 ? OK
                  : fail_field(cx, ERR_CONFLICT, S("tu"),
                               T("%.*s còn hoạt động ở địa bàn này: sắp xếp cơ quan trước."),
                               F(one.name));
}

enum err org_parties(struct cx *cx, const struct org_order *o, struct org_parties *p)
{
    *p = (struct org_parties){0};
    TRY(check_words(cx, o));
    TRY(not_twice(cx, o));
    return o->of_areas ? areas(cx, o, p) : units(cx, o, p);
}
