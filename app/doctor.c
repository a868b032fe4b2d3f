/* doctor.c - what is broken, what is missing before people may rely on it, and what mends each. */
#include "app.h"

#include "json/json.h"

static void examine(struct findings *f)
{
    doctor_machine(f);
    doctor_service(f);
    doctor_network(f);
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
