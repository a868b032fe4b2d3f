/* onestop_intake.c - what the counter does: accept, refuse, ask, take the fee, hand over, return.
 */
#include "identity/identity.h"
#include "job/job.h"
#include "journal/journal.h"
#include "onestop_ledger.h"
#include "org/org.h"

/* ---- accepting ---- */

/* "H37.114-261109-0007": the issuing unit, the day of reception, the number of that day (section
 * 4; TT 01/2018 art. 19). A single rule of Bộ Công an is due: then this becomes data. */
static enum err next_code(struct cx *cx, const struct dossier *d, struct str *code)
{
    struct org_unit u;
    int64_t n;
    struct civil c = civil_at(cx->now);
    TRY(org_unit_find(cx, d->receiving_unit, &u));
    struct str day = str_fmt(cx->arena, "%02d%02d%02d", c.year % 100, c.month, c.day);
    TRY(onestop_store_next(cx, d->receiving_unit, S("HS"), day, &n));
    if (n > 999999)
        return fail(cx, ERR_LIMIT, T("Đã hết số hồ sơ của ngày hôm nay. Báo phòng kỹ thuật."));
    *code = str_fmt(cx->arena, "%.*s-%.*s-%04lld", F(u.dossier_code), F(day), (long long)n);
    return OK;
}

/* Rule 2 of section 8.1: taken in outside its own area, the clock starts at the competent unit. */
static enum err same_area(struct cx *cx, const struct dossier *d, bool *same)
{
    struct org_unit receiving, competent;
    TRY(org_unit_find(cx, d->receiving_unit, &receiving));
    TRY(org_unit_find(cx, d->competent_unit, &competent));
    *same = receiving.area == competent.area;
    return OK;
}

static struct str note_json(struct cx *cx, struct str note)
{
    struct buf b = {.arena = cx->arena, .limit = 32768};
    struct json_out o = {.to = &b};
    if (note.n == 0)
        return S("");
    json_open_object(&o);
    json_str(&o, S("note"), note);
    json_close_object(&o);
    return buf_str(&b);
}

enum err onestop_accept(struct cx *cx, struct dossier *d, struct str note)
{
    TRY(onestop_allowed(cx, d, MOVE_ACCEPT));
    if (utf8_count(note) > REASON_MAX)
        return fail_field(cx, ERR_LIMIT, S("ghi_chu"),
                          T("Ghi chú dài quá %d ký tự. Viết ngắn lại."), REASON_MAX);
    TRY(next_code(cx, d, &d->code));
    TRY(onestop_store_ledger_add(cx, d));
    d->accepted_at = cx->now;
    d->clock_from = cx->now; /* shown from here; counted anew at hand-over when the area differs */
    TRY(onestop_recount(cx, d));
    d->original_due_at = d->due_at;
    if (d->channel == CHANNEL_ONLINE) /* at the counter both sign on paper */
        TRY(onestop_issue_form(cx, d, 1, 0));
    TRY(onestop_moved(
        cx, d, MOVE_ACCEPT,
        &(struct moved){.kind = "onestop.dossier.accepted",
                        .note = tr_keep(cx->arena, T("Đã tiếp nhận, mã hồ sơ %.*s"), F(d->code)),
                        .payload = note_json(cx, note)}));
    return onestop_tell(cx, d, S("Hồ sơ đã được tiếp nhận"),
                        tr_keep(cx->arena, T("Mã hồ sơ %.*s. Hẹn trả %.*s."), F(d->code),
                                F(time_long_vi(cx->arena, d->due_shown_at))));
}

enum err onestop_hand_over(struct cx *cx, struct dossier *d)
{
    TRY(onestop_allowed(cx, d, MOVE_HAND_OVER));
    bool same;
    TRY(same_area(cx, d, &same));
    if (!same) {
        d->clock_from = cx->now;
        TRY(onestop_recount(cx, d));
        d->original_due_at = d->due_at;
    }
    struct org_unit u;
    TRY(onestop_enter_step(cx, d, 0));
    TRY(org_unit_find(cx, d->unit, &u));
    d->assignee = 0;
    return onestop_moved(
        cx, d, MOVE_HAND_OVER,
        &(struct moved){.kind = "onestop.dossier.handed_over",
                        .note = tr_keep(cx->arena, T("Đã chuyển đến %.*s"), F(u.name))});
}

/* ---- refusing ---- */

enum err onestop_refuse(struct cx *cx, struct dossier *d, struct str reason, struct str basis)
{
    TRY(onestop_allowed(cx, d, MOVE_REFUSE));
    TRY(onestop_reason(cx, reason));
    TRY(onestop_basis(cx, basis, T("Nhập căn cứ từ chối, ví dụ khoản 2 Điều 16 Luật Hộ tịch.")));
    struct decision x = {.kind = S("tu_choi"), .reason = reason, .basis = basis};
    TRY(onestop_form_number(cx, d->receiving_unit, "TCTN", &x.no));
    TRY(onestop_store_decision_add(cx, d, &x));
    TRY(onestop_issue_form(cx, d, 3, x.id));
    TRY(onestop_moved(
        cx, d, MOVE_REFUSE,
        &(struct moved){.kind = "onestop.dossier.refused",
                        .note = tr_keep(cx->arena, T("Không tiếp nhận, phiếu số %.*s"), F(x.no))}));
    return onestop_tell(cx, d, S("Hồ sơ không được tiếp nhận"),
                        S("Xem lý do và việc có thể làm trên trang hồ sơ."));
}

