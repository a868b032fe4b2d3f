/* identity_account.c - accounts and signing in. */
#include "identity_factor.h"
#include "identity_store.h"

#include "crypto/crypto.h"
#include "html/html.h"
#include "journal/journal.h"
#include "kept/kept.h"
#include "vault/vault.h"

static const struct str about_login = {"identity_account.login", 22};
static const struct str about_name = {"identity_account.name", 21};
static const struct str about_password = {"identity_account.password", 25};

struct str identity_login_lookup(struct cx *cx, struct str login)
{
    struct id_no id;
    struct str plain =
        id_no_parse(cx->arena, login, &id) ? id.digits : text_lower(cx->arena, login);
    return vault_lookup(cx, S("login"), plain);
}

static struct str seal_password(struct cx *cx, struct str encoded)
{
    return seal(cx, vault_secret(cx, S("identity.password")), about_password, encoded);
}

enum err identity_note(struct cx *cx, struct str kind, int64_t account)
{
    return journal_write(cx, &(struct event){.kind = kind,
                                             .subject_kind = S("identity.account"),
                                             .subject_id = account,
                                             .unit = cx->actor->unit});
}

enum err account_add(struct cx *cx, struct str login, struct str password_encoded, int64_t person,
                     struct str name, int64_t *id)
{
    if (login.n == 0 || login.n > 100 || name.n == 0 || name.n > 300)
        return fail(cx, ERR_INVALID,
                    T("Nhập tên đăng nhập và họ tên, mỗi thứ không quá 100 ký tự."));
    struct account_row a = {.person = person, .login_lookup = identity_login_lookup(cx, login)},
                       other;
    enum err e = account_store_by_login(cx, a.login_lookup, &other);
    if (e == OK)
        return fail(cx, ERR_CONFLICT, T("Tên đăng nhập này đã có người dùng. Chọn tên khác."));
    if (e != ERR_NOT_FOUND)
        return e;
    struct person_row p;
    if (person) {
        TRY(person_store_find(cx, person, &p));
        a.subject = p.subject;
    } else {
        TRY(vault_subject_new(cx, &a.subject));
    }
    TRY(vault_seal(cx, a.subject, about_login, login, &a.login));
    TRY(vault_seal(cx, a.subject, about_name, name, &a.name));
    a.password = seal_password(cx, password_encoded);
    TRY(account_store_add(cx, &a));
    *id = a.id;
    return identity_note(cx, S("identity.account.added"), a.id);
}

static enum err row_of(struct cx *cx, int64_t id, struct account_row *out)
{
    enum err e = account_store_find(cx, id, out);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, T("Không tìm thấy tài khoản này."));
    return e;
}

static enum err open_text(struct cx *cx, int64_t subject, struct str about, struct str sealed,
                          struct str *out)
{
    enum err e = vault_open_sealed(cx, subject, about, sealed, out);
    if (e == ERR_NOT_FOUND) {
        *out = S(T("(đã xóa theo quyết định)"));
        return OK;
    }
    return e;
}

static enum err account_from(struct cx *cx, const struct account_row *row, struct account *out)
{
    *out = (struct account){
        .id = row->id, .person = row->person, .closed = row->closed, .version = row->version};
    TRY(open_text(cx, row->subject, about_login, row->login, &out->login));
    return open_text(cx, row->subject, about_name, row->name, &out->name);
}

enum err account_find(struct cx *cx, int64_t id, struct account *out)
{
    struct account_row row;
    TRY(row_of(cx, id, &row));
    return account_from(cx, &row, out);
}

enum err account_by_login(struct cx *cx, struct str login, struct account *out)
{
    struct account_row row;
    enum err e = account_store_by_login(cx, identity_login_lookup(cx, login), &row);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, T("Không có tài khoản với tên đăng nhập này."));
    TRY(e);
    return account_from(cx, &row, out);
}

enum err account_person(struct cx *cx, int64_t account, int64_t *person)
{
    struct account_row row;
    TRY(row_of(cx, account, &row));
    *person = row.person;
    return OK;
}

enum err account_subject(struct cx *cx, int64_t account, int64_t *subject)
{
    struct account_row row;
    TRY(row_of(cx, account, &row));
    *subject = row.subject;
    return OK;
}

enum err account_open_name(struct cx *cx, int64_t subject, struct str sealed, struct str *name)
{
    return open_text(cx, subject, about_name, sealed, name);
}

/* The name stays sealed in what is kept: it is opened for each request (identity_actor.c). */
struct kept_name {
    int64_t subject;
    struct str sealed;
};

static enum err make_name(struct cx *cx, void *arg, const void **out)
{
    struct account_row row;
    TRY(row_of(cx, *(const int64_t *)arg, &row));
    struct kept_name *k = NEW(cx->arena, struct kept_name);
    *k = (struct kept_name){row.subject, row.name};
    *out = k;
    return OK;
}

enum err account_name(struct cx *cx, int64_t account, struct str *name)
{
    static const char *const moves[] = {"identity", NULL};
    const struct kept_wish wish = {.key =
                                       str_fmt(cx->arena, "identity.name %lld", (long long)account),
                                   .of = moves,
                                   .make = make_name,
                                   .arg = &account,
                                   .about_bytes = 1024};
    const void *found;
    if (db_is_reader(cx))
        TRY(kept_find(cx, &wish, &found));
    else /* it would read the numbers first: as much as the row */
        TRY(make_name(cx, &account, &found));
    const struct kept_name *k = found;
    return open_text(cx, k->subject, about_name, k->sealed, name);
}

enum err account_set_password(struct cx *cx, int64_t account, struct str password_encoded)
{
    struct account_row row;
    TRY(row_of(cx, account, &row));
    TRY(account_store_password(cx, account, row.version, seal_password(cx, password_encoded)));
    TRY(web_session_end_all(cx, account));
    return identity_note(cx, S("identity.account.password_changed"), account);
}

