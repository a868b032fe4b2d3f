/* onestop_redate.c - appointments counted anew after a calendar was changed: who may, on what
 * basis, what would move, what is moved. No SQL and no HTML in this file. */
#include "onestop_redate.h"

#include "journal/journal.h"
#include "org/org.h"
#include "work/work.h"

const struct right onestop_redate_right = {
    .name = "onestop.redate", .title = T("Tính lại ngày hẹn theo lịch mới"), .step_up = true};

#define NUMBER_MAX 100
#define ISSUER_MAX 200
#define RANGE_DAYS_MAX 400
#define TRIED_A_TURN 10 /* each reads a calendar: a round stays under a writer's turn */
#define MOVED_A_TURN 8

/* ---- the order ---- */

static enum err event_of(struct cx *cx, const struct redate *r, const char *kind, const char *from,
                         const char *to)
{
    struct buf b = {.arena = cx->arena, .limit = 4000};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("basis"), onestop_redate_basis(cx, r));
    json_str(&o, S("from"), date_iso(cx->arena, r->from_day));
    json_str(&o, S("to"), date_iso(cx->arena, r->to_day));
    json_flag(&o, S("earlier_allowed"), r->earlier);
    json_num(&o, S("seen"), r->seen);
    json_num(&o, S("later"), r->later);
    json_num(&o, S("earlier"), r->sooner);
    json_num(&o, S("kept"), r->kept);
    json_num(&o, S("moved"), r->moved);
    json_num(&o, S("left"), r->left_out);
    json_close_object(&o);
    return journal_write(cx, &(struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = S("onestop.redate"),
                                 .subject_code = r->code,
                                 .subject_id = r->id,
                                 .unit = r->unit,
                                 .from_state = str_c(from),
                                 .to_state = str_c(to),
                                 .payload = buf_str(&b),
                             });
}

struct str onestop_redate_basis(struct cx *cx, const struct redate *r)
{
    return str_fmt(cx->arena, T("văn bản số %.*s ngày %.*s của %.*s"), F(r->basis_no),
                   F(date_vi(cx->arena, r->basis_on)), F(r->basis_by));
}

static enum err check_words(struct cx *cx, const struct redate_new *n)
{
    if (n->basis_no.n == 0 || utf8_count(n->basis_no) > NUMBER_MAX)
        return fail_field(cx, ERR_INVALID, S("so_van_ban"),
                          T("Nhập số, ký hiệu văn bản là căn cứ, ví dụ 12/QĐ-UBND."));
    if (n->basis_on == 0)
        return fail_field(cx, ERR_INVALID, S("ngay_van_ban"),
                          T("Ngày văn bản phải có dạng ngày/tháng/năm, ví dụ 20/11/2026."));
    if (n->basis_on > day_of(cx->now))
        return fail_field(cx, ERR_INVALID, S("ngay_van_ban"),
                          T("Văn bản chưa ký thì chưa là căn cứ. Ghi ngày đã ký."));
    if (n->basis_by.n == 0 || utf8_count(n->basis_by) > ISSUER_MAX)
        return fail_field(cx, ERR_INVALID, S("co_quan"), T("Nhập cơ quan ban hành văn bản."));
    if (n->from_day == 0)
        return fail_field(cx, ERR_INVALID, S("tu_ngay"),
                          T("Từ ngày phải có dạng ngày/tháng/năm, ví dụ 01/12/2026."));
    if (n->to_day == 0)
        return fail_field(cx, ERR_INVALID, S("den_ngay"),
                          T("Đến ngày phải có dạng ngày/tháng/năm, ví dụ 04/12/2026."));
    if (n->to_day < n->from_day || n->to_day - n->from_day > RANGE_DAYS_MAX)
        return fail_field(cx, ERR_INVALID, S("den_ngay"),
                          T("Đến ngày phải sau từ ngày, cách nhau không quá %d ngày."),
                          RANGE_DAYS_MAX);
    return OK;
}

/* The unit that was named, within reach; without a name the reader's own, as far as they reach. */
static enum err set_unit(struct cx *cx, struct str code, struct redate *r)
{
    const struct scope *s = &cx->scope;
    struct org_unit u;
    const char *far = T("Đơn vị này ngoài phạm vi của bạn. Chọn đơn vị bạn quản lý.");
    if (s->kind != SCOPE_UNIT_TREE && s->kind != SCOPE_UNIT)
        return fail_field(cx, ERR_DENIED, S("don_vi"), "%s", far);
    if (code.n == 0)
        TRY(org_unit_find(cx, s->unit, &u));
    else if (org_unit_by_code(cx, code, day_of(cx->now), &u) != OK)
        return fail_field(cx, ERR_INVALID, S("don_vi"),
                          T("Không có đơn vị mã này. Xem mã ở trang Cơ quan."));
    if (s->kind == SCOPE_UNIT ? u.id != s->unit : !str_starts(u.path, s->unit_path))
        return fail_field(cx, ERR_DENIED, S("don_vi"), "%s", far);
    r->unit = u.id;
    r->unit_path = u.path;
    r->tree = s->kind == SCOPE_UNIT_TREE;
    return OK;
}

