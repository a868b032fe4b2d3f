/* codelist_publish.c - a version of a list: read from a pack, put into force some codes a turn,
 * told to whoever subscribed. */
#include "codelist_publish.h"
#include "codelist_inside.h"
#include "job/job.h"
#include "journal/journal.h"
#include "notify/notify.h"

#define CODES_A_TURN 200
#define TOLD_A_TURN 100
#define BODY_MAX ((size_t)8 << 20)

/* ---- reading ---- */

static struct str text_in(const struct json *v, const char *key)
{
    return json_text(json_get(v, str_c(key)));
}

enum err codelist_read(struct cx *cx, struct str bytes, struct codelist_loading *m)
{
    struct json_error bad;
    if (json_read(cx->arena, bytes, &m->root, &bad) != OK)
        return fail(cx, ERR_INVALID, T("Gói dữ liệu hỏng ở dòng %zu: %s."), bad.line, bad.what);
    m->codes = json_get(m->root, S("codes"));
    m->l = (struct codelist){
        .code = text_in(m->root, "list"),
        .title = text_in(m->root, "title"),
        .title_en = text_in(m->root, "title_en"),
        .uri = text_in(m->root, "uri"),
        .owner = text_in(m->root, "owner"),
        .about = text_in(m->root, "about"),
    };
    m->v = (struct codelist_version){
        .name = text_in(m->root, "version"),
        .basis = text_in(m->root, "basis"),
        .source = text_in(m->root, "source"),
    };
    if (m->l.code.n == 0 || m->l.title.n == 0 || m->v.name.n == 0 || m->codes->n == 0)
        return fail(cx, ERR_INVALID, T("Danh mục cần list, title, version và codes."));
    if (m->codes->n > CODELIST_CODES_MAX)
        return fail(cx, ERR_LIMIT, T("Danh mục quá %d mã."), CODELIST_CODES_MAX);
    if (!date_parse(text_in(m->root, "from"), &m->v.valid_from) || m->v.basis.n == 0)
        return fail(cx, ERR_INVALID,
                    T("Bản danh mục cần from (ngày có hiệu lực) và basis (căn cứ)."));
    return OK;
}

static struct str attrs_of(struct cx *cx, const struct json *v)
{
    const struct json *attrs = json_get(v, S("attrs"));
    if (attrs->kind != JSON_OBJECT)
        return S("{}");
    struct buf b = {.arena = cx->arena, .limit = 8000};
    struct json_out o = {.to = &b};
    json_put(&o, attrs);
    return b.full ? S("{}") : buf_str(&b);
}

struct codelist_code codelist_code_at(struct cx *cx, const struct codelist_loading *m, size_t i)
{
    const struct json *v = json_at(m->codes, i);
    return (struct codelist_code){
        .code = text_in(v, "code"),
        .parent = text_in(v, "parent"),
        .name = text_in(v, "name"),
        .name_en = text_in(v, "name_en"),
        .attrs = attrs_of(cx, v),
        .sort = (int64_t)i,
        .valid_from = m->v.valid_from,
    };
}

/* ---- one code ---- */

static bool same_place(const struct codelist_code *a, const struct codelist_code *b)
{
    return str_eq(a->parent, b->parent);
}

static bool same_words(const struct codelist_code *a, const struct codelist_code *b)
{
    return str_eq(a->name, b->name) && str_eq(a->name_en, b->name_en) && str_eq(a->attrs, b->attrs);
}

bool codelist_same_code(const struct codelist_code *a, const struct codelist_code *b)
{
    return same_words(a, b) && same_place(a, b);
}

static enum err note(struct cx *cx, const struct codelist_loading *m, const char *kind,
                     struct str from, struct str to)
{
    const struct codelist_change c = {.on_day = m->v.valid_from,
                                      .kind = str_c(kind),
                                      .from_code = from,
                                      .to_code = to,
                                      .basis = m->v.basis};
    return codelist_store_change_add(cx, m->l.id, &c);
}

static enum err add_code(struct cx *cx, struct codelist_loading *m, const struct codelist_code *c)
{
    m->added++;
    TRY(codelist_store_code_add(cx, m->l.id, c));
    return m->first ? OK : note(cx, m, "new", S(""), c->code);
}

static enum err change_code(struct cx *cx, struct codelist_loading *m,
                            const struct codelist_row *was, const struct codelist_code *c)
{
    m->changed++;
    if (was->c.valid_from == m->v.valid_from)
        return codelist_store_code_update(cx, was->id, c); /* the same version, corrected */
    TRY(codelist_store_code_end(cx, was->id, m->v.valid_from - 1));
    TRY(codelist_store_code_add(cx, m->l.id, c));
    if (!same_words(&was->c, c))
        TRY(note(cx, m, "rename", c->code, c->code));
    return same_place(&was->c, c) ? OK : note(cx, m, "move", c->code, c->code);
}

