/* onestop_list_cells.c - what lists show of a dossier, on the page and in an export. */
#include "onestop_lists.h"
#include "onestop_pages.h"

static struct str shown_code(const struct dossier *d)
{
    return d->code.n ? d->code : d->request_code;
}

void onestop_cell_dossier(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct inbox_row *r = row;
    struct str code = shown_code(&r->d);
    *c = (struct look_cell){
        .text = r->d.procedure_name,
        .title = r->d.procedure_name,
        .sub = code,
        .below = true,
        .href = str_fmt(cx->arena, "/viec/%.*s", F(code)),
    };
}

void onestop_cell_person(struct cx *cx, const void *row, struct look_cell *c)
{
    (void)cx;
    c->text = ((const struct inbox_row *)row)->person_name;
}

/* Where it stands, and who holds it. A step is named "Thẩm tra, soạn Giấy khai sinh": the list says
 * what is done, the whole is a touch away, and each row keeps its two lines. */
void onestop_cell_step(struct cx *cx, const void *row, struct look_cell *c)
{
    const struct inbox_row *r = row;
    struct str rest, step = tr(cx, r->step_title);
    c->badge = onestop_state_badge(cx, &r->d, false);
    c->badge.title = step;
    (void)str_cut(step, ',', &c->badge.text, &rest);
    c->sub = r->assignee_name;
    c->below = true;
}

void onestop_cell_sent(struct cx *cx, const void *row, struct look_cell *c)
{
    c->text = time_vi(cx->arena, ((const struct inbox_row *)row)->d.sent_at);
}

struct look_due_badge_view onestop_row_due(struct cx *cx, const struct inbox_row *row)
{
    return row->answer_by ? look_due(cx, LOOK_DUE_RUNNING, row->answer_by, 0)
                          : onestop_due_badge(cx, &row->d);
}

void onestop_cell_due(struct cx *cx, const void *row, struct look_cell *c)
{
    c->due = onestop_row_due(cx, row);
}

void onestop_cell_unit(struct cx *cx, const void *row, struct look_cell *c)
{
    (void)cx;
    c->text = ((const struct inbox_row *)row)->unit_name;
}

/* ---- exported ---- */

static struct list_value text(struct str s)
{
    return (struct list_value){.kind = LIST_TEXT, .text = s};
}

static struct list_value instant(int64_t at)
{
    return (struct list_value){.kind = LIST_INSTANT, .number = at};
}

struct list_value onestop_value_code(struct cx *cx, const void *row)
{
    (void)cx;
    return text(shown_code(&((const struct inbox_row *)row)->d));
}

struct list_value onestop_value_procedure(struct cx *cx, const void *row)
{
    (void)cx;
    return text(((const struct inbox_row *)row)->d.procedure_name);
}

struct list_value onestop_value_person(struct cx *cx, const void *row)
{
    (void)cx;
    return text(((const struct inbox_row *)row)->person_name);
}

struct list_value onestop_value_step(struct cx *cx, const void *row)
{
    return text(tr(cx, ((const struct inbox_row *)row)->step_title));
}

struct list_value onestop_value_sent(struct cx *cx, const void *row)
{
    (void)cx;
    return instant(((const struct inbox_row *)row)->d.sent_at);
}

struct list_value onestop_value_due(struct cx *cx, const void *row)
{
    (void)cx;
    return instant(((const struct inbox_row *)row)->d.due_at);
}

struct list_value onestop_value_unit(struct cx *cx, const void *row)
{
    (void)cx;
    return text(((const struct inbox_row *)row)->unit_name);
}

struct list_value onestop_value_assignee(struct cx *cx, const void *row)
{
    (void)cx;
    return text(((const struct inbox_row *)row)->assignee_name);
}
