/* verify_test.c - whoever changes the database behind the program's back is named by verify. */
#include "journal_fixture.h"
#include "journal_raw.h"
#include "testing/testing.h"

#include <pthread.h>

#define EVENTS 11

struct notes {
    int n;
    char last[512];
};

static void take_note(void *state, struct str line)
{
    struct notes *notes = state;
    notes->n++;
    snprintf(notes->last, sizeof notes->last, "%.*s", F(line));
}

static struct raw a_log_with_heads(struct cx *cx)
{
    int64_t lan = new_subject(cx);
    new_subject(cx); /* a second key, so that another subject's number is one that exists */
    write_many(cx, lan, 6);
    sign(cx);
    write_many(cx, lan, EVENTS - 6);
    sign(cx);
    struct raw raw = raw_open(cx);
    raw_drop_triggers(&raw);
    return raw;
}

/* ---- every column ---- */

/* One row of each table; every one of its columns gets another value. */
struct target {
    const char *table, *row, *row_open; /* row_open: for columns that only open payloads have */
    const char *named;                  /* what the finding must say */
};
static const struct target targets[] = {
    {"journal_event", "id = 3", NULL, "journal_event 3"},
    {"journal_payload", "event_id = 3", "event_id = 4", "journal_payload của sự kiện"},
    {"journal_position", "position = 3", NULL, ""},
    {"journal_node", "level = 1 and idx = 1", NULL, "journal_node tầng 1 số 1"},
    {"journal_head", "size = 6", NULL, "journal_head"},
};

static struct str other_value(struct cx *cx, const struct raw *raw, const struct db_column *c)
{
    struct str name = c->column;
    if (str_eq(c->type, S("text")))
        return str_fmt(cx->arena, "%.*s || 'x'", F(name));
    if (str_eq(c->type, S("integer")))
        return str_fmt(cx->arena, "1 - %.*s", F(name));
    if (str_eq(c->type, S("bigint")) || str_eq(c->type, S("$id")))
        return str_fmt(cx->arena, "%.*s + 1", F(name));
    if (raw->lite)
        return str_fmt(cx->arena, "zeroblob(length(%.*s))", F(name));
    return str_fmt(cx->arena, "set_byte(%.*s, 9, 255 - get_byte(%.*s, 9))", F(name), F(name));
}

static bool only_in_open_payloads(struct str column)
{
    return str_eq(column, S("salt")) || str_eq(column, S("body"));
}

static void change(struct cx *cx, struct raw *raw, const struct target *t,
                   const struct db_column *c)
{
    const char *row = only_in_open_payloads(c->column) ? t->row_open : t->row;
    bool moves = (str_eq(c->type, S("$id")) || str_eq(c->type, S("bigint"))) &&
                 (str_eq(c->column, S("id")) || str_eq(c->column, S("event_id")) ||
                  str_eq(c->column, S("position")) || str_eq(c->column, S("size")) ||
                  str_eq(c->column, S("idx")));
    struct str value = other_value(cx, raw, c);
    raw_do(cx, raw, "update %s set %.*s = %.*s%s where %s", t->table, F(c->column), F(value),
           moves ? " + 1000" : "", row);
}

static void put_back(struct cx *cx, struct raw *raw, const char *table)
{
    raw_do(cx, raw, "delete from %s", table);
    raw_do(cx, raw, "insert into %s select * from kept", table);
    raw_tell(raw, "drop table kept");
}

static void assert_named(struct cx *cx, const struct target *t, const struct db_column *c)
{
    struct journal_report r = verify_with(cx, journal_witness_path(cx));
    if (r.sound)
        fail_msg("%s.%.*s was changed and nobody saw it", t->table, F(c->column));
    if (!str_find(r.what, str_c(t->named), NULL))
        fail_msg("%s.%.*s was changed, but: %.*s", t->table, F(c->column), F(r.what));
    if (strcmp(t->table, "journal_event") == 0 || strcmp(t->table, "journal_position") == 0)
        assert_int_equal(r.bad_position, 3);
    if (strcmp(t->table, "journal_payload") == 0)
        assert_int_equal(r.bad_event, only_in_open_payloads(c->column) ? 4 : 3);
}

