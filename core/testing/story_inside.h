/* story_inside.h - between the files of the story runner. */
#pragma once
#include "story.h"

#define STORY_ACTORS_MAX 16
#define STORY_WORDS_MAX 200

struct word {
    struct str text;               /* without quotes; of name=value the value */
    struct str name;               /* name=value */
    bool quoted, is_pair, is_file; /* file: value begins with @ */
};

struct story_actor {
    struct str words;
    struct browser *browser;
};

struct story {
    struct cx *cx;
    const struct story_config *config;
    struct str path; /* of the file */
    int line;
    struct str source; /* of the statement at hand */
    struct word words[STORY_WORDS_MAX];
    size_t words_n;
    size_t arrow;         /* index of what follows "->"; words_n: none */
    struct map variables; /* to struct str * */
    struct story_actor actors[STORY_ACTORS_MAX];
    size_t actors_n;
    struct browser *now; /* whose turn it is */
    bool lose;           /* the next answer is lost on the way */
};

/* Fails the test with file, line and statement. */
[[gnu::format(printf, 2, 3)]] _Noreturn void story_fail(const struct story *s, const char *format,
                                                        ...);
/* {name} becomes its value; what is unknown stays as it is. */
struct str story_fill(struct story *s, struct str text);
void story_set(struct story *s, struct str name, struct str value);
/* "/phan-anh/{ma}" against "/phan-anh/PA-7": an unknown {ma} takes the piece. */
bool story_match(struct story *s, struct str pattern, struct str text);

/* story_send.c: POST with the fields of words [from, to) */
void story_post(struct story *s, struct str path, size_t from, size_t to);
void story_press(struct story *s, struct str button, size_t from, size_t to);
/* story_expect.c: what follows "->" */
void story_expect(struct story *s);
