/* onestop_consult_ask_pages.c - the act that asks another agency: whom, typed and found without a
 * script; until when, about what, with which papers. */
#include "onestop_acts.h"
#include "onestop_desk_work.h"
#include "org/org.h"

#define CANDIDATES_MAX 7 /* radios: more would become a select, with one preselected */
#define FOUND_MAX 400

/* ---- whom ---- */

struct candidates {
    struct org_unit units[CANDIDATES_MAX];
    size_t n, total;
};

static struct str root_of(struct str path)
{
    size_t end = 1;
    while (end < path.n && path.p[end] != '/')
        end++;
    return str_until(path, end < path.n ? end + 1 : path.n);
}

/* Of the whole province; service centres take in and give back, they are not asked. */
static enum err candidates_of(struct cx *cx, const struct dossier *d, struct str words,
                              struct candidates *out)
{
    struct org_unit *all = NEW_N(cx->arena, struct org_unit, FOUND_MAX);
    size_t n;
    *out = (struct candidates){0};
    TRY(org_unit_search(cx, words, root_of(d->competent_path), all, FOUND_MAX, &n, &out->total));
    for (size_t i = 0; i < n; i++) {
        if (all[i].id == d->competent_unit || str_starts(all[i].kind, S("ttpvhcc")))
            out->total--;
        else if (out->n < CANDIDATES_MAX)
            out->units[out->n++] = all[i];
    }
    return OK;
}

static bool is_named(struct cx *cx, const struct org_unit *u, struct str words)
{
    struct str folded = text_fold(cx->arena, words);
    return str_eq(text_fold(cx->arena, u->name), folded) ||
           str_eq(text_fold(cx->arena, u->short_name), folded) ||
           str_eq(text_fold(cx->arena, u->code), folded);
}

/* The one that was chosen among those shown for these words; else the only one, or the only one of
 * that very name. */
static enum err chosen_unit(struct cx *cx, struct web_req *rq, const struct dossier *d,
                            int64_t *unit)
{
    struct str words = web_form(rq, "co_quan");
    struct candidates *c = NEW(cx->arena, struct candidates);
    int64_t picked = 0;
    *unit = 0;
    if (words.n == 0)
        return fail_field(cx, ERR_INVALID, S("co_quan"), T("Gõ tên hoặc mã cơ quan cần hỏi."));
    TRY(candidates_of(cx, d, words, c));
    if (c->n == 0)
        return fail_field(cx, ERR_INVALID, S("co_quan"),
                          T("Không có cơ quan nào khớp. Gõ ít chữ hơn, không cần dấu."));
    const bool same = str_eq(words, web_form(rq, "co_quan_chu"));
    if (same && str_int(web_form(rq, "chon_co_quan"), &picked))
        for (size_t i = 0; i < c->n; i++)
            if (c->units[i].id == picked)
                *unit = picked;
    if (*unit)
        return OK;
    if (c->n == 1 || (is_named(cx, &c->units[0], words) && !is_named(cx, &c->units[1], words))) {
        *unit = c->units[0].id;
        return OK;
    }
    return fail_field(cx, ERR_INVALID, S("chon_co_quan"), T("Có %zu cơ quan khớp. Chọn một."),
                      c->total);
}

static enum err add_unit(struct cx *cx, struct web_req *rq, const struct dossier *d,
                         struct look_field_view *fields, size_t *n)
{
    struct str words = web_form(rq, "co_quan");
    struct candidates *c = NEW(cx->arena, struct candidates);
    fields[(*n)++] =
        (struct look_field_view){.kind = LOOK_HIDDEN, .name = S("co_quan_chu"), .value = words};
    fields[(*n)++] = (struct look_field_view){
        .kind = LOOK_TEXT,
        .name = S("co_quan"),
        .label = tr(cx, S(T("Cơ quan được hỏi"))),
        .hint = tr(cx, S(T("Gõ vài chữ của tên hoặc mã, không cần dấu. Ví dụ: cong an ky lua."))),
        .value = words,
        .max = 200};
    TRY(candidates_of(cx, d, words, c));
    if (c->n == 0)
        return OK;
    struct look_option *o = NEW_N(cx->arena, struct look_option, c->n);
    for (size_t i = 0; i < c->n; i++) {
        struct str id = str_fmt(cx->arena, "%lld", (long long)c->units[i].id);
        o[i] = (struct look_option){id, c->units[i].name, c->units[i].code,
                                    c->n == 1 || str_eq(web_form(rq, "chon_co_quan"), id)};
    }
    fields[(*n)++] = (struct look_field_view){
        .kind = LOOK_RADIO,
        .name = S("chon_co_quan"),
        .label = tr(cx, S(T("Cơ quan khớp"))),
        .hint = c->total > c->n
                    ? tr_fmt(cx, T("Còn %zu cơ quan khác, gõ thêm chữ."), c->total - c->n)
                    : S(""),
        .options = o,
        .options_n = c->n};
    return OK;
}

