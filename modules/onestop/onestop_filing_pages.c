/* onestop_filing_pages.c - filing online: a section of the form at a time. */
#include "onestop_filing.h"

enum err filing_load(struct cx *cx, struct web_req *rq, struct filing *f)
{
    TRY(procedure_find(cx, web_path(rq, "code"), &f->p));
    if (!f->p->open)
        return fail(cx, ERR_NOT_FOUND,
                    T("Thủ tục này chưa nhận hồ sơ trực tuyến. Xem nơi nộp ở trang thủ tục."));
    if (cx->actor->person == 0)
        return fail(
            cx, ERR_DENIED,
            T("Tài khoản này chưa gắn với một người nên chưa nộp hồ sơ được. Đến quầy để xác thực."));
    TRY(form_find(cx, f->p->form_code, &f->f));
    TRY(draft_load(cx, f->p->code, &f->d));
    return person_find(cx, cx->actor->person, &f->me);
}

/* What the state holds is not asked: it stands in the draft whatever was sent. */
void filing_put_known(struct cx *cx, struct filing *f)
{
    for (size_t s = 0; s < f->f->sections_n; s++)
        for (size_t i = 0; i < f->f->sections[s].fields_n; i++) {
            const struct form_field *field = &f->f->sections[s].fields[i];
            struct str known = form_prefill(cx, field, &f->me);
            if (known.n)
                draft_set(cx, &f->d, &(struct web_value){field->id, known}, 1);
        }
}

struct str filing_path(struct cx *cx, const struct filing *f, const char *rest)
{
    return str_fmt(cx->arena, "/nop-ho-so/%.*s/%s", F(f->p->code), rest);
}

struct str filing_section_path(struct cx *cx, const struct filing *f, size_t section)
{
    return str_fmt(cx->arena, "/nop-ho-so/%.*s/khai/%zu", F(f->p->code), section + 1);
}

/* "Sửa" on the check page leads here and back again: "?ve=kiem-tra" stays in the address. */
bool filing_from_check(struct web_req *rq)
{
    return str_eq(web_query(rq, "ve"), S("kiem-tra"));
}

struct str filing_kept_way(struct cx *cx, struct web_req *rq, struct str path)
{
    return filing_from_check(rq) ? str_fmt(cx->arena, "%.*s?ve=kiem-tra", F(path)) : path;
}

struct str filing_saved_words(struct cx *cx, const struct filing *f)
{
    return f->d.saved_at
               ? tr_fmt(cx, T("Đã lưu nháp lúc %.*s"), F(time_vi(cx->arena, f->d.saved_at)))
               : S("");
}

/* ---- a section ---- */

/* Nothing of this section is asked after these answers: the way leads past it. */
static bool section_empty(struct cx *cx, const struct filing *f, size_t section)
{
    struct form_values values = draft_values(&f->d);
    const struct form_section *s = &f->f->sections[section];
    for (size_t i = 0; i < s->fields_n; i++)
        if (form_asks(cx, f->f, &values, &s->fields[i]))
            return false;
    return true;
}

/* Steps of the whole filing: the sections that ask something, the papers, the check. */
struct look_stepper_view filing_stepper(struct cx *cx, const struct filing *f, size_t at)
{
    size_t last = f->f->sections_n + 2, n = 0, now = 0;
    struct look_step *steps = NEW_N(cx->arena, struct look_step, last);
    for (size_t i = 0; i < last; i++) {
        bool section = i < f->f->sections_n;
        if (section && i != at && section_empty(cx, f, i))
            continue;
        if (i == at)
            now = n;
        steps[n++] = (struct look_step){
            .label = section                 ? tr(cx, f->f->sections[i].title)
                     : i == f->f->sections_n ? tr(cx, S(T("Giấy tờ")))
                                             : tr(cx, S(T("Kiểm tra và gửi"))),
            .href = i < at ? section ? filing_section_path(cx, f, i) : filing_path(cx, f, "giay-to")
                           : S(""),
            .done = i < at,
            .now = i == at,
        };
    }
    return (struct look_stepper_view){
        .label = tr(cx, S(T("Các bước nộp hồ sơ"))),
        .where = tr_fmt(cx, T("Bước %zu trong %zu"), now + 1, n),
        .at = (int)now + 1,
        .of = (int)n,
        .steps = steps,
        .steps_n = n,
    };
}

