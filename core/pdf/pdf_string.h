/* pdf_string.h - writing PDF's text strings, and its dates; for this room only. */
#pragma once
#include "base/base.h"

struct str pdf_text(struct arena *a, struct str utf8); /* "<FEFF...>" */
struct str pdf_date(struct arena *a, int64_t utc_ms);  /* "(D:20261123091405+07'00')" */
bool pdf_date_read(struct str bytes, int64_t *utc_ms); /* of a string's bytes */
