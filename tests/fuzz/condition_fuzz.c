/* condition_fuzz.c - If-Match and If-None-Match, judged by a second reader that knows a
 * pattern of the whole list instead of walking it. The first byte is the method; then lines: the
 * tag that the thing has, and the header lines, of If-Match when they begin with 'm'. */
#include "http/http_inside.h"

#include <regex.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LINES_MAX 6
#define LINE_MAX_BYTES 2048

/* Between quotes stand the tags: every second piece. */
static bool has_tag(const char *text, struct str tag, bool strong)
{
    const char *opened;
    while ((opened = strchr(text, '"'))) {
        const bool weak = opened - text >= 2 && opened[-2] == 'W' && opened[-1] == '/';
        const char *closed = strchr(opened + 1, '"');
        const struct str opaque = {opened + 1, (size_t)(closed - opened - 1)};
        if (str_eq(opaque, tag) && tag.n && !(strong && weak))
            return true;
        text = closed + 1;
    }
    return false;
}

/* Each line of a field is a list of its own; together they are one. */
static bool holds(const struct http_request *rq, struct str field, struct str tag, size_t *lines)
{
    static regex_t star, tags;
    static bool ready;
    bool any = false, well_formed = true, found = false;
    if (!ready)
        MUST(regcomp(&star, "^[ \t]*[*][ \t]*$", REG_NOSUB) == 0 &&
             regcomp(&tags, "^[ \t,]*((W/)?\"[^\"\x01-\x20\x7f]*\"[ \t]*(,[ \t,]*|$))*$",
                     REG_EXTENDED | REG_NOSUB) == 0);
    ready = true;
    *lines = 0;
    for (size_t i = 0; i < rq->headers_n; i++) {
        char line[LINE_MAX_BYTES];
        if (!str_eq(rq->headers[i].name, field))
            continue;
        snprintf(line, sizeof line, "%.*s", F(rq->headers[i].value));
        ++*lines;
        any |= regexec(&star, line, 0, NULL, 0) == 0;
        if (regexec(&tags, line, 0, NULL, 0) != 0)
            well_formed = false;
        else
            found |= has_tag(line, tag, str_eq(field, S("If-Match")));
    }
    return any ? *lines == 1 : well_formed && found;
}

static int judged(const struct http_request *rq, struct str tag)
{
    size_t match_lines, none_lines;
    const bool match = holds(rq, S("If-Match"), tag, &match_lines);
    const bool none = holds(rq, S("If-None-Match"), tag, &none_lines);
    if (match_lines && !match)
        return 412;
    if (none_lines && none)
        return rq->method == HTTP_GET || rq->method == HTTP_HEAD ? 304 : 412;
    return 200;
}

/* The tag as we send it comes back as the same thing. */
static void must_come_back(struct str tag, char *quoted)
{
    struct http_header h = {.name = S("if-none-match")};
    struct http_request rq = {.method = HTTP_GET, .headers = &h, .headers_n = 1};
    const size_t n = (size_t)snprintf(quoted, LINE_MAX_BYTES, "W/\"%.*s\"", F(tag));
    h.value = (struct str){quoted, n};
    MUST(http_condition(&rq, tag) == 304);
    h.value = (struct str){quoted + 2, n - 2};
    MUST(http_condition(&rq, tag) == 304);
    h.name = S("if-match");
    MUST(http_condition(&rq, tag) == 200);
    h.value = (struct str){quoted, n};
    MUST(http_condition(&rq, tag) == 412);
}

static bool is_tag(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == '"' || s.p[i] == 0x7f)
            return false;
    return s.n > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum http_method methods[] = {HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT};
    static char quoted[LINE_MAX_BYTES];
    struct http_header h[LINES_MAX];
    if (size == 0 || size > 1024)
        return 0;
    struct http_request rq = {.method = methods[data[0] % 4], .headers = h};
    struct str rest = {(const char *)data + 1, size - 1}, tag, line;
    str_cut(rest, '\n', &tag, &rest);
    if (!is_tag(tag))
        tag = S("");
    while (rest.n && rq.headers_n < LINES_MAX) {
        str_cut(rest, '\n', &line, &rest);
        const bool match = line.n && line.p[0] == 'm';
        line = str_trim(match ? str_from(line, 1) : line);
        if (http_header_value(line)) /* others do not pass the reader of heads */
            h[rq.headers_n++] =
                (struct http_header){match ? S("If-Match") : S("If-None-Match"), line};
    }
    MUST(http_condition(&rq, tag) == judged(&rq, tag));
    if (tag.n)
        must_come_back(tag, quoted);
    return 0;
}
