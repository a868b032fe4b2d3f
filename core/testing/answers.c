/* answers.c - a form filled with what stands in a file. */
#include "browser.h"

#include <stdio.h>

#define LINE_MAX_BYTES 2000

bool browser_fill_from(struct browser *b, const char *path)
{
    char line[LINE_MAX_BYTES];
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    while (fgets(line, sizeof line, f)) {
        char *tab = strchr(line, '\t'), *end = strchr(line, '\n');
        MUST(tab && end); /* a line too long, or not one of ours */
        *tab = *end = 0;
        (void)browser_fill(b, line, tab + 1);
    }
    fclose(f);
    return true;
}
