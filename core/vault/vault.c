/* vault.c - the master keys of the installation: files, derived secrets, signing keys. */
#include "vault_inside.h"

#include "db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One line a file: a label (so that nobody mistakes it) and the key in hex. */
#define KEY_LABEL "tinhso-key-1 "
#define KEY_LINE (sizeof KEY_LABEL - 1 + 2 * (size_t)KEY_BYTES + 1)

struct vault *vault_of(struct cx *cx)
{
    MUST(cx->env->vault != NULL);
    return cx->env->vault;
}

static enum err key_dir(struct cx *cx, bool make, int *dir)
{
    const char *path = str_fmt(cx->arena, "%.*s/keys", F(cx->env->data_dir)).p;
    if (make && !folder_make(path, 0700))
        return fail(cx, ERR_IO, "cannot make %s: %s", path, strerror(errno));
    *dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*dir < 0)
        return fail(cx, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s: %s", path,
                    strerror(errno));
    return OK;
}

static enum err take_line(struct cx *cx, const char *name, struct str line,
                          unsigned char key[KEY_BYTES])
{
    struct str bytes = S("");
    bool good =
        line.n == KEY_LINE && str_starts(line, S(KEY_LABEL)) && line.p[line.n - 1] == '\n' &&
        str_unhex(cx->arena, (struct str){line.p + sizeof KEY_LABEL - 1, 2 * KEY_BYTES}, &bytes);
    if (!good)
        return fail(cx, ERR_IO, "keys/%s is damaged: it must be one line as written by init", name);
    memcpy(key, bytes.p, KEY_BYTES);
    wipe((void *)(uintptr_t)bytes.p, bytes.n);
    return OK;
}

static enum err read_key(struct cx *cx, int dir, const char *name, unsigned char key[KEY_BYTES])
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return fail(cx, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open keys/%s: %s", name,
                    strerror(errno));
    struct stat st;
    char line[KEY_LINE + 1];
    ssize_t n = fstat(fd, &st) == 0 ? read(fd, line, sizeof line) : -1;
    close(fd);
    if (n < 0)
        return fail(cx, ERR_IO, "cannot read keys/%s", name);
    enum err e =
        (st.st_mode & 077)
            ? fail(cx, ERR_IO, "keys/%s is open to other users of the machine: chmod 600", name)
            : take_line(cx, name, (struct str){line, (size_t)n}, key);
    wipe(line, sizeof line);
    return e;
}

/* Written beside, fsynced, then renamed: a crash leaves the whole key or none. */
static enum err write_key(struct cx *cx, int dir, const char *name)
{
    unsigned char key[KEY_BYTES];
    char line[KEY_LINE + 1];
    cx->env->random(cx->env, key, sizeof key);
    struct str hex = str_hex(cx->arena, (struct str){(char *)key, sizeof key});
    snprintf(line, sizeof line, KEY_LABEL "%.*s\n", F(hex));
    const char *beside = str_fmt(cx->arena, "%s.new", name).p;

    (void)unlinkat(dir, beside, 0); /* of an earlier try that died */
    int fd = openat(dir, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, line, KEY_LINE) == (ssize_t)KEY_LINE && fsync(fd) == 0;
    good = (fd < 0 || close(fd) == 0) && good;
    good = good && renameat(dir, beside, dir, name) == 0 && fsync(dir) == 0;
    wipe(key, sizeof key);
    wipe(line, sizeof line);
    wipe((void *)(uintptr_t)hex.p, hex.n);
    return good ? OK : fail(cx, ERR_IO, "cannot write keys/%s: %s", name, strerror(errno));
}

static enum err read_or_make(struct cx *cx, int dir, bool make, const char *name,
                             unsigned char key[KEY_BYTES])
{
    enum err e = read_key(cx, dir, name, key);
    if (e != ERR_NOT_FOUND || !make)
        return e;
    TRY(write_key(cx, dir, name));
    return read_key(cx, dir, name, key);
}

static enum err load(struct cx *cx, bool make, struct vault *v)
{
    int dir = -1;
    TRY(key_dir(cx, make, &dir));
    enum err e = read_or_make(cx, dir, make, "master.key", v->master);
    if (e == OK)
        e = read_or_make(cx, dir, make, "derive.key", v->derive);
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
    struct str master = {(char *)vault_of(cx)->master, KEY_BYTES};
    TRY(vault_adopt(cx, use_of(name), master, key_about(cx, name), sealed, &handle));
    return db_exec(cx, "update vault_key set sealed = $1 where name = $2 and sealed = $3",
                   VB(handle), V(name), VB(sealed));
}

enum err vault_keys_adopt(struct cx *cx)
{
    TRY(adopt_one(cx, S("journal")));
    return adopt_one(cx, S("ca"));
}
