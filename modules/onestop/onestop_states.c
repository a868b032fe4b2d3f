/* onestop_states.c - states, the table of moves, and who may make them now.
 *
 * administrative-procedures.md 6.2; what is not in the table is refused with the reason. */
#include "onestop_inside.h"
#include "org/org.h"

const struct right onestop_file = {.name = "onestop.file",
                                   .title = "Nộp và theo dõi hồ sơ của mình"};
const struct right onestop_intake = {.name = "onestop.intake",
                                     .title = "Tiếp nhận và trả kết quả hồ sơ"};
const struct right onestop_process = {.name = "onestop.process",
                                      .title = "Thẩm tra hồ sơ, soạn kết quả"};
const struct right onestop_sign = {
    .name = "onestop.sign", .title = "Phê duyệt và ký kết quả", .step_up = true};
const struct right onestop_watch = {.name = "onestop.watch", .title = "Xem hồ sơ của đơn vị"};

/* clang-format off */
static const struct state_info states[] = {
    {DOSSIER_WAITING,          "cho_tiep_nhan",   "Chờ tiếp nhận",             "Đã gửi, chờ cán bộ tiếp nhận",        1, false, false},
    {DOSSIER_SUPPLEMENT_FIRST, "bo_sung_truoc",   "Chờ bổ sung trước tiếp nhận", "Bạn cần bổ sung giấy tờ",             5, false, false},
    {DOSSIER_REFUSED,          "khong_tiep_nhan", "Không tiếp nhận",           "Không được tiếp nhận",                3, false, true},
    {DOSSIER_ACCEPTED,         "da_tiep_nhan",    "Đã tiếp nhận",              "Đã tiếp nhận",                        2, true,  false},
    {DOSSIER_PROCESSING,       "dang_xu_ly",      "Đang xử lý",                "Đang giải quyết",                     4, true,  false},
    {DOSSIER_SUPPLEMENT,       "cho_bo_sung",     "Chờ bổ sung",               "Bạn cần bổ sung giấy tờ",             5, false, false},
    {DOSSIER_PAYMENT,          "cho_nvtc",        "Chờ nghĩa vụ tài chính",    "Bạn cần nộp tiền",                    6, false, false},
    {DOSSIER_STOPPED,          "dung",            "Dừng xử lý",                "Tạm dừng giải quyết",                 8, false, false},
    {DOSSIER_WITHDRAWN,        "da_rut",          "Đã rút",                    "Bạn đã rút hồ sơ",                    7, false, true},
    {DOSSIER_RELEASED,         "da_xu_ly_xong",   "Đã xử lý xong",             "Đã có kết quả",                       9, false, true},
    {DOSSIER_RETURNED,         "da_tra",          "Đã trả kết quả",            "Đã trả kết quả",                      10, false, true},
    {DOSSIER_CANCELLED,        "da_huy",          "Đã hủy",                    "Đã hủy vì quá hạn bổ sung",           3, false, true},
};

#define IN(s) (1u << (s))
#define FROM_OPEN (IN(DOSSIER_WAITING) | IN(DOSSIER_SUPPLEMENT_FIRST) | IN(DOSSIER_ACCEPTED) | IN(DOSSIER_PROCESSING) | \
                   IN(DOSSIER_SUPPLEMENT) | IN(DOSSIER_PAYMENT))

/* STEP: in whose hands the dossier is now; the step's own right is asked with its kind. */
enum who { WHO_PERSON, WHO_RECEIVING, WHO_COMPETENT, WHO_STEP, WHO_RETURNING, WHO_PROGRAM };

