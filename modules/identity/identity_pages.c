/* identity_pages.c - signing in and out, the lock, the password asked again, the unit in which one
 * acts. */
#include "identity_factor.h"

#include "identity_views.h"
#include "org/org.h"

/* ---- signing in ---- */

struct look_errors_view identity_one_error(struct cx *cx, struct str field, struct str sentence)
{
    if (sentence.n == 0)
        return (struct look_errors_view){0};
    struct look_error_item *item = NEW(cx->arena, struct look_error_item);
    *item = (struct look_error_item){field, sentence};
    return (struct look_errors_view){item, 1};
}

static size_t demo_people(struct cx *cx, const struct identity_demo_row **out)
{
    size_t n = 0;
    while (identity_demo_accounts[n].login)
        n++;
    struct identity_demo_row *rows = NEW_N(cx->arena, struct identity_demo_row, n);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct identity_demo_row){str_c(identity_demo_accounts[i].login),
                                             str_c(identity_demo_accounts[i].name),
                                             tr(cx, str_c(identity_demo_accounts[i].does))};
    *out = rows;
    return n;
}

static void draw_sign_in(struct cx *cx, struct web_req *rq, struct web_res *rs, struct str wrong)
{
    struct identity_sign_in_view view = {
        .errors = identity_one_error(cx, S("tai_khoan"), wrong),
        .login = {.kind = LOOK_TEXT,
                  .name = S("tai_khoan"),
                  .label = tr(cx, S(T("Số định danh cá nhân hoặc tên đăng nhập"))),
                  .hint = tr(cx, S(T("12 chữ số trên thẻ căn cước, hoặc tên do cơ quan cấp"))),
                  .value = web_form(rq, "tai_khoan"),
                  .autocomplete = S("username"),
                  .wrong = wrong,
                  .max = 100},
        .password = {.kind = LOOK_PASSWORD,
                     .name = S("mat_khau"),
                     .label = tr(cx, S(T("Mật khẩu"))),
                     .autocomplete = S("current-password"),
                     .max = 200},
        .enter = {.label = tr(cx, S(T("Đăng nhập"))), .large = true},
        .return_to = web_return_path(rq, S("/vao")),
        .demo = cx->env->demo,
        .demo_password = S(IDENTITY_DEMO_PASSWORD),
    };
    if (cx->env->demo)
        view.people_n = demo_people(cx, &view.people);
    identity_sign_in_html(&rs->body, &view);
}

#define SIGN_IN_REFUSED                                                                            \
    "Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra rồi nhập lại. Sai 5 lần liền thì mỗi 5 phút chỉ thử được một lần."

static enum err show_sign_in(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    if (cx->actor->account && !web_again(rq)) {
        rs->see_other = web_return_path(rq, S("/vao"));
        return OK;
    }
    draw_sign_in(cx, rq, rs, web_again(rq) ? cx->why : S(""));
    return OK;
}

static enum err check_sign_in(struct cx *cx, struct web_req *rq,
                              [[maybe_unused]] struct web_res *rs)
{
    web_on_refusal(rq, show_sign_in);
    if (web_form(rq, "tai_khoan").n == 0)
        return fail_field(cx, ERR_INVALID, S("tai_khoan"),
                          T("Nhập số định danh hoặc tên đăng nhập."));
    struct sign_in *s = NEW(cx->arena, struct sign_in);
    TRY(sign_in_check(cx, web_form(rq, "tai_khoan"), web_form_exact(rq, "mat_khau"), s));
    web_keep(rq, s);
    return OK;
}

/* A wrong password is an answer, not an error: what it counts must be committed. */
static enum err sign_in(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct sign_in *s = web_kept(rq);
    TRY(sign_in_finish(cx, rq, rs, s, web_return_path(rq, S("/vao"))));
    if (s->verdict == SIGN_IN_RIGHT)
        return OK;
    rs->status = 422;
    /* One sentence for whatever reason: who is not signed in learns of no account that it exists.
     */
    draw_sign_in(cx, rq, rs, tr(cx, S(T(SIGN_IN_REFUSED))));
    return OK;
}

