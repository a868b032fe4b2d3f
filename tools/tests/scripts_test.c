/* scripts_test.c - the tools that judge us can say no: each rule of tidy, each kind of claim. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct file {
    const char *path, *text;
};
/* A tree with one thing wrong in it, and what must be said. */
struct wrong_tree {
    struct file file, also;
    const char *said;
};

/* Every tree begins with these; nothing is wrong with them. */
/* clang-format off */
static const struct file sound[] = {
    {"docs/map.md", "```rooms\nbase lowest\nlog next\ntesting last\n```\n"
                    "```modules\nfirst\nsecond\nthird\n```\n"},
    {"docs/README.md", "docs\n"},
    {"docs/claims.tsv", "issue\tsection\tsentence\tevidence\n"},
    {"core/base/README.md", "base\n"},
    {"core/base/base.h", "/*\n * base.h - text.\n */\n"},
    {"core/log/README.md", "log\n"},
    {"core/log/log.h", "/* log.h - lines. */\n#include \"base/base.h\"\n"},
    {"modules/first/README.md", "first\n"},
    {"modules/first/first.h", "/* first.h - a door. */\n"},
    {"modules/first/first_module.c", "/* first_module.c - what it brings. */\n"
                                     ".needs = (const char *const[]){NULL},\n"},
    {"modules/second/README.md", "second\n"},
    {"modules/second/second.h", "/* second.h - a door. */\n#include \"first/first.h\"\n"},
    {"modules/third/README.md", "third\n"},
    {"modules/third/third_module.c", "/* third_module.c - what it brings. */\n"
                                     "static const char *const needs[] = {\"first\", \"second\", NULL};\n"
                                     ".needs = needs,\n"},
    {"modules/third/third.c", "/* third.c - rules. */\n#include \"second/second.h\"\n"},
    {"modules/second/second_module.c", "/* second_module.c - what it brings. */\n"
                                       ".needs = (const char *const[]){\"first\", NULL},\n"},
    {"modules/second/schema/0001_second.sql",
     "-- second: things.\ncreate table second_thing (\n"
     "    id   $id,              -- public\n"
     "    name $sealed not null, -- personal: of a person\n"
     "    kind text not null     -- public\n"
     "        check (kind in ('a', 'b')),\n"
     "    unique (id, name)\n);\n"},
};

