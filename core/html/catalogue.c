/* catalogue.c - the English of the Vietnamese texts: embedded *.en.tsv files. */
#include "html/html.h"

#include "embed/embed.h"

#include <pthread.h>

/* Made once, at the first English page, and kept for as long as the process lives. */
static pthread_once_t catalogue_once = PTHREAD_ONCE_INIT;
static struct map catalogue;
static struct arena *catalogue_arena;

#define CATALOGUE_BYTES ((size_t)16 << 20)

static void add_file(struct str tsv)
{
    while (tsv.n) {
        struct str line, vietnamese, english;
        str_cut(tsv, '\n', &line, &tsv);
        if (str_starts(line, S("#")) || !str_cut(line, '\t', &vietnamese, &english))
            continue;
        english = str_trim(english);
        if (vietnamese.n == 0 || english.n == 0)
            continue;
        struct str *kept = NEW(catalogue_arena, struct str);
        *kept = english;
        map_put(catalogue_arena, &catalogue, vietnamese, kept);
        map_put(catalogue_arena, &catalogue, tr_key(catalogue_arena, vietnamese), kept);
    }
}

static void load_catalogue(void)
{
    size_t n = 0;
    const struct embed_file *files = embed_under(S(""), &n);
    catalogue_arena = arena_new(CATALOGUE_BYTES);
    MUST(catalogue_arena != NULL);
    for (size_t i = 0; i < n; i++)
        if (str_ends(files[i].path, S(".en.tsv")))
            add_file(files[i].bytes);
}

const struct str *html_english(struct str vietnamese)
{
    pthread_once(&catalogue_once, load_catalogue);
    return map_get(&catalogue, vietnamese);
}

static const struct str *translation(struct html *out, struct str escaped)
{
    if (!str_eq(out->lang, S("en")))
        return NULL;
    bool plain = !str_find(escaped, S("&"), NULL);
    return html_english(plain ? escaped : html_unescaped(out->to.arena, escaped));
}

void html_tr(struct html *out, struct str escaped)
{
    const struct str *english = translation(out, escaped);
    if (english)
        html_text(out, *english);
    else
        buf_add(&out->to, escaped);
}

struct str html_tr_arg(struct html *out, struct str text)
{
    if (!str_eq(out->lang, S("en")))
        return text;
    const struct str *english = html_english(text);
    return english ? *english : text;
}

struct html_message html_message(struct html *out, struct str escaped)
{
    const struct str *english = translation(out, escaped);
    return (struct html_message){out, english ? *english : escaped, !english, 0};
}

/* "{1}" to "{9}" at s.p[i]. */
static int hole_at(struct str s, size_t i)
{
    if (i + 2 >= s.n || s.p[i] != '{' || s.p[i + 2] != '}')
        return 0;
    return s.p[i + 1] >= '1' && s.p[i + 1] <= '9' ? s.p[i + 1] - '0' : 0;
}

bool html_message_next(struct html_message *m)
{
    size_t i = 0;
    while (i < m->rest.n && !hole_at(m->rest, i))
        i++;
    struct str text = str_until(m->rest, i);
    if (m->escaped)
        buf_add(&m->out->to, text);
    else
        html_text(m->out, text);
    m->hole = hole_at(m->rest, i);
    m->rest = str_from(m->rest, i + 3);
    return m->hole != 0;
}
