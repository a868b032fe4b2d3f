/* http_chunk.c - reading chunked bodies, RFC 9112 7.1, strictly. Pure: bytes in, result out. */
#include "http_inside.h"

/* Extensions and trailers mean nothing to us; they are checked, bounded and dropped. */
#define EXT_BYTES_MAX 4096
#define TRAILER_BYTES_MAX 8192

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 32);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool visible(char c)
{
    unsigned char u = (unsigned char)c;
    return u == '\t' || (u >= 0x20 && u != 0x7f);
}

static bool size_digit(struct http_chunks *c, char byte)
{
    int v = hex(byte);
    /* 12 digits: far over every limit, far under an overflow. */
    if (v < 0 || ++c->digits > 12)
        return false;
    c->left = c->left * 16 + v;
    return true;
}

static bool in_size(struct http_chunks *c, char byte)
{
    if (c->digits && byte == '\r')
        c->state = CHUNK_SIZE_LF;
    else if (c->digits && byte == ';')
        c->state = CHUNK_EXT;
    else if (c->digits && (byte == ' ' || byte == '\t'))
        c->state = CHUNK_BLANK;
    else
        return size_digit(c, byte);
    return true;
}

/* Blanks after the size are allowed only before an extension. */
static bool in_blank(struct http_chunks *c, char byte)
{
    if (byte == ';')
        c->state = CHUNK_EXT;
    return byte == ';' || ((byte == ' ' || byte == '\t') && ++c->ext_bytes <= EXT_BYTES_MAX);
}

/* A quoted string ends in its line. */
static bool in_ext(struct http_chunks *c, char byte)
{
    if (byte == '\r') {
        c->state = CHUNK_SIZE_LF;
        return !c->quoted;
    }
    if (byte == '"' && !c->escaped)
        c->quoted = !c->quoted;
    c->escaped = c->quoted && byte == '\\' && !c->escaped;
    return visible(byte) && ++c->ext_bytes <= EXT_BYTES_MAX;
}

static bool expect(struct http_chunks *c, char byte, char want, enum chunk_state next)
{
    c->state = next;
    return byte == want;
}

/* The first byte of a trailer line, or of the end. */
static bool in_trailer(struct http_chunks *c, char byte)
{
    if (byte == '\r') {
        c->state = CHUNK_END_LF;
        return true;
    }
    c->state = CHUNK_TRAILER_LINE;
    c->colon = false;
    c->trailer_bytes++;
    return http_token((struct str){&byte, 1});
}

static bool in_trailer_line(struct http_chunks *c, char byte)
{
    if (byte == '\r') {
        c->state = CHUNK_TRAILER_LF;
        return c->colon;
    }
    if (++c->trailer_bytes > TRAILER_BYTES_MAX)
        return false;
    if (c->colon)
        return visible(byte);
    c->colon = byte == ':';
    return c->colon || http_token((struct str){&byte, 1});
}

/* One byte of what frames the data. */
static bool framing_byte(struct http_chunks *c, char byte)
{
    switch (c->state) {
    case CHUNK_SIZE:
        return in_size(c, byte);
    case CHUNK_BLANK:
        return in_blank(c, byte);
    case CHUNK_EXT:
        return in_ext(c, byte);
    case CHUNK_SIZE_LF:
        return expect(c, byte, '\n', c->left ? CHUNK_DATA : CHUNK_TRAILER);
    case CHUNK_DATA_CR:
        return expect(c, byte, '\r', CHUNK_DATA_LF);
    case CHUNK_DATA_LF:
        c->digits = 0;
        return expect(c, byte, '\n', CHUNK_SIZE);
    case CHUNK_TRAILER:
        return in_trailer(c, byte);
    case CHUNK_TRAILER_LINE:
        return in_trailer_line(c, byte);
    case CHUNK_TRAILER_LF:
        return expect(c, byte, '\n', CHUNK_TRAILER);
    case CHUNK_END_LF:
        return expect(c, byte, '\n', CHUNK_END);
    case CHUNK_DATA:
    case CHUNK_END:
        break;
    }
    return false;
}

enum parse http_chunks_feed(struct http_chunks *c, const char *p, size_t n, size_t *used,
                            struct str *data)
{
    *data = S("");
    size_t at = 0;
    while (at < n && c->state != CHUNK_DATA && c->state != CHUNK_END) {
        if (!framing_byte(c, p[at++])) {
            *used = at;
            return PARSE_BAD;
        }
    }
    if (c->state == CHUNK_DATA && at < n) {
        size_t take = n - at;
        if ((int64_t)take >= c->left) {
            take = (size_t)c->left;
            c->state = CHUNK_DATA_CR;
        }
        *data = (struct str){p + at, take};
        c->left -= (int64_t)take;
        at += take;
    }
    *used = at;
    return c->state == CHUNK_END ? PARSE_DONE : PARSE_MORE;
}