static enum err start_work(struct cx *cx, struct redate *r, const char *title)
{
    return work_start(cx,
                      &(const struct work_new){
                          .job = "onestop.redate",
                          .title = tr(cx, str_c(title)),
                          .ask = str_fmt(cx->arena, "{\"redate\":%lld}", (long long)r->id),
                          .link = str_fmt(cx->arena, "/quan-tri/tinh-lai-hen/%.*s", F(r->code)),
                      },
                      &r->work);
}

enum err onestop_redate_start(struct cx *cx, const struct redate_new *n, struct redate *out)
{
    *out = (struct redate){
        .state = REDATE_TRYING,
        .code = random_code(cx, 10),
        .from_day = n->from_day,
        .to_day = n->to_day,
        .earlier = n->earlier,
        .basis_no = n->basis_no,
        .basis_on = n->basis_on,
        .basis_by = n->basis_by,
        .asked_by = cx->actor->account,
        .asked_unit = cx->actor->unit,
        .asked_at = cx->now,
        .work = S(""),
    };
    TRY(check_words(cx, n));
    TRY(set_unit(cx, n->unit_code, out));
    TRY(onestop_store_redate_add(cx, out));
    TRY(start_work(cx, out, T("Tính thử ngày hẹn theo lịch mới")));
    TRY(onestop_store_redate_put(cx, out));
    return event_of(cx, out, "onestop.redate.asked", "", "tinh_thu");
}

