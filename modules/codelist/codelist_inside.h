/* codelist_inside.h - what the files of this folder share. */
#pragma once
#include "codelist.h"
#include "codelist_store.h"
#include "json/json.h"
#include "module/module.h"
#include "web/web.h"

#define CODELIST_CODES_MAX 50000 /* of one version */

extern const struct right codelist_decide;
extern const struct route codelist_routes[];
extern const struct job_kind codelist_apply_job, codelist_tell_job;

/* Pack kinds "codelist" (published at once) and "codelist-draft" (waits for its owner). */
enum err codelist_load(struct cx *cx, struct str name, struct str bytes, size_t *next,
                       struct pack_report *report);
enum err codelist_load_draft(struct cx *cx, struct str name, struct str bytes, size_t *next,
                             struct pack_report *report);
enum err codelist_load_crosswalk(struct cx *cx, struct str name, struct str bytes, size_t *next,
                                 struct pack_report *report);
/* What a draft would change, counted, and the first of it as words. */
struct codelist_preview {
    int64_t added, changed, ended;
    struct str lines[100]; /* "+ 57 Tên", "~ 12 cũ → mới", "− 03 Tên" */
    size_t lines_n;
};
enum err codelist_draft_preview(struct cx *cx, const struct codelist_version *v,
                                struct codelist_preview *out);

/* Day of the query `name`: today when it is not said. ERR_INVALID about that field. */
enum err codelist_day(struct cx *cx, struct web_req *rq, const char *name, int64_t *day);

web_handler codelist_show_lists, codelist_show_list, codelist_show_code, codelist_show_diff,
    codelist_write_follow, codelist_show_drafts, codelist_show_draft, codelist_write_decision;
web_handler codelist_api_lists, codelist_api_codes, codelist_api_code, codelist_api_became,
    codelist_api_diff, codelist_api_csv, codelist_api_sdmx, codelist_api_skos, codelist_api_pairs;
extern const struct web_schema codelist_schema_lists, codelist_schema_codes, codelist_schema_code,
    codelist_schema_became, codelist_schema_diff, codelist_schema_pairs;
