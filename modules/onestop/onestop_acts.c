/* onestop_acts.c - the table of officers' acts and what each does with its form. */
#include "onestop_acts.h"

#include "onestop_inside.h"

#define ITEMS_MAX 32

static struct str reason_of(struct web_req *rq)
{
    return web_form(rq, "ly_do");
}

static enum err write_accept(struct cx *cx, struct web_req *rq, struct dossier *d,
                             struct str *toast)
{
    TRY(onestop_accept(cx, d, web_form(rq, "ghi_chu")));
    if (web_form_has(rq, "chuyen_luon"))
        TRY(onestop_hand_over(cx, d));
    *toast = tr_fmt(cx, T("Đã tiếp nhận, mã hồ sơ %.*s."), F(d->code));
    return OK;
}

static enum err write_refuse(struct cx *cx, struct web_req *rq, struct dossier *d,
                             [[maybe_unused]] struct str *toast)
{
    return onestop_refuse(cx, d, reason_of(rq), web_form(rq, "can_cu"));
}

/* Boxes "bo_sung" name components; "noi_dung.CODE" says what is missing in each. */
static enum err write_ask(struct cx *cx, struct web_req *rq, struct dossier *d,
                          [[maybe_unused]] struct str *toast)
{
    struct str codes[ITEMS_MAX];
    struct supplement_item items[ITEMS_MAX];
    size_t n = web_form_all(rq, "bo_sung", codes, ITEMS_MAX);
    for (size_t i = 0; i < n && i < ITEMS_MAX; i++) {
        struct str name = str_fmt(cx->arena, "noi_dung.%.*s", F(codes[i]));
        items[i] = (struct supplement_item){codes[i], web_form(rq, name.p)};
    }
    return onestop_ask(cx, d, reason_of(rq), items, n < ITEMS_MAX ? n : ITEMS_MAX);
}

static enum err write_fee(struct cx *cx, [[maybe_unused]] struct web_req *rq, struct dossier *d,
                          struct str *toast)
{
    int64_t number;
    TRY(onestop_take_fee(cx, d, &number));
    *toast = tr_fmt(cx, T("Đã thu %.*s, biên lai số %lld."), F(look_money(cx, d->fee_dong)),
                    (long long)number);
    return OK;
}

static enum err write_hand_over(struct cx *cx, [[maybe_unused]] struct web_req *rq,
                                struct dossier *d, [[maybe_unused]] struct str *toast)
{
    return onestop_hand_over(cx, d);
}

static enum err write_return(struct cx *cx, struct web_req *rq, struct dossier *d,
                             [[maybe_unused]] struct str *toast)
{
    return onestop_return(cx, d,
                          &(struct handed){.to_name = web_form(rq, "nguoi_nhan"),
                                           .evidence = web_form(rq, "giay_to")});
}

static enum err write_withdraw(struct cx *cx, struct web_req *rq, struct dossier *d,
                               [[maybe_unused]] struct str *toast)
{
    return onestop_withdraw(cx, d, reason_of(rq));
}

static enum err write_take(struct cx *cx, [[maybe_unused]] struct web_req *rq, struct dossier *d,
                           [[maybe_unused]] struct str *toast)
{
    return onestop_take(cx, d);
}

static enum err write_submit(struct cx *cx, [[maybe_unused]] struct web_req *rq, struct dossier *d,
                             [[maybe_unused]] struct str *toast)
{
    return onestop_submit(cx, d);
}

static enum err write_reject(struct cx *cx, struct web_req *rq, struct dossier *d,
                             [[maybe_unused]] struct str *toast)
{
    return onestop_reject(cx, d, reason_of(rq), web_form(rq, "can_cu"));
}

static enum err write_send_back(struct cx *cx, struct web_req *rq, struct dossier *d,
                                [[maybe_unused]] struct str *toast)
{
    return onestop_send_back(cx, d, reason_of(rq));
}

