/* restore_keys.c - the keys that a copy needs: there, taken from where they are kept, or named. */
#include <fcntl.h>
#include <unistd.h>

#include "app.h"

#include "json/json.h"
#include "vault/vault.h"

static const char *in(struct app *a, const char *folder, const char *name)
{
    return str_fmt(a->arena, "%s/%s", folder, name).p;
}

static const char *own_keys(struct app *a)
{
    return str_fmt(a->arena, "%.*s/keys", F(a->data_dir)).p;
}

int restore_manifest(struct app *a, const char *from, const struct json **j)
{
    struct json_error bad;
    const char *manifest = in(a, from, "backup.json");
    char *text = arena_alloc(a->arena, 65536);
    const int fd = open(manifest, O_RDONLY | O_CLOEXEC);
    const ssize_t n = fd < 0 ? -1 : read(fd, text, 65536);
    if (fd >= 0)
        close(fd);
    return n >= 0 && json_read(a->arena, (struct str){text, (size_t)n}, j, &bad) == OK
               ? EX_OK
               : app_stop(a, EX_DATAERR, "%s: không đọc được.", manifest);
}

static const char *given_keys(struct app *a, const char *from)
{
    return a->options.keys ? a->options.keys : in(a, from, "keys");
}

static int copy_keys(struct app *a, const char *from, struct app_copied *done)
{
    const char *given = given_keys(a, from);
    if (vault_any_master(own_keys(a)))
        return EX_OK;
    if (!vault_any_master(given))
        return app_stop(
            a, EX_NOINPUT,
            "không có khóa: bản chép không mở được nếu thiếu keys/. Chỉ nơi cất khóa: --keys THƯ_MỤC_KHÓA");
    app_remove(a, own_keys(a)); /* what an interruption left of them */
    return app_copy_tree(a, given, own_keys(a), done);
}

/* The folder keeps its own keys; an older one that the copy needs comes from where they are kept.
 */
static int want_key(struct app *a, const char *from, int64_t generation, struct str print,
                    struct app_copied *done)
{
    const char *file = vault_master_file(&a->cx, generation), *given = given_keys(a, from);
    const char *own = own_keys(a);
    enum vault_key_state here, there = VAULT_KEY_MISSING;
    enum err e = vault_file_state(&a->cx, own, generation, print, &here);
    if (e == OK && here == VAULT_KEY_MISSING)
        e = vault_file_state(&a->cx, given, generation, print, &there);
    if (e != OK)
        return app_failed(a, e);
    if (here == VAULT_KEY_HERE)
        return EX_OK;
    if (there == VAULT_KEY_HERE) {
        const int code = app_copy_file(a, in(a, given, file), in(a, own, file), done);
        return code == EX_OK ? app_sync_dir(a, own) : code;
    }
    return app_stop(
        a, EX_NOINPUT,
        here == VAULT_KEY_OTHER || there == VAULT_KEY_OTHER
            ? "keys/%s là khóa khác: bản chép cần khóa chủ có dấu %.*s. Chỉ nơi cất khóa ấy: --keys THƯ_MỤC_KHÓA"
            : "thiếu keys/%s: bản chép cần khóa chủ này, dấu %.*s. Chỉ nơi cất khóa ấy: --keys THƯ_MỤC_KHÓA",
        file, F(print.n ? print : S("không rõ")));
}

/* Copies from before generations name none: all of theirs is under the first. */
static int check_keys(struct app *a, const char *from, struct app_copied *done)
{
    const struct json *j;
    int code = restore_manifest(a, from, &j);
    if (code != EX_OK)
        return code;
    const struct json *keys = json_get(j, S("master_keys"));
    if (!keys)
        return want_key(a, from, 1, S(""), done);
    for (uint32_t i = 0; code == EX_OK && i < keys->n; i++)
        code = want_key(a, from, json_int(json_get(json_at(keys, i), S("generation")), 1),
                        json_text(json_get(json_at(keys, i), S("print"))), done);
    return code;
}

int restore_keys(struct app *a, const char *from, struct app_copied *done)
{
    const int code = copy_keys(a, from, done);
    return code == EX_OK ? check_keys(a, from, done) : code;
}
