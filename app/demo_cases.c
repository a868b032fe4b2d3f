/*
 * demo_cases.c - the invented dossiers of the demo: three weeks of work at two communes.
 *
 * They go through the doors that people's requests go through, on a clock that begins in the past
 * and ends now; so the journal, the registers and the deadlines of the demo are as a real office's.
 */
#include "demo.h"

#include "file/file.h"
#include "identity/identity.h"
#include "job/job.h"
#include "lane/lane.h"
#include "log/log.h"
#include "onestop/onestop.h"
#include "org/org.h"
#include "pdf/pdf.h"
#include "vault/vault.h"

#define DAYS_BACK 25

static const struct office ky_lua = {"H37.114.01", "motcua.kylua", "hotich.kylua", "chutich.kylua",
                                     "Phường Kỳ Lừa"};
static const struct office tam_thanh = {"H37.115.01", "motcua.tamthanh", "hotich.tamthanh",
                                        "chutich.tamthanh", "Phường Tam Thanh"};

static const struct office police = {"H37.114.01", "motcua.kylua", "congan.kylua", "truongca.kylua",
                                     "Phường Kỳ Lừa"};
static const struct office labour = {"H37.01", "motcua.tinh", "laodong.snv", "giamdoc.snv",
                                     "Phường Lương Văn Tri"};

