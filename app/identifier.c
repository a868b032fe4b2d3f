/* identifier.c - the verb identifier: are these numbers what they claim to be? Without a data
 * folder.
 *
 * The numbers come by standard input, a line each: what stands on a command line is seen by
 * everybody on the machine. */
#include <stdio.h>

#include "app.h"
#include "codelist/codelist.h"

int verb_identifier(struct app *a)
{
    char line[512];
    int bad = 0;
    if (a->options.words_n != 1)
        return app_stop(a, EX_USAGE, "cần: tinhso identifier LOẠI, các số theo đầu vào chuẩn");
    struct str what = str_c(a->options.words[0]);
    while (fgets(line, sizeof line, stdin)) {
        struct identifier id;
        struct arena_mark here = arena_here(a->arena);
        struct str typed = str_trim(str_c(line));
        bool fine = typed.n && identifier_check(a->arena, what, typed, &id);
        if (typed.n)
            app_say(a, "%s\t%.*s\t%.*s\n", fine ? id.kind : "SAI", F(fine ? id.plain : typed),
                    F(id.words));
        bad += typed.n && !fine;
        arena_back(a->arena, here);
    }
    return bad ? EX_DATAERR : EX_OK;
}
