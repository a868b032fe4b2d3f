/* identity_store.c - SQL about people and accounts. */
#include "identity_store.h"

#include "db/db.h"

/* ---- people ---- */

#define PERSON_COLUMNS "id, version, subject, kind, id_lookup, id_no, name, details"

static struct person_row person_from(struct db_rows *r)
{
    return (struct person_row){
        .id = db_int(r, 0),
        .version = db_int(r, 1),
        .subject = db_int(r, 2),
        .kind = db_str(r, 3),
        .id_lookup = db_bytes(r, 4),
        .id_no = db_bytes(r, 5),
        .name = db_bytes(r, 6),
        .details = db_bytes(r, 7),
    };
}

enum err person_store_add(struct cx *cx, struct person_row *p)
{
    p->version = 1;
    return db_insert(
        cx, &p->id,
        "insert into identity_person (version, subject, kind, id_lookup, id_no, name, details, made_at)"
        " values (1, $1, $2, $3, $4, $5, $6, $7) returning id",
        V(p->subject), V(p->kind), VB(p->id_lookup), VB(p->id_no), VB(p->name), VB(p->details),
        V(cx->now));
}

/* unscoped: the door names the person; person_find notes who reads whom */
enum err person_store_find(struct cx *cx, int64_t id, struct person_row *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select " PERSON_COLUMNS " from identity_person where id = $1", V(id)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *out = person_from(&rows);
    return OK;
}

/* unscoped: by the whole number of an identity paper */
enum err person_store_by_id(struct cx *cx, struct str id_lookup, struct person_row *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select " PERSON_COLUMNS " from identity_person where id_lookup = $1",
                 VB(id_lookup)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *out = person_from(&rows);
    return OK;
}

