/* background_inside.h - what the files about jobs under faults share. */
#pragma once
#include "background.h"
#include "testing/cluster.h"

#define FACTS_MAX ((size_t)256 << 10)

struct facts {
    char text[FACTS_MAX];
    size_t n;
    char beside[400]; /* what an interrupted attempt may leave behind, and a sweep takes away */
    int64_t jobs, sent, uncertain, mails; /* mails: that the mail server took */
    bool twice;
};
struct background {
    const struct background_asked *asked;
    struct background_report *out;
    struct fault_control *control;
    struct crash_config config;
    struct crash_findings findings;
    struct server server;
    struct load load;
    const char *job;            /* the kind that is disturbed; NULL: all of them */
    char made[112], taken[112]; /* the folder after the walk; what the mail server took */
    int64_t at;                 /* the minute on which each run begins */
    pid_t mail_server;
    struct cluster *cluster;           /* PostgreSQL; NULL: SQLite */
    struct facts *sound, *acted, *now; /* undisturbed, and right after the job's own act */
};

/* ---- background_facts.c ---- */

/* False: findings say why. */
bool start_mail_server(struct background *b);
off_t mails_so_far(const struct background *b);
/* What came of it in the data folder; mails from this place of the server's list on. */
void gather(struct background *b, off_t mails_from, struct facts *f);
void first_difference(const struct facts *a, const struct facts *b, char out[400]);

/* ---- background.c ---- */

void background_begin(struct background *b, const struct background_asked *asked,
                      struct background_report *out);
void background_end(struct background *b);
bool share_control(struct background *b);
bool copy_folder_to(struct background *b, const char *from, const char *to);
/* One more process that works on the folder; its exit code, -1: it died. */
int step(struct background *b, const char *which, char *said, size_t room);
void set_clock(struct background *b, int64_t at);
/* Undisturbed: what is to come of it. */
bool run_sound(struct background *b);
/* Every call of each fault that is wanted, one at a time. */
void run_faults(struct background *b);

/* ---- background_database.c: on PostgreSQL each folder has a database of its name ---- */

/* The server, and the way of all that is run from now on to its database "data". False: findings.
 */
bool start_database(struct background *b);
void end_database(struct background *b);
bool copy_database(struct background *b, const char *from, const char *to);
bool rename_database(struct background *b, const char *from, const char *to);
