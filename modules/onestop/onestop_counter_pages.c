/* onestop_counter_pages.c - the counter takes in a walk-in on one screen, by keyboard.
 *
 * The person's number never stands in an address: it is typed or scanned into the form and goes by
 * POST. The procedure is chosen by a link before; what the card says need not be typed. */
#include "onestop_counter.h"
#include "onestop_lists.h"
#include "org/org.h"

#define OFTEN_MAX 8
#define SEARCHED_MAX 30
#define PAPERS_TICKED_MAX 256 /* one procedure has 224 components */

/* What this counter takes in: the usual ones, or what was searched for. */
static enum err procedures_here(struct cx *cx, struct web_req *rq, struct procedure_hit *out,
                                size_t *n)
{
    struct org_unit here;
    struct procedure_hit hits[SEARCHED_MAX];
    size_t found, total;
    struct str words = str_trim(web_query(rq, "tim"));
    TRY(org_unit_find(cx, cx->actor->unit, &here));
    if (words.n == 0)
        return procedure_at_counter(cx, here.kind, out, OFTEN_MAX, n);
    TRY(procedure_search(cx, words, hits, SEARCHED_MAX, &found, &total));
    if (total == 0)
        TRY(procedure_search_near(cx, words, hits, SEARCHED_MAX, &found));
    *n = 0;
    for (size_t i = 0; i < found && *n < OFTEN_MAX; i++)
        if (hits[i].open && str_eq(hits[i].intake_kind, here.kind))
            out[(*n)++] = hits[i];
    if (*n)
        return OK;
    web_error_add(
        cx, rq, S("tim"),
        tr(cx, S(T("Không có thủ tục nào như vậy được tiếp nhận ở đây. Tìm bằng từ khác."))));
    return procedure_at_counter(cx, here.kind, out, OFTEN_MAX, n);
}

/* The first opened one stands ready: most counters take in the same few. */
static enum err load_procedure(struct cx *cx, struct web_req *rq, struct walk_in *w,
                               struct procedure_hit *often, size_t *often_n)
{
    struct str code = web_query(rq, "thu-tuc");
    TRY(procedures_here(cx, rq, often, often_n));
    if (code.n == 0 && *often_n)
        code = often[0].code;
    if (code.n == 0)
        return fail(cx, ERR_NOT_FOUND,
                    T("Chưa có thủ tục nào được mở. Báo người quản trị nạp gói thủ tục."));
    TRY(procedure_find(cx, code, &w->p));
    if (!w->p->open)
        return fail(cx, ERR_NOT_FOUND, T("Thủ tục này chưa mở tiếp nhận. Chọn thủ tục khác."));
    TRY(form_find(cx, w->p->form_code, &w->f));
    w->f = form_for_officer(cx, w->f);
    return OK;
}

/* ---- drawing ---- */

/* The form without what the person panel already gives. */
static void set_parts(struct cx *cx, struct web_req *rq, const struct walk_in *w,
                      struct onestop_counter_view *v)
{
    size_t n;
    struct form_values typed = {.v = web_form_values(rq, &n)};
    struct onestop_counter_part *parts =
        NEW_N(cx->arena, struct onestop_counter_part, w->f->sections_n);
    typed.n = n;
    for (size_t s = 0; s < w->f->sections_n; s++) {
        const struct form_section *section = &w->f->sections[s];
        struct look_field_view *fields =
            NEW_N(cx->arena, struct look_field_view, section->fields_n);
        size_t k = 0;
        for (size_t i = 0; i < section->fields_n; i++)
            if (section->fields[i].prefill.n == 0 && !section->fields[i].by_officer)
                fields[k++] = form_look_field(cx, &section->fields[i], &typed,
                                              web_error_of(rq, section->fields[i].id));
        parts[v->parts_n] = (struct onestop_counter_part){section->title, fields, k};
        v->parts_n += k > 0;
    }
    v->parts = parts;
}

static struct str originals_name(struct cx *cx, struct str code)
{
    return str_fmt(cx->arena, "ban_chinh.%.*s", F(code));
}

static void set_papers(struct cx *cx, struct web_req *rq, const struct walk_in *w,
                       struct onestop_counter_view *v)
{
    struct str ticked[PAPERS_TICKED_MAX];
    size_t n = web_form_all(rq, "giay_to", ticked, PAPERS_TICKED_MAX);
    struct onestop_counter_paper *papers =
        NEW_N(cx->arena, struct onestop_counter_paper, w->p->components_n);
    for (size_t i = 0; i < w->p->components_n; i++) {
        const struct procedure_component *c = &w->p->components[i];
        papers[i] = (struct onestop_counter_paper){c->code,
                                                   c->name,
                                                   c->required ? tr(cx, S(T("Bắt buộc"))) : c->when,
                                                   originals_name(cx, c->code),
                                                   S("1"),
                                                   false};
        if (web_again(rq))
            papers[i].originals = web_form(rq, str_z(cx->arena, papers[i].originals_field));
        for (size_t k = 0; k < n; k++)
            papers[i].on = papers[i].on || str_eq(ticked[k], c->code);
    }
    v->papers = papers;
    v->papers_n = w->p->components_n;
}

