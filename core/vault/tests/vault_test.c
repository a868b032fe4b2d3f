/* vault_test.c - keys of subjects: sealing, moving, erasing, tombstones, blind index. */
#include "testing/testing.h"
#include "db/db.h"
#include "vault/vault_inside.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err open_vault(struct cx *cx)
{
    TRY(testing_keyd(cx));
    return vault_open(cx, true, &cx->env->vault);
}

static void close_vault(struct cx *cx)
{
    vault_close(cx->env->vault);
    cx->env->vault = NULL;
}

static int start(void **t)
{
    static const char *const roots[] = {"core/kept", "core/vault", NULL};
    return testing_start(
        t, &(struct testing_config){.roots = roots, .start = open_vault, .stop = close_vault});
}

#define ABOUT S("test_table.column")

static int64_t new_subject(struct cx *cx)
{
    int64_t subject = 0;
    assert_ok(test_write(cx, vault_subject_new(cx, &subject)));
    return subject;
}

static struct str seal_for(struct cx *cx, int64_t subject, struct str plain)
{
    struct str sealed;
    assert_ok(vault_seal(cx, subject, ABOUT, plain, &sealed));
    return sealed;
}

static const char *in_data_dir(struct cx *cx, const char *name)
{
    return str_fmt(cx->arena, "%.*s/%s", F(cx->env->data_dir), name).p;
}

/* ---- sealing ---- */

static void what_is_sealed_opens_for_its_subject_and_column_only(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), nam = new_subject(cx);
    struct str sealed = seal_for(cx, lan, S("Nguyễn Thị Lan")), plain;
    assert_lacks(sealed, "Lan");

    assert_ok(vault_open_sealed(cx, lan, ABOUT, sealed, &plain));
    assert_str(plain, "Nguyễn Thị Lan");
    assert_err(vault_open_sealed(cx, nam, ABOUT, sealed, &plain), ERR_IO);
    assert_err(vault_open_sealed(cx, lan, S("test_table.other"), sealed, &plain), ERR_IO);
}

static void the_same_text_sealed_twice_looks_different(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx);
    assert_false(str_eq(seal_for(cx, lan, S("x")), seal_for(cx, lan, S("x"))));
}

static void an_empty_text_stays_empty(void **t)
{
    struct cx *cx = test_cx(t);
    struct str plain;
    int64_t lan = new_subject(cx);
    assert_int_equal(seal_for(cx, lan, S("")).n, 0);
    assert_ok(vault_open_sealed(cx, lan, ABOUT, S(""), &plain));
    assert_int_equal(plain.n, 0);
}

static void a_wrapped_key_moved_to_another_row_does_not_open(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), nam = new_subject(cx);
    struct str sealed;
    assert_ok(db_exec(
        cx,
        "update vault_subject set wrapped = (select wrapped from vault_subject where id = $1) where id = $2",
        V(lan), V(nam)));
    assert_err(vault_seal(cx, nam, ABOUT, S("x"), &sealed), ERR_IO);
}

static void a_key_of_an_undone_transaction_is_never_used_again(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t first = 0, second = 0;
    struct str sealed, plain;
    assert_ok(db_begin(cx));
    assert_ok(vault_subject_new(cx, &first));
    assert_ok(vault_seal(cx, first, ABOUT, S("x"), &sealed));
    db_rollback(cx);

    assert_ok(test_write(cx, vault_subject_new(cx, &second)));
    sealed = seal_for(cx, second, S("y"));
    testing_restart(cx); /* nothing remembered */
    assert_ok(vault_open_sealed(cx, second, ABOUT, sealed, &plain));
    assert_str(plain, "y");
}

/* As the lane runs a task again within the same transaction: SQLite gives the id anew. */
static void a_key_undone_within_a_transaction_is_never_used_again(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t first = 0, second = 0;
    struct str sealed, plain;
    assert_ok(db_begin(cx));
    assert_ok(db_savepoint(cx));
    assert_ok(vault_subject_new(cx, &first));
    assert_ok(vault_seal(cx, first, ABOUT, S("x"), &sealed));
    db_savepoint_rollback(cx);
    assert_ok(db_savepoint(cx));
    assert_ok(vault_subject_new(cx, &second));
    if (!db_is_postgres(cx))
        assert_int_equal(first, second);
    assert_ok(vault_seal(cx, second, ABOUT, S("y"), &sealed));
    assert_ok(vault_open_sealed(cx, second, ABOUT, sealed, &plain));
    assert_str(plain, "y");
    assert_ok(db_savepoint_release(cx));
    assert_ok(db_commit(cx));
    testing_restart(cx); /* nothing remembered */
    assert_ok(vault_open_sealed(cx, second, ABOUT, sealed, &plain));
    assert_str(plain, "y");
}

