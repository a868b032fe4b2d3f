/* procedure_desk.c - what an officer decides about a procedure. No SQL and no HTML in this file. */
#include "procedure_desk.h"

#include "form/form.h"
#include "journal/journal.h"
#include "procedure_inside.h"

const struct right procedure_manage = {
    .name = "procedure.manage", .title = T("Quản lý danh mục thủ tục"), .whole = true};

#define BASIS_MAX 500

static enum err note(struct cx *cx, const char *kind, const struct procedure *p, struct str key,
                     struct str value)
{
    struct buf b = {.arena = cx->arena, .limit = 8192};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    json_num(&o, S("version"), p->version_id);
    json_str(&o, key, text_cut(cx->arena, value, 1000));
    json_close_object(&o);
    return journal_write(cx, &(const struct event){
                                 .kind = str_c(kind),
                                 .subject_kind = S("procedure"),
                                 .subject_id = p->id,
                                 .subject_code = p->code,
                                 .unit = cx->actor->unit,
                                 .payload = buf_str(&b),
                             });
}

/* ---- terms ---- */

static const struct {
    const char *name, *words;
} units[] = {{"ngay_lam_viec", "ngày làm việc"},
             {"ngay", "ngày"},
             {"gio", "giờ"},
             {"thang", "tháng"},
             {"nam", "năm"}};

/* "2", "2,5" or "2.5" in halves; false: neither. */
static bool halves(struct str s, int64_t *out)
{
    struct str whole, rest;
    bool half = str_cut(s, ',', &whole, &rest) || str_cut(s, '.', &whole, &rest);
    if ((half && !str_eq(rest, S("5")) && !str_eq(rest, S("0"))) || !str_int(whole, out) ||
        *out < 0 || *out > 3650)
        return false;
    *out = *out * 2 + (half && str_eq(rest, S("5")));
    return true;
}

static bool is_clock(struct str s)
{
    struct str hour, minute;
    int64_t h, m;
    return str_cut(s, ':', &hour, &minute) && str_int(hour, &h) && str_int(minute, &m) && h >= 0 &&
           h < 24 && m >= 0 && m < 60;
}

static struct str number_words(struct cx *cx, int64_t n_half)
{
    return n_half % 2 ? str_fmt(cx->arena, "%lld,5", (long long)(n_half / 2))
                      : str_fmt(cx->arena, "%lld", (long long)(n_half / 2));
}

static struct str term_words(struct cx *cx, const struct term_row *t)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq(t->unit, str_c(units[i].name)))
            return str_fmt(cx->arena, "%.*s %s", F(number_words(cx, t->n_half)), units[i].words);
    if (t->cutoff.n == 0)
        return S("Trong ngày");
    return str_fmt(cx->arena, "Trong ngày; nhận sau %.*s thì trả vào ngày làm việc tiếp theo",
                   F(t->cutoff));
}

enum err procedure_term_read(struct cx *cx, const struct term_typed *typed, struct term_row *out)
{
    *out = (struct term_row){.unit = typed->unit,
                             .cutoff = typed->cutoff.p ? typed->cutoff : S(""),
                             .basis = typed->basis};
    bool today = str_eq(typed->unit, S("trong_ngay"));
    if (!procedure_unit_of(typed->unit))
        return fail_field(cx, ERR_INVALID, S("don_vi"), T("Chọn đơn vị của thời hạn."));
    if (!today && (!halves(typed->number, &out->n_half) || out->n_half == 0))
        return fail_field(cx, ERR_INVALID, S("so"), T("Nhập số, có thể lẻ nửa, ví dụ 5 hoặc 2,5."));
    if (typed->cutoff.n && !is_clock(typed->cutoff))
        return fail_field(cx, ERR_INVALID, S("gio"), T("Giờ có dạng 15:00, hoặc để trống."));
    if (typed->basis.n == 0 || utf8_count(typed->basis) > BASIS_MAX)
        return fail_field(cx, ERR_INVALID, S("can_cu"),
                          T("Ghi thời hạn này lấy từ văn bản nào, điều nào."));
    out->words = term_words(cx, out);
    return OK;
}

enum err procedure_settle(struct cx *cx, struct str code, const struct term_row *t)
{
    struct procedure *p;
    TRY(procedure_newest(cx, code, &p));
    TRY(procedure_store_term_add(cx, p->id, t));
    TRY(note(cx, "procedure.term.settled", p, S("term"),
             str_fmt(cx->arena, "%.*s (%.*s)", F(t->words), F(t->basis))));
    return procedure_reindex(cx, code);
}

