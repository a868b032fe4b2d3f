/* totp.c - one-time codes of authenticator apps: RFC 4226 and RFC 6238 with what every app takes
 * (HMAC-SHA-1, 30 seconds), and their secrets as text (RFC 4648, base32). */
#include "crypto/crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#define STEP_MS 30'000
#define SHA1_BYTES 20

int64_t totp_step(int64_t at)
{
    return at / STEP_MS;
}

uint32_t totp_number(struct str secret, int64_t step)
{
    unsigned char counter[8], mac[SHA1_BYTES];
    unsigned n = sizeof mac;
    for (size_t i = 0; i < sizeof counter; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    MUST(HMAC(EVP_sha1(), secret.p, (int)secret.n, counter, sizeof counter, mac, &n) != NULL);
    const unsigned char *p = &mac[mac[SHA1_BYTES - 1] & 15];
    return (uint32_t)(p[0] & 127) << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

struct str totp_code(struct arena *a, struct str secret, int64_t step)
{
    return str_fmt(a, "%06u", totp_number(secret, step) % 1'000'000);
}

struct str totp_secret_text(struct arena *a, struct str secret)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct buf b = {.arena = a, .limit = 2 * secret.n + 8};
    uint32_t held = 0;
    int bits = 0;
    for (size_t i = 0; i < secret.n; i++) {
        held = held << 8 | (unsigned char)secret.p[i];
        for (bits += 8; bits >= 5; bits -= 5)
            buf_byte(&b, letters[held >> (bits - 5) & 31]);
    }
    if (bits)
        buf_byte(&b, letters[held << (5 - bits) & 31]);
    return buf_str(&b);
}