static const struct wrong_tree wrong_trees[] = {
    {{"core/log/a.c", "/* a.c - a. */\n#include \"base/inside.h\"\n"}, {0}, "the door of base is base/base.h"},
    {{"core/log/a.c", "/* a.c - a. */\n#include \"../base/base.h\"\n"}, {0}, "say room/door.h"},
    {{"core/log/a.c", "/* a.c - a. */\n#include \"strange/strange.h\"\n"}, {0}, "knows no strange"},
    {{"core/log/a.c", "/* a.c - a. */\n#include \"first/first.h\"\n"}, {0}, "core never includes a module"},
    {{"core/base/a.c", "/* a.c - a. */\n#include \"log/log.h\"\n"}, {0}, "base stands above log"},
    {{"core/new/new.h", "/* new.h - n. */\n"}, {"core/new/README.md", "new\n"}, "room new is not in docs/map.md"},
    {{"modules/fourth/fourth.h", "/* fourth.h - n. */\n"}, {"modules/fourth/README.md", "t\n"}, "module fourth is not in docs/map.md"},
    {{"modules/first/first.c", "/* first.c - f. */\n#include \"second/second.h\"\n"}, {0}, "second is not in the needs of first"},
    {{"modules/first/a.c", "/* a.c - f. */\n#include \"testing/testing.h\"\n"}, {0}, "testing is for tests"},
    {{"modules/second/second_store.c", "/* second_store.c - s. */\nint f(void)\n{\n    q(\"select name from second_thing\");\n}\n"}, {0}, "reads second_thing without the reader's scope"},
    {{"modules/second/second_store.c", "/* second_store.c - s. */\n/* unscoped: */\nint f(void)\n{\n    q(\"select 1 from a\"\n      \" join second_thing\");\n}\n"}, {0}, "reads second_thing without"},
    {{"modules/second/second_store.c", "/* second_store.c - s. */\nint f(void)\n{\n    q(\"select 1 from second_part\");\n}\n"}, {"modules/second/schema/0002_part.sql", "-- second: parts.\ncreate table second_part (\n    thing bigint references second_thing (id) -- internal\n);\n"}, "reads second_part without"},
    {{"modules/first/a.c", "/* a.c - f. */\nx = time(NULL);\n"}, {0}, "time and randomness come from cx"},
    {{"modules/first/a.c", "/* a.c - f. */\nTRY(db_commit(cx));\n"}, {0}, "the lane owns the transaction"},
    {{"modules/first/a.c", "/* a.c - f. */\nTRY(db_exec(cx, \"x\"));\n"}, {0}, "SQL stands only in first_store.c"},
    {{"core/log/a.c", "/* b.c - a. */\n"}, {0}, "does not begin with a comment"},
    {{"core/log/a.c", "#include <stdio.h>\n"}, {0}, "does not begin with a comment"},
    {{"core/log/a.c", "/* a.c - a. */\nsystem(\"ls\");\n"}, {0}, "system() is not used"},
    {{"core/log/a.c", "/* a.c - a. */\npopen(\"ls\");\n"}, {0}, "popen() is for tests"},
    {{"core/log/a.c", "/* a.c - a. */\nint a; \n"}, {0}, "blanks at the end of the line"},
    {{"core/log/a.c", "/* a.c - a. */\n/* \xff */\n"}, {0}, "not UTF-8"},
    {{"core/log/a.c", "/* a.c - a. */\n\"/ho" "me/an/x\"\n"}, {0}, "a path of one machine"},
    {{"core/later/later.c", "/* later.c - a. */\n"}, {0}, "core/later: no README.md"},
    {{"modules/first/schema/0001_first.sql", "-- f\ncreate table first_a (\n    id $id\n);\n"}, {0}, "first_a.id declares no class"},
    {{"modules/first/schema/0001_first.sql", "-- f\ncreate table first_a (\n    name text -- personal\n);\n"}, {0}, "first_a.name is personal"},
    {{"modules/first/schema/0001_first.sql", "-- f\ncreate table other_a (\n    id $id -- public\n);\n"}, {0}, "lacks the prefix first_"},
    {{"modules/first/schema/first.sql", "-- f\n"}, {0}, "named 0001_name.sql"},
    {{"modules/first/schema/0002_more.sql", "-- f\nalter table first_a add note text;\n"}, {0}, "declares no class"},
    {{"modules/first/assets/first.css", ".first { color: #a00; }\n"}, {0}, "a raw colour"},
    {{"modules/first/assets/first.css", ".first { order: -1; }\n"}, {0}, "arrives last"},
    {{"modules/first/assets/first.css", "main:has(> .first) { padding: 0; }\n"}, {0}, "only when the page is there"},
    {{"docs/claims.tsv", "2\t1.1\tsaid\tcore/log/tests/log_test.c#nothing\n"}, {0}, "there is no core/log/tests/log_test.c"},
};

static const char log_test[] = "/* log_test.c - t. */\n"
                               "static void it_holds(void **t)\n{\n}\n"
                               "static void unlisted(void **t)\n{\n}\n"
                               "static void skipped(void **t)\n{\n    skip();\n}\n"
                               "    cmocka_unit_test(it_holds),\n    cmocka_unit_test(skipped),\n";
#define LOG_TEST {"core/log/tests/log_test.c", log_test}
#define CLAIM(evidence) {"docs/claims.tsv", "2\t1.1\tsaid\t" evidence "\n"}

static const struct wrong_tree wrong_claims[] = {
    {CLAIM("core/log/tests/log_test.c#it_fails"), LOG_TEST, "has no test it_fails"},
    {CLAIM("core/log/tests/log_test.c#unlisted"), LOG_TEST, "unlisted is in no list"},
    {CLAIM("tests/stories/none.story"), LOG_TEST, "there is no tests/stories/none.story"},
    {CLAIM("docs/README.md#no such words"), LOG_TEST, "docs/README.md does not say"},
    {CLAIM("look#nowhere"), LOG_TEST, "tests/look draws no picture nowhere"},
    {CLAIM("ci#nothing"), LOG_TEST, ".ci/run has no step"},
    {CLAIM("believe me"), LOG_TEST, "is no evidence"},
    {CLAIM("not done"), LOG_TEST, "say why"},
    {{"docs/claims.tsv", "2\t1.1\tsaid\n"}, LOG_TEST, "a row has four columns"},
};
static const struct wrong_tree true_claims[] = {
    {CLAIM("core/log/tests/log_test.c#it_holds; docs/README.md#docs"), LOG_TEST, "1 shown, 0 wrong, 0 not done"},
    {CLAIM("not done: next month"), LOG_TEST, "0 shown, 0 wrong, 1 not done"},
};
/* clang-format on */

