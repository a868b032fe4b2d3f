/* onestop_file_pages.c - files and papers of a dossier, for whoever the scope lets see it. */
#include "file/file.h"
#include "onestop_ledger.h"
#include "onestop_pages.h"

static enum err stream(struct cx *cx, int64_t id, struct web_res *rs, struct str download_name)
{
    struct stored_file f;
    TRY(file_find(cx, id, &f));
    TRY(file_open(cx, &f, &rs->file));
    rs->file_size = f.size_bytes;
    rs->content_type = f.mime;
    rs->download_name = download_name;
    rs->allow_frame_self = true;
    return OK;
}

enum err onestop_get_paper(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    struct paper papers[PAPERS_MAX];
    int64_t id;
    size_t n;
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_papers(cx, &d, papers, PAPERS_MAX, &n));
    if (!str_int(web_path(rq, "giay"), &id))
        id = 0;
    for (size_t i = 0; i < n; i++)
        if (papers[i].id == id && papers[i].file)
            return stream(cx, papers[i].file, rs, S(""));
    return fail(cx, ERR_NOT_FOUND, T("Hồ sơ này không có tệp đó. Quay lại trang hồ sơ."));
}

static enum err pdf(struct web_res *rs, struct str bytes, struct str name)
{
    rs->content_type = S("application/pdf");
    rs->bytes = bytes;
    rs->download_name = name;
    rs->allow_frame_self = true;
    return OK;
}

enum err onestop_get_form(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    struct str bytes;
    int64_t form;
    cx->purpose = S("In văn bản của hồ sơ");
    TRY(onestop_of_path(cx, rq, &d));
    if (!str_int(web_path(rq, "so"), &form) || form < 1 || form > 6)
        return fail(cx, ERR_NOT_FOUND, T("Không có mẫu này. Quay lại trang hồ sơ."));
    int64_t file;
    enum err e = onestop_issued_form(cx, &d, (int)form, &file);
    if (e == OK)
        return stream(cx, file, rs, S(""));
    if (e != ERR_NOT_FOUND)
        return e;
    TRY(onestop_form_pdf(cx, &d, (int)form, 0, &bytes));
    return pdf(rs, bytes, S(""));
}

enum err onestop_get_result(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    struct result_view r;
    TRY(onestop_of_path(cx, rq, &d));
    enum err e = onestop_store_result_signed(cx, &d, &r);
    if (e == ERR_NOT_FOUND)
        return fail(cx, ERR_NOT_FOUND,
                    T("Kết quả chưa ký xong. Quay lại trang hồ sơ sau ít phút."));
    TRY(e);
    return stream(cx, r.file, rs, str_fmt(cx->arena, "%.*s.pdf", F(d.code)));
}

enum err onestop_get_draft(struct cx *cx, struct web_req *rq, struct web_res *rs)
{
    struct dossier d;
    struct str bytes;
    cx->purpose = S("Xem dự thảo kết quả");
    TRY(onestop_of_path(cx, rq, &d));
    TRY(onestop_draft_pdf(cx, &d, &bytes));
    return pdf(rs, bytes, S(""));
}
