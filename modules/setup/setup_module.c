/* setup_module.c - what setting up brings to the program. */
#include "module/module.h"

#include "setup.h"

static const char *const needs[] = {"journal", "org", "identity", NULL};
static const struct right *const rights[] = {&setup_manage, NULL};

const struct module setup_module = {
    .name = "setup",
    .title = "Bắt đầu và thiết đặt",
    .needs = needs,
    .rights = rights,
};