static struct str fee_words(struct cx *cx, const struct procedure *p)
{
    struct buf b = {.arena = cx->arena, .limit = 2000};
    for (size_t i = 0; i < p->fees_n; i++) {
        if (b.n)
            buf_add(&b, S("; "));
        buf_add(&b, tr(cx, p->fees[i].name));
        buf_add(&b, S(": "));
        buf_add(&b, p->fees[i].amount_dong ? look_money(cx, p->fees[i].amount_dong)
                                           : tr(cx, S(T("miễn"))));
    }
    return b.n ? buf_str(&b) : tr(cx, S(T("Không thu tiền.")));
}

static struct look_field_view delivery_field(struct cx *cx, struct web_req *rq)
{
    struct look_option *o = NEW_N(cx->arena, struct look_option, 2);
    bool digital = str_eq(web_form(rq, "tra"), S("dien_tu"));
    o[0] = (struct look_option){S("quay"), tr(cx, S(T("Bản giấy tại quầy"))), S(""), !digital};
    o[1] = (struct look_option){S("dien_tu"), tr(cx, S(T("Bản điện tử"))), S(""), digital};
    return (struct look_field_view){.kind = LOOK_SELECT,
                                    .name = S("tra"),
                                    .label = tr(cx, S(T("Trả kết quả"))),
                                    .options = o,
                                    .options_n = 2};
}

enum err onestop_show_counter(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct walk_in w = {0};
    struct procedure_hit often[OFTEN_MAX];
    size_t often_n, wrong;
    int64_t waiting;
    bool more;
    const struct list_ask coming = {.values = {S("viec"), S("cho_tiep_nhan")}};
    TRY(load_procedure(cx, rq, &w, often, &often_n));
    TRY(list_count(cx, &onestop_work_source, &coming, &waiting, &more));
    struct look_link *links = NEW_N(cx->arena, struct look_link, often_n);
    for (size_t i = 0; i < often_n; i++)
        links[i] = (struct look_link){often[i].name,
                                      str_fmt(cx->arena, "/quay?thu-tuc=%.*s", F(often[i].code)),
                                      S(""), str_eq(often[i].code, w.p->code)};
    struct onestop_counter_view v = {
        .unit = cx->actor->unit_name,
        .waiting_href = S("/viec?trang-thai=cho_tiep_nhan"),
        .waiting = tr_fmt(cx, T("Hồ sơ trực tuyến chờ nhận (%lld)"), (long long)waiting),
        .action = str_fmt(cx->arena, "/quay?thu-tuc=%.*s", F(w.p->code)),
        .procedure_name = w.p->name,
        .procedure_code = w.p->code,
        .term = procedure_term_said(cx, w.p->term_words),
        .words = web_query(rq, "tim"),
        .not_found = web_error_of(rq, S("tim")),
        .often = links,
        .often_n = often_n,
        .delivery = delivery_field(cx, rq),
        .fee_note = fee_words(cx, w.p),
        .paid = web_form_has(rq, "da_thu"),
        .forward = !web_again(rq) || web_form_has(rq, "chuyen_luon"),
    };
    (void)web_errors(rq, &wrong);
    if (wrong || !onestop_counter_looks_up(rq))
        v.errors = onestop_errors(cx, rq);
    int64_t due;
    enum err e = onestop_due_now(cx, w.p, cx->actor->unit, &due);
    if (e != OK && e != ERR_LIMIT)
        return e;
    v.due = e == OK ? time_long(cx, due) : S("");
    TRY(onestop_counter_set_person(cx, rq, &w, &v));
    set_parts(cx, rq, &w, &v);
    set_papers(cx, rq, &w, &v);
    onestop_counter_html(&rs->body, &v);
    return OK;
}

/* ---- checking ---- */

/* The person panel answers the fields that stand for the person. */
static void merge(struct cx *cx, struct web_req *rq, struct walk_in *w)
{
    VEC(struct web_value) all = {0};
    size_t n;
    const struct web_value *typed = web_form_values(rq, &n);
    for (size_t i = 0; i < n; i++)
        *vec_add(cx->arena, &all) = typed[i];
    for (size_t s = 0; s < w->f->sections_n; s++)
        for (size_t i = 0; i < w->f->sections[s].fields_n; i++) {
            struct str known = form_prefill(cx, &w->f->sections[s].fields[i], &w->who);
            if (known.n)
                *vec_add(cx->arena, &all) =
                    (struct web_value){w->f->sections[s].fields[i].id, known};
        }
    w->typed = (struct form_values){.v = all.p, .n = all.n, .at_counter = true};
}

