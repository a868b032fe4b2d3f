/* statistic_map.c - boundaries from packs; areas in the colour of their share in time. */
#include "statistic_map.h"

#include "crypto/crypto.h"
#include "json/json.h"
#include "org/org.h"

#define AREAS_MAX 400

/* ---- the pack ---- */

/* It will stand in an SVG file as it is: numbers and the commands we write, nothing else. */
static bool is_path(struct str path)
{
    for (size_t i = 0; i < path.n; i++)
        if (!memchr("0123456789 -Mlz", path.p[i], 15))
            return false;
    return path.n && path.p[0] == 'M';
}

static bool is_code(struct str code)
{
    for (size_t i = 0; i < code.n; i++)
        if (code.p[i] < '0' || code.p[i] > '9')
            return false;
    return code.n > 0 && code.n < 10;
}

static enum err put_areas(struct cx *cx, struct str province, const struct json *areas,
                          struct pack_report *report)
{
    for (uint32_t i = 0; i < areas->n; i++) {
        const struct json *v = json_at(areas, i);
        const struct map_area a = {json_text(json_get(v, S("code"))),
                                   json_text(json_get(v, S("path")))};
        if (is_code(a.code) && is_path(a.path)) {
            TRY(statistic_store_map_area_put(cx, province, &a));
            report->added++;
            continue;
        }
        report->refused++;
        buf_fmt(&report->lines, "%.*s: không đọc được mã hoặc đường ranh giới\n", F(a.code));
    }
    return OK;
}

static enum err load_map(struct cx *cx, [[maybe_unused]] struct str name, struct str bytes,
                         [[maybe_unused]] size_t *next, struct pack_report *report)
{
    const struct json *root;
    struct json_error error;
    if (json_read(cx->arena, bytes, &root, &error) != OK)
        return fail(cx, ERR_INVALID, T("Gói dữ liệu hỏng ở dòng %zu: %s."), error.line, error.what);
    const struct json *areas = json_get(root, S("areas"));
    const struct hash digest = sha256(bytes);
    const struct map_picture p = {
        .province = json_text(json_get(root, S("province"))),
        .source = json_text(json_get(root, S("source"))),
        .sha256 = str_hex(cx->arena, (struct str){(const char *)digest.b, sizeof digest.b}),
        .width = json_int(json_get(root, S("width")), 0),
        .height = json_int(json_get(root, S("height")), 0),
    };
    if (!is_code(p.province) || p.width <= 0 || p.height <= 0 || areas->n > AREAS_MAX)
        return fail(cx, ERR_INVALID, T("Bản đồ thiếu province, width hoặc height."));
    struct map_picture known;
    enum err e = statistic_store_map(cx, p.province, &known);
    if (e == OK && str_eq(known.sha256, p.sha256)) {
        report->same += areas->n;
        return OK;
    }
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    TRY(statistic_store_map_put(cx, &p));
    return put_areas(cx, p.province, areas, report);
}

const struct pack_kind statistic_packs[] = {
    {"map", "Bản đồ ranh giới", load_map},
    {0},
};

/* ---- the picture ---- */

enum err statistic_show_map(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct str province = web_path(rq, "ma");
    struct map_picture p;
    size_t n;
    if (str_ends(province, S(".svg")))
        province.n -= 4;
    if (statistic_store_map(cx, province, &p) != OK)
        return fail(cx, ERR_NOT_FOUND, T("Không có bản đồ của địa bàn này."));
    struct map_area *areas = NEW_N(cx->arena, struct map_area, AREAS_MAX);
    TRY(statistic_store_map_areas(cx, province, true, areas, AREAS_MAX, &n));
    struct buf b = {.arena = cx->arena, .limit = (size_t)1 << 20};
    buf_fmt(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %lld %lld\">\n",
            (long long)p.width, (long long)p.height);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "<path id=\"a%.*s\" d=\"%.*s\"/>\n", F(areas[i].code), F(areas[i].path));
    buf_add(&b, S("</svg>\n"));
    rs->content_type = S("image/svg+xml");
    rs->bytes = buf_str(&b);
    rs->etag = str_until(p.sha256, 16);
    rs->cache_seconds = 24 * 60 * 60; /* its address bears its hash */
    return OK;
}

