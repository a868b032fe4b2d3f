/* onestop_moves_test.c - who may make which move in which state; whatever else is refused, with the
 * reason, and nothing has changed. */
#include "onestop_fixture.h"

/* ---- the table of moves, told again by hand from administrative-procedures.md 6.2 ---- */

#define IN(s) (1u << DOSSIER_##s)
/* How many legal (move, state, actor) there are: counted by hand, row by row of the table below. */
#define LEGAL                                                                                      \
    (1 + 2 + 1 + 1 + 1 + 1 + 1 + 2 + 1 + 1 + 1 + 1 + 1 + 1 + 1 + 3 + 1 + 12 + 1 + 2 + 1 + 2 + 3)
enum { BY_PERSON = 1, BY_COUNTER = 2, BY_CLERK = 4, BY_LEADER = 8, BY_PROGRAM = 16 };
static const char *const actors[] = {MAI, COUNTER, CLERK, LEADER, NULL};

/* clang-format off */
static const struct { enum dossier_move move; unsigned from, by; } moves[] = {
    {MOVE_ASK_FIRST,    IN(WAITING),                                    BY_COUNTER},
    {MOVE_ANSWER_FIRST, IN(SUPPLEMENT_FIRST),                           BY_PERSON | BY_COUNTER},
    {MOVE_EXPIRE,       IN(SUPPLEMENT_FIRST),                           BY_PROGRAM},
    {MOVE_REFUSE,       IN(WAITING),                                    BY_COUNTER},
    {MOVE_ACCEPT,       IN(WAITING),                                    BY_COUNTER},
    {MOVE_HAND_OVER,    IN(ACCEPTED),                                   BY_COUNTER},
    {MOVE_ASK,          IN(PROCESSING),                                 BY_CLERK},
    {MOVE_ANSWER,       IN(SUPPLEMENT),                                 BY_PERSON | BY_COUNTER},
    {MOVE_ASK_PAYMENT,  IN(PROCESSING),                                 BY_CLERK},
    {MOVE_PAID,         IN(PAYMENT),                                    BY_COUNTER},
    {MOVE_SUBMIT,       IN(PROCESSING),                                 BY_CLERK},
    {MOVE_SEND_BACK,    IN(PROCESSING),                                 BY_LEADER},
    {MOVE_SIGN,         IN(PROCESSING),                                 BY_LEADER},
    {MOVE_REJECT,       IN(PROCESSING),                                 BY_CLERK},
    {MOVE_RELEASE,      IN(PROCESSING),                                 BY_PROGRAM},
    {MOVE_STOP,         IN(PROCESSING) | IN(SUPPLEMENT) | IN(PAYMENT),  BY_LEADER},
    {MOVE_RESUME,       IN(STOPPED),                                    BY_LEADER},
    {MOVE_WITHDRAW,     IN(WAITING) | IN(SUPPLEMENT_FIRST) | IN(ACCEPTED) | IN(PROCESSING) | IN(SUPPLEMENT) | IN(PAYMENT), BY_PERSON | BY_COUNTER},
    {MOVE_RETURN,       IN(RELEASED),                                   BY_COUNTER},
    {MOVE_FETCH,        IN(RELEASED),                                   BY_PERSON | BY_COUNTER},
    {MOVE_CORRECT,      IN(RETURNED),                                   BY_LEADER},
    {MOVE_EXTEND,       IN(ACCEPTED) | IN(PROCESSING),                  BY_LEADER},
    {MOVE_PASS,         IN(PROCESSING),                                 BY_COUNTER | BY_CLERK | BY_LEADER}, /* the step's right is asked with its kind */
};
/* clang-format on */

static void every_move_is_allowed_where_the_table_says_and_nowhere_else(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct str why;
    int refused = 0;
    send_one(cx, &d);
    for (int who = 0; who < 5; who++) {
        if (actors[who])
            act_as(cx, actors[who]);
        else
            act_as_program(cx);
        for (size_t m = 0; m < sizeof moves / sizeof *moves; m++)
            for (d.state = DOSSIER_WAITING; d.state <= DOSSIER_CANCELLED; d.state++) {
                bool legal = (moves[m].from & (1u << d.state)) && (moves[m].by & (1u << who));
                bool may = onestop_may(cx, &d, moves[m].move, &why);
                if (may != legal)
                    fail_msg("move %d, state %d, actor %d: %s", moves[m].move, d.state, who,
                             may ? "allowed" : "refused");
                refused += !may;
                assert_true(may == (why.n == 0));
                assert_true(may || str_ends(why, S(".")));
            }
    }
    assert_int_equal(refused, 5 * 23 * 12 - LEGAL); /* all but the legal ones */
}

