/* sign.c - PAdES baseline B: a revision with a signature dictionary whose hole is filled later. */
#include "pdf/pdf.h"

#include "caption.h"
#include "draft.h"
#include "pdf_string.h"
#include "pdf_update.h"

#define HOLE_LEAST 8192 /* bytes of DER */
#define FIELDS_MAX 256
#define RANGE_BLANK "                                    " /* room for three numbers */

/* Where the new signature goes. */
struct field {
    uint32_t number; /* 0: none is free, a new one is made */
    struct str dict;
    double w, h;
    size_t taken; /* fields in the form so far */
};

/* ---- the form's fields ---- */

static void measure(const struct pdf_doc *d, struct field *f)
{
    double side[4] = {0};
    struct str item, rect = pdf_get_followed(d, f->dict, "Rect");
    size_t at = 0, n = 0;
    while (n < 4 && pdf_item(rect, &at, &item) && pdf_number(item, &side[n]))
        n++;
    f->w = n == 4 && side[2] > side[0] ? side[2] - side[0] : 0;
    f->h = n == 4 && side[3] > side[1] ? side[3] - side[1] : 0;
}

/* The first signature field that nobody has signed; only fields at the top, as pdf_make puts. */
static struct field free_field(const struct pdf_doc *d, struct str fields)
{
    struct field f = {0};
    struct str item;
    for (size_t at = 0; f.taken < FIELDS_MAX && pdf_item(fields, &at, &item); f.taken++) {
        uint32_t number;
        struct str dict = pdf_ref(item, &number) ? pdf_object(d, number, NULL) : S("");
        bool unsigned_field = pdf_is_name(pdf_get(dict, "FT"), "Sig") &&
                              pdf_get(dict, "V").n == 0 &&
                              pdf_is_name(pdf_get(dict, "Subtype"), "Widget");
        if (!unsigned_field || f.number)
            continue;
        f.number = number;
        f.dict = dict;
        measure(d, &f);
    }
    return f;
}

/* ---- the signature dictionary ---- */

static size_t hole_size(const struct pdf_signer *who)
{
    size_t certs = who->cert_der.n;
    for (size_t i = 0; i < who->chain_n; i++)
        certs += who->chain_der[i].n;
    return 2 * certs + HOLE_LEAST;
}

/* Its /Contents and /ByteRange are filled when their places are known. */
static struct str signature_dict(struct arena *a, const struct pdf_signer *who, size_t hole)
{
    struct buf b = {.arena = a,
                    .limit = 2 * hole + (size_t)16 * 1024 +
                             8 * (who->name.n + who->reason.n + who->place.n)};
    struct str date = pdf_date(a, who->at);
    buf_fmt(&b, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M %.*s",
            F(date));
    const struct pdf_entry texts[] = {
        {"Name", who->name}, {"Reason", who->reason}, {"Location", who->place}};
    for (size_t i = 0; i < 3; i++) {
        struct str text = pdf_text(a, texts[i].value);
        if (texts[i].value.n)
            buf_fmt(&b, " /%s %.*s", texts[i].key, F(text));
    }
    buf_add(&b, S(" /ByteRange [0 " RANGE_BLANK "] /Contents <"));
    const struct str zeros = S("0000000000000000000000000000000000000000000000000000000000000000");
    for (size_t left = 2 * hole; left; left -= left < zeros.n ? left : zeros.n)
        buf_add(&b, str_until(zeros, left));
    buf_add(&b, S("> >>"));
    MUST(!b.full);
    return buf_str(&b);
}

/* ---- the revision ---- */

/* An appearance is asked for even where nothing is seen. */
static enum err add_appearance(struct cx *cx, struct pdf_update *u, const struct field *f,
                               const struct pdf_signer *who, struct str *out)
{
    uint32_t form;
    if (who->caption.n && f->w > 8 && f->h > 8) {
        TRY(caption_add(cx, u, who->caption, f->w, f->h, &form));
    } else {
        form = pdf_update_new(u);
        pdf_update_put_stream(u, form,
                              str_fmt(cx->arena,
                                      "<< /Type /XObject /Subtype /Form /BBox [0 0 %.2f %.2f] "
                                      "/Resources << >> /Length 0 >>",
                                      f->w, f->h),
                              S(""));
    }
    *out = str_fmt(cx->arena, "<< /N %u 0 R >>", form);
    return OK;
}

static void fill_field(struct cx *cx, struct pdf_update *u, const struct field *f, uint32_t sig,
                       struct str appearance)
{
    const struct pdf_entry entries[] = {
        {"V", pdf_ref_to(cx->arena, sig)}, {"AP", appearance}, {"F", S("132")}};
    pdf_update_put(u, f->number, pdf_with(cx->arena, f->dict, entries, 3));
}

