/* procedure_pack.c - the pack kind "procedure": published records and what the province opens. */
#include "crypto/crypto.h"
#include "lane/lane.h"
#include "module/module.h"
#include "procedure_import.h"
#include "procedure_inside.h"

struct str procedure_canonical(struct cx *cx, const struct json *v, struct str *sha256_hex)
{
    struct buf text = {.arena = cx->arena, .limit = (size_t)1 << 20};
    struct json_out o = {.to = &text};
    json_put(&o, v);
    struct hash h = sha256(buf_str(&text));
    *sha256_hex = str_hex(cx->arena, HASH_STR(h));
    return buf_str(&text);
}

/* A new version only when something in the record differs. */
static enum err put_version(struct cx *cx, const struct json *record, int64_t from, bool *changed,
                            struct pack_report *report)
{
    struct version_row v = {
        .code = json_text(json_get(record, S("code"))),
        .name = json_text(json_get(record, S("name"))),
        .field_code = json_text(json_get(json_get(record, S("field")), S("code"))),
        .field_name = json_text(json_get(json_get(record, S("field")), S("name"))),
        .valid_from = from,
    };
    v.record = procedure_canonical(cx, record, &v.sha256);
    TRY(procedure_store_put(cx, v.code, &v.procedure));
    struct str known;
    enum err e = procedure_store_sha256_of(cx, v.code, &known);
    *changed = e != OK || !str_eq(known, v.sha256);
    if (!*changed) {
        report->same++;
        return OK;
    }
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    *(e == OK ? &report->changed : &report->added) += 1;
    return procedure_store_version_add(cx, &v);
}

enum err procedure_put_opening(struct cx *cx, const struct json *opening, int64_t procedure,
                               int64_t from, bool *changed)
{
    struct opening_row o = {.procedure = procedure, .valid_from = from}, known;
    o.settings = procedure_canonical(cx, opening, &o.sha256);
    enum err e = procedure_store_opening(cx, procedure, INT64_C(4000000), &known);
    if (e == OK && str_eq(known.sha256, o.sha256))
        return OK;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    *changed = true;
    return procedure_store_opening_add(cx, &o);
}

static enum err refuse(struct pack_report *report, struct str code, struct str why)
{
    report->refused++;
    buf_fmt(&report->lines, "%.*s: %.*s\n", F(code), F(why));
    return OK;
}

enum err procedure_put_record(struct cx *cx, const struct json *record, const struct json *opening,
                              struct pack_report *report)
{
    struct str code = json_text(json_get(record, S("code")));
    int64_t from, id;
    bool changed;
    if (code.n == 0 || code.n > 60)
        return refuse(report, code, S("thiếu mã thủ tục"));
    if (!date_parse(json_text(json_get(opening, S("valid_from"))), &from))
        from = day_of(cx->now);
    TRY(put_version(cx, record, from, &changed, report));
    if (opening->kind == JSON_OBJECT) {
        TRY(procedure_store_put(cx, code, &id));
        TRY(procedure_put_opening(cx, opening, id, from, &changed));
    }
    return changed ? procedure_reindex(cx, code) : OK;
}

static enum err put_procedure(struct cx *cx, const struct json *v, struct pack_report *report)
{
    return procedure_put_record(cx, json_get(v, S("record")), json_get(v, S("opening")), report);
}

/* ---- the search index, made again from what is stored ---- */

enum err procedure_reindex(struct cx *cx, struct str code)
{
    struct opening_row o;
    struct procedure *p;
    const struct json *settings = NULL;
    struct json_error error;
    static const struct json none = {.kind = JSON_ARRAY};
    TRY(procedure_newest(cx, code, &p));
    if (p->open) {
        TRY(procedure_store_opening_by_id(cx, p->opening_id, &o));
        if (json_read(cx->arena, o.settings, &settings, &error) != OK)
            return fail(cx, ERR_IO, "procedure %.*s: stored opening: %s", F(code), error.what);
    }
    return procedure_index(cx, p, settings ? json_get(settings, S("alias")) : &none);
}

#define CODES_A_ROUND 50

static enum err reindex_all(struct cx *cx, const struct str *codes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct arena_mark here = arena_here(cx->arena);
        TRY(procedure_reindex(cx, codes[i]));
        arena_back(cx->arena, here);
    }
    return OK;
}

enum err procedure_rebuild(struct cx *cx)
{
    char kept[64];
    struct str codes[CODES_A_ROUND], last = S("");
    size_t n = CODES_A_ROUND;
    while (n == CODES_A_ROUND) {
        struct arena_mark here = arena_here(cx->arena);
        TRY(procedure_store_next_codes(cx, last, codes, CODES_A_ROUND, &n));
        TRY(reindex_all(cx, codes, n));
        if (n) {
            last = str_until(codes[n - 1], sizeof kept); /* codes have at most 60 bytes */
            memcpy(kept, last.p, last.n);
            last.p = kept;
        }
        arena_back(cx->arena, here);
    }
    return OK;
}

static enum err index_some(struct cx *cx, void *arg)
{
    struct str codes[CODES_A_ROUND];
    size_t *n = arg;
    TRY(procedure_store_without_card(cx, codes, CODES_A_ROUND, n));
    return reindex_all(cx, codes, *n);
}

