/* onestop_walker.h - walks any procedure through the pages, with answers made from its form. */
#pragma once
#include "onestop_fixture.h"

struct desk {
    const char *kind, *unit, *counter, *clerk, *leader; /* kind of deciding unit */
};
/* Who sits where in the demo. */
static const struct desk desks[] = {
    {"ubnd_xa", "H37.114.01", "motcua.kylua", "hotich.kylua", "chutich.kylua"},
    {"cong_an_xa", "H37.114.01", "motcua.kylua", "congan.kylua", "truongca.kylua"},
    {"so_tai_chinh", "H37.01", "motcua.tinh", "doanhnghiep.stc", "giamdoc.stc"},
    {"so_noi_vu", "H37.01", "motcua.tinh", "laodong.snv", "giamdoc.snv"},
};

static inline const struct desk *desk_of(const struct procedure *p)
{
    for (size_t i = 0; i < sizeof desks / sizeof *desks; i++)
        if (str_eq(p->deciding_kind, str_c(desks[i].kind)))
            return &desks[i];
    fail_msg("%.*s: nobody decides for %.*s", F(p->code), F(p->deciding_kind));
    return NULL;
}

/* ---- a right answer to any question ---- */

/* Our patterns are classes and counts: the first of each class, as often as it says. */
static inline struct str like_pattern(struct cx *cx, struct str pattern)
{
    struct buf b = {.arena = cx->arena, .limit = 200};
    for (size_t i = 0; i < pattern.n; i++) {
        char c = pattern.p[i];
        if (c == '^' || c == '$')
            continue;
        if (c == '[') {
            c = pattern.p[i + 1] == '0' ? '1' : pattern.p[i + 1];
            c = pattern.p[i + 1] == '0' && pattern.p[i + 3] == '3' ? '0' : c;
            while (pattern.p[i] != ']')
                i++;
        }
        int64_t times = 1;
        struct str count, rest;
        if (i + 1 < pattern.n && pattern.p[i + 1] == '{' &&
            str_cut(str_from(pattern, i + 2), '}', &count, &rest)) {
            assert_true(str_int(count, &times));
            i += 2 + count.n;
        }
        for (int64_t k = 0; k < times; k++)
            buf_byte(&b, c);
    }
    return buf_str(&b);
}

/* The nth question of a form: dates follow one another, numbers of people differ. */
static inline struct str answer_to(struct cx *cx, const struct form_field *f, int n)
{
    if (f->options_n)
        return f->options[f->options_n > 1 ? 1 : 0].value;
    switch (f->type) {
    case FORM_DATE:
        return date_vi(cx->arena, civil_day(2020, 1, 1) + n);
    case FORM_DATE_OR_YEAR: /* of grown-ups */
        return date_vi(cx->arena, civil_day(1990, 1, 1) + n);
    case FORM_NUMBER:
    case FORM_MONEY:
        return str_fmt(cx->arena, "%lld", (long long)(f->min > 2 ? f->min : 2));
    case FORM_PHONE:
        return S("0912 345 678");
    case FORM_EMAIL:
        return S("an@vidu.vn");
    case FORM_ID_NO:
        return str_fmt(cx->arena, "020192999%03d", n);
    case FORM_PERSON_NAME:
        return S("Lương Văn Hòa");
    case FORM_CHECKBOX:
        return S("1");
    case FORM_ADDRESS:
    case FORM_TEXTAREA:
        return S("Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn");
    default:
        return f->pattern.n ? like_pattern(cx, f->pattern) : S("Nội dung mẫu");
    }
}

static inline void put(struct cx *cx, struct browser *b, struct str name, struct str value)
{
    (void)browser_fill(b, str_z(cx->arena, name), str_z(cx->arena, value));
}

static inline void put_answer(struct cx *cx, struct browser *b, const struct form_field *f, int n)
{
    struct str value = answer_to(cx, f, n), day, month, year, rest;
    put(cx, b, f->id, value);
    if (f->type != FORM_DATE || !str_cut(value, '/', &day, &rest) ||
        !str_cut(rest, '/', &month, &year))
        return;
    put(cx, b, str_fmt(cx->arena, "%.*s-ngay", F(f->id)), day);
    put(cx, b, str_fmt(cx->arena, "%.*s-thang", F(f->id)), month);
    put(cx, b, str_fmt(cx->arena, "%.*s-nam", F(f->id)), year);
}