/* After signing in: an officer's first screen, or the home of citizens. */
static enum err enter([[maybe_unused]] struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    rs->see_other = web_home(rq);
    return OK;
}

static enum err sign_out(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t account = web_session_account(rq);
    TRY(web_session_end(cx, rq, rs));
    rs->see_other = S("/");
    rs->toast = tr(cx, S(T("Bạn đã đăng xuất.")));
    return account ? identity_note(cx, S("identity.session.ended"), account) : OK;
}

static enum err sign_out_everywhere(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    TRY(web_session_end(cx, rq, rs));
    TRY(web_session_end_all(cx, cx->actor->account));
    rs->see_other = S("/");
    rs->toast = tr(cx, S(T("Bạn đã đăng xuất khỏi mọi thiết bị.")));
    return identity_note(cx, S("identity.session.all_ended"), cx->actor->account);
}

/* ---- the password once more; for what asks for it again, the code too ---- */

struct look_field_view identity_password_field(struct cx *cx, struct str wrong)
{
    return (struct look_field_view){.kind = LOOK_PASSWORD,
                                    .name = S("mat_khau"),
                                    .label = tr(cx, S(T("Mật khẩu"))),
                                    .wrong = wrong,
                                    .autocomplete = S("current-password"),
                                    .max = 200,
                                    .focus = true};
}

struct again {
    bool lock;                    /* else a step-up */
    bool factor;                  /* the account has a second one */
    struct str wrong, code_wrong; /* at most one of them */
};

static enum err draw_password(struct cx *cx, struct web_req *rq, struct web_res *rs,
                              const struct again *g)
{
    struct str name;
    const bool lock = g->lock, of_code = g->code_wrong.n != 0;
    TRY(account_name(cx, web_session_account(rq), &name));
    const struct identity_password_view view = {
        .title = tr(cx, lock ? S(T("Màn hình đang khóa")) : S(T("Xác nhận lại mật khẩu"))),
        .text = tr(
            cx,
            lock
                ? S(T("Bạn đã nghỉ hơn 30 phút hoặc tự khóa. Những gì đang làm dở vẫn còn."))
                : S(T("Việc sắp làm cần chắc chắn là bạn. Nhập một lần, trong 10 phút không phải nhập lại."))),
        .action = lock ? S("/khoa") : S("/xac-nhan-lai"),
        .return_to = web_return_path(rq, S("/vao")),
        .name = name,
        .errors = identity_one_error(cx, of_code ? S("ma") : S("mat_khau"),
                                     of_code ? g->code_wrong : g->wrong),
        .password = identity_password_field(cx, g->wrong),
        .code = identity_code_field(cx, g->code_wrong, false),
        .asks_code = g->factor && !lock,
        .enter = {.label = tr(cx, lock ? S(T("Mở khóa")) : S(T("Xác nhận"))), .large = true},
    };
    identity_password_html(&rs->body, &view);
    return OK;
}

static enum err show_lock(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    if (web_session_account(rq) == 0) {
        rs->see_other = S("/dang-nhap");
        return OK;
    }
    if (!web_session_locked(rq)) {
        rs->see_other = web_return_path(rq, S("/vao"));
        return OK;
    }
    return draw_password(cx, rq, rs, &(struct again){.lock = true});
}

static enum err show_step_up(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct again g = {0};
    TRY(factor_is_on(cx, cx->actor->account, &g.factor));
    return draw_password(cx, rq, rs, &g);
}

struct given {
    struct again again;
    struct sign_in sign_in;
    struct code_check code;
};

static enum err check_given(struct cx *cx, struct web_req *rq, bool lock)
{
    struct given *g = NEW(cx->arena, struct given);
    const int64_t account = web_session_account(rq);
    g->again.lock = lock;
    web_keep(rq, g);
    if (account == 0)
        return OK;
    TRY(factor_is_on(cx, account, &g->again.factor));
    TRY(sign_in_check_account(cx, account, web_form_exact(rq, "mat_khau"), &g->sign_in));
    return g->again.factor && !lock && g->sign_in.verdict == SIGN_IN_RIGHT
               ? factor_check(cx, account, web_form(rq, "ma"), &g->code)
               : OK;
}

