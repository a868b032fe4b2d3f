/* notify_smtp.c - SMTP by libcurl. Settings: smtp.url, smtp.from, smtp.user, smtp.password,
 * smtp.tls ("required", or "none" for a server on the same machine), smtp.seconds. */
#include "notify_smtp.h"

#include <curl/curl.h>

struct dialogue {
    struct cx *cx;
    const struct smtp_mail *mail;
    size_t at;       /* bytes of the text that are out */
    bool ended;      /* the last dot may be out */
    char command[8]; /* the last we sent, but for QUIT: "RCPT", "DATA" */
    int code;        /* of the server's last answer to it */
    bool leaving;
};

void smtp_start(void)
{
    MUST(curl_global_init(CURL_GLOBAL_DEFAULT) == 0);
}

static struct str set(struct cx *cx, const char *name, const char *otherwise)
{
    if (!cx->env->settings)
        return str_c(otherwise);
    return str_trim(setting(cx->env->settings, str_c(name), str_c(otherwise)));
}

bool smtp_configured(struct cx *cx)
{
    return set(cx, "smtp.url", "").n > 0 && smtp_address_valid(set(cx, "smtp.from", ""));
}

static bool is_address_sign(char c)
{
    return c > 0x20 && c < 0x7f && !memchr("<>()[],;:\\\"@", c, 12);
}

bool smtp_address_valid(struct str address)
{
    struct str local, domain;
    if (address.n > 254 || !str_cut(address, '@', &local, &domain))
        return false;
    for (size_t i = 0; i < address.n; i++)
        if (!is_address_sign(address.p[i]) && i != local.n)
            return false;
    return local.n > 0 && local.n <= 64 && domain.n > 0 && !str_starts(domain, S(".")) &&
           !str_ends(domain, S("."));
}

/* ---- what libcurl asks and tells ---- */

/* libcurl writes the last dot when this gives 0: the moment from which the mail may arrive. */
static size_t give_text(char *to, size_t size, size_t n, void *state)
{
    struct dialogue *d = state;
    struct str left = str_until(str_from(d->mail->text, d->at), size * n);
    memcpy(to, left.p, left.n);
    d->at += left.n;
    if (left.n || d->ended)
        return left.n;
    if (d->mail->before_end(d->cx, d->mail->state) != OK)
        return CURL_READFUNC_ABORT;
    d->ended = true;
    return 0;
}

static void note_answer(struct dialogue *d, struct str line)
{
    int64_t code;
    if (!d->leaving && str_int(str_until(line, 3), &code))
        d->code = (int)code;
}

/* After a failure libcurl says QUIT before it tells us: that answer is not about the mail. */
static int listen_in(CURL *, curl_infotype type, char *data, size_t n, void *state)
{
    struct dialogue *d = state;
    struct str line = {data, n};
    if (type == CURLINFO_HEADER_IN)
        note_answer(d, line);
    if (type != CURLINFO_HEADER_OUT)
        return 0;
    d->leaving = str_starts(line, S("QUIT"));
    if (!d->leaving)
        snprintf(d->command, sizeof d->command, "%.*s", F(str_until(line, 4)));
    return 0;
}

static size_t drop(char *, size_t size, size_t n, void *)
{
    return size * n;
}

/* ---- the dialogue ---- */

static void say_who(CURL *c, struct cx *cx)
{
    struct str user = set(cx, "smtp.user", ""), password = set(cx, "smtp.password", "");
    if (user.n == 0)
        return;
    curl_easy_setopt(c, CURLOPT_USERNAME, str_z(cx->arena, user));
    curl_easy_setopt(c, CURLOPT_PASSWORD, str_z(cx->arena, password));
}

static void prepare(CURL *c, struct cx *cx, struct dialogue *d, struct curl_slist *to)
{
    int64_t seconds =
        cx->env->settings ? setting_int(cx->env->settings, S("smtp.seconds"), 60) : 60;
    bool tls = !str_eq(set(cx, "smtp.tls", "required"), S("none"));
    curl_easy_setopt(c, CURLOPT_URL, str_z(cx->arena, set(cx, "smtp.url", "")));
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_MAIL_FROM,
                     str_fmt(cx->arena, "<%.*s>", F(set(cx, "smtp.from", ""))).p);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(c, CURLOPT_USE_SSL, tls ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, give_text);
    curl_easy_setopt(c, CURLOPT_READDATA, d);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, listen_in);
    curl_easy_setopt(c, CURLOPT_DEBUGDATA, d);
    curl_easy_setopt(c, CURLOPT_VERBOSE, 1L); /* only listen_in hears it */
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 15L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)seconds);
    say_who(c, cx);
}

/* 354 is the answer to DATA itself: after the last dot only a code of 4xx or 5xx says no. A
 * refusal at greeting, STARTTLS or sign-in is the operator's matter and may pass. */
static enum smtp_outcome judge(const struct dialogue *d, CURLcode result)
{
    if (result == CURLE_OK)
        return SMTP_SENT;
    if (d->ended && d->code < 400)
        return SMTP_UNCERTAIN;
    bool about_mail = d->ended || strcmp(d->command, "RCPT") == 0;
    return about_mail && d->code >= 500 ? SMTP_REFUSED : SMTP_NOT_SENT;
}

static enum smtp_outcome talk(struct cx *cx, CURL *c, struct dialogue *d, struct curl_slist *to,
                              struct str *answer)
{
    prepare(c, cx, d, to);
    CURLcode result = curl_easy_perform(c);
    *answer = str_fmt(cx->arena, "%s %d%s%s", d->ended ? "end" : d->command, d->code,
                      result ? ": " : "", result ? curl_easy_strerror(result) : "");
    return judge(d, result);
}

enum smtp_outcome smtp_send(struct cx *cx, const struct smtp_mail *m, struct str *answer)
{
    MUST(smtp_address_valid(m->to));
    struct dialogue d = {.cx = cx, .mail = m};
    CURL *c = curl_easy_init();
    struct curl_slist *to = curl_slist_append(NULL, str_fmt(cx->arena, "<%.*s>", F(m->to)).p);
    enum smtp_outcome outcome = SMTP_NOT_SENT;
    *answer = S("no memory");
    if (c && to)
        outcome = talk(cx, c, &d, to, answer);
    curl_slist_free_all(to);
    curl_easy_cleanup(c);
    return outcome;
}
