/* setup_tls_pages.c - the page of the server's certificate: what is in use, asking, bringing. */
#include "org/org.h"
#include "setup.h"
#include "setup_pages.h"
#include "setup_tls.h"
#include "setup_views.h"

#define SOON_DAYS 30

/* ---- what is in use ---- */

static struct look_badge_view term_badge(struct cx *cx, const struct cert_info *c)
{
    const int64_t days = day_of(c->valid_to) - day_of(cx->now);
    if (c->valid_to <= cx->now)
        return (struct look_badge_view){
            .kind = S("err"), .icon = S("oct"), .text = tr(cx, S(T("Đã hết hạn")))};
    return (struct look_badge_view){
        .kind = days < SOON_DAYS ? S("warn") : S("ok"),
        .icon = days < SOON_DAYS ? S("tri") : S("checkc"),
        .text = tr_fmt(cx, T("Còn %lld ngày"), (long long)days),
    };
}

static struct str or_dash(struct str s)
{
    return s.n ? s : S("–");
}

static struct look_rows_view facts_of(struct cx *cx, const struct tls_chain *c, struct str path)
{
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 6);
    size_t n = 0;
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Cấp cho"))),
                                  .value = c->names.n ? c->names : or_dash(c->leaf.common_name)};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Nơi cấp"))),
                                  .value = c->self_signed ? tr(cx, S(T("Tự ký: trình duyệt không "
                                                                       "tin")))
                                                          : or_dash(c->leaf.issuer_name)};
    rows[n++] = (struct look_row){
        .key = tr(cx, S(T("Có hiệu lực"))),
        .value = tr_fmt(cx, T("%.*s đến %.*s"), F(date_vi(cx->arena, day_of(c->leaf.valid_from))),
                        F(date_vi(cx->arena, day_of(c->leaf.valid_to)))),
        .badge = term_badge(cx, &c->leaf),
    };
    if (c->key_title.n)
        rows[n++] = (struct look_row){.key = tr(cx, S(T("Khóa"))), .value = c->key_title};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Dấu vân tay SHA-256"))),
                                  .value = str_hex(cx->arena, c->leaf.fingerprint)};
    rows[n++] = (struct look_row){.key = tr(cx, S(T("Nằm ở"))), .value = path};
    return (struct look_rows_view){.title = tr(cx, S(T("Đang dùng"))), .rows = rows, .rows_n = n};
}

/* "ok 09:14, 23/11/2026 why", "no ...", "wait"; empty: none was brought. */
static struct look_note_view said_note(struct cx *cx, struct str said)
{
    if (str_eq(said, S("wait")))
        return (struct look_note_view){
            .kind = S("info"),
            .icon = S("clock"),
            .title = tr(cx, S(T("Đang đưa chứng thư vào dùng. Tải lại trang để xem.")))};
    if (said.n < 4)
        return (struct look_note_view){0};
    const bool good = str_starts(said, S("ok "));
    return (struct look_note_view){
        .kind = good ? S("ok") : S("err"),
        .icon = good ? S("checkc") : S("oct"),
        .title = good ? tr(cx, S(T("Máy chủ đã dùng chứng thư vừa đưa vào")))
                      : tr(cx, S(T("Máy chủ không dùng được chứng thư vừa đưa vào; chứng thư trước "
                                   "vẫn dùng"))),
        .text = str_from(said, 3),
    };
}

/* ---- bringing ---- */

static struct look_field_view file_field(struct cx *cx, struct web_req *rq, const char *name,
                                         const char *label, const char *hint, bool optional)
{
    return (struct look_field_view){
        .kind = LOOK_FILE,
        .name = str_c(name),
        .label = tr(cx, str_c(label)),
        .hint = tr(cx, str_c(hint)),
        .accept = S(".pem,.crt,.cer,.key,.txt"),
        .wrong = web_error_of(rq, str_c(name)),
        .optional = optional,
    };
}

