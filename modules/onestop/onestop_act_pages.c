/* onestop_act_pages.c - one small page for each act that needs more than a press. */
#include "identity/identity.h"
#include "onestop_acts.h"
#include "onestop_inside.h"
#include "onestop_officer_views.h"
#include "onestop_queue.h"

static struct str shown_code(const struct dossier *d)
{
    return d->code.n ? d->code : d->request_code;
}

static struct str work_path(struct cx *cx, const struct dossier *d)
{
    return str_fmt(cx->arena, "/viec/%.*s", F(shown_code(d)));
}

static struct look_field_view *add(struct look_field_view *fields, size_t *n,
                                   struct look_field_view f)
{
    fields[*n] = f;
    return &fields[(*n)++];
}

static struct look_field_view area(struct cx *cx, struct web_req *rq, const char *name,
                                   const char *label, const char *hint)
{
    struct str wrong = web_error_of(rq, str_c(name));
    return (struct look_field_view){.kind = LOOK_AREA,
                                    .name = str_c(name),
                                    .label = tr(cx, str_c(label)),
                                    .hint = tr(cx, str_c(hint)),
                                    .value = web_form(rq, name),
                                    .wrong = wrong,
                                    .max = REASON_MAX};
}

static struct look_field_view line(struct cx *cx, struct web_req *rq, const char *name,
                                   const char *label, const char *hint)
{
    struct look_field_view f = area(cx, rq, name, label, hint);
    f.kind = LOOK_TEXT;
    f.max = 300;
    return f;
}

/* The components of the procedure as boxes, each with a line for what is missing. */
static void add_items(struct cx *cx, struct web_req *rq, const struct procedure *p,
                      struct look_field_view *fields, size_t *n)
{
    struct look_option *o = NEW_N(cx->arena, struct look_option, p->components_n);
    struct str chosen[64];
    size_t chosen_n = web_form_all(rq, "bo_sung", chosen, 64);
    for (size_t i = 0; i < p->components_n; i++) {
        o[i] = (struct look_option){p->components[i].code, p->components[i].name, S(""), false};
        for (size_t k = 0; k < chosen_n && k < 64; k++)
            o[i].on = o[i].on || str_eq(chosen[k], o[i].value);
    }
    add(fields, n,
        (struct look_field_view){.kind = LOOK_CHECKS,
                                 .name = S("bo_sung"),
                                 .label = tr(cx, S(T("Giấy tờ cần bổ sung"))),
                                 .wrong = web_error_of(rq, S("bo_sung")),
                                 .options = o,
                                 .options_n = p->components_n});
    for (size_t i = 0; i < p->components_n; i++) {
        struct str name = str_fmt(cx->arena, "noi_dung.%.*s", F(p->components[i].code));
        struct look_field_view f = line(cx, rq, name.p, "", "");
        f.label = str_fmt(cx->arena, "%.*s: %.*s", F(tr(cx, S(T("Cần sửa gì")))),
                          F(p->components[i].name));
        f.optional = true;
        add(fields, n, f);
    }
}

/* Who took the money: we, in cash, or somebody whose paper was seen. */
static void add_paid(struct cx *cx, struct web_req *rq, struct look_field_view *fields, size_t *n)
{
    struct look_option *o = NEW_N(cx->arena, struct look_option, 2);
    struct str way = web_form(rq, "cach_nop");
    o[0] = (struct look_option){S("tien_mat"), tr(cx, S(T("Tiền mặt tại quầy này"))), S(""),
                                str_eq(way, S("tien_mat"))};
    o[1] = (struct look_option){S("chung_tu"), tr(cx, S(T("Đã nộp nơi khác, có chứng từ"))), S(""),
                                str_eq(way, S("chung_tu"))};
    add(fields, n,
        (struct look_field_view){.kind = LOOK_RADIO,
                                 .name = S("cach_nop"),
                                 .label = tr(cx, S(T("Người nộp đã nộp tiền ở đâu"))),
                                 .wrong = web_error_of(rq, S("cach_nop")),
                                 .options = o,
                                 .options_n = 2});
    struct look_field_view f = line(cx, rq, "chung_tu", "Chứng từ đã xem",
                                    "Chỉ ghi khi đã nộp nơi khác. Ví dụ: giấy nộp tiền số 0012345");
    f.optional = true;
    add(fields, n, f);
}

