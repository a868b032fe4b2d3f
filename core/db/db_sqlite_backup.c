/* db_sqlite_backup.c - a whole consistent copy of a file. */
#include "db_sqlite.h"

#include <fcntl.h>
#include <libgen.h>
#include <unistd.h>

/* One step: the copy of a file that is written to meanwhile would begin again and again. */
static enum err copy_to(struct cx *cx, struct sqlite_connection *c, sqlite3 *to)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", c->handle, "main");
    if (!b)
        return db_failed_machine(cx, ERR_IO, "backup", sqlite3_errmsg(to));
    sqlite3_backup_step(b, -1);
    if (sqlite3_backup_finish(b) != SQLITE_OK)
        return db_failed_machine(cx, ERR_IO, "backup", sqlite3_errmsg(to));
    return OK;
}

static enum err sync_folder_of(struct cx *cx, const char *path)
{
    const int fd = open(dirname(strdupa(path)), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced ? OK : db_failed_machine(cx, ERR_IO, "backup", "the folder cannot be synced");
}

enum err db_sqlite_backup(struct cx *cx, struct db *d, const char *to_path)
{
    const int fd = open(to_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(cx, ERR_CONFLICT,
                    T("Không tạo được tệp sao lưu %s: tệp đã có hoặc thư mục không ghi được."),
                    to_path);
    close(fd);
    sqlite3 *to = NULL;
    enum err e = sqlite3_open_v2(to_path, &to, SQLITE_OPEN_READWRITE, db_sqlite_vfs()) == SQLITE_OK
                     ? copy_to(cx, db_sqlite_of(d), to)
                     : db_failed_machine(cx, ERR_IO, "backup", sqlite3_errmsg(to));
    sqlite3_close(to);
    if (e == OK)
        e = sync_folder_of(cx, to_path);
    if (e != OK)
        db_sqlite_remove(to_path); /* half a copy is worse than none */
    return e;
}
