/*
 * base.h - what every room stands on: errors, text, memory, the context, time.
 *
 * Text is UTF-8 in NFC, in slices that own nothing. Memory belongs to an arena that one
 * request, job or test owns. What the world does wrong is an `enum err`; what we did wrong is
 * MUST, which unwinds to the lane. Nothing here knows of databases, HTTP or administration.
 */
#pragma once
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ---- errors ---- */

/* What a call came to. The type is [[nodiscard]]: an unread result does not compile. */
enum [[nodiscard]] err{
    OK = 0,        ERR_INVALID, /* the input breaks a rule                    422 */
    ERR_DENIED,                 /* the actor lacks the right                  403 */
    ERR_NOT_FOUND,              /* no such thing, or not for this actor       404 */
    ERR_CONFLICT,               /* somebody else changed it first             409 */
    ERR_LIMIT,                  /* a stated limit is reached                  413 */
    ERR_BUSY,                   /* try again: a lock, a timeout, a peer down  503 */
    ERR_IO,                     /* the machine or a peer failed               500 */
};

const char *err_name(enum err e);

#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum err try_err_ = (call);                                                                \
        if (try_err_ != OK)                                                                        \
            return try_err_;                                                                       \
    } while (0)

/* For the rare call whose failure changes nothing; the reader sees that it was thought of. */
#define IGNORE(call)                                                                               \
    do {                                                                                           \
        [[maybe_unused]] enum err ignored_err_ = (call);                                           \
    } while (0)

struct cx;

/* A broken promise of ours. In a handler it unwinds to the lane (the person gets a 500 with an
 * incident number, the transaction is undone); outside of one it stops the process. */
