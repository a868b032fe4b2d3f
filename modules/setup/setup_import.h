/*
 * setup_import.h - a spreadsheet of units or officers: read, judged row by row, brought in.
 *
 * Judging reads the database, bringing in judges again: what was right yesterday may not be today.
 * Brought in twice it changes nothing.
 */
#pragma once
#include "job/job.h"
#include "setup_store.h"
#include "xlsx/xlsx.h"

#define IMPORT_ROWS_MAX 5000
#define IMPORT_COLUMNS_MAX 12
#define IMPORT_FILE_BYTES ((int64_t)4 << 20)

enum row_verdict { ROW_NEW = 1, ROW_CHANGED, ROW_SAME, ROW_WRONG };

struct import_row {
    size_t number; /* as the spreadsheet shows it */
    enum row_verdict verdict;
    struct str values[IMPORT_COLUMNS_MAX]; /* in the order of the table's columns */
};
struct import_fault {
    size_t row, at;    /* at: column of the table */
    struct str column; /* "C: Loại đơn vị" */
    struct str sentence;
};
struct import_sheet {
    const struct import_table *table;
    size_t at[IMPORT_COLUMNS_MAX]; /* column of the spreadsheet, from 1; 0: it has none */
    struct import_row *rows;
    size_t n;
    VEC(struct import_fault) faults;
    size_t count[ROW_WRONG + 1]; /* by verdict */
    struct map keys;             /* what earlier good rows bring */
    bool bringing;               /* keys are known: nothing is added to them */
    struct str reach;            /* path of the unit at or below which rows may lie */
};

struct import_column {
    const char *title, *about;
    int width;
    bool required;
};
struct import_table {
    const char *kind, *title, *sheet; /* "don-vi" */
    const struct import_column *columns;
    size_t columns_n;
    const char *const (*examples)[IMPORT_COLUMNS_MAX]; /* rows of the template */
    size_t examples_n;
    /* SLOW or WRITE: sets the verdict; adds faults for what is wrong. */
    enum err (*judge)(struct cx *cx, struct import_sheet *s, struct import_row *row);
    enum err (*bring)(struct cx *cx, const struct import_row *row); /* WRITE; a judged row */
};
extern const struct import_table import_units, import_officers;
const struct import_table *import_table_of(struct str kind); /* NULL: none */

/* ERR_INVALID, ERR_LIMIT: no such spreadsheet, columns are missing, too long. */
enum err import_read(struct cx *cx, const struct import_table *t, struct str bytes,
                     struct import_sheet *out);
/* All rows; `reach` of the bringer. */
enum err import_judge(struct cx *cx, struct import_sheet *s, struct str reach);
/* WRITE: rows from *next on, some of them; *next goes on, *applied counts. */
enum err import_bring_some(struct cx *cx, const struct import_sheet *s, size_t *next,
                           int64_t *applied);
void import_fault_add(struct cx *cx, struct import_sheet *s, struct import_row *row, size_t column,
                      struct str sentence);
/* The empty spreadsheet with examples and how to fill it in. */
enum err import_template(struct cx *cx, const struct import_table *t, struct str *bytes);
/* The row's value or, when it is empty, what else. */
struct str import_value(const struct import_row *row, size_t column, struct str otherwise);
/* "01/7/2025" or "2025-07-01"; empty gives `otherwise`. */
bool import_day(struct str s, int64_t otherwise, int64_t *day);
bool import_mail_good(struct str s);
/* The job that brings in. */
extern const struct job_kind import_job;
