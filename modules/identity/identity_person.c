/* identity_person.c - people: sealed under their own key, found by number or by name. */
#include "identity_store.h"

#include "journal/journal.h"
#include "json/json.h"
#include "vault/vault.h"

#define TOKENS_MAX 400

static const struct str about_name = {"identity_person.name", 20};
static const struct str about_id = {"identity_person.id_no", 21};
static const struct str about_details = {"identity_person.details", 23};

static struct str details_json(struct cx *cx, const struct person *p)
{
    struct buf b = {.arena = cx->arena, .limit = 16384};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    if (p->born_on != INT64_MIN)
        json_num(&o, S("born_on"), p->born_on);
    json_str(&o, S("sex"), p->sex);
    json_str(&o, S("phone"), p->phone);
    json_str(&o, S("email"), p->email);
    json_str(&o, S("address"), p->address);
    json_close_object(&o);
    return buf_str(&b);
}

static enum err seal_person(struct cx *cx, const struct person *p, struct person_row *row)
{
    TRY(vault_seal(cx, row->subject, about_name, p->name, &row->name));
    return vault_seal(cx, row->subject, about_details, details_json(cx, p), &row->details);
}

void person_make_ready(struct cx *cx, struct person *p)
{
    struct str *tokens = NEW_N(cx->arena, struct str, TOKENS_MAX);
    p->tokens = tokens;
    p->tokens_n = vault_name_tokens(cx, p->name, tokens, TOKENS_MAX);
}

static enum err index_name(struct cx *cx, int64_t id, struct str name)
{
    struct person p = {.name = name};
    person_make_ready(cx, &p);
    return person_store_tokens_add(cx, p.tokens, p.tokens_n, id);
}

/* A name says its tokens, so no index by person is kept for the few that change. */
static enum err forget_name(struct cx *cx, int64_t id, struct str name)
{
    struct person p = {.name = name};
    person_make_ready(cx, &p);
    for (size_t i = 0; i < p.tokens_n; i++)
        TRY(person_store_token_drop(cx, p.tokens[i], id));
    return OK;
}

static struct str id_lookup(struct cx *cx, struct str id_no)
{
    return id_no.n ? vault_lookup(cx, S("id_no"), id_no) : (struct str){0};
}

static enum err add_person(struct cx *cx, struct person *p)
{
    struct person_row row = {.kind = p->kind.n ? p->kind : S("cong_dan"),
                             .id_lookup = id_lookup(cx, p->id_no)};
    TRY(vault_subject_new(cx, &row.subject));
    TRY(seal_person(cx, p, &row));
    if (p->id_no.n)
        TRY(vault_seal(cx, row.subject, about_id, p->id_no, &row.id_no));
    TRY(person_store_add(cx, &row));
    /* *p outlives this run of a task, which may come again: what it allocates is not left there. */
    if (p->tokens)
        TRY(person_store_tokens_add(cx, p->tokens, p->tokens_n, row.id));
    else
        TRY(index_name(cx, row.id, p->name));
    p->id = row.id;
    p->subject = row.subject;
    p->version = row.version;
    return journal_write(cx, &(struct event){.kind = S("identity.person.added"),
                                             .subject_kind = S("identity.person"),
                                             .subject_id = row.id});
}

enum err person_put(struct cx *cx, struct person *p)
{
    if (p->name.n == 0)
        return fail(cx, ERR_INVALID, T("Nhập họ và tên."));
    if (p->name.n > 300 || p->address.n > 1000 || p->phone.n > 50 || p->email.n > 200 ||
        p->id_no.n > 20)
        return fail(cx, ERR_LIMIT, T("Họ tên, địa chỉ hoặc số liên hệ dài quá. Viết gọn lại."));
    if (p->id_no.n) {
        struct person_row row;
        enum err e = person_store_by_id(cx, id_lookup(cx, p->id_no), &row);
        if (e == OK) {
            p->id = row.id;
            p->subject = row.subject;
            p->version = row.version;
            return OK;
        }
        if (e != ERR_NOT_FOUND)
            return e;
    }
    return add_person(cx, p);
}

static enum err find_row(struct cx *cx, int64_t id, struct person_row *row)
{
    enum err e = person_store_find(cx, id, row);
    return e == ERR_NOT_FOUND ? fail(cx, e, T("Không tìm thấy người này.")) : e;
}