static enum err put_code(struct cx *cx, struct codelist_loading *m, size_t i,
                         struct pack_report *report)
{
    struct codelist_row known;
    struct codelist_code c = codelist_code_at(cx, m, i);
    if (c.code.n == 0 || c.name.n == 0 || c.code.n > 60) {
        report->refused++;
        buf_fmt(&report->lines, "%zu: %s\n", i + 1, T("thiếu code hoặc name"));
        return OK;
    }
    enum err e = codelist_store_code(cx, m->l.id, c.code, m->v.valid_from, &known);
    if (e == ERR_NOT_FOUND)
        return add_code(cx, m, &c);
    TRY(e);
    if (!codelist_same_code(&known.c, &c))
        return change_code(cx, m, &known, &c);
    m->same++;
    if (known.c.sort != c.sort)
        return codelist_store_code_update(cx, known.id, &c);
    return OK;
}

/* ---- the end of a version ---- */

enum err codelist_in_force(struct cx *cx, struct codelist_loading *m, struct codelist_code **out,
                           size_t *n)
{
    struct codelist_query q = {.day = m->v.valid_from, .after = -1};
    TRY(codelist_store_state(cx, q.day, &m->l));
    *out = NEW_N(cx->arena, struct codelist_code, (size_t)m->l.codes);
    return codelist_store_codes(cx, m->l.id, &q, S(""), *out, (size_t)m->l.codes, n);
}

/* What the new version does not have any more holds until the day before. */
static enum err end_missing(struct cx *cx, struct codelist_loading *m)
{
    struct map kept = {0};
    struct codelist_code *all;
    size_t n;
    for (size_t i = 0; i < m->codes->n; i++)
        map_put(cx->arena, &kept, text_in(json_at(m->codes, i), "code"), m);
    TRY(codelist_in_force(cx, m, &all, &n));
    for (size_t i = 0; i < n; i++) {
        struct codelist_row row;
        if (map_get(&kept, all[i].code) || all[i].valid_from == m->v.valid_from)
            continue; /* what began this day is of this version, corrected since */
        TRY(codelist_store_code(cx, m->l.id, all[i].code, m->v.valid_from, &row));
        TRY(codelist_store_code_end(cx, row.id, m->v.valid_from - 1));
        TRY(note(cx, m, "retire", row.c.code, S("")));
        m->ended++;
    }
    return OK;
}

/* "changes": which codes went into which, by the words of the act. */
static enum err put_stated(struct cx *cx, struct codelist_loading *m, struct pack_report *report)
{
    const struct json *list = json_get(m->root, S("changes"));
    for (size_t i = 0; i < list->n; i++) {
        const struct json *v = json_at(list, i);
        struct str kind = text_in(v, "kind"), from = text_in(v, "from"), to = text_in(v, "to");
        if (from.n && to.n && (str_eq(kind, S("merge")) || str_eq(kind, S("split")))) {
            TRY(note(cx, m, str_eq(kind, S("merge")) ? "merge" : "split", from, to));
            continue;
        }
        report->refused++;
        buf_fmt(&report->lines, "changes %zu: %s\n", i + 1,
                T("cần kind merge hoặc split, from và to"));
    }
    return OK;
}

static enum err publish(struct cx *cx, struct codelist_loading *m)
{
    TRY(codelist_store_version_done(cx, m->v.id));
    TRY(job_add(cx, "codelist.tell", str_fmt(cx->arena, "%lld.0", (long long)m->v.id), S(""),
                str_fmt(cx->arena, "{\"version\":%lld,\"after\":0}", (long long)m->v.id), 0));
    return journal_write(cx, &(struct event){
                                 .kind = S("codelist.version.published"),
                                 .subject_kind = S("codelist.version"),
                                 .subject_id = m->v.id,
                                 .subject_code = m->l.code,
                                 .payload = str_fmt(cx->arena, "{\"from\":\"%.*s\"}",
                                                    F(date_iso(cx->arena, m->v.valid_from))),
                             });
}

enum err codelist_apply(struct cx *cx, struct codelist_loading *m, size_t *next,
                        struct pack_report *report)
{
    bool fresh = str_eq(m->v.state, S("dang_nap"));
    struct codelist_version before[2];
    size_t before_n, at = *next;
    TRY(codelist_store_versions(cx, m->l.id, before, 2, &before_n));
    m->first = before_n == 0 || (before_n == 1 && before[0].id == m->v.id);
    size_t end = at + CODES_A_TURN < m->codes->n ? at + CODES_A_TURN : m->codes->n;
    for (; at < end; at++)
        TRY(put_code(cx, m, at, report));
    *next = end < m->codes->n ? end : 0;
    if (*next == 0) {
        TRY(end_missing(cx, m));
        TRY(put_stated(cx, m, report));
    }
    TRY(codelist_store_version_count(cx, m->v.id, m->added, m->changed, m->ended));
    report->added += m->added;
    report->changed += m->changed + m->ended;
    report->same += m->same;
    return *next == 0 && fresh ? publish(cx, m) : OK;
}

/* ---- packs ---- */

enum err codelist_not_before(struct cx *cx, const struct codelist_loading *m)
{
    int64_t newest;
    TRY(codelist_store_newest(cx, m->l.id, &newest));
    return m->v.valid_from >= newest
               ? OK
               : fail(cx, ERR_CONFLICT, T("Danh mục %.*s đã có bản mới hơn, từ %.*s."),
                      F(m->l.code), F(date_vi(cx->arena, newest)));
}

