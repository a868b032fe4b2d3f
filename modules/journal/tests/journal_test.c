/* journal_test.c - writing, sequencing, reading, erasing, proofs, heads. */
#include "journal_fixture.h"
#include "journal_raw.h"
#include "testing/testing.h"

#include <sys/stat.h>
#include <unistd.h>

#define MANY 64

/* ---- writing ---- */

static void an_event_says_who_acted_where_and_why(void **t)
{
    struct cx *cx = test_cx(t);
    const struct actor clerk = {
        .account = 12, .unit = 7, .name = S("Đàm Thu Hà"), .unit_name = S("")};
    int64_t lan = new_subject(cx);
    cx->actor = &clerk;
    cx->purpose = S("Tiếp nhận hồ sơ");
    struct event e = received(5, lan);
    write_event(cx, &e);

    struct event_record r[2];
    size_t n;
    assert_ok(journal_of(cx, S("test.dossier"), 5, 0, true, r, 2, &n));
    assert_int_equal(n, 1);
    assert_int_equal(r[0].position, 1);
    assert_int_equal(r[0].at, cx->now);
    assert_int_equal(r[0].actor_account, 12);
    assert_int_equal(r[0].actor_unit, 7);
    assert_false(r[0].actor_system);
    assert_str(r[0].purpose, "Tiếp nhận hồ sơ");
    assert_str(r[0].request_id, "0123456789abcdef");
    assert_str(r[0].to_state, "received");
    assert_str(r[0].note_public, "Đã nhận hồ sơ.");
    assert_str(r[0].payload, PAYLOAD);
}

static enum err write_a_lot(struct cx *cx)
{
    for (int i = 1; i <= 4000; i++) {
        struct event e = received(i, 0);
        TRY(journal_write(cx, &e));
    }
    return OK;
}

/* It runs before each commit: a long log must not make commits slow. */
static void sequencing_looks_only_at_what_is_new(void **t)
{
    struct cx *cx = test_cx(t);
    if (db_is_postgres(cx))
        return; /* a job; the budget there is real time */
    assert_ok(test_write(cx, write_a_lot(cx)));
    struct event one_more = received(4001, 0);
    assert_ok(db_begin(cx));
    assert_ok(journal_write(cx, &one_more));
    db_set_budget_ms(cx->db, 1); /* enough for some hundreds of rows */
    assert_ok(journal_sequence(cx));
    db_set_budget_ms(cx->db, 0);
    assert_ok(db_commit(cx));
    assert_int_equal(rows_of(cx, "journal_position"), 4001);
}

static void a_payload_about_a_person_is_nowhere_in_clear(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), found;
    struct event e = received(5, lan);
    write_event(cx, &e);
    assert_ok(db_one_int(
        cx, &found,
        "select count(*) from journal_payload where body is not null or salt is not null"));
    assert_int_equal(found, 0);
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows, "select sealed from journal_payload"));
    assert_true(db_next(&rows));
    assert_lacks(db_bytes(&rows, 0), "Lan");
}

static void equal_payloads_have_different_commitments(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), distinct;
    struct event e = received(5, lan);
    write_event(cx, &e);
    write_event(cx, &e);
    assert_ok(db_one_int(cx, &distinct, "select count(distinct commitment) from journal_event"));
    assert_int_equal(distinct, 2);
}

static void nobody_updates_or_deletes_events_or_the_log(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx);
    write_many(cx, lan, 4);
    sign(cx);
    assert_true(test_write(cx, db_exec(cx, "update journal_event set kind = 'x' where id = 1")) !=
                OK);
    assert_true(test_write(cx, db_exec(cx, "delete from journal_event where id = 4")) != OK);
    assert_true(
        test_write(cx, db_exec(cx, "update journal_payload set event_id = 9 where event_id = 1")) !=
        OK);
    assert_true(test_write(cx, db_exec(cx, "delete from journal_payload where event_id = 1")) !=
                OK);
    assert_true(test_write(cx, db_exec(cx, "delete from journal_payload where event_id = 4")) !=
                OK);
    assert_true(test_write(cx, db_exec(cx, "delete from journal_position where position = 4")) !=
                OK);
    assert_true(test_write(cx, db_exec(cx, "update journal_node set idx = 5 where idx = 1")) != OK);
    assert_true(test_write(cx, db_exec(cx, "delete from journal_head")) != OK);
    assert_int_equal(rows_of(cx, "journal_event"), 4);
    assert_sound(cx);
}

