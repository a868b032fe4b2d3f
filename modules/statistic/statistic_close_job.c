/* statistic_close_job.c - a closed period on paper: typeset from its rows, signed by whoever closed
 * it, outside of the writer; kept as signed. */
#include "statistic_close.h"

#include "crypto/crypto.h"
#include "form/form.h"
#include "identity/identity.h"
#include "journal/journal.h"
#include "json/json.h"
#include "lane/lane.h"
#include "pdf/pdf.h"

#define DATA_MAX ((size_t)1 << 20)

struct signing {
    int64_t id;
    bool wanted; /* not signed yet */
    struct closed_period p;
    struct frozen_sheet sheet;
    struct str signer, cert, ca, pdf, signed_pdf, sha256;
    struct key *key; /* cx closes it */
};

enum err statistic_may_sign(struct cx *cx)
{
    struct key *key;
    struct str cert, ca;
    enum err e = identity_signer(cx, cx->actor->account, &key, &cert, &ca);
    return e == ERR_NOT_FOUND ? ERR_CONFLICT : e; /* what stands in cx is the sentence */
}

static void put_line(struct json_out *o, const struct frozen_line *l)
{
    static const char *const names[] = {"ton",          "truc_tuyen", "truc_tiep", "buu_chinh",
                                        "phi_dia_gioi", "som",        "dung_han",  "tre",
                                        "trong_han",    "sap_han",    "qua_han",   "tam_dung",
                                        "tu_choi",      "rut",        "cho_tra",   "da_tra"};
    _Static_assert(sizeof names / sizeof *names == FROZEN_NUMBERS, "a name for each number");
    json_open_object(o);
    json_str(o, S("ma"), l->code);
    json_str(o, S("ten"), l->name);
    json_num(o, S("tiep_nhan"), statistic_frozen_received(l));
    json_num(o, S("giai_quyet"), statistic_frozen_resolved(l));
    for (int i = 0; i < FROZEN_NUMBERS; i++)
        json_num(o, str_c(names[i]), l->n[i]);
    json_close_object(o);
}

static void put_lines(struct json_out *o, const char *key, const struct frozen_sheet *s,
                      const char *kind)
{
    json_key(o, str_c(key));
    json_open_array(o);
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->lines[i].kind, str_c(kind)))
            put_line(o, &s->lines[i]);
    json_close_array(o);
}

static struct closing closing_of(struct cx *cx, const struct closed_period *p)
{
    struct closing c = {0};
    const int year = p->from / 100, month = p->from % 100;
    struct str name = p->from == p->to       ? str_fmt(cx->arena, "%d-%02d", year, month)
                      : p->to - p->from == 2 ? str_fmt(cx->arena, "%d-Q%d", year, month / 3 + 1)
                                             : str_fmt(cx->arena, "%d", year);
    MUST(statistic_closing_named(cx, name, &c));
    return c;
}

static enum err typeset(struct cx *cx, struct signing *s)
{
    struct buf b = {.arena = cx->arena, .limit = DATA_MAX};
    struct json_out o = {.to = &b};
    struct template_row t;
    const struct json *data;
    struct json_error error;
    const struct closing c = closing_of(cx, &s->p);
    json_open_object(&o);
    json_str(&o, S("co_quan"), s->p.unit_name);
    json_str(&o, S("ky"), c.label);
    json_str(&o, S("tu_ngay"), str_fmt(cx->arena, "01/%02d/%d", c.from % 100, c.from / 100));
    json_str(&o, S("den_ngay"), date_vi(cx->arena, day_of(c.ends_at) - 1));
    json_str(&o, S("so_lieu_luc"), time_vi(cx->arena, s->p.counted_at));
    json_str(&o, S("chot_luc"), time_vi(cx->arena, s->p.closed_at));
    json_str(&o, S("nguoi_chot"), s->p.closed_by_name);
    json_str(&o, S("sha256"), s->p.sha256);
    put_lines(&o, "tong", &s->sheet, "tong");
    put_lines(&o, "thu_tuc", &s->sheet, "thu-tuc");
    put_lines(&o, "don_vi", &s->sheet, "don-vi");
    json_close_object(&o);
    TRY(form_template_in_force(cx, S("chot-ky"), day_of(cx->now), &t));
    if (json_read(cx->arena, buf_str(&b), &data, &error) != OK)
        return fail(cx, ERR_IO, "data of chot-ky: %s", error.what);
    return form_print(cx, &t, data, &s->pdf);
}

static enum err gather(struct cx *cx, void *arg)
{
    struct signing *s = arg;
    TRY(statistic_store_period_by_id(cx, s->id, &s->p));
    if (s->p.signed_at)
        return OK; /* an earlier attempt signed it */
    s->sheet.lines = NEW_N(cx->arena, struct frozen_line, FROZEN_LINES_MAX);
    TRY(statistic_store_frozen(cx, s->id, s->sheet.lines, FROZEN_LINES_MAX, &s->sheet.n));
    TRY(identity_signer(cx, s->p.closed_by, &s->key, &s->cert, &s->ca));
    s->wanted = true;
    return typeset(cx, s);
}

static enum err act(struct cx *cx, const struct job *j, void **result)
{
    struct signing *s = NEW(cx->arena, struct signing);
    const struct json *v;
    struct json_error error;
    *result = s;
    if (json_read(cx->arena, j->payload, &v, &error) != OK)
        return fail(cx, ERR_IO, "job %lld: payload: %s", (long long)j->id, error.what);
    s->id = json_int(json_get(v, S("period")), 0);
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, gather, s));
    if (!s->wanted)
        return OK;
    const struct pdf_signer who = {
        .key = s->key,
        .cert_der = s->cert,
        .chain_der = &s->ca,
        .chain_n = 1,
        .name = s->p.closed_by_name,
        .reason = S("Chốt số liệu thống kê giải quyết thủ tục hành chính"),
        .place = s->p.unit_name,
        .at = cx->now,
        .caption = str_fmt(cx->arena, "Ký số: %.*s\n%.*s", F(s->p.closed_by_name),
                           F(time_vi(cx->arena, cx->now))),
    };
    TRY(pdf_sign(cx, s->pdf, &who, &s->signed_pdf));
    const struct hash h = sha256(s->signed_pdf);
    s->sha256 = str_hex(cx->arena, HASH_STR(h));
    return OK;
}

static enum err after(struct cx *cx, const struct job *, enum err acted, void *result)
{
    struct signing *s = result;
    if (acted != OK || !s->wanted)
        return acted;
    TRY(statistic_store_period_signed(cx, s->id, s->signed_pdf, s->sha256));
    return journal_write(
        cx, &(struct event){.kind = S("statistic.period.signed"),
                            .subject_kind = S("statistic.period"),
                            .subject_id = s->id,
                            .unit = s->p.unit,
                            .payload = str_fmt(cx->arena, "{\"sha256\":\"%.*s\"}", F(s->sha256))});
}

const struct job_kind statistic_sign_job = {
    .name = "statistic.sign", .title = "Ký số liệu đã chốt", .act = act, .after = after};
