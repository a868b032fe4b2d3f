/*
 * story.h - stories: a person, a clerk and a leader walk through one case, told in Vietnamese.
 *
 *   # Hồ sơ được tiếp nhận rồi trả kết quả
 *   như người dân
 *     GET  /tim?q=dang+ky+khai+sinh                 -> 200 có "khai sinh"
 *     POST /phan-anh  content="Đèn đường hỏng"      -> 303 /phan-anh/{ma}
 *     tiếp                                          -> 200 có "Đã gửi" không có "Lỗi"
 *     bấm "Gửi hồ sơ"  ho_ten="Lý Thị Bình" giay=@giay-chung-sinh.pdf  -> 200 có "Đã gửi"
 *   như cán bộ một cửa
 *     mở "Lý Thị Bình"                              -> 200
 *   sau 8 ngày
 *
 * Statements, one a line; README.md has the whole list. The route is asked exactly as a browser
 * asks: the hidden fields of the form on the page come along, the token too.
 */
#pragma once
#include "browser.h"

struct story_role {
    const char *words; /* "cán bộ một cửa" */
    const char *login; /* NULL: a visitor */
};
/* What a story knows from the start: {link}. */
struct story_known {
    const char *name;
    struct str value;
};
struct story_config {
    const struct story_role *roles;                        /* ended by words == NULL */
    bool (*sign_in)(struct browser *b, const char *login); /* on a fresh browser */
    bool (*verify)(struct cx *cx, struct str *finding);    /* "kiểm nhật ký"; may be NULL */
    const char *files;                                     /* folder of what is attached with @ */
    const struct story_known *known;                       /* ended by name == NULL; may be NULL */
};
/* Runs one story; a broken expectation fails the cmocka test, naming file and line. */
void story_run(struct cx *cx, const char *path, const struct story_config *c);
