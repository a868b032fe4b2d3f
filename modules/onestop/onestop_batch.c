/* onestop_batch.c - several dossiers at once: handed over with a list of them, or taken. */
#include "identity/identity.h"
#include "journal/journal.h"
#include "onestop_desk_work.h"
#include "org/org.h"

/* The first refusal is told; the others are only counted. */
static void refused(struct cx *cx, struct bulk_result *out, struct str why)
{
    out->refused++;
    if (out->why.n == 0)
        out->why = str_dup(cx->arena, why);
}

static enum err write_event(struct cx *cx, const struct batch *h, const char *kind, const char *to)
{
    return journal_write(cx, &(struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = S("onestop.batch"),
                                 .subject_code = h->no,
                                 .subject_id = h->id,
                                 .unit = h->to_unit,
                                 .to_state = str_c(to),
                             });
}

static enum err make_list(struct cx *cx, int64_t to, const int64_t *ids, size_t n)
{
    struct org_unit from_unit, to_unit;
    struct batch h = {.from_unit = cx->actor->unit,
                      .to_unit = to,
                      .size = (int64_t)n,
                      .made_by = cx->actor->account,
                      .made_at = cx->now};
    TRY(org_unit_find(cx, h.from_unit, &from_unit));
    TRY(org_unit_find(cx, to, &to_unit));
    TRY(onestop_form_number(cx, h.from_unit, "BG", &h.no));
    TRY(onestop_store_batch_add(cx, &h, from_unit.path, to_unit.path, ids, n));
    return write_event(cx, &h, "onestop.batch.made", "da_giao");
}

/* Those that may not be handed over stay as they are; the rest goes in one transaction. */
enum err onestop_hand_over_many(struct cx *cx, struct dossier *all, size_t n,
                                struct bulk_result *out)
{
    int64_t *ids = NEW_N(cx->arena, int64_t, n);
    bool *listed = NEW_N(cx->arena, bool, n);
    *out = (struct bulk_result){0};
    for (size_t i = 0; i < n; i++) {
        struct str why;
        if (!onestop_may(cx, &all[i], MOVE_HAND_OVER, &why)) {
            refused(cx, out, why);
            listed[i] = true;
            continue;
        }
        TRY(onestop_hand_over(cx, &all[i]));
        out->done++;
    }
    for (size_t i = 0; i < n; i++) {
        size_t ids_n = 0;
        for (size_t k = i; k < n && !listed[i]; k++)
            if (!listed[k] && all[k].competent_unit == all[i].competent_unit) {
                ids[ids_n++] = all[k].id;
                listed[k] = k != i;
            }
        if (ids_n)
            TRY(make_list(cx, all[i].competent_unit, ids, ids_n));
        listed[i] = true;
    }
    return OK;
}

static bool may_take(struct cx *cx, const struct dossier *d, struct str *why)
{
    const struct procedure *p;
    if (!onestop_may(cx, d, MOVE_SUBMIT, why))
        return false;
    if (onestop_procedure(cx, d, &p) != OK || !onestop_step_is(d, p, "tham_tra", NULL)) {
        *why = S("Hồ sơ không ở bước thẩm tra.");
        return false;
    }
    if (d->assignee && d->assignee != cx->actor->account) {
        *why = S("Người khác đã nhận xử lý.");
        return false;
    }
    return true;
}

enum err onestop_take_many(struct cx *cx, struct dossier *all, size_t n, struct bulk_result *out)
{
    *out = (struct bulk_result){0};
    for (size_t i = 0; i < n; i++) {
        struct str why;
        if (!may_take(cx, &all[i], &why)) {
            refused(cx, out, why);
            continue;
        }
        TRY(onestop_take(cx, &all[i]));
        out->done++;
    }
    return OK;
}

bool onestop_batch_may_receive(struct cx *cx, const struct batch *h)
{
    return h->received_at == 0 && cx->actor->unit == h->to_unit && web_may(cx, &onestop_process);
}

enum err onestop_batch_receive(struct cx *cx, struct batch *h)
{
    if (h->received_at)
        return fail(cx, ERR_CONFLICT, T("Danh sách này đã được xác nhận. Tải lại trang để xem."));
    if (!onestop_batch_may_receive(cx, h))
        return fail(
            cx, ERR_DENIED,
            T("Bạn chưa thể xác nhận, vì danh sách giao cho đơn vị khác. Chọn đúng đơn vị ở góc trên."));
    h->received_by = cx->actor->account;
    h->received_at = cx->now;
    TRY(onestop_store_batch_receive(cx, h));
    return write_event(cx, h, "onestop.batch.received", "da_nhan");
}

enum err onestop_batch_rows(struct cx *cx, const struct batch *h, struct inbox_row **out, size_t *n)
{
    struct dossier *d = NEW_N(cx->arena, struct dossier, BULK_MAX);
    TRY(onestop_store_batch_dossiers(cx, h->id, d, BULK_MAX, n));
    struct inbox_row *rows = NEW_N(cx->arena, struct inbox_row, *n);
    void **all = NEW_N(cx->arena, void *, *n);
    for (size_t i = 0; i < *n; i++) {
        rows[i].d = d[i];
        all[i] = &rows[i];
    }
    *out = rows;
    return onestop_fill_rows(cx, all, *n);
}

/* Names of units and people. */
enum err onestop_batch_finish(struct cx *cx, void **rows, size_t n)
{
    struct org_unit u;
    for (size_t i = 0; i < n; i++) {
        struct batch *h = rows[i];
        TRY(org_unit_find(cx, h->from_unit, &u));
        h->from_name = u.short_name;
        TRY(org_unit_find(cx, h->to_unit, &u));
        h->to_name = u.short_name;
        TRY(account_name(cx, h->made_by, &h->made_by_name));
        if (h->received_by)
            TRY(account_name(cx, h->received_by, &h->received_by_name));
    }
    return OK;
}
