/* person_test.c - people: sealed, found by number and name, read with a purpose and an event. */
#include "identity_fixture.h"

#include "crypto/crypto.h"
#include "vault/vault.h"

static struct person new_person(struct cx *cx, struct str name, struct str id_no)
{
    struct person p = {.kind = S("cong_dan"),
                       .name = name,
                       .id_no = id_no,
                       .born_on = civil_day(1990, 5, 6),
                       .sex = S("nam"),
                       .phone = S("0912345678"),
                       .address = S("12 Hùng Vương")};
    assert_ok(test_write(cx, person_put(cx, &p)));
    return p;
}

static void a_person_is_added_once_and_opened_whole(void **t)
{
    struct cx *cx = test_cx(t);
    struct person p = new_person(cx, S("Lý Thị Bình"), S("020301000777")),
                  same = {.name = S("Khác"), .id_no = S("020301000777")}, out;
    assert_ok(test_write(cx, person_put(cx, &same)));
    assert_int_equal(same.id, p.id);
    assert_ok(person_find(cx, p.id, &out));
    assert_str(out.name, "Lý Thị Bình");
    assert_str(out.id_no, "020301000777");
    assert_str(out.address, "12 Hùng Vương");
    assert_int_equal(out.born_on, civil_day(1990, 5, 6));
    assert_ok(person_by_id_no(cx, S("020301000777"), &out));
    assert_int_equal(out.id, p.id);
    assert_err(person_by_id_no(cx, S("020301000778"), &out), ERR_NOT_FOUND);
}

static void nothing_personal_lies_open_in_the_rows(void **t)
{
    struct cx *cx = test_cx(t);
    struct person p = new_person(cx, S("Lý Thị Bình"), S("020301000777"));
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows,
                       "select id_no, name, details, id_lookup from identity_person where id = $1",
                       V(p.id)));
    assert_true(db_next(&rows));
    for (int i = 0; i < 4; i++) {
        assert_lacks(db_bytes(&rows, i), "Bình");
        assert_lacks(db_bytes(&rows, i), "020301000777");
        assert_lacks(db_bytes(&rows, i), "Hùng Vương");
    }
}

static void a_name_is_found_by_its_words_and_their_beginnings(void **t)
{
    struct cx *cx = test_cx(t);
    struct person p = new_person(cx, S("Lý Thị Bình"), S("020301000777"));
    new_person(cx, S("Lý Văn Bảo"), S("020201000778"));
    int64_t ids[8];
    size_t n;
    static const char *const finds[] = {"ly thi binh", "Bình", "bin", "lý bi"};
    for (size_t i = 0; i < sizeof finds / sizeof *finds; i++) {
        assert_ok(person_search(cx, str_c(finds[i]), ids, 8, &n));
        assert_int_equal(n, 1);
        assert_int_equal(ids[0], p.id);
    }
    assert_ok(person_search(cx, S("lý"), ids, 8, &n));
    assert_int_equal(n, 2);
    assert_ok(person_search(cx, S("bình minh"), ids, 8, &n));
    assert_int_equal(n, 0);
}

static void a_changed_person_is_found_by_the_new_name_only(void **t)
{
    struct cx *cx = test_cx(t);
    struct person p = new_person(cx, S("Lý Thị Bình"), S("020301000777")), old = p;
    p.name = S("Lý Thị An");
    assert_ok(test_write(cx, person_update(cx, &p)));
    int64_t ids[8];
    size_t n;
    assert_ok(person_search(cx, S("bình"), ids, 8, &n));
    assert_int_equal(n, 0);
    assert_ok(person_search(cx, S("lý an"), ids, 8, &n));
    assert_int_equal(n, 1);
    assert_err(test_write(cx, person_update(cx, &old)), ERR_CONFLICT);
}

static void reading_another_needs_a_purpose_and_is_shown_to_the_person(void **t)
{
    struct cx *cx = test_cx(t);
    struct browser *officer = signed_in_as(cx, "hotich.kylua"),
                   *citizen = signed_in_as(cx, "020192999101");
    int64_t person;
    assert_ok(account_person(cx, account_of(cx, "020192999101"), &person));
    browser_open(citizen, "/tai-khoan/ai-da-doc");
    assert_sees(citizen, "Chưa có ai mở thông tin cá nhân của bạn.");
    assert_opens(officer, str_fmt(cx->arena, "/nguoi/%lld", (long long)person).p, 403);
    assert_opens(officer,
                 str_fmt(cx->arena, "/nguoi/%lld?de=Giải+quyết+hồ+sơ", (long long)person).p, 200);
    assert_sees(officer, "Hoàng Thị Mai");
    browser_open(citizen, "/tai-khoan/ai-da-doc");
    assert_sees(citizen, "Đàm Thu Hà");
    assert_sees(citizen, "Ủy ban nhân dân phường Kỳ Lừa");
    assert_sees(citizen, "Giải quyết hồ sơ");
}

