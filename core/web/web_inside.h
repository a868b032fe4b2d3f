/*
 * web_inside.h - what the files of this room share; nobody else includes it.
 *
 * A request is a struct web_req in an arena of its own. It is born at the head (from a socket or
 * from web_do), goes through its lanes, is answered once, and is freed when the connection and the
 * last lane have let go of it.
 */
#pragma once
#include <pthread.h>
#include <stdatomic.h>

#include "web/web.h"

#include "crypto/crypto.h"
#include "embed/embed.h"
#include "json/json.h"
#include "log/log.h"
#include "vault/vault.h"

#define PATH_VALUES_MAX 8
#define FORM_VALUES_MAX 2000
#define UPLOADS_MAX 50
#define HEADERS_OUT_MAX 24
#define SPARES_MAX 32
#define BODY_MAX_DEFAULT (256 * 1024)
#define IDLE_LOCK_MS (30 * MINUTE_MS)
#define SESSION_MS (20 * HOUR_MS)
#define STEP_UP_MS (10 * MINUTE_MS)
#define SEEN_EVERY_MS MINUTE_MS
#define WAITING_MS (10 * MINUTE_MS)
#define ASSURANCE_WAITING 0 /* of a session that gives nothing yet: web_session_wait */

/* ---- routes (web_route.c) ---- */

struct route_node; /* one segment of a path */
enum err routes_build(struct cx *cx, struct web *w);
/* segments: the decoded path. NULL: no route of this method has the path. What {...} stood for goes
 * to captured, in order. */
const struct route *route_find(const struct web *w, enum web_method method,
                               const struct str *segments, size_t n,
                               struct str captured[PATH_VALUES_MAX]);
/* "/a/{b}" cut into decoded segments; -1: malformed. */
int path_segments(struct cx *cx, struct str path, struct str *out, size_t max);

/* ---- rates (web_rate.c) ---- */

struct rates;
struct rates *rates_new(void);
void rates_free(struct rates *r);
/* True: within `per_minute` for this peer and kind of request; counts it. */
bool rate_take(struct rates *r, struct str peer, uint64_t kind, int per_minute, int64_t now);

/* ---- the server's state ---- */

struct web {
    struct env *env;
    struct arena *arena; /* routes, assets: for good */
    const struct route **routes;
    size_t routes_n;
    struct route_node *root;
    const struct web_part *parts;
    size_t parts_n;
    struct map by_path; /* of a route as written: its node */
    struct map counts;  /* what waits behind a path: struct place_count */
    struct asset *assets;
    size_t assets_n;
    struct map asset_paths;     /* "look/assets/x.css" to its asset */
    struct http_server *server; /* NULL: web_open */
    struct rates *rates;
    struct news *news;
    struct str form_key, cookie_key, answer_key; /* of vault_secret */
    int rate_general;
    bool hsts_subdomains; /* the names below this host's are all under TLS too */
    atomic_llong requests, answers[6], handler_errors, replays; /* answers by status class */
    atomic_llong in_flight;
    pthread_mutex_t spares_lock;
    struct arena *spares[SPARES_MAX]; /* of requests that are gone */
    size_t spares_n;
};

/* ---- one request ---- */

struct web_session {
    int64_t id, account, unit, created_at, seen_at, password_at, ends_at;
    int assurance;
    bool locked;
    struct str device; /* of a new one */
    bool by_previous;  /* found by the token before: the answer with the new one may be lost */
};

struct error_list {
    struct web_error *p;
    size_t n, cap;
};

enum cookie_change { COOKIE_KEEP = 0, COOKIE_SET, COOKIE_CLEAR };

enum step { STEP_ANSWERED, STEP_BODY }; /* BODY: run_gate, the body to body_add, run_post */

/* What is wrong with a request before any handler sees it. */
struct refusal {
    int status;          /* 0: nothing */
    struct str sentence; /* empty: the status's own */
};

/* What follows a look at the request. LATER: the password first. */
enum next { NEXT_ANSWER, NEXT_WRITE, NEXT_LATER };

/* Whose stream it is, and what they may as long as it goes on (web_follow.c). */
struct follower {
    const struct right *right;
    int64_t session, account, unit; /* session 0: a visitor */
    struct hash may;
    char version[200]; /* of what rights are made from, when they were last asked */
    size_t version_n;
    bool ended; /* they no longer may */
};