/* Answers whatever this page asks; what it does not ask is passed over. */
static inline void answer_page(struct cx *cx, struct browser *b, const struct form *f)
{
    int n = 0;
    for (size_t s = 0; s < f->sections_n; s++)
        for (size_t i = 0; i < f->sections[s].fields_n; i++, n++)
            put_answer(cx, b, &f->sections[s].fields[i], n);
}

static inline void press(struct browser *b, const struct procedure *p, const char *button)
{
    if (!browser_press(b, button))
        fail_msg("%.*s: no button %s on %.*s: %.*s", F(p->code), button, F(browser_page(b)->target),
                 F(str_until(browser_page(b)->words, 900)));
    if (browser_page(b)->status != 200)
        fail_msg("%.*s: %s came to %d on %.*s: %.*s", F(p->code), button, browser_page(b)->status,
                 F(browser_page(b)->target), F(str_until(browser_page(b)->words, 1500)));
}

static inline void goes_to(struct browser *b, const struct procedure *p, struct str path)
{
    struct cx *cx = browser_cx(b);
    if (browser_open(b, str_z(cx->arena, path)) != 200)
        fail_msg("%.*s: %.*s came to %d: %.*s", F(p->code), F(path), browser_page(b)->status,
                 F(str_until(browser_page(b)->words, 900)));
}

static inline bool target_has(struct browser *b, struct str part)
{
    return str_find(browser_page(b)->target, part, NULL);
}

/* ---- filing ---- */

static inline void is_found(struct cx *cx, struct browser *b, const struct procedure *p)
{
    struct buf q = {.arena = cx->arena, .limit = 4000};
    struct str words = text_fold(cx->arena, str_until(p->name, 90));
    buf_add(&q, S("/tim?q="));
    for (size_t i = 0; i < words.n; i++)
        buf_byte(&q, words.p[i] == ' ' ? '+' : words.p[i]);
    goes_to(b, p, buf_str(&q));
    if (!browser_sees(b, p->code))
        fail_msg("%.*s is not found by its name", F(p->code));
}

/* Filed online by a citizen; gives the request code. */
static inline struct str file_online(struct cx *cx, const struct procedure *p, const struct form *f)
{
    struct browser *b = signed_in_as(cx, MAI);
    is_found(cx, b, p);
    goes_to(b, p, str_fmt(cx->arena, "/nop-ho-so/%.*s", F(p->code)));
    for (int page = 0; target_has(b, S("/khai/")); page++) {
        assert_true(page <= (int)f->sections_n);
        answer_page(cx, b, f);
        press(b, p, "Tiếp tục");
    }
    for (size_t i = 0; i < p->components_n; i++)
        if (p->components[i].required)
            assert_true(browser_attach(
                b, str_z(cx->arena, str_fmt(cx->arena, "giay_to.%.*s", F(p->components[i].code))),
                "giay-to.pdf", S(SMALL_PDF)));
    press(b, p, "Tiếp tục");
    assert_true(target_has(b, S("/kiem-tra")));
    put(cx, b, S("noi_nop"), str_c(desk_of(p)->unit));
    put(cx, b, S("tra"), S("quay"));
    put(cx, b, S("cam_doan"), S("1"));
    press(b, p, "Gửi hồ sơ");
    struct str rest, code;
    assert_true(str_starts(browser_page(b)->target, S("/ho-so/")));
    rest = str_from(browser_page(b)->target, 7);
    assert_true(str_cut(rest, '/', &code, &rest));
    return str_dup(cx->arena, code);
}

#define WALK_IN_CARD                                                                               \
    "020095999107|311999107|Lương Văn Hòa|14051995|Nam|Tổ 3, phường Kỳ Lừa, tỉnh Lạng Sơn|01072022"

/* Taken in at the counter, where it is accepted and handed over at once; gives the code. */
static inline struct str take_in(struct cx *cx, const struct procedure *p, const struct form *f)
{
    struct browser *b = signed_in_as(cx, desk_of(p)->counter);
    goes_to(b, p, str_fmt(cx->arena, "/quay?thu-tuc=%.*s", F(p->code)));
    answer_page(cx, b, f);
    put(cx, b, S("dinh_danh"), S(WALK_IN_CARD));
    for (size_t i = 0; i < p->components_n; i++)
        put(cx, b, S("giay_to"), p->components[i].code);
    put(cx, b, S("chuyen_luon"), S("1"));
    press(b, p, "Tiếp nhận và in giấy hẹn");
    assert_true(str_starts(browser_page(b)->target, S("/quay/xong/")));
    return str_dup(cx->arena, str_from(browser_page(b)->target, 11));
}

