/* journal_fixture.h - a journal with keys, and a few events to look at. */
#pragma once
#include "job/job.h"
#include "journal/journal.h"
#include "testing/testing.h"
#include "vault/vault.h"

#include <time.h>

static inline enum err fixture_open(struct cx *cx)
{
    TRY(testing_keyd(cx));
    TRY(vault_open(cx, true, &cx->env->vault));
    return journal_start(cx);
}

static inline void fixture_close(struct cx *cx)
{
    vault_close(cx->env->vault);
    cx->env->vault = NULL;
}

[[maybe_unused]] static int start(void **t)
{
    static const char *const roots[] = {"core/kept", "core/vault",      "core/job",
                                        "core/web",  "modules/journal", NULL};
    return testing_start(
        t, &(struct testing_config){.roots = roots, .start = fixture_open, .stop = fixture_close});
}

/* SQLite sequences before each commit, PostgreSQL in a standing job. There the horizon is that of
 * the whole cluster, and other tests write in it too: their transactions are waited for. */
static inline void sequence(struct cx *cx)
{
    if (!db_is_postgres(cx))
        return;
    for (int i = 0; i < 10'000; i++) {
        assert_ok(test_write(cx, journal_sequence(cx)));
        if (rows_of(cx, "journal_event e where not exists"
                        " (select 1 from journal_position p where p.event_id = e.id)") == 0)
            return;
        nanosleep(&(struct timespec){.tv_nsec = 1'000'000}, NULL);
    }
    fail_msg("the horizon stands still");
}

static inline int64_t new_subject(struct cx *cx)
{
    int64_t subject = 0;
    assert_ok(test_write(cx, vault_subject_new(cx, &subject)));
    return subject;
}

#define PAYLOAD "{\"name\":\"Nguyễn Thị Lan\"}"

static inline struct event received(int64_t dossier, int64_t subject)
{
    return (struct event){
        .kind = S("test.dossier.received"),
        .subject_kind = S("test.dossier"),
        .subject_id = dossier,
        .subject_code = S("H37.21-261123-0001"),
        .unit = 7,
        .to_state = S("received"),
        .payload_subject = subject,
        .payload = subject ? S(PAYLOAD) : S("{\"fee\":0}"),
        .note_public = S("Đã nhận hồ sơ."),
    };
}

static inline void write_event(struct cx *cx, const struct event *e)
{
    assert_ok(test_write(cx, journal_write(cx, e)));
    sequence(cx);
}

/* Events 1 and 3 about the subject, 2 without payload, 4 with an open one ... in fours. */
static inline void write_many(struct cx *cx, int64_t subject, int n)
{
    for (int i = 1; i <= n; i++) {
        struct event e = received(i, i % 2 ? subject : 0);
        if (i % 4 == 2)
            e.payload = S("");
        write_event(cx, &e);
        testing_advance(cx, SECOND_MS);
    }
}

static inline struct journal_report verify_with(struct cx *cx, struct str head_file)
{
    struct journal_report r;
    assert_ok(journal_verify(cx, &(struct journal_check){.head_file = head_file}, &r));
    return r;
}

static inline struct journal_report verify(struct cx *cx)
{
    return verify_with(cx, S(""));
}

static inline void assert_sound(struct cx *cx)
{
    struct journal_report r = verify(cx);
    if (!r.sound)
        fail_msg("not sound: %.*s", F(r.what));
}

static inline void sign(struct cx *cx)
{
    assert_ok(test_write(cx, journal_sign_head(cx)));
    assert_ok(journal_witness(cx));
}
