/* options.c - the command line. */
#include <stdio.h>

#include "app.h"

struct option {
    const char *name;
    size_t offset; /* of a const char * or a bool in app_options */
    bool flag;
};
#define TEXT(name, field)                                                                          \
    {                                                                                              \
        name, offsetof(struct app_options, field), false                                           \
    }
#define FLAG(name, field)                                                                          \
    {                                                                                              \
        name, offsetof(struct app_options, field), true                                            \
    }

static const struct option options[] = {
    TEXT("--data", data),
    TEXT("--settings", settings),
    TEXT("--database", database),
    TEXT("--head", head),
    TEXT("--to", to),
    TEXT("--from", from),
    TEXT("--kind", kind),
    TEXT("--keys", keys),
    TEXT("--name", name),
    TEXT("--role", role),
    TEXT("--unit", unit),
    TEXT("--encoded", encoded),
    TEXT("--province", province),
    TEXT("--area", area),
    TEXT("--code", code),
    TEXT("--admin", admin),
    FLAG("--json", json),
    FLAG("--help", help),
    FLAG("-h", help),
    FLAG("--with-keys", with_keys),
    FLAG("--quick", quick),
    FLAG("--single", single),
    FLAG("--force", force),
    FLAG("--empty", empty),
};

static int usage(const char *format, const char *what)
{
    fprintf(stderr, "tinhso: ");
    fprintf(stderr, format, what);
    fprintf(stderr, "\n  -> tinhso --help\n");
    return EX_USAGE;
}

/* "--name=value", or "--name" and the next word. NULL: there is none. */
static const char *value_of(const char *arg, size_t name_n, int argc, char **argv, int *i)
{
    if (arg[name_n] == '=')
        return arg + name_n + 1;
    return *i + 1 < argc ? argv[++*i] : NULL;
}

static bool is_named(const char *arg, const char *name)
{
    size_t n = strlen(name);
    return strncmp(arg, name, n) == 0 && (arg[n] == 0 || arg[n] == '=');
}

static int add_to_list(const char *value, const char **list, int *n, int max, const char *arg)
{
    if (!value || !*value)
        return usage("%s cần một giá trị.", arg);
    if (*n == max)
        return usage("quá nhiều %s.", arg);
    list[(*n)++] = value;
    return EX_OK;
}

static int take_option(int argc, char **argv, int *i, struct app_options *out)
{
    const char *arg = argv[*i];
    if (is_named(arg, "--listen"))
        return add_to_list(value_of(arg, 8, argc, argv, i), out->listen, &out->listen_n,
                           APP_LISTEN_MAX, "--listen");
    if (is_named(arg, "--set"))
        return add_to_list(value_of(arg, 5, argc, argv, i), out->set, &out->set_n, 32, "--set");
    for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
        const struct option *o = &options[k];
        if (!is_named(arg, o->name))
            continue;
        char *field = (char *)out + o->offset;
        if (o->flag) {
            *(bool *)field = true;
            return EX_OK;
        }
        const char *value = value_of(arg, strlen(o->name), argc, argv, i);
        if (!value || !*value)
            return usage("%s cần một giá trị.", o->name);
        *(const char **)field = value;
        return EX_OK;
    }
    return usage("không có tùy chọn %s.", arg);
}

int app_parse(int argc, char **argv, struct app_options *out)
{
    *out = (struct app_options){0};
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1]) {
            int code = take_option(argc, argv, &i, out);
            if (code != EX_OK)
                return code;
        } else if (!out->verb) {
            const struct app_verb *v = app_verb_find(out->verb = argv[i]);
            if (v && v->own_options && !(i + 1 < argc && strcmp(argv[i + 1], "--help") == 0)) {
                out->own = argv + i + 1;
                out->own_n = argc - i - 1;
                return EX_OK;
            }
        } else if (out->words_n == (int)(sizeof out->words / sizeof *out->words)) {
            return usage("thừa “%s”.", argv[i]);
        } else {
            out->words[out->words_n++] = argv[i];
        }
    }
    return EX_OK;
}