static void a_change_of_any_column_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    assert_sound(cx);
    size_t n, changed = 0;
    const struct db_column *columns = db_columns(&n);
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
        for (size_t k = 0; k < n; k++) {
            if (!str_eq(columns[k].table, str_c(targets[i].table)))
                continue;
            raw_do(cx, &raw, "create table kept as select * from %s", targets[i].table);
            change(cx, &raw, &targets[i], &columns[k]);
            assert_named(cx, &targets[i], &columns[k]);
            put_back(cx, &raw, targets[i].table);
            assert_sound(cx);
            changed++;
        }
    assert_true(changed >= 18 + 5 + 3 + 3 + 5);
    raw_close(&raw);
}

/* ---- whole rows ---- */

static void assert_finding(struct cx *cx, const char *part, int64_t position)
{
    struct journal_report r = verify_with(cx, journal_witness_path(cx));
    assert_false(r.sound);
    if (!str_find(r.what, str_c(part), NULL))
        fail_msg("expected \"%s\", but: %.*s", part, F(r.what));
    assert_int_equal(r.bad_position, position);
}

static void a_lost_event_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_tell(&raw, "delete from journal_event where id = 5");
    assert_finding(cx, "journal_event 5 (vị trí 5): bị mất", 5);
    raw_close(&raw);
}

static void a_lost_position_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_tell(&raw, "delete from journal_position where position = 5");
    assert_finding(cx, "journal_position 5: bị mất", 5);
    raw_close(&raw);
}

static void a_lost_payload_needs_an_order(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_tell(&raw, "delete from journal_payload where event_id = 3");
    assert_finding(cx, "không có quyết định xóa", 3);
    raw_close(&raw);
}

static void a_destroyed_key_needs_an_order(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_tell(
        &raw,
        "update vault_subject set wrapped = null, erased_at = 1, erased_by = '99/QĐ' where id = 1");
    testing_advance(cx, HOUR_MS);
    assert_finding(cx, "không có quyết định xóa", 1);
    raw_close(&raw);
}

static void two_events_that_change_places_are_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_tell(&raw, "update journal_position set event_id = 1000 where position = 3");
    raw_tell(&raw, "update journal_position set event_id = 3 where position = 4");
    raw_tell(&raw, "update journal_position set event_id = 4 where position = 3");
    assert_finding(cx, "journal_event 4 (vị trí 3)", 3);
    raw_close(&raw);
}

static void an_event_slipped_in_before_others_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_tell(
        &raw,
        "insert into journal_event (id, at, tx, kind, subject_kind, subject_id, subject_code, unit, from_state,"
        " to_state, actor_account, actor_unit, actor_system, purpose, request_id, note_public, payload_subject)"
        " select -1, at, tx, kind, subject_kind, subject_id, subject_code, unit, from_state,"
        " to_state, actor_account, actor_unit, actor_system, purpose, request_id, note_public, payload_subject"
        " from journal_event where id = 2");
    assert_finding(cx, "journal_event -1: không có vị trí", 0);
    raw_close(&raw);
}

static void a_payload_where_none_belongs_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_do(cx, &raw,
           "insert into journal_payload (event_id, subject, salt, body) values (2, 0, %s, '{}')",
           raw.lite ? "x'00'" : "'\\x00'");
    assert_finding(cx, "sự kiện này không có nội dung", 2);
    raw_close(&raw);
}

static void extra_nodes_are_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_tell(
        &raw,
        "insert into journal_node select 1, 77, hash from journal_node where level = 1 and idx = 0");
    assert_finding(cx, "journal_node tầng 1 số 77: thừa", 0);
    raw_close(&raw);
}

/* ---- what only the witness can tell ---- */

static void a_cut_tail_is_caught_by_the_witness(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_cut(cx, &raw, 8);
    assert_sound(cx); /* the database alone is in order */
    assert_finding(cx, "bị cắt đuôi: có 8 sự kiện", 9);
    raw_close(&raw);
}

static void a_cut_tail_with_its_heads_left_is_caught_without(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_tell(&raw, "create table heads as select * from journal_head");
    raw_cut(cx, &raw, 8);
    raw_tell(&raw, "delete from journal_head");
    raw_tell(&raw, "insert into journal_head select * from heads");
    struct journal_report r = verify(cx);
    assert_false(r.sound);
    assert_contains(r.what, "cắt đuôi");
    raw_close(&raw);
}