static struct str output_of(struct arena *a, int *status, const char *command)
{
    FILE *f = popen(command, "r");
    assert_non_null(f);
    struct buf out = {.arena = a, .limit = 1 << 20};
    char piece[4096];
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&out, (struct str){piece, n});
    int rc = pclose(f);
    *status = WIFEXITED(rc) ? WEXITSTATUS(rc) : 255;
    return buf_str(&out);
}

static void put(struct arena *a, const char *root, const struct file *file)
{
    if (!file->path)
        return;
    int status;
    const char *path = str_fmt(a, "%s/%s", root, file->path).p;
    output_of(a, &status, str_fmt(a, "mkdir -p \"$(dirname %s)\"", path).p);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    assert_true(fputs(file->text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

/* The sound tree with t's files over it, judged by `tool`. */
static struct str judged(struct arena *a, const char *tool, const struct wrong_tree *t, int *status)
{
    char root[] = "/tmp/tinhso-tree.XXXXXX";
    assert_non_null(mkdtemp(root));
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++)
        put(a, root, &sound[i]);
    put(a, root, &t->file);
    put(a, root, &t->also);
    struct str said = output_of(a, status, str_fmt(a, "%s %s 2>&1", tool, root).p);
    int ignored;
    output_of(a, &ignored, str_fmt(a, "rm -rf %s", root).p);
    return said;
}

static void refused_each(const char *tool, const struct wrong_tree *t, size_t n)
{
    struct arena *a = arena_new(16 << 20);
    for (size_t i = 0; i < n; i++) {
        int status;
        struct str said = judged(a, tool, &t[i], &status);
        if (status == 0 || !str_find(said, str_c(t[i].said), NULL))
            print_error("%s with %s: ended with %d and said\n%.*s\ninstead of: %s\n",
                        t[i].file.path, t[i].file.text, status, F(said), t[i].said);
        assert_int_not_equal(status, 0);
        assert_true(str_find(said, str_c(t[i].said), NULL));
    }
    arena_free(a);
}

static void tidy_is_content_with_a_sound_tree([[maybe_unused]] void **t)
{
    struct arena *a = arena_new(4 << 20);
    int status;
    struct str said = judged(a, "tools/tidy", &(struct wrong_tree){0}, &status);
    if (status != 0)
        print_error("%.*s\n", F(said));
    assert_int_equal(status, 0);
    arena_free(a);
}

static void tidy_names_each_broken_rule([[maybe_unused]] void **t)
{
    refused_each("tools/tidy", wrong_trees, sizeof wrong_trees / sizeof *wrong_trees);
}

/* Bound, asked by the actor, or with a reason: then it is nobody else's business. */
static void a_query_within_the_scope_is_no_news([[maybe_unused]] void **t)
{
    static const char *const good[] = {
        "int f(void)\n{\n    q(\"select name from second_thing\");\n    add_scope(cx, q);\n}\n",
        "int f(void)\n{\n    q(\"select 1 from second_thing\", V(cx->actor->account));\n}\n",
        "/* unscoped: a job */\nint f(void)\n{\n    q(\"select name from second_thing\");\n}\n",
        "int f(void)\n{\n    q(\"delete from second_thing\");\n}\n",
        "int f(void)\n{\n    q(\"select 1 from first_thing\");\n}\n",
    };
    struct arena *a = arena_new(4 << 20);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        int status;
        struct str text = str_fmt(a, "/* second_store.c - s. */\n%s", good[i]);
        struct str said = judged(
            a, "tools/tidy",
            &(struct wrong_tree){.file = {"modules/second/second_store.c", text.p}}, &status);
        if (status != 0)
            print_error("%zu: %.*s\n", i, F(said));
        assert_int_equal(status, 0);
    }
    arena_free(a);
}

static void a_column_without_a_class_does_not_build([[maybe_unused]] void **t)
{
    struct arena *a = arena_new(4 << 20);
    char dir[] = "/tmp/tinhso-class.XXXXXX";
    int status, ignored;
    assert_non_null(mkdtemp(dir));
    put(a, dir,
        &(struct file){"schema/0001_x.sql", "-- x: y.\ncreate table x (\n    id $id\n);\n"});
    struct str said = output_of(
        a, &status,
        str_fmt(a, "make -s build/checked/classes SCHEMAS=%s/schema/0001_x.sql 2>&1", dir).p);
    output_of(a, &ignored, str_fmt(a, "rm -rf %s", dir).p);
    assert_int_not_equal(status, 0);
    assert_true(str_find(said, S("declares no class"), NULL));
    /* And `make build` asks it of a schema that changed. */
    said = output_of(a, &status, "make -n -W core/web/schema/0001_web.sql build 2>&1");
    assert_int_equal(status, 0);
    assert_true(str_find(said, S("tools/classes "), NULL));
    arena_free(a);
}

static void a_claim_without_its_evidence_is_refused([[maybe_unused]] void **t)
{
    refused_each("tools/claims exists", wrong_claims, sizeof wrong_claims / sizeof *wrong_claims);
}

static void a_true_claim_and_an_honest_gap_are_counted([[maybe_unused]] void **t)
{
    struct arena *a = arena_new(4 << 20);
    for (size_t i = 0; i < sizeof true_claims / sizeof *true_claims; i++) {
        int status;
        struct str said = judged(a, "tools/claims exists", &true_claims[i], &status);
        assert_int_equal(status, 0);
        assert_true(str_find(said, str_c(true_claims[i].said), NULL));
    }
    arena_free(a);
}

static void a_claim_needs_its_test_to_have_passed([[maybe_unused]] void **t)
{
    static const struct {
        const char *row, *on_postgresql;
        int status;
    } runs[] = {
        {"core/log/tests/log_test\tit_holds\tpassed\n", "", 0},
        {"core/log/tests/log_test\tit_holds\tfailed\n", "", 1},
        {"core/log/tests/log_test\tit_holds\tskipped\n", "", 1},
        {"core/log/tests/log_test\tanother\tpassed\n", "", 1},
        {"core/log/tests/log_test\tit_holds\tskipped\n",
         "core/log/tests/log_test\tit_holds\tpassed\n", 0},
        {"core/log/tests/log_test\tit_holds\tpassed\n",
         "core/log/tests/log_test\tit_holds\tskipped\n", 0},
        {"core/log/tests/log_test\tit_holds\tskipped\n",
         "core/log/tests/log_test\tit_holds\tskipped\n", 1},
        {"core/log/tests/log_test\tit_holds\tpassed\n",
         "core/log/tests/log_test\tit_holds\tfailed\n", 1},
    };
    struct arena *a = arena_new(4 << 20);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        char root[] = "/tmp/tinhso-tree.XXXXXX";
        assert_non_null(mkdtemp(root));
        put(a, root, &(struct file)CLAIM("core/log/tests/log_test.c#it_holds"));
        put(a, root, &(struct file)LOG_TEST);
        put(a, root, &(struct file){"build/results/sqlite.tsv", runs[i].row});
        put(a, root, &(struct file){"build/results/postgresql.tsv", runs[i].on_postgresql});
        int status, ignored;
        output_of(a, &status, str_fmt(a, "tools/claims run %s 2>&1", root).p);
        output_of(a, &ignored, str_fmt(a, "rm -rf %s", root).p);
        assert_int_equal(status, runs[i].status);
    }
    arena_free(a);
}

