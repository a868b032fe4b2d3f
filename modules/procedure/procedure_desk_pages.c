/* procedure_desk_pages.c - what officers see and decide about one procedure. */
#include "procedure_desk_pages.h"

#include "form/form.h"
#include "org/org.h"
#include "procedure_inside.h"
#include "procedure_lists.h"

static const struct {
    const char *kind, *title;
} kind_titles[] = {
    {"ttpvhcc_xa", "Trung tâm Phục vụ hành chính công cấp xã"},
    {"ttpvhcc_tinh", "Trung tâm Phục vụ hành chính công cấp tỉnh"},
    {"ubnd_xa", "Ủy ban nhân dân cấp xã"},
    {"ubnd_tinh", "Ủy ban nhân dân cấp tỉnh"},
    {"cong_an_xa", "Công an cấp xã"},
    {"so_tai_chinh", "Sở Tài chính"},
    {"so_noi_vu", "Sở Nội vụ"},
    {"so_tu_phap", "Sở Tư pháp"},
    {"so_xay_dung", "Sở Xây dựng"},
};

static struct str kind_title(struct cx *cx, struct str kind)
{
    struct org_unit u;
    size_t n;
    for (size_t i = 0; i < sizeof kind_titles / sizeof *kind_titles; i++)
        if (str_eq(kind, str_c(kind_titles[i].kind)))
            return tr(cx, str_c(kind_titles[i].title));
    return org_units_of_kind(cx, kind, 0, &u, 1, &n) == OK && n ? u.name : kind;
}

#define KINDS_MAX 100

