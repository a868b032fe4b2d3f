/* setup_witness.h - the job that mails heads of the journal. */
#pragma once
#include "job/job.h"

extern const struct job_kind witness_job;
