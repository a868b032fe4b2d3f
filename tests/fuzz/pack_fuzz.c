/* pack_fuzz.c - a pack as it lies in a folder: its manifest, and a file that may be packed by gzip.
 * The first byte says which of the two the rest is. */
#include "module/module.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory, made once: only their bytes are other ones in each run. */
static struct {
    char folder[64];
    int manifest, packed;
} at;

static int make(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", at.folder, name);
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    MUST(fd >= 0);
    return fd;
}

static void remove_all(void)
{
    static const char *const names[] = {"pack.json", "a.json", "a.json.gz"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", at.folder, names[i]);
        unlink(path);
    }
    rmdir(at.folder);
}

static void make_all(void)
{
    if (at.folder[0])
        return;
    snprintf(at.folder, sizeof at.folder, "/dev/shm/tinhso-pack-fuzz.%d", (int)getpid());
    MUST(mkdir(at.folder, 0700) == 0);
    MUST(atexit(remove_all) == 0);
    at.manifest = make("pack.json");
    at.packed = make("a.json.gz");
    const int beside = make("a.json");
    MUST(write(beside, "{}", 2) == 2);
    close(beside);
}

static void put(int fd, const void *bytes, size_t n)
{
    MUST(pwrite(fd, bytes, n, 0) == (ssize_t)n && ftruncate(fd, (off_t)n) == 0);
}

static void judge(const struct cx *cx, enum err e, const struct pack *p)
{
    MUST(e == OK || cx->why.n > 0); /* what is refused is explained */
    for (size_t i = 0; e == OK && i < p->files_n; i++)
        MUST(p->files[i].name.n > 0 && p->files[i].sha256_hex.n == 64);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[128];
    if (size < 1 || size > 65536)
        return 0;
    make_all();
    struct env env = {.clock = clock_system, .random = random_system};
    struct cx cx = {.arena = arena_new((size_t)256 << 20), .env = &env, .actor = &actor_anonymous};
    struct pack p = {0};
    if (data[0] % 2) {
        put(at.manifest, data + 1, size - 1);
        judge(&cx, pack_open(&cx, str_c(at.folder), &p), &p);
    } else {
        put(at.packed, data + 1, size - 1);
        snprintf(path, sizeof path, "%s/a.json.gz", at.folder);
        judge(&cx, pack_open_file(&cx, str_c(path), S("area"), &p), &p);
    }
    arena_free(cx.arena);
    return 0;
}