static struct str next_path(struct cx *cx, const struct filing *f, size_t at)
{
    for (size_t i = at + 1; i < f->f->sections_n; i++)
        if (!section_empty(cx, f, i))
            return filing_section_path(cx, f, i);
    return filing_path(cx, f, "giay-to");
}

/* The last section before `at` that asks something. */
struct str filing_back_path(struct cx *cx, const struct filing *f, size_t at)
{
    while (at > 0)
        if (!section_empty(cx, f, --at))
            return filing_section_path(cx, f, at);
    return str_fmt(cx->arena, "/thu-tuc/%.*s", F(f->p->code));
}

static bool in_section(const struct form_section *s, struct str id)
{
    for (size_t i = 0; i < s->fields_n; i++)
        if (str_eq(s->fields[i].id, id))
            return true;
    return false;
}

/* What hangs on an answer of another section is settled; on one of this page it stays. */
static bool on_page(struct cx *cx, const struct filing *f, const struct form_section *s,
                    const struct form_field *field)
{
    struct form_values values = draft_values(&f->d);
    if (field->by_officer)
        return false;
    return field->show_field.n == 0 || in_section(s, field->show_field) ||
           form_asks(cx, f->f, &values, field);
}

static bool section_of(struct web_req *rq, const struct filing *f, size_t *section)
{
    int64_t n;
    if (!str_int(web_path(rq, "phan"), &n) || n < 1 || (size_t)n > f->f->sections_n)
        return false;
    *section = (size_t)n - 1;
    return true;
}

enum err onestop_show_start(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct filing f;
    TRY(filing_load(cx, rq, &f));
    rs->see_other = filing_section_path(cx, &f, 0);
    return OK;
}

/* Before anything of the section is answered: what the record says stands there, to be changed. */
static void put_offers(struct cx *cx, struct filing *f, const struct form_section *s)
{
    const struct form_values values = draft_values(&f->d);
    for (size_t i = 0; i < s->fields_n; i++)
        if (form_typed(cx, &values, &s->fields[i]).n)
            return;
    for (size_t i = 0; i < s->fields_n; i++) {
        const struct form_values now = draft_values(&f->d);
        const struct str offered = form_offer(cx, f->f, &now, &s->fields[i], &f->me);
        if (offered.n)
            draft_set(cx, &f->d, &(struct web_value){s->fields[i].id, offered}, 1);
    }
}

/* The filer turns out to be somebody else: what was offered goes, unless it was changed. */
static void take_back_offers(struct cx *cx, struct filing *f, const struct form_values *before)
{
    for (size_t s = 0; s < f->f->sections_n; s++)
        for (size_t i = 0; i < f->f->sections[s].fields_n; i++) {
            const struct form_field *field = &f->f->sections[s].fields[i];
            const struct form_values now = draft_values(&f->d);
            const struct str was = form_offer(cx, f->f, before, field, &f->me);
            if (was.n && form_offer(cx, f->f, &now, field, &f->me).n == 0 &&
                str_eq(form_typed(cx, &now, field), was))
                draft_set(cx, &f->d, &(struct web_value){field->id, S("")}, 1);
        }
}

static struct form_values kept_values(struct cx *cx, const struct draft *d)
{
    struct web_value *v = NEW_N(cx->arena, struct web_value, d->values.n + 1);
    for (size_t i = 0; i < d->values.n; i++)
        v[i] = d->values.p[i];
    return (struct form_values){.v = v, .n = d->values.n};
}

/* Where it comes from stands beside what was offered and not changed. */
static struct str hint_of(struct cx *cx, const struct filing *f, const struct form_field *field)
{
    const struct form_values values = draft_values(&f->d);
    const struct str offered = form_offer(cx, f->f, &values, field, &f->me);
    if (offered.n == 0 || !str_eq(form_typed(cx, &values, field), offered))
        return S("");
    return tr(cx, S(T("Lấy từ tài khoản của bạn. Khác thì sửa lại.")));
}

static void fill_fields(struct cx *cx, struct web_req *rq, const struct filing *f,
                        const struct form_section *s, struct onestop_section_view *v)
{
    struct look_field_view *fields = NEW_N(cx->arena, struct look_field_view, s->fields_n);
    struct form_values values = draft_values(&f->d);
    size_t n = 0;
    for (size_t i = 0; i < s->fields_n; i++) {
        const struct form_field *field = &s->fields[i];
        struct str known = form_prefill(cx, field, &f->me);
        if (!on_page(cx, f, s, field))
            continue;
        fields[n++] = form_look_field(cx, field, &values, web_error_of(rq, field->id));
        const struct str offered = hint_of(cx, f, field);
        if (offered.n)
            fields[n - 1].hint = offered;
        if (known.n == 0)
            continue;
        bool number = field->type == FORM_ID_NO;
        fields[n - 1] = (struct look_field_view){
            .kind = LOOK_PREFILLED,
            .name = field->id,
            .label = tr(cx, field->label),
            .value = number ? look_id_grouped(cx, known)
                            : form_said(cx, field, form_shown(cx, field, known)),
            .source = tr(cx, S(T("Từ tài khoản của bạn"))),
        };
    }
    v->fields = fields;
    v->fields_n = n;
}

