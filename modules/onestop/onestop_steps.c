/* onestop_steps.c - the way through a procedure, as its small table of steps says: which step,
 * whose hands, and the step that only confirms.
 *
 * A step is data: "tham_tra" drafts, "xac_nhan" confirms with a note and passes on, "ky" approves
 * and signs. Its unit is the deciding one unless it names another; its right is the one it names.
 */
#include "onestop_lists.h"

#include "org/org.h"

static enum err step_at(struct cx *cx, const struct dossier *d, const struct procedure *p,
                        const struct procedure_step **out)
{
    if (d->step < 0 || (size_t)d->step >= p->steps_n)
        return fail(cx, ERR_IO, "dossier %lld: step %d of %zu", (long long)d->id, d->step,
                    p->steps_n);
    *out = &p->steps[d->step]; /* lives in the arena with the procedure */
    return OK;
}

static const struct right *right_of(const struct procedure_step *step)
{
    static const struct right *const rights[] = {&onestop_intake, &onestop_process, &onestop_sign};
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
        if (str_eq(step->right, str_c(rights[i]->name)))
            return rights[i];
    return str_eq(step->kind, S("ky")) ? &onestop_sign : &onestop_process;
}

bool onestop_step_is(const struct dossier *d, const struct procedure *p, const char *kind,
                     const struct right *right)
{
    if (d->state != DOSSIER_PROCESSING || d->step < 0 || (size_t)d->step >= p->steps_n)
        return false;
    const struct procedure_step *step = &p->steps[d->step];
    return str_eq(step->kind, str_c(kind)) && (!right || right_of(step) == right);
}

enum err onestop_at_step(struct cx *cx, const struct dossier *d, struct str kind, const char *doing)
{
    const struct procedure *p;
    const struct procedure_step *step = NULL;
    TRY(onestop_procedure(cx, d, &p));
    TRY(step_at(cx, d, p, &step));
    if (!str_eq(step->kind, kind))
        return fail(cx, ERR_CONFLICT,
                    T("Chưa thể %s: hồ sơ đang ở bước \"%.*s\". Tải lại trang để xem."), doing,
                    F(step->title));
    if (!cx->actor->system && !web_may(cx, right_of(step)))
        return fail(cx, ERR_DENIED, T("Bạn chưa có quyền %s. Hỏi người quản trị của đơn vị."),
                    doing);
    return OK;
}

static int need_of(const struct right *right)
{
    return right == &onestop_intake ? NEED_COUNTER
           : right == &onestop_sign ? NEED_SIGN
                                    : NEED_CHECK;
}

/* What is approved and being signed asks nobody. */
enum err onestop_need(struct cx *cx, const struct dossier *d, int *need)
{
    const struct procedure *p;
    const struct procedure_step *step = NULL;
    const enum desk_turn turn = onestop_turn(d->state);
    bool signing = false;
    *need = turn == TURN_ENDED   ? NEED_ENDED
            : turn == TURN_WAITS ? NEED_NOBODY + (int)d->state
                                 : NEED_COUNTER;
    if (d->state != DOSSIER_PROCESSING)
        return OK;
    TRY(onestop_procedure(cx, d, &p));
    TRY(step_at(cx, d, p, &step));
    if (str_eq(step->kind, S("ky")))
        TRY(onestop_store_signing(cx, d->id, &signing));
    *need = signing ? NEED_NOBODY + DOSSIER_PROCESSING : need_of(right_of(step));
    return OK;
}

/* A kind of unit: the nearest of it at or above the intake, else the only one of the province. */
static enum err unit_of_kind(struct cx *cx, const struct dossier *d, struct str kind, int64_t *unit)
{
    struct org_unit u, found[2];
    size_t n;
    TRY(org_unit_find(cx, d->receiving_unit, &u));
    while (!str_eq(u.kind, kind) && u.parent)
        TRY(org_unit_find(cx, u.parent, &u));
    *unit = u.id;
    if (str_eq(u.kind, kind))
        return OK;
    TRY(org_units_of_kind(cx, kind, 0, found, 2, &n));
    if (n != 1)
        return fail(cx, ERR_IO, "dossier %lld: a step names %.*s, the province has %zu of them",
                    (long long)d->id, F(kind), n);
    *unit = found[0].id;
    return OK;
}

static enum err unit_of_step(struct cx *cx, const struct dossier *d,
                             const struct procedure_step *step, int64_t *unit)
{
    *unit = d->competent_unit;
    if (str_eq(step->unit, S("noi_tiep_nhan")))
        *unit = d->receiving_unit;
    else if (step->unit.n && !str_eq(step->unit, S("noi_giai_quyet")))
        return unit_of_kind(cx, d, step->unit, unit);
    return OK;
}

enum err onestop_enter_step(struct cx *cx, struct dossier *d, int step)
{
    const struct procedure *p;
    const struct procedure_step *at = NULL;
    int64_t unit;
    TRY(onestop_procedure(cx, d, &p));
    d->step = step;
    TRY(step_at(cx, d, p, &at));
    TRY(unit_of_step(cx, d, at, &unit));
    return onestop_hand_to(cx, d, unit);
}

int onestop_step_of(const struct procedure *p, const char *kind, int from, int by)
{
    for (int i = from; i >= 0 && (size_t)i < p->steps_n; i += by)
        if (str_eq(p->steps[i].kind, str_c(kind)))
            return i;
    return -1;
}

/* ---- confirming ---- */

static enum err finish(struct cx *cx, struct dossier *d)
{
    d->released_at = cx->now;
    TRY(onestop_hand_to(cx, d, d->returning_unit));
    TRY(onestop_moved(
        cx, d, MOVE_RELEASE,
        &(struct moved){.kind = "onestop.dossier.released", .note = S("Đã giải quyết xong")}));
    return onestop_tell(cx, d, S("Hồ sơ đã giải quyết xong"),
                        S("Xem trang hồ sơ để biết nhận kết quả ở đâu."));
}

enum err onestop_pass(struct cx *cx, struct dossier *d, struct str words)
{
    const struct procedure *p;
    TRY(onestop_allowed(cx, d, MOVE_PASS));
    TRY(onestop_at_step(cx, d, S("xac_nhan"), T("xác nhận")));
    if (utf8_count(words) > REASON_MAX)
        return fail_field(cx, ERR_LIMIT, S("y_kien"), T("Ý kiến dài quá %d ký tự. Viết ngắn lại."),
                          REASON_MAX);
    TRY(onestop_procedure(cx, d, &p));
    const struct procedure_step *done = &p->steps[d->step];
    TRY(onestop_store_opinion_add(cx, d, done->key, words));
    d->assignee = 0;
    bool last = (size_t)d->step + 1 == p->steps_n;
    if (!last)
        TRY(onestop_enter_step(cx, d, d->step + 1));
    TRY(onestop_moved(
        cx, d, MOVE_PASS,
        &(struct moved){.kind = "onestop.step.confirmed",
                        .note = tr_keep(cx->arena, T("Xong bước: %.*s"), F(done->title))}));
    return last ? finish(cx, d) : OK;
}