/* Somebody has the database and the signing key: makes the whole log anew around a changed event.
 */
static void a_log_rewritten_with_the_key_is_caught_by_the_witness(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_tell(&raw, "update journal_event set to_state = 'refused' where id = 2");
    raw_tell(&raw, "delete from journal_position");
    raw_tell(&raw, "delete from journal_node");
    raw_tell(&raw, "delete from journal_head");
    assert_ok(test_write(cx, journal_sequence(cx)));
    assert_ok(test_write(cx, journal_sign_head(cx)));
    assert_sound(cx);
    assert_finding(cx, "đã bị viết lại", 6);
    raw_close(&raw);
}

static void a_forged_line_of_the_witness_is_named(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    const char *path = journal_witness_path(cx).p;
    FILE *f = fopen(path, "r");
    char bytes[8192];
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    char *size = strstr(bytes, " 6 ");
    assert_non_null(size);
    size[1] = '7'; /* the first head, of another size */
    f = fopen(path, "w");
    fwrite(bytes, 1, n, f);
    fclose(f);
    assert_finding(cx, "Dòng 2 của tệp nhân chứng: chữ ký không đúng", 0);
    raw_close(&raw);
}

static void another_signing_key_is_noticed(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    struct key *k;
    raw_tell(&raw, "delete from vault_key");
    raw_tell(&raw, "delete from journal_head");
    assert_ok(test_write(cx, vault_key_make(cx, S("journal"), &k)));
    key_free(k);
    assert_ok(test_write(cx, journal_sign_head(cx)));
    assert_sound(cx);
    assert_finding(cx, "khóa ký khác", 0);
    raw_close(&raw);
}

/* A backup of event 8 is put back after 11 were witnessed. */
static void a_restore_is_told_and_not_taken_for_an_attack(void **t)
{
    struct cx *cx = test_cx(t);
    struct raw raw = a_log_with_heads(cx);
    raw_cut(cx, &raw, 8);
    raw_close(&raw);
    testing_advance(cx, HOUR_MS);
    int64_t erased;
    assert_ok(test_write(cx, journal_restored(cx, &erased)));
    sequence(cx);
    write_many(cx, 0, 5);
    sign(cx);

    struct notes notes = {0};
    struct journal_report r;
    struct journal_check check = {
        .head_file = journal_witness_path(cx), .note = take_note, .state = &notes};
    assert_ok(journal_verify(cx, &check, &r));
    if (!r.sound)
        fail_msg("not sound: %.*s", F(r.what));
    assert_int_equal(r.size, 14);
    assert_int_equal(r.witnessed, 3);
    assert_int_equal(notes.n, 2); /* the restore, and the head that it lost */
    assert_contains(str_c(notes.last), "đầu nhật ký 11 sự kiện đã mất khi khôi phục");
}

/* ---- erasing and restoring together ---- */

static void what_was_erased_stays_erased_after_a_restore(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), erased;
    struct event e = received(1, lan);
    write_event(cx, &e);
    struct raw raw = raw_open(cx);
    raw_drop_triggers(&raw);
    raw_tell(&raw, "create table backup_payload as select * from journal_payload");
    raw_tell(&raw, "create table backup_subject as select * from vault_subject");
    assert_ok(test_write(cx, journal_erase(cx, lan, S("12/QĐ-UBND"))));
    sequence(cx);
    assert_ok(vault_tombstones(cx));

    raw_cut(cx, &raw, 1); /* the backup comes back: key, body and a shorter log */
    raw_tell(&raw, "delete from vault_subject");
    raw_tell(&raw, "insert into vault_subject select * from backup_subject");
    raw_tell(&raw, "insert into journal_payload select * from backup_payload");
    raw_close(&raw);
    testing_advance(cx, HOUR_MS);
    struct event_record r;
    assert_ok(journal_find(cx, 1, &r));
    assert_ok(journal_payload(cx, &r));
    assert_str(r.payload, PAYLOAD); /* it really was back */

    assert_ok(test_write(cx, journal_restored(cx, &erased)));
    sequence(cx);
    assert_int_equal(erased, 1);
    testing_advance(cx, HOUR_MS);
    assert_ok(journal_find(cx, 1, &r));
    assert_ok(journal_payload(cx, &r));
    assert_int_equal(r.payload.n, 0);
    assert_str(r.erased_by, "12/QĐ-UBND");
    struct journal_report report = verify(cx);
    assert_true(report.sound);
    assert_int_equal(report.erased, 1);
}

