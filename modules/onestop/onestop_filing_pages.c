/* onestop_filing_pages.c - filing online: a section at a time, the papers, the check, the sending.
 */
#include "file/file.h"
#include "identity/identity.h"
#include "onestop_draft.h"
#include "onestop_pages.h"
#include "onestop_views.h"
#include "org/org.h"

#define FILES_A_DOSSIER 20
#define ACCEPT S(".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png")

/* What every page of the filing stands on. */
struct filing {
    const struct procedure *p;
    const struct form *f;
    struct draft d;
    struct person me;
};

static enum err load(struct cx *cx, struct web_req *rq, struct filing *f)
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
static void put_known(struct cx *cx, struct filing *f)
{
    for (size_t s = 0; s < f->f->sections_n; s++)
        for (size_t i = 0; i < f->f->sections[s].fields_n; i++) {
            const struct form_field *field = &f->f->sections[s].fields[i];
            struct str known = form_prefill(cx, field, &f->me);
            if (known.n)
                draft_set(cx, &f->d, &(struct web_value){field->id, known}, 1);
        }
}

static struct str path_of(struct cx *cx, const struct filing *f, const char *rest)
{
    return str_fmt(cx->arena, "/nop-ho-so/%.*s/%s", F(f->p->code), rest);
}

static struct str section_path(struct cx *cx, const struct filing *f, size_t section)
{
    return str_fmt(cx->arena, "/nop-ho-so/%.*s/khai/%zu", F(f->p->code), section + 1);
}

/* "Sửa" on the check page leads here and back again: "?ve=kiem-tra" stays in the address. */
static bool from_check(struct web_req *rq)
{
    return str_eq(web_query(rq, "ve"), S("kiem-tra"));
}

static struct str kept_way(struct cx *cx, struct web_req *rq, struct str path)
{
    return from_check(rq) ? str_fmt(cx->arena, "%.*s?ve=kiem-tra", F(path)) : path;
}

static struct str saved_words(struct cx *cx, const struct filing *f)
{
    return f->d.saved_at
               ? str_fmt(cx->arena, T("Đã lưu nháp lúc %.*s"), F(time_vi(cx->arena, f->d.saved_at)))
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
static struct look_stepper_view stepper(struct cx *cx, const struct filing *f, size_t at)
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
            .label = section                 ? f->f->sections[i].title
                     : i == f->f->sections_n ? S("Giấy tờ")
                                             : S("Kiểm tra và gửi"),
            .href = i < at ? section ? section_path(cx, f, i) : path_of(cx, f, "giay-to") : S(""),
            .done = i < at,
            .now = i == at,
        };
    }
    return (struct look_stepper_view){
        .label = S("Các bước nộp hồ sơ"),
        .where = str_fmt(cx->arena, T("Bước %zu trong %zu"), now + 1, n),
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
            return section_path(cx, f, i);
    return path_of(cx, f, "giay-to");
}

