/* onestop_filing_papers.c - filing online: the papers. */
#include "file/file.h"
#include "onestop_filing.h"

#define FILES_A_DOSSIER 20
#define ACCEPT S(".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png")

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

        .text = c->required || c->when.n == 0 ? c->hint : procedure_component_said(cx, c),
        .field = {.kind = LOOK_FILE,
                  .name = name,
                  .label = str_fmt(cx->arena, "%.*s: %.*s",
                                   F(tr(cx, S(T("Chọn tệp hoặc chụp ảnh")))), F(tr(cx, c->name))),
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
        box.badge = (struct look_badge_view){S("ok"), S("check"), tr(cx, S(T("Đã nộp"))), S("")};
    } else if (c->required) {
        box.need = tr(cx, S(T("Bắt buộc")));
        box.icon = S("upload");
    } else {
        box.badge =
            (struct look_badge_view){S(""), S("minus"), tr(cx, S(T("Tùy trường hợp"))), S("")};
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
                          tr_fmt(cx, T("Thêm tệp: %.*s"), F(c->name)));
    }
}

enum err onestop_show_papers(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct filing f;
    TRY(filing_load(cx, rq, &f));
    if (!web_again(rq) && web_query(rq, "thieu").n)
        say_missing(cx, rq, &f);
    struct look_component_view *boxes =
        NEW_N(cx->arena, struct look_component_view, f.p->components_n);
    size_t n = 0;
    for (size_t i = 0; i < f.p->components_n; i++)
        if (!str_eq(f.p->components[i].source,
                    S("xuat_trinh"))) /* shown at the counter, never uploaded */
            boxes[n++] = component_box(cx, rq, &f, &f.p->components[i]);
    rs->title = tr(cx, S(T("Giấy tờ")));
    onestop_papers_html(
        &rs->body, &(struct onestop_papers_view){
                       .stepper = filing_stepper(cx, &f, f.f->sections_n),
                       .errors = onestop_errors(cx, rq),
                       .back = filing_from_check(rq) ? filing_path(cx, &f, "kiem-tra")
                                                     : filing_back_path(cx, &f, f.f->sections_n),
                       .action = filing_kept_way(cx, rq, filing_path(cx, &f, "giay-to")),
                       .saved = filing_saved_words(cx, &f),
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
    TRY(filing_load(cx, rq, &f));
    remove_file(&f.d, web_form(rq, "bo"));
    TRY(add_uploads(cx, rq, &f));
    TRY(draft_save(cx, f.p->code, &f.d));
    rs->see_other = filing_kept_way(cx, rq, filing_path(cx, &f, "giay-to"));
    if (str_eq(next, S("tiep")))
        rs->see_other = filing_path(cx, &f, all_there(&f) ? "kiem-tra" : "giay-to?thieu=1");
    if (str_eq(next, S("luu"))) {
        rs->see_other = S("/ho-so");
        rs->toast = tr(cx, S(T("Đã lưu nháp. Bạn có thể làm tiếp bất cứ lúc nào.")));
    }
    return OK;
}
