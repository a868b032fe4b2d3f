/*
 * key_nodes_test.c - a new master key while people read, and two servers on one PostgreSQL: nothing
 * is wrapped by a key that one of them does not have.
 */
#include "nodes_fixture.h"

static int nodes_n;

static int begin_world(void **state)
{
    if (getenv("TINHSO_TEST_DATABASE")) {
        nodes_n = 2;
        return found(state);
    }
    nodes_n = 1;
    arena = arena_new((size_t)256 << 20);
    cx = (struct cx){.arena = arena, .env = &env, .actor = &actor_program};
    if (!mkdtemp(root))
        return -1;
    nodes[0].data = str_fmt(arena, "%s/a", root).p;
    return RUN("demo", "--empty", "--data", nodes[0].data) == EX_OK && serve(&nodes[0]) ? 0 : -1;
}

static const char names[] = "/quan-tri/nguoi-dung"; /* they are sealed */

static void all_read(const struct str *me)
{
    for (int i = 0; i < nodes_n; i++)
        assert_int_equal(GET(&nodes[i], names, me[i]).status, 200);
}

static int rotate(const struct node *n)
{
    return RUN("key", "rotate", "--data", n->data);
}

static void copy_key(int64_t generation)
{
    assert_int_equal(shell(str_fmt(arena, "cp -p %s/a/keys/master-%lld.key %s/b/keys/", root,
                                   (long long)generation, root)
                               .p),
                     0);
}

/* To the end, as a person does it: a node that lacks the file gets it. */
static void rotate_all(int64_t generation)
{
    int code = rotate(&nodes[0]);
    if (nodes_n > 1) {
        assert_int_equal(code, EX_TEMPFAIL);
        copy_key(generation);
    }
    for (int i = 0; i < PATIENCE && code == EX_TEMPFAIL; i++)
        code = rotate(&nodes[0]);
    assert_int_equal(code, EX_OK);
}

/* Reads at each node in turn until the pipe closes; ends with 1 when it was not given the page. */
static pid_t read_on(const struct str *me, const int stop[2])
{
    const pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(stop[1]);
    char c;
    for (int i = 0; read(stop[0], &c, 1) < 0; i = (i + 1) % nodes_n) {
        const struct arena_mark here = arena_here(arena);
        const int status = GET(&nodes[i], names, me[i]).status;
        if (status != 200) {
            print_error("%s: %d\n", nodes[i].data, status);
            _exit(1);
        }
        nap();
        arena_back(arena, here);
    }
    _exit(0);
}

static void people_read_while_the_key_is_replaced([[maybe_unused]] void **t)
{
    struct str me[2];
    int stop[2], status = -1;
    for (int i = 0; i < nodes_n; i++)
        me[i] = sign_in(&nodes[i], "quantri");
    all_read(me);
    assert_int_equal(pipe2(stop, O_CLOEXEC | O_NONBLOCK), 0);
    const pid_t reader = read_on(me, stop);
    close(stop[0]);
    rotate_all(2);
    rotate_all(3);
    close(stop[1]);
    assert_int_equal(waitpid(reader, &status, 0), reader);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    all_read(me);
    /* None of the old files is wanted any more. */
    for (int i = 0; i < nodes_n; i++) {
        kill_node(&nodes[i]);
        assert_int_equal(
            shell(str_fmt(arena, "cd %s/keys && rm master.key master-2.key", nodes[i].data).p), 0);
        assert_true(serve(&nodes[i]));
    }
    all_read(me);
    assert_int_equal(RUN("verify", "--data", nodes[0].data), EX_OK);
}

static const char typed_word[] = "bốn từ ghép lại\n";

/* Somebody whose name a node seals now. */
static void add_account(const struct node *n, const char *login)
{
    int typed[2];
    const int was = dup(STDIN_FILENO);
    assert_int_equal(pipe(typed), 0);
    assert_true(write(typed[1], typed_word, strlen(typed_word)) > 0);
    close(typed[1]);
    dup2(typed[0], STDIN_FILENO);
    close(typed[0]);
    const int code = RUN("account", "add", login, "--name", "Vi Văn Đức", "--role",
                         "quan_tri_he_thong", "--unit", "H37", "--data", n->data);
    dup2(was, STDIN_FILENO);
    close(was);
    assert_int_equal(code, EX_OK);
}

static int64_t under(int64_t generation)
{
    return number(str_fmt(arena,
                          "select count(*) from vault_subject where wrapped is not null and"
                          " coalesce(generation, 1) = %lld",
                          (long long)generation)
                      .p);
}

static void nothing_is_wrapped_by_a_key_that_a_node_does_not_have([[maybe_unused]] void **t)
{
    if (nodes_n < 2)
        skip();
    const int64_t before = under(3);
    assert_true(before > 0);
    assert_int_equal(rotate(&nodes[0]), EX_TEMPFAIL);
    assert_int_equal(number("select count(*) from vault_master where used_at = 0"), 1);
    add_account(&nodes[0], "them1");
    add_account(&nodes[1], "them2");
    assert_int_equal(under(4), 0);
    /* Who begins without it is refused, and one that is another is no better. */
    kill_node(&nodes[1]);
    assert_int_equal(RUN("serve", "--single", "--data", nodes[1].data), EX_DATAERR);
    assert_int_equal(
        shell(str_fmt(arena, "cp %s/b/keys/master-3.key %s/b/keys/master-4.key", root, root).p), 0);
    assert_int_equal(RUN("serve", "--single", "--data", nodes[1].data), EX_DATAERR);
    copy_key(4);
    assert_true(serve(&nodes[1]));
    assert_true(comes_to("select count(*) from vault_node where holds = 4", 2));
    assert_true(cluster_ask(database, "delete from vault_node where holds < 4", NULL)); /* killed */
    assert_int_equal(rotate(&nodes[1]), EX_OK); /* whichever goes on */
    assert_true(under(4) > before && under(3) == 0);
    add_account(&nodes[0], "them3");
    add_account(&nodes[1], "them4");
    assert_int_equal(under(3), 0);
    assert_int_equal(number("select count(*) from vault_master"), 1);
    assert_int_equal(
        number("select count(*) from journal_event where kind = 'vault.master.retired'"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_read_while_the_key_is_replaced),
        cmocka_unit_test(nothing_is_wrapped_by_a_key_that_a_node_does_not_have),
    };
    return cmocka_run_group_tests(tests, begin_world, end);
}
