/* codelist_files.c - the whole list of a day for other systems: an SDMX-ML 2.1 codelist, and SKOS
 * as RDF/XML. */
#include "codelist_inside.h"

#define FILE_MAX ((size_t)48 << 20)
#define CODES_A_PAGE 500
#define PAIRS_MAX 100

/* ---- XML ---- */

static void add_text(struct buf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        switch (s.p[i]) {
        case '&':
            buf_add(b, S("&amp;"));
            break;
        case '<':
            buf_add(b, S("&lt;"));
            break;
        case '>':
            buf_add(b, S("&gt;"));
            break;
        case '"':
            buf_add(b, S("&quot;"));
            break;
        default:
            if ((unsigned char)s.p[i] >= ' ') /* what XML 1.0 cannot hold is left out */
                buf_byte(b, s.p[i]);
        }
}

static void element(struct buf *b, const char *name, const char *attribute, struct str text)
{
    if (text.n == 0)
        return;
    buf_fmt(b, "<%s%s>", name, attribute);
    add_text(b, text);
    buf_fmt(b, "</%s>\n", name);
}

static enum err asked(struct cx *cx, struct web_req *rq, int64_t *day, struct codelist *l)
{
    TRY(codelist_day(cx, rq, "ngay", day));
    return codelist_find(cx, web_path(rq, "ds"), *day, l);
}

struct writing {
    struct buf b;
    struct codelist l;
    int64_t day;
    bool crossed; /* other lists have codes that stand for some of these */
    struct codelist_pair pairs[PAIRS_MAX];
};
typedef enum err add_code(struct cx *cx, struct writing *w, const struct codelist_code *c);

static enum err begin(struct cx *cx, struct web_req *rq, struct writing **out)
{
    struct writing *w = NEW(cx->arena, struct writing);
    w->b = (struct buf){.arena = cx->arena, .limit = FILE_MAX};
    *out = w;
    TRY(asked(cx, rq, &w->day, &w->l));
    return codelist_store_crossed(cx, w->l.id, &w->crossed);
}

static enum err add_codes(struct cx *cx, struct writing *w, add_code *add)
{
    const struct codelist *l = &w->l;
    const int64_t day = w->day;
    struct codelist_query q = {.day = day, .after = -1};
    struct codelist_code *c = NEW_N(cx->arena, struct codelist_code, CODES_A_PAGE);
    size_t n;
    do {
        TRY(codelist_codes(cx, l, &q, c, CODES_A_PAGE, &n));
        for (size_t i = 0; i < n; i++) {
            TRY(add(cx, w, &c[i]));
            q.after = c[i].sort;
        }
    } while (n == CODES_A_PAGE);
    return OK;
}

static enum err answer(struct cx *cx, struct web_res *rs, const struct writing *w,
                       const char *ending, struct str type)
{
    if (w->b.full)
        return fail(cx, ERR_LIMIT, T("Danh mục quá dài cho một tệp. Hỏi theo trang bằng JSON."));
    rs->bytes = buf_str(&w->b);
    rs->content_type = type;
    rs->download_name =
        str_fmt(cx->arena, "%.*s-%.*s.%s", F(w->l.code), F(date_iso(cx->arena, w->day)), ending);
    rs->etag = web_etag(cx, rs->bytes);
    return OK;
}

/* ---- SDMX ---- */

/* An SDMX id knows A-Z a-z 0-9 _ @ $ -; another byte is $ and two hex digits. */
static struct str sdmx_id(struct cx *cx, struct str code)
{
    struct buf b = {.arena = cx->arena, .limit = 3 * code.n + 1};
    for (size_t i = 0; i < code.n; i++) {
        const char c = code.p[i];
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           (c >= '0' && c <= '9') || c == '_' || c == '@' || c == '-';
        if (plain)
            buf_byte(&b, c);
        else
            buf_fmt(&b, "$%02X", (unsigned)(unsigned char)c);
    }
    return buf_str(&b);
}

/* "dan-toc": CL_DAN_TOC */
static struct str sdmx_list_id(struct cx *cx, const struct codelist *l)
{
    struct buf b = {.arena = cx->arena, .limit = 3 * l->code.n + 8};
    buf_add(&b, S("CL_"));
    const struct str id = sdmx_id(cx, l->code);
    for (size_t i = 0; i < id.n; i++)
        buf_byte(&b, id.p[i] == '-'                     ? '_'
                     : id.p[i] >= 'a' && id.p[i] <= 'z' ? (char)(id.p[i] - 'a' + 'A')
                                                        : id.p[i]);
    return buf_str(&b);
}

