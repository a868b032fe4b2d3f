/* files_test.c - whole lists for other systems, read back by xmllint; what stands for a code in
 * another list. */
#include "codelist/codelist.h"

#include <stdio.h>
#include <unistd.h>

#include "codelist/codelist_inside.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "notify/notify.h"
#include "org/org.h"
#include "testing/browser.h"
#include "testing/world.h"

static const struct module *const modules[] = {&journal_module,  &org_module,      &notify_module,
                                               &identity_module, &codelist_module, NULL};
static const char *const packs[] = {"roles", "lang-son", "danh-muc", NULL};
static const struct testing_world world = {.modules = modules, .packs = packs, .demo = true};

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

static const char odd_list[] =
    "{\"list\":\"nghe-thu\",\"title\":\"Nghề <thử> & \\\"khác\\\"\",\"owner\":\"Tỉnh\",\"version\":\"bản 1\","
    "\"from\":\"2026-01-01\",\"basis\":\"Quyết định 1 & 2\",\"codes\":["
    "{\"code\":\"A\",\"name\":\"Nông nghiệp\"},"
    "{\"code\":\"A.1\",\"name\":\"Trồng <cây> & nuôi\",\"name_en\":\"Crops & cattle\",\"parent\":\"A\"},"
    "{\"code\":\"A/2\",\"name\":\"Khác\",\"parent\":\"A\"}]}";

static enum err load(struct cx *cx, const char *kind, const char *text, struct pack_report *r)
{
    size_t next = 0;
    enum err e;
    *r = (struct pack_report){.lines = {.arena = cx->arena, .limit = 10000}};
    do
        e = test_write(cx, (strcmp(kind, "list") == 0 ? codelist_load : codelist_load_crosswalk)(
                               cx, S("x.json"), str_c(text), &next, r));
    while (e == OK && next);
    return e;
}

/* What xmllint answers to an expression over the file; it fails when the file is not well formed.
 */
static struct str asked(struct cx *cx, const char *path, const char *expression)
{
    char answer[2000];
    FILE *p = popen(
        str_fmt(cx->arena, "xmllint --nonet --xpath \"%s\" %s 2>&1", expression, path).p, "r");
    assert_non_null(p);
    const size_t n = fread(answer, 1, sizeof answer, p);
    const int code = pclose(p);
    if (code != 0)
        fail_msg("xmllint: %d: %.*s", code, (int)n, answer);
    return str_trim(str_dup(cx->arena, (struct str){answer, n}));
}

static const char *downloaded(struct cx *cx, const char *target)
{
    struct browser *b = browser_new(cx);
    assert_opens(b, target, 200);
    const char *path = str_fmt(cx->arena, "%.*s/list.xml", F(cx->env->data_dir)).p;
    FILE *f = fopen(path, "w");
    const struct str body = browser_page(b)->body;
    assert_int_equal(fwrite(body.p, 1, body.n, f), body.n);
    fclose(f);
    return path;
}

#define IS(name) "*[local-name()='" name "']"

static void an_sdmx_codelist_has_the_parts_of_a_structure_message(void **t)
{
    struct cx *cx = test_cx(t);
    const char *f = downloaded(cx, "/api/danh-muc/dan-toc/tat-ca.sdmx.xml");
    assert_str(asked(cx, f, "namespace-uri(/*)"),
               "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message");
    assert_str(asked(cx, f, "local-name(/*)"), "Structure");
    /* the header's four parts in their order */
    assert_str(
        asked(
            cx, f,
            "concat(local-name(/*/*[1]/*[1]),local-name(/*/*[1]/*[2]),local-name(/*/*[1]/*[3]),local-name(/*/*[1]/*[4]))"),
        "IDTestPreparedSender");
    assert_str(asked(cx, f, "string(//" IS("Codelist") "/@id)"), "CL_DAN_TOC");
    assert_str(asked(cx, f, "string(//" IS("Codelist") "/@version)"), "1979.3.2");
    assert_str(asked(cx, f, "count(//" IS("Code") ")"), "56");
    assert_str(asked(cx, f, "count(//" IS("Code") "[count(" IS("Name") ")=0])"), "0");
    assert_str(asked(cx, f, "string(//" IS("Code") "[@id='05']/" IS("Name") "[@xml:lang='vi'])"),
               "Khmer");
    assert_str(asked(cx, f, "namespace-uri((//" IS("Code") ")[1])"),
               "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure");
}

