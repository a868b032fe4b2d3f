/* due.h - what the two files of the verb due share. */
#pragma once
#include "app.h"

#include "calendar/calendar.h"

#define PAUSES_MAX 32
#define FILES_MAX 64

struct due_request {
    int64_t from;
    struct term term;
    enum term_mode mode; /* 0: not said */
    enum resume_policy policy;
    struct pause pauses[PAUSES_MAX];
    size_t pauses_n;
    struct str calendars[FILES_MAX]; /* files; none: the shipped ones alone */
    size_t calendars_n;
    bool json, explain, has_from, calendar_days;
};

/* Prints the answer: one JSON object, or the instant, before it each session when asked. */
void due_answer(struct app *a, const struct due_request *r, const struct calendar *c, int64_t due);
