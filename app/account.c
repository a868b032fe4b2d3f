/* account.c - the first user of an installation, and others an operator makes by hand. */
#include <stdio.h>
#include <unistd.h>

#include "app.h"

#include "crypto/crypto.h"
#include "identity/identity.h"
#include "lane/lane.h"
#include "org/org.h"

static bool wants_password(const struct app_options *o)
{
    return strcmp(o->verb, "account") == 0 && o->words_n == 2 && strcmp(o->words[0], "add") == 0;
}

const char *account_encoded(struct app *a, int *code)
{
    char line[512];
    struct str encoded;
    if (!wants_password(&a->options) || a->options.encoded)
        return a->options.encoded;
    if (isatty(STDIN_FILENO))
        fprintf(stderr, "Mật khẩu (ít nhất 10 ký tự, hiện trên màn hình): ");
    if (!fgets(line, sizeof line, stdin)) {
        *code = app_stop(a, EX_NOINPUT, "không có mật khẩu ở đầu vào chuẩn.");
        return NULL;
    }
    struct str typed = str_trim(str_c(line)), nfc;
    const char *fault = !text_nfc(a->arena, typed, &nfc)
                            ? "Mật khẩu không phải UTF-8."
                            : identity_password_fault(&a->cx, nfc, str_c(a->options.words[1]),
                                                      str_c(a->options.name));
    if (fault) {
        *code = app_stop(a, EX_DATAERR, "%s", fault);
        return NULL;
    }
    enum err e = password_hash(&a->cx, nfc, &encoded);
    wipe(line, sizeof line);
    if (e != OK)
        *code = app_failed(a, e);
    return e == OK ? str_z(a->arena, encoded) : NULL;
}

static enum err add(struct cx *cx, void *arg)
{
    const struct app_options *o = arg;
    struct person p = {.kind = S("cong_dan"), .name = str_c(o->name), .born_on = INT64_MIN};
    struct org_unit u;
    int64_t account;
    enum err e = org_unit_by_code(cx, str_c(o->unit), day_of(cx->now), &u);
    if (e == ERR_NOT_FOUND)
        return fail(cx, e, T("Không có đơn vị %s. Nạp gói đơn vị trước: tinhso pack load."),
                    o->unit);
    TRY(e);
    TRY(person_put(cx, &p));
    TRY(account_add(cx, str_c(o->words[1]), str_c(o->encoded), p.id, p.name, &account));
    TRY(role_grant(cx, account, str_c(o->role), u.id, 0, 0));
    return identity_signer_make(cx, account);
}

int verb_account(struct app *a)
{
    struct app_options *o = &a->options;
    int code = EX_OK;
    if (!wants_password(o) || !o->name || !o->role || !o->unit)
        return app_stop(
            a, EX_USAGE,
            "cần: tinhso account add TÊN_ĐĂNG_NHẬP --name \"HỌ TÊN\" --role VAI_TRÒ --unit MÃ_ĐƠN_VỊ");
    o->encoded = account_encoded(a, &code);
    if (code != EX_OK)
        return code;
    enum err e = lane_call(a->env.lanes, LANE_WRITE, &a->cx, add, o);
    if (e != OK)
        return app_failed(a, e);
    app_say(a, "Đã tạo %s.\n", o->words[1]);
    return EX_OK;
}