/* Places of intake are centres; whatever else there is may decide. */
static enum err kind_field(struct cx *cx, struct web_req *rq, const char *name, struct str label,
                           bool centres, struct str now, struct look_field_view *out)
{
    struct str *kinds = NEW_N(cx->arena, struct str, KINDS_MAX);
    struct look_option *options = NEW_N(cx->arena, struct look_option, KINDS_MAX + 1);
    struct str chosen = web_again(rq) ? web_form(rq, name) : now;
    size_t n, k = 0;
    options[k++] = (struct look_option){.value = S(""), .label = tr(cx, S(T("Chọn")))};
    TRY(org_unit_kinds(cx, kinds, KINDS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        if (str_starts(kinds[i], S("ttpvhcc")) == centres)
            options[k++] = (struct look_option){.value = kinds[i],
                                                .label = kind_title(cx, kinds[i]),
                                                .on = str_eq(kinds[i], chosen)};
    *out = (struct look_field_view){.kind = LOOK_SELECT,
                                    .name = str_c(name),
                                    .label = tr(cx, label),
                                    .wrong = web_error_of(rq, str_c(name)),
                                    .options = options,
                                    .options_n = k};
    return OK;
}

static struct look_field_view choice(struct cx *cx, struct web_req *rq, const char *name,
                                     struct str label, const struct list_choice *from, size_t n,
                                     struct str now)
{
    struct look_option *options = NEW_N(cx->arena, struct look_option, n);
    struct str chosen = web_again(rq) ? web_form(rq, name) : now;
    for (size_t i = 0; i < n; i++)
        options[i] = (struct look_option){.value = from[i].value,
                                          .label = tr(cx, from[i].label),
                                          .on = str_eq(from[i].value, chosen)};
    return (struct look_field_view){.kind = LOOK_RADIO,
                                    .name = str_c(name),
                                    .label = tr(cx, label),
                                    .wrong = web_error_of(rq, str_c(name)),
                                    .options = options,
                                    .options_n = n};
}

static struct look_field_view text_field(struct cx *cx, struct web_req *rq, const char *name,
                                         struct str label, struct str hint, struct str now,
                                         bool optional)
{
    return (struct look_field_view){.kind = LOOK_TEXT,
                                    .name = str_c(name),
                                    .label = tr(cx, label),
                                    .hint = tr(cx, hint),
                                    .value = web_again(rq) ? web_form(rq, name) : now,
                                    .wrong = web_error_of(rq, str_c(name)),
                                    .optional = optional,
                                    .max = 500};
}

#define COUNT(a) (sizeof(a) / sizeof *(a))
static const struct list_choice level_choices[] = {{S("toan_trinh"), S("Toàn trình")},
                                                   {S("mot_phan"), S("Một phần")},
                                                   {S("khong_truc_tuyen"), S("Chỉ tại quầy")}};
static const struct list_choice mode_choices[] = {{S("ngay"), S("Theo ngày: hết ngày cuối")},
                                                  {S("gio"), S("Theo giờ: đúng giờ nhận")}};
static const struct list_choice resume_choices[] = {
    {S("reset"), S("Tính lại từ đầu khi bổ sung đủ")},
    {S("continue"), S("Tính tiếp phần còn lại")}};
static const struct list_choice unit_choices[] = {{S("ngay_lam_viec"), S("Ngày làm việc")},
                                                  {S("ngay"), S("Ngày")},
                                                  {S("gio"), S("Giờ làm việc")},
                                                  {S("thang"), S("Tháng")},
                                                  {S("nam"), S("Năm")},
                                                  {S("trong_ngay"), S("Trong ngày")}};

static void set_term_fields(struct cx *cx, struct web_req *rq, struct procedure_desk_view *v)
{
    v->number = text_field(cx, rq, "so", S(T("Số")),
                           S(T("ví dụ 5 hoặc 2,5; trong ngày thì để trống")), S(""), true);
    v->number.width = S("4");
    v->unit = choice(cx, rq, "don_vi", S(T("Đơn vị")), unit_choices, COUNT(unit_choices),
                     S("ngay_lam_viec"));
    v->cutoff =
        text_field(cx, rq, "gio", S(T("Nhận sau giờ nào thì tính từ ngày làm việc kế tiếp")),
                   S(T("ví dụ 15:00")), S(""), true);
    v->cutoff.width = S("8");
    v->basis = text_field(cx, rq, "can_cu", S(T("Căn cứ")),
                          S(T("văn bản, điều, khoản quy định thời hạn này")), S(""), false);
}

#define FORMS_MAX 400

/* Every form there is, by its title; the first is the one that takes any procedure. */
static enum err form_field_of_all(struct cx *cx, struct web_req *rq, struct str now,
                                  struct look_field_view *out)
{
    struct str *codes = NEW_N(cx->arena, struct str, FORMS_MAX);
    struct list_choice *choices = NEW_N(cx->arena, struct list_choice, FORMS_MAX + 1);
    size_t codes_n, n = 0;
    choices[n++] = (struct list_choice){S(""), S(T("Tờ khai chung, nhận được mọi thủ tục"))};
    TRY(form_codes(cx, codes, FORMS_MAX, &codes_n));
    for (size_t i = 0; i < codes_n; i++) {
        const struct form *f;
        if (str_eq(codes[i], S(PROCEDURE_GENERAL_FORM)))
            continue;
        TRY(form_find(cx, codes[i], &f));
        choices[n++] = (struct list_choice){
            codes[i], str_fmt(cx->arena, "%.*s (%.*s)", F(tr(cx, f->title)), F(codes[i]))};
    }
    *out = choice(cx, rq, "bieu_mau", S(T("Biểu mẫu của thủ tục")), choices, n, now);
    out->kind = LOOK_SELECT;
    return OK;
}

static enum err set_open_fields(struct cx *cx, struct web_req *rq, const struct procedure *p,
                                struct procedure_desk_view *v)
{
    struct term_row terms[PROCEDURE_TERMS_MAX];
    size_t n = procedure_terms(cx, p, terms);
    struct list_choice *choices = NEW_N(cx->arena, struct list_choice, n + 1);
    struct str now = S("");
    for (size_t i = 0; i < n; i++) {
        choices[i] = (struct list_choice){str_fmt(cx->arena, "%zu", i),
                                          str_fmt(cx->arena, "%.*s (%.*s)",
                                                  F(procedure_term_said(cx, terms[i].words)),
                                                  F(tr(cx, terms[i].basis)))};
        if (n == 1 || (p->open && procedure_unit_of(terms[i].unit) == p->term.unit &&
                       terms[i].n_half == p->term.n_half))
            now = choices[i].value;
    }
    v->level = choice(cx, rq, "muc_do", S(T("Mức độ trực tuyến")), level_choices,
                      COUNT(level_choices), p->level);
    v->reason = text_field(cx, rq, "ly_do", S(T("Vì sao chưa toàn trình")),
                           S(T("Chỉ khi chọn một phần; điều này được công khai")), S(""), true);
    TRY(kind_field(cx, rq, "noi_nhan", S(T("Nơi tiếp nhận")), true, p->intake_kind, &v->intake));
    TRY(kind_field(cx, rq, "noi_giai_quyet", S(T("Nơi giải quyết")), false, p->deciding_kind,
                   &v->deciding));
    v->term = choice(cx, rq, "thoi_han", S(T("Thời hạn")), choices, n, now);
    v->mode = choice(cx, rq, "cach_tinh", S(T("Quá hạn tính")), mode_choices, COUNT(mode_choices),
                     p->open && p->due_mode == TERM_BY_HOUR ? S("gio") : S("ngay"));
    v->resume = choice(cx, rq, "bo_sung", S(T("Khi yêu cầu bổ sung")), resume_choices,
                       COUNT(resume_choices),
                       p->open && p->resume == RESUME_CONTINUE ? S("continue") : S("reset"));
    TRY(form_field_of_all(
        cx, rq, str_eq(p->form_code, S(PROCEDURE_GENERAL_FORM)) ? S("") : p->form_code, &v->form));
    v->fee_name = text_field(cx, rq, "ten_phi", S(T("Tên lệ phí")),
                             S(T("Để trống cả ba ô: giữ như đang có")), S(""), true);
    v->fee = text_field(cx, rq, "tien", S(T("Số tiền")), S(""), S(""), true);
    v->fee.kind = LOOK_MONEY;
    v->fee.unit = S("đồng");
    v->fee_basis = text_field(cx, rq, "can_cu_phi", S(T("Căn cứ thu")),
                              S(T("nghị quyết của Hội đồng nhân dân, thông tư")), S(""), true);
    v->from = text_field(cx, rq, "tu_ngay", S(T("Từ ngày")),
                         S(T("ngày/tháng/năm; để trống: hôm nay")), S(""), true);
    v->from.width = S("12");
    v->close_reason = text_field(cx, rq, "ly_do_dong", S(T("Vì sao đóng")), S(""), S(""), false);
    v->save = (struct look_button_view){
        .label = tr(cx, p->open ? S(T("Lưu thay đổi")) : S(T("Mở tiếp nhận")))};
    v->can_close = p->open;
    return OK;
}

/* Terms that the online services of the same procedure state. */
static void set_hints(struct cx *cx, const struct procedure *p, struct procedure_desk_view *v)
{
    const struct json *services = json_get(p->record, S("services"));
    struct procedure_term_hint *hints =
        NEW_N(cx->arena, struct procedure_term_hint, services->n + 1);
    for (uint32_t i = 0; i < services->n && v->hints_n < 10; i++) {
        const struct json *s = json_at(services, i);
        struct term_row t;
        struct procedure_term_hint h = {
            .number = str_fmt(cx->arena, "%lld", (long long)json_int(json_get(s, S("n")), 0)),
            .unit = json_text(json_get(s, S("unit"))),
            .basis = text_cut(cx->arena,
                              tr_fmt(cx, T("Dịch vụ công %.*s: %.*s"),
                                     F(json_text(json_get(s, S("code")))),
                                     F(json_text(json_get(s, S("name"))))),
                              300),
        };
        if (procedure_term_read(cx, &(struct term_typed){h.number, h.unit, S(""), h.basis}, &t) !=
            OK)
            continue;
        h.words = procedure_term_said(cx, t.words);
        hints[v->hints_n++] = h;
    }
    v->hints = hints;
}

static enum err set_term(struct cx *cx, const struct procedure *p, struct procedure_desk_view *v)
{
    struct term_row t;
    v->channels = procedure_channels(cx, p, S(""), &v->channels_n);
    enum err e = procedure_store_term(cx, p->id, &t);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK) {
        v->settled = procedure_term_said(cx, t.words);
        v->settled_basis = t.basis;
        v->settled_at = time_vi(cx->arena, t.at);
    } else if (p->open && procedure_has_free_term(p)) {
        v->in_words = (struct look_note_view){
            .kind = S("info"),
            .icon = S("info"),
            .title = tr_fmt(cx, T("Đang nhận hồ sơ với thời hạn: %.*s"),
                            F(procedure_term_said(cx, p->term_words))),
            .text = S("Muốn đổi thì xác định thời hạn ở dưới rồi mở lại."),
        };
    } else if (procedure_has_free_term(p)) {
        v->in_words = (struct look_note_view){
            .kind = S("warn"),
            .icon = S("tri"),
            .title = S("Thời hạn ghi bằng lời, máy không đếm được"),
            .text = S(
                "Đọc văn bản gốc, rồi ghi thời hạn bằng số. Chưa ghi thì chưa mở tiếp nhận được."),
        };
        v->open_term = true;
        set_hints(cx, p, v);
    }
    return OK;
}

static const struct look_column version_columns[] = {
    {.title = S("Có hiệu lực từ")},
    {.title = S("Tên"), .css = S("c-title flex-cell")},
    {.title = S("Mã kiểm"), .css = S("code c-break")},
};

static enum err set_versions(struct cx *cx, const struct procedure *p,
                             struct procedure_desk_view *v)
{
    struct version_row rows[20];
    size_t n;
    TRY(procedure_store_versions(cx, p->id, rows, 20, &n));
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n);
    for (size_t i = 0; i < n; i++) {
        struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 3);
        cells[0].text = date_vi(cx->arena, rows[i].valid_from);
        cells[1].text = rows[i].name;
        cells[2].text = str_until(rows[i].sha256, 16);
        lines[i] = (struct look_line){.cells = cells, .cells_n = 3};
    }
    v->versions = (struct look_table_view){.caption = tr(cx, S(T("Các bản"))),
                                           .columns = version_columns,
                                           .columns_n = 3,
                                           .lines = lines,
                                           .lines_n = n};
    return OK;
}

