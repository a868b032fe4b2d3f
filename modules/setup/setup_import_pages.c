/* setup_import_pages.c - choosing a spreadsheet, its report, bringing in, links of officers. */
#include "setup_pages.h"

#include "file/file.h"
#include "job/job.h"
#include "journal/journal.h"
#include "setup_views.h"

#define FAULTS_SHOWN 200
#define LINKS_A_TIME 100
#define SPREADSHEET S("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")

static enum err table_of(struct cx *cx, struct str kind, const struct import_table **out)
{
    *out = import_table_of(kind);
    return *out ? OK : fail(cx, ERR_NOT_FOUND, T("Không có loại tệp nhập này."));
}

static bool is_officers(const struct import_table *t)
{
    return t == &import_officers;
}

static struct str title_of(struct cx *cx, const struct import_table *t)
{
    return is_officers(t) ? tr(cx, S(T("Nhập cán bộ"))) : tr(cx, S(T("Nhập đơn vị")));
}

/* ---- choosing ---- */

static struct look_rows_view columns_of(struct cx *cx, const struct import_table *t)
{
    struct look_row *rows = NEW_N(cx->arena, struct look_row, t->columns_n);
    for (size_t k = 0; k < t->columns_n; k++) {
        rows[k].key = str_c(t->columns[k].title);
        rows[k].value = str_c(t->columns[k].about);
        if (t->columns[k].required)
            rows[k].badge = (struct look_badge_view){.text = tr(cx, S(T("Bắt buộc")))};
    }
    return (struct look_rows_view){
        .title = tr(cx, S(T("Các cột"))), .rows = rows, .rows_n = t->columns_n};
}

enum err setup_show_upload(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct import_table *t;
    TRY(table_of(cx, web_path(rq, "kind"), &t));
    const struct setup_upload_view view = {
        .errors = look_errors_of(cx, rq),
        .title = title_of(cx, t),
        .lead =
            is_officers(t)
                ? tr(cx, S(T("Mỗi dòng là một người giữ một vai trò ở một đơn vị. Nhập lại cùng "
                             "tệp thì không đổi gì.")))
                : tr(cx, S(T("Mỗi dòng là một cơ quan, đơn vị. Nhập lại cùng tệp thì không đổi "
                             "gì; tên, địa chỉ sửa trong tệp thì được cập nhật."))),
        .kind = str_c(t->kind),
        .file = {.kind = LOOK_FILE,
                 .name = S("tep"),
                 .label = tr(cx, S(T("Bảng tính đã điền"))),
                 .hint = tr(cx, S(T("Tệp .xlsx, không quá 4 MB và 5.000 dòng. Chưa nhập gì cho đến "
                                    "khi bạn xem kết quả kiểm tra"))),
                 .accept = S(".xlsx"),
                 .wrong = web_error_of(rq, S("tep"))},
        .columns = columns_of(cx, t),
    };
    rs->title = view.title;
    setup_upload_html(&rs->body, &view);
    return OK;
}

enum err setup_get_template(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct import_table *t;
    TRY(table_of(cx, web_path(rq, "kind"), &t));
    TRY(import_template(cx, t, &rs->bytes));
    rs->content_type = SPREADSHEET;
    rs->download_name = str_fmt(cx->arena, "mau-%s.xlsx", t->kind);
    return OK;
}

enum err setup_check_upload(struct cx *cx, struct web_req *rq, struct web_res *)
{
    const struct import_table *t;
    size_t n;
    TRY(table_of(cx, web_path(rq, "kind"), &t));
    web_on_refusal(rq, setup_show_upload);
    struct web_upload *up = web_uploads(rq, &n);
    if (n == 0)
        return fail_field(cx, ERR_INVALID, S("tep"), T("Chọn bảng tính đã điền."));
    TRY(web_refuse(cx, rq));
    if (!str_eq(up[0].mime, SPREADSHEET))
        return fail_field(cx, ERR_INVALID, S("tep"),
                          T("Tệp không phải bảng tính .xlsx. Trong Excel hoặc LibreOffice chọn Lưu "
                            "thành, loại Excel Workbook (.xlsx)."));
    return file_upload_scan(cx, up[0].upload);
}