/* Invented; who files has a number that follows the rule of other-systems.md 1.3. */
/* clang-format off */
static const struct demo_case cases[] = {
    {&ky_lua,    24,  8, 10, false, &demo_birth    , "Lý Thị Thảo", "020194999201", "1994-04-21", "Lương Gia Hân", "Nữ", "Nùng", RETURNED},
    {&ky_lua,    23,  9, 20, true , &demo_birth    , "Hoàng Thị Mai", "020192999101", "1992-04-21", "Hoàng Minh Quân", "Nam", "Tày", RETURNED},
    {&tam_thanh, 22,  8, 30, false, &demo_birth    , "Nông Thị Bích", "020193999202", "1993-06-02", "Nông Hải Đăng", "Nam", "Tày", RETURNED},
    {&ky_lua,    21, 10,  5, false, &demo_certified, "Vi Văn Toản", "020088999203", "1988-01-15", "Bằng tốt nghiệp trung học phổ thông", "Nữ", "Nùng", RETURNED},
    {&labour,    20,  9, 30, false, &demo_rules    , "Lương Quốc Hưng", "020080999222", "1980-05-05", "Công ty Hồi Chi Lăng", "Nam", "Kinh", RETURNED},
    {&police,    19, 14, 20, false, &demo_stay     , "Ngô Văn Phú", "020095999223", "1995-11-11", "số 7 đường Lê Lợi", "Nam", "Kinh", RETURNED},
    {&ky_lua,    18,  8, 40, true , &demo_birth    , "Nông Văn Thành", "020090999102", "1990-04-21", "Nông Bảo Anh", "Nữ", "Tày", RETURNED},
    {&tam_thanh, 17,  9, 45, false, &demo_copy     , "Triệu Thị Nảy", "020195999204", "1995-09-30", "Triệu Thị Nảy", "Nam", "Dao", RETURNED},
    {&ky_lua,    16, 13, 50, false, &demo_house    , "Phùng Văn Hải", "020089999205", "1989-03-08", "214, tờ bản đồ 37", "Nam", "Kinh", RETURNED},
    {&ky_lua,    14,  8, 15, false, &demo_single   , "Hứa Thị Lan", "020196999206", "1996-12-12", "-", "Nam", "Nùng", RETURNED},
    {&tam_thanh, 11, 10, 20, false, &demo_business , "Chu Thị Hồng", "020191999207", "1991-07-19", "Tạp hóa Hồng Chu", "Nữ", "Tày", RETURNED},
    {&ky_lua,    10,  9,  5, false, &demo_birth    , "Lăng Văn Sơn", "020087999208", "1987-10-01", "Lăng Quỳnh Chi", "Nữ", "Tày", REFUSED},
    {&ky_lua,     9,  8, 25, true , &demo_birth    , "Nông Văn Thành", "020090999102", "1990-04-21", "Nông Bảo An", "Nam", "Tày", WITHDRAWN},
    {&ky_lua,     8, 14, 10, false, &demo_business , "Mã Thị Lan", "020197999209", "1997-02-27", "Cửa hàng Mã Lan", "Nam", "Nùng", RETURNED},
    {&tam_thanh,  7,  8, 50, false, &demo_birth    , "Bế Minh Châu", "020190999210", "1990-08-14", "Bế Ngọc Diệp", "Nữ", "Tày", RETURNED},
    {&ky_lua,     7,  9, 30, false, &demo_house    , "Lộc Văn Tài", "020086999211", "1986-11-05", "88, tờ bản đồ 12", "Nam", "Nùng", STOPPED},
    {&labour,     6, 10, 10, false, &demo_rules    , "Trịnh Thị Vân", "020182999224", "1982-07-07", "Hợp tác xã Na Mẫu Sơn", "Nữ", "Kinh", ASKED},
    {&ky_lua,     6,  8, 35, true , &demo_birth    , "Hoàng Thị Mai", "020192999101", "1992-04-21", "Hoàng Khánh Linh", "Nữ", "Tày", ASKED_FIRST},
    {&ky_lua,     4,  9, 15, false, &demo_birth    , "Đàm Thị Yến", "020198999212", "1998-05-06", "Đàm Gia Bảo", "Nam", "Tày", RELEASED},
    {&police,     5,  9, 25, false, &demo_stay     , "Vương Thị Lụa", "020199999225", "1999-02-03", "số 21 đường Trần Đăng Ninh", "Nữ", "Tày", SUBMITTED},
    {&labour,     4,  8, 55, false, &demo_rules    , "Hoàng Văn Đạt", "020079999226", "1979-09-19", "Công ty Gỗ Bắc Sơn", "Nam", "Nùng", TAKEN},
    {&ky_lua,     3,  8, 20, false, &demo_death    , "Dương Văn Kiên", "020085999213", "1985-02-18", "Dương Văn Minh", "Nam", "Kinh", TAKEN},
    {&ky_lua,     3, 10, 40, false, &demo_copy     , "Long Thị Thu", "020199999214", "1999-09-09", "Long Thị Thu", "Nam", "Nùng", RELEASED},
    {&tam_thanh,  2,  8, 45, false, &demo_house    , "Hà Thị Hiền", "020192999215", "1992-10-23", "51, tờ bản đồ 20", "Nữ", "Tày", ASKED},
    {&ky_lua,     2, 14, 30, false, &demo_birth    , "Sầm Văn Hùng", "020084999216", "1984-04-04", "Sầm Bảo Châu", "Nữ", "Nùng", SUBMITTED},
    {&ky_lua,     1,  8, 10, false, &demo_certified, "Bàn Thị Mùi", "020193999217", "1993-01-31", "Sổ hộ khẩu cũ của gia đình", "Nam", "Dao", RELEASED},
    {&ky_lua,     1,  9, 55, false, &demo_single   , "Nguyễn Văn Lực", "020091999218", "1991-06-17", "-", "Nữ", "Kinh", SUBMITTED},
    {&tam_thanh,  1, 10, 15, false, &demo_birth    , "Đinh Thị Ngân", "020194999219", "1994-08-28", "Đinh Quốc Bảo", "Nam", "Tày", TAKEN},
    {&ky_lua,     1, 15, 20, false, &demo_business , "Tô Thị Hoài", "020196999220", "1996-03-13", "Quán phở Hoài", "Nam", "Nùng", ARRIVED},
    {&ky_lua,     1, 16, 10, false, &demo_birth    , "Lương Văn Tuấn", "020088999221", "1988-12-24", "Lương Thùy Dương", "Nữ", "Tày", ARRIVED},
    {&ky_lua,     0,  6, 40, true , &demo_birth    , "Nông Văn Thành", "020090999102", "1990-04-21", "Nông Thiên Ân", "Nam", "Tày", WAITS},
    {&tam_thanh,  0,  7,  5, true , &demo_birth    , "Hoàng Thị Mai", "020192999101", "1992-04-21", "Hoàng Diệu Anh", "Nữ", "Tày", WAITS},
};
/* clang-format on */

