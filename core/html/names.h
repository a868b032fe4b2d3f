/* names.h - what the parser of templates knows of HTML: elements, attributes, entities. */
#pragma once
#include "base/base.h"

bool names_is_space(char c);
bool names_is_letter(char c);
bool names_is_name(char c); /* of an element or attribute */

bool names_is_void(struct str element);     /* <br>: has no end tag */
bool names_is_block(struct str element);    /* white space around shows nothing */
bool names_is_loose(struct str element);    /* nor between its children */
bool names_keeps_space(struct str element); /* <pre> */
bool names_closes_p(struct str element);    /* a <p> ends by itself before it */
bool names_is_boundary(struct str element); /* and that rule ends here */
bool names_is_refused(struct str element);

bool names_is_address(struct str attribute);  /* href: {{url}} and {{link}} only */
bool names_is_readable(struct str attribute); /* alt: people read it */
bool names_is_unsafe(struct str attribute);   /* onclick, style: never */
bool names_is_fixed(struct str attribute);    /* srcset: no values inside */
/* An address that begins so leads where it seems to; whole: nothing is put behind it. */
bool names_is_safe_address(struct str head, bool whole);

/* Decodes the entity s begins with into b; its length, 0 when it is none we know. */
size_t names_entity(struct str s, struct buf *b);
bool names_is_plain_entity(struct str s); /* it begins with one that html_text writes */
bool names_has_hole(struct str s);        /* "{1}" */
