/* file_fixture.h - a store with two owners, and short ways to put files in. */
#pragma once
#include "file/file.h"
#include "samples.h"
#include "testing/testing.h"
#include "vault/vault.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static inline enum err fixture_open(struct cx *cx)
{
    TRY(vault_open(cx, true, &cx->env->vault));
    cx->env->settings = settings_new();
    return file_store_open(cx, &cx->env->files);
}

static inline void fixture_close(struct cx *cx)
{
    file_store_close(cx->env->files);
    settings_free(cx->env->settings);
    vault_close(cx->env->vault);
    cx->env->files = NULL;
    cx->env->settings = NULL;
    cx->env->vault = NULL;
}

static inline int start(void **t)
{
    static const char *const roots[] = {"core/kept", "core/vault", "core/file", NULL};
    return testing_start(
        t, &(struct testing_config){.roots = roots, .start = fixture_open, .stop = fixture_close});
}

static inline int64_t new_owner(struct cx *cx)
{
    int64_t owner = 0;
    assert_ok(test_write(cx, vault_subject_new(cx, &owner)));
    return owner;
}

#define MAX_BYTES (8 << 20)

/* In pieces, as a network brings them. */
static inline enum err try_upload(struct cx *cx, int64_t owner, struct str bytes, size_t piece,
                                  struct file_upload **out)
{
    struct str key;
    assert_ok(vault_subject_key(cx, owner, &key));
    assert_ok(file_upload_start(cx, key, MAX_BYTES, out));
    for (struct str rest = bytes; rest.n; rest = str_from(rest, piece))
        TRY(file_upload_add(cx, *out, str_until(rest, piece)));
    return file_upload_end(cx, *out);
}

/* What the store says of these bytes: the kind, or the sentence of the refusal. */
static inline struct str judged(struct cx *cx, struct str bytes)
{
    int64_t owner = new_owner(cx);
    struct file_upload *u = NULL;
    enum err e = try_upload(cx, owner, bytes, 1000, &u);
    struct str said = str_dup(cx->arena, e == OK ? file_upload_mime(u) : cx->why);
    assert_true(e == OK || e == ERR_INVALID);
    file_upload_drop(u);
    return said;
}

static inline struct stored_file stored(struct cx *cx, int64_t owner, struct str name,
                                        struct str bytes)
{
    struct file_upload *u = NULL;
    struct stored_file f;
    assert_ok(try_upload(cx, owner, bytes, 70'000, &u));
    assert_ok(test_write(cx, file_add(cx, u, owner, name, &f)));
    file_upload_drop(u);
    return f;
}

static inline const char *path_of(struct cx *cx, const struct stored_file *f)
{
    return str_fmt(cx->arena, "%.*s/files/%.2s/%.*s", F(cx->env->data_dir), f->blob.p,
                   F(str_from(f->blob, 2)))
        .p;
}

static inline bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static inline int entries_in(struct cx *cx, const char *folder)
{
    int n = 0;
    DIR *d = opendir(str_fmt(cx->arena, "%.*s/files/%s", F(cx->env->data_dir), folder).p);
    assert_non_null(d);
    for (const struct dirent *e = readdir(d); e; e = readdir(d))
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

/* The file's age by the clock of the test. */
static inline void set_age(struct cx *cx, const char *path, int64_t age_ms)
{
    int64_t at = cx->now - age_ms;
    struct timespec times[2] = {{.tv_sec = at / 1000}, {.tv_sec = at / 1000}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* A sweep of every folder: one a virtual hour, a whole day. */
static inline enum err sweep_a_day(struct cx *cx)
{
    for (int hour = 0; hour < 24; hour++) {
        testing_let_go(cx);
        enum err e = file_sweep(cx);
        testing_hold(cx);
        TRY(e);
        testing_advance(cx, HOUR_MS);
    }
    return OK;
}
