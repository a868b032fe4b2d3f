/* journal_api_test.c - an outside verifier checks heads and proofs with the JSON alone. */
#include "journal_fixture.h"
#include "json/json.h"
#include "module/module.h"
#include "testing/testing.h"
#include "web/web.h"

static const struct module *const modules[] = {&journal_module, NULL};

struct visit {
    int status;
    const struct json *body;
};

static struct visit get(struct cx *cx, const char *target)
{
    struct web *web;
    struct web_reply reply;
    struct json_error error;
    struct visit v = {0};
    assert_ok(web_open(cx, modules, &web));
    assert_ok(
        web_do(cx, web, &(struct web_call){.method = S("GET"), .target = str_c(target)}, &reply));
    v.status = reply.status;
    assert_ok(json_read(cx->arena, str_dup(cx->arena, reply.body), &v.body, &error));
    web_close(web);
    return v;
}

static struct hash hash_of(struct cx *cx, struct str hex)
{
    struct str bytes;
    struct hash h;
    assert_true(str_unhex(cx->arena, hex, &bytes));
    assert_int_equal(bytes.n, HASH_BYTES);
    memcpy(h.b, bytes.p, HASH_BYTES);
    return h;
}

static struct merkle_proof proof_of(struct cx *cx, const struct json *path)
{
    struct merkle_proof p = {.n = path->n};
    for (size_t i = 0; i < p.n; i++)
        p.path[i] = hash_of(cx, json_text(json_at(path, i)));
    return p;
}

static void a_head_is_checked_with_its_own_key(void **t)
{
    struct cx *cx = test_cx(t);
    struct str der, signature;
    struct key *k;
    assert_int_equal(get(cx, "/api/nhat-ky/dau").status, 404);
    write_many(cx, 0, 5);
    sign(cx);
    struct visit v = get(cx, "/api/nhat-ky/dau");
    assert_int_equal(v.status, 200);
    struct journal_head h = {
        .size = json_int(json_get(v.body, S("tree_size")), 0),
        .at = json_int(json_get(v.body, S("timestamp")), 0),
        .root = hash_of(cx, json_text(json_get(v.body, S("root_hash")))),
        .key_id = json_text(json_get(v.body, S("key_id"))),
    };
    assert_int_equal(h.size, 5);
    assert_true(str_unbase64(cx->arena, json_text(json_get(v.body, S("public_key"))), &der));
    assert_true(str_unbase64(cx->arena, json_text(json_get(v.body, S("signature"))), &signature));
    assert_ok(key_from_public_der(cx, der, &k));
    assert_true(key_verify(k, journal_head_text(cx, &h), signature));
    key_free(k);
}

static void proofs_hold_without_the_database(void **t)
{
    struct cx *cx = test_cx(t);
    write_many(cx, 0, 11);
    struct visit old = get(cx, "/api/nhat-ky/cay?kich_thuoc=7"),
                 now = get(cx, "/api/nhat-ky/cay?kich_thuoc=11");
    struct hash old_root = hash_of(cx, json_text(json_get(old.body, S("root_hash"))));
    struct hash root = hash_of(cx, json_text(json_get(now.body, S("root_hash"))));

    struct visit v = get(cx, "/api/nhat-ky/bao-gom?vi_tri=3&kich_thuoc=11");
    struct hash leaf = hash_of(cx, json_text(json_get(v.body, S("leaf_hash"))));
    struct merkle_proof p = proof_of(cx, json_get(v.body, S("inclusion_path")));
    assert_int_equal(json_int(json_get(v.body, S("leaf_index")), -1), 2);
    assert_true(merkle_verify_inclusion(&leaf, 2, 11, &p, &root));
    assert_false(merkle_verify_inclusion(&leaf, 3, 11, &p, &root));

    v = get(cx, "/api/nhat-ky/nhat-quan?tu=7&den=11");
    p = proof_of(cx, json_get(v.body, S("consistency_path")));
    assert_true(merkle_verify_consistency(7, &old_root, 11, &root, &p));
    assert_false(merkle_verify_consistency(7, &root, 11, &root, &p));
}

static void what_is_not_in_the_log_has_no_proof(void **t)
{
    struct cx *cx = test_cx(t);
    write_many(cx, 0, 3);
    assert_int_equal(get(cx, "/api/nhat-ky/bao-gom?vi_tri=4&kich_thuoc=4").status, 404);
    assert_int_equal(get(cx, "/api/nhat-ky/bao-gom?vi_tri=0&kich_thuoc=3").status, 404);
    assert_int_equal(get(cx, "/api/nhat-ky/bao-gom?vi_tri=mot&kich_thuoc=3").status, 422);
    assert_int_equal(get(cx, "/api/nhat-ky/bao-gom?vi_tri=1").status, 422);
    assert_int_equal(get(cx, "/api/nhat-ky/nhat-quan?tu=3&den=2").status, 404);
    assert_int_equal(get(cx, "/api/nhat-ky/cay?kich_thuoc=99999999999999999999").status, 422);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_head_is_checked_with_its_own_key),
        TEST(proofs_hold_without_the_database),
        TEST(what_is_not_in_the_log_has_no_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