static void a_failed_call_leaves_no_event(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx);
    struct event e = received(5, lan);
    int calls = 0;
    do {
        assert_int_equal(rows_of(cx, "journal_event"), 0);
        assert_int_equal(rows_of(cx, "journal_payload"), 0);
        assert_int_equal(rows_of(cx, "journal_position"), 0);
        db_fail_at(cx, ++calls);
    } while (test_write(cx, journal_write(cx, &e)) != OK);
    db_fail_at(cx, 0);
    assert_true(calls >= 5); /* begin, key, event, payload, commit; and the sequencer's */
    sequence(cx);
    assert_sound(cx);
}

/* ---- the sequencer ---- */

static void committed_events_get_positions_without_gaps(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), n;
    write_many(cx, lan, 5);
    struct event e = received(9, 0);
    assert_ok(db_begin(cx));
    assert_ok(journal_write(cx, &e));
    db_rollback(cx); /* its id is lost, a position is not */
    write_many(cx, lan, 3);
    assert_ok(db_one_int(
        cx, &n,
        "select count(*) from journal_position p where not exists"
        " (select 1 from journal_position q where q.position = p.position - 1) and p.position > 1"));
    assert_int_equal(n, 0);
    assert_int_equal(rows_of(cx, "journal_position"), 8);
    assert_sound(cx);
}

static enum err write_three(struct cx *cx, void *)
{
    for (int i = 1; i <= 3; i++) {
        struct event e = received(i, 0);
        TRY(journal_write(cx, &e));
    }
    return OK;
}

static void events_of_one_transaction_stand_together_in_order(void **t)
{
    struct cx *cx = test_cx(t);
    assert_ok(lane_call(cx->env->lanes, LANE_WRITE, cx, write_three, NULL));
    sequence(cx);
    struct event_record r[4];
    size_t n;
    int64_t position = 0;
    assert_ok(journal_after(cx, &position, S(""), r, 4, &n));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(r[i].position, i + 1);
        assert_int_equal(r[i].subject_id, i + 1);
    }
    assert_sound(cx);
}

/* PostgreSQL: an older transaction that still runs may yet write an event that stands before. */
static void an_event_waits_for_older_transactions(void **t)
{
    struct cx *cx = test_cx(t);
    if (!db_is_postgres(cx)) {
        struct event e = received(1, 0);
        write_event(cx, &e);
        assert_int_equal(rows_of(cx, "journal_position"), 1); /* SQLite: at once */
        return;
    }
    struct raw older = raw_open(cx);
    raw_tell(&older, "begin");
    raw_tell(&older, "insert into journal_cursor values ('older', 0)");
    struct event e = received(1, 0);
    assert_ok(test_write(cx, journal_write(cx, &e)));
    assert_ok(test_write(cx, journal_sequence(cx)));
    assert_int_equal(rows_of(cx, "journal_position"), 0);
    assert_sound(cx); /* waiting is lawful */
    raw_tell(&older, "commit");
    sequence(cx);
    assert_int_equal(rows_of(cx, "journal_position"), 1);
    raw_close(&older);
}

static void many_events_in_one_go_are_all_sequenced(void **t)
{
    struct cx *cx = test_cx(t);
    assert_ok(db_begin(cx));
    for (int i = 0; i < 300; i++) {
        struct event e = received(i, 0);
        assert_ok(journal_write(cx, &e));
    }
    assert_ok(lane_end_held(cx->env->lanes, cx, OK));
    sequence(cx);
    assert_int_equal(rows_of(cx, "journal_position"), 300);
    assert_int_equal(rows_of(cx, "journal_node where level = 1"), 150);
    assert_int_equal(rows_of(cx, "journal_node where level = 8"), 1);
    assert_sound(cx);
}

/* ---- reading ---- */

static void a_reader_goes_on_where_it_was(void **t)
{
    struct cx *cx = test_cx(t);
    write_many(cx, new_subject(cx), 7);
    struct event_record r[4];
    int64_t position = 0, seen = 0;
    size_t n;
    do {
        assert_ok(journal_after(cx, &position, S(""), r, 4, &n));
        for (size_t i = 0; i < n; i++)
            assert_int_equal(r[i].position, ++seen);
        assert_int_equal(position, seen);
    } while (n);
    assert_int_equal(seen, 7);
}

