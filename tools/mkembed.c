/* mkembed.c - packs files into the binary: reads their paths from stdin, writes one C file.
 *
 *     printf '%s\n' FILES | mkembed OUT.c
 *
 * The bytes go in by .incbin, so a megabyte costs the compiler nothing. What a browser fetches
 * (everything under an assets/ folder) also gets gzip and brotli forms when they save a tenth;
 * they are kept under build/embed/ by content, and made only once. A file that the build itself
 * made, build/assets/X, is known to the program as X. */
#include "base/base.h"

#include <brotli/encode.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#define ZLIB_CONST /* next_in is const then */
#include <zlib.h>

#define MADE_PREFIX "build/assets/"
#define KEEP_DIR "build/embed"
#define FILES_MAX 20000
#define FILE_MAX_BYTES ((size_t)64 << 20)

struct file {
    struct str source; /* where its bytes lie */
    struct str path;   /* what the program calls it */
    struct str sha256_hex;
    size_t size, gzip_size, brotli_size; /* a packed size of 0: not worth it */
};

struct file_type {
    const char *ending, *mime;
    bool packs_well;
};
/* clang-format off */
static const struct file_type types[] = {
    {".css",   "text/css; charset=utf-8",                 true},
    {".js",    "text/javascript; charset=utf-8",          true},
    {".mjs",   "text/javascript; charset=utf-8",          true},
    {".json",  "application/json",                        true},
    {".svg",   "image/svg+xml",                           true},
    {".html",  "text/html; charset=utf-8",                true},
    {".txt",   "text/plain; charset=utf-8",               true},
    {".xml",   "application/xml",                         true},
    {".webmanifest", "application/manifest+json",         true},
    {".tsv",   "text/tab-separated-values; charset=utf-8", true},
    {".csv",   "text/csv; charset=utf-8",                 true},
    {".ttf",   "font/ttf",                                true},
    {".otf",   "font/otf",                                true},
    {".woff2", "font/woff2",                              false},
    {".png",   "image/png",                               false},
    {".jpg",   "image/jpeg",                              false},
    {".webp",  "image/webp",                              false},
    {".ico",   "image/vnd.microsoft.icon",                false},
    {".pdf",   "application/pdf",                         false},
};
/* clang-format on */

[[gnu::format(printf, 1, 2)]] _Noreturn static void stop(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("mkembed: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static struct str read_file(struct arena *a, struct str path)
{
    FILE *f = fopen(str_z(a, path), "re");
    struct stat st;
    if (!f || fstat(fileno(f), &st) != 0)
        stop("cannot read %.*s: %s", F(path), strerror(errno));
    if (st.st_size < 0 || (size_t)st.st_size > FILE_MAX_BYTES)
        stop("%.*s is larger than %zu bytes", F(path), FILE_MAX_BYTES);
    char *p = arena_alloc(a, (size_t)st.st_size + 1);
    size_t n = fread(p, 1, (size_t)st.st_size, f);
    if (n != (size_t)st.st_size)
        stop("%.*s became shorter while it was read", F(path));
    fclose(f);
    return (struct str){p, n};
}

/* Written aside and renamed, so that two builds at once never see half a file. */
static void write_file(struct arena *a, const char *path, struct str bytes)
{
    const char *aside = str_fmt(a, "%s.%d", path, (int)getpid()).p;
    FILE *f = fopen(aside, "we");
    if (!f || fwrite(bytes.p, 1, bytes.n, f) != bytes.n || fclose(f) != 0 ||
        rename(aside, path) != 0)
        stop("cannot write %s: %s", path, strerror(errno));
}

static struct str sha256_hex(struct arena *a, struct str bytes)
{
    unsigned char sum[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)bytes.p, bytes.n, sum);
    return str_hex(a, (struct str){(const char *)sum, sizeof sum});
}

static const struct file_type *type_of(struct str path)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_ends(path, str_c(types[i].ending)))
            return &types[i];
    return NULL;
}

static struct str gzip(struct arena *a, struct str in)
{
    z_stream z = {.next_in = (const unsigned char *)in.p, .avail_in = (unsigned)in.n};
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        stop("zlib does not start");
    size_t room = deflateBound(&z, in.n);
    char *out = arena_alloc(a, room);
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)room;
    if (deflate(&z, Z_FINISH) != Z_STREAM_END)
        stop("zlib does not finish");
    size_t n = z.total_out;
    deflateEnd(&z);
    return (struct str){out, n};
}

static struct str brotli(struct arena *a, struct str in)
{
    size_t n = BrotliEncoderMaxCompressedSize(in.n);
    unsigned char *out = arena_alloc(a, n);
    if (!BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_GENERIC,
                               in.n, (const unsigned char *)in.p, &n, out))
        stop("brotli does not finish");
    return (struct str){(const char *)out, n};
}

static const char *kept_path(struct arena *a, const struct file *f, const char *form)
{
    return str_fmt(a, KEEP_DIR "/%.*s.%s", F(f->sha256_hex), form).p;
}

/* Size of the packed form on disk, made when absent; 0 when it saves less than a tenth. */
static size_t packed(struct arena *a, const struct file *f, const char *form,
                     struct str (*pack)(struct arena *, struct str), struct str bytes)
{
    const char *path = kept_path(a, f, form);
    struct stat st;
    if (stat(path, &st) != 0) {
        struct str made = pack(a, bytes);
        write_file(a, path, made);
        st.st_size = (off_t)made.n;
    }
    size_t n = (size_t)st.st_size;
    return n < f->size - f->size / 10 ? n : 0;
}

