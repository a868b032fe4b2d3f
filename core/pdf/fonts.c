/* fonts.c - the embedded fonts, as files in memory for fontconfig to open.
 *
 * fontconfig and cairo want paths: each font is a sealed memory file, known as /proc/self/fd/N
 * for as long as the process lives, so nothing on disk can be changed or missing. One FcConfig
 * for the process, which afterwards is only read; one font map for each thread, because pango's
 * must not be shared. */
#include "fonts.h"

#include "embed/embed.h"

#include <errno.h>
#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

/* pango/pangofc-fontmap.h pulls in freetype's headers, which name what banned.h forbids. */
void pango_fc_font_map_set_config(void *map, FcConfig *config);

/* fontconfig links its patterns by offsets, which the leak sanitizer does not follow. */
#ifdef __has_feature
#define WITH_SANITIZER __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define WITH_SANITIZER 1
#else
#define WITH_SANITIZER 0
#endif
#if WITH_SANITIZER
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so\n";
}
#endif

static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
static FcConfig *config; /* set once, then only read */
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t map_key;

/* The descriptor stays open to the end of the process; -1: errno says why. */
static int memory_file(struct str bytes)
{
    int fd = memfd_create("font", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return -1;
    if (write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0)
        return fd;
    int why = errno;
    close(fd);
    errno = why;
    return -1;
}

static enum err add_font(struct cx *cx, FcConfig *fc, const struct embed_file *f)
{
    char path[40];
    int fd = memory_file(f->bytes);
    if (fd < 0)
        return fail(cx, ERR_IO, "put %.*s into memory: %s", F(f->path), strerror(errno));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (FcConfigAppFontAddFile(fc, (const FcChar8 *)path))
        return OK;
    close(fd);
    return fail(cx, ERR_IO, "fontconfig cannot read %.*s as %s", F(f->path), path);
}

static enum err load(struct cx *cx)
{
    size_t n;
    const struct embed_file *files = embed_under(S("fonts/"), &n);
    FcConfig *fc = FcConfigCreate(); /* empty: the machine's fonts do not exist for us */
    if (!fc || n == 0)
        return fail(cx, ERR_IO, "%s", fc ? "no fonts are embedded" : "fontconfig has no memory");
    FcConfigSetRescanInterval(fc, 0);
    for (size_t i = 0; i < n; i++) {
        enum err e = add_font(cx, fc, &files[i]);
        if (e == OK)
            continue;
        FcConfigDestroy(fc);
        return e;
    }
    FcConfigSetCurrent(fc); /* or pango's helper thread would read the machine's settings */
    config = fc;
    return OK;
}

static enum err load_once(struct cx *cx, void *)
{
    return config ? OK : load(cx);
}

static void free_map(void *map)
{
    g_object_unref(map);
}

static void make_key(void)
{
    MUST(pthread_key_create(&map_key, free_map) == 0);
}

static PangoFontMap *map_of_thread(void)
{
    pthread_once(&key_once, make_key);
    PangoFontMap *map = pthread_getspecific(map_key);
    if (map)
        return map;
    map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    MUST(map != NULL);
    pango_fc_font_map_set_config(map, config);
    MUST(pthread_setspecific(map_key, map) == 0);
    return map;
}

enum err pdf_fonts(struct cx *cx, PangoFontMap **out)
{
    pthread_mutex_lock(&loading);
    enum err e = cx_guard(cx, load_once, NULL); /* a MUST inside must not leave it locked */
    pthread_mutex_unlock(&loading);
    TRY(e);
    *out = map_of_thread();
    return OK;
}