/* ---- master keys ---- */

static void master_keys_are_readable_by_their_owner_only(void **t)
{
    struct cx *cx = test_cx(t);
    struct stat st;
    assert_int_equal(stat(in_data_dir(cx, "keys"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(in_data_dir(cx, "keys/master.key"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);

    struct vault *again = NULL;
    assert_int_equal(chmod(in_data_dir(cx, "keys/derive.key"), 0640), 0);
    assert_err(vault_open(cx, true, &again), ERR_IO);
    assert_why(cx, "chmod 600");
}

static void a_missing_or_damaged_master_key_is_said_and_never_replaced(void **t)
{
    struct cx *cx = test_cx(t);
    struct vault *again = NULL;
    const char *path = in_data_dir(cx, "keys/master.key");
    int fd = open(path, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, "tinhso-key-1 12\n", 16), 16);
    close(fd);
    assert_err(vault_open(cx, true, &again), ERR_IO);
    assert_why(cx, "damaged");
    assert_int_equal(unlink(path), 0);
    assert_err(vault_open(cx, false, &again), ERR_NOT_FOUND);
}

static void a_database_under_other_master_keys_is_refused(void **t)
{
    struct cx *cx = test_cx(t);
    assert_ok(vault_check(cx));
    new_subject(cx);
    assert_ok(vault_check(cx));
    close_vault(cx);
    assert_int_equal(unlink(in_data_dir(cx, "keys/master.key")), 0);
    assert_ok(open_vault(cx));
    assert_err(vault_check(cx), ERR_CONFLICT);
    assert_why(cx, "keys");
}

static void values_survive_a_restart(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx);
    struct str sealed = seal_for(cx, lan, S("x")), plain;
    struct str secret = vault_secret(cx, S("form")),
               lookup = vault_lookup(cx, S("id_no"), S("020196000001"));
    testing_restart(cx);
    assert_ok(vault_open_sealed(cx, lan, ABOUT, sealed, &plain));
    assert_str(plain, "x");
    assert_true(str_eq(secret, vault_secret(cx, S("form"))));
    assert_true(str_eq(lookup, vault_lookup(cx, S("id_no"), S("020196000001"))));
}

/* ---- what is derived ---- */

static void look_ups_depend_on_kind_and_value(void **t)
{
    struct cx *cx = test_cx(t);
    struct str a = vault_lookup(cx, S("id_no"), S("020196000001"));
    assert_int_equal(a.n, 32);
    assert_true(str_eq(a, vault_lookup(cx, S("id_no"), S("020196000001"))));
    assert_false(str_eq(a, vault_lookup(cx, S("id_no"), S("020196000002"))));
    assert_false(str_eq(a, vault_lookup(cx, S("tax_code"), S("020196000001"))));
    assert_false(str_eq(vault_lookup(cx, S("ab"), S("c")), vault_lookup(cx, S("a"), S("bc"))));
    assert_false(str_eq(vault_secret(cx, S("form")), vault_secret(cx, S("code"))));
}

static bool finds(struct cx *cx, struct str name, struct str typed)
{
    struct str have[64], want[8];
    size_t n = vault_name_tokens(cx, name, have, 64), m = vault_name_query(cx, typed, want, 8);
    for (size_t i = 0; i < m; i++) {
        bool found = false;
        for (size_t k = 0; k < n; k++)
            found |= str_eq(want[i], have[k]);
        if (!found)
            return false;
    }
    return m > 0;
}

static void names_are_found_by_beginnings_of_words_without_marks(void **t)
{
    struct cx *cx = test_cx(t);
    struct str name = S("Nguyễn Thị Ý Đoan");
    assert_true(finds(cx, name, S("nguyen")));
    assert_true(finds(cx, name, S("đo Ng")));
    assert_true(finds(cx, name, S("y")));
    assert_true(finds(cx, name, S("Nguyễn Thị Ý Đoan")));
    assert_false(finds(cx, name, S("n"))); /* one letter would find half of the province */
    assert_false(finds(cx, name, S("nguyen van")));
    assert_false(finds(cx, name, S("oan")));
    assert_false(finds(cx, name, S("  ")));
}

static void a_name_gives_each_token_once_and_never_more_than_asked(void **t)
{
    struct cx *cx = test_cx(t);
    struct str tokens[4];
    assert_int_equal(vault_name_tokens(cx, S("An An An"), tokens, 4), 1);
    assert_int_equal(tokens[0].n, VAULT_TOKEN_BYTES);
    assert_int_equal(vault_name_tokens(cx, S("Anh"), tokens, 4), 2);
    assert_int_equal(vault_name_tokens(cx, S("Nguyễn"), tokens, 4), 4);
}

static void installation_keys_are_made_once_and_found_again(void **t)
{
    struct cx *cx = test_cx(t);
    struct key *made, *again;
    struct str signature;
    assert_err(vault_key(cx, S("journal"), &again), ERR_NOT_FOUND);
    assert_ok(test_write(cx, vault_key_make(cx, S("journal"), &made)));
    assert_err(test_write(cx, vault_key_make(cx, S("journal"), &again)), ERR_CONFLICT);
    assert_ok(vault_key(cx, S("journal"), &again));
    assert_ok(key_sign(cx, again, S("x"), &signature));
    assert_true(key_verify(made, S("x"), signature));
    key_free(made);
    key_free(again);
}

/* As installations had it before keyd: the private key under the master key. */
static void a_signing_key_from_before_keyd_goes_to_it_once(void **t)
{
    struct cx *cx = test_cx(t);
    struct key *old, *k;
    struct str private_der, public_der, signature;
    assert_ok(key_generate(cx, &old));
    assert_ok(key_private_der(cx, old, &private_der));
    assert_ok(key_public_der(cx, old, &public_der));
    unsigned char first[KEY_BYTES];
    assert_ok(master_get(cx, 1, first));
    struct str master = {(const char *)first, KEY_BYTES};
    struct str sealed = seal(cx, master, S("vault_key.sealed:journal"), private_der);
    assert_ok(test_write(cx, db_exec(cx, "insert into vault_key values ('journal', $1, $2, 1)",
                                     VB(public_der), VB(sealed))));
    for (int i = 0; i < 2; i++) {
        assert_ok(test_write(cx, vault_keys_adopt(cx)));
        assert_ok(vault_key_usable(cx, S("journal")));
        assert_ok(vault_key(cx, S("journal"), &k));
        assert_ok(key_sign(cx, k, S("x"), &signature));
        assert_true(key_verify(old, S("x"), signature));
        key_free(k);
    }
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows, "select sealed from vault_key"));
    assert_true(db_next(&rows) && keyd_is_handle(db_bytes(&rows, 0)));
    assert_err(unseal(cx, master, S("vault_key.sealed:journal"), db_bytes(&rows, 0), &private_der),
               ERR_IO);
    key_free(old);
}

