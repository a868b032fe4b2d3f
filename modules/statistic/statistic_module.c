/* statistic_module.c - what statistic brings: the reader of the journal, pages, a right. */
#include "module/module.h"
#include "statistic_inside.h"

const struct right statistic_watch = {"statistic.watch", "Xem số liệu của đơn vị", false};
static const struct right *const rights[] = {&statistic_watch, NULL};
static const struct job_kind *const jobs[] = {&statistic_feed, NULL};

const struct module statistic_module = {
    .name = "statistic",
    .title = "Thống kê, điều hành",
    .needs = (const char *const[]){"journal", "org", "procedure", "onestop", NULL},
    .rights = rights,
    .jobs = jobs,
    .rebuild = statistic_rebuild,
};
