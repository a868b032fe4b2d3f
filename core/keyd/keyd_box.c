/* keyd_box.c - the key that seals handles, and the keys that were opened lately. */
#include "keyd_inside.h"

#include "log/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_LABEL "tinhso-sign-1 "
#define KEY_LINE (sizeof KEY_LABEL - 1 + 2 * (size_t)SEAL_KEY_BYTES + 1)
#define HANDLE_LABEL S("k1")

static struct str seal_key(const struct keyd_box *b)
{
    return (struct str){(const char *)b->seal, sizeof b->seal};
}

/* ---- sign.key: one line as those of the vault ---- */

static bool take_line(struct arena *a, struct str line, unsigned char key[SEAL_KEY_BYTES])
{
    struct str bytes = S("");
    bool good =
        line.n == KEY_LINE && str_starts(line, S(KEY_LABEL)) && line.p[line.n - 1] == '\n' &&
        str_unhex(a, (struct str){line.p + sizeof KEY_LABEL - 1, 2 * SEAL_KEY_BYTES}, &bytes);
    if (good) {
        memcpy(key, bytes.p, SEAL_KEY_BYTES);
        wipe((void *)(uintptr_t)bytes.p, bytes.n);
    }
    return good;
}

static enum err read_key(struct cx *cx, int dir, unsigned char key[SEAL_KEY_BYTES])
{
    struct stat st;
    char line[KEY_LINE + 1];
    int fd = openat(dir, "sign.key", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return fail(cx, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open sign.key: %s",
                    strerror(errno));
    ssize_t n = fstat(fd, &st) == 0 ? read(fd, line, sizeof line) : -1;
    close(fd);
    bool closed = n >= 0 && (st.st_mode & 077) == 0;
    bool good = closed && take_line(cx->arena, (struct str){line, (size_t)n}, key);
    wipe(line, sizeof line);
    if (n >= 0 && !closed)
        return fail(cx, ERR_IO, "sign.key is open to other users of the machine: chmod 600");
    return good ? OK : fail(cx, ERR_IO, "sign.key is damaged");
}

/* Beside, fsynced, renamed: a crash leaves the whole key or none. */
static enum err write_key(struct cx *cx, int dir)
{
    unsigned char key[SEAL_KEY_BYTES];
    char line[KEY_LINE + 1];
    cx->env->random(cx->env, key, sizeof key);
    struct str hex = str_hex(cx->arena, (struct str){(char *)key, sizeof key});
    snprintf(line, sizeof line, KEY_LABEL "%.*s\n", F(hex));

