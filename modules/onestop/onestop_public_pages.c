/* onestop_public_pages.c - without signing in: the progress of a dossier, the check of a signed
 * paper. */
#include "onestop_pages.h"
#include "onestop_views.h"

/* ---- without signing in: progress only ---- */

static struct look_stepper_view progress_steps(struct cx *cx, const struct progress *p)
{
    struct look_step *steps = NEW_N(cx->arena, struct look_step, (size_t)p->of);
    for (int i = 0; i < p->of; i++)
        steps[i] = (struct look_step){
            .label = i == 0           ? tr(cx, S(T("Đã gửi")))
                     : i == 1         ? tr(cx, S(T("Tiếp nhận")))
                     : i + 1 == p->of ? tr(cx, S(T("Có kết quả")))
                                      : tr(cx, S(T("Giải quyết"))),
            .done = i < p->done,
            .now = i == p->done,
        };
    return (struct look_stepper_view){.label = tr(cx, S(T("Tiến độ"))),
                                      .where =
                                          tr_fmt(cx, T("Đã xong %d trong %d bước"), p->done, p->of),
                                      .at = p->done < p->of ? p->done + 1 : p->of,
                                      .of = p->of,
                                      .steps = steps,
                                      .steps_n = (size_t)p->of};
}

static enum err draw_track(struct cx *cx, struct web_res *rs, struct str typed)
{
    struct progress p;
    struct onestop_track_view v = {.code = typed};
    enum err e = typed.n ? onestop_progress(cx, typed, &p) : ERR_NOT_FOUND;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK) {
        struct dossier d = {.state = p.state};
        v.found = true;
        v.procedure_name = p.procedure_name;
        v.unit = p.unit_name;
        v.due = p.due_at && !p.released_at ? time_long(cx, p.due_at) : S("");
        v.state = onestop_state_badge(cx, &d, true);
        v.stepper = progress_steps(cx, &p);
    } else if (typed.n) {
        v.wrong = (struct look_note_view){
            .kind = S("err"),
            .icon = S("oct"),
            .title = tr(cx, S(T("Không tìm thấy hồ sơ có mã này"))),
            .text = tr(
                cx,
                S(T("Kiểm tra lại mã trên giấy hẹn, ví dụ H37.114-261109-0007. Vẫn không thấy, gọi 1022.")))};
        rs->status = 404;
    }
    onestop_track_html(&rs->body, &v);
    return OK;
}

/* By hand: "?ma=". */
enum err onestop_show_track(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_track(cx, rs, str_trim(web_query(rq, "ma")));
}

/* By the QR of the receipt: a random token, not shown again in the box. */
enum err onestop_show_track_token(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_track(cx, rs, web_path(rq, "ma"));
}

/* ---- the public check of a result ---- */

static enum err draw_verify(struct cx *cx, struct web_res *rs, struct str code)
{
    struct verified r;
    struct onestop_verify_view v = {.code = code};
    enum err e = code.n ? onestop_verify(cx, code, &r) : ERR_NOT_FOUND;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK) {
        struct look_row *rows = NEW_N(cx->arena, struct look_row, 7);
        rows[0] = (struct look_row){.key = tr(cx, S(T("Văn bản"))), .value = r.document};
        rows[1] = (struct look_row){.key = tr(cx, S(T("Số"))), .value = r.number};
        rows[2] = (struct look_row){.key = tr(cx, S(T("Cơ quan ký"))), .value = r.unit_name};
        rows[3] = (struct look_row){.key = tr(cx, S(T("Người ký"))), .value = r.signer_name};
        rows[4] = (struct look_row){.key = tr(cx, S(T("Cấp cho"))), .value = r.holder_masked};
        rows[5] = (struct look_row){.key = tr(cx, S(T("Ký lúc"))),
                                    .value = time_vi(cx->arena, r.signed_at)};
        rows[6] =
            (struct look_row){.key = tr(cx, S(T("Mã băm SHA-256 của tệp"))), .value = r.sha256_hex};
        v.verdict = (struct look_note_view){
            .kind = S("ok"),
            .icon = S("checkc"),
            .title = tr(cx, S(T("Văn bản hợp lệ"))),
            .text = tr(
                cx,
                S(T("Văn bản mang mã này đã được ký số và chưa bị thu hồi. So các dòng dưới với bản bạn đang cầm.")))};
        if (r.replaced_by.n)
            v.verdict = (struct look_note_view){
                .kind = S("warn"),
                .icon = S("tri"),
                .title = tr(cx, S(T("Văn bản đã được thay thế"))),
                .text = tr_fmt(
                    cx,
                    T("Văn bản này là thật, nhưng đã được đính chính bằng văn bản số %.*s. Dùng bản mới."),
                    F(r.replaced_by))};
        v.facts = (struct look_facts_view){tr(cx, S(T("Văn bản"))), rows, 7};
    } else if (code.n) {
        v.verdict = (struct look_note_view){
            .kind = S("err"),
            .icon = S("oct"),
            .title = tr(cx, S(T("Không có văn bản nào mang mã này"))),
            .text = tr(
                cx,
                S(T("Kiểm tra lại 12 ký tự in cạnh mã QR. Nếu đúng mà vẫn không thấy, văn bản có thể là giả: gọi 1022.")))};
        rs->status = 404;
    }
    onestop_verify_html(&rs->body, &v);
    return OK;
}

enum err onestop_show_verify(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_verify(cx, rs, str_trim(web_query(rq, "ma")));
}

enum err onestop_show_verify_code(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    return draw_verify(cx, rs, web_path(rq, "ma"));
}