/* The last section before `at` that asks something. */
static struct str back_path(struct cx *cx, const struct filing *f, size_t at)
{
    while (at > 0)
        if (!section_empty(cx, f, --at))
            return section_path(cx, f, at);
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
    TRY(load(cx, rq, &f));
    rs->see_other = section_path(cx, &f, 0);
    return OK;
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
        if (known.n == 0)
            continue;
        bool number = field->type == FORM_ID_NO;
        fields[n - 1] = (struct look_field_view){
            .kind = LOOK_PREFILLED,
            .name = field->id,
            .label = field->label,
            .value = number ? look_id_grouped(cx, known) : form_shown(cx, field, known),
            .source = S("Từ tài khoản của bạn"),
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
    TRY(load(cx, rq, &f));
    if (!section_of(rq, &f, &at))
        return fail(cx, ERR_NOT_FOUND,
                    T("Tờ khai không có phần này. Bắt đầu lại từ trang thủ tục."));
    if (web_again(rq)) {
        size_t n;
        const struct web_value *typed = web_form_values(rq, &n);
        forget_section(cx, &f, &f.f->sections[at]);
        draft_set(cx, &f.d, typed, n);
    }
    put_known(cx, &f);
    const struct form_section *s = &f.f->sections[at];
    struct onestop_section_view v = {
        .stepper = stepper(cx, &f, at),
        .errors = onestop_errors(cx, rq),
        .back = from_check(rq) ? path_of(cx, &f, "kiem-tra") : back_path(cx, &f, at),
        .procedure_name = f.p->name,
        .title = s->title,
        .note = s->note,
        .saved = saved_words(cx, &f),
        .action = kept_way(cx, rq, section_path(cx, &f, at)),
        .next = from_check(rq) ? S("Lưu và kiểm tra lại") : S("Tiếp tục"),
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
    TRY(load(cx, rq, f));
    if (!section_of(rq, f, &at))
        return fail(cx, ERR_NOT_FOUND,
                    T("Tờ khai không có phần này. Bắt đầu lại từ trang thủ tục."));
    const struct web_value *typed = web_form_values(rq, &n);
    forget_section(cx, f, &f->f->sections[at]);
    draft_set(cx, &f->d, typed, n);
    put_known(cx, f);
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
        rs->toast = S("Đã lưu nháp. Bạn có thể làm tiếp bất cứ lúc nào.");
        return OK;
    }
    if (!section_of(rq, f, &at))
        return ERR_NOT_FOUND;
    rs->see_other = from_check(rq) ? path_of(cx, f, "kiem-tra") : next_path(cx, f, at);
    return OK;
}

/* ---- the papers ---- */

static void set_files(struct cx *cx, const struct filing *f, struct str component,
                      struct look_component_view *c)
{
    struct look_file_row *rows = NEW_N(cx->arena, struct look_file_row, f->d.files.n);
    for (size_t i = 0; i < f->d.files.n; i++) {
        const struct draft_file *file = &f->d.files.p[i];
        if (!str_eq(file->component, component))
            continue;
        rows[c->files_n++] = (struct look_file_row){
            .name = file->name,
            .note = look_size(cx, file->size_bytes),
            .remove = str_fmt(cx->arena, "%lld", (long long)file->id),
        };
    }
    c->files = rows;
}

static struct str field_name(struct cx *cx, struct str component)
{
    return str_fmt(cx->arena, "giay_to.%.*s", F(component));
}

static struct look_component_view component_box(struct cx *cx, struct web_req *rq,
                                                const struct filing *f,
                                                const struct procedure_component *c)
{
    struct str name = field_name(cx, c->code);
    struct look_component_view box = {
        .icon = S("file"),
        .title = c->name,

        .text = c->required || c->when.n == 0
                    ? c->hint
                    : str_fmt(cx->arena, "%.*s. %.*s", F(c->when), F(c->hint)),
        .field = {.kind = LOOK_FILE,
                  .name = name,
                  .label = str_fmt(cx->arena, "%.*s: %.*s", F(tr(cx, S("Chọn tệp hoặc chụp ảnh"))),
                                   F(c->name)),
                  .no_label = true,
                  .accept = ACCEPT,
                  .camera = true,
                  .wrong = web_error_of(rq, name)},
    };
    set_files(cx, f, c->code, &box);
    box.open = (c->required && box.files_n == 0) || box.field.wrong.n;
    if (box.files_n) {
        box.icon = S("check");
        box.icon_kind = S("ok");
        box.badge = (struct look_badge_view){S("ok"), S("check"), S("Đã nộp"), S("")};
    } else if (c->required) {
        box.need = S("Bắt buộc");
        box.icon = S("upload");
    } else {
        box.badge = (struct look_badge_view){S(""), S("minus"), S("Tùy trường hợp"), S("")};
    }
    return box;
}

static bool has_file(const struct draft *d, struct str component)
{
    for (size_t i = 0; i < d->files.n; i++)
        if (str_eq(d->files.p[i].component, component))
            return true;
    return false;
}

/* After "Tiếp tục" with something missing: each required paper says so at its own box. */
static void say_missing(struct cx *cx, struct web_req *rq, const struct filing *f)
{
    for (size_t i = 0; i < f->p->components_n; i++) {
        const struct procedure_component *c = &f->p->components[i];
        if (c->required && !has_file(&f->d, c->code))
            web_error_add(cx, rq, field_name(cx, c->code),
                          str_fmt(cx->arena, T("Thêm tệp: %.*s"), F(c->name)));
    }
}

enum err onestop_show_papers(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct filing f;
    TRY(load(cx, rq, &f));
    if (!web_again(rq) && web_query(rq, "thieu").n)
        say_missing(cx, rq, &f);
    struct look_component_view *boxes =
        NEW_N(cx->arena, struct look_component_view, f.p->components_n);
    size_t n = 0;
    for (size_t i = 0; i < f.p->components_n; i++)
        if (!str_eq(f.p->components[i].source,
                    S("xuat_trinh"))) /* shown at the counter, never uploaded */
            boxes[n++] = component_box(cx, rq, &f, &f.p->components[i]);
    rs->title = S("Giấy tờ");
    onestop_papers_html(&rs->body, &(struct onestop_papers_view){
                                       .stepper = stepper(cx, &f, f.f->sections_n),
                                       .errors = onestop_errors(cx, rq),
                                       .back = from_check(rq) ? path_of(cx, &f, "kiem-tra")
                                                              : back_path(cx, &f, f.f->sections_n),
                                       .action = kept_way(cx, rq, path_of(cx, &f, "giay-to")),
                                       .saved = saved_words(cx, &f),
                                       .components = boxes,
                                       .components_n = n,
                                   });
    return OK;
}

static void remove_file(struct draft *d, struct str id_text)
{
    int64_t id;
    size_t kept = 0;
    if (!str_int(id_text, &id))
        return;
    for (size_t i = 0; i < d->files.n; i++)
        if (d->files.p[i].id != id)
            d->files.p[kept++] = d->files.p[i];
    d->files.n = kept;
}

static bool is_component(const struct procedure *p, struct str code)
{
    for (size_t i = 0; i < p->components_n; i++)
        if (str_eq(p->components[i].code, code))
            return true;
    return false;
}

static enum err add_uploads(struct cx *cx, struct web_req *rq, struct filing *f)
{
    size_t n;
    struct web_upload *up = web_uploads(rq, &n);
    for (size_t i = 0; i < n; i++) {
        struct stored_file stored;
        if (!up[i].upload || !str_starts(up[i].field, S("giay_to.")))
            continue;
        if (!is_component(f->p, str_from(up[i].field, 8)))
            return fail(cx, ERR_INVALID,
                        T("Thủ tục này không có thành phần hồ sơ đó. Tải lại trang rồi chọn lại."));
        if (f->d.files.n >= FILES_A_DOSSIER)
            return fail(cx, ERR_LIMIT, T("Mỗi hồ sơ tối đa %d tệp. Gộp các trang vào một tệp PDF."),
                        FILES_A_DOSSIER);
        TRY(file_add(cx, up[i].upload, up[i].owner, up[i].name, &stored));
        *vec_add(cx->arena, &f->d.files) = (struct draft_file){stored.id, str_from(up[i].field, 8),
                                                               stored.name, stored.size_bytes};
    }
    return OK;
}

static bool all_there(const struct filing *f)
{
    for (size_t i = 0; i < f->p->components_n; i++)
        if (f->p->components[i].required && !has_file(&f->d, f->p->components[i].code))
            return false;
    return true;
}

/* A file that could not be taken is told on the page it was chosen on. */
enum err onestop_check_papers([[maybe_unused]] struct cx *cx, struct web_req *rq,
                              [[maybe_unused]] struct web_res *rs)
{
    web_on_refusal(rq, onestop_show_papers);
    return OK;
}

enum err onestop_save_papers(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct filing f;
    struct str next = web_form(rq, "di");
    web_on_refusal(rq, onestop_show_papers);
    TRY(load(cx, rq, &f));
    remove_file(&f.d, web_form(rq, "bo"));
    TRY(add_uploads(cx, rq, &f));
    TRY(draft_save(cx, f.p->code, &f.d));
    rs->see_other = kept_way(cx, rq, path_of(cx, &f, "giay-to"));
    if (str_eq(next, S("tiep")))
        rs->see_other = path_of(cx, &f, all_there(&f) ? "kiem-tra" : "giay-to?thieu=1");
    if (str_eq(next, S("luu"))) {
        rs->see_other = S("/ho-so");
        rs->toast = S("Đã lưu nháp. Bạn có thể làm tiếp bất cứ lúc nào.");
    }
    return OK;
}

/* ---- check and send ---- */

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
        *r = (struct look_row){.key = s->fields[i].label,
                               .value = typed.n ? form_typed_shown(cx, &values, &s->fields[i])
                                                : S("Chưa khai")};
        if (form_prefill(cx, &s->fields[i], &f->me).n) {
            r->badge =
                (struct look_badge_view){S("info"), S("db"), S("Từ tài khoản của bạn"), S("")};
            continue;
        }
        r->action = S("Sửa");
        r->href = str_fmt(cx->arena, "%.*s?ve=kiem-tra#f-%.*s", F(section_path(cx, f, at)),
                          F(s->fields[i].id));
    }
    return (struct look_rows_view){s->title, rows, n};
}