struct answer {
    int status;
    struct http_header headers[HEADERS_OUT_MAX];
    size_t headers_n;
    struct str body;
    struct file_reader *file;
    int64_t file_size;
    web_news_fn *news; /* body is its first event; more follow */
    int64_t news_id;
    struct follower follower;
    bool close;
};

/* The form token drawn last, of which the next is made (web_token.c). */
struct page_token {
    int64_t session;
    struct str cookie; /* of a visitor */
    int forms;         /* 0: none yet */
    char bytes[32];
};

/* Where web_do waits. */
struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t answered;
    bool done;
};

struct web_req {
    struct web *web;
    struct arena *arena;
    struct cx cx;
    struct lane_task task;
    struct actor actor;
    struct http_request http;
    struct http_exchange *x; /* NULL: web_do */
    struct waiter *waiter;   /* NULL: a socket */
    atomic_int refs;

    const struct route *route;
    struct str captured[PATH_VALUES_MAX];
    bool is_post, is_api, again;
    bool keeping; /* a page that others will be given too is being drawn */
    atomic_bool answered;
    struct refusal refusal;
    struct web_value *query;
    size_t query_n;

    /* cookies */
    struct str session_cookie, form_cookie, form_cookie_sent, toast_cookie;
    bool has_session;
    bool unready;                        /* its actor has something to set up first */
    struct web_session session, waiting; /* waiting: id 0: none */
    bool had_session;                    /* as prepare saw it, for a write that runs twice */
    struct web_session session_before;
    int64_t touch_before;
    enum cookie_change session_change, form_change, toast_change;
    struct str new_session, new_form, new_toast, new_lang, new_size;
    bool large; /* the reader chose larger text */

    /* body */
    struct str allow; /* of 405 */
    enum step step;
    struct str content_type, whole_body; /* whole: of web_do */
    bool body_failed;
    int64_t body_limit;
    struct buf body;
    struct multipart *parts;
    struct part *part;
    VEC(struct web_value) form;
    VEC(struct str) exact; /* their values with the blanks at both ends */
    VEC(struct web_upload) uploads;
    const struct json *json;
    int64_t upload_owner;
    struct str upload_key;

    /* the run */
    struct web_res res;
    web_handler *draw; /* of web_on_refusal */
    /* Errors of the run; those of the body, before it; those of a write that was undone. */
    struct error_list errors, body_errors, outcome_errors;
    void *kept;
    struct str token_hash; /* of the form token or idempotency key; empty: none */
    bool in_write, replayed, answered_early, known;
    enum next next; /* after prepare, and after the gate of an upload */
    int64_t prepared_at;
    enum err outcome; /* of the handler, when it refused; with its sentence and field */
    struct str outcome_why, outcome_field;
    int64_t session_touch;
    enum err (*run)(struct cx *cx, void *arg);        /* what the task runs */
    void (*after)(struct web_req *rq, enum err came); /* and what follows */
    struct str token_mark;                            /* drawn instead of tokens */
    struct page_token page_token;
    struct cx_before *owed; /* until it is committed; newest first */
    void (*gate_ready)(struct web_req *rq);
    struct str file_rest; /* of a stored file being streamed */
    struct answer out;
    struct arena *spare; /* to say sorry when the request's own arena is full */
};

/* The request this thread runs, if cx is its context. */
struct web_req *web_current(const struct cx *cx);
struct web_req *web_enter(struct web_req *rq); /* gives the one before, for web_leave */
void web_leave(struct web_req *before);

/* web_news.c */
struct news *news_new(struct web *w);
/* False: there are too many; the first event is the whole answer. */
bool news_open(struct web_req *rq, struct http_answer *a);
struct str news_event(struct cx *cx, struct str data);
void news_stop(struct news *w);
void news_free(struct news *w);

/* web_follow.c */
struct follower follow_begin(struct web_req *rq); /* with the handler's actor and scope */
/* A reader: sets `ended` of those who may no longer. */
enum err follow_check(struct cx *cx, struct follower *const *f, size_t n);

/* web_request.c */
/* NULL: the machine has no memory left. */
struct web_req *request_new(struct web *w, const struct http_request *http);
void request_hold(struct web_req *rq);
void request_drop(struct web_req *rq);
enum err request_read_head(struct web_req *rq); /* path, query, cookies; ERR_INVALID: 400 */
bool local_path(struct str s);

/* web_server.c, under a guard of their own */
bool request_begin(struct web_req *rq);                   /* true: it wants its body */
bool request_piece(struct web_req *rq, struct str bytes); /* false: refused, answered */

