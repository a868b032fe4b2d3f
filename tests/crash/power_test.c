/* power_test.c - what was acknowledged survives a power cut, and who drops an fsync is found out.
 */
#include "power.h"
#include "power_record.h"
#include "power_world.h"

#include <sys/statvfs.h>

#define WORKERS 4
#define CUTS 8
#define ENTRIES_MAX 4096
#define PLACES 40 /* in one run, where the power goes */

/* A place with the folder of now and, beside it, the folder before and the record since. */
struct place {
    char root[64];
    int generation;
    struct str folder;
    struct world world;
    struct acknowledged known;
};

static struct cx *cx_of(struct place *p)
{
    return &p->world.cx;
}

static struct str folder_name(const struct place *p, int generation, char room[96])
{
    int n = snprintf(room, 96, "%s/%d", p->root, generation);
    return (struct str){room, (size_t)n};
}

static void copy_folder(const char *from, const char *to)
{
    /* A record that holds nothing: everything is as it was. */
    struct cx cx = {.arena = arena_new(1 << 20)};
    struct str empty = str_fmt(cx.arena, "%s.empty", to);
    FILE *f = fopen(empty.p, "w");
    assert_non_null(f);
    fclose(f);
    testing_ok_(power_image(&cx, from, empty.p, 0, 0, to), cx.why.p, __FILE__, __LINE__);
    unlink(empty.p);
    arena_free(cx.arena);
}

/* Opens the folder of this generation under the recorder. */
static void power_on(struct place *p, bool make)
{
    char now[96], copy[104], record[104];
    folder_name(p, p->generation, now);
    snprintf(copy, sizeof copy, "%s.before", now);
    snprintf(record, sizeof record, "%s.record", now);
    copy_folder(now, copy);
    assert_true(power_record(now, record));
    static char kept[96];
    memcpy(kept, now, sizeof kept);
    p->folder = str_c(kept);
    atomic_store(&p->known.dark, false);
    if (world_open(&p->world, p->folder, make) != OK)
        fail_msg("%.*s", F(cx_of(p)->why));
}

/* The light goes out: the next folder is what the disk holds. */
static void power_off(struct place *p, uint64_t seed)
{
    char next[96], copy[128], record[128];
    atomic_store(&p->known.dark, true);
    power_cut();
    power_drop_fsyncs("", 0);
    snprintf(copy, sizeof copy, "%.*s.before", F(p->folder));
    snprintf(record, sizeof record, "%.*s.record", F(p->folder));
    folder_name(p, ++p->generation, next);
    assert_ok(power_image(cx_of(p), copy, record, 0, seed, next));
    world_close(&p->world);
}

/* What is fsynced is the double's business: memory will do where there is enough of it. */
static void make_root(char root[64])
{
    struct statvfs v;
    bool memory = statvfs("/dev/shm", &v) == 0 && v.f_bavail * v.f_frsize > (size_t)512 << 20 &&
                  access("/dev/shm", W_OK | X_OK) == 0;
    snprintf(root, 64, "%s/tinhso-power-XXXXXX", memory ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(root));
}

static int start(void **t)
{
    struct place *p = calloc(1, sizeof *p);
    MUST(p != NULL);
    *t = p;
    make_root(p->root);
    pthread_mutex_init(&p->known.lock, NULL);
    char first[96];
    folder_name(p, 0, first);
    assert_int_equal(mkdir(first, 0700), 0);
    power_on(p, true);
    assert_ok(lane_call(p->world.env.lanes, LANE_WRITE, cx_of(p), new_owner, &p->known.owner));
    return 0;
}

static int end(void **t)
{
    struct place *p = *t;
    power_cut();
    power_drop_fsyncs("", 0);
    if (p->world.cx.arena)
        world_close(&p->world);
    remove_folder(p->root);
    free(p);
    return 0;
}

#define POWER_TEST(f) cmocka_unit_test_setup_teardown(f, start, end)

/* ---- load ---- */

struct worker {
    struct place *place;
    struct cx cx;
    pthread_t thread;
    atomic_bool *stop;
};

static void *work(void *arg)
{
    struct worker *w = arg;
    while (!atomic_load(w->stop)) {
        struct arena_mark here = arena_here(w->cx.arena);
        IGNORE(do_effect(&w->cx, &w->place->known));
        arena_back(w->cx.arena, here);
    }
    return NULL;
}

