/* onestop_read.c - what pages show of dossiers: found within the scope, opened with a purpose. */
#include "file/file.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "onestop_inside.h"
#include "onestop_lists.h"
#include "org/org.h"

enum err onestop_find(struct cx *cx, int64_t id, struct dossier *out)
{
    return onestop_store_find(cx, id, out);
}

enum err onestop_by_code(struct cx *cx, struct str code_or_request, struct dossier *out)
{
    return onestop_store_by_code(cx, str_trim(code_or_request), out);
}

static int steps_done(const struct dossier *d, const struct procedure *p)
{
    if (d->returned_at)
        return 3 + (int)p->steps_n;
    if (d->released_at)
        return 2 + (int)p->steps_n;
    if (d->state == DOSSIER_PROCESSING || d->state == DOSSIER_SUPPLEMENT ||
        d->state == DOSSIER_PAYMENT || d->state == DOSSIER_STOPPED)
        return 2 + d->step;
    return d->accepted_at ? 2 : 1;
}

enum err onestop_progress(struct cx *cx, struct str code_or_token, struct progress *out)
{
    struct dossier d;
    struct org_unit u;
    const struct procedure *p;
    TRY(onestop_store_by_token(cx, str_trim(code_or_token), &d));
    TRY(org_unit_find(cx, d.unit, &u));
    TRY(onestop_procedure(cx, &d, &p));
    *out = (struct progress){
        .code = d.code.n ? d.code : d.request_code,
        .procedure_name = d.procedure_name,
        .unit_name = u.name,
        .state = d.state,
        .accepted_at = d.accepted_at,
        .due_at = d.due_shown_at,
        .released_at = d.released_at,
        .done = steps_done(&d, p),
        .of = 3 + (int)p->steps_n,
    };
    return OK;
}

/* ---- rows of lists ---- */

/* A page of rows names few units, procedures and people: each is read once. */
struct seen {
    VEC(struct org_unit) units;
    VEC(const struct procedure *) procedures;
    VEC(struct account) people; /* id and name */
    VEC(struct hours {
        int64_t unit;
        struct calendar *c;
    })
    hours;
    int64_t oldest; /* of what waits to be taken in: from where calendars are read */
};

static enum err unit_seen(struct cx *cx, struct seen *s, int64_t id, struct str *short_name)
{
    for (size_t i = 0; i < s->units.n; i++)
        if (s->units.p[i].id == id) {
            *short_name = s->units.p[i].short_name;
            return OK;
        }
    struct org_unit *u = vec_add(cx->arena, &s->units);
    TRY(org_unit_find(cx, id, u));
    *short_name = u->short_name;
    return OK;
}

static enum err procedure_seen(struct cx *cx, struct seen *s, const struct dossier *d,
                               const struct procedure **out)
{
    for (size_t i = 0; i < s->procedures.n; i++) {
        *out = s->procedures.p[i];
        if ((*out)->version_id == d->procedure_version && (*out)->opening_id == d->opening)
            return OK;
    }
    TRY(onestop_procedure(cx, d, out));
    *vec_add(cx->arena, &s->procedures) = *out;
    return OK;
}

static enum err account_seen(struct cx *cx, struct seen *s, int64_t id, struct str *name)
{
    for (size_t i = 0; i < s->people.n; i++)
        if (s->people.p[i].id == id) {
            *name = s->people.p[i].name;
            return OK;
        }
    TRY(account_name(cx, id, name));
    *vec_add(cx->arena, &s->people) = (struct account){.id = id, .name = *name};
    return OK;
}

static enum err fill_row(struct cx *cx, struct seen *s, struct inbox_row *row)
{
    const struct dossier *d = &row->d;
    row->person_name = d->submitter_name;
    row->due = onestop_due_class(d, cx->now);
    row->step_title = str_c(onestop_state(d->state)->title);
    TRY(unit_seen(cx, s, d->unit, &row->unit_name));
    if (d->state == DOSSIER_PROCESSING) {
        const struct procedure *p;
        TRY(procedure_seen(cx, s, d, &p));
        if ((size_t)d->step < p->steps_n)
            row->step_title = p->steps[d->step].title;
    }
    return d->assignee ? account_seen(cx, s, d->assignee, &row->assignee_name) : OK;
}

