/* journal_api.c - heads and proofs as JSON for outside verifiers; names as in RFC 9162.
 *
 * Open to anybody: hashes tell nothing of what they cover, and a proof that one must sign in for
 * proves little. */
#include "journal_api.h"

#include "journal.h"
#include "json/json.h"
#include "vault/vault.h"

#define ANSWER_MAX ((size_t)16 * 1024)

static enum err number(struct cx *cx, struct web_req *rq, const char *name, int64_t *out)
{
    if (str_int(web_query(rq, name), out) && *out >= 0)
        return OK;
    return fail(cx, ERR_INVALID, T("%s phải là một số, ví dụ %s=12."), name, name);
}

static struct json_out begin(struct cx *cx, struct buf *b)
{
    *b = (struct buf){.arena = cx->arena, .limit = ANSWER_MAX};
    struct json_out o = {.to = b};
    json_open_object(&o);
    return o;
}

static enum err end(struct json_out *o, struct web_res *rs)
{
    json_close_object(o);
    MUST(!o->to->full);
    rs->bytes = buf_str(o->to);
    return OK;
}

static void put_hash(struct cx *cx, struct json_out *o, struct str key, const struct hash *h)
{
    json_str(o, key, str_hex(cx->arena, HASH_STR(*h)));
}

static void put_path(struct cx *cx, struct json_out *o, struct str key,
                     const struct merkle_proof *p)
{
    json_key(o, key);
    json_open_array(o);
    for (size_t i = 0; i < p->n; i++)
        json_put_str(o, str_hex(cx->arena, HASH_STR(p->path[i])));
    json_close_array(o);
}

static enum err public_key(struct cx *cx, struct str *der)
{
    struct key *k;
    TRY(vault_key(cx, S("journal"), &k));
    enum err e = key_public_der(cx, k, der);
    key_free(k);
    return e;
}

static enum err show_head(struct cx *cx, struct web_req *, struct web_res *rs)
{
    struct journal_head h;
    struct str der;
    struct buf b;
    TRY(journal_head_last(cx, &h));
    TRY(public_key(cx, &der));
    struct json_out o = begin(cx, &b);
    json_num(&o, S("tree_size"), h.size);
    put_hash(cx, &o, S("root_hash"), &h.root);
    json_num(&o, S("timestamp"), h.at);
    json_str(&o, S("key_id"), h.key_id);
    json_str(&o, S("signature"), str_base64(cx->arena, h.signature));
    json_str(&o, S("public_key"), str_base64(cx->arena, der));
    return end(&o, rs);
}

static enum err show_tree(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct journal_tree tree;
    int64_t size;
    struct buf b;
    TRY(number(cx, rq, "kich_thuoc", &size));
    TRY(journal_tree_at(cx, size, &tree));
    struct json_out o = begin(cx, &b);
    json_num(&o, S("tree_size"), tree.size);
    put_hash(cx, &o, S("root_hash"), &tree.root);
    return end(&o, rs);
}

static enum err show_inclusion(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t position, size;
    struct hash leaf;
    struct merkle_proof proof;
    struct buf b;
    TRY(number(cx, rq, "vi_tri", &position));
    TRY(number(cx, rq, "kich_thuoc", &size));
    TRY(journal_inclusion(cx, position, size, &leaf, &proof));
    struct json_out o = begin(cx, &b);
    json_num(&o, S("leaf_index"), position - 1);
    json_num(&o, S("tree_size"), size);
    put_hash(cx, &o, S("leaf_hash"), &leaf);
    put_path(cx, &o, S("inclusion_path"), &proof);
    return end(&o, rs);
}

static enum err show_consistency(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t from, to;
    struct merkle_proof proof;
    struct buf b;
    TRY(number(cx, rq, "tu", &from));
    TRY(number(cx, rq, "den", &to));
    TRY(journal_consistency(cx, from, to, &proof));
    struct json_out o = begin(cx, &b);
    json_num(&o, S("tree_size_1"), from);
    json_num(&o, S("tree_size_2"), to);
    put_path(cx, &o, S("consistency_path"), &proof);
    return end(&o, rs);
}

/* clang-format off */
static const struct web_schema head_schema = {"JournalHead", false, (const struct web_field[]){
    {"tree_size",  "integer", "số sự kiện", true},
    {"root_hash",  "string",  "gốc cây, SHA-256, hex", true},
    {"timestamp",  "integer", "lúc ký, mili giây UTC", true},
    {"key_id",     "string",  "SHA-256 của khóa công khai, hex", true},
    {"signature",  "string",  "ECDSA P-256, DER, base64", true},
    {"public_key", "string",  "SubjectPublicKeyInfo, DER, base64", true}, {0}}};
static const struct web_schema tree_schema = {"JournalTree", false, (const struct web_field[]){
    {"tree_size",  "integer", "số sự kiện", true},
    {"root_hash",  "string",  "gốc cây, SHA-256, hex", true}, {0}}};
static const struct web_schema inclusion_schema = {"JournalInclusion", false, (const struct web_field[]){
    {"leaf_index", "integer", "vị trí trừ một", true},
    {"tree_size",  "integer", "số sự kiện", true},
    {"leaf_hash",  "string",  "lá, SHA-256, hex", true},
    {"inclusion_path", "array", "RFC 9162 mục 2.1.3, hex", true}, {0}}};
static const struct web_schema consistency_schema = {"JournalConsistency", false, (const struct web_field[]){
    {"tree_size_1", "integer", "số sự kiện của cây trước", true},
    {"tree_size_2", "integer", "số sự kiện của cây sau", true},
    {"consistency_path", "array", "RFC 9162 mục 2.1.4, hex", true}, {0}}};

const struct route journal_routes[] = {
    {GET, "/api/nhat-ky/dau",       "Đầu nhật ký đã ký",            &anyone, READ, .show = show_head,        .kind = WEB_API, .gives = &head_schema},
    {GET, "/api/nhat-ky/cay",       "Gốc cây nhật ký",              &anyone, READ, .show = show_tree,        .kind = WEB_API, .gives = &tree_schema},
    {GET, "/api/nhat-ky/bao-gom",   "Bằng chứng có trong nhật ký",  &anyone, READ, .show = show_inclusion,   .kind = WEB_API, .gives = &inclusion_schema},
    {GET, "/api/nhat-ky/nhat-quan", "Bằng chứng nhật ký chỉ dài thêm", &anyone, READ, .show = show_consistency, .kind = WEB_API, .gives = &consistency_schema},
    {0},
};
/* clang-format on */