/* Checkpoints in the middle of everything: the log begins anew again and again. */
static void checkpoint_now(struct place *p)
{
    struct cx cx = *cx_of(p);
    cx.arena = arena_new(1 << 20);
    assert_ok(lane_hold(p->world.env.lanes, &cx));
    IGNORE(db_checkpoint(&cx, false));
    lane_let_go(p->world.env.lanes, &cx);
    arena_free(cx.arena);
}

/* Workers work until so many effects are acknowledged; then, in the middle of it, the cut. */
static void work_until_cut(struct place *p, size_t more, uint64_t seed)
{
    struct worker w[WORKERS];
    atomic_bool stop = false;
    size_t goal = p->known.n + more, n = p->known.n;
    for (int i = 0; i < WORKERS; i++) {
        w[i] = (struct worker){.place = p, .cx = *cx_of(p), .stop = &stop};
        w[i].cx.arena = arena_new((size_t)64 << 20);
        assert_int_equal(pthread_create(&w[i].thread, NULL, work, &w[i]), 0);
    }
    for (size_t at = n + 5; n < goal;) {
        nanosleep(&(struct timespec){.tv_nsec = 500'000}, NULL);
        pthread_mutex_lock(&p->known.lock);
        n = p->known.n;
        pthread_mutex_unlock(&p->known.lock);
        if (n >= at) {
            checkpoint_now(p);
            at = n + 5;
        }
    }
    atomic_store(&p->known.dark, true);
    power_cut();
    atomic_store(&stop, true);
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(w[i].thread, NULL);
        arena_free(w[i].cx.arena);
    }
    power_off(p, seed);
}

/* Opens what the disk holds, and looks for everything acknowledged. */
static struct found find_in(struct place *p, struct str folder, uint64_t place, char why[512])
{
    struct found f = {.k = &p->known, .place = place};
    struct world w;
    enum err e = world_open(&w, folder, false);
    if (e == OK)
        e = lane_call(w.env.lanes, LANE_SLOW, &w.cx, look, &f);
    if (e != OK) {
        f.lost = -1; /* not even readable */
        f.what = w.cx.why;
    }
    struct str said = f.what.n ? f.what : f.report.what;
    snprintf(why, 512, "%.*s", F(said));
    f.what = str_c(why);
    world_close(&w);
    return f;
}

static struct found find_all(struct place *p, char why[512])
{
    char folder[96];
    return find_in(p, folder_name(p, p->generation, folder), 0, why);
}

static void assert_nothing_lost(struct place *p)
{
    char why[512];
    struct found f = find_all(p, why);
    if (f.lost != 0 || !f.report.sound)
        fail_msg("generation %d: lost %d of %zu, journal %s: %s", p->generation, f.lost, p->known.n,
                 f.report.sound ? "sound" : "NOT sound", why);
}

/* What nobody fsynced is gone, and the check says so. */
static void assert_one_is_lost(struct place *p)
{
    char why[512];
    struct found f = find_all(p, why);
    assert_int_equal(f.lost, 1);
}

static void assert_something_is_wrong(struct place *p)
{
    char why[512];
    struct found f = find_all(p, why);
    assert_true(f.lost != 0 || !f.report.sound);
}

static void one_effect(struct place *p)
{
    assert_ok(do_effect(cx_of(p), &p->known));
}

/* The disk as a cut at this place of the record leaves it holds all that was acknowledged by then.
 */
static void assert_nothing_lost_at(struct place *p, uint64_t place, uint64_t seed)
{
    char why[512], after[96], copy[128], record[128];
    struct cx cx = {.arena = arena_new(1 << 20)};
    snprintf(after, sizeof after, "%s/after", p->root);
    snprintf(copy, sizeof copy, "%.*s.before", F(p->folder));
    snprintf(record, sizeof record, "%.*s.record", F(p->folder));
    testing_ok_(power_image(&cx, copy, record, place, seed, after), "image", __FILE__, __LINE__);
    arena_free(cx.arena);
    struct found f = find_in(p, str_c(after), place, why);
    if (f.lost != 0 || !f.report.sound)
        fail_msg("a cut at %llu: lost %d, journal %s: %s", (unsigned long long)place, f.lost,
                 f.report.sound ? "sound" : "NOT sound", why);
    remove_folder(after);
}

/* ---- the recorder itself ---- */

static void put(const char *folder, const char *name, const char *text, bool synced)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    if (synced)
        assert_int_equal(fsync(fd), 0);
    close(fd);
}

