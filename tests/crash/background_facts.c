/* background_facts.c - what came of the jobs: rows counted, files counted, mails that were taken.
 */
#include "background_inside.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PYTHON "/usr/bin/python3" /* Debian's, whose aiosmtpd this is */
#define MAIL_SERVER "modules/notify/tests/smtp_server.py"

/* ---- the mail server ---- */

bool start_mail_server(struct background *b)
{
    int ends[2];
    char port[32] = "", url[64];
    snprintf(b->taken, sizeof b->taken, "%s/mails", b->server.root);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    b->mail_server = fork();
    if (b->mail_server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], 1);
        execl(PYTHON, "python3", MAIL_SERVER, b->taken, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    FILE *f = fdopen(ends[0], "r");
    bool good = f && fgets(port, sizeof port, f);
    if (f)
        fclose(f);
    if (!good)
        crash_found(&b->findings, "no mail server answers (Debian: python3-aiosmtpd): make deps");
    snprintf(url, sizeof url, "smtp://127.0.0.1:%d", (int)strtol(port, NULL, 10));
    setenv("TINHSO_SMTP_URL", url, 1);
    setenv("TINHSO_SMTP_FROM", "tinhso@example.vn", 1);
    setenv("TINHSO_SMTP_TLS", "none", 1);
    setenv("TINHSO_JOB_THREADS", "0", 1); /* who does the jobs is a process of ours */
    return good;
}

off_t mails_so_far(const struct background *b)
{
    struct stat st;
    return stat(b->taken, &st) == 0 ? st.st_size : 0;
}

/* One line of JSON a mail; "id" is its Message-ID. */
static void count_mails(struct background *b, off_t from, struct facts *f)
{
    static char line[65536], ids[64][200];
    FILE *in = fopen(b->taken, "re");
    if (in && fseek(in, from, SEEK_SET) != 0)
        from = 0;
    while (in && fgets(line, sizeof line, in) && f->mails < 64) {
        const char *id = strstr(line, "\"id\": \"");
        snprintf(ids[f->mails], sizeof ids[0], "%.*s", id ? (int)strcspn(id + 7, "\"") : 0,
                 id ? id + 7 : "");
        for (int64_t i = 0; i < f->mails; i++)
            f->twice |= strcmp(ids[i], ids[f->mails]) == 0;
        f->mails++;
    }
    if (in)
        fclose(in);
}

/* ---- what came of it ---- */

static const char *const questions[] = {
    /* A link that could not be sent is made anew: the next one replaces it. */
    "select 'event', kind, coalesce(subject_code, ''), case kind when 'identity.invite.made' then 1 else count(*) end from journal_event group by 2, 3 order by 2, 3",
    "select 'result', state, '', count(*) from onestop_result group by 2 order by 2",
    "select 'number', state, '', count(*) from onestop_number group by 2 order by 2",
    "select 'job', kind, state, count(*) from job group by 2, 3 order by 2, 3",
    "select 'mail', state in (3, 4), '', count(*) from notify_mail group by 2 order by 2",
    "select 'work', job, state, count(*) from work_item group by 2, 3 order by 2, 3",
    "select 'file', '', '', count(*) from file_stored where state <> 4",
    "select 'counted', day, '', sum(counter) + 1000 * sum(online) + 1000000 * sum(on_time + early) from statistic_day group by 2 order by 2",
    "select 'standing', unit, state, sum(n) from statistic_now group by 2, 3 having sum(n) <> 0 order by 2, 3",
};
/* Counted above, or told by the hour: bookkeeping of the log, of schedules, of what is derived. */
static const char *const not_counted[] = {
    "job",           "job_lease",       "job_schedule",     "journal_head",    "journal_node",
    "kept_moves",    "notify_mail",     "web_answer",       "web_draft",       "sqlite_sequence",
    "sqlite_stat1",  "work_item",       "setup_witness",    "statistic_now",   "statistic_due",
    "journal_event", "journal_payload", "journal_position", "identity_invite", "journal_cursor",
};
/* What an act moves without a new row. */
static const char *const counted[] = {"state",     "version", "valid_to", "to_day",  "unit",
                                      "path",      "parent",  "applied",  "n",       "wanted",
                                      "erased_by", "ended",   "moved",    "position"};