static void a_claim_needs_its_step_of_ci_to_be_green([[maybe_unused]] void **t)
{
    static const struct {
        const char *steps, *said;
        int status;
    } runs[] = {
        {"shown\tok\t3\n", "1 passed, 0 failed", 0},
        {"shown\tFAILED\t3\n", "the step \"shown\" FAILED", 1},
        {"other\tok\t3\n", "the step \"shown\" did not run", 1},
        {"shown\tskipped\t0\n", "skipped on this machine: said", 0},
    };
    struct arena *a = arena_new(4 << 20);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        char root[] = "/tmp/tinhso-tree.XXXXXX";
        assert_non_null(mkdtemp(root));
        put(a, root, &(struct file)CLAIM("ci#shown"));
        put(a, root, &(struct file){".ci/run", "step \"shown\" 0 true\n"});
        put(a, root, &(struct file){"build/ci/steps.tsv", runs[i].steps});
        int status, ignored;
        struct str said = output_of(a, &status, str_fmt(a, "tools/claims ci %s 2>&1", root).p);
        output_of(a, &ignored, str_fmt(a, "rm -rf %s", root).p);
        if (status != runs[i].status || !str_find(said, str_c(runs[i].said), NULL))
            fail_msg("%s: ended with %d and said\n%.*s", runs[i].steps, status, F(said));
    }
    arena_free(a);
}

