/* setup_import.c - reading a spreadsheet by its head line, judging and bringing in, the template.
 */
#include "setup_import.h"

#include "html/html.h"

#define HEAD_ROWS 10 /* within which the head line is looked for */
#define ROOM_LEFT ((size_t)8 << 20)
#define FAULTS_MAX 2000
#define ROWS_A_TURN 10

const struct import_table *import_table_of(struct str kind)
{
    static const struct import_table *const all[] = {&import_units, &import_officers};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(kind, str_c(all[i]->kind)))
            return all[i];
    return NULL;
}

struct str import_value(const struct import_row *row, size_t column, struct str otherwise)
{
    return row->values[column].n ? row->values[column] : otherwise;
}

static bool day_of_words(struct str s, int64_t *day)
{
    struct str d, m, y, rest;
    int64_t date, month, year;
    if (!str_cut(s, '/', &d, &rest) || !str_cut(rest, '/', &m, &y) || !str_int(d, &date) ||
        !str_int(m, &month) || !str_int(y, &year) || year > 9999 || month > 12 || date > 31 ||
        !civil_valid((int)year, (int)month, (int)date))
        return false;
    *day = civil_day((int)year, (int)month, (int)date);
    return true;
}

bool import_day(struct str s, int64_t otherwise, int64_t *day)
{
    *day = otherwise;
    return s.n == 0 || date_parse(s, day) || day_of_words(s, day);
}

bool import_mail_good(struct str s)
{
    struct str local, domain;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= 0x20 || s.p[i] >= 0x7f || memchr("<>()[],;:\\\"", s.p[i], 11))
            return false;
    return s.n <= 200 && str_cut(s, '@', &local, &domain) && local.n > 0 && domain.n > 2 &&
           str_find(domain, S("."), NULL) && !str_find(domain, S("@"), NULL);
}

/* ---- reading ---- */

static bool take_head(struct cx *cx, const struct xlsx_row *row, struct import_sheet *s)
{
    const struct import_table *t = s->table;
    size_t found = 0;
    for (size_t k = 0; k < t->columns_n; k++) {
        const struct str wanted = text_compare_key(cx->arena, str_c(t->columns[k].title));
        s->at[k] = 0;
        for (size_t i = 0; i < row->n && s->at[k] == 0; i++)
            if (str_eq(text_compare_key(cx->arena, row->cells[i].text), wanted))
                s->at[k] = i + 1;
        found += s->at[k] > 0;
    }
    return found >= 2;
}

static enum err head_whole(struct cx *cx, const struct import_sheet *s)
{
    for (size_t k = 0; k < s->table->columns_n; k++)
        if (s->table->columns[k].required && s->at[k] == 0)
            return fail(cx, ERR_INVALID,
                        T("Trang tính thiếu cột “%.*s”. Tải tệp mẫu về, chép dữ liệu vào rồi chọn "
                          "lại."),
                        F(str_c(s->table->columns[k].title)));
    return OK;
}

static enum err take_row(struct cx *cx, const struct xlsx_row *from, struct import_sheet *s)
{
    struct import_row row = {.number = from->number};
    bool any = false;
    for (size_t k = 0; k < s->table->columns_n; k++) {
        if (s->at[k] > 0 && s->at[k] <= from->n)
            row.values[k] = from->cells[s->at[k] - 1].text;
        any = any || row.values[k].n > 0;
    }
    if (!any)
        return OK;
    if (s->n >= IMPORT_ROWS_MAX || arena_room(cx->arena) < ROOM_LEFT)
        return fail(cx, ERR_LIMIT, T("Trang tính có quá %d dòng. Chia thành nhiều tệp."),
                    IMPORT_ROWS_MAX);
    s->rows[s->n++] = row;
    return OK;
}

static enum err read_rows(struct cx *cx, struct xlsx *x, struct import_sheet *s)
{
    bool head = false;
    for (struct xlsx_row row;;) {
        TRY(xlsx_next(cx, x, &row));
        if (row.n == 0 || (!head && row.number > HEAD_ROWS))
            break;
        if (head)
            TRY(take_row(cx, &row, s));
        else
            head = take_head(cx, &row, s);
    }
    if (!head)
        return fail(cx, ERR_INVALID,
                    T("Không thấy dòng tên cột ở đầu trang tính. Tải tệp mẫu về, chép dữ liệu vào "
                      "rồi chọn lại."));
    TRY(head_whole(cx, s));
    return s->n > 0 ? OK
                    : fail(cx, ERR_INVALID, T("Trang tính chưa có dòng nào dưới dòng tên cột."));
}

enum err import_read(struct cx *cx, const struct import_table *t, struct str bytes,
                     struct import_sheet *out)
{
    static const struct xlsx_limits limits = {
        .rows = 20'000,
        .columns = 64,
        .cell_bytes = 2000,
        .shared_bytes = (size_t)8 << 20,
        .zip = {.entries = 500, .unpacked_bytes = INT64_C(64) << 20, .ratio = 200},
    };
    struct xlsx *x;
    *out = (struct import_sheet){.table = t};
    out->rows = NEW_N(cx->arena, struct import_row, IMPORT_ROWS_MAX);
    TRY(xlsx_open(cx, bytes, &limits, &x));
    enum err e = xlsx_sheet(cx, x, 0);
    if (e == OK)
        e = read_rows(cx, x, out);
    for (size_t i = 0; i < out->n; i++) /* shared strings go with the workbook */
        for (size_t k = 0; e == OK && k < t->columns_n; k++)
            out->rows[i].values[k] = str_dup(cx->arena, out->rows[i].values[k]);
    xlsx_close(x);
    return e;
}

