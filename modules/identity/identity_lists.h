/* identity_lists.h - the list of people: where its rows come from. Inside of this folder. */
#pragma once
#include "identity_inside.h"
#include "list/list.h"

/* Filters: con ("dang" usual, "thoi", "tat-ca"), vai-tro. */
struct user_row {
    int64_t id;
    bool closed;
    struct str name, login, posts; /* "Chuyên viên, UBND phường Kỳ Lừa; ..." */
};
extern const struct list_source identity_user_source;
