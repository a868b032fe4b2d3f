/* calendar_pages.c - the page of a unit's working time, for whoever manages it. */
#include "calendar_desk.h"
#include "calendar_inside.h"
#include "calendar_views.h"
#include "module/module.h"
#include "org/org.h"

#define ROWS_MAX 512

/* The unit and the year the page is about; unit 0: the country. */
struct place {
    struct org_unit unit;
    struct str path;
    int year;
};

static struct str asked(struct web_req *rq, const char *name)
{
    struct str typed = web_form(rq, name);
    return typed.n ? typed : web_query(rq, name);
}

static enum err place_of(struct cx *cx, struct web_req *rq, struct place *out)
{
    int64_t year;
    *out = (struct place){.path = S("/"), .year = civil_at(cx->now).year};
    if (str_int(asked(rq, "nam"), &year) && year > CALENDAR_YEAR_MIN && year < CALENDAR_YEAR_MAX)
        out->year = (int)year;
    struct str code = asked(rq, "don-vi");
    if (code.n == 0)
        return OK;
    TRY(org_unit_by_code(cx, code, day_of(cx->now), &out->unit));
    out->path = out->unit.path;
    return OK;
}

static struct str minutes_words(struct cx *cx, const struct session_row *s)
{
    return str_fmt(cx->arena, "%02d:%02d–%02d:%02d", s->from_minute / 60, s->from_minute % 60,
                   s->to_minute / 60, s->to_minute % 60);
}

static struct str unit_name(struct cx *cx, int64_t unit)
{
    struct org_unit u;
    if (unit == 0)
        return tr(cx, S(T("Cả nước")));
    return org_unit_find(cx, unit, &u) == OK ? u.name : S("");
}

/* ---- what holds ---- */

/* A week as it is worked now, from the loaded calendar: what inheritance made of the rows. */
static enum err set_sessions(struct cx *cx, const struct place *p, struct calendar_desk_view *v)
{
    struct session_row *own = NEW_N(cx->arena, struct session_row, ROWS_MAX);
    struct session_row *all = NEW_N(cx->arena, struct session_row, ROWS_MAX);
    struct look_row *rows = NEW_N(cx->arena, struct look_row, 7);
    int64_t today = day_of(cx->now);
    struct calendar *c;
    size_t n;
    TRY(calendar_store_own_sessions(cx, p->unit.id, own, ROWS_MAX, &n));
    bool has_own = p->unit.id == 0;
    for (size_t i = 0; i < n; i++)
        has_own |= own[i].valid_to == 0;
    v->sessions_from = has_own ? tr(cx, S(T("Ghi riêng cho nơi này.")))
                               : tr(cx, S(T("Theo cơ quan cấp trên hoặc cả nước.")));
    struct calendar_rows sessions = {.sessions = all};
    TRY(calendar_store_sessions(cx, p->path, all, ROWS_MAX, &sessions.sessions_n));
    TRY(calendar_assemble(cx, p->path, &sessions, today, today + 400, &c));
    for (int i = 1; i <= 7; i++) {
        int64_t day = today;
        const struct calendar_day *d = NULL;
        for (; (day + 4) % 7 != i % 7 || calendar_at(c, day)->note.n; day++)
            ; /* a day of this weekday that is no holiday */
        d = calendar_at(c, day);
        struct buf b = {.arena = cx->arena, .limit = 400};
        for (int k = 0; k < d->sessions_n; k++) {
            struct session_row s = {.from_minute = d->sessions[2 * k],
                                    .to_minute = d->sessions[2 * k + 1]};
            buf_fmt(&b, "%s%.*s", k ? ", " : "", F(minutes_words(cx, &s)));
        }
        rows[i - 1] = (struct look_row){.key = look_weekday(i % 7),
                                        .value = b.n ? buf_str(&b) : tr(cx, S(T("nghỉ")))};
    }
    v->sessions = rows;
    v->sessions_n = 7;
    return OK;
}

static struct look_badge_view kind_badge(struct cx *cx, struct str kind)
{
    if (str_eq(kind, S("makeup")))
        return (struct look_badge_view){S("cham"), S("cal"), tr(cx, S(T("Làm bù"))), S("")};
    if (str_eq(kind, S("extra_open")))
        return (struct look_badge_view){S("info"), S("clock"), tr(cx, S(T("Mở thêm"))), S("")};
    return (struct look_badge_view){S(""), S("minus"), tr(cx, S(T("Nghỉ"))), S("")};
}

