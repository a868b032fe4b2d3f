/* crash_walk.c - the walks of the clients: at the counter from intake to return, and online. */
#include "inside.h"

#define PROCEDURE "1.001193"
#define ANSWERS "tests/answers/birth.tsv"
#define BIRTH_PAPER "000.00.00.G15-KQ004389"
#define PASSWORD_AGAIN_MS (4 * MINUTE_MS) /* of ten; the server may be gone for minutes */
#define SIGNED_WITHIN_MS 20000
#define PAPER_BYTES_MAX 150'000

struct filled {
    const char *name, *value;
};

/* Whatever of these the page asks. */
static void fill(struct browser *b, const struct filled *f)
{
    for (; f->name; f++)
        (void)browser_fill(b, f->name, f->value);
}

static bool answers(struct client *c, struct browser *b)
{
    if (browser_fill_from(b, ANSWERS))
        return true;
    crash_found(c->load->findings, "%s is not there", ANSWERS);
    return false;
}

static const char *z(struct client *c, const char *format, struct str code)
{
    struct buf b = {.arena = c->cx.arena, .limit = 400};
    for (const char *p = format; *p; p++)
        if (*p == '*')
            buf_add(&b, code);
        else
            buf_byte(&b, *p);
    return str_z(c->cx.arena, buf_str(&b));
}

static bool opens(struct client *c, struct browser *b, const char *path)
{
    int status = client_open(c, b, str_c(path));
    if (status == 200)
        return true;
    if (status)
        crash_found(c->load->findings, "GET %s: %d %.*s: %.*s", path, status,
                    F(browser_page(b)->reply.location), F(str_until(browser_page(b)->words, 500)));
    return false;
}

/* ---- at the counter ---- */

static bool take_in(struct client *c, struct str *code)
{
    struct browser *b = client_browser(c, &c->sessions[0]);
    if (!opens(c, b, "/quay?thu-tuc=" PROCEDURE))
        return false;
    const struct filled person[] = {
        {"dinh_danh",
         str_fmt(c->cx.arena, "02019%d%06lld", c->number % 10, (long long)c->dossiers % 1'000'000)
             .p},
        {0},
    };
    if (!answers(c, b) || !browser_fill_from(b, "tests/answers/counter.tsv"))
        return false;
    fill(b, person);
    return client_send(c, &c->sessions[0], b, S("/quay?thu-tuc=" PROCEDURE), "tiep-nhan",
                       "onestop.dossier.accepted", code);
}

/* One act: its page, its form. */
static bool act(struct client *c, int who, const char *path, struct str *code, const char *kind,
                const struct filled *f)
{
    struct browser *b = client_browser(c, &c->sessions[who]);
    const char *target = z(c, path, *code);
    if (!client_goes_on(c) || !opens(c, b, target))
        return false;
    if (f)
        fill(b, f);
    return client_send(c, &c->sessions[who], b, str_c(target), NULL, kind, code);
}

static bool draft(struct client *c, struct str *code)
{
    struct browser *b = client_browser(c, &c->sessions[1]);
    if (!client_goes_on(c) || !opens(c, b, z(c, "/viec/*?xem=du-thao", *code)))
        return false;
    return client_send(c, &c->sessions[1], b, str_c(z(c, "/viec/*/du-thao", *code)), NULL,
                       "onestop.result.drafted", code);
}

/* Signing asks the password again after ten minutes. */
static bool step_up(struct client *c)
{
    struct str nothing = S("-");
    if (c->password_at && crash_now_ms() - c->password_at < PASSWORD_AGAIN_MS)
        return true;
    struct browser *b = client_browser(c, &c->sessions[2]);
    if (!opens(c, b, "/xac-nhan-lai"))
        return false;
    browser_fill(b, "mat_khau", "tinhso-2026");
    c->password_at = crash_now_ms();
    return client_send(c, &c->sessions[2], b, S("/xac-nhan-lai"), NULL, NULL, &nothing);
}

/* A job signs. Whom two kills met waits for minutes: then the client goes on to the next dossier,
 * and the check sees to it that somebody will sign. */
