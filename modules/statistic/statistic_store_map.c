/* statistic_store_map.c - SQL about boundaries. */
#include "statistic_store.h"

enum err statistic_store_map(struct cx *cx, struct str province, struct map_picture *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select province, source, sha256, width, height from statistic_map"
                 " where province = $1",
                 V(province)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = (struct map_picture){.province = db_str(&r, 0),
                                .source = db_str(&r, 1),
                                .sha256 = db_str(&r, 2),
                                .width = db_int(&r, 3),
                                .height = db_int(&r, 4)};
    return OK;
}

enum err statistic_store_map_put(struct cx *cx, const struct map_picture *p)
{
    TRY(db_exec(cx, "delete from statistic_map_area where province = $1", V(p->province)));
    return db_exec(cx,
                   "insert into statistic_map (province, width, height, source, sha256)"
                   " values ($1, $2, $3, $4, $5) on conflict (province) do update set"
                   " width = excluded.width, height = excluded.height, source = excluded.source,"
                   " sha256 = excluded.sha256",
                   V(p->province), V(p->width), V(p->height), V(p->source), V(p->sha256));
}

enum err statistic_store_map_area_put(struct cx *cx, struct str province, const struct map_area *a)
{
    return db_exec(cx,
                   "insert into statistic_map_area (province, area, path) values ($1, $2, $3)"
                   " on conflict (province, area) do update set path = excluded.path",
                   V(province), V(a->code), V(a->path));
}

enum err statistic_store_map_areas(struct cx *cx, struct str province, bool paths,
                                   struct map_area *out, size_t max, size_t *n)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select area, case when $2 = 1 then path else '' end from statistic_map_area"
                 " where province = $1 order by area limit $3",
                 V(province), V(paths), V(max)));
    for (*n = 0; *n < max && db_next(&r); ++*n)
        out[*n] = (struct map_area){.code = db_str(&r, 0), .path = db_str(&r, 1)};
    return r.err;
}