enum err person_update(struct cx *cx, struct person *p)
{
    struct person_row row;
    struct str before;
    TRY(find_row(cx, p->id, &row));
    TRY(vault_open_sealed(cx, row.subject, about_name, row.name, &before));
    row.version = p->version;
    TRY(seal_person(cx, p, &row));
    TRY(person_store_update(cx, &row));
    if (!str_eq(before, p->name)) {
        TRY(forget_name(cx, p->id, before));
        TRY(index_name(cx, p->id, p->name));
    }
    p->version = row.version;
    return journal_write(cx, &(struct event){.kind = S("identity.person.changed"),
                                             .subject_kind = S("identity.person"),
                                             .subject_id = p->id});
}

/* ---- reading ---- */

/* An erased person keeps the row; what it said is gone. */
static enum err open_one(struct cx *cx, int64_t subject, struct str about, struct str sealed,
                         struct str *out)
{
    enum err e = vault_open_sealed(cx, subject, about, sealed, out);
    return e == ERR_NOT_FOUND ? OK : e;
}

static enum err open_details(struct cx *cx, const struct person_row *row, struct person *out)
{
    struct str text;
    const struct json *j;
    struct json_error bad;
    TRY(open_one(cx, row->subject, about_details, row->details, &text));
    if (text.n == 0)
        return OK;
    if (json_read(cx->arena, text, &j, &bad) != OK)
        return fail(cx, ERR_IO, "the details of person %lld are not JSON", (long long)row->id);
    out->born_on = json_int(json_get(j, S("born_on")), INT64_MIN);
    out->sex = json_text(json_get(j, S("sex")));
    out->phone = json_text(json_get(j, S("phone")));
    out->email = json_text(json_get(j, S("email")));
    out->address = json_text(json_get(j, S("address")));
    return OK;
}

static enum err open_name(struct cx *cx, int64_t subject, struct str about, struct str sealed,
                          struct str *name)
{
    enum err e = vault_open_sealed(cx, subject, about, sealed, name);
    if (e == ERR_NOT_FOUND) {
        *name = S(T("(đã xóa theo quyết định)"));
        return OK;
    }
    return e;
}

/* Decision 6: reading another's personal field needs a purpose and leaves an event, which is
 * committed before the page leaves. */
static enum err account_for(struct cx *cx, const struct person_row *row)
{
    if (cx->actor->system || cx->actor->person == row->id)
        return OK;
    return journal_note_read(cx, &(struct personal_read){
                                     .data_subject = row->subject,
                                     .subject_kind = S("identity.person"),
                                     .subject_id = row->id,
                                     .fields = S("name,id_no,born_on,sex,phone,email,address"),
                                 });
}

static enum err name_from(struct cx *cx, const struct person_row *row, struct person *out)
{
    *out = (struct person){
        .id = row->id,
        .subject = row->subject,
        .kind = row->kind,
        .born_on = INT64_MIN,
        .version = row->version,
    };
    TRY(account_for(cx, row));
    return open_name(cx, row->subject, about_name, row->name, &out->name);
}

static enum err person_from(struct cx *cx, const struct person_row *row, struct person *out)
{
    TRY(name_from(cx, row, out));
    TRY(open_one(cx, row->subject, about_id, row->id_no, &out->id_no));
    return open_details(cx, row, out);
}

enum err person_find(struct cx *cx, int64_t id, struct person *out)
{
    struct person_row row;
    TRY(find_row(cx, id, &row));
    return person_from(cx, &row, out);
}

enum err person_id_of_number(struct cx *cx, struct str id_no, int64_t *id)
{
    struct person_row row = {0};
    const enum err e = person_store_by_id(cx, id_lookup(cx, id_no), &row);
    *id = row.id;
    return e == ERR_NOT_FOUND ? OK : e;
}

enum err person_find_name(struct cx *cx, int64_t id, struct person *out)
{
    struct person_row row;
    TRY(find_row(cx, id, &row));
    return name_from(cx, &row, out);
}

enum err person_by_id_no(struct cx *cx, struct str id_no, struct person *out)
{
    struct person_row row;
    enum err e = id_no.n ? person_store_by_id(cx, id_lookup(cx, id_no), &row) : ERR_NOT_FOUND;
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND, T("Chưa có người nào với số định danh này."));
    TRY(e);
    return person_from(cx, &row, out);
}

enum err person_name(struct cx *cx, int64_t id, struct str *name)
{
    struct person_row row;
    TRY(find_row(cx, id, &row));
    return open_name(cx, row.subject, about_name, row.name, name);
}

enum err person_search(struct cx *cx, struct str words, int64_t *ids, size_t max, size_t *n)
{
    struct str tokens[12];
    size_t tokens_n = vault_name_query(cx, words, tokens, 12);
    return person_store_search(cx, tokens, tokens_n, ids, max, n);
}
