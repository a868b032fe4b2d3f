/* story.c - reading a story and doing what it says. */
#include "story_inside.h"

#include <errno.h>
#include <stdio.h>

#include "job/job.h"
#include "testing.h"

#define STORY_MAX ((size_t)256 * 1024)

void story_fail(const struct story *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str why = str_vfmt(s->cx->arena, format, args);
    va_end(args);
    print_error("%.*s:%d: %.*s\n    %.*s\n", F(s->path), s->line, F(s->source), F(why));
    if (s->now) {
        const struct page *p = browser_page(s->now);
        print_error("    trang %.*s (%d): %.*s\n", F(p->target), p->status,
                    F(str_until(p->words.n ? p->words : p->body, 2500)));
    }
    _fail(str_z(s->cx->arena, s->path), s->line);
    abort(); /* _fail does not come back */
}

/* ---- variables ---- */

void story_set(struct story *s, struct str name, struct str value)
{
    struct str *kept = NEW(s->cx->arena, struct str);
    *kept = str_dup(s->cx->arena, value);
    map_put(s->cx->arena, &s->variables, str_dup(s->cx->arena, name), kept);
}

struct str story_fill(struct story *s, struct str text)
{
    struct buf b = {.arena = s->cx->arena, .limit = STORY_MAX};
    while (text.n) {
        struct str before, rest, name, after;
        if (!str_cut(text, '{', &before, &rest) || !str_cut(rest, '}', &name, &after)) {
            buf_add(&b, text);
            break;
        }
        const struct str *value = map_get(&s->variables, name);
        buf_add(&b, before);
        if (value)
            buf_add(&b, *value);
        else
            buf_fmt(&b, "{%.*s}", F(name));
        text = after;
    }
    return buf_str(&b);
}

bool story_match(struct story *s, struct str pattern, struct str text)
{
    pattern = story_fill(s, pattern);
    struct str before, rest, name, after;
    if (!str_cut(pattern, '{', &before, &rest) || !str_cut(rest, '}', &name, &after))
        return str_eq(pattern, text);
    if (!str_starts(text, before))
        return false;
    struct str piece = str_from(text, before.n);
    size_t n = 0;
    while (n < piece.n && piece.p[n] != '/' && piece.p[n] != '?' && piece.p[n] != '#' &&
           (after.n == 0 || piece.p[n] != after.p[0]))
        n++;
    if (n == 0)
        return false;
    struct str value = str_until(piece, n);
    story_set(s, name, value);
    return story_match(s, after, str_from(piece, n));
}

/* ---- words of a line ---- */

static struct str quoted(struct story *s, struct str *rest)
{
    struct buf b = {.arena = s->cx->arena, .limit = STORY_MAX};
    size_t i = 1;
    for (; i < rest->n && rest->p[i] != '"'; i++) {
        if (rest->p[i] == '\\' && i + 1 < rest->n) {
            i++;
            buf_byte(&b, rest->p[i] == 'n' ? '\n' : rest->p[i]);
        } else {
            buf_byte(&b, rest->p[i]);
        }
    }
    if (i >= rest->n)
        story_fail(s, "thiếu dấu ngoặc kép đóng");
    *rest = str_from(*rest, i + 1);
    return buf_str(&b);
}

static struct str bare(struct str *rest)
{
    size_t n = 0;
    while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t')
        n++;
    struct str word = str_until(*rest, n);
    *rest = str_from(*rest, n);
    return word;
}

/* name=value, name="value", name=@file */
static bool pair(struct story *s, struct str *rest, struct word *w)
{
    size_t n = 0;
    while (n < rest->n && rest->p[n] != '=' && rest->p[n] != ' ' && rest->p[n] != '"' &&
           rest->p[n] != '/' && rest->p[n] != '?')
        n++;
    if (n == 0 || n == rest->n || rest->p[n] != '=')
        return false;
    w->name = str_until(*rest, n);
    *rest = str_from(*rest, n + 1);
    w->is_pair = true;
    if (rest->n && rest->p[0] == '"') {
        w->text = quoted(s, rest);
        return true;
    }
    w->text = bare(rest);
    w->is_file = w->text.n > 1 && w->text.p[0] == '@';
    if (w->is_file)
        w->text = str_from(w->text, 1);
    return true;
}

