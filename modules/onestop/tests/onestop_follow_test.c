/* onestop_follow_test.c - a unit ends in the middle of a dossier's life: the dossier and the posts
 * follow to whoever took the work over. */
#include "onestop/onestop_lists.h"
#include "onestop_fixture.h"

static void merge(struct cx *cx, const char *from, const char *into, const char *new_name)
{
    struct org_order o = {.act = ORG_MERGE,
                          .on_day = day_of(cx->now),
                          .basis = S("Nghị quyết 01/NQ-HĐND"),
                          .from = {str_c(from)},
                          .from_n = 1,
                          .into = {{.code = str_c(into), .name = str_c(new_name)}},
                          .into_n = 1};
    act_as_program(cx);
    assert_ok(test_write(cx, org_order_make(cx, &o)));
}

static struct str code_of(struct cx *cx, int64_t unit)
{
    struct org_unit u;
    assert_ok(org_unit_find(cx, unit, &u));
    return u.code;
}

static bool on_desk(struct cx *cx, const struct dossier *d, const char *unit)
{
    int64_t n;
    assert_ok(db_one_int(cx, &n,
                         "select count(*) from onestop_desk where dossier = $1 and reader = $2"
                         " and reach = 1",
                         V(d->id), V(unit_of(cx, unit))));
    return n > 0;
}

static void a_dossier_in_work_is_finished_by_the_unit_that_took_over(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct moment m[20];
    size_t n;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    draft_one(cx, &d);
    struct str code = d.code;
    int64_t due = d.due_at;
    merge(cx, "H37.114", "H37.115", "");
    let_jobs_run(cx, &d);
    assert_str(code_of(cx, d.unit), "H37.115");
    assert_str(code_of(cx, d.competent_unit), "H37.115");
    assert_str(code_of(cx, d.receiving_unit), "H37.115.01");
    assert_str(code_of(cx, d.returning_unit), "H37.115.01");
    assert_true(str_eq(d.code, code));
    assert_int_equal(d.due_at, due);
    assert_int_equal(d.assignee, account_of(cx, CLERK)); /* works there now */
    assert_true(on_desk(cx, &d, "H37.115"));
    assert_true(on_desk(cx, &d, "H37.115.01"));
    assert_ok(onestop_timeline(cx, &d, m, 20, &n));
    assert_contains(m[0].title, "tiếp tục giải quyết");
    submit_one(cx, &d);
    act_as(cx, OTHER_LEADER);
    assert_ok(test_write(cx, onestop_sign_result(cx, &d)));
    let_jobs_run(cx, &d);
    assert_int_equal(d.state, DOSSIER_RELEASED);
    act_as(cx, OTHER_COUNTER);
    struct dossier seen;
    int64_t receipt;
    assert_ok(onestop_find(cx, d.id, &seen));
    assert_ok(test_write(cx, onestop_take_fee(cx, &d, &receipt)));
    assert_ok(test_write(cx, onestop_return(cx, &d,
                                            &(struct handed){.to_name = S("Hoàng Thị Mai"),
                                                             .evidence = S("thẻ căn cước")})));
    assert_int_equal(d.state, DOSSIER_RETURNED);
}

/* So that whoever reads by the tree finds the numbers where the dossier went. */
static void the_register_of_numbers_follows_the_dossier(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    int64_t same;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    draft_one(cx, &d);
    submit_one(cx, &d);
    approve_one(cx, &d);
    assert_ok(test_write(cx, onestop_send_back(cx, &d, S("Sai tên."))));
    const struct str before = str_dup(cx->arena, d.competent_path);
    merge(cx, "H37.114", "H37.115", "");
    let_jobs_run(cx, &d);
    assert_false(str_eq(d.competent_path, before));
    assert_ok(db_one_int(cx, &same,
                         "select count(*) from onestop_number"
                         " where unit_path = $1 and area_path = $2 and code = $3",
                         V(d.competent_path), V(d.area_path), V(d.code)));
    assert_int_equal(same, 1);
}