static struct look_rows_view paper_rows(struct cx *cx, const struct filing *f)
{
    struct look_row *rows = NEW_N(cx->arena, struct look_row, f->d.files.n);
    for (size_t i = 0; i < f->d.files.n; i++) {
        struct str name = S("Giấy tờ");
        for (size_t c = 0; c < f->p->components_n; c++)
            if (str_eq(f->p->components[c].code, f->d.files.p[i].component))
                name = f->p->components[c].name;
        rows[i] = (struct look_row){.key = name,
                                    .value = f->d.files.p[i].name,
                                    .action = S("Sửa"),
                                    .href = path_of(cx, f, "giay-to?ve=kiem-tra")};
    }
    return (struct look_rows_view){S("Giấy tờ"), rows, f->d.files.n};
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
        rows[i] = (struct look_row){
            .key = charges[i].name,
            .value = charges[i].total_dong ? look_money(cx, charges[i].total_dong) : S("Miễn phí")};
    rows[n] = (struct look_row){.key = S("Cộng"), .value = look_money(cx, total)};
    *out = (struct look_rows_view){S("Phí, lệ phí"), rows, n + 1};
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
                                    .label = S("Nộp tại"),
                                    .hint = S("Nơi này tiếp nhận và trả kết quả"),
                                    .wrong = web_error_of(rq, S("noi_nop")),
                                    .options = o,
                                    .options_n = n};
    return OK;
}

