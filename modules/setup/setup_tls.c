/* setup_tls.c - a certificate for the server: asked for, brought, taken into use while it runs.
 *
 * The pair waits sealed in the database until a job, after the commit, has written the files and
 * had the server load them; what the server does not load is undone and stays out of use. Events
 * name certificates and keys by their fingerprints alone. */
#include "setup_tls.h"

#include "journal/journal.h"
#include "json/json.h"
#include "lane/lane.h"
#include "setup.h"
#include "web/web.h"

#define PENDING "tls.pending"
#define ASKED_CSR "tls.ask.csr"
#define ASKED_KEY "tls.ask.key"
#define SAID "tls.said"
#define PENDING_MAX ((size_t)1 << 20)

/* ---- where we stand ---- */

struct str setup_tls_host(struct cx *cx)
{
    struct str url = cx->env->base_url, host, rest;
    size_t at;
    if (str_find(url, S("://"), &at))
        url = str_from(url, at + 3);
    if (!str_cut(url, '/', &host, &rest))
        host = url;
    str_cut(host, ':', &host, &rest);
    return host;
}

static struct str stated(struct cx *cx, const char *name)
{
    return cx->env->settings ? str_trim(setting(cx->env->settings, str_c(name), S(""))) : S("");
}

struct str setup_tls_closed(struct cx *cx)
{
    if (stated(cx, "tls.cert").n)
        return tr(cx, S(T("Chứng thư đặt trong tinhso.conf (tls.cert, tls.key). Thay tệp ở đó rồi "
                          "gửi SIGHUP, hoặc bỏ hai dòng ấy để dùng trang này.")));
    if (stated(cx, "front").n)
        return tr(
            cx,
            S(T("Máy đón phía trước (front) lo việc mã hóa với người dân. Đặt chứng thư ở máy đó.")));
    if (!str_starts(cx->env->base_url, S("https://")))
        return tr_fmt(cx,
                      T("Địa chỉ của hệ thống là %.*s. Đặt base.url = https://TÊN-MIỀN trong "
                        "tinhso.conf, khởi động lại, rồi đưa chứng thư của tên miền ấy vào đây."),
                      F(cx->env->base_url));
    return S("");
}

enum err setup_tls_now(struct cx *cx, struct tls_chain *out, struct str *path)
{
    *path = stated(cx, "tls.cert");
    if (path->n == 0)
        *path = str_fmt(cx->arena, "%.*s/" SETUP_TLS_CHAIN, F(cx->env->data_dir));
    const struct str text = tls_file_read(cx, *path);
    *out = (struct tls_chain){0};
    if (text.n == 0)
        return fail(cx, ERR_NOT_FOUND, T("Chưa có chứng thư."));
    /* One that has ended is shown too. */
    const enum err e = tls_chain_read(cx, text, S(""), cx->now, out);
    return out->leaf_der.n ? OK : e;
}

static enum err note(struct cx *cx, const char *kind, struct str fingerprint)
{
    struct buf b = {.arena = cx->arena, .limit = 1000};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("fingerprint"), fingerprint);
    json_close_object(&o);
    return journal_write(cx, &(struct event){.kind = str_c(kind),
                                             .subject_kind = S("setup.tls"),
                                             .subject_id = 1,
                                             .unit = cx->actor->unit,
                                             .payload = buf_str(&b)});
}

/* ---- asking an authority ---- */

enum err setup_tls_ask_make(struct cx *cx, struct tls_ask *ask)
{
    struct key *key;
    struct str der;
    const struct cert_request rq = {
        .common_name = ask->names,
        .organisation = ask->organisation,
        .locality = ask->locality,
        .country = S("VN"),
        .dns_names = ask->names,
    };
    TRY(key_generate(cx, &key));
    enum err e = cert_ask(cx, &rq, key, &der);
    if (e == OK)
        ask->csr = pem(cx->arena, "CERTIFICATE REQUEST", der);
    if (e == OK)
        e = key_private_der(cx, key, &der);
    if (e == OK)
        ask->key = pem(cx->arena, "PRIVATE KEY", der);
    if (e == OK)
        e = key_public_der(cx, key, &der);
    key_free(key);
    const struct hash h = sha256(der);
    ask->fingerprint = str_hex(cx->arena, HASH_STR(h));
    return e;
}

enum err setup_tls_ask_keep(struct cx *cx, const struct tls_ask *ask)
{
    TRY(setup_setting_keep(cx, ASKED_KEY, ask->key));
    TRY(setup_setting_keep(cx, ASKED_CSR, ask->csr));
    return note(cx, "setup.tls.asked", ask->fingerprint);
}

enum err setup_tls_asked(struct cx *cx, struct str *csr, struct str *key)
{
    TRY(setup_setting_kept(cx, ASKED_CSR, csr));
    return setup_setting_kept(cx, ASKED_KEY, key);
}

/* ---- bringing ---- */