static void cut_words(struct story *s, struct str line)
{
    s->words_n = 0;
    s->arrow = SIZE_MAX;
    while ((line = str_trim(line)).n) {
        if (s->words_n == STORY_WORDS_MAX)
            story_fail(s, "dòng quá dài");
        struct word *w = &s->words[s->words_n];
        *w = (struct word){0};
        if (str_starts(line, S("->"))) {
            s->arrow = s->words_n;
            line = str_from(line, 2);
            continue;
        }
        if (line.p[0] == '"') {
            w->text = quoted(s, &line);
            w->quoted = true;
        } else if (s->arrow != SIZE_MAX || !pair(s, &line, w)) {
            w->text = bare(&line);
        }
        s->words_n++;
    }
    if (s->arrow == SIZE_MAX)
        s->arrow = s->words_n;
}

/* ---- who ---- */

static void become(struct story *s, struct str words)
{
    for (size_t i = 0; i < s->actors_n; i++)
        if (str_eq(s->actors[i].words, words)) {
            s->now = s->actors[i].browser;
            return;
        }
    const struct story_role *r = s->config->roles;
    while (r->words && !str_eq(str_c(r->words), words))
        r++;
    if (!r->words)
        story_fail(s, "không biết “%.*s” là ai", F(words));
    if (s->actors_n == STORY_ACTORS_MAX)
        story_fail(s, "nhiều người quá");
    struct browser *b = browser_new(s->cx);
    if (r->login && !s->config->sign_in(b, r->login)) {
        s->now = b;
        story_fail(s, "“%.*s” không đăng nhập được", F(words));
    }
    s->actors[s->actors_n++] = (struct story_actor){str_dup(s->cx->arena, words), b};
    s->now = b;
}

/* ---- time ---- */

static void run_jobs(struct story *s)
{
    int ran;
    enum err e = jobs_run_due(s->cx, &ran);
    if (e != OK)
        story_fail(s, "việc nền: %s: %.*s", err_name(e), F(s->cx->why));
}

/* sau 8 ngày · lùi 1 giờ: the clock of a machine that was set back */
static void move_clock(struct story *s, int64_t direction)
{
    static const struct {
        const char *word;
        int64_t ms;
    } units[] = {{"phút", MINUTE_MS}, {"giờ", HOUR_MS}, {"ngày", DAY_MS}, {"giây", SECOND_MS}};
    int64_t n;
    if (s->words_n == 3 && str_int(s->words[1].text, &n) && n > 0)
        for (size_t i = 0; i < sizeof units / sizeof *units; i++)
            if (str_eq(s->words[2].text, str_c(units[i].word))) {
                testing_advance(s->cx, direction * n * units[i].ms);
                run_jobs(s);
                return;
            }
    story_fail(s, "cần: sau N giây|phút|giờ|ngày, hoặc lùi N …");
}

/* lúc 09:00 24/11/2026 */
static void at_time(struct story *s)
{
    struct str d = s->words_n == 3 ? s->words[2].text : S(""),
               t = s->words_n == 3 ? s->words[1].text : S("");
    int64_t utc;
    struct str iso = d.n == 10 ? str_fmt(s->cx->arena, "%.*s-%.*s-%.*sT%.*s", 4, d.p + 6, 2,
                                         d.p + 3, 2, d.p, F(t))
                               : S("");
    if (!local_time_parse(iso, &utc))
        story_fail(s, "cần: lúc 09:00 24/11/2026");
    if (utc < s->cx->now)
        story_fail(s, "không đi lùi thời gian được: bây giờ là %.*s",
                   F(time_vi(s->cx->arena, s->cx->now)));
    testing_set_now(s->cx, utc);
    run_jobs(s);
}

/* ---- taking something from the page ---- */

/* ghi {ma} sau "Mã hồ sơ" | ghi {ma} trong "/ho-so/{ma}" */
static void note(struct story *s)
{
    if (s->words_n != 4 || s->words[1].text.n < 3)
        story_fail(s, "cần: ghi {tên} sau \"chữ\", hoặc ghi {tên} trong \"/duong-dan/{tên}\"");
    struct str name = (struct str){s->words[1].text.p + 1, s->words[1].text.n - 2};
    const struct page *p = browser_page(s->now);
    struct str wanted = story_fill(s, s->words[3].text);
    size_t at;
    if (str_eq(s->words[2].text, S("sau"))) {
        if (!str_find(p->words, wanted, &at))
            story_fail(s, "trang không có “%.*s”", F(wanted));
        struct str rest = str_trim(str_from(p->words, at + wanted.n));
        while (rest.n && (rest.p[0] == ':' || rest.p[0] == ' '))
            rest = str_from(rest, 1);
        story_set(s, name, bare(&rest));
        return;
    }
    map_put(s->cx->arena, &s->variables, str_dup(s->cx->arena, name), NULL); /* taken anew */
    if (story_match(s, s->words[3].text, p->target) ||
        story_match(s, s->words[3].text, p->reply.location))
        return;
    for (size_t i = 0; i < p->links_n; i++)
        if (story_match(s, s->words[3].text, p->links[i].href))
            return;
    for (size_t i = 0; i < p->forms_n; i++)
        if (story_match(s, s->words[3].text, p->forms[i].action))
            return;
    story_fail(s, "trang không có địa chỉ nào như vậy");
}

