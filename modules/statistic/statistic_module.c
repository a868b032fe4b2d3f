/* statistic_module.c - what statistic brings: the reader of the journal, pages, maps, a right. */
#include "module/module.h"
#include "statistic_map.h"
#include "statistic_pages.h"

const struct right statistic_watch = {"statistic.watch", "Xem số liệu của đơn vị", false};
static const struct right *const rights[] = {&statistic_watch, NULL};
static const struct job_kind *const jobs[] = {&statistic_feed, NULL};

/* clang-format off */
const struct route statistic_routes[] = {
    {GET, "/dieu-hanh",              "Điều hành",                    &statistic_watch, READ, .show = statistic_show_board, .frame = WEB_FRAME_OFFICER},
    {GET, "/dieu-hanh/thong-ke",     "Thống kê",                     &statistic_watch, READ, .show = statistic_show_table, .frame = WEB_FRAME_OFFICER},
    {GET, "/dieu-hanh/thong-ke.csv", "Thống kê, tải về",             &statistic_watch, SLOW, .show = statistic_get_csv, .kind = WEB_FILE},
    {GET, "/cong-khai",              "Công khai kết quả giải quyết", &anyone,          READ, .show = statistic_show_public},
    {GET, "/cong-khai.csv",          "Công khai, tải về",            &anyone,          SLOW, .show = statistic_get_public_csv, .kind = WEB_FILE, .rate_per_minute = 30},
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
    .needs = (const char *const[]){"journal", "org", "procedure", "onestop", NULL},
    .routes = statistic_routes,
    .rights = rights,
    .jobs = jobs,
    .packs = statistic_packs,
    .menu = menu,
    .rebuild = statistic_rebuild,
};