/* A program that says what it is told to, in the words of cmocka. */
static struct str counted(struct arena *a, int *status, const char *script)
{
    char dir[] = "/tmp/tinhso-run.XXXXXX";
    assert_non_null(mkdtemp(dir));
    int ignored;
    put(a, dir, &(struct file){"program", script});
    struct str out = output_of(
        a, status,
        str_fmt(
            a,
            "here=$(pwd); cd %s && chmod +x program && \"$here/tools/run-tests\" x ./program 2>&1",
            dir)
            .p);
    output_of(a, &ignored, str_fmt(a, "rm -rf %s", dir).p);
    return out;
}

static void tests_are_counted_and_none_is_lost([[maybe_unused]] void **t)
{
    static const struct {
        const char *script, *said;
        int status;
    } programs[] = {
        {"#!/bin/sh\necho '[       OK ] one'; echo '[  SKIPPED ] two'\n",
         "x: 1 passed, 0 failed, 1 skipped", 0},
        {"#!/bin/sh\necho '[       OK ] one'; echo '[  FAILED  ] two'; exit 1\n",
         "x: 1 passed, 1 failed", 1},
        {"#!/bin/sh\necho '[       OK ] one'; kill -SEGV $$\n", "x: 1 passed, 1 failed", 1},
        {"#!/bin/sh\n", "x: 0 passed, 1 failed", 1},
        {"#!/bin/sh\necho '[       OK ] one'; exit 3\n", "(the program ended with 3)", 1},
    };
    struct arena *a = arena_new(4 << 20);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        int status;
        struct str said = counted(a, &status, programs[i].script);
        if (status != programs[i].status || !str_find(said, str_c(programs[i].said), NULL))
            print_error("%s said\n%.*s\n", programs[i].script, F(said));
        assert_int_equal(status, programs[i].status);
        assert_true(str_find(said, str_c(programs[i].said), NULL));
    }
    arena_free(a);
}

static void make_run_says_what_to_do_about_the_port([[maybe_unused]] void **t)
{
    struct arena *a = arena_new(4 << 20);
    int status;
    struct str said = output_of(a, &status, "PORT=80800 tools/run 2>&1");
    assert_int_equal(status, 64);
    assert_true(str_find(said, S("make run PORT=8081"), NULL));
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    const int port = ntohs(at.sin_port);
    said = output_of(a, &status, str_fmt(a, "PORT=%d tools/run 2>&1", port).p);
    close(fd);
    assert_int_equal(status, 75);
    assert_true(str_find(said, str_fmt(a, "Port %d is in use", port), NULL));
    assert_true(str_find(said, str_fmt(a, "make run PORT=%d", port + 1), NULL));
    arena_free(a);
}

/* Programs of another machine, before ours in PATH. */
static struct str elsewhere(struct arena *a, int *status, const struct file *programs, size_t n,
                            const char *command)
{
    char dir[] = "/tmp/tinhso-bin.XXXXXX";
    int ignored;
    assert_non_null(mkdtemp(dir));
    for (size_t i = 0; i < n; i++) {
        put(a, dir, &programs[i]);
        output_of(a, &ignored, str_fmt(a, "chmod +x %s/%s", dir, programs[i].path).p);
    }
    struct str said = output_of(a, status, str_fmt(a, "PATH=%s:$PATH %s 2>&1", dir, command).p);
    output_of(a, &ignored, str_fmt(a, "rm -rf %s", dir).p);
    return said;
}

