/* http_condition_test.c - what conditions on entity tags come to. */
#include "http/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct asked {
    enum http_method method;
    const char *match, *none, *none_too, *tag;
    int comes_to;
};

static void a_condition_comes_to_what_rfc_9110_says(void **)
{
    /* clang-format off */
    static const struct asked table[] = {
        {HTTP_GET,  NULL, NULL, NULL, "v1", 200},
        {HTTP_GET,  NULL, "\"v1\"", NULL, "v1", 304},
        {HTTP_HEAD, NULL, "W/\"v1\"", NULL, "v1", 304},     /* weak comparison */
        {HTTP_GET,  NULL, "\"v2\", ,\"v1\"", NULL, "v1", 304},
        {HTTP_GET,  NULL, "\"v2\"", "\"v1\"", "v1", 304},   /* two lines are one list */
        {HTTP_GET,  NULL, "\"v2\"", NULL, "v1", 200},
        {HTTP_GET,  NULL, "*", NULL, "v1", 304},
        {HTTP_GET,  NULL, "*", "\"v1\"", "v1", 200},        /* no list of tags */
        {HTTP_GET,  NULL, "v1", NULL, "v1", 200},
        {HTTP_GET,  NULL, "\"v2\"v1\"", NULL, "v1", 200},   /* the tag only seems to be in it */
        {HTTP_GET,  NULL, "\"v1\" \"v2\"", NULL, "v1", 200},
        {HTTP_GET,  NULL, "w/\"v1\"", NULL, "v1", 200},
        {HTTP_GET,  NULL, "", NULL, "v1", 200},
        {HTTP_GET,  "\"v1\"", NULL, NULL, "v1", 200},
        {HTTP_GET,  "W/\"v1\"", NULL, NULL, "v1", 412},     /* strong comparison */
        {HTTP_GET,  "\"v2\"", NULL, NULL, "v1", 412},
        {HTTP_GET,  "\"v2\"", "\"v1\"", NULL, "v1", 412},   /* If-Match is asked first */
        {HTTP_GET,  "\"v1\"", "\"v1\"", NULL, "v1", 304},
        {HTTP_GET,  "*", NULL, NULL, "v1", 200},
        {HTTP_POST, NULL, "\"v1\"", NULL, "v1", 412},
        {HTTP_POST, NULL, "*", NULL, "", 412},
        {HTTP_POST, "\"\"", NULL, NULL, "", 412},           /* no tag is no empty tag */
        {HTTP_POST, "*", NULL, NULL, "", 200},
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const struct asked *a = &table[i];
        const struct http_header h[] = {
            {a->match ? S("If-Match") : S("X"), a->match ? str_c(a->match) : S("")},
            {a->none ? S("if-none-match") : S("X"), a->none ? str_c(a->none) : S("")},
            {a->none_too ? S("If-None-Match") : S("X"), a->none_too ? str_c(a->none_too) : S("")}};
        const struct http_request rq = {.method = a->method, .headers = h, .headers_n = 3};
        if (http_condition(&rq, str_c(a->tag)) != a->comes_to)
            fail_msg("row %zu: %d", i, http_condition(&rq, str_c(a->tag)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_condition_comes_to_what_rfc_9110_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
