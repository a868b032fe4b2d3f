/* onestop_given_up_test.c - when a dossier was withdrawn, refused or cancelled stands in its row:
 * the act itself writes it, and what was given up before there was such a column got it from its
 * event. */
#include "onestop_fixture.h"

static int64_t given_up_at(struct cx *cx, const struct dossier *d)
{
    struct dossier_facts f;
    assert_ok(onestop_facts(cx, d->id, &f));
    return f.given_up_at;
}

/* Of its last event that ended it. */
static int64_t told_at(struct cx *cx, const struct dossier *d)
{
    int64_t at;
    assert_ok(db_one_int(cx, &at,
                         "select max(at) from journal_event where subject_kind = 'onestop.dossier'"
                         " and subject_id = $1 and from_state <> to_state and to_state = $2",
                         V(d->id), V(str_c(onestop_state(d->state)->name))));
    return at;
}

static const enum dossier_state states[] = {DOSSIER_REFUSED, DOSSIER_WITHDRAWN, DOSSIER_CANCELLED,
                                            DOSSIER_PROCESSING, DOSSIER_RETURNED};
#define STATES (sizeof states / sizeof *states)

static void bring_all(struct cx *cx, struct dossier *d)
{
    for (size_t i = 0; i < STATES; i++) {
        bring_to(cx, &d[i], states[i]);
        assert_int_equal(d[i].state, states[i]);
        testing_advance(cx, DAY_MS + HOUR_MS);
    }
}

static void what_is_given_up_says_when_as_its_event_does(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d[STATES];
    bring_all(cx, d);
    for (size_t i = 0; i < STATES; i++)
        assert_int_equal(given_up_at(cx, &d[i]), i < 3 ? told_at(cx, &d[i]) : 0);
    assert_true(given_up_at(cx, &d[0]) < given_up_at(cx, &d[1]));
}

static void a_withdrawal_that_fails_gives_nothing_up(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    enum err e = ERR_IO;
    int calls = 0;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    const struct dossier before = d;
    act_as(cx, MAI);
    while (e != OK) {
        assert_int_equal(given_up_at(cx, &d), 0);
        d = before;
        db_fail_at(cx, ++calls);
        e = test_write(cx, onestop_withdraw(cx, &d, S("Khai nhầm tên.")));
        db_fail_at(cx, 0);
    }
    assert_true(calls > 5);
    assert_int_equal(given_up_at(cx, &d), cx->now);
}

/* As the database was before the file, with its rows. */
static enum err without_the_column(struct cx *cx)
{
    TRY(db_exec(cx, "drop index onestop_dossier_given_up"));
    TRY(db_exec(cx, "alter table onestop_dossier drop column given_up_at"));
    return db_exec(cx, "delete from db_migration where name = '0031_given_up.sql'");
}

static void what_was_given_up_before_the_column_got_it_from_its_event(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d[STATES];
    int64_t before[STATES];
    bring_all(cx, d);
    for (size_t i = 0; i < STATES; i++)
        before[i] = given_up_at(cx, &d[i]);
    assert_ok(test_write(cx, without_the_column(cx)));
    act_as_program(cx);
    assert_ok(db_migrate(cx, testing_roots(world_modules)));
    for (size_t i = 0; i < STATES; i++)
        assert_int_equal(given_up_at(cx, &d[i]), before[i]);
    assert_int_equal(rows_of(cx, "onestop_dossier where given_up_at > 0"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_given_up_says_when_as_its_event_does),
        TEST(a_withdrawal_that_fails_gives_nothing_up),
        TEST(what_was_given_up_before_the_column_got_it_from_its_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
