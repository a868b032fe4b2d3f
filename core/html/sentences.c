/* sentences.c - the text between the markup of a template: gathered with its values into sentences
 * that can be translated whole, its white space cut to what shows. */
#include "parser.h"

#include "names.h"

void follow_out(struct parser *p, size_t at, struct str s)
{
    if (p->literal.n == 0)
        p->literal_at = at;
    buf_add(&p->literal, s);
}

static void literal_escaped(struct parser *p, size_t at, struct str s, bool in_attr)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        struct str as_is = {s.p + i, 1};
        follow_out(p, at,
                   c == '&'               ? S("&amp;")
                   : c == '<'             ? S("&lt;")
                   : c == '>'             ? S("&gt;")
                   : c == '"' && in_attr  ? S("&quot;")
                   : c == '\'' && in_attr ? S("&#39;")
                                          : as_is);
    }
}

struct element *follow_innermost(struct parser *p)
{
    return p->depth ? &p->open[p->depth - 1] : NULL;
}

/* A piece of literal text, entities decoded; white space is one blank unless it counts. */
struct str follow_plain_text(struct parser *p, size_t from, size_t to, bool keep_space)
{
    struct buf b = {.arena = p->arena, .limit = (to - from) * 2 + 8};
    for (size_t i = from; i < to && !p->failed;) {
        char c = p->src.p[i];
        if (c == '&') {
            size_t used = names_entity(str_until(str_from(p->src, i), to - i), &b);
            if (used == 0)
                parse_fail(p, i, "an unknown entity: write the character itself, and & as &amp;");
            i += used;
            continue;
        }
        bool blank = names_is_space(c);
        if (!blank || keep_space)
            buf_byte(&b, c);
        else if (b.n == 0 || b.p[b.n - 1] != ' ')
            buf_byte(&b, ' ');
        i++;
    }
    return buf_str(&b);
}

void follow_piece(struct parser *p, struct str text, struct node *value, size_t at)
{
    if (p->run.n == 0)
        p->run_at = at;
    *vec_add(p->arena, &p->run) = (struct piece){text, value};
}

/* The run as "Quá hạn {1} ngày."; false when nothing in it is to be read. */
static bool message_of(struct parser *p, struct str *message)
{
    struct buf b = {.arena = p->arena, .limit = SIZE_MAX / 2};
    int values = 0;
    bool letters = false;
    for (size_t i = 0; i < p->run.n; i++) {
        struct piece piece = p->run.p[i];
        if (piece.value)
            buf_fmt(&b, "{%d}", ++values);
        else
            buf_add(&b, piece.text);
        letters = letters || (!piece.value && template_has_letter(piece.text));
    }
    *message = buf_str(&b);
    return letters;
}

/* Elements' text, what the names of attributes promise, and anything in Vietnamese letters. */
static bool is_translated(const struct parser *p, struct str message)
{
    if (p->mode != TEMPLATE_PAGE)
        return false;
    if (p->place.in != PLACE_VALUE || names_is_readable(p->place.attr))
        return true;
    for (size_t i = 0; i < message.n; i++)
        if ((unsigned char)message.p[i] >= 0xC3)
            return template_has_letter(str_from(message, i));
    return false;
}

static void check_message(struct parser *p)
{
    int values = 0;
    for (size_t i = 0; i < p->run.n; i++) {
        values += p->run.p[i].value != NULL;
        if (!p->run.p[i].value && names_has_hole(p->run.p[i].text))
            parse_fail(p, p->run_at, "{1} to {9} cannot stand in a text: they mark its values");
    }
    if (values > 9)
        parse_fail(p, p->run_at, "a sentence holds at most 9 values");
}

static void add_message(struct parser *p, struct str text, bool in_attr)
{
    check_message(p);
    struct node *n = parse_node(p, NODE_MESSAGE, p->run_at);
    n->how = in_attr ? VALUE_ATTR : VALUE_TEXT;
    n->text = text;
    parse_add(p, n);
    struct node_list *outer = p->into;
    p->into = &n->body;
    for (size_t i = 0; i < p->run.n; i++)
        if (p->run.p[i].value)
            parse_add(p, p->run.p[i].value);
    p->into = outer;
}

static void add_pieces(struct parser *p, bool in_attr)
{
    for (size_t i = 0; i < p->run.n; i++) {
        struct piece piece = p->run.p[i];
        if (piece.value)
            parse_add(p, piece.value);
        else
            literal_escaped(p, p->run_at, piece.text, in_attr);
    }
}

/* Takes the blank at the run's front, or at its back, out of it. */
static bool take_front_blank(struct parser *p)
{
    struct piece *first = &p->run.p[0];
    if (first->value || !str_starts(first->text, S(" ")))
        return false;
    first->text = str_from(first->text, 1);
    return true;
}

static bool take_back_blank(struct parser *p)
{
    struct piece *last = &p->run.p[p->run.n - 1];
    if (last->value || !str_ends(last->text, S(" ")))
        return false;
    last->text.n--;
    return true;
}

static bool is_empty_run(const struct parser *p)
{
    for (size_t i = 0; i < p->run.n; i++)
        if (p->run.p[i].value || p->run.p[i].text.n)
            return false;
    return true;
}

/* Ends the sentence in hand. before_block: what comes next begins a line of its own. */
void follow_flush(struct parser *p, bool before_block)
{
    if (p->run.n == 0 || p->failed)
        return;
    bool in_attr = p->place.in == PLACE_VALUE;
    const struct element *e = follow_innermost(p);
    bool keep = in_attr || (e && e->keep_space);
    bool front = !keep && take_front_blank(p), back = !keep && take_back_blank(p);
    bool empty = is_empty_run(p);
    bool loose = e && e->loose && empty;
    if (front && !p->place.tight && !loose && !(empty && before_block))
        follow_out(p, p->run_at, S(" "));
    struct str message;
    if (message_of(p, &message) && is_translated(p, message))
        add_message(p, message, in_attr);
    else
        add_pieces(p, in_attr);
    if (back && !before_block && !empty)
        follow_out(p, p->run_at, S(" "));
    if (!empty || !p->place.tight)
        p->place.tight = (back && !before_block) || (empty && front);
    p->run.n = 0;
}

bool template_has_letter(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            return true;
        /* U+00C0..U+027F and U+1E00..U+1EFF, where the letters of Vietnamese stand */
        unsigned char d = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
        if ((c >= 0xC3 && c <= 0xC9) || (c == 0xE1 && d >= 0xB8 && d <= 0xBB))
            return true;
    }
    return false;
}