/* ---- the same by the rules themselves, on dossiers that went the way ---- */

static enum err do_accept(struct cx *cx, struct dossier *d)
{
    return onestop_accept(cx, d, S(""));
}
static enum err do_refuse(struct cx *cx, struct dossier *d)
{
    return onestop_refuse(cx, d, S("Lý do."), S("Điều 16"));
}
static enum err do_ask(struct cx *cx, struct dossier *d)
{
    const struct supplement_item item = {S(BORN_PAPER), S("Ảnh mờ.")};
    return onestop_ask(cx, d, S("Ảnh mờ."), &item, 1);
}
static enum err do_answer(struct cx *cx, struct dossier *d)
{
    return onestop_answer(cx, d, S("Đã gửi lại."), NULL, 0);
}
static enum err do_take(struct cx *cx, struct dossier *d)
{
    return onestop_take(cx, d);
}
static enum err do_draft(struct cx *cx, struct dossier *d)
{
    return onestop_draft(cx, d, S("{}"), S("Đủ."));
}
static enum err do_reject(struct cx *cx, struct dossier *d)
{
    return onestop_reject(cx, d, S("Lý do."), S("Điều 16"));
}
static enum err do_back(struct cx *cx, struct dossier *d)
{
    return onestop_send_back(cx, d, S("Sai tên."));
}
static enum err do_stop(struct cx *cx, struct dossier *d)
{
    return onestop_stop(cx, d, S("Lý do."), S("QĐ 15"));
}
static enum err do_resume(struct cx *cx, struct dossier *d)
{
    return onestop_resume(cx, d, S("Đã rõ."));
}
static enum err do_withdraw(struct cx *cx, struct dossier *d)
{
    return onestop_withdraw(cx, d, S("Khai nhầm."));
}
static enum err do_rate(struct cx *cx, struct dossier *d)
{
    return onestop_rate(cx, d, 2, S(""));
}
static enum err do_extend(struct cx *cx, struct dossier *d)
{
    return onestop_extend(cx, d, day_of(cx->now) + 2, S("Đông."));
}
static enum err do_return(struct cx *cx, struct dossier *d)
{
    return onestop_return(cx, d,
                          &(struct handed){.to_name = S("Mai"), .evidence = S("thẻ căn cước")});
}

static enum err do_ask_payment(struct cx *cx, struct dossier *d)
{
    return onestop_ask_payment(cx, d, 1250000, S("Lệ phí cấp bản sao."), S("Thông báo 21/TB"));
}
static enum err do_paid(struct cx *cx, struct dossier *d)
{
    int64_t receipt;
    return onestop_paid(cx, d, true, S(""), &receipt);
}
static enum err do_correct(struct cx *cx, struct dossier *d)
{
    return onestop_correct(cx, d, S("Sai chữ đệm."));
}
static enum err do_pass(struct cx *cx, struct dossier *d)
{
    return onestop_pass(cx, d, S(""));
}

static const struct {
    const char *name, *who;
    enum err (*act)(struct cx *cx, struct dossier *d);
    unsigned from;
    bool later; /* also needs a step or a draft that is not there: refused even in its state */
} acts[] = {
    {"accept", COUNTER, do_accept, IN(WAITING), false},
    {"refuse", COUNTER, do_refuse, IN(WAITING), false},
    {"ask first", COUNTER, do_ask, IN(WAITING), false},
    {"ask", CLERK, do_ask, IN(PROCESSING), false},
    {"answer", MAI, do_answer, IN(SUPPLEMENT_FIRST) | IN(SUPPLEMENT), false},
    {"hand over", COUNTER, onestop_hand_over, IN(ACCEPTED), false},
    {"take", CLERK, do_take, IN(PROCESSING), false},
    {"draft", CLERK, do_draft, IN(PROCESSING), false},
    {"submit", CLERK, onestop_submit, IN(PROCESSING), true},
    {"sign", LEADER, onestop_sign_result, IN(PROCESSING), true},
    {"send back", LEADER, do_back, IN(PROCESSING), true},
    {"reject", CLERK, do_reject, IN(PROCESSING), false},
    {"stop", LEADER, do_stop, IN(PROCESSING) | IN(SUPPLEMENT) | IN(PAYMENT), false},
    {"ask payment", CLERK, do_ask_payment, IN(PROCESSING), false},
    {"paid", COUNTER, do_paid, IN(PAYMENT), false},
    {"correct", LEADER, do_correct, IN(RETURNED), false},
    {"pass", CLERK, do_pass, IN(PROCESSING), true}, /* no such step here */
    {"resume", LEADER, do_resume, IN(STOPPED), false},
    {"extend", LEADER, do_extend, IN(ACCEPTED) | IN(PROCESSING), false},
    {"withdraw", MAI, do_withdraw,
     IN(WAITING) | IN(SUPPLEMENT_FIRST) | IN(ACCEPTED) | IN(PROCESSING) | IN(SUPPLEMENT) |
         IN(PAYMENT),
     false},
    {"return", COUNTER, do_return, IN(RELEASED), true}, /* its fee is not paid */
    {"fetch", MAI, do_return, IN(RELEASED), false},
    {"rate", MAI, do_rate, IN(RELEASED) | IN(RETURNED), false},
};