/* An unseen field on the first page, and the form that lists it. */
static enum err make_field(struct cx *cx, const struct pdf_doc *d, struct pdf_update *u,
                           const struct field *f, uint32_t sig, struct str appearance)
{
    struct arena *a = cx->arena;
    uint32_t page, root, number = pdf_update_new(u);
    TRY(draft_page(cx, d, 0, &page));
    MUST(pdf_ref(d->root_ref, &root));
    pdf_update_put(u, number,
                   str_fmt(a,
                           "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature%zu) /F 132 "
                           "/Rect [0 0 0 0] /P %u 0 R /V %u 0 R /AP %.*s >>",
                           f->taken + 1, page, sig, F(appearance)));
    struct str ref = pdf_ref_to(a, number), page_dict = pdf_object(d, page, NULL);
    struct str annots = pdf_array_with(a, pdf_get_followed(d, page_dict, "Annots"), ref);
    pdf_update_put(u, page, pdf_with(a, page_dict, &(struct pdf_entry){"Annots", annots}, 1));

    struct str root_dict = pdf_object(d, root, NULL);
    struct str form = pdf_get_followed(d, root_dict, "AcroForm");
    const struct pdf_entry in_form[] = {
        {"Fields", pdf_array_with(a, pdf_get_followed(d, form, "Fields"), ref)},
        {"SigFlags", S("3")}};
    form = pdf_with(a, pdf_is_dict(form) ? form : S("<< >>"), in_form, 2);
    pdf_update_put(u, root, pdf_with(a, root_dict, &(struct pdf_entry){"AcroForm", form}, 1));
    return OK;
}

static enum err write_revision(struct cx *cx, const struct pdf_doc *d, const struct pdf_signer *who,
                               size_t hole, struct str *out)
{
    struct str form = pdf_get_followed(d, pdf_follow(d, d->root_ref), "AcroForm"), appearance;
    struct field f = free_field(d, pdf_get_followed(d, form, "Fields"));
    const size_t caption = who->caption.n ? CAPTION_ROOM : 0;
    struct pdf_update u = pdf_update_begin(cx->arena, d, caption + 2 * hole + PDF_VALUE_MAX);
    uint32_t sig = pdf_update_new(&u);
    pdf_update_put(&u, sig, signature_dict(cx->arena, who, hole));
    TRY(add_appearance(cx, &u, &f, who, &appearance));
    if (f.number)
        fill_field(cx, &u, &f, sig, appearance);
    else
        TRY(make_field(cx, d, &u, &f, sig, appearance));
    *out = pdf_update_end(&u, S(""));
    return OK;
}

/* ---- the two steps ---- */

/* The text of the newest revision, where ours alone has written. */
static size_t place_of(struct str bytes, size_t from, const char *text)
{
    size_t at;
    MUST(str_find(str_from(bytes, from), str_c(text), &at));
    return from + at;
}

enum err pdf_sign_prepare(struct cx *cx, struct str pdf, const struct pdf_signer *who,
                          struct pdf_to_sign *out)
{
    struct pdf_doc d;
    *out = (struct pdf_to_sign){0};
    TRY(pdf_open(cx, pdf, &d));
    TRY(pdf_signature_fits(cx, &d));
    size_t hole = hole_size(who);
    TRY(write_revision(cx, &d, who, hole, &out->bytes));

    size_t contents = place_of(out->bytes, pdf.n, " /Contents <0000");
    size_t range = place_of(out->bytes, pdf.n, "/ByteRange [0 " RANGE_BLANK "]") + 14;
    out->hole_at = contents + 11; /* the hole begins with its "<" and ends with its ">" */
    out->hole_n = 2 * hole + 2;
    size_t after = out->hole_at + out->hole_n;
    char numbers[sizeof RANGE_BLANK];
    int n =
        snprintf(numbers, sizeof numbers, "%zu %zu %zu", out->hole_at, after, out->bytes.n - after);
    MUST(n > 0 && (size_t)n < sizeof numbers);
    memcpy((char *)out->bytes.p + range, numbers, (size_t)n); /* our own copy */
    out->digest = sha256_2(str_until(out->bytes, out->hole_at), str_from(out->bytes, after));
    return OK;
}

enum err pdf_sign_finish(struct cx *cx, const struct pdf_to_sign *prepared, struct str cms_der,
                         struct str *pdf)
{
    *pdf = S("");
    struct str hex = str_hex(cx->arena, cms_der);
    if (hex.n > prepared->hole_n - 2)
        return fail(cx, ERR_LIMIT, T("Chữ ký số dài %zu byte, quá chỗ dành sẵn trong tệp PDF."),
                    cms_der.n);
    struct str whole = str_dup(cx->arena, prepared->bytes);
    memcpy((char *)whole.p + prepared->hole_at + 1, hex.p, hex.n);
    *pdf = whole;
    return OK;
}

enum err pdf_sign(struct cx *cx, struct str pdf, const struct pdf_signer *who,
                  struct str *signed_pdf)
{
    struct pdf_to_sign prepared;
    struct str cms;
    *signed_pdf = S("");
    TRY(pdf_sign_prepare(cx, pdf, who, &prepared));
    TRY(cms_sign(cx, who->key, who->cert_der, who->chain_der, who->chain_n, prepared.digest, &cms));
    return pdf_sign_finish(cx, &prepared, cms, signed_pdf);
}
