/* jobs.c - the verb for work that gave up: which, why, and once more. */
#include <stdio.h>

#include "app.h"

#include "job/job.h"
#include "lane/lane.h"

#define LETTERS_MAX 200

struct letters {
    struct job rows[LETTERS_MAX];
    size_t n;
};

static enum err ask(struct cx *cx, void *arg)
{
    struct letters *l = arg;
    return job_dead_letters(cx, l->rows, LETTERS_MAX, &l->n);
}

static const char *title_of(const struct job_kind *const *kinds, struct str name)
{
    for (; *kinds; kinds++)
        if (str_eq(name, str_c((*kinds)->name)))
            return (*kinds)->title;
    return "Việc của bản khác"; /* a kind that this program does not know */
}

/* Why it gave up, for whoever has to mend it; the technical words follow. */
static const char *reason(struct str error)
{
    static const struct {
        const char *begins, *sentence;
    } reasons[] = {
        {"the process died", "chương trình dừng giữa chừng khi đang làm việc này"},
        {"ERR_BUSY", "nơi cần hỏi hoặc gửi tới chưa trả lời"},
        {"ERR_IO", "máy, đĩa hoặc nơi gửi tới báo lỗi"},
        {"ERR_INVALID", "dữ liệu của việc không dùng được nữa"},
        {"ERR_DENIED", "người giao việc không còn quyền làm việc này"},
        {"ERR_NOT_FOUND", "thứ cần xử lý không còn"},
        {"ERR_CONFLICT", "đã có thay đổi khác trước khi việc này chạy"},
        {"ERR_LIMIT", "vượt quá giới hạn đã đặt"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (str_starts(error, str_c(reasons[i].begins)))
            return reasons[i].sentence;
    return "không rõ nguyên nhân";
}

static int list(struct app *a)
{
    const struct job_kind *const *kinds = module_jobs(a->arena, app_modules);
    struct letters *l = NEW(a->arena, struct letters);
    enum err e = lane_call(a->env.lanes, LANE_SLOW, &a->cx, ask, l);
    if (e != OK)
        return app_failed(a, e);
    for (size_t i = 0; i < l->n; i++) {
        const struct job *j = &l->rows[i];
        app_say(a, "%lld  %s: đã thử %d lần, %s.\n", (long long)j->id, title_of(kinds, j->kind),
                j->tries, reason(j->last_error));
        app_say(a, "    %.*s %.*s, hẹn %.*s: %.*s\n", F(j->kind), F(j->payload),
                F(time_vi(a->arena, j->due_at)), F(j->last_error));
    }
    app_say(a, l->n ? "\nSửa nguyên nhân rồi chạy lại từng việc: tinhso jobs retry SỐ\n"
                    : "Không có việc nền nào dừng hẳn.\n");
    return EX_OK;
}

static enum err again(struct cx *cx, void *id)
{
    return job_retry(cx, *(int64_t *)id);
}

static int retry(struct app *a, const char *number)
{
    int64_t id = 0;
    if (!str_int(str_c(number), &id))
        return app_stop(a, EX_USAGE, "jobs retry: “%s” không phải số của một việc.", number);
    a->cx.now = a->env.clock(&a->env);
    enum err e = lane_call(a->env.lanes, LANE_WRITE, &a->cx, again, &id);
    if (e != OK)
        return e <= ERR_LIMIT ? app_stop(a, app_code(e), "%.*s", F(a->cx.why)) : app_failed(a, e);
    app_say(a, "Việc %lld được chạy lại.\n", (long long)id);
    return EX_OK;
}

int verb_jobs(struct app *a)
{
    const struct app_options *o = &a->options;
    if (o->words_n == 0)
        return list(a);
    if (o->words_n == 2 && strcmp(o->words[0], "retry") == 0)
        return retry(a, o->words[1]);
    return app_stop(a, EX_USAGE, "cần: tinhso jobs, hoặc tinhso jobs retry SỐ");
}
