/* procedure_import.h - a new crawl of the national list, beside the catalogue until it is taken
 * over. Inside of this folder. */
#pragma once
#include "job/job.h"
#include "module/module.h"
#include "procedure_desk.h"

struct import_row {
    int64_t id, at, seen, same;
    struct str name;
    bool whole;
    int64_t added, changed, ended, waiting; /* how many rows of each kind; undecided ones */
};
struct change_row {
    int64_t id, import, at;
    struct str code, name, change, record, state; /* "moi" "doi" "het"; "cho" "nhan" "bo" */
};

/* The pack kind "procedure-crawl": reads all, keeps only what differs. */
enum err procedure_load_crawl(struct cx *cx, struct str name, struct str bytes, size_t *next,
                              struct pack_report *report);

enum err procedure_imports(struct cx *cx, struct import_row *out, size_t max, size_t *n);
enum err procedure_import(struct cx *cx, int64_t id, struct import_row *out); /* ERR_NOT_FOUND */
/* By name; those that wait first. */
enum err procedure_changes(struct cx *cx, int64_t import, struct str change, int64_t skip,
                           struct change_row *out, size_t max, size_t *n);
enum err procedure_change(struct cx *cx, int64_t import, struct str code, struct change_row *out);

/* WRITE, with its event: the catalogue takes it over, or leaves it. ERR_CONFLICT: decided already.
 */
enum err procedure_accept(struct cx *cx, const struct change_row *r);
enum err procedure_leave(struct cx *cx, const struct change_row *r);

/* All of one kind that waits, by long work: *path is where it is followed. What was proof-read with
 * the law stays for somebody to look at by itself. */
enum err procedure_accept_all(struct cx *cx, const struct import_row *i, struct str change,
                              struct str *path);
extern const struct job_kind procedure_import_job;

/* What differs in one field of the record: lines that go and lines that come. */
struct field_diff {
    struct str field; /* key of the record */
    const struct str *gone, *come;
    size_t gone_n, come_n;
};
enum err procedure_diff(struct cx *cx, const struct json *before, const struct json *after,
                        const struct field_diff **out, size_t *n);

/* ---- its rows (procedure_store_import.c) ---- */
enum err import_store_begin(struct cx *cx, struct str name, int64_t *id);
enum err import_store_going_on(struct cx *cx, struct str name, int64_t *id); /* ERR_NOT_FOUND */
enum err import_store_count(struct cx *cx, int64_t id, int64_t seen, int64_t same);
enum err import_store_see(struct cx *cx, int64_t id, struct str code);
enum err import_store_put(struct cx *cx, const struct change_row *r, struct str sort_key);
/* Adds what the crawl has not, ends it, and leaves what earlier crawls still proposed. */
enum err import_store_end(struct cx *cx, int64_t id, int64_t *ended);
/* What waits, without what was proof-read. */
enum err import_store_waiting(struct cx *cx, int64_t import, struct str change,
                              struct change_row *out, size_t max, size_t *n);
enum err import_store_waiting_count(struct cx *cx, int64_t import, struct str change, int64_t *n);
enum err import_store_decide(struct cx *cx, int64_t row, struct str state); /* ERR_CONFLICT */
