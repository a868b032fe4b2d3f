/* statistic_pages.c - what the pages share: unit and period of an address, names, words. */
#include "statistic_pages.h"

#include "http/http.h"

int statistic_months_back(int month, int n)
{
    int months = month / 100 * 12 + month % 100 - 1 - n;
    return months / 12 * 100 + months % 12 + 1;
}

struct period statistic_period(struct cx *cx, struct web_req *rq)
{
    const struct civil c = civil_at(cx->now);
    const int now = c.year * 100 + c.month;
    const int quarter = c.year * 100 + (c.month - 1) / 3 * 3 + 1;
    const struct period all[] = {
        {"nam", T("Năm nay"), c.year * 100 + 1, now, (c.year - 1) * 100 + 1,
         (c.year - 1) * 100 + 12},
        {"quy", T("Quý này"), quarter, now, statistic_months_back(quarter, 3),
         statistic_months_back(quarter, 1)},
        {"thang", T("Tháng này"), now, now, statistic_months_back(now, 1),
         statistic_months_back(now, 1)},
        {"thang-truoc", T("Tháng trước"), statistic_months_back(now, 1),
         statistic_months_back(now, 1), statistic_months_back(now, 2),
         statistic_months_back(now, 2)},
        {"nam-truoc", T("Năm trước"), (c.year - 1) * 100 + 1, (c.year - 1) * 100 + 12,
         (c.year - 2) * 100 + 1, (c.year - 2) * 100 + 12},
    };
    struct str asked = web_query(rq, "ky");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(asked, str_c(all[i].name)))
            return all[i];
    return all[0];
}

struct str statistic_address(struct cx *cx, const char *path, struct str unit_code,
                             const struct period *p)
{
    struct buf b = {.arena = cx->arena, .limit = 400};
    buf_fmt(&b, "%s?", path);
    if (unit_code.n)
        buf_fmt(&b, "don-vi=%.*s&", F(url_encode(cx->arena, unit_code)));
    if (p && strcmp(p->name, "nam") != 0)
        buf_fmt(&b, "ky=%s&", p->name);
    return buf_str(&b);
}

struct look_chip statistic_period_chip(struct cx *cx, const char *path, struct str unit_code,
                                       const struct period *p)
{
    static const char *const names[][2] = {{"nam", T("Năm nay")},
                                           {"quy", T("Quý này")},
                                           {"thang", T("Tháng này")},
                                           {"thang-truoc", T("Tháng trước")},
                                           {"nam-truoc", T("Năm trước")}};
    size_t n = sizeof names / sizeof *names;
    struct look_link *links = NEW_N(cx->arena, struct look_link, n);
    struct str base = statistic_address(cx, path, unit_code, NULL);
    for (size_t i = 0; i < n; i++)
        links[i] = (struct look_link){tr(cx, str_c(names[i][1])),
                                      str_fmt(cx->arena, "%.*sky=%s", F(base), names[i][0]), S(""),
                                      strcmp(names[i][0], p->name) == 0};
    return (struct look_chip){.label = tr(cx, str_c(p->label)), .options = links, .options_n = n};
}

/* ---- the unit ---- */

static bool may_see(const struct cx *cx, const struct org_unit *u)
{
    const struct scope *s = &cx->scope;
    if (s->kind == SCOPE_ALL)
        return true;
    if (s->kind == SCOPE_UNIT_TREE)
        return s->unit_path.n && str_starts(u->path, s->unit_path);
    if (s->kind == SCOPE_AREA_TREE)
        return s->area_path.n && str_starts(u->area_path, s->area_path);
    return s->kind == SCOPE_UNIT && u->id == s->unit;
}

enum err statistic_place(struct cx *cx, struct web_req *rq, struct place *out)
{
    struct str code = web_query(rq, "don-vi");
    *out = (struct place){.alone = cx->scope.kind == SCOPE_UNIT, .narrowed = code.n > 0};
    if (code.n)
        TRY(org_unit_by_code(cx, code, day_of(cx->now), &out->unit));
    else
        TRY(org_unit_find(cx, cx->actor->unit, &out->unit));
    if (!may_see(cx, &out->unit))
        return fail(cx, ERR_DENIED,
                    T("Bạn chưa có quyền xem số liệu của đơn vị này, vì vai trò của bạn chỉ gồm "
                      "đơn vị mình. Hỏi người quản trị của đơn vị."));
    out->whole = !out->alone && str_eq(out->unit.kind, S("ubnd_tinh"));
    return OK;
}

