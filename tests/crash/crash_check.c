/* crash_check.c - what was acknowledged, against what is there. */
#include "place.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORDS_AGAIN 20
#define PLACED_WITHIN_MS 60000
#define UNPLACED                                                                                   \
    "select count(*) from journal_event e where not exists (select 1 from journal_position p where p.event_id = e.id)"

/* Rows that should not be: each of these counts them. */
static const struct {
    const char *what, *sql;
} strays[] = {
    {"dossiers whose acceptance is not in the journal",
     "select count(*) from onestop_dossier d where d.code is not null and not exists (select 1 from journal_event e"
     " where e.kind = 'onestop.dossier.accepted' and e.subject_id = d.id)"},
    {"acceptances in the journal without a dossier",
     "select count(*) from journal_event e where e.kind = 'onestop.dossier.accepted' and not exists"
     " (select 1 from onestop_dossier d where d.id = e.subject_id and d.code = e.subject_code)"},
    {"dossiers accepted twice",
     "select count(*) from (select subject_id from journal_event where kind = 'onestop.dossier.accepted'"
     " group by subject_id having count(*) > 1) twice"},
    {"dossiers without their form",
     "select count(*) from onestop_dossier d where not exists (select 1 from onestop_form f where f.dossier = d.id)"},
    {"papers without their file",
     "select count(*) from onestop_paper p where p.file is not null and not exists"
     " (select 1 from file_stored f where f.id = p.file)"},
    {"signed results without their file",
     "select count(*) from onestop_result r where r.state = 'da_ky' and not exists"
     " (select 1 from file_stored f where f.id = r.file)"},
    {"numbers given to two results",
     "select count(*) from (select result from onestop_number where state <> 'huy' group by result having count(*) > 1) twice"},
    {"events without a place in the log", UNPLACED},
    {"forms claimed and not answered", "select count(*) from web_answer where status = 0"},
    /* A job that three kills in a row met is put aside on purpose; an operator starts it again. */
    {"dead letters", "select count(*) from job where state = 3 and deaths < 3"},
    {"approvals that nobody will sign",
     "select count(*) from onestop_result r where r.state = 'da_duyet' and not exists"
     " (select 1 from job j where j.kind = 'onestop.sign' and j.job_key like cast(r.id as text) || '.%')"},
};

/* ---- the database, read beside the server ---- */

/* On PostgreSQL a job gives events their places, a moment later. */
static void wait_for_places(struct place *p)
{
    const int64_t end = crash_now_ms() + PLACED_WITHIN_MS;
    while (place_number(p, UNPLACED) > 0 && crash_now_ms() < end)
        crash_sleep_us(20'000);
}

static bool open_database(struct load *l, struct place *p)
{
    const struct server *s = l->server;
    char path[128];
    snprintf(path, sizeof path, "%s/core.db", s->data);
    *p = (struct place){.findings = l->findings, .reads = true};
    if (!place_open(p, s->database[0] ? s->database : path, s->database[0]))
        return false;
    if (p->pg)
        wait_for_places(p);
    return place_run(p, p->pg ? "begin isolation level repeatable read read only" : "begin");
}

/* PostgreSQL holds its keys itself. */
static void check_whole(struct load *l, struct place *p)
{
    struct texts said, broken;
    if (p->pg)
        return;
    if (place_texts(p, "pragma integrity_check", &said) &&
        (said.n != 1 || !str_eq(said.p[0], S("ok"))))
        crash_found(l->findings, "the database is damaged: %.*s",
                    F(said.n ? said.p[0] : S("no answer")));
    if (place_texts(p, "select \"table\" from pragma_foreign_key_check", &broken) && broken.n)
        crash_found(l->findings, "rows of %.*s point into nothing", F(broken.p[0]));
}

static void check_strays(struct load *l, struct place *p, struct checked *out)
{
    for (size_t i = 0; i < sizeof strays / sizeof *strays; i++) {
        const int64_t n = place_number(p, strays[i].sql);
        if (n <= 0) /* -1 is found already */
            continue;
        out->strays += n;
        crash_found(l->findings, "%lld %s", (long long)n, strays[i].what);
    }
}

/* ---- blobs ---- */

static void look_for_blob(struct load *l, struct str blob, int64_t size)
{
    char path[256];
    struct stat at;
    snprintf(path, sizeof path, "%s/files/%.2s/%.*s", l->server->data, blob.p,
             F(str_from(blob, 2)));
    if (stat(path, &at) != 0 || at.st_size < size)
        crash_found(l->findings, "file %s of a row is not there whole", path);
}

static void check_files(struct load *l, struct place *p, struct checked *out)
{
    struct texts all;
    if (!place_texts(p, "select blob, size_bytes from file_stored where state <> 4", &all))
        return;
    for (size_t i = 0; i < all.n; i++) {
        struct str blob, size;
        int64_t n = INT64_MAX;
        if (str_cut(all.p[i], ' ', &blob, &size))
            (void)str_int(size, &n);
        look_for_blob(l, blob, n);
        out->files++;
    }
}

/* ---- events ---- */

struct seen {
    struct arena *arena;
    struct map times; /* "kind code" to how often */
    int64_t n;
};

static struct str key_of(struct arena *a, const char *kind, struct str code)
{
    return str_fmt(a, "%s %.*s", kind, F(code));
}

static void see_events(struct place *p, struct seen *s)
{
    struct texts all;
    if (!place_texts(p, "select kind, coalesce(subject_code, '') from journal_event", &all))
        return;
    for (size_t i = 0; i < all.n; i++) {
        uintptr_t times = (uintptr_t)map_get(&s->times, all.p[i]);
        map_put(s->arena, &s->times, all.p[i], (void *)(times + 1));
    }
    s->n = (int64_t)all.n;
}

static void check_acks(struct load *l, const struct seen *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pthread_mutex_lock(&l->lock);
        struct ack a = l->acks.p[i];
        pthread_mutex_unlock(&l->lock);
        if (!a.kind)
            continue;
        uintptr_t times = (uintptr_t)map_get(&s->times, key_of(s->arena, a.kind, a.code));
        if (times != 1)
            crash_found(l->findings, "acknowledged: %s of %.*s; in the journal %d times", a.kind,
                        F(a.code), (int)times);
    }
}

