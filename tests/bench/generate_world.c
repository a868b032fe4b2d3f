/* generate_world.c - who is there before the year begins: offices, people, what can be filed. */
#include "generate_inside.h"

/* ---- luck ---- */

uint32_t luck(uint32_t of)
{
    g.seed = g.seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((g.seed >> 33) % of);
}

/* ---- names ---- */

/* So many of a hundred bear it, more or less; words that are not said share the rest. */
struct share {
    const char *word;
    uint32_t of;
};

static struct str one_of(const struct share *list, size_t n)
{
    uint32_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += list[i].of;
    uint32_t at = luck(total);
    for (size_t i = 0; i < n; i++) {
        if (at < list[i].of)
            return str_c(list[i].word);
        at -= list[i].of;
    }
    return str_c(list[0].word);
}
#define ONE_OF(list) one_of((list), sizeof(list) / sizeof *(list))

/* clang-format off */
/* A province of the north-east: Tày, Nùng and Kinh families. */
static const struct share families[] = {
    {"Hoàng", 16}, {"Nông", 12}, {"Nguyễn", 15}, {"Lý", 7}, {"Vi", 6}, {"Triệu", 6}, {"Lương", 5},
    {"Trần", 5}, {"Đàm", 3}, {"Hà", 3}, {"Dương", 3}, {"Lê", 3}, {"Phạm", 3}, {"Bế", 2}, {"Lộc", 2},
    {"Chu", 2}, {"Phùng", 2}, {"Mã", 1}, {"Lâm", 1}, {"Đinh", 1}, {"Vũ", 1}, {"Bùi", 1}};
static const struct share women_middle[] = {
    {"Thị", 55}, {"Thu", 8}, {"Ngọc", 6}, {"Thanh", 6}, {"Hồng", 5}, {"Phương", 5}, {"Minh", 4},
    {"Bích", 4}, {"Thùy", 3}, {"Thị Thu", 2}, {"Thị Ngọc", 2}};
static const struct share men_middle[] = {
    {"Văn", 45}, {"Minh", 9}, {"Đức", 8}, {"Quang", 6}, {"Ngọc", 5}, {"Xuân", 5}, {"Hữu", 4},
    {"Công", 4}, {"Thanh", 4}, {"Trung", 4}, {"Quốc", 3}, {"Anh", 3}};
static const struct share women[] = {
    {"Hạnh", 4}, {"Thảo", 4}, {"Lan", 4}, {"Yến", 3}, {"Hương", 5}, {"Trang", 4}, {"Loan", 3},
    {"Nga", 3}, {"Nhung", 3}, {"Vân", 3}, {"Cúc", 2}, {"Thơm", 2}, {"Bích", 2}, {"Hiền", 4}, {"Mùi", 2},
    {"Hoa", 4}, {"Mai", 4}, {"Huệ", 3}, {"Liên", 3}, {"Dung", 3}, {"Linh", 4}, {"Ngân", 2}, {"Oanh", 2},
    {"Phượng", 3}, {"Quyên", 2}, {"Tuyết", 3}, {"Thủy", 4}, {"Xuân", 2}, {"Hằng", 4}, {"Hà", 4}, {"Châu", 1},
    {"Diệp", 1}, {"Tâm", 2}, {"Thúy", 3}, {"Chi", 2}, {"My", 1}, {"Ly", 2}, {"Bình", 1}};
static const struct share men[] = {
    {"Quân", 3}, {"Bình", 3}, {"Sơn", 4}, {"Kiên", 3}, {"Phúc", 3}, {"Tuấn", 5}, {"Khôi", 1}, {"Dũng", 5},
    {"Thắng", 4}, {"Quyết", 2}, {"Đăng", 2}, {"Lâm", 3}, {"Hòa", 3}, {"Sáng", 1}, {"Tình", 1}, {"Việt", 3},
    {"Toản", 2}, {"Tài", 2}, {"Hùng", 5}, {"Hải", 4}, {"Long", 3}, {"Nam", 4}, {"Cường", 4}, {"Đạt", 3},
    {"Hiếu", 3}, {"Khánh", 2}, {"Mạnh", 4}, {"Minh", 3}, {"Nghĩa", 2}, {"Phong", 3}, {"Quang", 3},
    {"Thành", 4}, {"Toàn", 2}, {"Trường", 2}, {"Tùng", 3}, {"Vinh", 2}, {"Vượng", 1}, {"Chiến", 3}};
/* clang-format on */