/* ---- statements ---- */

static void get(struct story *s)
{
    browser_follow(s->now, false);
    browser_open(s->now, story_fill(s, s->words[1].text).p);
    browser_follow(s->now, true);
}

static void go_on(struct story *s)
{
    struct str where = browser_page(s->now)->reply.location;
    if (where.n == 0)
        story_fail(s, "trang trước không dẫn đi đâu");
    browser_open(s->now, str_dup(s->cx->arena, where).p);
}

static void click(struct story *s)
{
    struct str link = story_fill(s, s->words[1].text);
    if (!browser_click(s->now, str_z(s->cx->arena, link)))
        story_fail(s, "trang không có liên kết “%.*s”", F(link));
}

static void verify(struct story *s)
{
    struct str finding = S("");
    if (s->config->verify && !s->config->verify(s->cx, &finding))
        story_fail(s, "nhật ký: %.*s", F(finding));
}

/* Two words may name one statement: "gửi lại", "mất kết nối". */
static bool begins(const struct story *s, const char *words)
{
    struct str rest = str_c(words), word;
    for (size_t i = 0; rest.n; i++) {
        str_cut(rest, ' ', &word, &rest);
        if (i >= s->words_n || !str_eq(s->words[i].text, word))
            return false;
    }
    return true;
}

static void need_actor(struct story *s)
{
    if (!s->now)
        story_fail(s, "chưa biết là ai: bắt đầu bằng “như ...”");
}

/* What is lost: the answer and its cookies. The server has done its part. */
static void send_post(struct story *s, bool press)
{
    struct str cookies = browser_cookies(s->now);
    bool lose = s->lose;
    s->lose = false;
    struct str what = story_fill(s, s->words[1].text);
    if (press)
        story_press(s, what, 2, s->arrow);
    else
        story_post(s, what, 2, s->arrow);
    if (lose)
        browser_set_cookies(s->now, cookies);
}

static void ask(struct story *s)
{
    need_actor(s);
    if (begins(s, "GET") && s->words_n > 1)
        get(s);
    else if (begins(s, "POST") && s->words_n > 1)
        send_post(s, false);
    else if (begins(s, "bấm") && s->words_n > 1)
        send_post(s, true);
    else if (begins(s, "mở") && s->words_n > 1)
        click(s);
    else if (begins(s, "tiếp"))
        go_on(s);
    else if (begins(s, "gửi lại"))
        browser_again(s->now);
    else if (!begins(s, "thấy"))
        story_fail(s, "không hiểu câu này; xem core/testing/README.md");
    story_expect(s);
}

static void statement(struct story *s, struct str line)
{
    s->source = line;
    cut_words(s, line);
    if (begins(s, "như"))
        become(s, str_trim(str_from(line, sizeof "như" - 1)));
    else if (begins(s, "sau"))
        move_clock(s, 1);
    else if (begins(s, "lùi"))
        move_clock(s, -1);
    else if (begins(s, "lúc"))
        at_time(s);
    else if (begins(s, "chạy việc nền"))
        run_jobs(s);
    else if (begins(s, "kiểm nhật ký"))
        verify(s);
    else if (begins(s, "khởi động lại"))
        testing_restart(s->cx);
    else if (begins(s, "mất kết nối"))
        s->lose = true;
    else if (begins(s, "ghi"))
        note(s);
    else
        ask(s);
}

static struct str read_story(struct cx *cx, const char *path)
{
    FILE *f = fopen(path, "re");
    if (!f)
        fail_msg("%s: %s", path, strerror(errno));
    char *p = arena_alloc(cx->arena, STORY_MAX);
    size_t n = fread(p, 1, STORY_MAX, f);
    fclose(f);
    return (struct str){p, n};
}

void story_run(struct cx *cx, const char *path, const struct story_config *c)
{
    struct story *s = NEW(cx->arena, struct story);
    s->cx = cx;
    s->config = c;
    s->path = str_c(path);
    for (const struct story_known *k = c->known; k && k->name; k++)
        story_set(s, str_c(k->name), k->value);
    struct str rest = read_story(cx, path), line;
    while (rest.n) {
        str_cut(rest, '\n', &line, &rest);
        s->line++;
        line = str_trim(line);
        if (line.n && line.p[0] != '#')
            statement(s, line);
    }
}