static enum err write_sign(struct cx *cx, [[maybe_unused]] struct web_req *rq, struct dossier *d,
                           [[maybe_unused]] struct str *toast)
{
    return onestop_sign_result(cx, d);
}

static enum err write_stop(struct cx *cx, struct web_req *rq, struct dossier *d,
                           [[maybe_unused]] struct str *toast)
{
    return onestop_stop(cx, d, reason_of(rq), web_form(rq, "can_cu"));
}

static enum err write_resume(struct cx *cx, struct web_req *rq, struct dossier *d,
                             [[maybe_unused]] struct str *toast)
{
    return onestop_resume(cx, d, reason_of(rq));
}

/* "1.250.000", "1250000 đ": what stands between the digits of a thousand is no part of it. */
static int64_t amount_of(struct web_req *rq)
{
    struct str typed = web_form(rq, "so_tien");
    int64_t n = 0;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c >= '0' && c <= '9' && n < INT64_C(1'000'000'000'000'000))
            n = n * 10 + (c - '0');
        else if (c != '.' && c != ' ')
            return str_eq(str_from(typed, i), S("đ")) || str_eq(str_from(typed, i), S("đồng")) ? n
                                                                                               : 0;
    }
    return n;
}

static enum err write_ask_payment(struct cx *cx, struct web_req *rq, struct dossier *d,
                                  [[maybe_unused]] struct str *toast)
{
    return onestop_ask_payment(cx, d, amount_of(rq), reason_of(rq), web_form(rq, "can_cu"));
}

static enum err write_paid(struct cx *cx, struct web_req *rq, struct dossier *d, struct str *toast)
{
    int64_t receipt;
    struct str way = web_form(rq, "cach_nop");
    if (way.n == 0)
        return fail_field(cx, ERR_INVALID, S("cach_nop"), T("Chọn người nộp đã nộp tiền ở đâu."));
    TRY(onestop_paid(cx, d, str_eq(way, S("tien_mat")), web_form(rq, "chung_tu"), &receipt));
    if (receipt)
        *toast =
            tr_fmt(cx, T("Đã thu tiền, biên lai số %lld. Thời hạn chạy tiếp."), (long long)receipt);
    return OK;
}

static enum err write_correct(struct cx *cx, struct web_req *rq, struct dossier *d,
                              [[maybe_unused]] struct str *toast)
{
    return onestop_correct(cx, d, reason_of(rq));
}

static enum err write_pass(struct cx *cx, struct web_req *rq, struct dossier *d,
                           [[maybe_unused]] struct str *toast)
{
    return onestop_pass(cx, d, web_form(rq, "y_kien"));
}

/* "23/11/2026" in one box, or the three boxes of a date field. */
static enum err write_extend(struct cx *cx, struct web_req *rq, struct dossier *d,
                             [[maybe_unused]] struct str *toast)
{
    static const char *const boxes[] = {"ngay_hen-ngay", "ngay_hen-thang", "ngay_hen-nam"};
    int64_t v[3];
    for (int i = 0; i < 3; i++)
        if (!str_int(web_form(rq, boxes[i]), &v[i]) || v[i] < 1 || v[i] > 9999)
            return fail_field(cx, ERR_INVALID, S("ngay_hen"),
                              T("Ngày hẹn mới phải đủ ngày, tháng, năm, ví dụ 27/11/2026."));
    if (!civil_valid((int)v[2], (int)v[1], (int)v[0]))
        return fail_field(cx, ERR_INVALID, S("ngay_hen"),
                          T("Ngày hẹn mới không có trong lịch. Nhập lại, ví dụ 27/11/2026."));
    return onestop_extend(cx, d, civil_day((int)v[2], (int)v[1], (int)v[0]), reason_of(rq));
}

/* ---- when an act is offered, beside the state (column `when`) ---- */

