/* notify_mailing.h - the outbox as a kind of job, for the module's table. */
#pragma once
#include "job/job.h"

extern const struct job_kind notify_mail_kind;