static struct look_field_view delivery_field(struct cx *cx, struct web_req *rq)
{
    struct look_option *o = NEW_N(cx->arena, struct look_option, 2);
    struct str chosen = web_form(rq, "tra");
    o[0] = (struct look_option){S("dien_tu"), S("Bản điện tử trên trang này"),
                                S("Nhận ngay khi ký xong"), str_eq(chosen, S("dien_tu"))};
    o[1] = (struct look_option){S("quay"), S("Cả bản giấy, nhận tại quầy"),
                                S("Mang theo giấy tờ tùy thân"), str_eq(chosen, S("quay"))};
    return (struct look_field_view){.kind = LOOK_RADIO,
                                    .name = S("tra"),
                                    .label = S("Nhận kết quả"),
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
        .label = S(
            "Tôi cam đoan những điều khai trên đây là đúng sự thật và chịu trách nhiệm về lời khai."),
        .options = tick,
        .options_n = 1,
        .wrong = web_error_of(rq, S("cam_doan"))};
}

enum err onestop_show_check(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct filing f;
    struct form_check check;
    TRY(load(cx, rq, &f));
    put_known(cx, &f);
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
        .stepper = stepper(cx, &f, f.f->sections_n + 1),
        .errors = onestop_errors(cx, rq),
        .back = path_of(cx, &f, "giay-to"),
        .action = path_of(cx, &f, "gui"),
        .parts = parts,
        .parts_n = parts_n,
        .papers = paper_rows(cx, &f),
        .choices = choices,
        .choices_n = 2,
        .declaration = declaration_field(cx, rq),
        .saved = saved_words(cx, &f),
    };
    TRY(fee_rows(cx, &f, check.json, &v.fees));
    rs->title = S("Kiểm tra trước khi gửi");
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
        web_error_add(cx, rq, S("noi_nop"), S("Chọn nơi nộp hồ sơ."));
    if (!str_eq(delivery, S("quay")) && !str_eq(delivery, S("dien_tu")))
        web_error_add(cx, rq, S("tra"), S("Chọn cách nhận kết quả."));
    if (!web_form_has(rq, "cam_doan"))
        web_error_add(cx, rq, S("cam_doan"), S("Đánh dấu cam đoan trước khi gửi."));
    s->n.receiving_unit = e == OK ? unit.id : 0;
    s->n.delivery = delivery;
    return OK;
}

enum err onestop_check_send(struct cx *cx, struct web_req *rq, [[maybe_unused]] struct web_res *rs)
{
    struct sending *s = NEW(cx->arena, struct sending);
    struct form_check check;
    web_on_refusal(rq, onestop_show_check);
    TRY(load(cx, rq, &s->f));
    put_known(cx, &s->f);
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
    return OK;
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
    struct dossier d;
    struct org_unit u;
    TRY(onestop_of_path(cx, rq, &d));
    TRY(org_unit_find(cx, d.receiving_unit, &u));
    rs->title = S("Đã gửi hồ sơ");
    onestop_sent_html(
        &rs->body,
        &(struct onestop_sent_view){
            .code = d.request_code,
            .procedure_name = d.procedure_name,
            .unit = u.name,
            .when = time_vi(cx->arena, d.sent_at),
            .next = S(
                "Trong giờ làm việc. Đủ thì tiếp nhận và hẹn ngày trả; thiếu thì báo một lần đủ các giấy tờ."),
            .href = str_fmt(cx->arena, "/ho-so/%.*s", F(d.request_code)),
        });
    return OK;
}