static void read_papers(struct cx *cx, struct web_req *rq, struct walk_in *w)
{
    struct str ticked[PAPERS_TICKED_MAX];
    size_t n = web_form_all(rq, "giay_to", ticked, PAPERS_TICKED_MAX);
    struct dossier_paper *papers = NEW_N(cx->arena, struct dossier_paper, n);
    for (size_t i = 0; i < n; i++) {
        int64_t originals;
        struct str name = originals_name(cx, ticked[i]);
        if (!str_int(web_form(rq, str_z(cx->arena, name)), &originals) || originals < 0 ||
            originals > 99)
            originals = 1;
        papers[i] = (struct dossier_paper){
            .component = ticked[i], .shown = true, .originals = (int)originals};
    }
    w->n.papers = papers;
    w->n.papers_n = n;
}

enum err onestop_check_counter(struct cx *cx, struct web_req *rq,
                               [[maybe_unused]] struct web_res *rs)
{
    struct walk_in *w = NEW(cx->arena, struct walk_in);
    struct procedure_hit often[OFTEN_MAX];
    struct form_check check;
    size_t often_n;
    web_on_refusal(rq, onestop_show_counter);
    cx->purpose = S("Tiếp nhận hồ sơ tại quầy");
    TRY(load_procedure(cx, rq, w, often, &often_n));
    TRY(onestop_counter_read_person(cx, rq, w));
    if (onestop_counter_looks_up(rq)) {
        TRY(web_refuse(cx, rq));
        return fail(cx, ERR_INVALID, T("Mới tra người nộp, chưa tiếp nhận."));
    }
    merge(cx, rq, w);
    TRY(form_check(cx, w->f, &w->typed, -1, &check));
    for (size_t i = 0; i < check.n; i++)
        if (form_field_of(w->f, check.errors[i].field)->prefill.n == 0)
            web_error_add(cx, rq, check.errors[i].field, check.errors[i].sentence);
    read_papers(cx, rq, w);
    w->n.procedure_code = w->p->code;
    w->n.form_json = check.json;
    w->n.delivery = str_eq(web_form(rq, "tra"), S("dien_tu")) ? S("dien_tu") : S("quay");
    w->n.receiving_unit = cx->actor->unit;
    w->n.channel = CHANNEL_COUNTER;
    w->n.incomplete = !str_eq(web_form(rq, "di"), S("tiep-nhan"));
    web_keep(rq, w);
    return web_refuse(cx, rq);
}

/* ---- taking in ---- */

/* One transaction: the person, the dossier, its code and due instant, the receipt number. */
enum err onestop_write_counter(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct walk_in *w = web_kept(rq);
    struct dossier d;
    cx->purpose = S("Tiếp nhận hồ sơ tại quầy");
    if (!w->known)
        TRY(person_put(cx, &w->who));
    w->n.submitter = w->who.id;
    TRY(onestop_send(cx, &w->n, &d));
    struct str next = web_form(rq, "di");
    if (w->n.incomplete) {
        rs->see_other = str_fmt(cx->arena, "/viec/%.*s/mot-cua/%s", F(d.request_code),
                                str_eq(next, S("tu-choi")) ? "tu-choi" : "bo-sung");
        return OK;
    }
    TRY(onestop_accept(cx, &d, S("")));
    int64_t receipt;
    if (d.fee_dong && web_form_has(rq, "da_thu"))
        TRY(onestop_take_fee(cx, &d, &receipt));
    if (web_form_has(rq, "chuyen_luon"))
        TRY(onestop_hand_over(cx, &d));
    rs->see_other = str_fmt(cx->arena, "/quay/xong/%.*s", F(d.code));
    return OK;
}

enum err onestop_show_taken(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    struct receipt r;
    TRY(onestop_of_path(cx, rq, &d));
    enum err e = onestop_store_receipt(cx, d.id, &r);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    struct str work = str_fmt(cx->arena, "/viec/%.*s", F(d.code));
    onestop_taken_html(
        &rs->body,
        &(struct onestop_taken_view){
            .code = d.code,
            .procedure_name = d.procedure_name,
            .person = d.submitter_name,
            .due = time_long(cx, d.due_shown_at),
            .receipt = e == OK ? str_fmt(cx->arena, "%lld/%lld", (long long)r.n, (long long)r.year)
                               : S(""),
            .print_href = str_fmt(cx->arena, "%.*s/mau/1", F(work)),
            .work_href = work,
            .fee_href = e == ERR_NOT_FOUND && d.fee_dong
                            ? str_fmt(cx->arena, "%.*s/mot-cua/thu-tien", F(work))
                            : S(""),
            .fee = look_money(cx, d.fee_dong),
        });
    return OK;
}