/* ---- erasing ---- */

static void an_erased_subject_says_by_which_order(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), nam = new_subject(cx);
    struct str sealed = seal_for(cx, lan, S("x")), of_nam = seal_for(cx, nam, S("y")), plain, key,
               order;
    assert_err(test_write(cx, vault_erase(cx, lan, S("  "))), ERR_INVALID);
    assert_ok(test_write(cx, vault_erase(cx, lan, S("12/QĐ-UBND"))));

    assert_err(vault_open_sealed(cx, lan, ABOUT, sealed, &plain), ERR_NOT_FOUND);
    assert_why(cx, "12/QĐ-UBND");
    assert_int_equal(plain.n, 0);
    assert_err(vault_seal(cx, lan, ABOUT, S("new"), &sealed), ERR_NOT_FOUND);
    assert_err(vault_subject_key(cx, lan, &key), ERR_NOT_FOUND);
    assert_err(test_write(cx, vault_erase(cx, lan, S("13/QĐ-UBND"))), ERR_CONFLICT);
    assert_ok(vault_erased_by(cx, lan, &order));
    assert_str(order, "12/QĐ-UBND");
    assert_ok(vault_erased_by(cx, nam, &order));
    assert_str(order, "");
    assert_ok(vault_open_sealed(cx, nam, ABOUT, of_nam, &plain));

    int64_t left;
    assert_ok(db_one_int(cx, &left,
                         "select count(*) from vault_subject where id = $1 and wrapped is not null",
                         V(lan)));
    assert_int_equal(left, 0);
}