enum err person_store_update(struct cx *cx, struct person_row *p)
{
    TRY(db_exec(cx,
                "update identity_person set version = version + 1, name = $1, details = $2"
                " where id = $3 and version = $4",
                VB(p->name), VB(p->details), V(p->id), V(p->version)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT,
                    T("Thông tin của người này vừa được sửa. Mở lại rồi sửa tiếp."));
    p->version++;
    return OK;
}

#define TOKENS_AT_ONCE 30

static enum err add_some(struct cx *cx, const struct str *tokens, size_t n, int64_t person)
{
    struct db_text q;
    auto_rows rows = {0};
    db_text_start(cx, &q);
    DB_ADD(&q, "insert into identity_name_token (token, person) values ($, $)", VB(tokens[0]),
           V(person));
    for (size_t i = 1; i < n; i++)
        DB_ADD(&q, ", ($, $)", VB(tokens[i]), V(person));
    DB_ADD(&q, " on conflict (token, person) do nothing");
    TRY(db_query_text(cx, &rows, &q));
    while (db_next(&rows))
        ;
    return rows.err;
}

enum err person_store_tokens_add(struct cx *cx, const struct str *tokens, size_t n, int64_t person)
{
    for (size_t at = 0; at < n; at += TOKENS_AT_ONCE)
        TRY(add_some(cx, tokens + at, n - at < TOKENS_AT_ONCE ? n - at : TOKENS_AT_ONCE, person));
    return OK;
}

enum err person_store_token_drop(struct cx *cx, struct str token, int64_t person)
{
    return db_exec(cx, "delete from identity_name_token where token = $1 and person = $2",
                   VB(token), V(person));
}

#define RARE 400 /* persons: a word that so few bear is the one to begin with */

/* "Thị" is borne by every third person: the walk begins with the rarest word. The last one of a
 * name is as a rule, so it is asked first and taken when none is rare. */
/* unscoped: a count that chooses where to begin */
static enum err rarest(struct cx *cx, const struct str *tokens, size_t n, size_t *out)
{
    *out = n - 1;
    for (size_t i = n; i-- > 0 && n > 1;) {
        int64_t borne;
        TRY(db_one_int(cx, &borne,
                       "select count(*) from (select 1 from identity_name_token where token = $1"
                       " limit $2) as borne",
                       VB(tokens[i]), V(RARE)));
        if (borne < RARE) {
            *out = i;
            return OK;
        }
    }
    return OK;
}

/* unscoped: ids alone, which the caller puts into a query of its own scope */
enum err person_store_search(struct cx *cx, const struct str *tokens, size_t tokens_n, int64_t *ids,
                             size_t max, size_t *n)
{
    *n = 0;
    if (tokens_n == 0)
        return OK;
    struct db_text q;
    size_t first;
    TRY(rarest(cx, tokens, tokens_n, &first));
    db_text_start(cx, &q);
    DB_ADD(&q, "select t.person from identity_name_token t where t.token = $", VB(tokens[first]));
    for (size_t i = 0; i < tokens_n; i++)
        if (i != first)
            DB_ADD(&q,
                   " and exists (select 1 from identity_name_token o where o.token = $"
                   " and o.person = t.person)",
                   VB(tokens[i]));
    DB_ADD(&q, " order by t.person desc limit $", V((int64_t)max));
    auto_rows rows = {0};
    TRY(db_query_text(cx, &rows, &q));
    while (*n < max && db_next(&rows))
        ids[(*n)++] = db_int(&rows, 0);
    return rows.err;
}

/* ---- accounts ---- */

#define ACCOUNT_COLUMNS                                                                            \
    "id, version, person, subject, failed_at, last_unit, login_lookup, login, name, password, closed, failures"

static struct account_row account_from(struct db_rows *r)
{
    return (struct account_row){
        .id = db_int(r, 0),
        .version = db_int(r, 1),
        .person = db_int(r, 2),
        .subject = db_int(r, 3),
        .failed_at = db_int(r, 4),
        .last_unit = db_int(r, 5),
        .login_lookup = db_bytes(r, 6),
        .login = db_bytes(r, 7),
        .name = db_bytes(r, 8),
        .password = db_bytes(r, 9),
        .closed = db_int(r, 10) != 0,
        .failures = (int)db_int(r, 11),
    };
}

enum err account_store_add(struct cx *cx, struct account_row *a)
{
    a->version = 1;
    return db_insert(
        cx, &a->id,
        "insert into identity_account (version, person, subject, login_lookup, login, name, password,"
        " made_at) values (1, $1, $2, $3, $4, $5, $6, $7) returning id",
        V_OR_NULL(a->person), V(a->subject), VB(a->login_lookup), VB(a->login), VB(a->name),
        VB(a->password), V(cx->now));
}

/* unscoped: the door names the account: sessions, jobs, what an officer signs */
enum err account_store_find(struct cx *cx, int64_t id, struct account_row *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows, "select " ACCOUNT_COLUMNS " from identity_account where id = $1",
                 V(id)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *out = account_from(&rows);
    return OK;
}

/* unscoped: by the whole login, before anybody is signed in */
enum err account_store_by_login(struct cx *cx, struct str login_lookup, struct account_row *out)
{
    auto_rows rows = {0};
    TRY(db_query(cx, &rows,
                 "select " ACCOUNT_COLUMNS " from identity_account where login_lookup = $1",
                 VB(login_lookup)));
    if (!db_next(&rows))
        return rows.err ? rows.err : ERR_NOT_FOUND;
    *out = account_from(&rows);
    return OK;
}

/* Counted here and not from what was read before: many at once are as many. */
enum err account_store_wrong(struct cx *cx, int64_t id)
{
    return db_exec(
        cx, "update identity_account set failures = failures + 1, failed_at = $1 where id = $2",
        V(cx->now), V(id));
}

enum err account_store_right(struct cx *cx, int64_t id)
{
    return db_exec(cx, "update identity_account set failures = 0 where id = $1", V(id));
}

enum err account_store_entered(struct cx *cx, int64_t id, int64_t unit)
{
    return db_exec(cx, "update identity_account set failures = 0, last_unit = $1 where id = $2",
                   V(unit), V(id));
}

enum err account_store_password(struct cx *cx, int64_t id, int64_t version, struct str password)
{
    TRY(db_exec(cx,
                "update identity_account set version = version + 1, password = $1, failures = 0"
                " where id = $2 and version = $3",
                VB(password), V(id), V(version)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT, T("Tài khoản vừa được sửa. Mở lại trang rồi làm tiếp."));
    return OK;
}

enum err account_store_close(struct cx *cx, int64_t id, int64_t version)
{
    TRY(db_exec(cx,
                "update identity_account set version = version + 1, closed = 1"
                " where id = $1 and version = $2",
                V(id), V(version)));
    if (db_changed(cx) != 1)
        return fail(cx, ERR_CONFLICT, T("Tài khoản vừa được sửa. Mở lại trang rồi làm tiếp."));
    return OK;
}
