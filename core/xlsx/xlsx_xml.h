/*
 * xlsx_xml.h - the XML of spreadsheets: a strict pull scanner with bounds.
 *
 * UTF-8 only, no document type, no entity but the five of XML and characters by number; tags must
 * fit each other and there is one root. Names lose their prefix: the parts of a workbook use one
 * vocabulary each. Text comes in pieces; a tag must fit into a fixed room.
 */
#pragma once
#include "base/base.h"

#define XML_DEPTH 32
#define XML_NAME_BYTES 64
#define XML_ATTRIBUTES 64
#define XML_TAG_BYTES 16384
#define XML_TEXT_BYTES 4096

enum xml_kind { XML_END = 0, XML_OPEN, XML_CLOSE, XML_TEXT };

struct xml_attribute {
    struct str name, value;
};

/* The next piece of the document, valid until the next call; empty at the end. */
typedef enum err xml_more(struct cx *cx, void *state, struct str *piece);

struct xml {
    xml_more *more;
    void *state;
    struct str piece;
    size_t at;
    int held;     /* a byte given back, or -1 */
    size_t depth; /* open elements */
    bool begun;   /* the root was there */
    bool empty;   /* "<x/>": its end is owed */
    bool cdata;
    /* the token at hand; slices point into `bytes` and are valid until the next call */
    enum xml_kind kind;
    struct str name, text;
    struct xml_attribute attributes[XML_ATTRIBUTES];
    size_t attributes_n;
    size_t n; /* of bytes */
    char bytes[XML_TAG_BYTES];
    char open[XML_DEPTH][XML_NAME_BYTES];
};

void xml_start(struct xml *x, xml_more *more, void *state);
/* ERR_INVALID: not such XML. Comments and processing instructions are passed over. */
enum err xml_next(struct cx *cx, struct xml *x);
/* Of the open tag at hand; empty when it has none. */
struct str xml_attribute(const struct xml *x, struct str name);
/* Passes over everything up to the end of the element that was opened last. */
enum err xml_skip(struct cx *cx, struct xml *x);
