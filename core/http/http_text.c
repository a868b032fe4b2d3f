/* http_text.c - dates, status reasons, digits. Pure. */
#include "http_inside.h"

static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void two(char *p, int v)
{
    p[0] = (char)('0' + v / 10 % 10);
    p[1] = (char)('0' + v % 10);
}

/* "Mon, 23 Nov 2026 02:14:05 GMT" */
void http_date_write(char out[HTTP_DATE_BYTES + 1], int64_t utc_ms)
{
    int64_t seconds = utc_ms / 1000 - (utc_ms % 1000 < 0);
    int64_t day = seconds / 86400 - (seconds % 86400 < 0);
    int rest = (int)(seconds - day * 86400);
    int year, month, date;
    civil_from_day(day, &year, &month, &date);
    memcpy(out, weekdays[((day + 4) % 7 + 7) % 7], 3);
    out[3] = ',';
    out[4] = ' ';
    two(out + 5, date);
    out[7] = ' ';
    memcpy(out + 8, months[month - 1], 3);
    out[11] = ' ';
    two(out + 12, year / 100);
    two(out + 14, year);
    out[16] = ' ';
    two(out + 17, rest / 3600);
    out[19] = ':';
    two(out + 20, rest / 60 % 60);
    out[22] = ':';
    two(out + 23, rest % 60);
    memcpy(out + 25, " GMT", 5);
}

struct str http_date(struct arena *a, int64_t utc_ms)
{
    char text[HTTP_DATE_BYTES + 1];
    http_date_write(text, utc_ms);
    return str_dup(a, (struct str){text, HTTP_DATE_BYTES});
}

static bool digits(struct str s, size_t at, size_t n, int *out)
{
    int v = 0;
    for (size_t i = at; i < at + n; i++) {
        if (i >= s.n || s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (s.p[i] - '0');
    }
    *out = v;
    return true;
}

/* Only the preferred form: every client of this century sends back what we sent. */
bool http_date_parse(struct str s, int64_t *utc_ms)
{
    int date, year, hour, minute, second;
    if (s.n != HTTP_DATE_BYTES || !digits(s, 5, 2, &date) || !digits(s, 12, 4, &year) ||
        !digits(s, 17, 2, &hour) || !digits(s, 20, 2, &minute) || !digits(s, 23, 2, &second))
        return false;
    int month = 0;
    for (int m = 1; m <= 12; m++)
        if (memcmp(s.p + 8, months[m - 1], 3) == 0)
            month = m;
    if (!civil_valid(year, month, date) || hour > 23 || minute > 59 || second > 60)
        return false;
    *utc_ms = (civil_day(year, month, date) * 86400 + hour * 3600 + minute * 60 + second) * 1000;
    /* The weekday and every mark between must be as we would write them. A leap second is
     * written as the first second of the next minute. */
    char again[HTTP_DATE_BYTES + 1];
    http_date_write(again, second == 60 ? *utc_ms - 1000 : *utc_ms);
    if (second == 60)
        memcpy(again + 23, "60", 2);
    return memcmp(again, s.p, HTTP_DATE_BYTES) == 0;
}

size_t http_digits(char out[20], uint64_t v)
{
    char back[20];
    size_t n = 0;
    do {
        back[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    for (size_t i = 0; i < n; i++)
        out[i] = back[n - 1 - i];
    return n;
}

const char *http_reason(int status)
{
    switch (status) {
    /* clang-format off */
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 203: return "Non-Authoritative Information";
    case 204: return "No Content";
    case 205: return "Reset Content";
    case 206: return "Partial Content";
    case 207: return "Multi-Status";
    case 300: return "Multiple Choices";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 407: return "Proxy Authentication Required";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 423: return "Locked";
    case 424: return "Failed Dependency";
    case 425: return "Too Early";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    /* clang-format on */
    default:
        return "Status";
    }
}

/* What people see when the core itself answers, before any page could. */
struct str http_core_text(int status)
{
    switch (status) {
    case 400:
        return S("Máy chủ không đọc được yêu cầu này. Tải lại trang rồi làm lại.\n");
    case 408:
        return S("Chưa nhận đủ dữ liệu gửi lên vì đường truyền chậm. Gửi lại khi mạng ổn định.\n");
    case 413:
        return S("Nội dung gửi lên quá lớn. Giảm bớt hoặc chia nhỏ tệp rồi gửi lại.\n");
    case 414:
        return S("Địa chỉ trang quá dài. Mở lại từ trang chủ.\n");
    case 431:
        return S("Thông tin trình duyệt gửi kèm quá lớn. Xóa cookie của trang này rồi mở lại.\n");
    case 503:
        return S("Máy chủ đang có quá nhiều kết nối. Mở lại sau ít phút.\n");
    case 500:
        return S("Chưa trả lời được yêu cầu này. Mở lại sau ít phút.\n");
    default:
        return S("Máy chủ không hỗ trợ yêu cầu này.\n");
    }
}
