/* identity_signer.c - the installation's certificate authority; officers' keys and certificates. */
#include "identity_store.h"

#include "crypto/crypto.h"
#include "journal/journal.h"
#include "org/org.h"
#include "vault/vault.h"

#define CA_DAYS (10 * 365)
#define SIGNER_DAYS (3 * 365)

/* A key frees itself when the arena's owner closes. */
struct held_key {
    struct key *key;
    struct closer closer;
};

static void free_key(void *held)
{
    key_free(((struct held_key *)held)->key);
}

/* The key lives as long as the request. */
static struct key *keep(struct cx *cx, struct key *key)
{
    struct held_key *h = NEW(cx->arena, struct held_key);
    h->key = key;
    cx_register(cx, &h->closer, free_key, h);
    return key;
}

enum err identity_authority_make(struct cx *cx)
{
    struct str cert;
    struct key *key;
    enum err e = authority_store_find(cx, &cert);
    if (e != ERR_NOT_FOUND)
        return e;
    TRY(vault_key_make(cx, S("ca"), &key));
    keep(cx, key);
    const struct cert_request rq = {
        .common_name =
            cx->env->demo ? S("Tỉnh Số - CA thử nghiệm (BẢN THỬ)") : S("Tỉnh Số - CA nội bộ"),
        .organisation = S("Tỉnh Số"),
        .country = S("VN"),
        .valid_from = cx->now - DAY_MS,
        .valid_to = cx->now + CA_DAYS * DAY_MS,
        .use = CERT_CA,
    };
    TRY(cert_make(cx, &rq, key, key, S(""), &cert));
    TRY(authority_store_add(cx, cert));
    return journal_write(cx, &(struct event){.kind = S("identity.authority.made"),
                                             .subject_kind = S("identity.authority"),
                                             .subject_id = 1});
}

enum err identity_authority(struct cx *cx, struct str *ca_der)
{
    enum err e = authority_store_find(cx, ca_der);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, T("Chưa có chứng thư gốc của hệ thống. Chạy tinhso init."));
    return e;
}

/* Where the account signs: its first post's unit names the organisation. */
static enum err organisation_of(struct cx *cx, int64_t account, struct str *name, struct str *place)
{
    struct post p;
    size_t n;
    struct org_unit u;
    *name = *place = S("");
    TRY(post_store_of(cx, account, 0, &p, 1, &n));
    if (n == 0)
        return OK;
    TRY(org_unit_find(cx, p.unit, &u));
    *name = u.name;
    return OK;
}

enum err identity_signer_make(struct cx *cx, int64_t account)
{
    struct key *key, *ca_key;
    struct str ca, cert, handle;
    struct cert_request rq = {
        .country = S("VN"),
        .serial_text = str_fmt(cx->arena, "TS-%lld", (long long)account),
        .valid_from = cx->now - HOUR_MS,
        .valid_to = cx->now + SIGNER_DAYS * DAY_MS,
        .use = CERT_SIGNER,
    };
    TRY(identity_authority(cx, &ca));
    TRY(account_name(cx, account, &rq.common_name));
    TRY(organisation_of(cx, account, &rq.organisation, &rq.locality));
    TRY(vault_key(cx, S("ca"), &ca_key));
    keep(cx, ca_key);
    TRY(keyd_make(cx, KEYD_PAPER, &handle, &key));
    keep(cx, key);
    TRY(cert_make(cx, &rq, key, ca_key, ca, &cert));
    TRY(signer_store_add(cx, account, cert, handle));
    return journal_write(cx, &(struct event){.kind = S("identity.signer.made"),
                                             .subject_kind = S("identity.account"),
                                             .subject_id = account});
}

enum err identity_signer(struct cx *cx, int64_t account, struct key **key, struct str *cert_der,
                         struct str *ca_der)
{
    struct str handle, public_der;
    struct key *of_cert;
    enum err e = signer_store_find(cx, account, cert_der, &handle);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND,
                    T("Tài khoản này chưa có chứng thư ký. Hỏi người quản trị của cơ quan bạn."));
    TRY(e);
    TRY(identity_authority(cx, ca_der));
    TRY(cert_key(cx, *cert_der, &of_cert));
    keep(cx, of_cert);
    TRY(key_public_der(cx, of_cert, &public_der));
    TRY(keyd_key(cx, KEYD_PAPER, handle, public_der, key));
    keep(cx, *key);
    return OK;
}

/* ---- keys of officers from before keyd ---- */

static struct str about_private(struct cx *cx, int64_t account)
{
    return str_fmt(cx->arena, "identity_signer.private:%lld", (long long)account);
}

#define ADOPT_AT_ONCE 64

enum err identity_signers_adopt(struct cx *cx, bool *more)
{
    struct signer_row *rows = NEW_N(cx->arena, struct signer_row, ADOPT_AT_ONCE);
    size_t n;
    TRY(signer_store_old(cx, rows, ADOPT_AT_ONCE, &n));
    for (size_t i = 0; i < n; i++) {
        struct str handle;
        TRY(vault_adopt(cx, KEYD_PAPER, vault_secret(cx, S("identity.signer")),
                        about_private(cx, rows[i].account), rows[i].private, &handle));
        TRY(signer_store_adopted(cx, rows[i].account, rows[i].private, handle));
    }
    *more = n == ADOPT_AT_ONCE;
    return OK;
}