/* ---- words ---- */

enum err statistic_source(struct cx *cx, struct str *out)
{
    int64_t at;
    TRY(statistic_as_of(cx, &at));
    *out = at ? tr_fmt(cx, T("Nhật ký hồ sơ · số liệu lúc %.*s"), F(time_vi(cx->arena, at)))
              : tr(cx, S(T("Nhật ký hồ sơ · chưa đếm xong")));
    return OK;
}

int statistic_in_time(const struct statistic_flows *f)
{
    return statistic_share(f->n[FLOW_EARLY] + f->n[FLOW_ON_TIME], statistic_resolved(f));
}

struct str statistic_tenths_change(struct cx *cx, int now, int before, struct str against)
{
    if (now < 0 || before < 0)
        return S("");
    int by = now - before;
    if (by == 0)
        return tr_fmt(cx, T("Bằng %.*s"), F(against));
    int size = by < 0 ? -by : by;
    return tr_fmt(cx, T("%s %d,%d điểm so với %.*s"), by > 0 ? "▲" : "▼", size / 10, size % 10,
                  F(against));
}

/* Most lines are of units right under the root: those come with one question. */
static enum err unit_of(struct cx *cx, const struct org_unit *children, size_t n, int64_t id,
                        struct org_unit *out)
{
    for (size_t i = 0; i < n; i++)
        if (children[i].id == id) {
            *out = children[i];
            return OK;
        }
    return org_unit_find(cx, id, out);
}

enum err statistic_name_units(struct cx *cx, const struct org_unit *root,
                              struct statistic_line *lines, size_t *n)
{
    struct org_unit *children = NEW_N(cx->arena, struct org_unit, UNITS_MAX);
    size_t kept = 0, children_n;
    TRY(org_children(cx, root->id, children, UNITS_MAX, &children_n));
    for (size_t i = 0; i < *n; i++) {
        struct org_unit u;
        enum err e = OK;
        if (lines[i].unit == root->id)
            u = *root;
        else
            e = unit_of(cx, children, children_n, lines[i].unit, &u);
        if (e == ERR_NOT_FOUND || (e == OK && !str_starts(u.path, root->path)))
            continue;
        TRY(e);
        lines[kept] = lines[i];
        lines[kept].code = u.code;
        lines[kept].name = u.short_name.n ? u.short_name : u.name;
        lines[kept].area = u.area;
        lines[kept++].path = u.path;
    }
    *n = kept;
    return OK;
}

void statistic_one_an_area(struct statistic_line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++)
            if (i != k && lines[i].area && lines[i].area == lines[k].area &&
                str_starts(lines[k].path, lines[i].path))
                lines[k].area = 0;
}

bool statistic_right_below(const struct org_unit *root, const struct statistic_line *l)
{
    if (l->path.n <= root->path.n || !str_starts(l->path, root->path))
        return false;
    size_t slashes = 0;
    for (size_t i = root->path.n; i < l->path.n; i++)
        slashes += l->path.p[i] == '/';
    return slashes == 1;
}

#define NAME_SHOWN 110 /* bytes */

struct look_cell statistic_name_cell(struct cx *cx, struct str name, struct str code)
{
    struct look_cell c = {.text = name, .sub = code, .below = true};
    if (name.n <= NAME_SHOWN)
        return c;
    size_t end = NAME_SHOWN;
    while (end > 0 && name.p[end] != ' ')
        end--;
    c.title = name;
    c.text = str_fmt(cx->arena, "%.*s…", F(str_until(name, end)));
    return c;
}

const struct look_column *statistic_columns(struct cx *cx, const struct look_column *columns,
                                            size_t n)
{
    struct look_column *out = NEW_N(cx->arena, struct look_column, n);
    for (size_t i = 0; i < n; i++) {
        out[i] = columns[i];
        out[i].title = tr(cx, columns[i].title);
        out[i].label = tr(cx, columns[i].label);
    }
    return out;
}
