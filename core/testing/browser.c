/* browser.c - asking, keeping cookies, following, filling and sending forms. */
#include "browser.h"

#include "testing/testing.h"

#define COOKIES_MAX 32
#define FOLLOW_MAX 10
#define BODY_MAX ((size_t)64 << 20)

struct cookie {
    struct str name, value;
};

struct browser {
    struct cx *cx;
    struct cookie cookies[COOKIES_MAX];
    size_t cookies_n;
    struct str origin; /* of a server; empty: web_do */
    bool stay;         /* does not follow */
    struct page page;
    struct str last_target, last_type, last_body; /* of the last POST */
};

struct browser *browser_new(struct cx *cx)
{
    struct browser *b = NEW(cx->arena, struct browser);
    b->cx = cx;
    return b;
}

void browser_over(struct browser *b, struct str origin)
{
    b->origin = str_dup(b->cx->arena, origin);
}

const struct page *browser_page(const struct browser *b)
{
    return &b->page;
}

struct cx *browser_cx(struct browser *b)
{
    return b->cx;
}

void browser_follow(struct browser *b, bool follow)
{
    b->stay = !follow;
}

/* ---- cookies ---- */

void browser_forget(struct browser *b)
{
    b->cookies_n = 0;
}

struct str browser_cookies(const struct browser *b)
{
    struct buf all = {.arena = b->cx->arena, .limit = 8192};
    for (size_t i = 0; i < b->cookies_n; i++)
        buf_fmt(&all, "%s%.*s=%.*s", i ? "; " : "", F(b->cookies[i].name), F(b->cookies[i].value));
    return buf_str(&all);
}

static void drop_cookie(struct browser *b, struct str name)
{
    for (size_t i = 0; i < b->cookies_n; i++)
        if (str_eq(b->cookies[i].name, name))
            b->cookies[i--] = b->cookies[--b->cookies_n];
}

static void take_cookie(struct browser *b, struct str header)
{
    struct str pair, rest, name, value;
    str_cut(header, ';', &pair, &rest);
    if (!str_cut(pair, '=', &name, &value))
        return;
    drop_cookie(b, name);
    if (value.n == 0 || str_find(rest, S("Max-Age=0"), NULL))
        return;
    MUST(b->cookies_n < COOKIES_MAX);
    b->cookies[b->cookies_n++] =
        (struct cookie){str_dup(b->cx->arena, name), str_dup(b->cx->arena, value)};
}

void browser_set_cookies(struct browser *b, struct str cookies)
{
    struct str pair;
    b->cookies_n = 0;
    while (cookies.n) {
        str_cut(cookies, ';', &pair, &cookies);
        take_cookie(b, str_trim(pair));
    }
}

/* ---- asking ---- */

static void ask_here(struct browser *b, const struct web_call *call)
{
    struct cx *cx = b->cx;
    enum err e = web_do(cx, cx->env->web, call, &b->page.reply);
    if (e != OK)
        fail_msg("web_do(%.*s): %s: %.*s", F(call->target), err_name(e), F(cx->why));
}

