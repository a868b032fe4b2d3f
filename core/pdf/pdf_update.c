/* pdf_update.c - appending a revision: objects, cross-reference table, trailer. */
#include "pdf_update.h"

#include <stdlib.h>

struct pdf_update pdf_update_begin(struct arena *a, const struct pdf_doc *d, size_t room)
{
    struct pdf_update u = {.doc = d, .arena = a, .next = (uint32_t)d->xref_n};
    size_t most = d->bytes.n + room; /* at once: a file that doubles as it grows fills an arena */
    u.out = (struct buf){.arena = a, .p = arena_alloc(a, most), .cap = most, .limit = most};
    buf_add(&u.out, d->bytes);
    if (!str_ends(d->bytes, S("\n")))
        buf_byte(&u.out, '\n');
    return u;
}

uint32_t pdf_update_new(struct pdf_update *u)
{
    return u->next++;
}

static void begin_object(struct pdf_update *u, uint32_t number)
{
    uint32_t generation = number < u->doc->xref_n ? u->doc->xref[number].generation : 0;
    *vec_add(u->arena, &u->changed) = (struct pdf_changed){number, generation, u->out.n};
    buf_fmt(&u->out, "%u %u obj\n", number, generation);
}

void pdf_update_put(struct pdf_update *u, uint32_t number, struct str value)
{
    begin_object(u, number);
    buf_add(&u->out, value);
    buf_add(&u->out, S("\nendobj\n"));
}

void pdf_update_put_stream(struct pdf_update *u, uint32_t number, struct str dict, struct str body)
{
    begin_object(u, number);
    buf_add(&u->out, dict);
    buf_add(&u->out, S("\nstream\n"));
    buf_add(&u->out, body);
    buf_add(&u->out, S("\nendstream\nendobj\n"));
}

static int by_number(const void *a, const void *b)
{
    const struct pdf_changed *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* Subsections: runs of neighbouring numbers. An entry is 20 bytes exactly. */
static void add_table(struct pdf_update *u)
{
    qsort(u->changed.p, u->changed.n, sizeof *u->changed.p, by_number);
    buf_add(&u->out, S("xref\n"));
    for (size_t i = 0; i < u->changed.n;) {
        size_t end = i + 1;
        while (end < u->changed.n && u->changed.p[end].number == u->changed.p[end - 1].number + 1)
            end++;
        buf_fmt(&u->out, "%u %zu\n", u->changed.p[i].number, end - i);
        for (; i < end; i++)
            buf_fmt(&u->out, "%010zu %05u n \n", u->changed.p[i].offset,
                    u->changed.p[i].generation);
    }
}

/* " /KEY VALUE". A stranger's value may hold any bytes, also zeros, where printf would end. */
static void add_pair(struct buf *b, struct str key, struct str value)
{
    buf_byte(b, ' ');
    buf_add(b, key);
    buf_byte(b, ' ');
    buf_add(b, value);
}

struct str pdf_update_end(struct pdf_update *u, struct str more)
{
    size_t start = u->out.n;
    struct str info = pdf_get(u->doc->trailer, "Info"), id = pdf_get(u->doc->trailer, "ID");
    add_table(u);
    buf_fmt(&u->out, "trailer\n<< /Size %u", u->next);
    add_pair(&u->out, S("/Root"), u->doc->root_ref);
    if (info.n)
        add_pair(&u->out, S("/Info"), info);
    if (more.n == 0 && id.n)
        add_pair(&u->out, S("/ID"), id);
    buf_fmt(&u->out, " %.*s /Prev %zu >>\nstartxref\n%zu\n%%%%EOF\n", F(more), u->doc->last_xref,
            start);
    MUST(!u->out.full);
    return buf_str(&u->out);
}

/* ---- values ---- */

static const struct pdf_entry *entry_of(const struct pdf_entry *entries, size_t n, struct str key)
{
    for (size_t i = 0; i < n; i++)
        if (pdf_is_name(key, entries[i].key))
            return &entries[i];
    return NULL;
}

struct str pdf_with(struct arena *a, struct str dict, const struct pdf_entry *entries, size_t n)
{
    size_t room = dict.n + 16;
    for (size_t i = 0; i < n; i++)
        room += strlen(entries[i].key) + entries[i].value.n + 4;
    struct buf b = {.arena = a, .limit = 2 * room};
    struct str key, value;
    buf_add(&b, S("<<"));
    for (size_t at = 0; pdf_pair(dict, &at, &key, &value);)
        if (!entry_of(entries, n, key))
            add_pair(&b, key, value);
    for (size_t i = 0; i < n; i++)
        if (entries[i].value.n) {
            buf_add(&b, S(" /"));
            buf_add(&b, str_c(entries[i].key));
            buf_byte(&b, ' ');
            buf_add(&b, entries[i].value);
        }
    buf_add(&b, S(" >>"));
    MUST(!b.full);
    return buf_str(&b);
}

struct str pdf_ref_to(struct arena *a, uint32_t number)
{
    return str_fmt(a, "%u 0 R", number);
}

struct str pdf_array_with(struct arena *a, struct str array, struct str item)
{
    if (!pdf_is_array(array))
        return str_fmt(a, "[%.*s]", F(item));
    const struct str parts[] = {str_until(array, array.n - 1), item, S("]")};
    return str_join(a, parts, 3, S(" "));
}
