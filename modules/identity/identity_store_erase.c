/* identity_store_erase.c - SQL that takes away what finds an erased person. */
#include "identity_store.h"

#include "db/db.h"

/* unscoped: by the key that was destroyed; gives a number only */
enum err person_store_of_subject(struct cx *cx, int64_t subject, int64_t *id)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select id from identity_person where subject = $1", V(subject)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *id = db_int(&rows, 0);
    return OK;
}

/* unscoped: of a person who is being erased; gives numbers only */
enum err account_store_of_person(struct cx *cx, int64_t person, int64_t *ids, size_t max, size_t *n)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select id from identity_account where person = $1 order by id limit $2",
                 V(person), V((int64_t)max)));
    for (*n = 0; *n < max && db_next(&rows); ++*n)
        ids[*n] = db_int(&rows, 0);
    return rows.err;
}

enum err person_store_forget_number(struct cx *cx, int64_t person)
{
    return db_exec(cx,
                   "update identity_person set version = version + 1, id_lookup = null"
                   " where id = $1 and id_lookup is not null",
                   V(person));
}

enum err account_store_forget_login(struct cx *cx, int64_t account, struct str lookup)
{
    return db_exec(cx,
                   "update identity_account set version = version + 1, login_lookup = $1"
                   " where id = $2 and login_lookup <> $1",
                   VB(lookup), V(account));
}

/* Tokens are HMACs: their first byte divides them evenly. `of` divides 256. */
enum err person_store_tokens_forget(struct cx *cx, int64_t person, int slice, int of)
{
    const int end = 256 / of * (slice + 1);
    const char from = (char)(256 / of * slice), to = (char)end;
    if (end == 256)
        return db_exec(cx, "delete from identity_name_token where person = $1 and token >= $2",
                       V(person), VB(((struct str){&from, 1})));
    return db_exec(
        cx, "delete from identity_name_token where person = $1 and token >= $2 and token < $3",
        V(person), VB(((struct str){&from, 1})), VB(((struct str){&to, 1})));
}
