/* db_postgres.c - PostgreSQL through libpq. */
#include "db_driver.h"

static enum err open_store(struct cx *cx, [[maybe_unused]] const struct db_config *c, [[maybe_unused]] struct db_store **out)
{
    return fail(cx, ERR_IO, "PostgreSQL comes in the next hour");
}

const struct db_driver db_postgres = {.kind = "postgresql", .open = open_store};
