/* modules.c - the systems of the province, one line each. */
#include "app.h"

#include "calendar/calendar.h"
#include "form/form.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "notify/notify.h"
#include "org/org.h"

const struct module *const app_modules[] = {
    &journal_module,
    &notify_module,
    &org_module,
    &calendar_module,
    &identity_module,
    &form_module,
    NULL,
};
