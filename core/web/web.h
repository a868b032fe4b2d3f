/*
 * web.h - pages and JSON APIs over core/http: route table, sessions, forms, errors, menus.
 *
 * A module states its routes as a table: method, path, title, right, lane, handlers. This room
 * does the rest: finds the route, reads the session, asks whether the actor has the right and how
 * far (cx->scope), checks the form token, receives the body within limits, runs the handler in
 * its lane, answers. A handler is straight-line code that returns an enum err.
 *
 *   READ   show runs in the loop on a snapshot (again in SLOW when it takes over 5 ms)
 *   SLOW   show runs in the pool
 *   WRITE  prepare (SLOW, read-only: validate, hash, render, sign) then write (the writer).
 *          write has no effect outside the database and may run again.
 *
 * Form token = idempotency key: every POST form carries {{> web_token}}; the answer of the first
 * POST is stored in its transaction, a repeated POST gets that answer, whatever it carries.
 */
#pragma once
#include "base/base.h"
#include "file/file.h"
#include "html/html.h"
#include "http/http.h"
#include "json/json.h"
#include "lane/lane.h"

/* ---- rights ---- */

struct right {
    const char *name;  /* "onestop.accept" */
    const char *title; /* "Tiếp nhận hồ sơ" */
    bool step_up;      /* asks for the password again when that was over 10 minutes ago */
    bool whole;        /* of what all units share: only whoever acts at a unit with none above it */
};
extern const struct right anyone;    /* no sign-in; scope PUBLIC (OWN as well when signed in) */
extern const struct right signed_in; /* any account; scope OWN */
extern const struct right signed_in_again; /* the same, the password given within 10 minutes */

/* identity answers this (set once at start; a hook, because rights are administration):
 * false: the actor has not the right; why_not, unless NULL, gets a Vietnamese sentence with whom to
 * ask. */
typedef bool web_grant(struct cx *cx, const struct actor *actor, const struct right *r,
                       struct scope *scope, struct str *why_not);
/* and loads the actor of an account for a session; ERR_NOT_FOUND: closed. */
typedef enum err web_load_actor(struct cx *cx, int64_t account, int64_t unit, struct actor *out);
void web_set_identity(web_grant *grant, web_load_actor *load);
/* What both are made from besides the day: names of `$moves` (kept/kept.h), NULL-ended; kept, not
 * copied. Whoever follows a stream is asked again when these move. Not set: at each look. */
void web_set_identity_of(const char *const *of);
/* Whose key seals this actor's uploads and drafts: a vault subject; 0: the installation's. */
typedef enum err web_actor_subject(struct cx *cx, const struct actor *actor, int64_t *subject);
/* The pages of signing in, which identity brings. */
struct web_doors {
    const char *sign_in; /* "/dang-nhap" */
    const char *lock;    /* "/khoa": after 30 idle minutes */
    const char *step_up; /* "/xac-nhan-lai": before a right that asks for the password again */
    const char *search;  /* where a lost person may search, by GET with q=; NULL: nowhere */
    const char *set_up;  /* where an actor who is `unready` is led to; NULL: nobody ever is */
    web_actor_subject *subject;
};
void web_set_doors(const struct web_doors *d);      /* kept, not copied */
bool web_may(struct cx *cx, const struct right *r); /* for buttons: does cx->actor have it? */

/* ---- routes ---- */

enum web_method { GET = 1, POST };
/* Lanes as routes name them. */
#define READ LANE_READ
#define SLOW LANE_SLOW
#define WRITE LANE_WRITE

struct web_req;
struct web_res;
typedef enum err web_handler(struct cx *cx, struct web_req *rq, struct web_res *rs);

enum web_kind { WEB_PAGE = 0, WEB_API, WEB_FILE };
enum web_frame { WEB_FRAME_CITIZEN = 0, WEB_FRAME_OFFICER, WEB_FRAME_COUNTER, WEB_FRAME_BARE };

