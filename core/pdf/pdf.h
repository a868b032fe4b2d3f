/*
 * pdf.h - typeset pages (cairo, pango, embedded Vietnamese fonts), QR codes, PAdES signatures.
 *
 * A document is described by a small list of blocks (what law-driven templates produce, see
 * html/html.h "print templates"), not by drawing calls, so that a form is data. Sizes are points.
 * Fonts: Liberation Serif 2 and Inter, embedded in the binary and handed to fontconfig from
 * memory; never the machine's own fonts, so a page looks the same everywhere. A sign that neither
 * has is set as an empty frame (they have □ ■ ● ✓ → ₫, not ☐ ☑).
 */
#pragma once
#include "base/base.h"
#include "crypto/crypto.h"

enum pdf_paper { PDF_A4 = 1, PDF_A5 };
enum pdf_align { PDF_LEFT, PDF_CENTRE, PDF_RIGHT, PDF_JUSTIFY };

enum pdf_kind {
    PDF_TEXT = 1, /* **bold** and //italic// inside, \n begins another line; see pdf_plain */
    PDF_COLUMNS,  /* children side by side; width gives shares */
    PDF_ROWS, /* a table: children are PDF_COLUMNS; the first repeats on each page when `head` */
    PDF_SPACE,
    PDF_RULE,      /* as wide as the text, or the part of it that width says (0 < width < 1) */
    PDF_QR,        /* text is the payload; height: its side with the quiet zone, 72 */
    PDF_STACK,     /* children one under another; keeps together when `keep`; framed by `border` */
    PDF_SIGNATURE, /* the place of the visible signature, `height` points high, 64; the n-th
                    * pdf_sign of the file fills the n-th place */
};
struct pdf_block {
    enum pdf_kind kind;
    enum pdf_align align;
    struct str text;
    double size;   /* points; 0: the document's */
    double width;  /* share in COLUMNS; 0: equal */
    double height; /* SPACE, QR side, SIGNATURE */
    double indent; /* TEXT: of the first line; STACK: of the whole */
    bool bold, italic, border, head, keep;
    const struct pdf_block *children;
    size_t children_n;
};
struct pdf_page_spec {
    enum pdf_paper paper;
    bool wide;                                                   /* the long side lies */
    double margin_top, margin_right, margin_bottom, margin_left; /* points; 0: rule of look.md 9 */
    double size;                                                 /* 13 */
    struct str title, author, subject;                           /* document information */
    struct str language;                                         /* "vi-VN" */
    struct str watermark; /* "BẢN THỬ" in the demo; empty: none */
    struct str foot;      /* small line; "{page}/{pages}" is filled in */
    bool sans;            /* Inter rather than Serif */
};
/* Text of people, in which marks of bold and italic must not act: "a//b" becomes "a\/\/b". */
struct str pdf_plain(struct arena *a, struct str text);
/* ERR_LIMIT: over 200 pages. The same blocks at the same cx->now give the same bytes. */
enum err pdf_make(struct cx *cx, const struct pdf_page_spec *spec, const struct pdf_block *blocks,
                  size_t n, struct str *pdf);

/* ---- QR ---- */
struct qr {
    int side;
    const unsigned char *dark; /* side * side, 1 = dark */
};
enum err qr_make(struct arena *a, struct str text, struct qr *out); /* ERR_LIMIT: too long */
/* SVG as markup for a page: crisp, one path, 4 modules of quiet zone. */
struct str qr_svg(struct arena *a, struct str text, struct str label);

/* ---- signing by incremental update; PAdES baseline B (ETSI EN 319 142-1) ---- */
struct pdf_signer {
    const struct key *key;
    struct str cert_der;
    const struct str *chain_der;
    size_t chain_n;
    struct str name, reason, place;
    int64_t at;
    struct str caption; /* several lines shown inside the signature's place; empty: invisible */
};
/* Fills the first unsigned place of PDF_SIGNATURE, or adds a field that is not seen (and then
 * the caption is not shown). ERR_INVALID: no PDF whose structure can be followed. ERR_LIMIT: with
 * this signature it would be one that pdf_signatures does not read.
 * Two steps, so that a token or remote service can sign: prepare gives the hash to sign,
 * finish takes the CMS over it. ERR_LIMIT: it is longer than the hole. */
struct pdf_to_sign {
    struct str bytes;
    size_t hole_at, hole_n;
    struct hash digest;
};
enum err pdf_sign_prepare(struct cx *cx, struct str pdf, const struct pdf_signer *who,
                          struct pdf_to_sign *out);
enum err pdf_sign_finish(struct cx *cx, const struct pdf_to_sign *prepared, struct str cms_der,
                         struct str *pdf);
enum err pdf_sign(struct cx *cx, struct str pdf, const struct pdf_signer *who,
                  struct str *signed_pdf);

struct pdf_signature_report {
    struct cms_report cms;
    bool covers_whole_file;    /* nothing was appended after it */
    bool trusted_when_claimed; /* cms.verdict is as of cx->now; this, as of claimed_at */
    int64_t claimed_at;        /* /M, as stated by the signer */
    struct str name, reason, place;
};
/* Bounded, for files of strangers. ERR_INVALID: no PDF, or its structure cannot be followed (also
 * encrypted files and compressed cross-reference tables). ERR_LIMIT: too many fields. `out` has
 * room for PDF_SIGNATURES_MAX. A signature that is not understood is CMS_BROKEN. */
#define PDF_SIGNATURES_MAX 16
enum err pdf_signatures(struct cx *cx, struct str pdf, const struct str *trusted_der,
                        size_t trusted_n, struct pdf_signature_report *out, size_t *n);
