/* pdf_pages.c - walking the tree of pages. */
#include "draft.h"

#define VISITS_MAX 4000

struct walk {
    const struct pdf_doc *doc;
    int left;   /* pages still to pass */
    int visits; /* a tree of strangers may go in circles */
    uint32_t found;
};

static bool walk(struct walk *w, struct str node, int depth)
{
    uint32_t number;
    if (depth == PDF_DEPTH_MAX || w->visits++ >= VISITS_MAX || !pdf_ref(node, &number))
        return false;
    struct str dict = pdf_object(w->doc, number, NULL), kid;
    struct str kids = pdf_get_followed(w->doc, dict, "Kids");
    if (kids.n == 0 && pdf_is_name(pdf_get(dict, "Type"), "Page") && w->left-- == 0) {
        w->found = number;
        return true;
    }
    for (size_t at = 0; pdf_item(kids, &at, &kid);)
        if (walk(w, kid, depth + 1))
            return true;
    return false;
}

enum err draft_page(struct cx *cx, const struct pdf_doc *d, int index, uint32_t *number)
{
    struct walk w = {.doc = d, .left = index};
    struct str root = pdf_follow(d, d->root_ref);
    if (!walk(&w, pdf_get(root, "Pages"), 0))
        return fail(cx, ERR_INVALID, T("Tệp PDF không có trang %d."), index + 1);
    *number = w.found;
    return OK;
}