static void a_reader_of_a_rare_kind_passes_the_others(void **t)
{
    struct cx *cx = test_cx(t);
    write_many(cx, new_subject(cx), 7);
    struct event e = received(8, 0);
    e.kind = S("test.dossier_other");
    write_event(cx, &e);
    e.kind = S("test.dossier.returned");
    write_event(cx, &e);
    struct event_record r[4];
    int64_t position = 0;
    size_t n;
    assert_ok(journal_after(cx, &position, S("test.dossier.ret"), r, 4, &n));
    assert_int_equal(n, 1);
    assert_int_equal(r[0].position, 9);
    assert_int_equal(position, 9);
    assert_ok(journal_after(cx, &position, S("test.dossier.ret"), r, 4, &n));
    assert_int_equal(n, 0);
    assert_int_equal(position, 9);
    position = 0;
    assert_ok(journal_after(cx, &position, S("test.dossier."), r, 4, &n));
    assert_int_equal(n, 4);
    assert_int_equal(position, 4);
}

static void a_timeline_shows_one_record_only(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx);
    write_many(cx, lan, 6);
    struct event again = received(3, lan);
    again.kind = S("test.dossier.returned");
    write_event(cx, &again);
    struct event_record r[8];
    size_t n;
    assert_ok(journal_of(cx, S("test.dossier"), 3, 0, false, r, 8, &n));
    assert_int_equal(n, 2);
    assert_str(r[0].kind, "test.dossier.received");
    assert_str(r[1].kind, "test.dossier.returned");
    assert_int_equal(r[0].payload.n, 0); /* not opened */
    assert_ok(journal_of(cx, S("test.dossier"), 3, r[0].id, true, r, 8, &n));
    assert_int_equal(n, 1);
    assert_str(r[0].payload, PAYLOAD);
}

static void whoever_reads_personal_data_says_why_and_is_seen(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), nam = new_subject(cx);
    const struct actor clerk = {.account = 12, .unit = 7, .name = S(""), .unit_name = S("")};
    struct personal_read read = {.data_subject = lan,
                                 .subject_kind = S("test.dossier"),
                                 .subject_id = 3,
                                 .fields = S("id_no,born_on")};
    cx->actor = &clerk;
    assert_err(test_write(cx, journal_read_event(cx, &read)), ERR_DENIED);
    assert_why(cx, "mục đích");
    cx->purpose = S("Giải quyết hồ sơ");
    assert_ok(test_write(cx, journal_read_event(cx, &read)));
    read.data_subject = nam;
    assert_ok(test_write(cx, journal_read_event(cx, &read)));
    struct event other = received(3, lan);
    write_event(cx, &other);

    struct event_record r[4];
    size_t n;
    assert_ok(journal_about(cx, lan, S("personal.read"), 0, r, 4, &n));
    assert_int_equal(n, 1);
    assert_int_equal(r[0].actor_account, 12);
    assert_str(r[0].purpose, "Giải quyết hồ sơ");
    assert_ok(journal_payload(cx, &r[0]));
    assert_str(r[0].payload, "{\"fields\":\"id_no,born_on\"}");
    assert_ok(journal_about(cx, lan, S(""), 0, r, 4, &n));
    assert_int_equal(n, 2);
    assert_true(r[0].id > r[1].id);
    assert_ok(journal_about(cx, lan, S(""), r[0].id, r, 4, &n));
    assert_int_equal(n, 1);
}

/* ---- readers that keep derived tables ---- */

static enum err count_events(struct cx *cx, const struct event_record *events, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(events[i].kind, S("test.poison")))
            return fail(cx, ERR_IO, "poison");
    return db_exec(
        cx,
        "insert into journal_cursor (name, position) values ('derived', $1)"
        " on conflict (name) do update set position = journal_cursor.position + excluded.position",
        V(n));
}

static int64_t derived(struct cx *cx)
{
    int64_t n = 0;
    enum err e = db_one_int(cx, &n, "select position from journal_cursor where name = 'derived'");
    assert_true(e == OK || e == ERR_NOT_FOUND);
    return n;
}

static int feed_all(struct cx *cx)
{
    int rounds = 0;
    for (bool more = true; more; rounds++)
        assert_ok(test_write(cx, journal_feed(cx, S("counter"), S("test."), count_events, &more)));
    return rounds;
}

