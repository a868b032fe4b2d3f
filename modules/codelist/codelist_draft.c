/* codelist_draft.c - a draft: what it would change, approved or rejected by the list's owner,
 * applied some codes a turn. */
#include "codelist_inside.h"
#include "codelist_publish.h"
#include "job/job.h"
#include "journal/journal.h"

static enum err read_draft(struct cx *cx, int64_t id, struct codelist_loading *m)
{
    struct codelist_version v;
    struct str body;
    TRY(codelist_store_version(cx, id, &v, &body));
    TRY(codelist_read(cx, body, m));
    m->v = v;
    return codelist_store_list_of(cx, v.list, &m->l);
}

enum err codelist_draft_preview(struct cx *cx, const struct codelist_version *v,
                                struct codelist_preview *out)
{
    struct codelist_loading *m = NEW(cx->arena, struct codelist_loading);
    struct map said = {0};
    struct codelist_row was;
    *out = (struct codelist_preview){0};
    TRY(read_draft(cx, v->id, m));
    for (size_t i = 0; i < m->codes->n; i++) {
        struct codelist_code c = codelist_code_at(cx, m, i);
        struct str line = S("");
        map_put(cx->arena, &said, c.code, m);
        enum err e = codelist_store_code(cx, m->l.id, c.code, v->valid_from, &was);
        if (e != OK && e != ERR_NOT_FOUND)
            return e;
        if (e == ERR_NOT_FOUND) {
            out->added++;
            line = str_fmt(cx->arena, "+ %.*s %.*s", F(c.code), F(c.name));
        } else if (!codelist_same_code(&was.c, &c)) {
            out->changed++;
            line = str_fmt(cx->arena, "~ %.*s %.*s → %.*s", F(c.code), F(was.c.name), F(c.name));
        }
        if (line.n && out->lines_n < 100)
            out->lines[out->lines_n++] = line;
    }
    struct codelist_code *now;
    size_t n;
    TRY(codelist_in_force(cx, m, &now, &n));
    for (size_t i = 0; i < n; i++) {
        if (map_get(&said, now[i].code))
            continue;
        out->ended++;
        if (out->lines_n < 100)
            out->lines[out->lines_n++] =
                str_fmt(cx->arena, "− %.*s %.*s", F(now[i].code), F(now[i].name));
    }
    return OK;
}

static enum err add_apply(struct cx *cx, int64_t version, size_t next)
{
    return job_add(cx, "codelist.apply", str_fmt(cx->arena, "%lld.%zu", (long long)version, next),
                   S("codelist.apply"),
                   str_fmt(cx->arena, "{\"version\":%lld,\"next\":%zu}", (long long)version, next),
                   0);
}

static enum err decided(struct cx *cx, const struct codelist_version *v, const char *kind)
{
    return journal_write(cx, &(struct event){.kind = str_c(kind),
                                             .subject_kind = S("codelist.version"),
                                             .subject_id = v->id,
                                             .subject_code = v->list_code});
}

enum err codelist_approve(struct cx *cx, const struct codelist_version *v)
{
    struct codelist_loading *m = NEW(cx->arena, struct codelist_loading);
    TRY(read_draft(cx, v->id, m));
    TRY(codelist_not_before(cx, m));
    TRY(codelist_store_version_state(cx, v, S("du_thao"), S("dang_nap")));
    TRY(decided(cx, v, "codelist.version.approved"));
    return add_apply(cx, v->id, 0);
}

enum err codelist_reject(struct cx *cx, const struct codelist_version *v)
{
    TRY(codelist_store_version_state(cx, v, S("du_thao"), S("bac")));
    return decided(cx, v, "codelist.version.rejected");
}

static enum err after_apply(struct cx *cx, const struct job *j, enum err, void *)
{
    struct codelist_loading *m = NEW(cx->arena, struct codelist_loading);
    struct pack_report report = {.lines = {.arena = cx->arena, .limit = 64000}};
    const struct json *v;
    TRY(codelist_payload(cx, j, &v));
    size_t next = (size_t)json_int(json_get(v, S("next")), 0);
    TRY(read_draft(cx, json_int(json_get(v, S("version")), 0), m));
    if (!str_eq(m->v.state, S("dang_nap")))
        return OK;
    TRY(codelist_apply(cx, m, &next, &report));
    return next ? add_apply(cx, m->v.id, next) : OK;
}

const struct job_kind codelist_apply_job = {
    .name = "codelist.apply", .title = "Áp dụng bản danh mục đã duyệt", .after = after_apply};