static enum err hours_seen(struct cx *cx, struct seen *s, int64_t unit, struct calendar **c)
{
    for (size_t i = 0; i < s->hours.n; i++)
        if (s->hours.p[i].unit == unit) {
            *c = s->hours.p[i].c;
            return OK;
        }
    TRY(onestop_answer_calendar(cx, unit, s->oldest, c));
    *vec_add(cx->arena, &s->hours) = (struct hours){unit, *c};
    return OK;
}

static enum err fill_answer(struct cx *cx, struct seen *s, struct inbox_row *row)
{
    struct calendar *c;
    if (row->d.state != DOSSIER_WAITING)
        return OK;
    TRY(hours_seen(cx, s, row->d.receiving_unit, &c));
    return onestop_answer_by(cx, &row->d, c, &row->answer_by);
}

/* Names come last: the reading of rows has ended. */
enum err onestop_fill_rows(struct cx *cx, void **rows, size_t n)
{
    struct seen s = {.oldest = cx->now};
    for (size_t i = 0; i < n; i++) {
        const struct dossier *d = &((const struct inbox_row *)rows[i])->d;
        if (d->state == DOSSIER_WAITING && d->sent_at < s.oldest)
            s.oldest = d->sent_at;
    }
    for (size_t i = 0; i < n; i++) {
        struct inbox_row *row = rows[i];
        TRY(onestop_store_open_names(cx, &row->d));
        TRY(fill_row(cx, &s, row));
        TRY(fill_answer(cx, &s, row));
    }
    return OK;
}

enum err onestop_mine(struct cx *cx, struct inbox_row *out, size_t max, size_t *n)
{
    struct seen s = {0};
    struct dossier *found = NEW_N(cx->arena, struct dossier, max);
    TRY(onestop_store_mine(cx, found, max, n));
    for (size_t i = 0; i < *n; i++) {
        out[i].d = found[i];
        TRY(fill_row(cx, &s, &out[i]));
    }
    return OK;
}

/* ---- what hangs on a dossier ---- */

/* Decision 6: an officer reads a person's data for a purpose, and the person can see that. */
static enum err note_read(struct cx *cx, const struct dossier *d, struct str fields)
{
    const struct actor *a = cx->actor;
    if (a->system || (a->account && a->account == d->account) ||
        (a->person && a->person == d->submitter))
        return OK;
    return journal_note_read(cx, &(struct personal_read){
                                     .data_subject = d->subject_key,
                                     .subject_kind = SUBJECT_KIND,
                                     .subject_code = d->code.n ? d->code : d->request_code,
                                     .subject_id = d->id,
                                     .fields = fields,
                                 });
}

enum err onestop_form_data(struct cx *cx, const struct dossier *d, const struct json **out)
{
    struct str data;
    struct json_error error;
    TRY(note_read(cx, d, S("form_data")));
    TRY(onestop_store_form(cx, d, &data));
    if (json_read(cx->arena, data, out, &error) != OK)
        return fail(cx, ERR_IO, "onestop_form %lld: %s", (long long)d->id, error.what);
    return OK;
}

enum err onestop_papers(struct cx *cx, const struct dossier *d, struct paper *out, size_t max,
                        size_t *n)
{
    struct paper_row rows[PAPERS_MAX];
    TRY(onestop_store_papers(cx, d->id, rows, max < PAPERS_MAX ? max : PAPERS_MAX, n));
    for (size_t i = 0; i < *n; i++) {
        out[i] = (struct paper){
            .id = rows[i].id,
            .component = rows[i].component,
            .name = rows[i].name,
            .state = rows[i].file ? S("da_nop") : S("da_xem"),
            .file = rows[i].file,
            .added_at = rows[i].added_at,
            .originals = rows[i].originals,
            .copies = rows[i].copies,
        };
        if (rows[i].file == 0)
            continue;
        struct stored_file f;
        TRY(file_find(cx, rows[i].file, &f));
        out[i].file_name = f.name;
        out[i].mime = f.mime;
        out[i].size_bytes = f.size_bytes;
        out[i].file_state = f.state;
    }
    return OK;
}