enum err setup_upload(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    size_t n;
    struct stored_file stored;
    struct web_upload *up = web_uploads(rq, &n);
    TRY(file_add(cx, up[0].upload, up[0].owner, up[0].name, &stored));
    struct import_record r = {.kind = web_path(rq, "kind"),
                              .file = stored.id,
                              .made_at = cx->now,
                              .made_by = cx->actor->account,
                              .unit = cx->actor->unit,
                              .state = S("cho")};
    TRY(setup_store_import_add(cx, &r));
    TRY(journal_write(cx, &(struct event){.kind = S("setup.import.brought"),
                                          .subject_kind = S("setup.import"),
                                          .subject_id = r.id,
                                          .unit = r.unit,
                                          .to_state = r.state}));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/tep-nhap/%lld", (long long)r.id);
    return OK;
}

/* ---- the report ---- */

static enum err record_of(struct cx *cx, struct web_req *rq, struct import_record *r)
{
    int64_t id;
    if (!str_int(web_path(rq, "id"), &id))
        return fail(cx, ERR_NOT_FOUND, T("Không tìm thấy tệp bạn đã đưa vào."));
    return setup_store_import_find(cx, id, r);
}

static struct str number(struct cx *cx, size_t n)
{
    return look_number(cx, (int64_t)n);
}

static struct look_facts_view facts_of(struct cx *cx, const struct import_sheet *s)
{
    static const struct {
        enum row_verdict verdict;
        const char *title;
    } lines[] = {{ROW_NEW, T("Dòng mới")},
                 {ROW_CHANGED, T("Dòng thay đổi điều đã có")},
                 {ROW_SAME, T("Dòng như đã có")},
                 {ROW_WRONG, T("Dòng cần sửa")}};
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 5);
    rows[0] = (struct look_row){.key = tr(cx, S(T("Dòng trong tệp"))), .value = number(cx, s->n)};
    for (size_t i = 0; i < 4; i++)
        rows[i + 1] = (struct look_row){.key = tr(cx, str_c(lines[i].title)),
                                        .value = number(cx, s->count[lines[i].verdict])};
    return (struct look_facts_view){
        .title = tr(cx, S(T("Kết quả kiểm tra"))), .rows = rows, .rows_n = 5};
}

static struct look_table_view faults_of(struct cx *cx, const struct import_sheet *s)
{
    static const struct look_column columns[] = {
        {.title = S("Dòng"), .css = S("num"), .label = S("Dòng")},
        {.title = S("Cột"), .css = S("c-break"), .label = S("Cột")},
        {.title = S("Sửa thế nào"), .css = S("c-title flex-cell wraps")},
    };
    const size_t n = s->faults.n < FAULTS_SHOWN ? s->faults.n : FAULTS_SHOWN;
    struct look_line *lines = NEW_N(cx->arena, struct look_line, n + 1);
    for (size_t i = 0; i < n; i++) {
        struct look_cell *cells = NEW_N(cx->arena, struct look_cell, 3);
        cells[0].text = number(cx, s->faults.p[i].row);
        cells[1].text = s->faults.p[i].column;
        cells[2].text = tr(cx, s->faults.p[i].sentence);
        lines[i] = (struct look_line){.cells = cells, .cells_n = 3};
    }
    return (struct look_table_view){.caption = tr(cx, S(T("Các ô cần sửa"))),
                                    .columns = columns,
                                    .columns_n = 3,
                                    .lines = lines,
                                    .lines_n = n};
}

static struct look_note_view note_of(struct cx *cx, const struct import_record *r,
                                     const struct import_sheet *s)
{
    const size_t good = s->n - s->count[ROW_WRONG];
    if (str_eq(r->state, S("xong")))
        return (struct look_note_view){
            .kind = S("ok"),
            .icon = S("checkc"),
            .title = tr_fmt(cx, T("Đã nhập %lld dòng"), (long long)r->applied)};
    if (str_eq(r->state, S("dang-nhap")))
        return (struct look_note_view){
            .kind = S("info"),
            .icon = S("clock"),
            .title = tr_fmt(cx, T("Đang nhập: %lld trong %lld dòng"), (long long)r->applied,
                            (long long)r->wanted),
            .text = tr(cx, S(T("Việc chạy nền; bạn có thể sang trang khác.")))};
    if (s->count[ROW_WRONG] == 0)
        return (struct look_note_view){.kind = S("ok"),
                                       .icon = S("checkc"),
                                       .title = tr(cx, S(T("Mọi dòng đều đúng"))),
                                       .text = tr(cx, S(T("Chưa nhập gì. Xem lại rồi bấm nhập.")))};
    return (struct look_note_view){
        .kind = S("warn"),
        .icon = S("tri"),
        .title = tr_fmt(cx, T("%zu dòng cần sửa, %zu dòng đúng"), s->count[ROW_WRONG], good),
        .text = tr(cx, S(T("Chưa nhập gì. Sửa tệp rồi chọn lại, hoặc chỉ nhập các dòng đúng.")))};
}

