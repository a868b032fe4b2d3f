/* procedure_module.c - what procedure brings: pages, the pack kind, the search index to rebuild. */
#include "module/module.h"
#include "procedure_desk.h"
#include "procedure_import.h"
#include "procedure_inside.h"

static const struct right *const rights[] = {&procedure_manage, NULL};
static const struct job_kind *const jobs[] = {&procedure_import_job, NULL};

const struct module procedure_module = {
    .name = "procedure",
    .title = "Danh mục thủ tục",
    .needs = (const char *const[]){"calendar", "form", "identity", "journal", "org", "work", NULL},
    .rights = rights,
    .routes = procedure_routes,
    .jobs = jobs,
    .packs = procedure_packs,
    .menu = procedure_menu,
    .start = procedure_start,
    .rebuild = procedure_rebuild,
};