static void add_fields(struct cx *cx, struct web_req *rq, const struct act *a,
                       const struct dossier *d, const struct procedure *p,
                       struct look_field_view *fields, size_t *n)
{
    if (a->fields & ACT_ITEMS)
        add_items(cx, rq, p, fields, n);
    if (a->fields & ACT_AMOUNT)
        add(fields, n, line(cx, rq, "so_tien", "Số tiền phải nộp (đồng)", "Ví dụ: 1.250.000"));
    if (a->fields & ACT_PAID)
        add_paid(cx, rq, fields, n);
    if (a->fields & ACT_OPINION) {
        struct look_field_view *f =
            add(fields, n, area(cx, rq, "y_kien", "Ý kiến", "Người làm bước sau đọc được."));
        f->optional = true;
    }
    if (a->fields & ACT_REASON)
        add(fields, n,
            area(cx, rq, "ly_do", "Lý do", "Người dân đọc được. Viết việc cần làm tiếp."));
    if (a->fields & ACT_BASIS)
        add(fields, n, line(cx, rq, "can_cu", "Căn cứ", "Ví dụ: khoản 2 Điều 16 Luật Hộ tịch"));
    if (a->fields & ACT_DATE) {
        struct look_field_view f = {.kind = LOOK_DATE,
                                    .name = S("ngay_hen"),
                                    .label = tr(cx, S(T("Ngày hẹn mới"))),
                                    .hint =
                                        str_fmt(cx->arena, "%.*s %.*s", F(tr(cx, S(T("Hẹn cũ:")))),
                                                F(time_long_vi(cx->arena, d->due_at))),
                                    .wrong = web_error_of(rq, S("ngay_hen")),
                                    .day = web_form(rq, "ngay_hen-ngay"),
                                    .month = web_form(rq, "ngay_hen-thang"),
                                    .year = web_form(rq, "ngay_hen-nam")};
        add(fields, n, f);
    }
    if (a->fields & ACT_HANDED) {
        struct look_field_view *f =
            add(fields, n, line(cx, rq, "nguoi_nhan", "Người nhận kết quả", ""));
        if (f->value.n == 0)
            f->value = d->submitter_name;
        add(fields, n,
            line(cx, rq, "giay_to", "Giấy tờ đã xem của người nhận",
                 "Ví dụ: thẻ căn cước; văn bản ủy quyền nếu nhận thay"));
    }
    if (a->fields & ACT_FORWARD) {
        struct look_option *tick = NEW(cx->arena, struct look_option);
        *tick = (struct look_option){.value = S("1"),
                                     .on = !web_again(rq) || web_form_has(rq, "chuyen_luon")};
        add(fields, n,
            (struct look_field_view){.kind = LOOK_CHECK,
                                     .name = S("chuyen_luon"),
                                     .label = tr(cx, S(T("Chuyển ngay đến nơi giải quyết"))),
                                     .options = tick,
                                     .options_n = 1});
    }
}

static enum err find(struct cx *cx, struct web_req *rq, const char *group, const struct act **a,
                     struct dossier *d)
{
    *a = onestop_act_of(str_c(group), web_path(rq, "viec"));
    if (!*a)
        return fail(cx, ERR_NOT_FOUND,
                    T("Không có việc này. Quay lại hồ sơ và chọn trong các việc có thể làm."));
    cx->purpose = S("Giải quyết hồ sơ thủ tục hành chính");
    return onestop_of_path(cx, rq, d);
}

static enum err say_owed(struct cx *cx, const struct dossier *d, struct onestop_act_view *v)
{
    struct obligation o;
    TRY(onestop_store_obligation(cx, d, &o));
    v->text = str_fmt(cx->arena, "%.*s: %.*s. %.*s %.*s", F(tr(cx, S(T("Số tiền")))),
                      F(look_money(cx, o.amount)), F(o.reason), F(v->text));
    return OK;
}