static enum err set_proof(struct cx *cx, struct web_req *rq, const struct procedure *p,
                          struct procedure_desk_view *v)
{
    struct proof_row proof;
    v->against = text_field(cx, rq, "van_ban", S(T("Đã đọc cùng văn bản nào")),
                            S(T("số, ký hiệu, cách nhau dấu phẩy: 123/2015/NĐ-CP, 04/2020/TT-BTP")),
                            S(""), false);
    if (!p->proofread)
        return OK;
    enum err e = procedure_store_proof(cx, p->version_id, &proof);
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    v->read_words = e == OK ? tr_fmt(cx, T("Đã đối chiếu lúc %.*s với %.*s"),
                                     F(time_vi(cx->arena, proof.at)), F(proof.basis))
                            : tr(cx, S(T("Đã đối chiếu khi đóng gói dữ liệu.")));
    return OK;
}

enum err procedure_show_desk(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct str why = cx->why, field = cx->field; /* of the refusal that is drawn again */
    struct procedure *p;
    TRY(procedure_newest(cx, web_path(rq, "code"), &p));
    cx->why = why;
    cx->field = field;
    struct procedure_desk_view v = {
        .code = p->code,
        .name = p->name,
        .version = str_fmt(cx->arena, "%lld", (long long)p->version_id),
        .state = procedure_state_badge(cx, p->ended, p->open ? p->open_from : 0),
        .proof = procedure_proof_badge(p->proofread),
        .errors = look_errors_of(cx, rq),
        .open_term = web_again(rq),
        .again = web_again(rq),
        .open_title = tr(cx, p->open ? S(T("Đang mở tiếp nhận")) : S(T("Mở tiếp nhận"))),
    };
    set_term_fields(cx, rq, &v);
    TRY(set_term(cx, p, &v));
    TRY(set_open_fields(cx, rq, p, &v));
    TRY(set_proof(cx, rq, p, &v));
    TRY(set_versions(cx, p, &v));
    if (p->ended)
        v.no_open = (struct look_note_view){
            .kind = S("info"),
            .icon = S("info"),
            .title = S("Danh mục quốc gia không còn thủ tục này"),
            .text = S("Hồ sơ đã nhận vẫn được giải quyết. Không mở tiếp nhận mới.")};
    else if (v.term.options_n == 0 && p->open)
        v.no_open = (struct look_note_view){.kind = S("info"),
                                            .icon = S("info"),
                                            .title = S("Xác định thời hạn trước, rồi mở lại")};
    else if (v.term.options_n == 0)
        v.no_open = (struct look_note_view){
            .kind = S("warn"), .icon = S("tri"), .title = S("Xác định thời hạn trước, rồi mở")};
    rs->title = p->name;
    procedure_desk_html(&rs->body, &v);
    return OK;
}

