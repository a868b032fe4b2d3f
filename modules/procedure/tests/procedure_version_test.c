/* procedure_version_test.c - dated versions, what a dossier pins, packs loaded again, the order of
 * what a search finds. */
#include "calendar/calendar.h"
#include "embed/embed.h"
#include "form/form.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "json/json.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "testing/world.h"

static const struct module *const modules[] = {
    &journal_module,   &org_module, &calendar_module, &identity_module, &form_module,
    &procedure_module, NULL};
static const char *const packs[] = {"quoc-gia", "lang-son", NULL};
static const struct testing_world world = {.modules = modules, .packs = packs};

static enum err open_world(struct cx *cx)
{
    return testing_open_world(cx, &world);
}

static void say_nothing(void *state, struct str line)
{
    (void)state;
    (void)line;
}

static int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

static struct str shipped(void)
{
    size_t n;
    const struct embed_file *f = embed_under(S("packs/quoc-gia/procedures/1.001193.json"), &n);
    assert_int_equal(n, 1);
    return f[0].bytes;
}

/* The text with one piece in place of another. */
static struct str with(struct cx *cx, struct str text, const char *piece, const char *instead)
{
    size_t at;
    struct buf b = {.arena = cx->arena, .limit = text.n + 10000};
    assert_true(str_find(text, str_c(piece), &at));
    buf_add(&b, str_until(text, at));
    buf_add(&b, str_c(instead));
    buf_add(&b, str_from(text, at + strlen(piece)));
    return buf_str(&b);
}

static struct pack_report load(struct cx *cx, struct str bytes)
{
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
    size_t next = 0;
    do
        assert_ok(
            test_write(cx, procedure_module.packs[0].load(cx, S("x.json"), bytes, &next, &r)));
    while (next);
    return r;
}

static int64_t fee_of(struct cx *cx, const struct procedure *p)
{
    const struct json *form;
    struct json_error error;
    struct procedure_charge c[8];
    size_t n;
    int64_t total;
    assert_ok(json_read(cx->arena, S("{\"de_nghi_cap_ban_sao\":\"Có\",\"so_luong_ban_sao\":3}"),
                        &form, &error));
    assert_ok(procedure_charges(cx, p, form, c, 8, &n, &total));
    assert_ok(json_read(cx->arena, S("{\"de_nghi_cap_ban_sao\":\"Không\"}"), &form, &error));
    int64_t none;
    assert_ok(procedure_charges(cx, p, form, c, 8, &n, &none));
    assert_int_equal(none, 0);
    return total;
}

static void the_same_pack_again_adds_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack p;
    int64_t versions = rows_of(cx, "procedure_version"),
            openings = rows_of(cx, "procedure_opening");
    int64_t words = rows_of(cx, "procedure_word"), forms = rows_of(cx, "form_version");
    int64_t units = rows_of(cx, "org_unit"), days = rows_of(cx, "calendar_day");
    for (size_t i = 0; packs[i]; i++) {
        assert_ok(pack_open(cx, str_c(packs[i]), &p));
        assert_ok(pack_load(cx, &p, say_nothing, NULL));
    }
    assert_int_equal(rows_of(cx, "procedure_version"), versions);
    assert_int_equal(rows_of(cx, "procedure_opening"), openings);
    assert_int_equal(rows_of(cx, "procedure_word"), words);
    assert_int_equal(rows_of(cx, "form_version"), forms);
    assert_int_equal(rows_of(cx, "org_unit"), units);
    assert_int_equal(rows_of(cx, "calendar_day"), days);
    struct pack_report r = load(cx, shipped());
    assert_int_equal(r.added + r.changed + r.refused, 0);
    assert_int_equal(r.same, 1);
}

static void a_changed_fee_is_a_new_opening_and_what_is_pinned_stays(void **t)
{
    struct cx *cx = test_cx(t);
    const struct procedure *before, *after, *pinned;
    assert_ok(procedure_find(cx, S("1.001193"), &before));
    assert_int_equal(fee_of(cx, before), 24000);
    (void)load(cx, with(cx, shipped(), "\"amount_dong\": 8000", "\"amount_dong\": 9000"));
    assert_ok(procedure_find(cx, S("1.001193"), &after));
    assert_int_equal(fee_of(cx, after), 27000);
    assert_int_not_equal(after->opening_id, before->opening_id);
    assert_ok(procedure_pinned(cx, before->version_id, before->opening_id, &pinned));
    assert_int_equal(fee_of(cx, pinned), 24000);
}

