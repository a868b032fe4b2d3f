/* identity_password.c - what is asked of a new password: length, that it is not made of what
 * anybody would try first, and that it is not known from a breach. */
#include "identity_inside.h"

#include "crypto/crypto.h"
#include "log/log.h"
#include "org/org.h"

#define PASSWORD_MIN 10
#define FREE_MIN 4 /* characters that nothing below explains */
#define WORDS_MAX 120

/* Whole words of this kind of program and place come first (README.md); then what people take
 * everywhere. Folded: without marks, in small letters. */
static const char *const common[] = {
    "tinhso",   "tinh",    "phuong", "ubnd",     "motcua",    "hanhchinh", "dichvu",   "congdan",
    "canbo",    "hoso",    "hotich", "matkhau",  "vietnam",   "quantri",   "chinhphu", "password",
    "passw",    "pass",    "admin",  "root",     "user",      "login",     "welcome",  "letmein",
    "iloveyou", "master",  "secret", "changeme", "default",   "guest",     "test",     "abc",
    "love",     "monkey",  "dragon", "football", "princess",  "sunshine",  "superman", "computer",
    "internet", "samsung", "google", "facebook", "zalo",      "anhyeuem",  "emyeuanh", "yeuem",
    "anhyeu",   "conyeu",  "meyeu",  "khongco",  "khongbiet", "giadinh",   "hanhphuc", "maiyeu",
    "hello",    "xinchao", "qwerty", "azerty",
};
/* Pieces of at least four of these, either way, are rows of keys or of counting. */
static const char *const rows[] = {
    "abcdefghijklmnopqrstuvwxyz",  "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm"};
#define ROW_MIN 4

struct known {
    struct str words[WORDS_MAX];
    size_t n;
};

/* Each word of a text, and all of them without the blanks. */
static void know(struct arena *a, struct known *k, struct str text)
{
    struct str rest = text_fold(a, text), word;
    struct buf all = {.arena = a, .limit = 4 * text.n + 16};
    while (rest.n && k->n < WORDS_MAX) {
        size_t n = 0;
        while (n < rest.n &&
               ((rest.p[n] >= 'a' && rest.p[n] <= 'z') || (rest.p[n] >= '0' && rest.p[n] <= '9')))
            n++;
        word = str_until(rest, n);
        rest = str_from(rest, n < rest.n ? n + 1 : n);
        if (word.n >= 2)
            k->words[k->n++] = word;
        buf_add(&all, word);
    }
    if (buf_str(&all).n >= 2 && k->n < WORDS_MAX)
        k->words[k->n++] = buf_str(&all);
}

/* Letters and digits alone, what stands for a letter as that letter. */
static struct str plain(struct arena *a, struct str password)
{
    struct str s = str_dup(a, password);
    struct buf b = {.arena = a, .limit = 4 * password.n + 1};
    for (size_t i = 0; i < s.n; i++) {
        char *c = (char *)(uintptr_t)&s.p[i];
        *c = *c == '@' ? 'a' : *c == '$' ? 's' : *c;
    }
    s = text_fold(a, s);
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9'))
            buf_byte(&b, s.p[i]);
    return buf_str(&b);
}

/* p4ssw0rd: a digit may stand for a letter. */
static bool same(char typed, char meant)
{
    static const char *const digits = "0o1i3e4a5s7t";
    if (typed == meant)
        return true;
    for (const char *d = digits; *d; d += 2)
        if (typed == d[0] && meant == d[1])
            return true;
    return false;
}

static size_t word_at(struct str s, size_t at, struct str word)
{
    if (word.n < 2 || at + word.n > s.n)
        return 0;
    for (size_t i = 0; i < word.n; i++)
        if (!same(s.p[at + i], word.p[i]))
            return 0;
    return word.n;
}

/* aaaa, 2222 */
static size_t repeat_at(struct str s, size_t at)
{
    size_t n = 1;
    while (at + n < s.n && s.p[at + n] == s.p[at])
        n++;
    return n >= 3 ? n : 0;
}