enum err setup_show_tls(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct tls_chain now;
    struct str path, said, csr, key;
    const enum err e = setup_tls_now(cx, &now, &path);
    TRY(setup_tls_said(cx, &said));
    TRY(setup_tls_asked(cx, &csr, &key));
    const struct str closed = setup_tls_closed(cx);
    const struct setup_tls_view view = {
        .errors = look_errors_of(cx, rq),
        .said = said_note(cx, said),
        .closed = closed.n ? (struct look_note_view){.kind = S("warn"),
                                                     .icon = S("tri"),
                                                     .title = tr(cx, S(T("Trang này chưa nhận "
                                                                         "chứng thư"))),
                                                     .text = closed}
                           : (struct look_note_view){0},
        .there = e == OK,
        .now = e == OK ? facts_of(cx, &now, path) : (struct look_rows_view){0},
        .none =
            {.title = tr(cx, S(T("Chưa có chứng thư"))),
             .text = tr(
                 cx,
                 S(T("Máy chủ đang gửi, nhận không mã hóa. Xin chứng thư ở nơi cấp, rồi đưa vào đây.")))},
        .host = setup_tls_host(cx),
        .asked = csr.n > 0,
        .before = tls_files_before(cx).n > 0,
        .cert = file_field(cx, rq, "chung_thu", T("Chứng thư của máy chủ"),
                           T("Tệp PEM (.pem, .crt) nơi cấp gửi; có thể chứa cả chuỗi. Tệp .pfx: "
                             "đổi trước bằng openssl pkcs12 -in tệp.pfx -nodes -out tệp.pem"),
                           false),
        .between = file_field(cx, rq, "trung_gian", T("Chứng thư của nơi cấp trung gian"),
                              T("Tệp CA bundle, nếu nơi cấp gửi riêng"), true),
        .key =
            file_field(cx, rq, "khoa", T("Khóa riêng"),
                       csr.n ? T("Để trống nếu chứng thư cấp theo yêu cầu làm ở trang này")
                             : T("Tệp PEM không có mật khẩu; để trống nếu nằm cùng tệp với chứng "
                                 "thư. Chỉ máy chủ đọc được, không vào nhật ký"),
                       csr.n > 0),
    };
    setup_tls_html(&rs->body, &view);
    return OK;
}

/* The text of the file of this field; empty: none was chosen. */
static enum err text_of(struct cx *cx, struct web_req *rq, struct str field, struct str *text)
{
    size_t n;
    struct web_upload *up = web_uploads(rq, &n);
    *text = S("");
    for (size_t i = 0; i < n; i++)
        if (up[i].upload && str_eq(up[i].field, field))
            return file_upload_take(cx, up[i].upload, text);
    return OK;
}

static enum err keep_error(struct cx *cx, struct web_req *rq, struct str field, enum err e)
{
    if (e != ERR_INVALID && e != ERR_LIMIT)
        return e;
    web_error_add(cx, rq, field, cx->why);
    return OK;
}

/* Of its own file, of the certificate's file, or of the request made here. */
static enum err judge_key(struct cx *cx, struct web_req *rq, struct str cert,
                          const struct tls_chain *chain, struct tls_pair *p)
{
    struct str key, csr, asked;
    TRY(text_of(cx, rq, S("khoa"), &key));
    TRY(setup_tls_asked(cx, &csr, &asked));
    key = key.n ? key : tls_key_inside(cert) ? cert : asked;
    if (web_error_of(rq, S("khoa")).n || chain->leaf_der.n == 0)
        return OK;
    if (key.n == 0)
        web_error_add(cx, rq, S("khoa"), tr(cx, S(T("Chọn tệp khóa riêng của chứng thư này."))));
    else
        TRY(keep_error(cx, rq, S("khoa"), tls_key_read(cx, key, chain, &p->key)));
    return OK;
}

enum err setup_check_tls(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct tls_pair *p = NEW(cx->arena, struct tls_pair);
    struct tls_chain chain = {0};
    struct str cert, between;
    web_on_refusal(rq, setup_show_tls);
    TRY(text_of(cx, rq, S("chung_thu"), &cert));
    TRY(text_of(cx, rq, S("trung_gian"), &between));
    const struct str whole = str_fmt(cx->arena, "%.*s\n%.*s", F(cert), F(between));
    if (cert.n)
        TRY(keep_error(cx, rq, S("chung_thu"),
                       tls_chain_read(cx, whole, setup_tls_host(cx), cx->now, &chain)));
    else if (web_error_of(rq, S("chung_thu")).n == 0)
        web_error_add(cx, rq, S("chung_thu"), tr(cx, S(T("Chọn tệp chứng thư của máy chủ."))));
    TRY(judge_key(cx, rq, cert, &chain, p));
    TRY(web_refuse(cx, rq));
    const struct str closed = setup_tls_closed(cx);
    if (closed.n)
        return fail(cx, ERR_CONFLICT, "%.*s", F(closed));
    p->chain = chain.pem;
    p->name = str_hex(cx->arena, chain.leaf.fingerprint);
    web_keep(rq, p);
    return OK;
}

enum err setup_bring_tls(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    TRY(setup_tls_bring(cx, web_kept(rq)));
    rs->see_other = S("/quan-tri/chung-thu");
    return OK;
}

