/* onestop_store_figure.c - which dossiers a figure of statistics counts: the list that it leads to.
 *
 * In an address "so=tre.202601.202611": the name of the figure and its months (or days), both
 * counted. What stands now has no months: "so=tam-dung". The same rules as the counts, told by the
 * rows. */
#include "onestop_lists.h"

struct span_of_figure {
    int64_t from, to; /* from <= at < to */
};

typedef void add_figure(struct cx *cx, struct db_text *q, const struct span_of_figure *s);

static void received(struct cx *, struct db_text *q, const struct span_of_figure *s)
{
    DB_ADD(q, " and d.accepted_at >= $ and d.accepted_at < $", V(s->from), V(s->to));
}

static void received_online(struct cx *cx, struct db_text *q, const struct span_of_figure *s)
{
    received(cx, q, s);
    DB_ADD(q, " and d.channel = $", V(CHANNEL_ONLINE));
}

static void received_at_counter(struct cx *cx, struct db_text *q, const struct span_of_figure *s)
{
    received(cx, q, s);
    DB_ADD(q, " and d.channel = $", V(CHANNEL_COUNTER));
}

static void received_by_post(struct cx *cx, struct db_text *q, const struct span_of_figure *s)
{
    received(cx, q, s);
    DB_ADD(q, " and d.channel = $", V(CHANNEL_POST));
}

static void received_elsewhere(struct cx *cx, struct db_text *q, const struct span_of_figure *s)
{
    received(cx, q, s);
    DB_ADD(q, " and substr(d.receiving_path, 1, length(d.competent_path)) <> d.competent_path"
              " and substr(d.competent_path, 1, length(d.receiving_path)) <> d.receiving_path");
}

#define NOT_GIVEN_UP " and d.state not in (3, 9, 12)" /* refused, withdrawn, cancelled */

static void resolved(struct cx *, struct db_text *q, const struct span_of_figure *s)
{
    DB_ADD(q, NOT_GIVEN_UP " and d.released_at >= $ and d.released_at < $", V(s->from), V(s->to));
}

/* The day of an instant, at UTC+7. */
#define DAY_OF(column) "((" column " + 25200000) / 86400000)"

static void early(struct cx *cx, struct db_text *q, const struct span_of_figure *s)
{
    resolved(cx, q, s);
    DB_ADD(q, " and (d.due_at = 0 or " DAY_OF("d.released_at") " < " DAY_OF("d.due_at") ")");
}

static void on_time(struct cx *cx, struct db_text *q, const struct span_of_figure *s)
{
    resolved(cx, q, s);
    DB_ADD(q, " and d.due_at > 0 and d.released_at <= d.due_at"
              " and " DAY_OF("d.released_at") " >= " DAY_OF("d.due_at"));
}

static void in_time(struct cx *cx, struct db_text *q, const struct span_of_figure *s)
{
    resolved(cx, q, s);
    DB_ADD(q, " and (d.due_at = 0 or d.released_at <= d.due_at)");
}

static void late(struct cx *cx, struct db_text *q, const struct span_of_figure *s)
{
    resolved(cx, q, s);
    DB_ADD(q, " and d.due_at > 0 and d.released_at > d.due_at");
}

/* Late in the period, or overdue now. */
static void late_or_overdue(struct cx *cx, struct db_text *q, const struct span_of_figure *s)
{
    DB_ADD(q,
           " and ((d.state not in (3, 9, 12) and d.released_at >= $ and d.released_at < $"
           " and d.due_at > 0 and d.released_at > d.due_at)"
           " or (k.turn = 1 and k.due_key >= 0 and k.due_key < $))",
           V(s->from), V(s->to), V(cx->now));
}

static void returned(struct cx *, struct db_text *q, const struct span_of_figure *s)
{
    DB_ADD(q, " and d.returned_at >= $ and d.returned_at < $", V(s->from), V(s->to));
}

/* Few are given up: they are found by when, not among all that the reader may see. What the law
 * counts so was accepted before. */
/* unscoped: a condition within a list of its own scope */
static void given_up(struct db_text *q, const struct span_of_figure *s)
{
    DB_ADD(q,
           " and d.accepted_at > 0 and k.dossier in (select id from onestop_dossier"
           " where given_up_at > 0 and given_up_at >= $ and given_up_at < $)",
           V(s->from), V(s->to));
}

static void withdrawn(struct cx *, struct db_text *q, const struct span_of_figure *s)
{
    DB_ADD(q, " and d.state = 9");
    given_up(q, s);
}

static void refused(struct cx *, struct db_text *q, const struct span_of_figure *s)
{
    DB_ADD(q, " and d.state in (3, 12)");
    given_up(q, s);
}

/* Accepted before this instant, and neither resolved nor given up by then. Nothing is accepted
 * before it was sent: the order of arrival is entered where it can begin. */
static void stood_at(struct db_text *q, int64_t at)
{
    DB_ADD(q,
           " and k.sent_at < $ and d.accepted_at > 0 and d.accepted_at < $"
           " and (d.given_up_at >= $ or (d.given_up_at = 0"
           " and (d.released_at = 0 or d.released_at >= $)))",
           V(at), V(at), V(at), V(at));
}

static void carried(struct cx *, struct db_text *q, const struct span_of_figure *s)
{
    stood_at(q, s->from);
}

