/* onestop_note.c - what officers write around a dossier: notes among themselves, why it is late. */
#include "identity/identity.h"
#include "journal/journal.h"
#include "onestop_desk_work.h"
#include "org/org.h"

static enum err write_event(struct cx *cx, const struct dossier *d, const char *kind,
                            struct str to_state)
{
    return journal_write(cx, &(struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = SUBJECT_KIND,
                                 .subject_code = d->code.n ? d->code : d->request_code,
                                 .subject_id = d->id,
                                 .unit = d->unit,
                                 .to_state = to_state,
                             });
}

/* Whoever may do something with dossiers; who only looks on writes nothing. */
static bool works_on_dossiers(struct cx *cx)
{
    return cx->actor->unit && (web_may(cx, &onestop_intake) || web_may(cx, &onestop_process) ||
                               web_may(cx, &onestop_sign));
}

enum err onestop_note_add(struct cx *cx, const struct dossier *d, struct str words)
{
    struct str said = str_trim(words);
    if (!works_on_dossiers(cx))
        return fail(cx, ERR_DENIED,
                    T("Bạn chưa có quyền ghi chú, vì vai trò của bạn chỉ xem hồ sơ."));
    if (said.n == 0)
        return fail_field(cx, ERR_INVALID, S("ghi_chu"), T("Nhập nội dung ghi chú."));
    if (utf8_count(said) > REASON_MAX)
        return fail_field(cx, ERR_LIMIT, S("ghi_chu"),
                          T("Ghi chú dài quá %d ký tự. Viết ngắn lại."), REASON_MAX);
    TRY(onestop_store_note_add(cx, d, said));
    return write_event(cx, d, "onestop.note.added", S(""));
}

enum err onestop_notes(struct cx *cx, const struct dossier *d, struct note *out, size_t max,
                       size_t *n)
{
    struct org_unit u;
    TRY(onestop_store_notes(cx, d, out, max, n));
    for (size_t i = 0; i < *n; i++) {
        TRY(account_name(cx, out[i].by_account, &out[i].by_name));
        TRY(org_unit_find(cx, out[i].by_unit, &u));
        out[i].unit_name = u.short_name;
    }
    return OK;
}

/* clang-format off */
const struct late_cause onestop_causes[] = {
    {"khoi_luong", T("Quá nhiều hồ sơ cùng lúc")},
    {"phoi_hop",   T("Chờ ý kiến, phối hợp của cơ quan khác")},
    {"phuc_tap",   T("Hồ sơ phức tạp, phải xác minh thêm")},
    {"he_thong",   T("Hệ thống, đường truyền gián đoạn")},
    {"nguoi_nop",  T("Người nộp chưa phối hợp")},
    {"can_bo",     T("Cán bộ xử lý chậm")},
    {"khac",       T("Nguyên nhân khác")},
    {0},
};
/* clang-format on */

const char *onestop_cause_title(struct str code)
{
    for (const struct late_cause *c = onestop_causes; c->code; c++)
        if (str_eq(str_c(c->code), code))
            return c->title;
    return "";
}

enum err onestop_name_cause(struct cx *cx, const struct dossier *d, struct str cause,
                            struct str words)
{
    TRY(onestop_allowed(cx, d, MOVE_SUBMIT));
    if (onestop_due_class(d, cx->now) != DUE_LATE)
        return fail(cx, ERR_CONFLICT, T("Hồ sơ này chưa quá hạn, chưa cần ghi nguyên nhân."));
    if (onestop_cause_title(cause)[0] == 0)
        return fail_field(cx, ERR_INVALID, S("nguyen_nhan"), T("Chọn một nguyên nhân."));
    if (str_eq(cause, S("khac")) && str_trim(words).n == 0)
        return fail_field(cx, ERR_INVALID, S("giai_thich"), T("Nhập nguyên nhân cụ thể."));
    if (utf8_count(words) > REASON_MAX)
        return fail_field(cx, ERR_LIMIT, S("giai_thich"),
                          T("Giải thích dài quá %d ký tự. Viết ngắn lại."), REASON_MAX);
    TRY(onestop_store_cause_put(cx, d, cause, str_trim(words)));
    return write_event(cx, d, "onestop.late.cause_named", cause);
}
