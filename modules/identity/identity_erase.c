/* identity_erase.c - a person is erased by a legal order (xóa dữ liệu cá nhân theo quyết định).
 *
 * The key goes with the order itself (journal_erase), and with it whatever is sealed, everywhere.
 * What finds a person without a key, the HMACs of number, login and names, is taken away by a job
 * for each "journal.subject.erased": so a restored backup loses it again too. */
#include "identity_inside.h"
#include "identity_store.h"

#include "job/job.h"
#include "journal/journal.h"
#include "json/json.h"
#include "vault/vault.h"

#define ACCOUNTS_MAX 16 /* of one person */
#define CURSOR S("identity.forget")
/* The tokens of names have no index by person: all of them are looked through, a slice a turn. */
#define SLICES 64

static enum err close_accounts(struct cx *cx, int64_t person)
{
    int64_t ids[ACCOUNTS_MAX];
    size_t n, posts_n;
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    TRY(account_store_of_person(cx, person, ids, ACCOUNTS_MAX, &n));
    for (size_t i = 0; i < n; i++) {
        struct account a;
        TRY(identity_posts(cx, ids[i], posts, POSTS_MAX, &posts_n));
        if (posts_n)
            return fail(
                cx, ERR_CONFLICT,
                T("Người này đang giữ vai trò tại cơ quan. Thu hồi vai trò trước khi xóa."));
        TRY(account_find(cx, ids[i], &a));
        if (!a.closed)
            TRY(account_close(cx, ids[i]));
    }
    return OK;
}

enum err identity_erase(struct cx *cx, int64_t person, struct str order_no)
{
    struct person_row row;
    enum err e = person_store_find(cx, person, &row);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, T("Không tìm thấy người này."));
    TRY(e);
    TRY(close_accounts(cx, person));
    return journal_erase(cx, row.subject, order_no);
}

/* ---- afterwards: what finds the person ---- */

static enum err add_job(struct cx *cx, int64_t subject, int64_t slice)
{
    return job_add(cx, "identity.forget",
                   str_fmt(cx->arena, "%lld.%lld", (long long)subject, (long long)slice), S(""),
                   str_fmt(cx->arena, "{\"subject\":%lld,\"slice\":%lld}", (long long)subject,
                           (long long)slice),
                   0);
}

static enum err take(struct cx *cx, const struct event_record *e, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(e[i].kind, S("journal.subject.erased")))
            TRY(add_job(cx, e[i].subject_id, 0));
    return OK;
}

static enum err feed_ready(struct cx *cx, bool *ready)
{
    return journal_behind(cx, CURSOR, ready);
}

static enum err feed_turn(struct cx *cx, bool *more)
{
    return journal_feed(cx, CURSOR, S("journal.subject."), take, more);
}

const struct job_kind identity_forget_feed = {.name = "identity.forget_feed",
                                              .title = "Đọc việc xóa dữ liệu từ nhật ký",
                                              .ready = feed_ready,
                                              .turn = feed_turn};

static enum err forget_logins(struct cx *cx, int64_t person)
{
    int64_t ids[ACCOUNTS_MAX];
    size_t n;
    TRY(account_store_of_person(cx, person, ids, ACCOUNTS_MAX, &n));
    for (size_t i = 0; i < n; i++) /* a space: nobody signs in by it */
        TRY(account_store_forget_login(
            cx, ids[i],
            vault_lookup(cx, S("login"), str_fmt(cx->arena, "erased %lld", (long long)ids[i]))));
    return OK;
}

static enum err after_forget(struct cx *cx, const struct job *j, enum err, void *)
{
    const struct json *v;
    struct json_error bad;
    int64_t person;
    if (json_read(cx->arena, j->payload, &v, &bad) != OK)
        return fail(cx, ERR_IO, "job %lld: payload: %s", (long long)j->id, bad.what);
    const int64_t subject = json_int(json_get(v, S("subject")), 0),
                  slice = json_int(json_get(v, S("slice")), 0);
    const enum err e = person_store_of_subject(cx, subject, &person);
    if (e == ERR_NOT_FOUND)
        return OK; /* an account's own subject, or a dossier's */
    TRY(e);
    if (slice == 0) {
        TRY(person_store_forget_number(cx, person));
        TRY(forget_logins(cx, person));
    }
    TRY(person_store_tokens_forget(cx, person, (int)slice, SLICES));
    return slice + 1 < SLICES ? add_job(cx, subject, slice + 1) : OK;
}

const struct job_kind identity_forget_job = {.name = "identity.forget",
                                             .title =
                                                 "Xóa chỉ mục tìm kiếm của người đã xóa dữ liệu",
                                             .after = after_forget};
