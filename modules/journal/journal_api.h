/* journal_api.h - the proofs as JSON, for the module's table. */
#pragma once
#include "web/web.h"

extern const struct route journal_routes[]; /* {0}-ended */
