/* org_inside.h - what the files of this folder share. */
#pragma once
#include "org/org.h"

#define ORG_NEW_ORDER civil_day(2025, 7, 1) /* two tiers, 34 provinces, from this day on */

/* The name as a search compares it, without its kind: "Thị trấn Cao Lộc" is "cao loc". */
struct str org_bare_name(struct cx *cx, struct str name);
/* The kind that a folded name begins with, "thi_tran" or "", and what is left of it. */
const char *org_kind_of_name(struct str folded, struct str *rest);
/* The record as it stood on that day: another name, another code. */
enum err org_area_as_on(struct cx *cx, int64_t day, struct org_area *a);