/* ---- asking for a supplement: before acceptance by the counter, later by the deciding unit ----
 */

static bool is_component(const struct procedure *p, struct str code)
{
    for (size_t i = 0; i < p->components_n; i++)
        if (str_eq(p->components[i].code, code))
            return true;
    return false;
}

static enum err items_json(struct cx *cx, const struct procedure *p,
                           const struct supplement_item *items, size_t n, struct str *out)
{
    struct buf b = {.arena = cx->arena, .limit = 32768};
    struct json_out o = {.to = &b};
    json_open_array(&o);
    for (size_t i = 0; i < n; i++) {
        if (!is_component(p, items[i].component))
            return fail_field(
                cx, ERR_INVALID, S("bo_sung"),
                T("Thủ tục này không có thành phần hồ sơ đó. Tải lại trang rồi chọn lại."));
        if (utf8_count(items[i].what) > REASON_MAX)
            return fail(cx, ERR_LIMIT, T("Nội dung cần bổ sung dài quá %d ký tự. Viết ngắn lại."),
                        REASON_MAX);
        json_open_object(&o);
        json_str(&o, S("component"), items[i].component);
        json_str(&o, S("what"), items[i].what);
        json_close_object(&o);
    }
    json_close_array(&o);
    *out = buf_str(&b);
    return b.full ? fail(cx, ERR_LIMIT, T("Danh sách bổ sung dài quá. Viết ngắn lại.")) : OK;
}

/* The person has this many working days, to the end of the last. */
static enum err answer_by(struct cx *cx, const struct dossier *d, const struct procedure *p,
                          int64_t *at)
{
    struct calendar *c;
    struct term t = {TERM_WORKING_DAYS, 2 * (int64_t)p->supplement_days, 0};
    TRY(calendar_load(cx, d->receiving_unit, day_of(cx->now),
                      day_of(cx->now) + 3 * p->supplement_days + 60, &c));
    return calendar_due(cx, c, cx->now, &t, TERM_BY_DAY, NULL, 0, RESUME_RESET, at);
}

static enum err stop_clock(struct cx *cx, struct dossier *d, struct str no)
{
    TRY(onestop_store_pause_open(cx, d->id, S("bo_sung"), no));
    return onestop_hand_to(cx, d,
                           d->receiving_unit); /* the person answers at the counter or online */
}

enum err onestop_ask(struct cx *cx, struct dossier *d, struct str reason,
                     const struct supplement_item *items, size_t n)
{
    enum dossier_move m = d->state == DOSSIER_WAITING ? MOVE_ASK_FIRST : MOVE_ASK;
    const struct procedure *p;
    int64_t by, id;
    struct str no, list;
    TRY(onestop_allowed(cx, d, m));
    TRY(onestop_not_signing(cx, d, T("yêu cầu bổ sung")));
    TRY(onestop_reason(cx, reason));
    if (n == 0)
        return fail_field(cx, ERR_INVALID, S("bo_sung"),
                          T("Chọn giấy tờ cần bổ sung. Nêu đủ một lần."));
    TRY(onestop_procedure(cx, d, &p));
    TRY(items_json(cx, p, items, n, &list));
    TRY(answer_by(cx, d, p, &by));
    TRY(onestop_form_number(cx, d->unit, "HDHS", &no));
    TRY(onestop_store_supplement_add(cx, d, no, reason, list, by, &id));
    TRY(onestop_issue_form(cx, d, 2, id));
    if (m == MOVE_ASK)
        TRY(stop_clock(cx, d, no));
    else
        TRY(job_add(cx, "onestop.expire", str_fmt(cx->arena, "%lld", (long long)id), S(""),
                    str_fmt(cx->arena, "{\"dossier\":%lld,\"supplement\":%lld}", (long long)d->id,
                            (long long)id),
                    by));
    TRY(onestop_moved(
        cx, d, m,
        &(struct moved){.kind = "onestop.dossier.supplement_asked",
                        .note = tr_keep(cx->arena, T("Yêu cầu bổ sung, phiếu số %.*s"), F(no))}));
    return onestop_tell(cx, d, S("Bạn cần bổ sung giấy tờ"),
                        tr_keep(cx->arena,
                                T("Bổ sung trước %.*s. Mở trang hồ sơ để xem cần thêm gì."),
                                F(time_long_vi(cx->arena, by))));
}

/* ---- the fee ---- */