struct going {
    const struct demo_case *c;
    int64_t at;   /* when the next stage is */
    size_t stage; /* index into path */
    int64_t dossier, owner, file;
    struct file_upload *upload; /* the birth paper of an online request */
};

/* ---- what each stage does; the actor is set, d is read anew ---- */

static enum err put_sender(struct cx *cx, const struct demo_case *c, struct person *p)
{
    struct id_no id;
    int year, month, day;
    MUST(id_no_parse(cx->arena, str_c(c->id_no), &id));
    MUST(sscanf(c->born, "%4d-%2d-%2d", &year, &month, &day) == 3);
    *p = (struct person){.kind = S("cong_dan"),
                         .name = str_c(c->name),
                         .id_no = id.digits,
                         .sex = id.female ? S("nu") : S("nam"),
                         .born_on = civil_day(year, month, day),
                         .phone = S("0900000000"),
                         .address = str_fmt(cx->arena, "%s, tỉnh Lạng Sơn", c->office->place)};
    return person_put(cx, p);
}

static enum err send(struct cx *cx, struct going *g, struct dossier *d)
{
    const struct demo_kind *kind = g->c->kind;
    struct person sender;
    struct org_unit unit;
    struct stored_file file;
    struct dossier_paper papers[2];
    size_t papers_n = 0;
    TRY(put_sender(cx, g->c, &sender));
    TRY(org_unit_by_code(cx, str_c(g->c->office->unit), day_of(cx->now), &unit));
    for (; papers_n < 2 && kind->papers[papers_n]; papers_n++)
        papers[papers_n] = (struct dossier_paper){
            .component = str_c(kind->papers[papers_n]), .shown = true, .originals = 1};
    if (g->upload) {
        TRY(file_add(cx, g->upload, g->owner, S("giay-chung-sinh.pdf"), &file));
        papers[0].file = file.id;
        papers[0].shown = false;
    }
    const struct dossier_new n = {
        .procedure_code = str_c(kind->procedure),
        .form_json = demo_fill(cx, g->c, kind->answers),
        .delivery = S("quay"),
        .receiving_unit = unit.id,
        .channel = g->c->online ? CHANNEL_ONLINE : CHANNEL_COUNTER,
        .submitter = sender.id,
        .account = g->c->online ? cx->actor->account : 0,
        .papers = papers,
        .papers_n = papers_n,
    };
    return onestop_send(cx, &n, d);
}

static enum err ask_first(struct cx *cx, struct going *g, struct dossier *d)
{
    const struct demo_kind *kind = g->c->kind;
    const struct supplement_item item = {str_c(kind->papers[0]), str_c(kind->unclear)};
    return onestop_ask(cx, d, str_c(kind->unclear_short), &item, 1);
}

static enum err refuse(struct cx *cx, struct going *g, struct dossier *d)
{
    return onestop_refuse(cx, d, str_c(g->c->kind->refused), str_c(g->c->kind->basis));
}

static enum err withdraw(struct cx *cx, struct going *g, struct dossier *d)
{
    (void)g;
    return onestop_withdraw(cx, d, S("Khai nhầm tên đệm của con, sẽ nộp lại."));
}

static enum err accept(struct cx *cx, struct going *g, struct dossier *d)
{
    int64_t receipt;
    (void)g;
    TRY(onestop_accept(cx, d, S("")));
    if (d->fee_dong)
        TRY(onestop_take_fee(cx, d, &receipt));
    return d->state == DOSSIER_ACCEPTED ? onestop_hand_over(cx, d) : OK;
}

static enum err take(struct cx *cx, struct going *g, struct dossier *d)
{
    (void)g;
    return onestop_take(cx, d);
}

