/* web_body.c - the body of a POST: form fields, uploads streaming to the file store, JSON. */
#include "web_inside.h"

#define FIELD_MAX (256 * 1024)
#define FIELD_NAME_MAX 200

/* The part of a multipart body that is being received. */
struct part {
    struct str name;
    struct buf text;        /* a field */
    struct web_upload file; /* file.upload != NULL: being received */
    bool is_file, skip;
};

static enum err refuse(struct web_req *rq, int status, const char *sentence)
{
    if (rq->refusal.status == 0)
        rq->refusal = (struct refusal){status, str_c(sentence)};
    return ERR_INVALID;
}

static struct str mime_of(struct web_req *rq)
{
    struct str type, rest;
    str_cut(rq->content_type, ';', &type, &rest);
    return str_ascii_lower(rq->arena, str_trim(type));
}

/* ---- fields ---- */

/* Text as handlers get it: NFC, Unix line ends; they also get it trimmed. */
static bool clean(struct web_req *rq, struct str raw, struct str *out)
{
    if (memchr(raw.p, 0, raw.n) || !text_nfc(rq->arena, raw, &raw))
        return false;
    struct buf b = {.arena = rq->arena, .limit = raw.n};
    for (size_t i = 0; i < raw.n; i++)
        if (raw.p[i] != '\r')
            buf_byte(&b, raw.p[i]);
        else if (i + 1 == raw.n || raw.p[i + 1] != '\n')
            buf_byte(&b, '\n');
    *out = buf_str(&b);
    return true;
}

static enum err add_field(struct web_req *rq, struct str name, struct str raw)
{
    struct str value;
    if (name.n == 0 || name.n > FIELD_NAME_MAX || rq->form.n == FORM_VALUES_MAX)
        return refuse(rq, 400, T("Biểu mẫu gửi lên có quá nhiều mục hoặc tên mục quá dài."));
    if (raw.n > FIELD_MAX)
        return refuse(rq, 413, T("Một mục của biểu mẫu quá dài."));
    if (!utf8_valid(name) || !clean(rq, raw, &value))
        return refuse(rq, 400, T("Biểu mẫu gửi lên có ký tự không đọc được (không phải UTF-8)."));
    *vec_add(rq->arena, &rq->form) = (struct web_value){name, str_trim(value)};
    *vec_add(rq->arena, &rq->exact) = value;
    return OK;
}

static enum err read_urlencoded(struct web_req *rq)
{
    struct str rest = buf_str(&rq->body), pair, name, value;
    while (rest.n) {
        str_cut(rest, '&', &pair, &rest);
        if (pair.n == 0)
            continue;
        str_cut(pair, '=', &name, &value);
        if (!url_decode(rq->arena, name, true, &name) ||
            !url_decode(rq->arena, value, true, &value))
            return refuse(rq, 400,
                          T("Biểu mẫu gửi lên có ký tự không đọc được (không phải UTF-8)."));
        TRY(add_field(rq, name, value));
    }
    return OK;
}

static enum err read_json(struct web_req *rq)
{
    struct str text;
    struct json_error e;
    if (!text_nfc(rq->arena, buf_str(&rq->body), &text))
        return refuse(rq, 400, T("Nội dung JSON không phải UTF-8."));
    if (json_read(rq->arena, text, &rq->json, &e) != OK) {
        rq->refusal = (struct refusal){
            400, tr_fmt(&rq->cx, T("JSON sai ở dòng %zu, cột %zu: %s."), e.line, e.column, e.what)};
        return ERR_INVALID;
    }
    if (rq->json->kind != JSON_OBJECT)
        return refuse(rq, 400, T("Nội dung JSON phải là một đối tượng {…}."));
    return OK;
}

/* ---- uploads ---- */

static enum err part_file_begin(struct web_req *rq, struct part *p, struct str filename)
{
    p->is_file = true;
    p->file = (struct web_upload){.field = p->name, .owner = rq->upload_owner};
    /* Some browsers send a whole path; only its last piece names the file. */
    for (size_t i = 0; i < filename.n; i++)
        if (filename.p[i] == '/' || filename.p[i] == '\\')
            p->file.name = str_from(filename, i + 1);
    if (p->file.name.p == NULL)
        p->file.name = filename;
    if (!text_nfc(rq->arena, p->file.name, &p->file.name))
        return refuse(rq, 400, T("Tên tệp có ký tự không đọc được."));
    p->file.name = str_dup(rq->arena, text_cut(rq->arena, p->file.name, 150));
    return OK;
}

static enum err on_part(void *user, struct str name, struct str filename, struct str content_type)
{
    struct web_req *rq = user;
    (void)content_type; /* what a browser says of a file proves nothing: the content is sniffed */
    struct part *p = rq->part = NEW(rq->arena, struct part);
    p->name = str_dup(rq->arena, name);
    if (filename.p)
        return part_file_begin(rq, p, filename);
    p->text = (struct buf){.arena = rq->arena, .limit = FIELD_MAX};
    return OK;
}

