/* db_columns.c - the data dictionary: every column with the class its schema states. */
#include "db_driver.h"

#include <pthread.h>
#include "embed/embed.h"

#define COLUMNS_MAX 8192

/* Where the reader of a schema stands. */
struct reader {
    struct db_column *out;
    size_t n, max;
    struct str words[6]; /* the first words of the statement */
    size_t words_n;
    struct str table, table_class;
    int depth;       /* of parentheses */
    bool wants_name; /* the next word names a column, or begins a rule of the table */
    bool wants_type;
    bool opened_here;    /* "create table x (" stands on this line */
    size_t line_columns; /* columns that begin on this line */
};

static bool is_one_of(struct str word, const char *const *list)
{
    for (; *list; list++)
        if (str_eq_ascii_case(word, str_c(*list)))
            return true;
    return false;
}

static struct str class_in(struct str comment)
{
    static const char *const classes[] = {"public",    "internal", "personal",
                                          "sensitive", "secret",   NULL};
    const struct str text = str_trim(str_from(comment, 2));
    size_t n = 0;
    while (n < text.n && text.p[n] >= 'a' && text.p[n] <= 'z')
        n++;
    const struct str word = str_until(text, n);
    return is_one_of(word, classes) ? word : S("");
}

static struct db_column *last(struct reader *r)
{
    return r->n > 0 ? &r->out[r->n - 1] : NULL;
}

static void take_comment(struct reader *r, struct str comment)
{
    const struct str class_name = class_in(comment);
    if (class_name.n == 0)
        return;
    if (r->line_columns > 0)
        last(r)->class_name = class_name;
    else if (r->opened_here)
        r->table_class = class_name;
}

static bool known(const struct reader *r, struct str column)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->out[i].table, r->table) && str_eq(r->out[i].column, column))
            return true; /* the same table in the words of the other database */
    return false;
}

static void take_name(struct reader *r, struct str name)
{
    static const char *const rules[] = {"primary",    "unique",  "check", "foreign",
                                        "constraint", "exclude", NULL};
    r->wants_name = false;
    if (is_one_of(name, rules) || known(r, name) || r->n >= r->max)
        return;
    r->out[r->n++] = (struct db_column){.table = r->table, .column = name};
    r->wants_type = true;
    r->line_columns++;
}

static bool is_word(const struct reader *r, size_t i, const char *word)
{
    return i < r->words_n && str_eq_ascii_case(r->words[i], str_c(word));
}

/* Once the words up to the table's name are there. */
static void take_head(struct reader *r)
{
    if (is_word(r, 0, "create") && is_word(r, 1, "table")) {
        const size_t at = is_word(r, 2, "if") ? 5 : 2;
        if (r->words_n == at + 1)
            r->table = r->words[at];
    }
    if (is_word(r, 0, "alter") && is_word(r, 1, "table") && is_word(r, 3, "add") &&
        r->words_n == 4) {
        r->table = r->words[2];
        r->wants_name = true;
    }
}

static void take_word(struct reader *r, struct str word)
{
    if (r->wants_type) {
        last(r)->type = word;
        r->wants_type = false;
    } else if (r->wants_name && !str_eq_ascii_case(word, S("column"))) {
        take_name(r, word);
    } else if (r->words_n < sizeof r->words / sizeof *r->words && r->depth == 0) {
        r->words[r->words_n++] = word;
        take_head(r);
    }
}

static void take_sign(struct reader *r, char sign)
{
    const bool in_table = r->table.n > 0 && is_word(r, 0, "create");
    if (sign == '(' && ++r->depth == 1 && in_table)
        r->wants_name = r->opened_here = true;
    if (sign == ')')
        r->depth--;
    if (sign == ',' && r->depth == 1 && in_table)
        r->wants_name = true;
}

static void end_table(struct reader *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (str_eq(r->out[i].table, r->table) && r->out[i].class_name.n == 0)
            r->out[i].class_name = r->table_class;
    r->table = r->table_class = S("");
}

static void end_line(struct reader *r)
{
    r->line_columns = 0;
    r->opened_here = false;
}

/* A comment after the semicolon still belongs to the line, so a table ends with the next one. */
static void take_token(struct reader *r, struct db_token t)
{
    if (t.kind == TOKEN_WORD) {
        take_word(r, t.text);
    } else if (t.kind == TOKEN_SEMICOLON) {
        end_table(r);
        r->words_n = 0;
        r->depth = 0;
        r->wants_name = r->wants_type = false;
    } else if (t.kind == TOKEN_OTHER) {
        take_sign(r, t.text.p[0]);
    } else if (t.kind == TOKEN_SPACE) {
        if (str_starts(t.text, S("--")))
            take_comment(r, t.text);
        if (str_find(t.text, S("\n"), NULL))
            end_line(r);
    }
}

static void read_schema(struct reader *r, struct str text)
{
    for (struct db_token t = db_token_next(text); t.kind != TOKEN_END; t = db_token_next(text)) {
        text = str_from(text, t.text.n);
        take_token(r, t);
    }
    end_table(r);
}

size_t db_columns_in(struct str schema, struct db_column *out, size_t max)
{
    struct reader r = {.out = out, .max = max};
    read_schema(&r, schema);
    return r.n;
}

static struct db_column all[COLUMNS_MAX];
static size_t all_n;

static void read_embedded(void)
{
    size_t n;
    const struct embed_file *files = embed_under(S(""), &n);
    struct reader r = {.out = all, .max = COLUMNS_MAX};
    for (size_t i = 0; i < n; i++) {
        const struct str path = files[i].path;
        if (str_find(path, S("/schema/"), NULL) && str_ends(path, S(".sql")) &&
            !str_find(path, S("/tests/"), NULL))
            read_schema(&r, files[i].bytes);
    }
    all_n = r.n;
}

const struct db_column *db_columns(size_t *n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_embedded);
    *n = all_n;
    return all;
}
