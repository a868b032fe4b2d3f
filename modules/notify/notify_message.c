/* notify_message.c - headers and body of a mail: news and where to read it, nothing personal. */
#include "notify_message.h"

#include "crypto/crypto.h"
#include "vault/vault.h"

#define TEXT_MAX ((size_t)64 * 1024)
#define WORD_BYTES 42 /* 56 signs of base64, and 12 of "=?UTF-8?B?" and "?=" */
#define LINE_BYTES 57 /* 76 signs of base64 */

static struct str from_address(struct cx *cx)
{
    return cx->env->settings ? str_trim(setting(cx->env->settings, S("smtp.from"), S(""))) : S("");
}

static struct str id_with(struct cx *cx, struct str what)
{
    struct str local, domain, from = from_address(cx);
    struct hash h = hmac_sha256(vault_secret(cx, S("notify.message-id")), what);
    str_cut(from, '@', &local, &domain);
    return str_fmt(cx->arena, "<%.*s.%.*s@%.*s>", F(what),
                   F(str_until(str_hex(cx->arena, HASH_STR(h)), 24)),
                   F(domain.n ? domain : S("localhost")));
}

struct str message_id_of(struct cx *cx, int64_t notice_id)
{
    return id_with(cx, str_fmt(cx->arena, "%lld", (long long)notice_id));
}

static size_t whole_characters(struct str s, size_t max)
{
    size_t at = 0, last = 0;
    while (at < s.n && at <= max) {
        last = at;
        utf8_next(s, &at);
    }
    return at <= max ? at : last;
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 0x20 || s.p[i] > 0x7e)
            return false;
    return s.n < 60 && !str_find(s, S("=?"), NULL);
}

struct str message_words(struct cx *cx, struct str text)
{
    if (is_plain(text))
        return text;
    struct buf b = {.arena = cx->arena, .limit = TEXT_MAX};
    while (text.n) {
        size_t n = whole_characters(text, WORD_BYTES);
        buf_fmt(&b, "%s=?UTF-8?B?%.*s?=", b.n ? "\r\n " : "",
                F(str_base64(cx->arena, str_until(text, n))));
        text = str_from(text, n);
    }
    return buf_str(&b);
}

/* RFC 5322 section 3.3, in the time of the people who read it. */
static void put_date(struct buf *b, int64_t at)
{
    static const char days[] = "SunMonTueWedThuFriSat",
                      months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil c = civil_at(at);
    buf_fmt(b, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0700\r\n", days + 3 * (size_t)c.weekday,
            c.day, months + 3 * (size_t)(c.month - 1), c.year, c.hour, c.minute, c.second);
}

static void put_base64(struct cx *cx, struct buf *b, struct str text)
{
    for (; text.n; text = str_from(text, LINE_BYTES))
        buf_fmt(b, "%.*s\r\n", F(str_base64(cx->arena, str_until(text, LINE_BYTES))));
}

static struct str body_text(struct cx *cx, const struct mail *m)
{
    struct buf b = {.arena = cx->arena, .limit = TEXT_MAX / 2};
    if (cx->env->demo)
        buf_add(&b, S("BẢN THỬ. Thư này do một hệ thống thử nghiệm gửi.\r\n\r\n"));
    buf_fmt(&b, "%.*s\r\n", F(tr_plain(cx->arena, m->title)));
    if (m->body.n)
        buf_fmt(&b, "\r\n%.*s\r\n", F(tr_plain(cx->arena, m->body)));
    if (m->link.n)
        buf_fmt(&b, "\r\nXem tại: %.*s%.*s\r\n", F(cx->env->base_url), F(m->link));
    buf_add(&b, S("\r\nThư gửi tự động, bạn không cần trả lời.\r\n"));
    return buf_str(&b);
}

/* Head and body, whoever it is for. */
struct envelope {
    struct str to, subject, id, body;
    int64_t at;
};

static struct str message_of(struct cx *cx, const struct envelope *e)
{
    struct buf b = {.arena = cx->arena, .limit = TEXT_MAX};
    buf_fmt(&b, "From: %.*s <%.*s>\r\n", F(message_words(cx, S("Tỉnh Số"))), F(from_address(cx)));
    buf_fmt(&b, "To: <%.*s>\r\n", F(e->to));
    buf_fmt(&b, "Subject: %.*s\r\n", F(message_words(cx, e->subject)));
    put_date(&b, e->at);
    buf_fmt(&b, "Message-ID: %.*s\r\n", F(e->id));
    buf_add(
        &b,
        S("Auto-Submitted: auto-generated\r\nContent-Language: vi\r\nMIME-Version: 1.0\r\n"
          "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
    put_base64(cx, &b, e->body);
    MUST(!b.full);
    return buf_str(&b);
}

struct str message_text(struct cx *cx, const struct mail *m, struct str to)
{
    return message_of(cx, &(const struct envelope){.to = to,
                                                   .subject = tr_plain(cx->arena, m->title),
                                                   .id = m->message_id,
                                                   .body = body_text(cx, m),
                                                   .at = m->at});
}

struct str message_letter(struct cx *cx, const struct letter *l)
{
    const struct str id = str_fmt(cx->arena, "letter-%.*s", F(l->key));
    return message_of(cx, &(const struct envelope){.to = l->to,
                                                   .subject = l->subject,
                                                   .id = id_with(cx, id),
                                                   .body = l->text,
                                                   .at = cx->now});
}
