/* onestop_filing_send.c - filing online: the check of everything, and the sending. */
#include "onestop_filing.h"
#include "onestop_store.h"
#include "org/org.h"

static struct look_rows_view section_rows(struct cx *cx, const struct filing *f, size_t at)
{
    const struct form_section *s = &f->f->sections[at];
    struct form_values values = draft_values(&f->d);
    struct look_row *rows = NEW_N(cx->arena, struct look_row, s->fields_n);
    size_t n = 0;
    for (size_t i = 0; i < s->fields_n; i++) {
        struct str typed = form_typed(cx, &values, &s->fields[i]);
        if (!form_asks(cx, f->f, &values, &s->fields[i]) ||
            (typed.n == 0 && !s->fields[i].required))
            continue;
        struct look_row *r = &rows[n++];
        typed = typed.n ? form_typed_shown(cx, &values, &s->fields[i]) : S("");
        *r = (struct look_row){.key = tr(cx, s->fields[i].label),
                               .value = typed.n ? form_said(cx, &s->fields[i], typed)
                                                : tr(cx, S(T("Chưa khai")))};
        if (form_prefill(cx, &s->fields[i], &f->me).n) {
            r->badge = (struct look_badge_view){S("info"), S("db"),
                                                tr(cx, S(T("Từ tài khoản của bạn"))), S("")};
            continue;
        }
        r->action = tr(cx, S(T("Sửa")));
        r->href = str_fmt(cx->arena, "%.*s?ve=kiem-tra#f-%.*s", F(filing_section_path(cx, f, at)),
                          F(s->fields[i].id));
    }
    return (struct look_rows_view){s->title, rows, n};
}

static struct look_rows_view paper_rows(struct cx *cx, const struct filing *f)
{
    struct look_row *rows = NEW_N(cx->arena, struct look_row, f->d.files.n);
    for (size_t i = 0; i < f->d.files.n; i++) {
        struct str name = tr(cx, S(T("Giấy tờ")));
        for (size_t c = 0; c < f->p->components_n; c++)
            if (str_eq(f->p->components[c].code, f->d.files.p[i].component))
                name = f->p->components[c].name;
        rows[i] = (struct look_row){.key = name,
                                    .value = f->d.files.p[i].name,
                                    .action = tr(cx, S(T("Sửa"))),
                                    .href = filing_path(cx, f, "giay-to?ve=kiem-tra")};
    }
    return (struct look_rows_view){tr(cx, S(T("Giấy tờ"))), rows, f->d.files.n};
}

static enum err fee_rows(struct cx *cx, const struct filing *f, struct str form_json,
                         struct look_rows_view *out)
{
    struct procedure_charge charges[16];
    const struct json *form;
    struct json_error error;
    size_t n;
    int64_t total;
    if (json_read(cx->arena, form_json, &form, &error) != OK)
        return OK; /* errors are listed above; there is nothing to add up yet */
    TRY(procedure_charges(cx, f->p, form, charges, 16, &n, &total));
    struct look_row *rows = NEW_N(cx->arena, struct look_row, n + 1);
    for (size_t i = 0; i < n; i++)
        rows[i] =
            (struct look_row){.key = charges[i].name,
                              .value = charges[i].total_dong ? look_money(cx, charges[i].total_dong)
                                                             : tr(cx, S(T("Miễn phí")))};
    rows[n] = (struct look_row){.key = tr(cx, S(T("Cộng"))), .value = look_money(cx, total)};
    *out = (struct look_rows_view){tr(cx, S(T("Phí, lệ phí"))), rows, n + 1};
    return OK;
}

static enum err place_field(struct cx *cx, struct web_req *rq, const struct filing *f,
                            struct look_field_view *out)
{
    struct org_unit *units = NEW_N(cx->arena, struct org_unit, 400);
    size_t n;
    struct str chosen = web_again(rq) ? web_form(rq, "noi_nop") : f->d.unit;
    TRY(org_units_of_kind(cx, f->p->intake_kind, 0, units, 400, &n));
    struct look_option *o = NEW_N(cx->arena, struct look_option, n);
    for (size_t i = 0; i < n; i++)
        o[i] = (struct look_option){units[i].code, units[i].name, units[i].address,
                                    str_eq(units[i].code, chosen)};
    *out = (struct look_field_view){.kind = LOOK_RADIO,
                                    .name = S("noi_nop"),
                                    .label = tr(cx, S(T("Nộp tại"))),
                                    .hint = tr(cx, S(T("Nơi này tiếp nhận và trả kết quả"))),
                                    .wrong = web_error_of(rq, S("noi_nop")),
                                    .options = o,
                                    .options_n = n};
    return OK;
}

static struct look_field_view delivery_field(struct cx *cx, struct web_req *rq)
{
    struct look_option *o = NEW_N(cx->arena, struct look_option, 2);
    struct str chosen = web_form(rq, "tra");
    o[0] =
        (struct look_option){S("dien_tu"), tr(cx, S(T("Bản điện tử trên trang này"))),
                             tr(cx, S(T("Nhận ngay khi ký xong"))), str_eq(chosen, S("dien_tu"))};
    o[1] =
        (struct look_option){S("quay"), tr(cx, S(T("Cả bản giấy, nhận tại quầy"))),
                             tr(cx, S(T("Mang theo giấy tờ tùy thân"))), str_eq(chosen, S("quay"))};
    return (struct look_field_view){.kind = LOOK_RADIO,
                                    .name = S("tra"),
                                    .label = tr(cx, S(T("Nhận kết quả"))),
                                    .wrong = web_error_of(rq, S("tra")),
                                    .options = o,
                                    .options_n = 2};
}