static void left(struct cx *, struct db_text *q, const struct span_of_figure *s)
{
    stood_at(q, s->to);
}

static void open_now(struct cx *, struct db_text *q, const struct span_of_figure *)
{
    DB_ADD(q, " and k.state in (4, 5)"); /* accepted, in work: the clock runs */
}

static void open_in_time(struct cx *cx, struct db_text *q, const struct span_of_figure *s)
{
    open_now(cx, q, s);
    DB_ADD(q, " and k.due_key >= $", V(cx->now));
}

static void paused(struct cx *, struct db_text *q, const struct span_of_figure *)
{
    DB_ADD(q, " and k.state in (6, 7, 8)");
}

/* clang-format off */
static const struct figure {
    const char *name, *title;
    bool now; /* has no months */
    add_figure *add;
} figures[] = {
    {"tiep-nhan",    T("Tiếp nhận"),              false, received},
    {"truc-tuyen",   T("Tiếp nhận trực tuyến"),   false, received_online},
    {"truc-tiep",    T("Tiếp nhận trực tiếp"),    false, received_at_counter},
    {"buu-chinh",    T("Tiếp nhận qua bưu chính"), false, received_by_post},
    {"phi-dia-gioi", T("Tiếp nhận phi địa giới"), false, received_elsewhere},
    {"giai-quyet",   T("Đã giải quyết"),          false, resolved},
    {"som",          T("Giải quyết sớm"),         false, early},
    {"dung-han",     T("Giải quyết đúng ngày hẹn"), false, on_time},
    {"khong-tre",    T("Giải quyết sớm và đúng hạn"), false, in_time},
    {"tre",          T("Giải quyết trễ"),         false, late},
    {"tre-va-qua",   T("Giải quyết trễ và đang quá hạn"), false, late_or_overdue},
    {"da-tra",       T("Đã trả kết quả"),         false, returned},
    {"ton",          T("Tồn kỳ trước"),           false, carried},
    {"con-lai",      T("Tồn cuối kỳ"),        false, left},
    {"tu-choi",      T("Từ chối sau tiếp nhận"),  false, refused},
    {"rut",          T("Rút sau tiếp nhận"),      false, withdrawn},
    {"dang-mo",      T("Đang giải quyết"),        true,  open_now},
    {"trong-han",    T("Đang giải quyết, trong hạn"), true, open_in_time},
    {"tam-dung",     T("Tạm dừng"),               true,  paused},
};
/* clang-format on */

/* A month, 202611, or a day, 20261123. */
static bool bound_of(struct str text, int64_t *bound)
{
    if (!str_int(text, bound))
        return false;
    const int64_t month = *bound > 999'999 ? *bound / 100 : *bound;
    const int64_t day = *bound > 999'999 ? *bound % 100 : 1;
    return month >= 200001 && month <= 220012 && month % 100 >= 1 && month % 100 <= 12 &&
           day >= 1 && day <= 31;
}

static const struct figure *figure_of(struct str value, int64_t *from, int64_t *to)
{
    struct str name, months, first, last;
    bool has = str_cut(value, '.', &name, &months) && str_cut(months, '.', &first, &last);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (str_eq(name, str_c(figures[i].name)))
            return figures[i].now || (has && bound_of(first, from) && bound_of(last, to))
                       ? &figures[i]
                       : NULL;
    return NULL;
}

/* Where a month or day begins, or (on = 1) the next one. */
static int64_t begins(int64_t bound, int on)
{
    if (bound > 999'999)
        return civil_ms(&(struct civil){.year = (int)(bound / 10'000),
                                        .month = (int)(bound / 100 % 100),
                                        .day = (int)(bound % 100)}) +
               on * 24 * HOUR_MS;
    const int months = (int)(bound / 100 * 12 + bound % 100) - 1 + on;
    return civil_ms(&(struct civil){.year = months / 12, .month = months % 12 + 1, .day = 1});
}

static struct str bound_words(struct cx *cx, int64_t bound)
{
    if (bound > 999'999)
        return date_vi(cx->arena, day_of(begins(bound, 0)));
    return str_fmt(cx->arena, "%02lld/%lld", (long long)bound % 100, (long long)bound / 100);
}

void onestop_add_figure(struct cx *cx, struct db_text *q, struct str value)
{
    int64_t from = 0, to = 0;
    const struct figure *f = figure_of(value, &from, &to);
    if (!f) {
        DB_ADD(q, " and 1 = 0");
        return;
    }
    struct span_of_figure s = {0};
    if (!f->now)
        s = (struct span_of_figure){begins(from, 0), begins(to, 1)};
    f->add(cx, q, &s);
}

struct str onestop_figure_words(struct cx *cx, struct str value)
{
    int64_t from = 0, to = 0;
    const struct figure *f = figure_of(value, &from, &to);
    if (!f)
        return S("");
    struct str title = tr(cx, str_c(f->title));
    if (f->now)
        return title;
    if (from == to)
        return str_fmt(cx->arena, "%.*s, %.*s", F(title), F(bound_words(cx, from)));
    return str_fmt(cx->arena, "%.*s, %.*s – %.*s", F(title), F(bound_words(cx, from)),
                   F(bound_words(cx, to)));
}
