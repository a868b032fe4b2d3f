/* procedure_search_test.c - a hundred questions as people type them, asked of the whole national
 * catalogue: the first three answers are those of data/queries.tsv, on either database.
 *
 * data/catalogue.jsonl.gz holds code, name, field, publisher, levels and first result of the 5,652
 * published procedures of 18/07/2026 (national portal of public services), which is all that the
 * search looks at; no province has opened any. With PRINT=1 in the environment the table is written
 * anew from what is found. */
#include <stdio.h>
#include <stdlib.h>

#include "calendar/calendar.h"
#include "form/form.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "testing/world.h"

#define FOLDER "modules/procedure/tests/data/"

static const struct module *const modules[] = {
    &journal_module,   &org_module, &calendar_module, &identity_module, &form_module,
    &procedure_module, NULL};

static const struct testing_world world = {.modules = modules};

static void say_nothing(void *state, struct str line)
{
    (void)state;
    (void)line;
}

static enum err open_world(struct cx *cx)
{
    struct pack p;
    TRY(testing_open_world(cx, &world));
    TRY(pack_open_file(cx, S(FOLDER "catalogue.jsonl.gz"), S("procedure-list"), &p));
    return pack_load(cx, &p, say_nothing, NULL);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

static struct str read_all(struct cx *cx, const char *path)
{
    FILE *f = fopen(path, "r");
    struct buf b = {.arena = cx->arena, .limit = (size_t)1 << 20};
    char piece[4096];
    assert_non_null(f);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        buf_add(&b, (struct str){piece, n});
    fclose(f);
    return buf_str(&b);
}

static struct str first_three(struct cx *cx, struct str words, bool names)
{
    struct procedure_hit hits[3];
    size_t n, total;
    struct buf b = {.arena = cx->arena, .limit = 4096};
    assert_ok(procedure_search(cx, words, hits, 3, &n, &total));
    for (size_t i = 0; i < n; i++)
        buf_fmt(&b, "\t%.*s", F(hits[i].code));
    for (size_t i = 0; i < n && names; i++)
        buf_fmt(&b, "\t%.*s", F(hits[i].name));
    return buf_str(&b);
}

static void a_hundred_questions_have_their_three_answers(void **t)
{
    struct cx *cx = test_cx(t);
    struct str line, words, wanted, rest = read_all(cx, FOLDER "queries.tsv");
    const char *print = getenv("PRINT");
    int asked = 0, wrong = 0;
    assert_true(rows_of(cx, "procedure") >= 5652);
    while (rest.n) {
        str_cut(rest, '\n', &line, &rest);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        bool some = str_cut(line, '\t', &words, &wanted);
        struct str got = str_from(first_three(cx, words, print != NULL), 1);
        asked++;
        if (print) {
            printf("%.*s\t%.*s\n", F(words), F(got));
            continue;
        }
        if (!some || !str_eq(got, wanted)) {
            print_error("\"%.*s\": %.*s instead of %.*s\n", F(words), F(got), F(wanted));
            wrong++;
        }
        /* without marks it is the same question */
        assert_true(str_eq(str_from(first_three(cx, text_fold(cx->arena, words), false), 1), got));
    }
    assert_int_equal(wrong, 0);
    assert_int_equal(asked, 100);
}

/* The first answer of a question in which no procedure has every word. */
static struct str nearest(struct cx *cx, struct str words, bool name)
{
    struct procedure_hit hits[10];
    size_t n, total;
    assert_ok(procedure_search(cx, words, hits, 10, &n, &total));
    assert_int_equal(total, 0);
    assert_ok(procedure_search_near(cx, words, hits, 10, &n));
    for (size_t i = 1; i < n; i++)
        assert_true(hits[i - 1].rank >= hits[i].rank);
    if (n == 0)
        return S("");
    return name ? str_fmt(cx->arena, "%.*s\t%.*s", F(hits[0].code), F(hits[0].name)) : hits[0].code;
}

static void a_question_in_a_sentence_has_its_nearest_answer(void **t)
{
    struct cx *cx = test_cx(t);
    struct str line, words, wanted, rest = read_all(cx, FOLDER "spoken.tsv");
    bool print = getenv("PRINT") != NULL;
    int asked = 0;
    while (rest.n) {
        str_cut(rest, '\n', &line, &rest);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        str_cut(line, '\t', &words, &wanted);
        struct str got = nearest(cx, words, print);
        if (print)
            printf("%.*s\t%.*s\n", F(words), F(got));
        else if (!str_eq(got, wanted))
            fail_msg("\"%.*s\": %.*s instead of %.*s", F(words), F(got), F(wanted));
        asked++;
    }
    assert_int_equal(asked, 10);
    assert_int_equal(nearest(cx, S("qwert yuiop zxcvb"), false).n, 0);
    assert_int_equal(nearest(cx, S("qwert"), false).n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hundred_questions_have_their_three_answers),
        TEST(a_question_in_a_sentence_has_its_nearest_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
