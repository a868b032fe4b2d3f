/* csv_fuzz.c - any bytes as rows: read or refused, and what was read comes back after writing. */
#include "csv/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LIMITS                                                                                     \
    {                                                                                              \
        .rows = 1000, .columns = 32, .field_bytes = 4096                                           \
    }

static struct cx context(size_t bytes)
{
    static struct env env;
    return (struct cx){.arena = arena_new(bytes), .env = &env, .actor = &actor_anonymous};
}

static void write_row(struct buf *b, const struct str *fields, size_t n, char separator)
{
    struct csv_out o = {.to = b, .separator = separator};
    for (size_t i = 0; i < n; i++)
        csv_put_text(&o, fields[i]);
    csv_end_row(&o);
}

/* A formula comes back with its apostrophe, everything else as it was; one empty field alone is an
 * empty line. */
static void must_come_back(const struct str *fields, size_t n, char separator)
{
    static const struct csv_limits limits = {.rows = 1, .columns = 32, .field_bytes = 8192};
    struct cx cx = context((size_t)4 << 20);
    struct buf b = {.arena = cx.arena, .limit = (size_t)1 << 20};
    struct csv again;
    struct str *got;
    size_t got_n;
    write_row(&b, fields, n, separator);
    MUST(csv_open(&cx, buf_str(&b),
                  separator == ';'    ? CSV_SEMICOLON
                  : separator == '\t' ? CSV_TAB
                                      : CSV_COMMA,
                  &limits, &again) == OK);
    MUST(csv_next(&cx, &again, &got, &got_n) == OK);
    MUST(got_n == n || (n == 1 && fields[0].n == 0 && got_n == 0));
    for (size_t i = 0; i < got_n; i++) {
        const bool formula = csv_is_formula(fields[i]);
        MUST(str_eq(formula ? str_from(got[i], 1) : got[i], fields[i]));
        MUST(!csv_is_formula(got[i]));
    }
    arena_free(cx.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536)
        return 0;
    static const struct csv_limits limits = LIMITS;
    struct str text = {(const char *)data, size};
    struct cx cx = context((size_t)64 << 20);
    struct csv c;
    if (csv_open(&cx, text, size % 4, &limits, &c) == OK)
        for (size_t n = 1, rows = 0; n > 0; rows++) {
            struct str *fields;
            const struct arena_mark here = arena_here(cx.arena);
            const enum err e = csv_next(&cx, &c, &fields, &n);
            MUST(e == OK || ((e == ERR_INVALID || e == ERR_LIMIT) && cx.why.n > 0));
            if (e != OK)
                break;
            MUST(n <= limits.columns && (n == 0 || n == c.columns) && rows <= limits.rows);
            if (n > 0)
                must_come_back(fields, n, c.separator);
            arena_back(cx.arena, here);
        }
    arena_free(cx.arena);
    return 0;
}