enum err setup_back_tls(struct cx *cx, struct web_req *, struct web_res *rs)
{
    TRY(setup_tls_go_back(cx));
    rs->see_other = S("/quan-tri/chung-thu");
    return OK;
}

/* ---- asking ---- */

static enum err root_name(struct cx *cx, struct str *name, struct str *place)
{
    struct org_unit u;
    TRY(org_unit_find(cx, cx->actor->unit, &u));
    for (int depth = 0; u.parent && depth < 32; depth++)
        TRY(org_unit_find(cx, u.parent, &u));
    struct org_area a;
    *name = u.name;
    TRY(org_area_find(cx, u.area, &a));
    *place = a.name;
    return OK;
}

static struct look_field_view ask_field(struct cx *cx, struct web_req *rq, const char *name,
                                        const char *label, const char *hint, struct str value)
{
    return (struct look_field_view){
        .name = str_c(name),
        .label = tr(cx, str_c(label)),
        .hint = tr(cx, str_c(hint)),
        .value = web_again(rq) ? web_form(rq, name) : value,
        .wrong = web_error_of(rq, str_c(name)),
        .max = 200,
    };
}

enum err setup_show_ask(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct str name, place, csr, key;
    TRY(root_name(cx, &name, &place));
    TRY(setup_tls_asked(cx, &csr, &key));
    const struct setup_tls_ask_view view = {
        .errors = look_errors_of(cx, rq),
        .csr = csr,
        .names = ask_field(cx, rq, "ten_mien", T("Tên miền"),
                           T("Nhiều tên thì cách nhau bằng dấu phẩy; tên đầu là tên chính"),
                           setup_tls_host(cx)),
        .organisation =
            ask_field(cx, rq, "to_chuc", T("Tổ chức"), T("Như trong quyết định thành lập"), name),
        .place = ask_field(cx, rq, "tinh", T("Tỉnh, thành phố"), "", place),
    };
    setup_tls_ask_html(&rs->body, &view);
    return OK;
}

static bool name_good(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') ||
              memchr(".-*", s.p[i], 3)))
            return false;
    return s.n > 3 && s.n <= 64 && str_find(s, S("."), NULL) && s.p[0] != '.' && s.p[0] != '-';
}

static struct str clean_names(struct cx *cx, struct str typed)
{
    struct buf b = {.arena = cx->arena, .limit = 400};
    struct str one, rest = str_ascii_lower(cx->arena, typed);
    while (rest.n) {
        str_cut(rest, ',', &one, &rest);
        one = str_trim(one);
        if (!name_good(one))
            return S("");
        if (b.n)
            buf_byte(&b, ',');
        buf_add(&b, one);
    }
    return b.full ? S("") : buf_str(&b);
}

enum err setup_check_ask(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct tls_ask *ask = NEW(cx->arena, struct tls_ask);
    web_on_refusal(rq, setup_show_ask);
    ask->names = clean_names(cx, web_form(rq, "ten_mien"));
    ask->organisation = web_form(rq, "to_chuc");
    ask->locality = web_form(rq, "tinh");
    if (ask->names.n == 0)
        web_error_add(cx, rq, S("ten_mien"),
                      tr(cx, S(T("Tên miền phải có dạng dichvucong.tinh.gov.vn, chữ thường không "
                                 "dấu, không quá 64 ký tự."))));
    if (ask->organisation.n == 0)
        web_error_add(cx, rq, S("to_chuc"), tr(cx, S(T("Nhập tên tổ chức."))));
    if (ask->locality.n == 0)
        web_error_add(cx, rq, S("tinh"), tr(cx, S(T("Nhập tỉnh, thành phố."))));
    TRY(web_refuse(cx, rq));
    web_keep(rq, ask);
    return setup_tls_ask_make(cx, ask);
}

enum err setup_ask_tls(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    TRY(setup_tls_ask_keep(cx, web_kept(rq)));
    rs->see_other = S("/quan-tri/chung-thu/yeu-cau");
    rs->toast = tr(cx, S(T("Đã làm khóa và yêu cầu cấp chứng thư")));
    return OK;
}

enum err setup_get_ask(struct cx *cx, struct web_req *, struct web_res *rs)
{
    struct str key;
    TRY(setup_tls_asked(cx, &rs->bytes, &key));
    if (rs->bytes.n == 0)
        return fail(cx, ERR_NOT_FOUND, T("Không có yêu cầu cấp chứng thư nào đang chờ."));
    rs->content_type = S("application/pkcs10");
    rs->download_name = str_fmt(cx->arena, "%.*s.csr", F(setup_tls_host(cx)));
    return OK;
}