static enum err check_unlock(struct cx *cx, struct web_req *rq, struct web_res *)
{
    return check_given(cx, rq, true);
}

static enum err check_step_up(struct cx *cx, struct web_req *rq, struct web_res *)
{
    return check_given(cx, rq, false);
}

/* A session that a code opened is unlocked by the password, but signs with both again. */
static enum err give_password(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct given *g = web_kept(rq);
    const struct sign_in *s = &g->sign_in;
    const bool lock = g->again.lock;
    struct again said = g->again;
    struct code_check code = g->code; /* this may run again */
    if (s->account == 0) {            /* the session ended meanwhile */
        rs->see_other = S("/dang-nhap");
        return OK;
    }
    if (said.factor && !lock && s->verdict == SIGN_IN_RIGHT) {
        TRY(factor_take(cx, &code));
        if (code.verdict != CODE_RIGHT) {
            rs->status = 422;
            said.code_wrong = code_sentence(cx, &code);
            return draw_password(cx, rq, rs, &said);
        }
    }
    const struct session_start start = {
        .account = s->account, .assurance = lock ? 1 : 2, .unlocks = lock && said.factor};
    TRY(sign_in_finish_again(cx, rq, rs, s, &start));
    if (s->verdict == SIGN_IN_RIGHT) {
        rs->see_other = web_return_path(rq, S("/vao"));
        return OK;
    }
    rs->status = 422;
    said.wrong = sign_in_sentence(cx, s);
    return draw_password(cx, rq, rs, &said);
}

static enum err lock_screen(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    TRY(web_session_lock(cx, rq));
    rs->see_other = S("/khoa");
    return identity_note(cx, S("identity.session.locked"), cx->actor->account);
}

/* ---- where one works ---- */

/* One row a unit, its roles joined, and the person in his own matters. */
size_t identity_unit_rows(struct cx *cx, struct identity_unit_row *out, size_t max)
{
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n = 0, rows = 0;
    if (identity_posts(cx, cx->actor->account, posts, POSTS_MAX, &n) != OK)
        return 0;
    for (size_t i = 0; i < n && rows < max; i++) {
        struct org_unit u;
        if (i > 0 && posts[i].unit == posts[i - 1].unit) {
            struct identity_unit_row *last = &out[rows - 1];
            last->roles = str_fmt(cx->arena, "%.*s, %.*s", F(last->roles), F(posts[i].role_title));
            continue;
        }
        if (org_unit_find(cx, posts[i].unit, &u) != OK)
            continue;
        out[rows++] = (struct identity_unit_row){
            .id = str_fmt(cx->arena, "%lld", (long long)u.id),
            .name = u.name,
            .roles = posts[i].role_title,
            .current = cx->actor->unit == u.id,
        };
    }
    return rows;
}

static enum err show_units(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct identity_unit_row *rows = NEW_N(cx->arena, struct identity_unit_row, POSTS_MAX + 1);
    size_t n = identity_unit_rows(cx, rows, POSTS_MAX);
    rows[n++] = (struct identity_unit_row){.id = S("0"),
                                           .name = tr(cx, S(T("Việc riêng của tôi"))),
                                           .roles = tr(cx, S(T("như mọi người dân"))),
                                           .current = cx->actor->unit == 0};
    const struct identity_units_view view = {
        .units = rows, .units_n = n, .return_to = web_return_path(rq, S("/vao"))};
    identity_units_html(&rs->body, &view);
    return OK;
}

