/*
 * codelist.h - shared lists of codes (danh mục dùng chung), and identifiers with their checks.
 *
 * A list has versions, each in force from a day; a code holds from a day to a day, so the list of
 * any day can be asked for, and what a code became. A version comes as a pack (published at once,
 * by whoever runs the program) or as a draft that its owner approves on a page. Whoever subscribed
 * is told what a new version adds, changes and ends. Provinces and communes are org's areas.
 */
#pragma once
#include "base/base.h"

struct codelist {
    int64_t id;
    struct str code, title, title_en, uri, owner, about;
    struct str version, basis, source; /* in force on the day asked about; empty: none */
    int64_t version_from;
    int64_t codes; /* in force that day */
};
/* Lists in the order of their titles; at most max. words: of the title, without marks; empty: all.
 */
enum err codelist_lists(struct cx *cx, struct str words, int64_t day, struct codelist *out,
                        size_t max, size_t *n);
enum err codelist_find(struct cx *cx, struct str code, int64_t day, struct codelist *out);

struct codelist_code {
    struct str code, parent, name, name_en, attrs;
    int64_t sort, valid_from, valid_to;
};
/* Codes in force on the day after `sort` (-1: from the first). words: of name or code, without
 * marks; parent: only what is right below it, NULL p: everything. */
struct codelist_query {
    struct str words, parent;
    int64_t day, after;
};
enum err codelist_codes(struct cx *cx, const struct codelist *l, const struct codelist_query *q,
                        struct codelist_code *out, size_t max, size_t *n);
/* What stands for a code in other lists, seen from it: `to` of `list` is exact, broader, narrower
 * than it, or related. */
struct codelist_pair {
    int64_t id;
    struct str from, list, list_title, to, relation, basis;
};
enum err codelist_pairs(struct cx *cx, const struct codelist *l, struct str code,
                        struct codelist_pair *out, size_t max, size_t *n);
/* As on the day; ERR_NOT_FOUND: nobody has the code that day. */
enum err codelist_code(struct cx *cx, const struct codelist *l, struct str code, int64_t day,
                       struct codelist_code *out);
/* From the top to the one above it. */
enum err codelist_ancestors(struct cx *cx, const struct codelist *l, const struct codelist_code *c,
                            int64_t day, struct codelist_code *out, size_t max, size_t *n);

/* "new" "retire" "rename" "move" "merge" "split" */
struct codelist_change {
    int64_t on_day;
    struct str kind, from_code, to_code, basis;
    struct str from_name, to_name; /* just before and on the day */
};
/* What happened to one code, oldest first. */
enum err codelist_changes(struct cx *cx, const struct codelist *l, struct str code,
                          struct codelist_change *out, size_t max, size_t *n);
/* What happened after the day `from` up to the day `to`, oldest first, after id *after; *after
 * moves on. */
enum err codelist_diff(struct cx *cx, const struct codelist *l, int64_t from, int64_t to,
                       int64_t *after, struct codelist_change *out, size_t max, size_t *n);
/* Codes in force on `day` that stand for what `code` stood for on `then`; more than one when it was
 * split, none when it ended. */
enum err codelist_became(struct cx *cx, const struct codelist *l, struct str code, int64_t then,
                         int64_t day, struct codelist_code *out, size_t max, size_t *n);

struct codelist_version {
    int64_t id, list, valid_from, at, decided_at;
    struct str list_code, name, state, basis, source; /* "du_thao" "dang_nap" "hieu_luc" "bac" */
    int64_t added, changed, ended;
};
enum err codelist_versions(struct cx *cx, const struct codelist *l, struct codelist_version *out,
                           size_t max, size_t *n); /* published, newest first */
enum err codelist_drafts(struct cx *cx, struct codelist_version *out, size_t max, size_t *n);
enum err codelist_version_find(struct cx *cx, int64_t id, struct codelist_version *out);
/* WRITE. The draft is published from its day on (a job applies it), or rejected. ERR_CONFLICT: it
 * was decided already, or a later version is in force. */
enum err codelist_approve(struct cx *cx, const struct codelist_version *v);
enum err codelist_reject(struct cx *cx, const struct codelist_version *v);

/* WRITE, for cx->actor. */
enum err codelist_subscribe(struct cx *cx, const struct codelist *l, bool on);
enum err codelist_subscribed(struct cx *cx, const struct codelist *l, bool *yes);

/* ---- identifiers (other-systems.md 1.3); what is typed may have blanks, dots, hyphens ---- */

struct identifier {
    const char *kind; /* "ma_so_thue_10" ...; NULL: not one */
    struct str plain; /* as it is stored: digits, E.164, ... */
    struct str words; /* what it says, or what is wrong with it, Vietnamese */
};
/* what: "dinh-danh" (personal number, also of before), "ma-so-thue", "bhxh", "bhyt", "dien-thoai",
 * "bien-so", "thua-dat" ("tờ/thửa"), "ho-so-luu-tru". False: *out->words says why. */
bool identifier_check(struct arena *a, struct str what, struct str typed, struct identifier *out);
/* Warnings, not refusals: the birth year or sex of the number and those stated differ. */
struct str identifier_doubts(struct arena *a, struct str id_no, int64_t born_on, struct str sex);
/* The QR of a health insurance card: number|name in hex|birth|sex|address in hex|clinic|from|to|...
 */
struct health_card {
    struct str number, name, sex, address, clinic;
    int64_t born_on, from_day, to_day; /* INT64_MIN: not read */
};
bool health_card_parse(struct arena *a, struct str pasted, struct health_card *out);

struct module;
extern const struct module codelist_module;