static struct calendar_day_line day_line(struct cx *cx, const struct place *p,
                                         const struct day_row *d, bool may)
{
    return (struct calendar_day_line){
        .date = date_vi(cx->arena, d->day),
        .weekday = look_weekday((int)((d->day + 4) % 7)),
        .note = d->note,
        .basis = d->basis,
        .from = unit_name(cx, d->unit),
        .unsay =
            may && d->unit == p->unit.id ? str_fmt(cx->arena, "%lld", (long long)d->day) : S(""),
        .badge = kind_badge(cx, d->kind),
    };
}

static enum err set_days(struct cx *cx, const struct place *p, struct calendar_desk_view *v)
{
    struct day_row *rows = NEW_N(cx->arena, struct day_row, ROWS_MAX);
    struct calendar_holiday off[CALENDAR_HOLIDAYS_MAX];
    size_t n, off_n = 0, said = 0;
    TRY(calendar_store_days(cx, p->path, civil_day(p->year, 1, 1), civil_day(p->year, 12, 31), rows,
                            ROWS_MAX, &n));
    for (size_t i = 0; i < n; i++)
        said += rows[i].unit == 0;
    if (said == 0) {
        off_n = calendar_statutory(p->year, off);
        v->expected = str_fmt(
            cx->arena,
            tr(cx,
               S(T("Chưa có lịch nghỉ năm %d của cả nước. Tới khi có thông báo, máy đếm theo luật và lịch âm:")))
                .p,
            p->year);
    }
    struct calendar_day_line *out = NEW_N(cx->arena, struct calendar_day_line, n + off_n + 1);
    for (size_t i = 0; i < off_n; i++)
        out[v->days_n++] = day_line(
            cx, p, &(struct day_row){0, off[i].day, S("holiday"), off[i].note, S("")}, false);
    for (size_t i = 0; i < n; i++)
        out[v->days_n++] = day_line(cx, p, &rows[i], v->may);
    v->days = out;
    return OK;
}

/* ---- fields ---- */

static struct look_field_view text(struct cx *cx, struct web_req *rq, const char *name,
                                   struct str label, struct str hint, struct str now,
                                   const char *width)
{
    return (struct look_field_view){.kind = LOOK_TEXT,
                                    .name = str_c(name),
                                    .label = tr(cx, label),
                                    .hint = tr(cx, hint),
                                    .value = web_again(rq) ? web_form(rq, name) : now,
                                    .wrong = web_error_of(rq, str_c(name)),
                                    .width = str_c(width),
                                    .max = 300};
}

static struct look_field_view weekday_field(struct cx *cx, struct web_req *rq)
{
    struct look_option *options = NEW_N(cx->arena, struct look_option, 7);
    struct str chosen[7];
    size_t n = web_form_all(rq, "thu", chosen, 7);
    for (int i = 1; i <= 7; i++) {
        struct str value = str_fmt(cx->arena, "%d", i % 7);
        bool on = !web_again(rq) && i <= 5;
        for (size_t k = 0; k < n; k++)
            on |= str_eq(chosen[k], value);
        options[i - 1] = (struct look_option){value, look_weekday(i % 7), S(""), on};
    }
    return (struct look_field_view){.kind = LOOK_CHECKS,
                                    .name = S("thu"),
                                    .label = tr(cx, S(T("Làm việc các ngày"))),
                                    .hint =
                                        tr(cx, S(T("Không chọn ngày nào: theo cơ quan cấp trên"))),
                                    .wrong = web_error_of(rq, S("thu")),
                                    .options = options,
                                    .options_n = 7};
}

