/* onestop_process.c - what the deciding unit does: take, draft, submit, approve, reject, stop,
 * extend. */
#include "crypto/crypto.h"
#include "identity/identity.h"
#include "job/job.h"
#include "onestop_ledger.h"
#include "org/org.h"

/* ---- the specialist ---- */

enum err onestop_take(struct cx *cx, struct dossier *d)
{
    TRY(onestop_allowed(cx, d, MOVE_SUBMIT));
    TRY(onestop_at_step(cx, d, S("tham_tra"), T("nhận xử lý")));
    if (d->assignee && d->assignee != cx->actor->account)
        return fail(
            cx, ERR_CONFLICT,
            T("Người khác đã nhận xử lý hồ sơ này. Chọn hồ sơ khác hoặc nhờ lãnh đạo chuyển."));
    d->assignee = cx->actor->account;
    return onestop_moved(
        cx, d, MOVE_SUBMIT,
        &(struct moved){.kind = "onestop.dossier.taken", .note = S("Cán bộ đã nhận xử lý")});
}

enum err onestop_draft(struct cx *cx, struct dossier *d, struct str data_json, struct str proposal)
{
    TRY(onestop_allowed(cx, d, MOVE_SUBMIT));
    TRY(onestop_at_step(cx, d, S("tham_tra"), T("soạn dự thảo")));
    const struct json *v;
    struct json_error error;
    if (json_read(cx->arena, data_json, &v, &error) != OK || v->kind != JSON_OBJECT)
        return fail(cx, ERR_INVALID,
                    T("Nội dung dự thảo bị hỏng khi gửi. Tải lại trang rồi lưu lại."));
    if (utf8_count(proposal) > REASON_MAX)
        return fail_field(cx, ERR_LIMIT, S("de_xuat"),
                          T("Đề xuất dài quá %d ký tự. Viết ngắn lại."), REASON_MAX);
    struct result_view r;
    enum err e = onestop_store_result(cx, d, &r);
    if (e == ERR_NOT_FOUND || (e == OK && str_eq(r.state, S("huy")))) {
        int64_t id;
        TRY(onestop_store_result_add(cx, d, false, data_json, proposal, &id));
    } else {
        TRY(e);
        TRY(onestop_store_result_draft(cx, d, &r, data_json, proposal));
    }
    if (d->assignee == 0)
        d->assignee = cx->actor->account;
    return onestop_moved(
        cx, d, MOVE_SUBMIT,
        &(struct moved){.kind = "onestop.result.drafted", .note = S("Đã soạn dự thảo kết quả")});
}

enum err onestop_submit(struct cx *cx, struct dossier *d)
{
    TRY(onestop_allowed(cx, d, MOVE_SUBMIT));
    TRY(onestop_at_step(cx, d, S("tham_tra"), T("trình duyệt")));
    struct result_view r;
    enum err e = onestop_store_result(cx, d, &r);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_CONFLICT, T("Chưa có dự thảo. Soạn và lưu dự thảo trước khi trình."));
    TRY(e);
    TRY(onestop_store_result_state(cx, d, &r, S("trinh"), S("")));
    TRY(onestop_enter_step(cx, d, d->step + 1));
    d->assignee = 0;
    return onestop_moved(
        cx, d, MOVE_SUBMIT,
        &(struct moved){.kind = "onestop.result.submitted", .note = S("Đã trình lãnh đạo duyệt")});
}

/* ---- the leader ---- */

/* An approval that is not signed yet: whatever the job signs meanwhile is not attached, because the
 * result is another version; its number is void and stays in the register (decision 15). */
static enum err take_approval_back(struct cx *cx, struct result_view *r)
{
    TRY(onestop_store_result_unreserve(cx, r));
    return onestop_void_number(cx, r->id, S("tra_lai"));
}

enum err onestop_send_back(struct cx *cx, struct dossier *d, struct str reason)
{
    TRY(onestop_allowed(cx, d, MOVE_SEND_BACK));
    TRY(onestop_at_step(cx, d, S("ky"), T("trả lại")));
    TRY(onestop_reason(cx, reason));
    const struct procedure *p;
    struct result_view r;
    TRY(onestop_store_result(cx, d, &r));
    if (str_eq(r.state, S("da_duyet")))
        TRY(take_approval_back(cx, &r));
    else if (!str_eq(r.state, S("trinh")))
        return fail(
            cx, ERR_CONFLICT,
            T("Dự thảo chưa được trình hoặc kết quả đã ký, không trả lại được. Tải lại trang để xem."));
    TRY(onestop_store_result_state(cx, d, &r, S("du_thao"), reason));
    struct decision x = {.kind = S("tra_lai"), .no = S(""), .reason = reason};
    TRY(onestop_store_decision_add(cx, d, &x));
    TRY(onestop_procedure(cx, d, &p));
    TRY(onestop_enter_step(cx, d, onestop_step_of(p, "tham_tra", d->step, -1)));
    return onestop_moved(cx, d, MOVE_SEND_BACK,
                         &(struct moved){.kind = "onestop.result.sent_back",
                                         .note = S("Lãnh đạo trả lại để sửa dự thảo")});
}

