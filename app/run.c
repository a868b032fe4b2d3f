/* run.c - help, and where a verb runs: here, or in the server that holds the data folder. */
#include <stdio.h>

#include "app.h"

static int help(const struct app_verb *v)
{
    if (v) {
        printf(
            "tinhso %s: %s\n\n%s\n\n"
            "Chung cho mọi lệnh: --data THƯ_MỤC, --database postgresql://…, --settings TỆP, --set tên=giá_trị;\n"
            "cũng đặt được bằng biến môi trường TINHSO_DATA, TINHSO_DATABASE, ...\n",
            v->name, v->summary, v->usage);
        return EX_OK;
    }
    printf("tinhso: phần mềm của cả một tỉnh trong một chương trình.\n\n");
    for (v = app_verbs; v->name; v++)
        printf("  tinhso %-8s %s\n", v->name, v->summary);
    printf("\n  tinhso LỆNH --help\n");
    return EX_OK;
}

static int run_reading(struct app *a, const struct app_verb *v)
{
    enum err e = app_open_reading(a);
    int code = e == OK ? v->run(a) : app_failed(a, e);
    app_close(a);
    return code;
}

static int run_writing(struct app *a, const struct app_verb *v)
{
    int code = app_lock(a, false);
    if (code == EX_TEMPFAIL && v->needs == APP_WRITES)
        return strcmp(v->name, "backup") == 0 ? backup_forward(a) : admin_forward(a);
    if (code == EX_TEMPFAIL)
        return app_stop(
            a, code, "thư mục dữ liệu %.*s đang được một máy chủ dùng. Dừng máy chủ rồi làm lại.",
            F(a->data_dir));
    if (code == EX_OK)
        code = app_keyd(a, true);
    if (code != EX_OK)
        return code;
    enum err e = app_open(a, false);
    code = e == OK ? v->run(a) : app_failed(a, e);
    app_close(a);
    return code;
}

int app_run(struct app_options *o, char **names)
{
    const struct app_verb *v = o->verb ? app_verb_find(o->verb) : NULL;
    if (!o->verb || o->help) {
        if (!o->verb && !o->help) {
            help(NULL);
            return EX_USAGE;
        }
        return help(v);
    }
    if (!v) {
        fprintf(stderr, "tinhso: không có lệnh “%s”.\n  -> tinhso --help\n", o->verb);
        return EX_USAGE;
    }
    struct app a;
    int code = app_begin(&a, o, names);
    if (code == EX_OK)
        code = v->needs == APP_NOTHING ? v->run(&a)
               : v->needs == APP_READS ? run_reading(&a, v)
                                       : run_writing(&a, v);
    app_end(&a);
    return code;
}
