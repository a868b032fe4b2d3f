/* onestop_obligation.c - a financial obligation while a dossier is processed: asked for by the
 * deciding unit, met at the counter.
 *
 * administrative-procedures.md 6.2 and 8.1 rule 4: the clock stops and goes on where it stood; it
 * never begins anew. Payment online is another system's work. */
#include "onestop_inside.h"

#include "look/look.h"

#define AMOUNT_MAX INT64_C(1'000'000'000'000)

static struct str asked_json(struct cx *cx, const struct obligation *o)
{
    struct buf b = {.arena = cx->arena, .limit = 32768};
    struct json_out out = {.to = &b};
    json_open_object(&out);
    json_num(&out, S("amount_dong"), o->amount);
    json_str(&out, S("for"), o->reason);
    json_str(&out, S("basis"), o->basis);
    json_close_object(&out);
    return buf_str(&b);
}

enum err onestop_ask_payment(struct cx *cx, struct dossier *d, int64_t amount, struct str reason,
                             struct str basis)
{
    TRY(onestop_allowed(cx, d, MOVE_ASK_PAYMENT));
    TRY(onestop_not_signing(cx, d, T("yêu cầu nộp tiền")));
    if (amount <= 0 || amount > AMOUNT_MAX)
        return fail_field(cx, ERR_INVALID, S("so_tien"),
                          T("Nhập số tiền phải nộp bằng đồng, ví dụ 1250000."));
    TRY(onestop_reason(cx, reason));
    TRY(onestop_basis(cx, basis, T("Nhập căn cứ thu, ví dụ số thông báo của cơ quan thuế.")));
    struct obligation o = {.reason = reason, .basis = basis, .amount = amount};
    TRY(onestop_form_number(cx, d->competent_unit, "NVTC", &o.no));
    TRY(onestop_store_obligation_add(cx, d, &o));
    TRY(onestop_store_pause_open(cx, d->id, S("nghia_vu_tai_chinh"), o.no));
    TRY(onestop_hand_to(cx, d, d->receiving_unit)); /* the person pays at the counter */
    TRY(onestop_moved(
        cx, d, MOVE_ASK_PAYMENT,
        &(struct moved){.kind = "onestop.dossier.payment_asked",
                        .note =
                            tr_keep(cx->arena, T("Yêu cầu nộp tiền, thông báo số %.*s"), F(o.no)),
                        .payload = asked_json(cx, &o)}));
    return onestop_tell(cx, d, S("Bạn cần nộp tiền để hồ sơ được giải quyết tiếp"),
                        tr_keep(cx->arena,
                                T("Số tiền %.*s. Mở trang hồ sơ để xem nộp khoản gì và nộp ở đâu."),
                                F(look_money(cx, amount))));
}

/* In cash: the next number of the counter's book of receipts. */
static enum err take_cash(struct cx *cx, const struct dossier *d, struct obligation *o)
{
    if (cx->actor->unit != d->receiving_unit)
        return fail(cx, ERR_DENIED, T("Chỉ nơi tiếp nhận thu tiền. Chọn đúng đơn vị ở góc trên."));
    o->receipt.unit = d->receiving_unit;
    o->receipt.year = civil_at(cx->now).year;
    return onestop_store_next(cx, o->receipt.unit, S("BL"),
                              str_fmt(cx->arena, "%d", (int)o->receipt.year), &o->receipt.n);
}

static enum err check_evidence(struct cx *cx, struct str evidence)
{
    if (str_trim(evidence).n == 0)
        return fail_field(cx, ERR_INVALID, S("chung_tu"),
                          T("Ghi chứng từ đã xem, ví dụ số giấy nộp tiền vào ngân sách."));
    if (utf8_count(evidence) > BASIS_MAX)
        return fail_field(cx, ERR_LIMIT, S("chung_tu"),
                          T("Chứng từ dài quá %d ký tự. Viết ngắn lại."), BASIS_MAX);
    return OK;
}

enum err onestop_paid(struct cx *cx, struct dossier *d, bool cash, struct str evidence,
                      int64_t *receipt)
{
    struct obligation o;
    TRY(onestop_allowed(cx, d, MOVE_PAID));
    TRY(onestop_store_obligation(cx, d, &o));
    if (!cash)
        TRY(check_evidence(cx, evidence));
    o.evidence = cash ? S("") : str_trim(evidence);
    if (cash)
        TRY(take_cash(cx, d, &o));
    TRY(onestop_store_obligation_met(cx, d, &o));
    TRY(onestop_store_pause_close(cx, d->id));
    TRY(onestop_enter_step(cx, d, d->step));
    TRY(onestop_recount(cx, d));
    *receipt = o.receipt.n;
    struct str note = cash ? tr_keep(cx->arena, T("Đã nộp tiền, biên lai số %lld/%lld"),
                                     (long long)o.receipt.n, (long long)o.receipt.year)
                           : S("Đã xác nhận nộp tiền theo chứng từ");
    TRY(onestop_moved(cx, d, MOVE_PAID,
                      &(struct moved){.kind = "onestop.dossier.paid",
                                      .note = note,
                                      .payload = str_fmt(cx->arena, "{\"amount_dong\":%lld}",
                                                         (long long)o.amount)}));
    return onestop_tell(cx, d, S("Đã xác nhận bạn nộp tiền"),
                        tr_keep(cx->arena, T("Hồ sơ được giải quyết tiếp. Hẹn trả mới %.*s."),
                                F(time_long_vi(cx->arena, d->due_shown_at))));
}

/* After a stop in the middle of it the dossier goes on, the debt does not vanish. */
enum err onestop_nothing_owed(struct cx *cx, const struct dossier *d)
{
    struct obligation o;
    enum err e = onestop_store_obligation(cx, d, &o);
    if (e == OK && str_eq(o.state, S("cho")))
        return fail(
            cx, ERR_CONFLICT,
            T("Chưa thể ký: người nộp còn khoản %.*s theo thông báo số %.*s. Trả lại dự thảo, rồi yêu cầu nộp tiền lại."),
            F(look_money(cx, o.amount)), F(o.no));
    return e == ERR_NOT_FOUND ? OK : e;
}