/* As a batch runs a task again whose first run was undone: its memory was given back. */
static void a_person_put_again_after_a_run_that_was_undone_is_found_by_name(void **t)
{
    struct cx *cx = test_cx(t);
    struct person p = {.name = S("Lý Thị Bình"), .born_on = INT64_MIN};
    int64_t ids[8];
    size_t n;
    const struct arena_mark here = arena_here(cx->arena);
    assert_ok(db_begin(cx));
    assert_ok(person_put(cx, &p));
    db_rollback(cx);
    arena_back(cx->arena, here);
    memset(arena_alloc(cx->arena, 16384), 0x7f, 16384);
    assert_ok(test_write(cx, person_put(cx, &p)));
    assert_ok(person_search(cx, S("binh"), ids, 8, &n));
    assert_int_equal(n, 1);
}

static void an_erased_person_leaves_a_row_that_says_so(void **t)
{
    struct cx *cx = test_cx(t);
    struct person p = new_person(cx, S("Lý Thị Bình"), S("020301000777")), out;
    assert_ok(test_write(cx, journal_erase(cx, p.subject, S("12/QĐ"))));
    struct str name;
    testing_advance(cx, 2 * SECOND_MS); /* the vault's cache of keys */
    assert_ok(person_name(cx, p.id, &name));
    assert_contains(name, "đã xóa");
    assert_ok(person_find(cx, p.id, &out));
    assert_int_equal(out.id_no.n, 0);
}

static void a_failed_call_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t people = rows_of(cx, "identity_person"), tokens = rows_of(cx, "identity_name_token");
    struct person p = {.name = S("Lý Thị Bình"), .id_no = S("020301000777"), .born_on = INT64_MIN};
    int calls = 0;
    enum err e;
    do {
        assert_int_equal(rows_of(cx, "identity_person"), people);
        assert_int_equal(rows_of(cx, "identity_name_token"), tokens);
        db_fail_at(cx, ++calls);
        e = test_write(cx, person_put(cx, &p));
        db_fail_at(cx, 0);
    } while (e != OK && calls < 200);
    assert_true(calls >= 5);
    assert_int_equal(rows_of(cx, "identity_person"), people + 1);
}

static void an_officer_signs_with_a_certificate_of_the_installation(void **t)
{
    struct cx *cx = test_cx(t);
    struct key *key;
    struct str cert, ca;
    struct cert_info info;
    assert_ok(identity_signer(cx, account_of(cx, "chutich.kylua"), &key, &cert, &ca));
    assert_ok(cert_read(cx, cert, &info));
    assert_str(info.common_name, "Bế Văn Lâm");
    assert_str(info.organisation, "Ủy ban nhân dân phường Kỳ Lừa");
    struct str signature;
    struct key *public;
    struct str der;
    assert_ok(key_sign(cx, key, S("văn bản"), &signature));
    assert_ok(key_public_der(cx, key, &der));
    assert_ok(key_from_public_der(cx, der, &public));
    assert_true(key_verify(public, S("văn bản"), signature));
    key_free(public);
    assert_err(identity_signer(cx, account_of(cx, "020192999101"), &key, &cert, &ca),
               ERR_NOT_FOUND);
}

/* As it lay before keyd: the private key under a secret of the vault. */
static void an_officers_key_from_before_keyd_goes_to_it(void **t)
{
    struct cx *cx = test_cx(t);
    const int64_t chair = account_of(cx, "chutich.kylua");
    struct key *key, *public;
    struct str cert, ca, private_der, signature, about;
    struct key *old;
    assert_ok(identity_signer(cx, chair, &key, &cert, &ca));
    assert_ok(key_generate(cx, &old));
    assert_ok(key_private_der(cx, old, &private_der));
    about = str_fmt(cx->arena, "identity_signer.private:%lld", (long long)chair);
    struct str sealed = seal(cx, vault_secret(cx, S("identity.signer")), about, private_der);
    const struct cert_request rq = {.common_name = S("Bế Văn Lâm"),
                                    .country = S("VN"),
                                    .valid_from = cx->now,
                                    .valid_to = cx->now + DAY_MS,
                                    .use = CERT_SIGNER};
    assert_ok(cert_make(cx, &rq, old, old, S(""), &cert));
    assert_ok(test_write(cx, db_exec(cx,
                                     "update identity_signer set private = $1, cert = $2"
                                     " where account = $3",
                                     VB(sealed), VB(cert), V(chair))));
    assert_ok(identity_signer(cx, chair, &key, &cert, &ca));
    assert_err(key_sign(cx, key, S("văn bản"), &signature), ERR_DENIED);

    bool more = true;
    assert_ok(test_write(cx, identity_signers_adopt(cx, &more)));
    assert_false(more);
    assert_ok(identity_signer(cx, chair, &key, &cert, &ca));
    assert_ok(key_sign(cx, key, S("văn bản"), &signature));
    assert_ok(cert_key(cx, cert, &public));
    assert_true(key_verify(public, S("văn bản"), signature));
    key_free(public);
    key_free(old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_person_is_added_once_and_opened_whole),
        TEST(nothing_personal_lies_open_in_the_rows),
        TEST(a_name_is_found_by_its_words_and_their_beginnings),
        TEST(a_changed_person_is_found_by_the_new_name_only),
        TEST(reading_another_needs_a_purpose_and_is_shown_to_the_person),
        TEST(a_person_put_again_after_a_run_that_was_undone_is_found_by_name),
        TEST(an_erased_person_leaves_a_row_that_says_so),
        TEST(a_failed_call_leaves_nothing_behind),
        TEST(an_officer_signs_with_a_certificate_of_the_installation),
        TEST(an_officers_key_from_before_keyd_goes_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