/* ---- the map of a page ---- */

static const struct {
    int from, class_no; /* tenths of a percent */
    const char *label;
} classes[] = {
    {990, 4, "99% trở lên"}, {980, 3, "98 đến 99%"}, {960, 2, "96 đến 98%"},
    {930, 1, "93 đến 96%"},  {0, 5, "dưới 93%"},     {-1, 0, "chưa có số liệu"},
};
#define CLASSES (sizeof classes / sizeof *classes)

static int class_of(int share)
{
    size_t i = 0;
    while (i + 1 < CLASSES && share < classes[i].from)
        i++;
    return classes[i].class_no;
}

static struct look_area area_of(struct cx *cx, const struct map_picture *p, struct str code)
{
    return (struct look_area){
        .shape = str_fmt(cx->arena, "/ban-do/%.*s.svg?v=%.*s#a%.*s", F(p->province),
                         F(str_until(p->sha256, 16)), F(code)),
        .class_no = 0,
    };
}

static void fill_area(struct cx *cx, struct look_area *a, const struct statistic_line *l,
                      const char *href)
{
    const struct statistic_flows *f = &l->in;
    int share = statistic_share(f->n[FLOW_EARLY] + f->n[FLOW_ON_TIME], statistic_resolved(f));
    a->class_no = class_of(share);
    if (*href)
        a->href = str_fmt(cx->arena, "%s%.*s", href, F(url_encode(cx->arena, l->code)));
    a->words = tr_fmt(cx, T("%.*s: %.*s đúng hạn, %.*s trễ trong %.*s đã giải quyết"), F(l->name),
                      F(look_percent(cx, share)), F(look_number(cx, f->n[FLOW_LATE])),
                      F(look_number(cx, statistic_resolved(f))));
}

static const struct org_area *area_named(const struct org_area *areas, size_t n, struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(areas[i].code, code))
            return &areas[i];
    return NULL; /* the map is of another day than the list */
}

static enum err draw_areas(struct cx *cx, const struct map_picture *p,
                           const struct statistic_line *lines, size_t n, const char *href,
                           struct look_map_view *out)
{
    struct map_area *codes = NEW_N(cx->arena, struct map_area, AREAS_MAX);
    struct org_area *known = NEW_N(cx->arena, struct org_area, AREAS_MAX), province;
    struct look_area *areas = NEW_N(cx->arena, struct look_area, AREAS_MAX);
    size_t known_n;
    TRY(org_area_by_code(cx, p->province, day_of(cx->now), &province));
    TRY(org_areas_below(cx, province.id, known, AREAS_MAX, &known_n));
    TRY(statistic_store_map_areas(cx, p->province, false, codes, AREAS_MAX, &out->areas_n));
    for (size_t i = 0; i < out->areas_n; i++) {
        const struct org_area *area = area_named(known, known_n, codes[i].code);
        areas[i] = area_of(cx, p, codes[i].code);
        if (!area)
            continue;
        areas[i].words = tr_fmt(cx, T("%.*s: chưa có số liệu"), F(area->name));
        for (size_t k = 0; k < n; k++)
            if (lines[k].area == area->id)
                fill_area(cx, &areas[i], &lines[k], href);
    }
    out->areas = areas;
    return OK;
}

enum err statistic_map_view(struct cx *cx, struct str province, const struct statistic_line *lines,
                            size_t n, const char *href, struct look_map_view *out,
                            struct str *source)
{
    struct map_picture p;
    struct look_class *legend = NEW_N(cx->arena, struct look_class, CLASSES);
    *out = (struct look_map_view){.legend = legend, .legend_n = CLASSES};
    enum err e = statistic_store_map(cx, province, &p);
    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    for (size_t i = 0; i < CLASSES; i++)
        legend[i] = (struct look_class){classes[i].class_no, tr(cx, str_c(classes[i].label))};
    out->label = tr(cx, S(T("Tỷ lệ giải quyết đúng hạn theo xã, phường")));
    out->box =
        str_fmt(cx->arena, "-4 -4 %lld %lld", (long long)p.width + 8, (long long)p.height + 8);
    *source = p.source;
    return draw_areas(cx, &p, lines, n, href, out);
}
