/* vault.c - opening the vault, derived secrets, handles of signing keys. */
#include "vault_inside.h"

#include "db/db.h"

#include <stdlib.h>
#include <unistd.h>

struct vault *vault_of(struct cx *cx)
{
    MUST(cx->env->vault != NULL);
    return cx->env->vault;
}

static enum err load_derive(struct cx *cx, int dir, bool make, struct vault *v)
{
    enum err e = key_read(cx, dir, "derive.key", v->derive);
    if (e != ERR_NOT_FOUND || !make)
        return e;
    TRY(key_write(cx, dir, "derive.key"));
    return key_read(cx, dir, "derive.key", v->derive);
}

/* The newest is read, so that a damaged file is said at once; which are wanted the database knows:
 * vault_start. */
static enum err load_newest(struct cx *cx, int dir, bool make, struct vault *v)
{
    int64_t newest = master_newest(dir);
    if (newest == 0 && make)
        TRY(key_write(cx, dir, master_name(cx, newest = 1)));
    v->current = newest ? newest : 1;
    v->masters[0].generation = v->current;
    return key_read(cx, dir, master_name(cx, v->current), v->masters[0].key);
}

static enum err load(struct cx *cx, bool make, struct vault *v)
{
    int dir = -1;
    TRY(key_dir(cx, make, &dir));
    enum err e = load_newest(cx, dir, make, v);
    if (e == OK)
        e = load_derive(cx, dir, make, v);
    close(dir);
    return e;
}

enum err vault_open(struct cx *cx, bool make, struct vault **out)
{
    struct vault *v = calloc(1, sizeof *v);
    if (!v || !cache_open(v)) {
        free(v);
        return fail(cx, ERR_IO, "no memory for the vault");
    }
    pthread_mutex_init(&v->lock, NULL);
    enum err e = load(cx, make, v);
    if (e != OK) {
        vault_close(v);
        return e;
    }
    *out = v;
    return OK;
}

void vault_close(struct vault *v)
{
    if (!v)
        return;
    cache_close(v);
    pthread_mutex_destroy(&v->lock);
    wipe(v, sizeof *v);
    free(v);
}

/* ---- what is derived ---- */

struct hash vault_use_key(const struct vault *v, struct str use)
{
    return hmac_sha256((struct str){(const char *)v->derive, KEY_BYTES}, use);
}

struct str vault_derived(const struct vault *v, struct str use, struct str value, struct hash *out)
{
    /* Two steps, so that no (use, value) pair can be another pair written together. */
    struct hash of_use = vault_use_key(v, use);
    *out = hmac_sha256(HASH_STR(of_use), value);
    wipe(&of_use, sizeof of_use);
    return HASH_STR(*out);
}

struct str vault_lookup(struct cx *cx, struct str kind, struct str value)
{
    struct hash h;
    struct str use = str_fmt(cx->arena, "lookup:%.*s", F(kind));
    return str_dup(cx->arena, vault_derived(vault_of(cx), use, value, &h));
}

struct str vault_secret(struct cx *cx, struct str purpose)
{
    struct hash h;
    return str_dup(cx->arena, vault_derived(vault_of(cx), S("secret"), purpose, &h));
}

struct hash vault_commit(struct str salt, struct str payload)
{
    return hmac_sha256(salt, payload);
}

/* ---- signing keys of the installation: keyd has them, we hold handles ---- */

static struct str key_about(struct cx *cx, struct str name)
{
    return str_fmt(cx->arena, "vault_key.sealed:%.*s", F(name));
}

static enum keyd_use use_of(struct str name)
{
    MUST(str_eq(name, S("journal")) || str_eq(name, S("ca")));
    return str_eq(name, S("ca")) ? KEYD_AUTHORITY : KEYD_JOURNAL;
}

enum err vault_key_make(struct cx *cx, struct str name, struct key **out)
{
    struct key *k;
    struct str handle, public_der;
    TRY(keyd_make(cx, use_of(name), &handle, &k));
    enum err e = key_public_der(cx, k, &public_der);
    if (e == OK)
        e = db_exec(
            cx,
            "insert into vault_key (name, public_der, sealed, made_at) values ($1, $2, $3, $4)"
            " on conflict (name) do nothing",
            V(name), VB(public_der), VB(handle), V(cx->now));
    if (e == OK && db_changed(cx) != 1)
        e = fail(cx, ERR_CONFLICT, T("Khóa %.*s đã có."), F(name));
    if (e != OK) {
        key_free(k);
        return e;
    }
    *out = k;
    return OK;
}

static enum err find_key(struct cx *cx, struct str name, struct str *public_der, struct str *handle)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select public_der, sealed from vault_key where name = $1", V(name)));
    if (!db_next(&rows))
        return rows.err ? rows.err : fail(cx, ERR_NOT_FOUND, T("Chưa có khóa %.*s."), F(name));
    *public_der = db_bytes(&rows, 0);
    *handle = db_bytes(&rows, 1);
    return OK;
}

enum err vault_key(struct cx *cx, struct str name, struct key **out)
{
    struct str public_der, handle;
    TRY(find_key(cx, name, &public_der, &handle));
    return keyd_key(cx, use_of(name), handle, public_der, out);
}

enum err vault_key_usable(struct cx *cx, struct str name)
{
    struct str public_der, handle, theirs;
    TRY(find_key(cx, name, &public_der, &handle));
    TRY(keyd_public(cx, use_of(name), handle, &theirs));
    return str_eq(theirs, public_der)
               ? OK
               : fail(cx, ERR_DENIED, T("Khóa %.*s không khớp với khóa công khai."), F(name));
}

/* ---- as they were before keyd: sealed under the master key, opened in this process ---- */

enum err vault_adopt(struct cx *cx, enum keyd_use use, struct str key, struct str about,
                     struct str sealed, struct str *handle)
{
    struct str der;
    struct key *k;
    TRY(unseal(cx, key, about, sealed, &der));
    enum err e = keyd_adopt(cx, use, der, handle, &k);
    wipe((void *)(uintptr_t)der.p, der.n);
    if (e == OK)
        key_free(k);
    return e;
}

static enum err adopt_one(struct cx *cx, struct str name)
{
    struct str public_der, sealed, handle;
    enum err e = find_key(cx, name, &public_der, &sealed);
    if (e == ERR_NOT_FOUND || (e == OK && keyd_is_handle(sealed)))
        return OK;
    TRY(e);
    unsigned char master[KEY_BYTES];
    TRY(master_get(cx, 1, master)); /* there was no other then */
    e = vault_adopt(cx, use_of(name), (struct str){(char *)master, KEY_BYTES}, key_about(cx, name),
                    sealed, &handle);
    wipe(master, sizeof master);
    TRY(e);
    return db_exec(cx, "update vault_key set sealed = $1 where name = $2 and sealed = $3",
                   VB(handle), V(name), VB(sealed));
}

enum err vault_keys_adopt(struct cx *cx)
{
    TRY(adopt_one(cx, S("journal")));
    return adopt_one(cx, S("ca"));
}
