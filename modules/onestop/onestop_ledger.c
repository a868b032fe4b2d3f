/* onestop_ledger.c - the papers of a counter's books: form 06 (who handed a dossier to whom), form
 * 07 (the register of a year), the closing of a day. */
#include "onestop_ledger.h"

#include "identity/identity.h"
#include "journal/journal.h"
#include "org/org.h"

#define DATA_MAX ((size_t)4 << 20)
#define EVENTS_MAX 200
#define LINES_A_PAPER 500

/* ---- names of units and officers, each asked for once ---- */

struct named {
    int64_t id;
    struct str name;
};
struct names {
    VEC(struct named) units, people;
};

static enum err unit_name(struct cx *cx, struct names *s, int64_t id, struct str *name)
{
    struct org_unit u;
    for (size_t i = 0; i < s->units.n; i++)
        if (s->units.p[i].id == id) {
            *name = s->units.p[i].name;
            return OK;
        }
    TRY(org_unit_find(cx, id, &u));
    *name = u.name;
    *vec_add(cx->arena, &s->units) = (struct named){id, u.name};
    return OK;
}

static enum err officer_name(struct cx *cx, struct names *s, int64_t account, struct str *name)
{
    *name = S("");
    if (account == 0)
        return OK;
    for (size_t i = 0; i < s->people.n; i++)
        if (s->people.p[i].id == account) {
            *name = s->people.p[i].name;
            return OK;
        }
    TRY(account_name(cx, account, name));
    *vec_add(cx->arena, &s->people) = (struct named){account, *name};
    return OK;
}

/* ---- form 06 ---- */

struct passing {
    int64_t at;
    int place; /* of those in one instant: taken in and handed over at once */
    struct str from, to, from_person, to_person, note, kind;
};

static int by_time(const void *a, const void *b)
{
    const struct passing *x = a, *y = b;
    return x->at != y->at ? x->at < y->at ? -1 : 1 : x->place - y->place;
}

/* Before, on or after the appointed day; what is not the end is within the term or past it. */
static struct str timeliness(const struct dossier *d, const struct passing *p)
{
    if (d->due_at == 0)
        return S("");
    if (p->at > d->due_at)
        return S("Quá hạn");
    if (!str_eq(p->kind, S("onestop.dossier.returned")))
        return S("Trong hạn");
    return day_of(p->at) < day_of(d->due_at) ? S("Trước hạn") : S("Đúng hạn");
}

/* What passes from hand to hand without leaving the unit, and the two ends at the counter. */
static enum err event_passing(struct cx *cx, struct names *s, const struct dossier *d,
                              const struct event_record *e, struct passing *p, bool *is)
{
    static const char *const kinds[] = {"onestop.dossier.accepted",
                                        "onestop.result.submitted",
                                        "onestop.result.rejection_submitted",
                                        "onestop.result.sent_back",
                                        "onestop.result.approved",
                                        "onestop.dossier.returned"};
    struct str unit, person;
    *is = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        *is = *is || str_eq(e->kind, str_c(kinds[i]));
    if (!*is)
        return OK;
    TRY(unit_name(cx, s, e->actor_unit ? e->actor_unit : d->returning_unit, &unit));
    TRY(officer_name(cx, s, e->actor_account, &person));
    *p = (struct passing){.at = e->at,
                          .place = EVENTS_MAX,
                          .from = unit,
                          .to = unit,
                          .from_person = person,
                          .to_person = S(""),
                          .note = tr_plain(cx->arena, e->note_public),
                          .kind = e->kind};
    if (str_eq(e->kind, S("onestop.dossier.accepted"))) {
        p->place = 0;
        p->from = S("Người nộp");
        p->from_person = d->submitter_name;
        p->to_person = person;
    } else if (str_eq(e->kind, S("onestop.dossier.returned"))) {
        p->place = 4 * EVENTS_MAX;
        p->to = S("Người nhận kết quả");
    }
    return OK;
}

static enum err passings(struct cx *cx, const struct dossier *d, struct passing *out, size_t *n)
{
    struct names s = {0};
    struct event_record *events = NEW_N(cx->arena, struct event_record, EVENTS_MAX);
    struct handover_row *moves = NEW_N(cx->arena, struct handover_row, EVENTS_MAX);
    size_t events_n, moves_n;
    bool is;
    *n = 0;
    TRY(journal_of(cx, SUBJECT_KIND, d->id, 0, false, events, EVENTS_MAX, &events_n));
    TRY(onestop_store_handovers(cx, d->id, moves, EVENTS_MAX, &moves_n));
    for (size_t i = 0; i < events_n; i++) {
        TRY(event_passing(cx, &s, d, &events[i], &out[*n], &is));
        out[*n].place += (int)i;
        *n += is;
    }
    for (size_t i = 0; i < moves_n; i++) {
        struct passing *p = &out[(*n)++];
        bool out_of_counter = moves[i].from_unit == d->receiving_unit;
        *p = (struct passing){.at = moves[i].at,
                              .place = (out_of_counter ? 1 : 3 * EVENTS_MAX) + (int)i,
                              .note = S("Chuyển hồ sơ"),
                              .to_person = S("")};
        TRY(unit_name(cx, &s, moves[i].from_unit, &p->from));
        TRY(unit_name(cx, &s, moves[i].to_unit, &p->to));
        TRY(officer_name(cx, &s, moves[i].by_account, &p->from_person));
    }
    if (*n)
        qsort(out, *n, sizeof *out, by_time);
    return OK;
}