static void try_all_in(struct cx *cx, enum dossier_state s)
{
    struct dossier d, now;
    bring_to(cx, &d, s);
    assert_int_equal(d.state, s);
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        struct dossier mine = d;
        int64_t events = rows_of(cx, "journal_event");
        act_as(cx, acts[i].who);
        enum err e = test_write(cx, acts[i].act(cx, &mine));
        bool legal = (acts[i].from & (1u << s)) && !acts[i].later;
        if (legal != (e == OK))
            fail_msg("%s in state %d: %s: %.*s", acts[i].name, s, err_name(e), F(cx->why));
        if (e == OK) { /* on with another one in the same state */
            bring_to(cx, &d, s);
            continue;
        }
        /* Asking is two moves in one call: the state says whose. */
        assert_int_equal(e,
                         acts[i].act == do_ask && (s == DOSSIER_WAITING || s == DOSSIER_PROCESSING)
                             ? ERR_DENIED
                             : ERR_CONFLICT);
        assert_true(str_ends(cx->why, S(".")));
        now = d;
        read_again(cx, &now);
        assert_int_equal(now.version, d.version);
        assert_int_equal(now.state, s);
        assert_int_equal(rows_of(cx, "journal_event"), events);
    }
}

static void waiting(void **t)
{
    try_all_in(test_cx(t), DOSSIER_WAITING);
}
static void supplement_before_acceptance(void **t)
{
    try_all_in(test_cx(t), DOSSIER_SUPPLEMENT_FIRST);
}
static void refused(void **t)
{
    try_all_in(test_cx(t), DOSSIER_REFUSED);
}
static void accepted(void **t)
{
    try_all_in(test_cx(t), DOSSIER_ACCEPTED);
}
static void processing(void **t)
{
    try_all_in(test_cx(t), DOSSIER_PROCESSING);
}
static void supplement(void **t)
{
    try_all_in(test_cx(t), DOSSIER_SUPPLEMENT);
}
static void payment(void **t)
{
    try_all_in(test_cx(t), DOSSIER_PAYMENT);
}
static void stopped(void **t)
{
    try_all_in(test_cx(t), DOSSIER_STOPPED);
}
static void withdrawn(void **t)
{
    try_all_in(test_cx(t), DOSSIER_WITHDRAWN);
}
static void released(void **t)
{
    try_all_in(test_cx(t), DOSSIER_RELEASED);
}
static void returned(void **t)
{
    try_all_in(test_cx(t), DOSSIER_RETURNED);
}
static void cancelled(void **t)
{
    try_all_in(test_cx(t), DOSSIER_CANCELLED);
}

/* ---- two at once; others ---- */

static void of_two_officers_with_the_same_page_the_second_is_told(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    send_one(cx, &d);
    struct dossier first = d, second = d;
    act_as(cx, COUNTER);
    assert_ok(test_write(cx, onestop_accept(cx, &first, S(""))));
    assert_err(test_write(cx, onestop_refuse(cx, &second, S("Thiếu."), S("Điều 16"))),
               ERR_CONFLICT);
    assert_why(cx, "vừa được người khác cập nhật");
    read_again(cx, &d);
    assert_int_equal(d.state, DOSSIER_ACCEPTED);
    assert_int_equal(rows_of(cx, "onestop_decision"), 0);
}