/* Another node erases: this one still has the key in its cache, for a second. */
static void an_erasure_elsewhere_is_felt_within_a_second(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx);
    struct str sealed = seal_for(cx, lan, S("x")), plain;
    testing_advance(cx, 2 * MINUTE_MS);
    assert_ok(vault_open_sealed(cx, lan, ABOUT, sealed, &plain));
    assert_ok(db_exec(
        cx, "update vault_subject set wrapped = null, erased_at = 1, erased_by = 'x' where id = $1",
        V(lan)));
    assert_ok(vault_open_sealed(cx, lan, ABOUT, sealed, &plain)); /* from the cache */
    testing_advance(cx, SECOND_MS);
    assert_err(vault_open_sealed(cx, lan, ABOUT, sealed, &plain), ERR_NOT_FOUND);
}

struct wish {
    int64_t subject;
    struct str sealed, plain;
};

static enum err open_in_snapshot(struct cx *cx, void *arg)
{
    struct wish *w = arg;
    return vault_open_sealed(cx, w->subject, ABOUT, w->sealed, &w->plain);
}

static enum err opened_by_a_reader(struct cx *cx, struct wish *w)
{
    return lane_call(cx->env->lanes, LANE_SLOW, cx, open_in_snapshot, w);
}

/* However long ago a reader unwrapped the key; by whomever and on whichever node it is erased. */
static void an_erasure_is_felt_by_readers_with_the_next_snapshot(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx);
    struct wish w = {.subject = lan, .sealed = seal_for(cx, lan, S("x"))};
    assert_ok(opened_by_a_reader(cx, &w));
    /* What is in the cache is what opens: the row would no longer unwrap. */
    assert_ok(test_write(cx, db_exec(cx, "update vault_subject set tag = $1", VB(S("other")))));
    testing_advance(cx, HOUR_MS);
    assert_ok(opened_by_a_reader(cx, &w));
    assert_str(w.plain, "x");
    assert_ok(test_write(
        cx,
        db_exec(
            cx,
            "update vault_subject set wrapped = null, erased_at = 1, erased_by = 'y' where id = $1",
            V(lan))));
    assert_err(opened_by_a_reader(cx, &w), ERR_NOT_FOUND);
}

static void an_erasure_here_is_felt_at_once(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx);
    struct str sealed = seal_for(cx, lan, S("x")), plain;
    testing_advance(cx, 2 * MINUTE_MS);
    assert_ok(vault_open_sealed(cx, lan, ABOUT, sealed, &plain));
    assert_ok(test_write(cx, vault_erase(cx, lan, S("1/QĐ"))));
    assert_err(vault_open_sealed(cx, lan, ABOUT, sealed, &plain), ERR_NOT_FOUND);
}

/* ---- tombstones ---- */

struct heard {
    int64_t subject;
    char order[64];
    int n;
};

static enum err hear(struct cx *, void *state, int64_t subject, struct str order_no)
{
    struct heard *h = state;
    h->subject = subject;
    h->n++;
    snprintf(h->order, sizeof h->order, "%.*s", F(order_no));
    return OK;
}

static size_t lines_of(struct cx *cx)
{
    size_t n = 0;
    FILE *f = fopen(in_data_dir(cx, "tombstones.log"), "r");
    for (int c = f ? fgetc(f) : EOF; c != EOF; c = fgetc(f))
        n += c == '\n';
    if (f)
        fclose(f);
    return n;
}

/* A backup from before the erasure is put back: the wrapped keys are there again. */
struct kept {
    struct str wrapped;
    int64_t subject;
};

static struct kept keep(struct cx *cx, int64_t subject)
{
    auto_rows rows = {0};
    assert_ok(db_query(cx, &rows, "select wrapped from vault_subject where id = $1", V(subject)));
    assert_true(db_next(&rows));
    return (struct kept){db_bytes(&rows, 0), subject};
}

