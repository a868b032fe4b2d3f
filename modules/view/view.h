/*
 * view.h - views of lists kept under a name (khung nhìn): filters, order, columns; a person's own.
 *
 * core/list shows them above each list and offers to keep what is shown.
 */
#pragma once
#include "base/base.h"

#define VIEW_TITLE_MAX 60 /* characters */

struct view {
    int64_t id, at;
    struct str code, list;  /* name of the list: "viec" */
    struct str title, path; /* of the list: "/viec" */
    struct str query;       /* what it shows: "han=qua&xep=nhan" */
};
/* WRITE, each with its event. ERR_INVALID, ERR_LIMIT, ERR_CONFLICT (the name is taken): field ten.
 */
enum err view_save(struct cx *cx, struct view *v);
enum err view_rename(struct cx *cx, struct str code, struct str title);
enum err view_drop(struct cx *cx, struct str code); /* ERR_NOT_FOUND: not theirs */
/* Of the reader, by list and age; list empty: of all. */
enum err view_mine(struct cx *cx, struct str list, struct view *out, size_t max, size_t *n);

struct module;
extern const struct module view_module;
