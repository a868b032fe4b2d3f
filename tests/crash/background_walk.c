/* background_walk.c - jobs after a walk over HTTP, all of them together under each fault. */
#include "background_inside.h"

#include <stdlib.h>

static bool walk(struct background *b)
{
    struct client *counter = &b->load.clients[0], *citizen = &b->load.clients[1];
    bool good = client_enter(citizen, &citizen->sessions[0]) && walk_online(citizen);
    for (int i = 0; good && i < 3; i++)
        good = client_enter(counter, &counter->sessions[i]);
    return good && walk_to_approval(counter) && walk_ask_export(counter);
}

static bool prepare(struct background *b)
{
    struct server *s = &b->server;
    if (!server_make(s) || !start_mail_server(b) || !server_start(s) || !server_ready(s) ||
        !load_prepare(&b->load, s) || !walk(b) || !server_stop(s))
        return false;
    b->at = clock_system(NULL) + MINUTE_MS;
    snprintf(b->made, sizeof b->made, "%s/made", s->root);
    if (rename(s->data, b->made) != 0 || !share_control(b))
        return false;
    s->goes_on = true; /* what runs beside it is disturbed too */
    return true;
}

static bool sound_walk(struct background *b)
{
    if (!run_sound(b))
        return false;
    const char *signed_one = strstr(b->sound->text, "result da_ky  1\n");
    if (!signed_one || b->sound->mails == 0 || b->sound->mails != b->sound->sent)
        crash_found(&b->findings, "undisturbed: %lld mails taken, %lld sent; %.1500s",
                    (long long)b->sound->mails, (long long)b->sound->sent, b->sound->text);
    return b->findings.n == 0;
}

bool background_run(const struct background_asked *asked, struct background_report *out)
{
    struct background b;
    background_begin(&b, asked, out);
    const bool began = prepare(&b) && sound_walk(&b);
    if (began)
        run_faults(&b);
    background_end(&b);
    return began;
}