static void put_back(struct cx *cx, struct kept k)
{
    assert_ok(db_exec(
        cx, "update vault_subject set wrapped = $1, erased_at = 0, erased_by = null where id = $2",
        VB(k.wrapped), V(k.subject)));
}

static void a_restored_backup_is_erased_again(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), nam = new_subject(cx), erased;
    struct str sealed = seal_for(cx, lan, S("x")), plain;
    struct kept before = keep(cx, lan);
    struct heard heard = {0};
    assert_ok(test_write(cx, vault_erase(cx, lan, S("12/QĐ-UBND"))));
    assert_ok(vault_tombstones(cx));
    put_back(cx, before);
    testing_advance(cx, 2 * SECOND_MS);
    assert_ok(
        vault_open_sealed(cx, lan, ABOUT, sealed, &plain)); /* the backup really brings it back */

    assert_ok(test_write(cx, vault_apply_tombstones(cx, hear, &heard, &erased)));
    assert_int_equal(erased, 1);
    assert_int_equal(heard.n, 1);
    assert_int_equal(heard.subject, lan);
    assert_string_equal(heard.order, "12/QĐ-UBND");
    assert_err(vault_open_sealed(cx, lan, ABOUT, sealed, &plain), ERR_NOT_FOUND);
    assert_ok(vault_seal(cx, nam, ABOUT, S("y"), &sealed));

    assert_ok(test_write(cx, vault_apply_tombstones(cx, hear, &heard, &erased)));
    assert_int_equal(erased, 0);
}

/* After a restore a new subject may get the id of one that the backup did not know yet. */
static void a_tombstone_spares_another_subject_with_the_same_id(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), erased;
    assert_ok(test_write(cx, vault_erase(cx, lan, S("1/QĐ"))));
    assert_ok(vault_tombstones(cx));
    assert_ok(db_exec(
        cx,
        "update vault_subject set tag = $1, wrapped = $2, erased_at = 0, erased_by = null where id = $3",
        VB(S("0123456789abcdef")), VB(S("another key")), V(lan)));
    assert_ok(test_write(cx, vault_apply_tombstones(cx, NULL, NULL, &erased)));
    assert_int_equal(erased, 0);
}

static void tombstones_are_written_once_and_a_torn_line_again(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), nam = new_subject(cx), erased;
    assert_ok(test_write(cx, vault_erase(cx, lan, S("1/QĐ"))));
    assert_ok(vault_tombstones(cx));
    assert_ok(vault_tombstones(cx));
    assert_int_equal(lines_of(cx), 1);

    struct stat st;
    const char *path = in_data_dir(cx, "tombstones.log");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size - 5), 0); /* the crash came while it was written */
    testing_advance(cx, HOUR_MS);
    assert_ok(test_write(cx, vault_erase(cx, nam, S("2/QĐ"))));
    assert_ok(vault_tombstones(cx));
    assert_int_equal(lines_of(cx), 2);
    assert_ok(test_write(cx, vault_apply_tombstones(cx, NULL, NULL, &erased)));

    assert_int_equal(unlink(path), 0); /* a lost file is written anew */
    assert_ok(vault_tombstones(cx));
    assert_int_equal(lines_of(cx), 2);
}

/* An erasure that began earlier may commit later than one that is in the file already. */
static void an_erasure_that_commits_late_is_not_missed(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), nam = new_subject(cx);
    assert_ok(test_write(cx, vault_erase(cx, lan, S("1/QĐ"))));
    assert_ok(vault_tombstones(cx));
    cx->now -= 10 * SECOND_MS;
    assert_ok(test_write(cx, vault_erase(cx, nam, S("2/QĐ"))));
    assert_ok(vault_tombstones(cx));
    assert_int_equal(lines_of(cx), 2);
}

static void a_changed_tombstone_destroys_nothing(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t lan = new_subject(cx), nam = new_subject(cx), erased;
    struct kept before = keep(cx, lan);
    assert_ok(test_write(cx, vault_erase(cx, lan, S("1/QĐ"))));
    assert_ok(vault_tombstones(cx));
    put_back(cx, before);
    FILE *f = fopen(in_data_dir(cx, "tombstones.log"), "r+");
    fseek(f, 2, SEEK_SET);
    fprintf(f, "%lld", (long long)nam); /* the line now names somebody else */
    fclose(f);
    assert_err(test_write(cx, vault_apply_tombstones(cx, NULL, NULL, &erased)), ERR_IO);
    assert_why(cx, "line 1");
    assert_int_equal(rows_of(cx, "vault_subject where erased_at > 0"), 0);
}