/* ---- acts ---- */

static enum err back_to(struct cx *cx, struct web_req *rq, struct web_res *rs, struct str toast)
{
    rs->see_other = str_fmt(cx->arena, "/quan-tri/thu-tuc/%.*s", F(web_path(rq, "code")));
    rs->toast = tr(cx, toast);
    return OK;
}

enum err procedure_check_act(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    (void)rs;
    web_on_refusal(rq, procedure_show_desk);
    return OK;
}

enum err procedure_write_term(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct term_row t;
    const struct term_typed typed = {web_form(rq, "so"), web_form(rq, "don_vi"),
                                     web_form(rq, "gio"), web_form(rq, "can_cu")};
    TRY(procedure_term_read(cx, &typed, &t));
    TRY(procedure_settle(cx, web_path(rq, "code"), &t));
    return back_to(cx, rq, rs, S(T("Đã ghi thời hạn.")));
}

enum err procedure_write_read(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t version;
    if (!str_int(web_form(rq, "ban"), &version))
        version = 0;
    TRY(procedure_mark_read(cx, web_path(rq, "code"), version, web_form(rq, "van_ban")));
    return back_to(cx, rq, rs, S(T("Đã đánh dấu đối chiếu.")));
}

/* "01/12/2026", or today. */
static enum err day_typed(struct cx *cx, struct str s, int64_t *day)
{
    struct str d, m, y, rest;
    int64_t date, month, year;
    *day = day_of(cx->now);
    if (s.n == 0)
        return OK;
    if (!str_cut(s, '/', &d, &rest) || !str_cut(rest, '/', &m, &y) || !str_int(d, &date) ||
        !str_int(m, &month) || !str_int(y, &year) || year > 9999 || month > 12 || date > 31 ||
        !civil_valid((int)year, (int)month, (int)date))
        return fail_field(cx, ERR_INVALID, S("tu_ngay"),
                          T("Từ ngày phải có dạng ngày/tháng/năm, ví dụ 01/12/2026."));
    *day = civil_day((int)year, (int)month, (int)date);
    if (*day < day_of(cx->now))
        return fail_field(cx, ERR_INVALID, S("tu_ngay"), T("Chỉ mở từ hôm nay trở đi."));
    return OK;
}

