/* say.c - what a verb says to whoever asked, here or through the socket, and its exit code. */
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "app.h"

void app_say(struct app *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct arena_mark here = arena_here(a->arena);
    struct str s = str_vfmt(a->arena, format, args);
    va_end(args);
    for (size_t at = 0; at < s.n && !a->broken_out;) {
        ssize_t n = write(a->out_fd, s.p + at, s.n - at);
        a->broken_out = n <= 0;
        at += n > 0 ? (size_t)n : 0;
    }
    arena_back(a->arena, here);
}

int app_code(enum err e)
{
    static const int codes[] = {EX_OK,      EX_DATAERR, EX_NOPERM,   EX_NOINPUT,
                                EX_DATAERR, EX_DATAERR, EX_TEMPFAIL, EX_IOERR};
    return (size_t)e < sizeof codes / sizeof *codes ? codes[e] : EX_SOFTWARE;
}

int app_stop(struct app *a, int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str s = str_vfmt(a->arena, format, args);
    va_end(args);
    /* Who asks through the socket hears it there. */
    if (a->out_fd == STDOUT_FILENO)
        fprintf(stderr, "tinhso: %.*s\n", F(s));
    else
        app_say(a, "tinhso: %.*s\n", F(s));
    return code;
}

int app_failed(struct app *a, enum err e)
{
    return app_stop(a, app_code(e), "%.*s", F(a->cx.why.n ? a->cx.why : str_c(err_name(e))));
}