/* ---- size ---- */

static void a_long_log_is_walked_in_bounded_memory(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx);
    for (int round = 0; round < 8; round++) {
        struct arena_mark here = arena_here(cx->arena);
        assert_ok(db_begin(cx));
        for (int i = 0; i < 250; i++) {
            struct event e = received(i, lan);
            assert_ok(journal_write(cx, &e));
        }
        assert_ok(lane_end_held(cx->env->lanes, cx, OK));
        sequence(cx);
        arena_back(cx->arena, here);
    }
    struct cx *small = testing_another(cx);
    small->db = cx->db;
    struct arena *own = small->arena;
    small->arena = arena_new((size_t)2 << 20);
    struct journal_report r = verify(small);
    arena_free(small->arena);
    small->arena = own;
    small->db = NULL;
    assert_true(r.sound);
    assert_int_equal(r.size, 2000);
    assert_int_equal(r.payloads, 2000);
}

struct verifying {
    struct cx *cx;
    struct journal_report report;
    enum err err;
};

static enum err verify_in_lane(struct cx *cx, void *arg)
{
    struct verifying *v = arg;
    return journal_verify(cx, &(struct journal_check){0}, &v->report);
}

static void *verify_meanwhile(void *arg)
{
    struct verifying *v = arg;
    v->err = lane_call(v->cx->env->lanes, LANE_SLOW, v->cx, verify_in_lane, v);
    return NULL;
}

static enum err write_one(struct cx *cx, void *arg)
{
    return journal_write(cx, arg);
}

static void a_log_that_grows_meanwhile_is_sound(void **t)
{
    struct cx *cx = test_cx(t);
    write_many(cx, new_subject(cx), 250);
    struct verifying v[4] = {0};
    pthread_t threads[4];
    testing_let_go(cx);
    for (int i = 0; i < 4; i++) {
        v[i].cx = testing_another(cx);
        assert_int_equal(pthread_create(&threads[i], NULL, verify_meanwhile, &v[i]), 0);
    }
    struct event e = received(1, 0);
    for (int i = 0; i < 100; i++)
        assert_ok(lane_call(cx->env->lanes, LANE_WRITE, cx, write_one, &e));
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    testing_hold(cx);
    for (int i = 0; i < 4; i++) {
        assert_ok(v[i].err);
        if (!v[i].report.sound)
            fail_msg("not sound: %.*s", F(v[i].report.what));
        assert_true(v[i].report.size >= 250);
    }
}

static void an_empty_journal_is_sound(void **t)
{
    struct cx *cx = test_cx(t);
    struct journal_report r = verify(cx);
    assert_true(r.sound);
    assert_int_equal(r.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_change_of_any_column_is_named),
        TEST(a_lost_event_is_named),
        TEST(a_lost_position_is_named),
        TEST(a_lost_payload_needs_an_order),
        TEST(a_destroyed_key_needs_an_order),
        TEST(two_events_that_change_places_are_named),
        TEST(an_event_slipped_in_before_others_is_named),
        TEST(a_payload_where_none_belongs_is_named),
        TEST(extra_nodes_are_named),
        TEST(a_cut_tail_is_caught_by_the_witness),
        TEST(a_cut_tail_with_its_heads_left_is_caught_without),
        TEST(a_log_rewritten_with_the_key_is_caught_by_the_witness),
        TEST(a_forged_line_of_the_witness_is_named),
        TEST(another_signing_key_is_noticed),
        TEST(a_restore_is_told_and_not_taken_for_an_attack),
        TEST(what_was_erased_stays_erased_after_a_restore),
        TEST(a_long_log_is_walked_in_bounded_memory),
        TEST(a_log_that_grows_meanwhile_is_sound),
        TEST(an_empty_journal_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