/* ---- judging ---- */

static struct str column_title(struct cx *cx, const struct import_sheet *s, size_t column)
{
    const struct str title = str_c(s->table->columns[column].title);
    const struct str letter =
        s->at[column] ? xlsx_column_name(cx->arena, s->at[column] - 1) : S("");
    return str_fmt(cx->arena, "%.*s%s%.*s", F(letter), letter.n ? ": " : "", F(title));
}

/* The first of a cell counts: what follows from it is not said again. */
void import_fault_add(struct cx *cx, struct import_sheet *s, struct import_row *row, size_t column,
                      struct str sentence)
{
    row->verdict = ROW_WRONG;
    for (size_t i = s->faults.n; i > 0 && s->faults.p[i - 1].row == row->number; i--)
        if (s->faults.p[i - 1].at == column)
            return;
    if (s->faults.n < FAULTS_MAX)
        *vec_add(cx->arena, &s->faults) =
            (struct import_fault){.row = row->number,
                                  .at = column,
                                  .column = column_title(cx, s, column),
                                  .sentence = sentence};
}

static enum err judge_one(struct cx *cx, struct import_sheet *s, struct import_row *row)
{
    row->verdict = 0;
    for (size_t k = 0; k < s->table->columns_n; k++)
        if (s->table->columns[k].required && row->values[k].n == 0)
            import_fault_add(
                cx, s, row, k,
                tr_fmt(cx, T("Chưa điền %.*s."), F(str_c(s->table->columns[k].title))));
    return s->table->judge(cx, s, row);
}

enum err import_judge(struct cx *cx, struct import_sheet *s, struct str reach)
{
    s->reach = reach;
    for (size_t i = 0; i < s->n; i++) {
        TRY(judge_one(cx, s, &s->rows[i]));
        s->count[s->rows[i].verdict]++;
    }
    return OK;
}

/* May run again after a rollback: nothing outside of this call changes before its end. */
enum err import_bring_some(struct cx *cx, const struct import_sheet *s, size_t *next,
                           int64_t *applied)
{
    struct import_sheet now = *s;
    size_t at = *next;
    int64_t done = 0;
    now.bringing = true;
    now.faults.p = NULL;
    now.faults.n = now.faults.cap = 0;
    for (size_t turn = 0; at < s->n && turn < ROWS_A_TURN; at++) {
        struct import_row row = s->rows[at];
        if (row.verdict == ROW_WRONG)
            continue;
        TRY(judge_one(cx, &now, &row)); /* as things stand now */
        if (row.verdict == ROW_WRONG)
            continue;
        if (row.verdict != ROW_SAME) {
            TRY(s->table->bring(cx, &row));
            turn++;
        }
        done++;
    }
    *next = at;
    *applied += done;
    return OK;
}

/* ---- the template ---- */

static enum err put_guide(struct xlsx_out *o, const struct import_table *t)
{
    static const struct xlsx_column columns[] = {
        {S("Cột"), 26, false}, {S("Bắt buộc"), 12, false}, {S("Cách điền"), 90, false}};
    static const struct xlsx_plan plan = {
        .name = S("Hướng dẫn"), .columns = columns, .columns_n = 3};
    TRY(xlsx_out_sheet(o, &plan));
    for (size_t k = 0; k < t->columns_n; k++) {
        xlsx_put_text(o, str_c(t->columns[k].title));
        xlsx_put_text(o, t->columns[k].required ? S("có") : S(""));
        xlsx_put_text(o, str_c(t->columns[k].about));
        TRY(xlsx_end_row(o));
    }
    return OK;
}

enum err import_template(struct cx *cx, const struct import_table *t, struct str *bytes)
{
    struct buf b = {.arena = cx->arena, .limit = (size_t)1 << 20};
    struct xlsx_column *columns = NEW_N(cx->arena, struct xlsx_column, t->columns_n);
    for (size_t k = 0; k < t->columns_n; k++)
        columns[k] = (struct xlsx_column){str_c(t->columns[k].title), t->columns[k].width, true};
    const struct xlsx_plan plan = {
        .name = str_c(t->sheet), .columns = columns, .columns_n = t->columns_n};
    struct xlsx_out *o = xlsx_out_start(cx, zip_to_buf, &b);
    TRY(xlsx_out_sheet(o, &plan));
    for (size_t i = 0; i < t->examples_n; i++) {
        for (size_t k = 0; k < t->columns_n; k++)
            xlsx_put_text(o, str_c(t->examples[i][k]));
        TRY(xlsx_end_row(o));
    }
    TRY(put_guide(o, t));
    TRY(xlsx_out_end(o));
    *bytes = buf_str(&b);
    return OK;
}
