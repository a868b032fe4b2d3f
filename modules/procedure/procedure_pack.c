/* procedure_pack.c - the pack kind "procedure": published records and what the province opens. */
#include "crypto/crypto.h"
#include "module/module.h"
#include "procedure_inside.h"

static struct str canonical(struct cx *cx, const struct json *v, struct str *sha256_hex)
{
    struct buf text = {.arena = cx->arena, .limit = (size_t)1 << 20};
    struct json_out o = {.to = &text};
    json_put(&o, v);
    struct hash h = sha256(buf_str(&text));
    *sha256_hex = str_hex(cx->arena, HASH_STR(h));
    return buf_str(&text);
}

/* A new version only when something in the record differs. */
static enum err put_version(struct cx *cx, const struct json *record, int64_t from,
                            struct pack_report *report)
{
    struct version_row v = {
        .code = json_text(json_get(record, S("code"))),
        .name = json_text(json_get(record, S("name"))),
        .field_code = json_text(json_get(json_get(record, S("field")), S("code"))),
        .field_name = json_text(json_get(json_get(record, S("field")), S("name"))),
        .valid_from = from,
    };
    v.record = canonical(cx, record, &v.sha256);
    TRY(procedure_store_put(cx, v.code, &v.procedure));
    struct version_row known;
    enum err e = procedure_store_version(cx, v.code, INT64_C(4000000), &known);
    if (e == OK && str_eq(known.sha256, v.sha256)) {
        report->same++;
        return OK;
    }
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    *(e == OK ? &report->changed : &report->added) += 1;
    return procedure_store_version_add(cx, &v);
}

static enum err put_opening(struct cx *cx, const struct json *opening, int64_t procedure,
                            int64_t from)
{
    struct opening_row o = {.procedure = procedure, .valid_from = from}, known;
    o.settings = canonical(cx, opening, &o.sha256);
    enum err e = procedure_store_opening(cx, procedure, INT64_C(4000000), &known);
    if (e == OK && str_eq(known.sha256, o.sha256))
        return OK;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    return procedure_store_opening_add(cx, &o);
}

static enum err refuse(struct pack_report *report, struct str code, struct str why)
{
    report->refused++;
    buf_fmt(&report->lines, "%.*s: %.*s\n", F(code), F(why));
    return OK;
}

/* The words of a procedure from what is stored, the aliases of its opening with them. */
static enum err reindex(struct cx *cx, struct str code)
{
    struct version_row row;
    struct opening_row o;
    const struct procedure *p;
    const struct json *settings = NULL;
    struct json_error error;
    static const struct json none = {.kind = JSON_ARRAY};
    TRY(procedure_store_version(cx, code, INT64_C(4000000), &row));
    enum err e = procedure_store_opening(cx, row.procedure, INT64_C(4000000), &o);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && json_read(cx->arena, o.settings, &settings, &error) != OK)
        return fail(cx, ERR_IO, "procedure %.*s: stored opening: %s", F(code), error.what);
    TRY(procedure_from_rows(cx, &row, e == OK ? &o : NULL, &p));
    return procedure_index(cx, p, settings ? json_get(settings, S("alias")) : &none);
}

static enum err put_record(struct cx *cx, const struct json *record, const struct json *opening,
                           struct pack_report *report)
{
    struct str code = json_text(json_get(record, S("code")));
    int64_t from;
    if (code.n == 0 || code.n > 60)
        return refuse(report, code, S("thiếu mã thủ tục"));
    if (!date_parse(json_text(json_get(opening, S("valid_from"))), &from))
        from = day_of(cx->now);
    TRY(put_version(cx, record, from, report));
    struct version_row row;
    TRY(procedure_store_version(cx, code, INT64_C(4000000), &row));
    if (opening->kind == JSON_OBJECT)
        TRY(put_opening(cx, opening, row.procedure, from));

    return reindex(cx, code);
}

static enum err put_procedure(struct cx *cx, const struct json *v, struct pack_report *report)
{
    return put_record(cx, json_get(v, S("record")), json_get(v, S("opening")), report);
}

/* ---- the search index, made again from what is stored ---- */

#define CODES_A_ROUND 100

enum err procedure_rebuild(struct cx *cx)
{
    struct str codes[CODES_A_ROUND], last = S("");
    size_t n = CODES_A_ROUND;
    while (n == CODES_A_ROUND) {
        TRY(procedure_store_next_codes(cx, last, codes, CODES_A_ROUND, &n));
        for (size_t i = 0; i < n; i++) {
            struct arena_mark here = arena_here(cx->arena);
            TRY(reindex(cx, codes[i]));
            if (i + 1 < n) /* the last code is still needed */
                arena_back(cx->arena, here);
            last = codes[i];
        }
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
    const struct procedure *p;
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
    o.settings = canonical(cx, opening, &o.sha256);
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
    TRY(put_opening(cx, opening, row.procedure, from));
    return reindex(cx, code);
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

/* A crawl never replaces what an officer has proof-read against the law. */
static enum err is_proofread(struct cx *cx, struct str code, bool *yes)
{
    struct version_row v;
    struct opening_row o;
    const struct json *settings;
    struct json_error error;
    *yes = false;
    enum err e = procedure_store_version(cx, code, INT64_C(4000000), &v);
    if (e == OK)
        e = procedure_store_opening(cx, v.procedure, INT64_C(4000000), &o);
    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    if (json_read(cx->arena, o.settings, &settings, &error) != OK)
        return fail(cx, ERR_IO, "procedure %.*s: stored opening: %s", F(code), error.what);
    *yes = json_has(settings, S("proofread"));
    return OK;
}

static enum err put_line(struct cx *cx, const struct json *record, struct pack_report *report)
{
    static const struct json none = {.kind = JSON_NULL};
    struct str code = json_text(json_get(record, S("code")));
    bool keep;
    TRY(is_proofread(cx, code, &keep));
    if (keep)
        return refuse(report, code, S("đã đối chiếu với luật, giữ bản đang dùng"));
    return put_record(cx, record, &none, report);
}

/* One published record a line, as a crawl of the national catalogue gives them; nothing is opened.
 * The next turn begins at byte *next. */
#define LINES_A_TURN 20

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
    {0},
};
