/* signatures.c - which signatures a PDF carries, and what they cover.
 *
 * What a signature covers is not believed but checked: its ByteRange must begin with the first
 * byte, and the one hole in it must be exactly the /Contents string of this very dictionary. */
#include "pdf/pdf.h"

#include "pdf_read.h"
#include "pdf_string.h"

#define FIELDS_MAX 256

struct search {
    struct cx *cx;
    const struct pdf_doc *doc;
    struct str found[PDF_SIGNATURES_MAX]; /* signature dictionaries */
    size_t n;
    int visits;
    bool too_many;
};

static void note(struct search *s, struct str sig)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->found[i].p == sig.p)
            return; /* two fields may show one signature */
    s->too_many |= s->n == PDF_SIGNATURES_MAX;
    if (s->n < PDF_SIGNATURES_MAX)
        s->found[s->n++] = sig;
}

/* A field inherits its type; a field with /Kids is a folder of fields. */
static void search_field(struct search *s, struct str ref, bool is_sig, int depth)
{
    if (depth == PDF_DEPTH_MAX || s->visits++ >= FIELDS_MAX) {
        s->too_many = true;
        return;
    }
    struct str field = pdf_follow(s->doc, ref), type = pdf_get_followed(s->doc, field, "FT"), kid;
    is_sig = type.n ? pdf_is_name(type, "Sig") : is_sig;
    struct str value = pdf_get_followed(s->doc, field, "V");
    if (is_sig && pdf_is_dict(value) && pdf_get(value, "Contents").n)
        note(s, value);
    struct str kids = pdf_get_followed(s->doc, field, "Kids");
    for (size_t at = 0; !s->too_many && pdf_item(kids, &at, &kid);)
        search_field(s, kid, is_sig, depth + 1);
}

/* Those that are `to_come` count as if they were there. */
static enum err search_all(struct search *s, int to_come)
{
    s->visits = to_come;
    struct str root = pdf_follow(s->doc, s->doc->root_ref), item;
    struct str form = pdf_get_followed(s->doc, root, "AcroForm");
    struct str fields = pdf_get_followed(s->doc, form, "Fields");
    for (size_t at = 0; !s->too_many && pdf_item(fields, &at, &item);)
        search_field(s, item, false, 0);
    s->too_many |= s->n + (size_t)to_come > PDF_SIGNATURES_MAX;
    return s->too_many ? fail(s->cx, ERR_LIMIT, T("Tệp PDF có quá nhiều chữ ký hoặc ô nhập.")) : OK;
}

enum err pdf_signature_fits(struct cx *cx, const struct pdf_doc *d)
{
    struct search *s = NEW(cx->arena, struct search);
    *s = (struct search){.cx = cx, .doc = d};
    return search_all(s, 1);
}

/* ---- one signature ---- */

/* The two parts that are signed; false: the range is not [0 a b c] around this /Contents. */
static bool covered(const struct pdf_doc *d, struct str sig, struct str parts[2], size_t *end)
{
    int64_t v[4];
    struct str item, more, range = pdf_get(sig, "ByteRange"), contents = pdf_get(sig, "Contents");
    size_t at = 0;
    for (int i = 0; i < 4; i++)
        if (!pdf_item(range, &at, &item) || !pdf_int(item, &v[i]) || v[i] < 0 ||
            (uint64_t)v[i] > d->bytes.n)
            return false;
    if (pdf_item(range, &at, &more) || v[0] != 0 || contents.p[0] != '<')
        return false;
    size_t hole = (size_t)(contents.p - d->bytes.p);
    if ((size_t)v[1] != hole || (size_t)v[2] != hole + contents.n ||
        (size_t)v[3] > d->bytes.n - (size_t)v[2])
        return false;
    parts[0] = str_until(d->bytes, (size_t)v[1]);
    parts[1] = str_until(str_from(d->bytes, (size_t)v[2]), (size_t)v[3]);
    *end = (size_t)(v[2] + v[3]);
    return true;
}

static bool is_known_kind(struct str sig)
{
    struct str kind = pdf_get(sig, "SubFilter");
    return pdf_is_name(kind, "ETSI.CAdES.detached") || pdf_is_name(kind, "adbe.pkcs7.detached");
}

static void read_claims(struct cx *cx, const struct pdf_doc *d, struct str sig,
                        struct pdf_signature_report *r)
{
    struct str date;
    r->name = pdf_string_text(cx->arena, pdf_get_followed(d, sig, "Name"));
    r->reason = pdf_string_text(cx->arena, pdf_get_followed(d, sig, "Reason"));
    r->place = pdf_string_text(cx->arena, pdf_get_followed(d, sig, "Location"));
    if (!pdf_string_bytes(cx->arena, pdf_get_followed(d, sig, "M"), &date) ||
        !pdf_date_read(date, &r->claimed_at))
        r->claimed_at = 0;
}

/* A stated time in the future or none at all proves nothing. */
static bool was_trusted(struct cx *cx, struct str cms, const struct str parts[2],
                        const struct str *trusted, size_t n, int64_t claimed_at)
{
    struct cms_report then;
    return claimed_at > 0 && claimed_at <= cx->now &&
           cms_verify_parts(cx, cms, parts, 2, trusted, n, claimed_at, &then) == OK &&
           then.verdict == CMS_VALID;
}

static void report(struct cx *cx, const struct pdf_doc *d, struct str sig,
                   const struct str *trusted, size_t trusted_n, struct pdf_signature_report *r)
{
    struct str parts[2], cms;
    size_t end = 0;
    *r = (struct pdf_signature_report){.cms = {.verdict = CMS_BROKEN}};
    read_claims(cx, d, sig, r);
    if (!is_known_kind(sig) || !covered(d, sig, parts, &end) ||
        !pdf_string_bytes(cx->arena, pdf_get(sig, "Contents"), &cms))
        return;
    if (cms_verify_parts(cx, cms, parts, 2, trusted, trusted_n, cx->now, &r->cms) != OK)
        return; /* no CMS: broken, as set above */
    r->covers_whole_file = end == d->bytes.n;
    r->trusted_when_claimed = r->cms.verdict != CMS_BROKEN &&
                              was_trusted(cx, cms, parts, trusted, trusted_n, r->claimed_at);
}

enum err pdf_signatures(struct cx *cx, struct str pdf, const struct str *trusted_der,
                        size_t trusted_n, struct pdf_signature_report *out, size_t *n)
{
    struct pdf_doc d;
    *n = 0;
    TRY(pdf_open(cx, pdf, &d));
    struct search *s = NEW(cx->arena, struct search);
    *s = (struct search){.cx = cx, .doc = &d};
    TRY(search_all(s, 0));
    for (size_t i = 0; i < s->n; i++)
        report(cx, &d, s->found[i], trusted_der, trusted_n, &out[i]);
    *n = s->n;
    return OK;
}
