/* identity_pack.c - pack kind "role": roles and how far their rights reach. */
#include "identity_inside.h"
#include "identity_store.h"

#include "journal/journal.h"
#include "json/json.h"
#include "module/module.h"

static bool right_exists(struct cx *cx, struct str name)
{
    for (const struct module *const *m = cx->env->modules; m && *m; m++)
        for (const struct right *const *r = (*m)->rights; r && *r; r++)
            if (str_eq(str_c((*r)->name), name))
                return true;
    return false;
}

static void refuse(struct pack_report *report, struct str role, struct str right, const char *why)
{
    report->refused++;
    buf_fmt(&report->lines, "%.*s: %.*s: %s\n", F(role), F(right), why);
}

/* Rights that the file no longer gives are taken away. */
static enum err drop_others(struct cx *cx, struct str role, const struct json *given, bool *changed)
{
    struct role_right *had = NEW_N(cx->arena, struct role_right, RIGHTS_MAX);
    size_t n;
    TRY(role_store_rights(cx, role, had, RIGHTS_MAX, &n));
    for (size_t i = 0; i < n; i++) {
        if (json_has(given, had[i].right))
            continue;
        TRY(role_store_right_drop(cx, role, had[i].right));
        *changed = true;
    }
    return OK;
}

static enum err put_rights(struct cx *cx, struct str role, const struct json *rights,
                           struct pack_report *report, bool *changed)
{
    for (uint32_t i = 0; i < rights->n; i++) {
        const struct json *r = &rights->child[i];
        struct str scope = json_text(r);
        bool one = false;
        if (identity_scope_title(scope).n == 0) {
            refuse(report, role, r->key,
                   "phạm vi không phải own, assigned, unit, unit_tree, area_tree, public");
            continue;
        }
        if (!right_exists(cx, r->key)) {
            refuse(report, role, r->key, "chương trình không có quyền này");
            continue;
        }
        TRY(role_store_right_put(cx, role, r->key, scope, &one));
        *changed = *changed || one;
    }
    return drop_others(cx, role, rights, changed);
}

static enum err put_role(struct cx *cx, const struct json *v, int sort, struct pack_report *report)
{
    const struct role role = {
        .code = json_text(json_get(v, S("code"))),
        .title = json_text(json_get(v, S("title"))),
        .about = json_text(json_get(v, S("about"))),
        .sort = sort,
        .two_persons = json_true(json_get(v, S("two_persons"))),
        .second_factor = json_true(json_get(v, S("second_factor"))),
    };
    if (role.code.n == 0 || role.title.n == 0) {
        refuse(report, role.code, S("-"), "thiếu code hoặc title");
        return OK;
    }
    bool changed;
    TRY(role_store_put(cx, &role, &changed));
    TRY(put_rights(cx, role.code, json_get(v, S("rights")), report, &changed));
    report->changed += changed;
    report->same += !changed;
    if (!changed)
        return OK;
    return journal_write(cx, &(struct event){.kind = S("identity.role.loaded"),
                                             .subject_kind = S("identity.role"),
                                             .subject_code = role.code});
}

enum err identity_load_roles(struct cx *cx, [[maybe_unused]] struct str file_name, struct str bytes,
                             size_t *next, struct pack_report *report)
{
    const struct json *root;
    struct json_error bad;
    if (json_read(cx->arena, bytes, &root, &bad) != OK)
        return fail(cx, ERR_INVALID, T("Gói vai trò hỏng ở dòng %zu, cột %zu: %s."), bad.line,
                    bad.column, bad.what);
    const struct json *roles = json_get(root, S("roles"));
    for (uint32_t i = 0; i < roles->n; i++)
        TRY(put_role(cx, json_at(roles, i), (int)i + 1, report));
    *next = 0; /* a few dozen rows: one turn */
    return OK;
}