/* A box no longer ticked sends nothing: what this page asks is taken anew, not added to. */
static void forget_section(struct cx *cx, struct filing *f, const struct form_section *s)
{
    for (size_t i = 0; i < s->fields_n; i++)
        draft_set(cx, &f->d, &(struct web_value){s->fields[i].id, S("")}, 1);
}

enum err onestop_show_section(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct filing f;
    size_t at;
    TRY(filing_load(cx, rq, &f));
    if (!section_of(rq, &f, &at))
        return fail(cx, ERR_NOT_FOUND,
                    T("Tờ khai không có phần này. Bắt đầu lại từ trang thủ tục."));
    if (web_again(rq)) {
        size_t n;
        const struct web_value *typed = web_form_values(rq, &n);
        forget_section(cx, &f, &f.f->sections[at]);
        draft_set(cx, &f.d, typed, n);
    }
    filing_put_known(cx, &f);
    const struct form_section *s = &f.f->sections[at];
    if (!web_again(rq))
        put_offers(cx, &f, s);
    struct onestop_section_view v = {
        .stepper = filing_stepper(cx, &f, at),
        .errors = onestop_errors(cx, rq),
        .back =
            filing_from_check(rq) ? filing_path(cx, &f, "kiem-tra") : filing_back_path(cx, &f, at),
        .procedure_name = f.p->name,
        .title = tr(cx, s->title),
        .note = s->note,
        .saved = filing_saved_words(cx, &f),
        .action = filing_kept_way(cx, rq, filing_section_path(cx, &f, at)),
        .next =
            filing_from_check(rq) ? tr(cx, S(T("Lưu và kiểm tra lại"))) : tr(cx, S(T("Tiếp tục"))),
    };
    fill_fields(cx, rq, &f, s, &v);
    rs->title = s->title;
    onestop_section_html(&rs->body, &v);
    return OK;
}

/* prepare: checks this section; "Lưu, làm sau" keeps whatever was typed. */
enum err onestop_check_section(struct cx *cx, struct web_req *rq,
                               [[maybe_unused]] struct web_res *rs)
{
    struct filing *f = NEW(cx->arena, struct filing);
    struct form_check check;
    size_t at, n;
    TRY(filing_load(cx, rq, f));
    if (!section_of(rq, f, &at))
        return fail(cx, ERR_NOT_FOUND,
                    T("Tờ khai không có phần này. Bắt đầu lại từ trang thủ tục."));
    const struct web_value *typed = web_form_values(rq, &n);
    const struct form_values before = kept_values(cx, &f->d);
    forget_section(cx, f, &f->f->sections[at]);
    draft_set(cx, &f->d, typed, n);
    filing_put_known(cx, f);
    take_back_offers(cx, f, &before);
    web_keep(rq, f);
    if (str_eq(web_form(rq, "di"), S("luu")))
        return OK;
    web_on_refusal(rq, onestop_show_section);
    struct form_values values = draft_values(&f->d);
    TRY(form_check(cx, f->f, &values, (int)at, &check));
    for (size_t i = 0; i < check.n; i++)
        web_error_add(cx, rq, check.errors[i].field, check.errors[i].sentence);
    return web_refuse(cx, rq);
}

enum err onestop_save_section(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct filing *f = web_kept(rq);
    size_t at;
    TRY(draft_save(cx, f->p->code, &f->d));
    if (str_eq(web_form(rq, "di"), S("luu"))) {
        rs->see_other = S("/ho-so");
        rs->toast = tr(cx, S(T("Đã lưu nháp. Bạn có thể làm tiếp bất cứ lúc nào.")));
        return OK;
    }
    if (!section_of(rq, f, &at))
        return ERR_NOT_FOUND;
    rs->see_other = filing_from_check(rq) ? filing_path(cx, f, "kiem-tra") : next_path(cx, f, at);
    return OK;
}
