/*
 * senders.c - people of whom each is about to press "Gửi hồ sơ", for `make bench`.
 *
 *     senders DATA PEOPLE [DATABASE]
 *
 * In a demo folder that nobody serves: PEOPLE citizens with an account, a session, and a draft of a
 * birth registration that is whole, its paper with it (a row; the bytes, which sending does not
 * read, lie nowhere). Prints the cookie of each.
 */
#include "app.h"

#include <stdio.h>
#include <stdlib.h>

#include "identity/identity.h"
#include "lane/lane.h"
#include "modules/onestop/onestop_draft.h"
#include "vault/vault.h"

#define BATCH 200
#define PROCEDURE "1.001193"
#define BIRTH_PAPER "000.00.00.G15-KQ004389"

static struct app app;
static int64_t made_n, wanted;

static const struct web_value answers[] = {
    {S("quan_he_voi_nguoi_duoc_khai_sinh"), S("Mẹ")},
    {S("ho_ten_nguoi_duoc_khai_sinh"), S("Trẻ Thử Nghiệm")},
    {S("ngay_sinh_nguoi_duoc_khai_sinh-ngay"), S("12")},
    {S("ngay_sinh_nguoi_duoc_khai_sinh-thang"), S("10")},
    {S("ngay_sinh_nguoi_duoc_khai_sinh-nam"), S("2026")},
    {S("gioi_tinh"), S("Nam")},
    {S("dan_toc"), S("Nùng")},
    {S("quoc_tich"), S("Việt Nam")},
    {S("noi_sinh"), S("Bệnh viện Đa khoa tỉnh Lạng Sơn")},
    {S("que_quan"), S("Phường Kỳ Lừa, tỉnh Lạng Sơn")},
    {S("ho_ten_me"), S("Người Mẹ Thử")},
    {S("nam_sinh_me"), S("1990")},
    {S("dan_toc_me"), S("Tày")},
    {S("noi_cu_tru_me"), S("Phường Kỳ Lừa")},
    {S("ho_ten_cha"), S("Người Cha Thử")},
    {S("nam_sinh_cha"), S("1989")},
    {S("dan_toc_cha"), S("Nùng")},
    {S("gcn_ket_hon_so"), S("42")},
    {S("gcn_ket_hon_tai"), S("Ủy ban nhân dân phường Kỳ Lừa")},
    {S("de_nghi_cap_ban_sao"), S("Không")},
};

static enum err add_person(struct cx *cx, int64_t i, struct person *p, int64_t *account)
{
    *p = (struct person){.kind = S("cong_dan"),
                         .name = S("Người Nộp Thử"),
                         .id_no = str_fmt(cx->arena, "020190%06lld", (long long)i),
                         .born_on = civil_day(1990, 2, 1),
                         .sex = S("nu"),
                         .phone = S("0900000000"),
                         .address = S("Tổ 1, phường Kỳ Lừa, tỉnh Lạng Sơn")};
    TRY(person_put(cx, p));
    return account_add(cx, p->id_no, IDENTITY_NO_PASSWORD, p->id, p->name, account);
}

static enum err add_paper(struct cx *cx, const struct person *p, int64_t *file)
{
    struct str name, digest, blob = str_hex(cx->arena, random_bytes(cx, 32));
    TRY(vault_seal(cx, p->subject, S("file_stored.name"), S("giay-chung-sinh.pdf"), &name));
    TRY(vault_seal(cx, p->subject, S("file_stored.digest"), random_bytes(cx, 32), &digest));
    return db_insert(
        cx, file,
        "insert into file_stored (owner, blob, name, digest, mime, size_bytes, stored_at, state, scanned_at)"
        " values ($1, $2, $3, $4, 'application/pdf', 40000, $5, 1, $5) returning id",
        V(p->subject), V(blob), VB(name), VB(digest), V(cx->now));
}

static enum err add_draft(struct cx *cx, int64_t account, int64_t file)
{
    struct actor who = actor_anonymous;
    const struct actor *before = cx->actor;
    struct draft d = {0};
    draft_set(cx, &d, answers, sizeof answers / sizeof *answers);
    *vec_add(cx->arena, &d.files) =
        (struct draft_file){file, S(BIRTH_PAPER), S("giay-chung-sinh.pdf"), 40000};
    TRY(identity_load_actor(cx, account, 0, &who));
    cx->actor = &who;
    enum err e = draft_save(cx, S(PROCEDURE), &d);
    cx->actor = before;
    return e;
}

/* As web_session_start would: only the hash of the token is kept. */
static enum err add_session(struct cx *cx, int64_t account)
{
    int64_t id;
    struct str token = str_base64url(cx->arena, random_bytes(cx, 32));
    struct hash h = sha256(token);
    printf("tinhso=%.*s\n", F(token));
    return db_insert(cx, &id,
                     "insert into web_session (token_hash, account, unit, assurance, created_at,"
                     " seen_at, password_at, ends_at) values ($1, $2, 0, 1, $3, $3, $3, $4)"
                     " returning id",
                     VB(HASH_STR(h)), V(account), V(cx->now), V(cx->now + DAY_MS));
}

static enum err add_some(struct cx *cx, void *)
{
    for (int64_t end = made_n + BATCH; made_n < end && made_n < wanted; made_n++) {
        struct person p;
        int64_t account, file;
        TRY(add_person(cx, made_n, &p, &account));
        TRY(add_paper(cx, &p, &file));
        TRY(add_draft(cx, account, file));
        TRY(add_session(cx, account));
    }
    return OK;
}

/* In the writer's place, without a savepoint, as tests/bench/generate. */
static enum err in_writer(void)
{
    struct cx cx = app.cx;
    cx.arena = arena_new((size_t)256 << 20);
    cx.now = app.env.clock(&app.env);
    enum err e = lane_hold(app.env.lanes, &cx);
    if (e == OK)
        e = db_begin(&cx);
    if (e == OK)
        e = lane_end_held(app.env.lanes, &cx, add_some(&cx, NULL));
    lane_let_go(app.env.lanes, &cx);
    if (e != OK)
        fprintf(stderr, "senders: %.*s\n", F(cx.why));
    cx_close_all(&cx);
    arena_free(cx.arena);
    return e;
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return 64;
    struct app_options options = {.data = argv[1], .database = argc > 3 ? argv[3] : NULL};
    char *none[] = {NULL};
    wanted = strtol(argv[2], NULL, 10);
    if (app_begin(&app, &options, none) != 0 || app_lock(&app, false) != 0 ||
        app_open(&app, false) != OK) {
        fprintf(stderr, "senders: %.*s\n", F(app.cx.why));
        return 70;
    }
    enum err e = OK;
    while (e == OK && made_n < wanted)
        e = in_writer();
    app_close(&app);
    return e == OK ? 0 : 70;
}
