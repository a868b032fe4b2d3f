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

#define UNREAD_MAX 99

static enum err count_unread(struct cx *cx, struct web_count *out)
{
    TRY(notify_unread(cx, UNREAD_MAX + 1, &out->n));
    out->more = out->n > UNREAD_MAX;
    out->n = out->more ? UNREAD_MAX : out->n;
    return OK;
}

static const struct place_count counts[] = {{"/thong-bao", &signed_in, count_unread}, {0}};
static const char *const needs[] = {"journal", NULL};
static const struct job_kind *const jobs[] = {&notify_mail_kind, NULL};

const struct module notify_module = {
    .name = "notify",
    .title = "Thông báo",
    .needs = needs,
    .routes = notify_routes,
    .counts = counts,
    .jobs = jobs,
    .start = start,
};