static struct str bring_words(struct cx *cx, const struct import_sheet *s)
{
    const size_t good = s->n - s->count[ROW_WRONG],
                 fresh = s->count[ROW_NEW] + s->count[ROW_CHANGED];
    if (fresh == 0)
        return S("");
    if (s->count[ROW_WRONG] == 0)
        return tr_fmt(cx, T("Nhập %zu dòng"), good);
    return tr_fmt(cx, T("Nhập %zu dòng đúng, bỏ %zu dòng sai"), good, s->count[ROW_WRONG]);
}

/* No spreadsheet, or one without its columns: the same page says why, and leads to the next try. */
static enum err show_unread(struct cx *cx, const struct import_record *r, struct str file_name,
                            struct web_res *rs)
{
    const struct setup_import_view view = {
        .title = title_of(cx, import_table_of(r->kind)),
        .kind = r->kind,
        .file_name = file_name,
        .note = {.kind = S("warn"),
                 .icon = S("tri"),
                 .title = tr(cx, S(T("Chưa đọc được bảng tính, chưa nhập gì"))),
                 .text = cx->why},
        .waiting = true,
    };
    rs->title = view.title;
    setup_import_html(&rs->body, &view);
    return OK;
}

enum err setup_show_import(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct import_record r;
    struct import_sheet s;
    struct stored_file f;
    TRY(record_of(cx, rq, &r));
    TRY(file_find(cx, r.file, &f));
    const enum err e = setup_load_sheet(cx, &r, &s);
    if (e == ERR_INVALID || e == ERR_LIMIT)
        return show_unread(cx, &r, f.name, rs);
    TRY(e);
    const bool ended = str_eq(r.state, S("xong")), officers = is_officers(s.table);
    const struct setup_import_view view = {
        .title = title_of(cx, s.table),
        .kind = r.kind,
        .was_read = true,
        .id = web_path(rq, "id"),
        .file_name = f.name,
        .note = note_of(cx, &r, &s),
        .facts = facts_of(cx, &s),
        .faults = faults_of(cx, &s),
        .has_faults = s.faults.n > 0,
        .waiting = str_eq(r.state, S("cho")),
        .running = str_eq(r.state, S("dang-nhap")),
        .ended = ended,
        .officers = officers,
        .mail = cx->env->settings && setting(cx->env->settings, S("smtp.url"), S("")).n > 0,
        .bring = bring_words(cx, &s),
        .next_href = S("/quan-tri/bat-dau"),
        .next = tr(cx, S(T("Về trang Bắt đầu"))),
    };
    rs->title = view.title;
    setup_import_html(&rs->body, &view);
    return OK;
}

/* ---- bringing in ---- */

enum err setup_check_bring_in(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct import_record r;
    struct import_sheet *s = NEW(cx->arena, struct import_sheet);
    TRY(record_of(cx, rq, &r));
    TRY(setup_load_sheet(cx, &r, s));
    web_keep(rq, s);
    return OK;
}

enum err setup_bring_in(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct import_record r;
    TRY(record_of(cx, rq, &r));
    if (!str_eq(r.state, S("cho")))
        return fail(cx, ERR_CONFLICT, T("Tệp này đã được nhập. Tải lại trang để xem."));
    const struct import_sheet *s = web_kept(rq);
    TRY(setup_store_import_move(cx, &r, S("dang-nhap"), (int64_t)(s->n - s->count[ROW_WRONG])));
    const struct str id = str_fmt(cx->arena, "%lld", (long long)r.id);
    TRY(job_add(cx, import_job.name, id, S("setup.import"),
                str_fmt(cx->arena, "{\"import\":%.*s}", F(id)), 0));
    TRY(journal_write(cx, &(struct event){.kind = S("setup.import.begun"),
                                          .subject_kind = S("setup.import"),
                                          .subject_id = r.id,
                                          .unit = r.unit,
                                          .from_state = S("cho"),
                                          .to_state = S("dang-nhap")}));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/tep-nhap/%.*s", F(id));
    return OK;
}