/* The group of an act is the right its route asks for: a step is shown to whoever has its right. */
static const struct right *right_of(const struct act *a)
{
    return str_eq(str_c(a->group), S("mot-cua")) ? &onestop_intake
           : str_eq(str_c(a->group), S("ky"))    ? &onestop_sign
                                                 : &onestop_process;
}

static bool at_step(const struct act_offer *o, const char *kind)
{
    return onestop_step_is(o->d, o->p, kind, NULL);
}

static bool result_is(const struct act_offer *o, const char *state)
{
    return o->r && str_eq(o->r->state, str_c(state));
}

static bool when_fee_is_due(const struct act_offer *o)
{
    const struct dossier *d = o->d;
    struct receipt r;
    bool open = !onestop_state(d->state)->ended || d->state == DOSSIER_RELEASED;
    return open && d->accepted_at && d->fee_dong && web_may(o->cx, &onestop_intake) &&
           o->cx->actor->unit == d->receiving_unit &&
           onestop_store_receipt(o->cx, d->id, &r) == ERR_NOT_FOUND;
}

static bool when_step_is_mine(const struct act_offer *o)
{
    const struct right *right = right_of(o->act);
    return onestop_step_is(o->d, o->p, "xac_nhan", right) && web_may(o->cx, right);
}

static bool when_late(const struct act_offer *o)
{
    return onestop_due_class(o->d, o->cx->now) == DUE_LATE;
}

static bool when_worked_at(const struct act_offer *o)
{
    return at_step(o, "tham_tra");
}

static bool when_nobody_has_it(const struct act_offer *o)
{
    return at_step(o, "tham_tra") && o->d->assignee == 0;
}

static bool when_drafted(const struct act_offer *o)
{
    return at_step(o, "tham_tra") && result_is(o, "du_thao");
}

static bool when_submitted(const struct act_offer *o)
{
    return at_step(o, "ky") && result_is(o, "trinh");
}

/* Also after the approval. */
static bool when_unsigned(const struct act_offer *o)
{
    return at_step(o, "ky") && (result_is(o, "trinh") || result_is(o, "da_duyet"));
}

static bool when_not_approved(const struct act_offer *o)
{
    return !result_is(o, "da_duyet");
}

static bool when_signed(const struct act_offer *o)
{
    return result_is(o, "da_ky");
}

static bool when_never_apologised(const struct act_offer *o)
{
    return o->d->apologised_at == 0;
}