static enum err ask(struct cx *cx, struct going *g, struct dossier *d)
{
    const struct demo_kind *kind = g->c->kind;
    const struct supplement_item item = {str_c(kind->papers[0]), str_c(kind->wrong)};
    return onestop_ask(cx, d, str_c(kind->wrong_short), &item, 1);
}

static enum err stop(struct cx *cx, struct going *g, struct dossier *d)
{
    return onestop_stop(cx, d, str_c(g->c->kind->stopped),
                        S("Thông báo thụ lý của Tòa án nhân dân khu vực 1"));
}

static enum err submit(struct cx *cx, struct going *g, struct dossier *d)
{
    const struct demo_kind *kind = g->c->kind;
    TRY(onestop_draft(cx, d, demo_fill(cx, g->c, kind->draft), str_c(kind->note)));
    return onestop_submit(cx, d);
}

static enum err sign(struct cx *cx, struct going *g, struct dossier *d)
{
    (void)g;
    return onestop_sign_result(cx, d);
}

static enum err give_back(struct cx *cx, struct going *g, struct dossier *d)
{
    const struct handed to = {.to_name = str_c(g->c->name), .evidence = S("thẻ căn cước")};
    return onestop_return(cx, d, &to);
}

enum who { COUNTER, CLERK, LEADER, SENDER };
#define ONLY(fate) (1U << (fate))
#define FROM(fate) (~0U << (fate))
static const struct stage {
    enum err (*act)(struct cx *cx, struct going *g, struct dossier *d);
    enum who who;
    int minutes; /* after the one before */
    unsigned fates;
} path[] = {
    {send, SENDER, 0, FROM(WAITS)},
    {ask_first, COUNTER, 60, ONLY(ASKED_FIRST)},
    {refuse, COUNTER, 10, ONLY(REFUSED)},
    {withdraw, SENDER, 30, ONLY(WITHDRAWN)},
    {accept, COUNTER, 5, FROM(ARRIVED)},
    {take, CLERK, 20, FROM(TAKEN)},
    {ask, CLERK, 30, ONLY(ASKED)},
    {stop, LEADER, 40, ONLY(STOPPED)},
    {submit, CLERK, 25, FROM(SUBMITTED)},
    {sign, LEADER, 30, FROM(RELEASED)},
    {give_back, COUNTER, 40, FROM(RETURNED)},
};
#define STAGES (sizeof path / sizeof *path)
#define CASES (sizeof cases / sizeof *cases)

/* ---- who acts ---- */

static const char *login_of(const struct demo_case *c, enum who who)
{
    if (who == SENDER && c->online)
        return c->id_no;
    return who == CLERK ? c->office->clerk : who == LEADER ? c->office->leader : c->office->counter;
}

static enum err act_as(struct cx *cx, const char *login)
{
    struct account account;
    struct post post;
    size_t n;
    struct actor *actor = NEW(cx->arena, struct actor);
    TRY(account_by_login(cx, str_c(login), &account));
    TRY(identity_posts(cx, account.id, &post, 1, &n));
    TRY(identity_load_actor(cx, account.id, n ? post.unit : 0, actor));
    cx->actor = actor;
    cx->purpose = S("Giải quyết hồ sơ");
    return OK;
}

/* WRITE. */
static enum err play(struct cx *cx, void *arg)
{
    struct going *g = arg;
    const struct stage *s = &path[g->stage];
    struct dossier d = {0};
    TRY(act_as(cx, login_of(g->c, s->who)));
    if (g->dossier)
        TRY(onestop_find(cx, g->dossier, &d));
    TRY(s->act(cx, g, &d));
    g->dossier = d.id;
    return OK;
}

/* ---- the paper of an online request ---- */