static void a_changed_record_is_a_new_version_and_what_is_pinned_stays(void **t)
{
    struct cx *cx = test_cx(t);
    const struct procedure *before, *after, *pinned;
    assert_ok(procedure_find(cx, S("1.001193"), &before));
    struct pack_report r =
        load(cx, with(cx, shipped(), "Thủ tục đăng ký khai sinh", "Thủ tục đăng ký khai sinh mới"));
    assert_int_equal(r.changed, 1);
    assert_ok(procedure_find(cx, S("1.001193"), &after));
    assert_str(after->name, "Thủ tục đăng ký khai sinh mới");
    assert_ok(procedure_pinned(cx, before->version_id, before->opening_id, &pinned));
    assert_str(pinned->name, "Thủ tục đăng ký khai sinh");
    assert_int_equal(pinned->components_n, before->components_n);
}

static void a_broken_pack_file_is_refused_with_its_line(void **t)
{
    struct cx *cx = test_cx(t);
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
    size_t next = 0;
    int64_t versions = rows_of(cx, "procedure_version");
    assert_err(test_write(cx, procedure_module.packs[0].load(
                                  cx, S("x.json"), S("{\"procedures\": [\n{"), &next, &r)),
               ERR_INVALID);
    r = load(cx, S("{\"procedures\": [{\"record\": {\"name\": \"Không mã\"}}]}"));
    assert_int_equal(r.refused, 1);
    assert_int_equal(rows_of(cx, "procedure_version"), versions);
}

/* ---- searching ---- */

static const char others[] =
    "{\"procedures\": ["
    "{\"record\": {\"code\": \"1.000893\", \"name\": \"Thủ tục đăng ký khai sinh cho người đã có hồ sơ, giấy tờ cá nhân\"}},"
    "{\"record\": {\"code\": \"1.004884\", \"name\": \"Thủ tục đăng ký lại khai sinh\"}},"
    "{\"record\": {\"code\": \"1.000656\", \"name\": \"Thủ tục đăng ký khai tử\"}},"
    "{\"record\": {\"code\": \"2.000986\", \"name\": \"Liên thông đăng ký khai sinh, thường trú, cấp thẻ bảo hiểm y tế\"}}]}";

static struct str first_of(struct cx *cx, const char *words, size_t *total)
{
    struct procedure_hit hits[20];
    size_t n;
    assert_ok(procedure_search(cx, str_c(words), hits, 20, &n, total));
    return n ? hits[0].code : S("");
}

static void the_nearest_name_stands_first_with_or_without_marks(void **t)
{
    struct cx *cx = test_cx(t);
    static const struct {
        const char *words, *code;
    } asked[] = {
        {"dang ky khai sinh", "1.001193"},
        {"Đăng ký khai sinh", "1.001193"},
        {"khai sinh", "1.001193"},
        {"giay khai sinh", "1.001193"}, /* an alias */
        {"dang ky lai khai sinh", "1.004884"},
        {"khai tu", "1.000656"},
        {"dang ky khai s", "1.001193"}, /* prefixes */
        {"the bao hiem", "2.000986"},
        {"1.004884", "1.004884"},
    };
    size_t total;
    (void)load(cx, str_c(others));
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct str got = first_of(cx, asked[i].words, &total);
        if (!str_eq(got, str_c(asked[i].code)))
            fail_msg("\"%s\" finds %.*s first", asked[i].words, F(got));
    }
    (void)first_of(cx, "khai sinh", &total);
    assert_true(total >= 4);
}

static void every_word_must_be_there(void **t)
{
    struct cx *cx = test_cx(t);
    size_t total;
    (void)load(cx, str_c(others));
    assert_str(first_of(cx, "khai sinh zzz", &total), "");
    assert_int_equal(total, 0);
    assert_str(first_of(cx, "%", &total), "");
    assert_str(first_of(cx, "' or 1=1", &total), "");
}

static void what_an_older_release_loaded_is_indexed_at_the_start(void **t)
{
    struct cx *cx = test_cx(t);
    size_t total;
    int64_t cards = rows_of(cx, "procedure_card"), words = rows_of(cx, "procedure_word");
    assert_ok(test_write(cx, db_exec(cx, "delete from procedure_card")));
    assert_ok(test_write(cx, db_exec(cx, "delete from procedure_text")));
    assert_ok(test_write(cx, db_exec(cx, "delete from procedure_word")));
    assert_str(first_of(cx, "khai sinh", &total), "");
    assert_ok(procedure_module.start(cx));
    assert_int_equal(rows_of(cx, "procedure_card"), cards);
    assert_int_equal(rows_of(cx, "procedure_word"), words);
    assert_str(first_of(cx, "khai sinh", &total), "1.001193");
    assert_ok(test_write(cx, procedure_module.rebuild(cx)));
    assert_int_equal(rows_of(cx, "procedure_word"), words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_pack_again_adds_nothing),
        TEST(a_changed_fee_is_a_new_opening_and_what_is_pinned_stays),
        TEST(a_changed_record_is_a_new_version_and_what_is_pinned_stays),
        TEST(a_broken_pack_file_is_refused_with_its_line),
        TEST(the_nearest_name_stands_first_with_or_without_marks),
        TEST(every_word_must_be_there),
        TEST(what_an_older_release_loaded_is_indexed_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