/* Status 0: nobody answered, or not to the end. */
static void ask_over(struct browser *b, const struct web_call *call)
{
    struct http_header headers[16];
    struct http_reply got;
    size_t n = 0;
    for (; n < call->headers_n && n < 14; n++)
        headers[n] = call->headers[n];
    if (call->cookie.n)
        headers[n++] = (struct http_header){S("Cookie"), call->cookie};
    if (call->content_type.n)
        headers[n++] = (struct http_header){S("Content-Type"), call->content_type};
    const struct http_call over = {
        .url = str_fmt(b->cx->arena, "%.*s%.*s", F(b->origin), F(call->target)),
        .method = call->method,
        .headers = headers,
        .headers_n = n,
        .body = call->body,
        .timeout_ms = 20'000};
    if (http_do(b->cx, &over, &got) != OK)
        return;
    b->page.reply = (struct web_reply){
        .status = got.status, .body = got.body, .headers = got.headers, .headers_n = got.headers_n};
    for (size_t i = 0; i < got.headers_n; i++) {
        if (str_eq_ascii_case(got.headers[i].name, S("Location")))
            b->page.reply.location = got.headers[i].value;
        if (str_eq_ascii_case(got.headers[i].name, S("Content-Type")))
            b->page.reply.content_type = got.headers[i].value;
    }
}

static void ask(struct browser *b, struct web_call *call)
{
    struct cx *cx = b->cx;
    call->cookie = browser_cookies(b);
    b->page = (struct page){.target = call->target};
    if (b->origin.n)
        ask_over(b, call);
    else
        ask_here(b, call);
    b->page.status = b->page.reply.status;
    b->page.body = b->page.reply.body;
    b->page.content_type = b->page.reply.content_type;
    for (size_t i = 0; i < b->page.reply.headers_n; i++)
        if (str_eq_ascii_case(b->page.reply.headers[i].name, S("Set-Cookie")))
            take_cookie(b, b->page.reply.headers[i].value);
    if (str_starts(b->page.content_type, S("text/html")))
        page_read(cx->arena, &b->page);
}

static void follow(struct browser *b)
{
    for (int i = 0; !b->stay && i < FOLLOW_MAX; i++) {
        int s = b->page.status;
        if ((s != 303 && s != 308) || b->page.reply.location.n == 0)
            return;
        ask(b, &(struct web_call){.method = S("GET"), .target = b->page.reply.location});
    }
}

int browser_open(struct browser *b, const char *target)
{
    ask(b, &(struct web_call){.method = S("GET"), .target = str_dup(b->cx->arena, str_c(target))});
    follow(b);
    return b->page.status;
}

int browser_send(struct browser *b, struct str target, struct str content_type, struct str body)
{
    b->last_target = target;
    b->last_type = content_type;
    b->last_body = body;
    struct str from = b->page.target;
    const struct http_header referer[] = {
        {S("Referer"), str_fmt(b->cx->arena, "http://localhost%.*s", F(from))},
        {S("Sec-Fetch-Site"), S("same-origin")}};
    ask(b, &(struct web_call){.method = S("POST"),
                              .target = target,
                              .content_type = content_type,
                              .body = body,
                              .headers = referer,
                              .headers_n = 2});
    follow(b);
    return b->page.status;
}

int browser_again(struct browser *b)
{
    MUST(b->last_target.n > 0);
    return browser_send(b, b->last_target, b->last_type, b->last_body);
}

void browser_last(const struct browser *b, struct str *target, struct str *content_type,
                  struct str *body)
{
    *target = b->last_target;
    *content_type = b->last_type;
    *body = b->last_body;
}

/* ---- forms ---- */

static bool names(const struct page_field *f, struct str what)
{
    return str_eq(f->name, what) || (f->label.n && str_eq(f->label, what)) ||
           (f->label.n > what.n && what.n >= 3 && str_starts(f->label, what));
}

static bool is_box(const struct page_field *f)
{
    return str_eq(f->type, S("radio")) || str_eq(f->type, S("checkbox"));
}

/* "on" by its value or its label; a radio turns its brothers off. */
static bool choose(struct page_form *form, struct page_field *f, struct str value)
{
    bool chosen = str_eq(f->value, value) || str_eq(f->label, value);
    if (str_eq(f->type, S("radio"))) {
        if (!chosen)
            return false;
        for (size_t i = 0; i < form->fields_n; i++)
            if (str_eq(form->fields[i].name, f->name))
                form->fields[i].on = false;
        f->on = true;
        return true;
    }
    if (value.n == 0) {
        f->on = false;
        return true;
    }
    if (chosen || str_eq(value, S("on")))
        f->on = true;
    return chosen || str_eq(value, S("on"));
}

static bool select_option(struct page_field *f, struct str value)
{
    for (size_t i = 0; i < f->options_n; i++)
        if (str_eq(f->options[i].value, value) || str_eq(f->options[i].label, value)) {
            f->value = f->options[i].value;
            return true;
        }
    return false;
}

static bool set_field(struct page_form *form, struct page_field *f, struct str value)
{
    if (is_box(f))
        return choose(form, f, value);
    if (str_eq(f->type, S("select")))
        return select_option(f, value);
    if (str_eq(f->type, S("file")))
        return false;
    f->value = value;
    return true;
}

bool browser_fill(struct browser *b, const char *field, const char *value)
{
    struct str what = str_c(field), typed = str_dup(b->cx->arena, str_c(value));
    for (size_t i = 0; i < b->page.forms_n; i++)
        for (size_t k = 0; k < b->page.forms[i].fields_n; k++)
            if (names(&b->page.forms[i].fields[k], what) &&
                set_field(&b->page.forms[i], &b->page.forms[i].fields[k], typed))
                return true;
    return false;
}

bool browser_attach(struct browser *b, const char *field, const char *file_name, struct str bytes)
{
    for (size_t i = 0; i < b->page.forms_n; i++)
        for (size_t k = 0; k < b->page.forms[i].fields_n; k++) {
            struct page_field *f = &b->page.forms[i].fields[k];
            if (!str_eq(f->type, S("file")) || !names(f, str_c(field)))
                continue;
            f->file_name = str_dup(b->cx->arena, str_c(file_name));
            f->file_bytes = bytes;
            return true;
        }
    return false;
}

static void add_pair(struct cx *cx, struct buf *body, struct str name, struct str value)
{
    buf_fmt(body, "%s%.*s=%.*s", body->n ? "&" : "", F(url_encode(cx->arena, name)),
            F(url_encode(cx->arena, value)));
}

#define BOUNDARY "----tinhso-browser-7f3a9c"

static void add_part(struct buf *body, struct str name, struct str file_name, bool is_file,
                     struct str value)
{
    buf_fmt(body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%.*s\"", F(name));
    if (is_file)
        buf_fmt(body, "; filename=\"%.*s\"\r\nContent-Type: application/octet-stream",
                F(file_name));
    buf_add(body, S("\r\n\r\n"));
    buf_add(body, value);
    buf_add(body, S("\r\n"));
}

static bool is_sent(const struct page_field *f)
{
    return f->name.n && (!is_box(f) || f->on);
}

struct page_form *browser_form(struct browser *b, struct str action)
{
    for (size_t i = 0; i < b->page.forms_n; i++) {
        struct str path, query;
        str_cut(b->page.forms[i].action, '?', &path, &query);
        if (str_eq(b->page.forms[i].action, action) || str_eq(path, action))
            return &b->page.forms[i];
    }
    return NULL;
}

static void send_get(struct browser *b, struct page_form *f, struct buf *query)
{
    struct str path, old;
    str_cut(f->action.n ? f->action : b->page.target, '?', &path, &old);
    browser_open(b, str_fmt(b->cx->arena, "%.*s?%.*s", F(path), F(buf_str(query))).p);
}

void browser_submit(struct browser *b, struct page_form *f, const struct page_button *pressed)
{
    struct cx *cx = b->cx;
    bool parts = str_eq(f->enctype, S("multipart/form-data"));
    struct buf body = {.arena = cx->arena, .limit = BODY_MAX};
    for (size_t i = 0; i < f->fields_n; i++) {
        const struct page_field *x = &f->fields[i];
        bool is_file = str_eq(x->type, S("file"));
        if (!is_sent(x))
            continue;
        if (parts)
            add_part(&body, x->name, x->file_name, is_file, is_file ? x->file_bytes : x->value);
        else
            add_pair(cx, &body, x->name, is_file ? x->file_name : x->value);
    }
    if (pressed && pressed->name.n && parts)
        add_part(&body, pressed->name, S(""), false, pressed->value);
    else if (pressed && pressed->name.n)
        add_pair(cx, &body, pressed->name, pressed->value);
    if (!str_eq_ascii_case(f->method, S("post"))) {
        send_get(b, f, &body);
        return;
    }
    if (parts)
        buf_add(&body, S("--" BOUNDARY "--\r\n"));
    MUST(!body.full);
    struct str action = pressed && pressed->action.n ? pressed->action
                        : f->action.n                ? f->action
                                                     : b->page.target;
    browser_send(b, action,
                 parts ? S("multipart/form-data; boundary=" BOUNDARY)
                       : S("application/x-www-form-urlencoded"),
                 buf_str(&body));
}

static bool reads(struct str text, struct str wanted)
{
    return str_eq(text, wanted) || str_starts(text, wanted);
}

bool browser_press(struct browser *b, const char *button)
{
    struct str wanted = str_c(button);
    for (int exact = 1; exact >= 0; exact--)
        for (size_t i = 0; i < b->page.forms_n; i++)
            for (size_t k = 0; k < b->page.forms[i].buttons_n; k++) {
                const struct page_button *p = &b->page.forms[i].buttons[k];
                if (!(exact ? str_eq(p->text, wanted) || str_eq(p->name, wanted)
                            : reads(p->text, wanted)))
                    continue;
                browser_submit(b, &b->page.forms[i], p);
                return true;
            }
    return false;
}

bool browser_click(struct browser *b, const char *link)
{
    struct str wanted = str_c(link);
    for (int exact = 1; exact >= 0; exact--)
        for (size_t i = 0; i < b->page.links_n; i++) {
            const struct page_link *l = &b->page.links[i];
            if (!(exact ? str_eq(l->text, wanted) : str_find(l->text, wanted, NULL)) ||
                !str_starts(l->href, S("/")))
                continue;
            browser_open(b, str_dup(b->cx->arena, l->href).p);
            return true;
        }
    return false;
}

/* ---- reading ---- */

bool browser_sees(const struct browser *b, struct str text)
{
    return str_find(b->page.words.n ? b->page.words : b->page.body, text, NULL);
}

void browser_assert_(const struct browser *b, struct str text, bool expected, const char *file,
                     int line)
{
    if (browser_sees(b, text) == expected)
        return;
    print_error("%.*s (%d) %s \"%.*s\":\n%.*s\n", F(b->page.target), b->page.status,
                expected ? "does not show" : "shows", F(text), F(str_until(b->page.words, 3000)));
    _fail(file, line);
}

void browser_status_(const struct browser *b, int got, int expected, const char *file, int line)
{
    if (got == expected)
        return;
    print_error("%.*s: %d instead of %d:\n%.*s\n", F(b->page.target), got, expected,
                F(str_until(b->page.words, 1500)));
    _fail(file, line);
}