/* Decision 15: transaction 1 reserves the number; the job renders and signs outside of the writer;
 * transaction 2 attaches the file if it is still what was approved. */
enum err onestop_sign_result(struct cx *cx, struct dossier *d)
{
    TRY(onestop_allowed(cx, d, MOVE_SIGN));
    TRY(onestop_at_step(cx, d, S("ky"), T("phê duyệt")));
    TRY(onestop_nothing_owed(cx, d));
    const struct procedure *p;
    struct result_view r;
    int64_t n;
    int year = civil_at(cx->now).year;
    TRY(onestop_procedure(cx, d, &p));
    TRY(onestop_store_result(cx, d, &r));
    if (str_eq(r.state, S("da_duyet")) || str_eq(r.state, S("da_ky")))
        return fail(cx, ERR_CONFLICT, T("Kết quả đã được duyệt trước đó. Tải lại trang để xem."));
    struct str reg = r.negative ? S("TB") : p->result_register;
    TRY(onestop_store_next(cx, d->competent_unit, reg, str_fmt(cx->arena, "%d", year), &n));
    TRY(onestop_store_number_reserve(cx, d->competent_unit, reg, year, n, r.id));
    struct str number = str_fmt(cx->arena, "%02lld/%d/%.*s", (long long)n, year, F(reg));
    TRY(onestop_store_result_reserve(cx, &r, number, random_code(cx, 12), cx->actor->account));
    TRY(job_add(cx, "onestop.sign",
                str_fmt(cx->arena, "%lld.%lld", (long long)r.id, (long long)r.version), S(""),
                str_fmt(cx->arena, "{\"dossier\":%lld,\"result\":%lld,\"version\":%lld}",
                        (long long)d->id, (long long)r.id, (long long)r.version),
                0));
    return onestop_moved(
        cx, d, MOVE_SIGN,
        &(struct moved){.kind = "onestop.result.approved",
                        .note = tr_keep(cx->arena, T("Lãnh đạo đã duyệt, số %.*s"), F(number))});
}

/* A negative result: a written reason, drafted like any other and signed by the leader. */
enum err onestop_reject(struct cx *cx, struct dossier *d, struct str reason, struct str basis)
{
    TRY(onestop_allowed(cx, d, MOVE_REJECT));
    TRY(onestop_at_step(cx, d, S("tham_tra"), T("đề xuất không giải quyết")));
    TRY(onestop_reason(cx, reason));
    TRY(onestop_basis(cx, basis,
                      T("Nhập căn cứ không giải quyết, ví dụ khoản 2 Điều 16 Luật Hộ tịch.")));
    struct decision x = {
        .kind = S("khong_giai_quyet"), .no = S(""), .reason = reason, .basis = basis};
    TRY(onestop_store_decision_add(cx, d, &x));
    struct result_view r;
    enum err e = onestop_store_result(cx, d, &r);
    if (e == OK && str_eq(r.state, S("du_thao")))
        TRY(onestop_store_result_state(cx, d, &r, S("huy"), S("")));
    else if (e != OK && e != ERR_NOT_FOUND)
        return e;
    struct buf b = {.arena = cx->arena, .limit = 32768};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("ly_do"), reason);
    json_str(&o, S("can_cu"), basis);
    json_close_object(&o);
    int64_t id;
    TRY(onestop_store_result_add(cx, d, true, buf_str(&b), reason, &id));
    TRY(onestop_store_result(cx, d, &r));
    TRY(onestop_store_result_state(cx, d, &r, S("trinh"), S("")));
    const struct procedure *p;
    TRY(onestop_procedure(cx, d, &p));
    TRY(onestop_enter_step(cx, d, onestop_step_of(p, "ky", d->step, 1)));
    d->assignee = 0;
    return onestop_moved(cx, d, MOVE_REJECT,
                         &(struct moved){.kind = "onestop.result.rejection_submitted",
                                         .note = S("Đã trình văn bản không giải quyết")});
}

/* ---- stopping, going on, apologising ---- */