/* ---- deciding, signing, returning ---- */

static inline struct str accept_request(struct cx *cx, const struct procedure *p,
                                        struct str request)
{
    struct browser *b = signed_in_as(cx, desk_of(p)->counter);
    struct dossier d;
    goes_to(b, p, str_fmt(cx->arena, "/viec/%.*s/mot-cua/tiep-nhan", F(request)));
    press(b, p, "Tiếp nhận");
    act_as_program(cx);
    assert_ok(onestop_by_code(cx, request, &d));
    return d.code;
}

#define CONCLUSION "Đủ điều kiện giải quyết theo hồ sơ."

static inline void decide(struct cx *cx, const struct procedure *p, struct str code)
{
    struct browser *b = signed_in_as(cx, desk_of(p)->clerk);
    goes_to(b, p, str_fmt(cx->arena, "/viec/%.*s?xem=du-thao", F(code)));
    put(cx, b, S("ket_luan"), S(CONCLUSION));
    press(b, p, "Lưu dự thảo");
    goes_to(b, p, str_fmt(cx->arena, "/viec/%.*s/xu-ly/trinh", F(code)));
    press(b, p, "Trình duyệt");
    b = signed_in_as(cx, desk_of(p)->leader);
    goes_to(b, p, str_fmt(cx->arena, "/viec/%.*s/ky/duyet", F(code)));
    press(b, p, "Phê duyệt và ký");
}

/* What was signed carries its name, its number and a signature over all of it. */
static inline void check_result(struct cx *cx, const struct procedure *p, struct str code)
{
    struct browser *b = signed_in_as(cx, desk_of(p)->leader);
    goes_to(b, p, str_fmt(cx->arena, "/viec/%.*s/ket-qua", F(code)));
    struct str pdf = browser_page(b)->body, text = text_of_pdf(cx, pdf);
    assert_contains(told_by(cx, pdf, "pdfsig -nocert", ""), "Signature is Valid");
    if (!str_find(text, p->result_register, NULL))
        fail_msg("%.*s: no number of %.*s in: %.*s", F(p->code), F(p->result_register), F(text));
    if (str_eq(p->result_template, S("ket-qua-chung")))
        assert_contains(text, "Đủ điều kiện giải quyết");
}

static inline void return_result(struct cx *cx, const struct procedure *p, struct str code,
                                 struct dossier *d)
{
    struct browser *b = signed_in_as(cx, desk_of(p)->counter);
    if (d->fee_dong) {
        goes_to(b, p, str_fmt(cx->arena, "/viec/%.*s/mot-cua/thu-tien", F(code)));
        press(b, p, "Đã nhận đủ tiền");
    }
    goes_to(b, p, str_fmt(cx->arena, "/viec/%.*s/mot-cua/tra", F(code)));
    put(cx, b, S("giay_to"), S("thẻ căn cước"));
    press(b, p, "Trả kết quả");
}

/* From search to the returned result, by whichever channel the province opened. */
static inline void walk_procedure(struct cx *cx, struct str procedure_code)
{
    const struct procedure *p;
    const struct form *f;
    struct dossier d;
    struct str code;
    act_as_program(cx);
    assert_ok(procedure_find(cx, procedure_code, &p));
    assert_ok(form_find(cx, p->form_code, &f));
    if (str_eq(p->level, S("khong_truc_tuyen")))
        code = take_in(cx, p, f);
    else
        code = accept_request(cx, p, file_online(cx, p, f));
    decide(cx, p, code);
    act_as_program(cx);
    assert_ok(onestop_by_code(cx, code, &d));
    let_jobs_run(cx, &d);
    assert_int_equal(d.state, DOSSIER_RELEASED);
    check_result(cx, p, code);
    return_result(cx, p, code, &d);
    read_again(cx, &d);
    assert_int_equal(d.state, DOSSIER_RETURNED);
}
