/*
 * log.h - one structured line per event, for operators, on standard error or a file.
 *
 * A line is logfmt: time level event key=value ... with values quoted where needed and control
 * characters escaped, so that nothing a stranger sends can forge a line. Secrets, personal
 * numbers and names never go in: pass ids. Safe from any thread; a line is one write(2).
 */
#pragma once
#include "base/base.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct log_pair {
    const char *key;
    struct str text;
    int64_t number;
    bool is_number;
};
#define K(key, s) ((struct log_pair){(key), (s), 0, false})
#define KN(key, v) ((struct log_pair){(key), {"", 0}, (int64_t)(v), true})

/* log_event(LOG_INFO, "http.listen", K("address", a), KN("port", 8080)); */
#define log_event(level, event, ...)                                                               \
    log_write_((level), (event), (const struct log_pair[]){{0}, ##__VA_ARGS__},                    \
               sizeof((const struct log_pair[]){{0}, ##__VA_ARGS__}) / sizeof(struct log_pair))
void log_write_(enum log_level level, const char *event, const struct log_pair *pairs, size_t n);

void log_to_fd(int fd);              /* default 2 */
void log_from(enum log_level least); /* default LOG_INFO */
void log_clock(struct env *env);     /* take times from this environment */