static enum err add_sdmx_code(struct cx *cx, struct writing *w, const struct codelist_code *c)
{
    struct buf *b = &w->b;
    const struct str id = sdmx_id(cx, c->code);
    buf_fmt(b, "<str:Code id=\"%.*s\">\n", F(id));
    element(b, "com:Name", " xml:lang=\"vi\"", c->name);
    element(b, "com:Name", " xml:lang=\"en\"", c->name_en);
    if (c->parent.n)
        buf_fmt(b, "<str:Parent><Ref id=\"%.*s\"/></str:Parent>\n", F(sdmx_id(cx, c->parent)));
    buf_add(b, S("</str:Code>\n"));
    return OK;
}

/* A version of SDMX is numbers with dots: the day from which ours holds; its own name is told. */
static struct str sdmx_version(struct cx *cx, const struct codelist *l)
{
    int year, month, date;
    civil_from_day(l->version_from, &year, &month, &date);
    return str_fmt(cx->arena, "%d.%d.%d", year, month, date);
}

enum err codelist_api_sdmx(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct writing *w;
    TRY(begin(cx, rq, &w));
    const struct str id = sdmx_list_id(cx, &w->l), version = sdmx_version(cx, &w->l);
    buf_add(&w->b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<mes:Structure"
                     " xmlns:mes=\"http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message\""
                     " xmlns:str=\"http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure\""
                     " xmlns:com=\"http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common\">\n"));
    buf_fmt(&w->b,
            "<mes:Header><mes:ID>%.*s-%.*s</mes:ID><mes:Test>false</mes:Test>"
            "<mes:Prepared>%.*sT00:00:00</mes:Prepared><mes:Sender id=\"TINHSO\"/></mes:Header>\n",
            F(id), F(date_iso(cx->arena, w->day)), F(date_iso(cx->arena, w->day)));
    buf_fmt(&w->b,
            "<mes:Structures><str:Codelists>\n"
            "<str:Codelist id=\"%.*s\" agencyID=\"TINHSO\" version=\"%.*s\" isFinal=\"true\">\n",
            F(id), F(version));
    buf_add(&w->b, S("<com:Annotations><com:Annotation><com:AnnotationTitle>"));
    add_text(&w->b, w->l.version);
    buf_add(&w->b, S("</com:AnnotationTitle><com:AnnotationType>version</com:AnnotationType>"));
    element(&w->b, "com:AnnotationText", " xml:lang=\"vi\"", w->l.basis);
    buf_add(&w->b, S("</com:Annotation></com:Annotations>\n"));
    element(&w->b, "com:Name", " xml:lang=\"vi\"", w->l.title);
    element(&w->b, "com:Name", " xml:lang=\"en\"", w->l.title_en);
    element(&w->b, "com:Description", " xml:lang=\"vi\"", w->l.about);
    TRY(add_codes(cx, w, add_sdmx_code));
    buf_add(&w->b, S("</str:Codelist>\n</str:Codelists></mes:Structures>\n</mes:Structure>\n"));
    return answer(cx, rs, w, "sdmx.xml", S("application/vnd.sdmx.structure+xml; version=2.1"));
}

/* ---- SKOS ---- */

/* The address at which people and programs find the code. */
static struct str address(struct cx *cx, struct str list, struct str code)
{
    return str_fmt(cx->arena, "%.*s/danh-muc/%.*s/ma/%.*s", F(cx->env->base_url),
                   F(url_encode(cx->arena, list)), F(url_encode(cx->arena, code)));
}

static struct str scheme(struct cx *cx, const struct codelist *l)
{
    return str_fmt(cx->arena, "%.*s/danh-muc/%.*s", F(cx->env->base_url),
                   F(url_encode(cx->arena, l->code)));
}

static void resource(struct buf *b, const char *name, struct str at)
{
    buf_fmt(b, "<%s rdf:resource=\"", name);
    add_text(b, at);
    buf_add(b, S("\"/>\n"));
}

static const char *match_of(struct str relation)
{
    return str_eq(relation, S("exact"))      ? "skos:exactMatch"
           : str_eq(relation, S("broader"))  ? "skos:broadMatch"
           : str_eq(relation, S("narrower")) ? "skos:narrowMatch"
                                             : "skos:relatedMatch";
}

