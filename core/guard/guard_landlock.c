/* guard_landlock.c - files may be written below some folders only; nothing may be executed. */
#include "guard_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of kernels newer than the headers of Debian 12. */
#define FS_REFER (1ULL << 13)
#define FS_TRUNCATE (1ULL << 14)
#define FS_IOCTL_DEV (1ULL << 15)

#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* Of a folder and all below it; no devices. */
#define WRITES                                                                                     \
    (LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |                               \
     LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |  \
     LANDLOCK_ACCESS_FS_MAKE_SOCK)
#define OF_FILES                                                                                   \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |   \
     FS_TRUNCATE | FS_IOCTL_DEV)
#define OTHERS                                                                                     \
    (LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_FIFO |    \
     LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

/* What this kernel knows of what we want to be asked for. */
static uint64_t known(long version)
{
    uint64_t all = READS | WRITES | OTHERS;
    all |= version >= 2 ? FS_REFER : 0;
    all |= version >= 3 ? FS_TRUNCATE : 0;
    all |= version >= 5 ? FS_IOCTL_DEV : 0;
    return all;
}

static bool allow(int rules, const char *path, uint64_t what)
{
    struct stat st;
    const int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT || errno == EACCES || errno == ENOTDIR;
    const bool folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    const struct landlock_path_beneath_attr rule = {
        .allowed_access = folder ? what : what & OF_FILES, .parent_fd = fd};
    const bool good =
        syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(fd);
    return good;
}

static bool allow_all(int rules, const struct guard_folders *f, uint64_t all)
{
    const uint64_t writes = (READS | WRITES | FS_REFER | FS_TRUNCATE) & all;
    bool good = !f->read_all || allow(rules, "/", READS);
    for (size_t i = 0; good && f->write[i]; i++)
        good = allow(rules, f->write[i], writes);
    return good;
}

enum guard_got guard_landlock(const struct guard_folders *f)
{
    const long version =
        syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1)
        return GUARD_ABSENT;
    const struct landlock_ruleset_attr attr = {.handled_access_fs = known(version)};
    const int rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
    if (rules < 0)
        return GUARD_REFUSED;
    const bool good = allow_all(rules, f, attr.handled_access_fs) &&
                      syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    const int why = errno;
    close(rules);
    errno = why;
    return good ? GUARD_ON : GUARD_REFUSED;
}
