/* work_module.c - what long work brings to the program. */
#include "module/module.h"

#include "work.h"
#include "work_pages.h"

extern const struct job_kind work_sweep;
static const char *const needs[] = {"journal", "identity", "notify", NULL};
static const struct job_kind *const jobs[] = {&work_sweep, NULL};

const struct module work_module = {
    .name = "work",
    .title = "Việc chạy lâu",
    .needs = needs,
    .routes = work_routes,
    .jobs = jobs,
};