/* What a page is made from besides its address, language, scope, rights and the minute. */
struct web_kept {
    const char *const *of; /* names of `$moves` (kept/kept.h), NULL-ended */
    enum err (*also)(struct cx *cx,
                     struct buf *key); /* adds what else it depends on; may be NULL */
};
struct route {
    enum web_method method;
    const char *path;          /* "/ho-so/{code}"; segments only */
    const char *title;         /* page title, right screens, audit, OpenAPI */
    const struct right *right; /* a row without one is refused at start-up and in tests */
    enum lane lane;
    web_handler *show;    /* GET */
    web_handler *prepare; /* POST, may be NULL */
    web_handler *write;   /* POST */
    enum web_kind kind;
    enum web_frame frame;
    int64_t body_max;      /* bytes; 0: 256 KiB */
    int files_max;         /* uploads in one POST; 0: none accepted */
    int64_t file_max;      /* bytes of each; 0: as the body */
    int rate_per_minute;   /* per peer address; 0: the general limit */
    const char *rate_asks; /* of the query: without it a page only opens, and counts as any page */
    const struct web_schema *takes, *gives; /* WEB_API */
    /* Whose key seals the uploads of this POST, from path and query alone (the body has not come);
     * a read-only snapshot. NULL: the actor's own subject (a visitor has none: name one, or take no
     * files). */
    enum err (*upload_owner)(struct cx *cx, struct web_req *rq, int64_t *subject);
    /* Its main part is kept until what it is made from moves. It draws no form token and nothing of
     * one person. NULL: drawn for each request. */
    const struct web_kept *kept;
    bool quiet; /* asked by scripts by themselves: does not keep an idle session awake */
    bool first; /* also for whoever is `unready`; all other routes meet such an actor as nobody */
};
/* For OpenAPI and checks of API routes: a flat object or an array of it. */
struct web_field {
    const char *name, *type /* string integer boolean */, *about;
    bool required;
};
struct web_schema {
    const char *name;
    bool array;
    const struct web_field *fields; /* {0}-ended */
};

struct menu_item {
    const char *title, *path, *icon;
    const struct right *right;
    enum web_frame frame;
};
/* What waits behind a place that frames link to: "/viec", "/thong-bao". */
struct web_count {
    int64_t n;
    bool more; /* there are more than n */
    bool hot;  /* some of it is late */
};
struct place_count {
    const char *path;
    const struct right *right;
    /* Runs with every page that shows the place: one bounded statement, cx->scope of the right. */
    enum err (*count)(struct cx *cx, struct web_count *out);
};

/* ---- what a handler reads; values are valid UTF-8 in NFC, within limits, never NULL ---- */

struct str web_path(struct web_req *rq, const char *name);  /* {name}, decoded */
struct str web_query(struct web_req *rq, const char *name); /* the first; empty if absent */
struct str web_form(struct web_req *rq, const char *name); /* the first, trimmed; empty if absent */
struct str web_form_exact(struct web_req *rq, const char *name); /* not trimmed: passwords */
bool web_form_has(struct web_req *rq, const char *name);
size_t web_form_all(struct web_req *rq, const char *name, struct str *out,
                    size_t max); /* check boxes */
/* All fields in order, for generic forms and for showing what was typed again. */
struct web_value {
    struct str name, value;
};
const struct web_value *web_form_values(struct web_req *rq, size_t *n);
const struct json *web_json(struct web_req *rq); /* API body; object */
struct str web_header(struct web_req *rq, const char *name);
struct str web_peer(struct web_req *rq);
struct str web_target(struct web_req *rq); /* path and query, for "come back here" */
/* Uploads received with this POST, already stored but without a row: in `write` call file_add with
 * the same owner. They are sealed under the key of the actor's subject, or of the one that the
 * route's upload_owner names (counter). A file that could not be taken (too large, a kind that is
 * not allowed) has upload == NULL and is already a web_error of its field. */
struct web_upload {
    struct str field, name;
    struct file_upload *upload;
    struct str mime;
    int64_t size_bytes, owner;
};
struct web_upload *web_uploads(struct web_req *rq, size_t *n);
/* Where to go after signing in: `ve` of the form or the address, if it is a path of ours. */
struct str web_return_path(struct web_req *rq, struct str otherwise);
/* Where the actor begins: an officer's first screen, or "/" for everybody else. */
struct str web_home(struct web_req *rq);
/* What prepare hands to write: lives in the request's arena. */
void web_keep(struct web_req *rq, void *kept);
void *web_kept(struct web_req *rq);

/* ---- what a handler answers ---- */

/* Server-sent events about one thing that takes long: *data is a line of JSON of at most 1 kB;
 * *last: nothing will change any more. Asked about once a second in SLOW, with scope ALL: the
 * handler that names it has checked that this actor may see the thing. ERR_NOT_FOUND: it is gone.
 * The stream ends within a second of the session's end or lock, or of any change of what the actor
 * may; whether the thing is still theirs is for the function to say. */
typedef enum err web_news_fn(struct cx *cx, int64_t id, struct str *data, bool *last);