#define MUST(cond)                                                                                 \
    do {                                                                                           \
        if (!(cond))                                                                               \
            must_failed(__FILE__, __LINE__, #cond);                                                \
    } while (0)
_Noreturn void must_failed(const char *file, int line, const char *what);
/* The same for a place that cannot be reached while we keep our promises; says which one. */
#define MUST_NOT_HAPPEN(why) must_failed(__FILE__, __LINE__, "" why "")

/* ---- text ---- */

/* A slice of UTF-8 bytes. Owns nothing, is passed by value, is not always ended by NUL. */
struct str {
    const char *p;
    size_t n;
};

#define S(literal) ((struct str){"" literal "", sizeof(literal) - 1})
/* For printf-like calls: "%.*s", F(s). */
#define F(s) (int)(s).n, (s).p

struct str str_c(const char *z); /* of a NUL-ended string; NULL gives the empty slice */
bool str_eq(struct str a, struct str b);
bool str_eq_ascii_case(struct str a, struct str b);
int str_cmp(struct str a, struct str b); /* by bytes, as memcmp; shorter first */
bool str_starts(struct str s, struct str head);
bool str_ends(struct str s, struct str tail);
bool str_find(struct str s, struct str what, size_t *at); /* at may be NULL */
struct str str_trim(struct str s);                        /* ASCII white space */
struct str str_from(struct str s, size_t at);             /* from byte `at`; empty past the end */
struct str str_until(struct str s, size_t n);             /* the first n bytes at most */
/* Cuts s at the first `sep`: *head gets what is before, *rest what is after. False and
 * *head = s, *rest empty when there is none. */
bool str_cut(struct str s, char sep, struct str *head, struct str *rest);
/* Whole s as decimal digits with an optional '-', no blanks, within int64. */
bool str_int(struct str s, int64_t *out);

/* ---- memory ---- */

struct arena; /* bump allocation up to a stated limit; all freed at once */

struct arena *arena_new(size_t limit_bytes); /* NULL: the machine has no memory left */
/* Its first block so large: for many small ones, or one whose size is known. 0: the usual. */
struct arena *arena_new_sized(size_t limit_bytes, size_t first_bytes);
size_t arena_held(const struct arena *a); /* of the machine, also what is not handed out yet */
/* For who stands outside of a lane, where a MUST stops the process: n bytes will be found without
 * asking the machine. False: it has none left, or n is over the limit. */
bool arena_ready(struct arena *a, size_t n);
void arena_free(struct arena *a);
void arena_reset(struct arena *a); /* forgets everything, keeps one block */
/* Zeroed, aligned for any type. Never NULL: a full arena is a MUST (inputs are limited at the
 * door); running out of machine memory unwinds the same way. n = 0 is allowed. */
void *arena_alloc(struct arena *a, size_t n);
/* For text that is written over at once: not zeroed. And what is left of the block at hand, where
 * the next allocation begins: written first, then taken with arena_alloc_raw_. */
void *arena_alloc_raw_(struct arena *a, size_t n);
char *arena_tail_(struct arena *a, size_t *room);
size_t arena_used(const struct arena *a);
size_t arena_room(const struct arena *a); /* bytes until the limit */

struct arena_mark {
    void *block;
    size_t used, total;
};
struct arena_mark arena_here(const struct arena *a);
void arena_back(struct arena *a, struct arena_mark m); /* frees what came after the mark */

#define NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define NEW_N(arena, type, n) ((type *)arena_alloc((arena), size_mul(sizeof(type), (n))))
size_t size_mul(size_t a, size_t b); /* MUST not overflow */

struct str str_dup(struct arena *a, struct str s); /* copies; the copy is NUL-ended */
const char *str_z(struct arena *a, struct str s);  /* NUL-ended copy for libc */
[[gnu::format(printf, 2, 3)]] struct str str_fmt(struct arena *a, const char *format, ...);
struct str str_vfmt(struct arena *a, const char *format, va_list args);
struct str str_join(struct arena *a, const struct str *parts, size_t n, struct str between);
struct str str_ascii_lower(struct arena *a, struct str s);
struct str str_hex(struct arena *a, struct str bytes);              /* lower case */
bool str_unhex(struct arena *a, struct str hex, struct str *bytes); /* either case */
struct str str_base64url(struct arena *a, struct str bytes);        /* no padding */
bool str_unbase64url(struct arena *a, struct str text, struct str *bytes);
struct str str_base64(struct arena *a, struct str bytes); /* padded, RFC 4648 section 4 */
bool str_unbase64(struct arena *a, struct str text, struct str *bytes);

/* Text that grows in an arena up to `limit` bytes. Past the limit it stops taking and `full`
 * stays set: whoever made it checks once, at the end. Start with {.arena = a, .limit = n}. */
struct buf {
    struct arena *arena;
    char *p;
    size_t n, cap, limit;
    bool full;
};
void buf_add(struct buf *b, struct str s);
void buf_room(struct buf *b, size_t n); /* it is about to grow by so much: not in many steps */
void buf_byte(struct buf *b, char c);
void buf_int(struct buf *b, int64_t v);
[[gnu::format(printf, 2, 3)]] void buf_fmt(struct buf *b, const char *format, ...);
struct str buf_str(const struct buf *b); /* the slice so far; valid until the next growth */

/* A growing array in an arena: struct { T *p; size_t n, cap; }.
 *   VEC(struct row) rows = {0};  *vec_add(arena, &rows) = (struct row){...}; */
#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *p;                                                                                   \
        size_t n, cap;                                                                             \
    }
#define vec_add(arena, v)                                                                          \
    ((v)->p = vec_grow_((arena), (v)->p, (v)->n, &(v)->cap, sizeof *(v)->p), &(v)->p[(v)->n++])
void *vec_grow_(struct arena *a, void *p, size_t n, size_t *cap, size_t size);

/* For tables in memory: no secret in it, another value on another machine. */
uint64_t str_hash(struct str s);
/* From text to pointer, in an arena. Start with {0}. Keys are not copied. */
struct map {
    struct map_slot *slots;
    size_t n, cap;
};
void map_put(struct arena *a, struct map *m, struct str key, void *value); /* replaces */
void *map_get(const struct map *m, struct str key);                        /* NULL: none */

/* ---- Vietnamese text (text.c) ---- */

bool utf8_valid(struct str s); /* no overlong form, no surrogate, at most U+10FFFF */
/* Decodes the character at s.p[*at], moves *at past it; U+FFFD for what is malformed. */
uint32_t utf8_next(struct str s, size_t *at);
void utf8_add(struct buf *b, uint32_t codepoint);
size_t utf8_count(struct str s); /* characters, not bytes */
/* NFC, the form of all text inside; *out may be s itself. False (and *out is s): not valid UTF-8,
 * over 4 MiB, or over 1024 characters that hang together (a letter with its marks has fewer than
 * ten). */
bool text_nfc(struct arena *a, struct str s, struct str *out);
/* What a search compares: NFC, lower case, marks removed, đ → d, every run of other than
 * letters and digits one blank, ends trimmed: "Hồ sơ  (Đất)" → "ho so dat". */
