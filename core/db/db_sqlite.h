/* db_sqlite.h - between db_sqlite.c and its parts. */
#pragma once
#include <sqlite3.h>
#include "db_driver.h"

/* The file system calls of SQLite with the fsyncs counted (db_sqlite_vfs.c). */
const char *db_sqlite_vfs(void);

/* A place for a data base that lives as long as its store: in the machine's memory where there is
 * a file system for that (db_sqlite_vfs.c). */
char *db_sqlite_temporary(void);
void db_sqlite_remove(const char *path);