static void what_runs_follows_and_what_ended_stays_where_it_was_decided(void **t)
{
    struct cx *cx = test_cx(t);
    static const enum dossier_state states[] = {
        DOSSIER_WAITING,    DOSSIER_SUPPLEMENT_FIRST, DOSSIER_ACCEPTED,
        DOSSIER_PROCESSING, DOSSIER_PAYMENT,          DOSSIER_STOPPED,
        DOSSIER_WITHDRAWN,  DOSSIER_REFUSED,          DOSSIER_RELEASED};
    struct dossier d[9];
    for (size_t i = 0; i < 9; i++)
        bring_to(cx, &d[i], states[i]);
    merge(cx, "H37.114", "H37.115", "");
    for (size_t i = 0; i < 9; i++)
        let_jobs_run(cx, &d[i]);
    for (size_t i = 0; i < 9; i++) {
        bool ended = states[i] == DOSSIER_WITHDRAWN || states[i] == DOSSIER_REFUSED;
        assert_int_equal(d[i].state, states[i]);
        if (!str_eq(code_of(cx, d[i].competent_unit), ended ? S("H37.114") : S("H37.115")))
            fail_msg("state %d lies at %.*s", states[i], F(code_of(cx, d[i].competent_unit)));
    }
}

static int64_t listed(struct cx *cx, const struct list_source *s)
{
    int64_t n;
    bool more;
    assert_ok(list_count(cx, s, &(const struct list_ask){0}, &n, &more));
    return n;
}

static void ended_dossiers_are_read_by_the_officers_of_the_heir(void **t)
{
    struct cx *cx = test_cx(t);
    static const enum dossier_state states[] = {DOSSIER_RETURNED, DOSSIER_WITHDRAWN,
                                                DOSSIER_REFUSED};
    static const char *const people[] = {OTHER_COUNTER, OTHER_LEADER};
    struct dossier d[3], seen;
    for (size_t i = 0; i < 3; i++)
        bring_to(cx, &d[i], states[i]);
    for (size_t p = 0; p < 2; p++) {
        act_as(cx, people[p]);
        assert_int_equal(onestop_find(cx, d[0].id, &seen), ERR_NOT_FOUND);
        assert_int_equal(listed(cx, &onestop_all_source), 0);
    }
    merge(cx, "H37.114", "H37.115", "");
    let_jobs_run(cx, &d[0]);
    for (size_t p = 0; p < 2; p++) {
        act_as(cx, people[p]);
        assert_int_equal(listed(cx, &onestop_all_source), 3);
        assert_int_equal(listed(cx, &onestop_work_source), 0); /* nothing to be done */
        for (size_t i = 0; i < 3; i++) {
            assert_ok(onestop_find(cx, d[i].id, &seen));
            assert_ok(onestop_by_code(cx, d[i].request_code, &seen));
            assert_str(code_of(cx, seen.competent_unit), "H37.114"); /* as it was decided */
            for (int m = MOVE_ASK_FIRST; m <= MOVE_PASS; m++)        /* read, and nothing more */
                if (onestop_may(cx, &seen, (enum dossier_move)m, NULL))
                    fail_msg("state %d: move %d is allowed", states[i], m);
        }
    }
    /* The same made anew. */
    const int64_t rows = rows_of(cx, "onestop_desk");
    assert_ok(test_write(cx, onestop_desk_rebuild(cx)));
    assert_int_equal(rows_of(cx, "onestop_desk"), rows);
}

static void an_ended_dossier_of_a_split_unit_is_read_by_whom_the_decision_names(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_WITHDRAWN);
    struct org_order o = {.act = ORG_SPLIT,
                          .on_day = day_of(cx->now),
                          .basis = S("Nghị quyết 01/NQ-HĐND"),
                          .from = {S("H37.114.01")},
                          .from_n = 1,
                          .into = {{.code = S("H37.301"), .name = S("Trung tâm Một")},
                                   {.code = S("H37.302"), .name = S("Trung tâm Hai")}},
                          .into_n = 2,
                          .takes_over = S("H37.302")};
    act_as_program(cx);
    assert_ok(test_write(cx, org_order_make(cx, &o)));
    let_jobs_run(cx, &d);
    assert_str(code_of(cx, d.receiving_unit), "H37.114.01");
    assert_true(on_desk(cx, &d, "H37.302"));
    assert_false(on_desk(cx, &d, "H37.301"));
    assert_false(on_desk(cx, &d, "H37.115"));
}

/* Between the end of the unit and the turn in which its dossiers follow. */
static void what_ends_before_it_could_follow_is_read_by_the_heir_too(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, seen;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    merge(cx, "H37.114", "H37.115", "");
    act_as(cx, MAI);
    assert_ok(test_write(cx, onestop_withdraw(cx, &d, S("Khai nhầm tên."))));
    act_as(cx, OTHER_LEADER);
    assert_ok(onestop_find(cx, d.id, &seen));
}

