/* xlsx_fuzz.c - workbooks: any archive, and any bytes as each part of a well-formed one. */
#include "xlsx/xlsx.h"

#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct xlsx_limits limits = {
    .rows = 1000,
    .columns = 64,
    .cell_bytes = 4096,
    .shared_bytes = 1 << 20,
    .zip = {.entries = 64, .unpacked_bytes = INT64_C(4) << 20, .ratio = 200},
};

/* Its first block stays over the runs. */
static struct cx context(void)
{
    static struct env env;
    static struct arena *a;
    if (!a)
        a = arena_new_sized((size_t)32 << 20, (size_t)512 << 10);
    arena_reset(a);
    return (struct cx){.arena = a, .env = &env, .actor = &actor_anonymous};
}

static void must_refuse(struct cx *cx, enum err e)
{
    MUST((e == ERR_INVALID || e == ERR_LIMIT) && cx->why.n > 0);
}

static void read_rows(struct cx *cx, struct xlsx *x)
{
    struct xlsx_row row = {0};
    for (size_t before = 0;; before = row.number) {
        const struct arena_mark here = arena_here(cx->arena);
        const enum err e = xlsx_next(cx, x, &row);
        if (e != OK) {
            must_refuse(cx, e);
            return;
        }
        if (row.n == 0)
            return;
        MUST(row.number > before && row.number <= limits.rows && row.n <= limits.columns);
        MUST(row.cells[row.n - 1].kind != XLSX_EMPTY);
        for (size_t i = 0; i < row.n; i++)
            MUST(utf8_valid(row.cells[i].text) &&
                 (row.cells[i].kind == XLSX_EMPTY) == (row.cells[i].text.n == 0));
        arena_back(cx->arena, here);
    }
}

static void read_workbook(struct str bytes)
{
    struct cx cx = context();
    struct xlsx *x;
    const enum err e = xlsx_open(&cx, bytes, &limits, &x);
    if (e != OK)
        must_refuse(&cx, e);
    for (size_t i = 0; e == OK && i < xlsx_sheets(x); i++) {
        const enum err begun = xlsx_sheet(&cx, x, i);
        if (begun == OK)
            read_rows(&cx, x);
        else
            must_refuse(&cx, begun);
    }
    if (e == OK)
        xlsx_close(x);
}

/* The first byte says which part the rest is; the others are as they should be. */
static const struct {
    const char *name, *text;
} parts[] = {
    {"_rels/.rels",
     "<r><Relationship Id='a' Type='x/officeDocument' Target='xl/workbook.xml'/></r>"},
    {"xl/workbook.xml", "<w xmlns:r='r'><sheets><sheet name='S' r:id='a'/></sheets></w>"},
    {"xl/_rels/workbook.xml.rels",
     "<r><Relationship Id='a' Type='x/worksheet' Target='s.xml'/><Relationship Id='b' "
     "Type='x/styles' Target='y.xml'/><Relationship Id='c' Type='x/sharedStrings' "
     "Target='t.xml'/></r>"},
    {"xl/y.xml", "<s><cellXfs><xf numFmtId='14'/></cellXfs></s>"},
    {"xl/t.xml", "<s><si><t>a</t></si></s>"},
    {"xl/s.xml", "<s><sheetData><row><c t='s'><v>0</v></c><c s='0'><v>3</v></c></row>"
                 "</sheetData></s>"},
};
#define PARTS_N (sizeof parts / sizeof *parts)

/* The archive around the parts is made by hand and packs nothing: that would take most of the
 * time, and zip_fuzz is there for packed ones. */
static void put(struct buf *b, size_t bytes, size_t v)
{
    for (; bytes; bytes--, v >>= 8)
        buf_byte(b, (char)(v & 0xff));
}

static void put_record(struct buf *b, const char *magic, size_t versions, struct str name,
                       struct str text)
{
    buf_add(b, str_c(magic));
    put(b, versions * 2, versions == 1 ? 20 : 20 | 20 << 16);
    put(b, 4, 0x800); /* names are UTF-8, stored */
    put(b, 4, 0x21 << 16);
    put(b, 4, crc32(0, (const Bytef *)text.p, (uInt)text.n));
    put(b, 4, text.n);
    put(b, 4, text.n);
    put(b, 4, name.n);
}

static void read_part(size_t which, struct str text)
{
    static struct arena *a;
    if (!a)
        a = arena_new_sized((size_t)4 << 20, (size_t)64 << 10);
    struct buf b = {.arena = a, .limit = (size_t)1 << 20},
               directory = {.arena = a, .limit = (size_t)1 << 20};
    for (size_t i = 0; i < PARTS_N; i++) {
        const struct str name = str_c(parts[i].name),
                         held = i == which ? text : str_c(parts[i].text);
        put_record(&directory, "PK\1\2", 2, name, held);
        put(&directory, 8, 0);
        put(&directory, 2, 0);
        put(&directory, 4, b.n);
        buf_add(&directory, name);
        put_record(&b, "PK\3\4", 1, name, held);
        buf_add(&b, name);
        buf_add(&b, held);
    }
    const size_t at = b.n;
    buf_add(&b, buf_str(&directory));
    buf_add(&b, S("PK\5\6"));
    put(&b, 4, 0);
    put(&b, 4, PARTS_N | PARTS_N << 16);
    put(&b, 4, directory.n);
    put(&b, 4, at);
    put(&b, 2, 0);
    MUST(!b.full);
    read_workbook(buf_str(&b));
    arena_reset(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > 256 * 1024)
        return 0;
    const struct str text = {(const char *)data, size};
    if (data[0] < PARTS_N)
        read_part(data[0], str_from(text, 1));
    else
        read_workbook(text);
    return 0;
}
