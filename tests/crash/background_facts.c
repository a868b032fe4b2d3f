/* background_facts.c - what came of the jobs: rows counted, files counted, mails that were taken.
 */
#include "background_inside.h"
#include "place.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
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
    /* On PostgreSQL a job gives them. */
    "select 'without place', '', '', count(*) from journal_event e where not exists (select 1 from journal_position p where p.event_id = e.id)",
    "select 'counted', day, '', sum(counter) + 1000 * sum(online) + 1000000 * sum(on_time + early) from statistic_day group by 2 order by 2",
    "select 'standing', unit, state, sum(n) from statistic_now group by 2, 3 having sum(n) <> 0 order by 2, 3",
};
/* Counted above, or told by the hour: bookkeeping of the log, of schedules, of what is derived. */
static const char *const not_counted[] = {
    "job",
    "vault_node",
    "job_lease",
    "job_schedule",
    "journal_head",
    "journal_node",
    "kept_moves",
    "notify_mail",
    "web_answer",
    "web_draft",
    "sqlite_sequence",
    "sqlite_stat1",
    "work_item",
    "setup_witness",
    "statistic_now",
    "statistic_due",
    "journal_event",
    "journal_payload",
    "journal_position",
    "identity_invite",
    "journal_cursor",
};
/* What an act moves without a new row. */
static const char *const counted[] = {"state",     "version", "valid_to", "to_day",  "unit",
                                      "path",      "parent",  "applied",  "n",       "wanted",
                                      "erased_by", "ended",   "moved",    "position"};

static void ask(struct background *b, struct place *p, const char *sql, struct facts *f)
{
    struct texts rows;
    if (!place_texts(p, sql, &rows))
        return;
    for (size_t i = 0; i < rows.n && f->n < FACTS_MAX; i++)
        f->n += (size_t)snprintf(f->text + f->n, FACTS_MAX - f->n, "%.*s\n", F(rows.p[i]));
    if (f->n >= FACTS_MAX)
        crash_found(&b->findings, "%s: too many rows", sql);
}

static bool is_among(struct str name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(name, str_c(names[i])))
            return true;
    return false;
}
#define AMONG(name, names) is_among(name, names, sizeof(names) / sizeof *(names))

/* "table column type", in order. */
static const char columns_of_sqlite[] =
    "select m.name, c.name, lower(c.type) from sqlite_master m join pragma_table_info(m.name) c"
    " where m.type = 'table' order by m.name, c.cid";
static const char columns_of_postgresql[] =
    "select c.relname, a.attname, format_type(a.atttypid, null) from pg_class c"
    " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
    " where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace"
    " order by c.relname::text, a.attnum";

/* Numbers of rows: PostgreSQL leaves out those of a transaction that came to nothing. */
static const char *const of_rows[] = {"parent", "unit", "erased_by"};

static struct str first_word(struct str *rest)
{
    struct str word;
    str_cut(*rest, ' ', &word, rest);
    return word;
}

/* How many rows, and the sums of what changes in them; columns: of this table, then of others. */
static size_t ask_table(struct background *b, struct place *p, const struct str *columns,
                        size_t columns_n, struct facts *f)
{
    struct buf sql = {.arena = p->arena, .limit = 4000};
    struct str rest = columns[0];
    const struct str table = first_word(&rest);
    size_t n = 0;
    buf_fmt(&sql, "select '%.*s', count(*)", F(table));
    for (; n < columns_n; n++) {
        rest = columns[n];
        if (!str_eq(first_word(&rest), table))
            break;
        const struct str column = first_word(&rest);
        if (!AMONG(column, counted))
            continue;
        if (p->pg && AMONG(column, of_rows))
            buf_fmt(&sql,
                    ", '%.*s', (select sum(r) from (select dense_rank() over (order by %.*s) as r"
                    " from %.*s) of_all)",
                    F(column), F(column), F(table));
        else if (str_eq(rest, S("text")))
            buf_fmt(&sql, ", '%.*s', sum(length(%.*s) * %s(%.*s))", F(column), F(column),
                    p->pg ? "ascii" : "unicode", F(column));
        else
            buf_fmt(&sql, ", '%.*s', sum(%.*s)", F(column), F(column));
    }
    buf_fmt(&sql, " from %.*s", F(table));
    if (!AMONG(table, not_counted))
        ask(b, p, str_z(p->arena, buf_str(&sql)), f);
    return n;
}

static void ask_tables(struct background *b, struct place *p, struct facts *f)
{
    struct texts all;
    if (!place_texts(p, p->pg ? columns_of_postgresql : columns_of_sqlite, &all))
        return;
    for (size_t i = 0; i < all.n;)
        i += ask_table(b, p, all.p + i, all.n - i, f);
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

static void ask_beside(struct background *b, struct place *p, struct facts *f)
{
    files_n = files_bytes = 0;
    nftw(b->server.data, count_file, 16, FTW_PHYS);
    snprintf(f->beside, sizeof f->beside,
             "%lld files, %lld bytes, %lld heads, %lld sessions, %lld letters", (long long)files_n,
             (long long)files_bytes,
             (long long)place_number(p, "select count(*) from journal_head"),
             (long long)place_number(p, "select count(*) from web_session"),
             (long long)place_number(p, "select coalesce(max(sent_at), 0) from setup_witness"));
}

void gather(struct background *b, off_t mails_from, struct facts *f)
{
    const struct server *server = &b->server;
    char path[128];
    struct place p = {.findings = &b->findings, .reads = true};
    snprintf(path, sizeof path, "%s/core.db", server->data);
    f->n = 0;
    f->mails = 0;
    f->twice = false;
    if (!place_open(&p, b->cluster ? server->database : path, b->cluster))
        return;
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        ask(b, &p, questions[i], f);
    ask_tables(b, &p, f);
    ask_beside(b, &p, f);
    f->sent = place_number(&p, "select count(*) from notify_mail where state = 3");
    f->uncertain = place_number(&p, "select count(*) from notify_mail where state = 4");
    place_close(&p);
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
