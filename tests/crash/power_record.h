/* power_record.h - how a record of file calls is written; between power.c and power_image.c. */
#pragma once
#include <stdint.h>

enum power_call {
    POWER_OPENED = 1, /* a file that was there: its number is of this path */
    POWER_MADE,       /* a new file; mode */
    POWER_FOLDER_MADE,
    POWER_WROTE, /* bytes at `at` */
    POWER_SIZED, /* size is `at` */
    POWER_SYNCED,
    POWER_FOLDER_SYNCED, /* path */
    POWER_RENAMED,       /* path, then a zero, then the new path */
    POWER_REMOVED,
    POWER_LINKED, /* a symbolic link: path, then a zero, then where it points */
    POWER_SAID,   /* something went out over the network: before it nobody was told */
};

/* Then follow n bytes: the path below the folder, or what was written. */
struct power_entry {
    uint32_t call, n;
    uint64_t file;  /* number of the file (its inode); a fresh file may get a number anew */
    uint64_t at;    /* offset, size, mode */
    uint64_t until; /* of a sync: where the record stood when it began */
};
