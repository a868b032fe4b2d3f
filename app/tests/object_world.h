/* object_world.h - one of each kind of object there is, and what finds them: for the walks of whose
 * is what. */
#pragma once
#include "app_fixture.h"
#include "codelist/codelist.h"
#include "db/db.h"
#include "identity/identity.h"
#include "org/org.h"
#include "procedure/procedure.h"
#include "testing/story.h"

/* ---- making one of each ---- */

static const struct story_role roles[] = {
    {"người dân", "020192999101"},
    {"cán bộ một cửa", "motcua.kylua"},
    {"chuyên viên", "hotich.kylua"},
    {"lãnh đạo", "chutich.kylua"},
    {"kiểm soát", "kiemsoat"},
    {"quản trị", "quantri"},
    {"hệ thống", "hethong"},
    {"thanh tra", "thanhtra"},
    {NULL, NULL},
};

static inline bool sign_in(struct browser *b, const char *login)
{
    browser_forget(b);
    browser_follow(b, true);
    return testing_sign_in(b, login, IDENTITY_DEMO_PASSWORD);
}

static const struct story_config story = {
    .roles = roles, .sign_in = sign_in, .files = "tests/stories/data"};

static inline void load(struct cx *cx, const struct module *m, const char *kind, const char *text)
{
    struct pack_report r = {.lines = {.arena = cx->arena, .limit = 4096}};
    for (const struct pack_kind *k = m->packs; k->name; k++) {
        size_t next = 0;
        if (strcmp(k->name, kind) != 0)
            continue;
        do
            assert_ok(test_write(cx, k->load(cx, S("nghe.json"), str_c(text), &next, &r)));
        while (next);
    }
}

/* Somebody of another commune who has every role there is, there. */
#define MIGHTY "hotich.tamthanh"
static inline void give_every_role(struct cx *cx)
{
    static const char *const given[] = {"can_bo_mot_cua", "truong_mot_cua", "lanh_dao",
                                        "van_thu",        "quan_tri",       "quan_tri_he_thong",
                                        "kiem_soat_tthc", "thanh_tra"};
    struct account a;
    struct org_unit u;
    assert_ok(account_by_login(cx, S(MIGHTY), &a));
    assert_ok(org_unit_by_code(cx, S("H37.115"), day_of(cx->now), &u));
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        assert_ok(test_write(cx, role_grant(cx, a.id, str_c(given[i]), u.id, 0, 0)));
}

static inline void make_all(struct cx *cx)
{
    int ran;
    story_run(cx, "app/tests/object_world.story", &story);
    load(
        cx, &codelist_module, "codelist-draft",
        "{\"list\":\"dan-toc\",\"title\":\"Dân tộc\",\"owner\":\"Tỉnh\",\"version\":\"9\",\"from\":"
        "\"2027-01-01\",\"basis\":\"QĐ 1\",\"codes\":[{\"code\":\"01\",\"name\":\"Kinh\"}]}");
    load(cx, &procedure_module, "procedure-crawl",
         "{\"code\":\"9.000003\",\"name\":\"Thủ tục mới\",\"levels\":[\"xa\"]}\n");
    give_every_role(cx);
    assert_ok(jobs_run_due(cx, &ran));
}

/* ---- what it made ---- */

struct found {
    const char *name;
    struct str value;
};

#define FOUND(cx, f, called, sql)                                                                  \
    do {                                                                                           \
        auto_rows rows_ = {0};                                                                     \
        assert_ok(db_query((cx), &rows_, sql));                                                    \
        assert_true(db_next(&rows_));                                                              \
        *(f) = (struct found){called, str_dup((cx)->arena, db_str(&rows_, 0))};                    \
    } while (0)

static inline const struct found *find_all(struct cx *cx)
{
    struct found *f = NEW_N(cx->arena, struct found, 20);
    struct account user, mighty;
    struct post post;
    size_t n = 0, posts;
    assert_ok(account_by_login(cx, S("vanthu.kylua"), &user));
    assert_ok(identity_posts(cx, user.id, &post, 1, &posts));
    assert_ok(account_by_login(cx, S(MIGHTY), &mighty));
    f[n++] = (struct found){"@mighty", str_fmt(cx->arena, "%lld", (long long)mighty.id)};
    f[n++] = (struct found){"@user", str_fmt(cx->arena, "%lld", (long long)user.id)};
    f[n++] = (struct found){"@post", str_fmt(cx->arena, "%lld", (long long)post.id)};
    FOUND(cx, &f[n++], "@dossier", "select code from onestop_dossier order by id limit 1");
    FOUND(cx, &f[n++], "@paper",
          "select cast(min(id) as text) from onestop_paper where file is not null");
    FOUND(cx, &f[n++], "@batch", "select cast(max(id) as text) from onestop_batch");
    FOUND(cx, &f[n++], "@question", "select code from onestop_consult order by id limit 1");
    FOUND(cx, &f[n++], "@bare", "select code from onestop_consult order by id desc limit 1");
    FOUND(cx, &f[n++], "@other", "select code from onestop_dossier order by id desc limit 1");
    FOUND(cx, &f[n++], "@work", "select code from work_item where job = 'onestop.export'");
    FOUND(cx, &f[n++], "@view", "select code from view_item");
    FOUND(cx, &f[n++], "@wish", "select cast(id as text) from identity_asked");
    FOUND(cx, &f[n++], "@draft",
          "select cast(id as text) from codelist_version where state = 'du_thao'");
    FOUND(cx, &f[n++], "@import", "select cast(id as text) from setup_import");
    FOUND(cx, &f[n++], "@crawl", "select cast(id as text) from procedure_import");
    FOUND(cx, &f[n++], "@order", "select cast(id as text) from org_order");
    FOUND(cx, &f[n++], "@redate", "select code from onestop_redate");
    return f;
}

static inline struct str value_of(const struct found *f, const char *piece)
{
    if (piece[0] != '@')
        return str_c(piece);
    for (; f->name; f++)
        if (strcmp(f->name, piece) == 0)
            return f->value;
    fail_msg("nothing is called %s", piece);
    return S("");
}