static void make_run_says_what_to_do_without_the_right([[maybe_unused]] void **t)
{
    static const struct file stranger[] = {
        {"id", "#!/bin/sh\ncase $1 in -u) echo 1000 ;; *) echo an ;; esac\n"}};
    struct arena *a = arena_new(4 << 20);
    int status;
    struct str said = elsewhere(a, &status, stranger, 1, "PORT=79 tools/run");
    assert_int_equal(status, 77);
    assert_true(str_find(said, S("Ports below 1024 belong to root"), NULL));
    assert_true(str_find(said, S("-> take another"), NULL));
    arena_free(a);
}

static void an_installation_that_fails_says_what_to_do([[maybe_unused]] void **t)
{
    static const struct {
        const char *apt, *said;
    } machines[] = {
        {"echo 'Err: Failed to fetch x'; exit 100", "-> look whether this machine reaches"},
        {"echo 'E: Unable to locate package gcc'; exit 100",
         "-> this program is made for Debian 12"},
        {"echo 'E: Could not get lock /var/lib/dpkg/lock'; exit 100", "-> wait until it ends"},
        {"echo 'No space left on device'; exit 100", "-> make about 2 GB free"},
        {"echo 'dpkg was interrupted'; exit 100", "dpkg --configure -a"},
        {"echo 'something else'; exit 100", "the whole account is in build/deps.log"},
    };
    struct arena *a = arena_new(4 << 20);
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        const struct file programs[] = {
            {"dpkg-query", "#!/bin/sh\ntrue\n"},
            {"sudo", "#!/bin/sh\n[ \"$1\" != -n ] || shift\nexec \"$@\"\n"},
            {"apt-get", str_fmt(a, "#!/bin/sh\n%s\n", machines[i].apt).p},
            {"apt-cache", "#!/bin/sh\ntrue\n"},
        };
        int status;
        struct str said = elsewhere(a, &status, programs, 4, "tools/deps build");
        if (status != 69 || !str_find(said, str_c(machines[i].said), NULL))
            fail_msg("%s: ended with %d and said\n%.*s", machines[i].apt, status, F(said));
    }
    arena_free(a);
}

/* apt's account of itself comes by a descriptor of its own, the third. */
static void an_installation_shows_its_progress([[maybe_unused]] void **t)
{
    const struct file programs[] = {
        {"dpkg-query", "#!/bin/sh\ntrue\n"},
        {"sudo", "#!/bin/sh\n[ \"$1\" != -n ] || shift\nexec \"$@\"\n"},
        {"apt-get", "#!/bin/sh\n"
                    "echo dlstatus:1:34.5:Retrieving >&3; echo pmstatus:gcc:7.1:Unpacking >&3\n"
                    "echo pmstatus:gcc:8.9:Unpacking >&3; echo pmstatus:gcc:61.0:Setting up >&3\n"},
    };
    struct arena *a = arena_new(4 << 20);
    int status;
    struct str said = elsewhere(a, &status, programs, 3, "tools/deps build | cat");
    assert_int_equal(status, 0);
    assert_true(str_find(said, S("  fetch     34%\n  install    7%\n  install   61%\n"), NULL));
    assert_true(str_find(said, S("Installed."), NULL));
    arena_free(a);
}

/* A tree whose build has sixty steps, and a program that cannot serve. */
static void building_for_the_first_time_shows_its_progress([[maybe_unused]] void **t)
{
    static const struct file tree[] = {
        {"tools/deps", "#!/bin/sh\n"},
        {"program", "#!/bin/sh\n[ $1 = demo ] && mkdir -p \"$3\" && exit 0\nexit 3\n"},
        {"Makefile", "build: $(patsubst %,o-%,$(shell seq 60))\n"
                     "\t@mkdir -p build && cp program build/tinhso\n"
                     "o-%:\n\t@echo \"  cc  $*.c\"\n"},
    };
    struct arena *a = arena_new(4 << 20);
    char root[] = "/tmp/tinhso-tree.XXXXXX";
    int status, ignored;
    assert_non_null(mkdtemp(root));
    for (size_t i = 0; i < sizeof tree / sizeof *tree; i++)
        put(a, root, &tree[i]);
    struct str said = output_of(a, &status,
                                str_fmt(a,
                                        "cp tools/run %s/tools/ && cd %s && chmod +x program "
                                        "tools/deps && PORT=45678 tools/run 2>&1",
                                        root, root)
                                    .p);
    output_of(a, &ignored, str_fmt(a, "rm -rf %s", root).p);
    if (!str_find(said, S("Building (60 steps):\n  25 of 60\n  50 of 60\n"), NULL) ||
        !str_find(said, S("Making the demo data"), NULL) ||
        !str_find(said, S("The server ended"), NULL))
        fail_msg("make run said\n%.*s", F(said));
    assert_int_equal(status, 3);
    arena_free(a);
}