static bool is_signed(struct client *c, struct str code, bool *late)
{
    const int64_t end = crash_now_ms() + SIGNED_WITHIN_MS;
    struct str link = str_c(z(c, "/viec/*/ket-qua", code));
    while (client_goes_on(c)) {
        struct arena_mark here = arena_here(c->cx.arena);
        struct browser *b = client_browser(c, &c->sessions[1]);
        if (!opens(c, b, z(c, "/viec/*", code)))
            return false;
        bool there = str_find(browser_page(b)->body, link, NULL);
        arena_back(c->cx.arena, here);
        if (there)
            return true;
        *late = crash_now_ms() > end;
        if (*late)
            return false;
        crash_sleep_us(50'000);
    }
    return false;
}

static bool ended(const struct client *c)
{
    return !client_goes_on(c); /* a walk that is cut short by the end is no failure */
}

static bool to_approval(struct client *c, struct str *code)
{
    return take_in(c, code) &&
           act(c, 1, "/viec/*/xu-ly/nhan", code, "onestop.dossier.taken", NULL) && draft(c, code) &&
           act(c, 1, "/viec/*/xu-ly/trinh", code, "onestop.result.submitted", NULL) && step_up(c) &&
           act(c, 2, "/viec/*/ky/duyet", code, "onestop.result.approved", NULL);
}

bool walk_to_approval(struct client *c)
{
    struct str code = S("");
    return to_approval(c, &code);
}

bool walk_ask_export(struct client *c)
{
    struct str nothing = S("-");
    struct browser *b = client_browser(c, &c->sessions[1]);
    return opens(c, b, "/viec?han=don-vi") && /* what waits for others too */
           client_send(c, &c->sessions[1], b, S("/viec/xuat"), NULL, NULL, &nothing);
}

bool walk_at_the_counter(struct client *c)
{
    static const struct filled handed[] = {
        {"nguoi_nhan", "Người Nộp Thử"}, {"giay_to", "Thẻ căn cước"}, {0}};
    struct str code = S("");
    bool late = false;
    bool good = to_approval(c, &code) && is_signed(c, code, &late) &&
                act(c, 0, "/viec/*/mot-cua/tra", &code, "onestop.dossier.returned", handed);
    return good || late || ended(c);
}

/* ---- online ---- */

/* No two are alike; what lies between head and end no reader looks at. */
static struct str some_paper(struct client *c)
{
    struct buf b = {.arena = c->cx.arena, .limit = 2 * PAPER_BYTES_MAX};
    size_t n = (size_t)((c->dossiers * 7919 + c->number * 104729) % PAPER_BYTES_MAX);
    buf_fmt(&b, "%%PDF-1.4\n%% %d %lld %lld\n", c->number, (long long)c->dossiers,
            (long long)crash_now_ms());
    while (b.n < n)
        buf_fmt(&b, "%% dòng %zu\n", b.n);
    buf_add(&b, S("1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"));
    return buf_str(&b);
}

static bool sections(struct client *c)
{
    struct str draft = S("draft");
    for (int i = 1;; i++) {
        struct browser *b = client_browser(c, &c->sessions[0]);
        struct str path = str_fmt(c->cx.arena, "/nop-ho-so/" PROCEDURE "/khai/%d", i);
        if (!client_goes_on(c) || !opens(c, b, path.p))
            return false;
        if (!answers(c, b))
            return false;
        if (!client_send(c, &c->sessions[0], b, path, "tiep", NULL, &draft))
            return false;
        if (str_ends(browser_page(b)->reply.location, S("/giay-to")))
            return true;
    }
}

static bool papers(struct client *c, struct str paper)
{
    struct str draft = S("draft");
    struct browser *b = client_browser(c, &c->sessions[0]);
    if (!client_goes_on(c) || !opens(c, b, "/nop-ho-so/" PROCEDURE "/giay-to"))
        return false;
    if (!browser_attach(b, "giay_to." BIRTH_PAPER, "giay-chung-sinh.pdf", paper)) {
        crash_found(c->load->findings, "the page of papers asks no paper");
        return false;
    }
    return client_send(c, &c->sessions[0], b, S("/nop-ho-so/" PROCEDURE "/giay-to"), "tiep", NULL,
                       &draft);
}

static bool send_it(struct client *c, struct str *code)
{
    static const struct filled choices[] = {
        {"noi_nop", "H37.114.01"}, {"tra", "quay"}, {"cam_doan", "1"}, {"cam_doan", "on"}, {0}};
    struct browser *b = client_browser(c, &c->sessions[0]);
    if (!client_goes_on(c) || !opens(c, b, "/nop-ho-so/" PROCEDURE "/kiem-tra"))
        return false;
    fill(b, choices);
    return client_send(c, &c->sessions[0], b, S("/nop-ho-so/" PROCEDURE "/gui"), NULL,
                       "onestop.dossier.sent", code);
}

static bool keep_paper(struct client *c, struct str code, struct str paper)
{
    struct browser *b = client_browser(c, &c->sessions[0]);
    struct str start = str_c(z(c, "/ho-so/*/giay-to/", code));
    if (!opens(c, b, z(c, "/ho-so/*", code)))
        return false;
    const struct page *p = browser_page(b);
    for (size_t i = 0; i < p->links_n; i++)
        if (str_starts(p->links[i].href, start)) {
            client_keep_paper(c, &c->sessions[0], p->links[i].href, sha256(paper));
            return true;
        }
    crash_found(c->load->findings, "%.*s has no paper", F(code));
    return false;
}

bool walk_online(struct client *c)
{
    struct str code = S(""), paper = some_paper(c);
    bool good = sections(c) && papers(c, paper) && send_it(c, &code) && keep_paper(c, code, paper);
    return good || ended(c);
}
