/* embed_test.c - files in the binary are found, whole and in order. */
#include "base/base.h"
#include "embed/embed.h"

#include <brotli/decode.h>
#include <openssl/sha.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#define ZLIB_CONST /* next_in is const then */
#include <zlib.h>

#include <cmocka.h>

#define STYLE S("core/embed/tests/assets/sample.css")

static struct str inflated(struct arena *a, struct str gz, size_t room)
{
    char *out = arena_alloc(a, room);
    z_stream z = {.next_in = (const unsigned char *)gz.p,
                  .avail_in = (unsigned)gz.n,
                  .next_out = (unsigned char *)out,
                  .avail_out = (unsigned)room};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    inflateEnd(&z);
    return (struct str){out, z.total_out};
}

static struct str unbrotlied(struct arena *a, struct str br, size_t room)
{
    unsigned char *out = arena_alloc(a, room);
    size_t n = room;
    assert_int_equal(BrotliDecoderDecompress(br.n, (const unsigned char *)br.p, &n, out),
                     BROTLI_DECODER_RESULT_SUCCESS);
    return (struct str){(const char *)out, n};
}

static void a_file_is_found_by_its_path_in_the_tree([[maybe_unused]] void **t)
{
    const struct embed_file *f = embed_find(STYLE);
    assert_non_null(f);
    assert_true(str_starts(f->bytes, S("/* sample.css")));
    assert_true(str_ends(f->bytes, S("}\n")));
    assert_true(str_eq(f->mime, S("text/css; charset=utf-8")));
}

static void an_unknown_path_is_not_found([[maybe_unused]] void **t)
{
    assert_null(embed_find(S("")));
    assert_null(embed_find(S("core/embed/tests/assets/sample.cs")));
    assert_null(embed_find(S("core/embed/tests/assets/sample.css2")));
    assert_null(embed_find(S("\xff\xff")));
}

static void packed_forms_unpack_to_the_same_bytes([[maybe_unused]] void **t)
{
    struct arena *a = arena_new(1 << 20);
    const struct embed_file *f = embed_find(STYLE);
    assert_non_null(f);
    assert_true(f->gzip.n > 0 && f->gzip.n < f->bytes.n);
    assert_true(f->brotli.n > 0 && f->brotli.n < f->bytes.n);
    assert_true(str_eq(inflated(a, f->gzip, f->bytes.n + 1), f->bytes));
    assert_true(str_eq(unbrotlied(a, f->brotli, f->bytes.n + 1), f->bytes));
    arena_free(a);
}

static void what_does_not_shrink_is_not_packed([[maybe_unused]] void **t)
{
    const struct embed_file *f = embed_find(S("core/embed/tests/assets/tiny.txt"));
    assert_non_null(f);
    assert_int_equal(f->gzip.n, 0);
    assert_int_equal(f->brotli.n, 0);
}

static void an_empty_file_is_there_and_empty([[maybe_unused]] void **t)
{
    const struct embed_file *f = embed_find(S("core/embed/tests/assets/empty.txt"));
    assert_non_null(f);
    assert_int_equal(f->bytes.n, 0);
    assert_non_null(f->bytes.p);
}

static void the_hash_is_of_the_bytes([[maybe_unused]] void **t)
{
    struct arena *a = arena_new(1 << 20);
    size_t n;
    const struct embed_file *f = embed_under(S("core/embed/"), &n);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++) {
        unsigned char sum[SHA256_DIGEST_LENGTH];
        SHA256((const unsigned char *)f[i].bytes.p, f[i].bytes.n, sum);
        assert_true(str_eq(f[i].sha256_hex, str_hex(a, (struct str){(char *)sum, sizeof sum})));
    }
    arena_free(a);
}

static void all_files_stand_in_order_of_path([[maybe_unused]] void **t)
{
    size_t n;
    const struct embed_file *f = embed_under(S(""), &n);
    assert_true(n >= 3);
    for (size_t i = 1; i < n; i++)
        assert_true(str_cmp(f[i - 1].path, f[i].path) < 0);
}

static void a_folder_gives_only_what_lies_below_it([[maybe_unused]] void **t)
{
    size_t n;
    const struct embed_file *f = embed_under(S("core/embed/tests/assets/"), &n);
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++)
        assert_true(str_starts(f[i].path, S("core/embed/tests/assets/")));
    embed_under(S("no/such/folder/"), &n);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_found_by_its_path_in_the_tree),
        cmocka_unit_test(an_unknown_path_is_not_found),
        cmocka_unit_test(packed_forms_unpack_to_the_same_bytes),
        cmocka_unit_test(what_does_not_shrink_is_not_packed),
        cmocka_unit_test(an_empty_file_is_there_and_empty),
        cmocka_unit_test(the_hash_is_of_the_bytes),
        cmocka_unit_test(all_files_stand_in_order_of_path),
        cmocka_unit_test(a_folder_gives_only_what_lies_below_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