static void officers_of_another_commune_neither_find_nor_touch_it(void **t)
{
    struct cx *cx = test_cx(t);
    static const char *const others[] = {OTHER_COUNTER,  OTHER_CLERK, OTHER_LEADER,
                                         "vanthu.kylua", "quantri",   "thanhtra"};
    struct dossier d, found;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    for (size_t i = 0; i < 6; i++) {
        act_as(cx, others[i]);
        if (i < 3) {
            assert_err(onestop_find(cx, d.id, &found), ERR_NOT_FOUND);
            assert_err(onestop_by_code(cx, d.code, &found), ERR_NOT_FOUND);
        }
        for (size_t k = 0; k < sizeof acts / sizeof *acts; k++) {
            struct dossier theirs = d;
            enum err e = test_write(cx, acts[k].act(cx, &theirs));
            if (e != ERR_DENIED && e != ERR_CONFLICT)
                fail_msg("%s by %s: %s", acts[k].name, others[i], err_name(e));
            if (acts[k].from & IN(PROCESSING))
                assert_int_equal(e, ERR_DENIED);
        }
    }
    found = d;
    read_again(cx, &found);
    assert_int_equal(found.version, d.version);
}

static void another_person_finds_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d, found;
    struct inbox_row rows[4];
    size_t n;
    send_one(cx, &d);
    act_as(cx, THANH);
    assert_err(onestop_find(cx, d.id, &found), ERR_NOT_FOUND);
    assert_err(onestop_by_code(cx, d.request_code, &found), ERR_NOT_FOUND);
    assert_why(cx, "Không tìm thấy");
    assert_err(test_write(cx, onestop_withdraw(cx, &d, S("Phá."))), ERR_DENIED);
    assert_ok(onestop_mine(cx, rows, 4, &n));
    assert_int_equal(n, 0);
    act_as(cx, MAI);
    assert_ok(onestop_by_code(cx, d.request_code, &found));
    assert_ok(onestop_mine(cx, rows, 4, &n));
    assert_int_equal(n, 1);
}

/* Above every commune, deciding for none of them. */
static void the_leader_of_the_province_does_not_sign_for_a_commune(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct str why;
    act_as_program(cx);
    assert_ok(test_write(
        cx, role_grant(cx, account_of(cx, "quantri"), S("lanh_dao"), unit_of(cx, "H37"), 0, 0)));
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, "quantri");
    assert_false(onestop_may(cx, &d, MOVE_SIGN, &why));
    assert_contains(why, "đơn vị khác");
}

static void every_reason_has_words_and_a_limit(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    char *text = arena_alloc(cx->arena, REASON_MAX + 1);
    memset(text, 'a', REASON_MAX + 1);
    const struct str longest = {text, REASON_MAX}, too_long = {text, REASON_MAX + 1},
                     basis = {text, BASIS_MAX + 1};
    const struct supplement_item none = {S("KQ-khong-co"), S("Gì đó.")};
    send_one(cx, &d);
    act_as(cx, COUNTER);
    assert_err(test_write(cx, onestop_refuse(cx, &d, S("  "), S("Điều 16"))), ERR_INVALID);
    assert_true(str_eq(cx->field, S("ly_do")));
    assert_err(test_write(cx, onestop_refuse(cx, &d, S("Lý do."), S(" "))), ERR_INVALID);
    assert_true(str_eq(cx->field, S("can_cu")));
    assert_err(test_write(cx, onestop_refuse(cx, &d, too_long, S("Điều 16"))), ERR_LIMIT);
    assert_err(test_write(cx, onestop_refuse(cx, &d, S("Lý do."), basis)), ERR_LIMIT);
    assert_err(test_write(cx, onestop_ask(cx, &d, S("Thiếu."), NULL, 0)), ERR_INVALID);
    assert_true(str_eq(cx->field, S("bo_sung")));
    assert_err(test_write(cx, onestop_ask(cx, &d, S("Thiếu."), &none, 1)), ERR_INVALID);
    assert_err(test_write(cx, onestop_accept(cx, &d, too_long)), ERR_LIMIT);
    assert_ok(test_write(cx, onestop_refuse(cx, &d, longest, S("Điều 16"))));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_move_is_allowed_where_the_table_says_and_nowhere_else),
        TEST(waiting),
        TEST(supplement_before_acceptance),
        TEST(refused),
        TEST(accepted),
        TEST(processing),
        TEST(supplement),
        TEST(payment),
        TEST(stopped),
        TEST(withdrawn),
        TEST(released),
        TEST(returned),
        TEST(cancelled),
        TEST(of_two_officers_with_the_same_page_the_second_is_told),
        TEST(officers_of_another_commune_neither_find_nor_touch_it),
        TEST(another_person_finds_nothing),
        TEST(the_leader_of_the_province_does_not_sign_for_a_commune),
        TEST(every_reason_has_words_and_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