/* The file cannot be taken; the rest of the form still is, so that nothing typed is lost. */
static void give_up_file(struct web_req *rq, struct part *p)
{
    if (p->file.upload)
        file_upload_drop(p->file.upload);
    p->file.upload = NULL;
    p->skip = true;
    web_error_add(&rq->cx, rq, p->name, rq->cx.why);
}

static enum err on_file_data(struct web_req *rq, struct part *p, struct str piece)
{
    if (p->skip || piece.n == 0)
        return OK;
    if (!p->file.upload) {
        if (rq->uploads.n >= (size_t)rq->route->files_max)
            return refuse(rq, 413, T("Biểu mẫu này không nhận thêm tệp."));
        int64_t most = rq->route->file_max ? rq->route->file_max : rq->body_limit;
        TRY(file_upload_start(&rq->cx, rq->upload_key, most, &p->file.upload));
    }
    enum err e = file_upload_add(&rq->cx, p->file.upload, piece);
    if (e == ERR_LIMIT || e == ERR_INVALID) {
        give_up_file(rq, p);
        return OK;
    }
    return e;
}

static enum err on_data(void *user, struct str piece)
{
    struct web_req *rq = user;
    struct part *p = rq->part;
    if (p->is_file)
        return on_file_data(rq, p, piece);
    buf_add(&p->text, piece);
    return p->text.full ? refuse(rq, 413, T("Một mục của biểu mẫu quá dài.")) : OK;
}

static enum err on_part_end(void *user)
{
    struct web_req *rq = user;
    struct part *p = rq->part;
    rq->part = NULL;
    if (!p->is_file)
        return add_field(rq, p->name, buf_str(&p->text));
    if (p->file.upload == NULL && !p->skip)
        return OK; /* no file was chosen */
    *vec_add(rq->arena, &rq->uploads) = p->file;
    return OK;
}

/* Every upload is whole: sniffed, on the disk, in its place. Waits for the disk. */
static enum err end_uploads(struct web_req *rq)
{
    for (size_t i = 0; i < rq->uploads.n; i++) {
        struct web_upload *u = &rq->uploads.p[i];
        if (!u->upload)
            continue;
        enum err e = file_upload_end(&rq->cx, u->upload);
        if (e == OK)
            e = file_upload_scan(&rq->cx, u->upload);
        if (e == OK) {
            u->mime = str_dup(rq->arena, file_upload_mime(u->upload));
            u->size_bytes = file_upload_size(u->upload);
            continue;
        }
        if (e != ERR_INVALID && e != ERR_LIMIT)
            return e;
        web_error_add(&rq->cx, rq, u->field, rq->cx.why);
        file_upload_drop(u->upload);
        u->upload = NULL;
    }
    return OK;
}

/* ---- the whole ---- */

enum err body_start(struct web_req *rq)
{
    struct str mime = mime_of(rq);
    rq->body = (struct buf){.arena = rq->arena, .limit = (size_t)rq->body_limit};
    if (rq->is_api)
        return str_eq(mime, S("application/json")) || rq->http.body_bytes == 0
                   ? OK
                   : refuse(rq, 415, T("Giao diện này nhận application/json."));
    if (str_eq(mime, S("application/x-www-form-urlencoded")) || rq->http.body_bytes == 0)
        return OK;
    if (!str_eq(mime, S("multipart/form-data")))
        return refuse(rq, 415, T("Máy chủ chỉ nhận biểu mẫu gửi từ trang web."));
    const struct multipart_hooks hooks = {on_part, on_data, on_part_end, rq};
    rq->parts = multipart_new(rq->arena, rq->content_type, &hooks);
    return rq->parts ? OK : refuse(rq, 400, T("Biểu mẫu gửi lên thiếu dấu ngăn giữa các phần."));
}

void body_drop(struct web_req *rq)
{
    if (rq->part && rq->part->file.upload)
        file_upload_drop(rq->part->file.upload);
    rq->part = NULL;
    for (size_t i = 0; i < rq->uploads.n; i++)
        if (rq->uploads.p[i].upload)
            file_upload_drop(rq->uploads.p[i].upload);
    rq->uploads.n = 0;
}

enum err body_add(struct web_req *rq, struct str piece)
{
    if (!rq->parts) {
        buf_add(&rq->body, piece);
        return rq->body.full ? refuse(rq, 413, "") : OK;
    }
    enum err e = multipart_feed(rq->parts, piece);
    if (e == ERR_INVALID)
        return refuse(rq, 400, T("Biểu mẫu gửi lên bị cắt hoặc sai khuôn dạng."));
    return e;
}

enum err body_end(struct web_req *rq)
{
    if (rq->parts) {
        if (multipart_end(rq->parts) != OK)
            return refuse(rq, 400, T("Biểu mẫu gửi lên bị cắt giữa chừng. Gửi lại."));
        TRY(end_uploads(rq));
    } else if (rq->is_api) {
        if (rq->body.n)
            TRY(read_json(rq));
    } else {
        TRY(read_urlencoded(rq));
    }
    rq->body_errors = rq->errors;
    return OK;
}