static enum err show(struct cx *cx, struct web_req *rq, struct web_res *rs, const char *group)
{
    const struct act *a;
    struct dossier d;
    const struct procedure *p;
    TRY(find(cx, rq, group, &a, &d));
    if (a->move && !web_again(rq))
        TRY(onestop_allowed(cx, &d, a->move));
    TRY(onestop_procedure(cx, &d, &p));
    struct look_field_view *fields = NEW_N(cx->arena, struct look_field_view, p->components_n + 10);
    size_t n = 0;
    struct str sentence = cx->why, about = cx->field;
    add_fields(cx, rq, a, &d, p, fields, &n);
    if (a->fields & ACT_CONSULT)
        TRY(onestop_consult_fields(cx, rq, &d, fields, &n));
    if (a->fields & ACT_CAUSE)
        TRY(onestop_cause_fields(cx, rq, &d, fields, &n));
    for (size_t i = 0; web_again(rq) && i < n; i++)
        if (about.n && str_eq(fields[i].name, about))
            fields[i].wrong = sentence;
    struct queue queue, next;
    onestop_queue_of(cx, rq, &queue);
    next = queue;
    TRY(onestop_queue_look(cx, &next, &d));
    struct onestop_act_view v = {
        .errors = onestop_errors(cx, rq),
        .back = onestop_queue_href(cx, &queue, work_path(cx, &d), S("")),
        .code = shown_code(&d),
        .procedure_name = d.procedure_name,
        .person = d.submitter_name,
        .acts = d.acts == ACTS_FOR_CHILD ? tr_fmt(cx, T("cho %.*s"), F(d.subject_name)) : S(""),
        .title = tr(cx, str_c(a->title)),
        .text = tr(cx, str_c(a->text)),
        .action = str_fmt(cx->arena, "%.*s/%s/%s", F(work_path(cx, &d)), a->group, a->path),
        .confirm = tr(cx, str_c(a->confirm)),
        .version = str_fmt(cx->arena, "%lld", (long long)d.version),
        .queue_view = queue.view,
        .queue_next = str_fmt(cx->arena, "%lld", (long long)next.wish),
        .danger = str_eq(str_c(a->kind), S("dq")),
        .fields = fields,
        .fields_n = n,
    };
    if (a->fields & ACT_PAID)
        TRY(say_owed(cx, &d, &v));
    if (a->move == 0)
        v.text = str_fmt(cx->arena, "%.*s: %.*s. %s", F(tr(cx, S(T("Số tiền")))),
                         F(look_money(cx, d.fee_dong)), tr(cx, str_c(a->text)).p);
    rs->title = v.title;
    onestop_act_html(&rs->body, &v);
    return OK;
}

enum err onestop_show_act_counter(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return show(cx, rq, rs, "mot-cua");
}

enum err onestop_show_act_process(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return show(cx, rq, rs, "xu-ly");
}

enum err onestop_show_act_sign(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return show(cx, rq, rs, "ky");
}

/* What was on the screen when the button was pressed must still be so. */
enum err onestop_same_version(struct cx *cx, struct web_req *rq, const struct dossier *d)
{
    int64_t seen;
    if (!str_int(web_form(rq, "phien_ban"), &seen))
        return fail(cx, ERR_INVALID,
                    T("Trang gửi lên thiếu phiên bản của hồ sơ. Tải lại trang hồ sơ rồi làm lại."));
    if (seen != d->version)
        return fail(
            cx, ERR_CONFLICT,
            T("Hồ sơ vừa được người khác cập nhật. Quay lại hồ sơ, xem thay đổi rồi làm tiếp."));
    return OK;
}

static enum err write(struct cx *cx, struct web_req *rq, struct web_res *rs, const char *group,
                      web_handler *draw)
{
    const struct act *a;
    struct dossier d;
    struct queue queue;
    web_on_refusal(rq, draw);
    TRY(find(cx, rq, group, &a, &d));
    onestop_queue_of(cx, rq, &queue);
    TRY(onestop_same_version(cx, rq, &d));
    rs->toast = tr(cx, str_c(a->done));
    TRY(a->write(cx, rq, &d, &rs->toast));
    rs->see_other = onestop_queue_href(cx, &queue, work_path(cx, &d), S(""));
    return OK;
}

enum err onestop_write_act_counter(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return write(cx, rq, rs, "mot-cua", onestop_show_act_counter);
}

enum err onestop_write_act_process(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return write(cx, rq, rs, "xu-ly", onestop_show_act_process);
}

enum err onestop_write_act_sign(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return write(cx, rq, rs, "ky", onestop_show_act_sign);
}
