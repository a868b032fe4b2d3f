/* http_utf8.c - stands in for base's utf8_valid until that is there. */
#include "http_inside.h"

[[gnu::weak]] bool utf8_valid(struct str s)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        size_t want = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
        if ((c >= 0x80 && c < 0xc2) || c > 0xf4 || want > s.n - i)
            return false;
        uint32_t v = want == 1 ? c : c & (0xffu >> (want + 1));
        for (size_t k = 1; k < want; k++) {
            unsigned char d = (unsigned char)s.p[i + k];
            if ((d & 0xc0) != 0x80)
                return false;
            v = v << 6 | (d & 0x3fu);
        }
        if (v < least[want] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
            return false;
        i += want;
    }
    return true;
}
