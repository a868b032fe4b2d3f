/* onestop_correct.c - a returned result is mended by a new one, linked to it; never edited in
 * place.
 *
 * administrative-procedures.md 6.2: đã trả, đính chính, đang xử lý. The old result stays good until
 * the new one is signed; whoever checks it then is told which one replaces it. */
#include "onestop_inside.h"

/* What is to be mended starts from what was signed; a refusal is thought through anew. */
static enum err draft_again(struct cx *cx, const struct dossier *d, const struct result_view *old)
{
    int64_t id;
    struct str data = old->negative ? S("{}") : old->data_json;
    return onestop_store_result_add(cx, d, false, data, old->proposal, &id);
}

enum err onestop_correct(struct cx *cx, struct dossier *d, struct str reason)
{
    const struct procedure *p;
    struct result_view old;
    TRY(onestop_allowed(cx, d, MOVE_CORRECT));
    TRY(onestop_reason(cx, reason));
    TRY(onestop_procedure(cx, d, &p));
    int step = onestop_step_of(p, "tham_tra", (int)p->steps_n - 1, -1);
    enum err e = onestop_store_result_signed(cx, d, &old);
    if (e == ERR_NOT_FOUND || (e == OK && step < 0))
        return fail(cx, ERR_CONFLICT,
                    T("Hồ sơ này không có kết quả đã ký, nên không có gì để đính chính."));
    TRY(e);
    struct correction c = {.old_result = old.id, .reason = reason};
    TRY(onestop_store_correction_add(cx, d, &c));
    TRY(draft_again(cx, d, &old));
    d->released_at = d->returned_at = d->apologised_at = 0;
    d->assignee = 0;
    d->clock_from = cx->now; /* nothing sets a term of its own: the term of the procedure, anew */
    TRY(onestop_enter_step(cx, d, step));
    TRY(onestop_recount(cx, d));
    TRY(onestop_moved(cx, d, MOVE_CORRECT,
                      &(struct moved){.kind = "onestop.dossier.correcting",
                                      .note = tr_keep(cx->arena, T("Đính chính kết quả số %.*s"),
                                                      F(old.number))}));
    return onestop_tell(cx, d, S("Kết quả của bạn đang được đính chính"),
                        tr_keep(cx->arena, T("Hẹn trả bản mới %.*s. Lý do ghi trên trang hồ sơ."),
                                F(time_long_vi(cx->arena, d->due_shown_at))));
}

enum err onestop_correcting(struct cx *cx, const struct dossier *d, struct correction *c, bool *yes)
{
    enum err e = onestop_store_correction(cx, d, c);
    *yes = e == OK && c->done_at == 0;
    return e == ERR_NOT_FOUND ? OK : e;
}
