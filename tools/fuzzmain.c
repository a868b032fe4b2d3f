/* fuzzmain.c - the corpus of a fuzz target as a test: feeds it each file of its folder.
 *
 *     build/plain/tests/fuzz/NAME_replay [FILE...]     (else tests/fuzz/corpus/NAME/)
 *
 * Names the file before it is fed, so that a crash tells which one it was. */
#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INPUT_MAX ((size_t)64 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* Some targets set something up first, as libFuzzer allows. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static int feed(const char *path)
{
    FILE *f = fopen(path, "re");
    struct stat st;
    if (!f || fstat(fileno(f), &st) != 0 || (size_t)st.st_size > INPUT_MAX) {
        perror(path);
        exit(1);
    }
    size_t n = (size_t)st.st_size;
    uint8_t *exact = malloc(n ? n : 1); /* no byte of room: the sanitizer sees one read too far */
    if (!exact || fread(exact, 1, n, f) != n)
        abort();
    fclose(f);
    printf("%s\n", path);
    fflush(stdout);
    int rc = LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    return rc;
}

static int feed_folder(const char *folder)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort), fed = 0;
    for (int i = 0; i < n; i++) {
        char path[PATH_MAX + NAME_MAX + 2];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.') {
            feed(path);
            fed++;
        }
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return fed;
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    const char *name = strrchr(argv[0], '/');
    name = name ? name + 1 : argv[0];
    size_t n = strlen(name);
    if (n > 7 && strcmp(name + n - 7, "_replay") == 0)
        n -= 7;

    int fed = argc - 1;
    for (int i = 1; i < argc; i++)
        feed(argv[i]);
    if (argc == 1) {
        char folder[PATH_MAX];
        snprintf(folder, sizeof folder, "tests/fuzz/corpus/%.*s", (int)n, name);
        fed = feed_folder(folder);
    }
    /* The words tools/run-tests counts. */
    printf("[%s] the_corpus_of_%.*s_is_read_without_harm\n", fed ? "       OK " : "  FAILED  ",
           (int)n, name);
    if (!fed)
        printf("tests/fuzz/corpus/%.*s holds no file\n", (int)n, name);
    return fed ? 0 : 1;
}