/* ---- all of it ---- */

static void check_journal(struct load *l)
{
    char said[2000], head[128];
    snprintf(head, sizeof head, "%s/witness/heads.log", l->server->data);
    bool witness = access(head, R_OK) == 0;
    int code = server_run(l->server,
                          (const char *const[]){"verify", "--data", l->server->data,
                                                witness ? "--head" : NULL, head, NULL},
                          said, sizeof said);
    if (code != 0)
        crash_found(l->findings, "verify says %d: %s", code, said);
}

void check_all(struct load *l, struct checked *out)
{
    struct seen s = {.arena = arena_new((size_t)1 << 30)};
    pthread_mutex_lock(&l->lock);
    size_t n = l->acks.n; /* what is acknowledged later may come later */
    pthread_mutex_unlock(&l->lock);
    struct place p;
    if (open_database(l, &p)) {
        check_whole(l, &p);
        see_events(&p, &s);
        check_strays(l, &p, out);
        check_files(l, &p, out);
        out->dossiers = place_number(&p, "select count(*) from onestop_dossier");
        check_acks(l, &s, n);
    }
    place_close(&p);
    out->events = s.n;
    arena_free(s.arena);
    check_journal(l);
}

/* ---- at the end ---- */

/* Faults have it sent often, and so has a run of an hour; thirty a minute is what is taken. */
static bool is_of_password(const struct ack *a)
{
    return str_starts(a->target, S("/xac-nhan-lai"));
}

static void send_again(struct load *l, struct client *c, const struct ack *a)
{
    if (is_of_password(a) && (l->state || ++l->passwords > PASSWORDS_AGAIN))
        return;
    struct session s = *a->session;
    struct browser *b = client_browser(c, &s);
    int status = browser_send(b, a->target, a->type, a->body);
    struct str location = browser_page(b)->reply.location;
    if (status != 303 || !str_eq(location, a->location))
        crash_found(l->findings, "sent again, %.*s answered %d %.*s instead of %.*s", F(a->target),
                    status, F(location), F(a->location));
}

static void fetch_paper(struct load *l, struct client *c, const struct ack *a)
{
    struct session s = *a->session;
    struct browser *b = client_browser(c, &s);
    int status = client_open(c, b, a->paper);
    struct hash h = sha256(browser_page(b)->body);
    if (status != 200 || memcmp(&h, &a->digest, sizeof h) != 0)
        crash_found(l->findings, "the paper %.*s came back otherwise (%d, %zu bytes)", F(a->paper),
                    status, browser_page(b)->body.n);
}

void check_again(struct load *l, struct crash_report *out)
{
    struct client *c = &l->clients[0];
    for (size_t i = 0; i < l->acks.n; i++) {
        const struct ack *a = &l->acks.p[i];
        struct arena_mark here = arena_here(c->cx.arena);
        if (a->paper.n) {
            fetch_paper(l, c, a);
            out->papers++;
        } else {
            send_again(l, c, a);
            out->replayed++;
        }
        arena_back(c->cx.arena, here);
    }
}