struct str text_fold(struct arena *a, struct str s);
/* Equal for names that are spelt in either accepted way: fold of case and of the place of the
 * tone mark ("Hoà" = "Hòa"), but marks still count. other-systems.md 1.5. */
struct str text_compare_key(struct arena *a, struct str s);
/* Bytes whose order by memcmp is the Vietnamese dictionary order: letters, then tones, then lower
 * before upper case. Printable ASCII, so it fits a text column. other-systems.md 1.5. */
struct str text_sort_key(struct arena *a, struct str s);
/* The same for people: by given name (the last word), then the rest; case does not count. */
struct str text_name_key(struct arena *a, struct str full_name);
/* Character by character: ß stays ß. */
struct str text_upper(struct arena *a, struct str s);
struct str text_lower(struct arena *a, struct str s);
/* "hai nghìn không trăm hai mươi sáu"; |n| below 10^18. */
struct str text_number_vi(struct arena *a, int64_t n);
/* "ngày mười hai, tháng mười một, năm hai nghìn không trăm hai mươi sáu" */
struct str text_date_vi(struct arena *a, int64_t day);
/* At most n characters, cut at a character border with "…" at the end when cut. */
struct str text_cut(struct arena *a, struct str s, size_t n);

/* ---- time ---- */

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* A calendar day and clock time as people read it: Asia/Ho_Chi_Minh, UTC+7 without changes
 * since 1975, so no zone data base is needed. */
struct civil {
    int year, month, day; /* 1..12, 1..31 */
    int hour, minute, second, ms;
    int weekday; /* 0 Sunday .. 6 Saturday; filled by civil_at, ignored by civil_ms */
};
struct civil civil_at(int64_t utc_ms);
int64_t civil_ms(const struct civil *c);
int64_t civil_day(int year, int month, int day); /* days since 1970-01-01 */
void civil_from_day(int64_t day, int *year, int *month, int *date);
bool civil_valid(int year, int month, int day); /* Gregorian, 1..9999 */
int64_t day_of(int64_t utc_ms);                 /* local day number */
/* "2026-11-23" and "2026-11-23T09:14" (local); false when it is not exactly that. */
bool date_parse(struct str s, int64_t *day);
bool local_time_parse(struct str s, int64_t *utc_ms);
/* As people type it: "24/11/2026", "4/1/2026". */
bool date_typed(struct str s, int64_t *day);
struct str date_iso(struct arena *a, int64_t day);        /* 2026-11-23 */
struct str date_vi(struct arena *a, int64_t day);         /* 23/11/2026 */
struct str time_iso(struct arena *a, int64_t utc_ms);     /* 2026-11-23T09:14:05+07:00 */
struct str time_vi(struct arena *a, int64_t utc_ms);      /* 09:14, 23/11/2026 */
struct str time_long_vi(struct arena *a, int64_t utc_ms); /* 17:30 thứ Hai, 30/11/2026 */
struct str time_long(struct cx *cx, int64_t utc_ms);      /* the same, the weekday in cx->lang */

/* ---- the context ---- */

/* How far a right reaches; a store turns it into a predicate (db_scope). Architecture 6. */
enum scope_kind {
    SCOPE_NONE = 0,  /* nothing: the predicate is false */
    SCOPE_OWN,       /* what the person filed or is the subject of */
    SCOPE_ASSIGNED,  /* what is given to the actor */
    SCOPE_UNIT,      /* what the actor's unit has in hand */
    SCOPE_UNIT_TREE, /* that unit and all below it */
    SCOPE_AREA_TREE, /* everything inside the actor's area */
    SCOPE_PUBLIC,    /* what is public */
    SCOPE_ALL,       /* the program itself: jobs, loaders */
};
struct scope {
    enum scope_kind kind;
    int64_t account;      /* OWN, ASSIGNED */
    int64_t person;       /* OWN */
    int64_t unit;         /* UNIT */
    struct str unit_path; /* UNIT_TREE: "/1/7/" and everything that starts so */
    struct str area_path; /* AREA_TREE */
};

