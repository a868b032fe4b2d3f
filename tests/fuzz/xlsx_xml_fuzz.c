/* xlsx_xml_fuzz.c - any bytes as the XML of a part: the same tokens however it is cut into pieces,
 * tags that fit each other, nothing but valid text. */
#include "xlsx/xlsx_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct pieces {
    struct str left;
    size_t step;
};

static enum err more(struct cx *, void *state, struct str *piece)
{
    struct pieces *p = state;
    *piece = str_until(p->left, p->step);
    p->left = str_from(p->left, piece->n);
    return OK;
}

/* A checksum over all tokens; text in one run counts as one. */
static enum err walk(struct cx *cx, struct str text, size_t step, uint64_t *sum)
{
    struct pieces p = {.left = text, .step = step};
    struct xml *x = NEW(cx->arena, struct xml);
    size_t depth = 0;
    xml_start(x, more, &p);
    for (*sum = 1;;) {
        const enum err e = xml_next(cx, x);
        if (e != OK)
            return e;
        depth += x->kind == XML_OPEN;
        if (x->kind == XML_CLOSE)
            depth--;
        MUST(depth <= XML_DEPTH && depth == x->depth);
        if (x->kind == XML_END)
            return depth == 0 ? OK : ERR_IO;
        const struct str said = x->kind == XML_TEXT ? x->text : x->name;
        MUST(utf8_valid(said) && (x->kind == XML_TEXT || said.n < XML_NAME_BYTES));
        for (size_t i = 0; i < x->attributes_n; i++)
            MUST(utf8_valid(x->attributes[i].value));
        for (size_t i = 0; i < said.n; i++)
            *sum = *sum * 31 + (unsigned char)said.p[i];
        if (x->kind != XML_TEXT)
            *sum = *sum * 31 + (uint64_t)x->kind;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct env env = {0};
    struct cx cx = {.arena = arena_new((size_t)1 << 20), .env = &env, .actor = &actor_anonymous};
    struct str text = {(const char *)data, size};
    uint64_t whole, bytes;
    const enum err a = walk(&cx, text, size + 1, &whole), b = walk(&cx, text, 1, &bytes);
    MUST(a == b && (a == OK || a == ERR_INVALID) && whole == bytes);
    arena_free(cx.arena);
    return 0;
}