static size_t row_at(struct str s, size_t at, const char *row, int step)
{
    const char *from = strchr(row, s.p[at]);
    const ptrdiff_t size = (ptrdiff_t)strlen(row);
    ptrdiff_t place = from ? from - row : size;
    size_t n = 0;
    while (at + n < s.n && place >= 0 && place < size && row[place] == s.p[at + n]) {
        n++;
        place += step;
    }
    return n >= ROW_MIN ? n : 0;
}

/* A year, a day, a number of a house: digits say little. */
static size_t digits_at(struct str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9')
        n++;
    return n;
}

static size_t longest_at(struct str s, size_t at, const struct known *k)
{
    size_t best = repeat_at(s, at), n = digits_at(s, at);
    best = n > best ? n : best;
    for (size_t i = 0; i < k->n; i++) {
        n = word_at(s, at, k->words[i]);
        best = n > best ? n : best;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int step = -1; step <= 1; step += 2) {
            n = row_at(s, at, rows[i], step);
            best = n > best ? n : best;
        }
    return best;
}

/* How many characters are left when everything that is known is taken out: the fewest. */
static size_t left_over(struct arena *a, struct str s, const struct known *k)
{
    size_t *left = NEW_N(a, size_t, s.n + 1); /* of what begins at i */
    for (size_t i = s.n; i-- > 0;) {
        const size_t n = longest_at(s, i, k);
        left[i] = left[i + 1] + 1;
        if (n && left[i + n] < left[i])
            left[i] = left[i + n];
    }
    return left[0];
}

/* Against the list of the installation, where one is set. What cannot be asked is not taken. */
static const char *known_from_a_breach(struct cx *cx, struct str password)
{
    const struct str path = str_trim(setting(cx->env->settings, S("password.breached"), S("")));
    bool found;
    if (path.n == 0)
        return NULL;
    if (password_breached(cx, str_z(cx->arena, path), password, &found) != OK) {
        log_event(LOG_ERROR, "password.list", K("why", cx->why));
        return T("Chưa kiểm tra được mật khẩu này với danh sách mật khẩu đã lộ. Thử lại sau ít "
                 "phút; vẫn vậy thì báo người quản trị.");
    }
    return found ? T("Mật khẩu này nằm trong danh sách mật khẩu đã lộ trên mạng nên kẻ xấu sẽ thử "
                     "trước. Chọn mật khẩu khác.")
                 : NULL;
}

const char *identity_password_fault(struct cx *cx, struct str password, struct str login,
                                    struct str about)
{
    struct arena *a = cx->arena;
    struct known *k = NEW(a, struct known);
    if (utf8_count(password) < PASSWORD_MIN)
        return T("Mật khẩu mới cần ít nhất 10 ký tự, ví dụ bốn từ ghép lại.");
    if (password.n > PASSWORD_MAX)
        return T("Mật khẩu mới dài quá 200 ký tự. Chọn mật khẩu ngắn hơn.");
    if (login.n >= 4 && str_find(password, login, NULL))
        return T("Mật khẩu mới không được chứa tên đăng nhập. Chọn mật khẩu khác.");
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        k->words[k->n++] = str_c(common[i]);
    know(a, k, login);
    know(a, k, about);
    if (left_over(a, plain(a, password), k) < FREE_MIN)
        return T(
            "Mật khẩu này dễ đoán: ghép từ chữ số, hàng phím, từ quen thuộc hoặc tên của bạn, của cơ quan. Thêm vài từ khác.");
    return known_from_a_breach(cx, password);
}

struct str identity_password_about(struct cx *cx, const struct account *a)
{
    struct buf b = {.arena = cx->arena, .limit = 4000};
    struct post posts[8];
    struct org_unit u;
    size_t n = 0;
    buf_add(&b, a->name);
    if (identity_posts(cx, a->id, posts, 8, &n) != OK)
        n = 0;
    for (size_t i = 0; i < n; i++)
        if (org_unit_find(cx, posts[i].unit, &u) == OK)
            buf_fmt(&b, " %.*s", F(u.name));
    return buf_str(&b);
}
