/* setup_module.c - what setting up brings to the program. */
#include "module/module.h"

#include "setup_pages.h"
#include "setup_settings.h"
#include "setup_tls.h"
#include "setup_witness.h"

static const char *const needs[] = {"journal",   "org",     "identity", "notify",
                                    "procedure", "onestop", NULL};
static const struct job_kind *const jobs[] = {&import_job,    &witness_job, &settings_job,
                                              &mail_test_job, &tls_job,     NULL};
static const struct menu_item menu[] = {
    {"Bắt đầu", "/quan-tri/bat-dau", "flag", &setup_manage, WEB_FRAME_OFFICER},
    {"Thiết đặt", "/quan-tri/thiet-dat", "gear", &setup_manage, WEB_FRAME_OFFICER},
    {0},
};
static const struct right *const rights[] = {&setup_manage, NULL};

const struct module setup_module = {
    .name = "setup",
    .title = "Bắt đầu và thiết đặt",
    .needs = needs,
    .routes = setup_routes,
    .rights = rights,
    .jobs = jobs,
    .menu = menu,
    .menu_first = true,
    .start = setup_settings_start,
};
