/* inside.h - what the files of the crash test share. */
#pragma once
#include "crash.h"
#include "crypto/crypto.h"
#include "testing/browser.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/types.h>

void crash_sleep_us(int64_t us);
int64_t crash_now_ms(void);

/* The first finding is kept, the first twenty are said, all are counted. Any thread. */
struct crash_findings {
    pthread_mutex_t lock;
    int64_t n;
    char first[1000], later[1000];
    bool quiet; /* they are meant to be */
};
[[gnu::format(printf, 2, 3)]] void crash_found(struct crash_findings *f, const char *format, ...);

/* ---- the server (crash_server.c) ---- */

struct server {
    const struct crash_config *config;
    struct crash_findings *findings;
    char power[4096]; /* where the library lies */
    char root[64], data[96], before[96], record[96], log[96], origin[64];
    char recorded[96]; /* what the recorder watches; the data folder, or one around it */
    bool goes_on;      /* one record of all that is run, in one life */
    char faults[4096]; /* library of fault.c, and the file it shares with us; empty: none */
    char control[96];
    char database[160]; /* PostgreSQL: its address past the program; empty: SQLite */
    int port;
    _Atomic int64_t back_at; /* since when it is there (crash_now_ms); INT64_MAX: it is gone */
    pid_t pid;               /* supervisor, head of its process group; 0: none */
    uint64_t luck;
};
uint32_t server_roll(struct server *s, uint32_t sides);
/* Names, a free port, an empty folder of its own below base. False: findings say why. */
bool server_place(struct server *s, const char *base);
/* The same with a fresh demo folder. */
bool server_make(struct server *s);
bool server_start(struct server *s);
bool server_ready(struct server *s); /* waits; false: it does not come back */
/* All of it at once; with power: the folder becomes what the disk would hold. */
bool server_kill(struct server *s);
void server_kill_child(struct server *s); /* the supervisor starts another */
bool server_stop(struct server *s);       /* politely; false: it did not end well */
/* Runs the program beside the server; its exit code, what it said at its last line. */
int server_run(struct server *s, const char *const *words, char *said, size_t room);
void server_remove(struct server *s);             /* its folder */
uint64_t server_recorded(const struct server *s); /* how far the record has come */

/* ---- the clients (crash_load.c, crash_walk.c) ---- */

struct session {
    const char *login;
    struct str cookies; /* of its last answer */
};
struct ack {
    const char *kind; /* event that must be there once; NULL: a draft, a sign-in, a paper */
    struct str code;  /* of the dossier */
    const struct session *session;
    struct str target, type, body, location; /* of the form, to be sent again; or ... */
    struct str paper;                        /* ... the address of a paper */
    struct hash digest;                      /* of its bytes */
    uint64_t place;                          /* in the record, when it was acknowledged */
};
struct client;
struct load {
    struct server *server;
    struct crash_findings *findings;
    struct env env;
    struct arena *arena; /* of acks, under the lock */
    pthread_mutex_t lock;
    VEC(struct ack) acks;
    int ledger;
    atomic_bool stop;
    atomic_bool easy; /* somebody looks: the longer it takes, the more there would be to look at */
    int passwords;    /* sent again at the end */
    _Atomic int64_t sent_again, busy; /* no answer; "try again" */
    /* Around each request; may be NULL. With them 500 is an answer to be asked again too. */
    void (*before)(struct client *c, bool post, struct str target);
    void (*after)(struct client *c, struct browser *b);
    void *state; /* of these */
    struct client *clients;
    int clients_n;
};
struct client {
    struct load *load;
    pthread_t thread;
    struct cx cx; /* its arena holds one dossier's pages */
    int number;
    int64_t dossiers;
    int64_t password_at;      /* of the chair, who is asked again after a while */
    struct session *sessions; /* clerk, registrar, chair; or the citizen alone */
};
bool load_start(struct load *l, struct server *s);
/* The same without a thread: whoever asks walks with the clients himself. */
bool load_prepare(struct load *l, struct server *s);
void load_go(struct load *l);   /* its threads, when all is set */
void load_stop(struct load *l); /* each client ends the request it is in */
void load_free(struct load *l);

/* What the walks say: */
struct browser *client_browser(struct client *c, struct session *s);
bool client_goes_on(const struct client *c);
/* Asks until there is an answer; the status, 0: given up. */
int client_open(struct client *c, struct browser *b, struct str target);
/* Sends the form of this action on the page at hand, again and again until there is an answer, and
 * writes down that it was acknowledged. False: refused, or given up. code empty: what stands
 * behind the last '/' of the answer's address, or its part before "/da-gui". */
bool client_send(struct client *c, struct session *s, struct browser *b, struct str action,
                 const char *button, const char *kind, struct str *code);
/* The paper at this address has these bytes from now on. */
void client_keep_paper(struct client *c, const struct session *s, struct str paper,
                       struct hash digest);
bool client_enter(struct client *c, struct session *s); /* signs in */
bool walk_at_the_counter(struct client *c);
bool walk_online(struct client *c);
/* The same up to where jobs have all to do: approved and unsigned; and a list asked for as a file.
 */
bool walk_to_approval(struct client *c);
bool walk_ask_export(struct client *c);

/* ---- looking (crash_check.c) ---- */

struct checked {
    int64_t events, dossiers, files, strays;
};
/* All that was acknowledged so far, against the database and the journal. */
void check_all(struct load *l, struct checked *out);
/* With the clients standing still: each form sent again, each paper fetched. */
void check_again(struct load *l, struct crash_report *out);