static void set_fields(struct cx *cx, struct web_req *rq, const struct place *p,
                       struct calendar_desk_view *v)
{
    static const struct look_option kinds[] = {
        {S("holiday"), S("Nghỉ"), S(""), false},
        {S("makeup"), S("Làm bù"), S("tính như ngày làm việc"), false},
        {S("extra_open"), S("Mở thêm"), S("quầy nhận hồ sơ, thời hạn không đếm"), false}};
    struct look_option *options = NEW_N(cx->arena, struct look_option, 3);
    for (int i = 0; i < 3; i++) {
        options[i] = kinds[i];
        options[i].label = tr(cx, kinds[i].label);
        options[i].hint = tr(cx, kinds[i].hint);
        options[i].on = str_eq(web_form(rq, "loai"), kinds[i].value);
    }
    v->pick_unit =
        text(cx, rq, "don-vi", S(T("Mã đơn vị")), S(T("để trống: cả nước")), p->unit.code, "12");
    v->pick_year = text(cx, rq, "nam", S(T("Năm")), S(""), v->year, "4");
    v->day = text(cx, rq, "ngay", S(T("Ngày")), S(T("ngày/tháng/năm")), S(""), "12");
    v->kind = (struct look_field_view){.kind = LOOK_RADIO,
                                       .name = S("loai"),
                                       .label = tr(cx, S(T("Là ngày"))),
                                       .wrong = web_error_of(rq, S("loai")),
                                       .options = options,
                                       .options_n = 3};
    v->name = text(cx, rq, "ten", S(T("Ngày gì")), S(T("ví dụ Giỗ Tổ Hùng Vương")), S(""), "");
    v->basis = text(cx, rq, "can_cu", S(T("Căn cứ")), S(T("thông báo, quyết định")), S(""), "");
    v->weekdays = weekday_field(cx, rq);
    v->morning_from = text(cx, rq, "sang_tu", S(T("Sáng từ")), S(""), S("07:30"), "8");
    v->morning_to = text(cx, rq, "sang_den", S(T("Sáng đến")), S(""), S("11:30"), "8");
    v->afternoon_from = text(cx, rq, "chieu_tu", S(T("Chiều từ")),
                             S(T("để trống: chỉ làm buổi sáng")), S("13:30"), "8");
    v->afternoon_to = text(cx, rq, "chieu_den", S(T("Chiều đến")), S(""), S("17:30"), "8");
    v->from_day = text(cx, rq, "tu_ngay", S(T("Từ ngày")),
                       S(T("ngày/tháng/năm; để trống: hôm nay")), S(""), "12");
    v->sessions_basis =
        text(cx, rq, "can_cu_buoi", S(T("Căn cứ")), S(T("quyết định về giờ làm việc")), S(""), "");
}

enum err calendar_show_desk(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    const struct str why = cx->why, field = cx->field; /* of the refusal that is drawn again */
    struct place p;
    TRY(place_of(cx, rq, &p));
    struct calendar_desk_view v = {
        .unit = p.unit.code,
        .year = str_fmt(cx->arena, "%d", p.year),
        .title = p.unit.id ? p.unit.name : tr(cx, S(T("Cả nước"))),
        .may = calendar_may(cx, p.unit.id) == OK,
        .may_year = p.unit.id == 0 && calendar_may(cx, 0) == OK,
        .again = web_again(rq),
        .empty = {.title = tr(cx, S(T("Không có ngày nào khác thường")))},
    };
    cx->why = why;
    cx->field = field;
    v.errors = look_errors_of(cx, rq);
    set_fields(cx, rq, &p, &v);
    TRY(set_sessions(cx, &p, &v));
    TRY(set_days(cx, &p, &v));
    calendar_desk_html(&rs->body, &v);
    return OK;
}

/* ---- acts ---- */

enum err calendar_check_act(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    (void)cx;
    (void)rs;
    web_on_refusal(rq, calendar_show_desk);
    return OK;
}

static enum err back_to(struct cx *cx, const struct place *p, struct web_res *rs, struct str toast)
{
    rs->see_other =
        str_fmt(cx->arena, "/quan-tri/lich?don-vi=%.*s&nam=%d", F(p->unit.code), p->year);
    rs->toast = tr(cx, toast);
    return OK;
}

static bool day_typed(struct str s, int64_t *day)
{
    return date_typed(s, day) && *day >= civil_day(CALENDAR_YEAR_MIN + 1, 1, 1) &&
           *day < civil_day(CALENDAR_YEAR_MAX, 1, 1);
}

enum err calendar_write_day(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct place p;
    struct day_row d = {
        .kind = web_form(rq, "loai"), .note = web_form(rq, "ten"), .basis = web_form(rq, "can_cu")};
    TRY(place_of(cx, rq, &p));
    d.unit = p.unit.id;
    if (!day_typed(web_form(rq, "ngay"), &d.day))
        return fail_field(cx, ERR_INVALID, S("ngay"),
                          T("Ngày phải có dạng ngày/tháng/năm, ví dụ 24/11/2026."));
    TRY(calendar_say_day(cx, &d));
    int m, date;
    civil_from_day(d.day, &p.year, &m, &date);
    return back_to(cx, &p, rs, S(T("Đã ghi ngày này.")));
}