static void sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(fsync(fd), 0);
    close(fd);
}

static void assert_holds(const char *folder, const char *name, const char *text)
{
    char path[256], room[256] = "";
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "r");
    if (!text) {
        assert_null(f);
        return;
    }
    assert_non_null(f);
    size_t n = fread(room, 1, sizeof room - 1, f);
    fclose(f);
    room[n] = 0;
    assert_string_equal(room, text);
}

struct small {
    char root[64], folder[80], before[80], record[80], after[80];
};

static void small_start(struct small *s)
{
    make_root(s->root);
    snprintf(s->folder, sizeof s->folder, "%s/now", s->root);
    snprintf(s->before, sizeof s->before, "%s/before", s->root);
    snprintf(s->record, sizeof s->record, "%s/record", s->root);
    snprintf(s->after, sizeof s->after, "%s/after", s->root);
    mkdir(s->folder, 0700);
    put(s->folder, "old", "before;", false);
    put(s->folder, "gone", "before;", false);
    copy_folder(s->folder, s->before);
    assert_true(power_record(s->folder, s->record));
}

static void small_cut(struct small *s)
{
    struct cx cx = {.arena = arena_new(1 << 20)};
    power_cut();
    testing_ok_(power_image(&cx, s->before, s->record, 0, 0, s->after), "image", __FILE__,
                __LINE__);
    arena_free(cx.arena);
}

static void without_power_only_what_was_fsynced_is_there(void **)
{
    struct small s;
    small_start(&s);
    put(s.folder, "old", "synced;", true);
    put(s.folder, "old", "late;", false);
    put(s.folder, "named", "bytes;", true);
    sync_folder(s.folder);
    put(s.folder, "unnamed", "bytes;", true); /* its folder was not fsynced again */
    put(s.folder, "named", "late;", false);
    small_cut(&s);
    assert_holds(s.after, "old", "before;synced;");
    assert_holds(s.after, "gone", "before;");
    assert_holds(s.after, "named", "bytes;");
    assert_holds(s.after, "unnamed", NULL);
    remove_folder(s.root);
}

static void names_change_when_their_folder_is_fsynced(void **)
{
    struct small s;
    char a[256], b[256];
    small_start(&s);
    snprintf(a, sizeof a, "%s/sub", s.folder);
    assert_int_equal(mkdir(a, 0700), 0);
    put(s.folder, "fresh", "moved;", true);
    snprintf(a, sizeof a, "%s/fresh", s.folder);
    snprintf(b, sizeof b, "%s/sub/moved", s.folder);
    assert_int_equal(rename(a, b), 0);
    sync_folder(s.folder);
    snprintf(a, sizeof a, "%s/gone", s.folder);
    assert_int_equal(unlink(a), 0);
    snprintf(a, sizeof a, "%s/old", s.folder);
    assert_int_equal(rename(a, b), 0); /* over the other; never fsynced */
    small_cut(&s);
    assert_holds(s.after, "sub/moved", "moved;");
    assert_holds(s.after, "fresh", NULL);
    assert_holds(s.after, "gone", "before;");
    assert_holds(s.after, "old", "before;");
    remove_folder(s.root);
}

static void a_dropped_fsync_keeps_nothing_though_it_says_so(void **)
{
    struct small s;
    small_start(&s);
    power_drop_fsyncs("ol?", 1);
    put(s.folder, "old", "dropped;", true);
    assert_int_equal(power_dropped(), 1);
    small_cut(&s);
    assert_holds(s.after, "old", "before;");
    remove_folder(s.root);
}

/* ---- the program ---- */

static void what_was_acknowledged_survives_power_cuts_under_load(void **t)
{
    struct place *p = *t;
    for (int i = 0; i < CUTS; i++) {
        uint64_t seed = i % 2 ? UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)i : 0;
        work_until_cut(p, 12, seed);
        assert_nothing_lost(p);
        power_on(p, false);
    }
    assert_true(p->known.n >= 12 * CUTS);
}