static void odd_codes_and_words_stay_whole(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack_report r;
    assert_ok(load(cx, "list", odd_list, &r));
    const char *f = downloaded(cx, "/api/danh-muc/nghe-thu/tat-ca.sdmx.xml");
    assert_str(asked(cx, f, "string(//" IS("Codelist") "/" IS("Name") ")"),
               "Nghề <thử> & \"khác\"");
    assert_str(asked(cx, f, "string(//" IS("AnnotationTitle") ")"), "bản 1");
    assert_str(asked(cx, f, "string(//" IS("Code") "[2]/@id)"), "A$2E1");
    assert_str(asked(cx, f, "string(//" IS("Code") "[2]/" IS("Parent") "/Ref/@id)"), "A");
    assert_str(asked(cx, f, "string(//" IS("Code") "[2]/" IS("Name") "[@xml:lang='en'])"),
               "Crops & cattle");
    /* an id is a word of SDMX, and none twice */
    assert_str(asked(cx, f, "count(//" IS("Code") "[translate(@id,'ABCDEF0123456789\\$','')!=''])"),
               "0");
    assert_str(asked(cx, f, "count(//" IS("Code") "[@id=preceding-sibling::*/@id])"), "0");
    f = downloaded(cx, "/api/danh-muc/nghe-thu/tat-ca.skos.rdf");
    assert_str(asked(cx, f, "count(//" IS("Concept") ")"), "3");
    assert_str(asked(cx, f, "string(//" IS("Concept") "[2]/" IS("notation") ")"), "A.1");
    assert_str(asked(cx, f, "string(//" IS("Concept") "[3]/@*[local-name()='about'])"),
               "http://localhost:8080/danh-muc/nghe-thu/ma/A%2F2");
}

/* Every concept lies in the scheme that is stated; whoever has no broader one is at the top. */
static void skos_concepts_hang_together(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack_report r;
    assert_ok(load(cx, "list", odd_list, &r));
    const char *f = downloaded(cx, "/api/danh-muc/nghe-thu/tat-ca.skos.rdf");
    assert_str(asked(cx, f, "count(//" IS("ConceptScheme") ")"), "1");
    assert_str(
        asked(cx, f,
              "count(//" IS("Concept") "[" IS("inScheme") "/@*[local-name()='resource']=//" IS(
                  "ConceptScheme") "/@*[local-name()='about']])"),
        "3");
    assert_str(
        asked(cx, f,
              "count(//" IS("Concept") "[" IS("broader") "/@*[local-name()='resource']=//" IS(
                  "Concept") "/@*[local-name()='about']])"),
        "2");
    assert_str(asked(cx, f, "count(//" IS("Concept") "[" IS("topConceptOf") "])"), "1");
    assert_str(asked(cx, f, "namespace-uri((//" IS("Concept") ")[1])"),
               "http://www.w3.org/2004/02/skos/core#");
}

static void a_file_of_a_day_says_that_day_and_has_an_etag(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack_report r;
    struct browser *b = browser_new(cx);
    assert_ok(load(cx, "list", odd_list, &r));
    assert_opens(b, "/api/danh-muc/nghe-thu/tat-ca.sdmx.xml?ngay=2025-12-31", 200);
    assert_lacks(browser_page(b)->body, "<str:Code ");
    assert_opens(b, "/api/danh-muc/nghe-thu/tat-ca.sdmx.xml?ngay=2026-02-01", 200);
    assert_contains(browser_page(b)->body, "<str:Code ");
    bool has = false;
    for (size_t i = 0; i < browser_page(b)->reply.headers_n; i++)
        has = has || str_eq_ascii_case(browser_page(b)->reply.headers[i].name, S("ETag"));
    assert_true(has);
    assert_opens(b, "/api/danh-muc/khong-co/tat-ca.skos.rdf", 404);
    assert_opens(b, "/api/danh-muc/nghe-thu/tat-ca.skos.rdf?ngay=hom-qua", 422);
}