enum err onestop_stop(struct cx *cx, struct dossier *d, struct str reason, struct str basis)
{
    TRY(onestop_allowed(cx, d, MOVE_STOP));
    TRY(onestop_not_signing(cx, d, T("dừng giải quyết")));
    TRY(onestop_reason(cx, reason));
    TRY(onestop_basis(cx, basis, T("Nhập văn bản là căn cứ dừng giải quyết.")));
    struct decision x = {.kind = S("dung"), .reason = reason, .basis = basis, .old_due = d->due_at};
    TRY(onestop_form_number(cx, d->competent_unit, "TBD", &x.no));
    TRY(onestop_store_decision_add(cx, d, &x));
    TRY(onestop_issue_form(cx, d, 5, x.id));
    TRY(onestop_store_pause_close(cx, d->id));
    TRY(onestop_store_pause_open(cx, d->id, S("dung"), x.no));
    TRY(onestop_hand_to(cx, d, d->competent_unit));
    TRY(onestop_moved(
        cx, d, MOVE_STOP,
        &(struct moved){.kind = "onestop.dossier.stopped",
                        .note =
                            tr_keep(cx->arena, T("Dừng giải quyết, thông báo số %.*s"), F(x.no))}));
    return onestop_tell(cx, d, S("Hồ sơ tạm dừng giải quyết"),
                        S("Xem lý do và thông báo trên trang hồ sơ."));
}

enum err onestop_resume(struct cx *cx, struct dossier *d, struct str reason)
{
    TRY(onestop_allowed(cx, d, MOVE_RESUME));
    TRY(onestop_reason(cx, reason));
    struct decision x = {
        .kind = S("tiep_tuc"), .no = S(""), .reason = reason, .old_due = d->due_at};
    TRY(onestop_store_decision_add(cx, d, &x));
    TRY(onestop_store_pause_close(cx, d->id));
    TRY(onestop_enter_step(cx, d, d->step));
    TRY(onestop_recount(cx, d));
    TRY(onestop_moved(
        cx, d, MOVE_RESUME,
        &(struct moved){.kind = "onestop.dossier.resumed", .note = S("Tiếp tục giải quyết")}));
    return onestop_tell(
        cx, d, S("Hồ sơ được tiếp tục giải quyết"),
        tr_keep(cx->arena, T("Hẹn trả mới %.*s."), F(time_long_vi(cx->arena, d->due_shown_at))));
}

static enum err end_of_day(struct cx *cx, const struct dossier *d, int64_t day, int64_t *at)
{
    struct calendar *c;
    struct term t = {TERM_SAME_DAY, 0, 0};
    TRY(calendar_load(cx, d->competent_unit, day, day + 60, &c));
    if (!calendar_is_working(c, day))
        return fail_field(cx, ERR_INVALID, S("ngay_hen"),
                          T("Ngày hẹn mới là ngày nghỉ. Chọn một ngày làm việc."));
    return calendar_due(cx, c, day * DAY_MS - 7 * HOUR_MS, &t, TERM_BY_DAY, NULL, 0, RESUME_RESET,
                        at);
}

/* NĐ 61/2018 art. 19.9: in writing, with the reason and the new date, at most once. */
enum err onestop_extend(struct cx *cx, struct dossier *d, int64_t new_due_day, struct str reason)
{
    TRY(onestop_allowed(cx, d, MOVE_EXTEND));
    TRY(onestop_reason(cx, reason));
    if (d->apologised_at)
        return fail(cx, ERR_CONFLICT,
                    T("Hồ sơ này đã xin lỗi và hẹn lại một lần, không hẹn lại thêm được."));
    if (new_due_day <= day_of(d->due_at) || new_due_day <= day_of(cx->now))
        return fail_field(cx, ERR_INVALID, S("ngay_hen"),
                          T("Ngày hẹn mới phải sau ngày hẹn cũ và sau hôm nay."));
    struct decision x = {.kind = S("gia_han"), .reason = reason, .old_due = d->due_at};
    TRY(end_of_day(cx, d, new_due_day, &x.new_due));
    TRY(onestop_form_number(cx, d->competent_unit, "XLHT", &x.no));
    TRY(onestop_store_decision_add(cx, d, &x));
    TRY(onestop_issue_form(cx, d, 4, x.id));
    d->apologised_at = cx->now;
    TRY(onestop_recount(cx, d));
    TRY(onestop_moved(
        cx, d, MOVE_EXTEND,
        &(struct moved){
            .kind = "onestop.dossier.extended",
            .note = tr_keep(cx->arena, T("Xin lỗi và hẹn lại, văn bản số %.*s"), F(x.no))}));
    return onestop_tell(cx, d, S("Chúng tôi xin lỗi vì trả kết quả chậm"),
                        tr_keep(cx->arena, T("Hẹn trả mới %.*s. Lý do ghi trên trang hồ sơ."),
                                F(time_long_vi(cx->arena, d->due_shown_at))));
}