static enum err charge_lines(struct cx *cx, const struct dossier *d, struct str *lines)
{
    const struct procedure *p;
    struct procedure_charge charges[16];
    struct json_error error;
    const struct json *form;
    struct str data;
    size_t n;
    int64_t total;
    TRY(onestop_procedure(cx, d, &p));
    TRY(onestop_store_form(cx, d, &data));
    if (json_read(cx->arena, data, &form, &error) != OK)
        return fail(cx, ERR_IO, "onestop_form %lld: %s", (long long)d->id, error.what);
    TRY(procedure_charges(cx, p, form, charges, 16, &n, &total));
    struct buf b = {.arena = cx->arena, .limit = 16384};
    struct json_out o = {.to = &b};
    json_open_array(&o);
    for (size_t i = 0; i < n; i++) {
        json_open_object(&o);
        json_str(&o, S("code"), charges[i].code);
        json_str(&o, S("name"), charges[i].name);
        json_num(&o, S("n"), charges[i].n);
        json_num(&o, S("each"), charges[i].each_dong);
        json_num(&o, S("total"), charges[i].total_dong);
        json_close_object(&o);
    }
    json_close_array(&o);
    *lines = buf_str(&b);
    return OK;
}

enum err onestop_take_fee(struct cx *cx, struct dossier *d, int64_t *number)
{
    struct receipt r, known;
    if (d->fee_dong == 0)
        return fail(cx, ERR_CONFLICT, T("Hồ sơ này không phải thu tiền."));
    if (onestop_state(d->state)->ended && d->state != DOSSIER_RELEASED)
        return fail(cx, ERR_CONFLICT, T("Hồ sơ đã kết thúc, không thu tiền nữa."));
    enum err e = onestop_store_receipt(cx, d->id, &known);
    if (e == OK)
        return fail(cx, ERR_CONFLICT, T("Hồ sơ đã thu tiền, biên lai số %lld."),
                    (long long)known.n);
    if (e != ERR_NOT_FOUND)
        return e;
    if (cx->actor->unit != d->receiving_unit)
        return fail(cx, ERR_DENIED, T("Chỉ nơi tiếp nhận thu tiền. Chọn đúng đơn vị ở góc trên."));
    int year = civil_at(cx->now).year;
    r = (struct receipt){.unit = d->receiving_unit,
                         .year = year,
                         .amount = d->fee_dong,
                         .taken_by = cx->actor->account};
    TRY(charge_lines(cx, d, &r.lines));
    TRY(onestop_store_next(cx, r.unit, S("BL"), str_fmt(cx->arena, "%d", year), &r.n));
    TRY(onestop_store_receipt_add(cx, d->id, &r));
    *number = r.n;
    return journal_write(
        cx, &(struct event){
                .kind = S("onestop.fee.taken"),
                .subject_kind = SUBJECT_KIND,
                .subject_code = d->code.n ? d->code : d->request_code,
                .subject_id = d->id,
                .unit = d->unit,
                .payload = str_fmt(cx->arena, "{\"receipt\":%lld,\"year\":%d,\"amount_dong\":%lld}",
                                   (long long)r.n, year, (long long)r.amount),
                .note_public =
                    tr_keep(cx->arena, T("Đã thu tiền, biên lai số %lld/%d"), (long long)r.n, year),
            });
}

/* ---- returning the result ---- */

enum err onestop_return(struct cx *cx, struct dossier *d, const struct handed *h)
{
    bool person = cx->actor->unit == 0;
    enum dossier_move m = person ? MOVE_FETCH : MOVE_RETURN;
    TRY(onestop_allowed(cx, d, m));
    struct receipt r;
    enum err e = d->fee_dong ? onestop_store_receipt(cx, d->id, &r) : OK;
    if (e == ERR_NOT_FOUND && !person)
        return fail(cx, ERR_CONFLICT,
                    T("Chưa thu tiền của hồ sơ này. Thu tiền trước, rồi trả kết quả."));
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (!person && str_trim(h->to_name).n == 0)
        return fail_field(cx, ERR_INVALID, S("nguoi_nhan"), T("Nhập họ tên người nhận kết quả."));
    if (!person && (utf8_count(h->to_name) > BASIS_MAX || utf8_count(h->evidence) > BASIS_MAX))
        return fail(cx, ERR_LIMIT,
                    T("Tên người nhận hoặc giấy tờ đã xem dài quá %d ký tự. Viết ngắn lại."),
                    BASIS_MAX);
    if (!person && str_trim(h->evidence).n == 0)
        return fail_field(cx, ERR_INVALID, S("giay_to"),
                          T("Ghi giấy tờ đã xem của người nhận, ví dụ thẻ căn cước."));
    TRY(onestop_store_delivery_add(cx, d, person ? S("dien_tu") : S("quay"),
                                   person ? d->submitter_name : h->to_name,
                                   person ? S("Tài khoản của người nộp") : h->evidence));
    d->returned_at = cx->now;
    TRY(onestop_moved(cx, d, m,
                      &(struct moved){.kind = "onestop.dossier.returned",
                                      .note = person ? S("Đã nhận kết quả điện tử")
                                                     : S("Đã trả kết quả tại quầy")}));
    return person ? OK
                  : onestop_tell(cx, d, S("Đã trả kết quả"),
                                 S("Mời bạn đánh giá việc phục vụ trên trang hồ sơ."));
}
