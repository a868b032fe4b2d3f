/* network.c - whom the server may call, as systemd's list: `tinhso network` prints it, the doctor
 * compares it with the one in use. Only what goes over IP: the scanner, keyd and a database on this
 * machine answer on Unix sockets. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>

#include "app.h"

#include "db/db.h"

#define CALLED_MAX 64
#define HOSTS_MAX 16
#define LINE_MAX_N 1024
#define RESOLVERS "/etc/resolv.conf"
#define LIST "/etc/systemd/system/tinhso.service.d/network.conf"

struct called {
    const char *what;
    struct str host, address; /* address empty: the host has none today */
};
struct calls {
    struct app *app;
    struct called all[CALLED_MAX];
    size_t n;
    bool names; /* one of the hosts has to be looked up */
};

static void add(struct calls *c, const char *what, struct str host, struct str address)
{
    for (size_t i = 0; i < c->n; i++)
        if (address.n && str_eq(c->all[i].address, address))
            return;
    if (c->n < CALLED_MAX)
        c->all[c->n++] = (struct called){what, host, address};
}

static bool is_address(struct arena *a, struct str s)
{
    unsigned char b[16];
    const char *z = str_z(a, s);
    return inet_pton(AF_INET, z, b) == 1 || inet_pton(AF_INET6, z, b) == 1;
}