enum err onestop_supplements(struct cx *cx, const struct dossier *d, struct supplement *out,
                             size_t max, size_t *n)
{
    return onestop_store_supplements(cx, d, out, max, n);
}

enum err onestop_result(struct cx *cx, const struct dossier *d, struct result_view *out)
{
    int64_t signer;
    TRY(onestop_store_result(cx, d, out));
    if (out->number.n == 0)
        return OK;
    TRY(onestop_store_result_signer(cx, out->id, &signer));
    return account_name(cx, signer, &out->signer_name);
}

/* ---- the timeline: the journal's own events, newest first ---- */

#define EVENTS_MAX 200
#define EVENTS_FEW 24 /* nearly all have fewer: the others are asked again */

static enum err moment_of(struct cx *cx, const struct event_record *e, struct moment *m)
{
    *m = (struct moment){
        .at = e->at, .title = tr_kept(cx, e->note_public), .machine = e->actor_system};
    if (e->actor_account)
        TRY(account_name(cx, e->actor_account, &m->who));
    if (e->actor_unit) {
        struct org_unit u;
        TRY(org_unit_find(cx, e->actor_unit, &u));
        m->unit = u.short_name;
    }
    return OK;
}

static enum err events_of(struct cx *cx, int64_t dossier, size_t max, struct event_record **out,
                          size_t *n)
{
    *out = NEW_N(cx->arena, struct event_record, max);
    return journal_of(cx, SUBJECT_KIND, dossier, 0, false, *out, max, n);
}

enum err onestop_timeline(struct cx *cx, const struct dossier *d, struct moment *out, size_t max,
                          size_t *n)
{
    struct event_record *events;
    size_t found;
    TRY(events_of(cx, d->id, EVENTS_FEW, &events, &found));
    if (found == EVENTS_FEW)
        TRY(events_of(cx, d->id, EVENTS_MAX, &events, &found));
    *n = 0;
    for (size_t i = found; i > 0 && *n < max; i--)
        if (events[i - 1].note_public.n)
            TRY(moment_of(cx, &events[i - 1], &out[(*n)++]));
    return OK;
}

/* ---- the public check of a result ---- */

enum err onestop_verify(struct cx *cx, struct str verify_code, struct verified *out)
{
    int64_t id, signer;
    struct result_view r;
    struct dossier d;
    struct org_unit u;
    const struct procedure *p;
    TRY(onestop_store_result_by_verify(cx, str_trim(verify_code), &id, &r));
    if (!str_eq(r.state, S("da_ky")))
        return fail(cx, ERR_NOT_FOUND, T("Không có văn bản nào mang mã này."));
    TRY(onestop_store_any(cx, id, &d));
    TRY(org_unit_find(cx, d.competent_unit, &u));
    TRY(onestop_procedure(cx, &d, &p));
    TRY(onestop_store_result_signer(cx, r.id, &signer));
    struct str newer;
    TRY(onestop_store_replaced_by(cx, r.id, &newer));
    *out = (struct verified){
        .verdict = newer.n ? S("thu_hoi") : S("hop_le"),
        .replaced_by = newer,
        .document = r.negative ? S("Thông báo không giải quyết hồ sơ") : p->result_name,
        .number = r.number,
        .unit_name = u.name,
        .sha256_hex = r.sha256_hex,
        .holder_masked = list_masked(cx, d.subject_name),
        .signed_at = r.signed_at,
    };
    return account_name(cx, signer, &out->signer_name);
}