struct str any_name(struct cx *cx, bool woman)
{
    struct str family = ONE_OF(families);
    struct str middle = woman ? ONE_OF(women_middle) : ONE_OF(men_middle);
    struct str given = woman ? ONE_OF(women) : ONE_OF(men);
    return str_fmt(cx->arena, "%.*s %.*s %.*s", F(family), F(middle), F(given));
}

/* ---- offices, people, procedures ---- */

static enum err put_unit(struct cx *cx, const struct org_unit *like, const struct org_area *area,
                         struct str code, int64_t parent, const char *what, struct org_unit *out)
{
    struct org_unit u = *like;
    int64_t id;
    u.id = 0;
    u.parent = parent;
    u.area = area->id;
    u.code = code;
    u.name = str_fmt(cx->arena, "%s %.*s", what, F(area->name));
    u.short_name = str_fmt(cx->arena, "%s %.*s",
                           strcmp(what, "Ủy ban nhân dân") ? "TTPVHCC" : "UBND", F(area->name));
    TRY(org_unit_put(cx, &u, &id));
    return org_unit_find(cx, id, out);
}

enum err make_houses(struct cx *cx, void *)
{
    struct org_unit ubnd, centre, province, some[8];
    struct org_area root, areas[400];
    size_t n, found;
    const int64_t today = day_of(cx->now);
    TRY(org_unit_by_code(cx, S("H37"), today, &province));
    TRY(org_unit_by_code(cx, S("H37.114"), today, &ubnd));
    TRY(org_unit_by_code(cx, S("H37.114.01"), today, &centre));
    TRY(org_area_by_code(cx, S("20"), today, &root));
    TRY(org_areas_below(cx, root.id, areas, 400, &n));
    for (size_t i = 0; i < n && g.houses_n < HOUSES_MAX; i++) {
        struct house *h = &g.houses[g.houses_n++];
        TRY(org_units_of_kind(cx, S("ubnd_xa"), areas[i].id, some, 8, &found));
        if (found) {
            h->decides = some[0];
            TRY(org_units_of_kind(cx, S("ttpvhcc_xa"), areas[i].id, some, 8, &found));
            h->receives = found ? some[0] : h->decides;
            continue;
        }
        struct str code = str_fmt(cx->arena, "H37.%03zu", 300 + i);
        ubnd.dossier_code = code;
        TRY(put_unit(cx, &ubnd, &areas[i], code, province.id, "Ủy ban nhân dân", &h->decides));
        centre.dossier_code = code;
        TRY(put_unit(cx, &centre, &areas[i], str_fmt(cx->arena, "%.*s.01", F(code)), h->decides.id,
                     "Trung tâm Phục vụ hành chính công", &h->receives));
    }
    return OK;
}

enum err make_people(struct cx *cx, void *)
{
    for (size_t i = 0; i < 250 && g.people_n < g.people_max; i++) {
        const bool woman = luck(2);
        struct person p = {.kind = S("cong_dan"),
                           .name = any_name(cx, woman),
                           .born_on = civil_day(1960 + (int)luck(45), 1 + (int)luck(12), 3),
                           .sex = woman ? S("nu") : S("nam"),
                           .phone = S("0900000000"),
                           .address = S("Tổ 1, tỉnh Lạng Sơn")};
        TRY(person_put(cx, &p));
        g.people[g.people_n++] =
            (struct person){.id = p.id, .subject = p.subject, .name = str_dup(g.app.arena, p.name)};
    }
    return OK;
}

enum err load_procedures(struct cx *cx, void *)
{
    struct procedure_hit hits[PROCEDURES_MAX];
    size_t n;
    TRY(procedure_open_list(cx, hits, PROCEDURES_MAX, &n));
    for (size_t i = 0; i < n; i++) {
        const struct procedure *p;
        TRY(procedure_find(cx, hits[i].code, &p));
        if (str_eq(p->deciding_kind, S("ubnd_xa")) && p->steps_n > 0)
            g.procedures[g.procedures_n++] = p;
    }
    TRY(db_one_int(cx, &g.form_version, "select max(id) from form_version"));
    struct account a;
    TRY(account_by_login(cx, S("hotich.kylua"), &a));
    g.clerk = a.id;
    TRY(account_by_login(cx, S("chutich.kylua"), &a));
    g.leader = a.id;
    TRY(account_by_login(cx, S("motcua.kylua"), &a));
    g.counter = a.id;
    return g.procedures_n ? OK : fail(cx, ERR_NOT_FOUND, "no procedure is open");
}