enum err onestop_put_form_06(struct cx *cx, struct json_out *o, const struct dossier *d)
{
    struct passing *p = NEW_N(cx->arena, struct passing, 2 * EVENTS_MAX);
    size_t n;
    if (d->accepted_at == 0)
        return fail(cx, ERR_NOT_FOUND, T("Hồ sơ chưa được tiếp nhận, chưa có phiếu kiểm soát."));
    TRY(passings(cx, d, p, &n));
    json_key(o, S("chuyen"));
    json_open_array(o);
    for (size_t i = 0; i < n; i++) {
        json_open_object(o);
        json_num(o, S("stt"), (int64_t)i + 1);
        json_str(o, S("giao"), p[i].from);
        json_str(o, S("nhan"), p[i].to);
        json_str(o, S("nguoi_giao"), p[i].from_person);
        json_str(o, S("nguoi_nhan"), p[i].to_person);
        json_str(o, S("luc"), time_vi(cx->arena, p[i].at));
        json_str(o, S("ket_qua"), timeliness(d, &p[i]));
        json_str(o, S("ghi_chu"), p[i].note);
        json_close_object(o);
    }
    json_close_array(o);
    return OK;
}

/* ---- form 07 ---- */

static struct str moment(struct cx *cx, int64_t at)
{
    return at ? time_vi(cx->arena, at) : S("");
}

static struct str way_words(const struct dossier *d)
{
    return str_eq(d->delivery, S("dien_tu")) ? S("Điện tử") : S("Tại quầy");
}

/* One line; the address and telephone are read for it, and that is noted. */
static enum err put_line(struct cx *cx, struct json_out *o, struct names *s,
                         const struct ledger_row *l)
{
    const struct dossier *d = &l->r.d;
    struct person who;
    struct str unit;
    TRY(person_find(cx, d->submitter, &who));
    TRY(unit_name(cx, s, d->competent_unit, &unit));
    json_open_object(o);
    json_num(o, S("so"), l->n);
    json_str(o, S("ma"), d->code);
    json_str(o, S("thu_tuc"), d->procedure_name);
    json_num(o, S("so_bo"), 1);
    json_str(o, S("nguoi_nop"), d->submitter_name);
    json_str(o, S("dia_chi"), who.address);
    json_str(o, S("dien_thoai"), who.phone);
    json_str(o, S("noi_giai_quyet"), unit);
    json_str(o, S("nhan"), moment(cx, d->accepted_at));
    json_str(o, S("hen"), moment(cx, d->due_shown_at));
    json_str(o, S("tra"), moment(cx, d->returned_at));
    json_str(o, S("cach"), way_words(d));
    json_str(o, S("ghi_chu"), str_c(onestop_state(d->state)->title));
    json_close_object(o);
    return OK;
}

enum err onestop_ledger_pdf(struct cx *cx, int64_t unit, int year, int64_t from, struct str *pdf)
{
    struct ledger_row *lines = NEW_N(cx->arena, struct ledger_row, LINES_A_PAPER);
    struct buf b = {.arena = cx->arena, .limit = DATA_MAX};
    struct json_out o = {.to = &b};
    struct names s = {0};
    size_t n;
    TRY(onestop_store_ledger_lines(cx, unit, year, from, lines, LINES_A_PAPER, &n));
    json_open_object(&o);
    TRY(onestop_put_unit(cx, &o, unit));
    json_num(&o, S("nam"), year);
    json_num(&o, S("tu_so"), n ? lines[0].n : from);
    json_num(&o, S("den_so"), n ? lines[n - 1].n : from);
    json_str(&o, S("in_luc"), time_long_vi(cx->arena, cx->now));
    json_key(&o, S("dong"));
    json_open_array(&o);
    for (size_t i = 0; i < n; i++)
        TRY(put_line(cx, &o, &s, &lines[i]));
    json_close_array(&o);
    json_close_object(&o);
    return onestop_print(cx, S("mau-07"), buf_str(&b), pdf);
}

/* ---- a day ---- */

