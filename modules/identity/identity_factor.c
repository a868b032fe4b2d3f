/*
 * identity_factor.c - the second factor of an account: codes of an authenticator app, and ten
 * recovery codes for when the phone is lost.
 *
 * A code is good once: the step of the last one taken is kept, and it and those before are used up.
 * Clocks may differ by one step either way. Wrong ones are counted like passwords: five in a row,
 * then one in five minutes; the last word on that is the update that takes the code.
 */
#include "identity_factor.h"

#include "crypto/crypto.h"
#include "journal/journal.h"
#include "json/json.h"
#include "notify/notify.h"
#include "vault/vault.h"

#define CODE_DIGITS 6
#define DRIFT 1 /* steps */
#define REASON_MAX 500
#define NOT_RIGHT                                                                                  \
    "Mã không đúng. Xem mã đang hiện trong ứng dụng rồi nhập lại; nếu vẫn sai, chỉnh giờ điện thoại về tự động."

static const struct str about_secret = {"identity_factor.secret", 22};

/* What apps show in groups, and what people put between them. */
static struct str digits_of(struct cx *cx, struct str typed)
{
    struct buf b = {.arena = cx->arena, .limit = 64};
    for (size_t i = 0; i < typed.n && b.n < 40; i++)
        if (typed.p[i] >= '0' && typed.p[i] <= '9')
            buf_byte(&b, typed.p[i]);
    return b.n ? buf_str(&b) : S("");
}

static enum err secret_of(struct cx *cx, const struct factor_row *f, struct str *secret)
{
    int64_t subject;
    TRY(account_subject(cx, f->account, &subject));
    return vault_open_sealed(cx, subject, about_secret, f->secret, secret);
}

/* The step of a code that is right about now; 0: it is none. Each is looked at, whichever is right.
 */
static int64_t step_of(struct cx *cx, struct str secret, struct str code)
{
    const int64_t now = totp_step(cx->now);
    int64_t found = 0;
    for (int64_t step = now - DRIFT; step <= now + DRIFT; step++)
        if (equal_in_constant_time(totp_code(cx->arena, secret, step), code))
            found = step;
    return found;
}

enum err factor_is_on(struct cx *cx, int64_t account, bool *on)
{
    struct factor_row f;
    const enum err e = factor_store_find(cx, account, &f);
    *on = e == OK && f.on_at != 0;
    return e == ERR_NOT_FOUND ? OK : e;
}

/* ---- asking for a code ---- */

static bool must_wait(const struct cx *cx, const struct factor_row *f, struct code_check *c)
{
    c->wait_until = f->failed_at + SIGN_IN_WAIT_MS;
    return f->failures >= SIGN_IN_FREE && c->wait_until > cx->now;
}

static enum err check_app(struct cx *cx, const struct factor_row *f, struct str code,
                          struct code_check *c)
{
    struct str secret;
    TRY(secret_of(cx, f, &secret));
    c->step = step_of(cx, secret, code);
    if (c->step)
        c->verdict = c->step > f->last_step ? CODE_RIGHT : CODE_USED;
    return OK;
}

