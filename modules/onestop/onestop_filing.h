/* onestop_filing.h - what the pages of filing online share. */
#pragma once
#include "identity/identity.h"
#include "onestop_draft.h"
#include "onestop_pages.h"
#include "onestop_views.h"

/* What every page of the filing stands on. */
struct filing {
    const struct procedure *p;
    const struct form *f;
    struct draft d;
    struct person me;
};

/* The open procedure, its form, the draft and the person; ERR_NOT_FOUND: not open online. */
enum err filing_load(struct cx *cx, struct web_req *rq, struct filing *f);
/* What the state holds stands in the draft whatever was sent. */
void filing_put_known(struct cx *cx, struct filing *f);
struct str filing_path(struct cx *cx, const struct filing *f, const char *rest);
struct str filing_section_path(struct cx *cx, const struct filing *f, size_t section);
/* Did the check page send the person here, and does it wait for them? */
bool filing_from_check(struct web_req *rq);
struct str filing_kept_way(struct cx *cx, struct web_req *rq, struct str path);
struct str filing_saved_words(struct cx *cx, const struct filing *f);
/* Where the person is: sections that ask something, the papers, the check. */
struct look_stepper_view filing_stepper(struct cx *cx, const struct filing *f, size_t at);
/* The last section before `at` that asks something. */
struct str filing_back_path(struct cx *cx, const struct filing *f, size_t at);
