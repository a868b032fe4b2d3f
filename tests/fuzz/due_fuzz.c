/* due_fuzz.c - the words of `tinhso due`: each line of the input is one. No file is named. */
#include "app.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define WORDS_MAX 40

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int nowhere = -1;
    static char text[2048];
    char *argv[WORDS_MAX + 2] = {(char *)"tinhso", (char *)"due"};
    int argc = 2;
    struct app_options o;
    struct app a;
    if (size >= sizeof text)
        return 0;
    if (nowhere < 0) {
        nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
        stderr = fopen("/dev/null", "we"); /* what it says to people fills no log */
        MUST(nowhere >= 0 && stderr != NULL);
    }
    memcpy(text, data, size);
    text[size] = 0;
    for (char *word = text, *next; word && argc < WORDS_MAX; word = next) {
        next = strchr(word, '\n');
        if (next)
            *next++ = 0;
        if (strncmp(word, "--calendar", 10) == 0)
            return 0;
        argv[argc++] = word;
    }
    if (app_parse(argc, argv, &o) != EX_OK || !o.own)
        return 0;
    if (app_begin(&a, &o, NULL) == EX_OK) {
        a.out_fd = nowhere;
        const int code = verb_due(&a);
        MUST(code == EX_OK || code == EX_USAGE || code == EX_DATAERR || code == EX_NOINPUT);
    }
    app_end(&a);
    return 0;
}
