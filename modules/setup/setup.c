/* setup.c - founding: the province, its committee, its first administrator. */
#include "setup.h"

#include "journal/journal.h"
#include "org/org.h"

#define CODE_MAX 40

const struct right setup_manage = {
    .name = "setup.manage",
    .title = "Thiết đặt hệ thống, nhập đơn vị và cán bộ",
    .step_up = true,
    .whole = true,
};

/* "Tỉnh Lạng Sơn" stands in a name as "tỉnh Lạng Sơn". */
static bool province_name(struct cx *cx, struct str typed, struct str *inside, struct str *kind)
{
    static const struct {
        const char *head, *inside, *kind;
    } kinds[] = {{"Tỉnh ", "tỉnh ", "tinh"}, {"Thành phố ", "thành phố ", "thanh_pho"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct str head = str_c(kinds[i].head);
        if (!str_starts(typed, head) || typed.n == head.n || typed.n > 200)
            continue;
        *inside = str_fmt(cx->arena, "%s%.*s", kinds[i].inside, F(str_from(typed, head.n)));
        *kind = str_c(kinds[i].kind);
        return true;
    }
    return false;
}

static bool code_good(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'A' && s.p[i] <= 'Z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              s.p[i] == '.'))
            return false;
    return s.n > 0 && s.n <= CODE_MAX;
}

static enum err area_of(struct cx *cx, const struct setup_founding *f, int64_t *area)
{
    struct org_area known;
    const enum err e = org_area_by_code(cx, f->area, day_of(cx->now), &known);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_CONFLICT, T("Danh mục địa bàn không có mã %.*s."), F(f->area));
    TRY(e);
    *area = known.id;
    if (!str_eq(text_compare_key(cx->arena, known.name), text_compare_key(cx->arena, f->province)))
        return fail(cx, ERR_CONFLICT, T("Mã địa bàn %.*s là của %.*s, không phải %.*s."),
                    F(f->area), F(known.name), F(f->province));
    return OK;
}

static enum err root_unit(struct cx *cx, const struct setup_founding *f, struct str inside,
                          int64_t area, int64_t *unit)
{
    struct org_unit known, fresh = {
                               .area = area,
                               .code = f->code,
                               .dossier_code = f->code,
                               .kind = S("ubnd_tinh"),
                               .name = str_fmt(cx->arena, "Ủy ban nhân dân %.*s", F(inside)),
                               .short_name = S("UBND tỉnh"),
                               .address = S(""),
                               .phone = S(""),
                               .email = S(""),
                               .valid_from = civil_day(2025, 7, 1),
                           };
    const enum err e = org_unit_by_code(cx, f->code, day_of(cx->now), &known);
    if (e == ERR_NOT_FOUND)
        return org_unit_put(cx, &fresh, unit);
    *unit = known.id;
    return e;
}

enum err setup_founding_check(struct cx *cx, const struct setup_founding *f)
{
    struct str inside, kind;
    if (!province_name(cx, f->province, &inside, &kind))
        return fail(cx, ERR_INVALID,
                    T("Tên tỉnh phải bắt đầu bằng “Tỉnh” hoặc “Thành phố”, ví dụ Tỉnh Lạng Sơn."));
    if (!code_good(f->code) || !code_good(f->area))
        return fail(
            cx, ERR_INVALID,
            T("Mã đơn vị và mã địa bàn chỉ gồm chữ hoa không dấu, chữ số và dấu chấm, ví dụ "
              "H37 và 20."));
    if (f->login.n == 0 || f->login.n > 100 || f->name.n == 0 || f->name.n > 300)
        return fail(cx, ERR_INVALID, T("Nêu tên đăng nhập và họ tên của người quản trị."));
    return OK;
}

enum err setup_found(struct cx *cx, const struct setup_founding *f, struct invite *link)
{
    struct str inside, kind;
    int64_t area = 0, unit = 0, account = 0;
    TRY(setup_founding_check(cx, f));
    MUST(province_name(cx, f->province, &inside, &kind));
    struct person p = {.kind = S("cong_dan"), .name = f->name, .born_on = INT64_MIN};
    TRY(area_of(cx, f, &area));
    TRY(root_unit(cx, f, inside, area, &unit));
    TRY(person_put(cx, &p));
    TRY(account_add(cx, f->login, IDENTITY_NO_PASSWORD, p.id, p.name, &account));
    TRY(role_grant(cx, account, SETUP_ROLE, unit, 0, 0));
    TRY(identity_invite(cx, account, link));
    return journal_write(cx, &(struct event){.kind = S("setup.founded"),
                                             .subject_kind = S("org.unit"),
                                             .subject_id = unit,
                                             .unit = unit});
}
