/* form_store_template.c - the only file that speaks SQL about form_template. */
#include "db/db.h"
#include "form_store.h"

#define COLUMNS "id, code, version, valid_from, paper, title, basis, body, sha256, wide"

static struct template_row row_from(struct db_rows *r)
{
    return (struct template_row){
        .id = db_int(r, 0),
        .code = db_str(r, 1),
        .version = db_str(r, 2),
        .valid_from = db_int(r, 3),
        .paper = db_str(r, 4),
        .title = db_str(r, 5),
        .basis = db_str(r, 6),
        .body = db_str(r, 7),
        .sha256 = db_str(r, 8),
        .wide = db_int(r, 9) != 0,
    };
}

enum err form_template_in_force(struct cx *cx, struct str code, int64_t on_day,
                                struct template_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r,
                 "select " COLUMNS " from form_template where code = $1 and valid_from <= $2"
                 " order by valid_from desc, id desc limit 1",
                 V(code), V(on_day)));
    if (!db_next(&r))
        return r.err ? r.err
                     : fail(cx, ERR_NOT_FOUND,
                            T("Chưa có mẫu in này. Báo người quản trị nạp gói mẫu in."));
    *out = row_from(&r);
    return OK;
}

enum err form_store_template(struct cx *cx, struct str code, struct str version,
                             struct template_row *out)
{
    auto_rows r = {0};
    TRY(db_query(cx, &r, "select " COLUMNS " from form_template where code = $1 and version = $2",
                 V(code), V(version)));
    if (!db_next(&r))
        return r.err ? r.err : ERR_NOT_FOUND;
    *out = row_from(&r);
    return OK;
}

enum err form_store_template_add(struct cx *cx, const struct template_row *t)
{
    return db_exec(
        cx,
        "insert into form_template (code, version, valid_from, paper, title, basis, body, sha256, wide)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        V(t->code), V(t->version), V(t->valid_from), V(t->paper), V(t->title), V(t->basis),
        V(t->body), V(t->sha256), V(t->wide));
}
