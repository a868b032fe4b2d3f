/* kinds.c - the registered kinds of job, one after another. */
#include "kinds.h"

#include <stdlib.h>

#include "job/job.h"

/* Weeks after the folder was made: everything is due, and it is another year. */
#define AT (civil_day(2027, 1, 5) * DAY_MS + HOUR_MS)

/* Kinds whose work leaves nothing in the folder, and why. */
static const struct {
    const char *kind, *why;
} unseen[] = {
    {"setup.settings", "reads what another node changed into this process"},
    {"journal.sequence", "on SQLite an event has its place as it is written"},
    {"journal.keys", "nodes of PostgreSQL tell each other which master keys they have"},
};

static bool is_unseen(const struct background *b, const char *kind)
{
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
        if (strcmp(kind, unseen[i].kind) == 0)
            return !b->cluster || strcmp(kind, "journal.sequence") != 0;
    return false;
}

/* ---- the folder ---- */

static bool make_world(struct background *b, char world[112])
{
    struct server *s = &b->server;
    char said[1000];
    const char *base = getenv("TMPDIR");
    if (!server_place(s, base ? base : "/tmp") || !start_mail_server(b) || !start_database(b))
        return false;
    snprintf(world, 112, "%s/world", s->root);
    if (step(b, "--make", said, sizeof said) != 0 || rename(s->data, world) != 0 ||
        !rename_database(b, s->data, world))
        crash_found(&b->findings, "no folder was made: %s", said);
    b->at = AT;
    return b->findings.n == 0 && share_control(b) && load_prepare(&b->load, s);
}

/* Everybody else has done theirs; this kind has something to do. */
static bool make_for(struct background *b, const char *world)
{
    char said[1000];
    snprintf(b->made, sizeof b->made, "%s/made", b->server.root);
    if (!copy_folder_to(b, world, b->server.data))
        return false;
    set_clock(b, b->at);
    if (step(b, "--before", said, sizeof said) != 0)
        crash_found(&b->findings, "%s: the others end with %s", b->job, said);
    gather(b, mails_so_far(b), b->now);
    return b->findings.n == 0 && copy_folder_to(b, b->server.data, b->made);
}

static void see_work(struct background *b)
{
    const struct facts *before = b->now, *after = b->acted;
    const bool same = before->n == after->n && memcmp(before->text, after->text, after->n) == 0 &&
                      strcmp(before->beside, after->beside) == 0;
    if (same && !is_unseen(b, b->job))
        crash_found(&b->findings, "%s changes nothing that is seen: give it work in kinds_world.c",
                    b->job);
}

static void walk_kind(struct background *b, const char *world)
{
    if (!make_for(b, world) || !run_sound(b))
        return;
    see_work(b);
    run_faults(b);
}

static void say(const struct background *b, int64_t met_before)
{
    printf("%-26s %5lld ", b->job, (long long)(b->out->met - met_before));
    for (int k = FAULT_WRITE; k < BACKGROUND_FAULTS; k++)
        if (b->out->of[k].n_largest)
            printf(" %d:%lld", k, (long long)b->out->of[k].n_largest);
    printf("\n");
    fflush(stdout);
}

/* Those that the process named as having had nothing to do. */
static void see_idle(struct background *b, char *said)
{
    for (char *line = strtok_r(said, "\n", &said); line; line = strtok_r(NULL, "\n", &said))
        if (strncmp(line, "idle ", 5) == 0 && !is_unseen(b, line + 5))
            crash_found(&b->findings, "%s has nothing to do: give it work in kinds_world.c",
                        line + 5);
}

/* A letter an hour: only where it is looked for, as some faults take an hour more. */
static void have_witness(bool there)
{
    if (there)
        setenv("TINHSO_WITNESS_MAIL", "nhan-chung@example.vn", 1);
    else
        unsetenv("TINHSO_WITNESS_MAIL");
}

static void see_each(struct background *b, const char *world)
{
    char said[4000];
    b->job = NULL;
    set_clock(b, b->at);
    if (!copy_folder_to(b, world, b->server.data))
        return;
    have_witness(true);
    const int code = step(b, "--each", said, sizeof said);
    have_witness(false);
    if (code != 0)
        crash_found(&b->findings, "each kind alone ended with %d: %s", code, said);
    else
        see_idle(b, said);
}

static bool is_wanted(const struct kinds_asked *asked, const char *kind)
{
    for (const char *const *k = asked->only; k && *k; k++)
        if (strcmp(*k, kind) == 0)
            return true;
    return !asked->only;
}

bool kinds_run(const struct kinds_asked *asked, struct kinds_report *out)
{
    struct background b;
    struct arena *arena = arena_new((size_t)1 << 20);
    const struct job_kind *const *kinds = module_jobs(arena, app_modules);
    char world[112];
    *out = (struct kinds_report){0};
    background_begin(&b, &asked->of, &out->of);
    b.server.goes_on = true; /* what runs beside it is disturbed too */
    const bool began = make_world(&b, world);
    if (began && !(asked->of.postgres && asked->only)) /* a few: seen on SQLite */
        see_each(&b, world);
    for (size_t i = 0; began && kinds[i]; i++) {
        out->registered++;
        if (b.findings.n || !is_wanted(asked, kinds[i]->name))
            continue;
        b.job = kinds[i]->name;
        const int64_t met = b.out->met;
        for (int k = FAULT_WRITE; k < BACKGROUND_FAULTS; k++)
            b.out->of[k].n_largest = 0;
        have_witness(strcmp(b.job, "setup.witness") == 0);
        walk_kind(&b, world);
        have_witness(false);
        if (asked->of.say)
            say(&b, met);
        out->walked += b.findings.n == 0;
    }
    background_end(&b);
    arena_free(arena);
    return began;
}