static enum err not_running(struct cx *cx, const struct redate *r)
{
    enum work_state s;
    enum err e = work_state_at(cx, r->work, &s);
    if (e == OK && (s == WORK_WAITING || s == WORK_RUNNING))
        return fail(cx, ERR_CONFLICT, T("Việc này đang chạy. Chờ xong hoặc dừng rồi làm tiếp."));
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err onestop_redate_go(struct cx *cx, struct redate *r)
{
    TRY(not_running(cx, r));
    if (r->state == REDATE_DONE || r->state == REDATE_DROPPED)
        return fail(cx, ERR_CONFLICT, T("Đợt tính lại này đã kết thúc. Lập đợt mới."));
    if (r->state == REDATE_TRIED && r->later + r->sooner == 0)
        return fail(cx, ERR_CONFLICT, T("Không có ngày hẹn nào phải dời."));
    const bool begins = r->state == REDATE_TRIED;
    if (begins) {
        r->state = REDATE_MOVING;
        r->at_dossier = 0;
    }
    TRY(start_work(cx, r,
                   r->state == REDATE_MOVING ? T("Dời ngày hẹn theo lịch mới")
                                             : T("Tính thử ngày hẹn theo lịch mới")));
    TRY(onestop_store_redate_put(cx, r));
    return begins ? event_of(cx, r, "onestop.redate.confirmed", "da_tinh_thu", "dang_doi") : OK;
}

enum err onestop_redate_drop(struct cx *cx, struct redate *r)
{
    TRY(not_running(cx, r));
    if (r->state != REDATE_TRYING && r->state != REDATE_TRIED)
        return fail(cx, ERR_CONFLICT, T("Đợt này đã dời ngày hẹn, không bỏ được nữa."));
    r->state = REDATE_DROPPED;
    r->done_at = cx->now;
    TRY(onestop_store_redate_put(cx, r));
    return event_of(cx, r, "onestop.redate.dropped", "da_tinh_thu", "bo");
}

/* ---- trying ---- */

enum err onestop_redate_try(struct cx *cx, const struct dossier *d, const struct redate *r,
                            struct redate_item *out)
{
    struct dossier anew = *d;
    *out = (struct redate_item){
        .dossier = d->id,
        .state = REDATE_ITEM_TRIED,
        .old_due = d->due_at,
        .old_shown = d->due_shown_at,
    };
    enum err e = onestop_recount(cx, &anew);
    if (e == ERR_LIMIT) { /* no calendar reaches so far: it stays, and is said */
        out->way = REDATE_KEPT;
        out->new_due = d->due_at;
        out->new_shown = d->due_shown_at;
        return OK;
    }
    TRY(e);
    out->new_due = anew.due_at;
    out->new_shown = anew.due_shown_at;
    if (anew.due_at == d->due_at && anew.due_shown_at == d->due_shown_at)
        return OK;
    const bool earlier = anew.due_at < d->due_at || anew.due_shown_at < d->due_shown_at;
    /* Nothing becomes late by being counted anew. */
    const bool too_soon = earlier && anew.due_at < cx->now;
    out->way = !earlier ? REDATE_LATER : r->earlier && !too_soon ? REDATE_EARLIER : REDATE_KEPT;
    return OK;
}

static void count(struct redate *r, const struct redate_item *i, int64_t now)
{
    r->later += i->way == REDATE_LATER;
    r->sooner += i->way == REDATE_EARLIER;
    r->kept += i->way == REDATE_KEPT;
    r->unlate += i->way == REDATE_LATER && i->old_due < now && i->new_due >= now;
}

static enum err try_some(struct cx *cx, struct redate *r, bool *more)
{
    int64_t ids[TRIED_A_TURN];
    size_t n;
    TRY(onestop_store_redate_next(cx, r, ids, TRIED_A_TURN, &n));
    for (size_t i = 0; i < n; i++) {
        struct dossier d;
        struct redate_item item;
        TRY(onestop_store_any(cx, ids[i], &d));
        TRY(onestop_redate_try(cx, &d, r, &item));
        r->seen++;
        bool added = false;
        if (item.way)
            TRY(onestop_store_redate_item_add(cx, r->id, &item, &added));
        if (added)
            count(r, &item, cx->now);
    }
    *more = n == TRIED_A_TURN;
    if (!*more)
        r->state = REDATE_TRIED;
    TRY(onestop_store_redate_put(cx, r));
    return *more ? OK : event_of(cx, r, "onestop.redate.tried", "tinh_thu", "da_tinh_thu");
}

/* ---- moving ---- */

static enum err say_moved(struct cx *cx, const struct dossier *d, const struct redate *r,
                          const struct redate_item *i)
{
    const struct str state = str_c(onestop_state(d->state)->name);
    struct str note =
        tr_keep(cx->arena, T("Hẹn trả mới %.*s, theo %.*s"),
                F(time_long_vi(cx->arena, i->new_shown)), F(onestop_redate_basis(cx, r)));
    TRY(journal_write(
        cx, &(struct event){
                .kind = S("onestop.dossier.redated"),
                .subject_kind = SUBJECT_KIND,
                .subject_code = d->code,
                .subject_id = d->id,
                .unit = d->unit,
                .from_state = state,
                .to_state = state,
                .payload = str_fmt(
                    cx->arena, "{\"redate\":\"%.*s\",\"due\":[%lld,%lld],\"shown\":[%lld,%lld]}",
                    F(r->code), (long long)i->old_due, (long long)i->new_due,
                    (long long)i->old_shown, (long long)i->new_shown),
                .note_public = text_cut(cx->arena, note, 250),
            }));
    if (i->old_shown == i->new_shown)
        return OK;
    return onestop_tell(cx, d, S("Ngày hẹn trả kết quả được tính lại"),
                        tr_keep(cx->arena, T("Hẹn trả mới %.*s, thay %.*s. Căn cứ: %.*s."),
                                F(time_long_vi(cx->arena, i->new_shown)),
                                F(time_long_vi(cx->arena, i->old_shown)),
                                F(onestop_redate_basis(cx, r))));
}

/* What the officer saw is what is done; a dossier on which it would be otherwise now stays. */
static enum err move_one(struct cx *cx, struct redate *r, struct redate_item *i)
{
    struct dossier d;
    struct redate_item now;
    TRY(onestop_store_any(cx, i->dossier, &d));
    const bool runs = onestop_state(d.state)->clock_runs;
    if (runs)
        TRY(onestop_redate_try(cx, &d, r, &now));
    if (!runs || now.way != i->way || now.old_due != i->old_due || now.old_shown != i->old_shown ||
        now.new_due != i->new_due || now.new_shown != i->new_shown) {
        i->state = REDATE_ITEM_LEFT;
        r->left_out++;
        return onestop_store_redate_item_end(cx, r->id, i);
    }
    i->state = REDATE_ITEM_MOVED;
    r->moved++;
    d.due_at = i->new_due;
    d.due_shown_at = i->new_shown;
    TRY(onestop_store_update(cx, &d));
    TRY(onestop_store_redate_item_end(cx, r->id, i));
    return say_moved(cx, &d, r, i);
}

static enum err move_some(struct cx *cx, struct redate *r, bool *more)
{
    struct redate_item items[MOVED_A_TURN];
    size_t n;
    TRY(onestop_store_redate_items(cx, r, items, MOVED_A_TURN, &n));
    for (size_t i = 0; i < n; i++) {
        TRY(move_one(cx, r, &items[i]));
        r->at_dossier = items[i].dossier;
    }
    *more = n == MOVED_A_TURN;
    if (!*more) {
        r->state = REDATE_DONE;
        r->done_at = cx->now;
    }
    TRY(onestop_store_redate_put(cx, r));
    return *more ? OK : event_of(cx, r, "onestop.redate.ended", "dang_doi", "xong");
}

enum err onestop_redate_turn(struct cx *cx, int64_t id, struct redate *r, bool *more)
{
    *more = false;
    TRY(onestop_store_redate_any(cx, id, r));
    if (r->state == REDATE_TRYING)
        return try_some(cx, r, more);
    return r->state == REDATE_MOVING ? move_some(cx, r, more) : OK;
}
