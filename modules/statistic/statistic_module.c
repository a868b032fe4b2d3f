/* statistic_module.c - what statistic brings: the reader of the journal, pages, maps, a right. */
#include "module/module.h"
#include "statistic_close.h"
#include "statistic_map.h"
#include "statistic_pages.h"

const struct right statistic_watch = {.name = "statistic.watch", .title = "Xem số liệu của đơn vị"};
const struct right statistic_close_right = {
    .name = "statistic.close", .title = "Chốt số liệu của kỳ", .step_up = true};
static const struct right *const rights[] = {&statistic_watch, &statistic_close_right, NULL};
static const struct job_kind *const jobs[] = {&statistic_feed, &statistic_sign_job, NULL};

/* What the figures and the names beside them are made from. */
static const char *const moves[] = {"statistic", "org", "procedure", NULL};

/* Each figure says when it was true: now, or when the reader of the journal is behind, then. */
static enum err add_as_of(struct cx *cx, struct buf *key)
{
    int64_t at;
    TRY(statistic_as_of(cx, &at));
    buf_int(key, at == cx->now ? 0 : at);
    return OK;
}
static const struct web_kept kept = {moves, add_as_of};

/* clang-format off */
const struct route statistic_routes[] = {
    {GET, "/dieu-hanh",              "Điều hành",                    &statistic_watch, READ, .show = statistic_show_board, .kept = &kept, .frame = WEB_FRAME_OFFICER},
    {GET, "/dieu-hanh/thong-ke",     "Thống kê",                     &statistic_watch, READ, .show = statistic_show_table, .kept = &kept, .frame = WEB_FRAME_OFFICER},
    {GET, "/dieu-hanh/thong-ke.csv", "Thống kê, tải về",             &statistic_watch, SLOW, .show = statistic_get_csv, .kept = &kept, .kind = WEB_FILE},
    {GET,  "/dieu-hanh/chot-ky",               "Chốt số liệu",       &statistic_watch,       READ,  .show = statistic_show_periods, .frame = WEB_FRAME_OFFICER},
    {GET,  "/dieu-hanh/chot-ky/{ky}",          "Chốt số liệu",       &statistic_watch,       SLOW,  .show = statistic_show_period, .frame = WEB_FRAME_OFFICER},
    {POST, "/dieu-hanh/chot-ky/{ky}",          "Chốt số liệu",       &statistic_close_right, WRITE, .prepare = statistic_check_close, .write = statistic_write_close, .frame = WEB_FRAME_OFFICER},
    {GET,  "/dieu-hanh/chot-ky/{ky}/ban-ky",   "Số liệu đã ký",      &statistic_watch,       SLOW,  .show = statistic_get_period, .kind = WEB_FILE},
    {GET, "/cong-khai",              "Công khai kết quả giải quyết", &anyone,          READ, .show = statistic_show_public, .kept = &kept},
    {GET, "/cong-khai.csv",          "Công khai, tải về",            &anyone,          SLOW, .show = statistic_get_public_csv, .kept = &kept, .kind = WEB_FILE, .rate_per_minute = 30},
    {GET, "/bang-lon",               "Bảng lớn",                     &anyone,          READ, .show = statistic_show_wall, .frame = WEB_FRAME_BARE, .rate_per_minute = 60},
    {GET, "/ban-do/{ma}",            "Ranh giới",                    &anyone,          READ, .show = statistic_show_map, .kind = WEB_FILE},
    {0},
};
static const struct menu_item menu[] = {
    {"Điều hành", "/dieu-hanh", "chart", &statistic_watch, WEB_FRAME_OFFICER},
    {"Công khai", "/cong-khai", "chart", &anyone,          WEB_FRAME_CITIZEN},
    {0},
};
/* clang-format on */

const struct module statistic_module = {
    .name = "statistic",
    .title = "Thống kê, điều hành",
    .needs =
        (const char *const[]){"journal", "org", "identity", "form", "procedure", "onestop", NULL},
    .routes = statistic_routes,
    .rights = rights,
    .jobs = jobs,
    .packs = statistic_packs,
    .menu = menu,
    .rebuild = statistic_rebuild,
};
