/* demo.h - what the demo's dossiers are made of. Inside of this folder. */
#pragma once
#include "app.h"

/* How far a dossier came; the order is that of the way. */
enum fate {
    WAITS,
    ASKED_FIRST,
    REFUSED,
    WITHDRAWN,
    ARRIVED,
    TAKEN,
    ASKED,
    STOPPED,
    SUBMITTED,
    RELEASED,
    RETURNED
};

struct office {
    const char *unit, *counter, *clerk, *leader, *place;
};
struct demo_case;

/* One procedure of the demo. Answers and draft are JSON with marks in braces: see demo_fill. */
struct demo_kind {
    const char *procedure;
    const char *papers[2]; /* components handed in; the first is the one that is asked for again */
    const char *answers;   /* the form */
    const char *draft, *note; /* of the specialist */
    /* What the case's fate needs: the reason, then what to do. */
    const char *unclear_short, *unclear; /* the counter asks for a paper anew */
    const char *wrong_short, *wrong;     /* the specialist does */
    const char *refused, *basis;
    const char *stopped;
};
extern const struct demo_kind demo_birth, demo_death, demo_single, demo_copy, demo_business,
    demo_house, demo_certified, demo_stay, demo_rules;

struct demo_case {
    const struct office *office;
    int days_ago, hour, minute; /* of sending; moved to the working day before */
    bool online;
    const struct demo_kind *kind;
    const char *name, *id_no, *born; /* who files */
    const char *about, *sex,
        *people; /* the child, the dead, the house; sex and people of a child */
    enum fate fate;
};

/* `text` with its marks filled in: {ten} {so} {sinh} {nam} {gioi} of who files, {ai} {gioi_con}
 * {dan_toc} of whom it is about, {noi} the place, {hom_nay-2} a day. */
struct str demo_fill(struct cx *cx, const struct demo_case *c, const char *text);