static enum err money_typed(struct cx *cx, struct web_req *rq, int64_t *dong)
{
    struct buf digits = {.arena = cx->arena, .limit = 40};
    struct str typed = web_form(rq, "tien");
    *dong = -1;
    if (typed.n == 0 && web_form(rq, "ten_phi").n == 0)
        return OK;
    for (size_t i = 0; i < typed.n; i++)
        if (typed.p[i] != '.' && typed.p[i] != ' ')
            buf_byte(&digits, typed.p[i]);
    if (!str_int(buf_str(&digits), dong) || *dong < 0 || *dong > INT64_C(100000000000))
        return fail_field(cx, ERR_INVALID, S("tien"), T("Số tiền là số đồng, ví dụ 75.000."));
    return OK;
}

enum err procedure_write_open(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct opening_act act = {
        .level = web_form(rq, "muc_do"),
        .level_reason = web_form(rq, "ly_do"),
        .intake_kind = web_form(rq, "noi_nhan"),
        .deciding_kind = web_form(rq, "noi_giai_quyet"),
        .form = web_form(rq, "bieu_mau"),
        .due_mode = str_eq(web_form(rq, "cach_tinh"), S("gio")) ? S("gio") : S("ngay"),
        .resume = str_eq(web_form(rq, "bo_sung"), S("continue")) ? S("continue") : S("reset"),
        .fee_name = web_form(rq, "ten_phi"),
        .fee_basis = web_form(rq, "can_cu_phi"),
        .term = -1,
    };
    if (!str_int(web_form(rq, "thoi_han"), &act.term))
        act.term = -1;
    TRY(day_typed(cx, web_form(rq, "tu_ngay"), &act.from_day));
    TRY(money_typed(cx, rq, &act.fee_dong));
    TRY(procedure_open_as(cx, web_path(rq, "code"), &act));
    return back_to(cx, rq, rs, S(T("Đã lưu. Hồ sơ nhận từ nay theo bản này.")));
}

enum err procedure_write_close(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    TRY(procedure_close(cx, web_path(rq, "code"), web_form(rq, "ly_do_dong")));
    return back_to(cx, rq, rs, S(T("Đã đóng tiếp nhận.")));
}