enum err calendar_write_unsay(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct place p;
    int64_t day;
    TRY(place_of(cx, rq, &p));
    if (!str_int(web_form(rq, "ngay-so"), &day))
        day = 0;
    TRY(calendar_unsay_day(cx, p.unit.id, day));
    return back_to(cx, &p, rs, S(T("Đã bỏ ngày này.")));
}

static bool minute_typed(struct str s, int *out)
{
    struct str hour, minute;
    int64_t h, m;
    if (!str_cut(s, ':', &hour, &minute) || !str_int(hour, &h) || !str_int(minute, &m) || h < 0 ||
        h > 23 || m < 0 || m > 59)
        return false;
    *out = (int)(h * 60 + m);
    return true;
}

enum err calendar_write_sessions(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct place p;
    struct str weekdays[7];
    struct session_row rows[14], morning = {0}, afternoon = {0};
    struct sessions_act act = {
        .rows = rows, .basis = web_form(rq, "can_cu_buoi"), .from_day = day_of(cx->now)};
    size_t n = web_form_all(rq, "thu", weekdays, 7);
    bool both = web_form(rq, "chieu_tu").n || web_form(rq, "chieu_den").n;
    TRY(place_of(cx, rq, &p));
    act.unit = p.unit.id;
    if (n && (!minute_typed(web_form(rq, "sang_tu"), &morning.from_minute) ||
              !minute_typed(web_form(rq, "sang_den"), &morning.to_minute)))
        return fail_field(cx, ERR_INVALID, S("sang_tu"), T("Giờ có dạng 07:30."));
    if (n && both &&
        (!minute_typed(web_form(rq, "chieu_tu"), &afternoon.from_minute) ||
         !minute_typed(web_form(rq, "chieu_den"), &afternoon.to_minute)))
        return fail_field(cx, ERR_INVALID, S("chieu_tu"), T("Giờ có dạng 13:30."));
    if (web_form(rq, "tu_ngay").n && !day_typed(web_form(rq, "tu_ngay"), &act.from_day))
        return fail_field(cx, ERR_INVALID, S("tu_ngay"),
                          T("Từ ngày phải có dạng ngày/tháng/năm, ví dụ 01/12/2026."));
    for (size_t i = 0; i < n; i++) {
        int64_t weekday;
        if (!str_int(weekdays[i], &weekday) || weekday < 0 || weekday > 6)
            return fail_field(cx, ERR_INVALID, S("thu"), T("Chọn ngày trong tuần."));
        morning.weekday = afternoon.weekday = (int)weekday;
        rows[act.n++] = morning;
        if (both)
            rows[act.n++] = afternoon;
    }
    TRY(calendar_say_sessions(cx, &act));
    return back_to(cx, &p, rs, S(T("Đã ghi giờ làm việc.")));
}

enum err calendar_write_year(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct place p;
    TRY(place_of(cx, rq, &p));
    TRY(calendar_say_year(cx, p.year));
    return back_to(cx, &p, rs, S(T("Đã ghi. Sửa lại khi có thông báo của năm.")));
}

/* clang-format off */
const struct route calendar_routes[] = {
    {GET,  "/quan-tri/lich",         "Lịch làm việc",        &calendar_manage, READ,  .show = calendar_show_desk, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/lich/ngay",    "Ghi một ngày",         &calendar_manage, WRITE, .prepare = calendar_check_act, .write = calendar_write_day, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/lich/bo-ngay", "Bỏ một ngày",          &calendar_manage, WRITE, .prepare = calendar_check_act, .write = calendar_write_unsay, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/lich/gio",     "Ghi giờ làm việc",     &calendar_manage, WRITE, .prepare = calendar_check_act, .write = calendar_write_sessions, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/lich/nam",     "Ghi lịch nghỉ theo luật", &calendar_manage, WRITE, .prepare = calendar_check_act, .write = calendar_write_year, .frame = WEB_FRAME_OFFICER},
    {0},
};
const struct menu_item calendar_menu[] = {
    {"Lịch làm việc", "/quan-tri/lich", "cal", &calendar_manage, WEB_FRAME_OFFICER},
    {0},
};
/* clang-format on */
