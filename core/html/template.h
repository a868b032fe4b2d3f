/*
 * template.h - the tree of a template, shared by tools/mkview (which writes C from it) and by
 * the interpreter of pack templates (run.c). Inside of the room and of mkview only.
 */
#pragma once
#include "base/base.h"

enum template_mode {
    TEMPLATE_PAGE,  /* HTML: the parser follows it and refuses values in unsafe places */
    TEMPLATE_PLAIN, /* plain text, for mails: nothing is escaped, line breaks are kept */
    TEMPLATE_PRINT, /* the markup of print.c: escaped as HTML, any names of elements */
};

struct template_error {
    struct str what;  /* English, for the author */
    int line, column; /* from 1; column in bytes */
};

enum path_kind { PATH_FIELD, PATH_THIS, PATH_INDEX, PATH_NUMBER, PATH_FIRST, PATH_LAST };

/* "../a.b": up = 1, names = a, b. */
struct path {
    enum path_kind kind;
    int up; /* how many {{#each}} outwards */
    const struct str *names;
    size_t n;
    struct str source; /* as written, for errors */
};

enum arg_kind {
    ARG_PATH,
    ARG_TEXT,   /* "Gửi hồ sơ": people read it, so it is translated */
    ARG_CODE,   /* "check": a name */
    ARG_NUMBER, /* 12 */
    ARG_FLAG,   /* required */
};
struct arg {
    struct str name; /* empty: by position */
    enum arg_kind kind;
    struct path path;
    struct str text;
    int line;
};

/* LABEL: as ATTR, and words of ours are said in the language of the page. */
enum value_how { VALUE_TEXT, VALUE_ATTR, VALUE_URL, VALUE_LINK, VALUE_PLAIN, VALUE_LABEL };

enum node_kind {
    NODE_LITERAL, /* text: bytes to write as they are */
    NODE_MESSAGE, /* text: a sentence, unescaped, with {1} {2} for the values in `body` */
    NODE_VALUE,
    NODE_IF,
    NODE_UNLESS,
    NODE_EACH,
    NODE_PARTIAL, /* text: its name */
    NODE_LANG,    /* body: values; where one is Vietnamese in an English page, lang="vi" */
};

struct node_list {
    struct node *first, *last;
};

struct node {
    struct node *next;
    enum node_kind kind;
    enum value_how how; /* VALUE; MESSAGE: TEXT or ATTR */
    int line, column;
    struct str text;
    struct path path;
    struct node_list body, otherwise;
    const struct arg *args;
    size_t args_n;
};

/* ERR_INVALID: *error says what and where. The tree points into src, which must outlive it. */
enum err template_parse(struct arena *a, struct str src, enum template_mode mode,
                        struct node_list *out, struct template_error *error);

/* Whether people would read it: it holds a letter. */
bool template_has_letter(struct str s);
