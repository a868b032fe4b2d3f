/*
 * browser.h - a browser without a screen and without sockets: for tests and stories.
 *
 * It asks through web_do (or a real server: browser_over), keeps cookies, follows redirects, reads
 * the page as a person does (words, links, forms with their labels), fills and sends forms with
 * everything that stands in them, the hidden token included. No scripts: what it can do works
 * without them.
 *
 *   struct browser *b = browser_new(cx);
 *   browser_open(b, "/dang-nhap");
 *   browser_fill(b, "Mật khẩu", "...");
 *   browser_press(b, "Đăng nhập");
 *   assert_sees(b, "Xin chào");
 */
#pragma once
#include "base/base.h"
#include "web/web.h"

struct browser;

struct page_option {
    struct str value, label;
    bool on;
};
struct page_field {
    struct str name, value, type, id, label,
        form;                    /* form: id of the form it belongs to, if elsewhere */
    bool on;                     /* radio, checkbox */
    struct page_option *options; /* select */
    size_t options_n;
    struct str file_name, file_bytes; /* type file: what was chosen */
};
struct page_button {
    struct str name, value, text, form;
    struct str action; /* formaction: another address than the form's */
};
struct page_form {
    struct str action, method, enctype, id;
    struct page_field *fields;
    size_t fields_n;
    struct page_button *buttons;
    size_t buttons_n;
};
struct page_link {
    struct str text, href;
};
struct page {
    int status;
    struct str target; /* where we are: path and query */
    struct str content_type;
    struct str body;  /* as it came */
    struct str words; /* what a person reads: one blank between words */
    struct str title, h1;
    struct page_form *forms;
    size_t forms_n;
    struct page_link *links;
    size_t links_n;
    struct web_reply reply; /* headers */
};
/* Reads the HTML of p->body into the rest. */
void page_read(struct arena *a, struct page *p);

struct browser *browser_new(struct cx *cx); /* lives in cx->arena */
/* From now on over sockets to this server ("http://127.0.0.1:8080"). No answer is status 0 and
 * fails no test: some tests kill servers. Usable outside of the test's thread. */
void browser_over(struct browser *b, struct str origin);
const struct page *browser_page(const struct browser *b);
struct cx *browser_cx(struct browser *b);
/* Cookies go and come; 303 and 308 are followed, ten at most, unless browser_follow(b, false). */
void browser_follow(struct browser *b, bool follow);
void browser_forget(struct browser *b); /* all cookies */
struct str browser_cookies(const struct browser *b);
void browser_set_cookies(struct browser *b, struct str cookies); /* of browser_cookies */
int browser_open(struct browser *b, const char *target);         /* gives the status */
int browser_send(struct browser *b, struct str target, struct str content_type, struct str body);
int browser_again(struct browser *b); /* the last POST once more, byte for byte */
void browser_last(const struct browser *b, struct str *target, struct str *content_type,
                  struct str *body); /* that POST */

/* On the page at hand. A field is named by its name or its label. False: no such thing. */
bool browser_fill(struct browser *b, const char *field, const char *value);
/* Whatever the page asks of the lines "FIELD<TAB>VALUE" of this file. False: there is no such file.
 */
bool browser_fill_from(struct browser *b, const char *path);
bool browser_attach(struct browser *b, const char *field, const char *file_name, struct str bytes);
bool browser_press(struct browser *b,
                   const char *button); /* by its words or its name; sends its form */
bool browser_click(struct browser *b, const char *link); /* by its words */
/* The form whose action is this path; NULL: none. Its values may be changed before browser_submit.
 */
struct page_form *browser_form(struct browser *b, struct str action);
void browser_submit(struct browser *b, struct page_form *f, const struct page_button *pressed);
bool browser_sees(const struct browser *b, struct str text);

#define assert_sees(b, literal) browser_assert_((b), S(literal), true, __FILE__, __LINE__)
#define assert_not_sees(b, literal) browser_assert_((b), S(literal), false, __FILE__, __LINE__)
#define assert_opens(b, target, expected)                                                          \
    browser_status_((b), browser_open((b), (target)), (expected), __FILE__, __LINE__)
void browser_assert_(const struct browser *b, struct str text, bool expected, const char *file,
                     int line);
void browser_status_(const struct browser *b, int got, int expected, const char *file, int line);
