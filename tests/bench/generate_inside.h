/* generate_inside.h - between the files of the generator: what a year is made of. */
#pragma once
#include "app.h"

#include "identity/identity.h"
#include "modules/onestop/onestop_store.h"
#include "org/org.h"
#include "procedure/procedure.h"

#define DOSSIERS_A_PERSON 5
#define HOUSES_MAX 80
#define PROCEDURES_MAX 64
#define EVENTS_MAX 9

struct house {
    struct org_unit decides, receives;
    int64_t day, last; /* of the register of codes */
    int64_t numbers;   /* of the register of results, this year */
    int year;
};
struct occurrence {
    int64_t at;
    uint32_t dossier;
    uint8_t kind;
};
struct made { /* what a dossier will have become */
    int64_t id, times[EVENTS_MAX], due_at;
    struct str code, request;
    uint32_t person;
    uint16_t house, procedure;
    uint8_t state, channel, events;
};

struct year {
    struct app app;
    struct house houses[HOUSES_MAX];
    struct person *people; /* id, subject and name */
    const struct procedure *procedures[PROCEDURES_MAX];
    size_t houses_n, procedures_n, people_n, people_max, dossiers_n, events_n, done;
    struct made *dossiers;
    struct occurrence *events;
    uint64_t seed;
    int64_t form_version, clerk, leader, counter;
};
extern struct year g;

uint32_t luck(uint32_t of); /* below `of`; the same in each run */
/* As often as each is borne; a woman's or a man's. */
struct str any_name(struct cx *cx, bool woman);
/* Communes without offices get them; 250 more people; what can be filed. */
enum err make_houses(struct cx *cx, void *arg);
enum err make_people(struct cx *cx, void *arg);
enum err load_procedures(struct cx *cx, void *arg);
