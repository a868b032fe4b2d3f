/* str_print.h - between str.c and str_print.c. */
#pragma once
#include "base/base.h"

/* As vsnprintf; faster for what formats are mostly made of. */
size_t str_print_(char *out, size_t room, const char *format, va_list args);
