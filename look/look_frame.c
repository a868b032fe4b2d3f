/* look_frame.c - the page around a handler's part. */
#include "look.h"

#include "embed/embed.h"

/* Until core/web has it: the same address as web_asset gives. */
struct str look_asset(struct cx *cx, struct str path)
{
    size_t at;
    const struct embed_file *f = embed_find(path);
    if (!f || !str_find(path, S("/assets/"), &at))
        return str_fmt(cx->arena, "/assets/-/%.*s", F(path));
    return str_fmt(cx->arena, "/assets/%.*s/%.*s/%.*s", F(str_until(f->sha256_hex, 16)), F(str_until(path, at)), F(str_from(path, at + 8)));
}

[[gnu::weak]] void web_token_html(struct html *out)
{
    (void)out;
}