static struct look_field_view declaration_field(struct cx *cx, struct web_req *rq)
{
    struct look_option *tick = NEW(cx->arena, struct look_option);
    *tick = (struct look_option){.value = S("1"), .on = web_form_has(rq, "cam_doan")};
    return (struct look_field_view){
        .kind = LOOK_CHECK,
        .name = S("cam_doan"),
        .label = tr(
            cx,
            S(T("Tôi cam đoan những điều khai trên đây là đúng sự thật và chịu trách nhiệm về lời khai."))),
        .options = tick,
        .options_n = 1,
        .wrong = web_error_of(rq, S("cam_doan"))};
}

enum err onestop_show_check(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct filing f;
    struct form_check check;
    TRY(filing_load(cx, rq, &f));
    filing_put_known(cx, &f);
    struct form_values values = draft_values(&f.d);
    TRY(form_check(cx, f.f, &values, -1, &check));
    struct look_rows_view *parts = NEW_N(cx->arena, struct look_rows_view, f.f->sections_n);
    size_t parts_n = 0;
    for (size_t i = 0; i < f.f->sections_n; i++) {
        parts[parts_n] = section_rows(cx, &f, i);
        parts_n += parts[parts_n].rows_n > 0;
    }
    struct look_field_view choices[2];
    TRY(place_field(cx, rq, &f, &choices[0]));
    choices[1] = delivery_field(cx, rq);
    struct onestop_check_view v = {
        .stepper = filing_stepper(cx, &f, f.f->sections_n + 1),
        .errors = onestop_errors(cx, rq),
        .back = filing_path(cx, &f, "giay-to"),
        .action = filing_path(cx, &f, "gui"),
        .parts = parts,
        .parts_n = parts_n,
        .papers = paper_rows(cx, &f),
        .choices = choices,
        .choices_n = 2,
        .declaration = declaration_field(cx, rq),
        .saved = filing_saved_words(cx, &f),
    };
    TRY(fee_rows(cx, &f, check.json, &v.fees));
    rs->title = tr(cx, S(T("Kiểm tra trước khi gửi")));
    onestop_check_html(&rs->body, &v);
    return OK;
}

struct sending {
    struct filing f;
    struct dossier_new n;
};

static enum err check_choices(struct cx *cx, struct web_req *rq, struct sending *s)
{
    struct org_unit unit;
    struct str delivery = web_form(rq, "tra");
    enum err e = org_unit_by_code(cx, web_form(rq, "noi_nop"), day_of(cx->now), &unit);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == ERR_NOT_FOUND)
        web_error_add(cx, rq, S("noi_nop"), tr(cx, S(T("Chọn nơi nộp hồ sơ."))));
    if (!str_eq(delivery, S("quay")) && !str_eq(delivery, S("dien_tu")))
        web_error_add(cx, rq, S("tra"), tr(cx, S(T("Chọn cách nhận kết quả."))));
    if (!web_form_has(rq, "cam_doan"))
        web_error_add(cx, rq, S("cam_doan"), tr(cx, S(T("Đánh dấu cam đoan trước khi gửi."))));
    s->n.receiving_unit = e == OK ? unit.id : 0;
    s->n.delivery = delivery;
    return OK;
}

enum err onestop_check_send(struct cx *cx, struct web_req *rq, [[maybe_unused]] struct web_res *rs)
{
    struct sending *s = NEW(cx->arena, struct sending);
    struct form_check check;
    web_on_refusal(rq, onestop_show_check);
    TRY(filing_load(cx, rq, &s->f));
    filing_put_known(cx, &s->f);
    struct form_values values = draft_values(&s->f.d);
    TRY(form_check(cx, s->f.f, &values, -1, &check));
    for (size_t i = 0; i < check.n; i++)
        web_error_add(cx, rq, check.errors[i].field, check.errors[i].sentence);
    TRY(check_choices(cx, rq, s));
    TRY(web_refuse(cx, rq));
    struct dossier_paper *papers = NEW_N(cx->arena, struct dossier_paper, s->f.d.files.n);
    for (size_t i = 0; i < s->f.d.files.n; i++)
        papers[i] = (struct dossier_paper){
            .component = s->f.d.files.p[i].component, .file = s->f.d.files.p[i].id, .originals = 1};
    s->n.procedure_code = s->f.p->code;
    s->n.form_json = check.json;
    s->n.channel = CHANNEL_ONLINE;
    s->n.submitter = s->f.me.id;
    s->n.account = cx->actor->account;
    s->n.papers = papers;
    s->n.papers_n = s->f.d.files.n;
    web_keep(rq, s);
    return onestop_make_ready(cx, s->f.p, &s->n);
}

enum err onestop_write_send(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct sending *s = web_kept(rq);
    struct dossier d;
    TRY(onestop_send(cx, &s->n, &d));
    TRY(draft_drop(cx, s->f.p->code));
    rs->see_other = str_fmt(cx->arena, "/ho-so/%.*s/da-gui", F(d.request_code));
    return OK;
}

enum err onestop_show_sent(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct sent_dossier d;
    struct org_unit u;
    TRY(onestop_store_sent(cx, str_trim(web_path(rq, "code")), &d));
    TRY(org_unit_find(cx, d.receiving_unit, &u));
    rs->title = tr(cx, S(T("Đã gửi hồ sơ")));
    onestop_sent_html(
        &rs->body,
        &(struct onestop_sent_view){
            .code = d.request_code,
            .procedure_name = d.procedure_name,
            .unit = u.name,
            .when = time_vi(cx->arena, d.sent_at),
            .next = tr(
                cx,
                S(T("Trong giờ làm việc. Đủ thì tiếp nhận và hẹn ngày trả; thiếu thì báo một lần đủ các giấy tờ."))),
            .href = str_fmt(cx->arena, "/ho-so/%.*s", F(d.request_code)),
        });
    return OK;
}
