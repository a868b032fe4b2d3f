/* codelist_module.c - what codelist brings: packs, pages, the API, jobs. */
#include "codelist_inside.h"

const struct right codelist_decide = {.name = "codelist.decide",
                                      .title = "Duyệt danh mục dùng chung",
                                      .step_up = true,
                                      .whole = true};

static const char *const needs[] = {"journal", "identity", "notify", NULL};
static const struct right *const rights[] = {&codelist_decide, NULL};
static const struct job_kind *const jobs[] = {&codelist_apply_job, &codelist_tell_job, NULL};
static const struct pack_kind packs[] = {
    {"codelist", "Danh mục dùng chung", codelist_load},
    {"codelist-crosswalk", "Mã tương ứng giữa hai danh mục", codelist_load_crosswalk},
    {"codelist-draft", "Dự thảo danh mục dùng chung", codelist_load_draft},
    {0},
};

/* clang-format off */
const struct route codelist_routes[] = {
    {GET,  "/danh-muc",                 "Danh mục dùng chung",     &anyone,          READ,  .show = codelist_show_lists},
    {GET,  "/danh-muc/{ds}",            "Danh mục",                &anyone,          READ,  .show = codelist_show_list},
    {GET,  "/danh-muc/{ds}/so-sanh",    "So sánh danh mục",        &anyone,          READ,  .show = codelist_show_diff},
    {GET,  "/danh-muc/{ds}/ma/{ma}",    "Mã trong danh mục",       &anyone,          READ,  .show = codelist_show_code},
    {POST, "/danh-muc/{ds}/theo-doi",   "Theo dõi danh mục",       &signed_in,       WRITE, .write = codelist_write_follow},
    {GET,  "/quan-tri/danh-muc",        "Danh mục chờ duyệt",      &codelist_decide, READ,  .show = codelist_show_drafts, .frame = WEB_FRAME_OFFICER},
    {GET,  "/quan-tri/danh-muc/{id}",   "Bản danh mục chờ duyệt",  &codelist_decide, SLOW,  .show = codelist_show_draft, .frame = WEB_FRAME_OFFICER},
    {POST, "/quan-tri/danh-muc/{id}",   "Duyệt bản danh mục",      &codelist_decide, WRITE, .write = codelist_write_decision, .frame = WEB_FRAME_OFFICER},

    {GET,  "/api/danh-muc",                         "Các danh mục dùng chung",           &anyone, READ, .show = codelist_api_lists,  .kind = WEB_API, .gives = &codelist_schema_lists},
    {GET,  "/api/danh-muc/{ds}",                    "Mã của một danh mục, theo ngày",    &anyone, READ, .show = codelist_api_codes,  .kind = WEB_API, .gives = &codelist_schema_codes},
    {GET,  "/api/danh-muc/{ds}/khac-biet",          "Danh mục đổi gì giữa hai ngày",     &anyone, READ, .show = codelist_api_diff,   .kind = WEB_API, .gives = &codelist_schema_diff},
    {GET,  "/api/danh-muc/{ds}/tat-ca.csv",         "Cả danh mục, theo ngày",            &anyone, SLOW, .show = codelist_api_csv,    .kind = WEB_FILE},
    {GET,  "/api/danh-muc/{ds}/tat-ca.sdmx.xml",    "Cả danh mục, SDMX 2.1",             &anyone, SLOW, .show = codelist_api_sdmx,   .kind = WEB_FILE},
    {GET,  "/api/danh-muc/{ds}/tat-ca.skos.rdf",    "Cả danh mục, SKOS",                 &anyone, SLOW, .show = codelist_api_skos,   .kind = WEB_FILE},
    {GET,  "/api/danh-muc/{ds}/ma/{ma}/tuong-ung",  "Mã tương ứng ở danh mục khác",      &anyone, READ, .show = codelist_api_pairs,  .kind = WEB_API, .gives = &codelist_schema_pairs},
    {GET,  "/api/danh-muc/{ds}/ma/{ma}",            "Một mã, theo ngày",                 &anyone, READ, .show = codelist_api_code,   .kind = WEB_API, .gives = &codelist_schema_code},
    {GET,  "/api/danh-muc/{ds}/ma/{ma}/tro-thanh",  "Mã đã thành gì",                    &anyone, READ, .show = codelist_api_became, .kind = WEB_API, .gives = &codelist_schema_became},
    {0},
};
static const struct menu_item menu[] = {
    {"Duyệt danh mục", "/quan-tri/danh-muc", "list", &codelist_decide, WEB_FRAME_OFFICER},
    {0},
};
/* clang-format on */

const struct module codelist_module = {
    .name = "codelist",
    .title = "Danh mục dùng chung",
    .needs = needs,
    .routes = codelist_routes,
    .rights = rights,
    .jobs = jobs,
    .packs = packs,
    .menu = menu,
};
