/* main.c - tinhso. */
#include "app.h"

int main(int argc, char **argv, char **names)
{
    struct app_options o;
    int code = app_parse(argc, argv, &o);
    return code == EX_OK ? app_run(&o, names) : code;
}
