/* qr.c - QR codes by libqrencode: byte mode, level M. */
#include "pdf/pdf.h"

#include <errno.h>
#include <qrencode.h>

#define QR_BYTES_MAX 2331 /* version 40, level M */
#define QUIET 4

enum err qr_make(struct arena *a, struct str text, struct qr *out)
{
    *out = (struct qr){0};
    if (text.n == 0 || text.n > QR_BYTES_MAX)
        return ERR_LIMIT;
    QRcode *code = QRcode_encodeData((int)text.n, (const unsigned char *)text.p, 0, QR_ECLEVEL_M);
    if (!code)
        return ERR_LIMIT;
    size_t n = (size_t)code->width * (size_t)code->width;
    unsigned char *dark = arena_alloc(a, n);
    for (size_t i = 0; i < n; i++)
        dark[i] = code->data[i] & 1;
    *out = (struct qr){code->width, dark};
    QRcode_free(code);
    return OK;
}

static void add_escaped(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '&')
            buf_add(b, S("&amp;"));
        else if (s.p[i] == '<')
            buf_add(b, S("&lt;"));
        else if (s.p[i] == '"')
            buf_add(b, S("&quot;"));
        else
            buf_byte(b, s.p[i]);
    }
}

static void add_runs(struct buf *b, const struct qr *q)
{
    for (int y = 0; y < q->side; y++)
        for (int x = 0; x < q->side;) {
            int from = x;
            while (x < q->side && q->dark[y * q->side + x])
                x++;
            if (x > from)
                buf_fmt(b, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
            x++;
        }
}

struct str qr_svg(struct arena *a, struct str text, struct str label)
{
    struct qr q;
    if (qr_make(a, text, &q) != OK)
        return S("");
    int side = q.side + 2 * QUIET;
    struct buf b = {.arena = a, .limit = (size_t)1 << 20};
    buf_fmt(&b,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"qr\" viewBox=\"0 0 %d %d\" "
            "role=\"img\" shape-rendering=\"crispEdges\" aria-label=\"",
            side, side);
    add_escaped(&b, label);
    buf_fmt(&b, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"", side, side);
    add_runs(&b, &q);
    buf_add(&b, S("\"/></svg>"));
    return b.full ? S("") : buf_str(&b);
}
