/* guard_inside.h - what the files of this room share; nobody else includes it. */
#pragma once
#include "guard/guard.h"

enum guard_got { GUARD_ON = 1, GUARD_ABSENT, GUARD_REFUSED };
enum guard_got guard_landlock(const struct guard_folders *f);
enum guard_got guard_seccomp(enum guard_program program);
