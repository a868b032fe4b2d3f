/* onestop_safe_test.c - nothing half-done, nothing personal in the open, nobody reads unseen. */
#include <dirent.h>

#include "db/db.h"
#include "onestop_fixture.h"

/* ---- a failure at any step ---- */

/* Everything a step may write; compared before and after. */
static struct str all_rows(struct cx *cx)
{
    const int64_t n[] = {
        rows_of(cx, "onestop_dossier"), rows_of(cx, "onestop_form"),
        rows_of(cx, "onestop_paper"),   rows_of(cx, "onestop_counter"),
        rows_of(cx, "onestop_receipt"), rows_of(cx, "onestop_supplement"),
        rows_of(cx, "onestop_pause"),   rows_of(cx, "onestop_number"),
        rows_of(cx, "onestop_result"),  rows_of(cx, "onestop_decision"),
        rows_of(cx, "journal_event"),   rows_of(cx, "notify_notice"),
        rows_of(cx, "identity_person"), rows_of(cx, "job"),
        rows_of(cx, "file_stored"),
    };
    int64_t versions;
    struct buf b = {.arena = cx->arena, .limit = 1000};
    assert_ok(db_one_int(cx, &versions,
                         "select coalesce(sum(version * 100 + state), 0) from onestop_dossier"));
    for (size_t i = 0; i < sizeof n / sizeof *n; i++)
        buf_fmt(&b, "%lld ", (long long)n[i]);
    buf_fmt(&b, "%lld", (long long)versions);
    return buf_str(&b);
}

/* Fails the 1st call of the database, then the 2nd, until it passes. */
#define fails_cleanly(cx, least, again, call)                                                      \
    do {                                                                                           \
        struct str before_ = all_rows(cx), after_;                                                 \
        enum err e_;                                                                               \
        int at_ = 0;                                                                               \
        do {                                                                                       \
            again;                                                                                 \
            db_fail_at((cx), ++at_);                                                               \
            e_ = test_write((cx), (call));                                                         \
            db_fail_at((cx), 0);                                                                   \
            after_ = all_rows(cx);                                                                 \
            if (e_ != OK && !str_eq(before_, after_))                                              \
                fail_msg("at %d: %.*s became %.*s", at_, F(before_), F(after_));                   \
        } while (e_ != OK && at_ < 400);                                                           \
        assert_int_equal(e_, OK);                                                                  \
        assert_true(at_ > (least));                                                                \
        assert_false(str_eq(before_, after_));                                                     \
    } while (0)

static void a_sending_that_fails_leaves_nothing_behind(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct dossier_paper paper;
    act_as(cx, MAI);
    struct dossier_new n = new_of(cx, MAI, &paper);
    fails_cleanly(cx, 10, (void)0, onestop_send(cx, &n, &d));
    assert_int_equal(rows_of(cx, "onestop_dossier"), 1);
}

static void an_acceptance_that_fails_takes_no_number_and_tells_nobody(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier sent, d;
    send_one(cx, &sent);
    act_as(cx, COUNTER);
    fails_cleanly(cx, 8, d = sent, onestop_accept(cx, &d, S("Đủ giấy tờ.")));
    assert_str(d.code, "H37.114-261123-0001");
}

static void an_approval_that_fails_reserves_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier submitted, d;
    bring_to(cx, &submitted, DOSSIER_PROCESSING);
    draft_one(cx, &submitted);
    submit_one(cx, &submitted);
    act_as(cx, LEADER);
    fails_cleanly(cx, 6, d = submitted, onestop_sign_result(cx, &d));
    let_jobs_run(cx, &d);
    assert_int_equal(d.state, DOSSIER_RELEASED);
}