/* One of the published durations; false: it cannot be counted, or stands there already. */
static bool take_duration(struct cx *cx, const struct json *d, const struct term_row *known,
                          size_t n, struct term_row *out)
{
    int64_t number = json_int(json_get(d, S("n")), 0);
    *out = (struct term_row){.unit = json_text(json_get(d, S("unit"))),
                             .cutoff = S(""),
                             .n_half = 2 * number,
                             .basis = S("Theo bản ghi đã công bố")};
    if (!procedure_unit_of(out->unit) || number <= 0 || number > 3650)
        return false;
    for (size_t i = 0; i < n; i++)
        if (known[i].n_half == out->n_half && str_eq(known[i].unit, out->unit))
            return false;
    out->words = term_words(cx, out);
    return true;
}

size_t procedure_terms(struct cx *cx, const struct procedure *p,
                       struct term_row out[static PROCEDURE_TERMS_MAX])
{
    const struct json *channels = json_get(p->record, S("channels"));
    size_t n = 0;
    for (uint32_t i = 0; i < channels->n && n + 1 < PROCEDURE_TERMS_MAX; i++)
        n += take_duration(cx, json_get(json_at(channels, i), S("duration")), out, n, &out[n]);
    return n + (procedure_store_term(cx, p->id, &out[n]) == OK);
}

/* ---- proof-reading ---- */

enum err procedure_mark_read(struct cx *cx, struct str code, int64_t version, struct str basis)
{
    struct procedure *p;
    TRY(procedure_newest(cx, code, &p));
    if (p->version_id != version)
        return fail(cx, ERR_CONFLICT,
                    T("Vừa có bản mới của thủ tục này. Đọc lại bản mới rồi đánh dấu."));
    if (basis.n == 0 || utf8_count(basis) > BASIS_MAX)
        return fail_field(cx, ERR_INVALID, S("van_ban"),
                          T("Ghi đã đối chiếu với văn bản nào, ví dụ 123/2015/NĐ-CP."));
    TRY(procedure_store_proof_add(cx, p->id, version, basis));
    TRY(note(cx, "procedure.proof.read", p, S("against"), basis));
    return procedure_reindex(cx, code);
}

/* ---- openings ---- */

static bool is_written_anew(struct str key, const struct opening_act *act)
{
    static const char *const keys[] = {"level",      "level_reason", "intake_kind", "deciding_kind",
                                       "form",       "term",         "due_mode",    "resume",
                                       "valid_from", "closed"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_eq(key, str_c(keys[i])))
            return true;
    if (str_eq(key, S("proofread")))
        return !act->was_read;
    return act->fee_dong >= 0 && str_eq(key, S("fees"));
}

static void put_term(struct json_out *o, const struct term_row *t)
{
    json_key(o, S("term"));
    json_open_object(o);
    json_str(o, S("unit"), t->unit);
    json_num(o, S("n"), t->n_half / 2);
    if (t->n_half % 2)
        json_num(o, S("half"), 1);
    if (t->cutoff.n)
        json_str(o, S("cutoff"), t->cutoff);
    json_str(o, S("words"), t->words);
    json_str(o, S("basis"), t->basis);
    json_close_object(o);
}

static void put_fee(struct json_out *o, const struct opening_act *act)
{
    json_key(o, S("fees"));
    json_open_array(o);
    if (act->fee_name.n) {
        json_open_object(o);
        json_str(o, S("code"), S("LP"));
        json_str(o, S("name"), act->fee_name);
        json_str(o, S("kind"), S("le_phi"));
        json_num(o, S("amount_dong"), act->fee_dong);
        json_str(o, S("basis"), act->fee_basis);
        json_close_object(o);
    }
    json_close_array(o);
}

static struct str settings_of(struct cx *cx, const struct json *before,
                              const struct opening_act *act, const struct term_row *term)
{
    struct buf b = {.arena = cx->arena, .limit = (size_t)1 << 20};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    for (uint32_t i = 0; i < before->n; i++)
        if (!is_written_anew(before->child[i].key, act)) {
            json_key(&o, before->child[i].key);
            json_put(&o, &before->child[i]);
        }
    json_str(&o, S("valid_from"), date_iso(cx->arena, act->from_day));
    json_str(&o, S("level"), act->level);
    if (act->level_reason.n)
        json_str(&o, S("level_reason"), act->level_reason);
    json_str(&o, S("intake_kind"), act->intake_kind);
    json_str(&o, S("deciding_kind"), act->deciding_kind);
    json_str(&o, S("form"), act->form.n ? act->form : S(PROCEDURE_GENERAL_FORM));
    json_str(&o, S("due_mode"), act->due_mode);
    json_str(&o, S("resume"), act->resume);
    put_term(&o, term);
    if (act->fee_dong >= 0)
        put_fee(&o, act);
    json_close_object(&o);
    return buf_str(&b);
}

