/* setup_settings.h - settings stated on a page: kept sealed, applied to the running program. */
#pragma once
#include "job/job.h"

/* At start: notes what the file and the environment state, then adds what the page stated. */
enum err setup_settings_start(struct cx *cx);
/* Stated outside of the page: it cannot be changed there. */
bool setup_setting_fixed(struct cx *cx, const char *name);
/* What the file says where the page wins: in force again once the page says nothing. */
struct str setup_setting_stated(struct cx *cx, const char *name);
struct str setup_setting_now(struct cx *cx, const char *name); /* as the program uses it */
/* WRITE. Keeps the value; every node takes it after the commit. */
enum err setup_setting_keep(struct cx *cx, const char *name, struct str value);
/* What was kept; empty: nothing. In SLOW or WRITE. */
enum err setup_setting_kept(struct cx *cx, const char *name, struct str *value);
/* WRITE. A letter to smtp.from itself; how it went is kept as smtp.test. */
enum err setup_mail_test(struct cx *cx);

extern const struct job_kind settings_job, mail_test_job;