enum err onestop_day_book(struct cx *cx, int64_t unit, int64_t day, struct day_book *out)
{
    struct span s;
    TRY(onestop_day_span(cx, unit, day, &s));
    *out = (struct day_book){
        .day = day,
        .from = s.from,
        .accepted = NEW_N(cx->arena, struct ledger_row, DAY_ROWS),
        .receipts = NEW_N(cx->arena, struct day_receipt, DAY_ROWS),
        .handovers = NEW_N(cx->arena, struct handover_row, DAY_ROWS),
        .returned = NEW_N(cx->arena, struct dossier, DAY_ROWS),
    };
    TRY(onestop_store_day_counts(cx, &s, &out->counts));
    TRY(onestop_store_day_accepted(cx, &s, out->accepted, DAY_ROWS, &out->accepted_n));
    TRY(onestop_store_day_receipts(cx, &s, out->receipts, DAY_ROWS, &out->receipts_n));
    TRY(onestop_store_day_handovers(cx, &s, out->handovers, DAY_ROWS, &out->handovers_n));
    TRY(onestop_store_day_returned(cx, &s, out->returned, DAY_ROWS, &out->returned_n));
    TRY(onestop_store_day_closings(cx, unit, day, out->closings, DAY_CLOSINGS, &out->closings_n));
    out->closed = out->closings_n > 0 && out->closings[0].reopened_at == 0;
    return OK;
}

static void put_counts(struct cx *cx, struct json_out *o, const struct day_counts *c)
{
    json_num(o, S("tiep_nhan"), c->accepted);
    json_num(o, S("truc_tuyen"), c->online);
    json_num(o, S("tai_quay"), c->accepted - c->online);
    json_num(o, S("tu_choi"), c->refused);
    json_num(o, S("bo_sung"), c->asked);
    json_num(o, S("chuyen"), c->handed_over);
    json_num(o, S("da_tra"), c->returned);
    json_num(o, S("tra_dien_tu"), c->returned_digital);
    json_num(o, S("bien_lai"), c->receipts);
    json_str(o, S("tong_tien"), look_money(cx, c->dong));
}

static enum err put_day_rows(struct cx *cx, struct json_out *o, const struct day_book *b)
{
    struct names s = {0};
    struct str name;
    json_key(o, S("ho_so"));
    json_open_array(o);
    for (size_t i = 0; i < b->accepted_n; i++) {
        const struct dossier *d = &b->accepted[i].r.d;
        json_open_object(o);
        json_num(o, S("so"), b->accepted[i].n);
        json_str(o, S("ma"), d->code);
        json_str(o, S("nguoi_nop"), d->submitter_name);
        json_str(o, S("thu_tuc"), d->procedure_name);
        json_str(o, S("hen"), moment(cx, d->due_shown_at));
        json_close_object(o);
    }
    json_close_array(o);
    json_key(o, S("thu_tien"));
    json_open_array(o);
    for (size_t i = 0; i < b->receipts_n; i++) {
        TRY(officer_name(cx, &s, b->receipts[i].taken_by, &name));
        json_open_object(o);
        json_str(o, S("so"),
                 str_fmt(cx->arena, "%lld/%lld", (long long)b->receipts[i].n,
                         (long long)b->receipts[i].year));
        json_str(o, S("ma"), b->receipts[i].code);
        json_str(o, S("nguoi_thu"), name);
        json_str(o, S("luc"), time_vi(cx->arena, b->receipts[i].at));
        json_str(o, S("so_tien"), look_money(cx, b->receipts[i].amount));
        json_close_object(o);
    }
    json_close_array(o);
    json_key(o, S("ban_giao"));
    json_open_array(o);
    for (size_t i = 0; i < b->handovers_n; i++) {
        TRY(unit_name(cx, &s, b->handovers[i].to_unit, &name));
        json_open_object(o);
        json_str(o, S("ma"), b->handovers[i].code);
        json_str(o, S("noi_nhan"), name);
        json_str(o, S("luc"), time_vi(cx->arena, b->handovers[i].at));
        json_close_object(o);
    }
    json_close_array(o);
    json_key(o, S("tra_ket_qua"));
    json_open_array(o);
    for (size_t i = 0; i < b->returned_n; i++) {
        json_open_object(o);
        json_str(o, S("ma"), b->returned[i].code);
        json_str(o, S("nguoi_nop"), b->returned[i].submitter_name);
        json_str(o, S("cach"), way_words(&b->returned[i]));
        json_str(o, S("luc"), time_vi(cx->arena, b->returned[i].returned_at));
        json_close_object(o);
    }
    json_close_array(o);
    return OK;
}

enum err onestop_day_pdf(struct cx *cx, const struct day_book *b, int64_t unit, struct str *pdf)
{
    struct buf text = {.arena = cx->arena, .limit = DATA_MAX};
    struct json_out o = {.to = &text};
    json_open_object(&o);
    TRY(onestop_put_unit(cx, &o, unit));
    json_str(&o, S("ngay_so"), date_vi(cx->arena, b->day));
    json_str(&o, S("in_luc"), time_long_vi(cx->arena, cx->now));
    json_str(&o, S("nguoi_lap"), cx->actor->name);
    json_str(&o, S("khoa_luc"),
             b->closed ? time_long_vi(cx->arena, b->closings[0].closed_at) : S(""));
    put_counts(cx, &o, &b->counts);
    TRY(put_day_rows(cx, &o, b));
    json_close_object(&o);
    return onestop_print(cx, S("so-cuoi-ngay"), buf_str(&text), pdf);
}