/* ---- links of officers ---- */

struct linked {
    int64_t account;
    struct str login, name;
};
struct links {
    struct import_record record;
    struct linked all[LINKS_A_TIME];
    size_t n;
    bool more;
};

static bool has_link(const struct links *l, struct str login)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->all[i].login, login))
            return true;
    return false;
}

/* Those who came with this file, have no password and no link that waits. */
static enum err take_officer(struct cx *cx, struct links *l, struct str login)
{
    struct account a;
    bool has;
    int64_t until;
    enum err e = account_by_login(cx, login, &a);
    if (e == ERR_NOT_FOUND || has_link(l, a.login))
        return OK;
    TRY(e);
    TRY(identity_has_password(cx, a.id, &has));
    TRY(identity_invited(cx, a.id, &until));
    if (has || a.closed || until > 0)
        return OK;
    if (l->n < LINKS_A_TIME)
        l->all[l->n++] = (struct linked){a.id, a.login, a.name};
    else
        l->more = true;
    return OK;
}

enum err setup_check_links(struct cx *cx, struct web_req *rq, struct web_res *)
{
    struct links *l = NEW(cx->arena, struct links);
    struct import_sheet s;
    TRY(record_of(cx, rq, &l->record));
    TRY(setup_load_sheet(cx, &l->record, &s));
    if (!is_officers(s.table) || !str_eq(l->record.state, S("xong")))
        return fail(cx, ERR_CONFLICT, T("Tệp này chưa nhập xong nên chưa cấp đường dẫn được."));
    for (size_t i = 0; i < s.n && !l->more; i++)
        if (s.rows[i].verdict != ROW_WRONG)
            TRY(take_officer(cx, l, s.rows[i].values[0]));
    if (l->n == 0)
        return fail(cx, ERR_CONFLICT,
                    T("Mọi người trong tệp đã có mật khẩu hoặc đã có đường dẫn. Cấp lại cho từng "
                      "người ở trang Người dùng."));
    web_keep(rq, l);
    return OK;
}

/* By mail to whoever has a mailbox; the others get theirs by hand. */
enum err setup_mail_links(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct links *l = web_kept(rq);
    size_t sent = 0;
    for (size_t i = 0; i < l->n; i++) {
        const enum err e = identity_invite_by_mail(cx, l->all[i].account);
        if (e != OK && e != ERR_CONFLICT)
            return e;
        sent += e == OK;
    }
    if (sent == 0)
        return fail(cx, ERR_CONFLICT,
                    T("Không ai trong số này có hộp thư. Cấp đường dẫn rồi đưa tận tay."));
    rs->see_other = str_fmt(cx->arena, "/quan-tri/tep-nhap/%.*s", F(web_path(rq, "id")));
    rs->toast = tr_fmt(cx, T("Đang gửi %zu thư; %zu người chưa có hộp thư"), sent, l->n - sent);
    return OK;
}

enum err setup_make_links(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct links *l = web_kept(rq);
    struct look_row *rows = NEW_N(cx->arena, struct look_row, l->n);
    struct invite made = {0};
    for (size_t i = 0; i < l->n; i++) {
        TRY(identity_invite(cx, l->all[i].account, &made));
        rows[i] = (struct look_row){
            .key = str_fmt(cx->arena, "%.*s, %.*s", F(l->all[i].name), F(l->all[i].login)),
            .value = str_fmt(cx->arena, "%.*s%.*s", F(cx->env->base_url), F(made.path)),
        };
    }
    const struct setup_links_view view = {
        .id = web_path(rq, "id"),
        .until = time_vi(cx->arena, made.expires_at),
        .more = l->more,
        .links = {.title = tr(cx, S(T("Đường dẫn của từng người"))), .rows = rows, .rows_n = l->n},
    };
    setup_links_html(&rs->body, &view);
    return OK;
}