/* back: to this certificate; empty: takes what waits. */
static enum err add_job(struct cx *cx, struct str back)
{
    TRY(setup_setting_keep(cx, SAID, S("wait")));
    return job_add(cx, tls_job.name, S(""), S("setup.tls"),
                   str_fmt(cx->arena, "{\"back\":\"%.*s\"}", F(back)), 0);
}

enum err setup_tls_bring(struct cx *cx, const struct tls_pair *p)
{
    struct buf b = {.arena = cx->arena, .limit = PENDING_MAX};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_str(&o, S("name"), p->name);
    json_str(&o, S("chain"), p->chain);
    json_str(&o, S("key"), p->key);
    json_close_object(&o);
    MUST(!b.full);
    TRY(setup_setting_keep(cx, PENDING, buf_str(&b)));
    TRY(add_job(cx, S("")));
    return note(cx, "setup.tls.brought", p->name);
}

enum err setup_tls_go_back(struct cx *cx)
{
    const struct str before = tls_files_before(cx);
    if (before.n == 0)
        return fail(cx, ERR_CONFLICT, T("Không có chứng thư trước để dùng lại."));
    TRY(add_job(cx, before));
    return note(cx, "setup.tls.going_back", before);
}

enum err setup_tls_said(struct cx *cx, struct str *said)
{
    return setup_setting_kept(cx, SAID, said);
}

/* ---- taking it into use ---- */

struct taking {
    struct str pending;
    struct tls_pair pair;
    enum err outcome;
    struct str why;
};

static enum err read_pending(struct cx *cx, void *arg)
{
    struct taking *t = arg;
    return setup_setting_kept(cx, PENDING, &t->pending);
}

/* The server goes on with what it had whenever the new one cannot be loaded. */
static enum err reload_or_undo(struct cx *cx, struct taking *t, struct str old)
{
    t->outcome = web_reload_tls(cx, cx->env->web);
    if (t->outcome == OK)
        return OK;
    t->why = cx->why;
    return tls_files_undo(cx, old);
}

static enum err pair_of(struct cx *cx, struct str pending, struct tls_pair *out)
{
    const struct json *v;
    struct json_error error;
    TRY(json_read(cx->arena, pending, &v, &error));
    *out = (struct tls_pair){.name = json_text(json_get(v, S("name"))),
                             .chain = json_text(json_get(v, S("chain"))),
                             .key = json_text(json_get(v, S("key")))};
    return OK;
}

static enum err act(struct cx *cx, const struct job *j, void **result)
{
    struct taking *t = NEW(cx->arena, struct taking);
    const struct str old = tls_files_current(cx);
    const struct json *wanted;
    struct json_error error;
    *result = t;
    TRY(json_read(cx->arena, j->payload, &wanted, &error));
    t->pair.name = json_text(json_get(wanted, S("back")));
    if (t->pair.name.n) {
        TRY(tls_files_back(cx, t->pair.name));
        return reload_or_undo(cx, t, old);
    }
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, read_pending, t));
    if (t->pending.n == 0) /* an attempt before this one took it */
        return OK;
    TRY(pair_of(cx, t->pending, &t->pair));
    TRY(tls_files_take(cx, &t->pair));
    return reload_or_undo(cx, t, old);
}

/* Another pair may have been brought meanwhile: it stays, its own job comes. */
static enum err end_pending(struct cx *cx, const struct tls_pair *p)
{
    struct str pending;
    struct tls_pair waits;
    TRY(setup_setting_kept(cx, PENDING, &pending));
    if (pending.n == 0)
        return OK;
    TRY(pair_of(cx, pending, &waits));
    return str_eq(waits.name, p->name) ? setup_setting_keep(cx, PENDING, S("")) : OK;
}

/* The request whose key it was is answered. */
static enum err end_asking(struct cx *cx, const struct tls_pair *p)
{
    struct str csr, key;
    TRY(setup_tls_asked(cx, &csr, &key));
    if (key.n == 0 || !str_eq(key, p->key))
        return OK;
    TRY(setup_setting_keep(cx, ASKED_KEY, S("")));
    return setup_setting_keep(cx, ASKED_CSR, S(""));
}

static enum err after(struct cx *cx, const struct job *, enum err acted, void *result)
{
    const struct taking *t = result;
    if (acted != OK || t->pair.name.n == 0)
        return acted;
    const bool good = t->outcome == OK;
    TRY(end_pending(cx, &t->pair));
    TRY(setup_setting_keep(cx, SAID,
                           str_fmt(cx->arena, "%s %.*s %.*s", good ? "ok" : "no",
                                   F(time_vi(cx->arena, cx->now)), F(str_until(t->why, 300)))));
    if (good)
        TRY(end_asking(cx, &t->pair));
    return note(cx, good ? "setup.tls.taken" : "setup.tls.refused", t->pair.name);
}

const struct job_kind tls_job = {
    .name = "setup.tls",
    .title = "Đưa chứng thư TLS vào dùng",
    .act = act,
    .after = after,
};