struct web_res {
    int status;               /* 0: 200, or 303 with see_other */
    struct html body;         /* the page's main part; the frame is drawn around it */
    struct str see_other;     /* after a POST: where to go */
    struct str toast;         /* shown once on the next page (role=status) */
    struct str title;         /* empty: the route's */
    struct str content_type;  /* WEB_FILE, WEB_API: default application/json */
    struct str bytes;         /* WEB_FILE, WEB_API: whole */
    struct file_reader *file; /* or a stored file, streamed */
    int64_t file_size;
    web_news_fn *news; /* or a stream of events (kind WEB_FILE), of this thing */
    int64_t news_id;
    struct str download_name; /* Content-Disposition: attachment; empty: inline */
    struct str etag;          /* conditional GET is handled */
    int cache_seconds;        /* 0: no-store for pages with a session */
    bool allow_frame_self;    /* a PDF shown inside our own page */
    /* A body with a secret, of a POST: shown once and kept nowhere. The form sent again leads here.
     */
    struct str instead;
};

/* On ERR_INVALID, ERR_CONFLICT, ERR_LIMIT of a POST: instead of an error page, draw the form again
 * with the sentence: name the GET-like handler that draws it. Set in prepare before checking.
 * The handler sees web_again(rq) true, web_form has what was typed, cx->why and cx->field the
 * reason. The status stays 422/409/413. */
void web_on_refusal(struct web_req *rq, web_handler *draw);
bool web_again(const struct web_req *rq);
/* Several errors of one form: add each, return web_refuse; the summary and fields show them. */
struct web_error {
    struct str field, sentence;
};
void web_error_add(struct cx *cx, struct web_req *rq, struct str field, struct str sentence);
const struct web_error *web_errors(struct web_req *rq, size_t *n);
struct str web_error_of(struct web_req *rq, struct str field); /* empty: none */
enum err web_refuse(struct cx *cx,
                    struct web_req *rq); /* ERR_INVALID when errors were added, else OK */

/* ---- sessions: identity calls these in `write` ---- */

struct job_kind;
struct session_start {
    int64_t account;
    int64_t unit;
    int assurance;
    bool unlocks; /* opens a locked screen, without counting as the password given again */
    bool waited;  /* uses up what this browser waited with (web_session_wait) */
};
/* A new token in Set-Cookie (__Host-tinhso over TLS; the demo's plain loopback drops the prefix and
 * Secure), old one of this request ended: rotation at sign-in and step-up. ERR_CONFLICT: `waited`,
 * and that is over. */
enum err web_session_start(struct cx *cx, struct web_req *rq, struct web_res *rs,
                           const struct session_start *s);
/* The password was right and something more is asked: the request's browser gets a session that
 * gives nothing (its holder stays a visitor) until a web_session_start that says `waited` uses it
 * up. It ends after ten minutes, and with all sessions of the account. */
enum err web_session_wait(struct cx *cx, struct web_req *rq, struct web_res *rs,
                          const struct session_start *s);
/* Whose it is, and where that account will begin; 0: this request carries none. */
int64_t web_session_waiting(const struct web_req *rq, int64_t *unit);
enum err web_session_end(struct cx *cx, struct web_req *rq, struct web_res *rs);
enum err web_session_end_others(struct cx *cx, struct web_req *rq); /* all but this request's */
enum err web_session_end_all(struct cx *cx, int64_t account); /* password changed, account closed */
enum err web_session_unit(struct cx *cx, struct web_req *rq,
                          int64_t unit);                      /* act in another unit */
enum err web_session_lock(struct cx *cx, struct web_req *rq); /* the person locks the screen */
/* Those of cx->actor that are open, the one used last first. */
struct web_session_row {
    int64_t id, unit, created_at, seen_at;
    struct str device; /* "Firefox, Windows"; empty: nobody knows */
    bool current;      /* of this request */
};
enum err web_sessions_mine(struct cx *cx, struct web_session_row *out, size_t max, size_t *n);
/* WRITE. ERR_NOT_FOUND: the actor has no such session (any more). For the current one:
 * web_session_end. */
enum err web_session_end_mine(struct cx *cx, int64_t id);
/* The account whose session this request carries, also while it is locked; 0: none. The lock page
 * and the step-up page ask its password, then call web_session_start for the same account. */