static void a_supplement_that_fails_stops_no_clock(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier processing, d;
    const struct supplement_item item = {S(BORN_PAPER), S("Ảnh mờ.")};
    bring_to(cx, &processing, DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    fails_cleanly(cx, 6, d = processing, onestop_ask(cx, &d, S("Ảnh mờ."), &item, 1));
    assert_int_equal(rows_of(cx, "onestop_pause"), 1);
}

/* ---- personal fields ---- */

static bool file_has(const char *path, struct str needle)
{
    FILE *f = fopen(path, "rb");
    char room[1 << 16];
    size_t kept = 0, n;
    bool found = false;
    if (!f)
        return false;
    while (!found && (n = fread(room + kept, 1, sizeof room - kept, f)) > 0) {
        size_t whole = kept + n;
        found = str_find((struct str){room, whole}, needle, NULL);
        kept = whole < needle.n ? whole : needle.n;
        memmove(room, room + whole - kept, kept);
    }
    fclose(f);
    return found;
}

static bool folder_has(struct cx *cx, const char *folder, struct str needle)
{
    DIR *d = opendir(folder);
    bool found = false;
    for (struct dirent *e; !found && d && (e = readdir(d));) {
        const char *path = str_fmt(cx->arena, "%s/%s", folder, e->d_name).p;
        if (e->d_name[0] == '.')
            continue;
        found = e->d_type == DT_DIR ? folder_has(cx, path, needle) : file_has(path, needle);
    }
    if (d)
        closedir(d);
    return found;
}

/* On PostgreSQL: what a dump of this test's database has, also with bytes as hex. */
static bool dump_has(struct cx *cx, struct str needle)
{
    if (!db_is_postgres(cx))
        return false;
    struct str hex = str_hex(cx->arena, needle);
    FILE *p =
        popen(str_fmt(cx->arena,
                      "/usr/lib/postgresql/15/bin/pg_dump '%s' | grep -c -a -e '%.*s' -e '%.*s'",
                      testing_url(cx).p, F(needle), F(hex))
                  .p,
              "r");
    char line[64] = "";
    assert_non_null(p);
    assert_non_null(fgets(line, sizeof line, p));
    pclose(p);
    return strcmp(line, "0\n") != 0;
}

static bool lies_open(struct cx *cx, const char *word)
{
    return folder_has(cx, str_z(cx->arena, cx->env->data_dir), str_c(word)) ||
           dump_has(cx, str_c(word));
}

static void names_numbers_and_answers_are_sealed_on_the_disk(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    bring_to(cx, &d, DOSSIER_RETURNED);
    act_as(cx, MAI);
    assert_ok(test_write(cx, onestop_rate(cx, &d, 1, S("Chờ lâu quá."))));
    bring_to(cx, &d, DOSSIER_REFUSED);
    bring_to(cx, &d, DOSSIER_SUPPLEMENT);
    assert_true(lies_open(cx, "H37.114-261123-0001")); /* so we do find what lies open */
    assert_false(lies_open(cx, CHILD));
    assert_false(lies_open(cx, "Hoàng Thị Mai"));
    assert_false(lies_open(cx, "Bệnh viện Đa khoa"));
    assert_false(lies_open(cx, "Trẻ đã được khai sinh"));
    assert_false(lies_open(cx, "Ảnh mờ"));
    assert_false(lies_open(cx, "Chờ lâu quá"));
    assert_false(lies_open(cx, "giay-chung-sinh"));
}

static void the_number_of_the_person_stands_nowhere_in_the_open(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    int64_t n;
    bring_to(cx, &d, DOSSIER_RELEASED);
    /* The demo signs in by number, so the account's name is one; a person of the counter has none.
     */
    assert_ok(
        db_one_int(cx, &n,
                   "select count(*) from journal_event where note_public like '%020192999101%'"
                   " or subject_code like '%020192999101%'"));
    assert_int_equal(n, 0);
    assert_ok(db_one_int(
        cx, &n,
        "select count(*) from notify_notice where title like '%Mai%' or body like '%Mai%'"
        " or body like '%020192999101%'"));
    assert_int_equal(n, 0);
    struct person child = {.kind = S("cong_dan"),
                           .name = S("Lý Thị Quầy"),
                           .id_no = S("020195999107"),
                           .born_on = 9000};
    assert_ok(test_write(cx, person_put(cx, &child)));
    assert_false(lies_open(cx, "020195999107"));
    assert_false(lies_open(cx, "Lý Thị Quầy"));
}

static void an_officer_who_opens_the_form_leaves_a_trace(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    const struct json *form;
    bring_to(cx, &d, DOSSIER_PROCESSING);
    act_as(cx, CLERK);
    struct event_record seen[10];
    size_t before, after;
    assert_ok(journal_about(cx, d.subject_key, S("personal.read"), 0, seen, 10, &before));
    assert_ok(test_write(cx, onestop_form_data(cx, &d, &form)));
    assert_str(json_text(json_get(form, S("ho_ten_nguoi_duoc_khai_sinh"))), CHILD);
    for (struct cx_before *b = cx->before_answer; b; b = b->next)
        assert_ok(test_write(cx, b->fn(cx, b->arg)));
    cx->before_answer = NULL;
    assert_ok(journal_about(cx, d.subject_key, S("personal.read"), 0, seen, 10, &after));
    assert_int_equal(after, before + 1);
    assert_int_equal(seen[0].actor_account, account_of(cx, CLERK));
    cx->purpose = S("");
    assert_err(onestop_form_data(cx, &d, &form), ERR_DENIED);
    act_as(cx, MAI);
    assert_ok(onestop_form_data(cx, &d, &form));
    assert_null(cx->before_answer);
}

/* ---- papers ---- */

static void only_the_persons_own_files_and_the_procedures_components_are_taken(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct dossier_paper paper;
    act_as(cx, MAI);
    struct dossier_new n = new_of(cx, MAI, &paper);
    paper.file = file_of(cx, THANH);
    assert_err(test_write(cx, onestop_send(cx, &n, &d)), ERR_DENIED);
    assert_why(cx, "không phải của người nộp");
    paper.file = 99999;
    assert_err(test_write(cx, onestop_send(cx, &n, &d)), ERR_NOT_FOUND);
    paper = (struct dossier_paper){.component = S("KQ-khong-co"), .file = file_of(cx, MAI)};
    assert_err(test_write(cx, onestop_send(cx, &n, &d)), ERR_INVALID);
    n.papers_n = 0;
    assert_err(test_write(cx, onestop_send(cx, &n, &d)), ERR_INVALID);
    assert_why(cx, "Thêm Giấy chứng sinh");
    assert_int_equal(rows_of(cx, "onestop_dossier"), 0);
}

static void a_place_that_does_not_take_it_in_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct dossier_paper paper;
    act_as(cx, MAI);
    struct dossier_new n = new_of(cx, MAI, &paper);
    n.receiving_unit = unit_of(cx, "H37.114");
    assert_err(test_write(cx, onestop_send(cx, &n, &d)), ERR_INVALID);
    assert_true(str_eq(cx->field, S("noi_nop")));
    n.receiving_unit = 4242;
    assert_err(test_write(cx, onestop_send(cx, &n, &d)), ERR_NOT_FOUND);
    n.receiving_unit = unit_of(cx, "H37.114.01");
    n.procedure_code = S("9.999999");
    assert_err(test_write(cx, onestop_send(cx, &n, &d)), ERR_NOT_FOUND);
    n.procedure_code = S(BIRTH);
    n.form_json = S("{\"x\":");
    assert_err(test_write(cx, onestop_send(cx, &n, &d)), ERR_INVALID);
}

static void the_journal_of_a_whole_walk_is_sound(void **t)
{
    struct cx *cx = test_cx(t);
    struct dossier d;
    struct journal_report r;
    bring_to(cx, &d, DOSSIER_RETURNED);
    act_as_program(cx);
    if (db_is_postgres(cx))
        assert_ok(test_write(cx, journal_sequence(cx)));
    assert_ok(journal_verify(cx, &(struct journal_check){.skip_payloads = false}, &r));
    assert_true(r.sound);
    assert_true(r.size > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sending_that_fails_leaves_nothing_behind),
        TEST(an_acceptance_that_fails_takes_no_number_and_tells_nobody),
        TEST(an_approval_that_fails_reserves_nothing),
        TEST(a_supplement_that_fails_stops_no_clock),
        TEST(names_numbers_and_answers_are_sealed_on_the_disk),
        TEST(the_number_of_the_person_stands_nowhere_in_the_open),
        TEST(an_officer_who_opens_the_form_leaves_a_trace),
        TEST(only_the_persons_own_files_and_the_procedures_components_are_taken),
        TEST(a_place_that_does_not_take_it_in_is_refused),
        TEST(the_journal_of_a_whole_walk_is_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
