/* identity_address.c - where mails for an account go: asked by the outbox alone, which is no
 * reader. */
#include "identity_inside.h"

enum err identity_address(struct cx *cx, int64_t account, struct str *email, struct str *name)
{
    int64_t person;
    struct person p;
    *email = *name = S("");
    TRY(account_person(cx, account, &person));
    if (person == 0)
        return OK;
    TRY(person_find(cx, person, &p));
    *email = p.email;
    *name = p.name;
    return OK;
}
