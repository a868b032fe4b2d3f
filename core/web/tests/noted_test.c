/* noted_test.c - what a handler read is noted before anybody sees it, however the request ends. */
#include "web_fixture.h"

static enum err note(struct cx *cx, void *arg)
{
    const char *what = arg;
    return db_exec(cx,
                   "insert into web_noted (id, what, account)"
                   " select coalesce(max(id), 0) + 1, $1, $2 from web_noted",
                   V(str_c(what)), V(cx->actor->account));
}

static enum err draw(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    cx_before_answer(cx, note, "draw");
    return show_form(cx, rq, rs);
}

static enum err check(struct cx *cx, struct web_req *rq, struct web_res *)
{
    cx_before_answer(cx, note, "prepare");
    if (web_form_has(rq, "ve_lai"))
        web_on_refusal(rq, draw);
    if (str_eq(web_form(rq, "chu"), S("sớm")))
        return fail(cx, ERR_INVALID, T("Bị từ chối khi kiểm tra."));
    return OK;
}

static enum err put(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    cx_before_answer(cx, note, "write");
    TRY(note(cx, "done"));
    if (str_eq(web_form(rq, "chu"), S("muộn")))
        return fail(cx, ERR_CONFLICT, T("Bị từ chối khi ghi."));
    rs->see_other = S("/");
    return OK;
}

static enum err show_refused(struct cx *cx, struct web_req *, struct web_res *)
{
    cx_before_answer(cx, note, "show");
    return fail(cx, ERR_NOT_FOUND, T("Không thấy."));
}

/* clang-format off */
static const struct route noted_routes[] = {
    {GET,  "/", "Sổ", &anyone,    READ,  .show = show_form},
    {POST, "/vao", "Vào", &anyone, WRITE, .write = enter_write},
    {GET,  "/doc", "Đọc", &anyone, READ,  .show = show_refused},
    {POST, "/doc", "Đọc", &anyone, WRITE, .prepare = check, .write = put},
    {0},
};
/* clang-format on */
static const struct module noted_guest = {
    .name = "guest", .title = "Sổ khách", .routes = noted_routes};
static const struct module *const noted_modules[] = {&noted_guest, NULL};

static enum err open_noted(struct cx *cx)
{
    struct web *w;
    TRY(db_exec(cx, "create table web_noted (id bigint, what text, account bigint)"));
    TRY(vault_open(cx, true, &cx->env->vault));
    web_set_identity(grant, load_actor);
    web_set_doors(&doors);
    return web_open(cx, noted_modules, &w);
}

static int start_noted(void **t)
{
    static const char *const roots[] = {"core/kept", "core/vault", "core/web", NULL};
    return testing_start(
        t, &(struct testing_config){.roots = roots, .start = open_noted, .stop = close_web});
}
#define NOTED(f) cmocka_unit_test_setup_teardown(f, start_noted, testing_end)

/* "what account, ..." in the order they were noted; the notes are gone then. */
static struct str noted(struct cx *cx)
{
    struct buf b = {.arena = cx->arena, .limit = 1000};
    auto_rows r = {0};
    assert_ok(db_query(cx, &r, "select what, account from web_noted order by id"));
    while (db_next(&r))
        buf_add(&b, str_fmt(cx->arena, "%.*s %lld, ", F(db_str(&r, 0)), (long long)db_int(&r, 1)));
    db_rows_close(&r);
    assert_ok(test_write(cx, db_exec(cx, "delete from web_noted")));
    return buf_str(&b);
}

static struct form enter_noted(struct cx *cx)
{
    struct form f = open_form(cx, "/", S(""));
    struct web_reply r = post(cx, "/vao", f, "account=7");
    struct str cookie = str_fmt(cx->arena, "%.*s; %.*s", F(f.cookie), F(cookie_of(&r, "tinhso")));
    return open_form(cx, "/", cookie);
}

static void a_page_that_is_refused_notes_what_it_read(void **t)
{
    struct cx *cx = test_cx(t);
    assert_int_equal(GET_(cx, "/doc").status, 404);
    assert_str(noted(cx), "show 0, ");
}

static void a_form_that_is_written_notes_with_it(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = enter_noted(cx);
    assert_int_equal(post(cx, "/doc", f, "chu=a").status, 303);
    assert_str(noted(cx), "prepare 7, done 7, write 7, ");
    assert_int_equal(post(cx, "/doc", f, "chu=a").status, 303); /* the kept answer */
    assert_str(noted(cx), "");
}

static void a_form_refused_by_prepare_notes_what_was_read(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = enter_noted(cx);
    assert_int_equal(post(cx, "/doc", f, "chu=s%E1%BB%9Bm").status, 422);
    assert_str(noted(cx), "prepare 7, ");
    assert_int_equal(post(cx, "/doc", f, "chu=s%E1%BB%9Bm&ve_lai=1").status, 422);
    assert_str(noted(cx), "prepare 7, draw 7, ");
}

/* The transaction of the write is undone, and with it the notes in it: they are written again. */
static void a_form_refused_by_write_notes_what_was_read(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = enter_noted(cx);
    assert_int_equal(post(cx, "/doc", f, "chu=mu%E1%BB%99n").status, 409);
    assert_str(noted(cx), "prepare 7, write 7, ");
    assert_int_equal(post(cx, "/doc", f, "chu=mu%E1%BB%99n&ve_lai=1").status, 409);
    assert_str(noted(cx), "prepare 7, write 7, draw 7, ");
}

/* No note, no answer. */
static void an_answer_whose_note_fails_is_not_given(void **t)
{
    struct cx *cx = test_cx(t);
    struct form f = enter_noted(cx);
    assert_ok(test_write(cx, db_exec(cx, "drop table web_noted")));
    struct web_reply r = post(cx, "/doc", f, "chu=s%E1%BB%9Bm&ve_lai=1");
    assert_int_equal(r.status, 500);
    assert_lacks(r.body, "Bị từ chối");
    assert_int_equal(GET_(cx, "/doc").status, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        NOTED(a_page_that_is_refused_notes_what_it_read),
        NOTED(a_form_that_is_written_notes_with_it),
        NOTED(a_form_refused_by_prepare_notes_what_was_read),
        NOTED(a_form_refused_by_write_notes_what_was_read),
        NOTED(an_answer_whose_note_fails_is_not_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
