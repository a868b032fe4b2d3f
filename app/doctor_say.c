/* doctor_say.c - a finding in words, or as a member of the JSON answer. */
#include "app.h"

#include "json/json.h"

static const char *const state_words[] = {"được   ", "lưu ý  ", "THIẾU  ", "HỎNG   "};
static const char *const state_names[] = {"good", "note", "missing", "broken"};

static void say(struct findings *f, const struct finding *x)
{
    app_say(f->app, "%s%s%s%.*s\n", state_words[x->state], x->what, x->detail.n ? ": " : "",
            F(x->detail));
    if (x->state != FINDING_GOOD && x->mend)
        app_say(f->app, "         -> %s\n", x->mend);
}

static void put(struct findings *f, const struct finding *x)
{
    json_open_object(f->json);
    json_str(f->json, S("name"), str_c(x->name));
    json_str(f->json, S("state"), str_c(state_names[x->state]));
    json_str(f->json, S("what"), str_c(x->what));
    json_str(f->json, S("detail"), x->detail);
    json_str(f->json, S("mend"), x->state != FINDING_GOOD && x->mend ? str_c(x->mend) : S(""));
    json_close_object(f->json);
}

void finding_add(struct findings *f, const struct finding *x)
{
    f->n[x->state]++;
    if (f->json)
        put(f, x);
    else
        say(f, x);
}
