/* doctor.c - what is broken, what is missing before people may rely on it, and what mends each. */
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

static void examine(struct findings *f)
{
    doctor_machine(f);
    doctor_service(f);
    doctor_data(f);
}

static int code_of(const struct findings *f)
{
    return f->n[FINDING_BROKEN] ? EX_UNAVAILABLE : f->n[FINDING_MISSING] ? EX_CONFIG : EX_OK;
}

static int say_json(struct app *a)
{
    struct buf b = {.arena = a->arena, .limit = 1 << 20};
    struct json_out o = {.to = &b};
    struct findings f = {.app = a, .json = &o};
    json_open_object(&o);
    json_key(&o, S("findings"));
    json_open_array(&o);
    examine(&f);
    json_close_array(&o);
    json_num(&o, S("broken"), f.n[FINDING_BROKEN]);
    json_num(&o, S("missing"), f.n[FINDING_MISSING]);
    json_num(&o, S("notes"), f.n[FINDING_NOTE]);
    json_flag(&o, S("ready"), code_of(&f) == EX_OK);
    json_close_object(&o);
    app_say(a, "%.*s\n", F(buf_str(&b)));
    return code_of(&f);
}

int verb_doctor(struct app *a)
{
    struct findings f = {.app = a};
    if (a->options.json)
        return say_json(a);
    examine(&f);
    if (code_of(&f) == EX_OK)
        app_say(a, "Phục vụ thật được.\n");
    else
        app_say(a, "%d điều hỏng, %d điều còn thiếu để phục vụ thật.\n", f.n[FINDING_BROKEN],
                f.n[FINDING_MISSING]);
    return code_of(&f);
}