static void a_derived_table_takes_each_event_once(void **t)
{
    struct cx *cx = test_cx(t);
    bool behind;
    write_many(cx, 0, 130);
    assert_ok(journal_behind(cx, S("counter"), &behind));
    assert_true(behind);
    assert_true(feed_all(cx) >= 2); /* in batches */
    assert_int_equal(derived(cx), 130);
    assert_int_equal(feed_all(cx), 1);
    assert_int_equal(derived(cx), 130);
    assert_ok(journal_behind(cx, S("counter"), &behind));
    assert_false(behind);

    assert_ok(test_write(cx, journal_rewind(cx, S("counter"))));
    feed_all(cx);
    assert_int_equal(derived(cx), 260); /* nobody dropped the table: every event again */
}

static void a_reader_that_fails_does_not_move(void **t)
{
    struct cx *cx = test_cx(t);
    bool more;
    struct event e = received(1, 0);
    e.kind = S("test.poison");
    write_event(cx, &e);
    assert_err(test_write(cx, journal_feed(cx, S("counter"), S("test."), count_events, &more)),
               ERR_IO);
    assert_int_equal(rows_of(cx, "journal_cursor"), 0);
}

/* ---- erasing ---- */

static void an_erased_payload_is_gone_and_the_log_still_proves_itself(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), nam = new_subject(cx);
    struct event e = received(1, lan);
    write_event(cx, &e);
    e = received(2, nam);
    write_event(cx, &e);
    sign(cx);
    assert_ok(test_write(cx, journal_erase(cx, lan, S("12/QĐ-UBND"))));
    sequence(cx);

    struct event_record r;
    assert_ok(journal_find(cx, 1, &r));
    assert_ok(journal_payload(cx, &r));
    assert_int_equal(r.payload.n, 0);
    assert_str(r.erased_by, "12/QĐ-UBND");
    assert_int_equal(rows_of(cx, "journal_payload where event_id = 1"), 0);
    assert_ok(journal_find(cx, 2, &r));
    assert_ok(journal_payload(cx, &r));
    assert_str(r.payload, PAYLOAD);

    struct journal_report report = verify_with(cx, journal_witness_path(cx));
    assert_true(report.sound);
    assert_int_equal(report.erased, 1);
    assert_int_equal(report.payloads, 1);
    assert_err(test_write(cx, journal_erase(cx, lan, S("13/QĐ-UBND"))), ERR_CONFLICT);
}

static void erasing_asks_for_the_tombstone_file(void **t)
{
    struct cx *cx = test_cx(t);
    int ran;
    struct stat st;
    assert_ok(jobs_start(cx, journal_jobs, &cx->env->jobs));
    assert_ok(jobs_run_due(cx, &ran));
    int64_t lan = new_subject(cx);
    assert_ok(test_write(cx, journal_erase(cx, lan, S("12/QĐ-UBND"))));
    assert_ok(jobs_run_due(cx, &ran));
    assert_int_equal(ran, 1);
    assert_int_equal(stat(str_fmt(cx->arena, "%.*s/tombstones.log", F(cx->env->data_dir)).p, &st),
                     0);
    assert_true(st.st_size > 0);
    jobs_stop(cx->env->jobs);
    cx->env->jobs = NULL;
}

/* ---- proofs and heads ---- */

static void every_position_is_proven_to_be_in_the_tree(void **t)
{
    struct cx *cx = test_cx(t);
    write_many(cx, 0, 13);
    struct journal_tree now, old;
    assert_ok(journal_tree_now(cx, &now));
    assert_int_equal(now.size, 13);
    for (int64_t p = 1; p <= 13; p++) {
        struct merkle_proof proof;
        struct hash leaf, recomputed;
        struct event_record e;
        assert_ok(journal_inclusion(cx, p, 13, &leaf, &proof));
        assert_true(merkle_verify_inclusion(&leaf, (uint64_t)p - 1, 13, &proof, &now.root));
        assert_ok(journal_find(cx, p, &e));
        recomputed = merkle_leaf(journal_leaf_bytes(cx, &e));
        assert_memory_equal(leaf.b, recomputed.b, HASH_BYTES);
        assert_ok(journal_tree_at(cx, p, &old));
        assert_ok(journal_consistency(cx, p, 13, &proof));
        assert_true(merkle_verify_consistency((uint64_t)p, &old.root, 13, &now.root, &proof));
    }
    struct merkle_proof proof;
    struct hash leaf;
    assert_err(journal_inclusion(cx, 14, 14, &leaf, &proof), ERR_NOT_FOUND);
    assert_err(journal_inclusion(cx, 0, 13, &leaf, &proof), ERR_NOT_FOUND);
    assert_err(journal_consistency(cx, 5, 14, &proof), ERR_NOT_FOUND);
    assert_err(journal_tree_at(cx, 14, &old), ERR_NOT_FOUND);
}

