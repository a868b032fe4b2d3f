/*
 * identity_actor.c - the actor of a session: who acts, in which unit, with which rights.
 *
 * What the rows say is kept until a post, a role, an account or a unit moves (decision 0003), so a
 * right that is taken back is gone with the next snapshot, on every node. The name stays sealed in
 * what is kept: opened it is known to the thread alone, until anybody commits, so that erasing a
 * person's key erases it here too.
 */
#include "identity_factor.h"
#include "identity_store.h"

#include "kept/kept.h"
#include "org/org.h"

static const char *const moves[] = {"identity", "org", NULL};
#define ABOUT_BYTES ((size_t)6 * 1024)

struct kept_actor {
    struct actor actor; /* without name and grants */
    int64_t subject;
    struct str sealed_name;
    struct identity_grants grants;
};
struct wanted {
    int64_t account, unit;
};

static uint64_t key_of(const struct identity_grants *g)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < g->n; i++) {
        const struct str both[] = {g->rights[i].right, g->rights[i].scope};
        for (size_t k = 0; k < 2; k++) {
            for (size_t c = 0; c < both[k].n; c++)
                h = (h ^ (unsigned char)both[k].p[c]) * UINT64_C(1099511628211);
            h = (h ^ 256) * UINT64_C(1099511628211);
        }
    }
    return h;
}

static enum err load_unit(struct cx *cx, int64_t account, int64_t unit, struct actor *out)
{
    struct post post;
    size_t n;
    TRY(post_store_of(cx, account, unit, &post, 1, &n));
    if (n == 0)
        return OK; /* the post ended: the account acts as a citizen until it chooses again */
    struct org_unit u;
    enum err e = org_unit_find(cx, unit, &u);
    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    out->unit = u.id;
    out->unit_name = u.short_name.n ? u.short_name : u.name;
    out->unit_path = u.path;
    out->area_path = u.area_path;
    return OK;
}

/* The rights as one block, their texts behind them. */
static struct identity_grants copy_of(struct arena *a, const struct identity_grants *g)
{
    struct identity_grants out = {.rights = NEW_N(a, struct role_right, g->n + 1), .n = g->n};
    size_t bytes = 0;
    for (size_t i = 0; i < g->n; i++)
        bytes += g->rights[i].right.n + g->rights[i].scope.n;
    char *p = arena_alloc(a, bytes + 1);
    for (size_t i = 0; i < g->n; i++) {
        const struct str both[] = {g->rights[i].right, g->rights[i].scope};
        memcpy(p, both[0].p, both[0].n);
        memcpy(p + both[0].n, both[1].p, both[1].n);
        out.rights[i] = (struct role_right){{p, both[0].n}, {p + both[0].n, both[1].n}};
        p += both[0].n + both[1].n;
    }
    return out;
}

static enum err make(struct cx *cx, void *arg, const void **out)
{
    const struct wanted *w = arg;
    struct kept_actor *k = NEW(cx->arena, struct kept_actor);
    struct account_row row;
    TRY(account_store_find(cx, w->account, &row));
    if (row.closed)
        return ERR_NOT_FOUND;
    k->actor = (struct actor){.account = row.id, .person = row.person};
    k->subject = row.subject;
    k->sealed_name = row.name;
    TRY(factor_owed(cx, w->account, &k->actor.unready));
    if (w->unit && !k->actor.unready)
        TRY(load_unit(cx, w->account, w->unit, &k->actor));
    struct role_right *rights = NEW_N(cx->arena, struct role_right, RIGHTS_MAX);
    struct identity_grants g = {.rights = rights};
    if (!k->actor.unready) /* until then it has its own account and nothing else */
        TRY(post_store_rights(cx, w->account, k->actor.unit, rights, RIGHTS_MAX, &g.n));
    k->grants = copy_of(cx->arena, &g);
    k->actor.grants_key = key_of(&g);
    *out = k;
    return OK;
}

/* In tests whatever is found is read once more: a table that was forgotten shows. */
static enum err check(struct cx *cx, struct wanted *w, const struct kept_actor *found)
{
    const void *anew;
    if (!cx->env->testing || !cx->env->kept)
        return OK;
    TRY(make(cx, w, &anew));
    const struct actor *a = &found->actor, *b = &((const struct kept_actor *)anew)->actor;
    MUST(a->grants_key == b->grants_key && a->unit == b->unit && a->person == b->person &&
         a->unready == b->unready);
    MUST(str_eq(a->unit_name, b->unit_name) && str_eq(a->unit_path, b->unit_path) &&
         str_eq(a->area_path, b->area_path));
    MUST(str_eq(found->sealed_name, ((const struct kept_actor *)anew)->sealed_name));
    return OK;
}

static enum err open_name(struct cx *cx, const struct kept_actor *k, struct str *name)
{
    char about[16] = "name of ";
    memcpy(about + 8, &k->actor.account, 8);
    const struct str key = {about, sizeof about};
    if (kept_lately(cx, key, name))
        return OK;
    TRY(account_open_name(cx, k->subject, k->sealed_name, name));
    kept_for_now(cx, key, *name);
    return OK;
}

/* All that the actor points to lies in the request's own memory: an error page is drawn for them
 * also when the run that found them was unwound. */
enum err identity_load_actor(struct cx *cx, int64_t account, int64_t unit, struct actor *out)
{
    struct wanted w = {account, unit};
    const void *found;
    TRY(kept_find(cx,
                  &(struct kept_wish){.key = str_fmt(cx->arena, "identity.actor %lld %lld %lld",
                                                     (long long)account, (long long)unit,
                                                     (long long)day_of(cx->now)),
                                      .of = moves,
                                      .make = make,
                                      .arg = &w,
                                      .about_bytes = ABOUT_BYTES},
                  &found));
    const struct kept_actor *k = found;
    struct arena *const a = cx->arena;
    TRY(check(cx, &w, k));
    struct identity_grants *g = NEW(a, struct identity_grants);
    *g = copy_of(a, &k->grants);
    *out = k->actor;
    out->unit_name = str_dup(a, out->unit_name);
    out->unit_path = str_dup(a, out->unit_path);
    out->area_path = str_dup(a, out->area_path);
    out->grants = g;
    return open_name(cx, k, &out->name);
}