enum err procedure_start(struct cx *cx)
{
    size_t n = 1;
    while (n) {
        struct arena_mark here = arena_here(cx->arena);
        TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, index_some, &n));
        arena_back(cx->arena, here);
    }
    return OK;
}

static enum err load_procedures(struct cx *cx, [[maybe_unused]] struct str name, struct str bytes,
                                size_t *next, struct pack_report *report)
{
    const struct json *root;
    struct json_error error;
    if (json_read(cx->arena, bytes, &root, &error) != OK)
        return fail(cx, ERR_INVALID, T("Gói thủ tục hỏng ở dòng %zu: %s."), error.line, error.what);
    const struct json *list = json_get(root, S("procedures"));
    if (*next < list->n)
        TRY(put_procedure(cx, json_at(list, *next), report));
    *next = *next + 1 < list->n ? *next + 1 : 0;
    return OK;
}

/* ---- what a province opens of records that are already there ---- */

static enum err open_one(struct cx *cx, const struct json *v, struct pack_report *report)
{
    struct str code = json_text(json_get(v, S("code")));
    const struct json *opening = json_get(v, S("opening"));
    struct procedure *p;
    struct version_row row;
    struct opening_row o = {.settings = S("")}, known;
    enum err e = procedure_store_version(cx, code, INT64_C(4000000), &row);
    if (e == ERR_NOT_FOUND)
        return refuse(report, code, S("danh mục chưa có thủ tục này; nạp danh mục trước"));
    if (e != OK)
        return e;
    int64_t from;
    if (!date_parse(json_text(json_get(opening, S("valid_from"))), &from))
        from = day_of(cx->now);
    o.settings = procedure_canonical(cx, opening, &o.sha256);
    if (procedure_from_rows(cx, &row, &o, &p) != OK)
        return refuse(report, code, cx->why);
    e = procedure_store_opening(cx, row.procedure, INT64_C(4000000), &known);
    if (e == OK && str_eq(known.sha256, o.sha256)) {
        report->same++;
        return OK;
    }
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    *(e == OK ? &report->changed : &report->added) += 1;
    bool changed;
    TRY(procedure_put_opening(cx, opening, row.procedure, from, &changed));
    return procedure_reindex(cx, code);
}

static enum err load_openings(struct cx *cx, [[maybe_unused]] struct str name, struct str bytes,
                              size_t *next, struct pack_report *report)
{
    const struct json *root;
    struct json_error error;
    if (json_read(cx->arena, bytes, &root, &error) != OK)
        return fail(cx, ERR_INVALID, T("Gói thủ tục hỏng ở dòng %zu: %s."), error.line, error.what);
    const struct json *list = json_get(root, S("openings"));
    if (*next < list->n)
        TRY(open_one(cx, json_at(list, *next), report));
    *next = *next + 1 < list->n ? *next + 1 : 0;
    return OK;
}

/* A crawl never replaces what an officer has proof-read against the law: it waits to be looked at,
 * as every difference of a crawl of its own does (procedure_import.c). */
static enum err put_line(struct cx *cx, const struct json *record, struct pack_report *report)
{
    static const struct json none = {.kind = JSON_NULL};
    struct str code = json_text(json_get(record, S("code"))), sha256, known;
    struct procedure *p;
    enum err e = procedure_store_sha256_of(cx, code, &known);
    if (e == ERR_NOT_FOUND)
        return procedure_put_record(cx, record, &none, report);
    TRY(e);
    (void)procedure_canonical(cx, record, &sha256);
    if (str_eq(sha256, known)) {
        report->same++;
        return OK;
    }
    TRY(procedure_newest(cx, code, &p));
    if (p->proofread) {
        report->same++;
        buf_fmt(&report->lines, "%.*s: giữ bản đã đối chiếu với luật\n", F(code));
        return OK;
    }
    return procedure_put_record(cx, record, &none, report);
}

/* One published record a line, as a crawl of the national catalogue gives them; nothing is opened.
 * The next turn begins at byte *next. */
#define LINES_A_TURN 50

static enum err load_lines(struct cx *cx, [[maybe_unused]] struct str name, struct str bytes,
                           size_t *next, struct pack_report *report)
{
    struct str line, rest = str_from(bytes, *next);
    for (int i = 0; i < LINES_A_TURN && rest.n; i++) {
        const struct json *record;
        struct json_error error;
        str_cut(rest, '\n', &line, &rest);
        if (str_trim(line).n == 0)
            continue;
        if (json_read(cx->arena, line, &record, &error) != OK) {
            TRY(refuse(report, str_fmt(cx->arena, "byte %zu", (size_t)(line.p - bytes.p)),
                       str_c(error.what)));
            continue;
        }
        TRY(put_line(cx, record, report));
    }
    *next = rest.n ? bytes.n - rest.n : 0;
    return OK;
}

const struct pack_kind procedure_packs[] = {
    {"procedure", "Thủ tục hành chính", load_procedures},
    {"opening", "Thủ tục tỉnh mở tiếp nhận", load_openings},
    {"procedure-list", "Danh mục thủ tục, mỗi dòng một bản ghi JSON", load_lines},
    {"procedure-crawl", "Bản mới của danh mục, chờ cán bộ nhận", procedure_load_crawl},
    {0},
};