static int64_t lines_in(const char *path)
{
    int64_t n = 0;
    FILE *f = fopen(path, "r");
    for (int c = f ? fgetc(f) : EOF; c != EOF; c = fgetc(f))
        n += c == '\n';
    if (f)
        fclose(f);
    return n;
}

static void a_head_is_signed_only_when_the_log_has_grown(void **t)
{
    struct cx *cx = test_cx(t);
    struct journal_head h;
    assert_ok(test_write(cx, journal_sign_head(cx)));
    assert_err(journal_head_last(cx, &h), ERR_NOT_FOUND); /* nothing to sign */
    write_many(cx, 0, 3);
    sign(cx);
    sign(cx);
    assert_int_equal(rows_of(cx, "journal_head"), 1);
    write_many(cx, 0, 1);
    testing_set_now(cx, cx->now - DAY_MS); /* the clock went back */
    sign(cx);
    assert_int_equal(rows_of(cx, "journal_head"), 2);
    assert_ok(journal_head_last(cx, &h));
    assert_int_equal(h.size, 4);
    assert_int_equal(lines_in(journal_witness_path(cx).p), 3); /* the key, two heads */

    struct key *k;
    assert_ok(vault_key(cx, S("journal"), &k));
    assert_true(key_verify(k, journal_head_text(cx, &h), h.signature));
    key_free(k);
}

static void the_witness_file_is_mended_after_a_crash(void **t)
{
    struct cx *cx = test_cx(t);
    struct stat st;
    const char *path = journal_witness_path(cx).p;
    write_many(cx, 0, 1);
    sign(cx);
    write_many(cx, 0, 1);
    sign(cx);
    assert_int_equal(stat(path, &st), 0);
    off_t whole = st.st_size;
    assert_int_equal(truncate(path, whole - 9), 0);
    assert_ok(journal_witness(cx));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, whole);
    assert_true(verify_with(cx, str_c(path)).sound);

    FILE *f = fopen(path, "a");
    fputs("something else\n", f);
    fclose(f);
    assert_err(journal_witness(cx), ERR_INVALID);
    assert_why(cx, "4"); /* the line */
}

static void heads_go_out_every_hour_and_at_the_end(void **t)
{
    struct cx *cx = test_cx(t);
    int ran;
    assert_ok(jobs_start(cx, journal_jobs, &cx->env->jobs));
    assert_ok(jobs_run_due(cx, &ran));
    write_many(cx, 0, 2);
    testing_advance(cx, HOUR_MS);
    assert_ok(jobs_run_due(cx, &ran));
    assert_int_equal(ran, 2); /* the head, then its witness */
    assert_int_equal(lines_in(journal_witness_path(cx).p), 2);
    write_many(cx, 0, 2);
    jobs_stop(cx->env->jobs);
    cx->env->jobs = NULL;
    assert_ok(journal_stop(cx));
    assert_int_equal(lines_in(journal_witness_path(cx).p), 3);
    assert_true(verify_with(cx, journal_witness_path(cx)).sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_event_says_who_acted_where_and_why),
        TEST(sequencing_looks_only_at_what_is_new),
        TEST(a_payload_about_a_person_is_nowhere_in_clear),
        TEST(equal_payloads_have_different_commitments),
        TEST(nobody_updates_or_deletes_events_or_the_log),
        TEST(a_failed_call_leaves_no_event),
        TEST(committed_events_get_positions_without_gaps),
        TEST(events_of_one_transaction_stand_together_in_order),
        TEST(an_event_waits_for_older_transactions),
        TEST(many_events_in_one_go_are_all_sequenced),
        TEST(a_reader_goes_on_where_it_was),
        TEST(a_reader_of_a_rare_kind_passes_the_others),
        TEST(a_timeline_shows_one_record_only),
        TEST(whoever_reads_personal_data_says_why_and_is_seen),
        TEST(a_derived_table_takes_each_event_once),
        TEST(a_reader_that_fails_does_not_move),
        TEST(an_erased_payload_is_gone_and_the_log_still_proves_itself),
        TEST(erasing_asks_for_the_tombstone_file),
        TEST(every_position_is_proven_to_be_in_the_tree),
        TEST(a_head_is_signed_only_when_the_log_has_grown),
        TEST(the_witness_file_is_mended_after_a_crash),
        TEST(heads_go_out_every_hour_and_at_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
