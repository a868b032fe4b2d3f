/* org_load.h - pack kinds of whole lists of areas: tables of the country before and after 2025. */
#pragma once
#include "base/base.h"
#include "module/module.h"

enum err org_load_list(struct cx *cx, struct str name, struct str bytes, size_t *next,
                       struct pack_report *report);
enum err org_load_provinces(struct cx *cx, struct str name, struct str bytes, size_t *next,
                            struct pack_report *report);
enum err org_load_communes(struct cx *cx, struct str name, struct str bytes, size_t *next,
                           struct pack_report *report);
enum err org_load_changes(struct cx *cx, struct str name, struct str bytes, size_t *next,
                          struct pack_report *report);
