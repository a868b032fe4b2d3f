/* statistic_fixture.h - the demo's units, and dossiers put into any state with their event. */
#pragma once
#include "calendar/calendar.h"
#include "form/form.h"
#include "identity/identity.h"
#include "job/job.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "onestop/onestop.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "statistic/statistic.h"
#include "testing/browser.h"
#include "testing/world.h"
#include "work/work.h"

#include <time.h>

#define DAY (24 * HOUR_MS)
#define BIRTH S("1.001193")
#define KY_LUA S("H37.114")
#define TAM_THANH S("H37.115")
#define PROVINCE S("H37")

static const struct module *const world_modules[] = {
    &journal_module,   &org_module,  &calendar_module,
    &identity_module,  &form_module, &procedure_module,
    &notify_module,    &work_module, &onestop_module,
    &statistic_module, NULL};
static const char *const world_packs[] = {"quoc-gia", "roles", "lang-son", NULL};
static const struct testing_world world = {
    .modules = world_modules, .packs = world_packs, .demo = true, .frame = look_frame};

static inline enum err open_world(struct cx *cx)
{
    cx->env->base_url = S("http://localhost:8080");
    cx->env->demo = true;
    return testing_open_world(cx, &world);
}

static inline int start(void **t)
{
    return testing_start(t, &(struct testing_config){.roots = testing_roots(world_modules),
                                                     .start = open_world,
                                                     .stop = testing_close_world});
}

static inline struct org_unit unit_named(struct cx *cx, struct str code)
{
    struct org_unit u;
    assert_ok(org_unit_by_code(cx, code, day_of(cx->now), &u));
    return u;
}

/* 10:00 local of this day of 2026. */
static inline int64_t on(int month, int day)
{
    return civil_ms(&(struct civil){.year = 2026, .month = month, .day = day, .hour = 10});
}

static inline struct browser *sign_in(struct cx *cx, const char *login)
{
    return testing_person(cx, login, IDENTITY_DEMO_PASSWORD);
}

struct put {
    struct str unit;
    enum dossier_state state;
    enum channel channel;
    int64_t accepted_at, due_at, released_at, returned_at;
    int64_t given_up_at; /* 0: now, if it is given up */
};

static inline int64_t given_up_at(const struct cx *cx, const struct put *p)
{
    if (!onestop_given_up(p->state))
        return 0;
    return p->given_up_at ? p->given_up_at : cx->now;
}

static inline enum err put_row(struct cx *cx, const struct put *p, struct str code, int64_t *id)
{
    const struct procedure *birth;
    struct org_unit u = unit_named(cx, p->unit);
    int64_t form;
    TRY(procedure_find(cx, BIRTH, &birth));
    TRY(db_one_int(cx, &form, "select min(id) from form_version"));
    return db_insert(
        cx, id,
        "insert into onestop_dossier (version, request_code, track_token, procedure_version, opening,"
        " form_version, procedure_code, procedure_name, state, channel, submitter, subject, acts,"
        " acts_words, subject_key, owner_key, submitter_name, subject_name, unit, unit_path,"
        " area_path, receiving_path, competent_path, helping_unit, receiving_unit, competent_unit,"
        " returning_unit, sent_at, accepted_at, clock_from, due_at, due_shown_at, original_due_at,"
        " released_at, returned_at, step, delivery, fee_dong, apologised_at, given_up_at)"
        " values (1, $1, $1, $2, $3, $4, $5, $6, $7, $8, 1, 1, 1, '', 1, 1, $9, $9, $10, $11, $12,"
        " $11, $11, $10, $10, $10, $10, $13, $13, $13, $14, $14, $14, $15, $16, 0, 'quay', 0, 0,"
        " $17)"
        " returning id",
        V(code), V(birth->version_id), V(birth->opening_id), V(form), V(BIRTH), V(birth->name),
        V(p->state), V(p->channel), VB(S("")), V(u.id), V(u.path), V(u.area_path),
        V(p->accepted_at), V(p->due_at), V(p->released_at), V(p->returned_at),
        V(given_up_at(cx, p)));
}

static inline enum err tell(struct cx *cx, int64_t id, enum dossier_state from,
                            enum dossier_state to)
{
    return journal_write(cx, &(struct event){
                                 .kind = S("onestop.dossier.moved"),
                                 .subject_kind = S("onestop.dossier"),
                                 .subject_id = id,
                                 .from_state = str_c(onestop_state(from)->name),
                                 .to_state = str_c(onestop_state(to)->name),
                             });
}

static inline enum err put_and_tell(struct cx *cx, const struct put *p, struct str code,
                                    int64_t *id)
{
    TRY(put_row(cx, p, code, id));
    return tell(cx, *id, DOSSIER_WAITING, p->state);
}

/* A dossier that stands so, and its event; gives its id. */
static inline int64_t put(struct cx *cx, const struct put *p)
{
    int64_t id = 0;
    struct str code = str_fmt(cx->arena, "YC-%.*s", F(random_code(cx, 12)));
    assert_ok(test_write(cx, put_and_tell(cx, p, code, &id)));
    return id;
}

static inline enum err move_and_tell(struct cx *cx, int64_t id, enum dossier_state from,
                                     const struct put *p)
{
    TRY(db_exec(cx,
                "update onestop_dossier set state = $1, accepted_at = $2, due_at = $3,"
                " released_at = $4, returned_at = $5, given_up_at = $6 where id = $7",
                V(p->state), V(p->accepted_at), V(p->due_at), V(p->released_at), V(p->returned_at),
                V(given_up_at(cx, p)), V(id)));
    return tell(cx, id, from, p->state);
}

static inline void move(struct cx *cx, int64_t id, enum dossier_state from, const struct put *p)
{
    assert_ok(test_write(cx, move_and_tell(cx, id, from, p)));
}

/* On PostgreSQL the log waits for every older transaction of the cluster, those of other tests too:
 * they are waited for. */
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

/* Everything that waits is counted. */
static inline void count_all(struct cx *cx)
{
    int ran;
    sequence(cx);
    assert_ok(jobs_run_due(cx, &ran));
}

static inline void assert_sound(struct cx *cx)
{
    struct str finding;
    assert_ok(test_write(cx, statistic_check(cx, &finding)));
    assert_str(finding, "");
}
