/* procedure_module.c - what procedure brings: pages, the pack kind, the search index to rebuild. */
#include "module/module.h"
#include "procedure_desk.h"
#include "procedure_inside.h"

static const struct right *const rights[] = {&procedure_manage, NULL};

const struct module procedure_module = {
    .name = "procedure",
    .title = "Danh mục thủ tục",
    .needs = (const char *const[]){"calendar", "form", "journal", "org", NULL},
    .rights = rights,
    .routes = procedure_routes,
    .packs = procedure_packs,
    .menu = procedure_menu,
    .start = procedure_start,
    .rebuild = procedure_rebuild,
};
