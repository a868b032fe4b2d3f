/* guard.c - takes on what the kernel offers; says what it did. */
#include "guard_inside.h"

#include "log/log.h"

#include <errno.h>
#include <sys/prctl.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

static struct guard_state state = {.why_not = "not begun"};

struct guard_state guard_now(void)
{
    return state;
}

static enum err refused(struct cx *cx, const char *what)
{
    return fail(cx, ERR_IO, "%s: %s", what, strerror(errno));
}

/* landlock first: seccomp would not let it. */
enum err guard_begin(struct cx *cx, enum guard_program program, const struct guard_folders *f)
{
    if (SANITIZED) {
        state = (struct guard_state){.why_not = "built with a sanitizer"};
        return OK;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return refused(cx, "no_new_privs");
    state = (struct guard_state){0};
    const enum guard_got files = guard_landlock(f), calls = guard_seccomp(program);
    if (files == GUARD_REFUSED || calls == GUARD_REFUSED)
        return refused(cx, files == GUARD_REFUSED ? "landlock" : "seccomp");
    state.landlock = files == GUARD_ON;
    state.seccomp = calls == GUARD_ON;
    if (!state.landlock || !state.seccomp) {
        state.why_not = state.landlock  ? "the kernel has no seccomp filters"
                        : state.seccomp ? "the kernel has no landlock"
                                        : "the kernel has neither landlock nor seccomp filters";
        log_event(LOG_WARN, "guard.incomplete", K("why", str_c(state.why_not)));
    }
    return OK;
}