/* Who acts. The anonymous visitor and the program itself are actors too. */
struct actor {
    int64_t account; /* 0: anonymous, or the program */
    int64_t person;  /* 0: none */
    int64_t session; /* 0: none */
    int64_t unit;    /* the unit in which the actor acts; 0: a citizen */
    struct str name; /* as shown */
    struct str unit_name;
    struct str unit_path;
    struct str area_path;
    bool system;         /* the program itself */
    bool unready;        /* has to set something up before anything else (web_doors.set_up) */
    int assurance;       /* 0 anonymous, 1 password, 2 two factors or stepped up */
    const void *grants;  /* identity's: which rights, how far */
    uint64_t grants_key; /* equal for equal grants */
};

struct env;
struct db;
struct closer; /* base's: what closes itself at unwinding */

/* One request, job or test: passed first to everything that can fail or wait. */
struct cx {
    struct arena *arena;
    struct env *env;
    struct db *db;             /* the lane's connection; NULL outside a lane */
    const struct actor *actor; /* never NULL */
    struct scope scope;        /* of the route's right; what a store may show */
    int64_t now;               /* UTC ms, fixed when the request began */
    struct str lang;           /* "vi" or "en" */
    struct str request_id;     /* 16 hex digits; the incident number people are shown */
    struct str purpose;        /* why a personal field of another is read; empty: not stated */
    enum err err;              /* of the last fail() */
    struct str why;            /* its sentence: for the person up to ERR_LIMIT, else for the log */
    struct str kept;           /* the same to be kept and read by others: tr_kept(cx, kept) */
    struct str field;          /* the form field it is about, or empty */
    struct closer *closers;
    struct cx_before *before_answer; /* see cx_before_answer; newest first */
};

/* What must be committed before the answer leaves, asked for by a reader (decision 6: who read a
 * personal field). After the handler the web room runs these in one WRITE task, oldest first, as
 * the actor who asked, and answers only when it is durable. arg lives in cx->arena. */
struct cx_before {
    struct cx_before *next;
    enum err (*fn)(struct cx *cx, void *arg);
    void *arg;
    const struct actor *actor; /* who read, whoever the request has become since */
};
void cx_before_answer(struct cx *cx, enum err (*fn)(struct cx *cx, void *arg), void *arg);

/* Records why and returns e. For ERR_INVALID to ERR_LIMIT the sentence is for the person, says what
 * to do, is written in Vietnamese and noted in cx->lang; for ERR_BUSY and ERR_IO it is English, for
 * the operator's log. */
[[gnu::format(printf, 3, 4)]] enum err fail(struct cx *cx, enum err e, const char *format, ...);
/* The same, about one form field: the page shows the sentence beside it. */
[[gnu::format(printf, 4, 5)]] enum err fail_field(struct cx *cx, enum err e, struct str field,
                                                  const char *format, ...);

#if defined __clang_analyzer__ || defined ANALYZING
/* Analyzers see one file at a time: they are told here that fail() gives back what it is given. */
static inline enum err fail_seen_([[maybe_unused]] enum err said, enum err e)
{
    return e;
}
#define fail(cx, e, ...) fail_seen_(fail((cx), (e), __VA_ARGS__), (e))
#define fail_field(cx, e, ...) fail_seen_(fail_field((cx), (e), __VA_ARGS__), (e))
#endif

/* ---- sentences in the reader's language (tr.c, docs/decisions/0002) ---- */

/* Marks a Vietnamese sentence as its own key in the catalogue of other languages: the files
 * NAME.en.tsv, which tools/texts holds to the code. */
#define T(vietnamese) vietnamese

struct str tr(struct cx *cx, struct str vietnamese); /* in cx->lang; unknown text stays as it is */
/* A sentence with values, in cx->lang. %s is for words of ours, which are keys too; what people
 * wrote and names of things go in as %.*s and stay. An English row takes the same values in the
 * same order (tools/texts). Use str_fmt only where no word of a language stands. */
[[gnu::format(printf, 2, 3)]] struct str tr_fmt(struct cx *cx, const char *vietnamese, ...);

/* A sentence to be kept and read later by anybody: Vietnamese, its values between invisible
 * isolates, so that tr_kept() finds key and values again. Text kept without them stays Vietnamese.
 */
