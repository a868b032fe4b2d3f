/* master.c - master keys in memory, and what the database says of their generations. */
#include "vault_inside.h"

#include "db/db.h"
#include "lane/lane.h"

#include <fcntl.h>
#include <unistd.h>

#define NODE_LIVES_MS (2 * MINUTE_MS) /* who said nothing for so long has ended */
#define TELL_MS (30 * SECOND_MS)

/* ---- in memory ---- */

static bool find(struct vault *v, int64_t generation, unsigned char key[KEY_BYTES])
{
    bool found = false;
    pthread_mutex_lock(&v->lock);
    for (size_t i = 0; i < MASTERS_MAX && !found; i++) {
        found = v->masters[i].generation == generation;
        if (found)
            memcpy(key, v->masters[i].key, KEY_BYTES);
    }
    pthread_mutex_unlock(&v->lock);
    return found;
}

/* In the place of the oldest. */
static void keep(struct vault *v, int64_t generation, const unsigned char key[KEY_BYTES])
{
    pthread_mutex_lock(&v->lock);
    struct master *place = &v->masters[0];
    for (size_t i = 1; i < MASTERS_MAX; i++)
        if (v->masters[i].generation < place->generation)
            place = &v->masters[i];
    place->generation = generation;
    memcpy(place->key, key, KEY_BYTES);
    pthread_mutex_unlock(&v->lock);
}

void master_forget(struct vault *v, int64_t generation)
{
    pthread_mutex_lock(&v->lock);
    for (size_t i = 0; i < MASTERS_MAX; i++)
        if (v->masters[i].generation == generation)
            wipe(&v->masters[i], sizeof v->masters[i]);
    pthread_mutex_unlock(&v->lock);
}

void vault_forget_before(struct cx *cx, int64_t generation)
{
    struct vault *v = vault_of(cx);
    pthread_mutex_lock(&v->lock);
    for (size_t i = 0; i < MASTERS_MAX; i++)
        if (v->masters[i].generation < generation)
            wipe(&v->masters[i], sizeof v->masters[i]);
    pthread_mutex_unlock(&v->lock);
}

enum err master_get(struct cx *cx, int64_t generation, unsigned char key[KEY_BYTES])
{
    struct vault *v = vault_of(cx);
    int dir;
    if (find(v, generation, key))
        return OK;
    TRY(key_dir(cx, false, &dir));
    const enum err e = key_read(cx, dir, master_name(cx, generation), key);
    close(dir);
    if (e == OK)
        keep(v, generation, key);
    return e == ERR_NOT_FOUND ? fail(cx, ERR_IO, "%s is wanted: copy it to keys/", cx->why.p) : e;
}

/* Of 256 random bits nobody finds them again. */
struct str master_print(struct cx *cx, const unsigned char key[KEY_BYTES])
{
    struct hash h = hmac_sha256((struct str){(const char *)key, KEY_BYTES}, S("tinhso master key"));
    return str_until(str_hex(cx->arena, HASH_STR(h)), VAULT_PRINT_CHARS);
}

const char *vault_master_file(struct cx *cx, int64_t generation)
{
    return master_name(cx, generation);
}

/* ---- what the database says ---- */

static enum vault_key_state state_of(struct cx *cx, int64_t generation, struct str print)
{
    unsigned char key[KEY_BYTES];
    if (master_get(cx, generation, key) != OK)
        return VAULT_KEY_MISSING;
    const bool same = str_eq(master_print(cx, key), print);
    wipe(key, sizeof key);
    if (!same)
        master_forget(vault_of(cx), generation); /* its file may be put right */
    return same ? VAULT_KEY_HERE : VAULT_KEY_OTHER;
}

enum err vault_generations(struct cx *cx, struct vault_generation *out, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select id, print, made_at, used_at from vault_master order by id"));
    for (*n = 0; *n < VAULT_GENERATIONS_MAX && db_next(&rows); ++*n)
        out[*n] = (struct vault_generation){.n = db_int(&rows, 0),
                                            .print = db_str(&rows, 1),
                                            .made_at = db_int(&rows, 2),
                                            .used_at = db_int(&rows, 3)};
    for (size_t i = 0; i < *n; i++)
        out[i].state = state_of(cx, out[i].n, out[i].print);
    return rows.err;
}