/* SLOW: who owns it, and the key that seals it. */
static enum err find_owner(struct cx *cx, void *arg)
{
    struct going *g = arg;
    struct account account;
    struct str key;
    TRY(account_by_login(cx, str_c(g->c->id_no), &account));
    TRY(account_subject(cx, account.id, &g->owner));
    TRY(vault_subject_key(cx, g->owner, &key));
    const struct pdf_block lines[] = {
        {.kind = PDF_TEXT,
         .align = PDF_CENTRE,
         .bold = true,
         .size = 16,
         .text = S("GIẤY CHỨNG SINH")},
        {.kind = PDF_SPACE, .height = 12},
        {.kind = PDF_TEXT, .text = str_fmt(cx->arena, "Con của: %s", g->c->name)},
        {.kind = PDF_TEXT,
         .text = str_fmt(cx->arena, "Giới tính: %s. Dự kiến đặt tên: %s", g->c->sex, g->c->about)},
    };
    const struct pdf_page_spec page = {
        .paper = PDF_A5, .title = S("Giấy chứng sinh"), .watermark = S("BẢN THỬ")};
    struct str pdf;
    TRY(pdf_make(cx, &page, lines, sizeof lines / sizeof *lines, &pdf));
    return file_put(cx, g->owner, key, S("giay-chung-sinh.pdf"), pdf, &g->upload);
}

/* ---- time ---- */

static int64_t demo_clock(struct env *env)
{
    return *(int64_t *)env->clock_state;
}

static void set_clock(struct app *a, int64_t now)
{
    *(int64_t *)a->env.clock_state = now;
    a->cx.now = now;
}

/* Offices are closed at weekends; then it was sent on the Friday. */
static int64_t sent_at(const struct demo_case *c, int64_t now)
{
    struct civil then = civil_at(now - c->days_ago * DAY_MS);
    const int weekday = then.weekday;
    then.hour = c->hour;
    then.minute = c->minute;
    then.second = then.ms = 0;
    return civil_ms(&then) - (weekday == 0 ? 2 : weekday == 6 ? 1 : 0) * DAY_MS;
}

static struct going *earliest(struct going *all)
{
    struct going *best = NULL;
    for (size_t i = 0; i < CASES; i++) {
        if (all[i].stage < STAGES && (!best || all[i].at < best->at))
            best = &all[i];
    }
    return best;
}

/* To the next stage that this case comes to. */
static void move_on(struct going *g)
{
    do
        g->stage++;
    while (g->stage < STAGES && !(path[g->stage].fates & ONLY(g->c->fate)));
    if (g->stage < STAGES)
        g->at += path[g->stage].minutes * MINUTE_MS;
}

static enum err one_stage(struct app *a, struct going *g)
{
    int ran;
    set_clock(a, g->at);
    if (g->stage == 0 && g->c->online)
        TRY(lane_call(a->env.lanes, LANE_SLOW, &a->cx, find_owner, g));
    TRY(lane_call(a->env.lanes, LANE_WRITE, &a->cx, play, g));
    return path[g->stage].act == sign ? jobs_run_due(&a->cx, &ran) : OK;
}

static enum err play_all(struct app *a, int64_t until, struct going *all)
{
    for (size_t i = 0; i < CASES; i++)
        all[i] = (struct going){.c = &cases[i], .at = sent_at(&cases[i], until)};
    for (struct going *g; (g = earliest(all)) && g->at <= until; move_on(g))
        TRY(one_stage(a, g));
    return OK;
}

void demo_begin(struct app *a, int64_t *clock)
{
    a->env.clock_state = clock;
    a->env.clock = demo_clock;
    set_clock(a, clock_system(&a->env) - DAYS_BACK * DAY_MS);
}

enum err demo_play(struct app *a)
{
    const int64_t until = clock_system(&a->env);
    struct going all[CASES];
    settings_set(a->settings, S("job.threads"), S("0")); /* jobs run when demo_play says so */
    log_from(LOG_WARN);
    TRY(jobs_start(&a->cx, module_jobs(a->arena, app_modules), &a->env.jobs));
    enum err e = play_all(a, until, all);
    for (size_t i = 0; i < CASES; i++) {
        if (all[i].upload)
            file_upload_drop(all[i].upload);
    }
    set_clock(a, until);
    jobs_stop(a->env.jobs);
    a->env.jobs = NULL;
    return e;
}