int64_t web_session_account(const struct web_req *rq);
bool web_session_locked(const struct web_req *rq);
/* Drafts of forms survive an idle lock: kept per account and form key, sealed. */
enum err web_draft_save(struct cx *cx, struct str form_key, struct str json);
enum err web_draft_load(struct cx *cx, struct str form_key, struct str *json); /* ERR_NOT_FOUND */
enum err web_draft_drop(struct cx *cx, struct str form_key);

/* ---- the page around a handler's body ---- */

struct web_menu_entry {
    struct str title, path, icon;
    bool current;
    struct str count; /* "12", "99+"; empty: nothing waits */
    bool hot;
};
struct web_page {
    enum web_frame frame;
    struct str title; /* "Lỗi: " already before it where an error is shown */
    struct markup main;
    struct str toast;
    struct str lang;            /* "vi", "en" */
    struct str path, return_to; /* of this request; path and query for links back */
    bool signed_in, locked, demo;
    bool large;                        /* the reader chose larger text, by ?chu=lon */
    struct str person, unit;           /* who acts, where */
    const struct web_menu_entry *menu; /* what the actor may open in this frame */
    size_t menu_n;
};
/* How much waits behind a place: "12", "99+"; empty when nothing does, or it is not this actor's.
 */
struct str web_waiting(struct cx *cx, struct str path, bool *hot);
/* Draws the frame (look/); set once at start. */
typedef void web_draw_frame(struct cx *cx, struct html *out, const struct web_page *page);
void web_set_frame(web_draw_frame *draw);
/* The address of an embedded asset: "/assets/HASH/name", or with assets_on_disk a plain one. */
struct str web_asset(struct cx *cx, struct str path);
/* A fresh form token, and the partial {{> web_token}} that draws it in a hidden field. */
struct str web_token(struct cx *cx);
void web_token_html(struct html *out);
/* While it is not empty, {{> web_token}} draws this text instead: of a piece of a page that is kept
 * and given to others. False: no request is being answered. */
bool web_token_mark(struct cx *cx, struct str mark);

/* ---- the server ---- */

/* What one module brings to this room; module/module.h makes these from its table. */
struct web_part {
    const char *name;
    const struct route *routes;
    const struct menu_item *menu;
    const struct place_count *counts; /* {0}-ended; may be NULL */
};
struct web_config {
    const struct web_part *parts; /* kept, not copied */
    size_t parts_n;
    struct http_config http; /* listen, tls, logs; hooks are set here */
};
enum err web_start(struct cx *cx, const struct web_config *c, struct web **out);
/* Answers what was accepted, then closes. */
void web_stop(struct web *w, int wait_ms);
int web_port(const struct web *w, size_t i); /* of listen[i]: what the system chose for port 0 */
/* Reads the certificate anew and opens the access log anew, which may have been moved. */
enum err web_reload(struct cx *cx, struct web *w);
/* The certificate alone. Without a server (tests, verbs): nothing. */
enum err web_reload_tls(struct cx *cx, struct web *w);

/* An answer in JSON: one object of at most `limit` bytes, which the caller's counts keep (MUST).
 * The end closes it and gives it its ETag. */
struct json_out web_json_begin(struct cx *cx, struct buf *b, size_t limit);
enum err web_json_end(struct cx *cx, struct json_out *o, struct web_res *rs);
struct str web_etag(struct cx *cx, struct str bytes); /* of bytes made in another way */

/* One request without a socket: the in-process browser of core/testing and stories use it; runs
 * all lanes through env->lanes and waits. */
struct web_call {
    struct str method, target, cookie, content_type, body, peer, host;
    bool tls;
    const struct http_header *headers;
    size_t headers_n;
};
struct web_reply {
    int status;
    struct str location, set_cookie, content_type, body;
    const struct http_header *headers;
    size_t headers_n;
};
enum err web_do(struct cx *cx, struct web *w, const struct web_call *call, struct web_reply *out);
/* Without any listening: for web_do alone. (From modules: web_open in module/module.h.) */
enum err web_open_parts(struct cx *cx, const struct web_part *parts, size_t parts_n,
                        struct web **out);
void web_close(struct web *w);

/* All routes, for `tinhso routes`, rights screens and the role × route walk of tests. */
const struct route *web_route_at(struct web *w, size_t i); /* NULL past the end */
/* Is there a row with this path, as it is written in the table? */
bool web_has(const struct web *w, enum web_method method, struct str path);
struct str web_openapi(struct cx *cx, struct web *w); /* /api/openapi.json */
extern const struct job_kind web_sweep; /* drops ended sessions, old answers, forgotten drafts */