static enum err add_concept(struct cx *cx, struct writing *w, const struct codelist_code *c)
{
    struct buf *b = &w->b;
    const struct codelist *l = &w->l;
    size_t n = 0;
    if (w->crossed)
        TRY(codelist_pairs(cx, l, c->code, w->pairs, PAIRS_MAX, &n));
    buf_add(b, S("<skos:Concept rdf:about=\""));
    add_text(b, address(cx, l->code, c->code));
    buf_add(b, S("\">\n"));
    element(b, "skos:notation", "", c->code);
    element(b, "skos:prefLabel", " xml:lang=\"vi\"", c->name);
    element(b, "skos:prefLabel", " xml:lang=\"en\"", c->name_en);
    resource(b, "skos:inScheme", scheme(cx, l));
    if (c->parent.n)
        resource(b, "skos:broader", address(cx, l->code, c->parent));
    else
        resource(b, "skos:topConceptOf", scheme(cx, l));
    for (size_t i = 0; i < n; i++)
        resource(b, match_of(w->pairs[i].relation), address(cx, w->pairs[i].list, w->pairs[i].to));
    buf_add(b, S("</skos:Concept>\n"));
    return OK;
}

enum err codelist_api_skos(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct writing *w;
    TRY(begin(cx, rq, &w));
    buf_add(&w->b, S("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF"
                     " xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\""
                     " xmlns:skos=\"http://www.w3.org/2004/02/skos/core#\""
                     " xmlns:dcterms=\"http://purl.org/dc/terms/\""
                     " xmlns:owl=\"http://www.w3.org/2002/07/owl#\">\n"
                     "<skos:ConceptScheme rdf:about=\""));
    add_text(&w->b, scheme(cx, &w->l));
    buf_add(&w->b, S("\">\n"));
    element(&w->b, "skos:prefLabel", " xml:lang=\"vi\"", w->l.title);
    element(&w->b, "skos:prefLabel", " xml:lang=\"en\"", w->l.title_en);
    element(&w->b, "dcterms:identifier", "", w->l.uri);
    element(&w->b, "dcterms:publisher", "", w->l.owner);
    element(&w->b, "dcterms:description", " xml:lang=\"vi\"", w->l.about);
    element(&w->b, "owl:versionInfo", "", w->l.version);
    buf_add(&w->b, S("</skos:ConceptScheme>\n"));
    TRY(add_codes(cx, w, add_concept));
    buf_add(&w->b, S("</rdf:RDF>\n"));
    return answer(cx, rs, w, "skos.rdf", S("application/rdf+xml; charset=utf-8"));
}

/* ---- what stands for a code elsewhere ---- */

enum err codelist_api_pairs(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct codelist l, other;
    struct codelist_code c;
    struct codelist_pair *pairs = NEW_N(cx->arena, struct codelist_pair, PAIRS_MAX);
    const struct str wanted = web_query(rq, "sang");
    struct buf b;
    int64_t day;
    size_t n;
    TRY(asked(cx, rq, &day, &l));
    TRY(codelist_code(cx, &l, web_path(rq, "ma"), day, &c));
    if (wanted.n)
        TRY(codelist_find(cx, wanted, day, &other));
    TRY(codelist_pairs(cx, &l, c.code, pairs, PAIRS_MAX, &n));
    struct json_out o = web_json_begin(cx, &b, (size_t)1 << 20);
    json_str(&o, S("day"), date_iso(cx->arena, day));
    json_str(&o, S("list"), l.code);
    json_str(&o, S("version"), l.version);
    json_str(&o, S("code"), c.code);
    json_key(&o, S("matches"));
    json_open_array(&o);
    for (size_t i = 0; i < n; i++) {
        if (wanted.n && !str_eq(wanted, pairs[i].list))
            continue;
        json_open_object(&o);
        json_str(&o, S("list"), pairs[i].list);
        json_str(&o, S("code"), pairs[i].to);
        json_str(&o, S("relation"), pairs[i].relation);
        json_str(&o, S("legal_basis"), pairs[i].basis);
        json_close_object(&o);
    }
    json_close_array(&o);
    return web_json_end(cx, &o, rs);
}

/* clang-format off */
const struct web_schema codelist_schema_pairs = {"CodeListMatches", false, (const struct web_field[]){
    {"day",     "string", "ngày được hỏi", true},
    {"list",    "string", "danh mục", true},
    {"version", "string", "bản có hiệu lực ngày ấy", true},
    {"code",    "string", "mã được hỏi", true},
    {"matches", "array",  "list, code, relation (exact, broader, narrower, related), legal_basis", true}, {0}}};
/* clang-format on */
