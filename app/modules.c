/* modules.c - the systems of the province, one line each. */
#include "app.h"

#include "calendar/calendar.h"
#include "codelist/codelist.h"
#include "form/form.h"
#include "guide/guide.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "look/look.h"
#include "notify/notify.h"
#include "onestop/onestop.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "setup/setup.h"
#include "statistic/statistic.h"
#include "view/view.h"
#include "work/work.h"

/* clang-format off */
const struct module *const app_modules[] = {
    &journal_module,
    &org_module,
    &calendar_module,
    &identity_module,
    &codelist_module,
    &form_module,
    &work_module,
    &procedure_module,
    &notify_module,
    &view_module,
    &onestop_module,
    &statistic_module, &guide_module,
    &setup_module,
    &look_module,
    NULL,
};
/* clang-format on */