/* All addresses that a name has now: any of them may be called. */
static void add_host(struct calls *c, const char *what, struct str host)
{
    struct arena *a = c->app->arena;
    const struct addrinfo how = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char text[INET6_ADDRSTRLEN];
    const bool named = !is_address(a, host);
    c->names = c->names || named;
    if (getaddrinfo(str_z(a, host), NULL, &how, &found) != 0) {
        add(c, what, host, S(""));
        return;
    }
    for (struct addrinfo *i = found; i; i = i->ai_next)
        if (getnameinfo(i->ai_addr, i->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
            add(c, what, host, str_dup(a, str_until(str_c(text), strcspn(text, "%"))));
    freeaddrinfo(found);
}

/* "smtp://[::1]:25", "smtps://mail.tinh.gov.vn" */
static struct str host_of(struct str url)
{
    size_t at;
    if (str_find(url, S("://"), &at))
        url = str_from(url, at + 3);
    for (at = 0; at < url.n && url.p[at] != '/'; at++)
        ;
    url = str_until(url, at);
    while (str_find(url, S("@"), &at))
        url = str_from(url, at + 1);
    if (str_starts(url, S("[")) && str_find(url, S("]"), &at))
        return str_until(str_from(url, 1), at - 1);
    return str_find(url, S(":"), &at) ? str_until(url, at) : url;
}

/* Who says which addresses a name has. */
static void add_resolvers(struct calls *c)
{
    char line[LINE_MAX_N];
    FILE *f = fopen(RESOLVERS, "re");
    for (struct str s; f && fgets(line, sizeof line, f);) {
        s = str_trim(str_c(line));
        if (!str_starts(s, S("nameserver")))
            continue;
        s = str_trim(str_from(s, 10));
        s = str_dup(c->app->arena, str_until(s, strcspn(str_z(c->app->arena, s), "% \t")));
        if (is_address(c->app->arena, s))
            add(c, "máy chủ tên miền", s, s);
    }
    if (f)
        fclose(f);
}

static void collect(struct calls *c)
{
    struct app *a = c->app;
    struct db_host hosts[HOSTS_MAX];
    const size_t n = db_hosts(&a->cx, a->store, hosts, HOSTS_MAX);
    for (size_t i = 0; i < n; i++)
        if (hosts[i].name.n && hosts[i].name.p[0] != '/' && hosts[i].name.p[0] != '@')
            add_host(c, "cơ sở dữ liệu", hosts[i].name);
    const struct str mail = str_trim(setting(a->settings, S("smtp.url"), S("")));
    if (mail.n)
        add_host(c, "máy chủ thư", host_of(mail));
    if (c->names)
        add_resolvers(c);
}

int verb_network(struct app *a)
{
    struct calls *c = NEW(a->arena, struct calls);
    int code = EX_OK;
    c->app = a;
    collect(c);
    app_say(
        a, "# " LIST
           "\n# Lệnh tinhso network in ra. Làm lại khi máy chủ thư, cơ sở dữ liệu hoặc địa chỉ của "
           "chúng đổi, rồi\n# systemctl daemon-reload; systemctl restart tinhso.\n[Service]\n"
           "IPAddressDeny=any\n");
    for (size_t i = 0; i < c->n; i++) {
        const struct called *x = &c->all[i];
        app_say(a, "# %s: %.*s%s\n", x->what, F(x->host),
                x->address.n ? "" : " không tìm được địa chỉ nào");
        if (x->address.n)
            app_say(a, "IPAddressAllow=%.*s\n", F(x->address));
        else
            code = EX_NOHOST;
    }
    return code;
}

/* ---- the list in use ---- */

static int octets_of(struct arena *a, struct str s, unsigned char *out)
{
    const char *z = str_z(a, s);
    return inet_pton(AF_INET, z, out) == 1 ? 4 : inet_pton(AF_INET6, z, out) == 1 ? 16 : 0;
}

/* Is an address within "10.0.0.0/8", "fe80::1", "localhost", "any"? */
static bool within(struct arena *a, struct str address, struct str range)
{
    unsigned char one[16], net[16];
    struct str from, bits;
    int64_t left;
    if (str_eq(range, S("any")))
        return true;
    if (str_eq(range, S("localhost")))
        return within(a, address, S("127.0.0.0/8")) || within(a, address, S("::1"));
    const bool cut = str_cut(range, '/', &from, &bits);
    const int n = octets_of(a, address, one);
    if (n == 0 || octets_of(a, from, net) != n)
        return false;
    if (!cut || !str_int(bits, &left) || left > 8 * n)
        left = 8 * n;
    for (int i = 0; i < n && left > 0; i++, left -= 8) {
        const unsigned mask = left >= 8 ? 0xff : (0xff00U >> left) & 0xff;
        if ((one[i] & mask) != (net[i] & mask))
            return false;
    }
    return true;
}

static bool allows(struct arena *a, struct str list, struct str address)
{
    struct str line, word;
    while (list.n) {
        str_cut(list, '\n', &line, &list);
        line = str_trim(line);
        if (!str_starts(line, S("IPAddressAllow=")))
            continue;
        for (line = str_from(line, 15); line.n;) {
            str_cut(line, ' ', &word, &line);
            if (word.n && within(a, address, word))
                return true;
        }
    }
    return false;
}

static bool read_list(struct app *a, const char *path, struct str *out)
{
    char *p = arena_alloc(a->arena, 1 << 16);
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    *out = (struct str){p, fread(p, 1, 1 << 16, f)};
    fclose(f);
    return true;
}

static void compare(struct app *a, struct str list, struct finding *x)
{
    struct calls *c = NEW(a->arena, struct calls);
    struct buf lacking = {.arena = a->arena, .limit = 1 << 14};
    c->app = a;
    collect(c);
    for (size_t i = 0; i < c->n; i++)
        if (c->all[i].address.n && !allows(a->arena, list, c->all[i].address))
            buf_fmt(&lacking, "%s%s %.*s", buf_str(&lacking).n ? ", " : "chặn cả ", c->all[i].what,
                    F(c->all[i].address));
    x->detail = buf_str(&lacking).n ? buf_str(&lacking) : str_fmt(a->arena, "%zu địa chỉ", c->n);
    x->state = buf_str(&lacking).n ? FINDING_BROKEN : FINDING_GOOD;
}

void doctor_network(struct findings *f)
{
    struct app *a = f->app;
    struct str list;
    const char *path = str_z(a->arena, setting(a->settings, S("network.list"), S(LIST)));
    struct finding x = {.state = FINDING_NOTE,
                        .name = "network",
                        .what = "danh sách địa chỉ máy chủ được gọi",
                        .detail = S("chưa có: gọi được mọi địa chỉ"),
                        .mend = str_fmt(a->arena,
                                        "tinhso network > %s; systemctl daemon-reload; "
                                        "systemctl restart tinhso",
                                        path)
                                    .p};
    if (read_list(a, path, &list) && str_find(list, S("IPAddressDeny=any"), NULL))
        compare(a, list, &x);
    finding_add(f, &x);
}