/* Where the entries of a record begin. */
static size_t entries_of(const char *path, uint64_t from, uint64_t *out, size_t max)
{
    struct power_entry e;
    uint64_t place = 0;
    size_t n = 0;
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    while (n < max && fread(&e, sizeof e, 1, f) == 1 && fseek(f, e.n, SEEK_CUR) == 0) {
        if (place >= from)
            out[n++] = place;
        place += sizeof e + e.n;
    }
    fclose(f);
    return n;
}

/* One run, and the power goes at many places of it: also in the middle of a checkpoint, of the
 * first write over the old log, of a rename. */
static void a_cut_at_any_place_loses_nothing(void **t)
{
    struct place *p = *t;
    one_effect(p); /* there is something before */
    uint64_t from = power_place();
    for (int i = 0; i < 3; i++) {
        one_effect(p);
        one_effect(p);
        checkpoint_now(p);
    }
    uint64_t end = power_place(), places[ENTRIES_MAX];
    atomic_store(&p->known.dark, true);
    power_cut();
    char record[128];
    snprintf(record, sizeof record, "%.*s.record", F(p->folder));
    size_t n = entries_of(record, from, places, ENTRIES_MAX);
    assert_in_range(n, PLACES, ENTRIES_MAX - 1);
    for (size_t i = 0; i < PLACES; i++)
        assert_nothing_lost_at(p, places[i * n / PLACES],
                               i % 2 ? UINT64_C(0x9E3779B97F4A7C15) * i : 0);
    assert_nothing_lost_at(p, end, 0);
}

static void without_the_fsync_of_the_log_a_transaction_is_lost(void **t)
{
    struct place *p = *t;
    for (int i = 0; i < 5; i++)
        one_effect(p);
    power_drop_fsyncs("core.db-wal", -1);
    one_effect(p);
    assert_true(power_dropped() > 0);
    power_off(p, 0);
    assert_one_is_lost(p);
}

static void without_the_fsync_of_the_database_a_checkpoint_loses(void **t)
{
    struct place *p = *t;
    for (int i = 0; i < 5; i++)
        one_effect(p);
    power_drop_fsyncs("core.db", -1);
    checkpoint_now(p);
    assert_true(power_dropped() > 0);
    one_effect(p); /* over the log that was thought to be in the database */
    power_off(p, 0);
    assert_something_is_wrong(p);
}

static void without_the_fsync_of_a_file_its_bytes_are_lost(void **t)
{
    struct place *p = *t;
    one_effect(p);
    power_drop_fsyncs("files/tmp/*", -1);
    one_effect(p);
    assert_true(power_dropped() > 0);
    power_off(p, 0);
    assert_one_is_lost(p);
}

static void without_the_fsync_of_its_folder_a_file_is_lost(void **t)
{
    struct place *p = *t;
    one_effect(p);
    power_drop_fsyncs("files/??", -1);
    one_effect(p);
    assert_true(power_dropped() > 0);
    power_off(p, 0);
    assert_one_is_lost(p);
}

static void without_dropping_the_same_steps_lose_nothing(void **t)
{
    struct place *p = *t;
    for (int i = 0; i < 5; i++)
        one_effect(p);
    checkpoint_now(p);
    one_effect(p);
    power_off(p, 0);
    assert_nothing_lost(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_power_only_what_was_fsynced_is_there),
        cmocka_unit_test(names_change_when_their_folder_is_fsynced),
        cmocka_unit_test(a_dropped_fsync_keeps_nothing_though_it_says_so),
        POWER_TEST(without_dropping_the_same_steps_lose_nothing),
        POWER_TEST(what_was_acknowledged_survives_power_cuts_under_load),
        POWER_TEST(a_cut_at_any_place_loses_nothing),
        POWER_TEST(without_the_fsync_of_the_log_a_transaction_is_lost),
        POWER_TEST(without_the_fsync_of_the_database_a_checkpoint_loses),
        POWER_TEST(without_the_fsync_of_a_file_its_bytes_are_lost),
        POWER_TEST(without_the_fsync_of_its_folder_a_file_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
