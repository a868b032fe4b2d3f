/* codelist_pages.h - what the pages of lists and of codes share. */
#pragma once
#include "codelist.h"
#include "look/look.h"
#include "web/web.h"

#define CODES_A_PAGE 50

/* The day a query names. One that is none is said, and *day is today. */
struct look_errors_view codelist_day_or_today(struct cx *cx, struct web_req *rq, const char *name,
                                              int64_t *day);

/* The page of a code, as of that day. */
struct str codelist_code_href(struct cx *cx, const struct codelist *l, struct str code,
                              int64_t day);