static enum err choose_unit(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    int64_t unit;
    struct post *posts = NEW_N(cx->arena, struct post, POSTS_MAX);
    size_t n;
    bool mine = false;
    if (!str_int(web_form(rq, "don_vi"), &unit))
        return fail_field(cx, ERR_INVALID, S("don_vi"), T("Chọn đơn vị."));
    TRY(identity_posts(cx, cx->actor->account, posts, POSTS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        mine = mine || posts[i].unit == unit;
    if (unit != 0 && !mine)
        return fail(cx, ERR_DENIED, T("Bạn không có vai trò tại đơn vị này. Chọn đơn vị khác."));
    TRY(web_session_unit(cx, rq, unit));
    TRY(identity_acts_in(cx, unit));
    rs->see_other = web_return_path(rq, S("/vao"));
    return OK;
}

/* clang-format off */
const struct route identity_routes[] = {
    {GET,  "/dang-nhap",    "Đăng nhập",               &anyone,    READ,  .show = show_sign_in},
    {POST, "/dang-nhap",    "Đăng nhập",               &anyone,    WRITE, .prepare = check_sign_in, .write = sign_in, .rate_per_minute = 30},
    {GET,  "/dang-nhap/ma", "Mã xác thực",             &anyone,    READ,  .show = identity_show_code},
    {POST, "/dang-nhap/ma", "Mã xác thực",             &anyone,    WRITE, .prepare = identity_check_code, .write = identity_take_code, .rate_per_minute = 30},
    {GET,  "/kich-hoat/{token}", "Đặt mật khẩu",       &anyone,    SLOW,  .show = identity_show_activate, .rate_per_minute = 30},
    {POST, "/kich-hoat/{token}", "Đặt mật khẩu",       &anyone,    WRITE, .prepare = identity_check_activate, .write = identity_activate, .rate_per_minute = 30},
    {GET,  "/vao",          "Trang đầu",               &signed_in, READ,  .show = enter},
    {POST, "/dang-xuat",    "Đăng xuất",               &anyone,    WRITE, .write = sign_out},
    {GET,  "/khoa",         "Màn hình đang khóa",      &anyone,    READ,  .show = show_lock},
    {POST, "/khoa",         "Mở khóa",                 &anyone,    WRITE, .prepare = check_unlock, .write = give_password, .rate_per_minute = 30},
    {POST, "/khoa-lai",     "Khóa màn hình",           &signed_in, WRITE, .write = lock_screen},
    {GET,  "/xac-nhan-lai", "Xác nhận lại mật khẩu",   &signed_in, READ,  .show = show_step_up, .first = true},
    {POST, "/xac-nhan-lai", "Xác nhận lại mật khẩu",   &signed_in, WRITE, .prepare = check_step_up, .write = give_password, .rate_per_minute = 30, .first = true},
    {GET,  "/don-vi",       "Đơn vị đang làm việc",    &signed_in, SLOW,  .show = show_units},
    {POST, "/don-vi",       "Đổi đơn vị đang làm việc", &signed_in, WRITE, .write = choose_unit},
    {GET,  "/tai-khoan",              "Tài khoản của bạn",         &signed_in, READ,  .show = identity_show_account},
    {GET,  "/tai-khoan/mat-khau",     "Đổi mật khẩu",              &signed_in, SLOW,  .show = identity_show_change},
    {POST, "/tai-khoan/mat-khau",     "Đổi mật khẩu",              &signed_in, WRITE, .prepare = identity_check_change, .write = identity_change, .rate_per_minute = 30},
    {POST, "/tai-khoan/ra-het",       "Đăng xuất khỏi mọi thiết bị", &signed_in_again, WRITE, .write = sign_out_everywhere},
    {GET,  "/tai-khoan/phien",        "Phiên đăng nhập của bạn",   &signed_in, SLOW,  .show = identity_show_sessions},
    {POST, "/tai-khoan/phien",        "Kết thúc một phiên đăng nhập", &signed_in_again, WRITE, .write = identity_end_session},
    {GET,  "/tai-khoan/ma-xac-thuc",     "Mã xác thực khi đăng nhập", &signed_in, SLOW, .show = identity_show_factor, .first = true},
    {POST, "/tai-khoan/ma-xac-thuc",     "Bật mã xác thực",         &signed_in_again, WRITE, .write = identity_begin_factor, .first = true},
    {GET,  "/tai-khoan/ma-xac-thuc/bat", "Bật mã xác thực",         &signed_in_again, SLOW, .show = identity_show_begun, .first = true},
    {POST, "/tai-khoan/ma-xac-thuc/bat", "Bật mã xác thực",         &signed_in_again, WRITE, .prepare = identity_check_begun, .write = identity_turn_on, .rate_per_minute = 30, .first = true},
    {GET,  "/tai-khoan/ma-xac-thuc/tat", "Tắt mã xác thực",         &signed_in, SLOW, .show = identity_show_off},
    {POST, "/tai-khoan/ma-xac-thuc/tat", "Tắt mã xác thực",         &signed_in, WRITE, .prepare = identity_check_off, .write = identity_turn_off, .rate_per_minute = 30},
    {GET,  "/tai-khoan/ma-xac-thuc/du-phong", "Tạo mã dự phòng mới", &signed_in, SLOW, .show = identity_show_new_codes},
    {POST, "/tai-khoan/ma-xac-thuc/du-phong", "Tạo mã dự phòng mới", &signed_in, WRITE, .prepare = identity_check_new_codes, .write = identity_renew_codes, .rate_per_minute = 30},
    {GET,  "/tai-khoan/ai-da-doc",    "Ai đã xem dữ liệu của tôi", &signed_in, SLOW,  .show = identity_show_reads},
    {GET,  "/quan-tri/vai-tro",       "Vai trò và quyền",          &identity_admin, SLOW, .show = identity_show_matrix, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/nguoi-dung",    "Người dùng",                &identity_admin, SLOW, .show = identity_show_users, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/nguoi-dung/{id}", "Người dùng",              &identity_admin, SLOW, .show = identity_show_user, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/nguoi-dung/{id}/giao", "Giao vai trò",       &identity_admin, SLOW, .show = identity_show_give, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/nguoi-dung/{id}/vai-tro", "Giao vai trò",    &identity_admin, WRITE, .prepare = identity_check_give, .write = identity_do_give, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/nguoi-dung/{id}/gui-duong-dan", "Gửi đường dẫn đặt mật khẩu qua thư", &identity_admin, WRITE, .write = identity_mail_invite, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/nguoi-dung/{id}/thu-hoi/{so}", "Thu hồi vai trò", &identity_admin, SLOW, .show = identity_show_take, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/duyet-vai-tro", "Duyệt giao, thu hồi vai trò", &identity_admin, SLOW, .show = identity_show_asked, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/duyet-vai-tro/{id}", "Duyệt giao, thu hồi vai trò", &identity_admin, WRITE, .write = identity_decide, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/thu-hoi-quyen", "Thử hỏi quyền",             &identity_admin, SLOW, .show = identity_show_question, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/nguoi-dung/{id}/duong-dan", "Cấp đường dẫn đặt mật khẩu", &identity_admin, WRITE, .write = identity_make_invite, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/nguoi-dung/{id}/dang-xuat", "Kết thúc các phiên của người dùng", &identity_admin, WRITE, .write = identity_end_sessions, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/nguoi-dung/{id}/ma-xac-thuc", "Bỏ mã xác thực", &identity_admin, SLOW, .show = identity_show_take_factor, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/nguoi-dung/{id}/ma-xac-thuc", "Bỏ mã xác thực", &identity_admin, WRITE, .prepare = identity_check_take_factor, .write = identity_take_factor, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/nguoi-dung/{id}/thu-hoi", "Thu hồi vai trò", &identity_admin, WRITE, .write = identity_take_back, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/xoa-du-lieu",   "Xóa dữ liệu cá nhân",       &identity_eraser, SLOW, .show = identity_show_erase, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/xoa-du-lieu",   "Xóa dữ liệu cá nhân",       &identity_eraser, WRITE, .prepare = identity_check_erase, .write = identity_do_erase, .frame = WEB_FRAME_OFFICER, .rate_per_minute = 10},
    {0},
};
/* clang-format on */