/* The version as it is known, or made: a draft keeps its text. */
static enum err version_of(struct cx *cx, struct codelist_loading *m, struct str bytes, bool draft)
{
    struct codelist_version known;
    bool added;
    TRY(codelist_store_list_put(cx, &m->l, &added));
    m->v.list = m->l.id;
    enum err e = codelist_store_version_named(cx, m->l.id, m->v.name, &known);
    if (e == OK && known.valid_from != m->v.valid_from)
        return fail(cx, ERR_CONFLICT, T("Bản %.*s của danh mục %.*s đã có, với ngày khác."),
                    F(m->v.name), F(m->l.code));
    if (e == OK && !draft && str_eq(known.state, S("du_thao"))) {
        TRY(codelist_store_version_state(cx, &known, S("du_thao"), S("dang_nap")));
        known.state = S("dang_nap");
    }
    if (e == OK) {
        m->v.id = known.id;
        m->v.state = known.state;
        return OK;
    }
    if (e != ERR_NOT_FOUND)
        return e;
    TRY(codelist_not_before(cx, m));
    m->v.state = draft ? S("du_thao") : S("dang_nap");
    return codelist_store_version_add(cx, &m->v, draft ? bytes : S(""));
}

enum err codelist_load(struct cx *cx, struct str, struct str bytes, size_t *next,
                       struct pack_report *report)
{
    struct codelist_loading *m = NEW(cx->arena, struct codelist_loading);
    TRY(codelist_read(cx, bytes, m));
    TRY(version_of(cx, m, bytes, false));
    return codelist_apply(cx, m, next, report);
}

enum err codelist_load_draft(struct cx *cx, struct str, struct str bytes, size_t *,
                             struct pack_report *report)
{
    struct codelist_loading *m = NEW(cx->arena, struct codelist_loading);
    if (bytes.n > BODY_MAX)
        return fail(cx, ERR_LIMIT, T("Dự thảo danh mục lớn quá 8 MiB."));
    TRY(codelist_read(cx, bytes, m));
    int64_t before = m->v.id;
    TRY(version_of(cx, m, bytes, true));
    *(before == 0 && m->v.at == 0 && str_eq(m->v.state, S("du_thao")) ? &report->added
                                                                      : &report->same) += 1;
    return OK;
}

/* ---- telling ---- */

enum err codelist_payload(struct cx *cx, const struct job *j, const struct json **v)
{
    struct json_error bad;
    return json_read(cx->arena, j->payload, v, &bad) == OK
               ? OK
               : fail(cx, ERR_IO, "job %lld: %s", (long long)j->id, bad.what);
}

static enum err tell(struct cx *cx, const struct codelist *l, const struct codelist_version *v,
                     int64_t account)
{
    struct str day = date_vi(cx->arena, v->valid_from);
    return notify_send(
        cx, &(struct notice){
                .account = account,
                .kind = S("codelist.version"),
                .key = str_fmt(cx->arena, "%lld", (long long)v->id),
                .title = tr_keep(cx->arena, T("Danh mục %.*s có bản mới, từ ngày %.*s"),
                                 F(l->title), F(day)),
                .body = tr_keep(cx->arena, T("Thêm %lld, đổi %lld, bỏ %lld mã. Căn cứ: %.*s."),
                                (long long)v->added, (long long)v->changed, (long long)v->ended,
                                F(v->basis)),
                .link = str_fmt(cx->arena, "/danh-muc/%.*s/so-sanh?tu=%.*s&den=%.*s", F(l->code),
                                F(date_iso(cx->arena, v->valid_from - 1)),
                                F(date_iso(cx->arena, v->valid_from))),
            });
}

static enum err after_tell(struct cx *cx, const struct job *j, enum err, void *)
{
    struct codelist_version v;
    struct codelist l;
    struct str body;
    int64_t accounts[TOLD_A_TURN];
    const struct json *p;
    size_t n;
    TRY(codelist_payload(cx, j, &p));
    TRY(codelist_store_version(cx, json_int(json_get(p, S("version")), 0), &v, &body));
    TRY(codelist_store_list_of(cx, v.list, &l));
    TRY(codelist_store_subscribers(cx, l.id, json_int(json_get(p, S("after")), 0), accounts,
                                   TOLD_A_TURN, &n));
    for (size_t i = 0; i < n; i++)
        TRY(tell(cx, &l, &v, accounts[i]));
    if (n < TOLD_A_TURN)
        return OK;
    long long last = (long long)accounts[n - 1];
    return job_add(
        cx, "codelist.tell", str_fmt(cx->arena, "%lld.%lld", (long long)v.id, last), S(""),
        str_fmt(cx->arena, "{\"version\":%lld,\"after\":%lld}", (long long)v.id, last), 0);
}

const struct job_kind codelist_tell_job = {
    .name = "codelist.tell", .title = "Báo danh mục có bản mới", .after = after_tell};