/* ---- crosswalks ---- */

static const char crossing[] =
    "{\"from\":\"nghe-thu\",\"to\":\"gioi-tinh\",\"basis\":\"Công văn 9\",\"pairs\":["
    "{\"from\":\"A\",\"to\":\"1\",\"relation\":\"exact\"},"
    "{\"from\":\"A.1\",\"to\":\"2\",\"relation\":\"broader\"},"
    "{\"from\":\"A.1\",\"to\":\"7\",\"relation\":\"exact\"},"
    "{\"from\":\"A/2\",\"to\":\"9\",\"relation\":\"equal\"}]}";
static const char less[] =
    "{\"from\":\"nghe-thu\",\"to\":\"gioi-tinh\",\"basis\":\"Công văn 9\",\"pairs\":["
    "{\"from\":\"A.1\",\"to\":\"2\",\"relation\":\"broader\"}]}";

static void what_stands_for_a_code_is_told_from_both_sides(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack_report r;
    struct browser *b = browser_new(cx);
    assert_ok(load(cx, "list", odd_list, &r));
    assert_ok(load(cx, "cross", crossing, &r));
    assert_int_equal(r.changed, 2);
    assert_int_equal(r.refused, 2); /* no such code; no such relation */
    assert_ok(load(cx, "cross", crossing, &r));
    assert_int_equal(r.changed, 0);
    assert_int_equal(r.same, 2);
    assert_opens(b, "/api/danh-muc/nghe-thu/ma/A.1/tuong-ung", 200);
    assert_contains(
        browser_page(b)->body,
        "{\"list\":\"gioi-tinh\",\"code\":\"2\",\"relation\":\"broader\",\"legal_basis\":\"Công văn 9\"}");
    assert_opens(b, "/api/danh-muc/gioi-tinh/ma/2/tuong-ung?sang=nghe-thu", 200);
    assert_contains(browser_page(b)->body, "\"code\":\"A.1\",\"relation\":\"narrower\"");
    assert_opens(b, "/api/danh-muc/gioi-tinh/ma/2/tuong-ung?sang=dan-toc", 200);
    assert_contains(browser_page(b)->body, "\"matches\":[]");
    assert_opens(b, "/api/danh-muc/gioi-tinh/ma/2/tuong-ung?sang=khong-co", 404);
    assert_opens(b, "/danh-muc/nghe-thu/ma/A", 200);
    assert_sees(b, "Giới tính 1 (bằng nhau)");
    const char *f = downloaded(cx, "/api/danh-muc/gioi-tinh/tat-ca.skos.rdf");
    assert_str(asked(cx, f, "string(//" IS("narrowMatch") "/@*[local-name()='resource'])"),
               "http://localhost:8080/danh-muc/nghe-thu/ma/A.1");
    /* A pair that the file no longer has is gone. */
    assert_ok(load(cx, "cross", less, &r));
    assert_int_equal(r.changed, 1);
    assert_int_equal(rows_of(cx, "codelist_crosswalk"), 1);
}

static void a_crosswalk_that_is_none_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack_report r;
    assert_err(load(cx, "cross", "{", &r), ERR_INVALID);
    assert_err(
        load(cx, "cross", "{\"from\":\"dan-toc\",\"to\":\"x\",\"basis\":\"b\",\"pairs\":[{}]}", &r),
        ERR_NOT_FOUND);
    assert_err(load(cx, "cross",
                    "{\"from\":\"dan-toc\",\"to\":\"dan-toc\",\"basis\":\"b\",\"pairs\":[{}]}", &r),
               ERR_INVALID);
    assert_err(load(cx, "cross", "{\"from\":\"dan-toc\",\"to\":\"gioi-tinh\",\"pairs\":[{}]}", &r),
               ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_sdmx_codelist_has_the_parts_of_a_structure_message),
        TEST(odd_codes_and_words_stay_whole),
        TEST(skos_concepts_hang_together),
        TEST(a_file_of_a_day_says_that_day_and_has_an_etag),
        TEST(what_stands_for_a_code_is_told_from_both_sides),
        TEST(a_crosswalk_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