    (void)unlinkat(dir, "sign.key.new", 0); /* of an earlier try that died */
    int fd = openat(dir, "sign.key.new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, line, KEY_LINE) == (ssize_t)KEY_LINE && fsync(fd) == 0;
    good = (fd < 0 || close(fd) == 0) && good;
    good = good && renameat(dir, "sign.key.new", dir, "sign.key") == 0 && fsync(dir) == 0;
    wipe(key, sizeof key);
    wipe(line, sizeof line);
    wipe((void *)(uintptr_t)hex.p, hex.n);
    return good ? OK : fail(cx, ERR_IO, "cannot write sign.key: %s", strerror(errno));
}

static enum err load(struct cx *cx, struct str folder, unsigned char key[SEAL_KEY_BYTES])
{
    const char *path = str_z(cx->arena, folder);
    if (!folder_make(path, 0700))
        return fail(cx, ERR_IO, "cannot make %s: %s", path, strerror(errno));
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return fail(cx, ERR_IO, "cannot open %s: %s", path, strerror(errno));
    enum err e = read_key(cx, dir, key);
    if (e == ERR_NOT_FOUND)
        e = write_key(cx, dir);
    if (e == OK)
        e = read_key(cx, dir, key);
    close(dir);
    return e;
}

enum err box_open(struct cx *cx, struct str folder, struct keyd_box **out)
{
    void *room = mmap(NULL, sizeof(struct keyd_box), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (room == MAP_FAILED)
        return fail(cx, ERR_IO, "no memory for keys");
    (void)madvise(room, sizeof(struct keyd_box), MADV_DONTDUMP);
    if (mlock(room, sizeof(struct keyd_box)) != 0)
        log_event(LOG_WARN, "keyd.memory_not_locked", K("why", str_c(strerror(errno))));
    struct keyd_box *b = room;
    enum err e = load(cx, folder, b->seal);
    if (e != OK)
        box_close(b);
    else
        *out = b;
    return e;
}

void box_close(struct keyd_box *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < BOX_KEYS; i++)
        key_free(b->keys[i].key);
    wipe(b, sizeof *b);
    munmap(b, sizeof *b);
}

/* ---- handles ---- */

bool keyd_is_handle(struct str sealed)
{
    return sealed.n <= KEYD_HANDLE_MAX && str_starts(sealed, HANDLE_LABEL);
}

/* Authenticated with the sealed key: under another use it does not open. */
static struct str about(struct cx *cx, enum keyd_use use)
{
    return str_fmt(cx->arena, "tinhso keyd 1: %s", keyd_use_name(use));
}

static struct str handle_of(struct cx *cx, const struct keyd_box *b, enum keyd_use use,
                            struct str private_der)
{
    struct str sealed = seal(cx, seal_key(b), about(cx, use), private_der);
    struct buf whole = {.arena = cx->arena, .limit = KEYD_HANDLE_MAX};
    buf_add(&whole, HANDLE_LABEL);
    buf_add(&whole, sealed);
    MUST(!whole.full);
    return buf_str(&whole);
}

static struct hash name_of(enum keyd_use use, struct str handle)
{
    unsigned char byte = (unsigned char)use;
    return sha256_2((struct str){(char *)&byte, 1}, handle);
}

static enum err print_of(struct cx *cx, const struct key *k, struct hash *print)
{
    struct str der;
    TRY(key_public_der(cx, k, &der));
    *print = sha256(der);
    return OK;
}

/* The box owns the key from now on. */
static enum err keep(struct cx *cx, struct keyd_box *b, struct hash of, struct key *k,
                     struct box_key **out)
{
    struct box_key *place = &b->keys[b->next++ % BOX_KEYS];
    key_free(place->key);
    *place = (struct box_key){.of = of, .key = k};
    *out = place;
    return print_of(cx, k, &place->public_print);
}

static enum err find(struct cx *cx, struct keyd_box *b, enum keyd_use use, struct str handle,
                     struct box_key **out)
{
    struct hash of = name_of(use, handle);
    for (size_t i = 0; i < BOX_KEYS; i++)
        if (b->keys[i].key && memcmp(&b->keys[i].of, &of, sizeof of) == 0) {
            *out = &b->keys[i];
            return OK;
        }
    struct str der;
    struct key *k;
    if (!keyd_is_handle(handle))
        return ERR_DENIED;
    if (unseal(cx, seal_key(b), about(cx, use), str_from(handle, HANDLE_LABEL.n), &der) != OK)
        return ERR_DENIED;
    enum err e = key_from_private_der(cx, der, &k);
    wipe((void *)(uintptr_t)der.p, der.n);
    return e == OK ? keep(cx, b, of, k, out) : e;
}

/* ---- answers ---- */

static struct str packet(struct cx *cx, enum keyd_status status, struct str first,
                         struct str second)
{
    struct buf p = {.arena = cx->arena, .limit = KEYD_PACKET_MAX};
    buf_add(&p, S("K\x01"));
    buf_byte(&p, (char)status);
    buf_byte(&p, 0);
    buf_byte(&p, (char)(first.n >> 8));
    buf_byte(&p, (char)(first.n & 0xff));
    buf_add(&p, first);
    buf_add(&p, second);
    MUST(!p.full);
    return buf_str(&p);
}

struct str keyd_refusal(struct cx *cx, enum keyd_status status)
{
    return packet(cx, status, S(""), S(""));
}

static enum err answer_new(struct cx *cx, struct keyd_box *b, enum keyd_use use, struct key *k,
                           struct str private_der, struct str *answer, struct hash *print)
{
    struct str public_der;
    TRY(key_public_der(cx, k, &public_der));
    *print = sha256(public_der);
    *answer = packet(cx, KEYD_DONE, handle_of(cx, b, use, private_der), public_der);
    return OK;
}

static enum err make(struct cx *cx, struct keyd_box *b, const struct keyd_request *rq,
                     struct str *answer, struct hash *print)
{
    struct key *k;
    struct str der = rq->rest;
    TRY(rq->op == KEYD_OP_ADOPT ? key_from_private_der(cx, der, &k) : key_generate(cx, &k));
    enum err e = rq->op == KEYD_OP_ADOPT ? OK : key_private_der(cx, k, &der);
    if (e == OK)
        e = answer_new(cx, b, rq->use, k, der, answer, print);
    if (e == OK)
        wipe((void *)(uintptr_t)der.p, der.n);
    key_free(k);
    return e;
}

static enum err use_key(struct cx *cx, struct keyd_box *b, const struct keyd_request *rq,
                        struct str *answer, struct hash *print)
{
    struct box_key *k;
    struct str given;
    TRY(find(cx, b, rq->use, rq->rest, &k));
    *print = k->public_print;
    if (rq->op == KEYD_OP_SIGN)
        TRY(key_sign_digest(cx, k->key, rq->digest, &given));
    else
        TRY(key_public_der(cx, k->key, &given));
    *answer = packet(cx, KEYD_DONE, given, S(""));
    return OK;
}

enum keyd_status box_answer(struct cx *cx, struct keyd_box *b, const struct keyd_request *rq,
                            struct str *answer, struct hash *print)
{
    *print = (struct hash){0};
    bool new = rq->op == KEYD_OP_MAKE || rq->op == KEYD_OP_ADOPT;
    enum err e = new ? make(cx, b, rq, answer, print) : use_key(cx, b, rq, answer, print);
    if (e == OK)
        return KEYD_DONE;
    enum keyd_status status = e == ERR_DENIED || e == ERR_INVALID ? KEYD_REFUSED : KEYD_FAULT;
    *answer = keyd_refusal(cx, status);
    return status;
}

/* ---- requests ---- */

const char *keyd_use_name(enum keyd_use use)
{
    static const char *const names[] = {
        [KEYD_JOURNAL] = "journal", [KEYD_AUTHORITY] = "authority", [KEYD_PAPER] = "paper"};
    return names[use];
}

const char *keyd_op_name(enum keyd_op op)
{
    static const char *const names[] = {[KEYD_OP_PUBLIC] = "keyd.public",
                                        [KEYD_OP_SIGN] = "keyd.signed",
                                        [KEYD_OP_MAKE] = "keyd.made",
                                        [KEYD_OP_ADOPT] = "keyd.adopted"};
    return names[op];
}

bool keyd_parse(struct str p, struct keyd_request *out)
{
    if (p.n < KEYD_HEAD || p.n > KEYD_PACKET_MAX || p.p[0] != 'K' || p.p[1] != 1)
        return false;
    *out = (struct keyd_request){.op = (enum keyd_op)(unsigned char)p.p[2],
                                 .use = (enum keyd_use)(unsigned char)p.p[3],
                                 .rest = str_from(p, KEYD_HEAD)};
    if (out->op < KEYD_OP_PUBLIC || out->op > KEYD_OP_ADOPT || out->use < KEYD_JOURNAL ||
        out->use > KEYD_PAPER)
        return false;
    if (out->op == KEYD_OP_MAKE)
        return out->rest.n == 0;
    if (out->op == KEYD_OP_SIGN) {
        if (out->rest.n < sizeof out->digest)
            return false;
        memcpy(&out->digest, out->rest.p, sizeof out->digest);
        out->rest = str_from(out->rest, sizeof out->digest);
    }
    return out->rest.n > 0 && out->rest.n <= KEYD_HANDLE_MAX;
}
