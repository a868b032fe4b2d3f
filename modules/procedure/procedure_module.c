/* procedure_module.c - what procedure brings: pages, the pack kind, the search index to rebuild. */
#include "module/module.h"
#include "procedure_inside.h"

const struct module procedure_module = {
    .name = "procedure",
    .title = "Danh mục thủ tục",
    .needs = (const char *const[]){"calendar", "org", NULL},
    .routes = procedure_routes,
    .packs = procedure_packs,
    .menu = procedure_menu,
    .start = procedure_start,
    .rebuild = procedure_rebuild,
};
