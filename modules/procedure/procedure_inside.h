/* procedure_inside.h - what the files of this folder share. */
#pragma once
#include "module/module.h"
#include "procedure/procedure.h"
#include "procedure_store.h"

/* From stored rows to what others see; opening may be NULL. */
enum err procedure_from_rows(struct cx *cx, const struct version_row *v,
                             const struct opening_row *o, struct procedure **out);
/* The newest version and opening, also those that begin later; ERR_NOT_FOUND. */
enum err procedure_newest(struct cx *cx, struct str code, struct procedure **out);
/* The published terms: no channel states one that can be counted. And the one that all state, in
 * words; empty: none, or several. */
bool procedure_has_free_term(const struct procedure *p);
struct str procedure_published_term(struct cx *cx, const struct procedure *p);
/* Makes words and card of one procedure anew, as it stands. WRITE. */
enum err procedure_reindex(struct cx *cx, struct str code);
/* The same from a procedure at hand. */
enum err procedure_index(struct cx *cx, const struct procedure *p, const struct json *aliases);
enum term_unit procedure_unit_of(struct str name); /* "ngay_lam_viec"; 0: none of ours */
struct term procedure_term_of(const struct term_row *t);
/* Indexes what was loaded by an older release; once, before serving. */
enum err procedure_start(struct cx *cx);

/* One record, with what the province opens (JSON_NULL: nothing is said of that). WRITE. */
enum err procedure_put_record(struct cx *cx, const struct json *record, const struct json *opening,
                              struct pack_report *report);
enum err procedure_put_opening(struct cx *cx, const struct json *opening, int64_t procedure,
                               int64_t from, bool *changed);
struct str procedure_canonical(struct cx *cx, const struct json *v, struct str *sha256_hex);

extern const struct pack_kind procedure_packs[];
extern const struct route procedure_routes[];
extern const struct menu_item procedure_menu[];
/* Makes all words anew. WRITE. */
enum err procedure_rebuild(struct cx *cx);
