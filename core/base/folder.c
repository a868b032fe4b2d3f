/* folder.c - folders whose names outlast a power cut. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

bool folder_sync(const char *path)
{
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = dir >= 0 && fsync(dir) == 0;
    int why = errno;
    if (dir >= 0)
        close(dir);
    errno = why;
    return good;
}

/* Also when it is there already: whoever made it may have died before its parent was fsynced. */
bool folder_make(const char *path, unsigned mode)
{
    char parent[PATH_MAX];
    if (mkdir(path, (mode_t)mode) != 0 && errno != EEXIST)
        return false;
    int n = snprintf(parent, sizeof parent, "%s/..", path);
    return n < (int)sizeof parent && folder_sync(parent);
}
