/* password.c - Argon2id: 19 MiB, 2 passes, 1 lane (OWASP). */
#include "crypto/crypto.h"

#include <argon2.h>
#include <pthread.h>

#define MEMORY_KIB 19456
#define PASSES 2
#define LANES 1
#define SALT_N 16
#define HASH_N 32
#define PASSWORD_MAX 1024
#define ENCODED_MAX 256
#define AT_ONCE 2

/* At most two in the process: the memory of a flood of sign-ins stays at 38 MiB, and the cores
 * are left to other work. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_left = PTHREAD_COND_INITIALIZER;
static int inside;
static int64_t done;

static void enter(void)
{
    pthread_mutex_lock(&gate);
    while (inside == AT_ONCE)
        pthread_cond_wait(&gate_left, &gate);
    inside++;
    pthread_mutex_unlock(&gate);
}

static void leave(void)
{
    pthread_mutex_lock(&gate);
    inside--;
    done++;
    pthread_cond_signal(&gate_left);
    pthread_mutex_unlock(&gate);
}

int64_t password_count(void)
{
    pthread_mutex_lock(&gate);
    const int64_t n = done;
    pthread_mutex_unlock(&gate);
    return n;
}

enum err password_hash(struct cx *cx, struct str password, struct str *encoded)
{
    if (password.n == 0)
        return fail(cx, ERR_INVALID, T("Nhập mật khẩu."));
    if (password.n > PASSWORD_MAX)
        return fail(cx, ERR_LIMIT, T("Mật khẩu dài quá %d byte. Chọn mật khẩu ngắn hơn."),
                    PASSWORD_MAX);
    unsigned char salt[SALT_N];
    cx->env->random(cx->env, salt, sizeof salt);
    char text[ENCODED_MAX];
    enter();
    int rc = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password.p, password.n, salt,
                                   sizeof salt, HASH_N, text, sizeof text);
    leave();
    if (rc != ARGON2_OK)
        return fail(cx, ERR_BUSY, "argon2id: %s", argon2_error_message(rc));
    *encoded = str_dup(cx->arena, str_c(text));
    return OK;
}

bool password_matches(struct str password, struct str encoded)
{
    if (password.n > PASSWORD_MAX || encoded.n >= ENCODED_MAX ||
        !str_starts(encoded, S("$argon2id$")))
        return false;
    char text[ENCODED_MAX];
    memcpy(text, encoded.p, encoded.n);
    text[encoded.n] = 0;
    enter();
    int rc = argon2id_verify(text, password.p, password.n);
    leave();
    return rc == ARGON2_OK;
}

void password_burn(struct str password)
{
    static const unsigned char salt[SALT_N + 1] = "nobody's account";
    unsigned char out[HASH_N];
    enter();
    int rc = argon2id_hash_raw(PASSES, MEMORY_KIB, LANES, password.p,
                               password.n < PASSWORD_MAX ? password.n : PASSWORD_MAX, salt, SALT_N,
                               out, sizeof out);
    leave();
    (void)rc; /* only the time matters */
    wipe(out, sizeof out);
}
