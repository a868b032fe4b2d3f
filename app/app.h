/*
 * app.h - the program: opening the data folder, the verbs of the command line, the server.
 *
 * A verb is a row of app_verbs. It runs here, or, when it writes and a server holds the data
 * folder, over there: the command line and its folder go through DATA/admin.sock and the words
 * come back.
 */
#pragma once
#include <sysexits.h>

#include "base/base.h"
#include "crypto/crypto.h"
#include "module/module.h"

#define TINHSO_VERSION "0.1.0"

/* The systems of the province, one line each: app/modules.c. */
extern const struct module *const app_modules[];

#define APP_LISTEN_MAX 16

/* What was asked: "tinhso VERB WORDS --option value". */
struct app_options {
    const char *verb;
    const char *words[8];
    int words_n;
    const char *data;     /* --data; NULL: setting "data", else var/data */
    const char *settings; /* --settings FILE */
    const char *database; /* --database URL */
    const char *listen[APP_LISTEN_MAX];
    int listen_n;
    const char *set[32]; /* --set name=value */
    int set_n;
    const char *head, *to, *from, *kind, *keys, *name, *role, *unit;
    const char *province, *area, *code, *admin; /* init */
    const char *encoded; /* a password's hash, from the asking side of the admin socket */
    bool help, with_keys, quick, single, force, empty, json;
    char **own; /* what follows a verb that reads its own options */
    int own_n;
};
/* EX_OK, or EX_USAGE with a sentence on stderr. */
int app_parse(int argc, char **argv, struct app_options *out);

struct app {
    struct app_options options;
    struct arena *arena;
    struct env env;
    struct cx cx;
    struct settings *settings;
    struct str data_dir;
    struct db_store *store;
    bool signs;  /* there should be a keyd */
    int lock_fd; /* -1: not ours */
    int out_fd;  /* where a verb's words go */
    bool broken_out;
};

enum app_needs {
    APP_NOTHING = 0, /* settings only */
    APP_READS,       /* the database, for reading; a server may run beside it */
    APP_WRITES,      /* the lock; a server that holds it does the work */
    APP_ALONE,       /* the lock; refuses while a server runs */
};
struct app_verb {
    const char *name, *summary, *usage;
    enum app_needs needs;
    int (*run)(struct app *a); /* a sysexits code */
    bool own_options;          /* it reads what follows itself */
};
extern const struct app_verb app_verbs[]; /* {0}-ended */
const struct app_verb *app_verb_find(const char *name);
int app_run(struct app_options *o, char **names);

/* ---- opening (open.c) ---- */

/* Settings, data folder, clock, randomness; nothing on disk is touched. EX_OK or a code. */
int app_begin(struct app *a, const struct app_options *o, char **names);
void app_end(struct app *a);
/* Takes the lock of the data folder. EX_TEMPFAIL: somebody has it. make: makes the folder. */
int app_lock(struct app *a, bool make);
/* With the lock, before app_open and any thread: the process that holds private keys, unless
 * keyd.socket names one. quiet: no line for each signature. EX_OK or a code. */
int app_keyd(struct app *a, bool quiet);
struct str app_keyd_address(struct app *a);
/* Keys from before keyd go to it; says on stderr and in the log when nothing can be signed. */
void app_keyd_check(struct app *a);
/* Database, migrations, keys, files, lanes, modules. make: keys are made. */
enum err app_open(struct app *a, bool make);
/* For reading beside a server: no lock, no migration. */
enum err app_open_reading(struct app *a);
void app_close(struct app *a);
struct str app_database(struct app *a); /* its address */

/* ---- copies (copy.c) ---- */

struct app_copied {
    int64_t files, bytes;
};
#define APP_COPY_POSTGRES "core.pgcopy" /* in a backup, instead of core.db */
extern int app_dies_at; /* tests: the process ends before the n-th step from now on; 0: never */
void app_step(void);
bool app_there(const char *path);
int app_sync_dir(struct app *a, const char *path);
int app_copy_file(struct app *a, const char *from, const char *to, struct app_copied *done);
int app_copy_tree(struct app *a, const char *from, const char *to, struct app_copied *done);
int app_hash_file(struct app *a, const char *path, struct hash *out);
int app_move(struct app *a, const char *from, const char *to); /* nothing when there is none */
void app_remove(struct app *a, const char *path);

