/*
 * parser.h - between the files of the parser: template.c (blocks), words.c (the inside of {{ }}),
 * follow.c and attributes.c (the HTML around), sentences.c (text that is translated whole).
 */
#pragma once
#include "template.h"

#define ELEMENTS_MAX 64

struct element {
    struct str name;
    int line;
    bool keep_space;   /* pre, textarea: white space counts */
    bool only_text;    /* title, textarea: no elements inside */
    bool foreign;      /* svg, math and inside */
    bool loose;        /* white space between children means nothing */
    int loops;         /* {{#each}} around */
    struct node *lang; /* of what holds no elements: says the language of its text */
};

/* Where in the HTML a piece of the template stands. It must be the same at the end of every
 * branch of a block, so that the page is well formed whichever is taken. */
struct place {
    enum { PLACE_TEXT, PLACE_TAG, PLACE_VALUE } in;
    char quote;      /* VALUE */
    bool need_space; /* TAG: a name or value has just ended */
    bool started;    /* VALUE: something stands before */
    bool tight;      /* TEXT: white space is dropped here */
    struct str tag, attr;
};

/* A stretch of text and values without markup: what is translated as one sentence. */
struct piece {
    struct str text;
    struct node *value; /* NULL: text */
};

struct parser {
    struct arena *arena;
    struct str src;
    VEC(size_t) lines; /* where each begins */
    enum template_mode mode;
    struct place place;
    struct element open[ELEMENTS_MAX];
    size_t depth, floor; /* a block may not close elements below its floor */
    int loops;           /* {{#each}} around */
    struct node_list *into;
    struct buf literal;
    size_t literal_at;
    VEC(struct piece) run;
    size_t run_at, tag_at;
    struct node_list readable; /* values people read in the attributes of the tag in hand */
    bool has_lang;             /* it says its language itself */
    bool failed;
    struct template_error *error;
};

void parse_fail(struct parser *p, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int parse_line(const struct parser *p, size_t at);
struct node *parse_node(struct parser *p, enum node_kind kind, size_t at);
void parse_add(struct parser *p, struct node *n); /* after flushing what was gathered */
void parse_flush_literal(struct parser *p);
void parse_append(struct node_list *list, struct node *n);

/* The literal source src[from..to). */
void follow_literal(struct parser *p, size_t from, size_t to);
/* A value stands here: checks the place and sets how it is written. */
void follow_value(struct parser *p, struct node *value, size_t at);
/* A block or partial begins or ends here: the sentence in hand ends. */
void follow_break(struct parser *p);
bool follow_is_partial_place(struct parser *p);
/* Two branches meet: they must have ended in the same place. */
void follow_meet(struct parser *p, size_t at, struct place a, struct place b);
void follow_end(struct parser *p);

/* ---- between follow.c, attributes.c and sentences.c ---- */

struct element *follow_innermost(struct parser *p); /* NULL: none is open */
bool follow_is_block(const struct parser *p, struct str element);
void follow_enter(struct parser *p, size_t at, struct str name);
void follow_out(struct parser *p, size_t at, struct str s); /* literal output */
size_t follow_tag(struct parser *p, size_t at, size_t to);  /* between attributes */
size_t follow_attr(struct parser *p, size_t at, size_t to); /* inside a quoted value */
void follow_attr_value(struct parser *p, struct node *value, size_t at);
/* The language of `value` is said by the element, since no other can stand around it. */
void follow_lang(struct parser *p, struct node_list *of, const struct node *value);

/* src[from..to) with entities decoded; white space is one blank unless it counts. */
struct str follow_plain_text(struct parser *p, size_t from, size_t to, bool keep_space);
void follow_piece(struct parser *p, struct str text, struct node *value, size_t at);
/* Ends the sentence in hand. before_block: what comes next begins a line of its own. */
void follow_flush(struct parser *p, bool before_block);

/* ---- words.c ---- */

/* The inside of one {{ }}, cut word by word. */
struct words {
    struct parser *p;
    size_t at, end;
};
void words_skip(struct words *w);       /* blanks */
char words_peek(const struct words *w); /* 0 at the end */
bool words_take(struct words *w, struct str what);
struct str words_name(struct words *w); /* empty: none here */
struct path words_path(struct words *w);
void words_end(struct words *w);
void words_partial(struct parser *p, struct words *w, size_t at);