static void more_ended_dossiers_than_a_turn_takes_are_all_read(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    for (int i = 0; i < 90; i++)
        send_one(cx, &d);
    assert_ok(test_write(cx, db_exec(cx, "update onestop_dossier set state = 9")));
    assert_ok(test_write(cx, onestop_desk_rebuild(cx)));
    merge(cx, "H37.114", "H37.115", "");
    let_jobs_run(cx, &d);
    act_as(cx, OTHER_LEADER);
    assert_int_equal(listed(cx, &onestop_all_source), 90);
}

static void a_result_that_is_being_signed_is_signed_where_it_was_approved(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    draft_one(cx, &d);
    submit_one(cx, &d);
    approve_one(cx, &d);
    merge(cx, "H37.114", "H37.115", "");
    let_jobs_run(cx, &d); /* both were due: whichever came first */
    assert_int_equal(d.state, DOSSIER_RELEASED);
    testing_advance(cx, 2 * MINUTE_MS);
    let_jobs_run(cx, &d);
    assert_str(code_of(cx, d.returning_unit), "H37.115.01");
}

static void more_dossiers_than_a_turn_takes_all_follow(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    int64_t left;
    for (int i = 0; i < 90; i++)
        send_one(cx, &d);
    merge(cx, "H37.114.01", "H37.115.01", "");
    let_jobs_run(cx, &d);
    assert_ok(db_one_int(cx, &left,
                         "select count(*) from onestop_dossier d join org_unit u"
                         " on u.id in (d.unit, d.receiving_unit, d.returning_unit, d.helping_unit)"
                         " where u.code = 'H37.114.01'"));
    assert_int_equal(left, 0);
    assert_ok(db_one_int(cx, &left, "select count(*) from onestop_dossier where unit_path = ''"));
    assert_int_equal(left, 0);
}

static void an_agency_that_moves_in_the_tree_takes_its_dossiers_along(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct org_unit centre;
    bring_to(cx, &d, DOSSIER_ACCEPTED);
    merge(cx, "H37.114", "H37.300", "Ủy ban nhân dân phường Mới");
    let_jobs_run(cx, &d);
    assert_ok(org_unit_by_code(cx, S("H37.114.01"), day_of(cx->now), &centre));
    assert_int_equal(d.receiving_unit, centre.id);
    assert_true(str_eq(d.receiving_path, centre.path));
    assert_str(code_of(cx, d.competent_unit), "H37.300");
    assert_true(str_starts(d.receiving_path, d.competent_path));
}

static void posts_follow_once_and_the_journal_says_so(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct post posts[8];
    size_t n;
    send_one(cx, &d);
    merge(cx, "H37.114", "H37.115", "");
    let_jobs_run(cx, &d);
    assert_ok(identity_posts(cx, account_of(cx, LEADER), posts, 8, &n));
    assert_int_equal(n, 1);
    assert_str(code_of(cx, posts[0].unit), "H37.115");
    assert_str(posts[0].role, "lanh_dao");
    int64_t told;
    assert_ok(db_one_int(
        cx, &told, "select count(*) from journal_event where kind = 'identity.role.followed'"));
    assert_true(told >= 4); /* counter, clerk, leader, register */
    let_jobs_run(cx, &d);
    assert_ok(identity_posts(cx, account_of(cx, LEADER), posts, 8, &n));
    assert_int_equal(n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_dossier_in_work_is_finished_by_the_unit_that_took_over),
        TEST(the_register_of_numbers_follows_the_dossier),
        TEST(what_runs_follows_and_what_ended_stays_where_it_was_decided),
        TEST(ended_dossiers_are_read_by_the_officers_of_the_heir),
        TEST(an_ended_dossier_of_a_split_unit_is_read_by_whom_the_decision_names),
        TEST(what_ends_before_it_could_follow_is_read_by_the_heir_too),
        TEST(more_ended_dossiers_than_a_turn_takes_are_all_read),
        TEST(a_result_that_is_being_signed_is_signed_where_it_was_approved),
        TEST(more_dossiers_than_a_turn_takes_all_follow),
        TEST(an_agency_that_moves_in_the_tree_takes_its_dossiers_along),
        TEST(posts_follow_once_and_the_journal_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