[[gnu::format(printf, 2, 3)]] struct str tr_keep(struct arena *a, const char *vietnamese, ...);
struct str tr_kept(struct cx *cx, struct str kept); /* in cx->lang */
struct str tr_vfmt(struct cx *cx, const char *vietnamese, va_list args);
struct str tr_vkeep(struct arena *a, const char *vietnamese, va_list args);
/* Without isolates, for what is not a page (views drop them themselves). */
struct str tr_plain(struct arena *a, struct str s);
bool text_is_vietnamese(struct str s); /* it has a letter that English has not */
struct str tr_key(struct arena *a, struct str vietnamese); /* what tr_kept() looks for */
#define TR_VALUE "\xE2\x81\xA8"                            /* U+2068: a value follows */
#define TR_WORD "\xE2\x81\xA6" /* U+2066: a value that is itself a key */
#define TR_END "\xE2\x81\xA9"  /* U+2069 */

/* Runs fn(cx, arg) so that a MUST inside comes back as ERR_IO with cx->why set, after closing
 * what cx registered. The lanes use it; nobody else needs to. May nest. */
enum err cx_guard(struct cx *cx, enum err (*fn)(struct cx *cx, void *arg), void *arg);

/* Things that are not memory register themselves so that unwinding closes them. */
struct closer {
    struct closer *next;
    void (*close)(void *thing);
    void *thing;
};
void cx_register(struct cx *cx, struct closer *c, void (*close)(void *), void *thing);
void cx_release(struct cx *cx, struct closer *c); /* forgets it without closing */
void cx_close_all(struct cx *cx);

/* ---- the process ---- */

/* What the process shares. Rooms own what they put here; base only carries it. Time and
 * randomness are calls so that tests fix them and faults can be injected. */
struct env {
    int64_t (*clock)(struct env *env); /* UTC ms */
    void (*random)(struct env *env, void *p, size_t n);
    struct str data_dir;   /* absolute path of the data folder */
    struct str base_url;   /* as people reach us, no slash at the end */
    bool demo;             /* decision 21: papers are marked BẢN THỬ, loopback only */
    bool assets_on_disk;   /* development: CSS and scripts are read anew at each request */
    struct str source_dir; /* with assets_on_disk: where they lie */
    struct settings *settings;
    struct lanes *lanes;                 /* lane/lane.h  */
    struct keyd *keyd;                   /* keyd/keyd.h; NULL: nothing is signed here */
    struct vault *vault;                 /* vault/vault.h */
    struct file_store *files;            /* file/file.h  */
    struct jobs *jobs;                   /* job/job.h    */
    struct web *web;                     /* web/web.h    */
    struct kept_shelf *kept;             /* kept/kept.h; NULL: nothing is kept */
    const struct module *const *modules; /* module/module.h, NULL-ended */
    struct testing *testing;             /* NULL in production */
    /* The English of a Vietnamese text, NULL: none. html/html.h gives it. */
    const struct str *(*english)(struct str vietnamese);
    void *clock_state, *random_state; /* of the two calls above */
};
int64_t clock_system(struct env *env);
void random_system(struct env *env, void *p, size_t n); /* getrandom(2) */

extern const struct actor actor_anonymous;
extern const struct actor actor_program;

/* A random code people can read over the phone: n characters of 23456789ABCDEFGHJKMNPQRSTVWXYZ. */
struct str random_code(struct cx *cx, size_t n);
struct str random_bytes(struct cx *cx, size_t n);

/* A power cut keeps a file's name only after an fsync of its folder. False: errno says why. */
bool folder_sync(const char *path);
/* Makes the folder if it is not there, so that it lasts; its parent must be there. */
bool folder_make(const char *path, unsigned mode);

/* Wipes secrets; the compiler may not drop it. */
void wipe(void *p, size_t n);

/* ---- settings: a file of "name = value" lines, TINHSO_* of the environment, the command line,
 * later ones win. Names are lower case with dots: "smtp.url" is TINHSO_SMTP_URL. ---- */
struct settings *settings_new(void);
void settings_free(struct settings *s);
enum err settings_read_file(struct settings *s, const char *path,
                            int *bad_line); /* ERR_NOT_FOUND, ERR_INVALID */
void settings_read_environ(struct settings *s, char *const *names);
void settings_set(struct settings *s, struct str name, struct str value);
/* Another number after each change, for what is made from settings and kept. */
uint64_t settings_number(const struct settings *s);
struct str setting(const struct settings *s, struct str name, struct str otherwise);
/* The same where an empty value says nothing. */
struct str setting_or(const struct settings *s, struct str name, struct str otherwise);
int64_t setting_int(const struct settings *s, struct str name, int64_t otherwise);