enum err vault_file_state(struct cx *cx, const char *folder, int64_t generation, struct str print,
                          enum vault_key_state *out)
{
    unsigned char key[KEY_BYTES];
    *out = VAULT_KEY_MISSING;
    const int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return OK;
    const enum err e = key_read(cx, dir, master_name(cx, generation), key);
    close(dir);
    if (e == ERR_NOT_FOUND)
        return OK;
    TRY(e);
    *out = print.n == 0 || str_eq(master_print(cx, key), print) ? VAULT_KEY_HERE : VAULT_KEY_OTHER;
    wipe(key, sizeof key);
    return OK;
}

bool vault_any_master(const char *folder)
{
    const int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool any = dir >= 0 && master_newest(dir) > 0;
    if (dir >= 0)
        close(dir);
    return any;
}

/* ---- at start ---- */

static enum err not_ours(struct cx *cx)
{
    return fail(
        cx, ERR_CONFLICT,
        T("Khóa trong thư mục keys không phải khóa của cơ sở dữ liệu này. Đặt lại đúng thư mục keys rồi chạy lại."));
}

static enum err first_opens(struct cx *cx)
{
    struct wrapped w;
    {
        auto_rows rows = {0};
        TRY(db_query(cx, &rows,
                     "select id, tag, wrapped, generation from vault_subject"
                     " where wrapped is not null order by id limit 1"));
        if (!db_next(&rows))
            return rows.err; /* nothing sealed yet */
        w = (struct wrapped){.subject = db_int(&rows, 0),
                             .tag = db_bytes(&rows, 1),
                             .bytes = db_bytes(&rows, 2),
                             .generation = db_int(&rows, 3)};
    }
    unsigned char key[KEY_BYTES];
    const enum err e = unwrap(cx, &w, key);
    wipe(key, sizeof key);
    return e == OK ? OK : not_ours(cx);
}

static enum err check_generation(struct cx *cx, const struct vault_generation *g)
{
    const char *file = master_name(cx, g->n);
    if (g->state == VAULT_KEY_MISSING)
        return fail(
            cx, ERR_CONFLICT,
            T("Thiếu khóa chủ keys/%s (dấu %.*s). Chép tệp này từ máy chủ khác hoặc từ nơi cất khóa vào thư mục keys rồi chạy lại."),
            file, F(g->print));
    if (g->state == VAULT_KEY_OTHER)
        return fail(
            cx, ERR_CONFLICT,
            T("keys/%s không phải khóa chủ của cơ sở dữ liệu này: cần khóa có dấu %.*s. Đặt lại đúng tệp rồi chạy lại."),
            file, F(g->print));
    return OK;
}

enum err vault_check(struct cx *cx)
{
    struct vault_generation g[VAULT_GENERATIONS_MAX];
    size_t n;
    vault_of(cx)->many = db_is_postgres(cx);
    TRY(vault_generations(cx, g, &n));
    for (size_t i = 0; i < n; i++) {
        TRY(check_generation(cx, &g[i]));
        if (g[i].used_at)
            vault_of(cx)->current = g[i].n;
    }
    return first_opens(cx);
}

static enum err is_stated(struct cx *cx, void *arg)
{
    return db_one_int(cx, arg, "select count(*) from vault_master");
}

/* A database from before generations, or an empty one. Nothing is stated of a key that does not
 * open what is there. */
static enum err state_first(struct cx *cx, void *)
{
    struct vault *v = vault_of(cx);
    unsigned char key[KEY_BYTES];
    int64_t first = 1, sealed;
    TRY(db_one_int(cx, &sealed, "select coalesce(max(id), 0) from vault_subject"));
    if (master_get(cx, first, key) != OK) {
        if (sealed)
            return check_generation(cx,
                                    &(struct vault_generation){1, S("?"), 0, 0, VAULT_KEY_MISSING});
        first = v->current;
    }
    TRY(first_opens(cx));
    TRY(master_get(cx, first, key));
    const struct str print = master_print(cx, key);
    wipe(key, sizeof key);
    return db_exec(cx,
                   "insert into vault_master (id, print, made_at, used_at)"
                   " select $1, $2, made_at, made_at from"
                   " (select coalesce(min(made_at), $3) as made_at from vault_key) k"
                   " where true on conflict (id) do nothing",
                   V(first), V(print), V(cx->now));
}