static void ask(struct background *b, sqlite3 *db, const char *sql, struct facts *f)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        rc = SQLITE_OK;
        const int columns = sqlite3_column_count(st);
        for (int i = 0; i < columns && f->n < FACTS_MAX; i++)
            f->n += (size_t)snprintf(f->text + f->n, FACTS_MAX - f->n, "%s%c",
                                     (const char *)sqlite3_column_text(st, i),
                                     i < columns - 1 ? ' ' : '\n');
    }
    if (rc != SQLITE_DONE || f->n >= FACTS_MAX)
        crash_found(&b->findings, "%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_finalize(st);
}

static bool is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}
#define AMONG(name, names) is_among(name, names, sizeof(names) / sizeof *(names))

/* How many rows, and the sums of what changes in them. */
static void ask_table(struct background *b, sqlite3 *db, const char *table, struct facts *f)
{
    char sql[2000], columns[100];
    sqlite3_stmt *st = NULL;
    size_t n = (size_t)snprintf(sql, sizeof sql, "select '%s', count(*)", table);
    snprintf(columns, sizeof columns, "pragma table_info(%s)", table);
    sqlite3_prepare_v2(db, columns, -1, &st, NULL);
    while (sqlite3_step(st) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(st, 1);
        const bool text = sqlite3_stricmp((const char *)sqlite3_column_text(st, 2), "text") == 0;
        if (AMONG(name, counted))
            n +=
                (size_t)snprintf(sql + n, sizeof sql - n,
                                 text ? ", '%s', sum(length(%s) * unicode(%s))" : ", '%s', sum(%s)",
                                 name, name, name);
    }
    sqlite3_finalize(st);
    snprintf(sql + n, sizeof sql - n, " from %s", table);
    ask(b, db, sql, f);
}

static void ask_tables(struct background *b, sqlite3 *db, struct facts *f)
{
    sqlite3_stmt *st = NULL;
    sqlite3_prepare_v2(db, "select name from sqlite_master where type = 'table' order by name", -1,
                       &st, NULL);
    while (sqlite3_step(st) == SQLITE_ROW) {
        const char *table = (const char *)sqlite3_column_text(st, 0);
        if (!AMONG(table, not_counted))
            ask_table(b, db, table, f);
    }
    sqlite3_finalize(st);
}

static int64_t one(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *st = NULL;
    int64_t n = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static int64_t files_n, files_bytes; /* beside the database */

static int count_file(const char *path, const struct stat *st, int, struct FTW *at)
{
    if (S_ISREG(st->st_mode) && strncmp(path + at->base, "core.db", 7) != 0) {
        files_n++;
        files_bytes += st->st_size;
    }
    return 0;
}

static void ask_beside(struct background *b, sqlite3 *db, struct facts *f)
{
    files_n = files_bytes = 0;
    nftw(b->server.data, count_file, 16, FTW_PHYS);
    snprintf(f->beside, sizeof f->beside,
             "%lld files, %lld bytes, %lld heads, %lld sessions, %lld letters", (long long)files_n,
             (long long)files_bytes, (long long)one(db, "select count(*) from journal_head"),
             (long long)one(db, "select count(*) from web_session"),
             (long long)one(db, "select coalesce(max(sent_at), 0) from setup_witness"));
}

void gather(struct background *b, off_t mails_from, struct facts *f)
{
    char path[128];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/core.db", b->server.data);
    f->n = 0;
    f->mails = 0;
    f->twice = false;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        crash_found(&b->findings, "%s: %s", path, sqlite3_errmsg(db));
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        ask(b, db, questions[i], f);
    ask_tables(b, db, f);
    ask_beside(b, db, f);
    f->sent = one(db, "select count(*) from notify_mail where state = 3");
    f->uncertain = one(db, "select count(*) from notify_mail where state = 4");
    sqlite3_close(db);
    count_mails(b, mails_from, f);
}

void first_difference(const struct facts *a, const struct facts *b, char out[400])
{
    size_t i = 0;
    while (i < a->n && i < b->n && a->text[i] == b->text[i])
        i++;
    while (i > 0 && a->text[i - 1] != '\n')
        i--;
    snprintf(out, 400, "\"%.*s\" instead of \"%.*s\"", (int)strcspn(b->text + i, "\n"), b->text + i,
             (int)strcspn(a->text + i, "\n"), a->text + i);
}