enum err identity_has_password(struct cx *cx, int64_t account, bool *has)
{
    struct account_row row;
    struct str encoded;
    TRY(row_of(cx, account, &row));
    TRY(unseal(cx, vault_secret(cx, S("identity.password")), about_password, row.password,
               &encoded));
    *has = !str_eq(encoded, IDENTITY_NO_PASSWORD);
    return OK;
}

enum err account_close(struct cx *cx, int64_t account)
{
    struct account_row row;
    TRY(row_of(cx, account, &row));
    TRY(account_store_close(cx, account, row.version));
    TRY(web_session_end_all(cx, account));
    return identity_note(cx, S("identity.account.closed"), account);
}

/* ---- signing in ---- */

/* The unit the account acted in last, if it still has a post there; else its first; else none. */
static enum err first_unit(struct cx *cx, const struct account_row *row, int64_t *unit)
{
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    TRY(post_store_of(cx, row->id, 0, posts, POSTS_MAX, &n));
    *unit = n ? posts[0].unit : 0;
    for (size_t i = 0; i < n; i++)
        if (posts[i].unit == row->last_unit)
            *unit = row->last_unit;
    return OK;
}

/* Whatever the reason of a refusal, it costs one hash: the time tells nothing of the account. */
static enum err burn(struct str password)
{
    password_burn(str_until(password, PASSWORD_MAX));
    return OK;
}

static enum err check(struct cx *cx, const struct account_row *row, struct str password,
                      struct sign_in *out)
{
    *out = (struct sign_in){.verdict = SIGN_IN_WRONG, .account = row->id};
    if (row->failures >= SIGN_IN_FREE && cx->now - row->failed_at < SIGN_IN_WAIT_MS) {
        out->verdict = SIGN_IN_WAIT;
        out->wait_until = row->failed_at + SIGN_IN_WAIT_MS;
        return burn(password);
    }
    struct str encoded;
    TRY(unseal(cx, vault_secret(cx, S("identity.password")), about_password, row->password,
               &encoded));
    if (password.n > PASSWORD_MAX || str_eq(encoded, IDENTITY_NO_PASSWORD))
        return burn(password);
    if (!password_matches(password, encoded))
        return OK;
    out->verdict = SIGN_IN_RIGHT;
    return first_unit(cx, row, &out->unit);
}

enum err sign_in_check(struct cx *cx, struct str login, struct str password, struct sign_in *out)
{
    struct account_row row;
    enum err e = login.n ? account_store_by_login(cx, identity_login_lookup(cx, login), &row)
                         : ERR_NOT_FOUND;
    if (e != OK && e != ERR_NOT_FOUND)
        return e;
    if (e == OK && !row.closed)
        return check(cx, &row, password, out);
    *out = (struct sign_in){.verdict = SIGN_IN_WRONG};
    return burn(password);
}

enum err sign_in_check_account(struct cx *cx, int64_t account, struct str password,
                               struct sign_in *out)
{
    struct account_row row;
    TRY(row_of(cx, account, &row));
    TRY(check(cx, &row, password, out));
    out->unit = 0; /* stays where it acts */
    return OK;
}

struct str sign_in_sentence(struct cx *cx, const struct sign_in *s)
{
    if (s->verdict != SIGN_IN_WAIT)
        return tr(cx, S(T("Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra rồi nhập lại.")));
    return tr_fmt(cx, T("Mật khẩu đã sai nhiều lần. Chờ đến %.*s rồi nhập lại."),
                  F(time_vi(cx->arena, s->wait_until)));
}

enum err sign_in_wrong(struct cx *cx, const struct sign_in *s)
{
    if (s->account == 0 || s->verdict == SIGN_IN_WAIT)
        return OK;
    TRY(account_store_wrong(cx, s->account));
    return identity_note(cx, S("identity.session.refused"), s->account);
}

enum err sign_in_finish_again(struct cx *cx, struct web_req *rq, struct web_res *rs,
                              const struct sign_in *s, const struct session_start *start)
{
    if (s->verdict != SIGN_IN_RIGHT)
        return sign_in_wrong(cx, s);
    TRY(account_store_right(cx, s->account));
    TRY(web_session_start(cx, rq, rs, start));
    return identity_note(cx,
                         start->assurance > 1 ? S("identity.session.stepped_up")
                                              : S("identity.session.unlocked"),
                         s->account);
}

enum err identity_acts_in(struct cx *cx, int64_t unit)
{
    TRY(account_store_entered(cx, cx->actor->account, unit));
    return journal_write(cx, &(struct event){.kind = S("identity.session.unit_chosen"),
                                             .subject_kind = S("identity.account"),
                                             .subject_id = cx->actor->account,
                                             .unit = unit});
}

enum err sign_in_finish(struct cx *cx, struct web_req *rq, struct web_res *rs,
                        const struct sign_in *s, struct str then)
{
    const struct session_start start = {.account = s->account, .unit = s->unit, .assurance = 1};
    bool more;
    if (s->verdict != SIGN_IN_RIGHT)
        return sign_in_wrong(cx, s);
    TRY(factor_is_on(cx, s->account, &more));
    if (more) {
        rs->see_other = str_fmt(cx->arena, "/dang-nhap/ma?ve=%.*s", F(url_encode(cx->arena, then)));
        TRY(web_session_wait(cx, rq, rs, &start));
        return identity_note(cx, S("identity.session.code_asked"), s->account);
    }
    rs->see_other = then;
    TRY(account_store_entered(cx, s->account, s->unit));
    TRY(web_session_start(cx, rq, rs, &start));
    return identity_note(cx, S("identity.session.started"), s->account);
}