static const struct move_rule {
    enum dossier_move move;
    unsigned from;
    enum dossier_state to; /* 0: the state stays */
    enum who who;
    const struct right *right;
    const char *doing;     /* "tiếp nhận", for the refusal */
} rules[] = {
    {MOVE_ASK_FIRST,    IN(DOSSIER_WAITING),                            DOSSIER_SUPPLEMENT_FIRST, WHO_RECEIVING, &onestop_intake,  "yêu cầu bổ sung"},
    {MOVE_ANSWER_FIRST, IN(DOSSIER_SUPPLEMENT_FIRST),                   DOSSIER_WAITING,    WHO_PERSON,    &onestop_file,    "nộp bổ sung"},
    {MOVE_EXPIRE,       IN(DOSSIER_SUPPLEMENT_FIRST),                   DOSSIER_CANCELLED,  WHO_PROGRAM,   NULL,             "hủy vì quá hạn bổ sung"},
    {MOVE_REFUSE,       IN(DOSSIER_WAITING),                            DOSSIER_REFUSED,    WHO_RECEIVING, &onestop_intake,  "từ chối tiếp nhận"},
    {MOVE_ACCEPT,       IN(DOSSIER_WAITING),                            DOSSIER_ACCEPTED,   WHO_RECEIVING, &onestop_intake,  "tiếp nhận"},
    {MOVE_HAND_OVER,    IN(DOSSIER_ACCEPTED),                           DOSSIER_PROCESSING, WHO_RECEIVING, &onestop_intake,  "chuyển xử lý"},
    {MOVE_ASK,          IN(DOSSIER_PROCESSING),                         DOSSIER_SUPPLEMENT, WHO_COMPETENT, &onestop_process, "yêu cầu bổ sung"},
    {MOVE_ANSWER,       IN(DOSSIER_SUPPLEMENT),                         DOSSIER_PROCESSING, WHO_PERSON,    &onestop_file,    "nộp bổ sung"},
    {MOVE_ASK_PAYMENT,  IN(DOSSIER_PROCESSING),                         DOSSIER_PAYMENT,    WHO_COMPETENT, &onestop_process, "yêu cầu nghĩa vụ tài chính"},
    {MOVE_PAID,         IN(DOSSIER_PAYMENT),                            DOSSIER_PROCESSING, WHO_RECEIVING, &onestop_intake,  "xác nhận thu"},
    {MOVE_SUBMIT,       IN(DOSSIER_PROCESSING),                         0,                  WHO_STEP,      &onestop_process, "trình duyệt"},
    {MOVE_SEND_BACK,    IN(DOSSIER_PROCESSING),                         0,                  WHO_STEP,      &onestop_sign,    "trả lại dự thảo"},
    {MOVE_SIGN,         IN(DOSSIER_PROCESSING),                         0,                  WHO_STEP,      &onestop_sign,    "phê duyệt và ký"},
    {MOVE_REJECT,       IN(DOSSIER_PROCESSING),                         0,                  WHO_STEP,      &onestop_process, "đề xuất không giải quyết"},
    {MOVE_RELEASE,      IN(DOSSIER_PROCESSING),                         DOSSIER_RELEASED,   WHO_PROGRAM,   NULL,             "phát hành"},
    {MOVE_STOP,         IN(DOSSIER_PROCESSING) | IN(DOSSIER_SUPPLEMENT) | IN(DOSSIER_PAYMENT), DOSSIER_STOPPED, WHO_COMPETENT, &onestop_sign, "dừng giải quyết"},
    {MOVE_RESUME,       IN(DOSSIER_STOPPED),                            DOSSIER_PROCESSING, WHO_COMPETENT, &onestop_sign,    "tiếp tục giải quyết"},
    {MOVE_WITHDRAW,     FROM_OPEN,                                      DOSSIER_WITHDRAWN,  WHO_PERSON,    &onestop_file,    "rút hồ sơ"},
    {MOVE_RETURN,       IN(DOSSIER_RELEASED),                           DOSSIER_RETURNED,   WHO_RETURNING, &onestop_intake,  "trả kết quả"},
    {MOVE_FETCH,        IN(DOSSIER_RELEASED),                           DOSSIER_RETURNED,   WHO_PERSON,    &onestop_file,    "nhận kết quả điện tử"},
    {MOVE_CORRECT,      IN(DOSSIER_RETURNED),                           DOSSIER_PROCESSING, WHO_COMPETENT, &onestop_sign,    "đính chính"},
    {MOVE_PASS,         IN(DOSSIER_PROCESSING),                         0,                  WHO_STEP,      NULL,             "xác nhận"},
    {MOVE_EXTEND,       IN(DOSSIER_ACCEPTED) | IN(DOSSIER_PROCESSING),  0,                  WHO_COMPETENT, &onestop_sign,    "xin lỗi và hẹn lại"},
};
/* clang-format on */

const struct state_info *onestop_state(enum dossier_state s)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (states[i].state == s)
            return &states[i];
    MUST(!"every state is in the table");
    return NULL;
}

bool onestop_given_up(enum dossier_state s)
{
    return s == DOSSIER_REFUSED || s == DOSSIER_WITHDRAWN || s == DOSSIER_CANCELLED;
}

static const struct move_rule *rule_of(enum dossier_move m)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].move == m)
            return &rules[i];
    MUST(!"every move but sending is in the table");
    return NULL;
}

