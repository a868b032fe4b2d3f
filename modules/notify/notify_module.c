/* notify_module.c - what telling people brings to the program. */
#include "notify.h"

#include "kept/kept.h"
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

/* Each page asks: what this thread read is good until anybody commits. */
static enum err unread(struct cx *cx, int64_t *n)
{
    char about[16] = "unread  ";
    memcpy(about + 8, &cx->actor->account, 8);
    const struct str key = {about, sizeof about};
    struct str known;
    if (kept_lately(cx, key, &known)) {
        memcpy(n, known.p, sizeof *n);
        return OK;
    }
    TRY(notify_unread(cx, UNREAD_MAX + 1, n));
    kept_for_now(cx, key, (struct str){(const char *)n, sizeof *n});
    return OK;
}

static enum err count_unread(struct cx *cx, struct web_count *out)
{
    TRY(unread(cx, &out->n));
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