/* clang-format off */
const struct act onestop_acts[] = {
    {"tiep-nhan", "mot-cua", MOVE_ACCEPT, "Tiếp nhận…", "Tiếp nhận hồ sơ", "Ba việc phải kiểm tra: dữ liệu khớp, chữ ký hợp lệ, giấy tờ đủ. Tiếp nhận xong thì có mã hồ sơ và ngày hẹn.", "Tiếp nhận", "Đã tiếp nhận.", ACT_FORWARD, "", write_accept, NULL},
    {"bo-sung",   "mot-cua", MOVE_ASK_FIRST, "Yêu cầu bổ sung…", "Yêu cầu bổ sung", "Nêu đủ một lần. Người nộp nhận phiếu mẫu 02.", "Gửi yêu cầu", "Đã gửi yêu cầu bổ sung.", ACT_ITEMS | ACT_REASON, "2", write_ask, NULL},
    {"tu-choi",   "mot-cua", MOVE_REFUSE, "Từ chối…", "Từ chối tiếp nhận", "Người nộp nhận phiếu mẫu 03 với lý do và căn cứ.", "Từ chối tiếp nhận", "Đã từ chối tiếp nhận.", ACT_REASON | ACT_BASIS, "dq", write_refuse, NULL},
    {"chuyen",    "mot-cua", MOVE_HAND_OVER, "Chuyển xử lý…", "Chuyển hồ sơ đến nơi giải quyết", "Chuyển trong ngày; nhận sau 15 giờ thì chuyển đầu giờ ngày làm việc tiếp theo.", "Chuyển xử lý", "Đã chuyển xử lý.", 0, "", write_hand_over, NULL},
    {"thu-tien",  "mot-cua", 0, "Thu tiền mặt…", "Thu phí, lệ phí bằng tiền mặt", "Biên lai lấy số tiếp theo của năm.", "Đã nhận đủ tiền", "", 0, "2", write_fee, when_fee_is_due},
    {"da-nop",    "mot-cua", MOVE_PAID, "Xác nhận đã nộp tiền…", "Xác nhận đã nộp tiền", "Thu tiền mặt thì biên lai lấy số tiếp theo của năm. Xác nhận xong thời hạn chạy tiếp.", "Đã nộp đủ tiền", "Đã xác nhận nộp tiền. Thời hạn chạy tiếp.", ACT_PAID, "", write_paid, NULL},
    {"xac-nhan",  "mot-cua", MOVE_PASS, "Xác nhận xong bước này…", "Xác nhận xong bước này", "Hồ sơ chuyển sang bước tiếp theo.", "Xác nhận", "Đã xong bước này.", ACT_OPINION, "", write_pass, when_step_is_mine},
    {"tra",       "mot-cua", MOVE_RETURN, "Trả kết quả…", "Trả kết quả", "Kiểm tra người nhận trước khi trao.", "Trả kết quả", "Đã trả kết quả.", ACT_HANDED, "", write_return, NULL},
    {"rut",       "mot-cua", MOVE_WITHDRAW, "Rút theo đề nghị…", "Rút hồ sơ theo đề nghị của người nộp", "Chỉ làm khi người nộp đề nghị.", "Rút hồ sơ", "Đã rút hồ sơ.", ACT_REASON, "dq", write_withdraw, when_not_approved},
    {"nhan",      "xu-ly",   MOVE_SUBMIT, "Nhận xử lý…", "Nhận xử lý hồ sơ", "Hồ sơ ghi tên người nhận xử lý.", "Nhận xử lý", "Đã nhận xử lý.", 0, "", write_take, when_nobody_has_it},
    {"trinh",     "xu-ly",   MOVE_SUBMIT, "Trình duyệt…", "Trình lãnh đạo duyệt", "Bản trình là bản sẽ được ký. Xem lại dự thảo trước khi trình.", "Trình duyệt", "Đã trình duyệt.", 0, "", write_submit, when_drafted},
    {"bo-sung",   "xu-ly",   MOVE_ASK, "Yêu cầu bổ sung…", "Yêu cầu bổ sung", "Nêu đủ một lần. Thời hạn tạm dừng đến khi người nộp bổ sung.", "Gửi yêu cầu", "Đã gửi yêu cầu bổ sung.", ACT_ITEMS | ACT_REASON, "2", write_ask, when_not_approved},
    {"nop-tien",  "xu-ly",   MOVE_ASK_PAYMENT, "Yêu cầu nộp tiền…", "Yêu cầu thực hiện nghĩa vụ tài chính", "Người nộp nhận thông báo. Thời hạn tạm dừng đến khi quầy xác nhận đã nộp.", "Gửi yêu cầu", "Đã yêu cầu nộp tiền. Thời hạn tạm dừng.", ACT_AMOUNT | ACT_REASON | ACT_BASIS, "2", write_ask_payment, when_not_approved},
    {"xac-nhan",  "xu-ly",   MOVE_PASS, "Xác nhận xong bước này…", "Xác nhận xong bước này", "Hồ sơ chuyển sang bước tiếp theo.", "Xác nhận", "Đã xong bước này.", ACT_OPINION, "", write_pass, when_step_is_mine},
    {"khong-giai-quyet", "xu-ly", MOVE_REJECT, "Đề xuất không giải quyết…", "Đề xuất không giải quyết", "Lãnh đạo ký văn bản trả lời trong thời hạn.", "Trình văn bản", "Đã trình văn bản không giải quyết.", ACT_REASON | ACT_BASIS, "dq", write_reject, when_worked_at},
    {"xin-y-kien", "xu-ly",  MOVE_SUBMIT, "Xin ý kiến…", "Xin ý kiến cơ quan khác", "Thời hạn của hồ sơ vẫn chạy trong lúc chờ.", "Gửi câu hỏi", "Đã gửi.", ACT_CONSULT, "2", onestop_act_consult, NULL},
    {"nguyen-nhan", "xu-ly", MOVE_SUBMIT, "Ghi nguyên nhân quá hạn…", "Ghi nguyên nhân quá hạn", "Ghi vào danh sách Hồ sơ trễ hạn của đơn vị.", "Ghi nguyên nhân", "Đã ghi nguyên nhân.", ACT_CAUSE, "2", onestop_act_cause, when_late},
    {"duyet",     "ky",      MOVE_SIGN, "Phê duyệt và ký…", "Phê duyệt và ký", "Kết quả được cấp số rồi ký số. Sau khi ký không sửa được, chỉ đính chính.", "Phê duyệt và ký", "Đã duyệt. Đang ký kết quả.", 0, "", write_sign, when_submitted},
    {"xac-nhan",  "ky",      MOVE_PASS, "Xác nhận xong bước này…", "Xác nhận xong bước này", "Hồ sơ chuyển sang bước tiếp theo.", "Xác nhận", "Đã xong bước này.", ACT_OPINION, "", write_pass, when_step_is_mine},
    {"tra-lai",   "ky",      MOVE_SEND_BACK, "Trả lại…", "Trả lại để sửa dự thảo", "Người soạn thấy lý do trên hồ sơ.", "Trả lại", "Đã trả lại.", ACT_REASON, "2", write_send_back, when_unsigned},
    {"dung",      "ky",      MOVE_STOP, "Dừng giải quyết…", "Dừng giải quyết hồ sơ", "Người nộp nhận thông báo mẫu 05. Thời hạn tạm dừng.", "Dừng giải quyết", "Đã dừng giải quyết.", ACT_REASON | ACT_BASIS, "dq", write_stop, when_not_approved},
    {"tiep-tuc",  "ky",      MOVE_RESUME, "Tiếp tục giải quyết…", "Tiếp tục giải quyết hồ sơ", "Thời hạn chạy tiếp.", "Tiếp tục giải quyết", "Hồ sơ được giải quyết tiếp.", ACT_REASON, "", write_resume, NULL},
    {"dinh-chinh", "ky",     MOVE_CORRECT, "Đính chính kết quả…", "Đính chính kết quả đã trả", "Chuyên viên soạn bản mới; bản cũ giữ nguyên và có hiệu lực đến khi bản mới được ký.", "Bắt đầu đính chính", "Đã mở đính chính. Chuyên viên soạn bản mới.", ACT_REASON, "dq", write_correct, when_signed},
    {"hen-lai",   "ky",      MOVE_EXTEND, "Xin lỗi, hẹn lại…", "Xin lỗi và hẹn lại ngày trả", "Chỉ hẹn lại một lần. Người nộp nhận văn bản mẫu 04.", "Gửi lời xin lỗi và ngày hẹn mới", "Đã xin lỗi và hẹn lại.", ACT_REASON | ACT_DATE, "2", write_extend, when_never_apologised},
    {0},
};
/* clang-format on */

const struct act *onestop_act_of(struct str group, struct str path)
{
    for (const struct act *a = onestop_acts; a->path; a++)
        if (str_eq(group, str_c(a->group)) && str_eq(path, str_c(a->path)))
            return a;
    return NULL;
}

bool onestop_act_offered(struct cx *cx, const struct act *a, const struct dossier *d,
                         const struct procedure *p, const struct result_view *r)
{
    if (a->move && !onestop_may(cx, d, a->move, NULL))
        return false;
    return !a->when || a->when(&(struct act_offer){cx, a, d, p, r});
}