/* ---- restore (restore.c, restore_keys.c) ---- */

/* Of a copy: what backup.json says; the keys that it needs are in DATA/keys then. EX_OK or a code.
 */
struct json;
int restore_manifest(struct app *a, const char *from, const struct json **j);
int restore_keys(struct app *a, const char *from, struct app_copied *done);

/* Whether one was decided and is not finished: then nobody reads or writes before it is. */
bool restore_pending(struct app *a);
/* Under the lock, before the database is opened: what was made ready takes its place. */
enum err restore_place(struct app *a);
/* With all open, before anybody is served: who was erased by law is erased again. */
enum err restore_finish(struct app *a, int64_t *erased);

/* ---- the demo's dossiers (demo_cases.c) ---- */

/* Before app_open: the clock begins three weeks ago and stands until demo_play moves it. `clock`
 * must outlive the environment. */
void demo_begin(struct app *a, int64_t *clock);
/* Invented dossiers come and go until now; the clock is then the present. */
enum err demo_play(struct app *a);

/* ---- the doctor (doctor.c) ---- */

#define APP_BACKUP_MARK "last-backup" /* in the data folder: touched by each backup */

enum finding_state { FINDING_GOOD = 0, FINDING_NOTE, FINDING_MISSING, FINDING_BROKEN };
/* One finding: name (English, for programs), what was looked at, what was seen, how to mend. */
struct findings {
    struct app *app;
    struct json_out *json; /* NULL: words for people */
    int n[FINDING_BROKEN + 1];
};
struct finding {
    enum finding_state state;
    const char *name, *what;
    struct str detail;
    const char *mend;
};
void finding_add(struct findings *f, const struct finding *x);
void doctor_machine(struct findings *f); /* folder, disk, clock, limits, who runs it */
void doctor_service(struct findings *f); /* demo, address, TLS, mail, scanner, backup, witness */
void doctor_network(struct findings *f); /* whom the server may call (network.c) */
void doctor_data(struct findings *f); /* database, jobs, journal, calendars, people, procedures */

/* ---- words and codes ---- */

[[gnu::format(printf, 2, 3)]] void app_say(struct app *a, const char *format, ...);
/* Says what failed, on stderr or to whoever asked; gives the code. */
int app_failed(struct app *a, enum err e);
[[gnu::format(printf, 3, 4)]] int app_stop(struct app *a, int code, const char *format, ...);
int app_code(enum err e);

/* ---- a running server (admin.c) ---- */

struct admin;
enum err admin_start(struct app *a, struct admin **out); /* DATA/admin.sock, mode 0600 */
void admin_stop(struct admin *ad);
/* Lets the server of this data folder do it. EX_UNAVAILABLE: it does not answer. */
int admin_forward(struct app *a);

/* ---- verbs ---- */
int verb_init(struct app *a);
int verb_demo(struct app *a);
int verb_serve(struct app *a);
int verb_keyd(struct app *a);
int verb_pack(struct app *a);
int verb_account(struct app *a);
/* The password's hash, made where it was typed; NULL when the verb takes none. */
const char *account_encoded(struct app *a, int *code);
int verb_rebuild(struct app *a);
int verb_jobs(struct app *a);
int verb_key(struct app *a);
int verb_backup(struct app *a);
int verb_restore(struct app *a);
int verb_verify(struct app *a);
int verb_sql(struct app *a);
int verb_routes(struct app *a);
int verb_modules(struct app *a);
int verb_network(struct app *a);
int verb_doctor(struct app *a);
int verb_version(struct app *a);
int verb_json(struct app *a);
int verb_identifier(struct app *a);
int verb_due(struct app *a);

/* Drops a module's derived tables and makes them again, as far as nobody else does. */
enum err app_rebuild(struct app *a, const struct module *m);

/* From here on this process writes below its own folders only and starts nothing:
 * guard/guard.h. EX_OK or a code. */
int app_guard(struct app *a, const struct str *listen, size_t n);
/* A backup made by the server that holds the folder: it may write there only, so it is made there
 * and put where it was asked for by us. */
int backup_forward(struct app *a);

/* The server in this process: opens, serves, waits for SIGTERM. */
int serve_here(struct app *a);
/* Loopback only? For the demo. */
bool app_is_loopback(struct str listen);