/* ---- faults and threads ---- */

static void a_failed_call_leaves_no_half_made_subject(void **t)
{
    struct cx *cx = test_cx(t);
    int64_t subject;
    int calls = 0;
    do {
        assert_int_equal(rows_of(cx, "vault_subject"), 0);
        db_fail_at(cx, ++calls);
    } while (test_write(cx, vault_subject_new(cx, &subject)) != OK);
    db_fail_at(cx, 0);
    assert_true(calls >= 4); /* begin, insert, update, commit can each fail */
    seal_for(cx, subject, S("x"));
}

struct hammer {
    struct cx *cx;
    int64_t subjects[8];
    struct str sealed[8];
    int bad;
};

static enum err open_all(struct cx *cx, void *arg)
{
    struct hammer *h = arg;
    for (int i = 0; i < 400; i++) {
        struct arena_mark here = arena_here(cx->arena);
        struct str plain;
        enum err e = vault_open_sealed(cx, h->subjects[i % 8], ABOUT, h->sealed[i % 8], &plain);
        char expected[16];
        snprintf(expected, sizeof expected, "text %d", i % 8);
        if (e != OK || !str_eq(plain, str_c(expected)))
            h->bad++;
        if (i % 50 == 0)
            cx->env->clock(cx->env);
        arena_back(cx->arena, here);
    }
    return OK;
}

static void *hammer(void *arg)
{
    struct hammer *h = arg;
    IGNORE(lane_call(h->cx->env->lanes, LANE_SLOW, h->cx, open_all, h));
    return NULL;
}

static void many_threads_share_the_cache(void **t)
{
    struct cx *cx = test_cx(t);
    struct hammer h[4] = {{0}};
    for (int i = 0; i < 8; i++) {
        h[0].subjects[i] = new_subject(cx);
        h[0].sealed[i] = seal_for(cx, h[0].subjects[i], str_fmt(cx->arena, "text %d", i));
    }
    testing_advance(cx, 2 * MINUTE_MS);
    pthread_t threads[4];
    testing_let_go(cx);
    for (int i = 0; i < 4; i++) {
        if (i)
            h[i] = h[0];
        h[i].cx = testing_another(cx);
        h[i].bad = 0;
    }
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hammer, &h[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    testing_hold(cx);
    for (int i = 0; i < 4; i++)
        assert_int_equal(h[i].bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_sealed_opens_for_its_subject_and_column_only),
        TEST(the_same_text_sealed_twice_looks_different),
        TEST(an_empty_text_stays_empty),
        TEST(a_wrapped_key_moved_to_another_row_does_not_open),
        TEST(a_key_of_an_undone_transaction_is_never_used_again),
        TEST(a_key_undone_within_a_transaction_is_never_used_again),
        TEST(master_keys_are_readable_by_their_owner_only),
        TEST(a_missing_or_damaged_master_key_is_said_and_never_replaced),
        TEST(a_database_under_other_master_keys_is_refused),
        TEST(values_survive_a_restart),
        TEST(look_ups_depend_on_kind_and_value),
        TEST(names_are_found_by_beginnings_of_words_without_marks),
        TEST(a_name_gives_each_token_once_and_never_more_than_asked),
        TEST(installation_keys_are_made_once_and_found_again),
        TEST(a_signing_key_from_before_keyd_goes_to_it_once),
        TEST(an_erased_subject_says_by_which_order),
        TEST(an_erasure_elsewhere_is_felt_within_a_second),
        TEST(an_erasure_is_felt_by_readers_with_the_next_snapshot),
        TEST(an_erasure_here_is_felt_at_once),
        TEST(a_restored_backup_is_erased_again),
        TEST(a_tombstone_spares_another_subject_with_the_same_id),
        TEST(tombstones_are_written_once_and_a_torn_line_again),
        TEST(an_erasure_that_commits_late_is_not_missed),
        TEST(a_changed_tombstone_destroys_nothing),
        TEST(a_failed_call_leaves_no_half_made_subject),
        TEST(many_threads_share_the_cache),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
