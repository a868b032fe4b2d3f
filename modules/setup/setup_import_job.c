/* setup_import_job.c - bringing in, a few rows a turn of the writer, behind people's requests. */
#include "setup_import.h"

#include "file/file.h"
#include "journal/journal.h"
#include "json/json.h"
#include "lane/lane.h"
#include "org/org.h"
#include "setup_pages.h"

struct bringing {
    int64_t id;
    struct import_record record;
    struct import_sheet sheet;
    size_t next;
    int64_t applied;
};

enum err setup_load_sheet(struct cx *cx, const struct import_record *r, struct import_sheet *out)
{
    struct stored_file f;
    struct str bytes;
    struct org_unit u;
    TRY(file_find(cx, r->file, &f));
    TRY(file_read_all(cx, &f, (size_t)IMPORT_FILE_BYTES, &bytes));
    TRY(org_unit_find(cx, r->unit, &u));
    TRY(import_read(cx, import_table_of(r->kind), bytes, out));
    return import_judge(cx, out, u.path);
}

static enum err load(struct cx *cx, void *arg)
{
    struct bringing *b = arg;
    TRY(setup_store_import_find(cx, b->id, &b->record));
    return setup_load_sheet(cx, &b->record, &b->sheet);
}

/* In the name of who brought the file. */
static enum err bring_some(struct cx *cx, void *arg)
{
    struct bringing *b = arg;
    const struct actor who = {.account = b->record.made_by, .unit = b->record.unit};
    const struct actor *program = cx->actor;
    size_t next = b->next;
    int64_t applied = b->applied;
    cx->actor = &who;
    enum err e = import_bring_some(cx, &b->sheet, &next, &applied);
    cx->actor = program;
    TRY(e);
    TRY(setup_store_import_applied(cx, b->id, applied));
    b->next = next;
    b->applied = applied;
    return OK;
}

static enum err act(struct cx *cx, const struct job *j, void **result)
{
    struct bringing *b = NEW(cx->arena, struct bringing);
    const struct json *payload;
    struct json_error error;
    *result = b;
    TRY(json_read(cx->arena, j->payload, &payload, &error));
    b->id = json_int(json_get(payload, S("import")), 0);
    TRY(lane_call(cx->env->lanes, LANE_SLOW, cx, load, b));
    while (b->next < b->sheet.n) {
        const struct arena_mark here = arena_here(cx->arena);
        TRY(lane_call(cx->env->lanes, LANE_WRITE, cx, bring_some, b));
        arena_back(cx->arena, here);
    }
    return OK;
}

static enum err after(struct cx *cx, const struct job *, enum err acted, void *result)
{
    struct bringing *b = result;
    if (acted != OK)
        return acted;
    TRY(setup_store_import_move(cx, &b->record, S("xong"), b->record.wanted));
    return journal_write(cx, &(struct event){.kind = S("setup.import.ended"),
                                             .subject_kind = S("setup.import"),
                                             .subject_id = b->id,
                                             .unit = b->record.unit,
                                             .from_state = S("dang-nhap"),
                                             .to_state = S("xong")});
}

const struct job_kind import_job = {
    .name = "setup.import",
    .title = "Nhập đơn vị, cán bộ từ bảng tính",
    .act = act,
    .after = after,
};
