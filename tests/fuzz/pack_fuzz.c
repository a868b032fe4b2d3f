/* pack_fuzz.c - a pack as it lies in a folder: its manifest, and a file that may be packed by gzip.
 * The first byte says which of the two the rest is. */
#include "module/module.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char folder[64];

static const char *make_folder(void)
{
    if (folder[0] == 0) {
        snprintf(folder, sizeof folder, "/dev/shm/tinhso-pack-fuzz.%d", (int)getpid());
        MUST(mkdir(folder, 0700) == 0 || access(folder, W_OK) == 0);
    }
    return folder;
}

static void put(const char *name, const void *bytes, size_t n)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", make_folder(), name);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    MUST(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    close(fd);
}

static void remove_all(void)
{
    static const char *const names[] = {"pack.json", "a.json", "a.json.gz"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", make_folder(), names[i]);
        unlink(path);
    }
    rmdir(folder);
    folder[0] = 0;
}

static void judge(const struct cx *cx, enum err e, const struct pack *p)
{
    MUST(e == OK || cx->why.n > 0); /* what is refused is explained */
    for (size_t i = 0; e == OK && i < p->files_n; i++)
        MUST(p->files[i].name.n > 0 && p->files[i].sha256_hex.n == 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char good[] = "{}";
    char path[128];
    if (size < 1 || size > 65536)
        return 0;
    struct env env = {.clock = clock_system, .random = random_system};
    struct cx cx = {.arena = arena_new((size_t)256 << 20), .env = &env, .actor = &actor_anonymous};
    struct pack p = {0};
    if (data[0] % 2) {
        put("pack.json", data + 1, size - 1);
        put("a.json", good, sizeof good - 1);
        judge(&cx, pack_open(&cx, str_c(make_folder()), &p), &p);
    } else {
        put("a.json.gz", data + 1, size - 1);
        snprintf(path, sizeof path, "%s/a.json.gz", make_folder());
        judge(&cx, pack_open_file(&cx, str_c(path), S("area"), &p), &p);
    }
    arena_free(cx.arena);
    remove_all();
    return 0;
}