static enum err check_in_lane(struct cx *cx, void *)
{
    return vault_check(cx);
}

static enum err tell_in_lane(struct cx *cx, void *)
{
    return vault_keys_tell(cx);
}

enum err vault_start(struct cx *cx)
{
    struct lanes *l = cx->env->lanes;
    int64_t stated;
    TRY(lane_call(l, LANE_SLOW, cx, is_stated, &stated));
    if (!stated)
        TRY(lane_call(l, LANE_WRITE, cx, state_first, NULL));
    return lane_call(l, LANE_SLOW, cx, check_in_lane, NULL);
}

/* First told, then looked: whoever begins a generation after this sees us, and of one that was
 * begun before we see here that we lack it. */
enum err vault_join(struct cx *cx)
{
    struct lanes *l = cx->env->lanes;
    if (!vault_of(cx)->many)
        return OK;
    TRY(lane_call(l, LANE_WRITE, cx, tell_in_lane, NULL));
    return lane_call(l, LANE_SLOW, cx, check_in_lane, NULL);
}

static enum err leave_in_lane(struct cx *cx, void *)
{
    return db_exec(cx, "delete from vault_node where node = $1", V(vault_of(cx)->node));
}

enum err vault_leave(struct cx *cx)
{
    return vault_of(cx)->node.n ? lane_call(cx->env->lanes, LANE_WRITE, cx, leave_in_lane, NULL)
                                : OK;
}

/* ---- nodes ---- */

static int64_t newest_here(const struct vault_generation *g, size_t n)
{
    int64_t newest = 0;
    for (size_t i = 0; i < n; i++)
        newest = g[i].state == VAULT_KEY_HERE ? g[i].n : newest;
    return newest;
}

/* What retired leaves the memory; a reader of an older snapshot would read its file again. */
static void forget_retired(struct vault *v, const struct vault_generation *g, size_t n)
{
    for (size_t i = 0; i < MASTERS_MAX; i++) {
        bool stated = n == 0;
        for (size_t k = 0; k < n; k++)
            stated |= g[k].n == v->masters[i].generation;
        if (!stated && v->masters[i].generation)
            master_forget(v, v->masters[i].generation);
    }
}

enum err vault_keys_follow(struct cx *cx, bool *to_tell)
{
    struct vault *v = vault_of(cx);
    struct vault_generation g[VAULT_GENERATIONS_MAX];
    size_t n;
    *to_tell = false;
    if (!db_is_postgres(cx))
        return OK; /* nobody else begins one */
    TRY(vault_generations(cx, g, &n));
    forget_retired(v, g, n);
    for (size_t i = 0; i < n; i++)
        if (g[i].used_at)
            v->current = g[i].n;
    *to_tell =
        newest_here(g, n) != v->told || cx->now - v->told_at >= TELL_MS || cx->now < v->told_at;
    return OK;
}

enum err vault_keys_tell(struct cx *cx)
{
    struct vault *v = vault_of(cx);
    struct vault_generation g[VAULT_GENERATIONS_MAX];
    size_t n;
    if (!db_is_postgres(cx))
        return OK;
    if (v->node.n == 0) {
        struct str drawn = str_hex(cx->arena, random_bytes(cx, TAG_BYTES));
        memcpy(v->node_text, drawn.p, drawn.n);
        v->node = (struct str){v->node_text, drawn.n};
    }
    TRY(vault_generations(cx, g, &n));
    v->told = newest_here(g, n);
    v->told_at = cx->now;
    TRY(db_exec(cx, "delete from vault_node where seen_at < $1", V(cx->now - DAY_MS)));
    return db_exec(cx,
                   "insert into vault_node (node, holds, seen_at) values ($1, $2, $3)"
                   " on conflict (node) do update set holds = excluded.holds,"
                   " seen_at = excluded.seen_at",
                   V(v->node), V(v->told), V(cx->now));
}

enum err vault_nodes_lacking(struct cx *cx, int64_t generation, int64_t *nodes)
{
    return db_one_int(cx, nodes,
                      "select count(*) from vault_node where seen_at >= $1 and holds < $2",
                      V(cx->now - NODE_LIVES_MS), V(generation));
}