static enum err check_opening(struct cx *cx, const struct procedure *p,
                              const struct opening_act *act)
{
    const struct form *form;
    bool part = str_eq(act->level, S("mot_phan"));
    if (p->ended)
        return fail(cx, ERR_CONFLICT,
                    T("Danh mục quốc gia không còn thủ tục này, nên không mở được."));
    if (!part && !str_eq(act->level, S("toan_trinh")) && !str_eq(act->level, S("khong_truc_tuyen")))
        return fail_field(cx, ERR_INVALID, S("muc_do"), T("Chọn mức độ trực tuyến."));
    if (part && act->level_reason.n == 0)
        return fail_field(cx, ERR_INVALID, S("ly_do"),
                          T("Ghi vì sao chưa làm được toàn trình: điều này được công khai."));
    if (act->intake_kind.n == 0)
        return fail_field(cx, ERR_INVALID, S("noi_nhan"), T("Chọn nơi tiếp nhận."));
    if (act->deciding_kind.n == 0)
        return fail_field(cx, ERR_INVALID, S("noi_giai_quyet"), T("Chọn nơi giải quyết."));
    if (act->form.n && form_find(cx, act->form, &form) != OK)
        return fail_field(cx, ERR_INVALID, S("bieu_mau"),
                          T("Không có biểu mẫu này. Chọn trong danh sách."));
    if (act->fee_dong > 0 && act->fee_name.n == 0)
        return fail_field(cx, ERR_INVALID, S("ten_phi"), T("Ghi tên lệ phí."));
    return OK;
}

static enum err settings_before(struct cx *cx, const struct procedure *p, const struct json **out)
{
    static const struct json none = {.kind = JSON_OBJECT};
    struct opening_row o;
    struct json_error error;
    *out = &none;
    enum err e = procedure_store_opening(cx, p->id, INT64_C(4000000), &o);
    if (e != OK)
        return e == ERR_NOT_FOUND ? OK : e;
    return json_read(cx->arena, o.settings, out, &error) == OK
               ? OK
               : fail(cx, ERR_IO, "procedure %.*s: stored opening: %s", F(p->code), error.what);
}

static enum err put_settings(struct cx *cx, const struct procedure *p, struct str settings,
                             int64_t day)
{
    const struct json *v;
    struct json_error error;
    bool changed;
    MUST(json_read(cx->arena, settings, &v, &error) == OK);
    TRY(procedure_put_opening(cx, v, p->id, day, &changed));
    return procedure_reindex(cx, p->code);
}

enum err procedure_open_as(struct cx *cx, struct str code, const struct opening_act *act)
{
    struct procedure *p;
    struct term_row terms[PROCEDURE_TERMS_MAX];
    const struct json *before;
    TRY(procedure_newest(cx, code, &p));
    TRY(check_opening(cx, p, act));
    size_t n = procedure_terms(cx, p, terms);
    if (n == 0)
        return fail_field(
            cx, ERR_INVALID, S("thoi_han"),
            T("Thời hạn của thủ tục này ghi bằng lời. Xác định thời hạn trước, rồi mở."));
    if (act->term < 0 || act->term >= (int64_t)n)
        return fail_field(cx, ERR_INVALID, S("thoi_han"), T("Chọn thời hạn."));
    TRY(settings_before(cx, p, &before));
    struct opening_act full = *act;
    full.was_read = p->proofread;
    struct str settings = settings_of(cx, before, &full, &terms[act->term]);
    TRY(note(cx, "procedure.opened", p, S("settings"), settings));
    return put_settings(cx, p, settings, act->from_day);
}

enum err procedure_close(struct cx *cx, struct str code, struct str reason)
{
    struct procedure *p;
    const struct json *before;
    TRY(procedure_newest(cx, code, &p));
    if (!p->open)
        return fail(cx, ERR_CONFLICT, T("Thủ tục này chưa mở hoặc đã đóng. Tải lại trang để xem."));
    if (reason.n == 0)
        return fail_field(cx, ERR_INVALID, S("ly_do_dong"), T("Ghi vì sao đóng."));
    TRY(settings_before(cx, p, &before));
    struct buf b = {.arena = cx->arena, .limit = (size_t)1 << 20};
    struct json_out o = {.to = &b};
    json_open_object(&o);
    for (uint32_t i = 0; i < before->n; i++) {
        json_key(&o, before->child[i].key);
        json_put(&o, &before->child[i]);
    }
    json_flag(&o, S("closed"), true);
    json_close_object(&o);
    TRY(note(cx, "procedure.closed", p, S("reason"), reason));
    /* A day ahead of which it was to open is passed over too. */
    return put_settings(cx, p, buf_str(&b),
                        p->open_from > day_of(cx->now) ? p->open_from : day_of(cx->now));
}

enum err procedure_switch_off(struct cx *cx, struct str code, bool off)
{
    struct procedure *p;
    TRY(procedure_newest(cx, code, &p));
    if (p->ended == off)
        return OK;
    TRY(procedure_store_switch(cx, p->id, off));
    TRY(note(cx, off ? "procedure.ended" : "procedure.again", p, S("name"), p->name));
    return procedure_reindex(cx, code);
}
