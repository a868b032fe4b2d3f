/* procedure_record_pages.c - parts of pages drawn from the published record. */
#include "procedure_desk_pages.h"

static struct str channel_title(struct cx *cx, struct str kind)
{
    if (str_eq(kind, S("truc_tuyen")))
        return tr(cx, S(T("Trực tuyến")));
    if (str_eq(kind, S("buu_chinh")))
        return tr(cx, S(T("Bưu chính")));
    return str_eq(kind, S("truc_tiep")) ? tr(cx, S(T("Trực tiếp"))) : kind;
}

/* A bare number of the source says no unit: where the term was settled, that is said instead;
 * otherwise it is shown as it stands, and that it does so. */
static struct str duration_words(struct cx *cx, const struct json *d, struct str settled)
{
    struct str text = str_trim(json_text(json_get(d, S("text"))));
    int64_t n;
    if (text.n == 0)
        return tr(cx, S(T("Không ghi")));
    if (str_int(text, &n) && settled.n)
        return procedure_term_said(cx, settled);
    if (str_int(text, &n))
        return str_fmt(cx->arena, "%.*s (%.*s)", F(text),
                       F(tr(cx, S(T("nguồn không ghi đơn vị")))));
    return procedure_term_said(cx, text);
}

static struct str fee_words(struct cx *cx, const struct json *fees)
{
    struct buf b = {.arena = cx->arena, .limit = 20000};
    for (uint32_t i = 0; i < fees->n; i++) {
        struct str text = str_trim(json_text(json_get(json_at(fees, i), S("text"))));
        if (text.n && !str_find(buf_str(&b), text, NULL))
            buf_fmt(&b, "%s%.*s", b.n ? "; " : "", F(text));
    }
    return b.n ? buf_str(&b) : tr(cx, S(T("Không ghi")));
}

#define SHORT_MAX 400 /* bytes */

struct procedure_text procedure_text_of(struct cx *cx, struct str text)
{
    if (text.n <= SHORT_MAX)
        return (struct procedure_text){.text = text};
    return (struct procedure_text){text_cut(cx->arena, text, 140), text};
}

static bool says_the_same(const struct procedure_channel *a, const struct procedure_channel *b)
{
    return str_eq(a->time, b->time) && str_eq(a->fees.text, b->fees.text) &&
           str_eq(a->note, b->note);
}

const struct procedure_channel *procedure_channels(struct cx *cx, const struct procedure *p,
                                                   struct str settled, size_t *n)
{
    const struct json *channels = json_get(p->record, S("channels"));
    struct procedure_channel *out = NEW_N(cx->arena, struct procedure_channel, channels->n + 1);
    *n = 0;
    for (uint32_t i = 0; i < channels->n; i++) {
        const struct json *c = json_at(channels, i);
        struct str fees = str_fmt(cx->arena, "%.*s: %.*s", F(tr(cx, S(T("Phí, lệ phí")))),
                                  F(fee_words(cx, json_get(c, S("fees")))));
        const struct procedure_channel one = {
            .kind = channel_title(cx, json_text(json_get(c, S("kind")))),
            .time = duration_words(cx, json_get(c, S("duration")), settled),
            .fees = procedure_text_of(cx, fees),
            .note = json_text(json_get(c, S("note"))),
        };
        struct procedure_channel *before = *n ? &out[*n - 1] : NULL;
        if (before && says_the_same(before, &one))
            before->kind = str_fmt(cx->arena, "%.*s, %.*s", F(before->kind), F(one.kind));
        else
            out[(*n)++] = one;
    }
    return out;
}

/* ---- papers, case by case ---- */

#define UNFOLDED_MAX 20

static struct str copies_words(struct cx *cx, const struct json *c)
{
    int64_t originals = json_int(json_get(c, S("originals")), 0);
    int64_t copies = json_int(json_get(c, S("copies")), 0);
    struct buf b = {.arena = cx->arena, .limit = 1000};
    if (originals)
        buf_fmt(&b, tr(cx, S(T("%lld bản chính"))).p, (long long)originals);
    if (copies) {
        buf_fmt(&b, "%s", b.n ? ", " : "");
        buf_fmt(&b, tr(cx, S(T("%lld bản sao"))).p, (long long)copies);
    }
    if (json_text(json_get(c, S("form"))).n)
        buf_fmt(&b, "%s%.*s %.*s", b.n ? " · " : "", F(tr(cx, S(T("mẫu")))),
                F(json_text(json_get(c, S("form")))));
    return buf_str(&b);
}

static const struct procedure_need *papers_of(struct cx *cx, const struct json *list)
{
    struct procedure_need *out = NEW_N(cx->arena, struct procedure_need, list->n + 1);
    for (uint32_t i = 0; i < list->n; i++)
        out[i] = (struct procedure_need){.icon = S("file"),
                                         .name = json_text(json_get(json_at(list, i), S("name"))),
                                         .text = copies_words(cx, json_at(list, i))};
    return out;
}

const struct procedure_case *procedure_cases(struct cx *cx, const struct procedure *p, size_t *n)
{
    const struct json *cases = json_get(p->record, S("cases"));
    struct procedure_case *out = NEW_N(cx->arena, struct procedure_case, cases->n + 1);
    size_t all = p->components_n;
    *n = 0;
    for (uint32_t i = 0; i < cases->n; i++) {
        const struct json *list = json_get(json_at(cases, i), S("components"));
        struct str name = str_trim(json_text(json_get(json_at(cases, i), S("name"))));
        if (list->n == 0)
            continue;
        out[(*n)++] = (struct procedure_case){
            .name = name.n ? name : tr(cx, S(T("Hồ sơ gồm"))),
            .count = str_fmt(cx->arena, "%u", list->n),
            .needs = papers_of(cx, list),
            .needs_n = list->n,
            .open = all <= UNFOLDED_MAX || cases->n == 1,
        };
    }
    return out;
}
