/* identity_effect.c - what giving a role or taking it back changes for a person, before it is done.
 */
#include "identity_inside.h"
#include "identity_store.h"

#include "module/module.h"
#include "org/org.h"

struct str identity_wider(struct str a, struct str b)
{
    return identity_reach(b) > identity_reach(a) ? b : a;
}

static enum err add_role(struct cx *cx, struct str role, struct map *reached)
{
    struct role_right *rights = NEW_N(cx->arena, struct role_right, RIGHTS_MAX);
    size_t n;
    TRY(role_store_rights(cx, role, rights, RIGHTS_MAX, &n));
    for (size_t i = 0; i < n; i++) {
        struct str *had = map_get(reached, rights[i].right);
        struct str *now = NEW(cx->arena, struct str);
        *now = had ? identity_wider(*had, rights[i].scope) : rights[i].scope;
        map_put(cx->arena, reached, rights[i].right, now);
    }
    return OK;
}

/* What the account may at the unit by its posts there, but one. */
static enum err reached_at(struct cx *cx, const struct post *p, int64_t without,
                           struct map *reached)
{
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    TRY(add_role(cx, S("cong_dan"), reached));
    TRY(post_store_of(cx, p->account, p->unit, posts, POSTS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if (posts[i].id != without)
            TRY(add_role(cx, posts[i].role, reached));
    return OK;
}

static struct str scope_in(const struct map *reached, struct str right)
{
    const struct str *scope = map_get(reached, right);
    return scope ? *scope : S("");
}

enum err identity_effect(struct cx *cx, const struct post *p, bool giving, struct effect *out,
                         size_t max, size_t *n)
{
    struct map less = {0}, more = {0};
    struct org_unit u;
    TRY(org_unit_find(cx, p->unit, &u));
    TRY(reached_at(cx, p, giving ? 0 : p->id, &less));
    TRY(reached_at(cx, p, giving ? 0 : p->id, &more));
    TRY(add_role(cx, p->role, &more));
    *n = 0;
    for (const struct module *const *m = cx->env->modules; m && *m; m++)
        for (const struct right *const *r = (*m)->rights; r && *r; r++) {
            const struct str low = scope_in(&less, str_c((*r)->name)),
                             high = scope_in(&more, str_c((*r)->name));
            if (*n < max && !str_eq(low, high) && identity_counts_at(*r, u.path))
                out[(*n)++] =
                    giving ? (struct effect){*r, low, high} : (struct effect){*r, high, low};
        }
    return OK;
}