static void apt_is_left_alone_when_nothing_is_missing([[maybe_unused]] void **t)
{
    static const struct file apt[] = {{"apt-get", "#!/bin/sh\necho apt was asked >&2; exit 1\n"}};
    struct arena *a = arena_new(4 << 20);
    int status;
    struct str said = elsewhere(a, &status, apt, 1, "tools/deps build");
    assert_int_equal(status, 0);
    assert_int_equal(said.n, 0);
    arena_free(a);
}

static void a_throw_away_cluster_leaves_nothing_behind([[maybe_unused]] void **t)
{
    struct arena *a = arena_new(4 << 20);
    int status;
    struct str said = output_of(
        a, &status,
        "tools/pg-cluster sh -c 'psql \"$TINHSO_TEST_DATABASE\" -Atc \"show lc_collate\"; "
        "folder=$(echo $TINHSO_TEST_DATABASE | sed \"s,.*host=,,; s,%2F,/,g\"); "
        "ls -d $folder; exit 7' 2>&1");
    assert_int_equal(status, 7); /* the command's own */
    assert_true(str_starts(said, S("C\n/")));
    struct str folder = str_trim(str_from(said, 2));
    assert_true(str_find(folder, S("/tinhso-pg."), NULL));
    assert_int_not_equal(access(str_z(a, folder), F_OK), 0);
    arena_free(a);
}

static void the_program_is_at_most_20_MB([[maybe_unused]] void **t)
{
    struct stat st;
    char stripped[] = "/tmp/tinhso-size.XXXXXX";
    int fd = mkstemp(stripped), status;
    assert_true(fd >= 0);
    struct arena *a = arena_new(4 << 20);
    output_of(a, &status, "[ -e build/tinhso ] || make -s -j2 build KIND=plain 2>&1");
    output_of(a, &status, str_fmt(a, "strip -o %s build/tinhso", stripped).p);
    assert_int_equal(status, 0);
    assert_int_equal(stat(stripped, &st), 0);
    assert_in_range(st.st_size, 1000000, 20000000);
    close(fd);
    unlink(stripped);
    arena_free(a);
}

int main(void)
{
    /* As tools/run-tests does: bash complains of a locale that is not there. */
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("MAKEFLAGS");
    unsetenv("TEST_FILTER");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tidy_is_content_with_a_sound_tree),
        cmocka_unit_test(tidy_names_each_broken_rule),
        cmocka_unit_test(a_query_within_the_scope_is_no_news),
        cmocka_unit_test(a_column_without_a_class_does_not_build),
        cmocka_unit_test(a_claim_without_its_evidence_is_refused),
        cmocka_unit_test(a_true_claim_and_an_honest_gap_are_counted),
        cmocka_unit_test(a_claim_needs_its_test_to_have_passed),
        cmocka_unit_test(a_claim_needs_its_step_of_ci_to_be_green),
        cmocka_unit_test(tests_are_counted_and_none_is_lost),
        cmocka_unit_test(make_run_says_what_to_do_about_the_port),
        cmocka_unit_test(make_run_says_what_to_do_without_the_right),
        cmocka_unit_test(an_installation_that_fails_says_what_to_do),
        cmocka_unit_test(an_installation_shows_its_progress),
        cmocka_unit_test(building_for_the_first_time_shows_its_progress),
        cmocka_unit_test(apt_is_left_alone_when_nothing_is_missing),
        cmocka_unit_test(a_throw_away_cluster_leaves_nothing_behind),
        cmocka_unit_test(the_program_is_at_most_20_MB),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