/* ---- the rest ---- */

static enum err add_papers(struct cx *cx, struct web_req *rq, const struct dossier *d,
                           struct look_field_view *fields, size_t *n)
{
    struct paper_row *rows = NEW_N(cx->arena, struct paper_row, PAPERS_MAX);
    struct look_option *o = NEW_N(cx->arena, struct look_option, PAPERS_MAX);
    struct str chosen[PAPERS_MAX];
    size_t rows_n, o_n = 0, chosen_n = web_form_all(rq, "giay_kem", chosen, PAPERS_MAX);
    TRY(onestop_store_papers(cx, d->id, rows, PAPERS_MAX, &rows_n));
    for (size_t i = 0; i < rows_n; i++) {
        if (!rows[i].file)
            continue;
        struct str id = str_fmt(cx->arena, "%lld", (long long)rows[i].id);
        o[o_n] = (struct look_option){id, rows[i].name, S(""), false};
        for (size_t k = 0; k < chosen_n && k < PAPERS_MAX; k++)
            o[o_n].on = o[o_n].on || str_eq(chosen[k], id);
        o_n++;
    }
    if (o_n)
        fields[(*n)++] = (struct look_field_view){
            .kind = LOOK_CHECKS,
            .name = S("giay_kem"),
            .label = tr(cx, S(T("Giấy tờ gửi kèm"))),
            .hint =
                tr(cx, S(T("Cơ quan được hỏi chỉ thấy câu hỏi và các giấy tờ bạn chọn ở đây."))),
            .optional = true,
            .options = o,
            .options_n = o_n};
    return OK;
}

enum err onestop_consult_fields(struct cx *cx, struct web_req *rq, const struct dossier *d,
                                struct look_field_view *fields, size_t *n)
{
    TRY(add_unit(cx, rq, d, fields, n));
    fields[(*n)++] = (struct look_field_view){
        .kind = LOOK_NUMBER,
        .name = S("so_ngay"),
        .label = tr(cx, S(T("Trả lời trong"))),
        .hint =
            tr(cx, S(T("Ngày làm việc. Hết hạn mà chưa trả lời, thời hạn của hồ sơ vẫn chạy."))),
        .value = web_form(rq, "so_ngay").n ? web_form(rq, "so_ngay") : S("3"),
        .width = S("4"),
        .unit = tr(cx, S(T("ngày")))};
    fields[(*n)++] = (struct look_field_view){.kind = LOOK_AREA,
                                              .name = S("noi_dung_hoi"),
                                              .label = tr(cx, S(T("Nội dung xin ý kiến"))),
                                              .value = web_form(rq, "noi_dung_hoi"),
                                              .max = REASON_MAX};
    return add_papers(cx, rq, d, fields, n);
}

enum err onestop_act_consult(struct cx *cx, struct web_req *rq, struct dossier *d,
                             struct str *toast)
{
    struct str boxes[CONSULT_PAPERS_MAX];
    int64_t papers[CONSULT_PAPERS_MAX], days = 0;
    struct consult_new q = {.question = web_form(rq, "noi_dung_hoi"), .papers = papers};
    struct consult c;
    size_t n = web_form_all(rq, "giay_kem", boxes, CONSULT_PAPERS_MAX);
    for (size_t i = 0; i < n && i < CONSULT_PAPERS_MAX; i++)
        if (str_int(boxes[i], &papers[q.papers_n]))
            q.papers_n++;
    if (str_int(web_form(rq, "so_ngay"), &days) && days > 0 && days < 1000)
        q.days = (int)days;
    TRY(chosen_unit(cx, rq, d, &q.unit));
    TRY(onestop_consult_ask(cx, d, &q, &c));
    *toast = tr_fmt(cx, T("Đã gửi. Hạn trả lời %.*s."), F(time_long(cx, c.due_at)));
    return OK;
}
