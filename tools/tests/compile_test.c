/* compile_test.c - wrong programs that must not compile, each beside the right one that does. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define FLAGS                                                                                      \
    "-std=gnu2x -D_GNU_SOURCE -include core/base/banned.h -Icore -Imodules -Wall -Wextra -Werror -fsyntax-only"

static const char head[] = "#include \"db/db.h\"\n#include \"web/web.h\"\n"
                           "enum err f(struct cx *cx, const char *words, char *to);\n";

static const struct {
    const char *right, *wrong, *said;
} programs[] = {
    {"enum err f(struct cx *cx, const char *words, char *to) { (void)to; (void)words; return db_exec(cx, \"delete from a\"); }",
     "enum err f(struct cx *cx, const char *words, char *to) { (void)to; return db_exec(cx, words); }",
     "expected"},
    {"enum err f(struct cx *cx, const char *words, char *to) { (void)to; struct db_text q; db_text_start(cx, &q);"
     " DB_ADD(&q, \"select a where b = $\", V(str_c(words))); return OK; }",
     "enum err f(struct cx *cx, const char *words, char *to) { (void)to; struct db_text q; db_text_start(cx, &q);"
     " DB_ADD(&q, words); return OK; }",
     "expected"},
    {"enum err f(struct cx *cx, const char *words, char *to) { (void)to; (void)words; TRY(db_exec(cx, \"delete from a\")); return OK; }",
     "enum err f(struct cx *cx, const char *words, char *to) { (void)to; (void)words; db_exec(cx, \"delete from a\"); return OK; }",
     "unused-result"},
    {"enum err f(struct cx *cx, const char *words, char *to) { (void)cx; snprintf(to, 9, \"%s\", words); return OK; }",
     "enum err f(struct cx *cx, const char *words, char *to) { (void)cx; strcpy(to, words); return OK; }",
     "poisoned \"strcpy\""},
    {"enum err f(struct cx *cx, const char *words, char *to) { (void)to; (void)words; return fail(cx, ERR_LIMIT, \"%d\", 1); }",
     "enum err f(struct cx *cx, const char *words, char *to) { (void)to; (void)words; return fail(cx, ERR_LIMIT, \"%s\", 1); }",
     "format"},
};

static int compiled(struct arena *a, const char *text, const char *more, struct str *said)
{
    char path[] = "/tmp/tinhso-compile.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    FILE *f = fdopen(fd, "w");
    assert_true(fputs(head, f) >= 0 && fputs(text, f) >= 0 && fputs("\n", f) >= 0);
    assert_int_equal(fclose(f), 0);
    f = popen(str_fmt(a, "LC_ALL=C gcc %s %s -x c %s 2>&1", FLAGS, more, path).p, "r");
    assert_non_null(f);
    struct buf out = {.arena = a, .limit = 1 << 20};
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&out, (struct str){piece, n});
    int rc = pclose(f);
    unlink(path);
    *said = buf_str(&out);
    return WIFEXITED(rc) ? WEXITSTATUS(rc) : 255;
}

static void a_wrong_program_does_not_compile([[maybe_unused]] void **t)
{
    struct arena *a = arena_new(4 << 20);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        struct str said;
        if (compiled(a, programs[i].right, "", &said) != 0)
            fail_msg("%s:\n%.*s", programs[i].right, F(said));
        if (compiled(a, programs[i].wrong, "", &said) == 0 ||
            !str_find(said, str_c(programs[i].said), NULL))
            fail_msg("%s:\n%.*s", programs[i].wrong, F(said));
    }
    arena_free(a);
}

static void a_module_cannot_call_for_memory_of_its_own([[maybe_unused]] void **t)
{
    static const char text[] =
        "enum err f(struct cx *cx, const char *words, char *to) { (void)cx; (void)words; free(to); return OK; }";
    struct arena *a = arena_new(4 << 20);
    struct str said;
    assert_int_equal(compiled(a, text, "", &said), 0);
    assert_int_not_equal(compiled(a, text, "-DIN_MODULE", &said), 0);
    assert_true(str_find(said, S("poisoned \"free\""), NULL));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_program_does_not_compile),
        cmocka_unit_test(a_module_cannot_call_for_memory_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