enum dossier_state onestop_after(enum dossier_move m, enum dossier_state from)
{
    const struct move_rule *r = rule_of(m);
    return r->to ? r->to : from;
}

/* A committee and its own centre, one above the other in one area, work as one house; the province
 * is above every commune and still decides nothing for them. */
static bool same_house(struct cx *cx, int64_t unit)
{
    const struct actor *a = cx->actor;
    struct org_unit u;
    if (a->unit_path.n == 0 || org_unit_find(cx, unit, &u) != OK)
        return false;
    return str_eq(a->area_path, u.area_path) &&
           (str_starts(u.path, a->unit_path) || str_starts(a->unit_path, u.path));
}

static bool is_person(const struct cx *cx, const struct dossier *d)
{
    const struct actor *a = cx->actor;
    return (a->account && a->account == d->account) || (a->person && a->person == d->submitter);
}

static bool in_place(struct cx *cx, const struct dossier *d, enum who who)
{
    const struct actor *a = cx->actor;
    if (who == WHO_PROGRAM)
        return a->system;
    if (who == WHO_PERSON)
        return is_person(cx, d) ||
               (a->unit && a->unit == d->receiving_unit); /* the counter for a walk-in */
    if (who == WHO_STEP)
        return a->unit && (a->unit == d->unit || same_house(cx, d->unit));
    if (who == WHO_COMPETENT)
        return a->unit == d->competent_unit || same_house(cx, d->competent_unit);
    return a->unit == d->receiving_unit || a->unit == d->returning_unit ||
           same_house(cx, d->receiving_unit);
}

static enum err refuse_state(struct cx *cx, const struct dossier *d, const struct move_rule *r)
{
    return fail(
        cx, ERR_CONFLICT,
        T("Chưa thể %s: hồ sơ đang ở trạng thái \"%s\". Tải lại trang để xem việc có thể làm."),
        r->doing, onestop_state(d->state)->title);
}

static enum err refuse_place(struct cx *cx, const struct move_rule *r)
{
    return fail(
        cx, ERR_DENIED,
        T("Bạn chưa thể %s, vì hồ sơ do đơn vị khác phụ trách. Chọn đúng đơn vị ở góc trên."),
        r->doing);
}

/* At the counter an officer acts for a walk-in with the counter's right, not the person's. */
static const struct right *right_for(const struct cx *cx, const struct move_rule *r)
{
    return r->who == WHO_PERSON && cx->actor->unit ? &onestop_intake : r->right;
}

/* The result was given out and stays good: there is nothing left to withdraw. */
static enum err not_correcting(struct cx *cx, const struct dossier *d)
{
    struct correction c;
    bool yes;
    TRY(onestop_correcting(cx, d, &c, &yes));
    return yes ? fail(cx, ERR_CONFLICT,
                      T("Kết quả đã trả và đang được đính chính, nên không rút hồ sơ được nữa."))
               : OK;
}

/* A step may name any of these; which one is asked with its kind (onestop_at_step). */
bool onestop_works_on_steps(struct cx *cx)
{
    return web_may(cx, &onestop_process) || web_may(cx, &onestop_sign) ||
           web_may(cx, &onestop_intake);
}

enum err onestop_allowed(struct cx *cx, const struct dossier *d, enum dossier_move m)
{
    const struct move_rule *r = rule_of(m);
    if (!(r->from & IN(d->state)))
        return refuse_state(cx, d, r);
    if (!in_place(cx, d, r->who))
        return refuse_place(cx, r);
    if (m == MOVE_WITHDRAW)
        TRY(not_correcting(cx, d));
    const struct right *right = right_for(cx, r);
    bool may = right ? web_may(cx, right) : r->who != WHO_STEP || onestop_works_on_steps(cx);
    if (!cx->actor->system && !may)
        return fail(cx, ERR_DENIED, T("Bạn chưa có quyền %s. Hỏi người quản trị của đơn vị."),
                    r->doing);
    return OK;
}

bool onestop_may(struct cx *cx, const struct dossier *d, enum dossier_move m, struct str *why)
{
    const enum err err_before = cx->err;
    const struct str why_before = cx->why, field_before = cx->field;
    enum err e = onestop_allowed(cx, d, m);
    if (why)
        *why = e == OK ? S("") : cx->why;
    cx->err = err_before; /* asking is not failing: what a refused form is drawn again with stays */
    cx->why = why_before;
    cx->field = field_before;
    return e == OK;
}
