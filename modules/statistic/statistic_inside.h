/* statistic_inside.h - what the files of this folder share. */
#pragma once
#include "job/job.h"
#include "statistic/statistic.h"
#include "statistic_store.h"

enum statistic_standing statistic_standing_of(const struct counted_case *c);
struct counted_case statistic_case_of(const struct dossier_facts *f);
bool statistic_same_case(const struct counted_case *a, const struct counted_case *b);

extern const struct job_kind statistic_feed;
enum err statistic_rebuild(struct cx *cx);

extern const struct route statistic_routes[];