/* web_body.c */
enum err body_start(struct web_req *rq);
enum err body_add(struct web_req *rq, struct str piece);
void body_drop(struct web_req *rq);    /* the uploads, also one that was cut off */
enum err body_end(struct web_req *rq); /* SLOW lane: reads the fields, ends the uploads */

/* web_head.c, web_run.c: from the head to the answer */
enum step run_head(struct web_req *rq);
/* Before an upload's body: whose key seals it. ready may be called at once or from a lane; then
 * rq->answered tells that the request was refused. */
void run_gate(struct web_req *rq, void (*ready)(struct web_req *rq));
void run_get_start(struct web_req *rq);
void run_post(struct web_req *rq);
void run_refuse(struct web_req *rq, int status, struct str sentence);

/* Shared by web_run.c and web_post.c. */
void run_forget(struct web_req *rq); /* what a run before this one left */
struct str run_sentence(struct web_req *rq,
                        enum err e); /* of the refusal, if it is for the person */
void run_submit(struct web_req *rq, enum lane lane, enum err (*run)(struct cx *cx, void *arg),
                void (*after)(struct web_req *rq, enum err came));
void run_broken(struct web_req *rq, enum err came); /* an error page from fresh memory */
void run_after_read(struct web_req *rq, enum err came);
enum err run_draw_answer(struct cx *cx, void *arg);
enum err run_refused(struct cx *cx, void *arg);
enum err run_all_owed(struct cx *cx, const struct cx_before *newest);

/* web_kept.c: the handler's part of a route with `kept`, into rq->res */
enum err run_kept(struct cx *cx, struct web_req *rq);

/* web_gate.c: may this actor? */
enum gate { GATE_OPEN, GATE_ANSWERED, GATE_LATER /* a POST that waits for the password */ };
enum gate gate_pass(struct web_req *rq);

/* web_session.c */
enum err session_load(struct web_req *rq); /* sets has_session, session, actor */
enum err session_seen_at(struct cx *cx, int64_t session, int64_t at);
enum err session_reissue(struct cx *cx, struct web_req *rq, int64_t session);
struct str web_session_cookie_name(const struct web_req *rq);
struct str session_device(struct web_req *rq); /* in words of our own */

/* web_token.c */
bool token_check(struct web_req *rq, struct str token);
struct str token_new(struct web_req *rq);

/* web_once.c: the answers of POSTs, kept; WRITE lane */
enum err once_claim(struct cx *cx, struct web_req *rq, bool *first); /* false: answered before */
enum err once_keep(struct cx *cx, struct web_req *rq);   /* rq->res, in the same transaction */
enum err once_replay(struct cx *cx, struct web_req *rq); /* into rq->res */
enum err once_known(struct cx *cx, struct web_req *rq, bool *known); /* any lane */

/* web_pending.c: a POST that met a locked session waits for the password */
enum err pending_save(struct cx *cx, struct web_req *rq); /* WRITE */
enum err pending_show(struct cx *cx, struct web_req *rq, struct web_res *rs);

/* web_answer.c */
void answer_page(struct web_req *rq); /* from rq->res, the frame around it */
void answer_error(struct web_req *rq, int status, struct str sentence);
void answer_redirect(struct web_req *rq, struct str where);
void answer_plain(struct web_req *rq, int status, struct str content_type, struct str body);
void answer_header(struct web_req *rq, struct str name, struct str value);
void answer_send(struct web_req *rq);
int status_of(enum err e);

/* web_page.c */
struct str page_frame(struct web_req *rq, struct markup main, struct str title);
struct str page_error(struct web_req *rq, int status, struct str sentence, struct str incident);
struct str page_sentence(struct web_req *rq, int status, struct str sentence);
struct str answer_take_toast(struct web_req *rq);
struct web_hidden;
size_t page_hidden_fields(struct web_req *rq, struct web_hidden *out, bool with_token);

/* web_asset.c */
enum err assets_build(struct cx *cx, struct web *w);
bool asset_answer(struct web_req *rq); /* the path is an asset's: answered */

/* web_identity.c */
extern web_grant *web_identity_grant;
extern web_load_actor *web_identity_load;
extern const char *const *web_identity_of;
extern const struct web_doors *web_doors;
bool right_granted(struct cx *cx, const struct right *r, struct scope *scope, struct str *why);
enum err web_subject(struct cx *cx, int64_t *subject);

/* web_routes.c, web_metrics.c */
extern const struct route web_routes[];
bool live_answer(struct web_req *rq); /* /livez and /metrics need no lane: answered */
