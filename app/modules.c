/* modules.c - the systems of the province, one line each. */
#include "app.h"

#include "identity/identity.h"
#include "journal/journal.h"
#include "org/org.h"

extern const struct module journal_module;

const struct module *const app_modules[] = {
    &journal_module,
    &org_module,
    &identity_module,
    NULL,
};
