/*
 * guide.h - the way to a procedure for whoever does not know its name (hướng dẫn).
 *
 * Life events (sự kiện cuộc đời) lead through real procedures in the order in which people need
 * them; a page says how filing goes; the kiosk (ki-ốt) of a centre shows the same large, for
 * fingers, goes home by itself and keeps nothing of whoever stood there. Life events are data of
 * packs.
 */
#pragma once
#include "base/base.h"

struct module;
extern const struct module guide_module;
