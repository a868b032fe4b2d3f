/* notify_module.c - what telling people brings to the program. */
#include "notify.h"

#include "module/module.h"
#include "notify_mailing.h"
#include "notify_pages.h"
#include "notify_smtp.h"

static enum err start(struct cx *)
{
    smtp_start();
    return OK;
}

static const char *const needs[] = {"journal", NULL};
static const struct job_kind *const jobs[] = {&notify_mail_kind, NULL};

const struct module notify_module = {
    .name = "notify",
    .title = "Thông báo",
    .needs = needs,
    .routes = notify_routes,
    .jobs = jobs,
    .start = start,
};
