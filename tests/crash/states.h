/*
 * states.h - every state in which a power cut may leave the disk, along one whole walk.
 *
 * The program is installed, serves a dossier from filing over signing to its return, stops, is
 * backed up, somebody is erased, the backup is restored: all of it is recorded (power.h). Then the
 * disk is looked at as a cut at each place of the record may leave it: what was fsynced, and of
 * the rest nothing, everything, every subset where there are few, else some at random by sector.
 * Each state is opened as the program opens it, verified, searched for everything acknowledged by
 * then, and written to once. Equal states are looked at once.
 *
 * The switch: fsyncs of one kind of path keep nothing. A kind whose loss no state shows is either
 * not needed or not looked after.
 */
#pragma once
#include "inside.h"

/* ---- what was acknowledged (states_walk.c) ---- */

enum held_kind {
    HELD_FOLDER = 1, /* a data folder that opens and verifies; text: below the recorded folder */
    HELD_FILE,       /* text: path below the recorded folder; digest of its bytes */
    HELD_EVENT,      /* once in the journal; name, text: code of the subject, empty: any */
    HELD_PAPER,      /* digest of a stored file's plain bytes */
    HELD_ANSWERS,    /* so many forms have kept their answer; n */
};
struct held {
    enum held_kind kind;
    const char *step; /* of the walk */
    const char *only; /* in this data folder; NULL: in each */
    uint64_t place;   /* from here in the record on */
    const char *name;
    struct str text;
    struct hash digest;
    int64_t n;
};
struct walked {
    struct crash_config config;
    struct crash_findings findings;
    struct server server;
    struct arena *arena;
    VEC(struct held) held;
    const char *step;   /* that is being walked */
    uint64_t installed; /* place: before it there is nothing to lose */
};
/* Walks and records. self: this program, which takes a step of its own when run with --erase FOLDER
 * or --certify FOLDER. False: findings say why. */
bool walk_all(struct walked *w, const char *self);
void walk_remove(struct walked *w);
int walk_step(const char *step, const char *folder); /* an exit code */

/* ---- one state (states_look.c) ---- */

/* The folder against what was acknowledged by this place. False: why says what is lost. */
bool state_is_good(const struct walked *w, const char *folder, uint64_t place, char why[512]);

/* ---- all of them (states.c) ---- */

struct states_asked {
    size_t at_most;      /* states to look at, about; 0: all the ways below at every place */
    uint64_t seed;       /* of the dice */
    const char *dropped; /* fsyncs of this pattern keep nothing; NULL: none */
    bool ends_only;      /* only what is certain, where something was acknowledged, last first */
    bool until_red;
    int workers; /* processes at once */
};
struct states_seen {
    int64_t tried, distinct, red, places;
    char what[600]; /* the first red one */
};
bool states_look(struct walked *w, const struct states_asked *asked, struct states_seen *out);

#define KINDS_MAX 64
struct fsync_kind {
    char pattern[200];
    int64_t fsyncs;
};
size_t states_kinds(struct walked *w, struct fsync_kind out[KINDS_MAX]);
/* Why nothing is lost without it; NULL: something is. */
const char *states_needless(const char *pattern);
/* What of its fsyncs nobody is told of; NULL: nobody can say. */
const char *states_untold(const char *pattern);
void states_pattern(struct str path, char out[200]); /* its kind */

/* ---- each fsync alone (states_singles.c) ---- */

enum single_verdict {
    SINGLE_NEEDED = 1, /* without it something acknowledged is lost; what says which */
    SINGLE_EMPTY,      /* nothing had changed since the one before */
    SINGLE_AGAIN,      /* another made the same last before the next acknowledgement */
    SINGLE_GONE,       /* what it made last was removed before the next acknowledgement */
    SINGLE_UNTOLD,     /* acknowledged later, and everything is there: nobody was told of it */
    SINGLE_FAILED,     /* could not look */
    SINGLE_VERDICTS,
};
struct single {
    char path[200];
    uint64_t place, again_at; /* of the fsync; of the one that makes it needless */
    uint64_t told_at;         /* the next acknowledgement; 0: none */
    enum single_verdict verdict;
    int looked;     /* states */
    char kept[200]; /* what it makes last */
    char told[80], what[240];
};
struct singles {
    struct single *p;
    size_t n;
    int64_t of[SINGLE_VERDICTS];
};
/* Each fsync of such a path (fnmatch; NULL: of all, with a control that nothing is lost with all of
 * them) is left out alone. False: findings say why. */
bool states_singles(struct walked *w, const char *only, int workers, struct singles *out);
const char *single_says(enum single_verdict v);