static enum err check_recovery(struct cx *cx, struct str code, struct code_check *c)
{
    struct str hash;
    c->recovery = true;
    c->slot = code.p[0] - '0';
    const enum err e = recovery_store_find(cx, c->account, c->slot, &hash);
    if (e == OK && password_matches(code, hash))
        c->verdict = CODE_RIGHT;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err factor_check(struct cx *cx, int64_t account, struct str typed, struct code_check *c)
{
    struct factor_row f;
    const struct str code = digits_of(cx, typed);
    *c = (struct code_check){.verdict = CODE_WRONG, .account = account};
    const enum err e = factor_store_find(cx, account, &f);
    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    if (f.on_at == 0)
        return OK;
    if (must_wait(cx, &f, c)) {
        c->verdict = CODE_WAIT;
        return OK;
    }
    if (code.n == CODE_DIGITS)
        return check_app(cx, &f, code, c);
    return code.n == RECOVERY_DIGITS ? check_recovery(cx, code, c) : OK;
}

/* Somebody knows the password and guesses: the person is told, once a row of wrong ones. */
static enum err tell(struct cx *cx, int64_t account, struct str title, struct str body)
{
    return notify_send(cx, &(struct notice){.account = account,
                                            .kind = S("identity.factor"),
                                            .title = title,
                                            .body = body,
                                            .link = S("/tai-khoan/ma-xac-thuc")});
}

static enum err count_wrong(struct cx *cx, const struct code_check *c)
{
    struct factor_row f;
    TRY(factor_store_wrong(cx, c->account));
    TRY(identity_note(cx, S("identity.factor.refused"), c->account));
    const enum err e = factor_store_find(cx, c->account, &f);
    if (e == ERR_NOT_FOUND || (e == OK && f.failures != SIGN_IN_FREE))
        return OK;
    TRY(e);
    return tell(cx, c->account, S(T("Mã xác thực của bạn bị nhập sai nhiều lần")),
                S(T("Ai đó đã nhập đúng mật khẩu rồi sai mã nhiều lần. Không phải bạn thì đổi mật "
                    "khẩu ngay.")));
}

/* It looked right when it was read: in the meantime it may have been used, or too many were wrong.
 */
static enum err take(struct cx *cx, struct code_check *c)
{
    struct factor_row f;
    bool took;
    TRY(factor_store_take(cx, c->account, c->recovery ? 0 : c->step, SIGN_IN_FREE,
                          cx->now - SIGN_IN_WAIT_MS, &took));
    if (!took) {
        TRY(factor_store_find(cx, c->account, &f));
        c->verdict = must_wait(cx, &f, c) ? CODE_WAIT : CODE_USED;
        return OK;
    }
    if (!c->recovery)
        return OK;
    TRY(recovery_store_use(cx, c->account, c->slot, &took));
    if (!took) {
        c->verdict = CODE_WRONG;
        return OK;
    }
    TRY(identity_note(cx, S("identity.recovery.used"), c->account));
    return tell(cx, c->account, S(T("Một mã dự phòng của bạn vừa được dùng")),
                S(T("Mỗi mã dự phòng dùng được một lần. Không phải bạn thì đổi mật khẩu ngay.")));
}

enum err factor_take(struct cx *cx, struct code_check *c)
{
    if (c->verdict == CODE_RIGHT)
        TRY(take(cx, c));
    if (c->verdict == CODE_RIGHT || c->verdict == CODE_WAIT)
        return OK;
    return count_wrong(cx, c);
}

struct str code_sentence(struct cx *cx, const struct code_check *c)
{
    if (c->verdict == CODE_WAIT)
        return tr_fmt(cx, T("Mã đã sai nhiều lần. Chờ đến %.*s rồi nhập mã mới."),
                      F(time_vi(cx->arena, c->wait_until)));
    if (c->verdict == CODE_USED)
        return tr(cx, S(T("Mã này đã dùng. Chờ ứng dụng hiện mã mới, trong 30 giây, rồi nhập.")));
    return tr(cx, S(T(NOT_RIGHT)));
}

/* ---- on and off ---- */

enum err factor_begin(struct cx *cx, int64_t account)
{
    int64_t subject;
    struct str sealed;
    TRY(account_subject(cx, account, &subject));
    TRY(vault_seal(cx, subject, about_secret, random_bytes(cx, TOTP_SECRET_BYTES), &sealed));
    const enum err e = factor_store_begin(cx, account, sealed);
    if (e == ERR_CONFLICT)
        return fail(cx, e, T("Mã xác thực đang bật. Tắt trước rồi bật lại với điện thoại mới."));
    TRY(e);
    return identity_note(cx, S("identity.factor.begun"), account);
}

static enum err begun(struct cx *cx, int64_t account, struct factor_row *f)
{
    const enum err e = factor_store_find(cx, account, f);
    return e == OK && f->on_at != 0 ? ERR_NOT_FOUND : e;
}

enum err factor_begun(struct cx *cx, int64_t account, struct str *secret)
{
    struct factor_row f;
    TRY(begun(cx, account, &f));
    return secret_of(cx, &f, secret);
}

static enum err no_longer(struct cx *cx)
{
    return fail(cx, ERR_CONFLICT, T("Khóa này đã được thay. Mở lại trang rồi bật từ đầu."));
}

enum err factor_first_code(struct cx *cx, int64_t account, struct str typed, int64_t *step)
{
    struct factor_row f;
    struct str secret;
    const enum err e = begun(cx, account, &f);
    if (e == ERR_NOT_FOUND)
        return no_longer(cx);
    TRY(e);
    TRY(secret_of(cx, &f, &secret));
    *step = step_of(cx, secret, digits_of(cx, typed));
    return *step ? OK : fail_field(cx, ERR_INVALID, S("ma"), T(NOT_RIGHT));
}

/* Sixteen digits: which of the ten, then fifteen at random (49 bits). */
static struct str recovery_code(struct cx *cx, int slot)
{
    struct buf b = {.arena = cx->arena, .limit = RECOVERY_DIGITS + 1};
    buf_byte(&b, (char)('0' + slot));
    while (b.n < RECOVERY_DIGITS) {
        const struct str r = random_bytes(cx, RECOVERY_DIGITS);
        for (size_t i = 0; i < r.n && b.n < RECOVERY_DIGITS; i++)
            if ((unsigned char)r.p[i] < 250) /* each digit as often as another */
                buf_byte(&b, (char)('0' + (unsigned char)r.p[i] % 10));
    }
    return buf_str(&b);
}

enum err recovery_make(struct cx *cx, struct recovery_codes *r)
{
    for (int i = 0; i < RECOVERY_CODES; i++) {
        r->plain[i] = recovery_code(cx, i);
        TRY(password_hash(cx, r->plain[i], &r->hash[i]));
    }
    return OK;
}

static enum err keep_codes(struct cx *cx, int64_t account, const struct recovery_codes *r)
{
    TRY(recovery_store_drop(cx, account));
    for (int i = 0; i < RECOVERY_CODES; i++)
        TRY(recovery_store_add(cx, account, i, r->hash[i]));
    return OK;
}

enum err factor_turn_on(struct cx *cx, int64_t account, int64_t step,
                        const struct recovery_codes *r)
{
    struct factor_row f;
    enum err e = begun(cx, account, &f);
    if (e == OK)
        e = factor_store_on(cx, account, f.version, step);
    if (e == ERR_NOT_FOUND || e == ERR_CONFLICT)
        return no_longer(cx);
    TRY(e);
    TRY(keep_codes(cx, account, r));
    TRY(identity_note(cx, S("identity.factor.on"), account));
    return tell(cx, account, S(T("Mã xác thực đã bật cho tài khoản của bạn")),
                S(T("Từ nay đăng nhập cần mật khẩu và mã trong ứng dụng. Không phải bạn thì báo "
                    "người quản trị ngay.")));
}

enum err factor_new_codes(struct cx *cx, int64_t account, const struct recovery_codes *r)
{
    TRY(keep_codes(cx, account, r));
    return identity_note(cx, S("identity.recovery.made"), account);
}

enum err factor_turn_off(struct cx *cx, int64_t account)
{
    TRY(factor_store_drop(cx, account));
    TRY(identity_note(cx, S("identity.factor.off"), account));
    return tell(cx, account, S(T("Mã xác thực đã tắt cho tài khoản của bạn")),
                S(T("Từ nay đăng nhập chỉ cần mật khẩu. Không phải bạn thì đổi mật khẩu ngay.")));
}

static enum err note_taken_away(struct cx *cx, int64_t account, struct str reason)
{
    int64_t subject;
    struct buf b = {.arena = cx->arena, .limit = 8192};
    struct json_out o = {.to = &b};
    TRY(account_subject(cx, account, &subject));
    json_open_object(&o);
    json_str(&o, S("reason"), reason);
    json_close_object(&o);
    return journal_write(cx, &(struct event){.kind = S("identity.factor.taken_away"),
                                             .subject_kind = S("identity.account"),
                                             .subject_id = account,
                                             .unit = cx->actor->unit,
                                             .payload_subject = subject,
                                             .payload = buf_str(&b)});
}

enum err factor_take_away(struct cx *cx, int64_t account, struct str reason)
{
    bool on;
    if (reason.n == 0)
        return fail_field(cx, ERR_INVALID, S("ly_do"),
                          T("Nhập lý do, ví dụ: mất điện thoại, đã gặp tận mặt."));
    if (utf8_count(reason) > REASON_MAX)
        return fail_field(cx, ERR_INVALID, S("ly_do"), T("Lý do dài quá %d ký tự. Viết ngắn lại."),
                          REASON_MAX);
    TRY(factor_is_on(cx, account, &on));
    if (!on)
        return fail(cx, ERR_CONFLICT, T("Người này không bật mã xác thực. Tải lại trang để xem."));
    TRY(factor_store_drop(cx, account));
    TRY(web_session_end_all(cx, account));
    TRY(note_taken_away(cx, account, reason));
    return tell(
        cx, account, S(T("Người quản trị đã bỏ mã xác thực của bạn")),
        S(T("Đăng nhập bằng mật khẩu rồi bật lại với điện thoại mới. Không phải bạn nhờ thì "
            "báo ngay người quản trị của cơ quan bạn.")));
}

enum err factor_wanted(struct cx *cx, int64_t account, bool *wanted)
{
    return factor_store_wanted(cx, account, wanted);
}

enum err factor_owed(struct cx *cx, int64_t account, bool *owed)
{
    bool on = false;
    TRY(factor_store_wanted(cx, account, owed));
    if (*owed)
        TRY(factor_is_on(cx, account, &on));
    *owed = *owed && !on;
    return OK;
}