static bool is_asset(struct str path)
{
    return str_find(path, S("/assets/"), NULL);
}

static void look_at(struct arena *keep, struct file *f)
{
    struct arena *a = arena_new(4 * FILE_MAX_BYTES);
    if (!a)
        stop("no memory");
    struct str bytes = read_file(a, f->source);
    f->size = bytes.n;
    f->sha256_hex = sha256_hex(keep, bytes);
    const struct file_type *type = type_of(f->path);
    if (is_asset(f->path) && type && type->packs_well && bytes.n > 0) {
        f->gzip_size = packed(a, f, "gz", gzip, bytes);
        f->brotli_size = packed(a, f, "br", brotli, bytes);
    }
    arena_free(a);
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

/* As a C string: paths are our own, but a quote in one must not make a program. */
static void put_quoted(FILE *out, struct str s)
{
    fputc('"', out);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < ' ' || c == '"' || c == '\\' || c == 0x7f)
            fprintf(out, "\\%03o", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

/* The assembler's own quotes inside a C string. */
static void put_incbin(FILE *out, const char *kind, size_t number, const char *path)
{
    if (strpbrk(path, "\"\\\n"))
        stop("%s: a path with quotes or backslashes cannot be embedded", path);
    fprintf(out, "    \".balign 16\\nembed_%s_%zu: .incbin \\\"%s\\\"\\n.byte 0\\n\"\n", kind,
            number, path);
}

static void put_symbol(FILE *out, const char *kind, size_t i)
{
    fprintf(out, "extern const char embed_%s_%zu[];\n", kind, i);
}

static void put_slice(FILE *out, const char *kind, size_t i, size_t n)
{
    if (n)
        fprintf(out, "{embed_%s_%zu, %zu}, ", kind, i, n);
    else
        fputs("{\"\", 0}, ", out);
}

static void put_row(FILE *out, const struct file *f, size_t i)
{
    const struct file_type *type = type_of(f->path);
    const char *mime = type ? type->mime : "application/octet-stream";
    fputs("    {{", out);
    put_quoted(out, f->path);
    fprintf(out, ", %zu}, ", f->path.n);
    put_slice(out, "raw", i, f->size);
    put_slice(out, "gz", i, f->gzip_size);
    put_slice(out, "br", i, f->brotli_size);
    fprintf(out, "{\"%s\", %zu}, {\"%.*s\", 64}},\n", mime, strlen(mime), F(f->sha256_hex));
}

static void put_table(struct arena *a, FILE *out, const struct file *files, size_t n)
{
    fputs("/* Made by tools/mkembed: files in the binary, sorted by path. */\n"
          "#include \"embed/embed.h\"\n\n"
          "__asm__(\".pushsection .rodata.embed, \\\"a\\\"\\n\"\n",
          out);
    for (size_t i = 0; i < n; i++) {
        put_incbin(out, "raw", i, str_z(a, files[i].source));
        if (files[i].gzip_size)
            put_incbin(out, "gz", i, kept_path(a, &files[i], "gz"));
        if (files[i].brotli_size)
            put_incbin(out, "br", i, kept_path(a, &files[i], "br"));
    }
    fputs("    \".popsection\\n\");\n\n", out);
    for (size_t i = 0; i < n; i++) {
        put_symbol(out, "raw", i);
        if (files[i].gzip_size)
            put_symbol(out, "gz", i);
        if (files[i].brotli_size)
            put_symbol(out, "br", i);
    }
    fprintf(out, "\nconst size_t embed_files_n = %zu;\nconst struct embed_file embed_files[] = {\n",
            n);
    for (size_t i = 0; i < n; i++)
        put_row(out, &files[i], i);
    fputs("    {.path = {\"\", 0}},\n};\n", out);
}

static size_t read_list(struct arena *a, struct file *files)
{
    char line[4096];
    size_t n = 0;
    while (fgets(line, sizeof line, stdin)) {
        struct str source = str_trim(str_c(line));
        if (source.n == 0)
            continue;
        if (n == FILES_MAX)
            stop("more than %d files", FILES_MAX);
        struct str path = source;
        if (str_starts(path, S(MADE_PREFIX)))
            path = str_from(path, sizeof MADE_PREFIX - 1);
        files[n++] = (struct file){.source = str_dup(a, source), .path = str_dup(a, path)};
    }
    return n;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        stop("usage: mkembed OUT.c < list of files");
    struct arena *a = arena_new((size_t)64 << 20);
    if (!a)
        stop("no memory");
    if (mkdir(KEEP_DIR, 0777) != 0 && errno != EEXIST)
        stop("cannot make %s: %s (run it from the top of the tree)", KEEP_DIR, strerror(errno));

    struct file *files = NEW_N(a, struct file, FILES_MAX);
    size_t n = read_list(a, files);
    qsort(files, n, sizeof *files, by_path);
    for (size_t i = 0; i < n; i++) {
        if (i && str_eq(files[i].path, files[i - 1].path))
            stop("%.*s is listed twice", F(files[i].path));
        look_at(a, &files[i]);
    }

    FILE *out = fopen(argv[1], "we");
    if (!out)
        stop("cannot write %s: %s", argv[1], strerror(errno));
    put_table(a, out, files, n);
    if (fclose(out) != 0)
        stop("cannot write %s: %s", argv[1], strerror(errno));
    arena_free(a);
    return 0;
}
